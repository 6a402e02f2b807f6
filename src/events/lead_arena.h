/*
 * lead_arena.h
 *	  Memory that is handed out in pieces and released as a whole.
 *
 * A memory context of its own would do the same; but contexts are counted in
 * the thousands when each of many groups has one, and slabs are not.
 */
#ifndef LEAD_KPI_LEAD_ARENA_H
#define LEAD_KPI_LEAD_ARENA_H

#include "base/compat.h"

typedef struct LeadSlab LeadSlab;

typedef struct LeadArena
{
	LeadSlab *newest;
	char *next;
	char *end;
	Size bytes; /* in all slabs */
} LeadArena;

/*
 * Makes room for at least so many bytes in a new slab; returns the slab's size.
 * The small variant starts with little, for arenas of which there are many.
 */
extern Size lead_arena_grow(LeadArena *arena, MemoryContext context, Size bytes);
extern Size lead_arena_grow_small(LeadArena *arena, MemoryContext context, Size bytes);

extern void lead_arena_release(LeadArena *arena);

/* Forgets what was taken, and keeps the newest slab for what comes. */
extern void lead_arena_reuse(LeadArena *arena);

/* Room for bytes, aligned to 8, or NULL: then the arena must grow first. */
static inline void *
lead_arena_take(LeadArena *arena, Size bytes)
{
	char *taken = arena->next;

	bytes = MAXALIGN(bytes);
	if (unlikely((Size) (arena->end - arena->next) < bytes))
		return NULL;
	arena->next += bytes;
	return taken;
}

#endif /* LEAD_KPI_LEAD_ARENA_H */
