/*
 * roc_compare.c
 *	  The areas of two scores of the same leads, compared: an aggregate of its
 *	  own, because two rocs do not tell which scores belong to one lead.
 */
#include "base/compat.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "base/counts.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "base/wire.h"
#include "rank_deviations.h"
#include "score_key.h"

#define TYPE_NAME "roc_comparison"
#define WIRE_VERSION 1

/* What is kept free of a shipped state for all but its rows. */
#define SHIPPED_RESERVE 1024

#define LEVEL 0.95

/* The scores of leads with one outcome; index 0 of score a, 1 of score b. */
typedef struct Pairs
{
	ScoreKeys scores[2];
} Pairs;

typedef struct CompareState
{
	MemoryContext context;
	int64 ignored;
	Pairs leads[2]; /* [1] converted, [0] not */
} CompareState;

static CompareState *
create_state(MemoryContext context)
{
	CompareState *state = MemoryContextAllocZero(context, sizeof(CompareState));

	state->context = context;
	return state;
}

static void
add_lead(CompareState *state, bool converted, uint64 key_a, uint64 key_b)
{
	score_keys_add(&state->leads[converted].scores[0], key_a, state->context);
	score_keys_add(&state->leads[converted].scores[1], key_b, state->context);
}

/* (state, score_a, score_b, converted) */
PG_FUNCTION_INFO_V1(roc_compare_accumulate);
Datum
roc_compare_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "roc_compare");
	CompareState *state = PG_ARGISNULL(0) ? create_state(context) : (CompareState *) PG_GETARG_POINTER(0);

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || isnan(PG_GETARG_FLOAT8(1)) ||
		isnan(PG_GETARG_FLOAT8(2)))
		state->ignored++;
	else
		add_lead(state, PG_GETARG_BOOL(3), score_key(PG_GETARG_FLOAT8(1)), score_key(PG_GETARG_FLOAT8(2)));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(roc_compare_combine);
Datum
roc_compare_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "roc_compare");
	CompareState *into = PG_ARGISNULL(0) ? NULL : (CompareState *) PG_GETARG_POINTER(0);
	const CompareState *from = PG_ARGISNULL(1) ? NULL : (CompareState *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = create_state(context);
		into->ignored = add_counts(into->ignored, from->ignored, TYPE_NAME);
		for (int kind = 0; kind < 2; kind++)
			for (int score = 0; score < 2; score++)
				score_keys_append(&into->leads[kind].scores[score], &from->leads[kind].scores[score],
								  into->context);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

PG_FUNCTION_INFO_V1(roc_compare_serialize);
Datum
roc_compare_serialize(PG_FUNCTION_ARGS)
{
	const CompareState *state = (CompareState *) PG_GETARG_POINTER(0);
	Size rows = state->leads[0].scores[0].count + state->leads[1].scores[0].count;
	StringInfoData out;

	if (rows > (MaxAllocSize - SHIPPED_RESERVE) / (2 * sizeof(uint64)))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the %zu rows of roc_compare are too large to be sent between processes", rows),
				 errhint("Set max_parallel_workers_per_gather = 0 for this query.")));
	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	wire_put_varint(&out, (uint64) state->ignored);
	for (int kind = 0; kind < 2; kind++)
	{
		const Pairs *leads = &state->leads[kind];

		wire_put_varint(&out, leads->scores[0].count);
		for (Size i = 0; i < leads->scores[0].count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			pq_sendint64(&out, leads->scores[0].keys[i]);
			pq_sendint64(&out, leads->scores[1].keys[i]);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static uint64
read_key(StringInfo in)
{
	uint64 key = (uint64) pq_getmsgint64(in);

	wire_check(score_key_is_valid(key), TYPE_NAME, "a score is not a number");
	return key;
}

PG_FUNCTION_INFO_V1(roc_compare_deserialize);
Datum
roc_compare_deserialize(PG_FUNCTION_ARGS)
{
	CompareState *state = create_state(CurrentMemoryContext);
	StringInfoData in;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	state->ignored = wire_get_int64(&in, TYPE_NAME, PG_INT64_MAX);
	for (int kind = 0; kind < 2; kind++)
	{
		int count = wire_get_count(&in, TYPE_NAME, 2 * (int) sizeof(uint64), PG_INT32_MAX);

		for (int i = 0; i < count; i++)
		{
			uint64 key_a = read_key(&in);

			CHECK_FOR_INTERRUPTS();
			add_lead(state, kind == 1, key_a, read_key(&in));
		}
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

/* ---------- final ---------- */

/* How many keys of a sorted array lie below a key. */
static Size
keys_below(const uint64 *sorted, Size count, uint64 key)
{
	Size low = 0;

	while (count > 0)
	{
		Size half = count / 2;

		if (sorted[low + half] < key)
		{
			low += half + 1;
			count -= half + 1;
		}
		else
			count = half;
	}
	return low;
}

/*
 * Twice the rank of each lead's score among the leads of the other outcome, a
 * tie being half: how many of them it beats.
 */
static int64 *
ranks_among(const ScoreKeys *leads, const ScoreKeys *others)
{
	uint64 *sorted = score_keys_sorted(others);
	int64 *ranks = MemoryContextAllocHuge(CurrentMemoryContext,
										  mul_size(Max(leads->count, 1), sizeof(int64)));

	for (Size i = 0; i < leads->count; i++)
	{
		uint64 key = leads->keys[i];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* No key is the largest integer: that is NaN. */
		ranks[i] = (int64) (keys_below(sorted, others->count, key) +
							keys_below(sorted, others->count, key + 1));
	}
	pfree(sorted);
	return ranks;
}

/*
 * The variance of the mean difference between the ranks of leads under the two
 * scores; sums receives twice the pairs in order under each.
 */
static double
variance_of_difference(const Pairs *leads, const Pairs *others, uint128 sums[2])
{
	Size count = leads->scores[0].count;
	int64 *ranks_a = ranks_among(&leads->scores[0], &others->scores[0]);
	int64 *ranks_b = ranks_among(&leads->scores[1], &others->scores[1]);
	int128 total = 0;
	RankDeviations deviations;

	sums[0] = sums[1] = 0;
	for (Size i = 0; i < count; i++)
	{
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		sums[0] += (uint64) ranks_a[i];
		sums[1] += (uint64) ranks_b[i];
		total += ranks_a[i] - ranks_b[i];
	}
	deviations = rank_deviations(total, (int64) count);
	for (Size i = 0; i < count; i++)
	{
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		rank_deviations_add(&deviations, ranks_a[i] - ranks_b[i], 1);
	}
	pfree(ranks_a);
	pfree(ranks_b);
	return rank_deviations_variance(&deviations);
}

/* DeLong, DeLong and Clarke-Pearson (1988), for two scores of the same leads. */
PG_FUNCTION_INFO_V1(roc_compare_final);
Datum
roc_compare_final(PG_FUNCTION_ARGS)
{
	const CompareState *state;
	Datum values[11] = {0};
	bool nulls[11] = {false};
	Size converted;
	Size others;

	state = aggregate_state(fcinfo, 0, "roc_compare");
	if (state == NULL)
		PG_RETURN_NULL();
	converted = state->leads[1].scores[0].count;
	others = state->leads[0].scores[0].count;
	values[0] = Int64GetDatum((int64) (converted + others));
	values[1] = Int64GetDatum((int64) converted);
	values[2] = Int64GetDatum(state->ignored);
	memset(nulls + 3, true, sizeof(nulls) - 3);
	if (converted > 0 && others > 0)
	{
		uint128 pairs[2];
		uint128 unused[2];
		double all = 2.0 * (double) converted * (double) others;
		double variance = variance_of_difference(&state->leads[1], &state->leads[0], pairs) /
				(4 * (double) others * (double) others) +
			variance_of_difference(&state->leads[0], &state->leads[1], unused) /
				(4 * (double) converted * (double) converted);
		double difference = (double) ((int128) pairs[0] - (int128) pairs[1]) / all;
		double std_error = sqrt(variance);
		double reach = normal_critical_value(LEVEL) * std_error;

		values[3] = Float8GetDatum((double) pairs[0] / all);
		values[4] = Float8GetDatum((double) pairs[1] / all);
		values[5] = Float8GetDatum(difference);
		nulls[3] = nulls[4] = nulls[5] = false;
		/* Two leads of each kind, and scores that differ in more than their units. */
		if (converted > 1 && others > 1 && variance > 0)
		{
			values[6] = Float8GetDatum(std_error);
			values[7] = Float8GetDatum(difference - reach);
			values[8] = Float8GetDatum(difference + reach);
			values[9] = Float8GetDatum(difference / std_error);
			values[10] = Float8GetDatum(erfc(fabs(difference) / (sqrt(2) * std_error)));
			memset(nulls + 6, false, sizeof(nulls) - 6);
		}
	}
	return row_result(fcinfo, values, nulls);
}
