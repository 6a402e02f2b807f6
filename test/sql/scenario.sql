-- scenario: what-ifs, the article's two cases, and what the next euro buys.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

--
-- The article: 1000 leads, 30 sales at 5 000, against 300 leads, 45 sales at 8 000
--
SELECT leads, sales, revenue, spend, cac, revenue_per_lead, profit FROM scenario(1000, 0.03, 5000)
UNION ALL SELECT leads, sales, revenue, spend, cac, revenue_per_lead, profit FROM scenario(300, 0.15, 8000);
SELECT position, measure, round(a, 2) AS a, round(b, 2) AS b, round(difference, 2) AS difference
FROM compare_scenarios(scenario(1000, 0.03, 5000), scenario(300, 0.15, 8000)) ORDER BY position;
SELECT sum(difference) FILTER (WHERE measure LIKE 'revenue: %') = sum(difference) FILTER (WHERE measure = 'revenue') AS adds_up
FROM compare_scenarios(scenario(1000, 0.03, 5000, 20, 0.7), scenario(300, rate(45, 300), 8000, 60, 0.7));
-- Every measure by its formula.
SELECT leads, sales, revenue, spend, round(cac, 6) AS cac, round(revenue_per_lead, 6) AS revenue_per_lead, round(roas, 6) AS roas, round(romi, 6) AS romi, profit, round(break_even_cpl, 6) AS break_even_cpl
FROM scenario(480, 0.025, 7200, 50, 0.7);
SELECT round(cac, 6) = round(cac(24000, 12), 6) AS cac, roas = roas(86400, 24000) AS roas, romi = romi(86400, 24000, 0.7) AS romi,
	break_even_cpl = break_even_cpl(revenue_per_lead(86400, 480), 0.7) AS break_even_cpl, revenue * 0.7 - spend = profit AS profit
FROM scenario(480, 0.025, 7200, 50, 0.7);
-- At the break-even cost per lead nothing is lost and nothing won.
SELECT profit, romi = 0 AS romi FROM scenario(480, 0.025, 7200, 126, 0.7);
-- Sales may have a fraction; NULL is unknown and spreads; zeros are facts.
SELECT sales, revenue FROM scenario(10, 0.125, 100);
SELECT s.* FROM (VALUES (NULL, 0.1, 100, 10, 0.5), (10, NULL, 100, 10, 0.5), (10, 0.1, NULL, 10, 0.5), (10, 0.1, 100, NULL, 0.5), (10, 0.1, 100, 10, NULL), (0, 0.1, 100, 10, 0.5), (10, 0, 100, 10, 0.5), (10, 0.1, 100, 0, 0.5))
	v(l, r, b, c, m), scenario(l, r::float8, b, c, m) s;
SELECT count(*) AS rows, count(difference) AS differences FROM compare_scenarios(scenario(10, NULL::float8, 1), NULL);

-- With a rate whose trials are known: the interval is that of predict().
SELECT sales, sales_low, sales_high, revenue_low, revenue_high FROM scenario(300, rate(45, 300), 8000);
SELECT (sales_low, sales_high) = (low, high) AS predicted FROM scenario(1000, rate(3, 100), 5000, level => 0.8), predict(rate(3, 100), 1000, 0.8);
SELECT sales, sales_low, revenue, spend FROM scenario(300, rate(0, 0), 8000, 20);
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['scenario(-1, 0.1, 1)', 'scenario(1, 10, 1)', 'scenario(1, -0.1, 1)', 'scenario(1, ''NaN''::float8, 1)', 'scenario(1, 0.1, -1)', 'scenario(1, 0.1, 1, -1)',
	'scenario(1, 0.1, 1, 1, 70)', 'scenario(''NaN'', 0.1, 1)', 'scenario(1, 0.1, ''Infinity'')', 'scenario(-1, rate(1, 2), 1)', 'scenario(1, rate(1, 2), 1, level => 95)']) call;

--
-- An amount whose expectation and variance are known
--
-- mpmath: gammainc(a, 0, x, regularized) = 0.025 and 0.975, to 15 digits.
SELECT a, abs(low / l - 1) < 1e-11 AS low, abs(high / h - 1) < 1e-11 AS high
FROM (VALUES (0.05, 5.3156618899143028e-33, 0.5671737617538588), (0.3, 3.1856790317391655e-6, 1.900263642838826), (1, 0.025317807984289875, 3.6888794541139363),
	(3, 0.61867212289560129, 7.2246876677239608), (100, 81.36399125092314, 120.52894775315546)) v(a, l, h), predict_amount(a, a) ORDER BY a;
-- In another currency it is the same amount; at the level of nothing both ends meet at the median; huge and tiny ones keep their digits.
SELECT abs(b.low / a.low / 1000 - 1) < 1e-12 AND abs(b.high / a.high / 1000 - 1) < 1e-12 AS scales, m.high - m.low < 1e-9 AND abs(m.low - 9.66871461471405) < 1e-9 AS median
FROM predict_amount(10, 10, 0.9) a, predict_amount(1e4, 1e7, 0.9) b, predict_amount(10, 10, 1e-12) m;
SELECT round((low / 1e200 - 1)::numeric, 6) AS low, round((high / 1e200 - 1)::numeric, 6) AS high FROM predict_amount(1e200, 1e200) a
UNION ALL SELECT round((low / 1e150 - 1)::numeric, 6), round((high / 1e150 - 1)::numeric, 6) FROM predict_amount(1e150, 1e296) UNION ALL SELECT low, round((high * 1e200)::numeric, 6) FROM predict_amount(1e-200, 1e-200);
-- A spread of more than ten times the expectation counts as ten times; there is an answer at every level.
SELECT predict_amount(1, 1000) = predict_amount(1, 100) AS least_shape,
	(SELECT bool_and(0 <= low AND low <= high AND high < 'Infinity') FROM generate_series(-30, 30) e, unnest('{1e-9,0.5,0.95,0.999999,0.9999999999999999}'::float8[]) level, predict_amount(power(10::float8, e), power(10::float8, e), level)) AS always;
-- The beta-binomial interval of predict() from its own mean and variance: down to whole sales below, rounded above, next to the same.
SELECT hits, trials, n, p.low, floor(a.low) AS low, p.high, round(a.high) AS high
FROM (VALUES (0, 50, 20), (1, 50, 20), (3, 20, 300), (45, 300, 300), (30, 1000, 100), (200, 500, 30), (0, 1000, 1000), (100, 200, 100), (3, 1000, 1000), (1, 1000, 1)) v(hits, trials, n),
	predict(rate(hits, trials), n) p, LATERAL (SELECT (hits + 0.5) / (trials + 1) AS m) m, predict_amount(n * m, n * m * (1 - m) * (trials + 1 + n) / (trials + 2)) a ORDER BY hits, trials, n;
SELECT predict_amount(5, 0) AS certain, predict_amount(0, 0) AS nothing, predict_amount(NULL, 1) AS null_expected, predict_amount(1, NULL) AS null_variance;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['predict_amount(-1, 1)', 'predict_amount(1, -1)', 'predict_amount(''NaN'', 1)', 'predict_amount(1, ''Infinity'')', 'predict_amount(0, 1)', 'predict_amount(1, 1, 95)']) call;

--
-- What the next euro buys
--
-- R: glm(leads ~ log(spend), poisson) for the first, whose dispersion is below 1; quasipoisson for the second; bounds with qt(0.975, 5).
CREATE TEMP TABLE month AS SELECT * FROM (VALUES (1, 1000, 20, 0), (2, 1500, 31, 60), (3, 2000, 33, 33), (4, 2500, 41, 10), (5, 3000, 39, 0), (6, 4000, 57, 95), (7, 500, 14, 14), (8, 0, 3, 3)) v(month, spend, leads, erratic);
SELECT (m).periods, (m).without_spend, abs((m).elasticity - 0.661436282849482) < 1e-12 AS elasticity, abs((m).elasticity_low - 0.358111442260462) < 1e-9 AS low,
	abs((m).elasticity_high - 0.964761123438502) < 1e-9 AS high, abs((m).cpl - 14500 / 235.0) < 1e-12 AS cpl, abs((m).marginal_cpl - (m).cpl / (m).elasticity) < 1e-12 AS marginal_cpl,
	abs((m).marginal_cpl_low - (m).cpl / (m).elasticity_high) < 1e-12 AS marginal_low, abs((m).marginal_cpl_high - (m).cpl / (m).elasticity_low) < 1e-12 AS marginal_high, (m).reason
FROM (SELECT marginal_cost(spend, leads) AS m FROM month) s;
SELECT abs((m).elasticity - 0.84603603068732) < 1e-9 AS elasticity, abs((m).elasticity_low + 1.11596211098015) < 1e-8 AS low, abs((m).elasticity_high - 2.80803417235479) < 1e-8 AS high,
	(m).marginal_cpl, (m).marginal_cpl_low > 0 AS at_least, (m).marginal_cpl_high, (m).reason FROM (SELECT marginal_cost(spend, erratic) AS m FROM month) s;
-- At another level, by qt(0.9, 5) = 1.475884 in place of 2.570582; NULL is 95 %.
SELECT abs(((m).elasticity_high - (m).elasticity) / ((n).elasticity_high - (n).elasticity) - 1.475884048824481 / 2.570581835636314) < 1e-9 AS narrower, (m).elasticity = (n).elasticity AS same,
	abs((m).marginal_cpl_high - (m).cpl / (m).elasticity_low) < 1e-12 AS marginal_high, n::text = o::text AS by_default
FROM (SELECT marginal_cost(spend, leads, 0.8) AS m, marginal_cost(spend, leads) AS n, marginal_cost(spend, leads, NULL) AS o FROM month) s;
-- Not beyond chance at 95 %, but at 50 %.
SELECT (marginal_cost(spend, erratic, 0.5)).marginal_cpl_high > 0 AS bounded, (marginal_cost(spend, erratic, 0.5)).reason, (marginal_cost(spend, erratic)).reason AS at_95 FROM month;
-- An exact power law is found: leads = spend ^ 0.5.
SELECT round((m).elasticity::numeric, 9) AS elasticity, (m).reason FROM (SELECT marginal_cost(k * k, k) AS m FROM generate_series(10, 40) k) s;
-- Why the data cannot say.
SELECT what, (m).periods, round((m).cpl::numeric, 2) AS cpl, (m).elasticity IS NULL AS none, (m).marginal_cpl, (m).reason FROM (
	SELECT what, marginal_cost(spend, leads) AS m FROM (
		SELECT 'five months' AS what, 100 * k AS spend, 10 * k AS leads FROM generate_series(1, 5) k
		UNION ALL SELECT 'a constant budget', 1000 + k, 10 * k FROM generate_series(1, 12) k
		UNION ALL SELECT 'no leads', 100 * k, 0 FROM generate_series(1, 12) k
		UNION ALL SELECT 'no spend', 0, 5 FROM generate_series(1, 12) k
		UNION ALL SELECT 'noise', 100 * k, 20 + 13 * (k % 2) - 2 * (k % 3) FROM generate_series(1, 12) k
		UNION ALL SELECT 'fewer and fewer', 100 * k, 1000 / k FROM generate_series(1, 12) k) d GROUP BY what) s ORDER BY what COLLATE "C";
-- NULL is 0; the order of the months does not matter; nor do workers.
SELECT (marginal_cost(NULL, 3)).without_spend, (marginal_cost(5, NULL)).periods, marginal_cost(1, 1) FILTER (WHERE false) IS NULL AS no_rows;
SELECT count(DISTINCT m::text) AS answers FROM (SELECT marginal_cost(spend, leads ORDER BY hashint4extended(month, seed)) AS m FROM month, generate_series(1, 50) seed GROUP BY seed) s;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['marginal_cost(-1, 1)', 'marginal_cost(1, -1)', 'marginal_cost(''NaN'', 1)', 'marginal_cost(1, ''Infinity'')',
	'marginal_cost(1, 1, 95)', 'marginal_cost(1, 1, ''NaN'')', 'marginal_cost(k, 1, k / 10.0) FROM generate_series(1, 9) k', 'marginal_cost(k, 1) FROM generate_series(1, 100001) k']) call;
-- Extremes do not run away.
SELECT (m).reason, (m).elasticity > 0 AS rises FROM (SELECT marginal_cost(10.0 ^ k, 10.0 ^ (2 * k)) AS m FROM generate_series(1, 20) k UNION ALL SELECT marginal_cost(k, CASE WHEN k > 9 THEN 1000000000 ELSE 0 END) FROM generate_series(1, 10) k) s;
