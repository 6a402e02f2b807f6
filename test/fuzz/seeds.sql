-- What ./run fuzz begins with beside the corpora: a few good inputs of every target. Needs the tables stored_TYPE and event of test/t/Sample.pm.
CREATE FUNCTION fuzz(kind text, target regprocedure, companions regprocedure[], arguments text[], options text[], log text)
RETURNS void LANGUAGE C AS 'lead_kpi_fuzz';

CREATE TABLE fuzz_seed (target text NOT NULL REFERENCES fuzz_target, input bytea NOT NULL);

-- Values of every type, as text and in binary.
CREATE FUNCTION add_values() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	type text;
BEGIN
	FOR type IN SELECT typname FROM pg_type WHERE ('pg_type'::regclass, oid) IN (SELECT classid, objid FROM member) AND typtype = 'b' AND typcategory <> 'A' LOOP
		EXECUTE format($sql$
			INSERT INTO fuzz_seed
			SELECT '%1$s_in', convert_to(value::text, 'UTF8') FROM stored_%1$s WHERE length(value::text) < 4000
			UNION ALL SELECT '%1$s_recv', lead_kpi.%1$s_send(value) FROM stored_%1$s WHERE octet_length(lead_kpi.%1$s_send(value)) < 4000
		$sql$, type);
		PERFORM set_config('lead_kpi.summary_output', 'compact', true);
		EXECUTE format($sql$ INSERT INTO fuzz_seed SELECT '%1$s_in', convert_to(value::text, 'UTF8') FROM stored_%1$s WHERE length(value::text) < 4000 $sql$, type);
		PERFORM set_config('lead_kpi.summary_output', 'json', true);
	END LOOP;
END
$$;
SELECT add_values();

-- States: an aggregate with the same transition, and serialize for its final function.
CREATE AGGREGATE rate_homogeneity_state(lead_kpi.rate) (SFUNC = lead_kpi.rate_homogeneity_accumulate, STYPE = internal, FINALFUNC = lead_kpi.rate_homogeneity_serialize);
CREATE AGGREGATE funnel_state(bigint, text, timestamptz, text[]) (SFUNC = lead_kpi.funnel_accumulate_bigint, STYPE = internal, FINALFUNC = lead_kpi.funnel_serialize);
CREATE AGGREGATE funnel_state(uuid, text, timestamptz, text[], interval) (SFUNC = lead_kpi.funnel_accumulate_uuid, STYPE = internal, FINALFUNC = lead_kpi.funnel_serialize);
CREATE AGGREGATE funnel_state(text, text, timestamptz, text[], interval, text) (SFUNC = lead_kpi.funnel_accumulate_text, STYPE = internal, FINALFUNC = lead_kpi.funnel_serialize);
CREATE AGGREGATE window_funnel_state(text[], bigint, bigint, VARIADIC "any")
	(SFUNC = lead_kpi.window_funnel_accumulate, STYPE = internal, FINALFUNC = lead_kpi.window_funnel_serialize);
CREATE AGGREGATE window_funnel_state(text[], interval, timestamptz, VARIADIC "any")
	(SFUNC = lead_kpi.window_funnel_accumulate, STYPE = internal, FINALFUNC = lead_kpi.window_funnel_serialize);
CREATE AGGREGATE journey_path_state(text[], bigint, float8, bigint) (SFUNC = lead_kpi.journey_path_accumulate, STYPE = internal, FINALFUNC = lead_kpi.journey_path_serialize);
CREATE AGGREGATE journey_state(bigint, text, timestamptz, timestamptz, float8)
	(SFUNC = lead_kpi.journey_accumulate_bigint, STYPE = internal, FINALFUNC = lead_kpi.journey_serialize);
CREATE AGGREGATE journey_state(text, text, timestamptz, timestamptz, float8, interval)
	(SFUNC = lead_kpi.journey_accumulate_text, STYPE = internal, FINALFUNC = lead_kpi.journey_serialize);
CREATE AGGREGATE curve_state(interval, text, interval) (SFUNC = lead_kpi.curve_accumulate_elapsed, STYPE = internal, FINALFUNC = lead_kpi.curve_serialize);
CREATE AGGREGATE engagement_state(lead_kpi.scorecard, text, timestamptz, timestamptz)
	(SFUNC = lead_kpi.engagement_accumulate, STYPE = internal, FINALFUNC = lead_kpi.engagement_serialize);
CREATE AGGREGATE profile_state(jsonb, boolean) (SFUNC = lead_kpi.profile_accumulate, STYPE = internal, FINALFUNC = lead_kpi.profile_serialize);
CREATE AGGREGATE logistic_state(boolean, float8[], float8) (SFUNC = lead_kpi.logistic_accumulate, STYPE = internal, FINALFUNC = lead_kpi.logistic_serialize);
CREATE AGGREGATE logistic_state(boolean, jsonb, text[]) (SFUNC = lead_kpi.logistic_accumulate, STYPE = internal, FINALFUNC = lead_kpi.logistic_serialize);
CREATE AGGREGATE roc_state(float8, boolean) (SFUNC = lead_kpi.roc_accumulate, STYPE = internal, FINALFUNC = lead_kpi.roc_serialize);
CREATE AGGREGATE roc_compare_state(float8, float8, boolean) (SFUNC = lead_kpi.roc_compare_accumulate, STYPE = internal, FINALFUNC = lead_kpi.roc_compare_serialize);
CREATE AGGREGATE mix_change_state(bigint, bigint, bigint, bigint) (SFUNC = lead_kpi.mix_change_accumulate, STYPE = internal, FINALFUNC = lead_kpi.mix_change_serialize);
CREATE AGGREGATE revenue_mix_change_state(numeric, numeric, numeric, numeric, numeric, numeric)
	(SFUNC = lead_kpi.revenue_mix_change_accumulate, STYPE = internal, FINALFUNC = lead_kpi.revenue_mix_change_serialize);
CREATE AGGREGATE moments_state(float8) (SFUNC = lead_kpi.moments_accumulate, STYPE = internal, FINALFUNC = lead_kpi.moments_serialize);
CREATE AGGREGATE marginal_cost_state(numeric, numeric) (SFUNC = lead_kpi.marginal_cost_accumulate, STYPE = internal, FINALFUNC = lead_kpi.marginal_cost_serialize);
CREATE AGGREGATE pipeline_history_state(text, integer, timestamptz, timestamptz, timestamptz, boolean, numeric)
	(SFUNC = lead_kpi.pipeline_history_accumulate, STYPE = internal, FINALFUNC = lead_kpi.pipeline_history_serialize);
CREATE AGGREGATE pipeline_moves_state(bytea, integer, timestamptz, timestamptz[], timestamptz[])
	(SFUNC = lead_kpi.pipeline_moves_accumulate, STYPE = internal, FINALFUNC = lead_kpi.pipeline_moves_serialize);
CREATE AGGREGATE time_bins_state(timestamptz, timestamptz) (SFUNC = lead_kpi.time_bins_accumulate, STYPE = internal, FINALFUNC = lead_kpi.time_bins_serialize);

CREATE TABLE step AS
SELECT lead, (ARRAY['lead', 'stage', 'exit', 'deal', 'opened', 'won'])[1 + h % 6] AS kind, 1 + h / 7 % 4 AS stage_position,
	timestamptz '2024-01-01 00:00+00' + h / 5 % 500 * interval '1 day' AS entered_at, timestamptz '2024-01-01 00:00+00' + h / 3 % 400 * interval '1 day' AS opened_at,
	h % 5 > 0 AS is_won, nullif(h % 11, 3) * 100.5 AS amount
FROM generate_series(1, 20) lead, generate_series(1, 8) n, LATERAL (SELECT hashint4(lead * 100 + n) & 65535 AS h) r;
CREATE TABLE history AS
SELECT lead, lead_kpi.pipeline_history(kind, stage_position, entered_at, opened_at, NULL, is_won, amount) AS history FROM step GROUP BY lead;
CREATE TABLE frame AS
SELECT timestamptz '2025-06-01 00:00+00' AS until, lead_kpi.forecast_ends('day', '2025-06-01 00:00+00', 'UTC') AS days,
	lead_kpi.forecast_ends('month', '2025-06-01 00:00+00', 'UTC') AS months;

INSERT INTO fuzz_seed
SELECT 'rate_homogeneity_deserialize', rate_homogeneity_state(lead_kpi.rate(n % 7, 7 + n % 11)) FROM generate_series(1, 12) n GROUP BY n % 3
UNION ALL SELECT 'funnel_deserialize', funnel_state(lead_id, stage, entered_at, '{lead,mql,sql,won}') FROM event WHERE lead_id < 20 GROUP BY lead_id % 3
UNION ALL SELECT 'funnel_deserialize', funnel_state(lead_uuid, stage, entered_at, '{lead,mql,sql,won}', '9 days') FROM event WHERE lead_id < 9
UNION ALL SELECT 'funnel_deserialize', funnel_state(lead_text, stage, entered_at, '{lead,mql,sql,won}', NULL, 'reached') FROM event WHERE lead_id < 20
UNION ALL SELECT 'funnel_deserialize', funnel_state(repeat('lead', 30) || lead_id, stage, entered_at, '{lead,"né à l''été"}', '3 days', 'any_order') FROM event WHERE lead_id < 5
UNION ALL SELECT 'window_funnel_deserialize', window_funnel_state('{strict_order,strict_once}', 100, n, n % 3 = 0, n % 3 = 1, n % 7 = 2)
	FROM unnest('{0,1,5,2,9223372036854775807,-9223372036854775808,3,3,1700000000000000}'::bigint[]) n
UNION ALL SELECT 'window_funnel_deserialize', window_funnel_state('{}', interval '1 hour', timestamptz '2026-01-01 00:00+00' + n * interval '9 minutes', n % 3 = 0, n % 4 = 1)
	FROM generate_series(1, 9) n
UNION ALL SELECT 'journey_path_deserialize', journey_path_state(path, 1, 2.5, 3) FROM (VALUES ('{a,b}'::text[]), ('{}'), ('{b,a,b}')) v(path)
UNION ALL SELECT 'journey_deserialize', journey_state(n, 'c' || n % 2, timestamptz '2026-01-01 00:00+00' + n * interval '1 day', '2026-01-03 00:00+00', n) FROM generate_series(1, 4) n
UNION ALL SELECT 'journey_deserialize', journey_state('lead ' || n, NULLIF('c' || n, 'c2'), timestamptz '2026-01-01 00:00+00' + n * interval '1 day', NULL, NULL, '1 day') FROM generate_series(1, 4) n
UNION ALL SELECT 'journey_deserialize', journey_state(repeat('lead', 30) || n % 3, 'né', timestamptz '2026-01-01 00:00+00' + n * interval '1 day', '2026-01-09 00:00+00', 1.5, '9 days') FROM generate_series(1, 5) n
UNION ALL SELECT 'curve_deserialize', curve_state(n * interval '7 hours', (ARRAY['converted', 'lost', 'censored'])[1 + n % 3], '1 day') FROM generate_series(1, 20) n
UNION ALL SELECT 'curve_deserialize', curve_state(interval '100000000 days', 'lost', '0')
UNION ALL SELECT 'engagement_deserialize', engagement_state(
	'{"engagement": [{"matches": "^visit", "points": 2, "half_life": 3.5, "window": "9 days", "limit": 3, "cap": 50}, {"event": "call", "points": -1.5}]}',
	CASE WHEN n % 3 = 0 THEN 'call' ELSE 'visit ' || n END, timestamptz '2026-01-01 00:00+00' + n * interval '5 hours', '2026-01-19 00:00+00') FROM generate_series(1, 12) n
UNION ALL SELECT 'engagement_deserialize', engagement_state('{}', 'x', now(), now())
UNION ALL SELECT 'profile_deserialize', profile_state(jsonb_build_object('a', 'v' || n % 3, 'b', n % 2 = 0, 'c', n - 1.5), n % 2 = 0) FROM generate_series(1, 4) n
UNION ALL SELECT 'profile_deserialize', profile_state(jsonb_build_object('a', 'v' || n, 'c', sqrt(n), 'd', jsonb_build_array('x', n)), n % 3 = 0) FROM generate_series(1, 60) n
UNION ALL SELECT 'logistic_deserialize', logistic_state(NULLIF(n, 3) = 1, ARRAY[n, -1.5], 0.5) FROM generate_series(1, 4) n
UNION ALL SELECT 'logistic_deserialize', logistic_state(n % 3 = 1, CASE n WHEN 4 THEN '{}' ELSE jsonb_build_object('a', 'level ' || n % 2, 'b', n) END, '{a,b}') FROM generate_series(1, 9) n
UNION ALL SELECT 'roc_deserialize', roc_state(s, s > 0) FROM unnest('{-infinity,-1.5,0,0,1e-300,7,infinity,NaN,NULL}'::float8[]) s
UNION ALL SELECT 'roc_compare_deserialize', roc_compare_state(n, - n, n > 1) FROM generate_series(1, 5) n
UNION ALL SELECT 'mix_change_deserialize', mix_change_state(n % 7, 7 + n % 11, n % 5, 5 + n % 13) FROM generate_series(1, 9) n
UNION ALL SELECT 'revenue_mix_change_deserialize', revenue_mix_change_state(n % 7, n % 5, n * 1.5, n % 5, n % 3, n * 99.99) FROM generate_series(1, 9) n
UNION ALL SELECT 'moments_deserialize', moments_state(n / 7.0) FROM generate_series(0, 9) n
UNION ALL SELECT 'marginal_cost_deserialize', marginal_cost_state(n * n % 17 * 1.1, 7 + n % 11) FROM generate_series(1, 9) n
UNION ALL SELECT 'pipeline_history_deserialize', pipeline_history_state(kind, stage_position, entered_at, opened_at, NULL, is_won, amount) FROM step WHERE lead < 6 GROUP BY lead
UNION ALL SELECT 'pipeline_moves_deserialize', pipeline_moves_state(history, 4, until, days, months) FROM history, frame WHERE lead < 4
UNION ALL SELECT 'time_bins_deserialize', time_bins_state(timestamptz '1999-10-01 00:00+00' + n * n * interval '5 days', '2000-06-01 00:00+00') FROM generate_series(1, 9) n
UNION ALL SELECT 'time_bins_deserialize', time_bins_state(NULL, now())
UNION ALL SELECT 'open_episodes', history FROM history WHERE lead < 6
UNION ALL SELECT 'pipeline_counts', lead_kpi.pipeline_moves(history, 4, until, days, months) FROM history, frame WHERE lead < 4;

INSERT INTO fuzz_seed
SELECT target, convert_to(CASE WHEN target ~ '^checked' THEN input ELSE replace(input, '/', E'\n') END, 'UTF8') FROM (VALUES
	('ladder_text', 'reached/lead/mql/sql/won'), ('ladder_text', 'any_order/né/lead'), ('ladder_text', 'ordered latest_start/lead/mql/won'), ('ladder_text', 'ordered/lead/\N'),
	('parse_amount', '1.234,56/1.234,56'), ('parse_amount', '1,234.56/$1,234.56'), ('parse_amount', '1 234,56/(12 345)'), ('parse_amount', '1234.56/EUR -1234.5'),
	('parse_day', 'DD.MM.YYYY/31.12.2025'), ('parse_day', 'MM-DD-YY/12-31-25'), ('parse_day', 'DD Month YYYY/3 mars 2025'), ('parse_day', 'Dy, DD Mon YYYY/Wed, 3 Dec 2025'),
	('parse_time', 'DD.MM.YYYY HH24:MI:SS/31.12.2025 23:59:59'), ('parse_time', 'YYYY-MM-DD"T"HH24:MI:SS.MSTZH:TZM/2025-12-31T23:59:59.123+01:00'),
	('parse_time', 'MM-DD-YYYY HH12:MI AM/12-31-2025 11:59 PM'),
	('checked_time_zone', 'Europe/Paris'), ('checked_time_zone', 'UTC'), ('checked_time_zone', 'CET'),
	('normalize_email', ' Jean.Dupont+x@Example.COM '), ('normalize_email', 'mailto:a@b.fr'), ('normalize_email', '"a b"@c.de'),
	('normalize_phone', '+33/06 12 34 56 78'), ('normalize_phone', '+33/+33 (0)1 23 45 67 89 ext. 12'), ('normalize_phone', '+1/(555) 123-4567'),
	('near_names', 'Google Ads/google-ads/Gogle Ads/LinkedIn/linkedin/né/ne'),
	('checked_working_hours', 'Mon-Fri 09:00-12:00, 14:00-18:00; Sat 10:00-12:00'), ('checked_working_hours', 'lundi-vendredi 9h-18h'), ('checked_working_hours', '24/7'),
	('attribute_value', 'a.b/{"a": {"b": 1}}'), ('attribute_value', 'a/{"a": ["x", 1.5, null, true]}'), ('attribute_value', 'a.b/{"a.b": "né"}')) v(target, input)
UNION ALL SELECT 'ladder_bigint', decode('0100000000000000020000000000000003000000000000000400000000000000', 'hex');
