/*
 * score_key.c
 *	  Growing arrays of score keys, and their sort by digits.
 */
#include "score_key.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_CAPACITY 64

/* Digits of 11 bits: six passes, and the counters of all fit into the cache. */
#define DIGIT_BITS 11
#define DIGIT_VALUES (1 << DIGIT_BITS)
#define DIGITS ((64 + DIGIT_BITS - 1) / DIGIT_BITS)
#define digit_of(key, digit) (((key) >> ((digit) *DIGIT_BITS)) & (DIGIT_VALUES - 1))

/* Below, the counters cost more than a comparison sort. */
#define SMALL_SORT 1024

bool
score_key_is_valid(uint64 key)
{
	double score = score_of_key(key);

	return !isnan(score) && score_key(score) == key;
}

void
score_keys_grow(ScoreKeys *array, Size more, MemoryContext context)
{
	Size needed = array->count + more;
	Size capacity = Max(array->capacity, FIRST_CAPACITY);

	while (capacity < needed)
		capacity *= 2;
	if (array->keys == NULL)
		array->keys = MemoryContextAllocHuge(context, mul_size(capacity, sizeof(uint64)));
	else if (capacity > array->capacity)
		array->keys = repalloc_huge(array->keys, mul_size(capacity, sizeof(uint64)));
	array->capacity = capacity;
}

void
score_keys_append(ScoreKeys *array, const ScoreKeys *more, MemoryContext context)
{
	if (more->count == 0)
		return;
	score_keys_grow(array, more->count, context);
	memcpy(array->keys + array->count, more->keys, more->count * sizeof(uint64));
	array->count += more->count;
}

static int
compare_keys(const void *a, const void *b)
{
	uint64 left = *(const uint64 *) a;
	uint64 right = *(const uint64 *) b;

	return left < right ? -1 : left > right;
}

static uint64 *
alloc_keys(Size count)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, mul_size(Max(count, 1), sizeof(uint64)));
}

uint64 *
score_keys_sorted(const ScoreKeys *array)
{
	Size count = array->count;
	uint64 *sorted = alloc_keys(count);
	uint64 *spare;
	const uint64 *from = array->keys;
	Size *counters;

	if (count < SMALL_SORT)
	{
		if (count > 0)
		{
			memcpy(sorted, from, count * sizeof(uint64));
			qsort(sorted, count, sizeof(uint64), compare_keys);
		}
		return sorted;
	}
	spare = alloc_keys(count);
	counters = palloc0(DIGITS * DIGIT_VALUES * sizeof(Size));
	for (Size i = 0; i < count; i++)
	{
		uint64 key = from[i];

		for (int digit = 0; digit < DIGITS; digit++)
			counters[digit * DIGIT_VALUES + digit_of(key, digit)]++;
	}
	for (int digit = 0; digit < DIGITS; digit++)
	{
		Size *place = counters + digit * DIGIT_VALUES;
		Size total = 0;

		CHECK_FOR_INTERRUPTS();
		/* A digit that all keys share needs no pass. */
		if (place[digit_of(from[0], digit)] == count)
			continue;
		for (int value = 0; value < DIGIT_VALUES; value++)
		{
			Size here = place[value];

			place[value] = total;
			total += here;
		}
		for (Size i = 0; i < count; i++)
			sorted[place[digit_of(from[i], digit)]++] = from[i];
		/* What was written is read next; the array itself is never written. */
		from = sorted;
		sorted = spare;
		spare = unconstify(uint64 *, from);
	}
	/* "spare" holds the last result, if there was a pass at all. */
	if (from == array->keys)
		memcpy(spare, from, count * sizeof(uint64));
	pfree(sorted);
	pfree(counters);
	return spare;
}
