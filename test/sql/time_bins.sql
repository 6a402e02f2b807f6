-- time_bins: how many rows there are in each 30 days, and the latest of them so far (below data_span).
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

-- NULL and infinite times count for nothing; before 2000 a bin begins before its times, as after.
SELECT u.* FROM unnest((SELECT time_bins(at, '2026-01-15 00:00+00') FROM (VALUES (timestamptz '2026-01-10 10:00+00'), ('2026-01-15 00:00+00'), ('2026-01-15 00:00:00.000001+00'),
	('1999-12-31 23:59:59+00'), ('2000-01-01 00:00+00'), ('2030-05-05 00:00+00'), ('infinity'), ('-infinity'), (NULL)) v(at))) u;
SELECT time_bins(at, now()) FROM (VALUES (timestamptz 'infinity'), (NULL)) v(at);
SELECT time_bins(at, now()) FROM (SELECT now() AS at LIMIT 0) v;
SELECT u.* FROM unnest((SELECT time_bins('2026-01-10 10:00+00', NULL))) u;
-- The first and the last time that there is.
SELECT started <= at AS begins_before, rows, latest = at AS latest FROM (VALUES (timestamptz '4714-11-24 00:00:00+00 BC'), ('294276-12-31 23:59:59.999999+00')) v(at),
	LATERAL (SELECT time_bins(x, 'infinity') AS bins FROM unnest(ARRAY[v.at]) x) b, unnest(b.bins) u ORDER BY at;

-- As date_bin and GROUP BY count them; and the same from parallel workers.
CREATE TABLE moment AS
SELECT nullif(timestamptz '1990-01-01 00:00+00' + (hashint8extended(n, 1) & 2147483647) * interval '1 second', timestamptz '1990-01-01 00:00+00') AS at FROM generate_series(1, 20000) n
UNION ALL SELECT timestamptz '2020-01-01 00:00+00' + n * interval '3 hours' FROM generate_series(1, 20000) n;
ALTER TABLE moment SET (parallel_workers = 4);
ANALYZE moment;
CREATE TABLE naive AS
SELECT date_bin('30 days', at, '2000-01-01 00:00+00') AS started, count(*) AS rows, max(at) FILTER (WHERE at <= '2021-01-01 00:00+00') AS latest FROM moment WHERE at IS NOT NULL GROUP BY 1;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT u.* FROM unnest((SELECT time_bins(at, '2021-01-01 00:00+00') FROM moment)) u;
SELECT count(*) > 800 AS many FROM serial;
(TABLE serial EXCEPT TABLE naive) UNION ALL (TABLE naive EXCEPT TABLE serial);
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has('SELECT time_bins(at, ''2021-01-01 00:00+00'') FROM moment', 'Partial Aggregate') AS parallel;
CREATE TABLE parallel AS SELECT u.* FROM unnest((SELECT time_bins(at, '2021-01-01 00:00+00') FROM moment)) u;
(TABLE parallel EXCEPT TABLE naive) UNION ALL (TABLE naive EXCEPT TABLE parallel);
DROP TABLE moment, naive, serial, parallel;
