/*
 * matches_pattern.c
 *	  value ~* pattern, for a million values and one pattern.
 *
 * Whatever matches is found by PostgreSQL's own operator; here is only what
 * spares asking it: values that cannot match, and values that were asked for
 * before, such as a company's name.
 */
#include "required_words.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "regex/regex.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(matches_pattern);

#define MEMORY_SLOTS 1024
#define LONGEST_REMEMBERED 200

typedef struct Remembered
{
	int length; /* -1: nothing yet */
	bool matches;
	char value[LONGEST_REMEMBERED];
} Remembered;

typedef struct PatternCache
{
	MemoryContext context;
	Oid collation;
	int length;
	char *pattern;
	RequiredWords *words;
	Remembered *remembered[MEMORY_SLOTS];
} PatternCache;

static PatternCache *
cache_of(FunctionCallInfo fcinfo, text *pattern)
{
	PatternCache *cache = fcinfo->flinfo->fn_extra;
	int length = VARSIZE_ANY_EXHDR(pattern);
	MemoryContext context;
	MemoryContext old;

	if (cache != NULL && cache->length == length && cache->collation == PG_GET_COLLATION() &&
		memcmp(cache->pattern, VARDATA_ANY(pattern), (Size) length) == 0)
		return cache;

	/* An error for a pattern that is none comes before anything is kept. */
	RE_compile_and_cache(pattern, REG_ADVANCED | REG_ICASE | REG_NOSUB, PG_GET_COLLATION());
	if (cache != NULL)
	{
		fcinfo->flinfo->fn_extra = NULL;
		MemoryContextDelete(cache->context);
	}
	context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "lead_kpi pattern", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	cache = palloc0(sizeof(PatternCache));
	cache->context = context;
	cache->collation = PG_GET_COLLATION();
	cache->length = length;
	cache->pattern = pnstrdup(VARDATA_ANY(pattern), (Size) length);
	cache->words = required_words(cache->pattern, length);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = cache;
	return cache;
}

static Remembered *
place_of(PatternCache *cache, const char *value, int length)
{
	Remembered **place = &cache->remembered[hash_bytes((const unsigned char *) value, length) % MEMORY_SLOTS];

	if (*place == NULL)
	{
		*place = MemoryContextAlloc(cache->context, sizeof(Remembered));
		(*place)->length = -1;
	}
	return *place;
}

Datum
matches_pattern(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	text *pattern = PG_GETARG_TEXT_PP(1);
	const char *bytes = VARDATA_ANY(value);
	int length = VARSIZE_ANY_EXHDR(value);
	PatternCache *cache = cache_of(fcinfo, pattern);
	Remembered *place = NULL;
	bool matches;

	if (cache->words != NULL && !may_have_required_word(cache->words, bytes, length))
		PG_RETURN_BOOL(false);
	if (length <= LONGEST_REMEMBERED)
	{
		place = place_of(cache, bytes, length);
		if (place->length == length && memcmp(place->value, bytes, (Size) length) == 0)
			PG_RETURN_BOOL(place->matches);
	}
	matches = DatumGetBool(DirectFunctionCall2Coll(texticregexeq, PG_GET_COLLATION(), PointerGetDatum(value),
												   PointerGetDatum(pattern)));
	if (place != NULL)
	{
		place->length = length;
		place->matches = matches;
		memcpy(place->value, bytes, (Size) length);
	}
	PG_RETURN_BOOL(matches);
}
