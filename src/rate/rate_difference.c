/*
 * rate_difference.c
 *	  Whether two rates differ by more than chance.
 */
#include "base/compat.h"

#include <math.h>

#include "base/count_test.h"
#include "rate_difference.h"

/* The z test with pooled variance, and Fisher's exact test where a group has few events. */
double
rate_difference_p_value(double hits_a, double misses_a, double hits_b, double misses_b, double *least)
{
	double trials_a = hits_a + misses_a;
	double trials_b = hits_b + misses_b;
	double trials = trials_a + trials_b;
	double hits = hits_a + hits_b;
	double misses = misses_a + misses_b;
	double difference = (hits_a * misses_b - misses_a * hits_b) / (trials_a * trials_b);
	double variance = hits / trials * (misses / trials) * (1 / trials_a + 1 / trials_b);
	double normal;

	*least = Min(trials_a, trials_b) * (Min(hits, misses) / trials);
	if (variance == 0)
		return -1;
	normal = erfc(fabs(difference) / sqrt(2 * variance));
	if (*least >= EXACT_UP_TO)
		return normal;
	return guarded_p_value(normal, fisher_p_value(hits_a, misses_a, hits_b, misses_b), *least);
}
