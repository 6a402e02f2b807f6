/*
 * rate_interval.c
 *	  How sure a rate is: intervals by five methods, and two rates compared.
 */
#include "base/compat.h"

#include <math.h>

#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "rate_difference.h"
#include "rate_type.h"

PG_FUNCTION_INFO_V1(rate_low);
PG_FUNCTION_INFO_V1(rate_high);
PG_FUNCTION_INFO_V1(rate_compare);

/*
 * One bound of the interval for x hits and y misses, x + y > 0.  Methods that
 * treat hits and misses alike supply the lower bound; the upper bound is one
 * minus the lower bound with hits and misses exchanged, handed over by
 * "complement" without the loss of digits that a subtraction brings.
 */
typedef double (*LowerBound)(double x, double y, double level, double *complement);

/*
 * Wilson (1927): the rates that the normal approximation does not reject, the
 * roots of (p - x/n)^2 = z^2 p (1 - p) / n.  The smaller root follows from the
 * product of both, which keeps all its digits near zero.
 */
static double
wilson_lower(double x, double y, double level, double *complement)
{
	double z = normal_critical_value(level);
	double n = x + y;
	double spread = z * sqrt(x * (y / n) + z * z / 4);

	/* Never beyond the estimate, which rounding may do next to level zero. */
	*complement = Max(Min((y + z * z / 2 + spread) / (n + z * z), 1), y / n);
	return x == 0 ? 0 : Min(x * (x / n) / (x + z * z / 2 + spread), x / n);
}

/* Agresti and Coull (1998): Wald's interval around Wilson's centre; may leave 0..1. */
static double
agresti_coull_lower(double x, double y, double level, double *complement)
{
	double z = normal_critical_value(level);
	double n = x + y + z * z;
	double centre = (x + z * z / 2) / n;
	double spread = z * sqrt(centre * (1 - centre) / n);

	*complement = (y + z * z / 2) / n + spread;
	return centre - spread;
}

/* Brown, Cai and DasGupta (2001): the posterior for a Beta(1/2, 1/2) prior. */
static double
jeffreys_lower(double x, double y, double level, double *complement)
{
	*complement = 1;
	return x == 0 ? 0 : beta_quantile(x + 0.5, y + 0.5, (1 - level) / 2, complement);
}

/* Clopper and Pearson (1934): each binomial tail at most (1 - level) / 2. */
static double
clopper_pearson_lower(double x, double y, double level, double *complement)
{
	*complement = 1;
	return x == 0 ? 0 : beta_quantile(x, y + 1, (1 - level) / 2, complement);
}

/* Lancaster (1961): the same, the observed count itself weighing one half. */
static double
mid_p_lower(double x, double y, double level, double *complement)
{
	*complement = 1;
	return x == 0 ? 0 : mid_beta_quantile(x + 1, y, (1 - level) / 2, complement);
}

static const struct
{
	const char *name; /* without blanks, '-' and '_' */
	LowerBound lower;
} methods[] = {
	{"wilson", wilson_lower},
	{"jeffreys", jeffreys_lower},
	{"clopperpearson", clopper_pearson_lower},
	{"clopper", clopper_pearson_lower},
	{"exact", clopper_pearson_lower},
	{"midp", mid_p_lower},
	{"agresticoull", agresti_coull_lower},
};

/* Whether the text spells this name, give or take case, blanks, '-' and '_'. */
static bool
spells(const char *text, int length, const char *name)
{
	for (int i = 0; i < length; i++)
	{
		char letter = text[i];

		if (letter == '-' || letter == '_' || letter == ' ')
			continue;
		if (*name == '\0' || pg_tolower((unsigned char) letter) != (unsigned char) *name)
			return false;
		name++;
	}
	return *name == '\0';
}

static LowerBound
find_method(const text *argument)
{
	const char *start = VARDATA_ANY(argument);
	int length = VARSIZE_ANY_EXHDR(argument);

	for (int i = 0; i < (int) lengthof(methods); i++)
	{
		if (spells(start, length, methods[i].name))
			return methods[i].lower;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown interval method \"%s\"", text_to_cstring(argument)),
			 errhint("Methods are wilson, jeffreys, clopper_pearson, mid_p and agresti_coull.")));
}

Datum
rate_low(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	double level = check_level(PG_GETARG_FLOAT8(1));
	LowerBound lower = find_method(PG_GETARG_TEXT_PP(2));
	double complement;

	if (rate->trials == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(lower((double) rate->hits, (double) (rate->trials - rate->hits), level, &complement));
}

Datum
rate_high(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	double level = check_level(PG_GETARG_FLOAT8(1));
	LowerBound lower = find_method(PG_GETARG_TEXT_PP(2));
	double complement;

	if (rate->trials == 0)
		PG_RETURN_NULL();
	(void) lower((double) (rate->trials - rate->hits), (double) rate->hits, level, &complement);
	PG_RETURN_FLOAT8(complement);
}

/*
 * One bound of a rate for the interval of a difference: Wilson's, which gives
 * way to Clopper and Pearson's as the groups' events become too few for it.
 */
static double
bound_for_difference(double x, double y, double level, double exactness, double *complement)
{
	double exact_complement;
	double bound = wilson_lower(x, y, level, complement);

	if (exactness > 0)
	{
		bound += exactness * (clopper_pearson_lower(x, y, level, &exact_complement) - bound);
		*complement += exactness * (exact_complement - *complement);
	}
	return bound;
}

/*
 * The difference a - b: Newcombe's (1998) hybrid score interval, the two-sided
 * p-value, and the probability that the rate behind a is the higher one, given
 * Beta(1/2, 1/2) priors.
 */
Datum
rate_compare(PG_FUNCTION_ARGS)
{
	const Rate *a = PG_GETARG_RATE_P(0);
	const Rate *b = PG_GETARG_RATE_P(1);
	double level = check_level(PG_GETARG_FLOAT8(2));
	Datum values[5] = {0};
	bool nulls[5] = {true, true, true, true, true};

	if (a->trials > 0 && b->trials > 0)
	{
		double hits_a = (double) a->hits;
		double hits_b = (double) b->hits;
		double misses_a = (double) (a->trials - a->hits);
		double misses_b = (double) (b->trials - b->hits);
		double rate_a = hits_a / (double) a->trials;
		double rate_b = hits_b / (double) b->trials;
		/* Over a common denominator, which is exact for counts below 10^8. */
		double difference = (hits_a * misses_b - misses_a * hits_b) /
			((double) a->trials * (double) b->trials);
		double least;
		double p_value = rate_difference_p_value(hits_a, misses_a, hits_b, misses_b, &least);
		/* From one event on Wilson's bounds hold well enough; half an event more, and they are alone. */
		double exactness = p_value < 0 ? 0 : Min(Max(3 - 2 * least, 0), 1);
		double ignored;
		double low_a = bound_for_difference(hits_a, misses_a, level, exactness, &ignored);
		double low_b = bound_for_difference(hits_b, misses_b, level, exactness, &ignored);
		double high_a;
		double high_b;

		(void) bound_for_difference(misses_a, hits_a, level, exactness, &high_a);
		(void) bound_for_difference(misses_b, hits_b, level, exactness, &high_b);
		values[0] = Float8GetDatum(difference);
		values[1] = Float8GetDatum(difference - hypot(rate_a - low_a, high_b - rate_b));
		values[2] = Float8GetDatum(difference + hypot(high_a - rate_a, rate_b - low_b));
		values[4] = Float8GetDatum(
			beta_exceeds_beta(hits_a + 0.5, misses_a + 0.5, hits_b + 0.5, misses_b + 0.5));
		memset(nulls, false, sizeof(nulls));
		/* All hits or no hits on both sides: the test has nothing to go by. */
		nulls[3] = p_value < 0;
		values[3] = Float8GetDatum(p_value);
	}
	return row_result(fcinfo, values, nulls);
}
