/*
 * near_names.c
 *	  Names that are likely the same by a typing error.
 *
 * Every pair is looked at, so what is looked at is small: names are reduced to
 * their letters once, and a pair whose sets of letters differ by more than its
 * errors could explain is told apart by two machine words.
 */
#include "base/results.h"

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/memutils.h"
#include "utils/varlena.h"

#include "letters.h"

PG_FUNCTION_INFO_V1(edit_distance);
PG_FUNCTION_INFO_V1(near_names);

/* What PostgreSQL compares at most, in letters; it takes time by the square. */
#define LONGEST 255

/* Names with shorter words, or of fewer letters, differ on purpose. */
#define SHORTEST_MISTYPED 5

/* A name, and what of it is compared. */
typedef struct FoldedName
{
	text *name;
	pg_wchar *folded; /* letters and digits, in lower case; a 0 ends them */
	int length;
	char *digits; /* those of folded */
	int *word;	  /* where words begin in folded, and where the last ends */
	int words;
	uint64 letter_set;
} FoldedName;

Datum
edit_distance(PG_FUNCTION_ARGS)
{
	text *one = PG_GETARG_TEXT_PP(0);
	text *other = PG_GETARG_TEXT_PP(1);
	int32 limit = PG_GETARG_INT32(2);
	int one_length = VARSIZE_ANY_EXHDR(one);
	int other_length = VARSIZE_ANY_EXHDR(other);
	int one_letters = pg_mbstrlen_with_len(VARDATA_ANY(one), one_length);
	int other_letters = pg_mbstrlen_with_len(VARDATA_ANY(other), other_length);
	int distance;

	if (limit < 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("limit must be zero or more: %d", limit),
				errhint("Write how many letters may differ at most, such as 2."));
	if (Max(one_letters, other_letters) > LONGEST)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("a text of %d letters is too long to be compared letter by letter, at most %d are allowed",
					Max(one_letters, other_letters), LONGEST),
				errhint("Compare the beginnings: left(..., %d).", LONGEST));
	if (abs(one_letters - other_letters) > limit)
		PG_RETURN_NULL();
	distance = varstr_levenshtein_less_equal(VARDATA_ANY(one), one_length, VARDATA_ANY(other), other_length,
											 1, 1, 1, Min(limit, LONGEST), false);
	if (distance > limit)
		PG_RETURN_NULL();
	PG_RETURN_INT32(distance);
}

/* Does the letter tell names apart?  Beyond ASCII all do but blanks and punctuation. */
static bool
is_telling(pg_wchar letter)
{
	if (letter < 0x80)
		return is_letter(letter) || is_digit(letter);
	return !is_blank(letter) && !is_invisible(letter) && !(letter >= 0xA0 && letter <= 0xBF) &&
		letter != 0xD7 && letter != 0xF7 && !(letter >= 0x2010 && letter <= 0x206F) &&
		!(letter >= 0x3000 && letter <= 0x303F);
}

static void
fold_name(FoldedName *name)
{
	int length = VARSIZE_ANY_EXHDR(name->name);
	char *lower = str_tolower(VARDATA_ANY(name->name), (Size) length, DEFAULT_COLLATION_OID);
	const unsigned char *next;
	const unsigned char *end;
	char *digit;
	bool in_word = false;

	next = (const unsigned char *) as_utf8(lower, (int) strlen(lower), &length);
	end = next + length;
	name->folded = palloc(mul_size((Size) length + 1, sizeof(pg_wchar)));
	digit = name->digits = palloc((Size) length + 1);
	name->word = palloc(mul_size((Size) length / 2 + 2, sizeof(int)));
	name->length = name->words = 0;
	name->letter_set = 0;
	while (next < end)
	{
		int size;
		pg_wchar letter = letter_at(next, end, &size);

		if (is_telling(letter))
		{
			if (!in_word)
				name->word[name->words++] = name->length;
			name->folded[name->length++] = letter;
			name->letter_set |= UINT64CONST(1) << (letter % 64);
			if (is_digit(letter))
				*digit++ = (char) letter;
		}
		/* An apostrophe or what nobody sees is within a word. */
		in_word = is_telling(letter) ||
			(in_word && (letter == '\'' || letter == 0x2019 || is_invisible(letter)));
		next += size;
	}
	*digit = '\0';
	name->folded[name->length] = 0;
	name->word[name->words] = name->length;
}

static int
mistakes_allowed(int letters)
{
	return letters < SHORTEST_MISTYPED ? 0 : letters < 9 ? 1 : letters < 16 ? 2 : 3;
}

/*
 * Is one name the other with at most "limit" letters put in, left out, changed,
 * or swapped with their neighbour?  Optimal string alignment within the band of
 * places that so few mistakes can reach.
 */
static bool
is_mistyped(const FoldedName *one, const FoldedName *other, int limit)
{
	int rows[3][LONGEST + 1];
	int *before_last = rows[0];
	int *last = rows[1];
	int *row = rows[2];

	for (int j = 0; j <= other->length; j++)
		last[j] = j;
	for (int i = 1; i <= one->length; i++)
	{
		int from = Max(1, i - limit);
		int to = Min(other->length, i + limit);
		int least = row[from - 1] = from == 1 ? i : limit + 1;
		int *oldest = before_last;

		for (int j = from; j <= to; j++)
		{
			bool same = one->folded[i - 1] == other->folded[j - 1];
			/* Places outside the last row's band are too far to matter. */
			int above = j <= i - 1 + limit || i == 1 ? last[j] : limit + 1;

			row[j] = Min(Min(above, row[j - 1]) + 1, last[j - 1] + !same);
			if (i > 1 && j > 1 && one->folded[i - 1] == other->folded[j - 2] &&
				one->folded[i - 2] == other->folded[j - 1])
				row[j] = Min(row[j], before_last[j - 2] + 1);
			least = Min(least, row[j]);
		}
		if (least > limit)
			return false;
		before_last = last;
		last = row;
		row = oldest;
	}
	return last[other->length] <= limit;
}

/* Of as many words, a short one differs on purpose: "brand de", "brand fr"; so does the letter of a test. */
static bool
differ_in_short_word(const FoldedName *one, const FoldedName *other)
{
	if (one->words != other->words || one->words < 2)
		return false;
	for (int i = 0; i < one->words; i++)
	{
		int one_length = one->word[i + 1] - one->word[i];
		int other_length = other->word[i + 1] - other->word[i];

		if (Min(one_length, other_length) < SHORTEST_MISTYPED &&
			!(one_length == other_length &&
			  memcmp(one->folded + one->word[i], other->folded + other->word[i],
					 sizeof(pg_wchar) * (Size) one_length) == 0))
			return true;
	}
	return false;
}

static bool
are_near(const FoldedName *one, const FoldedName *other)
{
	int limit = mistakes_allowed(Min(one->length, other->length));

	return limit > 0 && abs(one->length - other->length) <= limit &&
		pg_popcount64(one->letter_set ^ other->letter_set) <= 2 * limit &&
		Max(one->length, other->length) <= LONGEST && strcmp(one->digits, other->digits) == 0 &&
		!differ_in_short_word(one, other) && is_mistyped(one, other, limit);
}

static int
compare_texts(const text *one, const text *other)
{
	int one_length = VARSIZE_ANY_EXHDR(one);
	int other_length = VARSIZE_ANY_EXHDR(other);
	int order = memcmp(VARDATA_ANY(one), VARDATA_ANY(other), (Size) Min(one_length, other_length));

	return order != 0 ? order : (one_length > other_length) - (one_length < other_length);
}

/* By what is compared, then by name. */
static int
compare_names(const void *a, const void *b)
{
	const FoldedName *one = a;
	const FoldedName *other = b;
	int i = 0;

	while (one->folded[i] == other->folded[i] && one->folded[i] != 0)
		i++;
	if (one->folded[i] != other->folded[i])
		return one->folded[i] < other->folded[i] ? -1 : 1;
	return compare_texts(one->name, other->name);
}

static void
put_pair(ReturnSetInfo *rows, const FoldedName *one, const FoldedName *other)
{
	bool nulls[2] = {false, false};
	Datum values[2];
	bool in_order = compare_texts(one->name, other->name) < 0;

	values[0] = PointerGetDatum(in_order ? one->name : other->name);
	values[1] = PointerGetDatum(in_order ? other->name : one->name);
	put_row(rows, values, nulls);
}

Datum
near_names(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = begin_rows(fcinfo);
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum *elements;
	bool *nulls;
	int count;
	int kept = 0;
	FoldedName *name;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	name = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(Max(count, 1), sizeof(FoldedName)));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (nulls[i] || VARSIZE_ANY_EXHDR(DatumGetPointer(elements[i])) > MAX_BYTES)
			continue;
		name[kept].name = DatumGetTextPP(elements[i]);
		fold_name(&name[kept]);
		kept += name[kept].length > 0;
	}
	qsort(name, (Size) kept, sizeof(FoldedName), compare_names);

	/* Of names with the same letters the first stands for all. */
	count = 0;
	for (int i = 0; i < kept; i++)
	{
		if (count > 0 && name[i].length == name[count - 1].length &&
			memcmp(name[i].folded, name[count - 1].folded, sizeof(pg_wchar) * (Size) name[i].length) == 0)
		{
			/* The same name twice is no pair. */
			if (compare_texts(name[i].name, name[count - 1].name) != 0 &&
				compare_texts(name[i].name, name[i - 1].name) != 0)
				put_pair(rows, &name[count - 1], &name[i]);
		}
		else
			name[count++] = name[i];
	}
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = i + 1; j < count; j++)
			if (are_near(&name[i], &name[j]))
				put_pair(rows, &name[i], &name[j]);
	}
	return (Datum) 0;
}
