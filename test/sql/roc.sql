-- roc: text and binary form, aggregates, how well a score ranks, and how far it is from what happened.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- Within that many units of the last digit that was published.
CREATE FUNCTION pg_temp.near(got float8, expected numeric, unit numeric) RETURNS boolean LANGUAGE sql AS $$
	SELECT abs(got::numeric - expected) <= unit $$;

--
-- Reference values
--
CREATE TEMP TABLE lead (score float8, converted int);
\set file :abs_srcdir '/oracles/scoring_metrics_data.csv'
COPY lead FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE expected (dataset text, n int, positives int, auc numeric, auc_se numeric, gini numeric, ks numeric,
	brier numeric, log_loss numeric, average_precision numeric);
\set file :abs_srcdir '/oracles/scoring_metrics_expected.csv'
COPY expected FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE built AS SELECT roc(score, converted = 1) AS r FROM lead;

SELECT n = converted(r) + not_converted(r) AS n, positives = converted(r) AS positives,
	pg_temp.near(auc(r), auc, 1e-13) AS auc, pg_temp.near(auc_std_error(r), auc_se, 1e-14) AS auc_se,
	pg_temp.near(gini(r), gini, 1e-13) AS gini, pg_temp.near(ks(r), ks, 1e-13) AS ks,
	pg_temp.near(brier(r), brier, 1e-13) AS brier, pg_temp.near(log_loss(r), log_loss, 1e-13) AS log_loss,
	pg_temp.near(average_precision(r), average_precision, 1e-13) AS average_precision
FROM built, expected WHERE dataset = 'scoring_metrics_data';

CREATE TEMP TABLE component (component text, value numeric);
\set file :abs_srcdir '/oracles/scoring_brier_decomposition_expected.csv'
COPY component FROM :'file' (FORMAT csv, HEADER);
SELECT component, pg_temp.near(CASE component WHEN 'rel' THEN reliability WHEN 'res' THEN resolution ELSE uncertainty END, value, 1e-14) AS same
FROM built, brier_decomposition(r), component ORDER BY component;

TRUNCATE component;
\set file :abs_srcdir '/oracles/scoring_calibration_expected.csv'
\set content `cat :'file'`
INSERT INTO component SELECT split_part(line, ',', 1), split_part(line, ',', 2)::numeric FROM string_to_table(:'content', E'\n') WITH ORDINALITY t(line, n) WHERE n > 2 AND line <> '';
SELECT component, pg_temp.near(CASE component WHEN 'slope_model_intercept' THEN intercept WHEN 'calibration_slope' THEN slope ELSE in_the_large END, value, 1e-10) AS same
FROM built, cox_calibration(r), component ORDER BY component;

CREATE TEMP TABLE gain (score float8, n int, pos int, cum_n int, cum_pos int, capture numeric, lift numeric);
\set file :abs_srcdir '/oracles/scoring_gains_by_score_expected.csv'
COPY gain FROM :'file' (FORMAT csv, HEADER);
SELECT count(*) AS scores, bool_and(score_from = score AND score_to = score AND leads = n AND converted = pos AND cumulative_leads = cum_n
	AND cumulative_converted = cum_pos AND pg_temp.near(g.capture, e.capture, 1e-14) AND pg_temp.near(g.lift, e.lift, 1e-11)
	AND conversion = rate(pos, n)) AS same
FROM built, gains(r) g FULL JOIN gain e ON score_from = score;

CREATE TEMP TABLE isotonic_value (score float8, n int, pos int, isotonic numeric);
\set file :abs_srcdir '/oracles/scoring_isotonic_expected.csv'
COPY isotonic_value FROM :'file' (FORMAT csv, HEADER);
SELECT count(*) AS scores, bool_and(pg_temp.near(probability, isotonic, 1e-13)) AS same
FROM built, isotonic_value LEFT JOIN isotonic((SELECT r FROM built)) ON score BETWEEN score_from AND score_to;
SELECT sum(leads) AS leads, sum(i.converted) AS converted, bool_and(probability > before) AS rises
FROM (SELECT i.*, coalesce(lag(probability) OVER (ORDER BY score_from), -1) AS before FROM built, isotonic(r) i) i;

--
-- Against plain SQL, with many ties and with none
--
CREATE TEMP TABLE random_lead AS
SELECT g, i, CASE WHEN g <= 10 THEN ((h >> 8) & 7)::float8 ELSE (h >> 8)::float8 / 1e18 END AS score,
	((h >> 20) & 31) < 8 + ((h >> 8) & 7) AS converted, (h >> 30) & 3 AS part
FROM generate_series(1, 20) g, generate_series(1, 60) i, LATERAL (SELECT hashint4extended(g * 100 + i, 11) AS h) s
WHERE i <= 3 * g;
CREATE TEMP TABLE pair AS
SELECT a.g, a.i AS won, b.i AS lost, (a.score > b.score)::int + 0.5 * (a.score = b.score)::int AS beats
FROM random_lead a JOIN random_lead b USING (g) WHERE a.converted AND NOT b.converted;
SELECT count(*) AS groups, bool_and(abs(auc(r) - p.auc) < 1e-14) AS auc, bool_and(abs(gini(r) - (2 * p.auc - 1)) < 1e-14) AS gini,
	bool_and(abs(auc_std_error(r) - s.se) < 1e-14) AS std_error, bool_and(abs(ks(r) - k.ks) < 1e-14) AS ks
FROM (SELECT g, roc(score, converted) AS r FROM random_lead GROUP BY g) x
JOIN (SELECT g, avg(beats)::float8 AS auc FROM pair GROUP BY g) p USING (g)
JOIN (SELECT g, sqrt(v1 + v0) AS se
	FROM (SELECT g, var_samp(v)::float8 / count(*) AS v1 FROM (SELECT g, won, avg(beats) AS v FROM pair GROUP BY 1, 2) a GROUP BY g) a
	JOIN (SELECT g, var_samp(v)::float8 / count(*) AS v0 FROM (SELECT g, lost, avg(beats) AS v FROM pair GROUP BY 1, 2) b GROUP BY g) b USING (g)) s USING (g)
JOIN (SELECT g, max(abs(avg_won - avg_lost)) AS ks
	FROM (SELECT a.g, a.i, avg((b.score <= a.score)::int) FILTER (WHERE b.converted)::float8 AS avg_won,
			avg((b.score <= a.score)::int) FILTER (WHERE NOT b.converted)::float8 AS avg_lost
		FROM random_lead a JOIN random_lead b USING (g) GROUP BY a.g, a.i) c GROUP BY g) k USING (g);

-- points() is a curve whose area is auc(), and each point is what a count says.
SELECT bool_and(abs(area - auc(r)) < 1e-14) AS area, bool_and(right_counts) AS counts, bool_and(starts AND ends) AS ends
FROM (SELECT g, roc(score, converted) AS r FROM random_lead GROUP BY g) x, LATERAL (
	SELECT sum((true_positive_rate + before_true) / 2 * (false_positive_rate - before_false)) AS area,
		bool_and((p.converted, p.not_converted) = (SELECT count(*) FILTER (WHERE l.converted), count(*) FILTER (WHERE NOT l.converted)
			FROM random_lead l WHERE l.g = x.g AND l.score >= p.threshold)
			AND precision_rate = p.converted / nullif(p.converted + p.not_converted, 0)::float8 OR threshold IS NULL) AS right_counts,
		bool_or(threshold IS NULL AND true_positive_rate = 0 AND false_positive_rate = 0 AND precision_rate IS NULL) AS starts,
		bool_or(true_positive_rate = 1 AND false_positive_rate = 1) AS ends
	FROM (SELECT *, lag(true_positive_rate) OVER w AS before_true, lag(false_positive_rate) OVER w AS before_false
		FROM points(r) WINDOW w AS (ORDER BY threshold DESC NULLS FIRST)) p) c;

-- Gains in groups: they end where scores end, keep every lead, and hold at least their share.
SELECT bins, count(*) AS groups, bool_and(leads = x.n AND converted = x.c) AS all_there, bool_and(cut) AS cut, bool_and(few) AS few
FROM unnest('{1,2,3,10,1000}'::int[]) bins,
	(SELECT g, roc(score, converted) AS r, count(*) AS n, count(*) FILTER (WHERE converted) AS c FROM random_lead GROUP BY g) x, LATERAL (
	SELECT sum(leads) AS leads, sum(converted) AS converted, count(*) <= bins AND max(bin) = count(*) AS few,
		bool_and(score_to < before AND cumulative_leads >= ceil(bin * x.n / bins::numeric)) AS cut
	FROM (SELECT *, lag(score_from, 1, 'infinity') OVER (ORDER BY bin) AS before FROM gains(r, bins)) t) t
GROUP BY bins ORDER BY bins;
SELECT bin, score_from, score_to, leads, converted, conversion, cumulative_leads, cumulative_converted, round(capture::numeric, 4) AS capture, round(lift::numeric, 4) AS lift
FROM built, gains(r, 5);
SELECT round(lift(r, f)::numeric, 6) AS lift FROM built, unnest('{0.001,0.1,0.25,0.5,1}'::float8[]) f;
-- Half of two leads that share the best score: half a conversion among one lead of four, and one conversion in all.
SELECT lift(roc(s, c), 0.25), lift(roc(s, c), 0.5), lift(roc(s, c), 0.75) FROM (VALUES (2, true), (2, false), (1, false), (0, false)) v(s, c);

--
-- Calibration
--
SELECT bin, score_from, score_to, leads, converted, round(mean_score::numeric, 6) AS mean_score, conversion FROM built, calibration(r);
-- Borders: 0.29 * 100 is below 29 in floats; 0.29 still begins its bin, and 1 ends the last.
SELECT string_agg(bin || ': ' || score_from || ' to ' || score_to, ', ' ORDER BY bin)
FROM calibration((SELECT roc(s, true) FROM unnest('{0,0.01,0.28,0.29,0.57,0.58,0.99,1}'::float8[]) s), 100) WHERE leads > 0;
-- A score that is right is calibrated, one whose log odds are doubled has half the slope.
SELECT round(intercept::numeric, 9) AS intercept, round(slope::numeric, 9) AS slope, round(in_the_large::numeric, 9) AS in_the_large
FROM (SELECT roc(s / 10.0, i <= s) AS r FROM generate_series(1, 9) s, generate_series(1, 10) i) x, cox_calibration(r)
UNION ALL
SELECT round(intercept::numeric, 9), round(slope::numeric, 9), round(in_the_large::numeric, 9)
FROM (SELECT roc(s * s / (s * s + (10.0 - s) * (10 - s)), i <= s) AS r FROM generate_series(1, 9) s, generate_series(1, 10) i) x, cox_calibration(r);
-- Scores that are far too sure, certain, the wrong way round, or hardly differ: the same as logistic_model on their log odds.
WITH lead AS (
	SELECT what, p::float8, i <= w AS converted FROM (VALUES ('overconfident', 0.1, 30), ('overconfident', 0.9, 40), ('certain', 0, 30), ('certain', 1, 40), ('reversed', 0.001, 99), ('reversed', 0.999, 1),
		('nearly one score', 0.5, 30), ('nearly one score', 0.5001, 40), ('rare', 0.9, 1), ('rare', 0.99, 2), ('rare', 0.999, 0)) v(what, p, w), generate_series(1, 100) i
), clipped AS (SELECT *, least(greatest(p, 1e-6), 1 - 1e-6) AS c FROM lead
), fitted AS (SELECT what, roc(p, converted) AS r, logistic_model(converted, ARRAY[ln(c / (1 - c))]) AS m FROM clipped GROUP BY what)
SELECT what, round((x.intercept + 1e-9)::numeric, 4) AS intercept, round(x.slope::numeric, 4) AS slope,
	bool_and(abs(CASE c.term WHEN '(Intercept)' THEN x.intercept ELSE x.slope END - c.coefficient) < 1e-6 * (1 + abs(c.coefficient))) AS same
FROM fitted, cox_calibration(r) x, coefficients(m) c GROUP BY what, x.intercept, x.slope ORDER BY what COLLATE "C";
SELECT brier(r) = reliability - resolution + uncertainty AS adds_up, reliability = 0 AS reliable, resolution = uncertainty AS resolved
FROM (SELECT roc(c::int, c) AS r FROM (VALUES (true), (false), (false), (true)) v(c)) x, brier_decomposition(r);

--
-- Two scores of the same leads
--
CREATE TEMP TABLE two AS
SELECT i, ((h >> 8) & 15)::float8 AS a, ((h >> 12) & 7)::float8 AS b, ((h >> 20) & 31) < 6 + ((h >> 8) & 15) AS converted
FROM generate_series(1, 120) i, LATERAL (SELECT hashint4extended(i, 12) AS h) s;
CREATE TEMP TABLE two_pair AS
SELECT w.i AS won, l.i AS lost, (w.a > l.a)::int + 0.5 * (w.a = l.a)::int AS a, (w.b > l.b)::int + 0.5 * (w.b = l.b)::int AS b
FROM two w, two l WHERE w.converted AND NOT l.converted;
CREATE TEMP TABLE two_expected AS
SELECT difference, sqrt(v1 + v0) AS se FROM (SELECT avg(a - b)::float8 AS difference FROM two_pair) d,
	(SELECT var_samp(v)::float8 / count(*) AS v1 FROM (SELECT avg(a - b) AS v FROM two_pair GROUP BY won) x) s,
	(SELECT var_samp(v)::float8 / count(*) AS v0 FROM (SELECT avg(a - b) AS v FROM two_pair GROUP BY lost) x) t;
SELECT leads, converted, ignored, auc_a = x.auc_of_a AS auc_a, auc_b = x.auc_of_b AS auc_b, abs(t.difference - e.difference) < 1e-14 AS difference,
	abs(std_error - e.se) < 1e-14 AS std_error, abs(z - e.difference / e.se) < 1e-11 AS z,
	abs(high - low - 2 * 1.959963984540054 * e.se) < 1e-13 AS width, round(p_value::numeric, 6) AS p_value
FROM (SELECT (roc_compare(a, b, converted)).*, auc(roc(a, converted)) AS auc_of_a, auc(roc(b, converted)) AS auc_of_b FROM two) AS x(leads, converted, ignored, auc_a, auc_b, difference, std_error, low, high, z, p_value, auc_of_a, auc_of_b),
	two_expected e, LATERAL (SELECT x.difference) t;
-- Exchanged: the same with the other sign.  The same score in another unit: no test.
SELECT ab.difference = - ba.difference AS difference, ab.z = - ba.z AS z, ab.p_value = ba.p_value AS p_value, ab.low = - ba.high AS interval
FROM (SELECT (roc_compare(a, b, converted)).* FROM two) ab, (SELECT (roc_compare(b, a, converted)).* FROM two) ba;
SELECT (roc_compare(a, 2 * a - 7, converted)).difference, (roc_compare(a, 2 * a - 7, converted)).p_value FROM two;
SELECT roc_compare(a, b, c) FROM (VALUES (1::float8, 2::float8, true), (NULL, 2, true), (1, NULL, true), (1, 2, NULL), ('NaN', 2, true), (1, 'NaN', false)) v(a, b, c);
SELECT roc_compare(a, b, c) FROM (VALUES (2::float8, 1::float8, true), (1, 2, false)) v(a, b, c);
SELECT roc_compare(score, score, converted) FROM random_lead WHERE false;

--
-- Adding up: parts, in any order, through text and bytes
--
SELECT bool_and(rolled::text = r::text) AS rollup, bool_and(added::text = r::text) AS plus, bool_and(roc_send(rolled) = roc_send(r)) AS bytes,
	bool_and(r::text::roc::text = r::text) AS text, bool_and(roc_send(r::text::roc) = roc_send(r)) AS text_bytes, bool_and((r::jsonb)::text::roc::text = r::text) AS json
FROM (SELECT g, roc(score, converted ORDER BY i) AS r FROM random_lead GROUP BY g) a
JOIN (SELECT g, rollup(r ORDER BY part DESC) AS rolled, (array_agg(r))[1] AS first,
		CASE count(*) WHEN 1 THEN (array_agg(r))[1] WHEN 2 THEN (array_agg(r))[2] + (array_agg(r))[1] WHEN 3 THEN (array_agg(r))[3] + ((array_agg(r))[1] + (array_agg(r))[2])
			ELSE ((array_agg(r))[3] + (array_agg(r))[1]) + ((array_agg(r))[4] + (array_agg(r))[2]) END AS added
	FROM (SELECT g, part, roc(score, converted) AS r FROM random_lead GROUP BY g, part) p GROUP BY g) b USING (g);
SELECT pg_temp.failure($$SELECT roc '{"version": 1, "ignored": {"null_score": 0, "null_converted": 0, "nan_score": 0}, "scores": [1], "converted": [1099511627776], "others": [0]}'
	+ (SELECT roc(1, true))$$);

-- More rows than are kept unsorted, few scores and many; the same as counting.
SELECT converted(r), not_converted(r), (SELECT count(*) FROM gains(r)) AS scores, round(auc(r)::numeric, 6) AS auc, r::text = s::text AS same_in_parts
FROM (SELECT roc((i * 7919 % 1000)::float8, i * 31 % 17 < i * 7919 % 1000 / 100) AS r FROM generate_series(1, 300000::bigint) i) a,
	(SELECT rollup(r) AS s FROM (SELECT roc((i * 7919 % 1000)::float8, i * 31 % 17 < i * 7919 % 1000 / 100) AS r FROM generate_series(1, 300000::bigint) i GROUP BY i % 7) p) b;
SELECT count(*) FILTER (WHERE (g.leads, g.converted) IS DISTINCT FROM (e.leads, e.converted)) AS wrong
FROM gains((SELECT roc((i * 7919 % 1000)::float8, i * 31 % 17 < i * 7919 % 1000 / 100) FROM generate_series(1, 300000::bigint) i)) g
FULL JOIN (SELECT (i * 7919 % 1000)::float8 AS score, count(*) AS leads, count(*) FILTER (WHERE i * 31 % 17 < i * 7919 % 1000 / 100) AS converted
	FROM generate_series(1, 300000::bigint) i GROUP BY 1) e ON g.score_from = e.score;
SELECT sum(leads), count(*), bool_and(leads = 1) AS single, bool_and(score_from < before) AS in_order
FROM (SELECT *, lag(score_from, 1, 'infinity') OVER (ORDER BY bin) AS before
	FROM gains((SELECT roc(sin(i) * 10 ^ (i % 40 - 20), i % 2 = 0) FROM generate_series(1, 100000) i))) g;

-- Rounded to multiples of 1 / bins.
SELECT roc(s, true, 1000) FROM unnest('{0.12345,0.1235,-0.0004,0.0004,1e300,-infinity,1234567890123456}'::float8[]) s;
SELECT roc(0.125, true, NULL), pg_temp.failure('SELECT roc(0.1, true, 0)'), pg_temp.failure('SELECT roc(0.1, true, 1000000001)');

--
-- Nothing there, one kind, one lead, odd scores
--
SELECT roc(1, true) FILTER (WHERE false), rollup(NULL::roc), NULL::roc + roc(1, true) FROM generate_series(1, 2);
SELECT roc(s, c) AS r, (SELECT string_agg(reason || ' ' || rows, ', ') FROM ignored(roc(s, c))) AS ignored
FROM (VALUES (NULL::float8, true), (0.5, NULL), ('NaN', true), ('NaN', NULL), (NULL, NULL)) v(s, c);
CREATE TEMP TABLE odd AS
SELECT name, roc(s, c) AS r FROM (VALUES ('nothing', NULL::float8, true), ('one', 0.5, true), ('converted', 0.2, true), ('converted', 0.7, true),
	('others', 0.2, false), ('others', 0.7, false), ('perfect', 0.2, false), ('perfect', 0.3, false), ('perfect', 0.7, true), ('perfect', 0.8, true),
	('reversed', 0.2, true), ('reversed', 0.7, false), ('tied', 0.5, true), ('tied', 0.5, false), ('tied', 0.5, true), ('tied', 0.5, false)) v(name, s, c) GROUP BY name;
SELECT name, auc(r), auc_std_error(r), low(r), high(r), gini(r), ks(r), average_precision(r), lift(r, 0.5) FROM odd ORDER BY name;
SELECT name, round(brier(r)::numeric, 4) AS brier, round(log_loss(r)::numeric, 4) AS log_loss, (brier_decomposition(r)).uncertainty,
	round(intercept::numeric, 6) AS intercept, round(slope::numeric, 6) AS slope, round(in_the_large::numeric, 6) AS in_the_large
FROM odd, cox_calibration(r) ORDER BY name;
SELECT name, (SELECT count(*) FROM points(r)) AS points, (SELECT count(*) FROM gains(r)) AS gains, (SELECT count(*) FROM isotonic(r)) AS isotonic,
	(SELECT bool_or(capture IS NULL AND lift IS NULL) FROM gains(r, 10)) AS no_capture, (SELECT bool_or(true_positive_rate IS NULL) FROM points(r)) AS no_true,
	(SELECT bool_or(false_positive_rate IS NULL) FROM points(r)) AS no_false
FROM odd ORDER BY name;
-- Infinite scores rank; both zeros are one score.
SELECT roc(s, c), auc(roc(s, c)) FROM (VALUES ('infinity'::float8, true), ('-infinity', false), (0, true), ('-0', false), (1e308, false), (-1e-308, true)) v(s, c);
-- What was ruled out happened.
SELECT log_loss(roc(0, true)), log_loss(roc(1, false)), log_loss(roc(0, false)), log_loss(roc(1, true));
SELECT (gains(NULL)).bin, (points(NULL::roc)).threshold;
-- An interval narrows with its level and holds the area.
SELECT bool_and(low(r, level) < auc(r) AND auc(r) < high(r, level)) AS holds, bool_and(low(r, level) < low(r, 0.5) AND high(r, level) > high(r, 0.5)) AS narrows,
	bool_and(abs((ln(high(r, level) / (1 - high(r, level))) - ln(low(r, level) / (1 - low(r, level))))
		- 2 * auc_std_error(r) / (auc(r) * (1 - auc(r))) * CASE level WHEN 0.8 THEN 1.2815515655446004 WHEN 0.95 THEN 1.959963984540054 ELSE 2.5758293035489004 END) < 1e-12) AS width
FROM built, unnest('{0.8,0.95,0.99}'::float8[]) level;
SELECT bool_and(0 <= low(r, level) AND low(r, level) <= auc(r) AND auc(r) <= high(r, level) AND high(r, level) <= 1) AS holds_at_any_level
FROM built, unnest('{5e-324,1e-300,1e-162,1e-17,1e-12,0.999999999,0.9999999999999999}'::float8[]) level;

--
-- Errors
--
SELECT statement, pg_temp.failure(statement) FROM unnest(ARRAY[
	'SELECT brier(roc(2, true))', 'SELECT log_loss(roc(-0.1, true))', 'SELECT calibration(roc(37, true))', 'SELECT cox_calibration(roc(''infinity'', true))',
	'SELECT brier_decomposition(roc(1.0000001, true))', 'SELECT calibration(roc(0.5, true), 0)', 'SELECT calibration(roc(0.5, true), 10001)',
	'SELECT gains(roc(0.5, true), 0)', 'SELECT gains(roc(0.5, true), -1)', 'SELECT lift(roc(0.5, true), 0)', 'SELECT lift(roc(0.5, true), 1.5)',
	'SELECT lift(roc(0.5, true), ''NaN'')', 'SELECT low(roc(0.5, true), 1)', 'SELECT high(roc(0.5, true), ''NaN'')']) statement;

-- Text that is none.
CREATE TEMP TABLE good AS SELECT jsonb '{"version": 1, "ignored": {"null_score": 0, "null_converted": 1, "nan_score": 2}, "scores": ["-Infinity", -0.5, 0, 0.001, 12], "converted": [1, 0, 2, 0, 1], "others": [0, 1, 2, 3, 0]}' AS json;
SELECT json::text::roc FROM good;
CREATE TEMP TABLE bad AS
SELECT path || ' ' || value AS change, jsonb_set(json, path::text[], value::jsonb)::text AS input FROM good, (VALUES ('{version}', '2'), ('{version}', '"1"'), ('{ignored}', '[]'),
	('{ignored,nan_score}', '-1'), ('{scores}', '{}'), ('{scores,1}', 'null'), ('{scores,1}', '"NaN"'), ('{scores,1}', '"Infinity"'), ('{scores,1}', '1e309'), ('{scores,1}', '0'),
	('{scores,1}', '"-infinity"'), ('{scores,1}', '[1]'), ('{scores}', '[1, 2]'), ('{converted,1}', '-1'), ('{converted,1}', '0.5'), ('{converted,1}', '1e30'),
	('{converted,0}', '1099511627777'), ('{others,3}', '0'), ('{others,3}', '1099511627776'), ('{others,3}', '"3"')) v(path, value)
UNION ALL SELECT 'without ' || key, (json - key)::text FROM good, unnest('{version,ignored,scores,converted,others}'::text[]) key
UNION ALL SELECT 'text ' || input, input FROM unnest('{"",x,[],1,"null","{}","{\"version\": 1"}'::text[]) input;
SELECT change, pg_temp.failure(format('SELECT %L::roc', input)) FROM bad;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT count(*) = 0 AS soft FROM bad WHERE pg_input_is_valid(input, 'roc') \gset
\else
\set soft t
\endif
\if :soft
\else
\echo soft errors expected
\endif
