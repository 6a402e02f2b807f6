/*
 * window_funnel.c
 *	  The aggregates window_funnel and window_funnel_times: how far one lead
 *	  got through the steps within a window, and when.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/duration.h"
#include "window_funnel_state.h"

/* Sorting scratch that lives on the stack. */
#define SMALL_SORT 64

/* What stays the same from row to row; lost and rebuilt at no harm. */
typedef struct CallCache
{
	ConditionList conditions;
	bool has_within; /* "window" was read from "within" */
	Interval within;
	uint64 window;
	int modes;
	ArrayType *mode_names; /* that "modes" was read from; NULL: none yet */
} CallCache;

typedef enum TimeKind
{
	TIME_TIMESTAMP, /* microseconds, with and without time zone */
	TIME_DATE,		/* days */
	TIME_BIGINT,	/* the caller's unit */
	TIME_INTEGER
} TimeKind;

#define ST_SORT sort_events
#define ST_ELEMENT_TYPE WindowFunnelEvent
#define ST_COMPARE(a, b) (event_time(a) < event_time(b) ? -1 : event_time(a) > event_time(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

static const struct
{
	const char *name;
	int mode;
} mode_names[] = {
	{"strict_deduplication", MODE_STRICT_DEDUPLICATION},
	{"strict_order", MODE_STRICT_ORDER},
	{"strict_increase", MODE_STRICT_INCREASE},
	{"strict_once", MODE_STRICT_ONCE},
	{"allow_reentry", MODE_ALLOW_REENTRY},
};

static int
parse_modes(ArrayType *names)
{
	Datum *elements;
	bool *nulls;
	int count;
	int modes = 0;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char *name = nulls[i] ? NULL : TextDatumGetCString(elements[i]);
		int mode = 0;

		for (size_t known = 0; name != NULL && known < lengthof(mode_names); known++)
			if (strcmp(name, mode_names[known].name) == 0)
				mode = mode_names[known].mode;
		if (mode == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 name ? errmsg("unknown window_funnel mode \"%s\"", name)
					 : errmsg("a window_funnel mode is NULL"),
					 errhint("The modes are strict_deduplication, strict_order, strict_increase, strict_once and allow_reentry.")));
		modes |= mode;
	}
	if (!window_funnel_modes_combine(modes))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window_funnel mode allow_reentry needs strict_order"),
				 errhint("Write '{strict_order,allow_reentry}'.")));
	return modes;
}

/* The modes argument; parsed once per query as long as it has the same content. */
static int
get_modes(FunctionCallInfo fcinfo, CallCache *cache, int argument)
{
	ArrayType *names;

	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the modes of window_funnel are NULL"),
				 errhint("Leave the modes out, or write '{}' for none.")));
	names = PG_GETARG_ARRAYTYPE_P(argument);
	if (cache->mode_names == NULL || VARSIZE(names) != VARSIZE(cache->mode_names) ||
		memcmp(names, cache->mode_names, VARSIZE(names)) != 0)
	{
		cache->modes = parse_modes(names);
		if (cache->mode_names != NULL)
			pfree(cache->mode_names);
		cache->mode_names = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, VARSIZE(names));
		memcpy(cache->mode_names, names, VARSIZE(names));
	}
	return cache->modes;
}

/* The window argument; an interval is checked once per query as long as it stays the same. */
static inline uint64
get_window(FunctionCallInfo fcinfo, CallCache *cache, int argument, TimeKind kind)
{
	const Interval *within;
	int64 window;

	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the window of window_funnel is NULL"),
				 errhint("Write a length of time such as interval '30 days'.")));
	if (kind == TIME_BIGINT || kind == TIME_INTEGER)
	{
		window = kind == TIME_BIGINT ? PG_GETARG_INT64(argument) : PG_GETARG_INT32(argument);
		if (window < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("window " INT64_FORMAT " is negative", window),
					 errhint("Write the window as a length in the unit of the times; 0 means the same moment.")));
		return window;
	}
	within = PG_GETARG_INTERVAL_P(argument);
	if (unlikely(!cache->has_within || memcmp(within, &cache->within, sizeof(Interval)) != 0))
	{
		window = fixed_duration(within, "window");
		cache->window = window == PG_INT64_MAX
			? PG_UINT64_MAX
			: (uint64) (kind == TIME_DATE ? window / USECS_PER_DAY : window);
		cache->within = *within;
		cache->has_within = true;
	}
	return cache->window;
}

static inline int64
get_time(FunctionCallInfo fcinfo, int argument, TimeKind kind)
{
	switch (kind)
	{
		case TIME_DATE:
			return PG_GETARG_DATEADT(argument);
		case TIME_INTEGER:
			return PG_GETARG_INT32(argument);
		case TIME_TIMESTAMP:
		case TIME_BIGINT:
			break;
	}
	return PG_GETARG_INT64(argument);
}

static inline void
check_same_rules(const WindowFunnelRules *rules, const WindowFunnelRules *other)
{
	if (likely(same_rules(rules, other)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of window_funnel differs within a group",
					rules->window != other->window ? "the window" :
					rules->modes != other->modes ? "the set of modes" : "the number of conditions"),
			 errhint("Use constants, or add what they depend on to GROUP BY.")));
}

static pg_attribute_always_inline Datum
accumulate(FunctionCallInfo fcinfo, bool has_modes, TimeKind kind)
{
	WindowFunnelState *state = PG_ARGISNULL(0) ? NULL : (WindowFunnelState *) PG_GETARG_POINTER(0);
	CallCache *cache = fcinfo->flinfo->fn_extra;
	int argument = has_modes ? 2 : 1; /* the window */
	WindowFunnelRules rules;
	uint32 steps;
	int step_count;

	if (unlikely(cache == NULL))
	{
		(void) aggregate_context(fcinfo, "window_funnel");
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallCache));
		cache->conditions = condition_list_check(fcinfo, argument + 2);
		fcinfo->flinfo->fn_extra = cache;
	}
	rules.modes = has_modes ? get_modes(fcinfo, cache, 1) : 0;
	rules.window = get_window(fcinfo, cache, argument, kind);
	steps = condition_mask(fcinfo, &cache->conditions, &step_count);
	rules.steps = step_count;

	/* Bad arguments are reported above even for rows that do not count. */
	if (state != NULL)
		check_same_rules(state->rules, &rules);
	if (!PG_ARGISNULL(argument + 1) && (steps != 0 || (rules.modes & MODE_STRICT_ORDER)))
	{
		if (state == NULL)
			state = window_funnel_create(aggregate_context(fcinfo, "window_funnel"), &rules);
		append_event(state, get_time(fcinfo, argument + 1, kind), steps);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

DEFINE_ACCUMULATE(window_funnel_accumulate_timestamp, accumulate(fcinfo, false, TIME_TIMESTAMP));
DEFINE_ACCUMULATE(window_funnel_accumulate_date, accumulate(fcinfo, false, TIME_DATE));
DEFINE_ACCUMULATE(window_funnel_accumulate_bigint, accumulate(fcinfo, false, TIME_BIGINT));
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_timestamp, accumulate(fcinfo, true, TIME_TIMESTAMP));
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_date, accumulate(fcinfo, true, TIME_DATE));
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_bigint, accumulate(fcinfo, true, TIME_BIGINT));
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_integer, accumulate(fcinfo, true, TIME_INTEGER));

PG_FUNCTION_INFO_V1(window_funnel_combine);
Datum
window_funnel_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "window_funnel");
	WindowFunnelState *left = PG_ARGISNULL(0) ? NULL : (WindowFunnelState *) PG_GETARG_POINTER(0);
	const WindowFunnelState *right = PG_ARGISNULL(1) ? NULL : (WindowFunnelState *) PG_GETARG_POINTER(1);

	if (right != NULL)
	{
		uint32 count = event_count(right);

		if (left == NULL)
			left = window_funnel_create(context, right->rules);
		else
			check_same_rules(left->rules, right->rules);

		if (event_count(left) + (uint64) count > INLINE_EVENTS)
			window_funnel_reserve(left, count);
		for (uint32 i = 0; i < count; i++)
		{
			WindowFunnelEvent event = get_event(right, i);

			append_event(left, event_time(&event), event.steps);
		}
	}
	if (left == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(left);
}

/* The events in order of time: the state's own array, or a copy in small or *scratch. */
static const WindowFunnelEvent *
sorted_events(const WindowFunnelState *state, WindowFunnelEvent *small, WindowFunnelEvent **scratch)
{
	uint32 count = event_count(state);
	WindowFunnelEvent *copy = small;

	*scratch = NULL;
	if (state->count == IN_ARRAY && state->sorted)
		return state->held.array.events;
	if (count > SMALL_SORT)
		copy = *scratch = MemoryContextAllocHuge(CurrentMemoryContext,
												 mul_size(count, sizeof(WindowFunnelEvent)));
	for (uint32 i = 0; i < count; i++)
		copy[i] = get_event(state, i);
	if (!state->sorted)
		sort_events(copy, count);
	return copy;
}

PG_FUNCTION_INFO_V1(window_funnel_final);
Datum
window_funnel_final(PG_FUNCTION_ARGS)
{
	WindowFunnelEvent small[SMALL_SORT];
	WindowFunnelEvent *scratch;
	const WindowFunnelState *state;
	WindowFunnelResult result;

	(void) aggregate_context(fcinfo, "window_funnel");
	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);
	state = (WindowFunnelState *) PG_GETARG_POINTER(0);
	result = window_funnel_chain_result(state->rules, sorted_events(state, small, &scratch),
										event_count(state));
	if (scratch != NULL)
		pfree(scratch);
	PG_RETURN_INT32(result.level);
}

static Datum
final_times(FunctionCallInfo fcinfo, Oid type)
{
	WindowFunnelEvent small[SMALL_SORT];
	WindowFunnelEvent *scratch;
	const WindowFunnelState *state;
	const WindowFunnelEvent *events;
	WindowFunnelResult result;
	int64 times[MAX_CONDITIONS];
	Datum elements[MAX_CONDITIONS];

	(void) aggregate_context(fcinfo, "window_funnel");
	if (PG_ARGISNULL(0))
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(type));
	state = (WindowFunnelState *) PG_GETARG_POINTER(0);
	events = sorted_events(state, small, &scratch);
	result = window_funnel_chain_result(state->rules, events, event_count(state));
	window_funnel_chain_times(state->rules, events, event_count(state), result, times);
	if (scratch != NULL)
		pfree(scratch);

	if (type == DATEOID)
	{
		for (int i = 0; i < result.level; i++)
			elements[i] = DateADTGetDatum((DateADT) times[i]);
		PG_RETURN_ARRAYTYPE_P(
			construct_array(elements, result.level, type, sizeof(DateADT), true, TYPALIGN_INT));
	}
	for (int i = 0; i < result.level; i++)
		elements[i] = Int64GetDatum(times[i]);
	PG_RETURN_ARRAYTYPE_P(
		construct_array(elements, result.level, type, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

#define DEFINE_FINAL_TIMES(name, type) \
	PG_FUNCTION_INFO_V1(name); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		return final_times(fcinfo, type); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_FINAL_TIMES(window_funnel_times_final_timestamptz, TIMESTAMPTZOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_timestamp, TIMESTAMPOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_date, DATEOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_bigint, INT8OID);
