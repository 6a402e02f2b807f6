-- What other people's data did to lead_kpi: the inputs of public reports and of real exports, each with its right value and with siblings of its kind.
\set VERBOSITY default
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET intervalstyle = postgres;

--
-- One row is one step of a funnel, not several
--
SELECT s.stage, s.leads, s.median FROM (SELECT funnel(lead, at, NULL, '{first visit,second visit}', true, true) AS f
	FROM (VALUES (1::bigint, timestamptz '2026-01-01'), (2, '2026-01-01'), (2, '2026-01-03')) e(lead, at)) x, steps(f) s;
-- Other keys, other times, a window, the stage form, three steps of one condition, a zone with a change of clocks, and the drop-in with its mode for it.
SELECT leads(funnel(lead::text, at, NULL, '{1,2}', true, true), 2) AS text_key, leads(funnel(md5(lead::text)::uuid, at::timestamp, '5 days', '{1,2}', true, true), 2) AS uuid_key,
	leads(funnel(lead, at, '1 day', '{1,2}', true, true), 2) AS too_late, leads(funnel(lead, 'visit', at, '{visit,second}'), 'second') AS one_stage, leads(funnel(lead, at, NULL, '{1,2,3}', true, true, true), 3) AS third,
	elapsed(funnel(lead, at, NULL, '{1,2}', true, true), 1, 2, 0.5) AS median
FROM (VALUES (1::bigint, timestamptz '2026-01-01'), (2, '2026-01-01'), (2, '2026-01-03')) e(lead, at);
SELECT lead, window_funnel('{strict_once}', '5 days', at, true, true) AS strict_once, window_funnel('5 days', at, true, true) AS as_clickhouse
FROM (VALUES (1::bigint, timestamptz '2026-01-01'), (2, '2026-01-01'), (2, '2026-01-03')) e(lead, at) GROUP BY lead ORDER BY lead;

--
-- A separated level is named, and groups that allow no model have a way out
--
CREATE TABLE region AS SELECT jsonb_build_object('region', r) AS a, y FROM (VALUES ('east', false, 40), ('north', true, 10), ('north', false, 30), ('south', true, 12), ('south', false, 28)) v(r, y, n), generate_series(1, n);
SELECT pg_temp.failure($$SELECT logistic_model(y, a, '{region}') FROM region$$);
SELECT a ->> 'region' AS region, observations(try_logistic_model(y, ARRAY[1.0 + (n % 7)])) FROM (SELECT *, row_number() OVER () AS n FROM region) r GROUP BY 1 ORDER BY 1;
SELECT a ->> 'region' AS region, observations(logistic_model(y, ARRAY[n % 7])) FROM (SELECT *, row_number() OVER () AS n FROM region) r
WHERE a ->> 'region' IN (SELECT a ->> 'region' FROM region GROUP BY 1 HAVING bool_or(y) AND NOT bool_and(y)) GROUP BY 1 ORDER BY 1;
-- The same with converted for not, booleans, and numbers that stand for the level.
SELECT what, pg_temp.failure(format('SELECT logistic_model(%s) FROM region', arguments)) FROM (VALUES
	('all converted', $$NOT y, a, '{region}'$$), ('boolean', $$y, jsonb_build_object('is_east', a ->> 'region' = 'east'), '{is_east}'$$), ('number', $$y, ARRAY[(a ->> 'region' = 'east')::int]$$)) v(what, arguments);
DROP TABLE region;

--
-- Conversions of one day or two, then nothing for two months: the curve has an end
--
SELECT resolution, model, verdict, round(ultimate::numeric, 6) AS ultimate
FROM unnest('{1 day,1 hour}'::interval[]) resolution, unnest('{weibull,exponential}'::text[]) model,
	LATERAL (SELECT conversion_curve(d * interval '1 day', o, resolution) AS c FROM (SELECT g % 2 AS d, 'converted' AS o FROM generate_series(1, 4000) g UNION ALL SELECT 60, 'censored' FROM generate_series(1, 6000)) x) c, cure_model(c, model)
ORDER BY resolution, model;
-- One lag, three lags, all on one day; the same from dates; with leads that were lost.
SELECT what, verdict, round(ultimate::numeric, 4) AS ultimate FROM (
	SELECT 'one lag' AS what, conversion_curve(d * interval '1 day', o) AS c FROM (SELECT 1 AS d, 'converted' AS o FROM generate_series(1, 4000) UNION ALL SELECT 60, 'censored' FROM generate_series(1, 6000)) x
	UNION ALL SELECT 'three lags', conversion_curve(d * interval '1 day', o) FROM (SELECT g % 3 AS d, 'converted' AS o FROM generate_series(1, 4000) g UNION ALL SELECT 60, 'censored' FROM generate_series(1, 6000)) x
	UNION ALL SELECT 'all on one day', conversion_curve(interval '3 days', 'converted') FROM generate_series(1, 4000)
	UNION ALL SELECT 'dates', conversion_curve(date '2026-01-01', CASE WHEN g <= 4000 THEN date '2026-01-01' + g % 2 END, date '2026-03-02') FROM generate_series(1, 10000) g
	UNION ALL SELECT 'lost after a day', conversion_curve(d * interval '1 day', o) FROM (SELECT g % 2 AS d, 'converted' AS o FROM generate_series(1, 4000) g UNION ALL SELECT 1, 'lost' FROM generate_series(1, 3000)
		UNION ALL SELECT 60, 'censored' FROM generate_series(1, 3000)) x) s, cure_model(c) ORDER BY what;

--
-- An overconfident score has a calibration line
--
SELECT round(intercept::numeric, 4) AS intercept, round(slope::numeric, 4) AS slope, round(in_the_large::numeric, 4) AS in_the_large
FROM (SELECT roc(p, i <= w) AS r FROM (VALUES (0.1, 30), (0.9, 40)) g(p, w), generate_series(1, 100) i) x, cox_calibration(r);
-- From parts that were added, from the text form, for a score of three values, and for who is too modest.
SELECT what, round(intercept::numeric, 4) AS intercept, round(slope::numeric, 4) AS slope FROM (
	SELECT 'added' AS what, rollup(r) AS r FROM (SELECT roc(p, i <= w) AS r FROM (VALUES (0.1, 30), (0.9, 40)) g(p, w), generate_series(1, 100) i GROUP BY p) x
	UNION ALL SELECT 'text', roc(p, i <= w)::text::roc FROM (VALUES (0.1::real, 30), (0.9, 40)) g(p, w), generate_series(1, 100) i
	UNION ALL SELECT 'three values', roc(p, i <= w) FROM (VALUES (0.001, 30), (0.5, 35), (0.999, 40)) g(p, w), generate_series(1, 100) i
	UNION ALL SELECT 'too modest', roc(p, i <= w) FROM (VALUES (0.49, 1), (0.51, 99)) g(p, w), generate_series(1, 100) i) x, cox_calibration(r) ORDER BY what;

--
-- One lead more or less does not decide
--
SELECT round(p_value::numeric, 3) AS p_value, low < 0 AND high > 0 AS with_zero FROM compare(rate(1332, 7454), rate(1, 1));
SELECT what, round(p_value::numeric, 3) AS p_value FROM (
	SELECT 'the other way round' AS what, p_value FROM compare(rate(1, 1), rate(1332, 7454))
	UNION ALL SELECT 'as a float', p_value FROM compare(rate(1332::float8, 7454::numeric), rate(1, 1))
	UNION ALL SELECT 'homogeneity', (rate_homogeneity(r)).p_value FROM unnest('{1332/7454,1/1}'::rate[]) r
	UNION ALL SELECT 'one segment', (mix_change(rate(1332, 7454), rate(1, 1))).p_value
	UNION ALL SELECT 'curves', (compare(a, b)).p_value FROM (SELECT conversion_curve(interval '3 days', CASE WHEN g <= 1332 THEN 'converted' ELSE 'censored' END) AS a FROM generate_series(1, 7454) g) a,
		(SELECT conversion_curve(interval '3 days', 'converted') AS b) b
	UNION ALL SELECT 'unit cost', p_value FROM compare_cost(7454, 1332, 1, 1)) s ORDER BY what;

--
-- Numbers as texts are numbers
--
CREATE TABLE import AS SELECT g, g % 7 < 2 + g % 20 / 10 AS won FROM generate_series(1, 3000) g;
SELECT what, array_agg(term ORDER BY term COLLATE "C") AS terms FROM (
	SELECT 'whole' AS what, logistic_model(won, jsonb_build_object('visits', (g % 20)::text), '{visits}') AS m FROM import
	UNION ALL SELECT 'decimals', logistic_model(won, jsonb_build_object('visits', (g % 20 / 8.0)::numeric(6,3)::text), '{visits}') FROM import
	UNION ALL SELECT 'thousands', logistic_model(won, jsonb_build_object('visits', g::text), '{visits}') FROM import
	UNION ALL SELECT 'negative', logistic_model(won, jsonb_build_object('visits', (g % 20 - 10)::text), '{visits}') FROM import
	UNION ALL SELECT 'with unknown', logistic_model(won, jsonb_build_object('visits', nullif(g % 20, 3)::text), '{visits}') FROM import
	UNION ALL SELECT 'codes', logistic_model(won, jsonb_build_object('visits', 'c' || g % 3), '{visits}') FROM import) x, coefficients(m) GROUP BY what ORDER BY what;
-- Where one is no number, it is named, and so is what helps: among many, after many, and beside numbers.
SELECT pg_temp.failure(format('SELECT logistic_model(won, jsonb_build_object(''visits'', %s), ''{visits}'') FROM import', value)) FROM unnest(ARRAY[
	$$CASE g WHEN 7 THEN 'n/a' ELSE g::text END$$, $$CASE g WHEN 2000 THEN 'n/a' ELSE g::text END$$, $$CASE g WHEN 7 THEN to_jsonb('n/a'::text) ELSE to_jsonb(g) END$$, $$CASE g WHEN 7 THEN to_jsonb('it''s ' || repeat('é', 90)) ELSE to_jsonb(g) END$$,
	$$'c' || g$$]) WITH ORDINALITY v(value, n) ORDER BY n;
SELECT array_agg(term ORDER BY term COLLATE "C") AS mended FROM (SELECT logistic_model(won, jsonb_build_object('visits', nullif(a ->> 'visits', 'n/a')::numeric), '{visits}') AS m
	FROM (SELECT won, jsonb_build_object('visits', CASE g % 9 WHEN 7 THEN 'n/a' ELSE g::text END) AS a FROM import) x) y, coefficients(m);
DROP TABLE import;

--
-- Evidence of order within one time is passed on, not beyond it
--
SELECT n, rows, window_funnel('{strict_increase,strict_order}', 100, at, step = 'A', step = 'B', step = 'C', step = 'D') AS level,
	window_funnel('{strict_order,strict_increase}', '100 days', timestamptz '2026-01-01' + at * interval '1 day', step = 'A', step = 'B', step = 'C', step = 'D') AS timestamptz,
	window_funnel('{strict_order,strict_increase}', '100 days', date '2026-01-01' + at::int, step = 'A', step = 'B', step = 'C', step = 'D') AS date
FROM (VALUES (1, '1:A 2:B 2:C 2:D 3:B 3:C 3:D 4:B 4:C 4:D'), (2, '1:A 1:B 1:C 2:D 3:B 4:C 5:D'), (3, '4:D 4:C 4:B 3:D 3:C 3:B 2:D 2:C 2:B 1:A')) v(n, rows), string_to_table(rows, ' ') r,
	LATERAL (SELECT split_part(r, ':', 1)::bigint AS at, split_part(r, ':', 2) AS step) s GROUP BY n, rows ORDER BY n;

--
-- Unit costs of sums
--
SELECT cpl(sum(spend), sum(leads)), cpl(99.5::float8, 3) AS of_float8, rate(sum(won), sum(leads)), (compare_scenarios(scenario(sum(leads), rate(sum(won), sum(leads)), 100), scenario(sum(leads), 0.5, 100::float8))).difference
FROM (VALUES (1000.0, 30::bigint, 12::bigint), (500, 20, 8)) v(spend, leads, won) LIMIT 2;

--
-- Days are days: no session's zone decides how many lie between two dates, or two times of the clock
--
CREATE TABLE sale AS SELECT n AS lead, date '2026-01-01' + n AS created_on, date '2026-01-01' + n + 57 AS won_on FROM generate_series(0, 300) n;
CREATE TABLE told (zone text, what text, answer text);
SET timezone = 'UTC';
\set ask 'INSERT INTO told SELECT current_setting(''timezone''), what, answer FROM sale_in_zone(); '
CREATE FUNCTION sale_in_zone() RETURNS TABLE (what text, answer text) LANGUAGE sql AS $$
	SELECT 'median and longest of dates', format('%s, %s', elapsed(f, 'lead', 'won', 0.5), elapsed(f, 'lead', 'won', 1)) FROM (SELECT funnel(lead, stage, at, '{lead,won}', '57 days') AS f FROM sale, LATERAL (VALUES ('lead', created_on), ('won', won_on)) e(stage, at)) x
	UNION ALL SELECT 'of times of the clock', format('%s, %s', elapsed(f, 'lead', 'won', 0.5), elapsed(f, 'lead', 'won', 1)) FROM (SELECT funnel(lead::text, stage, at::timestamp, '{lead,won}', '57 days') AS f FROM sale, LATERAL (VALUES ('lead', created_on), ('won', won_on)) e(stage, at)) x
	UNION ALL SELECT 'conditions', format('%s, %s', elapsed(f, 'lead', 'won', 0.5), elapsed(f, 'lead', 'won', 1)) FROM (SELECT funnel(lead, at, '57 days', '{lead,won}', stage = 1, stage = 2) AS f FROM sale, LATERAL (VALUES (1, created_on), (2, won_on)) e(stage, at)) x
	UNION ALL SELECT 'stages that are numbers', format('%s, %s', elapsed(f, 1, 2, 0.5), leads(f, 2)) FROM (SELECT funnel(lead, stage, at, '{1,2}', '57 days', 'reached') AS f FROM sale, LATERAL (VALUES (1, created_on), (2, won_on)) e(stage, at)) x
	UNION ALL SELECT 'curve of dates', median(conversion_curve(created_on, won_on, date '2027-01-01'))::text FROM sale
	UNION ALL SELECT 'curve with losses', quantile(c, 0.7) || ', at risk ' || at_risk(c, '57 days') FROM (SELECT conversion_curve(created_on, CASE WHEN lead % 4 > 0 THEN won_on END, CASE WHEN lead % 4 = 0 THEN won_on - 1 END, date '2027-01-01', '1 day') AS c FROM sale) x
	UNION ALL SELECT 'curve of times of the clock', median(conversion_curve(created_on::timestamp, won_on::timestamp, timestamp '2027-01-01', '1 day'))::text FROM sale
	UNION ALL SELECT 'journeys of dates', (SELECT string_agg(format('%s: %s', path, conversions), ', ') FROM paths(j)) FROM (SELECT journeys(lead, 'ads', created_on, won_on, 1, '57 days') AS j FROM sale) x
	UNION ALL SELECT 'journeys of times of the clock', (SELECT string_agg(format('%s: %s', path, conversions), ', ') FROM paths(j)) FROM (SELECT journeys(lead::text, 'ads', created_on::timestamp, won_on::timestamp, 1, '57 days', '7 days') AS j FROM sale) x
	UNION ALL SELECT 'window_funnel', (SELECT string_agg(DISTINCT level::text, ', ') FROM (SELECT window_funnel('57 days', at, stage = 1, stage = 2) AS level FROM sale, LATERAL (VALUES (1, created_on), (2, won_on)) e(stage, at) GROUP BY lead) x)
$$;
:ask
SET timezone = 'Europe/Paris';
:ask
SET timezone = 'America/Santiago';
:ask
SET timezone = 'UTC';
SELECT what, min(answer) AS answer, count(DISTINCT zone) AS zones, count(DISTINCT answer) AS answers FROM told GROUP BY what ORDER BY what COLLATE "C";
-- Days without end are no days, and those beyond the calendar of timestamps are refused. Days and instants together are instants.
SELECT i.reason, i.rows FROM (SELECT funnel(1, 'a', at, '{a}') AS f FROM unnest('{infinity,-infinity,2026-01-01,294276-12-31,4714-11-24 BC,NULL}'::date[]) at) x, ignored(f) i WHERE i.rows > 0;
SELECT i.reason, i.rows FROM (SELECT conversion_curve(at, '2026-02-01', date '2027-01-01') AS c FROM unnest('{infinity,-infinity,2026-01-01,NULL}'::date[]) at) x, ignored(c) i WHERE i.rows > 0;
SELECT pg_temp.failure('SELECT funnel(1, ''a'', date ''5874897-12-31'', ''{a}'')'), leads(conversion_curve(timestamptz '2026-01-01', date '2026-01-02', now())) AS mixed, leads(conversion_curve('2026-01-01', NULL, '2026-02-01', '1 day')) AS literals;
DROP TABLE sale, told;
DROP FUNCTION sale_in_zone;

--
-- What the pages say of an empty bin, and of two sales that look like one
--
SELECT label, converted, not_converted, round(share_converted::numeric, 4) AS share_converted, round(10 / 40.9, 4) AS with_the_0_9, round(share_not_converted::numeric, 4) AS share_not_converted, round(sum(share_converted) OVER ()::numeric, 9) AS sum
FROM weight_of_evidence((SELECT lead_profile(jsonb_build_object('size', s), y) FROM (VALUES ('large', true, 10), ('large', false, 20), ('none', false, 5), ('small', true, 30), ('small', false, 20)) v(s, y, n), generate_series(1, n)), 'size');
SELECT round(sum(share_before)::numeric, 9) AS before, round(sum(share_now)::numeric, 9) AS now, count(*) FILTER (WHERE share_now <> leads_now / 2.0) AS not_count_over_total
FROM drift_bins((SELECT lead_profile(jsonb_build_object('size', s), true) FROM unnest('{a,b,c}'::text[]) s), (SELECT lead_profile(jsonb_build_object('size', s), true) FROM unnest('{a,b}'::text[]) s));
SELECT what, (SELECT string_agg(format('%s: %s sold, worth %s', path, conversions, value), '; ') FROM paths(j)) AS path FROM (
	SELECT 'joined, alike' AS what, journeys(1, channel, at, sold_at, value) AS j FROM (VALUES ('ads', timestamptz '2026-01-01'), ('web', '2026-01-02')) t(channel, at), (VALUES (timestamptz '2026-01-05', 50), ('2026-01-05', 50)) s(sold_at, value)
	UNION ALL SELECT 'joined, of two values', journeys(1, channel, at, sold_at, value) FROM (VALUES ('ads', timestamptz '2026-01-01'), ('web', '2026-01-02')) t(channel, at), (VALUES (timestamptz '2026-01-05', 50), ('2026-01-05', 51)) s(sold_at, value)
	UNION ALL SELECT 'united, alike', journeys(1, channel, at, sold_at, value) FROM (VALUES ('ads', timestamptz '2026-01-01', NULL::timestamptz, NULL::int), ('web', '2026-01-02', NULL, NULL), (NULL, NULL, '2026-01-05', 50), (NULL, NULL, '2026-01-05', 50)) r(channel, at, sold_at, value)) x ORDER BY what;
