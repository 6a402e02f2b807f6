-- moments: an average whose uncertainty is known, such as revenue per lead.

CREATE TYPE moments;

CREATE FUNCTION moments_in(cstring) RETURNS moments
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_in(cstring) IS
'Reads the text form, a JSON object. Error when malformed or when count and sums do not fit each other.';

CREATE FUNCTION moments_out(moments) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_out(moments) IS
'Writes the text form, a JSON object: each sum as the numbers that add up to it, the rounded sum first. Without loss.';

CREATE FUNCTION moments_recv(internal) RETURNS moments
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_recv(internal) IS
'Reads the binary form. Error when malformed or when count and sums do not fit each other.';

CREATE FUNCTION moments_send(moments) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_send(moments) IS 'Writes the binary form.';

CREATE TYPE moments (
	INPUT = moments_in,
	OUTPUT = moments_out,
	RECEIVE = moments_recv,
	SEND = moments_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended,
	CATEGORY = 'K'
);
COMMENT ON TYPE moments IS
'Count, exact sum and exact sum of squares of values, of which most may be 0, such as the revenue of each lead. '
'Built by the aggregate moments(), added by + and rollup(), read by mean(), variance(), std_error(), low(), high(), '
'total(), observations(), non_zero() and compare(). Text form: a lossless JSON object.';

-- Adding

CREATE FUNCTION moments_add(moments, moments) RETURNS moments
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_add(moments, moments) IS 'The moments of both sets of values. NULL when one is NULL.';

CREATE OPERATOR + (
	LEFTARG = moments, RIGHTARG = moments, FUNCTION = moments_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (moments, moments) IS 'the moments of both sets of values';

CREATE AGGREGATE rollup(moments) (
	SFUNC = moments_add, STYPE = moments,
	COMBINEFUNC = moments_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(moments) IS
'Adds moments of disjoint sets of values. NULLs are skipped; NULL when no row is left.';

CREATE FUNCTION subtract(moments, moments) RETURNS moments
	AS 'MODULE_PATHNAME', 'moments_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION subtract(moments, moments) IS
'Internal to the refresh of a stored mart: the moments of the values that are in the first and not in the second, to '
'the bit. Error when the second is not part of the first. NULL when one is NULL.';

-- Building

CREATE FUNCTION moments_accumulate(internal, float8) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION moments_accumulate(internal, float8) IS 'transition function of aggregate moments';

CREATE FUNCTION moments_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION moments_combine(internal, internal) IS 'combine function of aggregate moments';

CREATE FUNCTION moments_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_serialize(internal) IS 'serialization of the state of aggregate moments';

CREATE FUNCTION moments_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moments_deserialize(bytea, internal) IS 'deserialization of the state of aggregate moments';

CREATE FUNCTION moments_final(internal) RETURNS moments
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION moments_final(internal) IS 'final function of aggregate moments';

CREATE AGGREGATE moments(value float8) (
	SFUNC = moments_accumulate, STYPE = internal, SSPACE = 1200,
	FINALFUNC = moments_final,
	COMBINEFUNC = moments_combine,
	SERIALFUNC = moments_serialize, DESERIALFUNC = moments_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE moments(float8) IS
'Count, sum and sum of squares of the values, exactly. For revenue per lead give every lead its revenue, and 0 to '
'those without a sale. NULL is no value. NULL without rows; error on NaN, an infinity, or a value that is not 0 and '
'not from 1e-140 to 1e140 in magnitude.';

-- Reading

CREATE FUNCTION observations(moments moments) RETURNS bigint
	AS 'MODULE_PATHNAME', 'moments_observations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION observations(moments) IS 'How many values there were, zeros included. NULL for NULL.';

CREATE FUNCTION non_zero(moments moments) RETURNS bigint
	AS 'MODULE_PATHNAME', 'moments_non_zero' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION non_zero(moments) IS 'How many values were not 0: the leads that brought revenue. NULL for NULL.';

CREATE FUNCTION total(moments moments) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total(moments) IS 'The sum of the values, in their unit, rounded once. NULL for NULL.';

CREATE FUNCTION mean(moments moments) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean(moments) IS 'The average of the values, in their unit. NULL without values.';

CREATE FUNCTION variance(moments moments) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_variance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION variance(moments) IS
'The sample variance of the values (divided by n - 1), in their unit squared. NULL with fewer than two values.';

CREATE FUNCTION std_error(moments moments) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_std_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION std_error(moments) IS
'The standard error of the mean, in the unit of the values. NULL with fewer than two values.';

CREATE FUNCTION low(moments moments, level float8 DEFAULT 0.95) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_low' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION low(moments, float8) IS
'Lower bound of the two-sided confidence interval of the mean, in the unit of the values (Student 1908). NULL when '
'fewer than 10 values are not 0, or all values are equal: then the values do not tell their spread. Error on a level '
'outside 0..1.';

CREATE FUNCTION high(moments moments, level float8 DEFAULT 0.95) RETURNS float8
	AS 'MODULE_PATHNAME', 'moments_high' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION high(moments, float8) IS
'Upper bound of the two-sided confidence interval of the mean, in the unit of the values (Student 1908). NULL when '
'fewer than 10 values are not 0, or all values are equal: then the values do not tell their spread. Error on a level '
'outside 0..1.';

CREATE FUNCTION compare(a moments, b moments, level float8 DEFAULT 0.95,
		OUT difference float8, OUT low float8, OUT high float8, OUT p_value float8)
	AS 'MODULE_PATHNAME', 'moments_compare' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION compare(moments, moments, float8) IS
'Two means compared: difference a - b in the unit of the values with its interval and two-sided p-value (Welch 1947: '
'unequal variances). difference is NULL when a side has no values; the rest when a side has fewer than 10 values '
'that are not 0, or no value differs from another one. Error on a level outside 0..1.';
