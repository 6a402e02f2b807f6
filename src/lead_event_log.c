/*
 * lead_event_log.c
 *	  An unordered log of (lead, time, step) rows, read back lead by lead.
 *
 * Events are staged, then scattered to their partitions a few thousand at
 * once.  When the logs of this process hold more than hash_mem, the largest is
 * sorted, packed and written to its temporary file.  What another process
 * hands over stays packed.  Reading merges all parts, partition by partition.
 */
#include "lead_event_log.h"

#include "executor/nodeHash.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "lead_event_file.h"
#include "lead_event_slice.h"
#include "lead_event_sort.h"
#include "lead_text_key.h"
#include "wire.h"

#define FIRST_STAGED 4
#define MAX_STAGED 4096
#define FIRST_CHUNK_BYTES 256
#define MAX_CHUNK_BYTES (4 * 1024)
#define FIRST_KEY_BLOCK_BYTES 256
#define MAX_KEY_BLOCK_BYTES (8 * 1024)

/* Spilling less than this at a time would make more bookkeeping than room. */
#define MIN_MEMORY_BUDGET ((Size) 1024 * 1024)

/* A slice, as written to a file, never has more events than this. */
#define MAX_SLICE_EVENTS (4 * 1024 * 1024)

/*
 * Larger logs are handed over as a file: that way they are copied twice, once
 * in and once out of the page cache, and not five times between buffers and
 * the queue of the worker.  Under a temp_file_limit only those go that cannot
 * be handed over otherwise.
 */
#define MAX_SHIPPED_BYTES ((Size) 1024 * 1024)
#define MAX_SHIPPED_BYTES_LIMITED ((Size) 512 * 1024 * 1024)

/* How many events ahead scattering fetches the place of one. */
#define SCATTER_AHEAD 16

/* Segments up to this size are merged into the staging buffer when combined. */
#define SMALL_SEGMENT_EVENTS 1024

/* Merging more sorted slices than this costs more than sorting their events. */
#define MAX_MERGED_SLICES 16

#define WIRE_VERSION 1
#define WIRE_FORM_BYTES 0
#define WIRE_FORM_FILE 1

typedef struct LeadChunk
{
	struct LeadChunk *previous;
	int			capacity;		/* events; all chunks but the last are full */
	uint64		words[FLEXIBLE_ARRAY_MEMBER];
} LeadChunk;

/* Where a partition's next event goes: all that scattering touches. */
typedef struct LeadTail
{
	uint64	   *next;
	uint64	   *end;
} LeadTail;

typedef struct LeadPartition
{
	LeadChunk  *last;
	int			chunks;
	int			key_block_bytes;
	char	   *next_key;		/* where the next text key goes, and where its */
	char	   *key_end;		/* block ends: keys of a partition lie together */
} LeadPartition;

struct LeadPartitions
{
	LeadTail	tail[LEAD_PARTITIONS];
	LeadPartition partition[LEAD_PARTITIONS];
};

/* One sorted, packed part of the log: a slice per partition. */
struct LeadSegment
{
	struct LeadSegment *next;
	const char *bytes;			/* in memory, or */
	LeadEventFile *file;		/* in a file */
	bool		own_bytes;		/* bytes count as held memory */
	Size		byte_count;		/* of bytes, padding included */
	int64		position[LEAD_PARTITIONS];
	uint32		length[LEAD_PARTITIONS];
};

/* A log of this process that spilling can shrink. */
typedef struct HeldLog
{
	dlist_node	link;
	LeadEventLog *log;
	ResourceOwner owner;		/* of the query the log belongs to */
	LeadEventFile *file;		/* where it spills to */
	bool		reading;		/* being read: must stay as it is */
	MemoryContextCallback forget;
} HeldLog;

static dlist_head held_logs = DLIST_STATIC_INIT(held_logs);
static Size held_total = 0;

static void spill(LeadEventLog *log);

static void
forget_held_log(void *argument)
{
	HeldLog    *held = argument;

	dlist_delete(&held->link);
	held_total -= held->log->held_bytes;
}

static void
hold(LeadEventLog *log)
{
	HeldLog    *held;

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

static void
add_held_bytes(LeadEventLog *log, Size bytes)
{
	log->held_bytes += bytes;
	if (log->held != NULL)
		held_total += bytes;
}

static void
respect_budget(void)
{
	Size		budget = Max(get_hash_memory_limit(), MIN_MEMORY_BUDGET);

	while (held_total > budget)
	{
		LeadEventLog *largest = NULL;
		dlist_iter	iter;

		dlist_foreach(iter, &held_logs)
		{
			HeldLog    *held = dlist_container(HeldLog, link, iter.cur);

			if (held->log->lifetime != NULL && !held->reading &&
				(largest == NULL || held->log->held_bytes > largest->held_bytes))
				largest = held->log;
		}
		if (largest == NULL || largest->held_bytes == 0)
			break;
		spill(largest);
	}
}

void
lead_event_log_init(LeadEventLog *log, LeadKeyKind kind, MemoryContext context, Node *aggregate)
{
	memset(log, 0, sizeof(*log));
	log->context = context;
	log->kind = kind;
	if (aggregate != NULL && IsA(aggregate, AggState))
	{
		log->lifetime = ((AggState *) aggregate)->curaggcontext;
		log->shippable = lead_event_file_can_ship(aggregate);
	}
}

static Size
staged_bytes(LeadEventLog *log, int capacity)
{
	return (Size) capacity * (LEAD_EVENT_WORDS(log->kind) * sizeof(uint64) + sizeof(uint16));
}

static void
grow_staging(LeadEventLog *log)
{
	int			stride = LEAD_EVENT_WORDS(log->kind);
	int			capacity = log->staged_capacity == 0 ? FIRST_STAGED : log->staged_capacity * 2;
	uint64	   *words = MemoryContextAlloc(log->context, staged_bytes(log, capacity));
	uint16	   *partition = (uint16 *) (words + (Size) capacity * stride);

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
	void	   *taken = lead_arena_take(&log->arena, bytes);

	if (unlikely(taken == NULL))
	{
		add_held_bytes(log, lead_arena_grow(&log->arena, log->context, bytes));
		taken = lead_arena_take(&log->arena, bytes);
	}
	return taken;
}

static void
add_chunk(LeadEventLog *log, int p, int stride)
{
	LeadPartition *partition = &log->partitions->partition[p];
	LeadTail   *tail = &log->partitions->tail[p];

	/* Grow with the partition, so that little of its memory is empty. */
	Size		bytes = Min((Size) FIRST_CHUNK_BYTES << Min(partition->chunks, 8), MAX_CHUNK_BYTES);
	LeadChunk  *chunk = take(log, bytes);

	chunk->capacity = (int) ((bytes - offsetof(LeadChunk, words)) / (stride * sizeof(uint64)));
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
	Size		size = lead_text_key_size(key);
	char	   *copy;

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
static uint64
stage_key(LeadEventLog *log, const char *text, int length)
{
	Size		size = lead_text_key_bytes((uint32) length);
	char	   *key = lead_arena_take(&log->staged_keys, size);

	if (unlikely(key == NULL))
	{
		/* Few events are the rule: their keys must not take a slab. */
		lead_arena_grow_small(&log->staged_keys, log->context, size);
		key = lead_arena_take(&log->staged_keys, size);
	}
	lead_text_key_write(key, text, (uint32) length);
	return (uint64) (uintptr_t) key;
}

static inline void
scatter_events(LeadEventLog *log, int stride, bool has_keys)
{
	LeadTail   *tails = log->partitions->tail;
	const uint16 *partition = log->staged_partition;
	const uint64 *from = log->staged_words;
	int			count = log->staged;

	for (int i = 0; i < count; i++, from += stride)
	{
		LeadTail   *tail = &tails[partition[i]];

		/* The partitions' ends outgrow the nearest cache: fetch them ahead. */
		if (i + SCATTER_AHEAD < count)
			prefetch_for_write(tails[partition[i + SCATTER_AHEAD]].next);
		if (unlikely(tail->next == tail->end))
			add_chunk(log, partition[i], stride);
		tail->next[0] = from[0];
		tail->next[1] = from[1];
		if (has_keys)
			tail->next[2] = keep_key(log, partition[i], (const char *) (uintptr_t) from[2]);
		else if (stride == 3)
			tail->next[2] = from[2];
		tail->next += stride;
	}
	log->staged = 0;
}

static void
scatter(LeadEventLog *log)
{
	if (log->partitions == NULL)
	{
		log->partitions = MemoryContextAllocZero(log->context, sizeof(LeadPartitions));
		hold(log);
	}
	if (log->kind == LEAD_KEY_BIGINT)
		scatter_events(log, 2, false);
	else if (log->kind == LEAD_KEY_UUID)
		scatter_events(log, 3, false);
	else
	{
		scatter_events(log, 3, true);
		lead_arena_reuse(&log->staged_keys);
	}
}

void
lead_event_log_make_room(LeadEventLog *log)
{
	if (log->staged_capacity < MAX_STAGED)
		grow_staging(log);
	else
	{
		CHECK_FOR_INTERRUPTS();
		scatter(log);
		respect_budget();
	}
}

/*
 * Spreads the keys; it need not tell them apart, since keys are compared.  A
 * general hash costs several times as much on keys of this length.
 */
static inline uint64
text_hash(const char *bytes, int length)
{
	uint64		hash = (uint64) length;
	uint64		word = 0;

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

void
lead_event_log_add_text(LeadEventLog *log, const char *bytes, int length, int64 time, int step)
{
	/* Making room drops the staged keys: first room, then the key. */
	if (log->staged == log->staged_capacity)
		lead_event_log_make_room(log);
	lead_event_log_add(log, 3, text_hash(bytes, length),
					   stage_key(log, bytes, length), time, step);
}

/* The chunks of a partition as pieces; how many events they are in *count. */
static LeadEventPiece *
partition_pieces(const LeadEventLog *log, int p, int more, int *piece_count, int64 *count)
{
	const LeadPartition *partition = &log->partitions->partition[p];
	const LeadTail *tail = &log->partitions->tail[p];
	LeadEventPiece *pieces = palloc((partition->chunks + more + 1) * sizeof(LeadEventPiece));

	*piece_count = 0;
	*count = 0;
	for (LeadChunk *chunk = partition->last; chunk != NULL; chunk = chunk->previous)
	{
		LeadEventPiece *piece = &pieces[(*piece_count)++];

		piece->words = chunk->words;
		piece->count = chunk->capacity;
		if (chunk == partition->last)
			piece->count -= (tail->end - tail->next) / LEAD_EVENT_WORDS(log->kind);
		*count += piece->count;
	}
	return pieces;
}

static uint64 *
allocate_words(int64 count, int stride)
{
	return MemoryContextAllocHuge(CurrentMemoryContext,
								  (Size) Max(count, 1) * stride * sizeof(uint64));
}

static LeadSegment *
add_segment(LeadEventLog *log)
{
	LeadSegment *segment = MemoryContextAllocZero(log->context, sizeof(LeadSegment));

	segment->next = log->segments;
	log->segments = segment;
	return segment;
}

/* Moves everything the log holds in memory to its file. */
static void
spill(LeadEventLog *log)
{
	int			stride = LEAD_EVENT_WORDS(log->kind);
	HeldLog    *held = log->held;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi spill",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	LeadEventSorter sorter;
	StringInfoData packed;
	List	   *rounds = NIL;

	if (held->file == NULL)
	{
		ResourceOwner current = CurrentResourceOwner;

		/* The query that spills may be nested in the one the log belongs to. */
		CurrentResourceOwner = held->owner;
		held->file = lead_event_file_create(log->context, log->lifetime, log->shippable);
		CurrentResourceOwner = current;
	}
	scatter(log);

	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		if (segment->bytes != NULL)
		{
			int64		start = lead_event_file_size(held->file);

			lead_event_file_append(held->file, segment->bytes, segment->byte_count);
			for (int p = 0; p < LEAD_PARTITIONS; p++)
				segment->position[p] += start;
			if (segment->own_bytes)
				pfree(unconstify(char *, segment->bytes));
			segment->bytes = NULL;
			segment->file = held->file;
		}

	initStringInfo(&packed);
	lead_event_sorter_init(&sorter, log->kind);
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadPartition *partition = &log->partitions->partition[p];
		LeadEventPiece *pieces;
		int			piece_count;
		int64		count;
		uint64	   *words;
		int			round = 0;

		if (partition->last == NULL)
			continue;
		CHECK_FOR_INTERRUPTS();
		pieces = partition_pieces(log, p, 0, &piece_count, &count);
		words = lead_event_sort(&sorter, pieces, piece_count, count);
		for (int64 start = 0; start < count; start += MAX_SLICE_EVENTS, round++)
		{
			LeadSegment *segment;

			if (round == list_length(rounds))
				rounds = lappend(rounds, add_segment(log));
			segment = list_nth(rounds, round);
			resetStringInfo(&packed);
			lead_event_slice_pack(log->kind, words + start * stride,
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

/* What reading a log needs besides the log. */
typedef struct LeadReader
{
	LeadVisitor visitor;
	void	   *argument;
	LeadKeyKind kind;
	uint64	   *group;			/* events of one hash, in words */
	int64		group_count;
	int64		group_capacity;
	LeadEvent  *events;			/* events of one lead, when words are three */
	int64		event_capacity;
	MemoryContext context;		/* of the two buffers */
} LeadReader;

static void
visit_triples(LeadReader *reader, const uint64 *words, int64 count)
{
	if (count > reader->event_capacity)
	{
		reader->event_capacity = Max(count, 2 * reader->event_capacity);
		if (reader->events != NULL)
			pfree(reader->events);
		reader->events = MemoryContextAllocHuge(reader->context,
												(Size) reader->event_capacity * sizeof(LeadEvent));
	}
	for (int64 i = 0; i < count; i++)
	{
		reader->events[i].lead_step = words[3 * i];
		reader->events[i].time = (int64) words[3 * i + 1];
	}
	reader->visitor(reader->argument, reader->events, count);
}

/* Events of one hash, sorted by time and step: one lead, or very rarely more. */
static void
visit_group(LeadReader *reader, uint64 *words, int64 count)
{
	int64		start = 0;
	bool		one_lead = true;

	if (reader->kind == LEAD_KEY_BIGINT)
	{
		reader->visitor(reader->argument, (const LeadEvent *) words, count);
		return;
	}
	for (int64 i = 1; i < count && one_lead; i++)
		one_lead = lead_key_compare(reader->kind, words[2], words[3 * i + 2]) == 0;
	if (!one_lead)
		lead_event_sort_by_key(reader->kind, words, count);
	for (int64 i = 1; i <= count; i++)
		if (i == count || (!one_lead && lead_key_compare(reader->kind, words[3 * start + 2],
														 words[3 * i + 2]) != 0))
		{
			visit_triples(reader, words + 3 * start, i - start);
			start = i;
		}
}

static void
visit_sorted(LeadReader *reader, uint64 *words, int64 count)
{
	int			stride = LEAD_EVENT_WORDS(reader->kind);
	int64		start = 0;

	while (start < count)
	{
		uint64		hash = words[start * stride] >> 8;
		int64		end = start + 1;

		while (end < count && words[end * stride] >> 8 == hash)
			end++;
		visit_group(reader, words + start * stride, end - start);
		start = end;
	}
}

/* Makes sure that the group has room for so many more events. */
static inline void
reserve_group(LeadReader *reader, int64 more, int stride)
{
	if (likely(reader->group_count + more <= reader->group_capacity))
		return;
	reader->group_capacity = Max(reader->group_count + more, 2 * reader->group_capacity);
	if (reader->group == NULL)
		reader->group = MemoryContextAllocHuge(reader->context,
											   (Size) reader->group_capacity * stride * sizeof(uint64));
	else
		reader->group = repalloc_huge(reader->group,
									  (Size) reader->group_capacity * stride * sizeof(uint64));
}

/*
 * Merges sorted slices and a sorted array, lead by lead.  What other processes
 * handed over is merged here by one alone, so every step of it counts.
 */
static inline void
visit_merged(LeadReader *reader, LeadSliceCursor *cursors, int cursor_count,
			 const uint64 *words, int64 count, int stride)
{
	int64		next = 0;

	while (cursor_count > 0 || next < count)
	{
		uint64		hash = next < count ? words[next * stride] >> 8 : PG_UINT64_MAX;
		int			sources = 0;

		for (int i = 0; i < cursor_count; i++)
			hash = Min(hash, cursors[i].hash >> 8);
		reader->group_count = 0;
		if (next < count && words[next * stride] >> 8 == hash)
		{
			int64		start = next;

			while (next < count && words[next * stride] >> 8 == hash)
				next++;
			reserve_group(reader, next - start, stride);
			memcpy(reader->group, words + start * stride,
				   (Size) (next - start) * stride * sizeof(uint64));
			reader->group_count = next - start;
			sources++;
		}
		for (int i = 0; i < cursor_count; i++)
		{
			LeadSliceCursor *cursor = &cursors[i];

			while (cursor->hash >> 8 == hash)
			{
				reserve_group(reader, cursor->run, stride);
				lead_slice_unpack(cursor, reader->group + reader->group_count * stride, stride);
				reader->group_count += cursor->run;
				sources++;
				if (!lead_slice_next(cursor))
				{
					*cursor = cursors[--cursor_count];
					i--;
					break;
				}
			}
		}
		if (sources > 1)
			lead_event_sort_in_place(reader->kind, reader->group, reader->group_count);
		visit_group(reader, reader->group, reader->group_count);
	}
}

/*
 * The staging buffer of a small log, sorted by partition and lead.  Returns
 * the words; partitions, in the same order, in *partition.
 */
static uint64 *
sorted_staging(const LeadEventLog *log, uint16 **partition)
{
	int			stride = LEAD_EVENT_WORDS(log->kind);
	int			count = log->staged;
	uint64	   *words = palloc((Size) Max(count, 1) * stride * sizeof(uint64));
	int			start[LEAD_PARTITIONS + 1];

	*partition = palloc(Max(count, 1) * sizeof(uint16));
	if (count == 1)
	{
		memcpy(words, log->staged_words, stride * sizeof(uint64));
		**partition = log->staged_partition[0];
		return words;
	}
	memset(start, 0, sizeof(start));
	for (int i = 0; i < count; i++)
		start[log->staged_partition[i] + 1]++;
	for (int p = 0; p < LEAD_PARTITIONS; p++)
		start[p + 1] += start[p];
	for (int i = 0; i < count; i++)
	{
		int			to = start[log->staged_partition[i]]++;

		memcpy(words + (Size) to * stride, log->staged_words + (Size) i * stride,
			   stride * sizeof(uint64));
		(*partition)[to] = log->staged_partition[i];
	}
	for (int i = 0; i < count;)
	{
		int			end = start[(*partition)[i]];

		lead_event_sort_in_place(log->kind, words + (Size) i * stride, end - i);
		i = end;
	}
	return words;
}

static const char *
slice_bytes(const LeadSegment *segment, int p)
{
	char	   *bytes;

	if (segment->bytes != NULL)
		return segment->bytes + segment->position[p];
	bytes = MemoryContextAllocHuge(CurrentMemoryContext, (Size) segment->length[p] + SLICE_PADDING);
	lead_event_file_read(segment->file, segment->position[p], bytes, segment->length[p]);
	memset(bytes + segment->length[p], 0, SLICE_PADDING);
	return bytes;
}

/*
 * One partition of the log, as a sorted array (the sorter's) and, when
 * max_slices allows, sorted slices beside it, in CurrentMemoryContext.
 */
static uint64 *
read_partition(LeadEventLog *log, LeadEventSorter *sorter, int p, int max_slices, int64 *count,
			   LeadSliceCursor *cursors, int *cursor_count)
{
	int			stride = LEAD_EVENT_WORDS(log->kind);
	int			slices = 0;
	LeadEventPiece *pieces;
	int			piece_count;
	uint64	   *words;

	*cursor_count = 0;
	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		slices += segment->length[p] > 0;
	pieces = partition_pieces(log, p, slices, &piece_count, count);
	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
	{
		const char *bytes;
		LeadSliceCursor cursor;
		int64		events;

		if (segment->length[p] == 0)
			continue;
		bytes = slice_bytes(segment, p);
		if (slices <= max_slices)
		{
			if (lead_slice_first(&cursors[*cursor_count], log->kind, bytes))
				(*cursor_count)++;
			continue;
		}
		events = lead_event_slice_events(bytes);
		words = allocate_words(events, stride);
		pieces[piece_count].words = words;
		pieces[piece_count++].count = events;
		*count += events;
		if (lead_slice_first(&cursor, log->kind, bytes))
			do
			{
				lead_slice_unpack(&cursor, words, stride);
				words += (Size) cursor.run * stride;
			} while (lead_slice_next(&cursor));
		/* Text keys point into the slice, which must stay. */
		if (log->kind != LEAD_KEY_TEXT && segment->bytes == NULL)
			pfree(unconstify(char *, bytes));
	}
	return lead_event_sort(sorter, pieces, piece_count, *count);
}

static bool
is_small(const LeadEventLog *log)
{
	return log->partitions == NULL && log->segments == NULL;
}

/* Reading: the log's meaning stays, staged events may move to partitions. */
static void
begin_reading(LeadEventLog *log)
{
	if (!is_small(log))
		scatter(log);
	if (log->held != NULL)
		log->held->reading = true;
}

static void
end_reading(LeadEventLog *log)
{
	if (log->held != NULL)
		log->held->reading = false;
}

void
lead_event_log_visit(LeadEventLog *log, LeadVisitor visitor, void *argument)
{
	LeadReader	reader = {.visitor = visitor, .argument = argument, .kind = log->kind};
	LeadEventSorter sorter;
	MemoryContext scratch;
	MemoryContext previous;

	if (is_small(log))
	{
		uint16	   *partition;
		uint64	   *words;

		if (log->staged == 0)
			return;
		reader.context = CurrentMemoryContext;
		words = sorted_staging(log, &partition);
		for (int start = 0, end; start < log->staged; start = end)
		{
			for (end = start + 1; end < log->staged && partition[end] == partition[start];)
				end++;
			visit_sorted(&reader, words + (Size) start * LEAD_EVENT_WORDS(log->kind), end - start);
		}
		pfree(words);
		pfree(partition);
		if (reader.events != NULL)
			pfree(reader.events);
		return;
	}

	begin_reading(log);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi partition",
									ALLOCSET_DEFAULT_SIZES);
	reader.context = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi lead",
										   ALLOCSET_DEFAULT_SIZES);
	previous = MemoryContextSwitchTo(reader.context);
	lead_event_sorter_init(&sorter, log->kind);
	MemoryContextSwitchTo(previous);
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadSliceCursor cursors[MAX_MERGED_SLICES];
		int			cursor_count;
		int64		count;
		uint64	   *words;

		CHECK_FOR_INTERRUPTS();
		previous = MemoryContextSwitchTo(scratch);
		words = read_partition(log, &sorter, p, MAX_MERGED_SLICES, &count, cursors, &cursor_count);
		MemoryContextSwitchTo(previous);
		if (cursor_count == 0)
			visit_sorted(&reader, words, count);
		else if (log->kind == LEAD_KEY_BIGINT)
			visit_merged(&reader, cursors, cursor_count, words, count, 2);
		else
			visit_merged(&reader, cursors, cursor_count, words, count, 3);
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);
	MemoryContextDelete(reader.context);
	end_reading(log);
}

/* Adds sorted or unsorted events of one partition to the log. */
static void
add_words(LeadEventLog *log, const uint64 *words, int64 count, int p)
{
	for (int64 i = 0; i < count; i++)
	{
		const uint64 *from = words + i * LEAD_EVENT_WORDS(log->kind);
		uint64		hash = (uint64) p << (64 - LEAD_PARTITION_BITS) | from[0] >> 8;
		int			step = (int) (from[0] & 0xff);

		if (log->staged == log->staged_capacity)
			lead_event_log_make_room(log);
		if (log->kind == LEAD_KEY_BIGINT)
			lead_event_log_add(log, 2, hash, 0, (int64) from[1], step);
		else
		{
			uint64		key = from[2];

			if (log->kind == LEAD_KEY_TEXT)
			{
				const char *text = (const char *) (uintptr_t) key;

				key = stage_key(log, text + 4, (int) lead_text_key_length(text));
			}
			lead_event_log_add(log, 3, hash, key, (int64) from[1], step);
		}
	}
}

static void
combine_segment(LeadEventLog *into, const LeadSegment *from, LeadEventFile *file)
{
	LeadSegment *segment;
	int64		events = 0;

	if (from->bytes != NULL)
	{
		for (int p = 0; p < LEAD_PARTITIONS; p++)
			if (from->length[p] > 0)
				events += lead_event_slice_events(from->bytes + from->position[p]);
		if (events <= SMALL_SEGMENT_EVENTS)
		{
			uint64		words[256 * 3];

			for (int p = 0; p < LEAD_PARTITIONS; p++)
			{
				LeadSliceCursor cursor;

				if (from->length[p] > 0 &&
					lead_slice_first(&cursor, into->kind, from->bytes + from->position[p]))
					do
					{
						lead_slice_unpack(&cursor, words, LEAD_EVENT_WORDS(into->kind));
						add_words(into, words, cursor.run, p);
					} while (lead_slice_next(&cursor));
			}
			return;
		}
	}
	hold(into);
	segment = add_segment(into);
	memcpy(segment->position, from->position, sizeof(segment->position));
	memcpy(segment->length, from->length, sizeof(segment->length));
	segment->file = file;
	segment->byte_count = from->byte_count;
	if (from->bytes != NULL)
	{
		char	   *bytes = MemoryContextAllocHuge(into->context, from->byte_count);

		memcpy(bytes, from->bytes, from->byte_count);
		segment->bytes = bytes;
		segment->own_bytes = true;
		add_held_bytes(into, from->byte_count);
		respect_budget();
	}
}

void
lead_event_log_combine(LeadEventLog *into, const LeadEventLog *from)
{
	LeadEventFile *handed_over = NULL;
	LeadEventFile *opened = NULL;

	Assert(into->kind == from->kind);

	for (int i = 0; i < from->staged; i++)
		add_words(into, from->staged_words + (Size) i * LEAD_EVENT_WORDS(from->kind), 1,
				  from->staged_partition[i]);
	for (int p = 0; from->partitions != NULL && p < LEAD_PARTITIONS; p++)
	{
		int			piece_count;
		int64		count;
		LeadEventPiece *pieces = partition_pieces(from, p, 0, &piece_count, &count);

		for (int i = 0; i < piece_count; i++)
			add_words(into, pieces[i].words, pieces[i].count, p);
		pfree(pieces);
	}
	for (const LeadSegment *segment = from->segments; segment != NULL; segment = segment->next)
	{
		/* All file segments of a log that was handed over are in one file. */
		if (segment->file != NULL && segment->file != handed_over)
		{
			if (into->lifetime == NULL)
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("spilled lead events can only be combined in an aggregate")));
			handed_over = segment->file;
			opened = lead_event_file_open(handed_over, into->context, into->lifetime);
		}
		combine_segment(into, segment, segment->file != NULL ? opened : NULL);
	}
}

static void
serialize_as_file(LeadEventLog *log, StringInfo out)
{
	int			segments = 0;

	hold(log);
	spill(log);
	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		segments++;
	lead_event_file_serialize(log->held->file, out);
	wire_put_varint(out, (uint64) segments);
	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		for (int p = 0; p < LEAD_PARTITIONS; p++)
		{
			wire_put_varint(out, segment->length[p]);
			if (segment->length[p] > 0)
				wire_put_varint(out, (uint64) segment->position[p]);
		}
}

static void
put_slice(LeadEventLog *log, int p, const uint64 *words, int64 count, StringInfo out)
{
	int			start;
	uint32		length;

	if (count == 0)
		return;
	pq_sendint16(out, (uint16) p);
	pq_sendint32(out, 0);
	start = out->len;
	lead_event_slice_pack(log->kind, words, count, out);
	length = pg_hton32((uint32) (out->len - start));
	memcpy(out->data + start - 4, &length, 4);
}

static void
serialize_as_bytes(LeadEventLog *log, StringInfo out)
{
	static const char padding[SLICE_PADDING] = {0};
	int			slices = 0;
	int			count_position = out->len;

	pq_sendint16(out, 0);
	if (is_small(log))
	{
		uint16	   *partition;
		uint64	   *words = sorted_staging(log, &partition);

		for (int start = 0, end; start < log->staged; start = end)
		{
			for (end = start + 1; end < log->staged && partition[end] == partition[start];)
				end++;
			put_slice(log, partition[start], words + (Size) start * LEAD_EVENT_WORDS(log->kind),
					  end - start, out);
			slices++;
		}
	}
	else
	{
		LeadEventSorter sorter;
		MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi partition",
													  ALLOCSET_DEFAULT_SIZES);

		lead_event_sorter_init(&sorter, log->kind);
		begin_reading(log);
		for (int p = 0; p < LEAD_PARTITIONS; p++)
		{
			MemoryContext previous = MemoryContextSwitchTo(scratch);
			int			cursor_count;
			int64		count;
			uint64	   *words = read_partition(log, &sorter, p, 0, &count, NULL, &cursor_count);

			CHECK_FOR_INTERRUPTS();
			MemoryContextSwitchTo(previous);
			put_slice(log, p, words, count, out);
			slices += count > 0;
			MemoryContextReset(scratch);
		}
		end_reading(log);
		MemoryContextDelete(scratch);
	}
	{
		uint16		network_slices = pg_hton16((uint16) slices);

		memcpy(out->data + count_position, &network_slices, 2);
	}
	pq_sendbytes(out, padding, SLICE_PADDING);
}

void
lead_event_log_serialize(LeadEventLog *log, StringInfo out)
{
	bool		spilled = log->held != NULL && log->held->file != NULL;

	wire_put_version(out, WIRE_VERSION);
	pq_sendbyte(out, log->kind);
	if (log->shippable &&
		(spilled || log->held_bytes > (temp_file_limit < 0 ? MAX_SHIPPED_BYTES : MAX_SHIPPED_BYTES_LIMITED)))
	{
		pq_sendbyte(out, WIRE_FORM_FILE);
		serialize_as_file(log, out);
	}
	else
	{
		pq_sendbyte(out, WIRE_FORM_BYTES);
		serialize_as_bytes(log, out);
	}
}

static void
deserialize_file(LeadEventLog *log, StringInfo in, const char *type_name)
{
	LeadEventFile *file = lead_event_file_deserialize(log->context, in);
	int			segments = wire_get_count(in, type_name, LEAD_PARTITIONS, PG_INT32_MAX);

	while (segments-- > 0)
	{
		LeadSegment *segment = add_segment(log);

		segment->file = file;
		for (int p = 0; p < LEAD_PARTITIONS; p++)
		{
			uint64		length = wire_get_varint(in, type_name);
			uint64		position = length > 0 ? wire_get_varint(in, type_name) : 0;

			wire_check(length <= PG_UINT32_MAX && position <= (uint64) lead_event_file_size(file) &&
					   length <= (uint64) lead_event_file_size(file) - position,
					   type_name, "slice outside its file");
			segment->length[p] = (uint32) length;
			segment->position[p] = (int64) position;
		}
	}
}

static void
deserialize_bytes(LeadEventLog *log, StringInfo in, const char *type_name, int step_count)
{
	int			slices = (int) pq_getmsgint(in, 2);
	int			previous = -1;
	LeadSegment *segment;

	wire_check(slices <= LEAD_PARTITIONS, type_name, "too many partitions");
	if (slices > 0)
	{
		segment = add_segment(log);
		segment->bytes = in->data + in->cursor;
	}
	for (int i = 0; i < slices; i++)
	{
		int			p = (int) pq_getmsgint(in, 2);
		uint32		length = pq_getmsgint(in, 4);
		const char *bytes;

		wire_check(p > previous && p < LEAD_PARTITIONS, type_name, "partitions are not in order");
		wire_check(length <= (uint32) (in->len - in->cursor), type_name, "slice is cut off");
		bytes = pq_getmsgbytes(in, (int) length);
		(void) lead_event_slice_check(log->kind, bytes, length, step_count, type_name);
		segment->position[p] = bytes - segment->bytes;
		segment->length[p] = length;
		previous = p;
	}
	(void) pq_getmsgbytes(in, SLICE_PADDING);
	if (slices > 0)
		segment->byte_count = (Size) (in->data + in->cursor - segment->bytes);
}

void
lead_event_log_deserialize(LeadEventLog *log, StringInfo in, const char *type_name, int step_count)
{
	int			kind;
	int			form;

	wire_get_version(in, type_name, WIRE_VERSION);
	kind = pq_getmsgbyte(in);
	wire_check(kind <= LEAD_KEY_TEXT, type_name, "unknown type of lead key");
	lead_event_log_init(log, (LeadKeyKind) kind, CurrentMemoryContext, NULL);
	form = pq_getmsgbyte(in);
	if (form == WIRE_FORM_FILE)
		deserialize_file(log, in, type_name);
	else
	{
		wire_check(form == WIRE_FORM_BYTES, type_name, "unknown form");
		deserialize_bytes(log, in, type_name, step_count);
	}
}
