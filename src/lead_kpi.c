/*
 * lead_kpi.c
 *	  The module itself; every KPI lives in a room of its own.
 */
#include "base/compat.h"

#include "base/summary_compact.h"
#include "events/lead_event_file.h"
#include "mart/compiling.h"
#include "mart/planning.h"

#if PG_VERSION_NUM >= 180000
PG_MODULE_MAGIC_EXT(.name = "lead_kpi", .version = "1.0");
#else
PG_MODULE_MAGIC;
#endif

void _PG_init(void);

void
_PG_init(void)
{
	lead_event_file_init();
	summary_compact_init();
	mart_compiling_init();
	mart_planning_init();
}
