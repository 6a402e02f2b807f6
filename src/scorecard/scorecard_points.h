/*
 * scorecard_points.h
 *	  Points of a scorecard: decimals that add up exactly.
 *
 * Points are whole numbers of 10^-12 in 128 bits, so 0.1 and 0.2 make 0.3, and
 * a sum does not depend on its order.  One rule is worth at most a billion
 * points either way and counts at most 10^12 events, so the sum of 10 000
 * rules stays far inside 128 bits.
 */
#ifndef LEAD_KPI_SCORECARD_POINTS_H
#define LEAD_KPI_SCORECARD_POINTS_H

#include "base/compat.h"

#include "lib/stringinfo.h"
#include "utils/numeric.h"

typedef int128 Points;

#define POINTS_DIGITS 12
#define POINTS_ONE INT64CONST(1000000000000)

/* What one number of a scorecard may be, either way, in whole points. */
#define POINTS_MAX INT64CONST(1000000000)

/* Rounded to the last digit, half away from zero; false beyond POINTS_MAX. */
extern bool points_from_numeric(Numeric number, Points *result);

/* The shortest decimal of the number; raises, naming "what", unless it is finite and in range. */
extern Points points_from_float8(double value, const char *what);

/* The nearest one. */
extern double points_to_float8(Points points);

extern Numeric points_to_numeric(Points points);

/* As a JSON number without trailing zeros. */
extern void points_print(StringInfo out, Points points);

#endif /* LEAD_KPI_SCORECARD_POINTS_H */
