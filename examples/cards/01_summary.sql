-- section: 1
-- view: period_change
-- draw: numbers
-- unit: count
-- question.en: Is it going well?
-- question.fr: Est-ce que cela va bien ?
-- name.en: Five numbers
-- name.fr: Cinq chiffres
-- The last complete period against the one before, both at the same age; and what the running quarter is expected to bring.
WITH change AS
(
	SELECT p.*
	FROM period_change p
	WHERE p.compared_with = 'previous' AND p.verdict IS NOT NULL
	ORDER BY p.period = 'quarter' DESC, p.after_start DESC
	LIMIT 1
), money AS
(
	SELECT c.after_start, sum(s.amount) FILTER (WHERE s.month >= c.after_start AND s.month < c.after_start + c.length) AS spend_after,
		sum(s.amount) FILTER (WHERE s.month >= c.before_start AND s.month < c.before_start + c.length) AS spend_before
	FROM (SELECT *, CASE period WHEN 'quarter' THEN interval '3 months' ELSE interval '1 month' END AS length FROM change) c
	LEFT JOIN allocated_spend s ON true
	GROUP BY c.after_start
), setting AS
(
	SELECT confidence_level FROM rule
), goal AS
(
	SELECT starts_on, ends_on, max(target_value)::float8 AS target
	FROM target_pacing
	WHERE measure = 'won' AND channel IS NULL AND owner IS NULL AND target_value > 0
	GROUP BY starts_on, ends_on
), coming AS
(
	SELECT f.*
	FROM forecast_by_period f
	WHERE f.period = 'quarter' AND f.reason IS NULL
	ORDER BY f.period_end > (SELECT observed_until::date FROM observation) DESC, f.period_start
	LIMIT 1
)
SELECT 'leads' AS measure, c.period, c.after_start AS period_start, c.leads_after::float8 AS value, c.leads_before::float8 AS value_before,
	NULL::float8 AS low, NULL::float8 AS high, k.p_value, 1 AS better, NULL::float8 AS target
FROM change c CROSS JOIN LATERAL compare_cost(1::float8, c.leads_before::float8, 1::float8, c.leads_after::float8) k
UNION ALL
SELECT 'sales', c.period, c.after_start, c.won_after, c.won_before, NULL, NULL, k.p_value, 1, NULL
FROM change c CROSS JOIN LATERAL compare_cost(1::float8, c.won_before::float8, 1::float8, c.won_after::float8) k
UNION ALL
-- Deals of one size or so: the count is what chance moves.
SELECT 'revenue', c.period, c.after_start, c.revenue_after::float8, c.revenue_before::float8, NULL, NULL, k.p_value, 1, NULL
FROM change c CROSS JOIN LATERAL compare_cost(1::float8, c.won_before::float8 / 2, 1::float8, c.won_after::float8 / 2) k
UNION ALL
SELECT 'cac', c.period, c.after_start, m.spend_after::float8 / nullif(c.won_after, 0), m.spend_before::float8 / nullif(c.won_before, 0), i.low,
	nullif(i.high, 'Infinity'), k.p_value, -1, NULL
FROM change c
JOIN money m USING (after_start)
CROSS JOIN setting r
LEFT JOIN LATERAL cost_interval(m.spend_after, c.won_after, r.confidence_level) i ON m.spend_after >= 0
LEFT JOIN LATERAL compare_cost(m.spend_before::float8, c.won_before::float8, m.spend_after::float8, c.won_after::float8) k
	ON m.spend_before > 0 AND m.spend_after > 0
UNION ALL
SELECT 'expected', f.period, f.period_start, f.expected_sales, f.sold_so_far, f.sales_low, f.sales_high, NULL, 1, g.target
FROM coming f
LEFT JOIN goal g ON g.starts_on = f.period_start AND g.ends_on = f.period_end;
