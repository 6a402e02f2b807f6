/*
 * roll_rates.c
 *	  Roll rates by weighted counts, each shrunk towards the band before it.
 */
#include "roll_rates.h"

#include <math.h>

#include "miscadmin.h"

#define WINDOW_WEIGHT 0.8 /* of a window against the one after it */
#define PRIOR_LEADS 2.0	  /* what the younger band counts for */

/* Where time puts, within a window, leads of a band that stay in their stage. */
static const double staying[BANDS + 1][BANDS + 1] = {
	[1] = {[4] = 1},
	[2] = {[4] = 1},
	[3] = {[4] = 1},
	[4] = {[4] = 0.5, [5] = 0.5},
	[5] = {[5] = 2.0 / 3, [6] = 1.0 / 3},
	[6] = {[6] = 1},
};

/* Adds what these rates say of a cell of the stage: those who stay, where time puts them. */
static void
add_prior(RollRates *rates, int cell, const double *from, double won)
{
	double *to = rates_from(rates, cell);
	int first = stage_of(cell) * BANDS + 1;
	double stays = 0;

	for (int other = 1; other <= rates->cells; other++)
	{
		if (other >= first && other < first + BANDS)
			stays += from[other];
		else
			to[other] += PRIOR_LEADS * from[other];
	}
	for (int band = 1; band <= BANDS; band++)
		to[first + band - 1] += PRIOR_LEADS * stays * staying[band_of(cell)][band];
	rates->won[cell] += PRIOR_LEADS * won;
}

static void
divide(RollRates *rates, int cell, double leads)
{
	double *to = rates_from(rates, cell);

	for (int other = 1; other <= rates->cells; other++)
		to[other] /= leads;
	rates->won[cell] /= leads;
}

/* All flows out of a stage as rates, from its cells' counts; a stage without any: all stay. */
static double
pool_stage(const RollRates *rates, int first, double *pooled)
{
	double leads = 0;
	double won = 0;

	memset(pooled, 0, (rates->cells + 1) * sizeof(double));
	for (int cell = first; cell < first + BANDS; cell++)
	{
		const double *to = rates_from(rates, cell);

		leads += rates->history[cell];
		won += rates->won[cell];
		for (int other = 1; other <= rates->cells; other++)
			pooled[other] += to[other];
	}
	if (leads == 0)
	{
		pooled[first] = 1;
		return 0;
	}
	for (int other = 1; other <= rates->cells; other++)
		pooled[other] /= leads;
	return won / leads;
}

RollRates *
roll_rates_at(const PipelineFlows *flows, int origin)
{
	RollRates *rates = palloc(sizeof(RollRates));
	size_t size = flows->cells + 1;
	double *pooled = palloc(mul_size(size, sizeof(double)));
	double weights = 0;

	rates->cells = flows->cells;
	rates->history = palloc0(mul_size(size, sizeof(double)));
	rates->won = palloc0(mul_size(size, sizeof(double)));
	rates->rate = palloc0(mul_size(mul_size(size, size), sizeof(double)));
	for (int i = 0; i < flows->count; i++)
	{
		const Flow *flow = &flows->flows[i];
		double leads;

		if (flow->window > origin)
			continue;
		leads = flow->leads * pow(WINDOW_WEIGHT, origin - flow->window);
		rates->history[flow->from] += leads;
		if (flow->to == CELL_WON)
			rates->won[flow->from] += leads;
		else if (flow->to > 0)
			rates_from(rates, flow->from)[flow->to] += leads;
	}
	for (int window = 1; window <= origin; window++)
		weights += pow(WINDOW_WEIGHT, origin - window);
	rates->arrivals = weights > 0 ? rates->history[CELL_NEW] / weights : 0;
	if (rates->history[CELL_NEW] > 0)
		divide(rates, CELL_NEW, rates->history[CELL_NEW]);

	for (int first = 1; first <= rates->cells; first += BANDS)
	{
		double won = pool_stage(rates, first, pooled);
		const double *younger = pooled;

		CHECK_FOR_INTERRUPTS();
		for (int cell = first; cell < first + BANDS; cell++)
		{
			add_prior(rates, cell, younger, won);
			divide(rates, cell, rates->history[cell] + PRIOR_LEADS);
			younger = rates_from(rates, cell);
			won = rates->won[cell];
		}
	}
	pfree(pooled);
	return rates;
}

void
roll_on(const RollRates *rates, const double *before, double *chance)
{
	for (int cell = 0; cell <= rates->cells; cell++)
	{
		const double *to = rates_from(rates, cell);
		double sum = rates->won[cell];

		for (int other = 1; other <= rates->cells; other++)
			sum += to[other] * before[other];
		/* Rates are shares: beyond 1 is rounding. */
		chance[cell] = Min(sum, 1);
	}
}
