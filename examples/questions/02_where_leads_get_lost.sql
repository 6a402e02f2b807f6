-- Where do leads get lost?
-- In psql: \set mart kpi, then \i examples/questions/02_where_leads_get_lost.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT stage, leads, step_rate_percent AS "% of the stage before", step_rate_percent_low AS "at least", step_rate_percent_high AS "at most",
	total_rate_percent AS "% of all", median_days
FROM :"mart".funnel_report
ORDER BY stage_position;
