/*
 * moments_interval.c
 *	  An average, how sure it is, and two averages compared.
 */
#include "base/compat.h"

#include <math.h>

#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "moments.h"

PG_FUNCTION_INFO_V1(moments_observations);
PG_FUNCTION_INFO_V1(moments_non_zero);
PG_FUNCTION_INFO_V1(moments_total);
PG_FUNCTION_INFO_V1(moments_mean);
PG_FUNCTION_INFO_V1(moments_variance);
PG_FUNCTION_INFO_V1(moments_std_error);
PG_FUNCTION_INFO_V1(moments_low);
PG_FUNCTION_INFO_V1(moments_high);
PG_FUNCTION_INFO_V1(moments_compare);

/* With fewer values that are not 0 their spread is not known well enough for an interval. */
#define FEWEST_NON_ZERO 10

static const Moments *
moments_argument(FunctionCallInfo fcinfo, int argument)
{
	return summary_from_datum(&moments_room, PG_GETARG_DATUM(argument));
}

static double
mean_of(const Moments *moments)
{
	return exact_sum_value(&moments->sum) / (double) moments->count;
}

/*
 * The sample variance of two values or more.  The squares around a rounded
 * mean are summed exactly, then corrected for the rounding.
 */
static double
variance_of(const Moments *moments)
{
	double count = (double) moments->count;
	double mean = mean_of(moments);
	double square = mean * mean;
	double square_error = fma(mean, mean, -square);
	double high = (double) (moments->count & ~INT64CONST(0xffffffff));
	double low = (double) (moments->count & INT64CONST(0xffffffff));
	ExactSum around = moments->squares;
	ExactSum off = moments->sum;
	double parts[EXACT_SUM_MAX_PARTS];
	int part_count = exact_sum_parts(&moments->sum, parts);
	double offset;

	for (int i = 0; i < part_count; i++)
		exact_sum_add_product(&around, -2 * mean, parts[i]);
	exact_sum_add_product(&around, high, square);
	exact_sum_add_product(&around, low, square);
	exact_sum_add_product(&around, high, square_error);
	exact_sum_add_product(&around, low, square_error);

	exact_sum_add_product(&off, -mean, high);
	exact_sum_add_product(&off, -mean, low);
	offset = exact_sum_value(&off);
	return Max(exact_sum_value(&around) - offset * offset / count, 0) / (count - 1);
}

Datum
moments_observations(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(moments_argument(fcinfo, 0)->count);
}

Datum
moments_non_zero(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(moments_argument(fcinfo, 0)->non_zero);
}

Datum
moments_total(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(exact_sum_value(&moments_argument(fcinfo, 0)->sum));
}

Datum
moments_mean(PG_FUNCTION_ARGS)
{
	const Moments *moments = moments_argument(fcinfo, 0);

	if (moments->count == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(mean_of(moments));
}

Datum
moments_variance(PG_FUNCTION_ARGS)
{
	const Moments *moments = moments_argument(fcinfo, 0);

	if (moments->count < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(variance_of(moments));
}

Datum
moments_std_error(PG_FUNCTION_ARGS)
{
	const Moments *moments = moments_argument(fcinfo, 0);

	if (moments->count < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sqrt(variance_of(moments) / (double) moments->count));
}

/* Half the width of Student's interval; false when the values do not support one. */
static bool
half_width(const Moments *moments, double level, double *result)
{
	double variance;

	if (moments->non_zero < FEWEST_NON_ZERO)
		return false;
	variance = variance_of(moments);
	if (variance == 0)
		return false;
	*result = student_critical_value((double) (moments->count - 1), level) *
		sqrt(variance / (double) moments->count);
	return true;
}

Datum
moments_low(PG_FUNCTION_ARGS)
{
	const Moments *moments = moments_argument(fcinfo, 0);
	double half;

	if (!half_width(moments, check_level(PG_GETARG_FLOAT8(1)), &half))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(mean_of(moments) - half);
}

Datum
moments_high(PG_FUNCTION_ARGS)
{
	const Moments *moments = moments_argument(fcinfo, 0);
	double half;

	if (!half_width(moments, check_level(PG_GETARG_FLOAT8(1)), &half))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(mean_of(moments) + half);
}

/*
 * The difference of the means, a - b, by Welch (1947): each side has its own
 * variance, and the degrees of freedom follow from both.
 */
Datum
moments_compare(PG_FUNCTION_ARGS)
{
	const Moments *a = moments_argument(fcinfo, 0);
	const Moments *b = moments_argument(fcinfo, 1);
	double level = check_level(PG_GETARG_FLOAT8(2));
	Datum values[4] = {0};
	bool nulls[4] = {true, true, true, true};

	if (a->count > 0 && b->count > 0)
	{
		double difference = mean_of(a) - mean_of(b);

		values[0] = Float8GetDatum(difference);
		nulls[0] = false;
		if (a->non_zero >= FEWEST_NON_ZERO && b->non_zero >= FEWEST_NON_ZERO)
		{
			/* The squared standard errors, and how the sum of both splits. */
			double square_a = variance_of(a) / (double) a->count;
			double square_b = variance_of(b) / (double) b->count;
			double square = square_a + square_b;

			if (square > 0)
			{
				double share_a = square_a / square;
				double share_b = square_b / square;
				double freedom = 1 /
					(share_a * share_a / (double) (a->count - 1) +
					 share_b * share_b / (double) (b->count - 1));
				double half = student_critical_value(freedom, level) * sqrt(square);

				values[1] = Float8GetDatum(difference - half);
				values[2] = Float8GetDatum(difference + half);
				values[3] = Float8GetDatum(student_beyond(freedom, difference / sqrt(square)));
				nulls[1] = nulls[2] = nulls[3] = false;
			}
		}
	}
	return row_result(fcinfo, values, nulls);
}
