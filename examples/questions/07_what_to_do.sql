-- What goes wrong, what goes well, and what to look at?
-- In psql: \set mart kpi, then \i examples/questions/07_what_to_do.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT severity, certainty, message, what_to_look_at
FROM :"mart".diagnosis
ORDER BY CASE severity WHEN 'warning' THEN 1 WHEN 'watch' THEN 3 ELSE 2 END, p_value NULLS LAST, code;
