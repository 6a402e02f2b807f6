/*
 * marginal_cost.c
 *	  What the next euro buys: leads as a power of spend, over periods.
 *
 * ln(expected leads) = level + elasticity * ln(spend), fitted as a Poisson
 * regression whose variance is scaled by the dispersion that the periods show
 * (McCullagh and Nelder 1989), so that months without a lead count too.  There
 * are as many rows as periods, so the state keeps them; the fit sorts them, so
 * that their order does not matter.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/builtins.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/counts.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "base/summary.h"

#define STATE_NAME "marginal_cost"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(marginal_cost_accumulate);
PG_FUNCTION_INFO_V1(marginal_cost_accumulate_float8);
PG_FUNCTION_INFO_V1(marginal_cost_final);

#define FEWEST_PERIODS 6
#define MOST_PERIODS 100000
#define LEAST_VARIATION 1.1 /* highest over lowest spend */
#define DEFAULT_LEVEL 0.95
#define MAX_ITERATIONS 100

typedef struct Period
{
	double spend; /* above 0 */
	double leads;
} Period;

typedef struct MarginalCost
{
	MemoryContext context;
	double level; /* of the intervals */
	int64 without_spend;
	int count;
	int capacity;
	Period *periods;
} MarginalCost;

static MarginalCost *
state_create(MemoryContext context, double level)
{
	MarginalCost *state = MemoryContextAllocZero(context, sizeof(MarginalCost));

	state->context = context;
	state->level = level;
	return state;
}

static void
require_level(const MarginalCost *state, double level)
{
	if (level != state->level)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the level of marginal_cost must be the same for all rows of a group"),
				 errdetail("It is %g in one row and %g in another.", state->level, level),
				 errhint("Give one level, such as 0.95, not a column.")));
}

static void
reserve(MarginalCost *state, int64 count)
{
	if (count > MOST_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("marginal_cost has more than %d periods", MOST_PERIODS),
				 errhint("Give one row per period, such as a month, with its spend and leads.")));
	if (count <= state->capacity)
		return;
	state->capacity = Max((int) count, Max(16, 2 * state->capacity));
	if (state->periods == NULL)
		state->periods = MemoryContextAlloc(state->context, mul_size(state->capacity, sizeof(Period)));
	else
		state->periods = repalloc(state->periods, mul_size(state->capacity, sizeof(Period)));
}

/* ---------- wire form and merge ---------- */

static void
state_encode(const void *value, StringInfo out)
{
	const MarginalCost *state = value;

	wire_put_version(out, WIRE_VERSION);
	pq_sendfloat8(out, state->level);
	wire_put_varint(out, (uint64) state->without_spend);
	wire_put_varint(out, (uint64) state->count);
	for (int i = 0; i < state->count; i++)
	{
		pq_sendfloat8(out, state->periods[i].spend);
		pq_sendfloat8(out, state->periods[i].leads);
	}
}

static void *
state_decode(StringInfo in)
{
	MarginalCost *state = state_create(CurrentMemoryContext, 0);

	wire_get_version(in, STATE_NAME, WIRE_VERSION);
	state->level = pq_getmsgfloat8(in);
	state->without_spend = wire_get_int64(in, STATE_NAME, PG_INT64_MAX);
	state->count = wire_get_count(in, STATE_NAME, sizeof(Period), MOST_PERIODS);
	reserve(state, state->count);
	for (int i = 0; i < state->count; i++)
	{
		Period *period = &state->periods[i];

		period->spend = pq_getmsgfloat8(in);
		period->leads = pq_getmsgfloat8(in);
	}
	return state;
}

static void
state_merge(void *into_value, const void *from_value)
{
	MarginalCost *into = into_value;
	const MarginalCost *from = from_value;

	require_level(into, from->level);
	into->without_spend = add_counts(into->without_spend, from->without_spend, STATE_NAME);
	if (from->count == 0)
		return;
	reserve(into, (int64) into->count + from->count);
	memcpy(into->periods + into->count, from->periods, from->count * sizeof(Period));
	into->count += from->count;
}

static const char *
state_contradiction(const void *value)
{
	const MarginalCost *state = value;

	if (!(state->level > 0 && state->level < 1))
		return "level out of range";
	for (int i = 0; i < state->count; i++)
	{
		const Period *period = &state->periods[i];

		if (!(period->spend > 0 && period->leads >= 0 && isfinite(period->spend) && isfinite(period->leads)))
			return "a period out of range";
	}
	return NULL;
}

static const SummaryRoom state_room = {
	.type_name = STATE_NAME,
	.decode = state_decode,
	.encode = state_encode,
	.merge = state_merge,
	.contradiction = state_contradiction,
};

/* ---------- accumulate ---------- */

/* NULL is 0, as FULL JOIN leaves it. */
static double
get_value(FunctionCallInfo fcinfo, int argument, bool is_float8, const char *name,
		  void (*check)(Numeric, const char *))
{
	if (PG_ARGISNULL(argument))
		return 0;
	if (is_float8)
	{
		check(decimal_of_double(PG_GETARG_FLOAT8(argument)), name);
		return PG_GETARG_FLOAT8(argument);
	}
	check(PG_GETARG_NUMERIC(argument), name);
	return numeric_to_double(PG_GETARG_NUMERIC(argument));
}

/* (state, spend, leads [, level]) */
static Datum
accumulate(FunctionCallInfo fcinfo, bool is_float8)
{
	MemoryContext context = aggregate_context(fcinfo, STATE_NAME);
	double level = PG_NARGS() > 3 && !PG_ARGISNULL(3) ? check_level(PG_GETARG_FLOAT8(3)) : DEFAULT_LEVEL;
	MarginalCost *state = PG_ARGISNULL(0) ? state_create(context, level)
										  : (MarginalCost *) PG_GETARG_POINTER(0);
	double spend = get_value(fcinfo, 1, is_float8, "spend", check_amount);
	double leads = get_value(fcinfo, 2, is_float8, "leads", check_quantity);

	require_level(state, level);
	if (spend > 0)
	{
		reserve(state, (int64) state->count + 1);
		state->periods[state->count].spend = spend;
		state->periods[state->count].leads = leads;
		state->count++;
	}
	else
		state->without_spend = add_counts(state->without_spend, 1, STATE_NAME);
	PG_RETURN_POINTER(state);
}

Datum
marginal_cost_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

Datum
marginal_cost_accumulate_float8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

DEFINE_SUMMARY_STATE_FUNCTIONS(&state_room, marginal_cost);

/* ---------- the fit ---------- */

static int
compare_periods(const void *a, const void *b)
{
	const Period *left = a;
	const Period *right = b;

	if (left->spend != right->spend)
		return left->spend < right->spend ? -1 : 1;
	return (left->leads > right->leads) - (left->leads < right->leads);
}

/* Weighted sums around the weighted mean of x. */
typedef struct Line
{
	double weight;
	double mean_x;
	double mean_z;
	double slope;
	double spread; /* weighted sum of squares of x */
} Line;

static Line
weighted_line(int count, const double *x, const double *z, const double *weights)
{
	Line line = {0};
	double products = 0;

	for (int i = 0; i < count; i++)
	{
		line.weight += weights[i];
		line.mean_x += weights[i] * x[i];
		line.mean_z += weights[i] * z[i];
	}
	line.mean_x /= line.weight;
	line.mean_z /= line.weight;
	for (int i = 0; i < count; i++)
	{
		double offset = x[i] - line.mean_x;

		line.spread += weights[i] * offset * offset;
		products += weights[i] * offset * (z[i] - line.mean_z);
	}
	line.slope = products / line.spread;
	return line;
}

/*
 * Iteratively reweighted least squares, from the logarithms of leads + 1/2.
 * False when it does not settle.
 */
static bool
fit_elasticity(const Period *periods, int count, double *elasticity, double *std_error)
{
	double *x = palloc(mul_size(count, sizeof(double)));
	double *z = palloc(mul_size(count, sizeof(double)));
	double *weights = palloc(mul_size(count, sizeof(double)));
	double slope = 0;
	bool settled = false;

	for (int i = 0; i < count; i++)
	{
		x[i] = log(periods[i].spend);
		z[i] = log(periods[i].leads + 0.5);
		weights[i] = periods[i].leads + 0.5;
	}
	for (int iteration = 0; iteration < MAX_ITERATIONS && !settled; iteration++)
	{
		Line line = weighted_line(count, x, z, weights);
		double squares = 0;

		settled = iteration > 0 && fabs(line.slope - slope) <= 1e-12 * (1 + fabs(slope));
		slope = line.slope;
		for (int i = 0; i < count; i++)
		{
			double predictor = line.mean_z + slope * (x[i] - line.mean_x);
			double residual;

			/* Kept from running away while far from the solution. */
			predictor = Min(Max(predictor, -30), 700);
			weights[i] = exp(predictor);
			residual = (periods[i].leads - weights[i]) / weights[i];
			z[i] = predictor + residual;
			squares += weights[i] * residual * residual;
		}
		*elasticity = slope;
		/* Counts vary at least as much as Poisson's do. */
		*std_error = sqrt(Max(1, squares / (count - 2)) / line.spread);
	}
	return settled && isfinite(*elasticity) && isfinite(*std_error);
}

/* ---------- final ---------- */

static void
set_float8(Datum *values, bool *nulls, int column, double value)
{
	values[column] = Float8GetDatum(value);
	nulls[column] = false;
}

/* Fills columns 2 to 8; returns the reason when there is no estimate. */
static const char *
estimate(const Period *periods, int count, double level, Datum *values, bool *nulls)
{
	double spend = 0;
	double leads = 0;
	double cpl;
	double elasticity;
	double std_error;
	double half;

	for (int i = 0; i < count; i++)
	{
		spend += periods[i].spend;
		leads += periods[i].leads;
	}
	cpl = spend / leads;
	if (leads > 0)
		set_float8(values, nulls, 2, cpl);
	if (count < FEWEST_PERIODS)
		return "too_few_periods";
	if (leads == 0)
		return "no_leads";
	if (periods[count - 1].spend < LEAST_VARIATION * periods[0].spend)
		return "spend_does_not_vary";
	if (!fit_elasticity(periods, count, &elasticity, &std_error))
		return "no_convergence";

	half = student_critical_value(count - 2, level) * std_error;
	set_float8(values, nulls, 3, elasticity);
	set_float8(values, nulls, 4, elasticity - half);
	set_float8(values, nulls, 5, elasticity + half);
	if (elasticity + half > 0)
		set_float8(values, nulls, 7, cpl / (elasticity + half));
	if (elasticity - half > 0)
	{
		set_float8(values, nulls, 6, cpl / elasticity);
		set_float8(values, nulls, 8, cpl / (elasticity - half));
		return NULL;
	}
	return elasticity + half < 0 ? "falls_with_spend" : "not_beyond_chance";
}

/*
 * periods, without_spend, cpl, elasticity, elasticity_low, elasticity_high,
 * marginal_cpl, marginal_cpl_low, marginal_cpl_high, reason
 */
Datum
marginal_cost_final(PG_FUNCTION_ARGS)
{
	const MarginalCost *state;
	Period *periods;
	const char *reason;
	Datum values[10] = {0};
	bool nulls[10] = {false, false, true, true, true, true, true, true, true, true};

	state = aggregate_state(fcinfo, 0, STATE_NAME);
	if (state == NULL)
		PG_RETURN_NULL();
	values[0] = Int64GetDatum(state->count);
	values[1] = Int64GetDatum(state->without_spend);

	periods = palloc(mul_size(Max(state->count, 1), sizeof(Period)));
	if (state->count > 0)
	{
		memcpy(periods, state->periods, state->count * sizeof(Period));
		qsort(periods, state->count, sizeof(Period), compare_periods);
	}
	reason = estimate(periods, state->count, state->level, values, nulls);
	if (reason != NULL)
	{
		values[9] = CStringGetTextDatum(reason);
		nulls[9] = false;
	}
	return row_result(fcinfo, values, nulls);
}
