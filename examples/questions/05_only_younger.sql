-- Is the newest cohort worse, or only younger?
-- In psql: \set mart kpi, then \i examples/questions/05_only_younger.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT month, leads, won_30_days_percent AS "% won in 30 days", won_90_days_percent AS "in 90 days", won_180_days_percent AS "in 180 days",
	observed_days AS "all are at least (days)"
FROM :"mart".cohort_report
ORDER BY month;
