/*
 * lead_text_key.h
 *	  Text lead keys inside a lead event log.
 *
 * A key is its length in four bytes (network order), its bytes, and zeros up
 * to a multiple of eight.  So keys are copied and compared word by word, and
 * look the same in memory, in files and between processes.  The third word of
 * an event is the address of its key.
 *
 * A key of at most 18 characters of ASCII needs no place of its own: with seven
 * bits a character it is 126 bits, of which 63 go into the hash, which is
 * reversible then as that of a uuid is, and 63 into the third word.  There the
 * highest bit is set, as it is in no address and no length.
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

#define LEAD_TEXT_PACKED (UINT64CONST(1) << 63)
#define LEAD_TEXT_MAX_PACKED 18

static inline bool
lead_text_word_is_packed(uint64 word)
{
	return (word & LEAD_TEXT_PACKED) != 0;
}

/* Eight characters, or the last fewer of a text that has eight. */
static inline uint64
lead_text_load(const char *bytes, int length)
{
	uint64 word = 0;

	if (length >= 8)
	{
		memcpy(&word, bytes, 8);
		return word;
	}
	memcpy(&word, bytes + length - 8, 8);
#ifdef WORDS_BIGENDIAN
	return word << (8 * (8 - length));
#else
	return word >> (8 * (8 - length));
#endif
}

/* Seven bits of each of eight characters. */
static inline uint64
lead_text_squeeze(uint64 word)
{
	word = (word & UINT64CONST(0x007f007f007f007f)) | (word & UINT64CONST(0x7f007f007f007f00)) >> 1;
	word = (word & UINT64CONST(0x00003fff00003fff)) | (word & UINT64CONST(0x3fff00003fff0000)) >> 2;
	return (word & UINT64CONST(0x000000000fffffff)) | (word & UINT64CONST(0x0fffffff00000000)) >> 4;
}

/*
 * False when the key cannot be packed.  No text has a zero byte, so the zeros
 * after the last character tell the length.
 */
static inline bool
lead_text_pack(const char *bytes, int length, uint64 *high, uint64 *low)
{
	uint64 words[2] = {0, 0};
	uint64 last = 0;

	if (unlikely(length > LEAD_TEXT_MAX_PACKED))
		return false;
	if (length <= 8)
	{
		if (unlikely(length < 8))
			memcpy(&words[0], bytes, length);
		else
			memcpy(&words[0], bytes, 8);
	}
	else
	{
		words[0] = lead_text_load(bytes, 8);
		words[1] = lead_text_load(bytes + 8, length - 8);
		if (length > 16)
			last = (uint64) (uint8) bytes[16] | (length > 17 ? (uint64) (uint8) bytes[17] << 8 : 0);
	}
	if (unlikely(((words[0] | words[1] | last) & UINT64CONST(0x8080808080808080)) != 0))
		return false;
	*low = LEAD_TEXT_PACKED | lead_text_squeeze(words[0]) << 7 | (last & 0x7f);
	*high = lead_text_squeeze(words[1]) << 7 | last >> 8;
	return true;
}

/* The key of an event in a file or between processes: a packed word, or the key. */
static inline Size
lead_text_stored_size(const char *stored)
{
	return ((uint8) stored[0] & 0x80) != 0 ? 8 : lead_text_key_size(stored);
}

static inline uint64
lead_text_stored_word(const char *stored)
{
	uint64 word;

	if (((uint8) stored[0] & 0x80) == 0)
		return (uint64) (uintptr_t) stored;
	memcpy(&word, stored, 8);
	return pg_ntoh64(word);
}

static inline Size
lead_text_word_size(uint64 word)
{
	return lead_text_word_is_packed(word) ? 8 : lead_text_key_size((const char *) (uintptr_t) word);
}

/* Stores the key; returns the place behind it. */
static inline char *
lead_text_store(char *to, uint64 word)
{
	Size size = lead_text_word_size(word);

	if (lead_text_word_is_packed(word))
	{
		word = pg_hton64(word);
		memcpy(to, &word, 8);
	}
	else
		lead_text_key_copy(to, (const char *) (uintptr_t) word, size);
	return to + size;
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
