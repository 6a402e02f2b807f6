/*
 * profile.c
 *	  The SQL functions of lead_profile that show what is in it: type, counts,
 *	  rows left out.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "profile_summary.h"
#include "rate.h"

DEFINE_SUMMARY_FUNCTIONS(&profile_room, lead_profile);

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
	int64		lost = profile->leads[PROFILE_LOST];
	int64		won = profile->leads[PROFILE_WON];

	if (lost > PG_INT64_MAX - won)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("lead_profile counts are out of range")));
	return rate_datum(won, lost + won);
}

/* A row of counts(): value, or from which number on; both NULL: no value. */
static void
put_counts(ReturnSetInfo *result, const char *attribute, const char *value, const double *at_least,
		   int64 won, int64 lost)
{
	Datum		values[5] = {0};
	bool		nulls[5] = {false};

	if (won == 0 && lost == 0)
		return;
	values[0] = CStringGetTextDatum(attribute);
	nulls[1] = value == NULL;
	if (value != NULL)
		values[1] = CStringGetTextDatum(value);
	nulls[2] = at_least == NULL;
	if (at_least != NULL)
		values[2] = Float8GetDatum(*at_least);
	values[3] = Int64GetDatum(won);
	values[4] = Int64GetDatum(lost);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(profile_counts);
Datum
profile_counts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const ProfileSummary *profile = profile_argument(fcinfo);
	int		   *attributes = profile_sorted_attributes(profile);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < profile->names.count; i++)
	{
		const char *name = profile->names.texts[attributes[i]];
		const ProfileAttribute *attribute = &profile->attributes[attributes[i]];
		const int  *texts = profile_sorted_texts(attribute);
		const int  *numbers = profile_sorted_numbers(&attribute->numbers);

		CHECK_FOR_INTERRUPTS();
		for (int value = 0; value < 2; value++)
			put_counts(result, name, value ? "true" : "false", NULL,
					   attribute->booleans[value][PROFILE_WON], attribute->booleans[value][PROFILE_LOST]);
		for (int j = 0; j < profile_text_count(attribute); j++)
		{
			const int64 *counts = attribute->text_counts[texts[j]];

			put_counts(result, name,
					   attribute->hashed ? psprintf("other #%d", j) : attribute->texts.texts[texts[j]],
					   NULL, counts[PROFILE_WON], counts[PROFILE_LOST]);
		}
		for (int j = 0; j < attribute->numbers.count; j++)
		{
			double		number = profile_number(&attribute->numbers, numbers[j]);
			const int64 *counts = attribute->numbers.counts[numbers[j]];

			put_counts(result, name, NULL, &number, counts[PROFILE_WON], counts[PROFILE_LOST]);
		}
		put_counts(result, name, NULL, NULL,
				   profile->leads[PROFILE_WON] - attribute->leads[PROFILE_WON],
				   profile->leads[PROFILE_LOST] - attribute->leads[PROFILE_LOST]);
	}
	return (Datum) 0;
}

/* One row per reason, also where nothing was left out. */
PG_FUNCTION_INFO_V1(profile_ignored);
Datum
profile_ignored(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const ProfileSummary *profile = profile_argument(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	for (int reason = 0; reason < PROFILE_IGNORED_REASONS; reason++)
	{
		Datum		values[2];
		bool		nulls[2] = {false, false};

		values[0] = CStringGetTextDatum(profile_ignored_names[reason]);
		values[1] = Int64GetDatum(profile->ignored[reason]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
