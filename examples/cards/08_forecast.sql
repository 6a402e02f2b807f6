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
WITH known AS
(
	SELECT date_trunc('month', timezone((SELECT time_zone FROM rule), closed_at))::date AS month, count(*) AS sales, sum(amount) AS revenue
	FROM counted_deal
	WHERE excluded_reason IS NULL AND is_won AND closed_at <= (SELECT observed_until FROM observation)
	GROUP BY 1
)
SELECT month, sales::float8 AS sales, NULL::float8 AS expected, NULL::float8 AS low, NULL::float8 AS high, revenue, true AS is_past
FROM known
WHERE month >= (SELECT max(month) FROM known) - interval '11 months'
UNION ALL
SELECT period_start, NULL, expected_sales, sales_low, sales_high, expected_revenue, false
FROM forecast_by_period
WHERE period = 'month' AND reason IS NULL AND period_end >= (SELECT observed_until::date FROM observation)
	AND (period_start > (SELECT max(month) FROM known) OR expected_sales > sold_so_far)
ORDER BY 1, 7 DESC;
