/*
 * sharing.h
 *	  What a query reads more than once of a mart is computed once.
 */
#ifndef LEAD_KPI_MART_SHARING_H
#define LEAD_KPI_MART_SHARING_H

#include "nodes/parsenodes.h"

/* Gives a query that is not planned yet a common table expression for each view of a mart that it reads more than once. */
extern void share_views(Query *query);

/* Whether a common table expression is one of these: no other has a dot in its name but by force. */
static inline bool
is_shared_view(const RangeTblEntry *entry)
{
	return strchr(entry->ctename, '.') != NULL;
}

#endif
