-- attribution: credit by every model, removal effects and intervals, against published values; bad arguments.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- Journeys to read -----------------------------------------------------------

CREATE TEMP TABLE path (path text[], conversions bigint, value float8, nulls bigint);
INSERT INTO path VALUES ('{ads,email,direct}', 4, 4000, 6), ('{ads,ads,email}', 3, 4500.75, 5), ('{seo}', 5, 2500, 40),
	('{ads,email,direct}', 1, 0.1, 0), ('{ads,email,direct}', 1, 0.2, 0), ('{}', 2, 70, 0), (NULL, 9, 1, 1),
	('{seo,direct}', NULL, NULL, 3), ('{never}', 0, 0, 0);
CREATE TEMP TABLE small AS SELECT journeys(path, conversions, value, nulls) AS j FROM path;

-- One set of journeys, added in two ways.
CREATE TEMP TABLE uneven AS
SELECT array_agg('c' || (h >> (4 * i)) % 7 ORDER BY i) AS path, n, h % 3 AS conversions,
	CASE WHEN h % 3 > 0 THEN exp(h % 40 - 20.0::float8) ELSE 0 END AS value, (h >> 9) % 4 AS nulls
FROM (SELECT n, abs(hashint4extended(n, 5)) AS h FROM generate_series(1, 2000) n) s, generate_series(1, 6) i
WHERE i <= 1 + h % 6 GROUP BY n, h;
CREATE TEMP TABLE way AS
SELECT 'rollup of rows' AS way, rollup(p) AS j FROM (SELECT journeys(path, conversions, value, nulls) AS p FROM uneven GROUP BY n) s
UNION ALL SELECT '+', a.j + b.j FROM (SELECT journeys(path, conversions, value, nulls) AS j FROM uneven WHERE n < 700) a,
	(SELECT journeys(path, conversions, value, nulls) AS j FROM uneven WHERE n >= 700) b;

-- What each channel gets ------------------------------------------------------

SELECT channel, round(a.conversions::numeric, 6) AS conversions, round(value::numeric, 4) AS value, round(share::numeric, 4) AS share, low, high
FROM small, attribution(j, 'linear') a;
SELECT model, channel, round(a.conversions::numeric, 4) AS conversions, round(value::numeric, 2) AS value
FROM small, attribution_models() WITH ORDINALITY AS m(model, n), attribution(j, model) a ORDER BY n, channel COLLATE "C";
-- The models are rows: as a table, by its alias, numbered, and where a value is.
SELECT m.*, a.channel, round(a.conversions::numeric, 4) AS conversions FROM small, attribution_models() m, attribution(j, m) a WHERE m IN ('linear', 'markov') ORDER BY model, channel COLLATE "C";
SELECT n, model FROM attribution_models() WITH ORDINALITY m(model, n) ORDER BY n;
SELECT count(*), count(DISTINCT model) FROM (SELECT attribution_models() AS model) m;
SELECT 'markov' IN (SELECT attribution_models()) AS known, 'telepathy' IN (SELECT model FROM attribution_models()) AS unknown;
SELECT channel, round(removal_effect::numeric, 6) AS effect, round(removal_effect_value::numeric, 6) AS effect_value FROM small, removal_effects(j);
SELECT from_state, to_state, journeys, round(probability::numeric, 4) AS probability FROM small, transitions(j);
SELECT from_state, to_state, journeys, round(probability::numeric, 4) AS probability FROM small, transitions(j, 2);
-- A channel that reads like an end, or like two channels, is in quotes.
SELECT from_state, to_state, journeys FROM (SELECT rollup(j) AS j FROM (SELECT journeys(path, 1, 10, 1) AS j FROM (VALUES (ARRAY['(conversion)', 'a > b', '(null)']), (ARRAY['a', 'b']), (ARRAY['say "hi"', '"', '(other)'])) v(path)) p) s,
	transitions(j) ORDER BY from_state COLLATE "C", to_state COLLATE "C";

-- Every model conserves conversions and value, on every data set.
CREATE TEMP TABLE data_set AS
SELECT 'small' AS name, j, 16 AS conversions, 11071.05::float8 AS value FROM small
UNION ALL SELECT 'uneven', j, (SELECT sum(conversions) FROM uneven), (SELECT sum(value) FROM uneven) FROM way WHERE way = '+'
UNION ALL SELECT 'one channel', journeys(path, 1, 2, 3), 2, 4 FROM (VALUES ('{a}'::text[]), ('{a,a,a}')) v(path)
UNION ALL SELECT 'no touch', journeys('{}', 3, 9, 0), 3, 9
UNION ALL SELECT 'never converts', journeys('{a,b}', 0, 0, 9), 0, 0
UNION ALL SELECT 'no value', journeys('{a,b}', 5, 0, 1), 5, 0
UNION ALL SELECT 'hardly ever converts', journeys(path, c, c, n), 3, 3
	FROM (VALUES ('{a,b}'::text[], 1, 1000000000000000), ('{b,c,b}', 2, 4000000000000000)) v(path, c, n)
UNION ALL SELECT 'direct', journeys(path, 1, 5, 0), 3, 15 FROM (VALUES ('{Direct}'::text[]), ('{a,DIRECT,direct}'), ('{direct,b}')) v(path)
UNION ALL SELECT 'long path', journeys(array_fill('a'::text, ARRAY[50000]) || array_fill('b'::text, ARRAY[50000]), 1, 7, 1), 1, 7
UNION ALL SELECT 'long walk', journeys((SELECT array_agg('c' || n * n % 11) FROM generate_series(1, 100000::bigint) n), 1, 7, 1), 1, 7;
SELECT name, count(*) AS checks,
	bool_and(abs(sum - d.conversions) <= 1e-9 * d.conversions AND abs(sum_value - d.value) <= 1e-9 * d.value
		AND (d.conversions = 0 OR abs(sum_share - 1) < 1e-9) AND rows > 0) AS conserved
FROM data_set d, attribution_models() model, generate_series(1, 5) markov_order,
	LATERAL (SELECT sum(a.conversions) AS sum, sum(a.value) AS sum_value, sum(share) AS sum_share, count(*) AS rows
		FROM attribution(j, model, markov_order => markov_order) a) a
WHERE model = 'markov' OR markov_order = 1
GROUP BY name ORDER BY name COLLATE "C";
SELECT name, channel, a.conversions, a.value, share FROM data_set, attribution(j, 'markov') a
WHERE name IN ('no touch', 'never converts', 'one channel') ORDER BY name COLLATE "C", channel;
SELECT e.* FROM data_set, removal_effects(j) e WHERE name = 'never converts';
SELECT channel, a.conversions FROM data_set, attribution(j, 'last_non_direct') a WHERE name = 'direct' ORDER BY channel COLLATE "C";
SELECT channel, a.conversions FROM data_set, attribution(j, 'last_non_direct', direct => '{b,A}') a WHERE name = 'direct' ORDER BY channel COLLATE "C";
-- Rare conversions keep their digits: without a, two of three are left.
SELECT channel, round(removal_effect::numeric, 9) AS removal_effect FROM data_set, removal_effects(j, 3) WHERE name = 'hardly ever converts';

-- The order that made the paths: the next channel depends on the last one, or on the last two.
SELECT suggest_order(first) AS first, suggest_order(second) AS second
FROM (SELECT journeys(('{a,' || substr('bcb', 1 + n % 2, 1) || '}')::text[], 1, 0, n % 2) AS first FROM generate_series(1, 1000) n) a,
	(SELECT journeys(CASE n % 4 WHEN 0 THEN '{a,b,a}' WHEN 1 THEN '{c,b,c}' WHEN 2 THEN '{a,b}' ELSE '{c,b}' END::text[], 1, 0, 1) AS second
	FROM generate_series(1, 1000) n) b;

-- 10 000 channels.
CREATE TEMP TABLE wide AS
SELECT journeys(ARRAY['c' || n, 'c' || n + 5000], 1, 1, 1) AS j FROM generate_series(1, 5000) n;
SELECT model, count(*), round(sum(conversions)::numeric, 6) AS conversions, round(max(conversions)::numeric, 6) AS most
FROM wide, unnest('{linear,markov,shapley}'::text[]) model, attribution(j, model) GROUP BY model ORDER BY model;

-- Oracles --------------------------------------------------------------------

\set file :abs_srcdir '/oracles/markov_small_paths.csv'
\set content `cat :'file'`
CREATE TEMP TABLE markov_path AS
SELECT f[1] AS dataset, string_to_array(f[2], ' > ') AS path, f[3]::bigint AS conversions, f[4]::float8 AS value, f[5]::bigint AS nulls
FROM pg_temp.csv(:'content') f;
CREATE TEMP TABLE markov AS
SELECT dataset, use_null, journeys(path, conversions, value, CASE WHEN use_null THEN nulls ELSE 0 END) AS j
FROM markov_path, (VALUES (true), (false)) u(use_null) GROUP BY dataset, use_null;
\set file :abs_srcdir '/oracles/markov_small_expected.csv'
\set content `cat :'file'`
SELECT f[1] AS dataset, f[2] AS markov_order, count(*) AS channels,
	max(abs(removal_effect - f[6]::float8)) < 1e-9 AND max(abs(removal_effect_value - f[7]::float8)) < 1e-9
	AND max(abs(a.conversions - f[8]::float8)) < 1e-9 AND max(abs(a.value - f[9]::float8)) < 1e-9 AS equal
FROM pg_temp.csv(:'content') f JOIN markov ON dataset = f[1] AND use_null = f[3]::boolean,
	removal_effects(j, f[2]::int) r, attribution(j, 'markov', f[2]::int) a
WHERE r.channel = f[4] AND a.channel = f[4]
GROUP BY 1, 2 ORDER BY 1, 2;

-- The rate game's oracle is per journey; attribution scales it to the conversions. Negative values stay.
\set file :abs_srcdir '/oracles/shapley_small_expected.csv'
\set content `cat :'file'`
SELECT f[1] AS dataset, f[2] AS game, count(*) AS channels,
	max(abs(a.conversions / total * f[5]::float8 - f[4]::float8)) < 1e-9 AS equal, min(a.conversions) < 0 AS negative
FROM pg_temp.csv(:'content') f JOIN markov ON dataset = f[1] AND use_null,
	LATERAL (SELECT sum(conversions) AS total FROM paths(j)) t,
	LATERAL (SELECT CASE f[2] WHEN 'subset_rate' THEN 'shapley_rate' ELSE 'shapley' END AS model) m, attribution(j, model) a
WHERE a.channel = f[3] AND f[2] IN ('subset_rate', 'subset_conversions')
GROUP BY 1, 2 ORDER BY 1, 2;

-- Positions and milestones: each journey of the oracle, touch by touch, by giving every touch its own channel.
\set file :abs_srcdir '/oracles/heuristic_models_fixture_expected.csv'
\set content `cat :'file'`
CREATE TEMP TABLE heuristic AS
SELECT f[1] AS journey, f[2]::float8 AS value, f[3]::int AS touch, f[4] AS channel, f[5]::int AS hours, f[6] AS milestone,
	f[7] AS model, f[8]::float8 AS weight, f[9]::float8 AS credit
FROM pg_temp.csv(:'content') f;
CREATE TEMP TABLE heuristic_journey AS
SELECT journey, journeys(path, 1, value, 0, milestones) AS j, array_to_string(direct, ',') AS direct
FROM (SELECT journey, value, array_agg(channel || '/' || touch ORDER BY touch) AS path,
		array_agg(CASE milestone WHEN 'lead' THEN 'lead' WHEN 'opp' THEN 'opportunity' END ORDER BY touch) AS milestones,
		array_agg(channel || '/' || touch) FILTER (WHERE lower(channel) = 'direct') AS direct
	FROM heuristic WHERE model = 'first' GROUP BY 1, 2) s
GROUP BY journey, direct;
SELECT h.model, count(*) AS touches, max(abs(a.conversions - weight)) < 1e-9 AS equal, max(abs(a.value - credit)) < 1e-6 AS equal_value
FROM heuristic h JOIN heuristic_journey USING (journey)
	JOIN (VALUES ('first', 'first_touch'), ('last', 'last_touch'), ('linear', 'linear'), ('last_non_direct', 'last_non_direct'),
		('position_40_20_40', 'position_based'), ('w_shaped', 'w_shaped'), ('full_path', 'full_path')) m(model, name) USING (model),
	attribution(j, name, direct => string_to_array(direct, ',')) a
WHERE a.channel = h.channel || '/' || touch
GROUP BY h.model ORDER BY h.model;
-- Milestones that coincide add up, missing ones are left out, and the rest is renormalised.
SELECT name, model, channel, round(a.conversions::numeric, 6) AS weight
FROM (SELECT 'coincide' AS name, journeys('{a,b,c}', 1, 1, 0, '{lead,NULL,opportunity}') AS j
	UNION ALL SELECT 'missing', journeys('{a,b,c}', 1, 1, 0, NULL)
	UNION ALL SELECT 'one', journeys('{a}', 1, 1, 0, '{lead and opportunity}')
	UNION ALL SELECT 'two leads', journeys('{a,b,c}', 1, 1, 0, '{NULL,lead,lead}')) v,
	unnest('{w_shaped,full_path}'::text[]) model, attribution(j, model) a
WHERE channel IS NOT NULL ORDER BY name COLLATE "C", model COLLATE "C", channel;
SELECT channel, a.conversions FROM (SELECT journeys('{a,b,c,d}', 1, 1, 0) AS j) s, attribution(j, 'position_based', weights => '{3,1,0}') a;
SELECT channel, a.conversions FROM (SELECT journeys('{a,b}', 1, 1, 0) AS j) s, attribution(j, 'position_based', weights => '{0,1,0}') a;

-- Bootstrap: reproducible, ordered, around the estimate; wider at a higher level.
CREATE TEMP TABLE interval_of AS
SELECT model, seed, level, a.* FROM way, unnest('{linear,markov,shapley}'::text[]) model, generate_series(1, 2) seed,
	unnest('{0.5,0.95}'::float8[]) level, attribution(j, model, bootstrap => 200, seed => seed, level => level) a
WHERE way = '+';
SELECT model, bool_and(low <= conversions AND conversions <= high) AS around, bool_and(low < high) AS has_width,
	count(DISTINCT low) FILTER (WHERE channel = 'c1' AND level = 0.5) AS different_by_seed
FROM interval_of WHERE channel IS NOT NULL AND level = 0.95 OR channel = 'c1' GROUP BY model ORDER BY model;
SELECT bool_and(w.low <= n.low AND n.high <= w.high) AS wider
FROM interval_of w JOIN interval_of n USING (model, seed, channel) WHERE w.level = 0.95 AND n.level = 0.5;
SELECT count(*) AS compared, count(*) FILTER (WHERE (a.low, a.high) IS DISTINCT FROM (i.low, i.high)) AS differ FROM interval_of i, way,
	attribution(CASE WHEN i.seed = 1 THEN j ELSE j::text::journeys END, i.model, bootstrap => 200, seed => i.seed, level => i.level) a
WHERE way = 'rollup of rows' AND a.channel = i.channel;
-- A Poisson count of mean 400: about 400 +- 39; of mean 4: 1 to 8.
SELECT round(low / 20) AS low, round(high / 20) AS high
FROM (SELECT journeys('{a}', 400, 0, 0) AS j) s, attribution(j, 'linear', bootstrap => 2000) WHERE channel = 'a';
SELECT low, high FROM (SELECT journeys('{a}', 4, 0, 0) AS j) s, attribution(j, 'linear', bootstrap => 2000) WHERE channel = 'a';

-- Bad input ------------------------------------------------------------------

SELECT statement, pg_temp.failure(statement) FROM (VALUES
	($$SELECT attribution(j, 'markow') FROM small$$),
	($$SELECT attribution(j, NULL) FROM small$$),
	($$SELECT attribution(j, 'markov', markov_order => 6) FROM small$$),
	($$SELECT attribution(j, 'markov', 0) FROM small$$),
	($$SELECT removal_effects(j, 0) FROM small$$),
	($$SELECT transitions(j, 6) FROM small$$),
	($$SELECT attribution(j, 'time_decay', half_life => '0') FROM small$$),
	($$SELECT attribution(j, 'time_decay', half_life => '-1 day') FROM small$$),
	($$SELECT attribution(j, 'time_decay', half_life => '1 month') FROM small$$),
	($$SELECT attribution(j, 'time_decay', half_life => '7 days') FROM small$$),
	($$SELECT attribution(j, 'linear', weights => '{1}') FROM small$$),
	($$SELECT attribution(j, 'position_based', weights => '{1,1}') FROM small$$),
	($$SELECT attribution(j, 'w_shaped', weights => '{1,1,1,-1}') FROM small$$),
	($$SELECT attribution(j, 'full_path', weights => '{1,1,1,1,NaN}') FROM small$$),
	($$SELECT attribution(j, 'full_path', weights => '{1,1,1,1,NULL}') FROM small$$),
	($$SELECT attribution(j, 'position_based', weights => '{0,0,0}') FROM small$$),
	($$SELECT attribution(j, 'linear', bootstrap => -1) FROM small$$),
	($$SELECT attribution(j, 'linear', bootstrap => 10, level => 1) FROM small$$),
	($$SELECT attribution(j, 'shapley_rate') FROM wide$$)
) s(statement);
-- Solved by elimination: who walks that long cannot do without any channel on the way, so half of the conversions hang on each.
SELECT channel = 'z' AS alone, count(*) AS channels, min(round(removal_effect::numeric, 9)) AS lowest, max(round(removal_effect::numeric, 9)) AS highest
FROM (SELECT journeys(path, 1, 1, n) AS j FROM (SELECT array_agg('c' || abs(hashint8extended(n, 1) % 40)) AS path, 1 AS n FROM generate_series(1, 100000::bigint) n
	UNION ALL SELECT '{z}', 0) v) s, removal_effects(j) GROUP BY 1 ORDER BY 1;
-- Many channels: eliminated in blocks, half of the channels at a time. What following the transitions says, 120 of them, without some of the channels.
CREATE TEMP TABLE many AS SELECT journeys(path, c, c * 7.5, 3 - c) AS j FROM
(
	SELECT array_agg('c' || (abs(hashint8extended(p * 100 + i, 3)) % 150) * (abs(hashint8extended(p * 100 + i, 4)) % 150) / 150 ORDER BY i) AS path, p % 3 AS c
	FROM generate_series(1, 800::bigint) p, generate_series(1, 1 + p % 6) i GROUP BY p
) s;
CREATE FUNCTION pg_temp.conversions_without(journeys, integer, text) RETURNS float8 LANGUAGE sql SET enable_nestloop = off AS $$
	WITH RECURSIVE step AS MATERIALIZED
	(
		SELECT from_state, to_state, probability FROM transitions($1, $2) WHERE $3 IS NULL OR NOT $3 = ANY (string_to_array(to_state, ' > '))
	), walk AS
	(
		SELECT 0 AS n, ARRAY['(start)'] AS states, ARRAY[1::float8] AS shares, 0::float8 AS converted
		UNION ALL
		SELECT w.n + 1, s.states, s.shares, w.converted + coalesce(s.converted, 0) FROM walk w, LATERAL
		(
			SELECT array_agg(to_state) FILTER (WHERE to_state <> ALL ('{(conversion),(null)}')) AS states,
				array_agg(share) FILTER (WHERE to_state <> ALL ('{(conversion),(null)}')) AS shares,
				sum(share) FILTER (WHERE to_state = '(conversion)') AS converted
			FROM
			(
				SELECT to_state, sum(share * probability) AS share
				FROM unnest(w.states, w.shares) AS at(from_state, share) JOIN step USING (from_state) GROUP BY 1
			) a
		) s WHERE w.n < 120 AND w.states IS NOT NULL
	)
	SELECT max(converted) FROM walk
$$;
SELECT markov_order, count(*), max(abs(removal_effect - 1 + pg_temp.conversions_without(j, markov_order, channel) / whole)) < 1e-12 AS equal
FROM many, (VALUES (1), (2)) v(markov_order), pg_temp.conversions_without(j, markov_order, NULL) whole, removal_effects(j, markov_order)
WHERE channel IN ('c0', 'c77', 'c138') GROUP BY 1 ORDER BY 1;
-- A walk that hardly ever ends, through 1335 states.
SELECT count(*), round(sum(conversions)::numeric, 9) AS conversions
FROM (SELECT journeys(path, 1, 7, 1) AS j FROM (SELECT array_agg('c' || (n * n * 7919 + n * n * n) % 2003) AS path FROM generate_series(1, 100000::bigint) n) p) s, attribution(j, 'markov');
-- Through so many states that there is no memory for it: refused.
SELECT pg_temp.failure($$SELECT attribution(journeys((SELECT array_agg('c' || (n * n * 7919 + n * n * n) % 6007) FROM generate_series(1, 100000::bigint) n), 1, 7, 1), 'markov')$$);
SELECT count(*) FROM attribution(NULL, 'linear');
SELECT count(*) FROM removal_effects(NULL);
SELECT count(*) FROM attribution((SELECT j FROM small), 'markov', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
