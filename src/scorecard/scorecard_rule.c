/*
 * scorecard_rule.c
 *	  Reading the rules of a scorecard.
 */
#include "scorecard_reader.h"

#include "utils/builtins.h"

#include "scorecard_pattern.h"

static const struct
{
	const char *name;
	ScorecardOperator comparison;
} synonyms[] = {
	{"==", OPERATOR_EQUAL},
	{"<>", OPERATOR_NOT_EQUAL},
	{"\xe2\x89\xa0", OPERATOR_NOT_EQUAL}, /* the signs in UTF-8 */
	{"\xe2\x89\xa4", OPERATOR_LESS_EQUAL},
	{"\xe2\x89\xa5", OPERATOR_GREATER_EQUAL},
};

#define BETWEEN_HINT \
	"Write [low, high] with both ends included, or an object with \"from\" or \"above\" and \"to\" or \"below\", such as {\"from\": 50, \"below\": 250}."

/* ---------- attribute and operator ---------- */

static bool
read_path(const ScorecardReader *reader, const JsonbValue *value, FitCondition *condition)
{
	if (value != NULL && reader_is_array(value))
	{
		JsonbContainer *array = value->val.binary.data;

		condition->path_length = (int) JsonContainerSize(array);
		condition->path = palloc(mul_size(Max(condition->path_length, 1), sizeof(char *)));
		/* Any text: JSON has blank keys too, and leads that a form filled in do. */
		for (int i = 0; i < condition->path_length; i++)
		{
			const JsonbValue *step = getIthJsonbValueFromContainer(array, i);

			if (step->type != jbvString)
				return reader_error(reader, NULL, "\"%s\" must be a text", "attribute");
			condition->path[i] = pnstrdup(step->val.string.val, step->val.string.len);
		}
		if (condition->path_length == 0)
			return reader_error(reader, NULL, "\"attribute\" is an empty path");
	}
	else
	{
		char *text;

		if (!reader_text(reader, value, "attribute", &text))
			return false;
		condition->path_length = 1;
		for (const char *dot = text; (dot = strchr(dot, '.')) != NULL; dot++)
			condition->path_length++;
		condition->path = palloc(mul_size(condition->path_length, sizeof(char *)));
		for (int i = 0; i < condition->path_length; i++)
		{
			char *dot = strchr(text, '.');

			if (dot != NULL)
				*dot = '\0';
			if (*text == '\0')
				return reader_error(
					reader,
					"A dot leads to a key inside an object; write a key that contains one as [\"a.b\"], and an empty key as [\"a\", \"\"].",
					"\"attribute\" has an empty step");
			condition->path[i] = text;
			text = dot + 1;
		}
	}
	return true;
}

static bool
read_operator(const ScorecardReader *reader, const JsonbValue *value, ScorecardOperator *comparison)
{
	char *name;
	StringInfoData names;

	if (!reader_text(reader, value, "op", &name))
		return false;
	/* "is known" is read like "is_known". */
	for (char *blank = name; (blank = strchr(blank, ' ')) != NULL;)
		*blank = '_';
	for (int i = 0; i < SCORECARD_OPERATORS; i++)
		if (strcmp(name, scorecard_operator_names[i]) == 0)
		{
			*comparison = (ScorecardOperator) i;
			return true;
		}
	for (int i = 0; i < (int) lengthof(synonyms); i++)
		if (strcmp(name, synonyms[i].name) == 0)
		{
			*comparison = synonyms[i].comparison;
			return true;
		}
	initStringInfo(&names);
	for (int i = 0; i < SCORECARD_OPERATORS; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "The operators are: ", scorecard_operator_names[i]);
	appendStringInfoChar(&names, '.');
	return reader_error(reader, names.data, "unknown operator \"%s\"", name);
}

/* ---------- values ---------- */

static bool
read_value(const ScorecardReader *reader, const JsonbValue *value, const char *key, ScorecardValue *result)
{
	switch (value->type)
	{
		case jbvNumeric:
			result->kind = KIND_NUMBER;
			result->number = DatumGetNumericCopy(NumericGetDatum(value->val.numeric));
			return true;
		case jbvBool:
			result->kind = KIND_BOOLEAN;
			result->boolean = value->val.boolean;
			return true;
		case jbvString:
			result->kind = KIND_TEXT;
			result->text = pnstrdup(value->val.string.val, value->val.string.len);
			if (!scorecard_is_blank(result->text, (int) strlen(result->text)))
				return true;
			return reader_error(reader, "A blank text counts as unknown: write \"op\": \"is_unknown\".",
								"\"%s\" is blank", key);
		case jbvNull:
			return reader_error(reader, "Write \"op\": \"is_unknown\" or \"is_known\".", "\"%s\" is null",
								key);
		default:
			return reader_error(reader,
								"Write a text, a number, true or false; for several values, \"op\": \"in\".",
								"\"%s\" must be a single value", key);
	}
}

/* A value that has an order. */
static bool
read_end(const ScorecardReader *reader, const JsonbValue *value, const char *key, ScorecardValue *result)
{
	if (!read_value(reader, value, key, result))
		return false;
	if (result->kind == KIND_BOOLEAN)
		return reader_error(reader, NULL, "\"%s\" must be a number or a text, not true or false", key);
	if (result->kind == KIND_TEXT &&
		scorecard_number_of_text(result->text, (int) strlen(result->text)) != NULL)
		return reader_error(reader, "Texts are compared letter by letter, so \"9\" comes after \"10\".",
							"write the number \"%s\" without quotes", result->text);
	return true;
}

static int
compare_values(const ScorecardValue *a, const ScorecardValue *b)
{
	if (a->kind == KIND_NUMBER)
		return DatumGetInt32(
			DirectFunctionCall2(numeric_cmp, NumericGetDatum(a->number), NumericGetDatum(b->number)));
	return strcmp(a->text, b->text);
}

static bool
read_between(const ScorecardReader *reader, const JsonbValue *value, FitCondition *condition)
{
	JsonbValue *low;
	JsonbValue *high;
	const char *low_key = "value";
	const char *high_key = "value";

	condition->values = palloc0(2 * sizeof(ScorecardValue));
	condition->value_count = 2;
	if (reader_is_array(value) && JsonContainerSize(value->val.binary.data) == 2)
	{
		low = getIthJsonbValueFromContainer(value->val.binary.data, 0);
		high = getIthJsonbValueFromContainer(value->val.binary.data, 1);
	}
	else if (reader_is_object(value))
	{
		static const char *const keys[] = {"from", "above", "to", "below", NULL};
		JsonbContainer *object = value->val.binary.data;
		JsonbValue *from = reader_find(object, "from");
		JsonbValue *above = reader_find(object, "above");
		JsonbValue *to = reader_find(object, "to");
		JsonbValue *below = reader_find(object, "below");

		if (!reader_check_keys(reader, object, keys))
			return false;
		if ((from != NULL && above != NULL) || (to != NULL && below != NULL))
			return reader_error(reader, BETWEEN_HINT, "\"between\" has an end twice");
		condition->low_is_exclusive = above != NULL;
		condition->high_is_exclusive = below != NULL;
		low = above != NULL ? above : from;
		high = below != NULL ? below : to;
		low_key = above != NULL ? "above" : "from";
		high_key = below != NULL ? "below" : "to";
		if (low == NULL && high == NULL)
			return reader_error(reader, BETWEEN_HINT, "\"between\" has no ends");
	}
	else
		return reader_error(reader, BETWEEN_HINT, "the value of \"between\" must be its two ends");

	condition->has_low = low != NULL;
	condition->has_high = high != NULL;
	if ((low != NULL && !read_end(reader, low, low_key, &condition->values[0])) ||
		(high != NULL && !read_end(reader, high, high_key, &condition->values[1])))
		return false;
	if (low != NULL && high != NULL)
	{
		bool is_closed = !condition->low_is_exclusive && !condition->high_is_exclusive;
		int order;

		if (condition->values[0].kind != condition->values[1].kind)
			return reader_error(reader, NULL, "the ends of \"between\" must be two numbers or two texts");
		order = compare_values(&condition->values[0], &condition->values[1]);
		if (order > 0 || (order == 0 && !is_closed))
			return reader_error(reader, "The low end comes first.",
								"nothing lies between the ends of \"between\"");
	}
	return true;
}

static bool
read_list(const ScorecardReader *reader, const JsonbValue *value, FitCondition *condition)
{
	JsonbContainer *array;

	if (!reader_is_array(value) || JsonContainerSize(value->val.binary.data) == 0)
		return reader_error(reader, "Write the values in brackets, such as [\"FR\", \"DE\"].",
							"the value of \"%s\" must be an array that is not empty",
							scorecard_operator_names[condition->comparison]);
	array = value->val.binary.data;
	condition->value_count = (int) JsonContainerSize(array);
	condition->values = palloc0(mul_size(condition->value_count, sizeof(ScorecardValue)));
	for (int i = 0; i < condition->value_count; i++)
		if (!read_value(reader, getIthJsonbValueFromContainer(array, i), "value", &condition->values[i]))
			return false;
	return true;
}

static bool
read_pattern(const ScorecardReader *reader, const JsonbValue *value, const char *key, bool ignore_case,
			 char **pattern)
{
	char *problem;

	if (!reader_text(reader, value, key, pattern))
		return false;
	problem = scorecard_pattern_problem(*pattern, ignore_case);
	if (problem != NULL)
		return reader_error(reader, "Patterns are POSIX regular expressions, as with the operator ~.",
							"invalid regular expression \"%s\": %s", *pattern, problem);
	return true;
}

static bool
read_operand(const ScorecardReader *reader, const JsonbValue *value, FitCondition *condition)
{
	ScorecardOperator comparison = condition->comparison;

	if (comparison == OPERATOR_IS_KNOWN || comparison == OPERATOR_IS_UNKNOWN)
	{
		if (value != NULL)
			return reader_error(reader, NULL, "\"%s\" takes no \"value\"",
								scorecard_operator_names[comparison]);
		return true;
	}
	if (value == NULL)
		return reader_error(reader, NULL, "key \"value\" is missing");
	if (comparison == OPERATOR_BETWEEN)
		return read_between(reader, value, condition);
	if (comparison == OPERATOR_IN || comparison == OPERATOR_NOT_IN)
		return read_list(reader, value, condition);
	condition->values = palloc0(sizeof(ScorecardValue));
	condition->value_count = 1;
	if (comparison == OPERATOR_MATCHES || comparison == OPERATOR_NOT_MATCHES)
	{
		condition->values[0].kind = KIND_TEXT;
		return read_pattern(reader, value, "value", condition->ignore_case, &condition->values[0].text);
	}
	if (comparison == OPERATOR_EQUAL || comparison == OPERATOR_NOT_EQUAL)
		return read_value(reader, value, "value", &condition->values[0]);
	return read_end(reader, value, "value", &condition->values[0]);
}

static bool
read_fit(const ScorecardReader *reader, JsonbContainer *object, FitCondition *condition)
{
	bool has_text = false;

	if (!read_path(reader, reader_find(object, "attribute"), condition) ||
		!read_operator(reader, reader_find(object, "op"), &condition->comparison) ||
		!reader_flag(reader, reader_find(object, "ignore_case"), "ignore_case", &condition->ignore_case) ||
		!read_operand(reader, reader_find(object, "value"), condition))
		return false;
	switch (condition->comparison)
	{
		case OPERATOR_EQUAL:
		case OPERATOR_NOT_EQUAL:
		case OPERATOR_IN:
		case OPERATOR_NOT_IN:
		case OPERATOR_MATCHES:
		case OPERATOR_NOT_MATCHES:
			for (int i = 0; i < condition->value_count; i++)
				has_text |= condition->values[i].kind == KIND_TEXT;
			break;
		default:
			break;
	}
	if (condition->ignore_case && !has_text)
		return reader_error(reader, "It goes with texts in =, !=, in, not_in, matches and not_matches.",
							"\"ignore_case\" has no effect here");
	return true;
}

/* ---------- engagement ---------- */

static bool
read_events(const ScorecardReader *reader, const JsonbValue *value, EngagementCondition *condition)
{
	if (reader_is_array(value))
	{
		JsonbContainer *array = value->val.binary.data;

		condition->event_count = (int) JsonContainerSize(array);
		condition->events = palloc(mul_size(Max(condition->event_count, 1), sizeof(char *)));
		for (int i = 0; i < condition->event_count; i++)
			if (!reader_text(reader, getIthJsonbValueFromContainer(array, i), "event", &condition->events[i]))
				return false;
		if (condition->event_count == 0)
			return reader_error(reader, NULL, "\"event\" is an empty array");
		return true;
	}
	condition->event_count = 1;
	condition->events = palloc(sizeof(char *));
	return reader_text(reader, value, "event", &condition->events[0]);
}

static bool
read_engagement(const ScorecardReader *reader, JsonbContainer *object, EngagementCondition *condition)
{
	JsonbValue *event = reader_find(object, "event");
	JsonbValue *matches = reader_find(object, "matches");

	if (event == NULL && matches == NULL)
		return reader_error(reader, NULL, "the event is missing: write \"event\" or \"matches\"");
	if (event != NULL && matches != NULL)
		return reader_error(reader, NULL, "write either \"event\" or \"matches\"");
	if (!reader_flag(reader, reader_find(object, "ignore_case"), "ignore_case", &condition->ignore_case) ||
		(event != NULL && !read_events(reader, event, condition)) ||
		(matches != NULL &&
		 !read_pattern(reader, matches, "matches", condition->ignore_case, &condition->pattern)) ||
		!reader_duration(reader, reader_find(object, "half_life"), "half_life", &condition->half_life) ||
		!reader_duration(reader, reader_find(object, "window"), "window", &condition->window) ||
		!reader_count(reader, reader_find(object, "limit"), "limit", SCORECARD_MAX_LIMIT, &condition->limit))
		return false;
	return reader_bounds(reader, object, "cap", NULL, &condition->bounds);
}

/* ---------- a rule ---------- */

bool
reader_rule(ScorecardReader *reader, const JsonbValue *value, ScorecardPart part, int position,
			ScorecardRule *rule, char **group)
{
	static const char *const fit_keys[] = {
		"name", "attribute", "op", "value", "ignore_case", "points", "group", "note", NULL,
	};
	static const char *const engagement_keys[] = {
		"name",	  "event", "matches", "ignore_case", "points", "half_life",
		"window", "limit", "cap",	  "group",		 "note",   NULL,
	};
	const char *part_name = part == SCORECARD_FIT ? "fit" : "engagement";
	JsonbContainer *object;

	reader->where = psprintf("%s rule %d", part_name, position + 1);
	if (!reader_is_object(value))
		return reader_error(reader, NULL, "a rule must be an object");
	object = value->val.binary.data;
	if (!reader_optional_text(reader, reader_find(object, "name"), "name", &rule->name))
		return false;
	rule->is_named = rule->name != NULL;
	if (rule->is_named)
		reader->where = psprintf("%s rule \"%s\"", part_name, rule->name);
	if (!reader_check_keys(reader, object, part == SCORECARD_FIT ? fit_keys : engagement_keys) ||
		!reader_points(reader, reader_find(object, "points"), "points", &rule->points) ||
		!reader_optional_text(reader, reader_find(object, "group"), "group", group) ||
		!reader_optional_text(reader, reader_find(object, "note"), "note", &rule->note))
		return false;
	if (part == SCORECARD_FIT)
	{
		rule->fit = palloc0(sizeof(FitCondition));
		if (!read_fit(reader, object, rule->fit))
			return false;
	}
	else
	{
		rule->engagement = palloc0(sizeof(EngagementCondition));
		if (!read_engagement(reader, object, rule->engagement))
			return false;
	}
	if (!rule->is_named)
		rule->name = scorecard_condition_text(rule);
	return true;
}
