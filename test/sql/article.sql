-- The article's cases as data, and its numbers to the last digit.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
\getenv abs_srcdir PG_ABS_SRCDIR
\set load :abs_srcdir '/../examples/article/article.sql'
\set numbers :abs_srcdir '/../examples/article/numbers.sql'
\o /dev/null
\i :load
\o
\i :numbers

-- The same numbers without rounding, as an assertion: exact where they are exact.
SELECT
	(SELECT array_agg(leads ORDER BY stage_position) = '{500,180,70}' FROM article_ladder.funnel) AS ladder,
	(SELECT (transmitted, accepted, acceptance_rate) = (200, 120, 0.6) FROM article_acceptance.mql_acceptance) AS acceptance,
	(SELECT array_agg(leads ORDER BY stage_position) = '{1000,350,140,80,32}'
		AND array_agg(step_rate ORDER BY stage_position) = ARRAY[NULL, 350 / 1000.0, 140 / 350.0, 80 / 140.0, 32 / 80.0]::float8[]
		FROM article_chain.funnel) AS chain,
	(SELECT array_agg(revenue ORDER BY channel) = '{150000,360000}' FROM article_scenario.cpl_to_revenue) AS scenario,
	(SELECT array_agg(leads ORDER BY month) = '{60,48}' AND array_agg(total_rate ORDER BY month) = '{0.15,0.06}'
		FROM article_dilution.funnel_by_month WHERE stage = 'won') AS dilution,
	(SELECT array_agg(leads ORDER BY channel) = '{120,90}' AND array_agg(total_rate ORDER BY channel) = '{0.15,0.45}'
		FROM article_channel.funnel_by_channel WHERE stage = 'sql') AS channel,
	(SELECT array_agg(spend ORDER BY campaign) = '{10000,12000}' AND array_agg(cpl ORDER BY campaign) = '{20,80}'
		AND array_agg(round(cac, 2) ORDER BY campaign) = '{666.67,480.00}' FROM article_campaign.cpl_to_revenue) AS campaign,
	(SELECT array_agg(round(unit_cost, 2) ORDER BY campaign, stage_position) = '{20.00,666.67,80.00,480.00}'
		FROM article_campaign.unit_cost) AS unit_cost;

\o /dev/null
SELECT lead_kpi.drop_mart(m::name) FROM unnest('{article_ladder,article_acceptance,article_chain,article_scenario,article_dilution,article_channel,article_campaign}'::text[]) m;
\o
