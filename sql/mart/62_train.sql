-- train_mart: what the mart learns from its own history.
--
-- A score of a moment is the log odds of the stage and of the time in it, and for each attribute that proved itself a weight times what its values did to
-- them. Everything walks forward: rates, effects, weights and the choice of attributes of a moment come from leads whose horizon was over by then, and an
-- attribute proves itself on leads that it had not been learned from when they were scored.
-- The steps share tables of the session, train_*, which are gone afterwards.

CREATE FUNCTION mart_train_rows(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- The mart may be somebody else's: nothing in it is found by name, but the relations that are named with it.
	EXECUTE format($sql$
		CREATE TEMPORARY TABLE train_moment ON COMMIT DROP AS
		WITH moment AS
		(
			SELECT row_number() OVER (ORDER BY p.as_of)::integer AS m, p.as_of,
				p.as_of + make_interval(secs => extract(epoch FROM r.score_horizon)::float8) AS known_from, r.score_horizon
			FROM %1$I.pipeline_moment p
			JOIN %1$I.rule r ON r.id = 1
		)
		SELECT a.m, a.as_of, a.known_from, a.score_horizon, min(b.m) AS known FROM moment a LEFT JOIN moment b ON b.as_of >= a.known_from GROUP BY 1, 2, 3, 4
	$sql$, mart);
	EXECUTE format($sql$
		CREATE TEMPORARY TABLE train_row ON COMMIT DROP AS
		SELECT t.m, CASE WHEN f.is_mature THEN t.known END AS known, f.lead_id, f.attributes, f.stage_and_time AS cell, f.is_mature, f.won_within AS won
		FROM %1$I.lead_features f
		JOIN train_moment t USING (as_of)
	$sql$, mart);
	ANALYZE train_moment, train_row;
	EXECUTE format('DELETE FROM %I.learned_profile', mart);
	EXECUTE format($sql$
		INSERT INTO %I.learned_profile (as_of, profile, leads, converted, known_from, is_mature)
		SELECT t.as_of, lead_kpi.lead_profile(r.attributes::jsonb, coalesce(r.won, false)), count(*),
			CASE WHEN r.is_mature THEN count(*) FILTER (WHERE r.won) END,
			t.known_from, r.is_mature
		FROM train_row r
		JOIN train_moment t USING (m)
		GROUP BY t.as_of, t.known_from, r.is_mature
	$sql$, mart);

	-- One lead, one vote: what it became is counted where it is first seen in a stage and time, not at each month end that it spends there.
	CREATE TEMPORARY TABLE train_vote ON COMMIT DROP AS
	SELECT v.lead_id, v.cell, v.m, t.known, v.packed & 3 = 1 AS won, v.m = min(v.m) OVER (PARTITION BY v.lead_id) AS is_first
	FROM
	(
		SELECT lead_id, cell, min(m * 4 + CASE WHEN won THEN 1 WHEN NOT won THEN 0 ELSE 2 END) AS packed, min(m) AS m
		FROM train_row
		GROUP BY lead_id, cell
	) v
	JOIN train_moment t USING (m)
	WHERE v.packed & 3 < 2;
	ANALYZE train_vote;
END;
$$;
COMMENT ON FUNCTION mart_train_rows(name) IS
'Internal to train_mart: writes learned_profile, and keeps for the session the leads of each month end and one vote of each lead per stage and time in it.';

CREATE FUNCTION mart_train_rates(uses_stage boolean)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- The rates of a moment: of all leads, shrunk towards them those of a stage, and towards these those of a stage and time, by five leads.
	CREATE TEMPORARY TABLE train_rate ON COMMIT DROP AS
	WITH counted AS
	(
		SELECT cell, regexp_replace(cell, ', [^,]*$', '') AS stage, known, count(*) AS leads, count(*) FILTER (WHERE won) AS won
		FROM train_vote
		WHERE known IS NOT NULL
		GROUP BY cell, known
	), whole AS
	(
		SELECT t.m, sum(c.won)::float8 / sum(c.leads) AS rate
		FROM counted c JOIN train_moment t ON c.known <= t.m
		GROUP BY t.m
		HAVING sum(c.won) > 0 AND sum(c.won) < sum(c.leads)
	), cell AS
	(
		SELECT w.m, w.rate AS whole, s.cell, s.stage, coalesce(sum(c.leads), 0)::float8 AS leads, coalesce(sum(c.won), 0)::float8 AS won
		FROM whole w
		CROSS JOIN (SELECT DISTINCT cell, regexp_replace(cell, ', [^,]*$', '') AS stage FROM train_row) s
		LEFT JOIN counted c ON c.cell = s.cell AND c.known <= w.m
		GROUP BY w.m, w.rate, s.cell, s.stage
	), shrunk AS
	(
		SELECT *, (sum(won) OVER stage + 5 * whole) / (sum(leads) OVER stage + 5) AS stage_rate
		FROM cell
		WINDOW stage AS (PARTITION BY m, stage)
	)
	SELECT m, cell, ln(whole / (1 - whole)) AS prior, leads, won, rate, ln(rate / (1 - rate)) AS log_odds
	FROM (SELECT *, CASE WHEN uses_stage THEN (won + 5 * stage_rate) / (leads + 5) ELSE whole END AS rate FROM shrunk) r;
	ANALYZE train_rate;
END;
$$;
COMMENT ON FUNCTION mart_train_rates(boolean) IS
'Internal to train_mart: the share won of each stage and time in it, as it was known at each moment; the same for all without the stage.';

CREATE FUNCTION mart_train_values()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- Every value that a lead has, once; m is NULL where it does not change.
	CREATE TEMPORARY TABLE train_found ON COMMIT DROP AS
	WITH RECURSIVE walk AS
	(
		SELECT r.lead_id, r.m, false AS changes, ARRAY[a.key] AS path, a.value
		FROM (SELECT DISTINCT ON (lead_id) lead_id, m, attributes::jsonb AS attributes FROM train_row ORDER BY lead_id, m) r
		CROSS JOIN LATERAL jsonb_each(r.attributes #- '{lead,stage}' #- '{lead,recent_touches}' #- '{lead,touch_kinds}') a
		UNION ALL
		SELECT r.lead_id, r.m, true, ARRAY['lead', a.key], a.value
		FROM train_row r
		CROSS JOIN LATERAL jsonb_each(r.attributes::jsonb -> 'lead') a
		WHERE a.key IN ('recent_touches', 'touch_kinds') AND r.attributes LIKE '%touch%'
		UNION ALL
		SELECT w.lead_id, w.m, w.changes, w.path || a.key, a.value
		FROM walk w
		CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(w.value) WHEN 'object' THEN w.value ELSE '{}' END) a
	)
	SELECT DISTINCT w.lead_id, w.m, w.changes, w.path, v.value,
		CASE WHEN length(v.value) <= 40 AND v.value ~ '^\s*[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*$' THEN v.value::numeric END AS number
	FROM walk w
	CROSS JOIN LATERAL
	(
		SELECT e.value #>> '{}' AS value
		FROM jsonb_array_elements(CASE jsonb_typeof(w.value) WHEN 'array' THEN w.value ELSE jsonb_build_array(w.value) END) e(value)
		WHERE jsonb_typeof(e.value) IN ('string', 'number', 'boolean')
	) v
	WHERE length(v.value) <= 200 AND v.value ~ '\S';
	ANALYZE train_found;

	-- Numbers are cut at the tenths of the first 200 leads or more that had one, whatever became of them: later ones do not move the cuts of then.
	CREATE TEMPORARY TABLE train_field ON COMMIT DROP AS
	WITH number AS
	(
		SELECT f.path, f.number, f.m, min(f.m) FILTER (WHERE f.position >= 200) OVER (PARTITION BY f.path) AS enough,
			max(f.m) OVER (PARTITION BY f.path) AS last
		FROM (SELECT path, number, m, count(*) OVER (PARTITION BY path ORDER BY m) AS position FROM train_found WHERE number IS NOT NULL) f
	), cut AS
	(
		SELECT path, coalesce(min(enough), min(last)) AS since,
			array_agg(DISTINCT number ORDER BY number) FILTER (WHERE m <= coalesce(enough, last)) AS singles,
			percentile_disc('{0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9}'::float8[]) WITHIN GROUP (ORDER BY number)
				FILTER (WHERE m <= coalesce(enough, last)) AS tenths
		FROM number
		GROUP BY path
	)
	SELECT row_number() OVER (ORDER BY f.path COLLATE "C")::integer AS field, f.path,
		array_to_string(f.path, '.') || CASE WHEN count(*) OVER (PARTITION BY array_to_string(f.path, '.')) > 1 THEN ' ' || f.path::text ELSE '' END AS name,
		f.leads, c.since,
		CASE WHEN cardinality(c.singles) <= 12 THEN c.singles ELSE (SELECT array_agg(DISTINCT t.cut ORDER BY t.cut) FROM unnest(c.tenths) t(cut)) END AS cuts
	FROM (SELECT path, count(DISTINCT lead_id) AS leads FROM train_found GROUP BY path) f
	LEFT JOIN cut c USING (path);

	-- Values that too few leads ever have can tell nothing at any moment: numbers of customers, addresses, notes.
	CREATE TEMPORARY TABLE train_value ON COMMIT DROP AS
	WITH coded AS
	(
		SELECT v.lead_id, CASE WHEN v.changes THEN v.m END AS m, d.field,
			CASE WHEN v.number IS NULL THEN '=' || v.value ELSE '#' || greatest(width_bucket(v.number, d.cuts), 1) END AS code
		FROM train_found v
		JOIN train_field d USING (path)
	)
	SELECT DISTINCT * FROM coded
	WHERE (field, code) IN (SELECT field, code FROM coded GROUP BY field, code HAVING count(DISTINCT lead_id) >= 20);
	ANALYZE train_value;
	DROP TABLE train_found;
END;
$$;
COMMENT ON FUNCTION mart_train_values() IS
'Internal to train_mart: the values of the leads by attribute, numbers as ranges; those that fewer than 20 leads have are left out.';

CREATE FUNCTION mart_train_effects()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	CREATE TEMPORARY TABLE train_effect ON COMMIT DROP AS
	WITH vote AS
	(
		SELECT x.field, x.code, v.cell, v.known, v.lead_id, v.won, v.m
		FROM train_vote v JOIN train_value x ON x.lead_id = v.lead_id AND x.m IS NULL
		UNION ALL
		SELECT x.field, x.code, v.cell, v.known, v.lead_id, v.won, v.m
		FROM train_vote v JOIN train_value x ON x.lead_id = v.lead_id AND x.m = v.m
	), counted AS
	(
		SELECT field, code, cell, known, count(*)::float8 AS votes, (count(*) FILTER (WHERE won))::float8 AS won,
			(count(*) FILTER (WHERE is_first))::float8 AS leads
		FROM (SELECT *, m = min(m) OVER (PARTITION BY field, code, lead_id) AS is_first FROM vote) v
		WHERE known IS NOT NULL
		GROUP BY field, code, cell, known
	), judged AS
	(
		-- What the leads of a value did against what their stage and time let expect; only values of 20 leads and more.
		SELECT r.m, c.field, c.code, sum(c.leads) AS leads, sum(c.votes) AS votes, sum(c.won) AS won, sum(c.votes * r.rate) / sum(c.votes) AS expected
		FROM counted c
		JOIN train_rate r ON r.cell = c.cell AND r.m >= c.known
		JOIN train_field d ON d.field = c.field AND r.m >= coalesce(d.since, 0)
		GROUP BY r.m, c.field, c.code
		HAVING sum(c.leads) >= 20
	), shrunk AS
	(
		-- Shrunk towards what was expected by the leads of which two would be won, or two not, whichever is rarer.
		SELECT j.*, 2 * j.votes / j.leads / least(j.expected, 1 - j.expected) AS weight FROM judged j
	), total AS
	(
		SELECT m, field, sum(won) AS won, sum(votes) AS votes, sum(votes * expected) / sum(votes) AS expected FROM judged GROUP BY m, field
	), centred AS
	(
		-- Having a value at all says nothing: what is filled in late would be taken for a reason.
		SELECT s.m, s.field, s.code, s.leads, s.votes, s.won,
			ln((s.won + s.weight * s.expected) / (s.votes - s.won + s.weight * (1 - s.expected))) - ln(s.expected / (1 - s.expected))
			- ln((t.won + 0.5) / (t.votes - t.won + 0.5)) + ln(t.expected / (1 - t.expected)) AS effect
		FROM shrunk s
		JOIN total t USING (m, field)
	)
	SELECT *, count(*) OVER (PARTITION BY m, field) AS codes
	FROM (SELECT *, row_number() OVER (PARTITION BY m, field ORDER BY leads DESC, code COLLATE "C") AS place FROM centred) c
	WHERE place <= 500;
	ANALYZE train_effect;
END;
$$;
COMMENT ON FUNCTION mart_train_effects() IS
'Internal to train_mart: by how much each value moved the log odds of its leads, as it was known at each moment.';

CREATE FUNCTION mart_train_tests()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	thousandths integer;
BEGIN
	-- Leads as they were scored: open at a month end at which something was known, and judged later. Of very many a sample of leads will do.
	SELECT least(1000, ceil(60000 * 1000.0 / greatest(count(*), 1))) INTO thousandths FROM train_row WHERE known IS NOT NULL;
	CREATE TEMPORARY TABLE train_test ON COMMIT DROP AS
	SELECT row_number() OVER ()::integer AS test, t.m, t.known, t.lead_id, t.won::integer AS won, t.cell, r.prior, r.log_odds
	FROM train_row t
	JOIN train_rate r ON r.m = t.m AND r.cell = t.cell
	WHERE t.known IS NOT NULL AND t.won IS NOT NULL AND abs(hashtextextended(t.lead_id::text, 0) % 1000) < thousandths;
	ANALYZE train_test;

	CREATE TEMPORARY TABLE train_evidence ON COMMIT DROP AS
	SELECT t.test, e.field, sum(e.effect) AS effect
	FROM train_test t
	JOIN train_value x ON x.lead_id = t.lead_id AND (x.m IS NULL OR x.m = t.m)
	JOIN train_effect e ON e.m = t.m AND e.field = x.field AND e.code = x.code
	GROUP BY t.test, e.field;
	ANALYZE train_evidence;

	CREATE TEMPORARY TABLE train_model (model integer, parent integer, field integer, fields integer[]) ON COMMIT DROP;
	CREATE TEMPORARY TABLE train_score (model integer, test integer, log_odds float8) ON COMMIT DROP;
	CREATE TEMPORARY TABLE train_quality (model integer, m integer, known integer, leads bigint, won bigint, loss float8, auc float8) ON COMMIT DROP;
	CREATE TEMPORARY TABLE train_candidate
	(
		model integer, field integer, m integer, month_ends integer, tests bigint, evidence float8, weight float8, gain float8, recent_gain float8
	) ON COMMIT DROP;
END;
$$;
COMMENT ON FUNCTION mart_train_tests() IS
'Internal to train_mart: the leads that scores of the past are judged on, with what each attribute said of them then.';

CREATE FUNCTION mart_train_judge(judged integer)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO train_quality
	SELECT judged, t.m, t.known, count(*), sum(t.won), sum(ln(1 + exp(s.log_odds)) - t.won * s.log_odds), lead_kpi.auc(lead_kpi.roc(s.log_odds, t.won = 1))
	FROM train_score s
	JOIN train_test t USING (test)
	WHERE s.model = judged
	GROUP BY t.m, t.known;
END;
$$;
COMMENT ON FUNCTION mart_train_judge(integer) IS 'Internal to train_mart: how well a model scored the leads of each month end.';

CREATE FUNCTION mart_train_compare(compared integer, named integer[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- What each attribute would add to a model: the slope of what its values said then against what the model left unexplained (a score test).
	-- A lead that is judged at several month ends is one lead: the variance is that of the sums by lead.
	CREATE TEMPORARY TABLE train_rest ON COMMIT DROP AS
	SELECT t.test, t.m, t.known, t.lead_id, t.won, s.log_odds, t.won - 1 / (1 + exp(-s.log_odds)) AS rest,
		1 / (1 + exp(-s.log_odds)) * (1 - 1 / (1 + exp(-s.log_odds))) AS variance
	FROM train_score s
	JOIN train_test t USING (test)
	WHERE s.model = compared;
	ANALYZE train_rest;

	INSERT INTO train_candidate
	WITH all_leads AS MATERIALIZED
	(
		SELECT known, sum(rest * rest) AS squared, sum(by_lead * by_lead - (by_lead - rest) * (by_lead - rest)) AS by_lead
		FROM
		(
			SELECT known, rest, sum(rest) OVER (PARTITION BY lead_id ORDER BY m) AS by_lead FROM train_rest
		) r
		GROUP BY known
	), by_month AS MATERIALIZED
	(
		SELECT m, sum(rest) AS rest, sum(variance) AS variance FROM train_rest GROUP BY m
	), of_field AS MATERIALIZED
	(
		-- Beside the level of a month end, which is not the attribute's to explain.
		SELECT f.field, f.known, f.m, f.tests, f.rest - f.mean * l.rest / l.variance AS slope, f.variance - f.mean * f.mean / l.variance AS information
		FROM
		(
			SELECT e.field, r.known, r.m, count(*) AS tests, sum(r.rest * e.effect) AS rest, sum(r.variance * e.effect) AS mean,
				sum(r.variance * e.effect * e.effect) AS variance
			FROM train_evidence e
			JOIN train_rest r USING (test)
			WHERE e.field <> ALL ((SELECT fields FROM train_model WHERE model = compared)::integer[])
			GROUP BY e.field, r.known, r.m
		) f
		JOIN by_month l USING (m)
	), summed AS
	(
		SELECT f.field, t.m, sum(f.tests) AS tests, count(*) AS month_ends, sum(f.slope) AS slope, sum(f.information) AS information,
			coalesce(sum(f.slope) FILTER (WHERE f.known > t.m - 3), 0) AS recent_slope,
			coalesce(sum(f.information) FILTER (WHERE f.known > t.m - 3), 0) AS recent_information,
			(SELECT greatest(sum(a.by_lead) / sum(a.squared), 1) FROM all_leads a WHERE a.known <= t.m) AS inflation
		FROM train_moment t
		JOIN of_field f ON f.known <= t.m
		GROUP BY f.field, t.m
		HAVING sum(f.information) > 1e-9
	), varied AS
	(
		-- What goes up and down with the month ends is no better known than they are many.
		SELECT s.*, greatest(s.information * s.inflation,
			(
				SELECT sum((f.slope - s.slope / s.information * f.information) ^ 2) FROM of_field f WHERE f.field = s.field AND f.known <= s.m
			) * s.month_ends / greatest(s.month_ends - 1, 1)) AS variance
		FROM summed s
	), weighted AS
	(
		SELECT e.field, e.m, coalesce(v.month_ends, 0) AS month_ends, coalesce(v.tests, 0) AS tests, v.slope, v.information,
			v.recent_slope, v.recent_information, v.variance,
			-- As much of the slope as chance does not explain. What the rule names is taken at its word, with the weight of four units of information,
			-- until tests say otherwise.
			CASE
				WHEN e.field = ANY (named) AND v.slope IS NULL THEN 1
				WHEN e.field = ANY (named)
					THEN least(greatest((v.slope + 4 * v.variance / v.information) / (v.information + 4 * v.variance / v.information), 0), 1)
				WHEN v.slope > 0 THEN least(greatest(v.slope / v.information - v.variance / v.information / v.slope, 0), 1)
				ELSE 0
			END AS weight
		FROM (SELECT DISTINCT m, field FROM train_effect WHERE field <> ALL ((SELECT fields FROM train_model WHERE model = compared)::integer[])) e
		LEFT JOIN varied v USING (m, field)
	)
	SELECT compared, field, m, month_ends, tests, slope / sqrt(variance),
		weight, weight * slope - weight * weight * information / 2, weight * recent_slope - weight * weight * recent_information / 2
	FROM weighted;
	DROP TABLE train_rest;
END;
$$;
COMMENT ON FUNCTION mart_train_compare(integer, integer[]) IS
'Internal to train_mart: what each attribute would add to a model at each moment, by the leads that were judged by then.';

CREATE FUNCTION mart_train_choose(asked integer[], confidence_level float8)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	own CONSTANT integer[] := ARRAY(SELECT field FROM train_field WHERE path[1] = 'lead');
	item record;
	next integer;
BEGIN
	INSERT INTO train_model VALUES (0, NULL, NULL, '{}');
	INSERT INTO train_score SELECT 0, test, log_odds FROM train_test;
	PERFORM lead_kpi.mart_train_judge(0);
	CREATE TEMPORARY TABLE train_choice ON COMMIT DROP AS
	SELECT t.m, 0 AS model, 0 AS model_without, '{}'::integer[] AS refused, false AS is_done
	FROM train_moment t
	WHERE t.m IN (SELECT m FROM train_rate);

	-- One more at a time. A moment goes its own way: what was known by then decides. First what the mart knows itself, as if there were no attributes; they
	-- come on top, so that having some is never a reason to do without a channel.
	LOOP
		FOR item IN
			SELECT DISTINCT c.model FROM train_choice c WHERE NOT c.is_done AND c.model NOT IN (SELECT model FROM train_candidate)
		LOOP
			PERFORM lead_kpi.mart_train_compare(item.model, asked || own);
		END LOOP;
		FOR item IN
			SELECT c.m, c.model, b.field, b.is_own
			FROM train_choice c
			LEFT JOIN LATERAL
			(
				SELECT k.field, k.is_own
				FROM
				(
					SELECT k.*, k.field = ANY (own) AS is_own, k.field = ANY (asked) AS is_asked,
						count(*) FILTER (WHERE k.field <> ALL (asked || own)) OVER () AS candidates
					FROM train_candidate k
					WHERE k.model = c.model AND k.m = c.m
				) k
				WHERE k.field <> ALL (c.refused) AND (c.model = c.model_without OR NOT k.is_own)
					AND (k.is_asked OR k.is_own AND k.month_ends < 3 OR k.weight > 0 AND k.gain > 0 AND k.recent_gain > 0 AND k.month_ends >= 3
						AND (k.is_own OR k.evidence > lead_kpi.mart_normal_quantile((1 - confidence_level) / 2 / k.candidates)))
				ORDER BY k.is_own DESC, k.is_asked DESC, k.gain DESC NULLS LAST, k.field
				LIMIT 1
			) b ON true
			WHERE NOT c.is_done
			ORDER BY c.m
		LOOP
			SELECT n.model INTO next FROM train_model n WHERE n.parent = item.model AND n.field = item.field;
			IF item.field IS NOT NULL AND next IS NULL AND (SELECT count(*) FROM train_model) < 40 THEN
				INSERT INTO train_model
				SELECT (SELECT count(*) FROM train_model), p.model, item.field, p.fields || item.field FROM train_model p WHERE p.model = item.model
				RETURNING model INTO next;
				INSERT INTO train_score
				SELECT next, s.test, s.log_odds + coalesce(k.weight * e.effect, 0)
				FROM train_score s
				JOIN train_test t USING (test)
				LEFT JOIN train_evidence e ON e.test = s.test AND e.field = item.field
				LEFT JOIN train_candidate k ON k.model = item.model AND k.field = item.field AND k.m = t.m
				WHERE s.model = item.model;
				PERFORM lead_kpi.mart_train_judge(next);
			END IF;
			-- As it did in fact: with the weights that it would have had. Probabilities may be better and the order worse.
			UPDATE train_choice c
			SET is_done = next IS NULL,
				model = CASE WHEN q.is_worse THEN c.model ELSE coalesce(next, c.model) END,
				model_without = CASE WHEN item.is_own AND NOT q.is_worse THEN coalesce(next, c.model) ELSE c.model_without END,
				refused = CASE WHEN q.is_worse THEN c.refused || item.field ELSE c.refused END
			FROM
			(
				SELECT coalesce(sum(a.won * (b.auc - a.auc)) < -1e-9 OR sum(b.loss - a.loss) > 1e-9, false) AND item.field <> ALL (asked) AS is_worse
				FROM train_quality a JOIN train_quality b ON b.model = next AND b.m = a.m
				WHERE a.model = item.model AND a.known <= item.m
			) q
			WHERE c.m = item.m;
		END LOOP;
		EXIT WHEN NOT EXISTS (SELECT FROM train_choice WHERE NOT is_done);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_train_choose(integer[], float8) IS
'Internal to train_mart: chooses for each moment the attributes that proved themselves by then, and takes those that are asked for.';

CREATE FUNCTION mart_train_temper()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- How far the log odds of a moment's model were off in the past: level and slope of what became of the leads on them. They are taken for right (0
	-- and 1) with the weight of four units of information until tests say otherwise.
	CREATE TEMPORARY TABLE train_step ON COMMIT DROP AS
	SELECT s.model, t.m, t.known, t.prior, round((s.log_odds - t.prior)::numeric, 1)::float8 AS effect, count(*) AS tests, sum(t.won) AS won
	FROM train_score s
	JOIN train_test t USING (test)
	WHERE s.model IN (SELECT model FROM train_choice)
	GROUP BY s.model, t.m, t.known, t.prior, 5;
	CREATE TEMPORARY TABLE train_temper ON COMMIT DROP AS
	WITH by_lead AS
	(
		SELECT s.model, t.known, t.won - 1 / (1 + exp(-s.log_odds)) AS rest,
			sum(t.won - 1 / (1 + exp(-s.log_odds))) OVER (PARTITION BY s.model, t.lead_id ORDER BY t.m) AS so_far
		FROM train_score s
		JOIN train_test t USING (test)
		WHERE s.model IN (SELECT model FROM train_choice)
	), summed AS MATERIALIZED
	(
		SELECT model, known, sum(rest * rest) AS squared, sum(so_far * so_far - (so_far - rest) * (so_far - rest)) AS by_lead FROM by_lead GROUP BY model, known
	)
	SELECT c.m, c.model, 0::float8 AS level, 1::float8 AS slope,
		coalesce((SELECT 4 * greatest(sum(by_lead) / sum(squared), 1) FROM summed s WHERE s.model = c.model AND s.known <= c.m), 4)::float8 AS ridge
	FROM train_choice c;
	FOR iteration IN 1 .. 8
	LOOP
		UPDATE train_temper t
		SET level = greatest(-1, least(1, t.level + (n.slope_slope * n.level_rest - n.level_slope * n.slope_rest) / n.determinant)),
			slope = greatest(0.25, least(2, t.slope + (n.level_level * n.slope_rest - n.level_slope * n.level_rest) / n.determinant))
		FROM
		(
			SELECT *, level_level * slope_slope - level_slope * level_slope AS determinant
			FROM
			(
				SELECT p.m, sum(p.won - p.tests * p.p) - p.ridge * p.level AS level_rest,
					sum(p.effect * (p.won - p.tests * p.p)) - p.ridge * (p.slope - 1) AS slope_rest,
					sum(p.tests * p.p * (1 - p.p)) + p.ridge AS level_level, sum(p.tests * p.p * (1 - p.p) * p.effect) AS level_slope,
					sum(p.tests * p.p * (1 - p.p) * p.effect * p.effect) + p.ridge AS slope_slope
				FROM
				(
					SELECT t.m, t.level, t.slope, t.ridge, s.effect, s.tests, s.won, 1 / (1 + exp(-(s.prior + t.level + t.slope * s.effect))) AS p
					FROM train_temper t
					JOIN train_step s ON s.model = t.model AND s.known <= t.m
				) p
				GROUP BY p.m, p.level, p.slope, p.ridge
			) g
		) n
		WHERE n.m = t.m;
	END LOOP;
	DROP TABLE train_step;
END;
$$;
COMMENT ON FUNCTION mart_train_temper() IS
'Internal to train_mart: draws the log odds of a model together, or apart, as far as its past predictions were off.';

CREATE FUNCTION mart_normal_quantile(above float8)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	-- Abramowitz and Stegun (1964), 26.2.23: to 0.0005.
	SELECT q.t - (2.515517 + 0.802853 * q.t + 0.010328 * q.t * q.t) / (1 + 1.432788 * q.t + 0.189269 * q.t * q.t + 0.001308 * q.t * q.t * q.t)
	FROM (SELECT sqrt(-2 * ln(least(greatest(above, 1e-300), 0.5))) AS t) q;
END;
COMMENT ON FUNCTION mart_normal_quantile(float8) IS
'The value that a standard normal variable exceeds with this probability, 0 to 0.5, to three decimals.';

CREATE FUNCTION mart_train_write(mart name, asked integer[], confidence_level float8, uses_stage boolean)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- The model of a moment as a card of points: log odds. Only what the moment's attributes can say is on it.
	CREATE TEMPORARY TABLE train_card ON COMMIT DROP AS
	WITH step AS
	(
		SELECT c.m, d.field, d.path, d.name, d.cuts, k.weight, t.slope
		FROM train_choice c
		JOIN train_temper t USING (m)
		CROSS JOIN train_model n
		JOIN train_candidate k ON k.model = n.parent AND k.field = n.field AND k.m = c.m
		JOIN train_field d ON d.field = n.field
		WHERE n.fields = (SELECT s.fields[:cardinality(n.fields)] FROM train_model s WHERE s.model = c.model) AND n.model > 0
	), point AS
	(
		SELECT s.m, s.name || ' ' || CASE
				WHEN e.code LIKE '=%' THEN substr(e.code, 2)
				WHEN r.below IS NULL THEN format('>= %s', r.from_number)
				WHEN r.from_number IS NULL THEN format('< %s', r.below)
				ELSE format('%s to < %s', r.from_number, r.below)
			END AS name, to_jsonb(s.path) AS attribute, s.weight * e.effect * s.slope AS points, CASE
				WHEN e.code LIKE '=%' THEN jsonb_build_object('op', '=', 'value', substr(e.code, 2))
				WHEN r.below IS NULL THEN jsonb_build_object('op', '>=', 'value', r.from_number)
				WHEN r.from_number IS NULL THEN jsonb_build_object('op', '<', 'value', r.below)
				ELSE jsonb_build_object('op', 'between', 'value', jsonb_build_object('from', r.from_number, 'below', r.below))
			END AS condition
		FROM step s
		JOIN train_effect e ON e.m = s.m AND e.field = s.field
		CROSS JOIN LATERAL
		(
			SELECT CASE WHEN b.bin > 1 THEN s.cuts[b.bin] END AS from_number, s.cuts[b.bin + 1] AS below
			FROM (SELECT CASE WHEN e.code LIKE '#%' THEN substr(e.code, 2)::integer END AS bin) b
		) r
		WHERE (e.code LIKE '=%' OR num_nonnulls(r.from_number, r.below) > 0)
		UNION ALL
		SELECT r.m, 'lead.stage ' || r.cell, '["lead", "stage"]', (r.log_odds - r.prior) * t.slope, jsonb_build_object('op', '=', 'value', r.cell)
		FROM train_rate r
		JOIN train_temper t USING (m)
		WHERE uses_stage
	)
	SELECT r.m, jsonb_build_object('base', round((r.prior + r.level)::numeric, 6), 'fit',
			coalesce(jsonb_agg(p.rule ORDER BY p.name COLLATE "C") FILTER (WHERE p.rule IS NOT NULL), '[]')) AS card
	FROM (SELECT r.m, t.level, t.slope, min(r.prior) AS prior FROM train_rate r JOIN train_temper t USING (m) GROUP BY r.m, t.level, t.slope) r
	LEFT JOIN
	(
		SELECT u.m, u.name, jsonb_build_object('attribute', u.attribute, 'points', round(u.points::numeric, 6),
			'name', u.name || CASE WHEN u.place > 1 THEN format(' (%s)', u.place) ELSE '' END) || u.condition AS rule
		FROM (SELECT *, row_number() OVER (PARTITION BY m, name ORDER BY attribute, condition) AS place FROM point WHERE abs(points) >= 0.000001) u
	) p USING (m)
	GROUP BY r.m, r.prior, r.level;

	EXECUTE format('DELETE FROM %I.learned_score', mart);
	EXECUTE format($sql$
		INSERT INTO %I.learned_score (as_of, score_horizon, card, leads, month_ends, attributes, tested_month_ends, tests, log_loss, log_loss_without, auc,
			auc_without)
		SELECT t.as_of, t.score_horizon, k.card::text::lead_kpi.scorecard, l.leads, l.month_ends,
			CASE WHEN $1 THEN '{lead.stage}'::text[] ELSE '{}' END
				|| ARRAY(SELECT d.name FROM unnest(n.fields) WITH ORDINALITY f(field, place) JOIN train_field d USING (field) ORDER BY f.place),
			q.month_ends, q.leads, q.loss / q.leads, q.loss_of_none / q.leads, q.auc, q.auc_of_none
		FROM train_card k
		JOIN train_moment t USING (m)
		JOIN train_choice c USING (m)
		JOIN train_model n USING (model)
		CROSS JOIN LATERAL
		(
			SELECT count(DISTINCT v.lead_id) AS leads, count(DISTINCT v.m) AS month_ends FROM train_vote v WHERE v.known <= k.m
		) l
		CROSS JOIN LATERAL
		(
			SELECT count(*) AS month_ends, sum(a.leads) AS leads, sum(b.loss) AS loss, sum(a.loss) AS loss_of_none,
				sum(b.auc * b.won) / nullif(sum(b.won) FILTER (WHERE b.auc IS NOT NULL), 0) AS auc,
				sum(a.auc * a.won) / nullif(sum(a.won) FILTER (WHERE a.auc IS NOT NULL), 0) AS auc_of_none
			FROM train_quality a JOIN train_quality b ON b.model = c.model AND b.m = a.m
			WHERE a.model = c.model_without AND a.known <= k.m
		) q
	$sql$, mart) USING uses_stage;

	EXECUTE format('DELETE FROM %I.learned_choice', mart);
	EXECUTE format($sql$
		INSERT INTO %I.learned_choice (as_of, attribute, is_chosen, leads, levels, tests, weight, evidence, evidence_needed, gain, reason)
		SELECT t.as_of, d.name, coalesce(d.field = ANY (n.fields), false), d.leads, coalesce(e.codes, 0), coalesce(k.tests, 0), k.weight, k.evidence,
			k.needed, k.gain / nullif(k.tests, 0),
			CASE
				WHEN d.field = ANY (n.fields) AND d.field = ANY ($1) THEN 'named by the rule'
				WHEN d.field = ANY (n.fields) AND k.month_ends < 3 THEN 'named by the rule'
				WHEN d.field = ANY (n.fields) THEN 'chosen'
				WHEN e.codes IS NULL THEN 'too few leads of a value'
				WHEN e.codes = 1 THEN 'one value only'
				WHEN coalesce(k.month_ends, 0) < 3 THEN 'not tested yet'
				WHEN d.field = ANY (c.refused) THEN 'did harm'
				WHEN k.evidence <= k.needed OR k.weight = 0 THEN 'no better than chance'
				WHEN k.gain <= 0 OR k.recent_gain <= 0 THEN 'no better later on'
				ELSE 'not needed'
			END
		FROM train_choice c
		JOIN train_moment t USING (m)
		JOIN train_model n USING (model)
		CROSS JOIN train_field d
		LEFT JOIN (SELECT m, field, max(codes) AS codes FROM train_effect GROUP BY m, field) e ON e.m = c.m AND e.field = d.field
		LEFT JOIN
		(
			SELECT k.*, lead_kpi.mart_normal_quantile((1 - $2) / 2
				/ CASE WHEN d.path[1] <> 'lead' THEN
					nullif(count(*) FILTER (WHERE d.path[1] <> 'lead' AND k.field <> ALL ($1)) OVER (PARTITION BY k.model, k.m), 0)
				END) AS needed
			FROM train_candidate k
			JOIN train_field d USING (field)
		) k ON k.m = c.m AND k.field = d.field
			-- What was chosen, as it was when it was; the others beside all that was.
			AND k.model = coalesce((SELECT s.parent FROM train_model s WHERE s.field = d.field AND s.fields = n.fields[:cardinality(s.fields)]), c.model)
	$sql$, mart) USING asked, confidence_level;
END;
$$;
COMMENT ON FUNCTION mart_train_write(name, integer[], float8, boolean) IS
'Internal to train_mart: writes what was learned into learned_score and learned_choice.';

CREATE FUNCTION train_mart(mart name)
RETURNS TABLE (as_of timestamptz, leads bigint, converted bigint, is_mature boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_some boolean;
	uses_stage boolean;
	is_asked boolean;
	level float8;
	asked integer[];
	in_the_way text;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname) INTO in_the_way
	FROM pg_class c
	WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind IN ('r', 'v', 'S') AND c.relname LIKE 'train\_%';
	IF in_the_way IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_table',
			MESSAGE = format('temporary tables of the session have names that training uses: %s', in_the_way),
			HINT = format('Drop or rename what is yours, for example DROP TABLE %s; train_mart drops its own.', in_the_way);
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.stage WHERE role = ''won'')', mart) INTO found_some;
	IF NOT found_some THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I has no stage that means won: there is nothing to learn', mart),
			HINT = format('Say which it is, for example UPDATE %I.stage SET role = ''won'' WHERE stage = ''customer''.', mart);
	END IF;
	EXECUTE format('SELECT ''stage'' = ANY (score_features), score_attributes IS NOT NULL, confidence_level FROM %I.rule', mart)
		INTO uses_stage, is_asked, level;
	PERFORM lead_kpi.mart_reports(format('train_mart %I: leads at the month ends', mart));
	PERFORM lead_kpi.mart_train_rows(mart);
	PERFORM lead_kpi.mart_reports(format('train_mart %I: rates of the stages', mart));
	PERFORM lead_kpi.mart_train_rates(uses_stage);
	PERFORM lead_kpi.mart_reports(format('train_mart %I: values of the attributes', mart));
	PERFORM lead_kpi.mart_train_values();
	PERFORM lead_kpi.mart_reports(format('train_mart %I: effects of the attributes', mart));
	PERFORM lead_kpi.mart_train_effects();
	PERFORM lead_kpi.mart_reports(format('train_mart %I: leads to test on', mart));
	PERFORM lead_kpi.mart_train_tests();
	SELECT coalesce(array_agg(f.field), '{}') INTO asked FROM pg_temp.train_field f WHERE is_asked AND f.path[1] <> 'lead';
	PERFORM lead_kpi.mart_reports(format('train_mart %I: choice of the attributes', mart));
	PERFORM lead_kpi.mart_train_choose(asked, level);
	PERFORM lead_kpi.mart_reports(format('train_mart %I: weights', mart));
	PERFORM lead_kpi.mart_train_temper();
	PERFORM lead_kpi.mart_reports(format('train_mart %I: what was learned', mart));
	PERFORM lead_kpi.mart_train_write(mart, asked, level, uses_stage);
	PERFORM lead_kpi.mart_reports(NULL);
	DROP TABLE train_moment, train_row, train_vote, train_rate, train_field, train_value, train_effect, train_test, train_evidence, train_model, train_score,
		train_quality, train_candidate, train_choice, train_card, train_temper;
	EXECUTE format('SELECT EXISTS (SELECT FROM %I.learned_profile WHERE is_mature)', mart) INTO found_some;
	IF NOT found_some THEN
		RAISE NOTICE USING
			MESSAGE = format('nothing to learn from yet: no month end of mart %I is older than rule.score_horizon', mart),
			HINT = format('Probabilities stay NULL. Train again later, or shorten the horizon: UPDATE %I.rule SET score_horizon = ''30 days''.', mart);
	END IF;
	RETURN QUERY EXECUTE format('SELECT as_of, leads, converted, is_mature FROM %I.learned_profile ORDER BY as_of', mart);
END;
$$;
COMMENT ON FUNCTION train_mart(name) IS
'Learns which leads are won within rule.score_horizon from the history of a mart: rewrites its tables learned_profile, learned_score, from which '
'lead_score and score_history take their probabilities, and learned_choice, which says why which attributes are used. Returns a row per month end: the '
'leads that were open then, how many of them were won in time (NULL = not known yet), and whether that is known. Learns only from what was known at the '
'month end, except for members of lead.attributes: see rule.score_attributes. Runs with the caller''s rights and uses temporary tables. Errors: not a mart; '
'no stage has the role won; a temporary table of the session is called train_*. A notice when nothing is old enough: probabilities then stay NULL.';
