/*
 * lead_event_slice.h
 *	  The packed form of one partition's events, sorted by lead: what is
 *	  shipped between processes and what lies in temporary files.
 *
 * Layout, all in network byte order: number of lead entries, number of
 * events, bytes of keys (4 bytes each), base time (8), bytes per time (1);
 * then an 8-byte entry per lead (56 bits of hash, a run length 1 to 255; a
 * lead with more events has several entries), the rest of each entry's key
 * (uuid: 8 bytes, text: see lead_text_key.h), and per event the step (1
 * byte), the time above the base, and the payload (8 bytes per word).
 */
#ifndef LEAD_KPI_LEAD_EVENT_SLICE_H
#define LEAD_KPI_LEAD_EVENT_SLICE_H

#include "lead_event.h"

/* Reading may look this far past the last event: keep so much padding there. */
#define SLICE_PADDING 8

/* words: count events of LEAD_EVENT_WORDS(kind), sorted by lead_event_sort. */
extern void lead_event_slice_pack(LeadKeyKind kind, int payload, const uint64 *words, int64 count,
								  StringInfo out);

/* Raises unless the bytes are a whole, sane slice; returns its events. */
extern int64 lead_event_slice_check(LeadKeyKind kind, int payload, const char *bytes, Size length,
									int step_count, LeadPayloadCheck check, void *argument,
									const char *type_name);

/* Number of events in a slice that was checked or packed here. */
extern int64 lead_event_slice_events(const char *bytes);

/* Walks the lead entries of a slice. */
typedef struct LeadSliceCursor
{
	LeadKeyKind kind;
	int64 entries_left;
	uint64 hash; /* of the current entry, in the upper 56 bits */
	int run;	 /* its events */
	uint64 key;	 /* its third word, when the kind has one */
	const char *next_entry;
	const char *next_key;
	const char *next_event;
	int64 base_time;
	int time_bytes;
} LeadSliceCursor;

/* False when there is no first / next entry. */
extern bool lead_slice_first(LeadSliceCursor *cursor, LeadKeyKind kind, const char *bytes);

static inline bool
lead_slice_next(LeadSliceCursor *cursor)
{
	uint64 word;

	if (cursor->entries_left == 0)
		return false;
	cursor->entries_left--;
	memcpy(&word, cursor->next_entry, 8);
	word = pg_ntoh64(word);
	cursor->next_entry += 8;
	cursor->hash = word & ~UINT64CONST(0xff);
	cursor->run = (int) (word & 0xff);
	if (cursor->kind == LEAD_KEY_UUID)
	{
		memcpy(&word, cursor->next_key, 8);
		cursor->key = pg_ntoh64(word);
		cursor->next_key += 8;
	}
	else if (cursor->kind == LEAD_KEY_TEXT)
	{
		cursor->key = lead_text_stored_word(cursor->next_key);
		cursor->next_key += lead_text_stored_size(cursor->next_key);
	}
	return true;
}

/* Unpacks the current entry's events, "words" and "payload" words each; once per entry. */
static inline void
lead_slice_unpack(LeadSliceCursor *cursor, uint64 *out, int words, int payload)
{
	const char *event = cursor->next_event;
	int time_bytes = cursor->time_bytes;
	int shift = 56 - 8 * time_bytes;
	uint64 mask = time_bytes >= 8 ? ~UINT64CONST(0) : (UINT64CONST(1) << (8 * time_bytes)) - 1;

	for (int i = 0; i < cursor->run; i++)
	{
		uint64 raw;
		uint64 above;

		memcpy(&raw, event + (shift < 0), 8);
		raw = pg_ntoh64(raw);
		above = (shift < 0 ? raw : raw >> shift) & mask;
		out[0] = cursor->hash | (uint8) *event;
		out[1] = (uint64) cursor->base_time + above;
		if (words == 3)
			out[2] = cursor->key;
		out += words;
		event += 1 + time_bytes;
		for (int j = 0; j < payload; j++, event += 8)
		{
			memcpy(&raw, event, 8);
			*out++ = pg_ntoh64(raw);
		}
	}
	cursor->next_event = event;
}

#endif /* LEAD_KPI_LEAD_EVENT_SLICE_H */
