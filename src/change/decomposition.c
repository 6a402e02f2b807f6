/*
 * decomposition.c
 *	  What each factor of a product contributes to its change.
 *
 * LMDI is the logarithmic mean Divisia index in its additive form (Ang 2005):
 * a factor's effect is the logarithmic mean of both products times the
 * logarithm of the factor's ratio.  These add up without a residual, and do
 * not depend on an order of the factors.  Zeros are taken in the limit (Ang
 * and Liu 2007): the factors that vanish carry the whole change.
 *
 * Shapley is the mean over all orders in which the factors can change.  For a
 * product that is a sum of elementary symmetric terms, so no order is
 * enumerated.
 */
#include "decomposition.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"

DecompositionMethod
decomposition_method(const text *name)
{
	char *spelled = text_to_cstring(name);

	if (pg_strcasecmp(spelled, "lmdi") == 0)
		return LMDI;
	if (pg_strcasecmp(spelled, "shapley") == 0)
		return SHAPLEY;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown decomposition method \"%s\"", spelled),
			 errhint("Methods are lmdi and shapley.")));
}

double
logarithm_of_ratio(double a, double b)
{
	double change = (a - b) / b;

	return fabs(change) < 0.5 ? log1p(change) : log(a) - log(b);
}

double
logarithmic_mean(double a, double b)
{
	return a == b ? a : (a - b) / logarithm_of_ratio(a, b);
}

static double
product_of(int count, const double *factors)
{
	double product = 1;

	for (int i = 0; i < count; i++)
		product *= factors[i];
	return product;
}

/* The factors that are zero share a product that comes or goes. */
static void
share_among_zeros(int count, const double *factors, double change, double *effects)
{
	int zeros = 0;

	for (int i = 0; i < count; i++)
		zeros += factors[i] == 0;
	for (int i = 0; i < count; i++)
		effects[i] = factors[i] == 0 ? change / zeros : 0;
}

static void
decompose_by_logarithmic_mean(int count, const double *before, const double *after, double *effects)
{
	double product_before = product_of(count, before);
	double product_after = product_of(count, after);
	double mean;

	if (product_before == 0 && product_after == 0)
		memset(effects, 0, count * sizeof(double));
	else if (product_before == 0)
		share_among_zeros(count, before, product_after, effects);
	else if (product_after == 0)
		share_among_zeros(count, after, -product_before, effects);
	else
	{
		mean = logarithmic_mean(product_after, product_before);
		for (int i = 0; i < count; i++)
			effects[i] = mean * logarithm_of_ratio(after[i], before[i]);
	}
}

/*
 * The effect of factor k is its change times the mean product of the others,
 * over the orders in which the factors change.  Of the others, s have changed
 * before it in one order out of count * C(count - 1, s) per choice of them.
 */
static void
decompose_by_shapley(int count, const double *before, const double *after, double *effects)
{
	for (int k = 0; k < count; k++)
	{
		/* terms[s]: the sum over all choices of s changed factors */
		double terms[MAX_FACTORS + 1] = {1};
		int degree = 0;
		double weight = 1.0 / count;
		double mean = 0;

		for (int i = 0; i < count; i++)
		{
			if (i == k)
				continue;
			degree++;
			terms[degree] = 0;
			for (int s = degree; s > 0; s--)
				terms[s] = terms[s] * before[i] + terms[s - 1] * after[i];
			terms[0] *= before[i];
		}
		for (int s = 0; s <= degree; s++)
		{
			mean += weight * terms[s];
			weight *= (double) (s + 1) / (degree - s);
		}
		effects[k] = (after[k] - before[k]) * mean;
	}
}

static void
check_effects(int count, const double *effects)
{
	for (int i = 0; i < count; i++)
		if (!isfinite(effects[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a product of factors is out of range")));
}

void
decompose_product(DecompositionMethod method, int count, const double *before, const double *after,
				  double *effects)
{
	Assert(count <= MAX_FACTORS);
	if (method == SHAPLEY)
		decompose_by_shapley(count, before, after, effects);
	else
		decompose_by_logarithmic_mean(count, before, after, effects);
	check_effects(count, effects);
}

/* A double as numeric, to this many decimals: it holds no more digits. */
static Numeric
effect_to_numeric(double effect, int decimals)
{
	char text[DOUBLE_SHORTEST_DECIMAL_LEN];
	Datum value;

	double_to_shortest_decimal_buf(effect, text);
	value = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
								Int32GetDatum(-1));
	value = DirectFunctionCall2(numeric_round, value, Int32GetDatum(decimals));
	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, value));
}

void
exact_effects(int count, const double *effects, Numeric total, Numeric *result)
{
	int largest = 0;
	int decimals;
	Datum rest = NumericGetDatum(total);

	if (count == 0)
		return;
	check_effects(count, effects);
	for (int i = 1; i < count; i++)
		if (fabs(effects[i]) > fabs(effects[largest]))
			largest = i;
	/* Sixteen digits of the largest effect. */
	decimals = effects[largest] == 0 ? 0 : 15 - (int) floor(log10(fabs(effects[largest])));
	for (int i = 0; i < count; i++)
	{
		if (i == largest)
			continue;
		result[i] = effect_to_numeric(effects[i], decimals);
		rest = DirectFunctionCall2(numeric_sub, rest, NumericGetDatum(result[i]));
	}
	result[largest] = DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, rest));
}

/* A ratio of the chain in both periods; true unless something came from nothing. */
static bool
chain_ratio(double amount_before, double base_before, double amount_after, double base_after, double *before,
			double *after)
{
	if ((base_before == 0 && amount_before != 0) || (base_after == 0 && amount_after != 0))
		return false;
	*before = base_before == 0 ? 0 : amount_before / base_before;
	*after = base_after == 0 ? *before : amount_after / base_after;
	if (base_before == 0)
		*before = *after;
	return true;
}

bool
revenue_chain_factors(const RevenueChain *before, const RevenueChain *after,
					  double factors_before[CHAIN_FACTORS], double factors_after[CHAIN_FACTORS])
{
	factors_before[0] = before->leads;
	factors_after[0] = after->leads;
	return chain_ratio(before->sales, before->leads, after->sales, after->leads, &factors_before[1],
					   &factors_after[1]) &&
		chain_ratio(before->revenue, before->sales, after->revenue, after->sales, &factors_before[2],
					&factors_after[2]);
}
