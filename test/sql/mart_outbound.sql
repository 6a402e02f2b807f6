-- The outbound chain: meetings that were moved, held, missed or never told; rates per attempt and per prospect; persistence.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

-- What the views of the chain and others do not agree on: nothing.
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	ANALYZE lead, stage_event, deal, activity, spend;
	DROP TABLE IF EXISTS met, due, chain, work, cell, persistence, cost, done, week;
	CREATE TEMP TABLE met AS SELECT * FROM lead_meeting;
	CREATE TEMP TABLE due AS SELECT * FROM meeting_count;
	CREATE TEMP TABLE chain AS SELECT * FROM outbound_chain_by_grain;
	CREATE TEMP TABLE work AS SELECT * FROM lead_work;
	CREATE TEMP TABLE cell AS SELECT * FROM outbound_count;
	CREATE TEMP TABLE persistence AS SELECT * FROM attempts;
	CREATE TEMP TABLE week AS SELECT * FROM outbound_week;
	CREATE TEMP TABLE cost AS SELECT month, channel, campaign, leads, opportunities, won, deals_won, revenue, spend FROM cpl_to_revenue;
	CREATE TEMP TABLE done AS SELECT a.*, o.observed_until FROM lead_activity a, observation o;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('meetings end once', 'SELECT lead_id, meeting, count(*) FROM met GROUP BY 1, 2', 'SELECT lead_id, row_number() OVER (PARTITION BY lead_id
				ORDER BY meeting), 1 FROM met'),
			('status', 'SELECT status, ended_at IS NULL, scheduled_for > observed_until FROM met, (SELECT DISTINCT observed_until FROM done) o
				WHERE status IN (''held'', ''no_show'')',
				'SELECT status, false, CASE WHEN scheduled_for IS NOT NULL THEN false END FROM met WHERE status IN (''held'', ''no_show'')'),
			('meetings conserve', 'SELECT grain, month, channel, campaign, owner, meetings FROM chain',
				'SELECT grain, month, channel, campaign, owner, held + no_show + cancelled + upcoming + untold FROM chain'),
			('key', 'SELECT grain, month, channel, campaign, owner, count(*) FROM chain GROUP BY 1, 2, 3, 4, 5',
				'SELECT grain, month, channel, campaign, owner, 1 FROM chain'),
			('meetings', 'SELECT month, channel, campaign, sum(meetings), sum(held), sum(no_show), sum(cancelled), sum(upcoming), sum(untold), sum(moved),
				sum(booked_prospects), sum(held_prospects) FROM cell GROUP BY 1, 2, 3 HAVING sum(meetings) > 0',
				'SELECT month, channel, campaign, count(*), sum((status = ''held'')::int), sum((status = ''no_show'')::int), sum((status = ''cancelled'')::int),
				sum((status = ''upcoming'')::int), sum((status = ''untold'')::int), sum((moves > 0)::int), count(DISTINCT lead_id),
				count(DISTINCT CASE WHEN status = ''held'' THEN lead_id END) FROM met GROUP BY 1, 2, 3'),
			('meeting_count', 'SELECT due_month, owner, channel, campaign, meetings, held, no_show, cancelled, upcoming, untold FROM due',
				'SELECT date_trunc(''month'', timezone((SELECT time_zone FROM rule), coalesce(scheduled_for, ended_at, booked_at)))::date, owner, channel, campaign,
				count(*), sum((status = ''held'')::int), sum((status = ''no_show'')::int), sum((status = ''cancelled'')::int),
				sum((status = ''upcoming'')::int), sum((status = ''untold'')::int) FROM met GROUP BY 1, 2, 3, 4'),
			('meetings due', 'SELECT coalesce(sum(meetings), 0), coalesce(sum(held), 0), coalesce(sum(no_show), 0), coalesce(sum(moved), 0) FROM due',
				'SELECT coalesce(sum(meetings), 0), coalesce(sum(held), 0), coalesce(sum(no_show), 0), coalesce(sum(moved), 0) FROM cell'),
			('weeks', 'SELECT coalesce(sum(attempts), 0), coalesce(sum(contacts), 0), coalesce(sum(meetings_due), 0), coalesce(sum(held), 0) FROM week
				HAVING count(*) > 0',
				'SELECT attempts, contacts, meetings, held FROM chain WHERE grain = ''all'''),
			('weeks booked', 'SELECT week, owner, meetings_booked FROM week WHERE meetings_booked > 0', 'SELECT
				date_trunc(''week'', timezone((SELECT time_zone FROM rule), booked_at))::date, owner, count(*) FROM met WHERE booked_at IS NOT NULL
				AND coalesce(channel, '''') IN (SELECT coalesce(channel, '''') FROM cell WHERE is_outbound) GROUP BY 1, 2'),
			('prospects', 'SELECT month, channel, campaign, owner, prospects, tried, reached, attempts, contacts, attempts_squared, attempts_contacts
				FROM cell WHERE prospects > 0', 'SELECT month, channel, campaign, owner, count(*), count(attempted_at), count(contacted_at), sum(attempts),
				sum(contacts), sum(attempts ^ 2), sum(attempts * contacts) FROM work GROUP BY 1, 2, 3, 4'),
			('cpl_to_revenue', 'SELECT month, channel, campaign, sum(prospects), sum(opportunities), sum(won), sum(deals_won), coalesce(sum(revenue), 0), sum(spend)
				FROM cell GROUP BY 1, 2, 3', 'SELECT month, channel, campaign, leads, opportunities, won, deals_won, coalesce(revenue, 0), spend
				FROM cost'),
			('sums', 'SELECT sum(prospects), sum(attempts), sum(contacts), sum(meetings), sum(held), sum(opportunities), sum(won), coalesce(sum(revenue), 0)
				FROM chain WHERE grain <> ''channel'' OR is_outbound GROUP BY grain',
				'SELECT a.* FROM (SELECT sum(prospects), sum(attempts), sum(contacts), sum(meetings), sum(held), sum(opportunities), sum(won), coalesce(sum(revenue), 0)
				FROM cell WHERE is_outbound HAVING count(*) > 0) a, (SELECT DISTINCT grain FROM chain WHERE grain <> ''channel'' OR is_outbound) g'),
			('spend', 'SELECT sum(spend) FROM chain WHERE grain IN (''channel'', ''campaign'', ''month'') AND is_outbound GROUP BY grain',
				'SELECT a.* FROM (SELECT spend FROM chain WHERE grain = ''all'') a, generate_series(1, 3)'),
			('attempts', 'SELECT count(*), sum(tried), sum(contacts) FROM persistence', 'SELECT count(*), sum(n), sum(c) FROM
				(SELECT number, count(*) AS n, sum(is_contact::int) AS c FROM (SELECT is_contact, row_number() OVER (PARTITION BY lead_id ORDER BY activity_at)
				AS number FROM done WHERE is_attempt AND activity_at BETWEEN created_at AND observed_until AND
				coalesce(channel, '''') IN (SELECT coalesce(channel, '''') FROM cell WHERE is_outbound)) a WHERE number <= 20 GROUP BY number) b'),
			('bounds', 'SELECT grain, contacts_per_attempt, hold_rate, held_per_attempt, reached_per_prospect FROM chain',
				'SELECT grain, CASE WHEN contacts_per_attempt BETWEEN contacts_per_attempt_low AND contacts_per_attempt_high THEN contacts_per_attempt END,
				CASE WHEN hold_rate BETWEEN hold_rate_low AND hold_rate_high THEN hold_rate END,
				CASE WHEN held_per_attempt BETWEEN held_per_attempt_low AND held_per_attempt_high THEN held_per_attempt END,
				CASE WHEN reached_per_prospect BETWEEN reached_per_prospect_low AND reached_per_prospect_high THEN reached_per_prospect END FROM chain')
		) q(what, found, expected)
	LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM ((%2$s EXCEPT ALL %3$s) UNION ALL (%3$s EXCEPT ALL %2$s)) d HAVING count(*) > 0',
			item.what, '(' || item.found || ')', '(' || item.expected || ')');
	END LOOP;
	PERFORM set_config('search_path', 'public, lead_kpi', true);
END
$$;

--
-- Meetings, one lead for each case
--
SELECT create_mart('regress_outbound');
DELETE FROM regress_outbound.activity_meaning;
INSERT INTO regress_outbound.activity_meaning VALUES ('call', '', 'attempt'), ('call', 'reached', 'contact'), ('meeting', 'booked', 'meeting_booked'),
	('meeting', 'moved', 'moved'), ('meeting', 'held', 'meeting_held'), ('meeting', 'no show', 'no_show'), ('meeting', 'cancelled', 'cancelled');
UPDATE regress_outbound.rule SET observed_until = '2025-03-01';
INSERT INTO regress_outbound.lead (lead_id, created_at, channel, campaign, email, owner)
SELECT n, '2025-01-06 09:00', 'phone', 'list ' || 1 + n % 2, n || '@a.example', (ARRAY['Ada', 'Ben', NULL])[1 + n % 3] FROM generate_series(1, 20) n;
-- In the order written down, which is not that of time.
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome, owner, scheduled_for) VALUES
	-- 1: booked, moved twice, held: one meeting.
	(1, '2025-01-22 11:00', 'meeting', 'held', 'Eve', NULL), (1, '2025-01-08 10:05', 'meeting', 'booked', 'Ada', '2025-01-15 10:00'),
	(1, '2025-01-14 10:00', 'meeting', 'moved', 'Ada', '2025-01-16 10:00'), (1, '2025-01-15 10:00', 'meeting', 'moved', 'Ada', '2025-01-22 10:00'),
	-- 2: held and missed, never booked: two of its own, whose booking nobody knows.
	(2, '2025-01-08', 'meeting', 'held', 'Ben', NULL), (2, '2025-01-09', 'meeting', 'no show', 'Ben', '2025-01-09'),
	-- 3: two at once, each told.
	(3, '2025-01-08 10:00', 'meeting', 'booked', 'Ada', '2025-01-14 10:00'), (3, '2025-01-08 10:10', 'meeting', 'booked', 'Ada', '2025-01-16 10:00'),
	(3, '2025-01-14 11:00', 'meeting', 'no show', 'Ada', NULL), (3, '2025-01-16 09:55', 'meeting', 'held', 'Ada', NULL),
	-- 4: to come, and marked as held: not yet.
	(4, '2025-02-27', 'meeting', 'booked', 'Ben', '2025-03-10'), (4, '2025-02-28', 'meeting', 'held', 'Ben', NULL),
	-- 5: the time has come, and nothing was written.
	(5, '2025-02-01', 'meeting', 'booked', 'Ben', '2025-02-10'),
	-- 6: booked twice for the same time, cancelled, and a move after it: a new one.
	(6, '2025-02-01', 'meeting', 'booked', NULL, '2025-02-10'), (6, '2025-02-01', 'meeting', 'booked', 'Ada', '2025-02-10'),
	(6, '2025-02-05', 'meeting', 'cancelled', NULL, NULL), (6, '2025-02-06', 'meeting', 'moved', 'Ada', '2025-02-20'),
	-- 7: booked for no time at all.
	(7, '2025-02-01', 'meeting', 'booked', 'Ben', NULL),
	-- 8: days without hours: missed and booked anew on the same day; the last word about the second is held.
	(8, '2025-02-01', 'meeting', 'booked', 'Ben', 'infinity'), (8, '2025-02-02', 'meeting', 'moved', 'Ben', '2025-02-03'),
	(8, '2025-02-03', 'meeting', 'no show', 'Ben', NULL), (8, '2025-02-03', 'meeting', 'booked', 'Ben', '2025-02-09'),
	(8, '2025-02-09', 'meeting', 'no show', 'Ben', NULL), (8, '2025-02-10', 'meeting', 'held', 'Ben', '2025-02-09'),
	-- 9: held after observed_until does not count.
	(9, '2025-02-27', 'meeting', 'booked', 'Ben', '2025-03-10'), (9, '2025-03-10', 'meeting', 'held', 'Ben', '2025-03-10'),
	-- 10: a typing error; 11: before there was a lead; 12: moved to an unknown time, then booked for one; 13: moved on the day it was booked.
	(10, '2025-02-01', 'meeting', 'booked', 'Ben', '4000-01-01'), (11, '2025-01-01', 'meeting', 'booked', 'Ben', '2025-01-02'),
	(12, '2025-01-10', 'meeting', 'booked', 'Ada', '2025-01-12'), (12, '2025-01-11', 'meeting', 'moved', 'Ada', NULL),
	(12, '2025-01-13', 'meeting', 'booked', 'Ada', '2025-01-20 10:00'), (12, '2025-01-20 10:00', 'meeting', 'held', 'Ada', NULL),
	(13, '2025-01-10', 'meeting', 'moved', 'Ada', '2025-01-21'), (13, '2025-01-10', 'meeting', 'booked', 'Ada', '2025-01-20'),
	(13, '2025-01-21', 'meeting', 'cancelled', 'Ada', NULL),
	-- 14: nothing but a move; 15: written twice; 16: held sooner than planned.
	(14, '2025-01-10', 'meeting', 'moved', 'Ada', '2025-01-21'),
	(15, '2025-01-10', 'meeting', 'booked', 'Ada', '2025-01-21'), (15, '2025-01-10', 'meeting', 'booked', 'Ada', '2025-01-21'),
	(15, '2025-01-21', 'meeting', 'held', 'Ada', NULL), (15, '2025-01-21', 'meeting', 'held', 'Ada', NULL),
	(16, '2025-01-10', 'meeting', 'booked', 'Ada', '2025-02-21'), (16, '2025-01-12', 'meeting', 'held', 'Ada', '2025-01-12');
SELECT lead_id, meeting AS n, booked_at, scheduled_for, moves, ended_at, status, owner, due_month FROM regress_outbound.lead_meeting ORDER BY lead_id, meeting;
SELECT * FROM pg_temp.disagreements('regress_outbound');
SELECT * FROM regress_outbound.meetings_by_month;
SELECT * FROM regress_outbound.meetings_by_owner;
-- The same a day later, and when all time has passed.
UPDATE regress_outbound.rule SET observed_until = '2025-03-10';
SELECT lead_id, ended_at, status FROM regress_outbound.lead_meeting WHERE lead_id IN (4, 9) ORDER BY lead_id;
-- Of very many meetings the last hundred are looked at; each has its own end all the same.
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome, scheduled_for)
SELECT 20, '2025-01-10'::timestamptz + n * interval '1 hour', 'meeting', o, '2025-01-10 00:30'::timestamptz + n * interval '1 hour'
FROM generate_series(1, 300) n, unnest('{booked,held}'::text[]) o;
SELECT status, count(*), count(booked_at) AS booked FROM regress_outbound.lead_meeting WHERE lead_id = 20 GROUP BY status;

--
-- The chain, by hand
--
TRUNCATE regress_outbound.activity, regress_outbound.lead;
UPDATE regress_outbound.rule SET observed_until = '2025-03-01';
INSERT INTO regress_outbound.lead (lead_id, created_at, channel, campaign, email, owner)
SELECT n, '2025-01-06 09:00', CASE WHEN n <= 20 THEN 'phone' ELSE 'web' END, NULL, n || '@a.example', (ARRAY['Ada', 'Ben'])[1 + n % 2] FROM generate_series(1, 24) n;
-- 1 to 12 are tried twice, 13 to 15 four times, 16 to 20 not; 1 to 4 answer the second call and book, 13 answers the first, the third and the fourth.
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome, owner)
SELECT n, '2025-01-07 09:00'::timestamptz + k * interval '1 day', 'call', CASE WHEN n <= 4 AND k = 2 OR n = 13 AND k <> 2 THEN 'reached' END, 'Ada'
FROM generate_series(1, 15) n, generate_series(1, 4) k WHERE k <= 2 OR n > 12;
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome, owner, scheduled_for)
SELECT n, '2025-01-09 09:10', 'meeting', 'booked', 'Ada', '2025-01-20' FROM generate_series(1, 4) n;
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome) VALUES (1, '2025-01-20', 'meeting', 'held'), (2, '2025-01-20', 'meeting', 'held'),
	(3, '2025-01-20', 'meeting', 'no show');
INSERT INTO regress_outbound.stage_event SELECT n, 'opportunity', '2025-01-25' FROM generate_series(2, 3) n;
INSERT INTO regress_outbound.deal VALUES ('a', 2, '2025-01-25', '2025-02-10', true, 5000);
INSERT INTO regress_outbound.spend VALUES ('2025-01-10', 'phone', NULL, 600), ('2025-01-10', 'web', NULL, 50);
-- 36 attempts at 15 of 20, 7 contacts with 5; of 4 meetings two were held, one was not, and one is untold.
SELECT prospects, tried, attempts, attempts_per_prospect, reached, reached_per_prospect, contacts, contacts_per_attempt, meetings, held, no_show, untold,
	hold_rate, attempts_per_held_meeting, opportunities, opportunities_per_held, won, won_per_held, revenue, spend, cost_per_held_meeting, cost_per_opportunity
FROM regress_outbound.outbound_chain \gx
-- Wilson's of 5 in 20. The attempts come in 15 clusters: p = 7 / 36, squares of contacts 4 + 9 = 13, of attempts 12 * 4 + 3 * 16 = 96, products
-- 4 * 2 + 3 * 4 = 20. 15 / 14 * (13 - 2 p 20 + p p 96) = 9.4841 is 1.6819 times the 36 p (1 - p) of attempts that do not, so that 36 tell as much as 21.4.
-- 7 * 7 / 13 = 3.769 clusters of one size have as many contacts: z is stretched by 1 + (z z + 1) / (4 * 3.769) = 1.3211.
SELECT round(reached_per_prospect_low::numeric, 6) AS reached_low, round(reached_per_prospect_high::numeric, 6) AS reached_high,
	round(contacts_per_attempt_low::numeric, 6) AS low, round(contacts_per_attempt_high::numeric, 6) AS high,
	round(low(rate(7, 36))::numeric, 6) AS wilson_low, round(high(rate(7, 36))::numeric, 6) AS wilson_high
FROM regress_outbound.outbound_chain;
WITH by_hand AS (SELECT 7 / 36.0::float8 AS p,
	36 / (15 / 14.0 * (13 - 2 * 7 / 36.0 * 20 + 49 / 1296.0 * 96) / (7 * 29 / 36.0))::float8 AS n,
	(1.959963984540054 * (1 + 4.841458820694124 / (4 * 49 / 13.0::float8))) ^ 2 AS zz)
SELECT round(((p + zz / 2 / n - sqrt(zz * (p * (1 - p) / n + zz / 4 / n / n))) / (1 + zz / n))::numeric, 6) AS low,
	round(((p + zz / 2 / n + sqrt(zz * (p * (1 - p) / n + zz / 4 / n / n))) / (1 + zz / n))::numeric, 6) AS high FROM by_hand;
SELECT channel, is_outbound, prospects, tried, meetings, spend FROM regress_outbound.outbound_chain_by_channel;
SELECT owner, prospects, attempts, contacts, held, won FROM regress_outbound.outbound_chain_by_owner;
-- Calls of Wednesday to Saturday, all by Ada; the meetings are of Monday the 20th.
SELECT week, owner, attempts, tried, reached, contacts, round(contacts_per_attempt_low::numeric, 4) AS low, meetings_booked, meetings_due, held, no_show, untold
FROM regress_outbound.outbound_week;
-- The first calls reach 1 of 15; the second ones 4 of the 14 others, and one that was reached before does not answer; the third none of the two that are left.
SELECT attempt, tried, contacts, bookings, not_reached_before, first_contacts, round(chance_of_contact::numeric, 6) AS chance_of_contact,
	round(reached_by::numeric, 6) AS reached_by, first_bookings, round(booked_by::numeric, 6) AS booked_by, given_up
FROM regress_outbound.attempts;
-- 1 - 14 / 15 * 10 / 14 = 1 / 3.
SELECT attempt, round(reached_by::numeric, 6) AS reached_by, reached_by_low < reached_by AND reached_by < reached_by_high AS is_between FROM regress_outbound.attempts WHERE attempt = 2;
-- A family that says so; one that nobody has.
INSERT INTO regress_outbound.channel_family VALUES ('web', ' Outbound'), ('phone', 'inbound');
SELECT channel, is_outbound, prospects, tried FROM regress_outbound.outbound_chain_by_channel;
SELECT prospects, attempts, contacts_per_attempt, contacts_per_attempt_low, spend, cost_per_held_meeting FROM regress_outbound.outbound_chain;
SELECT count(*) AS attempts FROM regress_outbound.attempts;
UPDATE regress_outbound.channel_family SET channel = 'nobody' WHERE channel = 'web';
SELECT count(*) AS rows FROM regress_outbound.outbound_chain;

--
-- Intervals of rates in clusters
--
-- One trial each: Wilson's, but for Student; the same hits in clusters that differ more; nothing but misses, or hits: as if a prospect was one trial.
SELECT what, round(c.rate::numeric, 4) AS rate, round(c.low::numeric, 4) AS low, round(c.high::numeric, 4) AS high
FROM (VALUES (1, 'single', 30, 300, 300, 30, 300, 30), (2, 'apart', 30, 300, 60, 180, 1500, 150), (3, 'none', 0, 300, 60, 0, 1500, 0),
	(4, 'all', 300, 300, 60, 1500, 1500, 1500), (5, 'few', 3, 30, 6, 5, 150, 15), (6, 'no trials', 0, 0, 0, 0, 0, 0), (7, 'too many hits', 4, 3, 2, 10, 5, 7),
	(8, 'unknown', NULL, 3, 2, 10, 5, 7)) v(n, what, hits, trials, clusters, hh, tt, ht)
CROSS JOIN LATERAL clustered_rate(hits, trials, clusters, hh, tt, ht, 0.95) c ORDER BY n;
SELECT round(low(rate(30, 300))::numeric, 4) AS low, round(high(rate(30, 300))::numeric, 4) AS high, round(high(rate(0, 60))::numeric, 4) AS none;

--
-- Generated data, live and stored
--
SELECT drop_mart('regress_outbound'), create_mart('regress_outbound');
SELECT generate_example('regress_outbound', 800);
SELECT * FROM pg_temp.disagreements('regress_outbound');
SELECT status, count(*) > 0 AS some FROM regress_outbound.lead_meeting GROUP BY status ORDER BY status;
-- Meetings by the rows of the generator, which books, moves and ends one after the other.
SELECT count(*) FILTER (WHERE booked_at IS NULL) AS not_booked, count(*) = (SELECT count(*) FROM regress_outbound.lead_activity WHERE meaning = 'meeting_booked'
	AND excluded_reason IS NULL) AS as_many_as_bookings, sum(moves) = (SELECT count(*) FROM regress_outbound.lead_activity WHERE meaning = 'moved'
	AND excluded_reason IS NULL) AS as_many_moves FROM regress_outbound.lead_meeting;
SELECT store_mart('regress_outbound');
-- As the tables that were made of the live views.
SELECT count(*) AS differences FROM
(
	(TABLE met EXCEPT ALL TABLE regress_outbound.lead_meeting) UNION ALL (TABLE regress_outbound.lead_meeting EXCEPT ALL TABLE met)
) d;
SELECT count(*) AS differences FROM
(
	(TABLE chain EXCEPT ALL TABLE regress_outbound.outbound_chain_by_grain) UNION ALL (TABLE regress_outbound.outbound_chain_by_grain EXCEPT ALL TABLE chain)
) d;
SELECT count(*) AS differences FROM
(
	(TABLE persistence EXCEPT ALL TABLE regress_outbound.attempts) UNION ALL (TABLE regress_outbound.attempts EXCEPT ALL TABLE persistence)
) d;
SELECT count(*) AS differences FROM
(
	(TABLE due EXCEPT ALL TABLE regress_outbound.meeting_count) UNION ALL (TABLE regress_outbound.meeting_count EXCEPT ALL TABLE due)
) d;
SELECT count(*) AS differences FROM
(
	(TABLE week EXCEPT ALL TABLE regress_outbound.outbound_week) UNION ALL (TABLE regress_outbound.outbound_week EXCEPT ALL TABLE week)
) d;
-- The views above them read what is stored.
SELECT (SELECT sum(meetings) FROM regress_outbound.meetings_by_month) = count(*) AS by_month,
	(SELECT sum(meetings) FROM regress_outbound.meetings_by_owner) = count(*) AS by_owner FROM met;
SELECT live_mart('regress_outbound');
-- Dirty: no channel, other rules, huge amounts, activities of nobody, at no time, without a word.
DELETE FROM regress_outbound.channel_family;
UPDATE regress_outbound.lead SET owner = NULL, channel = NULL WHERE lead_id % 5 = 0;
INSERT INTO regress_outbound.activity (lead_id, activity_at, kind, outcome, scheduled_for)
SELECT n % 7, v.at, 'meeting', o, v.at FROM generate_series(1, 60) n, unnest('{booked,held,moved,no show,cancelled,who}'::text[]) o,
	(VALUES (NULL::timestamptz), ('infinity'), ('-infinity'), ('2024-08-01'), ('4713-01-01 BC'), ('9999-01-01')) v(at);
UPDATE regress_outbound.activity SET scheduled_for = 'infinity' WHERE lead_id % 11 = 0;
UPDATE regress_outbound.deal SET amount = 1e300 WHERE deal_id ~ '1$';
UPDATE regress_outbound.spend SET amount = -amount WHERE channel = 'outbound';
UPDATE regress_outbound.rule SET time_zone = 'Asia/Tokyo', observed_until = '2025-06-01', duplicates = 'drop';
SELECT * FROM pg_temp.disagreements('regress_outbound');
UPDATE regress_outbound.rule SET observed_until = NULL, confidence_level = 0.5;
UPDATE regress_outbound.stage SET role = NULL WHERE role IN ('won', 'opportunity');
SELECT count(opportunities) AS opportunities, count(won) AS won, count(won_per_held) AS rates FROM regress_outbound.outbound_chain;
TRUNCATE regress_outbound.activity;
SELECT (SELECT count(*) FROM regress_outbound.outbound_chain) AS chain, (SELECT count(*) FROM regress_outbound.attempts) AS attempts,
	(SELECT count(*) FROM regress_outbound.meetings_by_month) AS meetings;

--
-- Without a rule there is no answer
--
ALTER TABLE regress_outbound.rule DISABLE TRIGGER ALL;
DELETE FROM regress_outbound.rule;
SELECT view, left(pg_temp.failure(format('SELECT * FROM regress_outbound.%I', view)), 40) AS failure
FROM unnest('{lead_meeting,outbound_count,meeting_count,outbound_chain,attempts,outbound_week,meetings_by_owner}'::text[]) view;
SELECT drop_mart('regress_outbound');
