/*
 * table_statistics.c
 *	  What the planner knows of the columns of views that are shared (sharing.c):
 *	  without it next to nothing, as of all common table expressions, so that it
 *	  would join them as if they had 200 leads.
 *
 * 17 looks for a column's statistics beneath the expression, as all look beneath
 * subqueries; here 15 and 16 do so, too.  None sees that the parts of a union have
 * a constant each, as lead_event has its kinds: here all do.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_statistic.h"
#include "nodes/pathnodes.h"
#include "optimizer/tlist.h"
#include "parser/parse_clause.h"
#include "parser/parsetree.h"
#include "utils/rel.h"
#include "utils/selfuncs.h"

#include "sharing.h"
#include "table_statistics.h"

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

/* How many values a column has that is a constant in parts of a union; 0 = there is no such part. */
static int
constants_of(const PlannerInfo *planned, const Var *column)
{
	List *constants = NIL;
	int others = 0;
	ListCell *cell;

	foreach(cell, planned->append_rel_list)
	{
		const AppendRelInfo *part = lfirst_node(AppendRelInfo, cell);
		Node *value;

		if (part->parent_relid != (Index) column->varno ||
			column->varattno > list_length(part->translated_vars))
			continue;
		value = list_nth(part->translated_vars, column->varattno - 1);
		if (value != NULL && IsA(value, Const))
			constants = list_append_unique(constants, value);
		else
			others++;
	}
	return constants == NIL ? 0 : list_length(constants) + others;
}

/* Statistics that say how many values there are, and nothing else. */
static HeapTuple
statistics_of(int values_there)
{
	Relation catalog = table_open(StatisticRelationId, AccessShareLock);
	Datum values[Natts_pg_statistic] = {0};
	bool nulls[Natts_pg_statistic] = {false};
	HeapTuple statistics;

	for (int slot = 0; slot < STATISTIC_NUM_SLOTS; slot++)
	{
		nulls[Anum_pg_statistic_stanumbers1 - 1 + slot] = true;
		nulls[Anum_pg_statistic_stavalues1 - 1 + slot] = true;
	}
	values[Anum_pg_statistic_stadistinct - 1] = Float4GetDatum((float4) values_there);
	statistics = heap_form_tuple(RelationGetDescr(catalog), values, nulls);
	table_close(catalog, AccessShareLock);
	return statistics;
}

static bool
find_statistics(PlannerInfo *root, RangeTblEntry *entry, AttrNumber column, VariableStatData *found)
{
	PlannerInfo *planned;
	const TargetEntry *target;
	VariableStatData beneath;
	int column_values;

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
	if (!IsA(target->expr, Var) || castNode(Var, target->expr)->varlevelsup != 0 ||
		castNode(Var, target->expr)->varattno <= 0)
		return false;
	column_values = constants_of(planned, castNode(Var, target->expr));
	if (column_values > 0)
	{
		found->statsTuple = statistics_of(column_values);
		found->freefunc = heap_freetuple;
		found->acl_ok = true;
		return true;
	}
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
