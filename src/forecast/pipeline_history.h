/*
 * pipeline_history.h
 *	  What happened to one lead, as far as its way through the pipeline hangs on
 *	  it: the state and the value of the aggregate pipeline_history.
 */
#ifndef LEAD_KPI_PIPELINE_HISTORY_H
#define LEAD_KPI_PIPELINE_HISTORY_H

#include "base/compat.h"

#include "utils/numeric.h"

#include "base/summary.h"

#define MAX_STAGES 32

/* The kinds of lead_event, and won: when the lead was won as the funnel counts it. */
typedef enum PipelineEventKind
{
	EVENT_LEAD,
	EVENT_STAGE,
	EVENT_EXIT,
	EVENT_OPENED,
	EVENT_DEAL,
	EVENT_WON
} PipelineEventKind;

typedef struct PipelineEvent
{
	TimestampTz at;	   /* of a deal: when it was closed */
	TimestampTz other; /* of an exit: what happens until then is before it; of a deal: when it was opened */
	Numeric amount;	   /* of a deal; NULL: not known */
	uint8 kind;
	uint8 position; /* on the ladder; 0: none */
	bool has_at;	/* only a deal may have none */
	bool has_other;
	bool is_won;
} PipelineEvent;

typedef struct PipelineHistory
{
	PipelineEvent *events; /* of a decoded history in order of time */
	int count;
	int capacity;
} PipelineHistory;

extern const SummaryRoom pipeline_history_room;

#endif /* LEAD_KPI_PIPELINE_HISTORY_H */
