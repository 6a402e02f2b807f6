/*
 * profile_aggregate.c
 *	  The aggregate that builds a lead profile: accumulate, combine, serialize,
 *	  deserialize, final.
 */
#include "base/compat.h"

#include "profile_attributes.h"
#include "profile_summary.h"

static MemoryContext
require_aggregate(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function of the lead_profile aggregate called outside of an aggregate")));
	return context;
}

static ProfileSummary *
create_in(MemoryContext context)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	ProfileSummary *summary = profile_create();

	MemoryContextSwitchTo(previous);
	return summary;
}

typedef struct Lead
{
	ProfileSummary *summary;
	int			outcome;
	int64		counts[PROFILE_OUTCOMES];	/* of this lead alone */
	uint64		number;			/* differs from that of the leads before */
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
		summary->ignored[value->kind == PROFILE_NESTED ? PROFILE_NESTED_IN_ARRAY :
						 PROFILE_NUMBER_OUT_OF_RANGE]++;
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
	MemoryContext context = require_aggregate(fcinfo);
	ProfileSummary *summary = PG_ARGISNULL(0) ? create_in(context) :
		(ProfileSummary *) PG_GETARG_POINTER(0);
	Jsonb	   *attributes;

	if (PG_ARGISNULL(2))
		summary->ignored[PROFILE_NULL_CONVERTED]++;
	else if (PG_ARGISNULL(1))
		summary->ignored[PROFILE_NULL_ATTRIBUTES]++;
	else if (attributes = PG_GETARG_JSONB_P(1), !JB_ROOT_IS_OBJECT(attributes))
		summary->ignored[PROFILE_NOT_AN_OBJECT]++;
	else
	{
		Lead		lead = {.summary = summary};

		lead.outcome = PG_GETARG_BOOL(2) ? PROFILE_WON : PROFILE_LOST;
		lead.counts[lead.outcome] = 1;
		profile_add_lead(summary, lead.counts);
		lead.number = (uint64) summary->leads[PROFILE_LOST] + (uint64) summary->leads[PROFILE_WON];
		(void) profile_visit(attributes, add_value, &lead);
	}
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(profile_combine);
Datum
profile_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = require_aggregate(fcinfo);
	ProfileSummary *into = PG_ARGISNULL(0) ? NULL : (ProfileSummary *) PG_GETARG_POINTER(0);
	const ProfileSummary *from = PG_ARGISNULL(1) ? NULL : (ProfileSummary *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = create_in(context);
		profile_room.merge(into, from);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

PG_FUNCTION_INFO_V1(profile_serialize);
Datum
profile_serialize(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	(void) require_aggregate(fcinfo);
	pq_begintypsend(&out);
	profile_room.encode(PG_GETARG_POINTER(0), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(profile_deserialize);
Datum
profile_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData in;
	void	   *summary;

	(void) require_aggregate(fcinfo);
	read_only_string_info(&in, VARDATA_ANY(bytes), (int) VARSIZE_ANY_EXHDR(bytes));
	summary = profile_room.decode(&in);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(summary);
}

/* No rows: NULL, as for every summary. */
PG_FUNCTION_INFO_V1(profile_final);
Datum
profile_final(PG_FUNCTION_ARGS)
{
	(void) require_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return summary_to_datum(&profile_room, PG_GETARG_POINTER(0));
}
