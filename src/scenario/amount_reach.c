/*
 * amount_reach.c
 *	  How likely what is to come is at least so much: of a number of sales, or of
 *	  an amount of money, from its expectation and variance.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/float.h"

#include "base/special_functions.h"
#include "scenario/amount.h"

PG_FUNCTION_INFO_V1(chance_to_reach);

/* beta_probability() is good from here on; below it few terms are more than nothing. */
#define LEAST_SIZE 0.5
#define MOST_TERMS 1000000

/* Sales at a rate that is not known exactly: a negative binomial number, or a Poisson one where it is. */
static double
count_reaches(double expected, double variance, double needed)
{
	double excess = variance - expected;
	double size = expected / excess * expected;
	double share = expected / variance;
	double term;
	double below = 0;

	if (!(excess > 0) || !(size < 1e15))
		return 1 - gamma_beyond(needed, expected);
	if (size >= LEAST_SIZE)
		return beta_probability(needed, size, excess / variance, share);
	term = pow(share, size);
	for (int n = 0; n < needed && n < MOST_TERMS; n++)
	{
		below += term;
		term *= (size + n) / (n + 1) * (excess / variance);
	}
	return Max(1 - below, 0);
}

/* (expected, variance, needed, is_count) */
Datum
chance_to_reach(PG_FUNCTION_ARGS)
{
	double expected = check_moment(PG_GETARG_FLOAT8(0), "expected");
	double variance = check_moment(PG_GETARG_FLOAT8(1), "variance");
	double needed = PG_GETARG_FLOAT8(2);
	bool is_count = PG_GETARG_BOOL(3);
	double shape;
	double chance;

	if (isnan(needed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("needed must be a number: %g", needed),
				 errhint("Give what is missing: the target less what was reached.")));
	if (is_count)
		needed = ceil(needed);
	if (needed <= 0)
		PG_RETURN_FLOAT8(1);
	if (isinf(needed) || expected == 0)
		PG_RETURN_FLOAT8(0);
	if (is_count)
		PG_RETURN_FLOAT8(count_reaches(expected, variance, needed));
	if (variance == 0)
		PG_RETURN_FLOAT8(needed <= expected ? 1 : 0);
	shape = Max(expected / variance * expected, LEAST_SHAPE);
	/* Without a spread that a double shows it is what is expected. */
	if (shape >= 1e15)
		chance = needed <= expected ? 1 : 0;
	else
		chance = gamma_beyond(shape, needed / expected * shape);
	PG_RETURN_FLOAT8(chance);
}
