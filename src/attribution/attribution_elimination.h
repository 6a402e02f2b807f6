/*
 * attribution_elimination.h
 *	  A Markov chain written out as a matrix, from which states are eliminated.
 */
#ifndef LEAD_KPI_ATTRIBUTION_ELIMINATION_H
#define LEAD_KPI_ATTRIBUTION_ELIMINATION_H

#include "base/compat.h"

/* The columns before those of the states. */
#define ELIMINATION_VALUE 0
#define ELIMINATION_CONVERSIONS 1
#define ELIMINATION_NULLS 2
#define ELIMINATION_ENDS 3

/* The first row is the start, then one per state. */
typedef struct EliminationMatrix
{
	double *cells;
	int stride;
	int states;
} EliminationMatrix;

/* The columns that a row of so many states takes. */
static inline int
elimination_stride(int states)
{
	return TYPEALIGN(8, ELIMINATION_ENDS + states);
}

static inline Size
elimination_cells(int states)
{
	return ((Size) states + 1) * elimination_stride(states);
}

static inline double *
elimination_row(const EliminationMatrix *matrix, int row)
{
	return matrix->cells + (Size) row * matrix->stride;
}

/*
 * Takes out the last states down to "keep": what passed through them goes on
 * to where it came to in the end.
 */
extern void eliminate_states(EliminationMatrix *matrix, int keep);

#endif /* LEAD_KPI_ATTRIBUTION_ELIMINATION_H */
