-- window_funnel: how far one lead got through the steps within a window, and when.
-- Group by lead; the rules are ClickHouse's windowFunnel, exact in every mode (doc/window_funnel.md).

-- Accumulate: one function per type of time, without and with modes.

CREATE FUNCTION window_funnel_accumulate(state internal, within interval, at timestamptz, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_timestamp'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, within interval, at timestamp, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_timestamp'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, within interval, at date, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_date'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, within bigint, at bigint, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_bigint'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, modes text[], within interval, at timestamptz, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_modes_timestamp'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, modes text[], within interval, at timestamp, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_modes_timestamp'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, modes text[], within interval, at date, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_modes_date'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE FUNCTION window_funnel_accumulate(state internal, modes text[], within bigint, at bigint, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_modes_bigint'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

-- Without it, modes as a literal before integer arguments would be ambiguous: they could be a bigint window.
CREATE FUNCTION window_funnel_accumulate(state internal, modes text[], within integer, at integer, VARIADIC conditions "any")
RETURNS internal
AS 'MODULE_PATHNAME', 'window_funnel_accumulate_modes_integer'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_accumulate(internal, interval, timestamptz, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, interval, timestamp, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, interval, date, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, bigint, bigint, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, text[], interval, timestamptz, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, text[], interval, timestamp, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, text[], interval, date, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, text[], bigint, bigint, "any") IS
'transition function of window_funnel and window_funnel_times';
COMMENT ON FUNCTION window_funnel_accumulate(internal, text[], integer, integer, "any") IS
'transition function of window_funnel and window_funnel_times';

CREATE FUNCTION window_funnel_combine(left_state internal, right_state internal)
RETURNS internal
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_combine(internal, internal) IS
'combine function of window_funnel and window_funnel_times';

CREATE FUNCTION window_funnel_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_serialize(internal) IS
'serialize function of window_funnel and window_funnel_times';

CREATE FUNCTION window_funnel_deserialize(bytes bytea, dummy internal)
RETURNS internal
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_deserialize(bytea, internal) IS
'deserialize function of window_funnel and window_funnel_times; refuses altered bytes';

CREATE FUNCTION window_funnel_final(state internal)
RETURNS integer
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_final(internal) IS
'final function of window_funnel';

CREATE FUNCTION window_funnel_times_final_timestamptz(state internal)
RETURNS timestamptz[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_times_final_timestamptz(internal) IS
'final function of window_funnel_times over timestamptz';

CREATE FUNCTION window_funnel_times_final_timestamp(state internal)
RETURNS timestamp[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_times_final_timestamp(internal) IS
'final function of window_funnel_times over timestamp';

CREATE FUNCTION window_funnel_times_final_date(state internal)
RETURNS date[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_times_final_date(internal) IS
'final function of window_funnel_times over date';

CREATE FUNCTION window_funnel_times_final_bigint(state internal)
RETURNS bigint[]
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION window_funnel_times_final_bigint(internal) IS
'final function of window_funnel_times over bigint';

CREATE AGGREGATE window_funnel(within interval, at timestamptz, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(within interval, at timestamp, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(within interval, at date, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(within bigint, at bigint, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(modes text[], within interval, at timestamptz, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(modes text[], within interval, at timestamp, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(modes text[], within interval, at date, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(modes text[], within bigint, at bigint, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel(modes text[], within integer, at integer, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_final,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(within interval, at timestamptz, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_timestamptz,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(within interval, at timestamp, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_timestamp,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(within interval, at date, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_date,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(within bigint, at bigint, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_bigint,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(modes text[], within interval, at timestamptz, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_timestamptz,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(modes text[], within interval, at timestamp, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_timestamp,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(modes text[], within interval, at date, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_date,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(modes text[], within bigint, at bigint, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_bigint,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

CREATE AGGREGATE window_funnel_times(modes text[], within integer, at integer, VARIADIC conditions "any")
(
	SFUNC = window_funnel_accumulate,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = window_funnel_times_final_bigint,
	COMBINEFUNC = window_funnel_combine,
	SERIALFUNC = window_funnel_serialize,
	DESERIALFUNC = window_funnel_deserialize,
	PARALLEL = SAFE
);

COMMENT ON AGGREGATE window_funnel(interval, timestamptz, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel(interval, timestamp, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel(interval, date, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, in whole days';
COMMENT ON AGGREGATE window_funnel(bigint, bigint, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; window and times in the unit of the caller';
COMMENT ON AGGREGATE window_funnel(text[], interval, timestamptz, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel(text[], interval, timestamp, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel(text[], interval, date, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, in whole days';
COMMENT ON AGGREGATE window_funnel(text[], bigint, bigint, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window and times in the unit of the caller';
COMMENT ON AGGREGATE window_funnel(text[], integer, integer, "any") IS
'deepest of 1 to 32 steps that the rows of the group reach in order, within the window of their first step; 0 when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window and times in the unit of the caller';
COMMENT ON AGGREGATE window_funnel_times(interval, timestamptz, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel_times(interval, timestamp, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel_times(interval, date, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; window: an interval without months, in whole days';
COMMENT ON AGGREGATE window_funnel_times(bigint, bigint, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; window and times in the unit of the caller';
COMMENT ON AGGREGATE window_funnel_times(text[], interval, timestamptz, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel_times(text[], interval, timestamp, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, a day being 24 hours';
COMMENT ON AGGREGATE window_funnel_times(text[], interval, date, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window: an interval without months, in whole days';
COMMENT ON AGGREGATE window_funnel_times(text[], bigint, bigint, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window and times in the unit of the caller';
COMMENT ON AGGREGATE window_funnel_times(text[], integer, integer, "any") IS
'when each step of the chain counted by window_funnel happened: the chain that got there first, of several the one that started last; empty when none, never NULL; NULL condition = false, NULL time = row skipped; modes: strict_deduplication, strict_order, strict_increase, strict_once, allow_reentry (with strict_order); window and times in the unit of the caller';
