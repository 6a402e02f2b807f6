/*
 * counts.c
 *	  Adding counts that must not overflow, and subtracting parts.
 */
#include "counts.h"

void
counts_raise_out_of_range(const char *type_name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s counts are out of range", type_name),
			 errhint("Check whether something is counted twice.")));
}

void
counts_raise_not_part(const char *type_name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the second %s is not part of the first", type_name),
			 errdetail("Something would be left less than zero times."),
			 errhint("Subtract only what was added, by + or rollup().")));
}
