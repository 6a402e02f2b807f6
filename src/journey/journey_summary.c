/*
 * journey_summary.c
 *	  The journeys as a value: decode, encode, merge, print, parse.
 */
#include "journey_summary.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "base/counts.h"

#define TYPE_NAME "journeys"
#define WIRE_VERSION 1

#define FIRST_CAPACITY 8

/* 1e26 in units: additions of two totals stay far below 2^128. */
#define VALUE_LIMIT ((uint128) INT64CONST(100000000000000000) * 1000000000 * JOURNEY_VALUE_ONE)
#define JOURNEY_VALUE_ONE INT64CONST(1000000000000)

const char *const journey_ignored_names[JOURNEY_IGNORED_REASONS] = {
	"null_lead", "null_channel", "null_time", "infinite_time", "no_conversion", "empty_row",
	"null_path", "before_lookback"
};

/* ---------- values ---------- */

uint128
journey_value_units(double value)
{
	double		whole;

	if (!journey_value_is_valid(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value %g of a conversion is not between 0 and 1e26", value),
				 errhint("Credit is shared among touches, which takes a finite value of at least zero; subtract refunds from the value of their deal.")));
	/* The fraction is exact, so decimals come out as they were written. */
	value = modf(value, &whole);
	return (uint128) whole * JOURNEY_VALUE_ONE + (uint128) (value * JOURNEY_VALUE_ONE + 0.5);
}

double
journey_value_float8(uint128 units)
{
	uint128		whole = units / JOURNEY_VALUE_ONE;
	int64		fraction = (int64) (units % JOURNEY_VALUE_ONE);

	return (double) whole + (double) fraction / JOURNEY_VALUE_ONE;
}

void
journey_share(uint128 total, const double *weights, int count, uint128 *parts)
{
	double		sum = 0;
	uint128		left = total;
	int			heaviest = 0;

	for (int i = 0; i < count; i++)
	{
		sum += weights[i];
		if (weights[i] > weights[heaviest])
			heaviest = i;
	}
	for (int i = 0; i < count; i++)
	{
		uint128		part = 0;

		if (i != heaviest)
			part = Min((uint128) (weights[i] / sum * (double) total), left);
		parts[i] = part;
		left -= part;
	}
	parts[heaviest] = left;
}

/* ---------- the dictionary and the paths ---------- */

JourneySummary *
journey_summary_create(int64 half_life, int64 lookback)
{
	JourneySummary *summary = palloc0(sizeof(JourneySummary));

	summary->context = CurrentMemoryContext;
	summary->half_life = half_life;
	summary->lookback = lookback;
	text_dictionary_init(&summary->channels);
	summary->capacity = FIRST_CAPACITY;
	summary->journeys = palloc(FIRST_CAPACITY * sizeof(Journey));
	summary->slots = palloc0(2 * FIRST_CAPACITY * sizeof(uint32));
	summary->slot_mask = 2 * FIRST_CAPACITY - 1;
	return summary;
}

int
journey_channel_number(JourneySummary *summary, const char *name, int length)
{
	int			channel = text_dictionary_number(&summary->channels, name, length);

	if (channel >= JOURNEY_MAX_CHANNELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("journeys have more than %d channels", JOURNEY_MAX_CHANNELS),
				 errhint("Group the channels before building the journeys.")));
	return channel;
}

static void
place_journey(JourneySummary *summary, int number)
{
	uint32		slot = summary->journeys[number].hash;

	while (summary->slots[slot & summary->slot_mask] != 0)
		slot++;
	summary->slots[slot & summary->slot_mask] = (uint32) number + 1;
}

/* Paths are short: a general hash, or memcmp, would spend most on being called. */
static inline uint32
path_hash(const uint32 *steps, int length)
{
	uint64		hash = (uint64) length;

	for (int i = 0; i < length; i++)
	{
		hash = (hash ^ steps[i]) * UINT64CONST(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (uint32) hash;
}

static inline bool
same_steps(const uint32 *a, const uint32 *b, int length)
{
	for (int i = 0; i < length; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

Journey *
journey_of_path(JourneySummary *summary, const uint32 *steps, int length)
{
	uint32		hash = path_hash(steps, length);
	uint32		slot = hash;
	uint32		found;
	Journey    *journey;

	while ((found = summary->slots[slot & summary->slot_mask]) != 0)
	{
		journey = &summary->journeys[found - 1];
		if (journey->hash == hash && journey->length == length &&
			same_steps(journey->steps, steps, length))
			return journey;
		slot++;
	}
	if (summary->count == summary->capacity)
	{
		if (summary->capacity > PG_INT32_MAX / 4)
			counts_raise_out_of_range(TYPE_NAME);
		summary->capacity *= 2;
		summary->journeys = repalloc_huge(summary->journeys, summary->capacity * sizeof(Journey));
		text_dictionary_grow_slots(&summary->slots, &summary->slot_mask);
		for (int number = 0; number < summary->count; number++)
		{
			CHECK_FOR_INTERRUPTS();
			place_journey(summary, number);
		}
	}
	journey = &summary->journeys[summary->count];
	memset(journey, 0, sizeof(Journey));
	journey->hash = hash;
	journey->length = length;
	journey->steps = MemoryContextAlloc(summary->context, Max(length, 1) * sizeof(uint32));
	memcpy(journey->steps, steps, length * sizeof(uint32));
	place_journey(summary, summary->count++);
	return journey;
}

void
journey_add(JourneySummary *summary, Journey *journey, int64 conversions, int64 nulls,
			uint128 value, const uint128 *decayed_conversions, const uint128 *decayed_value)
{
	summary->conversions = add_counts(summary->conversions, conversions, TYPE_NAME);
	summary->nulls = add_counts(summary->nulls, nulls, TYPE_NAME);
	summary->value += value;
	if (summary->value > VALUE_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("total value of journeys is out of range")));
	journey->conversions += conversions;
	journey->nulls += nulls;
	journey->value += value;
	if (conversions == 0 || decayed_conversions == NULL ||
		!journey_is_decayed(summary, journey->length))
		return;
	if (journey->decayed_conversions == NULL)
	{
		Size		size = journey->length * sizeof(uint128);

		journey->decayed_conversions = MemoryContextAllocZero(summary->context, size);
		journey->decayed_value = MemoryContextAllocZero(summary->context, size);
	}
	for (int i = 0; i < journey->length; i++)
	{
		journey->decayed_conversions[i] += decayed_conversions[i];
		journey->decayed_value[i] += decayed_value[i];
	}
}

/* ---------- what must hold ---------- */

/* Are these parts of the total, and all of it? */
static bool
parts_are_whole(const uint128 *parts, int length, uint128 total)
{
	for (int i = 0; i < length; i++)
	{
		if (parts[i] > total)
			return false;
		total -= parts[i];
	}
	return total == 0;
}

static const char *
journey_contradiction(const void *value)
{
	const JourneySummary *summary = value;
	int64		conversions = 0;
	int64		nulls = 0;
	uint128		total = 0;

	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];

		if (journey->conversions <= 0 && journey->nulls <= 0)
			return "a path without journeys";
		if (journey->decayed_conversions != NULL &&
			(!parts_are_whole(journey->decayed_conversions, journey->length,
							  (uint128) journey->conversions * JOURNEY_WEIGHT_ONE) ||
			 !parts_are_whole(journey->decayed_value, journey->length, journey->value)))
			return "weights exceed their total";
		conversions += journey->conversions;
		nulls += journey->nulls;
		total += journey->value;
	}
	if (conversions != summary->conversions || nulls != summary->nulls || total != summary->value)
		return "journeys do not add up";
	return NULL;
}

/* ---------- wire form ---------- */

static void
put_uint128(StringInfo out, uint128 value)
{
	wire_put_varint(out, (uint64) (value >> 64));
	wire_put_varint(out, (uint64) value);
}

static uint128
get_uint128(StringInfo in)
{
	uint128		high = wire_get_varint(in, TYPE_NAME);

	return high << 64 | wire_get_varint(in, TYPE_NAME);
}

static int
compare_names(const void *a, const void *b, void *unused)
{
	return strcmp(**(char **const *) a, **(char **const *) b);
}

static int
compare_journeys(const void *a, const void *b, void *unused)
{
	const Journey *left = a;
	const Journey *right = b;
	int			common = Min(left->length, right->length);

	for (int i = 0; i < common; i++)
		if (left->steps[i] != right->steps[i])
			return left->steps[i] < right->steps[i] ? -1 : 1;
	return left->length - right->length;
}

/* The summary in canonical order: used channels by name, then paths. */
static JourneySummary
sorted_copy(const JourneySummary *summary)
{
	JourneySummary sorted = *summary;
	uint32	   *rank = palloc0(Max(summary->channels.count, 1) * sizeof(uint32));
	char	 ***used = palloc(Max(summary->channels.count, 1) * sizeof(char **));
	Size		total = 0;
	uint32	   *steps;

	for (int i = 0; i < summary->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		total += summary->journeys[i].length;
		for (int j = 0; j < summary->journeys[i].length; j++)
			rank[journey_channel(summary->journeys[i].steps[j])] = 1;
	}
	sorted.channels.count = 0;
	for (int channel = 0; channel < summary->channels.count; channel++)
		if (rank[channel] != 0)
			used[sorted.channels.count++] = &summary->channels.texts[channel];
	if (sorted.channels.count > 1)
		qsort_interruptible(used, sorted.channels.count, sizeof(char **), compare_names, NULL);
	sorted.channels.texts = palloc(Max(sorted.channels.count, 1) * sizeof(char *));
	for (int i = 0; i < sorted.channels.count; i++)
	{
		sorted.channels.texts[i] = *used[i];
		rank[used[i] - summary->channels.texts] = (uint32) i;
	}

	sorted.journeys = MemoryContextAllocHuge(CurrentMemoryContext,
											 Max(summary->count, 1) * sizeof(Journey));
	steps = MemoryContextAllocHuge(CurrentMemoryContext, Max(total, 1) * sizeof(uint32));
	for (int i = 0; i < summary->count; i++)
	{
		Journey    *journey = &sorted.journeys[i];

		CHECK_FOR_INTERRUPTS();
		*journey = summary->journeys[i];
		for (int j = 0; j < journey->length; j++)
		{
			uint32		step = summary->journeys[i].steps[j];

			steps[j] = journey_step(rank[journey_channel(step)], journey_milestones(step));
		}
		journey->steps = steps;
		steps += journey->length;
	}
	if (sorted.count > 1)
		qsort_interruptible(sorted.journeys, sorted.count, sizeof(Journey), compare_journeys, NULL);
	pfree(rank);
	pfree(used);
	return sorted;
}

static void
journey_encode(const void *value, StringInfo out)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi journeys",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	JourneySummary summary = sorted_copy(value);

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) (summary.half_life + 1));
	wire_put_varint(out, (uint64) summary.lookback);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) summary.ignored[reason]);
	wire_put_varint(out, (uint64) summary.channels.count);
	for (int channel = 0; channel < summary.channels.count; channel++)
		wire_put_text(out, summary.channels.texts[channel]);
	wire_put_varint(out, (uint64) summary.count);
	for (int i = 0; i < summary.count; i++)
	{
		const Journey *journey = &summary.journeys[i];

		wire_put_varint(out, (uint64) journey->length);
		for (int j = 0; j < journey->length; j++)
			wire_put_varint(out, journey->steps[j]);
		wire_put_varint(out, (uint64) journey->nulls);
		wire_put_varint(out, (uint64) journey->conversions);
		if (journey->conversions == 0)
			continue;
		put_uint128(out, journey->value);
		/* The last touch has what the others leave. */
		if (journey_is_decayed(&summary, journey->length))
			for (int j = 0; j < journey->length - 1; j++)
			{
				put_uint128(out, journey->decayed_conversions[j]);
				put_uint128(out, journey->decayed_value[j]);
			}
	}
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(scratch);
}

/* Gives the last touch what the others leave of the totals. */
static void
complete_decay(int length, int64 conversions, uint128 value, uint128 *decayed_conversions,
			   uint128 *decayed_value)
{
	decayed_conversions[length - 1] = (uint128) conversions * JOURNEY_WEIGHT_ONE;
	decayed_value[length - 1] = value;
	for (int i = 0; i < length - 1; i++)
	{
		decayed_conversions[length - 1] -= decayed_conversions[i];
		decayed_value[length - 1] -= decayed_value[i];
	}
}

static void
decode_journey(JourneySummary *summary, StringInfo in, bool *used)
{
	int			length = wire_get_count(in, TYPE_NAME, 1, MaxAllocSize / sizeof(uint128));
	uint32	   *steps = palloc(Max(length, 1) * sizeof(uint32));
	int			known = summary->count;
	int64		nulls;
	int64		conversions;
	uint128		value = 0;
	uint128    *decayed_conversions = NULL;
	uint128    *decayed_value = NULL;
	Journey    *journey;

	for (int i = 0; i < length; i++)
	{
		uint64		step = wire_get_varint(in, TYPE_NAME);

		wire_check(step >> 2 < (uint64) summary->channels.count, TYPE_NAME, "unknown channel");
		steps[i] = (uint32) step;
		used[journey_channel(steps[i])] = true;
	}
	journey = journey_of_path(summary, steps, length);
	pfree(steps);
	wire_check(summary->count > known && (known == 0 || compare_journeys(journey - 1, journey, NULL) < 0),
			   TYPE_NAME, "paths are not in order");
	nulls = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	conversions = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	wire_check(summary->nulls <= PG_INT64_MAX - nulls &&
			   summary->conversions <= PG_INT64_MAX - conversions, TYPE_NAME, "count out of range");
	if (conversions > 0)
	{
		value = get_uint128(in);
		wire_check(value <= VALUE_LIMIT - summary->value, TYPE_NAME, "value out of range");
		if (journey_is_decayed(summary, length))
		{
			/* Four bytes at least for each touch but the last. */
			wire_check((length - 1) <= (in->len - in->cursor) / 4, TYPE_NAME, "count exceeds the input");
			decayed_conversions = palloc(length * sizeof(uint128));
			decayed_value = palloc(length * sizeof(uint128));
			for (int i = 0; i < length - 1; i++)
			{
				decayed_conversions[i] = get_uint128(in);
				decayed_value[i] = get_uint128(in);
			}
			complete_decay(length, conversions, value, decayed_conversions, decayed_value);
		}
	}
	journey_add(summary, journey, conversions, nulls, value, decayed_conversions, decayed_value);
	if (decayed_conversions != NULL)
	{
		pfree(decayed_conversions);
		pfree(decayed_value);
	}
}

static void *
journey_decode(StringInfo in)
{
	JourneySummary *summary = journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED);
	int			channels;
	int			journeys;
	bool	   *used;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	summary->half_life = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX) - 1;
	wire_check(summary->half_life != 0, TYPE_NAME, "half-life of zero");
	summary->lookback = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		summary->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	channels = wire_get_count(in, TYPE_NAME, 1, JOURNEY_MAX_CHANNELS);
	for (int i = 0; i < channels; i++)
	{
		char	   *name = wire_get_text(in, TYPE_NAME);

		wire_check(i == 0 || strcmp(summary->channels.texts[i - 1], name) < 0, TYPE_NAME,
				   "channels are not in order");
		(void) journey_channel_number(summary, name, (int) strlen(name));
		pfree(name);
	}
	used = palloc0(Max(channels, 1) * sizeof(bool));
	journeys = wire_get_count(in, TYPE_NAME, 3, PG_INT32_MAX);
	for (int i = 0; i < journeys; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decode_journey(summary, in, used);
	}
	for (int i = 0; i < channels; i++)
		wire_check(used[i], TYPE_NAME, "a channel that no path has");
	pfree(used);
	return summary;
}

/* ---------- merge ---------- */

static char *
duration_text(int64 duration)
{
	if (duration == JOURNEY_UNTIMED || duration == JOURNEY_UNLIMITED)
		return pstrdup("none");
	return psprintf("%g days", (double) duration / USECS_PER_DAY);
}

static void
require_same(const char *what, int64 into, int64 from)
{
	if (into != from)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("journeys of different %s cannot be added: %s and %s", what,
						duration_text(into), duration_text(from)),
				 errhint("Build both with the same %s; paths without times have none.", what)));
}

static void
journey_merge(void *into_value, const void *from_value)
{
	JourneySummary *into = into_value;
	const JourneySummary *from = from_value;
	int		   *number;
	uint32	   *steps = NULL;
	int			capacity = 0;

	require_same("half-life", into->half_life, from->half_life);
	require_same("lookback", into->lookback, from->lookback);
	add_each_count(into->ignored, from->ignored, JOURNEY_IGNORED_REASONS, TYPE_NAME);
	number = palloc(Max(from->channels.count, 1) * sizeof(int));
	for (int channel = 0; channel < from->channels.count; channel++)
	{
		CHECK_FOR_INTERRUPTS();
		number[channel] = journey_channel_number(into, from->channels.texts[channel],
												 (int) strlen(from->channels.texts[channel]));
	}
	for (int i = 0; i < from->count; i++)
	{
		const Journey *journey = &from->journeys[i];

		CHECK_FOR_INTERRUPTS();
		if (journey->length > capacity || steps == NULL)
		{
			if (steps != NULL)
				pfree(steps);
			capacity = Max(journey->length, 64);
			steps = palloc(capacity * sizeof(uint32));
		}
		for (int j = 0; j < journey->length; j++)
			steps[j] = journey_step(number[journey_channel(journey->steps[j])],
									journey_milestones(journey->steps[j]));
		journey_add(into, journey_of_path(into, steps, journey->length), journey->conversions,
					journey->nulls, journey->value, journey->decayed_conversions,
					journey->decayed_value);
	}
	if (steps != NULL)
		pfree(steps);
	pfree(number);
}

/* ---------- text form ---------- */

static void
print_duration(StringInfo out, const char *key, int64 duration, bool is_set)
{
	appendStringInfo(out, ", \"%s\": ", key);
	if (is_set)
		appendStringInfo(out, INT64_FORMAT, duration);
	else
		appendStringInfoString(out, "null");
}

static void
journey_print(const void *value, StringInfo out)
{
	JourneySummary summary = sorted_copy(value);

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
		int			milestones = 0;

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
				appendStringInfo(out, "%s%d", j > 0 ? ", " : "",
								 journey_milestones(journey->steps[j]));
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
	int			milestones_length;

	if (!summary_json_array(reader, object, "path", PG_INT32_MAX, &path, length))
		return false;
	if (getKeyJsonValueFromContainer(object, "milestones", 10, NULL) != NULL)
	{
		if (!summary_json_array(reader, object, "milestones", PG_INT32_MAX, &milestones, &milestones_length))
			return false;
		if (milestones_length != *length)
			return summary_json_error(reader, "\"milestones\" must be as long as \"path\"");
	}
	*steps = palloc(Max(*length, 1) * sizeof(uint32));
	for (int i = 0; i < *length; i++)
	{
		int64		channel;
		int64		milestone = 0;

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
	int			array_length;

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
	uint32	   *steps = NULL;
	int			length;
	int64		nulls;
	int64		conversions;
	JsonbValue	value;
	uint128		units = 0;
	uint128    *decayed_conversions = NULL;
	uint128    *decayed_value = NULL;
	int			known = summary->count;
	Journey    *journey;

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
			decayed_conversions = palloc0(length * sizeof(uint128));
			decayed_value = palloc0(length * sizeof(uint128));
			if (!parse_decay(reader, object, length, decayed_conversions, decayed_value))
				return false;
			complete_decay(length, conversions, units, decayed_conversions, decayed_value);
		}
	}
	journey = journey_of_path(summary, steps, length);
	if (summary->count == known)
		return summary_json_error(reader, "a path is there twice");
	journey_add(summary, journey, conversions, nulls, units, decayed_conversions, decayed_value);
	return true;
}

static void *
journey_parse(const SummaryReader *reader, JsonbContainer *root)
{
	JourneySummary *summary = journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED);
	JsonbContainer *array;
	int			length;

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

static void *
journey_empty(const void *like)
{
	const JourneySummary *summary = like;

	return summary == NULL ? journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED) :
		journey_summary_create(summary->half_life, summary->lookback);
}

const SummaryRoom journey_room = {
	.type_name = TYPE_NAME,
	.decode = journey_decode,
	.encode = journey_encode,
	.merge = journey_merge,
	.print = journey_print,
	.parse = journey_parse,
	.contradiction = journey_contradiction,
	.empty = journey_empty,
};

const JourneySummary *
journey_argument(FunctionCallInfo fcinfo)
{
	return summary_from_datum(&journey_room,
							  PointerGetDatum(PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0))));
}
