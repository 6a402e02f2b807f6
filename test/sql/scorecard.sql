-- scorecard: text and binary form, validation, every operator, groups and caps, engagement, grades, hand-off, explanations.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

CREATE FUNCTION pg_temp.refusal(card text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(pg_temp.failure(format('SELECT %L::lead_kpi.scorecard', card)), 'invalid input for type scorecard: ', '')
$$;

--
-- Text form: canonical, whatever the spelling
--
SELECT scorecard '{}';
SELECT scorecard $$ {"hand_off": 1e2, "grades": {"engagement": {"2": 5, "1": 10.50}, "fit": {"A": 8, "B": 6, "C": 4, "D": null}},
	"fit": [{"points": 5.00, "value": 1.50, "op": "≥", "attribute": "a.b"}, {"op": "is known", "points": -0, "attribute": ["a.b", "c"], "name": "né à l'été \"x\""}],
	"engagement": [{"event": ["x"], "points": 0.1234567890125, "half_life": 0.5, "window": "1 week", "limit": 3, "cap": 2}],
	"base": 3, "note": "agreed", "total_floor": -1} $$;
SELECT count(*) AS same FROM unnest(ARRAY[
	'{"fit": [{"attribute": "a", "op": "!=", "value": 10, "points": 1}]}', '{"fit": [{"attribute": ["a"], "op": "<>", "value": 1e1, "points": 1.0}]}',
	'{"fit": [{"attribute": "a", "op": "≠", "value": 10.0, "points": 1.00}], "engagement": []}']::scorecard[]) c
WHERE c = scorecard '{"fit":[{"op":"!=","value":10,"points":1,"attribute":"a"}]}';
SELECT scorecard '{"base": 1}' = '{"base": 1.0}' AS equal, scorecard '{"base": 1}' <> '{"base": 2}' AS different,
	scorecard_hash('{"base": 1}') = scorecard_hash('{"base": 1.0}') AS same_hash,
	scorecard_hash_extended('{"base": 1}', 7) <> scorecard_hash_extended('{"base": 2}', 7) AS other_hash;
SELECT count(*) AS groups FROM (SELECT c FROM unnest('{"{\"base\": 1}","{\"base\": 1.0}","{\"base\": 2}"}'::scorecard[]) c GROUP BY c) s;
SELECT (scorecard '{"base": 1.50}')::jsonb -> 'base' AS base, ('{"base": 1.50}'::jsonb)::scorecard AS card;

-- A length of time: days as a number, or text of fixed units.
SELECT length, (('{"engagement": [{"event": "e", "points": 1, "half_life": ' || length || '}]}')::scorecard)::jsonb #>> '{engagement,0,half_life}' AS read
FROM unnest('{7,0.5,1e-6,"\"1 day 12 hours\"","\"90 minutes\"","\"2 weeks\"","\"  1 second\"","\"1500000 microseconds\"",36525000}'::text[]) length;

--
-- Validation: the error names the rule and what is wrong with it
--
SELECT pg_temp.refusal(card) AS refusal FROM unnest(ARRAY[
	'[]', '7', '{"fits": []}', '{"fit": {}}', '{"fit": [7]}', '{"fit": [], "fit": []}', '{"fit": [{"points": 1, "points": 2}]}',
	'{"base": "5"}', '{"base": 1e10}', '{"note": ""}', '{"note": 7}']) card;
SELECT left(pg_temp.refusal(card), 5) AS syntax FROM unnest(ARRAY['', '{', '{"fit": [}', 'x', '{"a": NaN}', '{"note": "\u0000"}', '{"base": 1e999999}', repeat('[', 100000)]) card;
SELECT pg_temp.refusal('{"fit": [{"attribute": "a", "op": "=", "value": 1, "points": 1}, ' || rule || ']}') AS fit_rule FROM unnest(ARRAY[
	'{}', '{"points": 1}', '{"points": 1, "attribute": 7}', '{"points": 1, "attribute": "", "op": "="}', '{"points": 1, "attribute": "a..b", "op": "="}',
	'{"points": 1, "attribute": [], "op": "="}', '{"points": 1, "attribute": ["a", 7], "op": "="}', '{"points": 1, "attribute": "b"}',
	'{"points": 1, "attribute": "b", "op": "=~", "value": 1}', '{"points": 1, "attribute": "b", "op": "="}', '{"points": 1, "attribute": "b", "op": "=", "value": null}',
	'{"points": 1, "attribute": "b", "op": "=", "value": " "}', '{"points": 1, "attribute": "b", "op": "=", "value": [1]}',
	'{"points": 1, "attribute": "b", "op": "<", "value": "10"}', '{"points": 1, "attribute": "b", "op": "<", "value": true}',
	'{"points": 1, "attribute": "b", "op": "between", "value": 3}', '{"points": 1, "attribute": "b", "op": "between", "value": [3]}', '{"points": 1, "attribute": "b", "op": "between", "value": [3, 1]}',
	'{"points": 1, "attribute": "b", "op": "between", "value": [1, "x"]}', '{"points": 1, "attribute": "b", "op": "between", "value": {}}',
	'{"points": 1, "attribute": "b", "op": "between", "value": {"from": 1, "below": 1}}', '{"points": 1, "attribute": "b", "op": "between", "value": {"from": 1, "above": 2}}',
	'{"points": 1, "attribute": "b", "op": "between", "value": {"from": 1, "till": 2}}', '{"points": 1, "attribute": "b", "op": "in", "value": "x"}', '{"points": 1, "attribute": "b", "op": "in", "value": []}',
	'{"points": 1, "attribute": "b", "op": "not_in", "value": [1, null]}', '{"points": 1, "attribute": "b", "op": "matches", "value": "(x"}', '{"points": 1, "attribute": "b", "op": "matches", "value": 7}',
	'{"points": 1, "attribute": "b", "op": "is_known", "value": 7}', '{"points": "1", "attribute": "b", "op": "is_known"}', '{"points": null, "attribute": "b", "op": "is_known"}', '{"points": 1000000000.1, "attribute": "b", "op": "is_known"}',
	'{"points": 1, "attribute": "b", "op": "<", "value": 1, "ignore_case": true}', '{"points": 1, "attribute": "b", "op": "=", "value": "x", "ignore_case": "yes"}',
	'{"points": 1, "attribute": "b", "op": "is_known", "half_life": 3}', '{"points": 1, "attribute": "b", "op": "is_known", "group": "g"}', '{"points": 1, "attribute": "b", "op": "is_known", "name": 7}',
	'{"points": 1, "attribute": "a", "op": "=", "value": 1.0}', '{"name": "big", "points": 1, "attribute": "b", "op": "bigger", "value": 1}']) rule;
SELECT pg_temp.refusal('{"engagement": [' || rule || ']}') AS engagement_rule FROM unnest(ARRAY[
	'{"points": 1}', '{"points": 1, "event": "e", "matches": "e"}', '{"points": 1, "event": []}', '{"points": 1, "event": ["e", 1]}', '{"points": 1, "event": " "}', '{"points": 1, "matches": "["}',
	'{"points": 1, "event": "e", "half_life": 0}', '{"points": 1, "event": "e", "half_life": -1}', '{"points": 1, "event": "e", "half_life": "1 month"}', '{"points": 1, "event": "e", "half_life": 36525001}',
	'{"points": 1, "event": "e", "half_life": 1e-12}', '{"points": 1, "event": "e", "half_life": "99999999999999999999 days"}', '{"points": 1, "event": "e", "half_life": true}', '{"points": 1, "event": "e", "window": ""}', '{"points": 1, "event": "e", "window": "7"}',
	'{"points": 1, "event": "e", "limit": 0}', '{"points": 1, "event": "e", "limit": 1.5}', '{"points": 1, "event": "e", "limit": 10001}', '{"points": 1, "event": "e", "cap": -1}', '{"points": 1, "event": "e", "floor": -1}',
	'{"points": 1, "event": "e", "attribute": "a"}', '{"points": 1, "event": "e"}, {"points": 2, "event": "e"}']) rule;
SELECT pg_temp.refusal(card) AS refusal FROM unnest(ARRAY[
	'{"groups": []}', '{"groups": {"g": 7}}', '{"groups": {"g": {"max": 7}}}', '{"groups": {"g": {"cap": -1}}}', '{"groups": {"g": {"floor": 1}}}', '{"groups": {"g": {"group": "h"}}}',
	'{"groups": {"g": {}, "h": {}}, "fit": [{"attribute": "a", "op": "is_known", "points": 1, "group": ["g", "h"]}]}', '{"groups": {"g": {"cap": 5}, "g": {"cap": 6}}}', '{"groups": {"g": {"group": ["h", "i"]}, "h": {}, "i": {}}}',
	'{"groups": {"g": {"group": "g"}}}', '{"groups": {"a": {}, "f": {"group": "g"}, "g": {"group": "h"}, "h": {"group": "g", "cap": 5}}}',
	'{"groups": {"g": {}}, "fit": [{"attribute": "a", "op": "is_known", "points": 1, "group": "g"}], "engagement": [{"event": "e", "points": 1, "group": "g"}]}',
	'{"groups": {"g": {}, "h": {"group": "g"}}, "fit": [{"attribute": "a", "op": "is_known", "points": 1, "group": "h"}], "engagement": [{"event": "e", "points": 1, "group": "g"}]}',
	'{"fit_cap": -1}', '{"fit_cap": 5, "fit_floor": 6}', '{"total_cap": 5, "total_floor": 5.5}', '{"engagement_floor": "0"}',
	'{"grades": {"total": {}}}', '{"grades": {"fit": {}}}', '{"grades": {"fit": [80, 60]}}', '{"grades": {"fit": {"A": 80, "C": 60}}}', '{"grades": {"fit": {"A": 80, "B": 80}}}', '{"grades": {"fit": {"A": 80, "B": 60, "C": 70}}}',
	'{"grades": {"fit": {"A": 80, "B": null, "C": 70}}}', '{"grades": {"fit": {"A": null}}}', '{"grades": {"fit": {"E": 80}}}', '{"grades": {"engagement": {"1": 80, "2": "60"}}}', '{"grades": {"fit": {"A": 80}}, "fit_cap": 79}',
	'{"grades": {"fit": {"A": 80, "B": 60, "C": 40, "D": 40}}}',
	'{"hand_off": {}}', '{"hand_off": []}', '{"hand_off": "100"}', '{"hand_off": [[]]}', '{"hand_off": {"score": 5}}', '{"hand_off": {"total": 5}, "total_cap": 4}', '{"hand_off": {"grades": []}}', '{"hand_off": {"grades": "A1"}}',
	'{"hand_off": {"grades": ["A1"]}}', '{"grades": {"fit": {"A": 8}, "engagement": {"1": 8}}, "hand_off": {"grades": ["A1", "C1"]}}', '{"grades": {"fit": {"A": 8}, "engagement": {"1": 8}}, "hand_off": {"grades": ["A"]}}']) card;

-- A hand-off that caps and grades rule out; at the very edge it is legal, and so is a condition with one grade that can hold.
SELECT card, pg_temp.refusal(card) AS refusal FROM unnest(ARRAY[
	'{"hand_off": 5, "total_cap": 4}', '{"hand_off": 5, "total_cap": 5}', '{"hand_off": {"total": 8}, "fit_cap": 5, "engagement_cap": 2}', '{"hand_off": {"total": 7}, "fit_cap": 5, "engagement_cap": 2}',
	'{"hand_off": {"total": 8}, "fit_cap": 5}', '{"hand_off": 8, "fit_cap": 5, "engagement_cap": 2, "total_floor": 9}', '{"hand_off": [1, 8], "fit_cap": 5, "engagement_cap": 2}']
	|| ARRAY(SELECT '{"grades": {"fit": {"A": 60, "B": 40}, "engagement": {"1": 30}}, "hand_off": ' || h || '}' FROM unnest(ARRAY[
		'{"fit": 60, "grades": ["B1"]}', '{"fit": 59.999999999999, "grades": ["B1"]}', '{"fit": 60, "grades": ["B1", "A2"]}', '{"engagement": 30, "grades": ["A2"]}',
		'{"fit": 60, "engagement": 30, "grades": ["A2", "B1", "C2"]}', '{"total": 90, "grades": ["B2"]}', '{"total": 89.999999999998, "grades": ["B2"]}', '{"total": 1000, "grades": ["A2"]}']) h)) card;

-- Too large.
SELECT pg_temp.refusal('{"note": "' || repeat('x', 5000000) || '"}');
SELECT pg_temp.refusal('{"engagement": [' || (SELECT string_agg(format('{"event": "%s", "points": 1}', i), ',') FROM generate_series(1, 10001) i) || ']}');
SELECT pg_temp.refusal('{"groups": {' || (SELECT string_agg(format('"%s": {}', i), ',') FROM generate_series(1, 1001) i) || '}}');
SELECT fit(('{"fit": [' || (SELECT string_agg(format('{"attribute": "a%s", "op": "in", "value": [%s, "x"], "points": 1}', i, i), ',') FROM generate_series(1, 10000) i) || ']}')::scorecard,
	'{"a1": 1, "a2": "2", "a3": "x", "a4": 5, "a10000": 10000}') AS of_10000_rules;
-- 10 000 values of one rule, an attribute of many megabytes, one of many digits, and one that lies deep.
SELECT fit(card, '{"a": "v10000"}') AS last, fit(card, '{"a": "v0"}') AS none, fit(card, (SELECT jsonb_build_object('a', jsonb_agg('v' || i)) FROM generate_series(10000, 100000) i)) AS long_array,
	fit(card, jsonb_build_object('a', repeat('v', 20000000))) AS long_text
FROM (SELECT ('{"fit": [{"attribute": "a", "op": "in", "value": ["' || string_agg('v' || i, '","') || '"], "points": 1}]}')::scorecard AS card FROM generate_series(1, 10000) i) s;
SELECT fit(card, ('{"a": ' || repeat('9', 100000) || '}')::jsonb) AS number, fit(card, jsonb_build_object('a', repeat('9', 200000))) AS too_long_for_a_number, fit(card, (repeat('{"a": ', 1000) || '9' || repeat('}', 1000))::jsonb) AS deep,
	fit(card, ('{"a": ' || repeat('[', 1000) || '9' || repeat(']', 1000) || '}')::jsonb) AS deep_array
FROM (VALUES (scorecard '{"fit": [{"attribute": "a", "op": ">", "value": 5, "points": 1}]}')) v(card);

-- Errors are soft where the server has soft errors; nothing to see on older ones.
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT count(*) FILTER (WHERE pg_input_is_valid(input, 'scorecard')) = 1 AS soft
FROM unnest(ARRAY['', '[]', '{"fit": 1}', '{"note": "\u0000"}', '{"fit": [{"points": 1, "attribute": "b", "op": "matches", "value": "(x"}]}', '{"fit": [], "fit": []}', '{"hand_off": {}}', '{"note": "' || repeat('x', 5000000) || '"}', '{"base": 1}']) input \gset
\else
\set soft t
\endif
\if :soft
\else
\echo soft errors expected
\endif

--
-- Binary form
--
SELECT scorecard_send('{"base": 1}');

--
-- Operators: what applies to which value
--
CREATE FUNCTION pg_temp.applies(rule text, attributes jsonb) RETURNS boolean LANGUAGE sql AS $$
	SELECT lead_kpi.fit(('{"fit": [' || substr(rule, 1, length(rule) - 1) || ', "attribute": "a", "points": 1}]}')::lead_kpi.scorecard, attributes) = 1
$$;
CREATE TEMP TABLE value(v) AS SELECT unnest(ARRAY['5', '5.0', '"5"', '" 5 "', '7', '1e1', '"-3"', '"x"', '"X"', '"été"', '"ÉTÉ"', 'true', '"TRUE"', 'false', 'null', '""', '" \t"', '{}', '{"b": 5}', '[]', '[7, 5]', '["y", ["x"]]', '[null]', '"2026-03-01"', '"5 days"']::jsonb[]);
SELECT rule, string_agg(v::text, '  ' ORDER BY ordinality) AS applies_to
FROM unnest(ARRAY['{"op": "=", "value": 5}', '{"op": "=", "value": "5"}', '{"op": "=", "value": "x"}', '{"op": "=", "value": "X", "ignore_case": true}', '{"op": "=", "value": true}', '{"op": "!=", "value": 5}', '{"op": "!=", "value": "x"}',
	'{"op": "!=", "value": false}', '{"op": "<", "value": 5}', '{"op": "<=", "value": 5}', '{"op": ">", "value": 5}', '{"op": ">=", "value": 5}', '{"op": "between", "value": [5, 7]}', '{"op": "between", "value": {"above": 5, "to": 7}}',
	'{"op": "between", "value": {"from": 5, "below": 7}}', '{"op": "between", "value": {"below": 0}}', '{"op": "between", "value": {"above": 7}}', '{"op": ">", "value": "2026-01-31"}', '{"op": "between", "value": ["a", "y"]}', '{"op": "in", "value": [7, "x", true]}', '{"op": "not_in", "value": [7, "x", true]}',
	'{"op": "matches", "value": "^[0-9]+$"}', '{"op": "matches", "value": "^x", "ignore_case": true}', '{"op": "not_matches", "value": "[5x]"}', '{"op": "is_known"}', '{"op": "is_unknown"}']) WITH ORDINALITY AS r(rule, number),
	(SELECT v, row_number() OVER () AS ordinality FROM value) s
WHERE pg_temp.applies(rule, jsonb_build_object('a', v))
GROUP BY number, rule ORDER BY number;
-- A text that a number can be read from is compared as one. Nothing listed: each is read as it should be.
SELECT text, expected FROM (VALUES (' 1e3 ', true), ('1E+3', true), ('+1000.', true), ('.1e4', true), (E'\t1000\r\n', true), ('10000e-1', true), ('1000.000', true), (repeat('0', 90) || '1000', true),
	('1e', false), ('1e+', false), ('1e-', false), ('1e0003', false), ('1e3x', false), ('1000x', false), ('-', false), ('.', false), ('e3', false), ('-1e3', false), ('1e-3', false), ('NaN', false), ('1 000', false), ('0x3e8', false),
	(repeat('0', 100) || '1000', false)) v(text, expected)
WHERE pg_temp.applies('{"op": "=", "value": 1000}', jsonb_build_object('a', text)) <> expected;
-- What is no length of time, and ends of "between" that are none.
SELECT time, split_part(pg_temp.failure(format('SELECT %L::lead_kpi.scorecard', format('{"engagement": [{"event": "a", "points": 1, "window": "%s"}]}', time))), ' | ', 2)
FROM unnest('{1,day,1 dayz,1 days 2,9223372036854775808 days,9223372036854775807 weeks,9223372036854775807 microseconds 1 second,0 days,-1 day,1 d}'::text[]) time;
SELECT ends, split_part(pg_temp.failure(format('SELECT %L::lead_kpi.scorecard', format('{"fit": [{"attribute": "a", "op": "between", "value": %s, "points": 1}]}', ends))), ' | ', 2)
FROM unnest(ARRAY['{"from": 1, "above": 2}', '{"to": 1, "below": 2}', '{"from": 1, "below": 1}', '{"above": 1, "to": 1}', '{"from": 2, "to": 1}', '{"from": 1, "to": 1}', '{"from": 1, "to": "x"}', '{"from": [1]}', '{"to": null}', '[1, 2, 3]']) ends;
SELECT pg_temp.applies('{"op": "=", "value": false}', '{"a": "FALSE"}') AS spelled, pg_temp.applies('{"op": "=", "value": false}', '{"a": "falsy"}') AS other;
-- A grade below the first is out of reach, or not, because of the one above it or of the cap.
SELECT pg_temp.failure(format('SELECT %L::lead_kpi.scorecard', card)) FROM unnest(ARRAY['{"grades": {"fit": {"A": 10, "B": 5}}, "hand_off": {"fit": 10, "grades": ["B"]}}', '{"grades": {"fit": {"A": 10, "B": 5}}, "hand_off": {"fit": 9, "grades": ["B"]}}',
	'{"fit_cap": 7, "grades": {"fit": {"A": 7, "B": 5}}, "hand_off": {"fit": 7, "grades": ["B"]}}', '{"fit_cap": 7, "grades": {"fit": {"A": 7, "B": 5}}, "hand_off": {"fit": 7, "grades": ["A"]}}',
	'{"grades": {"fit": {"A": 10, "B": 5}}, "hand_off": {"total": 500, "grades": ["B"]}}', '{"grades": {"fit": {"A": 10}, "engagement": {"1": 3, "2": 2}}, "hand_off": {"total": 12, "grades": ["A2"]}}']) card;
-- Beyond ASCII, case is what lower() says in this database.
SELECT pg_temp.applies('{"op": "=", "value": "Été", "ignore_case": true}', '{"a": "ÉTÉ"}') = (lower('Été') = lower('ÉTÉ')) AS same_case,
	pg_temp.applies('{"op": "in", "value": ["a", "éT"], "ignore_case": true}', '{"a": "ét"}') AS ascii_part;
-- Missing is unknown, and so is everything without attributes.
SELECT pg_temp.applies(rule, '{"b": 1}') AS missing, pg_temp.applies(rule, '{}') AS empty, pg_temp.applies(rule, NULL) AS none, pg_temp.applies(rule, 'null') AS json_null, rule
FROM unnest('{"{\"op\": \"is_unknown\"}","{\"op\": \"is_known\"}","{\"op\": \"!=\", \"value\": 5}","{\"op\": \"<\", \"value\": 5}"}'::text[]) rule;
SELECT pg_temp.failure($$SELECT fit('{}', '[]')$$), pg_temp.failure($$SELECT fit('{}', '"x"')$$);
SELECT fit(NULL, '{}'), fit('{"base": 2.5}', NULL), fit('{}', '{"a": 1}');
-- Paths: dots lead into objects, arrays on the way stand for all their elements, keys with dots need the array form.
SELECT fit('{"fit": [{"attribute": "a.b", "op": "=", "value": 1, "points": 1}, {"attribute": ["a.b"], "op": "=", "value": 1, "points": 10}, {"attribute": ["a", "b", "c"], "op": "is_known", "points": 100}, {"attribute": "ab", "op": "=", "value": 1, "points": 1000}]}', lead) AS points, lead
FROM unnest('{"{\"a\": {\"b\": 1}}","{\"a.b\": 1}","{\"a\": [{\"b\": 2}, {\"b\": [0, 1]}]}","{\"a\": {\"b\": {\"c\": 0}}}","{\"a\": 1}","{\"a\": {\"b\": [{\"c\": null}]}}","{\"ab\": 1}"}'::jsonb[]) lead;
-- A dot leads into an object, or belongs to a key; where there are both, to both.
SELECT fit(card, lead) AS points, lead, (SELECT string_agg(reason, '; ') FROM explain(card, lead)) AS reasons
FROM (SELECT '{"fit": [{"attribute": "a.b.c", "op": "=", "value": 1, "points": 1}, {"attribute": "a.b.c", "op": "=", "value": 2, "points": 10}, {"attribute": "a.b.c", "op": "is_unknown", "points": 100}]}'::scorecard AS card) s,
	unnest('{"{\"a.b.c\": 1}","{\"a.b\": {\"c\": 1}}","{\"a\": {\"b.c\": 1}}","{\"a\": {\"b\": {\"c\": 1}}, \"a.b\": [{\"c\": 2}]}","{\"a\": null, \"a.b.c\": 2}","{\"a.b\": 1, \"c\": 1, \"a.b.\": 2}","{\"a\": {\"b.c.\": 1}}"}'::jsonb[]) lead;
-- Decimals are exact, and so are numbers that float8 cannot tell apart.
SELECT fit('{"fit": [{"attribute": "a", "op": ">", "value": 0.1, "points": 0.1}, {"attribute": "a", "op": "<", "value": 1e300, "points": 0.2}]}', '{"a": 9007199254740993}') AS sum,
	fit('{"fit": [{"attribute": "a", "op": "=", "value": 9007199254740992, "points": 1}, {"attribute": "a", "op": ">", "value": 9007199254740992, "points": 2}]}', '{"a": 9007199254740993}') AS above,
	fit('{"base": 123456789.123456789012}', '{}') AS base, fit('{"base": -999999999.999999999999}', '{}') AS low;

--
-- Groups, caps, floors: each adjustment is explained
--
\set nested '\'{"base": 5, "fit": [{"name": "p", "attribute": "p", "op": "is_known", "points": 8, "group": "inner"}, {"name": "q", "attribute": "q", "op": "is_known", "points": 7, "group": "inner"}, {"name": "r", "attribute": "r", "op": "is_known", "points": 9, "group": "outer"}, {"name": "s", "attribute": "s", "op": "is_known", "points": -40}], "groups": {"inner": {"cap": 10, "group": "outer"}, "outer": {"cap": 15, "floor": -5}}, "fit_cap": 18, "fit_floor": 0}\''
SELECT fit(:nested, lead), e.* FROM unnest('{"{\"p\": 1}","{\"p\": 1, \"q\": 1}","{\"p\": 1, \"q\": 1, \"r\": 1}","{\"r\": 1, \"s\": 1}"}'::jsonb[]) lead, explain(:nested::scorecard, lead) e;
SELECT count(*) FROM explain(NULL::scorecard, '{}');
SELECT * FROM explain('{"fit": [{"attribute": "a.b", "op": "in", "value": ["x", 5], "points": 0.5}, {"attribute": "phone", "op": "is_unknown", "points": -1}, {"attribute": "t", "op": "not_matches", "value": "z", "points": 0}, {"attribute": "n", "op": "between", "value": {"from": 1, "below": 2.50}, "points": 3}]}'::scorecard,
	jsonb_build_object('a', '[{"b": 5}, {"b": "y"}]'::jsonb, 't', repeat('é', 200), 'n', 1));

--
-- Random cards and leads: the same as the rules written out in SQL, and explained to the last digit
--
CREATE FUNCTION pg_temp.leaves(value jsonb, path text[]) RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
BEGIN
	IF jsonb_typeof(value) = 'array' THEN
		RETURN QUERY SELECT l FROM jsonb_array_elements(value) e, pg_temp.leaves(e, path) l;
	ELSIF cardinality(path) > 0 THEN
		IF jsonb_typeof(value) = 'object' AND value ? path[1] THEN
			RETURN QUERY SELECT pg_temp.leaves(value -> path[1], path[2:]);
		END IF;
	ELSIF value <> 'null' AND value <> '{}' AND trim(value #>> '{}') <> '' THEN
		RETURN NEXT value;
	END IF;
END $$;
CREATE FUNCTION pg_temp.number_of(v jsonb) RETURNS numeric LANGUAGE sql AS $$
	SELECT CASE WHEN jsonb_typeof(v) = 'number' OR (jsonb_typeof(v) = 'string' AND v #>> '{}' ~ '^ *-?[0-9]+(\.[0-9]+)? *$') THEN (v #>> '{}')::numeric END
$$;
-- -1, 0 or 1 as the leaf's value is below, equal or above; NULL when they do not compare.
CREATE FUNCTION pg_temp.compared(leaf jsonb, v jsonb, fold boolean) RETURNS integer LANGUAGE sql AS $$
	SELECT CASE jsonb_typeof(v)
		WHEN 'number' THEN sign(pg_temp.number_of(leaf) - v::text::numeric)::integer
		WHEN 'boolean' THEN CASE WHEN lower(leaf #>> '{}') = v::text THEN 0 WHEN lower(leaf #>> '{}') IN ('true', 'false') THEN 2 END
		WHEN 'string' THEN CASE WHEN fold AND lower(leaf #>> '{}') = lower(v #>> '{}') THEN 0 WHEN leaf #>> '{}' = v #>> '{}' THEN 0
			WHEN jsonb_typeof(leaf) = 'string' THEN CASE WHEN (leaf #>> '{}') COLLATE "C" < v #>> '{}' THEN -1 ELSE 1 END ELSE 2 END END
$$;
CREATE FUNCTION pg_temp.satisfied(r jsonb, leaf jsonb) RETURNS boolean LANGUAGE sql AS $$
	SELECT coalesce(CASE r ->> 'op'
		WHEN '=' THEN pg_temp.compared(leaf, r -> 'value', fold) = 0
		WHEN '!=' THEN pg_temp.compared(leaf, r -> 'value', fold) = 0
		WHEN '<' THEN pg_temp.compared(leaf, r -> 'value', fold) = -1
		WHEN '<=' THEN pg_temp.compared(leaf, r -> 'value', fold) IN (-1, 0)
		WHEN '>' THEN pg_temp.compared(leaf, r -> 'value', fold) = 1
		WHEN '>=' THEN pg_temp.compared(leaf, r -> 'value', fold) IN (1, 0)
		WHEN 'between' THEN coalesce(pg_temp.compared(leaf, r #> '{value,from}', fold) IN (1, 0), true) AND pg_temp.compared(leaf, r #> '{value,below}', fold) = -1
		WHEN 'in' THEN (SELECT bool_or(pg_temp.compared(leaf, e, fold) = 0) FROM jsonb_array_elements(r -> 'value') e)
		WHEN 'not_in' THEN (SELECT bool_or(pg_temp.compared(leaf, e, fold) = 0) FROM jsonb_array_elements(r -> 'value') e)
		WHEN 'matches' THEN jsonb_typeof(leaf) <> 'object' AND leaf #>> '{}' ~ (r ->> 'value')
		WHEN 'is_known' THEN true
		WHEN 'is_unknown' THEN true END, false)
	FROM (SELECT coalesce((r -> 'ignore_case')::boolean, false) AS fold) s
$$;
CREATE FUNCTION pg_temp.pick(anyarray, n bigint, seed bigint) RETURNS anyelement LANGUAGE sql AS $$
	SELECT $1[1 + (hashint8extended(n, seed) & 1048575) % cardinality($1)]
$$;
CREATE TEMP TABLE random_rule AS
SELECT card, n, jsonb_strip_nulls(jsonb_build_object('name', 'rule ' || n, 'attribute', pg_temp.pick('{a,b,c.d,c}'::text[], k, 1), 'op', op,
	'value', CASE WHEN op IN ('in', 'not_in') THEN jsonb_build_array(v, w) WHEN op LIKE 'is%' THEN NULL WHEN op = 'matches' THEN to_jsonb(pg_temp.pick('{^x,[0-9],e$}'::text[], k, 2))
		WHEN op = 'between' THEN CASE WHEN k % 3 = 0 THEN '{"below": 7}' WHEN k % 3 = 1 THEN '{"from": 2.5, "below": 10}' ELSE '{"from": "b", "below": "y"}' END::jsonb
		WHEN op IN ('=', '!=') THEN v WHEN jsonb_typeof(v) = 'boolean' OR v = '"5"' THEN '7' ELSE v END,
	'ignore_case', CASE WHEN op IN ('=', '!=', 'in', 'not_in') AND (jsonb_typeof(v) = 'string' OR op LIKE '%in' AND jsonb_typeof(w) = 'string') AND k % 2 = 0 THEN true END,
	'points', ((hashint8extended(k, 5) & 8191) - 3000) / 100.0, 'group', pg_temp.pick('{inner,outer,NULL}'::text[], k, 6))) AS rule
FROM generate_series(1, 40) card, generate_series(1, 12) n, LATERAL (SELECT card * 100 + n AS k) key,
	LATERAL (SELECT pg_temp.pick('{=,!=,<,<=,>,>=,between,in,not_in,matches,is_known,is_unknown}'::text[], k, 3) AS op,
		pg_temp.pick('{5,2.5,"\"x\"","\"y\"","\"5\"",true,7,"\"True\"","\"Xe\""}'::jsonb[], k, 4) AS v, pg_temp.pick('{10,"\"e\"",false,"\"X\"",5.0}'::jsonb[], k, 7) AS w) s;
CREATE TEMP TABLE random_card AS
SELECT card AS number, jsonb_build_object('base', 3.5, 'fit', jsonb_agg(rule ORDER BY n), 'groups', '{"inner": {"cap": 15, "floor": -10.1, "group": "outer"}, "outer": {"cap": 20.2, "floor": -12}}'::jsonb, 'fit_cap', 60, 'fit_floor', -30)::text::scorecard AS card
FROM random_rule GROUP BY card;
CREATE TEMP TABLE random_lead AS
SELECT n, jsonb_strip_nulls(jsonb_build_object('a', pg_temp.pick(vs, n, 11), 'b', pg_temp.pick(vs, n, 12), 'c', CASE WHEN n % 3 = 0 THEN pg_temp.pick(vs, n, 13) WHEN n % 3 = 1 THEN jsonb_build_object('d', pg_temp.pick(vs, n, 14)) ELSE jsonb_build_array(jsonb_build_object('d', pg_temp.pick(vs, n, 15)), jsonb_build_object('d', pg_temp.pick(vs, n, 16))) END)) AS lead
FROM generate_series(1, 60) n, (SELECT '{5,5.00,2.5,7,10,11,-1,"\"5\"","\" 7 \"","\"x\"","\"X\"","\"xe\"","\"XE\"","\"y\"","\"b\"",true,false,"\"true\"","\"\"",null,"[5, \"x\"]","[]","[null, \"\"]","{\"e\": 1}","{}"}'::jsonb[] AS vs) v;
-- Each leaf once, each rule with each distinct leaf once.
CREATE TEMP TABLE leaf AS
SELECT n, attribute, l AS leaf, l::text AS shown FROM random_lead, unnest('{a,b,c.d,c}'::text[]) attribute, pg_temp.leaves(lead, string_to_array(attribute, '.')) l;
CREATE TEMP TABLE satisfied AS
SELECT card, r.n AS rule_number, shown, pg_temp.satisfied(rule, shown::jsonb) AS yes
FROM random_rule r JOIN (SELECT DISTINCT attribute, shown FROM leaf) l ON attribute = rule ->> 'attribute';
CREATE TEMP TABLE applying AS
SELECT r.card, r.n AS rule_number, d.n, rule, count(leaf) AS known, coalesce(bool_or(yes), false) AS any_yes
FROM random_rule r CROSS JOIN random_lead d LEFT JOIN leaf l ON l.n = d.n AND attribute = rule ->> 'attribute' LEFT JOIN satisfied s USING (shown, card) WHERE s.rule_number IS NULL OR s.rule_number = r.n
GROUP BY r.card, r.n, d.n, rule;
DELETE FROM applying WHERE NOT CASE rule ->> 'op' WHEN 'is_unknown' THEN known = 0 WHEN '!=' THEN known > 0 AND NOT any_yes WHEN 'not_in' THEN known > 0 AND NOT any_yes ELSE any_yes END;
CREATE TEMP TABLE naive_fit AS
SELECT card, n, least(greatest(3.5 + loose + least(greatest(outer_points + least(greatest(inner_points, -10.1), 15), -12), 20.2), -30), 60) AS points
FROM (SELECT c.number AS card, l.n,
		coalesce(sum((rule ->> 'points')::numeric) FILTER (WHERE rule ->> 'group' IS NULL), 0) AS loose,
		coalesce(sum((rule ->> 'points')::numeric) FILTER (WHERE rule ->> 'group' = 'outer'), 0) AS outer_points,
		coalesce(sum((rule ->> 'points')::numeric) FILTER (WHERE rule ->> 'group' = 'inner'), 0) AS inner_points
	FROM random_card c CROSS JOIN random_lead l LEFT JOIN applying a ON a.card = c.number AND a.n = l.n
	GROUP BY c.number, l.n) s;
SELECT count(*) AS scores, count(DISTINCT points) > 200 AS varied, count(*) FILTER (WHERE fit(c.card, lead) IS DISTINCT FROM points::float8) AS wrong,
	count(*) FILTER (WHERE (SELECT sum(e.points) FROM explain(c.card, lead) e) IS DISTINCT FROM points) AS wrong_sum,
	count(*) FILTER (WHERE fit(c.card::text::scorecard, lead) <> points::float8) AS wrong_copy
FROM naive_fit s JOIN random_card c ON c.number = s.card JOIN random_lead l USING (n);
-- The text is a fixed point, and so is the way through jsonb, which orders keys its own way.
SELECT count(*) AS cards, count(*) FILTER (WHERE card::text::scorecard::text <> card::text OR card::jsonb::scorecard <> card) AS changed FROM random_card;
-- The rows of an explanation are the rules that apply, with their points.
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE a.n IS NULL OR e.card IS NULL OR e.points <> (a.rule ->> 'points')::numeric) AS wrong
FROM (SELECT number AS card, n, substr(rule, 6)::bigint AS rule_number, points FROM random_card c, random_lead, explain(card, lead) e WHERE rule LIKE 'rule %') e
FULL JOIN applying a USING (card, n, rule_number);

--
-- Engagement
--
\set web '\'{"engagement": [{"event": "demo", "points": 30}, {"event": "page", "points": 8, "half_life": "7 days", "cap": 20}, {"name": "click", "event": "click", "points": 4, "half_life": 7, "limit": 2}, {"event": "call", "points": 10, "window": "30 days", "limit": 3}, {"event": "leave", "points": -20, "cap": 30}, {"name": "any form", "matches": "^form", "ignore_case": true, "points": 1, "group": "forms"}, {"name": "both", "event": ["form:a", "form:b"], "points": 5, "group": "forms"}], "groups": {"forms": {"cap": 10}}, "engagement_cap": 60, "engagement_floor": -10}\''
CREATE TEMP TABLE did(lead, event, at) AS VALUES
	(1, 'demo', timestamptz '2026-01-31'), (1, 'page', '2026-01-24'), (1, 'page', '2026-01-17'), (1, 'page', '2026-02-01'),
	(2, 'click', '2026-01-31'), (2, 'click', '2026-01-24'), (2, 'click', '2026-01-24'), (2, 'click', '2026-01-03'), (2, 'other', '2026-01-03'),
	(3, 'call', '2026-01-01'), (3, 'call', '2026-01-01 00:00:01'), (3, 'call', '2026-01-30'), (3, 'call', '2026-01-31'), (3, 'call', '2026-01-31'), (3, 'call', '2025-01-31'),
	(4, 'leave', '2026-01-01'), (4, 'leave', '2026-01-02'), (4, 'page', '2026-01-31'),
	(5, 'form:a', '2026-01-01'), (5, 'FORM:b', '2026-01-01'), (5, 'form:b', '2026-01-01'), (5, 'demo', '2026-01-01'), (5, 'demo', '2026-01-01'),
	(6, 'page', '2026-01-31'), (6, 'page', '2026-01-31'), (6, 'page', '2026-01-31'), (6, 'page', '-infinity'), (6, 'demo', '-infinity'), (6, 'page', 'infinity'),
	(7, NULL, '2026-01-31'), (7, 'page', NULL), (8, 'page', '2026-03-01');
SELECT lead, engagement(:web, event, at, '2026-01-31') FROM did GROUP BY lead ORDER BY lead;
SELECT lead, e.* FROM (SELECT lead, explain_engagement(:web, event, at, '2026-01-31') AS parts FROM did GROUP BY lead) s, unnest(parts) WITH ORDINALITY e(rule, points, reason, n) ORDER BY lead, n;
-- No rows, no card, no as_of: nothing is known. A lead without events has none.
SELECT engagement(:web, event, at, '2026-01-31') FILTER (WHERE false) AS no_rows, engagement(NULL, event, at, '2026-01-31') AS no_card, engagement(:web, event, at, NULL) AS no_as_of,
	explain_engagement(:web, event, at, NULL) AS unexplained, engagement(:web, NULL, NULL, '2026-01-31') AS no_events, explain_engagement('{}', 'e', NULL, '2026-01-31') AS empty, explain_engagement('{}', event, at, '2026-01-31') FILTER (WHERE lead = 99) AS none FROM did;
SELECT engagement(CASE WHEN lead > 1 THEN scorecard :web END, event, at, CASE WHEN lead > 2 THEN timestamptz '2026-01-31' END) = engagement(:web, event, at, '2026-01-31') FILTER (WHERE lead > 2) AS skipped FROM did;
SELECT pg_temp.failure($$SELECT engagement('{}', event, at, at) FROM did$$);
SELECT pg_temp.failure($$SELECT engagement('{}', event, at, 'infinity') FROM did$$);
SELECT pg_temp.failure($$SELECT engagement(('{"base": ' || lead || '}')::scorecard, event, at, '2026-01-31') FROM did$$);

-- Random histories: the formula written out in SQL; and any order gives the same bits.
CREATE TEMP TABLE random_event AS
SELECT n % 800 AS lead, pg_temp.pick('{page,click,call,demo,leave,form:a,form:b,Form:c,other}'::text[], n, 21) AS event,
	timestamptz '2025-12-01' + (hashint8extended(n, 22) & 8191) * interval '11 minutes 7 seconds 13 microseconds' AS at, n
FROM generate_series(1, 8000) n;
CREATE TEMP TABLE random_engagement AS SELECT lead, engagement(:web, event, at, '2026-01-31') AS points FROM random_event GROUP BY lead;
SELECT count(*) AS leads, count(*) FILTER (WHERE points <> shuffled OR points <> backward) AS order_matters
FROM random_engagement JOIN (SELECT lead, engagement(:web, event, at, '2026-01-31' ORDER BY hashint8extended(n, 3)) AS shuffled, engagement(:web, event, at, '2026-01-31' ORDER BY at DESC) AS backward FROM random_event GROUP BY lead) s USING (lead);
WITH seen AS (
	SELECT *, extract(epoch FROM timestamptz '2026-01-31' - at)::float8 / 86400 AS age, row_number() OVER (PARTITION BY lead, event ORDER BY at DESC) AS latest
	FROM random_event WHERE at <= '2026-01-31'
), rule AS (
	SELECT lead, coalesce(30 * count(*) FILTER (WHERE event = 'demo'), 0) AS demo,
		least(coalesce(sum(8 * 2 ^ (-age / 7)) FILTER (WHERE event = 'page'), 0), 20) AS page,
		coalesce(sum(4 * 2 ^ (-age / 7)) FILTER (WHERE event = 'click' AND latest <= 2), 0) AS click,
		10 * least(count(*) FILTER (WHERE event = 'call' AND age < 30), 3) AS call,
		-least(20 * count(*) FILTER (WHERE event = 'leave'), 30) AS leave,
		least(count(*) FILTER (WHERE event ILIKE 'form%') + 5 * count(*) FILTER (WHERE event IN ('form:a', 'form:b')), 10) AS forms
	FROM seen GROUP BY lead
)
SELECT count(*) AS leads, count(DISTINCT round(points::numeric, 6)) > 50 AS varied, max(abs(points - least(greatest(demo + page + click + call + leave + forms, -10), 60))) < 1e-9 AS right
FROM random_engagement JOIN rule USING (lead);
SELECT count(*) AS leads, count(*) FILTER (WHERE points IS DISTINCT FROM (SELECT sum(p.points)::float8 FROM unnest(parts) p)) AS wrong
FROM random_engagement JOIN (SELECT lead, explain_engagement(:web, event, at, '2026-01-31') AS parts FROM random_event GROUP BY lead) s USING (lead);
-- As a window, the state is read after each row and goes on.
SELECT count(*) AS rows, count(*) FILTER (WHERE running <> anew) AS wrong
FROM (SELECT n, lead, engagement(:web, event, at, '2026-01-31') OVER (PARTITION BY lead ORDER BY n) AS running FROM random_event WHERE lead < 10) r,
	LATERAL (SELECT engagement(:web, event, at, '2026-01-31') AS anew FROM random_event e WHERE e.lead = r.lead AND e.n <= r.n) s;

-- The last digit is rounded, half away from zero.
SELECT p AS points, engagement(('{"engagement": [{"event": "e", "points": ' || p || 'e-12, "half_life": 1}]}')::scorecard, 'e', '2026-01-01', '2026-01-02') AS half FROM unnest('{1,2,3,-3}'::int[]) p GROUP BY p ORDER BY p;
-- More cards at once than the process keeps, their rows interleaved.
SET enable_sort = off;
SELECT count(*) AS cards, count(*) FILTER (WHERE points <> card) AS wrong
FROM (SELECT card, engagement(('{"engagement": [{"event": "e", "points": 1}, {"matches": "x' || card || '", "points": 7}]}')::scorecard, 'e', '2026-01-01', '2026-01-31') AS points
	FROM (SELECT card FROM generate_series(1, 100) i, generate_series(1, 100) card WHERE i <= card ORDER BY i, card OFFSET 0) s GROUP BY card) s;
RESET enable_sort;
-- A stored card, inside its row, compressed, and outside of it.
CREATE TEMP TABLE stored (id integer, card scorecard);
INSERT INTO stored SELECT id, ('{"note": "' || (SELECT string_agg(md5(i::text), '') FROM generate_series(1, length) i) || repeat('x', filler) || '", "base": ' || id || '}')::scorecard
FROM (VALUES (1, 1, 0), (2, 2, 50000), (3, 3000, 0)) v(id, length, filler);
SELECT id, pg_column_size(card) < 200 AS inside, pg_column_size(card) < octet_length(card::text) AS compressed, count(*) FILTER (WHERE fit(card, NULL) = id) AS right FROM stored, generate_series(1, 10) GROUP BY id, card ORDER BY id;
UPDATE stored SET card = replace(card::text, '"base": 3', '"base": 4')::scorecard WHERE id = 3;
SELECT id, fit(card, NULL) FROM stored ORDER BY id;

--
-- Total, grade, hand-off
--
\set graded '\'{"grades": {"fit": {"A": 80, "B": 60, "C": 40, "D": 0}, "engagement": {"1": 50, "2": 30.5, "3": 10}}, "total_cap": 150, "total_floor": 0, "hand_off": [{"total": 100, "fit": 40}, {"grades": ["A1", "A2", "B1"]}, {"engagement": 90}]}\''
SELECT fit, engagement, score(:graded, fit, engagement), grade(:graded, fit, engagement), hand_off(:graded, fit, engagement)
FROM (VALUES (80::float8, 50::float8), (79.999999999999, 30.5), (60, 30.499999999999), (40, 10), (39.9, 9.9), (-5, -7), (39, 61), (40, 60), (60, 50), (0, 90), (120, 90), (0.1, 0.2), (NULL, 100), (85, NULL), (NULL, NULL)) v(fit, engagement);
SELECT score('{}', 1, 2), grade('{}', 1, 2), hand_off('{}', 1, 2), score(NULL, 1, 2), grade(NULL, 1, 2), hand_off(NULL, 1, 2);
SELECT grade('{"grades": {"fit": {"A": 1, "B": null}}}', f, 9) AS fit_only, grade('{"grades": {"engagement": {"1": 1}}}', 9, f) AS engagement_only, hand_off('{"hand_off": 100}', f, 99) AS by_total FROM unnest('{0,1}'::float8[]) f;
SELECT pg_temp.failure(format('SELECT %s(%L, %s, %s)', f, :graded, a, b)) FROM unnest('{score,grade,hand_off}'::text[]) f, (VALUES ('''NaN''', '1'), ('1', '''-Infinity'''), ('1e30', '1')) v(a, b);
-- Large numbers keep their decimals: what fit() returns meets a threshold of the same number.
SELECT hand_off(card, fit(card, NULL), 0), hand_off(card, fit(card, NULL) - 1e-6, 0) AS below, score(card, fit(card, NULL), 0.2) AS score FROM (SELECT scorecard '{"base": 123456789.1, "hand_off": {"fit": 123456789.1}}' AS card) s;
SELECT count(*) AS thresholds, count(*) FILTER (WHERE NOT hand_off(('{"hand_off": {"fit": ' || x || '}}')::scorecard, x::float8, 0)) AS missed FROM (SELECT 100000000 + n * 0.1 AS x FROM generate_series(1, 200) n) s;
-- More points never make the grade worse, nor lose the hand-off, on random bands; the letter of fit comes first.
SELECT count(*) AS cards, count(*) FILTER (WHERE substr(best, 1, 1) > substr(worst, 1, 1) OR substr(best, 2) > substr(worst, 2) OR handed > handed_better) AS wrong, count(DISTINCT worst) AS grades
FROM (SELECT n, grade(card, f + 5, e + 5) AS best, grade(card, f, e) AS worst, hand_off(card, f, e) AS handed, hand_off(card, f + 5, e + 5) AS handed_better
	FROM (SELECT n, format('{"grades": {"fit": {"A": %s, "B": %s, "C": %s}, "engagement": {"1": %s, "2": %s}}, "hand_off": [{"total": %s, "fit": %s}, {"grades": ["A1", "A2", "B1", "B2"]}]}', 70 + n % 13, 40 + n % 29, n % 31, 50 + n % 7, n % 49, n % 190, n % 43)::scorecard AS card, (n * 37 % 100)::float8 AS f, (n * 53 % 100)::float8 AS e
		FROM generate_series(1, 2000) n) s) g;

--
-- The shapes of known tools, by hand
--
\set file :abs_srcdir '/../examples/scorecards/hubspot.json'
\set hubspot `cat :'file'`
\set file :abs_srcdir '/../examples/scorecards/marketo.json'
\set marketo `cat :'file'`
\set file :abs_srcdir '/../examples/scorecards/pardot.json'
\set pardot `cat :'file'`
\set file :abs_srcdir '/../examples/scorecards/mautic.json'
\set mautic `cat :'file'`
-- 25 + 10 in Person (limit 35) and 20 + 40 = 60 in Company, held at 50: 85, an A.
-- 40 once + 10 / 2 in Conversions, 8 + 8 of three visits of the pricing page and 3 + 1 / 2 for any page in Website (limit 20), 3 / 4 for a click: 65.25, a 1.
SELECT * FROM explain(:'hubspot'::scorecard, '{"jobtitle": "VP Sales", "email": "ann@acme.example", "country": "france", "numberofemployees": "1200"}');
SELECT e.* FROM (SELECT explain_engagement(:'hubspot', event, at, '2026-06-30') AS parts FROM (VALUES
	('form:demo', timestamptz '2026-03-01'), ('form:demo', '2026-02-01'), ('form:ebook', '2026-04-01'), ('page:/pricing', '2026-05-31'), ('page:/pricing/team', '2026-06-30'), ('page:/pricing', '2026-06-30'), ('page:/pricing', '2026-06-30'), ('email:click', '2026-05-01')) v(event, at)) s, unnest(parts) e;
SELECT fit, engagement, score(:'hubspot', fit, engagement), grade(:'hubspot', fit, engagement), hand_off(:'hubspot', fit, engagement)
FROM fit(:'hubspot', '{"jobtitle": "VP Sales", "email": "ann@acme.example", "country": "france", "numberofemployees": "1200"}'), (SELECT engagement(:'hubspot', event, at, '2026-06-30') FROM (VALUES
	('form:demo', timestamptz '2026-03-01'), ('form:demo', '2026-02-01'), ('form:ebook', '2026-04-01'), ('page:/pricing', '2026-05-31'), ('page:/pricing/team', '2026-06-30'), ('page:/pricing', '2026-06-30'), ('page:/pricing', '2026-06-30'), ('email:click', '2026-05-01')) v(event, at)) s;
-- 20 + 15 + 15 + 5 = 55, with a competitor's name -45. 3 pages, pricing once in 7 days 10, contact form 30, two of three webinars 30, inactivity -40 held at -30: 43.
SELECT fit, engagement, score(:'marketo', fit, engagement), hand_off(:'marketo', fit, engagement)
FROM unnest('{"{\"title\": \"CFO\", \"industry\": \"Software\", \"annualRevenue\": 25000000, \"phone\": \"+33 1\", \"country\": \"FR\"}","{\"title\": \"Chief of staff\", \"industry\": \"Software\", \"annualRevenue\": 25000000, \"phone\": \"+33 1\", \"country\": \"FR\", \"company\": \"acme rival\"}"}'::jsonb[]) lead, fit(:'marketo', lead),
	(SELECT engagement(:'marketo', event, at, '2026-06-30') FROM (VALUES
	('Visit Webpage', timestamptz '2026-01-01'), ('Visit Webpage', '2026-01-02'), ('Visit Webpage', '2026-05-01'), ('Visit Webpage: pricing', '2026-06-28'), ('Visit Webpage: pricing', '2026-06-29'), ('Visit Webpage: pricing', '2026-06-01'), ('Fill Out Form: contact', '2026-06-01'), ('Fill Out Form: contact', '2026-06-02'),
	('Attend Event', '2026-02-01'), ('Attend Event', '2026-03-01'), ('Attend Event', '2026-04-01'), ('Inactive 30 Days', '2026-03-01'), ('Inactive 90 Days', '2026-05-01')) v(event, at)) s;
-- From D by thirds of a letter: 3 + 2 + 2 + 2 = 9 thirds make an A; 3 + 1 = 4 a C. 50 + 50 - 5 + 3 + 1 + 1 = 100.
SELECT fit, engagement, grade(:'pardot', fit, engagement), hand_off(:'pardot', fit, engagement)
FROM unnest('{"{\"job_title\": \"Sales Manager\", \"industry\": \"Technology\", \"employees\": 150, \"country\": \"DE\", \"department\": \"Purchasing\"}","{\"job_title\": \"Director\", \"employees\": 20, \"department\": \"IT\"}","{}"}'::jsonb[]) lead, fit(:'pardot', lead),
	(SELECT engagement(:'pardot', event, '2026-06-01', '2026-06-30') FROM unnest('{Form: Submission,Form Handler: Submission,Form: Error,Email: Click,Page View,Page View,Webinar: Attended}'::text[]) event) s;
-- 10 + 10 + 15 + 4 pages = 39 in content; 2 + 5 * 5 = 27 in email, held at 20; 20 once for two forms: 79; with 30 of the segment 109.
SELECT fit, engagement, score(:'mautic', fit, engagement), hand_off(:'mautic', fit, engagement)
FROM unnest('{"{\"segments\": [\"newsletter\", \"ideal-customer\"], \"dnc\": false}","{\"segments\": [\"newsletter\"]}","{\"segments\": \"ideal-customer\", \"dnc\": true}"}'::jsonb[]) lead, fit(:'mautic', lead),
	(SELECT engagement(:'mautic', event, '2026-06-01', '2026-06-30') FROM unnest('{asset.download,asset.download,email.open,email.open,email.click,email.click,email.click,email.click,email.click,page.hit /pricing,page.hit /pricing,page.hit /,page.hit /blog,form.submit,form.submit}'::text[]) event) s;

--
-- Events at hand as arrays
--
SELECT count(*) AS moments, count(*) FILTER (WHERE a.points IS NOT DISTINCT FROM r.points) AS same, count(a.points) AS scored
FROM (SELECT '{"engagement": [{"event": "click", "points": 10, "half_life": "14 days"}, {"event": "mail", "points": 3, "limit": 2}], "engagement_cap": 40}'::lead_kpi.scorecard AS card,
	'{click,mail,NULL,click,mail,click}'::text[] AS events,
	'{2026-01-03,2026-01-05,2026-01-02,infinity,NULL,2026-01-04}'::timestamptz[] AS times) e
CROSS JOIN generate_series('2026-01-01'::timestamptz, '2026-01-20', '6 hours') AS m(as_of)
CROSS JOIN LATERAL (SELECT lead_kpi.engagement_of_events(card, events, times, as_of) AS points) a
CROSS JOIN LATERAL (SELECT lead_kpi.engagement(card, u.event, u.at, as_of) AS points FROM unnest(events, times) u(event, at) WHERE u.at <= as_of) r;
SELECT lead_kpi.engagement_of_events(NULL, '{a}', '{2026-01-01}', '2026-01-02') AS no_card, lead_kpi.engagement_of_events('{}', '{a}', '{2026-01-01}', NULL) AS no_moment,
	lead_kpi.engagement_of_events('{}', NULL, '{2026-01-01}', '2026-01-02') AS no_events, lead_kpi.engagement_of_events('{}', '{}', '{}', '2026-01-02') AS none,
	lead_kpi.engagement_of_events('{}', '{NULL}', '{2026-01-01}', '2026-01-02') AS unknown_event;
SELECT pg_temp.failure($$SELECT lead_kpi.engagement_of_events('{}', '{a,b}', '{2026-01-01}', '2026-01-02')$$),
	pg_temp.failure($$SELECT lead_kpi.engagement_of_events('{}', '{a}', '{2026-01-01}', 'infinity')$$);

--
-- A card is compiled once: in a session of its own, 2000 rows of one card, stored, compressed or spelled otherwise, leave one behind.
--
\connect -
SET search_path = public, lead_kpi;
CREATE TEMP TABLE stored (id integer, card scorecard);
INSERT INTO stored SELECT id, ('{"note": "' || (SELECT string_agg(md5(i::text), '') FROM generate_series(1, length) i) || '", "base": ' || id || ', "engagement": [{"event": "e", "points": 2}], "grades": {"fit": {"A": 2}}, "hand_off": 5}')::scorecard
FROM (VALUES (1, 1), (2, 3000)) v(id, length);
SELECT id, pg_column_size(card) > 2000 AS is_outside, count(fit(card, '{}')) AS fit, count(grade(card, n, 0)) AS grade, count(hand_off(card, n, 0)) AS hand_off, sum((SELECT points FROM explain(card, '{}'))) AS explained
FROM stored, generate_series(1, 2000) n GROUP BY id, is_outside ORDER BY id;
SELECT count(*) AS leads, sum(points) AS points FROM (SELECT engagement((SELECT card FROM stored WHERE id = 2), 'e', '2026-01-01', '2026-01-02') AS points FROM generate_series(1, 2000) n GROUP BY n) s;
SELECT count(fit('{"base": 3, "fit": []}', '{}')), count(fit(CASE WHEN n % 2 = 0 THEN '{"base": 3.0}' ELSE '{ "base":3}' END::scorecard, '{}')) FROM generate_series(1, 2000) n;
SELECT count(*) AS cards FROM pg_backend_memory_contexts WHERE name = 'lead_kpi scorecard';
