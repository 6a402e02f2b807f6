/*
 * duration_histogram.c
 *	  Durations as a mergeable histogram: quantiles exact while few durations
 *	  differ and within 1 % beyond that, the mean exact.
 */
#include "duration_histogram.h"

#include <math.h>

#include "counts.h"

/* More buckets than this are kept as a plain array, where durations come one by one ... */
#define MAX_SPARSE 64

/* ... and where lists are merged; a list that is only read or added to another has any length. */
#define MAX_MERGED 256

/* Twice as many slots as there can be durations. */
#define EXACT_SLOT_BITS 10
#define EXACT_SLOTS (1 << EXACT_SLOT_BITS)

#define DURATIONS_CONTRADICT "durations contradict each other"

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
	if (histogram->used >= MAX_SPARSE)
	{
		make_dense(histogram);
		histogram->dense[bucket] += count;
		return;
	}
	if (histogram->used == histogram->allocated)
	{
		histogram->allocated = histogram->allocated == 0 ? 1 : 2 * histogram->allocated;
		if (histogram->sparse == NULL)
			histogram->sparse = palloc(mul_size(histogram->allocated, sizeof(DurationBucket)));
		else
			histogram->sparse = repalloc(histogram->sparse,
										 mul_size(histogram->allocated, sizeof(DurationBucket)));
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
			histogram->exact = palloc(mul_size(histogram->allocated, sizeof(DurationCount)));
		else
			histogram->exact = repalloc(histogram->exact,
										mul_size(histogram->allocated, sizeof(DurationCount)));
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
	ordered = palloc(mul_size(histogram->used, sizeof(DurationCount)));
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

/* Adds buckets in order to buckets in order. */
static void
merge_buckets(DurationHistogram *into, const DurationBucket *more, int count)
{
	DurationBucket *merged = palloc(mul_size(into->used + count, sizeof(DurationBucket)));
	const DurationBucket *mine = into->sparse;
	int i = 0;
	int j = 0;
	int used = 0;

	while (i < into->used && j < count)
	{
		int difference = mine[i].bucket - more[j].bucket;

		merged[used] = difference <= 0 ? mine[i++] : more[j++];
		if (difference == 0)
			merged[used].count += more[j++].count;
		used++;
	}
	while (i < into->used)
		merged[used++] = mine[i++];
	while (j < count)
		merged[used++] = more[j++];
	if (into->sparse != NULL)
		pfree(into->sparse);
	into->sparse = merged;
	into->allocated = into->used + count;
	into->used = used;
}

/* Adds all buckets of one histogram to another, both in buckets; the caller keeps the totals. */
static void
add_buckets(DurationHistogram *into, const DurationHistogram *from)
{
	const DurationBucket *sparse = from->sparse;
	int used = from->used;
	int64 *dense;

	if (into->dense == NULL && from->dense == NULL && into->used + used <= MAX_MERGED)
	{
		merge_buckets(into, sparse, used);
		return;
	}
	if (into->dense == NULL)
		make_dense(into);
	dense = into->dense;
	for (int i = 0; i < used; i++)
		dense[sparse[i].bucket] += sparse[i].count;
	for (int bucket = 0; from->dense != NULL && bucket < DURATION_BUCKETS; bucket++)
		dense[bucket] += from->dense[bucket];
}

void
duration_histogram_merge(DurationHistogram *into, const DurationHistogram *from)
{
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
	add_buckets(into, from);
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
	histogram->exact = palloc(mul_size(used, sizeof(DurationCount)));
	memcpy(histogram->exact, durations, used * sizeof(DurationCount));
	return true;
}

/* Takes over buckets that are in order and have this many durations; false when the rest contradicts them. */
static bool
use_buckets(DurationHistogram *histogram, int64 count, uint128 sum, int64 minimum, int64 maximum,
			DurationBucket *buckets, int used)
{
	memset(histogram, 0, sizeof(*histogram));
	histogram->count = count;
	histogram->sum = sum;
	histogram->minimum = minimum;
	histogram->maximum = maximum;
	histogram->used = histogram->allocated = used;
	histogram->sparse = buckets;
	if (duration_bucket(minimum) != buckets[0].bucket ||
		duration_bucket(maximum) != buckets[used - 1].bucket || sum < (uint128) count * (uint128) minimum ||
		sum > (uint128) count * (uint128) maximum)
		return false;
	if (minimum == maximum)
	{
		DurationCount only = {minimum, count};

		pfree(buckets);
		return duration_histogram_build_exact(histogram, &only, 1);
	}
	return true;
}

bool
duration_histogram_build(DurationHistogram *histogram, uint128 sum, int64 minimum, int64 maximum,
						 DurationBucket *buckets, int used)
{
	int previous = -1;
	int64 count = 0;

	if (used == 0 || minimum < 0 || maximum < minimum)
		return false;
	for (int i = 0; i < used; i++)
	{
		if (buckets[i].bucket <= previous || buckets[i].bucket >= DURATION_BUCKETS || buckets[i].count <= 0 ||
			pg_add_s64_overflow(count, buckets[i].count, &count))
			return false;
		previous = buckets[i].bucket;
	}
	return use_buckets(histogram, count, sum, minimum, maximum, buckets, used);
}

/* ---------- subtracting ---------- */

/* Few durations are known each. */
static DurationRest
subtract_exact(DurationHistogram *from, const DurationHistogram *part, int64 count, uint128 sum)
{
	int place = 0;
	int used = 0;
	DurationHistogram rest;

	if (in_buckets(part))
		return DURATIONS_NO_PART;
	for (int i = 0; i < part->used; i++)
	{
		place = find_place(from, part->exact[i].duration);
		if (place == from->used || from->exact[place].duration != part->exact[i].duration ||
			from->exact[place].count < part->exact[i].count)
			return DURATIONS_NO_PART;
		from->exact[place].count -= part->exact[i].count;
	}
	for (int i = 0; i < from->used; i++)
		if (from->exact[i].count > 0)
			from->exact[used++] = from->exact[i];
	memset(&rest, 0, sizeof(rest));
	if (used > 0)
		(void) duration_histogram_build_exact(&rest, from->exact, used);
	*from = rest;
	return rest.count == count && rest.sum == sum ? DURATIONS_KNOWN : DURATIONS_NO_PART;
}

/* Takes the buckets of "part" out of those of "from"; returns how many are left, or -1. */
static int
subtract_from_buckets(DurationHistogram *from, const DurationHistogram *part)
{
	int place = 0;
	int used = 0;

	for (int i = 0; i < part->used; i++)
	{
		int bucket = in_buckets(part) ? part->sparse[i].bucket : duration_bucket(part->exact[i].duration);
		int64 count = in_buckets(part) ? part->sparse[i].count : part->exact[i].count;

		while (place < from->used && from->sparse[place].bucket < bucket)
			place++;
		if (place == from->used || from->sparse[place].bucket > bucket || from->sparse[place].count < count)
			return -1;
		from->sparse[place].count -= count;
	}
	for (int i = 0; i < from->used; i++)
		if (from->sparse[i].count > 0)
			from->sparse[used++] = from->sparse[i];
	return used;
}

/* Has a bucket durations that are no whole minutes, whatever they are? */
static bool
is_without_minutes(int bucket)
{
	int shift = Max(bucket / DURATION_SUB_BUCKETS - 1, 0);
	int64 low = (int64) (bucket - shift * DURATION_SUB_BUCKETS) << shift;
	int64 over = low % USECS_PER_MINUTE;

	return over != 0 && USECS_PER_MINUTE - over >= INT64CONST(1) << shift;
}

/*
 * Buckets do not tell how many durations differ, only that it is as many or
 * more: are these too many for few, so that their form is buckets?
 */
static bool
are_surely_many(const DurationHistogram *histogram)
{
	bool with_seconds = histogram->sum % USECS_PER_MINUTE != 0 ||
		histogram->minimum % USECS_PER_MINUTE != 0 || histogram->maximum % USECS_PER_MINUTE != 0;

	for (int i = 0; i < histogram->used && !with_seconds; i++)
		with_seconds = is_without_minutes(histogram->sparse[i].bucket);
	return !is_few(histogram->used, with_seconds);
}

/* Can these be some of the durations in buckets? */
static bool
can_be_among(const DurationHistogram *known, const DurationHistogram *histogram)
{
	int place = 0;

	if (known == NULL || known->count == 0 || known->count > histogram->count || known->sum > histogram->sum)
		return false;
	for (int i = 0; i < known->used; i++)
	{
		int bucket = in_buckets(known) ? known->sparse[i].bucket : duration_bucket(known->exact[i].duration);
		int64 count = in_buckets(known) ? known->sparse[i].count : known->exact[i].count;

		while (place < histogram->used && histogram->sparse[place].bucket < bucket)
			place++;
		if (place == histogram->used || histogram->sparse[place].bucket > bucket ||
			histogram->sparse[place].count < count)
			return false;
	}
	return true;
}

DurationRest
duration_histogram_subtract(DurationHistogram *from, const DurationHistogram *part,
							const DurationHistogram *known)
{
	int64 count = from->count - part->count;
	uint128 sum = from->sum - part->sum;
	int used;
	int lowest;
	int highest;
	bool minimum_goes = part->minimum == from->minimum;
	bool maximum_goes = part->maximum == from->maximum;

	Assert(from->slots == NULL && from->dense == NULL && part->slots == NULL && part->dense == NULL);
	if (part->count == 0)
		return DURATIONS_KNOWN;
	if (count < 0 || part->sum > from->sum || part->minimum < from->minimum || part->maximum > from->maximum)
		return DURATIONS_NO_PART;
	if (!in_buckets(from))
		return subtract_exact(from, part, count, sum);
	used = subtract_from_buckets(from, part);
	if (used < 0 || (used == 0) != (count == 0) || (count == 0 && sum != 0))
		return DURATIONS_NO_PART;
	from->used = used;
	from->count = count;
	from->sum = sum;
	if (count == 0)
	{
		memset(from, 0, sizeof(*from));
		return DURATIONS_KNOWN;
	}
	lowest = from->sparse[0].bucket;
	highest = from->sparse[used - 1].bucket;
	if (count == 1)
	{
		DurationCount only = {(int64) sum, 1};

		if (sum > PG_INT64_MAX || duration_bucket(only.duration) != lowest)
			return DURATIONS_NO_PART;
		return duration_histogram_build_exact(from, &only, 1) ? DURATIONS_KNOWN : DURATIONS_NO_PART;
	}
	/* An extreme stays when no part has it, or somebody who stays has it, too; the first buckets hold one duration each, so they tell. */
	if ((minimum_goes || maximum_goes) && can_be_among(known, from))
	{
		minimum_goes = minimum_goes && known->minimum != from->minimum;
		maximum_goes = maximum_goes && known->maximum != from->maximum;
	}
	if ((minimum_goes && lowest >= 2 * DURATION_SUB_BUCKETS) ||
		(maximum_goes && highest >= 2 * DURATION_SUB_BUCKETS))
		return DURATIONS_UNKNOWN;
	if (minimum_goes)
		from->minimum = lowest;
	if (maximum_goes)
		from->maximum = highest;
	if (duration_bucket(from->minimum) != lowest || duration_bucket(from->maximum) != highest ||
		sum < (uint128) count * (uint128) from->minimum || sum > (uint128) count * (uint128) from->maximum)
		return DURATIONS_NO_PART;
	return are_surely_many(from) ? DURATIONS_KNOWN : DURATIONS_UNKNOWN;
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
	int used = histogram->used;
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
	if (histogram->dense != NULL)
		for (used = 0, bucket = 0; bucket < DURATION_BUCKETS; bucket++)
			used += histogram->dense[bucket] != 0;
	wire_put_varint(out, 2 * (uint64) used + 1);
	wire_put_varint(out, (uint64) histogram->minimum);
	wire_put_varint(out, (uint64) (histogram->maximum - histogram->minimum));
	wire_put_varint(out, (uint64) (histogram->sum >> 64));
	wire_put_varint(out, (uint64) histogram->sum);
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
	uint64 limit;
	DurationCount *durations;
	uint64 units = 0;
	int64 common = 0;

	wire_check(unit <= PG_INT64_MAX, type_name, "duration out of range");
	limit = unit == 0 ? 0 : (uint64) PG_INT64_MAX / unit;
	durations = palloc(mul_size(used, sizeof(DurationCount)));
	for (int i = 0; i < used; i++)
	{
		uint64 step = wire_get_varint(in, type_name);

		wire_check(step <= limit - units, type_name, "duration out of range");
		units += step;
		if (common != 1)
			common = common_divisor((int64) step, common);
		durations[i].duration = (int64) (units * unit);
		durations[i].count = wire_get_int64(in, type_name, PG_INT64_MAX);
	}
	wire_check(duration_histogram_build_exact(histogram, durations, used), type_name, DURATIONS_CONTRADICT);
	/* All of them are multiples of what the steps between them are. */
	wire_check(unit == 0 || common == 1, type_name, "durations in a unit that is not theirs");
	pfree(durations);
}

/* Are all of eight bytes from 1 to 127: four buckets in use, whose steps and counts take one byte each? */
static inline bool
are_small(const char *bytes)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	uint64 word;

	memcpy(&word, bytes, sizeof(word));
	return ((word | (word - ones)) & ones << 7) == 0;
}

/*
 * Reads buckets, each its step from the one before and its count; returns how
 * many durations they have.  Most numbers take a byte, so look at four buckets
 * at once.
 */
static int64
get_buckets(StringInfo in, DurationBucket *buckets, int used, const char *type_name)
{
	int64 total = 0;
	int bucket = 0;
	int i = 0;

	while (i < used)
	{
		uint64 step;
		int64 count;

		if (used - i >= 4 && in->len - in->cursor >= 8 && are_small(in->data + in->cursor))
		{
			const uint8 *bytes = (const uint8 *) in->data + in->cursor;
			DurationBucket *four = &buckets[i];

			four[0].bucket = bucket += bytes[0];
			four[1].bucket = bucket += bytes[2];
			four[2].bucket = bucket += bytes[4];
			four[3].bucket = bucket += bytes[6];
			four[0].count = bytes[1];
			four[1].count = bytes[3];
			four[2].count = bytes[5];
			four[3].count = bytes[7];
			wire_check(!pg_add_s64_overflow(total, bytes[1] + bytes[3] + bytes[5] + bytes[7], &total),
					   type_name, DURATIONS_CONTRADICT);
			in->cursor += 8;
			i += 4;
			continue;
		}
		step = wire_get_varint(in, type_name);
		count = wire_get_int64(in, type_name, PG_INT64_MAX);
		wire_check(step < DURATION_BUCKETS && bucket < DURATION_BUCKETS, type_name, "bucket out of range");
		wire_check((step > 0 || i == 0) && count > 0 && !pg_add_s64_overflow(total, count, &total), type_name,
				   DURATIONS_CONTRADICT);
		bucket += (int) step;
		buckets[i].bucket = bucket;
		buckets[i++].count = count;
	}
	wire_check(bucket < DURATION_BUCKETS, type_name, "bucket out of range");
	return total;
}

static void
decode_buckets(DurationHistogram *histogram, StringInfo in, int used, const char *type_name)
{
	uint64 minimum = wire_get_varint(in, type_name);
	uint64 span = wire_get_varint(in, type_name);
	uint128 sum;
	DurationBucket *buckets;
	int64 count;

	wire_check(minimum <= PG_INT64_MAX && span <= PG_INT64_MAX - minimum, type_name, "duration out of range");
	sum = (uint128) wire_get_varint(in, type_name) << 64;
	sum |= wire_get_varint(in, type_name);
	wire_check(used > 0, type_name, DURATIONS_CONTRADICT);
	buckets = palloc(mul_size(used, sizeof(DurationBucket)));
	count = get_buckets(in, buckets, used, type_name);
	wire_check(use_buckets(histogram, count, sum, (int64) minimum, (int64) (minimum + span), buckets, used),
			   type_name, DURATIONS_CONTRADICT);
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
