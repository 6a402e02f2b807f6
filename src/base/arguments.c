/*
 * arguments.c
 *	  Checks of arguments that several rooms take.
 */
#include "arguments.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"

double
check_level(double level)
{
	/* Written so that NaN fails too. */
	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence level %g is not between 0 and 1", level),
				 errhint("Write a fraction, such as 0.95 for 95 %%.")));
	return level;
}

bool
aggregate_argument_is_fixed(FunctionCallInfo fcinfo, int position)
{
	Aggref *aggref = AggGetAggref(fcinfo);
	Expr *argument;

	/* Arguments count from the first after the state. */
	if (aggref == NULL || position > list_length(aggref->args))
		return false;
	argument = list_nth_node(TargetEntry, aggref->args, position - 1)->expr;
	return IsA(argument, Const) || IsA(argument, Param);
}

void
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
	return DatumGetBool(
		DirectFunctionCall2(numeric_lt, NumericGetDatum(value), NumericGetDatum(int64_to_numeric(limit))));
}

static bool
numeric_above(Numeric value, int64 limit)
{
	return DatumGetBool(
		DirectFunctionCall2(numeric_gt, NumericGetDatum(value), NumericGetDatum(int64_to_numeric(limit))));
}

void
check_number(Numeric value, const char *argument)
{
	if (numeric_is_nan(value) || numeric_is_inf(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be finite: %s", argument, numeric_text(value)),
				 errhint("Write NULL for an unknown value.")));
}

void
check_amount(Numeric value, const char *argument)
{
	check_number(value, argument);
	if (numeric_below(value, 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: %s", argument, numeric_text(value)),
				 errhint("Net credit notes into the total first, and look for a difference taken the wrong way round.")));
}

void
check_quantity(Numeric value, const char *argument)
{
	check_number(value, argument);
	if (numeric_below(value, 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: %s", argument, numeric_text(value)),
				 errhint("A count is zero or more; look for a difference taken the wrong way round.")));
}

void
check_fraction(Numeric value, const char *argument)
{
	check_number(value, argument);
	if (numeric_below(value, 0) || numeric_above(value, 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must lie between 0 and 1: %s", argument, numeric_text(value)),
				 errhint("Write a fraction, such as 0.7 for 70 %%.")));
}

double
numeric_to_double(Numeric value)
{
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value)));
}

Numeric
decimal_of_double(double value)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, digits);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

pg_noreturn static void
raise_not_whole(Numeric value, const char *argument)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be a whole number: %s", argument, numeric_text(value)),
			 errhint("It counts leads; round() an estimate first.")));
}

int64
check_whole(Numeric value, const char *argument)
{
	Datum whole;

	check_number(value, argument);
	whole = DirectFunctionCall2(numeric_trunc, NumericGetDatum(value), Int32GetDatum(0));
	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, whole, NumericGetDatum(value))))
		raise_not_whole(value, argument);
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, whole));
}

int64
check_whole_double(double value, const char *argument)
{
	/* Beyond it doubles are no longer every whole number. */
	if (fabs(value) <= 9007199254740992.0 && value == rint(value))
		return (int64) value;
	return check_whole(decimal_of_double(value), argument);
}

Numeric
numeric_argument(FunctionCallInfo fcinfo, int argument, NumberType type)
{
	switch (type)
	{
		case NUMBER_BIGINT:
			return int64_to_numeric(PG_GETARG_INT64(argument));
		case NUMBER_FLOAT8:
			return decimal_of_double(PG_GETARG_FLOAT8(argument));
		case NUMBER_NUMERIC:
			break;
	}
	return PG_GETARG_NUMERIC(argument);
}

int64
whole_argument(FunctionCallInfo fcinfo, int argument, NumberType type, const char *name)
{
	switch (type)
	{
		case NUMBER_NUMERIC:
			return check_whole(PG_GETARG_NUMERIC(argument), name);
		case NUMBER_FLOAT8:
			return check_whole_double(PG_GETARG_FLOAT8(argument), name);
		case NUMBER_BIGINT:
			break;
	}
	return PG_GETARG_INT64(argument);
}
