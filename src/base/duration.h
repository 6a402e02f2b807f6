/*
 * duration.h
 *	  Intervals as lengths of time.
 */
#ifndef LEAD_KPI_DURATION_H
#define LEAD_KPI_DURATION_H

#include "compat.h"

/*
 * The length of an interval in microseconds, a day being 24 hours.  Refused,
 * naming the parameter "what": months and years, which have no fixed length,
 * and negative lengths.  Infinite or beyond 64 bits: PG_INT64_MAX.
 */
extern int64 fixed_duration(const Interval *interval, const char *what);

/* Microseconds as days and time of day, the way timestamps subtract. */
extern Datum duration_interval(int64 duration);

#endif /* LEAD_KPI_DURATION_H */
