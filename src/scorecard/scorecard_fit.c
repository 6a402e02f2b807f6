/*
 * scorecard_fit.c
 *	  Which fit rules apply to a lead's attributes.
 *
 * A rule looks at all values at its path: one, or the elements of arrays on
 * the way.  It applies when one of them satisfies it; a negated rule when none
 * does and something is known.  What is missing, null, blank or empty is
 * unknown.  A dot of a path leads into an object, or belongs to a key.
 */
#include "scorecard_compile.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#define NO_PLACE (-1)

/* ---------- places on scales ---------- */

static int
place_of_text(const Scale *scale, const char *text, int length)
{
	int low = 0;
	int high = scale->count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int order = scorecard_compare_texts(scale->texts[middle].text, scale->texts[middle].length, text,
											length);

		if (order == 0)
			return 2 * middle + 1;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 2 * low;
}

static int
place_of_number(const Scale *scale, Numeric number)
{
	int low = 0;
	int high = scale->count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int order = DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(scale->numbers[middle]),
													  NumericGetDatum(number)));

		if (order == 0)
			return 2 * middle + 1;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 2 * low;
}

/* What ->> shows of a scalar. */
static const char *
scalar_text(const JsonbValue *value, int *length)
{
	const char *text;

	if (value->type == jbvString)
	{
		*length = value->val.string.len;
		return value->val.string.val;
	}
	if (value->type == jbvNumeric)
		text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	else
		text = value->val.boolean ? "true" : "false";
	*length = (int) strlen(text);
	return text;
}

static int
place_of_boolean(const JsonbValue *value)
{
	if (value->type == jbvBool)
		return value->val.boolean ? 3 : 1;
	if (value->type == jbvString && value->val.string.len == 4 &&
		pg_strncasecmp(value->val.string.val, "true", 4) == 0)
		return 3;
	if (value->type == jbvString && value->val.string.len == 5 &&
		pg_strncasecmp(value->val.string.val, "false", 5) == 0)
		return 1;
	return NO_PLACE;
}

static bool
contains_place(const PlaceRange *ranges, int count, int place)
{
	int low = 0;
	int high = count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (ranges[middle].last < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && ranges[low].first <= place;
}

/* ---------- values ---------- */

/* Notes which rules of the attribute a scalar satisfies, negation aside. */
static void
judge_scalar(const CompiledScorecard *compiled, const CompiledAttribute *attribute, const JsonbValue *value)
{
	int places[SCALES];
	const char *text = NULL;
	int length = 0;

	for (int kind = 0; kind < SCALES; kind++)
		places[kind] = NO_PLACE;
	if (attribute->scales[SCALE_TEXT].count > 0 || attribute->scales[SCALE_FOLDED].count > 0 ||
		attribute->has_patterns)
		text = scalar_text(value, &length);
	if (attribute->scales[SCALE_NUMBER].count > 0)
	{
		Numeric number = NULL;

		if (value->type == jbvNumeric)
			number = value->val.numeric;
		else if (value->type == jbvString)
			number = scorecard_number_of_text(value->val.string.val, value->val.string.len);
		if (number != NULL)
			places[SCALE_NUMBER] = place_of_number(&attribute->scales[SCALE_NUMBER], number);
	}
	if (attribute->scales[SCALE_TEXT].count > 0)
		places[SCALE_TEXT] = place_of_text(&attribute->scales[SCALE_TEXT], text, length);
	if (attribute->scales[SCALE_FOLDED].count > 0)
	{
		int folded_length;
		char *folded = scorecard_fold_case(text, length, &folded_length);

		places[SCALE_FOLDED] = place_of_text(&attribute->scales[SCALE_FOLDED], folded, folded_length);
	}
	if (attribute->scales[SCALE_ORDER].count > 0 && value->type == jbvString)
		places[SCALE_ORDER] = place_of_text(&attribute->scales[SCALE_ORDER], value->val.string.val,
											value->val.string.len);
	if (attribute->scales[SCALE_BOOLEAN].count > 0)
		places[SCALE_BOOLEAN] = place_of_boolean(value);

	for (int i = 0; i < attribute->rule_count; i++)
	{
		const CompiledRule *rule = &attribute->rules[i];
		bool *satisfied = &compiled->applies[rule->rule];

		if (*satisfied)
			continue;
		if (rule->pattern != NULL)
			*satisfied = scorecard_pattern_matches(rule->pattern, text, length);
		else
			for (int kind = 0; kind < SCALES && !*satisfied; kind++)
				*satisfied = places[kind] != NO_PLACE && rule->range_count[kind] > 0 &&
					contains_place(rule->ranges[kind], rule->range_count[kind], places[kind]);
	}
}

/* The values at a path from a value on; true when something is known there. */
static bool
judge_value(const CompiledScorecard *compiled, const CompiledAttribute *attribute, const JsonbValue *value,
			int step)
{
	if (value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
	{
		JsonbContainer *array = value->val.binary.data;
		int length = (int) JsonContainerSize(array);
		bool is_known = false;

		check_stack_depth();
		for (int i = 0; i < length; i++)
		{
			CHECK_FOR_INTERRUPTS();
			is_known |= judge_value(compiled, attribute, getIthJsonbValueFromContainer(array, i), step);
		}
		return is_known;
	}
	if (step < attribute->path_length)
	{
		bool is_known = false;

		/* The key of this step, or of it and the next ones. */
		for (int next = step + 1; value->type == jbvBinary && next <= attribute->path_length; next++)
		{
			const char *key = attribute->path + attribute->key_start[step];
			int length = attribute->key_start[next] - attribute->key_start[step] - 1;
			JsonbValue member;

			if (getKeyJsonValueFromContainer(value->val.binary.data, key, length, &member) != NULL)
				is_known |= judge_value(compiled, attribute, &member, next);
		}
		return is_known;
	}
	if (value->type == jbvBinary)
		return JsonContainerSize(value->val.binary.data) > 0;
	if (value->type == jbvNull ||
		(value->type == jbvString && scorecard_is_blank(value->val.string.val, value->val.string.len)))
		return false;
	judge_scalar(compiled, attribute, value);
	return true;
}

/* The attributes as a value to start from; false when nothing is known. */
static bool
root_value(Jsonb *attributes, JsonbValue *root)
{
	if (attributes == NULL)
		return false;
	if (JB_ROOT_IS_OBJECT(attributes))
	{
		root->type = jbvBinary;
		root->val.binary.data = &attributes->root;
		root->val.binary.len = (int) VARSIZE_ANY_EXHDR(attributes);
		return true;
	}
	if (JB_ROOT_IS_SCALAR(attributes) && getIthJsonbValueFromContainer(&attributes->root, 0)->type == jbvNull)
		return false;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the attributes of a lead must be a JSON object"),
			 errhint("Write them as {\"country\": \"FR\", \"employees\": 120}.")));
}

void
scorecard_judge(const CompiledScorecard *compiled, Jsonb *attributes)
{
	JsonbValue root;
	bool has_root = root_value(attributes, &root);

	memset(compiled->applies, 0, compiled->card.fit_count * sizeof(bool));
	for (int i = 0; i < compiled->attribute_count; i++)
	{
		const CompiledAttribute *attribute = &compiled->attributes[i];
		bool is_known = has_root && judge_value(compiled, attribute, &root, 0);

		for (int j = 0; j < attribute->rule_count; j++)
		{
			const CompiledRule *rule = &attribute->rules[j];
			bool *applies = &compiled->applies[rule->rule];
			ScorecardOperator comparison = compiled->card.rules[rule->rule].fit->comparison;

			if (comparison == OPERATOR_IS_KNOWN || comparison == OPERATOR_IS_UNKNOWN)
				*applies = is_known != rule->is_negated;
			else if (rule->is_negated)
				*applies = is_known && !*applies;
		}
	}
}

/* The value at a path from a value on; an array on the way, which has several; NULL when there is none. */
static JsonbValue *
value_at(const FitCondition *condition, JsonbValue *value, int step)
{
	StringInfoData key;

	if (step == condition->path_length ||
		(value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data)))
		return value;
	if (value->type != jbvBinary)
		return NULL;
	check_stack_depth();
	initStringInfo(&key);
	for (int next = step; next < condition->path_length; next++)
	{
		JsonbValue *member;

		appendStringInfo(&key, "%s%s", next > step ? "." : "", condition->path[next]);
		member = getKeyJsonValueFromContainer(value->val.binary.data, key.data, key.len, NULL);
		if (member != NULL)
			member = value_at(condition, member, next + 1);
		if (member != NULL && member->type != jbvNull)
			return member;
	}
	return NULL;
}

char *
scorecard_value_text(const FitCondition *condition, Jsonb *attributes)
{
	JsonbValue root;
	const JsonbValue *value;
	int length;

	if (!root_value(attributes, &root))
		return NULL;
	value = value_at(condition, &root, 0);
	if (value == NULL)
		return NULL;
	if (value->type == jbvBinary)
		return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
	if (value->type == jbvString)
		return psprintf("\"%.*s\"", value->val.string.len, value->val.string.val);
	return pstrdup(scalar_text(value, &length));
}

PG_FUNCTION_INFO_V1(attribute_value);

Datum
attribute_value(PG_FUNCTION_ARGS)
{
	Jsonb *attributes = PG_GETARG_JSONB_P(0);
	char *path = text_to_cstring(PG_GETARG_TEXT_PP(1));
	FitCondition condition = {.path_length = 1};
	JsonbValue root;
	const JsonbValue *value;
	const char *text;
	int length;

	for (const char *dot = path; (dot = strchr(dot, '.')) != NULL; dot++)
		condition.path_length++;
	condition.path = palloc(mul_size(condition.path_length, sizeof(char *)));
	for (int i = 0; i < condition.path_length; i++)
	{
		char *dot = strchr(path, '.');

		condition.path[i] = path;
		if (dot != NULL)
		{
			*dot = '\0';
			path = dot + 1;
		}
	}
	if (!root_value(attributes, &root) || (value = value_at(&condition, &root, 0)) == NULL ||
		value->type == jbvNull)
		PG_RETURN_NULL();
	if (value->type == jbvBinary)
	{
		if (JsonContainerSize(value->val.binary.data) == 0)
			PG_RETURN_NULL();
		PG_RETURN_TEXT_P(
			cstring_to_text(JsonbToCString(NULL, value->val.binary.data, value->val.binary.len)));
	}
	text = scalar_text(value, &length);
	if (value->type == jbvString && scorecard_is_blank(text, length))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, length));
}
