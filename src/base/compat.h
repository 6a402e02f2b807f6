/*
 * compat.h
 *	  What differs between PostgreSQL 15 and 19, in one place.
 */
#ifndef LEAD_KPI_COMPAT_H
#define LEAD_KPI_COMPAT_H

#include "postgres.h"

/* Up to 18 some of these come along with other headers. */
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/nodes.h"
#include "storage/shmem.h" /* mul_size, which newer minor versions declare beside palloc */
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/*
 * Sums are exact in 128 bits.  Where the compiler has none for this processor (32-bit ones), C23's bit-precise integers do: clang 16, gcc 14.
 */
#ifndef HAVE_INT128
#if defined(__BITINT_MAXWIDTH__) && __BITINT_MAXWIDTH__ >= 128
typedef signed _BitInt(128) int128;
typedef unsigned _BitInt(128) uint128;
#else
#error "lead_kpi needs a compiler with 128-bit integers: a 64-bit processor, clang 16 or gcc 14"
#endif
#endif

/*
 * Soft errors (PostgreSQL 16): an input function hands its fcinfo->context
 * down as "escontext" and reports with input_error().  Older servers have no
 * soft errors, so the same call raises.
 */
#if PG_VERSION_NUM >= 160000
#define input_error(escontext, result, ...) ereturn(escontext, result, __VA_ARGS__)
#define soft_error_occurred(escontext) SOFT_ERROR_OCCURRED(escontext)
#define soft_errors_wanted(escontext) ((escontext) != NULL && IsA(escontext, ErrorSaveContext))
#else
#define input_error(escontext, result, ...) \
	do \
	{ \
		(void) (escontext); \
		ereport(ERROR, __VA_ARGS__); \
		return result; \
	} while (0)
#define soft_error_occurred(escontext) false
#define soft_errors_wanted(escontext) false
#endif

/* The attribute goes before the declaration (PostgreSQL 18), which gcc and clang always took. */
#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

/* Infinite intervals (PostgreSQL 17). */
#ifndef INTERVAL_IS_NOEND
#define INTERVAL_IS_NOBEGIN(interval) false
#define INTERVAL_IS_NOEND(interval) false
#endif

/* A jsonb under construction, whose result is there when it is closed (PostgreSQL 19). */
#if PG_VERSION_NUM < 190000
typedef struct JsonbInState
{
	JsonbParseState *parseState;
	JsonbValue *result;
} JsonbInState;

static inline void
push_jsonb(JsonbInState *state, JsonbIteratorToken token, JsonbValue *value)
{
	state->result = pushJsonbValue(&state->parseState, token, value);
}
#else
#define push_jsonb pushJsonbValue
#endif

/* The planner is told what EXPLAIN wants (PostgreSQL 19). */
#if PG_VERSION_NUM >= 190000
#define PLANNER_EXPLAINS , struct ExplainState *explain
#define PLANNER_EXPLAIN , explain
#else
#define PLANNER_EXPLAINS
#define PLANNER_EXPLAIN
#endif

/* A StringInfo that reads bytes in place and must not be written to. */
static inline void
read_only_string_info(StringInfo buf, const char *data, int length)
{
	buf->data = unconstify(char *, data);
	buf->len = length;
	buf->maxlen = 0;
	buf->cursor = 0;
}

/* Fetch a cache line that is about to be read, or written; a hint, no more. */
#if defined(__GNUC__) || defined(__clang__)
#define prefetch_for_read(address) __builtin_prefetch((address), 0)
#define prefetch_for_write(address) __builtin_prefetch((address), 1)
#else
#define prefetch_for_read(address) ((void) (address))
#define prefetch_for_write(address) ((void) (address))
#endif

/* BufFile calls without const (15), and without an exact read (15). */
#define buffile_write(file, bytes, length) \
	BufFileWrite(file, unconstify(char *, (const char *) (bytes)), length)
#if PG_VERSION_NUM >= 160000
#define buffile_read_exact(file, bytes, length) BufFileReadExact(file, bytes, length)
#else
#define buffile_read_exact(file, bytes, length) \
	do \
	{ \
		if (BufFileRead(file, bytes, length) != (length)) \
			ereport(ERROR, \
					(errcode_for_file_access(), \
					 errmsg("could not read from temporary file: %m"))); \
	} while (0)
#endif

#endif /* LEAD_KPI_COMPAT_H */
