-- Is the newest cohort worse, or only younger?
-- In psql: \set mart kpi, then \i examples/questions/05_only_younger.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT month, leads, round(100 * max(conversion) FILTER (WHERE age_days = 30)::numeric, 2) AS "% won in 30 days",
	round(100 * max(conversion) FILTER (WHERE age_days = 90)::numeric, 2) AS "in 90 days", round(100 * max(conversion) FILTER (WHERE age_days = 180)::numeric, 2) AS "in 180 days",
	max(age_days) FILTER (WHERE is_mature) AS "all are at least (days)"
FROM :"mart".cohort_conversion
GROUP BY month, leads
ORDER BY month;
