-- funnel: leads through a ladder of stages, as a value that adds up.

CREATE TYPE funnel;

CREATE FUNCTION funnel_in(cstring) RETURNS funnel
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_in(cstring) IS 'input of type funnel';

CREATE FUNCTION funnel_out(funnel) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_out(funnel) IS 'output of type funnel';

CREATE FUNCTION funnel_recv(internal) RETURNS funnel
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_recv(internal) IS 'binary input of type funnel';

CREATE FUNCTION funnel_send(funnel) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_send(funnel) IS 'binary output of type funnel';

CREATE TYPE funnel (
	INPUT = funnel_in,
	OUTPUT = funnel_out,
	RECEIVE = funnel_recv,
	SEND = funnel_send,
	INTERNALLENGTH = VARIABLE,
	STORAGE = extended
);
COMMENT ON TYPE funnel IS
'Leads through a ladder of stages: how many reached each stage, and how long it took between any two. Built by the '
'aggregate funnel(), added by + and rollup(), read by steps(), leads(), conversion(), elapsed() and ignored(). Text '
'form: a lossless JSON object.';

-- Adding

CREATE FUNCTION funnel_add(funnel, funnel) RETURNS funnel
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_add(funnel, funnel) IS
'The funnel of both sets of leads, which must not share a lead. Error when ladder, window or policy differ. NULL '
'when one is NULL.';

CREATE OPERATOR + (
	LEFTARG = funnel,
	RIGHTARG = funnel,
	FUNCTION = funnel_add,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (funnel, funnel) IS
'the funnel of both sets of leads; error when ladder, window or policy differ';

CREATE AGGREGATE rollup(funnel) (
	SFUNC = funnel_add,
	STYPE = funnel,
	COMBINEFUNC = funnel_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel) IS
'Adds funnels of disjoint sets of leads. NULLs are skipped; no funnels: NULL. Error when ladders, windows or '
'policies differ.';

CREATE FUNCTION subtract(funnel, funnel) RETURNS funnel
	AS 'MODULE_PATHNAME', 'funnel_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION subtract(funnel, funnel) IS
'Internal to the refresh of a stored mart: the funnel of the leads that are in the first and not in the second, to the '
'bit. NULL when that cannot be told: the second has an extreme of durations in buckets, or so few are left that their '
'form is unknown. Error when the second is not part of the first. NULL when one is NULL.';

CREATE FUNCTION subtract(funnel, funnel, known funnel) RETURNS funnel
	AS 'MODULE_PATHNAME', 'funnel_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION subtract(funnel, funnel, funnel) IS
'Internal to the refresh of a stored mart: as subtract(funnel, funnel), where known is the funnel of some leads of the rest. An extreme of their durations is '
'not gone, and as many durations with the same sum are all of them. NULL when that does not tell either, or one is NULL.';

-- Building

CREATE FUNCTION funnel_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_combine(internal, internal) IS 'combine function of aggregate funnel';

CREATE FUNCTION funnel_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_serialize(internal) IS 'serialization of the state of aggregate funnel';

CREATE FUNCTION funnel_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_deserialize(bytea, internal) IS 'deserialization of the state of aggregate funnel';

CREATE FUNCTION funnel_final(internal) RETURNS funnel
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_final(internal) IS 'final function of aggregate funnel';

CREATE TYPE funnel_explanation AS (
	entered_at timestamptz,
	stage text,
	"position" integer,
	counted boolean,
	explanation text
);
COMMENT ON TYPE funnel_explanation IS
'What became of one row of a lead in its funnel; see why(). Rows without a stage speak of the lead as a whole.';

CREATE FUNCTION funnel_why_final(internal) RETURNS funnel_explanation[]
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_why_final(internal) IS 'final function of aggregate why';

CREATE FUNCTION funnel_times_final(internal) RETURNS timestamptz[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_times_final(internal) IS 'final function of aggregate stage_times';

-- The aggregates exist for every lead key, for stages as text, an enum or a number, with and without window and policy, and
-- for conditions. A literal stage is a text: PostgreSQL prefers those. They differ in nothing else. Timestamps without time
-- zone and dates are taken as they are, so that no session's zone decides how long a day is; why() and stage_times() show
-- instants.
-- FOR EACH key: bigint | uuid | text
-- FOR EACH stage, ladder, kind: text ; text[] ; (none) | anyenum ; anyarray ; _enum | bigint ; bigint[] ; _integer
-- FOR EACH options: (none) | , within interval | , within interval, policy text
-- FOR EACH time, day: timestamptz ; (none) | timestamp ; (none) | date ; _date
CREATE FUNCTION funnel_accumulate_{key}{kind}(internal, lead {key}, stage {stage}, entered_at {time}, ladder {ladder}{options}) RETURNS internal
	AS 'MODULE_PATHNAME', 'funnel_accumulate_{key}{kind}{day}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_accumulate_{key}{kind}(internal, lead {key}, stage {stage}, entered_at {time}, ladder {ladder}{options}) IS
'transition function of aggregate funnel';

CREATE AGGREGATE funnel(lead {key}, stage {stage}, entered_at {time}, ladder {ladder}{options}) (
	SFUNC = funnel_accumulate_{key}{kind},
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = funnel_final,
	COMBINEFUNC = funnel_combine,
	SERIALFUNC = funnel_serialize,
	DESERIALFUNC = funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel(lead {key}, stage {stage}, entered_at {time}, ladder {ladder}{options}) IS
'One pass over stage events: each lead counts once, at the deepest stage its history supports. lead: bigint, uuid or '
'text. stage: text, an enum or an integer; rows with a stage not on the ladder are counted in ignored(). entered_at: '
'when the lead entered the stage; NULL and infinite times are counted in ignored(). ladder: 1 to 32 distinct stages in order, '
'the same for all rows. within: a length of time without months, measured from the lead''s entry; NULL: no limit. '
'policy: ordered (default; each step at or after the one before), reached (a later stage implies the earlier ones), '
'any_order (all stages up to the step, in any order); ordered latest_start takes durations from the last entry that '
'reaches as deep. NULL when there are no rows.';

-- END EACH
-- FOR EACH key: bigint | uuid | text
-- FOR EACH stage, ladder, kind: text ; text[] ; (none) | anyenum ; anyarray ; _enum | bigint ; bigint[] ; _integer
-- FOR EACH options: (none) | , within interval | , within interval, policy text
CREATE AGGREGATE why(lead {key}, stage {stage}, entered_at timestamptz, ladder {ladder}{options}) (
	SFUNC = funnel_accumulate_{key}{kind},
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = funnel_why_final,
	COMBINEFUNC = funnel_combine,
	SERIALFUNC = funnel_serialize,
	DESERIALFUNC = funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE why(lead {key}, stage {stage}, entered_at timestamptz, ladder {ladder}{options}) IS
'Explains one lead''s place in a funnel of the same arguments: an element per row, in order of time, with the step '
'it counted for or why it did not, then why the lead got no further, then rows ignored by reason. Read it with '
'unnest(). Error when the rows are of several leads. NULL when there are no rows.';

CREATE AGGREGATE stage_times(lead {key}, stage {stage}, entered_at timestamptz, ladder {ladder}{options}) (
	SFUNC = funnel_accumulate_{key}{kind},
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = funnel_times_final,
	COMBINEFUNC = funnel_combine,
	SERIALFUNC = funnel_serialize,
	DESERIALFUNC = funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE stage_times(lead {key}, stage {stage}, entered_at timestamptz, ladder {ladder}{options}) IS
'When one lead reached each stage of the ladder, as a funnel of the same arguments counts it: an element per stage, '
'NULL for a stage not reached, never decreasing. Under reached and any_order an element is the time from which the '
'lead counts at that stage. Error when the rows are of several leads: GROUP BY the lead. NULL when there are no rows.';

-- END EACH
-- FOR EACH key: bigint | uuid | text
-- FOR EACH time, day: timestamptz ; (none) | timestamp ; (none) | date ; _date
CREATE FUNCTION funnel_accumulate_{key}_conditions(internal, lead {key}, at {time}, within interval, labels text[],
		VARIADIC conditions "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'funnel_accumulate_{key}_conditions{day}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_accumulate_{key}_conditions(internal, {key}, {time}, interval, text[], "any") IS
'transition function of aggregate funnel over conditions';

CREATE AGGREGATE funnel(lead {key}, at {time}, within interval, labels text[], VARIADIC conditions "any") (
	SFUNC = funnel_accumulate_{key}_conditions,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = funnel_final,
	COMBINEFUNC = funnel_combine,
	SERIALFUNC = funnel_serialize,
	DESERIALFUNC = funnel_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel({key}, {time}, interval, text[], VARIADIC "any") IS
'One pass over rows: condition k true makes the row an event of step k. A row can be an event of several steps, but '
'takes a lead one step further only; several rows of one time take it as many steps as there are rows. lead: bigint, '
'uuid or text. at: the time of the row; NULL and infinite times are counted in ignored(), and so are rows where no '
'condition is true. within: a length of time without months, measured from the lead''s entry; NULL: no limit. labels: '
'a name for each condition, 1 to 32, the same for all rows. Policy ordered. NULL when there are no rows.';

-- END EACH
-- Reading

CREATE FUNCTION steps(
	funnel,
	OUT "position" integer, OUT stage text, OUT leads bigint, OUT step_rate rate, OUT total_rate rate,
	OUT median interval, OUT p90 interval, OUT mean interval
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'funnel_steps' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION steps(funnel) IS
'One row per step of the ladder: leads that reached it, the rate from the step before (NULL at the first) and from '
'the first, and the time since the step before: median and 90 % quantile (as elapsed() has them) and exact mean, NULL '
'where no lead got there.';

CREATE FUNCTION leads(funnel, stage text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'funnel_leads' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION leads(funnel, text) IS
'Leads that reached at least this stage. Error when it is not on the ladder.';

CREATE FUNCTION conversion(funnel, from_stage text, to_stage text) RETURNS rate
	AS 'MODULE_PATHNAME', 'funnel_conversion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conversion(funnel, text, text) IS
'Of the leads that reached from_stage, those that reached to_stage, as a rate. Error when a stage is not on the '
'ladder or to_stage comes before from_stage.';

CREATE FUNCTION elapsed(funnel, from_stage text, to_stage text, quantile double precision) RETURNS interval
	AS 'MODULE_PATHNAME', 'funnel_elapsed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elapsed(funnel, text, text, double precision) IS
'The smallest time from from_stage to to_stage that this fraction (0 to 1) of the leads that reached to_stage did not '
'exceed, as percentile_disc() has it: exact while at most 64 times differ, or 512 that are all whole minutes, and at 0 '
'and 1; otherwise within 1 %. NULL when no lead reached to_stage.';

CREATE FUNCTION elapsed(funnel, from_stage text, to_stage text) RETURNS interval
	AS 'MODULE_PATHNAME', 'funnel_elapsed_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elapsed(funnel, text, text) IS
'Mean time from from_stage to to_stage of the leads that reached to_stage, exact to the microsecond. NULL when no '
'lead reached to_stage.';

-- The same for ladders of numbers, which a funnel keeps as names.
CREATE FUNCTION leads(funnel funnel, stage bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN leads(funnel, stage::text);
COMMENT ON FUNCTION leads(funnel, bigint) IS 'leads(funnel, text) for a stage that is a number.';

CREATE FUNCTION conversion(funnel funnel, from_stage bigint, to_stage bigint) RETURNS rate
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN conversion(funnel, from_stage::text, to_stage::text);
COMMENT ON FUNCTION conversion(funnel, bigint, bigint) IS 'conversion(funnel, text, text) for stages that are numbers.';

CREATE FUNCTION elapsed(funnel funnel, from_stage bigint, to_stage bigint, quantile double precision) RETURNS interval
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN elapsed(funnel, from_stage::text, to_stage::text, quantile);
COMMENT ON FUNCTION elapsed(funnel, bigint, bigint, double precision) IS
'elapsed(funnel, text, text, double precision) for stages that are numbers.';

CREATE FUNCTION elapsed(funnel funnel, from_stage bigint, to_stage bigint) RETURNS interval
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN elapsed(funnel, from_stage::text, to_stage::text);
COMMENT ON FUNCTION elapsed(funnel, bigint, bigint) IS 'elapsed(funnel, text, text) for stages that are numbers.';

CREATE FUNCTION ignored(funnel, OUT reason text, OUT rows bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'funnel_ignored' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 6;
COMMENT ON FUNCTION ignored(funnel) IS
'Rows left out, by reason, also where there are none. rows_used() and these add up to the rows that came in.';

CREATE FUNCTION rows_used(funnel) RETURNS bigint
	AS 'MODULE_PATHNAME', 'funnel_rows_used' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rows_used(funnel) IS 'Rows that were considered: all that are not in ignored().';

CREATE FUNCTION never_entered(funnel) RETURNS bigint
	AS 'MODULE_PATHNAME', 'funnel_never_entered' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION never_entered(funnel) IS
'Leads that have rows on the ladder but did not enter it by the policy: ordered and any_order need an event of the '
'first stage.';

CREATE FUNCTION funnel_to_jsonb(funnel) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'funnel_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_to_jsonb(funnel) IS
'The funnel as JSON: policy, window and durations in microseconds, leads per step, rows ignored, durations or buckets of '
'durations with their counts.';

CREATE CAST (funnel AS jsonb) WITH FUNCTION funnel_to_jsonb(funnel);
COMMENT ON CAST (funnel AS jsonb) IS 'the lossless text form as jsonb';
