/*
 * lead_text_key.h
 *	  Text lead keys inside a lead event log.
 *
 * A key is its length in four bytes (network order), its bytes, and zeros up
 * to a multiple of eight.  So keys are copied and compared word by word, and
 * look the same in memory, in files and between processes.
 */
#ifndef LEAD_KPI_LEAD_TEXT_KEY_H
#define LEAD_KPI_LEAD_TEXT_KEY_H

#include "base/compat.h"

#include "port/pg_bswap.h"

/* Bytes that a key of this many bytes of text takes. */
static inline Size
lead_text_key_bytes(uint32 length)
{
	return ((Size) length + 4 + 7) & ~(Size) 7;
}

static inline uint32
lead_text_key_length(const char *key)
{
	uint32 length;

	memcpy(&length, key, 4);
	return pg_ntoh32(length);
}

static inline Size
lead_text_key_size(const char *key)
{
	return lead_text_key_bytes(lead_text_key_length(key));
}

static inline void
lead_text_key_write(char *key, const char *text, uint32 length)
{
	uint32 network_length = pg_hton32(length);

	/* The last word may hold the padding. */
	memset(key + lead_text_key_bytes(length) - 8, 0, 8);
	memcpy(key, &network_length, 4);
	memcpy(key + 4, text, length);
}

static inline void
lead_text_key_copy(char *to, const char *from, Size size)
{
	for (Size i = 0; i < size; i += 8)
		memcpy(to + i, from + i, 8);
}

/* Any total order: by length, then by the words. */
static inline int
lead_text_key_compare(const char *a, const char *b)
{
	Size size = lead_text_key_size(a);
	Size b_size = lead_text_key_size(b);

	if (size != b_size)
		return size < b_size ? -1 : 1;
	for (Size i = 0; i < size; i += 8)
	{
		uint64 a_word;
		uint64 b_word;

		memcpy(&a_word, a + i, 8);
		memcpy(&b_word, b + i, 8);
		if (a_word != b_word)
			return a_word < b_word ? -1 : 1;
	}
	return 0;
}

#endif /* LEAD_KPI_LEAD_TEXT_KEY_H */
