/*
 * window_funnel_chain.h
 *	  How deep a set of timed events gets through the steps of a funnel.
 *	  The algorithm alone: no aggregates, no SQL types.
 */
#ifndef LEAD_KPI_WINDOW_FUNNEL_CHAIN_H
#define LEAD_KPI_WINDOW_FUNNEL_CHAIN_H

#include "base/compat.h"

#include "base/conditions.h"

#define MODE_STRICT_DEDUPLICATION 0x01
#define MODE_STRICT_ORDER 0x02
#define MODE_STRICT_INCREASE 0x04
#define MODE_STRICT_ONCE 0x08
#define MODE_ALLOW_REENTRY 0x10
#define MODE_ALL 0x1f

/* One row: when, and which conditions held (bit k - 1 for step k). */
typedef struct WindowFunnelEvent
{
	uint32 time[2]; /* an int64 in 12 bytes, not padded to 16 */
	uint32 steps;
} WindowFunnelEvent;

static inline int64
event_time(const WindowFunnelEvent *event)
{
	int64 time;

	memcpy(&time, event->time, sizeof(time));
	return time;
}

static inline void
set_event(WindowFunnelEvent *event, int64 time, uint32 steps)
{
	memcpy(event->time, &time, sizeof(time));
	event->steps = steps;
}

typedef struct WindowFunnelRules
{
	uint64 window; /* in the unit of the times; PG_UINT64_MAX: unlimited */
	uint8 steps;   /* 1 to MAX_CONDITIONS */
	uint8 modes;   /* MODE_* */
} WindowFunnelRules;

/* The deepest level that was reached, and when the chain that got there started. */
typedef struct WindowFunnelResult
{
	int level;	 /* 0: no step 1 */
	int64 start; /* meaningless at level 0 */
} WindowFunnelResult;

/* Both take events in order of time; the order among equal times has no effect. */
extern WindowFunnelResult window_funnel_chain_result(const WindowFunnelRules *rules,
													 const WindowFunnelEvent *events, size_t count);
extern void window_funnel_chain_times(const WindowFunnelRules *rules, const WindowFunnelEvent *events,
									  size_t count, WindowFunnelResult result, int64 *times);

#endif /* LEAD_KPI_WINDOW_FUNNEL_CHAIN_H */
