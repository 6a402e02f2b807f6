/*
 * funnel_why.c
 *	  why(): which rows of one lead formed the counted chain, and why it ended.
 */
#include "base/compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "funnel_state.h"

#define WHY_COLUMNS 5

typedef struct WhyOutput
{
	const FunnelDefinition *definition;
	TupleDesc descriptor;
	ArrayBuildState *rows;
	Oid row_type;
	int leads;
} WhyOutput;

/* time and step may be NULL / -1: a row about the lead as a whole. */
static void
explain_row(WhyOutput *output, const int64 *time, int step, bool counted, const char *explanation)
{
	Datum values[WHY_COLUMNS] = {0};
	bool nulls[WHY_COLUMNS] = {false};

	nulls[0] = time == NULL;
	if (time != NULL)
		values[0] = TimestampTzGetDatum(*time);
	nulls[1] = nulls[2] = step < 0;
	if (step >= 0)
	{
		values[1] = CStringGetTextDatum(funnel_label(output->definition, step));
		values[2] = Int32GetDatum(step + 1);
	}
	values[3] = BoolGetDatum(counted);
	values[4] = CStringGetTextDatum(explanation);
	output->rows = accumArrayResult(output->rows,
									HeapTupleGetDatum(heap_form_tuple(output->descriptor, values, nulls)),
									false, output->row_type, CurrentMemoryContext);
}

static bool
is_late(const FunnelDefinition *definition, int64 start, int64 time)
{
	return definition->within != FUNNEL_UNLIMITED && time > start &&
		(uint64) time - (uint64) start > (uint64) definition->within;
}

/* Why an event that is not in the chain did not count. */
static const char *
not_counted(const FunnelDefinition *definition, const FunnelChain *chain, const LeadEvent *events, int64 i)
{
	int step = funnel_event_step(&events[i]);
	int64 entry = events[i].time;

	if (definition->policy == FUNNEL_REACHED)
		entry = events[0].time;
	else if (chain->depth > 0)
		entry = chain->time[0];
	if (definition->policy == FUNNEL_ANY_ORDER)
		for (int k = 0; k < chain->depth; k++)
			entry = Min(entry, events[chain->event[k]].time);
	if (chain->depth == 0)
		return "the lead never entered the first stage";
	if (definition->policy == FUNNEL_ORDERED && step == 0)
		return "another entry, which is not the one counted";
	if (is_late(definition, entry, events[i].time))
		return "after the window from the lead's entry";
	if (definition->policy == FUNNEL_REACHED)
		return "this stage or a later one was already reached";
	/* In any order, what comes early may count, but no stage whose stage before is missing. */
	if (events[i].time < entry && (definition->policy == FUNNEL_ORDERED || step <= chain->depth))
		return "before the counted entry";
	if (step < chain->depth && i > chain->event[step])
		return "this stage was already reached";
	if (step > chain->depth)
		return psprintf("stage \"%s\" before it was not reached", funnel_label(definition, chain->depth));
	return psprintf("before stage \"%s\" was reached", funnel_label(definition, step - 1));
}

static void
explain_lead(void *argument, const LeadEvent *events, int64 count)
{
	WhyOutput *output = argument;
	const FunnelDefinition *definition = output->definition;
	FunnelChain chain;

	if (output->leads++ > 0)
		ereport(ERROR,
				(errcode(ERRCODE_CARDINALITY_VIOLATION),
				 errmsg("why explains one lead, but these rows are of several"),
				 errhint("Add a condition such as WHERE lead_id = 42, or GROUP BY the lead.")));
	funnel_chain_find(definition, events, count, &chain);
	for (int64 i = 0; i < count; i++)
	{
		int first = -1;
		int last = -1;

		CHECK_FOR_INTERRUPTS();
		for (int step = 0; step < chain.depth; step++)
			if (chain.event[step] == i)
			{
				first = first < 0 ? step : first;
				last = step;
			}
		if (first < 0)
			explain_row(output, &events[i].time, funnel_event_step(&events[i]), false,
						not_counted(definition, &chain, events, i));
		else if (first == last)
			explain_row(output, &events[i].time, funnel_event_step(&events[i]), true,
						psprintf("step %d", first + 1));
		else
			explain_row(output, &events[i].time, funnel_event_step(&events[i]), true,
						psprintf("steps %d to %d: a later stage implies the earlier ones", first + 1,
								 last + 1));
	}
	if (chain.depth == definition->step_count)
		explain_row(output, NULL, -1, false, "the lead reached the last stage");
	else if (chain.depth == 0)
		explain_row(output, NULL, -1, false,
					psprintf("the lead does not count: it has no event of stage \"%s\"",
							 funnel_label(definition, 0)));
	else
		explain_row(output, NULL, -1, false,
					psprintf("the lead stopped at stage \"%s\": no row counts for stage \"%s\"",
							 funnel_label(definition, chain.depth - 1),
							 funnel_label(definition, chain.depth)));
}

PG_FUNCTION_INFO_V1(funnel_why_final);
Datum
funnel_why_final(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	WhyOutput output = {0};

	state = aggregate_state(fcinfo, 0, "why");
	if (state == NULL)
		PG_RETURN_NULL();
	output.definition = state->definition;
	output.row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	if (!OidIsValid(output.row_type))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("why cannot be called by this engine: the type of its result is unknown")));
	output.descriptor = lookup_rowtype_tupdesc_copy(output.row_type, -1);
	lead_event_log_visit(&state->log, explain_lead, &output);
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		if (state->rows.ignored[reason] > 0)
			explain_row(&output, NULL, -1, false,
						psprintf("rows ignored as %s: " INT64_FORMAT, funnel_ignored_names[reason],
								 state->rows.ignored[reason]));
	PG_RETURN_DATUM(makeArrayResult(output.rows, CurrentMemoryContext));
}
