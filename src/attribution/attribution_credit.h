/*
 * journey_credit.h
 *	  Models that share conversions and their value among channels.
 */
#ifndef LEAD_KPI_JOURNEY_CREDIT_H
#define LEAD_KPI_JOURNEY_CREDIT_H

#include "journey/journey_summary.h"

#define MARKOV_MAX_ORDER 5

typedef enum AttributionModel
{
	FIRST_TOUCH,
	LAST_TOUCH,
	LAST_NON_DIRECT,
	LINEAR,
	TIME_DECAY,
	POSITION_BASED,
	W_SHAPED,
	FULL_PATH,
	MARKOV,
	SHAPLEY,
	SHAPLEY_RATE
} AttributionModel;

#define ATTRIBUTION_MODELS (SHAPLEY_RATE + 1)

extern const char *const attribution_model_names[ATTRIBUTION_MODELS];

#define MAX_POSITION_WEIGHTS 5

typedef struct AttributionOptions
{
	AttributionModel model;
	int			markov_order;
	double		weights[MAX_POSITION_WEIGHTS];
	const bool *is_direct;		/* per channel */
} AttributionOptions;

/* How often each journey counts: as the summary says, or resampled. */
typedef struct JourneyCounts
{
	double	   *conversions;
	double	   *nulls;
	double	   *value;
} JourneyCounts;

/* What each channel gets. */
typedef struct JourneyCredit
{
	double	   *conversions;
	double	   *value;
} JourneyCredit;

/* The weights of a positional model, and how many there are; 0 for others. */
extern int	position_weights(AttributionModel model, const double **defaults);

/* All add to credit, which starts at zero.  Journeys without touches are left alone. */
extern void credit_by_position(const JourneySummary *summary, const AttributionOptions *options,
							   const JourneyCounts *counts, JourneyCredit *credit);
extern void credit_by_shapley(const JourneySummary *summary, const JourneyCounts *counts,
							  JourneyCredit *credit);
extern void credit_by_shapley_rate(const JourneySummary *summary, const JourneyCounts *counts,
								   JourneyCredit *credit);

/* Adds the removal effects per channel, on conversions and on value, instead. */
extern void markov_removal_effects(const JourneySummary *summary, int order,
								   const JourneyCounts *counts, JourneyCredit *effects);

/* One transition of the chain; ends are numbers of states, or one of these. */
#define MARKOV_START (-1)
#define MARKOV_CONVERSION (-2)
#define MARKOV_NULL (-3)

typedef struct MarkovTransition
{
	int			from;
	int			to;
	double		weight;			/* journeys */
	double		probability;
} MarkovTransition;

/* The chain's transitions; states are "order" channels each, -1 where shorter. */
extern MarkovTransition *markov_transitions(const JourneySummary *summary, int order,
											const JourneyCounts *counts, int *count,
											const int **states);

/* The order, 1 to 5, whose chain describes the paths best by BIC. */
extern int	markov_suggest_order(const JourneySummary *summary, const JourneyCounts *counts);

#endif							/* LEAD_KPI_JOURNEY_CREDIT_H */
