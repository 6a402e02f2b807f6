-- What is stuck and what is wrong in the pipeline: thresholds worked by hand and by a naive curve, and totals that reconcile.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

--
-- Thresholds by hand
--
SELECT create_mart('regress_stuck');
SET search_path = regress_stuck, lead_kpi;
UPDATE rule SET observed_until = '2025-06-01', duplicate_key = 'none';
INSERT INTO stage VALUES (20, 'Closed Lost', 'lost');
-- 1 to 10 move on after as many days, 11 to 13 do not, 13 came four days ago; 14 is lost on the third day.
INSERT INTO lead (lead_id, created_at, channel, owner, email) SELECT n, '2025-01-01', 'web', 'Ada', n || '@a.example' FROM generate_series(1, 12) n;
INSERT INTO lead (lead_id, created_at, channel) VALUES (13, '2025-05-28', 'web'), (14, '2025-01-01', 'web');
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT n, 'mql', timestamptz '2025-01-01' + n * interval '1 day' FROM generate_series(1, 10) n;
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (14, 'Closed Lost', '2025-01-03 12:00');
-- Of 14 two move on by day 2, and one of the 12 left is lost: 11/14 are still there. On day 3 one of 11 moves on (3/14 by then), on day 4 one of 10 (4/14;
-- 13 is still seen at that age). Of the 9/14 that are left 8 leads are seen from then on, and one more moves on each day: by day k 4/14 + (k - 4) x 9/14/8.
-- In the end that is 0.7679. Nine tenths of it, 0.6911, are reached on day 10 (by day 9: 0.6875). The ninth of the ten that moved on did so a day earlier.
SELECT stage, is_deal, count(*), min(days_in_stage), max(days_in_stage), max(moved_on) AS moved_on, max(usual_days) AS usual_days FROM pipeline_item
	GROUP BY 1, 2 ORDER BY 1, 2;
SELECT lead_id, deal_id, owner, channel, stage_position, stage, days_in_stage, usual_days, moved_on, win_probability, amount, expected_amount
	FROM stuck ORDER BY lead_id;
-- One fewer that moved on, and nobody knows.
BEGIN;
DELETE FROM stage_event WHERE lead_id = 1;
SELECT stage, usual_days, moved_on, open_items, judged_items, stuck, stuck_share, stuck_share_low FROM stuck_by_stage;
ROLLBACK;
SELECT stage, usual_days, moved_on, open_items, judged_items, stuck, round(stuck_share::numeric, 4) AS stuck_share, open_deals, amount, stuck_amount
	FROM stuck_by_stage;
-- Of three two are stuck: of Ada's two 1.3333 would be. That both are has a chance of 4/9, which is no news.
SELECT owner, open_items, judged_items, stuck, round(stuck_share::numeric, 4) AS stuck_share, round(expected_stuck::numeric, 4) AS expected_stuck,
	round(p_value::numeric, 4) AS p_value FROM stuck_by_owner;
-- 20 more of Eve that came a day ago: none is stuck, where 20 x 2/23 would be, 1.7391. That none is has a chance of (21/23)^20, 0.1621. Of Ada's two both are,
-- where 0.1739 would be: 2/23 squared, times 2 sides and 3 owners, is 0.0454.
BEGIN;
INSERT INTO lead (lead_id, created_at, owner) SELECT n, '2025-05-31', 'Eve' FROM generate_series(101, 120) n;
SELECT owner, judged_items, stuck, round(expected_stuck::numeric, 4) AS expected_stuck, round(p_value::numeric, 4) AS p_value FROM stuck_by_owner;
ROLLBACK;

--
-- Faults by hand
--
TRUNCATE lead, stage_event;
INSERT INTO activity_meaning VALUES ('meeting', '', 'meeting_booked'), ('meeting', 'cancelled', 'cancelled'), ('call', '', 'attempt') ON CONFLICT DO NOTHING;
INSERT INTO lead (lead_id, created_at, channel, owner, email) VALUES
	(20, '2025-02-01', 'web', 'Ada', NULL), (21, '2025-02-01', 'web', 'Ben', NULL), (22, '2025-02-01', 'web', NULL, NULL), (23, '2025-02-01', 'web', 'Ada', NULL),
	(24, '2025-02-01', 'web', 'Ada', 'test@b.example'), (25, '2025-05-20', 'web', NULL, NULL), (26, '2025-02-01', 'web', 'Ben', NULL),
	(27, '2025-05-20', 'web', NULL, NULL), (28, '2025-07-01', 'web', NULL, NULL);
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (23, 'Closed Lost', '2025-05-25'), (25, 'mql', '2025-05-21'), (26, 'won', '2025-03-01');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, expected_close) VALUES
	-- No amount, and two days late.
	('D20', 20, '2025-05-20', NULL, NULL, NULL, NULL, '2025-05-30'),
	-- Nothing for 92 days; its owner is not that of the lead; expected on the day itself, which is not over.
	('D21', 21, '2025-03-01', NULL, NULL, 5000, 'Eve', '2025-06-01'),
	-- Nothing but a change a week ago; nobody works it.
	('D22', 22, '2025-03-01', NULL, NULL, 7000, ' ', NULL),
	-- Its lead is lost; does not count; is not there.
	('D23', 23, '2025-05-10', NULL, NULL, 1, NULL, NULL), ('D24', 24, '2025-05-10', NULL, NULL, 2, 'Ada', NULL), ('D99', 99, '2025-05-10', NULL, NULL, 3, 'Ada', NULL),
	-- The further deal of a customer; and one that is opened, and one that is closed, later than the data goes.
	('D26', 26, '2025-05-10', NULL, NULL, 10, NULL, NULL), ('later', 26, '2025-06-10', NULL, NULL, 11, NULL, NULL), ('D27', 27, '2025-05-22', '2025-06-20', true, 12, 'Ben', NULL);
INSERT INTO deal_change (deal_id, changed_at, amount) VALUES ('D22', '2025-05-25', 7000), ('D21', '2025-06-05', 5000);
SELECT lead_id, deal_id, lead_state, owner, stage, stage_entered_at, days_in_stage, amount, last_sign_at, needs_owner, needs_meeting FROM pipeline_item
	ORDER BY lead_id, deal_id;
-- Lost before it came; and not there yet.
BEGIN;
INSERT INTO lead (lead_id, created_at) VALUES (29, '2025-02-01');
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (29, 'Closed Lost', '2024-12-01');
INSERT INTO deal (deal_id, lead_id) VALUES ('D29', 29), ('D28', 28);
SELECT lead_id, deal_id, lead_state, stage, days_in_stage FROM pipeline_item WHERE lead_id > 27;
ROLLBACK;
SELECT lead_id, deal_id, owner, stage, fault, message, days, amount, expected_close FROM pipeline_hygiene ORDER BY lead_id, deal_id, fault;
UPDATE rule SET language = 'fr', stale_after = '6 days';
SELECT lead_id, deal_id, fault, message FROM pipeline_hygiene ORDER BY lead_id, deal_id, fault;
UPDATE rule SET language = 'en', stale_after = DEFAULT;
-- A meeting to come, one that was cancelled, and one that is over.
INSERT INTO activity (lead_id, activity_at, kind, outcome, scheduled_for) VALUES (20, '2025-05-25', 'Meeting', NULL, '2025-06-10'),
	(21, '2025-05-01', 'meeting', NULL, '2025-06-11'), (21, '2025-05-02', 'meeting', 'cancelled', '2025-06-11'), (22, '2025-05-01', 'meeting', NULL, '2025-05-11');
SELECT lead_id, deal_id, fault, message, days FROM pipeline_hygiene WHERE fault IN ('no_next_meeting', 'no_activity') ORDER BY lead_id, deal_id, fault;
SELECT grain, owner, fault, items, open_items, round(fault_share::numeric, 4) AS fault_share, round(fault_share_low::numeric, 4) AS low, amount
	FROM pipeline_hygiene_count WHERE items > 0;

--
-- Generated data, against naive statements
--
SELECT drop_mart('regress_stuck'), create_mart('regress_stuck');
SELECT generate_example('regress_stuck', 1500, 1);
UPDATE lead SET owner = (ARRAY['Ada', 'Ben', 'Eve', NULL])[1 + lead_id % 4] WHERE owner IS NULL;
INSERT INTO stage SELECT max(position) + 1, 'gone', 'lost' FROM stage;
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'gone', created_at + interval '40 days' FROM lead
	WHERE lead_id % 7 = 0 AND created_at < '2025-11-01';
-- A few leads with two deals.
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT deal_id || ' again', lead_id, opened_at + interval '20 days', NULL, NULL, 100
	FROM deal WHERE lead_id % 10 = 1;
CREATE TEMP TABLE item AS SELECT * FROM pipeline_item;
CREATE TEMP TABLE stay AS SELECT * FROM pipeline_stay;
-- Each open lead, in its stage since when the pipeline says; each open deal once.
SELECT count(*) AS differences FROM
(
	((SELECT DISTINCT lead_id, stage FROM item WHERE lead_state = 'open') EXCEPT ALL (SELECT lead_id, stage FROM pipeline_snapshot WHERE is_now))
	UNION ALL
	((SELECT lead_id, stage FROM pipeline_snapshot WHERE is_now) EXCEPT ALL (SELECT DISTINCT lead_id, stage FROM item WHERE lead_state = 'open'))
	UNION ALL
	((SELECT lead_id, amount::text FROM item WHERE is_deal AND lead_id IS NOT NULL) EXCEPT ALL (SELECT lead_id, amount::text FROM forecast_deal WHERE is_open))
	UNION ALL
	((SELECT lead_id, amount::text FROM forecast_deal WHERE is_open) EXCEPT ALL (SELECT lead_id, amount::text FROM item WHERE is_deal AND lead_id IS NOT NULL))
	UNION ALL
	((SELECT lead_id, stage_entered_at::text FROM item WHERE NOT is_deal) EXCEPT ALL
		(SELECT lead_id, greatest(stage_entered_at, created_at)::text FROM pipeline_snapshot WHERE is_now))
) d;
SELECT count(*) > 700 AS leads, count(*) FILTER (WHERE is_deal) > 10 AS deals, count(DISTINCT lead_state) AS states FROM item;
-- Aalen and Johansen step by step.
CREATE TEMP TABLE naive AS
WITH spell AS
(
	SELECT stage_position, coalesce(CASE WHEN moved_at <= observed_until THEN moved_at END, lost_at, observed_until) - entered_at AS age,
		moved_at <= observed_until IS TRUE AS moved, lost_at IS NOT NULL AS lost
	FROM stay WHERE kind = 'stay' AND stage_position < 6 AND (moved_at < entered_at) IS NOT TRUE
), aged AS
(
	SELECT stage_position, age, count(*) FILTER (WHERE moved) AS moved, count(*) FILTER (WHERE moved OR lost) AS gone,
		sum(count(*)) OVER (PARTITION BY stage_position ORDER BY age DESC) AS at_risk
	FROM spell GROUP BY 1, 2
), stayed AS
(
	SELECT *, coalesce(exp(sum(ln(nullif(1 - gone::float8 / at_risk::float8, 0)))
		OVER (PARTITION BY stage_position ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), 1) AS before
	FROM aged
), risen AS
(
	SELECT *, sum(before * moved / at_risk::float8) OVER (PARTITION BY stage_position ORDER BY age) AS share FROM stayed
)
SELECT stage_position, min(extract(epoch FROM age) / 86400) FILTER (WHERE share >= 0.9 * final - 1e-9) AS usual_days, max(total) AS moved_on
FROM (SELECT *, max(share) OVER (PARTITION BY stage_position) AS final, sum(moved) OVER (PARTITION BY stage_position) AS total FROM risen) r
GROUP BY 1;
SELECT n.stage_position, n.moved_on = i.moved_on AS same_moved_on, abs(n.usual_days - i.usual_days) < 1e-6 AS same_usual_days
	FROM naive n LEFT JOIN (SELECT stage_position, max(moved_on) AS moved_on, max(usual_days) AS usual_days FROM item GROUP BY 1) i USING (stage_position) ORDER BY 1;
CREATE TEMP TABLE stuck_one AS SELECT * FROM stuck;
-- Stored it is the same, and quicker to ask more of.
SELECT store_mart('regress_stuck');
SELECT count(*) AS differences FROM
(
	((SELECT i::text FROM pipeline_item i) EXCEPT ALL (SELECT i::text FROM item i)) UNION ALL ((SELECT i::text FROM item i) EXCEPT ALL
		(SELECT i::text FROM pipeline_item i))
	UNION ALL
	((SELECT s::text FROM stuck s) EXCEPT ALL (SELECT s::text FROM stuck_one s)) UNION ALL ((SELECT s::text FROM stuck_one s) EXCEPT ALL
		(SELECT s::text FROM stuck s))
) d;
-- Totals: by stage, by owner, and one by one; what is stuck of each is counted once.
SELECT (SELECT count(*) FROM stuck_one) > 500 AS many,
	(SELECT (sum(stuck), sum(open_items), sum(open_deals), sum(amount), sum(stuck_amount), sum(expected_stuck_amount)) FROM stuck_by_stage)
		= (SELECT (sum(stuck), sum(open_items), sum(open_deals), sum(amount), sum(stuck_amount), sum(expected_stuck_amount)) FROM stuck_by_owner) AS same,
	(SELECT (sum(stuck), sum(stuck_amount)) FROM stuck_by_stage) = (SELECT (count(*)::numeric, sum(amount)) FROM stuck_one) AS one_by_one,
	(SELECT abs(sum(stuck) - sum(expected_stuck)) < 1e-6 FROM stuck_by_owner) AS expected, (SELECT count(*) FROM stuck_one WHERE NOT days_in_stage > usual_days) AS wrong;
-- The chance is that of the forecast; where it knows none there is none.
SELECT count(*) AS wrong FROM stuck_one s LEFT JOIN forecast_by_age f ON f.stage_position = s.stage_position AND f.horizon_days = 360
	AND s.days_in_stage >= f.days_in_stage_from AND (s.days_in_stage < f.days_in_stage_to OR f.days_in_stage_to IS NULL)
WHERE s.win_probability IS DISTINCT FROM CASE WHEN f.history_leads > 0 AND EXISTS (SELECT FROM item i WHERE i.lead_id = s.lead_id AND i.lead_state = 'open')
	THEN f.win_probability END;
SELECT count(*) FILTER (WHERE win_probability > 0) > 0 AS some, count(*) FILTER (WHERE win_probability = 1) AS certain FROM stuck_one;
-- Faults, said anew.
SELECT fault, found.items = c.items AND c.open_items >= c.items AS same FROM
(
	SELECT 'no_amount' AS fault, count(*) AS items FROM item WHERE is_deal AND amount IS NULL
	UNION ALL
	SELECT 'no_activity', count(*) FROM item WHERE observed_until > last_sign_at + interval '30 days'
	UNION ALL
	SELECT 'no_owner', count(*) FROM item WHERE owner IS NULL AND stage_position >= 2
	UNION ALL
	SELECT 'lost_lead', count(*) FROM item i WHERE is_deal AND EXISTS (SELECT FROM lead_outcome o WHERE o.lead_id = i.lead_id AND o.lost_at <= o.observed_until)
) found LEFT JOIN pipeline_hygiene_count c USING (fault) WHERE c.grain = 'all' ORDER BY 1;
SELECT count(*) = (SELECT sum(items) FROM pipeline_hygiene_count WHERE grain = 'owner') AND count(*) = (SELECT sum(items) FROM pipeline_hygiene_count
	WHERE grain = 'all') AS same FROM pipeline_hygiene;

--
-- Nothing, and what is wrong
--
SELECT drop_mart('regress_stuck'), create_mart('regress_stuck');
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (relation text, rows bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOREACH relation IN ARRAY '{stuck_by_owner,pipeline_hygiene}'::text[]
	LOOP
		EXECUTE format('SELECT count(*) FROM (SELECT * FROM %I OFFSET 0) v', relation) INTO rows;
		RETURN NEXT;
	END LOOP;
END
$$;
SELECT * FROM pg_temp.answers() WHERE rows > 0;
INSERT INTO lead (lead_id, created_at, channel, owner) SELECT n, timestamptz '2025-01-01' + n * interval '1 hour', NULL, nullif(n % 3, 0)::text
	FROM generate_series(1, 40) n;
INSERT INTO lead (lead_id, created_at) VALUES (NULL, NULL), (41, NULL), (42, 'infinity'), (43, '-infinity'), (1, '2025-01-01');
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT n, 'mql', timestamptz '2025-01-01' + n * interval '2 hours' FROM generate_series(1, 20) n;
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (NULL, NULL, NULL), (30, 'mql', 'infinity'), (31, 'mql', '2024-12-01'), (32, 'what', '2025-02-01');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, expected_close) VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('a', 5, NULL, NULL, NULL, 1e300, 'infinity'), ('b', 5, 'infinity', 'infinity', true, -1e300, '2020-01-01'), ('c', 6, '2025-01-05', NULL, NULL, 'NaN', '5000-01-01'),
	('d', 7, '2025-01-05', NULL, false, 'Infinity', '-infinity'), ('d', 7, '2025-01-06', NULL, NULL, 5, NULL), (NULL, 8, '2025-01-05', NULL, NULL, 1e-300, NULL);
SELECT relation, rows > 0 AS answers FROM pg_temp.answers();
SELECT lead_id, deal_id, lead_state, stage, days_in_stage > 0 AS has_days, amount > 1e299 AS is_huge, expected_close FROM pipeline_item WHERE is_deal ORDER BY 1, 2;
-- A ladder that says nothing about roles, and one of a single stage.
UPDATE stage SET role = NULL WHERE role <> 'lost';
SELECT relation, rows > 0 AS answers FROM pg_temp.answers();
DELETE FROM stage WHERE position > 1;
SELECT stage, usual_days, moved_on, open_items, judged_items, stuck, stuck_share, open_deals, deals_without_amount FROM stuck_by_stage;
SELECT drop_mart('regress_stuck');
