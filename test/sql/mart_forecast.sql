-- What open leads will bring: by hand, against what came, and blind to what comes after observed_until.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_forecast');
SET search_path = regress_forecast, lead_kpi, public;

-- An empty mart: nobody open brings nothing; without a stage that means won nobody can say.
SELECT * FROM forecast;
SELECT count(*) FROM forecast_by_stage;
SELECT count(*) FROM forecast_by_age;
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT horizon_days, open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_high FROM forecast ORDER BY horizon_days;
UPDATE stage SET role = 'won' WHERE stage = 'won';

CREATE VIEW pg_temp.short AS
SELECT horizon_days AS days, open_leads AS open, leads_without_history AS untold, round(expected_sales::numeric, 4) AS sales, sales_low AS low, sales_high AS high,
	expected_revenue AS revenue, revenue_low, revenue_high, open_deals AS deals, deals_without_amount AS unpriced, pipeline, round(won_of_closed_deals::numeric, 4) AS win_rate, weighted_pipeline AS weighted
FROM forecast;

-- By hand: eight leads, open for 18 to 22 days at the end of January or February. Two are won 20 days later, for 100 and 300, one is lost after 10, the others
-- after 60 and more. Of four leads that are 18 days old now a quarter will be won within 30 days, as no one was between 30 and 90.
INSERT INTO lead (lead_id, created_at) SELECT n, CASE WHEN n <= 4 THEN '2026-01-10' WHEN n <= 8 THEN '2026-02-10' ELSE '2026-05-02' END::timestamptz FROM generate_series(1, 12) n;
INSERT INTO deal
SELECT n::text, n, at, at, n IN (1, 5), CASE n WHEN 1 THEN 100 WHEN 5 THEN 300 END
FROM (SELECT n, CASE n WHEN 1 THEN '2026-02-20' WHEN 5 THEN '2026-03-20' WHEN 2 THEN '2026-02-10' ELSE '2026-05-10' END::timestamptz AS at FROM generate_series(1, 8) n) s;
UPDATE rule SET observed_until = '2026-05-20';
SELECT * FROM pg_temp.short ORDER BY days;
SELECT horizon_days AS days, stage, days_in_stage_from AS since, days_in_stage_to AS until, win_probability AS p, round(win_probability_low::numeric, 4) AS low, round(win_probability_high::numeric, 4) AS high,
	round(history_leads::numeric, 4) AS history, open_leads AS open, leads_without_history AS untold FROM forecast_by_age WHERE horizon_days <= 90 ORDER BY 1, 3;
-- One cell, all of it observed: the interval of the sales is that of predict(), or one wider; where none may be sold the revenue may be 0. A win varies by 141.42 around 200, which two wins tell.
SELECT sales_low, sales_high, low, high FROM forecast, predict(rate(2, 8), 4) WHERE horizon_days = 30;
SELECT v.low, v.high FROM (SELECT 2.5 / 9 AS m) m, LATERAL (SELECT 4 * m * (1 - m) * (40000 + 3.0 / 10 * 40000) + 4 * m * 20000 + (4 * m) ^ 2 * 20000 / 2 AS variance) s, LATERAL (SELECT 0 AS low, round(high::numeric, 2) AS high
	FROM predict_amount(4 * m * 200, variance)) v;
-- A lead with an open deal is worth its amount; two deals, one without an amount: the other one's.
INSERT INTO deal VALUES ('a', 9, NULL, NULL, NULL, 500), ('b', 9, NULL, NULL, NULL, NULL), ('c', 10, NULL, NULL, NULL, NULL);
SELECT * FROM pg_temp.short WHERE days = 30;
-- Its amount does not vary.
SELECT v.low, v.high FROM (SELECT 2.5 / 9 AS m) m, LATERAL (SELECT m * (1 - m) * (370000 + (1100 ^ 2 - 370000) / 10) + 3 * m * 20000 + (3 * m) ^ 2 * 20000 / 2 AS variance) s,
	LATERAL (SELECT 0 AS low, round(high::numeric, 2) AS high FROM predict_amount(m * 1100, variance)) v;
-- A wider level, a narrower interval.
UPDATE rule SET confidence_level = 0.5;
SELECT sales, low, high, revenue_low, revenue_high FROM pg_temp.short WHERE days = 30;
UPDATE rule SET confidence_level = 0.95;
-- Refunds and what float8 cannot square have no interval; no known revenue, no expectation but of the sales.
UPDATE deal SET amount = -500 WHERE deal_id = 'a';
SELECT revenue, revenue_low, revenue_high, pipeline, weighted FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = 1e300 WHERE deal_id = 'a';
SELECT revenue > 1e299 AS huge, revenue_low, revenue_high, pipeline > 1e299 AS pipeline FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = 1e300 WHERE deal_id = '1';
SELECT revenue > 1e299 AS huge, revenue_low, revenue_high FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = NULL WHERE deal_id = '1';
SELECT revenue, revenue_low, revenue_high FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = NULL;
SELECT sales, low, high, revenue, revenue_low, revenue_high, deals, unpriced, pipeline, win_rate, weighted FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = CASE deal_id WHEN '1' THEN 1 ELSE 1e-200 END;
SELECT round(revenue, 2) AS revenue, revenue_low, revenue_high, round(pipeline, 2) AS pipeline FROM pg_temp.short WHERE days = 30;
UPDATE deal SET amount = 0;
SELECT sales, revenue, revenue_low, revenue_high, pipeline FROM pg_temp.short WHERE days = 30;
DELETE FROM deal WHERE deal_id IN ('a', 'b', 'c');
UPDATE deal SET amount = CASE deal_id WHEN '1' THEN -100 ELSE 100 END;
SELECT sales, revenue, revenue_low, revenue_high FROM pg_temp.short WHERE days = 30;

-- Nothing won in the past, but seen: nothing is expected, and a low rate is still possible, as predict() says.
UPDATE deal SET is_won = false;
SELECT f.expected_sales, f.sales_low, f.sales_high, p.low, p.high, f.expected_revenue, f.won_of_closed_deals FROM forecast f, predict(rate(0, 8), 4) p WHERE horizon_days = 30;
-- All won: all of them are expected.
UPDATE deal SET is_won = true, closed_at = least(closed_at, opened_at, '2026-03-20'), opened_at = NULL, amount = 100;
SELECT f.expected_sales, f.sales_low, f.sales_high, p.low, p.high, f.expected_revenue, f.won_of_closed_deals FROM forecast f, predict(rate(8, 8), 4) p WHERE horizon_days = 30;
-- Five that stay open: the oldest were seen for 109 days after January. For longer nobody knows, and what was seen is the least.
DELETE FROM deal WHERE deal_id NOT IN ('1', '2', '5');
UPDATE deal SET is_won = deal_id <> '2', closed_at = CASE deal_id WHEN '1' THEN '2026-02-20' WHEN '2' THEN '2026-02-10' ELSE '2026-03-20' END::timestamptz;
-- A younger one, of an age at which each of them was seen twice, a month apart: nearly the same twice over is no two trials.
INSERT INTO lead (lead_id, created_at) VALUES (13, '2026-03-25');
SELECT days, open, untold, sales, low, high FROM pg_temp.short ORDER BY days;
SELECT horizon_days AS days, stage, days_in_stage_from AS since, days_in_stage_to AS until, win_probability AS p, round(history_leads::numeric, 4) AS history, open_leads AS open, leads_without_history AS untold,
	expected_sales AS sales, sales_low AS low, sales_high AS high FROM forecast_by_age WHERE horizon_days IN (30, 180) ORDER BY 1, 3;
-- Five leads, one won at 20 days, one seen for 45, three for 15 only: one of two is what is known, no matter how many were seen for a part.
TRUNCATE lead, deal;
INSERT INTO lead (lead_id, created_at) SELECT n, CASE WHEN n <= 2 THEN '2026-03-10' WHEN n <= 5 THEN '2026-04-10' ELSE '2026-04-27' END::timestamptz FROM generate_series(1, 6) n;
INSERT INTO stage_event VALUES (1, 'won', '2026-04-20');
UPDATE rule SET observed_until = '2026-05-15';
SELECT win_probability AS p, round(history_leads::numeric, 4) AS history, open_leads AS open, leads_without_history AS untold FROM forecast_by_age WHERE horizon_days = 30 AND days_in_stage_from = 14;
-- The longer the horizon, the less three half seen leads count.
SELECT win_probability AS p, round(history_leads::numeric, 4) AS history, leads_without_history AS untold FROM forecast_by_age WHERE horizon_days = 365 AND days_in_stage_from = 14;
-- No month ended yet: nobody was observed.
UPDATE rule SET observed_until = '2026-03-31 23:00';
SELECT days, open, untold, sales, low, high, revenue, revenue_low, deals, pipeline, weighted FROM pg_temp.short WHERE days = 30;
SELECT open_leads, leads_without_history, expected_sales, sales_high, win_probability, history_leads FROM forecast_by_age WHERE horizon_days = 30;

-- Example data. The parts add up, and are those of the pipeline; more time never brings less; the interval holds the expectation.
TRUNCATE lead, stage_event, touch, spend, deal, channel_family;
UPDATE rule SET observed_until = NULL;
SELECT generate_example('regress_forecast', 3000);
CREATE TEMP TABLE whole AS SELECT * FROM forecast;
CREATE TEMP TABLE by_stage AS SELECT * FROM forecast_by_stage;
CREATE TEMP TABLE by_age AS SELECT * FROM forecast_by_age;
CREATE TEMP VIEW added AS
SELECT p.grain, bool_and((p.open_leads, p.leads_without_history, p.open_deals, p.deals_without_amount, p.pipeline) = (w.open_leads, w.leads_without_history, w.open_deals, w.deals_without_amount, w.pipeline)) AS same_counts,
	bool_and(abs(p.expected_sales - w.expected_sales) < 1e-9) AS same_sales, max(abs(p.expected_revenue - w.expected_revenue)) < 0.5 AS same_revenue, bool_and(p.won_of_closed_deals = w.won_of_closed_deals) AS same_rate
FROM whole w
JOIN
(
	SELECT 'stage' AS grain, horizon_days, sum(open_leads) AS open_leads, sum(leads_without_history) AS leads_without_history, sum(open_deals) AS open_deals, sum(deals_without_amount) AS deals_without_amount,
		sum(pipeline) AS pipeline, sum(expected_sales) AS expected_sales, sum(expected_revenue) AS expected_revenue, max(won_of_closed_deals) AS won_of_closed_deals FROM by_stage GROUP BY horizon_days
	UNION ALL
	SELECT 'age', horizon_days, sum(open_leads), sum(leads_without_history), sum(open_deals), sum(deals_without_amount), sum(pipeline), sum(expected_sales), sum(expected_revenue), max(won_of_closed_deals) FROM by_age GROUP BY horizon_days
) p USING (horizon_days)
GROUP BY p.grain;
SELECT * FROM added ORDER BY grain;
SELECT open_leads = (SELECT count(*) FROM pipeline_snapshot WHERE is_now) AS open_leads,
	(open_deals, pipeline) = (SELECT count(*), sum(amount) FROM counted_deal WHERE excluded_reason IS NULL AND closed_at IS NULL) AS open_deals,
	abs(won_of_closed_deals - (SELECT avg(is_won::int) FROM counted_deal WHERE excluded_reason IS NULL AND closed_at IS NOT NULL)) < 1e-12 AS win_rate, weighted_pipeline = round(pipeline * won_of_closed_deals::numeric, 2) AS weighted
FROM whole WHERE horizon_days = 90;
SELECT count(*) AS rows, bool_and(expected_sales >= before - 1e-12) AS grows FROM (SELECT *, lag(expected_sales) OVER (PARTITION BY stage_position, days_in_stage_from ORDER BY horizon_days) AS before FROM by_age) s;
SELECT count(*) > 100 AS many, bool_and(sales_low <= expected_sales AND expected_sales <= sales_high AND sales_high <= open_leads) AS sales, bool_and(revenue_low <= expected_revenue AND expected_revenue <= revenue_high) AS revenue
FROM (SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM whole
	UNION ALL SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM by_stage WHERE expected_sales > 0.1
	UNION ALL SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM by_age WHERE expected_sales > 0.1 OR expected_sales = 0) s;

-- As of October nothing later is known: the same when the later rows are not there at all.
UPDATE rule SET observed_until = '2025-10-10';
CREATE TEMP TABLE foresight AS SELECT 0 AS stage_position, 0 AS since, w.* FROM forecast w UNION ALL SELECT stage_position, days_in_stage_from, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high,
	expected_revenue, revenue_low, revenue_high, open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline FROM forecast_by_age;
DELETE FROM lead WHERE created_at > '2025-10-10';
DELETE FROM stage_event WHERE entered_at > '2025-10-10';
DELETE FROM deal WHERE opened_at > '2025-10-10';
UPDATE deal SET closed_at = NULL, is_won = NULL WHERE closed_at > '2025-10-10';
CREATE TEMP TABLE ignorance AS SELECT 0 AS stage_position, 0 AS since, w.* FROM forecast w UNION ALL SELECT stage_position, days_in_stage_from, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high,
	expected_revenue, revenue_low, revenue_high, open_deals, deals_without_amount, pipeline, won_of_closed_deals, weighted_pipeline FROM forecast_by_age;
SELECT count(*) AS rows, count(*) FILTER (WHERE f.expected_sales > 1) > 10 AS some,
	bool_and((f.open_leads, f.leads_without_history, round(f.expected_sales::numeric, 9), f.sales_low, f.sales_high, f.open_deals, f.deals_without_amount, f.pipeline, f.weighted_pipeline)
		IS NOT DISTINCT FROM (i.open_leads, i.leads_without_history, round(i.expected_sales::numeric, 9), i.sales_low, i.sales_high, i.open_deals, i.deals_without_amount, i.pipeline, i.weighted_pipeline)) AS same,
	coalesce(max(abs(f.expected_revenue - i.expected_revenue) + abs(f.revenue_high - i.revenue_high)), 0) < 0.1 AS same_revenue
FROM foresight f FULL JOIN ignorance i USING (horizon_days, stage_position, since);

-- Against what came: 90 days ahead from three days of each of two companies, in total and by stage. In the long run 95 % of the intervals hold.
CREATE TEMP TABLE came (seed int, as_of timestamptz, stage text, expected float8, low bigint, high bigint, revenue_low numeric, revenue_high numeric, naive float8, sales bigint, revenue numeric);
CREATE FUNCTION pg_temp.look_back(seed int) RETURNS void LANGUAGE plpgsql SET client_min_messages = warning AS $$
DECLARE
	cut timestamptz;
BEGIN
	TRUNCATE lead, stage_event, touch, spend, deal;
	UPDATE rule SET observed_until = NULL;
	PERFORM generate_example('regress_forecast', 2000, seed);
	CREATE TEMP TABLE IF NOT EXISTS later (lead_id bigint, won_at timestamptz, revenue numeric);
	TRUNCATE later;
	INSERT INTO later SELECT lead_id, won_at, revenue FROM lead_outcome WHERE won_at IS NOT NULL;
	FOREACH cut IN ARRAY '{2025-05-10,2025-07-01,2025-10-01}'::timestamptz[]
	LOOP
		UPDATE rule SET observed_until = cut;
		INSERT INTO came
		WITH judged AS MATERIALIZED
		(
			SELECT NULL AS stage, horizon_days, expected_sales, sales_low, sales_high, revenue_low, revenue_high FROM forecast
			UNION ALL SELECT stage, horizon_days, expected_sales, sales_low, sales_high, revenue_low, revenue_high FROM forecast_by_stage
		), snapshot AS MATERIALIZED
		(
			SELECT lead_id, stage, stage_position FROM pipeline_snapshot WHERE is_now
		), usual AS
		(
			SELECT s.stage_position, count(o.won_at)::float8 / count(*) AS rate
			FROM ladder s JOIN lead_outcome o ON o.stage_position >= s.stage_position AND o.created_at <= cut
			GROUP BY s.stage_position
		)
		SELECT seed, cut, j.stage, j.expected_sales, j.sales_low, j.sales_high, j.revenue_low, j.revenue_high,
			(SELECT sum(u.rate) FROM snapshot s JOIN usual u USING (stage_position) WHERE j.stage IS NULL OR s.stage = j.stage),
			(SELECT count(*) FROM snapshot s JOIN later l USING (lead_id) WHERE (j.stage IS NULL OR s.stage = j.stage) AND l.won_at > cut AND l.won_at <= cut + interval '90 days'),
			(SELECT coalesce(sum(l.revenue), 0) FROM snapshot s JOIN later l USING (lead_id) WHERE (j.stage IS NULL OR s.stage = j.stage) AND l.won_at > cut AND l.won_at <= cut + interval '90 days')
		FROM judged j
		WHERE j.horizon_days = 90;
	END LOOP;
END $$;
SELECT pg_temp.look_back(1), pg_temp.look_back(2);
-- Leads older than their stage takes are not as good as the stage's usual rate says.
SELECT stage IS NULL AS total, count(*) AS forecasts, count(*) FILTER (WHERE sales BETWEEN low AND high) AS sales_held, count(*) FILTER (WHERE revenue BETWEEN revenue_low AND revenue_high) AS revenue_held,
	round(sum(expected)::numeric, 1) AS expected, sum(sales) AS came, round(sum(naive)::numeric) AS by_stage_rate
FROM came GROUP BY 1 ORDER BY 1;

DROP VIEW pg_temp.short, pg_temp.added;
DROP TABLE pg_temp.whole, pg_temp.by_stage, pg_temp.by_age, pg_temp.foresight, pg_temp.ignorance, pg_temp.came, pg_temp.later;
RESET search_path;
SELECT lead_kpi.drop_mart('regress_forecast');

-- Every open lead has an amount of its own and nobody was won yet: there is no basket to divide by.
SELECT lead_kpi.create_mart('regress_no_win');
INSERT INTO regress_no_win.lead (lead_id, created_at) VALUES (1, '2025-01-01');
INSERT INTO regress_no_win.deal VALUES ('a', 1, '2025-01-02', NULL, NULL, 100);
SELECT horizon_days, open_leads, open_deals, expected_sales, expected_revenue, pipeline FROM regress_no_win.forecast;
SELECT lead_kpi.drop_mart('regress_no_win');
