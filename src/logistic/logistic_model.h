/*
 * logistic_model.h
 *	  A fitted logistic regression, with all that is needed to apply it.
 */
#ifndef LEAD_KPI_LOGISTIC_MODEL_H
#define LEAD_KPI_LOGISTIC_MODEL_H

#include "base/summary.h"

/* Terms of a model; fitting costs time by their square, inverting by their cube. */
#define LOGISTIC_MAX_TERMS 1000

/* Distinct texts of one attribute. */
#define LOGISTIC_MAX_LEVELS 1000

/* Leads in all, exact as float8. */
#define LOGISTIC_MAX_LEADS (INT64CONST(1) << 53)

/* Why a row was left out. */
typedef enum LogisticIgnored
{
	LOGISTIC_NULL_CONVERTED,
	LOGISTIC_NULL_FEATURES
} LogisticIgnored;

#define LOGISTIC_IGNORED_REASONS (LOGISTIC_NULL_FEATURES + 1)

extern const char *const logistic_ignored_names[LOGISTIC_IGNORED_REASONS];

/* How a lead without the attribute is named among its levels. */
#define MISSING_LEVEL "(missing)"

/*
 * An attribute becomes terms: a number one term, texts one per level but the
 * first in byte order, and one more when some leads lack the attribute.
 */
typedef struct LogisticAttribute
{
	char *name;
	bool is_number;
	bool has_missing;
	int level_count; /* 0 for a number */
	char **levels;	 /* in byte order; the first is the reference */
} LogisticAttribute;

typedef struct LogisticModel
{
	double ridge;
	int64 ignored[LOGISTIC_IGNORED_REASONS];
	int64 converted;
	int64 others;
	int iterations;
	double deviance;
	double null_deviance;
	double condition_number; /* may be infinite */
	int attribute_count;	 /* 0: features by position */
	LogisticAttribute *attributes;
	int term_count;		  /* without the intercept */
	double *means;		  /* of the terms */
	double *coefficients; /* [0] the intercept */
	double *std_errors;
} LogisticModel;

extern const SummaryRoom logistic_room;

/* The terms that an attribute makes. */
extern int logistic_attribute_terms(const LogisticAttribute *attribute);

/* Names of the terms, without the intercept. */
extern const char **logistic_term_names(const LogisticAttribute *attributes, int attribute_count,
										int term_count);

/* The place of a text among the levels, or -1. */
extern int logistic_level(const LogisticAttribute *attribute, const char *text, int length);

/* A scalar of an attribute: a number, a text (true and false too), or none. */
typedef enum LogisticScalar
{
	LOGISTIC_MISSING,
	LOGISTIC_NUMBER,
	LOGISTIC_TEXT
} LogisticScalar;

/*
 * Whether a text is a number as people and exports write it: digits, maybe a
 * sign and a fraction.  A leading zero, as of 01234, makes it a code.
 */
extern bool logistic_numeral(const char *text, int length, double *number);

/* Raises for an array, an object, and a number beyond float8. */
extern LogisticScalar logistic_scalar(const JsonbValue *value, const char *attribute, double *number,
									  const char **text, int *length);

/* Raises unless the jsonb is an object. */
extern JsonbContainer *logistic_attributes_of(Jsonb *json);

#endif /* LEAD_KPI_LOGISTIC_MODEL_H */
