/*
 * profile_lead_evidence.c
 *	  The weight of evidence of a lead's attributes, ready for a regression.
 *
 * Each attribute of the profile becomes one number: the weight of the bin that
 * the lead is in.  A lead in several bins has the sum, each bin once, as a
 * scorecard counts it; of what no bin holds nothing is known, and the weight is 0.
 */
#include "base/compat.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "base/argument_cache.h"
#include "profile_attributes.h"
#include "profile_evidence.h"

#define NO_BIN (-1)

typedef struct LeadAttribute
{
	const ProfileEvidence *evidence;
	int others;
	int unknown;
	int booleans[2];
	int *texts;		   /* bins by number of the text; NULL: all are others */
	Numeric *weights;  /* by bin */
	uint64 *last_lead; /* by bin: the last lead that was in it */

	/* The lead at hand. */
	uint64 lead;
	double sum;
	int bin_count;
	int bin;
} LeadAttribute;

/* A profile prepared to weigh leads. */
typedef struct LeadEvidence
{
	const ProfileSummary *profile;
	MemoryContext context;
	bool is_prepared; /* for these bins: */
	int max_bins;
	bool monotone;
	MemoryContext bins_context;
	LeadAttribute *attributes;
	Numeric zero;
	uint64 lead;
} LeadEvidence;

/* Exactly: the digits that read back as the same number. */
static Numeric
numeric_of(double number)
{
	StringInfoData text;

	initStringInfo(&text);
	summary_print_float8(&text, number + 0.0);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text.data),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

static void *
prepare(Datum value)
{
	LeadEvidence *evidence = palloc0(sizeof(LeadEvidence));

	evidence->profile = summary_from_datum(&profile_room, value);
	evidence->context = CurrentMemoryContext;
	return evidence;
}

static void
prepare_attribute(const ProfileSummary *profile, int number, int max_bins, bool monotone, LeadAttribute *lead)
{
	const ProfileAttribute *attribute = &profile->attributes[number];
	const ProfileEvidence *evidence = profile_evidence(profile, attribute, max_bins, monotone);
	const ProfileBins *bins = &evidence->bins;
	int first_kept = bins->edge_count + 1;
	int texts = attribute->hashed ? 0 : profile_text_count(attribute);

	lead->evidence = evidence;
	lead->others = first_kept + bins->kept_count;
	lead->unknown = lead->others + 1;
	lead->booleans[0] = lead->booleans[1] = NO_BIN;
	for (int value = 0; value < 2; value++)
		if (attribute->booleans[value][PROFILE_LOST] > 0 || attribute->booleans[value][PROFILE_WON] > 0)
			lead->booleans[value] = lead->others;
	if (!attribute->hashed)
	{
		lead->texts = palloc(mul_size(Max(texts, 1), sizeof(int)));
		for (int text = 0; text < texts; text++)
			lead->texts[text] = lead->others;
	}
	for (int kept = 0; kept < bins->kept_count; kept++)
	{
		const char *text = bins->kept_texts[kept];

		if (text == NULL)
			lead->booleans[bins->kept_booleans[kept]] = first_kept + kept;
		else
			lead->texts[profile_find_text(attribute, text, (int) strlen(text))] = first_kept + kept;
	}
	lead->weights = palloc(mul_size(bins->count, sizeof(Numeric)));
	lead->last_lead = palloc0(mul_size(bins->count, sizeof(uint64)));
	for (int bin = 0; bin < bins->count; bin++)
		lead->weights[bin] = numeric_of(evidence->weights[bin]);
}

/* The bins of all attributes; they are those of the last call as a rule. */
static void
prepare_bins(LeadEvidence *evidence, int max_bins, bool monotone)
{
	const ProfileSummary *profile = evidence->profile;
	MemoryContext previous;

	if (evidence->is_prepared && evidence->max_bins == max_bins && evidence->monotone == monotone)
		return;
	evidence->is_prepared = false;
	if (evidence->bins_context == NULL)
		evidence->bins_context = AllocSetContextCreate(evidence->context, "lead_kpi evidence",
													   ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(evidence->bins_context);
	previous = MemoryContextSwitchTo(evidence->bins_context);
	evidence->zero = numeric_of(0);
	evidence->attributes = palloc0(mul_size(Max(profile->names.count, 1), sizeof(LeadAttribute)));
	for (int i = 0; i < profile->names.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		prepare_attribute(profile, i, max_bins, monotone, &evidence->attributes[i]);
	}
	MemoryContextSwitchTo(previous);
	evidence->max_bins = max_bins;
	evidence->monotone = monotone;
	evidence->is_prepared = true;
}

/* As scorecards see it: a text of nothing but white space is no value. */
static bool
is_blank(const ProfileValue *value)
{
	for (int i = 0; i < value->length; i++)
		if (strchr(" \t\n\r", value->text[i]) == NULL)
			return false;
	return true;
}

static void
weigh_value(void *context, const char *name, int length, const ProfileValue *value)
{
	LeadEvidence *evidence = context;
	int number = text_dictionary_find(&evidence->profile->names, name, length);
	LeadAttribute *lead;
	int bin = NO_BIN;

	if (number < 0 || value->kind >= PROFILE_NULL || (value->kind == PROFILE_TEXT && is_blank(value)))
		return;
	lead = &evidence->attributes[number];
	if (value->kind == PROFILE_BOOLEAN)
		bin = lead->booleans[value->boolean];
	else if (value->kind == PROFILE_NUMBER)
		bin = profile_bin_of_number(&lead->evidence->bins, value->number);
	else if (lead->texts == NULL)
		bin = lead->others;
	/* A card does not recognize a text whose end it does not have. */
	else if (!value->is_shortened)
	{
		int text = profile_find_text(&evidence->profile->attributes[number], value->text, value->length);

		if (text >= 0)
			bin = lead->texts[text];
	}
	if (lead->lead != evidence->lead)
	{
		lead->lead = evidence->lead;
		lead->sum = 0;
		lead->bin_count = 0;
	}
	if (bin == NO_BIN || lead->last_lead[bin] == evidence->lead)
		return;
	lead->last_lead[bin] = evidence->lead;
	lead->sum += lead->evidence->weights[bin];
	lead->bin = bin;
	lead->bin_count++;
}

/* (profile, attributes, bins, monotone) */
PG_FUNCTION_INFO_V1(profile_lead_evidence);
Datum
profile_lead_evidence(PG_FUNCTION_ARGS)
{
	int max_bins = profile_bins_argument(fcinfo, 2);
	bool monotone = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	LeadEvidence *evidence;
	const ProfileSummary *profile;
	JsonbInState state = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	evidence = cached_argument(fcinfo, 0, prepare);
	profile = evidence->profile;
	/* Of leads that all did the same nothing can be learned. */
	if (profile->leads[PROFILE_LOST] == 0 || profile->leads[PROFILE_WON] == 0)
		PG_RETURN_NULL();
	prepare_bins(evidence, max_bins, monotone);
	evidence->lead++;
	if (!profile_visit(PG_GETARG_JSONB_P(1), weigh_value, evidence))
		PG_RETURN_NULL();
	push_jsonb(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < profile->names.count; i++)
	{
		const LeadAttribute *lead = &evidence->attributes[i];
		JsonbValue item;

		item.type = jbvString;
		item.val.string.val = profile->names.texts[i];
		item.val.string.len = (int) strlen(profile->names.texts[i]);
		push_jsonb(&state, WJB_KEY, &item);
		item.type = jbvNumeric;
		if (lead->lead != evidence->lead)
			item.val.numeric = lead->weights[lead->unknown];
		else if (lead->bin_count == 0)
			item.val.numeric = evidence->zero;
		else
			item.val.numeric = lead->bin_count == 1 ? lead->weights[lead->bin] : numeric_of(lead->sum);
		push_jsonb(&state, WJB_VALUE, &item);
	}
	push_jsonb(&state, WJB_END_OBJECT, NULL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(state.result));
}
