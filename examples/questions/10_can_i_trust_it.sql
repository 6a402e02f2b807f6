-- Can I trust this?
-- In psql: \set mart kpi, then \i examples/questions/10_can_i_trust_it.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT severity, rows, amount, what_it_means, what_to_do, examples
FROM :"mart".data_quality
WHERE severity IN ('error', 'warning') AND rows > 0
ORDER BY severity, rows DESC, check_name;
