/*
 * results.h
 *	  Functions that return a row, or rows.
 */
#ifndef LEAD_KPI_RESULTS_H
#define LEAD_KPI_RESULTS_H

#include "compat.h"

#include "funcapi.h"

/* The row that the calling function returns. */
extern Datum row_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/* Begins the rows that the calling function returns, and adds one. */
extern ReturnSetInfo *begin_rows(FunctionCallInfo fcinfo);

/* The same for rows of one text, SETOF text. */
extern ReturnSetInfo *begin_texts(FunctionCallInfo fcinfo);

static inline void
put_row(ReturnSetInfo *rows, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rows->setResult, rows->setDesc, values, nulls);
}

/* What ignored() returns: a row per reason, also where nothing was left out. */
extern Datum ignored_rows(FunctionCallInfo fcinfo, const char *const *reasons, const int64 *counts,
						  int count);

#endif /* LEAD_KPI_RESULTS_H */
