/*
 * funnel_definition.h
 *	  What a funnel counts: the ladder of stages, the policy and the window.
 */
#ifndef LEAD_KPI_FUNNEL_DEFINITION_H
#define LEAD_KPI_FUNNEL_DEFINITION_H

#include "compat.h"
#include "wire.h"

#include "utils/array.h"

#define FUNNEL_MAX_STEPS 32
#define FUNNEL_UNLIMITED PG_INT64_MAX

typedef enum FunnelPolicy
{
	FUNNEL_ORDERED,				/* each step at or after the one before */
	FUNNEL_REACHED,				/* a later stage implies the earlier ones */
	FUNNEL_ANY_ORDER			/* all steps up to this one, in any order */
} FunnelPolicy;

typedef enum FunnelTiming
{
	FUNNEL_FIRST_TOUCH,			/* the earliest chain that reaches the deepest step */
	FUNNEL_LATEST_START			/* the chain that starts last among them */
} FunnelTiming;

/*
 * One chunk without pointers, so that a copy is a memcpy.  Offsets count from
 * the start of the struct.
 */
typedef struct FunnelDefinition
{
	Size		size;
	FunnelPolicy policy;
	FunnelTiming timing;
	int64		within;			/* microseconds, or FUNNEL_UNLIMITED */
	int			step_count;
	uint32		slot_multiplier;	/* 0: look labels up one by one */
	uint8		slot[128];		/* label hash -> step + 1 */
	uint32		label_key[FUNNEL_MAX_STEPS];
	Oid			enum_value[FUNNEL_MAX_STEPS];	/* this node's; never shipped */
	int			label_offset[FUNNEL_MAX_STEPS];
	int			label_length[FUNNEL_MAX_STEPS];
} FunnelDefinition;

static inline const char *
funnel_label(const FunnelDefinition *definition, int step)
{
	return (const char *) definition + definition->label_offset[step];
}

/* In CurrentMemoryContext; labels are NUL-terminated. */
extern FunnelDefinition *funnel_definition_create(FunnelPolicy policy, FunnelTiming timing,
												  int64 within, int step_count,
												  char *const *labels);

/* From the SQL arguments; raises on a bad ladder, window or policy. */
extern FunnelDefinition *funnel_definition_from_arguments(ArrayType *ladder, bool is_enum,
														  const Interval *within,
														  const char *policy);

extern bool funnel_definition_equal(const FunnelDefinition *a, const FunnelDefinition *b);

/* Raises, naming what differs, unless two funnels may be added. */
extern void funnel_definition_require_equal(const FunnelDefinition *a, const FunnelDefinition *b);

/* The step of a label, or -1. */
extern int	funnel_definition_find(const FunnelDefinition *definition, const char *label,
								   int length);
extern int	funnel_definition_find_enum(const FunnelDefinition *definition, Oid value);

extern const char *funnel_policy_name(FunnelPolicy policy);
extern const char *funnel_timing_name(FunnelTiming timing);
extern bool funnel_policy_by_name(const char *name, int length, FunnelPolicy *policy);
extern bool funnel_timing_by_name(const char *name, int length, FunnelTiming *timing);

extern void funnel_definition_encode(const FunnelDefinition *definition, StringInfo out);
extern FunnelDefinition *funnel_definition_decode(StringInfo in);

#endif							/* LEAD_KPI_FUNNEL_DEFINITION_H */
