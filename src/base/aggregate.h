/*
 * aggregate.h
 *	  What the functions of every aggregate begin with.
 */
#ifndef LEAD_KPI_AGGREGATE_H
#define LEAD_KPI_AGGREGATE_H

#include "compat.h"

pg_noreturn extern void aggregate_raise_outside(const char *aggregate);

/* Where the state of the aggregate lives; raises when no aggregate calls. */
static inline MemoryContext
aggregate_context(FunctionCallInfo fcinfo, const char *aggregate)
{
	MemoryContext context;

	if (unlikely(!AggCheckCallContext(fcinfo, &context)))
		aggregate_raise_outside(aggregate);
	return context;
}

/* The same where only the state is wanted; NULL before the first row. */
static inline void *
aggregate_state(FunctionCallInfo fcinfo, int argument, const char *aggregate)
{
	(void) aggregate_context(fcinfo, aggregate);
	return PG_ARGISNULL(argument) ? NULL : PG_GETARG_POINTER(argument);
}

/* The shipped state that a deserialize function gets, read in place. */
static inline void
aggregate_state_bytes(FunctionCallInfo fcinfo, StringInfo in)
{
	const struct varlena *bytes = PG_GETARG_VARLENA_PP(0);

	read_only_string_info(in, VARDATA_ANY(bytes), (int) VARSIZE_ANY_EXHDR(bytes));
}

/* One of several transition functions that differ in constants. */
#define DEFINE_ACCUMULATE(name, call) \
	PG_FUNCTION_INFO_V1(name); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		return call; \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

#endif /* LEAD_KPI_AGGREGATE_H */
