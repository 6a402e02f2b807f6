/*
 * fiscal.c
 *	  First days of fiscal quarters and years.
 */
#include "base/compat.h"

#include "fmgr.h"
#include "utils/date.h"
#include "utils/datetime.h"

PG_FUNCTION_INFO_V1(fiscal_quarter);
PG_FUNCTION_INFO_V1(fiscal_year);

static int64
floor_to(int64 value, int64 unit)
{
	int64 rest = value % unit;

	return value - (rest < 0 ? rest + unit : rest);
}

/* The first day of the period of so many months, counted from "shift" months after January, that a day is in. */
static DateADT
first_of(DateADT day, int64 shift, int months)
{
	int year;
	int month;
	int ignored;
	int64 number;

	if (DATE_NOT_FINITE(day))
		return day;
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &ignored);
	number = floor_to((int64) year * 12 + month - 1 - shift, months) + shift;
	year = (int) (floor_to(number, 12) / 12);
	month = (int) (number - (int64) year * 12) + 1;
	if (!IS_VALID_JULIAN(year, month, 1))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range"),
				 errdetail("The fiscal period began before the first date that there is."),
				 errhint("Correct the day.")));
	return date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

Datum
fiscal_quarter(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(first_of(PG_GETARG_DATEADT(0), ((int64) PG_GETARG_INT32(1) - 1) % 3, 3));
}

Datum
fiscal_year(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(first_of(PG_GETARG_DATEADT(0), (int64) PG_GETARG_INT32(1) - 1, 12));
}
