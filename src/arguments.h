/*
 * arguments.h
 *	  Checks of arguments that several rooms take.
 */
#ifndef LEAD_KPI_ARGUMENTS_H
#define LEAD_KPI_ARGUMENTS_H

#include "compat.h"

/* A confidence level: raises unless it lies strictly between 0 and 1. */
extern double check_level(double level);

/*
 * Is an argument of the aggregate that calls us a constant in the query?  Then
 * no row can differ.  Callers that do not show their query: no.  Arguments
 * count from the state, which is 0.
 */
extern bool aggregate_argument_is_fixed(FunctionCallInfo fcinfo, int position);

#endif							/* LEAD_KPI_ARGUMENTS_H */
