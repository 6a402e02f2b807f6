/*
 * logistic_aggregate.c
 *	  The aggregate that fits a logistic model: accumulate, combine, final.
 *
 * Maximum likelihood needs every row in every step, so the state is the rows.
 */
#include "base/compat.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/counts.h"
#include "logistic_design.h"
#include "logistic_state.h"

/* ---------- arguments ---------- */

static double
ridge_argument(FunctionCallInfo fcinfo, int argument)
{
	double ridge;

	if (PG_NARGS() <= argument || PG_ARGISNULL(argument))
		return 0;
	ridge = PG_GETARG_FLOAT8(argument);
	/* Written so that NaN fails too. */
	if (!(ridge >= 0 && isfinite(ridge)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ridge %g is not a finite number of zero or more", ridge),
				 errhint("0 fits exactly; larger numbers pull the coefficients towards zero.")));
	return ridge + 0.0;
}

static void
require_same_ridge(double first, double second)
{
	if (first != second)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("logistic_model with ridge %g and ridge %g", first, second),
				 errhint("The ridge must be the same in all rows.")));
}

static void
require_same_width(int first, int second)
{
	if (first != second)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("leads with %d and with %d features", first, second),
				 errhint("Write the same features for each lead, in the same order.")));
}

static void
raise_other_terms(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("logistic_model with different terms"),
			 errhint("The terms must be the same in all rows.")));
}

/* ---------- accumulate ---------- */

static LogisticState *
state_argument(FunctionCallInfo fcinfo, int ridge_place)
{
	MemoryContext context = aggregate_context(fcinfo, "logistic_model");
	double ridge = ridge_argument(fcinfo, ridge_place);
	LogisticState *state;

	if (PG_ARGISNULL(0))
		return logistic_state_create(context, ridge);
	state = (LogisticState *) PG_GETARG_POINTER(0);
	require_same_ridge(state->ridge, ridge);
	return state;
}

/* (state, converted, features [, ridge]) */
PG_FUNCTION_INFO_V1(logistic_accumulate);
Datum
logistic_accumulate(PG_FUNCTION_ARGS)
{
	LogisticState *state = state_argument(fcinfo, 3);
	ArrayType *features;
	const double *values;
	int width;

	if (PG_ARGISNULL(1))
	{
		state->ignored[LOGISTIC_NULL_CONVERTED]++;
		PG_RETURN_POINTER(state);
	}
	features = PG_ARGISNULL(2) ? NULL : PG_GETARG_ARRAYTYPE_P(2);
	if (features == NULL || array_contains_nulls(features))
	{
		state->ignored[LOGISTIC_NULL_FEATURES]++;
		PG_RETURN_POINTER(state);
	}
	if (ARR_NDIM(features) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the features of a lead must have one dimension, not %d", ARR_NDIM(features)),
				 errhint("Write an array of numbers, for example '{120, 0.5}'.")));
	width = ArrayGetNItems(ARR_NDIM(features), ARR_DIMS(features));
	if (state->rows.width == 0)
		logistic_state_set_width(state, width);
	require_same_width(state->rows.width, width);
	values = float8_elements(features);
	for (int i = 0; i < width; i++)
	{
		/* Adding zero turns -0 into 0. */
		state->row[i] = values[i] + 0.0;
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("feature %d of a lead is %s", i + 1,
							isnan(values[i]) ? "NaN" : values[i] > 0 ? "Infinity" : "-Infinity"),
					 errhint("Features are finite numbers; a NULL leaves the lead out and counts it in ignored().")));
	}
	logistic_rows_add(&state->rows, state->row, 1, PG_GETARG_BOOL(1));
	PG_RETURN_POINTER(state);
}

/* (state, converted, attributes, terms [, ridge]) */
PG_FUNCTION_INFO_V1(logistic_accumulate_attributes);
Datum
logistic_accumulate_attributes(PG_FUNCTION_ARGS)
{
	LogisticState *state = state_argument(fcinfo, 4);
	ArrayType *terms;
	JsonbContainer *object;

	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the terms of a logistic_model must not be NULL"),
				 errhint("Write the names of attributes, for example '{industry,employees}'.")));
	terms = PG_GETARG_ARRAYTYPE_P(3);
	if (state->terms == NULL)
		logistic_state_set_terms(state, terms);
	else if (VARSIZE(state->terms) != VARSIZE(terms) || memcmp(state->terms, terms, VARSIZE(terms)) != 0)
		raise_other_terms();
	if (PG_ARGISNULL(1))
	{
		state->ignored[LOGISTIC_NULL_CONVERTED]++;
		PG_RETURN_POINTER(state);
	}
	if (PG_ARGISNULL(2))
	{
		state->ignored[LOGISTIC_NULL_FEATURES]++;
		PG_RETURN_POINTER(state);
	}
	object = logistic_attributes_of(PG_GETARG_JSONB_P(2));
	for (int i = 0; i < state->attribute_count; i++)
	{
		LogisticAttributeState *attribute = &state->attributes[i];
		JsonbValue value;
		const char *text = NULL;
		int length = 0;
		LogisticScalar kind;

		kind = logistic_scalar(getKeyJsonValueFromContainer(object, attribute->name,
															(int) strlen(attribute->name), &value),
							   attribute->name, &state->row[i], &text, &length);
		if (kind == LOGISTIC_TEXT)
			state->row[i] = logistic_state_text(state, i, text, length);
		else if (kind == LOGISTIC_NUMBER)
			logistic_state_require_number(state, i);
		else
			state->row[i] = get_float8_nan();
	}
	logistic_rows_add(&state->rows, state->row, 1, PG_GETARG_BOOL(1));
	PG_RETURN_POINTER(state);
}

/* ---------- combine ---------- */

/* What the levels of one state are in another; a second look when they made it turn to numbers. */
static double *
translate_levels(LogisticState *into, int place, const LogisticAttributeState *from)
{
	LogisticAttributeState *attribute = &into->attributes[place];
	double *values = palloc(mul_size(Max(from->levels.count, 1), sizeof(double)));
	LogisticScalar kind;

	if (from->kind == LOGISTIC_NUMBER)
		logistic_state_require_number(into, place);
	do
	{
		kind = attribute->kind;
		for (int level = 0; level < from->levels.count; level++)
			values[level] = logistic_state_text(into, place, from->levels.texts[level],
												(int) strlen(from->levels.texts[level]));
	} while (kind == LOGISTIC_TEXT && attribute->kind == LOGISTIC_NUMBER);
	return values;
}

static void
merge_states(LogisticState *into, const LogisticState *from)
{
	double **values;

	require_same_ridge(into->ridge, from->ridge);
	add_each_count(into->ignored, from->ignored, LOGISTIC_IGNORED_REASONS, "logistic_model");
	if (from->rows.width == 0)
		return;
	if (into->rows.width == 0)
	{
		if (from->terms != NULL)
			logistic_state_set_terms(into, (ArrayType *) from->terms);
		else
			logistic_state_set_width(into, from->rows.width);
	}
	/* By name: the same array may have been spelled in another way. */
	if (into->attribute_count != from->attribute_count)
		raise_other_terms();
	for (int i = 0; i < into->attribute_count; i++)
		if (strcmp(into->attributes[i].name, from->attributes[i].name) != 0)
			raise_other_terms();
	require_same_width(into->rows.width, from->rows.width);
	values = palloc(mul_size(Max(from->attribute_count, 1), sizeof(double *)));
	for (int i = 0; i < from->attribute_count; i++)
		values[i] = translate_levels(into, i, &from->attributes[i]);
	for (Size row = 0; row < from->rows.count; row++)
	{
		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		memcpy(into->row, logistic_row(&from->rows, row), from->rows.width * sizeof(double));
		for (int i = 0; i < from->attribute_count; i++)
			if (from->attributes[i].kind == LOGISTIC_TEXT && !isnan(into->row[i]))
				into->row[i] = values[i][(int) into->row[i]];
		logistic_rows_add(&into->rows, into->row, logistic_row_leads(&from->rows, row),
						  logistic_row_converted(&from->rows, row));
	}
}

PG_FUNCTION_INFO_V1(logistic_combine);
Datum
logistic_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, "logistic_model");
	LogisticState *into = PG_ARGISNULL(0) ? NULL : (LogisticState *) PG_GETARG_POINTER(0);
	const LogisticState *from = PG_ARGISNULL(1) ? NULL : (LogisticState *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = logistic_state_create(context, from->ridge);
		merge_states(into, from);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

/* ---------- final ---------- */

static int
compare_levels(const void *a, const void *b)
{
	return strcmp(**(char **const *) a, **(char **const *) b);
}

/*
 * The attribute with its levels in byte order; "ranks" receives the place of each,
 * or the number that it is when all are, or NULL where rows have numbers already.
 */
static LogisticAttribute
finish_attribute(const LogisticAttributeState *state, double **ranks)
{
	LogisticAttribute attribute = {.name = state->name, .is_number = state->kind == LOGISTIC_NUMBER};
	int count = state->levels.count;
	double *numbers = count > 0 ? logistic_numerals(&state->levels) : NULL;
	char ***sorted;

	*ranks = NULL;
	if (attribute.is_number)
		return attribute;
	if (numbers != NULL)
	{
		attribute.is_number = true;
		*ranks = numbers;
		return attribute;
	}
	sorted = palloc(mul_size(Max(count, 1), sizeof(char **)));

	attribute.level_count = count;
	attribute.levels = palloc(mul_size(Max(count, 1), sizeof(char *)));
	*ranks = palloc(mul_size(Max(count, 1), sizeof(double)));
	for (int level = 0; level < count; level++)
		sorted[level] = &state->levels.texts[level];
	if (count > 1)
		qsort(sorted, count, sizeof(char **), compare_levels);
	for (int level = 0; level < count; level++)
	{
		attribute.levels[level] = *sorted[level];
		(*ranks)[sorted[level] - state->levels.texts] = level;
	}
	pfree(sorted);
	return attribute;
}

/* Whether some leads have the attribute and they are not all alike. */
static bool
attribute_tells(const LogisticAttribute *attribute, LogisticScalar kind, double ridge)
{
	return kind != LOGISTIC_MISSING && (ridge > 0 || logistic_attribute_terms(attribute) > 0);
}

static void
check_attribute(const LogisticAttribute *attribute, LogisticScalar kind, double ridge)
{
	if (kind == LOGISTIC_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("no lead has the attribute \"%s\"", attribute->name),
				 errhint("Check how it is written, or leave it out.")));
	if (ridge == 0 && logistic_attribute_terms(attribute) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("attribute \"%s\" of a logistic_model is \"%s\" for every lead", attribute->name,
						attribute->levels[0]),
				 errdetail("It cannot be told apart from the intercept."),
				 errhint("Leave out the attribute, or give a ridge, such as 1.")));
}

/*
 * No rows: NULL, as for every aggregate.  Where the leads allow no model, such as
 * rows that were all ignored: an error, or NULL for who would rather give up.
 */
static Datum
fit_model(FunctionCallInfo fcinfo, bool gives_up)
{
	const LogisticState *state;
	LogisticModel model = {0};
	LogisticRows rows;
	LogisticDesign design;
	LogisticFit fit;
	Datum result;
	MemoryContext scratch;
	MemoryContext previous;

	state = aggregate_state(fcinfo, 0, "logistic_model");
	if (state == NULL)
		PG_RETURN_NULL();
	if (state->rows.count == 0 && gives_up)
		PG_RETURN_NULL();
	if (state->rows.count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("logistic_model has no leads: every row lacks its outcome or a feature"),
				 errhint("Leave out groups without leads, for example with HAVING or a join.")));
	scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi logistic_model", ALLOCSET_DEFAULT_SIZES);
	previous = MemoryContextSwitchTo(scratch);
	rows = state->rows;
	model.ridge = state->ridge;
	memcpy(model.ignored, state->ignored, sizeof(model.ignored));
	if (state->attribute_count == 0)
		model.term_count = rows.width;
	else
	{
		double **ranks = palloc(mul_size(state->attribute_count, sizeof(double *)));

		model.attribute_count = state->attribute_count;
		model.attributes = palloc(mul_size(model.attribute_count, sizeof(LogisticAttribute)));
		for (int i = 0; i < model.attribute_count; i++)
			model.attributes[i] = finish_attribute(&state->attributes[i], &ranks[i]);
		rows = logistic_rank_levels(&state->rows, model.attributes, ranks);
		for (int i = 0; i < model.attribute_count; i++)
		{
			if (gives_up && !attribute_tells(&model.attributes[i], state->attributes[i].kind, state->ridge))
			{
				MemoryContextSwitchTo(previous);
				MemoryContextDelete(scratch);
				PG_RETURN_NULL();
			}
			check_attribute(&model.attributes[i], state->attributes[i].kind, state->ridge);
			model.term_count += logistic_attribute_terms(&model.attributes[i]);
		}
		if (model.term_count > LOGISTIC_MAX_TERMS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the attributes of a logistic_model make %d terms", model.term_count),
					 errhint("There may be up to %d: group the rare texts, or leave attributes out.",
							 LOGISTIC_MAX_TERMS)));
	}
	design = logistic_design_build(&rows, &model);
	design.gives_up = gives_up;
	if (model.ridge == 0 && !gives_up)
		design.pure_levels = logistic_pure_levels(&rows, &model);
	if (!logistic_fit(&design, model.ridge, &fit))
	{
		MemoryContextSwitchTo(previous);
		MemoryContextDelete(scratch);
		PG_RETURN_NULL();
	}
	model.iterations = fit.iterations;
	model.deviance = fit.deviance;
	model.null_deviance = fit.null_deviance;
	model.condition_number = fit.condition_number;
	model.coefficients = fit.coefficients;
	model.std_errors = fit.std_errors;
	model.means = fit.means;
	MemoryContextSwitchTo(previous);
	result = summary_to_datum(&logistic_room, &model);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(result);
}

PG_FUNCTION_INFO_V1(logistic_final);
Datum
logistic_final(PG_FUNCTION_ARGS)
{
	return fit_model(fcinfo, false);
}

PG_FUNCTION_INFO_V1(logistic_try_final);
Datum
logistic_try_final(PG_FUNCTION_ARGS)
{
	return fit_model(fcinfo, true);
}
