/*
 * int128.c
 *	  What the runtime of 32-bit compilers lacks: 128-bit integers to and from double.
 *
 * There clang 16 computes with 128-bit integers itself (compat.h), but calls these by their names in libgcc, which has them for 64-bit
 * processors only.  Its calls pass such an integer as they would pass this struct.
 */
#include "compat.h"

#ifndef HAVE_INT128

#include <math.h>

typedef struct Words
{
	uint64 low;
	uint64 high;
} Words;

extern __attribute__((visibility("hidden"))) double __floatuntidf(Words value);
extern __attribute__((visibility("hidden"))) double __floattidf(Words value);
extern __attribute__((visibility("hidden"))) Words __fixunsdfti(double value);
extern __attribute__((visibility("hidden"))) Words __fixdfti(double value);
extern __attribute__((visibility("hidden"))) Words __divti3(Words dividend, Words divisor);

static Words
negative(Words value)
{
	value.low = ~value.low + 1;
	value.high = ~value.high + (value.low == 0);
	return value;
}

/* Rounded once: what is below the highest 64 bits only says on which side of a tie they are. */
double
__floatuntidf(Words value)
{
	int shift = 64;

	if (value.high == 0)
		return (double) value.low;
	while ((value.high >> 63) == 0)
	{
		value.high = value.high << 1 | value.low >> 63;
		value.low <<= 1;
		shift--;
	}
	return ldexp((double) (value.high | (value.low != 0)), shift);
}

double
__floattidf(Words value)
{
	return (int64) value.high < 0 ? -__floatuntidf(negative(value)) : __floatuntidf(value);
}

Words
__fixunsdfti(double value)
{
	Words result = {0, 0};
	int exponent;
	uint64 mantissa;

	if (!(value >= 1))
		return result;
	mantissa = (uint64) ldexp(frexp(value, &exponent), 53);
	exponent -= 53;
	if (exponent <= 0)
		result.low = exponent > -64 ? mantissa >> -exponent : 0;
	else if (exponent < 64)
	{
		result.low = mantissa << exponent;
		result.high = mantissa >> (64 - exponent);
	}
	else if (exponent < 128)
		result.high = mantissa << (exponent - 64);
	return result;
}

Words
__fixdfti(double value)
{
	return value < 0 ? negative(__fixunsdfti(-value)) : __fixunsdfti(value);
}

/* Bit by bit: clang divides by itself, but for a few places. */
Words
__divti3(Words dividend, Words divisor)
{
	bool is_negative = ((dividend.high ^ divisor.high) >> 63) != 0;
	Words rest = {0, 0};

	if ((int64) dividend.high < 0)
		dividend = negative(dividend);
	if ((int64) divisor.high < 0)
		divisor = negative(divisor);
	for (int bit = 0; bit < 128; bit++)
	{
		rest.high = rest.high << 1 | rest.low >> 63;
		rest.low = rest.low << 1 | dividend.high >> 63;
		dividend.high = dividend.high << 1 | dividend.low >> 63;
		dividend.low <<= 1;
		if (rest.high > divisor.high || (rest.high == divisor.high && rest.low >= divisor.low))
		{
			rest.high -= divisor.high + (rest.low < divisor.low);
			rest.low -= divisor.low;
			dividend.low |= 1;
		}
	}
	return is_negative ? negative(dividend) : dividend;
}

#endif
