-- Which money works? Months that had their time.
-- In psql: \set mart kpi, then \i examples/questions/04_which_money_works.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT channel, campaign, sum(leads) AS leads, round(sum(spend)) AS spend, sum(won) AS won, round(lead_kpi.cpl(sum(spend), sum(leads)), 2) AS "a lead costs",
	round(lead_kpi.cac(sum(spend), sum(won))) AS "a customer costs", round(sum(revenue) / nullif(sum(won), 0)) AS "and brings", round(lead_kpi.roas(sum(revenue), sum(spend)), 1) AS roas
FROM :"mart".cpl_to_revenue
WHERE is_mature
GROUP BY channel, campaign
ORDER BY lead_kpi.cac(sum(spend), sum(won)) NULLS LAST, channel, campaign;
