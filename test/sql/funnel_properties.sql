-- The funnel against naive SQL, and as a function of the set of rows: serial,
-- parallel, partitionwise, rolled up, round-tripped and spilled are the same.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

-- 1500 small histories, rich in ties, repeats, gaps and regressions.
CREATE TABLE event AS
SELECT lead, 1 + (h & 3)::int AS step, (ARRAY['a','b','c','d'])[1 + (h & 3)::int] AS stage,
	timestamptz '2026-01-01' + ((h >> 2) & 15) * interval '1 hour' AS at, n
FROM (SELECT lead, n, hashint8extended(lead * 100 + n, 42) AS h
	FROM generate_series(1, 1500) lead, generate_series(1, 1 + lead % 9) n) e;
ANALYZE event;

-- Every chain, written out.
CREATE FUNCTION naive_ordered(within interval, latest boolean)
RETURNS TABLE (lead int, depth int, times timestamptz[]) LANGUAGE sql AS $$
	WITH RECURSIVE chain AS (
		SELECT e.lead, 1 AS step, at AS start, at FROM event e WHERE step = 1
		UNION
		SELECT c.lead, c.step + 1, c.start, e.at
		FROM chain c JOIN event e ON e.lead = c.lead AND e.step = c.step + 1
			AND e.at >= c.at AND (within IS NULL OR e.at <= c.start + within)),
	deepest AS (SELECT c.lead, max(step) AS depth FROM chain c GROUP BY 1),
	counted AS (
		SELECT c.lead, d.depth, CASE WHEN latest THEN max(start) ELSE min(start) END AS start
		FROM chain c JOIN deepest d USING (lead) WHERE step = depth GROUP BY 1, 2)
	SELECT lead, depth, array_agg(at ORDER BY step)
	FROM (SELECT o.lead, o.depth, c.step, min(c.at) AS at
		FROM counted o JOIN chain c USING (lead, start) WHERE c.step <= o.depth GROUP BY 1, 2, 3) t
	GROUP BY 1, 2
$$;

CREATE FUNCTION naive_reached(within interval)
RETURNS TABLE (lead int, depth int, times timestamptz[]) LANGUAGE sql AS $$
	WITH entry AS (SELECT e.lead, min(at) AS at FROM event e GROUP BY 1)
	SELECT lead, count(*)::int, array_agg(at ORDER BY k)
	FROM (SELECT e.lead, k, min(e.at) AS at
		FROM event e JOIN entry ON entry.lead = e.lead AND (within IS NULL OR e.at <= entry.at + within),
			generate_series(1, 4) k
		WHERE e.step >= k GROUP BY 1, 2) t
	GROUP BY 1
$$;

CREATE FUNCTION naive_any_order(within interval)
RETURNS TABLE (lead int, depth int, times timestamptz[]) LANGUAGE sql AS $$
	WITH first AS (
		SELECT s.lead, s.at AS start, e.step, min(e.at) AS at
		FROM event s JOIN event e ON e.lead = s.lead AND e.at >= s.at AND (within IS NULL OR e.at <= s.at + within)
		GROUP BY 1, 2, 3),
	windows AS (
		SELECT lead, start, count(*) FILTER (WHERE step = place)::int AS depth
		FROM (SELECT *, row_number() OVER (PARTITION BY lead, start ORDER BY step) AS place FROM first) f
		GROUP BY 1, 2),
	best AS (SELECT DISTINCT ON (lead) lead, depth, start FROM windows WHERE depth > 0 ORDER BY lead, depth DESC, start)
	SELECT lead, depth, array_agg(at ORDER BY step)
	FROM (SELECT b.lead, b.depth, f.step, max(f.at) OVER (PARTITION BY b.lead ORDER BY f.step) AS at
		FROM best b JOIN first f ON f.lead = b.lead AND f.start = b.start AND f.step <= b.depth) t
	GROUP BY 1, 2
$$;

-- One lead at a time, so that every duration shows: rows that differ, of how many.
CREATE FUNCTION differences(policy text, within interval) RETURNS TABLE (differ bigint, compared bigint, entered bigint, deepest bigint)
LANGUAGE sql AS $$
	WITH built AS (
		SELECT lead, funnel(lead, stage, at, '{a,b,c,d}', within, policy) AS f FROM event GROUP BY lead),
	read AS (
		SELECT lead, (leads(f, 'a') + leads(f, 'b') + leads(f, 'c') + leads(f, 'd'))::int AS depth,
			elapsed(f, 'a', 'b') AS ab, elapsed(f, 'b', 'c') AS bc, elapsed(f, 'c', 'd') AS cd, elapsed(f, 'a', 'd', 0.5) AS ad
		FROM built),
	naive AS (
		SELECT * FROM naive_ordered(within, false) WHERE policy = 'ordered'
		UNION ALL SELECT * FROM naive_ordered(within, true) WHERE policy = 'ordered latest_start'
		UNION ALL SELECT * FROM naive_reached(within) WHERE policy = 'reached'
		UNION ALL SELECT * FROM naive_any_order(within) WHERE policy = 'any_order')
	SELECT count(*) FILTER (WHERE (r.depth, r.ab, r.bc, r.cd, r.ad) IS DISTINCT FROM
								(coalesce(n.depth, 0), times[2] - times[1], times[3] - times[2], times[4] - times[3], times[4] - times[1])),
		count(*), count(*) FILTER (WHERE r.depth > 0), count(*) FILTER (WHERE r.depth = 4)
	FROM read r LEFT JOIN naive n USING (lead)
$$;
SELECT policy, within, d.*
FROM unnest('{ordered,ordered latest_start,reached,any_order}'::text[]) policy,
	unnest('{NULL,0,3 hours,7 hours}'::interval[]) within, differences(policy, within) d
ORDER BY policy COLLATE "C", within;

-- The whole set at once: sums, medians and means equal SQL's own (quantiles within 1 %).
WITH f AS (SELECT funnel(lead, stage, at, '{a,b,c,d}', '9 hours')::text AS f FROM event),
	n AS (SELECT * FROM naive_ordered('9 hours', false))
SELECT k, leads(f::funnel, chr(96 + k)) = count(*) FILTER (WHERE depth >= k) AS leads_equal,
	extract(epoch FROM elapsed(f::funnel, 'a', chr(96 + k))) = round(avg(extract(epoch FROM times[k] - times[1])), 6) AS mean_equal,
	abs(extract(epoch FROM elapsed(f::funnel, 'a', chr(96 + k), 0.9))
		- extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY times[k] - times[1])))
		<= 0.01 * extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY times[k] - times[1])) AS p90_close
FROM f, n, generate_series(2, 4) k GROUP BY k, f ORDER BY k;

-- A larger set, for everything that must not matter. Durations of all sizes.
CREATE TABLE large (lead bigint, stage text, at timestamptz, part int) PARTITION BY LIST (part);
CREATE TABLE large_0 PARTITION OF large FOR VALUES IN (0);
CREATE TABLE large_1 PARTITION OF large FOR VALUES IN (1);
CREATE TABLE large_2 PARTITION OF large FOR VALUES IN (2);
INSERT INTO large
SELECT lead, (ARRAY['lead','mql','sql','won','other'])[1 + least((h & 7)::int, 4)],
	timestamptz '2026-01-01' + ((h >> 3) & 1023) * ((h >> 20) & 1048575) * interval '1 millisecond'
	+ ((h >> 40) & 1023) * interval '1 microsecond',
	abs(lead % 3)
FROM (SELECT (g * 7919) % 30011 - 15000 AS lead, hashint8extended(g, 7) AS h FROM generate_series(1, 150000) g) e;
INSERT INTO large VALUES (NULL, 'lead', now(), 0), (1, NULL, now(), 1), (1, 'lead', NULL, 2), (1, 'lead', 'infinity', 0);
ANALYZE large;

-- One heavy lead: more events than any buffer for small leads holds.
INSERT INTO large SELECT 99999, CASE WHEN g % 50000 = 1 THEN 'lead' WHEN g % 3 = 0 THEN 'mql' ELSE 'sql' END,
						timestamptz '2026-01-01' + ((g * 7907) % 100003) * interval '1 second', 0 FROM generate_series(1, 100000) g;

CREATE TABLE answer (way text, key text, f funnel);
\set ladder '''{lead,mql,sql,won}'''
SET max_parallel_workers_per_gather = 0;
INSERT INTO answer SELECT 'serial', k.key, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS b, funnel(md5(lead::text)::uuid, stage, at, :ladder, '2 days') AS u,
			funnel('lead ' || lead, stage, at, :ladder, '2 days') AS t FROM large) x,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, f);
SELECT count(DISTINCT f::text) AS answers, min(leads(f, 'lead')) AS leads, min(leads(f, 'won')) AS won, min(rows_used(f)) AS rows_used FROM answer;

-- Parallel, with idle workers too.
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has($$SELECT funnel(lead, stage, at, '{lead,mql,sql,won}', '2 days') FROM large$$, 'Partial Aggregate') AS partial_aggregate;
INSERT INTO answer SELECT 'parallel', k.key, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS b, funnel(md5(lead::text)::uuid, stage, at, :ladder, '2 days') AS u,
			funnel('lead ' || lead, stage, at, :ladder, '2 days') AS t FROM large) x,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, f);
SET parallel_leader_participation = off;
INSERT INTO answer SELECT 'parallel, workers only', 'bigint', funnel(lead, stage, at, :ladder, '2 days') FROM large;
RESET parallel_leader_participation;
SELECT funnel(lead, stage, at, '{lead,mql}') IS NULL AS no_rows_in_any_worker FROM large WHERE part = 7;
SELECT rows_used(funnel(lead, stage, at, '{lead,mql}')) FROM large WHERE lead = 1;

-- Partitionwise, by partition and then combined.
SET max_parallel_workers_per_gather = 0;
SET enable_partitionwise_aggregate = on;
SELECT pg_temp.plan_has($$SELECT funnel(lead, stage, at, '{lead,mql,sql,won}', '2 days') FROM large$$, 'Partial Aggregate') AS partial_aggregate;
INSERT INTO answer SELECT 'partitionwise', k.key, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS b, funnel(md5(lead::text)::uuid, stage, at, :ladder, '2 days') AS u,
			funnel('lead ' || lead, stage, at, :ladder, '2 days') AS t FROM large) x,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, f);
RESET enable_partitionwise_aggregate;

-- Rolled up from random sets of leads; from each lead by itself; + by hand; through text.
-- (Rows without a lead have no set of their own, but must not be lost.)
INSERT INTO answer SELECT 'rollup of parts', 'bigint', rollup(f) FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large GROUP BY hashint8extended(coalesce(lead, 0), 99) & 15) x;
INSERT INTO answer SELECT 'rollup of leads', 'bigint', rollup(f) FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large GROUP BY lead) x;
INSERT INTO answer SELECT 'rollup of texts', 'bigint', rollup(f::text::funnel) FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large GROUP BY part) x;
INSERT INTO answer SELECT '+', 'bigint', a.f + b.f + c.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large WHERE part = 0) a,
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large WHERE part = 1) b,
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS f FROM large WHERE part = 2) c;
SET max_parallel_workers_per_gather = 3;
CREATE TABLE stored AS SELECT lead, funnel(lead, stage, at, :ladder, '2 days') AS f FROM large GROUP BY lead;
ANALYZE stored;
SELECT pg_temp.plan_has('SELECT rollup(f) FROM stored', 'Partial Aggregate') AS partial_aggregate;
INSERT INTO answer SELECT 'parallel rollup of stored leads', 'bigint', rollup(f) FROM stored;
SET max_parallel_workers_per_gather = 0;

-- Reversed and shuffled input.
INSERT INTO answer SELECT 'shuffled', 'bigint', funnel(lead, stage, at, :ladder, '2 days') FROM
	(SELECT * FROM large ORDER BY hashtextextended(large::text, 3)) x;
INSERT INTO answer SELECT 'sorted', 'text', funnel('lead ' || lead, stage, at, :ladder, '2 days') FROM (SELECT * FROM large ORDER BY lead, at DESC) x;

-- A running window: the final function runs again and again on one state.
INSERT INTO answer SELECT 'window', 'bigint', f::text::funnel FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') OVER () AS f FROM large WHERE part < 3) x LIMIT 1;
SELECT bool_and(leads(f, 'a') = n) FROM (SELECT n, funnel(n, 'a', now(), '{a}') OVER (ORDER BY n) AS f FROM generate_series(1, 300) n) x;

-- Spilled to temporary files: proven by forbidding them.
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
INSERT INTO answer SELECT 'spilled', k.key, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS b, funnel(md5(lead::text)::uuid, stage, at, :ladder, '2 days') AS u,
			funnel('lead ' || lead, stage, at, :ladder, '2 days') AS t FROM large) x,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, f);
INSERT INTO answer SELECT 'spilled by part', 'text', rollup(f) FROM
	(SELECT funnel('lead ' || lead, stage, at, :ladder, '2 days') AS f FROM large GROUP BY part) x;
SET max_parallel_workers_per_gather = 3;
INSERT INTO answer SELECT 'spilled in parallel', k.key, k.f FROM
	(SELECT funnel(lead, stage, at, :ladder, '2 days') AS b, funnel(md5(lead::text)::uuid, stage, at, :ladder, '2 days') AS u,
			funnel('lead ' || lead, stage, at, :ladder, '2 days') AS t FROM large) x,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, f);
\set VERBOSITY sqlstate
SET temp_file_limit = 0;
SELECT funnel(lead, stage, at, :ladder, '2 days') FROM large;
SET max_parallel_workers_per_gather = 0;
SELECT funnel(lead, stage, at, :ladder, '2 days') FROM large;
RESET temp_file_limit;
RESET work_mem;
RESET hash_mem_multiplier;
-- Nothing is left of the files, not even after those errors.
SELECT count(*) AS left_over FROM pg_ls_dir('base/pgsql_tmp', true, false);

-- The answer of every way is the answer.
SELECT way, key, f::text = (SELECT f::text FROM answer WHERE way = 'serial' AND key = 'bigint') AS same,
	funnel_send(f) = (SELECT funnel_send(f) FROM answer WHERE way = 'serial' AND key = 'bigint') AS same_bytes
FROM answer ORDER BY way COLLATE "C", key;

-- leads(step k+1) <= leads(step k), for every policy.
SELECT bool_and(s.leads <= before) FROM
	(SELECT policy, position, leads, lag(leads) OVER (PARTITION BY policy ORDER BY position) AS before
	FROM unnest('{ordered,reached,any_order}'::text[]) policy,
		LATERAL (SELECT funnel(lead, stage, at, :ladder, NULL, policy) AS f FROM large) f, steps(f) s) s;

-- Leads whose keys have one hash: uuids made so that the reversible mix collides.
CREATE TABLE collision AS
SELECT (pg_temp.hex64(pg_temp.xor64(pg_temp.mix(low), 123456789)) || pg_temp.hex64(low::numeric))::uuid AS lead, low FROM generate_series(1, 200) low;
SELECT leads(f, 'a') AS a, leads(f, 'b') AS b, never_entered(f) AS never, elapsed(f, 'a', 'b', 1) AS longest
FROM (SELECT funnel(lead, stage, at, '{a,b}') AS f
	FROM (SELECT lead, 'a' AS stage, timestamptz '2026-01-01' + low * interval '1 minute' AS at FROM collision WHERE low <= 150
			UNION ALL SELECT lead, 'b', timestamptz '2026-01-01' + 2 * low * interval '1 minute' FROM collision WHERE low > 50) e) f;

DROP TABLE event, large, answer, stored, collision;
DROP FUNCTION naive_ordered, naive_reached, naive_any_order, differences;
