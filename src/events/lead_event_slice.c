/*
 * lead_event_slice.c
 *	  The packed form of one partition's events, sorted by lead.
 */
#include "lead_event_slice.h"

#include "port/pg_bswap.h"
#include "utils/memutils.h"

#include "base/wire.h"
#include "lead_event_sort.h"

#define SLICE_HEADER_BYTES 21
#define MAX_RUN 255

static inline char *
put32(char *to, uint32 value)
{
	value = pg_hton32(value);
	memcpy(to, &value, 4);
	return to + 4;
}

static inline char *
put64(char *to, uint64 value)
{
	value = pg_hton64(value);
	memcpy(to, &value, 8);
	return to + 8;
}

static inline uint32
get32(const char *from)
{
	uint32 value;

	memcpy(&value, from, 4);
	return pg_ntoh32(value);
}

static inline uint64
get64(const char *from)
{
	uint64 value;

	memcpy(&value, from, 8);
	return pg_ntoh64(value);
}

/* What the size of a slice follows from. */
typedef struct SliceMeasure
{
	uint64 entries;
	uint64 key_bytes;
	int64 earliest;
	int time_bytes;
} SliceMeasure;

/* Finds the runs of one lead, once: "runs" remembers them. */
static pg_attribute_always_inline SliceMeasure
measure(const LeadKeyKind kind, const int stride, const uint64 *words, int64 count, uint8 *runs)
{
	SliceMeasure found = {.earliest = PG_INT64_MAX};
	int64 latest = PG_INT64_MIN;

	for (int64 i = 0; i < count;)
	{
		const uint64 *first = words + i * stride;
		const uint64 *last = first;
		int run = 1;

		while (run < MAX_RUN && i + run < count && first[0] >> 8 == last[stride] >> 8 &&
			   (kind == LEAD_KEY_BIGINT || lead_key_compare(kind, first[2], last[stride + 2]) == 0))
		{
			last += stride;
			run++;
		}
		/* A run is in order of time. */
		found.earliest = Min(found.earliest, (int64) first[1]);
		latest = Max(latest, (int64) last[1]);
		if (kind == LEAD_KEY_TEXT)
			found.key_bytes += lead_text_word_size(first[2]);
		runs[found.entries++] = (uint8) run;
		i += run;
	}
	if (kind == LEAD_KEY_UUID)
		found.key_bytes = found.entries * 8;
	for (uint64 span = (uint64) latest - (uint64) found.earliest; count > 0 && span > 0; span >>= 8)
		found.time_bytes++;
	return found;
}

/* Packs for one kind of key: kind is a constant in each of the three calls. */
static pg_attribute_always_inline void
pack(const LeadKeyKind kind, const int payload, const uint64 *words, int64 count, uint8 *runs, StringInfo out)
{
	const int stride = LEAD_EVENT_WORDS(kind) + payload;
	const SliceMeasure found = measure(kind, stride, words, count, runs);
	const int time_bytes = found.time_bytes;
	uint64 total;
	char *entry;
	char *key;
	char *event;

	total = SLICE_HEADER_BYTES + found.entries * 8 + found.key_bytes +
		(uint64) count * (1 + time_bytes + 8 * payload);
	if (count > PG_UINT32_MAX || found.key_bytes > PG_UINT32_MAX ||
		total + (uint64) out->len > MaxAllocSize - 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many events of too few leads for one process to hand over"),
				 errhint("Set max_parallel_workers_per_gather = 0 for this query, or raise work_mem.")));
	enlargeStringInfo(out, (int) total + SLICE_PADDING);

	entry = out->data + out->len;
	entry = put32(entry, (uint32) found.entries);
	entry = put32(entry, (uint32) count);
	entry = put32(entry, (uint32) found.key_bytes);
	entry = put64(entry, (uint64) found.earliest);
	*entry++ = (char) time_bytes;
	key = entry + found.entries * 8;
	event = key + found.key_bytes;

	for (uint64 i = 0; i < found.entries; i++)
	{
		entry = put64(entry, (words[0] & ~UINT64CONST(0xff)) | (uint64) runs[i]);
		if (kind == LEAD_KEY_UUID)
			key = put64(key, words[2]);
		else if (kind == LEAD_KEY_TEXT)
			key = lead_text_store(key, words[2]);
		for (int j = 0; j < runs[i]; j++, words += stride)
		{
			uint64 above = words[1] - (uint64) found.earliest;

			/* The overhang is overwritten by the next event, or is padding. */
			if (unlikely(time_bytes == 8))
			{
				*event = (char) words[0];
				put64(event + 1, above);
			}
			else
				put64(event, (words[0] << 56) | (above << (56 - 8 * time_bytes)));
			event += 1 + time_bytes;
			for (int k = stride - payload; k < stride; k++)
				event = put64(event, words[k]);
		}
	}
	out->len += (int) total;
	out->data[out->len] = '\0';
}

void
lead_event_slice_pack(LeadKeyKind kind, int payload, const uint64 *words, int64 count, StringInfo out)
{
	uint8 *runs = MemoryContextAllocHuge(CurrentMemoryContext, (Size) Max(count, 1));

	if (payload > 0)
		pack(kind, payload, words, count, runs, out);
	else if (kind == LEAD_KEY_BIGINT)
		pack(LEAD_KEY_BIGINT, 0, words, count, runs, out);
	else if (kind == LEAD_KEY_UUID)
		pack(LEAD_KEY_UUID, 0, words, count, runs, out);
	else
		pack(LEAD_KEY_TEXT, 0, words, count, runs, out);
	pfree(runs);
}

/* Equal keys must be equal words. */
static void
check_text_key(const char *key, const char *type_name)
{
	static const char zeros[8] = {0};
	Size used = 4 + (Size) lead_text_key_length(key);

	if (lead_text_word_is_packed(lead_text_stored_word(key)))
		return;
	wire_check(memcmp(key + used, zeros, lead_text_key_size(key) - used) == 0, type_name,
			   "lead key is padded with something");
}

int64
lead_event_slice_check(LeadKeyKind kind, int payload, const char *bytes, Size length, int step_count,
					   LeadPayloadCheck check, void *argument, const char *type_name)
{
	uint64 entries;
	uint64 events;
	uint64 key_bytes;
	uint64 counted = 0;
	uint64 previous = 0;
	int time_bytes;
	int event_bytes;
	const char *key;

	wire_check(length >= SLICE_HEADER_BYTES, type_name, "slice is too short");
	entries = get32(bytes);
	events = get32(bytes + 4);
	key_bytes = get32(bytes + 8);
	time_bytes = (uint8) bytes[20];
	wire_check(time_bytes <= 8, type_name, "slice has impossible times");
	event_bytes = 1 + time_bytes + 8 * payload;
	wire_check(length == SLICE_HEADER_BYTES + entries * 8 + key_bytes + events * event_bytes, type_name,
			   "slice length does not match its counts");
	wire_check(entries > 0, type_name, "slice is empty");
	bytes += SLICE_HEADER_BYTES;

	for (uint64 i = 0; i < entries; i++)
	{
		uint64 entry = get64(bytes + i * 8);

		wire_check((entry & 0xff) != 0, type_name, "lead without events");
		wire_check(entry >> 8 >= previous >> 8, type_name, "leads are not in order");
		counted += entry & 0xff;
		previous = entry;
	}
	wire_check(counted == events, type_name, "events do not add up");
	bytes += entries * 8;

	if (kind == LEAD_KEY_TEXT)
	{
		key = bytes;
		for (uint64 i = 0; i < entries; i++)
		{
			uint64 left = key_bytes - (uint64) (key - bytes);

			wire_check(left >= 8 && left >= lead_text_stored_size(key), type_name, "lead key is cut off");
			check_text_key(key, type_name);
			key += lead_text_stored_size(key);
		}
		wire_check(key == bytes + key_bytes, type_name, "lead keys do not add up");
	}
	else
		wire_check(key_bytes == (kind == LEAD_KEY_UUID ? entries * 8 : 0), type_name,
				   "lead keys do not add up");
	bytes += key_bytes;

	for (uint64 i = 0; i < events; i++, bytes += event_bytes)
	{
		uint64 words[LEAD_PAYLOAD_WORDS];

		wire_check((uint8) *bytes < step_count, type_name, "step out of range");
		if (payload == 0)
			continue;
		for (int j = 0; j < payload; j++)
			words[j] = get64(bytes + 1 + time_bytes + 8 * j);
		check(argument, words);
	}
	return (int64) events;
}

int64
lead_event_slice_events(const char *bytes)
{
	return (int64) get32(bytes + 4);
}

bool
lead_slice_first(LeadSliceCursor *cursor, LeadKeyKind kind, const char *bytes)
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->kind = kind;
	cursor->entries_left = get32(bytes);
	cursor->base_time = (int64) get64(bytes + 12);
	cursor->time_bytes = (uint8) bytes[20];
	cursor->next_entry = bytes + SLICE_HEADER_BYTES;
	cursor->next_key = cursor->next_entry + cursor->entries_left * 8;
	cursor->next_event = cursor->next_key + get32(bytes + 8);
	return lead_slice_next(cursor);
}
