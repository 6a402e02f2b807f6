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

#endif							/* LEAD_KPI_DURATION_H */
