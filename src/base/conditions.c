/*
 * conditions.c
 *	  The boolean conditions of window_funnel, retention and their kin.
 */
#include "conditions.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static void
check_condition_count(int count)
{
	if (count < 1 || count > MAX_CONDITIONS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d conditions given, but 1 to %d are possible", count, MAX_CONDITIONS),
				 errhint("Pass one boolean expression per step.")));
}

/*
 * An argument's type, domains resolved.  InvalidOid when the caller gave no
 * call expression, as some distributed executors do: reading a boolean from
 * any datum is harmless, so that is not refused.
 */
static Oid
argument_type(FunctionCallInfo fcinfo, int argument)
{
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, argument);

	return OidIsValid(type) ? getBaseType(type) : InvalidOid;
}

ConditionList
condition_list_check(FunctionCallInfo fcinfo, int first)
{
	ConditionList list = {first, 0};

	if (get_fn_expr_variadic(fcinfo->flinfo))
	{
		Oid type = argument_type(fcinfo, first);

		if (OidIsValid(type) && type != BOOLARRAYOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("the VARIADIC array of conditions is %s, not boolean[]",
							format_type_be(type)),
					 errhint("Pass a boolean[] with one element per step.")));
		return list;
	}

	check_condition_count(PG_NARGS() - first);
	for (int argument = first; argument < PG_NARGS(); argument++)
	{
		Oid type = argument_type(fcinfo, argument);

		if (OidIsValid(type) && type != BOOLOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("condition %d is %s, not boolean", argument - first + 1,
							format_type_be(type)),
					 errhint("Write a boolean expression such as stage = 'mql'; cast a bare NULL: NULL::boolean.")));
	}
	list.count = PG_NARGS() - first;
	return list;
}

uint32
condition_array_mask(FunctionCallInfo fcinfo, int argument, int *count)
{
	ArrayType *array;
	Datum *elements;
	bool *nulls;
	uint32 mask = 0;

	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the VARIADIC array of conditions is NULL"),
				 errhint("Pass a boolean[] with one element per step; an element may be NULL.")));
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the VARIADIC array of conditions has %d dimensions", ARR_NDIM(array)),
				 errhint("Pass a one-dimensional boolean[] with one element per step.")));
	deconstruct_array(array, BOOLOID, 1, true, TYPALIGN_CHAR, &elements, &nulls, count);
	check_condition_count(*count);
	for (int i = 0; i < *count; i++)
		mask |= (uint32) (!nulls[i] && DatumGetBool(elements[i])) << i;
	return mask;
}
