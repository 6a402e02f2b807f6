-- How long leads take to be won, and which share of a cohort is by an age: cycle_time and cohort_conversion.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SET extra_float_digits = 0;
SELECT lead_kpi.create_mart('regress_time');
SET search_path = regress_time, lead_kpi, public;

-- An empty mart.
SELECT * FROM cycle_time;
SELECT * FROM cycle_time_by_month;
SELECT * FROM cycle_time_by_channel;
SELECT * FROM cohort_conversion;

CREATE VIEW pg_temp.cycle AS
SELECT month, channel, leads, won, lost, open_leads AS open, ignored_leads AS ignored, round(observed_days::numeric, 2) AS observed,
	round(conversion::numeric, 4) AS conversion, round(median_days::numeric, 2) AS median, round(p90_days::numeric, 2) AS p90,
	round(median_days_of_won::numeric, 2) AS median_of_won, round(p90_days_of_won::numeric, 2) AS p90_of_won
FROM cycle_time;
CREATE VIEW pg_temp.cohort AS
SELECT month, age_days AS age, leads, won_within AS won, round(observed_conversion::numeric, 4) AS observed, round(conversion::numeric, 4) AS conversion,
	round(conversion_low::numeric, 4) AS low, round(conversion_high::numeric, 4) AS high, at_risk, is_mature AS mature
FROM cohort_conversion;

-- By hand, observed until 1 March. Unknown channel: of five leads two won at 2 and 40 days, one lost at 10, two censored at 30 and 29. At 2 days
-- 1/5; after the loss 3/5 are open; the one left at 40 days wins, for 3/5 more: 0.8. Half of that is reached at 40 days, while the median of
-- the won is 2, the first age by which half of them were. The lead won in July is not won yet on 1 March, the one from April not there yet.
INSERT INTO lead (lead_id, created_at, channel) VALUES (1, '2026-01-10', NULL), (2, '2026-01-10', ' '), (3, '2026-01-12', NULL), (4, '2026-01-30', NULL),
	(5, '2026-01-31', NULL), (6, '2026-01-01', 'ads'), (7, '2026-02-01', 'ads'), (8, '2026-04-01', 'ads');
INSERT INTO deal VALUES ('a', 1, '2026-01-11', '2026-01-12', true, 10), ('b', 2, '2026-01-11', '2026-02-19', true, 10), ('c', 3, '2026-01-13', '2026-01-22', false, 10),
	('d', 4, '2026-02-01', '2026-07-01', true, 10), ('e', 7, '2026-02-02', '2026-02-08', true, 10);
UPDATE rule SET observed_until = '2026-03-01';
SELECT * FROM pg_temp.cycle ORDER BY month, channel;
-- January: one of six at 2 days, one lost at 10, two censored at 29 and 30, one of the two left at 40: 1/6 + 4/6 / 2 = 0.5, from 40 days on; nobody was observed for 60.
SELECT * FROM pg_temp.cohort ORDER BY month, age;
-- All won or lost: nothing can come, the estimate is the plain share. A ladder without won has nothing to say.
SELECT conversion, median_days, median_days_of_won FROM cycle_time WHERE month = '2026-02-01';
SELECT DISTINCT conversion, is_mature FROM cohort_conversion WHERE month = '2026-02-01' AND age_days >= 7 ORDER BY 1, 2;
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT leads, won, lost, open_leads, conversion, median_days, median_days_of_won FROM cycle_time_by_channel ORDER BY leads;
SELECT DISTINCT won_within, observed_conversion, conversion, at_risk FROM cohort_conversion;
UPDATE stage SET role = 'won' WHERE stage = 'won';

-- Example data: sums are those of cpl_to_revenue; the estimate is the plain share where the cohort is mature.
TRUNCATE lead, stage_event, touch, spend, deal, channel_family;
UPDATE rule SET observed_until = NULL;
SELECT generate_example('regress_time', 3000);
SELECT bool_and((c.leads, c.won) IS NOT DISTINCT FROM (r.leads, r.won)) AS same, bool_and(c.leads = c.won + c.lost + c.open_leads + c.ignored_leads) AS adds_up,
	sum(ignored_leads) AS ignored
FROM cycle_time c
FULL JOIN (SELECT month, coalesce(channel, '') AS channel, sum(leads) AS leads, sum(won) AS won FROM cpl_to_revenue WHERE leads > 0 GROUP BY 1, 2) r
	ON r.month = c.month AND r.channel = coalesce(c.channel, '');
SELECT (SELECT (sum(leads), sum(won), sum(lost), sum(open_leads)) FROM cycle_time) = (SELECT (sum(leads), sum(won), sum(lost), sum(open_leads)) FROM cycle_time_by_month)
	AND (SELECT (sum(leads), sum(won), sum(lost), sum(open_leads)) FROM cycle_time) = (SELECT (sum(leads), sum(won), sum(lost), sum(open_leads)) FROM cycle_time_by_channel)
	AND (SELECT sum(won) FROM cycle_time) = (SELECT leads FROM funnel WHERE stage = 'won') AS same;
SELECT count(*) > 0 AS some, bool_and(abs(conversion - observed_conversion) < 1e-12) AS final FROM cohort_conversion WHERE is_mature;
SELECT count(*) > 0 AS some, bool_and(conversion >= observed_conversion - 1e-12) AS higher FROM cohort_conversion WHERE NOT is_mature AND conversion IS NOT NULL;
SELECT bool_and(conversion_low <= conversion AND conversion <= conversion_high) AS inside FROM cohort_conversion WHERE conversion_low IS NOT NULL;

DROP VIEW pg_temp.cycle, pg_temp.cohort;
RESET search_path;
SELECT lead_kpi.drop_mart('regress_time');
