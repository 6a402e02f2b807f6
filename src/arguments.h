/*
 * arguments.h
 *	  Checks of arguments that several rooms take.
 */
#ifndef LEAD_KPI_ARGUMENTS_H
#define LEAD_KPI_ARGUMENTS_H

#include "compat.h"

/* A confidence level: raises unless it lies strictly between 0 and 1. */
extern double check_level(double level);

#endif							/* LEAD_KPI_ARGUMENTS_H */
