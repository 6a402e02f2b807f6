/*
 * trim.c
 *	  A name without the blanks around it, whatever they look like.
 */
#include "letters.h"

#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(trim_blanks);

Datum
trim_blanks(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	int length = VARSIZE_ANY_EXHDR(value);
	const unsigned char *begin = (const unsigned char *) as_utf8(VARDATA_ANY(value), length, &length);
	const unsigned char *end = begin + length;
	const unsigned char *next = begin;
	const unsigned char *first = NULL;
	const unsigned char *last = NULL;

	while (next < end)
	{
		int size;
		pg_wchar letter = letter_at(next, end, &size);

		if (!is_blank(letter) && !is_invisible(letter))
		{
			if (first == NULL)
				first = next;
			last = next + size;
		}
		next += size;
	}
	if (first == begin && last == end)
		PG_RETURN_TEXT_P(value);
	PG_RETURN_TEXT_P(first == NULL ? cstring_to_text("")
								   : text_of_utf8((const char *) first, (int) (last - first)));
}
