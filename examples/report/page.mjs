// The page: one HTML file that needs nothing else.
import { readFileSync } from 'node:fs';
import { charts, few, isDrawn } from './charts.mjs';
import { inShort, sentenceOf } from './sentences.mjs';

const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const isNumber = (value) => typeof (value?.value ?? value) === 'number' && Number.isFinite(value?.value ?? value);
// A figure with its exact value beside what is written: what a test reads, and what copies well.
const figure = (value, text) => (isNumber(value) ? `<data value="${value}">${text}</data>` : text);

// How a column is written, by what it is called.
function written(name, value, words) {
	if (value === null || value === undefined) return '–';
	// Written already, beside its value.
	if (value.text !== undefined) return figure(value.value, escape(value.text));
	if (typeof value === 'boolean') return value ? '✓' : '–';
	if (name === 'measure' || name === 'part' || name === 'verdict' || name === 'verdict_code') return escape(wordOf(name, value, words));
	if (/(_rate|^share|_share|_minutes_of_all|^rate_before|^rate_after|conversion|conversion_of_all|probability|probability_to_reach|working_within_60_minutes|maturity|threshold)(_low|_high)?$/.test(name)) return figure(value, words.share(value));
	if (/^(spend|revenue|amount|cpl|cac|break_even_cpl|marginal_cpl|margin_of_a_customer|money_at_risk|bar_from|bar_to)(_low|_high)?$/.test(name)) return figure(value, words.money(value));
	if (/^(month|as_of|since|period_start)$/.test(name)) return words.month(value);
	if (/^(after_start|before_start|starts_on|ends_on)$/.test(name)) return words.day(value);
	// A key is no figure.
	if (name.endsWith('_id')) return escape(value);
	return isNumber(value) ? figure(value, words.plain(value)) : escape(words.typeset(value));
}

// Verdicts are codes in the cards, and words here; one that has no word is its own.
const wordOf = (name, value, words) => words.say(name === 'part' && value === 'before' ? 'before_bar' : value);

function table(rows, words, { columns = Object.keys(rows[0] ?? {}), labels = {}, card } = {}) {
	const numeric = new Set(columns.filter((name) => !name.endsWith('_id') && rows.some((row) => isNumber(row[name]))));
	const label = (name) => labels[name] ?? words.column(name) ?? (words.has(name) ? words.say(name) : name.replaceAll('_', ' '));
	const head = columns.map((name) => `<th scope="col"${numeric.has(name) ? ' class="number"' : ''}>${escape(label(name))}</th>`).join('');
	const body = rows.map((row) => `<tr>${columns.map((name) => `<td${numeric.has(name) ? ' class="number"' : ''}>${written(name, row[name], words)}</td>`).join('')}</tr>`).join('\n');

	return `<div class="scroll" tabindex="0"><table${card ? ` data-card="${card.name}" data-columns="${columns.join(' ')}"` : ''}><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function summary(rows, words, results) {
	const names = { leads: 'leads', sales: 'sales', revenue: 'revenue', cac: 'cac', expected: 'expectedSales' };
	const first = rows.find((row) => row.measure === 'leads');
	const change = results.find(({ card }) => card.draw === 'change')?.rows[0];
	// What nobody loaded is no figure: costs without spend.
	const shown = rows.filter((row) => (row.measure === 'expected' ? (row.high ?? 0) >= 1 : row.value !== null || row.value_before !== null));
	const items = shown.map((row) => {
		const as = row.measure === 'revenue' || row.measure === 'cac' ? words.money : words.count;
		const isCounted = row.value !== null && row.value_before !== null;
		// Revenue is tested as if all deals were of one size: what is not certain so is not proven to be chance either.
		let word = row.measure === 'revenue' ? 'unproven' : 'uncertain', kind = '';

		if (row.measure === 'expected') word = 'expected';
		else if (!isCounted || row.p_value === null) word = 'young';
		else if (row.p_value < 0.05) {
			const up = row.value > row.value_before;
			const good = up === row.better > 0;

			kind = good ? 'accent' : 'warn';
			word = row.measure === 'leads' || row.measure === 'sales' ? (up ? 'more' : 'fewer') : (good ? 'better' : 'worse');
		}
		const notes = [];

		if (row.measure === 'expected') {
			notes.push(words.span(row.period, row.period_start));
			if (row.value_before > 0) notes.push(words.say('soldSoFar', { value: words.count(row.value_before) }));
			if (row.target !== null && row.target !== undefined) notes.push(words.say('target', { value: words.count(row.target) }));
		} else if (isCounted) notes.push(`${words.say('before', { value: as(row.value_before) })}${row.value_before >= few ? ` (${row.value >= row.value_before ? '+' : ''}${words.share(row.value / row.value_before - 1, 0)})` : ''}`);
		if (row.low !== null && row.high !== null) notes.push(words.say('between', { low: as(row.low), high: as(row.high) }));
		return `<li><small>${escape(words.say(names[row.measure]))}</small><b>${figure(row.value, as(row.value))}</b><span class="word ${kind}">${escape(words.say(word))}</span>${
			notes.map((note) => `<small>${escape(note)}</small>`).join('')}</li>`;
	});
	const note = first && change ? words.say('atSameAge', { period: words.when(first.period, change.after_start), before: words.when(first.period, change.before_start), days: words.days(Math.floor(change.comparable_days)) })
		: first ? '' : words.say('noComparison');

	return `${items.length > 0 ? `<ul class="numbers" data-card="summary">${items.join('\n')}</ul>` : ''}${note ? `<p class="note">${escape(note)}</p>` : ''}`;
}

function findings(rows, words, about) {
	const certain = rows.filter((row) => row.certainty !== 'not yet certain').slice(0, 7);
	const open = rows.filter((row) => row.certainty === 'not yet certain');
	const item = (row) => {
		const action = words.action(row.code, row.subject);

		return `<li class="${escape(row.severity)}"><p><span class="word ${row.severity === 'warning' ? 'warn' : row.severity === 'good' ? 'accent' : ''}">${escape(words.say(row.severity))}</span> – ${escape(words.typeset(row.message))}</p>
${action ? `<p><strong>${escape(words.say('todo'))}</strong> – ${escape(action)}</p>` : ''}<p class="note">${escape(words.typeset(words.colon(words.say('causes'), row.likely_causes)))}</p>
<p class="note analyst">${escape(words.typeset(words.colon(words.say('look'), row.what_to_look_at)))}</p></li>`;
	};

	if (rows.length === 0) return `<p>${escape(words.say(about.counted < 100 ? 'fewToFind' : 'nothingFound'))}</p>`;
	return `${certain.length > 0 ? `<ul class="findings">${certain.map(item).join('\n')}</ul>` : `<p>${escape(words.say('nothingFound'))}</p>`}${open.length > 0
		? `<h4>${escape(words.say('certainNot'))}</h4><ul class="findings">${open.map((row) => `<li><p>${escape(words.typeset(row.message))}</p></li>`).join('\n')}</ul>` : ''}`;
}

// Few columns, that a telephone has room for.
function targets(rows, words) {
	const labels = Object.fromEntries(['measure', 'period', 'so_far', 'expected_total', 'probability_to_reach'].map((name) => [name, words.say(name)]));

	return table(rows.map((row) => {
		const as = row.measure === 'revenue' ? words.money : words.count;
		const isOne = row.expected_total_low === null || row.expected_total_high === null || as(row.expected_total_low) === as(row.expected_total_high);

		return { measure: row.measure, ...(rows.some((other) => other.channel !== null) ? { channel: row.channel ?? words.say('all') } : {}), period: words.dates(row.starts_on, row.ends_on), verdict_code: row.verdict_code,
			so_far: { value: row.so_far, text: as(row.so_far) }, target_value: { value: row.target_value, text: as(row.target_value) },
			expected_total: row.expected_total === null ? null : { value: row.expected_total, text: as(row.expected_total) + (isOne ? '' : ` (${as(row.expected_total_low)}–${as(row.expected_total_high)})`) },
			probability_to_reach: row.probability_to_reach === null ? null : { value: row.probability_to_reach, text: words.chance(row.probability_to_reach) } };
	}), words, { labels });
}

// What has to be mended, worst first; what is only counted is folded away.
function quality(rows, words, card) {
	const columns = ['what_it_means', 'rows', ...(rows.some((row) => row.amount !== null) ? ['amount'] : []), 'what_to_do'];
	const mend = rows.filter((row) => row.severity !== 'info'), rest = rows.filter((row) => row.severity === 'info');

	return `${mend.length > 0 ? table(mend, words, { columns, card }) : `<p>${escape(words.say('nothingToMend'))}</p>`}${rest.length > 0
		? `<details><summary>${escape(words.say('forInformation'))}</summary>${table(rest, words, { columns: columns.slice(0, -1) })}</details>` : ''}`;
}

async function drawnCard(card, rows, words, about) {
	const { wide, narrow } = await charts(card.draw, rows, words, card.title[words.language] ?? card.title.en);
	const values = { level: words.share(about.confidence_level, 0), month: rows[0].as_of ? words.month(rows[0].as_of) : '', days: words.days(about.score_days) };
	const caption = words.say(`${card.draw}Caption`, values) + (card.draw === 'forecast' && rows.some((row) => row.target !== null) ? ` ${words.say('forecastTarget')}` : '');

	return `<figure><div class="wide">${wide}</div><div class="narrow">${narrow}</div><figcaption class="note">${escape(caption)}</figcaption></figure>`;
}

const sum = (rows, column) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);

// Where a chart would draw what is not known: fewer than ten of what it is about. What is said instead.
const tooFew = {
	change: (rows) => (Math.min(rows[0].won_before, rows[0].won_after) < few ? 'fewSales' : null),
	forecast: (rows) => (sum(rows, 'sales') < few ? 'fewSales' : null),
	held: (rows) => (sum(rows, 'actual_sales') < few ? 'fewSales' : null),
	range: (rows) => (rows[0].conversions_of_all < few ? 'fewSales' : null),
	cost: (rows) => (sum(rows, 'leads') < few ? 'fewLeads' : null),
	reasons: (rows) => (rows[0].all_refusals < few ? 'fewLeads' : null),
	acceptance: (rows) => (rows.every((row) => row.transmitted < few) ? 'fewLeads' : null),
	speed: (rows) => (rows.every((row) => row.leads < few) ? 'fewLeads' : null),
	grades: (rows) => (sum(rows, 'leads') < few ? 'fewLeads' : null),
	cohorts: (rows) => (rows.every((row) => row.leads < few) ? 'fewLeads' : rows.every((row) => row.conversion === 0) ? 'fewSales' : null),
};
// The columns that are left of it then: counts.
const countsOf = { reasons: ['reason', 'refusals'], acceptance: ['channel', 'transmitted', 'accepted'], speed: ['owner', 'leads', 'never'], held: null, range: null, change: null, cohorts: null,
	cost: ['channel', 'campaign', 'spend', 'leads', 'won'], grades: ['grade', 'leads', 'won_within'], forecast: null };
const columnsOf = { hand_off: ['lead_id', 'channel', 'total', 'grade', 'probability', 'reasons'] };

const isMissing = ({ card, rows, error }) => !error && card.missing !== undefined && (rows.length === 0 || (card.draw === 'funnel' && rows.every((row) => row.leads === 0)));

async function cardHtml(result, words, about, results) {
	const { card, rows, error, labels } = result;

	if (isMissing(result)) return null;
	const title = escape(words.typeset(card.title[words.language] ?? card.title.en));
	const isTold = card.draw === 'numbers' || card.draw === 'findings';

	if (error) return `<h3>${title}</h3><p class="note">${escape(error)}</p>`;
	const fewer = tooFew[card.draw]?.(rows);

	if (fewer) {
		const columns = countsOf[card.draw];

		return `<h3>${title}</h3><p class="note">${escape(words.say(fewer))}</p>${columns ? table(rows, words, { columns, labels }) : ''}`;
	}
	const sentence = sentenceOf(card.draw, rows, words);
	const body = card.draw === 'numbers' ? summary(rows, words, results) : card.draw === 'findings' ? findings(rows, words, about) : card.draw === 'targets' ? targets(rows, words)
		: card.name === 'data_quality' ? quality(rows, words, card) : isDrawn(card.draw) ? await drawnCard(card, rows, words, about) : table(rows, words, { columns: columnsOf[card.name]?.filter((name) => rows.some((row) => row[name] !== null)), labels, card });
	const numbers = isDrawn(card.draw) ? `<details><summary>${escape(words.say('table'))}</summary>${table(rows, words, { labels, card })}</details>` : '';
	const note = card.draw === 'funnel' && rows[0].leads < few ? `<p class="note">${escape(words.say('fewLeads'))}</p>` : '';
	// What is seen is the title, where something is seen beyond chance; then what it is, small.
	const head = sentence ? `<h3>${escape(sentence)}</h3><p class="name">${title}</p>` : isTold ? '' : `<h3>${title}</h3>`;

	return `${head}${note}${body}${numbers}`;
}

/** The whole page: results are [{ card, rows, error, labels }] in the order of the cards, about says what the mart is. */
export async function page(results, about, words) {
	const sections = new Map();

	for (const result of results) sections.set(result.card.section, [...(sections.get(result.card.section) ?? []), result]);
	const body = [];
	for (const number of [...sections.keys()].sort((one, other) => one - other)) {
		const all = sections.get(number);
		const cards = [];

		for (const result of all) {
			const html = await cardHtml(result, words, about, results);

			if (html !== null) cards.push(`<div class="card">${html}</div>`);
		}
		if (cards.length === 0) continue;
		body.push(`<section aria-labelledby="s${number}"><h2 id="s${number}">${escape(words.typeset(all[0].card.question[words.language] ?? all[0].card.question.en))}</h2>\n${cards.join('\n')}</section>`);
	}
	const title = escape(about.title ?? words.say('title'));
	const css = readFileSync(new URL('style.css', import.meta.url), 'utf8');
	const short = inShort(results, about, words);
	const missing = results.filter(isMissing);

	return `<!doctype html>
<html lang="${words.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${css}</style></head>
<body>
<header><h1>${title}</h1>
<p class="note">${escape(about.observed_until && about.counted > 0 ? words.say('lead', { mart: about.mart, until: words.date(about.observed_until), leads: words.count(about.counted), aside: words.count(about.aside) })
		: words.say('noData', { mart: about.mart }))}</p>${about.otherLanguage ? `<p class="note">${escape(words.say('otherLanguage', { mart: about.mart }))}</p>` : ''}</header>
<main>
${short.length > 0 ? `<section class="short" aria-labelledby="s0"><h2 id="s0">${escape(words.say('inShort'))}</h2><dl>${short.map(({ question, answers, section }) => `<dt><a href="#s${section}">${escape(question)}</a></dt>${
		answers.map((answer) => `<dd>${escape(answer)}</dd>`).join('')}`).join('\n')}</dl></section>` : ''}
${body.join('\n')}
${missing.length > 0 ? `<section aria-labelledby="missing"><h2 id="missing">${escape(words.say('notHere'))}</h2><dl class="missing">${missing.map(({ card }) =>
		`<dt>${escape(words.typeset(card.title[words.language] ?? card.title.en))}</dt><dd>${escape((card.missing[words.language] ?? card.missing.en).replaceAll('{mart}', about.mart))}</dd>`).join('\n')}</dl></section>` : ''}
<section aria-labelledby="rule"><h2 id="rule">${escape(words.say('rule'))}</h2>${table(about.rule, words, { labels: { rule: words.say('rule_name'), is: words.say('is') } })}</section>
</main>
<footer><p>${escape(words.say('madeBy', { mart: about.mart }))}</p></footer>
</body></html>
`;
}
