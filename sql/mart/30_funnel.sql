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

CREATE FUNCTION counted_steps(f funnel, stages text[], positions integer[], counts bigint[], level float8 DEFAULT 0.95)
RETURNS TABLE
(
	stage_position integer, stage text, leads bigint, previous_leads bigint, entered_leads bigint,
	step_rate float8, step_rate_low float8, step_rate_high float8,
	total_rate float8, total_rate_low float8, total_rate_high float8,
	median_days float8, p90_days float8, mean_days float8
)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	SELECT s.stage_position, s.stage, s.leads, s.previous_leads, s.entered_leads,
		s.step::float8, low(s.step, level), high(s.step, level),
		s.total::float8, low(s.total, level), high(s.total, level),
		(extract(epoch FROM s.median) / 86400)::float8,
		(extract(epoch FROM s.p90) / 86400)::float8,
		(extract(epoch FROM s.mean) / 86400)::float8
	FROM
	(
		-- Counts may have more of a stage than of the one before: then there is no rate.
		SELECT l.*, CASE WHEN l.leads <= l.previous_leads THEN rate(l.leads, l.previous_leads) END AS step,
			CASE WHEN l.leads <= l.entered_leads THEN rate(l.leads, l.entered_leads) END AS total
		FROM
		(
			SELECT c.*, lag(c.leads) OVER ladder AS previous_leads, first_value(c.leads) OVER ladder AS entered_leads
			FROM
			(
				SELECT k.stage_position, k.stage, coalesce(p.leads, 0) + coalesce(counts[k.stage_position], 0) AS leads, p.median, p.p90, p.mean
				FROM unnest(stages, positions) WITH ORDINALITY AS k(stage, stage_position, number)
				LEFT JOIN steps(f) p ON p.position = k.number
			) c
			WINDOW ladder AS (ORDER BY c.stage_position)
		) l
	) s;
END;
COMMENT ON FUNCTION counted_steps(funnel, text[], integer[], bigint[], float8) IS
'plain_steps of a funnel over some stages of a ladder, which has them at the positions, with leads that are known as counts only added (by position on '
'the ladder). Where counts have more leads at a stage than at the one before there is no rate. Internal to the view funnel_by_grain.';

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
	WITH stages AS MATERIALIZED
	(
		SELECT array_agg(stage ORDER BY stage_position) AS names, array_agg(stage_position ORDER BY stage_position) AS positions
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), cell AS MATERIALIZED
	(
		SELECT month, week, channel, campaign, funnel::lead_kpi.funnel AS f FROM funnel_count
	)
	SELECT g.grain, c.month, c.channel, c.campaign, s.*, c.period_start
	FROM
	(VALUES
		('all', NULL, false, false, false), ('channel', NULL, false, true, false), ('campaign', NULL, false, true, true), ('month', NULL, true, false, false),
		('week', 'week', false, false, false), ('quarter', 'quarter', false, false, false), ('year', 'year', false, false, false)
	) g(grain, period, by_month, by_channel, by_campaign)
	CROSS JOIN LATERAL
	(
		SELECT k.month, k.channel, k.campaign, k.period_start, rollup(k.f) AS f,
			(SELECT array_agg(coalesce(v.leads, 0) ORDER BY l.stage_position) FROM ladder l LEFT JOIN
				(SELECT n.stage_position, sum(n.leads)::bigint AS leads FROM unnest(array_agg(k.stage_position), array_agg(k.leads)) n(stage_position, leads)
				GROUP BY n.stage_position) v USING (stage_position)) AS counts
		FROM
		(
			SELECT CASE WHEN g.by_month THEN month END AS month, CASE WHEN g.by_channel THEN channel END AS channel,
				CASE WHEN g.by_campaign THEN campaign END AS campaign,
				CASE g.period
					WHEN 'week' THEN week
					WHEN 'quarter' THEN fiscal_quarter(month, (SELECT fiscal_year_start FROM rule))
					WHEN 'year' THEN fiscal_year(month, (SELECT fiscal_year_start FROM rule))
				END AS period_start,
				f, NULL::integer AS stage_position, NULL::bigint AS leads
			FROM cell
			UNION ALL
			SELECT CASE WHEN g.by_month THEN month END, CASE WHEN g.by_channel THEN channel END, CASE WHEN g.by_campaign THEN campaign END,
				CASE g.period
					WHEN 'week' THEN date_trunc('week', day::timestamp)::date
					WHEN 'quarter' THEN fiscal_quarter(month, (SELECT fiscal_year_start FROM rule))
					WHEN 'year' THEN fiscal_year(month, (SELECT fiscal_year_start FROM rule))
				END,
				NULL, stage_position, sum(leads)::bigint
			FROM counted_volume
			WHERE excluded_reason IS NULL
			GROUP BY 1, 2, 3, 4, stage_position
		) k
		GROUP BY k.month, k.channel, k.campaign, k.period_start
	) c
	CROSS JOIN stages t
	CROSS JOIN LATERAL
	(
		SELECT l.stage_position, l.stage, p.leads, p.previous_leads, p.entered_leads, p.step_rate, p.step_rate_low, p.step_rate_high,
			p.total_rate, p.total_rate_low, p.total_rate_high, p.median_days, p.p90_days, p.mean_days
		FROM ladder l
		LEFT JOIN counted_steps(c.f, t.names, t.positions, c.counts, (SELECT confidence_level FROM rule)) p USING (stage_position)
	) s;
	COMMENT ON VIEW funnel_by_grain IS
		'Layer below the funnels: counted leads through the ladder at every grain, so always WHERE grain = all, channel, campaign, month, week, quarter or '
		'year. Without any lead there is no row; a stage that nobody writes down (inferred_stage) is NULL.';

	CREATE OR REPLACE VIEW funnel WITH (security_invoker = true) AS
	SELECT l.stage_position, l.stage,
		CASE WHEN i.stage_position IS NULL THEN coalesce(s.leads, 0) END AS leads, s.previous_leads, coalesce(max(s.entered_leads) OVER (), 0) AS entered_leads,
		s.step_rate, s.step_rate_low, s.step_rate_high, s.total_rate, s.total_rate_low, s.total_rate_high,
		s.median_days, s.p90_days, s.mean_days
	FROM ladder l
	LEFT JOIN funnel_by_grain s ON s.grain = 'all' AND s.stage_position = l.stage_position
	LEFT JOIN inferred_stage i ON i.stage_position = l.stage_position
	ORDER BY l.stage_position;
	COMMENT ON VIEW funnel IS
		'All counted leads through the ladder, one row per stage; leads is NULL for a stage that nobody writes down.';

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
		total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM funnel_by_grain
	WHERE grain = 'month'
	ORDER BY month, stage_position;
	COMMENT ON VIEW funnel_by_month IS
		'The funnel per cohort: the month in which the leads were created, whenever they moved on. The newest months have had less time: a lower '
		'rate there is not yet a drop.';

	CREATE OR REPLACE VIEW funnel_by_period WITH (security_invoker = true) AS
	SELECT grain AS period, coalesce(period_start, month) AS period_start, stage_position, stage, leads, previous_leads, entered_leads,
		step_rate, step_rate_low, step_rate_high, total_rate, total_rate_low, total_rate_high, median_days, p90_days, mean_days
	FROM funnel_by_grain
	WHERE grain IN ('week', 'month', 'quarter', 'year')
	ORDER BY array_position('{week,month,quarter,year}', grain), period_start, stage_position;
	COMMENT ON VIEW funnel_by_period IS
		'The funnel per cohort of a week (from Monday), month, fiscal quarter or fiscal year in which the leads were created. Read one period, never sum '
		'over them. The newest have had less time: a lower rate there is not yet a drop.';

	CREATE OR REPLACE VIEW mql_acceptance_by_grain WITH (security_invoker = true) AS
	WITH outcome AS MATERIALIZED
	(
		SELECT o.channel, o.observed_until,
			CASE r.transmitted_role WHEN 'lead' THEN CASE WHEN o.stage_position IS NOT NULL THEN o.created_at END WHEN 'mql' THEN o.mql_at
				WHEN 'sal' THEN o.sal_at WHEN 'sql' THEN o.sql_at WHEN 'opportunity' THEN o.opportunity_at WHEN 'won' THEN o.won_at END AS transmitted_at,
			CASE r.accepted_role WHEN 'lead' THEN CASE WHEN o.stage_position IS NOT NULL THEN o.created_at END WHEN 'mql' THEN o.mql_at
				WHEN 'sal' THEN o.sal_at WHEN 'sql' THEN o.sql_at WHEN 'opportunity' THEN o.opportunity_at WHEN 'won' THEN o.won_at END AS accepted_at
		FROM lead_outcome o
		CROSS JOIN (SELECT transmitted_role, accepted_role FROM rule LIMIT 1) r
	), answered AS MATERIALIZED
	(
		-- What was transmitted within the time that nearly all answers take may still be answered.
		SELECT max(observed_until) - greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at)
			FILTER (WHERE transmitted_at IS NOT NULL AND accepted_at IS NOT NULL), '0') AS until
		FROM outcome
	), part AS
	(
		SELECT o.channel, count(*) FILTER (WHERE o.transmitted_at IS NOT NULL AND (o.transmitted_at > a.until) IS NOT TRUE) AS transmitted,
			count(*) FILTER (WHERE o.accepted_at IS NOT NULL AND o.transmitted_at IS NOT NULL AND (o.transmitted_at > a.until) IS NOT TRUE) AS accepted,
			count(*) FILTER (WHERE o.transmitted_at > a.until) AS too_recent
		FROM outcome o CROSS JOIN answered a
		GROUP BY o.channel
		UNION ALL
		SELECT channel, coalesce(sum(leads) FILTER (WHERE role = (SELECT transmitted_role FROM rule)), 0)::bigint,
			coalesce(sum(leads) FILTER (WHERE role = (SELECT accepted_role FROM rule)), 0)::bigint, 0
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY channel
	), known AS
	(
		SELECT bool_or(role = (SELECT transmitted_role FROM rule)) AS transmitted, bool_or(role = (SELECT accepted_role FROM rule)) AS accepted
		FROM ladder
		WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
	), counted AS
	(
		SELECT CASE WHEN GROUPING(p.channel) = 1 THEN 'all' ELSE 'channel' END AS grain, p.channel,
			CASE WHEN k.transmitted THEN coalesce(sum(p.transmitted), 0)::bigint END AS transmitted,
			CASE WHEN k.accepted THEN coalesce(sum(p.accepted), 0)::bigint END AS accepted,
			CASE WHEN k.transmitted THEN coalesce(sum(p.too_recent), 0)::bigint END AS too_recent
		FROM known k LEFT JOIN part p ON true
		GROUP BY GROUPING SETS ((k.transmitted, k.accepted), (k.transmitted, k.accepted, p.channel))
	), rated AS
	(
		SELECT *, CASE WHEN accepted <= transmitted THEN rate(accepted, transmitted) END AS acceptance
		FROM counted
	)
	SELECT grain, channel, transmitted, accepted, acceptance::float8 AS acceptance_rate,
		low(acceptance, (SELECT confidence_level FROM rule)) AS acceptance_rate_low,
		high(acceptance, (SELECT confidence_level FROM rule)) AS acceptance_rate_high,
		(SELECT acceptance_threshold FROM rule) AS threshold,
		threshold_verdict(acceptance, (SELECT acceptance_threshold FROM rule), (SELECT confidence_level FROM rule)) AS verdict, too_recent
	FROM rated;
	COMMENT ON VIEW mql_acceptance_by_grain IS 'Layer below mql_acceptance: of all leads (grain = all) and per channel (grain = channel).';

	CREATE OR REPLACE VIEW mql_acceptance_by_channel WITH (security_invoker = true) AS
	SELECT channel, transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, threshold, verdict, too_recent
	FROM mql_acceptance_by_grain
	WHERE grain = 'channel'
	ORDER BY channel;
	COMMENT ON VIEW mql_acceptance_by_channel IS 'mql_acceptance per channel of the lead.';

	CREATE OR REPLACE VIEW mql_acceptance WITH (security_invoker = true) AS
	SELECT transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, threshold, verdict, too_recent
	FROM mql_acceptance_by_grain
	WHERE grain = 'all';
	COMMENT ON VIEW mql_acceptance IS
		'Leads that sales accepted out of those that marketing transmitted, against the agreed threshold (rule.acceptance_threshold), in one row.';
END;
$$;
COMMENT ON FUNCTION mart_funnel_views(name) IS 'Internal to create_mart: makes the views of funnels and acceptance in the mart.';
