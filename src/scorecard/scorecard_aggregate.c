/*
 * scorecard_aggregate.c
 *	  The aggregate engagement: accumulate, combine, serialize, deserialize,
 *	  final.
 */
#include "base/compat.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/wire.h"
#include "scorecard_engagement.h"

static EngagementState *
create_in(MemoryContext context, CompiledScorecard *compiled, TimestampTz as_of)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	EngagementState *state = engagement_create(compiled, as_of);

	MemoryContextSwitchTo(previous);
	return state;
}

/* (state, scorecard, event, at, as_of): a row without a card or an as_of says nothing. */
PG_FUNCTION_INFO_V1(engagement_accumulate);
Datum
engagement_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "engagement");
	EngagementState *state = PG_ARGISNULL(0) ? NULL : (EngagementState *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(4))
	{
		CompiledScorecard *compiled = scorecard_from_datum(PG_GETARG_DATUM(1));
		TimestampTz as_of = PG_GETARG_TIMESTAMPTZ(4);

		if (TIMESTAMP_NOT_FINITE(as_of))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("as_of of engagement is infinite"),
					 errhint("Write the moment to score at, such as now().")));
		if (state == NULL)
			state = create_in(context, compiled, as_of);
		else if (state->compiled != compiled || state->as_of != as_of)
		{
			const EngagementState other = {.compiled = compiled, .as_of = as_of};

			engagement_merge(state, context, &other);
		}
		if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
			engagement_ignore(state, ENGAGEMENT_NO_EVENT);
		else
		{
			text *event = PG_GETARG_TEXT_PP(2);

			engagement_add(state, context, VARDATA_ANY(event), (int) VARSIZE_ANY_EXHDR(event),
						   PG_GETARG_TIMESTAMPTZ(3));
		}
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(engagement_combine);
Datum
engagement_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "engagement");
	EngagementState *into = PG_ARGISNULL(0) ? NULL : (EngagementState *) PG_GETARG_POINTER(0);
	const EngagementState *from = PG_ARGISNULL(1) ? NULL : (EngagementState *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = create_in(context, from->compiled, from->as_of);
		engagement_merge(into, context, from);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

PG_FUNCTION_INFO_V1(engagement_serialize);
Datum
engagement_serialize(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	(void) aggregate_context(fcinfo, "engagement");
	pq_begintypsend(&out);
	engagement_encode((const EngagementState *) PG_GETARG_POINTER(0), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(engagement_deserialize);
Datum
engagement_deserialize(PG_FUNCTION_ARGS)
{
	StringInfoData in;
	EngagementState *state;

	(void) aggregate_context(fcinfo, "engagement");
	aggregate_state_bytes(fcinfo, &in);
	state = engagement_decode(&in);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(engagement_final);
Datum
engagement_final(PG_FUNCTION_ARGS)
{
	const EngagementState *state;
	const Scorecard *card;
	Points *subtotals;

	(void) aggregate_context(fcinfo, "engagement");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const EngagementState *) PG_GETARG_POINTER(0);
	card = &state->compiled->card;
	subtotals = scorecard_subtotals(card);
	for (int i = 0; i < state->tally_count; i++)
	{
		const ScorecardRule *rule = &card->rules[state->tallies[i].rule];
		int64 counted;

		scorecard_add_points(subtotals, rule,
							 engagement_capped(rule, engagement_points(state, &state->tallies[i], &counted)));
	}
	PG_RETURN_FLOAT8(points_to_float8(scorecard_total(card, SCORECARD_ENGAGEMENT, subtotals, NULL)));
}
