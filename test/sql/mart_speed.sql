-- Speed to lead: how soon leads are tried, reached and qualified, and what speed goes with.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
SELECT create_mart('regress_speed') \g /dev/null
SET search_path = regress_speed, lead_kpi, public;

-- An empty mart, and leads that nobody wrote anything down about: nothing is told, least of all that nobody was answered.
SELECT count(*) FROM speed_to_lead UNION ALL SELECT count(*) FROM conversion_by_speed;
INSERT INTO lead (lead_id, created_at, channel, owner) VALUES (1, '2026-02-02 10:00', 'web', 'ann'), (2, '2026-02-02 10:00', 'web', 'ann'), (3, '2026-02-07 10:00', 'web', 'ann'),
	(4, '2026-02-03 17:50', 'seo', 'bob'), (5, '2026-02-04 09:00', 'seo', 'bob'), (6, '2026-02-05 09:00', 'seo', NULL), (7, '2026-02-28 23:50', 'web', 'ann'),
	(8, '2026-01-15 10:00', 'web', 'ann'), (9, '2026-03-02 10:00', 'web', 'ann');
UPDATE rule SET observed_until = '2026-03-01', working_hours = 'mon-fri 09:00-18:00', score_horizon = '10 days';
SELECT measure, leads FROM speed_to_lead WHERE grain = 'all';
SELECT count(*) FROM conversion_by_speed;

-- By hand. 2 February 2026 is a Monday. 1 was tried after 3 minutes and reached after 20, 2 reached after 12; 3, of a Saturday, was tried on Monday at 9:05;
-- 4, of 17:50, at 9:40 of the next day; 5 was lost unanswered after six days; 6 is open; 7 is ten minutes old; 8 is of a month in which nobody wrote down
-- calls; 9 is of the future.
INSERT INTO activity_meaning VALUES ('call', '', 'attempt'), ('call', 'answered', 'contact');
INSERT INTO activity (lead_id, activity_at, kind, outcome) VALUES (1, '2026-02-02 10:03', 'call', 'busy'), (1, '2026-02-02 10:20', 'call', 'answered'), (2, '2026-02-02 10:12', 'call', 'answered'),
	(3, '2026-02-09 09:05', 'call', NULL), (4, '2026-02-04 09:40', 'call', NULL), (6, '2026-03-01 09:05', 'call', NULL);
INSERT INTO stage VALUES (7, 'gone', 'lost');
INSERT INTO stage_event (lead_id, stage, entered_at) VALUES (5, 'gone', '2026-02-10 09:00'), (1, 'sql', '2026-02-02 10:01'), (2, 'sql', '2026-02-03 10:00'), (4, 'sql', '2026-02-04'),
	(3, 'sal', '2026-02-10');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('a', 2, '2026-02-05', '2026-02-20', true, 100);
SELECT lead_id, weekday, hour, is_recorded AS told, attempt_minutes AS attempt, attempt_working_minutes AS working, contact_minutes AS contact, qualification_minutes AS qualification,
	qualification_working_minutes AS working, closed_minutes AS closed, observed_minutes AS observed, observed_working_minutes AS working
FROM lead_speed ORDER BY lead_id;
-- Attempts: of six that are old enough two within 15 minutes, three within a day; in working time two within 5, three within 15, four within 60, since 7 came at
-- night. By the clock 1/7 are tried after 3 minutes; 7 is gone then; 11/35 after 12, 17/35 after 950, 23/35 after 2825: the median. In working time 3/6 after 12.
SELECT measure, leads, known_leads AS known, reached, closed_without AS closed, open_leads AS open, round(within_5_minutes::numeric, 3) AS in_5, round(within_15_minutes::numeric, 3) AS in_15,
	round(within_60_minutes::numeric, 3) AS in_60, round(within_24_hours::numeric, 3) AS in_24_h, round(working_within_5_minutes::numeric, 3) AS working_5,
	round(working_within_15_minutes::numeric, 3) AS working_15, round(working_within_60_minutes::numeric, 3) AS working_60
FROM speed_to_lead WHERE grain = 'all' ORDER BY measure;
SELECT measure, median_minutes AS median, p90_minutes AS p90, working_median_minutes AS working_median, working_p90_minutes AS working_p90, median_minutes_if_reached AS if_reached,
	working_median_minutes_if_reached AS working_if_reached, never, round(never_rate::numeric, 3) AS never_rate, round(never_rate_low::numeric, 3) AS low, round(never_rate_high::numeric, 3) AS high
FROM speed_to_lead WHERE grain = 'all' ORDER BY measure;
SELECT grain, month, measure, leads, known_leads, reached, never, quarter FROM speed_to_lead WHERE measure = 'attempt' ORDER BY month NULLS FIRST;
-- Ann's leads against bob's, of two owners: twice the p-value of 3/3 against 1/2. Nobody is no one to compare with.
SELECT owner, leads, known_leads, reached, round(working_within_60_minutes::numeric, 3) AS in_60, round(p_value::numeric, 4) AS p_value,
	round((2 * (compare(rate(3, 3), rate(1, 2))).p_value)::numeric, 4) AS same
FROM speed_to_lead_by_owner WHERE measure = 'attempt' ORDER BY owner;
SELECT channel, leads, known_leads, reached, round(working_within_60_minutes::numeric, 3) AS in_60, p_value FROM speed_to_lead_by_channel WHERE measure = 'attempt' ORDER BY channel;
SELECT weekday, hour, leads, reached, within_24_hours FROM speed_to_lead_by_hour WHERE measure = 'attempt' ORDER BY weekday, hour;
-- One more of five minutes ago, tried after two: it counts among those of five minutes, 2 of 8, and not among those of fifteen, where those of its age that were not
-- tried do not count either: still 2 of 6.
BEGIN;
INSERT INTO lead (lead_id, created_at) VALUES (10, '2026-02-28 23:55');
INSERT INTO activity (lead_id, activity_at, kind) VALUES (10, '2026-02-28 23:57', 'call');
SELECT within_5_minutes, round(within_15_minutes::numeric, 3) AS within_15_minutes FROM speed_to_lead WHERE grain = 'all' AND measure = 'attempt';
ROLLBACK;
-- In another zone the hours are others: it is 10:00 in Paris when 6 is generated, and 3 is answered an hour later in the day.
BEGIN;
UPDATE rule SET time_zone = 'Europe/Paris', holidays = '{2026-02-03}';
SELECT lead_id, weekday, hour, attempt_working_minutes FROM lead_speed WHERE lead_id IN (3, 4, 6) ORDER BY lead_id;
ROLLBACK;

-- Speed and outcome. 1 was qualified before anybody tried it, 5 lost within the week; 4 on the day of the attempt, which has no hour; 7 belongs to no band yet.
SELECT outcome, band, leads, leads_before AS before, young_leads AS young, compared_leads AS compared, converted, conversion, difference, round(p_value::numeric, 4) AS p_value,
	round(homogeneity_p_value::numeric, 4) AS all_bands
FROM conversion_by_speed ORDER BY outcome, band_position;
SELECT DISTINCT compared_leads > 0 AS compared, warning FROM conversion_by_speed ORDER BY 1;
UPDATE rule SET language = 'fr';
SELECT DISTINCT compared_leads > 0 AS compared, warning FROM conversion_by_speed ORDER BY 1;
UPDATE rule SET language = 'en';
-- With a horizon that is not over nobody is compared.
BEGIN;
UPDATE rule SET score_horizon = '60 days';
SELECT sum(young_leads) AS young, sum(compared_leads) AS compared, count(conversion) AS conversions, count(p_value) AS p_values FROM conversion_by_speed;
ROLLBACK;
-- Without a stage with role sql, sal qualifies; without either nothing does.
BEGIN;
UPDATE stage SET role = NULL WHERE role = 'sql';
SELECT reached, median_minutes_if_reached FROM speed_to_lead WHERE measure = 'qualification' AND grain = 'all';
UPDATE stage SET role = NULL WHERE role = 'sal';
SELECT DISTINCT measure FROM speed_to_lead ORDER BY 1;
ROLLBACK;
-- Where no activity means a contact, nobody says that nobody is reached.
BEGIN;
DELETE FROM activity_meaning WHERE outcome <> '';
SELECT DISTINCT measure FROM speed_to_lead ORDER BY 1;
ROLLBACK;

-- Example data: the same by plain SQL, and every lead somewhere.
TRUNCATE lead, stage_event, touch, spend, deal, channel_family, activity, activity_meaning;
UPDATE rule SET observed_until = NULL, score_horizon = '90 days';
DELETE FROM stage WHERE stage = 'gone';
SELECT generate_example('regress_speed', 1500, 7) \g /dev/null
CREATE TEMP TABLE work AS SELECT w.*, timezone(r.time_zone, w.created_at) AS local, r.time_zone, r.working_hours AS hours, r.holidays FROM lead_work w CROSS JOIN rule r;
CREATE TEMP TABLE answer AS
SELECT w.lead_id, w.month, w.owner, w.channel, w.created_at, w.observed_until, v.measure, v.at, CASE v.measure WHEN 'qualification' THEN w.lost_at ELSE least(w.won_at, w.lost_at) END AS over_at,
	(extract(epoch FROM v.at - w.created_at) / 60)::float8 AS minutes,
	working_minutes(local, timezone(time_zone, v.at), hours, holidays) AS working, extract(epoch FROM w.observed_until - w.created_at) / 60 AS observed,
	working_minutes(local, timezone(time_zone, w.observed_until), hours, holidays) AS observed_working
FROM work w CROSS JOIN LATERAL (VALUES ('attempt', w.attempted_at), ('contact', w.contacted_at), ('qualification', w.sql_at)) v(measure, at)
WHERE w.created_at <= w.observed_until AND (v.measure = 'qualification' OR w.month >= (SELECT date_trunc('month', min(attempted_at)) FROM work));
SELECT count(*) > 500 AS some FROM answer WHERE at IS NOT NULL;
CREATE TEMP VIEW naive AS
SELECT measure, owner, count(*) AS known, count(at) AS reached, avg((minutes IS NOT NULL AND minutes <= 60)::integer) FILTER (WHERE observed >= 60)::float8 AS in_60,
	avg((working IS NOT NULL AND working <= 15)::integer) FILTER (WHERE observed_working >= 15)::float8 AS working_15, count(*) FILTER (WHERE at IS NULL AND observed >= 10080) AS never
FROM answer GROUP BY measure, owner;
CREATE TEMP VIEW told AS
SELECT measure, owner, known_leads, reached, within_60_minutes, working_within_15_minutes, never FROM speed_to_lead_by_owner WHERE known_leads > 0;
SELECT count(*) > 5 AS some FROM told;
(TABLE naive EXCEPT ALL TABLE told) UNION ALL (TABLE told EXCEPT ALL TABLE naive);
-- The median by its definition, of the months in which every lead was observed for a week: the first whole minute by which half of the leads are answered.
SELECT count(*) > 5 AS some, bool_and(t.median_minutes IS NOT DISTINCT FROM m.median) AS same
FROM speed_to_lead t
JOIN
(
	SELECT month, min(minute) FILTER (WHERE answered >= 0.5 * leads)::float8 AS median
	FROM
	(
		SELECT month, floor(minutes) AS minute, count(minutes) OVER (PARTITION BY month ORDER BY floor(minutes)) AS answered, count(*) OVER (PARTITION BY month) AS leads,
			min(observed) OVER (PARTITION BY month) AS youngest
		FROM answer WHERE measure = 'attempt'
	) a
	WHERE youngest > 10080
	GROUP BY month
) m ON m.month = t.month
WHERE t.measure = 'attempt' AND t.grain = 'month';
-- All grains are of the same leads.
SELECT grain, measure, sum(leads) = (SELECT count(*) FROM lead_outcome) AS all_leads, sum(known_leads) = (SELECT known_leads FROM speed_rate a WHERE a.grain = 'all' AND a.measure = s.measure) AS known,
	bool_and(known_leads = reached + closed_without + open_leads) AS adds_up
FROM speed_rate s GROUP BY grain, measure ORDER BY grain, measure;
SELECT bool_and(within_5_minutes <= within_15_minutes + 0.05 AND within_60_minutes_low <= within_60_minutes AND within_60_minutes <= within_60_minutes_high AND median_minutes <= p90_minutes) AS sound
FROM speed_to_lead WHERE grain = 'all';
-- Bands by plain SQL.
SELECT count(*) AS bands, count(*) FILTER (WHERE c.compared_leads = n.compared AND c.converted = n.converted AND c.leads = n.leads) AS same
FROM conversion_by_speed c
JOIN
(
	SELECT band, count(*) AS leads, count(*) FILTER (WHERE (over_at < began) IS NOT TRUE AND observed_until >= began + interval '90 days') AS compared,
		count(*) FILTER (WHERE (over_at < began) IS NOT TRUE AND observed_until >= began + interval '90 days' AND at <= began + interval '90 days') AS converted
	FROM
	(
		SELECT a.band, CASE WHEN a.band = 6 THEN q.created_at + interval '168 hours' ELSE a.at END AS began, q.at, least(q.at, q.over_at) AS over_at, q.observed_until
		FROM
		(
			SELECT *, CASE WHEN working <= 5 THEN 1 WHEN working <= 15 THEN 2 WHEN working <= 60 THEN 3 WHEN working <= 480 THEN 4 WHEN minutes <= 10080 THEN 5
				WHEN observed >= 10080 THEN 6 END AS band FROM answer WHERE measure = 'attempt'
		) a
		JOIN answer q ON q.lead_id = a.lead_id AND q.measure = 'qualification'
		WHERE a.band IS NOT NULL
	) b
	GROUP BY band
) n ON n.band = c.band_position
WHERE c.outcome = 'qualification';
SELECT bool_and(leads = leads_before + young_leads + compared_leads) AS adds_up FROM conversion_by_speed;

-- Dirty data has an answer: times that are none, a lead of 1900, amounts beyond float8, owners of blanks.
INSERT INTO lead (lead_id, created_at, owner) SELECT 1000000 + g, ('{infinity,NULL,1900-01-01,2025-06-01}'::timestamptz[])[g % 4 + 1], CASE WHEN g % 2 = 0 THEN ' ' END FROM generate_series(1, 8) g;
INSERT INTO activity (lead_id, activity_at, kind, outcome) SELECT 1000000 + g, ('{infinity,NULL,1900-01-01,2025-06-01,2205-01-01}'::timestamptz[])[g % 5 + 1], 'call', 'connected' FROM generate_series(1, 40) g;
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('huge', 1000003, '-infinity', '2025-06-03', true, 1e20);
SELECT (SELECT count(*) > 0 FROM speed_to_lead) AS answers, (SELECT count(*) > 0 FROM conversion_by_speed) AS bands_answer;

-- Stored it says the same, however summaries are written where it is stored.
SET lead_kpi.summary_output = compact;
SELECT store_mart('regress_speed') \g /dev/null
RESET lead_kpi.summary_output;
SELECT relation, stored_only, live_only FROM check_mart('regress_speed') WHERE NOT is_identical;
DROP VIEW naive, told;
RESET search_path;
SELECT lead_kpi.drop_mart('regress_speed') \g /dev/null

-- Without its rule the mart says so.
SELECT lead_kpi.create_mart('regress_speed') \g /dev/null
ALTER TABLE regress_speed.rule DISABLE TRIGGER ALL;
DELETE FROM regress_speed.rule;
SELECT view, split_part(pg_temp.failure(format('SELECT * FROM regress_speed.%I', view)), ' | ', 2) AS failure
FROM unnest('{lead_speed,speed_count,speed_rate,speed_to_lead,speed_to_lead_by_channel,speed_to_lead_by_owner,speed_to_lead_by_hour,conversion_by_speed_count,conversion_by_speed,activity_check}'::text[]) view;
SELECT lead_kpi.drop_mart('regress_speed') \g /dev/null
