// The page: one HTML file that needs nothing else.
import { readFileSync } from 'node:fs';
import { charts, isDrawn } from './charts.mjs';
import { sentenceOf } from './sentences.mjs';

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

// How a column is written, by what it is called.
function written(name, value, words) {
	if (value === null || value === undefined) return '–';
	if (typeof value === 'boolean') return value ? '✓' : '–';
	if (name === 'measure') return escape(words.say(value));
	if (/(_rate|^share|_share|_minutes_of_all|conversion|probability|probability_to_reach|working_within_60_minutes|maturity|threshold)(_low|_high)?$/.test(name)) return words.share(value);
	if (/^(spend|revenue|amount|cpl|cac|break_even_cpl|margin_of_a_customer|money_at_risk)(_low|_high)?$/.test(name)) return words.money(value);
	if (/^(month|as_of|since|period_start)$/.test(name)) return words.month(value);
	if (name === 'severity') return escape(words.say(value));
	if (typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(value)) return words.plain(value);
	return escape(value);
}

const isNumber = (value) => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));

function table(rows, words, columns = Object.keys(rows[0] ?? {})) {
	const numeric = new Set(columns.filter((name) => name !== 'is' && rows.some((row) => isNumber(row[name]))));
	const head = columns.map((name) => `<th scope="col"${numeric.has(name) ? ' class="number"' : ''}>${escape(words.has(name) ? words.say(name) : name.replaceAll('_', ' '))}</th>`).join('');
	const body = rows.map((row) => `<tr>${columns.map((name) => `<td${numeric.has(name) ? ' class="number"' : ''}>${written(name, row[name], words)}</td>`).join('')}</tr>`).join('\n');

	return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function summary(rows, words) {
	const names = { leads: 'leads', sales: 'sales', revenue: 'revenue', cac: 'cac', expected: 'expectedSales' };
	const items = rows.map((row) => {
		const value = row.measure === 'revenue' || row.measure === 'cac' ? words.money(row.value) : words.count(row.value);
		const before = row.measure === 'revenue' || row.measure === 'cac' ? words.money(row.value_before) : words.count(row.value_before);
		let word = 'uncertain', kind = '';

		if (row.measure === 'expected') word = 'expected';
		else if (row.p_value !== null && row.p_value < 0.05) {
			const up = row.value > row.value_before;
			const good = up === row.better > 0;

			kind = good ? 'accent' : 'warn';
			word = row.measure === 'leads' || row.measure === 'sales' ? (up ? 'more' : 'fewer') : (good ? 'better' : 'worse');
		}
		return `<li><small>${escape(words.say(names[row.measure]))}</small><b>${value}</b><span class="word ${kind}">${escape(words.say(word))}</span>
<small>${row.measure === 'expected' ? escape(words.month(row.period_start)) : escape(words.say('before', { value: before }))}</small>${
	row.low !== null && row.high !== null ? `<small>${escape(words.say('between', { low: row.measure === 'cac' ? words.money(row.low) : words.count(row.low), high: row.measure === 'cac' ? words.money(row.high) : words.count(row.high) }))}</small>` : ''}</li>`;
	});
	const first = rows.find((row) => row.measure === 'leads');

	return `<ul class="numbers">${items.join('\n')}</ul>${first ? `<p class="note">${escape(words.say('atSameAge', { period: `${words.say(first.period)} ${words.month(first.period_start)}`, kind: words.say(first.period) }))}</p>` : ''}`;
}

function findings(rows, words) {
	const certain = rows.filter((row) => row.certainty !== 'not yet certain').slice(0, 7);
	const open = rows.filter((row) => row.certainty === 'not yet certain');
	const item = (row) => `<li class="${escape(row.severity)}"><p><span class="word ${row.severity === 'warning' ? 'warn' : row.severity === 'good' ? 'accent' : ''}">${escape(words.say(row.severity))}</span> – ${escape(row.message)}</p>
<p class="note">${escape(words.say('causes'))}: ${escape(row.likely_causes)}</p><p class="note">${escape(words.say('look'))}: ${escape(row.what_to_look_at)}</p></li>`;

	if (rows.length === 0) return `<p>${escape(words.say('nothingFound'))}</p>`;
	return `<ul class="findings">${certain.map(item).join('\n')}</ul>${open.length > 0
		? `<h3>${escape(words.say('uncertain'))}</h3><ul class="findings">${open.map((row) => `<li><p>${escape(row.message)}</p></li>`).join('\n')}</ul>` : ''}`;
}

// Few columns, that a telephone has room for.
function targets(rows, words) {
	return table(rows.map((row) => {
		const as = row.measure === 'revenue' ? words.money : words.count;
		const cells = { measure: row.measure };

		if (rows.some((other) => other.channel !== null)) cells.channel = row.channel;
		return Object.assign(cells, { period: `${words.day(row.starts_on)} – ${words.day(row.ends_on)}`, target_value: as(row.target_value), so_far: as(row.so_far),
			expected_total: row.expected_total_low === row.expected_total_high ? as(row.expected_total) : `${as(row.expected_total)} (${as(row.expected_total_low)} – ${as(row.expected_total_high)})`,
			probability_to_reach: row.probability_to_reach, verdict: row.verdict });
	}), words);
}

async function drawnCard(card, rows, words) {
	const { wide, narrow } = await charts(card.draw, rows, words, card.title[words.language] ?? card.title.en);

	return `<figure><div class="wide">${wide}</div><div class="narrow">${narrow}</div><figcaption class="note">${escape(words.say(`${card.draw}Caption`))}</figcaption></figure>`;
}

const columnsOf = { data_quality: ['what_it_means', 'rows', 'amount', 'severity', 'what_to_do'], hand_off: ['lead_id', 'channel', 'total', 'grade', 'probability', 'reasons'] };

async function cardHtml({ card, rows, error }, words) {
	const title = escape(card.title[words.language] ?? card.title.en);

	if (error) return `<h3>${title}</h3><p class="note">${escape(error)}</p>`;
	if (card.draw !== 'numbers' && card.draw !== 'findings' && rows.length === 0) return `<h3>${title}</h3><p class="note">${escape(words.say('missing'))}. ${escape((card.missing?.[words.language] ?? card.missing?.en ?? '').replaceAll('{mart}', words.mart))}</p>`;

	const sentence = sentenceOf(card.draw, rows, words);
	const body = card.draw === 'numbers' ? summary(rows, words) : card.draw === 'findings' ? findings(rows, words) : card.draw === 'targets' ? targets(rows, words)
		: isDrawn(card.draw) ? await drawnCard(card, rows, words) : table(rows, words, columnsOf[card.name]);
	const few = rows.length > 0 && 'leads' in rows[0] && card.draw === 'funnel' && rows[0].leads < 10 ? `<p class="note">${escape(words.say('few'))}</p>` : '';
	const numbers = isDrawn(card.draw) ? `<details><summary>${escape(words.say('table'))}</summary>${table(rows, words)}</details>` : '';

	return `${sentence ? `<p class="said">${escape(sentence)}</p>` : ''}<h3>${title}</h3>${few}${body}${numbers}`;
}

/** The whole page: results are [{ card, rows, error }] in the order of the cards, about says what the mart is. */
export async function page(results, about, words) {
	const sections = new Map();

	for (const result of results) sections.set(result.card.section, [...(sections.get(result.card.section) ?? []), result]);
	const body = [];
	for (const number of [...sections.keys()].sort((one, other) => one - other)) {
		const all = sections.get(number);
		const cards = [];

		for (const result of all) cards.push(await cardHtml(result, words));
		body.push(`<section aria-labelledby="s${number}"><h2 id="s${number}">${escape(all[0].card.question[words.language] ?? all[0].card.question.en)}</h2>\n${cards.join('\n')}</section>`);
	}
	const title = escape(words.say('title', { mart: about.mart }));
	const css = readFileSync(new URL('style.css', import.meta.url), 'utf8');

	return `<!doctype html>
<html lang="${words.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${css}</style></head>
<body>
<header><h1>${title}</h1>
<p class="note">${about.observed_until ? escape(words.say('lead', { until: words.date(about.observed_until), leads: words.count(about.counted), aside: words.count(about.aside) })) : escape(words.say('missing'))}</p></header>
<main>
${body.join('\n')}
<section aria-labelledby="rule"><h2 id="rule">${escape(words.say('rule'))}</h2>${table(about.rule, words)}</section>
</main>
<footer><p>${escape(words.say('madeBy', { mart: about.mart }))} ${escape(words.say('offline'))}</p></footer>
</body></html>
`;
}
