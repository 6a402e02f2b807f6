/*
 * mixed_forecast.h
 *	  Two forecasts mixed by how well each did so far (Bates, Granger 1969),
 *	  with an interval from what the mixture missed by at earlier origins
 *	  (rolling origin: Tashman 2000).
 */
#ifndef LEAD_KPI_MIXED_FORECAST_H
#define LEAD_KPI_MIXED_FORECAST_H

/*
 * What is known of one target and horizon.  Origins are consecutive windows'
 * ends, the last one being now; what is not known is NaN.
 */
typedef struct ForecastTrack
{
	int origins;
	int horizon; /* in windows: an origin's outcome is known that much later */
	const double *actual;
	const double *curve;
	const double *count;
	const double *variance; /* of chance alone; NaN: that of a Poisson number */
	const double *least;	/* what is sold within less time; NULL: unknown */
	const double *most;		/* what these sales are a part of; NULL: unknown */
} ForecastTrack;

typedef struct MixedForecast
{
	double expected;
	double share_of_count;
	int tests;			   /* earlier origins whose outcome was known by then */
	double weight;		   /* what these count for, as horizons overlap */
	double error_variance; /* of the logarithm, beyond chance */
	double freedom;
	double variance; /* of chance alone */
} MixedForecast;

/* The forecasts at all origins, each by what was known then. */
extern MixedForecast *mixed_forecasts(const ForecastTrack *track);

/* The weight at an origin of what was forecast at an earlier one. */
extern double error_weight(int origin, int earlier, int horizon);

/* The variance of errors beyond chance, from their weighted mean and a prior. */
extern double error_variance(double weight, double mean);

/* (t / z)^2: what an interval at the level must be wider by, as the spread is estimated. */
extern double widening(double freedom, double level);

#endif /* LEAD_KPI_MIXED_FORECAST_H */
