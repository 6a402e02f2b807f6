/*
 * sales_track.h
 *	  What there is to forecast sales from at each origin: the two plain
 *	  forecasts, what came, and what a sale brings.
 */
#ifndef LEAD_KPI_SALES_TRACK_H
#define LEAD_KPI_SALES_TRACK_H

#include "mixed_forecast.h"
#include "roll_rates.h"

/* How many were sold, how many of them with a known amount, and for how much. */
typedef struct Sold
{
	double leads;
	double priced;
	double revenue;
} Sold;

typedef struct SalesHistory
{
	const PipelineFlows *flows;
	int first;		 /* the first origin: a window's end; beyond the last window when there is none */
	int origins;	 /* from the first one to now */
	Sold *sold;		 /* per window */
	double *squares; /* of the amounts, per window */
	Sold *outcomes;	 /* of the leads open at a window's end, per window: [origin * (windows + 1) + window] */
} SalesHistory;

/* What a won lead brings, by what was known at an origin; NaN where nothing is. */
typedef struct Basket
{
	double mean;
	double variance;
	double wins; /* how many it rests on, weighted */
} Basket;

typedef enum ForecastTarget
{
	OPEN_LEADS, /* sales from leads that are open at the origin */
	ALL_SALES	/* with those from leads to come */
} ForecastTarget;

typedef struct RevenueForecast
{
	double expected;
	double actual;
	double error_variance;
	double variance; /* of an interval, widened as the sales'; NaN: there is none */
} RevenueForecast;

extern SalesHistory *sales_history(const PipelineFlows *flows, ArrayType *revenues, ArrayType *outcomes);
extern Basket basket_at(const SalesHistory *history, int origin);

/* What was sold within the horizon after an origin; NaN where that is not over. */
extern Sold sold_within(const SalesHistory *history, ForecastTarget target, int origin, int horizon);

/* The mean of the last three windows, or outcomes, known at an origin; NaN where there is none. */
extern double plain_count(const SalesHistory *history, ForecastTarget target, int origin, int horizon);

/* The revenue of forecasts at all origins. */
extern RevenueForecast *revenue_forecasts(const SalesHistory *history, ForecastTarget target, int horizon,
										  const MixedForecast *sales, double level);

#endif /* LEAD_KPI_SALES_TRACK_H */
