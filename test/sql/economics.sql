-- economics: unit costs, returns and their interval, against published values and the article's cases.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

--
-- Every published value, to all its digits
--
\set file :abs_srcdir '/oracles/lead_economics_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE oracle AS
SELECT split_part(line, ',', 1) AS metric, split_part(line, ',', 3)::numeric AS value
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 2 AND line <> '';

WITH input AS (
	SELECT 24000::numeric AS spend, 1200000::bigint AS impressions, 9600::bigint AS clicks, 480::bigint AS leads,
		168::bigint AS mql, 84::bigint AS sql, 42::bigint AS opps, 12::bigint AS won, 18::bigint AS lost,
		30::bigint AS open_opps, 86400::numeric AS revenue, 0.7 AS margin, 0.03 AS churn, 600::numeric AS arpa,
		45::numeric AS cycle_days
), computed AS (
	SELECT m.* FROM input, LATERAL (VALUES
		('cpm', cost_per(spend, impressions) * 1000),
		('ctr', rate(clicks, impressions)::numeric),
		('cpc', cost_per(spend, clicks)),
		('cpl', cpl(spend, leads)),
		('cost_per_mql', cost_per(spend, mql)),
		('cost_per_sql', cost_per(spend, sql)),
		('cost_per_opportunity', cost_per(spend, opps)),
		('cac', cac(spend, won)),
		('lead_to_mql', rate(mql, leads)::numeric),
		('mql_to_sql', rate(sql, mql)::numeric),
		('sql_to_opp', rate(opps, sql)::numeric),
		('opp_to_won', rate(won, opps)::numeric),
		('lead_to_won', rate(won, leads)::numeric),
		('win_rate_closed', rate(won, won + lost)::numeric),
		('avg_deal', average_deal(revenue, won)),
		('revenue_per_lead', revenue_per_lead(revenue, leads)),
		('roas', roas(revenue, spend)),
		('romi', romi(revenue, spend, margin)),
		('roi_revenue', romi(revenue, spend, 1)),
		('breakeven_cpl', break_even_cpl(revenue_per_lead(revenue, leads), margin)),
		('cpl_to_revenue', revenue_per_lead(revenue, leads) / cpl(spend, leads)),
		('ltv', ltv(arpa, margin, churn)),
		('ltv_cac', ltv(arpa, margin, churn) / cac(spend, won)),
		('payback_months', payback_months(cac(spend, won), arpa, margin)),
		('pipeline_velocity_per_day',
			pipeline_velocity(open_opps, rate(won, won + lost)::numeric, average_deal(revenue, won), cycle_days))
	) m(metric, value)
)
SELECT metric, o.value AS expected, round(c.value, scale(o.value)) AS computed, round(c.value, scale(o.value)) = o.value AS equal
FROM oracle o FULL JOIN computed c USING (metric) ORDER BY metric COLLATE "C";

--
-- The article: the dearer lead is the cheaper customer
--
SELECT campaign, leads, sales, spend, cpl(spend, leads), round(cac(spend, sales), 2) AS cac, rate(sales, leads)
FROM (VALUES ('A', 500::bigint, 15::bigint, 10000::numeric), ('B', 150, 25, 12000)) v(campaign, leads, sales, spend);

--
-- Zero denominators and NULL
--
SELECT cpl(100, 0), cost_per(100, 0), cac(100, 0), revenue_per_lead(100, 0), average_deal(100, 0), roas(100, 0),
	romi(100, 0, 0.7), payback_months(100, 0, 0.7) AS payback_arpa, payback_months(100, 50, 0) AS payback_margin,
	ltv(50, 0.7, 0), pipeline_velocity(3, 0.5, 100, 0);
SELECT cpl(0, 5), cac(0, 5), roas(0, 5), break_even_cpl(0, 0.7), payback_months(0, 50, 0.7), ltv(0, 0.7, 0.1), pipeline_velocity(0, 0.5, 100, 30);
SELECT num_nulls(cpl(NULL, 1), cpl(1, NULL), cost_per(NULL, 1), cost_per(1, NULL), cac(NULL, 1), cac(1, NULL),
	revenue_per_lead(NULL, 1), revenue_per_lead(1, NULL), average_deal(NULL, 1), average_deal(1, NULL), roas(NULL, 1), roas(1, NULL),
	romi(NULL, 1, 1), romi(1, NULL, 1), romi(1, 1, NULL), break_even_cpl(NULL, 1), break_even_cpl(1, NULL),
	payback_months(NULL, 1, 1), payback_months(1, NULL, 1), payback_months(1, 1, NULL),
	ltv(NULL, 1, 1), ltv(1, NULL, 1), ltv(1, 1, NULL),
	pipeline_velocity(NULL, 1, 1, 1), pipeline_velocity(1, NULL, 1, 1), pipeline_velocity(1, 1, NULL, 1), pipeline_velocity(1, 1, 1, NULL)) AS nulls,
	cost_interval(NULL, 1), cost_interval(1, NULL), cost_interval(1, 1, NULL);
-- More was refunded than sold: a loss, no error.
SELECT revenue_per_lead(-500, 10), average_deal(-500, 2), roas(-500, 100), romi(-500, 100, 0.5), break_even_cpl(-50, 0.5), pipeline_velocity(4, 0.5, -100, 20);
-- Exact: no digit of money is lost.
SELECT cpl(123456789012345678901234567890.12, 2), pipeline_velocity(9223372036854775807, 1, 1, 1);

--
-- Bad input names the argument and its value
--
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY[
	'cpl(-1, 5)', 'cpl(1, -5)', 'cpl(''NaN'', 5)', 'cpl(''Infinity'', 5)', 'cpl(-0.01, 0)',
	'cost_per(-1, 5)', 'cost_per(1, -5)', 'cac(-1, 5)', 'cac(1, -5)',
	'revenue_per_lead(1, -5)', 'revenue_per_lead(''NaN'', 5)', 'average_deal(1, -5)', 'average_deal(''-Infinity'', 5)',
	'roas(1, -5)', 'roas(''NaN'', 5)', 'romi(1, -5, 0.7)', 'romi(1, 5, 70)', 'romi(1, 5, -0.1)', 'romi(1, 5, ''NaN'')',
	'break_even_cpl(1, 70)', 'break_even_cpl(''NaN'', 0.7)',
	'payback_months(-1, 5, 0.7)', 'payback_months(1, -5, 0.7)', 'payback_months(1, 5, 1.01)',
	'ltv(-1, 0.7, 0.03)', 'ltv(1, 70, 0.03)', 'ltv(1, 0.7, 3)', 'ltv(1, 0.7, -0.03)',
	'pipeline_velocity(-1, 0.5, 1, 1)', 'pipeline_velocity(1, 50, 1, 1)', 'pipeline_velocity(1, 0.5, ''NaN'', 1)', 'pipeline_velocity(1, 0.5, 1, -1)',
	'cost_interval(-1, 5)', 'cost_interval(''NaN'', 5)', 'cost_interval(1, -5)', 'cost_interval(1, 5, 95)', 'cost_interval(1, 5, 0)']) call;

--
-- The formulas inline: the plan shows them, not the calls
--
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
		plan := plan || line;
	END LOOP;
	RETURN plan;
END $$;
SELECT f.proname, pg_temp.plan_of(format('SELECT %s(%s) FROM (SELECT 1::bigint AS i, 1::numeric AS n OFFSET 0) s', f.proname,
		(SELECT string_agg(CASE type WHEN 'bigint'::regtype THEN 's.i' ELSE 's.n' END, ', ')
			FROM unnest(f.proargtypes) type))) NOT LIKE '%' || f.proname || '(%' AS inlined
FROM pg_proc f WHERE f.pronamespace = 'lead_kpi'::regnamespace
	AND f.proname IN ('cpl', 'cost_per', 'cac', 'revenue_per_lead', 'average_deal', 'roas', 'romi', 'break_even_cpl',
		'payback_months', 'ltv', 'pipeline_velocity')
ORDER BY f.proname COLLATE "C";

--
-- The interval of a unit cost, against published values
--
\set file :abs_srcdir '/oracles/poisson_cpa_ci_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE poisson AS
SELECT string_to_array(line, ',') AS f
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 1 AND line <> '';
SELECT count(*) AS cases,
	count(*) FILTER (WHERE abs(low / f[7]::float8 - 1) <= 1e-9) AS low,
	count(*) FILTER (WHERE high = f[8]::float8 OR abs(high / f[8]::float8 - 1) <= 1e-9) AS high
FROM poisson, cost_interval(f[2]::numeric, f[1]::bigint, f[3]::float8);
-- No conversions: at least so much, and no end. One conversion: the upper bound has a closed form.
SELECT abs(low * -ln(0.025) / 5000 - 1) < 1e-12 AS low, high FROM cost_interval(5000, 0);
SELECT abs(5000 / high / -ln(0.975) - 1) < 1e-12 AS one FROM cost_interval(5000, 1);
SELECT * FROM cost_interval(0, 0) UNION ALL SELECT * FROM cost_interval(0, 3);
-- Narrower with more conversions, wider with a higher level, the estimate always inside, up to the largest count.
SELECT count(*) AS cases, count(*) FILTER (WHERE NOT (low <= 1 AND high >= 1)) AS outside,
	count(*) FILTER (WHERE NOT (narrower < ratio)) AS not_narrower, count(*) FILTER (WHERE NOT (wider > ratio)) AS not_wider
FROM (SELECT low, high, high / low AS ratio,
		lead(high / low) OVER (PARTITION BY level ORDER BY n) AS narrower,
		lead(high / low) OVER (PARTITION BY n ORDER BY level) AS wider
	FROM unnest('{1,2,10,1000,1000000000,1000000000000,9223372036854775807}'::bigint[]) n,
		unnest('{0.5,0.8,0.95,0.999999}'::float8[]) level, cost_interval(n, n, level)) s;

--
-- Two unit costs compared: R's binom.test and pbinom on the counts, given their sum
--
-- 10 for 5 000, then 25 for 6 000: 2 * min(pbinom(10, 35, 5/11), 1 - pbinom(9, 35, 5/11)), and binom.test(10, 35)$conf.int turned into a ratio.
SELECT abs(ratio - 0.48) < 1e-15 AS ratio, abs(low - 0.20573615721941) < 1e-12 AS low, abs(high - 1.03482266789984) < 1e-12 AS high, abs(p_value - 0.0628687400705611) < 1e-13 AS p_value
FROM compare_cost(5000, 10, 6000, 25);
-- The article's campaigns: 15 sales for 10 000, 25 for 12 000. Not yet certain.
SELECT round(ratio::numeric, 4) AS ratio, round(low::numeric, 4) AS low, round(high::numeric, 4) AS high, round(p_value::numeric, 4) AS p_value FROM compare_cost(10000, 15, 12000, 25);
-- Without conversions one bound remains; with none at all, or without spend, there is nothing to compare.
SELECT what, ratio, round(low::numeric, 6) AS low, round(high::numeric, 6) AS high, round(p_value::numeric, 9) AS p_value
FROM (VALUES ('none before', 5000, 0, 6000, 25), ('none after', 5000, 3, 6000, 0), ('none', 5000, 0, 6000, 0), ('no spend before', 0, 3, 6000, 5), ('no spend after', 10, 3, 0, 0)) v(what, s0, c0, s1, c1), compare_cost(s0, c0, s1, c1);
-- Exact tails, summed by hand: all three conversions on one side.
SELECT abs(x.p_value - 2 * 0.75 ^ 3) < 1e-15 AS before, abs(y.p_value - 2 * 0.25 ^ 3) < 1e-15 AS after FROM compare_cost(300, 3, 100, 0) x, compare_cost(300, 0, 100, 3) y;
-- Exchanging the two turns the ratio over; the interval contains 1 exactly when the p-value says so; levels nest.
SELECT count(*) AS cases, count(*) FILTER (WHERE abs(x.ratio * y.ratio - 1) > 1e-12 OR abs(x.low * y.high - 1) > 1e-9 OR abs(x.p_value - y.p_value) > 1e-12) AS asymmetric,
	count(*) FILTER (WHERE (x.low <= 1 AND x.high >= 1) <> (x.p_value >= 0.05)) AS at_odds, count(*) FILTER (WHERE NOT (w.low < x.low AND w.high > x.high)) AS not_nested, count(*) FILTER (WHERE NOT (x.low < x.ratio AND x.ratio < x.high)) AS outside
FROM unnest('{1,2,5,20,300,1000000,1000000000000}'::bigint[]) c0, unnest('{1,3,7,40,250,999999,1000000000001}'::bigint[]) c1, unnest('{0.01,100,12345.67}'::numeric[]) s0,
	compare_cost(s0, c0, 100, c1) x, compare_cost(100, c1, s0, c0) y, compare_cost(s0, c0, 100, c1, 0.99) w;
SELECT num_nulls(compare_cost(NULL, 1, 1, 1), compare_cost(1, NULL, 1, 1), compare_cost(1, 1, NULL, 1), compare_cost(1, 1, 1, NULL), compare_cost(1, 1, 1, 1, NULL)) AS nulls;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['compare_cost(-1, 1, 1, 1)', 'compare_cost(1, -1, 1, 1)', 'compare_cost(1, 1, -1, 1)', 'compare_cost(1, 1, 1, -1)', 'compare_cost(''NaN'', 1, 1, 1)', 'compare_cost(1, 1, 1, 1, 95)']) call;
-- From a level next to zero to one next to one, up to the largest count: numbers, in order.
SELECT count(*) AS cases, count(*) FILTER (WHERE NOT (i.low <= i.high AND i.low > 0 AND i.high < 'Infinity')) AS no_interval,
	count(*) FILTER (WHERE NOT (c.low <= c.ratio * (1 + 1e-12) AND c.high >= c.ratio * (1 - 1e-12) AND c.low > 0 AND c.high < 'Infinity')) AS no_comparison
FROM unnest('{5e-324,1e-300,1e-30,1e-15,1e-6,0.5,0.95,0.999999999,0.9999999999999999}'::float8[]) level, unnest('{1,2,40,1000000,9223372036854775807}'::bigint[]) n,
	unnest('{1,7,9223372036854775807}'::bigint[]) m, cost_interval(5000, n, level) i, compare_cost(5000, n, 3, m, level) c;
-- Beyond the largest double: an error, as with any float8, and not "no bound".
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['cost_interval(1e300, 1, 0.999999999)', 'compare_cost(1e-300, 1, 1e300, 1)']) call;

--
-- Types as they come: sums of bigint (numeric), float8 of a driver, integers, literals; nothing needs a cast and no digit is lost
--
SELECT cpl(sum(spend), sum(leads)) AS of_sums, cpl(99.5::float8, 3) AS of_float8, cpl(100, 3) AS of_integers, cpl(0.1::float8, 1::bigint) AS tenth, cpl('100', '8') AS of_literals, cpl(NULL, 3) AS null_spend,
	cpl(2::smallint, 4::smallint) AS of_smallints, cpl(10::real, 4) AS of_real, cpl(9007199254740993, 1::bigint) AS of_bigints, cpl(1000, 2.5) AS of_a_part
FROM (VALUES (1000::bigint, 30::bigint), (500, 20)) v(spend, leads);
-- Every function, with every pair of types for its first two arguments and the others of the second: the same value.
CREATE FUNCTION pg_temp.value_of(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE value text;
BEGIN
	EXECUTE 'SELECT (' || expression || ')::text' INTO value;
	RETURN value;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
SELECT function, count(*) AS calls, left(min(CASE WHEN value ~ '^[0-9.]+$' THEN trim_scale(round(value::numeric, 10))::text ELSE value END), 12) AS value,
	count(DISTINCT CASE WHEN value ~ '^[0-9.]+$' THEN trim_scale(round(value::numeric, 10))::text ELSE value END) AS different
FROM (SELECT split_part(call, '(', 1) AS function, pg_temp.value_of(replace(replace(call, '{a}', a), '{b}', b)) AS value
	FROM unnest(ARRAY['cpl(1200::{a}, 8::{b})', 'cost_per(1200::{a}, 8::{b})', 'cac(1200::{a}, 8::{b})', 'cost_interval(1200::{a}, 8::{b})', 'compare_cost(1200::{a}, 8::{b}, 900::{b}, 3::{b})', 'revenue_per_lead(1200::{a}, 8::{b})',
			'average_deal(1200::{a}, 8::{b})', 'roas(1200::{a}, 8::{b})', 'romi(1200::{a}, 8::{b}, 1::{b})', 'break_even_cpl(1200::{a}, 1::{b})', 'payback_months(1200::{a}, 8::{b}, 1::{b})',
			'ltv(1200::{a}, 1::{b}, 1::{b})', 'pipeline_velocity(1200::{a}, 1::{b}, 500::{b}, 30::{b})', 'rate(3::{a}, 8::{b})', 'predict(rate ''3/10'', 40::{a})', 'scenario(1000::{a}, 0.25, 80::{b}, 12::{b}, 1::{b})',
			'scenario(1000::{a}, rate ''30/1000'', 80::{b}, 12::{b}, 1::{b})', 'revenue_change(1000::{a}, 30::{b}, 15000::{a}, 1200::{b}, 40::{a}, 18000::{b})', 'revenue_mix_change(1000::{a}, 30::{b}, 15000::{a}, 1200::{b}, 40::{a}, 18000::{b})',
			'mix_change(30::{a}, 100::{b}, 40::{a}, 200::{b})', 'journeys(''{ads}'', 3::{a}, 10::{b}, 4::{b})', 'journeys(''{ads}'', 3::{a}, 10::{b}, 4::{a}, ''{lead}'')']) call,
		unnest('{numeric,float8,real,bigint,integer,smallint}'::text[]) a, unnest('{numeric,float8,real,bigint,integer,smallint}'::text[]) b) s
GROUP BY function ORDER BY function;
SELECT (rate(sum(won), sum(leads)))::text AS rate, (marginal_cost(spend::float8, leads::float8)).cpl = (marginal_cost(spend, leads)).cpl AS marginal_cost,
	(marginal_cost(spend::float8, leads::float8, 0.9)).elasticity_low = (marginal_cost(spend, leads, 0.9)).elasticity_low AS with_level
FROM (SELECT g::bigint AS won, 10 * g::bigint AS leads, (g * g)::numeric AS spend FROM generate_series(1, 9) g) s;
-- Why it changed takes what it cost: literals, sums of bigint, money as float8 or in whole cents.
SELECT revenue_change(1000, 30, 150000, 300, 45, 360000) = revenue_change(1000::bigint, 30.0, 150000::float8, 300, 45, 360000.00) AS literals, (revenue_change(1, 1, 0.1::float8, 1, 1, 0.3::float8)).total AS float8,
	(revenue_change(1::bigint, 1::bigint, 0::bigint, 1::bigint, 1::bigint, 9007199254740993)).total AS bigint, (revenue_mix_change(1::bigint, 1::bigint, 0::bigint, 1::bigint, 1::bigint, 9007199254740993)).total AS mix_bigint,
	(revenue_mix_change(1, 1, 0.1::float8, 1, 1, 0.3::float8)).total AS mix_float8, (revenue_mix_change(NULL, NULL, NULL, 1, 1, 3.5)).total AS mix_null, (mix_change(1, 2, NULL, NULL)).rate1::text AS mix_rate;
SELECT s.before = s.after AS same, (mix_change(sum_hits, sum_trials, sum_hits, sum_trials)).total AS mix_of_sums, (revenue_mix_change(sum_trials, sum_hits, sum_value, sum_trials, sum_hits, 2 * sum_value)).basket AS revenue_of_sums, journeys('{a}', sum_hits, sum_value, sum_trials)::text = s.after AS journeys_of_sums
FROM (SELECT sum(hits) AS sum_hits, sum(trials) AS sum_trials, sum(value) AS sum_value, journeys('{a}', hits, value, trials)::text AS before, journeys('{a}', hits::int, value::numeric, trials::float8)::text AS after
	FROM (VALUES (3::bigint, 8::bigint, 12.5::float8), (2, 4, 0.5)) v(hits, trials, value)) s GROUP BY s.before, s.after;
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['mix_change(1.5, 2, 1, 2)', 'mix_change(1, ''NaN''::float8, 1, 2)', 'mix_change(3, 2, 1, 2::numeric)', 'journeys(''{a}'', 1.5, 1, 0)', 'journeys(''{a}'', -1::numeric, 1, 0)', 'journeys(''{a}'', 1, 1, 1e19::float8)',
	'revenue_change(1, 1, ''NaN''::float8, 1, 1, 1)', 'revenue_change(-1::bigint, 1, 1, 1, 1, 1)', 'revenue_mix_change(1, 1, ''Infinity''::float8, 1, 1, 1)']) call;
SELECT s.measure, s.difference FROM compare_scenarios(scenario(1000::numeric, 0.03, 2500::float8, 12.5::float8), scenario(1200::bigint, 0.03::float8, 2500, 12.5)) s WHERE s.position <= 3 ORDER BY s.position;
-- Counts of leads are whole, money is a number.
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['rate(2.5, 4)', 'rate(2, 4.5::float8)', 'rate(''NaN''::float8, 4)', 'rate(1e19::float8, 1e19::float8)', 'rate(-1, 4::numeric)', 'predict(rate ''1/2'', 2.5)',
	'cpl(''Infinity''::float8, 3)', 'cpl(-0.5::float8, 3)', 'cac(10, -1::float8)', 'cost_interval(''NaN''::float8, 1)', 'scenario(2.5, rate ''1/2'', 10)', 'scenario(-1::float8, 0.5, 10)']) call;
