/*
 * profile_points.c
 *	  A points card learned from a profile.
 *
 * The log odds of conversion are those of all leads plus the weights of
 * evidence of a lead's bins; or, of a regression, its intercept plus these
 * weights times their coefficients.  Points are a straight line through the log
 * odds: so many at the base odds, and "pdo" more whenever the odds double.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/results.h"
#include "profile_evidence.h"

#define MAX_DIGITS 9

static double
finite_argument(FunctionCallInfo fcinfo, int argument, const char *name, bool positive)
{
	double value = PG_GETARG_FLOAT8(argument);

	/* Written so that NaN fails too. */
	if (!(isfinite(value) && (!positive || value > 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number%s, not %g", name, positive ? " above zero" : "", value),
				 errhint("Usual are 20 points to double the odds, and 600 points at odds of 1 (one lead in two converts).")));
	return value;
}

typedef struct Scale
{
	double factor; /* points per unit of log odds */
	double offset; /* points at log odds of zero */
	bool is_rounded;
	double unit; /* rounded to multiples of 1 / unit */
} Scale;

static double
rounded(const Scale *scale, double points)
{
	return scale->is_rounded ? round(points * scale->unit) / scale->unit : points;
}

/* What weights of evidence are multiplied with. */
typedef struct Coefficients
{
	double intercept;
	double *attributes; /* by number in the profile; NaN: the attribute has no points */
} Coefficients;

/* The coefficients of a regression by name: terms and coefficients, the intercept first. */
static Coefficients
coefficient_arguments(FunctionCallInfo fcinfo, const ProfileSummary *profile)
{
	ArrayType *terms = PG_GETARG_ARRAYTYPE_P(7);
	ArrayType *coefficients = PG_GETARG_ARRAYTYPE_P(8);
	const double *values = float8_elements(coefficients);
	Coefficients result;
	Datum *names;
	bool *nulls;
	int count;

	deconstruct_array(terms, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
	if (count < 1 || count != ArrayGetNItems(ARR_NDIM(coefficients), ARR_DIMS(coefficients)) ||
		array_contains_nulls(terms) || array_contains_nulls(coefficients))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a regression has a coefficient for each term, the intercept first"),
				 errhint("Call scorecard_points(profile, model, ...), which takes them from the model.")));
	result.intercept = values[0];
	result.attributes = palloc(mul_size(Max(profile->names.count, 1), sizeof(double)));
	for (int i = 0; i < profile->names.count; i++)
		result.attributes[i] = NAN;
	for (int i = 1; i < count; i++)
	{
		char *name = TextDatumGetCString(names[i]);
		int attribute = text_dictionary_find(&profile->names, name, (int) strlen(name));

		if (attribute < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the model has the term \"%s\", which is no attribute of the profile", name),
					 errhint("Fit it to weights of evidence by name: logistic_model(converted, evidence(profile, attributes), terms).")));
		result.attributes[attribute] = values[i];
	}
	return result;
}

/* (profile, pdo, base_points, base_odds, bins, monotone, digits [, terms, coefficients]) */
static Datum
put_points(FunctionCallInfo fcinfo, bool has_coefficients)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int max_bins = profile_bins_argument(fcinfo, 4);
	bool monotone = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	const ProfileSummary *profile;
	Coefficients coefficients = {0};
	Datum values[8] = {0};
	bool nulls[8] = {true, true, false, false, true, true, true, false};
	Scale scale = {0};
	int *sorted;

	for (int argument = 0; argument < 4; argument++)
		if (PG_ARGISNULL(argument))
			return (Datum) 0;
	if (has_coefficients && (PG_ARGISNULL(7) || PG_ARGISNULL(8)))
		return (Datum) 0;
	scale.factor = finite_argument(fcinfo, 1, "pdo", true) / log(2);
	scale.offset = finite_argument(fcinfo, 2, "base_points", false) -
		scale.factor * log(finite_argument(fcinfo, 3, "base_odds", true));
	scale.is_rounded = !PG_ARGISNULL(6);
	if (scale.is_rounded)
	{
		int digits = PG_GETARG_INT32(6);

		if (digits < 0 || digits > MAX_DIGITS)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("digits must be between 0 and %d, not %d", MAX_DIGITS, digits),
					 errhint("0 makes whole points; NULL leaves them as they are.")));
		scale.unit = pow(10, digits);
	}
	profile = summary_from_datum(&profile_room, PG_GETARG_DATUM(0));
	if (profile->leads[PROFILE_LOST] == 0 || profile->leads[PROFILE_WON] == 0)
		return (Datum) 0;
	coefficients.intercept = log((double) profile->leads[PROFILE_WON]) -
		log((double) profile->leads[PROFILE_LOST]);
	if (has_coefficients)
		coefficients = coefficient_arguments(fcinfo, profile);

	/* What every lead gets. */
	values[2] = CStringGetTextDatum("all leads");
	values[3] = CStringGetTextDatum("base");
	values[7] = Float8GetDatum(rounded(&scale, scale.offset + scale.factor * coefficients.intercept));
	put_row(result, values, nulls);

	sorted = profile_sorted_attributes(profile);
	for (int i = 0; i < profile->names.count; i++)
	{
		double coefficient = has_coefficients ? coefficients.attributes[sorted[i]] : 1;
		ProfileEvidence *evidence;
		int number = 0;

		CHECK_FOR_INTERRUPTS();
		if (isnan(coefficient))
			continue;
		evidence = profile_evidence(profile, &profile->attributes[sorted[i]], max_bins, monotone);
		values[0] = CStringGetTextDatum(profile->names.texts[sorted[i]]);
		nulls[0] = nulls[1] = false;
		for (int bin = 0; bin < evidence->bins.count; bin++)
		{
			if (!profile_bin_has_leads(evidence->counts[bin]))
				continue;
			profile_bin_columns(&evidence->bins, bin, ++number, values + 1, nulls + 1);
			values[7] = Float8GetDatum(rounded(&scale, scale.factor * coefficient * evidence->weights[bin]));
			put_row(result, values, nulls);
		}
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(profile_points);
Datum
profile_points(PG_FUNCTION_ARGS)
{
	return put_points(fcinfo, false);
}

PG_FUNCTION_INFO_V1(profile_points_of_coefficients);
Datum
profile_points_of_coefficients(PG_FUNCTION_ARGS)
{
	return put_points(fcinfo, true);
}
