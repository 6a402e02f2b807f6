-- What is computed of each golden value, so that it is not only read. Rounded: C libraries differ in the last digits.
-- The answers are in the golden files: a function that changes is a new one beside the old.
SET search_path = lead_kpi, public;
CREATE FUNCTION pg_temp.rounded(x float8) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN x IN ('NaN', 'Infinity', '-Infinity') OR x IS NULL THEN x::text ELSE btrim(to_char(x, '9.9999EEEE')) END;
CREATE FUNCTION pg_temp.answer(value rate) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', hits(value), trials(value), pg_temp.rounded(value::float8), pg_temp.rounded(low(value)), pg_temp.rounded(high(value, 0.9, 'jeffreys')));
CREATE FUNCTION pg_temp.answer(value funnel) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(concat_ws(' ', s.position, s.stage, s.leads, s.step_rate, s.total_rate, s.median), ', ' ORDER BY s.position) FROM steps(value) s)
	|| coalesce((SELECT string_agg(i::text, ' ' ORDER BY i::text COLLATE "C") FROM ignored(value) i), '');
CREATE FUNCTION pg_temp.answer(value journeys) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(concat_ws(' ', m.model, a.channel, pg_temp.rounded(a.conversions), pg_temp.rounded(a.value)), ', ' ORDER BY m.model, a.channel COLLATE "C")
	FROM unnest('{first_touch,linear,markov}'::text[]) AS m(model), attribution(value, m.model) a);
CREATE FUNCTION pg_temp.answer(value conversion_curve) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', pg_temp.rounded(converted_within(value, '1 day')), pg_temp.rounded(low(value, '1 day', 0.95)), median(value), (SELECT count(*) FROM points(value)));
CREATE FUNCTION pg_temp.answer(value moments) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', pg_temp.rounded(mean(value)), pg_temp.rounded(variance(value)));
CREATE FUNCTION pg_temp.answer(value roc) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', pg_temp.rounded(auc(value)), pg_temp.rounded(ks(value)), (SELECT count(*) FROM points(value)));
CREATE FUNCTION pg_temp.answer(value lead_profile) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', pg_temp.rounded(probability(value, '{"channel": "ads", "n": 1}')), (SELECT count(*) FROM weight_of_evidence(value)));
CREATE FUNCTION pg_temp.answer(value logistic_model) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(concat_ws(' ', c.term, pg_temp.rounded(c.coefficient)), ', ' ORDER BY c.term COLLATE "C") FROM coefficients(value) c);
CREATE FUNCTION pg_temp.answer(value scorecard) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', fit(value, '{"a.b": {"c": "\u00e9"}, "a7": 7.5}'), (SELECT string_agg(e.rule, ' ' ORDER BY e.rule COLLATE "C") FROM explain(value, '{"a7": 7.5}') e));
