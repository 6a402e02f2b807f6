/*
 * lead_event_read.c
 *	  Reading a lead event log, partition by partition and lead by lead.
 */
#include "lead_event_log_parts.h"

#include "miscadmin.h"
#include "utils/memutils.h"

/* Merging more sorted slices than this costs more than sorting their events. */
#define MAX_MERGED_SLICES 16

/* What reading a log needs besides the log. */
typedef struct LeadReader
{
	LeadVisitor visitor;
	void *argument;
	LeadKeyKind kind;
	uint64 *group; /* events of one hash, in words */
	int64 group_count;
	int64 group_capacity;
	LeadEvent *events; /* events of one lead, when words are three */
	int64 event_capacity;
	MemoryContext context; /* of the two buffers */
} LeadReader;

static LeadEvent *
reserve_events(LeadReader *reader, int64 count)
{
	if (unlikely(count > reader->event_capacity))
	{
		reader->event_capacity = Max(count, 2 * reader->event_capacity);
		if (reader->events != NULL)
			pfree(reader->events);
		reader->events = MemoryContextAllocHuge(reader->context,
												mul_size(reader->event_capacity, sizeof(LeadEvent)));
	}
	return reader->events;
}

static void
visit_triples(LeadReader *reader, const uint64 *words, int64 count)
{
	LeadEvent *events = reserve_events(reader, count);

	for (int64 i = 0; i < count; i++)
	{
		events[i].lead_step = words[3 * i];
		events[i].time = (int64) words[3 * i + 1];
	}
	reader->visitor(reader->argument, events, count);
}

/* Events of one hash, sorted by time and step: one lead, or very rarely more. */
static void
visit_group(LeadReader *reader, uint64 *words, int64 count)
{
	int64 start = 0;
	bool one_lead = true;

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
		if (i == count ||
			(!one_lead && lead_key_compare(reader->kind, words[3 * start + 2], words[3 * i + 2]) != 0))
		{
			visit_triples(reader, words + 3 * start, i - start);
			start = i;
		}
}

static void
visit_sorted(LeadReader *reader, uint64 *words, int64 count)
{
	int stride = LEAD_EVENT_WORDS(reader->kind);
	int64 start = 0;

	while (start < count)
	{
		uint64 hash = words[start * stride] >> 8;
		int64 end = start + 1;

		while (end < count && words[end * stride] >> 8 == hash)
			end++;
		visit_group(reader, words + start * stride, end - start);
		start = end;
	}
}

/* As visit_sorted, of short events. */
static void
visit_short(LeadReader *reader, const uint64 *words, int64 count, int p)
{
	int64 start = 0;

	while (start < count)
	{
		uint64 lead = words[start] >> LEAD_SHORT_LEAD_SHIFT;
		int64 end = start + 1;
		LeadEvent *events;

		while (end < count && words[end] >> LEAD_SHORT_LEAD_SHIFT == lead)
			end++;
		events = reserve_events(reader, end - start);
		for (int64 i = start; i < end; i++)
			events[i - start] = lead_event_lengthen(words[i], p);
		reader->visitor(reader->argument, events, end - start);
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
											   mul_size(mul_size(reader->group_capacity, stride),
														sizeof(uint64)));
	else
		reader->group = repalloc_huge(reader->group,
									  mul_size(mul_size(reader->group_capacity, stride), sizeof(uint64)));
}

/*
 * Merges sorted slices and a sorted array, lead by lead.  What other processes
 * handed over is merged here by one alone, so every step of it counts.
 */
static inline void
visit_merged(LeadReader *reader, LeadSliceCursor *cursors, int cursor_count, const uint64 *words, int64 count,
			 int stride)
{
	int64 next = 0;

	while (cursor_count > 0 || next < count)
	{
		uint64 hash = next < count ? words[next * stride] >> 8 : PG_UINT64_MAX;
		int sources = 0;

		for (int i = 0; i < cursor_count; i++)
			hash = Min(hash, cursors[i].hash >> 8);
		reader->group_count = 0;
		if (next < count && words[next * stride] >> 8 == hash)
		{
			int64 start = next;

			while (next < count && words[next * stride] >> 8 == hash)
				next++;
			reserve_group(reader, next - start, stride);
			memcpy(reader->group, words + start * stride, (Size) (next - start) * stride * sizeof(uint64));
			reader->group_count = next - start;
			sources++;
		}
		for (int i = 0; i < cursor_count; i++)
		{
			LeadSliceCursor *cursor = &cursors[i];

			while (cursor->hash >> 8 == hash)
			{
				reserve_group(reader, cursor->run, stride);
				lead_slice_unpack(cursor, reader->group + reader->group_count * stride, stride, 0);
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
			lead_event_sort_in_place(reader->kind, 0, reader->group, reader->group_count);
		visit_group(reader, reader->group, reader->group_count);
	}
}

/*
 * The staging buffer of a small log, sorted by partition and lead.  Returns
 * the words; partitions, in the same order, in *partition.
 */
uint64 *
lead_log_sorted_staging(const LeadEventLog *log, uint16 **partition)
{
	int stride = lead_log_stride(log);
	int count = log->staged;
	uint64 *words = palloc(mul_size(mul_size(Max(count, 1), stride), sizeof(uint64)));
	int start[LEAD_PARTITIONS + 1];

	*partition = palloc(mul_size(Max(count, 1), sizeof(uint16)));
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
		int to = start[log->staged_partition[i]]++;

		memcpy(words + (Size) to * stride, log->staged_words + (Size) i * stride, stride * sizeof(uint64));
		(*partition)[to] = log->staged_partition[i];
	}
	for (int i = 0; i < count;)
	{
		int end = start[(*partition)[i]];

		lead_event_sort_in_place(log->kind, log->payload, words + (Size) i * stride, end - i);
		i = end;
	}
	return words;
}

static const char *
slice_bytes(const LeadSegment *segment, int p)
{
	char *bytes;

	if (segment->bytes != NULL)
		return segment->bytes + segment->position[p];
	bytes = MemoryContextAllocHuge(CurrentMemoryContext, (Size) segment->length[p] + SLICE_PADDING);
	lead_event_file_read(segment->file, segment->position[p], bytes, segment->length[p]);
	memset(bytes + segment->length[p], 0, SLICE_PADDING);
	return bytes;
}

static LeadEventPiece
unpack_slice(const LeadEventLog *log, const LeadSegment *segment, int p)
{
	const char *bytes = slice_bytes(segment, p);
	LeadEventPiece piece = {.count = lead_event_slice_events(bytes)};
	int stride = lead_log_stride(log);
	uint64 *words = MemoryContextAllocHuge(CurrentMemoryContext,
										   mul_size(mul_size(Max(piece.count, 1), stride), sizeof(uint64)));
	LeadSliceCursor cursor;

	piece.words = words;
	if (lead_slice_first(&cursor, log->kind, bytes))
		do
		{
			lead_slice_unpack(&cursor, words, stride - log->payload, log->payload);
			words += (Size) cursor.run * stride;
		} while (lead_slice_next(&cursor));
	/* Text keys point into the slice, which must stay. */
	if (log->kind != LEAD_KEY_TEXT && segment->bytes == NULL)
		pfree(unconstify(char *, bytes));
	return piece;
}

static int
count_slices(const LeadEventLog *log, int p)
{
	int slices = 0;

	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		slices += segment->length[p] > 0;
	return slices;
}

LeadEventPiece *
lead_event_log_partition(LeadEventLog *log, int p, int *piece_count)
{
	int64 count;
	LeadEventPiece *pieces = lead_log_pieces(log, p, count_slices(log, p), piece_count, &count);

	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		if (segment->length[p] > 0)
			pieces[(*piece_count)++] = unpack_slice(log, segment, p);
	return pieces;
}

/*
 * One partition of the log, as a sorted array (the sorter's) and, when
 * max_slices allows, sorted slices beside it, in CurrentMemoryContext.
 */
uint64 *
lead_log_read_partition(LeadEventLog *log, LeadEventSorter *sorter, int p, int max_slices, int64 *count,
						LeadSliceCursor *cursors, int *cursor_count)
{
	int slices = count_slices(log, p);
	LeadEventPiece *pieces;
	int piece_count;

	*cursor_count = 0;
	pieces = lead_log_pieces(log, p, slices, &piece_count, count);
	for (LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
	{
		if (segment->length[p] == 0)
			continue;
		if (slices > max_slices)
		{
			pieces[piece_count] = unpack_slice(log, segment, p);
			*count += pieces[piece_count++].count;
		}
		else if (lead_slice_first(&cursors[*cursor_count], log->kind, slice_bytes(segment, p)))
			(*cursor_count)++;
	}
	return lead_event_sort(sorter, p, pieces, piece_count, *count);
}

/* A partition that is nothing but short events, sorted; or NULL. */
static uint64 *
read_short_partition(LeadEventLog *log, LeadEventSorter *sorter, int p, int64 *count)
{
	LeadEventPiece *pieces;
	int piece_count;

	if (!log->is_short || log->segments != NULL)
		return NULL;
	pieces = lead_log_pieces(log, p, 0, &piece_count, count);
	return lead_event_sort_short(sorter, pieces, piece_count, *count);
}

bool
lead_event_log_is_small(const LeadEventLog *log)
{
	return log->partitions == NULL && log->segments == NULL;
}

/* Reading: the log's meaning stays, staged events move to partitions. */
void
lead_event_log_begin_reading(LeadEventLog *log)
{
	lead_log_scatter(log);
	if (log->held != NULL)
		log->held->reading = true;
}

void
lead_event_log_end_reading(LeadEventLog *log)
{
	if (log->held != NULL)
		log->held->reading = false;
}

void
lead_event_log_visit(LeadEventLog *log, LeadVisitor visitor, void *argument)
{
	LeadReader reader = {.visitor = visitor, .argument = argument, .kind = log->kind};
	LeadEventSorter sorter;
	MemoryContext scratch;
	MemoryContext previous;

	Assert(log->payload == 0);
	if (lead_event_log_is_small(log))
	{
		uint16 *partition;
		uint64 *words;

		if (log->staged == 0)
			return;
		reader.context = CurrentMemoryContext;
		words = lead_log_sorted_staging(log, &partition);
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

	lead_event_log_begin_reading(log);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi partition", ALLOCSET_DEFAULT_SIZES);
	reader.context = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi lead", ALLOCSET_DEFAULT_SIZES);
	previous = MemoryContextSwitchTo(reader.context);
	lead_event_sorter_init(&sorter, log->kind, log->payload);
	MemoryContextSwitchTo(previous);
	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadSliceCursor cursors[MAX_MERGED_SLICES];
		int cursor_count;
		int64 count;
		uint64 *words;

		CHECK_FOR_INTERRUPTS();
		previous = MemoryContextSwitchTo(scratch);
		words = read_short_partition(log, &sorter, p, &count);
		if (words != NULL)
		{
			MemoryContextSwitchTo(previous);
			visit_short(&reader, words, count, p);
			MemoryContextReset(scratch);
			continue;
		}
		words = lead_log_read_partition(log, &sorter, p, MAX_MERGED_SLICES, &count, cursors, &cursor_count);
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
	lead_event_log_end_reading(log);
}
