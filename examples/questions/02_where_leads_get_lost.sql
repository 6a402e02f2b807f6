-- Where do leads get lost?
-- In psql: \set mart kpi, then \i examples/questions/02_where_leads_get_lost.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT stage, leads, round(100 * step_rate::numeric, 1) AS "% of the stage before", round(100 * step_rate_low::numeric, 1) AS "at least",
	round(100 * step_rate_high::numeric, 1) AS "at most", round(100 * total_rate::numeric, 2) AS "% of all", round(median_days::numeric, 1) AS "median days"
FROM :"mart".funnel
ORDER BY stage_position;
