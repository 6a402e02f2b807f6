/*
 * forecast.c
 *	  The SQL functions that forecast sales from how leads moved.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/results.h"
#include "sales_track.h"

PG_FUNCTION_INFO_V1(roll_rates);
PG_FUNCTION_INFO_V1(pipeline_chances);
PG_FUNCTION_INFO_V1(mixed_forecast);
PG_FUNCTION_INFO_V1(sales_forecast);

/* A column of a row: NULL for what is not known. */
static void
set_float8(Datum *values, bool *nulls, int column, double value)
{
	values[column] = Float8GetDatum(value);
	nulls[column] = isnan(value);
}

/* The argument "horizons": numbers of windows. */
static int *
read_horizons(ArrayType *array, int *count)
{
	Datum *elements;
	bool *nulls;
	int *horizons;

	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, &nulls, count);
	horizons = palloc(mul_size(Max(*count, 1), sizeof(int)));
	if (*count > MAX_HORIZON)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("horizons has %d elements", *count),
				 errhint("At most %d of them.", MAX_HORIZON)));
	for (int i = 0; i < *count; i++)
	{
		horizons[i] = nulls[i] ? 0 : DatumGetInt32(elements[i]);
		if (horizons[i] < 1 || horizons[i] > MAX_HORIZON)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a horizon is not between 1 and %d: %s", MAX_HORIZON,
							nulls[i] ? "NULL" : psprintf("%d", horizons[i])),
					 errhint("Horizons are numbers of windows, such as '{1,2,3,6}'.")));
	}
	return horizons;
}

static int
compare_horizons(const void *a, const void *b)
{
	int left = *(const int *) a;
	int right = *(const int *) b;

	return (left > right) - (left < right);
}

static int
highest(const int *horizons, int count)
{
	int result = 0;

	for (int i = 0; i < count; i++)
		result = Max(result, horizons[i]);
	return result;
}

/* The chances of all cells to be won within 0, 1, ... windows: chances[h][cell]. */
static double **
chances_within(const RollRates *rates, int horizon)
{
	double **chances = palloc(mul_size(horizon + 1, sizeof(double *)));

	chances[0] = palloc0(mul_size(rates->cells + 1, sizeof(double)));
	for (int h = 1; h <= horizon; h++)
	{
		CHECK_FOR_INTERRUPTS();
		chances[h] = palloc(mul_size(rates->cells + 1, sizeof(double)));
		roll_on(rates, chances[h - 1], chances[h]);
	}
	return chances;
}

/* (flows, windows): from_cell, to_cell, leads, rate */
Datum
roll_rates(PG_FUNCTION_ARGS)
{
	PipelineFlows *flows = read_flows(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_INT32(1));
	RollRates *rates = roll_rates_at(flows, flows->windows);
	ReturnSetInfo *rows = begin_rows(fcinfo);

	for (int from = 0; from <= rates->cells; from++)
	{
		double lost = 1 - rates->won[from];

		if (from == CELL_NEW && rates->history[from] == 0)
			continue;
		for (int i = -1; i <= rates->cells; i++)
		{
			int to = i > 0 ? i : i == 0 ? CELL_LOST : CELL_WON;
			double rate = i > 0 ? rates_from(rates, from)[i] : rates->won[from];
			Datum values[4];
			bool nulls[4] = {false};

			if (i == 0)
			{
				for (int other = 1; other <= rates->cells; other++)
					lost -= rates_from(rates, from)[other];
				/* What is left of 1 by rounding is nobody. */
				rate = lost < 1e-12 ? 0 : lost;
			}
			if (rate == 0)
				continue;
			values[0] = Int32GetDatum(from);
			values[1] = Int32GetDatum(to);
			values[2] = Float8GetDatum(rates->history[from]);
			values[3] = Float8GetDatum(rate);
			put_row(rows, values, nulls);
		}
	}
	return (Datum) 0;
}

/* (flows, windows, horizons): horizon, cell, leads, history, chance */
Datum
pipeline_chances(PG_FUNCTION_ARGS)
{
	PipelineFlows *flows = read_flows(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_INT32(1));
	int count;
	int *horizons = read_horizons(PG_GETARG_ARRAYTYPE_P(2), &count);
	RollRates *rates = roll_rates_at(flows, flows->windows);
	double **chances = chances_within(rates, highest(horizons, count));
	ReturnSetInfo *rows = begin_rows(fcinfo);

	for (int i = 0; i < count; i++)
	{
		for (int cell = 0; cell <= rates->cells; cell++)
		{
			Datum values[5];
			bool nulls[5] = {false};

			values[0] = Int32GetDatum(horizons[i]);
			values[1] = Int32GetDatum(cell);
			values[2] = Float8GetDatum(cell == CELL_NEW ? rates->arrivals
														: flows->open[flows->windows][cell]);
			values[3] = Float8GetDatum(rates->history[cell]);
			values[4] = Float8GetDatum(chances[horizons[i]][cell]);
			put_row(rows, values, nulls);
		}
	}
	return (Datum) 0;
}

/* The elements of a float8[], NULL as NaN. */
static double *
read_track(FunctionCallInfo fcinfo, int argument, const char *name, int *count)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	Datum *elements;
	bool *nulls;
	double *track;
	int length;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have one dimension, not %d", name, ARR_NDIM(array)),
				 errhint("Write an element per origin, the last one being now.")));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls,
					  &length);
	if (*count < 0)
		*count = length;
	if (length > MAX_WINDOWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has %d elements, at most %d are allowed", name, length, MAX_WINDOWS),
				 errhint("Write the last %d origins: what is older hardly counts.", MAX_WINDOWS)));
	if (length != *count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements, and there are %d origins", name, length, *count),
				 errhint("Write an element per origin in each array; NULL where nothing is known.")));
	track = palloc(mul_size(Max(length, 1), sizeof(double)));
	for (int i = 0; i < length; i++)
	{
		track[i] = nulls[i] ? NAN : DatumGetFloat8(elements[i]);
		if (!nulls[i] && !(track[i] >= 0 && track[i] < 1e15))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s must be a number of sales, not negative: %g", name, track[i]),
					 errhint("Write NULL where nothing is known.")));
	}
	return track;
}

/* (actual, curve, count, horizon, level): origin, expected, share_of_count, tests, error_variance, freedom, variance */
Datum
mixed_forecast(PG_FUNCTION_ARGS)
{
	int count = -1;
	double *curve = read_track(fcinfo, 1, "curve", &count);
	double *actual = read_track(fcinfo, 0, "actual", &count);
	double *plain = read_track(fcinfo, 2, "count", &count);
	int horizon = PG_GETARG_INT32(3);
	double level = check_level(PG_GETARG_FLOAT8(4));
	double *variance = palloc(mul_size(Max(count, 1), sizeof(double)));
	ForecastTrack track = {count, horizon, actual, curve, plain, variance, NULL, NULL};
	ReturnSetInfo *rows = begin_rows(fcinfo);
	MixedForecast *forecasts;

	if (horizon < 1 || horizon > MAX_HORIZON)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon %d is not between 1 and %d", horizon, MAX_HORIZON),
				 errhint("It is a number of windows: the outcome of an origin is known that many origins later.")));
	for (int i = 0; i < count; i++)
	{
		variance[i] = NAN;
		if (isnan(curve[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("curve must not contain NULL"),
					 errhint("It is the forecast that there always is; only actual and count may be unknown.")));
	}
	forecasts = mixed_forecasts(&track);
	for (int i = 0; i < count; i++)
	{
		const MixedForecast *forecast = &forecasts[i];
		double square = forecast->expected * forecast->expected;
		Datum values[7];
		bool nulls[7] = {false};

		values[0] = Int32GetDatum(i + 1);
		values[1] = Float8GetDatum(forecast->expected);
		values[2] = Float8GetDatum(forecast->share_of_count);
		values[3] = Int32GetDatum(forecast->tests);
		values[4] = Float8GetDatum(forecast->error_variance);
		values[5] = Float8GetDatum(forecast->freedom);
		values[6] = Float8GetDatum((forecast->variance + forecast->error_variance * square) *
								   widening(forecast->freedom, level));
		put_row(rows, values, nulls);
	}
	return (Datum) 0;
}

static double
open_at(const PipelineFlows *flows, int origin)
{
	double leads = 0;

	for (int cell = 1; cell <= flows->cells; cell++)
		leads += flows->open[origin][cell];
	return leads;
}

/* What both methods say at all origins of one target and horizon. */
static ForecastTrack
track_of(const SalesHistory *history, double ***chances, RollRates **rates, ForecastTarget target,
		 int horizon)
{
	int origins = Max(history->origins, 1);
	double *actual = palloc(mul_size(origins, sizeof(double)));
	double *curve = palloc0(mul_size(origins, sizeof(double)));
	double *count = palloc(mul_size(origins, sizeof(double)));
	double *variance = palloc0(mul_size(origins, sizeof(double)));
	ForecastTrack track = {history->origins, horizon, actual, curve, count, variance, NULL, NULL};

	for (int i = 0; i < history->origins; i++)
	{
		int origin = history->first + i;
		const double *open = history->flows->open[origin];

		for (int cell = 1; cell <= rates[i]->cells; cell++)
		{
			double chance = chances[i][horizon][cell];

			curve[i] += open[cell] * chance;
			variance[i] += open[cell] * chance * (1 - chance);
		}
		actual[i] = sold_within(history, target, origin, horizon).leads;
		count[i] = plain_count(history, target, origin, horizon);
		if (target == OPEN_LEADS)
		{
			/* No more are sold than are open. */
			if (!isnan(count[i]))
				count[i] = Min(count[i], open_at(history->flows, origin));
			continue;
		}
		for (int window = 1; window <= horizon; window++)
			curve[i] += rates[i]->arrivals * chances[i][window][CELL_NEW];
		variance[i] = NAN;
	}
	return track;
}

/* Adds the rows of one target and horizon; returns the expectations. */
static double *
put_forecasts(ReturnSetInfo *rows, const SalesHistory *history, const ForecastTrack *track,
			  ForecastTarget target, double level)
{
	MixedForecast *sales = mixed_forecasts(track);
	double *expected = palloc(mul_size(Max(history->origins, 1), sizeof(double)));
	RevenueForecast *revenue = revenue_forecasts(history, target, track->horizon, sales, level);

	for (int i = 0; i < history->origins; i++)
	{
		Basket basket = basket_at(history, history->first + i);
		double wide = widening(sales[i].freedom, level);
		Datum values[21];
		bool nulls[21] = {false};

		values[0] = Int32GetDatum(history->first + i);
		values[1] = Int32GetDatum(track->horizon);
		values[2] = CStringGetTextDatum(target == OPEN_LEADS ? "open leads" : "all sales");
		values[3] = Float8GetDatum(open_at(history->flows, history->first + i));
		values[4] = Float8GetDatum(track->curve[i]);
		set_float8(values, nulls, 5, track->count[i]);
		values[6] = Float8GetDatum(sales[i].share_of_count);
		values[7] = Float8GetDatum(sales[i].expected);
		values[8] = Int32GetDatum(sales[i].tests);
		values[9] = Float8GetDatum(sales[i].error_variance);
		values[10] = Float8GetDatum(sales[i].freedom);
		values[11] = Float8GetDatum(wide);
		values[12] = Float8GetDatum(
			(sales[i].variance + sales[i].error_variance * sales[i].expected * sales[i].expected) * wide);
		set_float8(values, nulls, 13, track->actual[i]);
		set_float8(values, nulls, 14, basket.mean);
		set_float8(values, nulls, 15, basket.variance);
		values[16] = Float8GetDatum(basket.wins);
		set_float8(values, nulls, 17, revenue[i].expected);
		values[18] = Float8GetDatum(revenue[i].error_variance);
		set_float8(values, nulls, 19, revenue[i].variance);
		set_float8(values, nulls, 20, revenue[i].actual);
		put_row(rows, values, nulls);
		expected[i] = sales[i].expected;
	}
	return expected;
}

/* (flows, revenues, outcomes, windows, horizons, level): a row per target, horizon and origin */
Datum
sales_forecast(PG_FUNCTION_ARGS)
{
	PipelineFlows *flows = read_flows(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_INT32(3));
	SalesHistory *history = sales_history(flows, PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_ARRAYTYPE_P(2));
	int count;
	int *horizons = read_horizons(PG_GETARG_ARRAYTYPE_P(4), &count);
	double level = check_level(PG_GETARG_FLOAT8(5));
	ReturnSetInfo *rows = begin_rows(fcinfo);
	RollRates **rates = palloc(mul_size(Max(history->origins, 1), sizeof(RollRates *)));
	double ***chances = palloc(mul_size(Max(history->origins, 1), sizeof(double **)));
	double *all_sales = NULL;
	double *open_leads = NULL;

	for (int i = 0; i < history->origins; i++)
	{
		rates[i] = roll_rates_at(flows, history->first + i);
		chances[i] = chances_within(rates[i], highest(horizons, count));
	}
	/* From the shortest on: more time never sells less, and open leads never more than all. */
	qsort(horizons, count, sizeof(int), compare_horizons);
	for (int i = 0; i < count; i++)
	{
		ForecastTrack all = track_of(history, chances, rates, ALL_SALES, horizons[i]);
		ForecastTrack open = track_of(history, chances, rates, OPEN_LEADS, horizons[i]);

		CHECK_FOR_INTERRUPTS();
		all.least = all_sales;
		all_sales = put_forecasts(rows, history, &all, ALL_SALES, level);
		open.least = open_leads;
		open.most = all_sales;
		open_leads = put_forecasts(rows, history, &open, OPEN_LEADS, level);
	}
	return (Datum) 0;
}
