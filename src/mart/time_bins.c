/*
 * time_bins.c
 *	  How many rows there are in each 30 days, and the latest of them so far.
 *
 * Every view of a live mart asks for it, of all rows that have a date, before
 * it asks for anything else.  A stored mart keeps it.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "base/wire.h"

PG_FUNCTION_INFO_V1(time_bins_accumulate);
PG_FUNCTION_INFO_V1(time_bins_combine);
PG_FUNCTION_INFO_V1(time_bins_serialize);
PG_FUNCTION_INFO_V1(time_bins_deserialize);
PG_FUNCTION_INFO_V1(time_bins_final);

#define TYPE_NAME "time_bins"
#define WIRE_VERSION 1
#define BIN_WIDTH (30 * USECS_PER_DAY)

typedef struct TimeBin
{
	int64 number; /* of 30 days, from 2000 on */
	char status;
	int64 rows;
	int64 later;		/* of them, after what was asked for */
	TimestampTz latest; /* not after what was asked for; DT_NOBEGIN: none */
} TimeBin;

#define SH_PREFIX bins
#define SH_ELEMENT_TYPE TimeBin
#define SH_KEY_TYPE int64
#define SH_KEY number
#define SH_HASH_KEY(table, key) ((uint32) murmurhash32((uint32) (key)))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct TimeBins
{
	bins_hash *bins;
	TimeBin *last; /* rows come in order of time, more or less */
} TimeBins;

static int64
bin_of(TimestampTz at)
{
	return at / BIN_WIDTH - (at % BIN_WIDTH < 0);
}

static TimeBins *
create_bins(MemoryContext context)
{
	TimeBins *state = MemoryContextAlloc(context, sizeof(TimeBins));

	state->bins = bins_create(context, 64, NULL);
	state->last = NULL;
	return state;
}

static TimeBin *
find_bin(TimeBins *state, int64 number)
{
	if (state->last == NULL || state->last->number != number)
	{
		bool found;

		state->last = bins_insert(state->bins, number, &found);
		if (!found)
		{
			state->last->rows = 0;
			state->last->later = 0;
			state->last->latest = DT_NOBEGIN;
		}
	}
	return state->last;
}

static int
compare_bins(const void *a, const void *b)
{
	int64 left = (*(TimeBin *const *) a)->number;
	int64 right = (*(TimeBin *const *) b)->number;

	return (left > right) - (left < right);
}

/* In order of time, so that equal states are equal bytes. */
static TimeBin **
sorted_bins(const TimeBins *state)
{
	TimeBin **sorted = palloc_extended(mul_size(Max(state->bins->members, 1), sizeof(TimeBin *)),
									   MCXT_ALLOC_HUGE);
	bins_iterator iterator;
	TimeBin *bin;
	int count = 0;

	bins_start_iterate(state->bins, &iterator);
	while ((bin = bins_iterate(state->bins, &iterator)) != NULL)
		sorted[count++] = bin;
	qsort(sorted, count, sizeof(TimeBin *), compare_bins);
	return sorted;
}

Datum
time_bins_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, TYPE_NAME);
	TimeBins *state = PG_ARGISNULL(0) ? create_bins(context) : (TimeBins *) PG_GETARG_POINTER(0);
	TimestampTz at;
	TimeBin *bin;

	if (PG_ARGISNULL(1) || TIMESTAMP_NOT_FINITE(at = PG_GETARG_TIMESTAMPTZ(1)))
		PG_RETURN_POINTER(state);
	bin = find_bin(state, bin_of(at));
	bin->rows++;
	if (PG_ARGISNULL(2) || at > PG_GETARG_TIMESTAMPTZ(2))
		bin->later++;
	else
		bin->latest = Max(bin->latest, at);
	PG_RETURN_POINTER(state);
}

Datum
time_bins_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, TYPE_NAME);
	TimeBins *into = PG_ARGISNULL(0) ? NULL : (TimeBins *) PG_GETARG_POINTER(0);
	TimeBins *from = PG_ARGISNULL(1) ? NULL : (TimeBins *) PG_GETARG_POINTER(1);
	TimeBin **bins;

	if (from == NULL)
	{
		if (into == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(into);
	}
	if (into == NULL)
		into = create_bins(context);
	bins = sorted_bins(from);
	for (uint32 i = 0; i < from->bins->members; i++)
	{
		TimeBin added = *bins[i];
		TimeBin *bin = find_bin(into, added.number);

		if (pg_add_s64_overflow(bin->rows, added.rows, &bin->rows))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("more rows within 30 days than can be counted")));
		/* No more than there are rows. */
		bin->later += added.later;
		bin->latest = Max(bin->latest, added.latest);
	}
	pfree(bins);
	PG_RETURN_POINTER(into);
}

Datum
time_bins_serialize(PG_FUNCTION_ARGS)
{
	TimeBins *state = aggregate_state(fcinfo, 0, TYPE_NAME);
	TimeBin **bins = sorted_bins(state);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	wire_put_varint(&out, state->bins->members);
	for (uint32 i = 0; i < state->bins->members; i++)
	{
		pq_sendint64(&out, bins[i]->number);
		pq_sendint64(&out, bins[i]->rows);
		pq_sendint64(&out, bins[i]->later);
		pq_sendint64(&out, bins[i]->latest);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

Datum
time_bins_deserialize(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo, TYPE_NAME);
	TimeBins *state = create_bins(context);
	int64 least = bin_of(MIN_TIMESTAMP);
	StringInfoData in;
	int count;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	count = wire_get_count(&in, TYPE_NAME, 32, INT_MAX);
	for (int i = 0; i < count; i++)
	{
		int64 number = pq_getmsgint64(&in);
		TimeBin *bin;

		wire_check(number >= least && number <= bin_of(END_TIMESTAMP - 1), TYPE_NAME, "no time in a bin");
		least = number + 1;
		bin = find_bin(state, number);
		bin->rows = pq_getmsgint64(&in);
		bin->later = pq_getmsgint64(&in);
		bin->latest = pq_getmsgint64(&in);
		wire_check(bin->rows > 0, TYPE_NAME, "no rows in a bin");
		wire_check(bin->later >= 0 && bin->later <= bin->rows &&
					   (bin->later == bin->rows) == (bin->latest == DT_NOBEGIN),
				   TYPE_NAME, "more rows after the latest than there are");
		wire_check(bin->latest == DT_NOBEGIN ||
					   (!TIMESTAMP_NOT_FINITE(bin->latest) && bin_of(bin->latest) == number),
				   TYPE_NAME, "a time outside of its bin");
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

Datum
time_bins_final(PG_FUNCTION_ARGS)
{
	TimeBins *state = aggregate_state(fcinfo, 0, TYPE_NAME);
	Oid type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	TupleDesc row;
	Datum *elements;
	TimeBin **bins;

	if (state == NULL || state->bins->members == 0)
		PG_RETURN_NULL();
	if (!OidIsValid(type))
		elog(ERROR, "time_bins has no row type");
	row = lookup_rowtype_tupdesc(type, -1);
	bins = sorted_bins(state);
	elements = palloc_array(Datum, state->bins->members);
	for (uint32 i = 0; i < state->bins->members; i++)
	{
		const TimeBin *bin = bins[i];
		Datum values[4];
		bool nulls[4] = {false, false, bin->latest == DT_NOBEGIN, false};

		/* The first of all bins may begin before the first of all times. */
		values[0] = TimestampTzGetDatum(Max(bin->number * BIN_WIDTH, MIN_TIMESTAMP));
		values[1] = Int64GetDatum(bin->rows);
		values[2] = TimestampTzGetDatum(bin->latest);
		values[3] = Int64GetDatum(bin->later);
		elements[i] = HeapTupleGetDatum(heap_form_tuple(row, values, nulls));
	}
	ReleaseTupleDesc(row);
	PG_RETURN_ARRAYTYPE_P(
		construct_array(elements, (int) state->bins->members, type, -1, false, TYPALIGN_DOUBLE));
}
