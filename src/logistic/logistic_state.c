/*
 * logistic_state.c
 *	  The state of the aggregate that fits a logistic model.
 *
 * A row is as many numbers as there are features; of attributes, the number
 * itself, or the number of the level in the attribute's dictionary.  Texts are
 * levels until a number, or too many texts, tells that they are numbers.
 */
#include "logistic_state.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

LogisticState *
logistic_state_create(MemoryContext context, double ridge)
{
	LogisticState *state = MemoryContextAllocZero(context, sizeof(LogisticState));

	state->context = context;
	state->ridge = ridge;
	return state;
}

void
logistic_state_set_width(LogisticState *state, int width)
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
	state->row = palloc(mul_size(width, sizeof(double)));
	MemoryContextSwitchTo(previous);
}

void
logistic_state_set_terms(LogisticState *state, ArrayType *terms)
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
	logistic_state_set_width(state, count);
	state->terms = (struct varlena *) memcpy(palloc(VARSIZE(terms)), terms, VARSIZE(terms));
	state->attribute_count = count;
	state->attributes = palloc0(mul_size(count, sizeof(LogisticAttributeState)));
	for (int i = 0; i < count; i++)
	{
		LogisticAttributeState *attribute = &state->attributes[i];

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

/* As much of a text as an error shows. */
static char *
shown_text(const char *text, int length)
{
	return pnstrdup(text, pg_mbcliplen(text, length, 60));
}

/* How a number is written where some leads have the text instead. */
static char *
as_number(const char *name, const char *text)
{
	return psprintf("nullif(attributes ->> %s, %s)::numeric", quote_literal_cstr(name),
					quote_literal_cstr(text));
}

static void
raise_two_kinds(const char *name, const char *text)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("attribute \"%s\" is a number for some leads and a text for others", name),
			 errdetail("\"%s\" is no number.", text),
			 errhint("Write all of them as numbers, as %s does, or all as texts.", as_number(name, text))));
}

/* A text that is no number, and how many are; there is one. */
static char *
first_other_text(const TextDictionary *levels, int *numerals)
{
	const char *other = "";
	double number;

	*numerals = 0;
	for (int level = 0; level < levels->count; level++)
		if (logistic_numeral(levels->texts[level], (int) strlen(levels->texts[level]), &number))
			(*numerals)++;
		else if (*numerals == level)
			other = levels->texts[level];
	return shown_text(other, (int) strlen(other));
}

static void
raise_too_many_texts(const LogisticAttributeState *attribute)
{
	int numerals;
	const char *other = first_other_text(&attribute->levels, &numerals);
	bool are_numbers = numerals > LOGISTIC_MAX_LEVELS / 2;

	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("attribute \"%s\" has more than %d different texts", attribute->name, LOGISTIC_MAX_LEVELS),
			 are_numbers ? errdetail("%d of them are numbers, but \"%s\" is not.", numerals, other) : 0,
			 are_numbers ? errhint("Write all of them as numbers, as %s does, or group the texts.",
								   as_number(attribute->name, other)) :
			 errhint("Group the rare ones, or leave the attribute out if it tells leads apart rather than kinds of leads.")));
}

double *
logistic_numerals(const TextDictionary *levels)
{
	double *numbers = palloc(mul_size(Max(levels->count, 1), sizeof(double)));

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
	LogisticAttributeState *attribute = &state->attributes[place];
	double *numbers = logistic_numerals(&attribute->levels);

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

double
logistic_state_text(LogisticState *state, int place, const char *text, int length)
{
	LogisticAttributeState *attribute = &state->attributes[place];
	double number;
	int level;

	if (attribute->kind != LOGISTIC_NUMBER)
	{
		attribute->kind = LOGISTIC_TEXT;
		level = text_dictionary_number(&attribute->levels, text, length);
		if (level < LOGISTIC_MAX_LEVELS)
			return level;
		if (!become_number(state, place))
			raise_too_many_texts(attribute);
	}
	if (!logistic_numeral(text, length, &number))
		raise_two_kinds(attribute->name, shown_text(text, length));
	return number;
}

void
logistic_state_require_number(LogisticState *state, int place)
{
	LogisticAttributeState *attribute = &state->attributes[place];

	int numerals;

	if (attribute->kind == LOGISTIC_TEXT && !become_number(state, place))
		raise_two_kinds(attribute->name, first_other_text(&attribute->levels, &numerals));
	attribute->kind = LOGISTIC_NUMBER;
}
