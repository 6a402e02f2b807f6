/*
 * scorecard_parse.c
 *	  Reading the JSON text of a scorecard: rules, groups, bounds, grades,
 *	  hand-off; and what must hold between them.
 */
#include "scorecard_reader.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

static const char *const part_names[SCORECARD_PARTS] = {"fit", "engagement", "total"};

/* ---------- duplicate keys ---------- */

/* Keys of valid JSON text: each has the one colon outside of strings. */
static int64
count_keys_in_text(const char *text)
{
	int64 count = 0;

	for (bool in_string = false; *text != '\0'; text++)
	{
		if (in_string && *text == '\\')
			text++;
		else if (*text == '"')
			in_string = !in_string;
		else if (*text == ':' && !in_string)
			count++;
	}
	return count;
}

static int64
count_keys(JsonbContainer *container)
{
	JsonbIterator *iterator = JsonbIteratorInit(container);
	JsonbValue value;
	JsonbIteratorToken token;
	int64 count = 0;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
		count += token == WJB_KEY;
	return count;
}

/* ---------- groups ---------- */

static int
find_group(const Scorecard *card, const char *name)
{
	for (int i = 0; i < card->group_count; i++)
		if (strcmp(card->groups[i].name, name) == 0)
			return i;
	return SCORECARD_NO_GROUP;
}

/* Inner groups first: a group comes after the groups that lie in it. */
static bool
order_groups(ScorecardReader *reader, Scorecard *card)
{
	int count = card->group_count;
	int *inner = palloc0(mul_size(Max(count, 1), sizeof(int))); /* groups not yet placed in each */
	int placed = 0;

	card->group_order = palloc(mul_size(Max(count, 1), sizeof(int)));
	for (int i = 0; i < count; i++)
		if (card->groups[i].parent != SCORECARD_NO_GROUP)
			inner[card->groups[i].parent]++;
	for (int i = 0; i < count; i++)
		if (inner[i] == 0)
			card->group_order[placed++] = i;
	for (int next = 0; next < placed; next++)
	{
		int parent = card->groups[card->group_order[next]].parent;

		if (parent != SCORECARD_NO_GROUP && --inner[parent] == 0)
			card->group_order[placed++] = parent;
	}
	for (int i = 0; i < count; i++)
		if (inner[i] > 0)
		{
			reader->where = psprintf("group \"%s\"", card->groups[i].name);
			return reader_error(reader, NULL, "the group lies in itself");
		}
	pfree(inner);
	return true;
}

static bool
read_groups(ScorecardReader *reader, const JsonbValue *value, Scorecard *card)
{
	static const char *const keys[] = {"cap", "floor", "group", "note", NULL};
	JsonbContainer *object;
	JsonbIterator *iterator;
	JsonbValue item;
	JsonbIteratorToken token;
	char **parents;
	ScorecardGroup *group = NULL;

	if (value == NULL)
		return true;
	if (!reader_object(reader, value, "groups", &object))
		return false;
	if (JsonContainerSize(object) > SCORECARD_MAX_GROUPS)
		return reader_error(reader, NULL, "%d groups are more than %d", (int) JsonContainerSize(object),
							SCORECARD_MAX_GROUPS);
	card->groups = palloc0(mul_size(Max(JsonContainerSize(object), 1), sizeof(ScorecardGroup)));
	parents = palloc0(mul_size(Max(JsonContainerSize(object), 1), sizeof(char *)));
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		JsonbContainer *body;

		if (token == WJB_KEY)
		{
			group = &card->groups[card->group_count++];
			group->name = pnstrdup(item.val.string.val, item.val.string.len);
			group->parent = SCORECARD_NO_GROUP;
			reader->where = psprintf("group \"%s\"", group->name);
		}
		if (token != WJB_VALUE)
			continue;
		if (!reader_is_object(&item))
			return reader_error(reader, NULL, "a group must be an object");
		body = item.val.binary.data;
		if (!reader_check_keys(reader, body, keys) ||
			!reader_bounds(reader, body, "cap", "floor", &group->bounds) ||
			!reader_optional_text(reader, reader_find(body, "note"), "note", &group->note) ||
			!reader_optional_text(reader, reader_find(body, "group"), "group",
								  &parents[card->group_count - 1]))
			return false;
		if (group->bounds.has_floor && group->bounds.floor > 0)
			return reader_error(reader, "Points that every lead has are the card's \"base\".",
								"\"floor\" is above zero: leads that no rule applies to would get points");
	}
	for (int i = 0; i < card->group_count; i++)
	{
		if (parents[i] == NULL)
			continue;
		card->groups[i].parent = find_group(card, parents[i]);
		reader->where = psprintf("group \"%s\"", card->groups[i].name);
		if (card->groups[i].parent == SCORECARD_NO_GROUP)
			return reader_error(reader, NULL, "there is no group \"%s\" to lie in", parents[i]);
	}
	reader->where = NULL;
	return order_groups(reader, card);
}

/* Points of fit and of engagement are added up apart, so no group can hold both. */
static bool
join_group(ScorecardReader *reader, Scorecard *card, ScorecardPart part, ScorecardRule *rule,
		   const char *name)
{
	rule->group = SCORECARD_NO_GROUP;
	if (name == NULL)
		return true;
	rule->group = find_group(card, name);
	if (rule->group == SCORECARD_NO_GROUP)
		return reader_error(reader, "Name the group in the card's \"groups\".", "there is no group \"%s\"",
							name);
	for (int group = rule->group; group != SCORECARD_NO_GROUP; group = card->groups[group].parent)
	{
		ScorecardGroup *joined = &card->groups[group];

		if (joined->is_used && joined->part != part)
			return reader_error(reader, "Make two groups; \"total_cap\" limits the sum of both parts.",
								"group \"%s\" holds fit rules and engagement rules", joined->name);
		joined->is_used = true;
		joined->part = part;
	}
	return true;
}

/* ---------- rules ---------- */

static bool
read_rules(ScorecardReader *reader, const JsonbValue *value, ScorecardPart part, Scorecard *card)
{
	JsonbContainer *array;
	int length;

	if (value == NULL)
		return true;
	if (!reader_array(reader, value, part_names[part], &array, &length))
		return false;
	if (card->rule_count + length > SCORECARD_MAX_RULES)
		return reader_error(reader, NULL, "there are more than %d rules", SCORECARD_MAX_RULES);
	if (card->rules == NULL)
		card->rules = palloc0(mul_size(Max(length, 1), sizeof(ScorecardRule)));
	else
		card->rules = repalloc(card->rules,
							   mul_size(Max(card->rule_count + length, 1), sizeof(ScorecardRule)));
	for (int i = 0; i < length; i++)
	{
		ScorecardRule *rule = &card->rules[card->rule_count];
		char *group = NULL;

		CHECK_FOR_INTERRUPTS();
		memset(rule, 0, sizeof(ScorecardRule));
		if (!reader_rule(reader, getIthJsonbValueFromContainer(array, i), part, i, rule, &group) ||
			!join_group(reader, card, part, rule, group))
			return false;
		card->rule_count++;
	}
	if (part == SCORECARD_FIT)
		card->fit_count = card->rule_count;
	reader->where = NULL;
	return true;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* explain() speaks of rules by name. */
static bool
check_names(ScorecardReader *reader, const Scorecard *card)
{
	char **names = palloc(mul_size(Max(card->rule_count, 1), sizeof(char *)));

	for (int i = 0; i < card->rule_count; i++)
		names[i] = card->rules[i].name;
	qsort(names, card->rule_count, sizeof(char *), compare_names);
	for (int i = 1; i < card->rule_count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			return reader_error(
				reader, "Give each rule a \"name\" of its own; without one it is named after its condition.",
				"two rules are named \"%s\"", names[i]);
	pfree(names);
	return true;
}

/* ---------- grades and hand-off ---------- */

static bool
read_bands(ScorecardReader *reader, const JsonbValue *value, ScorecardPart part, Scorecard *card)
{
	static const char *const labels[SCORECARD_TOTAL][SCORECARD_GRADES + 1] = {
		{"A", "B", "C", "D", NULL},
		{"1", "2", "3", "4", NULL},
	};
	ScorecardBands *bands = &card->bands[part];
	JsonbContainer *object;
	Points previous = 0;
	int given = 0;

	if (value == NULL)
		return true;
	reader->where = psprintf("grades of %s", part_names[part]);
	if (!reader_is_object(value))
		return reader_error(
			reader,
			"Write the least points of each grade but the last, such as {\"A\": 80, \"B\": 60, \"C\": 40}.",
			"grades must be an object");
	object = value->val.binary.data;
	if (!reader_check_keys(reader, object, labels[part]))
		return false;
	for (int i = 0; i < SCORECARD_GRADES; i++)
	{
		const char *label = labels[part][i];
		JsonbValue *least = reader_find(object, label);
		Points points;

		if (least == NULL)
			break;
		given++;
		if (least->type == jbvNull && i > 0)
		{
			if (given == (int) JsonContainerSize(object))
				break;
			return reader_error(reader, "Only the last grade may be null: it takes the rest.",
								"grade %s is null", label);
		}
		if (!reader_points(reader, least, label, &points))
			return false;
		if (i > 0 && points >= previous)
			return reader_error(reader, "Each grade begins below the one before it.",
								"grade %s must begin below grade %s", label, labels[part][i - 1]);
		if (card->bounds[part].has_cap && points > card->bounds[part].cap)
			return reader_error(reader, NULL, "grade %s begins above \"%s_cap\" and can never be reached",
								label, part_names[part]);
		previous = points;
		/* The last grade takes the rest, whatever its number. */
		if (i < SCORECARD_GRADES - 1)
			bands->least[bands->count++] = points;
	}
	if (given < (int) JsonContainerSize(object))
		return reader_error(reader, "Grades follow each other without a gap.", "grade %s is missing",
							labels[part][given]);
	if (bands->count == 0)
		return reader_error(reader, NULL, "grade %s is missing", labels[part][0]);
	reader->where = NULL;
	return true;
}

static bool
read_grades(ScorecardReader *reader, const JsonbValue *value, Scorecard *card)
{
	static const char *const keys[] = {"fit", "engagement", NULL};
	JsonbContainer *object;

	if (value == NULL)
		return true;
	if (!reader_object(reader, value, "grades", &object) || !reader_check_keys(reader, object, keys))
		return false;
	return read_bands(reader, reader_find(object, "fit"), SCORECARD_FIT, card) &&
		read_bands(reader, reader_find(object, "engagement"), SCORECARD_ENGAGEMENT, card);
}

static bool
read_hand_off_grades(ScorecardReader *reader, const JsonbValue *value, const Scorecard *card,
					 HandOffCondition *condition)
{
	JsonbContainer *array;

	if (value == NULL)
		return true;
	if (!reader_array(reader, value, "grades", &array, &condition->grade_count))
		return false;
	if (condition->grade_count == 0)
		return reader_error(reader, NULL, "\"grades\" is empty: no lead would be handed off");
	condition->grades = palloc(mul_size(condition->grade_count, sizeof(char *)));
	for (int i = 0; i < condition->grade_count; i++)
	{
		if (!reader_text(reader, getIthJsonbValueFromContainer(array, i), "grades", &condition->grades[i]))
			return false;
		if (!scorecard_grade_exists(card, condition->grades[i]))
			return reader_error(reader, "Grades are written as grade() returns them, such as \"A1\".",
								"the card has no grade \"%s\"", condition->grades[i]);
	}
	return true;
}

static bool
read_least(ScorecardReader *reader, const JsonbValue *value, const char *label, const Scorecard *card,
		   ScorecardPart part, HandOffCondition *condition)
{
	condition->has_least[part] = value != NULL;
	if (value == NULL)
		return true;
	if (!reader_points(reader, value, label, &condition->least[part]))
		return false;
	if (card->bounds[part].has_cap && condition->least[part] > card->bounds[part].cap)
		return reader_error(reader, NULL, "\"%s\" is above \"%s_cap\" and can never be reached",
							part_names[part], part_names[part]);
	return true;
}

static bool
read_hand_off_condition(ScorecardReader *reader, const JsonbValue *value, const Scorecard *card,
						HandOffCondition *condition)
{
	static const char *const keys[] = {"total", "fit", "engagement", "grades", NULL};
	JsonbContainer *object;

	if (value->type == jbvNumeric)
	{
		if (!read_least(reader, value, "hand_off", card, SCORECARD_TOTAL, condition))
			return false;
	}
	else
	{
		if (!reader_is_object(value))
			return reader_error(
				reader,
				"Write the least points, such as {\"total\": 100} or {\"fit\": 50, \"engagement\": 30}, or {\"grades\": [\"A1\", \"A2\"]}; several in an array mean any of them.",
				"a condition must be an object");
		object = value->val.binary.data;
		if (!reader_check_keys(reader, object, keys))
			return false;
		if (JsonContainerSize(object) == 0)
			return reader_error(reader, NULL, "the condition is empty: every lead would be handed off");
		for (int part = 0; part < SCORECARD_PARTS; part++)
			if (!read_least(reader, reader_find(object, part_names[part]), part_names[part], card, part,
							condition))
				return false;
		if (!read_hand_off_grades(reader, reader_find(object, "grades"), card, condition))
			return false;
	}
	if (!scorecard_can_hand_off(card, condition))
		return reader_error(
			reader,
			"All that a condition asks for must hold at once; alternatives are an array of conditions.",
			"caps and grades end below the least points that the condition asks for");
	return true;
}

static bool
read_hand_off(ScorecardReader *reader, const JsonbValue *value, Scorecard *card)
{
	if (value == NULL)
		return true;
	reader->where = "hand_off";
	if (!reader_is_array(value))
	{
		card->hand_off_count = 1;
		card->hand_off = palloc0(sizeof(HandOffCondition));
		if (!read_hand_off_condition(reader, value, card, card->hand_off))
			return false;
	}
	else
	{
		JsonbContainer *array = value->val.binary.data;

		card->hand_off_count = (int) JsonContainerSize(array);
		if (card->hand_off_count == 0)
			return reader_error(reader, NULL, "the array is empty: no lead would be handed off");
		card->hand_off = palloc0(mul_size(card->hand_off_count, sizeof(HandOffCondition)));
		for (int i = 0; i < card->hand_off_count; i++)
			if (!read_hand_off_condition(reader, getIthJsonbValueFromContainer(array, i), card,
										 &card->hand_off[i]))
				return false;
	}
	reader->where = NULL;
	return true;
}

/* ---------- the card ---------- */

static bool
read_card(ScorecardReader *reader, JsonbContainer *root, Scorecard *card)
{
	static const char *const keys[] = {
		"note",
		"base",
		"fit",
		"engagement",
		"groups",
		"fit_cap",
		"fit_floor",
		"engagement_cap",
		"engagement_floor",
		"total_cap",
		"total_floor",
		"grades",
		"hand_off",
		NULL,
	};
	JsonbValue *base = reader_find(root, "base");

	card->has_base = base != NULL;
	if (!reader_check_keys(reader, root, keys) ||
		!reader_optional_text(reader, reader_find(root, "note"), "note", &card->note) ||
		(base != NULL && !reader_points(reader, base, "base", &card->base)))
		return false;
	for (int part = 0; part < SCORECARD_PARTS; part++)
		if (!reader_bounds(reader, root, psprintf("%s_cap", part_names[part]),
						   psprintf("%s_floor", part_names[part]), &card->bounds[part]))
			return false;
	return read_groups(reader, reader_find(root, "groups"), card) &&
		read_rules(reader, reader_find(root, "fit"), SCORECARD_FIT, card) &&
		read_rules(reader, reader_find(root, "engagement"), SCORECARD_ENGAGEMENT, card) &&
		check_names(reader, card) && read_grades(reader, reader_find(root, "grades"), card) &&
		read_hand_off(reader, reader_find(root, "hand_off"), card);
}

/* NULL after a soft error. */
static Jsonb *
json_of_text(char *text, Node *escontext)
{
	Datum json;

#if PG_VERSION_NUM >= 160000
	if (!DirectInputFunctionCallSafe(jsonb_in, text, InvalidOid, -1, escontext, &json))
		return NULL;
#else
	json = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
#endif
	return DatumGetJsonbP(json);
}

Scorecard *
scorecard_parse(const char *text, int length, Node *escontext)
{
	ScorecardReader reader = {escontext, NULL};
	Scorecard *card = palloc0(sizeof(Scorecard));
	MemoryContext json_context;
	MemoryContext previous;
	char *copy;
	Jsonb *json;
	bool is_read;

	if (length > SCORECARD_MAX_BYTES)
		input_error(escontext, NULL,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a %s of %d bytes is larger than %d bytes", SCORECARD_TYPE, length,
							SCORECARD_MAX_BYTES)));
	/* What is read may be kept for long; the JSON it was read from goes. */
	json_context = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi scorecard text",
										 ALLOCSET_DEFAULT_SIZES);
	previous = MemoryContextSwitchTo(json_context);
	copy = pnstrdup(text, length);
	json = json_of_text(copy, escontext);
	MemoryContextSwitchTo(previous);
	if (json == NULL)
		return NULL;
	if (!JB_ROOT_IS_OBJECT(json))
		is_read = reader_error(
			&reader,
			"Write the rules, such as {\"fit\": [{\"attribute\": \"country\", \"op\": \"=\", \"value\": \"FR\", \"points\": 10}]}.",
			"expected a JSON object");
	/* jsonb keeps the last of equal keys: a rule's points must not vanish so. */
	else if (count_keys_in_text(copy) != count_keys(&json->root))
		is_read = reader_error(&reader, "Write each key once in an object.",
							   "an object has the same key twice");
	else
		is_read = read_card(&reader, &json->root, card);
	MemoryContextDelete(json_context);
	return is_read ? card : NULL;
}
