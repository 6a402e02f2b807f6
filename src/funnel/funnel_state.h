/*
 * funnel_state.h
 *	  The state that the funnel aggregates share.
 */
#ifndef LEAD_KPI_FUNNEL_STATE_H
#define LEAD_KPI_FUNNEL_STATE_H

#include "base/compat.h"

#include "utils/timestamp.h"

#include "base/conditions.h"
#include "funnel_summary.h"

/* The arguments that must not change within a group, as they were first seen. */
typedef struct FunnelConstants
{
	FunnelDefinition *definition;
	struct varlena *ladder;
	bool has_within;
	Interval within;
	struct varlena *policy;
	bool fixed; /* written as constants: no row can differ */
} FunnelConstants;

typedef struct FunnelState
{
	const FunnelDefinition *definition;
	const FunnelConstants *constants; /* NULL in a state that was handed over */
	ConditionList conditions;		  /* of the condition form */
	FunnelRows rows;
	LeadEventLog log;
} FunnelState;

#endif /* LEAD_KPI_FUNNEL_STATE_H */
