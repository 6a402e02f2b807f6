-- Durations of a funnel: exact while few differ, in buckets beyond that, whatever the order; values of the version before are read.
\set VERBOSITY default
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET intervalstyle = postgres;

-- A funnel of two stages whose durations are these.
CREATE FUNCTION funnel_of(durations interval[]) RETURNS funnel LANGUAGE sql IMMUTABLE AS $$
	SELECT funnel(n, stage, timestamptz '2026-01-01' + at, '{lead,won}')
	FROM unnest(durations) WITH ORDINALITY d(duration, n), LATERAL (VALUES ('lead', interval '0'), ('won', duration)) e(stage, at)
$$;

-- As a CRM with closing days has it: 4 000 sales after 140 different numbers of days, half of them within 57.
CREATE TABLE sale AS SELECT n AS lead, CASE WHEN n <= 2000 THEN n % 58 ELSE 57 + n % 83 END * interval '1 day' AS duration FROM generate_series(1, 4000) n;
SELECT days, s.median, s.p90, s.mean, exact_median, exact_p90, octet_length(funnel_send(f)) < 600 AS small
FROM (SELECT funnel_of(array_agg(duration)) AS f, count(DISTINCT duration) AS days, percentile_disc(0.5) WITHIN GROUP (ORDER BY duration) AS exact_median,
	percentile_disc(0.9) WITHIN GROUP (ORDER BY duration) AS exact_p90 FROM sale) x, steps(f) s WHERE s.position = 2;
-- Every quantile is percentile_disc's. So the median of an even number is the smaller of the two in the middle.
SELECT count(*) AS quantiles, count(*) FILTER (WHERE elapsed(f, 'lead', 'won', q / 200.0) <> disc) AS differ
FROM (SELECT funnel_of(array_agg(duration)) AS f FROM sale) x,
	(SELECT q, percentile_disc(q / 200.0) WITHIN GROUP (ORDER BY duration) AS disc FROM sale, generate_series(0, 200) q GROUP BY q) d;
SELECT elapsed(funnel_of('{8 minutes,20 minutes}'), 'lead', 'won', 0.5) AS lower_of_two, elapsed(funnel_of('{8 minutes,20 minutes,30 minutes}'), 'lead', 'won', 0.5) AS middle,
	elapsed(funnel_of('{0,0,1 microsecond}'), 'lead', 'won', 0.5) AS zero, elapsed(funnel_of('{57 days 00:00:00.000001}'), 'lead', 'won', 0.5) AS one;

-- Where few ends: 64 durations, or 512 if all are whole minutes. One second among many minutes is enough.
CREATE TABLE edge AS
SELECT what, array_agg(duration ORDER BY n) AS durations
FROM (SELECT 'seconds 64' AS what, n, n * n * interval '17 seconds' AS duration FROM generate_series(1, 64) n
	UNION ALL SELECT 'seconds 65', n, n * n * interval '17 seconds' FROM generate_series(1, 65) n
	UNION ALL SELECT 'minutes 512', n, n * interval '61 minutes' FROM generate_series(1, 512) n
	UNION ALL SELECT 'minutes 513', n, n * interval '61 minutes' FROM generate_series(1, 513) n
	UNION ALL SELECT 'minutes 64 and a second', n, CASE n WHEN 65 THEN interval '1 second' ELSE n * interval '1 day' END FROM generate_series(1, 65) n
	UNION ALL SELECT 'minutes 63 and a second', n, CASE n WHEN 64 THEN interval '1 second' ELSE n * interval '1 day' END FROM generate_series(1, 64) n
	UNION ALL SELECT 'a second and minutes 300', n, CASE n WHEN 0 THEN interval '1 second' ELSE n * interval '1 day' END FROM generate_series(0, 300) n
	UNION ALL SELECT 'often the same', n, n % 512 * interval '1 minute' FROM generate_series(1, 2000) n
	UNION ALL SELECT 'nothing but zero', n, '0' FROM generate_series(1, 3) n
	UNION ALL SELECT 'the longest', n, n * interval '100000000 days' + interval '1 minute' FROM generate_series(0, 1) n) e GROUP BY what;
SELECT what, cardinality(durations) AS leads, e ? 'durations' AS exact, jsonb_array_length(coalesce(e -> 'durations', e -> 'buckets')) AS parts
FROM edge, jsonb_path_query(funnel_of(durations)::jsonb, '$.elapsed[0]') e ORDER BY what COLLATE "C";
-- A function of the durations: reversed, in two parts and in seven, a lead at a time, through text and through bytes.
CREATE CAST (bytea AS funnel) WITHOUT FUNCTION;
SELECT way, count(*) AS of, count(*) FILTER (WHERE f::text = funnel_of(durations)::text) AS same_text, count(*) FILTER (WHERE funnel_send(f) = funnel_send(funnel_of(durations))) AS same_bytes
FROM edge, LATERAL (
	SELECT 'reversed' AS way, funnel_of(array_agg(d ORDER BY n DESC)) AS f FROM unnest(durations) WITH ORDINALITY u(d, n)
	UNION ALL SELECT 'through text', funnel_of(durations)::text::funnel
	-- Of another order than it is printed in.
	UNION ALL SELECT 'through JSON', funnel_of(durations)::text::jsonb::text::funnel
	UNION ALL SELECT 'through bytes', funnel_send(funnel_of(durations))::funnel
	UNION ALL SELECT '+', a + b FROM (SELECT funnel_of(durations[:cardinality(durations) / 2]) AS a, funnel_of(durations[cardinality(durations) / 2 + 1:]) AS b) h
	UNION ALL SELECT '+ the other way round', b + a FROM (SELECT funnel_of(durations[:cardinality(durations) / 2]) AS a, funnel_of(durations[cardinality(durations) / 2 + 1:]) AS b) h
	UNION ALL SELECT 'rollup of parts', rollup(p ORDER BY part DESC) FROM (SELECT n % 7 AS part, funnel_of(array_agg(d)) AS p FROM unnest(durations) WITH ORDINALITY u(d, n) GROUP BY 1) r
	UNION ALL SELECT 'rollup of leads', rollup(funnel_of(ARRAY[d]) ORDER BY n) FROM unnest(durations) WITH ORDINALITY u(d, n)) w
GROUP BY way ORDER BY way COLLATE "C";
-- Beyond it quantiles are within 1 %, and exact at 0 and 1; the mean is exact.
SELECT what, max(abs(extract(epoch FROM elapsed(f, 'lead', 'won', q / 20.0)) / extract(epoch FROM disc) - 1)) <= 0.01 AS within_a_hundredth,
	bool_and(elapsed(f, 'lead', 'won', q / 20.0) = disc) FILTER (WHERE q IN (0, 20)) AS exact_ends, min(elapsed(f, 'lead', 'won')) = min(mean) AS exact_mean
FROM (SELECT what, funnel_of(durations) AS f, q, percentile_disc(q / 20.0) WITHIN GROUP (ORDER BY d) AS disc, justify_hours(avg(d)) AS mean
	FROM edge, generate_series(0, 20) q, unnest(durations) d WHERE what IN ('seconds 65', 'minutes 513') GROUP BY what, durations, q) x
GROUP BY what ORDER BY what;

-- Version 1 kept every duration in buckets. Its values, as that build wrote them, in both forms; and as this one writes them.
\set text_1 '{"version": 1, "policy": "reached", "timing": "first_touch", "within": 25920000000000, "ladder": ["lead", "mql", "sql", "won"], "rows_used": 23, "ignored": {"null_lead": 0, "null_stage": 0, "null_time": 0, "infinite_time": 0, "unknown_stage": 0, "no_condition": 0}, "never_entered": 0, "leads": [9, 7, 6, 1], "elapsed": [{"from": 1, "to": 2, "sum": 35078400000000, "min": 86400000000, "max": 9936000000000, "buckets": [[2000, 2], [2376, 3], [2440, 2]]}, {"from": 1, "to": 3, "sum": 31104000000000, "min": 259200000000, "max": 10108800000000, "buckets": [[2104, 2], [2379, 2], [2441, 2]]}, {"from": 2, "to": 3, "sum": 1036800000000, "min": 172800000000, "max": 172800000000, "buckets": [[2064, 6]]}, {"from": 1, "to": 4, "sum": 17283600000000, "min": 17283600000000, "max": 17283600000000, "buckets": [[2493, 1]]}, {"from": 2, "to": 4, "sum": 12272400000000, "min": 12272400000000, "max": 12272400000000, "buckets": [[2457, 1]]}, {"from": 3, "to": 4, "sum": 12099600000000, "min": 12099600000000, "max": 12099600000000, "buckets": [[2456, 1]]}]}'
\set bytes_1 '\\x010100808092c3aff20504046c656164036d716c0373716c03776f6e1700000000000000090706010380c0ddeec1028080a3cfd49e02008080c99cf5fc07d00f02f8020340020380c098ccc5078080a3cfd49e02008080fcb69f8907b810029302023e02018080bbdd830500008080e2b0961e9010060080c8dab682f7030080c8aba096e5020080c8f0c292e002'
SELECT position, stage, leads, median, p90, mean FROM steps(:'text_1'::funnel);
SELECT :'text_1'::funnel::text = :'bytes_1'::bytea::funnel::text AS same, :'text_1'::funnel::text = replace(:'text_1', '"version": 1', '"version": 2') AS all_in_buckets;
SELECT :'bytes_1'::bytea::funnel;
SELECT f::text::funnel::text = f::text AS through_text, funnel_send(f)::funnel::text = f::text AS through_bytes, (f + f)::text = (SELECT rollup(x)::text FROM (VALUES (f), (f)) v(x)) AS adds_up
FROM (SELECT :'bytes_1'::bytea::funnel AS f) x;
-- Added to what is new, its buckets stay, in any order; what was one duration is exact.
CREATE TABLE mixed AS
SELECT ARRAY[:'text_1'::funnel, funnel(100 + n, stage, timestamptz '2026-01-01' + at, '{lead,mql,sql,won}', '300 days', 'reached'), :'bytes_1'::bytea::funnel] AS f
FROM generate_series(1, 5) n, (VALUES ('lead', interval '0'), ('sql', '57 days')) e(stage, at);
SELECT f[1] + f[2] AS old_and_new FROM mixed;
SELECT count(DISTINCT (f[a] + f[b] + f[c])::text) AS sums, min(elapsed(f[a] + f[b] + f[c], 'mql', 'sql', 0.5)) AS exact, min(elapsed(f[a] + f[b] + f[c], 'lead', 'sql', 0.5)) AS about_57_days
FROM mixed, generate_series(1, 3) a, generate_series(1, 3) b, generate_series(1, 3) c WHERE a <> b AND b <> c AND c <> a;

-- What does not fit together is refused. In text:
\set around '{"version": 2, "policy": "ordered", "timing": "first_touch", "within": null, "ladder": ["a", "b"], "rows_used": 9, "ignored": {"null_lead": 0, "null_stage": 0, "null_time": 0, "infinite_time": 0, "unknown_stage": 0, "no_condition": 0}, "never_entered": 0, "leads": [3, 3], "elapsed": [{"from": 1, "to": 2, %s}]}'
SELECT what, pg_temp.failure(format('SELECT %L::lead_kpi.funnel', format(:'around', what)))
FROM unnest(ARRAY['"sum": 7, "min": 1, "max": 5, "durations": [[1, 2], [5, 1]]', '"sum": 7, "min": 1, "max": 5, "durations": [[5, 1], [1, 2]]', '"sum": 11, "min": 1, "max": 5, "durations": [[5, 1], [5, 2]]',
	'"sum": 8, "min": 1, "max": 5, "durations": [[1, 2], [5, 1]]', '"sum": 7, "min": 0, "max": 5, "durations": [[1, 2], [5, 1]]', '"sum": 7, "min": 1, "max": 6, "durations": [[1, 2], [5, 1]]',
	'"sum": 6, "min": 1, "max": 5, "durations": [[1, 1], [5, 1]]', '"sum": 0, "min": 0, "max": 0, "durations": []', '"sum": 7, "min": 1, "max": 5, "durations": [[1, 2], [5]]', '"sum": 7, "min": 1, "max": 5, "durations": [[1, 3], [5, 0]]',
	'"sum": 7, "min": 1, "max": 5, "durations": [[-1, 2], [5, 1]]', '"sum": 7, "min": 1, "max": 5', '"sum": 7, "min": 1, "max": 5, "durations": {}', '"sum": 15, "min": 5, "max": 5, "buckets": [[5, 3]]']) WITH ORDINALITY w(what, n) ORDER BY n;
SELECT (replace(format(:'around', '"sum": 15, "min": 5, "max": 5, "buckets": [[5, 3]]'), '"version": 2', v)::funnel::jsonb #> '{elapsed,0,durations}') AS one_duration FROM unnest('{"\"version\": 1","\"version\": 2"}'::text[]) v;
SELECT pg_temp.failure(format('SELECT %L::lead_kpi.funnel', replace(format(:'around', '"sum": 7, "min": 1, "max": 5, "durations": [[1, 2], [5, 1]]'), '"version": 2', v))) FROM unnest('{"\"version\": 1","\"version\": 3"}'::text[]) v;
SELECT n, pg_temp.failure(format('SELECT %L::lead_kpi.funnel', replace(replace(format(:'around', format('"sum": %s, "min": %s, "max": %s, "durations": [%s]', unit * n * (n + 1) / 2, unit, unit * n,
	(SELECT string_agg(format('[%s, 1]', i * unit), ', ') FROM generate_series(1, n) i))), '[3, 3]', format('[%s, %s]', n, n)), '"rows_used": 9', '"rows_used": 1000')))
FROM (VALUES (64, 1), (65, 1), (512, 60000000::bigint), (513, 60000000)) v(n, unit);
-- In bytes: after the ladder a, b and what is counted come the durations.
SELECT encode(funnel_send(funnel_of('{2 days,2 days,4 days}')), 'hex') AS bytes, encode(funnel_send(funnel_of('{0,0,0}')), 'hex') AS zeros \gset
SELECT :'bytes' AS days, :'zeros' AS zeros;
SELECT what, pg_temp.failure(format('SELECT %L::bytea::lead_kpi.funnel::text', '\x' || substr(:'bytes', 1, length(:'bytes') - 22) || replace(tail, ' ', '')))
FROM (VALUES ('as it is', '04 8080bbdd8305 0102 0101'), ('half the unit', '04 80c0ddeec102 0202 0201'), ('no unit', '04 00 0102 0101'), ('twice the same', '04 8080bbdd8305 0102 0001'), ('none of one', '04 8080bbdd8305 0103 0100'),
	('too few', '04 8080bbdd8305 0101 0101'), ('beyond 64 bits', '04 8080bbdd8305 0102 8080808080800101'), ('a unit beyond 64 bits', '04 ffffffffffffffffff01 0102 0101'), ('more than the bytes', '06 8080bbdd8305 0102 0101'),
	('cut', '04 8080bbdd8305 0102 01'), ('513 durations', '8208 8080bbdd8305 ' || repeat('0101', 513)), ('too many for bytes', 'ffffff7f 8080bbdd8305 0103'), ('buckets', '05 8080bbdd8305 8080bbdd8305 00 808084b19510 901002 4001'),
	('buckets of one duration', '03 8080bbdd8305 00 00 8080b1988b0f 901003'), ('one duration in the long form', '02 8080bbdd8305 0101')) v(what, tail);
SELECT pg_temp.failure(format('SELECT %L::bytea::lead_kpi.funnel::text', '\x0' || v || substr(:'bytes', 3))) FROM (VALUES (0), (1), (3)) x(v);
-- Taking out: what is left is the funnel of the other leads, bit for bit, or NULL where buckets do not tell.
SELECT subtract(funnel_of('{1 day,2 days,2 days,3 days}'), funnel_of('{2 days,3 days}'))::text = funnel_of('{1 day,2 days}')::text AS few, subtract(funnel_of('{1 day}'), funnel_of('{1 day}')) AS none,
	subtract(NULL, funnel_of('{1 day}')) IS NULL AND subtract(funnel_of('{1 day}'), NULL) IS NULL AS nulls;
-- 200 leads whose durations differ, by seconds: the first and the last may be the extremes; 64 or fewer that are left have a form that buckets do not tell.
SELECT what, subtract(f, part) IS NULL AS unknown, funnel_send(subtract(f, part)) = funnel_send(rest) AS same
FROM (SELECT what, funnel_of(array_agg(d ORDER BY n)) AS f, funnel_of(array_agg(d) FILTER (WHERE out)) AS part, funnel_of(array_agg(d) FILTER (WHERE NOT out)) AS rest
	FROM (SELECT what, n, n * n * interval '17 seconds' AS d, n BETWEEN low AND high AS out
		FROM (VALUES ('one in the middle', 7, 7), ('the first', 1, 1), ('the last', 200, 200), ('all but 70', 71, 199), ('all but 65 at the ends', 34, 168), ('all but the last', 1, 199), ('all but the first', 2, 200)) v(what, low, high),
			generate_series(1, 200) n) l GROUP BY what) x ORDER BY what COLLATE "C";
-- Of an extreme that others have too nothing is lost where it has a bucket of its own: below 128 microseconds.
SELECT funnel_send(subtract(funnel_of('{0,0}' || many), funnel_of('{0}'))) = funnel_send(funnel_of('{0}' || many)) AS zero, subtract(funnel_of('{0}' || many), funnel_of('{0}')) IS NULL AS the_only_zero,
	subtract(funnel_of('{1 hour,1 hour}' || many), funnel_of('{1 hour}')) IS NULL AS one_hour
FROM (SELECT array_agg(n * interval '100 hours' + n * n * interval '17 seconds') AS many FROM generate_series(1, 150) n) m;
-- What is left is told by those of it that have durations, if these are all: as many, with the same sum.
SELECT what, funnel_send(subtract(f, part, rest)) = funnel_send(rest) AS same, subtract(f, part, part) IS NULL AS others, subtract(f, part, f) IS NULL AS more
FROM (SELECT what, funnel_of(array_agg(d ORDER BY n)) AS f, funnel_of(array_agg(d) FILTER (WHERE out)) AS part, funnel_of(array_agg(d) FILTER (WHERE NOT out)) AS rest
	FROM (SELECT what, n, n * n * interval '17 seconds' AS d, n BETWEEN low AND high AS out
		FROM (VALUES ('the first', 1, 1), ('the last', 200, 200), ('all but 70', 71, 199), ('all but 65 at the ends', 34, 168)) v(what, low, high), generate_series(1, 200) n) l GROUP BY what) x
ORDER BY what COLLATE "C";
-- An extreme that one has who stays is not gone; what cannot be among those that stay tells nothing.
SELECT what, subtract(f, part) IS NULL AS unknown, funnel_send(subtract(f, part, stays)) = funnel_send(rest) AS same, subtract(f, part, funnel_of('{1700 seconds}')) IS NULL AS other, subtract(f, part, stays + stays) IS NULL AS twice
FROM (SELECT what, funnel_of(many || stay || go) AS f, funnel_of(go) AS part, funnel_of(stay) AS stays, funnel_of(many || stay) AS rest
	FROM (SELECT array_agg(n * n * interval '17 seconds' ORDER BY n) AS many FROM generate_series(2, 199) n) m,
		(VALUES ('the first', '{17 seconds}'::interval[], '{17 seconds}'::interval[]), ('the last', '{680000 seconds}', '{680000 seconds}'), ('both', '{17 seconds,680000 seconds}', '{680000 seconds,2 hours,17 seconds}')) v(what, stay, go)) x
ORDER BY what COLLATE "C";
SELECT subtract(f, f, NULL) IS NULL AS null, pg_temp.failure('SELECT lead_kpi.subtract(funnel_of(''{1 day}''), funnel_of(''{1 day}''), (SELECT lead_kpi.funnel(1, ''lead'', now(), ''{lead,mql}'')))')
FROM funnel_of('{1 day}') f;
-- No part: an error.
SELECT pg_temp.failure(format('SELECT lead_kpi.subtract(%s)', arguments)) FROM unnest(ARRAY['funnel_of(''{1 day,2 days}''), funnel_of(''{3 days}'')', 'funnel_of(''{1 day}''), funnel_of(''{1 day,1 day}'')',
	'funnel_of(''{1 day,2 days}''), funnel_of(''{1 day,1 day}'')', 'funnel_of(''{1 day}''), (SELECT lead_kpi.funnel(1, ''lead'', now(), ''{lead,mql}''))',
	'(SELECT funnel_of(array_agg(n * interval ''1 hour'' + interval ''1 second'')) FROM generate_series(1, 99) n), funnel_of(''{90 minutes,90 minutes}'')']) WITH ORDINALITY a(arguments, n) ORDER BY n;
-- Random leads, by seconds, minutes, days, of all sizes, and tiny, cut into parts at random: added up in any order they are the whole, and each taken out leaves the rest or is not told.
-- Of few that differ, seen in the whole's form, it is always told.
CREATE TABLE cut AS
SELECT kind, seed, funnel(n, stage, timestamptz '2026-01-01' + at, '{lead,mql,won}') AS f, part
FROM (SELECT kind, seed, n, (h >> 50) % (2 + seed % 6) AS part, (h & 3) AS depth, CASE kind WHEN 'seconds' THEN (h >> 4) % 8640000 * interval '1 second' WHEN 'minutes' THEN (h >> 4) % 700 * interval '1 minute'
		WHEN 'days' THEN (h >> 4) % 90 * interval '1 day' WHEN 'tiny' THEN (h >> 4) % 140 * interval '1 microsecond' ELSE round(exp((h >> 4) % 1000000 / 1e6 * 32)) * interval '1 microsecond' END AS d
	FROM unnest('{seconds,minutes,days,any,tiny}'::text[]) kind, generate_series(1, 15) seed, generate_series(1, 1 + seed * seed * 8) n, LATERAL (SELECT hashint8extended(n * 1000 + seed, 7) & 9223372036854775807 AS h) k) l,
	LATERAL (VALUES ('lead', interval '0', 0), ('mql', d, 1), ('won', 2 * d + interval '3 minutes', 2)) e(stage, at, least)
WHERE depth >= least GROUP BY kind, seed, part;
CREATE TABLE whole AS
SELECT kind, seed, rollup(f ORDER BY part) AS f, rollup(f ORDER BY part DESC) AS other FROM cut GROUP BY kind, seed;
SELECT kind, count(*) AS wholes, count(*) FILTER (WHERE funnel_send(f) = funnel_send(other)) AS same FROM whole GROUP BY kind ORDER BY kind COLLATE "C";
SELECT kind, count(*) AS parts, count(s) AS told, count(*) FILTER (WHERE funnel_send(s) = funnel_send(rest)) AS same, count(*) FILTER (WHERE s IS NULL AND exact) AS missed
FROM (SELECT w.kind, subtract(w.f, c.f) AS s, (SELECT rollup(o.f) FROM cut o WHERE (o.kind, o.seed) = (c.kind, c.seed) AND o.part <> c.part) AS rest, w.exact
	FROM (SELECT *, NOT f::jsonb @? '$.elapsed[*].buckets' AS exact FROM whole OFFSET 0) w JOIN cut c USING (kind, seed) WHERE EXISTS (SELECT FROM cut o WHERE (o.kind, o.seed) = (c.kind, c.seed) AND o.part <> c.part)) x
GROUP BY kind ORDER BY kind COLLATE "C";
-- What is no part, or by chance could be one: refused, not told, or such that both add up to the whole.
CREATE FUNCTION pg_temp.taken_out(f funnel, part funnel) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	rest funnel := subtract(f, part);
BEGIN
	RETURN CASE WHEN rest IS NULL THEN 'not told' WHEN funnel_send(rest + part) = funnel_send(f) THEN 'adds up' ELSE 'wrong' END;
END
$$;
CREATE FUNCTION pg_temp.try_taking_out(f funnel, part funnel) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.taken_out(f, part);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE TABLE few AS
SELECT kind, i, funnel_of(array_agg(d)) AS f
FROM unnest('{seconds,minutes,tiny}'::text[]) kind, generate_series(1, 40) i, generate_series(1, 1 + i % 4 * (i % 3 * 30 + 1)) n,
	LATERAL (SELECT (hashint8extended(i * 1000 + n, 3) & 65535) % (2 + i % 5) * CASE kind WHEN 'seconds' THEN interval '7 seconds' WHEN 'minutes' THEN interval '1 minute' ELSE interval '50 microseconds' END
		+ i % 2 * n * CASE kind WHEN 'tiny' THEN interval '1 microsecond' ELSE interval '1 minute' END AS d) h
GROUP BY kind, i;
SELECT outcome, count(*) FROM few w JOIN few p USING (kind), pg_temp.try_taking_out(w.f, p.f) AS outcome WHERE w.i <> p.i GROUP BY outcome ORDER BY outcome COLLATE "C";
DROP TABLE cut, whole, few;

DROP CAST (bytea AS funnel);
DROP TABLE sale, edge, mixed;
DROP FUNCTION funnel_of;
