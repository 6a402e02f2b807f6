/*
 * attribution_counts.h
 *	  What goes into a model, and what comes out.
 */
#ifndef LEAD_KPI_ATTRIBUTION_COUNTS_H
#define LEAD_KPI_ATTRIBUTION_COUNTS_H

#include "journey/journey_summary.h"

/* How often each journey counts: as the summary says, or resampled. */
typedef struct JourneyCounts
{
	double *conversions;
	double *nulls;
	double *value;
} JourneyCounts;

/* What each channel gets. */
typedef struct JourneyCredit
{
	double *conversions;
	double *value;
} JourneyCredit;

/* An array of zeros, at least one, of any size. */
static inline double *
attribution_zeros(Size count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, mul_size(Max(count, 1), sizeof(double)),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

#endif /* LEAD_KPI_ATTRIBUTION_COUNTS_H */
