/*
 * funnel.c
 *	  The funnel's SQL functions: type, accessors, steps, ignored.
 */
#include "base/compat.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/duration.h"
#include "base/results.h"
#include "rate/rate.h"
#include "funnel_summary.h"

const SummaryRoom funnel_room = {
	.type_name = "funnel",
	.decode = funnel_decode,
	.encode = funnel_encode,
	.merge = funnel_merge,
	.print = funnel_print,
	.parse = funnel_parse,
	.scan = funnel_scan,
	.contradiction = funnel_contradiction,
};

DEFINE_SUMMARY_FUNCTIONS(&funnel_room, funnel);
DEFINE_SUMMARY_FUNCTION(&funnel_room, funnel_to_jsonb, summary_to_jsonb);

static const FunnelSummary *
funnel_argument(FunctionCallInfo fcinfo, int argument)
{
	return summary_from_datum(&funnel_room, PG_GETARG_DATUM(argument));
}

PG_FUNCTION_INFO_V1(funnel_subtract);
Datum
funnel_subtract(PG_FUNCTION_ARGS)
{
	FunnelSummary *from = summary_copy_from_datum(&funnel_room, PG_GETARG_DATUM(0));
	FunnelSummary *known = PG_NARGS() < 3 ? NULL : summary_copy_from_datum(&funnel_room, PG_GETARG_DATUM(2));

	if (!funnel_summary_subtract(from, summary_copy_from_datum(&funnel_room, PG_GETARG_DATUM(1)), known))
		PG_RETURN_NULL();
	return summary_to_datum(&funnel_room, from);
}

/* The step a stage argument names; an unknown stage is an error that lists the ladder. */
static int
step_argument(FunctionCallInfo fcinfo, int argument, const FunnelDefinition *definition)
{
	text *stage = PG_GETARG_TEXT_PP(argument);
	int step = funnel_definition_find(definition, VARDATA_ANY(stage), (int) VARSIZE_ANY_EXHDR(stage));
	StringInfoData ladder;

	if (step >= 0)
		return step;
	initStringInfo(&ladder);
	for (int i = 0; i < definition->step_count; i++)
		appendStringInfo(&ladder, "%s%s", i > 0 ? ", " : "", funnel_label(definition, i));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("stage \"%s\" is not on the ladder", text_to_cstring(stage)),
			 errhint("The stages of this funnel are: %s.", ladder.data)));
}

static void
require_order(const FunnelDefinition *definition, int from, int to)
{
	if (from > to)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stage \"%s\" comes after stage \"%s\" on the ladder",
						funnel_label(definition, from), funnel_label(definition, to)),
				 errhint("Write the earlier stage first.")));
}

PG_FUNCTION_INFO_V1(funnel_leads);
Datum
funnel_leads(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);

	PG_RETURN_INT64(summary->leads[step_argument(fcinfo, 1, summary->definition)]);
}

PG_FUNCTION_INFO_V1(funnel_never_entered);
Datum
funnel_never_entered(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(funnel_argument(fcinfo, 0)->never_entered);
}

PG_FUNCTION_INFO_V1(funnel_rows_used);
Datum
funnel_rows_used(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(funnel_argument(fcinfo, 0)->rows.used);
}

PG_FUNCTION_INFO_V1(funnel_conversion);
Datum
funnel_conversion(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);
	int from = step_argument(fcinfo, 1, summary->definition);
	int to = step_argument(fcinfo, 2, summary->definition);

	require_order(summary->definition, from, to);
	return rate_datum(summary->leads[to], summary->leads[from]);
}

PG_FUNCTION_INFO_V1(funnel_elapsed);
Datum
funnel_elapsed(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);
	int from = step_argument(fcinfo, 1, summary->definition);
	int to = step_argument(fcinfo, 2, summary->definition);
	double fraction = PG_GETARG_FLOAT8(3);

	require_order(summary->definition, from, to);
	if (!(fraction >= 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("quantile %g is not between 0 and 1", fraction),
				 errhint("Write 0.5 for the median, 0.9 for the time that 90 %% do not exceed.")));
	if (summary->leads[to] == 0)
		PG_RETURN_NULL();
	if (from == to)
		return duration_interval(0);
	return duration_interval(duration_histogram_quantile(summary->elapsed[funnel_pair(from, to)], fraction));
}

PG_FUNCTION_INFO_V1(funnel_elapsed_mean);
Datum
funnel_elapsed_mean(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);
	int from = step_argument(fcinfo, 1, summary->definition);
	int to = step_argument(fcinfo, 2, summary->definition);

	require_order(summary->definition, from, to);
	if (summary->leads[to] == 0)
		PG_RETURN_NULL();
	if (from == to)
		return duration_interval(0);
	return duration_interval(duration_histogram_mean(summary->elapsed[funnel_pair(from, to)]));
}

/* One row per step: position, stage, leads, step_rate, total_rate, median, p90, mean. */
PG_FUNCTION_INFO_V1(funnel_steps);
Datum
funnel_steps(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);
	ReturnSetInfo *result = begin_rows(fcinfo);

	for (int step = 0; step < summary->definition->step_count; step++)
	{
		Datum values[8] = {0};
		bool nulls[8] = {false};

		values[0] = Int32GetDatum(step + 1);
		values[1] = CStringGetTextDatum(funnel_label(summary->definition, step));
		values[2] = Int64GetDatum(summary->leads[step]);
		values[4] = rate_datum(summary->leads[step], summary->leads[0]);
		if (step == 0)
			nulls[3] = true; /* nothing comes before the first step */
		else
			values[3] = rate_datum(summary->leads[step], summary->leads[step - 1]);
		if (step > 0 && summary->leads[step] > 0)
		{
			const DurationHistogram *elapsed = summary->elapsed[funnel_pair(step - 1, step)];

			values[5] = duration_interval(duration_histogram_quantile(elapsed, 0.5));
			values[6] = duration_interval(duration_histogram_quantile(elapsed, 0.9));
			values[7] = duration_interval(duration_histogram_mean(elapsed));
		}
		else
			nulls[5] = nulls[6] = nulls[7] = true;
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* One row per reason, also where no row was left out. */
PG_FUNCTION_INFO_V1(funnel_ignored);
Datum
funnel_ignored(PG_FUNCTION_ARGS)
{
	const FunnelSummary *summary = funnel_argument(fcinfo, 0);

	return ignored_rows(fcinfo, funnel_ignored_names, summary->rows.ignored, FUNNEL_IGNORED_REASONS);
}
