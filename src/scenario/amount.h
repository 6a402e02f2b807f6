/*
 * amount.h
 *	  What is common to functions of an amount's expectation and variance.
 */
#ifndef LEAD_KPI_SCENARIO_AMOUNT_H
#define LEAD_KPI_SCENARIO_AMOUNT_H

/* A gamma distribution's; below it the quantiles are lost to rounding, and nearly all of the amounts are 0 anyway. */
#define LEAST_SHAPE 0.01

extern double check_moment(double value, const char *argument);

#endif
