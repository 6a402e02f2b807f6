-- What will be sold: the counts that it is made of, against plain SQL; what was known when; and what becomes of too little.
\set VERBOSITY sqlstate
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET TimeZone = 'UTC';
SELECT lead_kpi.create_mart('regress_forecast');
SET search_path = regress_forecast, lead_kpi, public;

-- An empty mart, one in which nobody says what a sale is, and one that has just begun to sell: no forecast, and why.
SELECT horizon_days, open_leads, expected_sales, sales_high, expected_revenue, reason, expected_total_sales, total_reason FROM forecast;
SELECT (SELECT count(*) FROM forecast_by_stage) AS stages, (SELECT count(*) FROM forecast_by_age) AS ages, (SELECT count(*) FROM forecast_by_period) AS periods, (SELECT count(*) FROM forecast_accuracy) AS past;
INSERT INTO lead (lead_id, created_at) SELECT n, timestamptz '2026-01-01' + n * interval '6 hours' FROM generate_series(1, 400) n;
INSERT INTO deal SELECT n::text, n, NULL, timestamptz '2026-01-21' + n * interval '6 hours', true, 100 + n FROM generate_series(1, 320, 4) n;
UPDATE rule SET observed_until = '2026-02-15';
SELECT horizon_days, open_leads, expected_sales, sales_high, expected_revenue, reason, expected_total_sales, total_reason FROM forecast WHERE horizon_days <= 60;
UPDATE rule SET language = 'fr';
SELECT reason, total_reason FROM forecast WHERE horizon_days = 30;
UPDATE rule SET language = 'en', observed_until = '2026-04-11';
SELECT horizon_days, open_leads, expected_sales > 0 AS some, sales_low IS NOT NULL AS has_interval, tests, reason, expected_total_sales > 0 AS total, total_sales_low IS NOT NULL AS total_interval, total_tests, total_reason FROM forecast;
UPDATE stage SET role = NULL WHERE role = 'won';
SELECT open_leads, expected_sales, expected_revenue, reason FROM forecast WHERE horizon_days = 30;
UPDATE stage SET role = 'won' WHERE stage = 'won';
-- Nobody open brings nothing; who comes still does.
UPDATE deal SET amount = NULL;
INSERT INTO deal SELECT 'lost ' || lead_id, lead_id, NULL, created_at + interval '20 days', false, NULL FROM lead WHERE lead_id % 4 <> 1 OR lead_id > 320;
UPDATE rule SET observed_until = '2026-05-15';
SELECT horizon_days, open_leads, expected_sales, sales_low, sales_high, expected_revenue, expected_total_sales > 0 AS total, expected_total_revenue FROM forecast WHERE horizon_days = 30;

-- Nothing was won yet, and every open lead has an amount of its own: there is no basket to divide by.
TRUNCATE lead, deal;
INSERT INTO lead (lead_id, created_at) VALUES (1, '2025-01-01');
INSERT INTO deal VALUES ('a', 1, '2025-01-02', NULL, NULL, 100);
SELECT horizon_days, open_leads, open_deals, expected_sales, expected_revenue, pipeline, reason FROM forecast WHERE horizon_days = 30;

-- Example data.
TRUNCATE lead, stage_event, touch, spend, deal, channel_family;
UPDATE rule SET observed_until = NULL;
SELECT generate_example('regress_forecast', 3000);
-- Some leads come back.
UPDATE stage SET role = 'lost' WHERE stage = 'nobody';
INSERT INTO stage VALUES (9, 'gone', 'lost');
INSERT INTO stage_event SELECT lead_id, 'gone', created_at + interval '20 days' FROM lead WHERE lead_id % 7 = 0;
INSERT INTO stage_event SELECT lead_id, 'mql', created_at + interval '70 days' FROM lead WHERE lead_id % 21 = 0;
INSERT INTO stage_event SELECT lead_id, 'gone', created_at + interval '75 days' FROM lead WHERE lead_id % 63 = 0;
-- Where each lead was when each window ended, asked one by one; what came between.
CREATE TEMP TABLE forecast_window AS SELECT u.unit, n::integer - 1 AS number, e AS ends_at FROM unnest('{day,month}'::text[]) u(unit), unnest(forecast_ends(unit, (SELECT observed_until FROM observation), 'UTC')) WITH ORDINALITY t(e, n);
CREATE TEMP TABLE at_end AS
SELECT w.unit, w.number, w.ends_at, e.lead_id, 6 * e.stage_position - 5 + (SELECT count(*) FROM unnest('{7,14,30,90,180}'::int[]) d WHERE w.ends_at >= e.stage_entered_at + d * interval '24 hours') AS cell
FROM forecast_window w JOIN open_episode e ON e.is_open AND e.open_from <= w.ends_at AND coalesce(e.open_until, 'infinity') > w.ends_at;
CREATE TEMP TABLE won AS SELECT lead_id, won_at FROM lead_outcome WHERE won_at IS NOT NULL;
CREATE TEMP TABLE naive AS
WITH span AS
(
	SELECT b.unit, b.number, a.ends_at AS starts_at, b.ends_at FROM forecast_window a JOIN forecast_window b ON b.unit = a.unit AND b.number = a.number + 1
), pair AS
(
	SELECT unit, number, lead_id, max(from_cell) AS from_cell, max(to_cell) AS to_cell
	FROM (SELECT unit, number + 1 AS number, lead_id, cell AS from_cell, NULL AS to_cell FROM at_end WHERE number < 24 UNION ALL SELECT unit, number, lead_id, NULL, cell FROM at_end WHERE number > 0
		UNION ALL SELECT s.unit, s.number, w.lead_id, NULL, NULL FROM won w JOIN span s ON w.won_at > s.starts_at AND w.won_at <= s.ends_at
		UNION ALL SELECT s.unit, s.number, e.lead_id, NULL, NULL FROM open_episode e JOIN span s ON e.is_open AND e.open_from > s.starts_at AND e.open_from <= s.ends_at) p
	GROUP BY unit, number, lead_id
)
SELECT p.unit, p.number, coalesce(p.from_cell, 0) AS from_cell, CASE WHEN w.won_at > s.starts_at AND w.won_at <= s.ends_at THEN -1 ELSE coalesce(p.to_cell, -2) END AS to_cell, count(*) AS leads
FROM pair p JOIN span s USING (unit, number) LEFT JOIN won w USING (lead_id) GROUP BY 1, 2, 3, 4;
CREATE TEMP TABLE counted AS SELECT * FROM forecast_count;
SELECT unit, count(*) > 500 AS many, bool_and(n.leads IS NOT DISTINCT FROM c.leads) AS same, count(DISTINCT number) AS windows, sum(n.leads) FILTER (WHERE to_cell = -1) AS sales
FROM naive n FULL JOIN (SELECT unit, window_number AS number, from_cell, to_cell, leads FROM counted WHERE kind = 'flow') c USING (unit, number, from_cell, to_cell) GROUP BY unit ORDER BY 1;
SELECT f.unit, count(*) AS sales FROM won w JOIN (SELECT unit, max(ends_at) AS ended_at FROM forecast_window GROUP BY unit) f ON w.won_at <= f.ended_at GROUP BY 1 ORDER BY 1;
SELECT unit, count(*) > 50 AS many, bool_and(n.leads IS NOT DISTINCT FROM c.leads AND n.revenue IS NOT DISTINCT FROM round(c.amount, 2)) AS same
FROM (SELECT a.unit, a.number AS origin, b.number, count(*) AS leads, sum(d.amount) AS revenue FROM at_end a JOIN won w USING (lead_id) JOIN forecast_window b ON b.unit = a.unit AND b.ends_at >= w.won_at AND NOT EXISTS (SELECT FROM forecast_window c WHERE c.unit = b.unit AND c.number = b.number - 1 AND c.ends_at >= w.won_at)
	LEFT JOIN (SELECT lead_id, closed_at, amount FROM counted_deal WHERE is_won AND excluded_reason IS NULL) d ON d.lead_id = a.lead_id AND d.closed_at <= b.ends_at GROUP BY 1, 2, 3) n
FULL JOIN (SELECT unit, from_cell AS origin, window_number AS number, leads, amount FROM counted WHERE kind = 'outcome') c USING (unit, origin, number) GROUP BY unit ORDER BY 1;

-- The parts add up, and are those of the pipeline; more time never brings less; the interval holds the expectation.
CREATE TEMP TABLE whole AS SELECT * FROM forecast;
CREATE TEMP TABLE by_stage AS SELECT * FROM forecast_by_stage;
CREATE TEMP TABLE by_age AS SELECT * FROM forecast_by_age;
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
GROUP BY p.grain ORDER BY p.grain;
SELECT open_leads = (SELECT count(*) FROM pipeline_snapshot WHERE is_now) AS open_leads,
	(open_deals, pipeline) = (SELECT count(*), sum(amount) FROM counted_deal d JOIN (SELECT lead_id FROM pipeline_snapshot WHERE is_now) s USING (lead_id) WHERE excluded_reason IS NULL AND closed_at IS NULL) AS open_deals,
	abs(won_of_closed_deals - (SELECT avg(is_won::int) FROM counted_deal WHERE excluded_reason IS NULL AND closed_at IS NOT NULL)) < 1e-12 AS win_rate, weighted_pipeline = round(pipeline * won_of_closed_deals::numeric, 2) AS weighted
FROM whole WHERE horizon_days = 90;
SELECT bool_and(expected_sales >= before - 1e-9) AS grows, bool_and(expected_total_sales >= total_before - 1e-9) AS total_grows, bool_and(expected_total_sales >= expected_sales - 1e-9) AS at_least
FROM (SELECT *, lag(expected_sales) OVER w AS before, lag(expected_total_sales) OVER w AS total_before FROM whole WINDOW w AS (ORDER BY horizon_days)) s;
SELECT count(*) > 20 AS many, bool_and(sales_low <= expected_sales AND expected_sales <= sales_high AND sales_high <= open_leads) AS sales, bool_and(revenue_low <= expected_revenue AND expected_revenue <= revenue_high) AS revenue
FROM (SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM whole
	UNION ALL SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM by_stage WHERE expected_sales > 0.1
	UNION ALL SELECT open_leads, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high FROM by_age WHERE expected_sales > 0.1 OR expected_sales = 0) s;
SELECT count(*) > 10 AS many, bool_and(win_probability BETWEEN win_probability_low AND win_probability_high) AS within, bool_and(abs(win_probability * open_leads - expected_sales) < 1e-9) AS consistent FROM by_age WHERE expected_sales > 0.1;
-- A wider level, a wider interval, the same expectation.
UPDATE rule SET confidence_level = 0.5;
SELECT bool_and(f.sales_low >= w.sales_low AND f.sales_high < w.sales_high AND f.total_revenue_low >= w.total_revenue_low AND f.total_revenue_high < w.total_revenue_high) AS narrower, bool_and(abs(f.expected_sales - w.expected_sales) < 1e-9) AS same FROM forecast f JOIN whole w USING (horizon_days) WHERE horizon_days <= 180;
UPDATE rule SET confidence_level = 0.95;

-- Periods: what is sold so far is sold; the next ones begin where the present ones end; a fiscal quarter where it is another one.
UPDATE rule SET observed_until = '2025-11-20', fiscal_year_start = 2;
SELECT period, period_start, period_end, sold_so_far, sold_so_far = (SELECT count(*) FROM won WHERE won_at >= period_start AND won_at < period_end + 1 AND won_at <= '2025-11-20') AS right_so_far,
	expected_sales >= sold_so_far AS more, sales_low >= sold_so_far AS low, sales_low <= expected_sales AND expected_sales <= sales_high AS within,
	revenue_so_far = (SELECT coalesce(round(sum(amount), 2), 0) FROM won JOIN counted_deal USING (lead_id) WHERE is_won AND closed_at <= '2025-11-20' AND won_at >= period_start AND won_at < period_end + 1 AND won_at <= '2025-11-20') AS right_revenue,
	revenue_low <= expected_revenue AND expected_revenue <= revenue_high AS revenue_within, tests > 0 AS tested, reason
FROM forecast_by_period;
-- Nothing of a month is left at its end, and all of it at its beginning.
UPDATE rule SET observed_until = '2025-11-30 23:59:59', fiscal_year_start = 1;
SELECT period, period_start, abs(expected_sales - sold_so_far) < 1 AS over FROM forecast_by_period;
UPDATE rule SET observed_until = '2025-12-01';
SELECT period, period_start, sold_so_far, abs(expected_sales - sold_so_far) < 1 AS over FROM forecast_by_period;

-- What was forecast then is what is forecast now of then: nothing that came later changes it.
UPDATE rule SET observed_until = NULL;
CREATE TEMP TABLE past AS SELECT * FROM forecast_accuracy;
SELECT target, count(*) > 40 AS many, bool_and(actual_sales >= 0) AS known, count(held) > 20 AS judged, count(*) FILTER (WHERE held) >= 0.9 * count(held) AS hold, bool_and(weighted_pipeline > 0) AS weighted, count(amount_by_expected_close) AS by_expected_close FROM past GROUP BY target ORDER BY 1;
CREATE TEMP TABLE then_said (LIKE past);
DO $$
DECLARE
	moment timestamptz;
BEGIN
	FOR moment IN SELECT DISTINCT as_of FROM past ORDER BY as_of DESC OFFSET 2 LIMIT 7
	LOOP
		UPDATE rule SET observed_until = moment;
		INSERT INTO then_said (as_of, horizon_days, target, expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high, weighted_pipeline)
		SELECT moment, horizon_days, 'open leads', expected_sales, sales_low, sales_high, expected_revenue, revenue_low, revenue_high, weighted_pipeline FROM forecast
		UNION ALL SELECT moment, horizon_days, 'all sales', expected_total_sales, total_sales_low, total_sales_high, expected_total_revenue, total_revenue_low, total_revenue_high, weighted_pipeline FROM forecast;
	END LOOP;
END $$;
SELECT p.target, count(*) > 15 AS many, bool_and(abs(p.expected_sales - t.expected_sales) < 1e-9) AS sales, bool_and((p.sales_low, p.sales_high) IS NOT DISTINCT FROM (t.sales_low, t.sales_high)) AS intervals,
	max(abs(p.expected_revenue - t.expected_revenue)) < 0.1 AS revenue, max(abs(p.revenue_high - t.revenue_high)) < 0.1 AS revenue_intervals
FROM past p JOIN then_said t USING (as_of, horizon_days, target) GROUP BY 1 ORDER BY 1;

-- As of October nothing later is known: the same when the later rows are not there at all.
UPDATE rule SET observed_until = '2025-10-10';
CREATE TEMP TABLE foresight AS SELECT 0 AS stage_position, 0 AS since, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_high, open_deals, deals_without_amount, pipeline, weighted_pipeline FROM forecast
	UNION ALL SELECT stage_position, days_in_stage_from, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_high, open_deals, deals_without_amount, pipeline, weighted_pipeline FROM forecast_by_age
	UNION ALL SELECT -1, -1, horizon_days, NULL, NULL, expected_total_sales, total_sales_low, total_sales_high, expected_total_revenue, total_revenue_high, NULL, NULL, NULL, NULL FROM forecast;
CREATE TEMP TABLE foresight_period AS SELECT * FROM forecast_by_period;
DELETE FROM lead WHERE created_at > '2025-10-10';
DELETE FROM stage_event WHERE entered_at > '2025-10-10';
DELETE FROM deal WHERE opened_at > '2025-10-10';
UPDATE deal SET closed_at = NULL, is_won = NULL WHERE closed_at > '2025-10-10';
CREATE TEMP TABLE ignorance AS SELECT 0 AS stage_position, 0 AS since, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_high, open_deals, deals_without_amount, pipeline, weighted_pipeline FROM forecast
	UNION ALL SELECT stage_position, days_in_stage_from, horizon_days, open_leads, leads_without_history, expected_sales, sales_low, sales_high, expected_revenue, revenue_high, open_deals, deals_without_amount, pipeline, weighted_pipeline FROM forecast_by_age
	UNION ALL SELECT -1, -1, horizon_days, NULL, NULL, expected_total_sales, total_sales_low, total_sales_high, expected_total_revenue, total_revenue_high, NULL, NULL, NULL, NULL FROM forecast;
SELECT count(*) AS rows, count(*) FILTER (WHERE f.expected_sales > 1) > 10 AS some,
	bool_and((f.open_leads, f.leads_without_history, round(f.expected_sales::numeric, 9), f.sales_low, f.sales_high, f.open_deals, f.deals_without_amount, f.pipeline, f.weighted_pipeline)
		IS NOT DISTINCT FROM (i.open_leads, i.leads_without_history, round(i.expected_sales::numeric, 9), i.sales_low, i.sales_high, i.open_deals, i.deals_without_amount, i.pipeline, i.weighted_pipeline)) AS same,
	coalesce(max(abs(f.expected_revenue - i.expected_revenue) + abs(f.revenue_high - i.revenue_high)), 0) < 0.1 AS same_revenue
FROM foresight f FULL JOIN ignorance i USING (horizon_days, stage_position, since);
SELECT count(*) AS periods, bool_and(round(f.expected_sales::numeric, 9) = round(i.expected_sales::numeric, 9) AND (f.sales_low, f.sales_high, f.sold_so_far, f.revenue_so_far) IS NOT DISTINCT FROM (i.sales_low, i.sales_high, i.sold_so_far, i.revenue_so_far)) AS same
FROM foresight_period f FULL JOIN forecast_by_period i USING (period, period_start);

-- Amounts: a refund is revenue below nothing and has no interval; nor has what float8 cannot square. Each sale at its own amount.
UPDATE rule SET observed_until = NULL;
UPDATE deal SET amount = -100 WHERE is_won;
SELECT expected_revenue < 0 AS refunds, revenue_low, revenue_high FROM forecast WHERE horizon_days = 30;
UPDATE deal SET amount = 1e300 WHERE is_won;
SELECT expected_revenue > 1e298 AS huge, revenue_low, revenue_high, (SELECT count(*) FROM forecast_by_period) AS periods, (SELECT count(*) > 20 FROM forecast_accuracy) AS past FROM forecast WHERE horizon_days = 30;
UPDATE deal SET amount = 1e-200;
SELECT expected_revenue, revenue_low, revenue_high, round(pipeline, 2) AS pipeline FROM forecast WHERE horizon_days = 30;
UPDATE deal SET amount = 0;
SELECT expected_revenue, revenue_low, revenue_high, pipeline FROM forecast WHERE horizon_days = 30;
UPDATE deal SET amount = 50, currency = NULL;
SELECT abs(expected_revenue - 50 * expected_sales::numeric) < 0.01 AS as_many, abs(expected_total_revenue - 50 * expected_total_sales::numeric) < 0.01 AS total FROM forecast WHERE horizon_days = 30;
UPDATE deal SET amount = NULL;
SELECT expected_sales > 0 AS sales, expected_revenue, revenue_low, revenue_high, deals_without_amount = open_deals AS unpriced, pipeline, weighted_pipeline FROM forecast WHERE horizon_days = 30;

-- Beside it what was said of the open deals then: their last change by then, or what they say now.
TRUNCATE lead, stage_event, touch, spend, deal;
INSERT INTO lead (lead_id, created_at) SELECT n, timestamptz '2026-01-01' + n * interval '1 day' FROM generate_series(0, 180) n;
INSERT INTO deal SELECT n::text, n, timestamptz '2026-01-01' + n * interval '1 day', timestamptz '2026-01-11' + n * interval '1 day', n % 2 = 0, 100 FROM generate_series(0, 160) n;
INSERT INTO deal (deal_id, lead_id, opened_at, amount, expected_close) VALUES ('late', 0, '2026-01-02', 5000, '2026-12-01');
INSERT INTO deal_change (deal_id, changed_at, amount, expected_close) VALUES ('late', '2026-01-03', 700, '2026-05-20'), ('late', '2026-05-10', 5000, '2026-12-01');
UPDATE rule SET observed_until = '2026-07-01';
SELECT as_of::date, horizon_days, actual_sales, weighted_pipeline, amount_by_expected_close FROM forecast_accuracy WHERE target = 'open leads' AND horizon_days IN (30, 60) AND as_of >= '2026-04-01' ORDER BY 1, 2;

DROP TABLE pg_temp.forecast_window, pg_temp.at_end, pg_temp.won, pg_temp.naive, pg_temp.counted, pg_temp.whole, pg_temp.by_stage, pg_temp.by_age, pg_temp.past, pg_temp.then_said, pg_temp.foresight, pg_temp.foresight_period, pg_temp.ignorance;
RESET search_path;
SELECT lead_kpi.drop_mart('regress_forecast');
