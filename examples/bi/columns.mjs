// What the columns of a card are called, and how a number of each is shown.
import { columnNames, wordsOf } from '../report/words.mjs';

/** "share", "money", "count", "days" or undefined, by what the catalogue says of the column, else by its name. */
function kindOf(column, kpi) {
	const unit = kpi?.unit ?? '';

	if (/^(share|probability)/.test(unit) || /^threshold$|_share$|_within_60_minutes|^conversion_of_all$/.test(column)) return 'share';
	if (/^money/.test(unit) || /^(margin_of_a_customer|amount|bar_from|bar_to|revenue|spend)$/.test(column)) return 'money';
	if (/^days$/.test(unit)) return 'days';
	if (/^(leads|deals|rows)$/.test(unit) || /^(won|leads|sales|rows)$/.test(column)) return 'count';
	if (/^p-value/.test(unit) || column === 'p_value') return 'p_value';
	return undefined;
}

/** The columns of a card in a language: name, label, kind, and whether it is a number. catalogue: rows of kpi_catalogue in English and in that language. */
export function describe(card, fields, catalogue, language) {
	const words = wordsOf(language);
	const numbers = [20, 21, 23, 700, 701, 1700];
	const found = (rows, column) => rows.find((row) => row.view_name === card.view && row.column_name === column);

	return fields.map(({ name, dataTypeID }) => ({
		name,
		label: found(catalogue[language], name)?.name ?? columnNames[language][name] ?? (words.has(name) ? words.say(name) : name.replaceAll('_', ' ')),
		kind: numbers.includes(dataTypeID) ? kindOf(name, found(catalogue.en, name)) : undefined,
		isNumber: numbers.includes(dataTypeID),
		isTime: [1082, 1184].includes(dataTypeID),
	}));
}

/** The query of a card as one statement without its heading, and without a semicolon, so that it can stand in parentheses. */
export function statementOf(card) {
	return card.sql.replace(/^(--.*\n)+/, '').replace(/;\s*$/, '');
}

/** What is shown of a card where its own rows are not the shape that a chart of the kind needs: the same numbers, in other rows. */
export function shapedStatementOf(card, language) {
	const words = wordsOf(language);
	const quote = (text) => `'${text.replaceAll("'", "''")}'`;
	const statement = statementOf(card);
	const measures = { leads: 'leads', sales: 'sales', revenue: 'revenue', cac: 'cac', expected: 'expectedSales' };

	switch (card.draw) {
		case 'numbers':
			// What was expected has no value before: there it is what was sold so far.
			return `SELECT CASE measure ${Object.entries(measures).map(([measure, word]) => `WHEN ${quote(measure)} THEN ${quote(words.say(word))}`).join(' ')} END
	|| CASE WHEN measure = 'expected' THEN '' ELSE coalesce(' (' || replace(${quote(words.say('before', { value: '?' }))}, '?', round(value_before)::text) || ')', '') END AS name, value
FROM (\n${statement}\n) card`;
		case 'cohorts':
			// Only ages that all leads of the month have: a younger cohort is not a worse one.
			return `SELECT to_char(month, 'YYYY-MM') || ' (n = ' || leads || ')' AS month, age_days, conversion\nFROM (\n${statement}\n) card\nWHERE is_mature`;
		default:
			return statement;
	}
}
