/*
 * profile_attributes.c
 *	  The attributes of a lead, read from its JSON object.
 */
#include "profile_attributes.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "profile_summary.h"

/* What is left of a text that is too long, before its hash. */
#define KEPT_BYTES 150

typedef struct Walk
{
	ProfileVisitor visitor;
	void *context;
} Walk;

/* Names and texts within their bound. */
static void
bound_text(const char **text, int *length)
{
	StringInfoData bounded;

	if (*length <= PROFILE_MAX_BYTES)
		return;
	initStringInfo(&bounded);
	appendBinaryStringInfo(&bounded, *text, pg_mbcliplen(*text, *length, KEPT_BYTES));
	appendStringInfo(&bounded, "... %016llx", (unsigned long long) profile_hash(*text, *length));
	*text = bounded.data;
	*length = bounded.len;
}

static ProfileValue
scalar_value(const JsonbValue *json)
{
	ProfileValue value = {.kind = PROFILE_NESTED};

	switch (json->type)
	{
		case jbvBool:
			value.kind = PROFILE_BOOLEAN;
			value.boolean = json->val.boolean;
			break;
		case jbvString:
			value.kind = PROFILE_TEXT;
			value.text = json->val.string.val;
			value.length = json->val.string.len;
			value.is_shortened = value.length > PROFILE_MAX_BYTES;
			bound_text(&value.text, &value.length);
			break;
		case jbvNumeric:
			value.number = DatumGetFloat8(
				DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(json->val.numeric)));
			value.kind = isfinite(value.number) ? PROFILE_NUMBER : PROFILE_TOO_LARGE;
			break;
		case jbvNull:
			value.kind = PROFILE_NULL;
			break;
		default:
			break;
	}
	return value;
}

static int
compare_values(const void *a, const void *b)
{
	const ProfileValue *left = a;
	const ProfileValue *right = b;
	int common = Min(left->length, right->length);
	int order;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->kind == PROFILE_BOOLEAN)
		return (int) left->boolean - (int) right->boolean;
	if (left->kind == PROFILE_NUMBER)
		return (left->number > right->number) - (left->number < right->number);
	order = common > 0 ? memcmp(left->text, right->text, common) : 0;
	return order != 0 ? order : left->length - right->length;
}

/* Each distinct value once; what does not count is reported each time. */
static void
visit_array(const Walk *walk, JsonbContainer *array, const char *name, int length)
{
	int size = (int) JsonContainerSize(array);
	ProfileValue *values = palloc(mul_size(Max(size, 1), sizeof(ProfileValue)));
	int count = 0;
	JsonbIterator *iterator = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue element;

	while ((token = JsonbIteratorNext(&iterator, &element, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			values[count++] = scalar_value(&element);
	if (count > 1)
		qsort(values, count, sizeof(ProfileValue), compare_values);
	for (int i = 0; i < count; i++)
		if (i == 0 || values[i].kind >= PROFILE_NULL || compare_values(&values[i - 1], &values[i]) != 0)
			walk->visitor(walk->context, name, length, &values[i]);
	pfree(values);
}

static void
visit_object(const Walk *walk, JsonbContainer *object, const char *prefix, int prefix_length)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue json;
	const char *name = NULL;
	int length = 0;

	check_stack_depth();
	while ((token = JsonbIteratorNext(&iterator, &json, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			name = json.val.string.val;
			length = json.val.string.len;
			if (prefix != NULL)
			{
				char *path = palloc(prefix_length + 1 + length);

				memcpy(path, prefix, prefix_length);
				path[prefix_length] = '.';
				memcpy(path + prefix_length + 1, name, length);
				name = path;
				length += prefix_length + 1;
			}
			bound_text(&name, &length);
		}
		else if (token == WJB_VALUE && json.type != jbvBinary)
		{
			ProfileValue value = scalar_value(&json);

			walk->visitor(walk->context, name, length, &value);
		}
		else if (token == WJB_VALUE && JsonContainerIsArray(json.val.binary.data))
			visit_array(walk, json.val.binary.data, name, length);
		else if (token == WJB_VALUE)
			visit_object(walk, json.val.binary.data, name, length);
	}
}

bool
profile_visit(Jsonb *attributes, ProfileVisitor visitor, void *context)
{
	Walk walk = {visitor, context};

	if (!JB_ROOT_IS_OBJECT(attributes))
		return false;
	visit_object(&walk, &attributes->root, NULL, 0);
	return true;
}
