/*
 * logistic.c
 *	  The SQL functions of a logistic model: type, accessors, scoring.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/argument_cache.h"
#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "logistic_model.h"

#define INTERCEPT "(Intercept)"

/* Not DEFINE_SUMMARY_FUNCTIONS: fitted models do not add up. */
DEFINE_SUMMARY_FUNCTION(&logistic_room, logistic_in, summary_in);
DEFINE_SUMMARY_FUNCTION(&logistic_room, logistic_out, summary_out);
DEFINE_SUMMARY_FUNCTION(&logistic_room, logistic_to_jsonb, summary_to_jsonb);
DEFINE_SUMMARY_FUNCTION(&logistic_room, logistic_recv, summary_recv);
DEFINE_SUMMARY_FUNCTION(&logistic_room, logistic_send, summary_send);

static void *
decode_model(Datum value)
{
	return (void *) summary_from_datum(&logistic_room, value);
}

static const LogisticModel *
model_argument(FunctionCallInfo fcinfo)
{
	return cached_argument(fcinfo, 0, decode_model);
}

/* ---------- how well it fits ---------- */

PG_FUNCTION_INFO_V1(logistic_observations);
Datum
logistic_observations(PG_FUNCTION_ARGS)
{
	const LogisticModel *model = model_argument(fcinfo);

	PG_RETURN_INT64(model->converted + model->others);
}

PG_FUNCTION_INFO_V1(logistic_converted);
Datum
logistic_converted(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(model_argument(fcinfo)->converted);
}

PG_FUNCTION_INFO_V1(logistic_iterations);
Datum
logistic_iterations(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(model_argument(fcinfo)->iterations);
}

PG_FUNCTION_INFO_V1(logistic_ridge);
Datum
logistic_ridge(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(model_argument(fcinfo)->ridge);
}

PG_FUNCTION_INFO_V1(logistic_deviance);
Datum
logistic_deviance(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(model_argument(fcinfo)->deviance);
}

PG_FUNCTION_INFO_V1(logistic_null_deviance);
Datum
logistic_null_deviance(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(model_argument(fcinfo)->null_deviance);
}

PG_FUNCTION_INFO_V1(logistic_log_likelihood);
Datum
logistic_log_likelihood(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(-0.5 * model_argument(fcinfo)->deviance);
}

/* A ridge leaves fewer degrees of freedom than there are coefficients. */
PG_FUNCTION_INFO_V1(logistic_aic);
Datum
logistic_aic(PG_FUNCTION_ARGS)
{
	const LogisticModel *model = model_argument(fcinfo);

	if (model->ridge > 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(model->deviance + 2 * (model->term_count + 1));
}

PG_FUNCTION_INFO_V1(logistic_condition_number);
Datum
logistic_condition_number(PG_FUNCTION_ARGS)
{
	const LogisticModel *model = model_argument(fcinfo);

	if (isinf(model->condition_number))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(model->condition_number);
}

PG_FUNCTION_INFO_V1(logistic_ignored);
Datum
logistic_ignored(PG_FUNCTION_ARGS)
{
	const LogisticModel *model = model_argument(fcinfo);

	return ignored_rows(fcinfo, logistic_ignored_names, model->ignored, LOGISTIC_IGNORED_REASONS);
}

/* ---------- coefficients ---------- */

PG_FUNCTION_INFO_V1(logistic_coefficients);
Datum
logistic_coefficients(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const LogisticModel *model = model_argument(fcinfo);
	double critical = normal_critical_value(check_level(PG_GETARG_FLOAT8(1)));
	const char **names = logistic_term_names(model->attributes, model->attribute_count, model->term_count);

	for (int i = 0; i <= model->term_count; i++)
	{
		double coefficient = model->coefficients[i];
		double std_error = model->std_errors[i];
		double z = coefficient / std_error;
		Datum values[8];
		bool nulls[8] = {false};

		values[0] = CStringGetTextDatum(i == 0 ? INTERCEPT : names[i - 1]);
		values[1] = Float8GetDatum(coefficient);
		values[2] = Float8GetDatum(std_error);
		values[3] = Float8GetDatum(z);
		values[4] = Float8GetDatum(erfc(fabs(z) / sqrt(2)));
		values[5] = Float8GetDatum(exp(coefficient));
		values[6] = Float8GetDatum(coefficient - critical * std_error);
		values[7] = Float8GetDatum(coefficient + critical * std_error);
		/* A constant term under a ridge: nothing is known about it. */
		if (!(std_error > 0) || isinf(std_error))
			nulls[2] = nulls[3] = nulls[4] = nulls[6] = nulls[7] = true;
		/* Of a term in a unit so large that no lead has one. */
		nulls[5] = isinf(exp(coefficient));
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* ---------- scoring ---------- */

/* What the terms of a lead add to its log odds, for explain(). */
typedef struct Contribution
{
	const char *term;
	char *value; /* NULL: the lead lacks it */
	double amount;
} Contribution;

static double
probability_of(double log_odds)
{
	if (isnan(log_odds))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("features are too large to compute with"),
				 errhint("Write them in the units that the logistic_model was fitted to.")));
	return 1 / (1 + exp(-log_odds));
}

/*
 * The features of a lead: NULL when one is missing.  An array that is not like
 * those the model was fitted to is an error.
 */
static const double *
features_argument(FunctionCallInfo fcinfo, const LogisticModel *model)
{
	ArrayType *features = PG_GETARG_ARRAYTYPE_P(1);
	const double *values = float8_elements(features);
	int count = ArrayGetNItems(ARR_NDIM(features), ARR_DIMS(features));

	if (model->attribute_count > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this logistic_model was fitted to attributes, not to an array of features"),
				 errhint("Write the attributes of the lead as jsonb.")));
	if (ARR_NDIM(features) > 1 || count != model->term_count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%d features for a logistic_model of %d", count, model->term_count),
				 errhint("Write the features that the model was fitted to, in the same order.")));
	if (array_contains_nulls(features))
		return NULL;
	for (int i = 0; i < count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("feature %d of a lead is %s", i + 1,
							isnan(values[i]) ? "NaN" : values[i] > 0 ? "Infinity" : "-Infinity"),
					 errhint("Features are finite numbers; for a lead whose feature is unknown write NULL.")));
	return values;
}

/*
 * What the attribute adds.  What the model has not seen adds what it adds on
 * average: the lead is taken for an average one in this respect.
 */
static double
attribute_contribution(const LogisticModel *model, int number, int first_term, JsonbContainer *lead,
					   char **shown)
{
	const LogisticAttribute *attribute = &model->attributes[number];
	const double *coefficients = model->coefficients + 1 + first_term;
	int terms = logistic_attribute_terms(attribute);
	double amount = 0;
	double numeric_value = 0;
	const char *text = NULL;
	int length = 0;
	JsonbValue value;
	LogisticScalar kind = logistic_scalar(getKeyJsonValueFromContainer(lead, attribute->name,
																	   (int) strlen(attribute->name), &value),
										  attribute->name, &numeric_value, &text, &length);
	bool is_numeral = kind == LOGISTIC_TEXT && attribute->is_number &&
		logistic_numeral(text, length, &numeric_value);

	if (kind != LOGISTIC_MISSING && !is_numeral && (kind == LOGISTIC_NUMBER) != attribute->is_number)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("attribute \"%s\" is a %s, but the logistic_model was fitted to %s", attribute->name,
						attribute->is_number ? "text" : "number", attribute->is_number ? "numbers" : "texts"),
				 errhint("Write it as it was when the model was fitted.")));
	if (shown != NULL)
	{
		*shown = NULL;
		if (kind == LOGISTIC_TEXT)
			*shown = pnstrdup(text, length);
		else if (kind == LOGISTIC_NUMBER)
			*shown = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
	}

	if (kind == LOGISTIC_NUMBER || is_numeral)
		return coefficients[0] * numeric_value;
	if (kind == LOGISTIC_TEXT)
	{
		int level = logistic_level(attribute, text, length);

		if (level >= 0)
			return level == 0 ? 0 : coefficients[level - 1];
	}
	else if (attribute->has_missing)
	{
		/* A number that is missing was filled in with the mean of the others, which is the mean of all then. */
		return coefficients[terms - 1] +
			(attribute->is_number ? coefficients[0] * model->means[first_term] : 0);
	}
	for (int term = 0; term < terms; term++)
		amount += coefficients[term] * model->means[first_term + term];
	return amount;
}

/* The log odds of a lead; fills one contribution per attribute when asked. */
static double
score_attributes(FunctionCallInfo fcinfo, const LogisticModel *model, Contribution *contributions)
{
	JsonbContainer *lead = logistic_attributes_of(PG_GETARG_JSONB_P(1));
	double log_odds = model->coefficients[0];
	int term = 0;

	if (model->attribute_count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this logistic_model was fitted to arrays of features, not to attributes"),
				 errhint("Write the features of the lead as an array of numbers.")));
	for (int i = 0; i < model->attribute_count; i++)
	{
		char *shown;
		double amount = attribute_contribution(model, i, term, lead, contributions != NULL ? &shown : NULL);

		if (contributions != NULL)
		{
			contributions[i].term = model->attributes[i].name;
			contributions[i].value = shown;
			contributions[i].amount = amount;
		}
		log_odds += amount;
		term += logistic_attribute_terms(&model->attributes[i]);
	}
	return log_odds;
}

PG_FUNCTION_INFO_V1(logistic_probability);
Datum
logistic_probability(PG_FUNCTION_ARGS)
{
	const LogisticModel *model = model_argument(fcinfo);
	const double *values = features_argument(fcinfo, model);
	double log_odds = model->coefficients[0];

	if (values == NULL)
		PG_RETURN_NULL();
	for (int i = 0; i < model->term_count; i++)
		log_odds += model->coefficients[i + 1] * values[i];
	PG_RETURN_FLOAT8(probability_of(log_odds));
}

PG_FUNCTION_INFO_V1(logistic_probability_attributes);
Datum
logistic_probability_attributes(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(probability_of(score_attributes(fcinfo, model_argument(fcinfo), NULL)));
}

/* One row for the intercept, then one per feature or attribute. */
static void
put_contributions(ReturnSetInfo *result, const LogisticModel *model, const Contribution *contributions,
				  int count)
{
	for (int i = -1; i < count; i++)
	{
		Datum values[3];
		bool nulls[3] = {false, i < 0 || contributions[i].value == NULL, false};

		values[0] = CStringGetTextDatum(i < 0 ? INTERCEPT : contributions[i].term);
		values[1] = nulls[1] ? (Datum) 0 : CStringGetTextDatum(contributions[i].value);
		values[2] = Float8GetDatum(i < 0 ? model->coefficients[0] : contributions[i].amount);
		put_row(result, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(logistic_explain);
Datum
logistic_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const LogisticModel *model = model_argument(fcinfo);
	const double *values = features_argument(fcinfo, model);
	const char **names = logistic_term_names(NULL, 0, model->attribute_count == 0 ? model->term_count : 0);
	Contribution *contributions = palloc(mul_size(Max(model->term_count, 1), sizeof(Contribution)));

	if (values == NULL)
		return (Datum) 0;
	for (int i = 0; i < model->term_count; i++)
	{
		StringInfoData text;

		initStringInfo(&text);
		summary_print_float8(&text, values[i]);
		contributions[i].term = names[i];
		contributions[i].value = text.data;
		contributions[i].amount = model->coefficients[i + 1] * values[i];
	}
	put_contributions(result, model, contributions, model->term_count);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(logistic_explain_attributes);
Datum
logistic_explain_attributes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const LogisticModel *model = model_argument(fcinfo);
	Contribution *contributions = palloc(mul_size(Max(model->attribute_count, 1), sizeof(Contribution)));

	(void) score_attributes(fcinfo, model, contributions);
	put_contributions(result, model, contributions, model->attribute_count);
	return (Datum) 0;
}
