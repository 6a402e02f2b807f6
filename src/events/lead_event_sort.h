/*
 * lead_event_sort.h
 *	  Sorting events of one partition by (lead, time, step).
 *
 * Within equal hashes the order is (time, step): leads whose hashes are equal
 * but whose keys differ are told apart by lead_event_sort_by_key.
 */
#ifndef LEAD_KPI_LEAD_EVENT_SORT_H
#define LEAD_KPI_LEAD_EVENT_SORT_H

#include "lead_event.h"

/* Buffers that serve for one partition after the other. */
typedef struct LeadEventSorter
{
	LeadKeyKind kind;
	int payload;
	MemoryContext context;
	uint64 *sorted;
	int64 capacity; /* events */
	uint64 *shorts;
	int64 short_capacity;
	uint32 *end; /* counters of the spreading pass */
} LeadEventSorter;

/* The buffers live in CurrentMemoryContext. */
extern void lead_event_sorter_init(LeadEventSorter *sorter, LeadKeyKind kind, int payload);

/* The pieces' events of one partition, long and in order; valid until the sorter's next use. */
extern uint64 *lead_event_sort(LeadEventSorter *sorter, int partition, const LeadEventPiece *pieces,
							   int piece_count, int64 count);

/* The same of pieces that are all short, as short events. */
extern uint64 *lead_event_sort_short(LeadEventSorter *sorter, const LeadEventPiece *pieces, int piece_count,
									 int64 count);

/* Sorts a small array in place. */
extern void lead_event_sort_in_place(LeadKeyKind kind, int payload, uint64 *words, int64 count);

/* Sorts by (key, time, step): for events without payload whose hashes are all equal. */
extern void lead_event_sort_by_key(LeadKeyKind kind, uint64 *words, int64 count);

#endif /* LEAD_KPI_LEAD_EVENT_SORT_H */
