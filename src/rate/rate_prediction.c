/*
 * rate_prediction.c
 *	  How many hits the next trials will have.
 */
#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "rate_type.h"

PG_FUNCTION_INFO_V1(rate_predict);
PG_FUNCTION_INFO_V1(rate_predict_numeric);
PG_FUNCTION_INFO_V1(rate_predict_float8);

/*
 * The smallest number of hits that is exceeded with at most this probability.
 * More than k of n trials hit when the (k + 1)th smallest of n uniform numbers,
 * a Beta(k + 1, n - k) variable, lies below the rate.
 */
static int64
quantile_of_hits(const Rate *rate, int64 trials, double beyond)
{
	double a = (double) rate->hits + 0.5;
	double b = (double) (rate->trials - rate->hits) + 0.5;
	int64 low = 0;
	int64 high = trials;

	while (low < high)
	{
		int64 middle = low + (high - low) / 2;

		if (beta_exceeds_beta(a, b, (double) middle + 1, (double) (trials - middle)) <= beyond)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* (rate, trials, level): low, high */
static Datum
predict(FunctionCallInfo fcinfo, int64 trials)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	double tail = (1 - check_level(PG_GETARG_FLOAT8(2))) / 2;
	Datum values[2] = {0};
	bool nulls[2] = {true, true};

	check_count(trials, "trials");
	if (rate->trials > 0)
	{
		values[0] = Int64GetDatum(quantile_of_hits(rate, trials, 1 - tail));
		values[1] = Int64GetDatum(quantile_of_hits(rate, trials, tail));
		nulls[0] = nulls[1] = false;
	}
	return row_result(fcinfo, values, nulls);
}

Datum
rate_predict(PG_FUNCTION_ARGS)
{
	return predict(fcinfo, PG_GETARG_INT64(1));
}

Datum
rate_predict_numeric(PG_FUNCTION_ARGS)
{
	return predict(fcinfo, check_whole(PG_GETARG_NUMERIC(1), "trials"));
}

Datum
rate_predict_float8(PG_FUNCTION_ARGS)
{
	return predict(fcinfo, check_whole_double(PG_GETARG_FLOAT8(1), "trials"));
}
