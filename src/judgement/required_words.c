/*
 * required_words.c
 *	  Words of which a text must have one to match a regular expression.
 *
 * PostgreSQL builds the automaton of a pattern anew for every text, and most
 * texts do not match.  Of "(^|[.+_-])test[0-9]*@|\.(test|invalid)$" a look
 * suffices: what has neither "test" nor "invalid" cannot match.  A pattern with
 * anything here unknown has no words; leaving a word out of a branch is safe.
 */
#include "required_words.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"

#define SHORTEST_WORD 2
#define MOST_WORDS 1000
#define MOST_DEPTH 20
#define PAIR(a, b) (((a) << 7) | (b))

/* In lower case. */
typedef struct Word
{
	int length;
	bool is_first; /* its branch begins with it */
	char letters[FLEXIBLE_ARRAY_MEMBER];
} Word;

struct RequiredWords
{
	List *words;
	uint8 pairs[128 * 128 / 8]; /* which two letters a word begins with */
};

typedef struct Parser
{
	const char *next;
	const char *end;
	int depth;
	bool failed;
} Parser;

typedef enum Quantifier
{
	ONCE,
	OPTIONAL,
	REPEATED,
} Quantifier;

static List *parse_alternatives(Parser *parser);

static bool
sees(const Parser *parser, char c)
{
	return parser->next < parser->end && *parser->next == c;
}

static List *
fail(Parser *parser)
{
	parser->failed = true;
	parser->next = parser->end;
	return NIL;
}

static bool
is_ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static Quantifier
parse_quantifier(Parser *parser)
{
	Quantifier result;

	if (sees(parser, '+'))
		result = REPEATED;
	else if (sees(parser, '*') || sees(parser, '?'))
		result = OPTIONAL;
	else if (sees(parser, '{') && parser->next + 1 < parser->end && is_ascii_digit(parser->next[1]))
	{
		/* The least number may be zero. */
		result = OPTIONAL;
		while (parser->next < parser->end && *parser->next != '}')
			parser->next++;
	}
	else
		return ONCE;
	if (parser->next < parser->end)
		parser->next++;
	if (sees(parser, '?'))
		parser->next++;
	return result;
}

/* "[...]", from behind the bracket. */
static void
skip_bracket(Parser *parser)
{
	if (sees(parser, '^'))
		parser->next++;
	if (sees(parser, ']'))
		parser->next++;
	while (parser->next < parser->end && *parser->next != ']')
	{
		char kind = '\0';

		if (parser->next + 1 < parser->end)
			kind = parser->next[1];

		if (*parser->next == '\\')
		{
			fail(parser);
			return;
		}
		if (*parser->next++ != '[' || (kind != ':' && kind != '.' && kind != '='))
			continue;
		do
			parser->next++;
		while (parser->next + 1 < parser->end && !(parser->next[0] == kind && parser->next[1] == ']'));
		parser->next = Min(parser->next + 2, parser->end);
	}
	if (parser->next == parser->end)
		fail(parser);
	else
		parser->next++;
}

static int
shortest(const List *words)
{
	int result = PG_INT32_MAX;
	ListCell *cell;

	foreach(cell, words)
		result = Min(result, ((const Word *) lfirst(cell))->length);
	return result;
}

/* Of two sets of words that are both required: the one that is rarer in texts. */
static List *
rarer(List *one, List *other)
{
	if (one == NIL || other == NIL)
		return one == NIL ? other : one;
	if (shortest(one) != shortest(other))
		return shortest(one) > shortest(other) ? one : other;
	return list_length(one) <= list_length(other) ? one : other;
}

static Word *
make_word(const StringInfoData *letters, const Word *behind, bool is_first)
{
	int more = behind == NULL ? 0 : behind->length;
	Word *word = palloc(offsetof(Word, letters) + (Size) letters->len + (Size) more);

	word->length = letters->len + more;
	word->is_first = is_first;
	memcpy(word->letters, letters->data, (Size) letters->len);
	if (more > 0)
		memcpy(word->letters + letters->len, behind->letters, (Size) more);
	return word;
}

static List *
end_word(List *best, StringInfo letters, bool is_first)
{
	if (letters->len >= SHORTEST_WORD)
		best = rarer(best, list_make1(make_word(letters, NULL, is_first)));
	resetStringInfo(letters);
	return best;
}

/* Of "@(example|no-?mail)" the words are "@example" and "mail". */
static List *
put_before(const StringInfoData *letters, List *words)
{
	ListCell *cell;

	foreach(cell, words)
	{
		Word *word = lfirst(cell);

		if (word->is_first && letters->len > 0)
			lfirst(cell) = make_word(letters, word, false);
		word->is_first = false;
	}
	return words;
}

static List *
parse_group(Parser *parser)
{
	List *result;

	if (sees(parser, '?'))
	{
		if (parser->next + 1 == parser->end || parser->next[1] != ':')
			return fail(parser);
		parser->next += 2;
	}
	if (++parser->depth > MOST_DEPTH)
		return fail(parser);
	result = parse_alternatives(parser);
	parser->depth--;
	if (!sees(parser, ')'))
		return fail(parser);
	parser->next++;
	return parse_quantifier(parser) == OPTIONAL ? NIL : result;
}

/* One thing after the other: what any of them requires is required. */
static List *
parse_branch(Parser *parser)
{
	List *best = NIL;
	StringInfoData letters;
	bool is_first = true; /* the letters are those that the branch begins with */

	initStringInfo(&letters);
	while (parser->next < parser->end && *parser->next != '|' && *parser->next != ')')
	{
		char c = *parser->next++;
		bool is_literal = false;

		if (c == '(')
		{
			best = rarer(best, put_before(&letters, parse_group(parser)));
			best = end_word(best, &letters, is_first);
			is_first = false;
			continue;
		}
		if (c == '[')
			skip_bracket(parser);
		else if (c == '*' || c == '+' || c == '?')
			return fail(parser);
		else if (c == '\\')
		{
			if (parser->next == parser->end)
				return fail(parser);
			c = *parser->next++;
			if (is_ascii_digit(c) || (is_ascii_letter(c) && strchr("dswDSWmMyYAZ", c) == NULL))
				return fail(parser);
			is_literal = !is_ascii_letter(c) && !IS_HIGHBIT_SET(c);
		}
		else
			is_literal = c != '^' && c != '$' && c != '.' && c != '{' && !IS_HIGHBIT_SET(c);

		if (IS_HIGHBIT_SET(c))
			while (parser->next < parser->end && IS_HIGHBIT_SET(*parser->next))
				parser->next++;
		switch (parse_quantifier(parser))
		{
			case ONCE:
				if (is_literal)
					appendStringInfoChar(&letters, (char) pg_ascii_tolower((unsigned char) c));
				else
					best = end_word(best, &letters, is_first);
				break;
			case REPEATED:
				if (is_literal)
					appendStringInfoChar(&letters, (char) pg_ascii_tolower((unsigned char) c));
				best = end_word(best, &letters, is_first);
				break;
			case OPTIONAL:
				best = end_word(best, &letters, is_first);
				break;
		}
		is_first &= letters.len > 0;
	}
	best = end_word(best, &letters, is_first);
	pfree(letters.data);
	return best;
}

/* One of several things: each of them must require something. */
static List *
parse_alternatives(Parser *parser)
{
	List *result = NIL;
	bool is_known = true;

	for (;;)
	{
		List *branch = parse_branch(parser);

		is_known &= branch != NIL;
		result = list_concat(result, branch);
		if (list_length(result) > MOST_WORDS)
			return fail(parser);
		if (!sees(parser, '|'))
			break;
		parser->next++;
		CHECK_FOR_INTERRUPTS();
	}
	return is_known ? result : NIL;
}

RequiredWords *
required_words(const char *pattern, int length)
{
	Parser parser = {.next = pattern, .end = pattern + length};
	List *words = parse_alternatives(&parser);
	RequiredWords *result;
	ListCell *cell;

	if (words == NIL || parser.failed || parser.next < parser.end)
		return NULL;
	result = palloc0(sizeof(RequiredWords));
	result->words = words;
	foreach(cell, words)
	{
		const Word *word = lfirst(cell);
		int pair = PAIR(word->letters[0], word->letters[1]);

		result->pairs[pair / 8] |= (uint8) (1 << (pair % 8));
	}
	return result;
}

static bool
begins_with_word(const List *words, const char *text, const char *end)
{
	ListCell *cell;

	CHECK_FOR_INTERRUPTS();
	foreach(cell, words)
	{
		const Word *word = lfirst(cell);

		if (word->length <= end - text)
		{
			int same = 0;

			while (same < word->length &&
				   (char) pg_ascii_tolower((unsigned char) text[same]) == word->letters[same])
				same++;
			if (same == word->length)
				return true;
		}
	}
	return false;
}

bool
may_have_required_word(const RequiredWords *words, const char *text, int length)
{
	const char *end = text + length;
	unsigned char before = 0;

	for (const char *c = text; c < end; c++)
	{
		unsigned char letter = (unsigned char) *c;
		int pair;

		if (IS_HIGHBIT_SET(letter))
			return true;
		if (letter >= 'A' && letter <= 'Z')
			letter += 'a' - 'A';
		pair = PAIR(before, letter);
		if ((words->pairs[pair / 8] & (1 << (pair % 8))) && begins_with_word(words->words, c - 1, end))
			return true;
		before = letter;
	}
	return false;
}
