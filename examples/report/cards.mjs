// The cards of examples/cards: what each asks, how it is drawn, and the query that answers it.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../cards/', import.meta.url);

/** Reads all cards, in the order of their names. A card is an SQL file that begins with "-- key: value" lines. */
export function readCards() {
	return readdirSync(folder).filter((name) => name.endsWith('.sql')).sort().map((name) => {
		const text = readFileSync(new URL(name, folder), 'utf8');
		const card = { name: name.replace(/^\d+_|\.sql$/g, ''), sql: text, question: {}, title: {} };

		for (const [, key, value] of text.matchAll(/^-- ([a-z]+(?:\.[a-z]+)?): (.*)$/gm)) {
			const [field, language] = key.split('.');

			if (field === 'question') card.question[language] = value;
			else if (field === 'missing') (card.missing ??= {})[language] = value;
			else if (field === 'name') card.title[language] = value;
			else card[field] = field === 'section' ? Number(value) : value;
		}
		for (const needed of ['section', 'view', 'draw', 'unit'])
			if (card[needed] === undefined) throw new Error(`examples/cards/${name} has no line "-- ${needed}: ..."`);
		return card;
	});
}
