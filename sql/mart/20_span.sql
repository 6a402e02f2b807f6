-- From when to when the data is: up to when it is complete, and which dates lie so far from all others that they are typing errors.

CREATE TYPE time_bin AS (
	started timestamptz,
	rows bigint,
	latest timestamptz,
	later bigint
);
COMMENT ON TYPE time_bin IS
'Rows of 30 days: when these begin (counted from 2000-01-01, UTC), how many there are, the latest time among them that is not after the one asked for '
'(NULL = all of them are after it), and how many are after it. See time_bins().';

CREATE FUNCTION time_bins_accumulate(internal, timestamptz, timestamptz)
	RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION time_bins_accumulate(internal, timestamptz, timestamptz) IS 'transition function of aggregate time_bins';

CREATE FUNCTION time_bins_combine(internal, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION time_bins_combine(internal, internal) IS 'combine function of aggregate time_bins';

CREATE FUNCTION time_bins_serialize(internal)
	RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION time_bins_serialize(internal) IS 'serialize function of aggregate time_bins';

CREATE FUNCTION time_bins_deserialize(bytea, internal)
	RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION time_bins_deserialize(bytea, internal) IS 'deserialize function of aggregate time_bins';

CREATE FUNCTION time_bins_final(internal)
	RETURNS time_bin[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION time_bins_final(internal) IS 'final function of aggregate time_bins';

CREATE AGGREGATE time_bins(at timestamptz, until timestamptz) (
	SFUNC = time_bins_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = time_bins_final,
	COMBINEFUNC = time_bins_combine,
	SERIALFUNC = time_bins_serialize, DESERIALFUNC = time_bins_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE time_bins(timestamptz, timestamptz) IS
'Internal to date_count: a row per 30 days in which there is a finite time, in order, with the latest one up to until. NULL times and infinite ones do not '
'count; until NULL: no latest, all are later. NULL where nothing counts. Errors: more than 9e18 rows of one bin.';

CREATE FUNCTION mart_span_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW date_count WITH (security_invoker = true) AS
	SELECT b.relation, u.started, u.rows AS dates, u.latest, u.later
	FROM
	(
		SELECT 'lead' AS relation, time_bins(created_at, now()) AS bins FROM lead
		UNION ALL SELECT 'stage_event', time_bins(entered_at, now()) FROM stage_event
		UNION ALL SELECT 'touch', time_bins(touched_at, now()) FROM touch
		UNION ALL
		SELECT 'deal', time_bins(at, now())
		-- Of an open deal the closing date is what somebody hopes for.
		FROM (SELECT opened_at AS at FROM deal UNION ALL SELECT CASE WHEN is_won IS NOT NULL THEN closed_at END FROM deal) d
		UNION ALL SELECT 'activity', time_bins(activity_at, now()) FROM activity
		UNION ALL SELECT 'volume', time_bins(timezone((SELECT time_zone FROM rule), day::timestamp), now()) FROM volume WHERE isfinite(day)
	) b
	CROSS JOIN LATERAL unnest(b.bins) u
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW date_count IS
		'Layer below data_span: how many dates each relation has in each 30 days, and the latest of them.';

	CREATE OR REPLACE VIEW data_span WITH (security_invoker = true) AS
	WITH bin AS
	(
		SELECT started, dates AS rows, latest FROM date_count
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
