/*
 * pipeline_moves.h
 *	  How many leads went from where to where in each window, were sold in it,
 *	  and became of those open at its end: the state of the aggregate
 *	  pipeline_moves, and what forecast_count shows.
 */
#ifndef LEAD_KPI_PIPELINE_MOVES_H
#define LEAD_KPI_PIPELINE_MOVES_H

#include "pipeline_episode.h"

#include "base/exact_sum.h"
#include "pipeline_flow.h"

#define UNITS 2 /* windows of 30 days, and calendar months */
#define SNAPSHOT_WINDOWS 24
#define ENDS (SNAPSHOT_WINDOWS + 1) /* where the first begins, and where each ends */

/* Of a sale: as early in its window as now is in the present one, or later. */
#define SALE_BY_NOW 0
#define LATER_SALE 1

/* What windows there are: the same for all leads. */
typedef struct PipelineFrame
{
	TimestampTz observed_until;
	TimestampTz ends[UNITS][ENDS];
	int64 won_position;
} PipelineFrame;

/* Leads, and what those of them bring whose amount is known. */
typedef struct LeadAmounts
{
	int64 leads;
	int64 priced_leads;
	Numeric amount; /* NULL where none is known */
} LeadAmounts;

typedef struct SoldLeads
{
	LeadAmounts leads;
	ExactSum squares;
	bool is_infinite; /* a square that float8 does not hold */
} SoldLeads;

typedef struct OpenLeads
{
	LeadAmounts leads;
	int64 deals;
	int64 deals_without_amount;
} OpenLeads;

struct flows_hash;

typedef struct PipelineMoves
{
	MemoryContext context;
	PipelineFrame frame;
	int64 leads; /* that had an episode */
	bool has_created;
	TimestampTz first_created;
	int64 closed_deals;
	int64 won_deals;
	struct flows_hash *flows;
	SoldLeads *sold[UNITS][ENDS + 1][2];	 /* by window; NULL: none */
	LeadAmounts outcomes[UNITS][ENDS][ENDS]; /* by end and, later, window of the sale */
	OpenLeads open[MAX_CELLS + 1];			 /* by cell */
} PipelineMoves;

/* One way that leads went; key: see flow_key. */
typedef struct CountedFlow
{
	uint32 key;
	char status;
	int64 leads;
} CountedFlow;

/* Nothing yet, in CurrentMemoryContext. */
extern PipelineMoves *pipeline_moves_create(const PipelineFrame *frame);

/* Raises unless the windows are those of the state. */
extern void pipeline_moves_check_frame(const PipelineMoves *moves, const PipelineFrame *frame);

/* Counts one lead. */
extern void pipeline_moves_add(PipelineMoves *moves, const PipelineHistory *history);

/* All flows in order of their keys. */
extern CountedFlow *pipeline_moves_flows(const PipelineMoves *moves, int *count);

/* Adds what was counted elsewhere; the windows must be the same. */
extern void pipeline_moves_merge(PipelineMoves *into, const PipelineMoves *from);

extern void pipeline_moves_add_flow(PipelineMoves *moves, uint32 key, int64 leads);

/* The leads sold in a window, to be added to. */
extern SoldLeads *pipeline_moves_sold(PipelineMoves *moves, int unit, int window, int when);

/* In a key: the unit, the window, and from where to where, from -2 on. */
#define FLOW_CELLS (MAX_CELLS + 3)

#define FLOW_KEYS ((uint32) UNITS * ENDS * FLOW_CELLS * FLOW_CELLS)

static inline uint32
flow_key(int unit, int window, int from, int to)
{
	return (uint32) (((unit * ENDS + window) * FLOW_CELLS + from + 2) * FLOW_CELLS + to + 2);
}

#endif /* LEAD_KPI_PIPELINE_MOVES_H */
