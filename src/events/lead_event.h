/*
 * lead_event.h
 *	  One event of a lead, as the files of the lead event log have it: its
 *	  words, its payload, its key.
 */
#ifndef LEAD_KPI_LEAD_EVENT_H
#define LEAD_KPI_LEAD_EVENT_H

#include "base/compat.h"

#include "datatype/timestamp.h"

#include "lead_text_key.h"

#define LEAD_PARTITION_BITS 10
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
	uint64 lead_step; /* lead hash << 8 | step */
	int64 time;
} LeadEvent;

StaticAssertDecl(LEAD_PARTITION_BITS >= 8, "a hash without its partition leaves a byte for the step");
StaticAssertDecl(sizeof(LeadEvent) == 2 * sizeof(uint64), "two words of a log are an event");

#define lead_event_step(event) ((int) ((event)->lead_step & 0xff))

/*
 * With uuid and text keys an event is followed by one more word: the lower
 * half of the uuid (the upper is in the hash), or the text key or its address
 * (see lead_text_key.h).  The payload comes last.
 */
#define LEAD_EVENT_WORDS(kind) ((kind) == LEAD_KEY_BIGINT ? 2 : 3)
#define LEAD_PAYLOAD_WORDS 3
#define LEAD_MAX_EVENT_WORDS (3 + LEAD_PAYLOAD_WORDS)

/* Raises when a payload is not one that was ever added. */
typedef void (*LeadPayloadCheck)(void *argument, const uint64 *payload);

/* An array of events somewhere in memory. */
typedef struct LeadEventPiece
{
	const uint64 *words;
	int64 count;
	bool is_short;
} LeadEventPiece;

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

static inline uint32
lead_mix32(uint32 x)
{
	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	x ^= x >> 16;
	return x;
}

/*
 * The hash of a bigint, reversible: the lower half is the upper half of the
 * lead, so that leads below 2^32 have 32 bits of hash, and then zeros.
 */
static inline uint64
lead_hash_bigint(uint64 lead)
{
	uint32 high = (uint32) (lead >> 32);
	uint32 low = (uint32) lead;

	if (unlikely(high != 0))
		low ^= lead_mix32(high);
	return (uint64) lead_mix32(low) << 32 | high;
}

/*
 * The short form: an event of a bigint below 2^32, at a whole second, of one of
 * the first 64 steps, is one word.  What of the hash the partition does not
 * tell comes first, then the time, then the step, so words are in order.
 */
#define LEAD_SHORT_STEP_BITS 6
#define LEAD_SHORT_TIME_BITS 36
#define LEAD_SHORT_LEAD_SHIFT (LEAD_SHORT_STEP_BITS + LEAD_SHORT_TIME_BITS)

StaticAssertDecl(LEAD_SHORT_LEAD_SHIFT + 32 - LEAD_PARTITION_BITS == 64, "a short event is a word");

/* Bits of an event's first word that a short one leaves out: they must be zero. */
#define LEAD_SHORT_LEFT_OUT (((UINT64CONST(1) << 40) - 1) & ~((UINT64CONST(1) << LEAD_SHORT_STEP_BITS) - 1))

/* False when the event has no short form. */
static inline bool
lead_event_shorten(uint64 lead_step, int64 time, uint64 *word)
{
	int64 seconds = time / USECS_PER_SEC;
	uint64 above = (uint64) seconds + (UINT64CONST(1) << (LEAD_SHORT_TIME_BITS - 1));

	*word = (lead_step >> 40) << LEAD_SHORT_LEAD_SHIFT | above << LEAD_SHORT_STEP_BITS |
		(lead_step & ((UINT64CONST(1) << LEAD_SHORT_STEP_BITS) - 1));
	return (lead_step & LEAD_SHORT_LEFT_OUT) == 0 && seconds * USECS_PER_SEC == time &&
		above >> LEAD_SHORT_TIME_BITS == 0;
}

static inline LeadEvent
lead_event_lengthen(uint64 word, int partition)
{
	LeadEvent event;

	event.lead_step = ((word >> LEAD_SHORT_LEAD_SHIFT) << 40) |
		((uint64) partition << (72 - LEAD_PARTITION_BITS)) |
		(word & ((UINT64CONST(1) << LEAD_SHORT_STEP_BITS) - 1));
	event.time = ((int64) (word >> LEAD_SHORT_STEP_BITS & ((UINT64CONST(1) << LEAD_SHORT_TIME_BITS) - 1)) -
				  (INT64CONST(1) << (LEAD_SHORT_TIME_BITS - 1))) *
		USECS_PER_SEC;
	return event;
}

/* Orders the third words of two events; zero when they are the same key. */
static inline int
lead_key_compare(LeadKeyKind kind, uint64 a, uint64 b)
{
	if (a == b || kind == LEAD_KEY_BIGINT)
		return 0;
	if (kind == LEAD_KEY_UUID)
		return a < b ? -1 : 1;
	if (((a | b) & LEAD_TEXT_PACKED) != 0)
		return a < b ? -1 : 1;
	return lead_text_key_compare((const char *) (uintptr_t) a, (const char *) (uintptr_t) b);
}

#endif /* LEAD_KPI_LEAD_EVENT_H */
