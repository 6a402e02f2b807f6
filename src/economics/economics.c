/*
 * economics.c
 *	  What the formulas of sql/60_economics.sql need from C: argument checks
 *	  that name the argument and its value, and how sure a unit cost is.
 */
#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(economics_count);
PG_FUNCTION_INFO_V1(economics_amount);
PG_FUNCTION_INFO_V1(economics_quantity);
PG_FUNCTION_INFO_V1(economics_number);
PG_FUNCTION_INFO_V1(economics_fraction);
PG_FUNCTION_INFO_V1(cost_interval);
PG_FUNCTION_INFO_V1(compare_cost);

/* Each returns its first argument, or raises an error that names it by the second. */
Datum
economics_count(PG_FUNCTION_ARGS)
{
	check_count(PG_GETARG_INT64(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

#define DEFINE_NUMERIC_CHECK(name, check) \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		Numeric value = PG_GETARG_NUMERIC(0); \
\
		check(value, text_to_cstring(PG_GETARG_TEXT_PP(1))); \
		PG_RETURN_NUMERIC(value); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_NUMERIC_CHECK(economics_quantity, check_quantity);
DEFINE_NUMERIC_CHECK(economics_number, check_number);
DEFINE_NUMERIC_CHECK(economics_amount, check_amount);
DEFINE_NUMERIC_CHECK(economics_fraction, check_fraction);

/* An amount next to the end of the doubles: as float8's operators do. */
static double
check_overflow(double value)
{
	if (isinf(value))
		float_overflow_error();
	return value;
}

/*
 * The interval of spend per conversion when conversions are a Poisson count:
 * spend over the exact bounds of the count (Garwood 1936).
 */
Datum
cost_interval(PG_FUNCTION_ARGS)
{
	Numeric amount = PG_GETARG_NUMERIC(0);
	int64 conversions = PG_GETARG_INT64(1);
	double tail = (1 - check_level(PG_GETARG_FLOAT8(2))) / 2;
	double count = (double) conversions;
	double spend;
	Datum values[2];
	bool nulls[2] = {false, false};

	check_amount(amount, "spend");
	check_count(conversions, "conversions");
	spend = numeric_to_double(amount);

	values[0] = Float8GetDatum(spend / gamma_upper_quantile(count + 1, tail));
	/* Without conversions no cost per conversion is too high to be true. */
	values[1] = Float8GetDatum(conversions == 0 ? get_float8_infinity()
												: check_overflow(spend / gamma_lower_quantile(count, tail)));
	return row_result(fcinfo, values, nulls);
}

/*
 * Two unit costs, after over before, when both counts are Poisson: given their
 * sum, the count after is binomial (Przyborowski and Wilenski 1940).  The
 * bounds are Clopper and Pearson's, the p-value doubles the smaller tail, so
 * that both agree.
 */
Datum
compare_cost(PG_FUNCTION_ARGS)
{
	Numeric amounts[2] = {PG_GETARG_NUMERIC(0), PG_GETARG_NUMERIC(2)};
	int64 counts[2] = {PG_GETARG_INT64(1), PG_GETARG_INT64(3)};
	double tail = (1 - check_level(PG_GETARG_FLOAT8(4))) / 2;
	double before = (double) counts[0];
	double after = (double) counts[1];
	double spend[2];
	Datum values[4] = {0};
	bool nulls[4] = {true, true, true, true};

	for (int i = 0; i < 2; i++)
	{
		check_amount(amounts[i], "spend");
		check_count(counts[i], "count");
		spend[i] = numeric_to_double(amounts[i]);
	}
	if (spend[0] > 0 && spend[1] > 0 && before + after > 0)
	{
		double ratio = check_overflow(spend[1] / spend[0]);
		double share = 1 / (1 + 1 / ratio);
		double other_share = 1 / (1 + ratio);
		double complement;
		double bound;
		double at_least;
		double at_most;

		if (before > 0 && after > 0)
		{
			values[0] = Float8GetDatum(check_overflow(ratio * (before / after)));
			nulls[0] = false;
		}
		bound = before == 0 ? 0 : beta_quantile(before, after + 1, tail, &complement);
		values[1] = Float8GetDatum(before == 0 ? 0 : check_overflow(ratio * (bound / complement)));
		bound = after == 0 ? 0 : beta_quantile(after, before + 1, tail, &complement);
		values[2] = Float8GetDatum(after == 0 ? get_float8_infinity()
											  : check_overflow(ratio * (complement / bound)));
		at_least = after == 0 ? 1 : beta_probability(after, before + 1, share, other_share);
		at_most = before == 0 ? 1 : beta_probability(before, after + 1, other_share, share);
		values[3] = Float8GetDatum(Min(1, 2 * Min(at_least, at_most)));
		nulls[1] = nulls[2] = nulls[3] = false;
	}
	return row_result(fcinfo, values, nulls);
}
