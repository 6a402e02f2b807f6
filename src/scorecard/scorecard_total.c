/*
 * scorecard_total.c
 *	  Points of rules into points of a part: groups, caps, floors.
 */
#include "scorecard.h"

#include "nodes/pg_list.h"

Points *
scorecard_subtotals(const Scorecard *card)
{
	return palloc0(mul_size(card->group_count + 1, sizeof(Points)));
}

void
scorecard_add_points(Points *subtotals, const ScorecardRule *rule, Points points)
{
	subtotals[rule->group + 1] += points;
}

Points
scorecard_bound(const ScorecardBounds *bounds, Points points)
{
	if (bounds->has_cap && points > bounds->cap)
		return bounds->cap;
	if (bounds->has_floor && points < bounds->floor)
		return bounds->floor;
	return points;
}

/* Holds points within bounds, and notes what that took away or gave. */
static Points
bound(const ScorecardBounds *bounds, const char *kind, const char *name, Points points, List **adjustments)
{
	Points bounded = scorecard_bound(bounds, points);

	if (bounded != points && adjustments != NULL)
	{
		ScorecardAdjustment *adjustment = palloc(sizeof(ScorecardAdjustment));
		const char *what = bounded < points ? "cap" : "floor";
		StringInfoData reason;

		initStringInfo(&reason);
		points_print(&reason, points);
		appendStringInfoString(&reason, " points, held at ");
		points_print(&reason, bounded);
		adjustment->name = psprintf("%s of %s%s", what, kind, name);
		adjustment->reason = reason.data;
		adjustment->points = bounded - points;
		*adjustments = lappend(*adjustments, adjustment);
	}
	return bounded;
}

Points
scorecard_total(const Scorecard *card, ScorecardPart part, Points *subtotals, List **adjustments)
{
	Points total;

	for (int i = 0; i < card->group_count; i++)
	{
		const ScorecardGroup *group = &card->groups[card->group_order[i]];

		if (!group->is_used || group->part != part)
			continue;
		subtotals[group->parent + 1] += bound(&group->bounds, "group ", group->name,
											  subtotals[card->group_order[i] + 1], adjustments);
	}
	total = subtotals[0];
	if (part == SCORECARD_FIT)
		total += card->base;
	return bound(&card->bounds[part], part == SCORECARD_FIT ? "fit" : "engagement", "", total, adjustments);
}
