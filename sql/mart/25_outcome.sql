-- What became of each lead: one row per counted lead, which the views about time, change and score read.

CREATE FUNCTION is_plain_amount(amount numeric)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN amount IS NULL OR amount = 0 OR abs(amount) BETWEEN 1e-100 AND 1e100;
COMMENT ON FUNCTION is_plain_amount(numeric) IS
'Whether the square of an amount is within float8, so that a spread of such amounts means something; true for NULL.';

CREATE FUNCTION plain_amount(amount numeric)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(amount) BETWEEN 1e-100 AND 1e100 THEN amount::float8 ELSE 0 END;
COMMENT ON FUNCTION plain_amount(numeric) IS
'An amount as float8 for lead_kpi.moments; 0 for NULL, as a lead that brought nothing counts, and for what float8 cannot square: see is_plain_amount.';

CREATE FUNCTION mart_outcome_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW observation WITH (security_invoker = true) AS
	SELECT coalesce((SELECT observed_until FROM rule),
	(
		SELECT max(at)
		FROM
		(
			SELECT max(created_at) FILTER (WHERE created_at <= now()) AS at FROM lead
			UNION ALL SELECT max(entered_at) FILTER (WHERE entered_at <= now()) FROM stage_event
			UNION ALL SELECT max(touched_at) FILTER (WHERE touched_at <= now()) FROM touch
			UNION ALL SELECT greatest(max(opened_at) FILTER (WHERE opened_at <= now()), max(closed_at) FILTER (WHERE closed_at <= now())) FROM deal
		) latest
		WHERE isfinite(at)
	)) AS observed_until;
	COMMENT ON VIEW observation IS 'Up to when the data is complete, in one row; NULL when there is no data.';

	CREATE OR REPLACE VIEW lead_outcome WITH (security_invoker = true) AS
	WITH role AS
	(
		SELECT array_agg(stage ORDER BY stage_position) AS stages,
			max(stage_position) FILTER (WHERE role = 'mql') AS mql,
			max(stage_position) FILTER (WHERE role = 'sal') AS sal,
			max(stage_position) FILTER (WHERE role = 'sql') AS sql,
			max(stage_position) FILTER (WHERE role = 'opportunity') AS opportunity,
			max(stage_position) FILTER (WHERE role = 'won') AS won
		FROM ladder
	), timed AS
	(
		SELECT lead_id, created_at, channel, campaign, month,
			stage_times(lead_id, stage, entered_at, (SELECT stages FROM role), (SELECT funnel_within FROM rule),
				(SELECT funnel_policy FROM rule)) AS reached
		FROM funnel_event
		GROUP BY lead_id, created_at, channel, campaign, month
	), sold AS
	(
		SELECT lead_id, count(*) FILTER (WHERE is_won) AS deals_won, sum(amount) FILTER (WHERE is_won) AS revenue,
			CASE WHEN bool_and(closed_at IS NOT NULL) THEN max(closed_at) END AS closed_at
		FROM clean_deal
		WHERE NOT repeated
		GROUP BY lead_id
	)
	SELECT t.lead_id, t.created_at, t.month, t.channel, t.campaign, coalesce(f.family, t.channel) AS family,
		d.stage_position, r.stages[d.stage_position] AS stage,
		t.reached[r.mql] AS mql_at, t.reached[r.sal] AS sal_at, t.reached[r.sql] AS sql_at,
		t.reached[r.opportunity] AS opportunity_at, t.reached[r.won] AS won_at,
		CASE WHEN t.reached[r.won] IS NULL AND coalesce(s.deals_won, 0) = 0 THEN s.closed_at END AS lost_at,
		coalesce(s.deals_won, 0) AS deals_won,
		CASE WHEN s.deals_won > 0 THEN s.revenue ELSE 0 END AS revenue,
		o.observed_until
	FROM timed t
	CROSS JOIN role r
	CROSS JOIN observation o
	CROSS JOIN LATERAL (SELECT nullif(cardinality(array_remove(t.reached, NULL)), 0) AS stage_position) d
	LEFT JOIN sold s USING (lead_id)
	LEFT JOIN channel_family f USING (channel);
	COMMENT ON VIEW lead_outcome IS
		'Every counted lead with what became of it: when it reached each stage as the funnel counts it, whether it was won or lost, and its revenue. '
		'Its sums are those of the funnel views and of cpl_to_revenue.';
END;
$$;
COMMENT ON FUNCTION mart_outcome_views(name) IS 'Internal to create_mart: makes the views about each lead''s outcome in the mart.';
