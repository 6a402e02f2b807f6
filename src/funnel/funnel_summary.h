/*
 * funnel_summary.h
 *	  The funnel: how many leads reached each step, and how long it took.
 */
#ifndef LEAD_KPI_FUNNEL_SUMMARY_H
#define LEAD_KPI_FUNNEL_SUMMARY_H

#include "base/duration_histogram.h"
#include "base/summary.h"
#include "funnel_chain.h"

/* Why a row was left out. */
typedef enum FunnelIgnored
{
	FUNNEL_NULL_LEAD,
	FUNNEL_NULL_STAGE,
	FUNNEL_NULL_TIME,
	FUNNEL_INFINITE_TIME,
	FUNNEL_UNKNOWN_STAGE,
	FUNNEL_NO_CONDITION
} FunnelIgnored;

#define FUNNEL_IGNORED_REASONS (FUNNEL_NO_CONDITION + 1)

extern const char *const funnel_ignored_names[FUNNEL_IGNORED_REASONS];

/* Rows in = rows used + rows ignored. */
typedef struct FunnelRows
{
	int64 used;
	int64 ignored[FUNNEL_IGNORED_REASONS];
} FunnelRows;

typedef struct FunnelSummary
{
	const FunnelDefinition *definition;
	FunnelRows rows;
	int64 never_entered;		   /* leads with rows, but without step 1 */
	int64 leads[FUNNEL_MAX_STEPS]; /* that reached at least this step */
	DurationHistogram **elapsed;   /* per pair of steps; NULL where none */
} FunnelSummary;

/* Position of a pair (from < to) in elapsed. */
static inline int
funnel_pair(int from, int to)
{
	return to * (to - 1) / 2 + from;
}

static inline int
funnel_pairs(int steps)
{
	return steps * (steps - 1) / 2;
}

extern FunnelSummary *funnel_summary_create(const FunnelDefinition *definition);
extern void funnel_summary_add_lead(FunnelSummary *summary, const FunnelChain *chain);

/*
 * Takes the leads of "part" out, both as they were read; raises unless it is
 * part of "from".  Durations that cannot be told are those of "known", the
 * leads of the rest that have any, or NULL.  False when what is left is not
 * known to the bit.
 */
extern bool funnel_summary_subtract(FunnelSummary *from, const FunnelSummary *part,
									const FunnelSummary *known);

/* ---------- the form in bytes, and adding ---------- */

extern void funnel_encode(const void *value, StringInfo out);
extern void *funnel_decode(StringInfo in);
extern void funnel_merge(void *into_value, const void *from_value);
extern const char *funnel_contradiction(const void *value);

/* The durations of a pair, made where there are none. */
extern DurationHistogram *funnel_pair_histogram(FunnelSummary *summary, int pair);

/* ---------- funnel_text.c ---------- */

extern void funnel_print(const void *value, StringInfo out);
extern void *funnel_parse(const SummaryReader *reader, JsonbContainer *root);
extern void *funnel_scan(const char *text);

/* ---------- funnel.c ---------- */

extern const SummaryRoom funnel_room;

/* ---------- rows, of states too ---------- */

extern void funnel_rows_encode(const FunnelRows *rows, StringInfo out);
extern void funnel_rows_decode(FunnelRows *rows, StringInfo in);
extern void funnel_rows_merge(FunnelRows *into, const FunnelRows *from);

#endif /* LEAD_KPI_FUNNEL_SUMMARY_H */
