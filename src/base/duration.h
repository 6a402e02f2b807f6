/*
 * duration.h
 *	  Intervals as lengths of time.
 */
#ifndef LEAD_KPI_DURATION_H
#define LEAD_KPI_DURATION_H

#include "compat.h"

#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/*
 * The length of an interval in microseconds, a day being 24 hours.  Refused,
 * naming the parameter "what": months and years, which have no fixed length,
 * and negative lengths.  Infinite or beyond 64 bits: PG_INT64_MAX.
 */
extern int64 fixed_duration(const Interval *interval, const char *what);

/* Microseconds as days and time of day, the way timestamps subtract. */
extern Datum duration_interval(int64 duration);

/*
 * The time of an argument: a timestamp with or without time zone, or the
 * beginning of a day.  Between days there are whole days then, whatever the
 * session's time zone does with its clocks.
 */
static inline TimestampTz
time_argument(FunctionCallInfo fcinfo, int argument, bool is_date)
{
	DateADT day;

	if (!is_date)
		return PG_GETARG_TIMESTAMPTZ(argument);
	day = PG_GETARG_DATEADT(argument);
	/* Infinite, or beyond what a timestamp can be, which raises. */
	if (unlikely(DATE_NOT_FINITE(day) || day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE))
		return DatumGetTimestampTz(DirectFunctionCall1(date_timestamp, DateADTGetDatum(day)));
	return day * USECS_PER_DAY;
}

#endif /* LEAD_KPI_DURATION_H */
