-- moments: exact sums, text and binary form, intervals and comparison against published methods.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

--
-- Building and reading
--
-- Revenue of seven leads, of which four bought; NULL is no lead.
CREATE TEMP TABLE lead AS SELECT * FROM (VALUES (1, 0.0), (2, 5000), (3, 0), (4, 8000), (5, NULL), (6, 1234.5), (7, 99.25), (8, 0)) v(id, revenue);
SELECT observations(m), non_zero(m), total(m), round(mean(m)::numeric, 9) AS mean, round(variance(m)::numeric, 6) AS variance, round(std_error(m)::numeric, 9) AS std_error
FROM (SELECT moments(revenue) AS m FROM lead) s;
SELECT round(avg(revenue), 9) AS mean, round(var_samp(revenue), 6) AS variance, round(sqrt(var_samp(revenue) / count(revenue)), 9) AS std_error FROM lead;
SELECT moments(revenue) FROM lead;
-- Any number goes in.
SELECT total(moments(1::smallint)), total(moments(2::bigint)), total(moments(2.5)), total(moments(-2.5::float8)), total(moments(1.5::real));
-- No value, one value, no spread; zero rows.
SELECT m, mean(m), variance(m), std_error(m), low(m), high(m) FROM (SELECT moments(NULL::float8) AS m UNION ALL SELECT moments(7) UNION ALL SELECT moments(7) FROM generate_series(1, 12)
	UNION ALL SELECT moments(0) FROM generate_series(1, 1000)) s;
SELECT moments(1.0) FILTER (WHERE false) IS NULL AS no_rows, rollup(NULL::moments) IS NULL AS nulls, moments_add(NULL, NULL) IS NULL AS added;
SELECT num_nulls(observations(m), non_zero(m), total(m), mean(m), variance(m), std_error(m), low(m), high(m)) AS nulls FROM (VALUES (NULL::moments)) v(m);

--
-- Exact: sums that doubles get wrong
--
SELECT total(moments(x)) FROM (VALUES (1e100), (1), (-1e100)) v(x);
SELECT total(moments(x)) = 1e-3 AS tiny_survives, observations(moments(x)) FROM (VALUES (1e140::float8), (1e-3), (-1e140)) v(x);
SELECT total(moments(0.1)) FROM generate_series(1, 10);
-- Rounded once, to the nearest: a tie to even, unless anything at all breaks it, on either side of 0.
SELECT sign, total(moments(sign * x)) FROM (VALUES (9007199254740992, NULL), (1, NULL), (0.0001220703125, 1), (1e-60, 2)) v(x, breaker), unnest('{1,-1}'::float8[]) sign, generate_series(0, 2) g
WHERE breaker IS NULL OR breaker = g GROUP BY sign, g ORDER BY sign DESC, g;
-- A variance a thousand million times smaller than the mean: sums of squares in double would lose it all.
SELECT variance(moments(1e9 + n % 2)) AS variance, variance(moments(n % 2)) AS shifted, std_error(moments(1e15 + n % 2)) = std_error(moments(n % 2)) AS same
FROM generate_series(1, 1000) n;
-- The mean of these three lies between two doubles.
SELECT abs(variance(moments(x)) - 0.125 * 0.125 / 3) < 1e-15 AS spread FROM (VALUES (1e15::float8), (1e15), (1e15 + 0.125)) v(x);
-- All values equal and no double between them: no spread, not a little.
SELECT variance(moments(0.1)), variance(moments(1e-140)), variance(moments(-1e140)) FROM generate_series(1, 999);
-- The sum of all, whatever the order, the parts and the signs; against sums in numeric.
CREATE TABLE moments_input AS
SELECT n, n % 5 AS g, n % 3 AS part, CASE WHEN n % 4 = 0 THEN 0 WHEN n % 97 = 0 THEN NULL ELSE (((hashint4(n) % 1000003) * 10.0 ^ (n % 21 - 10)))::float8 END AS x
FROM generate_series(1, 20000) n;
ANALYZE moments_input;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE answer AS SELECT 'serial' AS how, g, moments(x ORDER BY n) AS m FROM moments_input GROUP BY g;
INSERT INTO answer SELECT 'backwards', g, moments(x ORDER BY n DESC) FROM moments_input GROUP BY g;
INSERT INTO answer SELECT 'shuffled', g, moments(x ORDER BY hashint4(n)) FROM moments_input GROUP BY g;
CREATE TABLE moments_part AS SELECT g, part, moments(x) AS m FROM moments_input GROUP BY g, part;
INSERT INTO answer SELECT 'rolled up', g, rollup(m) FROM moments_part GROUP BY g;
INSERT INTO answer SELECT 'text', g, rollup(m::text::moments) FROM moments_part GROUP BY g;
INSERT INTO answer SELECT 'added', g, (max(m::text) FILTER (WHERE part = 0))::moments + (max(m::text) FILTER (WHERE part = 2))::moments + (max(m::text) FILTER (WHERE part = 1))::moments FROM moments_part GROUP BY g;
\copy moments_part (g, m) to 'results/moments_part.bin' (format binary)
CREATE TEMP TABLE received (g integer, m moments);
\copy received from 'results/moments_part.bin' (format binary)
INSERT INTO answer SELECT 'binary', g, rollup(m) FROM received GROUP BY g;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TEMP TABLE in_parallel AS SELECT g, moments(x) AS m FROM moments_input GROUP BY g;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
INSERT INTO answer SELECT 'parallel', * FROM in_parallel;
SELECT a.how, count(*) AS groups, count(*) FILTER (WHERE a.m::text = s.m::text AND moments_send(a.m) = moments_send(s.m)) AS equal
FROM answer a JOIN answer s USING (g) WHERE s.how = 'serial' GROUP BY a.how ORDER BY a.how COLLATE "C";
-- Against sums in numeric and the server's own aggregates.
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(total(m) / sum - 1) < 1e-11 AND abs(mean(m) / mean - 1) < 1e-11 AND abs(variance(m) / variance - 1) < 1e-12 AND observations(m) = count AND non_zero(m) = used) AS equal
FROM answer JOIN (SELECT g, sum(x::numeric)::float8 AS sum, avg(x) AS mean, var_samp(x) AS variance, count(x) AS count, count(nullif(x, 0)) AS used FROM moments_input GROUP BY g) s USING (g) WHERE how = 'serial';
DROP TABLE moments_input, moments_part;

--
-- Intervals: as R has them. revenue <- ifelse(i %% 7 == 0, i / 10, 0) for i <- 1:100, t.test(revenue)
--
CREATE TEMP TABLE seventh AS SELECT moments(CASE WHEN i % 7 = 0 THEN i / 10.0 ELSE 0 END) AS m FROM generate_series(1, 100) i;
SELECT abs(mean(m) - 0.735) < 1e-15 AS mean, abs(variance(m) - 4.478055555555556) < 1e-14 AS variance,
	abs(low(m) - 0.315111583203238) < 1e-14 AS low, abs(high(m) - 1.154888416796762) < 1e-14 AS high,
	abs(low(m, 0.99) - (0.735 - 2.626405457280757 * std_error(m))) < 1e-12 AS low_99, low(m, 0.5) > low(m, 0.6) AS nested
FROM seventh;
-- t.test(sqrt(1:39), (31:100) / 7)
SELECT abs(difference + 5.11890612165147) < 1e-12 AS difference, abs(low + 5.94677919114124) < 1e-12 AS low, abs(high + 4.29103305216172) < 1e-12 AS high,
	abs(p_value / 4.83101910341782e-22 - 1) < 1e-10 AS p_value
FROM (SELECT moments(sqrt(i)) FILTER (WHERE i < 40) AS a, moments(i / 7.0) FILTER (WHERE i > 30) AS b FROM generate_series(1, 100) i) s, compare(a, b);
-- Exchanging the two turns the answer round; a value compared with itself differs by nothing.
SELECT x.difference = -y.difference AS difference, x.low = -y.high AS low, x.p_value = y.p_value AS p_value, z.difference AS none, z.p_value AS certain
FROM seventh, (SELECT moments(i % 5 * i) AS n FROM generate_series(1, 60) i) s, compare(m, n, 0.9) x, compare(n, m, 0.9) y, compare(m, m) z;
-- Fewer than ten values that are not 0 do not tell how they spread.
SELECT non_zero(f), low(f) IS NULL AS no_low, c.* FROM (SELECT moments(CASE WHEN i <= k THEN 100 ELSE 0 END) AS f FROM unnest('{9,10}'::integer[]) k, generate_series(1, 500) i GROUP BY k) s, seventh,
	LATERAL (SELECT round(difference::numeric, 9) AS difference, low IS NULL AS no_interval, p_value IS NULL AS no_p_value FROM compare(f, m)) c ORDER BY 1;
SELECT compare(m, none) AS no_values, compare(NULL, m) AS null_side
FROM seventh, (VALUES (moments '{"version": 1, "count": 0, "non_zero": 0, "sum": [], "squares": []}')) v(none);
SELECT compare(m, m) AS no_spread FROM (SELECT moments(5) AS m FROM generate_series(1, 20)) s;
-- With very many values t is normal.
SELECT abs((high(m) - mean(m)) / std_error(m) - 1.959963984540054) < 1e-9 AS normal, abs(variance(m) - 0.25) < 1e-9 AS variance FROM (VALUES (moments '{"version": 1, "count": 10000000000, "non_zero": 5000000000, "sum": [5000000000], "squares": [5000000000]}')) v(m);

--
-- Bad input
--
SELECT call, pg_temp.failure('SELECT ' || call) AS failure FROM unnest(ARRAY['moments(''NaN''::float8)', 'moments(''Infinity''::float8)', 'moments(''-Infinity''::float8)', 'moments(1e141)', 'moments(-1e300::float8)',
	'moments(1e-141)', 'low(moments(1), 95)', 'high(moments(1), 0)', 'compare(moments(1), moments(1), 1)']) call;
SELECT input, pg_temp.failure(format('SELECT %L::moments', input)) AS failure FROM unnest(ARRAY['', 'x', '[]', '7', '{}', '{"version": 2, "count": 0, "non_zero": 0, "sum": [], "squares": []}',
	'{"version": 1, "count": 0, "non_zero": 0, "sum": []}', '{"version": 1, "count": 1, "non_zero": 2, "sum": [1], "squares": [1]}', '{"version": 1, "count": -1, "non_zero": 0, "sum": [], "squares": []}',
	'{"version": 1, "count": 1, "non_zero": 1, "sum": [2], "squares": [1]}', '{"version": 1, "count": 1, "non_zero": 1, "sum": [1], "squares": [-1]}', '{"version": 1, "count": 1, "non_zero": 0, "sum": [], "squares": [1]}',
	'{"version": 1, "count": 1.5, "non_zero": 1, "sum": [1], "squares": [1]}', '{"version": 1, "count": 2, "non_zero": 2, "sum": [1, 1], "squares": [2]}', '{"version": 1, "count": 2, "non_zero": 2, "sum": [0], "squares": [2]}',
	'{"version": 1, "count": 1, "non_zero": 1, "sum": ["1"], "squares": [1]}', '{"version": 1, "count": 1, "non_zero": 1, "sum": 1, "squares": [1]}', '{"version": 1, "count": 1, "non_zero": 1, "sum": [1e400], "squares": [1]}',
	'{"version": 1, "count": 1, "non_zero": 1, "sum": [1e299], "squares": [1e307]}', '{"version": 1, "count": 1, "non_zero": 1, "sum": [1e150], "squares": [1e300]}',
	'{"version": 1, "count": 9223372036854775808, "non_zero": 1, "sum": [1], "squares": [1]}']) input;
SELECT left(pg_temp.failure(format('SELECT moments %L', '{"version": 1, "count": 1, "non_zero": 1, "sum": [' || repeat('1,', 99) || '1], "squares": [1]}')), 60) AS too_many_parts;
SELECT pg_temp.failure($$SELECT rollup(m) FROM (VALUES (moments '{"version": 1, "count": 9223372036854775807, "non_zero": 0, "sum": [], "squares": []}'), ('{"version": 1, "count": 1, "non_zero": 0, "sum": [], "squares": []}')) v(m)$$);
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT count(*) FILTER (WHERE pg_input_is_valid(input, 'moments')) = 1 AS soft FROM unnest(ARRAY['{}', 'x', '{"version": 1, "count": 1, "non_zero": 1, "sum": [2], "squares": [1]}',
	'{"version": 1, "count": 1, "non_zero": 1, "sum": [1e299], "squares": [1e307]}', '{"version": 1, "count": 1, "non_zero": 1, "sum": [2], "squares": [4]}']) input \gset
\else
\set soft t
\endif
\if :soft
\else
\echo soft errors expected
\endif
-- A bare literal is a rate where moments would do too.
SELECT low('3/10') = low(rate '3/10') AS low, (compare('3/10', '1/10')).difference;

--
-- Levels next to zero and next to one
--
-- Around a mean of zero every level has a width of its own; next to zero it is proportional to the level: dt(0, 19) = 0.3937298.
CREATE TEMP TABLE around_zero AS SELECT moments(x - 10.5) AS m FROM generate_series(1, 20) x;
SELECT level, abs(high(m, level) / (level * std_error(m) / (2 * 0.3937298072926027)) - 1) < 1e-9 AS proportional, low(m, level) = -high(m, level) AS symmetric
FROM around_zero, unnest('{1e-300,1e-30,1e-16,1e-12,1e-9,1e-6}'::float8[]) level;
SELECT count(*) AS cases, count(*) FILTER (WHERE NOT (high > 0 AND high < 1e3)) AS no_number, count(*) FILTER (WHERE wider <= high) AS not_nested
FROM (SELECT high(m, level) AS high, lead(high(m, level)) OVER (ORDER BY level) AS wider FROM around_zero,
	unnest('{1e-300,1e-30,1e-17,1e-15,1e-12,9.9e-11,1.1e-10,1e-8,1e-6,0.01,0.3,0.4999999999999,0.5,0.500000001,0.9,0.95,0.999999999,0.9999999999999999}'::float8[]) level) s;
SELECT count(*) AS cases, count(*) FILTER (WHERE NOT (low <= difference AND difference <= high AND high - low < 1e4)) AS outside
FROM around_zero a, (SELECT moments(x) AS m FROM generate_series(1, 1000) x) b, unnest('{5e-324,1e-300,1e-15,0.95,0.9999999999999999}'::float8[]) level, compare(a.m, b.m, level);

--
-- Parts: each taken out leaves the others, bit for bit
--
CREATE TEMP TABLE cut AS
SELECT seed, part, moments(x) AS m
FROM (SELECT seed, (h >> 40) % 5 AS part, CASE (h >> 8) % 4 WHEN 0 THEN 0 WHEN 1 THEN ((h >> 12) % 1000000) / 100.0 WHEN 2 THEN -((h >> 12) % 1000003) * 10.0::float8 ^ ((h >> 34) % 30 - 15) ELSE (h >> 12) % 97 END::float8 AS x
	FROM generate_series(1, 60) seed, generate_series(1, seed * 5) n, LATERAL (SELECT hashint8extended(n * 1000 + seed, 5) & 9223372036854775807 AS h) k) l GROUP BY seed, part;
SELECT count(*) AS parts, count(*) FILTER (WHERE moments_send(subtract(w.m, c.m)) = moments_send((SELECT rollup(o.m) FROM cut o WHERE o.seed = c.seed AND o.part <> c.part))) AS same,
	count(*) FILTER (WHERE moments_send(subtract(w.m, w.m)) = (SELECT moments_send(moments(NULL::float8)))) AS nothing
FROM (SELECT seed, rollup(m) AS m FROM cut GROUP BY seed HAVING count(*) > 1) w JOIN cut c USING (seed);
SELECT subtract(moments(1), NULL) IS NULL AS nulls, pg_temp.failure('SELECT lead_kpi.subtract(lead_kpi.moments(1), lead_kpi.moments(2))'), pg_temp.failure('SELECT lead_kpi.subtract(lead_kpi.moments(0), lead_kpi.moments(2))'),
	pg_temp.failure('SELECT lead_kpi.subtract((SELECT lead_kpi.moments(1)), (SELECT lead_kpi.moments(1) FROM generate_series(1, 2)))');
-- Parts of a sum that touch, tie or are out of order are told from those that rounding leaves: 3, 1.5 and a tie in a last place.
SELECT sum, pg_temp.failure(format('SELECT %L::lead_kpi.moments', format('{"version": 1, "count": 3, "non_zero": 3, "sum": %s, "squares": [1e30]}', sum)))
FROM unnest('{"[3]","[]","[0]","[3, 0]","[3, 1.5]","[1, 3e-17]","[1, 1.1102230246251565e-16]","[1, 1.1102230246251565e-16, 1e-40]","[1, -1.1102230246251565e-16]","[1, 1.1102230246251565e-16, -1e-40]","[1.0000000000000002, 1.1102230246251565e-16, -1e-40]","[1.0000000000000002, 1.1102230246251565e-16]","[5e-324, 5e-324]"}'::text[]) sum;
