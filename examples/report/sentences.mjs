// Titles that say what is seen, made from the rows of a card: only what holds beyond chance, else nothing.
import { nameOf } from './charts.mjs';

const sentences = {
	funnel(rows, words) {
		const steps = rows.filter((row) => row.step_rate !== null && row.leads + 0 >= 0);
		if (steps.length < 2 || rows[0].leads < 10) return null;
		const worst = steps.reduce((least, row) => (row.step_rate < least.step_rate ? row : least));
		// Beyond chance: its interval ends below where all others begin.
		if (!steps.every((row) => row === worst || row.step_rate_low > worst.step_rate_high)) return null;
		const before = rows[rows.indexOf(worst) - 1].stage;
		return words.language === 'fr'
			? `Le plus grand passage à vide est de ${before} à ${worst.stage} : ${words.share(worst.step_rate)} passent.`
			: `Most are lost between ${before} and ${worst.stage}: ${words.share(worst.step_rate)} go on.`;
	},
	cost(rows, words) {
		const paying = rows.filter((row) => row.verdict === 'pays'), losing = rows.filter((row) => row.verdict === 'does not pay');
		const list = (some) => some.slice(0, 3).map((row) => nameOf(row, words)).join(', ');
		if (losing.length > 0) return words.language === 'fr' ? `Ne rapporte pas : ${list(losing)}.` : `Does not pay: ${list(losing)}.`;
		if (paying.length === 0) return null;
		const cheapest = paying.reduce((least, row) => (Number(row.cac) < Number(least.cac) ? row : least));
		return words.language === 'fr' ? `Un client de ${nameOf(cheapest, words)} coûte ${words.money(cheapest.cac)} et apporte ${words.money(cheapest.margin_of_a_customer)} de marge.`
			: `A customer from ${nameOf(cheapest, words)} costs ${words.money(cheapest.cac)} and brings ${words.money(cheapest.margin_of_a_customer)} of margin.`;
	},
	acceptance(rows, words) {
		const below = rows.filter((row) => row.verdict === 'below').map((row) => row.channel ?? words.say('unknown'));
		if (below.length === 0) return null;
		return words.language === 'fr' ? `Sous le taux convenu : ${below.join(', ')}.` : `Below the agreed rate: ${below.join(', ')}.`;
	},
	cohorts(rows, words) {
		const newest = rows.map((row) => row.month).sort().at(-1);
		const young = rows.filter((row) => row.month === newest && !row.is_mature);
		if (young.length === 0) return null;
		return words.language === 'fr' ? `Les leads de ${words.month(newest)} sont trop jeunes pour être jugés.` : `The leads of ${words.month(newest)} are too young to be judged.`;
	},
	speed(rows, words) {
		const slow = rows.filter((row) => row.p_value !== null && row.p_value < 0.05 && row.working_within_60_minutes < row.within_60_minutes_of_all && row.owner !== null);
		if (slow.length !== 1) return null;
		return words.language === 'fr' ? `${slow[0].owner} répond plus lentement que les autres : ${words.share(slow[0].working_within_60_minutes)} dans l’heure.`
			: `${slow[0].owner} answers more slowly than the others: ${words.share(slow[0].working_within_60_minutes)} within an hour.`;
	},
	held(rows, words) {
		const held = rows.filter((row) => row.held).length;
		return words.language === 'fr' ? `${held} prévisions sur ${rows.length} ont tenu.` : `${held} of ${rows.length} forecasts held.`;
	},
	range(rows, words) {
		const widest = rows.reduce((most, row) => (row.highest_share - row.lowest_share > most.highest_share - most.lowest_share ? row : most), rows[0]);
		if (!widest || widest.highest_share - widest.lowest_share < 0.05) return null;
		const name = widest.channel ?? words.say('unknown');
		return words.language === 'fr' ? `${name} fait de ${words.share(widest.lowest_share)} à ${words.share(widest.highest_share)} des ventes, selon le modèle.`
			: `${name} brings between ${words.share(widest.lowest_share)} and ${words.share(widest.highest_share)} of the sales, depending on the model.`;
	},
};

/** The sentence of a card, or null where nothing holds. */
export const sentenceOf = (kind, rows, words) => (kind in sentences && rows.length > 0 ? sentences[kind](rows, words) : null);
