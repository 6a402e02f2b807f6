// A semantic model from kpi_catalogue, in the form of Apache Ossie (formerly Open Semantic Interchange), version 0.2.0.dev0:
// datasets, fields, metrics.

const types = { integer: 'Integer', bigint: 'Integer', 'double precision': 'Float', numeric: 'Decimal', text: 'String', boolean: 'Boolean', date: 'Date', 'timestamp with time zone': 'DateTimeTz' };
const expression = (sql) => ({ dialects: [{ dialect: 'ANSI_SQL', expression: sql }] });

/** What Ossie has no place for: what the catalogue says beside the formula, and the French words. */
const extension = (data) => [{ vendor_name: 'LEAD_KPI', data: JSON.stringify(data) }];

/** "spend / won" at the beginning of a formula, or after a name and a colon; undefined where the formula is another one. */
function quotient(formula) {
	return formula.match(/^(?:[^:/]*: )?([a-z_]+) \/ ([a-z_]+)(?=[,.:]|$)/)?.slice(1);
}

/** The metrics of a view: what may be summed, and what is a quotient of two such. */
export function metricsOf(kpis) {
	const sums = new Map(kpis.filter(({ adds_up }) => adds_up).map((kpi) => [kpi.column_name, kpi]));

	return kpis.flatMap((kpi) => {
		const { view_name: view, column_name: column } = kpi;
		const [over, under] = quotient(kpi.formula) ?? [];
		const within = kpi.sum_within ?? sums.get(over)?.sum_within ?? sums.get(under)?.sum_within ?? null;

		if (kpi.adds_up) return [{ kpi, within, sql: `SUM(${view}.${column})` }];
		// Rows whose numerator is unknown are left out of both sums.
		if (sums.has(over) && sums.has(under) && !/_(low|high)$/.test(column))
			return [{ kpi, within, sql: `1.0 * SUM(${view}.${over}) / NULLIF(SUM(CASE WHEN ${view}.${over} IS NOT NULL THEN ${view}.${under} END), 0)` }];
		return [];
	});
}

/** catalogue: rows of kpi_catalogue in en and fr; columns: view_name, view_comment, column_name, type, comment of all columns of its views, in their order. */
export function semanticModel(catalogue, columns) {
	const byView = groupBy(catalogue.en);
	const french = new Map(catalogue.fr.map((kpi) => [`${kpi.view_name}.${kpi.column_name}`, kpi]));
	const datasets = [];
	const metrics = [];

	for (const [view, kpis] of byView) {
		const found = new Map(kpis.map((kpi) => [kpi.column_name, kpi]));
		const key = kpis[0].grain.match(/\(([^()]*)\)$/)?.[1].split(', ');

		datasets.push({
			name: view, source: `kpi.${view}`, ...(key ? { primary_key: key } : {}), description: columns.find((column) => column.view_name === view).view_comment,
			ai_context: { instructions: `${kpis[0].grain}. NULL in a key is a value of its own: unknown or none.`, examples: [...new Set(kpis.map(({ question }) => question))].slice(0, 5) },
			fields: columns.filter((column) => column.view_name === view).map(({ column_name, type, comment }) => {
				const kpi = found.get(column_name);
				const fr = french.get(`${view}.${column_name}`);

				return { name: column_name, expression: expression(column_name), ...(kpi ? { label: kpi.name } : { dimension: { is_time: ['date', 'timestamp with time zone'].includes(type) } }),
					description: comment, datatype: types[type], ...(kpi ? { custom_extensions: extension({ unit: kpi.unit, adds_up: kpi.adds_up, ...(kpi.sum_within ? { sum_within: kpi.sum_within } : {}), label_fr: fr.name }) } : {}) };
			}),
		});
		for (const { kpi, within, sql } of metricsOf(kpis)) {
			const fr = french.get(`${view}.${kpi.column_name}`);

			metrics.push({
				name: `${view}_${kpi.column_name}`, expression: expression(sql), description: `${kpi.name}. ${kpi.formula}`,
				ai_context: { synonyms: [kpi.name, fr.name], examples: [kpi.question, fr.question],
					instructions: `Unit: ${kpi.unit}. NULL: ${kpi.null_rule}.${within ? ` Only over rows of the same ${within}: filter or group by it.` : ''}` },
			});
		}
	}
	return {
		version: '0.2.0.dev0',
		semantic_model: [{
			name: 'lead_kpi', description: 'The KPIs of a lead_kpi mart, from its kpi_catalogue. Not opened in a product.',
			ai_context: { instructions: 'Take a KPI from the view that has it at the grain that is asked for. Sum only what adds_up says; rates, costs, medians and intervals never: '
				+ 'a rate over several rows is the metric of that name, which divides sums. Rates are shares from 0 to 1.' },
			datasets, metrics,
		}],
	};
}

function groupBy(rows) {
	const groups = new Map();

	for (const row of rows) groups.set(row.view_name, [...(groups.get(row.view_name) ?? []), row]);
	return groups;
}

/** JSON with a line per dataset's head, field and metric: a change is a line, and the file is not half spaces. */
export function writeModel(model) {
	const [{ datasets, metrics, ...head }] = model.semantic_model;
	const lines = (list, indent) => list.map((item) => `${indent}${JSON.stringify(item)}`).join(',\n');
	const dataset = ({ fields, ...rest }) => `${JSON.stringify(rest).slice(0, -1)},"fields":[\n${lines(fields, '\t')}\n]}`;

	return `{"version":${JSON.stringify(model.version)},"semantic_model":[\n`
		+ `${JSON.stringify(head).slice(0, -1)},"datasets":[\n${datasets.map(dataset).join(',\n')}\n],"metrics":[\n${lines(metrics, '')}\n]}\n]}\n`;
}

/** What the form asks for; throws where it is not met. */
export function checkModel({ version, semantic_model: [model] }) {
	if (!version || !model.name || !model.datasets.length) throw new Error('the model has no version, name or dataset');
	const unique = (names, what) => {
		if (new Set(names).size !== names.length) throw new Error(`two ${what} have one name`);
	};

	unique(model.datasets.map(({ name }) => name), 'datasets');
	unique(model.metrics.map(({ name }) => name), 'metrics');
	for (const { name, source, fields, primary_key } of model.datasets) {
		if (!source) throw new Error(`${name} has no source`);
		unique(fields.map((field) => field.name), `fields of ${name}`);
		for (const column of primary_key ?? []) if (!fields.some((field) => field.name === column)) throw new Error(`${name} has no ${column}`);
		for (const field of fields) if (!field.datatype || !field.description) throw new Error(`${name}.${field.name} has no type or no description`);
	}
}
