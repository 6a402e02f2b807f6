-- kpi_day: facts that add up to what every other view says, whatever the data.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

-- What kpi_day and the other views do not agree on: nothing.
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	DROP TABLE IF EXISTS day;
	CREATE TEMP TABLE day AS SELECT * FROM kpi_day;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('key', 'SELECT day, channel, campaign, kind, owner, count(*) FROM day GROUP BY 1, 2, 3, 4, 5', 'SELECT day, channel, campaign, kind, owner, 1 FROM day'),
			('reasons', 'SELECT gross FROM day', 'SELECT counted + excluded_invalid + excluded_kind + excluded_test + excluded_bot + excluded_internal
				+ excluded_duplicate FROM day'),
			('lead_generated', 'SELECT day, kind, channel, campaign, sum(gross), sum(excluded_invalid), sum(excluded_kind), sum(excluded_test), sum(excluded_bot),
				sum(excluded_internal), sum(excluded_duplicate), sum(counted), week, month, quarter, fiscal_year FROM day
				GROUP BY 1, 2, 3, 4, week, month, quarter, fiscal_year HAVING sum(gross) > 0',
				'SELECT day, kind, channel, campaign, gross, excluded_invalid, excluded_kind, excluded_test, excluded_bot, excluded_internal, excluded_duplicate,
				counted, week, month, quarter, fiscal_year FROM lead_generated'),
			('funnel', 'SELECT l.role, CASE l.role WHEN ''mql'' THEN sum(mql) WHEN ''sal'' THEN sum(sal) WHEN ''sql'' THEN sum(sql)
				WHEN ''opportunity'' THEN sum(opportunities) WHEN ''won'' THEN sum(won) END FROM ladder l LEFT JOIN day ON true
				WHERE l.role <> ''lead'' AND l.stage_position > 1 GROUP BY l.role
				HAVING sum(leads) > 0',
				'SELECT l.role, f.leads FROM funnel f JOIN ladder l USING (stage_position) WHERE l.role <> ''lead'' AND l.stage_position > 1 AND f.entered_leads > 0'),
			('funnel, first stage', 'SELECT coalesce(sum(leads), 0) FROM day', 'SELECT leads FROM funnel WHERE stage_position = 1'),
			('funnel_by_campaign', 'SELECT channel, campaign, sum(leads) FROM day GROUP BY 1, 2 HAVING sum(leads) > 0',
				'SELECT channel, campaign, leads FROM funnel_by_campaign WHERE stage_position = 1 AND leads > 0'),
			('cpl_to_revenue', 'SELECT month, channel, campaign, sum(spend), coalesce(sum(leads), 0), sum(mql), sum(sal), sum(sql), sum(opportunities), sum(won),
				sum(deals_won), coalesce(sum(revenue), 0) FROM day WHERE counted > 0 OR leads > 0 OR mql > 0 OR sal > 0 OR sql > 0 OR opportunities > 0
				OR won > 0 OR spend IS NOT NULL GROUP BY 1, 2, 3',
				'SELECT month, channel, campaign, spend, leads, mql, sal, sql, opportunities, won, deals_won, coalesce(revenue, 0) FROM cpl_to_revenue
				WHERE leads > 0 OR mql > 0 OR sal > 0 OR sql > 0 OR opportunities > 0 OR won > 0 OR spend IS NOT NULL OR deals_won > 0'),
			('counted_spend', 'SELECT day, channel, sum(spend) FROM day GROUP BY 1, 2 HAVING sum(spend) IS NOT NULL',
				'SELECT spent_on, channel, sum(amount) FROM counted_spend GROUP BY 1, 2 HAVING sum(amount) IS NOT NULL'),
			('allocated_spend', 'SELECT month, channel, campaign, sum(spend) FROM day GROUP BY 1, 2, 3 HAVING sum(spend) IS NOT NULL',
				'SELECT month, channel, campaign, amount FROM allocated_spend WHERE amount IS NOT NULL'),
			('lead_outcome', 'SELECT month, channel, campaign, sum(counted), sum(lost), sum(open_leads), sum(deals_won), coalesce(sum(revenue), 0) FROM day
				GROUP BY 1, 2, 3 HAVING sum(counted) > 0',
				'SELECT month, channel, campaign, count(*), count(*) FILTER (WHERE lost_at <= observed_until AND won_at IS NULL),
				count(*) FILTER (WHERE won_at IS NULL AND (lost_at <= observed_until) IS NOT TRUE), sum(deals_won),
				coalesce(sum(revenue) FILTER (WHERE deals_won > 0), 0) FROM lead_outcome GROUP BY 1, 2, 3'),
			('owners', 'SELECT kind, owner, sum(counted), sum(deals_won), coalesce(sum(revenue), 0) FROM day GROUP BY 1, 2 HAVING sum(counted) > 0',
				'SELECT kind, owner, count(*), sum(deals_won), coalesce(sum(revenue) FILTER (WHERE deals_won > 0), 0)
				FROM counted_lead c JOIN lead_outcome o USING (lead_id) WHERE c.excluded_reason IS NULL GROUP BY 1, 2')
		) q(what, found, expected)
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM ((%2$s EXCEPT ALL %3$s) UNION ALL (%3$s EXCEPT ALL %2$s)) d HAVING count(*) > 0',
			item.what, '(' || item.found || ')', '(' || item.expected || ')');
	END LOOP;
	PERFORM set_config('search_path', 'public, lead_kpi', true);
END
$$;

--
-- Generated data, with owners, spend of channels only, and days that are not complete
--
SELECT create_mart('regress_day');
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT generate_example('regress_day', 1200);
UPDATE regress_day.lead SET owner = (ARRAY['Ada', 'Ben', NULL])[1 + lead_id % 3];
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT sum(gross) AS gross, sum(counted) AS counted, sum(won) AS won, sum(lost) AS lost, sum(open_leads) AS open_leads, sum(spend) AS spend FROM regress_day.kpi_day;
-- Money of channels, in amounts that no number of leads divides: credit notes, a day of nothing but unknown amounts, no day, an unknown channel.
UPDATE regress_day.spend SET campaign = NULL WHERE extract(day FROM spent_on)::int % 2 = 0;
INSERT INTO regress_day.spend VALUES ('2025-03-02', 'paid_search', NULL, -17.01), ('2025-03-03', 'paid_search', NULL, 0.001), ('2025-04-01', 'paid_social', NULL, NULL),
	('2025-05-01', 'email', NULL, -1000000), ('2025-06-30', 'nowhere', NULL, 3), (NULL, 'paid_search', NULL, 5), ('infinity', 'email', NULL, 1),
	('2025-07-01', NULL, NULL, 7), ('2025-07-02', NULL, 'newsletter', 8), ('2025-07-03', 'email', 'newsletter', 'NaN');
SELECT * FROM pg_temp.disagreements('regress_day');
UPDATE regress_day.rule SET channel_spend = 'keep';
SELECT * FROM pg_temp.disagreements('regress_day');
UPDATE regress_day.rule SET channel_spend = 'spread', fiscal_year_start = 4, time_zone = 'Asia/Tokyo', observed_until = '2025-09-01', duplicates = 'drop',
	counted_kinds = '{form,download,demo_request}';
SELECT * FROM pg_temp.disagreements('regress_day');
UPDATE regress_day.rule SET funnel_policy = 'ordered', funnel_within = '20 days', duplicate_key = 'none', test_pattern = NULL, observed_until = NULL;
SELECT * FROM pg_temp.disagreements('regress_day');
UPDATE regress_day.rule SET funnel_policy = 'any_order';
SELECT * FROM pg_temp.disagreements('regress_day');

--
-- Exits, stages that nobody writes down, and counts beside leads
--
INSERT INTO regress_day.stage VALUES (20, 'Closed Lost', 'lost');
INSERT INTO regress_day.stage_event SELECT lead_id, 'Closed Lost', created_at + interval '10 days' FROM regress_day.lead WHERE lead_id % 7 = 0;
INSERT INTO regress_day.volume VALUES ('2025-03-02', 'paid_search', NULL, 'lead', 100), ('2025-03-02', 'paid_search', NULL, 'mql', 30),
	('2025-03-02', 'paid_search', 'brand', 'lead', 11), ('2025-03-02', 'radio', NULL, 'won', 2), ('2025-05-01', 'email', NULL, 'lead', 0),
	('2025-05-01', NULL, 'x', 'lead', 5), (NULL, 'email', NULL, 'lead', 5), ('2025-05-01', 'email', NULL, 'who', 5), ('2025-05-01', 'email', NULL, 'lead', -5);
SELECT * FROM pg_temp.disagreements('regress_day');
UPDATE regress_day.rule SET funnel_policy = 'reached', funnel_within = NULL;
DELETE FROM regress_day.stage_event WHERE stage = 'sal';
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT count(sal) AS sal_known, sum(sql) > 0 AS sql_known FROM regress_day.kpi_day;
-- Won, and nobody knows for how much; won by a stage alone.
UPDATE regress_day.deal SET amount = NULL WHERE deal_id ~ '[02468]$';
INSERT INTO regress_day.stage_event SELECT lead_id, 'won', created_at + interval '3 days' FROM regress_day.lead WHERE lead_id % 11 = 0;
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT count(*) > 0 AS won_for_an_unknown_amount, bool_and(won > 0) AS only_then FROM regress_day.kpi_day WHERE revenue IS NULL;
-- A ladder that says nothing about roles.
UPDATE regress_day.stage SET role = NULL WHERE role <> 'lost';
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT count(mql) AS mql, count(won) AS won, sum(lost) > 0 AS lost, sum(leads) > 0 AS leads FROM regress_day.kpi_day;

--
-- Counts only, and nothing but what is wrong
--
SELECT drop_mart('regress_day'), create_mart('regress_day');
INSERT INTO regress_day.volume VALUES ('2025-03-02', 'ads', 'a', 'lead', 100), ('2025-03-02', 'ads', 'b', 'lead', 50), ('2025-03-09', 'ads', 'b', 'lead', 1),
	('2025-03-02', 'ads', 'a', 'mql', 10), ('2025-03-02', 'ads', 'a', 'won', 1);
INSERT INTO regress_day.spend VALUES ('2025-03-01', 'ads', NULL, 10), ('2025-03-31', 'ads', NULL, 10);
SELECT * FROM pg_temp.disagreements('regress_day');
-- 20 over 100 : 51 leads; each day and each campaign has its own to the cent.
SELECT day, channel, campaign, kind, owner, gross, leads, mql, won, revenue, spend FROM regress_day.kpi_day ORDER BY day, lower(campaign);
INSERT INTO regress_day.lead (lead_id, created_at, kind, channel, campaign, email, owner) VALUES
	(1, '2025-03-01 10:00', 'form', NULL, NULL, 'a@b.example', 'Ada'), (2, '2025-03-02 10:00', NULL, NULL, NULL, 'a@b.example', 'Ben'),
	(1, '2025-03-03 10:00', 'form', '', ' ', NULL, NULL), (NULL, '2025-03-01 10:00', 'form', NULL, NULL, NULL, NULL), (3, NULL, 'form', 'ads', 'a', NULL, 'Ada'),
	(4, '2025-03-02 10:00', NULL, 'ADS ', 'B', 'test@b.example', NULL), (5, 'infinity', NULL, NULL, NULL, NULL, NULL), (NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO regress_day.deal VALUES ('a', 1, '2025-03-02', '2025-03-05', true, -50), ('b', 2, '2025-03-02', '2025-03-06', true, NULL), ('c', 1, NULL, NULL, NULL, 5);
INSERT INTO regress_day.spend VALUES ('2025-03-01', NULL, NULL, -3);
SELECT * FROM pg_temp.disagreements('regress_day');
SELECT * FROM regress_day.kpi_day ORDER BY day, channel, lower(campaign), kind, owner;

SELECT drop_mart('regress_day');
