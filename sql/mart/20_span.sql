-- From when to when the data is: up to when it is complete, and which dates lie so far from all others that they are typing errors.

CREATE FUNCTION mart_span_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW data_span WITH (security_invoker = true) AS
	WITH bin AS
	(
		SELECT date_bin('30 days', created_at, '2000-01-01') AS started, count(*) AS rows, max(created_at) FILTER (WHERE created_at <= now()) AS latest
		FROM lead WHERE isfinite(created_at) GROUP BY 1
		UNION ALL
		SELECT date_bin('30 days', entered_at, '2000-01-01'), count(*), max(entered_at) FILTER (WHERE entered_at <= now())
		FROM stage_event WHERE isfinite(entered_at) GROUP BY 1
		UNION ALL
		SELECT date_bin('30 days', touched_at, '2000-01-01'), count(*), max(touched_at) FILTER (WHERE touched_at <= now())
		FROM touch WHERE isfinite(touched_at) GROUP BY 1
		UNION ALL
		SELECT date_bin('30 days', opened_at, '2000-01-01'), count(*), max(opened_at) FILTER (WHERE opened_at <= now())
		FROM deal WHERE isfinite(opened_at) GROUP BY 1
		UNION ALL
		-- Of an open deal the closing date is what somebody hopes for.
		SELECT date_bin('30 days', closed_at, '2000-01-01'), count(*), max(closed_at) FILTER (WHERE closed_at <= now())
		FROM deal WHERE isfinite(closed_at) AND is_won IS NOT NULL GROUP BY 1
		UNION ALL
		SELECT date_bin('30 days', activity_at, '2000-01-01'), count(*), max(activity_at) FILTER (WHERE activity_at <= now())
		FROM activity WHERE isfinite(activity_at) GROUP BY 1
		UNION ALL
		SELECT date_bin('30 days', v.at, '2000-01-01'), count(*), max(v.at) FILTER (WHERE v.at <= now())
		FROM (SELECT timezone((SELECT time_zone FROM rule), day::timestamp) AS at FROM volume WHERE isfinite(day)) v GROUP BY 1
	), island AS
	(
		SELECT started, sum(rows) OVER () AS all_rows, sum(rows) OVER (ORDER BY started) AS rows_before,
			sum(rows) OVER (ORDER BY started DESC) AS rows_after,
			started - lag(started) OVER (ORDER BY started) AS gap_before, lead(started) OVER (ORDER BY started) - started AS gap_after
		FROM (SELECT started, sum(rows) AS rows FROM bin GROUP BY started) b
	), limits AS
	(
		-- Few rows, years away from all others.
		SELECT
			least(min(started) FILTER (WHERE all_rows >= 50 AND gap_before > '1096 days' AND rows_after <= greatest(all_rows / 1000, 1)),
				date_trunc('day', now(), 'UTC') + interval '32 days') AS far_after,
			max(started) FILTER (WHERE all_rows >= 50 AND gap_after > '1096 days' AND rows_before <= greatest(all_rows / 1000, 1)) + interval '720 hours'
				AS far_before
		FROM island
	)
	SELECT l.far_before, l.far_after,
	(
		-- A day is complete when it is over, unless it is today.
		SELECT max(CASE WHEN is_day(b.latest, (SELECT time_zone FROM rule))
			THEN least(next_day(b.latest, (SELECT time_zone FROM rule)), greatest(b.latest, now())) ELSE b.latest END)
		FROM bin b
		WHERE b.latest < l.far_after AND (b.latest >= l.far_before OR l.far_before IS NULL)
	) AS latest
	FROM limits l
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW data_span IS
		'Layer below observation: the latest time in the data that is not in the future, and from when on, and before when, dates are set aside as '
		'typing errors: more than 31 days in the future, or so few (at most 1 in 1000) and so far (three years) from all others.';

	CREATE OR REPLACE VIEW observation WITH (security_invoker = true) AS
	SELECT coalesce((SELECT observed_until FROM rule), (SELECT latest FROM data_span)) AS observed_until
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW observation IS 'Up to when the data is complete, in one row; NULL when there is no data.';
END;
$$;
COMMENT ON FUNCTION mart_span_views(name) IS 'Internal to create_mart: makes the views of the span of the data in the mart.';
