-- generate_example: the same rows for the same seed, and totals that reconcile view by view.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
\set SHOW_CONTEXT never

SELECT lead_kpi.create_mart('regress_example');
SELECT lead_kpi.generate_example('regress_example', 3000);

-- Every row of every table, as one number each: these do not change with the server, its settings or the day.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET extra_float_digits = 1;
CREATE FUNCTION pg_temp.fingerprint(mart text) RETURNS TABLE (relation text, rows bigint, fingerprint text) LANGUAGE plpgsql AS $$
BEGIN
	FOREACH relation IN ARRAY ARRAY['lead', 'stage_event', 'touch', 'spend', 'deal', 'activity', 'deal_change', 'target']
	LOOP
		EXECUTE format('SELECT count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %I.%I t', mart, relation) INTO rows, fingerprint;
		RETURN NEXT;
	END LOOP;
END;
$$;
SELECT * FROM pg_temp.fingerprint('regress_example');

-- Other settings of the session, the same rows; another seed, other rows.
SELECT lead_kpi.create_mart('regress_again');
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German, DMY';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -5;
SELECT lead_kpi.generate_example('regress_again', 3000, 1);
SHOW TimeZone;
RESET extra_float_digits;
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT count(*) AS equal_relations
FROM pg_temp.fingerprint('regress_example') a JOIN pg_temp.fingerprint('regress_again') b USING (relation, rows, fingerprint);
TRUNCATE regress_again.lead, regress_again.stage_event, regress_again.touch, regress_again.spend, regress_again.deal, regress_again.activity,
	regress_again.deal_change, regress_again.target;
SELECT lead_kpi.generate_example('regress_again', 3000, 2);
SELECT count(*) AS equal_relations
FROM pg_temp.fingerprint('regress_example') a JOIN pg_temp.fingerprint('regress_again') b USING (relation, fingerprint);

-- Totals: what comes in is counted or excluded, what is counted is in every view.
SELECT
	(SELECT sum(gross) FROM regress_example.lead_generated) = (SELECT count(*) FROM regress_example.lead) AS gross,
	(SELECT sum(counted + excluded_invalid + excluded_kind + excluded_test + excluded_bot + excluded_internal + excluded_duplicate) = sum(gross)
		FROM regress_example.lead_generated) AS reasons,
	(SELECT sum(rows) FROM regress_example.data_quality WHERE check_name = 'leads_counted' OR check_name LIKE 'leads_excluded%')
		= (SELECT count(*) FROM regress_example.lead) AS leads,
	(SELECT sum(rows) FROM regress_example.data_quality WHERE check_name = 'events_used' OR check_name LIKE 'events_ignored%')
		= (SELECT count(*) FROM regress_example.stage_event) AS events,
	(SELECT sum(rows) FROM regress_example.data_quality WHERE check_name = 'deals_used' OR check_name LIKE 'deals_ignored%')
		= (SELECT count(*) FROM regress_example.deal) AS deals,
	(SELECT sum(rows) FROM regress_example.data_quality WHERE check_name = 'touches_used' OR check_name LIKE 'touches_ignored%')
		= (SELECT count(*) FROM regress_example.touch) AS touches;
SELECT f.stage, f.leads,
	f.leads = (SELECT sum(leads) FROM regress_example.funnel_by_channel c WHERE c.stage = f.stage) AS by_channel,
	f.leads = (SELECT sum(leads) FROM regress_example.funnel_by_campaign c WHERE c.stage = f.stage) AS by_campaign,
	f.leads = (SELECT sum(leads) FROM regress_example.funnel_by_month c WHERE c.stage = f.stage) AS by_month,
	f.leads = (SELECT sum(leads) FROM regress_example.unit_cost c WHERE c.stage = f.stage) AS by_unit_cost,
	f.leads = (SELECT sum(CASE f.stage WHEN 'lead' THEN leads WHEN 'mql' THEN mql WHEN 'sal' THEN sal WHEN 'sql' THEN sql
		WHEN 'opportunity' THEN opportunities ELSE won END) FROM regress_example.cpl_to_revenue) AS by_cohort,
	f.leads <= lag(f.leads, 1, f.leads) OVER (ORDER BY f.stage_position) AS not_more_than_before
FROM regress_example.funnel f;
-- The funnel against SQL that says the same the long way: the deepest stage of each lead.
WITH deepest AS
(
	SELECT c.lead_id, greatest(1,
		(SELECT max(l.stage_position) FROM regress_example.stage_event e JOIN regress_example.ladder l USING (stage) WHERE e.lead_id = c.lead_id),
		(SELECT max(CASE WHEN d.is_won THEN 6 ELSE 5 END) FROM regress_example.deal d WHERE d.lead_id = c.lead_id)) AS reached
	FROM regress_example.counted_lead c
	WHERE c.excluded_reason IS NULL
)
SELECT f.stage, f.leads - (SELECT count(*) FROM deepest WHERE reached >= f.stage_position) AS difference
FROM regress_example.funnel f;
-- Opportunities end as won, lost or open.
SELECT count(*) = count(*) FILTER (WHERE is_won) + count(*) FILTER (WHERE NOT is_won AND closed_at IS NOT NULL) + count(*) FILTER (WHERE closed_at IS NULL)
	AS won_lost_open, count(*) = (SELECT count(*) FROM regress_example.deal) AS all_deals
FROM regress_example.counted_deal WHERE excluded_reason IS NULL;
-- Money: all that was spent and all that was won by counted leads.
SELECT sum(spend) = (SELECT sum(amount / CASE currency WHEN 'SEK' THEN 10 ELSE 1 END) FROM regress_example.spend) AS spend,
	sum(revenue) = (SELECT sum(amount / CASE currency WHEN 'SEK' THEN 10 ELSE 1 END) FROM regress_example.deal WHERE is_won) AS revenue,
	sum(leads) = (SELECT sum(counted) FROM regress_example.lead_generated) AS leads,
	sum(deals_won) = (SELECT count(*) FROM regress_example.deal WHERE is_won) AS deals
FROM regress_example.cpl_to_revenue;
SELECT check_name, severity, rows, amount FROM regress_example.data_quality WHERE rows > 0;

-- The sales half: nothing after what was observed without it, nothing before its lead, and what nobody wrote means nothing.
SELECT max(activity_at) <= (SELECT observed_until FROM regress_example.observation) AS ends,
	(SELECT observed_until FROM regress_example.observation) = greatest((SELECT max(created_at) FROM regress_example.lead),
		(SELECT max(entered_at) FROM regress_example.stage_event), (SELECT max(touched_at) FROM regress_example.touch),
		(SELECT max(greatest(opened_at, closed_at)) FROM regress_example.deal)) AS as_before,
	bool_and(activity_at >= (SELECT created_at FROM regress_example.lead l WHERE l.lead_id = a.lead_id)) AS after_lead,
	bool_and((kind = 'newsletter') = (meaning = 'none')) AS meaning
FROM regress_example.activity a JOIN regress_example.lead_activity USING (lead_id, activity_at, kind);
SELECT kind, outcome, count(*), count(scheduled_for) AS scheduled, count(*) FILTER (WHERE scheduled_for >= '2026-01-01') AS to_come,
	bool_and(activity_at >= scheduled_for) AS was
FROM regress_example.activity GROUP BY kind, outcome ORDER BY kind, outcome;
-- Some are never tried; whoever was qualified was reached and met before, but for those whose history is dirty.
SELECT count(*) AS leads, count(*) - count(attempted_at) AS never_tried, count(contacted_at) AS reached, count(sql_at) AS qualified,
	count(*) FILTER (WHERE contacted_at <= sql_at) AS reached_before,
	count(*) FILTER (WHERE EXISTS (SELECT FROM regress_example.activity a WHERE a.lead_id = w.lead_id AND a.outcome = 'held' AND a.activity_at <= w.sql_at))
		AS met_before
FROM regress_example.lead_work w;
SELECT owner, count(*) AS leads, percentile_disc(0.5) WITHIN GROUP (ORDER BY attempted_at - created_at) AS median
FROM regress_example.lead_work GROUP BY owner ORDER BY owner;
SELECT round(count(*) FILTER (WHERE outcome = 'no show' AND activity_at < '2025-11-01')
	/ count(*) FILTER (WHERE outcome IN ('held', 'no show') AND activity_at < '2025-11-01')::numeric, 2) AS no_show,
	round(count(*) FILTER (WHERE outcome = 'no show' AND activity_at >= '2025-11-01')
	/ count(*) FILTER (WHERE outcome IN ('held', 'no show') AND activity_at >= '2025-11-01')::numeric, 2) AS of_late
FROM regress_example.activity;
-- The last change of a deal is what it is now; another currency is worth what the rate says.
SELECT count(*) AS changes, count(DISTINCT deal_id) AS deals,
	count(*) FILTER (WHERE changed_at = last_at AND amount IS NOT DISTINCT FROM now_amount AND expected_close IS NOT DISTINCT FROM now_close) AS as_now
FROM (SELECT c.*, max(changed_at) OVER (PARTITION BY deal_id) AS last_at, d.amount AS now_amount, d.expected_close AS now_close
	FROM regress_example.deal_change c JOIN regress_example.deal d USING (deal_id)) c;
SELECT c.currency, count(*), bool_and(d.amount = c.amount / CASE c.currency WHEN 'SEK' THEN 10 ELSE 1 END) AS worth
FROM regress_example.deal c JOIN regress_example.counted_deal d USING (deal_id, lead_id) GROUP BY c.currency ORDER BY c.currency;
SELECT count(*) FILTER (WHERE reason IS NOT NULL AND closed_at IS NULL) AS reason_of_open, count(*) FILTER (WHERE reason = '') AS blank,
	count(*) FILTER (WHERE expected_close < '2026-01-01' AND closed_at IS NULL) AS overdue, count(expected_close) AS expected, count(account) AS accounts
FROM regress_example.deal;
SELECT measure, channel, owner, count(*), min(starts_on), max(ends_on), sum(value) FROM regress_example.target GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT currency, cardinality(holidays) AS holidays, (SELECT string_agg(concat_ws(' ', r.*), ', ') FROM regress_example.currency_rate r) AS rates,
	(SELECT count(*) FROM regress_example.activity_meaning) AS meanings
FROM regress_example.rule;

-- Parallel and serial agree.
CREATE TABLE pg_temp.serial AS SELECT * FROM regress_example.cpl_to_revenue;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_indexscan = off;
SELECT count(*) AS rows, count(*) FILTER (WHERE s IS DISTINCT FROM p) AS different
FROM pg_temp.serial s FULL JOIN regress_example.cpl_to_revenue p
	ON (s.month, coalesce(s.channel, '-'), coalesce(s.campaign, '-')) = (p.month, coalesce(p.channel, '-'), coalesce(p.campaign, '-'));
RESET ALL;

-- Every lead key, any ladder; nothing for no leads.
SET client_min_messages = warning;
SELECT lead_kpi.create_mart('regress_uuid', lead_key => 'uuid');
SELECT lead_kpi.create_mart('regress_text', lead_key => 'text');
SELECT lead_kpi.generate_example('regress_uuid', 3000);
UPDATE regress_text.stage SET stage = 'étape ' || position;
SELECT lead_kpi.generate_example('regress_text', 3000);
SELECT bool_and(a.leads = b.leads) AS uuid_alike, bool_and(a.leads = c.leads) AS text_alike
FROM regress_example.funnel a JOIN regress_uuid.funnel b USING (stage_position) JOIN regress_text.funnel c USING (stage_position);
SELECT lead_id FROM regress_text.lead LIMIT 2;
SELECT count(*) FROM
(
	SELECT activity_at, kind, outcome, owner, scheduled_for FROM regress_example.activity
	EXCEPT ALL
	SELECT activity_at, kind, outcome, owner, scheduled_for FROM regress_text.activity
) different;
-- A ladder with an exit: who is refused leaves by it. What stands on the ladder is as it was.
SELECT lead_kpi.create_mart('regress_exit');
INSERT INTO regress_exit.stage VALUES (9, 'lost', 'lost');
SELECT lead_kpi.generate_example('regress_exit', 3000);
SELECT stage, reason, count(*) FROM regress_exit.stage_event WHERE reason IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS stages, count(*) FILTER (WHERE a.leads = b.leads) AS alike FROM regress_example.funnel a JOIN regress_exit.funnel b USING (stage_position);
SELECT lead_kpi.drop_mart('regress_exit');
TRUNCATE regress_again.lead, regress_again.stage_event, regress_again.touch, regress_again.spend, regress_again.deal, regress_again.activity,
	regress_again.deal_change, regress_again.target;
SELECT lead_kpi.generate_example('regress_again', 0);
SELECT count(*) FROM pg_temp.fingerprint('regress_again') WHERE rows > 0;
SELECT lead_kpi.generate_example('regress_again', 1);
SELECT count(*) FROM regress_again.lead;

-- Bad input
SELECT lead_kpi.generate_example('regress_again', 10);
SELECT lead_kpi.generate_example('regress_nowhere', 10);
SELECT lead_kpi.generate_example(NULL, 10);
SELECT lead_kpi.generate_example('regress_again', NULL);
SELECT lead_kpi.generate_example('regress_again', -1);
SELECT lead_kpi.create_mart('regress_mapped', lead => 'regress_example.lead', deal => 'regress_example.deal');
SELECT lead_kpi.generate_example('regress_mapped', 10);
SELECT lead_kpi.drop_mart('regress_mapped');
SELECT lead_kpi.create_mart('regress_mapped', activity => 'regress_example.activity', target => 'regress_example.target');
SELECT lead_kpi.generate_example('regress_mapped', 10);

SELECT lead_kpi.drop_mart('regress_mapped');
SELECT lead_kpi.drop_mart('regress_uuid');
SELECT lead_kpi.drop_mart('regress_text');
SELECT lead_kpi.drop_mart('regress_again');
SELECT lead_kpi.drop_mart('regress_example');
