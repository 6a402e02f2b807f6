/*
 * rate.c
 *	  The rate: hits among trials, kept as two counts so that rates add up.
 *
 * A mean of percentages weighs ten leads like ten thousand; a rate that
 * remembers its trials cannot be averaged by mistake, knows its uncertainty,
 * and is NULL, not zero, when there were no trials.
 */
#include "rate.h"

#include <ctype.h>

#include "common/hashfn.h"
#include "common/int.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/arguments.h"
#include "base/wire.h"
#include "rate_type.h"

#define TYPE_NAME "rate"
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(rate_in);
PG_FUNCTION_INFO_V1(rate_out);
PG_FUNCTION_INFO_V1(rate_recv);
PG_FUNCTION_INFO_V1(rate_send);
PG_FUNCTION_INFO_V1(rate_make);
PG_FUNCTION_INFO_V1(rate_make_numeric);
PG_FUNCTION_INFO_V1(rate_make_float8);
PG_FUNCTION_INFO_V1(rate_accum);
PG_FUNCTION_INFO_V1(rate_discard);
PG_FUNCTION_INFO_V1(rate_add);
PG_FUNCTION_INFO_V1(rate_subtract);
PG_FUNCTION_INFO_V1(rate_hits);
PG_FUNCTION_INFO_V1(rate_trials);
PG_FUNCTION_INFO_V1(rate_to_float8);
PG_FUNCTION_INFO_V1(rate_to_numeric);
PG_FUNCTION_INFO_V1(rate_eq);
PG_FUNCTION_INFO_V1(rate_ne);
PG_FUNCTION_INFO_V1(rate_lt);
PG_FUNCTION_INFO_V1(rate_le);
PG_FUNCTION_INFO_V1(rate_gt);
PG_FUNCTION_INFO_V1(rate_ge);
PG_FUNCTION_INFO_V1(rate_cmp);
PG_FUNCTION_INFO_V1(rate_hash);
PG_FUNCTION_INFO_V1(rate_hash_extended);
PG_FUNCTION_INFO_V1(rate_smaller);
PG_FUNCTION_INFO_V1(rate_larger);

/* ---------- checks ---------- */

static bool
check_counts(int64 hits, int64 trials, Node *escontext)
{
	if (hits < 0 || trials < 0)
		input_error(escontext, false,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("rate " INT64_FORMAT "/" INT64_FORMAT " has a negative count", hits, trials),
					 errhint("Hits and trials are counts: zero or more.")));
	if (hits > trials)
		input_error(escontext, false,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("rate " INT64_FORMAT "/" INT64_FORMAT " has more hits than trials", hits, trials),
					 errhint("Write hits first, then trials: 32/1000 is 32 hits among 1000 trials.")));
	return true;
}

static void
raise_too_many(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("too many trials: the count exceeds the range of bigint"),
			 errhint("Add up fewer rates, or check whether trials are counted twice.")));
}

void
rate_check(int64 hits, int64 trials)
{
	(void) check_counts(hits, trials, NULL);
}

void
rate_counts(Datum rate, int64 *hits, int64 *trials)
{
	*hits = DatumGetRateP(rate)->hits;
	*trials = DatumGetRateP(rate)->trials;
}

Datum
rate_datum(int64 hits, int64 trials)
{
	Rate *rate;

	(void) check_counts(hits, trials, NULL);
	rate = palloc(sizeof(Rate));
	rate->hits = hits;
	rate->trials = trials;
	return PointerGetDatum(rate);
}

/* The state to change: its own in an aggregate, a copy anywhere else. */
static Rate *
writable(FunctionCallInfo fcinfo)
{
	Rate *rate = PG_GETARG_RATE_P(0);

	if (AggCheckCallContext(fcinfo, NULL))
		return rate;
	return memcpy(palloc(sizeof(Rate)), rate, sizeof(Rate));
}

/* ---------- in, out, recv, send ---------- */

static int64
parse_count(const char **cursor, const char *input, Node *escontext)
{
	const char *start = *cursor;
	const char *digit = start + (*start == '-');
	bool negative = digit != start;
	int64 count = 0;

	if (!isdigit((unsigned char) *digit))
		input_error(escontext, 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"", TYPE_NAME, input),
					 errhint("Write hits and trials, as in 32/1000.")));
	for (; isdigit((unsigned char) *digit); digit++)
	{
		/* Negative numbers reach further, so count downwards. */
		if (pg_mul_s64_overflow(count, 10, &count) || pg_sub_s64_overflow(count, *digit - '0', &count))
			goto out_of_range;
	}
	if (!negative && count == PG_INT64_MIN)
		goto out_of_range;
	*cursor = digit;
	return negative ? count : -count;

out_of_range:
	input_error(escontext, 0,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("count in \"%s\" is out of range for type %s", input, TYPE_NAME),
				 errhint("Hits and trials go up to " INT64_FORMAT ".", PG_INT64_MAX)));
}

static const char *
skip_blanks(const char *cursor)
{
	while (isspace((unsigned char) *cursor))
		cursor++;
	return cursor;
}

Datum
rate_in(PG_FUNCTION_ARGS)
{
	const char *input = PG_GETARG_CSTRING(0);
	Node *escontext = fcinfo->context;
	const char *cursor = skip_blanks(input);
	int64 hits;
	int64 trials = 0;
	bool complete;

	hits = parse_count(&cursor, input, escontext);
	if (soft_error_occurred(escontext))
		PG_RETURN_NULL();
	complete = *cursor == '/';
	if (complete)
	{
		cursor++;
		trials = parse_count(&cursor, input, escontext);
		if (soft_error_occurred(escontext))
			PG_RETURN_NULL();
		complete = *skip_blanks(cursor) == '\0';
	}
	if (!complete)
		input_error(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"", TYPE_NAME, input),
					 errhint("Write hits and trials, as in 32/1000.")));
	if (!check_counts(hits, trials, escontext))
		PG_RETURN_NULL();
	return rate_datum(hits, trials);
}

Datum
rate_out(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);

	PG_RETURN_CSTRING(psprintf(INT64_FORMAT "/" INT64_FORMAT, rate->hits, rate->trials));
}

Datum
rate_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int64 hits;
	int64 trials;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	hits = pq_getmsgint64(in);
	trials = pq_getmsgint64(in);
	wire_check(hits >= 0 && trials >= 0, TYPE_NAME, "negative count");
	wire_check(hits <= trials, TYPE_NAME, "more hits than trials");
	return rate_datum(hits, trials);
}

Datum
rate_send(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	pq_sendint64(&out, rate->hits);
	pq_sendint64(&out, rate->trials);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* ---------- constructor, accumulate, combine ---------- */

Datum
rate_make(PG_FUNCTION_ARGS)
{
	return rate_datum(PG_GETARG_INT64(0), PG_GETARG_INT64(1));
}

/* Counts as sum(bigint) has them. */
Datum
rate_make_numeric(PG_FUNCTION_ARGS)
{
	int64 hits = check_whole(PG_GETARG_NUMERIC(0), "hits");

	return rate_datum(hits, check_whole(PG_GETARG_NUMERIC(1), "trials"));
}

/* Also what rate(integer, integer) comes to: float8 is what PostgreSQL prefers of several. */
Datum
rate_make_float8(PG_FUNCTION_ARGS)
{
	int64 hits = check_whole_double(PG_GETARG_FLOAT8(0), "hits");

	return rate_datum(hits, check_whole_double(PG_GETARG_FLOAT8(1), "trials"));
}

/* Counts one trial: the transition function of rate(boolean). */
Datum
rate_accum(PG_FUNCTION_ARGS)
{
	Rate *rate = writable(fcinfo);

	if (pg_add_s64_overflow(rate->trials, 1, &rate->trials))
		raise_too_many();
	rate->hits += PG_GETARG_BOOL(1);
	PG_RETURN_RATE_P(rate);
}

/* Takes one trial back, for windows that move. */
Datum
rate_discard(PG_FUNCTION_ARGS)
{
	Rate *rate = writable(fcinfo);

	rate->trials -= 1;
	rate->hits -= PG_GETARG_BOOL(1);
	(void) check_counts(rate->hits, rate->trials, NULL);
	PG_RETURN_RATE_P(rate);
}

/* The `+` operator, and the transition and combine function of sum and rollup. */
Datum
rate_add(PG_FUNCTION_ARGS)
{
	Rate *total = writable(fcinfo);
	const Rate *rate = PG_GETARG_RATE_P(1);

	if (pg_add_s64_overflow(total->trials, rate->trials, &total->trials))
		raise_too_many();
	/* There are never more hits than trials, so this one fits. */
	total->hits += rate->hits;
	PG_RETURN_RATE_P(total);
}

/* Takes a rate back out of a sum, for windows that move. */
Datum
rate_subtract(PG_FUNCTION_ARGS)
{
	Rate *total = writable(fcinfo);
	const Rate *rate = PG_GETARG_RATE_P(1);

	total->trials -= rate->trials;
	total->hits -= rate->hits;
	(void) check_counts(total->hits, total->trials, NULL);
	PG_RETURN_RATE_P(total);
}

/* ---------- accessors and casts ---------- */

Datum
rate_hits(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_RATE_P(0)->hits);
}

Datum
rate_trials(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_RATE_P(0)->trials);
}

Datum
rate_to_float8(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);

	if (rate->trials == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) rate->hits / (double) rate->trials);
}

Datum
rate_to_numeric(PG_FUNCTION_ARGS)
{
	const Rate *rate = PG_GETARG_RATE_P(0);

	if (rate->trials == 0)
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, NumericGetDatum(int64_to_numeric(rate->hits)),
							   NumericGetDatum(int64_to_numeric(rate->trials)));
}

/* ---------- order and hash ---------- */

/* The 128 bit product of two counts: its high half, and the low one in *low. */
static uint64
product(uint64 a, uint64 b, uint64 *low)
{
	uint64 a_high = a >> 32;
	uint64 a_low = a & PG_UINT32_MAX;
	uint64 b_high = b >> 32;
	uint64 b_low = b & PG_UINT32_MAX;
	uint64 middle = a_high * b_low + (a_low * b_low >> 32);
	uint64 carry = a_low * b_high + (middle & PG_UINT32_MAX);

	*low = a * b;
	return a_high * b_high + (middle >> 32) + (carry >> 32);
}

#define THREE_WAY(a, b) (((a) > (b)) - ((a) < (b)))

/*
 * A total order: by ratio, exactly; equal ratios by trials; 0/0, of which
 * nothing is known, after everything.  Only identical rates are equal.
 */
static int
compare_rates(const Rate *a, const Rate *b)
{
	uint64 a_low;
	uint64 b_low;
	uint64 a_high = product(a->hits, b->trials, &a_low);
	uint64 b_high = product(b->hits, a->trials, &b_low);

	if (a->trials == 0 || b->trials == 0)
		return (a->trials == 0) - (b->trials == 0);
	if (a_high != b_high)
		return THREE_WAY(a_high, b_high);
	if (a_low != b_low)
		return THREE_WAY(a_low, b_low);
	return THREE_WAY(a->trials, b->trials);
}

#define DEFINE_COMPARISON(name, comparison) \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(compare_rates(PG_GETARG_RATE_P(0), PG_GETARG_RATE_P(1)) comparison 0); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_COMPARISON(rate_eq, ==);
DEFINE_COMPARISON(rate_ne, !=);
DEFINE_COMPARISON(rate_lt, <);
DEFINE_COMPARISON(rate_le, <=);
DEFINE_COMPARISON(rate_gt, >);
DEFINE_COMPARISON(rate_ge, >=);

Datum
rate_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_rates(PG_GETARG_RATE_P(0), PG_GETARG_RATE_P(1)));
}

Datum
rate_hash(PG_FUNCTION_ARGS)
{
	return hash_any((const unsigned char *) PG_GETARG_RATE_P(0), sizeof(Rate));
}

Datum
rate_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((const unsigned char *) PG_GETARG_RATE_P(0), sizeof(Rate), PG_GETARG_INT64(1));
}

Datum
rate_smaller(PG_FUNCTION_ARGS)
{
	Rate *a = PG_GETARG_RATE_P(0);
	Rate *b = PG_GETARG_RATE_P(1);

	PG_RETURN_RATE_P(compare_rates(a, b) <= 0 ? a : b);
}

Datum
rate_larger(PG_FUNCTION_ARGS)
{
	Rate *a = PG_GETARG_RATE_P(0);
	Rate *b = PG_GETARG_RATE_P(1);

	PG_RETURN_RATE_P(compare_rates(a, b) >= 0 ? a : b);
}
