/*
 * pipeline_flow.c
 *	  Reading how leads moved, out of an array.
 */
#include "pipeline_flow.h"

#include <math.h>

#include "miscadmin.h"

#include "base/arguments.h"

#define MAX_ROWS 1000000

const double *
matrix_rows(ArrayType *array, const char *argument, int columns, const char *names, int *rows)
{
	*rows = 0;
	if (ARR_NDIM(array) == 0)
		return NULL;
	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[1] != columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have two dimensions, with %d columns", argument, columns),
				 errhint("Write a row for each, of %s: array_agg(ARRAY[%s]::float8[]).", names, names)));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", argument),
				 errhint("The columns are %s.", names)));
	if (ARR_DIMS(array)[0] > MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has %d rows", argument, ARR_DIMS(array)[0]),
				 errhint("At most %d: sum the leads of each window and pair of cells first.", MAX_ROWS)));
	*rows = ARR_DIMS(array)[0];
	return float8_elements(array);
}

int
window_number(double value, const char *argument, int windows, int from)
{
	/* Written so that NaN fails too. */
	if (!(value >= from && value <= windows) || value != floor(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has a window %g that is none of %d to %d", argument, value, from, windows),
				 errhint("Windows are numbered from 1, the oldest, to windows, the last one that is over.")));
	return (int) value;
}

static int
cell_number(double value, const char *column, int least, int none)
{
	/* Written so that NaN fails too. */
	if (!(value >= least && value <= MAX_CELLS) || value != floor(value) || value == none)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is no cell", column, value),
				 errhint("A cell is %d * (stage - 1) + band, with a stage from 1 to 32 and a band from 1 to %d; leads come from "
						 "0 (new) and go to -1 (won) or -2 (lost).",
						 BANDS, BANDS)));
	return (int) value;
}

PipelineFlows *
read_flows(ArrayType *array, int windows)
{
	PipelineFlows *result = palloc0(sizeof(PipelineFlows));
	int count;
	const double *rows = matrix_rows(array, "flows", 4, "window, from_cell, to_cell, leads", &count);

	if (windows < 0 || windows > MAX_WINDOWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("windows %d is not between 0 and %d", windows, MAX_WINDOWS),
				 errhint("Two years are 24 windows of 30 days; what is older hardly counts.")));
	result->windows = windows;
	result->flows = palloc(mul_size(Max(count, 1), sizeof(Flow)));
	result->sales = palloc0(mul_size(windows + 1, sizeof(double)));
	result->open = palloc0(mul_size(windows + 1, sizeof(*result->open)));
	for (int i = 0; i < count; i++)
	{
		Flow *flow = &result->flows[result->count++];

		CHECK_FOR_INTERRUPTS();
		flow->window = window_number(rows[4 * i], "flows", windows, 1);
		flow->from = cell_number(rows[4 * i + 1], "from_cell", CELL_NEW, CELL_LOST);
		flow->to = cell_number(rows[4 * i + 2], "to_cell", CELL_LOST, CELL_NEW);
		flow->leads = rows[4 * i + 3];
		/* Above 2^53 counts are no longer whole in a double. */
		if (!(flow->leads >= 0 && flow->leads <= 9007199254740992.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("leads of a flow must be a count: %g", flow->leads),
					 errhint("Write how many leads went from the one cell to the other in the window.")));
		result->cells = Max(result->cells, Max(flow->from, flow->to));
		if (flow->to == CELL_WON)
			result->sales[flow->window] += flow->leads;
		else if (flow->to > 0)
			result->open[flow->window][flow->to] += flow->leads;
	}
	/* Time in a stage goes on: its later bands are in use too. */
	result->cells = (result->cells + BANDS - 1) / BANDS * BANDS;
	return result;
}
