/*
 * journey_maker.c
 *	  Cuts the rows of a lead into journeys.
 *
 * A conversion owns the touches after the conversion before it, up to its own
 * time and within the lookback; what follows the last one is a journey that
 * has not converted.
 */
#include "journey_maker.h"

#include <math.h>

#include "miscadmin.h"

#define COMPARE(a, b) \
	if ((a) != (b)) \
	return (a) < (b) ? -1 : 1

typedef struct Conversion
{
	int64 at;
	double value; /* negative when it has none */
} Conversion;

static inline int
compare_conversions(const Conversion *a, const Conversion *b)
{
	COMPARE(a->at, b->at);
	COMPARE(a->value, b->value);
	return 0;
}

#define ST_SORT sort_conversions
#define ST_ELEMENT_TYPE Conversion
#define ST_COMPARE(a, b) compare_conversions(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* One lead's journeys in the making. */
struct JourneyMaker
{
	JourneySummary *summary;
	int capacity;
	Conversion *conversions;
	int64 *times; /* of the touches */
	uint32 *steps;
	double *weights;
	uint128 *decayed_conversions;
	uint128 *decayed_value;
};

static void
make_room(JourneyMaker *maker, int64 count)
{
	if (count <= maker->capacity)
		return;
	if (count > PG_INT32_MAX / 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a lead has " INT64_FORMAT " rows, too many for a journey", count),
				 errhint("Leave out bots and test leads.")));
	maker->capacity = (int) Max(count, 2 * (int64) maker->capacity);
	maker->conversions = repalloc_huge(maker->conversions, mul_size(maker->capacity, sizeof(Conversion)));
	maker->times = repalloc_huge(maker->times, mul_size(maker->capacity, sizeof(int64)));
	maker->steps = repalloc_huge(maker->steps, mul_size(maker->capacity, sizeof(uint32)));
	maker->weights = repalloc_huge(maker->weights, mul_size(maker->capacity, sizeof(double)));
	maker->decayed_conversions = repalloc_huge(maker->decayed_conversions,
											   mul_size(maker->capacity, sizeof(uint128)));
	maker->decayed_value = repalloc_huge(maker->decayed_value, mul_size(maker->capacity, sizeof(uint128)));
}

JourneyMaker *
journey_maker_create(JourneySummary *summary)
{
	JourneyMaker *maker = palloc0(sizeof(JourneyMaker));

	maker->summary = summary;
	maker->conversions = palloc(1);
	maker->times = palloc(1);
	maker->steps = palloc(1);
	maker->weights = palloc(1);
	maker->decayed_conversions = palloc(1);
	maker->decayed_value = palloc(1);
	make_room(maker, 64);
	return maker;
}

/* Adds touches first to last - 1 as a journey that ended at a time. */
static void
add_journey(JourneyMaker *maker, int first, int last, int64 end, int64 conversions, int64 nulls,
			uint128 value)
{
	JourneySummary *summary = maker->summary;
	int length;
	Journey *journey;

	while (first < last && summary->lookback != JOURNEY_UNLIMITED &&
		   (uint64) end - (uint64) maker->times[first] > (uint64) summary->lookback)
	{
		summary->ignored[JOURNEY_BEFORE_LOOKBACK]++;
		first++;
	}
	length = last - first;
	journey = journey_of_path(summary, maker->steps + first, length);
	if (conversions > 0 && journey_is_decayed(summary, length))
	{
		/* Relative to the last touch, whose weight cannot vanish. */
		for (int i = 0; i < length; i++)
			maker->weights[i] = exp2(-(double) (uint64) (maker->times[last - 1] - maker->times[first + i]) /
									 (double) summary->half_life);
		journey_share((uint128) conversions * JOURNEY_WEIGHT_ONE, maker->weights, length,
					  maker->decayed_conversions);
		journey_share(value, maker->weights, length, maker->decayed_value);
		journey_add(summary, journey, conversions, nulls, value, maker->decayed_conversions,
					maker->decayed_value);
	}
	else
		journey_add(summary, journey, conversions, nulls, value, NULL, NULL);
}

/*
 * The touches of sorted rows.  A touch that comes with several conversions, as
 * a join repeats it, is one touch; rows that say the same are several.
 */
static int
collect_touches(JourneyMaker *maker, const JourneyRow *rows, int64 count)
{
	int touches = 0;
	int64 i = 0;

	while (i < count && !(rows[i].word & ROW_TOUCH))
		i++;
	while (i < count)
	{
		const JourneyRow *touch = &rows[i];
		int64 most = 0;

		CHECK_FOR_INTERRUPTS();
		while (i < count && rows[i].touched_at == touch->touched_at &&
			   journey_row_step(&rows[i]) == journey_row_step(touch))
		{
			const JourneyRow *same = &rows[i];
			int64 run = 0;

			for (; i < count && journey_row_compare(&rows[i], same) == 0; i++)
				run++;
			most = Max(most, run);
		}
		for (; most > 0; most--)
		{
			maker->times[touches] = touch->touched_at;
			maker->steps[touches++] = journey_row_step(touch);
		}
	}
	return touches;
}

/* The conversions of a lead, sorted, each once. */
static int
collect_conversions(JourneyMaker *maker, const JourneyRow *rows, int64 count)
{
	Conversion *conversions = maker->conversions;
	int found = 0;
	int kept = 0;

	for (int64 i = 0; i < count; i++)
		if (rows[i].word & ROW_CONVERSION)
		{
			Conversion conversion = {
				journey_row_converted_at(&rows[i]),
				rows[i].word & ROW_VALUE ? journey_row_value(&rows[i]) : -1,
			};

			/* A join repeats the same one row after row. */
			if (found == 0 || compare_conversions(&conversions[found - 1], &conversion) != 0)
				conversions[found++] = conversion;
		}
	sort_conversions(conversions, found);
	for (int i = 0; i < found; i++)
	{
		/* The same again, or one without a value where there is one with. */
		if (i + 1 < found && conversions[i].at == conversions[i + 1].at &&
			(conversions[i].value < 0 || conversions[i].value == conversions[i + 1].value))
			continue;
		conversions[kept++] = conversions[i];
	}
	return kept;
}

void
journey_maker_add_lead(void *argument, const JourneyRow *rows, int64 count)
{
	JourneyMaker *maker = argument;
	int conversions;
	int touches;
	int first = 0;

	CHECK_FOR_INTERRUPTS();
	make_room(maker, count);
	conversions = collect_conversions(maker, rows, count);
	touches = collect_touches(maker, rows, count);
	for (int i = 0; i < conversions;)
	{
		int64 at = maker->conversions[i].at;
		int64 together = 0;
		uint128 value = 0;
		int last = first;

		CHECK_FOR_INTERRUPTS();
		for (; i < conversions && maker->conversions[i].at == at; i++, together++)
			value += journey_value_units(Max(maker->conversions[i].value, 0));
		while (last < touches && maker->times[last] <= at)
			last++;
		add_journey(maker, first, last, at, together, 0, value);
		first = last;
	}
	if (first < touches)
		add_journey(maker, first, touches, maker->times[touches - 1], 0, 1, 0);
}
