/*
 * lead_event_log.c
 *	  Adding to a lead event log: staging, scattering, spilling.
 *
 * Events are staged, then scattered to their partitions a few thousand at
 * once.  When the logs of this process hold more than hash_mem, the largest is
 * sorted, packed and written to its temporary file.
 */
#include "lead_event_log_parts.h"

#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "lead_text_key.h"

#define FIRST_STAGED 4
#define MAX_STAGED 4096
#define FIRST_CHUNK_BYTES 128
#define MAX_CHUNK_BYTES (4 * 1024)
#define FIRST_KEY_BLOCK_BYTES 256
#define MAX_KEY_BLOCK_BYTES (8 * 1024)

/* Spilling less than this at a time would make more bookkeeping than room. */
#define MIN_MEMORY_BUDGET ((Size) 1024 * 1024)

/* A slice, as written to a file, never has more events than this. */
#define MAX_SLICE_EVENTS (4 * 1024 * 1024)

/* How many events ahead scattering fetches the place of one. */
#define SCATTER_AHEAD 16

static dlist_head held_logs = DLIST_STATIC_INIT(held_logs);
static Size held_total = 0;

static void
forget_held_log(void *argument)
{
	HeldLog *held = argument;

	dlist_delete(&held->link);
	held_total -= held->log->held_bytes;
}

void
lead_log_hold(LeadEventLog *log)
{
	HeldLog *held;

	if (log->held != NULL)
		return;
	held = MemoryContextAllocZero(log->context, sizeof(HeldLog));
	held->log = log;
	held->owner = CurrentResourceOwner;
	held->forget.func = forget_held_log;
	held->forget.arg = held;
	MemoryContextRegisterResetCallback(log->context, &held->forget);
	dlist_push_tail(&held_logs, &held->link);
	held_total += log->held_bytes;
	log->held = held;
}

void
lead_log_hold_bytes(LeadEventLog *log, Size bytes)
{
	log->held_bytes += bytes;
	if (log->held != NULL)
		held_total += bytes;
}

void
lead_log_respect_budget(void)
{
	Size budget = Max(get_hash_memory_limit(), MIN_MEMORY_BUDGET);

	while (held_total > budget)
	{
		LeadEventLog *largest = NULL;
		dlist_iter iter;

		dlist_foreach(iter, &held_logs)
		{
			HeldLog *held = dlist_container(HeldLog, link, iter.cur);

			if (held->log->lifetime != NULL && !held->reading &&
				(largest == NULL || held->log->held_bytes > largest->held_bytes))
				largest = held->log;
		}
		if (largest == NULL || largest->held_bytes == 0)
			break;
		lead_log_spill(largest);
	}
}

void
lead_event_log_init(LeadEventLog *log, LeadKeyKind kind, int payload, MemoryContext context, Node *aggregate)
{
	Assert(payload == 0 || payload == LEAD_PAYLOAD_WORDS);
	memset(log, 0, sizeof(*log));
	log->context = context;
	log->kind = kind;
	log->payload = payload;
	if (aggregate != NULL && IsA(aggregate, AggState))
	{
		log->lifetime = ((AggState *) aggregate)->curaggcontext;
		log->shippable = lead_event_file_can_ship(aggregate);
	}
}

void
lead_event_log_keep_short(LeadEventLog *log)
{
	log->is_short = log->kind == LEAD_KEY_BIGINT && log->payload == 0;
}

static Size
staged_bytes(LeadEventLog *log, int capacity)
{
	return mul_size(capacity, lead_log_stride(log) * sizeof(uint64) + sizeof(uint16));
}

static void
grow_staging(LeadEventLog *log)
{
	int stride = lead_log_stride(log);
	int capacity = log->staged_capacity == 0 ? FIRST_STAGED : log->staged_capacity * 2;
	uint64 *words = MemoryContextAlloc(log->context, staged_bytes(log, capacity));
	uint16 *partition = (uint16 *) (words + (Size) capacity * stride);

	if (log->staged > 0)
	{
		memcpy(words, log->staged_words, (Size) log->staged * stride * sizeof(uint64));
		memcpy(partition, log->staged_partition, log->staged * sizeof(uint16));
	}
	if (log->staged_words != NULL)
		pfree(log->staged_words);
	log->staged_words = words;
	log->staged_partition = partition;
	log->staged_capacity = capacity;
}

/* Memory for the partitions, until the log spills. */
static void *
take(LeadEventLog *log, Size bytes)
{
	void *taken = lead_arena_take(&log->arena, bytes);

	if (unlikely(taken == NULL))
	{
		lead_log_hold_bytes(log, lead_arena_grow(&log->arena, log->context, bytes));
		taken = lead_arena_take(&log->arena, bytes);
	}
	return taken;
}

static void
add_chunk(LeadEventLog *log, int p, int stride, bool is_short)
{
	LeadPartition *partition = &log->partitions->partition[p];
	LeadTail *tail = &log->partitions->tail[p];

	/* Grow with the partition, so that little of its memory is empty. */
	Size bytes = Min((Size) FIRST_CHUNK_BYTES << Min(partition->chunks, 8), MAX_CHUNK_BYTES);
	LeadChunk *chunk = take(log, bytes);

	chunk->capacity = (int) ((bytes - offsetof(LeadChunk, words)) / (stride * sizeof(uint64)));
	chunk->is_short = is_short;
	chunk->previous = partition->last;
	partition->last = chunk;
	partition->chunks++;
	tail->next = chunk->words;
	tail->end = chunk->words + (Size) chunk->capacity * stride;
}

/* Copies a text key to its partition; returns the event's third word. */
static inline uint64
keep_key(LeadEventLog *log, int p, const char *key)
{
	LeadPartition *partition = &log->partitions->partition[p];
	Size size = lead_text_key_size(key);
	char *copy;

	if (unlikely((Size) (partition->key_end - partition->next_key) < size))
	{
		partition->key_block_bytes = Min(Max(2 * partition->key_block_bytes, FIRST_KEY_BLOCK_BYTES),
										 MAX_KEY_BLOCK_BYTES);
		partition->next_key = take(log, Max((Size) partition->key_block_bytes, size));
		partition->key_end = partition->next_key + Max((Size) partition->key_block_bytes, size);
	}
	copy = partition->next_key;
	partition->next_key += size;
	lead_text_key_copy(copy, key, size);
	return (uint64) (uintptr_t) copy;
}

/* Copies the text of a staged event's key; returns the event's third word. */
uint64
lead_log_stage_key(LeadEventLog *log, const char *text, int length)
{
	Size size = lead_text_key_bytes((uint32) length);
	char *key = lead_arena_take(&log->staged_keys, size);

	if (unlikely(key == NULL))
	{
		/* Few events are the rule: their keys must not take a slab. */
		lead_arena_grow_small(&log->staged_keys, log->context, size);
		key = lead_arena_take(&log->staged_keys, size);
	}
	lead_text_key_write(key, text, (uint32) length);
	return (uint64) (uintptr_t) key;
}

static pg_attribute_always_inline void
scatter_events(LeadEventLog *log, int start, int words, int payload, bool has_keys)
{
	const int stride = words + payload;
	LeadTail *tails = log->partitions->tail;
	const uint16 *partition = log->staged_partition;
	const uint64 *from = log->staged_words + (Size) start * stride;
	int count = log->staged;

	for (int i = start; i < count; i++, from += stride)
	{
		LeadTail *tail = &tails[partition[i]];

		/* The partitions' ends outgrow the nearest cache: fetch them ahead. */
		if (i + SCATTER_AHEAD < count)
			prefetch_for_write(tails[partition[i + SCATTER_AHEAD]].next);
		if (unlikely(tail->next == tail->end))
			add_chunk(log, partition[i], stride, false);
		tail->next[0] = from[0];
		tail->next[1] = from[1];
		if (has_keys && unlikely(!lead_text_word_is_packed(from[2])))
			tail->next[2] = keep_key(log, partition[i], (const char *) (uintptr_t) from[2]);
		else if (words == 3)
			tail->next[2] = from[2];
		for (int j = words; j < stride; j++)
			tail->next[j] = from[j];
		tail->next += stride;
	}
	log->staged = 0;
}

/* From now on events are long: no chunk takes both. */
static void
stop_keeping_short(LeadEventLog *log)
{
	log->is_short = false;
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadChunk *last = log->partitions->partition[p].last;
		LeadTail *tail = &log->partitions->tail[p];

		if (last != NULL)
			last->capacity = (int) (tail->next - last->words);
		tail->next = tail->end = NULL;
	}
}

/* As scatter_events, to the short form; returns where it met an event without one. */
static int
scatter_short(LeadEventLog *log)
{
	LeadTail *tails = log->partitions->tail;
	const uint16 *partition = log->staged_partition;
	const uint64 *from = log->staged_words;
	int count = log->staged;

	for (int i = 0; i < count; i++, from += 2)
	{
		LeadTail *tail = &tails[partition[i]];
		uint64 word;

		if (i + SCATTER_AHEAD < count)
			prefetch_for_write(tails[partition[i + SCATTER_AHEAD]].next);
		if (unlikely(!lead_event_shorten(from[0], (int64) from[1], &word)))
			return i;
		if (unlikely(tail->next == tail->end))
			add_chunk(log, partition[i], 1, true);
		*tail->next++ = word;
	}
	return count;
}

/* For each kind and payload a loop of its own. */
static inline void
scatter_all(LeadEventLog *log, int payload)
{
	int start = 0;

	if (log->is_short)
	{
		start = scatter_short(log);
		if (start < log->staged)
			stop_keeping_short(log);
	}
	if (log->kind == LEAD_KEY_BIGINT)
		scatter_events(log, start, 2, payload, false);
	else if (log->kind == LEAD_KEY_UUID)
		scatter_events(log, 0, 3, payload, false);
	else
	{
		scatter_events(log, 0, 3, payload, true);
		lead_arena_reuse(&log->staged_keys);
	}
}

void
lead_log_scatter(LeadEventLog *log)
{
	if (log->partitions == NULL)
	{
		log->partitions = MemoryContextAllocZero(log->context, sizeof(LeadPartitions));
		lead_log_hold(log);
	}
	if (log->payload == 0)
		scatter_all(log, 0);
	else
		scatter_all(log, LEAD_PAYLOAD_WORDS);
}

void
lead_event_log_make_room(LeadEventLog *log)
{
	if (log->staged_capacity < MAX_STAGED)
		grow_staging(log);
	else
	{
		CHECK_FOR_INTERRUPTS();
		lead_log_scatter(log);
		lead_log_respect_budget();
	}
}

/*
 * Spreads the keys; it need not tell them apart, since keys are compared.  A
 * general hash costs several times as much on keys of this length.
 */
static inline uint64
text_hash(const char *bytes, int length)
{
	uint64 hash = (uint64) length;
	uint64 word = 0;

	while (length > 8)
	{
		memcpy(&word, bytes, 8);
		hash = lead_mix(hash ^ word);
		bytes += 8;
		length -= 8;
	}
	word = 0;
	memcpy(&word, bytes, length);
	return lead_mix(hash ^ word);
}

uint64 *
lead_event_log_add_text(LeadEventLog *log, const char *bytes, int length, int64 time, int step)
{
	uint64 high;
	uint64 low;

	/* Reversible, as a uuid's. */
	if (likely(lead_text_pack(bytes, length, &high, &low)))
		return lead_event_log_add(log, 3, log->payload, lead_mix(high ^ lead_mix(low)), low, time, step);
	/* Making room drops the staged keys: first room, then the key. */
	if (log->staged == log->staged_capacity)
		lead_event_log_make_room(log);
	return lead_event_log_add(log, 3, log->payload, text_hash(bytes, length),
							  lead_log_stage_key(log, bytes, length), time, step);
}

/* The chunks of a partition as pieces; how many events they are in *count. */
LeadEventPiece *
lead_log_pieces(const LeadEventLog *log, int p, int more, int *piece_count, int64 *count)
{
	const LeadPartition *partition = &log->partitions->partition[p];
	const LeadTail *tail = &log->partitions->tail[p];
	LeadEventPiece *pieces = palloc(mul_size(partition->chunks + more + 1, sizeof(LeadEventPiece)));

	LeadEventPiece *piece = pieces + partition->chunks;

	/* First chunk first: events that came in order of time are sorted fastest. */
	*piece_count = partition->chunks;
	*count = 0;
	for (LeadChunk *chunk = partition->last; chunk != NULL; chunk = chunk->previous)
	{
		piece--;
		piece->words = chunk->words;
		piece->count = chunk->capacity;
		piece->is_short = chunk->is_short;
		if (chunk == partition->last)
			piece->count -= (tail->end - tail->next) / (chunk->is_short ? 1 : lead_log_stride(log));
		*count += piece->count;
	}
	return pieces;
}

LeadSegment *
lead_log_add_segment(LeadEventLog *log)
{
	LeadSegment *segment = MemoryContextAllocZero(log->context, sizeof(LeadSegment));

	segment->next = log->segments;
	log->segments = segment;
	return segment;
}

/* Moves everything the log holds in memory to its file. */
void
lead_log_spill(LeadEventLog *log)
{
	int stride = lead_log_stride(log);
	HeldLog *held = log->held;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi spill",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	LeadEventSorter sorter;
	StringInfoData packed;
	List *rounds = NIL;

	if (held->file == NULL)
	{
		ResourceOwner current = CurrentResourceOwner;

		/* The query that spills may be nested in the one the log belongs to. */
		CurrentResourceOwner = held->owner;
		held->file = lead_event_file_create(log->context, log->lifetime, log->shippable);
		CurrentResourceOwner = current;
	}
	lead_log_scatter(log);

	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		if (segment->bytes != NULL)
		{
			int64 start = lead_event_file_size(held->file);

			lead_event_file_append(held->file, segment->bytes, segment->byte_count);
			for (int p = 0; p < LEAD_PARTITIONS; p++)
				segment->position[p] += start;
			if (segment->own_bytes)
				pfree(unconstify(char *, segment->bytes));
			segment->bytes = NULL;
			segment->file = held->file;
		}

	initStringInfo(&packed);
	lead_event_sorter_init(&sorter, log->kind, log->payload);
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadPartition *partition = &log->partitions->partition[p];
		LeadEventPiece *pieces;
		int piece_count;
		int64 count;
		uint64 *words;
		int round = 0;

		if (partition->last == NULL)
			continue;
		CHECK_FOR_INTERRUPTS();
		pieces = lead_log_pieces(log, p, 0, &piece_count, &count);
		words = lead_event_sort(&sorter, p, pieces, piece_count, count);
		for (int64 start = 0; start < count; start += MAX_SLICE_EVENTS, round++)
		{
			LeadSegment *segment;

			if (round == list_length(rounds))
				rounds = lappend(rounds, lead_log_add_segment(log));
			segment = list_nth(rounds, round);
			resetStringInfo(&packed);
			lead_event_slice_pack(log->kind, log->payload, words + start * stride,
								  Min(count - start, MAX_SLICE_EVENTS), &packed);
			segment->file = held->file;
			segment->position[p] = lead_event_file_size(held->file);
			segment->length[p] = (uint32) packed.len;
			lead_event_file_append(held->file, packed.data, packed.len);
		}
		pfree(pieces);
	}
	memset(log->partitions, 0, sizeof(LeadPartitions));
	lead_arena_release(&log->arena);
	held_total -= log->held_bytes;
	log->held_bytes = 0;
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(scratch);
}
