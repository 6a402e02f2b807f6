-- Does sales take what marketing hands over?
-- In psql: \set mart kpi, then \i examples/questions/03_what_sales_takes.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT channel, transmitted, accepted, acceptance_rate_percent AS "%", acceptance_rate_percent_low AS "at least", acceptance_rate_percent_high AS "at most",
	threshold_percent AS "agreed %", verdict
FROM :"mart".acceptance_report;
