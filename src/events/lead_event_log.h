/*
 * lead_event_log.h
 *	  An unordered log of (lead, time, step) rows that is read back lead by
 *	  lead, each lead's events in (time, step) order.  A row may carry a few
 *	  more words, its payload.
 *
 * Rows arrive in table order, so a lead's events are scattered.  The log
 * splits them by lead into LEAD_PARTITIONS while they arrive; each partition
 * is then small enough to be sorted inside the processor's cache, to be
 * written to a temporary file by itself, or to be packed for another process.
 *
 * Two leads never collide: a key is transformed reversibly (bigint, uuid) or
 * kept beside its hash (text) and compared whole.
 */
#ifndef LEAD_KPI_LEAD_EVENT_LOG_H
#define LEAD_KPI_LEAD_EVENT_LOG_H

#include "base/compat.h"

#include "nodes/execnodes.h"
#include "port/pg_bswap.h"

#include "lead_arena.h"
#include "lead_event.h"

typedef struct LeadPartitions LeadPartitions;
typedef struct LeadSegment LeadSegment;

typedef struct LeadEventLog
{
	MemoryContext context;
	LeadKeyKind kind;
	int payload;	/* words of each event's: none or LEAD_PAYLOAD_WORDS */
	bool shippable; /* may be handed over as a file */
	bool is_short;	/* events that come go to partitions in the short form */
	int staged;		/* events in the staging buffer */
	int staged_capacity;
	uint64 *staged_words;
	uint16 *staged_partition;
	LeadArena staged_keys;		/* text keys of the staged events */
	LeadArena arena;			/* the partitions' events and keys */
	LeadPartitions *partitions; /* NULL until the staging buffer overflows */
	LeadSegment *segments;		/* packed parts, in memory or in files */
	Size held_bytes;			/* memory that spilling would release */
	struct HeldLog *held;		/* once the log has a size worth spilling */
	ExprContext *lifetime;		/* closes the log's files; NULL: may not spill */
} LeadEventLog;

/* Called once per lead; events are sorted by (time, step). */
typedef void (*LeadVisitor)(void *argument, const LeadEvent *events, int64 count);

extern void lead_event_log_init(LeadEventLog *log, LeadKeyKind kind, int payload, MemoryContext context,
								Node *aggregate);
extern void lead_event_log_make_room(LeadEventLog *log);

/* Keep events in the short form, as long as they have one. */
extern void lead_event_log_keep_short(LeadEventLog *log);

/* Visits leads of a log without payload. */
extern void lead_event_log_visit(LeadEventLog *log, LeadVisitor visitor, void *argument);

/*
 * Reading several logs together, for what a visitor cannot do: begin, take the
 * partitions in any order, end.  A small log has all its events staged, and
 * may be read there instead.
 */
extern bool lead_event_log_is_small(const LeadEventLog *log);
extern void lead_event_log_begin_reading(LeadEventLog *log);
extern void lead_event_log_end_reading(LeadEventLog *log);

/* A partition's events, in no order, in CurrentMemoryContext or in place. */
extern LeadEventPiece *lead_event_log_partition(LeadEventLog *log, int p, int *piece_count);

extern void lead_event_log_combine(LeadEventLog *into, const LeadEventLog *from);
extern void lead_event_log_serialize(LeadEventLog *log, StringInfo out);

/*
 * Initialises the log, in CurrentMemoryContext.  It reads the input's bytes in
 * place: they must outlive it.
 */
extern void lead_event_log_deserialize(LeadEventLog *log, int payload, StringInfo in, const char *type_name,
									   int step_count, LeadPayloadCheck check, void *argument);

/*
 * words and payload: those of the log, constants where this is called.  Adding
 * returns where the event's payload goes.
 */
static inline uint64 *
lead_event_log_add(LeadEventLog *log, int words, int payload, uint64 hash, uint64 key, int64 time, int step)
{
	uint64 *slot;

	if (unlikely(log->staged == log->staged_capacity))
		lead_event_log_make_room(log);
	slot = log->staged_words + (Size) log->staged * (words + payload);
	slot[0] = hash << 8 | (uint64) step;
	slot[1] = (uint64) time;
	if (words == 3)
		slot[2] = key;
	log->staged_partition[log->staged++] = (uint16) (hash >> (64 - LEAD_PARTITION_BITS));
	return slot + words;
}

static inline uint64 *
lead_event_log_add_bigint(LeadEventLog *log, int payload, int64 lead, int64 time, int step)
{
	return lead_event_log_add(log, 2, payload, lead_hash_bigint((uint64) lead), 0, time, step);
}

static inline uint64 *
lead_event_log_add_uuid(LeadEventLog *log, int payload, const unsigned char *lead, int64 time, int step)
{
	uint64 high;
	uint64 low;

	memcpy(&high, lead, 8);
	memcpy(&low, lead + 8, 8);
	high = pg_ntoh64(high);
	low = pg_ntoh64(low);
	/* Reversible: low is kept, and high follows from the hash and low. */
	return lead_event_log_add(log, 3, payload, lead_mix(high ^ lead_mix(low)), low, time, step);
}

extern uint64 *lead_event_log_add_text(LeadEventLog *log, const char *bytes, int length, int64 time,
									   int step);

/*
 * Few events, all in memory: such a log is better copied, event by event, than
 * kept beside another.
 */
extern bool lead_event_log_has_few(const LeadEventLog *log);
typedef void (*LeadEventCopier)(void *argument, int partition, const uint64 *words);
extern void lead_event_log_each(const LeadEventLog *log, LeadEventCopier copier, void *argument);

/* Adds the lead and time of such an event; the payload is the caller's. */
extern uint64 *lead_event_log_add_copy(LeadEventLog *log, int partition, const uint64 *words, int step);

#endif /* LEAD_KPI_LEAD_EVENT_LOG_H */
