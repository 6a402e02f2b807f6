/*
 * required_words.h
 *	  Words of which a text must have one to match a regular expression.
 */
#ifndef LEAD_KPI_REQUIRED_WORDS_H
#define LEAD_KPI_REQUIRED_WORDS_H

#include "base/compat.h"

typedef struct RequiredWords RequiredWords;

/* Of a valid pattern of PostgreSQL's advanced syntax; NULL when it does not tell. Allocates in the current context. */
extern RequiredWords *required_words(const char *pattern, int length);

/* False when the text, whatever its letters' case, has none of the words. Of other letters than ASCII nothing is known. */
extern bool may_have_required_word(const RequiredWords *words, const char *text, int length);

#endif /* LEAD_KPI_REQUIRED_WORDS_H */
