-- change: why revenue, a rate or any product changed.
--
-- Money is numeric, in whatever currency goes in; as with economics, bigint and float8 are there beside it. Period 0 is the one before, period 1 the one after.

-- One product

CREATE FUNCTION product_change(before numeric[], after numeric[], method text DEFAULT 'lmdi') RETURNS numeric[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION product_change(numeric[], numeric[], text) IS
'What each factor of a product contributed to its change, in the order of the factors; the effects add up to the '
'change exactly. Methods: lmdi (logarithmic mean Divisia index, Ang 2005; factors of zero or more; where the product '
'is zero in one period, its zero factors share the change) and shapley (mean over all orders of change; any sign). '
'NULL when a factor is NULL; error when the arrays differ in length, have more than 100 factors, or hold NaN, an '
'infinity or, with lmdi, a negative factor.';

-- FOR EACH number, symbol: numeric ; (none) | bigint ; _bigint | float8 ; _float8
CREATE FUNCTION revenue_change(leads0 {number}, sales0 {number}, revenue0 {number},
		leads1 {number}, sales1 {number}, revenue1 {number}, method text DEFAULT 'lmdi',
		OUT volume numeric, OUT conversion numeric, OUT basket numeric, OUT total numeric)
	AS 'MODULE_PATHNAME', 'revenue_change{symbol}' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_change({number}, {number}, {number}, {number}, {number}, {number}, text) IS
'Why revenue changed from period 0 to period 1: revenue = leads * (sales / leads) * (revenue / sales), money. '
'volume, conversion and basket are the effects of the three factors and add up to total = revenue1 - revenue0 '
'exactly. Methods: lmdi (Ang 2005; zeros in the limit) and shapley. A ratio without a denominator is taken to be '
'unchanged. The effects are NULL, and total is not, when a period has sales without leads or revenue without sales. '
'NULL when an argument is NULL; error on negative leads or sales, on NaN or an infinity, and, with lmdi, on negative '
'revenue.';

-- END EACH
-- A rate over segments

CREATE TYPE mix_change AS (
	segments bigint,
	rate0 rate,
	rate1 rate,
	total float8,
	rate_effect float8,
	mix_effect float8,
	simpson boolean,
	odds_ratio float8,
	p_value float8
);
COMMENT ON TYPE mix_change IS 'Why a rate changed, over segments: the result of aggregate mix_change.';
COMMENT ON COLUMN mix_change.segments IS 'segments with trials in either period';
COMMENT ON COLUMN mix_change.rate0 IS 'the pooled rate before';
COMMENT ON COLUMN mix_change.rate1 IS 'the pooled rate after';
COMMENT ON COLUMN mix_change.total IS 'rate1 - rate0, a fraction; NULL without trials in either period';
COMMENT ON COLUMN mix_change.rate_effect IS 'the part of total that comes from the segments'' own rates';
COMMENT ON COLUMN mix_change.mix_effect IS 'the part of total that comes from the segments'' shares of the trials';
COMMENT ON COLUMN mix_change.simpson IS 'whether every segment that moved moved one way, and the total the other';
COMMENT ON COLUMN mix_change.odds_ratio IS 'Mantel-Haenszel odds ratio, after over before, the segments held apart; NULL when nothing can be compared';
COMMENT ON COLUMN mix_change.p_value IS
'two-sided p-value of the Cochran-Mantel-Haenszel test that no segment''s rate changed, with steps and skewness '
'allowed for where few hits are expected; NULL when nothing can be compared';

-- FOR EACH count, symbol: bigint ; (none) | numeric ; _numeric | float8 ; _float8
CREATE FUNCTION mix_change_accumulate(internal, {count}, {count}, {count}, {count}) RETURNS internal
	AS 'MODULE_PATHNAME', 'mix_change_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_accumulate(internal, {count}, {count}, {count}, {count}) IS
'transition function of aggregate mix_change over counts';

-- END EACH
CREATE FUNCTION mix_change_accumulate(internal, rate, rate) RETURNS internal
	AS 'MODULE_PATHNAME', 'mix_change_accumulate_rates' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_accumulate(internal, rate, rate) IS
'transition function of aggregate mix_change over rates';

CREATE FUNCTION mix_change_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_combine(internal, internal) IS 'combine function of aggregate mix_change';

CREATE FUNCTION mix_change_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_serialize(internal) IS 'serialization of the state of aggregate mix_change';

CREATE FUNCTION mix_change_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_deserialize(bytea, internal) IS 'deserialization of the state of aggregate mix_change';

CREATE FUNCTION mix_change_final(internal) RETURNS mix_change
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mix_change_final(internal) IS 'final function of aggregate mix_change';

-- FOR EACH count: bigint | numeric | float8
CREATE AGGREGATE mix_change(hits0 {count}, trials0 {count}, hits1 {count}, trials1 {count}) (
	SFUNC = mix_change_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = mix_change_final,
	COMBINEFUNC = mix_change_combine,
	SERIALFUNC = mix_change_serialize, DESERIALFUNC = mix_change_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mix_change({count}, {count}, {count}, {count}) IS
'Why a rate changed, over segments, one row each (Kitagawa 1955): the segments'' own rates (rate_effect) or their '
'shares of the trials (mix_effect), which add up to the change, with a flag for Simpson''s paradox, and the '
'Mantel-Haenszel odds ratio and test (1959). NULL counts are 0, as FULL JOIN leaves them. A segment without trials '
'in one period is taken to have had the rate of the other one, so all it does is mix. NULL without rows; error on a '
'negative count or more hits than trials.';

-- END EACH
CREATE AGGREGATE mix_change(before rate, after rate) (
	SFUNC = mix_change_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = mix_change_final,
	COMBINEFUNC = mix_change_combine,
	SERIALFUNC = mix_change_serialize, DESERIALFUNC = mix_change_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mix_change(rate, rate) IS
'Why a rate changed, over segments, one row each, as mix_change over counts. A NULL rate is 0/0, as FULL JOIN leaves '
'it.';

CREATE FUNCTION segment_effect(before rate, after rate, rate0 rate, rate1 rate,
		OUT rate_effect float8, OUT mix_effect float8)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION segment_effect(rate, rate, rate, rate) IS
'One segment''s part in the rate_effect and the mix_effect of mix_change: before and after are the segment''s rates, '
'rate0 and rate1 those of all segments together. The mix part is measured from the mean rate: positive for a segment '
'better than it that grew, or worse than it that shrank. Over all segments they add up to the effects of mix_change. '
'NULL when rate0 or rate1 has no trials, or an argument is NULL; error when the segment is no part of the total.';

-- Revenue over segments

CREATE TYPE revenue_mix_change AS (
	segments bigint,
	volume numeric,
	mix numeric,
	conversion numeric,
	basket numeric,
	unexplained numeric,
	total numeric
);
COMMENT ON TYPE revenue_mix_change IS
'Why revenue changed, over segments: the result of aggregate revenue_mix_change. volume + mix + conversion + basket '
'+ unexplained = total, exactly.';
COMMENT ON COLUMN revenue_mix_change.segments IS 'segments with leads, sales or revenue in either period';
COMMENT ON COLUMN revenue_mix_change.volume IS 'effect of the number of leads in all, money';
COMMENT ON COLUMN revenue_mix_change.mix IS 'effect of the segments'' shares of the leads, money';
COMMENT ON COLUMN revenue_mix_change.conversion IS 'effect of sales / leads within the segments, money';
COMMENT ON COLUMN revenue_mix_change.basket IS 'effect of revenue / sales within the segments, money';
COMMENT ON COLUMN revenue_mix_change.unexplained IS
'change of revenue in segments where leads and sales do not explain it: sales without leads, revenue without sales, '
'or negative revenue in either period; money';
COMMENT ON COLUMN revenue_mix_change.total IS 'revenue after - revenue before, money';

-- FOR EACH number, symbol: numeric ; (none) | bigint ; _bigint | float8 ; _float8
CREATE FUNCTION revenue_mix_change_accumulate(internal, {number}, {number}, {number}, {number}, {number}, {number}) RETURNS internal
	AS 'MODULE_PATHNAME', 'revenue_mix_change_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_mix_change_accumulate(internal, {number}, {number}, {number}, {number}, {number}, {number}) IS
'transition function of aggregate revenue_mix_change';

-- END EACH
CREATE FUNCTION revenue_mix_change_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_mix_change_combine(internal, internal) IS
'combine function of aggregate revenue_mix_change';

CREATE FUNCTION revenue_mix_change_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_mix_change_serialize(internal) IS
'serialization of the state of aggregate revenue_mix_change';

CREATE FUNCTION revenue_mix_change_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_mix_change_deserialize(bytea, internal) IS
'deserialization of the state of aggregate revenue_mix_change';

CREATE FUNCTION revenue_mix_change_final(internal) RETURNS revenue_mix_change
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_mix_change_final(internal) IS 'final function of aggregate revenue_mix_change';

-- FOR EACH number: numeric | bigint | float8
CREATE AGGREGATE revenue_mix_change(leads0 {number}, sales0 {number}, revenue0 {number},
		leads1 {number}, sales1 {number}, revenue1 {number}) (
	SFUNC = revenue_mix_change_accumulate, STYPE = internal, SSPACE = 4096,
	FINALFUNC = revenue_mix_change_final,
	COMBINEFUNC = revenue_mix_change_combine,
	SERIALFUNC = revenue_mix_change_serialize, DESERIALFUNC = revenue_mix_change_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_mix_change({number}, {number}, {number}, {number}, {number}, {number}) IS
'Why revenue changed from period 0 to period 1, over segments, one row each: volume of leads, mix of the segments, '
'conversion and basket within them, by LMDI (Ang 2005); they add up to the change exactly. NULL is 0, as FULL JOIN '
'leaves it. A segment that came or went is mix. What leads and sales do not explain is in unexplained. NULL without '
'rows; error on negative leads or sales, on NaN or an infinity, and on NULL revenue where there are sales.';

-- END EACH
