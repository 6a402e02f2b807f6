-- target_pacing and pipeline_coverage: what is still expected of a target, how likely it is reached, and whether the pipeline covers it.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
SET extra_float_digits = 0;

--
-- chance_to_reach
--
-- Poisson of 2: 1 - exp(-2); negative binomial of mean 2 and variance 4: size 2, p 1/2, so 1 - 1/4 - 1/4; of mean 0.2 and variance 0.4: 1 - 0.5 ^ 0.2;
-- money of mean 2 and variance 4 is exponential: exp(-1).
SELECT round(chance_to_reach(2, 2, 1)::numeric, 9) AS poisson, round((1 - exp(-2))::numeric, 9) AS is_poisson,
	round(chance_to_reach(2, 4, 2)::numeric, 9) AS binomial, round(chance_to_reach(0.2, 0.4, 1)::numeric, 9) AS small,
	round((1 - power(0.5, 0.2))::numeric, 9) AS is_small, round(chance_to_reach(2, 4, 2, false)::numeric, 9) AS money, round(exp(-1)::numeric, 9) AS is_money;
-- Whole numbers: 1.2 takes 2. Nothing needed is there, and nothing expected brings nothing.
SELECT chance_to_reach(2, 4, 1.2) = chance_to_reach(2, 4, 2) AS is_whole, chance_to_reach(2, 4, 0), chance_to_reach(0, 0, -5), chance_to_reach(0, 0, 1),
	chance_to_reach(5, 0, 5, false), chance_to_reach(5, 0, 6, false), chance_to_reach(2, 4, 'Infinity'), chance_to_reach(1e300, 1e305, 5) AS huge,
	chance_to_reach(NULL, 1, 1);
-- It falls with what is needed, and sums of the small case agree with the other method across the border between them.
SELECT bool_and(chance_to_reach(e, e * f, k) >= chance_to_reach(e, e * f, k + 1)) AS falls,
	bool_and(abs(chance_to_reach(e, e * f, k) - chance_to_reach(e, e * f * (1 + 1e-9), k)) < 1e-6) AS is_smooth
FROM unnest(ARRAY[0.01, 0.3, 0.5, 1, 7, 300]) e, unnest(ARRAY[1, 1.01, 1.5, 2, 5]) f, generate_series(1, 400, 7) k;
SELECT pg_temp.failure('SELECT chance_to_reach(-1, 1, 1)');
SELECT pg_temp.failure('SELECT chance_to_reach(1, ''NaN'', 1)');
SELECT pg_temp.failure('SELECT chance_to_reach(1, 1, ''NaN'')');

--
-- target_flows
--
-- Windows of ten days; the first lead came 25 days ago, so two windows are whole. A was open when they began and became mql in the first; B came in it and was
-- lost in the second, in which C came and stays.
SELECT * FROM target_flows(ARRAY[[-25, -12, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'NaN'],
	[-15, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', -2, 'NaN'],
	[-5, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'NaN'],
	[3, 4, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'NaN']]::float8[], 2, 10);
-- A sale of 100 and one of an unknown amount, of leads in their second stage for eight days; and leads that count when they come.
SELECT * FROM target_flows(ARRAY[[-30, -28, 'Infinity', 'Infinity', 'Infinity', -15, 'Infinity', 100],
	[-30, -28, 'Infinity', 'Infinity', 'Infinity', -12, 'Infinity', 'NaN']]::float8[], 6, 10);
SELECT windows, flows FROM target_flows(ARRAY[[-25, -12, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'NaN'],
	[-5, 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'Infinity', 'NaN']]::float8[], 1, 10);
SELECT * FROM target_flows('{}', 1, 10);
SELECT pg_temp.failure('SELECT target_flows(''{{1,2}}'', 1, 10)');
SELECT pg_temp.failure('SELECT target_flows(''{}'', 7, 10)');
SELECT pg_temp.failure('SELECT target_flows(''{}'', 1, 0)');

--
-- A pipeline without chance: ten leads a day, half of them Ada's; each is mql two days later, and one a day is won after eight days for 1000
--
SELECT create_mart('regress_target');
SET search_path = regress_target, lead_kpi, public;
SELECT * FROM target_pacing;
SELECT * FROM pipeline_coverage;
INSERT INTO lead (lead_id, created_at, channel, owner)
SELECT 10 * d + n, '2025-01-01 06:00+00'::timestamptz + d * interval '1 day', CASE WHEN n < 4 THEN 'ads' ELSE 'fair' END, CASE WHEN n < 5 THEN 'Ada' ELSE 'Ben' END
FROM generate_series(0, 201) d, generate_series(0, 9) n;
INSERT INTO stage_event SELECT lead_id, 'mql', created_at + interval '2 days' FROM lead WHERE created_at < '2025-07-20';
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, owner)
SELECT lead_id, lead_id, created_at + interval '4 days', created_at + interval '8 days', true, 1000, 'Ben' FROM lead
WHERE lead_id % 10 = 0 AND created_at < '2025-07-18';
-- A meeting a day, booked the day after the lead came, for two days later.
INSERT INTO activity_meaning (kind, outcome, meaning) VALUES ('meeting', 'booked', 'meeting_booked'), ('meeting', 'held', 'meeting_held') ON CONFLICT DO NOTHING;
INSERT INTO activity (lead_id, activity_at, kind, outcome, owner, scheduled_for)
SELECT lead_id, created_at + interval '1 day', 'meeting', 'booked', 'Cem', created_at + interval '3 days' FROM lead WHERE lead_id % 10 = 9
UNION ALL SELECT lead_id, created_at + interval '3 days', 'meeting', 'held', 'Cem', created_at + interval '3 days' FROM lead WHERE lead_id % 10 = 9 AND created_at < '2025-07-19';
UPDATE rule SET observed_until = '2025-07-22';
INSERT INTO target (starts_on, ends_on, measure, channel, owner, value) VALUES
	('2025-07-01', '2025-07-31', 'leads', NULL, NULL, 300), ('2025-07-01', '2025-07-31', ' Leads', 'ADS ', NULL, 84),
	('2025-07-01', '2025-07-31', 'mql', NULL, 'Ada', 400), ('2025-07-01', '2025-07-31', 'mql', NULL, NULL, 310), ('2025-07-01', '2025-07-31', 'won', NULL, NULL, 31),
	('2025-07-01', '2025-07-31', 'won', NULL, 'Ben', 22), ('2025-07-01', '2025-07-31', 'won', NULL, 'Ada', 1),
	('2025-07-01', '2025-07-31', 'revenue', NULL, NULL, 31000), ('2025-06-01', '2025-06-30', 'won', NULL, NULL, 30), ('2025-06-01', '2025-06-30', 'won', NULL, NULL, 31),
	('2025-08-01', '2025-08-31', 'leads', NULL, NULL, 310), ('2025-07-01', '2025-07-31', 'sal', NULL, NULL, 5),
	('2025-07-01', '2025-07-31', 'leads', NULL, NULL, 100), ('2025-07-01', '2025-12-31', 'leads', NULL, NULL, 1840),
	('2025-07-31', '2025-07-01', 'leads', NULL, NULL, 1), (NULL, '2025-07-01', 'leads', NULL, NULL, 1), ('2025-07-01', 'infinity', 'leads', NULL, NULL, 1),
	('2025-07-01', '2025-07-31', 'smiles', NULL, NULL, 1), ('2025-07-01', '2025-07-31', 'leads', 'radio', NULL, 1), ('2025-07-01', '2025-07-31', 'won', NULL, NULL, NULL),
	('2025-07-01', '2025-07-31', 'won', NULL, NULL, 'NaN'), ('2025-07-01', '2025-07-31', NULL, NULL, NULL, 1), ('2025-07-01', '2025-07-31', 'mql', NULL, 'Nobody', 5),
	('2025-07-01', '2025-07-31', 'meetings_held', NULL, NULL, 31), ('2025-07-01', '2025-07-31', 'Meetings held', 'fair', 'Cem', 25);
-- July to the 21st: 210 leads, 210 mql, 21 won; ten days are left. Leads: 100 to come. mql: the 20 leads of the last two days, and 80 of the 100 to come. Won: 10,
-- of which leads of two days are still to come. Ben has the deals: what is his, Ada's leads become when he opens one, after four days. So eight of his ten leads
-- are not his yet, and six of the won are to come. Meetings: 21 held, two are booked. Nobody ever did anything, and Ada never sold: too little to say. Half a year is not yet checked.
CREATE TEMP TABLE paced AS SELECT * FROM target_pacing;
SELECT target_number AS n, measure, channel, owner, target_value AS target, phase, so_far, expected_open AS open, expected_to_come AS to_come, expected_total AS total,
	expected_total_low AS low, expected_total_high AS high, round(probability_to_reach::numeric, 3) AS p, verdict, round(needed_per_day::numeric, 2) AS needed,
	round(so_far_per_day::numeric, 2) AS per_day, round(lately_per_day::numeric, 2) AS lately
FROM paced WHERE problem IS NULL ORDER BY n;
SELECT target_number AS n, starts_on, ends_on, measure, channel, target_value, problem, phase, so_far, verdict FROM paced WHERE problem IS NOT NULL ORDER BY n;
-- Without a channel or an owner in any target the leads are read otherwise, and say the same.
DELETE FROM target WHERE channel IS NOT NULL OR owner IS NOT NULL;
UPDATE rule SET language = 'fr';
CREATE TEMP TABLE again AS SELECT * FROM target_pacing;
SELECT count(*) AS differences FROM
(
	SELECT measure, starts_on, target_value, so_far, expected_open, expected_total_low, probability_to_reach, verdict_code FROM paced
	WHERE channel IS NULL AND owner IS NULL AND problem IS NULL
	EXCEPT ALL
	SELECT measure, starts_on, target_value, so_far, expected_open, expected_total_low, probability_to_reach, verdict_code FROM again WHERE problem IS NULL
) d;
SELECT DISTINCT verdict_code, verdict, problem, reason FROM again ORDER BY 1, 3, 4;
UPDATE rule SET language = 'en';

--
-- Coverage: what is open and due against what is missing
--
TRUNCATE target;
INSERT INTO target (starts_on, ends_on, measure, channel, owner, value) VALUES ('2025-07-01', '2025-09-30', 'won', NULL, NULL, 23), ('2025-07-01', '2025-09-30', 'revenue', NULL, NULL, 25000),
	('2025-07-01', '2025-09-30', 'won', NULL, 'Ben', 20), ('2025-07-01', '2025-09-30', 'won', 'fair', NULL, 1), ('2025-01-01', '2025-06-30', 'won', NULL, NULL, 5);
-- Of four open deals more two are due this quarter, one of them overdue and without an amount, one is due in the next, and one has no date, nor have the four
-- from above. 194 of 194 were won, and 21 lost: 215 / 194 = 1.108 times the gap is what it takes.
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount, expected_close, owner) VALUES
	(900001, 1001, '2025-07-01', NULL, NULL, 3000, '2025-08-15', 'Ben'), (900002, 1012, '2025-07-02', NULL, NULL, NULL, '2025-07-10', NULL),
	(900003, 1023, '2025-07-03', NULL, NULL, 5000, '2025-10-01', 'Ben'), (900004, 1034, '2025-07-04', NULL, NULL, 700, NULL, 'Ben');
INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT 910000 + n, 1500 + n, '2025-06-20', '2025-07-01', false, 1 FROM generate_series(1, 21) n;
SELECT period, period_start, measure, channel, owner, target_value AS target, won_so_far AS won, gap, open_due, coverage, round(coverage_needed::numeric, 3) AS needed,
	verdict, open_deals AS open, due_deals AS due, due_deals_without_amount AS no_amount, overdue_deals AS overdue, deals_without_close AS no_close,
	amount_without_close AS amount
FROM pipeline_coverage ORDER BY period, target_number, period_start;
-- The rate is that of the deals decided in a year.
SELECT bool_and(win_rate = (SELECT avg(is_won::int) FROM deal WHERE closed_at <= '2025-07-22')) AS rate, bool_and(coverage_needed = 1 / win_rate) AS needed,
	bool_and(weighted_due BETWEEN 0 AND open_due) AS weighted
FROM pipeline_coverage WHERE channel IS NULL AND owner IS NULL;

--
-- Generated data: so far as plain SQL counts it, texts that say what probabilities say, and the same when stored
--
SELECT drop_mart('regress_target'), create_mart('regress_target'), generate_example('regress_target', 1000, 7);
UPDATE rule SET observed_until = '2025-11-18 12:00';
TRUNCATE target;
INSERT INTO target (starts_on, ends_on, measure, channel, value)
SELECT d.s, d.e, m.measure, c.channel, m.value * CASE WHEN c.channel IS NULL THEN 1 ELSE 0.1 END * (d.e - d.s + 1) * f
FROM (VALUES ('leads', 2.7), ('mql', 1), ('sal', 0.6), ('sql', 0.35), ('opportunities', 0.2), ('won', 0.07), ('revenue', 800)) m(measure, value)
CROSS JOIN (VALUES (date '2025-11-01', date '2025-11-30'), ('2025-10-01', '2025-12-31'), ('2025-10-01', '2025-10-31'), ('2025-12-01', '2025-12-31')) d(s, e)
CROSS JOIN (VALUES (NULL), ('paid_search')) c(channel) CROSS JOIN unnest(ARRAY[0.5, 1.5]) f
WHERE c.channel IS NULL OR d.s = '2025-10-01' AND d.e = '2025-12-31';
CREATE TEMP TABLE pacing AS SELECT * FROM target_pacing;
CREATE TEMP TABLE happened AS
	SELECT 'leads' AS measure, channel, created_at AS at, 1::numeric AS amount FROM lead_outcome
	UNION ALL SELECT 'mql', channel, mql_at, 1 FROM lead_outcome UNION ALL SELECT 'sal', channel, sal_at, 1 FROM lead_outcome
	UNION ALL SELECT 'sql', channel, sql_at, 1 FROM lead_outcome UNION ALL SELECT 'opportunities', channel, opportunity_at, 1 FROM lead_outcome
	UNION ALL SELECT 'won', channel, closed_at, 1 FROM counted_deal WHERE is_won AND excluded_reason IS NULL
	UNION ALL SELECT 'revenue', channel, closed_at, amount FROM counted_deal WHERE is_won AND excluded_reason IS NULL;
SELECT count(*) AS targets, count(*) FILTER (WHERE so_far IS DISTINCT FROM (SELECT coalesce(sum(amount), 0) FROM happened h WHERE h.measure = p.measure
	AND (h.channel = p.channel OR p.channel IS NULL) AND h.at >= p.starts_on AND h.at < p.ends_on + 1 AND h.at <= '2025-11-18 12:00')) AS otherwise
FROM pacing p;
SELECT phase, verdict_code, count(*), min(round(probability_to_reach::numeric, 2)) AS least, max(round(probability_to_reach::numeric, 2)) AS most FROM pacing GROUP BY 1, 2 ORDER BY 1, 2;
SELECT bool_and(abs(so_far + expected_open + expected_to_come - expected_total) <= 0.02) AS adds_up, bool_and(expected_total BETWEEN expected_total_low AND expected_total_high) AS inside,
	bool_and(CASE verdict_code WHEN 'on_track' THEN probability_to_reach >= 0.95 WHEN 'out_of_reach' THEN probability_to_reach <= 0.05 AND so_far < target_value
		WHEN 'not_yet_certain' THEN (probability_to_reach > 0.05 AND probability_to_reach < 0.95) IS NOT FALSE WHEN 'reached' THEN probability_to_reach = 1
		WHEN 'missed' THEN probability_to_reach = 0 ELSE verdict_code = 'not_begun' END) AS agrees,
	bool_and((probability_to_reach IS NULL) = (reason IS NOT NULL)) FILTER (WHERE phase <> 'over' AND so_far < target_value) AS told
FROM pacing;
-- The more is asked, the less likely.
SELECT count(*) FILTER (WHERE a.probability_to_reach < b.probability_to_reach) AS wrong
FROM pacing a JOIN pacing b USING (starts_on, ends_on, measure) WHERE a.channel IS NOT DISTINCT FROM b.channel AND a.target_value < b.target_value;
-- With the end the interval closes: of a month, and with nothing left nothing is open.
CREATE TEMP TABLE width AS SELECT 0 AS day, 0::numeric AS width, 0::float8 AS p LIMIT 0;
TRUNCATE target;
INSERT INTO target (starts_on, ends_on, measure, value) VALUES ('2025-11-01', '2025-11-30', 'leads', 70);
DO $$ BEGIN
	FOR d IN 1..3 LOOP
		UPDATE rule SET observed_until = (ARRAY['2025-11-05', '2025-11-29 18:00', '2025-12-01'])[d]::timestamptz;
		INSERT INTO width SELECT d, expected_total_high - expected_total_low, probability_to_reach FROM target_pacing;
	END LOOP;
END $$;
SELECT day, width, round(p::numeric, 3) AS p FROM width ORDER BY day;
UPDATE rule SET observed_until = '2025-11-18 12:00';
INSERT INTO target (starts_on, ends_on, measure, channel, owner, value) VALUES ('2025-11-01', '2025-12-31', 'revenue', NULL, NULL, 100000), ('2025-11-01', '2025-12-31', 'mql', 'email', 'Ada', 3);
SELECT store_mart('regress_target');
SELECT * FROM check_mart('regress_target') WHERE NOT is_identical;
SELECT live_mart('regress_target');

--
-- Dirty data, nothing, and no rule
--
UPDATE deal SET amount = 1e300 WHERE deal_id IN (SELECT deal_id FROM deal WHERE is_won ORDER BY deal_id LIMIT 3);
UPDATE deal SET amount = -5 WHERE deal_id IN (SELECT deal_id FROM deal WHERE is_won ORDER BY deal_id DESC LIMIT 3);
UPDATE lead SET created_at = 'infinity' WHERE lead_id IN (SELECT lead_id FROM lead ORDER BY lead_id LIMIT 2);
INSERT INTO target (starts_on, ends_on, measure, value) VALUES ('2025-11-01', '2025-12-31', 'revenue', 1e300), ('2025-11-01', '2027-12-31', 'won', -5),
	('2025-11-01', '2199-12-31', 'mql', 1e30), ('2100-01-01', '2100-12-31', 'leads', 5);
SELECT count(*) AS targets, count(verdict) AS judged FROM target_pacing;
SELECT count(*) > 0 AS answers FROM pipeline_coverage;
UPDATE rule SET observed_until = '2020-01-01';
SELECT count(*) AS targets, count(probability_to_reach) AS known FROM target_pacing;
UPDATE stage SET role = NULL;
UPDATE rule SET observed_until = '2025-11-18 12:00';
SELECT measure, sum(so_far) > 0 AS something FROM target_pacing GROUP BY measure ORDER BY measure;
TRUNCATE lead, deal, touch, stage_event;
SELECT count(*) AS targets, sum(so_far) AS so_far, count(expected_total) AS expected FROM target_pacing;
SELECT count(*) AS quarters FROM pipeline_coverage WHERE target_number IS NULL;
ALTER TABLE rule DISABLE TRIGGER ALL;
DELETE FROM rule;
SELECT pg_temp.failure('SELECT * FROM ' || v) FROM unnest(ARRAY['target_pacing', 'pipeline_coverage', 'target_asked', 'target_input', 'target_expected', 'coverage_deal']) v;
TRUNCATE target;
SELECT pg_temp.failure('SELECT * FROM ' || v) FROM unnest(ARRAY['target_pacing', 'pipeline_coverage']) v;

SET search_path = public, lead_kpi;
SELECT drop_mart('regress_target');
