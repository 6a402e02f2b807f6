/*
 * funnel_times.c
 *	  stage_times(): when one lead reached each stage of the counted chain.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "funnel_chain.h"
#include "funnel_state.h"

typedef struct TimesOutput
{
	const FunnelDefinition *definition;
	FunnelChain chain;
	int leads;
} TimesOutput;

static void
find_lead(void *argument, const LeadEvent *events, int64 count)
{
	TimesOutput *output = argument;

	if (output->leads++ > 0)
		ereport(ERROR,
				(errcode(ERRCODE_CARDINALITY_VIOLATION),
				 errmsg("stage_times takes one lead, but these rows are of several"),
				 errhint("GROUP BY the lead, or add a condition such as WHERE lead_id = 42.")));
	funnel_chain_find(output->definition, events, count, &output->chain);
}

PG_FUNCTION_INFO_V1(funnel_times_final);
Datum
funnel_times_final(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	TimesOutput output = {0};
	Datum times[FUNNEL_MAX_STEPS];
	bool nulls[FUNNEL_MAX_STEPS];
	int steps;
	int low = 1;

	(void) aggregate_context(fcinfo, "stage_times");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (FunnelState *) PG_GETARG_POINTER(0);
	output.definition = state->definition;
	lead_event_log_visit(&state->log, find_lead, &output);

	steps = state->definition->step_count;
	for (int step = 0; step < steps; step++)
	{
		nulls[step] = step >= output.chain.depth;
		times[step] = nulls[step] ? (Datum) 0 : TimestampTzGetDatum(output.chain.time[step]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(times, nulls, 1, &steps, &low, TIMESTAMPTZOID,
											 sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
