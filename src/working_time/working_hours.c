/*
 * working_hours.c
 *	  The hours of a week in which somebody works, read from text.
 *
 * A week has 10 080 minutes, so each is marked: spans that overlap are one, and
 * how much of the week is before any minute is looked up.
 */
#include "working_hours.h"

#include <ctype.h>

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(checked_working_hours);

#define LONGEST_TEXT 10000
#define LONGEST_SHOWN 80
#define SHORTEST_NAME 3

static const char *const day_names[][7] = {
	{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
	{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
};

/* What is read, and up to where. */
typedef struct Reader
{
	const text *value;
	const char *at;
	const char *end;
	bool days[7];
	bool works[MINUTES_OF_WEEK];
} Reader;

static char *
clipped(const char *bytes, int length)
{
	int shown = length > LONGEST_SHOWN ? pg_mbcliplen(bytes, length, LONGEST_SHOWN) : length;

	return psprintf("%s%s", pnstrdup(bytes, (Size) shown), shown < length ? "..." : "");
}

pg_noreturn static void
refuse(const text *value, const char *problem, const char *hint)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("\"%s\" are no working hours: %s", clipped(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)),
				   problem),
			errhint("%s", hint));
}

/* The word, or the sign, that the reader is at. */
static char *
next_word(const Reader *reader)
{
	const char *stop = reader->at;

	while (stop < reader->end && strchr(" \t\r\n,;", *stop) == NULL)
		stop++;
	if (stop == reader->at && stop < reader->end)
		stop++;
	return clipped(reader->at, (int) (stop - reader->at));
}

static void
skip_blanks(Reader *reader)
{
	while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL)
		reader->at++;
}

static bool
take(Reader *reader, char sign)
{
	skip_blanks(reader);
	if (reader->at == reader->end || *reader->at != sign)
		return false;
	reader->at++;
	return true;
}

static bool
is_at_digit(Reader *reader)
{
	skip_blanks(reader);
	return reader->at < reader->end && isdigit((unsigned char) *reader->at);
}

/* Three letters of a day's name or more: Monday is 0. */
static int
read_day(Reader *reader)
{
	const char *start;
	int length;

	skip_blanks(reader);
	start = reader->at;
	while (reader->at < reader->end && isalpha((unsigned char) *reader->at))
		reader->at++;
	length = (int) (reader->at - start);
	if (length >= SHORTEST_NAME)
		for (int language = 0; language < (int) lengthof(day_names); language++)
			for (int day = 0; day < 7; day++)
				if (length <= (int) strlen(day_names[language][day]) &&
					pg_strncasecmp(start, day_names[language][day], (Size) length) == 0)
					return day;
	reader->at = start;
	refuse(reader->value,
		   length == 0 && start == reader->end ? "there is no day at the end"
											   : psprintf("\"%s\" is no day", next_word(reader)),
		   "Days are mon, tue, wed, thu, fri, sat, sun, or lun, mar, mer, jeu, ven, sam, dim, or their full "
		   "names; mon-fri is Monday to Friday.");
}

static void
read_days(Reader *reader)
{
	memset(reader->days, 0, sizeof(reader->days));
	do
	{
		int first = read_day(reader);
		int last = take(reader, '-') ? read_day(reader) : first;

		for (int day = first;; day = (day + 1) % 7) /* over the end of the week */
		{
			reader->days[day] = true;
			if (day == last)
				break;
		}
		(void) take(reader, ',');
	} while (!is_at_digit(reader) && reader->at < reader->end && *reader->at != ';');
}

/* One or two digits. */
static bool
read_number(Reader *reader, int least_digits, int *number)
{
	int digits = 0;

	for (*number = 0; digits < 2 && reader->at < reader->end && isdigit((unsigned char) *reader->at);
		 digits++)
		*number = *number * 10 + (*reader->at++ - '0');
	return digits >= least_digits;
}

/* 9:00, 09:00, 9h00 or 9h, as minutes since midnight. */
static bool
read_time(Reader *reader, int *minutes)
{
	int hour;
	int minute = 0;

	skip_blanks(reader);
	if (!read_number(reader, 1, &hour) || reader->at == reader->end)
		return false;
	if (*reader->at == ':')
	{
		reader->at++;
		if (!read_number(reader, 2, &minute))
			return false;
	}
	else if (*reader->at == 'h' || *reader->at == 'H')
	{
		reader->at++;
		if (reader->at < reader->end && isdigit((unsigned char) *reader->at) &&
			!read_number(reader, 2, &minute))
			return false;
	}
	else
		return false;
	*minutes = hour * 60 + minute;
	return minute < 60 && *minutes <= MINUTES_OF_DAY;
}

static void
read_hours(Reader *reader)
{
	do
	{
		const char *start;
		int from;
		int to;

		skip_blanks(reader);
		start = reader->at;
		if (!(read_time(reader, &from) && take(reader, '-') && read_time(reader, &to)) ||
			(reader->at < reader->end && strchr(" \t\r\n,;", *reader->at) == NULL))
		{
			reader->at = start;
			refuse(reader->value,
				   start == reader->end ? "there are no hours at the end"
										: psprintf("\"%s\" are no hours", next_word(reader)),
				   "Write hours and minutes from 00:00 to 24:00, such as 09:00-12:30,13:30-18:00.");
		}
		if (from >= to)
			refuse(reader->value,
				   psprintf("\"%s\" does not end after it begins",
							pnstrdup(start, (Size) (reader->at - start))),
				   "A night is two spans: 22:00-24:00, and 00:00-06:00 of the day after.");
		for (int day = 0; day < 7; day++)
			if (reader->days[day])
				memset(reader->works + day * MINUTES_OF_DAY + from, true, (Size) (to - from));
	} while (take(reader, ',') || is_at_digit(reader));
}

WorkingHours *
read_working_hours(const text *value)
{
	Reader *reader = palloc0(sizeof(Reader));
	WorkingHours *hours;

	reader->value = value;
	reader->at = VARDATA_ANY(value);
	reader->end = reader->at + VARSIZE_ANY_EXHDR(value);
	if (reader->end - reader->at > LONGEST_TEXT)
		refuse(value, psprintf("they have more than %d bytes", LONGEST_TEXT), "Write each day once.");
	do
	{
		skip_blanks(reader);
		if (reader->at == reader->end)
			break;
		read_days(reader);
		read_hours(reader);
	} while (take(reader, ';'));
	skip_blanks(reader);
	if (reader->at < reader->end)
		refuse(value, psprintf("\"%s\" is not expected there", next_word(reader)),
			   "Days with other hours come after a semicolon: mon-thu 09:00-18:00; fri 09:00-16:00.");

	hours = palloc(sizeof(WorkingHours));
	hours->before[0] = 0;
	for (int minute = 0; minute < MINUTES_OF_WEEK; minute++)
		hours->before[minute + 1] = (int16) (hours->before[minute] + (reader->works[minute] ? 1 : 0));
	if (hours->before[MINUTES_OF_WEEK] == 0)
		refuse(value, "nobody works at any time", "Write days and hours, such as mon-fri 09:00-18:00.");
	pfree(reader);
	return hours;
}

Datum
checked_working_hours(PG_FUNCTION_ARGS)
{
	(void) read_working_hours(PG_GETARG_TEXT_PP(0));
	PG_RETURN_BOOL(true);
}
