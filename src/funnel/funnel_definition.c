/*
 * funnel_definition.c
 *	  What a funnel counts: the ladder of stages, the policy and the window.
 */
#include "funnel_definition.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/duration.h"

#define TYPE_NAME "funnel"

static const char *const policy_names[] = {"ordered", "reached", "any_order"};
static const char *const timing_names[] = {"first_touch", "latest_start"};

const char *
funnel_policy_name(FunnelPolicy policy)
{
	return policy_names[policy];
}

const char *
funnel_timing_name(FunnelTiming timing)
{
	return timing_names[timing];
}

static int
find_name(const char *const *names, int count, const char *name, int length)
{
	for (int i = 0; i < count; i++)
		if ((int) strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return i;
	return -1;
}

bool
funnel_policy_by_name(const char *name, int length, FunnelPolicy *policy)
{
	int found = find_name(policy_names, lengthof(policy_names), name, length);

	if (found >= 0)
		*policy = (FunnelPolicy) found;
	return found >= 0;
}

bool
funnel_timing_by_name(const char *name, int length, FunnelTiming *timing)
{
	int found = find_name(timing_names, lengthof(timing_names), name, length);

	if (found >= 0)
		*timing = (FunnelTiming) found;
	return found >= 0;
}

/* "ordered", "reached latest_start", "latest_start, ordered" … */
static void
parse_policy(const char *text, FunnelPolicy *policy, FunnelTiming *timing)
{
	const char *word = text;

	*policy = FUNNEL_ORDERED;
	*timing = FUNNEL_FIRST_TOUCH;
	while (*(word += strspn(word, " ,")) != '\0')
	{
		int length = (int) strcspn(word, " ,");

		if (!funnel_policy_by_name(word, length, policy) && !funnel_timing_by_name(word, length, timing))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown funnel policy \"%s\"", text),
					 errhint("Write ordered, reached or any_order; ordered may be followed by first_touch or latest_start.")));
		word += length;
	}
	if (*timing == FUNNEL_LATEST_START && *policy != FUNNEL_ORDERED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("latest_start does not apply to funnel policy \"%s\"", policy_names[*policy]),
				 errhint("Write 'ordered latest_start', or the policy alone.")));
}

static void
fill_slots(FunnelDefinition *definition)
{
	uint32 multiplier = 0x9e3779b1;

	for (int step = 0; step < definition->step_count; step++)
		definition->label_key[step] = funnel_label_key(funnel_label(definition, step),
													   definition->label_length[step]);

	/* Look for a multiplier that gives every label a slot of its own. */
	for (int attempt = 0; attempt < 256; attempt++, multiplier = multiplier * 5 + 0x3c6ef372)
	{
		bool collision = false;

		memset(definition->slot, 0, sizeof(definition->slot));
		for (int step = 0; step < definition->step_count && !collision; step++)
		{
			uint8 *slot = &definition->slot[(definition->label_key[step] * multiplier) >> 25];

			collision = *slot != 0;
			*slot = (uint8) (step + 1);
		}
		if (!collision && multiplier != 0)
		{
			definition->slot_multiplier = multiplier;
			return;
		}
	}
	definition->slot_multiplier = 0;
}

FunnelDefinition *
funnel_definition_create(FunnelPolicy policy, FunnelTiming timing, int64 within, int step_count,
						 char *const *labels)
{
	Size size = sizeof(FunnelDefinition);
	FunnelDefinition *definition;
	char *end;

	for (int step = 0; step < step_count; step++)
		size += strlen(labels[step]) + 1;
	definition = palloc0(size);
	definition->size = size;
	definition->policy = policy;
	definition->timing = timing;
	definition->within = within;
	definition->step_count = step_count;
	end = (char *) (definition + 1);
	for (int step = 0; step < step_count; step++)
	{
		definition->label_length[step] = (int) strlen(labels[step]);
		definition->label_offset[step] = (int) (end - (char *) definition);
		memcpy(end, labels[step], definition->label_length[step] + 1);
		end += definition->label_length[step] + 1;
	}
	fill_slots(definition);
	return definition;
}

static void
check_ladder_size(int step_count)
{
	if (step_count < 1 || step_count > FUNNEL_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a ladder has 1 to %d stages, not %d", FUNNEL_MAX_STEPS, step_count),
				 errhint("Write the stages in order, for example '{lead,mql,sal,sql,opportunity,won}'.")));
}

static char *
stage_label(Datum stage, FunnelStageType type)
{
	switch (type)
	{
		case FUNNEL_STAGE_ENUM:
			return DatumGetCString(DirectFunctionCall1(enum_out, stage));
		case FUNNEL_STAGE_INTEGER:
			return psprintf(INT64_FORMAT, DatumGetInt64(stage));
		case FUNNEL_STAGE_TEXT:
			break;
	}
	return TextDatumGetCString(stage);
}

FunnelDefinition *
funnel_definition_from_arguments(ArrayType *ladder, FunnelStageType type, const Interval *within,
								 const char *policy_text)
{
	FunnelPolicy policy = FUNNEL_ORDERED;
	FunnelTiming timing = FUNNEL_FIRST_TOUCH;
	int64 length = within == NULL ? FUNNEL_UNLIMITED : fixed_duration(within, "funnel window");
	Datum *elements;
	bool *nulls;
	int count;
	char *labels[FUNNEL_MAX_STEPS];
	FunnelDefinition *definition;

	if (policy_text != NULL)
		parse_policy(policy_text, &policy, &timing);
	if (ARR_NDIM(ladder) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a ladder is an array of one dimension, not %d", ARR_NDIM(ladder)),
				 errhint("Write the stages in order, for example '{lead,mql,sal,sql,opportunity,won}'.")));
	if (type == FUNNEL_STAGE_ENUM)
		deconstruct_array(ladder, ARR_ELEMTYPE(ladder), sizeof(Oid), true, TYPALIGN_INT, &elements, &nulls,
						  &count);
	else if (type == FUNNEL_STAGE_INTEGER)
		deconstruct_array(ladder, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls,
						  &count);
	else
		deconstruct_array(ladder, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	check_ladder_size(count);
	for (int step = 0; step < count; step++)
	{
		if (nulls[step])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("stage %d of the ladder is NULL", step + 1),
					 errhint("Write the stages in order, for example '{lead,mql,sal,sql,opportunity,won}'.")));
		labels[step] = stage_label(elements[step], type);
		if (labels[step][0] == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("stage %d of the ladder is empty", step + 1),
					 errhint("Give every stage a name.")));
		for (int earlier = 0; earlier < step; earlier++)
			if (strcmp(labels[earlier], labels[step]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("stage \"%s\" is on the ladder twice, at %d and %d",
								labels[step], earlier + 1, step + 1),
						 errhint("A lead counts once per stage: write each stage once.")));
	}
	definition = funnel_definition_create(policy, timing, length, count, labels);
	for (int step = 0; type != FUNNEL_STAGE_TEXT && step < count; step++)
		definition->value[step] = type == FUNNEL_STAGE_ENUM ? (int64) DatumGetObjectId(elements[step])
															: DatumGetInt64(elements[step]);
	return definition;
}

static bool
same_ladder(const FunnelDefinition *a, const FunnelDefinition *b)
{
	if (a->step_count != b->step_count)
		return false;
	for (int step = 0; step < a->step_count; step++)
		if (strcmp(funnel_label(a, step), funnel_label(b, step)) != 0)
			return false;
	return true;
}

bool
funnel_definition_equal(const FunnelDefinition *a, const FunnelDefinition *b)
{
	return a == b ||
		(a->policy == b->policy && a->timing == b->timing && a->within == b->within && same_ladder(a, b));
}

void
funnel_definition_require_equal(const FunnelDefinition *a, const FunnelDefinition *b, const char *what)
{
	if (!funnel_definition_equal(a, b))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("funnels of different definitions cannot be %s", what),
				 !same_ladder(a, b) ? errdetail("The ladders differ.") :
				 a->within != b->within ? errdetail("The windows differ.") :
				 errdetail("The policies differ: %s %s and %s %s.",
						   policy_names[a->policy], timing_names[a->timing],
						   policy_names[b->policy], timing_names[b->timing]),
				 errhint("Build all funnels that are added with the same ladder, window and policy.")));
}

void
funnel_definition_encode(const FunnelDefinition *definition, StringInfo out)
{
	pq_sendbyte(out, definition->policy);
	pq_sendbyte(out, definition->timing);
	wire_put_varint(out, (uint64) definition->within);
	wire_put_varint(out, (uint64) definition->step_count);
	for (int step = 0; step < definition->step_count; step++)
		wire_put_text(out, funnel_label(definition, step));
}

FunnelDefinition *
funnel_definition_decode(StringInfo in)
{
	int policy = pq_getmsgbyte(in);
	int timing = pq_getmsgbyte(in);
	uint64 within = wire_get_varint(in, TYPE_NAME);
	int step_count = wire_get_count(in, TYPE_NAME, 2, FUNNEL_MAX_STEPS);
	char *labels[FUNNEL_MAX_STEPS];

	wire_check(policy <= FUNNEL_ANY_ORDER && timing <= FUNNEL_LATEST_START &&
				   (timing == FUNNEL_FIRST_TOUCH || policy == FUNNEL_ORDERED),
			   TYPE_NAME, "unknown policy");
	wire_check(within <= PG_INT64_MAX, TYPE_NAME, "window out of range");
	wire_check(step_count >= 1, TYPE_NAME, "empty ladder");
	for (int step = 0; step < step_count; step++)
	{
		labels[step] = wire_get_text(in, TYPE_NAME);
		wire_check(labels[step][0] != '\0', TYPE_NAME, "stage without a name");
		for (int earlier = 0; earlier < step; earlier++)
			wire_check(strcmp(labels[earlier], labels[step]) != 0, TYPE_NAME, "stage twice");
	}
	return funnel_definition_create((FunnelPolicy) policy, (FunnelTiming) timing, (int64) within, step_count,
									labels);
}
