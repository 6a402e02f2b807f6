/*
 * scorecard_points.c
 *	  Points of a scorecard: decimals that add up exactly.
 */
#include "scorecard_points.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/float.h"

/* Beyond any sum of 10 000 rules, and far inside 128 bits. */
#define FLOAT8_LIMIT 1e25

static Numeric
numeric_of_text(char *text)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* The value of a plain decimal with at most POINTS_DIGITS digits after the point. */
static Points
points_of_decimal(const char *text)
{
	bool negative = *text == '-';
	int after = -1;
	Points points = 0;

	for (text += negative; *text != '\0'; text++)
	{
		if (*text == '.')
		{
			after = 0;
			continue;
		}
		points = points * 10 + (*text - '0');
		after += after >= 0;
	}
	for (after = Max(after, 0); after < POINTS_DIGITS; after++)
		points *= 10;
	return negative ? -points : points;
}

static Points
points_of_small_numeric(Numeric number)
{
	Datum rounded = DirectFunctionCall2(numeric_round, NumericGetDatum(number), Int32GetDatum(POINTS_DIGITS));

	return points_of_decimal(DatumGetCString(DirectFunctionCall1(numeric_out, rounded)));
}

bool
points_from_numeric(Numeric number, Points *result)
{
	Datum size = DirectFunctionCall1(numeric_abs, NumericGetDatum(number));

	if (!DatumGetBool(DirectFunctionCall2(numeric_le, size, NumericGetDatum(int64_to_numeric(POINTS_MAX)))))
		return false;
	*result = points_of_small_numeric(number);
	return true;
}

Points
points_from_float8(double value, const char *what)
{
	char shortest[DOUBLE_SHORTEST_DECIMAL_LEN];

	/* Written so that NaN fails too. */
	if (!(fabs(value) < FLOAT8_LIMIT))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is %g, which is no number of points", what, value),
				 errhint("Write a finite number, such as the result of fit() or engagement().")));
	/* Below 1000 a double tells the units apart, and the product is off by less than half of one. */
	if (fabs(value) < 1000)
		return (Points) rint(value * (double) POINTS_ONE);
	double_to_shortest_decimal_buf(value, shortest);
	return points_of_small_numeric(numeric_of_text(shortest));
}

double
points_to_float8(Points points)
{
	Points whole = points / POINTS_ONE;
	StringInfoData text;

	/* A quotient of two exact doubles is rounded once. */
	if (points >= -(INT64CONST(1) << 53) && points <= (INT64CONST(1) << 53))
		return (double) (int64) points / (double) POINTS_ONE;
	if (whole * POINTS_ONE == points)
		return (double) whole;
	initStringInfo(&text);
	points_print(&text, points);
	return DatumGetFloat8(DirectFunctionCall1(float8in, CStringGetDatum(text.data)));
}

Numeric
points_to_numeric(Points points)
{
	StringInfoData text;

	initStringInfo(&text);
	points_print(&text, points);
	return numeric_of_text(text.data);
}

void
points_print(StringInfo out, Points points)
{
	char text[64];
	char *next = text + sizeof(text);
	bool printed = false;
	uint128 rest = points < 0 ? -(uint128) points : (uint128) points;

	*--next = '\0';
	for (int position = 0; position <= POINTS_DIGITS || rest > 0; position++)
	{
		int digit = (int) (rest % 10);

		if (position == POINTS_DIGITS && printed)
			*--next = '.';
		if (position >= POINTS_DIGITS || printed || digit != 0)
		{
			*--next = (char) ('0' + digit);
			printed = true;
		}
		rest /= 10;
	}
	if (points < 0)
		*--next = '-';
	appendStringInfoString(out, next);
}
