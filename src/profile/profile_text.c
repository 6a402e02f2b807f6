/*
 * profile_text.c
 *	  The text form of a lead profile.
 */
#include "profile_parts.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/json.h"

static void
print_counts(StringInfo out, const int64 *counts)
{
	appendStringInfo(out, INT64_FORMAT ", " INT64_FORMAT, counts[PROFILE_WON], counts[PROFILE_LOST]);
}

/* A value with its counts, after those before it. */
static void
print_item(StringInfo out, bool *first, const char *literal, const int64 *counts)
{
	appendStringInfo(out, "%s[%s, ", *first ? "" : ", ", literal);
	print_counts(out, counts);
	appendStringInfoChar(out, ']');
	*first = false;
}

static void
print_texts(const ProfileAttribute *attribute, StringInfo out, bool *first)
{
	int *sorted;
	StringInfoData literal;

	if (attribute->hashed || attribute->texts.context == NULL)
		return;
	sorted = profile_sorted_texts(attribute);
	initStringInfo(&literal);
	for (int i = 0; i < attribute->texts.count; i++)
	{
		resetStringInfo(&literal);
		escape_json(&literal, attribute->texts.texts[sorted[i]]);
		print_item(out, first, literal.data, attribute->text_counts[sorted[i]]);
	}
	pfree(literal.data);
	pfree(sorted);
}

static void
print_numbers(const ProfileNumbers *numbers, StringInfo out)
{
	int *sorted = profile_sorted_numbers(numbers);

	for (int i = 0; i < numbers->count; i++)
	{
		appendStringInfoString(out, i > 0 ? ", [" : "[");
		summary_print_float8(out, profile_number(numbers, sorted[i]));
		appendStringInfoString(out, ", ");
		print_counts(out, numbers->counts[sorted[i]]);
		appendStringInfoChar(out, ']');
	}
	pfree(sorted);
}

/* Only the keys that say something. */
static void
print_attribute(const ProfileAttribute *attribute, StringInfo out)
{
	bool first = true;

	appendStringInfo(out,
					 ", \"converted\": " INT64_FORMAT ", \"not_converted\": " INT64_FORMAT ", \"values\": [",
					 attribute->leads[PROFILE_WON], attribute->leads[PROFILE_LOST]);
	for (int value = 0; value < 2; value++)
		if (!is_empty(attribute->booleans[value]))
			print_item(out, &first, value ? "true" : "false", attribute->booleans[value]);
	print_texts(attribute, out, &first);
	if (attribute->hashed)
	{
		first = true;
		appendStringInfoString(out, "], \"buckets\": [");
		for (int bucket = 0; bucket < PROFILE_TEXT_BUCKETS; bucket++)
			if (!is_empty(attribute->text_counts[bucket]))
			{
				char *literal = psprintf("%d", bucket);

				print_item(out, &first, literal, attribute->text_counts[bucket]);
				pfree(literal);
			}
	}
	if (attribute->numbers.count > 0)
	{
		if (attribute->numbers.shift > 0)
			appendStringInfo(out, "], \"dropped_bits\": %d, \"numbers\": [", attribute->numbers.shift);
		else
			appendStringInfoString(out, "], \"numbers\": [");
		print_numbers(&attribute->numbers, out);
	}
	appendStringInfoString(out, "]}");
}

void
profile_print(const void *value, StringInfo out)
{
	const ProfileSummary *summary = value;
	int *sorted = profile_sorted_attributes(summary);

	appendStringInfo(out,
					 "{\"version\": %d, \"converted\": " INT64_FORMAT ", \"not_converted\": " INT64_FORMAT,
					 SUMMARY_TEXT_VERSION, summary->leads[PROFILE_WON], summary->leads[PROFILE_LOST]);
	summary_print_counts(out, "ignored", profile_ignored_names, summary->ignored, PROFILE_IGNORED_REASONS);
	appendStringInfoString(out, ", \"attributes\": [");
	for (int i = 0; i < summary->names.count; i++)
	{
		/* The values of one attribute are bounded. */
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
		escape_json(out, summary->names.texts[sorted[i]]);
		print_attribute(&summary->attributes[sorted[i]], out);
	}
	appendStringInfoString(out, "]}");
	pfree(sorted);
}

static bool
parse_counts(const SummaryReader *reader, JsonbContainer *object, int64 *counts)
{
	return summary_json_integer(reader, object, "converted", 0, PG_INT64_MAX, &counts[PROFILE_WON]) &&
		summary_json_integer(reader, object, "not_converted", 0, PG_INT64_MAX, &counts[PROFILE_LOST]);
}

/* An array that may be absent, which is an empty one. */
static bool
parse_array(const SummaryReader *reader, JsonbContainer *object, const char *key, int max_length,
			JsonbContainer **array, int *length)
{
	*length = 0;
	if (getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL) == NULL)
		return true;
	return summary_json_array(reader, object, key, max_length, array, length);
}

/* [value, converted, not converted]; the counts still fit into the attribute. */
static bool
parse_item(const SummaryReader *reader, const ProfileAttribute *attribute, JsonbContainer *array, int place,
		   JsonbValue **value, int64 *counts)
{
	JsonbContainer *item = summary_json_tuple(getIthJsonbValueFromContainer(array, place), 3);

	if (item == NULL)
		return summary_json_error(reader, "a value must be an array of the value and two counts");
	*value = getIthJsonbValueFromContainer(item, 0);
	if (!summary_json_int64(reader, getIthJsonbValueFromContainer(item, 1), "converted", 0, PG_INT64_MAX,
							&counts[PROFILE_WON]) ||
		!summary_json_int64(reader, getIthJsonbValueFromContainer(item, 2), "not_converted", 0, PG_INT64_MAX,
							&counts[PROFILE_LOST]))
		return false;
	if (is_empty(counts))
		return summary_json_error(reader, "a value without leads");
	return counts_fit(attribute, counts) || summary_json_error(reader, "count out of range");
}

static bool
parse_values(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			 JsonbContainer *object)
{
	JsonbContainer *array;
	int length;

	if (!summary_json_array(reader, object, "values", PROFILE_MAX_TEXTS + 2, &array, &length))
		return false;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		int64 counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts))
			return false;
		if (value->type == jbvBool)
		{
			if (!is_empty(attribute->booleans[value->val.boolean]))
				return summary_json_error(reader, "a value is there twice");
			profile_add_boolean(attribute, value->val.boolean, counts);
		}
		else if (value->type == jbvString && value->val.string.len <= PROFILE_MAX_BYTES)
		{
			int known = profile_text_count(attribute);

			if (known == PROFILE_MAX_TEXTS)
				return summary_json_error(reader, "array \"values\" is too long");
			profile_add_text(summary, attribute, value->val.string.val, value->val.string.len, counts);
			if (profile_text_count(attribute) == known)
				return summary_json_error(reader, "a value is there twice");
		}
		else
			return summary_json_error(reader,
									  psprintf("a value must be true, false or a text of at most %d bytes",
											   PROFILE_MAX_BYTES));
	}
	return true;
}

static bool
parse_buckets(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			  JsonbContainer *object)
{
	JsonbContainer *array;
	int length;

	if (!parse_array(reader, object, "buckets", PROFILE_TEXT_BUCKETS, &array, &length))
		return false;
	if (length == 0)
		return true;
	if (profile_text_count(attribute) > 0)
		return summary_json_error(reader, "an attribute has both texts and buckets");
	profile_hash_texts(summary, attribute);
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		int64 bucket;
		int64 counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts) ||
			!summary_json_int64(reader, value, "buckets", 0, PROFILE_TEXT_BUCKETS - 1, &bucket))
			return false;
		if (!is_empty(attribute->text_counts[bucket]))
			return summary_json_error(reader, "a bucket is there twice");
		add_outcomes(attribute->values, counts);
		add_to_cell(attribute->text_counts[bucket], counts);
	}
	return true;
}

static bool
parse_numbers(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			  JsonbContainer *object)
{
	ProfileNumbers *numbers = &attribute->numbers;
	JsonbContainer *array;
	int length;
	int64 shift = 0;

	if (!parse_array(reader, object, "numbers", PROFILE_MAX_NUMBERS, &array, &length))
		return false;
	if (length == 0)
		return true;
	if (getKeyJsonValueFromContainer(object, "dropped_bits", 12, NULL) != NULL &&
		!summary_json_integer(reader, object, "dropped_bits", 0, PROFILE_MAX_SHIFT, &shift))
		return false;
	profile_create_numbers(summary->context, numbers);
	numbers->shift = (int) shift;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		double number;
		int64 key;
		int64 counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts) ||
			!summary_json_float8(reader, value, "numbers", &number))
			return false;
		key = profile_number_key(number) >> shift;
		if (!isfinite(number) || profile_cell_number(key, (int) shift) != number)
			return summary_json_error(reader, "a number is not of the grid");
		if (profile_find_key(numbers, key) >= 0)
			return summary_json_error(reader, "a number is there twice");
		add_outcomes(attribute->values, counts);
		profile_add_key(numbers, key, counts);
	}
	return true;
}

static bool
parse_attribute(const SummaryReader *reader, ProfileSummary *summary, const JsonbValue *value)
{
	JsonbContainer *object = summary_json_object(value);
	JsonbValue name;
	int known = summary->names.count;
	ProfileAttribute *attribute;

	if (object == NULL)
		return summary_json_error(reader, "\"attributes\" must hold objects");
	if (!summary_json_member(reader, object, "name", &name))
		return false;
	if (name.type != jbvString || name.val.string.len > PROFILE_MAX_BYTES)
		return summary_json_error(reader,
								  psprintf("\"name\" must be a text of at most %d bytes", PROFILE_MAX_BYTES));
	attribute = profile_attribute(summary, name.val.string.val, name.val.string.len);
	if (summary->names.count == known)
		return summary_json_error(reader, "an attribute is there twice");
	return parse_counts(reader, object, attribute->leads) &&
		parse_values(reader, summary, attribute, object) &&
		parse_buckets(reader, summary, attribute, object) &&
		parse_numbers(reader, summary, attribute, object);
}

void *
profile_parse(const SummaryReader *reader, JsonbContainer *root)
{
	ProfileSummary *summary = profile_create();
	JsonbContainer *array;
	int length;

	if (!summary_json_version(reader, root) || !parse_counts(reader, root, summary->leads) ||
		!summary_json_counts(reader, root, "ignored", profile_ignored_names, summary->ignored,
							 PROFILE_IGNORED_REASONS) ||
		!summary_json_array(reader, root, "attributes", PROFILE_MAX_ATTRIBUTES, &array, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!parse_attribute(reader, summary, getIthJsonbValueFromContainer(array, i)))
			return NULL;
	}
	return summary;
}
