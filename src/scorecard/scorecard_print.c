/*
 * scorecard_print.c
 *	  Writing a scorecard: its canonical JSON text, and conditions in words.
 *
 * Keys come in a fixed order and only when they say something, numbers without
 * trailing zeros: cards that mean the same rule by rule are the same bytes.
 */
#include "scorecard.h"

#include "utils/builtins.h"
#include "utils/json.h"

const char *const scorecard_operator_names[SCORECARD_OPERATORS] = {
	"=",  "!=",		"<",	   "<=",		  ">",		  ">=",			"between",
	"in", "not_in", "matches", "not_matches", "is_known", "is_unknown",
};

/* ---------- pieces ---------- */

static void
print_key(StringInfo out, const char *key)
{
	bool is_first = out->len == 0 || strchr("{[", out->data[out->len - 1]) != NULL;

	if (!is_first)
		appendStringInfoString(out, ", ");
	if (key != NULL)
	{
		escape_json(out, key);
		appendStringInfoString(out, ": ");
	}
}

static void
print_text(StringInfo out, const char *key, const char *text)
{
	if (text == NULL)
		return;
	print_key(out, key);
	escape_json(out, text);
}

static void
print_points(StringInfo out, const char *key, Points points)
{
	print_key(out, key);
	points_print(out, points);
}

static void
print_duration(StringInfo out, const char *key, int64 duration)
{
	if (duration > 0)
		print_text(out, key, scorecard_duration_text(duration));
}

static void
print_bounds(StringInfo out, const char *cap_key, const char *floor_key, const ScorecardBounds *bounds)
{
	if (bounds->has_cap)
		print_points(out, cap_key, bounds->cap);
	if (bounds->has_floor)
		print_points(out, floor_key, bounds->floor);
}

static void
print_texts(StringInfo out, const char *key, char **texts, int count)
{
	print_key(out, key);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
		print_text(out, NULL, texts[i]);
	appendStringInfoChar(out, ']');
}

static void
print_value(StringInfo out, const ScorecardValue *value)
{
	if (value->kind == KIND_NUMBER)
		appendStringInfoString(out, numeric_normalize(value->number));
	else if (value->kind == KIND_TEXT)
		escape_json(out, value->text);
	else
		appendStringInfoString(out, value->boolean ? "true" : "false");
}

static void
print_values(StringInfo out, const ScorecardValue *values, int count, const char *brackets)
{
	appendStringInfoChar(out, brackets[0]);
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		print_value(out, &values[i]);
	}
	appendStringInfoChar(out, brackets[1]);
}

/* ---------- conditions in words ---------- */

/* Whether a key would not be read back as this one step of a dotted path. */
static bool
needs_quotes(const char *step)
{
	return strchr(step, '.') != NULL || step[strspn(step, " \t\r\n")] == '\0';
}

static bool
needs_array(const FitCondition *condition)
{
	for (int i = 0; i < condition->path_length; i++)
		if (needs_quotes(condition->path[i]))
			return true;
	return false;
}

void
scorecard_print_attribute(const FitCondition *condition, StringInfo out)
{
	for (int i = 0; i < condition->path_length; i++)
		appendStringInfo(out, needs_quotes(condition->path[i]) ? "%s\"%s\"" : "%s%s", i > 0 ? "." : "",
						 condition->path[i]);
}

void
scorecard_print_operand(const FitCondition *condition, StringInfo out)
{
	const ScorecardValue *values = condition->values;

	switch (condition->comparison)
	{
		case OPERATOR_BETWEEN:
			if (condition->has_low)
			{
				appendStringInfoString(out, condition->low_is_exclusive ? "> " : ">= ");
				print_value(out, &values[0]);
			}
			if (condition->has_low && condition->has_high)
				appendStringInfoString(out, " and ");
			if (condition->has_high)
			{
				appendStringInfoString(out, condition->high_is_exclusive ? "< " : "<= ");
				print_value(out, &values[1]);
			}
			break;
		case OPERATOR_IN:
		case OPERATOR_NOT_IN:
			appendStringInfoString(out, condition->comparison == OPERATOR_IN ? "in " : "not in ");
			print_values(out, values, condition->value_count, "()");
			break;
		case OPERATOR_NOT_MATCHES:
			appendStringInfoString(out, "does not match ");
			print_value(out, &values[0]);
			break;
		case OPERATOR_IS_KNOWN:
			appendStringInfoString(out, "is known");
			break;
		case OPERATOR_IS_UNKNOWN:
			appendStringInfoString(out, "is unknown");
			break;
		default:
			appendStringInfo(out, "%s ", scorecard_operator_names[condition->comparison]);
			print_value(out, &values[0]);
			break;
	}
}

char *
scorecard_condition_text(const ScorecardRule *rule)
{
	StringInfoData out;

	initStringInfo(&out);
	if (rule->fit != NULL)
	{
		scorecard_print_attribute(rule->fit, &out);
		appendStringInfoChar(&out, ' ');
		scorecard_print_operand(rule->fit, &out);
	}
	else if (rule->engagement->pattern != NULL)
		appendStringInfo(&out, "matches %s", rule->engagement->pattern);
	else
		for (int i = 0; i < rule->engagement->event_count; i++)
			appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", rule->engagement->events[i]);
	return out.data;
}

/* ---------- rules ---------- */

static void
print_between(StringInfo out, const FitCondition *condition)
{
	if (condition->has_low && condition->has_high && !condition->low_is_exclusive &&
		!condition->high_is_exclusive)
	{
		print_values(out, condition->values, 2, "[]");
		return;
	}
	appendStringInfoChar(out, '{');
	if (condition->has_low)
	{
		print_key(out, condition->low_is_exclusive ? "above" : "from");
		print_value(out, &condition->values[0]);
	}
	if (condition->has_high)
	{
		print_key(out, condition->high_is_exclusive ? "below" : "to");
		print_value(out, &condition->values[1]);
	}
	appendStringInfoChar(out, '}');
}

static void
print_fit(StringInfo out, const FitCondition *condition)
{
	if (needs_array(condition))
		print_texts(out, "attribute", condition->path, condition->path_length);
	else
	{
		StringInfoData path;

		initStringInfo(&path);
		scorecard_print_attribute(condition, &path);
		print_text(out, "attribute", path.data);
		pfree(path.data);
	}
	print_text(out, "op", scorecard_operator_names[condition->comparison]);
	if (condition->value_count > 0)
	{
		print_key(out, "value");
		if (condition->comparison == OPERATOR_BETWEEN)
			print_between(out, condition);
		else if (condition->comparison == OPERATOR_IN || condition->comparison == OPERATOR_NOT_IN)
			print_values(out, condition->values, condition->value_count, "[]");
		else
			print_value(out, &condition->values[0]);
	}
	if (condition->ignore_case)
	{
		print_key(out, "ignore_case");
		appendStringInfoString(out, "true");
	}
}

static void
print_engagement(StringInfo out, const EngagementCondition *condition)
{
	if (condition->pattern != NULL)
		print_text(out, "matches", condition->pattern);
	else if (condition->event_count == 1)
		print_text(out, "event", condition->events[0]);
	else
		print_texts(out, "event", condition->events, condition->event_count);
	if (condition->ignore_case)
	{
		print_key(out, "ignore_case");
		appendStringInfoString(out, "true");
	}
}

static void
print_rule(StringInfo out, const Scorecard *card, const ScorecardRule *rule)
{
	print_key(out, NULL);
	appendStringInfoChar(out, '{');
	if (rule->is_named)
		print_text(out, "name", rule->name);
	if (rule->fit != NULL)
		print_fit(out, rule->fit);
	else
		print_engagement(out, rule->engagement);
	print_points(out, "points", rule->points);
	if (rule->engagement != NULL)
	{
		print_duration(out, "half_life", rule->engagement->half_life);
		print_duration(out, "window", rule->engagement->window);
		if (rule->engagement->limit > 0)
		{
			print_key(out, "limit");
			appendStringInfo(out, "%d", rule->engagement->limit);
		}
		print_bounds(out, "cap", "floor", &rule->engagement->bounds);
	}
	if (rule->group != SCORECARD_NO_GROUP)
		print_text(out, "group", card->groups[rule->group].name);
	print_text(out, "note", rule->note);
	appendStringInfoChar(out, '}');
}

static void
print_rules(StringInfo out, const char *key, const Scorecard *card, int first, int end)
{
	if (first == end)
		return;
	print_key(out, key);
	appendStringInfoChar(out, '[');
	for (int i = first; i < end; i++)
		print_rule(out, card, &card->rules[i]);
	appendStringInfoChar(out, ']');
}

/* ---------- groups, grades, hand-off ---------- */

static void
print_groups(StringInfo out, const Scorecard *card)
{
	if (card->group_count == 0)
		return;
	print_key(out, "groups");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < card->group_count; i++)
	{
		const ScorecardGroup *group = &card->groups[i];

		print_key(out, group->name);
		appendStringInfoChar(out, '{');
		print_bounds(out, "cap", "floor", &group->bounds);
		if (group->parent != SCORECARD_NO_GROUP)
			print_text(out, "group", card->groups[group->parent].name);
		print_text(out, "note", group->note);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, '}');
}

static void
print_bands(StringInfo out, const char *key, char first_label, const ScorecardBands *bands)
{
	if (bands->count == 0)
		return;
	print_key(out, key);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < bands->count; i++)
	{
		char label[2] = {(char) (first_label + i), '\0'};

		print_points(out, label, bands->least[i]);
	}
	appendStringInfoChar(out, '}');
}

static void
print_hand_off_condition(StringInfo out, const HandOffCondition *condition)
{
	static const char *const keys[SCORECARD_PARTS] = {"fit", "engagement", "total"};

	appendStringInfoChar(out, '{');
	for (int part = 0; part < SCORECARD_PARTS; part++)
		if (condition->has_least[part])
			print_points(out, keys[part], condition->least[part]);
	if (condition->grade_count > 0)
		print_texts(out, "grades", condition->grades, condition->grade_count);
	appendStringInfoChar(out, '}');
}

static void
print_hand_off(StringInfo out, const Scorecard *card)
{
	if (card->hand_off_count == 0)
		return;
	print_key(out, "hand_off");
	if (card->hand_off_count > 1)
		appendStringInfoChar(out, '[');
	for (int i = 0; i < card->hand_off_count; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		print_hand_off_condition(out, &card->hand_off[i]);
	}
	if (card->hand_off_count > 1)
		appendStringInfoChar(out, ']');
}

void
scorecard_print(const Scorecard *card, StringInfo out)
{
	appendStringInfoChar(out, '{');
	print_text(out, "note", card->note);
	if (card->has_base)
		print_points(out, "base", card->base);
	print_rules(out, "fit", card, 0, card->fit_count);
	print_rules(out, "engagement", card, card->fit_count, card->rule_count);
	print_groups(out, card);
	print_bounds(out, "fit_cap", "fit_floor", &card->bounds[SCORECARD_FIT]);
	print_bounds(out, "engagement_cap", "engagement_floor", &card->bounds[SCORECARD_ENGAGEMENT]);
	print_bounds(out, "total_cap", "total_floor", &card->bounds[SCORECARD_TOTAL]);
	if (card->bands[SCORECARD_FIT].count > 0 || card->bands[SCORECARD_ENGAGEMENT].count > 0)
	{
		print_key(out, "grades");
		appendStringInfoChar(out, '{');
		print_bands(out, "fit", 'A', &card->bands[SCORECARD_FIT]);
		print_bands(out, "engagement", '1', &card->bands[SCORECARD_ENGAGEMENT]);
		appendStringInfoChar(out, '}');
	}
	print_hand_off(out, card);
	appendStringInfoChar(out, '}');
}
