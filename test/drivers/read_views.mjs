// Reads every view of a mart through node-postgres, as it comes, without a type parser of our own: node read_views.mjs QUERIES MART
// QUERIES has a line "view, tab, statement" per view: its columns, then each of them again as the server writes it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.LEAD_KPI_NODE ?? '.'}/`);
const pg = require('pg');
const plain = { 16: 'bool', 20: 'int8', 21: 'int2', 23: 'int4', 25: 'text', 701: 'float8', 1043: 'varchar', 1082: 'date', 1114: 'timestamp', 1184: 'timestamptz', 1700: 'numeric' };
const types = {};
const problems = new Set();
const [queries, mart] = process.argv.slice(2);
let views = 0, columns = 0, rows = 0;

/** A day as its local date: node-postgres gives midnight of the local time zone. */
function localDate(date) {
	const two = (number) => String(number).padStart(2, '0');

	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What is wrong with a value, beside the text that the server wrote of it. */
function trouble(column, value, type, text) {
	if (value === null || text === null) return value === text ? undefined : 'NULL is not NULL';

	const came = value instanceof Date ? 'Date' : typeof value;
	let same;

	(types[`${plain[type]} ${came}`] ??= new Set()).add(column);
	if (text.endsWith('nfinity')) return `infinity comes as ${came} ${value}`;
	if (type === 701) {
		if (!Number.isFinite(value)) return 'not a finite number';
		same = value === Number(text);
	} else if (type === 16) same = String(value) === text;
	else if (type === 1082) same = localDate(value) === text;
	// A Date of JavaScript has milliseconds.
	else if (type === 1184) same = Math.abs(value.getTime() - Number(text) * 1000) < 1;
	else if (['string', 'number'].includes(came)) same = String(value) === text;
	else return `comes as ${came}`;
	return same ? undefined : `comes as ${value}, is ${text}`;
}

const client = new pg.Client({ application_name: 'lead_kpi drivers' });

await client.connect();
const { rows: silent } = await client.query(`SELECT c.relname || coalesce('.' || a.attname, '') AS name
	FROM pg_class c
	LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'v' AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)`, [mart]);

for (const { name } of silent) problems.add(`${name}: no comment`);
for (const line of readFileSync(queries, 'utf8').trim().split('\n')) {
	const [view, text] = line.split('\t');

	try {
		const result = await client.query({ text, rowMode: 'array' });
		const width = result.fields.length / 2;

		for (let i = 0; i < width; i++) {
			const { name, dataTypeID } = result.fields[i];

			if (!plain[dataTypeID]) problems.add(`${view}.${name}: type ${dataTypeID} is not plain`);
		}
		for (const row of result.rows)
			for (let i = 0; i < width; i++) {
				const wrong = trouble(`${view}.${result.fields[i].name}`, row[i], result.fields[i].dataTypeID, row[width + i]);

				if (wrong) problems.add(`${view}.${result.fields[i].name}: ${wrong}`);
			}
		views += 1;
		columns += width;
		rows += result.rows.length;
	} catch (error) {
		problems.add(`${view}: ${error.message}`);
	}
}
await client.end();
console.log(`node-postgres ${require('pg/package.json').version}: ${views} views, ${columns} columns, ${rows} rows, ${problems.size} problems`);
console.log(`  types: ${Object.keys(types).sort().map((name) => `${name.replace(' ', ' as ')} (${types[name].size})`).join(', ')}`);
for (const problem of problems) console.log(`  problem: ${problem}`);
process.exit(problems.size ? 1 : 0);
