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

	CREATE OR REPLACE VIEW forecast_visit WITH (security_invoker = true) AS
	WITH episode AS MATERIALIZED
	(
		SELECT lead_id, created_at, stage_position, stage_entered_at, is_open, open_from, open_until, won_at, observed_until FROM open_episode
	), boundary AS MATERIALIZED
	(
		SELECT u.unit, forecast_ends(u.unit, e.observed_until, r.time_zone) AS ends
		FROM (SELECT max(observed_until) AS observed_until FROM episode) e
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
		CROSS JOIN unnest('{day,month}'::text[]) u(unit)
	), visit AS
	(
		SELECT b.unit, e.lead_id, e.created_at, e.stage_position, e.stage_entered_at, e.is_open, e.open_from, e.won_at, e.observed_until,
			width_bucket(e.open_from - interval '1 microsecond', b.ends) AS first_end,
			CASE WHEN e.is_open THEN width_bucket(e.open_until - interval '1 microsecond', b.ends) - 1 ELSE -1 END AS last_end,
			width_bucket(e.won_at - interval '1 microsecond', b.ends) AS won_in
		FROM episode e CROSS JOIN boundary b
	)
	SELECT v.unit, v.lead_id, v.created_at, v.stage_position, v.stage_entered_at, v.is_open, v.first_end, v.last_end, v.won_in, v.won_at,
		v.observed_until, NOT v.is_open AND bool_and(v.is_open) OVER earlier IS NOT FALSE AS is_sale,
		max(v.last_end) FILTER (WHERE v.first_end <= v.last_end) OVER earlier AS end_before,
		max(v.stage_position) FILTER (WHERE v.first_end <= v.last_end) OVER earlier AS stage_position_before,
		max(v.stage_entered_at) FILTER (WHERE v.first_end <= v.last_end) OVER earlier AS stage_entered_before,
		min(v.first_end) FILTER (WHERE v.first_end <= v.last_end) OVER later AS end_after
	FROM visit v
	WINDOW earlier AS (PARTITION BY v.unit, v.lead_id ORDER BY v.open_from, v.stage_position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
		later AS (PARTITION BY v.unit, v.lead_id ORDER BY v.open_from, v.stage_position ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING);
	COMMENT ON VIEW forecast_visit IS
		'Layer below the forecast: time in 24 windows of 30 days back from observed_until (unit = day), and in the last 24 calendar months that are over '
		'(month); per row of open_episode the ends of windows that it lasts over, the window in which its lead was won, and the ends that the '
		'lead was open at before and after.';

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
	WITH visit AS MATERIALIZED
	(
		SELECT * FROM forecast_visit
	), boundary AS MATERIALIZED
	(
		SELECT v.unit, forecast_ends(v.unit, v.observed_until, r.time_zone) AS ends, v.observed_until
		FROM (SELECT unit, max(observed_until) AS observed_until FROM visit GROUP BY unit) v CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
	), deal AS MATERIALIZED
	(
		SELECT * FROM forecast_deal
	), sale AS MATERIALIZED
	(
		-- What a lead brings: its won deals that are closed when the window of its sale is over, window 25 being what has begun after the last one.
		-- By a sort: joins over estimates that are far off are slow.
		SELECT s.unit, s.lead_id, s.won_in, s.won_at, round(sum(s.amount) FILTER (WHERE s.closed_at <= coalesce(b.ends[s.won_in + 1], b.observed_until)), 30)
			AS revenue
		FROM
		(
			SELECT unit, lead_id, closed_at, amount, max(won_in) OVER lead AS won_in, max(won_at) OVER lead AS won_at
			FROM
			(
				SELECT unit, lead_id, won_in, won_at, NULL::timestamptz AS closed_at, NULL::numeric AS amount FROM visit WHERE is_sale
				UNION ALL
				SELECT b.unit, d.lead_id, NULL, NULL, d.closed_at, d.amount FROM deal d CROSS JOIN boundary b WHERE d.is_won
			) e
			WINDOW lead AS (PARTITION BY unit, lead_id)
		) s
		JOIN boundary b USING (unit)
		WHERE s.won_in BETWEEN 1 AND 25
		GROUP BY s.unit, s.lead_id, s.won_in, s.won_at
	), owned AS
	(
		SELECT lead_id, max(cell) AS cell, count(*) FILTER (WHERE cell IS NULL) AS deals, count(*) FILTER (WHERE cell IS NULL AND amount IS NULL)
			AS without_amount,
			sum(amount) AS amount
		FROM
		(
			SELECT v.lead_id, 6 * v.stage_position - 5 + days_band(v.stage_entered_at, b.observed_until) AS cell, NULL::numeric AS amount
			FROM visit v
			JOIN boundary b USING (unit)
			WHERE v.unit = 'day' AND v.first_end <= 24 AND v.last_end = 24
			UNION ALL
			SELECT lead_id, NULL, amount FROM deal WHERE is_open
		) e
		GROUP BY lead_id
	), move AS
	(
		-- 6 bands of days to a stage. Who is open at an end was so at the one before, or is new.
		SELECT v.unit, n AS window_number,
			CASE WHEN n > v.first_end THEN 6 * v.stage_position - 5 + days_band(v.stage_entered_at, b.ends[n])
				WHEN v.end_before = n - 1 THEN 6 * v.stage_position_before - 5 + days_band(v.stage_entered_before, b.ends[n]) ELSE 0 END AS from_cell,
			6 * v.stage_position - 5 + days_band(v.stage_entered_at, b.ends[n + 1]) AS to_cell
		FROM visit v
		JOIN boundary b USING (unit)
		CROSS JOIN LATERAL generate_series(greatest(v.first_end, 1), v.last_end) n
		WHERE v.first_end <= v.last_end
		UNION ALL
		SELECT v.unit, v.last_end + 1, 6 * v.stage_position - 5 + days_band(v.stage_entered_at, b.ends[v.last_end + 1]),
			CASE WHEN v.won_in = v.last_end + 1 THEN -1 ELSE -2 END
		FROM visit v
		JOIN boundary b USING (unit)
		WHERE v.first_end <= v.last_end AND v.last_end < 24 AND v.end_after IS DISTINCT FROM v.last_end + 1
		UNION ALL
		SELECT unit, won_in, 0, -1 FROM visit WHERE is_sale AND won_in BETWEEN 1 AND 24 AND coalesce(end_before, -1) < won_in - 1
		UNION ALL
		SELECT unit, first_end, 0, -2
		FROM
		(
			SELECT DISTINCT unit, lead_id, first_end FROM visit
			WHERE is_open AND first_end > last_end AND first_end BETWEEN 1 AND 24 AND end_before IS DISTINCT FROM first_end - 1
				AND end_after IS DISTINCT FROM first_end AND won_in IS DISTINCT FROM first_end
		) l
	)
	SELECT 'flow' AS kind, unit, window_number, from_cell, to_cell, count(*) AS leads, NULL::bigint AS priced_leads, NULL::numeric AS amount,
		NULL::float8 AS squares, NULL::bigint AS deals, NULL::bigint AS deals_without_amount, NULL::timestamptz AS at
	FROM move
	GROUP BY unit, window_number, from_cell, to_cell
	UNION ALL
	-- By now: as far into its window as now is into the present month.
	SELECT CASE WHEN s.won_at <= b.ends[s.won_in] + (b.observed_until - b.ends[25]) THEN 'sale by now' ELSE 'later sale' END, s.unit, s.won_in, NULL, NULL,
		count(*), count(s.revenue), sum(s.revenue),
		sum(CASE WHEN s.revenue IS NULL OR s.revenue = 0 THEN 0 WHEN is_plain_amount(s.revenue) THEN power(s.revenue::float8, 2) ELSE 'Infinity' END),
			NULL, NULL, NULL
	FROM sale s JOIN boundary b USING (unit)
	GROUP BY s.unit, s.won_in, 1
	UNION ALL
	-- What the leads became that were open at an end (from_cell).
	SELECT 'outcome', v.unit, s.won_in, n, NULL, count(*), count(s.revenue), sum(s.revenue), NULL, NULL, NULL, NULL
	FROM visit v
	JOIN sale s USING (unit, lead_id)
	CROSS JOIN LATERAL generate_series(v.first_end, least(v.last_end, s.won_in - 1)) n
	WHERE s.won_in <= 24
	GROUP BY v.unit, s.won_in, n
	UNION ALL
	SELECT 'open', 'day', NULL, cell, NULL, count(*), count(amount), sum(amount), NULL, sum(deals)::bigint, sum(without_amount)::bigint, NULL
	FROM owned
	WHERE cell IS NOT NULL
	GROUP BY cell
	UNION ALL
	SELECT 'closed deal', 'day', NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*) FILTER (WHERE is_closed), count(*) FILTER (WHERE is_won), NULL FROM deal
	UNION ALL
	SELECT 'window', b.unit, n, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, b.ends[n + 1] FROM boundary b CROSS JOIN generate_series(0, 24) n
	UNION ALL
	SELECT 'lead', unit, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, min(created_at) FROM visit GROUP BY unit;
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
		(array_agg(ARRAY[s.window_number - w.skipped, s.from_cell, s.to_cell, s.leads]::float8[])
			FILTER (WHERE s.kind = 'flow' AND s.window_number > w.skipped))::text AS flows,
		(array_agg(ARRAY[s.window_number - w.skipped, s.priced_leads, s.plain_amount, s.squares]::float8[])
			FILTER (WHERE s.priced_leads > 0 AND s.kind LIKE '%sale%' AND s.window_number BETWEEN w.skipped + 1 AND 24))::text AS revenues,
		(array_agg(ARRAY[s.from_cell - w.skipped, s.window_number - w.skipped, s.leads, s.priced_leads, s.plain_amount]::float8[])
			FILTER (WHERE s.kind = 'outcome' AND s.from_cell >= w.skipped))::text AS outcomes,
		(array_agg(ARRAY[s.from_cell, s.leads, s.priced_leads, coalesce(s.deals, 0), coalesce(s.deals_without_amount, 0), coalesce(s.amount, 0)]::numeric[])
			FILTER (WHERE s.kind = 'open'))::text AS open_leads,
		(array_agg(ARRAY[24 - s.window_number, s.leads, coalesce(s.amount, 0)]::numeric[]) FILTER (WHERE s.kind LIKE '%sale%'))::text AS sales,
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
