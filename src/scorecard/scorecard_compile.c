/*
 * scorecard_compile.c
 *	  A scorecard made ready to score many leads.
 */
#include "scorecard_compile.h"

#include "utils/builtins.h"
#include "utils/json.h"

#include "base/text_dictionary.h"

int
scorecard_compare_texts(const char *a, int a_length, const char *b, int b_length)
{
	int order = memcmp(a, b, Min(a_length, b_length));

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* ---------- scales ---------- */

static int
compare_scale_texts(const void *a, const void *b)
{
	const ScaleText *left = a;
	const ScaleText *right = b;

	return scorecard_compare_texts(left->text, left->length, right->text, right->length);
}

static int
compare_numbers(const void *a, const void *b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(*(const Numeric *) a),
											 NumericGetDatum(*(const Numeric *) b)));
}

static ScaleText
scale_text(const char *text, bool fold)
{
	ScaleText result = {text, (int) strlen(text)};

	if (fold)
		result.text = scorecard_fold_case(text, (int) strlen(text), &result.length);
	return result;
}

/* Where a condition's texts belong. */
static ScaleKind
text_scale(const FitCondition *condition)
{
	switch (condition->comparison)
	{
		case OPERATOR_LESS:
		case OPERATOR_LESS_EQUAL:
		case OPERATOR_GREATER:
		case OPERATOR_GREATER_EQUAL:
		case OPERATOR_BETWEEN:
			return SCALE_ORDER;
		default:
			return condition->ignore_case ? SCALE_FOLDED : SCALE_TEXT;
	}
}

static bool
is_pattern(const FitCondition *condition)
{
	return condition->comparison == OPERATOR_MATCHES || condition->comparison == OPERATOR_NOT_MATCHES;
}

/* Is operand i there?  "between" may lack one of its two. */
static bool
has_value(const FitCondition *condition, int i)
{
	return condition->comparison != OPERATOR_BETWEEN || (i == 0 ? condition->has_low : condition->has_high);
}

static void
add_to_scales(CompiledAttribute *attribute, const FitCondition *condition)
{
	for (int i = 0; i < condition->value_count; i++)
	{
		const ScorecardValue *value = &condition->values[i];

		if (!has_value(condition, i))
			continue;
		if (value->kind == KIND_NUMBER)
			attribute->scales[SCALE_NUMBER].numbers[attribute->scales[SCALE_NUMBER].count++] = value->number;
		else if (value->kind == KIND_BOOLEAN)
			attribute->scales[SCALE_BOOLEAN].count++;
		else
		{
			Scale *scale = &attribute->scales[text_scale(condition)];

			scale->texts[scale->count++] = scale_text(value->text, condition->ignore_case);
		}
	}
}

static int
keep_distinct(void *items, int count, Size size, int (*compare)(const void *, const void *))
{
	char *first = items;
	int kept = 0;

	qsort(items, count, size, compare);
	for (int i = 0; i < count; i++)
		if (kept == 0 || compare(first + (kept - 1) * size, first + i * size) != 0)
			memmove(first + kept++ * size, first + i * size, size);
	return kept;
}

/* The place of a constant of the scale itself. */
static int
place_of_constant(const Scale *scales, ScaleKind kind, const ScorecardValue *value)
{
	const Scale *scale = &scales[kind];
	const void *found;

	if (kind == SCALE_BOOLEAN)
		return value->boolean ? 3 : 1;
	if (kind == SCALE_NUMBER)
	{
		found = bsearch(&value->number, scale->numbers, scale->count, sizeof(Numeric), compare_numbers);
		return 2 * (int) ((const Numeric *) found - scale->numbers) + 1;
	}
	else
	{
		ScaleText text = scale_text(value->text, kind == SCALE_FOLDED);

		found = bsearch(&text, scale->texts, scale->count, sizeof(ScaleText), compare_scale_texts);
		return 2 * (int) ((const ScaleText *) found - scale->texts) + 1;
	}
}

/* ---------- rules ---------- */

static int
compare_ranges(const void *a, const void *b)
{
	return ((const PlaceRange *) a)->first - ((const PlaceRange *) b)->first;
}

static void
add_range(CompiledRule *rule, const FitCondition *condition, ScaleKind kind, PlaceRange range)
{
	if (rule->ranges[kind] == NULL)
		rule->ranges[kind] = palloc(mul_size(condition->value_count, sizeof(PlaceRange)));
	rule->ranges[kind][rule->range_count[kind]++] = range;
}

static void
compile_ranges(const CompiledAttribute *attribute, const FitCondition *condition, CompiledRule *rule)
{
	PlaceRange between = {0, PG_INT32_MAX};
	ScaleKind kind = SCALE_NUMBER;

	for (int i = 0; i < condition->value_count; i++)
	{
		const ScorecardValue *value = &condition->values[i];
		PlaceRange range;
		int place;

		if (!has_value(condition, i))
			continue;
		if (value->kind == KIND_NUMBER)
			kind = SCALE_NUMBER;
		else if (value->kind == KIND_BOOLEAN)
			kind = SCALE_BOOLEAN;
		else
			kind = text_scale(condition);
		place = place_of_constant(attribute->scales, kind, value);
		range.first = range.last = place;
		switch (condition->comparison)
		{
			case OPERATOR_LESS:
				range.first = 0;
				range.last = place - 1;
				break;
			case OPERATOR_LESS_EQUAL:
				range.first = 0;
				break;
			case OPERATOR_GREATER:
				range.first = place + 1;
				range.last = PG_INT32_MAX;
				break;
			case OPERATOR_GREATER_EQUAL:
				range.last = PG_INT32_MAX;
				break;
			case OPERATOR_BETWEEN:
				if (i == 0)
					between.first = condition->low_is_exclusive ? place + 1 : place;
				else
					between.last = condition->high_is_exclusive ? place - 1 : place;
				continue;
			default:
				break;
		}
		add_range(rule, condition, kind, range);
	}
	if (condition->comparison == OPERATOR_BETWEEN)
		add_range(rule, condition, kind, between);
	for (int scale = 0; scale < SCALES; scale++)
		if (rule->range_count[scale] > 1)
			qsort(rule->ranges[scale], rule->range_count[scale], sizeof(PlaceRange), compare_ranges);
}

static void
compile_rule(const CompiledAttribute *attribute, const FitCondition *condition, CompiledRule *rule)
{
	switch (condition->comparison)
	{
		case OPERATOR_NOT_EQUAL:
		case OPERATOR_NOT_IN:
		case OPERATOR_NOT_MATCHES:
		case OPERATOR_IS_UNKNOWN:
			rule->is_negated = true;
			break;
		default:
			break;
	}
	if (is_pattern(condition))
		rule->pattern = scorecard_pattern_compile(condition->values[0].text, condition->ignore_case);
	else
		compile_ranges(attribute, condition, rule);
}

/* ---------- attributes ---------- */

/* Rules by attribute, in order: the rules of attribute i are first[i] .. first[i + 1] - 1 of the result. */
static int *
group_by_attribute(const Scorecard *card, int *attribute_count, int **first)
{
	TextDictionary paths;
	StringInfoData key;
	int *attribute = palloc(mul_size(Max(card->fit_count, 1), sizeof(int)));
	int *order = palloc(mul_size(Max(card->fit_count, 1), sizeof(int)));

	text_dictionary_init(&paths);
	initStringInfo(&key);
	for (int i = 0; i < card->fit_count; i++)
	{
		const FitCondition *condition = card->rules[i].fit;

		/* Quotes tell the steps apart. */
		resetStringInfo(&key);
		for (int step = 0; step < condition->path_length; step++)
			escape_json(&key, condition->path[step]);
		attribute[i] = text_dictionary_number(&paths, key.data, key.len);
	}
	*attribute_count = paths.count;
	*first = palloc0(mul_size(paths.count + 2, sizeof(int)));
	for (int i = 0; i < card->fit_count; i++)
		(*first)[attribute[i] + 2]++;
	for (int i = 0; i < paths.count; i++)
		(*first)[i + 2] += (*first)[i + 1];
	for (int i = 0; i < card->fit_count; i++)
		order[(*first)[attribute[i] + 1]++] = i;
	return order;
}

static void
compile_attribute(const Scorecard *card, const int *rules, int rule_count, CompiledAttribute *attribute)
{
	const FitCondition *path = card->rules[rules[0]].fit;
	StringInfoData joined;
	int values = 0;

	initStringInfo(&joined);
	attribute->path_length = path->path_length;
	attribute->key_start = palloc(mul_size(path->path_length + 1, sizeof(int)));
	for (int step = 0; step < path->path_length; step++)
	{
		attribute->key_start[step] = joined.len;
		appendStringInfo(&joined, "%s.", path->path[step]);
	}
	attribute->key_start[path->path_length] = joined.len;
	attribute->path = joined.data;

	for (int i = 0; i < rule_count; i++)
		values += card->rules[rules[i]].fit->value_count;
	attribute->scales[SCALE_NUMBER].numbers = palloc(mul_size(Max(values, 1), sizeof(Numeric)));
	for (int kind = SCALE_TEXT; kind <= SCALE_ORDER; kind++)
		attribute->scales[kind].texts = palloc(mul_size(Max(values, 1), sizeof(ScaleText)));
	for (int i = 0; i < rule_count; i++)
	{
		const FitCondition *condition = card->rules[rules[i]].fit;

		if (is_pattern(condition))
			attribute->has_patterns = true;
		else
			add_to_scales(attribute, condition);
	}
	attribute->scales[SCALE_NUMBER].count = keep_distinct(attribute->scales[SCALE_NUMBER].numbers,
														  attribute->scales[SCALE_NUMBER].count,
														  sizeof(Numeric), compare_numbers);
	for (int kind = SCALE_TEXT; kind <= SCALE_ORDER; kind++)
		attribute->scales[kind].count = keep_distinct(attribute->scales[kind].texts,
													  attribute->scales[kind].count, sizeof(ScaleText),
													  compare_scale_texts);

	attribute->rule_count = rule_count;
	attribute->rules = palloc0(mul_size(rule_count, sizeof(CompiledRule)));
	for (int i = 0; i < rule_count; i++)
	{
		attribute->rules[i].rule = rules[i];
		compile_rule(attribute, card->rules[rules[i]].fit, &attribute->rules[i]);
	}
}

/* ---------- events ---------- */

static int
compare_event_names(const void *a, const void *b)
{
	const EventName *left = a;
	const EventName *right = b;
	int order = compare_scale_texts(&left->name, &right->name);

	return order != 0 ? order : left->rule - right->rule;
}

static void
compile_events(const Scorecard *card, CompiledScorecard *compiled)
{
	int names = 0;

	for (int i = card->fit_count; i < card->rule_count; i++)
		names += card->rules[i].engagement->event_count;
	compiled->events = palloc(mul_size(Max(names, 1), sizeof(EventName)));
	compiled->folded_events = palloc(mul_size(Max(names, 1), sizeof(EventName)));
	compiled->event_patterns = palloc(mul_size(Max(card->rule_count, 1), sizeof(EventPattern)));
	for (int i = card->fit_count; i < card->rule_count; i++)
	{
		const EngagementCondition *condition = card->rules[i].engagement;

		if (condition->pattern != NULL)
		{
			EventPattern *pattern = &compiled->event_patterns[compiled->event_pattern_count++];

			pattern->pattern = scorecard_pattern_compile(condition->pattern, condition->ignore_case);
			pattern->rule = i;
		}
		for (int j = 0; j < condition->event_count; j++)
		{
			EventName *event = condition->ignore_case
				? &compiled->folded_events[compiled->folded_event_count++]
				: &compiled->events[compiled->event_count++];

			event->name = scale_text(condition->events[j], condition->ignore_case);
			event->rule = i;
		}
	}
	/* An event named twice in a rule counts once. */
	compiled->event_count = keep_distinct(compiled->events, compiled->event_count, sizeof(EventName),
										  compare_event_names);
	compiled->folded_event_count = keep_distinct(compiled->folded_events, compiled->folded_event_count,
												 sizeof(EventName), compare_event_names);
}

CompiledScorecard *
scorecard_compile(const Scorecard *card)
{
	CompiledScorecard *compiled = palloc0(sizeof(CompiledScorecard));
	int *first;
	int *order = group_by_attribute(card, &compiled->attribute_count, &first);

	compiled->card = *card;
	compiled->attributes = palloc0(mul_size(Max(compiled->attribute_count, 1), sizeof(CompiledAttribute)));
	for (int i = 0; i < compiled->attribute_count; i++)
		compile_attribute(card, order + first[i], first[i + 1] - first[i], &compiled->attributes[i]);
	compile_events(card, compiled);
	compiled->applies = palloc0(mul_size(Max(card->rule_count, 1), sizeof(bool)));
	compiled->matched = palloc0(mul_size(Max(card->rule_count, 1), sizeof(int)));
	return compiled;
}
