/*
 * mixed_forecast.c
 *	  Each method's past errors, the mixture, and the mixture's own past errors.
 */
#include "mixed_forecast.h"

#include "base/compat.h"

#include <math.h>

#include "base/special_functions.h"

#define ERROR_WEIGHT 0.9 /* of a window's errors against the next one's */
#define METHOD_PRIOR 2.0 /* tests that the prior counts for: a method misses by 30 % */
#define METHOD_ERROR 0.3
#define SPREAD_PRIOR 4.0 /* the same for the mixture: by 25 % */
#define SPREAD_ERROR 0.25

double
error_weight(int origin, int earlier, int horizon)
{
	return pow(ERROR_WEIGHT, origin - earlier - horizon);
}

double
error_variance(double weight, double mean)
{
	return (SPREAD_PRIOR * SPREAD_ERROR * SPREAD_ERROR + weight * Max(0, mean)) / (SPREAD_PRIOR + weight);
}

double
widening(double freedom, double level)
{
	double ratio = student_critical_value(freedom, level) / normal_critical_value(level);

	return ratio * ratio;
}

/* Half a sale more on both sides, as none may be sold. */
static double
log_error(double actual, double expected)
{
	return log((actual + 0.5) / (expected + 0.5));
}

/* How far a method is off by what is known at an origin: a variance, the prior's where nothing is. */
static double
method_variance(const ForecastTrack *track, const double *method, int origin)
{
	double weights = 0;
	double squares = 0;
	double n;

	for (int i = 0; i + track->horizon <= origin; i++)
	{
		double weight = error_weight(origin, i, track->horizon);
		double error;

		if (isnan(method[i]) || isnan(track->actual[i]))
			continue;
		error = log_error(track->actual[i], method[i]);
		weights += weight;
		squares += weight * error * error;
	}
	n = weights / track->horizon;
	return (METHOD_PRIOR * METHOD_ERROR * METHOD_ERROR + (weights > 0 ? n * squares / weights : 0)) /
		(METHOD_PRIOR + n);
}

MixedForecast *
mixed_forecasts(const ForecastTrack *track)
{
	MixedForecast *forecasts = palloc0(mul_size(Max(track->origins, 1), sizeof(MixedForecast)));

	for (int origin = 0; origin < track->origins; origin++)
	{
		MixedForecast *forecast = &forecasts[origin];
		double weights = 0;
		double excess = 0;

		if (!isnan(track->count[origin]))
		{
			double curve = 1 / method_variance(track, track->curve, origin);
			double count = 1 / method_variance(track, track->count, origin);

			forecast->share_of_count = count / (curve + count);
		}
		forecast->expected = track->curve[origin];
		if (forecast->share_of_count > 0)
			forecast->expected = exp((1 - forecast->share_of_count) * log(track->curve[origin] + 0.5) +
									 forecast->share_of_count * log(track->count[origin] + 0.5)) -
				0.5;
		/* Of two that are 0 the rounding may be below it. */
		forecast->expected = Max(forecast->expected, track->least != NULL ? track->least[origin] : 0);
		if (track->most != NULL)
			forecast->expected = Min(forecast->expected, track->most[origin]);
		forecast->variance = isnan(track->variance[origin]) ? forecast->expected : track->variance[origin];
		for (int i = 0; i + track->horizon <= origin; i++)
		{
			double weight = error_weight(origin, i, track->horizon);
			double error;

			if (isnan(track->actual[i]))
				continue;
			error = log_error(track->actual[i], forecasts[i].expected);
			weights += weight;
			excess += weight * (error * error - 1 / (forecasts[i].expected + 0.5));
			forecast->tests++;
		}
		forecast->weight = weights / track->horizon;
		forecast->error_variance = error_variance(forecast->weight, weights > 0 ? excess / weights : 0);
		forecast->freedom = SPREAD_PRIOR + forecast->weight;
	}
	return forecasts;
}
