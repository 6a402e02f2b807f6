-- section: 8
-- view: forecast_by_period
-- draw: forecast
-- unit: sales
-- question.en: What will come?
-- question.fr: Que va-t-il arriver ?
-- name.en: Sales per month, and what is expected
-- name.fr: Ventes par mois, et ce qui est attendu
-- missing.en: It takes won deals in {mart}.deal, or a stage with the role won.
-- missing.fr: Il faut des affaires gagnées dans {mart}.deal, ou une étape de rôle won.
-- The present and the next month as forecast_by_period has them; the two after these by the same formula, from the layer below it, which also has what
-- the interval of 80 % rests on.
WITH known AS
(
	SELECT date_trunc('month', timezone((SELECT time_zone FROM rule), closed_at))::date AS month, count(*) AS sales, sum(amount) AS revenue
	FROM counted_deal
	WHERE excluded_reason IS NULL AND is_won AND closed_at <= (SELECT observed_until FROM observation)
	GROUP BY 1
), setting AS
(
	SELECT date_trunc('month', timezone(r.time_zone, o.observed_until))::date AS present, r.confidence_level
	FROM rule r CROSS JOIN observation o
), origin AS
(
	SELECT horizon, expected_sales, tests, error_variance, widening, timezone((SELECT time_zone FROM rule), ended_at + interval '1 microsecond')::date AS first_month
	FROM forecast_origin
	WHERE unit = 'month' AND windows_ago = 0 AND target = 'all sales'
), ahead AS
(
	SELECT (o.first_month + (o.horizon - 1) * interval '1 month')::date AS month, p.sold_so_far, p.expected_sales, p.sales_low, p.sales_high, p.expected_revenue,
		coalesce(p.expected_sales - p.sold_so_far, greatest(o.expected_sales - e.expected_sales, 0)) AS rest, o.error_variance, o.widening, s.confidence_level
	FROM origin o
	CROSS JOIN setting s
	LEFT JOIN origin e ON e.horizon = o.horizon - 1
	LEFT JOIN forecast_by_period p ON p.period = 'month' AND p.reason IS NULL AND p.period_start = (o.first_month + (o.horizon - 1) * interval '1 month')::date
	WHERE o.horizon <= 4 AND o.tests > 0 AND (o.horizon > 2 OR p.period IS NOT NULL)
), fan AS
(
	SELECT a.month, coalesce(a.sold_so_far, 0) + a.rest AS expected, coalesce(a.sales_low, floor(w.low)::bigint) AS low, coalesce(a.sales_high, round(w.high)::bigint) AS high,
		coalesce(a.sold_so_far, 0) + floor(n.low)::bigint AS low_80, coalesce(a.sold_so_far, 0) + round(n.high)::bigint AS high_80, a.expected_revenue
	FROM ahead a
	CROSS JOIN LATERAL (SELECT CASE WHEN a.rest > 0 THEN (a.rest + a.error_variance * a.rest * a.rest) * a.widening ELSE 0 END AS variance) v
	CROSS JOIN LATERAL predict_amount(a.rest, v.variance, a.confidence_level) w
	CROSS JOIN LATERAL predict_amount(a.rest, v.variance, 0.8) n
	WHERE a.rest > 0
), shown AS
(
	-- Without gaps: a month without a sale is a month.
	SELECT d::date AS month
	FROM (SELECT min(month) AS first, greatest(max(month), max((SELECT present FROM setting))) AS last FROM known) k
	CROSS JOIN generate_series(greatest(k.first, (k.last - interval '11 months')::date), k.last, interval '1 month') d
), goal AS
(
	-- Where no month has a target, a third of the quarter's.
	SELECT m.month, coalesce(max(t.target_value) FILTER (WHERE t.ends_on < t.starts_on + interval '1 month'), max(t.target_value) / 3)::float8 AS target
	FROM (SELECT month FROM shown UNION SELECT month FROM fan) m
	JOIN target_pacing t ON t.measure = 'won' AND t.channel IS NULL AND t.owner IS NULL AND t.target_value > 0 AND date_trunc('month', t.starts_on) = t.starts_on
		AND t.ends_on + 1 IN ((t.starts_on + interval '1 month')::date, (t.starts_on + interval '3 months')::date) AND m.month BETWEEN t.starts_on AND t.ends_on
	GROUP BY m.month
)
SELECT s.month, coalesce(k.sales, 0)::float8 AS sales, NULL::float8 AS expected, NULL::float8 AS low, NULL::float8 AS high, NULL::float8 AS low_80, NULL::float8 AS high_80,
	g.target, k.revenue, true AS is_past
FROM shown s
LEFT JOIN known k USING (month)
LEFT JOIN goal g USING (month)
UNION ALL
SELECT f.month, NULL, f.expected, f.low, f.high, f.low_80, f.high_80, g.target, f.expected_revenue, false
FROM fan f
LEFT JOIN goal g USING (month)
ORDER BY 1, 10 DESC;
