// Charts as SVG, drawn by Vega-Lite without a browser. Colours are the page's own: see colours below.
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';

// Vega wants colours that it knows; in the SVG each becomes a variable of the page, so that the page can be dark, or printed.
const colours = { '#101010': '--ink', '#707070': '--grey', '#d0d0d0': '--line', '#0a5a9c': '--accent', '#b45309': '--warn', '#9dc5e8': '--soft' };
const [ink, grey, line, accent, warn, soft] = Object.keys(colours);
const font = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

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

const names = (field, isNarrow) => ({ field, type: 'nominal', sort: null, title: null, axis: { labelLimit: isNarrow ? 125 : 250, labelFontSize: 12 } });
const axisOf = (words, kind) => ({ labelExpr: kind === 'share' ? `format(datum.value * 100, '~g') + '${words.language === 'fr' ? '\u202f' : ''}%'` : `format(datum.value, '~s')` });
const height = (rows, each = 30) => Math.max(rows.length, 1) * each;

const drawings = {
	funnel(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, label: [words.count(row.leads), row.step_rate === null ? null : `${words.share(row.step_rate)}${
			isNarrow ? '' : ` (${words.share(row.step_rate_low)} – ${words.share(row.step_rate_high)})`}`, row.median_days === null ? null : words.days(row.median_days)]
			.filter((part) => part !== null).join('  ·  ') }));
		const most = Math.max(...data.map((row) => row.leads), 1);
		const x = { field: 'leads', type: 'quantitative', axis: null, scale: { domain: [0, most * (isNarrow ? 2.2 : 1.75)] } };

		return { height: height(rows, 36), data: { values: data }, encoding: { y: names('stage', isNarrow) },
			layer: [
				{ mark: { type: 'bar', height: { band: 0.62 }, color: soft }, encoding: { x } },
				{ mark: { type: 'text', align: 'left', dx: 6, baseline: 'middle' }, encoding: { x, text: { field: 'label' } } },
			] };
	},
	cost(rows, words, isNarrow) {
		const data = rows.filter((row) => row.cac_low > 0).map((row) => ({ ...row, name: isNarrow && row.campaign ? row.campaign : nameOf(row, words), high: row.cac_high ?? row.cac_low * 10,
			label: [words.money(row.cac), row.verdict ? words.say(row.verdict) : null,
				isNarrow ? null : words.say('ofLeads', { won: words.count(row.won), leads: words.count(row.leads) })].filter((part) => part !== null).join(' · ') }));
		const x = { type: 'quantitative', scale: { type: 'log', nice: true }, title: null, axis: { values: [10, 100, 1000, 10000, 100000, 1000000, 10000000], format: '~s', grid: true } };

		return { height: height(data, 44), data: { values: data }, encoding: { y: names('name', isNarrow), color: { condition: { test: "datum.verdict === 'does not pay'", value: warn }, value: accent } },
			layer: [
				{ mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: 'cac_low' }, x2: { field: 'high' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'cac' } } },
				{ mark: { type: 'tick', thickness: 2, height: 18 }, encoding: { x: { ...x, field: 'margin_of_a_customer' }, color: { value: ink } } },
				{ mark: { type: 'text', align: 'left', baseline: 'top', dy: 9, fontSize: 11 }, encoding: { x: { ...x, field: 'cac_low' }, text: { field: 'label' }, color: { value: grey } } },
			] };
	},
	cohorts(rows, words) {
		const newest = rows.map((row) => row.month).sort().at(-1);
		const data = rows.map((row) => ({ ...row, is_newest: row.month === newest }));
		const ends = Object.values(Object.fromEntries(data.map((row) => [row.month, row])))
			.map((row) => ({ ...row, label: words.month(row.month) + (row.is_mature ? '' : ` (${words.say('soFar')})`) }));
		const last = Math.max(...rows.map((row) => row.age_days));
		const x = { field: 'age_days', type: 'quantitative', title: null, axis: { grid: false, values: [...new Set(rows.map((row) => row.age_days))].filter((age) => age >= last / 12) },
			scale: { domain: [0, last * 1.25] } };
		const y = { field: 'conversion', type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, tickCount: 5 } };

		return { height: 300, data: { values: data }, encoding: { detail: { field: 'month' } },
			layer: [
				{ transform: [{ filter: 'datum.is_newest && datum.conversion_high !== null' }], mark: { type: 'area', opacity: 0.5 },
					encoding: { x, y: { ...y, field: 'conversion_low' }, y2: { field: 'conversion_high' } } },
				{ mark: { type: 'line', strokeWidth: 1, strokeDash: [3, 3] }, encoding: { x, y, color: { condition: { test: 'datum.is_newest', value: accent }, value: grey } } },
				{ transform: [{ filter: 'datum.is_mature' }], mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color: { condition: { test: 'datum.is_newest', value: accent }, value: grey } } },
				{ data: { values: ends }, mark: { type: 'text', align: 'left', dx: 5, fontSize: 11 }, encoding: { x, y, text: { field: 'label' },
					color: { condition: { test: `datum.month === '${newest}'`, value: accent }, value: ink } } },
			] };
	},
	acceptance(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.channel ?? words.say('unknown'), label: [words.share(row.acceptance_rate),
			isNarrow ? null : `${words.count(row.accepted)} / ${words.count(row.transmitted)}`, row.verdict && !isNarrow ? words.say(row.verdict) : null].filter((part) => part !== null).join(' · ') }));
		const x = { type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, values: [0, 0.2, 0.4, 0.6, 0.8, 1] }, scale: { domain: [0, isNarrow ? 1.25 : 1.6] } };

		return { height: height(data, 32), data: { values: data }, encoding: { y: names('name', isNarrow), color: { condition: { test: "datum.verdict === 'below'", value: warn }, value: accent } },
			layer: [
				{ data: { values: data.slice(0, 1) }, mark: { type: 'rule', strokeDash: [4, 3] }, encoding: { x: { ...x, field: 'threshold' }, y: null, color: { value: ink } } },
				{ mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: 'acceptance_rate_low' }, x2: { field: 'acceptance_rate_high' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'acceptance_rate' } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle' }, encoding: { x: { datum: 1.03 }, text: { field: 'label' }, color: { value: ink } } },
			] };
	},
	speed(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.owner ?? words.say('unknown'), label: [words.share(row.working_within_60_minutes), words.say('n', { n: words.count(row.leads) }),
			row.working_median_minutes === null || isNarrow ? null : words.say('medianMinutes', { minutes: words.count(row.working_median_minutes) })].filter((part) => part !== null).join(' · ') }));
		const x = { type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, values: [0, 0.2, 0.4, 0.6, 0.8, 1] }, scale: { domain: [0, isNarrow ? 1.6 : 1.6] } };

		return { height: height(data, 32), data: { values: data },
			encoding: { y: names('name', isNarrow), color: { condition: { test: 'datum.p_value !== null && datum.p_value < 0.05 && datum.working_within_60_minutes < datum.within_60_minutes_of_all', value: warn }, value: accent } },
			layer: [
				{ data: { values: data.slice(0, 1) }, mark: { type: 'rule', strokeDash: [4, 3] }, encoding: { x: { ...x, field: 'within_60_minutes_of_all' }, y: null, color: { value: ink } } },
				{ mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: 'working_within_60_minutes_low' }, x2: { field: 'working_within_60_minutes_high' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'working_within_60_minutes' } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle' }, encoding: { x: { datum: 1.03 }, text: { field: 'label' }, color: { value: ink } } },
			] };
	},
	reasons(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.reason ?? words.say('notSaid'), label: `${words.share(row.share)} · ${words.count(row.refusals)}` }));
		const x = { type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, tickCount: 5 }, scale: { domain: [0, Math.max(...rows.map((row) => row.share_high)) * (isNarrow ? 1.5 : 1.2)] } };

		return { height: height(data, 30), data: { values: data }, encoding: { y: names('name', isNarrow) },
			layer: [
				{ mark: { type: 'rule', strokeWidth: 2, color: accent }, encoding: { x: { ...x, field: 'share_low' }, x2: { field: 'share_high' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'share' } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 11 }, encoding: { x: { ...x, field: 'share_high' }, text: { field: 'label' }, color: { value: grey } } },
			] };
	},
	forecast(rows, words) {
		const data = rows.map((row) => ({ ...row, label: words.month(row.month), value: row.sales ?? row.expected, top: row.high ?? row.sales ?? row.expected }));
		const y = { type: 'quantitative', title: null, axis: { grid: true, tickCount: 5 } };

		return { height: 220, data: { values: data }, encoding: { x: { field: 'label', type: 'ordinal', sort: null, title: null, axis: { labelAngle: -40, grid: false } } },
			layer: [
				{ transform: [{ filter: 'datum.is_past' }], mark: 'bar', encoding: { y: { ...y, field: 'sales' } } },
				{ transform: [{ filter: '!datum.is_past && datum.low !== null' }], mark: { type: 'rule', strokeWidth: 2, color: accent }, encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } } },
				{ transform: [{ filter: '!datum.is_past' }], mark: 'point', encoding: { y: { ...y, field: 'expected' } } },
				{ mark: { type: 'text', dy: -8, fontSize: 11 }, encoding: { y: { ...y, field: 'top' }, text: { field: 'value', format: '.0f' } } },
			] };
	},
	held(rows) {
		const y = { type: 'quantitative', title: null, axis: { grid: true, tickCount: 4 } };

		return { height: 120, data: { values: rows }, encoding: { x: { field: 'as_of', type: 'ordinal', title: null, axis: { labelExpr: 'slice(datum.value, 0, 7)', labelAngle: -40, grid: false } } },
			layer: [
				{ mark: { type: 'bar', width: { band: 0.5 } }, encoding: { y: { ...y, field: 'sales_low' }, y2: { field: 'sales_high' } } },
				{ mark: { type: 'point' }, encoding: { y: { ...y, field: 'actual_sales' }, color: { condition: { test: 'datum.held === false', value: warn }, value: accent } } },
			] };
	},
	range(rows, words, isNarrow) {
		const data = rows.map((row) => ({ ...row, name: row.channel ?? words.say('unknown'), label: `${words.share(row.lowest_share)} – ${words.share(row.highest_share)}` }));
		const most = Math.max(...rows.map((row) => row.highest_share));
		const x = { type: 'quantitative', title: null, axis: { ...axisOf(words, 'share'), grid: true, tickCount: 5 }, scale: { domain: [0, most * (isNarrow ? 1.6 : 1.25)] } };

		return { height: height(data, 30), data: { values: data }, encoding: { y: names('name', isNarrow) },
			layer: [
				{ mark: { type: 'rule', strokeWidth: 4, color: soft }, encoding: { x: { ...x, field: 'lowest_share' }, x2: { field: 'highest_share' } } },
				{ mark: 'point', encoding: { x: { ...x, field: 'default_share' } } },
				{ mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 11 }, encoding: { x: { ...x, field: 'highest_share' }, text: { field: 'label' }, color: { value: grey } } },
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
