/*
 * moments.c
 *	  Count, sum and sum of squares of values, of which most may be 0: what an
 *	  average and its uncertainty need.
 *
 * The sums are exact, so moments add up to the same bits in any order, and the
 * variance is free of the cancellation that makes sums of squares notorious.
 */
#include "moments.h"

#include <math.h>

#include "base/aggregate.h"
#include "base/counts.h"

#define TYPE_NAME "moments"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(moments_accumulate);
PG_FUNCTION_INFO_V1(moments_subtract);

/* Between these the square of a value, and its rounding error, are doubles. */
#define SMALLEST_VALUE 1e-140
#define LARGEST_VALUE 1e140

/* ---------- wire form ---------- */

static const char *
moments_contradiction(const void *value)
{
	const Moments *moments = value;
	double non_zero = (double) moments->non_zero;
	double sum = exact_sum_value(&moments->sum);
	double squares = exact_sum_value(&moments->squares);

	if (moments->count < 0 || moments->non_zero < 0 || moments->non_zero > moments->count)
		return "more values that are not zero than values";
	if (squares < 0 || (squares > 0) != (moments->non_zero > 0))
		return "the sum of squares does not fit the count";
	if (squares > non_zero * LARGEST_VALUE * LARGEST_VALUE * 1.001 ||
		fabs(sum) > sqrt(squares) * sqrt(non_zero) * 1.001)
		return "the sums do not fit each other";
	return NULL;
}

static void
moments_encode(const void *value, StringInfo out)
{
	const Moments *moments = value;

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) moments->count);
	wire_put_varint(out, (uint64) moments->non_zero);
	exact_sum_put(out, &moments->sum);
	exact_sum_put(out, &moments->squares);
}

static void *
moments_decode(StringInfo in)
{
	Moments *moments = palloc0(sizeof(Moments));

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	moments->count = (int64) wire_get_varint(in, TYPE_NAME);
	moments->non_zero = (int64) wire_get_varint(in, TYPE_NAME);
	exact_sum_get(in, TYPE_NAME, &moments->sum);
	exact_sum_get(in, TYPE_NAME, &moments->squares);
	return moments;
}

/* ---------- merge ---------- */

static void
add_values(Moments *moments, int64 count, int64 non_zero)
{
	moments->count = add_counts(moments->count, count, TYPE_NAME);
	/* No more than the count. */
	moments->non_zero += non_zero;
}

static void
moments_merge(void *into_value, const void *from_value)
{
	Moments *into = into_value;
	const Moments *from = from_value;

	add_values(into, from->count, from->non_zero);
	exact_sum_merge(&into->sum, &from->sum);
	exact_sum_merge(&into->squares, &from->squares);
}

/* The moments of the values that are in the first and not in the second, which must be part of it. */
Datum
moments_subtract(PG_FUNCTION_ARGS)
{
	Moments *from = summary_copy_from_datum(&moments_room, PG_GETARG_DATUM(0));
	const Moments *part = summary_from_datum(&moments_room, PG_GETARG_DATUM(1));

	from->count = subtract_counts(from->count, part->count, TYPE_NAME);
	from->non_zero = subtract_counts(from->non_zero, part->non_zero, TYPE_NAME);
	exact_sum_subtract(&from->sum, &part->sum);
	exact_sum_subtract(&from->squares, &part->squares);
	if (moments_contradiction(from) != NULL)
		counts_raise_not_part(TYPE_NAME);
	return summary_to_datum(&moments_room, from);
}

/* ---------- text form ---------- */

static void
moments_print(const void *value, StringInfo out)
{
	const Moments *moments = value;

	appendStringInfo(out,
					 "{\"version\": %d, \"count\": " INT64_FORMAT ", \"non_zero\": " INT64_FORMAT
					 ", \"sum\": ",
					 SUMMARY_TEXT_VERSION, moments->count, moments->non_zero);
	exact_sum_print(out, &moments->sum);
	appendStringInfoString(out, ", \"squares\": ");
	exact_sum_print(out, &moments->squares);
	appendStringInfoChar(out, '}');
}

static bool
get_sum(const SummaryReader *reader, JsonbContainer *root, const char *key, ExactSum *sum)
{
	JsonbValue value;

	return summary_json_member(reader, root, key, &value) &&
		(exact_sum_parse(&value, sum) ||
		 summary_json_error(
			 reader,
			 psprintf("key \"%s\" must be an array of numbers, each what rounding the ones before left over",
					  key)));
}

static void *
moments_parse(const SummaryReader *reader, JsonbContainer *root)
{
	Moments *moments = palloc0(sizeof(Moments));

	if (!summary_json_version(reader, root) ||
		!summary_json_integer(reader, root, "count", 0, PG_INT64_MAX, &moments->count) ||
		!summary_json_integer(reader, root, "non_zero", 0, PG_INT64_MAX, &moments->non_zero) ||
		!get_sum(reader, root, "sum", &moments->sum) || !get_sum(reader, root, "squares", &moments->squares))
		return NULL;
	return moments;
}

static void *
moments_empty(const void *like)
{
	return palloc0(sizeof(Moments));
}

const SummaryRoom moments_room = {
	.type_name = TYPE_NAME,
	.decode = moments_decode,
	.encode = moments_encode,
	.merge = moments_merge,
	.print = moments_print,
	.parse = moments_parse,
	.contradiction = moments_contradiction,
	.empty = moments_empty,
};

DEFINE_SUMMARY_FUNCTIONS(&moments_room, moments);

/* ---------- the aggregate ---------- */

static void
check_value(double value)
{
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value must be finite: %s", isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"),
				 errhint("Write NULL for an unknown value.")));
	if (value != 0 && (fabs(value) < SMALLEST_VALUE || fabs(value) > LARGEST_VALUE))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value %g is out of range", value),
				 errhint("Moments take 0 and values from 1e-140 to 1e140 of either sign.")));
}

/* (state, value); a NULL value is none */
Datum
moments_accumulate(PG_FUNCTION_ARGS)
{
	Moments *moments = summary_state(&moments_room, fcinfo);

	if (!PG_ARGISNULL(1))
	{
		double value = PG_GETARG_FLOAT8(1);

		check_value(value);
		add_values(moments, 1, value != 0);
		if (value != 0)
		{
			exact_sum_add(&moments->sum, value);
			exact_sum_add_product(&moments->squares, value, value);
		}
	}
	PG_RETURN_POINTER(moments);
}

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&moments_room, moments);
