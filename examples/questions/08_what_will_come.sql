-- What will come, and are we on target?
-- In psql: \set mart kpi, then \i examples/questions/08_what_will_come.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT period, period_start, sold_so_far, round(expected_sales::numeric, 1) AS expected_sales, sales_low, sales_high, round(expected_revenue) AS expected_revenue, reason
FROM :"mart".forecast_by_period
ORDER BY period, period_start;
SELECT measure, channel, owner, starts_on, ends_on, round(target_value) AS target, round(so_far) AS so_far, round(expected_total) AS expected,
	round(expected_total_low) AS "at least", round(expected_total_high) AS "at most", round(100 * probability_to_reach::numeric) AS "% chance", verdict, problem
FROM :"mart".target_pacing
WHERE phase IS DISTINCT FROM 'over'
ORDER BY starts_on, measure, channel, owner;
