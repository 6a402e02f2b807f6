-- The funnels that a BI tool reads, and what sales accepts. Counted leads only.

CREATE FUNCTION plain_steps(f funnel, level float8 DEFAULT 0.95)
RETURNS TABLE
(
	stage_position integer, stage text, leads bigint, previous_leads bigint, entered_leads bigint,
	step_rate float8, step_rate_low float8, step_rate_high float8,
	total_rate float8, total_rate_low float8, total_rate_high float8,
	median_days float8, p90_days float8, mean_days float8
)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	SELECT s.position, s.stage, s.leads, s.previous_leads, s.entered_leads,
		s.step::float8, low(s.step, level), high(s.step, level),
		s.total::float8, low(s.total, level), high(s.total, level),
		(extract(epoch FROM s.median) / 86400)::float8,
		(extract(epoch FROM s.p90) / 86400)::float8,
		(extract(epoch FROM s.mean) / 86400)::float8
	FROM
	(
		SELECT p.*, lag(p.leads) OVER ladder AS previous_leads, first_value(p.leads) OVER ladder AS entered_leads,
			CASE WHEN p.position > 1 THEN p.step_rate END AS step,
			rate(p.leads, first_value(p.leads) OVER ladder) AS total
		FROM steps(f) p
		WINDOW ladder AS (ORDER BY p.position)
	) s;
END;
COMMENT ON FUNCTION plain_steps(funnel, float8) IS
'steps(funnel) in types that every BI tool reads: per stage the leads, the leads of the stage before and those that entered, step and total rate as '
'0 to 1 with their interval at the given level, and the days since the stage before (median, 90th percentile, mean). NULL where there is nothing to '
'divide by; the first stage has no step rate.';

CREATE FUNCTION threshold_verdict(measured rate, threshold float8, level float8 DEFAULT 0.95)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN low(measured, level) >= threshold THEN 'met'
	WHEN high(measured, level) < threshold THEN 'below'
	WHEN measured::float8 IS NOT NULL AND threshold IS NOT NULL THEN 'not yet certain'
END;
COMMENT ON FUNCTION threshold_verdict(rate, float8, float8) IS
'A rate against an agreed threshold: met when its whole interval at the given level reaches the threshold, below when none of it does, not yet '
'certain in between. NULL without trials or threshold.';

CREATE FUNCTION mart_funnel_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW funnel_by_grain WITH (security_invoker = true) AS
	SELECT g.grain, c.month, c.channel, c.campaign, s.*
	-- Whoever asks for one grain pays for that one.
	FROM (VALUES ('all', false, false, false), ('channel', false, true, false), ('campaign', false, true, true), ('month', true, false, false))
		g(grain, by_month, by_channel, by_campaign)
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN g.by_month THEN month END AS month, CASE WHEN g.by_channel THEN channel END AS channel,
			CASE WHEN g.by_campaign THEN campaign END AS campaign,
			funnel(lead_id, stage, entered_at, (SELECT array_agg(stage ORDER BY stage_position) FROM ladder),
				(SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule)) AS f
		FROM funnel_event
		GROUP BY 1, 2, 3
	) c
	CROSS JOIN LATERAL plain_steps(c.f, (SELECT confidence_level FROM rule)) s;
	COMMENT ON VIEW funnel_by_grain IS
		'Layer below the funnels: counted leads through the ladder at every grain, so always WHERE grain = all, channel, campaign or month. Without '
		'any lead there is no row.';

	CREATE OR REPLACE VIEW funnel WITH (security_invoker = true) AS
	SELECT l.stage_position, l.stage, coalesce(s.leads, 0) AS leads, s.previous_leads, coalesce(s.entered_leads, 0) AS entered_leads,
		s.step_rate, s.step_rate_low, s.step_rate_high, s.total_rate, s.total_rate_low, s.total_rate_high,
		s.median_days, s.p90_days, s.mean_days
	FROM ladder l
	LEFT JOIN funnel_by_grain s ON s.grain = 'all' AND s.stage_position = l.stage_position
	ORDER BY l.stage_position;
	COMMENT ON VIEW funnel IS 'All counted leads through the ladder, one row per stage.';

	CREATE OR REPLACE VIEW funnel_by_channel WITH (security_invoker = true) AS
	SELECT channel, stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high,
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM funnel_by_grain
	WHERE grain = 'channel'
	ORDER BY channel, stage_position;
	COMMENT ON VIEW funnel_by_channel IS 'The funnel per channel of the lead; leads without a channel are a row of their own (NULL).';

	CREATE OR REPLACE VIEW funnel_by_campaign WITH (security_invoker = true) AS
	SELECT channel, campaign, stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high,
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM funnel_by_grain
	WHERE grain = 'campaign'
	ORDER BY channel, campaign, stage_position;
	COMMENT ON VIEW funnel_by_campaign IS 'The funnel per channel and campaign of the lead; NULL = none or unknown, a row of its own.';

	CREATE OR REPLACE VIEW funnel_by_month WITH (security_invoker = true) AS
	SELECT month, stage_position, stage, leads, previous_leads, entered_leads, step_rate, step_rate_low, step_rate_high,
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM funnel_by_grain
	WHERE grain = 'month'
	ORDER BY month, stage_position;
	COMMENT ON VIEW funnel_by_month IS
		'The funnel per cohort: the month in which the leads were created, whenever they moved on. The newest months have had less time: a lower '
		'rate there is not yet a drop.';

	CREATE OR REPLACE VIEW mql_acceptance_by_grain WITH (security_invoker = true) AS
	WITH reached AS
	(
		SELECT 'all' AS grain, NULL::text AS channel, stage_position, leads FROM funnel
		UNION ALL
		SELECT 'channel', channel, stage_position, leads FROM funnel_by_channel
	), counted AS
	(
		SELECT grain, channel, max(leads) FILTER (WHERE role = (SELECT transmitted_role FROM rule)) AS transmitted,
			max(leads) FILTER (WHERE role = (SELECT accepted_role FROM rule)) AS accepted
		FROM reached JOIN ladder USING (stage_position)
		GROUP BY grain, channel
	), rated AS
	(
		SELECT grain, channel, transmitted, accepted, CASE WHEN accepted <= transmitted THEN rate(accepted, transmitted) END AS acceptance
		FROM counted
	)
	SELECT grain, channel, transmitted, accepted, acceptance::float8 AS acceptance_rate,
		low(acceptance, (SELECT confidence_level FROM rule)) AS acceptance_rate_low,
		high(acceptance, (SELECT confidence_level FROM rule)) AS acceptance_rate_high,
		(SELECT acceptance_threshold FROM rule) AS threshold,
		threshold_verdict(acceptance, (SELECT acceptance_threshold FROM rule), (SELECT confidence_level FROM rule)) AS verdict
	FROM rated;
	COMMENT ON VIEW mql_acceptance_by_grain IS 'Layer below mql_acceptance: of all leads (grain = all) and per channel (grain = channel).';

	CREATE OR REPLACE VIEW mql_acceptance_by_channel WITH (security_invoker = true) AS
	SELECT channel, transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, threshold, verdict
	FROM mql_acceptance_by_grain
	WHERE grain = 'channel'
	ORDER BY channel;
	COMMENT ON VIEW mql_acceptance_by_channel IS 'mql_acceptance per channel of the lead.';

	CREATE OR REPLACE VIEW mql_acceptance WITH (security_invoker = true) AS
	SELECT transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, threshold, verdict
	FROM mql_acceptance_by_grain
	WHERE grain = 'all';
	COMMENT ON VIEW mql_acceptance IS
		'Leads that sales accepted out of those that marketing transmitted, against the agreed threshold (rule.acceptance_threshold), in one row.';
END;
$$;
COMMENT ON FUNCTION mart_funnel_views(name) IS 'Internal to create_mart: makes the views of funnels and acceptance in the mart.';
