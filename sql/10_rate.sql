-- rate: hits among trials.

CREATE TYPE rate;

CREATE FUNCTION rate_in(cstring) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_in(cstring) IS
'Reads hits/trials. Error when malformed, negative, beyond bigint, or when hits exceed trials.';

CREATE FUNCTION rate_out(rate) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_out(rate) IS 'Writes hits/trials, without loss.';

CREATE FUNCTION rate_recv(internal) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_recv(internal) IS
'Reads the binary form: a version byte, then hits and trials, 8 bytes each in network order. Error unless 0 <= hits '
'<= trials.';

CREATE FUNCTION rate_send(rate) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_send(rate) IS
'Writes the binary form: a version byte, then hits and trials, 8 bytes each in network order.';

CREATE TYPE rate (
	INPUT = rate_in,
	OUTPUT = rate_out,
	RECEIVE = rate_recv,
	SEND = rate_send,
	INTERNALLENGTH = 16,
	ALIGNMENT = double,
	STORAGE = plain,
	-- Accessors such as low() are there for several types; a bare literal, as in low('32/1000'), is a rate.
	CATEGORY = 'K',
	PREFERRED = true
);
COMMENT ON TYPE rate IS
'A rate as two counts, written hits/trials, such as 32/1000. Rates add up; 0/0 means no evidence and has no value.';

-- Constructor and accessors

-- Sums of counts are numeric, estimates float8; what integers come to is float8, which PostgreSQL prefers of several.
-- FOR EACH number, symbol: bigint ; rate_make | numeric ; rate_make_numeric | float8 ; rate_make_float8
CREATE FUNCTION rate(hits {number}, trials {number}) RETURNS rate
	AS 'MODULE_PATHNAME', '{symbol}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate({number}, {number}) IS
'The rate of hits among trials. NULL when either is NULL; error when a count is negative or not whole, or hits exceed '
'trials.';

-- END EACH
CREATE FUNCTION hits(rate rate) RETURNS bigint
	AS 'MODULE_PATHNAME', 'rate_hits' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hits(rate) IS 'The count of hits. NULL for NULL.';

CREATE FUNCTION trials(rate rate) RETURNS bigint
	AS 'MODULE_PATHNAME', 'rate_trials' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION trials(rate) IS 'The count of trials. NULL for NULL.';

CREATE FUNCTION rate_to_float8(rate) RETURNS float8
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_to_float8(rate) IS 'hits / trials, a fraction from 0 to 1. NULL without trials.';

CREATE FUNCTION rate_to_numeric(rate) RETURNS numeric
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_to_numeric(rate) IS
'hits / trials, a fraction from 0 to 1 with at least 16 significant digits. NULL without trials.';

-- On assignment only: the fraction no longer knows its trials, so it must not slip into an expression unasked.
CREATE CAST (rate AS float8) WITH FUNCTION rate_to_float8(rate) AS ASSIGNMENT;
COMMENT ON CAST (rate AS float8) IS 'hits / trials; NULL without trials';

CREATE CAST (rate AS numeric) WITH FUNCTION rate_to_numeric(rate) AS ASSIGNMENT;
COMMENT ON CAST (rate AS numeric) IS 'hits / trials; NULL without trials';

-- Addition and aggregates

CREATE FUNCTION rate_add(rate, rate) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_add(rate, rate) IS
'The pooled rate: hits and trials added. Error when the trials exceed bigint.';

CREATE FUNCTION rate_subtract(rate, rate) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_subtract(rate, rate) IS
'Takes a part back out of a pooled rate, for moving windows. Error when it was no part of it.';

CREATE FUNCTION rate_accum(rate, boolean) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_accum(rate, boolean) IS 'Counts one more trial: transition function of rate(boolean).';

CREATE FUNCTION rate_discard(rate, boolean) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_discard(rate, boolean) IS
'Takes one trial back, for moving windows. Error when there is none.';

CREATE OPERATOR + (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (rate, rate) IS 'the pooled rate: hits and trials added';

CREATE AGGREGATE rate(hit boolean) (
	SFUNC = rate_accum, STYPE = rate, INITCOND = '0/0',
	COMBINEFUNC = rate_add,
	MSFUNC = rate_accum, MINVFUNC = rate_discard, MSTYPE = rate, MINITCOND = '0/0',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rate(boolean) IS
'The rate of true among the rows that are true or false. NULL is no trial; 0/0 when there is none.';

CREATE AGGREGATE sum(rate) (
	SFUNC = rate_add, STYPE = rate,
	COMBINEFUNC = rate_add,
	MSFUNC = rate_add, MINVFUNC = rate_subtract, MSTYPE = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(rate) IS
'The pooled rate: hits and trials added up. NULLs are skipped; NULL when no row is left.';

CREATE AGGREGATE rollup(rate) (
	SFUNC = rate_add, STYPE = rate,
	COMBINEFUNC = rate_add,
	MSFUNC = rate_add, MINVFUNC = rate_subtract, MSTYPE = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(rate) IS 'The same as sum(rate), under the name that every summary type has.';

-- Order and hash

CREATE FUNCTION rate_eq(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_eq(rate, rate) IS 'Same hits and same trials: 1/2 is not 2/4.';

CREATE FUNCTION rate_ne(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_ne(rate, rate) IS 'Different hits or different trials.';

CREATE FUNCTION rate_lt(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_lt(rate, rate) IS 'Before in the order by ratio, then by trials; 0/0 comes last.';

CREATE FUNCTION rate_le(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_le(rate, rate) IS 'Before or equal in the order by ratio, then by trials; 0/0 comes last.';

CREATE FUNCTION rate_gt(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_gt(rate, rate) IS 'After in the order by ratio, then by trials; 0/0 comes last.';

CREATE FUNCTION rate_ge(rate, rate) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_ge(rate, rate) IS 'After or equal in the order by ratio, then by trials; 0/0 comes last.';

CREATE FUNCTION rate_cmp(rate, rate) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_cmp(rate, rate) IS '-1, 0 or 1: exact order by ratio, then by trials; 0/0 comes last.';

CREATE FUNCTION rate_hash(rate) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_hash(rate) IS 'Hash of hits and trials.';

CREATE FUNCTION rate_hash_extended(rate, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_hash_extended(rate, bigint) IS 'Seeded 64 bit hash of hits and trials.';

CREATE FUNCTION rate_smaller(rate, rate) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_smaller(rate, rate) IS 'The first of the two in the order of rates.';

CREATE FUNCTION rate_larger(rate, rate) RETURNS rate
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_larger(rate, rate) IS 'The last of the two in the order of rates.';

CREATE OPERATOR = (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (rate, rate) IS 'same hits and same trials';

CREATE OPERATOR <> (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (rate, rate) IS 'different hits or different trials';

CREATE OPERATOR < (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (rate, rate) IS 'before, by ratio, then by trials; 0/0 last';

CREATE OPERATOR <= (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (rate, rate) IS 'before or equal, by ratio, then by trials; 0/0 last';

CREATE OPERATOR > (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (rate, rate) IS 'after, by ratio, then by trials; 0/0 last';

CREATE OPERATOR >= (
	LEFTARG = rate, RIGHTARG = rate, FUNCTION = rate_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (rate, rate) IS 'after or equal, by ratio, then by trials; 0/0 last';

CREATE OPERATOR CLASS rate_ops DEFAULT FOR TYPE rate USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 rate_cmp(rate, rate);
COMMENT ON OPERATOR CLASS rate_ops USING btree IS 'order of rates: by ratio, then by trials; 0/0 last';
COMMENT ON OPERATOR FAMILY rate_ops USING btree IS 'order of rates: by ratio, then by trials; 0/0 last';

CREATE OPERATOR CLASS rate_ops DEFAULT FOR TYPE rate USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 rate_hash(rate),
	FUNCTION 2 rate_hash_extended(rate, bigint);
COMMENT ON OPERATOR CLASS rate_ops USING hash IS 'equality of rates: same hits and same trials';
COMMENT ON OPERATOR FAMILY rate_ops USING hash IS 'equality of rates: same hits and same trials';

CREATE AGGREGATE min(rate) (
	SFUNC = rate_smaller, STYPE = rate, COMBINEFUNC = rate_smaller, SORTOP = <, PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(rate) IS 'The lowest rate. NULLs are skipped; NULL when no row is left.';

CREATE AGGREGATE max(rate) (
	SFUNC = rate_larger, STYPE = rate, COMBINEFUNC = rate_larger, SORTOP = >, PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(rate) IS
'The highest rate, which is 0/0 when that occurs: filter on trials(rate) > 0. NULLs are skipped; NULL when no row is '
'left.';

-- Intervals and comparison

CREATE FUNCTION low(rate rate, level float8 DEFAULT 0.95, method text DEFAULT 'wilson') RETURNS float8
	AS 'MODULE_PATHNAME', 'rate_low' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION low(rate, float8, text) IS
'Lower bound of the two-sided confidence interval of a rate, a fraction. Methods: wilson (Wilson 1927), jeffreys '
'(Brown, Cai and DasGupta 2001), clopper_pearson (Clopper and Pearson 1934), mid_p (Lancaster 1961), agresti_coull '
'(Agresti and Coull 1998, may fall below 0). NULL without trials; error on an unknown method or a level outside 0..1.';

CREATE FUNCTION high(rate rate, level float8 DEFAULT 0.95, method text DEFAULT 'wilson') RETURNS float8
	AS 'MODULE_PATHNAME', 'rate_high' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION high(rate, float8, text) IS
'Upper bound of the two-sided confidence interval of a rate, a fraction. Methods: wilson (Wilson 1927), jeffreys '
'(Brown, Cai and DasGupta 2001), clopper_pearson (Clopper and Pearson 1934), mid_p (Lancaster 1961), agresti_coull '
'(Agresti and Coull 1998, may exceed 1). NULL without trials; error on an unknown method or a level outside 0..1.';

CREATE FUNCTION compare(a rate, b rate, level float8 DEFAULT 0.95,
		OUT difference float8, OUT low float8, OUT high float8,
		OUT p_value float8, OUT probability_better float8)
	AS 'MODULE_PATHNAME', 'rate_compare' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION compare(rate, rate, float8) IS
'Two rates compared: difference a - b as a fraction with its interval (Newcombe 1998, hybrid score), two-sided '
'p-value (z test with pooled variance, exact where counts are small; NULL when both are all hits or both have none), and the probability that a is '
'better (Jeffreys priors). Where a group would have few hits or misses at the pooled rate, p-value and interval are '
'kept to Fisher''s exact test (1935) and the bounds of Clopper and Pearson (1934): alone up to one, with a weight that '
'falls from there on. All NULL when either has no trials.';

-- FOR EACH number, symbol: bigint ; rate_predict | numeric ; rate_predict_numeric | float8 ; rate_predict_float8
CREATE FUNCTION predict(rate rate, trials {number}, level float8 DEFAULT 0.95, OUT low bigint, OUT high bigint)
	AS 'MODULE_PATHNAME', '{symbol}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION predict(rate, {number}, float8) IS
'Prediction interval of the hits among so many further trials at an unchanged rate: quantiles of the beta-binomial '
'distribution that the rate''s own trials and a Beta(1/2, 1/2) prior give. It covers chance and what is not known '
'about the rate, not a change of the rate. NULL when the rate has no trials; error on trials that are negative or not '
'whole, or a level outside 0..1.';

-- END EACH
CREATE FUNCTION p_value_below(rate rate, threshold float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'rate_p_value_below' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION p_value_below(rate, float8) IS
'The probability of so many hits or fewer if the true rate were the threshold (a fraction): the exact one-sided '
'binomial test (Clopper and Pearson 1934) of a rate below it. NULL when the rate has no trials; error on a threshold '
'outside 0..1.';

CREATE FUNCTION p_value_above(rate rate, threshold float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'rate_p_value_above' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION p_value_above(rate, float8) IS
'The probability of so many hits or more if the true rate were the threshold (a fraction): the exact one-sided '
'binomial test (Clopper and Pearson 1934) of a rate above it. NULL when the rate has no trials; error on a threshold '
'outside 0..1.';

-- Several rates

CREATE TYPE rate_homogeneity AS (
	pooled rate, statistic float8, degrees_of_freedom bigint, p_value float8, least_expected float8
);
COMMENT ON TYPE rate_homogeneity IS
'Whether the rates of several groups differ: the result of aggregate rate_homogeneity.';
COMMENT ON COLUMN rate_homogeneity.pooled IS 'the rate of all groups together';
COMMENT ON COLUMN rate_homogeneity.statistic IS 'chi-square; NULL when nothing can be compared';
COMMENT ON COLUMN rate_homogeneity.degrees_of_freedom IS 'groups with trials, less one';
COMMENT ON COLUMN rate_homogeneity.p_value IS 'the probability of rates at least so different if all groups had one; NULL when nothing can be compared';
COMMENT ON COLUMN rate_homogeneity.least_expected IS
'the fewest hits, or misses, that a group would have at the pooled rate; below 5 the p-value allows for it';

CREATE FUNCTION rate_homogeneity_accumulate(internal, rate) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_homogeneity_accumulate(internal, rate) IS 'transition function of aggregate rate_homogeneity';

CREATE FUNCTION rate_homogeneity_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_homogeneity_combine(internal, internal) IS 'combine function of aggregate rate_homogeneity';

CREATE FUNCTION rate_homogeneity_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_homogeneity_serialize(internal) IS 'serialization of the state of aggregate rate_homogeneity';

CREATE FUNCTION rate_homogeneity_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_homogeneity_deserialize(bytea, internal) IS
'deserialization of the state of aggregate rate_homogeneity';

CREATE FUNCTION rate_homogeneity_final(internal) RETURNS rate_homogeneity
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_homogeneity_final(internal) IS 'final function of aggregate rate_homogeneity';

CREATE AGGREGATE rate_homogeneity(rate rate) (
	SFUNC = rate_homogeneity_accumulate, STYPE = internal, SSPACE = 640,
	FINALFUNC = rate_homogeneity_final,
	COMBINEFUNC = rate_homogeneity_combine,
	SERIALFUNC = rate_homogeneity_serialize,
	DESERIALFUNC = rate_homogeneity_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rate_homogeneity(rate) IS
'Do the rates of several groups, one row each, differ beyond chance? The chi-square test of homogeneity (Pearson '
'1900), without continuity correction; of two groups the test of compare(); of more, where a group would have fewer '
'than five hits or misses, no less than by the gamma distribution of the exact mean and variance. It does not say '
'which group differs. A '
'group whose rate is NULL or without trials is none. statistic and p_value are NULL with fewer than two groups, and '
'when all groups together have hits only, or none. NULL without rows.';
