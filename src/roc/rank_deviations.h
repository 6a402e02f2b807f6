/*
 * rank_deviations.h
 *	  The variance of ranks, from whole numbers: the same whatever the order in
 *	  which they are added.
 */
#ifndef LEAD_KPI_RANK_DEVIATIONS_H
#define LEAD_KPI_RANK_DEVIATIONS_H

#include "base/compat.h"

/*
 * Squared distances from a whole number close to the mean, which 128 bits hold
 * for 2^40 ranks below 2^41; the rest is a correction.
 */
typedef struct RankDeviations
{
	int64 leads;
	int64 center;
	uint128 squares;
	double offset; /* (mean - center) * leads */
} RankDeviations;

/* For so many leads, at least one, whose ranks have this sum. */
static inline RankDeviations
rank_deviations(int128 total, int64 leads)
{
	RankDeviations deviations = {.leads = leads, .center = (int64) (total / leads)};

	deviations.offset = (double) (total - (int128) deviations.center * leads);
	return deviations;
}

static inline void
rank_deviations_add(RankDeviations *deviations, int64 rank, int64 weight)
{
	int64 distance = rank - deviations->center;

	deviations->squares += (uint128) ((int128) distance * distance) * (uint64) weight;
}

/* The variance of the mean rank; needs two leads. */
static inline double
rank_deviations_variance(const RankDeviations *deviations)
{
	double leads = (double) deviations->leads;
	double squares = (double) deviations->squares - deviations->offset * deviations->offset / leads;

	return Max(squares, 0) / (leads - 1) / leads;
}

#endif /* LEAD_KPI_RANK_DEVIATIONS_H */
