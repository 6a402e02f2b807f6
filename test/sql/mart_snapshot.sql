-- The pipeline as it stood: hand cases, and no row that knows more than the data of its own time.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_snapshot');
SET search_path = regress_snapshot, lead_kpi, public;

-- An empty mart.
SELECT count(*) FROM pipeline_snapshot;

-- 1: MQL at midnight belongs to February. 2: created at midnight, SAL in the last instant of February. 3: skips stages, then goes back.
-- 4: MQL before it was a lead. 5: lost, reopened, won. 6: lost by a deal that was never opened. 7: a deal without times. 8: won.
-- 9: one deal lost, one open. 10: a test. 11: created after observed_until. 12: lost, and 13: won, after it. 14: two stages at once.
UPDATE rule SET observed_until = '2026-04-10';
INSERT INTO lead (lead_id, created_at, channel, campaign, email) VALUES
	(1, '2026-01-10', 'ads', 'spring', NULL), (2, '2026-02-01', ' ', NULL, NULL), (3, '2026-01-05', 'ads', NULL, NULL), (4, '2026-02-15', 'ads', NULL, NULL),
	(5, '2026-01-05', 'ads', NULL, NULL), (6, '2026-01-05', 'ads', NULL, NULL), (7, '2026-01-05', 'ads', NULL, NULL), (8, '2026-01-05', 'ads', NULL, NULL),
	(9, '2026-01-05', 'ads', NULL, NULL), (10, '2026-01-05', 'ads', NULL, 'test@firm.example'), (11, '2026-04-10 00:00:01', 'ads', NULL, NULL),
	(12, '2026-01-05', 'ads', NULL, NULL), (13, '2026-01-05', 'ads', NULL, NULL), (14, '2026-01-05', 'ads', NULL, NULL);
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES
	(1, 'mql', '2026-02-01'), (2, 'sal', '2026-02-28 23:59:59.999999'), (3, 'opportunity', '2026-01-20'), (3, 'mql', '2026-02-10'),
	(4, 'mql', '2026-01-20'), (8, 'won', '2026-02-20'), (8, 'mql', '2026-03-20'), (13, 'won', '2026-04-11'), (14, 'mql', '2026-01-06'), (14, 'sql', '2026-01-06');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won) VALUES
	('5a', 5, '2026-01-10', '2026-01-20', false), ('5b', 5, '2026-02-10', '2026-03-15', true), ('6', 6, NULL, '2026-03-10', false), ('7', 7, NULL, NULL, NULL),
	('9a', 9, '2026-01-10', '2026-01-20', false), ('9b', 9, '2026-01-15', NULL, NULL), ('12', 12, '2026-02-01', '2026-04-20', false);
SELECT lead_id, created_at::date AS created, channel, campaign, string_agg(CASE WHEN is_now THEN 'now' ELSE to_char(as_of, 'Mon') END || ' ' || stage_position || ' ' || stage, ', ' ORDER BY as_of) AS history,
	max(stage_entered_at) AS last_entered, max(won_at)::date AS won, max(lost_at)::date AS lost, max(observed_until)::date AS until
FROM pipeline_snapshot GROUP BY lead_id, created_at, channel, campaign ORDER BY lead_id;
-- When: the last instants of 24 months, and now, in the time zone of the mart.
INSERT INTO lead (lead_id, created_at) VALUES (100, '2020-01-01');
SELECT as_of, is_now FROM pipeline_snapshot WHERE lead_id = 100 ORDER BY as_of;
UPDATE rule SET time_zone = 'America/New_York';
SELECT as_of, is_now, string_agg(lead_id || ' ' || stage, ', ' ORDER BY lead_id) AS leads FROM pipeline_snapshot
WHERE lead_id IN (1, 2) GROUP BY as_of, is_now ORDER BY as_of;
UPDATE rule SET time_zone = 'UTC', observed_until = '2026-02-01';
SELECT is_now, max(as_of) FROM pipeline_snapshot GROUP BY is_now ORDER BY is_now;
UPDATE rule SET observed_until = '2026-04-10';
DELETE FROM lead WHERE lead_id = 100;
-- A ladder without the stage won: what was a win is a stage, and a deal won is a deal closed.
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT lead_id, string_agg(CASE WHEN is_now THEN 'now' ELSE to_char(as_of, 'Mon') END || ' ' || stage, ', ' ORDER BY as_of) AS history, count(won_at) AS won
FROM pipeline_snapshot WHERE lead_id IN (5, 8) GROUP BY lead_id ORDER BY lead_id;
UPDATE stage SET role = 'won' WHERE stage = 'won';

-- A wild mart: made-up data, with deals reopened, turned over, without times and lead changes of mind on top.
TRUNCATE lead, stage_event, deal;
UPDATE rule SET observed_until = NULL;
-- The plain SQL below knows nothing of what is folded.
UPDATE rule SET duplicates = 'drop';
SELECT generate_example('regress_snapshot', 400, 5);
INSERT INTO deal
SELECT d.deal_id || v.suffix, d.lead_id, CASE WHEN v.suffix <> 'c' THEN d.opened_at + v.after END, CASE WHEN hashtext(d.deal_id) % 3 <> 0 THEN d.opened_at + v.after * 1.7 END, hashtext(d.deal_id) % 5 = 0, 10
FROM deal d CROSS JOIN (VALUES ('a', interval '20 days'), ('b', '70 days'), ('c', '100 days')) v(suffix, after)
WHERE hashtext(d.deal_id || v.suffix) % 2 = 0;
UPDATE deal SET opened_at = closed_at + interval '40 days' WHERE hashtext(deal_id) % 11 = 0 AND closed_at IS NOT NULL;
INSERT INTO stage_event SELECT lead_id, (ARRAY['sql', 'mql', 'won', 'opportunity', 'lead'])[1 + abs(hashtext(lead_id::text)) % 5], created_at + hashtext('x' || lead_id) % 200 * interval '1 day'
FROM lead WHERE lead_id % 7 = 0;

-- Now, in plain SQL: counted leads that were created, less those won, less those whose deals are all closed, at their furthest stage.
CREATE TEMP VIEW plain_now AS
WITH o AS (SELECT observed_until FROM observation), reached AS
(
	SELECT e.lead_id, l.stage_position, e.entered_at FROM stage_event e JOIN ladder l USING (stage), o WHERE e.entered_at <= o.observed_until
	UNION ALL SELECT d.lead_id, 5, d.opened_at FROM deal d, o WHERE d.opened_at <= o.observed_until
	UNION ALL SELECT d.lead_id, 6, d.closed_at FROM deal d, o WHERE d.closed_at <= o.observed_until AND d.is_won
	UNION ALL SELECT l.lead_id, 1, l.created_at FROM lead l
)
SELECT l.lead_id, r.stage_position, r.entered_at
FROM counted_lead l CROSS JOIN o
CROSS JOIN LATERAL (SELECT * FROM reached r WHERE r.lead_id = l.lead_id ORDER BY r.stage_position DESC, r.entered_at LIMIT 1) r
WHERE l.excluded_reason IS NULL AND l.created_at <= o.observed_until AND r.stage_position < 6
	AND coalesce((SELECT bool_or(coalesce(d.closed_at > o.observed_until, true)) FROM deal d
		WHERE d.lead_id = l.lead_id AND coalesce(least(d.opened_at, d.closed_at), '-infinity') <= o.observed_until
			-- A stage after the end of a deal opens the lead again.
			AND NOT EXISTS (SELECT FROM stage_event e WHERE e.lead_id = d.lead_id AND e.entered_at > d.closed_at AND e.entered_at <= o.observed_until)), true);
SELECT count(*) > 100 AS leads, count(DISTINCT n.stage_position) AS stages,
	count(*) FILTER (WHERE (n.lead_id, n.stage_position, n.entered_at) IS DISTINCT FROM (s.lead_id, s.stage_position, s.stage_entered_at)) AS different
FROM plain_now n FULL JOIN (SELECT * FROM pipeline_snapshot WHERE is_now) s USING (lead_id);

-- No leak: what is said of a month end is what a mart says that was filled by then and knows nothing later.
SELECT lead_kpi.create_mart('regress_snapshot_cut');
CREATE FUNCTION pg_temp.unlike_cut() RETURNS TABLE (moments bigint, leads bigint, missing bigint, invented bigint) LANGUAGE plpgsql AS $$
DECLARE
	moment timestamptz;
	part record;
BEGIN
	UPDATE regress_snapshot_cut.rule c SET time_zone = r.time_zone, funnel_policy = r.funnel_policy, funnel_within = r.funnel_within, internal_domains = r.internal_domains, duplicates = r.duplicates
	FROM regress_snapshot.rule r;
	CREATE TEMP TABLE whole AS SELECT as_of, lead_id, created_at, channel, campaign, stage_position, stage, stage_entered_at FROM regress_snapshot.pipeline_snapshot;
	SELECT 0, 0, 0, 0 INTO moments, leads, missing, invented;
	FOR moment IN SELECT DISTINCT as_of FROM whole
	LOOP
		TRUNCATE regress_snapshot_cut.lead, regress_snapshot_cut.stage_event, regress_snapshot_cut.deal;
		INSERT INTO regress_snapshot_cut.lead SELECT * FROM regress_snapshot.lead WHERE created_at <= moment;
		INSERT INTO regress_snapshot_cut.stage_event SELECT * FROM regress_snapshot.stage_event WHERE entered_at <= moment;
		INSERT INTO regress_snapshot_cut.deal
		SELECT deal_id, lead_id, CASE WHEN opened_at <= moment THEN opened_at END, CASE WHEN closed_at <= moment THEN closed_at END,
			CASE WHEN closed_at <= moment THEN is_won END, CASE WHEN closed_at <= moment THEN amount END
		FROM regress_snapshot.deal WHERE coalesce(least(opened_at, closed_at), '-infinity') <= moment;
		UPDATE regress_snapshot_cut.rule SET observed_until = moment;
		CREATE TEMP TABLE cut AS SELECT as_of, lead_id, created_at, channel, campaign, stage_position, stage, stage_entered_at
		FROM regress_snapshot_cut.pipeline_snapshot WHERE is_now;
		SELECT count(*) AS leads, count(*) - count(*) FILTER (WHERE w IN (SELECT c FROM cut c)) AS invented, (SELECT count(*) FROM cut c WHERE c NOT IN (SELECT w FROM whole w)) AS missing
		INTO part FROM whole w WHERE w.as_of = moment;
		DROP TABLE cut;
		moments := moments + 1;
		leads := leads + part.leads;
		missing := missing + part.missing;
		invented := invented + part.invented;
	END LOOP;
	DROP TABLE whole;
	RETURN NEXT;
END;
$$;
SELECT moments, leads > 3000 AS many, missing, invented FROM pg_temp.unlike_cut();
UPDATE rule SET funnel_policy = 'ordered', funnel_within = '60 days', time_zone = 'Asia/Tokyo', observed_until = '2025-06-15';
SELECT moments, leads > 1000 AS many, missing, invented FROM pg_temp.unlike_cut();

DROP VIEW plain_now;
RESET search_path;
SELECT lead_kpi.drop_mart('regress_snapshot');
SELECT lead_kpi.drop_mart('regress_snapshot_cut');
