-- What ./run demo shows, on a database that has the extension and nothing else:
-- the article's numbers, then a report on 100 000 generated leads.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
\pset null '-'
SET client_min_messages = warning;

\echo 'PART 1: THE ARTICLE''S NUMBERS'
\echo
\o /dev/null
\ir article/article.sql
\o
\ir article/numbers.sql

\echo 'PART 2: A REPORT ON 100 000 LEADS OF A MADE-UP COMPANY, JULY 2024 TO DECEMBER 2025'
\echo
\o /dev/null
SELECT lead_kpi.create_mart('kpi');
SELECT lead_kpi.generate_example('kpi', 100000);
\o

\echo 'Leads generated: what came in, what the counting rule sets aside, what counts'
SELECT sum(gross) AS gross, sum(excluded_test) AS tests, sum(excluded_bot) AS bots, sum(excluded_internal) AS colleagues,
	sum(excluded_duplicate) AS duplicates, sum(excluded_invalid) AS invalid, sum(counted) AS counted
FROM kpi.lead_generated;

\echo 'The funnel: how many leads reach each stage, and how long the step takes'
SELECT stage, leads, round(100 * step_rate::numeric, 1) AS "% of stage before", round(100 * step_rate_low::numeric, 1) AS "at least %",
	round(100 * step_rate_high::numeric, 1) AS "at most %", round(100 * total_rate::numeric, 2) AS "% of leads",
	round(median_days::numeric, 1) AS "median days"
FROM kpi.funnel
ORDER BY stage_position;

\echo 'Acceptance: does sales take what marketing hands over? The teams agreed on 60 %'
SELECT coalesce(channel, '(unknown)') AS channel, transmitted, accepted, round(100 * acceptance_rate::numeric, 1) AS "%",
	round(100 * acceptance_rate_low::numeric, 1) AS "at least %", round(100 * acceptance_rate_high::numeric, 1) AS "at most %", verdict
FROM
(
	SELECT 1 AS part, * FROM kpi.mql_acceptance_by_channel
	UNION ALL
	SELECT 2, 'all channels', * FROM kpi.mql_acceptance
) a
ORDER BY part, acceptance_rate DESC;

\echo 'From cost to revenue by campaign, the cheapest customer first'
SELECT coalesce(channel, '(unknown)') AS channel, coalesce(campaign, '(none)') AS campaign, sum(leads) AS leads, round(sum(spend)) AS spend,
	round(lead_kpi.cpl(sum(spend), sum(leads)::bigint), 2) AS cpl, sum(won) AS won,
	round(100.0 * sum(won) / nullif(sum(leads), 0), 2) AS "% won", round(lead_kpi.cac(sum(spend), sum(won)::bigint), 2) AS cac,
	round(sum(revenue)) AS revenue, round(lead_kpi.revenue_per_lead(sum(revenue), sum(leads)::bigint), 2) AS "revenue per lead",
	round(lead_kpi.roas(sum(revenue), sum(spend)), 1) AS roas
FROM kpi.cpl_to_revenue
GROUP BY 1, 2
ORDER BY lead_kpi.cac(sum(spend), sum(won)::bigint), sum(revenue) DESC;

\echo 'What goes wrong and what goes well, the surest first'
\echo
\pset format unaligned
\pset tuples_only on
SELECT rpad(severity, 8) || message || E'\n' || repeat(' ', 8) || '-> ' || what_to_look_at
FROM kpi.diagnosis;
\pset tuples_only off
\pset format aligned

\echo
\echo 'What is wrong in the data, and what to do about it'
\echo
\pset format unaligned
\pset tuples_only on
SELECT rpad(severity, 8) || lpad(rows::text, 6) || '  ' || what_it_means || coalesce(' (' || amount || ')', '') || E'\n' || repeat(' ', 16) || '-> ' || what_to_do
FROM kpi.data_quality
WHERE severity IN ('error', 'warning')
ORDER BY severity, rows DESC, check_name;
\pset tuples_only off
\pset format aligned

\echo
\echo 'PART 3: THE SAME QUESTION AT SIZE'
\echo
\o /dev/null
CREATE TEMP TABLE large_stage_event AS
SELECT lead_id, (ARRAY['lead', 'mql', 'sal', 'sql', 'opportunity', 'won'])[step] AS stage,
	timestamptz '2025-01-01 00:00:00+00' + (lead_id % 525600) * interval '1 minute' + step * interval '3 days' AS entered_at
FROM generate_series(1, 1500000) AS lead_id, generate_series(1, 6) AS step
WHERE lead_id % 64 < 64 >> (step - 1);
ANALYZE large_stage_event;
SET work_mem = '256MB';
\o
SELECT count(*) AS stage_events FROM large_stage_event \gset
SELECT clock_timestamp() AS started \gset
SELECT stage, leads, round(100 * step_rate::numeric, 1) AS "% of stage before", median
FROM (SELECT lead_kpi.funnel(lead_id, stage, entered_at, '{lead,mql,sal,sql,opportunity,won}') AS f FROM large_stage_event) AS s,
	lead_kpi.steps(f);
\pset tuples_only on
SELECT format('That was a funnel over %s stage events in %s seconds.', :stage_events,
	round(extract(epoch FROM clock_timestamp() - :'started'::timestamptz), 2));
