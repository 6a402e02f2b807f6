/*
 * logistic_state.h
 *	  The state of the aggregate that fits a logistic model: the rows so far, and
 *	  the texts that stand for numbers in them.
 */
#ifndef LEAD_KPI_LOGISTIC_STATE_H
#define LEAD_KPI_LOGISTIC_STATE_H

#include "base/compat.h"

#include "utils/array.h"

#include "base/text_dictionary.h"
#include "logistic_model.h"
#include "logistic_rows.h"

typedef struct LogisticAttributeState
{
	char *name;
	LogisticScalar kind; /* LOGISTIC_MISSING until a lead has it */
	TextDictionary levels;
} LogisticAttributeState;

typedef struct LogisticState
{
	MemoryContext context;
	double ridge;
	int64 ignored[LOGISTIC_IGNORED_REASONS];
	struct varlena *terms; /* the argument, to tell when it changes */
	int attribute_count;
	LogisticAttributeState *attributes;
	LogisticRows rows; /* of width 0 before the first */
	double *row;	   /* the next one */
} LogisticState;

extern LogisticState *logistic_state_create(MemoryContext context, double ridge);

/* Makes place for rows of so many numbers. */
extern void logistic_state_set_width(LogisticState *state, int width);

/* The attributes named by the argument, which is kept. */
extern void logistic_state_set_terms(LogisticState *state, ArrayType *terms);

/* What stands in a row for a text: the number of its level, or itself where the attribute is a number. */
extern double logistic_state_text(LogisticState *state, int place, const char *text, int length);

/* An attribute of which there is a number is one; its texts so far must be, too. */
extern void logistic_state_require_number(LogisticState *state, int place);

/* The numbers that the texts of an attribute are; NULL when they are not all numbers. */
extern double *logistic_numerals(const TextDictionary *levels);

#endif /* LEAD_KPI_LOGISTIC_STATE_H */
