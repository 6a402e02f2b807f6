/*
 * table_statistics.c
 *	  What the planner knows of the columns of common table expressions: before
 *	  17 nothing, so that a view that is shared (sharing.c) would be joined as if
 *	  it had 200 leads.
 *
 * 17 looks for a column's statistics beneath the expression, as all look beneath
 * subqueries; here 15 and 16 do so for the views that are shared.
 */
#include "postgres.h"

#include "table_statistics.h"

#if PG_VERSION_NUM < 170000

#include "nodes/pathnodes.h"
#include "optimizer/tlist.h"
#include "parser/parse_clause.h"
#include "parser/parsetree.h"
#include "utils/selfuncs.h"

#include "sharing.h"

static get_relation_stats_hook_type former_statistics = NULL;

/* How the query of a common table expression was planned; NULL = not yet. */
static PlannerInfo *
table_planned(PlannerInfo *root, const RangeTblEntry *entry)
{
	Index level;
	int place = 0;
	ListCell *cell;

	for (level = entry->ctelevelsup; level > 0 && root != NULL; level--)
		root = root->parent_root;
	if (root == NULL)
		return NULL;
	foreach(cell, root->parse->cteList)
	{
		if (strcmp(lfirst_node(CommonTableExpr, cell)->ctename, entry->ctename) == 0)
			break;
		place++;
	}
	if (place >= list_length(root->cte_plan_ids) || list_nth_int(root->cte_plan_ids, place) <= 0)
		return NULL;
	return list_nth(root->glob->subroots, list_nth_int(root->cte_plan_ids, place) - 1);
}

static bool
find_statistics(PlannerInfo *root, RangeTblEntry *entry, AttrNumber column, VariableStatData *found)
{
	PlannerInfo *planned;
	const TargetEntry *target;
	VariableStatData beneath;

	if (former_statistics != NULL && former_statistics(root, entry, column, found))
		return true;
	if (entry->rtekind != RTE_CTE || entry->self_reference || column <= 0 || !is_shared_view(entry))
		return false;
	planned = table_planned(root, entry);
	if (planned == NULL)
		return false;
	target = get_tle_by_resno(planned->parse->targetList, column);
	if (target == NULL || planned->parse->setOperations != NULL || planned->parse->groupingSets != NIL)
		return false;
	/* The only column of a key, and any column beneath one. */
	if (planned->parse->distinctClause != NIL || planned->parse->groupClause != NIL)
	{
		List *key = planned->parse->distinctClause != NIL ? planned->parse->distinctClause
														  : planned->parse->groupClause;

		found->isunique = list_length(key) == 1 &&
			targetIsInSortList(unconstify(TargetEntry *, target), InvalidOid, key);
		return found->isunique;
	}
	if (!IsA(target->expr, Var) || castNode(Var, target->expr)->varlevelsup != 0)
		return false;
	examine_variable(planned, (Node *) target->expr, 0, &beneath);
	found->statsTuple = beneath.statsTuple;
	found->freefunc = beneath.freefunc;
	found->isunique = beneath.isunique;
	found->acl_ok = beneath.acl_ok;
	return true;
}

void
mart_table_statistics_init(void)
{
	former_statistics = get_relation_stats_hook;
	get_relation_stats_hook = find_statistics;
}

#else

void
mart_table_statistics_init(void)
{
}

#endif
