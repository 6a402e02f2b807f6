/*
 * journey_milestone.c
 *	  What a touch may have made: the lead, the opportunity, both.
 */
#include "journey_milestone.h"

#include "utils/builtins.h"

#include "journey_summary.h"

const char *
journey_milestone_name(int milestones)
{
	switch (milestones)
	{
		case JOURNEY_LEAD:
			return "lead";
		case JOURNEY_OPPORTUNITY:
			return "opportunity";
		default:
			return "lead and opportunity";
	}
}

int
journey_milestone(text *milestone)
{
	const char *name = VARDATA_ANY(milestone);
	int length = (int) VARSIZE_ANY_EXHDR(milestone);

	if (length == 4 && memcmp(name, "lead", 4) == 0)
		return JOURNEY_LEAD;
	if (length == 11 && memcmp(name, "opportunity", 11) == 0)
		return JOURNEY_OPPORTUNITY;
	if (length == 20 && memcmp(name, "lead and opportunity", 20) == 0)
		return JOURNEY_LEAD | JOURNEY_OPPORTUNITY;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" is not a milestone of a journey", text_to_cstring(milestone)),
			 errhint("Write 'lead' for the touch that made the lead, 'opportunity' for the one that made the opportunity, 'lead and opportunity' for both, NULL for others.")));
}
