/*
 * letters.c
 *	  A value of an export as letters that readers can compare.
 */
#include "letters.h"

#include "utils/builtins.h"

/* The bytes of an UTF-8 sequence are checked by hand: a SQL_ASCII database may hold anything. */
pg_wchar
letter_at(const unsigned char *bytes, const unsigned char *end, int *length)
{
	int wanted = pg_utf_mblen(bytes);

	if (*bytes < 0x80)
	{
		*length = 1;
		return *bytes;
	}
	if (wanted <= end - bytes && pg_utf8_islegal(bytes, wanted))
	{
		*length = wanted;
		return utf8_to_unicode(bytes);
	}
	*length = 1;
	return 0x110000 + *bytes;
}

const char *
as_utf8(const char *bytes, int length, int *utf8_length)
{
	int encoding = GetDatabaseEncoding();
	const char *utf8 = bytes;

	if (encoding != PG_UTF8 && encoding != PG_SQL_ASCII)
		utf8 = pg_server_to_any(bytes, length, PG_UTF8);
	*utf8_length = utf8 == bytes ? length : (int) strlen(utf8);
	return utf8;
}

text *
text_of_utf8(const char *bytes, int length)
{
	int encoding = GetDatabaseEncoding();
	const char *own = bytes;

	if (encoding != PG_UTF8 && encoding != PG_SQL_ASCII)
		own = pg_any_to_server(bytes, length, PG_UTF8);
	return cstring_to_text_with_len(own, own == bytes ? length : (int) strlen(own));
}

bool
is_invisible(pg_wchar letter)
{
	return letter == 0xAD || (letter >= 0x200B && letter <= 0x200F) ||
		(letter >= 0x202A && letter <= 0x202E) || (letter >= 0x2060 && letter <= 0x2069) || letter == 0xFEFF;
}

bool
is_blank(pg_wchar letter)
{
	return letter == ' ' || (letter >= '\t' && letter <= '\r') || letter == 0xA0 || letter == 0x1680 ||
		(letter >= 0x2000 && letter <= 0x200A) || letter == 0x2028 || letter == 0x2029 || letter == 0x202F ||
		letter == 0x205F || letter == 0x3000;
}

/* The one spelling of a letter that readers know. */
static pg_wchar
folded(pg_wchar letter)
{
	if (letter < 0x80)
		return is_blank(letter) ? ' ' : letter == '`' ? '\'' : letter;
	if (is_blank(letter))
		return ' ';
	if (letter >= 0xFF01 && letter <= 0xFF5E) /* full width */
		return folded(letter - 0xFF01 + '!');
	if (letter >= 0x0660 && letter <= 0x0669) /* Arabic digits */
		return letter - 0x0660 + '0';
	if (letter >= 0x06F0 && letter <= 0x06F9) /* Persian digits */
		return letter - 0x06F0 + '0';
	if ((letter >= 0x2010 && letter <= 0x2015) || letter == 0x2212 || letter == 0xFE58 || letter == 0xFE63)
		return '-';
	if (letter == 0x2018 || letter == 0x2019 || letter == 0xB4 || letter == 0x02BC || letter == 0x2032)
		return '\'';
	return letter;
}

Reading
letters_of(const text *value, Letters *letters, Problem *problem)
{
	int length = VARSIZE_ANY_EXHDR(value);
	const char *own = VARDATA_ANY(value);
	const unsigned char *bytes;
	const unsigned char *end;
	int count = 0;

	/* Beyond this not even letters of four bytes would fit, and nothing that long is converted. */
	if (length > MAX_LETTERS * 4)
		return failed(problem, "it is too long", NULL);
	bytes = (const unsigned char *) as_utf8(own, length, &length);
	end = bytes + length;

	while (bytes < end)
	{
		int size;
		pg_wchar letter = folded(letter_at(bytes, end, &size));

		bytes += size;
		if (is_invisible(letter) || (letter == ' ' && count == 0))
			continue;
		if (count == MAX_LETTERS)
			return failed(problem, "it is too long", NULL);
		letters->at[count++] = letter;
	}
	while (count > 0 && letters->at[count - 1] == ' ')
		count--;
	letters->at[count] = 0;
	letters->count = count;
	return count == 0 ? READING_BLANK : READING_DONE;
}

char *
spelled(const pg_wchar *letters, int count)
{
	unsigned char *bytes = palloc((Size) count * 4 + 1);
	int length = 0;

	for (int i = 0; i < count; i++)
	{
		if (letters[i] >= 0x110000)
			bytes[length++] = (unsigned char) (letters[i] - 0x110000);
		else
		{
			unicode_to_utf8(letters[i], bytes + length);
			length += pg_utf_mblen(bytes + length);
		}
	}
	bytes[length] = 0;
	return text_to_cstring(text_of_utf8((char *) bytes, length));
}

const char *
shown(const text *value)
{
	const char *bytes = VARDATA_ANY(value);
	int length = VARSIZE_ANY_EXHDR(value);
	int most = pg_mbcliplen(bytes, length, 100);

	return most < length ? psprintf("%s...", pnstrdup(bytes, most)) : pnstrdup(bytes, length);
}
