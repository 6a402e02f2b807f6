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
	WITH event AS MATERIALIZED
	(
		SELECT kind, lead_id, stage, entered_at, opened_at, coalesce(sold_by, entered_at) AS ended_by
		FROM lead_event
		WHERE kind <> 'folded' AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	), arrival AS
	(
		SELECT e.lead_id, l.stage_position, min(e.entered_at) AS entered_at
		FROM event e
		JOIN ladder l USING (stage)
		WHERE e.entered_at IS NOT NULL
		GROUP BY e.lead_id, l.stage_position
	), furthest AS
	(
		SELECT *, max(stage_position) OVER (PARTITION BY lead_id ORDER BY entered_at, stage_position DESC
			ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest_before
		FROM arrival
	), reached AS
	(
		-- From when to when a stage was the furthest that the lead had reached, whatever the funnel's policy.
		SELECT lead_id, stage_position, entered_at,
			coalesce(lead(entered_at) OVER (PARTITION BY lead_id ORDER BY entered_at), 'infinity') AS left_at
		FROM furthest
		WHERE stage_position > coalesce(furthest_before, 0)
	), ended AS
	(
		SELECT DISTINCT lead_id FROM event WHERE kind = 'exit' OR kind = 'deal' AND entered_at IS NOT NULL
	), turn AS
	(
		-- What opens a lead, what closes it, and how many deals are open; of one instant what opens comes first.
		SELECT lead_id, coalesce(least(opened_at, entered_at), '-infinity') AS at, 1 AS change, true AS opens,
			coalesce(least(opened_at, entered_at), '-infinity') AS by
		FROM event WHERE kind = 'deal'
		UNION ALL
		SELECT lead_id, entered_at, -1, false, entered_at FROM event WHERE kind = 'deal' AND entered_at IS NOT NULL
		UNION ALL
		SELECT lead_id, entered_at, 0, kind = 'stage', CASE kind WHEN 'exit' THEN ended_by ELSE entered_at END
		FROM event WHERE kind IN ('stage', 'exit') AND lead_id IN (SELECT lead_id FROM ended)
	), counted AS
	(
		SELECT *, sum(change) OVER timeline AS open_deals
		FROM turn
		WINDOW timeline AS (PARTITION BY lead_id ORDER BY by, opens DESC, change DESC ROWS UNBOUNDED PRECEDING)
	), spell AS
	(
		SELECT lead_id, at AS lost_at, NOT opens AND (change = 0 OR open_deals = 0) AS is_end,
			coalesce(min(at) FILTER (WHERE opens) OVER (PARTITION BY lead_id ORDER BY by, opens DESC, change DESC
				ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 'infinity') AS reopened_at
		FROM counted
	), lost AS
	(
		SELECT lead_id, min(lost_at) AS lost_at, reopened_at FROM spell WHERE is_end AND lost_at < reopened_at GROUP BY lead_id, reopened_at
	), opening AS
	(
		-- What lies between: before the first end, and from each reopening to the next end.
		SELECT lead_id, '-infinity'::timestamptz AS open_from, min(lost_at) AS open_until FROM lost GROUP BY lead_id
		UNION ALL
		SELECT lead_id, reopened_at, coalesce(min(lost_at) OVER (PARTITION BY lead_id ORDER BY reopened_at
			ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 'infinity')
		FROM lost
	), spanned AS
	(
		SELECT o.lead_id, o.created_at, o.channel, o.campaign, e.stage_position, e.entered_at AS stage_entered_at,
			greatest(e.entered_at, o.created_at, p.open_from) AS open_from, least(e.left_at, coalesce(p.open_until, 'infinity')) AS open_until,
			CASE WHEN o.won_at <= o.observed_until THEN o.won_at END AS won_at, CASE WHEN o.lost_at <= o.observed_until THEN o.lost_at END AS lost_at,
			o.observed_until, e.stage_position < coalesce((SELECT stage_position FROM ladder WHERE role = 'won'), 33) AS is_open
		FROM lead_outcome o
		JOIN reached e USING (lead_id)
		LEFT JOIN opening p USING (lead_id)
	)
	SELECT s.lead_id, s.created_at, s.channel, s.campaign, s.stage_position, l.stage, s.stage_entered_at, s.is_open, s.open_from, s.open_until, s.won_at,
		s.lost_at, s.observed_until
	FROM spanned s
	JOIN ladder l USING (stage_position)
	WHERE s.open_from < s.open_until OR NOT s.is_open;
	COMMENT ON VIEW open_episode IS
		'Layer below pipeline_snapshot and the forecast: from when to when each lead was open, neither won nor lost by what was known then, with a stage as '
		'the furthest that it had reached; open_until is infinity where that lasts. What was won has rows that are not open (is_open).';

	CREATE OR REPLACE VIEW pipeline_snapshot WITH (security_invoker = true) AS
	WITH moment AS MATERIALIZED
	(
		SELECT as_of, is_now FROM pipeline_moment
	)
	SELECT m.as_of, m.is_now, e.lead_id, e.created_at, e.channel, e.campaign, e.stage_position, e.stage, e.stage_entered_at, e.won_at, e.lost_at,
		e.observed_until
	FROM open_episode e
	JOIN moment m ON m.as_of >= e.open_from AND m.as_of < e.open_until
	WHERE e.is_open;
	COMMENT ON VIEW pipeline_snapshot IS
		'The leads that were open, neither won nor lost by what was known then, at the end of each of the last 24 months and at observed_until '
		'(is_now), with the stage that they had reached by then and, for judging forecasts and scores, what became of them later.';
END;
$$;
COMMENT ON FUNCTION mart_pipeline_views(name) IS
'Internal to create_mart: makes the views of the pipeline as it stood in the mart.';
