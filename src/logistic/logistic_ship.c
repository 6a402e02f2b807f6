/*
 * logistic_ship.c
 *	  The state of logistic_model, handed to another process.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "logistic_state.h"

#define TYPE_NAME "logistic_model"
#define WIRE_VERSION 1

/* What is kept free of a shipped state for all but its rows. */
#define SHIPPED_RESERVE (64 * 1024)

PG_FUNCTION_INFO_V1(logistic_serialize);
Datum
logistic_serialize(PG_FUNCTION_ARGS)
{
	const LogisticState *state = (LogisticState *) PG_GETARG_POINTER(0);
	const LogisticRows *rows = &state->rows;
	StringInfoData out;

	/* A row takes its numbers and up to ten bytes for each count. */
	if (rows->count > (MaxAllocSize - SHIPPED_RESERVE) / (rows->width * sizeof(double) + 20))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the %zu rows of a logistic_model are too large to be sent between processes",
						rows->count),
				 errhint("Set max_parallel_workers_per_gather = 0 for this query.")));
	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	pq_sendfloat8(&out, state->ridge);
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		wire_put_varint(&out, (uint64) state->ignored[reason]);
	wire_put_varint(&out, (uint64) state->attribute_count);
	for (int i = 0; i < state->attribute_count; i++)
	{
		const LogisticAttributeState *attribute = &state->attributes[i];

		wire_put_text(&out, attribute->name);
		pq_sendbyte(&out, (uint8) attribute->kind);
		wire_put_varint(&out, (uint64) attribute->levels.count);
		for (int level = 0; level < attribute->levels.count; level++)
			wire_put_text(&out, attribute->levels.texts[level]);
	}
	wire_put_varint(&out, (uint64) rows->width);
	wire_put_varint(&out, (uint64) rows->count);
	enlargeStringInfo(&out, (int) (rows->count * (rows->width * sizeof(double) + 2)));
	for (Size row = 0; row < rows->count; row++)
	{
		const double *values = logistic_row(rows, row);

		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* As pq_sendfloat8() of each, which is slower. */
		enlargeStringInfo(&out, rows->width * (int) sizeof(double));
		for (int i = 0; i < rows->width; i++)
		{
			uint64 bits;

			memcpy(&bits, &values[i], sizeof(bits));
			bits = pg_hton64(bits);
			memcpy(out.data + out.len, &bits, sizeof(bits));
			out.len += (int) sizeof(bits);
		}
		wire_put_varint(&out, (uint64) logistic_row_leads(rows, row));
		wire_put_varint(&out, (uint64) logistic_row_converted(rows, row));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
read_attributes(LogisticState *state, StringInfo in)
{
	int count = wire_get_count(in, TYPE_NAME, 3, LOGISTIC_MAX_TERMS);
	char **texts = palloc(mul_size(Max(count, 1), sizeof(char *)));
	Datum *names = palloc(mul_size(Max(count, 1), sizeof(Datum)));
	LogisticScalar *kinds = palloc(mul_size(Max(count, 1), sizeof(LogisticScalar)));
	TextDictionary *levels = palloc(mul_size(Max(count, 1), sizeof(TextDictionary)));

	for (int i = 0; i < count; i++)
	{
		int kind;
		int level_count;

		texts[i] = wire_get_text(in, TYPE_NAME);
		names[i] = CStringGetTextDatum(texts[i]);
		for (int j = 0; j < i; j++)
			wire_check(strcmp(texts[i], texts[j]) != 0, TYPE_NAME, "an attribute is there twice");
		kind = pq_getmsgbyte(in);
		wire_check(kind <= LOGISTIC_TEXT, TYPE_NAME, "unknown kind of attribute");
		kinds[i] = (LogisticScalar) kind;
		text_dictionary_init(&levels[i]);
		level_count = wire_get_count(in, TYPE_NAME, 1, LOGISTIC_MAX_LEVELS);
		wire_check((level_count > 0) == (kinds[i] == LOGISTIC_TEXT), TYPE_NAME, "levels do not fit the kind");
		for (int level = 0; level < level_count; level++)
		{
			char *text = wire_get_text(in, TYPE_NAME);

			wire_check(text_dictionary_number(&levels[i], text, (int) strlen(text)) == level, TYPE_NAME,
					   "a level is there twice");
			pfree(text);
		}
	}
	if (count == 0)
		return;
	logistic_state_set_terms(state, construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
	for (int i = 0; i < count; i++)
	{
		state->attributes[i].kind = kinds[i];
		state->attributes[i].levels = levels[i];
	}
}

static void
read_row(LogisticState *state, StringInfo in)
{
	int64 leads;
	int64 converted;
	const char *bytes = pq_getmsgbytes(in, state->rows.width * (int) sizeof(double));

	for (int i = 0; i < state->rows.width; i++)
	{
		uint64 bits;
		double value;

		memcpy(&bits, bytes + i * sizeof(bits), sizeof(bits));
		bits = pg_ntoh64(bits);
		memcpy(&value, &bits, sizeof(value));
		if (state->attribute_count > 0 && isnan(value))
			value = get_float8_nan();
		else
		{
			wire_check(isfinite(value), TYPE_NAME, "a feature is not finite");
			value += 0.0;
			if (state->attribute_count > 0)
				wire_check(state->attributes[i].kind == LOGISTIC_NUMBER ||
							   (value >= 0 && value < state->attributes[i].levels.count &&
								value == floor(value)),
						   TYPE_NAME, "unknown level");
		}
		state->row[i] = value;
	}
	leads = wire_get_int64(in, TYPE_NAME, LOGISTIC_MAX_LEADS);
	converted = wire_get_int64(in, TYPE_NAME, leads);
	wire_check(leads > 0, TYPE_NAME, "a row without leads");
	logistic_rows_add(&state->rows, state->row, leads, converted);
}

PG_FUNCTION_INFO_V1(logistic_deserialize);
Datum
logistic_deserialize(PG_FUNCTION_ARGS)
{
	LogisticState *state = logistic_state_create(CurrentMemoryContext, 0);
	StringInfoData in;
	int width;
	int count;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	state->ridge = pq_getmsgfloat8(&in) + 0.0;
	wire_check(state->ridge >= 0 && isfinite(state->ridge), TYPE_NAME, "ridge out of range");
	for (int reason = 0; reason < LOGISTIC_IGNORED_REASONS; reason++)
		state->ignored[reason] = wire_get_int64(&in, TYPE_NAME, PG_INT64_MAX);
	read_attributes(state, &in);
	width = (int) wire_get_int64(&in, TYPE_NAME, LOGISTIC_MAX_TERMS);
	if (state->attribute_count > 0)
		wire_check(width == state->attribute_count, TYPE_NAME, "width does not fit the attributes");
	else if (width > 0)
		logistic_state_set_width(state, width);
	count = wire_get_count(&in, TYPE_NAME, width * (int) sizeof(double) + 2, PG_INT32_MAX);
	wire_check(width > 0 || count == 0, TYPE_NAME, "rows without features");
	for (int row = 0; row < count; row++)
	{
		if ((row & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		read_row(state, &in);
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}
