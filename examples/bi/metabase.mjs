// Metabase questions and a dashboard from the cards: for its HTTP API (any edition), and in its representation format (serialization, a paid edition).
import { nameToId } from './grafana.mjs';
import { shapedStatementOf, statementOf } from './columns.mjs';

const user = 'internal@metabase.com';
const texts = {
	en: { collection: 'lead_kpi: the pipeline', dashboard: 'The pipeline', note: 'Made from the cards of lead_kpi; not opened in the product.' },
	fr: { collection: 'lead_kpi : le pipeline', dashboard: 'Le pipeline', note: 'Fait à partir des fiches de lead_kpi ; pas ouvert dans le produit.' },
};

/** Which chart, its settings, its width and height. */
function display(card) {
	const bars = (dimension, metric) => ['row', { 'graph.dimensions': [dimension], 'graph.metrics': [metric], 'graph.show_values': true }, 12, 7];

	switch (card.draw) {
		case 'funnel': return bars('stage', 'leads');
		case 'cohorts': return ['line', { 'graph.dimensions': ['age_days', 'month'], 'graph.metrics': ['conversion'] }, 24, 8];
		case 'acceptance': return bars('channel', 'acceptance_rate');
		case 'speed': return bars('owner', 'working_within_60_minutes');
		case 'reasons': return bars('reason', 'share');
		case 'forecast': return ['combo', { 'graph.dimensions': ['month'], 'graph.metrics': ['sales', 'expected', 'low_80', 'high_80', 'low', 'high', 'target'],
			series_settings: { sales: { display: 'bar' }, expected: { display: 'line' }, low_80: { display: 'line' }, high_80: { display: 'line' }, low: { display: 'line' }, high: { display: 'line' }, target: { display: 'line' } } }, 24, 8];
		case 'change': return bars('part', 'amount');
		case 'grades': return bars('grade', 'conversion');
		case 'next_euro': return bars('channel', 'marginal_return');
		case 'held': return ['line', { 'graph.dimensions': ['as_of'], 'graph.metrics': ['expected_sales', 'sales_low', 'sales_high', 'actual_sales'] }, 24, 8];
		default: return ['table', {}, 24, card.draw === 'numbers' ? 6 : 9];
	}
}

function settingsOf({ label, kind }) {
	if (kind === 'share') return { column_title: label, number_style: 'percent', decimals: 1 };
	if (kind === 'p_value') return { column_title: label, decimals: 3 };
	if (kind === 'days') return { column_title: label, decimals: 1 };
	if (kind === 'count' || kind === 'money') return { column_title: label, decimals: 0 };
	return { column_title: label };
}

/** Everything of a language, as one object that create.mjs sends: a collection, its questions, and where they stand on the dashboard. */
export function metabaseCollection(cards, columns, language) {
	let row = 0;
	const place = (w, h) => {
		const at = { row, col: 0, size_x: w, size_y: h };

		row += h;
		return at;
	};
	const questions = cards.flatMap((card) => {
		const [kind, settings, w, h] = display(card);
		const column_settings = Object.fromEntries(columns[card.name].map((column) => [JSON.stringify(['name', column.name]), settingsOf(column)]));
		const question = (name, display, visualization_settings, query, at) => ({ name, description: `${card.question[language]} (${card.view})`, display, visualization_settings, query, at });

		// A chart has no room for counts and intervals: the rows stand beside it.
		return w < 24 ? [question(card.title[language], kind, { ...settings, column_settings }, shapedStatementOf(card, language), { row, col: 0, size_x: w, size_y: h }),
			question(`${card.title[language]}: ${language === 'fr' ? 'les chiffres' : 'the numbers'}`, 'table', { column_settings }, statementOf(card), { ...place(24, h), col: w, size_x: 24 - w })]
			: [question(card.title[language], kind, { ...settings, column_settings }, card.draw === 'numbers' ? statementOf(card) : shapedStatementOf(card, language), place(w, h))];
	});

	return { collection: texts[language].collection, description: texts[language].note, dashboard: texts[language].dashboard, questions };
}

/** The same in Metabase's representation format: objects by the path of their file. */
export function metabaseRepresentation(content, database, language) {
	const slug = (name) => name.toLowerCase()
		.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
	const id = (what) => nameToId(`lead_kpi ${language} ${what}`);
	const meta = (model, what, name) => [{ id: id(what), label: slug(name), model }];
	const folder = `collections/main/lead_kpi_${language}`;
	const files = {
		[`${folder}.yaml`]: { name: content.collection, description: content.description, entity_id: id('collection'), slug: `lead_kpi_${language}`, 'serdes/meta': meta('Collection', 'collection', content.collection) },
		[`${folder}/dashboard.yaml`]: {
			name: content.dashboard, description: content.description, entity_id: id('dashboard'), creator_id: user, collection_id: id('collection'), width: 'full',
			dashcards: content.questions.map(({ name, at }) => ({ entity_id: id(`place ${name}`), card_id: id(`card ${name}`), ...at, visualization_settings: {},
				'serdes/meta': [{ id: id('dashboard'), model: 'Dashboard' }, { id: id(`place ${name}`), model: 'DashboardCard' }] })),
			'serdes/meta': meta('Dashboard', 'dashboard', content.dashboard),
		},
	};

	for (const { name, description, display, visualization_settings, query } of content.questions)
		files[`${folder}/${slug(name)}.yaml`] = {
			name, description, entity_id: id(`card ${name}`), display, creator_id: user, type: 'question', collection_id: id('collection'),
			dataset_query: { 'lib/type': 'mbql/query', database, stages: [{ 'lib/type': 'mbql.stage/native', native: query, 'template-tags': [] }] },
			visualization_settings, parameters: [], parameter_mappings: [], 'serdes/meta': meta('Card', `card ${name}`, name),
		};
	return files;
}
