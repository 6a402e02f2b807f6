/*
 * sales_track.c
 *	  Sales and revenue of windows, and forecasts of revenue from those of sales.
 */
#include "sales_track.h"

#include <math.h>

#define BASKET_WEIGHT 0.9 /* of a window's sales against the next one's */
#define COUNTED_WINDOWS 3

static double
read_amount(double value, const char *argument, const char *column, bool is_count)
{
	if (isnan(value) || isinf(value) || (is_count && value < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of %s must be a finite number%s: %g", column, argument, is_count ? " and not negative" : "",
						value),
				 errhint("Leave out of it what has no known amount.")));
	return value;
}

static void
read_revenues(SalesHistory *history, ArrayType *revenues)
{
	int count;
	const double *row = matrix_rows(revenues, "revenues", 4, "window, priced_leads, revenue, squares",
									&count);

	for (int i = 0; i < count; i++, row += 4)
	{
		int window = window_number(row[0], "revenues", history->flows->windows, 1);

		history->sold[window].priced += read_amount(row[1], "revenues", "priced_leads", true);
		history->sold[window].revenue += read_amount(row[2], "revenues", "revenue", false);
		/* Squares may be beyond what a double holds: then there is no interval. */
		history->squares[window] += row[3];
	}
}

static void
read_outcomes(SalesHistory *history, ArrayType *outcomes)
{
	int windows = history->flows->windows;
	int count;
	const double *row = matrix_rows(outcomes, "outcomes", 5, "origin, window, leads, priced_leads, revenue",
									&count);

	for (int i = 0; i < count; i++, row += 5)
	{
		int origin = window_number(row[0], "outcomes", windows, 0);
		int window = window_number(row[1], "outcomes", windows, origin + 1);
		Sold *sold = &history->outcomes[origin * (windows + 1) + window];

		sold->leads += read_amount(row[2], "outcomes", "leads", true);
		sold->priced += read_amount(row[3], "outcomes", "priced_leads", true);
		sold->revenue += read_amount(row[4], "outcomes", "revenue", false);
	}
}

SalesHistory *
sales_history(const PipelineFlows *flows, ArrayType *revenues, ArrayType *outcomes)
{
	SalesHistory *history = palloc0(sizeof(SalesHistory));
	int windows = flows->windows;

	history->flows = flows;
	history->sold = palloc0(mul_size(windows + 1, sizeof(Sold)));
	history->squares = palloc0(mul_size(windows + 1, sizeof(double)));
	history->outcomes = palloc0(mul_size(mul_size(windows + 1, windows + 1), sizeof(Sold)));
	for (int window = 1; window <= windows; window++)
		history->sold[window].leads = flows->sales[window];
	read_revenues(history, revenues);
	read_outcomes(history, outcomes);

	/* The first window with a sale is partial as a rule: from the end of the next one on. */
	history->first = windows + 1;
	for (int window = windows; window >= 1; window--)
	{
		if (flows->sales[window] > 0)
			history->first = window + 1;
	}
	history->origins = Max(windows - history->first + 1, 0);
	return history;
}

Basket
basket_at(const SalesHistory *history, int origin)
{
	Basket basket = {NAN, NAN, 0};
	double weights = 0;
	double square_weights = 0;
	double revenue = 0;
	double squares = 0;
	double spread;

	for (int window = 1; window <= origin; window++)
	{
		double weight = pow(BASKET_WEIGHT, origin - window);

		weights += weight * history->sold[window].priced;
		square_weights += weight * weight * history->sold[window].priced;
		revenue += weight * history->sold[window].revenue;
		squares += weight * history->squares[window];
	}
	if (weights > 0)
	{
		basket.mean = revenue / weights;
		basket.wins = weights * weights / square_weights;
		/* One amount says nothing of how they vary, nor do amounts whose squares no double holds. */
		spread = squares / weights - basket.mean * basket.mean;
		if (basket.wins > 1 + 1e-9 && isfinite(spread))
			basket.variance = Max(spread, 0) * basket.wins / (basket.wins - 1);
	}
	return basket;
}

Sold
sold_within(const SalesHistory *history, ForecastTarget target, int origin, int horizon)
{
	int windows = history->flows->windows;
	Sold sum = {0, 0, 0};

	if (origin + horizon > windows)
	{
		sum.leads = sum.priced = sum.revenue = NAN;
		return sum;
	}
	for (int window = origin + 1; window <= origin + horizon; window++)
	{
		const Sold *sold = target == ALL_SALES ? &history->sold[window]
											   : &history->outcomes[origin * (windows + 1) + window];

		sum.leads += sold->leads;
		sum.priced += sold->priced;
		sum.revenue += sold->revenue;
	}
	return sum;
}

double
plain_count(const SalesHistory *history, ForecastTarget target, int origin, int horizon)
{
	double sum = 0;
	int count = 0;

	if (target == ALL_SALES)
	{
		for (int window = origin; window >= history->first - 1 && count < COUNTED_WINDOWS; window--, count++)
			sum += history->sold[window].leads;
		sum *= horizon;
	}
	else
	{
		for (int earlier = origin - horizon; earlier >= history->first - 1 && count < COUNTED_WINDOWS;
			 earlier--, count++)
			sum += sold_within(history, target, earlier, horizon).leads;
	}
	return count > 0 ? sum / count : NAN;
}

RevenueForecast *
revenue_forecasts(const SalesHistory *history, ForecastTarget target, int horizon, const MixedForecast *sales,
				  double level)
{
	RevenueForecast *forecasts = palloc0(mul_size(Max(history->origins, 1), sizeof(RevenueForecast)));
	double *error = palloc(mul_size(Max(history->origins, 1), sizeof(double)));

	for (int i = 0; i < history->origins; i++)
	{
		RevenueForecast *forecast = &forecasts[i];
		int origin = history->first + i;
		Basket basket = basket_at(history, origin);
		Sold sold = sold_within(history, target, origin, horizon);
		double chance = sales[i].variance * basket.mean * basket.mean + sales[i].expected * basket.variance;
		double weights = 0;
		double excess = 0;

		/* What has no known amount brought what others do. */
		forecast->expected = sales[i].expected * basket.mean;
		forecast->actual = sold.revenue +
			(sold.leads > sold.priced ? (sold.leads - sold.priced) * basket.mean : 0);
		if (isnan(sold.leads))
			forecast->actual = NAN;
		error[i] = NAN;
		if (forecast->expected > 0 && forecast->actual >= 0)
		{
			error[i] = log((forecast->actual + basket.mean / 2) / (forecast->expected + basket.mean / 2));
			error[i] = error[i] * error[i] - chance / (forecast->expected * forecast->expected);
		}
		for (int earlier = 0; earlier + horizon <= i; earlier++)
		{
			double weight = error_weight(i, earlier, horizon);

			if (isnan(error[earlier]))
				continue;
			weights += weight;
			excess += weight * error[earlier];
		}
		forecast->error_variance = error_variance(weights / horizon, weights > 0 ? excess / weights : 0);
		forecast->variance = (chance + sales[i].expected * sales[i].expected * basket.variance / basket.wins +
							  forecast->error_variance * forecast->expected * forecast->expected) *
			widening(sales[i].freedom, level);
		/* A spread around no more than nothing means nothing, but where every amount is 0. */
		if (!isfinite(forecast->variance) || !(basket.mean > 0 || forecast->variance == 0))
			forecast->variance = NAN;
	}
	pfree(error);
	return forecasts;
}
