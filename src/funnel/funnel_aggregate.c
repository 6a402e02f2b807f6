/*
 * funnel_aggregate.c
 *	  The aggregate that builds a funnel: accumulate, combine, serialize,
 *	  deserialize, final.
 */
#include "base/compat.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/duration.h"
#include "funnel_chain.h"
#include "funnel_state.h"

#define WIRE_VERSION 1

/* Where the constant arguments stand; -1 where the form has none. */
typedef struct FunnelArguments
{
	int ladder;
	int within;
	int policy;
	FunnelStageType type;
} FunnelArguments;

/*
 * Groups of one aggregate share their constants: parsing a ladder for each of
 * a million leads would cost more than counting them.  The entry is forgotten
 * with the context it lives in, and a wrong guess only costs a new copy.
 */
static MemoryContext shared_context = NULL;
static FunnelConstants *shared_constants = NULL;

static void
forget_shared_constants(void *argument)
{
	if (shared_constants == argument)
	{
		shared_constants = NULL;
		shared_context = NULL;
	}
}

static inline bool
same_varlena(const struct varlena *a, const struct varlena *b)
{
	return VARSIZE_ANY(a) == VARSIZE_ANY(b) && memcmp(a, b, VARSIZE_ANY(a)) == 0;
}

/* Do this row's constant arguments equal the ones first seen? */
static inline bool
constants_match(FunctionCallInfo fcinfo, const FunnelArguments *arguments, const FunnelConstants *constants)
{
	if (PG_ARGISNULL(arguments->ladder) ||
		!same_varlena((struct varlena *) PG_GETARG_POINTER(arguments->ladder), constants->ladder))
		return false;
	/* A form without the argument is one with NULL. */
	if (arguments->within < 0 && constants->has_within)
		return false;
	if (arguments->policy < 0 && constants->policy != NULL)
		return false;
	if (arguments->within >= 0)
	{
		if (PG_ARGISNULL(arguments->within) == constants->has_within)
			return false;
		if (constants->has_within &&
			memcmp(PG_GETARG_INTERVAL_P(arguments->within), &constants->within, sizeof(Interval)) != 0)
			return false;
	}
	if (arguments->policy >= 0)
	{
		if (PG_ARGISNULL(arguments->policy) != (constants->policy == NULL))
			return false;
		if (constants->policy != NULL &&
			!same_varlena((struct varlena *) PG_GETARG_POINTER(arguments->policy), constants->policy))
			return false;
	}
	return true;
}

static FunnelConstants *
read_constants(FunctionCallInfo fcinfo, const FunnelArguments *arguments)
{
	FunnelConstants *constants = palloc0(sizeof(FunnelConstants));
	const Interval *within = NULL;
	char *policy = NULL;

	if (PG_ARGISNULL(arguments->ladder))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the ladder must not be NULL"),
				 errhint("Write the stages in order, for example '{lead,mql,sal,sql,opportunity,won}'.")));
	constants->ladder = (struct varlena *) DatumGetPointer(
		datumCopy(PG_GETARG_DATUM(arguments->ladder), false, -1));
	if (arguments->within >= 0 && !PG_ARGISNULL(arguments->within))
	{
		constants->has_within = true;
		constants->within = *PG_GETARG_INTERVAL_P(arguments->within);
		within = &constants->within;
	}
	if (arguments->policy >= 0 && !PG_ARGISNULL(arguments->policy))
	{
		constants->policy = (struct varlena *) DatumGetPointer(
			datumCopy(PG_GETARG_DATUM(arguments->policy), false, -1));
		policy = text_to_cstring(PG_GETARG_TEXT_PP(arguments->policy));
	}
	constants->definition = funnel_definition_from_arguments(PG_GETARG_ARRAYTYPE_P(arguments->ladder),
															 arguments->type, within, policy);
	return constants;
}

static bool
arguments_are_fixed(FunctionCallInfo fcinfo, const FunnelArguments *arguments)
{
	return aggregate_argument_is_fixed(fcinfo, arguments->ladder) &&
		(arguments->within < 0 || aggregate_argument_is_fixed(fcinfo, arguments->within)) &&
		(arguments->policy < 0 || aggregate_argument_is_fixed(fcinfo, arguments->policy));
}

static const FunnelConstants *
share_constants(FunctionCallInfo fcinfo, const FunnelArguments *arguments, MemoryContext context)
{
	MemoryContext previous;
	MemoryContextCallback *callback;

	if (shared_context == context && constants_match(fcinfo, arguments, shared_constants))
		return shared_constants;
	previous = MemoryContextSwitchTo(context);
	shared_constants = read_constants(fcinfo, arguments);
	shared_constants->fixed = arguments_are_fixed(fcinfo, arguments);
	shared_context = context;
	callback = palloc0(sizeof(MemoryContextCallback));
	callback->func = forget_shared_constants;
	callback->arg = shared_constants;
	MemoryContextRegisterResetCallback(context, callback);
	MemoryContextSwitchTo(previous);
	return shared_constants;
}

/* The same value may come in another form (toasted, computed): look closer. */
static void
require_same_constants(FunctionCallInfo fcinfo, const FunnelArguments *arguments, const FunnelState *state)
{
	FunnelConstants *constants = read_constants(fcinfo, arguments);

	if (!funnel_definition_equal(constants->definition, state->definition))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the ladder, window and policy of a funnel must be the same for all rows of a group"),
				 errhint("Write them as constants, or GROUP BY what they depend on.")));
}

static FunnelState *
create_state(MemoryContext context, const FunnelDefinition *definition, LeadKeyKind kind, Node *aggregate)
{
	FunnelState *state = MemoryContextAllocZero(context, sizeof(FunnelState));

	state->definition = definition;
	lead_event_log_init(&state->log, kind, 0, context, aggregate);
	lead_event_log_keep_short(&state->log);
	return state;
}

static inline FunnelState *
state_for_row(FunctionCallInfo fcinfo, const FunnelArguments *arguments, LeadKeyKind kind)
{
	FunnelState *state;
	MemoryContext context;

	if (likely(!PG_ARGISNULL(0)))
	{
		state = (FunnelState *) PG_GETARG_POINTER(0);
		if (unlikely(state->constants == NULL ||
					 (!state->constants->fixed && !constants_match(fcinfo, arguments, state->constants))))
			require_same_constants(fcinfo, arguments, state);
		return state;
	}
	context = aggregate_context(fcinfo, "funnel");
	{
		const FunnelConstants *constants = share_constants(fcinfo, arguments, context);

		state = create_state(context, constants->definition, kind, fcinfo->context);
		state->constants = constants;
	}
	return state;
}

static inline void
add_event(FunnelState *state, FunctionCallInfo fcinfo, LeadKeyKind kind, int64 at, int code)
{
	if (kind == LEAD_KEY_BIGINT)
		lead_event_log_add_bigint(&state->log, 0, PG_GETARG_INT64(1), at, code);
	else if (kind == LEAD_KEY_UUID)
		lead_event_log_add_uuid(&state->log, 0, PG_GETARG_UUID_P(1)->data, at, code);
	else
	{
		text *lead = text_argument(fcinfo, 1);

		lead_event_log_add_text(&state->log, VARDATA_ANY(lead), (int) VARSIZE_ANY_EXHDR(lead), at, code);
	}
}

/* The stage form: (state, lead, stage, entered_at, ladder [, within [, policy]]) */
static inline Datum
accumulate_stage(FunctionCallInfo fcinfo, LeadKeyKind kind, FunnelStageType type, bool is_date)
{
	FunnelArguments arguments = {
		.ladder = 4,
		.within = PG_NARGS() > 5 ? 5 : -1,
		.policy = PG_NARGS() > 6 ? 6 : -1,
		.type = type,
	};
	FunnelState *state = state_for_row(fcinfo, &arguments, kind);
	FunnelIgnored reason;
	TimestampTz at;
	int step;

	if (unlikely(PG_ARGISNULL(1)))
		reason = FUNNEL_NULL_LEAD;
	else if (unlikely(PG_ARGISNULL(2)))
		reason = FUNNEL_NULL_STAGE;
	else if (unlikely(PG_ARGISNULL(3)))
		reason = FUNNEL_NULL_TIME;
	else if (unlikely(TIMESTAMP_NOT_FINITE(at = time_argument(fcinfo, 3, is_date))))
		reason = FUNNEL_INFINITE_TIME;
	else
	{
		if (type == FUNNEL_STAGE_ENUM)
			step = funnel_definition_find_value(state->definition, PG_GETARG_OID(2));
		else if (type == FUNNEL_STAGE_INTEGER)
			step = funnel_definition_find_value(state->definition, PG_GETARG_INT64(2));
		else
		{
			text *stage = text_argument(fcinfo, 2);

			step = funnel_definition_find(state->definition, VARDATA_ANY(stage),
										  (int) VARSIZE_ANY_EXHDR(stage));
		}
		if (likely(step >= 0))
		{
			state->rows.used++;
			add_event(state, fcinfo, kind, at, funnel_event_code(step, false));
			PG_RETURN_POINTER(state);
		}
		reason = FUNNEL_UNKNOWN_STAGE;
	}
	state->rows.ignored[reason]++;
	PG_RETURN_POINTER(state);
}

/* The condition form: (state, lead, at, within, labels, VARIADIC conditions) */
static inline Datum
accumulate_conditions(FunctionCallInfo fcinfo, LeadKeyKind kind, bool is_date)
{
	const FunnelArguments arguments = {.ladder = 4, .within = 3, .policy = -1};
	bool is_new = PG_ARGISNULL(0);
	FunnelState *state = state_for_row(fcinfo, &arguments, kind);
	TimestampTz at;
	uint32 mask;
	int count;

	if (unlikely(is_new))
		state->conditions = condition_list_check(fcinfo, 5);
	mask = condition_mask(fcinfo, &state->conditions, &count);
	if (unlikely(count != state->definition->step_count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("funnel has %d labels but %d conditions", state->definition->step_count,
						count),
				 errhint("Write one boolean condition for each label.")));
	if (unlikely(PG_ARGISNULL(1)))
		state->rows.ignored[FUNNEL_NULL_LEAD]++;
	else if (unlikely(PG_ARGISNULL(2)))
		state->rows.ignored[FUNNEL_NULL_TIME]++;
	else if (unlikely(TIMESTAMP_NOT_FINITE(at = time_argument(fcinfo, 2, is_date))))
		state->rows.ignored[FUNNEL_INFINITE_TIME]++;
	else if (mask == 0)
		state->rows.ignored[FUNNEL_NO_CONDITION]++;
	else
	{
		for (int step = 0; step < count; step++)
			if (mask & ((uint32) 1 << step))
				add_event(state, fcinfo, kind, at,
						  funnel_event_code(step, mask & (((uint32) 1 << step) - 1)));
		state->rows.used++;
	}
	PG_RETURN_POINTER(state);
}

DEFINE_ACCUMULATE(funnel_accumulate_bigint,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_TEXT, false));
DEFINE_ACCUMULATE(funnel_accumulate_uuid, accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_TEXT, false));
DEFINE_ACCUMULATE(funnel_accumulate_text, accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_TEXT, false));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_enum,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_ENUM, false));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_enum,
				  accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_ENUM, false));
DEFINE_ACCUMULATE(funnel_accumulate_text_enum,
				  accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_ENUM, false));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_integer,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_INTEGER, false));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_integer,
				  accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_INTEGER, false));
DEFINE_ACCUMULATE(funnel_accumulate_text_integer,
				  accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_INTEGER, false));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_conditions, accumulate_conditions(fcinfo, LEAD_KEY_BIGINT, false));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_conditions, accumulate_conditions(fcinfo, LEAD_KEY_UUID, false));
DEFINE_ACCUMULATE(funnel_accumulate_text_conditions, accumulate_conditions(fcinfo, LEAD_KEY_TEXT, false));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_date,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_TEXT, true));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_date,
				  accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_TEXT, true));
DEFINE_ACCUMULATE(funnel_accumulate_text_date,
				  accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_TEXT, true));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_enum_date,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_ENUM, true));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_enum_date,
				  accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_ENUM, true));
DEFINE_ACCUMULATE(funnel_accumulate_text_enum_date,
				  accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_ENUM, true));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_integer_date,
				  accumulate_stage(fcinfo, LEAD_KEY_BIGINT, FUNNEL_STAGE_INTEGER, true));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_integer_date,
				  accumulate_stage(fcinfo, LEAD_KEY_UUID, FUNNEL_STAGE_INTEGER, true));
DEFINE_ACCUMULATE(funnel_accumulate_text_integer_date,
				  accumulate_stage(fcinfo, LEAD_KEY_TEXT, FUNNEL_STAGE_INTEGER, true));
DEFINE_ACCUMULATE(funnel_accumulate_bigint_conditions_date,
				  accumulate_conditions(fcinfo, LEAD_KEY_BIGINT, true));
DEFINE_ACCUMULATE(funnel_accumulate_uuid_conditions_date, accumulate_conditions(fcinfo, LEAD_KEY_UUID, true));
DEFINE_ACCUMULATE(funnel_accumulate_text_conditions_date, accumulate_conditions(fcinfo, LEAD_KEY_TEXT, true));

PG_FUNCTION_INFO_V1(funnel_combine);
Datum
funnel_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "funnel");
	FunnelState *into = PG_ARGISNULL(0) ? NULL : (FunnelState *) PG_GETARG_POINTER(0);
	const FunnelState *from = PG_ARGISNULL(1) ? NULL : (FunnelState *) PG_GETARG_POINTER(1);

	if (from == NULL)
	{
		if (into == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(into);
	}
	if (into == NULL)
	{
		FunnelDefinition *definition = MemoryContextAlloc(context, from->definition->size);

		memcpy(definition, from->definition, from->definition->size);
		into = create_state(context, definition, from->log.kind, fcinfo->context);
	}
	else
		funnel_definition_require_equal(into->definition, from->definition, "added");
	funnel_rows_merge(&into->rows, &from->rows);
	lead_event_log_combine(&into->log, &from->log);
	PG_RETURN_POINTER(into);
}

PG_FUNCTION_INFO_V1(funnel_serialize);
Datum
funnel_serialize(PG_FUNCTION_ARGS)
{
	FunnelState *state = (FunnelState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	funnel_definition_encode(state->definition, &out);
	funnel_rows_encode(&state->rows, &out);
	lead_event_log_serialize(&state->log, &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(funnel_deserialize);
Datum
funnel_deserialize(PG_FUNCTION_ARGS)
{
	FunnelState *state = palloc0(sizeof(FunnelState));
	StringInfoData in;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, "funnel state", WIRE_VERSION);
	state->definition = funnel_definition_decode(&in);
	funnel_rows_decode(&state->rows, &in);
	lead_event_log_deserialize(&state->log, 0, &in, "funnel state", 2 * state->definition->step_count, NULL,
							   NULL);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

static void
count_lead(void *argument, const LeadEvent *events, int64 count)
{
	FunnelSummary *summary = argument;
	FunnelChain chain;

	funnel_chain_find(summary->definition, events, count, &chain);
	funnel_summary_add_lead(summary, &chain);
}

/* No rows: NULL, since nothing says what the ladder is. */
PG_FUNCTION_INFO_V1(funnel_final);
Datum
funnel_final(PG_FUNCTION_ARGS)
{
	FunnelState *state = aggregate_state(fcinfo, 0, "funnel");
	FunnelSummary *summary;
	const char *wrong;

	if (state == NULL)
		PG_RETURN_NULL();
	summary = funnel_summary_create(state->definition);
	summary->rows = state->rows;
	lead_event_log_visit(&state->log, count_lead, summary);
	/* A damaged state may have looked sound until its leads were counted. */
	wrong = funnel_room.contradiction(summary);
	if (wrong != NULL)
		wire_corrupt("funnel state", wrong);
	return summary_to_datum(&funnel_room, summary);
}
