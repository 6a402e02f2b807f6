/*
 * one_snapshot.c
 *	  Runs the steps of a refresh as of one moment.
 *
 * At READ COMMITTED every statement of a function sees what others committed
 * meanwhile: one layer of a stored mart would be newer than the next.  Here all
 * statements see the database as it was when the first one began, and what the
 * steps before them wrote.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "progress.h"

PG_FUNCTION_INFO_V1(execute_at_one_snapshot);

/* The number of rows, or with one_boolean whether the statement said true. */
static uint64
execute_step(const char *statement, Snapshot snapshot, bool one_boolean)
{
	SPIPlanPtr plan = SPI_prepare(statement, 0, NULL);
	uint64 rows;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	SPI_execute_snapshot(plan, NULL, NULL, snapshot, InvalidSnapshot, false, true, 0);
	rows = SPI_processed;
	if (one_boolean)
	{
		bool is_null;

		if (SPI_tuptable == NULL || rows != 1)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("condition returns " UINT64_FORMAT " rows: %s", rows, statement),
					 errhint("Write a query that returns one boolean.")));
		rows = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
		if (is_null)
			rows = 0;
	}
	SPI_freetuptable(SPI_tuptable);
	SPI_freeplan(plan);
	return rows;
}

/*
 * execute_at_one_snapshot(labels text[], conditions text[], statements text[],
 * tells boolean): how many of the statements were run.
 */
Datum
execute_at_one_snapshot(PG_FUNCTION_ARGS)
{
	Datum *texts[3];
	bool *nulls[3];
	int counts[3];
	bool tells = PG_GETARG_BOOL(3);
	int64 executed = 0;
	Snapshot snapshot;

	for (int i = 0; i < 3; i++)
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(i), TEXTOID, -1, false, TYPALIGN_INT, &texts[i], &nulls[i],
						  &counts[i]);
	if (counts[0] != counts[2] || counts[1] != counts[2])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d labels and %d conditions for %d statements", counts[0], counts[1], counts[2]),
				 errhint("Give arrays of the same length.")));

	SPI_connect();
	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	for (int i = 0; i < counts[2]; i++)
	{
		TimestampTz began = GetCurrentTimestamp();
		uint64 rows;

		CHECK_FOR_INTERRUPTS();
		if (nulls[2][i])
			continue;
		if (!nulls[1][i] && !execute_step(TextDatumGetCString(texts[1][i]), snapshot, true))
			continue;
		report_progress(psprintf("step %d of %d: %s", i + 1, counts[2],
								 nulls[0][i] ? "" : TextDatumGetCString(texts[0][i])));
		rows = execute_step(TextDatumGetCString(texts[2][i]), snapshot, false);
		executed++;
		if (tells)
			ereport(NOTICE,
					(errmsg("step %d of %d: %s, " UINT64_FORMAT " rows, %ld ms", i + 1, counts[2],
							nulls[0][i] ? "" : TextDatumGetCString(texts[0][i]), rows,
							TimestampDifferenceMilliseconds(began, GetCurrentTimestamp()))));
	}
	report_progress(NULL);
	UnregisterSnapshot(snapshot);
	SPI_finish();
	PG_RETURN_INT64(executed);
}
