/*
 * roll_rates.h
 *	  Which share of the leads of a cell goes where within a window, lately,
 *	  and what follows for those who are in it now (Cyert, Davidson, Thompson
 *	  1962; recent periods instead of old cohorts: Brenner, Gefeller 1996).
 */
#ifndef LEAD_KPI_ROLL_RATES_H
#define LEAD_KPI_ROLL_RATES_H

#include "pipeline_flow.h"

/* Indexed by cell; index 0 is "new". */
typedef struct RollRates
{
	int cells;
	double arrivals; /* new leads in a window */
	double *history; /* how many leads, weighted, the rates of a cell rest on */
	double *won;	 /* share of each cell that is won within a window */
	double *rate;	 /* rate[from * (cells + 1) + to] */
} RollRates;

static inline double *
rates_from(const RollRates *rates, int cell)
{
	return rates->rate + (size_t) cell * (rates->cells + 1);
}

/* By the flows of the windows up to "origin". */
extern RollRates *roll_rates_at(const PipelineFlows *flows, int origin);

/*
 * The chance of each cell, and of new leads from the beginning of their window,
 * to be won within so many windows, from that within one window less (all 0 for
 * none): chance and before have cells + 1 elements.
 */
extern void roll_on(const RollRates *rates, const double *before, double *chance);

#endif /* LEAD_KPI_ROLL_RATES_H */
