-- What the golden files hold: tricky values of every type, by name. For psql after answers.sql, on the version to be frozen; write says how.
CREATE TEMPORARY TABLE golden (type text, name text, value text, bytes bytea, answer text, ordinal integer GENERATED ALWAYS AS IDENTITY);
CREATE TEMPORARY TABLE event AS
SELECT lead, stage, timestamptz '2025-01-01 00:00:00+00' + lead % 7 * interval '1 hour' + (lead * 79 % 101) * position * interval '1 minute' AS at,
	(ARRAY['ads', 'event', 'né à l''été'])[1 + lead % 3] AS channel
FROM generate_series(1, 40) lead, unnest('{lead,mql,sql,won}'::text[]) WITH ORDINALITY AS s(stage, position)
WHERE lead * 31 % 11 >= 2 * position;

INSERT INTO golden
SELECT 'rate', name, value::text, rate_send(value), pg_temp.answer(value)
FROM (VALUES ('no trials', '0/0'::rate), ('none', '0/1'), ('all', '1/1'), ('usual', '32/1000'), ('largest', '9223372036854775806/9223372036854775807')) v(name, value);

INSERT INTO golden
SELECT 'funnel', name, value::text, funnel_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'usual' AS name, funnel(lead, stage, at, '{lead,mql,sql,won}') AS value FROM event
	UNION ALL SELECT 'within, reached', funnel(lead, stage, at, '{lead,mql,won}', '2 hours', 'reached') FROM event
	UNION ALL SELECT 'any order, strange names', funnel(lead::text, CASE stage WHEN 'sql' THEN 'né à l''été' ELSE stage END, at, '{mql,"né à l''été","a \" b"}', NULL, 'any_order') FROM event
	UNION ALL SELECT 'rows left out', funnel(v.lead, v.stage, v.at, '{lead,mql}')
		FROM (VALUES (NULL::bigint, 'lead', timestamptz '2025-01-01 00:00+00'), (1, NULL, '2025-01-01 00:00+00'), (2, 'other', '2025-01-01 00:00+00'), (3, 'mql', NULL), (4, 'lead', 'infinity')) v(lead, stage, at)
) v;

INSERT INTO golden
SELECT 'journeys', name, value::text, journeys_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'paths' AS name, journeys(ARRAY[channel, 'mail'], lead % 2, CASE WHEN lead % 2 > 0 THEN lead / 7.0 END, 1) AS value FROM event
	UNION ALL SELECT 'no touch', journeys('{}', 1, 0.1, 0)
	UNION ALL SELECT 'large counts, milestones', journeys(ARRAY['né à l''été', 'a " b'], 9223372036854775807, 9e25, 9223372036854775807, '{lead,"lead and opportunity"}')
	UNION ALL SELECT 'touches', journeys(lead, channel, at, CASE WHEN lead % 2 = 0 THEN timestamptz '2025-01-20 00:00+00' END, lead / 7.0, '30 days', '2 days')
		FROM event
) v;

INSERT INTO golden
SELECT 'conversion_curve', name, value::text, conversion_curve_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'usual' AS name, conversion_curve(timestamptz '2025-01-01 00:00+00', CASE WHEN stage = 'won' THEN at END, timestamptz '2025-01-04 00:00+00') AS value FROM event
	UNION ALL SELECT 'with losses, exact times', conversion_curve(timestamptz '2025-01-01 00:00+00', CASE WHEN lead % 3 = 1 THEN at END, CASE WHEN lead % 3 = 2 THEN at END, '2025-02-01 00:00+00', '0') FROM event
	UNION ALL SELECT 'longest', conversion_curve(interval '100000000 days', 'lost')
	UNION ALL SELECT 'left out', conversion_curve(NULL::interval, 'lost')
) v;

INSERT INTO golden
SELECT 'moments', name, value::text, moments_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'usual' AS name, moments(lead / 7.0) AS value FROM event
	UNION ALL SELECT 'far apart', moments(v) FROM (VALUES (0.1), (-3e100), (1e-100), (7e139)) v(v)
	UNION ALL SELECT 'none', moments(NULL::float8)
	UNION ALL SELECT 'alike', moments(0) FROM event
) v;

INSERT INTO golden
SELECT 'roc', name, value::text, roc_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'usual' AS name, roc(lead / 7.0, stage = 'won') AS value FROM event
	UNION ALL SELECT 'no score', roc(NULL, true)
	UNION ALL SELECT 'extreme', roc(s, s > 0) FROM unnest('{-infinity,-1e300,-1e-300,0,1e-300,1e300,infinity,NaN}'::float8[]) s
	UNION ALL SELECT 'bins', roc(lead, stage = 'won', 3) FROM event
) v;

INSERT INTO golden
SELECT 'lead_profile', name, value::text, lead_profile_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'usual' AS name, lead_profile(jsonb_build_object('channel', channel, 'stage', stage, 'early', lead < 20, 'n', lead / 7.0), lead % 3 = 0) AS value FROM event
	UNION ALL SELECT 'strange', lead_profile(jsonb_build_object('né "à" l''été', 'a \ b', 'x', jsonb_build_array(0.1, 5e-324, -1.7976931348623157e308)), n) FROM (VALUES (true), (false)) v(n)
	UNION ALL SELECT 'no attributes', lead_profile('[]', true)
) v;

INSERT INTO golden
SELECT 'logistic_model', name, value::text, logistic_model_send(value), pg_temp.answer(value)
FROM
(
	SELECT 'numbers' AS name, logistic_model(lead % 3 = 0, ARRAY[lead % 13, lead * 7 % 5]::float8[]) AS value FROM event
	UNION ALL SELECT 'attributes', logistic_model(lead % 3 = 0, jsonb_build_object('né à l''été', channel, 'a " b', NULLIF(lead % 7, 3)), '{"né à l''été","a \" b"}', 0.1) FROM event
	UNION ALL SELECT 'one value', logistic_model(n = 1, ARRAY[5], 1) FROM generate_series(1, 3) n
) v;

INSERT INTO golden
SELECT 'scorecard', name, value::text, scorecard_send(value), pg_temp.answer(value)
FROM
(
	SELECT v.name, v.value::scorecard FROM (VALUES ('empty', '{}'),
		('everything', '{"base": -0.123456789012, "fit": [{"name": "né à l''été \" x", "attribute": ["a.b", "c"], "op": "in", "value": [1e-3, "é", false], "points": 999999999.999999999999, "group": "g"}],
		"engagement": [{"matches": "^visit", "ignore_case": true, "points": -1, "half_life": 0.000001, "window": "9 days", "limit": 3, "cap": 0, "note": "x"}],
		"groups": {"g": {"floor": -1, "group": "h"}, "h": {"cap": 2}}, "grades": {"fit": {"A": 1}, "engagement": {"1": 3, "2": 2, "3": 1}},
		"hand_off": [{"total": 5, "grades": ["A1"]}, {"fit": 1}]}')) v(name, value)
	UNION ALL SELECT 'many rules', ('{"fit": [' || string_agg(format('{"attribute": "a%s", "op": "between", "value": {"from": %s, "below": %s}, "points": 0.%s}', i, i, i + 1, i), ',')
		|| ']}')::scorecard FROM generate_series(1, 30) i
) v;
