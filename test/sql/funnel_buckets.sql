-- A table partitioned by a bucket of the lead: every process counts whole buckets, and only summaries are handed over (doc/funnel.md, "In parallel").
\set VERBOSITY default
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

-- Below the Gather, aggregates of whole partitions: no scan is shared.
CREATE FUNCTION pg_temp.counts_whole_buckets(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		plan := plan || line || ' ';
	END LOOP;
	RETURN plan ~ 'Gather.*Parallel Append.*-> +(Hash|Group)?Aggregate .*-> +Seq Scan on bucketed' AND plan !~ 'Parallel Seq Scan';
END
$$;

CREATE TABLE bucketed (lead_id bigint, stage text, entered_at timestamptz) PARTITION BY LIST ((lead_id & 3));
CREATE TABLE bucketed_0 PARTITION OF bucketed FOR VALUES IN (0, NULL);
CREATE TABLE bucketed_1 PARTITION OF bucketed FOR VALUES IN (1);
CREATE TABLE bucketed_2 PARTITION OF bucketed FOR VALUES IN (2);
CREATE TABLE bucketed_3 PARTITION OF bucketed FOR VALUES IN (3);
INSERT INTO bucketed
SELECT nullif(hashint8extended(n, 1) % 4000, 7), ('{lead,mql,sql,won,lost}'::text[])[1 + (hashint8extended(n, 2) & 1023) % 5],
		timestamptz '2026-01-01' + (hashint8extended(n, 3) & 8388607) * interval '1 second'
FROM generate_series(1, 40000) n;
ANALYZE bucketed;

SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET jit = off;

-- Without the setting a worker sees rows of all leads.
SELECT pg_temp.counts_whole_buckets($$SELECT rollup(f) FROM (SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f FROM bucketed GROUP BY lead_id & 3) b$$);
-- With it a bucket is counted whole, by one process.
SET enable_partitionwise_aggregate = on;
SELECT pg_temp.counts_whole_buckets($$SELECT rollup(f) FROM (SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f FROM bucketed GROUP BY lead_id & 3) b$$);
CREATE TABLE by_bucket AS
SELECT rollup(f) AS f, rollup(c) AS c FROM
	(SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f, funnel(lead_id::text, stage, entered_at, '{lead,mql,sql,won}', '30 days') AS c
		FROM bucketed GROUP BY lead_id & 3) b;
RESET enable_partitionwise_aggregate;

-- The same without GROUP BY, a funnel for each partition: no row is looked up, no setting is needed, and the partitions may be those of a hash.
CREATE TABLE bucketed_hash (LIKE bucketed) PARTITION BY HASH (lead_id);
SELECT format('CREATE TABLE bucketed_hash_%1$s PARTITION OF bucketed_hash FOR VALUES WITH (MODULUS 4, REMAINDER %1$s)', n) FROM generate_series(0, 3) n \gexec
INSERT INTO bucketed_hash TABLE bucketed;
ANALYZE bucketed_hash;
SELECT format('SELECT rollup(f) AS f FROM (%s) b', string_agg(format($$SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f FROM bucketed_hash_%s$$, n), ' UNION ALL ' ORDER BY n)) AS by_partition FROM generate_series(0, 3) n \gset
SELECT pg_temp.counts_whole_buckets(:'by_partition');
CREATE TABLE by_partition AS :by_partition;
SET max_parallel_workers_per_gather = 0;
SELECT b.f::text = s.f::text AS same FROM by_partition b, (SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f FROM bucketed) s;
SELECT b.f::text = s.f::text AS same, b.c::text = s.c::text AS same_within, leads_of.*
FROM by_bucket b,
		(SELECT funnel(lead_id, stage, entered_at, '{lead,mql,sql,won}') AS f, funnel(lead_id::text, stage, entered_at, '{lead,mql,sql,won}', '30 days') AS c FROM bucketed) s,
		LATERAL (SELECT conversion(b.f, 'lead', 'won')) leads_of;
DROP TABLE by_bucket, by_partition, bucketed, bucketed_hash;
