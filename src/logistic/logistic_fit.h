/*
 * logistic_fit.h
 *	  Maximum likelihood of a logistic regression.
 */
#ifndef LEAD_KPI_LOGISTIC_FIT_H
#define LEAD_KPI_LOGISTIC_FIT_H

#include "base/compat.h"

/* Rows per block; a constant and a multiple of four, so that compilers make vectors of the loops. */
#define LOGISTIC_BLOCK 128

/*
 * The terms of a regression, without the intercept, in blocks of rows: within
 * a block each term is one run of numbers.  A last block that is not full ends
 * in rows without leads.
 */
typedef struct LogisticDesign
{
	int terms;
	const char **names; /* of the terms, for messages */
	Size blocks;
	Size rows;
	double *values;
	double *leads; /* per row */
	double *converted;
	const char *pure_levels; /* whose leads all converted, or none did; NULL: none known */
	bool gives_up;			 /* instead of raising where the leads allow no fit */
} LogisticDesign;

/* The terms of the rows are left for the caller to fill in. */
extern void logistic_design_init(LogisticDesign *design, int terms, const char **names, Size rows);

/* The first term of a row; the next ones follow at distances of a block. */
static inline double *
logistic_design_row(LogisticDesign *design, Size row)
{
	return design->values + row / LOGISTIC_BLOCK * design->terms * LOGISTIC_BLOCK + row % LOGISTIC_BLOCK;
}

typedef struct LogisticFit
{
	double *coefficients; /* [0] the intercept, then the terms */
	double *std_errors;
	double *means; /* of the terms, over leads */
	int iterations;
	double deviance;
	double null_deviance;
	double condition_number; /* infinite when a term is constant */
} LogisticFit;

/*
 * Fits, in CurrentMemoryContext; standardizes the design in place.  Raises,
 * naming the terms, when there is no finite maximum: one kind of leads, too
 * few leads, and without a ridge collinear terms and separation; false instead
 * when the design says so.
 */
extern bool logistic_fit(LogisticDesign *design, double ridge, LogisticFit *fit);

#endif /* LEAD_KPI_LOGISTIC_FIT_H */
