-- What changed, and why?
-- In psql: \set mart kpi, then \i examples/questions/06_what_changed.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT period, compared_with, after_start, leads_before, leads_after, won_before, won_after, round(revenue_difference) AS revenue_difference, round(volume_effect::numeric) AS volume,
	round(mix_effect::numeric) AS mix, round(conversion_effect::numeric) AS conversion, round(basket_effect::numeric) AS basket, verdict, reason
FROM :"mart".period_change
ORDER BY period, compared_with;
