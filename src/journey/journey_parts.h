/*
 * journey_parts.h
 *	  What the files of the journeys' value share; not for others.
 *
 * journey_summary.c counts and merges, journey_wire.c has the stored form,
 * journey_text.c the text form.
 */
#ifndef LEAD_KPI_JOURNEY_PARTS_H
#define LEAD_KPI_JOURNEY_PARTS_H

#include "journey_summary.h"

#define JOURNEY_TYPE "journeys"

/* 1e26 in units: additions of two totals stay far below 2^128. */
#define VALUE_LIMIT ((uint128) INT64CONST(100000000000000000) * 1000000000 * JOURNEY_VALUE_ONE)
#define JOURNEY_VALUE_ONE INT64CONST(1000000000000)

/* ---------- journey_summary.c ---------- */

/* A journey of a path that is known to be new, of a summary that has no slots; keeps the steps. */
extern Journey *journey_append(JourneySummary *summary, uint32 *steps, int length);

/* The summary in canonical order: used channels by name, then paths. */
extern JourneySummary journey_sorted_copy(const JourneySummary *summary);

/* That order, of two journeys, as qsort_interruptible wants it. */
extern int journey_compare(const void *a, const void *b, void *unused);

/* Gives the last touch what the others leave of the totals. */
extern void journey_complete_decay(int length, int64 conversions, uint128 value, uint128 *decayed_conversions,
								   uint128 *decayed_value);

extern void journey_merge(void *into_value, const void *from_value);
extern const char *journey_contradiction(const void *value);

/* Takes journeys out; raises unless the second is part of the first. */
extern void journey_subtract(JourneySummary *from, const JourneySummary *part);

/* ---------- journey_wire.c ---------- */

extern void journey_encode(const void *value, StringInfo out);
extern void *journey_decode(StringInfo in);

/* ---------- journey_text.c ---------- */

extern void journey_print(const void *value, StringInfo out);
extern void *journey_scan(const char *text);
extern void *journey_parse(const SummaryReader *reader, JsonbContainer *root);

#endif /* LEAD_KPI_JOURNEY_PARTS_H */
