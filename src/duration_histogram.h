/*
 * duration_histogram.h
 *	  Durations as a mergeable histogram: quantiles within 1 %, the mean exact.
 *
 * Buckets are log-linear, 64 to each power of two: bounds are within 1/64 of
 * each other, so a bucket's middle is within 1/128 of every duration in it.
 * Minimum, maximum and the 128-bit sum are exact, and all of it is a function
 * of the set of durations, whatever the order of merging.
 */
#ifndef LEAD_KPI_DURATION_HISTOGRAM_H
#define LEAD_KPI_DURATION_HISTOGRAM_H

#include "compat.h"
#include "wire.h"

#ifndef HAVE_INT128
#error "lead_kpi needs a compiler with 128-bit integers"
#endif

typedef struct DurationBucket
{
	int			bucket;
	int64		count;
} DurationBucket;

typedef struct DurationHistogram
{
	int64		count;
	uint128		sum;			/* microseconds */
	int64		minimum;
	int64		maximum;
	int			used;			/* buckets in the sparse form, in order */
	int			allocated;
	DurationBucket *sparse;
	int64	   *dense;			/* replaces sparse once there are many */
} DurationHistogram;

/* Adds a duration (microseconds, not negative). Grows in CurrentMemoryContext. */
extern void duration_histogram_add(DurationHistogram *histogram, int64 duration);
extern void duration_histogram_merge(DurationHistogram *into, const DurationHistogram *from);

/* The smallest duration with at least this fraction of all at or below it. */
extern int64 duration_histogram_quantile(const DurationHistogram *histogram, double fraction);
extern int64 duration_histogram_mean(const DurationHistogram *histogram);

extern void duration_histogram_encode(const DurationHistogram *histogram, StringInfo out);
extern void duration_histogram_decode(DurationHistogram *histogram, StringInfo in,
									  const char *type_name);

/* Calls visit(bucket, count) for each bucket in use, in order. */
extern int	duration_histogram_next(const DurationHistogram *histogram, int *position,
									int64 *count);

/* Builds a histogram from its parts; false when they contradict each other. */
extern bool duration_histogram_build(DurationHistogram *histogram, uint128 sum, int64 minimum,
									 int64 maximum, const DurationBucket *buckets, int used);

#endif							/* LEAD_KPI_DURATION_HISTOGRAM_H */
