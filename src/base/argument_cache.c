/*
 * argument_cache.c
 *	  What a function prepares from one of its arguments, kept from call to
 *	  call.
 */
#include "argument_cache.h"

#include "utils/memutils.h"

typedef struct ArgumentCache
{
	MemoryContext context; /* of the value and what was made of it */
	Size size;
	void *given; /* the argument as it was passed: perhaps a toast pointer */
	void *prepared;
} ArgumentCache;

/*
 * The bytes are compared, not the pointer: another row's value may lie at the
 * same address.  A toast pointer stands for its value as long as a query runs.
 */
static bool
is_same(const ArgumentCache *cache, const void *given, Size size)
{
	return cache->prepared != NULL && cache->size == size && memcmp(cache->given, given, size) == 0;
}

void *
cached_argument(FunctionCallInfo fcinfo, int argument, void *(*prepare)(Datum value))
{
	ArgumentCache *cache = fcinfo->flinfo->fn_extra;
	struct varlena *given = (struct varlena *) PG_GETARG_POINTER(argument);
	MemoryContext previous;
	Size size;

	/* What is behind these two pointers may change while they stay the same. */
	if (VARATT_IS_EXTERNAL_EXPANDED(given) || VARATT_IS_EXTERNAL_INDIRECT(given))
		given = pg_detoast_datum(given);
	size = VARSIZE_ANY(given);

	if (cache != NULL && is_same(cache, given, size))
		return cache->prepared;
	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ArgumentCache));
		cache->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "lead_kpi argument",
											   ALLOCSET_DEFAULT_SIZES);
		fcinfo->flinfo->fn_extra = cache;
	}
	cache->prepared = NULL; /* until it is made */
	MemoryContextReset(cache->context);
	previous = MemoryContextSwitchTo(cache->context);
	cache->size = size;
	cache->given = palloc(size);
	memcpy(cache->given, given, size);
	cache->prepared = prepare(PointerGetDatum(pg_detoast_datum(cache->given)));
	MemoryContextSwitchTo(previous);
	return cache->prepared;
}
