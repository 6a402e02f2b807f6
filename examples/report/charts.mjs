// Charts as SVG, drawn by Vega-Lite without a browser. Colours are the page's own: see colours below.
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';

// Vega wants colours that it knows; in the SVG each becomes a variable of the page, so that the page can be dark, or printed.
const colours = { '#101010': '--ink', '#707070': '--grey', '#d0d0d0': '--line', '#0a5a9c': '--accent', '#b45309': '--warn', '#9dc5e8': '--soft' };
const [ink, grey, line, accent, warn, soft] = Object.keys(colours);
const font = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

// Without a browser Vega takes every letter to be as wide as the widest, cuts names short, and leaves room that nothing needs. These are
// the widths of DejaVu Sans, the widest of the fonts above, in thousandths of the size.
const widths = [[/[iIjl.,:;'|!]/, 330], [/[frt()\[\]\s/-]/, 400], [/[mwMW%@€]/, 980], [/[A-ZÀ-Þ]/, 720]];
vega.textMetrics.width = (item, text) => (Array.isArray(text) ? Math.max(...text.map((row) => vega.textMetrics.width(item, row)))
	: [...String(text ?? '')].reduce((sum, letter) => sum + (widths.find(([some]) => some.test(letter))?.[1] ?? 625), 0) * (item.fontSize ?? 11) / 1000);

const config = {
	font, background: 'transparent', view: { stroke: null }, padding: { left: 2, right: 8, top: 4, bottom: 4 },
	axis: { labelColor: ink, titleColor: grey, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 190,
		titleAnchor: 'start' },
	axisY: { grid: false, ticks: false, domain: false, labelPadding: 6 },
	legend: { disable: true },
	text: { color: ink, fontSize: 12 },
	rule: { color: ink }, bar: { color: soft }, point: { filled: true, color: accent, size: 60 }, line: { color: accent }, area: { color: soft },
};

/** Draws a specification at a width; returns SVG that is described to whoever does not see it. */
async function draw(spec, width, description) {
	const view = new vega.View(vega.parse(vegaLite.compile({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', width, autosize: { type: 'fit-x', contains: 'padding' },
		config, ...spec }).spec), { renderer: 'none' });
	let svg = await view.toSVG();

	view.finalize();
	for (const [colour, name] of Object.entries(colours)) svg = svg.replaceAll(colour, `var(${name})`);
	// Vega writes for its own tools; a reader needs one description.
	svg = svg.replace(/ (aria-[a-z]+|role|class|xmlns:xlink|version)="[^"]*"/g, '');
	return svg.replace('<svg', `<svg role="img" aria-label="${description.replace(/[&"<]/g, (sign) => `&#${sign.charCodeAt(0)};`)}"`);
}

const names = (field, isNarrow) => ({ field, type: 'nominal', sort: null, title: null, axis: { labelLimit: isNarrow ? 130 : 250, labelFontSize: isNarrow ? 11 : 12 } });
const axisOf = (words, kind) => ({ labelExpr: kind === 'share' ? `format(datum.value * 100, '~g') + '${words.language === 'fr' ? '\u202f' : ''}%'` : `format(datum.value, '~s')` });
const height = (rows, each = 30) => Math.max(rows.length, 1) * each;

// Fewer than these make no percentage.
export const few = 10;

// What a rate is labelled with: a percentage, or "3 of 7" where a percentage would say more than is known.
const rateLabel = (words, rate, hits, trials) => (trials < few ? words.say('of', { part: words.count(hits), all: words.count(trials) }) : words.share(rate));

// A point per row with its interval; the label at the right, in a column of its own where at is given.
function intervals(data, words, isNarrow, { x, value, low, high, name = 'name', reference, warns = 'false', at, each = 32, mostOf }) {
	const most = mostOf ?? 1;

	return { height: height(data, each), data: { values: data },
		encoding: { y: names(name, isNarrow), color: { condition: { test: `datum.${value} !== null && (${warns})`, value: warn }, value: accent } },
		layer: [
			...(reference === undefined ? [] : [{ data: { values: data.slice(0, 1) }, mark: { type: 'rule', strokeDash: [4, 3] },
				encoding: { x: { ...x, ...(typeof reference === 'number' ? { datum: reference } : { field: reference }) }, y: null, color: { value: ink } } }]),
			{ mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: low }, x2: { field: high } } },
			{ mark: 'point', encoding: { x: { ...x, field: value } } },
			{ mark: { type: 'text', align: 'left', baseline: 'middle', dx: at === undefined ? 8 : 0, fontSize: isNarrow ? 11 : 12 },
				encoding: { x: at === undefined ? { ...x, field: high } : { datum: at * most }, text: { field: 'label' }, color: { value: ink } } },
		] };
}

// The scale of shares: in full up to 100 %, so that small differences look small; the labels stand beyond it.
const shares = (words, room) => ({ type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, values: [0, 0.2, 0.4, 0.6, 0.8, 1] }, scale: { domain: [0, room] } });
// The same up to the highest bound.
function sharesUpTo(words, highest, room) {
	const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((each) => highest / each <= 6) ?? 0.2;
	const most = Math.max(Math.ceil(highest / step - 1e-9), 1) * step;

	return { most, x: { type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, values: Array.from({ length: Math.round(most / step) + 1 }, (_, n) => Math.round(n * step * 100) / 100) },
		scale: { domain: [0, most * room] } } };
}

// A scale of factors: 1, 2, 5, 10, ... with a gap for the labels on the right.
function factors(lowest, highest, room, format) {
	const from = 10 ** Math.floor(Math.log10(lowest)), to = highest;
	const values = [];

	for (let decade = from; decade <= to; decade *= 10) for (const step of to / from > 10000 ? [1] : to / from > 200 ? [1, 3] : [1, 2, 5]) if (decade * step >= lowest * 0.7 && decade * step <= to) values.push(decade * step);
	return { type: 'quantitative', title: null, scale: { type: 'log', domain: [Math.min(lowest, values[0] ?? lowest), highest * (highest / lowest) ** room], nice: false }, axis: { values, labelExpr: format, grid: true } };
}

const drawings = {
	funnel(rows, words, isNarrow) {
		const data = rows.map((row, n) => ({ ...row, label: [words.count(row.leads), row.step_rate === null ? null
			: row.previous_leads < few ? words.say('of', { part: words.count(row.leads), all: words.count(row.previous_leads) })
				: `${words.share(row.step_rate)}${isNarrow ? '' : ` (${words.range(row.step_rate_low, row.step_rate_high)})`}`,
			row.median_days === null ? null : words.days(row.median_days)].filter((part, index) => part !== null && !(index === 0 && n > 0 && row.step_rate !== null && row.previous_leads < few)).join('  ·  ') }));
		const most = Math.max(...data.map((row) => row.leads), 1);
		const x = { field: 'leads', type: 'quantitative', axis: null, scale: { domain: [0, most * (isNarrow ? 2 : 1.7)] } };

		return { height: height(rows, 34), data: { values: data }, encoding: { y: names('stage', isNarrow) },
			layer: [
				{ mark: { type: 'bar', height: { band: 0.66 }, color: soft }, encoding: { x } },
				{ mark: { type: 'text', align: 'left', dx: 6, baseline: 'middle' }, encoding: { x, text: { field: 'label' } } },
			] };
	},
	cost(rows, words, isNarrow) {
		const data = rows.filter((row) => row.cac_low > 0).map((row) => ({ ...row, name: isNarrow && row.campaign ? row.campaign : nameOf(row, words),
			high: row.cac_high ?? Math.max(row.cac_low * 10, (row.cac ?? 0) * 3), label: [row.won > 0 ? words.money(row.cac) : words.say('atLeast', { value: words.money(row.cac_low) }),
				row.verdict ? words.say(row.verdict) : null, isNarrow ? null : words.say('ofLeads', { won: words.count(row.won), leads: words.count(row.leads) })].filter((part) => part !== null).join(' · ') }));
		const all = data.flatMap((row) => [row.cac_low, row.high, row.margin_of_a_customer > 0 ? row.margin_of_a_customer : row.high]).map(Number);
		const x = factors(Math.min(...all), Math.max(...all), isNarrow ? 0.5 : 0.1, words.axis('money'));

		return { height: height(data, 44), data: { values: data }, encoding: { y: names('name', isNarrow), color: { condition: { test: "datum.verdict === 'does not pay'", value: warn }, value: accent } },
			layer: [
				{ mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: 'cac_low' }, x2: { field: 'high' } } },
				{ transform: [{ filter: 'datum.won > 0' }], mark: 'point', encoding: { x: { ...x, field: 'cac' } } },
				{ transform: [{ filter: 'datum.margin_of_a_customer > 0' }], mark: { type: 'tick', thickness: 3, height: 18 }, encoding: { x: { ...x, field: 'margin_of_a_customer' }, color: { value: ink } } },
				{ mark: { type: 'text', align: 'left', baseline: 'top', dy: 9, fontSize: 11 }, encoding: { x: { ...x, datum: undefined, field: 'cac_low' }, text: { field: 'label' }, color: { value: grey } } },
			] };
	},
	next_euro(rows, words, isNarrow) {
		// A bound that is not there, or next to nothing, leaves the scale to the others.
		const least = Math.min(...rows.map((row) => row.marginal_return), 1) / 20;
		const most = Math.max(...rows.map((row) => row.marginal_return), 1) * 20;
		const data = rows.filter((row) => row.marginal_return > 0).map((row) => ({ ...row, name: row.channel ?? words.say('unknown'), low: Math.max(row.marginal_return_low ?? 0, least),
			high: Math.min(row.marginal_return_high ?? most, most), label: [words.cents(row.marginal_return), row.verdict ? words.say(row.verdict) : null].filter((part) => part !== null).join(' · ') }));
		const all = data.flatMap((row) => [row.low, row.high, 1]);

		return intervals(data, words, isNarrow, { x: factors(Math.min(...all), Math.max(...all), isNarrow ? 1.2 : 0.5, words.axis('money')), value: 'marginal_return', low: 'low', high: 'high', reference: 1,
			warns: "datum.verdict === 'spend less'" });
	},
	change(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: words.say(row.part === 'before' ? 'before_bar' : row.part), bottom: Math.min(row.bar_from, row.bar_to), top: Math.max(row.bar_from, row.bar_to),
			label: row.part === 'before' || row.part === 'after' ? words.money(row.amount) : words.signed(row.amount) }));
		const most = Math.max(...data.map((row) => row.top)), least = Math.min(0, ...data.map((row) => row.bottom));
		const x = { type: 'quantitative', title: null, axis: null, scale: { domain: [least, (most - least) * (isNarrow ? 1.45 : 1.25) + least] } };

		return { height: height(data, 30), data: { values: data }, encoding: { y: names('name', isNarrow) },
			layer: [
				{ mark: { type: 'bar', height: { band: 0.66 } }, encoding: { x: { ...x, field: 'bottom' }, x2: { field: 'top' },
					color: { condition: [{ test: "datum.part === 'before' || datum.part === 'after'", value: soft }, { test: 'datum.amount < 0', value: warn }], value: accent } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6 }, encoding: { x: { ...x, field: 'top' }, text: { field: 'label' } } },
			] };
	},
	cohorts(rows, words, isNarrow) {
		const newest = rows.map((row) => row.month).sort().at(-1);
		const data = rows.map((row) => ({ ...row, is_newest: row.month === newest }));
		const last = Math.max(...rows.map((row) => row.age_days));
		const most = Math.max(...rows.map((row) => row.conversion), 0.001);
		const ends = Object.values(Object.fromEntries(data.map((row) => [row.month, row])))
			.map((row) => ({ ...row, label: words.month(row.month) + (row.is_mature ? '' : ` (${words.say('soFar')})`), at: row.conversion })).sort((one, other) => other.at - one.at);
		// Labels that would stand on each other move apart, from the top down.
		const gap = most * 1.1 * 14 / 270, wide = last * (isNarrow ? 0.45 : 0.25);
		for (const [n, end] of ends.entries()) for (const above of ends.slice(0, n)) if (Math.abs(above.age_days - end.age_days) < wide && above.at - end.at < gap) end.at = above.at - gap;
		const x = { field: 'age_days', type: 'quantitative', title: words.say('ageInDays'), axis: { grid: false, values: [...new Set(rows.map((row) => row.age_days))].filter((age) => age >= last / 8) },
			scale: { domain: [0, last * (isNarrow ? 1.65 : 1.25)], nice: false } };
		const y = { field: 'conversion', type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, tickCount: 5 }, scale: { domain: [Math.min(0, ...ends.map((end) => end.at)), most * 1.1], nice: false } };

		return { height: 300, data: { values: data }, encoding: { detail: { field: 'month' } },
			layer: [
				{ transform: [{ filter: `datum.is_newest && datum.conversion_high !== null && datum.conversion_high <= ${most * 1.1}` }], mark: { type: 'area', opacity: 0.5 },
					encoding: { x, y: { ...y, field: 'conversion_low' }, y2: { field: 'conversion_high' } } },
				{ mark: { type: 'line', strokeWidth: 1, strokeDash: [3, 3] }, encoding: { x, y, color: { condition: { test: 'datum.is_newest', value: accent }, value: grey } } },
				{ transform: [{ filter: 'datum.is_mature' }], mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color: { condition: { test: 'datum.is_newest', value: accent }, value: grey } } },
				{ data: { values: ends }, mark: { type: 'text', align: 'left', dx: 5, fontSize: 11 }, encoding: { x, y: { ...y, field: 'at' }, text: { field: 'label' },
					color: { condition: { test: `datum.month === '${newest}'`, value: accent }, value: ink } } },
			] };
	},
	acceptance(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.channel ?? words.say('unknown'), label: [rateLabel(words, row.acceptance_rate, row.accepted, row.transmitted),
			isNarrow || row.transmitted < few ? null : words.say('of', { part: words.count(row.accepted), all: words.count(row.transmitted) }), row.verdict && !isNarrow ? words.say(row.verdict) : null].filter((part) => part !== null).join(' · ') }));

		return intervals(data, words, isNarrow, { x: shares(words, isNarrow ? 1.3 : 1.9), value: 'acceptance_rate', low: 'acceptance_rate_low', high: 'acceptance_rate_high', reference: 'threshold',
			warns: "datum.verdict === 'below'", at: 1.04 });
	},
	speed(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.owner ?? words.say('unknown'), label: [
			rateLabel(words, row.working_within_60_minutes, Math.round(row.working_within_60_minutes * row.leads), row.leads), row.leads < few || isNarrow ? null : words.say('n', { n: words.count(row.leads) }),
			row.working_median_minutes === null || isNarrow || row.leads < few ? null : words.say('medianTime', { time: words.minutes(row.working_median_minutes) })].filter((part) => part !== null).join(' · ') }));

		return intervals(data, words, isNarrow, { x: shares(words, isNarrow ? 1.3 : 1.95), value: 'working_within_60_minutes', low: 'working_within_60_minutes_low', high: 'working_within_60_minutes_high',
			reference: 'within_60_minutes_of_all', at: 1.04,
			warns: 'datum.p_value !== null && datum.p_value < 0.05 && datum.working_within_60_minutes < datum.within_60_minutes_of_all' });
	},
	reasons(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.reason ?? words.say('notSaid'), label: `${words.share(row.share)} · ${words.count(row.refusals)}` }));
		const { x } = sharesUpTo(words, Math.max(...rows.map((row) => row.share_high)), isNarrow ? 1.5 : 1.25);

		return intervals(data, words, isNarrow, { x, value: 'share', low: 'share_low', high: 'share_high', each: 30 });
	},
	grades(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.grade ?? words.say('noGrade'), label: [rateLabel(words, row.conversion, row.won_within, row.leads),
			isNarrow || row.leads < few ? null : words.say('of', { part: words.count(row.won_within), all: words.count(row.leads) })].filter((part) => part !== null).join(' · ') }));
		const { x, most } = sharesUpTo(words, Math.max(...rows.map((row) => row.conversion_high)), isNarrow ? 1.35 : 1.4);

		return intervals(data, words, isNarrow, { x, value: 'conversion', low: 'conversion_low', high: 'conversion_high', reference: 'conversion_of_all', at: 1.04, mostOf: most, each: 30 });
	},
	forecast(rows, words, isNarrow) {
		const shown = isNarrow ? rows.slice(-10) : rows;
		const data = shown.map((row) => ({ ...row, label: words.shortMonth(row.month), text: words.count(row.sales ?? row.expected), top: row.high ?? row.sales ?? row.expected }));
		const highest = Math.max(...data.map((row) => row.top));

		// A target just above a bar would cross the figure out.
		for (const row of data) if (row.target > row.top && row.target < row.top + highest * 0.09) row.top = row.target;
		// Of the present month both what is sold and what is expected are drawn; only the latter is labelled.
		const labelled = data.filter((row) => !row.is_past || !data.some((other) => other.month === row.month && !other.is_past));
		const y = { type: 'quantitative', title: null, axis: { grid: true, tickCount: 5, tickMinStep: 1 }, scale: { domainMin: 0 } };

		return { height: 240, data: { values: data }, encoding: { x: { field: 'label', type: 'ordinal', sort: null, title: null, axis: { labelAngle: 0, labelExpr: "split(datum.value, ' ')", grid: false, labelFontSize: 11 } } },
			layer: [
				{ transform: [{ filter: 'datum.is_past' }], mark: { type: 'bar', width: { band: 0.8 } }, encoding: { y: { ...y, field: 'sales' } } },
				{ transform: [{ filter: '!datum.is_past && datum.low !== null' }], mark: { type: 'bar', width: { band: 0.28 }, color: soft }, encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } } },
				{ transform: [{ filter: '!datum.is_past && datum.low_80 !== null' }], mark: { type: 'bar', width: { band: 0.28 }, color: accent, opacity: 0.55 }, encoding: { y: { ...y, field: 'low_80' }, y2: { field: 'high_80' } } },
				{ transform: [{ filter: '!datum.is_past' }], mark: { type: 'point', size: 70, color: ink }, encoding: { y: { ...y, field: 'expected' } } },
				{ transform: [{ filter: 'datum.target !== null' }], mark: { type: 'tick', thickness: 2, width: { band: 1 }, color: ink }, encoding: { y: { ...y, field: 'target' } } },
				{ data: { values: labelled }, mark: { type: 'text', dy: -8, fontSize: 11 }, encoding: { y: { ...y, field: 'top' }, text: { field: 'text' } } },
			] };
	},
	held(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, label: words.shortMonth(row.as_of) }));
		const y = { type: 'quantitative', title: null, axis: { grid: true, tickCount: 4, tickMinStep: 1 }, scale: { domainMin: 0 } };

		return { height: 130, data: { values: data }, encoding: { x: { field: 'label', type: 'ordinal', sort: null, title: null, axis: { labelAngle: 0, labelExpr: "split(datum.value, ' ')", grid: false, labelFontSize: 11 } } },
			layer: [
				{ mark: { type: 'bar', width: { band: 0.4 } }, encoding: { y: { ...y, field: 'sales_low' }, y2: { field: 'sales_high' } } },
				{ mark: { type: 'point' }, encoding: { y: { ...y, field: 'actual_sales' }, color: { condition: { test: 'datum.held === false', value: warn }, value: accent },
					shape: { condition: { test: 'datum.held === false', value: 'cross' }, value: 'circle' } } },
			] };
	},
	range(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.channel ?? words.say('unknown'), label: words.range(row.lowest_share, row.highest_share) }));
		const { x } = sharesUpTo(words, Math.max(...rows.map((row) => row.highest_share)), isNarrow ? 1.5 : 1.25);

		return { height: height(data, 30), data: { values: data }, encoding: { y: names('name', isNarrow) },
			layer: [
				{ mark: { type: 'rule', strokeWidth: 5, color: soft }, encoding: { x: { ...x, field: 'lowest_share' }, x2: { field: 'highest_share' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'default_share' } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: isNarrow ? 11 : 12 }, encoding: { x: { ...x, field: 'highest_share' }, text: { field: 'label' }, color: { value: ink } } },
			] };
	},
};

/** The name of a channel and campaign. */
export function nameOf(row, words) {
	return [row.channel ?? words.say('unknown'), row.campaign].filter((part) => part !== null && part !== undefined && part !== '').join(' / ');
}

/** Whether cards of this kind are drawn; others are told in words or as a table. */
export const isDrawn = (kind) => kind in drawings;

/** The chart of a card, for a wide and for a narrow page. */
export async function charts(kind, rows, words, description) {
	return { wide: await draw(drawings[kind](rows, words, false), 700, description), narrow: await draw(drawings[kind](rows, words, true), 350, description) };
}
