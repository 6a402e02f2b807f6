/*
 * profile_aggregate.c
 *	  The aggregate that builds a lead profile: accumulate, combine, serialize,
 *	  deserialize, final.
 */
#include "base/compat.h"

#include "profile_attributes.h"
#include "profile_summary.h"

typedef struct Lead
{
	ProfileSummary *summary;
	int outcome;
	int64 counts[PROFILE_OUTCOMES]; /* of this lead alone */
	uint64 number;					/* differs from that of the leads before */
} Lead;

static void
add_value(void *context, const char *name, int length, const ProfileValue *value)
{
	const Lead *lead = context;
	ProfileSummary *summary = lead->summary;
	ProfileAttribute *attribute;

	if (value->kind == PROFILE_NULL)
		return;
	if (value->kind == PROFILE_TOO_LARGE || value->kind == PROFILE_NESTED)
	{
		summary->ignored[value->kind == PROFILE_NESTED ? PROFILE_NESTED_IN_ARRAY
													   : PROFILE_NUMBER_OUT_OF_RANGE]++;
		return;
	}
	attribute = profile_attribute(summary, name, length);
	if (attribute->last_lead != lead->number)
	{
		attribute->last_lead = lead->number;
		attribute->leads[lead->outcome]++;
	}
	if (value->kind == PROFILE_BOOLEAN)
		profile_add_boolean(attribute, value->boolean, lead->counts);
	else if (value->kind == PROFILE_TEXT)
		profile_add_text(summary, attribute, value->text, value->length, lead->counts);
	else
		profile_add_number(summary, attribute, value->number, lead->counts);
}

/* (state, attributes, converted) */
PG_FUNCTION_INFO_V1(profile_accumulate);
Datum
profile_accumulate(PG_FUNCTION_ARGS)
{
	ProfileSummary *summary = summary_state(&profile_room, fcinfo);
	Jsonb *attributes;

	if (PG_ARGISNULL(2))
		summary->ignored[PROFILE_NULL_CONVERTED]++;
	else if (PG_ARGISNULL(1))
		summary->ignored[PROFILE_NULL_ATTRIBUTES]++;
	else if (attributes = PG_GETARG_JSONB_P(1), !JB_ROOT_IS_OBJECT(attributes))
		summary->ignored[PROFILE_NOT_AN_OBJECT]++;
	else
	{
		Lead lead = {.summary = summary};

		lead.outcome = PG_GETARG_BOOL(2) ? PROFILE_WON : PROFILE_LOST;
		lead.counts[lead.outcome] = 1;
		profile_add_lead(summary, lead.counts);
		lead.number = (uint64) summary->leads[PROFILE_LOST] + (uint64) summary->leads[PROFILE_WON];
		(void) profile_visit(attributes, add_value, &lead);
	}
	PG_RETURN_POINTER(summary);
}

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&profile_room, profile);
