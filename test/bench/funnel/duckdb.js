// Loads the events into a DuckDB table on disk, then runs the query once for
// each number of threads it reads, and prints the milliseconds and the answer.
// Usage: node duckdb.js EVENTS.csv QUERY.sql <numbers     (or only: node duckdb.js)
'use strict';
const fs = require('fs');
const readline = require('readline');
const { DuckDBInstance, version } = require('@duckdb/node-api');

async function main(events, query)
{
	if (!events)
		return console.log(version());
	const text = fs.readFileSync(query, 'utf8');
	const instance = await DuckDBInstance.create('events.duckdb');
	const connection = await instance.connect();

	await connection.run(`CREATE TYPE stage AS ENUM ('lead', 'mql', 'sql', 'opportunity', 'won', 'recycled')`);
	await connection.run(`CREATE TABLE event_int (lead_id BIGINT, entered_at TIMESTAMP, stage stage, channel VARCHAR)`);
	await connection.run(`SET preserve_insertion_order = true`);
	await connection.run(`COPY event_int FROM '${events}' (FORMAT csv, HEADER false)`);
	await connection.run(`CHECKPOINT`);
	console.log('loaded');

	for await (const threads of readline.createInterface({ input: process.stdin }))
	{
		await connection.run(`SET threads = ${Number(threads)}`);
		const start = process.hrtime.bigint();
		const rows = (await connection.runAndReadAll(text)).getRows();
		const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
		console.log(`${milliseconds} ${rows[0][0]}`);
	}
}

main(process.argv[2], process.argv[3]).catch(error => {
	console.error(String(error));
	process.exit(1);
});
