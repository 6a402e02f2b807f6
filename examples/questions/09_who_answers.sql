-- Who answers how fast, and who sells?
-- In psql: \set mart kpi, then \i examples/questions/09_who_answers.sql
\if :{?mart}
\else
\set mart kpi
\endif
\pset null -
SELECT owner, leads, round(100 * working_within_60_minutes::numeric, 1) AS "% tried within an hour", round(working_median_minutes::numeric) AS "median minutes", never
FROM :"mart".speed_to_lead_by_owner
WHERE measure = 'attempt'
ORDER BY working_within_60_minutes DESC NULLS LAST, owner;
SELECT owner, decided_deals, round(100 * win_rate::numeric, 1) AS "% won", round(100 * win_rate_low::numeric, 1) AS "at least", round(100 * win_rate_high::numeric, 1) AS "at most",
	open_load, verdict, round(team_p_value::numeric, 2) AS "chance that all are alike"
FROM :"mart".owner_performance
WHERE grain = 'owner'
ORDER BY win_rate DESC NULLS LAST, owner;
