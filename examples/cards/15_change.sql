-- section: 1
-- view: period_change
-- draw: change
-- unit: money
-- question.en: Is it going well?
-- question.fr: Est-ce que cela va bien ?
-- name.en: Why revenue changed
-- name.fr: Pourquoi le chiffre d'affaires a changé
-- missing.en: It takes two complete months or quarters of leads that had the time to be won.
-- missing.fr: Il faut deux mois ou trimestres complets de leads qui ont eu le temps d'être gagnés.
-- The same two periods as the five numbers; a row per bar, each from where the one before ended. The parts sum to the difference.
WITH change AS
(
	SELECT p.*
	FROM period_change p
	WHERE p.compared_with = 'previous' AND p.verdict IS NOT NULL
	ORDER BY p.period = 'quarter' DESC, p.after_start DESC
	LIMIT 1
), part AS
(
	SELECT c.*, v.ordinal, v.part, v.amount, v.is_total
	FROM change c
	CROSS JOIN LATERAL
	(
		VALUES (1, 'before', c.revenue_before, true), (2, 'volume', c.volume_effect, false), (3, 'mix', c.mix_effect, false),
			(4, 'conversion', c.conversion_effect, false), (5, 'basket', c.basket_effect, false), (6, 'unexplained', c.unexplained_effect, false),
			(7, 'after', c.revenue_after, true)
	) v(ordinal, part, amount, is_total)
	WHERE v.part <> 'unexplained' OR v.amount <> 0
)
SELECT ordinal, part, amount, CASE WHEN is_total THEN 0 ELSE sum(amount) FILTER (WHERE part <> 'after') OVER until_now - amount END AS bar_from,
	CASE WHEN is_total THEN amount ELSE sum(amount) FILTER (WHERE part <> 'after') OVER until_now END AS bar_to, period, after_start, before_start, comparable_days,
	leads_before, leads_after, won_before, won_after, decided_after, rate_before, rate_before_low, rate_before_high, rate_after, rate_after_low, rate_after_high, p_value, verdict
FROM part
WINDOW until_now AS (ORDER BY ordinal)
ORDER BY ordinal;
