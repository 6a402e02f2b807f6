-- The classical scorecard: weights of evidence, a regression on them, points. In steps, in one call, and every way to have none.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql

CREATE FUNCTION pg_temp.off(got float8, expected float8) RETURNS float8 LANGUAGE sql AS $$
	SELECT abs(got - expected) / greatest(1, abs(expected)) $$;

--
-- Reference values: scorecardpy 0.1.9.7 (its woebin, woebin_ply, scorecard and scorecard_ply, unchanged) with the GLM of statsmodels 0.13.5
-- on 600 made-up loans; each text is a bin, and the age is cut at 29 and 45, as weight_of_evidence() cuts it. points0 600, odds0 1/19, pdo 50.
-- There the outcome is "bad", so weights and the intercept have the other sign, and odds0 is 1 / base_odds.
--
CREATE TABLE loan (lead_id int, "status.of.account" text, purpose text, savings text, housing text, phone text, age int, converted boolean, expected_score int);
\set file :abs_srcdir '/oracles/classical_scorecard_leads.csv'
COPY loan FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE expected_bin (attribute text, bin text, good int, bad int, woe float8, bin_iv float8, total_iv float8, points float8, rounded_points int);
\set file :abs_srcdir '/oracles/classical_scorecard_bins_expected.csv'
COPY expected_bin FROM :'file' (FORMAT csv, HEADER);
CREATE TEMP TABLE expected_coefficient (term text, coefficient float8, std_error float8);
\set file :abs_srcdir '/oracles/classical_scorecard_coefficients_expected.csv'
COPY expected_coefficient FROM :'file' (FORMAT csv, HEADER);
-- As labels: '[29.0,45.0)' there is '29 to below 45' here.
UPDATE expected_bin SET bin = CASE bin WHEN 'missing' THEN 'unknown' WHEN '[-inf,29.0)' THEN 'below 29' WHEN '[29.0,45.0)' THEN '29 to below 45'
	WHEN '[45.0,inf)' THEN '45 and more' ELSE bin END;

-- In steps, in one query.
CREATE TABLE learned AS
WITH past AS (
	SELECT to_jsonb(loan) - '{lead_id,converted,expected_score}'::text[] AS attributes, converted FROM loan
), profile AS MATERIALIZED (
	SELECT lead_profile(attributes, converted) AS profile FROM past
), term AS MATERIALIZED (
	SELECT array_agg(attribute) AS terms FROM profile, information_value(profile) WHERE information_value >= 0.02
), model AS MATERIALIZED (
	SELECT logistic_model(converted, evidence(profile, attributes), terms) AS model FROM past, profile, term
)
SELECT profile, model, scorecard(profile, model, 50, 600, 19, digits => 0) AS card, scorecard(profile, model, 50, 600, 19) AS exact_card FROM profile, model;

SELECT count(*) AS bins, bool_and(converted = good AND not_converted = bad) AS counts, max(pg_temp.off(weight_of_evidence, -woe)) < 1e-12 AS weights,
	max(pg_temp.off(information_value, bin_iv)) < 1e-12 AS information
FROM learned, weight_of_evidence(profile) w FULL JOIN expected_bin e ON e.attribute = w.attribute AND e.bin = w.label WHERE e.attribute IS DISTINCT FROM 'basepoints';
SELECT count(*) AS attributes, max(pg_temp.off(information_value, total_iv)) < 1e-12 AS information
FROM learned, information_value(profile) i FULL JOIN (SELECT DISTINCT attribute, total_iv FROM expected_bin WHERE good > 0) e USING (attribute);
SELECT count(*) AS terms, max(pg_temp.off(c.coefficient, CASE WHEN e.term = 'const' THEN -e.coefficient ELSE e.coefficient END)) < 1e-8 AS coefficients,
	max(pg_temp.off(c.std_error, e.std_error)) < 1e-6 AS std_errors
FROM learned, coefficients(model) c FULL JOIN expected_coefficient e ON c.term = CASE e.term WHEN 'const' THEN '(Intercept)' ELSE e.term END;
SELECT count(*) AS bins, max(pg_temp.off(p.points, e.points)) < 1e-6 AS points, bool_and(r.points = e.rounded_points) AS rounded
FROM learned, scorecard_points(profile, model, 50, 600, 19) p JOIN scorecard_points((SELECT profile FROM learned), (SELECT model FROM learned), 50, 600, 19, digits => 0) r
	ON (r.attribute, r.bin) IS NOT DISTINCT FROM (p.attribute, p.bin)
	FULL JOIN expected_bin e ON e.attribute = coalesce(p.attribute, 'basepoints') AND coalesce(e.bin, 'all leads') = p.label;
SELECT count(*) AS loans, bool_and(fit(card, to_jsonb(loan)) = expected_score) AS scores FROM learned, loan;

-- In one call: the same card.
SELECT classical_scorecard('loan', 'converted', '{status.of.account,purpose,savings,housing,phone,age}', 50, 600, 19) = card AS same,
	classical_scorecard('loan', 'converted', '{status.of.account,purpose,savings,housing,phone,age}', pdo => 50, base_odds => 19, digits => NULL) = exact_card AS same_exactly
FROM learned;
SELECT r ->> 'attribute' AS attribute, r ->> 'op' AS op, r -> 'value' AS value, r -> 'points' AS points FROM learned, jsonb_array_elements(card::jsonb -> 'fit') r;
SELECT rule, points, reason FROM learned, loan, explain(card, to_jsonb(loan)) WHERE lead_id = 6;

-- The exact card is the regression: points are a straight line through its log odds, and explain() adds up.
SELECT max(abs(fit(exact_card, attributes) - (600 + 50 / ln(2) * (ln(p / (1 - p)) - ln(19))))) < 1e-9 AS straight,
	bool_and((SELECT sum(points)::float8 FROM explain(exact_card, attributes)) = fit(exact_card, attributes)) AS adds_up, count(DISTINCT p) AS probabilities
FROM (SELECT exact_card, to_jsonb(loan) AS attributes, probability(model, evidence(profile, to_jsonb(loan))) AS p FROM learned, loan) s;
-- base_odds and pdo: who has 600 points at odds of 38 has 650 where they are those of 19.
SELECT DISTINCT round(c.points::numeric, 6) = round(p.points::numeric, 6) - round((50 / ln(2) * ln(2))::numeric, 6) AS twice_the_odds_are_pdo_less
FROM learned, scorecard_points(profile, model, 50, 600, 38) c, scorecard_points(profile, model, 50, 600, 19) p WHERE c.attribute IS NULL AND p.attribute IS NULL;

--
-- Evidence of a lead
--
CREATE TABLE few AS SELECT * FROM (VALUES
	('{"a": "x", "n": 1, "m": ["p", "q"]}'::jsonb, true), ('{"a": "x", "n": 2, "m": ["p"]}', false), ('{"a": "y", "n": 3, "m": ["q"]}', true), ('{"a": true, "n": 4}', false),
	('{"n": 5, "m": ["p", "q"]}', true), ('{"a": "x", "n": 6, "m": "p"}', false), ('{"a": "y", "n": 7}', true)) v(attributes, converted);
CREATE TABLE few_profile AS SELECT lead_profile(attributes, converted) AS p FROM few;
SELECT attribute, bin, label, converted, not_converted, round(w.weight_of_evidence::numeric, 4) AS weight FROM few_profile, weight_of_evidence(p) w;
SELECT lead, (SELECT jsonb_object_agg(key, round(value::numeric, 4)) FROM jsonb_each_text(evidence(p, lead))) AS evidence
FROM few_profile, unnest('{"{\"a\": \"x\", \"m\": [\"p\", \"q\", \"p\"]}","{\"a\": \" \"}","{\"a\": null, \"m\": []}","{\"a\": \"never seen\", \"n\": 1e9, \"other\": 1}","{\"a\": true, \"m\": [\"new\"]}","{\"a\": false, \"n\": \"1\"}","{}","[]","3",NULL}'::jsonb[]) lead;
-- Exactly the weights, whatever comes first; other bins, other weights.
SELECT count(*) AS leads, bool_and((evidence(profile, to_jsonb(loan)) ->> 'age')::float8 = (SELECT w.weight_of_evidence FROM weight_of_evidence(profile, 'age') w
	WHERE CASE WHEN age IS NULL THEN w.kind = 'unknown' ELSE w.kind = 'number' AND age >= coalesce(w.at_least, '-infinity') AND age < coalesce(w.below, 'infinity') END)) AS same
FROM learned, loan;
SELECT bins, monotone, count(DISTINCT evidence(profile, to_jsonb(loan), bins, monotone) -> 'age') AS weights FROM learned, loan, unnest('{1,2,10,NULL}'::int[]) bins, unnest('{false,true,NULL}'::boolean[]) monotone
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS changes, bool_and(evidence(profile, to_jsonb(loan), 1 + lead_id % 2) = CASE lead_id % 2 WHEN 0 THEN evidence(profile, to_jsonb(loan), 1) ELSE evidence(profile, to_jsonb(loan), 2) END) AS same
FROM learned, loan WHERE lead_id <= 20;
SELECT evidence(NULL, '{}') IS NULL AS no_profile, evidence(lead_profile(attributes, true), '{"a": "x"}') IS NULL AS all_converted FROM few;
-- Texts in buckets, and rare ones: others. A text that was never seen is one of them where texts have no names.
SELECT least(n, 10001) AS texts, array_agg(round((evidence(p, lead) ->> 'a')::numeric, 4)) AS evidence, array_agg(fit(c, lead) - fit(c, '{"a": 7}') BETWEEN -1e-9 AND 1e-9) AS no_points
FROM (VALUES (30), (10001)) t(n), LATERAL (SELECT lead_profile(jsonb_strip_nulls(jsonb_build_object('a', CASE WHEN i % 2 = 0 THEN 'v' || i WHEN i % 3 = 0 THEN 'often' END)), i % 6 > 2) AS p FROM generate_series(1, 2 * n) i) s,
	scorecard(p, 20, 600, 1) c, unnest('{"{\"a\": \"v2\"}","{\"a\": \"often\"}","{\"a\": \"never seen\"}","{}"}'::jsonb[]) lead GROUP BY n ORDER BY n;

--
-- One call over all kinds of relations and columns
--
CREATE SCHEMA "odd ""schema";
CREATE DOMAIN "odd ""schema".answer AS boolean;
CREATE TABLE "odd ""schema"."Lead's" AS
SELECT n AS id, (ARRAY['<= 0', ' ', 'it''s "é" \', NULL])[1 + n % 4]::varchar AS "Where's; DROP", n * 37 % 400 AS "Amount €", n % 3 = 0 AS flag, jsonb_build_object('company', jsonb_build_object('size', n * 7 % 50)) AS more,
	'same' AS same, NULL::text AS nothing, CASE WHEN n % 50 > 0 THEN (n * 7919 % 100) < 30 + 10 * (n % 4) + n * 37 % 400 / 20 + CASE WHEN n % 3 = 0 THEN 10 ELSE 0 END + n * 7 % 50 END::"odd ""schema".answer AS "Did?"
FROM generate_series(1, 2000) n;
SELECT r ->> 'attribute' AS attribute, r ->> 'op' AS op, r -> 'value' AS value, r -> 'points' AS points
FROM jsonb_array_elements(classical_scorecard('"odd ""schema"."Lead''s"', 'Did?')::jsonb -> 'fit') r;
-- The points tell as much as the regression: for members of a jsonb column, blank texts and all.
WITH card AS MATERIALIZED (
	SELECT classical_scorecard('"odd ""schema"."Lead''s"', 'Did?', '{more,flag,"Where''s; DROP","Amount €"}', digits => NULL) AS card
), lead AS MATERIALIZED (
	SELECT (to_jsonb(l) - 'more' || more) - '{id,same,nothing,Did?}'::text[] AS attributes, jsonb_strip_nulls((to_jsonb(l) - 'more' || more) - CASE WHEN "Where's; DROP" = ' ' THEN '{id,same,nothing,Did?,"Where''s; DROP"}'
		ELSE '{id,same,nothing,Did?}'::text[] END) AS known, "Did?" AS converted FROM "odd ""schema"."Lead's" l
), profile AS MATERIALIZED (
	SELECT lead_profile(known, converted) AS profile FROM lead
), model AS MATERIALIZED (
	SELECT logistic_model(converted, evidence(profile, attributes), '{company.size,flag,"Where''s; DROP","Amount €"}') AS model FROM lead, profile
)
SELECT max(abs(fit(card, attributes) - (600 + 20 / ln(2) * ln(p / (1 - p))))) < 1e-9 AS straight, count(DISTINCT p) > 10 AS many
FROM card, (SELECT attributes, probability(model, evidence(profile, attributes)) AS p FROM lead, profile, model) s;

-- Texts that spell numbers and truth values, long ones, and times: points and probabilities go together.
CREATE TABLE spelled AS
SELECT (age / 10)::text AS decade, (housing = 'own')::text AS own, CASE WHEN phone = 'yes' THEN repeat('é', 120) ELSE phone END AS long, '2026-01-01'::date + lead_id % 3 AS day, age::numeric / 10 AS age, converted FROM loan;
WITH lead AS MATERIALIZED (
	SELECT to_jsonb(spelled) - 'converted' AS attributes, converted FROM spelled
), card AS MATERIALIZED (
	SELECT classical_scorecard('spelled', 'converted', digits => NULL) AS card
), profile AS MATERIALIZED (
	SELECT lead_profile(attributes, converted) AS profile FROM lead
), model AS MATERIALIZED (
	SELECT logistic_model(converted, evidence(profile, attributes), '{age,day,decade,long,own}') AS model FROM lead, profile
)
SELECT max(abs(fit(card, attributes) - (600 + 20 / ln(2) * ln(p / (1 - p))))) < 1e-9 AS straight, count(DISTINCT p) > 50 AS many
FROM card, (SELECT attributes, probability(model, evidence(profile, attributes)) AS p FROM lead, profile, model) s;

-- With the caller's rights, from a view, a temporary table, and where the search_path holds other things.
CREATE TEMP TABLE temporary_loan AS SELECT * FROM loan;
CREATE VIEW good_loan AS SELECT purpose, age, converted FROM loan;
CREATE FUNCTION public.evidence(lead_profile, jsonb, integer, boolean) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
SELECT classical_scorecard('temporary_loan', 'converted', '{purpose,age}') = classical_scorecard('good_loan', 'converted') AS same;
CREATE ROLE classical_scorecard_reader;
GRANT USAGE ON SCHEMA lead_kpi TO classical_scorecard_reader;
SET ROLE classical_scorecard_reader;
SELECT pg_temp.failure($$SELECT classical_scorecard('loan', 'converted')$$);
RESET ROLE;
GRANT SELECT (purpose, age, converted) ON loan TO classical_scorecard_reader;
SET ROLE classical_scorecard_reader;
SELECT classical_scorecard('loan', 'converted', '{purpose,age}') IS NOT NULL AS may_read_these;
SELECT pg_temp.failure($$SELECT classical_scorecard('loan', 'converted', '{purpose,housing}')$$);
RESET ROLE;

-- NULL
SELECT classical_scorecard(NULL, 'converted') IS NULL AND classical_scorecard('loan', NULL) IS NULL AND classical_scorecard('loan', 'converted', pdo => NULL) IS NULL AS is_null,
	scorecard(NULL, model, 50, 600, 19) IS NULL AND scorecard(profile, NULL, 50, 600, 19) IS NULL AND scorecard(profile, model, 50, NULL, 19) IS NULL AS card_is_null,
	scorecard(all_converted, model, 50, 600, 19) IS NULL AS all_converted
FROM learned, (SELECT lead_profile(attributes, true) AS all_converted FROM few) s;
SELECT count(*) FROM learned, scorecard_points(profile, NULL::logistic_model, 50, 600, 19);
-- A ridge, other bins, monotone, digits.
SELECT classical_scorecard('loan', 'converted', '{phone,age}', bins => 2, monotone => true, digits => 1, ridge => 1)::jsonb -> 'fit' -> 0 AS first_rule;

--
-- Errors
--
CREATE TABLE twice AS SELECT purpose, purpose AS same_purpose, phone IN ('refused') AS refused, converted FROM loan;
CREATE TABLE constant AS SELECT 'x' AS a, n AS id, n % 2 = 0 AS converted FROM generate_series(1, 100) n;
CREATE SEQUENCE no_table;
SET client_min_messages = warning;
SELECT pg_temp.failure(statement) FROM (VALUES
	($$SELECT classical_scorecard('no_table', 'converted')$$),
	($$SELECT classical_scorecard(0, 'converted')$$),
	($$SELECT classical_scorecard('loan', 'sold')$$),
	($$SELECT classical_scorecard('loan', 'tableoid')$$),
	($$SELECT classical_scorecard('loan', 'age')$$),
	($$SELECT classical_scorecard('loan', 'converted', '{age,colour,"it''s"}')$$),
	($$SELECT classical_scorecard('loan', 'converted', '{age,NULL}')$$),
	($$SELECT classical_scorecard('loan', 'converted', '{age,converted}')$$),
	($$SELECT classical_scorecard('loan', 'converted', '{}')$$),
	($$SELECT classical_scorecard('loan', 'converted', pdo => 0)$$),
	($$SELECT classical_scorecard('loan', 'converted', pdo => -50)$$),
	($$SELECT classical_scorecard('loan', 'converted', base_odds => 0)$$),
	($$SELECT classical_scorecard('loan', 'converted', base_points => 'NaN')$$),
	($$SELECT classical_scorecard('loan', 'converted', bins => 51)$$),
	($$SELECT classical_scorecard('loan', 'converted', digits => 10)$$),
	($$SELECT classical_scorecard('loan', 'converted', ridge => -1)$$),
	($$SELECT classical_scorecard('twice', 'converted', '{purpose,same_purpose}')$$),
	($$SELECT classical_scorecard('twice', 'converted', '{purpose,refused}')$$),
	($$SELECT classical_scorecard('constant', 'converted')$$),
	($$SELECT scorecard(profile, m, 50, 600, 19) FROM learned, (SELECT logistic_model(converted, ARRAY[age]::float8[]) AS m FROM loan) s$$),
	($$SELECT scorecard(p, model, 50, 600, 19) FROM learned, few_profile$$),
	($$SELECT scorecard(profile, model, 0, 600, 19) FROM learned$$),
	($$SELECT evidence(p, '{}', 0) FROM few_profile$$),
	($$SELECT profile_points(p, 20, 600, 1, 10, false, NULL, '{(Intercept),a}', '{1}') FROM few_profile$$),
	($$SELECT profile_points(p, 20, 600, 1, 10, false, NULL, '{NULL}', '{1}') FROM few_profile$$),
	($$SELECT profile_points(p, 20, 600, 1, 10, false, NULL, '{}', '{}') FROM few_profile$$)) v(statement);
CREATE VIEW all_bad AS SELECT purpose, false AS converted FROM loan;
CREATE VIEW all_good AS SELECT purpose, true AS converted FROM loan;
CREATE VIEW all_open AS SELECT purpose, NULL::boolean AS converted FROM loan;
CREATE VIEW no_loan AS SELECT purpose, converted FROM loan WHERE false;
SELECT pg_temp.failure(format('SELECT classical_scorecard(%L, ''converted'')', relation)) FROM unnest('{all_bad,all_good,all_open,no_loan}'::text[]) relation;
SELECT classical_scorecard('twice', 'converted', '{purpose,same_purpose,refused}', ridge => 1) IS NOT NULL AS a_ridge_solves_both;

-- More columns than a function has arguments.
\set ECHO none
SELECT format('CREATE TABLE wide AS SELECT n %% 2 = 0 AS converted, %s FROM generate_series(1, 600) n',
	string_agg(format('(hashint4(n + %s000) & 1)::text AS c%s', i, i), ', ')) FROM generate_series(1, 150) i \gexec
\set ECHO all
SELECT jsonb_array_length(classical_scorecard('wide', 'converted')::jsonb -> 'fit') AS rules;
RESET client_min_messages;

REVOKE ALL ON SCHEMA lead_kpi FROM classical_scorecard_reader;
REVOKE ALL ON loan FROM classical_scorecard_reader;
DROP ROLE classical_scorecard_reader;
SET client_min_messages = warning;
DROP SCHEMA "odd ""schema" CASCADE;
DROP TABLE loan, learned, few, few_profile, twice, constant, wide, spelled CASCADE;
DROP SEQUENCE no_table;
DROP FUNCTION public.evidence(lead_profile, jsonb, integer, boolean);
