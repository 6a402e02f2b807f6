// What the report says, in the two languages of rule.language, and numbers as a person writes them.

const texts = {
	en: {
		title: 'From lead to revenue', lead: 'Mart {mart}. Data up to {until}. {leads} leads count; {aside} were set aside, see “Can I trust this?”.',
		noData: 'Mart {mart} has no leads yet.', inShort: 'In short', otherLanguage: 'The findings are in French, the language of the mart. In English: UPDATE {mart}.rule SET language = \'en\';',
		better: 'better', worse: 'worse', uncertain: 'may be chance', certainNot: 'Not yet certain', young: 'too little to say', expected: 'expected', more: 'more', fewer: 'fewer',
		leads: 'Counted leads', sales: 'Sales', revenue: 'Revenue', cac: 'Cost of a customer', expectedSales: 'Expected sales',
		before: '{value} before', soldSoFar: '{value} so far', target: 'target {value}', between: 'between {low} and {high}', to: '{from} to {until}', inMonth: 'in {month}', inQuarter: 'from {span}',
		atSameAge: 'Leads created {period} against those created {before}, each counted up to the age of {days}: a younger lead is not a worse one.',
		noComparison: 'Two periods cannot be compared yet: it takes two complete months or quarters of leads that had the time to be won.',
		quarter: 'quarter', month: 'Month', warning: 'Goes wrong', good: 'Goes well', watch: 'Watch', todo: 'To do', causes: 'Likely causes', look: 'For the analyst',
		nothingFound: 'Nothing stands out beyond chance.', fewToFind: 'Too few leads for a finding beyond chance.',
		stage: 'Stage', days: 'days', day: 'day', none: '(none)', all: 'all', unknown: '(unknown)', of: '{part} of {all}', noGrade: '(no grade)', ageInDays: 'age in days', atLeast: 'at least {value}',
		pays: 'pays', 'does not pay': 'does not pay', 'not yet certain': 'not yet certain', 'spend more': 'spend more', 'spend less': 'spend less', met: 'met', below: 'below',
		volume: 'Number of leads', mix: 'Mix of channels', conversion: 'Share won', basket: 'Size of a deal', unexplained: 'Unexplained', after: 'Revenue after', before_bar: 'Revenue before',
		on_track: 'on track', reached: 'reached', missed: 'missed', out_of_reach: 'out of reach', not_yet_certain: 'not yet certain', not_begun: 'not begun', at_risk: 'at risk',
		changeCaption: 'The first bar is the revenue of the earlier leads, the last one that of the later leads, both at the same age. Between them what each change did; together they are the difference. “Share won” is won out of leads, within the channels.',
		funnelCaption: 'Leads at each stage; how many of the stage before go on (in brackets what chance leaves open), and the median days that they take.',
		costCaption: 'The dot is what a customer costs, the line what chance leaves open, on a scale of factors. The thick tick is the margin that a customer brings: a line wholly left of it pays. Only months whose leads had their time, so a cost here can differ from one above, where leads are compared at the same age.',
		next_euroCaption: 'The margin that one more unit of money brings back, with what chance leaves open; right of the dashed line it earns more than it costs. From how leads followed spend month by month: spend a little more, then look again.',
		gradesCaption: 'Share of the leads open at the end of {month} that was won within {days}, by grade, with what chance leaves open; the dashed line is all of them.',
		acceptanceCaption: 'The dot is the share accepted, the line what chance leaves open; the dashed line is the rate that both teams agreed on.',
		cohortsCaption: 'Share of the leads won, by their age in days. Dashed: not all leads of the month have that age yet.', soFar: 'so far',
		speedCaption: 'Share of the leads that somebody tried to reach within an hour of working time, with what chance leaves open; the dashed line is all leads. Leads that nobody has called yet count as waiting.',
		reasonsCaption: 'Share of all refusals, with what chance leaves open, and how many.', notSaid: '(not said)', medianTime: 'half within {time}',
		forecastCaption: 'Bars are sales; the dot is what is expected of open leads and of those to come, the dark bar holds four times out of five, the light one {level} of the times.', forecastTarget: 'The black line is the target.',
		heldCaption: 'Sales within 90 days of the month: the bar is what was forecast, the dot is what came; a cross did not hold.',
		rangeCaption: 'The line reaches from the lowest to the highest share of the sales that a model gives the channel; the dot is the model that you agreed on.',
		table: 'The numbers', notHere: 'What is not here yet, and what it takes', unproven: 'not proven', toMend: 'To mend', forInformation: 'For information: what was set aside, and how much there is',
		what_it_means: 'What it is', what_to_do: 'What to do', rows: 'Rows', amount: 'Amount', error: 'error', severe: 'warning', is: 'Value', rule_name: 'Rule', channel: 'Channel', nothingToMend: 'Nothing in the data has to be mended.',
		lead_id: 'Lead', total: 'Points', grade: 'Grade', owner: 'Owner', reasons: 'Why', measure: 'Measure', period: 'Period', so_far: 'So far', expected_total: 'Expected (between)',
		probability: 'Chance', probability_to_reach: 'Chance', verdict_code: 'Verdict', mql: 'MQL', sal: 'SAL', sql: 'SQL', opportunities: 'Opportunities', won: 'Sales', meetings_held: 'Meetings held',
		fewLeads: 'Fewer than ten of them: read no percentage into it.', fewSales: 'Fewer than ten sales: too few to explain or to forecast anything.', rule: 'Which rule counted',
		ofLeads: '{won} of {leads} leads won', madeBy: 'Made from the views of mart {mart}, each figure by one query. This page is one file: it asks nothing of the network.', n: '{n} leads',
		chance: 'Intervals hold what chance leaves open, {level} of the times.', sameFor: 'see also',
	},
	fr: {
		title: 'Du lead au chiffre d’affaires', lead: 'Mart {mart}. Données jusqu’au {until}. {leads} leads comptent ; {aside} ont été écartés, voir « Puis-je m’y fier ? ».',
		noData: 'Le mart {mart} n’a pas encore de leads.', inShort: 'En bref', otherLanguage: 'Les constats sont en anglais, la langue du mart. En français : UPDATE {mart}.rule SET language = \'fr\';',
		better: 'mieux', worse: 'moins bien', uncertain: 'peut être le hasard', certainNot: 'Pas encore certain', young: 'trop peu pour le dire', expected: 'attendu', more: 'plus', fewer: 'moins',
		leads: 'Leads comptés', sales: 'Ventes', revenue: 'Chiffre d’affaires', cac: 'Coût d’un client', expectedSales: 'Ventes attendues',
		before: '{value} avant', soldSoFar: '{value} à ce jour', target: 'objectif {value}', between: 'entre {low} et {high}', to: '{from} à {until}', inMonth: 'en {month}', inQuarter: 'de {span}',
		atSameAge: 'Leads créés {period} face à ceux créés {before}, comptés jusqu’à l’âge de {days} : un lead plus jeune n’est pas un lead moins bon.',
		noComparison: 'Deux périodes ne peuvent pas encore être comparées : il faut deux mois ou trimestres complets de leads qui ont eu le temps d’être gagnés.',
		quarter: 'trimestre', month: 'Mois', warning: 'Va mal', good: 'Va bien', watch: 'À surveiller', todo: 'À faire', causes: 'Causes probables', look: 'Pour l’analyste',
		nothingFound: 'Rien ne se distingue du hasard.', fewToFind: 'Trop peu de leads pour un constat au-delà du hasard.',
		stage: 'Étape', days: 'jours', day: 'jour', none: '(aucune)', all: 'tous', unknown: '(inconnu)', of: '{part} sur {all}', noGrade: '(sans note)', ageInDays: 'âge en jours', atLeast: 'au moins {value}',
		pays: 'rapporte', 'does not pay': 'ne rapporte pas', 'not yet certain': 'pas encore certain', 'spend more': 'dépenser plus', 'spend less': 'dépenser moins', met: 'atteint', below: 'en dessous',
		volume: 'Nombre de leads', mix: 'Mélange des canaux', conversion: 'Part gagnée', basket: 'Taille d’une affaire', unexplained: 'Inexpliqué', after: 'CA après', before_bar: 'CA avant',
		on_track: 'en bonne voie', reached: 'atteint', missed: 'manqué', out_of_reach: 'hors de portée', not_yet_certain: 'pas encore certain', not_begun: 'pas commencé', at_risk: 'menacé',
		changeCaption: 'La première barre est le chiffre d’affaires des leads d’avant, la dernière celui des leads d’après, au même âge. Entre elles, l’effet de chaque changement ; leur somme est la différence. « Part gagnée » : gagnés sur leads, au sein des canaux.',
		funnelCaption: 'Leads à chaque étape ; combien de l’étape d’avant continuent (entre parenthèses ce que le hasard laisse ouvert), et les jours médians qu’ils y mettent.',
		costCaption: 'Le point est le coût d’un client, la ligne ce que le hasard laisse ouvert, sur une échelle par facteurs. Le trait épais est la marge qu’un client apporte : une ligne tout entière à sa gauche rapporte. Seulement les mois dont les leads ont eu leur temps ; un coût peut donc différer de ceux d’en haut, où les leads sont comparés au même âge.',
		next_euroCaption: 'La marge que rapporte une unité d’argent de plus, avec ce que le hasard laisse ouvert ; à droite des tirets, elle gagne plus qu’elle ne coûte. D’après la façon dont les leads ont suivi la dépense, mois par mois : dépensez un peu plus, puis regardez à nouveau.',
		gradesCaption: 'Part des leads ouverts fin {month} qui a été gagnée en {days}, par note, avec ce que le hasard laisse ouvert ; les tirets sont l’ensemble.',
		acceptanceCaption: 'Le point est la part acceptée, la ligne ce que le hasard laisse ouvert ; les tirets sont le taux convenu entre les équipes.',
		cohortsCaption: 'Part des leads gagnée, selon leur âge en jours. En tirets : tous les leads du mois n’ont pas encore cet âge.', soFar: 'à ce jour',
		speedCaption: 'Part des leads que quelqu’un a essayé de joindre dans l’heure ouvrée, avec ce que le hasard laisse ouvert ; les tirets sont tous les leads. Un lead que personne n’a encore appelé compte comme en attente.',
		reasonsCaption: 'Part de tous les refus, avec ce que le hasard laisse ouvert, et leur nombre.', notSaid: '(non dit)', medianTime: 'la moitié en {time}',
		forecastCaption: 'Les barres sont les ventes ; le point est ce qui est attendu des leads ouverts et de ceux à venir, la barre foncée tient quatre fois sur cinq, la claire {level} des fois.', forecastTarget: 'Le trait noir est l’objectif.',
		heldCaption: 'Ventes dans les 90 jours qui suivent le mois : la barre est la prévision, le point ce qui est venu ; une croix n’a pas tenu.',
		rangeCaption: 'La ligne va de la plus basse à la plus haute part des ventes qu’un modèle donne au canal ; le point est le modèle convenu.',
		table: 'Les chiffres', notHere: 'Ce qui n’est pas encore là, et ce qu’il faut', unproven: 'non établi', toMend: 'À corriger', forInformation: 'Pour information : ce qui a été écarté, et les quantités',
		what_it_means: 'Ce que c’est', what_to_do: 'Que faire', rows: 'Lignes', amount: 'Montant', error: 'erreur', severe: 'avertissement', is: 'Valeur', rule_name: 'Règle', channel: 'Canal', nothingToMend: 'Rien n’est à corriger dans les données.',
		lead_id: 'Lead', total: 'Points', grade: 'Note', owner: 'Responsable', reasons: 'Pourquoi', measure: 'Mesure', period: 'Période', so_far: 'À ce jour', expected_total: 'Attendu (entre)',
		probability: 'Chance', probability_to_reach: 'Chance', verdict_code: 'Verdict', mql: 'MQL', sal: 'SAL', sql: 'SQL', opportunities: 'Opportunités', won: 'Ventes', meetings_held: 'Rendez-vous tenus',
		fewLeads: 'Ils sont moins de dix : n’en tirez aucun pourcentage.', fewSales: 'Moins de dix ventes : trop peu pour expliquer ou prévoir quoi que ce soit.', rule: 'Quelle règle a compté',
		ofLeads: '{won} gagnés sur {leads} leads', madeBy: 'Fait à partir des vues du mart {mart}, chaque chiffre par une requête. Cette page est un seul fichier : elle ne demande rien au réseau.', n: '{n} leads',
		chance: 'Les intervalles tiennent ce que le hasard laisse ouvert, {level} des fois.', sameFor: 'voir aussi',
	},
};

// What to do about a finding of the view diagnosis, by its code. {subject} is what the finding is about.
const actions = {
	en: {
		volume_up_revenue_flat: 'Buy no more leads until it is clear which source brings those that do not pay.',
		closing_rate_diluted: 'Ask sales which of the new leads they cannot sell to, and stop that source.',
		closing_rate_falling: 'Find the step of the funnel that gives way, and listen to five leads that were lost there.',
		slower_decisions_at_equal_quality: 'Change nothing in the campaigns; move the forecast, and ask sales what the open deals wait for.',
		acceptance_below_threshold: 'Go through ten refused leads together with sales: is it the target, the message or the score?',
		qualification_falling: 'Look at who the new leads are before the campaign goes on.',
		cheap_channel_does_not_convert: 'Stop or narrow {subject}: its leads are cheap and its customers dear.',
		dear_channel_pays: 'Keep {subject} in spite of its dear leads, and try a little more money there.',
		dear_channel_does_not_pay: 'Give {subject} no more money while other campaigns win customers for less.',
		cheap_channel_pays: 'Try more money on {subject}, in small steps.',
		cycle_lengthening: 'Move the forecast later, and ask sales where the open deals wait.',
		cycle_longer_at_stable_volume: 'Ask sales where the open deals wait.',
		stable_volume_better_rates: 'Find out what was changed, and keep it.',
		icp_widening: 'Write the ideal customer into the targeting of the campaigns again.',
		attribution_dependent_verdict: 'Agree on one attribution model before the budget of {subject} is changed.',
		mix_hides_decline: 'Look at each channel by itself: the total hides that they convert less.',
		mix_hides_improvement: 'Do not blame the channels: each converts better, only their mix moved.',
		immature_cohort: 'Wait: the latest leads are only younger.',
		growth_without_revenue: 'Stop growing where the money does not follow.',
		slow_first_answer: 'Have new leads called within the hour, and name who does it.',
		overload: 'Hand over fewer leads, the best first, or take work off those with the most open ones.',
		no_shows_up: 'Send a reminder the day before, and book meetings sooner.',
		refusals_one_reason: 'Settle “{subject}” between marketing and sales this week.',
		refusals_mostly_one_reason: 'Settle “{subject}” between marketing and sales.',
		owner_off: 'Talk with {subject}: first about the leads, then about the way of working.',
		list_off: 'Stop calling from {subject} until the list is cleaned, or drop it.',
		target_out_of_reach: 'Say now that the target will not be reached ({subject}), and what would change it.',
	},
	fr: {
		volume_up_revenue_flat: 'N’achetez plus de leads tant qu’on ne sait pas quelle source apporte ceux qui ne rapportent pas.',
		closing_rate_diluted: 'Demandez aux commerciaux à quels nouveaux leads ils n’arrivent pas à vendre, et arrêtez cette source.',
		closing_rate_falling: 'Trouvez l’étape de l’entonnoir qui cède, et écoutez cinq leads perdus à cette étape.',
		slower_decisions_at_equal_quality: 'Ne changez rien aux campagnes ; décalez la prévision, et demandez aux commerciaux ce qu’attendent les affaires ouvertes.',
		acceptance_below_threshold: 'Parcourez dix leads refusés avec les commerciaux : est-ce la cible, le message ou le score ?',
		qualification_falling: 'Regardez qui sont les nouveaux leads avant de poursuivre la campagne.',
		cheap_channel_does_not_convert: 'Arrêtez ou resserrez {subject} : ses leads sont bon marché et ses clients chers.',
		dear_channel_pays: 'Gardez {subject} malgré ses leads chers, et essayez-y un peu plus d’argent.',
		dear_channel_does_not_pay: 'Ne donnez pas plus d’argent à {subject} tant que d’autres campagnes gagnent des clients pour moins.',
		cheap_channel_pays: 'Essayez plus d’argent sur {subject}, à petits pas.',
		cycle_lengthening: 'Décalez la prévision, et demandez aux commerciaux où attendent les affaires ouvertes.',
		cycle_longer_at_stable_volume: 'Demandez aux commerciaux où attendent les affaires ouvertes.',
		stable_volume_better_rates: 'Cherchez ce qui a été changé, et gardez-le.',
		icp_widening: 'Remettez le client idéal dans le ciblage des campagnes.',
		attribution_dependent_verdict: 'Convenez d’un modèle d’attribution avant de changer le budget de {subject}.',
		mix_hides_decline: 'Regardez chaque canal pour lui-même : le total cache qu’ils convertissent moins.',
		mix_hides_improvement: 'N’accusez pas les canaux : chacun convertit mieux, seul leur mélange a changé.',
		immature_cohort: 'Attendez : les derniers leads sont seulement plus jeunes.',
		growth_without_revenue: 'Arrêtez la croissance là où l’argent ne suit pas.',
		slow_first_answer: 'Faites appeler les nouveaux leads dans l’heure, et nommez qui s’en charge.',
		overload: 'Transmettez moins de leads, les meilleurs d’abord, ou déchargez ceux qui en ont le plus d’ouverts.',
		no_shows_up: 'Envoyez un rappel la veille, et fixez les rendez-vous plus tôt.',
		refusals_one_reason: 'Réglez « {subject} » entre marketing et commerciaux cette semaine.',
		refusals_mostly_one_reason: 'Réglez « {subject} » entre marketing et commerciaux.',
		owner_off: 'Parlez avec {subject} : d’abord des leads, puis de la façon de travailler.',
		list_off: 'Cessez d’appeler depuis {subject} tant que le fichier n’est pas nettoyé, ou écartez-le.',
		target_out_of_reach: 'Dites dès maintenant que l’objectif ne sera pas atteint ({subject}), et ce qui le changerait.',
	},
};

// Settings of the rule, as a reader calls them.
const settings = {
	en: {
		counted_kinds: 'Only leads of these kinds', duplicate_key: 'The same person by', duplicate_window: 'A duplicate when it comes again within', duplicates: 'What duplicates did', time_zone: 'Days and months in the time zone',
		funnel_policy: 'A stage counts when', transmitted_role: 'Handed over at', accepted_role: 'Accepted at', acceptance_threshold: 'Agreed acceptance rate', confidence_level: 'Certainty of the intervals', gross_margin: 'Gross margin',
		attribution_model: 'Attribution model', working_hours: 'Working time', currency: 'Currency',
		fold: 'counts for the lead that counts', drop: 'counts for nobody', reached: 'it is reached, whatever the order', ordered: 'it is reached in order', any_order: 'it was written down',
	},
	fr: {
		counted_kinds: 'Seulement les leads de ces types', duplicate_key: 'La même personne d’après', duplicate_window: 'Un doublon s’il revient en moins de', duplicates: 'Ce qu’ont fait les doublons', time_zone: 'Jours et mois dans le fuseau',
		funnel_policy: 'Une étape compte quand', transmitted_role: 'Transmis à', accepted_role: 'Accepté à', acceptance_threshold: 'Taux d’acceptation convenu', confidence_level: 'Certitude des intervalles', gross_margin: 'Marge brute',
		attribution_model: 'Modèle d’attribution', working_hours: 'Heures ouvrées', currency: 'Devise',
		fold: 'compte pour le lead qui compte', drop: 'ne compte pour personne', reached: 'elle est atteinte, quel que soit l’ordre', ordered: 'elle est atteinte dans l’ordre', any_order: 'elle est notée',
	},
};

/** Columns that are no KPI of the catalogue, and those that a card computes. */
export const columnNames = {
	en: {
		value: 'Value', value_before: 'Before, or sold so far', low: 'Low', high: 'High', p_value: 'p-value', period: 'Period', period_start: 'From', measure: 'Number', message: 'What is seen',
		likely_causes: 'Likely causes', what_to_look_at: 'What to look at', certainty: 'How certain', subject: 'About', since: 'Since', campaign: 'Campaign', month: 'Month',
		verdict: 'Verdict', margin_of_a_customer: 'Margin of a customer', threshold: 'Agreed rate', expected: 'Expected', as_of: 'Forecast on', held: 'Held',
		lowest_models: 'Model of the lowest', highest_models: 'Model of the highest', check_name: 'Check', age_days: 'Age in days', is_mature: 'All have this age', is_past: 'Past',
		stage_position: 'Position', horizon_days: 'Horizon in days', code: 'Code', created_at: 'Created', probability_reasons: 'Why this chance', starts_on: 'From', ends_on: 'To', target_value: 'Target', reason: 'Reason',
		within_60_minutes_of_all: 'Of all, within the hour', stage: 'Stage', channel: 'Channel', owner: 'Owner', leads: 'Leads', sales: 'Sales', revenue: 'Revenue', target: 'Target', low_80: 'Low, 80 %', high_80: 'High, 80 %',
		ordinal: 'Number', part: 'Part', amount: 'Amount', bar_from: 'Bar from', bar_to: 'Bar to', after_start: 'Period from', before_start: 'Compared with the one from', conversion_of_all: 'Share won of all',
		conversions_of_all: 'Sales', grade: 'Grade', better: 'Better when higher', verdict_code: 'Verdict', quarter_target: 'Target of the quarter', lead_id: 'Lead', total: 'Points', reasons: 'Why', probability: 'Chance',
		severity: 'How bad', what_it_means: 'What it is', what_to_do: 'What to do', rows: 'Rows', so_far: 'So far', expected_total: 'Expected', probability_to_reach: 'Chance', all_refusals: 'All refusals',
	},
	fr: {
		value: 'Valeur', value_before: 'Avant, ou vendu à ce jour', low: 'Bas', high: 'Haut', p_value: 'Valeur p', period: 'Période', period_start: 'À partir de', measure: 'Chiffre', message: 'Ce que l’on voit',
		likely_causes: 'Causes probables', what_to_look_at: 'Où regarder', certainty: 'Certitude', subject: 'Sujet', since: 'Depuis', campaign: 'Campagne', month: 'Mois',
		verdict: 'Verdict', margin_of_a_customer: 'Marge d’un client', threshold: 'Taux convenu', expected: 'Attendu', as_of: 'Prévu le', held: 'Tenue',
		lowest_models: 'Modèle du plus bas', highest_models: 'Modèle du plus haut', check_name: 'Contrôle', age_days: 'Âge en jours', is_mature: 'Tous ont cet âge', is_past: 'Passé',
		stage_position: 'Position', horizon_days: 'Horizon en jours', code: 'Code', created_at: 'Créé le', probability_reasons: 'Pourquoi cette chance', starts_on: 'Du', ends_on: 'Au', target_value: 'Objectif', reason: 'Motif',
		within_60_minutes_of_all: 'De tous, dans l’heure', stage: 'Étape', channel: 'Canal', owner: 'Responsable', leads: 'Leads', sales: 'Ventes', revenue: 'Chiffre d’affaires', target: 'Objectif', low_80: 'Bas, 80 %', high_80: 'Haut, 80 %',
		ordinal: 'Numéro', part: 'Part', amount: 'Montant', bar_from: 'Barre de', bar_to: 'Barre à', after_start: 'Période du', before_start: 'Comparée à celle du', conversion_of_all: 'Part gagnée de tous',
		conversions_of_all: 'Ventes', grade: 'Note', better: 'Mieux si plus haut', verdict_code: 'Verdict', quarter_target: 'Objectif du trimestre', lead_id: 'Lead', total: 'Points', reasons: 'Pourquoi', probability: 'Chance',
		severity: 'Gravité', what_it_means: 'Ce que c’est', what_to_do: 'Que faire', rows: 'Lignes', so_far: 'À ce jour', expected_total: 'Attendu', probability_to_reach: 'Chance', all_refusals: 'Tous les refus',
	},
};

/** Words and number formats of a language; currency may be null. */
export function wordsOf(language, currency) {
	const isFrench = language === 'fr';
	const locale = isFrench ? 'fr-FR' : 'en-GB';
	const known = texts[language] ?? texts.en;
	const nothing = (value) => value === null || value === undefined || Number.isNaN(Number(value));
	const number = (options) => {
		const format = new Intl.NumberFormat(locale, options);
		// A minus sign, not a hyphen.
		return (value) => (nothing(value) ? '–' : format.format(Number(value)).replace('-', '−'));
	};
	const isCode = /^[A-Z]{3}$/.test(currency ?? '');
	const count = number({ maximumFractionDigits: 0 });
	const round = (value) => Number(Number(value).toPrecision(3));
	// What a line must not begin with.
	const typeset = (text) => (isFrench
		? text.replace(/ ([:;?!»€%])/g, '\u00a0$1').replace(/« /g, '«\u00a0').replace(/(\d) (?=\d{3}(?!\d))/g, '$1\u202f').replace(/(\p{L})'(?=\p{L})/gu, '$1’').replace(/\b([Dd])e (?=avril|août|octobre)/g, '$1’')
		: text.replace(/ %/g, '\u00a0%'));
	const fill = (text, values) => typeset(text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''));
	const date = (options) => {
		const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
		return (value) => format.format(new Date(String(value).length === 10 ? `${value}T00:00:00Z` : value));
	};
	const digitsOf = (value) => (Math.abs(value) < 0.00995 && Number(value) !== 0 ? 2 : 1);
	const share = (value, digits = digitsOf(value)) => (nothing(value) ? '–'
		: number({ style: 'percent', maximumFractionDigits: [0, 1].includes(Number(value)) ? 0 : digits, minimumFractionDigits: [0, 1].includes(Number(value)) ? 0 : digits })(value));
	const unit = isCode ? number({ style: 'currency', currency, maximumFractionDigits: 0 })(0).replace(/[\d\s]/g, '') : '';
	const money = (value, options = {}) => {
		const digits = Math.abs(value) < 100 && !Number.isInteger(Number(value)) ? 2 : 0;

		return nothing(value) ? '–' : number({ ...(isCode ? { style: 'currency', currency } : {}), minimumFractionDigits: digits, maximumFractionDigits: digits, ...options })(Math.abs(value) < 1000 ? value : round(value));
	};
	const words = {
		language, count, share, money, unit,
		say: (key, values = {}) => fill(known[key] ?? key, values),
		has: (key) => key in known,
		fill,
		// What the mart says, with the spaces and signs of the language.
		typeset: (text) => typeset(String(text ?? '')),
		colon: (label, text) => `${label}${isFrench ? '\u00a0' : ''}: ${text}`,
		action: (code, subject) => (actions[isFrench ? 'fr' : 'en'][code] === undefined ? null : fill(actions[isFrench ? 'fr' : 'en'][code], { subject: subject ?? (isFrench ? 'l’ensemble' : 'all') })),
		setting: (name) => settings[isFrench ? 'fr' : 'en'][name],
		column: (name) => columnNames[isFrench ? 'fr' : 'en'][name],
		// Nothing is certain that has not happened.
		chance: (value) => (value > 0 && value < 0.005 ? '<\u202f' : value < 1 && value > 0.995 ? '>\u202f' : '') + share(value > 0 && value < 0.005 ? 0.01 : value < 1 && value > 0.995 ? 0.99 : value, 0),
		// "35.7–37.1%": the sign once, and as many digits on both sides.
		range: (low, high) => (nothing(low) || nothing(high) ? '–' : `${share(low, 1).replace(/[\s\u202f\u00a0]?%$/, '')}–${share(high, 1)}`),
		signed: (value) => `${Number(value) > 0 ? '+' : ''}${money(value)}`,
		cents: (value) => money(value, { minimumFractionDigits: isCode ? 2 : 1, maximumFractionDigits: isCode ? 2 : 1 }),
		days: (value) => (nothing(value) ? '' : `${number({ maximumFractionDigits: value < 10 ? 1 : 0 })(value)}\u00a0${known[Number(value) === 1 ? 'day' : 'days']}`),
		minutes: (value) => (value < 120 ? `${count(value)}\u00a0min` : `${number({ maximumFractionDigits: value < 600 ? 1 : 0 })(value / 60)}\u00a0h`),
		month: date({ month: 'short', year: 'numeric' }),
		shortMonth: date({ month: 'short', year: '2-digit' }),
		day: date({ day: 'numeric', month: 'short', year: '2-digit' }),
		// "Oct – Dec 25" for whole months, else days.
		dates(from, to) {
			const end = new Date(`${to}T00:00:00Z`);

			end.setUTCDate(end.getUTCDate() + 1);
			return end.getUTCDate() !== 1 || from.slice(8) !== '01' ? `${words.day(from)} – ${words.day(to)}` : from.slice(0, 7) === to.slice(0, 7) ? words.shortMonth(from)
				: `${from.slice(0, 4) === to.slice(0, 4) ? date({ month: 'short' })(from) : words.shortMonth(from)} – ${words.shortMonth(to)}`;
		},
		date: date({ day: 'numeric', month: 'long', year: 'numeric' }),
		// "July to September 2025", "December 2025".
		span(kind, start) {
			const month = date({ month: 'long', year: 'numeric' }), name = date({ month: 'long' });
			const end = new Date(`${String(start).slice(0, 10)}T00:00:00Z`);

			end.setUTCMonth(end.getUTCMonth() + 2);
			return kind === 'month' ? month(start) : fill(known.to, { from: end.getUTCFullYear() === Number(String(start).slice(0, 4)) ? name(start) : month(start), until: month(end.toISOString()) });
		},
		// "from July to September 2025", "in December 2025".
		when: (kind, start) => (kind === 'month' ? fill(known.inMonth, { month: words.span(kind, start) }) : fill(known.inQuarter, { span: words.span(kind, start) })),
		plain: (value) => (Number.isInteger(Number(value)) ? count(value) : number({ maximumSignificantDigits: 4 })(value)),
		// Labels of an axis as an expression of Vega: 10, 2k, 1M.
		axis(kind) {
			const short = "datum.value >= 1000000 ? format(datum.value / 1000000, '~g') + 'M' : datum.value >= 1000 ? format(datum.value / 1000, '~g') + 'k' : format(datum.value, '~g')";
			const local = isFrench ? `replace(${short}, '.', ',')` : `(${short})`;

			return kind !== 'money' || unit === '' ? local : isFrench ? `${local} + '\u202f${unit}'` : `'${unit}' + ${local}`;
		},
	};

	return words;
}
