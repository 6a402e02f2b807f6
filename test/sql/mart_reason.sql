-- Reasons: when a lead is refused, recycled, disqualified or lost, why, how often, and whether that changed.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;

-- The same as sent_away, by walking through the history of each record.
CREATE FUNCTION pg_temp.walked(mart text) RETURNS TABLE (outcome text, lead_id bigint, happened_at timestamptz, stage_position integer, reason text)
LANGUAGE plpgsql AS $$
DECLARE
	event record;
	walking text;
	transmitted integer;
	accepted integer;
	opportunity integer;
	won integer;
	stood integer;
	furthest integer;
	is_first boolean;
BEGIN
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	SELECT max(l.stage_position) FILTER (WHERE l.role = r.transmitted_role), max(l.stage_position) FILTER (WHERE l.role = r.accepted_role),
		max(l.stage_position) FILTER (WHERE l.role = 'opportunity'), max(l.stage_position) FILTER (WHERE l.role = 'won')
		INTO transmitted, accepted, opportunity, won FROM ladder l, rule r;
	FOR event IN
		SELECT e.record_id, e.lead_id, e.kind, e.entered_at, nullif(trim_blanks(e.reason), '') AS reason,
			CASE WHEN e.kind IN ('lead', 'folded') THEN 1 ELSE l.stage_position END AS position,
			CASE WHEN e.kind IN ('lead', 'folded') THEN '-infinity' WHEN e.kind = 'exit' THEN coalesce(e.sold_by, e.entered_at) ELSE e.entered_at END AS at
		FROM lead_event e LEFT JOIN ladder l USING (stage)
		WHERE e.excluded_reason IS NULL AND (e.kind = 'folded' OR e.entered_at <= (SELECT observed_until FROM observation)) AND (e.kind <> 'deal' OR e.is_won)
		ORDER BY e.record_id, at, position, e.kind, e.deal_id, e.reason
	LOOP
		IF event.record_id::text IS DISTINCT FROM walking THEN
			stood := NULL;
			furthest := NULL;
			is_first := true;
		END IF;
		walking := event.record_id;
		IF event.kind = 'exit' OR event.kind = 'stage' AND event.position < stood AND event.position < accepted THEN
			outcome := CASE WHEN furthest >= won THEN NULL WHEN furthest >= transmitted AND event.kind = 'stage' THEN 'recycled' WHEN furthest >= opportunity THEN 'lost'
				WHEN furthest >= accepted THEN 'disqualified' WHEN furthest >= transmitted THEN 'refused' WHEN is_first AND event.kind = 'exit' THEN 'dropped' END;
			is_first := false;
			furthest := NULL;
			IF outcome IS NOT NULL THEN
				lead_id := event.lead_id;
				happened_at := event.entered_at;
				stage_position := stood;
				reason := event.reason;
				RETURN NEXT;
			END IF;
			stood := coalesce(event.position, stood);
		ELSIF event.position IS NOT NULL THEN
			stood := event.position;
			furthest := greatest(furthest, event.position);
		END IF;
	END LOOP;
	PERFORM set_config('search_path', 'public, lead_kpi', true);
END
$$;

-- What the views and others do not agree on: nothing.
CREATE FUNCTION pg_temp.disagreements(mart text) RETURNS TABLE (disagreement text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	item record;
BEGIN
	DROP TABLE IF EXISTS walked, sent, cases, refusals, losses, deals;
	CREATE TEMP TABLE walked AS SELECT * FROM pg_temp.walked(mart);
	PERFORM set_config('search_path', format('%I, lead_kpi', mart), true);
	CREATE TEMP TABLE sent AS SELECT * FROM sent_away;
	CREATE TEMP TABLE cases AS SELECT * FROM reason_case;
	CREATE TEMP TABLE deals AS SELECT * FROM counted_deal WHERE excluded_reason IS NULL AND closed_at <= (SELECT observed_until FROM observation);
	CREATE TEMP TABLE refusals AS SELECT * FROM refusal_reasons;
	CREATE TEMP TABLE losses AS SELECT * FROM loss_reasons;
	FOR item IN
		SELECT * FROM
		(
			VALUES
			('sent away', 'SELECT outcome, lead_id, happened_at, stage_position, reason FROM sent WHERE NOT is_deal',
				'SELECT * FROM walked WHERE outcome <> ''lost'' OR lead_id NOT IN (SELECT lead_id FROM deals WHERE NOT is_won)'),
			('deals', 'SELECT outcome, lead_id, happened_at, amount FROM sent WHERE is_deal', 'SELECT CASE WHEN is_won THEN ''won'' ELSE ''lost'' END, lead_id,
				closed_at, amount FROM deals'),
			('reasons of deals', 'SELECT lead_id, happened_at, reason FROM sent WHERE is_deal AND outcome = ''lost''', 'SELECT lead_id, closed_at,
				coalesce(nullif(btrim(reason), ''''), (SELECT w.reason FROM walked w WHERE w.lead_id = d.lead_id AND w.outcome = ''lost'' AND w.reason IS NOT NULL
				ORDER BY happened_at DESC, reason LIMIT 1)) FROM deals d WHERE NOT is_won'),
			('spelling', 'SELECT lower(reason), count(*) FROM cases WHERE reason IS NOT NULL GROUP BY 1', 'SELECT lower(reason), count(*) FROM sent WHERE reason IS NOT NULL
				GROUP BY 1'),
			('one name', 'SELECT lower(reason), count(DISTINCT reason) FROM cases GROUP BY 1', 'SELECT DISTINCT lower(reason), CASE WHEN reason IS NULL THEN 0 ELSE 1 END FROM cases'),
			('grains of refusals', 'SELECT sum(refusals), sum(refused), sum(recycled), sum(disqualified), sum(refused_leads), sum(won_later), sum(refusals_before),
				sum(refusals_after) FROM refusals GROUP BY grain', 'SELECT (SELECT count(*) FROM cases WHERE outcome IN (''refused'', ''recycled'', ''disqualified'')),
				count(*) FILTER (WHERE outcome = ''refused''), count(*) FILTER (WHERE outcome = ''recycled''), count(*) FILTER (WHERE outcome = ''disqualified''), max(f.leads),
				count(won_later_at), max(f.before), max(f.after) FROM cases CROSS JOIN (SELECT sum(refused_leads) AS leads, sum(refusals_before) AS before,
				sum(refusals_after) AS after FROM refusals WHERE grain = ''all'') f CROSS JOIN generate_series(1, 4) g
				WHERE outcome IN (''refused'', ''recycled'', ''disqualified'') GROUP BY g'),
			('grains of losses', 'SELECT sum(losses), sum(lost_deals), sum(amount_lost) FROM losses GROUP BY grain', 'SELECT count(*), count(*) FILTER (WHERE is_deal),
				sum(amount) FROM cases CROSS JOIN generate_series(1, 4) g WHERE outcome = ''lost'' GROUP BY g'),
			('per reason and channel', 'SELECT channel, reason, refusals, all_refusals FROM refusals WHERE grain = ''channel''', 'SELECT channel, reason, count(*),
				sum(count(*)) OVER (PARTITION BY channel) FROM cases WHERE outcome IN (''refused'', ''recycled'', ''disqualified'') GROUP BY 1, 2'),
			('per reason and owner', 'SELECT owner, reason, losses, all_losses, decided, amount_lost FROM losses WHERE grain = ''owner''', 'SELECT owner, reason, n,
				losses, decided, amount FROM (SELECT owner, reason, outcome, count(*) AS n, sum(count(*)) OVER (PARTITION BY owner, outcome) AS losses,
				sum(count(*)) OVER (PARTITION BY owner) AS decided, sum(amount) AS amount FROM cases WHERE outcome IN (''lost'', ''won'') GROUP BY 1, 2, 3) c
				WHERE outcome = ''lost'''),
			('periods', 'SELECT reason, refusals_before, refusals_after FROM refusals WHERE grain = ''all'' AND refusals_before + refusals_after > 0', 'SELECT c.reason,
				count(*) FILTER (WHERE c.month < r.after_start), count(*) FILTER (WHERE c.month >= r.after_start) FROM (SELECT *, date_trunc(''month'',
				timezone((SELECT time_zone FROM rule), happened_at))::date AS month FROM cases) c CROSS JOIN (SELECT DISTINCT after_start, before_start, period FROM refusals) r
				WHERE outcome IN (''refused'', ''recycled'', ''disqualified'') AND c.month >= r.before_start
				AND c.month < r.after_start + CASE r.period WHEN ''month'' THEN interval ''1 month'' ELSE ''3 months'' END GROUP BY 1')
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
SELECT create_mart('regress_reason');
SELECT (SELECT count(*) FROM regress_reason.refusal_reasons) AS refusals, (SELECT count(*) FROM regress_reason.loss_reasons) AS losses;
INSERT INTO regress_reason.stage VALUES (20, 'Out', 'lost');
UPDATE regress_reason.rule SET observed_until = '2025-06-30 12:00';
INSERT INTO regress_reason.lead (lead_id, created_at, channel, owner) SELECT n, '2025-01-01 10:00'::timestamptz + n * interval '1 day',
	CASE n % 2 WHEN 0 THEN 'ads' END, 'Ada' FROM generate_series(1, 15) n;
INSERT INTO regress_reason.stage_event (lead_id, stage, entered_at, reason) VALUES
	-- Refused, and once only: the second exit is of the same refusal.
	(1, 'mql', '2025-01-20', NULL), (1, 'Out', '2025-01-30', 'No budget'), (1, 'Out', '2025-01-31', 'really'),
	-- The same reason.
	(2, 'mql', '2025-01-20', NULL), (2, 'Out', '2025-01-30', E' NO budget\t'),
	-- Accepted first: disqualified, and nobody says why.
	(3, 'mql', '2025-01-20', NULL), (3, 'sal', '2025-01-22', NULL), (3, 'Out', '2025-01-30', ' '),
	-- Given back from acceptance, taken again, and sold.
	(4, 'mql', '2025-01-20', NULL), (4, 'sal', '2025-01-22', NULL), (4, 'mql', '2025-01-29', 'Too early'), (4, 'sal', '2025-03-01', NULL),
	-- Refused, handed over anew, refused for something else: two refusals, one lead.
	(5, 'mql', '2025-01-20', NULL), (5, 'Out', '2025-01-30', 'No budget'), (5, 'mql', '2025-02-20', NULL), (5, 'Out', '2025-03-01', 'Wrong size'),
	-- Never handed over.
	(6, 'Out', '2025-01-30', 'Student'),
	-- Lost as a deal says, and as a stage says.
	(7, 'mql', '2025-01-20', NULL), (7, 'sql', '2025-01-25', NULL), (7, 'Out', '2025-03-10', 'closed'),
	-- The deal does not say why, the stage does.
	(8, 'opportunity', '2025-01-25', NULL), (8, 'Out', '2025-03-10', 'Competitor'),
	-- Lost, and there is no deal.
	(9, 'opportunity', '2025-01-25', NULL), (9, 'Out', '2025-03-10', 'price '),
	-- A customer who left was won.
	(10, 'won', '2025-02-01', NULL), (10, 'Out', '2025-04-01', 'churn'),
	-- On a day without an hour: the exit ends the day.
	(11, 'mql', '2025-01-20 15:00', NULL), (11, 'Out', '2025-01-20', 'No Budget'),
	-- Back from sql to sal is sales' own affair; back to lead is not.
	(12, 'mql', '2025-01-20', NULL), (12, 'sql', '2025-01-22', NULL), (12, 'sal', '2025-01-23', NULL), (12, 'lead', '2025-01-25', NULL),
	-- Not refused; too lately to be refused; after observed_until.
	(13, 'mql', '2025-01-20', NULL), (14, 'mql', '2025-06-25', NULL), (15, 'mql', '2025-01-20', NULL), (15, 'Out', '2025-07-01', 'No budget');
INSERT INTO regress_reason.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, reason) VALUES
	('a', 4, '2025-03-05', '2025-05-01', true, 900, NULL, 'Good'), ('b', 7, '2025-02-01', '2025-03-10', false, 500, 'Ben', 'Price'),
	('c', 8, '2025-02-01', '2025-03-10', false, NULL, NULL, ''), ('d', 13, '2025-02-01', '2025-07-02', false, 80, NULL, 'Price'),
	('e', 13, '2025-02-01', '2025-05-02', false, 20, NULL, 'PRICE');
SELECT outcome, lead_id, happened_at, stage, reason, amount, is_first, won_later_at, revenue_later FROM regress_reason.reason_case
	WHERE outcome <> 'transmitted' ORDER BY lead_id, happened_at;
-- Eight refusals of seven leads. All but 6 were handed over (10 by what came later); 14 so lately that it may still be refused: 90 % of the refusals came
-- within ten days.
SELECT count(*) FILTER (WHERE mql_at <= observed_until) AS handed_over FROM regress_reason.lead_outcome;
SELECT reason, refusals, refused, recycled, disqualified, all_refusals, share, refused_leads, transmitted, refusal_rate, won_later, revenue_later
	FROM regress_reason.refusal_reasons WHERE grain = 'all';
SELECT grain, stage, channel, owner, reason, refusals, all_refusals, refused_leads, transmitted FROM regress_reason.refusal_reasons WHERE grain <> 'all';
-- Lost: deals b, c and e and lead 9; won: deal a, and lead 10 by its stage. 500 + 20 for the price, and of one deal nobody knows.
SELECT grain, stage, owner, reason, losses, lost_deals, all_losses, share, decided, loss_rate, amount_lost, priced_losses FROM regress_reason.loss_reasons
	WHERE grain IN ('all', 'stage', 'owner');
SELECT * FROM pg_temp.disagreements('regress_reason');
-- What is handed over at creation may be refused at once; accepted is what has an opportunity, where the ladder knows no acceptance.
UPDATE regress_reason.rule SET transmitted_role = 'lead';
UPDATE regress_reason.stage SET role = NULL WHERE role = 'sal';
SELECT outcome, count(*) FROM regress_reason.reason_case GROUP BY 1 ORDER BY 1;
-- A ladder that does not know the hand-off, nor sales: deals are lost all the same.
UPDATE regress_reason.rule SET transmitted_role = 'mql';
UPDATE regress_reason.stage SET role = NULL WHERE role IN ('mql', 'opportunity', 'won');
SELECT outcome, count(*) FROM regress_reason.reason_case GROUP BY 1 ORDER BY 1;
SELECT drop_mart('regress_reason');

--
-- What changed
--
SELECT create_mart('regress_reason');
INSERT INTO regress_reason.stage VALUES (20, 'Out', 'lost');
-- October to December 2024: 20 a, 15 b, 5 c. January to March 2025: 8 A, 15 b, 17 unknown. Before and after that, what does not matter.
INSERT INTO regress_reason.lead (lead_id, created_at) SELECT n, '2024-08-01'::timestamptz + n * interval '1 day' FROM generate_series(1, 100) n;
INSERT INTO regress_reason.stage_event (lead_id, stage, entered_at) SELECT lead_id, 'mql', created_at FROM regress_reason.lead;
INSERT INTO regress_reason.stage_event (lead_id, stage, entered_at, reason)
	SELECT lead_id, 'Out', CASE WHEN lead_id <= 40 THEN '2024-12-31 23:00'::timestamptz WHEN lead_id <= 80 THEN '2025-01-01' WHEN lead_id <= 90 THEN '2024-09-30'
		ELSE '2025-04-01' END,
		CASE WHEN lead_id <= 20 THEN 'a' WHEN lead_id <= 35 THEN 'b' WHEN lead_id <= 40 THEN 'c' WHEN lead_id <= 48 THEN 'A ' WHEN lead_id <= 63 THEN 'b' END
	FROM regress_reason.lead;
UPDATE regress_reason.rule SET observed_until = '2025-05-10';
-- a: 20 of 40, then 8 of 40, p = 0.005, the second of four: three times that. c: 5 and 0, exact. Not said: 0 and 17, the first of four.
SELECT reason, refusals, period, after_start, before_start, refusals_before AS before, refusals_after AS after, share_before, share_after, difference,
	round(p_value::numeric, 6) AS p_value, round(adjusted_p_value::numeric, 6) AS adjusted, verdict FROM regress_reason.refusal_reasons WHERE grain = 'all';
SELECT reason, round((compare(rate(after, 40), rate(before, 40))).p_value::numeric, 6) AS p_value FROM (VALUES ('a', 20, 8), ('b', 15, 15), ('c', 5, 0), (NULL, 0, 17))
	v(reason, before, after);
-- Half a quarter before that: months are compared. Of one month nobody can say anything.
DELETE FROM regress_reason.stage_event WHERE stage = 'Out' AND entered_at < '2024-12-01';
DELETE FROM regress_reason.stage_event e WHERE stage = 'mql' AND NOT EXISTS (SELECT FROM regress_reason.stage_event o WHERE o.lead_id = e.lead_id AND o.stage = 'Out');
UPDATE regress_reason.stage_event SET entered_at = '2024-12-01' WHERE stage = 'mql';
UPDATE regress_reason.lead SET created_at = '2024-12-01';
UPDATE regress_reason.rule SET observed_until = '2025-01-31 23:59:59.999999';
SELECT reason, period, after_start, before_start, refusals_before AS before, refusals_after AS after FROM regress_reason.refusal_reasons WHERE grain = 'all';
SELECT drop_mart('regress_reason');

--
-- Generated data, with exits, reasons and ways back
--
SELECT create_mart('regress_reason');
SELECT generate_example('regress_reason', 1500);
INSERT INTO regress_reason.stage VALUES (20, 'Out', 'lost'), (21, 'Dead', 'lost');
UPDATE regress_reason.lead SET owner = (ARRAY['Ada', 'Ben', 'Cleo', NULL, ' '])[1 + lead_id % 5];
INSERT INTO regress_reason.stage_event (lead_id, stage, entered_at, reason)
	SELECT e.lead_id, s.stage, date_trunc(CASE n % 3 WHEN 0 THEN 'day' ELSE 'hour' END, e.entered_at + e.lead_id % 17 * interval '20 hours' * n), s.reason
	FROM regress_reason.stage_event e CROSS JOIN generate_series(1, 2) n
	CROSS JOIN LATERAL (SELECT (ARRAY['Out', 'Dead', 'lead', 'mql', 'sal'])[1 + (e.lead_id + n) % 5] AS stage,
		(ARRAY['Price', ' price', 'No budget', 'no budget', 'NO BUDGET ', '', NULL, 'x' || e.lead_id % 30])[1 + (e.lead_id * n) % 8] AS reason) s
	WHERE e.lead_id % 4 = n;
UPDATE regress_reason.deal SET owner = 'Dan', reason = (ARRAY['Price', 'PRICE', NULL, 'Competitor'])[1 + lead_id % 4] WHERE lead_id % 3 = 0;
SELECT * FROM pg_temp.disagreements('regress_reason');
SELECT outcome, count(*) > 10 AS many FROM regress_reason.reason_case GROUP BY 1 ORDER BY 1;
-- Other zones, policies and roles; money, times and records that are wrong.
UPDATE regress_reason.rule SET time_zone = 'Asia/Tokyo', fiscal_year_start = 2, observed_until = '2025-06-01', funnel_policy = 'ordered',
	transmitted_role = 'sal', accepted_role = 'sql';
INSERT INTO regress_reason.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner, reason) VALUES
	('x', 1, 'infinity', '-infinity', false, 'NaN', 'Eve', 'x'), ('y', 2, NULL, '2025-05-01', false, 1e300, 'Eve', 'y'), ('z', 3, '2025-05-01', NULL, false, -1e300,
	'Eve', 'z'), ('w', 4, NULL, NULL, NULL, NULL, 'Eve', repeat('w', 100)), (NULL, 5, '2025-01-01', '2025-02-01', false, 'Infinity', 'Eve', NULL),
	('v', 2, NULL, '2025-05-02', false, 1e300, 'Eve', 'Y'), (NULL, NULL, NULL, NULL, false, 1, NULL, 'no lead');
INSERT INTO regress_reason.stage_event (lead_id, stage, entered_at, reason) VALUES (1, 'Out', 'infinity', 'x'), (1, 'Out', NULL, 'x'), (NULL, 'Out', '2025-01-01', 'x'),
	(1, 'nowhere', '2025-01-01', 'x'), (2, 'Out', '2019-01-01', 'before there was a lead');
SELECT * FROM pg_temp.disagreements('regress_reason');
SELECT reason, losses, amount_lost = 2e300 AS is_huge FROM regress_reason.loss_reasons WHERE grain = 'owner' AND owner = 'Eve';

-- Without its rule a mart says nothing.
ALTER TABLE regress_reason.rule DISABLE TRIGGER ALL;
DELETE FROM regress_reason.rule;
SELECT v.view, left(pg_temp.failure(format('SELECT * FROM regress_reason.%I', v.view)), 42) AS failure
	FROM (VALUES ('sent_away'), ('reason_case'), ('reason_count'), ('reason_by_grain'), ('refusal_reasons'), ('loss_reasons')) v(view);
SELECT drop_mart('regress_reason');
