/*
 * window_funnel_state.h
 *	  The state of window_funnel: the events of one lead.
 *
 * There is one state per lead, so what it costs is the memory it touches.  A
 * state takes 64 bytes, a size that the allocator does not round up, and holds
 * a handful of events itself; longer histories go into an array that grows
 * beside it.  The state never moves.  The rules are the same for all leads of a
 * query, so the states point to one copy.
 */
#ifndef LEAD_KPI_WINDOW_FUNNEL_STATE_H
#define LEAD_KPI_WINDOW_FUNNEL_STATE_H

#include "window_funnel_chain.h"

#define INLINE_EVENTS 6
#define IN_ARRAY PG_UINT8_MAX

typedef struct WindowFunnelArray
{
	WindowFunnelEvent *events;
	uint32 count;
	uint32 capacity;
} WindowFunnelArray;

typedef struct WindowFunnelState
{
	const WindowFunnelRules *rules; /* one copy for all states of a query */
	union
	{
		int64 times[INLINE_EVENTS];
		WindowFunnelArray array;
	} held;
	uint8 steps[INLINE_EVENTS]; /* of the events in held.times */
	uint8 count;				/* of them; IN_ARRAY: events are in held.array */
	bool sorted;				/* events came in order of time */
} WindowFunnelState;

StaticAssertDecl(sizeof(WindowFunnelState) <= 64, "a window_funnel state fills one 64 byte chunk");

/* Can these modes be given together? */
extern bool window_funnel_modes_combine(int modes);

extern WindowFunnelState *window_funnel_create(MemoryContext context, const WindowFunnelRules *rules);

/* Makes room in an array for "more" events; sizes are powers of two, as the allocator's are. */
extern void window_funnel_reserve(WindowFunnelState *state, uint32 more);

static inline bool
same_rules(const WindowFunnelRules *rules, const WindowFunnelRules *other)
{
	return rules->window == other->window && rules->steps == other->steps && rules->modes == other->modes;
}

static inline uint32
event_count(const WindowFunnelState *state)
{
	return state->count == IN_ARRAY ? state->held.array.count : state->count;
}

static inline WindowFunnelEvent
get_event(const WindowFunnelState *state, uint32 number)
{
	WindowFunnelEvent event;

	if (state->count == IN_ARRAY)
		return state->held.array.events[number];
	set_event(&event, state->held.times[number], state->steps[number]);
	return event;
}

/* Events go into the state while they are few and their steps fit a byte. */
static inline void
append_event(WindowFunnelState *state, int64 time, uint32 steps)
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
		WindowFunnelArray *array = &state->held.array;

		if (state->count != IN_ARRAY || array->count == array->capacity)
			window_funnel_reserve(state, 1);
		if (array->count > 0 && time < event_time(&array->events[array->count - 1]))
			state->sorted = false;
		set_event(&array->events[array->count++], time, steps);
	}
}

#endif /* LEAD_KPI_WINDOW_FUNNEL_STATE_H */
