/*
 * window_funnel_state.c
 *	  The state of window_funnel: the events of one lead.
 */
#include "window_funnel_state.h"

#include "utils/memutils.h"

#define FIRST_ARRAY_BYTES 128

/* Rules that the states of one aggregate context point to. */
typedef struct SharedRules
{
	WindowFunnelRules rules;
	MemoryContext context;
	MemoryContextCallback callback;
} SharedRules;

bool
window_funnel_modes_combine(int modes)
{
	return (modes & ~MODE_ALL) == 0 && (!(modes & MODE_ALLOW_REENTRY) || (modes & MODE_STRICT_ORDER));
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

static const WindowFunnelRules *
share_rules(MemoryContext context, const WindowFunnelRules *rules)
{
	static int oldest = 0;
	int slot = -1;
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

WindowFunnelState *
window_funnel_create(MemoryContext context, const WindowFunnelRules *rules)
{
	const WindowFunnelRules *shared = share_rules(context, rules);
	WindowFunnelState *state = MemoryContextAlloc(context, sizeof(WindowFunnelState));

	state->rules = shared;
	state->count = 0;
	state->sorted = true;
	return state;
}

void
window_funnel_reserve(WindowFunnelState *state, uint32 more)
{
	uint64 needed = (uint64) event_count(state) + more;
	Size bytes = FIRST_ARRAY_BYTES;
	WindowFunnelArray array;

	if (state->count == IN_ARRAY && needed <= state->held.array.capacity)
		return;
	if (needed > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many events in one window_funnel group"),
				 errhint("Group by lead, and filter rows that are no step.")));
	while (bytes / sizeof(WindowFunnelEvent) < needed)
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
	array.capacity = (uint32) Min(bytes / sizeof(WindowFunnelEvent), PG_UINT32_MAX);
	state->held.array = array;
	state->count = IN_ARRAY;
}
