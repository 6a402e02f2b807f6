/*
 * curve_summary.h
 *	  The conversion curve: how many leads converted, were lost, or were last
 *	  seen open (censored), at every age.
 *
 * An age is the time since a lead entered, in whole units of the resolution.
 * The counts are all that Kaplan-Meier and Aalen-Johansen estimates need, and
 * they add up.
 */
#ifndef LEAD_KPI_CURVE_SUMMARY_H
#define LEAD_KPI_CURVE_SUMMARY_H

#include "base/summary.h"

#include "utils/timestamp.h"

typedef enum CurveOutcome
{
	CURVE_CONVERTED,
	CURVE_LOST,
	CURVE_CENSORED /* still open when last observed */
} CurveOutcome;

#define CURVE_OUTCOMES (CURVE_CENSORED + 1)

extern const char *const curve_outcome_names[CURVE_OUTCOMES];

/* Why a row was left out. */
typedef enum CurveIgnored
{
	CURVE_NULL_TIME,
	CURVE_INFINITE_TIME,
	CURVE_NULL_OUTCOME,
	CURVE_ENTERED_AFTER_OBSERVED,
	CURVE_CONVERTED_BEFORE_ENTERED,
	CURVE_LOST_BEFORE_ENTERED
} CurveIgnored;

#define CURVE_IGNORED_REASONS (CURVE_LOST_BEFORE_ENTERED + 1)

extern const char *const curve_ignored_names[CURVE_IGNORED_REASONS];

typedef struct CurveAge
{
	int64 age; /* in units of the resolution */
	int64 leads[CURVE_OUTCOMES];
} CurveAge;

typedef struct ConversionCurve
{
	MemoryContext context; /* where it grows */
	int64 resolution;	   /* microseconds, 1 or more */
	int64 ignored[CURVE_IGNORED_REASONS];
	int64 leads[CURVE_OUTCOMES]; /* at all ages; their sum fits too */

	/*
	 * Whole seconds by which these leads were older than their age says, those
	 * of age 0 left out.  Times that are whole units leave none; that tells the
	 * cure model where within a unit its times lie.
	 */
	int64 rest[CURVE_OUTCOMES];

	int count;
	int capacity;
	CurveAge *ages; /* each age once */
	bool sorted;
	bool complete; /* while adding up: every age from 0 on, in its place, also those without leads */
	uint32 *slots; /* place in ages + 1, open addressing; NULL until needed */
	uint32 slot_mask;

	/* For the aggregate: the resolution as given last, found to be the curve's. */
	Interval given;
	bool has_given;
} ConversionCurve;

extern const SummaryRoom curve_room;

/* In CurrentMemoryContext, where it will grow. */
extern ConversionCurve *curve_create(int64 resolution);

/* Counts a lead that left after this time (microseconds, not negative). */
extern void curve_add_lead(ConversionCurve *curve, CurveOutcome outcome, int64 elapsed);

/* Counts a row that was left out. */
extern void curve_ignore(ConversionCurve *curve, CurveIgnored reason);

/* The curve itself, or a copy, with its ages in order. */
extern const ConversionCurve *curve_in_order(const ConversionCurve *curve);

/* Raises unless both have one resolution, naming what cannot be done. */
extern void curve_require_same_resolution(const ConversionCurve *a, const ConversionCurve *b,
										  const char *what);

static inline int64
curve_total(const ConversionCurve *curve)
{
	return curve->leads[CURVE_CONVERTED] + curve->leads[CURVE_LOST] + curve->leads[CURVE_CENSORED];
}

#endif /* LEAD_KPI_CURVE_SUMMARY_H */
