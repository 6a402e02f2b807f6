/*
 * economics.c
 *	  What the formulas of sql/60_economics.sql need from C: argument checks
 *	  that name the argument and its value, and the interval of a unit cost.
 */
#include "arguments.h"
#include "special_functions.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(economics_count);
PG_FUNCTION_INFO_V1(economics_amount);
PG_FUNCTION_INFO_V1(economics_number);
PG_FUNCTION_INFO_V1(economics_fraction);
PG_FUNCTION_INFO_V1(cost_interval);

static void
check_count(int64 value, const char *argument)
{
	if (value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: " INT64_FORMAT, argument, value),
				 errhint("A count is zero or more; look for a difference taken the wrong way round.")));
}

static char *
numeric_text(Numeric value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
}

static bool
numeric_below(Numeric value, int64 limit)
{
	return DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(value),
											NumericGetDatum(int64_to_numeric(limit))));
}

static bool
numeric_above(Numeric value, int64 limit)
{
	return DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(value),
											NumericGetDatum(int64_to_numeric(limit))));
}

static void
check_number(Numeric value, const char *argument)
{
	if (numeric_is_nan(value) || numeric_is_inf(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be finite: %s", argument, numeric_text(value)),
				 errhint("Write NULL for an unknown value.")));
}

static void
check_amount(Numeric value, const char *argument)
{
	check_number(value, argument);
	if (numeric_below(value, 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: %s", argument, numeric_text(value)),
				 errhint("Net credit notes into the total first, and look for a difference taken the wrong way round.")));
}

static void
check_fraction(Numeric value, const char *argument)
{
	check_number(value, argument);
	if (numeric_below(value, 0) || numeric_above(value, 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must lie between 0 and 1: %s", argument, numeric_text(value)),
				 errhint("Write a fraction, such as 0.7 for 70 %%.")));
}

/* Each returns its first argument, or raises an error that names it by the second. */
Datum
economics_count(PG_FUNCTION_ARGS)
{
	check_count(PG_GETARG_INT64(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

#define DEFINE_NUMERIC_CHECK(name, check) \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		Numeric		value = PG_GETARG_NUMERIC(0); \
		\
		check(value, text_to_cstring(PG_GETARG_TEXT_PP(1))); \
		PG_RETURN_NUMERIC(value); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_NUMERIC_CHECK(economics_number, check_number);
DEFINE_NUMERIC_CHECK(economics_amount, check_amount);
DEFINE_NUMERIC_CHECK(economics_fraction, check_fraction);

/*
 * The interval of spend per conversion when conversions are a Poisson count:
 * spend over the exact bounds of the count (Garwood 1936).
 */
Datum
cost_interval(PG_FUNCTION_ARGS)
{
	Numeric		amount = PG_GETARG_NUMERIC(0);
	int64		conversions = PG_GETARG_INT64(1);
	double		tail = (1 - check_level(PG_GETARG_FLOAT8(2))) / 2;
	double		count = (double) conversions;
	double		spend;
	TupleDesc	descriptor;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function returning record called in context that cannot accept type record")));
	check_amount(amount, "spend");
	check_count(conversions, "conversions");
	spend = DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(amount)));

	values[0] = Float8GetDatum(spend / gamma_upper_quantile(count + 1, tail));
	/* Without conversions no cost per conversion is too high to be true. */
	values[1] = Float8GetDatum(conversions == 0 ? get_float8_infinity() :
							   spend / gamma_lower_quantile(count, tail));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls)));
}
