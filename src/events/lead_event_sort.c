/*
 * lead_event_sort.c
 *	  Sorting events of one partition by (lead, time, step).
 */
#include "lead_event_sort.h"

#include "miscadmin.h"

/* Below this, insertion sort; most leads have a handful of events. */
#define INSERTION_LIMIT 24

/* Bits of hash that one counting pass may spread over: its counters stay cached. */
#define MAX_SPREAD_BITS 15

/* A partition knows more bits of the hash than an event leaves out. */
#define KNOWN_BITS (LEAD_PARTITION_BITS - 8)

typedef struct EventPair
{
	uint64 lead_step;
	int64 time;
} EventPair;

typedef struct EventTriple
{
	uint64 lead_step;
	int64 time;
	uint64 key;
} EventTriple;

/* Words are sorted as these, in place. */
StaticAssertDecl(sizeof(EventPair) == 2 * sizeof(uint64), "a pair is two words");
StaticAssertDecl(sizeof(EventTriple) == 3 * sizeof(uint64), "a triple is three words");

static inline bool
pair_precedes(uint64 a_lead_step, int64 a_time, uint64 b_lead_step, int64 b_time)
{
	if (a_lead_step >> 8 != b_lead_step >> 8)
		return a_lead_step < b_lead_step;
	if (a_time != b_time)
		return a_time < b_time;
	return a_lead_step < b_lead_step;
}

static inline int
pair_compare(uint64 a_lead_step, int64 a_time, uint64 b_lead_step, int64 b_time)
{
	if (pair_precedes(a_lead_step, a_time, b_lead_step, b_time))
		return -1;
	return pair_precedes(b_lead_step, b_time, a_lead_step, a_time) ? 1 : 0;
}

#define ST_SORT sort_pairs
#define ST_ELEMENT_TYPE EventPair
#define ST_COMPARE(a, b) pair_compare((a)->lead_step, (a)->time, (b)->lead_step, (b)->time)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_triples
#define ST_ELEMENT_TYPE EventTriple
#define ST_COMPARE(a, b) pair_compare((a)->lead_step, (a)->time, (b)->lead_step, (b)->time)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_words
#define ST_ELEMENT_TYPE uint64
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

typedef struct PairWithPayload
{
	EventPair pair;
	uint64 payload[LEAD_PAYLOAD_WORDS];
} PairWithPayload;

typedef struct TripleWithPayload
{
	EventTriple triple;
	uint64 payload[LEAD_PAYLOAD_WORDS];
} TripleWithPayload;

StaticAssertDecl(sizeof(PairWithPayload) == (2 + LEAD_PAYLOAD_WORDS) * sizeof(uint64),
				 "a pair and its payload are words without gaps");
StaticAssertDecl(sizeof(TripleWithPayload) == (3 + LEAD_PAYLOAD_WORDS) * sizeof(uint64),
				 "a triple and its payload are words without gaps");

#define ST_SORT sort_pairs_with_payload
#define ST_ELEMENT_TYPE PairWithPayload
#define ST_COMPARE(a, b) \
	pair_compare((a)->pair.lead_step, (a)->pair.time, (b)->pair.lead_step, (b)->pair.time)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_triples_with_payload
#define ST_ELEMENT_TYPE TripleWithPayload
#define ST_COMPARE(a, b) \
	pair_compare((a)->triple.lead_step, (a)->triple.time, (b)->triple.lead_step, (b)->triple.time)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static int
triple_compare_by_key(const EventTriple *a, const EventTriple *b, LeadKeyKind *kind)
{
	int order = lead_key_compare(*kind, a->key, b->key);

	return order != 0 ? order : pair_compare(a->lead_step, a->time, b->lead_step, b->time);
}

#define ST_SORT sort_triples_by_key
#define ST_ELEMENT_TYPE EventTriple
#define ST_COMPARE_ARG_TYPE LeadKeyKind
#define ST_COMPARE(a, b, kind) triple_compare_by_key(a, b, kind)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

void
lead_event_sort_by_key(LeadKeyKind kind, uint64 *words, int64 count)
{
	Assert(kind != LEAD_KEY_BIGINT);
	sort_triples_by_key((EventTriple *) words, count, &kind);
}

static pg_attribute_always_inline void
insertion_sort(uint64 *words, int64 count, int stride)
{
	for (int64 i = 1; i < count; i++)
	{
		uint64 *hole = words + i * stride;
		uint64 moved[LEAD_MAX_EVENT_WORDS];

		/* Most events are in order: they stay where they are. */
		if (!pair_precedes(hole[0], (int64) hole[1], hole[-stride], (int64) hole[1 - stride]))
			continue;
		memcpy(moved, hole, stride * sizeof(uint64));
		do
		{
			memcpy(hole, hole - stride, stride * sizeof(uint64));
			hole -= stride;
		} while (hole > words &&
				 pair_precedes(moved[0], (int64) moved[1], hole[-stride], (int64) hole[1 - stride]));
		memcpy(hole, moved, stride * sizeof(uint64));
	}
}

void
lead_event_sort_in_place(LeadKeyKind kind, int payload, uint64 *words, int64 count)
{
	if (count <= INSERTION_LIMIT)
	{
		/* Strides that are constants. */
		if (payload > 0)
			insertion_sort(words, count, LEAD_EVENT_WORDS(kind) + LEAD_PAYLOAD_WORDS);
		else if (kind == LEAD_KEY_BIGINT)
			insertion_sort(words, count, 2);
		else
			insertion_sort(words, count, 3);
	}
	else if (kind == LEAD_KEY_BIGINT)
	{
		if (payload > 0)
			sort_pairs_with_payload((PairWithPayload *) words, count);
		else
			sort_pairs((EventPair *) words, count);
	}
	else
	{
		if (payload > 0)
			sort_triples_with_payload((TripleWithPayload *) words, count);
		else
			sort_triples((EventTriple *) words, count);
	}
}

/*
 * One counting pass spreads the events over at least count / 2 buckets by the
 * upper bits of their (uniform) hash; what is left to sort is a lead or two.
 */
static pg_attribute_always_inline void
spread_and_sort(LeadEventSorter *sorter, const LeadEventPiece *pieces, int piece_count, int64 count,
				int stride)
{
	uint64 *sorted = sorter->sorted;
	uint32 *end = sorter->end;
	uint32 largest = 0;
	int bits = 0;
	int64 buckets;
	int64 start = 0;

	while (bits < MAX_SPREAD_BITS && (INT64CONST(2) << bits) < count)
		bits++;
	/* Counters are 32 bits: beyond that one lead dominates, and a plain sort serves. */
	if (bits == 0 || count > PG_UINT32_MAX)
	{
		for (int i = 0; i < piece_count; i++)
		{
			memcpy(sorted + start * stride, pieces[i].words,
				   (Size) pieces[i].count * stride * sizeof(uint64));
			start += pieces[i].count;
		}
		lead_event_sort_in_place(sorter->kind, sorter->payload, sorted, count);
		return;
	}

	buckets = INT64CONST(1) << bits;
	memset(end, 0, (Size) buckets * sizeof(uint32));
	for (int i = 0; i < piece_count; i++)
		for (int64 j = 0; j < pieces[i].count; j++)
			end[pieces[i].words[j * stride] << KNOWN_BITS >> (64 - bits)]++;
	for (int64 b = 0; b < buckets; b++)
	{
		uint32 size = end[b];

		largest = Max(largest, size);
		end[b] = (uint32) start;
		start += size;
	}
	for (int i = 0; i < piece_count; i++)
		for (int64 j = 0; j < pieces[i].count; j++)
		{
			const uint64 *from = pieces[i].words + j * stride;
			uint64 *to = sorted + (Size) end[from[0] << KNOWN_BITS >> (64 - bits)]++ * stride;

			to[0] = from[0];
			to[1] = from[1];
			for (int k = 2; k < stride; k++)
				to[k] = from[k];
		}

	/* Nothing moves out of its bucket: one loop over all of them. */
	if (largest <= INSERTION_LIMIT)
	{
		insertion_sort(sorted, count, stride);
		return;
	}
	start = 0;
	for (int64 b = 0; b < buckets; b++)
	{
		int64 size = end[b] - start;

		if (size > INSERTION_LIMIT)
			lead_event_sort_in_place(sorter->kind, sorter->payload, sorted + start * stride, size);
		else if (size > 1)
			insertion_sort(sorted + start * stride, size, stride);
		start = end[b];
	}
}

void
lead_event_sorter_init(LeadEventSorter *sorter, LeadKeyKind kind, int payload)
{
	memset(sorter, 0, sizeof(*sorter));
	sorter->kind = kind;
	sorter->payload = payload;
	sorter->context = CurrentMemoryContext;
	sorter->end = palloc((Size) sizeof(uint32) << MAX_SPREAD_BITS);
}

/* Room for so many events, in a buffer of the sorter. */
static void
reserve(LeadEventSorter *sorter, uint64 **buffer, int64 *capacity, int64 count, int stride)
{
	if (count <= *capacity)
		return;
	if (*buffer != NULL)
		pfree(*buffer);
	/* Partitions are about equal: a little more than this one does for the next. */
	*capacity = count + count / 8;
	*buffer = MemoryContextAllocHuge(sorter->context, mul_size(mul_size(*capacity, stride), sizeof(uint64)));
}

static void
sort_few_words(uint64 *words, int64 count)
{
	for (int64 i = 1; i < count; i++)
	{
		uint64 moved = words[i];
		int64 hole = i;

		for (; hole > 0 && words[hole - 1] > moved; hole--)
			words[hole] = words[hole - 1];
		words[hole] = moved;
	}
}

/* As spread_and_sort, where an event is a word: the order of words is the order of events. */
uint64 *
lead_event_sort_short(LeadEventSorter *sorter, const LeadEventPiece *pieces, int piece_count, int64 count)
{
	uint32 *end = sorter->end;
	uint64 *sorted;
	uint32 largest = 0;
	int bits = 0;
	uint32 place = 0;
	int64 start = 0;

	reserve(sorter, &sorter->shorts, &sorter->short_capacity, count, 1);
	sorted = sorter->shorts;
	while (bits < MAX_SPREAD_BITS && (INT64CONST(2) << bits) < count)
		bits++;
	if (bits == 0 || count > PG_UINT32_MAX)
	{
		for (int i = 0; i < piece_count; i++)
		{
			memcpy(sorted + start, pieces[i].words, (Size) pieces[i].count * sizeof(uint64));
			start += pieces[i].count;
		}
		sort_words(sorted, count);
		return sorted;
	}
	memset(end, 0, sizeof(uint32) << bits);
	for (int i = 0; i < piece_count; i++)
		for (int64 j = 0; j < pieces[i].count; j++)
			end[pieces[i].words[j] >> (64 - bits)]++;
	for (int64 b = 0; b < INT64CONST(1) << bits; b++)
	{
		uint32 size = end[b];

		largest = Max(largest, size);
		end[b] = place;
		place += size;
	}
	for (int i = 0; i < piece_count; i++)
		for (int64 j = 0; j < pieces[i].count; j++)
			sorted[end[pieces[i].words[j] >> (64 - bits)]++] = pieces[i].words[j];

	/* Nothing moves out of its bucket: one loop over all of them. */
	if (largest <= INSERTION_LIMIT)
		sort_few_words(sorted, count);
	else
		for (int64 b = 0; b < INT64CONST(1) << bits; b++)
		{
			if (end[b] - start <= INSERTION_LIMIT)
				sort_few_words(sorted + start, end[b] - start);
			else
				sort_words(sorted + start, end[b] - start);
			start = end[b];
		}
	return sorted;
}

/* A piece in long form, in CurrentMemoryContext. */
static LeadEventPiece
lengthen_piece(const LeadEventPiece *piece, int partition)
{
	LeadEvent *events = MemoryContextAllocHuge(CurrentMemoryContext,
											   mul_size(Max(piece->count, 1), sizeof(LeadEvent)));

	for (int64 i = 0; i < piece->count; i++)
		events[i] = lead_event_lengthen(piece->words[i], partition);
	return (LeadEventPiece){.words = (const uint64 *) events, .count = piece->count};
}

uint64 *
lead_event_sort(LeadEventSorter *sorter, int partition, const LeadEventPiece *pieces, int piece_count,
				int64 count)
{
	int stride = LEAD_EVENT_WORDS(sorter->kind) + sorter->payload;
	LeadEventPiece *lengthened = NULL;
	int shorts = 0;

	reserve(sorter, &sorter->sorted, &sorter->capacity, count, stride);
	for (int i = 0; i < piece_count; i++)
		shorts += pieces[i].is_short;
	if (shorts > 0 && shorts == piece_count)
	{
		const uint64 *words = lead_event_sort_short(sorter, pieces, piece_count, count);
		LeadEvent *events = (LeadEvent *) sorter->sorted;

		for (int64 i = 0; i < count; i++)
			events[i] = lead_event_lengthen(words[i], partition);
		return sorter->sorted;
	}
	if (shorts > 0)
	{
		lengthened = palloc(mul_size(piece_count, sizeof(LeadEventPiece)));
		for (int i = 0; i < piece_count; i++)
			lengthened[i] = pieces[i].is_short ? lengthen_piece(&pieces[i], partition) : pieces[i];
		pieces = lengthened;
	}
	/* Strides that are constants, where speed counts most. */
	if (sorter->payload > 0)
		spread_and_sort(sorter, pieces, piece_count, count, stride);
	else if (sorter->kind == LEAD_KEY_BIGINT)
		spread_and_sort(sorter, pieces, piece_count, count, 2);
	else
		spread_and_sort(sorter, pieces, piece_count, count, 3);
	if (lengthened != NULL)
	{
		for (int i = 0; i < shorts; i++)
			pfree(unconstify(uint64 *, lengthened[i].words));
		pfree(lengthened);
	}
	return sorter->sorted;
}
