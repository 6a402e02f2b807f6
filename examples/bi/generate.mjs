#!/usr/bin/env node
// Writes the files for Grafana, Metabase and other tools from the cards of examples/cards and the catalogue of a mart: node generate.mjs [--mart kpi] [--check]
// The database is that of psql's environment; it is only read. With --check nothing is written: the files are compared, read back, and every query in them is run.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import yaml from 'js-yaml';
import pg from 'pg';
import { validateSchema } from '@metabase/representations';
import { readCards } from '../report/cards.mjs';
import { describe } from './columns.mjs';
import { checkDashboard, grafanaDashboard } from './grafana.mjs';
import { metabaseCollection, metabaseRepresentation } from './metabase.mjs';
import { checkModel, metricsOf, semanticModel, writeModel } from './model.mjs';

const { values: options } = parseArgs({ options: { mart: { type: 'string', default: 'kpi' }, check: { type: 'boolean', default: false } } });
const here = dirname(fileURLToPath(import.meta.url));
const languages = ['en', 'fr'];
const database = 'lead_kpi';
const json = (value) => `${JSON.stringify(value, null, '\t')}\n`;

/** All files, by their path below this folder. */
async function make(client) {
	const cards = readCards().sort((a, b) => a.section - b.section);
	const catalogue = {};
	const fields = {};
	const files = {};

	for (const language of languages)
		({ rows: catalogue[language] } = await client.query('SELECT * FROM mart_kpis($1::regnamespace, $2) ORDER BY view_name COLLATE "C", ordinal', [options.mart, language]));
	for (const card of cards) ({ fields: fields[card.name] } = await client.query(`SELECT * FROM (\n${card.sql.replace(/;\s*$/, '')}\n) card LIMIT 0`));
	for (const language of languages) {
		const columns = Object.fromEntries(cards.map((card) => [card.name, describe(card, fields[card.name], catalogue, language)]));
		const content = metabaseCollection(cards, columns, language);

		files[`grafana/lead_kpi.${language}.json`] = json(grafanaDashboard(cards, columns, language));
		files[`metabase/lead_kpi.${language}.json`] = json(content);
		for (const [path, entity] of Object.entries(metabaseRepresentation(content, database, language)))
			files[`metabase/representation/${path}`] = yaml.dump(entity, { lineWidth: -1, noRefs: true });
	}
	const { rows: columns } = await client.query(`SELECT c.relname AS view_name, obj_description(c.oid, 'pg_class') AS view_comment, a.attname AS column_name,
			format_type(a.atttypid, a.atttypmod) AS type, col_description(c.oid, a.attnum) AS comment
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = $1::regnamespace AND c.relname = ANY ($2)
		ORDER BY c.relname COLLATE "C", a.attnum`, [options.mart, [...new Set(catalogue.en.map(({ view_name }) => view_name))]]);

	files['semantic_model/lead_kpi.json'] = writeModel(semanticModel(catalogue, columns));
	return { files, cards, catalogue };
}

/** What stands in the folders that are generated. */
function present() {
	const found = {};

	for (const folder of ['grafana', 'metabase', 'semantic_model'])
		if (existsSync(join(here, folder)))
			for (const path of readdirSync(join(here, folder), { recursive: true }))
				if (/\.(json|yaml)$/.test(path)) found[join(folder, path)] = readFileSync(join(here, folder, path), 'utf8');
	return found;
}

const client = new pg.Client();
let failed = 0;
const fail = (text) => {
	failed += 1;
	console.error(`FAILED: ${text}`);
};

await client.connect();
try {
	await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
	await client.query("SELECT set_config('search_path', format('%I, lead_kpi, pg_catalog', $1::text), true)", [options.mart]);
	const { files, cards, catalogue } = await make(client);

	if (!options.check) {
		for (const folder of ['grafana', 'metabase/representation', 'semantic_model']) rmSync(join(here, folder), { recursive: true, force: true });
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(here, path)), { recursive: true });
			writeFileSync(join(here, path), text);
		}
		console.log(`${Object.keys(files).length} files written`);
	} else {
		const found = present();

		for (const path of new Set([...Object.keys(files), ...Object.keys(found)]))
			if (files[path] !== found[path]) fail(`${path} is ${path in found ? path in files ? 'not current' : 'not made any more' : 'missing'}: node generate.mjs writes it`);
		const queries = new Map();

		for (const language of languages) {
			for (const { name, sql } of checkDashboard(JSON.parse(found[`grafana/lead_kpi.${language}.json`] ?? '{"panels":[]}'))) queries.set(sql, `Grafana: ${name}`);
			for (const { name, query } of JSON.parse(found[`metabase/lead_kpi.${language}.json`] ?? '{"questions":[]}').questions) queries.set(query, `Metabase: ${name}`);
		}
		checkModel(JSON.parse(found['semantic_model/lead_kpi.json'] ?? files['semantic_model/lead_kpi.json']));
		// A folder of its own: what else lies beside the files is none of Metabase's.
		const folder = mkdtempSync(join(tmpdir(), 'lead_kpi_metabase.'));

		try {
			for (const [path, text] of Object.entries(found).filter(([name]) => name.startsWith('metabase/representation/'))) {
				const target = join(folder, path.replace('metabase/representation/', ''));

				mkdirSync(dirname(target), { recursive: true });
				writeFileSync(target, text);
			}
			const { results, passed } = validateSchema({ folder });

			for (const result of results.filter(({ status }) => status !== 'ok')) fail(`${result.file}: ${JSON.stringify(result.errors ?? result)}`);
			console.log(`Metabase's schema: ${passed} of ${results.length} files hold`);
		} finally {
			rmSync(folder, { recursive: true });
		}
		let rows = 0;

		for (const [sql, name] of queries)
			try {
				await client.query('SAVEPOINT query');
				rows += (await client.query(sql)).rows.length;
			} catch (error) {
				await client.query('ROLLBACK TO query');
				fail(`${name}: ${error.message}`);
			}
		console.log(`${queries.size} queries of ${cards.length} cards run: ${rows} rows`);

		// A metric over one row is the KPI of that row, where that is known.
		const metrics = metricsOf(catalogue.en);
		let compared = 0;

		for (const view of new Set(metrics.map(({ kpi }) => kpi.view_name))) {
			// As they are written, over the whole view.
			await client.query(`SELECT ${metrics.filter(({ kpi }) => kpi.view_name === view).map(({ sql }, i) => `${sql} AS metric_${i}`).join(', ')} FROM ${view}`);
			const own = metrics.filter(({ kpi, sql }) => kpi.view_name === view && sql.includes('/'));

			if (own.length === 0) continue;
			const unqualified = (sql) => sql.replaceAll(`${view}.`, 'v.');
			const { rows: [counts] } = await client.query(`SELECT ${own.map(({ kpi, sql }, i) => `count(*) FILTER (WHERE v.${kpi.column_name} IS NOT NULL
				AND (m.value_${i} IS NULL OR abs(m.value_${i} - v.${kpi.column_name}::float8) > 1e-9 * abs(m.value_${i}))) AS wrong_${i}, count(v.${kpi.column_name}) AS known_${i}`).join(', ')}
				FROM ${view} v CROSS JOIN LATERAL (SELECT ${own.map(({ sql }, i) => `${unqualified(sql).replace(/SUM\(([^()]*)\)/g, '($1)::float8').replace(/\(SUM/g, '(')} AS value_${i}`).join(', ')}) m`);

			own.forEach(({ kpi }, i) => {
				compared += Number(counts[`known_${i}`]);
				if (Number(counts[`wrong_${i}`]) > 0) fail(`the metric ${view}_${kpi.column_name} differs in ${counts[`wrong_${i}`]} of ${counts[`known_${i}`]} rows`);
			});
		}
		console.log(`${metrics.length} metrics; those that divide compared with the views in ${compared} values`);
	}
	await client.query('ROLLBACK');
} finally {
	await client.end();
}
process.exit(failed ? 1 : 0);
