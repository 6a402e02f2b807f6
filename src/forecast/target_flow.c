/*
 * target_flow.c
 *	  How leads moved towards a target, in windows that end when its period does.
 *
 * What pipeline_moves() counts for the forecast, from less: the first time of
 * each stage and of the loss, as days before now.  A mart has many targets and
 * each has its windows, so this reads an array rather than a lead at a time.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"

#include "base/arguments.h"
#include "base/results.h"
#include "pipeline_flow.h"

PG_FUNCTION_INFO_V1(target_flows);

#define TARGET_WINDOWS 24
#define TARGET_STAGES 6 /* came, mql, sal, sql, opportunity, won */
#define TARGET_CELLS ((TARGET_STAGES - 1) * BANDS)
#define LEAD_COLUMNS (TARGET_STAGES + 2) /* and lost, and the revenue */

/* Squares of more are not within float8, as is_plain_amount() says. */
#define LARGEST_PLAIN_AMOUNT 1e100

typedef struct Sum
{
	double leads;
	double priced;
	double revenue;
	double squares;
} Sum;

typedef struct TargetMoves
{
	double ends[TARGET_WINDOWS + 1];
	double first;														  /* when the first lead came */
	double flows[TARGET_WINDOWS + 1][TARGET_CELLS + 1][TARGET_CELLS + 3]; /* to: cell + 2 */
	Sum sold[TARGET_WINDOWS + 1];
	Sum outcomes[TARGET_WINDOWS + 1][TARGET_WINDOWS + 1];
} TargetMoves;

/* The window that a time is in: the number of the first end that is not before it. */
static int
window_of(const TargetMoves *moves, double at)
{
	int window = 0;

	while (window <= TARGET_WINDOWS && moves->ends[window] < at)
		window++;
	return window;
}

/* Where a lead that is neither won nor lost is: its furthest stage, and how long it is there. */
static int
cell_at(const double *times, int stages, double at)
{
	static const double days[BANDS - 1] = {7, 14, 30, 90, 180};
	int stage = 0;
	int band = 0;

	for (int i = 1; i < stages; i++)
		if (times[i] <= at)
			stage = i;
	while (band < BANDS - 1 && at - times[stage] >= days[band])
		band++;
	return stage * BANDS + 1 + band;
}

static void
add_sale(Sum *sum, double revenue)
{
	sum->leads++;
	if (isnan(revenue))
		return;
	sum->priced++;
	sum->revenue += Max(Min(revenue, 1e300), -1e300);
	/* Such a spread means nothing: then there is no interval. */
	sum->squares += fabs(revenue) <= LARGEST_PLAIN_AMOUNT ? revenue * revenue : get_float8_infinity();
}

static void
count_lead(TargetMoves *moves, const double *lead, int measure)
{
	double won_at = Max(lead[measure - 1], lead[0]);
	double lost_at = lead[TARGET_STAGES];
	int from = CELL_NEW;
	int came = window_of(moves, lead[0]);
	int won_in = window_of(moves, won_at);

	moves->first = Min(moves->first, lead[0]);
	for (int window = came; window <= TARGET_WINDOWS; window++)
	{
		double end = moves->ends[window];
		int to;

		if (won_in <= window)
			to = CELL_WON;
		else if (lost_at <= end)
			to = CELL_LOST;
		else
			to = cell_at(lead, measure - 1, end);
		if (window > 0)
			moves->flows[window][from][to + 2]++;
		if (to < 0)
			break;
		from = to;
	}
	if (won_in < 1 || won_in > TARGET_WINDOWS)
		return;
	add_sale(&moves->sold[won_in], lead[TARGET_STAGES + 1]);
	for (int origin = came; origin < won_in && moves->ends[origin] < lost_at; origin++)
		add_sale(&moves->outcomes[origin][won_in], lead[TARGET_STAGES + 1]);
}

/* Rows of numbers as float8[][]. */
static Datum
matrix(const double *values, int rows, int columns)
{
	Datum *elements = palloc(mul_size(Max((Size) rows * columns, 1), sizeof(Datum)));
	int dimensions[2] = {rows, columns};
	int bounds[2] = {1, 1};

	if (rows == 0)
		return PointerGetDatum(construct_empty_array(FLOAT8OID));
	for (int i = 0; i < rows * columns; i++)
		elements[i] = Float8GetDatum(values[i]);
	return PointerGetDatum(construct_md_array(elements, NULL, 2, dimensions, bounds, FLOAT8OID,
											  sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static void
put(double *row, double a, double b, double c, double d)
{
	row[0] = a;
	row[1] = b;
	row[2] = c;
	row[3] = d;
}

/* (leads, measure_position, window_days): windows, flows, revenues, outcomes */
Datum
target_flows(PG_FUNCTION_ARGS)
{
	int count;
	const double *leads = matrix_rows(PG_GETARG_ARRAYTYPE_P(0), "leads", LEAD_COLUMNS,
									  "came, mql, sal, sql, opportunity, won, lost, revenue", &count);
	int measure = PG_GETARG_INT32(1);
	double days = PG_GETARG_FLOAT8(2);
	TargetMoves *moves = palloc_extended(sizeof(TargetMoves), MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	double *flows = palloc(TARGET_WINDOWS * (TARGET_CELLS + 1) * (TARGET_CELLS + 3) * 4 * sizeof(double));
	double *revenues = palloc(TARGET_WINDOWS * 4 * sizeof(double));
	double *outcomes = palloc((TARGET_WINDOWS + 1) * (TARGET_WINDOWS + 1) * 5 * sizeof(double));
	int flow_count = 0;
	int revenue_count = 0;
	int outcome_count = 0;
	int skipped;
	Datum values[4];
	bool nulls[4] = {false};

	if (measure < 1 || measure > TARGET_STAGES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("measure_position %d is not between 1 and %d", measure, TARGET_STAGES),
				 errhint("It is the column of leads whose times are counted.")));
	/* Written so that NaN fails too. */
	if (!(days > 0 && days <= 100000))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("window_days must be above 0 and at most 100000: %g", days),
				 errhint("Windows are as long as a week or a month.")));
	moves->first = get_float8_infinity();
	for (int end = 0; end <= TARGET_WINDOWS; end++)
		moves->ends[end] = -(TARGET_WINDOWS - end) * days;
	for (int i = 0; i < count; i++)
	{
		if (i % 1000 == 0)
			CHECK_FOR_INTERRUPTS();
		if (leads[i * LEAD_COLUMNS] <= 0)
			count_lead(moves, leads + i * LEAD_COLUMNS, measure);
	}
	/* Windows from when the first lead came; a first, partial one is left out. */
	skipped = Min(window_of(moves, moves->first), TARGET_WINDOWS);
	for (int window = skipped + 1; window <= TARGET_WINDOWS; window++)
	{
		const Sum *sold = &moves->sold[window];

		for (int from = 0; from <= TARGET_CELLS; from++)
			for (int to = CELL_LOST; to <= TARGET_CELLS; to++)
				if (moves->flows[window][from][to + 2] > 0)
					put(flows + 4 * flow_count++, window - skipped, from, to,
						moves->flows[window][from][to + 2]);
		if (sold->priced > 0)
			put(revenues + 4 * revenue_count++, window - skipped, sold->priced, sold->revenue, sold->squares);
		for (int origin = skipped; origin < window; origin++)
		{
			const Sum *sum = &moves->outcomes[origin][window];
			double *row = outcomes + 5 * outcome_count;

			if (sum->leads == 0)
				continue;
			put(row, origin - skipped, window - skipped, sum->leads, sum->priced);
			row[4] = sum->revenue;
			outcome_count++;
		}
	}
	values[0] = Int32GetDatum(TARGET_WINDOWS - skipped);
	values[1] = matrix(flows, flow_count, 4);
	values[2] = matrix(revenues, revenue_count, 4);
	values[3] = matrix(outcomes, outcome_count, 5);
	return row_result(fcinfo, values, nulls);
}
