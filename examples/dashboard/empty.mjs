// Evidence writes no file for a query that has no rows, and a page that reads it cannot be built: a mart may have no targets yet, or no owners. So such a source
// gets a file without rows. What has no columns either was not read: it is named, and the exit code is 1.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Bool, Float64, TimestampMillisecond, Utf8, tableFromArrays, tableToIPC, vectorFromArray } from 'apache-arrow';
import { Table, writeParquet } from 'parquet-wasm/node/arrow1.js';

const types = { boolean: Bool, date: TimestampMillisecond, number: Float64, string: Utf8 };
let unread = 0;
for (const file of readdirSync('sources/kpi').filter((name) => name.endsWith('.sql'))) {
	const name = file.slice(0, -'.sql'.length);
	const path = `.evidence/template/static/data/kpi/${name}/${name}`;
	if (existsSync(`${path}.parquet`)) continue;
	if (!existsSync(`${path}.schema.json`)) {
		console.log(`not read: ${name}`);
		unread = 1;
		continue;
	}
	const columns = JSON.parse(readFileSync(`${path}.schema.json`, 'utf8')).map((column) => [column.name, vectorFromArray([], new types[column.evidenceType]())]);
	writeFileSync(`${path}.parquet`, writeParquet(Table.fromIPCStream(tableToIPC(tableFromArrays(Object.fromEntries(columns)), 'stream'))));
	console.log(`without rows: ${name}`);
}
process.exit(unread);
