/*
 * working_hours.h
 *	  The hours of a week in which somebody works.
 */
#ifndef LEAD_KPI_WORKING_HOURS_H
#define LEAD_KPI_WORKING_HOURS_H

#include "base/compat.h"

#define MINUTES_OF_DAY (24 * 60)
#define MINUTES_OF_WEEK (7 * MINUTES_OF_DAY)

typedef struct WorkingHours
{
	int16 before[MINUTES_OF_WEEK + 1]; /* working minutes of the week before each minute, from Monday 0:00 */
} WorkingHours;

/* Reads text such as 'mon-thu 09:00-12:30,13:30-18:00; fri 09:00-16:00', or raises an error with a hint. */
extern WorkingHours *read_working_hours(const text *value);

#endif /* LEAD_KPI_WORKING_HOURS_H */
