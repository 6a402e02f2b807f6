-- logistic_model: probabilities of conversion, learned from leads whose outcome is known.

CREATE TYPE logistic_model;

CREATE FUNCTION logistic_model_in(cstring) RETURNS logistic_model
	AS 'MODULE_PATHNAME', 'logistic_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_model_in(cstring) IS 'Reads the JSON text form. Error when malformed.';

CREATE FUNCTION logistic_model_out(logistic_model) RETURNS cstring
	AS 'MODULE_PATHNAME', 'logistic_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_model_out(logistic_model) IS 'Writes the JSON text form, without loss.';

CREATE FUNCTION logistic_model_recv(internal) RETURNS logistic_model
	AS 'MODULE_PATHNAME', 'logistic_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_model_recv(internal) IS 'Reads the binary form; altered bytes are an error.';

CREATE FUNCTION logistic_model_send(logistic_model) RETURNS bytea
	AS 'MODULE_PATHNAME', 'logistic_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_model_send(logistic_model) IS
'Writes the binary form: a version byte, then counts, fit, attributes and coefficients.';

CREATE TYPE logistic_model (
	INPUT = logistic_model_in,
	OUTPUT = logistic_model_out,
	RECEIVE = logistic_model_recv,
	SEND = logistic_model_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended
);
COMMENT ON TYPE logistic_model IS
'A fitted logistic regression of conversion, built by the aggregate logistic_model(). Models do not add up: fit one '
'to all leads. Text form: a lossless JSON object.';

-- The aggregate

CREATE FUNCTION logistic_accumulate(internal, boolean, float8[]) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accumulate(internal, boolean, float8[]) IS
'Transition function of aggregate logistic_model.';

CREATE FUNCTION logistic_accumulate(internal, boolean, float8[], float8) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accumulate(internal, boolean, float8[], float8) IS
'Transition function of aggregate logistic_model with a ridge.';

CREATE FUNCTION logistic_accumulate(internal, boolean, jsonb, text[]) RETURNS internal
	AS 'MODULE_PATHNAME', 'logistic_accumulate_attributes' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accumulate(internal, boolean, jsonb, text[]) IS
'Transition function of aggregate logistic_model over attributes.';

CREATE FUNCTION logistic_accumulate(internal, boolean, jsonb, text[], float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'logistic_accumulate_attributes' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accumulate(internal, boolean, jsonb, text[], float8) IS
'Transition function of aggregate logistic_model over attributes with a ridge.';

CREATE FUNCTION logistic_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_combine(internal, internal) IS 'Combine function of aggregate logistic_model.';

CREATE FUNCTION logistic_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_serialize(internal) IS 'Serialization of the state of aggregate logistic_model.';

CREATE FUNCTION logistic_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_deserialize(bytea, internal) IS
'Deserialization of the state of aggregate logistic_model.';

CREATE FUNCTION logistic_final(internal) RETURNS logistic_model
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_final(internal) IS 'Final function of aggregate logistic_model: fits.';

CREATE AGGREGATE logistic_model(converted boolean, features float8[]) (
	SFUNC = logistic_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = logistic_final, COMBINEFUNC = logistic_combine,
	SERIALFUNC = logistic_serialize, DESERIALFUNC = logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE logistic_model(boolean, float8[]) IS
'Logistic regression of conversion on features, 1 to 1000 finite numbers in the same order for each lead, and an '
'intercept: maximum likelihood by iteratively reweighted least squares to convergence. The result does not depend on '
'the order of rows. Rows whose outcome, array or an element of it is NULL are counted in ignored(). Error when there '
'is no unique finite maximum (all or none converted, fewer leads than coefficients, a constant feature, collinear '
'features, separation), naming the term; see try_logistic_model for GROUP BY; also for NaN, infinities and arrays of different length. NULL when there are no '
'rows.';

CREATE AGGREGATE logistic_model(converted boolean, features float8[], ridge float8) (
	SFUNC = logistic_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = logistic_final, COMBINEFUNC = logistic_combine,
	SERIALFUNC = logistic_serialize, DESERIALFUNC = logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE logistic_model(boolean, float8[], float8) IS
'The same with a ridge: the negative log likelihood plus ridge / 2 times the sum of squared coefficients of the '
'features scaled to unit variance; the intercept is not penalised. Above 0 it makes collinear and separated features '
'solvable. Zero or more, the same in all rows; NULL is 0.';

CREATE AGGREGATE logistic_model(converted boolean, attributes jsonb, terms text[]) (
	SFUNC = logistic_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = logistic_final, COMBINEFUNC = logistic_combine,
	SERIALFUNC = logistic_serialize, DESERIALFUNC = logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE logistic_model(boolean, jsonb, text[]) IS
'Logistic regression on attributes of leads: terms names the keys. A number is taken as it is, and so are texts that '
'are all numbers, without leading zeros; other texts and booleans '
'become one term attribute=level per level but the first in byte order, which is the reference, at most 1000; leads '
'that lack the attribute, or have JSON null, are a level (missing) of their own (a number is then filled in with its '
'mean). Errors also for an attribute that no lead has, is a number for some leads and another text for others, an array, '
'or an object, and for more than 1000 terms. NULL attributes are counted in ignored().';

CREATE AGGREGATE logistic_model(converted boolean, attributes jsonb, terms text[], ridge float8) (
	SFUNC = logistic_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = logistic_final, COMBINEFUNC = logistic_combine,
	SERIALFUNC = logistic_serialize, DESERIALFUNC = logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE logistic_model(boolean, jsonb, text[], float8) IS 'The same with a ridge, as with features.';

-- For GROUP BY, where one group that allows no model must not end the query.

CREATE FUNCTION logistic_try_final(internal) RETURNS logistic_model
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_try_final(internal) IS
'Final function of aggregate try_logistic_model: fits, or returns NULL.';

-- FOR EACH arguments: features float8[] | features float8[], ridge float8
-- OR attributes jsonb, terms text[]
-- OR attributes jsonb, terms text[], ridge float8
CREATE AGGREGATE try_logistic_model(converted boolean, {arguments}) (
	SFUNC = logistic_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = logistic_try_final, COMBINEFUNC = logistic_combine,
	SERIALFUNC = logistic_serialize, DESERIALFUNC = logistic_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE try_logistic_model(converted boolean, {arguments}) IS
'As logistic_model, but NULL where the leads of a group allow no model: all or none converted, fewer leads than '
'coefficients, a constant feature, collinear features or separation without a ridge, every row ignored, no lead with '
'an attribute. Arguments that are wrong are errors all the same.';

-- END EACH
-- How well it fits

CREATE FUNCTION observations(logistic_model) RETURNS bigint
	AS 'MODULE_PATHNAME', 'logistic_observations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION observations(logistic_model) IS 'Leads that the model was fitted to. NULL for NULL.';

CREATE FUNCTION converted(logistic_model) RETURNS bigint
	AS 'MODULE_PATHNAME', 'logistic_converted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION converted(logistic_model) IS 'Leads among them that converted. NULL for NULL.';

CREATE FUNCTION ignored(logistic_model, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'logistic_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION ignored(logistic_model) IS
'Rows left out, by reason, also where there are none: null_converted, null_features.';

CREATE FUNCTION ridge(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_ridge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ridge(logistic_model) IS 'The ridge that the model was fitted with; 0 for none.';

CREATE FUNCTION iterations(logistic_model) RETURNS integer
	AS 'MODULE_PATHNAME', 'logistic_iterations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION iterations(logistic_model) IS 'Newton steps to convergence.';

CREATE FUNCTION deviance(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_deviance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION deviance(logistic_model) IS 'Minus twice the log likelihood, in nats.';

CREATE FUNCTION null_deviance(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_null_deviance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION null_deviance(logistic_model) IS
'The deviance of a model with an intercept only; 1 - deviance / null_deviance is McFadden''s R squared.';

CREATE FUNCTION log_likelihood(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_likelihood(logistic_model) IS 'Log likelihood at the coefficients, in nats.';

CREATE FUNCTION aic(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_aic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION aic(logistic_model) IS
'Akaike''s criterion: deviance + 2 per coefficient. NULL with a ridge, which leaves fewer degrees of freedom.';

CREATE FUNCTION condition_number(logistic_model) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_condition_number' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION condition_number(logistic_model) IS
'Ratio of the largest to the smallest singular value of the terms, centred and scaled to unit variance. 1: '
'uncorrelated; above about 30 coefficients share their effects (Belsley, Kuh and Welsch 1980). NULL when terms are '
'constant or collinear, which only a ridge allows.';

-- Coefficients

CREATE FUNCTION coefficients(model logistic_model, level float8 DEFAULT 0.95, OUT term text, OUT coefficient float8,
		OUT std_error float8, OUT z float8, OUT p_value float8, OUT odds_ratio float8, OUT low float8, OUT high float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'logistic_coefficients' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION coefficients(logistic_model, float8) IS
'The intercept and the terms (x1, x2, ... for features): change of the log odds per unit, its standard error, z, '
'two-sided p-value, the odds ratio exp(coefficient), and the interval of the coefficient at the level (Wald); exp() '
'of it is that of the odds ratio. With a ridge the standard errors are those of the shrunken coefficients (le Cessie '
'and van Houwelingen 1992); all but coefficient and odds ratio are NULL for a constant term, which only a ridge '
'allows. Error for a level outside 0..1.';

-- Scoring

CREATE FUNCTION probability(model logistic_model, features float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION probability(logistic_model, float8[]) IS
'The probability that a lead with these features converts, 0 to 1. NULL when the array or an element is NULL; error '
'for another number of features, NaN and infinities.';

CREATE FUNCTION probability(model logistic_model, attributes jsonb) RETURNS float8
	AS 'MODULE_PATHNAME', 'logistic_probability_attributes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION probability(logistic_model, jsonb) IS
'The probability that a lead with these attributes converts, 0 to 1. A level that the model has not seen, or a '
'missing attribute when no lead lacked it, counts as the average lead; other attributes do not matter. NULL for '
'NULL; error when an attribute is a text but was a number, or the reverse, or is an array or an object.';

CREATE FUNCTION explain(model logistic_model, features float8[], OUT term text, OUT value text, OUT contribution float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'logistic_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION explain(logistic_model, float8[]) IS
'What each feature adds to the log odds: with the intercept the rows add up to ln(p / (1 - p)) of probability(). No '
'rows when the array or an element is NULL; errors as there.';

CREATE FUNCTION explain(model logistic_model, attributes jsonb, OUT term text, OUT value text, OUT contribution float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'logistic_explain_attributes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION explain(logistic_model, jsonb) IS
'What each attribute adds to the log odds: with the intercept the rows add up to ln(p / (1 - p)) of probability(). '
'value is NULL where the lead lacks the attribute; errors as there.';

CREATE FUNCTION logistic_model_to_jsonb(logistic_model) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'logistic_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_model_to_jsonb(logistic_model) IS 'The text form as jsonb.';

CREATE CAST (logistic_model AS jsonb) WITH FUNCTION logistic_model_to_jsonb(logistic_model);
COMMENT ON CAST (logistic_model AS jsonb) IS 'the lossless text form as jsonb';
