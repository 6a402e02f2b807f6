/*
 * revenue_mix_change.c
 *	  Why revenue changed, over segments: volume, mix, conversion, basket.
 *
 * With L leads in all, share s, conversion c and basket b of each segment,
 * revenue is the sum of L s c b.  LMDI (Ang 2005) gives each factor of each
 * segment its effect, weight * ln(after / before), weight being the logarithmic
 * mean of the segment's revenues.  A segment's leads are L s, so
 *
 *		volume = sum(weight) * ln(L after / L before)
 *		mix    = sum(weight * ln(leads after / leads before)) - volume
 *
 * and a state of plain sums is enough.
 */
#include "base/compat.h"

#include "utils/builtins.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/counts.h"
#include "base/exact_sum.h"
#include "base/results.h"
#include "base/summary.h"
#include "decomposition.h"

#define STATE_NAME "revenue_mix_change"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(revenue_mix_change_accumulate);
PG_FUNCTION_INFO_V1(revenue_mix_change_accumulate_bigint);
PG_FUNCTION_INFO_V1(revenue_mix_change_accumulate_float8);
PG_FUNCTION_INFO_V1(revenue_mix_change_final);

enum
{
	LEADS_BEFORE,
	LEADS_AFTER,
	WEIGHT,		  /* of the segments that have revenue in both periods */
	LEADS_EFFECT, /* volume and mix together */
	CONVERSION_EFFECT,
	BASKET_EFFECT,
	SUMS
};

typedef struct RevenueMixChange
{
	MemoryContext context;
	int64 segments;
	Numeric total;		 /* change of revenue */
	Numeric unexplained; /* of it, what leads and sales do not explain */
	ExactSum sums[SUMS];
} RevenueMixChange;

static void *
state_empty(const void *like)
{
	RevenueMixChange *state = palloc0(sizeof(RevenueMixChange));

	state->context = CurrentMemoryContext;
	state->total = int64_to_numeric(0);
	state->unexplained = int64_to_numeric(0);
	return state;
}

static void
add_numeric(const RevenueMixChange *state, Numeric *sum, Numeric value)
{
	MemoryContext previous = MemoryContextSwitchTo(state->context);
	Numeric old = *sum;

	*sum = DatumGetNumeric(DirectFunctionCall2(numeric_add, NumericGetDatum(old), NumericGetDatum(value)));
	pfree(old);
	MemoryContextSwitchTo(previous);
}

/* ---------- wire form and merge ---------- */

static Numeric
get_numeric(StringInfo in)
{
	Numeric value = wire_get_numeric(in);

	wire_check(!numeric_is_nan(value) && !numeric_is_inf(value), STATE_NAME, "revenue is not finite");
	return value;
}

static void
state_encode(const void *value, StringInfo out)
{
	const RevenueMixChange *state = value;

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) state->segments);
	wire_put_numeric(out, state->total);
	wire_put_numeric(out, state->unexplained);
	for (int i = 0; i < SUMS; i++)
		exact_sum_put(out, &state->sums[i]);
}

static void *
state_decode(StringInfo in)
{
	RevenueMixChange *state = state_empty(NULL);

	wire_get_version(in, STATE_NAME, WIRE_VERSION);
	state->segments = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->total = get_numeric(in);
	state->unexplained = get_numeric(in);
	for (int i = 0; i < SUMS; i++)
		exact_sum_get(in, STATE_NAME, &state->sums[i]);
	return state;
}

static void
state_merge(void *into_value, const void *from_value)
{
	RevenueMixChange *into = into_value;
	const RevenueMixChange *from = from_value;

	into->segments = add_counts(into->segments, from->segments, STATE_NAME);
	add_numeric(into, &into->total, from->total);
	add_numeric(into, &into->unexplained, from->unexplained);
	for (int i = 0; i < SUMS; i++)
		exact_sum_merge(&into->sums[i], &from->sums[i]);
}

static const char *
state_contradiction(const void *value)
{
	const ExactSum *sums = ((const RevenueMixChange *) value)->sums;

	return exact_sum_value(&sums[LEADS_BEFORE]) < 0 || exact_sum_value(&sums[LEADS_AFTER]) < 0
		? "fewer leads than none"
		: NULL;
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

/* Up to here sums of any number of rows, and their effects, stay far from the end of float8. */
#define LARGEST_AMOUNT 1e290

/* Leads or sales; NULL is 0, as FULL JOIN leaves it. */
static double
get_quantity(FunctionCallInfo fcinfo, int argument, NumberType type, const char *name)
{
	Numeric value;
	double quantity;

	if (PG_ARGISNULL(argument))
		return 0;
	value = numeric_argument(fcinfo, argument, type);
	check_quantity(value, name);
	quantity = numeric_to_double(value);
	if (quantity > LARGEST_AMOUNT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s of a segment are out of range: %g", name, quantity),
				 errhint("Write at most %g.", LARGEST_AMOUNT)));
	return quantity;
}

/* Three arguments from "first" on: leads, sales and revenue of one period. */
static RevenueChain
get_period(FunctionCallInfo fcinfo, int first, NumberType type, Numeric *revenue)
{
	RevenueChain period;

	period.leads = get_quantity(fcinfo, first, type, "leads");
	period.sales = get_quantity(fcinfo, first + 1, type, "sales");
	if (PG_ARGISNULL(first + 2))
	{
		if (period.sales > 0)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("revenue of a segment with sales is NULL"),
					 errhint("Write 0 for sales that brought nothing.")));
		*revenue = int64_to_numeric(0);
	}
	else
		*revenue = numeric_argument(fcinfo, first + 2, type);
	check_number(*revenue, "revenue");
	period.revenue = numeric_to_double(*revenue);
	return period;
}

/* Adds the effects of a segment's factors; false when leads and sales do not explain its revenue. */
static bool
add_effects(RevenueMixChange *state, const RevenueChain *before, const RevenueChain *after)
{
	double factors_before[CHAIN_FACTORS];
	double factors_after[CHAIN_FACTORS];
	double effects[CHAIN_FACTORS];

	if (before->revenue < 0 || after->revenue < 0 || before->revenue > LARGEST_AMOUNT ||
		after->revenue > LARGEST_AMOUNT ||
		!revenue_chain_factors(before, after, factors_before, factors_after))
		return false;
	decompose_product(LMDI, CHAIN_FACTORS, factors_before, factors_after, effects);
	for (int i = 0; i < CHAIN_FACTORS; i++)
		exact_sum_add(&state->sums[LEADS_EFFECT + i], effects[i]);
	/* A segment that came or went has a share that did, and no weight. */
	if (before->revenue > 0 && after->revenue > 0)
		exact_sum_add(&state->sums[WEIGHT], logarithmic_mean(after->revenue, before->revenue));
	return true;
}

/* (state, leads0, sales0, revenue0, leads1, sales1, revenue1) */
static Datum
accumulate(FunctionCallInfo fcinfo, NumberType type)
{
	RevenueMixChange *state = summary_state(&state_room, fcinfo);
	Numeric revenue_before;
	Numeric revenue_after;
	RevenueChain before = get_period(fcinfo, 1, type, &revenue_before);
	RevenueChain after = get_period(fcinfo, 4, type, &revenue_after);
	Numeric change = DatumGetNumeric(
		DirectFunctionCall2(numeric_sub, NumericGetDatum(revenue_after), NumericGetDatum(revenue_before)));

	if (before.leads > 0 || before.sales > 0 || before.revenue != 0 || after.leads > 0 || after.sales > 0 ||
		after.revenue != 0)
		state->segments = add_counts(state->segments, 1, STATE_NAME);
	exact_sum_add(&state->sums[LEADS_BEFORE], before.leads);
	exact_sum_add(&state->sums[LEADS_AFTER], after.leads);
	add_numeric(state, &state->total, change);
	if (!add_effects(state, &before, &after))
		add_numeric(state, &state->unexplained, change);
	PG_RETURN_POINTER(state);
}

Datum
revenue_mix_change_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_NUMERIC);
}

Datum
revenue_mix_change_accumulate_bigint(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_BIGINT);
}

Datum
revenue_mix_change_accumulate_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, NUMBER_FLOAT8);
}

DEFINE_SUMMARY_STATE_FUNCTIONS(&state_room, revenue_mix_change);

/* ---------- final ---------- */

/* segments, volume, mix, conversion, basket, unexplained, total */
Datum
revenue_mix_change_final(PG_FUNCTION_ARGS)
{
	const RevenueMixChange *state;
	double leads_before;
	double leads_after;
	double leads_effect;
	double effects[4];
	Numeric exact[4];
	Numeric explained;
	Datum values[7];
	bool nulls[7] = {false};

	state = aggregate_state(fcinfo, 0, STATE_NAME);
	if (state == NULL)
		PG_RETURN_NULL();

	leads_before = exact_sum_value(&state->sums[LEADS_BEFORE]);
	leads_after = exact_sum_value(&state->sums[LEADS_AFTER]);
	leads_effect = exact_sum_value(&state->sums[LEADS_EFFECT]);
	/* One segment, or one period without any leads, has no mix that could change. */
	if (state->segments == 1 || leads_before == 0 || leads_after == 0)
		effects[0] = leads_effect;
	else
		effects[0] = exact_sum_value(&state->sums[WEIGHT]) * logarithm_of_ratio(leads_after, leads_before);
	effects[1] = leads_effect - effects[0];
	effects[2] = exact_sum_value(&state->sums[CONVERSION_EFFECT]);
	effects[3] = exact_sum_value(&state->sums[BASKET_EFFECT]);
	explained = DatumGetNumeric(
		DirectFunctionCall2(numeric_sub, NumericGetDatum(state->total), NumericGetDatum(state->unexplained)));
	exact_effects(4, effects, explained, exact);

	values[0] = Int64GetDatum(state->segments);
	for (int i = 0; i < 4; i++)
		values[1 + i] = NumericGetDatum(exact[i]);
	values[5] = NumericGetDatum(state->unexplained);
	values[6] = NumericGetDatum(state->total);
	return row_result(fcinfo, values, nulls);
}
