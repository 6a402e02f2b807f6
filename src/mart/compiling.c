/*
 * compiling.c
 *	  Whether the server compiles (jit) queries over the views of marts: not,
 *	  unless it is asked to.
 *
 * Such a query is one plan of up to thousands of expressions, most of which see
 * few rows: compiling them takes ten times as long as running them, and cannot
 * be cancelled.  All views ask a function whether they may be read; that marks
 * the plan, and its support function has this library there in time.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "fmgr.h"
#include "jit/jit.h"
#include "nodes/pg_list.h"
#include "nodes/plannodes.h"
#include "nodes/supportnodes.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compiling.h"

PG_FUNCTION_INFO_V1(mart_view_support);

static bool compile_marts = false;
static ExecutorStart_hook_type former_start = NULL;

/* The functions that views of marts ask, by the hashes under which plans name what they call. */
static List *view_marks = NIL;

/* Called while a query is planned that calls such a function; it changes nothing of it. */
Datum
mart_view_support(PG_FUNCTION_ARGS)
{
	const Node *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSimplify))
	{
		const SupportRequestSimplify *call = (const SupportRequestSimplify *) request;
		const uint32 mark = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(call->fcall->funcid));
		MemoryContext before = MemoryContextSwitchTo(TopMemoryContext);

		view_marks = list_append_unique_int(view_marks, (int) mark);
		MemoryContextSwitchTo(before);
	}
	PG_RETURN_POINTER(NULL);
}

static bool
reads_mart(const PlannedStmt *plan)
{
	ListCell *cell;

	foreach(cell, plan->invalItems)
	{
		const PlanInvalItem *item = lfirst_node(PlanInvalItem, cell);

		if (item->cacheId == PROCOID && list_member_int(view_marks, (int) item->hashValue))
			return true;
	}
	return false;
}

static void
start_as_ever(QueryDesc *query, int flags)
{
	if (former_start != NULL)
		former_start(query, flags);
	else
		standard_ExecutorStart(query, flags);
}

static void
start_execution(QueryDesc *query, int flags)
{
	PlannedStmt *plan = query->plannedstmt;
	const int compiled = plan->jitFlags;

	if (compiled == PGJIT_NONE || compile_marts || !reads_mart(plan))
	{
		start_as_ever(query, flags);
		return;
	}
	plan->jitFlags = PGJIT_NONE;
	PG_TRY();
	{
		start_as_ever(query, flags);
	}
	PG_FINALLY();
	{
		/* The plan may be kept, and the setting be another one when it is run again. */
		plan->jitFlags = compiled;
	}
	PG_END_TRY();
}

void
mart_compiling_init(void)
{
	DefineCustomBoolVariable(
		"lead_kpi.compile_marts", "Lets jit compile queries over the views of marts.",
		"Otherwise they are not, whatever jit and jit_above_cost say: it takes longer than to run them.",
		&compile_marts, false, PGC_USERSET, 0, NULL, NULL, NULL);
	former_start = ExecutorStart_hook;
	ExecutorStart_hook = start_execution;
}
