/*
 * progress.c
 *	  What a long function is doing, for others to see.
 *
 * PostgreSQL's own progress views know its own commands only.  The text that
 * pg_stat_activity shows is for whoever runs something: as autovacuum does, it
 * is set to what is being done, and back.  Who may see it is the server's rule
 * for queries.
 */
#include "postgres.h"

#include "fmgr.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"

#include "progress.h"

PG_FUNCTION_INFO_V1(mart_reports);

/* NULL: what the client asked for. */
void
report_progress(const char *step)
{
	if (step == NULL)
		pgstat_report_activity(STATE_RUNNING, debug_query_string);
	else
	{
		/* What was asked for stays in it: whoever looks for that finds it. */
		char *activity = psprintf("lead_kpi: %s -- %s", step,
								  debug_query_string != NULL ? debug_query_string : "");

		pgstat_report_activity(STATE_RUNNING, activity);
		pfree(activity);
	}
}

Datum
mart_reports(PG_FUNCTION_ARGS)
{
	report_progress(PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}
