/*
 * profile_lead_attributes.c
 *	  What a mart knows of a lead at a moment, as one JSON object: its own
 *	  attributes, and under "lead" what the mart itself knows.
 *
 * The generic functions for JSON look their arguments' types up for every row,
 * which costs more than all else that scoring a lead does.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

static void
push_text(JsonbInState *state, JsonbIteratorToken token, const char *text, int length)
{
	JsonbValue value = {.type = jbvString};

	value.val.string.val = unconstify(char *, text);
	value.val.string.len = length;
	push_jsonb(state, token, &value);
}

static void
push_key(JsonbInState *state, const char *key)
{
	push_text(state, WJB_KEY, key, (int) strlen(key));
}

static void
push_text_argument(FunctionCallInfo fcinfo, int argument, JsonbInState *state, const char *key)
{
	text *value;

	if (PG_ARGISNULL(argument))
		return;
	value = PG_GETARG_TEXT_PP(argument);
	push_key(state, key);
	push_text(state, WJB_VALUE, VARDATA_ANY(value), (int) VARSIZE_ANY_EXHDR(value));
}

static void
push_texts(JsonbInState *state, ArrayType *array)
{
	Datum *values;
	bool *nulls;
	int count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	push_jsonb(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < count; i++)
	{
		const text *value;

		if (nulls[i])
			continue;
		value = DatumGetTextPP(values[i]);
		push_text(state, WJB_ELEM, VARDATA_ANY(value), (int) VARSIZE_ANY_EXHDR(value));
	}
	push_jsonb(state, WJB_END_ARRAY, NULL);
}

/* The members of the object, one that is called lead excepted, which ours replaces. */
static void
push_members(JsonbInState *state, Jsonb *attributes)
{
	JsonbIterator *iterator = JsonbIteratorInit(&attributes->root);
	JsonbValue value;
	JsonbIteratorToken token;
	bool is_replaced = false;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			is_replaced = value.val.string.len == 4 && memcmp(value.val.string.val, "lead", 4) == 0;
		if ((token == WJB_KEY || token == WJB_VALUE) && !is_replaced)
			push_jsonb(state, token, &value);
	}
}

/* (attributes, channel, campaign, kind, stage, recent_touches, touch_kinds) */
PG_FUNCTION_INFO_V1(known_of_lead);
Datum
known_of_lead(PG_FUNCTION_ARGS)
{
	JsonbInState state = {0};

	push_jsonb(&state, WJB_BEGIN_OBJECT, NULL);
	if (!PG_ARGISNULL(0))
	{
		Jsonb *attributes = PG_GETARG_JSONB_P(0);

		if (!JB_ROOT_IS_OBJECT(attributes))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the attributes of a lead must be a JSON object"),
					 errhint("Write them as {\"country\": \"FR\", \"employees\": 120}.")));
		push_members(&state, attributes);
	}
	push_key(&state, "lead");
	push_jsonb(&state, WJB_BEGIN_OBJECT, NULL);
	push_text_argument(fcinfo, 1, &state, "channel");
	push_text_argument(fcinfo, 2, &state, "campaign");
	push_text_argument(fcinfo, 3, &state, "kind");
	push_text_argument(fcinfo, 4, &state, "stage");
	if (!PG_ARGISNULL(5))
	{
		JsonbValue value = {.type = jbvNumeric};

		value.val.numeric = int64_to_numeric(PG_GETARG_INT32(5));
		push_key(&state, "recent_touches");
		push_jsonb(&state, WJB_VALUE, &value);
	}
	if (!PG_ARGISNULL(6))
	{
		push_key(&state, "touch_kinds");
		push_texts(&state, PG_GETARG_ARRAYTYPE_P(6));
	}
	push_jsonb(&state, WJB_END_OBJECT, NULL);
	push_jsonb(&state, WJB_END_OBJECT, NULL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(state.result));
}
