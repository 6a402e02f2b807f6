-- rate: text and binary form, constructor, aggregates, order, casts, intervals, comparison.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

--
-- Text form
--
SELECT rate '32/1000', rate '0/0', rate ' 007/0010 ', rate '0/9223372036854775807',
	rate '9223372036854775807/9223372036854775807';

SELECT input, pg_temp.failure(format('SELECT %L::rate', input)) AS failure
FROM unnest('{5/3,-1/2,1/-2,-1/-2,1/0,x,"",/,1,1/,/2,1/2/3,1/2x,1 / 2,+1/2,1.5/2,0x1/2,NaN/1}'::text[]
	|| '{12345678901234567890/1,1/12345678901234567890,9223372036854775808/9223372036854775808}'
	|| '{-9223372036854775808/1,-9223372036854775809/1,99999999999999999999999999999999999999999/1}') input;

-- Errors are soft where the server has soft errors; nothing to see on older ones.
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT count(*) FILTER (WHERE pg_input_is_valid(input, 'rate')) = 1 AS soft
FROM unnest('{5/3,-1/2,1/-2,1/0,x,"",1,1/,1/2x,12345678901234567890/1,32/1000}'::text[]) input \gset
\else
\set soft t
\endif
\if :soft
\else
\echo soft errors expected
\endif

--
-- Constructor, accessors, casts
--
SELECT rate(32, 1000), rate(0, 0), rate(NULL, 5), rate(5, NULL);
SELECT pg_temp.failure('SELECT rate(5, 3)'), pg_temp.failure('SELECT rate(-1, 3)');
SELECT hits(r), trials(r), r::float8 AS f, r::numeric AS n FROM (VALUES (rate '32/1000'), ('1/3'), ('0/7'), ('0/0'), (NULL)) v(r);

-- A fraction has lost its trials: assigned where a column asks for one, never slipped into an expression.
CREATE TEMP TABLE assigned (f float8, n numeric, t text);
INSERT INTO assigned SELECT r, r, r FROM (VALUES (rate '1/4'), ('0/0')) v(r);
TABLE assigned;
SELECT pg_temp.failure($$SELECT avg(rate '1/2')$$) LIKE '42%' AS no_average,
	pg_temp.failure($$SELECT rate '1/2' * 2.0$$) LIKE '42883%' AS no_product;

--
-- Addition and aggregates
--
SELECT rate '1/2' + '1/3', rate '0/0' + '3/7', NULL + rate '1/2';
SELECT pg_temp.failure($$SELECT rate '1/9223372036854775807' + '0/1'$$);
SELECT pg_temp.failure($$SELECT sum(r) FROM (VALUES (rate '1/9223372036854775807'), ('0/1')) v(r)$$);

-- NULL is no trial; zero rows give 0/0, which has no value.
SELECT rate(x), rate(x) FILTER (WHERE x), rate(x) FILTER (WHERE false) AS none, rate(NULL::boolean) AS nulls,
	(rate(x) FILTER (WHERE false))::float8 AS no_value
FROM (VALUES (true), (false), (NULL), (true)) v(x);
SELECT sum(r), rollup(r), sum(r) FILTER (WHERE false) AS none, rollup(NULL::rate) AS nulls, min(r), max(r)
FROM (VALUES (rate '3/4'), (NULL), ('1/10'), ('2/2')) v(r);

-- An aggregate changes its own state only: neither a stored rate nor a shared result.
CREATE TEMP TABLE stored (id integer, r rate);
INSERT INTO stored VALUES (1, '1/2'), (2, '1/3'), (3, '0/5'), (4, NULL);
SELECT id, r, sum(r) OVER (ORDER BY id), rollup(r) OVER (ORDER BY id), sum(r) OVER () FROM stored;
SELECT sum(r), rollup(r), sum(r) + rollup(r) FROM stored;
TABLE stored;

-- A moving window adds and takes back; the same as counting each window anew.
WITH trial AS (
	SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE i * i % 11 < 4 END AS hit FROM generate_series(1, 60) i
), moving AS (
	SELECT i, rate(hit) OVER w AS counted, sum(rate(hit::integer, 1)) OVER w AS summed,
		rollup(rate(hit::integer, 1)) OVER w AS rolled
	FROM trial WINDOW w AS (ORDER BY i ROWS BETWEEN 5 PRECEDING AND 2 FOLLOWING EXCLUDE NO OTHERS)
)
SELECT count(*), count(*) FILTER (WHERE counted = anew) AS counted,
	count(*) FILTER (WHERE summed = anew AND rolled = anew) AS summed
FROM moving, LATERAL (SELECT rate(hit) AS anew FROM trial t WHERE t.i BETWEEN moving.i - 5 AND moving.i + 2) s;
SELECT pg_temp.failure($$SELECT rate_subtract('1/2', '1/3')$$), pg_temp.failure($$SELECT rate_discard('0/2', true)$$);

--
-- Order and hash
--
SELECT array_agg(r ORDER BY r) AS ascending
FROM unnest('{1/2,2/4,0/0,0/1,0/5,1/1,2/2,1/3,333/1000,9223372036854775806/9223372036854775807}'::rate[]) r;
-- Ratios that doubles cannot tell apart.
SELECT rate '9223372036854775805/9223372036854775806' < '9223372036854775806/9223372036854775807' AS neighbours,
	rate '3074457345618258602/9223372036854775806' = '1/3' AS same_ratio,
	rate '3074457345618258602/9223372036854775806' > '1/3' AS more_trials,
	rate '3074457345618258602/9223372036854775807' < '1/3' AS a_hair_less;

-- Every operator agrees with exact arithmetic in numeric, on all pairs.
CREATE TEMP TABLE pair AS
WITH r AS (
	SELECT rate(h, t) AS r FROM unnest('{0,1,2,3,5,1000,4294967296,6148914691236517205,9223372036854775807}'::bigint[]) t,
		unnest(ARRAY[0, 1, 2, t / 3, t / 2, t - 1, t]) h
	WHERE h BETWEEN 0 AND t
)
SELECT DISTINCT a.r AS a, b.r AS b,
	CASE WHEN trials(a.r) = 0 OR trials(b.r) = 0 THEN (trials(a.r) = 0)::integer - (trials(b.r) = 0)::integer
		ELSE coalesce(nullif(sign(hits(a.r)::numeric * trials(b.r) - hits(b.r)::numeric * trials(a.r)), 0),
			sign(trials(a.r)::numeric - trials(b.r))) END AS expected
FROM r a, r b;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE rate_cmp(a, b) IS DISTINCT FROM expected) AS cmp,
	count(*) FILTER (WHERE (a = b, a <> b, a < b, a <= b, a > b, a >= b)
		IS DISTINCT FROM (expected = 0, expected <> 0, expected < 0, expected <= 0, expected > 0, expected >= 0)) AS operators,
	count(*) FILTER (WHERE (a = b) IS DISTINCT FROM (a::text = b::text)) AS equality,
	count(*) FILTER (WHERE a = b AND (rate_hash(a), rate_hash_extended(a, 7)) <> (rate_hash(b), rate_hash_extended(b, 7))) AS hash,
	count(*) FILTER (WHERE rate_smaller(a, b) > a OR rate_larger(a, b) < b OR (expected = 0 AND rate_larger(a, b) <> a)) AS extremes
FROM pair;

-- Indexes, hash joins, grouping and partitioning find the operator classes.
CREATE TABLE rate_index (r rate);
INSERT INTO rate_index SELECT rate(i % 10, 10 + i % 3) FROM generate_series(1, 300) i;
CREATE INDEX ON rate_index (r);
CREATE INDEX ON rate_index USING hash (r);
SET enable_seqscan = off;
SELECT count(*) AS equal, min(r), max(r) FROM rate_index WHERE r = '5/10';
SELECT count(*) AS below FROM rate_index WHERE r < '1/10';
RESET enable_seqscan;
SELECT count(*) AS groups FROM (SELECT r FROM rate_index GROUP BY r) s;
CREATE TABLE rate_partition (r rate) PARTITION BY HASH (r);
CREATE TABLE rate_partition_0 PARTITION OF rate_partition FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE rate_partition_1 PARTITION OF rate_partition FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO rate_partition SELECT r FROM rate_index;
SELECT sum(r) FROM rate_partition;

--
-- Parallel = serial = parts rolled up = partitionwise = text and binary round trip = naive SQL
--
CREATE TABLE rate_trial (grp integer, part integer, hit boolean);
INSERT INTO rate_trial
SELECT i % 7, hashint4(i) & 15, CASE WHEN i % 13 = 0 THEN NULL ELSE hashint4(i + 1) % 5 = 0 END
FROM generate_series(1, 20000) i;
INSERT INTO rate_trial SELECT 7, 0, NULL FROM generate_series(1, 10);
ANALYZE rate_trial;

CREATE TEMP TABLE answer (how text, grp integer, r rate);
INSERT INTO answer
SELECT 'naive', grp, rate(count(*) FILTER (WHERE hit), count(hit)) FROM rate_trial GROUP BY grp;
SET max_parallel_workers_per_gather = 0;
INSERT INTO answer SELECT 'serial', grp, rate(hit) FROM rate_trial GROUP BY grp;
INSERT INTO answer
SELECT 'parts', grp, rollup(r) FROM (SELECT grp, part, rate(hit) AS r FROM rate_trial GROUP BY grp, part) s GROUP BY grp;
INSERT INTO answer
SELECT 'text', grp, sum(r::text::rate) FROM (SELECT grp, part, rate(hit) AS r FROM rate_trial GROUP BY grp, part) s GROUP BY grp;

SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT rate(hit) FROM rate_trial;
-- CREATE TABLE AS may run in parallel where INSERT may not.
CREATE TEMP TABLE in_parallel AS SELECT grp, rate(hit) AS r FROM rate_trial GROUP BY grp;
CREATE TABLE rate_part AS SELECT grp, part, rate(hit) AS r FROM rate_trial GROUP BY grp, part;
EXPLAIN (COSTS OFF) SELECT sum(r), rollup(r), min(r), max(r) FROM rate_part;
CREATE TEMP TABLE rolled_in_parallel AS SELECT grp, rollup(r) AS r, sum(r) AS s FROM rate_part GROUP BY grp;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
INSERT INTO answer SELECT 'parallel', * FROM in_parallel;
INSERT INTO answer SELECT 'rolled up in parallel', grp, r FROM rolled_in_parallel;
INSERT INTO answer SELECT 'summed in parallel', grp, s FROM rolled_in_parallel;

CREATE TABLE rate_split (grp integer, hit boolean) PARTITION BY LIST (grp);
CREATE TABLE rate_split_0 PARTITION OF rate_split FOR VALUES IN (0, 1, 2);
CREATE TABLE rate_split_1 PARTITION OF rate_split DEFAULT;
INSERT INTO rate_split SELECT grp, hit FROM rate_trial;
SET enable_partitionwise_aggregate = on;
EXPLAIN (COSTS OFF) SELECT rate(hit) FROM rate_split;
SELECT p.r = n.r AS partitionwise_total
FROM (SELECT rate(hit) AS r FROM rate_split) p, (SELECT sum(r) AS r FROM answer WHERE how = 'naive') n;
INSERT INTO answer SELECT 'partitionwise', grp, rate(hit) FROM rate_split GROUP BY grp;
RESET enable_partitionwise_aggregate;

CREATE TEMP TABLE received (grp integer, r rate);
\copy rate_part (grp, r) to 'results/rate_part.bin' (format binary)
\copy received from 'results/rate_part.bin' (format binary)
INSERT INTO answer SELECT 'binary', grp, rollup(r) FROM received GROUP BY grp;

SELECT a.how, count(*) AS groups, count(*) FILTER (WHERE a.r = n.r) AS equal
FROM answer a JOIN answer n USING (grp) WHERE n.how = 'naive' GROUP BY a.how ORDER BY a.how COLLATE "C";

--
-- Binary form: a version byte, then hits and trials. Nothing is believed.
--
SELECT rate_send('32/1000');
CREATE TEMP TABLE wire (r rate);
\set SHOW_CONTEXT never
-- The good value, then: version 2, hits -1, trials -1, hits > trials, too short, too long, empty.
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\021\\001\\000\\000\\000\\000\\000\\000\\000\\040\\000\\000\\000\\000\\000\\000\\003\\350\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\021\\002\\000\\000\\000\\000\\000\\000\\000\\040\\000\\000\\000\\000\\000\\000\\003\\350\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\021\\001\\377\\377\\377\\377\\377\\377\\377\\377\\000\\000\\000\\000\\000\\000\\003\\350\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\021\\001\\377\\377\\377\\377\\377\\377\\377\\376\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\021\\001\\000\\000\\000\\000\\000\\000\\003\\351\\000\\000\\000\\000\\000\\000\\003\\350\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\020\\001\\000\\000\\000\\000\\000\\000\\000\\040\\000\\000\\000\\000\\000\\000\\003\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\022\\001\\000\\000\\000\\000\\000\\000\\000\\040\\000\\000\\000\\000\\000\\000\\003\\350\\000\\377\\377"' (format binary)
\copy wire from program 'printf "PGCOPY\\n\\377\\r\\n\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\000\\377\\377"' (format binary)
TABLE wire;
\set SHOW_CONTEXT errors

--
-- Intervals: the five methods against published values
--
\set file :abs_srcdir '/oracles/binomial_ci_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE oracle AS
SELECT string_to_array(line, ',') AS f
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 1 AND line <> '';

WITH expected AS (
	SELECT rate(f[1]::bigint, f[2]::bigint) AS r, f[3]::float8 AS level, m.name, m.low, m.high
	FROM oracle, LATERAL (VALUES
		('wilson', f[6]::float8, f[7]::float8), ('clopper_pearson', f[10]::float8, f[11]::float8),
		('jeffreys', f[12]::float8, f[13]::float8), ('agresti_coull', f[14]::float8, f[15]::float8),
		('mid_p', f[16]::float8, f[17]::float8)) m(name, low, high)
)
SELECT name, count(*) AS cases,
	count(*) FILTER (WHERE abs(low(r, level, name) - low) <= 1e-9 AND abs(high(r, level, name) - high) <= 1e-9) AS equal,
	count(*) FILTER (WHERE abs(low(r, level, name) - low) <= 1e-8 * abs(low)
		AND abs(high(r, level, name) - high) <= 1e-8 * abs(high)) AS equal_relative
FROM expected GROUP BY name ORDER BY name COLLATE "C";

-- Where the answer is known: the ends, one trial, symmetry, nesting, level.
SELECT name, low(rate '0/20', 0.95, name) AS low_of_none, high(rate '20/20', 0.95, name) AS high_of_all
FROM unnest('{wilson,jeffreys,clopper_pearson,mid_p}'::text[]) name;
SELECT abs(low('7/7', 0.95, 'exact') - 0.025 ^ (1 / 7.0)) < 1e-12 AS all_hits,
	abs(high('0/7', 0.95, 'exact') - (1 - 0.025 ^ (1 / 7.0))) < 1e-12 AS no_hits,
	abs(low('7/7', 0.95, 'mid_p') - 0.05 ^ (1 / 7.0)) < 1e-12 AS all_hits_mid_p,
	abs(low('5/10', 0.5) - (5 + z2 / 2 - sqrt(z2 * (2.5 + z2 / 4))) / (10 + z2)) < 1e-12 AS wilson_by_hand
FROM (VALUES (0.6744897501960817::float8 ^ 2)) v(z2);

-- From one trial to 9.2e18, from a level next to zero to one next to one: each method is symmetric, each bound is
-- on its side of the estimate, and a higher level never gives a narrower interval. (Agresti and Coull's does at the ends.)
CREATE TEMP TABLE bound AS
SELECT r, name, level, low(r, level, name) AS low, high(r, level, name) AS high,
	low(rate(trials(r) - hits(r), trials(r)), level, name) AS mirrored_low, r::float8 AS estimate
FROM (SELECT rate(h, t) AS r
	FROM unnest('{1,3,10,250,99999,1000000000,1000000000000,9223372036854775807}'::bigint[]) t,
		unnest(ARRAY[0, 1, 3, 40, t / 7, t / 2, t - 3, t - 1, t]) h WHERE h BETWEEN 0 AND t GROUP BY h, t) rates,
	unnest('{wilson,jeffreys,clopper_pearson,mid_p,agresti_coull}'::text[]) name,
	unnest('{5e-324,1e-300,1e-162,1e-30,1e-15,1e-6,0.01,0.5,0.8,0.95,0.999,0.999999999,0.9999999999999999}'::float8[]) level;
SELECT name, count(*) AS cases,
	count(*) FILTER (WHERE NOT (abs(low) < 2 AND abs(high) < 2)) AS no_number,
	count(*) FILTER (WHERE NOT (low <= high * (1 + 1e-14))) AS crossed,
	count(*) FILTER (WHERE name <> 'agresti_coull' AND NOT (low >= 0 AND high <= 1)) AS outside,
	count(*) FILTER (WHERE (level >= 0.5 AND name <> 'agresti_coull' OR name IN ('wilson', 'clopper_pearson')) AND NOT (low <= estimate * (1 + 1e-14) AND high >= estimate * (1 - 1e-14))) AS estimate_outside,
	count(*) FILTER (WHERE NOT (abs(high - (1 - mirrored_low)) <= 1e-14)) AS asymmetric,
	count(*) FILTER (WHERE name <> 'agresti_coull' AND NOT (wider_low <= low + 1e-14 AND wider_high >= high - 1e-14)) AS not_nested
FROM (SELECT *, lead(low) OVER w AS wider_low, lead(high) OVER w AS wider_high
	FROM bound WINDOW w AS (PARTITION BY name, r ORDER BY level)) s
GROUP BY name ORDER BY name COLLATE "C";
-- So is the comparison of two of them, and the prediction from one.
SELECT count(*) AS cases, count(*) FILTER (WHERE NOT (c.low BETWEEN -1 AND c.difference + 1e-15 AND c.high BETWEEN c.difference - 1e-15 AND 1)) AS outside,
	count(*) FILTER (WHERE NOT (p.low <= p.high AND p.low >= 0 AND p.high <= 1000)) AS predicted_outside
FROM (SELECT DISTINCT r, level FROM bound) a, (VALUES (rate '0/1'), (rate '2/3'), (rate '1000/1000')) b(r), compare(a.r, b.r, level) c, predict(a.r, 1000, level) p;
-- No hits at a level of next to nothing.
SELECT low('0/3'::rate, 1e-300), high('0/3'::rate, 1e-300), low('3/3'::rate, 1e-300), high('3/3'::rate, 1e-300);
-- Next to level zero Wilson's interval is as wide as the level is small.
SELECT abs((high(rate '1/2', level) - low(rate '1/2', level)) / (level * sqrt(pi() / 4)) - 1) < 1e-6 AS as_wide
FROM unnest('{1e-6,1e-9}'::float8[]) level;
-- At 1e12 trials all methods agree with the normal approximation.
SELECT name, abs((high(r, 0.95, name) - low(r, 0.95, name)) / (2 * 1.959963984540054 * sqrt(0.25 / 1e12)) - 1) < 1e-6 AS agrees
FROM unnest('{wilson,jeffreys,clopper_pearson,mid_p,agresti_coull}'::text[]) name, (VALUES (rate '500000000000/1000000000000')) v(r);
-- Few hits in very many trials are a Poisson count: the bounds of clopper_pearson become those of cost_interval.
SELECT abs(low(rate(h, 1000000000000), 0.95, 'exact') * 1e12 / nullif(1 / high, 0) - 1) < 1e-9 AS low,
	abs(high(rate(h, 1000000000000), 0.95, 'exact') * 1e12 / (1 / low) - 1) < 1e-9 AS high
FROM unnest('{1,3,40}'::bigint[]) h, cost_interval(1, h);

-- Spellings, defaults, NULL, no trials
SELECT count(DISTINCT low('3/10', 0.95, spelling)) AS different
FROM unnest('{clopper_pearson,Clopper-Pearson,"CLOPPER PEARSON",clopperpearson,clopper,Exact}'::text[]) spelling;
SELECT low('3/10') = low('3/10', 0.95, 'Wilson') AS wilson_by_default,
	low('3/10', 0.9, 'Mid-P') = low('3/10', method => 'midp', level => 0.9) AS mid_p,
	high('3/10', 0.9, 'Agresti Coull') = high('3/10', 0.9, 'agresti_coull') AS agresti_coull,
	high('3/10', 0.9, ' jeffreys ') = high('3/10', 0.9, 'jeffreys') AS jeffreys;
SELECT low('0/0'), high('0/0', 0.9, 'exact'), low(NULL), high('1/2', NULL::float8), high('1/2', 0.9, NULL);
SELECT pg_temp.failure(format('SELECT %s', call)) FROM unnest(ARRAY[
	$$low('1/2', 0.95, 'wald')$$, $$high('1/2', 0.95, '')$$, $$high('1/2', 0.95, 'wilsonx')$$, $$low('1/2', 0.95, 'wils')$$,
	$$low('0/0', 95)$$, $$low('1/2', 0)$$, $$high('1/2', 1)$$, $$high('1/2', 'NaN'::float8)$$, $$high('1/2', -0.95)$$]) call;

--
-- Two rates compared, against published values
--
\set file :abs_srcdir '/oracles/two_proportion_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE two AS
SELECT string_to_array(replace(line, 'NaN', ''), ',') AS f
FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 1 AND line <> '';
SELECT count(*) AS cases,
	count(*) FILTER (WHERE abs(difference - f[5]::float8) <= 1e-9) AS difference,
	count(*) FILTER (WHERE abs(low - f[14]::float8) <= 1e-9) AS low,
	count(*) FILTER (WHERE abs(high - f[15]::float8) <= 1e-9) AS high,
	count(*) FILTER (WHERE abs(p_value - nullif(f[7], '')::float8) <= 1e-9 * p_value
		OR (p_value IS NULL AND f[7] = '')) AS p_value,
	count(*) FILTER (WHERE abs(probability_better / f[19]::float8 - 1) <= 1e-9) AS probability_better
FROM two, compare(rate(f[1]::bigint, f[2]::bigint), rate(f[3]::bigint, f[4]::bigint));

SELECT round(difference::numeric, 12) AS difference, round(low::numeric, 12) AS low, round(high::numeric, 12) AS high,
	round(p_value::numeric, 12) AS p_value, round(probability_better::numeric, 12) AS probability_better
FROM compare('120/1000', '100/1000');
SELECT * FROM compare('0/0', '1/2') UNION ALL SELECT * FROM compare('1/2', '0/0') UNION ALL SELECT * FROM compare(NULL, '1/2');
-- Nothing to test by when nobody, or everybody, converted; the interval still holds.
SELECT difference, low < 0 AS low, high > 0 AS high, p_value, probability_better > 0.5 AS a_better
FROM (VALUES (rate '0/10', rate '0/20'), ('20/20', '10/10')) v(a, b), compare(a, b);
SELECT pg_temp.failure($$SELECT compare('1/2', '1/2', 1)$$);

-- One lead more or less does not decide: where a group would have fewer than one hit or miss, Fisher's exact test does,
-- and the interval is as wide.
SELECT a, b, round(p_value::numeric, 4) AS p_value, low <= 0 AND high >= 0 AS contains_zero
FROM (VALUES (rate '1332/7454', rate '1/1'), ('1332/7454', '0/1'), ('1332/7454', '2/2'), ('6122/7454', '0/1'), ('1/1', '0/20'), ('1/30', '1/1'), ('3/1000', '0/1000'), ('0/1000000000000', '1/1')) v(a, b), compare(a, b);
-- By the sum of the probabilities of all tables no likelier, in numeric: equal where less than one is expected, else never below the z test.
CREATE TEMP TABLE log_factorial AS SELECT n, sum(ln(greatest(n, 1)::numeric)) OVER (ORDER BY n) AS f FROM generate_series(0, 250) n;
CREATE FUNCTION pg_temp.z_test(h0 integer, n0 integer, h1 integer, n1 integer) RETURNS float8 LANGUAGE sql AS $$
SELECT CASE WHEN x > 4 THEN 0 ELSE 1 - 2 / sqrt(pi()) * sum((-1) ^ (i % 2) * x ^ (2 * i + 1) / (2 * i + 1) / factorial(i)::float8) END
FROM (SELECT abs(h0 / n0::float8 - h1 / n1::float8) / sqrt(2 * (h0 + h1) * (n0 + n1 - h0 - h1) / (n0 + n1)::float8 ^ 2 * (1.0 / n0 + 1.0 / n1)) AS x) d, generate_series(0, 90) i WHERE i < 20 OR x > 0.5 GROUP BY x $$;
WITH tables AS (
	SELECT n, m, a, b, k, (SELECT sum(sign * f) FROM (VALUES (n, 1), (m, 1), (a + b, 1), (n + m - a - b, 1), (n + m, -1), (k, -1), (n - k, -1), (a + b - k, -1), (m - a - b + k, -1)) t(i, sign) JOIN log_factorial l ON l.n = i) AS log_probability
	FROM (VALUES (1, 3), (1, 40), (2, 17), (4, 5), (6, 30)) v(n, m), generate_series(0, n) a, generate_series(0, m) b, generate_series(greatest(a + b - m, 0), least(n, a + b)) k
	WHERE a + b BETWEEN 1 AND n + m - 1
), fisher AS (
	SELECT n, m, a, b, least(n, m) * least(a + b, n + m - a - b)::float8 / (n + m) AS least_expected, sum(exp(log_probability)) FILTER (WHERE log_probability <= observed + 1e-7)::float8 AS exact
	FROM (SELECT *, max(log_probability) FILTER (WHERE k = a) OVER (PARTITION BY n, m, a, b) AS observed FROM tables) t GROUP BY n, m, a, b
)
SELECT count(*) AS tables, count(*) FILTER (WHERE least_expected <= 1) AS few,
	bool_and(abs(p_value - greatest(exact, z_test)) < 1e-9) FILTER (WHERE least_expected <= 1) AS exact,
	bool_and(abs(p_value - greatest(exact * least_expected ^ -1.2, z_test)) < 1e-9) FILTER (WHERE least_expected > 1) AS between,
	bool_and(p_value >= z_test - 1e-9) AS never_below
FROM fisher, compare(rate(a, n), rate(b, m)), pg_temp.z_test(a, n, b, m) AS z_test;
-- How often p < 0.05 when the true rates are one: exactly, over a grid of rates. doc/rate.md has the table.
WITH sizes(n, m) AS (VALUES (1, 200), (2, 50), (5, 50), (7, 15), (20, 30)),
tested AS (
	SELECT n AS trials, m, a, b, p_value FROM sizes, generate_series(0, n) a, generate_series(0, m) b, compare(rate(a, n), rate(b, m)) WHERE p_value <= 0.05
), size AS (
	SELECT trials, m, p, sum(exp(greatest((fn.f - fa.f - fna.f + fm.f - fb.f - fmb.f)::float8 + (a + b) * ln(p) + (trials + m - a - b) * ln(1 - p), -300))) AS alarms
	FROM tested JOIN log_factorial fn ON fn.n = trials JOIN log_factorial fa ON fa.n = a JOIN log_factorial fna ON fna.n = trials - a
		JOIN log_factorial fm ON fm.n = m JOIN log_factorial fb ON fb.n = b JOIN log_factorial fmb ON fmb.n = m - b, unnest('{0.001,0.005,0.02,0.05,0.1,0.2,0.3,0.4,0.5}'::float8[]) p GROUP BY trials, m, p
)
SELECT trials, m, round(max(alarms)::numeric, 3) AS most_false_alarms FROM size GROUP BY trials, m ORDER BY trials, m;
-- Counts that doubles do not hold, beside few: the same answer whichever side and outcome is the large one, and no waiting for it.
SELECT count(*) AS pairs, count(*) FILTER (WHERE NOT (x.p_value BETWEEN 0 AND 1 AND abs(x.p_value - y.p_value) <= 1e-9)) AS wrong
FROM unnest('{0/4294967295,1/4294967295,9223372036854775806/9223372036854775807,1/9223372036854775807,4611686018427387904/9223372036854775807,99/4294967295}'::rate[]) a,
	unnest('{0/4294967295,0/1,1/1,7/9,2305843009213693952/4611686018427387903,3/1000000000000,4294967290/4294967295}'::rate[]) b,
	compare(a, b) x, compare(rate(trials(b) - hits(b), trials(b)), rate(trials(a) - hits(a), trials(a))) y WHERE x.p_value IS NOT NULL;
-- The step to large counts is small: from 99 to 101 expected, nothing of note changes.
SELECT count(*) AS pairs, max(abs(p_value - z_test)) FILTER (WHERE z_test > 0) < 1e-7 AS continuous
FROM generate_series(800, 1000, 10) h, unnest('{60,80,100,130,160}'::int[]) a, compare(rate(a, 1000), rate(h, 9000)), pg_temp.z_test(a, 1000, h, 9000) AS z_test;

-- Exchanging the two turns the answer round, whatever the sizes.
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE NOT (abs(x.probability_better + y.probability_better - 1) <= 1e-15)) AS probability,
	count(*) FILTER (WHERE NOT (greatest(abs(x.difference + y.difference), abs(x.low + y.high), abs(x.high + y.low),
		abs(coalesce(x.p_value, -1) - coalesce(y.p_value, -1))) <= 1e-14)) AS the_rest,
	count(*) FILTER (WHERE NOT (x.probability_better BETWEEN 0 AND 1 AND x.low BETWEEN -1 AND x.difference
		AND x.high BETWEEN x.difference AND 1 AND coalesce(x.p_value, 0) BETWEEN 0 AND 1)) AS range
FROM (SELECT rate(h, t) AS r FROM unnest('{1,10,999,1000000000,1000000000000}'::bigint[]) t,
		unnest(ARRAY[0, 1, 4, t / 2, t - 1, t]) h WHERE h BETWEEN 0 AND t GROUP BY h, t) a,
	(SELECT rate(h, t) AS r FROM unnest('{1,12,1000000000}'::bigint[]) t,
		unnest(ARRAY[0, 1, t / 2 + 1, t]) h WHERE h BETWEEN 0 AND t GROUP BY h, t) b,
	compare(a.r, b.r) x, compare(b.r, a.r) y;
-- At 1e9 trials the posterior is normal: P(a > b) agrees with the z test.
SELECT abs(probability_better - (1 - p_value / 2)) < 1e-6 AS agrees FROM compare('100020000/1000000000', '100000000/1000000000');
-- Small probabilities keep their digits, and a rate that is practically known is no obstacle; integrated to 30 digits elsewhere.
SELECT a, b, abs(probability_better / expected - 1) < 1e-11 AS equal
FROM (VALUES (rate '400/1000', rate '500/1000', 3.42299413370251e-06), ('0/20', '10/10', 7.09957755474216e-10),
	('0/1000', '1000000/1000000000', 0.157143575364184), ('0/37', '100/100', 1.322647003700216e-36),
	('0/100', '999/999', 7.753184003734693e-148), ('1/999', '100/100', 1.566919305246167e-145),
	('300/999', '969/999', 2.423209474217834e-248), ('1000/10000', '3000/10000', 2.394844511310076e-284)) v(a, b, expected), compare(a, b);

-- Probabilities that underflow are 0 and 1.
SELECT x.probability_better AS none, y.probability_better AS all FROM compare('0/100000', '1000000/1000000') x, compare('1000000/1000000', '0/100000') y;

--
-- Repeated looks: who compares until p < 0.05 finds differences that are not there, as often as published
--
\set file :abs_srcdir '/oracles/multiple_looks_expected.csv'
\set content `cat :'file'`
WITH expected AS (
	SELECT split_part(line, ',', 2)::integer AS looks, split_part(line, ',', 3)::float8 AS false_alarms
	FROM string_to_table(:'content', E'\n') line WHERE line LIKE 'naive_type1_error,%'
), arm AS (
	-- Both arms have the same true rate: at each look 128 throws of a fair coin more.
	SELECT test, look, arm, sum(rate(bit_count(hashint8extended(test * 100 + look, arm)::bit(64)) + bit_count(hashint8extended(test * 100 + look, arm + 10)::bit(64)), 128))
		OVER (PARTITION BY test, arm ORDER BY look) AS r
	FROM generate_series(1::bigint, 2000) test, generate_series(1, 10) look, generate_series(1, 2) arm
), first_alarm AS (
	SELECT a.test, min(a.look) FILTER (WHERE p_value < 0.05) AS look
	FROM arm a JOIN arm b USING (test, look), compare(a.r, b.r) WHERE a.arm = 1 AND b.arm = 2 GROUP BY a.test
)
SELECT looks, abs(count(*) FILTER (WHERE look <= looks) / 2000.0 - false_alarms) < 0.025 AS as_often
FROM expected, first_alarm WHERE looks <= 10 GROUP BY looks, false_alarms ORDER BY looks;

--
-- The hits of the next trials
--
-- Against the beta-binomial distribution summed term by term: each bound is the smallest count that holds its probability.
WITH RECURSIVE mass(hits, trials, n, k, p) AS (
	SELECT hits, trials, n, 0, exp(sum(ln((trials - hits + 0.5 + i) / (trials + 1.0 + i))))::float8
	FROM (VALUES (0, 10, 10), (30, 1000, 200), (45, 300, 300), (5, 5, 40), (1, 3, 7)) v(hits, trials, n), LATERAL generate_series(0, n - 1) i GROUP BY hits, trials, n
	UNION ALL
	SELECT hits, trials, n, k + 1, p * (n - k) / (k + 1) * (hits + 0.5 + k) / (trials - hits + n - k - 0.5) FROM mass WHERE k < n
), cumulated AS (
	SELECT *, sum(p) OVER (PARTITION BY hits, trials, n ORDER BY k) AS below FROM mass
)
SELECT hits, trials, n, low, high, abs(all_mass - 1) < 1e-9 AS complete, low = expected_low AND high = expected_high AS equal
FROM (SELECT hits, trials, n, max(below) AS all_mass, min(k) FILTER (WHERE below >= 0.025) AS expected_low, min(k) FILTER (WHERE below >= 0.975) AS expected_high FROM cumulated GROUP BY hits, trials, n) e,
	predict(rate(hits, trials), n) ORDER BY hits, trials;
-- Many trials: the interval of the rate; many leads behind the rate: the binomial distribution, here by the normal approximation.
SELECT abs(low / 1e12 / low(r, 0.95, 'jeffreys') - 1) < 1e-6 AS low, abs(high / 1e12 / high(r, 0.95, 'jeffreys') - 1) < 1e-6 AS high FROM (VALUES (rate '30/1000')) v(r), predict(r, 1000000000000);
SELECT abs(low - (500000 - 1.96 * 500)) < 2 AS low, abs(high - (500000 + 1.96 * 500)) < 2 AS high FROM predict('500000000000000/1000000000000000', 1000000);
SELECT predict('1/2', 0) AS no_trials, predict('0/0', 10) AS no_evidence, predict(NULL, 1) AS null_rate, predict('1/2', NULL) AS null_trials;
SELECT pg_temp.failure($$SELECT predict('1/2', -1)$$), pg_temp.failure($$SELECT predict('1/2', 10, 95)$$);

-- Against a threshold: by hand, against the sum of binomial probabilities, at the ends, and far out in a tail.
SELECT round(p_value_below('5/10', 0.5)::numeric, 12) AS half, round(p_value_below('0/3', 0.5)::numeric, 12) AS none, p_value_below('3/3', 0.5) AS "all", round(p_value_above('3/3', 0.5)::numeric, 12) AS all_above, p_value_above('0/3', 0.5) AS none_above;
WITH expected AS
(
	SELECT h, t, sum((factorial(20) / (factorial(k) * factorial(20 - k)))::float8 * power(t, k) * power(1 - t, 20 - k)) AS below
	FROM generate_series(0, 20) h, unnest('{0.0625,0.5,0.625,0.9375}'::float8[]) t, generate_series(0, h) k
	GROUP BY h, t
)
SELECT count(*), max(abs(p_value_below(rate(h, 20), t) / below - 1)) < 1e-12 AS below,
	max(abs(p_value_above(rate(20 - h, 20), 1 - t) / below - 1)) < 1e-12 AS above
FROM expected;
SELECT p_value_below('1/2', 0) AS zero, p_value_below('1/2', 1) AS one, p_value_below('2/2', 1) AS all_of_one, p_value_above('0/2', 0) AS none_of_zero, p_value_above('1/2', 0) AS some_of_zero;
SELECT abs(p_value_below('400/1000', 0.6) / 2.792556858698671e-37 - 1) < 1e-10 AS far, p_value_below('500000000000/1000000000000', 0.5) BETWEEN 0.5 AND 0.500001 AS large;
SELECT abs(p_value_above('1/10', 1e-18) / 1e-17 - 1) < 1e-12 AS rare;
SELECT p_value_below('0/0', 0.5) AS no_trials, p_value_below(NULL, 0.5) AS null_rate, p_value_above('1/2', NULL) AS null_threshold;
SELECT pg_temp.failure($$SELECT p_value_below('1/2', 60)$$), pg_temp.failure($$SELECT p_value_above('1/2', 'NaN')$$);

--
-- Several rates: do they differ at all?
--
-- R: prop.test(c(83, 90, 129, 70), c(86, 93, 136, 82)), smokers among patients of four hospitals (Fleiss 1981).
\set file :abs_srcdir '/oracles/r_smokers_prop_test_expected.csv'
\set content `cat :'file'`
SELECT (h).pooled, (h).degrees_of_freedom = f[3]::bigint AS degrees_of_freedom, abs((h).statistic / f[2]::float8 - 1) < 1e-12 AS statistic,
	abs((h).p_value / f[4]::float8 - 1) < 1e-11 AS p_value, round((h).least_expected::numeric, 6) AS least_expected
FROM (SELECT rate_homogeneity(r) AS h FROM unnest('{83/86,90/93,129/136,70/82}'::rate[]) r) s,
	string_to_table(:'content', E'\n') line, string_to_array(line, ',') f WHERE f[1] = 'prop.test';
-- Of two groups it is compare()'s test; of more, the sum of (observed - expected)^2 / expected over hits and misses, in any order.
WITH sample AS (
	SELECT g, i, rate(h % (n + 1), n) AS r FROM generate_series(1, 200) g, generate_series(1, 2 + g % 9) i,
		LATERAL (SELECT hashint4extended(g * 100 + i, 31) & 65535 AS h, hashint4extended(g * 100 + i, 32) & 1023 AS n) s
), cell AS (
	SELECT g, count(*) - 1 AS freedom, sum((hits(r) - trials(r) * p) ^ 2 / (trials(r) * p * (1 - p))) AS statistic, min(trials(r)) * least(min(p), 1 - min(p)) AS least
	FROM (SELECT *, sum(hits(r)) OVER w / sum(trials(r)) OVER w AS p FROM sample WHERE trials(r) > 0 WINDOW w AS (PARTITION BY g)) s GROUP BY g
), tested AS (
	SELECT g, rate_homogeneity(r ORDER BY i) AS h, rate_homogeneity(r ORDER BY hashint4(i)) AS shuffled, (array_agg(r))[1] AS a, (array_agg(r))[2] AS b FROM sample GROUP BY g
)
SELECT count(*) AS samples, count(*) FILTER (WHERE h::text <> shuffled::text) AS order_matters, count(*) FILTER (WHERE (h).degrees_of_freedom = freedom) AS freedom,
	count(*) FILTER (WHERE abs((h).statistic / statistic - 1) < 1e-9) AS statistic, count(*) FILTER (WHERE abs((h).least_expected - least) < 1e-9) AS least_expected,
	count(*) FILTER (WHERE freedom = 1) AS pairs, count(*) FILTER (WHERE freedom = 1 AND abs((h).p_value - (compare(a, b)).p_value) < 1e-12) AS same_as_compare
FROM tested JOIN cell USING (g);
-- The tail of chi-square by its closed form, which an even number of degrees has, from the middle to far out; equal rates differ by nothing.
SELECT degrees_of_freedom, count(*) AS cases, bool_and(abs(p_value / closed - 1) < 1e-10) AS equal, min(p_value) < 1e-30 AS far
FROM (SELECT n, rate_homogeneity(rate(CASE i WHEN 1 THEN 500 + n ELSE 500 END, 1000)) AS h FROM unnest('{3,5,9}'::int[]) k, generate_series(5, 500, 45) n, generate_series(1, k) i GROUP BY k, n) s,
	LATERAL (SELECT (h).*) t, LATERAL (SELECT exp(-statistic / 2) * sum((statistic / 2) ^ j / factorial(j)::float8) AS closed FROM generate_series(0, degrees_of_freedom::int / 2 - 1) j) c
GROUP BY degrees_of_freedom ORDER BY degrees_of_freedom;
SELECT k, statistic < 1e-25 AS none, p_value > 1 - 1e-12 AS certain
FROM unnest('{2,3,7,1000}'::int[]) k, LATERAL (SELECT (rate_homogeneity(rate(i * 7, i * 33))).* FROM generate_series(1, k) i) t;
-- Small groups: of two the exact test; of more, one lead among thousands does not decide, and three hits of 29 single leads are one chance in 50.
SELECT round((rate_homogeneity(r)).p_value::numeric, 4) AS two FROM unnest('{1332/7454,1/1}'::rate[]) r;
SELECT round((rate_homogeneity(r)).p_value::numeric, 4) AS three FROM unnest('{1332/7454,1/1,1332/7454}'::rate[]) r;
SELECT round((rate_homogeneity(r)).p_value::numeric, 4) AS singles, round((rate_homogeneity(r)).statistic::numeric, 1) AS statistic
FROM (SELECT rate '20/1000' AS r UNION ALL SELECT rate((i <= 3)::int, 1) FROM generate_series(1, 29) i) s;
-- The mean and variance that it rests on, against all tables of given margins: the two moments of the statistic by enumeration.
WITH tables AS (
	SELECT a, b, 4 - a - b AS c, (1::numeric * factorial(2) / factorial(a) / factorial(2 - a)) * (factorial(3) / factorial(b) / factorial(3 - b)) * (factorial(7) / factorial(4 - a - b) / factorial(3 + a + b)) AS weight
	FROM generate_series(0, 2) a, generate_series(0, 3) b WHERE 4 - a - b BETWEEN 0 AND 7
), moment AS (
	SELECT sum(weight * (h).statistic) / sum(weight) AS mean, sum(weight * (h).statistic ^ 2) / sum(weight) - (sum(weight * (h).statistic) / sum(weight)) ^ 2 AS variance
	FROM tables, LATERAL (SELECT rate_homogeneity(r) AS h FROM (VALUES (rate(a, 2)), (rate(b, 3)), (rate(c, 7))) v(r)) t
)
SELECT round(mean::numeric, 10) AS mean, round((2 * 12 / 11.0)::numeric, 10) AS expected_mean,
	round(variance::numeric, 8) AS variance,
	round((2 * 12 / 9.0 * (2 * 9 / 11.0 - g) * (10 / 11.0 - o) + 144 / 11.0 * g * o)::numeric, 8) AS expected_variance
FROM moment, LATERAL (SELECT (12 * (1 / 2.0 + 1 / 3.0 + 1 / 7.0) - 9) / 10 AS g, (12 / 4.0 + 12 / 8.0 - 4) / 10 AS o) e;
-- Nothing to test by; groups that are none.
SELECT what, (h).pooled, (h).statistic, (h).degrees_of_freedom, round((h).p_value::numeric, 15) AS p_value, (h).least_expected FROM (SELECT what, rate_homogeneity(r ORDER BY r) AS h FROM (VALUES ('all hits', rate '3/3'), ('all hits', '5/5'), ('no hits', '0/3'), ('no hits', '0/5'), ('one group', '1/3'),
	('one left', '1/3'), ('one left', '0/0'), ('one left', NULL), ('no group', '0/0'), ('no rate', NULL), ('large', '1/9223372036854775000'), ('large', '1/7'), ('large', '0/800')) v(what, r) GROUP BY what) s ORDER BY what;
SELECT rate_homogeneity(r) FILTER (WHERE false) IS NULL AS no_rows, pg_temp.failure($$SELECT rate_homogeneity(r) FROM (VALUES (rate '1/9223372036854775807'), ('0/1')) v(r)$$) FROM (VALUES (rate '1/2')) v(r);

DROP TABLE rate_index, rate_partition, rate_trial, rate_part, rate_split;
