/*
 * duration.c
 *	  Intervals as lengths of time.
 */
#include "duration.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

static char *
interval_text(const Interval *interval)
{
	return DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval)));
}

int64
fixed_duration(const Interval *interval, const char *what)
{
	int64 days;
	int64 rest;
	int64 length;

	if (INTERVAL_IS_NOEND(interval))
		return PG_INT64_MAX;
	if (interval->month != 0 && !INTERVAL_IS_NOBEGIN(interval))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" has no fixed length", what, interval_text(interval)),
				 errdetail("Months and years differ in length."),
				 errhint("Write the length in days, for example '30 days' instead of '1 month'.")));

	/* Whole days and a rest in [0, 1 day): the days carry the sign. */
	days = (int64) interval->day + interval->time / USECS_PER_DAY;
	rest = interval->time % USECS_PER_DAY;
	if (rest < 0)
	{
		rest += USECS_PER_DAY;
		days--;
	}
	if (days < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" is negative", what, interval_text(interval)),
				 errhint("Write a length of time such as '30 days'; '0' means the same moment.")));
	if (pg_mul_s64_overflow(days, USECS_PER_DAY, &length) || pg_add_s64_overflow(length, rest, &length))
		return PG_INT64_MAX;
	return length;
}

Datum
duration_interval(int64 duration)
{
	Interval *interval = palloc0(sizeof(Interval));

	interval->day = (int32) (duration / USECS_PER_DAY);
	interval->time = duration % USECS_PER_DAY;
	return IntervalPGetDatum(interval);
}
