/*
 * scorecard_compile.h
 *	  A scorecard made ready to score many leads.
 *
 * The constants that rules compare an attribute with lie on a scale, sorted;
 * a lead's value is placed on it once, and each rule is a set of places.
 * Place 2k + 1 is constant k, place 2k lies between it and the one before.
 */
#ifndef LEAD_KPI_SCORECARD_COMPILE_H
#define LEAD_KPI_SCORECARD_COMPILE_H

#include "scorecard.h"

#include "scorecard_pattern.h"

typedef enum ScaleKind
{
	SCALE_NUMBER, /* numbers, and texts that spell one */
	SCALE_TEXT,	  /* what ->> shows, to be equal */
	SCALE_FOLDED, /* the same in lower case */
	SCALE_ORDER,  /* JSON texts, byte by byte, to be less or greater */
	SCALE_BOOLEAN /* true, false, and texts that say so */
} ScaleKind;

#define SCALES (SCALE_BOOLEAN + 1)

typedef struct ScaleText
{
	const char *text;
	int length;
} ScaleText;

typedef struct Scale
{
	int count;
	Numeric *numbers; /* of SCALE_NUMBER */
	ScaleText *texts; /* of the others; false and true of SCALE_BOOLEAN are 1 and 3 */
} Scale;

/* Places from first to last. */
typedef struct PlaceRange
{
	int first;
	int last;
} PlaceRange;

typedef struct CompiledRule
{
	int rule;				   /* its number in the card */
	ScorecardPattern *pattern; /* NULL, or instead of places */
	int range_count[SCALES];
	PlaceRange *ranges[SCALES]; /* sorted and apart */
	bool is_negated;
} CompiledRule;

typedef struct CompiledAttribute
{
	int path_length;
	char *path;		/* its keys, joined by dots */
	int *key_start; /* where each begins, and where one more would */
	Scale scales[SCALES];
	bool has_patterns;
	int rule_count;
	CompiledRule *rules;
} CompiledAttribute;

/* An event name and a rule that it counts for; sorted. */
typedef struct EventName
{
	ScaleText name;
	int rule;
} EventName;

typedef struct EventPattern
{
	ScorecardPattern *pattern;
	int rule;
} EventPattern;

typedef struct CompiledScorecard
{
	Scorecard card;
	int attribute_count;
	CompiledAttribute *attributes;
	int event_count;
	EventName *events;
	int folded_event_count;
	EventName *folded_events;
	int event_pattern_count;
	EventPattern *event_patterns;

	/* Working space: no evaluation runs inside another. */
	bool *applies; /* by rule */
	int *matched;  /* numbers of rules */
} CompiledScorecard;

/* Into CurrentMemoryContext. */
extern CompiledScorecard *scorecard_compile(const Scorecard *card);

extern int scorecard_compare_texts(const char *a, int a_length, const char *b, int b_length);

/* scorecard_fit.c: sets "applies" of every fit rule; attributes may be NULL. */
extern void scorecard_judge(const CompiledScorecard *compiled, Jsonb *attributes);

/* The value at a rule's path, for people to read; NULL when it is unknown. */
extern char *scorecard_value_text(const FitCondition *condition, Jsonb *attributes);

/* scorecard_event.c: the rules that an event counts for, in "matched"; returns how many. */
extern int scorecard_match_event(const CompiledScorecard *compiled, const char *event, int length);

#endif /* LEAD_KPI_SCORECARD_COMPILE_H */
