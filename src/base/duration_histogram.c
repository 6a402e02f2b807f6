/*
 * duration_histogram.c
 *	  Durations as a mergeable histogram: quantiles within 1 %, the mean exact.
 */
#include "duration_histogram.h"

#include <math.h>

#include "counts.h"

/* More buckets than this are kept as a plain array. */
#define MAX_SPARSE 64

static int64
bucket_middle(int bucket)
{
	int shift = Max(bucket / DURATION_SUB_BUCKETS - 1, 0);
	int64 low = (int64) (bucket - shift * DURATION_SUB_BUCKETS) << shift;

	return low + ((INT64CONST(1) << shift) >> 1);
}

static void
make_dense(DurationHistogram *histogram)
{
	histogram->dense = palloc0(DURATION_BUCKETS * sizeof(int64));
	for (int i = 0; i < histogram->used; i++)
		histogram->dense[histogram->sparse[i].bucket] = histogram->sparse[i].count;
	if (histogram->sparse != NULL)
		pfree(histogram->sparse);
	histogram->sparse = NULL;
	histogram->used = histogram->allocated = 0;
}

static void
add_to_bucket(DurationHistogram *histogram, int bucket, int64 count)
{
	int low = 0;
	int high = histogram->used;

	if (histogram->dense != NULL)
	{
		histogram->dense[bucket] += count;
		return;
	}
	while (low < high)
	{
		int middle = (low + high) / 2;

		if (histogram->sparse[middle].bucket < bucket)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < histogram->used && histogram->sparse[low].bucket == bucket)
	{
		histogram->sparse[low].count += count;
		return;
	}
	if (histogram->used == MAX_SPARSE)
	{
		make_dense(histogram);
		histogram->dense[bucket] += count;
		return;
	}
	if (histogram->used == histogram->allocated)
	{
		histogram->allocated = histogram->allocated == 0 ? 1 : 2 * histogram->allocated;
		if (histogram->sparse == NULL)
			histogram->sparse = palloc(sizeof(DurationBucket));
		else
			histogram->sparse = repalloc(histogram->sparse, histogram->allocated * sizeof(DurationBucket));
	}
	memmove(&histogram->sparse[low + 1], &histogram->sparse[low],
			(histogram->used - low) * sizeof(DurationBucket));
	histogram->sparse[low].bucket = bucket;
	histogram->sparse[low].count = count;
	histogram->used++;
}

void
duration_histogram_add_sparse(DurationHistogram *histogram, int64 duration)
{
	if (histogram->count == 0)
		histogram->minimum = histogram->maximum = duration;
	else if (duration < histogram->minimum)
		histogram->minimum = duration;
	else if (duration > histogram->maximum)
		histogram->maximum = duration;
	histogram->count++;
	histogram->sum += (uint128) duration;
	add_to_bucket(histogram, duration_bucket(duration), 1);
}

int
duration_histogram_next(const DurationHistogram *histogram, int *position, int64 *count)
{
	if (histogram->dense == NULL)
	{
		if (*position >= histogram->used)
			return -1;
		*count = histogram->sparse[*position].count;
		return histogram->sparse[(*position)++].bucket;
	}
	while (*position < DURATION_BUCKETS)
	{
		int bucket = (*position)++;

		*count = histogram->dense[bucket];
		if (*count != 0)
			return bucket;
	}
	return -1;
}

void
duration_histogram_merge(DurationHistogram *into, const DurationHistogram *from)
{
	int position = 0;
	int bucket;
	int64 count;

	if (from->count == 0)
		return;
	into->minimum = into->count == 0 ? from->minimum : Min(into->minimum, from->minimum);
	into->maximum = into->count == 0 ? from->maximum : Max(into->maximum, from->maximum);
	into->count = add_counts(into->count, from->count, "duration");
	into->sum += from->sum;
	while ((bucket = duration_histogram_next(from, &position, &count)) >= 0)
		add_to_bucket(into, bucket, count);
}

int64
duration_histogram_quantile(const DurationHistogram *histogram, double fraction)
{
	double rank = ceil(fraction * (double) histogram->count);
	int64 seen = 0;
	int position = 0;
	int bucket;
	int64 count;

	while ((bucket = duration_histogram_next(histogram, &position, &count)) >= 0)
	{
		seen += count;
		if ((double) seen >= rank)
			return Max(histogram->minimum, Min(histogram->maximum, bucket_middle(bucket)));
	}
	return histogram->maximum;
}

int64
duration_histogram_mean(const DurationHistogram *histogram)
{
	/* Rounded to the nearest microsecond. */
	return (int64) ((histogram->sum + (uint128) histogram->count / 2) / (uint128) histogram->count);
}

bool
duration_histogram_build(DurationHistogram *histogram, uint128 sum, int64 minimum, int64 maximum,
						 const DurationBucket *buckets, int used)
{
	int previous = -1;
	uint128 low = 0;
	uint128 high = 0;

	memset(histogram, 0, sizeof(*histogram));
	if (used == 0 || minimum < 0 || maximum < minimum)
		return false;
	for (int i = 0; i < used; i++)
	{
		int bucket = buckets[i].bucket;

		if (bucket <= previous || bucket >= DURATION_BUCKETS || buckets[i].count <= 0 ||
			pg_add_s64_overflow(histogram->count, buckets[i].count, &histogram->count))
			return false;
		add_to_bucket(histogram, bucket, buckets[i].count);
		previous = bucket;
		low += (uint128) buckets[i].count * (uint128) minimum;
		high += (uint128) buckets[i].count * (uint128) maximum;
	}
	histogram->sum = sum;
	histogram->minimum = minimum;
	histogram->maximum = maximum;
	return duration_bucket(minimum) == buckets[0].bucket &&
		duration_bucket(maximum) == buckets[used - 1].bucket && sum >= low && sum <= high;
}

/* One duration is the common case (a summary of one lead): a byte of 1, then it. */
void
duration_histogram_encode(const DurationHistogram *histogram, StringInfo out)
{
	int used = 0;
	int position = 0;
	int previous = 0;
	int bucket;
	int64 count;

	while (duration_histogram_next(histogram, &position, &count) >= 0)
		used++;
	if (histogram->count == 1)
		used = 0;
	wire_put_varint(out, (uint64) used);
	wire_put_varint(out, (uint64) histogram->minimum);
	if (used == 0)
		return;
	wire_put_varint(out, (uint64) (histogram->maximum - histogram->minimum));
	wire_put_varint(out, (uint64) (histogram->sum >> 64));
	wire_put_varint(out, (uint64) histogram->sum);
	position = 0;
	while ((bucket = duration_histogram_next(histogram, &position, &count)) >= 0)
	{
		wire_put_varint(out, (uint64) (bucket - previous));
		wire_put_varint(out, (uint64) count);
		previous = bucket;
	}
}

void
duration_histogram_decode(DurationHistogram *histogram, StringInfo in, const char *type_name)
{
	int used = wire_get_count(in, type_name, 2, DURATION_BUCKETS);
	uint64 minimum = wire_get_varint(in, type_name);
	uint64 span;
	uint128 sum;
	DurationBucket *buckets;
	int bucket = 0;

	wire_check(minimum <= PG_INT64_MAX, type_name, "duration out of range");
	memset(histogram, 0, sizeof(*histogram));
	if (used == 0)
	{
		duration_histogram_add(histogram, (int64) minimum);
		return;
	}
	span = wire_get_varint(in, type_name);
	wire_check(span <= PG_INT64_MAX - minimum, type_name, "duration out of range");
	sum = (uint128) wire_get_varint(in, type_name) << 64;
	sum |= wire_get_varint(in, type_name);
	buckets = palloc(used * sizeof(DurationBucket));
	for (int i = 0; i < used; i++)
	{
		uint64 step = wire_get_varint(in, type_name);
		uint64 count = wire_get_varint(in, type_name);

		wire_check(step < DURATION_BUCKETS && count <= PG_INT64_MAX, type_name, "bucket out of range");
		bucket += (int) step;
		buckets[i].bucket = bucket;
		buckets[i].count = (int64) count;
		wire_check(bucket < DURATION_BUCKETS, type_name, "bucket out of range");
	}
	wire_check(duration_histogram_build(histogram, sum, (int64) minimum, (int64) (minimum + span), buckets,
										used),
			   type_name, "durations contradict each other");
	wire_check(histogram->count > 1, type_name, "single duration in the long form");
	pfree(buckets);
}
