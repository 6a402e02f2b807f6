/*
 * scorecard_engagement.c
 *	  What one lead did, rule by rule: add, merge, encode, decode, points.
 */
#include "scorecard_engagement.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/wire.h"

#define STATE_NAME "state of engagement"
#define WIRE_VERSION 1

/* So that no sum leaves 128 bits; see scorecard_points.h. */
#define MAX_OCCURRENCES INT64CONST(1000000000000)

static int64
add_counts(int64 a, int64 b)
{
	if (a > MAX_OCCURRENCES - b)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("too many events: engagement counts up to " INT64_FORMAT " of a kind", MAX_OCCURRENCES)));
	return a + b;
}

EngagementState *
engagement_create(CompiledScorecard *compiled, TimestampTz as_of)
{
	EngagementState *state = palloc0(sizeof(EngagementState));

	state->compiled = compiled;
	state->as_of = as_of;
	scorecard_pin(&state->pin, compiled);
	return state;
}

/* ---------- tallies ---------- */

static const EngagementCondition *
condition_of(const EngagementState *state, const EngagementTally *tally)
{
	return state->compiled->card.rules[tally->rule].engagement;
}

/* Only these need the times themselves. */
static bool
keeps_times(const EngagementCondition *condition)
{
	return condition->half_life > 0 && condition->limit > 0;
}

static EngagementTally *
tally_of(EngagementState *state, MemoryContext context, int rule)
{
	int low = 0;
	int high = state->tally_count;
	EngagementTally *tally;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (state->tallies[middle].rule < rule)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < state->tally_count && state->tallies[low].rule == rule)
		return &state->tallies[low];
	if (state->tally_count == state->tally_capacity)
	{
		int capacity = state->tally_capacity == 0 ? 4 : state->tally_capacity * 2;

		state->tallies = state->tallies == NULL
			? MemoryContextAlloc(context, mul_size(capacity, sizeof(EngagementTally)))
			: repalloc(state->tallies, mul_size(capacity, sizeof(EngagementTally)));
		state->tally_capacity = capacity;
	}
	tally = &state->tallies[low];
	memmove(tally + 1, tally, (state->tally_count - low) * sizeof(EngagementTally));
	memset(tally, 0, sizeof(EngagementTally));
	tally->rule = rule;
	state->tally_count++;
	return tally;
}

/* Keeps the latest "limit" times. */
static void
keep_time(EngagementTally *tally, MemoryContext context, int limit, TimestampTz at)
{
	TimestampTz *times = tally->times;
	int hole;

	if (tally->kept < limit)
	{
		if (tally->kept == tally->capacity)
		{
			tally->capacity = tally->capacity == 0 ? Min(limit, 4) : Min(limit, tally->capacity * 2);
			times = tally->times = times == NULL
				? MemoryContextAlloc(context, mul_size(tally->capacity, sizeof(TimestampTz)))
				: repalloc(times, mul_size(tally->capacity, sizeof(TimestampTz)));
		}
		/* Up from the end. */
		for (hole = tally->kept++; hole > 0 && times[(hole - 1) / 2] > at; hole = (hole - 1) / 2)
			times[hole] = times[(hole - 1) / 2];
	}
	else
	{
		if (at <= times[0])
			return;
		/* Down from the earliest, which goes. */
		for (hole = 0;;)
		{
			int child = 2 * hole + 1;

			if (child + 1 < tally->kept && times[child + 1] < times[child])
				child++;
			if (child >= tally->kept || times[child] >= at)
				break;
			times[hole] = times[child];
			hole = child;
		}
	}
	times[hole] = at;
}

/* A time may be infinite; as_of is not, and not before it. */
static uint64
age_of(TimestampTz at, TimestampTz as_of)
{
	return (uint64) as_of - (uint64) at;
}

/* What is left of a rule's points, rounded to their unit: exact from the weight on, and never more than the points. */
static Points
faded_points(const ScorecardRule *rule, TimestampTz at, TimestampTz as_of)
{
	double half_lives = (double) age_of(at, as_of) / (double) rule->engagement->half_life;
	double weight = TIMESTAMP_IS_NOBEGIN(at) ? 0 : exp2(-half_lives);
	uint128 points = rule->points < 0 ? -(uint128) rule->points : (uint128) rule->points;

	/* 70 bits times 53 bits. */
	points = (points * (uint64) rint(ldexp(weight, 53)) + (UINT64CONST(1) << 52)) >> 53;
	return rule->points < 0 ? -(Points) points : (Points) points;
}

void
engagement_ignore(EngagementState *state, EngagementIgnored reason)
{
	state->ignored[reason] = add_counts(state->ignored[reason], 1);
}

void
engagement_add(EngagementState *state, MemoryContext context, const char *event, int length, TimestampTz at)
{
	int matched;

	if (at > state->as_of)
	{
		engagement_ignore(state, ENGAGEMENT_FUTURE);
		return;
	}
	matched = scorecard_match_event(state->compiled, event, length);
	if (matched == 0)
		engagement_ignore(state, ENGAGEMENT_NO_RULE);
	for (int i = 0; i < matched; i++)
	{
		const ScorecardRule *rule = &state->compiled->card.rules[state->compiled->matched[i]];
		const EngagementCondition *condition = rule->engagement;
		EngagementTally *tally = tally_of(state, context, state->compiled->matched[i]);

		if (condition->window > 0 && age_of(at, state->as_of) >= (uint64) condition->window)
		{
			tally->outside = add_counts(tally->outside, 1);
			continue;
		}
		tally->count = add_counts(tally->count, 1);
		if (keeps_times(condition))
			keep_time(tally, context, condition->limit, at);
		else if (condition->half_life > 0)
			tally->faded += faded_points(rule, at, state->as_of);
	}
}

void
engagement_merge(EngagementState *into, MemoryContext context, const EngagementState *from)
{
	if (into->compiled != from->compiled)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scorecard of engagement must be the same for all rows of a group"),
				 errhint("Add it to GROUP BY.")));
	if (into->as_of != from->as_of)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of of engagement must be the same for all rows of a group"),
				 errhint("Score at one moment, such as now(), or add as_of to GROUP BY.")));
	for (int reason = 0; reason < ENGAGEMENT_IGNORED_REASONS; reason++)
		into->ignored[reason] = add_counts(into->ignored[reason], from->ignored[reason]);
	for (int i = 0; i < from->tally_count; i++)
	{
		const EngagementTally *other = &from->tallies[i];
		EngagementTally *tally = tally_of(into, context, other->rule);

		tally->count = add_counts(tally->count, other->count);
		tally->outside = add_counts(tally->outside, other->outside);
		tally->faded += other->faded;
		for (int j = 0; j < other->kept; j++)
			keep_time(tally, context, condition_of(into, tally)->limit, other->times[j]);
	}
}

Points
engagement_points(const EngagementState *state, const EngagementTally *tally, int64 *counted)
{
	const ScorecardRule *rule = &state->compiled->card.rules[tally->rule];
	const EngagementCondition *condition = rule->engagement;
	Points points = 0;

	*counted = condition->limit > 0 ? Min(tally->count, condition->limit) : tally->count;
	if (condition->half_life == 0)
		return rule->points * *counted;
	if (!keeps_times(condition))
		return tally->faded;
	for (int i = 0; i < tally->kept; i++)
		points += faded_points(rule, tally->times[i], state->as_of);
	return points;
}

Points
engagement_capped(const ScorecardRule *rule, Points points)
{
	const ScorecardBounds *bounds = &rule->engagement->bounds;

	if (!bounds->has_cap)
		return points;
	return points < 0 ? -scorecard_bound(bounds, -points) : scorecard_bound(bounds, points);
}

/* ---------- wire form ---------- */

static void
put_points(StringInfo out, Points points)
{
	pq_sendint64(out, (uint64) ((uint128) points >> 64));
	pq_sendint64(out, (uint64) points);
}

static Points
get_points(StringInfo in)
{
	uint128 high = (uint64) pq_getmsgint64(in);

	return (Points) (high << 64 | (uint64) pq_getmsgint64(in));
}

static int
compare_times(const void *a, const void *b)
{
	TimestampTz left = *(const TimestampTz *) a;
	TimestampTz right = *(const TimestampTz *) b;

	return (left > right) - (left < right);
}

/* The times in order, as ages. */
static void
put_times(StringInfo out, const EngagementTally *tally, TimestampTz as_of)
{
	TimestampTz *sorted = palloc(mul_size(Max(tally->kept, 1), sizeof(TimestampTz)));

	if (tally->kept > 0)
		memcpy(sorted, tally->times, tally->kept * sizeof(TimestampTz));
	qsort(sorted, tally->kept, sizeof(TimestampTz), compare_times);
	for (int i = 0; i < tally->kept; i++)
		wire_put_varint(out, age_of(sorted[i], as_of));
	pfree(sorted);
}

void
engagement_encode(const EngagementState *state, StringInfo out)
{
	int length;
	const char *bytes = scorecard_bytes(state->compiled, &length);

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) length);
	appendBinaryStringInfo(out, bytes, length);
	pq_sendint64(out, state->as_of);
	for (int reason = 0; reason < ENGAGEMENT_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) state->ignored[reason]);
	wire_put_varint(out, (uint64) state->tally_count);
	for (int i = 0; i < state->tally_count; i++)
	{
		const EngagementTally *tally = &state->tallies[i];
		const EngagementCondition *condition = condition_of(state, tally);

		wire_put_varint(out, (uint64) tally->rule);
		wire_put_varint(out, (uint64) tally->count);
		if (condition->window > 0)
			wire_put_varint(out, (uint64) tally->outside);
		if (keeps_times(condition))
			put_times(out, tally, state->as_of);
		else if (condition->half_life > 0)
			put_points(out, tally->faded);
	}
}

static int64
get_count(StringInfo in)
{
	uint64 count = wire_get_varint(in, STATE_NAME);

	wire_check(count <= (uint64) MAX_OCCURRENCES, STATE_NAME, "count out of range");
	return (int64) count;
}

static void
get_times(StringInfo in, EngagementTally *tally, const EngagementCondition *condition, TimestampTz as_of)
{
	int kept = (int) Min(tally->count, condition->limit);
	uint64 before = PG_UINT64_MAX;

	wire_check(kept <= in->len - in->cursor, STATE_NAME, "count exceeds the input");
	tally->times = palloc(mul_size(Max(kept, 1), sizeof(TimestampTz)));
	tally->capacity = Max(kept, 1);
	tally->kept = kept;
	/* Sorted, so a heap. */
	for (int i = 0; i < kept; i++)
	{
		uint64 age = wire_get_varint(in, STATE_NAME);

		wire_check(age <= before, STATE_NAME, "times are not in order");
		wire_check(age <= (uint64) as_of - (uint64) PG_INT64_MIN, STATE_NAME, "time out of range");
		wire_check(condition->window == 0 || age < (uint64) condition->window, STATE_NAME,
				   "time outside the window");
		tally->times[i] = (TimestampTz) ((uint64) as_of - age);
		before = age;
	}
}

static void
get_tally(StringInfo in, EngagementState *state, int previous_rule)
{
	const Scorecard *card = &state->compiled->card;
	uint64 rule = wire_get_varint(in, STATE_NAME);
	EngagementTally *tally;
	const EngagementCondition *condition;

	wire_check(rule >= (uint64) card->fit_count && rule < (uint64) card->rule_count, STATE_NAME,
			   "no such rule");
	wire_check((int) rule > previous_rule, STATE_NAME, "rules are not in order");
	tally = tally_of(state, CurrentMemoryContext, (int) rule);
	condition = card->rules[rule].engagement;
	tally->count = get_count(in);
	if (condition->window > 0)
		tally->outside = get_count(in);
	wire_check(tally->count > 0 || tally->outside > 0, STATE_NAME, "a rule without events");
	if (keeps_times(condition))
		get_times(in, tally, condition, state->as_of);
	else if (condition->half_life > 0)
	{
		Points most = card->rules[rule].points * tally->count;

		tally->faded = get_points(in);
		wire_check(tally->faded >= Min(most, 0) && tally->faded <= Max(most, 0), STATE_NAME,
				   "points out of range");
	}
}

EngagementState *
engagement_decode(StringInfo in)
{
	EngagementState *state;
	CompiledScorecard *compiled;
	int length;
	int tallies;
	TimestampTz as_of;

	wire_get_version(in, STATE_NAME, WIRE_VERSION);
	length = wire_get_count(in, STATE_NAME, 1, SCORECARD_MAX_BYTES + 1);
	compiled = scorecard_from_bytes(pq_getmsgbytes(in, length), length);
	as_of = pq_getmsgint64(in);
	wire_check(!TIMESTAMP_NOT_FINITE(as_of), STATE_NAME, "infinite time");
	state = engagement_create(compiled, as_of);
	for (int reason = 0; reason < ENGAGEMENT_IGNORED_REASONS; reason++)
		state->ignored[reason] = get_count(in);
	tallies = wire_get_count(in, STATE_NAME, 2, SCORECARD_MAX_RULES);
	for (int i = 0; i < tallies; i++)
		get_tally(in, state, i == 0 ? -1 : state->tallies[i - 1].rule);
	return state;
}
