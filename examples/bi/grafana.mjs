// A Grafana dashboard from the cards. Built with Grafana's own library for it; the query of a PostgreSQL source is not in there, its form is Grafana's "rawSql".
import { createHash } from 'node:crypto';
import { DashboardBuilder, DatasourceVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Text } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { shapedStatementOf } from './columns.mjs';

const source = { type: 'grafana-postgresql-datasource', uid: '${source}' };
const accent = '#1f5fa8';
const texts = {
	en: {
		title: 'The pipeline', note: 'Made from the cards of lead_kpi; not opened in the product. The role of the data source needs the search_path of the mart: see doc/bi.md. '
			+ 'Rates are shares of the count beside them: never average or sum them.', source: 'Database',
	},
	fr: {
		title: 'Le pipeline', note: 'Fait à partir des fiches de lead_kpi ; pas ouvert dans le produit. Le rôle de la source de données a besoin du search_path du mart : voir doc/bi.md. '
			+ 'Un taux est une part du nombre à côté de lui : ni moyenne, ni somme de taux.', source: 'Base de données',
	},
};

class PostgresQuery {
	constructor(rawSql) {
		this.query = { refId: 'A', datasource: source, format: 'table', rawQuery: true, editorMode: 'code', rawSql };
	}

	build() {
		return this.query;
	}
}

/** How Grafana writes a number of a column. */
function override({ label, kind, isNumber }) {
	const properties = [{ id: 'displayName', value: label }];

	if (kind === 'share') properties.push({ id: 'unit', value: 'percentunit' }, { id: 'decimals', value: 1 });
	else if (kind === 'p_value') properties.push({ id: 'decimals', value: 3 });
	else if (kind === 'days') properties.push({ id: 'decimals', value: 1 });
	else if (isNumber) properties.push({ id: 'unit', value: 'locale' }, { id: 'decimals', value: 0 });
	return properties;
}

/** The panel of a card, without its place. */
function panelOf(card, columns) {
	const show = (panel, names = columns.map(({ name }) => name)) => {
		for (const column of columns) if (names.includes(column.name)) panel.overrideByName(column.name, override(column));
		return panel;
	};
	const labelOf = (wanted) => columns.find(({ name }) => name === wanted).label;
	const without = (names) => columns.map(({ name }) => name).filter((name) => !names.includes(name));
	const hide = (panel, names) => panel.withTransformation({ id: 'organize', options: { excludeByName: Object.fromEntries(names.map((name) => [name, true])) } });
	const gauge = (panel, name) => panel.overrideByName(name, [...override(columns.find((column) => column.name === name)),
		{ id: 'min', value: 0 }, { id: 'max', value: 1 }, { id: 'color', value: { mode: 'fixed', fixedColor: accent } }, { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic' } }]);

	switch (card.draw) {
		case 'numbers':
			// One number per row, under the name that the row has.
			return [new Stat().reduceOptions(new ReduceDataOptionsBuilder().values(true).fields('/^value$/').limit(5)).displayName('${__data.fields.name}').unit('locale').decimals(0)
				.graphMode('none').colorMode('none').textMode('value_and_name'), 24, 5];
		case 'funnel':
			return [show(hide(new BarChart().xField('stage').orientation('horizontal').showValue('always').fillOpacity(80)
				.colorScheme({ build: () => ({ mode: 'fixed', fixedColor: accent }) }), without(['stage', 'leads'])), ['stage', 'leads']), 10, 9,
			// The bars have no room for rates and their intervals: they stand beside them.
			[show(new Table()), 14, 9]];
		case 'change':
			return [show(hide(new BarChart().xField('part').orientation('horizontal').showValue('always').fillOpacity(80)
				.colorScheme({ build: () => ({ mode: 'fixed', fixedColor: accent }) }), without(['part', 'amount'])), ['part', 'amount']), 10, 9,
			[show(new Table()), 14, 9]];
		case 'forecast':
			return [show(hide(new TimeSeries().insertNulls(false).spanNulls(false).axisSoftMin(0), ['revenue', 'is_past']), without(['revenue', 'is_past']))
				.overrideByName('sales', [{ id: 'custom.drawStyle', value: 'bars' }, { id: 'custom.fillOpacity', value: 60 }, { id: 'color', value: { mode: 'fixed', fixedColor: '#7a7a7a' } }])
				.overrideByName('expected', [{ id: 'custom.showPoints', value: 'always' }, { id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('high', [{ id: 'custom.fillBelowTo', value: labelOf('low') }, { id: 'custom.fillOpacity', value: 20 }, { id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('high_80', [{ id: 'custom.fillBelowTo', value: labelOf('low_80') }, { id: 'custom.fillOpacity', value: 30 }, { id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('low_80', [{ id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('target', [{ id: 'custom.lineInterpolation', value: 'stepAfter' }, { id: 'color', value: { mode: 'fixed', fixedColor: '#7a7a7a' } }])
				.overrideByName('low', [{ id: 'color', value: { mode: 'fixed', fixedColor: accent } }]), 24, 9];
		case 'held':
			return [show(hide(new TimeSeries().axisSoftMin(0), ['horizon_days', 'held']), without(['horizon_days', 'held']))
				.overrideByName('actual_sales', [{ id: 'custom.drawStyle', value: 'points' }, { id: 'custom.pointSize', value: 8 }, { id: 'color', value: { mode: 'fixed', fixedColor: '#7a7a7a' } }])
				.overrideByName('sales_high', [{ id: 'custom.fillBelowTo', value: labelOf('sales_low') }, { id: 'custom.fillOpacity', value: 20 }, { id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('sales_low', [{ id: 'color', value: { mode: 'fixed', fixedColor: accent } }])
				.overrideByName('expected_sales', [{ id: 'color', value: { mode: 'fixed', fixedColor: accent } }]), 24, 8];
		case 'cohorts':
			return [new Table().withTransformation({ id: 'groupingToMatrix', options: { columnField: 'month', rowField: 'age_days', valueField: 'conversion', emptyValue: 'null' } })
				.unit('percentunit').decimals(1).noValue('–').colorScheme({ build: () => ({ mode: 'continuous-blues' }) })
				.overrideByName('age_days\\month', [{ id: 'unit', value: 'none' }, { id: 'decimals', value: 0 }, { id: 'displayName', value: labelOf('age_days') }])
				.overrideByRegexp('/^\\d{4}-\\d{2}/', [{ id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } }]), 24, 9];
		default: {
			// A table with the count beside each rate, and its first rate as a bar from 0 to 100 %.
			const rate = columns.find(({ name, kind }) => kind === 'share' && !/_(low|high)$/.test(name));
			const table = show(new Table().cellHeight(rate ? 'sm' : 'md'));

			return [rate ? gauge(table, rate.name) : table, 24, rate ? 9 : 10];
		}
	}
}

/** The dashboard in a language. columns: what describe() says of each card. */
export function grafanaDashboard(cards, columns, language) {
	const dashboard = new DashboardBuilder(texts[language].title).uid(`lead-kpi-${language}`).tags(['lead_kpi']).timezone('utc').time({ from: 'now-18M/M', to: 'now+6M/M' })
		.withVariable(new DatasourceVariableBuilder('source').label(texts[language].source).type('grafana-postgresql-datasource'));
	let y = 0, id = 1;

	dashboard.withPanel(new Text().id(id++).mode('markdown').content(texts[language].note).transparent(true).gridPos({ x: 0, y, w: 24, h: 2 }));
	y += 2;
	for (const group of Object.values(groupBy(cards))) {
		dashboard.withRow(new RowBuilder(group[0].question[language]).id(id++).gridPos({ x: 0, y, w: 24, h: 1 }));
		y += 1;
		for (const card of group) {
			const [panel, w, h, beside] = panelOf(card, columns[card.name]);

			for (const [part, x, width, height] of [[panel, 0, w, h], ...(beside ? [[beside[0], w, beside[1], beside[2]]] : [])])
				dashboard.withPanel(part.id(id++).title(card.title[language]).description(`${card.question[language]} (${card.view})`).datasource(source)
					.withTarget(new PostgresQuery(shapedStatementOf(card, language))).gridPos({ x, y, w: width, h: height }));
			y += h;
		}
	}
	return dashboard.build();
}

/** The cards of each section, by its number. */
function groupBy(cards) {
	const groups = {};

	for (const card of cards) (groups[card.section] ??= []).push(card);
	return groups;
}

/** What a dashboard has that Grafana's schema asks for; throws where not. */
export function checkDashboard(dashboard) {
	const ids = new Set();
	const places = new Set();

	for (const panel of dashboard.panels) {
		if (!panel.type || !panel.gridPos) throw new Error(`panel ${panel.id} has no type or no place`);
		if (ids.has(panel.id)) throw new Error(`two panels have the number ${panel.id}`);
		ids.add(panel.id);
		for (let row = panel.gridPos.y; row < panel.gridPos.y + panel.gridPos.h; row++)
			for (let column = panel.gridPos.x; column < panel.gridPos.x + panel.gridPos.w; column++) {
				if (places.has(`${row} ${column}`) || column >= 24) throw new Error(`panel "${panel.title}" lies over another, or outside`);
				places.add(`${row} ${column}`);
			}
	}
	return dashboard.panels.flatMap((panel) => (panel.targets ?? []).map(({ rawSql }) => ({ name: panel.title, sql: rawSql })));
}

/** A number that is always the same for a name. */
export function nameToId(name, length = 21) {
	return createHash('sha256').update(name).digest('base64url').slice(0, length);
}
