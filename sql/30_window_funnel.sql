-- window_funnel: how far one lead got through the steps within a window, and when.
-- Group by lead; the rules are ClickHouse's windowFunnel, exact in every mode (doc/window_funnel.md).

CREATE FUNCTION window_funnel_combine(left_state internal, right_state internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_combine(internal, internal) IS
'combine function of window_funnel and window_funnel_times';

CREATE FUNCTION window_funnel_serialize(state internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_serialize(internal) IS 'serialize function of window_funnel and window_funnel_times';

CREATE FUNCTION window_funnel_deserialize(bytes bytea, dummy internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_deserialize(bytea, internal) IS
'deserialize function of window_funnel and window_funnel_times; refuses altered bytes';

CREATE FUNCTION window_funnel_final(state internal) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_final(internal) IS 'final function of window_funnel';

-- FOR EACH time: timestamptz | timestamp | date | bigint
CREATE FUNCTION window_funnel_times_final_{time}(state internal) RETURNS {time}[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_times_final_{time}(internal) IS 'final function of window_funnel_times over {time}';

-- END EACH
-- Without the one for integer, modes as a literal before integer arguments would be ambiguous: they could be a bigint window.
-- FOR EACH arguments, entry, final: within interval, at timestamptz ; timestamp ; timestamptz
-- OR within interval, at timestamp ; timestamp ; timestamp
-- OR within interval, at date ; date ; date
-- OR within bigint, at bigint ; bigint ; bigint
-- OR modes text[], within interval, at timestamptz ; modes_timestamp ; timestamptz
-- OR modes text[], within interval, at timestamp ; modes_timestamp ; timestamp
-- OR modes text[], within interval, at date ; modes_date ; date
-- OR modes text[], within bigint, at bigint ; modes_bigint ; bigint
-- OR modes text[], within integer, at integer ; modes_integer ; bigint
CREATE FUNCTION window_funnel_accumulate(state internal, {arguments}, VARIADIC conditions "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'window_funnel_accumulate_{entry}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION window_funnel_accumulate(state internal, {arguments}, VARIADIC conditions "any") IS
'transition function of window_funnel and window_funnel_times';

CREATE AGGREGATE window_funnel({arguments}, VARIADIC conditions "any") (
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE window_funnel({arguments}, VARIADIC conditions "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when '
'none, never NULL. NULL condition = false, NULL time = row skipped. within: an interval without months, a day being '
'24 hours (whole days where times are dates); for bigint times in their unit. modes: strict_deduplication, '
'strict_order, strict_increase, strict_once, allow_reentry (with strict_order).';

CREATE AGGREGATE window_funnel_times({arguments}, VARIADIC conditions "any") (
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_{final},
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE window_funnel_times({arguments}, VARIADIC conditions "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one '
'that started last; empty when none, never NULL. NULL condition = false, NULL time = row skipped. within: an '
'interval without months, a day being 24 hours (whole days where times are dates); for bigint times in their unit. '
'modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order).';

-- END EACH
