/*
 * phone.c
 *	  The number behind the many ways to write a telephone number.
 */
#include "letters.h"

#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(normalize_phone);
PG_FUNCTION_INFO_V1(normalize_phone_country);

/* What a telephone number of E.164 has at most, and what anybody has at least. */
#define MOST_DIGITS 15
#define LEAST_DIGITS 7

/* A number, and whether its country is part of it. */
typedef struct Phone
{
	bool has_country;
	int count;
	char digit[MAX_LETTERS + 1];
} Phone;

/* Where numbers keep their leading 0 when they are called from abroad: Italy, San Marino, Ivory Coast, Congo. */
static const char *const countries_that_keep_0[] = {"39", "378", "225", "242"};

static bool
begins_with(const pg_wchar *letters, const char *word)
{
	for (; *word != '\0'; word++, letters++)
		if (lower_letter(*letters) != (unsigned char) *word)
			return false;
	return true;
}

/* How many digits follow. */
static int
digits_from(const pg_wchar *letters)
{
	int count = 0;

	for (; *letters != 0; letters++)
		count += is_digit(*letters);
	return count;
}

/* Does an extension begin here?  Two numbers in one do not look like it. */
static bool
is_extension(const pg_wchar *next)
{
	if (*next == ',' || *next == ';' || *next == '#')
		return true;
	return begins_with(next, "x") || begins_with(next, "ext") || begins_with(next, "poste") ||
		begins_with(next, "durchwahl");
}

static bool
read_phone(const Letters *letters, Phone *phone)
{
	const pg_wchar *next = letters->at;

	phone->has_country = false;
	phone->count = 0;
	/* A label: "Tel.:" */
	while (is_letter(*next) || *next == '.' || *next == ':' || *next == ' ')
		next++;
	while (*next == '(' || *next == ' ')
		next++;
	if (*next == '+')
	{
		phone->has_country = true;
		next++;
	}

	for (; *next != 0; next++)
	{
		if (phone->count > 0 && is_extension(next))
		{
			if (digits_from(next) >= LEAST_DIGITS)
				return false;
			break;
		}
		/* The trunk's digit, which is not dialled behind the country: +44 (0)20 ... */
		if (*next == '(' && next[1] == '0' && next[2] == ')' &&
			(phone->has_country || (phone->count >= 2 && phone->digit[0] == '0' && phone->digit[1] == '0')))
			next += 2;
		else if (is_digit(*next))
			phone->digit[phone->count++] = (char) *next;
		else if (*next > 127 || strchr(" -./()", (int) *next) == NULL)
			return false;
	}
	phone->digit[phone->count] = '\0';
	/* Also behind a plus: +0049. */
	if (phone->digit[0] == '0' && phone->digit[1] == '0')
	{
		phone->has_country = true;
		phone->count -= 2;
		memmove(phone->digit, phone->digit + 2, (Size) phone->count + 1);
	}
	/* No country begins with 0. */
	return !phone->has_country || phone->digit[0] != '0';
}

/* Puts the country before a number that has none, without the digit that is dialled within it. */
static void
add_country(Phone *phone, const char *country)
{
	const char *digits = phone->digit;
	bool keeps_0 = false;
	char whole[MAX_LETTERS + 8];

	for (int i = 0; i < (int) lengthof(countries_that_keep_0); i++)
		keeps_0 |= strcmp(country, countries_that_keep_0[i]) == 0;
	if (strcmp(country, "1") == 0)
		digits += phone->count == 11 && *digits == '1';
	else if (strcmp(country, "7") == 0)
		digits += phone->count == 11 && *digits == '8';
	else if (!keeps_0)
		digits += *digits == '0';
	snprintf(whole, sizeof(whole), "%s%s", country, digits);
	phone->count = (int) strlcpy(phone->digit, whole, sizeof(phone->digit));
	phone->has_country = true;
}

/* "+49", "49" or "0049" as digits; raises unless it is one to three of them. */
static char *
calling_code(const text *country)
{
	Letters letters;
	Problem problem;
	const pg_wchar *next = letters.at;
	char *code = palloc0(4);
	int count = 0;

	if (letters_of(country, &letters, &problem) == READING_DONE)
	{
		if (*next == '+')
			next++;
		else if (next[0] == '0' && next[1] == '0')
			next += 2;
		while (count < 3 && is_digit(*next))
			code[count++] = (char) *next++;
	}
	if (count == 0 || code[0] == '0' || *next != 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("\"%s\" is not the calling code of a country", shown(country)),
				errhint("Write it as in '+49'."));
	return code;
}

static Datum
phone_result(FunctionCallInfo fcinfo, const char *country)
{
	Letters letters;
	Problem problem;
	Phone phone;
	char result[MOST_DIGITS + 2];
	bool differ = false;

	if (letters_of(PG_GETARG_TEXT_PP(0), &letters, &problem) != READING_DONE || !read_phone(&letters, &phone))
		PG_RETURN_NULL();
	for (int i = 1; i < phone.count; i++)
		differ |= phone.digit[i] != phone.digit[0];
	if (phone.count < LEAST_DIGITS || !differ)
		PG_RETURN_NULL();
	if (!phone.has_country && country != NULL)
		add_country(&phone, country);
	if (phone.count > MOST_DIGITS)
		PG_RETURN_NULL();
	snprintf(result, sizeof(result), "%s%s", phone.has_country ? "+" : "", phone.digit);
	PG_RETURN_TEXT_P(cstring_to_text(result));
}

Datum
normalize_phone(PG_FUNCTION_ARGS)
{
	return phone_result(fcinfo, NULL);
}

Datum
normalize_phone_country(PG_FUNCTION_ARGS)
{
	return phone_result(fcinfo, calling_code(PG_GETARG_TEXT_PP(1)));
}
