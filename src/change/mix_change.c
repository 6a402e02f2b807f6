/*
 * mix_change.c
 *	  Why a rate changed, over segments: the segments' own rates, or their mix.
 *
 * Kitagawa (1955): with rate r and share w of the trials of each segment,
 *
 *		rate effect = sum of (w before + w after) / 2 * (r after - r before)
 *		mix effect  = sum of (r before + r after) / 2 * (w after - w before)
 *
 * and both add up to the change.  With the hits that the trials of one period
 * would have had at the segments' rates of the other one, that needs plain
 * sums only.  The Mantel-Haenszel (1959) odds ratio and test ask whether the
 * segments' rates changed more than chance explains, whatever the mix did.
 */
#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/count_test.h"
#include "base/counts.h"
#include "base/exact_sum.h"
#include "base/results.h"
#include "base/summary.h"
#include "rate/rate.h"

#define STATE_NAME "mix_change"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(mix_change_accumulate);
PG_FUNCTION_INFO_V1(mix_change_accumulate_numeric);
PG_FUNCTION_INFO_V1(mix_change_accumulate_float8);
PG_FUNCTION_INFO_V1(mix_change_accumulate_rates);
PG_FUNCTION_INFO_V1(mix_change_final);
PG_FUNCTION_INFO_V1(segment_effect);

enum
{
	HITS_BEFORE,
	TRIALS_BEFORE,
	HITS_AFTER,
	TRIALS_AFTER,
	SEGMENTS, /* with trials in either period */
	ROSE,	  /* segments whose rate did */
	FELL,
	COUNTS
};

enum
{
	EXPECTED_BEFORE, /* hits of the trials before at the rates after */
	EXPECTED_AFTER,	 /* hits of the trials after at the rates before */
	ODDS_NUMERATOR,	 /* of the Mantel-Haenszel odds ratio, after over before */
	ODDS_DENOMINATOR,
	EXCESS,		  /* hits after beyond what no change would give */
	VARIANCE,	  /* of that */
	THIRD_MOMENT, /* and its third central moment */
	SUMS
};

typedef struct MixChange
{
	int64 counts[COUNTS];
	ExactSum sums[SUMS];
} MixChange;

/* ---------- wire form and merge ---------- */

static void
state_encode(const void *value, StringInfo out)
{
	const MixChange *state = value;

	wire_put_version(out, WIRE_VERSION);
	for (int i = 0; i < COUNTS; i++)
		wire_put_varint(out, (uint64) state->counts[i]);
	for (int i = 0; i < SUMS; i++)
		exact_sum_put(out, &state->sums[i]);
}

static void *
state_decode(StringInfo in)
{
	MixChange *state = palloc0(sizeof(MixChange));

	wire_get_version(in, STATE_NAME, WIRE_VERSION);
	for (int i = 0; i < COUNTS; i++)
		state->counts[i] = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	for (int i = 0; i < SUMS; i++)
		exact_sum_get(in, STATE_NAME, &state->sums[i]);
	return state;
}

static const char *
state_contradiction(const void *value)
{
	const int64 *counts = ((const MixChange *) value)->counts;

	return counts[HITS_BEFORE] > counts[TRIALS_BEFORE] || counts[HITS_AFTER] > counts[TRIALS_AFTER]
		? "more hits than trials"
		: NULL;
}

static void
state_merge(void *into_value, const void *from_value)
{
	MixChange *into = into_value;
	const MixChange *from = from_value;

	add_each_count(into->counts, from->counts, COUNTS, STATE_NAME);
	for (int i = 0; i < SUMS; i++)
		exact_sum_merge(&into->sums[i], &from->sums[i]);
}

static void *
state_empty(const void *like)
{
	return palloc0(sizeof(MixChange));
}

static const SummaryRoom state_room = {
	.type_name = STATE_NAME,
	.decode = state_decode,
	.encode = state_encode,
	.merge = state_merge,
	.contradiction = state_contradiction,
	.empty = state_empty,
};

/* ---------- accumulate ---------- */

static void
add_segment(MixChange *state, int64 hits_before, int64 trials_before, int64 hits_after, int64 trials_after)
{
	int64 counts[COUNTS] = {hits_before, trials_before, hits_after, trials_after};

	counts[SEGMENTS] = trials_before > 0 || trials_after > 0;
	if (trials_before > 0 && trials_after > 0)
	{
		int128 difference = (int128) hits_after * trials_before - (int128) hits_before * trials_after;
		double before = (double) trials_before;
		double after = (double) trials_after;
		double all = before + after;
		double misses_before = (double) (trials_before - hits_before);
		double misses_after = (double) (trials_after - hits_after);
		double hits = (double) hits_before + (double) hits_after;
		double variance;

		counts[ROSE] = difference > 0;
		counts[FELL] = difference < 0;
		exact_sum_add_quotient(&state->sums[EXPECTED_BEFORE], trials_before, hits_after, trials_after);
		exact_sum_add_quotient(&state->sums[EXPECTED_AFTER], trials_after, hits_before, trials_before);
		exact_sum_add(&state->sums[ODDS_NUMERATOR], (double) hits_after * misses_before / all);
		exact_sum_add(&state->sums[ODDS_DENOMINATOR], (double) hits_before * misses_after / all);
		exact_sum_add(&state->sums[EXCESS], (double) difference / all);
		variance = before / all * (after / all) * hits * ((misses_before + misses_after) / (all - 1));
		exact_sum_add(&state->sums[VARIANCE], variance);
		exact_sum_add(&state->sums[THIRD_MOMENT], hypergeometric_third_moment(variance, after, hits, all));
	}
	else
	{
		/* A segment that came or went is taken to have had the rate that is known. */
		exact_sum_add_int64(&state->sums[EXPECTED_BEFORE], hits_before);
		exact_sum_add_int64(&state->sums[EXPECTED_AFTER], hits_after);
	}
	add_each_count(state->counts, counts, COUNTS, STATE_NAME);
}

/* Two arguments from "first" on, hits and trials; NULL is 0, as FULL JOIN leaves it. */
static void
get_counts(FunctionCallInfo fcinfo, int first, NumberType type, int64 *hits, int64 *trials)
{
	*hits = PG_ARGISNULL(first) ? 0 : whole_argument(fcinfo, first, type, "hits");
	*trials = PG_ARGISNULL(first + 1) ? 0 : whole_argument(fcinfo, first + 1, type, "trials");
	rate_check(*hits, *trials);
}

/* (state, hits0, trials0, hits1, trials1) */
static Datum
accumulate(FunctionCallInfo fcinfo, NumberType type)
{
	MixChange *state = summary_state(&state_room, fcinfo);
	int64 hits_before;
	int64 trials_before;
	int64 hits_after;
	int64 trials_after;

	get_counts(fcinfo, 1, type, &hits_before, &trials_before);
	get_counts(fcinfo, 3, type, &hits_after, &trials_after);
	add_segment(state, hits_before, trials_before, hits_after, trials_after);
	PG_RETURN_POINTER(state);
}

Datum
mix_change_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_BIGINT);
}

Datum
mix_change_accumulate_numeric(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_NUMERIC);
}

Datum
mix_change_accumulate_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_FLOAT8);
}

/* (state, before rate, after rate); NULL is 0/0 */
Datum
mix_change_accumulate_rates(PG_FUNCTION_ARGS)
{
	MixChange *state = summary_state(&state_room, fcinfo);
	int64 hits_before = 0;
	int64 trials_before = 0;
	int64 hits_after = 0;
	int64 trials_after = 0;

	if (!PG_ARGISNULL(1))
		rate_counts(PG_GETARG_DATUM(1), &hits_before, &trials_before);
	if (!PG_ARGISNULL(2))
		rate_counts(PG_GETARG_DATUM(2), &hits_after, &trials_after);
	add_segment(state, hits_before, trials_before, hits_after, trials_after);
	PG_RETURN_POINTER(state);
}

DEFINE_SUMMARY_STATE_FUNCTIONS(&state_room, mix_change);

/* ---------- final ---------- */

/* total - counts, exactly, as a double */
static double
beyond(const ExactSum *expected, int64 hits)
{
	ExactSum difference = *expected;

	exact_sum_add_int64(&difference, hits);
	return exact_sum_value(&difference);
}

/* segments, rate0, rate1, total, rate_effect, mix_effect, simpson, odds_ratio, p_value */
Datum
mix_change_final(PG_FUNCTION_ARGS)
{
	const MixChange *state;
	const int64 *counts;
	double denominator;
	double variance;
	Datum values[9] = {0};
	bool nulls[9] = {false, false, false, true, true, true, true, true, true};

	state = aggregate_state(fcinfo, 0, STATE_NAME);
	if (state == NULL)
		PG_RETURN_NULL();
	counts = state->counts;

	values[0] = Int64GetDatum(counts[SEGMENTS]);
	values[1] = rate_datum(counts[HITS_BEFORE], counts[TRIALS_BEFORE]);
	values[2] = rate_datum(counts[HITS_AFTER], counts[TRIALS_AFTER]);
	if (counts[TRIALS_BEFORE] > 0 && counts[TRIALS_AFTER] > 0)
	{
		int128 difference = (int128) counts[HITS_AFTER] * counts[TRIALS_BEFORE] -
			(int128) counts[HITS_BEFORE] * counts[TRIALS_AFTER];
		double trials_before = (double) counts[TRIALS_BEFORE];
		double trials_after = (double) counts[TRIALS_AFTER];
		double total = (double) difference / trials_before / trials_after;
		double rate_effect = (beyond(&state->sums[EXPECTED_BEFORE], -counts[HITS_BEFORE]) / trials_before -
							  beyond(&state->sums[EXPECTED_AFTER], -counts[HITS_AFTER]) / trials_after) /
			2;
		double mix_effect = total - rate_effect;
		bool all_up = counts[ROSE] > 0 && counts[FELL] == 0;
		bool all_down = counts[FELL] > 0 && counts[ROSE] == 0;

		/* The parts add up to the last bit. */
		values[3] = Float8GetDatum(rate_effect + mix_effect);
		values[4] = Float8GetDatum(rate_effect);
		values[5] = Float8GetDatum(mix_effect);
		values[6] = BoolGetDatum((all_up && difference < 0) || (all_down && difference > 0));
		nulls[3] = nulls[4] = nulls[5] = nulls[6] = false;
	}
	denominator = exact_sum_value(&state->sums[ODDS_DENOMINATOR]);
	if (denominator > 0)
	{
		values[7] = Float8GetDatum(exact_sum_value(&state->sums[ODDS_NUMERATOR]) / denominator);
		nulls[7] = false;
	}
	/* Without variance everybody, or nobody, was a hit in every segment: nothing to test by. */
	variance = exact_sum_value(&state->sums[VARIANCE]);
	if (variance > 0)
	{
		values[8] = Float8GetDatum(excess_p_value(exact_sum_value(&state->sums[EXCESS]), variance,
												  exact_sum_value(&state->sums[THIRD_MOMENT])));
		nulls[8] = false;
	}
	return row_result(fcinfo, values, nulls);
}

/* ---------- one segment's part ---------- */

/* The share of a part of the trials, of which there are some; raises when it is no part. */
static double
share_of(int64 hits, int64 trials, int64 all_hits, int64 all_trials)
{
	if (hits > all_hits || trials > all_trials || trials - hits > all_trials - all_hits)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment " INT64_FORMAT "/" INT64_FORMAT " is no part of " INT64_FORMAT "/" INT64_FORMAT,
						hits, trials, all_hits, all_trials),
				 errhint("Write the segment's rates first, then the total rates that mix_change returned.")));
	return (double) trials / (double) all_trials;
}

/* (before rate, after rate, rate0 rate, rate1 rate): rate_effect, mix_effect */
Datum
segment_effect(PG_FUNCTION_ARGS)
{
	int64 hits[4];
	int64 trials[4];
	Datum values[2] = {0};
	bool nulls[2] = {true, true};

	for (int i = 0; i < 4; i++)
		rate_counts(PG_GETARG_DATUM(i), &hits[i], &trials[i]);
	if (trials[2] > 0 && trials[3] > 0)
	{
		double share_before = share_of(hits[0], trials[0], hits[2], trials[2]);
		double share_after = share_of(hits[1], trials[1], hits[3], trials[3]);
		double rates[4];

		for (int i = 0; i < 4; i++)
			rates[i] = trials[i] == 0 ? 0 : (double) hits[i] / (double) trials[i];
		if (trials[0] == 0)
			rates[0] = rates[1];
		if (trials[1] == 0)
			rates[1] = rates[0];
		values[0] = Float8GetDatum((share_before + share_after) / 2 * (rates[1] - rates[0]));
		/* Shares add up to 1, so measuring from the mean rate does not change the sum. */
		values[1] = Float8GetDatum((share_after - share_before) *
								   (rates[0] + rates[1] - rates[2] - rates[3]) / 2);
		nulls[0] = nulls[1] = false;
	}
	return row_result(fcinfo, values, nulls);
}
