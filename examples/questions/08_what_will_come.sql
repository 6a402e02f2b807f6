-- What will come, and are we on target?
-- In psql: \set mart kpi, then \i examples/questions/08_what_will_come.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT period, period_start, sold_so_far, expected_sales, sales_low, sales_high, expected_revenue, reason
FROM :"mart".forecast_report
ORDER BY period, period_start;
SELECT measure, channel, owner, starts_on, ends_on, target_value AS target, so_far, expected_total AS expected, expected_total_low AS "at least",
	expected_total_high AS "at most", probability_to_reach_percent AS "% chance", verdict, reason
FROM :"mart".target_report
WHERE phase IS DISTINCT FROM 'over'
ORDER BY starts_on, measure, channel, owner;
