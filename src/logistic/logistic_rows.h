/*
 * logistic_rows.h
 *	  The rows that a regression is fitted to: as many numbers each, and how
 *	  many leads with these numbers converted and how many did not.
 */
#ifndef LEAD_KPI_LOGISTIC_ROWS_H
#define LEAD_KPI_LOGISTIC_ROWS_H

#include "base/compat.h"

typedef struct LogisticRows
{
	MemoryContext context; /* where they grow */
	int width;			   /* numbers per row */
	Size count;
	Size capacity;
	double *values; /* per row its numbers, its leads, and those that converted */
	Size collapse_at;
} LogisticRows;

/* In CurrentMemoryContext. */
extern void logistic_rows_init(LogisticRows *rows, int width);

/* Adds a row.  No number may be -0, so that equal rows are equal bytes. */
extern void logistic_rows_add(LogisticRows *rows, const double *values, int64 leads, int64 converted);

static inline double *
logistic_row(const LogisticRows *rows, Size row)
{
	return rows->values + row * (rows->width + 2);
}

/* Counts, which stay below 2^53. */
static inline int64
logistic_row_leads(const LogisticRows *rows, Size row)
{
	return (int64) logistic_row(rows, row)[rows->width];
}

static inline int64
logistic_row_converted(const LogisticRows *rows, Size row)
{
	return (int64) logistic_row(rows, row)[rows->width + 1];
}

/*
 * Fetches the first two cache lines; the processor goes on by itself.  Always
 * inline: a function that does nothing but this, gcc takes for one without
 * effect and leaves its calls out.
 */
static pg_attribute_always_inline void
logistic_row_prefetch(const LogisticRows *rows, Size row)
{
	prefetch_for_read(logistic_row(rows, row));
	prefetch_for_read(logistic_row(rows, row) + Min(8, rows->width + 1));
}

/*
 * The rows in an order that depends on nothing but their contents, in which
 * equal rows are neighbours.
 */
typedef struct LogisticOrder
{
	uint32 hash;
	uint32 row;
} LogisticOrder;

extern LogisticOrder *logistic_rows_sorted(const LogisticRows *rows);

/* Whether two places of the order hold equal rows. */
extern bool logistic_rows_equal(const LogisticRows *rows, const LogisticOrder *a, const LogisticOrder *b);

#endif /* LEAD_KPI_LOGISTIC_ROWS_H */
