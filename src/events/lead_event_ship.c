/*
 * lead_event_ship.c
 *	  Lead event logs between processes: combine, serialize, deserialize.
 *
 * What another process hands over stays packed, as bytes or as a file.
 */
#include "lead_event_log_parts.h"

#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/wire.h"
#include "lead_text_key.h"

/*
 * Larger logs are handed over as a file: that way they are copied twice, once
 * in and once out of the page cache, and not five times between buffers and
 * the queue of the worker.  Under a temp_file_limit only those go that cannot
 * be handed over otherwise.
 */
#define MAX_SHIPPED_BYTES ((Size) 1024 * 1024)
#define MAX_SHIPPED_BYTES_LIMITED ((Size) 512 * 1024 * 1024)

/* So many events are copied to the staging buffer when combined. */
#define FEW_EVENTS 1024

#define WIRE_VERSION 1
#define WIRE_FORM_BYTES 0
#define WIRE_FORM_FILE 1

uint64 *
lead_event_log_add_copy(LeadEventLog *log, int partition, const uint64 *words, int step)
{
	uint64 hash = (uint64) partition << (64 - LEAD_PARTITION_BITS) | words[0] >> 8;
	uint64 key;

	/* Making room drops the staged keys: first room, then the key. */
	if (log->staged == log->staged_capacity)
		lead_event_log_make_room(log);
	if (log->kind == LEAD_KEY_BIGINT)
		return lead_event_log_add(log, 2, log->payload, hash, 0, (int64) words[1], step);
	key = words[2];
	if (log->kind == LEAD_KEY_TEXT && !lead_text_word_is_packed(key))
	{
		const char *text = (const char *) (uintptr_t) key;

		key = lead_log_stage_key(log, text + 4, (int) lead_text_key_length(text));
	}
	return lead_event_log_add(log, 3, log->payload, hash, key, (int64) words[1], step);
}

/* A LeadEventCopier whose argument is a log of the same kind and payload. */
static void
copy_event(void *argument, int partition, const uint64 *words)
{
	LeadEventLog *into = argument;
	uint64 *payload = lead_event_log_add_copy(into, partition, words, (int) (words[0] & 0xff));

	memcpy(payload, words + LEAD_EVENT_WORDS(into->kind), into->payload * sizeof(uint64));
}

static int64
segment_events(const LeadSegment *segment)
{
	int64 events = 0;

	for (int p = 0; p < LEAD_PARTITIONS; p++)
		if (segment->length[p] > 0)
			events += lead_event_slice_events(segment->bytes + segment->position[p]);
	return events;
}

static void
each_of_segment(const LeadEventLog *log, const LeadSegment *segment, LeadEventCopier copier, void *argument)
{
	uint64 words[256 * LEAD_MAX_EVENT_WORDS];
	int stride = lead_log_stride(log);

	for (int p = 0; p < LEAD_PARTITIONS; p++)
	{
		LeadSliceCursor cursor;

		if (segment->length[p] > 0 &&
			lead_slice_first(&cursor, log->kind, segment->bytes + segment->position[p]))
			do
			{
				lead_slice_unpack(&cursor, words, stride - log->payload, log->payload);
				for (int i = 0; i < cursor.run; i++)
					copier(argument, p, words + i * stride);
			} while (lead_slice_next(&cursor));
	}
}

/* The events that are not packed. */
static void
each_unpacked(const LeadEventLog *log, LeadEventCopier copier, void *argument)
{
	int stride = lead_log_stride(log);

	for (int i = 0; i < log->staged; i++)
		copier(argument, log->staged_partition[i], log->staged_words + (Size) i * stride);
	for (int p = 0; log->partitions != NULL && p < LEAD_PARTITIONS; p++)
	{
		int piece_count;
		int64 count;
		LeadEventPiece *pieces = lead_log_pieces(log, p, 0, &piece_count, &count);

		for (int i = 0; i < piece_count; i++)
			for (int64 j = 0; j < pieces[i].count; j++)
				if (pieces[i].is_short)
				{
					LeadEvent event = lead_event_lengthen(pieces[i].words[j], p);

					copier(argument, p, (const uint64 *) &event);
				}
				else
					copier(argument, p, pieces[i].words + j * stride);
		pfree(pieces);
	}
}

bool
lead_event_log_has_few(const LeadEventLog *log)
{
	int64 events = log->staged;

	if (log->partitions != NULL)
		return false;
	for (const LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
	{
		if (segment->bytes == NULL || events > FEW_EVENTS)
			return false;
		events += segment_events(segment);
	}
	return events <= FEW_EVENTS;
}

void
lead_event_log_each(const LeadEventLog *log, LeadEventCopier copier, void *argument)
{
	each_unpacked(log, copier, argument);
	for (const LeadSegment *segment = log->segments; segment != NULL; segment = segment->next)
		each_of_segment(log, segment, copier, argument);
}

static void
combine_segment(LeadEventLog *into, const LeadSegment *from, LeadEventFile *file)
{
	LeadSegment *segment;

	if (from->bytes != NULL && segment_events(from) <= FEW_EVENTS)
	{
		each_of_segment(into, from, copy_event, into);
		return;
	}
	lead_log_hold(into);
	segment = lead_log_add_segment(into);
	memcpy(segment->position, from->position, sizeof(segment->position));
	memcpy(segment->length, from->length, sizeof(segment->length));
	segment->file = file;
	segment->byte_count = from->byte_count;
	if (from->bytes != NULL)
	{
		char *bytes = MemoryContextAllocHuge(into->context, from->byte_count);

		memcpy(bytes, from->bytes, from->byte_count);
		segment->bytes = bytes;
		segment->own_bytes = true;
		lead_log_hold_bytes(into, from->byte_count);
		lead_log_respect_budget();
	}
}

void
lead_event_log_combine(LeadEventLog *into, const LeadEventLog *from)
{
	LeadEventFile *handed_over = NULL;
	LeadEventFile *opened = NULL;

	Assert(into->kind == from->kind && into->payload == from->payload);

	each_unpacked(from, copy_event, into);
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
	int segments = 0;

	lead_log_hold(log);
	lead_log_spill(log);
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
	int start;
	uint32 length;

	if (count == 0)
		return;
	pq_sendint16(out, (uint16) p);
	pq_sendint32(out, 0);
	start = out->len;
	lead_event_slice_pack(log->kind, log->payload, words, count, out);
	length = pg_hton32((uint32) (out->len - start));
	memcpy(out->data + start - 4, &length, 4);
}

static void
serialize_as_bytes(LeadEventLog *log, StringInfo out)
{
	static const char padding[SLICE_PADDING] = {0};
	int slices = 0;
	int count_position = out->len;

	pq_sendint16(out, 0);
	if (lead_event_log_is_small(log))
	{
		uint16 *partition;
		uint64 *words = lead_log_sorted_staging(log, &partition);

		for (int start = 0, end; start < log->staged; start = end)
		{
			for (end = start + 1; end < log->staged && partition[end] == partition[start];)
				end++;
			put_slice(log, partition[start], words + (Size) start * lead_log_stride(log), end - start, out);
			slices++;
		}
	}
	else
	{
		LeadEventSorter sorter;
		MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi partition",
													  ALLOCSET_DEFAULT_SIZES);

		lead_event_sorter_init(&sorter, log->kind, log->payload);
		lead_event_log_begin_reading(log);
		for (int p = 0; p < LEAD_PARTITIONS; p++)
		{
			MemoryContext previous = MemoryContextSwitchTo(scratch);
			int cursor_count;
			int64 count;
			uint64 *words = lead_log_read_partition(log, &sorter, p, 0, &count, NULL, &cursor_count);

			CHECK_FOR_INTERRUPTS();
			MemoryContextSwitchTo(previous);
			put_slice(log, p, words, count, out);
			slices += count > 0;
			MemoryContextReset(scratch);
		}
		lead_event_log_end_reading(log);
		MemoryContextDelete(scratch);
	}
	{
		uint16 network_slices = pg_hton16((uint16) slices);

		memcpy(out->data + count_position, &network_slices, 2);
	}
	pq_sendbytes(out, padding, SLICE_PADDING);
}

void
lead_event_log_serialize(LeadEventLog *log, StringInfo out)
{
	bool spilled = log->held != NULL && log->held->file != NULL;

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
	int segments = wire_get_count(in, type_name, LEAD_PARTITIONS, PG_INT32_MAX);

	while (segments-- > 0)
	{
		LeadSegment *segment = lead_log_add_segment(log);

		segment->file = file;
		for (int p = 0; p < LEAD_PARTITIONS; p++)
		{
			uint64 length = wire_get_varint(in, type_name);
			uint64 position = length > 0 ? wire_get_varint(in, type_name) : 0;

			wire_check(length <= PG_UINT32_MAX && position <= (uint64) lead_event_file_size(file) &&
						   length <= (uint64) lead_event_file_size(file) - position,
					   type_name, "slice outside its file");
			segment->length[p] = (uint32) length;
			segment->position[p] = (int64) position;
		}
	}
}

static void
deserialize_bytes(LeadEventLog *log, StringInfo in, const char *type_name, int step_count,
				  LeadPayloadCheck check, void *argument)
{
	int slices = (int) pq_getmsgint(in, 2);
	const char *start = in->data + in->cursor;
	int previous = -1;
	LeadSegment *segment;

	wire_check(slices <= LEAD_PARTITIONS, type_name, "too many partitions");
	if (slices == 0)
	{
		(void) pq_getmsgbytes(in, SLICE_PADDING);
		return;
	}
	segment = lead_log_add_segment(log);
	segment->bytes = start;
	for (int i = 0; i < slices; i++)
	{
		int p = (int) pq_getmsgint(in, 2);
		uint32 length = pq_getmsgint(in, 4);
		const char *bytes;

		wire_check(p > previous && p < LEAD_PARTITIONS, type_name, "partitions are not in order");
		wire_check(length <= (uint32) (in->len - in->cursor), type_name, "slice is cut off");
		bytes = pq_getmsgbytes(in, (int) length);
		(void) lead_event_slice_check(log->kind, log->payload, bytes, length, step_count, check, argument,
									  type_name);
		segment->position[p] = bytes - start;
		segment->length[p] = length;
		previous = p;
	}
	(void) pq_getmsgbytes(in, SLICE_PADDING);
	segment->byte_count = (Size) (in->data + in->cursor - start);
}

void
lead_event_log_deserialize(LeadEventLog *log, int payload, StringInfo in, const char *type_name,
						   int step_count, LeadPayloadCheck check, void *argument)
{
	int kind;
	int form;

	wire_get_version(in, type_name, WIRE_VERSION);
	kind = pq_getmsgbyte(in);
	wire_check(kind <= LEAD_KEY_TEXT, type_name, "unknown type of lead key");
	lead_event_log_init(log, (LeadKeyKind) kind, payload, CurrentMemoryContext, NULL);
	form = pq_getmsgbyte(in);
	if (form == WIRE_FORM_FILE)
		deserialize_file(log, in, type_name);
	else
	{
		wire_check(form == WIRE_FORM_BYTES, type_name, "unknown form");
		deserialize_bytes(log, in, type_name, step_count, check, argument);
	}
}
