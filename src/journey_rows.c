/*
 * journey_rows.c
 *	  Rows of touches and conversions, sorted by lead and cut into journeys.
 *
 * A conversion owns the touches after the conversion before it, up to its own
 * time and within the lookback; what follows the last one is a journey that
 * has not converted.
 */
#include "journey_rows.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_CAPACITY 4

/* Rows per part, about: a part is sorted inside the processor's cache. */
#define PART_ROWS 64
#define MAX_PART_BITS 16

void
journey_rows_init(JourneyRows *rows, JourneyKey key)
{
	memset(rows, 0, sizeof(*rows));
	rows->key = key;
	if (key == JOURNEY_KEY_TEXT)
		text_dictionary_init(&rows->leads);
	rows->capacity = FIRST_CAPACITY;
	rows->rows = palloc(FIRST_CAPACITY * sizeof(JourneyRow));
}

JourneyRow *
journey_rows_add(JourneyRows *rows)
{
	if (rows->count == rows->capacity)
	{
		rows->capacity *= 2;
		rows->rows = repalloc_huge(rows->rows, (Size) rows->capacity * sizeof(JourneyRow));
	}
	return &rows->rows[rows->count++];
}

/* Mixes a lead's key, so that parts are about equally large. */
static inline uint32
lead_part(const JourneyRow *row, int bits)
{
	uint64		x = (row->lead ^ row->lead_rest) * UINT64CONST(0x9e3779b97f4a7c15);

	x ^= x >> 32;
	x *= UINT64CONST(0xd6e8feb86659fd93);
	return bits == 0 ? 0 : (uint32) (x >> (64 - bits));
}

#define COMPARE(a, b) \
	if ((a) != (b)) \
		return (a) < (b) ? -1 : 1

/* By lead, then conversions without touch, then touches by time, step and conversion. */
static inline int
compare_rows(const JourneyRow *a, const JourneyRow *b)
{
	COMPARE(a->lead, b->lead);
	COMPARE(a->lead_rest, b->lead_rest);
	COMPARE(a->has & ROW_TOUCH, b->has & ROW_TOUCH);
	COMPARE(a->touched_at, b->touched_at);
	COMPARE(a->step, b->step);
	COMPARE(a->has, b->has);
	COMPARE(a->converted_at, b->converted_at);
	COMPARE(a->value, b->value);
	return 0;
}

#define ST_SORT sort_rows
#define ST_ELEMENT_TYPE JourneyRow
#define ST_COMPARE(a, b) compare_rows(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

typedef struct Conversion
{
	int64		at;
	double		value;			/* negative when it has none */
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
#define ST_DEFINE
#include "lib/sort_template.h"

/* One lead's journeys in the making. */
typedef struct JourneyMaker
{
	JourneySummary *summary;
	int			capacity;
	Conversion *conversions;
	int64	   *times;			/* of the touches */
	uint32	   *steps;
	double	   *weights;
	uint128    *decayed_conversions;
	uint128    *decayed_value;
} JourneyMaker;

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
	maker->conversions = repalloc_huge(maker->conversions, maker->capacity * sizeof(Conversion));
	maker->times = repalloc_huge(maker->times, maker->capacity * sizeof(int64));
	maker->steps = repalloc_huge(maker->steps, maker->capacity * sizeof(uint32));
	maker->weights = repalloc_huge(maker->weights, maker->capacity * sizeof(double));
	maker->decayed_conversions = repalloc_huge(maker->decayed_conversions,
											   maker->capacity * sizeof(uint128));
	maker->decayed_value = repalloc_huge(maker->decayed_value, maker->capacity * sizeof(uint128));
}

static void
start_maker(JourneyMaker *maker, JourneySummary *summary)
{
	memset(maker, 0, sizeof(*maker));
	maker->summary = summary;
	maker->conversions = palloc(1);
	maker->times = palloc(1);
	maker->steps = palloc(1);
	maker->weights = palloc(1);
	maker->decayed_conversions = palloc(1);
	maker->decayed_value = palloc(1);
	make_room(maker, 64);
}

/* Adds touches first to last - 1 as a journey that ended at a time. */
static void
add_journey(JourneyMaker *maker, int first, int last, int64 end, int64 conversions, int64 nulls,
			uint128 value)
{
	JourneySummary *summary = maker->summary;
	int			length;
	Journey    *journey;

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
	int			touches = 0;
	int64		i = 0;

	while (i < count && !(rows[i].has & ROW_TOUCH))
		i++;
	while (i < count)
	{
		const JourneyRow *touch = &rows[i];
		int64		most = 0;

		while (i < count && rows[i].touched_at == touch->touched_at && rows[i].step == touch->step)
		{
			const JourneyRow *same = &rows[i];
			int64		run = 0;

			for (; i < count && compare_rows(&rows[i], same) == 0; i++)
				run++;
			most = Max(most, run);
		}
		for (; most > 0; most--)
		{
			maker->times[touches] = touch->touched_at;
			maker->steps[touches++] = touch->step;
		}
	}
	return touches;
}

/* The conversions of a lead, sorted, each once. */
static int
collect_conversions(JourneyMaker *maker, const JourneyRow *rows, int64 count)
{
	Conversion *conversions = maker->conversions;
	int			found = 0;
	int			kept = 0;

	for (int64 i = 0; i < count; i++)
		if (rows[i].has & ROW_CONVERSION)
		{
			Conversion	conversion = {
				rows[i].converted_at, rows[i].has & ROW_VALUE ? rows[i].value : -1
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

static void
add_lead(JourneyMaker *maker, const JourneyRow *rows, int64 count)
{
	int			conversions;
	int			touches;
	int			first = 0;

	make_room(maker, count);
	conversions = collect_conversions(maker, rows, count);
	touches = collect_touches(maker, rows, count);
	for (int i = 0; i < conversions;)
	{
		int64		at = maker->conversions[i].at;
		int64		together = 0;
		uint128		value = 0;
		int			last = first;

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

void
journey_rows_summarize(const JourneyRows *rows, const TextDictionary *channels,
					   JourneySummary *summary)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi journeys",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	int			bits = 0;
	int64		largest = 1;
	int64	   *start;
	int64	   *place;
	JourneyRow *sorted;
	uint32	   *number;
	const char **names;
	JourneyMaker maker;

	/* Steps by rank of the channel's name, which breaks ties in time. */
	names = palloc(Max(channels->count, 1) * sizeof(char *));
	number = palloc(Max(channels->count, 1) * sizeof(uint32));
	for (int i = 0; i < channels->count; i++)
		names[i] = channels->texts[i];
	if (channels->count > 1)
		qsort(names, channels->count, sizeof(char *), pg_qsort_strcmp);
	for (int i = 0; i < channels->count; i++)
		(void) journey_channel_number(summary, names[i], (int) strlen(names[i]));
	for (int i = 0; i < channels->count; i++)
		number[i] = (uint32) journey_channel_number(summary, channels->texts[i],
													(int) strlen(channels->texts[i]));

	/* Which rows each part has: start becomes the end of each part. */
	while (bits < MAX_PART_BITS && rows->count >> bits > PART_ROWS)
		bits++;
	start = palloc0((((Size) 1 << bits) + 1) * sizeof(int64));
	for (int64 i = 0; i < rows->count; i++)
		start[lead_part(&rows->rows[i], bits) + 1]++;
	for (int part = 0; part < 1 << bits; part++)
	{
		largest = Max(largest, start[part + 1]);
		start[part + 1] += start[part];
	}
	place = MemoryContextAllocHuge(scratch, Max(rows->count, 1) * sizeof(int64));
	for (int64 i = 0; i < rows->count; i++)
		place[start[lead_part(&rows->rows[i], bits)]++] = i;

	/* Copy and sort one part at a time, and visit its leads. */
	sorted = MemoryContextAllocHuge(scratch, largest * sizeof(JourneyRow));
	start_maker(&maker, summary);
	for (int part = 0; part < 1 << bits; part++)
	{
		int64		first = part == 0 ? 0 : start[part - 1];
		int64		count = start[part] - first;
		int64		from = 0;

		CHECK_FOR_INTERRUPTS();
		for (int64 i = 0; i < count; i++)
		{
			JourneyRow *row = &sorted[i];

			*row = rows->rows[place[first + i]];
			if (row->has & ROW_TOUCH)
				row->step = journey_step(number[journey_channel(row->step)],
										 journey_milestones(row->step));
		}
		sort_rows(sorted, count);
		while (from < count)
		{
			int64		next = from + 1;

			while (next < count && sorted[next].lead == sorted[from].lead &&
				   sorted[next].lead_rest == sorted[from].lead_rest)
				next++;
			add_lead(&maker, sorted + from, next - from);
			from = next;
		}
	}
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(scratch);
}
