/*
 * argument_cache.h
 *	  What a function prepares from one of its arguments, kept from call to
 *	  call.
 *
 * A function that reads a large value (a model, a profile) row by row prepares
 * it once per query, since the value is the same on every row.  What it made
 * lives in fn_extra, one value at a time, and goes with the query.  Not for
 * transition functions: their fn_extra need not survive a row, and a state that
 * goes from function to function needs what stays: scorecard_cache.h.
 */
#ifndef LEAD_KPI_ARGUMENT_CACHE_H
#define LEAD_KPI_ARGUMENT_CACHE_H

#include "compat.h"

/*
 * What "prepare" makes of the given argument, a varlena that is not NULL.  It
 * is called in a context that lives until the argument changes, with a
 * detoasted copy of the argument, to which the result may point.  The function
 * must use fn_extra for nothing else, nor cache a second argument.
 */
extern void *cached_argument(FunctionCallInfo fcinfo, int argument, void *(*prepare)(Datum value));

#endif /* LEAD_KPI_ARGUMENT_CACHE_H */
