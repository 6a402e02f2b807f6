/*
 * change.c
 *	  Why revenue, or any other product, changed: the effect of each factor.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/results.h"
#include "decomposition.h"

PG_FUNCTION_INFO_V1(product_change);
PG_FUNCTION_INFO_V1(revenue_change);
PG_FUNCTION_INFO_V1(revenue_change_bigint);
PG_FUNCTION_INFO_V1(revenue_change_float8);

static bool
is_negative(Numeric value)
{
	return DatumGetBool(
		DirectFunctionCall2(numeric_lt, NumericGetDatum(value), NumericGetDatum(int64_to_numeric(0))));
}

/* A factor as a double.  Logarithms, which LMDI needs, have no negative numbers. */
static double
factor_value(DecompositionMethod method, Numeric value, const char *argument)
{
	check_number(value, argument);
	if (method == LMDI && is_negative(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: %s", argument,
						DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)))),
				 errhint("Method 'shapley' takes negative values.")));
	return numeric_to_double(value);
}

/* ---------- any product ---------- */

/* The elements of one argument; false when one of them is NULL. */
static bool
get_factors(ArrayType *array, const char *argument, Datum **factors, int *count)
{
	bool *nulls;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have one dimension, not %d", argument, ARR_NDIM(array)),
				 errhint("Write the factors in order, for example ARRAY[1000, 0.08, 2500].")));
	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, factors, &nulls, count);
	if (*count > MAX_FACTORS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has %d factors", argument, *count),
				 errhint("A product has at most %d factors.", MAX_FACTORS)));
	for (int i = 0; i < *count; i++)
		if (nulls[i])
			return false;
	return true;
}

static Numeric
numeric_product(const Datum *factors, int count)
{
	Datum product = NumericGetDatum(int64_to_numeric(1));

	for (int i = 0; i < count; i++)
		product = DirectFunctionCall2(numeric_mul, product, factors[i]);
	return DatumGetNumeric(product);
}

/* (before, after, method): an array of effects in the order of the factors */
Datum
product_change(PG_FUNCTION_ARGS)
{
	DecompositionMethod method = decomposition_method(PG_GETARG_TEXT_PP(2));
	Datum *factors[2];
	int counts[2];
	bool known_before = get_factors(PG_GETARG_ARRAYTYPE_P(0), "before", &factors[0], &counts[0]);
	bool known_after = get_factors(PG_GETARG_ARRAYTYPE_P(1), "after", &factors[1], &counts[1]);
	int count = counts[0];
	double before[MAX_FACTORS];
	double after[MAX_FACTORS];
	double effects[MAX_FACTORS];
	Numeric exact[MAX_FACTORS];
	Datum elements[MAX_FACTORS];
	Numeric total;

	if (counts[0] != counts[1])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("before has %d factors, after has %d", counts[0], counts[1]),
				 errhint("Write the same factors in the same order.")));
	if (!known_before || !known_after)
		PG_RETURN_NULL();
	for (int i = 0; i < count; i++)
	{
		before[i] = factor_value(method, DatumGetNumeric(factors[0][i]), "a factor");
		after[i] = factor_value(method, DatumGetNumeric(factors[1][i]), "a factor");
	}
	decompose_product(method, count, before, after, effects);
	total = DatumGetNumeric(DirectFunctionCall2(numeric_sub,
												NumericGetDatum(numeric_product(factors[1], count)),
												NumericGetDatum(numeric_product(factors[0], count))));
	exact_effects(count, effects, total, exact);
	for (int i = 0; i < count; i++)
		elements[i] = NumericGetDatum(exact[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, NUMERICOID, -1, false, TYPALIGN_INT));
}

/* ---------- revenue = leads * (sales / leads) * (revenue / sales) ---------- */

/* Three arguments from "first" on: leads, sales and revenue of one period. */
static RevenueChain
get_period(FunctionCallInfo fcinfo, int first, NumberType type, DecompositionMethod method, Numeric *revenue)
{
	RevenueChain period;
	Numeric leads = numeric_argument(fcinfo, first, type);
	Numeric sales = numeric_argument(fcinfo, first + 1, type);

	check_quantity(leads, "leads");
	check_quantity(sales, "sales");
	period.leads = numeric_to_double(leads);
	period.sales = numeric_to_double(sales);
	*revenue = numeric_argument(fcinfo, first + 2, type);
	period.revenue = factor_value(method, *revenue, "revenue");
	return period;
}

/*
 * (leads0, sales0, revenue0, leads1, sales1, revenue1, method):
 * volume, conversion, basket, total
 */
static Datum
change(FunctionCallInfo fcinfo, NumberType type)
{
	DecompositionMethod method = decomposition_method(PG_GETARG_TEXT_PP(6));
	RevenueChain periods[2];
	Numeric revenue[2];
	double factors[2][CHAIN_FACTORS];
	Datum total;
	Datum values[CHAIN_FACTORS + 1] = {0};
	bool nulls[CHAIN_FACTORS + 1] = {true, true, true, false};

	periods[0] = get_period(fcinfo, 0, type, method, &revenue[0]);
	periods[1] = get_period(fcinfo, 3, type, method, &revenue[1]);
	total = DirectFunctionCall2(numeric_sub, NumericGetDatum(revenue[1]), NumericGetDatum(revenue[0]));
	values[CHAIN_FACTORS] = total;
	if (revenue_chain_factors(&periods[0], &periods[1], factors[0], factors[1]))
	{
		double effects[CHAIN_FACTORS];
		Numeric exact[CHAIN_FACTORS];

		decompose_product(method, CHAIN_FACTORS, factors[0], factors[1], effects);
		exact_effects(CHAIN_FACTORS, effects, DatumGetNumeric(total), exact);
		for (int i = 0; i < CHAIN_FACTORS; i++)
		{
			values[i] = NumericGetDatum(exact[i]);
			nulls[i] = false;
		}
	}
	return row_result(fcinfo, values, nulls);
}

Datum
revenue_change(PG_FUNCTION_ARGS)
{
	return change(fcinfo, NUMBER_NUMERIC);
}

Datum
revenue_change_bigint(PG_FUNCTION_ARGS)
{
	return change(fcinfo, NUMBER_BIGINT);
}

Datum
revenue_change_float8(PG_FUNCTION_ARGS)
{
	return change(fcinfo, NUMBER_FLOAT8);
}
