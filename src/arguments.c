/*
 * arguments.c
 *	  Checks of arguments that several rooms take.
 */
#include "arguments.h"

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
