-- The views in round numbers say what the views that they round say, live and stored.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
SET jit = off;

SELECT create_mart('regress_round');
SELECT generate_example('regress_round', 300);
SET search_path = regress_round, lead_kpi, public;

-- Every row of a view in round numbers against the row that it rounds, column by column, by the names of the columns: x_percent is 100 x with a
-- digit, days have one, other figures two, p-values three. Of cohort_report the original has a row per age.
CREATE FUNCTION pg_temp.misses(rounded name, original text, keys text) RETURNS TABLE (columns bigint, rows bigint, missed bigint, missed_columns text)
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($query$
		WITH original AS (SELECT to_jsonb(o) AS o, %3$s AS key FROM %2$s o),
		rounded AS (SELECT to_jsonb(r) AS r, %3$s AS key FROM %1$I r),
		pair AS (SELECT o.o, r.r FROM rounded r FULL JOIN original o ON o.key = r.key),
		cell AS
		(
			SELECT c.name, p.r ->> c.name AS shown, p.o ->> replace(c.name, '_percent', '') AS exact,
				c.type = 'numeric'::regtype AS is_rounded, c.name ~ '_percent' AS is_percent,
				CASE WHEN c.name ~ '_percent|_days$|^expected_(sales|total)' THEN 1 WHEN c.name ~ 'p_value$' THEN 3 ELSE 2 END AS digits
			FROM pair p
			CROSS JOIN (SELECT attname::text AS name, atttypid AS type FROM pg_attribute WHERE attrelid = %1$L::regclass AND attnum > 0) c
		)
		SELECT count(DISTINCT name), (SELECT count(*) FROM rounded),
			count(*) FILTER (WHERE shown IS DISTINCT FROM CASE WHEN is_rounded THEN round(exact::numeric * CASE WHEN is_percent THEN 100 ELSE 1 END, digits)::text
				ELSE exact END),
			string_agg(DISTINCT name, ' ') FILTER (WHERE shown IS DISTINCT FROM CASE WHEN is_rounded
				THEN round(exact::numeric * CASE WHEN is_percent THEN 100 ELSE 1 END, digits)::text ELSE exact END)
		FROM cell $query$, rounded, original, keys);
END
$$;
CREATE FUNCTION pg_temp.all_misses() RETURNS TABLE (view text, columns bigint, rows bigint, missed bigint, missed_columns text) LANGUAGE sql AS $$
	SELECT v.view, m.*
	FROM
	(VALUES
		('funnel_report', 'funnel', 'stage'),
		('acceptance_report', 'mql_acceptance_by_channel', 'coalesce(channel, '''')'),
		('cpl_to_revenue_report', 'cpl_to_revenue', 'jsonb_build_array(month, channel, campaign)'),
		('change_report', 'period_change', 'period || compared_with'),
		('forecast_report', 'forecast_by_period', 'period || period_start'),
		('owner_report', '(SELECT * FROM owner_performance WHERE grain = ''owner'')', 'coalesce(owner, '''')'),
		('target_report', '(SELECT target_number, measure, channel, owner, starts_on, ends_on, phase, target_value, so_far, expected_total, expected_total_low,
			expected_total_high, probability_to_reach, verdict, coalesce(problem, reason) AS reason FROM target_pacing)', 'target_number'),
		('cohort_report', '(SELECT a.month, a.leads, o.observed_days, a.conversion AS won_30_days, a.conversion_low AS won_30_days_low,
			a.conversion_high AS won_30_days_high, b.conversion AS won_90_days, b.conversion_low AS won_90_days_low, b.conversion_high AS won_90_days_high,
			c.conversion AS won_180_days, c.conversion_low AS won_180_days_low, c.conversion_high AS won_180_days_high,
			d.conversion AS won_365_days, d.conversion_low AS won_365_days_low, d.conversion_high AS won_365_days_high
			FROM cohort_conversion a
			JOIN cohort_conversion b ON b.month = a.month AND b.age_days = 90
			JOIN cohort_conversion c ON c.month = a.month AND c.age_days = 180
			JOIN cohort_conversion d ON d.month = a.month AND d.age_days = 365
			LEFT JOIN (SELECT month, max(age_days) AS observed_days FROM cohort_conversion WHERE is_mature GROUP BY month) o ON o.month = a.month
			WHERE a.age_days = 30)', 'month')
	) v(view, original, keys)
	CROSS JOIN LATERAL pg_temp.misses(v.view, v.original, v.keys) m
	ORDER BY v.view COLLATE "C"
$$;
CREATE TEMP TABLE live AS SELECT * FROM pg_temp.all_misses();
SELECT view, columns, rows > 2 AS has_rows, missed, missed_columns FROM live ORDER BY view COLLATE "C";
-- Every view of this kind is in the list above.
SELECT relname FROM pg_class WHERE relnamespace = 'regress_round'::regnamespace AND relname ~ '_report$'
	AND relname NOT IN (SELECT view FROM live) ORDER BY relname;
-- As a person reads them.
SELECT stage, leads, step_rate_percent, step_rate_percent_low, step_rate_percent_high, total_rate_percent, median_days FROM funnel_report;
SELECT channel, transmitted, accepted, acceptance_rate_percent, threshold_percent, verdict FROM acceptance_report LIMIT 3;
-- Nothing is made up where there is nothing, and nothing is too large to be rounded.
SELECT mart_percent(NULL), mart_percent(0), mart_percent(1), mart_percent(0.0005), mart_percent(-2.5);
SELECT store_mart('regress_round');
SELECT * FROM pg_temp.all_misses() EXCEPT SELECT view, columns, rows, 0, NULL FROM live;
SELECT drop_mart('regress_round');
