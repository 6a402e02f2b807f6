// Titles that say what is seen, made from the rows of a card: only what holds beyond chance, else nothing. And the answers that stand first.
import { few, nameOf } from './charts.mjs';

const inFrench = (words) => words.language === 'fr';
const list = (names, words, most = 3) => {
	const shown = names.slice(0, most);

	if (names.length > most + 1) return `${shown.join(', ')} ${inFrench(words) ? 'et' : 'and'} ${names.length - most} ${inFrench(words) ? 'autres' : 'others'}`;
	if (names.length > most) return `${names.slice(0, -1).join(', ')} ${inFrench(words) ? 'et' : 'and'} ${names.at(-1)}`;
	return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${inFrench(words) ? 'et' : 'and'} ${shown.at(-1)}` : shown.join('');
};

// What the verdict of period_change says of the drop, or the rise.
function judged(row, findings, words) {
	const span = (start) => words.when(row.period, start);
	const values = { after: span(row.after_start), before: span(row.before_start), days: words.days(Math.floor(row.comparable_days)), now: words.share(row.rate_after), then: words.share(row.rate_before),
		of: words.say('of', { part: words.count(row.won_after), all: words.count(row.leads_after) }), was: words.say('of', { part: words.count(row.won_before), all: words.count(row.leads_before) }) };

	if (Math.min(row.leads_after, row.leads_before) < few) {
		return words.fill(inFrench(words) ? 'Impossible à dire : {now} leads créés {after}, {then} {before}, c’est trop peu.' : 'Nobody can tell: {now} leads created {after} and {then} {before} are too few.',
			{ ...values, now: words.count(row.leads_after), then: words.count(row.leads_before) });
	}
	const seen = inFrench(words)
		? `Sur les leads créés {after}, {now} sont gagnés au même âge ({of}), contre {then} de ceux créés {before} ({was}).`
		: `Of the leads created {after} {now} are won at the same age ({of}), of those created {before} {then} ({was}).`;
	const certain = {
		up: ['The rise is real: more than chance explains.', 'La hausse est réelle : plus que le hasard n’explique.'],
		down: ['The drop is real: more than chance explains.', 'La baisse est réelle : plus que le hasard n’explique.'],
		faster: ['Decisions are faster, not better: as many of those decided are won.', 'Les décisions sont plus rapides, pas meilleures : autant de leads décidés sont gagnés.'],
		slower: ['Decisions are slower, not worse: as many of those decided are won. No real drop, it comes later.', 'Les décisions sont plus lentes, pas moins bonnes : autant de leads décidés sont gagnés. Pas une vraie baisse : elle viendra plus tard.'],
	};
	// One question is answered at its own risk; diagnosis asks many, and holds each against all of them.
	const isCertain = findings.some((other) => other.certainty !== 'not yet certain' && (row.verdict === 'down' ? /^closing_rate|^qualification_falling|^volume_up_revenue/ : /better_rates$/).test(other.code));
	const unsure = isCertain ? {} : {
		up: ['The rise is probably real, but not certain yet: look again in a month.', 'La hausse est probablement réelle, mais pas encore certaine : à revoir dans un mois.'],
		down: ['The drop is probably real, but not certain yet: look again in a month.', 'La baisse est probablement réelle, mais pas encore certaine : à revoir dans un mois.'],
	};
	const untold = ['up', 'down'].includes(row.verdict) && row.decided_after === null
		? (inFrench(words) ? ' Les leads perdus ne sont pas enregistrés : des décisions plus lentes ne se distinguent pas de décisions moins bonnes.' : ' Lost leads are not recorded: slower decisions cannot be told from worse ones.') : '';
	const verdict = unsure[row.verdict] ?? certain[row.verdict] ?? (row.rate_after < row.rate_before
		? ['The drop may be chance: nothing shows that it is real.', 'La baisse peut être le hasard : rien ne montre qu’elle soit réelle.']
		: ['No drop; the rise may be chance.', 'Pas de baisse ; la hausse peut être le hasard.']);

	return words.fill(`${verdict[inFrench(words) ? 1 : 0]} ${seen}${untold}`, values);
}

const partNames = {
	en: { volume: 'the number of leads', mix: 'the mix of channels', conversion: 'the share won', basket: 'the size of the deals' },
	fr: { volume: 'le nombre de leads', mix: 'le mélange des canaux', conversion: 'la part gagnée', basket: 'la taille des affaires' },
};

const sentences = {
	change(rows, words) {
		const before = rows.find((row) => row.part === 'before'), after = rows.find((row) => row.part === 'after');
		const parts = rows.filter((row) => row.part in partNames.en);
		const difference = after.amount - before.amount;
		if (before.amount === null || difference === 0 || parts.some((row) => row.amount === null)) return null;
		const largest = parts.reduce((most, row) => (row.amount * Math.sign(difference) > most.amount * Math.sign(difference) ? row : most));
		// What the amounts sum to is no question of chance; whether it stays so is.
		const name = partNames[inFrench(words) ? 'fr' : 'en'][largest.part] + (largest.part === 'conversion' && after.verdict === 'not yet certain' ? (inFrench(words) ? ', ce qui peut être le hasard' : ', which may be chance') : '');
		return inFrench(words)
			? words.fill(`Le chiffre d’affaires a ${difference > 0 ? 'augmenté' : 'baissé'} de {by} ; ce qui pèse le plus est ${name}.`, { by: words.money(Math.abs(difference)) })
			: `Revenue ${difference > 0 ? 'rose' : 'fell'} by ${words.money(Math.abs(difference))}, most of all by ${name}.`;
	},
	funnel(rows, words) {
		const steps = rows.filter((row) => row.step_rate !== null && row.previous_leads >= few);
		if (steps.length < 2 || rows[0].leads < few) return null;
		const worst = steps.reduce((least, row) => (row.step_rate < least.step_rate ? row : least));
		// Beyond chance: its interval ends below where all others begin.
		if (!steps.every((row) => row === worst || row.step_rate_low > worst.step_rate_high)) return null;
		const before = rows[rows.indexOf(worst) - 1].stage;
		return inFrench(words)
			? words.fill(`C’est de ${before} à ${worst.stage} que le plus se perd : {share} passent.`, { share: words.share(worst.step_rate) })
			: `The narrowest step is from ${before} to ${worst.stage}: ${words.share(worst.step_rate)} go on.`;
	},
	cost(rows, words) {
		const paying = rows.filter((row) => row.verdict === 'pays'), losing = rows.filter((row) => row.verdict === 'does not pay');
		const names = (some) => list(some.map((row) => nameOf(row, words)), words);
		if (losing.length > 0) return inFrench(words) ? words.fill(`Ne rapporte pas : ${names(losing)}.`, {}) : `Does not pay: ${names(losing)}.`;
		if (paying.length === 0) return null;
		const cheapest = paying.reduce((least, row) => (row.cac < least.cac ? row : least));
		return inFrench(words) ? `Un client de ${nameOf(cheapest, words)} coûte ${words.money(cheapest.cac)} et apporte ${words.money(cheapest.margin_of_a_customer)} de marge.`
			: `A customer from ${nameOf(cheapest, words)} costs ${words.money(cheapest.cac)} and brings ${words.money(cheapest.margin_of_a_customer)} of margin.`;
	},
	next_euro(rows, words) {
		const more = rows.filter((row) => row.verdict === 'spend more'), less = rows.filter((row) => row.verdict === 'spend less');
		const name = (row) => row.channel ?? words.say('unknown');
		if (more.length > 0) {
			return inFrench(words)
				? words.fill(`${list(more.map(name), words, 2)} : {one} de plus y rapporte plus qu’il ne coûte, au-delà du hasard.`, { one: words.money(1) })
				: `One more ${words.money(1)} earns more than it costs in ${list(more.map(name), words, 2)}, beyond chance.`;
		}
		return less.length === 0 ? null : inFrench(words) ? words.fill(`Dépenser moins : ${list(less.map(name), words)}.`, {}) : `Spend less on ${list(less.map(name), words)}.`;
	},
	acceptance(rows, words) {
		const below = rows.filter((row) => row.verdict === 'below').map((row) => row.channel ?? words.say('unknown'));
		if (below.length === 0) return null;
		return inFrench(words) ? words.fill(`Sous le taux convenu de {rate} : ${list(below, words, 4)}.`, { rate: words.share(rows[0].threshold, 0) }) : `Below the agreed ${words.share(rows[0].threshold, 0)}: ${list(below, words, 4)}.`;
	},
	cohorts(rows, words) {
		const newest = rows.map((row) => row.month).sort().at(-1);
		const known = rows.filter((row) => row.month === newest && row.is_mature).at(-1);
		const others = known === undefined ? [] : rows.filter((row) => row.month !== newest && row.age_days === known.age_days && row.is_mature).map((row) => row.conversion);

		// At an age that all of them have, it stands beside the others.
		if (known !== undefined && known.age_days >= 60 && others.length > 0) {
			const values = { age: words.days(known.age_days), share: words.share(known.conversion), month: words.span('month', newest), others: words.range(Math.min(...others), Math.max(...others)) };

			return words.fill(inFrench(words) ? 'À {age}, {share} des leads de {month} sont gagnés ; des mois d’avant, {others}.' : 'At {age}, {share} of the leads of {month} are won; of the months before, {others}.', values);
		}
		return inFrench(words) ? `Les leads de ${words.span('month', newest)} sont trop jeunes pour être jugés.` : `The leads of ${words.span('month', newest)} are too young to be judged.`;
	},
	speed(rows, words) {
		const slow = rows.filter((row) => row.p_value !== null && row.p_value < 0.05 && row.working_within_60_minutes < row.within_60_minutes_of_all && row.owner !== null);
		if (slow.length !== 1) return null;
		return inFrench(words) ? words.fill(`${slow[0].owner} répond plus lentement que les autres : {share} dans l’heure.`, { share: words.share(slow[0].working_within_60_minutes) })
			: `${slow[0].owner} answers more slowly than the others: ${words.share(slow[0].working_within_60_minutes)} within an hour.`;
	},
	grades(rows, words) {
		const known = rows.filter((row) => row.grade !== null && row.leads >= few);
		const best = known[0], worst = known.at(-1);
		if (known.length < 2 || best.conversion_low <= worst.conversion_high || worst.conversion === 0) return null;
		const times = words.plain(Number((best.conversion / worst.conversion).toPrecision(2)));
		return inFrench(words) ? `La note ${best.grade} est gagnée ${times} fois plus souvent que la note ${worst.grade}.` : `Grade ${best.grade} is won ${times} times as often as grade ${worst.grade}.`;
	},
	forecast(rows, words) {
		const ahead = rows.filter((row) => !row.is_past && row.target !== null && row.low_80 !== null);
		const over = ahead.filter((row) => row.low_80 > row.target), under = ahead.filter((row) => row.high_80 < row.target);
		if (ahead.length === 0 || (over.length < ahead.length && under.length < ahead.length)) return null;
		return inFrench(words) ? (over.length > 0 ? 'Les mois à venir sont attendus au-dessus de l’objectif.' : 'Les mois à venir sont attendus sous l’objectif.')
			: over.length > 0 ? 'The coming months are expected above their target.' : 'The coming months are expected below their target.';
	},
	held(rows, words) {
		const held = rows.filter((row) => row.held).length;
		return inFrench(words) ? `${held} prévisions sur ${rows.length} ont tenu.` : `${held} of ${rows.length} forecasts held.`;
	},
	range(rows, words) {
		const widest = rows.reduce((most, row) => (row.highest_share - row.lowest_share > most.highest_share - most.lowest_share ? row : most), rows[0]);
		if (!widest || widest.highest_share - widest.lowest_share < 0.05) return null;
		const name = widest.channel ?? words.say('unknown');
		return inFrench(words) ? words.fill(`${name} fait de {low} à {high} des ventes, selon le modèle.`, { low: words.share(widest.lowest_share, 0), high: words.share(widest.highest_share, 0) })
			: `${name} brings between ${words.share(widest.lowest_share, 0)} and ${words.share(widest.highest_share, 0)} of the sales, depending on the model.`;
	},
};

/** The sentence of a card, or null where nothing holds. */
export const sentenceOf = (kind, rows, words) => (kind in sentences && rows.length > 0 ? sentences[kind](rows, words) : null);

// Which campaign gets the next euro: a channel where it pays beyond chance, and of that the campaign whose customers pay; else what is known.
function nextEuro(results, words) {
	const rowsOf = (kind) => results.find(({ card }) => card.draw === kind)?.rows ?? [];
	const returns = rowsOf('next_euro'), costs = rowsOf('cost');
	const losing = [...new Set([...costs.filter((row) => row.verdict === 'does not pay').map((row) => nameOf(row, words)),
		...rowsOf('findings').filter((row) => row.code === 'cheap_channel_does_not_convert' && row.certainty !== 'not yet certain' && row.subject !== null).map((row) => row.subject)])];
	const not = losing.length === 0 ? [] : [inFrench(words) ? `Pas à ${list(losing, words)}.` : `Not to ${list(losing, words)}.`];
	const best = returns.find((row) => row.verdict === 'spend more');

	if (best) {
		const campaign = costs.filter((row) => row.channel === best.channel && row.verdict === 'pays' && !losing.includes(nameOf(row, words))).sort((one, other) => one.cac - other.cac)[0];
		const second = returns.filter((row) => row.verdict === 'spend more')[1];
		const values = { name: nameOf(campaign ?? best, words), back: words.cents(best.marginal_return), least: words.cents(best.marginal_return_low), one: words.money(1), second: second ? (second.channel ?? words.say('unknown')) : '' };

		return [words.fill(inFrench(words)
			? `À {name}, à petits pas : {one} de plus y rapporte {back} de marge (au moins {least}).${second ? ' Puis {second}.' : ''}`
			: `To {name}, in small steps: one more {one} brings back {back} of margin there (at least {least}).${second ? ' Then {second}.' : ''}`, values), ...not];
	}
	const paying = costs.filter((row) => row.verdict === 'pays');
	if (paying.length > 0) {
		const cheapest = paying.reduce((least, row) => (row.cac < least.cac ? row : least));
		const values = { name: nameOf(cheapest, words), cost: words.money(cheapest.cac), margin: words.money(cheapest.margin_of_a_customer) };

		return [words.fill(inFrench(words)
			? 'Essayez {name}, à petits pas : un client y coûte {cost} et apporte {margin} de marge. Les données ne disent pas encore si plus d’argent y achèterait plus de clients.'
			: 'Try {name}, in small steps: a customer there costs {cost} and brings {margin} of margin. The data cannot say yet whether more money would buy more of them.', values), ...not];
	}
	if (costs.length > 0 && costs.every((row) => row.verdict === null)) {
		return [inFrench(words) ? words.fill('Dites d’abord quelle part du prix est de la marge : UPDATE {mart}.rule SET gross_margin = 0.7;', { mart: words.mart })
			: words.fill('Say first which share of the price is margin: UPDATE {mart}.rule SET gross_margin = 0.7;', { mart: words.mart }), ...not];
	}
	return [inFrench(words) ? (costs.length > 0 ? 'À aucune pour l’instant : aucune campagne ne rapporte au-delà du hasard.' : 'Pas encore de réponse : il faut le coût des campagnes, et des leads qui ont eu leur temps.')
		: costs.length > 0 ? 'To none for now: no campaign pays beyond chance.' : 'No answer yet: it takes what campaigns cost, and leads that had their time.', ...not];
}

/** The answers to what a reader asks first: [{ question, answers, section }]. */
export function inShort(results, about, words) {
	if (!(about.counted > 0)) return [];
	const rowsOf = (kind) => results.find(({ card }) => card.draw === kind)?.rows ?? [];
	const sectionOf = (kind) => results.find(({ card }) => card.draw === kind)?.card.section;
	const change = rowsOf('change')[0];
	const todo = [...new Set(rowsOf('findings').filter((row) => row.certainty !== 'not yet certain').map((row) => words.action(row.code, row.subject) ?? row.what_to_look_at))].slice(0, 3);
	const broken = results.find(({ card }) => card.name === 'data_quality')?.rows.filter((row) => row.severity === 'error') ?? [];

	if (broken.length > 0 && todo.length < 4) {
		todo.push(words.colon(inFrench(words) ? 'Faites corriger les données' : 'Have the data mended', `${broken[0].what_it_means.replace(/\.$/, '')} (${words.count(broken[0].rows)}).`));
	}
	return [
		{ question: inFrench(words) ? words.fill('La baisse est-elle réelle ?', {}) : 'Is the drop real?', section: sectionOf('change') ?? 1, answers: [change ? judged(change, rowsOf('findings'), words) : words.say('noComparison')] },
		{ question: inFrench(words) ? words.fill('À quelle campagne va l’euro suivant ?', {}) : 'Which campaign gets the next euro?', section: sectionOf('cost') ?? 4, answers: nextEuro(results, words) },
		{ question: inFrench(words) ? words.fill('Que faire lundi ?', {}) : 'What to do on Monday?', section: sectionOf('findings') ?? 2,
			answers: todo.length > 0 ? todo.map((action, n) => `${n + 1}. ${action}`) : [words.say(about.counted < 100 ? 'fewToFind' : 'nothingFound'),
				...rowsOf('findings').slice(0, 1).map((row) => words.action(row.code, row.subject)).filter((action) => action !== null && about.counted >= 100)
					.map((action) => words.colon(inFrench(words) ? 'Ce qui vaut d’être regardé' : 'What is worth a look', action))] },
	];
}
