-- Which ways leads really take, what they are worth there, and payback: by hand, by walking event by event, and against the other views.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

--
-- Ways by hand
--
SELECT create_mart('regress_path');
SET search_path = regress_path, lead_kpi;
UPDATE rule SET observed_until = '2025-06-01', duplicate_key = 'none';
INSERT INTO stage VALUES (20, 'Closed Lost', 'lost'), (21, 'No budget', 'lost');
INSERT INTO lead (lead_id, created_at, channel) SELECT n, '2025-01-01', CASE WHEN n < 6 THEN 'web' END FROM generate_series(1, 7) n;
INSERT INTO lead (lead_id, created_at) VALUES (8, '2025-07-01');
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES
	-- Step by step; what comes after the sale is not told.
	(1, 'mql', '2025-01-03'), (1, 'sal', '2025-01-05'), (1, 'sal', '2025-01-25'),
	-- Over a stage, back to before sales accepted, and there again, where it still is; later than the data goes it moves on.
	(2, 'sal', '2025-01-11'), (2, 'mql', '2025-01-14'), (2, 'sal', '2025-01-20'), (2, 'sql', '2025-06-02'),
	-- Out by one exit and another, which is no move, in again, the same once more, out.
	(3, 'mql', '2025-01-02'), (3, 'Closed Lost', '2025-01-10 10:00'), (3, 'No budget', '2025-01-11 10:00'), (3, 'mql', '2025-02-01'), (3, 'mql', '2025-02-05'),
	(3, 'No budget', '2025-02-10 10:00'),
	(4, 'Closed Lost', '2025-02-20'),
	-- Dated before the lead came; on the day of an exit, which ends that day; of one instant in the order of the ladder.
	(5, 'mql', '2024-12-01'), (5, 'Closed Lost', '2025-01-09'), (5, 'sal', '2025-01-09 15:00'),
	(6, 'sql', '2025-01-07'), (6, 'sal', '2025-01-08'),
	(7, 'sal', '2025-01-01'), (7, 'mql', '2025-01-01'), (7, 'what', '2025-01-02'), (7, 'sql', NULL);
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES
	('1', 1, '2025-01-10', '2025-01-20 12:00', true, 1000), ('1 more', 1, '2025-03-01', NULL, NULL, 700),
	-- The first one is lost while the second one is open: that is no move.
	('4', 4, '2025-02-01', '2025-02-10 12:00', false, 500), ('4 more', 4, '2025-02-02', '2025-02-20 10:00', false, NULL);
SELECT lead_id, move_number, from_position, from_stage, to_position, to_stage, kind, skipped_stages, moved_at, days FROM stage_move ORDER BY lead_id, move_number;
SELECT from_stage, to_stage, kind, skipped_stages, moves, leads, round(move_share::numeric, 4) AS move_share, round(move_share_low::numeric, 4) AS low, median_days
	FROM stage_paths WHERE grain = 'all';
SELECT channel, from_stage, to_stage, kind, moves, leads FROM stage_paths WHERE grain = 'channel' AND from_stage = 'lead';
-- Nobody skips a stage that nobody enters: without sal each passes over one stage less.
BEGIN;
DELETE FROM stage_event WHERE stage = 'sal';
SELECT from_stage, to_stage, kind, skipped_stages, moves FROM stage_paths WHERE grain = 'all' AND kind IN ('next', 'skipped');
ROLLBACK;

-- Out before it came, and out before it came with a stage since then: the one is lost at once, the other one in.
BEGIN;
INSERT INTO lead (lead_id, created_at) VALUES (9, '2025-01-01'), (10, '2025-01-01');
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (9, 'No budget', '2024-12-01 10:00'), (10, 'No budget', '2024-12-01 10:00'), (10, 'mql', '2024-12-02');
SELECT lead_id, from_stage, to_stage, kind, days FROM stage_move WHERE lead_id > 8 ORDER BY lead_id, move_number;
SELECT lead_id, stage FROM pipeline_snapshot WHERE is_now AND lead_id > 8;
ROLLBACK;

--
-- Value and payback by hand: 2200 of four deals, one without amount; of them 1000 won, 500 lost and 700 open
--
SELECT channel, stage, leads, deals, deals_without_amount, amount, deals_won, revenue, deals_lost, lost_amount, open_deals, open_amount, lost_leads,
	lost_here_amount, round(revenue_per_lead, 2) AS revenue_per_lead FROM funnel_value WHERE grain = 'channel';
INSERT INTO spend VALUES ('2025-01-01', 'web', NULL, 600), ('2025-01-01', 'radio', NULL, 100);
-- Paid once: nothing pays back month by month.
SELECT grain, channel, spend, won, cac, average_deal, recurring_months, monthly_revenue, payback_months FROM payback WHERE grain <> 'campaign';
-- 1000 a year are 83.33 a month and at half the margin 41.67: 600 come back in 14.4 months. The interval is that of one customer: 600 / 5.572, 600 / 0.0253.
UPDATE rule SET recurring_months = 12, gross_margin = 0.5;
SELECT grain, channel, spend, won, round(cac, 2) AS cac, round(cac_low, 2) AS cac_low, round(cac_high, 2) AS cac_high, round(monthly_margin, 2) AS monthly_margin,
	round(payback_months, 2) AS payback_months, round(payback_months_low, 2) AS low, round(payback_months_high, 2) AS high FROM payback WHERE grain <> 'campaign';
UPDATE rule SET gross_margin = NULL;
SELECT channel, round(monthly_revenue, 2) AS monthly_revenue, monthly_margin, payback_months FROM payback WHERE grain = 'channel' AND channel = 'web';

--
-- Generated data: leads that walk event by event, flows that lose nobody, and sums that other views have too
--
SELECT drop_mart('regress_path'), create_mart('regress_path');
SELECT generate_example('regress_path', 1500, 1);
INSERT INTO stage SELECT max(position) + 1, 'gone', 'lost' FROM stage;
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT lead_id, 'gone', created_at + interval '20 days' FROM lead
	WHERE lead_id % 7 = 0 AND created_at < '2025-11-01';
UPDATE rule SET recurring_months = 12;
CREATE FUNCTION pg_temp.walked() RETURNS TABLE (lead_id bigint, from_stage text, to_stage text, kind text, days float8) LANGUAGE plpgsql AS $$
DECLARE
	event record;
	positions CONSTANT jsonb := (SELECT jsonb_object_agg(l.stage, l.stage_position) FROM ladder l);
	observed CONSTANT timestamptz := (SELECT observed_until FROM observation);
	here text;
	since timestamptz;
BEGIN
	FOR event IN
		SELECT e.lead_id AS id, greatest(e.entered_at, e.created_at) AS at, CASE WHEN e.kind = 'deal' AND NOT e.is_won THEN 'lost' ELSE e.stage END AS stage,
			row_number() OVER path = 1 AS is_first
		FROM lead_event e
		WHERE e.kind <> 'folded' AND e.excluded_reason IS NULL AND e.entered_at <= observed
		WINDOW path AS (PARTITION BY e.lead_id ORDER BY greatest(e.entered_at, e.created_at), coalesce((positions ->> e.stage)::integer, 99))
		ORDER BY e.lead_id, 2, coalesce((positions ->> e.stage)::integer, 99)
	LOOP
		IF event.is_first THEN
			IF here IS NOT NULL AND positions ? here AND here <> 'won' THEN
				RETURN QUERY SELECT lead_id, here, 'open'::text, 'open'::text, extract(epoch FROM observed - since)::float8 / 86400;
			END IF;
			here := NULL;
			lead_id := event.id;
		END IF;
		CONTINUE WHEN event.stage = here OR here = 'won' OR NOT positions ? event.stage AND NOT coalesce(positions ? here, true);
		RETURN QUERY SELECT lead_id, here, event.stage,
			CASE WHEN here IS NULL THEN 'entered' WHEN NOT positions ? event.stage THEN 'exit' WHEN NOT positions ? here THEN 'reopened'
				WHEN (positions -> event.stage)::integer = (positions -> here)::integer + 1 THEN 'next'
				WHEN (positions -> event.stage)::integer > (positions -> here)::integer THEN 'skipped'
				WHEN (positions -> event.stage)::integer < 3 AND (positions -> here)::integer >= 3 THEN 'recycled' ELSE 'regressed' END,
			extract(epoch FROM event.at - since)::float8 / 86400;
		since := event.at;
		here := event.stage;
	END LOOP;
	IF here IS NOT NULL AND positions ? here AND here <> 'won' THEN
		RETURN QUERY SELECT lead_id, here, 'open'::text, 'open'::text, extract(epoch FROM observed - since)::float8 / 86400;
	END IF;
END
$$;
CREATE TEMP TABLE walked AS SELECT lead_id, from_stage, to_stage, kind, CASE WHEN from_stage IS NOT NULL THEN round(days::numeric, 6) END AS days FROM pg_temp.walked();
CREATE TEMP TABLE move AS SELECT lead_id, from_stage, to_stage, kind, round(days::numeric, 6) AS days FROM stage_move;
SELECT (SELECT count(*) FROM walked) > 1500 AS many, count(*) AS differences FROM
	(((TABLE move) EXCEPT ALL (TABLE walked)) UNION ALL ((TABLE walked) EXCEPT ALL (TABLE move))) d;
SELECT kind, count(*) > 0 AS there FROM move GROUP BY kind ORDER BY kind;
CREATE TEMP TABLE path AS SELECT * FROM stage_paths;
-- Into each stage as many as out of it and still there; of exits and sales those that stay have no row.
SELECT count(*) AS stages, count(*) FILTER (WHERE into_it <> out_of_it) AS leaks FROM
(
	SELECT s.stage, (SELECT sum(moves) FROM path WHERE grain = 'all' AND to_stage = s.stage) AS into_it,
		(SELECT sum(moves) FROM path WHERE grain = 'all' AND from_stage = s.stage) AS out_of_it
	FROM ladder s WHERE s.role <> 'won'
) f;
SELECT (SELECT sum(moves) FROM path WHERE grain = 'all' AND kind = 'entered') = (SELECT leads FROM funnel WHERE stage_position = 1) AS all_entered,
	(SELECT sum(moves) FROM path WHERE grain = 'all' AND to_stage = 'won')
		= (SELECT leads FROM funnel WHERE stage = 'won') AS all_won,
	(SELECT sum(moves) FROM path WHERE grain = 'all' AND kind = 'open') = (SELECT count(*) FROM pipeline_snapshot WHERE is_now) AS all_open,
	(SELECT sum(CASE kind WHEN 'exit' THEN moves WHEN 'reopened' THEN -moves END) FROM path WHERE grain = 'all')
		= (SELECT count(*) FROM lead_outcome WHERE lost_at <= observed_until) AS all_lost;
SELECT count(*) AS differences FROM (SELECT from_stage, to_stage, kind, sum(moves), sum(leads) FROM path WHERE grain = 'channel' GROUP BY 1, 2, 3
	EXCEPT ALL SELECT from_stage, to_stage, kind, moves, leads FROM path WHERE grain = 'all') d;
SELECT min(total) AS lowest, max(total) AS highest FROM (SELECT round(sum(move_share)::numeric, 6) AS total FROM path GROUP BY grain, channel, from_stage
	HAVING count(move_share) > 0) s;
-- Value beside the funnel, and beside the money.
CREATE TEMP TABLE value AS SELECT * FROM funnel_value;
SELECT count(*) AS differences FROM
(
	(SELECT grain, channel, campaign, stage_position, leads FROM value EXCEPT ALL
		SELECT grain, channel, campaign, stage_position, leads FROM funnel_by_grain WHERE grain IN ('all', 'channel', 'campaign'))
	UNION ALL
	SELECT * FROM (SELECT 'revenue' AS what, channel, campaign, 1, sum(deals_won)::bigint FROM cpl_to_revenue GROUP BY 2, 3 HAVING sum(leads) > 0 EXCEPT ALL
		SELECT 'revenue', channel, campaign, 1, deals_won FROM value WHERE grain = 'campaign' AND stage_position = 1) r
	UNION ALL
	SELECT 'amount', channel, campaign, stage_position, deals FROM value WHERE deals <> deals_won + deals_lost + open_deals
		OR coalesce(amount, 0) <> coalesce(revenue, 0) + coalesce(lost_amount, 0) + coalesce(open_amount, 0)
) d;
SELECT v.revenue = c.revenue AND v.deals_won = c.deals_won AS same_revenue, v.deals = (SELECT count(*) FROM counted_deal WHERE excluded_reason IS NULL) AS all_deals,
	v.amount = (SELECT sum(amount) FROM counted_deal WHERE excluded_reason IS NULL) AS same_amount,
	(SELECT sum(lost_leads) FROM value WHERE grain = 'all') = (SELECT count(*) FROM lead_outcome WHERE lost_at <= observed_until) AS all_lost
FROM value v CROSS JOIN (SELECT sum(revenue) AS revenue, sum(deals_won) AS deals_won FROM cpl_to_revenue) c WHERE v.grain = 'all' AND v.stage_position = 1;
-- Spend a customer, a month's margin: 0.7 of a twelfth of the average deal.
SELECT count(*) > 5 AS some, count(*) FILTER (WHERE abs(p.payback_months - c.spend / c.won / (c.revenue / c.deals_won / 12 * 0.7)) > 1e-9) AS wrong,
	count(*) FILTER (WHERE NOT p.payback_months BETWEEN p.payback_months_low AND p.payback_months_high) AS outside
FROM payback p JOIN (SELECT channel, sum(spend) AS spend, sum(won) AS won, sum(revenue) AS revenue, sum(deals_won) AS deals_won FROM cpl_to_revenue GROUP BY 1) c
	ON c.channel IS NOT DISTINCT FROM p.channel WHERE p.grain = 'channel' AND p.payback_months IS NOT NULL;
-- Stored it is the same.
CREATE TEMP TABLE paid AS SELECT * FROM payback;
SELECT store_mart('regress_path');
SELECT count(*) AS differences FROM
(
	((SELECT v::text FROM stage_paths v) EXCEPT ALL (SELECT v::text FROM path v)) UNION ALL ((SELECT v::text FROM path v) EXCEPT ALL
		(SELECT v::text FROM stage_paths v))
	UNION ALL
	((SELECT v::text FROM funnel_value v) EXCEPT ALL (SELECT v::text FROM value v)) UNION ALL ((SELECT v::text FROM value v) EXCEPT ALL
		(SELECT v::text FROM funnel_value v))
	UNION ALL
	((SELECT v::text FROM payback v) EXCEPT ALL (SELECT v::text FROM paid v)) UNION ALL ((SELECT v::text FROM paid v) EXCEPT ALL (SELECT v::text FROM payback v))
) d;

--
-- Nothing, and what is wrong
--
SELECT drop_mart('regress_path'), create_mart('regress_path');
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (relation text, rows bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOREACH relation IN ARRAY '{stage_move,stage_paths,funnel_value,payback}'::text[]
	LOOP
		EXECUTE format('SELECT count(*) FROM (SELECT * FROM %I OFFSET 0) v', relation) INTO rows;
		RETURN NEXT;
	END LOOP;
END
$$;
SELECT * FROM pg_temp.answers();
UPDATE rule SET recurring_months = 1, gross_margin = 1;
INSERT INTO lead (lead_id, created_at) SELECT n, timestamptz '2025-01-01' + n * interval '1 hour' FROM generate_series(1, 40) n;
INSERT INTO lead (lead_id, created_at) VALUES (NULL, NULL), (41, NULL), (42, 'infinity'), (43, '-infinity'), (1, '2025-01-01');
INSERT INTO stage_event (lead_id, stage, entered_at) SELECT n, 'mql', timestamptz '2025-01-01' + n * interval '2 hours' FROM generate_series(1, 20) n;
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (NULL, NULL, NULL), (30, 'mql', 'infinity'), (31, 'mql', '2024-12-01'), (32, 'what', '2025-02-01');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES (NULL, NULL, NULL, NULL, NULL, NULL), ('a', 5, NULL, '2025-02-01', true, 1e300),
	('b', 5, 'infinity', 'infinity', true, -1e300), ('c', 6, '2025-01-05', '2025-02-01', true, 'NaN'), ('d', 7, '2025-01-05', '2025-01-02', false, 'Infinity'),
	('d', 7, '2025-01-06', NULL, NULL, 5), (NULL, 8, '2025-01-05', '2025-03-01', true, 1e-300), ('e', 9, NULL, '2025-02-01', true, -5);
INSERT INTO spend VALUES ('2025-01-01', NULL, NULL, -5), ('2025-01-01', 'web', 'a', 1e300), (NULL, NULL, NULL, NULL), ('2025-01-01', 'web', 'b', 0);
SELECT relation, rows > 0 AS answers FROM pg_temp.answers();
SELECT stage, leads, deals, deals_without_amount, amount < 1e299 AS amount, revenue > 1e299 AS revenue, lost_amount, open_amount < -1e299 AS open_amount FROM funnel_value WHERE grain = 'all';
SELECT grain, channel, campaign, won, cac > 1e299 AS is_dear, round(payback_months, 6) AS payback_months FROM payback;
-- A ladder that says nothing about roles, and one of a single stage.
UPDATE stage SET role = NULL WHERE role <> 'lost';
SELECT relation, rows > 0 AS answers FROM pg_temp.answers();
SELECT from_stage, to_stage, kind, moves FROM stage_paths WHERE grain = 'all';
DELETE FROM stage WHERE position > 1;
SELECT relation, rows > 0 AS answers FROM pg_temp.answers();
SELECT drop_mart('regress_path');
