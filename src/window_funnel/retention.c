/*
 * retention.c
 *	  The aggregate retention: who was seen, and seen again.
 *
 * The state is a bigint: which conditions were ever true in the low 32 bits,
 * how many conditions there are above them; 0 before the first row.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "base/conditions.h"

#define STATE_STEPS(state) ((int) ((state) >> 32))

static int64
add_to_state(int64 state, uint32 mask, int count)
{
	if (state != 0 && STATE_STEPS(state) != count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the number of conditions of retention differs within a group: %d and %d",
						STATE_STEPS(state), count),
				 errhint("Pass arrays of one length, or add what it depends on to GROUP BY.")));
	return ((int64) count << 32) | (uint32) state | mask;
}

PG_FUNCTION_INFO_V1(retention_accumulate);
Datum
retention_accumulate(PG_FUNCTION_ARGS)
{
	ConditionList *conditions = fcinfo->flinfo->fn_extra;
	uint32 mask;
	int count;

	if (unlikely(conditions == NULL))
	{
		ConditionList checked = condition_list_check(fcinfo, 1);

		conditions = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(ConditionList));
		*conditions = checked;
		fcinfo->flinfo->fn_extra = conditions;
	}
	mask = condition_mask(fcinfo, conditions, &count);
	PG_RETURN_INT64(add_to_state(PG_GETARG_INT64(0), mask, count));
}

PG_FUNCTION_INFO_V1(retention_combine);
Datum
retention_combine(PG_FUNCTION_ARGS)
{
	int64 left = PG_GETARG_INT64(0);
	int64 right = PG_GETARG_INT64(1);

	if (right == 0)
		PG_RETURN_INT64(left);
	PG_RETURN_INT64(add_to_state(left, (uint32) right, STATE_STEPS(right)));
}

PG_FUNCTION_INFO_V1(retention_final);
Datum
retention_final(PG_FUNCTION_ARGS)
{
	int64 state = PG_GETARG_INT64(0);
	int count = STATE_STEPS(state);
	Datum seen[MAX_CONDITIONS];

	/* Without rows only the call can say how many; for an array nothing can. */
	if (state == 0 && get_fn_expr_argtype(fcinfo->flinfo, 1) != BOOLARRAYOID)
		count = Min(PG_NARGS() - 1, MAX_CONDITIONS);
	if (count < 0 || count > MAX_CONDITIONS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid state of retention"),
				 errhint("Call retention itself.")));
	for (int i = 0; i < count; i++)
		seen[i] = BoolGetDatum((state & 1) && (state >> i & 1));
	PG_RETURN_ARRAYTYPE_P(construct_array(seen, count, BOOLOID, 1, true, TYPALIGN_CHAR));
}
