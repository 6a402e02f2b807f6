-- roc: how well scores tell leads that convert from those that do not.

CREATE TYPE roc;

CREATE FUNCTION roc_in(cstring) RETURNS roc
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_in(cstring) IS 'Reads the JSON text form. Error when malformed.';

CREATE FUNCTION roc_out(roc) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_out(roc) IS 'Writes the JSON text form, without loss.';

CREATE FUNCTION roc_recv(internal) RETURNS roc
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_recv(internal) IS 'Reads the binary form; altered bytes are an error.';

CREATE FUNCTION roc_send(roc) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_send(roc) IS
'Writes the binary form: a version byte, rows left out by reason, then per distinct score its distance from the last '
'and two counts.';

CREATE TYPE roc (
	INPUT = roc_in,
	OUTPUT = roc_out,
	RECEIVE = roc_recv,
	SEND = roc_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended,
	-- That of rate, which low('32/1000') must go on to mean.
	CATEGORY = 'K'
);
COMMENT ON TYPE roc IS
'Distinct scores, each with the leads that converted and those that did not: all that is needed to judge a score. '
'Built by the aggregate roc(), added by + and rollup(). Text form: a lossless JSON object.';

-- Addition

CREATE FUNCTION roc_add(roc, roc) RETURNS roc
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_add(roc, roc) IS
'The roc of both sets of leads, which must not share a lead. NULL when one is NULL; error beyond 2^40 leads.';

CREATE OPERATOR + (
	LEFTARG = roc, RIGHTARG = roc, FUNCTION = roc_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (roc, roc) IS 'the roc of both sets of leads';

CREATE AGGREGATE rollup(roc) (
	SFUNC = roc_add, STYPE = roc, COMBINEFUNC = roc_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(roc) IS 'Adds rocs of disjoint sets of leads. NULLs are skipped; NULL when no row is left.';

-- The aggregate

CREATE FUNCTION roc_accumulate(internal, float8, boolean) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_accumulate(internal, float8, boolean) IS 'Transition function of aggregate roc.';

CREATE FUNCTION roc_accumulate_bins(internal, float8, boolean, integer) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_accumulate_bins(internal, float8, boolean, integer) IS
'Transition function of aggregate roc that rounds scores.';

CREATE FUNCTION roc_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_combine(internal, internal) IS 'Combine function of aggregate roc.';

CREATE FUNCTION roc_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_serialize(internal) IS 'Serialization of the state of aggregate roc.';

CREATE FUNCTION roc_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_deserialize(bytea, internal) IS 'Deserialization of the state of aggregate roc.';

CREATE FUNCTION roc_final(internal) RETURNS roc
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_final(internal) IS 'Final function of aggregate roc.';

CREATE AGGREGATE roc(score float8, converted boolean) (
	SFUNC = roc_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = roc_final, COMBINEFUNC = roc_combine,
	SERIALFUNC = roc_serialize, DESERIALFUNC = roc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE roc(float8, boolean) IS
'The scores of leads and whether they converted, exactly, in any order of rows. A higher score means more likely; '
'any unit, infinite too. Rows whose score is NULL or NaN, or whose outcome is NULL, are counted in ignored(). NULL '
'when there are no rows.';

CREATE AGGREGATE roc(score float8, converted boolean, bins integer) (
	SFUNC = roc_accumulate_bins, STYPE = internal, SSPACE = 4096,
	FINALFUNC = roc_final, COMBINEFUNC = roc_combine,
	SERIALFUNC = roc_serialize, DESERIALFUNC = roc_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE roc(float8, boolean, integer) IS
'The same with scores rounded to multiples of 1/bins, which bounds the size: 1000 keeps three decimals. NULL bins: '
'exact. Error for bins below 1 or above 10^9.';

-- Totals

CREATE FUNCTION converted(roc) RETURNS bigint
	AS 'MODULE_PATHNAME', 'roc_converted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION converted(roc) IS 'Leads that converted. NULL for NULL.';

CREATE FUNCTION not_converted(roc) RETURNS bigint
	AS 'MODULE_PATHNAME', 'roc_not_converted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION not_converted(roc) IS 'Leads that did not convert. NULL for NULL.';

CREATE FUNCTION ignored(roc, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'roc_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 3;
COMMENT ON FUNCTION ignored(roc) IS
'Rows left out, by reason, also where there are none: null_score, null_converted, nan_score.';

-- How well the score ranks

CREATE FUNCTION auc(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_auc' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION auc(roc) IS
'Area under the ROC curve: the probability that a lead that converts scores higher than one that does not, a tie '
'being half (Mann and Whitney 1947). NULL without leads of both kinds.';

CREATE FUNCTION auc_std_error(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_auc_std_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION auc_std_error(roc) IS
'Standard error of the area (DeLong, DeLong and Clarke-Pearson 1988). NULL without two leads of each kind.';

CREATE FUNCTION low(roc roc, level float8 DEFAULT 0.95) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_low' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION low(roc, float8) IS
'Lower bound of the two-sided confidence interval of the area, by DeLong''s standard error on the scale of the log '
'odds. NULL without two leads of each kind, and when that is 0, as for perfect order, which shows no variance to go '
'by; error for a level outside 0..1.';

CREATE FUNCTION high(roc roc, level float8 DEFAULT 0.95) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_high' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION high(roc, float8) IS
'Upper bound of the two-sided confidence interval of the area, by DeLong''s standard error on the scale of the log '
'odds. NULL without two leads of each kind, and when that is 0, as for perfect order, which shows no variance to go '
'by; error for a level outside 0..1.';

CREATE FUNCTION gini(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gini(roc) IS
'Gini coefficient of the score, 2 auc - 1 (Somers'' D). NULL without leads of both kinds.';

CREATE FUNCTION ks(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_ks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ks(roc) IS
'Kolmogorov-Smirnov distance: the largest difference between the shares of converted and of other leads up to a '
'score, 0 to 1, whatever the order of equal scores. NULL without leads of both kinds.';

CREATE FUNCTION average_precision(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_average_precision' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION average_precision(roc) IS
'Precision at each threshold, weighted by the recall that it adds, 0 to 1. NULL without converted leads.';

CREATE FUNCTION lift(roc roc, fraction float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_lift' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lift(roc, float8) IS
'How often leads of the best-scored fraction (above 0, up to 1) convert, relative to all leads; leads of one score '
'that the fraction cuts through count in proportion. NULL without converted leads; error for another fraction.';

CREATE FUNCTION points(roc, OUT threshold float8, OUT converted bigint, OUT not_converted bigint,
		OUT true_positive_rate float8, OUT false_positive_rate float8, OUT precision_rate float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'roc_points' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION points(roc) IS
'The curve: for each distinct score as threshold, highest first, the leads that reach it, converted and not, their '
'shares of all converted (true positive rate, recall) and of all others (false positive rate), and the share of '
'converted among them (precision). The first row, with threshold NULL, is the threshold that nobody reaches. Shares '
'of nothing are NULL.';

CREATE FUNCTION gains(roc roc, bins integer DEFAULT NULL, OUT bin integer, OUT score_from float8, OUT score_to float8,
		OUT leads bigint, OUT converted bigint, OUT conversion rate, OUT cumulative_leads bigint,
		OUT cumulative_converted bigint, OUT capture float8, OUT lift float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'roc_gains' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION gains(roc, integer) IS
'Leads from the best score down in about equal groups (bins, 1 to 10000; 10 for deciles), or by distinct score '
'(NULL). Leads of one score stay together, so groups may differ in size and be fewer. Per group its scores, leads, '
'conversions and rate; cumulative from the top: leads, conversions, capture (share of all conversions) and lift '
'(their rate relative to all leads). capture and lift are NULL without converted leads; no rows for NULL.';

-- Scores as probabilities

CREATE FUNCTION brier(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_brier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier(roc) IS
'Mean squared distance between score and outcome (Brier 1950), 0 to 1, lower is better. NULL without leads; error '
'for scores outside 0..1.';

CREATE FUNCTION brier_decomposition(roc, OUT reliability float8, OUT resolution float8, OUT uncertainty float8)
	AS 'MODULE_PATHNAME', 'roc_brier_decomposition' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_decomposition(roc) IS
'The Brier score as reliability - resolution + uncertainty, by distinct score (Murphy 1973). NULL without leads; '
'error for scores outside 0..1.';

CREATE FUNCTION log_loss(roc) RETURNS float8
	AS 'MODULE_PATHNAME', 'roc_log_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss(roc) IS
'Mean negative log likelihood of the outcomes, in nats. Infinity when a lead with score 0 converted or one with '
'score 1 did not. NULL without leads; error for scores outside 0..1.';

CREATE FUNCTION calibration(roc roc, bins integer DEFAULT 10, OUT bin integer, OUT score_from float8, OUT score_to float8,
		OUT leads bigint, OUT converted bigint, OUT mean_score float8, OUT conversion rate) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'roc_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION calibration(roc, integer) IS
'Scores in bins of equal width (1 to 10000, default 10) from 0 to 1, also empty ones: leads, conversions, their mean '
'score, and how often they converted. A score on a border belongs to the bin above, 1 to the last. mean_score is '
'NULL in an empty bin; error for scores outside 0..1.';

CREATE FUNCTION cox_calibration(roc, OUT intercept float8, OUT slope float8, OUT in_the_large float8)
	AS 'MODULE_PATHNAME', 'roc_cox_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cox_calibration(roc) IS
'Calibration line: log odds of conversion = intercept + slope * log odds of the score; 0 and 1 are perfect, a slope '
'below 1 means the scores are too extreme (Cox 1958). in_the_large: the intercept at slope 1. Scores count as 1e-6 '
'to 1 - 1e-6. NULL where there is no estimate: one kind of leads, one score, perfect separation; error for scores '
'outside 0..1.';

CREATE FUNCTION isotonic(roc, OUT score_from float8, OUT score_to float8, OUT leads bigint, OUT converted bigint,
		OUT probability float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'roc_isotonic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION isotonic(roc) IS
'Probabilities of conversion that never fall as the score rises and fit best, by pooling adjacent violators (Ayer et '
'al. 1955): ranges of scores, from the lowest, with leads and conversions. Any score.';

CREATE FUNCTION roc_to_jsonb(roc) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'roc_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_to_jsonb(roc) IS 'The text form as jsonb.';

CREATE CAST (roc AS jsonb) WITH FUNCTION roc_to_jsonb(roc);
COMMENT ON CAST (roc AS jsonb) IS 'the lossless text form as jsonb';

-- Two scores of the same leads

CREATE TYPE roc_comparison AS (
	leads bigint, converted bigint, ignored bigint, auc_a float8, auc_b float8, difference float8,
	std_error float8, low float8, high float8, z float8, p_value float8
);
COMMENT ON TYPE roc_comparison IS
'The areas of two scores of the same leads and their difference a - b, with standard error, 95 % interval, z and '
'two-sided p-value.';
COMMENT ON COLUMN roc_comparison.ignored IS 'Rows left out: a score is NULL or NaN, or the outcome is NULL.';

CREATE FUNCTION roc_compare_accumulate(internal, float8, float8, boolean) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_compare_accumulate(internal, float8, float8, boolean) IS
'Transition function of aggregate roc_compare.';

CREATE FUNCTION roc_compare_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_compare_combine(internal, internal) IS 'Combine function of aggregate roc_compare.';

CREATE FUNCTION roc_compare_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_compare_serialize(internal) IS 'Serialization of the state of aggregate roc_compare.';

CREATE FUNCTION roc_compare_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roc_compare_deserialize(bytea, internal) IS
'Deserialization of the state of aggregate roc_compare.';

CREATE FUNCTION roc_compare_final(internal) RETURNS roc_comparison
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roc_compare_final(internal) IS 'Final function of aggregate roc_compare.';

CREATE AGGREGATE roc_compare(score_a float8, score_b float8, converted boolean) (
	SFUNC = roc_compare_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = roc_compare_final, COMBINEFUNC = roc_compare_combine,
	SERIALFUNC = roc_compare_serialize, DESERIALFUNC = roc_compare_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE roc_compare(float8, float8, boolean) IS
'Compares two scores of the same leads by their areas: the paired test of DeLong, DeLong and Clarke-Pearson (1988). '
'Rows where anything is NULL or NaN are counted in ignored. Areas are NULL without leads of both kinds; the test '
'without two of each, and where both scores rank the leads alike. NULL when there are no rows.';
