/*
 * scorecard_cache.h
 *	  Each scorecard is parsed and compiled once, not once per row.
 *
 * The process keeps the cards that it used last.  Equal cards are one object,
 * so two states have the same card exactly when their pointers are equal.
 *
 * What functions that are no aggregates make of an argument stays with the
 * query: argument_cache.h.  A card must outlive that.  Aggregate states, which
 * some executors hand to a new FmgrInfo with every row, hold on to it, a million
 * groups have one card between them, and a lead scored by itself, query by
 * query, does not wait for its card to be read again.
 */
#ifndef LEAD_KPI_SCORECARD_CACHE_H
#define LEAD_KPI_SCORECARD_CACHE_H

#include "scorecard_compile.h"

/* The stored form: a version byte, then the canonical JSON text. */
#define SCORECARD_WIRE_VERSION 1

/* Valid until another card is asked for, unless it is pinned. */
extern CompiledScorecard *scorecard_from_datum(Datum datum);
extern CompiledScorecard *scorecard_from_bytes(const char *bytes, int length);

/* The stored form of a card from here, without varlena header. */
extern const char *scorecard_bytes(const CompiledScorecard *compiled, int *length);

/* Keeps a card for as long as CurrentMemoryContext lives; "pin" must lie in it. */
typedef struct ScorecardPin
{
	MemoryContextCallback release;
} ScorecardPin;

extern void scorecard_pin(ScorecardPin *pin, CompiledScorecard *compiled);

#endif /* LEAD_KPI_SCORECARD_CACHE_H */
