/*
 * planning.c
 *	  Queries over marts are planned with their views shared, where that is
 *	  switched on.
 *
 * Not by default: what is shared is read cheaply, and where the planner expects
 * one row for thousands it then joins in nested loops.
 *
 * A session loads this library when it first plans a query that calls one of its
 * functions: too late for that one, unless session_preload_libraries names the
 * library.
 */
#include "postgres.h"

#include "optimizer/planner.h"
#include "utils/guc.h"

#include "base/compat.h"
#include "planning.h"
#include "sharing.h"
#include "table_statistics.h"

static bool share_views_of_marts = true;
static planner_hook_type former_planner = NULL;

static PlannedStmt *
plan_shared(Query *query, const char *text, int options, ParamListInfo parameters PLANNER_EXPLAINS)
{
	/* A query that locks rows would lock them for all of its places at once. */
	if (share_views_of_marts && query->commandType != CMD_UTILITY && query->rowMarks == NIL)
		share_views(query);
	if (former_planner != NULL)
		return former_planner(query, text, options, parameters PLANNER_EXPLAIN);
	return standard_planner(query, text, options, parameters PLANNER_EXPLAIN);
}

void
mart_planning_init(void)
{
	DefineCustomBoolVariable("lead_kpi.share_views",
							 "Computes a view of a mart once that a query reads more than once.",
							 "Otherwise each place where it is read is planned and computed by itself.",
							 &share_views_of_marts, true, PGC_USERSET, 0, NULL, NULL, NULL);
	former_planner = planner_hook;
	planner_hook = plan_shared;
	mart_table_statistics_init();
}
