/*
 * rate_exact_test.c
 *	  A rate against a given one: the exact binomial test, either side.
 */
#include "base/arguments.h"
#include "base/special_functions.h"
#include "rate_type.h"

PG_FUNCTION_INFO_V1(rate_p_value_below);
PG_FUNCTION_INFO_V1(rate_p_value_above);

static double
check_threshold(double threshold)
{
	if (!(threshold >= 0 && threshold <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold must lie between 0 and 1: %g", threshold),
				 errhint("Write a fraction, such as 0.6 for 60 %%.")));
	return threshold;
}

/*
 * At most h of n trials hit when the (h + 1)th smallest of n uniform numbers, a
 * Beta(h + 1, n - h) variable, lies above the threshold.  Its complement comes
 * beside it: 1 - (1 - threshold) would lose the digits of a small threshold.
 */
static double
probability_of_fewer(double hits, double misses, double threshold, double complement)
{
	return misses == 0 ? 1 : beta_probability(misses, hits + 1, complement, threshold);
}

/* (rate, threshold): P(X <= hits) */
Datum
rate_p_value_below(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	double threshold = check_threshold(PG_GETARG_FLOAT8(1));

	if (rate->trials == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(probability_of_fewer((double) rate->hits, (double) (rate->trials - rate->hits),
										  threshold, 1 - threshold));
}

/* (rate, threshold): P(X >= hits), hits and misses exchanged */
Datum
rate_p_value_above(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	double threshold = check_threshold(PG_GETARG_FLOAT8(1));

	if (rate->trials == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(probability_of_fewer((double) (rate->trials - rate->hits), (double) rate->hits,
										  1 - threshold, threshold));
}
