/*
 * roc_summary.h
 *	  The roc: distinct scores, each with the leads that converted and those
 *	  that did not.
 */
#ifndef LEAD_KPI_ROC_SUMMARY_H
#define LEAD_KPI_ROC_SUMMARY_H

#include "score_key.h"

#include "base/summary.h"

/* Sums of squared ranks of so many leads still fit into 128 bits. */
#define ROC_MAX_LEADS (INT64CONST(1) << 40)

/* Why a row was left out. */
typedef enum RocIgnored
{
	ROC_NULL_SCORE,
	ROC_NULL_CONVERTED,
	ROC_NAN_SCORE
} RocIgnored;

#define ROC_IGNORED_REASONS (ROC_NAN_SCORE + 1)

extern const char *const roc_ignored_names[ROC_IGNORED_REASONS];

typedef struct RocEntry
{
	uint64 key; /* score_key() of the score */
	int64 converted;
	int64 others;
} RocEntry;

typedef struct RocSummary
{
	MemoryContext context; /* where it grows */
	int64 ignored[ROC_IGNORED_REASONS];
	int64 converted; /* totals */
	int64 others;
	Size count;
	RocEntry *entries; /* by key */
} RocSummary;

extern const SummaryRoom roc_room;

/* In CurrentMemoryContext, where it will grow. */
extern RocSummary *roc_summary_create(void);

/*
 * Sorted sources, read as one: up to two arrays of entries, the scores of
 * leads that converted (index 1) and of those that did not (index 0).
 */
typedef struct RocCursor
{
	const RocEntry *entries[2];
	const RocEntry *entries_end[2];
	const uint64 *keys[2];
	const uint64 *keys_end[2];
} RocCursor;

/* How many distinct scores it reads. */
extern Size roc_cursor_count(RocCursor cursor);

/* Takes what the cursor reads, which may be entries of the summary itself, as the entries. */
extern void roc_summary_replace(RocSummary *summary, RocCursor cursor);

/* The wire form of the summary, its entries being those that the cursor reads. */
extern void roc_encode_cursor(const RocSummary *summary, RocCursor cursor, StringInfo out);

#endif /* LEAD_KPI_ROC_SUMMARY_H */
