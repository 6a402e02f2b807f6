/*
 * roc_aggregate.c
 *	  The aggregate that builds a roc: accumulate, combine, serialize,
 *	  deserialize, final.
 *
 * Rows are kept as sort keys, 8 bytes each, in one array per outcome.  Where
 * scores repeat, as points do, the arrays are folded into a summary now and
 * then; where they do not, folding would take more memory than it saves, so
 * the tries become rare.
 */
#include "base/compat.h"

#include <math.h>

#include "base/aggregate.h"
#include "roc_summary.h"

/* Rows before the first try to fold, and how much later the next comes after one in vain. */
#define FIRST_FOLD 65536
#define FOLD_PATIENCE 16

/* More bins per unit than this would no longer round a score between 0 and 1. */
#define MAX_BINS 1000000000

typedef struct RocState
{
	MemoryContext context;
	RocSummary *summary; /* what was folded, and all that was ignored */
	ScoreKeys rows[2];	 /* not yet folded: [1] converted, [0] not */
	Size fold_at;
} RocState;

static RocState *
create_state(MemoryContext context)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	RocState *state = palloc0(sizeof(RocState));

	state->context = context;
	state->summary = roc_summary_create();
	state->fold_at = FIRST_FOLD;
	MemoryContextSwitchTo(previous);
	return state;
}

/* Sorts copies of the rows; the state stays as it is. */
static RocCursor
sorted_rows(const RocState *state)
{
	const RocSummary *summary = state->summary;
	RocCursor cursor = {
		.entries = {summary->entries},
		.entries_end = {summary->entries + summary->count},
	};

	for (int side = 0; side < 2; side++)
	{
		cursor.keys[side] = score_keys_sorted(&state->rows[side]);
		cursor.keys_end[side] = cursor.keys[side] + state->rows[side].count;
	}
	return cursor;
}

static void
free_sorted_rows(RocCursor *sorted)
{
	for (int side = 0; side < 2; side++)
		pfree(unconstify(uint64 *, sorted->keys[side]));
}

static void
try_to_fold(RocState *state)
{
	Size rows = state->rows[0].count + state->rows[1].count;
	RocCursor cursor = sorted_rows(state);
	RocCursor sorted = cursor;

	if (roc_cursor_count(cursor) - state->summary->count <= rows / 4)
	{
		roc_summary_replace(state->summary, cursor);
		state->rows[0].count = state->rows[1].count = 0;
		/* Each fold reads the whole summary, so it waits for as many rows. */
		state->fold_at = Max(state->fold_at, 2 * state->summary->count);
	}
	else
		state->fold_at = rows * FOLD_PATIENCE;
	free_sorted_rows(&sorted);
}

static Datum
accumulate(FunctionCallInfo fcinfo, int bins)
{
	MemoryContext context = aggregate_context(fcinfo, "roc");
	RocState *state = PG_ARGISNULL(0) ? create_state(context) : (RocState *) PG_GETARG_POINTER(0);

	if (PG_ARGISNULL(1))
		state->summary->ignored[ROC_NULL_SCORE]++;
	else if (PG_ARGISNULL(2))
		state->summary->ignored[ROC_NULL_CONVERTED]++;
	else if (isnan(PG_GETARG_FLOAT8(1)))
		state->summary->ignored[ROC_NAN_SCORE]++;
	else
	{
		double score = PG_GETARG_FLOAT8(1);

		/* Large scores have no fraction to round, and must not overflow. */
		if (bins > 0 && fabs(score) < (double) (INT64CONST(1) << 52) / bins)
			score = rint(score * bins) / bins;
		if (unlikely(state->rows[0].count + state->rows[1].count >= state->fold_at))
			try_to_fold(state);
		score_keys_add(&state->rows[PG_GETARG_BOOL(2)], score_key(score), state->context);
	}
	PG_RETURN_POINTER(state);
}

/* (state, score, converted) */
PG_FUNCTION_INFO_V1(roc_accumulate);
Datum
roc_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 0);
}

/* (state, score, converted, bins) */
PG_FUNCTION_INFO_V1(roc_accumulate_bins);
Datum
roc_accumulate_bins(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(3))
		return accumulate(fcinfo, 0);
	if (PG_GETARG_INT32(3) < 1 || PG_GETARG_INT32(3) > MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("roc with %d bins", PG_GETARG_INT32(3)),
				 errhint("Write how many scores to tell apart between 0 and 1, from 1 to %d; 1000 rounds to 0.001.", MAX_BINS)));
	return accumulate(fcinfo, PG_GETARG_INT32(3));
}

PG_FUNCTION_INFO_V1(roc_combine);
Datum
roc_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "roc");
	RocState *into = PG_ARGISNULL(0) ? NULL : (RocState *) PG_GETARG_POINTER(0);
	const RocState *from = PG_ARGISNULL(1) ? NULL : (RocState *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = create_state(context);
		summary_merge(&roc_room, into->summary, from->summary);
		for (int side = 0; side < 2; side++)
			score_keys_append(&into->rows[side], &from->rows[side], into->context);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

/* The stored, shipped and sent form of the state: sorted and counted. */
static void
encode_state(const RocState *state, StringInfo out)
{
	RocCursor cursor = sorted_rows(state);

	Assert(roc_room.contradiction(state->summary) == NULL);
	roc_encode_cursor(state->summary, cursor, out);
	free_sorted_rows(&cursor);
}

PG_FUNCTION_INFO_V1(roc_serialize);
Datum
roc_serialize(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	pq_begintypsend(&out);
	encode_state((RocState *) PG_GETARG_POINTER(0), &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(roc_deserialize);
Datum
roc_deserialize(PG_FUNCTION_ARGS)
{
	RocState *state = create_state(CurrentMemoryContext);

	state->summary = summary_from_bytes(&roc_room, PG_GETARG_VARLENA_PP(0));
	PG_RETURN_POINTER(state);
}

/* No rows: NULL, as for every summary. */
PG_FUNCTION_INFO_V1(roc_final);
Datum
roc_final(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	(void) aggregate_context(fcinfo, "roc");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	/* Four bytes for the header, as a varlena has them. */
	initStringInfo(&out);
	appendStringInfoSpaces(&out, VARHDRSZ);
	encode_state((RocState *) PG_GETARG_POINTER(0), &out);
	SET_VARSIZE(out.data, out.len);
	PG_RETURN_POINTER(out.data);
}
