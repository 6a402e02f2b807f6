/*
 * time_zone.h
 *	  Time zones by name, and the moment that a local time is in one.
 */
#ifndef LEAD_KPI_TIME_ZONE_H
#define LEAD_KPI_TIME_ZONE_H

#include "base/compat.h"

#include "pgtime.h"

#include "letters.h"

/* The zone of that name, or an error with a hint. */
extern pg_tz *time_zone_of_name(const text *name);

/* Seconds since 1970 of a clock's time in a zone; fails where that was never shown, or twice. */
extern Reading moment_of_local(int64 local, pg_tz *zone, int64 *moment, Problem *problem);

#endif /* LEAD_KPI_TIME_ZONE_H */
