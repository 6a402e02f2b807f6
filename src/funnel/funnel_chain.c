/*
 * funnel_chain.c
 *	  Which steps of the ladder one lead's history supports, and when.
 *
 * Every policy is linear in the lead's events, so a lead with a million rows
 * costs no more per row than one with three.
 */
#include "funnel_chain.h"

/* Is "time" no later than "start" + within?  Never overflows. */
static inline bool
inside(const FunnelDefinition *definition, int64 start, int64 time)
{
	return definition->within == FUNNEL_UNLIMITED ||
		(uint64) time - (uint64) start <= (uint64) definition->within;
}

/*
 * The earliest chain from event "start" (a step 1): each step at its first
 * event at or after the step before.
 */
static void
follow(const FunnelDefinition *definition, const LeadEvent *events, int64 count, int64 start,
	   FunnelChain *chain)
{
	chain->depth = 0;
	for (int64 i = start; i < count && chain->depth < definition->step_count; i++)
	{
		if (funnel_event_step(&events[i]) != chain->depth)
			continue;
		if (!inside(definition, events[start].time, events[i].time))
			break;
		chain->time[chain->depth] = events[i].time;
		chain->event[chain->depth++] = i;
	}
}

/* The deepest step any chain reaches: per step, keep the latest start. */
static int
deepest(const FunnelDefinition *definition, const LeadEvent *events, int64 count, int64 *latest_start)
{
	int64 start[FUNNEL_MAX_STEPS];
	int depth = 0;

	for (int64 i = 0; i < count; i++)
	{
		int step = funnel_event_step(&events[i]);

		/* Steps are reached one by one: start[0 .. depth - 1] are set. */
		if (step > depth || (step > 0 && !inside(definition, start[step - 1], events[i].time)))
			continue;
		start[step] = step == 0 ? events[i].time : start[step - 1];
		depth = Max(depth, step + 1);
	}
	if (depth > 0)
		*latest_start = start[depth - 1];
	return depth;
}

/*
 * The earliest start whose chain reaches "depth" within the window.  Backwards,
 * end[k] is the earliest end of a chain that is at step k here.
 */
static int64
earliest_start(const FunnelDefinition *definition, const LeadEvent *events, int64 count, int depth)
{
	int64 end[FUNNEL_MAX_STEPS];
	bool known[FUNNEL_MAX_STEPS] = {false};
	int64 found = 0;

	for (int64 i = count - 1; i >= 0; i--)
	{
		int step = funnel_event_step(&events[i]);

		if (step >= depth || (step < depth - 1 && !known[step + 1]))
			continue;
		end[step] = step == depth - 1 ? events[i].time : end[step + 1];
		known[step] = true;
		if (step == 0 && inside(definition, events[i].time, end[0]))
			found = i;
	}
	return found;
}

static void
find_ordered(const FunnelDefinition *definition, const LeadEvent *events, int64 count, FunnelChain *chain)
{
	int64 first = 0;
	int64 latest;
	int depth;

	while (first < count && funnel_event_step(&events[first]) != 0)
		first++;
	chain->depth = 0;
	if (first == count)
		return;
	follow(definition, events, count, first, chain);
	if (definition->timing == FUNNEL_FIRST_TOUCH &&
		(definition->within == FUNNEL_UNLIMITED || chain->depth == definition->step_count))
		return;

	/* A later entry may reach deeper, or is asked for. */
	depth = deepest(definition, events, count, &latest);
	if (definition->timing == FUNNEL_LATEST_START)
	{
		for (int64 i = first; i < count && events[i].time <= latest; i++)
			if (funnel_event_step(&events[i]) == 0 && events[i].time == latest)
			{
				follow(definition, events, count, i, chain);
				break;
			}
	}
	else if (depth > chain->depth)
		follow(definition, events, count, earliest_start(definition, events, count, depth), chain);
	Assert(chain->depth == depth);
}

/* ---------- rows that are events of several steps ---------- */

/* The events of one time: [first, end). */
typedef struct Moment
{
	int64 first;
	int64 end;
	int rows; /* how many there are, which is how many steps a chain can take */
	uint32 steps;
} Moment;

static bool
any_shares_row(const LeadEvent *events, int64 count)
{
	for (int64 i = 0; i < count; i++)
		if (funnel_event_shares_row(&events[i]))
			return true;
	return false;
}

/* The moment that event "within" belongs to. */
static Moment
moment_at(const LeadEvent *events, int64 count, int64 within)
{
	Moment moment = {within, within, 0, 0};

	while (moment.first > 0 && events[moment.first - 1].time == events[within].time)
		moment.first--;
	for (moment.end = moment.first; moment.end < count && events[moment.end].time == events[within].time;
		 moment.end++)
	{
		/* More rows than steps are of no use. */
		if (!funnel_event_shares_row(&events[moment.end]) && moment.rows < FUNNEL_MAX_STEPS)
			moment.rows++;
		moment.steps |= UINT32_C(1) << funnel_event_step(&events[moment.end]);
	}
	return moment;
}

/* As follow(), a row for each step. */
static void
follow_rows(const FunnelDefinition *definition, const LeadEvent *events, int64 count, int64 start,
			FunnelChain *chain)
{
	int64 i = start;

	chain->depth = 0;
	while (i < count && inside(definition, events[start].time, events[i].time))
	{
		Moment moment = moment_at(events, count, i);
		int rows = moment.rows;

		for (; i < moment.end && rows > 0 && chain->depth < definition->step_count; i++)
			if (funnel_event_step(&events[i]) == chain->depth)
			{
				chain->time[chain->depth] = events[i].time;
				chain->event[chain->depth++] = i;
				rows--;
			}
		i = moment.end;
	}
}

/*
 * As deepest(): of the steps that follow each other at one time, level "step"
 * takes the start of the lowest level that enough rows lead up from, which is
 * the latest.
 */
static int
deepest_rows(const FunnelDefinition *definition, const LeadEvent *events, int64 count)
{
	int64 start[FUNNEL_MAX_STEPS] = {0};
	int depth = 0;

	for (int64 i = 0; i < count;)
	{
		Moment moment = moment_at(events, count, i);
		int64 before[FUNNEL_MAX_STEPS];
		int depth_before = depth;
		int run = 0;

		memcpy(before, start, depth * sizeof(int64));
		for (int step = 0; step < definition->step_count; step++)
		{
			int lowest;
			int64 from;

			if ((moment.steps & (UINT32_C(1) << step)) == 0)
			{
				run = step + 1;
				continue;
			}
			lowest = Max(run, step + 1 - moment.rows);
			if (lowest > depth_before)
				continue;
			from = lowest == 0 ? events[i].time : before[lowest - 1];
			if (!inside(definition, from, events[i].time))
				continue;
			start[step] = from;
			depth = Max(depth, step + 1);
		}
		i = moment.end;
	}
	return depth;
}

/* As earliest_start(). */
static int64
earliest_start_rows(const FunnelDefinition *definition, const LeadEvent *events, int64 count, int depth)
{
	int64 end[FUNNEL_MAX_STEPS] = {0};
	bool known[FUNNEL_MAX_STEPS] = {false};
	int64 found = 0;

	for (int64 i = count - 1; i >= 0;)
	{
		Moment moment = moment_at(events, count, i);
		int64 after[FUNNEL_MAX_STEPS];
		bool known_after[FUNNEL_MAX_STEPS];
		int run = depth - 1;

		memcpy(after, end, sizeof(after));
		memcpy(known_after, known, sizeof(known_after));
		for (int step = depth - 1; step >= 0; step--)
		{
			int highest;

			if ((moment.steps & (UINT32_C(1) << step)) == 0)
			{
				run = step - 1;
				continue;
			}
			highest = Min(run, step - 1 + moment.rows);
			if (highest < depth - 1 && !known_after[highest + 1])
				continue;
			end[step] = highest == depth - 1 ? events[i].time : after[highest + 1];
			known[step] = true;
			/* Step 1 is never shared with an earlier one, so its events come first. */
			if (step == 0 && inside(definition, events[i].time, end[0]))
				found = moment.first;
		}
		i = moment.first - 1;
	}
	return found;
}

/*
 * In the condition form a row may be an event of several steps, and each step of
 * a chain takes a row of its own: a visit is not its own second visit.  Which
 * rows of one time are whose is not known, and seldom matters: a chain takes at
 * most as many steps there as there are rows.
 */
static void
find_ordered_rows(const FunnelDefinition *definition, const LeadEvent *events, int64 count,
				  FunnelChain *chain)
{
	int64 first = 0;
	int depth;

	while (first < count && funnel_event_step(&events[first]) != 0)
		first++;
	chain->depth = 0;
	if (first == count)
		return;
	follow_rows(definition, events, count, first, chain);
	if (definition->within == FUNNEL_UNLIMITED || chain->depth == definition->step_count)
		return;
	depth = deepest_rows(definition, events, count);
	if (depth > chain->depth)
		follow_rows(definition, events, count, earliest_start_rows(definition, events, count, depth), chain);
	Assert(chain->depth == depth);
}

/* ---------- the other policies ---------- */

/* A step is reached with the first event of it or of any later step. */
static void
find_reached(const FunnelDefinition *definition, const LeadEvent *events, int64 count, FunnelChain *chain)
{
	chain->depth = 0;
	for (int64 i = 0; i < count && inside(definition, events[0].time, events[i].time); i++)
		while (chain->depth <= funnel_event_step(&events[i]))
		{
			chain->time[chain->depth] = events[i].time;
			chain->event[chain->depth++] = i;
		}
}

/* Steps 1 to how many are all among these events? */
static inline int
complete_steps(const int64 *seen, int step_count)
{
	int depth = 0;

	while (depth < step_count && seen[depth] > 0)
		depth++;
	return depth;
}

/*
 * The first window in which most steps are complete.  A step counts from the
 * moment that it and all before it were there, so durations are not negative.
 */
static void
find_any_order(const FunnelDefinition *definition, const LeadEvent *events, int64 count, FunnelChain *chain)
{
	int64 seen[FUNNEL_MAX_STEPS] = {0};
	int64 start = 0;
	int64 best_start = 0;
	int64 first[FUNNEL_MAX_STEPS];
	int depth = 0;

	/* The deepest window ends where its last step comes in. */
	for (int64 i = 0; i < count; i++)
	{
		int complete;

		seen[funnel_event_step(&events[i])]++;
		while (!inside(definition, events[start].time, events[i].time))
			seen[funnel_event_step(&events[start++])]--;
		complete = complete_steps(seen, definition->step_count);
		if (complete > depth)
		{
			depth = complete;
			best_start = start;
		}
	}

	chain->depth = depth;
	if (depth == 0)
		return;
	for (int step = 0; step < depth; step++)
		first[step] = -1;
	for (int64 i = best_start; i < count; i++)
	{
		int step = funnel_event_step(&events[i]);

		if (step < depth && first[step] < 0)
			first[step] = i;
	}
	for (int step = 0; step < depth; step++)
	{
		chain->event[step] = first[step];
		chain->time[step] = events[first[step]].time;
		if (step > 0)
			chain->time[step] = Max(chain->time[step], chain->time[step - 1]);
	}
}

void
funnel_chain_find(const FunnelDefinition *definition, const LeadEvent *events, int64 count,
				  FunnelChain *chain)
{
	switch (definition->policy)
	{
		case FUNNEL_ORDERED:
			if (any_shares_row(events, count))
				find_ordered_rows(definition, events, count, chain);
			else
				find_ordered(definition, events, count, chain);
			break;
		case FUNNEL_REACHED:
			find_reached(definition, events, count, chain);
			break;
		case FUNNEL_ANY_ORDER:
			find_any_order(definition, events, count, chain);
			break;
	}
}
