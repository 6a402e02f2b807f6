/*
 * duration_histogram.h
 *	  Durations as a mergeable histogram: quantiles exact while few durations
 *	  differ and within 1 % beyond that, the mean exact.
 *
 * Few is at most 64, or at most 512 if all are whole minutes: closing days make
 * hundreds of whole days, and each takes two bytes.  A set of durations that is
 * not few has no superset that is, so the form is a function of the set,
 * whatever the order of merging.
 *
 * Beyond that there are buckets, log-linear, 64 to each power of two: bounds
 * are within 1/64 of each other, so a bucket's middle is within 1/128 of every
 * duration in it.  Minimum, maximum and the 128-bit sum are always exact.
 */
#ifndef LEAD_KPI_DURATION_HISTOGRAM_H
#define LEAD_KPI_DURATION_HISTOGRAM_H

#include "compat.h"

#include "port/pg_bitutils.h"

#include "wire.h"

/* 2 * 64 exact buckets for durations below 128, then 64 per power of two. */
#define DURATION_SUB_BUCKET_BITS 6
#define DURATION_SUB_BUCKETS (1 << DURATION_SUB_BUCKET_BITS)
#define DURATION_BUCKETS ((63 - DURATION_SUB_BUCKET_BITS) * DURATION_SUB_BUCKETS + DURATION_SUB_BUCKETS)

/* How many durations may differ before there are buckets. */
#define DURATION_MAX_EXACT 64
#define DURATION_MAX_EXACT_MINUTES 512

typedef struct DurationCount
{
	int64 duration;
	int64 count;
} DurationCount;

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
	int used; /* of exact or sparse */
	int allocated;
	bool with_seconds;		/* not all durations are whole minutes */
	DurationCount *exact;	/* each duration once; in order while there are no slots */
	uint16 *slots;			/* place in exact + 1, open addressing; NULL until there are many */
	DurationBucket *sparse; /* replaces exact: buckets, in order */
	int64 *dense;			/* replaces sparse once there are many */
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

extern void duration_histogram_add_few(DurationHistogram *histogram, int64 duration);

/* Adds a duration (microseconds, not negative). Grows in CurrentMemoryContext. */
static inline void
duration_histogram_add(DurationHistogram *histogram, int64 duration)
{
	if (histogram->dense == NULL)
	{
		duration_histogram_add_few(histogram, duration);
		return;
	}
	histogram->minimum = Min(histogram->minimum, duration);
	histogram->maximum = Max(histogram->maximum, duration);
	histogram->count++;
	histogram->sum += (uint128) duration;
	histogram->dense[duration_bucket(duration)]++;
}

extern void duration_histogram_merge(DurationHistogram *into, const DurationHistogram *from);

/* What is left when durations are taken out of a histogram. */
typedef enum DurationRest
{
	DURATIONS_KNOWN,
	DURATIONS_UNKNOWN, /* an extreme may have gone, or so many that the rest may be few */
	DURATIONS_NO_PART  /* something would be left less than zero times */
} DurationRest;

/*
 * Takes the durations of "part" out.  What is left is known where it is the
 * histogram of the others, bit for bit; else "from" is not to be used.  "known"
 * are some that are left, or NULL: their extremes are not gone.  All must be as
 * they were read.
 */
extern DurationRest duration_histogram_subtract(DurationHistogram *from, const DurationHistogram *part,
												const DurationHistogram *known);

/* The smallest duration with at least this fraction of all at or below it. */
extern int64 duration_histogram_quantile(const DurationHistogram *histogram, double fraction);
extern int64 duration_histogram_mean(const DurationHistogram *histogram);

extern void duration_histogram_encode(const DurationHistogram *histogram, StringInfo out);

/* Version 1 knows buckets only. */
extern void duration_histogram_decode(DurationHistogram *histogram, StringInfo in, int version,
									  const char *type_name);

/* The durations in order, if they are few; else NULL. */
extern const DurationCount *duration_histogram_exact(const DurationHistogram *histogram);

/* The next bucket in use and its count, if durations are not few; -1 after the last. */
extern int duration_histogram_next(const DurationHistogram *histogram, int *position, int64 *count);

/*
 * Build a histogram from its parts; false when they contradict each other.
 * Buckets of one duration become that duration; the array of buckets is taken
 * over.
 */
extern bool duration_histogram_build(DurationHistogram *histogram, uint128 sum, int64 minimum, int64 maximum,
									 DurationBucket *buckets, int used);
extern bool duration_histogram_build_exact(DurationHistogram *histogram, const DurationCount *durations,
										   int used);

#endif /* LEAD_KPI_DURATION_HISTOGRAM_H */
