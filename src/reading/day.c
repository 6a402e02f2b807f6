/*
 * day.c
 *	  Days and times as exports write them, read whole, exactly and without the
 *	  session's settings.
 *
 * The patterns are to_date()'s, the strictness is not: what it overlooks (31
 * February, another separator, the rest of the value) is a problem here.
 */
#include "letters.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/argument_cache.h"
#include "time_zone.h"

PG_FUNCTION_INFO_V1(parse_day);
PG_FUNCTION_INFO_V1(try_parse_day);
PG_FUNCTION_INFO_V1(day_problem);
PG_FUNCTION_INFO_V1(parse_time);
PG_FUNCTION_INFO_V1(try_parse_time);
PG_FUNCTION_INFO_V1(time_problem);

typedef enum Field
{
	FIELD_LITERAL,
	FIELD_YEAR,
	FIELD_MONTH,
	FIELD_DAY,
	FIELD_HOUR,
	FIELD_MINUTE,
	FIELD_SECOND,
	FIELD_FRACTION,
	FIELD_HALF, /* of the day: AM, PM */
	FIELD_WEEKDAY,
	FIELD_ZONE,
	FIELD_ZONE_MINUTES,
} Field;

typedef enum Manner
{
	MANNER_DIGITS,
	MANNER_SHORT_YEAR,
	MANNER_NAME,
	MANNER_SHORT_NAME,
	MANNER_HALF_HOURS, /* 1 to 12 */
	MANNER_ZONE_HOURS,
	MANNER_ZONE_OFFSET, /* hours, and minutes if there are any */
	MANNER_ZONE_NAME,	/* UTC */
} Manner;

/* Longer ones before those that they begin with. */
static const struct Pattern
{
	const char *spelling;
	Field field;
	Manner manner;
	int most; /* digits */
} patterns[] = {
	{"month", FIELD_MONTH, MANNER_NAME, 0},
	{"mon", FIELD_MONTH, MANNER_SHORT_NAME, 0},
	{"yyyy", FIELD_YEAR, MANNER_DIGITS, 4},
	{"yy", FIELD_YEAR, MANNER_SHORT_YEAR, 2},
	{"mm", FIELD_MONTH, MANNER_DIGITS, 2},
	{"dd", FIELD_DAY, MANNER_DIGITS, 2},
	{"day", FIELD_WEEKDAY, MANNER_NAME, 0},
	{"dy", FIELD_WEEKDAY, MANNER_SHORT_NAME, 0},
	{"hh24", FIELD_HOUR, MANNER_DIGITS, 2},
	{"hh12", FIELD_HOUR, MANNER_HALF_HOURS, 2},
	{"hh", FIELD_HOUR, MANNER_HALF_HOURS, 2},
	{"mi", FIELD_MINUTE, MANNER_DIGITS, 2},
	{"ss", FIELD_SECOND, MANNER_DIGITS, 2},
	{"ms", FIELD_FRACTION, MANNER_DIGITS, 3},
	{"us", FIELD_FRACTION, MANNER_DIGITS, 6},
	{"am", FIELD_HALF, MANNER_NAME, 0},
	{"pm", FIELD_HALF, MANNER_NAME, 0},
	{"a.m.", FIELD_HALF, MANNER_NAME, 0},
	{"p.m.", FIELD_HALF, MANNER_NAME, 0},
	{"tzh", FIELD_ZONE, MANNER_ZONE_HOURS, 2},
	{"tzm", FIELD_ZONE_MINUTES, MANNER_DIGITS, 2},
	{"tz", FIELD_ZONE, MANNER_ZONE_NAME, 0},
	{"of", FIELD_ZONE, MANNER_ZONE_OFFSET, 2},
};

static const char *const month_names[] = {"january",   "february", "march",	   "april",
										  "may",	   "june",	   "july",	   "august",
										  "september", "october",  "november", "december"};
static const char *const weekday_names[] = {"sunday",	"monday", "tuesday", "wednesday",
											"thursday", "friday", "saturday"};

#define MAX_PARTS 64

typedef struct Part
{
	Field field;
	Manner manner;
	int least;
	int most;
	pg_wchar literal;
} Part;

typedef struct Format
{
	int count;
	bool has[FIELD_ZONE_MINUTES + 1];
	Part part[MAX_PARTS];
} Format;

/* What a value says. */
typedef struct Clock
{
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int microsecond;
	int half;	 /* 0: AM, 1: PM, -1: not said */
	int weekday; /* -1: not said */
	bool has_zone;
	int offset; /* seconds east of Greenwich */
} Clock;

#define HINT_PATTERNS \
	"The patterns are YYYY YY MM Mon Month DD Dy Day HH24 HH12 AM MI SS MS US TZH TZM OF TZ; put other words in double quotes."
#define HINT_DAY_FORMAT "Give the format, such as 'DD.MM.YYYY' or 'MM/DD/YYYY', as the second argument."
#define HINT_TIME_FORMAT \
	"Give the format, such as 'DD.MM.YYYY HH24:MI', as the second argument, and the time zone as the third."

/* ---------- formats ---------- */

pg_noreturn static void
raise_format(const text *format, const char *problem)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("\"%s\" is not a format that can be read: %s", shown(format), problem),
			errhint(HINT_PATTERNS));
}

static bool
begins_with(const pg_wchar *letters, const char *spelling)
{
	for (; *spelling != '\0'; spelling++, letters++)
		if (lower_letter(*letters) != (unsigned char) *spelling)
			return false;
	return true;
}

static Part *
add_part(Format *to, const text *source, Field field, Manner manner)
{
	Part *part;

	if (to->count == MAX_PARTS)
		raise_format(source, "it is too long");
	part = &to->part[to->count++];
	part->field = field;
	part->manner = manner;
	part->literal = 0;
	part->least = part->most = 0;
	return part;
}

static bool
has_digits(const Part *part)
{
	return part->most > 0 && part->field != FIELD_ZONE;
}

/* Every hour needs its half, every part the parts above it. */
static void
check_format(const Format *format, const text *source, bool is_day)
{
	bool half_hours = false;
	bool zone_hours = false;

	for (int i = 0; i < format->count; i++)
	{
		half_hours |= format->part[i].manner == MANNER_HALF_HOURS;
		zone_hours |= format->part[i].manner == MANNER_ZONE_HOURS;
		if (format->part[i].field == FIELD_ZONE_MINUTES && !zone_hours)
			raise_format(source, "TZM needs TZH before it");
	}
	if (!format->has[FIELD_YEAR] || !format->has[FIELD_MONTH] || !format->has[FIELD_DAY])
		raise_format(source, "it needs a year, a month and a day");
	if (half_hours != format->has[FIELD_HALF])
		raise_format(source, half_hours ? "HH and HH12 need AM; of 24 hours it is HH24" : "AM needs HH12");
	if ((format->has[FIELD_MINUTE] && !format->has[FIELD_HOUR]) ||
		(format->has[FIELD_SECOND] && !format->has[FIELD_MINUTE]) ||
		(format->has[FIELD_FRACTION] && !format->has[FIELD_SECOND]))
		raise_format(source, "it has a part of the time without the part above it");
	if (is_day && format->has[FIELD_ZONE])
		raise_format(source, "with an offset the day depends on the time zone: use parse_time");
}

static Format *
read_format(const text *source, bool is_day)
{
	Format *format = palloc(sizeof(Format));
	Letters letters;
	Problem problem;
	const pg_wchar *next = letters.at;
	bool quoted = false;

	memset(format, 0, offsetof(Format, part));
	switch (letters_of(source, &letters, &problem))
	{
		case READING_BLANK:
			raise_format(source, "it is blank");
			break;
		case READING_FAILED:
			raise_format(source, problem.what);
			break;
		case READING_DONE:
			break;
	}

	while (*next != 0)
	{
		const struct Pattern *pattern = patterns;
		const struct Pattern *end = patterns + lengthof(patterns);
		Part *part;

		if (*next == '"')
		{
			quoted = !quoted;
			next++;
			continue;
		}
		if (!quoted && begins_with(next, "fm"))
		{
			next += 2;
			continue;
		}
		while (pattern < end && (quoted || !begins_with(next, pattern->spelling)))
			pattern++;
		if (pattern < end)
		{
			if (format->has[pattern->field])
				raise_format(source,
							 psprintf("\"%s\" is there twice, or with another of its kind%s",
									  pattern->spelling,
									  pattern->field == FIELD_MONTH ? "; minutes are MI" : ""));
			format->has[pattern->field] = true;
			part = add_part(format, source, pattern->field, pattern->manner);
			part->most = pattern->most;
			part->least = pattern->field == FIELD_MONTH || pattern->field == FIELD_DAY ||
					pattern->field == FIELD_HOUR || pattern->field == FIELD_FRACTION
				? Min(pattern->most, 1)
				: pattern->most;
			/* Digits next to digits are told apart by their number alone. */
			if (format->count > 1 && has_digits(part) && has_digits(part - 1))
				part[-1].least = part[-1].most;
			next += strlen(pattern->spelling);
		}
		else if (*next == 'Z')
		{
			/* Also in quotes, as to_char() would have it: nobody writes it for anything else. */
			if (format->has[FIELD_ZONE])
				raise_format(source, "it has two time zones");
			format->has[FIELD_ZONE] = true;
			add_part(format, source, FIELD_ZONE, MANNER_ZONE_NAME);
			next++;
		}
		else if (!quoted && is_letter(*next) && *next != 'T')
			raise_format(source, psprintf("\"%s\" is no pattern", spelled(next, 1)));
		else
			add_part(format, source, FIELD_LITERAL, MANNER_DIGITS)->literal = *next++;
	}
	if (quoted)
		raise_format(source, "a quote is not closed");
	check_format(format, source, is_day);
	return format;
}

static void *
prepare_day_format(Datum value)
{
	return read_format(DatumGetTextPP(value), true);
}

static void *
prepare_time_format(Datum value)
{
	return read_format(DatumGetTextPP(value), false);
}

/* ---------- values ---------- */

static bool
read_digits(const pg_wchar **next, int least, int most, int *value)
{
	int count = 0;

	*value = 0;
	while (count < most && is_digit((*next)[count]))
		*value = *value * 10 + (int) ((*next)[count++] - '0');
	if (count < least)
		return false;
	*next += count;
	return true;
}

/* Digits behind the point, as microseconds; what is finer is cut off. */
static bool
read_fraction(const pg_wchar **next, int most, int *microseconds)
{
	int scale = 100000;

	if (!is_digit(**next))
		return false;
	*microseconds = 0;
	for (; most > 0 && is_digit(**next); most--, (*next)++, scale /= 10)
		*microseconds += (int) (**next - '0') * scale;
	return true;
}

/* A name of the list, or its first three letters where they are wanted; its place, or -1. */
static int
read_name(const pg_wchar **next, const char *const *names, int count, bool is_short)
{
	for (int i = 0; i < count; i++)
	{
		char begin[16];
		int length;

		strlcpy(begin, names[i], is_short ? 4 : sizeof(begin));
		length = (int) strlen(begin);
		if (begins_with(*next, begin) && !is_letter((*next)[length]))
		{
			*next += length;
			return i;
		}
	}
	return -1;
}

/* +HH[[:]MM] or Z; without minutes where a pattern of their own follows. */
static bool
read_offset(const pg_wchar **next, bool with_minutes, Clock *clock)
{
	int sign;
	int hours;
	int minutes = 0;

	if (**next == 'Z' || **next == 'z')
	{
		(*next)++;
		clock->has_zone = true;
		return true;
	}
	if (**next != '+' && **next != '-')
		return false;
	sign = *(*next)++ == '-' ? -1 : 1;
	if (!read_digits(next, 2, 2, &hours) || hours > 15)
		return false;
	if (with_minutes && (is_digit(**next) || (**next == ':' && is_digit((*next)[1]))))
	{
		*next += **next == ':';
		if (!read_digits(next, 2, 2, &minutes) || minutes > 59)
			return false;
	}
	clock->has_zone = true;
	clock->offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool
read_utc(const pg_wchar **next, Clock *clock)
{
	int length = begins_with(*next, "utc") || begins_with(*next, "gmt") ? 3 : begins_with(*next, "z") ? 1 : 0;

	if (length == 0 || is_letter((*next)[length]))
		return false;
	clock->has_zone = true;
	*next += length;
	return true;
}

/* Reads what one part of a format wants. */
static bool
read_part(const Part *part, const pg_wchar **next, const pg_wchar *begin, Clock *clock)
{
	int value = 0;

	switch (part->field)
	{
		case FIELD_LITERAL:
			if (part->literal != **next)
				return false;
			(*next)++;
			while (part->literal == ' ' && **next == ' ')
				(*next)++;
			return true;
		case FIELD_YEAR:
			if (!read_digits(next, part->least, part->most, &clock->year))
				return false;
			if (part->manner == MANNER_SHORT_YEAR)
				clock->year += clock->year < 70 ? 2000 : 1900;
			return true;
		case FIELD_MONTH:
			if (part->manner == MANNER_DIGITS)
				return read_digits(next, part->least, part->most, &clock->month);
			clock->month = read_name(next, month_names, lengthof(month_names),
									 part->manner == MANNER_SHORT_NAME) +
				1;
			return clock->month > 0;
		case FIELD_DAY:
			return read_digits(next, part->least, part->most, &clock->day);
		case FIELD_HOUR:
			if (!read_digits(next, part->least, part->most, &clock->hour))
				return false;
			return part->manner != MANNER_HALF_HOURS || (clock->hour >= 1 && clock->hour <= 12);
		case FIELD_MINUTE:
			return read_digits(next, part->least, part->most, &clock->minute);
		case FIELD_SECOND:
			return read_digits(next, part->least, part->most, &clock->second);
		case FIELD_FRACTION:
			return read_fraction(next, part->most, &clock->microsecond);
		case FIELD_HALF:
			clock->half = begins_with(*next, "am") || begins_with(*next, "a.m.") ? 0
				: begins_with(*next, "pm") || begins_with(*next, "p.m.")		 ? 1
																				 : -1;
			if (clock->half < 0)
				return false;
			*next += (*next)[1] == '.' ? 4 : 2;
			return true;
		case FIELD_WEEKDAY:
			clock->weekday = read_name(next, weekday_names, lengthof(weekday_names),
									   part->manner == MANNER_SHORT_NAME);
			return clock->weekday >= 0;
		case FIELD_ZONE:
			if (part->manner == MANNER_ZONE_NAME)
				return read_utc(next, clock);
			return read_offset(next, part->manner == MANNER_ZONE_OFFSET, clock);
		case FIELD_ZONE_MINUTES:
			if (!read_digits(next, 2, 2, &value) || value > 59)
				return false;
			/* -00:30 has its sign before the hours. */
			for (const pg_wchar *sign = *next; sign > begin; sign--)
			{
				if (sign[-1] == '+' || sign[-1] == '-')
				{
					clock->offset += (sign[-1] == '-' ? -60 : 60) * value;
					break;
				}
			}
			return true;
	}
	return false;
}

static const char *
field_name(const Part *part)
{
	static const char *const names[] = {
		[FIELD_YEAR] = "the year",
		[FIELD_MONTH] = "the month",
		[FIELD_DAY] = "the day",
		[FIELD_HOUR] = "the hour",
		[FIELD_MINUTE] = "the minute",
		[FIELD_SECOND] = "the second",
		[FIELD_FRACTION] = "the fraction of a second",
		[FIELD_HALF] = "AM or PM",
		[FIELD_WEEKDAY] = "the day of the week, in English",
		[FIELD_ZONE] = "the time zone's offset",
		[FIELD_ZONE_MINUTES] = "the time zone's minutes",
	};

	if (part->field == FIELD_MONTH && part->manner == MANNER_NAME)
		return "the month's English name";
	if (part->field == FIELD_MONTH && part->manner == MANNER_SHORT_NAME)
		return "the month's English name of three letters";
	if (part->field == FIELD_LITERAL)
		return psprintf("\"%s\"", spelled(&part->literal, 1));
	return names[part->field];
}

static Reading
read_by_format(const Letters *letters, const Format *format, Clock *clock, Problem *problem)
{
	const pg_wchar *next = letters->at;

	for (int i = 0; i < format->count; i++)
	{
		const Part *part = &format->part[i];
		const pg_wchar *begin = next;

		if (!read_part(part, &next, letters->at, clock))
			return failed(problem,
						  psprintf("%s is expected %s", field_name(part),
								   *begin == 0 ? "at the end"
											   : psprintf("where \"%s\" stands",
														  spelled(begin,
																  Min(10,
																	  (int) (letters->at + letters->count -
																			 begin))))),
						  NULL);
		/* Z stands for the minutes too. */
		if (part->manner == MANNER_ZONE_HOURS && lower_letter(next[-1]) == 'z')
		{
			if (i + 2 < format->count && format->part[i + 1].field == FIELD_LITERAL &&
				format->part[i + 2].field == FIELD_ZONE_MINUTES)
				i += 2;
			else if (i + 1 < format->count && format->part[i + 1].field == FIELD_ZONE_MINUTES)
				i++;
		}
	}
	if (*next != 0)
		return failed(problem,
					  psprintf("the format ends before \"%s\"",
							   spelled(next, Min(20, (int) (letters->at + letters->count - next)))),
					  NULL);
	return READING_DONE;
}

/* ISO 8601, and a blank for its T. */
static Reading
read_iso(const Letters *letters, bool is_day, Clock *clock, Problem *problem)
{
	const pg_wchar *next = letters->at;

	if (!read_digits(&next, 4, 4, &clock->year) || *next++ != '-' ||
		!read_digits(&next, 2, 2, &clock->month) || *next++ != '-' || !read_digits(&next, 2, 2, &clock->day))
		return failed(problem, "it is not written as ISO 8601 has it, such as 2026-01-31",
					  is_day ? HINT_DAY_FORMAT : HINT_TIME_FORMAT);
	if (*next == 0)
		return READING_DONE;
	if (is_day)
		return failed(
			problem, "something follows the day",
			"Name what follows in a format, such as 'YYYY-MM-DD HH24:MI:SS'. Of a time with an offset the day depends on the time "
			"zone: (parse_time(...) AT TIME ZONE 'Europe/Paris')::date.");
	if ((*next != 'T' && *next != 't' && *next != ' ') || (next++, !read_digits(&next, 2, 2, &clock->hour)) ||
		*next++ != ':' || !read_digits(&next, 2, 2, &clock->minute))
		return failed(problem, "it is not written as ISO 8601 has it, such as 2026-01-31T09:30:00",
					  HINT_TIME_FORMAT);
	if (*next == ':')
	{
		next++;
		if (!read_digits(&next, 2, 2, &clock->second))
			return failed(problem, "its seconds are not two digits", HINT_TIME_FORMAT);
		if ((*next == '.' || *next == ',') && (next++, !read_fraction(&next, 9, &clock->microsecond)))
			return failed(problem, "its seconds have no digits behind the point", HINT_TIME_FORMAT);
	}
	if (*next == ' ' && next[1] != 0)
		next++;
	if (*next != 0 && !read_offset(&next, true, clock) && !read_utc(&next, clock))
		return failed(problem, "what follows the time is no offset", HINT_TIME_FORMAT);
	if (*next != 0)
		return failed(problem,
					  psprintf("\"%s\" follows the time",
							   spelled(next, Min(20, (int) (letters->at + letters->count - next)))),
					  HINT_TIME_FORMAT);
	return READING_DONE;
}

/* A day and an hour that there are. */
static Reading
check_clock(Clock *clock, Problem *problem)
{
	if (clock->year < 1)
		return failed(problem, "there is no year 0", NULL);
	if (clock->month < 1 || clock->month > 12)
		return failed(problem, psprintf("there is no month %d", clock->month),
					  "Are day and month the other way round?");
	if (clock->day < 1 || clock->day > day_tab[isleap(clock->year)][clock->month - 1])
		return failed(problem,
					  psprintf("there is no day %d in month %d of %d", clock->day, clock->month, clock->year),
					  NULL);
	if (clock->weekday >= 0 && clock->weekday != j2day(date2j(clock->year, clock->month, clock->day)))
		return failed(problem, "the day of the week is another one", NULL);
	if (clock->half >= 0)
		clock->hour = clock->hour % 12 + 12 * clock->half;
	if (clock->hour > 23 || clock->minute > 59 || clock->second > 59)
		return failed(problem,
					  psprintf("there is no time %02d:%02d:%02d", clock->hour, clock->minute, clock->second),
					  NULL);
	return READING_DONE;
}

/* ---------- for SQL ---------- */

/* Reads a value, by the format where there is one. */
static Reading
read_clock(const text *value, const Format *format, bool is_day, Clock *clock, Problem *problem)
{
	Letters letters;
	Reading reading;

	memset(clock, 0, sizeof(*clock));
	clock->half = clock->weekday = -1;
	reading = letters_of(value, &letters, problem);
	if (reading == READING_DONE)
		reading = format != NULL ? read_by_format(&letters, format, clock, problem)
								 : read_iso(&letters, is_day, clock, problem);
	if (reading == READING_DONE)
		reading = check_clock(clock, problem);
	return reading;
}

static Reading
read_day(FunctionCallInfo fcinfo, DateADT *day, Problem *problem)
{
	Clock clock;
	const Format *format = PG_NARGS() > 1 ? cached_argument(fcinfo, 1, prepare_day_format) : NULL;
	Reading reading = read_clock(PG_GETARG_TEXT_PP(0), format, true, &clock, problem);

	if (reading == READING_DONE)
		*day = date2j(clock.year, clock.month, clock.day) - POSTGRES_EPOCH_JDATE;
	return reading;
}

static Reading
read_time(FunctionCallInfo fcinfo, TimestampTz *time, Problem *problem)
{
	Clock clock;
	const Format *format = PG_NARGS() > 2 ? cached_argument(fcinfo, 1, prepare_time_format) : NULL;
	pg_tz *zone = time_zone_of_name(PG_GETARG_TEXT_PP(PG_NARGS() - 1));
	Reading reading = read_clock(PG_GETARG_TEXT_PP(0), format, false, &clock, problem);
	int64 local;
	int64 moment;

	if (reading != READING_DONE)
		return reading;
	local = (int64) (date2j(clock.year, clock.month, clock.day) - UNIX_EPOCH_JDATE) * SECS_PER_DAY +
		clock.hour * SECS_PER_HOUR + clock.minute * SECS_PER_MINUTE + clock.second;
	if (clock.has_zone)
		moment = local - clock.offset;
	else if (moment_of_local(local, zone, &moment, problem) == READING_FAILED)
		return READING_FAILED;
	*time = (moment - (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC +
		clock.microsecond;
	return READING_DONE;
}

pg_noreturn static void
raise_problem(const text *value, const char *kind, const Problem *problem)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_DATETIME_FORMAT),
			errmsg("\"%s\" cannot be read as a %s: %s", shown(value), kind, problem->what),
			problem->hint != NULL ? errhint("%s", problem->hint) : 0);
}

Datum
parse_day(PG_FUNCTION_ARGS)
{
	DateADT day;
	Problem problem;
	Reading reading = read_day(fcinfo, &day, &problem);

	if (reading == READING_FAILED)
		raise_problem(PG_GETARG_TEXT_PP(0), "day", &problem);
	if (reading == READING_BLANK)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}

Datum
try_parse_day(PG_FUNCTION_ARGS)
{
	DateADT day;
	Problem problem;

	if (read_day(fcinfo, &day, &problem) != READING_DONE)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}

Datum
day_problem(PG_FUNCTION_ARGS)
{
	DateADT day;
	Problem problem;

	if (read_day(fcinfo, &day, &problem) != READING_FAILED)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem.what));
}

Datum
parse_time(PG_FUNCTION_ARGS)
{
	TimestampTz time;
	Problem problem;
	Reading reading = read_time(fcinfo, &time, &problem);

	if (reading == READING_FAILED)
		raise_problem(PG_GETARG_TEXT_PP(0), "time", &problem);
	if (reading == READING_BLANK)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(time);
}

Datum
try_parse_time(PG_FUNCTION_ARGS)
{
	TimestampTz time;
	Problem problem;

	if (read_time(fcinfo, &time, &problem) != READING_DONE)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(time);
}

Datum
time_problem(PG_FUNCTION_ARGS)
{
	TimestampTz time;
	Problem problem;

	if (read_time(fcinfo, &time, &problem) != READING_FAILED)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem.what));
}
