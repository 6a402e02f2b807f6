/*
 * logistic_aggregate.c
 *	  The aggregate that fits a logistic model: accumulate, combine, serialize,
 *	  deserialize, final.
 *
 * Maximum likelihood needs every row in every step, so the state is the rows.
 * A row is as many numbers as there are features; of attributes, the number
 * itself, or the number of the level in the attribute's dictionary.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/text_dictionary.h"
#include "logistic_design.h"
#include "logistic_model.h"
#include "logistic_rows.h"

#define TYPE_NAME "logistic_model"
#define WIRE_VERSION 1

/* What is kept free of a shipped state for all but its rows. */
#define SHIPPED_RESERVE (64 * 1024)

typedef struct AttributeState
{
	char *name;
	LogisticScalar kind; /* LOGISTIC_MISSING until a lead has it */
	TextDictionary levels;
} AttributeState;

typedef struct LogisticState
{
	MemoryContext context;
	double ridge;
	int64 ignored[LOGISTIC_IGNORED_REASONS];
	struct varlena *terms; /* the argument, to tell when it changes */
	int attribute_count;
	AttributeState *attributes;
	LogisticRows rows; /* of width 0 before the first */
	double *row;	   /* the next one */
} LogisticState;

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
raise_other_terms(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("logistic_model with different terms"),
			 errhint("The terms must be the same in all rows.")));
}

static void
set_width(LogisticState *state, int width)
{
	MemoryContext previous = MemoryContextSwitchTo(state->context);

	if (width > LOGISTIC_MAX_TERMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("logistic_model with %d features", width),
				 errhint("There may be up to %d.", LOGISTIC_MAX_TERMS)));
	if (width == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("logistic_model without features"),
				 errhint("Write an array of numbers, the same ones for each lead.")));
	logistic_rows_init(&state->rows, width);
	state->row = palloc(width * sizeof(double));
	MemoryContextSwitchTo(previous);
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

/* The attributes named by the argument, which is kept. */
static void
set_terms(LogisticState *state, ArrayType *terms)
{
	MemoryContext previous = MemoryContextSwitchTo(state->context);
	Datum *names;
	bool *nulls;
	int count;

	if (ARR_NDIM(terms) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the terms of a logistic_model must have one dimension, not %d", ARR_NDIM(terms)),
				 errhint("Write the names of attributes, for example '{industry,employees}'.")));
	deconstruct_array(terms, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
	set_width(state, count);
	state->terms = (struct varlena *) memcpy(palloc(VARSIZE(terms)), terms, VARSIZE(terms));
	state->attribute_count = count;
	state->attributes = palloc0(count * sizeof(AttributeState));
	for (int i = 0; i < count; i++)
	{
		AttributeState *attribute = &state->attributes[i];

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("term %d of a logistic_model is NULL", i + 1),
					 errhint("Write the names of attributes, for example '{industry,employees}'.")));
		attribute->name = TextDatumGetCString(names[i]);
		text_dictionary_init(&attribute->levels);
		for (int j = 0; j < i; j++)
			if (strcmp(attribute->name, state->attributes[j].name) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("term \"%s\" of a logistic_model is there twice", attribute->name),
						 errhint("Write each attribute once.")));
	}
	MemoryContextSwitchTo(previous);
}

/* ---------- accumulate ---------- */

static LogisticState *
create_state(MemoryContext context, double ridge)
{
	LogisticState *state = MemoryContextAllocZero(context, sizeof(LogisticState));

	state->context = context;
	state->ridge = ridge;
	return state;
}

static LogisticState *
state_argument(FunctionCallInfo fcinfo, int ridge_place)
{
	MemoryContext context = aggregate_context(fcinfo, "logistic_model");
	double ridge = ridge_argument(fcinfo, ridge_place);
	LogisticState *state;

	if (PG_ARGISNULL(0))
		return create_state(context, ridge);
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
		set_width(state, width);
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

static void
raise_two_kinds(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("attribute \"%s\" is a number for some leads and a text for others", name),
			 errhint("Write all of them as numbers, or all as texts.")));
}

/* The numbers that the texts of an attribute are; NULL when they are not all numbers. */
static double *
numerals(const TextDictionary *levels)
{
	double *numbers = palloc(Max(levels->count, 1) * sizeof(double));

	for (int level = 0; level < levels->count; level++)
		if (!logistic_numeral(levels->texts[level], (int) strlen(levels->texts[level]), &numbers[level]))
		{
			pfree(numbers);
			return NULL;
		}
	return numbers;
}

/* Numbers that came as texts are numbers, once it matters: false when there are other texts. */
static bool
become_number(LogisticState *state, int place)
{
	AttributeState *attribute = &state->attributes[place];
	double *numbers = numerals(&attribute->levels);

	if (numbers == NULL)
		return false;
	for (Size row = 0; row < state->rows.count; row++)
	{
		double *value = &logistic_row(&state->rows, row)[place];

		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!isnan(*value))
			*value = numbers[(int) *value];
	}
	pfree(numbers);
	attribute->kind = LOGISTIC_NUMBER;
	text_dictionary_init(&attribute->levels);
	return true;
}

/* What stands in a row for a text: the number of its level, or itself where the attribute is a number. */
static double
text_value(LogisticState *state, int place, const char *text, int length)
{
	AttributeState *attribute = &state->attributes[place];
	double number;
	int level;

	if (attribute->kind != LOGISTIC_NUMBER)
	{
		attribute->kind = LOGISTIC_TEXT;
		level = text_dictionary_number(&attribute->levels, text, length);
		if (level < LOGISTIC_MAX_LEVELS)
			return level;
		if (!become_number(state, place))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("attribute \"%s\" has more than %d different texts", attribute->name,
							LOGISTIC_MAX_LEVELS),
					 errhint("Group the rare ones, or leave the attribute out if it tells leads apart rather than kinds of leads.")));
	}
	if (!logistic_numeral(text, length, &number))
		raise_two_kinds(attribute->name);
	return number;
}

/* An attribute of which there is a number is one; its texts so far must be, too. */
static void
require_number(LogisticState *state, int place)
{
	AttributeState *attribute = &state->attributes[place];

	if (attribute->kind == LOGISTIC_TEXT && !become_number(state, place))
		raise_two_kinds(attribute->name);
	attribute->kind = LOGISTIC_NUMBER;
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
		set_terms(state, terms);
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
		AttributeState *attribute = &state->attributes[i];
		JsonbValue value;
		const char *text = NULL;
		int length = 0;
		LogisticScalar kind;

		kind = logistic_scalar(getKeyJsonValueFromContainer(object, attribute->name,
															(int) strlen(attribute->name), &value),
							   attribute->name, &state->row[i], &text, &length);
		if (kind == LOGISTIC_TEXT)
			state->row[i] = text_value(state, i, text, length);
		else if (kind == LOGISTIC_NUMBER)
			require_number(state, i);
		else
			state->row[i] = get_float8_nan();
	}
	logistic_rows_add(&state->rows, state->row, 1, PG_GETARG_BOOL(1));
	PG_RETURN_POINTER(state);
}

/* ---------- combine ---------- */

/* What the levels of one state are in another; a second look when they made it turn to numbers. */
static double *
translate_levels(LogisticState *into, int place, const AttributeState *from)
{
	AttributeState *attribute = &into->attributes[place];
	double *values = palloc(Max(from->levels.count, 1) * sizeof(double));
	LogisticScalar kind;

	if (from->kind == LOGISTIC_NUMBER)
		require_number(into, place);
	do
	{
		kind = attribute->kind;
		for (int level = 0; level < from->levels.count; level++)
			values[level] = text_value(into, place, from->levels.texts[level],
									   (int) strlen(from->levels.texts[level]));
	} while (kind == LOGISTIC_TEXT && attribute->kind == LOGISTIC_NUMBER);
	return values;
}

static void
merge_states(LogisticState *into, const LogisticState *from)
{
	double **values;

	require_same_ridge(into->ridge, from->ridge);
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		into->ignored[reason] += from->ignored[reason];
	if (from->rows.width == 0)
		return;
	if (into->rows.width == 0)
	{
		if (from->terms != NULL)
			set_terms(into, (ArrayType *) from->terms);
		else
			set_width(into, from->rows.width);
	}
	/* By name: the same array may have been spelled in another way. */
	if (into->attribute_count != from->attribute_count)
		raise_other_terms();
	for (int i = 0; i < into->attribute_count; i++)
		if (strcmp(into->attributes[i].name, from->attributes[i].name) != 0)
			raise_other_terms();
	require_same_width(into->rows.width, from->rows.width);
	values = palloc(Max(from->attribute_count, 1) * sizeof(double *));
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
			into = create_state(context, from->ridge);
		merge_states(into, from);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

/* ---------- serialize, deserialize ---------- */

PG_FUNCTION_INFO_V1(logistic_serialize);
Datum
logistic_serialize(PG_FUNCTION_ARGS)
{
	const LogisticState *state = (LogisticState *) PG_GETARG_POINTER(0);
	const LogisticRows *rows = &state->rows;
	StringInfoData out;

	/* A row takes its numbers and up to ten bytes for each count. */
	if (rows->count > (MaxAllocSize - SHIPPED_RESERVE) / (rows->width * sizeof(double) + 20))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the %zu rows of a logistic_model are too large to be sent between processes",
						rows->count),
				 errhint("Set max_parallel_workers_per_gather = 0 for this query.")));
	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	pq_sendfloat8(&out, state->ridge);
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		wire_put_varint(&out, (uint64) state->ignored[reason]);
	wire_put_varint(&out, (uint64) state->attribute_count);
	for (int i = 0; i < state->attribute_count; i++)
	{
		const AttributeState *attribute = &state->attributes[i];

		wire_put_text(&out, attribute->name);
		pq_sendbyte(&out, (uint8) attribute->kind);
		wire_put_varint(&out, (uint64) attribute->levels.count);
		for (int level = 0; level < attribute->levels.count; level++)
			wire_put_text(&out, attribute->levels.texts[level]);
	}
	wire_put_varint(&out, (uint64) rows->width);
	wire_put_varint(&out, (uint64) rows->count);
	enlargeStringInfo(&out, (int) (rows->count * (rows->width * sizeof(double) + 2)));
	for (Size row = 0; row < rows->count; row++)
	{
		const double *values = logistic_row(rows, row);

		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* As pq_sendfloat8() of each, which is slower. */
		enlargeStringInfo(&out, rows->width * (int) sizeof(double));
		for (int i = 0; i < rows->width; i++)
		{
			uint64 bits;

			memcpy(&bits, &values[i], sizeof(bits));
			bits = pg_hton64(bits);
			memcpy(out.data + out.len, &bits, sizeof(bits));
			out.len += (int) sizeof(bits);
		}
		wire_put_varint(&out, (uint64) logistic_row_leads(rows, row));
		wire_put_varint(&out, (uint64) logistic_row_converted(rows, row));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
read_attributes(LogisticState *state, StringInfo in)
{
	int count = wire_get_count(in, TYPE_NAME, 3, LOGISTIC_MAX_TERMS);
	char **texts = palloc(Max(count, 1) * sizeof(char *));
	Datum *names = palloc(Max(count, 1) * sizeof(Datum));
	LogisticScalar *kinds = palloc(Max(count, 1) * sizeof(LogisticScalar));
	TextDictionary *levels = palloc(Max(count, 1) * sizeof(TextDictionary));

	for (int i = 0; i < count; i++)
	{
		int kind;
		int level_count;

		texts[i] = wire_get_text(in, TYPE_NAME);
		names[i] = CStringGetTextDatum(texts[i]);
		for (int j = 0; j < i; j++)
			wire_check(strcmp(texts[i], texts[j]) != 0, TYPE_NAME, "an attribute is there twice");
		kind = pq_getmsgbyte(in);
		wire_check(kind <= LOGISTIC_TEXT, TYPE_NAME, "unknown kind of attribute");
		kinds[i] = (LogisticScalar) kind;
		text_dictionary_init(&levels[i]);
		level_count = wire_get_count(in, TYPE_NAME, 1, LOGISTIC_MAX_LEVELS);
		wire_check((level_count > 0) == (kinds[i] == LOGISTIC_TEXT), TYPE_NAME, "levels do not fit the kind");
		for (int level = 0; level < level_count; level++)
		{
			char *text = wire_get_text(in, TYPE_NAME);

			wire_check(text_dictionary_number(&levels[i], text, (int) strlen(text)) == level, TYPE_NAME,
					   "a level is there twice");
			pfree(text);
		}
	}
	if (count == 0)
		return;
	set_terms(state, construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
	for (int i = 0; i < count; i++)
	{
		state->attributes[i].kind = kinds[i];
		state->attributes[i].levels = levels[i];
	}
}

static void
read_row(LogisticState *state, StringInfo in)
{
	int64 leads;
	int64 converted;

	const char *bytes = pq_getmsgbytes(in, state->rows.width * (int) sizeof(double));

	for (int i = 0; i < state->rows.width; i++)
	{
		uint64 bits;
		double value;

		memcpy(&bits, bytes + i * sizeof(bits), sizeof(bits));
		bits = pg_ntoh64(bits);
		memcpy(&value, &bits, sizeof(value));
		if (state->attribute_count > 0 && isnan(value))
			value = get_float8_nan();
		else
		{
			wire_check(isfinite(value), TYPE_NAME, "a feature is not finite");
			value += 0.0;
			if (state->attribute_count > 0)
				wire_check(state->attributes[i].kind == LOGISTIC_NUMBER ||
							   (value >= 0 && value < state->attributes[i].levels.count &&
								value == floor(value)),
						   TYPE_NAME, "unknown level");
		}
		state->row[i] = value;
	}
	leads = wire_get_int64(in, TYPE_NAME, LOGISTIC_MAX_LEADS);
	converted = wire_get_int64(in, TYPE_NAME, leads);
	wire_check(leads > 0, TYPE_NAME, "a row without leads");
	logistic_rows_add(&state->rows, state->row, leads, converted);
}

PG_FUNCTION_INFO_V1(logistic_deserialize);
Datum
logistic_deserialize(PG_FUNCTION_ARGS)
{
	LogisticState *state = create_state(CurrentMemoryContext, 0);
	StringInfoData in;
	int width;
	int count;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	state->ridge = pq_getmsgfloat8(&in) + 0.0;
	wire_check(state->ridge >= 0 && isfinite(state->ridge), TYPE_NAME, "ridge out of range");
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		state->ignored[reason] = wire_get_int64(&in, TYPE_NAME, PG_INT64_MAX);
	read_attributes(state, &in);
	width = (int) wire_get_int64(&in, TYPE_NAME, LOGISTIC_MAX_TERMS);
	if (state->attribute_count > 0)
		wire_check(width == state->attribute_count, TYPE_NAME, "width does not fit the attributes");
	else if (width > 0)
		set_width(state, width);
	count = wire_get_count(&in, TYPE_NAME, width * (int) sizeof(double) + 2, PG_INT32_MAX);
	wire_check(width > 0 || count == 0, TYPE_NAME, "rows without features");
	for (int row = 0; row < count; row++)
	{
		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		read_row(state, &in);
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
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
finish_attribute(const AttributeState *state, double **ranks)
{
	LogisticAttribute attribute = {.name = state->name, .is_number = state->kind == LOGISTIC_NUMBER};
	int count = state->levels.count;
	double *numbers = count > 0 ? numerals(&state->levels) : NULL;
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
	sorted = palloc(Max(count, 1) * sizeof(char **));

	attribute.level_count = count;
	attribute.levels = palloc(Max(count, 1) * sizeof(char *));
	*ranks = palloc(Max(count, 1) * sizeof(double));
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
		double **ranks = palloc(state->attribute_count * sizeof(double *));

		model.attribute_count = state->attribute_count;
		model.attributes = palloc(model.attribute_count * sizeof(LogisticAttribute));
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
