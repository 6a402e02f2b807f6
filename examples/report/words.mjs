// What the report says, in the two languages of rule.language, and numbers as a person writes them.

const texts = {
	en: {
		title: 'The pipeline of {mart}', lead: 'Data up to {until}. {leads} leads count; {aside} were set aside, see the end of the page.',
		better: 'better', worse: 'worse', uncertain: 'not yet certain', young: 'too young', expected: 'expected', unchanged: 'as before',
		leads: 'Counted leads', sales: 'Sales', revenue: 'Revenue', cac: 'Cost of a customer', expectedSales: 'Expected sales',
		before: '{value} before', between: 'between {low} and {high}', atSameAge: 'Leads of {period} against the {kind} before, both at the same age.',
		quarter: 'quarter', month: 'month', more: 'more', fewer: 'fewer',
		warning: 'Goes wrong', good: 'Goes well', watch: 'Watch', causes: 'Likely causes', look: 'What to look at',
		nothingFound: 'Nothing stands out beyond chance.', notYet: 'Not yet certain: {list}.',
		stage: 'Stage', rate: 'of the stage before', days: 'days', day: 'day', none: '(none)', unknown: '(unknown)', all: 'all',
		pays: 'pays', 'does not pay': 'does not pay', 'not yet certain': 'not yet certain', met: 'met', below: 'below',
		funnelCaption: 'Leads at each stage; how many of the stage before go on (with the interval), and the median days that they take.',
		costCaption: 'The dot is what a customer costs, the line its interval, on a scale of tenfold steps. The black tick is the margin that a customer brings. Only months that had their time.',
		acceptanceCaption: 'The dot is the share accepted, the line its interval; the dashed line is the rate that both teams agreed on.',
		cohortsCaption: 'Share of the leads won, by their age in days. Dashed: not all leads of the month have that age yet.', soFar: 'so far',
		speedCaption: 'Share of the leads that somebody tried to reach within an hour of working time, with its interval; the dashed line is all leads. Leads that nobody has called yet count as waiting.',
		reasonsCaption: 'Share of all refusals, with its interval, and how many.', notSaid: '(not said)', medianMinutes: 'median {minutes} min',
		forecastCaption: 'Bars are sales, dots what is expected of open leads and of those to come, lines the interval.',
		heldCaption: 'Sales within 90 days: the band is what was forecast, the dot is what came.',
		rangeCaption: 'The line reaches from the lowest to the highest share of the sales that a model gives the channel; the dot is the model that you agreed on.',
		table: 'The numbers', missing: 'Nothing to show yet',
		severity: 'How bad', what_it_means: 'What it is', what_to_do: 'What to do', rows: 'Rows', amount: 'Amount', error: 'error', info: 'for information', is: 'Value', channel: 'Channel',
		lead_id: 'Lead', probability: 'Chance', total: 'Points', grade: 'Grade', owner: 'Owner', reasons: 'Why', measure: 'Measure', period: 'Period', target_value: 'Target', so_far: 'So far', expected_total: 'Expected (between)',
		probability_to_reach: 'Chance', verdict: 'Verdict', mql: 'MQL', sal: 'SAL', sql: 'SQL', opportunities: 'opportunities', won: 'won', meetings_held: 'meetings held',
		few: 'Fewer than ten leads: read no percentage into it.', rule: 'Which rule counted',
		ofLeads: '{won} of {leads} leads won', offline: 'This page is one file: it asks nothing of the network.',
		madeBy: 'Made from the views of mart {mart}, each figure by one query.', n: 'n = {n}',
	},
	fr: {
		title: 'Le pipeline de {mart}', lead: 'Données jusqu’au {until}. {leads} leads comptent ; {aside} ont été écartés, voir la fin de la page.',
		better: 'mieux', worse: 'moins bien', uncertain: 'pas encore certain', young: 'trop jeune', expected: 'attendu', unchanged: 'comme avant',
		leads: 'Leads comptés', sales: 'Ventes', revenue: 'Chiffre d’affaires', cac: 'Coût d’un client', expectedSales: 'Ventes attendues',
		before: '{value} avant', between: 'entre {low} et {high}', atSameAge: 'Leads du {period} face au {kind} précédent, au même âge.',
		quarter: 'trimestre', month: 'mois', more: 'plus', fewer: 'moins',
		warning: 'Va mal', good: 'Va bien', watch: 'À surveiller', causes: 'Causes probables', look: 'Où regarder',
		nothingFound: 'Rien ne se distingue du hasard.', notYet: 'Pas encore certain : {list}.',
		stage: 'Étape', rate: 'de l’étape d’avant', days: 'jours', day: 'jour', none: '(aucune)', unknown: '(inconnu)', all: 'tous',
		pays: 'rapporte', 'does not pay': 'ne rapporte pas', 'not yet certain': 'pas encore certain', met: 'atteint', below: 'en dessous',
		funnelCaption: 'Leads à chaque étape ; combien de l’étape d’avant continuent (avec l’intervalle), et les jours médians qu’ils y mettent.',
		costCaption: 'Le point est le coût d’un client, la ligne son intervalle, sur une échelle par facteurs de dix. Le trait noir est la marge qu’un client apporte. Seulement les mois qui ont eu leur temps.',
		acceptanceCaption: 'Le point est la part acceptée, la ligne son intervalle ; les tirets sont le taux convenu entre les équipes.',
		cohortsCaption: 'Part des leads gagnée, selon leur âge en jours. En tirets : tous les leads du mois n’ont pas encore cet âge.', soFar: 'à ce jour',
		speedCaption: 'Part des leads que quelqu’un a essayé de joindre dans l’heure ouvrée, avec son intervalle ; les tirets sont tous les leads. Un lead que personne n’a encore appelé compte comme en attente.',
		reasonsCaption: 'Part de tous les refus, avec son intervalle, et leur nombre.', notSaid: '(non dit)', medianMinutes: 'médiane {minutes} min',
		forecastCaption: 'Les barres sont les ventes, les points ce qui est attendu des leads ouverts et de ceux à venir, les lignes l’intervalle.',
		heldCaption: 'Ventes en 90 jours : la bande est la prévision, le point ce qui est venu.',
		rangeCaption: 'La ligne va de la plus basse à la plus haute part des ventes qu’un modèle donne au canal ; le point est le modèle convenu.',
		table: 'Les chiffres', missing: 'Rien à montrer pour l’instant',
		severity: 'Gravité', what_it_means: 'Ce que c’est', what_to_do: 'Que faire', rows: 'Lignes', amount: 'Montant', error: 'erreur', info: 'pour information', is: 'Valeur', channel: 'Canal',
		lead_id: 'Lead', probability: 'Chance', total: 'Points', grade: 'Note', owner: 'Responsable', reasons: 'Pourquoi', measure: 'Mesure', period: 'Période', target_value: 'Objectif', so_far: 'À ce jour', expected_total: 'Attendu (entre)',
		probability_to_reach: 'Chance', verdict: 'Verdict', mql: 'MQL', sal: 'SAL', sql: 'SQL', opportunities: 'opportunités', won: 'gagnées', meetings_held: 'rendez-vous tenus',
		few: 'Moins de dix leads : n’en tirez aucun pourcentage.', rule: 'Quelle règle a compté',
		ofLeads: '{won} gagnés sur {leads} leads', offline: 'Cette page est un seul fichier : elle ne demande rien au réseau.',
		madeBy: 'Fait à partir des vues du mart {mart}, chaque chiffre par une requête.', n: 'n = {n}',
	},
};

/** Words and number formats of a language; currency may be null. */
export function wordsOf(language, currency) {
	const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
	const known = texts[language] ?? texts.en;
	const number = (options) => {
		const format = new Intl.NumberFormat(locale, options);
		return (value) => (value === null || value === undefined || Number.isNaN(Number(value)) ? '–' : format.format(Number(value)));
	};
	const isCode = /^[A-Z]{3}$/.test(currency ?? '');
	const count = number({ maximumFractionDigits: 0 });
	const round = (value) => Number(Number(value).toPrecision(3));

	return {
		language,
		say: (key, values = {}) => (known[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''),
		has: (key) => key in known,
		count,
		share: (value) => number({ style: 'percent', maximumFractionDigits: Math.abs(value) < 0.1 ? 2 : 1, minimumFractionDigits: 0 })(value),
		money: (value) => (value === null || value === undefined ? '–'
			: number(isCode ? { style: 'currency', currency, maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 } : { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 })(Math.abs(value) < 1000 ? value : round(value))),
		days: (value) => (value === null ? '' : `${number({ maximumFractionDigits: value < 10 ? 1 : 0 })(value)} ${known[Number(value) === 1 ? 'day' : 'days']}`),
		month: (value) => new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${String(value).slice(0, 10)}T00:00:00Z`)),
		day: (value) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: '2-digit', timeZone: 'UTC' }).format(new Date(`${String(value).slice(0, 10)}T00:00:00Z`)),
		date: (value) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(value)),
		plain: number({ maximumSignificantDigits: 4 }),
	};
}
