-- Arguments at and beyond what each function takes: what is said of those beyond, in every room, and what NULL makes.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';

CREATE TEMP TABLE one AS
SELECT (SELECT journeys(path, 1, 2, 1) FROM (VALUES ('{a,b}'::text[]), ('{b,direct}')) v(path)) AS j, (SELECT roc(n, n > 2) FROM generate_series(1, 4) n) AS r,
	(SELECT lead_profile(jsonb_build_object('a', n % 3, 'b', n % 2 = 0), n > 2) FROM generate_series(1, 8) n) AS p, (SELECT lead_profile('{"a": 1}', false)) AS only_lost,
	(SELECT conversion_curve(n * interval '1 day', CASE WHEN n = 2 THEN 'converted' ELSE 'censored' END) FROM generate_series(1, 3) n) AS c, (SELECT conversion_curve('1 day', 'censored')) AS never;

CREATE TEMP TABLE asked (n integer GENERATED ALWAYS AS IDENTITY, call text);
INSERT INTO asked (call) VALUES
	('attribution(j, ''linear'', bootstrap => -1)'), ('attribution(j, ''linear'', bootstrap => 100001)'), ('attribution(j, ''position_based'', weights => ''{1,1}'')'), ('attribution(j, ''w_shaped'', weights => ''{1,1}'')'),
	('attribution(j, ''full_path'', weights => ''{1,1}'')'), ('attribution(j, ''linear'', weights => ''{1}'')'), ('attribution(j, ''position_based'', weights => ''{1,NULL,1}'')'), ('attribution(j, ''position_based'', weights => ''{1,1,2e100}'')'),
	('attribution(j, ''position_based'', weights => ''{1,1,NaN}'')'), ('attribution(j, ''position_based'', weights => ''{0,0,0}'')'), ('transitions(j, 0)'), ('removal_effects(j, 99)'),
	('gains(r, 0)'), ('gains(r, 10001)'), ('lift(r, 0)'), ('lift(r, 1.5)'), ('quantile(c, -0.1)'), ('quantile(c, ''NaN'')'), ('low(c, ''1 day'', 1)'), ('low(c, ''1 day'', 0.9, ''exact'')'), ('points(c, 0.9, ''loglog'')'),
	('scorecard_points(p, 20, 600, 50, digits => -1)'), ('scorecard_points(p, 20, 600, 50, digits => 10)'), ('scorecard_points(p, 0, 600, 50)'), ('scorecard_points(p, ''Infinity'', 600, 50)'), ('scorecard_points(p, 20, ''NaN'', 50)'),
	('profile_points(p, 20, 600, 50, 10, false, NULL, ''{}'', ''{}'')'), ('profile_points(p, 20, 600, 50, 10, false, NULL, ''{i,a}'', ''{1}'')'),
	('profile_points(p, 20, 600, 50, 10, false, NULL, ''{i,NULL}'', ''{1,2}'')'), ('profile_points(p, 20, 600, 50, 10, false, NULL, ''{i,a}'', ''{1,NULL}'')'), ('profile_points(p, 20, 600, 50, 10, false, NULL, ''{i,x}'', ''{1,2}'')'),
	('roll_rates(''{1,2}'', 3)'), ('roll_rates(''{{1,2,3}}'', 3)'), ('roll_rates(''{{1,0,4,NULL}}'', 3)'), ('roll_rates(''{{4,0,4,1}}'', 3)'), ('roll_rates(''{{1.5,0,4,1}}'', 3)'), ('roll_rates(''{{NaN,0,4,1}}'', 3)'), ('roll_rates(''{{1,-1,4,1}}'', 3)'),
	('roll_rates(''{{1,0,0,1}}'', 3)'), ('roll_rates(''{{1,0,1000,1}}'', 3)'), ('roll_rates(''{{1,0,0.5,1}}'', 3)'), ('roll_rates(''{{1,0,4,-1}}'', 3)'), ('roll_rates(''{{1,0,4,1e17}}'', 3)'), ('roll_rates(''{}'', -1)'), ('roll_rates(''{}'', 121)'),
	('pipeline_chances(''{{1,0,4,1}}'', 3, ''{0}'')'), ('pipeline_chances(''{{1,0,4,1}}'', 3, ''{61}'')'), ('pipeline_chances(''{{1,0,4,1}}'', 3, ''{NULL}'')'), ('pipeline_chances(''{{1,0,4,1}}'', 3, array_fill(1, ''{61}''))'),
	('mixed_forecast(''{1,2}'', ''{1}'', ''{1,2}'', 1)'), ('mixed_forecast(''{1,2}'', ''{1,2}'', ''{1}'', 1)'), ('mixed_forecast(''{{1,2}}'', ''{1,2}'', ''{1,2}'', 1)'), ('mixed_forecast(''{1,-2}'', ''{1,2}'', ''{1,2}'', 1)'),
	('mixed_forecast(''{1,2}'', ''{1,NaN}'', ''{1,2}'', 1)'), ('mixed_forecast(''{1,2}'', ''{1,2}'', ''{1,1e15}'', 1)'), ('mixed_forecast(''{1,2}'', ''{1,2}'', ''{1,2}'', 0)'), ('mixed_forecast(''{1,2}'', ''{1,2}'', ''{1,2}'', 61)'),
	('mixed_forecast(array_fill(1::float8, ''{121}''), array_fill(1::float8, ''{121}''), array_fill(1::float8, ''{121}''), 1)'), ('mixed_forecast(''{1,2}'', ''{1,2}'', ''{1,2}'', 1, 1)'),
	('sales_forecast(''{{1,4,-1,1}}'', ''{{1,1,NaN,1}}'', ''{}'', 3, ''{1}'')'), ('sales_forecast(''{{1,4,-1,1}}'', ''{{1,1,Infinity,1}}'', ''{}'', 3, ''{1}'')'), ('sales_forecast(''{{1,4,-1,1}}'', ''{{1,-1,5,1}}'', ''{}'', 3, ''{1}'')'),
	('target_flows(''{}'', 0, 30)'), ('target_flows(''{}'', 7, 30)'), ('target_flows(''{}'', 3, 0)'), ('target_flows(''{}'', 3, ''NaN'')'), ('target_flows(''{}'', 3, 100001)'), ('target_flows(''{1,2}'', 3, 30)');
SELECT call, said FROM asked, pg_temp.failure(format('SELECT lead_kpi.%s FROM one', call)) AS said ORDER BY n;

-- The frame of pipeline_moves: every part of it is needed, in order.
CREATE TEMP TABLE frame AS SELECT (SELECT pipeline_history('stage', 1, '2026-01-01', NULL, NULL, NULL, NULL)) AS h, timestamptz '2026-06-01' AS until,
	forecast_ends('day', '2026-06-01', 'UTC') AS days, forecast_ends('month', '2026-06-01', 'UTC') AS months;
SELECT arguments, said FROM unnest(ARRAY['h, NULL, until, days, months', 'h, 3, NULL, days, months', 'h, 3, until, NULL, months', 'h, 3, until, days, NULL', 'h, 3, until, days[:5], months', 'h, 3, until, days, ARRAY[months]',
	'h, 3, until, array_append(days[2:], NULL), months', 'h, 3, until, days, array_prepend(months[2], array_prepend(months[1], months[3:]))', 'h, 3, until, days, ''{}''']) arguments,
	pg_temp.failure(format('SELECT lead_kpi.pipeline_moves(%s) FROM frame', arguments)) said;

CREATE FUNCTION pg_temp.rows(call text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM one, LATERAL lead_kpi.%s x', call) INTO result;
	RETURN result;
END
$$;
-- NULL makes NULL, or no row; of flags and options, what they are by default. The first call has rows.
SELECT call, rows FROM unnest(ARRAY['gains(r)', 'attribution(NULL, ''linear'')', 'transitions(NULL)', 'removal_effects(NULL)', 'weight_of_evidence(NULL)', 'information_value(NULL)', 'drift(NULL, p)', 'drift(p, NULL)', 'drift_bins(NULL, p)', 'drift_bins(p, NULL)',
	'explain(NULL::lead_kpi.lead_profile, ''{}'')', 'explain(NULL::lead_kpi.scorecard, ''{}'')', 'gains(NULL)', 'scorecard_points(NULL, 20, 600, 50)', 'scorecard_points(p, NULL, 600, 50)',
	'scorecard_points(p, 20, 600, NULL)', 'scorecard_points(only_lost, 20, 600, 50)', 'profile_points(p, 20, 600, 50, 10, false, NULL, NULL, ''{1}'')', 'profile_points(p, 20, 600, 50, 10, false, NULL, ''{i}'', NULL)']) call,
	pg_temp.rows(call) AS rows
WHERE rows > 0;
SELECT probability(NULL::lead_profile, '{}') IS NULL AND probability(p, NULL) IS NOT NULL AND median(never) IS NULL AND quantile(never, 0.5) IS NULL AND fit(NULL::scorecard, '{}') IS NULL AS nulls,
	(SELECT array_agg(x::text) FROM weight_of_evidence(p, monotone => NULL) x) = (SELECT array_agg(x::text) FROM weight_of_evidence(p) x)
		AND (SELECT array_agg(x::text) FROM information_value(p, monotone => NULL) x) = (SELECT array_agg(x::text) FROM information_value(p) x)
		AND (SELECT array_agg(x::text) FROM scorecard_points(p, 20, 600, 50, monotone => NULL) x) = (SELECT array_agg(x::text) FROM scorecard_points(p, 20, 600, 50) x)
		AND (SELECT array_agg(x::text) FROM attribution(j, 'last_non_direct', direct => '{NULL,Direct}') x) = (SELECT array_agg(x::text) FROM attribution(j, 'last_non_direct') x) AS defaults
FROM one;

-- An infinite interval (PostgreSQL 17) is no limit, and below zero it is refused; older servers have none.
SELECT current_setting('server_version_num')::integer >= 170000 AS has_infinity \gset
\if :has_infinity
SELECT funnel(1, stage, at, '{a,b}', 'infinity')::text = funnel(1, stage, at, '{a,b}', NULL)::text AS unlimited
FROM (VALUES ('a', timestamptz '2026-01-01'), ('b', '2036-01-01')) v(stage, at) \gset
SELECT pg_temp.failure($$SELECT lead_kpi.funnel(1, 'a', now(), '{a}', '-infinity')$$) LIKE '22023 | funnel window "-infinity" is negative | %' AS refused \gset
\else
\set unlimited t
\set refused t
\endif
SELECT :'unlimited' AS unlimited, :'refused' AS refused;
