/*
 * arguments.c
 *	  Checks of arguments that several rooms take.
 */
#include "arguments.h"

#include "nodes/primnodes.h"

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
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Expr	   *argument;

	/* Arguments count from the first after the state. */
	if (aggref == NULL || position > list_length(aggref->args))
		return false;
	argument = list_nth_node(TargetEntry, aggref->args, position - 1)->expr;
	return IsA(argument, Const) || IsA(argument, Param);
}
