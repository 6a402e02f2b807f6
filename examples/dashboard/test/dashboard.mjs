// Opens every page in a real browser, and asks the database the same. Usage: node test/dashboard.mjs ADDRESS; psql's environment says where the mart is.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [address] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const mart = process.env.LEAD_KPI_MART ?? 'kpi';
const pages = { overview: '/', funnel: '/funnel', cost: '/cost', cohorts: '/cohorts', segments: '/segments', sales: '/sales', forecast: '/forecast', quality: '/data-quality', rows: '/rows' };

let number = 0, failed = 0;
function ok(is, name, detail = '') {
	number += 1;
	if (!is) failed += 1;
	console.log(`${is ? 'ok' : 'not ok'} ${number} - ${name}${is || !detail ? '' : `\n#   ${String(detail).replaceAll('\n', '\n#   ')}`}`);
}
const is = (got, wanted, name) => ok(got === wanted, name, `got    ${got}\nwanted ${wanted}`);

/** Rows as psql has them, each an object. */
function ask(query) {
	const text = execFileSync('psql', ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', `SELECT coalesce(json_agg(s), '[]') FROM (${query}) s`],
		{ encoding: 'utf8', env: { ...process.env, PGOPTIONS: `-c search_path=${mart},lead_kpi -c default_transaction_read_only=on` } });
	return JSON.parse(text);
}
// Written again here, so that the test does not believe the page's own formats.
const count = (value) => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');
const percent = (share) => (share !== 0 && share < 0.01 ? `${(Math.round(share * 10000) / 100).toFixed(2)} %` : `${(Math.round(share * 1000) / 10).toFixed(1)} %`);
const plain = (text) => text.replaceAll('\u00a0', ' ');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const foreign = new Set(), errors = [], missing = new Set();
async function open(width) {
	const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce', timezoneId: 'UTC' });
	page.on('request', (request) => {
		const { hostname, protocol } = new URL(request.url());
		if (protocol.startsWith('http') && hostname !== '127.0.0.1') foreign.add(request.url());
	});
	page.on('websocket', (socket) => foreign.add(socket.url()));
	page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
	page.on('response', (response) => { if (response.status() >= 400) missing.add(`${response.status()} ${response.url()}`); });
	return page;
}
async function visit(page, path) {
	await page.goto(address.replace(/\/$/, '') + path, { waitUntil: 'networkidle', timeout: 60_000 });
	await page.waitForSelector('article h1');
	await settle(page);
}
// Until nothing on the page changes for half a second.
async function settle(page) {
	let before, same = 0;
	for (let turn = 0; turn < 60 && same < 3; turn += 1) {
		const now = await page.evaluate(() => document.querySelector('article')?.innerHTML.length);
		same = now === before ? same + 1 : 0;
		before = now;
		await page.waitForTimeout(250);
	}
}
const textOf = async (page, selector) => plain(await page.locator(selector).innerText());
const drawing = (page, chart) => page.locator(`[data-chart=${chart}] svg`).evaluate((svg) =>
	({ text: [...svg.querySelectorAll('text')].map((node) => node.textContent).join(' ').replaceAll('\u00a0', ' '), shapes: svg.querySelectorAll('path').length, html: svg.innerHTML }));
// Evidence's tables have no tbody; the same table is there once more for the whole screen.
const tableRows = (page) => page.locator('[data-testid^=DataTable] tr').filter({ has: page.locator('td') });
const row = (page, first) => tableRows(page).filter({ hasText: first }).first().locator('td').allInnerTexts();

const page = await open(1280);

console.log('# overview');
await visit(page, pages.overview);
for (const { measure, value } of ask(readFileSync(new URL('../sources/kpi/summary.sql', import.meta.url), 'utf8').trim().replace(/;$/, ''))) {
	const text = await textOf(page, `[data-measure=${measure}] b`);
	is(text.replace(/[^0-9,]/g, ''), count(value), `the page's ${measure} is the database's`);
}
const findings = ask("SELECT code, message FROM diagnosis WHERE severity <> 'ok' ORDER BY code");
is(await page.locator('[data-code]').count(), Math.min(findings.length, 12), 'as many findings as diagnosis has');
for (const { code, message } of findings.slice(0, 3)) {
	ok(plain(await page.locator('ul[aria-label=Findings]').innerText()).includes(plain(message)), `the finding ${code} has its sentence`);
}

console.log('# from a finding to its rows');
const link = page.locator('[data-code] a').first();
if (await link.count() > 0) {
	const target = new URL(await link.getAttribute('href'), address).searchParams;
	await link.click();
	await page.waitForURL(/\/rows/);
	await page.waitForSelector('[data-rows]');
	await settle(page);
	const quote = (text) => `'${text.replaceAll("'", "''")}'`;
	const [{ leads }] = ask(`SELECT count(*) AS leads FROM lead_outcome JOIN counted_lead c USING (lead_id) WHERE c.excluded_reason IS NULL
		${target.has('channel') ? `AND lead_outcome.channel = ${quote(target.get('channel'))}` : ''} ${target.has('campaign') ? `AND lead_outcome.campaign = ${quote(target.get('campaign'))}` : ''}
		${target.has('since') ? `AND lead_outcome.month >= ${quote(target.get('since'))}::date` : ''}`);
	is(await page.locator('[data-rows]').getAttribute('data-rows'), String(leads), `the link leads to its ${leads} leads (${target})`);
	ok((await tableRows(page).count()) > 0, 'and lists them');
}

console.log('# funnel');
await visit(page, pages.funnel);
const whole = await drawing(page, 'funnel');
for (const stage of ask('SELECT stage, leads, step_rate, step_rate_low, step_rate_high FROM funnel WHERE leads IS NOT NULL ORDER BY stage_position')) {
	ok(whole.text.includes(count(stage.leads)), `${stage.stage}: ${count(stage.leads)} leads are written at the bar`, whole.text);
	if (stage.step_rate !== null) {
		const rate = `${percent(stage.step_rate)} of the stage before (${percent(stage.step_rate_low)} to ${percent(stage.step_rate_high)})`;
		ok(whole.text.includes(rate), `${stage.stage}: ${rate}`, whole.text);
	}
}
const [{ channel }] = ask('SELECT channel FROM funnel_by_channel WHERE channel IS NOT NULL AND stage_position = 1 ORDER BY leads DESC LIMIT 1');
await page.locator('[data-choice=channel]').selectOption(channel);
await settle(page);
const cut = await drawing(page, 'funnel');
ok(cut.html !== whole.html, 'a filter changes the chart');
for (const stage of ask(`SELECT stage, leads, step_rate, step_rate_low FROM funnel_by_channel WHERE channel = '${channel}' ORDER BY stage_position`)) {
	ok(cut.text.includes(count(stage.leads)) && (stage.step_rate === null || cut.text.includes(`${percent(stage.step_rate)} of the stage before (${percent(stage.step_rate_low)}`)),
		`${channel}, ${stage.stage}: the numbers of funnel_by_channel`, cut.text);
}
ok(page.url().includes(`channel=${channel}`), 'the filter is in the address');
await page.reload({ waitUntil: 'networkidle' });
await settle(page);
is((await drawing(page, 'funnel')).text, cut.text, 'and the address brings it back');
await page.locator('[data-choice=channel]').selectOption('%');
const [{ month }] = ask("SELECT to_char(max(month), 'YYYY-MM') AS month FROM funnel_by_month WHERE leads > 0 AND stage_position = 1");
await page.locator('[data-choice=from]').selectOption(month);
await settle(page);
const [{ leads: ofMonth }] = ask(`SELECT leads FROM funnel_by_month WHERE month = '${month}-01' AND stage_position = 1`);
ok((await drawing(page, 'funnel')).text.includes(count(ofMonth)), `from ${month}: the ${count(ofMonth)} leads of funnel_by_month`);

await visit(page, pages.funnel);
// The busiest campaign of a channel, and one kind of lead in it: sums of kpi_day.
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const [one] = ask(`SELECT channel, campaign, sum(leads) AS leads FROM kpi_day WHERE channel IS NOT NULL AND campaign IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1`);
await page.locator('[data-choice=channel]').selectOption(one.channel);
await settle(page);
const campaigns = ask(`SELECT count(DISTINCT coalesce(campaign, '')) AS n FROM kpi_day WHERE channel = ${quoted(one.channel)} AND leads > 0`)[0].n;
// The list is empty for a moment, while it is asked for again.
await page.waitForFunction((n) => document.querySelectorAll('[data-choice=campaign] option').length - 1 === n, Number(campaigns), { timeout: 20000 }).catch(() => {});
is(await page.locator('[data-choice=campaign] option').count() - 1, campaigns,
	'the campaigns are those of the channel');
await page.locator('[data-choice=campaign]').selectOption(one.campaign);
await settle(page);
for (const stage of ask(`SELECT stage, leads FROM funnel_by_campaign WHERE channel = ${quoted(one.channel)} AND campaign = ${quoted(one.campaign)} AND leads IS NOT NULL`)) {
	ok((await drawing(page, 'funnel')).text.includes(count(stage.leads)), `${one.campaign}, ${stage.stage}: the ${count(stage.leads)} leads of funnel_by_campaign`);
}
const [kind] = ask(`SELECT kind, sum(leads) AS leads FROM kpi_day WHERE channel = ${quoted(one.channel)} AND campaign = ${quoted(one.campaign)} AND kind IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1`);
await page.locator('[data-choice=kind]').selectOption(kind.kind);
await settle(page);
ok((await drawing(page, 'funnel')).text.includes(count(kind.leads)), `${one.campaign}, ${kind.kind}: ${count(kind.leads)} leads`, (await drawing(page, 'funnel')).text);

console.log('# keyboard');
await visit(page, pages.funnel);
const reached = [];
for (let turn = 0; turn < 60 && reached.length < 6; turn += 1) {
	await page.keyboard.press('Tab');
	const name = await page.evaluate(() => document.activeElement?.dataset?.choice);
	if (name && !reached.includes(name)) reached.push(name);
}
is(reached.join(' '), 'from to channel campaign kind owner', 'Tab reaches the six filters in their order');
const unfiltered = (await drawing(page, 'funnel')).html;
await page.locator('[data-choice=channel]').focus();
await page.keyboard.press('ArrowDown');
await settle(page);
ok((await drawing(page, 'funnel')).html !== unfiltered, 'an arrow key changes the filter and the chart');

console.log('# cost to revenue');
await visit(page, pages.cost);
const [dearest] = ask(`SELECT channel, campaign, sum(spend) AS spend, sum(leads) AS leads, sum(won) AS won, sum(revenue) AS revenue FROM cpl_to_revenue WHERE is_mature
	GROUP BY 1, 2 HAVING sum(spend) > 0 AND sum(won) > 0 ORDER BY sum(spend) DESC LIMIT 1`);
const name = `${dearest.channel} / ${dearest.campaign}`;
const cells = await row(page, name);
is(cells.slice(1, 4).join(' '), [dearest.leads, dearest.won, dearest.spend].map(count).join(' '), `${name}: leads, customers and spend in the table`);
is(cells[6], count(dearest.spend / dearest.won), `${name}: what a customer costs`);
const allCosts = await drawing(page, 'cost');
ok(allCosts.text.includes(`€${count(dearest.spend / dearest.won)}`), 'and in the chart', allCosts.text);
await page.locator('[data-choice=channel]').selectOption(dearest.channel);
await settle(page);
const someCosts = await drawing(page, 'cost');
ok(someCosts.html !== allCosts.html && someCosts.text.includes(dearest.campaign), 'the channel filter changes the chart');
is(await tableRows(page).count(), ask(`SELECT count(DISTINCT campaign) AS n FROM cpl_to_revenue WHERE is_mature AND channel = '${dearest.channel}' AND spend > 0`)[0].n, 'and the table');

const [{ campaign: named }] = ask(`SELECT min(campaign) AS campaign FROM cpl_to_revenue WHERE is_mature AND channel = '${dearest.channel}' AND spend > 0`);
await page.locator('[data-choice=campaign]').selectOption(named);
await settle(page);
is(await tableRows(page).count(), 1, 'a campaign has one row');
ok((await row(page, named)).length > 0, 'which is its own');

console.log('# cohorts');
await visit(page, pages.cohorts);
const curves = await drawing(page, 'cohorts');
ok(curves.text.includes(', so far') === (ask('SELECT 1 FROM cohort_conversion WHERE NOT is_mature AND conversion IS NOT NULL').length > 0), 'young months say so');
ok(curves.html.includes('stroke-dasharray'), 'and are dashed');

console.log('# segments');
await visit(page, pages.segments);
const segments = ask("SELECT DISTINCT segment FROM revenue_by_segment WHERE segment <> 'month' ORDER BY 1").map(({ segment }) => segment);
is((await page.locator('[data-choice=segment] option').evaluateAll((nodes) => nodes.map((node) => node.value))).join(' '), segments.join(' '), 'every segment of the mart is there');
let lastDrawn = '';
for (const segment of segments.slice(-2)) {
	await page.locator('[data-choice=segment]').selectOption(segment);
	await settle(page);
	const drawn = await drawing(page, 'segments');
	ok(drawn.html !== lastDrawn, `cut by ${segment}: another chart`);
	lastDrawn = drawn.html;
	for (const value of ask(`SELECT coalesce(value, '(none)') AS value, leads, won, lead_to_won FROM revenue_by_segment WHERE segment = ${quoted(segment)} ORDER BY leads DESC LIMIT 3`)) {
		ok(drawn.text.includes(percent(value.lead_to_won)) && drawn.text.includes(`(${count(value.won)} of ${count(value.leads)})`), `${segment} ${value.value}: ${percent(value.lead_to_won)} of revenue_by_segment`, drawn.text);
		is((await row(page, value.value)).slice(1, 3).join(' '), [value.leads, value.won].map(count).join(' '), 'and its leads and customers in the table');
	}
	const [second] = ask(`SELECT value FROM revenue_by_segment WHERE segment = ${quoted(segment)} AND value IS NOT NULL ORDER BY leads DESC OFFSET 1 LIMIT 1`);
	const firstFunnel = (await drawing(page, 'funnel')).html;
	await page.locator('[data-choice=value]').selectOption(second.value);
	await settle(page);
	const funnelOf = await drawing(page, 'funnel');
	ok(funnelOf.html !== firstFunnel, `${segment} ${second.value}: another funnel`);
	for (const stage of ask(`SELECT stage, leads, step_rate, step_rate_low FROM funnel_by_segment WHERE segment = ${quoted(segment)} AND value = ${quoted(second.value)} AND leads IS NOT NULL`)) {
		ok(funnelOf.text.includes(count(stage.leads)) && (stage.step_rate === null || funnelOf.text.includes(`${percent(stage.step_rate)} of the stage before (${percent(stage.step_rate_low)}`)),
			`${segment} ${second.value}, ${stage.stage}: the numbers of funnel_by_segment`, funnelOf.text);
	}
}

console.log('# owners and speed');
await visit(page, pages.sales);
const won = await drawing(page, 'owners'), answered = await drawing(page, 'speed');
for (const owner of ask("SELECT owner, win_rate, decided_deals FROM owner_performance WHERE grain = 'owner' AND owner IS NOT NULL AND win_rate IS NOT NULL ORDER BY owner LIMIT 3")) {
	ok(won.text.includes(owner.owner) && won.text.includes(percent(owner.win_rate)) && won.text.includes(`(of ${count(owner.decided_deals)})`), `${owner.owner} wins ${percent(owner.win_rate)} of ${owner.decided_deals}`, won.text);
}
for (const owner of ask("SELECT owner, within_24_hours FROM speed_to_lead_by_owner WHERE measure = 'attempt' AND owner IS NOT NULL AND known_leads > 0 ORDER BY owner LIMIT 3")) {
	ok(answered.text.includes(percent(owner.within_24_hours)), `${owner.owner} tries ${percent(owner.within_24_hours)} within a day`, answered.text);
}

console.log('# forecast and targets');
await visit(page, pages.forecast);
const coming = await drawing(page, 'forecast');
const [next] = ask(`SELECT expected_sales, sales_low, sales_high FROM forecast_by_period, observation WHERE period = 'month' AND reason IS NULL AND period_end >= observed_until::date
	AND expected_sales > sold_so_far ORDER BY period_start DESC LIMIT 1`);
if (next) ok(coming.text.includes(count(next.expected_sales)), `${count(next.expected_sales)} sales are expected`, coming.text);
const [target] = ask("SELECT target_value, expected_total, verdict, measure FROM target_pacing WHERE channel IS NULL AND owner IS NULL AND problem IS NULL AND phase <> 'over' AND measure = 'revenue' ORDER BY starts_on LIMIT 1");
if (target) {
	const shown = await row(page, target.measure);
	is([shown[1], shown[3], shown[7]].join(' '), [count(target.target_value), count(target.expected_total), target.verdict].join(' '), 'a target, what is expected and the verdict');
}

console.log('# data quality');
await visit(page, pages.quality);
const wrong = ask("SELECT check_name, rows FROM data_quality WHERE rows > 0 AND severity IN ('error', 'warning') ORDER BY check_name");
for (const check of wrong.slice(0, 5)) is((await row(page, check.check_name))[1], count(check.rows), `${check.check_name}: ${check.rows}`);

console.log('# drawn, accessible, at both widths');
mkdirSync('screenshots', { recursive: true });
for (const width of [1280, 390]) {
	const sheet = await open(width);
	for (const [title, path] of Object.entries(pages)) {
		await visit(sheet, path);
		const charts = await sheet.locator('[data-chart]').evaluateAll((nodes) => nodes.map((node) => {
			const svg = node.querySelector('svg');
			// What is drawn in our own colours: axes and grids alone are no chart.
			const ours = [...(svg?.querySelectorAll('path, circle') ?? [])].filter((path) => {
				const { width: breadth, height } = path.getBoundingClientRect();
				return ['#0a5a9c', '#a34a00', '#b9d6ef'].some((one) => [path.getAttribute('fill'), path.getAttribute('stroke')].includes(one)) && breadth + height > 4;
			});
			return { name: node.dataset.chart, shapes: ours.length, words: svg?.querySelectorAll('text').length ?? 0, wide: svg?.getBoundingClientRect().width ?? 0, high: svg?.getBoundingClientRect().height ?? 0 };
		}));
		for (const chart of charts) ok(chart.shapes > 3 && chart.words > 5 && chart.wide > 200 && chart.high > 100, `${width}: ${title}: ${chart.name} is drawn`, JSON.stringify(chart));
		ok(await sheet.evaluate(() => { window.scrollTo(500, 0); const moved = window.scrollX; window.scrollTo(0, 0); return moved; }) === 0, `${width}: ${title} does not scroll sideways`);
		await sheet.screenshot({ path: `screenshots/${title}-${width}.png`, fullPage: true });
		{
			await sheet.evaluate(axe);
			const { violations } = await sheet.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
			const bad = violations.filter((violation) => ['serious', 'critical'].includes(violation.impact))
				.flatMap((violation) => violation.nodes.map((node) => ({ rule: violation.id, where: node.target.join(' '), html: node.html })));
			const ours = bad.filter((one) => !evidences(one));
			ok(ours.length === 0, `${width}: ${title}: no serious violation of WCAG 2.1 AA of ours`, ours.map((one) => `${one.rule} ${one.where} ${one.html.slice(0, 160)}`).join('\n'));
			for (const one of bad.filter(evidences)) console.log(`#   Evidence's own: ${one.rule} ${one.where}`);
		}
	}
	await sheet.close();
}

ok(foreign.size === 0, 'no request leaves 127.0.0.1', [...foreign].join('\n'));
ok(errors.length === 0, 'no script fails', errors.join('\n'));
ok(missing.size === 0, 'nothing is missing', [...missing].join('\n'));
console.log(`1..${number}`);
await browser.close();
process.exit(failed > 0 ? 1 : 0);

// What Evidence draws and we cannot change: its tables scroll sideways on a telephone, and the keyboard cannot reach the box that scrolls.
function evidences(violation) {
	return violation.rule === 'scrollable-region-focusable' && violation.where.includes('.scrollbox');
}
