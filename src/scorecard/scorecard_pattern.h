/*
 * scorecard_pattern.h
 *	  How a scorecard looks at texts: patterns, case, numbers in texts.
 */
#ifndef LEAD_KPI_SCORECARD_PATTERN_H
#define LEAD_KPI_SCORECARD_PATTERN_H

#include "base/compat.h"

#include "utils/numeric.h"

typedef struct ScorecardPattern ScorecardPattern;

/* What is wrong with a regular expression; NULL when it is right. */
extern char *scorecard_pattern_problem(const char *pattern, bool ignore_case);

/* Compiled in CurrentMemoryContext, and released with it. */
extern ScorecardPattern *scorecard_pattern_compile(const char *pattern, bool ignore_case);
extern bool scorecard_pattern_matches(ScorecardPattern *pattern, const char *text, int length);

/* The text in lower case; its length in *folded_length. */
extern char *scorecard_fold_case(const char *text, int length, int *folded_length);

/* Nothing but white space: what CRM exports write for unknown. */
extern bool scorecard_is_blank(const char *text, int length);

/* The number that a text spells, blanks around it aside; NULL when it spells none. */
extern Numeric scorecard_number_of_text(const char *text, int length);

#endif /* LEAD_KPI_SCORECARD_PATTERN_H */
