/*
 * progress.h
 *	  What a long function is doing, for others to see.
 */
#ifndef LEAD_KPI_MART_PROGRESS_H
#define LEAD_KPI_MART_PROGRESS_H

extern void report_progress(const char *step);

#endif
