/*
 * journey_text.c
 *	  The text form of journeys.
 */
#include "journey_parts.h"

#include "miscadmin.h"
#include "utils/json.h"
#include "utils/memutils.h"

static void
print_duration(StringInfo out, const char *key, int64 duration, bool is_set)
{
	appendStringInfo(out, ", \"%s\": ", key);
	if (is_set)
		appendStringInfo(out, INT64_FORMAT, duration);
	else
		appendStringInfoString(out, "null");
}

void
journey_print(const void *value, StringInfo out)
{
	JourneySummary summary = journey_sorted_copy(value);

	appendStringInfo(out, "{\"version\": %d", SUMMARY_TEXT_VERSION);
	print_duration(out, "half_life", summary.half_life, summary.half_life != JOURNEY_UNTIMED);
	print_duration(out, "lookback", summary.lookback, summary.lookback != JOURNEY_UNLIMITED);
	summary_print_counts(out, "ignored", journey_ignored_names, summary.ignored, JOURNEY_IGNORED_REASONS);
	appendStringInfoString(out, ", \"channels\": [");
	for (int channel = 0; channel < summary.channels.count; channel++)
	{
		CHECK_FOR_INTERRUPTS();
		if (channel > 0)
			appendStringInfoString(out, ", ");
		escape_json(out, summary.channels.texts[channel]);
	}
	appendStringInfoString(out, "], \"journeys\": [");
	for (int i = 0; i < summary.count; i++)
	{
		const Journey *journey = &summary.journeys[i];
		int milestones = 0;

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s{\"path\": [", i > 0 ? ", " : "");
		for (int j = 0; j < journey->length; j++)
		{
			CHECK_FOR_INTERRUPTS();
			appendStringInfo(out, "%s%d", j > 0 ? ", " : "", journey_channel(journey->steps[j]));
			milestones |= journey_milestones(journey->steps[j]);
		}
		if (milestones != 0)
		{
			appendStringInfoString(out, "], \"milestones\": [");
			for (int j = 0; j < journey->length; j++)
			{
				CHECK_FOR_INTERRUPTS();
				appendStringInfo(out, "%s%d", j > 0 ? ", " : "", journey_milestones(journey->steps[j]));
			}
		}
		appendStringInfo(out, "], \"nulls\": " INT64_FORMAT ", \"conversions\": " INT64_FORMAT,
						 journey->nulls, journey->conversions);
		if (journey->conversions > 0)
		{
			appendStringInfoString(out, ", \"value\": ");
			summary_print_decimal(out, journey->value, JOURNEY_VALUE_DIGITS);
			if (journey_is_decayed(&summary, journey->length))
			{
				appendStringInfoString(out, ", \"decayed\": [");
				for (int j = 0; j < journey->length - 1; j++)
				{
					appendStringInfoString(out, j > 0 ? ", [" : "[");
					summary_print_decimal(out, journey->decayed_conversions[j], JOURNEY_WEIGHT_DIGITS);
					appendStringInfoString(out, ", ");
					summary_print_decimal(out, journey->decayed_value[j], JOURNEY_VALUE_DIGITS);
					appendStringInfoChar(out, ']');
				}
				appendStringInfoChar(out, ']');
			}
		}
		appendStringInfoChar(out, '}');
	}
	appendStringInfoString(out, "]}");
}

static bool
parse_steps(const SummaryReader *reader, JourneySummary *summary, JsonbContainer *object, uint32 **steps,
			int *length)
{
	JsonbContainer *path;
	JsonbContainer *milestones = NULL;
	int milestones_length;

	if (!summary_json_array(reader, object, "path", PG_INT32_MAX, &path, length))
		return false;
	if (getKeyJsonValueFromContainer(object, "milestones", 10, NULL) != NULL)
	{
		if (!summary_json_array(reader, object, "milestones", PG_INT32_MAX, &milestones, &milestones_length))
			return false;
		if (milestones_length != *length)
			return summary_json_error(reader, "\"milestones\" must be as long as \"path\"");
	}
	*steps = palloc(mul_size(Max(*length, 1), sizeof(uint32)));
	for (int i = 0; i < *length; i++)
	{
		int64 channel;
		int64 milestone = 0;

		if (!summary_json_int64(reader, getIthJsonbValueFromContainer(path, i), "path", 0,
								summary->channels.count - 1, &channel) ||
			(milestones != NULL &&
			 !summary_json_int64(reader, getIthJsonbValueFromContainer(milestones, i), "milestones", 0, 3,
								 &milestone)))
			return false;
		(*steps)[i] = journey_step(channel, milestone);
	}
	return true;
}

static bool
parse_decay(const SummaryReader *reader, JsonbContainer *object, int length, uint128 *decayed_conversions,
			uint128 *decayed_value)
{
	JsonbContainer *array;
	int array_length;

	if (!summary_json_array(reader, object, "decayed", PG_INT32_MAX, &array, &array_length))
		return false;
	if (array_length != length - 1)
		return summary_json_error(reader, "\"decayed\" must have a pair for each touch but the last");
	for (int i = 0; i < array_length; i++)
	{
		JsonbContainer *pair = summary_json_tuple(getIthJsonbValueFromContainer(array, i), 2);

		if (pair == NULL)
			return summary_json_error(reader, "\"decayed\" must hold pairs of numbers");
		if (!summary_json_decimal(reader, getIthJsonbValueFromContainer(pair, 0), "decayed",
								  JOURNEY_WEIGHT_DIGITS, &decayed_conversions[i]) ||
			!summary_json_decimal(reader, getIthJsonbValueFromContainer(pair, 1), "decayed",
								  JOURNEY_VALUE_DIGITS, &decayed_value[i]))
			return false;
	}
	return true;
}

static bool
parse_journey(const SummaryReader *reader, JourneySummary *summary, const JsonbValue *item)
{
	JsonbContainer *object = summary_json_object(item);
	uint32 *steps = NULL;
	int length;
	int64 nulls;
	int64 conversions;
	JsonbValue value;
	uint128 units = 0;
	uint128 *decayed_conversions = NULL;
	uint128 *decayed_value = NULL;
	int known = summary->count;
	Journey *journey;

	if (object == NULL)
		return summary_json_error(reader, "\"journeys\" must hold objects");
	if (!parse_steps(reader, summary, object, &steps, &length) ||
		!summary_json_integer(reader, object, "nulls", 0, PG_INT64_MAX - summary->nulls, &nulls) ||
		!summary_json_integer(reader, object, "conversions", 0, PG_INT64_MAX - summary->conversions,
							  &conversions))
		return false;
	if (conversions > 0)
	{
		if (!summary_json_member(reader, object, "value", &value) ||
			!summary_json_decimal(reader, &value, "value", JOURNEY_VALUE_DIGITS, &units))
			return false;
		if (units > VALUE_LIMIT - summary->value)
			return summary_json_error(reader, "the total value is out of range");
		if (journey_is_decayed(summary, length))
		{
			decayed_conversions = palloc0(mul_size(length, sizeof(uint128)));
			decayed_value = palloc0(mul_size(length, sizeof(uint128)));
			if (!parse_decay(reader, object, length, decayed_conversions, decayed_value))
				return false;
			journey_complete_decay(length, conversions, units, decayed_conversions, decayed_value);
		}
	}
	journey = journey_of_path(summary, steps, length);
	if (summary->count == known)
		return summary_json_error(reader, "a path is there twice");
	journey_add(summary, journey, conversions, nulls, units, decayed_conversions, decayed_value);
	return true;
}

void *
journey_parse(const SummaryReader *reader, JsonbContainer *root)
{
	JourneySummary *summary = journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED);
	JsonbContainer *array;
	int length;

	if (!summary_json_version(reader, root) ||
		!summary_json_integer_or_null(reader, root, "half_life", 1, PG_INT64_MAX - 1, &summary->half_life) ||
		!summary_json_integer_or_null(reader, root, "lookback", 0, PG_INT64_MAX - 1, &summary->lookback) ||
		!summary_json_counts(reader, root, "ignored", journey_ignored_names, summary->ignored,
							 JOURNEY_IGNORED_REASONS) ||
		!summary_json_array(reader, root, "channels", JOURNEY_MAX_CHANNELS, &array, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *name = getIthJsonbValueFromContainer(array, i);

		CHECK_FOR_INTERRUPTS();
		if (name->type != jbvString)
			return summary_json_refuse(reader, "a channel must be a string");
		if (journey_channel_number(summary, name->val.string.val, name->val.string.len) != i)
			return summary_json_refuse(reader, "a channel is there twice");
	}
	if (!summary_json_array(reader, root, "journeys", PG_INT32_MAX, &array, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!parse_journey(reader, summary, getIthJsonbValueFromContainer(array, i)))
			return NULL;
	}
	return summary;
}

/* ---------- as it is printed ---------- */

static bool
scan_duration(const char **text, const char *key, int64 lowest, int64 *duration)
{
	if (!summary_scan_word(text, ", \"") || !summary_scan_word(text, key) || !summary_scan_word(text, "\": "))
		return false;
	return summary_scan_word(text, "null") || (summary_scan_count(text, duration) && *duration >= lowest);
}

static bool
scan_channels(const char **text, JourneySummary *summary)
{
	while (!summary_scan_word(text, "]"))
	{
		int count = summary->channels.count;
		char *name;

		CHECK_FOR_INTERRUPTS();
		if (count == JOURNEY_MAX_CHANNELS || !summary_scan_word(text, count > 0 ? ", \"" : "\"") ||
			(name = summary_scan_name(text)) == NULL ||
			journey_channel_number(summary, name, (int) strlen(name)) != count)
			return false;
		pfree(name);
	}
	return true;
}

/* Into an array that grows, of which steps is kept. */
static bool
scan_steps(const char **text, const JourneySummary *summary, uint32 **steps, int *capacity, int *length)
{
	*length = 0;
	while (!summary_scan_word(text, "]"))
	{
		int64 channel;

		CHECK_FOR_INTERRUPTS();
		if ((*length > 0 && !summary_scan_word(text, ", ")) || !summary_scan_count(text, &channel) ||
			channel >= summary->channels.count)
			return false;
		if (*length == *capacity)
		{
			if (*capacity > (int) (MaxAllocSize / sizeof(uint32) / 2))
				return false;
			*capacity *= 2;
			*steps = repalloc(*steps, mul_size(*capacity, sizeof(uint32)));
		}
		(*steps)[(*length)++] = journey_step(channel, 0);
	}
	if (!summary_scan_word(text, ", \"milestones\": ["))
		return true;
	for (int i = 0; i < *length; i++)
	{
		int64 milestones;

		if ((i > 0 && !summary_scan_word(text, ", ")) || !summary_scan_count(text, &milestones) ||
			milestones > 3)
			return false;
		(*steps)[i] |= (uint32) milestones;
	}
	return summary_scan_word(text, "]");
}

static bool
scan_decay(const char **text, int length, uint128 *decayed_conversions, uint128 *decayed_value)
{
	if (!summary_scan_word(text, ", \"decayed\": ["))
		return false;
	for (int i = 0; i < length - 1; i++)
		if (!summary_scan_word(text, i > 0 ? ", [" : "[") ||
			!summary_scan_decimal(text, JOURNEY_WEIGHT_DIGITS, &decayed_conversions[i]) ||
			!summary_scan_word(text, ", ") ||
			!summary_scan_decimal(text, JOURNEY_VALUE_DIGITS, &decayed_value[i]) ||
			!summary_scan_word(text, "]"))
			return false;
	return summary_scan_word(text, "]");
}

static bool
scan_journey(const char **text, JourneySummary *summary, uint32 **steps, int *capacity)
{
	int length;
	int64 nulls;
	int64 conversions;
	uint128 value = 0;
	uint128 *decayed_conversions = NULL;
	uint128 *decayed_value = NULL;
	int known = summary->count;
	Journey *journey;

	if (!summary_scan_word(text, "{\"path\": [") || !scan_steps(text, summary, steps, capacity, &length) ||
		!summary_scan_word(text, ", \"nulls\": ") || !summary_scan_count(text, &nulls) ||
		nulls > PG_INT64_MAX - summary->nulls || !summary_scan_word(text, ", \"conversions\": ") ||
		!summary_scan_count(text, &conversions) || conversions > PG_INT64_MAX - summary->conversions)
		return false;
	if (conversions > 0)
	{
		if (!summary_scan_word(text, ", \"value\": ") ||
			!summary_scan_decimal(text, JOURNEY_VALUE_DIGITS, &value) || value > VALUE_LIMIT - summary->value)
			return false;
		if (journey_is_decayed(summary, length))
		{
			decayed_conversions = palloc0(mul_size(length, sizeof(uint128)));
			decayed_value = palloc0(mul_size(length, sizeof(uint128)));
			if (!scan_decay(text, length, decayed_conversions, decayed_value))
				return false;
			journey_complete_decay(length, conversions, value, decayed_conversions, decayed_value);
		}
	}
	journey = journey_of_path(summary, *steps, length);
	if (summary->count == known)
		return false;
	journey_add(summary, journey, conversions, nulls, value, decayed_conversions, decayed_value);
	return summary_scan_word(text, "}");
}

void *
journey_scan(const char *text)
{
	JourneySummary *summary = journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED);
	int capacity = 64;
	uint32 *steps = palloc(mul_size(capacity, sizeof(uint32)));
	int64 version;

	if (!summary_scan_word(&text, "{\"version\": ") || !summary_scan_count(&text, &version) ||
		version != SUMMARY_TEXT_VERSION || !scan_duration(&text, "half_life", 1, &summary->half_life) ||
		!scan_duration(&text, "lookback", 0, &summary->lookback) ||
		!summary_scan_counts(&text, "ignored", journey_ignored_names, summary->ignored,
							 JOURNEY_IGNORED_REASONS) ||
		!summary_scan_word(&text, ", \"channels\": [") || !scan_channels(&text, summary) ||
		!summary_scan_word(&text, ", \"journeys\": ["))
		return NULL;
	while (!summary_scan_word(&text, "]}"))
	{
		CHECK_FOR_INTERRUPTS();
		if ((summary->count > 0 && !summary_scan_word(&text, ", ")) ||
			!scan_journey(&text, summary, &steps, &capacity))
			return NULL;
	}
	return *text == '\0' ? summary : NULL;
}
