/*
 * working_minutes.c
 *	  Minutes of working time between two local times.
 *
 * Whole weeks are counted, not walked: ten years take as long as ten minutes.
 */
#include "working_hours.h"

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "base/argument_cache.h"

PG_FUNCTION_INFO_V1(working_minutes);

#define USECS_OF_WEEK (7 * USECS_PER_DAY)
#define DAYS_FROM_MONDAY_TO_EPOCH 5 /* 1 January 2000 was a Saturday */

/* Working time since some Monday. */
typedef struct Worked
{
	int64 minutes;
	int64 usecs; /* of the minute that has begun */
} Worked;

static int64
floor_divide(int64 value, int64 unit)
{
	return value / unit - (value % unit < 0 ? 1 : 0);
}

static Worked
worked_before(const WorkingHours *hours, Timestamp moment)
{
	int64 shifted = moment +
		DAYS_FROM_MONDAY_TO_EPOCH * USECS_PER_DAY; /* timestamps end a week before int64 does */
	int64 week = floor_divide(shifted, USECS_OF_WEEK);
	int64 rest = shifted - week * USECS_OF_WEEK;
	int minute = (int) (rest / USECS_PER_MINUTE);
	Worked worked;

	worked.minutes = week * hours->before[MINUTES_OF_WEEK] + hours->before[minute];
	worked.usecs = (hours->before[minute + 1] - hours->before[minute]) * (rest % USECS_PER_MINUTE);
	return worked;
}

static void
add_span(Worked *worked, int sign, const WorkingHours *hours, Timestamp from, Timestamp to)
{
	Worked begin = worked_before(hours, from);
	Worked end = worked_before(hours, to);

	worked->minutes += sign * (end.minutes - begin.minutes);
	worked->usecs += sign * (end.usecs - begin.usecs);
}

static int
compare_days(const void *left, const void *right)
{
	DateADT one = *(const DateADT *) left;
	DateADT other = *(const DateADT *) right;

	return one < other ? -1 : one > other ? 1 : 0;
}

/* Of the holidays those between the two days, each once; returns how many. */
static int
days_between(ArrayType *holidays, int64 first, int64 last, DateADT **days)
{
	Datum *elements;
	bool *nulls;
	int count;
	int found = 0;
	int distinct = 0;

	deconstruct_array(holidays, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &elements, &nulls, &count);
	*days = palloc(mul_size(Max(count, 1), sizeof(DateADT)));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i] && DatumGetDateADT(elements[i]) >= first && DatumGetDateADT(elements[i]) <= last)
			(*days)[found++] = DatumGetDateADT(elements[i]);
	}
	qsort(*days, (Size) found, sizeof(DateADT), compare_days);
	for (int i = 0; i < found; i++)
		if (i == 0 || (*days)[i] != (*days)[i - 1])
			(*days)[distinct++] = (*days)[i];
	return distinct;
}

static void *
prepare_hours(Datum value)
{
	return read_working_hours(DatumGetTextPP(value));
}

/* (from, to, working_hours, holidays): minutes */
Datum
working_minutes(PG_FUNCTION_ARGS)
{
	Timestamp from;
	Timestamp to;
	const WorkingHours *hours = NULL;
	Worked worked = {0};

	/* Also where no time is asked for: hours that are none are an error on every row. */
	if (!PG_ARGISNULL(2))
		hours = cached_argument(fcinfo, 2, prepare_hours);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	from = PG_GETARG_TIMESTAMP(0);
	to = PG_GETARG_TIMESTAMP(1);
	if (TIMESTAMP_NOT_FINITE(from) || TIMESTAMP_NOT_FINITE(to))
		PG_RETURN_NULL();
	if (to <= from)
		PG_RETURN_FLOAT8(0);
	if (hours == NULL)
	{
		/* All of time in microseconds is more than int64 holds. */
		worked.minutes = floor_divide(to, USECS_PER_MINUTE) - floor_divide(from, USECS_PER_MINUTE);
		worked.usecs = (to - floor_divide(to, USECS_PER_MINUTE) * USECS_PER_MINUTE) -
			(from - floor_divide(from, USECS_PER_MINUTE) * USECS_PER_MINUTE);
	}
	else
	{
		add_span(&worked, 1, hours, from, to);
		if (!PG_ARGISNULL(3))
		{
			DateADT *days;
			int count = days_between(PG_GETARG_ARRAYTYPE_P(3), floor_divide(from, USECS_PER_DAY),
									 floor_divide(to, USECS_PER_DAY), &days);

			for (int i = 0; i < count; i++)
				add_span(&worked, -1, hours, Max(from, days[i] * USECS_PER_DAY),
						 Min(to, (days[i] + 1) * USECS_PER_DAY));
		}
	}
	/* Both parts not negative: what is taken from a whole minute would lose its last digits. */
	worked.minutes += floor_divide(worked.usecs, USECS_PER_MINUTE);
	worked.usecs -= floor_divide(worked.usecs, USECS_PER_MINUTE) * USECS_PER_MINUTE;
	PG_RETURN_FLOAT8((double) worked.minutes + (double) worked.usecs / USECS_PER_MINUTE);
}
