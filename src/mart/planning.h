/*
 * planning.h
 *	  Queries over marts are planned with their views shared.
 */
#ifndef LEAD_KPI_MART_PLANNING_H
#define LEAD_KPI_MART_PLANNING_H

/* Called once from _PG_init. */
extern void mart_planning_init(void);

#endif
