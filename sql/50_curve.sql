-- curve: when leads convert, told by leads of which some are still open.

CREATE TYPE conversion_curve;

CREATE FUNCTION conversion_curve_in(cstring) RETURNS conversion_curve
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_in(cstring) IS 'input of type conversion_curve';

CREATE FUNCTION conversion_curve_out(conversion_curve) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_out(conversion_curve) IS 'output of type conversion_curve';

CREATE FUNCTION conversion_curve_recv(internal) RETURNS conversion_curve
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_recv(internal) IS 'binary input of type conversion_curve';

CREATE FUNCTION conversion_curve_send(conversion_curve) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_send(conversion_curve) IS 'binary output of type conversion_curve';

CREATE TYPE conversion_curve (
	INPUT = conversion_curve_in,
	OUTPUT = conversion_curve_out,
	RECEIVE = conversion_curve_recv,
	SEND = conversion_curve_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended,
	CATEGORY = 'K'
);
COMMENT ON TYPE conversion_curve IS
'How many leads converted, were lost, or were last seen open (censored), at every age since they entered. Built by '
'the aggregate conversion_curve(), added by + and rollup(), read by converted_within(), low(), high(), median(), '
'quantile(), ultimate(), points(), at_risk(), compare() and ignored(). Text form: a lossless JSON object.';

-- Adding

CREATE FUNCTION conversion_curve_add(conversion_curve, conversion_curve) RETURNS conversion_curve
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_add(conversion_curve, conversion_curve) IS
'The curve of both sets of leads, which must not share a lead. Error when the resolutions differ. NULL when one is '
'NULL.';

CREATE OPERATOR + (
	LEFTARG = conversion_curve,
	RIGHTARG = conversion_curve,
	FUNCTION = conversion_curve_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (conversion_curve, conversion_curve) IS
'the curve of both sets of leads; error when the resolutions differ';

CREATE AGGREGATE rollup(conversion_curve) (
	SFUNC = conversion_curve_add,
	STYPE = conversion_curve,
	COMBINEFUNC = conversion_curve_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(conversion_curve) IS
'Adds curves of disjoint sets of leads. NULLs are skipped; no curves: NULL. Error when resolutions differ.';

CREATE FUNCTION subtract(conversion_curve, conversion_curve) RETURNS conversion_curve
	AS 'MODULE_PATHNAME', 'curve_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION subtract(conversion_curve, conversion_curve) IS
'Internal to the refresh of a stored mart: the curve of the leads that are in the first and not in the second, to the '
'bit. Error when the second is not part of the first. NULL when one is NULL.';

-- Building

-- Timestamps without time zone and dates are taken as they are, so that no session's zone decides how many days lie between.
-- FOR EACH time, symbol: timestamptz ; (none) | timestamp ; (none) | date ; _date
CREATE FUNCTION curve_accumulate(internal, {time}, {time}, {time}) RETURNS internal
	AS 'MODULE_PATHNAME', 'curve_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_accumulate(internal, {time}, {time}, {time}) IS
'transition function of aggregate conversion_curve';

CREATE FUNCTION curve_accumulate(internal, {time}, {time}, {time}, interval) RETURNS internal
	AS 'MODULE_PATHNAME', 'curve_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_accumulate(internal, {time}, {time}, {time}, interval) IS
'transition function of aggregate conversion_curve with a resolution';

CREATE FUNCTION curve_accumulate_lost(internal, {time}, {time}, {time}, {time}, interval) RETURNS internal
	AS 'MODULE_PATHNAME', 'curve_accumulate_lost{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_accumulate_lost(internal, {time}, {time}, {time}, {time}, interval) IS
'transition function of aggregate conversion_curve with lost leads';

-- END EACH
CREATE FUNCTION curve_accumulate_elapsed(internal, interval, text) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_accumulate_elapsed(internal, interval, text) IS
'transition function of aggregate conversion_curve over elapsed times';

CREATE FUNCTION curve_accumulate_elapsed(internal, interval, text, interval) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_accumulate_elapsed(internal, interval, text, interval) IS
'transition function of aggregate conversion_curve over elapsed times with a resolution';

CREATE FUNCTION curve_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_combine(internal, internal) IS 'combine function of aggregate conversion_curve';

CREATE FUNCTION curve_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION curve_serialize(internal) IS 'serialization of the state of aggregate conversion_curve';

CREATE FUNCTION curve_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION curve_deserialize(bytea, internal) IS 'deserialization of the state of aggregate conversion_curve';

CREATE FUNCTION curve_final(internal) RETURNS conversion_curve
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION curve_final(internal) IS 'final function of aggregate conversion_curve';

-- FOR EACH time: timestamptz | timestamp | date
CREATE AGGREGATE conversion_curve(entered_at {time}, converted_at {time}, observed_until {time}) (
	SFUNC = curve_accumulate,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = curve_final,
	COMBINEFUNC = curve_combine,
	SERIALFUNC = curve_serialize,
	DESERIALFUNC = curve_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_curve({time}, {time}, {time}) IS
'The conversion curve of leads, one row each, in days: see the form with a resolution.';

CREATE AGGREGATE conversion_curve(entered_at {time}, converted_at {time}, observed_until {time}, resolution interval) (
	SFUNC = curve_accumulate,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = curve_final,
	COMBINEFUNC = curve_combine,
	SERIALFUNC = curve_serialize,
	DESERIALFUNC = curve_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_curve({time}, {time}, {time}, interval) IS
'The conversion curve of leads, one row each: when the lead entered, when it converted (NULL or infinity: not yet), '
'and until when it was observed, usually the time of the data. A conversion after observed_until is not known yet: '
'the lead is censored there. Ages are whole units of resolution, rounded down; a length of time without months, the '
'same for all rows; 0 is exact to the microsecond; NULL is 1 day; a lead is at risk through its last unit. Rows with '
'a NULL or infinite entered_at or observed_until, entered after they were observed, or converted before they '
'entered, are counted in ignored(). NULL when there are no rows.';

CREATE AGGREGATE conversion_curve(entered_at {time}, converted_at {time}, lost_at {time}, observed_until {time}, resolution interval) (
	SFUNC = curve_accumulate_lost,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = curve_final,
	COMBINEFUNC = curve_combine,
	SERIALFUNC = curve_serialize,
	DESERIALFUNC = curve_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_curve({time}, {time}, {time}, {time}, interval) IS
'The conversion curve of leads that can also be lost, which competes with conversion: see the form without lost_at. '
'lost_at: when the lead was lost, NULL or infinity: not lost. What comes first counts; at the same time, the '
'conversion. Rows lost before they entered are counted in ignored(). NULL when there are no rows.';

-- END EACH
CREATE AGGREGATE conversion_curve(elapsed interval, outcome text) (
	SFUNC = curve_accumulate_elapsed,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = curve_final,
	COMBINEFUNC = curve_combine,
	SERIALFUNC = curve_serialize,
	DESERIALFUNC = curve_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_curve(interval, text) IS
'The conversion curve of leads, one row each, in days: see the form with a resolution.';

CREATE AGGREGATE conversion_curve(elapsed interval, outcome text, resolution interval) (
	SFUNC = curve_accumulate_elapsed,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = curve_final,
	COMBINEFUNC = curve_combine,
	SERIALFUNC = curve_serialize,
	DESERIALFUNC = curve_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_curve(interval, text, interval) IS
'The conversion curve of leads, one row each: the time from entry to the outcome, a length of time without months, '
'and the outcome: ''converted'', ''lost'', or ''censored'' for a lead that was still open when last observed. '
'resolution: as in the form with timestamps. NULL and infinite times and NULL outcomes are counted in ignored(); '
'other outcomes and negative times are errors. NULL when there are no rows.';

-- The curve at an age

CREATE FUNCTION converted_within(curve conversion_curve, within interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_converted_within' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION converted_within(conversion_curve, interval) IS
'The share (0 to 1) of leads that convert within this age, rounded down to whole units of the resolution, the unit '
'included: 1 - Kaplan-Meier (1958); with lost leads the cumulative incidence of Aalen and Johansen (1978). '
'Conversions count before censoring at the same age. NULL beyond the age of the oldest open lead, where nobody was '
'observed; known for ever when no lead is open. Error for an age with months or below zero.';

CREATE FUNCTION converted_within(curve conversion_curve) RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_converted_at_end' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION converted_within(conversion_curve) IS
'The share (0 to 1) of leads that convert within the oldest age that any was observed at: where the curve ends, and the largest conversion of its points. NULL '
'for a curve of no leads.';

CREATE FUNCTION low(curve conversion_curve, within interval, level double precision DEFAULT 0.95, method text DEFAULT 'log_log') RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_low' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION low(conversion_curve, interval, double precision, text) IS
'Lower bound of converted_within(curve, within) at a level of confidence between 0 and 1. Methods: log_log, log, '
'plain, from Greenwood''s (1926) standard error; with lost leads from its extension by the delta method. NULL where '
'converted_within is NULL, and where it is 0 or 1, which leaves no error to estimate. Error on an unknown method.';

CREATE FUNCTION high(curve conversion_curve, within interval, level double precision DEFAULT 0.95, method text DEFAULT 'log_log') RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_high' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION high(conversion_curve, interval, double precision, text) IS
'Upper bound of converted_within(curve, within) at a level of confidence between 0 and 1. Methods: log_log, log, '
'plain, from Greenwood''s (1926) standard error; with lost leads from its extension by the delta method. NULL where '
'converted_within is NULL, and where it is 0 or 1, which leaves no error to estimate. Error on an unknown method.';

CREATE FUNCTION std_error(curve conversion_curve, within interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_std_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION std_error(conversion_curve, interval) IS
'The standard error of converted_within(curve, within) by Greenwood (1926), with lost leads by its extension with '
'the delta method. NULL where low() and high() are. Error for an age with months or below zero.';

CREATE FUNCTION at_risk(curve conversion_curve, age interval) RETURNS bigint
	AS 'MODULE_PATHNAME', 'curve_at_risk' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION at_risk(conversion_curve, interval) IS
'The leads that were still open when they reached this age, and observed then: what converted_within knows the age '
'from. Rounded down to whole units of the resolution. 0 beyond the oldest lead. Error for an age with months or '
'below zero.';

CREATE FUNCTION points(
	curve conversion_curve, level double precision DEFAULT 0.95, method text DEFAULT 'log_log',
	OUT age interval, OUT at_risk bigint, OUT converted bigint, OUT lost bigint, OUT censored bigint,
	OUT conversion double precision, OUT low double precision, OUT high double precision, OUT std_error double precision
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'curve_points' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION points(conversion_curve, double precision, text) IS
'The whole curve: each age at which leads converted, were lost or were censored, how many were at risk before that, '
'the share converted by then with its interval at level by method (as low() and high() have it), and its standard '
'error. Interval and error are NULL while the share is 0, and at 1.';

CREATE FUNCTION points_at(
	curve conversion_curve, ages interval[], level double precision DEFAULT 0.95, method text DEFAULT 'log_log',
	OUT age interval, OUT at_risk bigint, OUT converted bigint, OUT conversion double precision, OUT low double precision, OUT high double precision
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'curve_points_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION points_at(conversion_curve, interval[], double precision, text) IS
'The curve at some ages, a row each in the order given and in one walk when they ascend: leads at risk, leads converted by '
'then, and what converted_within(), low() and high() say. Error when an age is NULL, negative, or has months.';

-- The age of a share

CREATE FUNCTION quantile(curve conversion_curve, fraction double precision) RETURNS interval
	AS 'MODULE_PATHNAME', 'curve_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile(conversion_curve, double precision) IS
'The first age by which this fraction (above 0, at most 1) of all leads have converted, in whole units of the '
'resolution. NULL when the curve does not reach it.';

CREATE FUNCTION median(curve conversion_curve) RETURNS interval
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN quantile(curve, 0.5);
COMMENT ON FUNCTION median(conversion_curve) IS
'The first age by which half of all leads have converted. NULL when the curve does not reach one half.';

CREATE FUNCTION quantile_interval(
	curve conversion_curve, fraction double precision, level double precision DEFAULT 0.95, method text DEFAULT 'log_log',
	OUT quantile interval, OUT low interval, OUT high interval)
	AS 'MODULE_PATHNAME', 'curve_quantile_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_interval(conversion_curve, double precision, double precision, text) IS
'quantile(curve, fraction) with its interval at level: the first ages at which the upper and the lower bound of the '
'curve reach the fraction (Brookmeyer and Crowley 1982). Each NULL when it is not reached.';

-- Eventual conversion

CREATE FUNCTION ultimate(curve conversion_curve, model text DEFAULT 'weibull') RETURNS double precision
	AS 'MODULE_PATHNAME', 'curve_ultimate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ultimate(conversion_curve, text) IS
'The share (0 to 1) of leads that will have converted in the end, by cure_model(), which has its interval. NULL when '
'that cannot be told.';

CREATE FUNCTION cure_model(
	curve conversion_curve, model text DEFAULT 'weibull', level double precision DEFAULT 0.95,
	OUT verdict text, OUT ultimate double precision, OUT low double precision, OUT high double precision,
	OUT median_lag interval, OUT seen double precision,
	OUT rate_per_day double precision, OUT shape double precision, OUT log_likelihood double precision)
	AS 'MODULE_PATHNAME', 'curve_cure_model' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cure_model(conversion_curve, text, double precision) IS
'The mixture cure model (Boag 1949) by maximum likelihood: a share of leads, ultimate, converts in the end after a '
'lag T with P(T > t) = exp(-(rate t)^shape), the others never. model: weibull, or exponential, which has shape 1. '
'With lost leads another share is lost in the end, after a lag of its own (Larson and Dinse 1985). low, high: '
'interval of ultimate at level on the logit scale. median_lag: when half of those who convert in the end have. seen: '
'how much of ultimate the oldest lead is old enough to show. rate_per_day, shape: of the lag, in days. '
'log_likelihood: with time in days. verdict: estimated; all convert (next to nothing is left to come; no interval); '
'too few conversions (fewer than 10); not yet certain (a likelihood ratio test at 1 % does not tell the plateau from '
'a slow rise to the end, or seen would be under one half). All but verdict are NULL with the last two. Where leads '
'convert at one age or two only, ultimate is what the curve shows at its end, if that is told from a slow rise; then '
'rate_per_day, shape and log_likelihood are NULL. Error on an unknown model.';

-- Two curves

CREATE FUNCTION compare(
	a conversion_curve, b conversion_curve,
	OUT observed_a bigint, OUT expected_a double precision, OUT observed_b bigint, OUT expected_b double precision,
	OUT statistic double precision, OUT degrees_of_freedom integer, OUT p_value double precision)
	AS 'MODULE_PATHNAME', 'curve_compare' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION compare(conversion_curve, conversion_curve) IS
'The log-rank test (Mantel 1966) of two curves: conversions observed in each, those expected if open leads of the '
'same age converted at the same rate in both, the chi-square statistic with one degree of freedom and its p-value, '
'which allows for steps and skewness where conversions are few. '
'Lost leads leave the test when they are lost: with them it compares cause-specific rates. Statistic and p-value are '
'NULL when no conversion could tell the curves apart. Error when the resolutions differ.';

-- What is in it

CREATE FUNCTION leads(curve conversion_curve) RETURNS bigint
	AS 'MODULE_PATHNAME', 'curve_leads' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION leads(conversion_curve) IS 'The leads of the curve: converted, lost and censored.';

CREATE FUNCTION converted(curve conversion_curve) RETURNS bigint
	AS 'MODULE_PATHNAME', 'curve_converted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION converted(conversion_curve) IS 'The leads that were seen to convert.';

CREATE FUNCTION lost(curve conversion_curve) RETURNS bigint
	AS 'MODULE_PATHNAME', 'curve_lost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lost(conversion_curve) IS 'The leads that were seen to be lost.';

CREATE FUNCTION censored(curve conversion_curve) RETURNS bigint
	AS 'MODULE_PATHNAME', 'curve_censored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION censored(conversion_curve) IS 'The leads that were still open when last observed.';

CREATE FUNCTION resolution(curve conversion_curve) RETURNS interval
	AS 'MODULE_PATHNAME', 'curve_resolution' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION resolution(conversion_curve) IS 'The unit in which the curve counts ages.';

CREATE FUNCTION ignored(conversion_curve, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'curve_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION ignored(conversion_curve) IS
'Rows that are no lead of the curve, by reason, also where there are none.';

CREATE FUNCTION conversion_curve_to_jsonb(conversion_curve) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'conversion_curve_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion_curve_to_jsonb(conversion_curve) IS
'The curve as JSON: resolution in microseconds, rows ignored, seconds by which leads were older than their ages say '
'(rest), and per age the age in units of the resolution, then how many converted, were lost and were censored.';

CREATE CAST (conversion_curve AS jsonb) WITH FUNCTION conversion_curve_to_jsonb(conversion_curve);
COMMENT ON CAST (conversion_curve AS jsonb) IS 'the lossless text form as jsonb';
