/*
 * email.c
 *	  The mailbox behind an address.
 *
 * It runs for every lead in every view of a mart, so the bytes of an ASCII
 * address are read once and written once.  Other letters are those of UTF-8
 * here: only blanks are looked for among them.
 */
#include "letters.h"

#include "fmgr.h"

PG_FUNCTION_INFO_V1(normalize_email);

typedef struct Span
{
	const char *begin;
	const char *end;
} Span;

static inline bool
is_ascii_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char
lower_byte(char c)
{
	return (char) pg_ascii_tolower((unsigned char) c);
}

static Span
trimmed(Span span)
{
	while (span.begin < span.end && is_ascii_blank(*span.begin))
		span.begin++;
	while (span.begin < span.end && is_ascii_blank(span.end[-1]))
		span.end--;
	return span;
}

/* Without what only looks like a blank, and what does not even do that; plain blanks stay. */
static Span
without_invisible(Span span)
{
	const unsigned char *bytes = (const unsigned char *) span.begin;
	const unsigned char *end = (const unsigned char *) span.end;
	char *kept = palloc((Size) (end - bytes));
	Span result = {kept, kept};

	while (bytes < end)
	{
		int length;
		pg_wchar letter = letter_at(bytes, end, &length);

		if (letter < 0x80 || !(is_blank(letter) || is_invisible(letter)))
		{
			memcpy(kept, bytes, (Size) length);
			kept += length;
		}
		bytes += length;
	}
	result.end = kept;
	return result;
}

static const char *
find(Span span, char c)
{
	return span.begin < span.end ? memchr(span.begin, c, (Size) (span.end - span.begin)) : NULL;
}

static bool
begins_with(Span span, const char *word)
{
	Size length = strlen(word);

	return (Size) (span.end - span.begin) >= length && pg_strncasecmp(span.begin, word, length) == 0;
}

static Span
without_scheme(Span span)
{
	if (begins_with(span, "mailto:"))
	{
		const char *subject;

		span.begin += strlen("mailto:");
		subject = find(span, '?');
		if (subject != NULL)
			span.end = subject;
	}
	return trimmed(span);
}

/* Writes the mailbox of a plain address; returns its length, 0 when it is none. */
static int
write_mailbox(Span address, char *mailbox)
{
	const char *at;
	char *next = mailbox;
	Span domain;
	int length;
	bool is_google;

	address = trimmed(address);
	at = find(address, '@');
	if (at == NULL)
		return 0;
	domain.begin = at + 1;
	domain.end = address.end;
	if (domain.begin == domain.end || find(domain, '@') != NULL)
		return 0;

	length = (int) (domain.end - domain.begin);
	is_google = (length == 9 && begins_with(domain, "gmail.com")) ||
		(length == 14 && begins_with(domain, "googlemail.com"));
	for (const char *c = address.begin; c < at && *c != '+'; c++)
		if (!is_google || *c != '.')
			*next++ = lower_byte(*c);
	if (next == mailbox)
		return 0;
	*next++ = '@';
	if (is_google)
	{
		static const char google[] = "gmail.com";

		domain.begin = google;
		domain.end = google + sizeof(google) - 1;
	}
	for (const char *c = domain.begin; c < domain.end; c++)
		*next++ = lower_byte(*c);
	return (int) (next - mailbox);
}

/*
 * "Pat <pat@firm.example>": what is inside.  Outside may be a name, or the same
 * address once more.  Returns false when it is another one, and for brackets
 * that are not a pair at the end.
 */
static bool
take_out_of_brackets(Span *address, char *room)
{
	const char *open = find(*address, '<');
	Span inside;
	Span name;

	if (open == NULL || address->end[-1] != '>')
		return open == NULL && find(*address, '>') == NULL;
	inside.begin = open + 1;
	inside.end = address->end - 1;
	name.begin = address->begin;
	name.end = open;
	if (find(inside, '<') != NULL || find(inside, '>') != NULL || find(name, '>') != NULL)
		return false;
	inside = without_scheme(inside);
	name = trimmed(name);
	while (name.begin + 1 < name.end && (*name.begin == '"' || *name.begin == '\'') &&
		   name.end[-1] == *name.begin)
		name.begin++, name.end--;
	if (find(name, '@') != NULL)
	{
		int length = write_mailbox(inside, room);
		char *other = room + length;

		if (length == 0 || write_mailbox(without_scheme(name), other) != length ||
			memcmp(room, other, (Size) length) != 0)
			return false;
	}
	*address = inside;
	return true;
}

Datum
normalize_email(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	int length = VARSIZE_ANY_EXHDR(value);
	Span address = {VARDATA_ANY(value), VARDATA_ANY(value) + length};
	bool is_ascii = true;
	text *result;
	int written;

	if (length > MAX_BYTES)
		PG_RETURN_NULL();
	for (const char *c = address.begin; c < address.end; c++)
		is_ascii &= !IS_HIGHBIT_SET(*c);
	if (!is_ascii)
	{
		address.begin = as_utf8(address.begin, length, &length);
		address.end = address.begin + length;
		address = without_invisible(address);
	}
	/* A mailbox is not longer than its address, but for the brackets' two. */
	result = palloc(VARHDRSZ + 2 * (Size) length + 1);
	address = without_scheme(trimmed(address));
	if (!take_out_of_brackets(&address, VARDATA(result)))
		PG_RETURN_NULL();
	written = write_mailbox(address, VARDATA(result));
	if (written == 0)
		PG_RETURN_NULL();
	if (!is_ascii)
		PG_RETURN_TEXT_P(text_of_utf8(VARDATA(result), written));
	SET_VARSIZE(result, VARHDRSZ + written);
	PG_RETURN_TEXT_P(result);
}
