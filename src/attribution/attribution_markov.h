/*
 * attribution_markov.h
 *	  The absorbing Markov chain behind paths, of order 1 to MARKOV_MAX_ORDER.
 */
#ifndef LEAD_KPI_ATTRIBUTION_MARKOV_H
#define LEAD_KPI_ATTRIBUTION_MARKOV_H

#include "attribution_counts.h"

#define MARKOV_MAX_ORDER 5

/* The removal effects per channel, on conversions and on value; what is not passed is left at zero. */
extern void markov_removal_effects(const JourneySummary *summary, int order, const JourneyCounts *counts,
								   JourneyCredit *effects);

/* One transition of the chain; ends are numbers of states, or one of these. */
#define MARKOV_START (-1)
#define MARKOV_CONVERSION (-2)
#define MARKOV_NULL (-3)

typedef struct MarkovTransition
{
	int from;
	int to;
	double weight; /* journeys */
	double probability;
} MarkovTransition;

/* The chain's transitions; states are "order" channels each, -1 where shorter. */
extern MarkovTransition *markov_transitions(const JourneySummary *summary, int order,
											const JourneyCounts *counts, int *count, const int **states);

/* The order, 1 to 5, whose chain describes the paths best by BIC. */
extern int markov_suggest_order(const JourneySummary *summary, const JourneyCounts *counts);

#endif /* LEAD_KPI_ATTRIBUTION_MARKOV_H */
