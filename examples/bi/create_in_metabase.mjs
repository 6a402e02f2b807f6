#!/usr/bin/env node
// Makes the collection of metabase/lead_kpi.en.json (or another file) in a Metabase, over its HTTP API, which every edition has. Not opened in the product.
//
//   METABASE_URL=http://localhost:3000 METABASE_KEY=mb_… node create_in_metabase.mjs --database NAME [--file metabase/lead_kpi.fr.json]
//
// NAME is what the database is called in Metabase. A question or dashboard of the same name in the collection is written anew, so that a second run changes nothing.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { database: { type: 'string' }, file: { type: 'string', default: new URL('metabase/lead_kpi.en.json', import.meta.url).pathname } } });
const { METABASE_URL: address, METABASE_KEY: key } = process.env;

if (!address || !key || !options.database) {
	console.error('needs METABASE_URL, METABASE_KEY (an API key: Admin, Settings, Authentication, API keys) and --database NAME');
	process.exit(2);
}

async function ask(method, path, body) {
	const response = await fetch(new URL(path, address), { method, headers: { 'x-api-key': key, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });

	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	return response.json();
}

const listOf = (answer) => answer.data ?? answer;
const content = JSON.parse(readFileSync(options.file, 'utf8'));
const database = listOf(await ask('GET', '/api/database')).find(({ name }) => name === options.database);

if (!database) throw new Error(`Metabase has no database "${options.database}"`);
const collection = listOf(await ask('GET', '/api/collection')).find(({ name, archived }) => name === content.collection && !archived)
	?? await ask('POST', '/api/collection', { name: content.collection, description: content.description });
const items = listOf(await ask('GET', `/api/collection/${collection.id}/items`));
const cards = [];

for (const { name, description, display, visualization_settings, query } of content.questions) {
	const card = { name, description, display, visualization_settings, collection_id: collection.id, dataset_query: { type: 'native', database: database.id, native: { query, 'template-tags': {} } } };
	const former = items.find((item) => item.model === 'card' && item.name === name);

	cards.push(former ? await ask('PUT', `/api/card/${former.id}`, card) : await ask('POST', '/api/card', card));
}
const former = items.find((item) => item.model === 'dashboard' && item.name === content.dashboard);
const dashboard = former ?? await ask('POST', '/api/dashboard', { name: content.dashboard, description: content.description, collection_id: collection.id });

await ask('PUT', `/api/dashboard/${dashboard.id}`, { width: 'full',
	dashcards: content.questions.map(({ at }, i) => ({ id: -1 - i, card_id: cards[i].id, ...at, parameter_mappings: [], visualization_settings: {} })) });
console.log(`${cards.length} questions and a dashboard: ${new URL(`/dashboard/${dashboard.id}`, address)}`);
