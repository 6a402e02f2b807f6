/*
 * lead_event_log.h
 *	  An unordered log of (lead, time, step) rows that is read back lead by
 *	  lead, each lead's events in (time, step) order.
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

#include "compat.h"

#include "nodes/execnodes.h"
#include "port/pg_bswap.h"

#include "lead_arena.h"

#define LEAD_PARTITION_BITS 10	/* at least 8, see LeadEvent */
#define LEAD_PARTITIONS (1 << LEAD_PARTITION_BITS)
#define LEAD_MAX_STEPS 256

typedef enum LeadKeyKind
{
	LEAD_KEY_BIGINT,
	LEAD_KEY_UUID,
	LEAD_KEY_TEXT
} LeadKeyKind;

/*
 * One event.  The partition number is the top bits of the 64-bit lead hash, so
 * inside a partition the lower 56 bits of hash leave a byte for the step.  The
 * hash of a bigint is reversible: it is the lead.
 */
typedef struct LeadEvent
{
	uint64		lead_step;		/* lead hash << 8 | step */
	int64		time;
} LeadEvent;

#define lead_event_step(event) ((int) ((event)->lead_step & 0xff))

/*
 * With uuid and text keys an event is followed by one more word: the lower
 * half of the uuid (the upper is in the hash), or the address of the text key
 * (see lead_text_key.h).
 */
#define LEAD_EVENT_WORDS(kind) ((kind) == LEAD_KEY_BIGINT ? 2 : 3)

typedef struct LeadPartitions LeadPartitions;
typedef struct LeadSegment LeadSegment;

typedef struct LeadEventLog
{
	MemoryContext context;
	LeadKeyKind kind;
	bool		shippable;		/* may be handed over as a file */
	int			staged;			/* events in the staging buffer */
	int			staged_capacity;
	uint64	   *staged_words;
	uint16	   *staged_partition;
	LeadArena	staged_keys;	/* text keys of the staged events */
	LeadArena	arena;			/* the partitions' events and keys */
	LeadPartitions *partitions; /* NULL until the staging buffer overflows */
	LeadSegment *segments;		/* packed parts, in memory or in files */
	Size		held_bytes;		/* memory that spilling would release */
	struct HeldLog *held;		/* once the log has a size worth spilling */
	ExprContext *lifetime;		/* closes the log's files; NULL: may not spill */
} LeadEventLog;

/* Called once per lead; events are sorted by (time, step). */
typedef void (*LeadVisitor) (void *argument, const LeadEvent *events, int64 count);

extern void lead_event_log_init(LeadEventLog *log, LeadKeyKind kind, MemoryContext context,
								Node *aggregate);
extern void lead_event_log_make_room(LeadEventLog *log);
extern void lead_event_log_visit(LeadEventLog *log, LeadVisitor visitor, void *argument);
extern void lead_event_log_combine(LeadEventLog *into, const LeadEventLog *from);
extern void lead_event_log_serialize(LeadEventLog *log, StringInfo out);

/*
 * Initialises the log, in CurrentMemoryContext.  It reads the input's bytes in
 * place: they must outlive it.
 */
extern void lead_event_log_deserialize(LeadEventLog *log, StringInfo in, const char *type_name,
									   int step_count);

/* A reversible mix (the finalizer of splitmix64): equal results, equal inputs. */
static inline uint64
lead_mix(uint64 x)
{
	x ^= x >> 30;
	x *= UINT64CONST(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64CONST(0x94d049bb133111eb);
	x ^= x >> 31;
	return x;
}

/* words: LEAD_EVENT_WORDS of the log's kind, a constant where it is called. */
static inline void
lead_event_log_add(LeadEventLog *log, int words, uint64 hash, uint64 key, int64 time, int step)
{
	uint64	   *slot;

	if (unlikely(log->staged == log->staged_capacity))
		lead_event_log_make_room(log);
	slot = log->staged_words + (Size) log->staged * words;
	slot[0] = hash << 8 | (uint64) step;
	slot[1] = (uint64) time;
	if (words == 3)
		slot[2] = key;
	log->staged_partition[log->staged++] = (uint16) (hash >> (64 - LEAD_PARTITION_BITS));
}

static inline void
lead_event_log_add_bigint(LeadEventLog *log, int64 lead, int64 time, int step)
{
	lead_event_log_add(log, 2, lead_mix((uint64) lead), 0, time, step);
}

static inline void
lead_event_log_add_uuid(LeadEventLog *log, const unsigned char *lead, int64 time, int step)
{
	uint64		high;
	uint64		low;

	memcpy(&high, lead, 8);
	memcpy(&low, lead + 8, 8);
	high = pg_ntoh64(high);
	low = pg_ntoh64(low);
	/* Reversible: low is kept, and high follows from the hash and low. */
	lead_event_log_add(log, 3, lead_mix(high ^ lead_mix(low)), low, time, step);
}

extern void lead_event_log_add_text(LeadEventLog *log, const char *bytes, int length, int64 time,
									int step);

#endif							/* LEAD_KPI_LEAD_EVENT_LOG_H */
