-- journeys: paths to conversions as one value; text and binary form, transformations, the order of what is added.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- A small table of paths -----------------------------------------------------

CREATE TEMP TABLE path (path text[], conversions bigint, value float8, nulls bigint);
INSERT INTO path VALUES ('{ads,email,direct}', 4, 4000, 6), ('{ads,ads,email}', 3, 4500.75, 5), ('{seo}', 5, 2500, 40),
	('{ads,email,direct}', 1, 0.1, 0), ('{ads,email,direct}', 1, 0.2, 0), ('{}', 2, 70, 0), (NULL, 9, 1, 1),
	('{seo,direct}', NULL, NULL, 3), ('{never}', 0, 0, 0);
CREATE TEMP TABLE small AS SELECT journeys(path, conversions, value, nulls) AS j FROM path;
SELECT j FROM small;
SELECT p.* FROM small, paths(j) p;
SELECT i.* FROM small, ignored(j) i;
SELECT journeys(path, conversions, value, nulls) FROM path WHERE false;
SELECT journeys(NULL, NULL, NULL, NULL);

-- 0.1 + 0.2 is 0.3, since value is counted in decimals; order does not matter, down to the bytes.
SELECT value FROM (SELECT journeys('{a}', 1, v, 0) AS j FROM unnest('{0.1,0.2}'::float8[]) v) s, paths(j);
CREATE TEMP TABLE uneven AS
SELECT array_agg('c' || (h >> (4 * i)) % 7 ORDER BY i) AS path, n, h % 3 AS conversions,
	CASE WHEN h % 3 > 0 THEN exp(h % 40 - 20.0::float8) ELSE 0 END AS value, (h >> 9) % 4 AS nulls
FROM (SELECT n, abs(hashint4extended(n, 5)) AS h FROM generate_series(1, 2000) n) s, generate_series(1, 6) i
WHERE i <= 1 + h % 6 GROUP BY n, h;
SELECT count(*) AS rows, count(DISTINCT path) AS paths FROM uneven;
CREATE TEMP TABLE way AS
SELECT 'as they come' AS way, journeys(path, conversions, value, nulls) AS j FROM uneven
UNION ALL SELECT 'backwards', journeys(path, conversions, value, nulls) FROM (SELECT * FROM uneven ORDER BY n DESC) s
UNION ALL SELECT 'by path', journeys(path, conversions, value, nulls) FROM (SELECT * FROM uneven ORDER BY path DESC) s
UNION ALL SELECT 'rollup of parts', rollup(p) FROM (SELECT journeys(path, conversions, value, nulls) AS p FROM uneven GROUP BY n % 13) s
UNION ALL SELECT 'rollup of rows', rollup(p) FROM (SELECT journeys(path, conversions, value, nulls) AS p FROM uneven GROUP BY n) s
UNION ALL SELECT 'rollup of texts', rollup(p::text::journeys) FROM (SELECT journeys(path, conversions, value, nulls) AS p FROM uneven GROUP BY n % 3) s
UNION ALL SELECT '+', a.j + b.j FROM (SELECT journeys(path, conversions, value, nulls) AS j FROM uneven WHERE n < 700) a,
	(SELECT journeys(path, conversions, value, nulls) AS j FROM uneven WHERE n >= 700) b;
SELECT way, j::text = (SELECT j::text FROM way LIMIT 1) AS same,
	journeys_send(j) = (SELECT journeys_send(j) FROM way LIMIT 1) AS same_bytes
FROM way ORDER BY way COLLATE "C";
SELECT journeys_send(j) = journeys_send(j::text::journeys) AS text_round_trip, j::jsonb ->> 'version' AS version FROM way LIMIT 1;

-- Milestones: per touch, kept in text and bytes.
SELECT p.path, p.milestones
FROM (SELECT journeys('{a,b}', 1, 1, 0, m) AS j FROM (VALUES ('{lead,opportunity}'::text[]), ('{NULL,lead and opportunity}'), (NULL)) v(m)) s, paths(j) p;
SELECT journeys_send(j) = journeys_send(j::text::journeys) AS text_round_trip
FROM (SELECT journeys('{a,b}', 1, 1, 0, m) AS j FROM (VALUES ('{lead,opportunity}'::text[]), (NULL)) v(m)) s;
-- A large total keeps its fraction.
SELECT journeys_send(j) = journeys_send(j::text::journeys) AS text_round_trip
FROM (SELECT journeys('{a}', 1, v, 0) AS j FROM (VALUES (9e25), (0.1)) v(v)) s;

-- Bad input ------------------------------------------------------------------

SELECT statement, pg_temp.failure(statement) FROM (VALUES
	($$SELECT journeys('{a,NULL}', 1, 1, 0)$$),
	($$SELECT journeys('{{a,b}}', 1, 1, 0)$$),
	($$SELECT journeys('{a}', -1, 1, 0)$$),
	($$SELECT journeys('{a}', 1, 1, -1)$$),
	($$SELECT journeys('{a}', 1, -0.01, 0)$$),
	($$SELECT journeys('{a}', 1, 'NaN', 0)$$),
	($$SELECT journeys('{a}', 1, 'Infinity', 0)$$),
	($$SELECT journeys('{a}', 1, 1e26, 0)$$),
	($$SELECT journeys('{a}', 0, 1, 5)$$),
	($$SELECT journeys('{a}', 9223372036854775807, 0, 0) FROM generate_series(1, 2)$$),
	($$SELECT journeys('{a}', 1, 9e25, 0) FROM generate_series(1, 2)$$),
	($$SELECT journeys('{a,b}', 1, 1, 0, '{lead}')$$),
	($$SELECT journeys('{a}', 1, 1, 0, '{mql}')$$)
) s(statement);

-- Text that is no journeys.
\set good '{"version":1,"half_life":null,"lookback":null,"ignored":{"null_lead":0,"null_channel":0,"null_time":0,"infinite_time":0,"no_conversion":0,"empty_row":0,"null_path":0,"before_lookback":0},"channels":["b","a"],"journeys":[{"path":[1,0],"nulls":0,"conversions":2,"value":1.50}]}'
SELECT :'good'::journeys;
SELECT path, to_value,
	regexp_replace(pg_temp.failure(format('SELECT %L::journeys', jsonb_set(:'good', path, to_value, true))), ' \| Build.*', '') AS outcome
FROM (VALUES ('{version}'::text[], '2'::jsonb), ('{half_life}', '0'), ('{half_life}', '"7 days"'), ('{lookback}', '-1'), ('{ignored}', '[]'),
	('{ignored,null_lead}', '-1'), ('{channels}', '["a","a"]'), ('{channels}', '[1,2]'), ('{channels}', '{}'), ('{journeys}', '[1]'),
	('{journeys,0,path}', '[2]'), ('{journeys,0,path}', '7'), ('{journeys,0,conversions}', '0'), ('{journeys,0,conversions}', '1.5'),
	('{journeys,0,value}', '-1'), ('{journeys,0,value}', '1e-13'), ('{journeys,0,value}', '1e27'), ('{journeys,0,value}', '"1"'),
	('{journeys,0,milestones}', '[0]'), ('{journeys,0,milestones}', '[0,4]'),
	('{journeys,1}', '{"path":[1,0],"nulls":1,"conversions":0}'), ('{half_life}', '1000000')) v(path, to_value);
SELECT decayed, regexp_replace(pg_temp.failure(format('SELECT %L::journeys',
	jsonb_set(jsonb_set(:'good', '{half_life}', '1000000'), '{journeys,0,decayed}', decayed))), ' \| Build.*', '') AS outcome
FROM unnest('{"[[1.5, 1.5]]","[[2.5, 0]]","[[0, 1.6]]","[]","[1]","[[1]]","[[1, -1]]"}'::jsonb[]) decayed;
SELECT pg_temp.failure(format('SELECT %L::journeys + j FROM small', jsonb_set(:'good', '{lookback}', '86400000000')));
SELECT pg_temp.failure('SELECT ''[]''::journeys'), pg_temp.failure('SELECT ''{}''::journeys');

-- Parts -------------------------------------------------------------------------

-- Random leads and their touches cut into parts at random, with time decay and without: added up in any order they are the whole; each taken out leaves the others.
CREATE TEMP TABLE cut AS
SELECT decay, seed, part, CASE WHEN decay THEN journeys(lead, channel, at, won_at, value, '60 days', '7 days') ELSE journeys(lead, channel, at, won_at, value) END AS j
FROM (SELECT decay, seed, lead, (h >> 40) % 4 AS part, 'channel ' || (h >> (4 * n)) % (2 + (h >> 44) % 6) AS channel, timestamptz '2026-01-01' + (h >> n) % 50 * interval '1 day' AS at, NULL::timestamptz AS won_at, NULL::float8 AS value
	FROM unnest('{true,false}'::boolean[]) decay, generate_series(1, 15) seed, generate_series(1, seed * 20) lead, LATERAL (SELECT hashint8extended(lead * 1000 + seed, 3) & 9223372036854775807 AS h) k, generate_series(1, (h % 6)::int) n
	UNION ALL SELECT decay, seed, lead, (h >> 40) % 4, NULL, NULL, timestamptz '2026-03-01', (h >> 10) % 100000 / 7.0
	FROM unnest('{true,false}'::boolean[]) decay, generate_series(1, 15) seed, generate_series(1, seed * 20) lead, LATERAL (SELECT hashint8extended(lead * 1000 + seed, 3) & 9223372036854775807 AS h) k WHERE h % 5 < 2) l GROUP BY decay, seed, part;
CREATE TEMP TABLE whole AS SELECT decay, seed, rollup(j ORDER BY part) AS j, rollup(j ORDER BY part DESC) AS other FROM cut GROUP BY decay, seed;
SELECT decay, count(*) AS wholes, count(*) FILTER (WHERE journeys_send(j) = journeys_send(other) AND j::text = other::text) AS same FROM whole GROUP BY decay ORDER BY decay;
SELECT decay, count(*) AS parts, count(*) FILTER (WHERE journeys_send(subtract(w.j, c.j)) = journeys_send((SELECT rollup(o.j) FROM cut o WHERE (o.decay, o.seed) = (c.decay, c.seed) AND o.part <> c.part))) AS same
FROM whole w JOIN cut c USING (decay, seed) GROUP BY decay ORDER BY decay;
SELECT subtract(j, j), subtract(j, NULL) IS NULL AS nulls FROM small;
SELECT what, pg_temp.failure(format('SELECT lead_kpi.subtract(j, (SELECT lead_kpi.journeys(%s))) FROM small', what))
FROM unnest(ARRAY['''{ads,email,direct}''::text[], 6::bigint, 4000.3, 6::bigint', '''{ads,email,direct}''::text[], 7::bigint, 1, 0::bigint', '''{ads,email,direct}''::text[], 6::bigint, 4000, 0::bigint', '''{ads,email,direct}''::text[], 1::bigint, 4001, 0::bigint',
	'''{seo,never}''::text[], 0::bigint, 0, 1::bigint', '''{new}''::text[], 0::bigint, 0, 1::bigint']) what;
SELECT pg_temp.failure('SELECT lead_kpi.subtract(w.j, s.j) FROM whole w, small s WHERE w.decay AND w.seed = 1');
DROP TABLE cut, whole;
