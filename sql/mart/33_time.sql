-- How long leads take to be won, and how many of a cohort are by a given age, told while some are still open.

CREATE FUNCTION mart_time_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW cycle_time_by_grain WITH (security_invoker = true) AS
	WITH cell AS MATERIALIZED
	(
		SELECT month, channel, count(*) AS leads,
			-- A lost lead never wins (Aalen-Johansen): as if censored, it would count as one that may still win.
			CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
				THEN conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') END AS curve,
			max(observed_until) - min(created_at) AS observed
		FROM lead_outcome
		GROUP BY month, channel
	)
	SELECT g.grain, c.month, c.channel, c.leads, converted(c.curve) AS won, lost(c.curve) AS lost, censored(c.curve) AS open_leads,
		c.leads - leads(c.curve) AS ignored_leads, c.observed_days, p.conversion,
		(extract(epoch FROM quantile(c.curve, nullif(p.conversion, 0) * 0.5)) / 86400)::float8 AS median_days,
		(extract(epoch FROM quantile(c.curve, nullif(p.conversion, 0) * 0.9)) / 86400)::float8 AS p90_days,
		d.median_days_of_won, d.p90_days_of_won
	-- Whoever asks for one grain pays for that one.
	FROM (VALUES ('month and channel', true, true), ('month', true, false), ('channel', false, true)) g(grain, by_month, by_channel)
	CROSS JOIN LATERAL
	(
		SELECT CASE WHEN g.by_month THEN month END AS month, CASE WHEN g.by_channel THEN channel END AS channel, sum(leads)::bigint AS leads,
			rollup(curve) AS curve, greatest(extract(epoch FROM max(observed)), 0)::float8 / 86400 AS observed_days
		FROM cell
		GROUP BY 1, 2
	) c
	CROSS JOIN LATERAL (SELECT converted_within(c.curve) AS conversion) p
	CROSS JOIN LATERAL
	(
		-- The ages of the wins are those of the curve: of so many the first one up to which half of them, or nine in ten, are.
		SELECT min(extract(epoch FROM age)::float8 / 86400) FILTER (WHERE won >= ceil(0.5::float8 * all_won)) AS median_days_of_won,
			min(extract(epoch FROM age)::float8 / 86400) FILTER (WHERE won >= ceil(0.9::float8 * all_won)) AS p90_days_of_won
		FROM (SELECT age, sum(converted) OVER (ORDER BY age) AS won, sum(converted) OVER () AS all_won FROM points(c.curve) WHERE converted > 0) w
	) d;
	COMMENT ON VIEW cycle_time_by_grain IS
		'Layer below cycle_time: how long leads take to be won, at every grain, so always WHERE grain = month and channel, month, or channel.';

	CREATE OR REPLACE VIEW cycle_time WITH (security_invoker = true) AS
	SELECT month, channel, leads, won, lost, open_leads, ignored_leads, observed_days, conversion, median_days, p90_days,
		median_days_of_won, p90_days_of_won,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM cycle_time_by_grain
	WHERE grain = 'month and channel'
	ORDER BY month, channel;
	COMMENT ON VIEW cycle_time IS
		'How long leads take to be won, per month of creation and channel, with the leads that are still open taken into account.';

	CREATE OR REPLACE VIEW cycle_time_by_month WITH (security_invoker = true) AS
	SELECT month, leads, won, lost, open_leads, ignored_leads, observed_days, conversion, median_days, p90_days,
		median_days_of_won, p90_days_of_won,
		fiscal_quarter(month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM cycle_time_by_grain
	WHERE grain = 'month'
	ORDER BY month;
	COMMENT ON VIEW cycle_time_by_month IS
		'How long leads take to be won, per month of creation, with the leads that are still open taken into account.';

	CREATE OR REPLACE VIEW cycle_time_by_channel WITH (security_invoker = true) AS
	SELECT channel, leads, won, lost, open_leads, ignored_leads, observed_days, conversion, median_days, p90_days,
		median_days_of_won, p90_days_of_won
	FROM cycle_time_by_grain
	WHERE grain = 'channel'
	ORDER BY channel;
	COMMENT ON VIEW cycle_time_by_channel IS
		'How long leads take to be won, per channel, with the leads that are still open taken into account.';

	CREATE OR REPLACE VIEW cohort_conversion WITH (security_invoker = true) AS
	WITH cohort AS
	(
		SELECT month, count(*) AS leads, max(observed_until) - max(created_at) AS youngest,
			CASE WHEN EXISTS (SELECT FROM ladder WHERE role = 'won')
				THEN conversion_curve(created_at, won_at, lost_at, observed_until, interval '0') END AS curve
		FROM lead_outcome
		GROUP BY month
	)
	SELECT c.month, a.age_days, c.leads, w.won_within,
		w.won_within::float8 / c.leads AS observed_conversion,
		converted_within(c.curve, a.age) AS conversion,
		low(c.curve, a.age, (SELECT confidence_level FROM rule)) AS conversion_low,
		high(c.curve, a.age, (SELECT confidence_level FROM rule)) AS conversion_high,
		at_risk(c.curve, a.age) AS at_risk,
		c.youngest >= a.age AS is_mature,
		fiscal_quarter(c.month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(c.month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM cohort c
	CROSS JOIN LATERAL
	(
		-- All ages at once: the points of a curve are many.
		SELECT ARRAY[7, 14, 30, 60, 90, 180, 365] AS ages, sum(p.converted) FILTER (WHERE p.age <= interval '7 days') AS won_7,
			sum(p.converted) FILTER (WHERE p.age <= interval '14 days') AS won_14, sum(p.converted) FILTER (WHERE p.age <= interval '30 days') AS won_30,
			sum(p.converted) FILTER (WHERE p.age <= interval '60 days') AS won_60, sum(p.converted) FILTER (WHERE p.age <= interval '90 days') AS won_90,
			sum(p.converted) FILTER (WHERE p.age <= interval '180 days') AS won_180, sum(p.converted) FILTER (WHERE p.age <= interval '365 days') AS won_365
		FROM points(c.curve) p
	) s
	CROSS JOIN LATERAL
	(
		SELECT u.days AS age_days, make_interval(days => u.days) AS age, u.won FROM
			unnest(s.ages, ARRAY[s.won_7, s.won_14, s.won_30, s.won_60, s.won_90, s.won_180, s.won_365]) AS u(days, won)
	) a
	CROSS JOIN LATERAL (SELECT CASE WHEN c.curve IS NOT NULL THEN coalesce(a.won, 0)::bigint END AS won_within) w
	ORDER BY c.month, a.age_days;
	COMMENT ON VIEW cohort_conversion IS
		'Which share of each month''s leads is won within 7 to 365 days: as seen so far, and by an estimate that knows which leads have not had the time yet.';
END;
$$;
COMMENT ON FUNCTION mart_time_views(name) IS 'Internal to create_mart: makes the views about time in the mart.';
