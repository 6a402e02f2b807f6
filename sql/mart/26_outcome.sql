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
-- Most leads brought nothing, which is asked quicker.
RETURN CASE WHEN amount = 0 THEN 0 WHEN abs(amount) BETWEEN 1e-100 AND 1e100 THEN amount::float8 ELSE 0 END;
COMMENT ON FUNCTION plain_amount(numeric) IS
'An amount as float8 for lead_kpi.moments; 0 for NULL, as a lead that brought nothing counts, and for what float8 cannot square: see is_plain_amount.';

CREATE FUNCTION mart_outcome_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_outcome WITH (security_invoker = true) AS
	WITH role AS MATERIALIZED
	(
		-- Without what nobody writes down, which later stages would imply.
		SELECT array_agg(stage ORDER BY stage_position) AS stages, array_agg(stage_position ORDER BY stage_position) AS positions,
			max(number) FILTER (WHERE role = 'mql') AS mql,
			max(number) FILTER (WHERE role = 'sal') AS sal,
			max(number) FILTER (WHERE role = 'sql') AS sql,
			max(number) FILTER (WHERE role = 'opportunity') AS opportunity,
			max(number) FILTER (WHERE role = 'won') AS won
		FROM
		(
			SELECT *, row_number() OVER (ORDER BY stage_position) AS number
			FROM ladder
			WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)
		) l
	), told AS
	(
		-- Each has one creation. Not by texts, which sort slowly; by three columns, because the planner takes two for 40 000 groups.
		SELECT lead_id, created_at, month, max(channel) FILTER (WHERE kind = 'lead') AS channel, max(campaign) FILTER (WHERE kind = 'lead') AS campaign,
			stage_times(lead_id, stage, entered_at, (SELECT stages FROM role), (SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule))
				FILTER (WHERE kind IN ('lead', 'stage', 'opened', 'deal') AND stage IS NOT NULL AND entered_at IS NOT NULL) AS reached,
			count(*) FILTER (WHERE is_won) AS deals_won, sum(amount) FILTER (WHERE is_won) AS revenue,
			-- An exit, or the end of the last open deal, lasts until a stage or a deal says otherwise.
			CASE WHEN bool_and(entered_at IS NOT NULL) FILTER (WHERE kind = 'deal') THEN max(entered_at) FILTER (WHERE kind = 'deal') END AS deals_ended_at,
			max(entered_at) FILTER (WHERE kind IN ('stage', 'opened')) AS last_sign,
			array_agg(entered_at) FILTER (WHERE kind = 'exit') AS exits,
			array_agg(coalesce(sold_by, entered_at)) FILTER (WHERE kind = 'exit') AS exited_by,
			array_agg(extract(epoch FROM entered_at)) FILTER (WHERE is_won) AS sold_at, array_agg(amount) FILTER (WHERE is_won) AS sold_for
		FROM lead_event
		WHERE kind <> 'folded' AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
		GROUP BY lead_id, created_at, month
	)
	SELECT t.lead_id, t.created_at, t.month, t.channel, t.campaign, coalesce(f.family, t.channel) AS family,
		d.stage_position, l.stage,
		t.reached[r.mql] AS mql_at, t.reached[r.sal] AS sal_at, t.reached[r.sql] AS sql_at,
		t.reached[r.opportunity] AS opportunity_at, t.reached[r.won] AS won_at,
		CASE WHEN t.reached[r.won] IS NULL AND t.deals_won = 0 THEN
			least(CASE WHEN t.deals_ended_at >= coalesce(t.last_sign, '-infinity') THEN t.deals_ended_at END,
				(SELECT min(e.at) FROM unnest(t.exits, t.exited_by) e(at, by) WHERE e.by >= coalesce(t.last_sign, '-infinity')))
		END AS lost_at,
		t.deals_won, CASE WHEN t.deals_won > 0 THEN t.revenue ELSE 0 END AS revenue,
		o.observed_until,
		-- In an order that does not depend on that of the rows.
		CASE WHEN t.deals_won > 1 THEN (SELECT array_agg(s.at ORDER BY s.at, s.amount)::text FROM unnest(t.sold_at, t.sold_for) s(at, amount))
			ELSE t.sold_at::text END AS sold_at,
		CASE WHEN t.deals_won > 1 THEN (SELECT array_agg(s.amount ORDER BY s.at, s.amount)::text FROM unnest(t.sold_at, t.sold_for) s(at, amount))
			ELSE t.sold_for::text END AS sold_for
	FROM told t
	CROSS JOIN role r
	CROSS JOIN observation o
	CROSS JOIN LATERAL (SELECT r.positions[nullif(cardinality(array_remove(t.reached, NULL)), 0)] AS stage_position) d
	LEFT JOIN ladder l ON l.stage_position = d.stage_position
	LEFT JOIN channel_family f ON f.channel = t.channel;
	COMMENT ON VIEW lead_outcome IS
		'Every counted lead with what became of it: when it reached each stage as the funnel counts it, whether it was won or lost, and its revenue. '
		'Its sums are those of the funnel views and of cpl_to_revenue.';
END;
$$;
COMMENT ON FUNCTION mart_outcome_views(name) IS 'Internal to create_mart: makes the views about each lead''s outcome in the mart.';
