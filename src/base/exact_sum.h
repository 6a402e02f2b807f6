/*
 * exact_sum.h
 *	  The exact sum of doubles: one answer whatever the order of adding.
 *
 * A sum of doubles rounds at every step, so two processes that split the rows
 * differently get different last digits.  This one holds every bit, which
 * makes merging exact.  It is handed over as the shortest list of doubles that
 * add up to it: the rounded sum, what rounding left over, and so on.
 */
#ifndef LEAD_KPI_EXACT_SUM_H
#define LEAD_KPI_EXACT_SUM_H

#include "compat.h"

#include "utils/jsonb.h"

#include "wire.h"

/* Digits of 32 bits from 2^-1074 on; the last two only take carries. */
#define EXACT_SUM_DIGITS 68

/* No list of parts is longer: 53 bits or more lie between one part and the next. */
#define EXACT_SUM_MAX_PARTS 40

typedef struct ExactSum
{
	int32 additions;			   /* since carries were last propagated */
	int64 digit[EXACT_SUM_DIGITS]; /* carries not yet propagated; all zero: nothing added */
} ExactSum;

/* The value must be below 2^1000 in magnitude, and the sum below 2^990 when it is read or written. */
extern void exact_sum_add(ExactSum *sum, double value);
extern void exact_sum_add_int64(ExactSum *sum, int64 value);

/* Adds a * b without rounding; neither may be so small that the product's last bit is below 2^-1074. */
extern void exact_sum_add_product(ExactSum *sum, double a, double b);

/* Adds a * b / base, good to 32 digits, as counts below 2^53 allow; |b| <= base. */
extern void exact_sum_add_quotient(ExactSum *sum, int64 a, int64 b, int64 base);

extern void exact_sum_merge(ExactSum *into, const ExactSum *from);
extern void exact_sum_subtract(ExactSum *from, const ExactSum *part);

/* The nearest double. */
extern double exact_sum_value(const ExactSum *sum);

/* The doubles that add up to the sum, the largest first; returns how many. */
extern int exact_sum_parts(const ExactSum *sum, double parts[EXACT_SUM_MAX_PARTS]);

/* Codecs: binary, and a JSON array of numbers. */
extern void exact_sum_put(StringInfo out, const ExactSum *sum);
extern void exact_sum_get(StringInfo in, const char *type_name, ExactSum *sum);
extern void exact_sum_print(StringInfo out, const ExactSum *sum);
/* False for anything that exact_sum_print does not write. */
extern bool exact_sum_parse(const JsonbValue *value, ExactSum *sum);

#endif /* LEAD_KPI_EXACT_SUM_H */
