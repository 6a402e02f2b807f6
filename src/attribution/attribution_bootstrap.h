/*
 * attribution_bootstrap.h
 *	  Intervals of what each channel is credited with.
 */
#ifndef LEAD_KPI_ATTRIBUTION_BOOTSTRAP_H
#define LEAD_KPI_ATTRIBUTION_BOOTSTRAP_H

#include "attribution_credit.h"

/*
 * Intervals of the conversions per channel, and of those without touches after
 * the last: every journey counts a Poisson(1) number of times in each of
 * "samples" samples.
 */
extern void attribution_bootstrap(const JourneySummary *summary, const AttributionOptions *options,
								  const JourneyCounts *counts, int samples, int64 seed, double level,
								  double *low, double *high);

#endif /* LEAD_KPI_ATTRIBUTION_BOOTSTRAP_H */
