/*
 * economics.c
 *	  What the formulas of sql/60_economics.sql need from C: argument checks
 *	  that name the argument and its value, and how sure a unit cost is.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/numeric.h"

#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"

PG_FUNCTION_INFO_V1(economics_amount);
PG_FUNCTION_INFO_V1(economics_quantity);
PG_FUNCTION_INFO_V1(economics_number);
PG_FUNCTION_INFO_V1(economics_fraction);
PG_FUNCTION_INFO_V1(economics_decimal);
PG_FUNCTION_INFO_V1(cost_interval);
PG_FUNCTION_INFO_V1(cost_interval_float8);
PG_FUNCTION_INFO_V1(compare_cost);
PG_FUNCTION_INFO_V1(compare_cost_float8);

/* Each returns its first argument, or raises an error that names it by the second. */
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

/* What the formulas make of a float8: 0.1 is 0.1, and whole numbers keep all their digits. */
Datum
economics_decimal(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(decimal_of_double(PG_GETARG_FLOAT8(0)));
}

/* An argument in the numeric or the float8 form of a function, checked. */
static double
checked_argument(FunctionCallInfo fcinfo, int argument, bool is_float8, const char *name,
				 void (*check)(Numeric, const char *))
{
	Numeric value = is_float8 ? decimal_of_double(PG_GETARG_FLOAT8(argument)) : PG_GETARG_NUMERIC(argument);

	check(value, name);
	return is_float8 ? PG_GETARG_FLOAT8(argument) : numeric_to_double(value);
}

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
static Datum
interval_of_cost(FunctionCallInfo fcinfo, bool is_float8)
{
	double tail = (1 - check_level(PG_GETARG_FLOAT8(2))) / 2;
	double spend = checked_argument(fcinfo, 0, is_float8, "spend", check_amount);
	double count = checked_argument(fcinfo, 1, is_float8, "conversions", check_quantity);
	Datum values[2];
	bool nulls[2] = {false, false};

	values[0] = Float8GetDatum(spend / gamma_upper_quantile(count + 1, tail));
	/* Without conversions no cost per conversion is too high to be true. */
	values[1] = Float8GetDatum(count == 0 ? get_float8_infinity()
										  : check_overflow(spend / gamma_lower_quantile(count, tail)));
	return row_result(fcinfo, values, nulls);
}

/*
 * Two unit costs, after over before, when both counts are Poisson: given their
 * sum, the count after is binomial (Przyborowski and Wilenski 1940).  The
 * bounds are Clopper and Pearson's, the p-value doubles the smaller tail, so
 * that both agree.
 */
static Datum
comparison_of_costs(FunctionCallInfo fcinfo, bool is_float8)
{
	double tail = (1 - check_level(PG_GETARG_FLOAT8(4))) / 2;
	double spend[2];
	double counts[2];
	double before;
	double after;
	Datum values[4] = {0};
	bool nulls[4] = {true, true, true, true};

	for (int i = 0; i < 2; i++)
	{
		spend[i] = checked_argument(fcinfo, 2 * i, is_float8, "spend", check_amount);
		counts[i] = checked_argument(fcinfo, 2 * i + 1, is_float8, "count", check_quantity);
	}
	before = counts[0];
	after = counts[1];
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

#define DEFINE_BOTH_FORMS(name, call) \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		return call(fcinfo, false); \
	} \
	Datum name##_float8(PG_FUNCTION_ARGS) \
	{ \
		return call(fcinfo, true); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_BOTH_FORMS(cost_interval, interval_of_cost);
DEFINE_BOTH_FORMS(compare_cost, comparison_of_costs);
