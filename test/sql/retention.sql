-- retention: who was seen, and seen again.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

CREATE TABLE visit (lead integer, day date);
INSERT INTO visit VALUES
	(1, '2026-01-01'), (1, '2026-01-02'), (1, '2026-01-03'),
	(2, '2026-01-01'), (2, '2026-01-03'),
	(3, '2026-01-03'), (3, '2026-01-01'),
	(4, '2026-01-02'), (4, '2026-01-03'),
	(5, NULL);

-- Element k: condition 1 and condition k, in any order and whether or not condition k - 1 was met.
SELECT lead, retention(day = '2026-01-01', day = '2026-01-02', day = '2026-01-03') AS seen
FROM visit GROUP BY lead ORDER BY lead;

-- The share of the first day's leads who came back.
SELECT day, count(*) FILTER (WHERE seen[day]) AS leads
FROM (SELECT retention(day = '2026-01-01', day = '2026-01-02', day = '2026-01-03') AS seen
	FROM visit GROUP BY lead) s, generate_series(1, 3) day
GROUP BY day ORDER BY day;

-- Never NULL; all false without rows, and without a length when an array would have given it.
SELECT retention(true, true) AS no_rows, retention(true, true) FILTER (WHERE lead > 9) AS filtered,
	retention(VARIADIC ARRAY[true, true]) AS no_rows_array
FROM visit WHERE false;
SELECT retention(true, NULL::boolean, true) AS null_is_false, retention(NULL::boolean, true) AS never_first,
	retention(VARIADIC ARRAY[true, NULL, true]) AS from_array, retention(true) AS one
FROM visit;
SELECT retention(VARIADIC array_fill(true, ARRAY[32])) = array_fill(true, ARRAY[32]) AS all_32 FROM visit;

-- Partial states.
CREATE TABLE event (lead integer, part integer, step integer) PARTITION BY LIST (part);
CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (0);
CREATE TABLE event_2 PARTITION OF event FOR VALUES IN (1);
CREATE TABLE event_3 PARTITION OF event FOR VALUES IN (2);
INSERT INTO event SELECT lead, (lead + i) % 3, lead * i * i % 37 FROM generate_series(1, 200) lead, generate_series(1, 30) i;
ANALYZE event;
CREATE TEMP TABLE expected AS
SELECT lead, ARRAY[bool_or(step = 1), bool_or(step = 1) AND bool_or(step = 2), bool_or(step = 1) AND bool_or(step = 3)] AS seen
FROM event GROUP BY lead;

CREATE FUNCTION wrong() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT count(*) FROM expected e FULL JOIN (
		SELECT lead, retention(step = 1, step = 2, step = 3) AS seen FROM event GROUP BY lead) s USING (lead)
		WHERE e.seen IS DISTINCT FROM s.seen);
END
$$;
CREATE FUNCTION aggregates_planned(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Aggregate|Gather|Workers' THEN
			RETURN NEXT line;
		END IF;
	END LOOP;
END
$$;

SET max_parallel_workers_per_gather = 0;
SELECT wrong() AS serial;
SET enable_partitionwise_aggregate = on;
SELECT aggregates_planned('SELECT lead, retention(step = 1, step = 2) FROM event GROUP BY lead');
SELECT wrong() AS partitions;
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT aggregates_planned('SELECT retention(step = 1, step = 2) FROM event');
SELECT retention(step = 1, step = 2, step = 9) AS parallel FROM event;
SELECT retention(step = 1, step = 2, step = 9) AS parallel_no_rows FROM event WHERE lead < 0;
RESET ALL;
SET search_path = public, lead_kpi;

-- As a window aggregate.
SELECT i, retention(i = 1, i = 3) OVER (ORDER BY i) AS growing FROM generate_series(1, 4) i;

-- Bad input.
SELECT retention(lead) FROM visit;
SELECT retention(true, 'x') FROM visit;
-- The server's own message, whose details depend on its version.
\set VERBOSITY terse
SELECT retention() FROM visit;
\set VERBOSITY default
SELECT retention(VARIADIC '{}'::boolean[]) FROM visit;
SELECT retention(VARIADIC array_fill(true, ARRAY[33])) FROM visit;
SELECT retention(VARIADIC array_fill(true, ARRAY[lead])) FROM visit;
SELECT retention_final(-1, true);

DROP TABLE visit, event;
DROP FUNCTION wrong(), aggregates_planned(text);
