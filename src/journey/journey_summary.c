/*
 * journey_summary.c
 *	  The journeys: distinct paths and what came of them, added up.
 */
#include "journey_parts.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/counts.h"

#define FIRST_CAPACITY 8

const char *const journey_ignored_names[JOURNEY_IGNORED_REASONS] = {
	"null_lead",	 "null_channel", "null_time", "infinite_time",
	"no_conversion", "empty_row",	 "null_path", "before_lookback",
};

/* ---------- values ---------- */

uint128
journey_value_units(double value)
{
	double whole;

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
	uint128 whole = units / JOURNEY_VALUE_ONE;
	int64 fraction = (int64) (units % JOURNEY_VALUE_ONE);

	return (double) whole + (double) fraction / JOURNEY_VALUE_ONE;
}

void
journey_share(uint128 total, const double *weights, int count, uint128 *parts)
{
	double sum = 0;
	uint128 left = total;
	int heaviest = 0;

	for (int i = 0; i < count; i++)
	{
		sum += weights[i];
		if (weights[i] > weights[heaviest])
			heaviest = i;
	}
	for (int i = 0; i < count; i++)
	{
		uint128 part = 0;

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
	return summary;
}

int
journey_channel_number(JourneySummary *summary, const char *name, int length)
{
	int channel = text_dictionary_number(&summary->channels, name, length);

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
	uint32 slot = summary->journeys[number].hash;

	while (summary->slots[slot & summary->slot_mask] != 0)
		slot++;
	summary->slots[slot & summary->slot_mask] = (uint32) number + 1;
}

/* They tell places no longer. */
static void
forget_slots(JourneySummary *summary)
{
	if (summary->slots != NULL)
		pfree(summary->slots);
	summary->slots = NULL;
}

/* Slots for twice the capacity. */
static void
build_slots(JourneySummary *summary)
{
	Size size = 2 * FIRST_CAPACITY;

	while (size < 2 * (Size) summary->capacity)
		size *= 2;
	forget_slots(summary);
	summary->slots = MemoryContextAllocExtended(summary->context, mul_size(size, sizeof(uint32)),
												MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	summary->slot_mask = (uint32) (size - 1);
	for (int number = 0; number < summary->count; number++)
	{
		CHECK_FOR_INTERRUPTS();
		place_journey(summary, number);
	}
}

/* Paths are short: a general hash, or memcmp, would spend most on being called. */
static inline uint32
path_hash(const uint32 *steps, int length)
{
	uint64 hash = (uint64) length;

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

/* Another journey, whose steps are to come. */
static Journey *
append_journey(JourneySummary *summary)
{
	Journey *journey;

	if (summary->count == summary->capacity)
	{
		if (summary->capacity > PG_INT32_MAX / 4)
			counts_raise_out_of_range(JOURNEY_TYPE);
		summary->capacity *= 2;
		summary->journeys = repalloc_huge(summary->journeys, mul_size(summary->capacity, sizeof(Journey)));
		if (summary->slots != NULL)
			build_slots(summary);
	}
	journey = &summary->journeys[summary->count++];
	memset(journey, 0, sizeof(Journey));
	return journey;
}

Journey *
journey_append(JourneySummary *summary, uint32 *steps, int length)
{
	Journey *journey = append_journey(summary);

	Assert(summary->slots == NULL);
	journey->length = length;
	journey->steps = steps;
	return journey;
}

Journey *
journey_of_path(JourneySummary *summary, const uint32 *steps, int length)
{
	uint32 hash = path_hash(steps, length);
	uint32 slot = hash;
	uint32 found;
	Journey *journey;

	if (unlikely(summary->slots == NULL))
	{
		for (int number = 0; number < summary->count; number++)
		{
			CHECK_FOR_INTERRUPTS();
			journey = &summary->journeys[number];
			journey->hash = path_hash(journey->steps, journey->length);
		}
		build_slots(summary);
	}
	while ((found = summary->slots[slot & summary->slot_mask]) != 0)
	{
		journey = &summary->journeys[found - 1];
		if (journey->hash == hash && journey->length == length && same_steps(journey->steps, steps, length))
			return journey;
		slot++;
	}
	journey = append_journey(summary);
	journey->hash = hash;
	journey->length = length;
	journey->steps = MemoryContextAlloc(summary->context, mul_size(Max(length, 1), sizeof(uint32)));
	memcpy(journey->steps, steps, length * sizeof(uint32));
	place_journey(summary, summary->count - 1);
	return journey;
}

void
journey_add(JourneySummary *summary, Journey *journey, int64 conversions, int64 nulls, uint128 value,
			const uint128 *decayed_conversions, const uint128 *decayed_value)
{
	summary->conversions = add_counts(summary->conversions, conversions, JOURNEY_TYPE);
	summary->nulls = add_counts(summary->nulls, nulls, JOURNEY_TYPE);
	summary->value += value;
	if (summary->value > VALUE_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("total value of journeys is out of range")));
	journey->conversions += conversions;
	journey->nulls += nulls;
	journey->value += value;
	if (conversions == 0 || decayed_conversions == NULL || !journey_is_decayed(summary, journey->length))
		return;
	if (journey->decayed_conversions == NULL)
	{
		Size size = mul_size(journey->length, sizeof(uint128));

		journey->decayed_conversions = MemoryContextAllocZero(summary->context, size);
		journey->decayed_value = MemoryContextAllocZero(summary->context, size);
	}
	for (int i = 0; i < journey->length; i++)
	{
		journey->decayed_conversions[i] += decayed_conversions[i];
		journey->decayed_value[i] += decayed_value[i];
	}
}

/* ---------- canonical order ---------- */

static int
compare_names(const void *a, const void *b, void *unused)
{
	return strcmp(**(char **const *) a, **(char **const *) b);
}

int
journey_compare(const void *a, const void *b, void *unused)
{
	const Journey *left = a;
	const Journey *right = b;
	int common = Min(left->length, right->length);

	for (int i = 0; i < common; i++)
		if (left->steps[i] != right->steps[i])
			return left->steps[i] < right->steps[i] ? -1 : 1;
	return left->length - right->length;
}

JourneySummary
journey_sorted_copy(const JourneySummary *summary)
{
	JourneySummary sorted = *summary;
	uint32 *rank = palloc0(mul_size(Max(summary->channels.count, 1), sizeof(uint32)));
	char ***used = palloc(mul_size(Max(summary->channels.count, 1), sizeof(char **)));
	Size total = 0;
	uint32 *steps;

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
	sorted.channels.texts = palloc(mul_size(Max(sorted.channels.count, 1), sizeof(char *)));
	for (int i = 0; i < sorted.channels.count; i++)
	{
		sorted.channels.texts[i] = *used[i];
		rank[used[i] - summary->channels.texts] = (uint32) i;
	}

	sorted.journeys = MemoryContextAllocHuge(CurrentMemoryContext,
											 mul_size(Max(summary->count, 1), sizeof(Journey)));
	steps = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(Max(total, 1), sizeof(uint32)));
	for (int i = 0; i < summary->count; i++)
	{
		Journey *journey = &sorted.journeys[i];

		CHECK_FOR_INTERRUPTS();
		*journey = summary->journeys[i];
		for (int j = 0; j < journey->length; j++)
		{
			uint32 step = summary->journeys[i].steps[j];

			steps[j] = journey_step(rank[journey_channel(step)], journey_milestones(step));
		}
		journey->steps = steps;
		steps += journey->length;
	}
	if (sorted.count > 1)
		qsort_interruptible(sorted.journeys, sorted.count, sizeof(Journey), journey_compare, NULL);
	pfree(rank);
	pfree(used);
	return sorted;
}

/* ---------- what must hold ---------- */

void
journey_complete_decay(int length, int64 conversions, uint128 value, uint128 *decayed_conversions,
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

const char *
journey_contradiction(const void *value)
{
	const JourneySummary *summary = value;
	int64 conversions = 0;
	int64 nulls = 0;
	uint128 total = 0;

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

/* ---------- merge ---------- */

static char *
duration_text(int64 duration)
{
	if (duration == JOURNEY_UNTIMED || duration == JOURNEY_UNLIMITED)
		return pstrdup("none");
	return psprintf("%g days", (double) duration / USECS_PER_DAY);
}

static void
require_same(const char *what, int64 into, int64 from, const char *verb)
{
	if (into != from)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("journeys of different %s cannot be %s: %s and %s", what, verb,
						duration_text(into), duration_text(from)),
				 errhint("Build both with the same %s; paths without times have none.", what)));
}

/* The paths of one summary in the numbers of another. */
typedef struct Renumbering
{
	int *number; /* per channel */
	uint32 *steps;
	int capacity;
} Renumbering;

/* Both must have the same half-life and lookback; the verb is for the message. */
static Renumbering
begin_renumbering(JourneySummary *into, const JourneySummary *from, const char *verb)
{
	Renumbering renumbering;

	require_same("half-life", into->half_life, from->half_life, verb);
	require_same("lookback", into->lookback, from->lookback, verb);
	renumbering.capacity = 64;
	renumbering.steps = palloc(mul_size(renumbering.capacity, sizeof(uint32)));
	renumbering.number = palloc(mul_size(Max(from->channels.count, 1), sizeof(int)));
	for (int channel = 0; channel < from->channels.count; channel++)
	{
		CHECK_FOR_INTERRUPTS();
		renumbering.number[channel] = journey_channel_number(into, from->channels.texts[channel],
															 (int) strlen(from->channels.texts[channel]));
	}
	return renumbering;
}

/* The journey of the same path, with no conversions and no nulls when it is new. */
static Journey *
renumbered_journey(Renumbering *renumbering, JourneySummary *into, const Journey *journey)
{
	CHECK_FOR_INTERRUPTS();
	if (journey->length > renumbering->capacity)
	{
		pfree(renumbering->steps);
		renumbering->capacity = journey->length;
		renumbering->steps = palloc(mul_size(renumbering->capacity, sizeof(uint32)));
	}
	for (int j = 0; j < journey->length; j++)
		renumbering->steps[j] = journey_step(renumbering->number[journey_channel(journey->steps[j])],
											 journey_milestones(journey->steps[j]));
	return journey_of_path(into, renumbering->steps, journey->length);
}

static void
end_renumbering(Renumbering *renumbering)
{
	pfree(renumbering->steps);
	pfree(renumbering->number);
}

void
journey_merge(void *into_value, const void *from_value)
{
	JourneySummary *into = into_value;
	const JourneySummary *from = from_value;
	Renumbering renumbering = begin_renumbering(into, from, "added");

	add_each_count(into->ignored, from->ignored, JOURNEY_IGNORED_REASONS, JOURNEY_TYPE);
	for (int i = 0; i < from->count; i++)
	{
		const Journey *journey = &from->journeys[i];

		journey_add(into, renumbered_journey(&renumbering, into, journey), journey->conversions,
					journey->nulls, journey->value, journey->decayed_conversions, journey->decayed_value);
	}
	end_renumbering(&renumbering);
}

/* ---------- subtract ---------- */

static uint128
subtract_values(uint128 value, uint128 part)
{
	if (part > value)
		counts_raise_not_part(JOURNEY_TYPE);
	return value - part;
}

static void
subtract_journey(Journey *from, const Journey *part)
{
	from->conversions = subtract_counts(from->conversions, part->conversions, JOURNEY_TYPE);
	from->nulls = subtract_counts(from->nulls, part->nulls, JOURNEY_TYPE);
	from->value = subtract_values(from->value, part->value);
	if (from->conversions == 0 && from->value > 0)
		counts_raise_not_part(JOURNEY_TYPE);
	for (int i = 0; part->decayed_conversions != NULL && i < part->length; i++)
	{
		from->decayed_conversions[i] = subtract_values(from->decayed_conversions[i],
													   part->decayed_conversions[i]);
		from->decayed_value[i] = subtract_values(from->decayed_value[i], part->decayed_value[i]);
	}
}

void
journey_subtract(JourneySummary *from, const JourneySummary *part)
{
	Renumbering renumbering = begin_renumbering(from, part, "subtracted");
	int count = 0;

	subtract_each_count(from->ignored, part->ignored, JOURNEY_IGNORED_REASONS, JOURNEY_TYPE);
	from->conversions = subtract_counts(from->conversions, part->conversions, JOURNEY_TYPE);
	from->nulls = subtract_counts(from->nulls, part->nulls, JOURNEY_TYPE);
	from->value = subtract_values(from->value, part->value);
	/* A path that is new here has nothing that could be subtracted. */
	for (int i = 0; i < part->count; i++)
		subtract_journey(renumbered_journey(&renumbering, from, &part->journeys[i]), &part->journeys[i]);
	end_renumbering(&renumbering);
	for (int i = 0; i < from->count; i++)
		if (from->journeys[i].conversions > 0 || from->journeys[i].nulls > 0)
			from->journeys[count++] = from->journeys[i];
	from->count = count;
	forget_slots(from);
	if (journey_contradiction(from) != NULL)
		counts_raise_not_part(JOURNEY_TYPE);
}
