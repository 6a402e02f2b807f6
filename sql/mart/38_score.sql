-- Scores at work in the mart: every lead's score and probability, who is to be handed to sales, and how many leads fit.

CREATE FUNCTION mart_score_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_score WITH (security_invoker = true) AS
	WITH known AS
	(
		SELECT lead_id, created_at, channel, campaign, month, known_attributes(attributes) AS attributes
		FROM judged_lead
		WHERE excluded_reason IS NULL
	), engaged AS
	(
		SELECT r.lead_id,
			engagement((SELECT scorecard FROM rule), t.kind, t.touched_at, (SELECT observed_until FROM observation)) AS engagement,
			explain_engagement((SELECT scorecard FROM rule), t.kind, t.touched_at, (SELECT observed_until FROM observation)) AS parts
		FROM touch t
		JOIN lead_record r ON r.record_id = t.lead_id
		WHERE isfinite(t.touched_at) AND (SELECT scorecard FROM rule) IS NOT NULL
		GROUP BY r.lead_id
	), likely AS
	(
		-- Nothing is looked up before something was learned.
		SELECT lead_id, probability, probability_reasons
		FROM score_history
		WHERE is_now AND EXISTS (SELECT FROM learned_score)
	)
	SELECT k.lead_id, k.created_at, k.channel, k.campaign, k.month, f.fit, e.engagement,
		score((SELECT scorecard FROM rule), f.fit, e.engagement) AS total,
		grade((SELECT scorecard FROM rule), f.fit, e.engagement) AS grade,
		(
			SELECT string_agg(format('%s +%s', top.rule, trim_scale(round(top.points, 2))), '; ' ORDER BY top.points DESC, top.rule COLLATE "C")
			FROM
			(
				SELECT part.rule, part.points
				FROM (SELECT * FROM explain((SELECT scorecard FROM rule), k.attributes) UNION ALL SELECT * FROM unnest(e.parts)) part
				WHERE part.points > 0
				ORDER BY part.points DESC, part.rule COLLATE "C"
				LIMIT 3
			) top
		) AS reasons,
		p.probability, p.probability_reasons
	FROM known k
	LEFT JOIN engaged e USING (lead_id)
	LEFT JOIN likely p USING (lead_id)
	CROSS JOIN LATERAL (SELECT fit((SELECT scorecard FROM rule), k.attributes) AS fit) f
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
		AND ((SELECT scorecard FROM rule) IS NOT NULL OR EXISTS (SELECT FROM learned_score));
	COMMENT ON VIEW lead_score IS
		'Every counted lead''s score by rule.scorecard: fit from lead.attributes, engagement from table touch as of observation.observed_until; and '
		'for open leads the probability of being won, by what train_mart learned. Empty without either.';

	CREATE OR REPLACE VIEW hand_off WITH (security_invoker = true) AS
	SELECT s.lead_id, s.created_at,
		(extract(epoch FROM o.observed_until - s.created_at) / 86400)::float8 AS age_days,
		s.channel, s.campaign, s.fit, s.engagement, s.total, s.grade, s.reasons, s.probability, s.probability_reasons
	FROM lead_score s
	CROSS JOIN observation o
	WHERE hand_off((SELECT scorecard FROM rule), s.fit, s.engagement)
		AND EXISTS (SELECT FROM ladder WHERE role = (SELECT transmitted_role FROM rule))
		-- Whatever the funnel's policy: what sales has, at this stage or a later one, is not handed over again.
		AND s.lead_id NOT IN
		(
			SELECT e.lead_id
			FROM funnel_event e JOIN ladder l USING (stage)
			WHERE l.stage_position >= (SELECT stage_position FROM ladder WHERE role = (SELECT transmitted_role FROM rule))
		)
	ORDER BY s.created_at, s.lead_id;
	COMMENT ON VIEW hand_off IS
		'The work list for sales: leads past the hand-off threshold of rule.scorecard that were not transmitted yet (no event at the stage with role '
		'rule.transmitted_role or a later one), oldest first. Empty without a scorecard, without hand_off in it, and without such a stage.';

	CREATE OR REPLACE VIEW icp_fit WITH (security_invoker = true) AS
	WITH counted AS
	(
		SELECT f.month, f.channel, count(*) AS leads,
			CASE WHEN (SELECT icp_fit FROM rule) IS NOT NULL THEN count(*) FILTER (WHERE f.fit >= (SELECT icp_fit FROM rule)) END AS in_icp,
			CASE WHEN w.has_won AND (SELECT icp_fit FROM rule) IS NOT NULL
				THEN count(o.won_at) FILTER (WHERE f.fit >= (SELECT icp_fit FROM rule)) END AS won_in_icp,
			CASE WHEN w.has_won AND (SELECT icp_fit FROM rule) IS NOT NULL
				THEN count(o.won_at) FILTER (WHERE f.fit < (SELECT icp_fit FROM rule)) END AS won_outside
		FROM
		(
			SELECT lead_id, month, channel, fit((SELECT scorecard FROM rule), known_attributes(attributes)) AS fit
			FROM judged_lead
			WHERE excluded_reason IS NULL
		) f
		JOIN lead_outcome o USING (lead_id)
		CROSS JOIN (SELECT EXISTS (SELECT FROM ladder WHERE role = 'won') AS has_won) w
		WHERE (SELECT scorecard FROM rule) IS NOT NULL
		GROUP BY f.month, f.channel, w.has_won
	), rated AS
	(
		SELECT *, leads - in_icp AS outside, rate(in_icp, leads) AS share, rate(won_in_icp, in_icp) AS won_in,
			rate(won_outside, leads - in_icp) AS won_out
		FROM counted
	)
	SELECT c.month, c.channel, c.leads, c.in_icp,
		c.share::float8 AS icp_share, low(c.share, (SELECT confidence_level FROM rule)) AS icp_share_low,
		high(c.share, (SELECT confidence_level FROM rule)) AS icp_share_high,
		c.won_in_icp, c.won_in::float8 AS icp_to_won,
		low(c.won_in, (SELECT confidence_level FROM rule)) AS icp_to_won_low, high(c.won_in, (SELECT confidence_level FROM rule)) AS icp_to_won_high,
		c.outside, c.won_outside, c.won_out::float8 AS outside_to_won,
		low(c.won_out, (SELECT confidence_level FROM rule)) AS outside_to_won_low, high(c.won_out, (SELECT confidence_level FROM rule)) AS outside_to_won_high,
		fiscal_quarter(c.month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(c.month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM rated c
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY c.month, c.channel;
	COMMENT ON VIEW icp_fit IS
		'Per month and channel: how many leads fit the ideal customer profile (fit of at least rule.icp_fit), and how many were won inside and '
		'outside of it. Empty without a scorecard; NULL but for leads without rule.icp_fit.';
END;
$$;
COMMENT ON FUNCTION mart_score_views(name) IS 'Internal to create_mart: makes the views that score leads in the mart.';
