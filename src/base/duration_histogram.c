/*
 * duration_histogram.c
 *	  Durations as a mergeable histogram: quantiles exact while few durations
 *	  differ and within 1 % beyond that, the mean exact.
 */
#include "duration_histogram.h"

#include <math.h>

#include "counts.h"

/* More buckets than this are kept as a plain array. */
#define MAX_SPARSE 64

/* Twice as many slots as there can be durations. */
#define EXACT_SLOT_BITS 10
#define EXACT_SLOTS (1 << EXACT_SLOT_BITS)

/* A duration in the long form: the step from the one before and a count, a byte each. */
#define MIN_DURATION_BYTES 2

/* ---------- buckets ---------- */

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
			histogram->sparse = palloc(histogram->allocated * sizeof(DurationBucket));
		else
			histogram->sparse = repalloc(histogram->sparse, histogram->allocated * sizeof(DurationBucket));
	}
	memmove(&histogram->sparse[low + 1], &histogram->sparse[low],
			(histogram->used - low) * sizeof(DurationBucket));
	histogram->sparse[low].bucket = bucket;
	histogram->sparse[low].count = count;
	histogram->used++;
}

/* ---------- few durations ---------- */

static inline bool
in_buckets(const DurationHistogram *histogram)
{
	return histogram->sparse != NULL || histogram->dense != NULL;
}

static inline bool
is_few(int durations, bool with_seconds)
{
	return durations <= (with_seconds ? DURATION_MAX_EXACT : DURATION_MAX_EXACT_MINUTES);
}

static void
make_buckets(DurationHistogram *histogram)
{
	DurationCount *exact = histogram->exact;
	int used = histogram->used;

	if (histogram->slots != NULL)
		pfree(histogram->slots);
	histogram->slots = NULL;
	histogram->exact = NULL;
	histogram->used = histogram->allocated = 0;
	for (int i = 0; i < used; i++)
		add_to_bucket(histogram, duration_bucket(exact[i].duration), exact[i].count);
	if (exact != NULL)
		pfree(exact);
}

/* The slot of a duration, or the free one where it belongs. */
static inline uint16 *
find_slot(const DurationHistogram *histogram, int64 duration)
{
	uint32 slot = (uint32) (((uint64) duration * UINT64CONST(0x9E3779B97F4A7C15)) >> (64 - EXACT_SLOT_BITS));

	while (histogram->slots[slot % EXACT_SLOTS] != 0 &&
		   histogram->exact[histogram->slots[slot % EXACT_SLOTS] - 1].duration != duration)
		slot++;
	return &histogram->slots[slot % EXACT_SLOTS];
}

static void
build_slots(DurationHistogram *histogram)
{
	StaticAssertStmt(EXACT_SLOTS >= 2 * DURATION_MAX_EXACT_MINUTES, "slots must not fill up");
	histogram->slots = palloc0(EXACT_SLOTS * sizeof(uint16));
	for (int place = 0; place < histogram->used; place++)
		*find_slot(histogram, histogram->exact[place].duration) = (uint16) (place + 1);
}

/* The place of the first duration that is not smaller, in the form without slots. */
static int
find_place(const DurationHistogram *histogram, int64 duration)
{
	int low = 0;
	int high = histogram->used;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (histogram->exact[middle].duration < duration)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
insert_duration(DurationHistogram *histogram, int place, int64 duration, int64 count)
{
	if (histogram->used == histogram->allocated)
	{
		histogram->allocated = histogram->allocated == 0 ? 1 : 2 * histogram->allocated;
		if (histogram->exact == NULL)
			histogram->exact = palloc(histogram->allocated * sizeof(DurationCount));
		else
			histogram->exact = repalloc(histogram->exact, histogram->allocated * sizeof(DurationCount));
	}
	memmove(&histogram->exact[place + 1], &histogram->exact[place],
			(histogram->used - place) * sizeof(DurationCount));
	histogram->exact[place].duration = duration;
	histogram->exact[place].count = count;
	histogram->used++;
}

/* Counts a duration, in buckets once too many differ; the caller keeps the totals. */
static void
add_duration(DurationHistogram *histogram, int64 duration, int64 count)
{
	uint16 *slot = NULL;
	int place;

	if (in_buckets(histogram))
	{
		add_to_bucket(histogram, duration_bucket(duration), count);
		return;
	}
	if (histogram->slots == NULL && histogram->used > DURATION_MAX_EXACT)
		build_slots(histogram);
	if (histogram->slots != NULL)
	{
		slot = find_slot(histogram, duration);
		place = *slot == 0 ? histogram->used : *slot - 1;
	}
	else
		place = find_place(histogram, duration);
	if (place < histogram->used && histogram->exact[place].duration == duration)
	{
		histogram->exact[place].count += count;
		return;
	}
	histogram->with_seconds = histogram->with_seconds || duration % USECS_PER_MINUTE != 0;
	if (!is_few(histogram->used + 1, histogram->with_seconds))
	{
		make_buckets(histogram);
		add_to_bucket(histogram, duration_bucket(duration), count);
		return;
	}
	insert_duration(histogram, place, duration, count);
	if (slot != NULL)
		*slot = (uint16) (place + 1);
}

static int
compare_durations(const void *a, const void *b)
{
	int64 left = ((const DurationCount *) a)->duration;
	int64 right = ((const DurationCount *) b)->duration;

	return left < right ? -1 : left > right;
}

const DurationCount *
duration_histogram_exact(const DurationHistogram *histogram)
{
	DurationCount *ordered;

	if (histogram->slots == NULL)
		return histogram->exact;
	ordered = palloc(histogram->used * sizeof(DurationCount));
	memcpy(ordered, histogram->exact, histogram->used * sizeof(DurationCount));
	qsort(ordered, histogram->used, sizeof(DurationCount), compare_durations);
	return ordered;
}

/* ---------- adding and reading ---------- */

void
duration_histogram_add_few(DurationHistogram *histogram, int64 duration)
{
	if (histogram->count == 0)
		histogram->minimum = histogram->maximum = duration;
	else if (duration < histogram->minimum)
		histogram->minimum = duration;
	else if (duration > histogram->maximum)
		histogram->maximum = duration;
	histogram->count++;
	histogram->sum += (uint128) duration;
	add_duration(histogram, duration, 1);
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
	if (!in_buckets(from))
	{
		for (int i = 0; i < from->used; i++)
			add_duration(into, from->exact[i].duration, from->exact[i].count);
		return;
	}
	if (!in_buckets(into))
		make_buckets(into);
	while ((bucket = duration_histogram_next(from, &position, &count)) >= 0)
		add_to_bucket(into, bucket, count);
}

int64
duration_histogram_quantile(const DurationHistogram *histogram, double fraction)
{
	double rank = ceil(fraction * (double) histogram->count);
	const DurationCount *exact = duration_histogram_exact(histogram);
	int64 seen = 0;
	int position = 0;
	int bucket;
	int64 count;

	if (exact != NULL)
	{
		for (int i = 0; i < histogram->used; i++)
		{
			seen += exact[i].count;
			if ((double) seen >= rank)
				return exact[i].duration;
		}
		return histogram->maximum;
	}
	if (rank <= 1)
		return histogram->minimum;
	if (rank >= (double) histogram->count)
		return histogram->maximum;
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

/* ---------- the form outside ---------- */

bool
duration_histogram_build_exact(DurationHistogram *histogram, const DurationCount *durations, int used)
{
	int64 previous = -1;

	memset(histogram, 0, sizeof(*histogram));
	if (used == 0 || used > DURATION_MAX_EXACT_MINUTES)
		return false;
	for (int i = 0; i < used; i++)
	{
		int64 duration = durations[i].duration;

		if (duration <= previous || durations[i].count <= 0 ||
			pg_add_s64_overflow(histogram->count, durations[i].count, &histogram->count))
			return false;
		histogram->with_seconds = histogram->with_seconds || duration % USECS_PER_MINUTE != 0;
		histogram->sum += (uint128) duration * (uint128) durations[i].count;
		previous = duration;
	}
	if (!is_few(used, histogram->with_seconds))
		return false;
	histogram->minimum = durations[0].duration;
	histogram->maximum = previous;
	histogram->used = histogram->allocated = used;
	histogram->exact = palloc(used * sizeof(DurationCount));
	memcpy(histogram->exact, durations, used * sizeof(DurationCount));
	return true;
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
	if (duration_bucket(minimum) != buckets[0].bucket ||
		duration_bucket(maximum) != buckets[used - 1].bucket || sum < low || sum > high)
		return false;
	if (minimum == maximum)
	{
		DurationCount only = {minimum, histogram->count};

		return duration_histogram_build_exact(histogram, &only, 1);
	}
	return true;
}

static int64
common_divisor(int64 a, int64 b)
{
	while (b != 0)
	{
		int64 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* The largest unit of which all are whole multiples: days are small numbers then. */
static int64
unit_of(const DurationCount *durations, int used)
{
	int64 unit = 0;

	for (int i = 0; i < used && unit != 1; i++)
		unit = common_divisor(durations[i].duration, unit);
	return unit;
}

/*
 * One duration is the common case (a summary of one lead): a byte of 0, then
 * it.  Else an even number, twice the durations that differ, or an odd one,
 * twice the buckets and 1.
 */
void
duration_histogram_encode(const DurationHistogram *histogram, StringInfo out)
{
	const DurationCount *exact = duration_histogram_exact(histogram);
	int used = 0;
	int position = 0;
	int previous = 0;
	int bucket;
	int64 count;

	if (exact != NULL)
	{
		int64 unit = unit_of(exact, histogram->used);
		int64 before = 0;

		wire_put_varint(out, histogram->count == 1 ? 0 : 2 * (uint64) histogram->used);
		if (histogram->count == 1)
		{
			wire_put_varint(out, (uint64) histogram->minimum);
			return;
		}
		wire_put_varint(out, (uint64) unit);
		for (int i = 0; i < histogram->used; i++)
		{
			int64 units = unit == 0 ? 0 : exact[i].duration / unit;

			wire_put_varint(out, (uint64) (units - before));
			wire_put_varint(out, (uint64) exact[i].count);
			before = units;
		}
		return;
	}
	while (duration_histogram_next(histogram, &position, &count) >= 0)
		used++;
	wire_put_varint(out, 2 * (uint64) used + 1);
	wire_put_varint(out, (uint64) histogram->minimum);
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

static void
decode_exact(DurationHistogram *histogram, StringInfo in, int used, const char *type_name)
{
	uint64 unit = wire_get_varint(in, type_name);
	DurationCount durations[DURATION_MAX_EXACT_MINUTES];
	uint64 units = 0;

	wire_check(unit <= PG_INT64_MAX, type_name, "duration out of range");
	for (int i = 0; i < used; i++)
	{
		uint64 step = wire_get_varint(in, type_name);

		wire_check(step <= PG_INT64_MAX - units, type_name, "duration out of range");
		units += step;
		wire_check(unit == 0 ? units == 0 : units <= (uint64) PG_INT64_MAX / unit, type_name,
				   "duration out of range");
		durations[i].duration = (int64) (units * unit);
		durations[i].count = wire_get_int64(in, type_name, PG_INT64_MAX);
	}
	wire_check(duration_histogram_build_exact(histogram, durations, used), type_name,
			   "durations contradict each other");
	wire_check((uint64) unit_of(durations, used) == unit, type_name,
			   "durations in a unit that is not theirs");
}

static void
decode_buckets(DurationHistogram *histogram, StringInfo in, int used, const char *type_name)
{
	uint64 minimum = wire_get_varint(in, type_name);
	uint64 span = wire_get_varint(in, type_name);
	uint128 sum;
	DurationBucket *buckets;
	int bucket = 0;

	wire_check(minimum <= PG_INT64_MAX && span <= PG_INT64_MAX - minimum, type_name, "duration out of range");
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
	pfree(buckets);
}

void
duration_histogram_decode(DurationHistogram *histogram, StringInfo in, int version, const char *type_name)
{
	int form = wire_get_count(in, type_name, 1, 2 * DURATION_BUCKETS + 1);
	int used = version == 1 ? form : form / 2;

	memset(histogram, 0, sizeof(*histogram));
	wire_check(used <= (in->len - in->cursor) / MIN_DURATION_BYTES, type_name, "count exceeds the input");
	if (form == 0)
	{
		uint64 duration = wire_get_varint(in, type_name);

		wire_check(duration <= PG_INT64_MAX, type_name, "duration out of range");
		duration_histogram_add(histogram, (int64) duration);
		return;
	}
	if (version > 1 && form % 2 == 0)
	{
		wire_check(used <= DURATION_MAX_EXACT_MINUTES, type_name, "count out of range");
		decode_exact(histogram, in, used, type_name);
	}
	else
	{
		wire_check(used <= DURATION_BUCKETS, type_name, "count out of range");
		decode_buckets(histogram, in, used, type_name);
		wire_check(version == 1 || in_buckets(histogram), type_name, "single duration in the long form");
	}
	wire_check(histogram->count > 1, type_name, "single duration in the long form");
}
