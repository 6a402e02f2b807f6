/*
 * window_funnel.c
 *	  The aggregates window_funnel and window_funnel_times: how far one lead
 *	  got through the steps within a window, and when.
 *
 * There is one state per lead, so what it costs is the memory it touches.  A
 * state takes 64 bytes, a size that the allocator does not round up, and holds
 * a handful of events itself; longer histories go into an array that grows
 * beside it.  The state never moves.  The rules are the same for all leads of a
 * query, so the states point to one copy.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/conditions.h"
#include "base/duration.h"
#include "base/wire.h"
#include "events/lead_event_file.h"
#include "window_funnel_chain.h"

#define STATE_NAME "window_funnel state"
#define STATE_VERSION 1

#define INLINE_EVENTS 6
#define IN_ARRAY PG_UINT8_MAX
#define FIRST_ARRAY_BYTES 128

/*
 * States of more events are handed over in a file where that is possible: a
 * value between processes cannot be larger than 1 GB.
 */
#define MAX_SHIPPED_EVENTS (256 * 1024)

/* In the byte of the modes: the events are in a file, in blocks of about this size. */
#define IN_FILE 0x80
#define FILE_BLOCK_BYTES (256 * 1024)

/* Sorting scratch that lives on the stack. */
#define SMALL_SORT 64

typedef struct EventArray
{
	FunnelEvent *events;
	uint32		count;
	uint32		capacity;
} EventArray;

typedef struct FunnelState
{
	const FunnelRules *rules;	/* shared, see share_rules() */
	union
	{
		int64		times[INLINE_EVENTS];
		EventArray	array;
	}			held;
	uint8		steps[INLINE_EVENTS];	/* of the events in held.times */
	uint8		count;			/* of them; IN_ARRAY: events are in held.array */
	bool		sorted;			/* events came in order of time */
} FunnelState;

StaticAssertDecl(sizeof(FunnelState) <= 64, "a window_funnel state fills one 64 byte chunk");

/* What stays the same from row to row; lost and rebuilt at no harm. */
typedef struct CallCache
{
	ConditionList conditions;
	bool		has_within;		/* "window" was read from "within" */
	Interval	within;
	uint64		window;
	int			modes;
	ArrayType  *mode_names;		/* that "modes" was read from; NULL: none yet */
} CallCache;

/* Rules that the states of one aggregate context point to. */
typedef struct SharedRules
{
	FunnelRules rules;
	MemoryContext context;
	MemoryContextCallback callback;
} SharedRules;

typedef enum TimeKind
{
	TIME_TIMESTAMP,				/* microseconds, with and without time zone */
	TIME_DATE,					/* days */
	TIME_BIGINT,				/* the caller's unit */
	TIME_INTEGER
} TimeKind;

#define ST_SORT sort_events
#define ST_ELEMENT_TYPE FunnelEvent
#define ST_COMPARE(a, b) (event_time(a) < event_time(b) ? -1 : event_time(a) > event_time(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

static const struct
{
	const char *name;
	int			mode;
}			mode_names[] = {
	{"strict_deduplication", MODE_STRICT_DEDUPLICATION},
	{"strict_order", MODE_STRICT_ORDER},
	{"strict_increase", MODE_STRICT_INCREASE},
	{"strict_once", MODE_STRICT_ONCE},
	{"allow_reentry", MODE_ALLOW_REENTRY},
};

static bool
modes_combine(int modes)
{
	return (modes & ~MODE_ALL) == 0 &&
		(!(modes & MODE_ALLOW_REENTRY) || (modes & MODE_STRICT_ORDER));
}

static int
parse_modes(ArrayType *names)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	int			modes = 0;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *name = nulls[i] ? NULL : TextDatumGetCString(elements[i]);
		int			mode = 0;

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
	if (!modes_combine(modes))
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
	ArrayType  *names;

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
	int64		window;

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
		cache->window = window == PG_INT64_MAX ? PG_UINT64_MAX :
			(uint64) (kind == TIME_DATE ? window / USECS_PER_DAY : window);
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

static inline bool
same_rules(const FunnelRules *rules, const FunnelRules *other)
{
	return rules->window == other->window && rules->steps == other->steps &&
		rules->modes == other->modes;
}

/*
 * The rules last seen, for the few aggregates that one query has.  An entry is
 * forgotten with the context it lives in; not finding one costs a new copy.
 */
static SharedRules *shared_rules[4];

static void
forget_shared_rules(void *argument)
{
	for (int i = 0; i < (int) lengthof(shared_rules); i++)
		if (shared_rules[i] == argument)
			shared_rules[i] = NULL;
}

static const FunnelRules *
share_rules(MemoryContext context, const FunnelRules *rules)
{
	static int	oldest = 0;
	int			slot = -1;
	SharedRules *shared;

	for (int i = 0; i < (int) lengthof(shared_rules); i++)
	{
		shared = shared_rules[i];
		if (shared == NULL)
			slot = i;
		else if (shared->context == context && same_rules(&shared->rules, rules))
			return &shared->rules;
	}
	if (slot < 0)
	{
		slot = oldest;
		oldest = (oldest + 1) % (int) lengthof(shared_rules);
	}
	shared = MemoryContextAlloc(context, sizeof(SharedRules));
	shared->rules = *rules;
	shared->context = context;
	shared->callback.func = forget_shared_rules;
	shared->callback.arg = shared;
	MemoryContextRegisterResetCallback(context, &shared->callback);
	shared_rules[slot] = shared;
	return &shared->rules;
}

static FunnelState *
create_state(MemoryContext context, const FunnelRules *rules)
{
	const FunnelRules *shared = share_rules(context, rules);
	FunnelState *state = MemoryContextAlloc(context, sizeof(FunnelState));

	state->rules = shared;
	state->count = 0;
	state->sorted = true;
	return state;
}

static inline uint32
event_count(const FunnelState *state)
{
	return state->count == IN_ARRAY ? state->held.array.count : state->count;
}

static inline FunnelEvent
get_event(const FunnelState *state, uint32 number)
{
	FunnelEvent event;

	if (state->count == IN_ARRAY)
		return state->held.array.events[number];
	set_event(&event, state->held.times[number], state->steps[number]);
	return event;
}

/* Makes room in an array for "more" events; sizes are powers of two, as the allocator's are. */
static void
reserve_array(FunnelState *state, uint32 more)
{
	uint64		needed = (uint64) event_count(state) + more;
	Size		bytes = FIRST_ARRAY_BYTES;
	EventArray	array;

	if (state->count == IN_ARRAY && needed <= state->held.array.capacity)
		return;
	if (needed > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many events in one window_funnel group"),
				 errhint("Group by lead, and filter rows that are no step.")));
	while (bytes / sizeof(FunnelEvent) < needed)
		bytes *= 2;
	if (state->count == IN_ARRAY)
	{
		array = state->held.array;
		array.events = repalloc_huge(array.events, bytes);
	}
	else
	{
		array.events = MemoryContextAllocHuge(GetMemoryChunkContext(state), bytes);
		array.count = state->count;
		for (uint32 i = 0; i < array.count; i++)
			array.events[i] = get_event(state, i);
	}
	array.capacity = (uint32) Min(bytes / sizeof(FunnelEvent), PG_UINT32_MAX);
	state->held.array = array;
	state->count = IN_ARRAY;
}

/* Events go into the state while they are few and their steps fit a byte. */
static inline void
append_event(FunnelState *state, int64 time, uint32 steps)
{
	if (state->count < INLINE_EVENTS && steps <= PG_UINT8_MAX)
	{
		if (state->count > 0 && time < state->held.times[state->count - 1])
			state->sorted = false;
		state->held.times[state->count] = time;
		state->steps[state->count++] = (uint8) steps;
	}
	else
	{
		EventArray *array = &state->held.array;

		if (state->count != IN_ARRAY || array->count == array->capacity)
			reserve_array(state, 1);
		if (array->count > 0 && time < event_time(&array->events[array->count - 1]))
			state->sorted = false;
		set_event(&array->events[array->count++], time, steps);
	}
}

static inline void
check_same_rules(const FunnelRules *rules, const FunnelRules *other)
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
	FunnelState *state = PG_ARGISNULL(0) ? NULL : (FunnelState *) PG_GETARG_POINTER(0);
	CallCache  *cache = fcinfo->flinfo->fn_extra;
	int			argument = has_modes ? 2 : 1;	/* the window */
	FunnelRules rules;
	uint32		steps;
	int			step_count;

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
			state = create_state(aggregate_context(fcinfo, "window_funnel"), &rules);
		append_event(state, get_time(fcinfo, argument + 1, kind), steps);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

#define DEFINE_ACCUMULATE(name, has_modes, kind) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return accumulate(fcinfo, has_modes, kind); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_ACCUMULATE(window_funnel_accumulate_timestamp, false, TIME_TIMESTAMP);
DEFINE_ACCUMULATE(window_funnel_accumulate_date, false, TIME_DATE);
DEFINE_ACCUMULATE(window_funnel_accumulate_bigint, false, TIME_BIGINT);
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_timestamp, true, TIME_TIMESTAMP);
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_date, true, TIME_DATE);
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_bigint, true, TIME_BIGINT);
DEFINE_ACCUMULATE(window_funnel_accumulate_modes_integer, true, TIME_INTEGER);

PG_FUNCTION_INFO_V1(window_funnel_combine);
Datum
window_funnel_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "window_funnel");
	FunnelState *left = PG_ARGISNULL(0) ? NULL : (FunnelState *) PG_GETARG_POINTER(0);
	const FunnelState *right = PG_ARGISNULL(1) ? NULL : (FunnelState *) PG_GETARG_POINTER(1);

	if (right != NULL)
	{
		uint32		count = event_count(right);

		if (left == NULL)
			left = create_state(context, right->rules);
		else
			check_same_rules(left->rules, right->rules);

		if (event_count(left) + (uint64) count > INLINE_EVENTS)
			reserve_array(left, count);
		for (uint32 i = 0; i < count; i++)
		{
			FunnelEvent event = get_event(right, i);

			append_event(left, event_time(&event), event.steps);
		}
	}
	if (left == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(left);
}

/*
 * Per event the distance in time from the event before (zigzag, so that small
 * steps back are short too) and its steps.
 */
static inline void
put_event(StringInfo out, FunnelEvent event, uint64 *previous)
{
	uint64		time = (uint64) event_time(&event);
	uint64		distance = time - *previous;

	wire_put_varint(out, (distance << 1) ^ (0 - (distance >> 63)));
	wire_put_varint(out, event.steps);
	*previous = time;
}

static void
get_events(StringInfo in, FunnelState *state, uint32 count, uint64 *previous)
{
	const FunnelRules *rules = state->rules;

	for (uint32 i = 0; i < count; i++)
	{
		uint64		zigzag = wire_get_varint(in, STATE_NAME);
		uint64		steps = wire_get_varint(in, STATE_NAME);

		wire_check(steps >> rules->steps == 0, STATE_NAME, "step out of range");
		wire_check(steps != 0 || (rules->modes & MODE_STRICT_ORDER), STATE_NAME,
				   "event without a step");
		*previous += (zigzag >> 1) ^ (0 - (zigzag & 1));
		append_event(state, (int64) *previous, (uint32) steps);
	}
}

/* Blocks of: number of events and bytes (4 each), the events. */
static void
put_events_in_file(StringInfo out, const FunnelState *state, ExprContext *lifetime)
{
	LeadEventFile *file = lead_event_file_create(GetMemoryChunkContext((void *) state), lifetime, true);
	uint32		count = event_count(state);
	uint64		previous = 0;
	uint32		put = 0;
	StringInfoData block;

	initStringInfo(&block);
	while (put < count)
	{
		uint32		first = put;
		uint32		header[2];

		CHECK_FOR_INTERRUPTS();
		resetStringInfo(&block);
		while (put < count && block.len < FILE_BLOCK_BYTES)
			put_event(&block, get_event(state, put++), &previous);
		header[0] = pg_hton32(put - first);
		header[1] = pg_hton32((uint32) block.len);
		lead_event_file_append(file, (const char *) header, sizeof(header));
		lead_event_file_append(file, block.data, block.len);
	}
	lead_event_file_serialize(file, out);
	pfree(block.data);
}

static void
get_events_from_file(StringInfo in, FunnelState *state, uint32 count, MemoryContext context,
					 ExprContext *lifetime)
{
	LeadEventFile *file = lead_event_file_deserialize(CurrentMemoryContext, in);
	int64		size = lead_event_file_size(file);
	int64		position = 0;
	uint64		previous = 0;
	char	   *bytes = palloc(FILE_BLOCK_BYTES + 64);

	file = lead_event_file_open(file, context, lifetime);
	while (event_count(state) < count)
	{
		StringInfoData block;
		uint32		header[2];

		CHECK_FOR_INTERRUPTS();
		wire_check(size - position >= (int64) sizeof(header), STATE_NAME, "file is cut off");
		lead_event_file_read(file, position, (char *) header, sizeof(header));
		position += sizeof(header);
		header[0] = pg_ntoh32(header[0]);
		header[1] = pg_ntoh32(header[1]);
		wire_check(header[1] <= FILE_BLOCK_BYTES + 64 && size - position >= (int64) header[1] &&
				   header[0] > 0 && header[0] <= count - event_count(state), STATE_NAME,
				   "file is damaged");
		lead_event_file_read(file, position, bytes, header[1]);
		position += header[1];
		read_only_string_info(&block, bytes, (int) header[1]);
		get_events(&block, state, header[0], &previous);
		pq_getmsgend(&block);
	}
	pfree(bytes);
}

/* Version, window, steps, modes, count, then the events, or the file that has them. */
PG_FUNCTION_INFO_V1(window_funnel_serialize);
Datum
window_funnel_serialize(PG_FUNCTION_ARGS)
{
	const FunnelState *state = (FunnelState *) PG_GETARG_POINTER(0);
	const int	longest_event = 15;
	StringInfoData out;
	uint32		count = event_count(state);
	bool		in_file = count > MAX_SHIPPED_EVENTS && lead_event_file_can_ship(fcinfo->context);
	uint64		previous = 0;

	(void) aggregate_context(fcinfo, "window_funnel");
	pq_begintypsend(&out);
	wire_put_version(&out, STATE_VERSION);
	pq_sendint64(&out, state->rules->window);
	pq_sendbyte(&out, state->rules->steps);
	pq_sendbyte(&out, state->rules->modes | (in_file ? IN_FILE : 0));
	wire_put_varint(&out, count);
	if (in_file)
		put_events_in_file(&out, state, ((AggState *) fcinfo->context)->curaggcontext);
	for (uint32 i = 0; !in_file && i < count; i++)
	{
		/* Only engines that ship states by themselves come here. */
		if (unlikely((Size) out.len + longest_event >= MaxAllocSize))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a window_funnel group of %u events is too large to be sent between servers",
							count),
					 errhint("Group by lead, and filter rows that are no step.")));
		put_event(&out, get_event(state, i), &previous);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(window_funnel_deserialize);
Datum
window_funnel_deserialize(PG_FUNCTION_ARGS)
{
	StringInfoData in;
	FunnelRules rules;
	FunnelState *state;
	bool		in_file;
	uint64		previous = 0;

	(void) aggregate_context(fcinfo, "window_funnel");
	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, STATE_NAME, STATE_VERSION);
	rules.window = (uint64) pq_getmsgint64(&in);
	rules.steps = pq_getmsgbyte(&in);
	rules.modes = pq_getmsgbyte(&in);
	in_file = (rules.modes & IN_FILE) != 0;
	rules.modes &= ~IN_FILE;
	wire_check(rules.window <= PG_INT64_MAX || rules.window == PG_UINT64_MAX, STATE_NAME,
			   "window out of range");
	wire_check(rules.steps >= 1 && rules.steps <= MAX_CONDITIONS, STATE_NAME,
			   "number of conditions out of range");
	wire_check(modes_combine(rules.modes), STATE_NAME, "impossible modes");
	wire_check(!in_file || (fcinfo->context != NULL && IsA(fcinfo->context, AggState)), STATE_NAME,
			   "file of another process");

	state = create_state(CurrentMemoryContext, &rules);
	if (in_file)
	{
		uint64		count = wire_get_varint(&in, STATE_NAME);

		wire_check(count <= PG_UINT32_MAX, STATE_NAME, "count out of range");
		get_events_from_file(&in, state, (uint32) count, aggregate_context(fcinfo, "window_funnel"),
							 ((AggState *) fcinfo->context)->curaggcontext);
	}
	else
	{
		uint32		count = wire_get_count(&in, STATE_NAME, 2, PG_INT32_MAX);

		if (count > INLINE_EVENTS)
			reserve_array(state, count);
		get_events(&in, state, count, &previous);
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

/* The events in order of time: the state's own array, or a copy in small or *scratch. */
static const FunnelEvent *
sorted_events(const FunnelState *state, FunnelEvent *small, FunnelEvent **scratch)
{
	uint32		count = event_count(state);
	FunnelEvent *copy = small;

	*scratch = NULL;
	if (state->count == IN_ARRAY && state->sorted)
		return state->held.array.events;
	if (count > SMALL_SORT)
		copy = *scratch = MemoryContextAllocHuge(CurrentMemoryContext,
												 count * sizeof(FunnelEvent));
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
	FunnelEvent small[SMALL_SORT];
	FunnelEvent *scratch;
	const FunnelState *state;
	FunnelResult result;

	(void) aggregate_context(fcinfo, "window_funnel");
	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(0);
	state = (FunnelState *) PG_GETARG_POINTER(0);
	result = funnel_chain_result(state->rules, sorted_events(state, small, &scratch),
								 event_count(state));
	if (scratch != NULL)
		pfree(scratch);
	PG_RETURN_INT32(result.level);
}

static Datum
final_times(FunctionCallInfo fcinfo, Oid type)
{
	FunnelEvent small[SMALL_SORT];
	FunnelEvent *scratch;
	const FunnelState *state;
	const FunnelEvent *events;
	FunnelResult result;
	int64		times[MAX_CONDITIONS];
	Datum		elements[MAX_CONDITIONS];

	(void) aggregate_context(fcinfo, "window_funnel");
	if (PG_ARGISNULL(0))
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(type));
	state = (FunnelState *) PG_GETARG_POINTER(0);
	events = sorted_events(state, small, &scratch);
	result = funnel_chain_result(state->rules, events, event_count(state));
	funnel_chain_times(state->rules, events, event_count(state), result, times);
	if (scratch != NULL)
		pfree(scratch);

	if (type == DATEOID)
	{
		for (int i = 0; i < result.level; i++)
			elements[i] = DateADTGetDatum((DateADT) times[i]);
		PG_RETURN_ARRAYTYPE_P(construct_array(elements, result.level, type, sizeof(DateADT), true,
											  TYPALIGN_INT));
	}
	for (int i = 0; i < result.level; i++)
		elements[i] = Int64GetDatum(times[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, result.level, type, sizeof(int64),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

#define DEFINE_FINAL_TIMES(name, type) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return final_times(fcinfo, type); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_FINAL_TIMES(window_funnel_times_final_timestamptz, TIMESTAMPTZOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_timestamp, TIMESTAMPOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_date, DATEOID);
DEFINE_FINAL_TIMES(window_funnel_times_final_bigint, INT8OID);
