/*
 * amount.c
 *	  Amounts of money as exports write them, read without a guess.
 *
 * "1.234" is a thousand or a bit more than one, depending on who wrote it, and
 * nothing in the value says so: neither does its currency, since software writes
 * euros the English way.  So marks are taken for what they are only where their
 * places leave one reading, or where a sample shows the format.
 */
#include "letters.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/argument_cache.h"

PG_FUNCTION_INFO_V1(parse_amount);
PG_FUNCTION_INFO_V1(try_parse_amount);
PG_FUNCTION_INFO_V1(amount_problem);

/* The marks of a number; 0: it has none. */
typedef struct Marks
{
	pg_wchar decimal;
	pg_wchar group;
} Marks;

typedef struct Amount
{
	Marks marks;
	bool negative;
	int digits;
	int decimals; /* of the digits */
	int exponent; /* of ten, by which to multiply */
	char digit[MAX_LETTERS];
} Amount;

/* What stands around the number. */
typedef struct Surroundings
{
	bool has_sign;
	bool is_negative;
	bool is_open; /* a parenthesis */
	bool is_closed;
	int symbols;
	int codes;
	int exponent; /* of the suffix; 0: none */
} Surroundings;

/* In lower case; words that the next tables have not. */
static const struct Suffix
{
	const char *word;
	int exponent;
} suffixes[] = {
	{"k", 3},		  {"tsd", 3},		{"thousand", 3},   {"lakh", 5},	 {"lakhs", 5},	{"lac", 5},
	{"m", 6},		  {"mm", 6},		{"mn", 6},		   {"mio", 6},	 {"mln", 6},	{"mill", 6},
	{"million", 6},	  {"millions", 6},	{"millionen", 6},  {"crore", 7}, {"crores", 7}, {"b", 9},
	{"bn", 9},		  {"md", 9},		{"mrd", 9},		   {"mld", 9},	 {"mlrd", 9},	{"milliard", 9},
	{"milliards", 9}, {"milliarde", 9}, {"milliarden", 9},
};

/* "T" alone may be a trillion. */
static const char *const thousands_of_currency[] = {"teur", "t\xE2\x82\xAC", "tchf", "tkr",
													"tsek", "tdkk",			 "tnok"};

/* Symbols that are not one letter of their own; the dots that abbreviations end with are in may_be_short(). */
static const char *const symbols[] = {
	"r$",
	"us$",
	"au$",
	"a$",
	"ca$",
	"c$",
	"cad$",
	"nz$",
	"hk$",
	"s$",
	"sg$",
	"nt$",
	"mx$",
	"mex$",
	"cl$",
	"col$",
	"ar$",
	"rs",
	"r",
	"rm",
	"rp",
	"kr",
	"z\xC5\x82",
	"z\xC5\x81",
	"k\xC4\x8D",
	"k\xC4\x8C",
	"ft",
	"lei",
	"fr",
	"sfr",
	"tl",
	"s/",
	"bs",
	"euro",
	"euros",
	"dollar",
	"dollars",
	"dh",
	"\xD0\xBB\xD0\xB2",
	"\xD1\x80\xD1\x83\xD0\xB1",
	"\xD0\xA0\xD0\xA3\xD0\x91",
	"\xD1\x80",
	"\xD0\xB3\xD1\x80\xD0\xBD",
};

static const char *const short_words[] = {"rs",
										  "kr",
										  "fr",
										  "sfr",
										  "mio",
										  "mrd",
										  "tsd",
										  "mill",
										  "mln",
										  "mld",
										  "s/",
										  "bs",
										  "dh",
										  "\xD0\xBB\xD0\xB2",
										  "\xD1\x80\xD1\x83\xD0\xB1",
										  "\xD0\xA0\xD0\xA3\xD0\x91",
										  "\xD1\x80",
										  "\xD0\xB3\xD1\x80\xD0\xBD"};

/* ISO 4217, with some that went not long ago. */
static const char codes[] =
	"aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad "
	"cdf chf clp cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd "
	"hkd hnl hrk htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd "
	"lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php "
	"pkr pln pyg qar ron rsd rub rwf sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt tnd "
	"top try ttd twd tzs uah ugx usd uyu uzs ves vnd vuv wst xaf xcd xof xpf yer zar zmw zwl ";

#define HINT_FORMAT \
	"Give the format, by a number that shows both marks: '1.234,56' or '1,234.56' as the second argument."

/* ---------- words ---------- */

static bool
is_listed(const char *word, const char *const *list, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static int
suffix_exponent(const char *word)
{
	for (int i = 0; i < (int) lengthof(suffixes); i++)
		if (strcmp(word, suffixes[i].word) == 0)
			return suffixes[i].exponent;
	return 0;
}

static bool
is_code(const char *word)
{
	if (strlen(word) != 3 || strspn(word, "abcdefghijklmnopqrstuvwxyz") != 3)
		return false;
	for (const char *code = codes; *code != '\0'; code += 4)
		if (memcmp(code, word, 3) == 0)
			return true;
	return false;
}

/* The signs of currencies that Unicode has. */
static bool
is_sign(pg_wchar letter)
{
	return letter == '$' || letter == 0xA3 || letter == 0xA4 || letter == 0xA5 || letter == 0x0E3F ||
		(letter >= 0x20A0 && letter <= 0x20CF) || letter == 0xFDFC || letter == 0xFFE1 || letter == 0xFFE5 ||
		letter == 0xFFE6;
}

static bool
is_symbol(const char *word)
{
	int size;
	int length = (int) strlen(word);
	pg_wchar letter;

	if (is_listed(word, symbols, lengthof(symbols)))
		return true;
	letter = letter_at((const unsigned char *) word, (const unsigned char *) word + length, &size);
	return size == length && is_sign(letter);
}

/* Takes the word into the surroundings, if it is known. */
static bool
take_word(Surroundings *around, char *word)
{
	int exponent = 0;
	int symbol = is_symbol(word);
	int code = !symbol && is_code(word);

	if (!symbol && !code)
		exponent = suffix_exponent(word);
	if (!symbol && !code && exponent == 0 &&
		is_listed(word, thousands_of_currency, lengthof(thousands_of_currency)))
	{
		symbol = 1;
		exponent = 3;
	}
	/* Two in one: "kEUR". */
	for (int cut = 1; !symbol && !code && exponent == 0 && word[cut] != '\0'; cut++)
	{
		char first[32];
		const char *second = word + cut;

		if (cut >= (int) sizeof(first))
			break;
		strlcpy(first, word, (Size) cut + 1);
		if (suffix_exponent(first) != 0 && second[1] != '\0')
		{
			symbol = is_symbol(second);
			code = !symbol && is_code(second);
			exponent = symbol || code ? suffix_exponent(first) : 0;
		}
		if (exponent == 0 && suffix_exponent(second) != 0 && first[1] != '\0')
		{
			symbol = is_symbol(first);
			code = !symbol && is_code(first);
			exponent = symbol || code ? suffix_exponent(second) : 0;
		}
		/* The dollar is the one sign of one byte. */
		if (exponent == 0 && strcmp(second, "$") == 0 && suffix_exponent(first) != 0)
		{
			symbol = 1;
			exponent = suffix_exponent(first);
		}
		if (exponent == 0 && strcmp(first, "$") == 0 && suffix_exponent(second) != 0)
		{
			symbol = 1;
			exponent = suffix_exponent(second);
		}
	}
	if (!symbol && !code && exponent == 0)
		return false;
	if (exponent != 0 && around->exponent != 0)
		return false;
	around->symbols += symbol;
	around->codes += code;
	around->exponent += exponent;
	return around->symbols <= 1 && around->codes <= 1;
}

/* Reads a word around the number, and the dot that ends an abbreviation; moves "at" behind it. */
static Reading
read_word(const Letters *letters, int *at, Surroundings *around, Problem *problem)
{
	pg_wchar word[32];
	int count = 0;
	char *spelling;

	while (letters->at[*at] != 0 && !is_digit(letters->at[*at]) &&
		   strchr(" +-().,'", (int) Min(letters->at[*at], 127)) == NULL)
	{
		if (count == (int) lengthof(word))
			return failed(problem, "it is text, not an amount", NULL);
		word[count++] = lower_letter(letters->at[(*at)++]);
	}
	if (count == 0)
		return failed(problem,
					  psprintf("\"%s\" stands where no mark can stand", spelled(letters->at + *at, 1)), NULL);
	if (count == 1 && word[0] == '%')
		return failed(problem, "it is a percentage, not an amount", NULL);

	{
		unsigned char utf8[lengthof(word) * 4 + 1];
		int length = 0;

		for (int i = 0; i < count; i++)
		{
			if (word[i] >= 0x110000)
				goto unknown;
			unicode_to_utf8(word[i], utf8 + length);
			length += pg_utf_mblen(utf8 + length);
		}
		utf8[length] = '\0';
		if (!take_word(around, (char *) utf8))
			goto unknown;
		if (letters->at[*at] == '.' && is_listed((char *) utf8, short_words, lengthof(short_words)))
			(*at)++;
		return READING_DONE;
	}

unknown:
	spelling = spelled(letters->at + *at - count, count);
	return failed(
		problem, psprintf("\"%s\" is not known as a currency or a multiple, or is one too many", spelling),
		"Currencies are symbols or codes of ISO 4217, multiples K, M, Mio, Mrd, bn and their like.");
}

/* ---------- the number itself ---------- */

static bool
is_mark(pg_wchar letter)
{
	return letter == '.' || letter == ',' || letter == '\'' || letter == ' ' || letter == ARABIC_DECIMAL ||
		letter == ARABIC_GROUP;
}

static const char *
mark_name(pg_wchar mark)
{
	return mark == ' ' ? "a blank" : psprintf("\"%s\"", spelled(&mark, 1));
}

/* Groups of three digits; or of two before the last three, as in India. */
static bool
groups_are_right(const int *run, int groups)
{
	bool western = run[0] >= 1 && run[0] <= 3;
	bool indian = run[0] >= 1 && run[0] <= 2 && run[groups] == 3;

	for (int i = 1; i <= groups; i++)
	{
		western &= run[i] == 3;
		indian &= i == groups || run[i] == 2;
	}
	return western || indian;
}

/*
 * Which of the marks stands before the decimals: its place, or "count" for none.
 * Fails where that can be read in two ways.
 */
static Reading
find_decimal_mark(const pg_wchar *mark, int count, const int *run, const Amount *amount, bool is_scientific,
				  pg_wchar no_cents, const Marks *format, int *decimal, Problem *problem)
{
	pg_wchar last = count > 0 ? mark[count - 1] : 0;
	int same = 0;

	*decimal = count;
	if (format != NULL)
	{
		if (count > 0 && last == format->decimal)
			*decimal = count - 1;
		for (int i = 0; i < *decimal; i++)
			if (mark[i] != format->group)
				return failed(problem, psprintf("%s stands where the format has none", mark_name(mark[i])),
							  NULL);
		if (no_cents != 0 && (no_cents != format->decimal || *decimal < count))
			return failed(problem, psprintf("%s stands where the format has none", mark_name(no_cents)),
						  NULL);
		return READING_DONE;
	}

	for (int i = 0; i < count; i++)
		same += mark[i] == last;
	if (no_cents != 0)
	{
		if (count > 0 && mark[0] == no_cents)
			return failed(problem, psprintf("%s stands in two roles", mark_name(no_cents)), NULL);
	}
	else if (last == ARABIC_DECIMAL || ((last == '.' || last == ',') && count > 1 && same == 1))
		*decimal = count - 1;
	else if ((last == '.' || last == ',') && count == 1)
	{
		if (run[1] == 3 && run[0] >= 1 && run[0] <= 3 && !(run[0] == 1 && amount->digit[0] == '0') &&
			!is_scientific)
			return failed(problem,
						  psprintf("%s may stand before decimals or between thousands", mark_name(last)),
						  HINT_FORMAT);
		*decimal = 0;
	}
	for (int i = 1; i < *decimal; i++)
		if (mark[i] != mark[0])
			return failed(problem, psprintf("%s and %s are mixed", mark_name(mark[0]), mark_name(mark[i])),
						  NULL);
	if (*decimal > 0 && *decimal < count && mark[0] == last)
		return failed(problem, psprintf("%s stands in two roles", mark_name(last)), NULL);
	return READING_DONE;
}

/* Reads the digits at "at", with their marks, an exponent, and the dash that stands for no cents. */
static Reading
read_number(const Letters *letters, int *at, const Marks *format, Amount *amount, Problem *problem)
{
	const pg_wchar *next = letters->at + *at;
	pg_wchar mark[MAX_LETTERS];
	int run[MAX_LETTERS + 1] = {0};
	int count = 0;
	int decimal;
	pg_wchar no_cents = 0;
	bool is_scientific = false;

	for (;; next++)
	{
		if (is_digit(*next))
		{
			amount->digit[amount->digits++] = (char) *next;
			run[count]++;
		}
		else if (is_mark(*next) && is_digit(next[1]))
		{
			mark[count++] = *next;
			run[count] = 0;
		}
		else
			break;
	}

	if ((*next == '.' || *next == ',') && next[1] == '-')
	{
		no_cents = *next++;
		while (*next == '-')
			next++;
	}
	else if (*next == '/' && next[1] == '-' && next[2] == 0) /* the Indian way to say so */
		next += 2;
	else if (*next == 'e' || *next == 'E')
	{
		const pg_wchar *exponent = next + 1 + (next[1] == '-' || next[1] == '+');
		int value = 0;
		int length = 0;

		while (length < 3 && is_digit(exponent[length]))
			value = value * 10 + (int) (exponent[length++] - '0');
		if (length > 2)
			return failed(problem, "it has too large an exponent", NULL);
		if (length > 0)
		{
			is_scientific = true;
			amount->exponent = next[1] == '-' ? -value : value;
			next = exponent + length;
		}
	}
	*at = (int) (next - letters->at);

	if (find_decimal_mark(mark, count, run, amount, is_scientific, no_cents, format, &decimal, problem) ==
		READING_FAILED)
		return READING_FAILED;
	if (decimal > 0 && (!groups_are_right(run, decimal < count ? decimal : count) || amount->digit[0] == '0'))
		return failed(problem,
					  psprintf("%s does not stand between groups of three digits", mark_name(mark[0])),
					  format == NULL ? NULL : "The format may be another one.");
	amount->decimals = decimal < count ? run[count] : 0;
	amount->marks.decimal = decimal < count ? mark[decimal] : no_cents;
	amount->marks.group = decimal > 0 ? mark[0] : 0;
	return READING_DONE;
}

static Reading
read_amount(const Letters *letters, const Marks *format, Amount *amount, Problem *problem)
{
	Surroundings around = {0};
	int at = 0;
	bool found = false;

	amount->digits = amount->exponent = 0;
	while (at < letters->count)
	{
		pg_wchar letter = letters->at[at];

		if (is_digit(letter) || ((letter == '.' || letter == ',') && is_digit(letters->at[at + 1])))
		{
			if (found)
				return failed(problem, "it has more than one number", NULL);
			if (read_number(letters, &at, format, amount, problem) == READING_FAILED)
				return READING_FAILED;
			found = true;
		}
		else if (letter == ' ')
			at++;
		else if (letter == '-' || (letter == '+' && !found))
		{
			if (around.has_sign)
				return failed(problem, "it has two signs", NULL);
			around.has_sign = true;
			around.is_negative = letter == '-';
			at++;
		}
		else if (letter == '(' && !around.is_open && !found)
			at++, around.is_open = true;
		else if (letter == ')' && around.is_open && !around.is_closed && found)
			at++, around.is_closed = true;
		else if (read_word(letters, &at, &around, problem) == READING_FAILED)
			return READING_FAILED;
	}
	if (!found)
		return failed(problem, "it has no digits", NULL);
	if (around.is_open != around.is_closed)
		return failed(problem, "it has a parenthesis without its other half", NULL);
	if (around.is_open && around.has_sign)
		return failed(problem, "it has a sign and parentheses", NULL);
	amount->negative = around.is_negative || around.is_open;
	amount->exponent += around.exponent;
	return READING_DONE;
}

/* ---------- for SQL ---------- */

/* The marks that a sample shows. */
static void *
marks_of_format(Datum value)
{
	const text *format = DatumGetTextPP(value);
	Marks *marks = palloc(sizeof(Marks));
	Letters letters;
	Amount sample = {0};
	Problem problem;
	Reading reading = letters_of(format, &letters, &problem);

	if (reading == READING_BLANK)
		reading = failed(&problem, "it is blank", NULL);
	if (reading == READING_DONE)
		reading = read_amount(&letters, NULL, &sample, &problem);
	if (reading == READING_FAILED)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("\"%s\" is not a format of amounts: %s", shown(format), problem.what),
				errhint("Write a number that shows both marks, such as '1.234,56', '1,234.56', '1 234,56' or '1234.56'."));
	*marks = sample.marks;
	return marks;
}

/* Reads the first argument, by the format of the second where there is one. */
static Reading
read_argument(FunctionCallInfo fcinfo, Amount *amount, Problem *problem)
{
	Letters letters;
	const Marks *format = PG_NARGS() > 1 ? cached_argument(fcinfo, 1, marks_of_format) : NULL;
	Reading reading = letters_of(PG_GETARG_TEXT_PP(0), &letters, problem);

	if (reading == READING_DONE)
		reading = read_amount(&letters, format, amount, problem);
	return reading;
}

static Datum
numeric_of_amount(const Amount *amount)
{
	char spelling[MAX_LETTERS + 32];
	char *end = spelling;
	int whole = amount->digits - amount->decimals;

	if (amount->negative)
		*end++ = '-';
	memcpy(end, amount->digit, (Size) whole);
	end += whole;
	*end++ = '.';
	memcpy(end, amount->digit + whole, (Size) amount->decimals);
	end += amount->decimals;
	snprintf(end, spelling + sizeof(spelling) - end, "e%d", amount->exponent);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(spelling), ObjectIdGetDatum(InvalidOid),
							   Int32GetDatum(-1));
}

Datum
parse_amount(PG_FUNCTION_ARGS)
{
	Amount amount;
	Problem problem;

	switch (read_argument(fcinfo, &amount, &problem))
	{
		case READING_BLANK:
			PG_RETURN_NULL();
		case READING_DONE:
			return numeric_of_amount(&amount);
		case READING_FAILED:
			break;
	}
	ereport(ERROR,
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			errmsg("\"%s\" cannot be read as an amount: %s", shown(PG_GETARG_TEXT_PP(0)), problem.what),
			problem.hint != NULL ? errhint("%s", problem.hint) : 0);
}

Datum
try_parse_amount(PG_FUNCTION_ARGS)
{
	Amount amount;
	Problem problem;

	if (read_argument(fcinfo, &amount, &problem) != READING_DONE)
		PG_RETURN_NULL();
	return numeric_of_amount(&amount);
}

Datum
amount_problem(PG_FUNCTION_ARGS)
{
	Amount amount;
	Problem problem;

	if (read_argument(fcinfo, &amount, &problem) != READING_FAILED)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem.what));
}
