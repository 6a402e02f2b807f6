/*
 * logistic_rows.c
 *	  The rows that a regression is fitted to.
 *
 * Sums of floats depend on their order, and rows come in any order and in any
 * number of parts.  Sorting them by a hash of their contents gives one order
 * for all, and brings equal rows together, which are then fitted as one.
 */
#include "logistic_rows.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_CAPACITY 64

/* Rows before the first try to collapse, and how much later the next comes after one in vain. */
#define FIRST_COLLAPSE 8192
#define COLLAPSE_PATIENCE 16

/* The leading bits of the hash that the digits cover; rows that share them are compared. */
#define DIGIT_BITS 11
#define DIGIT_VALUES (1 << DIGIT_BITS)
#define DIGITS 2
#define PREFIX_SHIFT (32 - DIGITS * DIGIT_BITS)
#define digit_of(hash, digit) (((hash) >> (PREFIX_SHIFT + (digit) *DIGIT_BITS)) & (DIGIT_VALUES - 1))

void
logistic_rows_init(LogisticRows *rows, int width)
{
	memset(rows, 0, sizeof(LogisticRows));
	rows->context = CurrentMemoryContext;
	rows->width = width;
	rows->collapse_at = FIRST_COLLAPSE;
}

/* ---------- order ---------- */

static uint32
hash_row(const double *values, int width)
{
	uint64 hash = UINT64CONST(0x9e3779b97f4a7c15);

	for (int i = 0; i < width; i++)
	{
		uint64 bits;

		memcpy(&bits, &values[i], sizeof(bits));
		hash = (hash ^ bits) * UINT64CONST(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	hash *= UINT64CONST(0xc4ceb9fe1a85ec53);
	return (uint32) (hash >> 32);
}

static int
compare_places(const void *a, const void *b, void *arg)
{
	const LogisticRows *rows = arg;
	const LogisticOrder *left = a;
	const LogisticOrder *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return memcmp(logistic_row(rows, left->row), logistic_row(rows, right->row),
				  rows->width * sizeof(double));
}

bool
logistic_rows_equal(const LogisticRows *rows, const LogisticOrder *a, const LogisticOrder *b)
{
	return compare_places(a, b, unconstify(LogisticRows *, rows)) == 0;
}

LogisticOrder *
logistic_rows_sorted(const LogisticRows *rows)
{
	Size count = rows->count;
	Size size = mul_size(Max(count, 1), sizeof(LogisticOrder));
	LogisticOrder *order = MemoryContextAllocHuge(CurrentMemoryContext, size);
	LogisticOrder *spare = MemoryContextAllocHuge(CurrentMemoryContext, size);
	Size *place = palloc(DIGIT_VALUES * sizeof(Size));

	for (Size i = 0; i < count; i++)
	{
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		order[i].hash = hash_row(logistic_row(rows, i), rows->width);
		order[i].row = (uint32) i;
	}
	for (int digit = 0; digit < DIGITS; digit++)
	{
		LogisticOrder *from = order;
		Size total = 0;

		CHECK_FOR_INTERRUPTS();
		memset(place, 0, DIGIT_VALUES * sizeof(Size));
		for (Size i = 0; i < count; i++)
			place[digit_of(from[i].hash, digit)]++;
		for (int value = 0; value < DIGIT_VALUES; value++)
		{
			Size here = place[value];

			place[value] = total;
			total += here;
		}
		for (Size i = 0; i < count; i++)
			spare[place[digit_of(from[i].hash, digit)]++] = from[i];
		order = spare;
		spare = from;
	}
	pfree(place);
	pfree(spare);
	for (Size start = 0, end; start < count; start = end)
	{
		CHECK_FOR_INTERRUPTS();
		for (end = start + 1; end < count; end++)
			if (order[end].hash >> PREFIX_SHIFT != order[start].hash >> PREFIX_SHIFT)
				break;
		if (end - start > 1)
			qsort_interruptible(order + start, end - start, sizeof(LogisticOrder), compare_places,
								unconstify(LogisticRows *, rows));
	}
	return order;
}

/* ---------- growth ---------- */

static Size
bytes_of(const LogisticRows *rows, Size count)
{
	return mul_size(count, mul_size(rows->width + 2, sizeof(double)));
}

static void
append(LogisticRows *rows, const double *values, int64 leads, int64 converted)
{
	double *row;

	if (unlikely(rows->count == rows->capacity))
	{
		if (rows->count > PG_UINT32_MAX / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many different leads for a logistic_model"),
					 errhint("Fit it to a sample, or to fewer or coarser features.")));
		rows->capacity = Max(2 * rows->capacity, FIRST_CAPACITY);
		rows->values = rows->values == NULL
			? MemoryContextAllocHuge(rows->context, bytes_of(rows, rows->capacity))
			: repalloc_huge(rows->values, bytes_of(rows, rows->capacity));
	}
	row = logistic_row(rows, rows->count++);
	memcpy(row, values, rows->width * sizeof(double));
	row[rows->width] = (double) leads;
	row[rows->width + 1] = (double) converted;
}

/* Equal rows become one, when that at least halves them. */
static void
try_to_collapse(LogisticRows *rows)
{
	LogisticOrder *order = logistic_rows_sorted(rows);
	Size distinct = 1;
	LogisticRows collapsed = *rows;

	for (Size i = 1; i < rows->count; i++)
	{
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		distinct += !logistic_rows_equal(rows, &order[i - 1], &order[i]);
	}
	if (distinct > rows->count / 2)
	{
		rows->collapse_at = rows->count * COLLAPSE_PATIENCE;
		pfree(order);
		return;
	}
	collapsed.count = 0;
	collapsed.values = MemoryContextAllocHuge(rows->context, bytes_of(rows, rows->capacity));
	for (Size i = 0; i < rows->count; i++)
	{
		const double *row = logistic_row(rows, order[i].row);

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (i > 0 && logistic_rows_equal(rows, &order[i - 1], &order[i]))
		{
			double *same = logistic_row(&collapsed, collapsed.count - 1);

			same[rows->width] += row[rows->width];
			same[rows->width + 1] += row[rows->width + 1];
		}
		else
			append(&collapsed, row, (int64) row[rows->width], (int64) row[rows->width + 1]);
	}
	pfree(order);
	pfree(rows->values);
	*rows = collapsed;
	rows->collapse_at = Max(rows->collapse_at, 2 * distinct);
}

void
logistic_rows_add(LogisticRows *rows, const double *values, int64 leads, int64 converted)
{
	if (unlikely(rows->count >= rows->collapse_at))
		try_to_collapse(rows);
	append(rows, values, leads, converted);
}
