/*
 * lead_event_file.h
 *	  The temporary file a lead event log spills to.
 *
 * Files respect temp_file_limit.  A file of a plan that runs in one process
 * is private and vanishes with it.  A file of a partial aggregate can be
 * handed to the process that finishes the aggregate: it has a name below the
 * leader's process id, and the leader removes it, at the latest at the end of
 * the transaction.
 */
#ifndef LEAD_KPI_LEAD_EVENT_FILE_H
#define LEAD_KPI_LEAD_EVENT_FILE_H

#include "base/compat.h"

#include "nodes/execnodes.h"

typedef struct LeadEventFile LeadEventFile;

/* Called once from _PG_init. */
extern void lead_event_file_init(void);

/* May states of this aggregate be handed over as a file? */
extern bool lead_event_file_can_ship(Node *aggregate);

extern LeadEventFile *lead_event_file_create(MemoryContext context, ExprContext *lifetime, bool shippable);
extern int64 lead_event_file_size(const LeadEventFile *file);
extern void lead_event_file_append(LeadEventFile *file, const char *bytes, Size length);
extern void lead_event_file_read(LeadEventFile *file, int64 position, char *bytes, Size length);

/* Hand a shippable file over: the receiver opens it and removes it after use. */
extern void lead_event_file_serialize(LeadEventFile *file, StringInfo out);
extern LeadEventFile *lead_event_file_deserialize(MemoryContext context, StringInfo in);
extern LeadEventFile *lead_event_file_open(const LeadEventFile *handed_over, MemoryContext context,
										   ExprContext *lifetime);

#endif /* LEAD_KPI_LEAD_EVENT_FILE_H */
