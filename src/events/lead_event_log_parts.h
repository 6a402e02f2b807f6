/*
 * lead_event_log_parts.h
 *	  What the files of the lead event log share; not for rooms.
 *
 * lead_event_log.c adds and spills, lead_event_read.c reads, lead_event_ship.c
 * hands over.
 */
#ifndef LEAD_KPI_LEAD_EVENT_LOG_PARTS_H
#define LEAD_KPI_LEAD_EVENT_LOG_PARTS_H

#include "base/compat.h"

#include "lib/ilist.h"
#include "utils/resowner.h"

#include "lead_event_file.h"
#include "lead_event_log.h"
#include "lead_event_slice.h"
#include "lead_event_sort.h"

typedef struct LeadChunk
{
	struct LeadChunk *previous;
	int capacity; /* events; all chunks but the last are full */
	bool is_short;
	uint64 words[FLEXIBLE_ARRAY_MEMBER];
} LeadChunk;

/* Words of one event of a log. */
static inline int
lead_log_stride(const LeadEventLog *log)
{
	return LEAD_EVENT_WORDS(log->kind) + log->payload;
}

/* Where a partition's next event goes: all that scattering touches. */
typedef struct LeadTail
{
	uint64 *next;
	uint64 *end;
} LeadTail;

typedef struct LeadPartition
{
	LeadChunk *last;
	int chunks;
	int key_block_bytes;
	char *next_key; /* where the next text key goes, and where its */
	char *key_end;	/* block ends: keys of a partition lie together */
} LeadPartition;

struct LeadPartitions
{
	LeadTail tail[LEAD_PARTITIONS];
	LeadPartition partition[LEAD_PARTITIONS];
};

/* One sorted, packed part of the log: a slice per partition. */
struct LeadSegment
{
	struct LeadSegment *next;
	const char *bytes;	 /* in memory, or */
	LeadEventFile *file; /* in a file */
	bool own_bytes;		 /* bytes count as held memory */
	Size byte_count;	 /* of bytes, padding included */
	int64 position[LEAD_PARTITIONS];
	uint32 length[LEAD_PARTITIONS];
};

/* A log of this process that spilling can shrink. */
typedef struct HeldLog
{
	dlist_node link;
	LeadEventLog *log;
	ResourceOwner owner; /* of the query the log belongs to */
	LeadEventFile *file; /* where it spills to */
	bool reading;		 /* being read: must stay as it is */
	MemoryContextCallback forget;
} HeldLog;

/* lead_event_log.c */
extern void lead_log_hold(LeadEventLog *log);
extern void lead_log_hold_bytes(LeadEventLog *log, Size bytes);
extern void lead_log_respect_budget(void);
extern void lead_log_scatter(LeadEventLog *log);
extern void lead_log_spill(LeadEventLog *log);
extern uint64 lead_log_stage_key(LeadEventLog *log, const char *text, int length);
extern LeadSegment *lead_log_add_segment(LeadEventLog *log);
extern LeadEventPiece *lead_log_pieces(const LeadEventLog *log, int p, int more, int *piece_count,
									   int64 *count);

/* lead_event_read.c */
extern uint64 *lead_log_sorted_staging(const LeadEventLog *log, uint16 **partition);
extern uint64 *lead_log_read_partition(LeadEventLog *log, LeadEventSorter *sorter, int p, int max_slices,
									   int64 *count, LeadSliceCursor *cursors, int *cursor_count);

#endif /* LEAD_KPI_LEAD_EVENT_LOG_PARTS_H */
