/*
 * attribution_bootstrap.c
 *	  How far chance alone could move what a channel is credited with.
 */
#include "attribution_bootstrap.h"

#include <math.h>

#include "common/pg_prng.h"
#include "miscadmin.h"

/*
 * A Poisson variate: by multiplication of uniforms while the mean is small,
 * else by transformed rejection (W. Hoermann, 1993).
 */
static double
poisson(pg_prng_state *random, double mean)
{
	double root = sqrt(mean);
	double b = 0.931 + 2.53 * root;
	double a = -0.059 + 0.02483 * b;
	double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
	double squeeze = 0.9277 - 3.6224 / (b - 2);

	if (mean < 10)
	{
		double limit = exp(-mean);
		double product = pg_prng_double(random);
		int count = 0;

		for (; product > limit; count++)
			product *= pg_prng_double(random);
		return count;
	}
	for (;;)
	{
		double u = pg_prng_double(random) - 0.5;
		double v = 1 - pg_prng_double(random);
		double us = 0.5 - fabs(u);
		double count;

		if (us == 0)
			continue;
		count = floor((2 * a / us + b) * u + mean + 0.43);
		if (us >= 0.07 && v <= squeeze)
			return count;
		if (count < 0 || (us < 0.013 && v > us))
			continue;
		if (log(v * inverse_alpha / (a / (us * us) + b)) <= count * log(mean) - mean - lgamma(count + 1))
			return count;
	}
}

static int
compare_doubles(const void *a, const void *b)
{
	double left = *(const double *) a;
	double right = *(const double *) b;

	return (left > right) - (left < right);
}

/* A quantile of sorted numbers, interpolated. */
static double
quantile(const double *sorted, int count, double fraction)
{
	double place = fraction * (count - 1);
	int below = (int) place;

	if (below >= count - 1)
		return sorted[count - 1];
	return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
}

void
attribution_bootstrap(const JourneySummary *summary, const AttributionOptions *options,
					  const JourneyCounts *counts, int samples, int64 seed, double level, double *low,
					  double *high)
{
	int rows = summary->channels.count + 1;
	double *drawn = attribution_zeros((Size) samples * rows);
	JourneyCounts resampled = {
		attribution_zeros(summary->count),
		attribution_zeros(summary->count),
		attribution_zeros(summary->count),
	};
	JourneyCredit credit = {attribution_zeros(rows), attribution_zeros(rows)};
	pg_prng_state random;

	pg_prng_seed(&random, (uint64) seed);
	for (int sample = 0; sample < samples; sample++)
	{
		for (int i = 0; i < summary->count; i++)
		{
			/* A sum of Poisson(1) counts is a Poisson count. */
			double conversions = counts->conversions[i];

			CHECK_FOR_INTERRUPTS();
			resampled.conversions[i] = conversions > 0 ? poisson(&random, conversions) : 0;
			resampled.nulls[i] = counts->nulls[i] > 0 ? poisson(&random, counts->nulls[i]) : 0;
			resampled.value[i] = conversions > 0 ? counts->value[i] / conversions * resampled.conversions[i]
												 : 0;
		}
		attribution_credit(summary, options, &resampled, &credit);
		for (int row = 0; row < rows; row++)
			drawn[(Size) row * samples + sample] = credit.conversions[row];
	}
	for (int row = 0; row < rows; row++)
	{
		double *sorted = drawn + (Size) row * samples;

		CHECK_FOR_INTERRUPTS();
		qsort(sorted, samples, sizeof(double), compare_doubles);
		low[row] = quantile(sorted, samples, (1 - level) / 2);
		high[row] = quantile(sorted, samples, (1 + level) / 2);
	}
}
