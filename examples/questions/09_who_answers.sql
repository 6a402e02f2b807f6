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
SELECT owner, decided_deals, win_rate_percent AS "% won", win_rate_percent_low AS "at least", win_rate_percent_high AS "at most", open_load, verdict,
	team_p_value AS "chance that all are alike"
FROM :"mart".owner_report;
