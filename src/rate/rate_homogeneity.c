/*
 * rate_homogeneity.c
 *	  Do the rates of several groups differ at all?
 *
 * Pearson's (1900) chi-square over the hits and misses of the groups.  With h
 * hits of n trials in a group, H of N in all, it is
 *
 *		(sum of h^2 / n - H^2 / N) * N / H * N / (N - H)
 *
 * so a state of plain sums is enough.  One test of all groups, where a test of
 * each pair would find a difference by chance the sooner the more groups there are.
 *
 * Where a group would have few hits or misses, the statistic of a few large
 * jumps is far from a chi-square variable.  Its mean and variance given all
 * margins are known (Haldane 1940, Dawson 1954), and the gamma distribution that
 * has both is near.  Two groups are compare()'s.
 */
#include "base/aggregate.h"
#include "base/counts.h"
#include "base/exact_sum.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "base/summary.h"
#include "rate.h"
#include "rate_difference.h"

#define STATE_NAME "rate_homogeneity"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(rate_homogeneity_accumulate);
PG_FUNCTION_INFO_V1(rate_homogeneity_final);

typedef struct RateHomogeneity
{
	int64 groups; /* with trials */
	int64 hits;
	int64 trials;
	int64 least_trials; /* of the smallest group; 0 without groups */
	int64 least_hits;	/* its hits; the fewest, of several that small */
	ExactSum squares;	/* hits^2 / trials */
	ExactSum inverses;	/* 1 / trials */
} RateHomogeneity;

/* ---------- wire form and merge ---------- */

static void
state_encode(const void *value, StringInfo out)
{
	const RateHomogeneity *state = value;

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) state->groups);
	wire_put_varint(out, (uint64) state->hits);
	wire_put_varint(out, (uint64) state->trials);
	wire_put_varint(out, (uint64) state->least_trials);
	wire_put_varint(out, (uint64) state->least_hits);
	exact_sum_put(out, &state->squares);
	exact_sum_put(out, &state->inverses);
}

static void *
state_decode(StringInfo in)
{
	RateHomogeneity *state = palloc0(sizeof(RateHomogeneity));

	wire_get_version(in, STATE_NAME, WIRE_VERSION);
	state->groups = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->hits = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->trials = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->least_trials = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->least_hits = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	exact_sum_get(in, STATE_NAME, &state->squares);
	exact_sum_get(in, STATE_NAME, &state->inverses);
	return state;
}

static void
add_groups(RateHomogeneity *state, int64 groups, int64 hits, int64 trials, int64 least_trials,
		   int64 least_hits)
{
	if (groups == 0)
		return;
	/* Each group has trials, and each hit is one: only trials can overflow. */
	state->trials = add_counts(state->trials, trials, STATE_NAME);
	if (state->groups == 0 || least_trials < state->least_trials ||
		(least_trials == state->least_trials && least_hits < state->least_hits))
	{
		state->least_trials = least_trials;
		state->least_hits = least_hits;
	}
	state->groups += groups;
	state->hits += hits;
}

static void
state_merge(void *into_value, const void *from_value)
{
	RateHomogeneity *into = into_value;
	const RateHomogeneity *from = from_value;

	add_groups(into, from->groups, from->hits, from->trials, from->least_trials, from->least_hits);
	exact_sum_merge(&into->squares, &from->squares);
	exact_sum_merge(&into->inverses, &from->inverses);
}

static const char *
state_contradiction(const void *value)
{
	const RateHomogeneity *state = value;

	if (state->hits > state->trials)
		return "more hits than trials";
	if (state->groups == 0 ? state->trials > 0 || state->least_trials > 0
						   : state->least_trials <= 0 || state->least_trials > state->trials / state->groups)
		return "groups and trials do not fit each other";
	if (state->least_hits > Min(state->least_trials, state->hits) ||
		state->least_trials - state->least_hits > state->trials - state->hits)
		return "the smallest group is no part of all";
	return NULL;
}

static void *
state_empty(const void *like)
{
	return palloc0(sizeof(RateHomogeneity));
}

static const SummaryRoom state_room = {
	.type_name = STATE_NAME,
	.decode = state_decode,
	.encode = state_encode,
	.merge = state_merge,
	.contradiction = state_contradiction,
	.empty = state_empty,
};

DEFINE_SUMMARY_STATE_FUNCTIONS(&state_room, rate_homogeneity);

/* ---------- the aggregate ---------- */

/* (state, rate) */
Datum
rate_homogeneity_accumulate(PG_FUNCTION_ARGS)
{
	RateHomogeneity *state = summary_state(&state_room, fcinfo);
	int64 hits;
	int64 trials;

	if (!PG_ARGISNULL(1))
	{
		rate_counts(PG_GETARG_DATUM(1), &hits, &trials);
		if (trials > 0)
		{
			add_groups(state, 1, hits, trials, trials, hits);
			exact_sum_add_quotient(&state->squares, hits, hits, trials);
			exact_sum_add_quotient(&state->inverses, 1, 1, trials);
		}
	}
	PG_RETURN_POINTER(state);
}

/* From so many expected hits and misses in every group on, the chi-square distribution stands alone. */
#define ENOUGH_EXPECTED 5

/* Three groups or more, which have both hits and misses. */
static double
p_value_of_several(const RateHomogeneity *state, double statistic, double least_expected)
{
	double groups = (double) state->groups;
	double trials = (double) state->trials;
	double hits = (double) state->hits;
	double p_value = gamma_beyond((groups - 1) / 2, statistic / 2);
	double weight = Min((ENOUGH_EXPECTED - least_expected) / (ENOUGH_EXPECTED - 1), 1);
	double spread_of_groups;
	double spread_of_outcomes;
	double excess_of_groups;
	double excess_of_outcomes;
	double mean;
	double variance;
	double exact;

	/* Three groups of one lead each always differ as much. */
	if (weight <= 0 || trials <= 3)
		return p_value;
	spread_of_groups = (groups - 1) * ((trials - groups) / (trials - 1));
	spread_of_outcomes = (trials - 2) / (trials - 1);
	excess_of_groups = (trials * exact_sum_value(&state->inverses) - groups * groups) / (trials - 2);
	excess_of_outcomes = (trials / hits + trials / (trials - hits) - 4) / (trials - 2);
	mean = (groups - 1) * (trials / (trials - 1));
	variance = 2 * (trials / (trials - 3)) * (spread_of_groups - excess_of_groups) *
			(spread_of_outcomes - excess_of_outcomes) +
		trials * (trials / (trials - 1)) * excess_of_groups * excess_of_outcomes;
	/* One lead a group: the statistic has one value only. */
	if (variance < 1e-9 * mean)
		return 1;
	exact = gamma_beyond(mean * (mean / variance), statistic * (mean / variance));
	return p_value + weight * Max(exact - p_value, 0);
}

/* pooled, statistic, degrees_of_freedom, p_value, least_expected */
Datum
rate_homogeneity_final(PG_FUNCTION_ARGS)
{
	const RateHomogeneity *state;
	Datum values[5] = {0};
	bool nulls[5] = {false, true, false, true, true};

	state = aggregate_state(fcinfo, 0, STATE_NAME);
	if (state == NULL)
		PG_RETURN_NULL();

	values[0] = rate_datum(state->hits, state->trials);
	values[2] = Int64GetDatum(Max(state->groups - 1, 0));
	if (state->groups > 0)
	{
		double trials = (double) state->trials;
		double hits = (double) state->hits;
		double misses = (double) (state->trials - state->hits);

		double least_expected = (double) state->least_trials * (Min(hits, misses) / trials);

		values[4] = Float8GetDatum(least_expected);
		nulls[4] = false;
		/* One group differs from none; all hits, or none, leave nothing to test by. */
		if (state->groups > 1 && hits > 0 && misses > 0)
		{
			ExactSum excess = state->squares;
			double statistic;

			exact_sum_add_quotient(&excess, -state->hits, state->hits, state->trials);
			statistic = Max(exact_sum_value(&excess), 0) * (trials / hits) * (trials / misses);
			values[1] = Float8GetDatum(statistic);
			if (state->groups == 2)
			{
				double least_hits = (double) state->least_hits;
				double least_misses = (double) (state->least_trials - state->least_hits);

				values[3] = Float8GetDatum(rate_difference_p_value(least_hits, least_misses,
																   hits - least_hits, misses - least_misses,
																   &least_expected));
			}
			else
				values[3] = Float8GetDatum(p_value_of_several(state, statistic, least_expected));
			nulls[1] = nulls[3] = false;
		}
	}
	return row_result(fcinfo, values, nulls);
}
