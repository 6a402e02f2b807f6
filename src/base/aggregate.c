/*
 * aggregate.c
 *	  What the functions of every aggregate begin with.
 */
#include "aggregate.h"

void
aggregate_raise_outside(const char *aggregate)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("function of aggregate %s called outside of an aggregate", aggregate),
			 errhint("Call the aggregate %s itself.", aggregate)));
}
