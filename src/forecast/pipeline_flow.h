/*
 * pipeline_flow.h
 *	  How leads moved through the pipeline from window to window: what a
 *	  forecast is made of.  A cell is a stage and how long the lead has been in
 *	  it; bands of one stage are numbered one after the other.
 */
#ifndef LEAD_KPI_PIPELINE_FLOW_H
#define LEAD_KPI_PIPELINE_FLOW_H

#include "base/compat.h"

#include "utils/array.h"

#define BANDS 6				   /* of days in a stage: 0, 7, 14, 30, 90, 180 and more */
#define MAX_CELLS (32 * BANDS) /* a ladder has at most 32 stages */
#define MAX_WINDOWS 120
#define MAX_HORIZON 60

/* Where a lead comes from or goes to, besides the cells 1 to MAX_CELLS. */
#define CELL_NEW 0
#define CELL_WON (-1)
#define CELL_LOST (-2)

typedef struct Flow
{
	int window; /* from 1, the oldest */
	int from;
	int to;
	double leads;
} Flow;

typedef struct PipelineFlows
{
	Flow *flows;
	int count;
	int windows;
	int cells;					   /* the highest in use, up to the end of its stage */
	double *sales;				   /* of each window, sales[1] the first */
	double (*open)[MAX_CELLS + 1]; /* at the end of each window, per cell */
} PipelineFlows;

static inline int
stage_of(int cell)
{
	return (cell - 1) / BANDS;
}

static inline int
band_of(int cell)
{
	return (cell - 1) % BANDS + 1;
}

/* The rows of a two-dimensional float8[] without NULLs; raises unless each has that many columns. */
extern const double *matrix_rows(ArrayType *array, const char *argument, int columns, const char *names,
								 int *rows);

/* A number of a window that is an element of such a row. */
extern int window_number(double value, const char *argument, int windows, int from);

/* The argument "flows": rows of window, from_cell, to_cell, leads. */
extern PipelineFlows *read_flows(ArrayType *array, int windows);

#endif /* LEAD_KPI_PIPELINE_FLOW_H */
