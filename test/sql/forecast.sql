-- Forecasts of sales: roll rates, the mixture and its interval, worked by hand; then all of it against plain SQL.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- Leads of one stage over three windows: from new to the bands 2 (7 to 14 days) and 3 (14 to 30), from there to 4, won or lost.
CREATE TEMP TABLE flow AS
SELECT n AS window_number, f.* FROM generate_series(1, 3) n CROSS JOIN LATERAL
(VALUES (0, 2, (ARRAY[6, 5, 8])[n]), (0, 3, (ARRAY[10, 11, 12])[n]), (0, -1, (ARRAY[4, 5, 6])[n]), (0, -2, (ARRAY[0, 1, 0])[n]),
	(2, 4, (ARRAY[0, 3, 2])[n]), (2, -1, (ARRAY[0, 2, 2])[n]), (2, -2, (ARRAY[0, 1, 1])[n]),
	(3, 4, (ARRAY[0, 6, 7])[n]), (3, -1, (ARRAY[0, 2, 3])[n]), (3, -2, (ARRAY[0, 2, 1])[n]),
	(4, 4, (ARRAY[0, 0, 5])[n]), (4, -1, (ARRAY[0, 0, 2])[n]), (4, -2, (ARRAY[0, 0, 2])[n])) f(from_cell, to_cell, leads)
WHERE f.leads > 0;
SELECT array_agg(ARRAY[window_number, from_cell, to_cell, leads]::float8[]) AS flows FROM flow \gset
SELECT from_cell, to_cell, round(leads::numeric, 6) AS leads, round(rate::numeric, 6) AS rate FROM roll_rates(:'flows', 3) ORDER BY 1, 2 DESC;
SELECT from_cell, round(sum(rate)::numeric, 12) AS all_go_somewhere FROM roll_rates(:'flows', 3) GROUP BY 1 ORDER BY 1;
-- Open now: 8, 12 and 14 leads, and 23.114754 come in a window.
SELECT cell, round(leads::numeric, 6) AS leads, history FROM pipeline_chances(:'flows', 3, '{1}') WHERE leads > 0 ORDER BY cell;
SELECT horizon, round(sum(leads * chance) FILTER (WHERE cell > 0)::numeric, 6) AS open_leads,
	round((sum(leads * chance) FILTER (WHERE cell > 0) + sum(sum(leads * chance) FILTER (WHERE cell = 0)) OVER (ORDER BY horizon))::numeric, 6) AS all_sales,
	round(sum(leads * chance * (1 - chance)) FILTER (WHERE cell > 0)::numeric, 6) AS variance
FROM pipeline_chances(:'flows', 3, '{1,2,3,4,5,6}') GROUP BY horizon ORDER BY horizon;
-- Which stage it is, and the order of the rows, make no difference.
SELECT count(*), max(abs(a.chance - b.chance)) < 1e-12 AS same
FROM pipeline_chances(:'flows', 3, '{2}') a
JOIN pipeline_chances((SELECT array_agg(ARRAY[window_number, CASE WHEN from_cell > 0 THEN from_cell + 12 ELSE from_cell END,
	CASE WHEN to_cell > 0 THEN to_cell + 12 ELSE to_cell END, leads]::float8[] ORDER BY random()) FROM flow), 3, '{2}') b
	ON b.cell = CASE WHEN a.cell > 0 THEN a.cell + 12 ELSE 0 END;
-- Counts add up: the same from a row for each lead, and from sums.
SELECT count(*), bool_and(abs(a.rate - b.rate) < 1e-12 AND abs(a.leads - b.leads) < 1e-9) AS same
FROM roll_rates(:'flows', 3) a
FULL JOIN roll_rates((SELECT array_agg(ARRAY[window_number, from_cell, to_cell, 1]::float8[] ORDER BY random()) FROM flow CROSS JOIN LATERAL generate_series(1, leads)), 3) b
	USING (from_cell, to_cell);
-- Two leads of the younger band against what is there: a stage that nobody ever left keeps them.
SELECT cell, round(chance::numeric, 6) AS chance FROM pipeline_chances('{{1,0,1,5}}', 1, '{5}') WHERE cell < 3;

-- Five origins and now.
SELECT origin, round(expected::numeric, 6) AS expected, round(share_of_count::numeric, 8) AS share_of_count, tests, round(error_variance::numeric, 8) AS error_variance, round(freedom::numeric, 4) AS freedom
FROM mixed_forecast('{40,44,39,52,47,NULL}', '{50,48,52,55,60,58}', '{36,40,41,41,45,46}', 1);
SELECT level, round(variance::numeric, 4) AS variance, round(low::numeric, 6) AS low, round(high::numeric, 6) AS high
FROM (VALUES (0.95), (0.8)) l(level), mixed_forecast('{40,44,39,52,47,NULL}', '{50,48,52,55,60,58}', '{36,40,41,41,45,46}', 1, level), predict_amount(expected, variance, level)
WHERE origin = 6;
-- Nothing checked yet: what the prior says.
SELECT level, floor(low) AS low, round(high) AS high
FROM (VALUES (0.95), (0.8)) l(level), LATERAL (SELECT 50.682423 AS f) m, mixed_forecast('{NULL}', ARRAY[f]::float8[], '{NULL}', 1, level), predict_amount(expected, variance, level);
-- Where there is no count, the curve; of longer horizons less is known, and overlapping windows count less.
SELECT origin, round(expected::numeric, 4) AS expected, share_of_count > 0 AS mixed, tests, round(freedom::numeric, 4) AS freedom
FROM mixed_forecast('{40,44,39,NULL,NULL,NULL}', '{50,48,52,55,60,58}', '{NULL,NULL,41,41,45,46}', 3);
SELECT * FROM mixed_forecast('{}', '{}', '{}', 1);

-- All of it, on twelve windows of two stages, against plain SQL: nothing is known at an origin of what came later.
CREATE TEMP TABLE moved AS
SELECT w AS window_number, f.from_cell, f.to_cell, 1 + (w * 7 + f.from_cell * 5 + abs(f.to_cell) * 3) % 11 AS leads
FROM generate_series(1, 12) w
CROSS JOIN (VALUES (0, 2), (0, 3), (0, 8), (0, -2), (2, 4), (2, 9), (2, -2), (3, 4), (3, 9), (4, 5), (4, 10), (8, 10), (8, -1), (9, 10), (9, -1), (9, -2), (10, 10), (10, -1), (0, -1)) f(from_cell, to_cell)
WHERE f.to_cell <> -1 OR w >= 3;
CREATE TEMP TABLE priced AS
SELECT w AS window_number, 4 + w % 3 AS priced_leads, (4 + w % 3) * (900 + 40 * w)::float8 AS revenue, (4 + w % 3) * (power(900 + 40 * w, 2) + 90000)::float8 AS squares FROM generate_series(3, 12) w;
CREATE TEMP TABLE outcome AS
SELECT o AS origin, w AS window_number, 2 + (o + 3 * w) % 5 AS leads, 1 + (o + w) % 2 AS priced_leads, (1 + (o + w) % 2) * 1000.0 AS revenue FROM generate_series(1, 11) o, generate_series(o + 1, 12) w WHERE w >= 3;
CREATE TEMP TABLE said AS
SELECT f.* FROM (SELECT array_agg(ARRAY[window_number, from_cell, to_cell, leads]::float8[]) AS flows FROM moved) m, (SELECT array_agg(ARRAY[window_number, priced_leads, revenue, squares]::float8[]) AS revenues FROM priced) p,
	(SELECT array_agg(ARRAY[origin, window_number, leads, priced_leads, revenue]::float8[]) AS outcomes FROM outcome) o, sales_forecast(flows, revenues, outcomes, 12, '{3,1}') f;
SELECT target, horizon, min(origin) AS first, max(origin) AS last, count(*) AS origins, max(tests) AS tests, count(actual) AS actual FROM said GROUP BY 1, 2 ORDER BY 1, 2;
CREATE TEMP VIEW by_hand AS
WITH curve AS
(
	SELECT t.target, h AS horizon, o AS origin, sum(c.leads * c.chance) FILTER (WHERE c.horizon = h AND c.cell > 0) + CASE t.target WHEN 'all sales' THEN sum(c.leads * c.chance) FILTER (WHERE c.cell = 0) ELSE 0 END AS curve,
		sum(c.leads * c.chance * (1 - c.chance)) FILTER (WHERE c.horizon = h AND c.cell > 0) AS variance
	FROM unnest('{1,3}'::int[]) h, generate_series(4, 12) o, (VALUES ('open leads'), ('all sales')) t(target),
		pipeline_chances((SELECT array_agg(ARRAY[window_number, from_cell, to_cell, leads]::float8[]) FROM moved WHERE window_number <= o), o, (SELECT array_agg(i) FROM generate_series(1, h) i)) c
	GROUP BY 1, 2, 3
), sale AS
(
	SELECT window_number, sum(leads) AS leads FROM moved WHERE to_cell = -1 GROUP BY 1
), known AS
(
	SELECT c.*, CASE c.target WHEN 'all sales' THEN c.horizon * (SELECT avg(leads) FROM sale s WHERE s.window_number BETWEEN greatest(c.origin - 2, 3) AND c.origin)
			ELSE (SELECT avg(came) FROM (SELECT sum(leads) AS came FROM outcome o WHERE o.origin BETWEEN greatest(c.origin - c.horizon - 2, 3) AND c.origin - c.horizon AND o.window_number <= o.origin + c.horizon GROUP BY o.origin) m) END AS count,
		CASE WHEN c.origin + c.horizon <= 12 THEN CASE c.target WHEN 'all sales' THEN (SELECT sum(leads) FROM sale s WHERE s.window_number > c.origin AND s.window_number <= c.origin + c.horizon)
			ELSE (SELECT sum(leads) FROM outcome o WHERE o.origin = c.origin AND o.window_number <= c.origin + c.horizon) END END AS actual
	FROM curve c
)
SELECT k.target, k.horizon, 3 + m.origin AS origin, k.curve[m.origin] AS curve, k.count[m.origin] AS count, k.actual[m.origin] AS actual, m.expected, m.tests, m.error_variance, m.freedom,
	CASE k.target WHEN 'all sales' THEN m.expected ELSE k.variance[m.origin] END AS chance
FROM (SELECT target, horizon, array_agg(actual::float8 ORDER BY origin) AS actual, array_agg(curve ORDER BY origin) AS curve, array_agg(count::float8 ORDER BY origin) AS count, array_agg(variance ORDER BY origin) AS variance FROM known GROUP BY 1, 2) k,
	mixed_forecast(k.actual, k.curve, k.count, k.horizon) m;
SELECT target, horizon, count(*) AS rows, bool_and(abs(s.curve - h.curve) < 1e-9) AS curve, bool_and(abs(s.count - h.count) < 1e-9 OR s.count IS NULL AND h.count IS NULL) AS count, bool_and(s.actual IS NOT DISTINCT FROM h.actual) AS actual,
	bool_and(abs(s.expected - h.expected) < 1e-9) AS expected, bool_and(s.tests = h.tests) AS tests, bool_and(abs(s.error_variance - h.error_variance) < 1e-9) AS error_variance,
	bool_and(abs(s.variance - (h.chance + h.error_variance * h.expected ^ 2) * s.widening) < 1e-6) AS variance
FROM said s JOIN by_hand h USING (target, horizon, origin) GROUP BY 1, 2 ORDER BY 1, 2;
-- Student's t against the normal: four degrees of freedom at 95 %, from a table.
SELECT DISTINCT freedom, round(widening::numeric, 4) AS widening, round(power(2.776445105 / 1.959963985, 2)::numeric, 4) AS from_table FROM said WHERE tests = 0;
-- Revenue.
CREATE TEMP VIEW basket AS
SELECT o AS origin, sum(w * priced_leads * m) / sum(w * priced_leads) AS mean, power(sum(w * priced_leads), 2) / sum(w * w * priced_leads) AS wins, (sum(w * squares) / sum(w * priced_leads) - power(sum(w * priced_leads * m) / sum(w * priced_leads), 2)) AS spread
FROM generate_series(4, 12) o, LATERAL (SELECT *, power(0.9, o - window_number) AS w, revenue / priced_leads AS m FROM priced WHERE window_number <= o) p GROUP BY o;
WITH told AS
(
	SELECT s.*, b.mean, b.wins AS n, b.spread * b.wins / (b.wins - 1) AS s2, s.expected * b.mean AS fr, CASE s.target WHEN 'all sales' THEN s.expected ELSE h.chance END AS v,
		CASE s.target WHEN 'all sales' THEN (SELECT sum(revenue) + (s.actual - sum(priced_leads)) * b.mean FROM priced p WHERE p.window_number > s.origin AND p.window_number <= s.origin + s.horizon)
			ELSE (SELECT sum(revenue) + sum(leads - priced_leads) * b.mean FROM outcome o WHERE o.origin = s.origin AND o.window_number <= s.origin + s.horizon) END AS came
	FROM said s JOIN by_hand h USING (target, horizon, origin) JOIN basket b USING (origin)
), missed AS
(
	SELECT *, power(ln((came + mean / 2) / (fr + mean / 2)), 2) - (v * mean ^ 2 + expected * s2) / fr ^ 2 AS excess FROM told
), spread AS
(
	SELECT t.*, (SELECT (4 * 0.0625 + sum(w) / t.horizon * greatest(0, sum(w * m.excess) / sum(w))) / (4 + sum(w) / t.horizon) FROM (SELECT m.excess, power(0.9, t.origin - m.origin - m.horizon) AS w FROM missed m
		WHERE m.target = t.target AND m.horizon = t.horizon AND m.origin + m.horizon <= t.origin) m) AS tau2
	FROM told t
)
SELECT target, horizon, count(*) AS rows, bool_and(abs(expected_revenue - fr) < 1e-6) AS expected, bool_and(abs(actual_revenue - came) < 1e-6) FILTER (WHERE actual IS NOT NULL) AS actual,
	bool_and(abs(revenue_error_variance - coalesce(tau2, 0.0625)) < 1e-9) AS error_variance,
	bool_and(abs(revenue_variance / ((v * mean ^ 2 + expected * s2 + expected ^ 2 * s2 / n + coalesce(tau2, 0.0625) * fr ^ 2) * widening) - 1) < 1e-9) AS variance
FROM spread GROUP BY 1, 2 ORDER BY 1, 2;
-- The worked example: 5 000 for a sale, give or take 3 000, by 30 wins.
SELECT round(f * 5000, 2) AS expected, round(variance::numeric, 2) AS variance, round(low::numeric, 2) AS low, round(high::numeric, 2) AS high
FROM (SELECT expected::numeric AS f, error_variance, freedom, variance / (expected + error_variance * expected * expected) AS wide FROM mixed_forecast('{40,44,39,52,47,NULL}', '{50,48,52,55,60,58}', '{36,40,41,41,45,46}', 1) WHERE origin = 6) m,
	LATERAL (SELECT (f * (5000.0 ^ 2 + 3000.0 ^ 2) + f * f * 3000.0 ^ 2 / 30 + error_variance * (f * 5000) ^ 2) * wide AS variance) s, predict_amount((f * 5000)::float8, s.variance);
-- More time never sells less, whatever the two methods say; no more than are open are sold; amounts beyond float8 have no interval.
SELECT target, bool_and(grows) AS grows FROM (SELECT target, expected >= lag(expected) OVER (PARTITION BY target, origin ORDER BY horizon) - 1e-12 AS grows FROM said) s WHERE grows IS NOT NULL GROUP BY 1 ORDER BY 1;
SELECT target, horizon, expected <= open_leads AS within FROM sales_forecast('{{1,0,1,9},{1,0,-1,9},{2,1,-1,9},{3,0,1,1}}', '{}', '{{1,2,9,0,0}}', 3, '{1,2}') WHERE origin = 3 AND target = 'open leads';
SELECT expected_revenue > 0 AS expected, revenue_variance FROM sales_forecast('{{1,0,-1,9},{2,0,-1,9},{3,0,-1,9}}', '{{1,9,9e200,Infinity},{2,9,9e200,Infinity}}', '{}', 3, '{1}') WHERE origin = 3 AND target = 'all sales';
-- Too little history: nothing was sold, or not for long enough.
SELECT count(*) FROM sales_forecast('{{1,0,1,9},{2,1,1,9}}', '{}', '{}', 2, '{1}');
SELECT count(*) FROM sales_forecast('{{1,0,1,9},{2,1,-1,9}}', '{}', '{}', 2, '{1}');
SELECT origin, target, tests, expected > 0 AS some FROM sales_forecast('{{1,0,1,9},{2,1,-1,9}}', '{}', '{}', 3, '{1}') ORDER BY target;
SELECT count(*) FROM sales_forecast('{}', '{}', '{}', 0, '{1,2,3}');
SELECT count(*) FROM roll_rates(NULL, 3);

-- What is refused.
SELECT pg_temp.failure($$SELECT roll_rates('{1,2,3}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,1,NULL}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{4,0,1,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1.5,0,1,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,-1,1,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,0,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,193,1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,1,-1}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{{1,0,1,NaN}}', 3)$$);
SELECT pg_temp.failure($$SELECT roll_rates('{}', 121)$$);
SELECT pg_temp.failure($$SELECT pipeline_chances('{{1,0,1,1}}', 3, '{0}')$$);
SELECT pg_temp.failure($$SELECT pipeline_chances('{{1,0,1,1}}', 3, '{1,NULL}')$$);
SELECT pg_temp.failure($$SELECT mixed_forecast('{1,2}', '{1}', '{1}', 1)$$);
SELECT pg_temp.failure($$SELECT mixed_forecast('{1}', '{NULL}', '{1}', 1)$$);
SELECT pg_temp.failure($$SELECT mixed_forecast('{1}', '{-1}', '{1}', 1)$$);
SELECT pg_temp.failure($$SELECT mixed_forecast('{1}', '{1}', '{1}', 0)$$);
SELECT pg_temp.failure($$SELECT mixed_forecast('{1}', '{1}', '{1}', 1, 1)$$);
SELECT pg_temp.failure($$SELECT sales_forecast('{}', '{{1,1,NaN,1}}', '{}', 3, '{1}')$$);
SELECT pg_temp.failure($$SELECT sales_forecast('{}', '{}', '{{2,2,1,1,1}}', 3, '{1}')$$);
