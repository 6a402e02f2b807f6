-- Owners: what became of their leads and deals, held against the others, and what they have to work on.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

-- What the views and a plain reading of the layers below do not agree on: nothing.
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	DROP TABLE IF EXISTS counted, work, deals, performance, by_owner;
	CREATE TEMP TABLE counted AS SELECT * FROM owner_count;
	CREATE TEMP TABLE performance AS SELECT * FROM owner_performance;
	CREATE TEMP TABLE by_owner AS SELECT * FROM funnel_by_owner;
	CREATE TEMP TABLE work AS SELECT * FROM lead_work;
	CREATE TEMP TABLE deals AS SELECT d.*, coalesce(nullif(btrim(d.owner), ''), w.owner) AS holder,
			d.closed_at <= w.observed_until IS TRUE AS is_decided FROM counted_deal d JOIN work w USING (lead_id) WHERE d.excluded_reason IS NULL;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('key', 'SELECT month, owner, channel, campaign, count(*) FROM counted GROUP BY 1, 2, 3, 4', 'SELECT month, owner, channel, campaign, 1 FROM counted'),
			('leads', 'SELECT month, owner, channel, campaign, sum(leads), sum(answered), sum(contacted), sum(opportunities), sum(won), sum(lost), sum(open_leads)
				FROM counted GROUP BY 1, 2, 3, 4 HAVING sum(leads) > 0', 'SELECT month, owner, channel, campaign, count(*), count(attempted_at), count(contacted_at),
				count(opportunity_at), count(won_at), count(*) FILTER (WHERE won_at IS NULL AND lost_at <= observed_until),
				count(*) FILTER (WHERE won_at IS NULL AND (lost_at <= observed_until) IS NOT TRUE) FROM work GROUP BY 1, 2, 3, 4'),
			('ends', 'SELECT month, owner, sum(ended_leads) FROM counted GROUP BY 1, 2 HAVING sum(ended_leads) > 0', 'SELECT date_trunc(''month'', timezone((SELECT time_zone FROM rule),
				coalesce(won_at, CASE WHEN lost_at <= observed_until THEN lost_at END)))::date, owner, count(*)
				FROM work WHERE won_at IS NOT NULL OR lost_at <= observed_until GROUP BY 1, 2'),
			('ends add up', 'SELECT sum(ended_leads) FROM counted', 'SELECT sum(won + lost) FROM counted'),
			('deals', 'SELECT month, owner, channel, campaign, sum(deals_won), sum(revenue), sum(decided_deals), sum(decided_deals_won) FROM counted
				GROUP BY 1, 2, 3, 4 HAVING sum(decided_deals + deals_won) > 0', 'SELECT month, holder, channel, campaign, count(*) FILTER (WHERE is_won),
				sum(amount) FILTER (WHERE is_won), count(*) FILTER (WHERE is_decided), count(*) FILTER (WHERE is_decided AND is_won) FROM deals
				WHERE is_won OR is_decided GROUP BY 1, 2, 3, 4'),
			('open deals', 'SELECT sum(open_deals) FROM counted', 'SELECT count(*) FILTER (WHERE is_open) FROM forecast_deal'),
			('load', 'SELECT owner, sum(open_load) FROM counted GROUP BY owner HAVING sum(open_load) > 0', 'SELECT owner, count(*) FROM
				(SELECT holder AS owner FROM deals WHERE NOT is_decided AND coalesce(opened_at, ''-infinity'') <= (SELECT observed_until FROM observation)
				UNION ALL SELECT owner FROM work w WHERE won_at IS NULL AND (lost_at <= observed_until) IS NOT TRUE AND NOT EXISTS (SELECT FROM deals d
				WHERE d.lead_id = w.lead_id AND NOT d.is_decided AND coalesce(d.opened_at, ''-infinity'') <= w.observed_until)) l GROUP BY owner'),
			('cpl_to_revenue', 'SELECT month, channel, campaign, sum(leads), sum(won), sum(deals_won), coalesce(sum(revenue), 0) FROM counted GROUP BY 1, 2, 3
				HAVING sum(leads) > 0', 'SELECT month, channel, campaign, leads, won, deals_won, coalesce(revenue, 0) FROM cpl_to_revenue WHERE leads > 0'),
			('mql_acceptance', 'SELECT sum(transmitted), sum(accepted), sum(too_recent) FROM counted',
				'SELECT coalesce(transmitted, 0), coalesce(accepted, 0), coalesce(too_recent, 0) FROM mql_acceptance'),
			('funnel', 'SELECT stage_position, stage, sum(leads) FROM by_owner GROUP BY 1, 2',
				'SELECT stage_position, stage, leads FROM funnel WHERE entered_leads > 0'),
			('funnel per owner', 'SELECT owner, l.role, leads FROM by_owner b JOIN ladder l USING (stage_position) WHERE l.role IN (''mql'', ''sal'', ''sql'', ''won'')
				AND leads > 0', 'SELECT owner, r.role, count(*) FROM work CROSS JOIN LATERAL (VALUES (''mql'', mql_at), (''sal'', sal_at), (''sql'', sql_at), (''won'', won_at))
				r(role, at) WHERE r.at IS NOT NULL GROUP BY 1, 2'),
			('grains', 'SELECT leads, won, lost, open_leads, deals_won, decided_deals, open_load FROM performance WHERE grain = ''all''
				UNION ALL SELECT leads, won, lost, open_leads, deals_won, decided_deals, open_load FROM performance WHERE grain = ''all''
				UNION ALL SELECT leads, won, lost, open_leads, deals_won, decided_deals, open_load FROM performance WHERE grain = ''all''',
				'SELECT sum(leads)::bigint, sum(won)::bigint, sum(lost)::bigint, sum(open_leads)::bigint, sum(deals_won)::bigint, sum(decided_deals)::bigint,
				sum(open_load)::bigint FROM performance WHERE grain <> ''all'' GROUP BY grain'),
			('p-values', 'SELECT grain, month, owner, p_value FROM performance WHERE p_value IS NOT NULL', 'SELECT a.grain, a.month, a.owner, (compare(rate(a.decided_deals_won,
				a.decided_deals), rate(sum(b.decided_deals_won)::bigint, sum(b.decided_deals)::bigint))).p_value
				FROM performance a JOIN performance b ON b.grain = a.grain AND b.month IS NOT DISTINCT FROM a.month AND b.owner <> a.owner
				WHERE a.owner IS NOT NULL GROUP BY a.grain, a.month, a.owner, a.decided_deals_won, a.decided_deals
				HAVING (compare(rate(a.decided_deals_won, a.decided_deals), rate(sum(b.decided_deals_won)::bigint, sum(b.decided_deals)::bigint))).p_value IS NOT NULL'),
			-- Holm, as it is defined: the k-th smallest is times all but k - 1, and never below one before it.
			('adjusted', 'SELECT grain, month, owner, adjusted_p_value FROM performance WHERE adjusted_p_value IS NOT NULL', 'SELECT a.grain, a.month, a.owner,
				max(least(1, b.p_value * (SELECT count(*) FROM performance c WHERE c.grain = a.grain AND c.compared_owners IS NOT NULL
				AND (c.p_value, coalesce(c.month, ''-infinity''), c.owner COLLATE "C") >= (b.p_value, coalesce(b.month, ''-infinity''), b.owner COLLATE "C"))))
				FROM performance a JOIN performance b ON b.grain = a.grain AND b.compared_owners IS NOT NULL AND b.p_value <= a.p_value
				WHERE a.compared_owners IS NOT NULL GROUP BY a.grain, a.month, a.owner')
		) q(what, found, expected)
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM ((%2$s EXCEPT ALL %3$s) UNION ALL (%3$s EXCEPT ALL %2$s)) d HAVING count(*) > 0',
			item.what, '(' || item.found || ')', '(' || item.expected || ')');
	END LOOP;
	PERFORM set_config('search_path', 'public, lead_kpi', true);
END
$$;

--
-- By hand
--
SELECT create_mart('regress_owner');
SELECT count(*) AS rows FROM regress_owner.owner_performance;
INSERT INTO regress_owner.stage VALUES (20, 'Closed Lost', 'lost');
INSERT INTO regress_owner.activity_meaning SELECT 'call', '', 'attempt' WHERE NOT EXISTS (SELECT FROM regress_owner.activity_meaning WHERE kind = 'call');
UPDATE regress_owner.rule SET observed_until = '2025-06-30 12:00';
INSERT INTO regress_owner.lead (lead_id, created_at, channel, owner) VALUES
	(1, '2025-01-05', 'ads', 'Ada'), (2, '2025-01-06', 'ads', ' Ada '), (3, '2025-02-07', 'ads', 'Ada'), (4, '2025-02-08', 'ads', 'Ben'),
	(5, '2025-02-09', 'web', 'Ben'), (6, '2025-02-10', NULL, NULL), (7, '2025-02-11', NULL, ' ');
INSERT INTO regress_owner.stage_event (lead_id, stage, entered_at) VALUES
	(1, 'mql', '2025-01-10'), (1, 'sal', '2025-01-12'), (2, 'mql', '2025-01-11'), (2, 'Closed Lost', '2025-04-02'), (3, 'mql', '2025-02-10'),
	(4, 'mql', '2025-02-10'), (4, 'sal', '2025-02-12'),
	-- Two days are what answers take: this one may still be accepted.
	(5, 'mql', '2025-06-29');
INSERT INTO regress_owner.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner) VALUES
	('a', 1, '2025-02-01', '2025-03-15', true, 1000, NULL), ('b', 3, '2025-03-01', NULL, NULL, 500, 'Cleo'), ('c', 4, '2025-03-01', '2025-05-20', false, 300, '');
INSERT INTO regress_owner.activity (lead_id, activity_at, kind, owner) VALUES (6, '2025-02-10 09:00', 'call', 'Dan'), (1, '2025-01-05 09:00', 'call', 'Dan');
CREATE TEMP TABLE hand AS SELECT * FROM regress_owner.owner_performance;
-- Ada: lead 3 is Cleo's deal, so nothing is open; ended since March: deal a and lead 2. Ben: lead 5 is open, deal c ended: three months of work.
-- Lead 6 is whose first call it was.
SELECT owner, leads, answered, transmitted, accepted, too_recent, opportunities, won, lost, open_leads, deals_won, revenue, decided_deals, open_deals, open_load,
	ended_lately, load_months FROM hand WHERE grain IN ('all', 'owner');
SELECT grain, month, owner, leads, transmitted, accepted, acceptance_rate, decided_deals, win_rate, ended_lately, quarter FROM hand WHERE grain LIKE 'month%';
SELECT owner, stage, leads, previous_leads FROM regress_owner.funnel_by_owner WHERE stage_position IN (1, 2, 3, 6);
-- Won by a stage alone: for how much, nobody knows. Closed after observed_until: revenue, and not decided yet.
INSERT INTO regress_owner.stage_event (lead_id, stage, entered_at) VALUES (6, 'won', '2025-06-01');
UPDATE regress_owner.deal SET closed_at = '2025-07-02', is_won = true, amount = 70 WHERE deal_id = 'b';
SELECT owner, won, deals_won, revenue, decided_deals, open_deals, open_load FROM regress_owner.owner_performance WHERE grain = 'owner' AND owner IN ('Cleo', 'Dan');
-- Nobody writes down what was tried; and a ladder that knows neither hand-off nor sale.
DELETE FROM regress_owner.activity;
UPDATE regress_owner.stage SET role = NULL WHERE role IN ('mql', 'opportunity', 'won');
SELECT grain, answered, contacted, transmitted, accepted, acceptance_rate, too_recent, opportunities, won FROM regress_owner.owner_performance WHERE grain = 'all';
SELECT drop_mart('regress_owner');

--
-- The worst of ten is no news
--
SELECT create_mart('regress_owner');
-- Ten owners win 12 to 26 of 50; the eleventh has 5 deals, all lost; one deal in two of nobody is lost.
INSERT INTO regress_owner.lead (lead_id, created_at, owner)
	SELECT o * 100 + d, '2025-01-01'::timestamptz + o * interval '1 day' + d * interval '1 hour', CASE WHEN o < 12 THEN chr(64 + o) END
	FROM generate_series(1, 12) o, generate_series(1, 50) d WHERE o <> 11 OR d <= 5;
INSERT INTO regress_owner.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
	SELECT lead_id::text, lead_id, created_at, created_at + interval '10 days', lead_id % 100 <= (ARRAY[12, 18, 19, 20, 20, 20, 21, 21, 22, 26, 0, 25])[lead_id / 100], 100
	FROM regress_owner.lead;
DROP TABLE hand;
CREATE TEMP TABLE hand AS SELECT * FROM regress_owner.owner_performance;
-- 12 of 50 against 187 of 455: p = 0.02 alone, and none of ten.
SELECT owner, decided_deals AS decided, decided_deals_won AS won, round(win_rate_of_others::numeric, 4) AS others, round(difference::numeric, 4) AS difference,
	round(p_value::numeric, 4) AS p_value, round(adjusted_p_value::numeric, 4) AS adjusted, compared_owners AS compared, verdict, message
	FROM hand WHERE grain = 'owner';
-- Chi-square of the eleven, by hand.
SELECT round(team_p_value::numeric, 4) AS team_p_value, verdict, message,
	(SELECT round(sum((won - decided * pooled) ^ 2 / (decided * pooled * (1 - pooled)))::numeric, 4) FROM (SELECT decided_deals_won AS won, decided_deals AS decided,
	sum(decided_deals_won) OVER () / sum(decided_deals) OVER () AS pooled FROM hand WHERE grain = 'owner' AND owner IS NOT NULL) o) AS chi_square
	FROM hand WHERE grain = 'all';
-- One who is really better, and one who is worse; in French.
UPDATE regress_owner.deal SET is_won = lead_id % 100 <= CASE lead_id / 100 WHEN 1 THEN 3 ELSE 42 END WHERE lead_id / 100 IN (1, 10);
UPDATE regress_owner.rule SET language = 'fr';
SELECT grain, owner, round(adjusted_p_value::numeric, 7) AS adjusted, verdict, message FROM regress_owner.owner_performance
	WHERE grain = 'all' OR grain = 'owner' AND owner IN ('A', 'B', 'J', 'K');
SELECT mart_owner_message(verdict, 50, 0.84, difference, 0.0123, 10, language) AS message FROM (VALUES ('the owners differ', NULL), ('not yet certain', NULL),
	('above the team', 0.48), ('below the team', -0.48), ('not yet certain', -0.48)) v(verdict, difference) CROSS JOIN (VALUES ('en'), ('fr')) l(language);
SELECT * FROM pg_temp.disagreements('regress_owner');
-- All won: nothing differs. One owner: there are no others.
UPDATE regress_owner.deal SET is_won = true;
SELECT verdict, message, count(*) FROM regress_owner.owner_performance WHERE grain IN ('all', 'owner') GROUP BY 1, 2 ORDER BY 2;
UPDATE regress_owner.lead SET owner = 'A';
SELECT grain, owner, win_rate, win_rate_of_others, difference, team_p_value, verdict FROM regress_owner.owner_performance WHERE grain IN ('all', 'owner');
SELECT drop_mart('regress_owner');

--
-- Generated data
--
SELECT create_mart('regress_owner');
SELECT generate_example('regress_owner', 800);
UPDATE regress_owner.lead SET owner = (ARRAY['Ada', 'Ben', 'Cleo', NULL, ' '])[1 + lead_id % 5];
UPDATE regress_owner.deal SET owner = 'Dan' WHERE lead_id % 3 = 0;
SELECT * FROM pg_temp.disagreements('regress_owner');
-- Counts beside leads are nobody's; dirty amounts and times; huge numbers.
INSERT INTO regress_owner.volume VALUES ('2025-03-02', 'paid_search', NULL, 'lead', 100), ('2025-03-02', 'paid_search', NULL, 'mql', 30);
SELECT sum(leads) AS leads, (SELECT leads FROM regress_owner.funnel WHERE stage_position = 1) AS funnel, count(*) FILTER (WHERE owner IS NULL) AS of_nobody
	FROM regress_owner.funnel_by_owner WHERE stage_position = 1;
DELETE FROM regress_owner.volume;
INSERT INTO regress_owner.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner) VALUES ('x', 1, 'infinity', '-infinity', true, 'NaN', 'Eve'),
	('y', 2, NULL, '2025-05-01', true, 1e300, 'Eve'), ('z', 3, '2025-05-01', NULL, false, -1e300, 'Eve'), ('w', 4, NULL, NULL, NULL, NULL, 'Eve'),
	(NULL, 5, '2025-01-01', '2025-02-01', true, 'Infinity', 'Eve');
UPDATE regress_owner.rule SET time_zone = 'Asia/Tokyo', fiscal_year_start = 4, observed_until = '2025-06-01', duplicates = 'drop',
	funnel_policy = 'ordered', transmitted_role = 'sal', accepted_role = 'sql';
SELECT * FROM pg_temp.disagreements('regress_owner');

-- Without its rule a mart says nothing.
ALTER TABLE regress_owner.rule DISABLE TRIGGER ALL;
DELETE FROM regress_owner.rule;
SELECT v.view, pg_temp.failure(format('SELECT * FROM regress_owner.%I', v.view)) AS failure
	FROM (VALUES ('owner_count'), ('owner_by_grain'), ('owner_performance'), ('funnel_by_owner')) v(view);
SELECT drop_mart('regress_owner');
