/*
 * attribution_credit.h
 *	  Models that share conversions and their value among channels.
 */
#ifndef LEAD_KPI_ATTRIBUTION_CREDIT_H
#define LEAD_KPI_ATTRIBUTION_CREDIT_H

#include "attribution_counts.h"

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
	int markov_order;
	double weights[MAX_POSITION_WEIGHTS];
	const bool *is_direct; /* per channel */
} AttributionOptions;

/*
 * Fills in what each channel gets; the entry after the last channel is what no
 * touch explains.
 */
extern void attribution_credit(const JourneySummary *summary, const AttributionOptions *options,
							   const JourneyCounts *counts, JourneyCredit *credit);

/* The weights of a positional model, and how many there are; 0 for others. */
extern int position_weights(AttributionModel model, const double **defaults);

#endif /* LEAD_KPI_ATTRIBUTION_CREDIT_H */
