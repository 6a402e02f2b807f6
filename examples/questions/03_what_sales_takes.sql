-- Does sales take what marketing hands over?
-- In psql: \set mart kpi, then \i examples/questions/03_what_sales_takes.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT channel, transmitted, accepted, round(100 * acceptance_rate::numeric, 1) AS "%", round(100 * acceptance_rate_low::numeric, 1) AS "at least",
	round(100 * acceptance_rate_high::numeric, 1) AS "at most", round(100 * threshold::numeric) AS "agreed %", verdict
FROM :"mart".mql_acceptance_by_channel
ORDER BY acceptance_rate DESC NULLS LAST, channel;
