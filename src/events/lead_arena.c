/*
 * lead_arena.c
 *	  Memory that is handed out in pieces and released as a whole.
 */
#include "lead_arena.h"

#include "utils/memutils.h"

#define FIRST_SLAB_BYTES ((Size) 128 * 1024)
#define FIRST_SMALL_SLAB_BYTES ((Size) 128)
#define MAX_SLAB_BYTES ((Size) 1024 * 1024)

struct LeadSlab
{
	struct LeadSlab *previous;
	Size bytes;
};

static LeadSlab *
add_slab(LeadArena *arena, MemoryContext context, Size size, Size bytes)
{
	LeadSlab *slab;

	size = Max(size, MAXALIGN(bytes) + MAXALIGN(sizeof(LeadSlab)));
	slab = MemoryContextAllocHuge(context, size);
	slab->previous = arena->newest;
	slab->bytes = size;
	arena->newest = slab;
	arena->next = (char *) slab + MAXALIGN(sizeof(LeadSlab));
	arena->end = (char *) slab + size;
	arena->bytes += size;
	return slab;
}

Size
lead_arena_grow(LeadArena *arena, MemoryContext context, Size bytes)
{
	/* Slabs grow with the arena, so that little of it is empty. */
	return add_slab(arena, context, Min(Max(FIRST_SLAB_BYTES, arena->bytes / 8), MAX_SLAB_BYTES), bytes)
		->bytes;
}

Size
lead_arena_grow_small(LeadArena *arena, MemoryContext context, Size bytes)
{
	return add_slab(arena, context, Max(FIRST_SMALL_SLAB_BYTES, arena->bytes), bytes)->bytes;
}

static void
release_older(LeadArena *arena, LeadSlab *slab)
{
	while (slab != NULL)
	{
		LeadSlab *older = slab->previous;

		arena->bytes -= slab->bytes;
		pfree(slab);
		slab = older;
	}
}

void
lead_arena_release(LeadArena *arena)
{
	release_older(arena, arena->newest);
	arena->newest = NULL;
	arena->next = arena->end = NULL;
}

void
lead_arena_reuse(LeadArena *arena)
{
	LeadSlab *slab = arena->newest;

	if (slab == NULL)
		return;
	release_older(arena, slab->previous);
	slab->previous = NULL;
	arena->next = (char *) slab + MAXALIGN(sizeof(LeadSlab));
}
