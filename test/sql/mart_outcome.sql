-- What became of each lead, in the mart: sums are those of the funnel and of cpl_to_revenue, under every policy.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_outcome');
SET search_path = regress_outcome, lead_kpi, public;

-- An empty mart.
SELECT observed_until FROM observation;
SELECT count(*) FROM lead_outcome;

SELECT generate_example('regress_outcome', 3000);
SELECT observed_until FROM observation;
SELECT channel, family FROM channel_family WHERE family <> 'inbound' ORDER BY channel;

CREATE FUNCTION pg_temp.reconcile() RETURNS TABLE (policy text, stages bigint, same_leads boolean, same_roles boolean, same_money boolean)
LANGUAGE sql AS $$
	SELECT (SELECT funnel_policy FROM rule), count(*),
		bool_and(leads = (SELECT count(*) FROM lead_outcome o WHERE o.stage_position >= f.stage_position)),
		bool_and(leads = (SELECT CASE f.stage WHEN 'mql' THEN count(mql_at) WHEN 'sal' THEN count(sal_at) WHEN 'sql' THEN count(sql_at)
			WHEN 'opportunity' THEN count(opportunity_at) WHEN 'won' THEN count(won_at) ELSE f.leads END FROM lead_outcome)),
		(SELECT (sum(deals_won), sum(revenue)) FROM lead_outcome) = (SELECT (sum(deals_won), sum(revenue)) FROM cpl_to_revenue)
	FROM funnel f
$$;
SELECT * FROM pg_temp.reconcile();
UPDATE rule SET funnel_policy = 'ordered', funnel_within = '60 days';
SELECT * FROM pg_temp.reconcile();
UPDATE rule SET funnel_policy = 'any_order', funnel_within = NULL;
SELECT * FROM pg_temp.reconcile();
UPDATE rule SET funnel_policy = 'reached';

-- Won, lost, open; a won deal without an amount; a lead whose deal is still open; the future is not observed.
SELECT count(*) FILTER (WHERE won_at IS NOT NULL AND lost_at IS NOT NULL) AS both,
	count(lost_at) = (SELECT count(DISTINCT d.lead_id) FROM counted_deal d WHERE d.excluded_reason IS NULL AND NOT d.is_won AND d.closed_at IS NOT NULL) AS lost,
	bool_and(won_at <= observed_until) AS observed, bool_and(month = date_trunc('month', created_at)::date) AS months
FROM lead_outcome;
TRUNCATE lead, stage_event, touch, spend, deal, channel_family;
INSERT INTO lead (lead_id, created_at, channel) VALUES (1, '2026-01-01', 'ads'), (2, '2026-01-02', ' ads '), (3, '2026-01-03', NULL), (4, '2026-01-04', 'fair'),
	(5, '2026-01-05', 'fair'), (6, '9999-01-01', 'fair'), (7, 'infinity', 'fair');
INSERT INTO deal VALUES ('a', 1, '2026-02-01', '2026-02-10', true, NULL), ('b', 1, '2026-02-02', '2026-02-11', false, 5), ('c', 2, '2026-02-03', NULL, false, 7),
	('d', 3, '2026-02-04', '2026-02-12', false, 9), ('e', 3, '2026-02-04', '2026-02-13', false, 9), ('f', 4, '2026-02-05', '2026-02-14', true, 100), ('g', 4, '2026-02-06', '2026-02-15', true, 20.5);
INSERT INTO channel_family VALUES ('ads', 'inbound');
SELECT lead_id, channel, family, stage_position AS position, stage, opportunity_at, won_at, lost_at, deals_won, revenue FROM lead_outcome ORDER BY lead_id;
SELECT observed_until FROM observation;
UPDATE rule SET observed_until = '2026-06-01 12:00';
SELECT observed_until FROM observation;
UPDATE rule SET observed_until = 'infinity';
INSERT INTO channel_family VALUES (' ads', 'inbound');

RESET search_path;
SELECT lead_kpi.drop_mart('regress_outcome');
