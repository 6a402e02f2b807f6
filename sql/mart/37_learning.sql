-- Probabilities learned from the mart's own history, and how well its scores predict: past and present are scored by the same views.

CREATE FUNCTION mart_learning_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_features WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		-- Days of 24 hours, whatever the session's time zone.
		SELECT make_interval(secs => extract(epoch FROM r.score_horizon)::float8) AS horizon, r.scorecard, r.score_attributes,
			'channel' = ANY (r.score_features) AS uses_channel, 'campaign' = ANY (r.score_features) AS uses_campaign,
			'kind' = ANY (r.score_features) AS uses_kind, 'stage' = ANY (r.score_features) AS uses_stage,
			'recent_touches' = ANY (r.score_features) AS uses_recent_touches, 'touch_kinds' = ANY (r.score_features) AS uses_touch_kinds,
			EXISTS (SELECT FROM ladder WHERE role = 'won') AS has_won
		FROM (SELECT * FROM rule LIMIT 1) r
	), model AS MATERIALIZED
	(
		-- Walking forward: of a moment's models the one that was learned by then.
		SELECT m.as_of, l.card
		FROM pipeline_moment m
		CROSS JOIN LATERAL
		(
			SELECT card
			FROM learned_score
			WHERE as_of <= m.as_of AND score_horizon = (SELECT score_horizon FROM rule)
			ORDER BY as_of DESC
			LIMIT 1
		) l
	), known AS MATERIALIZED
	(
		-- What does not depend on the moment, once.
		SELECT o.*, fit(o.scorecard, o.attributes) AS fit
		FROM
		(
			SELECT l.lead_id, l.kind, g.scorecard,
				CASE WHEN g.score_attributes IS NULL THEN o.attributes
					ELSE (SELECT jsonb_object_agg(a.key, a.value) FROM jsonb_each(o.attributes) a WHERE a.key = ANY (g.score_attributes))
				END AS attributes
			FROM judged_lead l
			CROSS JOIN setting g
			CROSS JOIN LATERAL (SELECT known_attributes(l.attributes) AS attributes) o
			WHERE CASE WHEN l.excluded_reason IS NULL THEN true ELSE false END
			OFFSET 0
		) o
	), touched AS
	(
		SELECT r.lead_id, array_agg(t.touched_at ORDER BY t.touched_at) AS times, array_agg(t.kind ORDER BY t.touched_at) AS kinds
		FROM touch t
		JOIN lead_record r ON r.record_id = t.lead_id
		WHERE isfinite(t.touched_at) AND (SELECT scorecard IS NOT NULL OR uses_recent_touches OR uses_touch_kinds FROM setting)
		GROUP BY r.lead_id
	)
	SELECT s.as_of, s.is_now, s.lead_id, o.known::text AS attributes, k.fit,
		engagement_of_events(g.scorecard, t.kinds, t.times, s.as_of) AS engagement,
		s.as_of + g.horizon <= s.observed_until AS is_mature,
		CASE WHEN g.has_won AND s.as_of + g.horizon <= s.observed_until THEN coalesce(s.won_at <= s.as_of + g.horizon, false) END AS won_within,
		s.stage_and_time,
		CASE WHEN m.card IS NOT NULL THEN greatest(0.0001, least(0.9999, 1 / (1 + exp(-fit(m.card, o.known))))) END AS probability,
		(
			SELECT string_agg(format('%s %s%s', top.rule, CASE WHEN top.points > 0 THEN '+' END, round(top.points, 2)), '; '
				ORDER BY abs(top.points) DESC, top.rule COLLATE "C")
			FROM
			(
				SELECT e.rule, e.points
				FROM explain(m.card, o.known) e
				WHERE e.rule <> 'base' AND e.points <> 0
				ORDER BY abs(e.points) DESC, e.rule COLLATE "C"
				LIMIT 3
			) top
		) AS probability_reasons
	FROM
	(
		SELECT *, stage || (ARRAY[', under 7 days', ', 7 to 29 days', ', 30 to 89 days', ', 90 to 179 days', ', 180 to 364 days', ', 365 days or more'])
			[1 + width_bucket(extract(day FROM as_of - stage_entered_at), '{7,30,90,180,365}')] AS stage_and_time
		FROM pipeline_snapshot
	) s
	CROSS JOIN setting g
	-- Distinct, so that the planner knows that each has one.
	JOIN (SELECT DISTINCT ON (lead_id) * FROM known) k USING (lead_id)
	LEFT JOIN touched t USING (lead_id)
	LEFT JOIN model m USING (as_of)
	-- Only whoever asks for it pays for it: it is made where it is used.
	CROSS JOIN LATERAL
	(
		-- Stage and time in it as one: the longer an opportunity stays open the less it is worth, and two features would count that twice.
		SELECT known_of_lead(k.attributes, CASE WHEN g.uses_channel THEN s.channel END, CASE WHEN g.uses_campaign THEN s.campaign END,
			CASE WHEN g.uses_kind THEN k.kind END, CASE WHEN g.uses_stage THEN s.stage_and_time END,
			CASE WHEN g.uses_recent_touches THEN coalesce(width_bucket(s.as_of, t.times) - width_bucket(s.as_of - interval '720 hours', t.times), 0) END,
			CASE WHEN g.uses_touch_kinds THEN nullif(array_remove(t.kinds[:width_bucket(s.as_of, t.times)], NULL), '{}') END) AS known
	) o
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW lead_features IS
		'What was known of each lead of pipeline_snapshot at that moment, as one JSON object for lead_kpi.lead_profile: its own attributes (those of '
		'rule.score_attributes), and under lead what rule.score_features names, as of then. Beside it the score by rule.scorecard, whether the '
		'lead was won within rule.score_horizon, and the probability of that by what was learned by then.';

	CREATE OR REPLACE VIEW score_history WITH (security_invoker = true) AS
	SELECT f.as_of, f.is_now, f.lead_id, f.fit, f.engagement, score((SELECT scorecard FROM rule), f.fit, f.engagement) AS total,
		grade((SELECT scorecard FROM rule), f.fit, f.engagement) AS grade, f.probability, f.probability_reasons, f.is_mature, f.won_within
	FROM lead_features f;
	COMMENT ON VIEW score_history IS
		'How each lead of pipeline_snapshot was scored at that moment, by rule.scorecard and by the probability learned by then, and whether it was '
		'won within rule.score_horizon: what score_quality counts.';

	CREATE OR REPLACE VIEW score_quality WITH (security_invoker = true) AS
	WITH judged AS MATERIALIZED
	(
		SELECT as_of, is_now, is_mature, count(*) AS leads,
			CASE WHEN count(won_within) > 0 THEN rate(won_within) END AS conversion,
			roc(CASE WHEN won_within IS NOT NULL THEN total END, won_within) AS by_scorecard,
			roc(CASE WHEN won_within IS NOT NULL THEN probability END, won_within) AS by_probability
		FROM score_history
		-- Where nothing scores, nobody's score is made.
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
			AND ((SELECT scorecard IS NOT NULL FROM rule LIMIT 1) OR EXISTS (SELECT FROM learned_profile))
		GROUP BY as_of, is_now, is_mature
	), moved AS
	(
		SELECT p.as_of, d.attribute, d.stability_index
		FROM (SELECT as_of, profile, lag(profile) OVER (ORDER BY as_of) AS profile_before FROM learned_profile) p
		CROSS JOIN LATERAL
		(
			SELECT attribute, stability_index FROM drift(p.profile_before, p.profile)
			ORDER BY stability_index DESC NULLS LAST, attribute COLLATE "C"
			LIMIT 1
		) d
	), learned AS MATERIALIZED
	(
		-- Of a moment's models the one that was learned by then, until the next one.
		SELECT l.*, lead(l.as_of) OVER (ORDER BY l.as_of) AS until
		FROM learned_score l
		WHERE l.score_horizon = (SELECT score_horizon FROM rule)
	)
	SELECT j.as_of, j.is_now, s.score, j.is_mature, j.leads, hits(j.conversion) AS won_within,
		j.conversion::float8 AS conversion, low(j.conversion, (SELECT confidence_level FROM rule)) AS conversion_low,
		high(j.conversion, (SELECT confidence_level FROM rule)) AS conversion_high,
		auc(s.roc) AS auc, low(s.roc, (SELECT confidence_level FROM rule)) AS auc_low, high(s.roc, (SELECT confidence_level FROM rule)) AS auc_high,
		gini(s.roc) AS gini, ks(s.roc) AS ks, lift(s.roc, 0.1) AS lift_top_10,
		brier(s.as_probability) AS brier, c.intercept AS calibration_intercept, c.slope AS calibration_slope,
		m.stability_index AS drift, m.attribute AS drift_attribute,
		array_to_string(l.attributes, ', ') AS learned_attributes, l.leads AS learned_leads, l.tested_month_ends, l.tests, l.log_loss AS tested_log_loss,
		l.log_loss_without AS tested_log_loss_without, l.auc AS tested_auc, l.auc_without AS tested_auc_without
	FROM judged j
	CROSS JOIN LATERAL
	(
		SELECT 'scorecard' AS score, j.by_scorecard AS roc, NULL::roc AS as_probability WHERE (SELECT scorecard FROM rule) IS NOT NULL
		UNION ALL
		SELECT 'probability', j.by_probability, j.by_probability WHERE EXISTS (SELECT FROM learned_profile)
	) s
	CROSS JOIN LATERAL cox_calibration(s.as_probability) c
	LEFT JOIN moved m ON m.as_of = j.as_of
	LEFT JOIN learned l ON s.score = 'probability' AND l.as_of <= j.as_of AND (j.as_of < l.until OR l.until IS NULL)
	ORDER BY j.as_of, s.score DESC;
	COMMENT ON VIEW score_quality IS
		'Does the score predict? Per month end and score (scorecard, probability): the leads open then, scored with what was known then, against who '
		'was won within rule.score_horizon. Outcomes are NULL until is_mature; probability is judged only on leads that it had not learned from. Beside it, '
		'what the probability of then reads and what that was chosen on: see score_choice.';

	CREATE OR REPLACE VIEW score_choice WITH (security_invoker = true) AS
	SELECT c.as_of, c.as_of = max(c.as_of) OVER () AS is_latest, c.attribute, c.is_chosen, c.reason, c.leads, c.levels, c.tests, c.evidence, c.evidence_needed,
		c.gain, c.weight
	FROM learned_choice c
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY c.as_of, c.is_chosen DESC, c.gain DESC NULLS LAST, c.attribute;
	COMMENT ON VIEW score_choice IS
		'Why the learned probability reads an attribute or leaves it out. Per month end and attribute: on how many leads of later month ends it was tested, '
		'by how much it lowered the log loss there, and whether that is more than chance. By what was known then; is_latest: what counts now.';

	CREATE OR REPLACE VIEW score_lift WITH (security_invoker = true) AS
	WITH graded AS
	(
		SELECT as_of, grade, count(*) AS leads, rate(won_within) AS conversion
		FROM score_history
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (SELECT scorecard IS NOT NULL FROM rule LIMIT 1) AND won_within IS NOT NULL
		GROUP BY as_of, grade
	), compared AS
	(
		SELECT *, sum(hits(conversion)) OVER moment / nullif(sum(leads) OVER moment, 0) AS conversion_of_all
		FROM graded
		WINDOW moment AS (PARTITION BY as_of)
	)
	SELECT c.as_of, c.grade, c.leads, hits(c.conversion) AS won_within, c.conversion::float8 AS conversion,
		low(c.conversion, (SELECT confidence_level FROM rule)) AS conversion_low, high(c.conversion, (SELECT confidence_level FROM rule)) AS conversion_high,
		(c.conversion::numeric / nullif(c.conversion_of_all, 0))::float8 AS lift
	FROM compared c
	WHERE c.grade IS NOT NULL
	ORDER BY c.as_of, c.grade;
	COMMENT ON VIEW score_lift IS
		'Per month end and grade of rule.scorecard: how many leads were won within rule.score_horizon, and how much more often than all leads open '
		'then. Mature month ends only; empty without a scorecard that has grades.';

	CREATE OR REPLACE VIEW score_calibration WITH (security_invoker = true) AS
	SELECT j.as_of, c.score_from AS probability_from, c.score_to AS probability_to, c.leads, c.mean_score AS mean_probability,
		c.converted AS won_within, c.conversion::float8 AS conversion,
		low(c.conversion, (SELECT confidence_level FROM rule)) AS conversion_low, high(c.conversion, (SELECT confidence_level FROM rule)) AS conversion_high
	FROM
	(
		SELECT as_of, roc(probability, won_within) AS roc
		FROM score_history
		WHERE won_within IS NOT NULL AND EXISTS (SELECT FROM learned_score)
		GROUP BY as_of
	) j
	CROSS JOIN LATERAL calibration(j.roc, 20) c
	WHERE c.leads > 0 AND (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY j.as_of, c.bin;
	COMMENT ON VIEW score_calibration IS
		'Are the probabilities right? Per month end and step of 5 %: the mean probability of the leads in it against the share of them that was won '
		'within rule.score_horizon. Mature month ends that could be scored by what was learned before; steps without leads have no row.';
END;
$$;
COMMENT ON FUNCTION mart_learning_views(name) IS
'Internal to create_mart: makes the views that learn from the past and judge scores by it in the mart.';
