/*
 * redzone.h
 *	  For ./run sanitize, fuzz and valgrind only: force-included before every
 *	  source file.
 *
 * The server carves small chunks out of large blocks, and the server is not
 * instrumented, so an overrun from one chunk into the next goes unseen.  Here
 * every allocation of the extension is made too large for that: a chunk above
 * 8 kB is a malloc block of its own in every kind of memory context.  What was
 * not asked for is poisoned, what was is filled with junk.  The chunk stays one
 * that the server can enlarge, free and forget.
 *
 * valgrind has no poison that survives a realloc, but sees by itself what was
 * never written: with REDZONE_VALGRIND an allocation is a block of its own, no
 * more.
 *
 * Not covered: what the server's own functions allocate for the extension
 * (pstrdup, StringInfo), and pieces inside a slab of lead_arena.c.
 */
#ifndef LEAD_KPI_REDZONE_H
#define LEAD_KPI_REDZONE_H

/* Else memmove is __memmove_chk, which valgrind takes for memcpy, of the same address, and reports what overlaps. */
#ifdef REDZONE_VALGRIND
#undef _FORTIFY_SOURCE
#endif

#include "postgres.h"

#ifndef REDZONE_VALGRIND
#include <sanitizer/asan_interface.h>
#endif

#include "utils/memutils.h"

#define REDZONE_OWN_BLOCK 8200 /* above ALLOC_CHUNK_LIMIT of aset.c */
#define REDZONE_TAIL 64
#define REDZONE_JUNK 0x7e

/* What to ask the server for; what it would refuse, it still refuses. */
static inline Size
redzone_total(Size size)
{
	return size > MaxAllocHugeSize - REDZONE_TAIL ? size : Max(size + REDZONE_TAIL, REDZONE_OWN_BLOCK);
}

static inline void *
redzone_guard(void *chunk, Size size, bool junk)
{
#ifndef REDZONE_VALGRIND
	if (chunk == NULL)
		return NULL;
	if (junk)
		memset(chunk, REDZONE_JUNK, size);
	ASAN_POISON_MEMORY_REGION((char *) chunk + size, redzone_total(size) - size);
#endif
	return chunk;
}

static inline void *
redzone_alloc(MemoryContext context, Size size, int flags)
{
	return redzone_guard(MemoryContextAllocExtended(context, redzone_total(size), flags), size,
						 (flags & MCXT_ALLOC_ZERO) == 0);
}

/* The sanitizer's realloc copies without looking at poison, into a block that has none. */
static inline void *
redzone_realloc(void *chunk, Size size)
{
	return redzone_guard(repalloc(chunk, redzone_total(size)), size, false);
}

static inline void *
redzone_realloc_huge(void *chunk, Size size)
{
	return redzone_guard(repalloc_huge(chunk, redzone_total(size)), size, false);
}

#define palloc(size) redzone_alloc(CurrentMemoryContext, size, 0)
#define palloc0(size) redzone_alloc(CurrentMemoryContext, size, MCXT_ALLOC_ZERO)
#define palloc_extended(size, flags) redzone_alloc(CurrentMemoryContext, size, flags)
#define repalloc(chunk, size) redzone_realloc(chunk, size)
#define repalloc_huge(chunk, size) redzone_realloc_huge(chunk, size)
#define MemoryContextAlloc(context, size) redzone_alloc(context, size, 0)
#define MemoryContextAllocZero(context, size) redzone_alloc(context, size, MCXT_ALLOC_ZERO)
#define MemoryContextAllocHuge(context, size) redzone_alloc(context, size, MCXT_ALLOC_HUGE)
#define MemoryContextAllocExtended(context, size, flags) redzone_alloc(context, size, flags)

#endif /* LEAD_KPI_REDZONE_H */
