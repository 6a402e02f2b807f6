-- Journeys built from touches and conversions of leads.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

-- What a row means -----------------------------------------------------------

-- Each lead is a case; times are days of January 2026.
CREATE TEMP TABLE named (lead text, channel text, touched int, converted int, value float8);
INSERT INTO named VALUES
	('converts', 'ads', 1, 5, 100), ('converts', 'email', 3, 5, 100),
	('never converts', 'ads', 1, NULL, NULL), ('never converts', 'seo', 2, NULL, NULL),
	('no touch', NULL, NULL, 5, 70),
	('touch after', 'ads', 1, 5, 10), ('touch after', 'late', 6, 5, 10),
	('at the same time', 'b', 5, 5, 1), ('at the same time', 'a', 5, 5, 1),
	('twice, joined', 'ads', 1, 5, 10), ('twice, joined', 'ads', 1, 9, 20), ('twice, joined', 'email', 7, 5, 10), ('twice, joined', 'email', 7, 9, 20),
	('twice, union', 'ads', 1, NULL, NULL), ('twice, union', 'email', 7, NULL, NULL), ('twice, union', NULL, NULL, 9, 20), ('twice, union', NULL, NULL, 5, 10),
	('two values at once', 'ads', 1, 5, 10), ('two values at once', 'ads', 1, 5, 30), ('two values at once', 'ads', 1, 5, NULL),
	('same touch twice', 'ads', 1, 5, 10), ('same touch twice', 'ads', 1, 5, 10),
	('no value', 'ads', 1, 5, NULL),
	('second without touch', 'ads', 1, 5, 10), ('second without touch', NULL, NULL, 8, 20);
SELECT lead, p.path, p.conversions, p.value, p.nulls
FROM (SELECT lead, journeys(lead, channel, timestamptz '2026-01-01' + touched * interval '1 day', timestamptz '2026-01-01' + converted * interval '1 day', value) AS j
	FROM named GROUP BY lead) s, paths(j) p ORDER BY lead COLLATE "C", path;
SELECT p.path, p.conversions, p.value, p.nulls, (SELECT rows FROM ignored(j) WHERE reason = 'before_lookback') AS dropped
FROM (SELECT journeys(1, channel, timestamptz '2026-01-01' + touched * interval '1 day', timestamptz '2026-01-10', 5, '3 days') AS j
	FROM (VALUES ('a', 0), ('b', 5), ('c', 6), ('d', 7), ('e', 12), ('f', 14), ('g', 15), ('h', 17)) v(channel, touched)) s, paths(j) p;

-- What is left out, by reason; the rest of the row counts.
SELECT i.*
FROM (SELECT journeys(lead, channel, touched_at, converted_at, value) AS j
	FROM (VALUES (NULL::bigint, 'a', timestamptz '2026-01-01', timestamptz '2026-01-02', 1::float8), (1, NULL, '2026-01-01', '2026-01-02', 1),
		(2, 'a', NULL, '2026-01-02', 1), (3, 'a', 'infinity', '2026-01-02', 1), (4, 'a', '2026-01-01', '-infinity', 1),
		(5, 'a', '2026-01-01', NULL, 1), (6, NULL, NULL, NULL, NULL), (7, NULL, NULL, NULL, 0)) v(lead, channel, touched_at, converted_at, value)) s, ignored(j) i;
SELECT p.*
FROM (SELECT journeys(lead, channel, touched_at, converted_at, value) AS j
	FROM (VALUES (NULL::bigint, 'a', timestamptz '2026-01-01', timestamptz '2026-01-02', 1::float8), (1, NULL, '2026-01-01', '2026-01-02', 1),
		(4, 'a', '2026-01-01', '-infinity', 1)) v(lead, channel, touched_at, converted_at, value)) s, paths(j) p;
SELECT journeys(1, 'a', now(), now(), 1) FROM generate_series(1, 0);
SELECT pg_typeof(journeys(1::int, 'a'::varchar, now(), now(), 1)), pg_typeof(journeys('x'::varchar, 'a', now(), now(), 1));

-- Time decay -----------------------------------------------------------------

\set file :abs_srcdir '/oracles/heuristic_models_fixture_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE oracle AS
SELECT f[1] AS journey, f[2]::float8 AS value, f[3]::int AS touch, f[4] AS channel, f[5]::int AS hours,
	CASE f[6] WHEN 'lead' THEN 'lead' WHEN 'opp' THEN 'opportunity' END AS milestone, f[7] AS model, f[8]::float8 AS weight, f[9]::float8 AS credit
FROM string_to_table(:'content', E'\n') WITH ORDINALITY AS t(line, n), string_to_array(line, ',') f WHERE n > 1 AND line <> '';
CREATE TEMP TABLE built AS
SELECT journey, days, journeys(journey, channel || '/' || touch, at - hours * interval '1 hour', at, value, NULL, days * interval '1 day', milestone) AS j
FROM oracle, (VALUES (timestamptz '2026-06-01')) v(at), (VALUES (7), (1)) h(days) WHERE model = 'first' GROUP BY journey, days;
SELECT model, days, count(*) AS touches, max(abs(a.conversions - weight)) < 1e-9 AS equal, max(abs(a.value - credit)) < 1e-6 AS equal_value
FROM oracle o JOIN built USING (journey)
	JOIN (VALUES ('time_decay_7d', 'time_decay', 7), ('time_decay_1d', 'time_decay', 1), ('first', 'first_touch', 7), ('last', 'last_touch', 7),
		('linear', 'linear', 7), ('position_40_20_40', 'position_based', 7), ('w_shaped', 'w_shaped', 7), ('full_path', 'full_path', 7)) m(model, name, days) USING (model, days),
	attribution(j, name, half_life => days * interval '1 day') a
WHERE a.channel = o.channel || '/' || touch
GROUP BY model, days ORDER BY model, days;
-- Touches so old that their weight vanishes still conserve the total; so does one touch ages before the conversion.
SELECT channel, a.conversions, a.value
FROM (SELECT journeys(1, channel, at, '2026-01-01', 100.1, NULL, '1 second') AS j
	FROM (VALUES ('a', timestamptz '1970-01-01'), ('b', '1980-01-01'), ('c', '1980-01-01')) v(channel, at)) s, attribution(j, 'time_decay') a;

-- Against SQL that says the same ----------------------------------------------

CREATE TEMP TABLE touch AS
SELECT (h & 511)::bigint AS lead, 'c' || (h >> 10) % 6 AS channel, timestamptz '2026-01-01' + ((h >> 14) % 90) * interval '6 hours' AS at
FROM (SELECT abs(hashint8extended(n, 11)) AS h FROM generate_series(1, 4000) n) s;
-- A join repeats equal conversions, so these are distinct; their touches may be equal, and count twice.
CREATE TEMP TABLE conversion AS
SELECT DISTINCT (h % 700)::bigint AS lead, timestamptz '2026-01-01' + ((h >> 14) % 90) * interval '6 hours' AS at, (h >> 24) % 1000 / 8.0::float8 AS value
FROM (SELECT abs(hashint8extended(n, 12)) AS h FROM generate_series(1, 900) n) s;
SELECT (SELECT count(*) - count(DISTINCT (lead, channel, at)) > 5 FROM touch) AS equal_touches,
	(SELECT count(*) - count(DISTINCT (lead, at)) > 0 FROM conversion) AS conversions_at_once;

CREATE FUNCTION pg_temp.naive(lookback interval) RETURNS TABLE (journey text, conversions bigint, value float8, channel text, at timestamptz, ends timestamptz, n bigint, place bigint)
LANGUAGE sql AS $$
	WITH c AS (
		SELECT lead, at, count(*) AS conversions, sum(value) AS value, lag(at) OVER (PARTITION BY lead ORDER BY at) AS previous
		FROM conversion GROUP BY lead, at),
	open AS (
		SELECT lead, max(at) AS at, 0::bigint AS conversions, 0::float8 AS value, (SELECT max(at) FROM c WHERE c.lead = t.lead) AS previous
		FROM touch t GROUP BY lead HAVING max(at) > coalesce((SELECT max(at) FROM c WHERE c.lead = t.lead), '-infinity')),
	ends AS (SELECT * FROM c UNION ALL SELECT * FROM open)
	SELECT e.lead || ' ' || e.at, e.conversions, e.value, t.channel, t.at, e.at, count(t.channel) OVER w, row_number() OVER (w ORDER BY t.at, t.channel COLLATE "C")
	FROM ends e LEFT JOIN touch t ON t.lead = e.lead AND t.at <= e.at AND t.at > coalesce(e.previous, '-infinity')
		AND t.at >= coalesce(e.at - lookback, '-infinity')
	WINDOW w AS (PARTITION BY e.lead, e.at)
$$;
CREATE TEMP TABLE naive AS
SELECT lookback, n.* FROM (VALUES (NULL), (interval '4 days'), ('0')) l(lookback), pg_temp.naive(lookback) n;
CREATE TEMP TABLE joined AS
SELECT lead, channel, t.at AS touched_at, c.at AS converted_at, value FROM touch t FULL JOIN conversion c USING (lead);
CREATE TEMP TABLE united AS
SELECT lead, channel, at AS touched_at, NULL::timestamptz AS converted_at, NULL::float8 AS value FROM touch
UNION ALL SELECT lead, NULL, NULL, at, value FROM conversion;
CREATE TEMP TABLE answer AS
SELECT 'joined' AS way, lookback, journeys(lead, channel, touched_at, converted_at, value, lookback, '3 days') AS j
FROM joined, (VALUES (NULL), (interval '4 days'), ('0')) l(lookback) GROUP BY lookback
UNION ALL SELECT 'united', lookback, journeys(lead, channel, touched_at, converted_at, value, lookback, '3 days')
FROM united, (VALUES (NULL), (interval '4 days'), ('0')) l(lookback) GROUP BY lookback;
SELECT way, lookback, count(*) AS paths, sum(coalesce(p.conversions, 0)) AS conversions, sum(p.nulls) AS nulls,
	count(*) FILTER (WHERE (p.path, p.conversions, p.value, p.nulls) IS DISTINCT FROM (n.path, n.conversions, n.value, n.nulls)) AS differ
FROM answer, LATERAL (SELECT * FROM paths(j)) p FULL JOIN LATERAL (
	SELECT path, sum(conversions)::bigint AS conversions, sum(value) AS value, count(*) FILTER (WHERE conversions = 0) AS nulls
	FROM (SELECT journey, conversions, value, coalesce(array_agg(channel ORDER BY place) FILTER (WHERE channel IS NOT NULL), '{}') AS path
		FROM naive n WHERE n.lookback IS NOT DISTINCT FROM answer.lookback GROUP BY 1, 2, 3) s GROUP BY path) n USING (path)
GROUP BY way, lookback ORDER BY way, lookback;
SELECT way, lookback, model, count(*) AS channels, max(abs(a.conversions - n.conversions)) < 1e-9 AS equal, max(abs(a.value - n.value)) < 1e-7 AS equal_value
FROM answer, unnest('{first_touch,last_touch,linear,time_decay}'::text[]) model, attribution(j, model, half_life => '3 days') a,
	LATERAL (SELECT coalesce(sum(conversions * weight), 0) AS conversions, coalesce(sum(value * weight), 0) AS value
		FROM (SELECT *, CASE model WHEN 'first_touch' THEN (place = 1)::int WHEN 'last_touch' THEN (place = n.n)::int WHEN 'linear' THEN 1.0::float8 / nullif(n, 0)
				ELSE power(2::float8, -extract(epoch FROM ends - at) / 259200)
					/ sum(power(2::float8, -extract(epoch FROM ends - at) / 259200)) OVER (PARTITION BY journey) END AS weight
			FROM naive n WHERE n.lookback IS NOT DISTINCT FROM answer.lookback) s
		WHERE channel = a.channel) n
WHERE a.channel IS NOT NULL
GROUP BY way, lookback, model ORDER BY way, lookback, model COLLATE "C";
SELECT way, lookback, bool_and(abs(sum / (SELECT count(*) FROM conversion) - 1) < 1e-9 AND abs(sum_value / (SELECT sum(value) FROM conversion) - 1) < 1e-9) AS conserved
FROM answer, attribution_models() model, LATERAL (SELECT sum(conversions) AS sum, sum(value) AS sum_value FROM attribution(j, model)) a
GROUP BY way, lookback ORDER BY way, lookback;

-- Simpler paths ----------------------------------------------------------------

CREATE TEMP TABLE walked AS
SELECT journeys(lead, channel, timestamptz '2026-01-01' + day * interval '1 day', timestamptz '2026-01-11', 30, NULL, '2 days', milestone) AS j
FROM (VALUES (1, 'a', 1, NULL), (1, 'a', 3, 'lead'), (1, 'b', 5, NULL), (1, 'a', 7, 'opportunity'), (1, 'a', 9, NULL),
	(2, 'b', 9, NULL), (3, 'a', 20, NULL), (3, 'a', 21, NULL)) v(lead, channel, day, milestone);
SELECT transform, p.* FROM walked, unnest('{unique,exposure,first,frequency}'::text[]) WITH ORDINALITY t(transform, n), paths(transform_paths(j, transform)) p ORDER BY n, p.path;
SELECT k, p.* FROM walked, generate_series(1, 5, 2) k, paths(last_touches(j, k)) p ORDER BY k, p.path;
-- What each channel gets by time decay does not change where its touches are merged.
SELECT transform, bool_and(abs(a.conversions - t.conversions) < 1e-12 AND abs(a.value - t.value) < 1e-9) AS same
FROM answer, unnest('{unique,exposure,first,frequency}'::text[]) transform, attribution(j, 'time_decay') a
	LEFT JOIN LATERAL (SELECT regexp_replace(b.channel, '\(.*', '') AS channel, sum(b.conversions) AS conversions, sum(b.value) AS value
		FROM attribution(transform_paths(j, transform), 'time_decay') b GROUP BY 1) t ON a.channel IS NOT DISTINCT FROM t.channel
GROUP BY transform ORDER BY transform;
-- Trimmed journeys are those of the trimmed touches, for one journey at a time.
SELECT bool_and(abs(a.conversions - b.conversions) < 1e-12) AS same
FROM (SELECT last_touches(journeys(1, channel, at, '2026-01-09', 1), 2) AS all_touches, journeys(1, channel, at, '2026-01-09', 1) FILTER (WHERE channel > 'b') AS last_two
	FROM (VALUES ('a', timestamptz '2026-01-01'), ('b', '2026-01-02'), ('c', '2026-01-05'), ('d', '2026-01-08')) v(channel, at)) s,
	attribution(all_touches, 'time_decay') a JOIN LATERAL attribution(last_two, 'time_decay') b USING (channel);
SELECT way, transform, count(*) AS paths, sum(p.conversions) AS conversions, sum(p.value) AS value, sum(p.nulls) AS nulls
FROM answer, unnest('{unique,exposure,first,frequency,last 2}'::text[]) transform,
	paths(CASE transform WHEN 'last 2' THEN last_touches(j, 2) ELSE transform_paths(j, transform) END) p
WHERE lookback IS NULL GROUP BY way, transform ORDER BY way, transform;
SELECT bool_and(journeys_send(transform_paths(j, 'unique')) = journeys_send(j)) AS unique_changes_nothing, bool_and(transform_paths(j, 'first')::text::journeys::text = transform_paths(j, 'first')::text) AS round_trip FROM answer;
-- Text is read quicker where it is as printed: otherwise spelled it is the same.
SELECT count(*) AS summaries, bool_and(journeys_send(j::text::journeys) = journeys_send(j)) AS as_printed,
	bool_and(journeys_send(replace(j::text, ', ', ',')::journeys) = journeys_send(j)) AS closer, bool_and(journeys_send((j::text::jsonb)::text::journeys) = journeys_send(j)) AS in_other_order
FROM
(
	SELECT j FROM answer
	UNION ALL SELECT journeys(ARRAY['a "quoted" \ name', 'b', 'line' || chr(10) || 'end', ''], 3, 12.345, 2, ARRAY['lead', NULL, 'opportunity', 'lead and opportunity'])
	UNION ALL SELECT journeys(lead, channel, touched_at, converted_at, value, '10 days', '7 days')
		FROM (VALUES (1, 'a', '2026-01-01'::timestamptz, NULL::timestamptz, NULL::float8), (1, 'b', '2026-01-03', NULL, NULL), (1, NULL, NULL, '2026-01-04', 0.1),
			(2, 'a', '2026-01-01', NULL, NULL), (3, NULL, '2026-01-01', NULL, NULL)) e(lead, channel, touched_at, converted_at, value)
) s;
SELECT pg_temp.failure($$SELECT transform_paths(j, 'last') FROM walked$$), pg_temp.failure($$SELECT last_touches(j, 0) FROM walked$$);

-- One answer, however it is come by -------------------------------------------

CREATE TABLE large (lead bigint, channel text, touched_at timestamptz, converted_at timestamptz, value float8, part int) PARTITION BY LIST (part);
CREATE TABLE large_0 PARTITION OF large FOR VALUES IN (0);
CREATE TABLE large_1 PARTITION OF large FOR VALUES IN (1);
CREATE TABLE large_2 PARTITION OF large FOR VALUES IN (2);
INSERT INTO large SELECT lead, channel, touched_at, converted_at, value, lead % 3 FROM united;
INSERT INTO large SELECT lead + 1000 * n, channel || (lead + n) % 5, touched_at, converted_at, value / 3, (lead + 1000 * n) % 3 FROM joined, generate_series(1, 8) n;
INSERT INTO large VALUES (NULL, 'a', now(), now(), 1, 0), (1, NULL, now(), NULL, NULL, 1), (1, 'a', 'infinity', 'infinity', 3, 1);
ANALYZE large;
CREATE TABLE way (way text, key text, j journeys);
SET max_parallel_workers_per_gather = 0;
INSERT INTO way SELECT 'serial', k.* FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') AS b, journeys(md5(lead::text)::uuid, channel, touched_at, converted_at, value, '9 days') AS u,
		journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days') AS t FROM large) s, LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, j);
INSERT INTO way SELECT 'shuffled', 'bigint', journeys(lead, channel, touched_at, converted_at, value, '9 days')
FROM (SELECT * FROM large ORDER BY hashtextextended(large::text, 3)) s;
INSERT INTO way SELECT 'window', 'bigint', j FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') OVER () AS j FROM large) s LIMIT 1;
INSERT INTO way SELECT 'rollup of parts', 'bigint', rollup(j) FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') AS j FROM large GROUP BY hashint8extended(coalesce(lead, 0), 99) & 15) s;
INSERT INTO way SELECT 'rollup of leads', 'text', rollup(j) FROM
	(SELECT journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days') AS j FROM large GROUP BY lead) s;
INSERT INTO way SELECT 'rollup of texts', 'bigint', rollup(j::text::journeys) FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') AS j FROM large GROUP BY part) s;
SET enable_partitionwise_aggregate = on;
SELECT pg_temp.plan_has($$SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') FROM large$$, 'Partial Aggregate') AS partial_aggregate;
INSERT INTO way SELECT 'partitionwise', k.* FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') AS b, journeys(md5(lead::text)::uuid, channel, touched_at, converted_at, value, '9 days') AS u,
		journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days') AS t FROM large) s, LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, j);
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has($$SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') FROM large$$, 'Partial Aggregate') AS partial_aggregate;
INSERT INTO way SELECT 'parallel', k.* FROM
	(SELECT journeys(lead, channel, touched_at, converted_at, value, '9 days') AS b, journeys(md5(lead::text)::uuid, channel, touched_at, converted_at, value, '9 days') AS u,
		journeys('lead ' || lead, channel, touched_at, converted_at, value, '9 days') AS t FROM large) s, LATERAL (VALUES ('bigint', b), ('uuid', u), ('text', t)) k(key, j);
RESET ALL;
SET search_path = public, lead_kpi;
SET timezone = 'UTC';
SELECT way, key, j::text = (SELECT j::text FROM way WHERE way = 'serial' AND key = 'bigint') AS same,
	journeys_send(j) = (SELECT journeys_send(j) FROM way WHERE way = 'serial' AND key = 'bigint') AS same_bytes
FROM way ORDER BY way COLLATE "C", key;
SELECT sum(conversions) AS conversions, sum(nulls) AS nulls, count(*) > 1000 AS many_paths FROM way, paths(j) WHERE way = 'serial' AND key = 'bigint';

-- A journey of 100 000 touches, and a lead of many conversions.
SELECT cardinality(p.path) AS touches, p.conversions, p.value
FROM (SELECT journeys(1, 'c' || n % 7, timestamptz '2026-01-01' + n * interval '1 second', '2026-02-01', 5) AS j FROM generate_series(1, 100000) n) s, paths(j) p;
SELECT round(sum(a.conversions)::numeric, 6) AS conversions, round(sum(a.value)::numeric, 6) AS value
FROM (SELECT journeys(1, 'c' || n % 7, timestamptz '2026-01-01' + n * interval '1 second', '2026-02-01', 5) AS j FROM generate_series(1, 100000) n) s, attribution(j, 'time_decay') a;
SELECT count(*) AS paths, sum(p.conversions) AS conversions, sum(p.value) AS value
FROM (SELECT journeys(1, 'c' || n % 2, timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second', 1) AS j
	FROM generate_series(1, 20000) n) s, paths(j) p;

-- Bad input ------------------------------------------------------------------

SELECT statement, pg_temp.failure(statement) FROM (VALUES
	($$SELECT journeys(1, 'a', now(), now(), -1)$$),
	($$SELECT journeys(1, 'a', now(), NULL, 'NaN')$$),
	($$SELECT journeys(1, 'a', now(), now(), 'Infinity')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, '-1 day')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, '3 months')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, '0')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, '-7 days')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, '1 year')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, NULL, 'mql')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, n * interval '1 day') FROM generate_series(1, 2) n$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, n * interval '1 day') FROM generate_series(1, 2) n$$),
	($$SELECT attribution(journeys(1, 'a', now(), now(), 1), 'time_decay', half_life => '8 days')$$),
	($$SELECT journeys(1, 'a', now(), now(), 1) + journeys('{a}', 1, 1, 0)$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, NULL, '1 day') + journeys(1, 'a', now(), now(), 1)$$),
	($$SELECT journeys(1, 'a', now(), now(), 1, '1 day') + journeys(1, 'a', now(), now(), 1, '2 days')$$)
) s(statement);

DROP TABLE large, way;
