-- window_funnel against a brute-force reference, in every legal combination of modes.
--
-- The reference shares nothing with the C code: it keeps every chain there is. It visits the entries
-- of a group (a row, once per step it meets) by time and step, and lengthens all chains they can
-- lengthen. Under strict_once with strict_deduplication the order in which tied rows arrive would
-- decide; the rule is the best answer over all such orders, and the reference tries them all.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET search_path = lead_kpi, pg_temp;

CREATE TYPE pg_temp.chain AS (used integer, times bigint[]);

CREATE FUNCTION pg_temp.chains_in_order(modes text[], within bigint, steps integer, times bigint[], masks integer[])
RETURNS pg_temp.chain[]
LANGUAGE plpgsql
AS $$
DECLARE
	dedup boolean := 'strict_deduplication' = ANY (modes);
	in_order boolean := 'strict_order' = ANY (modes);
	increase boolean := 'strict_increase' = ANY (modes);
	once boolean := 'strict_once' = ANY (modes);
	reentry boolean := 'allow_reentry' = ANY (modes);
	chains pg_temp.chain[] := '{}';
	reached integer := 0;
	preceded pg_temp.chain[];	-- chains that this time alone would lengthen, were several of its steps allowed
	existing pg_temp.chain;
	longer pg_temp.chain[];
	moment bigint;
BEGIN
	FOR moment IN SELECT DISTINCT t FROM unnest(times) t ORDER BY t LOOP
		IF in_order AND reached > 0 AND
			EXISTS (SELECT FROM unnest(times, masks) r(t, mask) WHERE t = moment AND mask = 0) THEN
			RETURN chains;
		END IF;
		preceded := chains;
		FOR step IN 1 .. steps LOOP
			-- Under strict_increase a time that has B and C shows that C was preceded by B, though no chain takes both.
			IF increase AND in_order AND EXISTS (SELECT FROM unnest(times, masks) r(t, mask) WHERE t = moment AND (mask >> (step - 1)) & 1 = 1) THEN
				IF step = 1 THEN
					preceded := preceded || (0, ARRAY[moment])::pg_temp.chain;
				ELSIF EXISTS (SELECT FROM unnest(preceded) p WHERE cardinality(p.times) = step - 1 AND moment - p.times[1] <= within) THEN
					preceded := preceded || ARRAY(SELECT (0, p.times || moment)::pg_temp.chain FROM unnest(preceded) p WHERE cardinality(p.times) = step - 1 AND moment - p.times[1] <= within);
				END IF;
			END IF;
			FOR r IN 1 .. cardinality(times) LOOP
				CONTINUE WHEN times[r] <> moment OR (masks[r] >> (step - 1)) & 1 = 0;
				IF step = 1 THEN
					chains := chains || (1 << r, ARRAY[moment])::pg_temp.chain;
					reached := greatest(reached, 1);
				ELSIF dedup AND reached >= step THEN
					RETURN chains;
				ELSIF in_order AND reached > 0 AND reached < step - 1 AND
					NOT EXISTS (SELECT FROM unnest(preceded) p WHERE increase AND cardinality(p.times) = step - 1 AND p.times[step - 1] = moment) THEN
					IF NOT reentry THEN
						RETURN chains;
					END IF;
				ELSE
					longer := '{}';
					FOREACH existing IN ARRAY chains LOOP
						IF cardinality(existing.times) = step - 1 AND moment - existing.times[1] <= within
							AND NOT (increase AND moment = existing.times[step - 1])
							AND NOT (once AND (existing.used >> r) & 1 = 1) THEN
							longer := longer || (existing.used | (1 << r), existing.times || moment)::pg_temp.chain;
							reached := greatest(reached, step);
						END IF;
					END LOOP;
					chains := chains || longer;
				END IF;
			END LOOP;
		END LOOP;
	END LOOP;
	RETURN chains;
END
$$;

CREATE TEMP TABLE arrival AS
WITH RECURSIVE permutation(positions) AS (
	SELECT '{}'::integer[]
	UNION ALL
	SELECT positions || p FROM permutation, generate_series(1, 5) p
	WHERE cardinality(positions) < 5 AND NOT p = ANY (positions))
SELECT positions, cardinality(positions) AS rows FROM permutation
WHERE NOT EXISTS (SELECT FROM unnest(positions) p WHERE p > cardinality(positions));

-- The times of the counted chain: deepest, then first to get there, then last to start, then earliest.
CREATE FUNCTION pg_temp.reference(modes text[], within bigint, steps integer, times bigint[], masks integer[])
RETURNS bigint[]
LANGUAGE sql
AS $$
SELECT coalesce((
	SELECT c.times
	FROM (
		SELECT times, masks
		WHERE NOT modes @> '{strict_once,strict_deduplication}'
		UNION ALL
		SELECT (SELECT array_agg(times[p] ORDER BY n) FROM unnest(positions) WITH ORDINALITY o(p, n)),
			(SELECT array_agg(masks[p] ORDER BY n) FROM unnest(positions) WITH ORDINALITY o(p, n))
		FROM pg_temp.arrival
		WHERE modes @> '{strict_once,strict_deduplication}' AND rows = cardinality(times)
			AND NOT EXISTS (SELECT FROM generate_subscripts(positions, 1) i WHERE times[positions[i]] > times[positions[i + 1]])
		) o(times, masks),
		unnest(pg_temp.chains_in_order(modes, within, steps, o.times, o.masks)) c
	ORDER BY cardinality(c.times) DESC, c.times[cardinality(c.times)], c.times[1] DESC, c.times
	LIMIT 1), '{}')
$$;

-- All sets of modes; allow_reentry is nothing without strict_order.
CREATE TEMP TABLE mode_set AS
SELECT m AS id, array_remove(ARRAY[
	CASE WHEN m & 1 > 0 THEN 'strict_deduplication' END,
	CASE WHEN m & 2 > 0 THEN 'strict_order' END,
	CASE WHEN m & 4 > 0 THEN 'strict_increase' END,
	CASE WHEN m & 8 > 0 THEN 'strict_once' END,
	CASE WHEN m & 16 > 0 THEN 'allow_reentry' END], NULL) AS modes
FROM generate_series(0, 31) m
WHERE m & 16 = 0 OR m & 2 > 0;

SELECT count(*) AS mode_sets FROM mode_set;

-- Small groups rich in ties: up to 5 rows (in every tenth group up to 8) at up to 4 different times.
CREATE FUNCTION pg_temp.draw(below integer, VARIADIC seed integer[])
RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN ('x' || substr(md5(seed::text), 1, 7))::bit(28)::integer % below;

-- Every third group climbs: row i tends to be later and meets step i.
CREATE TEMP TABLE sample AS
SELECT g, i,
	(pg_temp.draw(1 + pg_temp.draw(4, g, 1), g, i, 2) + CASE WHEN g % 3 = 0 THEN i / 2 ELSE 0 END)::bigint AS at,
	CASE WHEN pg_temp.draw(3 + pg_temp.draw(9, g, 3), g, i, 4) = 0 THEN 0
		ELSE (pg_temp.draw(16, g, i, 5) & pg_temp.draw(16, g, i, 6)) |
			(1 << CASE WHEN g % 3 = 0 THEN least(i - 1, 3) ELSE pg_temp.draw(4, g, i, 7) END) END AS mask,
	(ARRAY[0, 1, 2, 3, 9])[1 + pg_temp.draw(5, g, 8)]::bigint AS window_length
FROM generate_series(1, 2000) g,
	generate_series(1, CASE WHEN g % 10 = 0 THEN 1 + pg_temp.draw(8, g, 9) ELSE 1 + pg_temp.draw(5, g, 9) END) i;

CREATE TEMP TABLE expected AS
SELECT s.id, g, modes, window_length, at, mask,
	pg_temp.reference(modes, window_length, 4, at, mask) AS times
FROM mode_set s, (
	SELECT g, window_length, array_agg(at ORDER BY i) AS at, array_agg(mask ORDER BY i) AS mask
	FROM sample GROUP BY g, window_length) r
WHERE NOT (modes @> '{strict_once,strict_deduplication}' AND cardinality(at) > 5);

-- The sample is worth its name: every depth occurs in every combination, and modes matter.
SELECT count(*) AS combinations, min(groups) >= 1900 AS enough_groups, min(depths) AS depths
FROM (SELECT id, count(*) AS groups, count(DISTINCT cardinality(times)) AS depths FROM expected GROUP BY id) s;

CREATE TEMP TABLE answer AS
SELECT s.id, g, 'given' AS arrival,
	window_funnel(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0) AS level,
	window_funnel_times(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0) AS times
FROM (SELECT * FROM sample ORDER BY g, i) r, mode_set s
GROUP BY s.id, g
UNION ALL
SELECT s.id, g, 'reversed',
	window_funnel(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0 ORDER BY i DESC),
	window_funnel_times(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0 ORDER BY i DESC)
FROM sample, mode_set s
GROUP BY s.id, g
UNION ALL
SELECT s.id, g, 'shuffled',
	window_funnel(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0 ORDER BY md5(g::text || i)),
	window_funnel_times(modes, window_length, at, mask & 1 > 0, mask & 2 > 0, mask & 4 > 0, mask & 8 > 0 ORDER BY md5(g::text || i))
FROM sample, mode_set s
GROUP BY s.id, g;

SELECT arrival, count(*) > 45000 AS many,
	count(*) FILTER (WHERE level <> cardinality(e.times)) AS wrong_levels,
	count(*) FILTER (WHERE a.times IS DISTINCT FROM e.times) AS wrong_times
FROM answer a JOIN expected e USING (id, g)
GROUP BY arrival ORDER BY arrival;

-- What went wrong, to be read when the counts above are not zero.
SELECT arrival, modes, window_length, e.at, e.mask, e.times AS expected, level, a.times
FROM answer a JOIN expected e USING (id, g)
WHERE a.times IS DISTINCT FROM e.times OR level <> cardinality(e.times)
ORDER BY cardinality(e.at), id, g, arrival
LIMIT 5;

-- Times are never out of order, within the window, as many as the level; also where no reference ran.
SELECT count(*) FILTER (WHERE cardinality(times) <> level) AS wrong_length,
	count(*) FILTER (WHERE times <> ARRAY(SELECT t FROM unnest(times) t ORDER BY t)) AS out_of_order,
	count(*) FILTER (WHERE id & 4 > 0 AND
		cardinality(times) <> (SELECT count(DISTINCT t) FROM unnest(times) t)) AS not_increasing,
	count(*) FILTER (WHERE times[level] - times[1] > window_length) AS out_of_window
FROM answer JOIN (SELECT DISTINCT g, window_length FROM sample) w USING (g);
SELECT count(*) AS depends_on_arrival
FROM (SELECT FROM answer GROUP BY id, g HAVING count(DISTINCT times) > 1) s;

-- Every mode changes some answers, so none is a word without effect.
SELECT m.modes[1] AS mode, count(*) > 10 AS matters
FROM mode_set m, answer a JOIN answer b USING (g, arrival)
WHERE m.id IN (1, 2, 4, 8) AND a.id = 0 AND b.id = m.id AND a.level <> b.level
GROUP BY mode ORDER BY mode;
SELECT count(*) > 10 AS allow_reentry_matters
FROM answer a JOIN answer b USING (g, arrival) WHERE a.id = 2 AND b.id = 18 AND a.level <> b.level;
