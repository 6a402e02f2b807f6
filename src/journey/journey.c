/*
 * journey.c
 *	  The SQL functions of journeys: type and accessors.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/results.h"
#include "journey_milestone.h"
#include "journey_parts.h"

static void *
journey_empty(const void *like)
{
	const JourneySummary *summary = like;

	return summary == NULL ? journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED)
						   : journey_summary_create(summary->half_life, summary->lookback);
}

const SummaryRoom journey_room = {
	.type_name = JOURNEY_TYPE,
	.decode = journey_decode,
	.encode = journey_encode,
	.merge = journey_merge,
	.print = journey_print,
	.parse = journey_parse,
	.scan = journey_scan,
	.contradiction = journey_contradiction,
	.empty = journey_empty,
};

const JourneySummary *
journey_argument(FunctionCallInfo fcinfo)
{
	return summary_from_datum(&journey_room, PointerGetDatum(PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0))));
}

DEFINE_SUMMARY_FUNCTIONS(&journey_room, journeys);
DEFINE_SUMMARY_FUNCTION(&journey_room, journeys_to_jsonb, summary_to_jsonb);

PG_FUNCTION_INFO_V1(journeys_subtract);
Datum
journeys_subtract(PG_FUNCTION_ARGS)
{
	JourneySummary *from = summary_copy_from_datum(&journey_room, PG_GETARG_DATUM(0));

	journey_subtract(from, summary_from_datum(&journey_room, PG_GETARG_DATUM(1)));
	return summary_to_datum(&journey_room, from);
}

PG_FUNCTION_INFO_V1(journey_paths);
Datum
journey_paths(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const JourneySummary *summary = journey_argument(fcinfo);

	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];
		Datum *elements = palloc(mul_size(Max(journey->length, 1), sizeof(Datum)));
		bool *missing = palloc(mul_size(Max(journey->length, 1), sizeof(bool)));
		Datum values[5];
		bool nulls[5] = {false, false, false, false, true};
		int dimension = journey->length;
		int lower = 1;

		for (int j = 0; j < journey->length; j++)
		{
			CHECK_FOR_INTERRUPTS();
			elements[j] = CStringGetTextDatum(summary->channels.texts[journey_channel(journey->steps[j])]);
		}
		values[0] = PointerGetDatum(
			construct_array(elements, journey->length, TEXTOID, -1, false, TYPALIGN_INT));
		values[1] = Int64GetDatum(journey->conversions);
		values[2] = Float8GetDatum(journey_value_float8(journey->value));
		values[3] = Int64GetDatum(journey->nulls);
		for (int j = 0; j < journey->length; j++)
		{
			int milestones = journey_milestones(journey->steps[j]);

			CHECK_FOR_INTERRUPTS();
			missing[j] = milestones == 0;
			nulls[4] = nulls[4] && missing[j];
			elements[j] = CStringGetTextDatum(journey_milestone_name(milestones));
		}
		if (!nulls[4])
			values[4] = PointerGetDatum(construct_md_array(elements, missing, 1, &dimension, &lower, TEXTOID,
														   -1, false, TYPALIGN_INT));
		put_row(result, values, nulls);
		pfree(elements);
		pfree(missing);
	}
	return (Datum) 0;
}

/* One row per reason, also where nothing was left out. */
PG_FUNCTION_INFO_V1(journey_ignored);
Datum
journey_ignored(PG_FUNCTION_ARGS)
{
	const JourneySummary *summary = journey_argument(fcinfo);

	return ignored_rows(fcinfo, journey_ignored_names, summary->ignored, JOURNEY_IGNORED_REASONS);
}
