/*
 * journey_milestone.h
 *	  The names of what a touch can mark.
 */
#ifndef LEAD_KPI_JOURNEY_MILESTONE_H
#define LEAD_KPI_JOURNEY_MILESTONE_H

#include "base/compat.h"

/* JOURNEY_LEAD, JOURNEY_OPPORTUNITY or both; raises for another name. */
extern int journey_milestone(text *name);

/* The other way round; there is at least one. */
extern const char *journey_milestone_name(int milestones);

#endif /* LEAD_KPI_JOURNEY_MILESTONE_H */
