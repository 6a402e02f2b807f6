/*
 * linear_algebra.h
 *	  Small symmetric matrices, by row; of a factor, and of what is factorized,
 *	  only the lower half is looked at.
 */
#ifndef LEAD_KPI_LINEAR_ALGEBRA_H
#define LEAD_KPI_LINEAR_ALGEBRA_H

#include "compat.h"

/*
 * Cholesky's factor of a matrix, in order of its rows.  Stops before the first
 * row of whose diagonal less than "tolerance" is left and returns it; else the
 * size.
 */
extern int cholesky_factor(const double *matrix, int size, double tolerance, double *factor);

/* Solves for the first "size" rows of a factor of "stride" columns, in place. */
extern void cholesky_solve(const double *factor, int stride, int size, double *x);

/*
 * The least and the largest eigenvalue of a full matrix, which it destroys.
 * None may be negative or above the bound.
 */
extern void symmetric_extremes(double *matrix, int size, double bound, double *least, double *largest);

#endif /* LEAD_KPI_LINEAR_ALGEBRA_H */
