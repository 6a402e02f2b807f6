/*
 * funnel_chain.h
 *	  Which steps of the ladder one lead's history supports, and when.
 */
#ifndef LEAD_KPI_FUNNEL_CHAIN_H
#define LEAD_KPI_FUNNEL_CHAIN_H

#include "funnel_definition.h"

#include "events/lead_event_log.h"

/*
 * An event of a log has its step times two, plus one when the same row is also
 * an event of an earlier step: a time has as many rows as events without.
 */
StaticAssertDecl(2 * FUNNEL_MAX_STEPS <= LEAD_MAX_STEPS, "a log has room for the steps of a funnel");

#define funnel_event_code(step, shares_row) ((step) *2 + ((shares_row) ? 1 : 0))
#define funnel_event_step(event) (lead_event_step(event) >> 1)
#define funnel_event_shares_row(event) ((lead_event_step(event) & 1) != 0)

typedef struct FunnelChain
{
	int depth;					   /* steps reached */
	int64 time[FUNNEL_MAX_STEPS];  /* when, never decreasing */
	int64 event[FUNNEL_MAX_STEPS]; /* index of the event that shows it */
} FunnelChain;

/* events: one lead's, in (time, step) order. */
extern void funnel_chain_find(const FunnelDefinition *definition, const LeadEvent *events, int64 count,
							  FunnelChain *chain);

#endif /* LEAD_KPI_FUNNEL_CHAIN_H */
