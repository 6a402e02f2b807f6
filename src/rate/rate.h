/*
 * rate.h
 *	  What other rooms may do with a rate: make one, and read its counts.
 */
#ifndef LEAD_KPI_RATE_H
#define LEAD_KPI_RATE_H

#include "base/compat.h"

/* A rate of hits among trials, 0 <= hits <= trials. */
extern Datum rate_datum(int64 hits, int64 trials);

extern void rate_counts(Datum rate, int64 *hits, int64 *trials);

/* Raises unless 0 <= hits <= trials. */
extern void rate_check(int64 hits, int64 trials);

#endif /* LEAD_KPI_RATE_H */
