/*
 * scorecard_explain.c
 *	  explain and explain_engagement: each point of a score, and why.
 *
 * The points of all rows add up to the score, since they come from the same
 * sums: caps and floors have rows of their own.
 */
#include "base/compat.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "nodes/pg_list.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "base/results.h"
#include "scorecard_engagement.h"

#define ROW_COLUMNS 3
#define LONGEST_VALUE 100

/* Rows go into a result set or, of an aggregate, into an array. */
typedef struct ExplainOutput
{
	ReturnSetInfo *result;
	TupleDesc descriptor;
	Oid row_type;
	ArrayBuildState *rows;
} ExplainOutput;

static void
explain_row(ExplainOutput *output, const char *rule, Points points, const char *reason)
{
	Datum values[ROW_COLUMNS] = {
		CStringGetTextDatum(rule),
		NumericGetDatum(points_to_numeric(points)),
		CStringGetTextDatum(reason),
	};
	bool nulls[ROW_COLUMNS] = {false};

	if (output->result != NULL)
		put_row(output->result, values, nulls);
	else
		output->rows = accumArrayResult(output->rows,
										HeapTupleGetDatum(heap_form_tuple(output->descriptor, values, nulls)),
										false, output->row_type, CurrentMemoryContext);
}

/* Folds the groups of a part; a row for each cap and floor that took effect. */
static void
put_adjustments(ExplainOutput *output, const Scorecard *card, ScorecardPart part, Points *subtotals)
{
	List *adjustments = NIL;
	ListCell *cell;

	(void) scorecard_total(card, part, subtotals, &adjustments);
	foreach(cell, adjustments)
	{
		const ScorecardAdjustment *adjustment = lfirst(cell);

		explain_row(output, adjustment->name, adjustment->points, adjustment->reason);
	}
}

/* ---------- fit ---------- */

/* country "FR": in ("FR", "DE") */
static char *
fit_reason(const FitCondition *condition, Jsonb *attributes)
{
	char *value = scorecard_value_text(condition, attributes);
	StringInfoData reason;

	initStringInfo(&reason);
	scorecard_print_attribute(condition, &reason);
	if (value != NULL && condition->comparison != OPERATOR_IS_UNKNOWN)
	{
		int length = (int) strlen(value);
		int shown = pg_mbcliplen(value, length, LONGEST_VALUE);

		appendStringInfo(&reason, " %.*s%s:", shown, value, shown < length ? "..." : "");
	}
	appendStringInfoChar(&reason, ' ');
	scorecard_print_operand(condition, &reason);
	return reason.data;
}

PG_FUNCTION_INFO_V1(scorecard_explain);
Datum
scorecard_explain(PG_FUNCTION_ARGS)
{
	ExplainOutput output = {0};
	const CompiledScorecard *compiled;
	const Scorecard *card;
	Jsonb *attributes = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	Points *subtotals;

	output.result = begin_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	compiled = scorecard_from_datum(PG_GETARG_DATUM(0));
	card = &compiled->card;
	scorecard_judge(compiled, attributes);
	subtotals = scorecard_subtotals(card);
	if (card->has_base)
		explain_row(&output, "base", card->base, "every lead");
	for (int i = 0; i < card->fit_count; i++)
	{
		if (!compiled->applies[i])
			continue;
		scorecard_add_points(subtotals, &card->rules[i], card->rules[i].points);
		explain_row(&output, card->rules[i].name, card->rules[i].points,
					fit_reason(card->rules[i].fit, attributes));
	}
	put_adjustments(&output, card, SCORECARD_FIT, subtotals);
	return (Datum) 0;
}

/* ---------- engagement ---------- */

static const char *
events_text(int64 count)
{
	return psprintf(INT64_FORMAT " %s", count, count == 1 ? "event" : "events");
}

/* 5 events, the latest 3 count; 2 more before the last 30 days; half-life 7 days */
static char *
engagement_reason(const EngagementCondition *condition, const EngagementTally *tally, int64 counted)
{
	StringInfoData reason;

	initStringInfo(&reason);
	appendStringInfoString(&reason, events_text(tally->count));
	if (counted < tally->count)
		appendStringInfoString(&reason,
							   counted == 1 ? ", the latest counts"
											: psprintf(", the latest " INT64_FORMAT " count", counted));
	if (tally->outside > 0)
		appendStringInfo(&reason, "; %s before the last %s", events_text(tally->outside),
						 scorecard_duration_text(condition->window));
	if (condition->half_life > 0)
		appendStringInfo(&reason, "; half-life %s", scorecard_duration_text(condition->half_life));
	return reason.data;
}

static void
put_capped(ExplainOutput *output, const char *name, Points points, Points capped)
{
	StringInfoData reason;

	initStringInfo(&reason);
	points_print(&reason, points);
	appendStringInfoString(&reason, " points, held at ");
	points_print(&reason, capped);
	explain_row(output, psprintf("cap of %s", name), capped - points, reason.data);
}

PG_FUNCTION_INFO_V1(engagement_explain_final);
Datum
engagement_explain_final(PG_FUNCTION_ARGS)
{
	static const char *const ignored_texts[ENGAGEMENT_IGNORED_REASONS] = {
		"without an event or a time",
		"after as_of",
		"that no rule is about",
	};
	ExplainOutput output = {0};
	const EngagementState *state;
	const Scorecard *card;
	Points *subtotals;

	(void) aggregate_context(fcinfo, "explain_engagement");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const EngagementState *) PG_GETARG_POINTER(0);
	card = &state->compiled->card;
	output.row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	output.descriptor = lookup_rowtype_tupdesc_copy(output.row_type, -1);
	subtotals = scorecard_subtotals(card);
	for (int i = 0; i < state->tally_count; i++)
	{
		const EngagementTally *tally = &state->tallies[i];
		const ScorecardRule *rule = &card->rules[tally->rule];
		int64 counted;
		Points points = engagement_points(state, tally, &counted);
		Points capped = engagement_capped(rule, points);

		scorecard_add_points(subtotals, rule, capped);
		explain_row(&output, rule->name, points, engagement_reason(rule->engagement, tally, counted));
		if (capped != points)
			put_capped(&output, rule->name, points, capped);
	}
	put_adjustments(&output, card, SCORECARD_ENGAGEMENT, subtotals);
	for (int reason = 0; reason < ENGAGEMENT_IGNORED_REASONS; reason++)
		if (state->ignored[reason] > 0)
			explain_row(&output, "ignored", 0,
						psprintf("%s %s", events_text(state->ignored[reason]), ignored_texts[reason]));
	if (output.rows == NULL)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(output.row_type));
	return makeArrayResult(output.rows, CurrentMemoryContext);
}
