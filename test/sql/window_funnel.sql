-- window_funnel and window_funnel_times: published cases, types of time, NULLs, ends of time, parallel
-- and partial states, bad input. window_funnel_reference compares them with brute force.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = ISO;

-- The published cases: one a line, rows as time:mask in arrival order.
\set file :abs_srcdir '/oracles/window_funnel_cases.tsv'
\set content `cat :'file'`

CREATE TEMP TABLE oracle AS
SELECT f[1] AS id, f[2]::integer AS steps, f[3]::bigint AS window_length,
	string_to_array(nullif(f[4], ''), '+') AS modes, f[5] AS rows, f[7]::integer AS recommended
FROM (SELECT string_to_array(line, E'\t') AS f, n
	FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n)) s
WHERE n > 1 AND f[1] <> '';
SELECT count(*) AS cases FROM oracle;

CREATE TEMP TABLE oracle_row AS
SELECT id, steps, window_length, coalesce(modes, '{}') AS modes, recommended, n,
	split_part(pair, ':', 1)::bigint AS at,
	ARRAY(SELECT split_part(pair, ':', 2)::integer >> (k - 1) & 1 = 1 FROM generate_series(1, steps) k) AS conditions
FROM oracle, string_to_table(rows, ',') WITH ORDINALITY p(pair, n);

-- Given, reversed and twenty shuffles.
SELECT id, arrival, recommended,
	window_funnel(modes, window_length, at, VARIADIC conditions
		ORDER BY CASE arrival WHEN 0 THEN n WHEN 1 THEN -n ELSE hashint8(n * 1000 + arrival) END) AS level
FROM oracle_row, generate_series(0, 21) arrival
GROUP BY id, arrival, recommended
HAVING recommended <> window_funnel(modes, window_length, at, VARIADIC conditions
	ORDER BY CASE arrival WHEN 0 THEN n WHEN 1 THEN -n ELSE hashint8(n * 1000 + arrival) END);

-- Without modes the short form is the same.
SELECT count(*) AS groups, count(*) FILTER (WHERE level <> recommended) AS wrong
FROM (SELECT recommended, window_funnel(window_length, at, VARIADIC conditions) AS level
	FROM oracle_row WHERE modes = '{}' GROUP BY id, recommended) s;

-- strict_once with strict_deduplication: one answer whichever of the rows of time 2 comes first. The row that step 1
-- needs does not repeat step 2; a second row that could fill step 2 does.
SELECT arrival, window_funnel('{strict_once,strict_deduplication}', 10, at, a, b, c ORDER BY n * arrival) AS needed,
	window_funnel('{strict_once,strict_deduplication}', 10, at, a OR n = 1, b, c ORDER BY n * arrival) AS repeated
FROM (VALUES (1, 2, false, true, false), (2, 2, true, true, true), (3, 3, false, false, true)) r(n, at, a, b, c),
	unnest('{1,-1}'::integer[]) arrival
GROUP BY arrival ORDER BY arrival;

-- strict_increase with strict_order: rows of one time are in step order, so B and C of one time leave no gap before D, though the
-- chain takes one of them a time; the next time knows nothing of that. Of an expired step 1 nothing is passed on.
SELECT what, window_funnel('{strict_order,strict_increase}', length, at, step = 'A', step = 'B', step = 'C', step = 'D') AS increase,
	window_funnel_times('{strict_order,strict_increase}', length, at, step = 'A', step = 'B', step = 'C', step = 'D') AS times,
	window_funnel('{strict_order}', length, at, step = 'A', step = 'B', step = 'C', step = 'D') AS same_time
FROM (VALUES ('each step every time', 100, '1:A 2:B 2:C 2:D 3:B 3:C 3:D 4:B 4:C 4:D'), ('gap at a later time', 100, '1:A 1:B 1:C 2:D 3:B 4:C 5:D'),
	('in one time', 100, '1:A 1:B 1:C 1:D 2:B 3:C 4:D'), ('gap within one time', 100, '1:A 2:B 2:D 3:C 4:D'), ('start expired', 2, '1:A 5:B 5:C 6:A 7:B 8:C'),
	('started anew', 2, '1:A 5:A 5:B 5:C 6:B 7:C')) v(what, length, rows),
	string_to_table(rows, ' ') r, LATERAL (SELECT split_part(r, ':', 1)::bigint AS at, split_part(r, ':', 2) AS step) s
GROUP BY what, length ORDER BY what;

-- Types of time. A day is 24 hours, whatever the clocks do; a date is a whole day.
CREATE TABLE visit (lead integer, at timestamptz, stage text);
INSERT INTO visit VALUES
	(1, '2026-03-01 10:00', 'lead'), (1, '2026-03-05 09:00', 'mql'), (1, '2026-03-30 10:00', 'sql'),
	(2, '2026-03-02 12:00', 'lead'), (2, '2026-04-02 12:00', 'mql'),
	(3, '2026-03-03 08:00', 'mql');

SELECT lead, window_funnel('30 days', at, stage = 'lead', stage = 'mql', stage = 'sql') AS level,
	window_funnel_times('30 days', at, stage = 'lead', stage = 'mql', stage = 'sql') AS times
FROM visit GROUP BY lead ORDER BY lead;
SELECT lead, window_funnel('30 days', at::timestamp, stage = 'lead', stage = 'mql', stage = 'sql') AS level,
	window_funnel_times('30 days', at::timestamp, stage = 'lead', stage = 'mql', stage = 'sql') AS times
FROM visit GROUP BY lead ORDER BY lead;
SELECT lead, window_funnel('29 days 23:59', at::date, stage = 'lead', stage = 'mql', stage = 'sql') AS level,
	window_funnel_times('29 days 23:59', at::date, stage = 'lead', stage = 'mql', stage = 'sql') AS times
FROM visit GROUP BY lead ORDER BY lead;
SELECT lead, window_funnel(3, extract(month FROM at)::integer, stage = 'lead', stage = 'mql') AS level,
	window_funnel_times(3, extract(month FROM at)::bigint, stage = 'lead', stage = 'mql') AS times
FROM visit GROUP BY lead ORDER BY lead;

-- The same forms with modes, both spellings of an array.
SELECT lead, window_funnel('{strict_increase}', '30 days', at, stage = 'lead', stage = 'mql') AS timestamptz,
	window_funnel(ARRAY['strict_increase'], '30 days', at::timestamp, stage = 'lead', stage = 'mql') AS timestamp,
	window_funnel('{strict_increase}', '30 days', at::date, stage = 'lead', stage = 'mql') AS date,
	window_funnel('{strict_increase,strict_increase}', 0, 0::bigint, stage = 'lead', stage = 'mql') AS bigint,
	window_funnel_times('{strict_increase}', '30 days', at, stage = 'lead', stage = 'mql') AS timestamptz_times,
	window_funnel_times('{strict_increase}', '30 days', at::timestamp, stage = 'lead', stage = 'mql') AS timestamp_times,
	window_funnel_times('{strict_increase}', '30 days', at::date, stage = 'lead', stage = 'mql') AS date_times,
	window_funnel_times('{strict_increase}', 0, 0, stage = 'lead', stage = 'mql') AS integer_times
FROM visit WHERE lead = 1 GROUP BY lead;

-- Never NULL: no rows, no row with a time, no row that is a step, FILTER that keeps nothing.
SELECT window_funnel('1 day', at, true) AS level, window_funnel_times('1 day', at, true) AS times,
	window_funnel_times('1 day', at::date, true) AS dates, window_funnel_times(1, 1, true) AS bigints
FROM visit WHERE false;
SELECT window_funnel('1 day', NULL::timestamptz, true) AS no_time,
	window_funnel('{strict_order}', '1 day', NULL::timestamptz, false) AS no_time_in_order,
	window_funnel('1 day', at, false, NULL::boolean) AS no_step,
	window_funnel_times('{strict_order}', '1 day', at, false) AS noise_only,
	window_funnel('1 day', at, true) FILTER (WHERE lead > 10) AS filtered
FROM visit;

-- A NULL condition is false, a row without a time is not there at all, not even as noise.
SELECT window_funnel('{strict_order}', 10, at, a, b) AS level
FROM (VALUES (1, true, NULL), (NULL, false, false), (2, NULL, true)) r(at, a, b);
SELECT window_funnel('{strict_order}', 10, at, VARIADIC ARRAY[a, b]) AS level
FROM (VALUES (1, true, NULL), (NULL, false, false), (2, NULL, true)) r(at, a, b);

-- A domain over boolean is a condition; 32 conditions are possible.
CREATE DOMAIN flag AS boolean;
SELECT window_funnel(100, at, at = 1, (at = 2)::flag) AS level FROM generate_series(1, 3) at;
SELECT window_funnel(100, at, at=1, at=2, at=3, at=4, at=5, at=6, at=7, at=8, at=9, at=10, at=11, at=12, at=13,
	at=14, at=15, at=16, at=17, at=18, at=19, at=20, at=21, at=22, at=23, at=24, at=25, at=26, at=27, at=28,
	at=29, at=30, at=31, at=32) AS level
FROM generate_series(32, 1, -1) at;

-- strict_once at full width: 32 steps filled by 32 rows that all match at one time, 31 by 31.
SELECT window_funnel('{strict_once}', 0, 7, VARIADIC array_fill(true, ARRAY[32])) AS level,
	cardinality(window_funnel_times('{strict_once}', 0, 7, VARIADIC array_fill(true, ARRAY[32]))) AS times
FROM generate_series(1, 32);
SELECT window_funnel('{strict_once}', 0, 7, VARIADIC array_fill(true, ARRAY[32])) AS level
FROM generate_series(1, 31);
SELECT window_funnel('{strict_once}', 0, 7, VARIADIC array_fill(true, ARRAY[32])) AS level
FROM generate_series(1, 100000);
-- Row i fills step i only if all rows move over: row 1 takes steps 1 and 2, row 2 steps 2 and 3, …, the last one step 1.
SELECT window_funnel('{strict_once}', 0, 7,
	VARIADIC ARRAY(SELECT k IN (i, i + 1) OR (i = 32 AND k = 1) FROM generate_series(1, 32) k)) AS level
FROM generate_series(1, 32) i;

-- Ends of time: infinite times, windows that reach beyond the end, 64-bit extremes.
SELECT window_funnel('1 day', at, a, b) AS level, window_funnel_times('1 day', at, a, b) AS times
FROM (VALUES (timestamptz 'infinity', true, false), ('infinity', false, true)) r(at, a, b);
SELECT window_funnel('1 day', at, a, b) AS from_the_beginning
FROM (VALUES (timestamptz '-infinity', true, false), ('2026-01-01', false, true)) r(at, a, b);
SELECT window_funnel('1 day', at, a, b) AS to_the_end
FROM (VALUES (timestamptz '2026-01-01', true, false), ('infinity', false, true)) r(at, a, b);
SELECT window_funnel('106751992 days', at, a, b) AS longest_window
FROM (VALUES (timestamptz '-infinity', true, false), ('infinity', false, true)) r(at, a, b);
SELECT window_funnel('106751991 days 04:00:54', at, a, b) AS start_plus_window_beyond_the_end
FROM (VALUES (timestamptz '294276-12-31', true, false), ('294276-12-31 23:59', false, true)) r(at, a, b);
SELECT window_funnel('106751992 days', at, a, b) AS dates, window_funnel_times('106751992 days', at, a, b) AS times
FROM (VALUES (date '-infinity', true, false), ('infinity', false, true)) r(at, a, b);
SELECT window_funnel('1 day', at, a, b) AS dates, window_funnel_times('1 day', at, a, b) AS times
FROM (VALUES (date '5874897-12-30', true, false), ('5874897-12-31', false, true)) r(at, a, b);
SELECT window_funnel(9223372036854775807, at, a, b) AS too_far, window_funnel_times(9223372036854775807, at, a, b) AS times
FROM (VALUES (-9223372036854775808, true, false), (0, false, true)) r(at, a, b);
SELECT window_funnel(9223372036854775807, at, a, b) AS far, window_funnel_times(9223372036854775807, at, a, b) AS times
FROM (VALUES (-9223372036854775808, true, false), (-1, false, true)) r(at, a, b);
SELECT window_funnel(0, at, a, b) AS same_moment
FROM (VALUES (9223372036854775807, false, true), (9223372036854775807, true, false)) r(at, a, b);
SELECT window_funnel(interval '0', at, a, b) AS same_moment
FROM (VALUES (timestamptz '2026-01-01', false, true), ('2026-01-01', true, false)) r(at, a, b);

-- Serial, sorted the other way, through partial states of partitions, and through parallel workers.
CREATE TABLE history (lead integer, part integer, at timestamptz, step integer) PARTITION BY LIST (part);
CREATE TABLE history_1 PARTITION OF history FOR VALUES IN (0);
CREATE TABLE history_2 PARTITION OF history FOR VALUES IN (1);
CREATE TABLE history_3 PARTITION OF history FOR VALUES IN (2);
CREATE TABLE history_4 PARTITION OF history FOR VALUES IN (3);
INSERT INTO history
SELECT lead, h >> 8 & 3, timestamptz '2026-01-01' + (h >> 10 & 63) * interval '12 hours', h >> 16 & 7
FROM generate_series(1, 500) lead, generate_series(1, 32) i,
	LATERAL (SELECT hashint4extended(lead * 100 + i, 0) & 1073741823 AS h) s
WHERE i <= 3 + lead % 30;
-- One lead is much longer than the others; partition 3 has rows that match nothing.
INSERT INTO history
SELECT 0, i & 3, timestamptz '2026-01-01' + (i * 7919 % 10007) * interval '1 second', 1 + i % 5 * (i % 3)
FROM generate_series(1, 20000) i;
UPDATE history SET step = 0 WHERE part = 3 AND lead % 2 = 0;
ANALYZE history;

CREATE VIEW levels AS
SELECT md5(string_agg(format('%s %s %s', lead, a, at), ',' ORDER BY lead)) AS plain,
	md5(string_agg(format('%s %s %s', lead, b, bt), ',' ORDER BY lead)) AS strictly
FROM (
	SELECT lead, window_funnel('5 days', at, step = 1, step IN (2, 3), step = 4, step = 5) AS a,
		window_funnel_times('5 days', at, step = 1, step IN (2, 3), step = 4, step = 5) AS at,
		window_funnel('{strict_order,allow_reentry,strict_once}', '5 days', at, step IN (1, 2), step IN (2, 3), step = 4) AS b,
		window_funnel_times('{strict_order,allow_reentry,strict_once}', '5 days', at, step IN (1, 2), step IN (2, 3), step = 4) AS bt
	FROM history GROUP BY lead) s;

CREATE FUNCTION aggregates_planned(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		-- The nodes differ by version; that there are two stages of them must not.
		RETURN NEXT substring(line FROM '(Finalize|Partial) \w*Aggregate');
	END LOOP;
END
$$;

SELECT level, count(*) FROM (
	SELECT window_funnel('5 days', at, step = 1, step IN (2, 3), step = 4, step = 5) AS level
	FROM history GROUP BY lead) s
GROUP BY level ORDER BY level;

SET max_parallel_workers_per_gather = 0;
SELECT * FROM levels \gset serial_
SET enable_hashagg = off;
SELECT plain = :'serial_plain' AS plain, strictly = :'serial_strictly' AS strictly FROM levels;
RESET enable_hashagg;

SET enable_partitionwise_aggregate = on;
SELECT DISTINCT a FROM aggregates_planned('SELECT * FROM levels') a WHERE a IS NOT NULL ORDER BY a;
SELECT plain = :'serial_plain' AS plain, strictly = :'serial_strictly' AS strictly FROM levels;
RESET enable_partitionwise_aggregate;

SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_sort = off;
SELECT DISTINCT a FROM aggregates_planned('SELECT * FROM levels') a WHERE a IS NOT NULL ORDER BY a;
SELECT plain = :'serial_plain' AS plain, strictly = :'serial_strictly' AS strictly FROM levels;
-- Workers without a row, and a partial state that is NULL on either side.
SELECT window_funnel('5 days', at, step = 1, step = 2) AS level FROM history WHERE lead = -1;
SELECT window_funnel('5 days', at, part = 2 AND lead = 4, part = 9) AS level FROM history;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET enable_sort;

-- As a window aggregate the final function runs again and again over a growing or moving frame.
SELECT i, at, step,
	window_funnel(5, at, step = 1, step = 2, step = 3) OVER (ORDER BY i) AS growing,
	window_funnel_times(5, at, step = 1, step = 2, step = 3) OVER (ORDER BY i) AS growing_times,
	window_funnel(5, at, step = 1, step = 2, step = 3) OVER (ORDER BY i ROWS 2 PRECEDING) AS moving
FROM (VALUES (1, 9, 3), (2, 8, 2), (3, 3, 1), (4, 7, 1), (5, 20, 1), (6, 22, 2), (7, 21, 2)) r(i, at, step);

-- Both aggregates share one state, and each may end it several times.
SELECT window_funnel(5, at, true, true), window_funnel_times(5, at, true, true), window_funnel(5, at, true, true)
FROM (VALUES (3), (2), (1)) r(at);
SELECT lead, window_funnel('30 days', at, stage = 'lead', stage = 'mql') AS level
FROM visit GROUP BY ROLLUP (lead) ORDER BY lead;

-- The ladder of 300 random leads, in one query.
SELECT step, count(*) FILTER (WHERE level >= step) AS leads
FROM (SELECT lead, window_funnel('7 days', at, step = 1, step = 2, step = 3) AS level
	FROM history WHERE lead BETWEEN 1 AND 300 GROUP BY lead) s, generate_series(1, 3) step
GROUP BY step ORDER BY step;

-- Bad input: each says what to write instead.
SELECT window_funnel('1 month', at, true) FROM visit;
SELECT window_funnel('1 year 3 days', at::date, true) FROM visit;
SELECT window_funnel('-1 day', at, true) FROM visit;
SELECT window_funnel('1 day -25 hours', at, true) FROM visit;
SELECT window_funnel('-2147483648 days', at, true) FROM visit;
SELECT window_funnel(-1, lead, true) FROM visit;
SELECT window_funnel(NULL::interval, at, true) FROM visit;
SELECT window_funnel(NULL::bigint, lead, true) FROM visit;
SELECT window_funnel(make_interval(days => lead), at, true) FROM visit;
SELECT window_funnel(lead, lead, true) FROM visit;
SELECT window_funnel('1 day', at, stage) FROM visit;
SELECT window_funnel('1 day', at, true, lead) FROM visit;
SELECT window_funnel('1 day', at, true, NULL) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC ARRAY[1, 2]) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC '{}'::boolean[]) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC NULL::boolean[]) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC '{{t,f},{f,t}}'::boolean[]) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC array_fill(true, ARRAY[lead])) FROM visit;
SELECT window_funnel('1 day', at, VARIADIC array_fill(true, ARRAY[33])) FROM visit;
SELECT window_funnel(100, lead, true, true, true, true, true, true, true, true, true, true, true, true, true, true,
	true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true) FROM visit;
-- The server's own message, whose details depend on its version.
\set VERBOSITY terse
SELECT window_funnel('1 day', at) FROM visit;
\set VERBOSITY default
SELECT window_funnel('{strict}', '1 day', at, true) FROM visit;
SELECT window_funnel('{strict_once,NULL}', '1 day', at, true) FROM visit;
SELECT window_funnel(NULL::text[], '1 day', at, true) FROM visit;
SELECT window_funnel('{allow_reentry}', '1 day', at, true) FROM visit;
SELECT window_funnel('{allow_reentry,strict_once,strict_deduplication,strict_increase}', '1 day', at, true) FROM visit;
SELECT window_funnel(CASE lead WHEN 1 THEN '{}' ELSE '{strict_once}' END::text[], '1 day', at, true) FROM visit;
-- Also where the row itself would not count.
SELECT window_funnel('-1 day', NULL::timestamptz, false) FROM visit;
SELECT window_funnel('{strict}', '1 day', at, false) FROM visit;
-- The SQLSTATEs.
DO $$
DECLARE
	bad text;
	state text;
BEGIN
	FOREACH bad IN ARRAY ARRAY[
		$q$ '1 month', at, true $q$, $q$ '-1 day', at, true $q$, $q$ NULL::interval, at, true $q$,
		$q$ '1 day', at, 1 $q$, $q$ '1 day', at, VARIADIC array_fill(true, ARRAY[33]) $q$,
		$q$ '{strict}', '1 day', at, true $q$, $q$ '{allow_reentry}', '1 day', at, true $q$,
		$q$ make_interval(days => lead), at, true $q$] LOOP
		BEGIN
			EXECUTE format('SELECT window_funnel(%s) FROM visit', bad);
			RAISE EXCEPTION 'no error from %', bad;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
			RAISE NOTICE '% %', state, bad;
		END;
	END LOOP;
END
$$;

DROP VIEW levels;
DROP TABLE visit, history;
DROP FUNCTION aggregates_planned(text);
DROP DOMAIN flag;
