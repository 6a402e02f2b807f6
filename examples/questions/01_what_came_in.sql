-- What came in, and what counts?
-- In psql: \set mart kpi, then \i examples/questions/01_what_came_in.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT month, sum(gross) AS gross, sum(counted) AS counted, sum(excluded_duplicate) AS duplicates, sum(excluded_test + excluded_bot + excluded_internal) AS not_people,
	round(100.0 * sum(counted) / nullif(sum(gross), 0), 1) AS "% counted"
FROM :"mart".lead_generated
GROUP BY month
ORDER BY month;
