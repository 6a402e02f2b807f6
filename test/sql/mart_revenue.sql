-- From cost to revenue in the mart: maturity, expected conversion, intervals and verdicts by hand; and what the next euro buys.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SELECT lead_kpi.create_mart('regress_revenue');
SET search_path = regress_revenue, lead_kpi, public;

-- Leads created at an instant, the first of them won for an amount after so many days.
CREATE FUNCTION pg_temp.cohort(created_at timestamptz, channel text, leads integer, won_after integer[], amount numeric DEFAULT NULL, spend numeric DEFAULT NULL) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	WITH id AS (SELECT (SELECT count(*) FROM lead) + n AS lead_id, n FROM generate_series(1, $3) n),
	made AS
	(
		INSERT INTO lead (lead_id, created_at, channel) SELECT lead_id, $1, $2 FROM id
	), sold AS
	(
		INSERT INTO deal (deal_id, lead_id, opened_at, closed_at, is_won, amount)
		SELECT lead_id, lead_id, $1, $1 + $4[n] * interval '1 day', true, $5 FROM id WHERE n <= cardinality($4)
	)
	INSERT INTO spend SELECT ($1)::date, $2, NULL, $6 WHERE $6 IS NOT NULL;
END;

SELECT count(*) FROM cpl_to_revenue;
SELECT count(*) FROM marginal_return;

-- Of 100 leads in January ten are won after 10 days and ten after 40: June's are 20 days old. By Kaplan and Meier 1 of 421 leads
-- is won at 1 day, 22 of the 320 that are left and old enough at 10 days, 10 of the 208 at 40.
\o /dev/null
SELECT pg_temp.cohort('2026-01-01', 'ads', 100, array_fill(10, '{10}') || array_fill(40, '{10}'), 1000, 2000),
	pg_temp.cohort('2026-06-11', 'ads', 100, array_fill(10, '{10}'), 1000, 10000),
	pg_temp.cohort('2026-01-01', 'fair', 50, '{}', NULL, 5000), pg_temp.cohort('2026-01-01', 'free', 10, '{}'),
	pg_temp.cohort('2026-01-01', 'large', 50, '{1,10}', 9000, 4000), pg_temp.cohort('2026-01-01', 'unknown', 10, '{10}', NULL, 100), pg_temp.cohort('2026-06-26', 'ads and more', 100, '{}', NULL, 10), pg_temp.cohort('2026-07-02', 'later', 10, '{}', NULL, 10);
INSERT INTO spend VALUES ('2026-01-03', 'credit note', NULL, -100), ('2026-01-03', NULL, NULL, 77);
INSERT INTO lead (lead_id, created_at, channel) VALUES (-1, '2026-01-02', 'credit note');
UPDATE rule SET observed_until = '2026-07-01', gross_margin = 0.5;
\o
CREATE VIEW pg_temp.shown AS
SELECT month, channel, leads, won, round(lead_to_won::numeric, 3) AS rate, round(maturity::numeric, 3) AS maturity, is_mature AS mature, round(expected_lead_to_won::numeric, 3) AS expected,
	round(expected_lead_to_won_low::numeric, 3) AS low, round(expected_lead_to_won_high::numeric, 3) AS high, round(cpl, 1) AS cpl,
	round(revenue_per_lead, 1) AS per_lead, round(revenue_per_lead_low, 1) AS per_lead_low, round(revenue_per_lead_high, 1) AS per_lead_high,
	round(break_even_cpl_low, 1) AS even_low, round(break_even_cpl_high, 1) AS even_high, verdict
FROM cpl_to_revenue;
SELECT * FROM pg_temp.shown;
-- The bounds are those of the functions: Wilson on the leads that had their time, Student, Poisson.
SELECT low(rate(10, 61)) = expected_lead_to_won_low AND high(rate(10, 61)) = expected_lead_to_won_high AS wilson,
	abs(maturity - (1 + 420 * 22 / 320.0) / (1 + 420 * 22 / 320.0 + 420 * 298 / 320.0 * 10 / 208)) < 1e-12 AS by_hand FROM cpl_to_revenue WHERE month = '2026-06-01' AND channel = 'ads';
SELECT round(low(m)::numeric, 6) = round(revenue_per_lead_low, 6) AND round(high(m)::numeric, 6) = round(revenue_per_lead_high, 6) AS student
FROM cpl_to_revenue, (SELECT moments(CASE WHEN n <= 10 THEN 1000 ELSE 0 END) AS m FROM generate_series(1, 100) n) v WHERE month = '2026-06-01' AND channel = 'ads';
SELECT round(revenue_per_lead_high, 6) = round((-ln(0.025) / 50 * 1500)::numeric, 6) AS poisson FROM cpl_to_revenue WHERE channel = 'fair';

-- One lead of ten years ago that is won now, the last of few that old, does not turn the curve: nobody knows that age well. A win that was not
-- seen by observed_until is none that its leads had the time for. What cost nothing has no price to judge.
BEGIN;
SELECT maturity AS before FROM cpl_to_revenue WHERE month = '2026-06-01' AND channel = 'ads' \gset
INSERT INTO lead (lead_id, created_at, channel) VALUES (9001, '2016-01-01', 'old'), (9002, '2016-01-01', 'old');
INSERT INTO deal VALUES ('old', 9001, '2026-06-01', '2026-06-02', true, 1000);
SELECT abs(maturity - :before) < 0.001 AS unmoved FROM cpl_to_revenue WHERE month = '2026-06-01' AND channel = 'ads';
SELECT maturity, verdict FROM cpl_to_revenue WHERE channel = 'old';
INSERT INTO spend VALUES ('2026-01-05', 'free', NULL, 0);
SELECT spend, round(cpl, 2) AS cpl, round(break_even_cpl_low, 2) AS even_low, verdict FROM cpl_to_revenue WHERE channel = 'free';
UPDATE rule SET observed_until = '2026-02-01';
SELECT month, won, lead_to_won, maturity, expected_lead_to_won, expected_lead_to_won_low = low(rate(10, 100)) AS wilson FROM cpl_to_revenue WHERE channel = 'ads';
ROLLBACK;

-- At a level of 0.6 the young cohort is only condemned for what it should have brought by now: 61 of the 100 that a lead costs, which the 63 at
-- most that it is worth just cover; of 140 it is 86. A customer of a cohort without one is worth what those of the mart are, 1500.
UPDATE rule SET confidence_level = 0.6;
SELECT channel, month, even_low, even_high, cpl, maturity, verdict FROM pg_temp.shown WHERE channel IN ('ads', 'fair');
UPDATE spend SET amount = 14000 WHERE spent_on > '2026-06-01' AND channel = 'ads';
SELECT channel, month, even_low, even_high, cpl, maturity, verdict FROM pg_temp.shown WHERE channel = 'ads';
UPDATE rule SET confidence_level = 0.95;

-- A lost lead never wins: of the 298 leads that are open after 10 days, 50 leave, and the later wins are a larger share of those left.
INSERT INTO deal SELECT 'lost ' || lead_id, lead_id, '2026-01-02', '2026-01-12', false, NULL FROM lead WHERE channel = 'fair';
SELECT channel, month, maturity FROM pg_temp.shown WHERE month = '2026-06-01' AND channel = 'ads';

-- Nine wins do not tell; without a margin, without a stage won.
UPDATE deal SET is_won = false WHERE lead_id % 100 > 3;
SELECT count(*), count(maturity) AS maturity, count(is_mature) AS mature, count(expected_lead_to_won) AS expected, sum(won) AS won FROM cpl_to_revenue;
UPDATE rule SET gross_margin = NULL;
SELECT count(verdict) + count(break_even_cpl_low) + count(break_even_cpl_high) AS judged, count(revenue_per_lead_high) > 0 AS bounded FROM cpl_to_revenue;
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT count(won) + count(maturity) + count(expected_lead_to_won) + count(cac) AS won FROM cpl_to_revenue;
UPDATE stage SET role = 'won' WHERE stage = 'won';

-- The sums are those of the funnel, the deals and the spend, and the maturity of old leads is 1.
TRUNCATE lead, stage_event, touch, spend, deal;
UPDATE rule SET observed_until = NULL;
SELECT generate_example('regress_revenue', 3000);
SELECT (sum(leads), sum(won)) = (SELECT max(leads) FILTER (WHERE stage = 'lead'), max(leads) FILTER (WHERE stage = 'won') FROM funnel) AS same_leads,
	sum(spend) = (SELECT sum(amount) FROM counted_spend) AS same_spend,
	(sum(deals_won), sum(revenue)) = (SELECT count(*), sum(amount) FROM counted_deal WHERE is_won AND excluded_reason IS NULL) AS same_deals,
	bool_and(maturity BETWEEN 0 AND 1) AS shares, bool_and(maturity = 1) FILTER (WHERE month < '2025-01-01') AS old_are_whole,
	bool_and(revenue_per_lead_low <= revenue_per_lead AND revenue_per_lead <= revenue_per_lead_high) AS inside,
	bool_and(expected_lead_to_won >= lead_to_won) AS expects_more
FROM cpl_to_revenue;
UPDATE rule SET observed_until = '2030-01-01';
SELECT bool_and(round(maturity::numeric, 12) = 1 AND is_mature AND expected_lead_to_won = lead_to_won AND expected_lead_to_won_low = lead_to_won_low) AS in_the_end
FROM cpl_to_revenue WHERE leads > 0;

-- What the next euro buys. June's leads are not mature: slow ones are won after 60 days. Twice the spend brings sqrt(2) times the leads of ads and twice those of mail; fair never varies, expo lasted three months.
TRUNCATE lead, stage_event, touch, spend, deal;
UPDATE rule SET observed_until = '2026-07-15', gross_margin = 0.5;
\o /dev/null
SELECT pg_temp.cohort(timestamptz '2025-10-05' + m * interval '1 month', 'ads', round(10 * sqrt(4 + m * 5))::integer, array_fill(5, '{2}'), 1000, (4 + m * 5) * 100),
	pg_temp.cohort(timestamptz '2025-10-05' + m * interval '1 month', 'mail', 10 + 10 * m, array_fill(5, ARRAY[2 + 2 * m]), 1000, 100 + 100 * m),
	pg_temp.cohort(timestamptz '2025-10-05' + m * interval '1 month', 'fair', 20, '{}', NULL, 500)
FROM generate_series(0, 8) m;
SELECT pg_temp.cohort(timestamptz '2025-10-05' + m * interval '1 month', 'expo', 10, '{}', NULL, 500 + m * 100) FROM generate_series(0, 2) m;
SELECT pg_temp.cohort('2025-10-05', 'slow', 40, array_fill(60, '{30}'), 1000), pg_temp.cohort('2026-06-05', 'slow', 20, '{}');
SELECT pg_temp.cohort('2026-07-05', 'ads', 100, '{}', NULL, 1000000), pg_temp.cohort('2026-06-05', 'free', 10, '{}');
INSERT INTO spend VALUES ('2026-01-05', 'mail', NULL, -100000);
\o
SELECT channel, months, months_without_spend AS without, spend, leads, round(cpl::numeric, 2) AS cpl, round(elasticity::numeric, 2) AS elasticity, round(elasticity_low::numeric, 2) AS low, round(elasticity_high::numeric, 2) AS high,
	round(marginal_cpl::numeric, 1) AS marginal_cpl, round(revenue_per_lead, 1) AS per_lead, round(break_even_cpl, 1) AS even, round(marginal_return::numeric, 2) AS return,
	round(marginal_return_low::numeric, 2) AS low, round(marginal_return_high::numeric, 2) AS high, verdict, reason
FROM marginal_return;
SELECT bool_and(abs(marginal_return - break_even_cpl::float8 / marginal_cpl) < 1e-9 AND marginal_return_low < marginal_return AND marginal_return < marginal_return_high
	AND abs(marginal_return_low - break_even_cpl_low / marginal_cpl_high) < 1e-9 AND abs(marginal_return_high - break_even_cpl_high / marginal_cpl_low) < 1e-9 AND cpl = spend / leads) AS consistent
FROM marginal_return WHERE marginal_return IS NOT NULL;
-- The aggregate itself, on the same months.
SELECT m.elasticity = r.elasticity AS same FROM marginal_return r, (SELECT (marginal_cost((4 + m * 5) * 100, round(10 * sqrt(4 + m * 5))::numeric)).* FROM generate_series(0, 8) m) m WHERE r.channel = 'ads';
-- 16 deals of 354 mature leads (June's 66 are none): 9.145 to 25.983 by Garwood. Without one, at most 3.689 of what a deal of all channels brings.
SELECT channel, round(break_even_cpl_low * 354 / 500, 3) AS low, round(break_even_cpl_high * 354 / 500, 3) AS high FROM marginal_return WHERE channel = 'ads';
SELECT channel, round(break_even_cpl, 2) AS even, round(break_even_cpl_low, 2) AS low, round(break_even_cpl_high * 160 / 500, 3) AS high FROM marginal_return WHERE channel = 'fair';
-- At another level.
BEGIN;
UPDATE rule SET confidence_level = 0.8;
SELECT m.elasticity_low = r.elasticity_low AS same FROM marginal_return r, (SELECT (marginal_cost((4 + m * 5) * 100, round(10 * sqrt(4 + m * 5))::numeric, 0.8)).* FROM generate_series(0, 8) m) m WHERE r.channel = 'ads';
ROLLBACK;
-- Two sales of 10000 are not enough to spend more on: 360 leads may as well have brought 0.24 of them, which is 3.36 of margin per lead.
BEGIN;
DELETE FROM deal WHERE lead_id IN (SELECT lead_id FROM lead WHERE channel = 'mail' AND created_at > '2025-11-01');
UPDATE deal SET amount = 10000;
SELECT channel, round(break_even_cpl, 2) AS even, round(break_even_cpl_low, 2) AS low, round(marginal_return::numeric, 2) AS return, round(marginal_return_low::numeric, 2) AS low, verdict FROM marginal_return WHERE channel = 'mail';
-- Revenue nobody knows; leads of which nobody knows the time.
UPDATE deal SET amount = NULL;
SELECT channel, marginal_return, verdict, reason FROM marginal_return WHERE channel = 'mail';
DELETE FROM deal;
SELECT channel, revenue_per_lead, marginal_return, verdict, reason FROM marginal_return WHERE channel = 'mail';
ROLLBACK;
UPDATE deal SET amount = 3000;
UPDATE rule SET gross_margin = 1;
SELECT channel, round(marginal_return_low::numeric, 2) AS low, round(marginal_return_high::numeric, 2) AS high, verdict FROM marginal_return WHERE channel = 'ads';
UPDATE rule SET gross_margin = NULL;
SELECT channel, marginal_cpl IS NOT NULL AS cost, marginal_return, verdict, reason FROM marginal_return;

RESET search_path;
DROP VIEW pg_temp.shown;
DROP FUNCTION pg_temp.cohort;
SELECT lead_kpi.drop_mart('regress_revenue');
