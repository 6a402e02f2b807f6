/*
 * exact_sum.c
 *	  The exact sum of doubles: one answer whatever the order of adding.
 *
 * A fixed point number wide enough for every double, after Kulisch's long
 * accumulator.  Each digit has 32 bits of value and 31 bits of room, so that
 * carries need propagating once in 2^30 additions only.
 */
#include "exact_sum.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define DIGIT_BITS 32
#define DIGIT_MASK UINT64CONST(0xffffffff)
#define LOWEST_EXPONENT (-1074)
#define MAX_ADDITIONS (1 << 30)

/* What is added stays below 2^1000, so that digits never overflow. */
#define VALUE_LIMIT 0x1p1000

/* A sum that is read, written or handed over is below; what is written is read. */
static const double sum_limit = 0x1p990;

static uint64
bits_of(double value)
{
	uint64 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Leaves every digit but the last in [0, 2^32); the last one carries the sign. */
static void
propagate_carries(ExactSum *sum)
{
	int64 carry = 0;

	for (int i = 0; i < EXACT_SUM_DIGITS - 1; i++)
	{
		int64 digit = sum->digit[i] + carry;

		sum->digit[i] = (int64) ((uint64) digit & DIGIT_MASK);
		carry = (digit - sum->digit[i]) / ((int64) 1 << DIGIT_BITS);
	}
	sum->digit[EXACT_SUM_DIGITS - 1] += carry;
	sum->additions = 0;
}

void
exact_sum_add(ExactSum *sum, double value)
{
	uint64 bits = bits_of(value);
	int exponent = (int) (bits >> 52 & 0x7ff);
	uint64 mantissa = bits & ((UINT64CONST(1) << 52) - 1);
	uint128 shifted;
	int64 *digit;

	if (exponent == 0)
		exponent = 1; /* subnormal */
	else
		mantissa |= UINT64CONST(1) << 52;
	if (mantissa == 0)
		return;
	Assert(fabs(value) < VALUE_LIMIT);

	shifted = (uint128) mantissa << (exponent - 1) % DIGIT_BITS;
	digit = &sum->digit[(exponent - 1) / DIGIT_BITS];
	if (value > 0)
	{
		digit[0] += (int64) ((uint64) shifted & DIGIT_MASK);
		digit[1] += (int64) ((uint64) shifted >> DIGIT_BITS);
		digit[2] += (int64) (shifted >> 2 * DIGIT_BITS);
	}
	else
	{
		digit[0] -= (int64) ((uint64) shifted & DIGIT_MASK);
		digit[1] -= (int64) ((uint64) shifted >> DIGIT_BITS);
		digit[2] -= (int64) (shifted >> 2 * DIGIT_BITS);
	}
	if (++sum->additions >= MAX_ADDITIONS)
		propagate_carries(sum);
}

void
exact_sum_add_int64(ExactSum *sum, int64 value)
{
	/* Both halves are exact. */
	int64 low = value & (int64) DIGIT_MASK;

	exact_sum_add(sum, (double) (value - low));
	exact_sum_add(sum, (double) low);
}

void
exact_sum_add_product(ExactSum *sum, double a, double b)
{
	double product = a * b;

	exact_sum_add(sum, product);
	exact_sum_add(sum, fma(a, b, -product));
}

void
exact_sum_add_quotient(ExactSum *sum, int64 a, int64 b, int64 base)
{
	int128 product = (int128) a * (int128) b;
	double rest = (double) (int64) (product % (int128) base);
	double divisor = (double) base;
	double fraction = rest / divisor;

	exact_sum_add_int64(sum, (int64) (product / (int128) base));
	exact_sum_add(sum, fraction);
	exact_sum_add(sum, fma(-fraction, divisor, rest) / divisor);
}

/* Adds the digits of a sum, times 1 or -1. */
static void
merge_digits(ExactSum *into, const ExactSum *from, int64 sign)
{
	ExactSum carried;

	if (from->additions >= MAX_ADDITIONS / 2)
	{
		carried = *from;
		propagate_carries(&carried);
		from = &carried;
	}
	if (into->additions >= MAX_ADDITIONS / 2)
		propagate_carries(into);
	for (int i = 0; i < EXACT_SUM_DIGITS; i++)
		into->digit[i] += sign * from->digit[i];
	into->additions += from->additions + 1;
}

void
exact_sum_merge(ExactSum *into, const ExactSum *from)
{
	merge_digits(into, from, 1);
}

void
exact_sum_subtract(ExactSum *from, const ExactSum *part)
{
	merge_digits(from, part, -1);
}

/* The nearest double, ties to even, of a sum whose carries are propagated. */
static double
nearest(const ExactSum *sum)
{
	bool negative = sum->digit[EXACT_SUM_DIGITS - 1] < 0;
	ExactSum magnitude = *sum;
	int top = EXACT_SUM_DIGITS - 1;
	uint128 leading;
	int dropped;
	bool inexact = false;
	double value;

	if (negative)
	{
		for (int i = 0; i < EXACT_SUM_DIGITS; i++)
			magnitude.digit[i] = -magnitude.digit[i];
		propagate_carries(&magnitude);
	}
	while (top > 0 && magnitude.digit[top] == 0)
		top--;

	/* 65 bits or more, as many as there are; then 62, the last one telling whether any bit was dropped. */
	leading = (uint128) magnitude.digit[top];
	for (int i = 1; i <= 2; i++)
		leading = leading << DIGIT_BITS | (uint128) (top - i >= 0 ? magnitude.digit[top - i] : 0);
	for (int i = 0; i < top - 2; i++)
		inexact = inexact || magnitude.digit[i] != 0;
	for (dropped = 0; leading >> 62 != 0; dropped++)
	{
		inexact = inexact || (leading & 1) != 0;
		leading >>= 1;
	}
	value = (double) ((int64) leading | (int64) inexact);
	value = ldexp(value, LOWEST_EXPONENT + (top - 2) * DIGIT_BITS + dropped);
	if (value >= sum_limit)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a sum of %g is out of range", value)));
	return negative ? -value : value;
}

double
exact_sum_value(const ExactSum *sum)
{
	ExactSum rest = *sum;

	propagate_carries(&rest);
	return nearest(&rest);
}

int
exact_sum_parts(const ExactSum *sum, double parts[EXACT_SUM_MAX_PARTS])
{
	ExactSum rest = *sum;
	int count = 0;

	for (;;)
	{
		double part;

		propagate_carries(&rest);
		part = nearest(&rest);
		if (part == 0)
			return count;
		Assert(count < EXACT_SUM_MAX_PARTS);
		parts[count++] = part;
		/* What is left is below half a last place, so the list is unique. */
		exact_sum_add(&rest, -part);
	}
}

/*
 * Is each part so much smaller than the one before that all after it together
 * do not move it?  Those are the next one, give or take half a last place, and
 * a little more than that one still rounds away.  False near a tie.
 */
static bool
are_far_apart(const double *parts, int count)
{
	for (int i = 0; i < count; i++)
		if (parts[i] == 0 || (i > 0 && parts[i - 1] + parts[i] * (1 + 0x1p-50) != parts[i - 1]))
			return false;
	return true;
}

/* Whether these are the parts of their sum, which it becomes. */
static bool
set_parts(ExactSum *sum, const double *parts, int count)
{
	double canonical[EXACT_SUM_MAX_PARTS];

	memset(sum, 0, sizeof(ExactSum));
	for (int i = 0; i < count; i++)
	{
		/* Written so that NaN fails too. */
		if (!(fabs(parts[i]) < sum_limit))
			return false;
		exact_sum_add(sum, parts[i]);
	}
	return are_far_apart(parts, count) ||
		(exact_sum_parts(sum, canonical) == count && memcmp(parts, canonical, count * sizeof(double)) == 0);
}

void
exact_sum_put(StringInfo out, const ExactSum *sum)
{
	double parts[EXACT_SUM_MAX_PARTS];
	int count = exact_sum_parts(sum, parts);

	wire_put_varint(out, (uint64) count);
	for (int i = 0; i < count; i++)
		pq_sendfloat8(out, parts[i]);
}

void
exact_sum_get(StringInfo in, const char *type_name, ExactSum *sum)
{
	double parts[EXACT_SUM_MAX_PARTS];
	int count = wire_get_count(in, type_name, sizeof(double), EXACT_SUM_MAX_PARTS);

	for (int i = 0; i < count; i++)
		parts[i] = pq_getmsgfloat8(in);
	wire_check(set_parts(sum, parts, count), type_name, "a sum is not in its shortest form");
}

void
exact_sum_print(StringInfo out, const ExactSum *sum)
{
	double parts[EXACT_SUM_MAX_PARTS];
	int count = exact_sum_parts(sum, parts);

	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		char text[DOUBLE_SHORTEST_DECIMAL_LEN];

		double_to_shortest_decimal_buf(parts[i], text);
		appendStringInfo(out, "%s%s", i > 0 ? ", " : "", text);
	}
	appendStringInfoChar(out, ']');
}

bool
exact_sum_parse(const JsonbValue *value, ExactSum *sum)
{
	JsonbContainer *array;
	double parts[EXACT_SUM_MAX_PARTS];
	int count;

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerIsScalar(value->val.binary.data))
		return false;
	array = value->val.binary.data;
	count = (int) JsonContainerSize(array);
	if (count > EXACT_SUM_MAX_PARTS)
		return false;
	for (int i = 0; i < count; i++)
	{
		JsonbValue *part = getIthJsonbValueFromContainer(array, (uint32) i);

		if (part->type != jbvNumeric)
			return false;
		/* Infinite, not an error, when out of range. */
		parts[i] = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(part->val.numeric)));
	}
	return set_parts(sum, parts, count);
}
