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
	FOREACH relation IN ARRAY ARRAY['lead', 'stage_event', 'touch', 'spend', 'deal']
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
TRUNCATE regress_again.lead, regress_again.stage_event, regress_again.touch, regress_again.spend, regress_again.deal;
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
SELECT sum(spend) = (SELECT sum(amount) FROM regress_example.spend) AS spend,
	sum(revenue) = (SELECT sum(amount) FROM regress_example.deal WHERE is_won) AS revenue,
	sum(leads) = (SELECT sum(counted) FROM regress_example.lead_generated) AS leads,
	sum(deals_won) = (SELECT count(*) FROM regress_example.deal WHERE is_won) AS deals
FROM regress_example.cpl_to_revenue;
SELECT check_name, severity, rows, amount FROM regress_example.data_quality WHERE rows > 0;

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
TRUNCATE regress_again.lead, regress_again.stage_event, regress_again.touch, regress_again.spend, regress_again.deal;
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
SELECT lead_kpi.drop_mart('regress_uuid');
SELECT lead_kpi.drop_mart('regress_text');
SELECT lead_kpi.drop_mart('regress_again');
SELECT lead_kpi.drop_mart('regress_example');
