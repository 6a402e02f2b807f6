/*
 * wire.h
 *	  The one codec.  Stored values, binary transfer and the states that
 *	  parallel workers ship are the same bytes: a version byte first, network
 *	  byte order, and nothing believed until it is checked.
 *
 * Reading goes through pq_getmsg*, which raises protocol_violation on
 * truncated input; what is read but makes no sense raises
 * invalid_binary_representation here.
 */
#ifndef LEAD_KPI_WIRE_H
#define LEAD_KPI_WIRE_H

#include "compat.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/numeric.h"

/* Raises invalid_binary_representation naming the type and what is wrong. */
pg_noreturn extern void wire_corrupt(const char *type_name, const char *what);

static inline void
wire_check(bool holds, const char *type_name, const char *what)
{
	if (unlikely(!holds))
		wire_corrupt(type_name, what);
}

extern void wire_put_version(StringInfo out, uint8 version);
extern void wire_get_version(StringInfo in, const char *type_name, uint8 supported);

/* The version, where older ones are read too. */
extern int wire_get_version_since(StringInfo in, const char *type_name, uint8 oldest, uint8 newest);

/* Variable length unsigned integers: seven bits a byte, low bits first.  Both check for interrupts. */
extern void wire_put_varint(StringInfo out, uint64 value);
extern uint64 wire_get_long_varint(StringInfo in, const char *type_name);

/* Most numbers are small: one byte, read in place. */
static inline uint64
wire_get_varint(StringInfo in, const char *type_name)
{
	CHECK_FOR_INTERRUPTS();
	if (likely(in->cursor < in->len && (uint8) in->data[in->cursor] < 0x80))
		return (uint8) in->data[in->cursor++];
	return wire_get_long_varint(in, type_name);
}

/* The same of what is kept as int64: refused above "high". */
static inline int64
wire_get_int64(StringInfo in, const char *type_name, int64 high)
{
	uint64 count = wire_get_varint(in, type_name);

	wire_check(count <= (uint64) high, type_name, "count out of range");
	return (int64) count;
}

/*
 * A count of items that take at least min_item_bytes each: refused when the
 * remaining input cannot hold them, so nothing is allocated on its word.
 */
extern int wire_get_count(StringInfo in, const char *type_name, int min_item_bytes, int max_count);

/* Text in the database encoding, verified on the way in; NUL-terminated copy. */
extern void wire_put_text(StringInfo out, const char *text);
extern char *wire_get_text(StringInfo in, const char *type_name);

/* A numeric of any kind, also NaN and the infinities, verified on the way in. */
extern void wire_put_numeric(StringInfo out, Numeric value);
extern Numeric wire_get_numeric(StringInfo in);

#endif /* LEAD_KPI_WIRE_H */
