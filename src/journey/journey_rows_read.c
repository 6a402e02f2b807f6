/*
 * journey_rows_read.c
 *	  Reading touches and conversions back, lead by lead.
 */
#include "journey_rows.h"

#include "miscadmin.h"
#include "utils/memutils.h"

/* Below this, insertion sort; most leads have a handful of rows. */
#define INSERTION_LIMIT 24

/* Bits of hash that one counting pass may spread over: its counters stay cached. */
#define MAX_SPREAD_BITS 15

#define COMPARE(a, b) \
	if ((a) != (b)) \
	return (a) < (b) ? -1 : 1

int
journey_row_compare(const JourneyRow *a, const JourneyRow *b)
{
	COMPARE(a->touched_at, b->touched_at);
	COMPARE(a->word, b->word);
	if (!(a->word & ROW_CONVERSION))
		return 0;
	COMPARE(journey_row_converted_at(a), journey_row_converted_at(b));
	COMPARE(journey_row_value(a), journey_row_value(b));
	return 0;
}

static inline int
compare_rows(const JourneyRow *a, const JourneyRow *b)
{
	COMPARE(a->lead, b->lead);
	COMPARE(a->touched_at, b->touched_at);
	return journey_row_compare(a, b);
}

#define ST_SORT sort_rows
#define ST_ELEMENT_TYPE JourneyRow
#define ST_COMPARE(a, b) compare_rows(a, b)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Leads whose hashes are equal: rare, and never with bigint keys. */
static int
compare_keyed_rows(const JourneyRow *a, const JourneyRow *b, LeadKeyKind *kind)
{
	int order = lead_key_compare(*kind, a->payload[-1], b->payload[-1]);

	return order != 0 ? order : journey_row_compare(a, b);
}

#define ST_SORT sort_keyed_rows
#define ST_ELEMENT_TYPE JourneyRow
#define ST_COMPARE_ARG_TYPE LeadKeyKind
#define ST_COMPARE(a, b, kind) compare_keyed_rows(a, b, kind)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static inline void
insertion_sort(JourneyRow *rows, int64 count)
{
	for (int64 i = 1; i < count; i++)
	{
		JourneyRow row = rows[i];
		JourneyRow *hole = &rows[i];

		for (; hole > rows && compare_rows(&row, hole - 1) < 0; hole--)
			*hole = hole[-1];
		*hole = row;
	}
}

/* Events of one log, of one partition or of any. */
typedef struct RowSource
{
	const uint64 *words;
	int64 count;
	uint64 partition;		  /* of them all, in the upper bits of the hash, or */
	const uint16 *partitions; /* of each */
	int payload;
	const uint32 *words_of_channels; /* with the channels' numbers to be */
} RowSource;

/* What reading needs besides the rows. */
typedef struct RowReader
{
	LeadKeyKind kind;
	JourneyRowsVisitor visitor;
	void *argument;
	MemoryContext context; /* of the buffers */
	RowSource *sources;
	int source_count;
	int source_capacity;
	JourneyRow *sorted;
	int64 capacity;
	uint32 *end; /* of the buckets of the spreading pass */
	int bucket_capacity;
} RowReader;

/* The spreading pass: by the first bits of the hash in which the rows differ. */
typedef struct Spread
{
	int known_bits;
	int bits;
} Spread;

static inline uint64
bucket_of(Spread spread, uint64 hash)
{
	/* In two shifts, since there may be no bits. */
	return hash << spread.known_bits >> 1 >> (63 - spread.bits);
}

/*
 * Counts a source's rows by bucket, or puts them there.  Called with constants
 * where the kinds of source differ.
 */
static pg_attribute_always_inline void
spread_source(const RowReader *reader, const RowSource *source, Spread spread, int words, int payload,
			  bool staged, bool put)
{
	const uint64 *event = source->words;
	const uint32 *words_of_channels = source->words_of_channels;
	uint32 *end = reader->end;

	for (int64 i = 0; i < source->count; i++, event += words + payload)
	{
		uint64 partition = staged ? (uint64) source->partitions[i] << (64 - LEAD_PARTITION_BITS)
								  : source->partition;
		uint64 hash = partition | event[0] >> 8;
		JourneyRow *row;

		if (!put)
		{
			end[bucket_of(spread, hash)]++;
			continue;
		}
		row = &reader->sorted[end[bucket_of(spread, hash)]++];
		row->lead = hash;
		row->touched_at = (int64) event[1];
		row->payload = event + words;
		if (payload == 0)
			row->word = words_of_channels[event[0] & 0xff] | ROW_TOUCH;
		else if (event[words] & ROW_TOUCH)
			row->word = words_of_channels[event[words] >> ROW_CHANNEL_SHIFT] |
				(uint32) (event[words] & ((1 << ROW_CHANNEL_SHIFT) - 1));
		else
		{
			row->touched_at = PG_INT64_MIN;
			row->word = (uint32) event[words];
		}
	}
}

static void
spread_rows(const RowReader *reader, Spread spread, bool put)
{
	for (int i = 0; i < reader->source_count; i++)
	{
		const RowSource *source = &reader->sources[i];
		int words = LEAD_EVENT_WORDS(reader->kind);

		if (source->partitions != NULL)
			spread_source(reader, source, spread, words, source->payload, true, put);
		else if (source->payload == 0)
			spread_source(reader, source, spread, words, 0, false, put);
		else
			spread_source(reader, source, spread, words, LEAD_PAYLOAD_WORDS, false, put);
	}
}

/* The sources' rows, sorted by lead; returns how many there are. */
static int64
sort_sources(RowReader *reader, int known_bits)
{
	Spread spread = {.known_bits = known_bits};
	int64 count = 0;
	int64 start = 0;

	for (int i = 0; i < reader->source_count; i++)
		count += reader->sources[i].count;
	if (count > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " rows of a few leads, too many for journeys", count),
				 errhint("Leave out bots and test leads.")));
	while (spread.bits < MAX_SPREAD_BITS && (INT64CONST(2) << spread.bits) < count)
		spread.bits++;

	if (count > reader->capacity)
	{
		if (reader->sorted != NULL)
			pfree(reader->sorted);
		/* Partitions are about equal: a little more than this one does for the next. */
		reader->capacity = count + count / 8;
		reader->sorted = MemoryContextAllocHuge(reader->context,
												mul_size(reader->capacity, sizeof(JourneyRow)));
	}
	if (1 << spread.bits > reader->bucket_capacity)
	{
		if (reader->end != NULL)
			pfree(reader->end);
		reader->bucket_capacity = 1 << spread.bits;
		reader->end = MemoryContextAlloc(reader->context, mul_size(reader->bucket_capacity, sizeof(uint32)));
	}

	memset(reader->end, 0, sizeof(uint32) << spread.bits);
	spread_rows(reader, spread, false);
	for (int64 bucket = 0; bucket < 1 << spread.bits; bucket++)
	{
		uint32 size = reader->end[bucket];

		reader->end[bucket] = (uint32) start;
		start += size;
	}
	spread_rows(reader, spread, true);

	start = 0;
	for (int64 bucket = 0; bucket < 1 << spread.bits; bucket++)
	{
		int64 size = reader->end[bucket] - start;

		if (size > INSERTION_LIMIT)
			sort_rows(reader->sorted + start, size);
		else
			insertion_sort(reader->sorted + start, size);
		start = reader->end[bucket];
	}
	return count;
}

/* Rows of one hash: one lead, or very rarely more. */
static void
visit_group(const RowReader *reader, JourneyRow *rows, int64 count)
{
	LeadKeyKind kind = reader->kind;
	bool one_lead = true;
	int64 start = 0;

	if (kind != LEAD_KEY_BIGINT)
		for (int64 i = 1; i < count && one_lead; i++)
			one_lead = lead_key_compare(kind, rows[0].payload[-1], rows[i].payload[-1]) == 0;
	if (one_lead)
	{
		reader->visitor(reader->argument, rows, count);
		return;
	}
	sort_keyed_rows(rows, count, &kind);
	for (int64 i = 1; i <= count; i++)
		if (i == count || lead_key_compare(kind, rows[start].payload[-1], rows[i].payload[-1]) != 0)
		{
			reader->visitor(reader->argument, rows + start, i - start);
			start = i;
		}
}

/* Visits the leads of the sources, and forgets these. */
static void
visit_sources(RowReader *reader, int known_bits)
{
	int64 count = sort_sources(reader, known_bits);
	int64 start = 0;

	while (start < count)
	{
		int64 next = start + 1;

		while (next < count && reader->sorted[next].lead == reader->sorted[start].lead)
			next++;
		visit_group(reader, reader->sorted + start, next - start);
		start = next;
	}
	reader->source_count = 0;
}

static void
add_source(RowReader *reader, RowSource source)
{
	if (source.count == 0)
		return;
	if (reader->source_count == reader->source_capacity)
	{
		reader->source_capacity = Max(16, 2 * reader->source_capacity);
		reader->sources = reader->sources == NULL
			? MemoryContextAlloc(reader->context, mul_size(reader->source_capacity, sizeof(RowSource)))
			: repalloc(reader->sources, mul_size(reader->source_capacity, sizeof(RowSource)));
	}
	reader->sources[reader->source_count++] = source;
}

static void
add_staged(RowReader *reader, const LeadEventLog *log, const uint32 *words_of_channels)
{
	add_source(reader,
			   (RowSource){
				   .words = log->staged_words,
				   .count = log->staged,
				   .partitions = log->staged_partition,
				   .payload = log->payload,
				   .words_of_channels = words_of_channels,
			   });
}

static void
add_partition(RowReader *reader, LeadEventLog *log, int p, const uint32 *words_of_channels)
{
	int piece_count;
	LeadEventPiece *pieces = lead_event_log_partition(log, p, &piece_count);

	for (int i = 0; i < piece_count; i++)
		add_source(reader,
				   (RowSource){
					   .words = pieces[i].words,
					   .count = pieces[i].count,
					   .partition = (uint64) p << (64 - LEAD_PARTITION_BITS),
					   .payload = log->payload,
					   .words_of_channels = words_of_channels,
				   });
}

static bool
all_are_small(const JourneyRows *rows)
{
	for (const JourneyPart *part = &rows->own; part != NULL; part = part->next)
		if (!lead_event_log_is_small(&part->touches) || !lead_event_log_is_small(&part->others))
			return false;
	return true;
}

static void
visit_partitions(RowReader *reader, JourneyRows *rows, uint32 *const *words_of_channels)
{
	MemoryContext scratch = AllocSetContextCreate(reader->context, "lead_kpi partition",
												  ALLOCSET_DEFAULT_SIZES);

	for (JourneyPart *part = &rows->own; part != NULL; part = part->next)
	{
		lead_event_log_begin_reading(&part->touches);
		lead_event_log_begin_reading(&part->others);
	}
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		MemoryContext previous = MemoryContextSwitchTo(scratch);
		int n = 0;

		CHECK_FOR_INTERRUPTS();
		for (JourneyPart *part = &rows->own; part != NULL; part = part->next, n++)
		{
			add_partition(reader, &part->touches, p, words_of_channels[n]);
			add_partition(reader, &part->others, p, words_of_channels[n]);
		}
		MemoryContextSwitchTo(previous);
		visit_sources(reader, LEAD_PARTITION_BITS);
		MemoryContextReset(scratch);
	}
	for (JourneyPart *part = &rows->own; part != NULL; part = part->next)
	{
		lead_event_log_end_reading(&part->touches);
		lead_event_log_end_reading(&part->others);
	}
}

void
journey_rows_visit(JourneyRows *rows, const int *numbers, JourneyRowsVisitor visitor, void *argument)
{
	RowReader reader = {.kind = rows->kind, .visitor = visitor, .argument = argument};
	int parts = 0;
	uint32 **words_of_channels;

	reader.context = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi rows", ALLOCSET_DEFAULT_SIZES);
	for (JourneyPart *part = &rows->own; part != NULL; part = part->next)
		parts++;
	words_of_channels = MemoryContextAlloc(reader.context, mul_size(parts, sizeof(uint32 *)));
	parts = 0;
	for (JourneyPart *part = &rows->own; part != NULL; part = part->next)
	{
		int count = part->channels == NULL ? rows->channels.count : part->channel_count;
		uint32 *words = MemoryContextAlloc(reader.context, mul_size(Max(count, 1), sizeof(uint32)));

		for (int i = 0; i < count; i++)
			words[i] = journey_row_word(numbers[part->channels == NULL ? i : (int) part->channels[i]], 0, 0);
		words_of_channels[parts++] = words;
	}

	if (all_are_small(rows))
	{
		parts = 0;
		for (JourneyPart *part = &rows->own; part != NULL; part = part->next, parts++)
		{
			add_staged(&reader, &part->touches, words_of_channels[parts]);
			add_staged(&reader, &part->others, words_of_channels[parts]);
		}
		visit_sources(&reader, 0);
	}
	else
		visit_partitions(&reader, rows, words_of_channels);
	MemoryContextDelete(reader.context);
}
