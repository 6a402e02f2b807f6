-- logistic_model: fit, reference values, attributes, scoring, text and binary form, and every way not to have an answer.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

-- How far a number is from the expected one, relative to it where it is above one.
CREATE FUNCTION pg_temp.off(got float8, expected float8) RETURNS float8 LANGUAGE sql AS $$
	SELECT abs(got - expected) / greatest(1, abs(expected)) $$;

--
-- Reference values: R's glm
--
CREATE TEMP TABLE patient (id int, second_attack int, treatment float8, trait_anxiety float8);
\set file :abs_srcdir '/oracles/madlib_patients.csv'
COPY patient FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE expected (term text, coef float8, std_err float8, z float8, p float8, odds_ratio float8, log_likelihood float8,
	null_deviance float8, residual_deviance float8, aic float8);
\set file :abs_srcdir '/oracles/madlib_patients_logregr_expected.csv'
COPY expected FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE fitted AS SELECT logistic_model(second_attack = 1, ARRAY[treatment, trait_anxiety]) AS m FROM patient;
SELECT c.term, pg_temp.off(coefficient, coef) < 1e-9 AS coefficient, pg_temp.off(std_error, std_err) < 1e-6 AS std_error, pg_temp.off(c.z, e.z) < 1e-6 AS z,
	pg_temp.off(p_value, p) < 1e-6 AS p_value, pg_temp.off(c.odds_ratio, e.odds_ratio) < 1e-9 AS odds_ratio,
	pg_temp.off(log_likelihood(m), e.log_likelihood) < 1e-11 AS log_likelihood, pg_temp.off(null_deviance(m), e.null_deviance) < 1e-9 AS null_deviance,
	pg_temp.off(deviance(m), residual_deviance) < 1e-9 AS deviance, pg_temp.off(aic(m), e.aic) < 1e-9 AS aic
FROM fitted, coefficients(m) c FULL JOIN expected e ON c.term = CASE e.term WHEN 'treatment' THEN 'x1' WHEN 'trait_anxiety' THEN 'x2' ELSE e.term END;
CREATE TEMP TABLE prediction (id int, y int, prob float8);
\set file :abs_srcdir '/oracles/madlib_patients_predict_prob_expected.csv'
COPY prediction FROM :'file' (FORMAT csv, HEADER);
SELECT count(*), bool_and(pg_temp.off(probability(m, ARRAY[treatment, trait_anxiety]), prob) < 1e-11) AS same FROM fitted, prediction JOIN patient USING (id);
SELECT auc(r) AS auc, round(auc_std_error(r)::numeric, 12) AS auc_std_error, round(brier(r)::numeric, 12) AS brier, round(average_precision(r)::numeric, 12) AS average_precision
FROM (SELECT roc(probability(m, ARRAY[treatment, trait_anxiety]), second_attack = 1) AS r FROM fitted, patient) x;
SELECT observations(m), converted(m), ridge(m), iterations(m) BETWEEN 4 AND 8 AS iterations, (SELECT string_agg(reason || ' ' || rows, ', ') FROM ignored(m)) AS ignored FROM fitted;

-- The condition number is that of the correlations: for two terms sqrt((1 + r) / (1 - r)).
SELECT pg_temp.off(condition_number(m), (SELECT sqrt((1 + abs(r)) / (1 - abs(r))) FROM (SELECT corr(treatment, trait_anxiety) AS r FROM patient) c)) < 1e-12 AS condition_number FROM fitted;

-- Intervals: Wald's.
SELECT bool_and(pg_temp.off(high - coefficient, 1.959963984540054 * std_error) < 1e-12 AND pg_temp.off(coefficient - low, 1.959963984540054 * std_error) < 1e-12) AS by_default,
	(SELECT bool_and(pg_temp.off(high - low, 2 * 2.5758293035489004 * std_error) < 1e-12) FROM fitted, coefficients(m, 0.99)) AS at_99
FROM fitted, coefficients(m);

--
-- Saturated: one rate per group, so the coefficients are differences of log odds with the usual variances.
--
CREATE TEMP TABLE channel_rate (channel text, won int, lost int);
INSERT INTO channel_rate VALUES ('ads', 12, 88), ('email', 30, 70), ('event', 45, 15), ('organic', 7, 3);
CREATE TEMP TABLE lead AS
SELECT channel, i <= won AS converted FROM channel_rate, LATERAL generate_series(1, won + lost) i;
CREATE TEMP TABLE by_channel AS SELECT logistic_model(converted, jsonb_build_object('channel', channel), '{channel}') AS m FROM lead;
SELECT term, pg_temp.off(coefficient, CASE channel WHEN 'ads' THEN odds ELSE odds - first_value(odds) OVER w END) < 1e-9 AS coefficient,
	pg_temp.off(std_error, sqrt(variance + CASE channel WHEN 'ads' THEN 0 ELSE first_value(variance) OVER w END)) < 1e-9 AS std_error
FROM by_channel, (SELECT channel, ln(won::float8 / lost) AS odds, 1.0::float8 / won + 1.0::float8 / lost AS variance FROM channel_rate) e
	JOIN coefficients((SELECT m FROM by_channel)) c ON c.term = CASE channel WHEN 'ads' THEN '(Intercept)' ELSE 'channel=' || channel END
WINDOW w AS (ORDER BY channel) ORDER BY channel;
SELECT channel, round(probability(m, jsonb_build_object('channel', channel))::numeric, 9) AS probability, round(won::numeric / (won + lost), 9) AS share FROM by_channel, channel_rate ORDER BY channel;

--
-- The score equations: what makes a maximum a maximum, with and without a ridge.
--
CREATE TEMP TABLE sample AS
SELECT i, ARRAY[a, b, a + b + c * c / 4, 1000 + 50 * c, d]::float8[] AS x, (h >> 50) & 255 < 256 / (1 + exp(1 - a / 3.0 + b / 5.0)) AS y
FROM generate_series(1, 600) i, LATERAL (SELECT hashint4extended(i, 5) AS h) s,
	LATERAL (SELECT ((h >> 4) & 15)::float8 AS a, ((h >> 8) & 15)::float8 AS b, ((h >> 12) & 255)::float8 / 64 AS c, ((h >> 20) & 3 = 0)::int::float8 AS d) t;
CREATE TEMP TABLE sample_model AS SELECT ridge, logistic_model(y, x, ridge) AS m FROM sample, unnest('{0,0.5,20,1000}'::float8[]) ridge GROUP BY ridge;
SELECT ridge(m) = s.ridge AS same_ridge, maximum, intercept, std_errors, aic(m) IS NULL AS no_aic
FROM sample_model s, LATERAL (
	SELECT bool_and(abs(score - s.ridge * coefficient * variance) < 1e-6) AS maximum, max(intercept_score) < 1e-8 AS intercept, bool_and(std_error > 0) AS std_errors
	FROM unnest('{1,2,3,4,5}'::int[]) j, LATERAL (
		SELECT sum((y::int - p) * (x[j] - mean)) AS score, abs(sum(y::int - p)) AS intercept_score
		FROM (SELECT y, x, probability(m, x) AS p, avg(x[j]) OVER () AS mean FROM sample) q) q,
		LATERAL (SELECT var_pop(x[j]) AS variance FROM sample) v, LATERAL (SELECT * FROM coefficients(m) WHERE term = 'x' || j) c) t
ORDER BY s.ridge;
-- More ridge, less of everything; the intercept goes to the log odds of all.
SELECT squares < lag(squares) OVER w AS shrinks, errors < lag(errors) OVER w AS tightens, deviance(m) > lag(deviance(m)) OVER w AS fits_less
FROM sample_model, LATERAL (
	SELECT sum(coefficient * coefficient * variance) AS squares, sum(std_error * sqrt(variance)) AS errors
	FROM coefficients(m) c JOIN (SELECT 'x' || j AS term, var_pop(x[j]) AS variance FROM sample, unnest('{1,2,3,4,5}'::int[]) j GROUP BY j) v USING (term)) t
WINDOW w AS (ORDER BY ridge) ORDER BY ridge;

-- R: the same equations solved on scaled terms, standard errors from (H + P)^-1 H (H + P)^-1, kappa() of these terms.
SELECT c.term, pg_temp.off(coefficient, e.c) < 1e-9 AS coefficient, pg_temp.off(std_error, e.se) < 1e-9 AS std_error, pg_temp.off(condition_number(m), 47.7037210199) < 1e-9 AS condition_number
FROM sample_model, coefficients(m) c JOIN (VALUES ('(Intercept)', 1.22873417403058, 1.57874891872017), ('x1', 0.22725623899848, 0.01602499826175), ('x2', -0.16933777316222, 0.01495208590382),
	('x3', 0.02497494949126, 0.00629030263417), ('x4', -0.00179355473791, 0.00143505607144), ('x5', -0.07246229798346, 0.17916943765164)) e(term, c, se) USING (term)
WHERE ridge = 20 ORDER BY c.term COLLATE "C";

-- Another unit is another coefficient and the same model, also far from zero.
SELECT pg_temp.off(1000 * b.coefficient, a.coefficient) < 1e-9 AS coefficient, pg_temp.off(1000 * b.std_error, a.std_error) < 1e-9 AS std_error, pg_temp.off(b.z, a.z) < 1e-9 AS z
FROM coefficients((SELECT logistic_model(y, ARRAY[x[1]]) FROM sample)) a JOIN coefficients((SELECT logistic_model(y, ARRAY[1e6 + 1000 * x[1]]) FROM sample)) b USING (term) WHERE term = 'x1'
UNION ALL
SELECT pg_temp.off(1000 * b.coefficient, a.coefficient) < 1e-9, pg_temp.off(1000 * b.std_error, a.std_error) < 1e-9, pg_temp.off(b.z, a.z) < 1e-9
FROM coefficients((SELECT logistic_model(y, ARRAY[x[1]], 3) FROM sample)) a JOIN coefficients((SELECT logistic_model(y, ARRAY[1e6 + 1000 * x[1]], 3) FROM sample)) b USING (term) WHERE term = 'x1';

-- The order of rows changes nothing, not a bit; equal rows, many of them, are one.
SELECT count(DISTINCT m::text) AS models FROM (
	SELECT logistic_model(y, x ORDER BY i) AS m FROM sample UNION ALL SELECT logistic_model(y, x ORDER BY i DESC) FROM sample
	UNION ALL SELECT logistic_model(y, x ORDER BY md5(i::text)) FROM sample) s;
SELECT observations(b), pg_temp.off(deviance(b), 100 * deviance(a)) < 1e-12 AS deviance,
	(SELECT bool_and(pg_temp.off(p.coefficient, q.coefficient) < 1e-9 AND pg_temp.off(q.std_error, p.std_error / 10) < 1e-9) FROM coefficients(a) p JOIN coefficients(b) q USING (term)) AS coefficients
FROM (SELECT logistic_model(y, x) AS a FROM sample) a, (SELECT logistic_model(y, x) AS b FROM sample, generate_series(1, 100)) b;
SELECT count(DISTINCT m::text) AS models FROM (
	SELECT logistic_model(y, x ORDER BY i, n) AS m FROM sample, generate_series(1, 40) n UNION ALL SELECT logistic_model(y, x ORDER BY n, md5(i::text)) FROM sample, generate_series(1, 40) n) s;

--
-- Attributes
--
CREATE TEMP TABLE visitor AS
SELECT i, jsonb_strip_nulls(jsonb_build_object('industry', CASE WHEN h & 7 < 3 THEN 'retail' WHEN h & 7 < 6 THEN 'banking' WHEN h & 7 < 7 THEN 'É"=,' END,
		'employees', CASE WHEN i % 5 > 0 THEN (h >> 8) & 255 END, 'demo', (h >> 4) & 3 = 0, 'region', CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END, 'other', ARRAY[i])) AS attributes,
	(h >> 40) & 127 < 40 + 20 * ((h >> 4) & 3 = 0)::int + ((h >> 8) & 255) / 8 AS converted
FROM generate_series(1, 500) i, LATERAL (SELECT hashint4extended(i, 6) AS h) s;
CREATE TEMP TABLE visitor_model AS SELECT logistic_model(converted, attributes, '{industry,employees,demo,region}') AS m FROM visitor;
-- The same by hand: a column per level but the first, one for those that lack the attribute, and the mean for a number that is missing.
SELECT a.term, b.term AS by_hand, pg_temp.off(a.coefficient, b.coefficient) < 1e-9 AS coefficient, pg_temp.off(a.std_error, b.std_error) < 1e-9 AS std_error
FROM (SELECT row_number() OVER () AS n, * FROM visitor_model, coefficients(m)) a
FULL JOIN (SELECT row_number() OVER () AS n, * FROM coefficients((
	SELECT logistic_model(converted, ARRAY[coalesce(attributes ->> 'industry' = 'retail', false)::int, coalesce(attributes ->> 'industry' = 'É"=,', false)::int, (attributes ->> 'industry' IS NULL)::int,
		coalesce((attributes ->> 'employees')::float8, mean), (attributes ->> 'employees' IS NULL)::int, (attributes ->> 'demo')::boolean::int, (attributes ->> 'region' = 'south')::int])
	FROM (SELECT *, avg((attributes ->> 'employees')::float8) OVER () AS mean FROM visitor) v))) b USING (n) ORDER BY n;

-- explain() adds up to the log odds, for leads that were there and for leads that are odd.
CREATE TEMP TABLE odd_lead (name text, attributes jsonb);
INSERT INTO odd_lead VALUES ('empty', '{}'), ('nulls', '{"industry": null, "employees": null, "demo": null, "region": null}'),
	('new', '{"industry": "mining", "employees": 600, "demo": "maybe", "region": "east"}'), ('more', '{"industry": "retail", "employees": 12.5, "demo": true, "region": "south", "color": "red"}'),
	('reference', '{"industry": "banking", "employees": 0, "demo": false, "region": "north"}');
SELECT count(*) AS leads, bool_and(abs(log_odds - ln(p / (1 - p))) < 1e-10) AS adds_up
FROM visitor_model, (SELECT attributes FROM visitor UNION ALL SELECT attributes FROM odd_lead) v,
	LATERAL (SELECT sum(contribution) AS log_odds FROM explain(m, attributes)) e, LATERAL (SELECT probability(m, attributes) AS p) p;
SELECT name, e.term, value, round(contribution::numeric, 4) AS contribution FROM visitor_model, odd_lead, explain(m, attributes) e WHERE name IN ('new', 'reference', 'empty');
-- What the model has not seen counts as the average lead: the average contribution of those that it has.
SELECT e.term, pg_temp.off(e.contribution, a.average) < 1e-9 AS average
FROM visitor_model, explain(m, '{"industry": "mining", "employees": 0, "demo": "maybe"}'::jsonb) e
JOIN (SELECT term, avg(contribution) AS average FROM visitor_model, visitor, explain(m, attributes) GROUP BY term) a USING (term) WHERE e.term IN ('industry', 'demo', 'region') ORDER BY 1;
-- By position: the same, and a missing number is no score.
SELECT e.term, e.value, round(e.contribution::numeric, 6) AS contribution FROM fitted, explain(m, '{1,70}'::float8[]) e;
SELECT probability(m, '{1,NULL}'::float8[]), probability(m, NULL::float8[]), (SELECT count(*) FROM explain(m, '{1,NULL}'::float8[])) FROM fitted;
-- An argument that changes from row to row.
SELECT round(probability(m, '{1,2,3,4,5}'::float8[])::numeric, 9) = round(alone::numeric, 9) AS same FROM sample_model,
	LATERAL (SELECT 1 / (1 + exp(- sum(coefficient * CASE term WHEN '(Intercept)' THEN 1 ELSE substr(term, 2)::int END))) AS alone FROM coefficients(m)) a;

-- Models of one size that take turns, inside their rows and, as pointers to what is stored elsewhere, outside of them: each has its own answer.
CREATE TEMP TABLE turn AS
SELECT s.n, outside, logistic_model(hashint4extended(i, s.n) & 3 = 0, jsonb_build_object('a', left(md5((i % k)::text) || repeat('x', 30 * outside::int), 60)), '{a}', 1) AS m
FROM generate_series(1, 3) s(n), unnest('{f,t}'::boolean[]) outside, LATERAL (SELECT CASE WHEN outside THEN 200 ELSE 2 END AS k) k, generate_series(1, 600) i GROUP BY s.n, outside;
SELECT outside, bool_and(pg_column_size(m) > 2000) AS is_outside, count(DISTINCT octet_length(logistic_model_send(m))) AS sizes FROM turn GROUP BY outside ORDER BY outside;
CREATE TEMP TABLE lone AS SELECT n, outside, lead FROM turn, generate_series(0, 3) lead LIMIT 0;
ALTER TABLE lone ADD COLUMN p float8, ADD COLUMN terms text;
DO $$ DECLARE t record; BEGIN
	FOR t IN SELECT n, outside, lead FROM turn, generate_series(0, 3) lead LOOP
		EXECUTE format('INSERT INTO lone SELECT n, outside, %1$s, probability(m, %2$L::jsonb), (SELECT string_agg(contribution::text, '','') FROM explain(m, %2$L::jsonb)) FROM turn WHERE n = %3$s AND outside = %4$L',
			t.lead, jsonb_build_object('a', left(md5(t.lead::text) || repeat('x', 30 * t.outside::int), 60)), t.n, t.outside);
	END LOOP;
END $$;
SELECT count(*) AS answers, count(DISTINCT round(p::numeric, 9)) AS different, count(*) FILTER (WHERE probability(m, a) IS DISTINCT FROM p) AS wrong_probability,
	count(*) FILTER (WHERE (SELECT string_agg(contribution::text, ',') FROM explain(m, a)) IS DISTINCT FROM terms) AS wrong_terms
FROM (SELECT m, p, terms, jsonb_build_object('a', left(md5(lead::text) || repeat('x', 30 * outside::int), 60)) AS a FROM lone JOIN turn USING (n, outside) ORDER BY lead, n, outside OFFSET 0) s;

--
-- Text and binary form
--
CREATE TEMP TABLE stored AS SELECT 'fitted' AS name, m FROM fitted UNION ALL SELECT 'channel', m FROM by_channel UNION ALL SELECT 'ridge ' || ridge, m FROM sample_model
UNION ALL SELECT 'visitor', m FROM visitor_model UNION ALL SELECT 'constant', logistic_model(x % 3 = 0, ARRAY[5, x], 1) FROM generate_series(1, 20) x
UNION ALL SELECT 'no terms', logistic_model(x % 3 = 0, '{"a": "b"}', '{a}', 1) FROM generate_series(1, 20) x
UNION ALL SELECT 'collinear', logistic_model(x % 3 = 0, ARRAY[x, 2 * x, x % 7], 1) FROM generate_series(1, 20) x;
SELECT name, m::text::logistic_model::text = m::text AS text, logistic_model_send(m::text::logistic_model) = logistic_model_send(m) AS bytes,
	(m::jsonb)::text::logistic_model::text = m::text AS json FROM stored ORDER BY name;
SELECT term, round(coefficient::numeric, 6) AS coefficient, std_error IS NULL AS no_std_error, z IS NULL AND p_value IS NULL AND low IS NULL AND high IS NULL AS no_test
FROM stored, coefficients(m) WHERE name IN ('constant', 'no terms') ORDER BY name, term;
SELECT name, condition_number(m), m::jsonb -> 'condition_number' AS in_json, m::text ~* 'inf|nan' AS not_a_number
FROM stored WHERE name IN ('constant', 'no terms', 'collinear') ORDER BY name;
-- In a unit far too large the odds ratio is beyond the doubles.
SELECT coefficient > 1e3 AS huge, odds_ratio FROM (SELECT logistic_model(x % 3 = 0 OR x > 17, ARRAY[x * 1e-8]) AS m FROM generate_series(1, 20) x) s, coefficients(m) WHERE term = 'x1';
SELECT logistic_model(c, x) FROM (VALUES (true, '{1}'::float8[])) v(c, x) WHERE false;

--
-- Rows left out
--
SELECT observations(m), (SELECT string_agg(reason || ' ' || rows, ', ') FROM ignored(m)) AS ignored
FROM (SELECT logistic_model(y, x) AS m FROM (SELECT y, x FROM sample UNION ALL VALUES (NULL, '{1,2,3,4,5}'::float8[]), (true, NULL), (false, '{1,2,NULL,4,5}'), (NULL, NULL)) s) m;
SELECT observations(m), (SELECT string_agg(reason || ' ' || rows, ', ') FROM ignored(m)) AS ignored
FROM (SELECT logistic_model(converted, attributes, '{employees}') AS m FROM (SELECT converted, attributes FROM visitor UNION ALL VALUES (NULL, jsonb '{"employees": "x"}'), (true, NULL)) s) m;

--
-- No unique finite maximum
--
SELECT what, pg_temp.failure('SELECT logistic_model(' || arguments || ') FROM generate_series(1, 100) x, generate_series(1, 2) k') AS failure,
	pg_temp.failure('SELECT logistic_model(' || arguments || ', 0.5) FROM generate_series(1, 100) x, generate_series(1, 2) k') AS with_ridge
FROM (VALUES
	('all converted', 'true, ARRAY[x]'),
	('none converted', 'false, ARRAY[x]'),
	('separated', 'x > 50, ARRAY[x * 7 % 13, x]'),
	('separated, one at the border', 'CASE x WHEN 50 THEN k = 1 ELSE x > 50 END, ARRAY[x * 7 % 13, x]'),
	('separated in one group', 'x % 3 = 0 OR x > 97, ARRAY[(x > 97)::int, x % 7]'),
	('separated by a reference', 'x % 3 = 0 AND x > 3, ARRAY[(x > 3)::int, x % 7]'),
	('separated by two', 'x % 10 + x / 10 * 2 > 14, ARRAY[x % 10, x / 10, x * 7 % 13]'),
	('separated by a level', 'x % 3 = 0 OR x = 77, jsonb_build_object(''code'', CASE x WHEN 77 THEN ''rare'' ELSE ''common'' END, ''n'', x % 7), ''{n,code}'''),
	('constant', 'x % 3 = 0, ARRAY[x, 5.5]'),
	('constant text', 'x % 3 = 0, jsonb_build_object(''n'', x, ''country'', ''FR''), ''{n,country}'''),
	('collinear', 'x % 3 = 0, ARRAY[x, x * 7 % 13, 4 - 2 * x + 3 * (x * 7 % 13)]'),
	('twice the same', 'x % 3 = 0, ARRAY[x * 7 % 13, x, x]'),
	('two names for one thing', 'x % 3 = 0, jsonb_build_object(''city'', ''c'' || x % 3 % 2, ''post'', ''p'' || x % 3 % 2), ''{city,post}''')) v(what, arguments);
-- The level at fault is named, also when it is the reference, or (missing), or one of two attributes is mixed; several are listed.
SELECT what, pg_temp.failure(format('SELECT logistic_model(y, a, %L) FROM (VALUES %s) v(a, y, n), generate_series(1, n)', terms, rows)) AS failure FROM (VALUES
	('reference', '{region}', $$('{"region": "east"}'::jsonb, false, 40), ('{"region": "north"}', true, 10), ('{"region": "north"}', false, 30), ('{"region": "south"}', true, 12), ('{"region": "south"}', false, 28)$$),
	('all of the last', '{region}', $$('{"region": "east"}'::jsonb, false, 40), ('{"region": "east"}', true, 10), ('{"region": "north"}', false, 30), ('{"region": "north"}', true, 12), ('{"region": "south"}', true, 28)$$),
	('missing', '{region}', $$('{}'::jsonb, false, 40), ('{"region": "north"}', true, 10), ('{"region": "north"}', false, 30), ('{"region": "south"}', true, 12), ('{"region": "south"}', false, 28)$$),
	('missing number', '{size}', $$('{}'::jsonb, false, 40), ('{"size": 3}', true, 10), ('{"size": 3}', false, 30), ('{"size": 4}', true, 12), ('{"size": 4}', false, 28)$$),
	('two levels', '{size,plan}', $$('{"plan": "a", "size": 1}'::jsonb, false, 40), ('{"plan": "b", "size": 2}', true, 10), ('{"plan": "b", "size": 1}', false, 30), ('{"plan": "c", "size": 3}', true, 12)$$)) v(what, terms, rows);
-- In GROUP BY a group without a model is NULL, and arguments that are wrong are errors.
SELECT g, observations(m) FROM (SELECT g, try_logistic_model(CASE g WHEN 'none' THEN false WHEN 'all' THEN true WHEN 'ignored' THEN NULL WHEN 'separated' THEN x > 20 ELSE x % 3 = 0 END,
		CASE g WHEN 'constant' THEN '{1}' WHEN 'collinear' THEN ARRAY[x, 2 * x] ELSE ARRAY[x] END::float8[]) AS m
	FROM generate_series(1, 40) x, unnest('{good,none,all,ignored,separated,constant,collinear,few}'::text[]) g WHERE g <> 'few' OR x = 3 GROUP BY g) s ORDER BY g COLLATE "C";
SELECT g, observations(m) AS without, observations(r) AS with_ridge FROM (SELECT g, try_logistic_model(x % 3 = 0, a, '{size,region}') AS m, try_logistic_model(x % 3 = 0, a, '{size,region}', 1) AS r
	FROM generate_series(1, 40) x, unnest('{good,separated,constant,missing}'::text[]) g, LATERAL (SELECT jsonb_build_object('size', x * 7 % 13, 'region', CASE g WHEN 'good' THEN 'r' || x % 2
		WHEN 'separated' THEN 'r' || x % 3 % 2 WHEN 'constant' THEN 'r' END) AS a) s GROUP BY g) s ORDER BY g COLLATE "C";
SELECT pg_temp.failure($$SELECT try_logistic_model(x = 1, ARRAY[x], -1) FROM generate_series(1, 3) x$$), try_logistic_model(true, ARRAY[1.0]) FILTER (WHERE false) IS NULL AS no_rows;
-- Almost separated: one lead on the wrong side is enough for an answer, and the score equations hold.
SELECT count(*) FILTER (WHERE abs(score) > 1e-6) AS wrong, bool_and(coefficient > 0) AS rises
FROM (SELECT logistic_model(x > 50 OR x = 49, ARRAY[x]) AS m FROM generate_series(1, 100) x) m, coefficients(m) c,
	LATERAL (SELECT sum(((x > 50 OR x = 49)::int - probability(m, ARRAY[x])) * x) AS score FROM generate_series(1, 100) x) s WHERE term = 'x1';

--
-- Numbers as texts, as imports have them
--
-- All numbers: the model of the numbers, also beyond 1 000 of them, mixed with numbers, or handed over by workers. A code is a text, and so is what is a number only sometimes.
CREATE TABLE import (visits integer, won boolean);
INSERT INTO import SELECT hashint4extended(x, 3) & 4095, hashint4extended(x, 4) & 4095 < 1000 + (hashint4extended(x, 3) & 4095) / 3 FROM generate_series(1, 6000) x;
ANALYZE import;
SELECT logistic_model(won, jsonb_build_object('visits', visits), '{visits}')::text AS expected FROM import \gset
SELECT logistic_model(won, jsonb_build_object('visits', visits::text), '{visits}')::text = :'expected' AS texts,
	logistic_model(won, jsonb_build_object('visits', visits::text || '.00'), '{visits}')::text = :'expected' AS with_cents,
	logistic_model(won, jsonb_build_object('visits', CASE WHEN visits % 2 = 0 THEN to_jsonb(visits) ELSE to_jsonb(visits::text) END), '{visits}')::text = :'expected' AS mixed,
	(SELECT array_agg(term) FROM coefficients(logistic_model(won, jsonb_build_object('visits', (visits % 12)::text), '{visits}'))) AS few,
	(SELECT array_agg(term) FROM coefficients(logistic_model(won, jsonb_build_object('visits', '0' || visits % 3), '{visits}'))) AS codes,
	(SELECT array_agg(term) FROM coefficients(logistic_model(won, jsonb_build_object('visits', CASE visits % 3 WHEN 0 THEN 'many' ELSE (visits % 3)::text END), '{visits}'))) AS sometimes
FROM import;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TEMP TABLE of_workers AS SELECT logistic_model(won, jsonb_build_object('visits', visits::text), '{visits}') AS m,
	logistic_model(won, jsonb_build_object('visits', CASE WHEN visits < 2048 THEN to_jsonb(visits) ELSE to_jsonb(visits::text) END), '{visits}') AS mixed FROM import;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT m::text = :'expected' AS texts, mixed::text = :'expected' AS mixed, probability(m, '{"visits": "100"}'::jsonb) = probability(m, '{"visits": 100}'::jsonb) AS scored,
	(SELECT value FROM explain(m, '{"visits": "100"}'::jsonb) WHERE term = 'visits') AS explained FROM of_workers;
SELECT pg_temp.failure($$SELECT logistic_model(won, jsonb_build_object('visits', CASE visits % 50 WHEN 7 THEN 'seven' ELSE visits::text END), '{visits}') FROM import$$),
	pg_temp.failure($$SELECT logistic_model(won, jsonb_build_object('visits', CASE visits % 3 WHEN 0 THEN to_jsonb('many'::text) WHEN 1 THEN to_jsonb(visits::text) ELSE to_jsonb(visits) END), '{visits}') FROM import$$);
DROP TABLE import;

--
-- Other errors
--
SELECT statement, pg_temp.failure('SELECT ' || statement || ' FROM generate_series(1, 3) x') AS failure FROM unnest(ARRAY[
	$$logistic_model(x = 1, ARRAY[x, 1, 2])$$, $$logistic_model(true, ARRAY[1]) FILTER (WHERE x = 1)$$, $$logistic_model(x = 1, ARRAY[1, 'NaN'::float8])$$, $$logistic_model(x = 1, ARRAY['-Infinity'::float8])$$,
	$$logistic_model(x = 1, array_fill(1.0::float8, ARRAY[x]))$$, $$logistic_model(x = 1, array_fill(1.0::float8, ARRAY[1001]))$$, $$logistic_model(x = 1, '{}'::float8[])$$,
	$$logistic_model(x = 1, '{{1,2},{3,4}}'::float8[])$$, $$logistic_model(x = 1, ARRAY[NULL::float8])$$, $$logistic_model(NULL, ARRAY[x])$$, $$logistic_model(x = 1, ARRAY[x], -1)$$,
	$$logistic_model(x = 1, ARRAY[x], 'NaN')$$, $$logistic_model(x = 1, ARRAY[x], 'Infinity')$$, $$logistic_model(x = 1, ARRAY[x], x)$$, $$logistic_model(x = 1, ARRAY[1e308 * x])$$,
	$$logistic_model(x = 1, '[1]'::jsonb, '{a}')$$, $$logistic_model(x = 1, '{"a": [1]}'::jsonb, '{a}')$$, $$logistic_model(x = 1, '{"a": {}}'::jsonb, '{a}')$$, $$logistic_model(x = 1, '{"b": 1}'::jsonb, '{a}')$$,
	$$logistic_model(x = 1, '{"a": null}'::jsonb, '{a}', 1)$$, $$logistic_model(x = 1, jsonb_build_object('a', CASE x WHEN 1 THEN to_jsonb(1) ELSE to_jsonb('b'::text) END), '{a}')$$,
	$$logistic_model(x = 1, '{"a": 1e400}'::jsonb, '{a}')$$, $$logistic_model(x = 1, '{"a": 1}'::jsonb, NULL)$$, $$logistic_model(x = 1, '{"a": 1}'::jsonb, '{}')$$,
	$$logistic_model(x = 1, '{"a": 1}'::jsonb, '{a,NULL}')$$, $$logistic_model(x = 1, '{"a": 1}'::jsonb, '{a,b,a}')$$, $$logistic_model(x = 1, '{"a": 1}'::jsonb, '{{a},{b}}')$$,
	$$logistic_model(x = 1, '{"a": 1}'::jsonb, ARRAY['a', 'b' || x])$$]) statement;
SELECT pg_temp.failure($$SELECT logistic_model(x % 2 = 0, jsonb_build_object('email', x || '@example.com'), '{email}', 1) FROM generate_series(1, 10000) x$$);
SELECT pg_temp.failure($$SELECT logistic_model(x % 2 = 0, jsonb_build_object('a', 'a' || x % 600, 'b', 'b' || x % 599), '{a,b}', 1) FROM generate_series(1, 2000) x$$);
SELECT statement, pg_temp.failure('SELECT ' || statement || ' FROM fitted, (SELECT m AS v FROM visitor_model) v') AS failure FROM unnest(ARRAY[
	$$probability(m, '{1}'::float8[])$$, $$probability(m, '{1,2,3}'::float8[])$$, $$probability(m, '{{1,2}}'::float8[])$$, $$probability(m, '{1,NaN}'::float8[])$$, $$probability(m, '{"a": 1}'::jsonb)$$,
	$$probability(m, '{1e308,-1e308}'::float8[])$$, $$probability(v, '{1,2}'::float8[])$$, $$probability(v, '[]'::jsonb)$$, $$probability(v, '{"employees": "many"}'::jsonb)$$, $$probability(v, '{"demo": 1}'::jsonb)$$,
	$$probability(v, '{"demo": [true]}'::jsonb)$$, $$explain(v, '{"employees": "many"}'::jsonb)$$, $$explain(m, '{1}'::float8[])$$, $$coefficients(m, 1)$$, $$coefficients(m, 'NaN')$$]) statement;

-- Text that is none.
CREATE TEMP TABLE good AS SELECT m::jsonb AS json FROM by_channel;
CREATE TEMP TABLE bad AS
SELECT path || ' ' || value AS change, jsonb_set(json, path::text[], value::jsonb)::text AS input FROM good, (VALUES ('{version}', '2'), ('{ridge}', '-1'), ('{ridge}', '"Infinity"'), ('{ridge}', '"x"'),
	('{ignored}', '1'), ('{ignored,null_features}', '-1'), ('{converted}', '1e30'), ('{others}', '9007199254740992'), ('{iterations}', '-1'), ('{deviance}', '-1'), ('{deviance}', '1e400'), ('{null_deviance}', 'null'),
	('{condition_number}', '[]'), ('{condition_number}', '"Infinity"'), ('{coefficients,0}', 'null'), ('{attributes}', '{}'), ('{attributes,0}', '1'), ('{attributes,0,name}', '1'), ('{attributes,0,has_missing}', '1'), ('{attributes,0,has_missing}', 'true'), ('{attributes,0,levels}', '[]'),
	('{attributes,0,levels}', '1'), ('{attributes,0,levels,0}', '1'), ('{attributes,0,levels,1}', '"ads"'), ('{attributes,0,levels,1}', '"aaa"'), ('{coefficients}', '[1]'), ('{coefficients,1}', '"Infinity"'),
	('{std_errors,1}', '-1'), ('{means,0}', 'null'), ('{means}', '[1,2]')) v(path, value)
UNION ALL SELECT 'without ' || key, (json - key)::text FROM good, jsonb_object_keys(json) key
UNION ALL SELECT 'attribute twice', jsonb_set(json, '{attributes,1}', (json #> '{attributes,0}') || '{"has_missing": false, "levels": ["a"]}')::text FROM good;
SELECT change, pg_temp.failure(format('SELECT %L::logistic_model', input)) FROM bad;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT count(*) = 0 AS soft FROM bad WHERE pg_input_is_valid(input, 'logistic_model') \gset
\else
\set soft t
\endif
\if :soft
\else
\echo soft errors expected
\endif
