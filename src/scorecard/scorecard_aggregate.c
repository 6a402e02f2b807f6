/*
 * scorecard_aggregate.c
 *	  The aggregate engagement: accumulate, combine, serialize, deserialize,
 *	  final.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
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

static void
check_as_of(TimestampTz as_of)
{
	if (TIMESTAMP_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("as_of of engagement is infinite"),
				 errhint("Write the moment to score at, such as now().")));
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

		check_as_of(as_of);
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

static Datum
points_of_state(const EngagementState *state)
{
	const Scorecard *card = &state->compiled->card;
	Points *subtotals = scorecard_subtotals(card);

	for (int i = 0; i < state->tally_count; i++)
	{
		const ScorecardRule *rule = &card->rules[state->tallies[i].rule];
		int64 counted;

		scorecard_add_points(subtotals, rule,
							 engagement_capped(rule, engagement_points(state, &state->tallies[i], &counted)));
	}
	return Float8GetDatum(points_to_float8(scorecard_total(card, SCORECARD_ENGAGEMENT, subtotals, NULL)));
}

PG_FUNCTION_INFO_V1(engagement_final);
Datum
engagement_final(PG_FUNCTION_ARGS)
{
	const EngagementState *state = aggregate_state(fcinfo, 0, "engagement");

	if (state == NULL)
		PG_RETURN_NULL();
	return points_of_state(state);
}

/* ---------- the same over arrays ---------- */

/* (scorecard, events, times, as_of): engagement() of the events that lie at or before as_of */
PG_FUNCTION_INFO_V1(engagement_of_events);
Datum
engagement_of_events(PG_FUNCTION_ARGS)
{
	ArrayType *arrays[2];
	Datum *values[2];
	bool *nulls[2];
	int counts[2];
	TimestampTz as_of;
	EngagementState *state = NULL;

	for (int argument = 0; argument < 4; argument++)
		if (PG_ARGISNULL(argument))
			PG_RETURN_NULL();
	as_of = PG_GETARG_TIMESTAMPTZ(3);
	check_as_of(as_of);
	arrays[0] = PG_GETARG_ARRAYTYPE_P(1);
	arrays[1] = PG_GETARG_ARRAYTYPE_P(2);
	deconstruct_array(arrays[0], TEXTOID, -1, false, TYPALIGN_INT, &values[0], &nulls[0], &counts[0]);
	deconstruct_array(arrays[1], TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &values[1], &nulls[1], &counts[1]);
	if (counts[0] != counts[1])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d events have %d times", counts[0], counts[1]),
				 errhint("Write as many times as events, NULL for one that is unknown.")));
	for (int i = 0; i < counts[0]; i++)
	{
		text *event;

		CHECK_FOR_INTERRUPTS();
		if (nulls[1][i] || DatumGetTimestampTz(values[1][i]) > as_of)
			continue;
		if (state == NULL)
			state = engagement_create(scorecard_from_datum(PG_GETARG_DATUM(0)), as_of);
		if (nulls[0][i])
			continue;
		event = DatumGetTextPP(values[0][i]);
		engagement_add(state, CurrentMemoryContext, VARDATA_ANY(event), (int) VARSIZE_ANY_EXHDR(event),
					   DatumGetTimestampTz(values[1][i]));
	}
	if (state == NULL)
		PG_RETURN_NULL();
	return points_of_state(state);
}
