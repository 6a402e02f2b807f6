/*
 * journey_path_aggregate.c
 *	  The aggregate that builds journeys from a table of paths: accumulate,
 *	  combine, serialize, deserialize, final.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "journey_milestone.h"
#include "journey_summary.h"

static int64
count_argument(FunctionCallInfo fcinfo, int argument, NumberType type, const char *name)
{
	int64 count = PG_ARGISNULL(argument) ? 0 : whole_argument(fcinfo, argument, type, name);

	if (count < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s of a path is " INT64_FORMAT, name, count),
				 errhint("Write a count of zero or more.")));
	return count;
}

/* The elements of a one-dimensional array of text. */
static int
text_elements(ArrayType *array, const char *name, Datum **elements, bool **nulls)
{
	int count;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s of a journey must have one dimension, not %d", name, ARR_NDIM(array)),
				 errhint("Write the touches in order, for example '{ads,email,direct}'.")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, elements, nulls, &count);
	return count;
}

static uint32 *
path_steps(JourneySummary *summary, FunctionCallInfo fcinfo, int *length)
{
	Datum *channels;
	bool *channel_nulls;
	Datum *milestones = NULL;
	bool *milestone_nulls = NULL;
	uint32 *steps;

	*length = text_elements(PG_GETARG_ARRAYTYPE_P(1), "path", &channels, &channel_nulls);
	if (PG_NARGS() > 5 && !PG_ARGISNULL(5))
	{
		int count = text_elements(PG_GETARG_ARRAYTYPE_P(5), "milestones", &milestones, &milestone_nulls);

		if (count != *length)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("a path of %d touches has %d milestones", *length, count),
					 errhint("Write one milestone, or NULL, for each touch.")));
	}
	steps = palloc(mul_size(Max(*length, 1), sizeof(uint32)));
	for (int i = 0; i < *length; i++)
	{
		text *channel;
		int milestone = 0;

		if (channel_nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("channel %d of a path is NULL", i + 1),
					 errhint("Name it, for example with array_replace(path, NULL, 'unknown').")));
		if (milestones != NULL && !milestone_nulls[i])
			milestone = journey_milestone(DatumGetTextPP(milestones[i]));
		channel = DatumGetTextPP(channels[i]);
		steps[i] = journey_step(journey_channel_number(summary, VARDATA_ANY(channel),
													   (int) VARSIZE_ANY_EXHDR(channel)),
								milestone);
	}
	return steps;
}

/* (state, path, conversions, value, nulls [, milestones]) */
static Datum
accumulate(FunctionCallInfo fcinfo, NumberType type)
{
	JourneySummary *summary = summary_state(&journey_room, fcinfo);
	int64 conversions = count_argument(fcinfo, 2, type, "conversions");
	int64 nulls = count_argument(fcinfo, 4, type, "nulls");
	uint128 value = PG_ARGISNULL(3) ? 0 : journey_value_units(PG_GETARG_FLOAT8(3));

	if (conversions == 0 && value > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a path has value %g, but no conversions", PG_GETARG_FLOAT8(3)),
				 errhint("Value comes with conversions: write how many there were.")));
	if (PG_ARGISNULL(1))
		summary->ignored[JOURNEY_NULL_PATH]++;
	else if (conversions > 0 || nulls > 0)
	{
		int length;
		uint32 *steps = path_steps(summary, fcinfo, &length);

		journey_add(summary, journey_of_path(summary, steps, length), conversions, nulls, value, NULL, NULL);
	}
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(journey_path_accumulate);
Datum
journey_path_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_BIGINT);
}

PG_FUNCTION_INFO_V1(journey_path_accumulate_numeric);
Datum
journey_path_accumulate_numeric(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_NUMERIC);
}

PG_FUNCTION_INFO_V1(journey_path_accumulate_float8);
Datum
journey_path_accumulate_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_FLOAT8);
}

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&journey_room, journey_path);
