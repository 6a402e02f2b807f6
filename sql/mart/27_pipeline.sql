-- The pipeline as it stood: every lead that was open at the end of a month, with what was known of it then.
-- What learns from the past reads this, so that nothing of the future leaks into it.

CREATE FUNCTION mart_pipeline_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW pipeline_moment WITH (security_invoker = true) AS
	WITH seen AS MATERIALIZED
	(
		SELECT observed_until FROM observation WHERE observed_until IS NOT NULL
	)
	-- The last instant of a month: what happens at midnight belongs to the next one, also where data has dates only.
	SELECT timezone((SELECT time_zone FROM rule), date_trunc('month', timezone((SELECT time_zone FROM rule), o.observed_until))
			+ make_interval(months => m.n)) - interval '1 microsecond' AS as_of,
		false AS is_now
	FROM seen o
	-- Of integers the planner knows how many.
	CROSS JOIN generate_series(-23, 0) m(n)
	UNION ALL
	SELECT observed_until, true FROM seen;
	COMMENT ON VIEW pipeline_moment IS 'When pipeline_snapshot looks at the leads: the end of each of the last 24 months, and observed_until (is_now).';

	CREATE OR REPLACE VIEW open_episode WITH (security_invoker = true) AS
	WITH history AS
	(
		SELECT e.lead_id, pipeline_history(e.kind, l.stage_position, e.entered_at, e.opened_at, e.sold_by, e.is_won, NULL) AS history
		FROM lead_event e
		LEFT JOIN ladder l USING (stage)
		WHERE e.kind <> 'folded' AND CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END
		GROUP BY e.lead_id
	)
	SELECT o.lead_id, o.created_at, o.channel, o.campaign, e.stage_position, l.stage, e.stage_entered_at, e.is_open,
		nullif(e.open_from, 'infinity') AS open_from, nullif(e.open_until, 'infinity') AS open_until,
		CASE WHEN o.won_at <= o.observed_until THEN o.won_at END AS won_at, CASE WHEN o.lost_at <= o.observed_until THEN o.lost_at END AS lost_at,
		o.observed_until
	FROM lead_outcome o
	JOIN history h USING (lead_id)
	CROSS JOIN LATERAL open_episodes(h.history, (SELECT stage_position FROM ladder WHERE role = 'won')) e
	JOIN ladder l ON l.stage_position = e.stage_position;
	COMMENT ON VIEW open_episode IS
		'Layer below pipeline_snapshot and the forecast: from when to when each lead was open, neither won nor lost by what was known then, with a stage as '
		'the furthest that it had reached; open_until is NULL where that lasts. What was won has rows that are not open (is_open).';

	CREATE OR REPLACE VIEW pipeline_snapshot WITH (security_invoker = true) AS
	WITH moment AS MATERIALIZED
	(
		SELECT as_of, is_now FROM pipeline_moment
	)
	SELECT m.as_of, m.is_now, e.lead_id, e.created_at, e.channel, e.campaign, e.stage_position, e.stage, e.stage_entered_at, e.won_at, e.lost_at,
		e.observed_until
	FROM open_episode e
	JOIN moment m ON m.as_of >= e.open_from AND m.as_of < coalesce(e.open_until, 'infinity')
	WHERE e.is_open;
	COMMENT ON VIEW pipeline_snapshot IS
		'The leads that were open, neither won nor lost by what was known then, at the end of each of the last 24 months and at observed_until '
		'(is_now), with the stage that they had reached by then and, for judging forecasts and scores, what became of them later.';
END;
$$;
COMMENT ON FUNCTION mart_pipeline_views(name) IS
'Internal to create_mart: makes the views of the pipeline as it stood in the mart.';
