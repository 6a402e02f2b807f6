/*
 * conditions.h
 *	  The VARIADIC "any" tail of an aggregate that takes boolean conditions:
 *	  read as a bit mask, without building an array per row.
 */
#ifndef LEAD_KPI_CONDITIONS_H
#define LEAD_KPI_CONDITIONS_H

#include "compat.h"

#define MAX_CONDITIONS 32

StaticAssertDecl(MAX_CONDITIONS <= 32, "conditions are bits of an uint32");

/* What the call expression says; constant over a query, so callers cache it. */
typedef struct ConditionList
{
	int first; /* argument number of the first condition */
	int count; /* 0: one boolean[] argument, called VARIADIC */
} ConditionList;

/* Raises unless arguments "first" and later are 1 to 32 boolean conditions. */
extern ConditionList condition_list_check(FunctionCallInfo fcinfo, int first);

/* The conditions of a boolean[] argument. */
extern uint32 condition_array_mask(FunctionCallInfo fcinfo, int argument, int *count);

/*
 * Condition k in bit k - 1, NULL being false; *count receives how many
 * conditions there are.
 */
static inline uint32
condition_mask(FunctionCallInfo fcinfo, const ConditionList *list, int *count)
{
	uint32 mask = 0;

	if (unlikely(list->count == 0))
		return condition_array_mask(fcinfo, list->first, count);

	for (int i = 0; i < list->count; i++)
	{
		const NullableDatum *condition = &fcinfo->args[list->first + i];

		mask |= (uint32) (!condition->isnull && DatumGetBool(condition->value)) << i;
	}
	*count = list->count;
	return mask;
}

#endif /* LEAD_KPI_CONDITIONS_H */
