-- What changed, and why?
-- In psql: \set mart kpi, then \i examples/questions/06_what_changed.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT period, compared_with, after_start, leads_before, leads_after, won_before, won_after, revenue_difference, volume_effect AS volume, mix_effect AS mix,
	conversion_effect AS conversion, basket_effect AS basket, verdict, reason
FROM :"mart".change_report
ORDER BY period, compared_with;
