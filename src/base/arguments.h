/*
 * arguments.h
 *	  Checks of arguments that several rooms take.
 */
#ifndef LEAD_KPI_ARGUMENTS_H
#define LEAD_KPI_ARGUMENTS_H

#include "compat.h"

#include "utils/array.h"
#include "utils/numeric.h"

/* A confidence level: raises unless it lies strictly between 0 and 1. */
extern double check_level(double level);

/*
 * Is an argument of the aggregate that calls us a constant in the query?  Then
 * no row can differ.  Callers that do not show their query: no.  Arguments
 * count from the state, which is 0.
 */
extern bool aggregate_argument_is_fixed(FunctionCallInfo fcinfo, int position);

/* The elements of a float8[] without NULLs: ARR_DATA_PTR without its mixed signs. */
static inline const double *
float8_elements(const ArrayType *array)
{
	Size offset = ARR_HASNULL(array) ? (Size) array->dataoffset : ARR_OVERHEAD_NONULLS(ARR_NDIM(array));

	return (const double *) ((const char *) array + offset);
}

/*
 * PG_GETARG_TEXT_PP for what is called for every row: nothing is called where
 * the value is in the row, which is nearly always.
 */
static inline text *
text_argument(FunctionCallInfo fcinfo, int argument)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(argument);

	if (unlikely(VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value)))
		value = pg_detoast_datum_packed(value);
	return (text *) value;
}

/* Each raises an error that names the argument and its value. */
extern void check_count(int64 value, const char *argument);		 /* zero or more */
extern void check_number(Numeric value, const char *argument);	 /* finite */
extern void check_amount(Numeric value, const char *argument);	 /* money: finite, zero or more */
extern void check_quantity(Numeric value, const char *argument); /* the same of a count, maybe a fraction */
extern void check_fraction(Numeric value, const char *argument); /* 0 to 1 */

/* The same number in as few digits as tell it from any other double. */
extern Numeric decimal_of_double(double value);

/* A count that came as a numeric or a double; raises when it is not whole, or does not fit. */
extern int64 check_whole(Numeric value, const char *argument);
extern int64 check_whole_double(double value, const char *argument);

/* What numbers come as, in the forms of a function that takes them all. */
typedef enum NumberType
{
	NUMBER_NUMERIC,
	NUMBER_BIGINT,
	NUMBER_FLOAT8
} NumberType;

/* An argument that is not NULL as a numeric, or as a count; raises as check_whole() does. */
extern Numeric numeric_argument(FunctionCallInfo fcinfo, int argument, NumberType type);
extern int64 whole_argument(FunctionCallInfo fcinfo, int argument, NumberType type, const char *name);

/* The nearest double. */
extern double numeric_to_double(Numeric value);

#endif /* LEAD_KPI_ARGUMENTS_H */
