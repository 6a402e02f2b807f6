#!/usr/bin/env node
// Runs create_in_metabase.mjs twice against a stand-in that keeps what it is sent: the second run makes nothing twice. It says nothing of what a real Metabase accepts.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const kept = { card: [], dashboard: [], collection: [] };
const server = createServer(async (request, response) => {
	let body = '';

	for await (const part of request) body += part;
	const [, , kind, id, items] = request.url.split('/');
	const answer = () => {
		if (kind === 'database') return { data: [{ id: 7, name: 'crm' }] };
		if (items) return { data: ['card', 'dashboard'].flatMap((model) => kept[model].map((item) => ({ ...item, model }))) };
		if (request.method === 'GET') return kept[kind];
		if (request.method === 'PUT') return Object.assign(kept[kind].find((item) => item.id === Number(id)), JSON.parse(body));
		kept[kind].push({ id: kept[kind].length + 1, ...JSON.parse(body) });
		return kept[kind].at(-1);
	};
	const answered = request.headers['x-api-key'] === 'mb_key' ? answer() : null;

	response.writeHead(answered ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
});

await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const run = () => new Promise((resolve) => {
	const child = spawn(process.execPath, [new URL('create_in_metabase.mjs', import.meta.url).pathname, '--database', 'crm'],
		{ env: { ...process.env, METABASE_URL: `http://127.0.0.1:${server.address().port}`, METABASE_KEY: 'mb_key' }, stdio: ['ignore', 'ignore', 'inherit'] });

	child.on('exit', resolve);
});
const questions = JSON.parse(readFileSync(new URL('metabase/lead_kpi.en.json', import.meta.url))).questions.length;
const codes = [await run(), await run()];

server.close();
const counts = [kept.collection.length, kept.card.length, kept.dashboard.length, kept.dashboard[0]?.dashcards?.length];

if (codes.some(Boolean) || counts.join() !== [1, questions, 1, questions].join()) {
	console.error(`FAILED: exit codes ${codes}; collections, questions, dashboards, places: ${counts}`);
	process.exit(1);
}
console.log(`create_in_metabase.mjs: ${questions} questions, made once in two runs`);
