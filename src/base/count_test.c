/*
 * count_test.c
 *	  Tests of counts that hold their level where counts are small.
 *
 * The normal approximation takes the difference of two rates for symmetric.
 * Beside 7454 leads, one lead that converted is 2.1 standard deviations away,
 * which a normal variable is once in 30 times; but at a rate of 18 % a lead
 * converts once in six.  So where a group would have few events, the p-value is
 * that of an exact test, or of the skewed distribution that stands for it.
 */
#include "compat.h"

#include <math.h>

#include "count_test.h"
#include "special_functions.h"

/* Tables as likely as the observed one, give or take rounding, count as such; as in R. */
#define AS_LIKELY (1 + 1e-7)

/* Below this, neither a tail's terms nor the skewness change a digit. */
#define NO_WEIGHT 1e-300
#define NO_SKEWNESS 1e-3

/*
 * Where the exact test's steps are coarse it rejects too rarely, the normal test
 * about as often as it should if both groups have a few events.  With this
 * exponent the larger of both stays next to its level: doc/rate.md has the table.
 */
double
guarded_p_value(double normal, double exact, double least)
{
	return Min(Max(normal, least <= 1 ? exact : exact * pow(least, -1.2)), 1);
}

/*
 * Walks from the likeliest table to one side, with weights relative to it, and
 * adds up all weights and those up to "limit".  Returns the observed table's
 * weight, if it is on this side; steps is how far it is from the likeliest.
 */
static double
walk_tables(double hits_a, double misses_a, double hits_b, double misses_b, double limit, double steps,
			double *all, double *unlikely)
{
	double weight = 1;
	double observed = 0;

	for (int step = 1; hits_b > 0 && misses_a > 0; step++)
	{
		weight *= (hits_b / (hits_a + 1)) * (misses_a / (misses_b + 1));
		if (weight < NO_WEIGHT)
			break;
		hits_a++;
		misses_a--;
		hits_b--;
		misses_b++;
		*all += weight;
		if (weight <= limit)
			*unlikely += weight;
		if (step == steps)
			observed = weight;
	}
	return observed;
}

static inline void
swap(double *a, double *b)
{
	double kept = *a;

	*a = *b;
	*b = kept;
}

double
fisher_p_value(double hits_a, double misses_a, double hits_b, double misses_b)
{
	double trials_a;
	double hits;
	double mode;
	double shift;
	double observed;
	double limit;
	double all = 1;
	double unlikely = 0;

	/* The rarer outcome in the smaller group: a count that a double holds, and few steps from there on. */
	if (hits_a + misses_a > hits_b + misses_b)
	{
		swap(&hits_a, &hits_b);
		swap(&misses_a, &misses_b);
	}
	if (hits_a + hits_b > misses_a + misses_b)
	{
		swap(&hits_a, &misses_a);
		swap(&hits_b, &misses_b);
	}
	trials_a = hits_a + misses_a;
	hits = hits_a + hits_b;
	mode = floor((trials_a + 1) * ((hits + 1) / (trials_a + hits_b + misses_b + 2)));
	/* Rounding may put it one beside the ends of what the margins allow. */
	mode = Min(Max(mode, Max(0, hits_a - misses_b)), Min(trials_a, hits));
	shift = mode - hits_a;
	hits_a += shift;
	misses_a -= shift;
	hits_b -= shift;
	misses_b += shift;

	observed = walk_tables(hits_a, misses_a, hits_b, misses_b, 0, -shift, &all, &unlikely);
	observed += walk_tables(hits_b, misses_b, hits_a, misses_a, 0, shift, &all, &unlikely);
	if (shift == 0)
		return 1;
	limit = observed * AS_LIKELY;
	all = 1;
	unlikely = limit >= 1 ? 1 : 0;
	(void) walk_tables(hits_a, misses_a, hits_b, misses_b, limit, 0, &all, &unlikely);
	(void) walk_tables(hits_b, misses_b, hits_a, misses_a, limit, 0, &all, &unlikely);
	return Min(unlikely / all, 1);
}

double
hypergeometric_third_moment(double variance, double group, double events, double all)
{
	return all <= 2 ? 0 : variance * ((all - 2 * group) / all) * ((all - 2 * events) / (all - 2));
}

/*
 * The skewed stand-in is Pearson's (1895) type III, a gamma variable moved to
 * the same mean, variance and skewness: exact moments of what is a sum over
 * tables, whose distribution would need all of them.  Counts move in steps of
 * one, so each tail starts half a step early (Yates 1934).
 */
double
excess_p_value(double excess, double variance, double third_moment)
{
	double deviation = sqrt(variance);
	double normal = erfc(fabs(excess) / (deviation * M_SQRT2));
	double skewness = fabs(third_moment) / (variance * deviation);
	double distance = Max(fabs(excess) - 0.5, 0) / deviation;
	double shape;
	double skewed;

	if (variance >= EXACT_UP_TO)
		return normal;
	if (distance == 0)
		skewed = 1;
	else if (skewness < NO_SKEWNESS)
		skewed = erfc(distance / M_SQRT2);
	else
	{
		shape = 4 / (skewness * skewness);
		skewed = gamma_beyond(shape, shape + distance * sqrt(shape));
		if (distance < sqrt(shape))
			skewed += 1 - gamma_beyond(shape, shape - distance * sqrt(shape));
	}
	return guarded_p_value(normal, skewed, variance);
}
