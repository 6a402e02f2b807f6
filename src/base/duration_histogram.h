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

#include "port/pg_bitutils.h"

#include "wire.h"

#ifndef HAVE_INT128
#error "lead_kpi needs a compiler with 128-bit integers"
#endif

/* 2 * 64 exact buckets for durations below 128, then 64 per power of two. */
#define DURATION_SUB_BUCKET_BITS 6
#define DURATION_SUB_BUCKETS (1 << DURATION_SUB_BUCKET_BITS)
#define DURATION_BUCKETS ((63 - DURATION_SUB_BUCKET_BITS) * DURATION_SUB_BUCKETS + DURATION_SUB_BUCKETS)

typedef struct DurationBucket
{
	int bucket;
	int64 count;
} DurationBucket;

typedef struct DurationHistogram
{
	int64 count;
	uint128 sum; /* microseconds */
	int64 minimum;
	int64 maximum;
	int used; /* buckets in the sparse form, in order */
	int allocated;
	DurationBucket *sparse;
	int64 *dense; /* replaces sparse once there are many */
} DurationHistogram;

static inline int
duration_bucket(int64 duration)
{
	int shift;

	if (duration < 2 * DURATION_SUB_BUCKETS)
		return (int) duration;
	shift = pg_leftmost_one_pos64((uint64) duration) - DURATION_SUB_BUCKET_BITS;
	return shift * DURATION_SUB_BUCKETS + (int) (duration >> shift);
}

extern void duration_histogram_add_sparse(DurationHistogram *histogram, int64 duration);

/* Adds a duration (microseconds, not negative). Grows in CurrentMemoryContext. */
static inline void
duration_histogram_add(DurationHistogram *histogram, int64 duration)
{
	if (unlikely(histogram->dense == NULL))
	{
		duration_histogram_add_sparse(histogram, duration);
		return;
	}
	histogram->minimum = Min(histogram->minimum, duration);
	histogram->maximum = Max(histogram->maximum, duration);
	histogram->count++;
	histogram->sum += (uint128) duration;
	histogram->dense[duration_bucket(duration)]++;
}

extern void duration_histogram_merge(DurationHistogram *into, const DurationHistogram *from);

/* The smallest duration with at least this fraction of all at or below it. */
extern int64 duration_histogram_quantile(const DurationHistogram *histogram, double fraction);
extern int64 duration_histogram_mean(const DurationHistogram *histogram);

extern void duration_histogram_encode(const DurationHistogram *histogram, StringInfo out);
extern void duration_histogram_decode(DurationHistogram *histogram, StringInfo in, const char *type_name);

/* Calls visit(bucket, count) for each bucket in use, in order. */
extern int duration_histogram_next(const DurationHistogram *histogram, int *position, int64 *count);

/* Builds a histogram from its parts; false when they contradict each other. */
extern bool duration_histogram_build(DurationHistogram *histogram, uint128 sum, int64 minimum, int64 maximum,
									 const DurationBucket *buckets, int used);

#endif /* LEAD_KPI_DURATION_HISTOGRAM_H */
