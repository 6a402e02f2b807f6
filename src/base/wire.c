/*
 * wire.c
 *	  The one codec for stored values, binary transfer and shipped states.
 */
#include "wire.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Seven bits each. */
#define MAX_VARINT_BYTES 10

void
wire_corrupt(const char *type_name, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary representation of %s: %s", type_name, what),
			 errhint("The bytes were altered or come from an incompatible version; transfer the value as text instead.")));
}

void
wire_put_version(StringInfo out, uint8 version)
{
	pq_sendbyte(out, version);
}

int
wire_get_version_since(StringInfo in, const char *type_name, uint8 oldest, uint8 newest)
{
	int version = pq_getmsgbyte(in);

	if (version < oldest || version > newest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported version %d of %s", version, type_name),
				 oldest == newest ? errdetail("This build reads version %d.", newest)
								  : errdetail("This build reads versions %d to %d.", oldest, newest),
				 errhint("Transfer the value as text, or upgrade the extension.")));
	return version;
}

void
wire_get_version(StringInfo in, const char *type_name, uint8 supported)
{
	(void) wire_get_version_since(in, type_name, supported, supported);
}

/* Whatever grows with the data passes here, so that writing a large value can be cancelled, and reading it. */
void
wire_put_varint(StringInfo out, uint64 value)
{
	CHECK_FOR_INTERRUPTS();
	while (value >= 0x80)
	{
		appendStringInfoCharMacro(out, (char) (value | 0x80));
		value >>= 7;
	}
	appendStringInfoCharMacro(out, (char) value);
}

uint64
wire_get_long_varint(StringInfo in, const char *type_name)
{
	const char *bytes = in->data + in->cursor;
	int left = in->len - in->cursor;
	uint64 value = 0;

	for (int i = 0; i < Min(left, MAX_VARINT_BYTES); i++)
	{
		uint64 byte = (uint8) bytes[i];

		/* The tenth byte holds one bit. */
		wire_check(i < MAX_VARINT_BYTES - 1 || byte <= 1, type_name, "number out of range");
		value |= (byte & 0x7f) << 7 * i;
		if (byte < 0x80)
		{
			/* One spelling per number, so that equal values are equal bytes. */
			wire_check(byte != 0 || i == 0, type_name, "number is padded");
			in->cursor += i + 1;
			return value;
		}
	}
	/* Nothing left: this raises as for whatever else is cut short. */
	in->cursor = in->len;
	return (uint64) pq_getmsgbyte(in);
}

int
wire_get_count(StringInfo in, const char *type_name, int min_item_bytes, int max_count)
{
	uint64 count = wire_get_varint(in, type_name);

	wire_check(count <= (uint64) max_count, type_name, "count out of range");
	wire_check(count <= (uint64) ((in->len - in->cursor) / min_item_bytes), type_name,
			   "count exceeds the input");
	return (int) count;
}

void
wire_put_text(StringInfo out, const char *text)
{
	int length = (int) strlen(text);

	wire_put_varint(out, (uint64) length);
	appendBinaryStringInfo(out, text, length);
}

char *
wire_get_text(StringInfo in, const char *type_name)
{
	int length = wire_get_count(in, type_name, 1, MaxAllocSize - 1);
	const char *bytes = pq_getmsgbytes(in, length);

	wire_check(memchr(bytes, '\0', length) == NULL, type_name, "text contains a zero byte");
	(void) pg_verifymbstr(bytes, length, false);
	return pnstrdup(bytes, length);
}

void
wire_put_numeric(StringInfo out, Numeric value)
{
	bytea *bytes = DatumGetByteaPP(DirectFunctionCall1(numeric_send, NumericGetDatum(value)));

	appendBinaryStringInfo(out, VARDATA_ANY(bytes), (int) VARSIZE_ANY_EXHDR(bytes));
	pfree(bytes);
}

Numeric
wire_get_numeric(StringInfo in)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_recv, PointerGetDatum(in),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}
