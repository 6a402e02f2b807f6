/*
 * decomposition.h
 *	  What each factor of a product contributes to its change.
 */
#ifndef LEAD_KPI_DECOMPOSITION_H
#define LEAD_KPI_DECOMPOSITION_H

#include "base/compat.h"

#include "utils/numeric.h"

typedef enum DecompositionMethod
{
	LMDI,
	SHAPLEY
} DecompositionMethod;

/* More factors than any chain of leads has. */
#define MAX_FACTORS 100

/* "lmdi" or "shapley"; raises for anything else. */
extern DecompositionMethod decomposition_method(const text *name);

/*
 * Splits the change of a product of factors into one effect per factor.  The
 * effects add up to the change, but for rounding.  LMDI needs factors of zero
 * or more.
 */
extern void decompose_product(DecompositionMethod method, int count, const double *before,
							  const double *after, double *effects);

/* (a - b) / ln(a / b), the logarithmic mean of two positive numbers. */
extern double logarithmic_mean(double a, double b);

/* ln(a / b) of two positive numbers, precise also where they nearly agree. */
extern double logarithm_of_ratio(double a, double b);

/*
 * The effects as numerics that add up to the total exactly: the largest one
 * takes what rounding leaves over.
 */
extern void exact_effects(int count, const double *effects, Numeric total, Numeric *result);

/*
 * Revenue as leads * (sales / leads) * (revenue / sales).  Where a ratio is
 * undefined in one period, it takes its value from the other one, so that it
 * has no effect.  False when no leads made sales, or no sales revenue, in
 * either period: then the chain explains nothing.
 */
#define CHAIN_FACTORS 3

typedef struct RevenueChain
{
	double leads;
	double sales;
	double revenue;
} RevenueChain;

extern bool revenue_chain_factors(const RevenueChain *before, const RevenueChain *after,
								  double factors_before[CHAIN_FACTORS], double factors_after[CHAIN_FACTORS]);

#endif /* LEAD_KPI_DECOMPOSITION_H */
