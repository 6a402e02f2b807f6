#!/usr/bin/env node
// Writes the report of a mart: node report.mjs --mart kpi [--language en|fr] [--output FILE]. The database is that of psql's environment.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readCards } from './cards.mjs';
import { page } from './page.mjs';
import { wordsOf } from './words.mjs';

const { values: options } = parseArgs({ options: { mart: { type: 'string', default: 'kpi' }, language: { type: 'string' }, output: { type: 'string', default: 'report.html' } } });

// As numbers: counts are far below 2^53, and money is written with three digits.
for (const type of [20, 701, 700, 1700]) pg.types.setTypeParser(type, Number);
pg.types.setTypeParser(1082, (text) => text);

const client = new pg.Client();

await client.connect();
try {
	// One snapshot, and nothing is written.
	await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
	const { rows: [mart] } = await client.query('SELECT lead_kpi.is_mart($1) AS is_mart', [options.mart]);

	if (!mart.is_mart) throw new Error(`"${options.mart}" is not a mart: SELECT lead_kpi.create_mart('${options.mart}') makes one`);
	await client.query("SELECT set_config('search_path', format('%I, lead_kpi, pg_catalog', $1::text), true)", [options.mart]);
	await client.query("SET LOCAL jit = off; SET LOCAL TimeZone = 'UTC'");

	const { rows: [rule] } = await client.query('SELECT * FROM rule');
	const words = wordsOf(options.language ?? rule.language, rule.currency);
	const { rows: [about] } = await client.query('SELECT (SELECT observed_until FROM observation) AS observed_until, sum(counted) AS counted, sum(gross) - sum(counted) AS aside FROM lead_generated');

	about.mart = words.mart = options.mart;
	about.rule = Object.entries(rule).filter(([name, value]) => ['counted_kinds', 'duplicate_key', 'duplicate_window', 'duplicates', 'time_zone', 'funnel_policy', 'transmitted_role', 'accepted_role',
		'acceptance_threshold', 'confidence_level', 'gross_margin', 'attribution_model', 'working_hours', 'currency'].includes(name) && value !== null)
		.map(([name, value]) => ({ rule: name, is: typeof value === 'object' ? (value.toPostgres?.() ?? String(value)) : value }));

	const results = [];
	for (const card of readCards()) {
		await client.query('SAVEPOINT card');
		try {
			const { rows } = await client.query(card.sql);

			results.push({ card, rows });
		} catch (error) {
			// One question that cannot be answered does not take the others away; it says why.
			await client.query('ROLLBACK TO card');
			results.push({ card, rows: [], error: [error.message, error.hint].filter(Boolean).join(' — ') });
		}
	}
	writeFileSync(options.output, await page(results, about, words));
	await client.query('ROLLBACK');
} finally {
	await client.end();
}
