/*
 * coverage.h
 *	  For ./run coverage only: force-included before every source file.
 *
 * Branches inside the server's macros that no test of an extension takes both
 * ways would be counted at each use: whether an error is reported at all,
 * whether this is the moment of a cancel, and which of the forms of a varlena
 * this is, which PostgreSQL 19 has functions for.  Here they are calls.
 */
#ifndef LEAD_KPI_COVERAGE_H
#define LEAD_KPI_COVERAGE_H

#include "postgres.h"

#include "miscadmin.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

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

#if PG_VERSION_NUM < 190000
static inline Size
coverage_varsize_any(const void *value)
{
	return VARSIZE_ANY(value);
}

static inline Size
coverage_varsize_any_exhdr(const void *value)
{
	return VARSIZE_ANY_EXHDR(value);
}

static inline char *
coverage_vardata_any(const void *value)
{
	return VARDATA_ANY(value);
}

#undef VARSIZE_ANY
#define VARSIZE_ANY(value) coverage_varsize_any(value)
#undef VARSIZE_ANY_EXHDR
#define VARSIZE_ANY_EXHDR(value) coverage_varsize_any_exhdr(value)
#undef VARDATA_ANY
#define VARDATA_ANY(value) coverage_vardata_any(value)
#endif

/* Every other process has no AVX2: what runs without it is counted too, and must give the results that are expected. */
#define __builtin_cpu_supports(feature) (MyProcPid % 2 == 0 && __builtin_cpu_supports(feature))

#endif /* LEAD_KPI_COVERAGE_H */
