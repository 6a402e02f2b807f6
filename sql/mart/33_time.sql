-- How long leads take to be won, and how many of a cohort are by a given age, told while some are still open.

CREATE FUNCTION mart_time_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	-- A lost lead never wins (Aalen-Johansen): as if censored, it would count as one that may still win.
	FOR item IN
		SELECT *
		FROM
		(VALUES
			('cycle_time', 'month, channel', 'month of creation and channel'),
			('cycle_time_by_month', 'month', 'month of creation'),
			('cycle_time_by_channel', 'channel', 'channel')
		) v(name, grain, label)
	LOOP
		EXECUTE format($view$
			CREATE VIEW %I WITH (security_invoker = true) AS
			WITH cohort AS
			(
				SELECT %s, count(*) AS leads,
					CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
						THEN conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') END AS curve,
					percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM won_at - created_at)::float8 / 86400)
						FILTER (WHERE won_at BETWEEN created_at AND observed_until) AS won_days,
					greatest(max(extract(epoch FROM observed_until - created_at)), 0)::float8 / 86400 AS observed_days
				FROM lead_outcome
				GROUP BY %s
			)
			SELECT %s, c.leads, converted(c.curve) AS won, lost(c.curve) AS lost, censored(c.curve) AS open_leads,
				c.leads - leads(c.curve) AS ignored_leads, c.observed_days, p.conversion,
				(extract(epoch FROM quantile(c.curve, nullif(p.conversion, 0) * 0.5)) / 86400)::float8 AS median_days,
				(extract(epoch FROM quantile(c.curve, nullif(p.conversion, 0) * 0.9)) / 86400)::float8 AS p90_days,
				c.won_days[1] AS median_days_of_won,
				c.won_days[2] AS p90_days_of_won
			FROM cohort c
			CROSS JOIN LATERAL (SELECT max(conversion) AS conversion FROM points(c.curve)) p
		$view$, item.name, item.grain, item.grain, 'c.' || replace(item.grain, ', ', ', c.'));
		EXECUTE format('COMMENT ON VIEW %I IS %L', item.name,
			'How long leads take to be won, per ' || item.label || ', with the leads that are still open taken into account.');
	END LOOP;

	CREATE VIEW cohort_conversion WITH (security_invoker = true) AS
	WITH cohort AS
	(
		SELECT month, count(*) AS leads, min(observed_until - created_at) AS youngest,
			CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
				THEN conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') END AS curve
		FROM lead_outcome
		GROUP BY month
	)
	SELECT c.month, a.age_days, c.leads, w.won_within,
		w.won_within::float8 / c.leads AS observed_conversion,
		converted_within(c.curve, a.age) AS conversion,
		low(c.curve, a.age, r.confidence_level) AS conversion_low,
		high(c.curve, a.age, r.confidence_level) AS conversion_high,
		at_risk(c.curve, a.age) AS at_risk,
		c.youngest >= a.age AS is_mature
	FROM cohort c
	CROSS JOIN rule r
	CROSS JOIN (SELECT days AS age_days, make_interval(days => days) AS age FROM unnest(ARRAY[7, 14, 30, 60, 90, 180, 365]) days) a
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN c.curve IS NOT NULL THEN coalesce(sum(p.converted) FILTER (WHERE p.age <= a.age), 0)::bigint END AS won_within
		FROM points(c.curve) p
	) w;
	COMMENT ON VIEW cohort_conversion IS
		'Which share of each month''s leads is won within 7 to 365 days: as seen so far, and by an estimate that knows which leads have not had the time yet.';
END;
$$;
COMMENT ON FUNCTION mart_time_views(name) IS 'Internal to create_mart: makes the views about time in the mart.';
