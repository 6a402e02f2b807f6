/*
 * journey_wire.c
 *	  The stored form of journeys.
 */
#include "journey_parts.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define WIRE_VERSION 1

#define STEPS_AT_ONCE 1024

static void
put_uint128(StringInfo out, uint128 value)
{
	wire_put_varint(out, (uint64) (value >> 64));
	wire_put_varint(out, (uint64) value);
}

static uint128
get_uint128(StringInfo in)
{
	uint128 high = wire_get_varint(in, JOURNEY_TYPE);

	return high << 64 | wire_get_varint(in, JOURNEY_TYPE);
}

void
journey_encode(const void *value, StringInfo out)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi journeys",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	JourneySummary summary = journey_sorted_copy(value);

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

/* Steps of many paths in one piece of memory. */
typedef struct StepSpace
{
	uint32 *next;
	int left;
} StepSpace;

static uint32 *
take_steps(StepSpace *space, int length)
{
	uint32 *steps;

	if (length > space->left)
	{
		space->left = Max(length, STEPS_AT_ONCE);
		space->next = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(space->left, sizeof(uint32)));
	}
	steps = space->next;
	space->next += length;
	space->left -= length;
	return steps;
}

/* Both decayed sums of a path's touches. */
static void
decode_decayed(Journey *journey, StringInfo in, int64 conversions, uint128 value)
{
	int length = journey->length;

	/* Four bytes at least for each touch but the last. */
	wire_check((length - 1) <= (in->len - in->cursor) / 4, JOURNEY_TYPE, "count exceeds the input");
	journey->decayed_conversions = palloc(mul_size(length, sizeof(uint128)));
	journey->decayed_value = palloc(mul_size(length, sizeof(uint128)));
	for (int i = 0; i < length - 1; i++)
	{
		journey->decayed_conversions[i] = get_uint128(in);
		journey->decayed_value[i] = get_uint128(in);
	}
	journey_complete_decay(length, conversions, value, journey->decayed_conversions, journey->decayed_value);
}

static void
decode_journey(JourneySummary *summary, StringInfo in, StepSpace *space, bool *used)
{
	int length = wire_get_count(in, JOURNEY_TYPE, 1, MaxAllocSize / sizeof(uint128));
	uint32 *steps = take_steps(space, length);
	int64 nulls;
	int64 conversions;
	uint128 value = 0;
	Journey *journey;

	for (int i = 0; i < length; i++)
	{
		uint64 step = wire_get_varint(in, JOURNEY_TYPE);

		wire_check(step >> 2 < (uint64) summary->channels.count, JOURNEY_TYPE, "unknown channel");
		steps[i] = (uint32) step;
		used[journey_channel(steps[i])] = true;
	}
	/* In order, so that none is there twice, and none needs to be looked for. */
	journey = journey_append(summary, steps, length);
	wire_check(summary->count == 1 || journey_compare(journey - 1, journey, NULL) < 0, JOURNEY_TYPE,
			   "paths are not in order");
	nulls = wire_get_int64(in, JOURNEY_TYPE, PG_INT64_MAX);
	conversions = wire_get_int64(in, JOURNEY_TYPE, PG_INT64_MAX);
	wire_check(summary->nulls <= PG_INT64_MAX - nulls && summary->conversions <= PG_INT64_MAX - conversions,
			   JOURNEY_TYPE, "count out of range");
	if (conversions > 0)
	{
		value = get_uint128(in);
		wire_check(value <= VALUE_LIMIT - summary->value, JOURNEY_TYPE, "value out of range");
		if (journey_is_decayed(summary, length))
			decode_decayed(journey, in, conversions, value);
	}
	journey_add(summary, journey, conversions, nulls, value, NULL, NULL);
}

void *
journey_decode(StringInfo in)
{
	JourneySummary *summary = journey_summary_create(JOURNEY_UNTIMED, JOURNEY_UNLIMITED);
	int channels;
	int journeys;
	StepSpace space = {0};
	bool *used;

	wire_get_version(in, JOURNEY_TYPE, WIRE_VERSION);
	summary->half_life = wire_get_int64(in, JOURNEY_TYPE, PG_INT64_MAX) - 1;
	wire_check(summary->half_life != 0, JOURNEY_TYPE, "half-life of zero");
	summary->lookback = wire_get_int64(in, JOURNEY_TYPE, PG_INT64_MAX);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		summary->ignored[reason] = wire_get_int64(in, JOURNEY_TYPE, PG_INT64_MAX);
	channels = wire_get_count(in, JOURNEY_TYPE, 1, JOURNEY_MAX_CHANNELS);
	for (int i = 0; i < channels; i++)
	{
		char *name = wire_get_text(in, JOURNEY_TYPE);

		wire_check(i == 0 || strcmp(summary->channels.texts[i - 1], name) < 0, JOURNEY_TYPE,
				   "channels are not in order");
		(void) journey_channel_number(summary, name, (int) strlen(name));
		pfree(name);
	}
	used = palloc0(mul_size(Max(channels, 1), sizeof(bool)));
	journeys = wire_get_count(in, JOURNEY_TYPE, 3, PG_INT32_MAX);
	for (int i = 0; i < journeys; i++)
	{
		CHECK_FOR_INTERRUPTS();
		decode_journey(summary, in, &space, used);
	}
	for (int i = 0; i < channels; i++)
		wire_check(used[i], JOURNEY_TYPE, "a channel that no path has");
	pfree(used);
	return summary;
}
