/*
 * amount_prediction.c
 *	  The interval of an amount that cannot be negative, from its expectation
 *	  and variance: future revenue, or sales as a number.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/float.h"

#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "scenario/amount.h"

PG_FUNCTION_INFO_V1(predict_amount);

/* The value, which is an error unless an expectation or variance can be so. */
double
check_moment(double value, const char *argument)
{
	/* Written so that NaN fails too. */
	if (!(value >= 0 && value < get_float8_infinity()))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number and not negative: %g", argument, value),
				 errhint("The amount is one that cannot be negative, such as sales or revenue.")));
	return value;
}

/* (expected, variance, level): low, high */
Datum
predict_amount(PG_FUNCTION_ARGS)
{
	double expected = PG_GETARG_FLOAT8(0);
	double variance = PG_GETARG_FLOAT8(1);
	double tail = (1 - check_level(PG_GETARG_FLOAT8(2))) / 2;
	double low = expected;
	double high = expected;
	Datum values[2];
	bool nulls[2] = {false, false};

	check_moment(expected, "expected");
	check_moment(variance, "variance");
	if (variance > 0 && expected == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variance must be 0 where 0 is expected: %g", variance),
				 errhint("An amount that cannot be negative and is expected to be 0 is always 0.")));
	if (variance > 0)
	{
		/* The gamma distribution with this mean and variance; the ratio can leave the doubles. */
		double shape = Max(expected / variance * expected, LEAST_SHAPE);
		double scale = expected / shape;

		/* Not where the spread is lost in the expectation's last digit. */
		if (scale > 0 && shape < 1e30)
		{
			high = scale * gamma_upper_quantile(shape, tail);
			/* Next to level zero both are the median, give or take the last digits. */
			low = Min(scale * gamma_lower_quantile(shape, tail), high);
		}
	}
	values[0] = Float8GetDatum(low);
	values[1] = Float8GetDatum(high);
	return row_result(fcinfo, values, nulls);
}
