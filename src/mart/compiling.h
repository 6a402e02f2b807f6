/*
 * compiling.h
 *	  Whether queries over the views of marts are compiled.
 */
#ifndef LEAD_KPI_MART_COMPILING_H
#define LEAD_KPI_MART_COMPILING_H

/* Called once from _PG_init. */
extern void mart_compiling_init(void);

#endif
