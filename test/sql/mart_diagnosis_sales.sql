-- What is found in sales: every rule of diagnosis about answers, load, meetings, refusals, owners, lists and targets, with a case that must trigger it
-- and one that must not.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT lead_kpi.create_mart('regress_sales');
SET search_path = regress_sales, lead_kpi, public;
INSERT INTO activity_meaning VALUES ('call', 'no answer', 'attempt'), ('call', 'reached', 'contact'), ('meeting', 'held', 'meeting_held'),
	('meeting', 'no show', 'no_show');
INSERT INTO channel_family VALUES ('calls', 'outbound'), ('ads', 'inbound');

-- Leads of one moment: how many of them are tried after 30 minutes (the others a day and four hours later, 13 hours of working time), reached, handed over,
-- accepted and won; whose they are, and of which campaign.
CREATE FUNCTION pg_temp.cohort(created_at timestamptz, leads integer, quick integer DEFAULT 0, owners integer DEFAULT 1, mql integer DEFAULT 0,
	sal integer DEFAULT 0, owner text DEFAULT 'owner', channel text DEFAULT 'ads', campaign text DEFAULT NULL, reached integer DEFAULT 0) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	WITH id AS (SELECT (SELECT count(*) FROM lead) + n AS lead_id, n FROM generate_series(1, $2) n),
	made AS
	(
		INSERT INTO lead (lead_id, created_at, channel, campaign, owner)
		SELECT lead_id, $1, $8, $9, CASE WHEN $4 > 1 THEN $7 || ' ' || 1 + n % $4 ELSE $7 END FROM id
	), tried AS
	(
		INSERT INTO activity (lead_id, activity_at, kind, outcome)
		SELECT lead_id, $1 + CASE WHEN n <= $3 THEN interval '30 minutes' ELSE '28 hours' END, 'call', CASE WHEN n <= $10 THEN 'reached' ELSE 'no answer' END
		FROM id
	)
	INSERT INTO stage_event (lead_id, stage, entered_at)
	SELECT lead_id, stage, $1 + days * interval '1 day'
	FROM id, (VALUES ('mql', 2, $5), ('sal', 3, $6)) s(stage, days, most) WHERE n <= most;
END;
-- Meetings held and not, and refusals with their reasons, of leads that there are.
CREATE FUNCTION pg_temp.meetings(due timestamptz, held integer, no_show integer) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO activity (lead_id, activity_at, kind, outcome, scheduled_for)
	SELECT lead_id, $1, 'meeting', CASE WHEN n <= $2 THEN 'held' ELSE 'no show' END, $1
	FROM (SELECT lead_id, row_number() OVER (ORDER BY lead_id) AS n FROM lead WHERE created_at < $1 AND created_at > $1 - interval '28 days') l
	WHERE n <= $2 + $3;
END;
CREATE FUNCTION pg_temp.refused(of timestamptz, first integer, last integer, reason text) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO stage_event (lead_id, stage, entered_at, reason)
	SELECT lead_id, 'refused', $1 + interval '4 days', $4
	FROM (SELECT lead_id, row_number() OVER (ORDER BY lead_id) AS n FROM lead WHERE created_at = $1) l
	WHERE n BETWEEN $2 AND $3;
END;
CREATE FUNCTION pg_temp.empty(observed_until timestamptz) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	DELETE FROM lead;
	DELETE FROM stage_event;
	DELETE FROM deal;
	DELETE FROM activity;
	DELETE FROM target;
	UPDATE rule SET observed_until = $1;
END;
-- Read once a case: what is found, and what it says in both languages.
CREATE TABLE pg_temp.found AS SELECT * FROM diagnosis_finding WHERE false;
CREATE FUNCTION pg_temp.look() RETURNS TABLE (code text, severity text, subject text, since date, certain boolean, p numeric, leads_compared float8, leads float8,
	value_compared numeric, value numeric) LANGUAGE sql
BEGIN ATOMIC
	DELETE FROM pg_temp.found;
	INSERT INTO pg_temp.found SELECT * FROM diagnosis_finding
	WHERE code IN ('slow_first_answer', 'overload', 'no_shows_up', 'refusals_one_reason', 'refusals_mostly_one_reason', 'owner_off', 'list_off',
		'target_out_of_reach');
	SELECT code, severity, subject, since, is_certain, round(certain_p::numeric, 4), leads_compared, leads, round(value_compared::numeric, 4),
		round(value::numeric, 4)
	FROM pg_temp.found ORDER BY ordinal, place;
END;
CREATE VIEW pg_temp.said AS
SELECT mart_message(message_en, subject, figures::float8[], units::text[], 'en') AS message_en,
	mart_message(mart_text(message_fr), subject, figures::float8[], units::text[], 'fr') AS message_fr
FROM pg_temp.found ORDER BY ordinal, place;

-- Nothing to ask about: an empty mart, and one without anything of the sales half.
SELECT * FROM diagnosis_sales;
INSERT INTO lead (lead_id, created_at) SELECT n, '2026-01-15' FROM generate_series(1, 100) n;
SELECT * FROM diagnosis_sales;

-- slow_first_answer: of 200 leads 150 are tried within the hour, then 60. In November it began to be written down.
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2025-11-13 10:00', 10), pg_temp.cohort('2026-01-15 10:00', 200, 150), pg_temp.cohort('2026-02-12 10:00', 200, 60);
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
-- Each question is asked of the share and of the whole curve; 140 are no news, nor is it where nobody wrote attempts down before.
SELECT code, asked, since, compared_with, figures, round(p_value::numeric, 6) AS p, is_suspected, is_material FROM diagnosis_sales WHERE code = 'slow_first_answer';
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2025-11-13 10:00', 10), pg_temp.cohort('2026-01-15 10:00', 200, 150), pg_temp.cohort('2026-02-12 10:00', 200, 140);
\o
SELECT * FROM pg_temp.look();
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-15 10:00', 200, 150), pg_temp.cohort('2026-02-12 10:00', 200, 60);
\o
SELECT * FROM pg_temp.look();

-- overload: four people with twice the leads answer later and accept fewer. With twice the people it is something else, and so it is where acceptance holds.
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2025-11-13 10:00', 10), pg_temp.cohort('2026-01-15 10:00', 200, 150, 4, 160, 120),
	pg_temp.cohort('2026-02-12 10:00', 400, 100, 4, 320, 130);
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2025-11-13 10:00', 10), pg_temp.cohort('2026-01-15 10:00', 200, 150, 4, 160, 120),
	pg_temp.cohort('2026-02-12 10:00', 400, 100, 8, 320, 130);
\o
SELECT code FROM pg_temp.look();
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2025-11-13 10:00', 10), pg_temp.cohort('2026-01-15 10:00', 200, 150, 4, 160, 120),
	pg_temp.cohort('2026-02-12 10:00', 400, 100, 4, 320, 240);
\o
SELECT code FROM pg_temp.look();

-- no_shows_up: of 100 meetings 10, then 40, that nobody came to; 12 are none. Nor is it where nobody wrote them down before.
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100), pg_temp.cohort('2026-02-02 10:00', 100),
	pg_temp.meetings('2026-01-20 10:00', 90, 10), pg_temp.meetings('2026-02-17 10:00', 60, 40);
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100), pg_temp.cohort('2026-02-02 10:00', 100),
	pg_temp.meetings('2026-01-20 10:00', 90, 10), pg_temp.meetings('2026-02-17 10:00', 88, 12);
\o
SELECT * FROM pg_temp.look();
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100), pg_temp.cohort('2026-02-02 10:00', 100),
	pg_temp.meetings('2026-01-20 10:00', 100, 0), pg_temp.meetings('2026-02-17 10:00', 60, 40);
\o
SELECT * FROM pg_temp.look();

-- refusals_one_reason: of 40 refusals 20 are for the budget, then 90 of the 110 that have a reason. Where both reasons doubled none explains it.
INSERT INTO stage VALUES (9, 'refused', 'lost');
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 200, 0, 1, 150), pg_temp.cohort('2026-02-02 10:00', 200, 0, 1, 150),
	pg_temp.refused('2026-01-05 10:00', 1, 20, 'no budget'), pg_temp.refused('2026-01-05 10:00', 21, 40, 'no need'),
	pg_temp.refused('2026-02-02 10:00', 1, 90, 'No budget '), pg_temp.refused('2026-02-02 10:00', 91, 110, 'no need'),
	pg_temp.refused('2026-02-02 10:00', 111, 150, '');
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 200, 0, 1, 150), pg_temp.cohort('2026-02-02 10:00', 200, 0, 1, 150),
	pg_temp.refused('2026-01-05 10:00', 1, 20, 'no budget'), pg_temp.refused('2026-01-05 10:00', 21, 40, 'no need'),
	pg_temp.refused('2026-02-02 10:00', 1, 40, 'no budget'), pg_temp.refused('2026-02-02 10:00', 41, 80, 'no need');
\o
SELECT * FROM pg_temp.look();
-- refusals_mostly_one_reason: 30 of 40 in a quarter are; 22 of 40 may be chance.
\o /dev/null
SELECT pg_temp.empty('2026-04-20'), pg_temp.cohort('2026-01-05 10:00', 200, 0, 1, 150), pg_temp.cohort('2026-03-02 10:00', 200, 0, 1, 150),
	pg_temp.refused('2026-01-05 10:00', 1, 30, 'no budget'), pg_temp.refused('2026-01-05 10:00', 31, 40, 'no need');
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-04-20'), pg_temp.cohort('2026-01-05 10:00', 200, 0, 1, 150), pg_temp.cohort('2026-03-02 10:00', 200, 0, 1, 150),
	pg_temp.refused('2026-01-05 10:00', 1, 22, 'no budget'), pg_temp.refused('2026-01-05 10:00', 23, 40, 'no need');
\o
SELECT * FROM pg_temp.look();

-- owner_off: Ann, Bob and Eve have 60 leads handed over each; of Eve's 15 are accepted, of the others' 45. 38 of 60 is what the worst of three may have.
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Ann'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Bob'),
	pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 15, 'Eve');
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Ann'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Bob'),
	pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 38, 'Eve');
\o
SELECT * FROM pg_temp.look();
-- One that differs only because her leads are of another month does not.
\o /dev/null
SELECT pg_temp.empty('2026-04-10'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Ann'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 60, 45, 'Bob'),
	pg_temp.cohort('2026-02-02 10:00', 100, 0, 1, 60, 15, 'Ann'), pg_temp.cohort('2026-02-02 10:00', 200, 0, 1, 120, 30, 'Eve');
\o
SELECT * FROM pg_temp.look();

-- list_off: of three lists of 100 prospects 40, 40 and 10 are reached; 32 is none. Those that asked themselves are no list.
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list a', 40),
	pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list b', 40), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list c', 10),
	pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'ads', 'brand', 90);
\o
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
\o /dev/null
SELECT pg_temp.empty('2026-03-10'), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list a', 40),
	pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list b', 40), pg_temp.cohort('2026-01-05 10:00', 100, 0, 1, 0, 0, 'Ann', 'calls', 'list c', 32);
\o
SELECT * FROM pg_temp.look();

-- target_out_of_reach: four leads a day are no 1000 a month; they are 90. A target that is over is not asked about, nor one of later.
SELECT pg_temp.empty('2026-03-20');
INSERT INTO lead (lead_id, created_at) SELECT n, timestamptz '2025-06-01' + n * interval '6 hours' FROM generate_series(1, 1167) n;
INSERT INTO target VALUES ('2026-03-01', '2026-03-31', 'leads', NULL, NULL, 1000), ('2026-03-01', '2026-03-31', 'leads', NULL, NULL, 90),
	('2026-02-01', '2026-02-28', 'leads', NULL, NULL, 1000), ('2026-04-01', '2026-04-30', 'leads', NULL, NULL, 1000);
SELECT * FROM pg_temp.look();
SELECT * FROM pg_temp.said;
DELETE FROM target WHERE value = 1000;
SELECT * FROM pg_temp.look();
SELECT code, asked, subject, since, is_suspected FROM diagnosis_sales WHERE code LIKE 'target%';

-- The counts are those of the views that show them, and a stored mart says the same.
SELECT pg_temp.empty(NULL);
DELETE FROM stage WHERE position = 9;
DELETE FROM channel_family;
SELECT generate_example('regress_sales', 3000, 5);
SELECT * FROM pg_temp.look();
CREATE TABLE pg_temp.side AS SELECT * FROM diagnosis_sales_side;
SELECT s.compared_with, s.trials1 - sum(m.held + m.no_show) AS due, s.hits1 - sum(m.no_show) AS no_shows
FROM pg_temp.side s
JOIN meeting_count m ON m.due_month >= s.since AND m.due_month < s.since + CASE s.compared_with WHEN 'previous month' THEN interval '1 month' ELSE '3 months' END
WHERE s.part = 'meeting'
GROUP BY s.compared_with, s.trials1, s.hits1 ORDER BY 1;
SELECT s.compared_with, s.trials1 - sum(c.working_old_60) AS old, s.hits1 - sum(c.working_within_60) AS within
FROM pg_temp.side s
JOIN speed_count c ON c.grain = 'month' AND c.measure = 'attempt' AND c.month >= s.since
	AND c.month < s.since + CASE s.compared_with WHEN 'previous month' THEN interval '1 month' ELSE '3 months' END
WHERE s.part = 'period'
GROUP BY s.compared_with, s.trials1, s.hits1 ORDER BY 1;
SELECT s.subject, s.trials1 - sum(c.transmitted) AS transmitted, s.hits1 - sum(c.accepted) AS accepted
FROM pg_temp.side s
JOIN owner_count c ON c.owner = s.subject AND c.month >= s.since AND c.month < s.since + interval '1 year'
WHERE s.part = 'owner' AND s.measure = 'accepted'
GROUP BY s.subject, s.trials1, s.hits1 ORDER BY 1;

-- Dirty data: times that are none, amounts and targets beyond float8, and names of blanks.
BEGIN;
INSERT INTO activity (lead_id, activity_at, kind, outcome, owner, scheduled_for) VALUES (1, 'infinity', 'call', 'reached', '', NULL), (2, NULL, 'meeting', 'held', ' ', '-infinity'),
	(NULL, '2025-12-01', 'call', 'reached', 'x', NULL), (3, '2025-12-01', NULL, NULL, NULL, 'infinity');
UPDATE deal SET amount = 1e300, owner = ' ' WHERE lead_id % 3 = 0;
UPDATE lead SET owner = ' ' WHERE lead_id % 5 = 0;
UPDATE lead SET created_at = 'infinity' WHERE lead_id % 97 = 1;
INSERT INTO stage_event (lead_id, stage, entered_at, reason) SELECT lead_id, 'mql', 'infinity', '%s {a|b}' FROM lead WHERE lead_id % 7 = 0;
UPDATE rule SET observed_until = '2025-12-15';
INSERT INTO target VALUES ('2025-12-01', '2025-12-31', 'revenue', NULL, NULL, 1e300), ('2025-12-01', '2025-12-31', 'won', NULL, ' ', -5), (NULL, NULL, NULL, NULL, NULL, NULL),
	('-infinity', 'infinity', 'leads', NULL, NULL, 'NaN');
SELECT count(*) > 0 AS answers FROM diagnosis_sales;
ROLLBACK;
-- Without a rule nothing is said.
ALTER TABLE rule DISABLE TRIGGER ALL;
BEGIN;
DELETE FROM rule;
SELECT count(*) FROM diagnosis_sales;
ROLLBACK;
ALTER TABLE rule ENABLE TRIGGER ALL;
\o /dev/null
SELECT store_mart('regress_sales');
\o
SELECT relation, stored_only, live_only FROM check_mart('regress_sales') WHERE relation LIKE 'diagnosis%' AND NOT is_identical;

RESET search_path;
DROP VIEW pg_temp.said;
DROP FUNCTION pg_temp.look, pg_temp.cohort, pg_temp.meetings, pg_temp.refused, pg_temp.empty;
DROP TABLE pg_temp.found, pg_temp.side;
SELECT lead_kpi.drop_mart('regress_sales');
