/*
 * coverage.h
 *	  For ./run coverage only: force-included before every source file.
 *
 * Branches inside the server's macros that no test of an extension takes both
 * ways would be counted at each use: whether an error is reported at all, and
 * whether this is the moment of a cancel.  Here they are calls.
 */
#ifndef LEAD_KPI_COVERAGE_H
#define LEAD_KPI_COVERAGE_H

#include "postgres.h"

#include "miscadmin.h"

#undef ereport_domain
#define ereport_domain(elevel, domain, ...) \
	do \
	{ \
		if ((elevel) >= ERROR) \
		{ \
			(void) errstart_cold(elevel, domain); \
			__VA_ARGS__, errfinish(__FILE__, __LINE__, __func__); \
			pg_unreachable(); \
		} \
		else if (errstart(elevel, domain)) \
			__VA_ARGS__, errfinish(__FILE__, __LINE__, __func__); \
	} while (0)

static inline void
coverage_check_for_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

#undef CHECK_FOR_INTERRUPTS
#define CHECK_FOR_INTERRUPTS() coverage_check_for_interrupts()

#endif /* LEAD_KPI_COVERAGE_H */
