#!/usr/bin/env node
// Writes the report of a mart: node report.mjs --mart kpi [--language en|fr] [--title TEXT] [--output FILE]. The database is that of psql's environment.
import { closeSync, existsSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readCards } from './cards.mjs';
import { page } from './page.mjs';
import { wordsOf } from './words.mjs';

// What went wrong as one sentence, for who gave the wrong name; whoever called takes exit code 3 as told.
function fail(sentence) {
	console.error(`report: ${sentence}`);
	process.exit(3);
}

function optionsOf() {
	try {
		return parseArgs({ options: { mart: { type: 'string', default: 'kpi' }, language: { type: 'string' }, title: { type: 'string' }, output: { type: 'string', default: 'report.html' } } }).values;
	} catch (error) {
		return fail(error.message);
	}
}

const options = optionsOf();

if (options.language !== undefined && !['en', 'fr'].includes(options.language)) fail(`--language takes en or fr, not ${options.language}`);
// Before minutes are spent on it: can the file be written? One that is there stays as it is until it is.
try {
	const isThere = existsSync(options.output);

	closeSync(openSync(options.output, 'a'));
	if (!isThere) unlinkSync(options.output);
} catch (error) {
	fail(`cannot write ${options.output}: ${{ ENOENT: 'its folder does not exist', EISDIR: 'it is a folder, name a file', EACCES: 'permission denied', EROFS: 'the disk is read-only', ENOTDIR: 'its folder is a file' }[error.code] ?? error.message}`);
}

// As numbers: counts are far below 2^53, and money is written with three digits.
for (const type of [20, 701, 700, 1700]) pg.types.setTypeParser(type, Number);
pg.types.setTypeParser(1082, (text) => text);

// As psql does it where the environment names nobody: the socket of this machine, and who asks.
const socket = ['/var/run/postgresql', '/tmp'].find((folder) => existsSync(`${folder}/.s.PGSQL.${process.env.PGPORT ?? 5432}`));
const client = new pg.Client({ host: process.env.PGHOST ?? socket, user: process.env.PGUSER ?? userInfo().username });

// What the server says, and what helps.
function sentenceOf(error) {
	const place = `${client.host}${client.host.startsWith('/') ? `/.s.PGSQL.${client.port}` : `:${client.port}`}`;

	if (['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET'].includes(error.code)) return `no server answers at ${place}; set PGHOST and PGPORT as for psql`;
	if (error.code === '3D000') return `${error.message}; psql -l lists the databases`;
	if (['28000', '28P01'].includes(error.code) || /SASL|password/.test(error.message)) return `${error.message}; set PGUSER and PGPASSWORD as for psql`;
	if (['3F000', '42883'].includes(error.code) && /lead_kpi|is_mart/.test(error.message)) return `database "${client.database}" has no lead_kpi; in it: CREATE EXTENSION lead_kpi;`;
	if (error.code === '42501') return `${error.message} for role ${client.user}; GRANT USAGE ON SCHEMA ${options.mart} and SELECT ON ALL TABLES IN SCHEMA ${options.mart} to it`;
	return [error.message, error.hint].filter(Boolean).join('; ');
}

try {
	await client.connect();
	// One snapshot, and nothing is written.
	await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
	const { rows: [mart] } = await client.query('SELECT lead_kpi.is_mart($1) AS is_mart', [options.mart]);

	if (!mart.is_mart) {
		const { rows: marts } = await client.query('SELECT nspname FROM pg_namespace WHERE lead_kpi.is_mart(nspname) ORDER BY nspname');

		fail(`"${options.mart}" is not a mart of database "${client.database}"; ${marts.length > 0 ? `--mart takes ${marts.map(({ nspname }) => nspname).join(', ')}`
			: `SELECT lead_kpi.create_mart('${options.mart}') makes one`}`);
	}
	await client.query("SELECT set_config('search_path', format('%I, lead_kpi, pg_catalog', $1::text), true)", [options.mart]);
	await client.query("SET LOCAL jit = off; SET LOCAL TimeZone = 'UTC'");

	const { rows: [rule] } = await client.query(`SELECT * FROM ${client.escapeIdentifier(options.mart)}.rule`);
	const words = wordsOf(options.language ?? rule.language, rule.currency);
	const { rows: [about] } = await client.query('SELECT (SELECT observed_until FROM observation) AS observed_until, sum(counted) AS counted, sum(gross) - sum(counted) AS aside FROM lead_generated');

	about.mart = words.mart = options.mart;
	about.title = options.title;
	about.confidence_level = rule.confidence_level;
	about.score_days = rule.score_horizon.days;
	about.otherLanguage = words.language !== rule.language;
	const settings = ['counted_kinds', 'duplicate_key', 'duplicate_window', 'duplicates', 'time_zone', 'funnel_policy', 'transmitted_role', 'accepted_role', 'acceptance_threshold', 'confidence_level', 'gross_margin',
		'attribution_model', 'working_hours', 'currency'];
	about.rule = settings.filter((name) => rule[name] !== null).map((name) => ({ rule: words.setting(name) ?? name,
		is: ['acceptance_threshold', 'confidence_level', 'gross_margin'].includes(name) ? words.share(rule[name], 0)
			: ['duplicates', 'funnel_policy'].includes(name) ? words.setting(rule[name]) ?? rule[name] : Array.isArray(rule[name]) ? rule[name].join(', ')
				: name === 'duplicate_window' ? words.days(rule[name].days ?? 0) || String(rule[name].toPostgres?.() ?? rule[name]) : rule[name] }));
	// What the catalogue calls the columns of each view.
	const { rows: names } = await client.query('SELECT view_name, column_name, name FROM mart_kpis(to_regnamespace(quote_ident($1)), $2)', [options.mart, words.language]);

	const results = [];
	for (const card of readCards()) {
		await client.query('SAVEPOINT card');
		try {
			const { rows } = await client.query(card.sql);

			results.push({ card, rows, labels: Object.fromEntries(names.filter((name) => name.view_name === card.view).map((name) => [name.column_name, name.name])) });
		} catch (error) {
			// One question that cannot be answered does not take the others away; it says why.
			await client.query('ROLLBACK TO card');
			results.push({ card, rows: [], labels: {}, error: [error.message, error.hint].filter(Boolean).join(' — ') });
		}
	}
	writeFileSync(options.output, await page(results, about, words));
	await client.query('ROLLBACK');
} catch (error) {
	fail(sentenceOf(error));
} finally {
	await client.end();
}
