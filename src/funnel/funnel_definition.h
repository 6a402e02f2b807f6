/*
 * funnel_definition.h
 *	  What a funnel counts: the ladder of stages, the policy and the window.
 */
#ifndef LEAD_KPI_FUNNEL_DEFINITION_H
#define LEAD_KPI_FUNNEL_DEFINITION_H

#include "base/compat.h"

#include "utils/array.h"

#include "base/wire.h"

#define FUNNEL_MAX_STEPS 32
#define FUNNEL_UNLIMITED PG_INT64_MAX

typedef enum FunnelPolicy
{
	FUNNEL_ORDERED,	 /* each step at or after the one before */
	FUNNEL_REACHED,	 /* a later stage implies the earlier ones */
	FUNNEL_ANY_ORDER /* all steps up to this one, in any order */
} FunnelPolicy;

typedef enum FunnelTiming
{
	FUNNEL_FIRST_TOUCH, /* the earliest chain that reaches the deepest step */
	FUNNEL_LATEST_START /* the chain that starts last among them */
} FunnelTiming;

/* What stages are written as in a query; in a funnel they have names. */
typedef enum FunnelStageType
{
	FUNNEL_STAGE_TEXT,
	FUNNEL_STAGE_ENUM,
	FUNNEL_STAGE_INTEGER
} FunnelStageType;

/*
 * One chunk without pointers, so that a copy is a memcpy.  Offsets count from
 * the start of the struct.
 */
typedef struct FunnelDefinition
{
	Size size;
	FunnelPolicy policy;
	FunnelTiming timing;
	int64 within; /* microseconds, or FUNNEL_UNLIMITED */
	int step_count;
	uint32 slot_multiplier; /* 0: look labels up one by one */
	uint8 slot[128];		/* label hash -> step + 1 */
	uint32 label_key[FUNNEL_MAX_STEPS];
	int64 value[FUNNEL_MAX_STEPS]; /* an enum's here, or the number; never shipped */
	int label_offset[FUNNEL_MAX_STEPS];
	int label_length[FUNNEL_MAX_STEPS];
} FunnelDefinition;

static inline const char *
funnel_label(const FunnelDefinition *definition, int step)
{
	return (const char *) definition + definition->label_offset[step];
}

/* A cheap key of a label, all of it up to three bytes: tells most stages apart. */
static inline uint32
funnel_label_key(const char *label, int length)
{
	return (uint32) (uint8) label[0] | (uint32) (uint8) label[length / 2] << 8 |
		(uint32) (uint8) label[length - 1] << 16 | (uint32) length << 24;
}

static inline uint32
funnel_label_quarter(const char *label)
{
	uint32 quarter;

	memcpy(&quarter, label, sizeof(quarter));
	return quarter;
}

/*
 * Are two labels equal, given that their lengths and label keys are?  Rows come
 * with stages of any length: up to 16 bytes no branch depends on it.
 */
static inline bool
funnel_same_label(const char *a, const char *b, int length)
{
	static const char nothing[4] = "";
	bool is_short = length <= 3; /* then the key is all of it */
	int last = is_short ? 0 : length - 4;
	int second = Min(last, 4);
	int third = Max(last - 4, 0);

	if (unlikely(length > 16))
		return memcmp(a, b, length) == 0;
	a = is_short ? nothing : a;
	b = is_short ? nothing : b;
	return ((funnel_label_quarter(a) ^ funnel_label_quarter(b)) |
			(funnel_label_quarter(a + second) ^ funnel_label_quarter(b + second)) |
			(funnel_label_quarter(a + third) ^ funnel_label_quarter(b + third)) |
			(funnel_label_quarter(a + last) ^ funnel_label_quarter(b + last))) == 0;
}

/* The step of a label, or -1.  Called for every row. */
static inline int
funnel_definition_find(const FunnelDefinition *definition, const char *label, int length)
{
	uint32 key;
	int step;

	if (unlikely(length == 0))
		return -1;
	key = funnel_label_key(label, length);
	if (likely(definition->slot_multiplier != 0))
	{
		step = definition->slot[(key * definition->slot_multiplier) >> 25] - 1;
		if (step >= 0 && definition->label_key[step] == key && definition->label_length[step] == length &&
			funnel_same_label(funnel_label(definition, step), label, length))
			return step;
		return -1;
	}
	for (step = 0; step < definition->step_count; step++)
		if (definition->label_key[step] == key && definition->label_length[step] == length &&
			memcmp(funnel_label(definition, step), label, length) == 0)
			return step;
	return -1;
}

static inline int
funnel_definition_find_value(const FunnelDefinition *definition, int64 value)
{
	for (int step = 0; step < definition->step_count; step++)
		if (definition->value[step] == value)
			return step;
	return -1;
}

/* In CurrentMemoryContext; labels are NUL-terminated. */
extern FunnelDefinition *funnel_definition_create(FunnelPolicy policy, FunnelTiming timing, int64 within,
												  int step_count, char *const *labels);

/* From the SQL arguments; raises on a bad ladder, window or policy. */
extern FunnelDefinition *funnel_definition_from_arguments(ArrayType *ladder, FunnelStageType type,
														  const Interval *within, const char *policy);

extern bool funnel_definition_equal(const FunnelDefinition *a, const FunnelDefinition *b);

/* Raises, naming what differs and what cannot be done, unless two funnels count the same. */
extern void funnel_definition_require_equal(const FunnelDefinition *a, const FunnelDefinition *b,
											const char *what);

extern const char *funnel_policy_name(FunnelPolicy policy);
extern const char *funnel_timing_name(FunnelTiming timing);
extern bool funnel_policy_by_name(const char *name, int length, FunnelPolicy *policy);
extern bool funnel_timing_by_name(const char *name, int length, FunnelTiming *timing);

extern void funnel_definition_encode(const FunnelDefinition *definition, StringInfo out);
extern FunnelDefinition *funnel_definition_decode(StringInfo in);

#endif /* LEAD_KPI_FUNNEL_DEFINITION_H */
