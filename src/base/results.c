/*
 * results.c
 *	  Functions that return a row, or rows.
 */
#include "results.h"

#include "access/htup_details.h"
#include "utils/builtins.h"

Datum
row_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc descriptor;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function returning record called in context that cannot accept type record"),
				 errhint("Call it where its row has columns, as in SELECT (f(x)).* or FROM f(x).")));
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls));
}

ReturnSetInfo *
begin_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
	return (ReturnSetInfo *) fcinfo->resultinfo;
}

ReturnSetInfo *
begin_texts(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	return (ReturnSetInfo *) fcinfo->resultinfo;
}

Datum
ignored_rows(FunctionCallInfo fcinfo, const char *const *reasons, const int64 *counts, int count)
{
	ReturnSetInfo *rows = begin_rows(fcinfo);

	for (int i = 0; i < count; i++)
	{
		Datum values[2] = {CStringGetTextDatum(reasons[i]), Int64GetDatum(counts[i])};
		bool nulls[2] = {false, false};

		put_row(rows, values, nulls);
	}
	return (Datum) 0;
}
