/*
 * time_zone.c
 *	  Time zones by name, and the moment that a local time is in one.
 *
 * PostgreSQL takes three things for a zone: names, abbreviations, whose meaning
 * is a setting, and POSIX's own, in which "+05:30" lies west of Greenwich.  Only
 * a name says what it seems to say.
 */
#include "time_zone.h"

#include <ctype.h>

#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(is_time_zone);
PG_FUNCTION_INFO_V1(checked_time_zone);

/* Longest change between a zone's clocks before and after: the date line was crossed by whole days. */
#define LONGEST_SHIFT (26 * 3600)

/*
 * All names with digits: what else has some is POSIX's, since every zone of
 * POSIX has an offset.  GMT+N and the like are below Etc/.
 */
static const char *const names_with_digits[] = {"GMT0",	   "GMT+0",	  "GMT-0",	"EST5EDT",
												"CST6CDT", "MST7MDT", "PST8PDT"};

/* Names that are abbreviations too, and mean something else as such, or nothing outside the server that they are on. */
static const char *const names_of_two_meanings[] = {"CET", "EET", "MET",	   "WET",		 "EST",
													"MST", "HST", "localtime", "posixrules", "Factory"};

static bool
is_among(const char *name, const char *const *list, int count)
{
	for (int i = 0; i < count; i++)
		if (pg_strcasecmp(name, list[i]) == 0)
			return true;
	return false;
}

static pg_tz *
find_time_zone(const text *value)
{
	char name[64];
	const char *bytes = VARDATA_ANY(value);
	int length = VARSIZE_ANY_EXHDR(value);
	const char *plain = name;
	bool has_digits = false;

	if (length == 0 || length >= (int) sizeof(name))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c >= 0x80 || !(isalnum(c) || strchr("_+-/", c) != NULL))
			return NULL;
		has_digits |= isdigit(c) != 0;
	}
	memcpy(name, bytes, (Size) length);
	name[length] = '\0';

	if (pg_strncasecmp(name, "right/", 6) == 0) /* these count leap seconds, which PostgreSQL has none of */
		return NULL;
	if (pg_strncasecmp(name, "posix/", 6) == 0)
		plain = name + 6;
	if (is_among(plain, names_of_two_meanings, lengthof(names_of_two_meanings)))
		return NULL;
	if (has_digits)
	{
		int hours = 0;

		if (pg_strncasecmp(plain, "Etc/", 4) == 0)
			plain += 4;
		if (!is_among(plain, names_with_digits, lengthof(names_with_digits)))
		{
			/* Etc/GMT+12 to Etc/GMT-14 */
			if (plain < name + 4 || pg_strncasecmp(plain - 4, "Etc/GMT", 7) != 0 ||
				(plain[3] != '+' && plain[3] != '-'))
				return NULL;
			for (const char *digit = plain + 4; *digit != '\0'; digit++)
			{
				if (!isdigit((unsigned char) *digit) || digit - plain > 5 || plain[4] == '0')
					return NULL;
				hours = hours * 10 + (*digit - '0');
			}
			if (hours < 1 || hours > (plain[3] == '+' ? 12 : 14))
				return NULL;
		}
	}
	return pg_tzset(name);
}

pg_tz *
time_zone_of_name(const text *name)
{
	pg_tz *zone = find_time_zone(name);

	if (zone == NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("\"%s\" is not the name of a time zone", shown(name)),
				errhint("Write a name of pg_timezone_names, such as 'Europe/Paris', 'Asia/Kolkata' or 'UTC'. An offset such as "
					"'+05:30' would be read as west of Greenwich, and abbreviations such as 'IST' or 'CET' mean several zones "
					"or no summer time."));
	return zone;
}

/* What the zone's clocks show at a moment, in seconds. */
static bool
clock_at(int64 moment, const pg_tz *zone, int64 *shown_seconds)
{
	pg_time_t at = moment;
	const struct pg_tm *tm = pg_localtime(&at, zone);

	if (tm == NULL)
		return false;
	*shown_seconds = moment + tm->tm_gmtoff;
	return true;
}

Reading
moment_of_local(int64 local, pg_tz *zone, int64 *moment, Problem *problem)
{
	int found = 0;
	int64 before;
	int64 after;

	/* Mostly the clocks are left alone for days. */
	if (clock_at(local - LONGEST_SHIFT, zone, &before) && clock_at(local + LONGEST_SHIFT, zone, &after) &&
		after - before == 2 * LONGEST_SHIFT)
	{
		*moment = local - (before - (local - LONGEST_SHIFT));
		if (clock_at(*moment, zone, &after) && after == local)
			return READING_DONE;
	}

	/*
	 * Whatever offset makes this time is in use within a day of it.  Offsets
	 * change so seldom that one of these hours sees each.
	 */
	for (int64 around = local - LONGEST_SHIFT; around <= local + LONGEST_SHIFT; around += LONGEST_SHIFT / 2)
	{
		int64 clock;
		int64 candidate;

		if (!clock_at(around, zone, &clock))
			continue;
		candidate = local - (clock - around);
		if (!clock_at(candidate, zone, &clock) || clock != local || (found > 0 && *moment == candidate))
			continue;
		*moment = candidate;
		found++;
	}
	if (found == 1)
		return READING_DONE;
	if (found == 0)
		return failed(problem,
					  psprintf("clocks in %s never showed this time, they were put forward",
							   pg_get_timezone_name(zone)),
					  "Find out what the source means, and write the offset into the value (TZH:TZM).");
	return failed(problem,
				  psprintf("clocks in %s showed this time twice, they were put back",
						   pg_get_timezone_name(zone)),
				  "Export with the offset and read it (TZH:TZM), or in UTC.");
}

Datum
is_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(find_time_zone(PG_GETARG_TEXT_PP(0)) != NULL);
}

Datum
checked_time_zone(PG_FUNCTION_ARGS)
{
	(void) time_zone_of_name(PG_GETARG_TEXT_PP(0));
	PG_RETURN_BOOL(true);
}
