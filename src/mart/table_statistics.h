/*
 * table_statistics.h
 *	  What the planner knows of the columns of views that are shared.
 */
#ifndef LEAD_KPI_MART_TABLE_STATISTICS_H
#define LEAD_KPI_MART_TABLE_STATISTICS_H

/* Called once from _PG_init. */
extern void mart_table_statistics_init(void);

#endif
