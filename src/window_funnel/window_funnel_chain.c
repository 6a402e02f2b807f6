/*
 * window_funnel_chain.c
 *	  How deep a set of timed events gets through the steps of a funnel.
 *
 * Events are visited by (time, step).  Per level, the scan keeps the latest
 * start of a chain that reached it; a level is reached only after the one
 * below, so the reached levels are always 1 to the deepest one.  A later start
 * is never worse: it leaves more of the window.  Hence one start per level is
 * all that has to be remembered, and what the events of one time do to the
 * starts is decided from the starts before that time:
 *
 * - by default, steps of one time chain upwards: step k takes over the start
 *	 of level k - 1 as it is now;
 * - under strict_increase, step k takes the start of level k - 1 from before;
 * - under strict_once, steps i to k of one time chain when that many
 *	 different rows can be matched to them, and then level k takes the start
 *	 of level i - 1 from before.  Fewer steps are easier to match and smaller
 *	 levels have later starts, so the smallest i that can be matched decides.
 */
#include "window_funnel_chain.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

static inline uint32
step_bit(int step)
{
	return UINT32_C(1) << (step - 1);
}

/*
 * Rows kept per step for matching.  With as many rows as steps a step can be
 * matched whatever the others take; one more, and two rows could fill it.
 */
#define MAX_CANDIDATES (MAX_CONDITIONS + 1)

#define NO_ROW PG_UINT32_MAX

/* The events of one time. */
typedef struct Moment
{
	const WindowFunnelEvent *events;
	size_t count;
	int64 time;
	uint32 steps;		   /* of any of the events */
	uint32 repeated_steps; /* of two or more of them */
	bool noise;			   /* an event without any step */
} Moment;

/* A bipartite matching of consecutive steps to rows of one moment. */
typedef struct Matching
{
	uint32 row[MAX_CONDITIONS + 1]; /* by step; NO_ROW where unmatched */
	int candidates[MAX_CONDITIONS + 1];
	uint32 candidate[MAX_CONDITIONS + 1][MAX_CANDIDATES];
} Matching;

typedef struct Scan
{
	const WindowFunnelRules *rules;
	int64 start[MAX_CONDITIONS + 1]; /* by level, up to result.level */
	WindowFunnelResult result;
} Scan;

/* Reads the moment that begins at *events and moves past it. */
static inline Moment
next_moment(const WindowFunnelEvent **events, const WindowFunnelEvent *end)
{
	const WindowFunnelEvent *event = *events;
	Moment moment = {event, 0, event_time(event), 0, 0, false};

	do
	{
		moment.repeated_steps |= moment.steps & event->steps;
		moment.steps |= event->steps;
		moment.noise |= event->steps == 0;
		event++;
	} while (event < end && event_time(event) == moment.time);
	moment.count = event - *events;
	*events = event;
	return moment;
}

static void
begin_matching(Matching *matching, const Moment *moment)
{
	for (int step = 1; step <= MAX_CONDITIONS; step++)
	{
		matching->row[step] = NO_ROW;
		matching->candidates[step] = 0;
	}
	for (size_t row = 0; row < moment->count; row++)
	{
		for (uint32 steps = moment->events[row].steps; steps != 0; steps &= steps - 1)
		{
			int step = pg_rightmost_one_pos32(steps) + 1;

			if (matching->candidates[step] < MAX_CANDIDATES)
				matching->candidate[step][matching->candidates[step]++] = (uint32) row;
		}
	}
}

/*
 * Gives "step" a row other than "avoid", moving other steps to other rows
 * where that helps (an augmenting path).  Changes nothing when it fails.
 */
static bool
match_step(Matching *matching, int step, uint32 avoid, uint32 *visited)
{
	*visited |= step_bit(step);
	for (int i = 0; i < matching->candidates[step]; i++)
	{
		uint32 row = matching->candidate[step][i];
		int owner = 1;

		if (row == avoid)
			continue;
		while (owner <= MAX_CONDITIONS && matching->row[owner] != row)
			owner++;
		if (owner > MAX_CONDITIONS ||
			(!(*visited & step_bit(owner)) && match_step(matching, owner, avoid, visited)))
		{
			matching->row[step] = row;
			return true;
		}
	}
	return false;
}

static bool
try_match(Matching *matching, int step)
{
	uint32 visited = 0;

	return match_step(matching, step, NO_ROW, &visited);
}

/*
 * Could two different rows each fill "step", steps "first" to step - 1 being
 * filled by others?  All of them are matched.
 */
static bool
two_rows_fill(const Matching *matched, int first, int step)
{
	int rows = 0;

	for (int i = 0; i < matched->candidates[step] && rows < 2; i++)
	{
		uint32 row = matched->candidate[step][i];
		Matching without = *matched;
		bool fills = true;

		for (int other = 1; other <= MAX_CONDITIONS; other++)
			if (other < first || other >= step)
				without.row[other] = NO_ROW;
		for (int other = first; other < step; other++)
		{
			uint32 visited = 0;

			if (without.row[other] == row)
			{
				without.row[other] = NO_ROW;
				fills = match_step(&without, other, row, &visited);
				break;
			}
		}
		if (fills)
			rows++;
	}
	return rows >= 2;
}

static inline bool
in_window(const WindowFunnelRules *rules, int64 start, int64 time)
{
	/* Exact for any two int64 with start <= time. */
	return (uint64) time - (uint64) start <= rules->window;
}

static inline void
reach(Scan *scan, int level, int64 start)
{
	scan->start[level] = start;
	if (level > scan->result.level)
	{
		scan->result.level = level;
		scan->result.start = start;
	}
}

/*
 * What was seen in order within one time, whether or not a chain may take it:
 * under strict_increase, B and C of one time are no two steps of a chain, yet C
 * was preceded by B, and is no gap.  Later times know nothing of it.
 */
typedef struct Passage
{
	int step;	 /* 0: none */
	int64 start; /* of the chain that would have got there */
} Passage;

static inline void
pass(const Scan *scan, Passage *passage, int step, int64 time)
{
	int64 start = step == 1 ? time : step - 1 == passage->step ? passage->start : scan->start[step - 1];

	if (in_window(scan->rules, start, time))
		*passage = (Passage){step, start};
}

/* Whether an entry whose predecessor was never reached ends the scan. */
static inline bool
gap_ends(const Scan *scan)
{
	return (scan->rules->modes & MODE_STRICT_ORDER) && !(scan->rules->modes & MODE_ALLOW_REENTRY) &&
		scan->result.level > 0;
}

/*
 * Visits the events of one time; false when the scan is to stop.  "alone"
 * means that a chain may take only one step here: each step then continues
 * from the starts before this time.
 */
static inline bool
visit_moment(Scan *scan, const Moment *moment, bool alone)
{
	const WindowFunnelRules *rules = scan->rules;
	int64 before = 0; /* start of level "step" before this time */
	int before_level = scan->result.level;
	Passage passage = {0};

	for (uint32 steps = moment->steps; steps != 0; steps &= steps - 1)
	{
		int step = pg_rightmost_one_pos32(steps) + 1;
		int64 start;
		bool preceded = step - 1 <= scan->result.level || step - 1 == passage.step;

		if (preceded && (rules->modes & MODE_STRICT_INCREASE))
			pass(scan, &passage, step, moment->time);
		if (step == 1)
		{
			before = scan->start[1];
			reach(scan, 1, moment->time);
			continue;
		}
		if (!preceded && gap_ends(scan))
			return false;
		if (step - 1 > scan->result.level)
			continue;
		if ((rules->modes & MODE_STRICT_DEDUPLICATION) && step <= scan->result.level)
			return false;

		start = scan->start[step - 1];
		if (alone && (moment->steps & step_bit(step - 1)))
			start = before;
		before = scan->start[step];
		if ((alone && step - 1 > before_level) || !in_window(rules, start, moment->time))
			continue;
		reach(scan, step, start);
		if (step == rules->steps)
			return false;
		if ((rules->modes & MODE_STRICT_DEDUPLICATION) && (moment->repeated_steps & step_bit(step)))
			return false;
	}
	return true;
}

/* The same under strict_once, when several rows share the time. */
static bool
visit_moment_once(Scan *scan, const Moment *moment)
{
	const WindowFunnelRules *rules = scan->rules;
	Scan before = *scan;
	Matching matching;
	int first = 1; /* steps first to step - 1 are matched */
	int previous = 0;

	begin_matching(&matching, moment);
	for (uint32 steps = moment->steps; steps != 0; steps &= steps - 1)
	{
		int step = pg_rightmost_one_pos32(steps) + 1;
		int64 start;

		/* Drop the lowest steps until the rest can be matched. */
		if (step != previous + 1)
		{
			for (; first < step; first++)
				matching.row[first] = NO_ROW;
		}
		while (!try_match(&matching, step))
			matching.row[first++] = NO_ROW;
		previous = step;

		if (step == 1)
		{
			reach(scan, 1, moment->time);
			continue;
		}
		if (step - 1 > scan->result.level)
		{
			if (gap_ends(scan))
				return false;
			continue;
		}
		if ((rules->modes & MODE_STRICT_DEDUPLICATION) && step <= before.result.level)
			return false;

		if (first == 1)
			start = moment->time;
		else if (first - 1 <= before.result.level)
			start = before.start[first - 1];
		else
			continue;
		if (!in_window(rules, start, moment->time))
			continue;
		reach(scan, step, start);
		if (step == rules->steps)
			return false;
		if ((rules->modes & MODE_STRICT_DEDUPLICATION) && (moment->repeated_steps & step_bit(step)))
		{
			/*
			 * A row that the chain needs for a smaller step repeats nothing:
			 * the step is repeated when either of two rows could fill it.
			 * The deepest usable level from before needs the fewest rows.
			 */
			int deepest = before.result.level;
			int from = deepest > 0 && in_window(rules, before.start[deepest], moment->time) ? deepest + 1 : 1;

			if (two_rows_fill(&matching, from, step))
				return false;
		}
	}
	return true;
}

WindowFunnelResult
window_funnel_chain_result(const WindowFunnelRules *rules, const WindowFunnelEvent *events, size_t count)
{
	const WindowFunnelEvent *end = events + count;
	bool increase = rules->modes & MODE_STRICT_INCREASE;
	bool once = rules->modes & MODE_STRICT_ONCE;
	Scan scan = {.rules = rules};

	while (events < end)
	{
		Moment moment = next_moment(&events, end);
		bool go_on;

		if (moment.noise && scan.result.level > 0)
			break;
		if (once && !increase && moment.count > 1)
			go_on = visit_moment_once(&scan, &moment);
		else
			go_on = visit_moment(&scan, &moment, increase || once);
		if (!go_on)
			break;
		CHECK_FOR_INTERRUPTS();
	}
	return scan.result;
}

/*
 * The times of the chain that reached the result's level first; of several
 * the one that started last (the result says when), and each step as early as
 * that chain allows.  Taking every step at the first chance loses nothing: if
 * steps i to k of a time can be matched to its rows, so can any part of them.
 */
void
window_funnel_chain_times(const WindowFunnelRules *rules, const WindowFunnelEvent *events, size_t count,
						  WindowFunnelResult result, int64 *times)
{
	const WindowFunnelEvent *end = events + count;
	int level = 0;

	while (level < result.level)
	{
		Moment moment;
		int below = level;

		if (events == end)
			elog(ERROR, "window_funnel lost its chain at level %d of %d", level, result.level);
		moment = next_moment(&events, end);
		if (moment.time < result.start)
			continue;
		if ((rules->modes & MODE_STRICT_INCREASE) || ((rules->modes & MODE_STRICT_ONCE) && moment.count == 1))
		{
			if (moment.steps & step_bit(level + 1))
				level++;
		}
		else if (rules->modes & MODE_STRICT_ONCE)
		{
			Matching matching;

			begin_matching(&matching, &moment);
			while (level < result.level && try_match(&matching, level + 1))
				level++;
		}
		else
		{
			while (level < result.level && (moment.steps & step_bit(level + 1)))
				level++;
		}
		while (below < level)
			times[below++] = moment.time;
	}
}
