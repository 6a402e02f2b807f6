-- The text of every type, cut anywhere and with every part of it replaced by what it may not be: refused with an error that names
-- the type, the same to who asks pg_input_error_info() (PostgreSQL 16), or a value that comes back from its text and its bytes.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

CREATE TEMP TABLE sample (type text, value text);
INSERT INTO sample
SELECT 'rate', rate(3, 10)::text
UNION ALL SELECT 'funnel', funnel(lead, stage, at * interval '1 minute' + timestamptz '2026-01-01 00:00+00', '{a,b}', '9 days', 'reached')::text
FROM (VALUES (1, 'a', 0), (1, 'b', 3), (2, 'a', 0), (2, 'b', 7), (3, 'a', 1), (4, 'b', 1), (5, NULL, 1)) v(lead, stage, at)
UNION ALL SELECT 'funnel', funnel(lead, stage, at * interval '1 second' + timestamptz '2026-01-01 00:00+00', '{a,b}')::text
FROM (VALUES (1, 'a', 0), (1, 'b', 3), (2, 'a', 0), (2, 'b', 700000)) v(lead, stage, at)
UNION ALL SELECT 'journeys', journeys(lead, channel, timestamptz '2026-01-01 00:00+00' + at * interval '1 day', '2026-01-09 00:00+00', 1.5, '9 days', '20 days')::text
FROM (VALUES (1, 'a', 0), (1, 'b', 3), (2, 'a', 0), (3, NULL, 1)) v(lead, channel, at)
UNION ALL SELECT 'journeys', journeys(path, 1, 2.5, 3)::text FROM (VALUES ('{a,b}'::text[]), ('{}'), (NULL)) v(path)
UNION ALL SELECT 'scorecard', '{"base": -0.5, "note": "n", "fit_cap": 90, "fit_floor": -3,
	"fit": [{"name": "x", "attribute": ["a.b", "c"], "op": "in", "value": [1e-3, "e", false], "points": 9, "group": "g", "note": "n"},
		{"attribute": "s", "op": "between", "value": {"from": 1, "below": 9}, "points": 2}, {"attribute": "s", "op": "matches", "value": "x$", "ignore_case": true, "points": 2},
		{"attribute": "s", "op": "not_in", "value": ["x"], "points": 2}, {"attribute": "s", "op": "is_known", "points": 2}],
	"engagement": [{"matches": "^visit", "ignore_case": true, "points": -1, "half_life": "9 days", "window": "9 days", "limit": 3, "cap": 0, "note": "x"},
		{"event": ["a", "b"], "points": 1}, {"event": "c", "points": 1}],
	"groups": {"g": {"floor": -1, "group": "h", "note": "n"}, "h": {"cap": 2}}, "grades": {"fit": {"A": 1, "B": 0}, "engagement": {"1": 3}},
	"hand_off": [{"total": 5, "grades": ["A1"]}, {"fit": 1, "engagement": 2}]}'::scorecard::text
UNION ALL SELECT 'conversion_curve', conversion_curve(n * interval '7 hours', (ARRAY['converted', 'lost', 'censored'])[n], '1 day')::text FROM generate_series(1, 3) n
UNION ALL SELECT 'roc', roc(n, n > 1)::text FROM unnest('{-infinity,1,2.5}'::float8[]) n
UNION ALL SELECT 'logistic_model', '{"version": 1, "ridge": 1, "ignored": {"null_converted": 0, "null_features": 0}, "converted": 3, "others": 6, "iterations": 5, "deviance": 2.5, "null_deviance": 11.5,
	"condition_number": 2, "attributes": [{"name": "a", "has_missing": false, "levels": ["a", "b", "c"]}, {"name": "b", "has_missing": true}], "coefficients": [-1.5, 0.5, 0.25, 0.5, 0.75],
	"std_errors": [1.25, 1, null, 1, 1], "means": [0.5, 0.25, 0.5, 0.5]}'::logistic_model::text
UNION ALL SELECT 'moments', moments(n)::text FROM unnest('{0,1,2.5}'::float8[]) n
UNION ALL SELECT 'lead_profile', lead_profile(jsonb_build_object('a', n, 'b', n % 2 = 0, 'c', chr(96 + n)), n = 1)::text FROM generate_series(1, 3) n;

-- A profile with texts counted by hash, and numbers on a coarse grid, as one of many leads has.
INSERT INTO sample
SELECT 'lead_profile', jsonb_set(p::jsonb, '{attributes}', '[{"name": "a", "converted": 1, "not_converted": 2, "values": [[true, 0, 1]], "buckets": [[7, 1, 0], [9, 0, 1]]},
	{"name": "b", "converted": 1, "not_converted": 2, "values": [], "numbers": [[0, 1, 0], [64, 0, 2]], "dropped_bits": 44}]')::text::lead_profile::text
FROM (SELECT lead_profile('{"a": 1}', n = 1)::text AS p FROM generate_series(1, 3) n) v;

-- Every place of a document, of long arrays the first two.
CREATE FUNCTION pg_temp.places(document jsonb) RETURNS SETOF text[] LANGUAGE sql AS $$
	WITH RECURSIVE place AS (
		SELECT '{}'::text[] AS path, document AS part
		UNION ALL
		SELECT path || step, document #> (path || step)
		FROM place, LATERAL (
			SELECT key FROM jsonb_each(CASE WHEN jsonb_typeof(part) = 'object' THEN part ELSE '{}' END)
			UNION ALL SELECT n::text FROM generate_series(0, least(jsonb_array_length(CASE WHEN jsonb_typeof(part) = 'array' THEN part ELSE '[]' END), 2) - 1) n) s(step)
	)
	SELECT path FROM place
$$;

CREATE TEMP TABLE altered AS
SELECT DISTINCT type, kind, text
FROM sample s, LATERAL (
	SELECT 'cut', substr(value, 1, n) FROM generate_series(0, length(value) - 1) n
	UNION ALL SELECT 'longer', value || ' ]'
	UNION ALL
	SELECT CASE WHEN new IS NULL THEN 'without' ELSE 'replaced' END,
		(CASE WHEN new IS NULL THEN document #- path WHEN path = '{}' THEN new ELSE jsonb_set(document, path, new) END)::text
	FROM (SELECT value::jsonb AS document WHERE value LIKE '{%') d, pg_temp.places(document) path,
		unnest(ARRAY[NULL, 'null', 'true', '-1', '0', '0.5', '2', '9223372036854775807', '1e30', '1e400', '""', '"x"', '"-"', '"a.b"', '"Infinity"',
			'"-Infinity"', '[]', '[1]', '[1, 2]', '[null, {}, 3]', '{}', '{"x": 1}', '[["x", 0, 0], ["x", 1, 1]]']::jsonb[]) new
	UNION ALL
	-- An element twice.
	SELECT 'twice', jsonb_insert(document, path, document #> path)::text
	FROM (SELECT value::jsonb AS document WHERE value LIKE '{%') d, pg_temp.places(document) path
	WHERE cardinality(path) > 0 AND jsonb_typeof(document #> path[:cardinality(path) - 1]) = 'array') a(kind, text)
WHERE text <> value;

SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset

-- What is said of a text by who raises and by who asks, or how a value that is accepted does not come back.
CREATE FUNCTION pg_temp.answer(type text, input text, is_soft boolean, OUT state text, OUT said text, OUT broken text) LANGUAGE plpgsql AS $$
DECLARE
	soft_state text;
	soft_said text;
	printed text;
	again text;
	same_bytes boolean;
BEGIN
	IF is_soft THEN
		EXECUTE 'SELECT sql_error_code, message FROM pg_input_error_info($1, $2)' INTO soft_state, soft_said USING input, type;
	END IF;
	BEGIN
		EXECUTE format('SELECT v::text, (v::text)::%1$I::text, %2$I((v::text)::%1$I) = %2$I(v) FROM (SELECT $1::%1$I AS v) s', type, type || '_send')
		INTO printed, again, same_bytes USING input;
		IF again <> printed OR NOT same_bytes THEN
			broken := 'it does not come back: ' || printed;
		END IF;
		state := '00000';
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
		said := SQLERRM;
	END;
	IF is_soft AND (coalesce(soft_state, '00000'), soft_said) IS DISTINCT FROM (state, said) THEN
		broken := format('asked: %s %s, raised: %s %s', soft_state, soft_said, state, said);
	END IF;
END
$$;

CREATE TEMP TABLE answer AS
SELECT type, kind, text, a.* FROM altered, pg_temp.answer(type, text, :'has_soft_errors') a;

SELECT type, text, broken FROM answer WHERE broken IS NOT NULL ORDER BY 1, 2;

-- What is cut is never accepted.
SELECT type, kind, state, count(*) FROM answer GROUP BY type, kind, state ORDER BY 1, 2, 3;

-- All that is said, names and numbers apart; without what the server says of text that is no JSON.
SELECT type, regexp_replace(regexp_replace(said, '^invalid input for type [a-z_]+: ', ''), '"[^"]*"|-?\d+', '*', 'g') COLLATE "C" AS said
FROM answer WHERE state <> '00000' AND said NOT LIKE 'invalid input syntax for type json%'
GROUP BY 1, 2 ORDER BY 1, 2;
