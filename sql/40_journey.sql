-- journeys: paths of touches and what came of them, as a value that adds up.

CREATE TYPE journeys;

CREATE FUNCTION journeys_in(cstring) RETURNS journeys
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journeys_in(cstring) IS 'input of type journeys';

CREATE FUNCTION journeys_out(journeys) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journeys_out(journeys) IS 'output of type journeys';

CREATE FUNCTION journeys_recv(internal) RETURNS journeys
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journeys_recv(internal) IS 'binary input of type journeys';

CREATE FUNCTION journeys_send(journeys) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journeys_send(journeys) IS 'binary output of type journeys';

CREATE TYPE journeys (
	INPUT = journeys_in,
	OUTPUT = journeys_out,
	RECEIVE = journeys_recv,
	SEND = journeys_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended
);
COMMENT ON TYPE journeys IS
'Distinct paths of touches, each with its conversions, their value and the journeys that did not convert. Built by '
'the aggregate journeys(), added by + and rollup(), read by attribution(), removal_effects(), transitions(), paths() '
'and ignored(). Text form: a lossless JSON object.';

-- Adding

CREATE FUNCTION journeys_add(journeys, journeys) RETURNS journeys
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journeys_add(journeys, journeys) IS
'The journeys of both sets of leads, which must not share a lead. Error when half-life or lookback differ. NULL when '
'one is NULL.';

CREATE OPERATOR + (
	LEFTARG = journeys,
	RIGHTARG = journeys,
	FUNCTION = journeys_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (journeys, journeys) IS
'the journeys of both sets of leads; error when half-life or lookback differ';

CREATE AGGREGATE rollup(journeys) (
	SFUNC = journeys_add,
	STYPE = journeys,
	COMBINEFUNC = journeys_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(journeys) IS
'Adds journeys of disjoint sets of leads. NULLs are skipped; no journeys: NULL. Error when half-lives or lookbacks '
'differ.';

CREATE FUNCTION subtract(journeys, journeys) RETURNS journeys
	AS 'MODULE_PATHNAME', 'journeys_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION subtract(journeys, journeys) IS
'Internal to the refresh of a stored mart: the journeys of the leads that are in the first and not in the second, to '
'the bit. Error when the second is not part of the first. NULL when one is NULL.';

-- Building from a table of paths

-- Counts are bigint; sum(bigint) is numeric, and a literal goes to float8, which PostgreSQL prefers.
-- FOR EACH count, symbol: bigint ; (none) | numeric ; _numeric | float8 ; _float8
CREATE FUNCTION journey_path_accumulate(internal, text[], {count}, double precision, {count}) RETURNS internal
	AS 'MODULE_PATHNAME', 'journey_path_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_accumulate(internal, text[], {count}, double precision, {count}) IS
'transition function of aggregate journeys over paths';

CREATE FUNCTION journey_path_accumulate(internal, text[], {count}, double precision, {count}, text[]) RETURNS internal
	AS 'MODULE_PATHNAME', 'journey_path_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_accumulate(internal, text[], {count}, double precision, {count}, text[]) IS
'transition function of aggregate journeys over paths with milestones';

-- END EACH
CREATE FUNCTION journey_path_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_combine(internal, internal) IS 'combine function of aggregate journeys over paths';

CREATE FUNCTION journey_path_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_serialize(internal) IS 'serialization of the state of aggregate journeys over paths';

CREATE FUNCTION journey_path_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_deserialize(bytea, internal) IS
'deserialization of the state of aggregate journeys over paths';

CREATE FUNCTION journey_path_final(internal) RETURNS journeys
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_path_final(internal) IS 'final function of aggregate journeys over paths';

-- FOR EACH count: bigint | numeric | float8
CREATE AGGREGATE journeys(path text[], conversions {count}, value double precision, nulls {count}) (
	SFUNC = journey_path_accumulate,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = journey_path_final,
	COMBINEFUNC = journey_path_combine,
	SERIALFUNC = journey_path_serialize,
	DESERIALFUNC = journey_path_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journeys(text[], {count}, double precision, {count}) IS
'Journeys from a table of paths: the channels in order, how many journeys of that path converted, the total value of '
'these conversions (0 to 1e26 in any currency, kept to 1e-12), and how many did not convert. Equal paths add up. An '
'empty path is a conversion without touches. NULL counts and values are 0; a NULL path is counted in ignored(). '
'Error for a NULL channel, negative counts, a negative or non-finite value, and a value without conversions. NULL '
'when there are no rows.';

CREATE AGGREGATE journeys(path text[], conversions {count}, value double precision, nulls {count}, milestones text[]) (
	SFUNC = journey_path_accumulate,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = journey_path_final,
	COMBINEFUNC = journey_path_combine,
	SERIALFUNC = journey_path_serialize,
	DESERIALFUNC = journey_path_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journeys(text[], {count}, double precision, {count}, text[]) IS
'Journeys from a table of paths, as with four arguments. milestones: for each touch of the path ''lead'' when it '
'made the lead, ''opportunity'' when it made the opportunity, ''lead and opportunity'' for both, else NULL; models '
'w_shaped and full_path read them. A NULL array: none.';

-- END EACH
-- Building from touches and conversions

CREATE FUNCTION journey_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_combine(internal, internal) IS 'combine function of aggregate journeys';

CREATE FUNCTION journey_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journey_serialize(internal) IS 'serialization of the state of aggregate journeys';

CREATE FUNCTION journey_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journey_deserialize(bytea, internal) IS 'deserialization of the state of aggregate journeys';

CREATE FUNCTION journey_final(internal) RETURNS journeys
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_final(internal) IS 'final function of aggregate journeys';

-- One aggregate for every lead key, with and without the optional arguments. Timestamps without time zone and dates are
-- taken as they are, so that no session's zone decides what the lookback holds.
-- FOR EACH key: bigint | uuid | text
-- FOR EACH options: (none) | , lookback interval | , lookback interval, half_life interval | , lookback interval, half_life interval, milestone text
-- FOR EACH time, day: timestamptz ; (none) | timestamp ; (none) | date ; _date
CREATE FUNCTION journey_accumulate_{key}(internal, lead {key}, channel text, touched_at {time}, converted_at {time}, value double precision{options})
	RETURNS internal
	AS 'MODULE_PATHNAME', 'journey_accumulate_{key}{day}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journey_accumulate_{key}(internal, lead {key}, channel text, touched_at {time}, converted_at {time},
		value double precision{options}) IS
'transition function of aggregate journeys';

CREATE AGGREGATE journeys(lead {key}, channel text, touched_at {time}, converted_at {time}, value double precision{options}) (
	SFUNC = journey_accumulate_{key},
	STYPE = internal,
	SSPACE = 2048,
	FINALFUNC = journey_final,
	COMBINEFUNC = journey_combine,
	SERIALFUNC = journey_serialize,
	DESERIALFUNC = journey_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journeys(lead {key}, channel text, touched_at {time}, converted_at {time}, value double precision{options}) IS
'One pass over touches and conversions of leads, in any order of rows. A row has a touch (channel and touched_at), a '
'conversion (converted_at and value), or both, as touches joined to conversions have them; a touch that is repeated '
'for several conversions counts once, and so does a conversion (converted_at and value) that is repeated for several '
'touches. A conversion owns the touches after the conversion before it, up to and at its own time; touches after the '
'last conversion, or of a lead without one, are a journey that did not convert. lead: bigint, uuid or text. value: 0 '
'to 1e26 in any currency, NULL is 0; negative or not finite: error. lookback: touches longer before the conversion '
'(before the last touch, where there is none) do not count; a length of time without months; NULL: no limit. '
'half_life: for the model time_decay, the time in which a touch loses half its weight; NULL: 7 days. milestone: '
'''lead'', ''opportunity'' or ''lead and opportunity'' when the touch made these, else NULL; for the models w_shaped '
'and full_path. Rows whose lead, channel or time is NULL or infinite are counted in ignored(). NULL when there are '
'no rows.';

-- END EACH
-- Reading

CREATE FUNCTION paths(
	journeys,
	OUT path text[], OUT conversions bigint, OUT value double precision, OUT nulls bigint, OUT milestones text[]
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'journey_paths' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION paths(journeys) IS
'The distinct paths: conversions, the total value of these, and journeys that did not convert. An empty path holds '
'conversions without touches. milestones: per touch, NULL when the path marks none.';

CREATE FUNCTION ignored(journeys, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'journey_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 8;
COMMENT ON FUNCTION ignored(journeys) IS
'Rows whose lead, touch or conversion was left out, by reason, also where there are none; before_lookback counts '
'touches.';

-- Simpler paths

CREATE FUNCTION transform_paths(journeys, transform text) RETURNS journeys
	AS 'MODULE_PATHNAME', 'journey_transform_paths' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION transform_paths(journeys, text) IS
'The same journeys with fewer distinct paths. unique: every touch stays; exposure: repeats of a channel in a row '
'become one touch; first: a channel''s first touch stands for all of its touches; frequency: the same, the channel '
'being named with their number, as in email(2). A merged touch has the milestones and time-decay weights of all that '
'went into it. Error for another transform.';

CREATE FUNCTION last_touches(journeys, touches integer) RETURNS journeys
	AS 'MODULE_PATHNAME', 'journey_last_touches' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION last_touches(journeys, integer) IS
'The same journeys with the last touches (1 or more) of each path. Time-decay weights of touches left out go to the '
'others in proportion; milestones they marked are lost.';

CREATE FUNCTION journey_to_jsonb(journeys) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'journeys_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journey_to_jsonb(journeys) IS
'The journeys as JSON: half-life and lookback in microseconds, rows ignored, channels, and per path the channels by '
'their place (from 0), milestones (1: lead, 2: opportunity), counts, value and time-decay weights of all touches but '
'the last.';

CREATE CAST (journeys AS jsonb) WITH FUNCTION journey_to_jsonb(journeys);
COMMENT ON CAST (journeys AS jsonb) IS 'the lossless text form as jsonb';
