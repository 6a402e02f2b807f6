-- The rows of journeys, in every state they can be in: few or many, in memory,
-- spilled, handed over as bytes or as files, with channels that several
-- processes number differently, more of them than an event has room for.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

-- Touches and conversions as a union gives them: 700 channels, of which each part
-- of the table has its own, in its own order; equal times; some milestones.
CREATE TABLE large (lead bigint, channel text, touched_at timestamptz, converted_at timestamptz, value float8, milestone text, part int) PARTITION BY LIST (part);
CREATE TABLE large_0 PARTITION OF large FOR VALUES IN (0);
CREATE TABLE large_1 PARTITION OF large FOR VALUES IN (1);
CREATE TABLE large_2 PARTITION OF large FOR VALUES IN (2);
INSERT INTO large
SELECT (h >> 8) % 30011 - 15000, 'c' || CASE WHEN h % 3 > 0 THEN (h >> 30) % 7 ELSE (n % 3) * 200 + (h >> 30) % 300 END,
	timestamptz '2026-01-01' + (h >> 40) % 4000 * interval '20 minutes' + (h >> 20) % 3 * interval '1 microsecond', NULL, NULL,
	CASE (h >> 12) % 50 WHEN 0 THEN 'lead' WHEN 1 THEN 'opportunity' WHEN 2 THEN 'lead and opportunity' END, n % 3
FROM (SELECT n, abs(hashint8extended(n, 21)) AS h FROM generate_series(1, 160000) n) s;
INSERT INTO large
SELECT lead, NULL, NULL, at, CASE WHEN h % 9 > 0 THEN (h >> 30) % 100000 / 64.0::float8 END, NULL, h % 3
FROM (SELECT DISTINCT ON (lead, at) * FROM (SELECT (h >> 8) % 35003 - 15000 AS lead, h,
		timestamptz '2026-01-01' + (h >> 40) % 4000 * interval '20 minutes' AS at
	FROM (SELECT abs(hashint8extended(n, 22)) AS h FROM generate_series(1, 40000) n) r) d ORDER BY lead, at, h) s;
INSERT INTO large VALUES (NULL, 'a', now(), now(), 1, NULL, 0), (1, NULL, now(), NULL, NULL, NULL, 1), (1, 'a', 'infinity', '-infinity', 3, NULL, 2);
-- One heavy lead: more rows than a buffer for small leads holds, and than a packed run.
INSERT INTO large SELECT 99999, 'c' || n % 5, timestamptz '2026-01-01' + (n * 7907) % 30011 * interval '1 minute', NULL, NULL, NULL, n % 3 FROM generate_series(1, 30011) n;
ANALYZE large;

CREATE TABLE way (way text, key text, j journeys);
CREATE VIEW built AS
SELECT k.* FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS b,
		journeys(md5(lead::text)::uuid, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS u,
		journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS t FROM large) s,
	LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, j);
SET max_parallel_workers_per_gather = 0;
INSERT INTO way SELECT 'serial', * FROM built;
INSERT INTO way SELECT 'reversed', 'bigint', journeys(lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone)
FROM (SELECT * FROM large ORDER BY touched_at DESC, channel DESC, lead) s;
INSERT INTO way SELECT 'rollup of leads', 'text', rollup(j) FROM
	(SELECT journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS j FROM large GROUP BY lead) s;
INSERT INTO way SELECT 'rollup of parts', 'bigint', rollup(j) FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS j FROM large GROUP BY hashint8extended(coalesce(lead, 0), 99) & 15) s;

-- Against SQL that says the same, for a lead's first conversion later than a touch.
WITH event AS (
	SELECT lead, channel, touched_at AS at, converted_at, touched_at AS touched, value FROM large WHERE isfinite(coalesce(touched_at, converted_at)) AND lead IS NOT NULL AND (channel IS NOT NULL OR touched_at IS NULL)),
owned AS (
	SELECT *, min(converted_at) OVER (PARTITION BY lead ORDER BY coalesce(at, converted_at) DESC, converted_at IS NULL ROWS UNBOUNDED PRECEDING) AS owner,
		max(touched) OVER (PARTITION BY lead) AS last
	FROM event),
journey AS (
	SELECT lead, owner, coalesce(array_agg(channel ORDER BY at, channel COLLATE "C") FILTER (WHERE at >= coalesce(owner, last) - interval '9 days'), '{}') AS path,
		count(owner) > 0 AS converted, max(value) AS value
	FROM owned GROUP BY lead, owner),
naive AS (
	SELECT path, count(*) FILTER (WHERE converted) AS conversions, coalesce(sum(value), 0) AS value, count(*) FILTER (WHERE NOT converted) AS nulls FROM journey GROUP BY path),
path AS (
	SELECT path, sum(conversions) AS conversions, sum(value) AS value, sum(nulls) AS nulls FROM way, paths(j) WHERE way = 'serial' AND key = 'bigint' GROUP BY path)
SELECT count(*) > 10000 AS many_paths, sum(p.conversions) > 30000 AS many_conversions, max(cardinality(p.path)) > 1000 AS long_path,
	count(*) FILTER (WHERE (p.conversions, p.nulls) IS DISTINCT FROM (n.conversions, n.nulls) OR abs(p.value - n.value) > 1e-6) AS differ
FROM path p FULL JOIN naive n USING (path);

-- Between processes: each numbers the channels as it meets them.
SET enable_partitionwise_aggregate = on;
SELECT pg_temp.plan_has('SELECT * FROM built', 'Append') AND pg_temp.plan_has('SELECT * FROM built', 'Partial Aggregate') AS partitionwise;
INSERT INTO way SELECT 'partitionwise', * FROM built;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
INSERT INTO way SELECT 'partitionwise in parallel', * FROM built;
SET enable_partitionwise_aggregate = off;
SELECT pg_temp.plan_has('SELECT * FROM built', 'Gather') AND pg_temp.plan_has('SELECT * FROM built', 'Partial Aggregate') AS parallel;
INSERT INTO way SELECT 'parallel', * FROM built;
SET parallel_leader_participation = off;
INSERT INTO way SELECT 'parallel, workers only', * FROM built;
RESET parallel_leader_participation;
-- A limit for temporary files has them handed over as bytes.
SET temp_file_limit = '1GB';
INSERT INTO way SELECT 'parallel, as bytes', * FROM built;
SET temp_file_limit = -1;
-- Few rows per process.
INSERT INTO way SELECT 'parallel groups', 'bigint', rollup(j) FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days', '2 days', milestone) AS j FROM large GROUP BY lead / 50) s;
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
INSERT INTO way SELECT 'spilled in parallel', * FROM built;
SET max_parallel_workers_per_gather = 0;
INSERT INTO way SELECT 'spilled', * FROM built;
SET enable_partitionwise_aggregate = on;
INSERT INTO way SELECT 'spilled partitionwise', * FROM built;
-- It spills: proven by forbidding it.
\set VERBOSITY sqlstate
SET temp_file_limit = 0;
SELECT count(j) FROM built;
RESET temp_file_limit;
RESET ALL;
SET search_path = public, lead_kpi;
SET timezone = 'UTC';
SELECT count(*) AS left_over FROM pg_ls_dir('base/pgsql_tmp', true, false);
SELECT way, key, j::text = (SELECT j::text FROM way WHERE way = 'serial' AND key = 'bigint') AS same,
	journeys_send(j) = (SELECT journeys_send(j) FROM way WHERE way = 'serial' AND key = 'bigint') AS same_bytes
FROM way ORDER BY way COLLATE "C", key;
SELECT i.* FROM way, ignored(j) i WHERE way = 'serial' AND key = 'bigint' AND i.reason <> 'before_lookback' AND i.rows > 0;

-- A conversion joined to each touch of its lead, several times.
CREATE TABLE joined AS
SELECT t.lead, t.channel, t.touched_at, c.converted_at, c.value
FROM large t JOIN large c ON c.lead = t.lead AND c.channel IS NULL WHERE t.channel IS NOT NULL AND isfinite(t.touched_at) AND isfinite(c.converted_at);
CREATE TABLE owner AS
SELECT lead, channel, touched_at, NULL::timestamptz AS converted_at, NULL::float8 AS value
FROM large t WHERE channel IS NOT NULL AND isfinite(touched_at) AND lead IN (SELECT lead FROM joined)
UNION ALL SELECT lead, NULL, NULL, converted_at, value FROM large WHERE channel IS NULL AND isfinite(converted_at) AND lead IN (SELECT lead FROM joined);
SELECT (SELECT count(*) > 100000 FROM joined) AS many,
	(SELECT journeys_send(journeys(lead, channel, touched_at, converted_at, value, '9 days')) FROM joined)
	= (SELECT journeys_send(journeys(lead, channel, touched_at, converted_at, value, '9 days')) FROM owner) AS same;

-- Leads whose keys have one hash: uuids made so that the reversible mix collides.
CREATE TABLE collision AS
SELECT (pg_temp.hex64(pg_temp.xor64(pg_temp.mix(low), 123456789)) || pg_temp.hex64(low::numeric))::uuid AS lead, low FROM generate_series(1, 200) low;
SELECT times, a.j::text = b.j::text AS same, (SELECT sum(nulls) FROM paths(a.j)) AS nulls, (SELECT sum(conversions) FROM paths(a.j)) AS conversions
FROM generate_series(1, 41, 40) times,
	LATERAL (SELECT journeys(lead, 'c' || (low * n) % 7, timestamptz '2026-01-01' + n * interval '1 hour', CASE WHEN low % 3 = 0 THEN timestamptz '2026-01-01 05:00' + low * interval '1 minute' END, low) AS j
		FROM collision, generate_series(1, times) n) a,
	LATERAL (SELECT journeys(low, 'c' || (low * n) % 7, timestamptz '2026-01-01' + n * interval '1 hour', CASE WHEN low % 3 = 0 THEN timestamptz '2026-01-01 05:00' + low * interval '1 minute' END, low) AS j
		FROM collision, generate_series(1, times) n) b
ORDER BY times;

DROP VIEW built;
DROP TABLE large, way, joined, owner, collision;
