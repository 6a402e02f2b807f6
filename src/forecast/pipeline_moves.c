/*
 * pipeline_moves.c
 *	  How many leads went from where to where in each window.
 *
 * A lead is counted by itself, from its episodes: at which ends it was open, in
 * which cell then, and where it came from and went to.  All that is kept are
 * counters, so the state does not grow with the leads; sums of amounts are
 * exact.
 */
#include "pipeline_moves.h"

#include <math.h>

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/counts.h"

#define TYPE_NAME "pipeline_moves"

#define SH_PREFIX flows
#define SH_ELEMENT_TYPE CountedFlow
#define SH_KEY_TYPE uint32
#define SH_KEY key
#define SH_HASH_KEY(table, key) murmurhash32(key)
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* No end. */
#define NONE (-1)

/* Squares of more are not within float8, as is_plain_amount() says. */
#define LARGEST_PLAIN_AMOUNT 1e100

/* An episode in windows: the ends that it lasts over, first > last for none. */
typedef struct Visit
{
	const PipelineEpisode *episode;
	int first;
	int last;
	int next;			 /* the next end at which the lead was open after the episode, or NONE */
	int before;			 /* the last end at which it was open before, or NONE */
	int position_before; /* the furthest stage then, and when it was reached */
	TimestampTz entered_before;
} Visit;

/* A lead that was sold. */
typedef struct Sale
{
	int window; /* 0: before the first, 25: after the last, NONE: not sold */
	TimestampTz at;
	Numeric revenue; /* NULL: not known */
} Sale;

PipelineMoves *
pipeline_moves_create(const PipelineFrame *frame)
{
	PipelineMoves *moves = palloc0(sizeof(PipelineMoves));

	moves->context = CurrentMemoryContext;
	moves->frame = *frame;
	moves->flows = flows_create(CurrentMemoryContext, 256, NULL);
	return moves;
}

/* ---------- adding up ---------- */

void
pipeline_moves_add_flow(PipelineMoves *moves, uint32 key, int64 leads)
{
	bool found;
	CountedFlow *flow = flows_insert(moves->flows, key, &found);

	flow->leads = found ? add_counts(flow->leads, leads, TYPE_NAME) : leads;
}

static void
add_amount(const PipelineMoves *moves, Numeric *sum, Numeric amount)
{
	MemoryContext previous = MemoryContextSwitchTo(moves->context);

	if (*sum == NULL)
		*sum = memcpy(palloc(VARSIZE(amount)), amount, VARSIZE(amount));
	else
	{
		Numeric old = *sum;

		*sum = DatumGetNumeric(
			DirectFunctionCall2(numeric_add, NumericGetDatum(old), NumericGetDatum(amount)));
		pfree(old);
	}
	MemoryContextSwitchTo(previous);
}

/* One lead; amount: NULL where it is not known. */
static void
add_lead(const PipelineMoves *moves, LeadAmounts *leads, Numeric amount)
{
	leads->leads++;
	if (amount == NULL)
		return;
	leads->priced_leads++;
	add_amount(moves, &leads->amount, amount);
}

static void
add_leads(const PipelineMoves *moves, LeadAmounts *into, const LeadAmounts *from)
{
	into->leads = add_counts(into->leads, from->leads, TYPE_NAME);
	into->priced_leads = add_counts(into->priced_leads, from->priced_leads, TYPE_NAME);
	if (from->amount != NULL)
		add_amount(moves, &into->amount, from->amount);
}

SoldLeads *
pipeline_moves_sold(PipelineMoves *moves, int unit, int window, int when)
{
	SoldLeads **sold = &moves->sold[unit][window][when];

	if (*sold == NULL)
		*sold = MemoryContextAllocZero(moves->context, sizeof(SoldLeads));
	return *sold;
}

static void
add_created(PipelineMoves *moves, TimestampTz at)
{
	moves->first_created = moves->has_created ? Min(moves->first_created, at) : at;
	moves->has_created = true;
}

void
pipeline_moves_check_frame(const PipelineMoves *moves, const PipelineFrame *frame)
{
	if (memcmp(&moves->frame, frame, sizeof(PipelineFrame)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("leads of different windows cannot be counted together"),
				 errhint("Give all rows the same won_position, observed_until and ends of windows.")));
}

void
pipeline_moves_merge(PipelineMoves *into, const PipelineMoves *from)
{
	flows_iterator position;
	CountedFlow *flow;

	pipeline_moves_check_frame(into, &from->frame);
	into->leads = add_counts(into->leads, from->leads, TYPE_NAME);
	into->closed_deals = add_counts(into->closed_deals, from->closed_deals, TYPE_NAME);
	into->won_deals = add_counts(into->won_deals, from->won_deals, TYPE_NAME);
	if (from->has_created)
		add_created(into, from->first_created);
	flows_start_iterate(from->flows, &position);
	while ((flow = flows_iterate(from->flows, &position)) != NULL)
		pipeline_moves_add_flow(into, flow->key, flow->leads);
	for (int unit = 0; unit < UNITS; unit++)
	{
		for (int window = 0; window <= ENDS; window++)
		{
			for (int when = SALE_BY_NOW; when <= LATER_SALE; when++)
			{
				const SoldLeads *more = from->sold[unit][window][when];
				SoldLeads *sold;

				if (more == NULL)
					continue;
				sold = pipeline_moves_sold(into, unit, window, when);
				add_leads(into, &sold->leads, &more->leads);
				exact_sum_merge(&sold->squares, &more->squares);
				sold->is_infinite |= more->is_infinite;
			}
		}
		for (int end = 0; end < ENDS; end++)
			for (int window = 0; window < ENDS; window++)
				add_leads(into, &into->outcomes[unit][end][window], &from->outcomes[unit][end][window]);
	}
	for (int cell = 0; cell <= MAX_CELLS; cell++)
	{
		add_leads(into, &into->open[cell].leads, &from->open[cell].leads);
		into->open[cell].deals = add_counts(into->open[cell].deals, from->open[cell].deals, TYPE_NAME);
		into->open[cell].deals_without_amount = add_counts(into->open[cell].deals_without_amount,
														   from->open[cell].deals_without_amount, TYPE_NAME);
	}
}

static int
compare_flows(const void *a, const void *b)
{
	uint32 left = ((const CountedFlow *) a)->key;
	uint32 right = ((const CountedFlow *) b)->key;

	return (left > right) - (left < right);
}

CountedFlow *
pipeline_moves_flows(const PipelineMoves *moves, int *count)
{
	CountedFlow *flows = palloc(mul_size(moves->flows->members + 1, sizeof(CountedFlow)));
	flows_iterator position;
	CountedFlow *flow;

	*count = 0;
	flows_start_iterate(moves->flows, &position);
	while ((flow = flows_iterate(moves->flows, &position)) != NULL)
		flows[(*count)++] = *flow;
	qsort(flows, *count, sizeof(CountedFlow), compare_flows);
	return flows;
}

/* ---------- windows ---------- */

/* How many ends lie before a time: the number of the first end that does not. */
static int
ends_before(const TimestampTz *ends, TimestampTz at)
{
	int low = 0;
	int high = ENDS;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (ends[middle] < at || (ends[middle] == at && TIMESTAMP_IS_NOEND(at)))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How long something has lasted: see days_band(). */
static int
band(TimestampTz since, TimestampTz at)
{
	static const int64 days[BANDS - 1] = {7, 14, 30, 90, 180};
	int64 elapsed;
	int result = 0;

	if (since >= at)
		return 0;
	/* Infinitely long, or longer than an integer can say. */
	if (TIMESTAMP_IS_NOBEGIN(since) || TIMESTAMP_IS_NOEND(at) || pg_sub_s64_overflow(at, since, &elapsed))
		return BANDS - 1;
	while (result < BANDS - 1 && elapsed >= days[result] * USECS_PER_DAY)
		result++;
	return result;
}

static int
cell(int position, TimestampTz entered_at, TimestampTz at)
{
	return (position - 1) * BANDS + 1 + band(entered_at, at);
}

static int
cell_of(const Visit *visit, TimestampTz at)
{
	return cell(visit->episode->position, visit->episode->entered_at, at);
}

/* The episodes in windows, in order of time. */
static Visit *
visits_of(const PipelineEpisode *episodes, int count, const TimestampTz *ends)
{
	Visit *visits = palloc_extended(mul_size(count, sizeof(Visit)), MCXT_ALLOC_HUGE);
	int before = NONE;
	int position_before = 0;
	TimestampTz entered_before = DT_NOBEGIN;
	int next = NONE;

	for (int i = 0; i < count; i++)
	{
		Visit *visit = &visits[i];

		visit->episode = &episodes[i];
		visit->first = ends_before(ends, episodes[i].from);
		visit->last = episodes[i].is_open ? ends_before(ends, episodes[i].until) - 1 : NONE;
		visit->before = before;
		visit->position_before = position_before;
		visit->entered_before = entered_before;
		if (visit->first > visit->last)
			continue;
		before = Max(before, visit->last);
		position_before = Max(position_before, episodes[i].position);
		entered_before = Max(entered_before, episodes[i].entered_at);
	}
	for (int i = count - 1; i >= 0; i--)
	{
		visits[i].next = next;
		if (visits[i].first <= visits[i].last)
			next = next == NONE ? visits[i].first : Min(next, visits[i].first);
	}
	return visits;
}

/* ---------- one lead ---------- */

/* What the lead's won deals bring that are closed when the window of its sale is over. */
static Numeric
revenue_of(const PipelineHistory *history, const PipelineFrame *frame, const TimestampTz *ends, int window)
{
	TimestampTz until = window < ENDS ? ends[window] : frame->observed_until;
	Numeric revenue = NULL;

	for (int i = 0; i < history->count; i++)
	{
		const PipelineEvent *event = &history->events[i];

		if (event->kind != EVENT_DEAL || !event->is_won || event->amount == NULL || !event->has_at ||
			event->at > until || event->at > frame->observed_until)
			continue;
		revenue = revenue == NULL ? event->amount
								  : DatumGetNumeric(DirectFunctionCall2(numeric_add, NumericGetDatum(revenue),
																		NumericGetDatum(event->amount)));
	}
	if (revenue == NULL)
		return NULL;
	return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(revenue), Int32GetDatum(30)));
}

static void
add_square(SoldLeads *sold, Numeric revenue)
{
	double amount;

	if (revenue == NULL)
		return;
	amount = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(revenue)));
	if (fabs(amount) <= LARGEST_PLAIN_AMOUNT)
		exact_sum_add(&sold->squares, amount * amount);
	else
		sold->is_infinite = true;
}

/* As far into its window as now is into the present one. */
static bool
is_by_now(const PipelineFrame *frame, const TimestampTz *ends, const Sale *sale)
{
	TimestampTz begin = ends[sale->window - 1];
	int64 elapsed;
	int64 present;

	if (pg_sub_s64_overflow(sale->at, begin, &elapsed) ||
		pg_sub_s64_overflow(frame->observed_until, ends[SNAPSHOT_WINDOWS], &present))
		return false;
	return elapsed <= present;
}

static void
count_sale(PipelineMoves *moves, int unit, const Sale *sale, const Visit *visits, int count)
{
	const TimestampTz *ends = moves->frame.ends[unit];
	SoldLeads *sold = pipeline_moves_sold(moves, unit, sale->window,
										  is_by_now(&moves->frame, ends, sale) ? SALE_BY_NOW : LATER_SALE);

	add_lead(moves, &sold->leads, sale->revenue);
	add_square(sold, sale->revenue);
	if (sale->window > SNAPSHOT_WINDOWS)
		return;
	for (int i = 0; i < count; i++)
		for (int end = visits[i].first; end <= Min(visits[i].last, sale->window - 1); end++)
			add_lead(moves, &moves->outcomes[unit][end][sale->window], sale->revenue);
}

static void
count_flow(PipelineMoves *moves, int unit, int window, int from, int to)
{
	pipeline_moves_add_flow(moves, flow_key(unit, window, from, to), 1);
}

/* Where the lead was at the ends of windows, and where it went. */
static void
count_stay(PipelineMoves *moves, int unit, const Visit *visit, int won_in)
{
	const TimestampTz *ends = moves->frame.ends[unit];
	int from = CELL_NEW;

	if (visit->before != NONE && visit->before == visit->first - 1)
		from = cell(visit->position_before, visit->entered_before, ends[visit->first - 1]);
	for (int end = visit->first; end <= visit->last; end++)
	{
		int to = cell_of(visit, ends[end]);

		if (end > 0)
			count_flow(moves, unit, end, from, to);
		from = to;
	}
	if (visit->last < SNAPSHOT_WINDOWS && visit->next != visit->last + 1)
		count_flow(moves, unit, visit->last + 1, from, won_in == visit->last + 1 ? CELL_WON : CELL_LOST);
}

static void
count_in_windows(PipelineMoves *moves, int unit, const PipelineHistory *history,
				 const PipelineEpisode *episodes, int episode_count)
{
	const TimestampTz *ends = moves->frame.ends[unit];
	Visit *visits = visits_of(episodes, episode_count, ends);
	Sale sale = {NONE, 0, NULL};
	int won_in = NONE;
	int passed_in = NONE;
	bool is_won = false;

	if (pipeline_first(history, EVENT_WON, &sale.at))
		won_in = ends_before(ends, sale.at);
	for (int i = 0; i < episode_count; i++)
	{
		const Visit *visit = &visits[i];

		if (visit->first <= visit->last)
			count_stay(moves, unit, visit, won_in);
		else if (!visit->episode->is_open)
		{
			/* Sold between two ends: new, or open again. */
			if (!is_won && won_in >= 1 && won_in <= SNAPSHOT_WINDOWS && visit->before < won_in - 1)
				count_flow(moves, unit, won_in, CELL_NEW, CELL_WON);
			is_won = true;
		}
		else if (visit->first >= 1 && visit->first <= SNAPSHOT_WINDOWS && visit->first != passed_in &&
				 visit->before != visit->first - 1 && visit->next != visit->first && won_in != visit->first)
		{
			/* Open between two ends, and lost again: once a window. */
			count_flow(moves, unit, visit->first, CELL_NEW, CELL_LOST);
			passed_in = visit->first;
		}
	}
	if (is_won && won_in >= 1)
	{
		sale.window = won_in;
		sale.revenue = revenue_of(history, &moves->frame, ends, won_in);
		count_sale(moves, unit, &sale, visits, episode_count);
	}
	pfree(visits);
}

/* The deals of a lead that is in a cell when the last window of days ends. */
static void
count_open(PipelineMoves *moves, const PipelineHistory *history, OpenLeads *open)
{
	TimestampTz now = moves->frame.observed_until;
	Numeric amount = NULL;

	for (int i = 0; i < history->count; i++)
	{
		const PipelineEvent *event = &history->events[i];

		/* Closed by now, or not yet there. */
		if (event->kind != EVENT_DEAL || (event->has_at && event->at <= now) ||
			(event->has_other ? event->other > now : event->has_at))
			continue;
		open->deals++;
		if (event->amount == NULL)
			open->deals_without_amount++;
		else
			amount = amount == NULL
				? event->amount
				: DatumGetNumeric(DirectFunctionCall2(numeric_add, NumericGetDatum(amount),
													  NumericGetDatum(event->amount)));
	}
	add_lead(moves, &open->leads, amount);
}

static void
count_closed(PipelineMoves *moves, const PipelineHistory *history)
{
	for (int i = 0; i < history->count; i++)
	{
		const PipelineEvent *event = &history->events[i];

		if (event->kind != EVENT_DEAL || !event->has_at || event->at > moves->frame.observed_until)
			continue;
		moves->closed_deals++;
		if (event->is_won)
			moves->won_deals++;
	}
}

void
pipeline_moves_add(PipelineMoves *moves, const PipelineHistory *history)
{
	const TimestampTz *days = moves->frame.ends[0];
	int count;
	PipelineEpisode *episodes = pipeline_episodes(history, (int) moves->frame.won_position, &count);
	TimestampTz created_at;
	int open_in = 0;

	count_closed(moves, history);
	if (count == 0)
		return;
	moves->leads++;
	if (pipeline_first(history, EVENT_LEAD, &created_at))
		add_created(moves, created_at);
	for (int unit = 0; unit < UNITS; unit++)
		count_in_windows(moves, unit, history, episodes, count);
	for (int i = 0; i < count; i++)
		if (episodes[i].is_open && ends_before(days, episodes[i].from) <= SNAPSHOT_WINDOWS &&
			ends_before(days, episodes[i].until) > SNAPSHOT_WINDOWS)
			open_in = Max(open_in,
						  cell(episodes[i].position, episodes[i].entered_at, moves->frame.observed_until));
	if (open_in > 0)
		count_open(moves, history, &moves->open[open_in]);
	pfree(episodes);
}
