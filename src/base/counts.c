/*
 * counts.c
 *	  Adding counts that must not overflow.
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
