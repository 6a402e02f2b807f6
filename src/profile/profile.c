/*
 * profile.c
 *	  The SQL functions of lead_profile that show what is in it: type, counts,
 *	  rows left out.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/counts.h"
#include "base/results.h"
#include "rate/rate.h"
#include "profile_parts.h"

static void *
profile_empty(const void *like)
{
	return profile_create();
}

const SummaryRoom profile_room = {
	.type_name = PROFILE_TYPE,
	.decode = profile_decode,
	.encode = profile_encode,
	.merge = profile_merge,
	.print = profile_print,
	.parse = profile_parse,
	.contradiction = profile_contradiction,
	.empty = profile_empty,
};

DEFINE_SUMMARY_FUNCTIONS(&profile_room, lead_profile);
DEFINE_SUMMARY_FUNCTION(&profile_room, lead_profile_to_jsonb, summary_to_jsonb);

static const ProfileSummary *
profile_argument(FunctionCallInfo fcinfo)
{
	return summary_from_datum(&profile_room, PG_GETARG_DATUM(0));
}

/* Leads that converted among all leads. */
PG_FUNCTION_INFO_V1(profile_rate);
Datum
profile_rate(PG_FUNCTION_ARGS)
{
	const ProfileSummary *profile = profile_argument(fcinfo);
	int64 won = profile->leads[PROFILE_WON];

	return rate_datum(won, add_counts(won, profile->leads[PROFILE_LOST], PROFILE_TYPE));
}

/* A row of counts(); value and number may be NULL. */
static void
put_counts(ReturnSetInfo *result, const char *attribute, const char *kind, const char *value,
		   const double *at_least, const int64 *counts)
{
	Datum values[6] = {0};
	bool nulls[6] = {false};

	if (counts[PROFILE_WON] == 0 && counts[PROFILE_LOST] == 0)
		return;
	values[0] = CStringGetTextDatum(attribute);
	values[1] = CStringGetTextDatum(kind);
	nulls[2] = value == NULL;
	if (value != NULL)
		values[2] = CStringGetTextDatum(value);
	nulls[3] = at_least == NULL;
	if (at_least != NULL)
		values[3] = Float8GetDatum(*at_least);
	values[4] = Int64GetDatum(counts[PROFILE_WON]);
	values[5] = Int64GetDatum(counts[PROFILE_LOST]);
	put_row(result, values, nulls);
}

PG_FUNCTION_INFO_V1(profile_counts);
Datum
profile_counts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const ProfileSummary *profile = profile_argument(fcinfo);
	int *attributes = profile_sorted_attributes(profile);

	for (int i = 0; i < profile->names.count; i++)
	{
		const char *name = profile->names.texts[attributes[i]];
		const ProfileAttribute *attribute = &profile->attributes[attributes[i]];
		const int *texts = profile_sorted_texts(attribute);
		const int *numbers = profile_sorted_numbers(&attribute->numbers);
		int64 unknown[PROFILE_OUTCOMES];

		CHECK_FOR_INTERRUPTS();
		for (int value = 0; value < 2; value++)
			put_counts(result, name, "boolean", value ? "true" : "false", NULL, attribute->booleans[value]);
		for (int j = 0; j < profile_text_count(attribute); j++)
			if (attribute->hashed)
				put_counts(result, name, "bucket", psprintf("#%d", j), NULL, attribute->text_counts[j]);
			else
				put_counts(result, name, "text", attribute->texts.texts[texts[j]], NULL,
						   attribute->text_counts[texts[j]]);
		for (int j = 0; j < attribute->numbers.count; j++)
		{
			double number = profile_number(&attribute->numbers, numbers[j]);

			put_counts(result, name, "number", NULL, &number, attribute->numbers.counts[numbers[j]]);
		}
		for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
			unknown[outcome] = profile->leads[outcome] - attribute->leads[outcome];
		put_counts(result, name, "unknown", NULL, NULL, unknown);
	}
	return (Datum) 0;
}

/* One row per reason, also where nothing was left out. */
PG_FUNCTION_INFO_V1(profile_ignored);
Datum
profile_ignored(PG_FUNCTION_ARGS)
{
	const ProfileSummary *profile = profile_argument(fcinfo);

	return ignored_rows(fcinfo, profile_ignored_names, profile->ignored, PROFILE_IGNORED_REASONS);
}
