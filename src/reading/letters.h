/*
 * letters.h
 *	  A value of an export as letters that readers can compare: whatever the
 *	  database's encoding, with the many spellings of a blank, a dash, an
 *	  apostrophe and a digit folded into one.
 */
#ifndef LEAD_KPI_LETTERS_H
#define LEAD_KPI_LETTERS_H

#include "base/compat.h"

#include "mb/pg_wchar.h"

/* Longer than anything that is an amount, a date or a telephone number. */
#define MAX_LETTERS 500

/* Longer than any address or name, in bytes: what is longer is none. */
#define MAX_BYTES 10000

#define ARABIC_DECIMAL 0x066B
#define ARABIC_GROUP 0x066C

typedef struct Letters
{
	int count;
	pg_wchar at[MAX_LETTERS + 1]; /* a 0 ends them */
} Letters;

/* Why a value cannot be read; "hint" says what to write instead. */
typedef struct Problem
{
	const char *what;
	const char *hint;
} Problem;

typedef enum Reading
{
	READING_BLANK, /* nothing is written */
	READING_DONE,
	READING_FAILED, /* the problem says why */
} Reading;

/* Fails on a value that is too long. */
extern Reading letters_of(const text *value, Letters *letters, Problem *problem);

/* Beside the blanks themselves: what has no width, as a byte order mark. */
extern bool is_invisible(pg_wchar letter);
extern bool is_blank(pg_wchar letter);

/* The letter at "bytes" of UTF-8; a byte that is none becomes a letter that no reader knows. */
extern pg_wchar letter_at(const unsigned char *bytes, const unsigned char *end, int *length);

/* A value as UTF-8, where the database's encoding has a conversion; at most length bytes were given. */
extern const char *as_utf8(const char *bytes, int length, int *utf8_length);
extern text *text_of_utf8(const char *bytes, int length);

/* A part of the letters, for a message. */
extern char *spelled(const pg_wchar *letters, int count);

/* The value as a message shows it, cut where it is long. */
extern const char *shown(const text *value);

static inline bool
is_digit(pg_wchar letter)
{
	return letter >= '0' && letter <= '9';
}

static inline bool
is_letter(pg_wchar letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

static inline pg_wchar
lower_letter(pg_wchar letter)
{
	return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

static inline Reading
failed(Problem *problem, const char *what, const char *hint)
{
	problem->what = what;
	problem->hint = hint;
	return READING_FAILED;
}

#endif /* LEAD_KPI_LETTERS_H */
