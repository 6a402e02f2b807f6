/*
 * scorecard_pattern.c
 *	  How a scorecard looks at texts: patterns, case, numbers in texts.
 *
 * Patterns and case follow the database's default collation, as ~ and lower()
 * do on a text taken from a jsonb.
 */
#include "scorecard_pattern.h"

#include <ctype.h>

#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/memutils.h"

/* Longer texts and wider exponents are no numbers that people write. */
#define MAX_NUMBER_LENGTH 100
#define MAX_EXPONENT_DIGITS 3

struct ScorecardPattern
{
	regex_t regex;
	MemoryContextCallback release;
};

static int
compile(regex_t *regex, const char *pattern, bool ignore_case)
{
	int length = (int) strlen(pattern);
	pg_wchar *wide = MemoryContextAllocHuge(CurrentMemoryContext,
											mul_size((Size) length + 1, sizeof(pg_wchar)));
	int wide_length = pg_mb2wchar_with_len(pattern, wide, length);
	int result = pg_regcomp(regex, wide, wide_length,
							REG_ADVANCED | REG_NOSUB | (ignore_case ? REG_ICASE : 0), DEFAULT_COLLATION_OID);

	pfree(wide);
	return result;
}

static char *
explain_code(int code, const regex_t *regex)
{
	char message[100];

	CHECK_FOR_INTERRUPTS();
	pg_regerror(code, regex, message, sizeof(message));
	return pstrdup(message);
}

char *
scorecard_pattern_problem(const char *pattern, bool ignore_case)
{
	regex_t regex;
	int code = compile(&regex, pattern, ignore_case);

	if (code != REG_OKAY)
		return explain_code(code, &regex);
	pg_regfree(&regex);
	return NULL;
}

/* PostgreSQL 15 keeps a compiled expression outside of memory contexts. */
static void
release_pattern(void *pattern)
{
	pg_regfree(&((ScorecardPattern *) pattern)->regex);
}

ScorecardPattern *
scorecard_pattern_compile(const char *pattern, bool ignore_case)
{
	ScorecardPattern *result = palloc0(sizeof(ScorecardPattern));
	int code = compile(&result->regex, pattern, ignore_case);

	if (code != REG_OKAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
				 errmsg("invalid regular expression \"%s\": %s", pattern, explain_code(code, &result->regex))));
	result->release.func = release_pattern;
	result->release.arg = result;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &result->release);
	return result;
}

bool
scorecard_pattern_matches(ScorecardPattern *pattern, const char *text, int length)
{
	pg_wchar *wide = MemoryContextAllocHuge(CurrentMemoryContext,
											mul_size((Size) length + 1, sizeof(pg_wchar)));
	int wide_length = pg_mb2wchar_with_len(text, wide, length);
	int code = pg_regexec(&pattern->regex, wide, wide_length, 0, NULL, 0, NULL, 0);

	pfree(wide);
	if (code != REG_OKAY && code != REG_NOMATCH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
				 errmsg("regular expression failed: %s", explain_code(code, &pattern->regex))));
	return code == REG_OKAY;
}

char *
scorecard_fold_case(const char *text, int length, int *folded_length)
{
	char *folded = palloc((Size) length + 1);
	bool is_ascii = true;

	for (int i = 0; i < length; i++)
	{
		folded[i] = (char) pg_ascii_tolower((unsigned char) text[i]);
		is_ascii &= !IS_HIGHBIT_SET(text[i]);
	}
	folded[length] = '\0';
	if (!is_ascii)
		folded = str_tolower(folded, length, DEFAULT_COLLATION_OID);
	*folded_length = (int) strlen(folded);
	return folded;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
scorecard_is_blank(const char *text, int length)
{
	for (int i = 0; i < length; i++)
		if (!is_blank(text[i]))
			return false;
	return true;
}

static int
digits(const char *text, int length)
{
	int count = 0;

	while (count < length && isdigit((unsigned char) text[count]))
		count++;
	return count;
}

Numeric
scorecard_number_of_text(const char *text, int length)
{
	int at = 0;
	int before;
	int after = 0;

	while (length > 0 && is_blank(*text))
		text++, length--;
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	/* What numeric_in is sure to take, since older servers cannot be asked. */
	if (length == 0 || length > MAX_NUMBER_LENGTH)
		return NULL;
	at += text[0] == '-' || text[0] == '+';
	before = digits(text + at, length - at);
	at += before;
	if (at < length && text[at] == '.')
	{
		after = digits(text + at + 1, length - at - 1);
		at += after + 1;
	}
	if (before + after == 0)
		return NULL;
	if (at < length && (text[at] == 'e' || text[at] == 'E'))
	{
		int exponent;

		at++;
		at += at < length && (text[at] == '-' || text[at] == '+');
		exponent = digits(text + at, length - at);
		if (exponent == 0 || exponent > MAX_EXPONENT_DIGITS)
			return NULL;
		at += exponent;
	}
	if (at != length)
		return NULL;
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(text, length)),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}
