-- How leads moved through the pipeline from window to window: the counts that forecasts are made of.

CREATE FUNCTION days_band(since timestamptz, at timestamptz)
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN width_bucket(date_part('epoch', at - since) / 86400, ARRAY[7, 14, 30, 90, 180]::float8[]);
COMMENT ON FUNCTION days_band(timestamptz, timestamptz) IS
'How long something has lasted, in steps: 0 for less than 7 days, 1 for less than 14, 2 for 30, 3 for 90, 4 for 180, and 5. Internal to the forecast.';

CREATE FUNCTION forecast_ends(unit text, until timestamptz, time_zone text)
RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY
(
	SELECT CASE unit WHEN 'day' THEN until - make_interval(hours => 720 * n)
		-- The last instant of a month: what happens at midnight belongs to the next one, also where data has dates only.
		ELSE timezone(time_zone, date_trunc('month', timezone(time_zone, until + interval '1 microsecond')) - make_interval(months => n))
			- interval '1 microsecond' END
	FROM generate_series(24, 0, -1) n
);
COMMENT ON FUNCTION forecast_ends(text, timestamptz, text) IS
'When 24 windows end, the oldest first, and before them when that one begins: windows of 30 days of 24 hours back from a moment (unit = day), or the last '
'calendar months that are over then, in the time zone (month). Internal to the forecast.';

CREATE FUNCTION mart_movement_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW forecast_deal WITH (security_invoker = true) AS
	SELECT d.lead_id, d.amount, d.closed_at, d.is_closed AND d.is_won AS is_won, d.is_closed, d.is_there AND NOT d.is_closed AS is_open
	FROM
	(
		-- As it was at observed_until: a deal opened later is not there yet, one closed later is still open.
		SELECT d.lead_id, d.amount, d.is_won, d.closed_at, coalesce(d.closed_at <= o.observed_until, false) AS is_closed,
			coalesce(least(d.opened_at, d.closed_at), '-infinity') <= o.observed_until AS is_there
		FROM counted_deal d CROSS JOIN observation o
		WHERE d.excluded_reason IS NULL
	) d;
	COMMENT ON VIEW forecast_deal IS 'Layer below the forecast: the deals as they stood at observed_until.';

	CREATE OR REPLACE VIEW forecast_count WITH (security_invoker = true) AS
	WITH frame AS MATERIALIZED
	(
		SELECT o.observed_until, forecast_ends('day', o.observed_until, r.time_zone) AS day_ends, forecast_ends('month', o.observed_until, r.time_zone)
			AS month_ends,
			(SELECT stage_position FROM ladder WHERE role = 'won') AS won_position
		FROM observation o CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	), history AS
	(
		SELECT e.lead_id, pipeline_history(e.kind, l.stage_position, e.entered_at, e.opened_at, e.sold_by, e.is_won, e.amount) AS history
		FROM
		(
			SELECT lead_id, kind, stage, entered_at, opened_at, sold_by, is_won, amount
			FROM lead_event
			WHERE kind <> 'folded' AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
			UNION ALL
			-- As the funnel counts it.
			SELECT lead_id, 'won', NULL, won_at, NULL, NULL, NULL, NULL FROM lead_outcome WHERE won_at <= observed_until
		) e
		LEFT JOIN ladder l USING (stage)
		GROUP BY e.lead_id
	)
	SELECT c.kind, c.unit, c.window_number, c.from_cell, c.to_cell, c.leads, c.priced_leads, c.amount, c.squares, c.deals, c.deals_without_amount, c.at
	FROM
	(
		SELECT pipeline_moves(h.history, f.won_position, f.observed_until, f.day_ends, f.month_ends) AS moves
		FROM history h CROSS JOIN frame f
	) m
	CROSS JOIN LATERAL pipeline_counts(m.moves) c;
	COMMENT ON VIEW forecast_count IS
		'Layer below the forecast: how many leads went from which cell to which in each window (flow), were sold in it, and became of those open at its end.';

	CREATE OR REPLACE VIEW forecast_input WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT * FROM forecast_count
	), whole AS
	(
		-- Windows from when the first lead came; a first, partial one is left out.
		SELECT w.unit, min(w.window_number) FILTER (WHERE w.at >= c.at - interval '1 microsecond') AS skipped, max(w.at) AS ended_at
		FROM counted w
		JOIN counted c ON c.kind = 'lead' AND c.unit = w.unit
		WHERE w.kind = 'window'
		GROUP BY w.unit
	), summed AS
	(
		SELECT kind, unit, window_number, from_cell, to_cell, leads, priced_leads, deals, deals_without_amount, amount, squares,
			-- What float8 cannot hold is as much as it can.
			least(greatest(coalesce(amount, 0), -1e300), 1e300)::float8 AS plain_amount
		FROM counted
	)
	SELECT w.unit, 24 - w.skipped AS windows, (SELECT at FROM counted WHERE kind = 'window' AND unit = 'day' AND window_number = 24) AS observed_until,
		w.ended_at,
		-- Sums of float8 depend on the order.
		(array_agg(ARRAY[s.window_number - w.skipped, s.from_cell, s.to_cell, s.leads]::float8[] ORDER BY s.window_number, s.from_cell, s.to_cell, s.kind)
			FILTER (WHERE s.kind = 'flow' AND s.window_number > w.skipped))::text AS flows,
		(array_agg(ARRAY[s.window_number - w.skipped, s.priced_leads, s.plain_amount, s.squares]::float8[] ORDER BY s.window_number, s.from_cell,
			s.to_cell, s.kind)
			FILTER (WHERE s.priced_leads > 0 AND s.kind LIKE '%sale%' AND s.window_number BETWEEN w.skipped + 1 AND 24))::text AS revenues,
		(array_agg(ARRAY[s.from_cell - w.skipped, s.window_number - w.skipped, s.leads, s.priced_leads,
			s.plain_amount]::float8[] ORDER BY s.window_number, s.from_cell, s.to_cell, s.kind)
			FILTER (WHERE s.kind = 'outcome' AND s.from_cell >= w.skipped))::text AS outcomes,
		(array_agg(ARRAY[s.from_cell, s.leads, s.priced_leads, coalesce(s.deals, 0), coalesce(s.deals_without_amount, 0), coalesce(s.amount,
			0)]::numeric[] ORDER BY s.window_number, s.from_cell, s.to_cell, s.kind)
			FILTER (WHERE s.kind = 'open'))::text AS open_leads,
		(array_agg(ARRAY[24 - s.window_number, s.leads, coalesce(s.amount, 0)]::numeric[] ORDER BY s.window_number, s.from_cell, s.to_cell,
			s.kind) FILTER (WHERE s.kind LIKE '%sale%'))::text AS sales,
		max(s.deals) FILTER (WHERE s.kind = 'closed deal') AS closed_deals,
		max(s.deals_without_amount) FILTER (WHERE s.kind = 'closed deal') AS won_deals,
		(sum(s.leads) FILTER (WHERE s.kind = 'sale by now' AND s.window_number <= 24))::float8
			/ nullif(sum(s.leads) FILTER (WHERE s.kind LIKE '%sale%' AND s.window_number <= 24), 0)::float8 AS share_by_now
	FROM whole w
	JOIN summed s USING (unit)
	GROUP BY w.unit, w.skipped, w.ended_at;
	COMMENT ON VIEW forecast_input IS
		'Layer below the forecast: what lead_kpi.sales_forecast and pipeline_chances read, as arrays in their text form, one row per unit of time.';
END;
$$;
COMMENT ON FUNCTION mart_movement_views(name) IS 'Internal to create_mart: makes the views of how leads moved from window to window in the mart.';
