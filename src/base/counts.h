/*
 * counts.h
 *	  Adding counts that must not overflow, and subtracting parts.
 */
#ifndef LEAD_KPI_COUNTS_H
#define LEAD_KPI_COUNTS_H

#include "compat.h"

#include "common/int.h"

pg_noreturn extern void counts_raise_out_of_range(const char *type_name);

/* The sum of two counts of a type, or of an aggregate; raises when it does not fit. */
static inline int64
add_counts(int64 a, int64 b, const char *type_name)
{
	int64 sum;

	if (unlikely(pg_add_s64_overflow(a, b, &sum)))
		counts_raise_out_of_range(type_name);
	return sum;
}

/* Raises that what is to be subtracted of a type is not part of what it is subtracted from. */
pg_noreturn extern void counts_raise_not_part(const char *type_name);

/* What is left of a count; raises when that is less than nothing. */
static inline int64
subtract_counts(int64 count, int64 part, const char *type_name)
{
	if (unlikely(part < 0 || part > count))
		counts_raise_not_part(type_name);
	return count - part;
}

static inline void
subtract_each_count(int64 *counts, const int64 *parts, int length, const char *type_name)
{
	for (int i = 0; i < length; i++)
		counts[i] = subtract_counts(counts[i], parts[i], type_name);
}

/* Twice as many places as an array has; raises when an int does not count them. */
static inline int
doubled_capacity(int capacity, const char *type_name)
{
	if (unlikely(capacity > PG_INT32_MAX / 2))
		counts_raise_out_of_range(type_name);
	return 2 * capacity;
}

/* Adds each of "more" to each of "counts". */
static inline void
add_each_count(int64 *counts, const int64 *more, int length, const char *type_name)
{
	for (int i = 0; i < length; i++)
		counts[i] = add_counts(counts[i], more[i], type_name);
}

#endif /* LEAD_KPI_COUNTS_H */
