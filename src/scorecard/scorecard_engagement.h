/*
 * scorecard_engagement.h
 *	  What one lead did, rule by rule, up to a moment.
 *
 * Points that fade are added in the whole units of Points, and of a limited
 * rule that fades the latest times are kept: so states merge in any order to
 * the same bits.
 */
#ifndef LEAD_KPI_SCORECARD_ENGAGEMENT_H
#define LEAD_KPI_SCORECARD_ENGAGEMENT_H

#include "base/compat.h"

#include "scorecard_cache.h"

typedef enum EngagementIgnored
{
	ENGAGEMENT_NO_EVENT, /* NULL event or time */
	ENGAGEMENT_FUTURE,	 /* after as_of */
	ENGAGEMENT_NO_RULE	 /* no rule is about it */
} EngagementIgnored;

#define ENGAGEMENT_IGNORED_REASONS (ENGAGEMENT_NO_RULE + 1)

/* Of one rule. */
typedef struct EngagementTally
{
	int rule;
	int kept; /* times: a heap, the earliest first */
	int capacity;
	TimestampTz *times; /* the latest "limit" ones, when the rule is limited and fades */
	int64 count;		/* in the window */
	int64 outside;		/* before the window */
	Points faded;		/* sum, when the rule fades without a limit */
} EngagementTally;

typedef struct EngagementState
{
	ScorecardPin pin;
	CompiledScorecard *compiled;
	TimestampTz as_of;
	int64 ignored[ENGAGEMENT_IGNORED_REASONS];
	int tally_count;
	int tally_capacity;
	EngagementTally *tallies; /* by rule */
} EngagementState;

/* In CurrentMemoryContext. */
extern EngagementState *engagement_create(CompiledScorecard *compiled, TimestampTz as_of);

extern void engagement_ignore(EngagementState *state, EngagementIgnored reason);

/* These grow in "context". */
extern void engagement_add(EngagementState *state, MemoryContext context, const char *event, int length,
						   TimestampTz at);
extern void engagement_merge(EngagementState *into, MemoryContext context, const EngagementState *from);

/* The points of a tally before its cap, and how many occurrences they come from. */
extern Points engagement_points(const EngagementState *state, const EngagementTally *tally, int64 *counted);

/* The cap of a rule, for either sign. */
extern Points engagement_capped(const ScorecardRule *rule, Points points);

extern void engagement_encode(const EngagementState *state, StringInfo out);
extern EngagementState *engagement_decode(StringInfo in);

#endif /* LEAD_KPI_SCORECARD_ENGAGEMENT_H */
