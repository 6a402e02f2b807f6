/*
 * scorecard_reader.c
 *	  Reading a scorecard's JSON with errors that say where and what.
 */
#include "scorecard_reader.h"

#include <ctype.h>

#include "common/int.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* A thousand centuries: far from the ends of 64 bits. */
#define MAX_DURATION (INT64CONST(36525000) * USECS_PER_DAY)

#define DURATION_HINT \
	"Write days as a number, or text such as \"30 days\", \"12 hours\" or \"1 day 12 hours\"; months and years have no fixed length."

bool
reader_error(const ScorecardReader *reader, const char *hint, const char *format, ...)
{
	StringInfoData what;
	const char *where = reader->where;

	initStringInfo(&what);
	for (;;)
	{
		va_list arguments;
		int needed;

		va_start(arguments, format);
		needed = appendStringInfoVA(&what, format, arguments);
		va_end(arguments);
		if (needed == 0)
			break;
		enlargeStringInfo(&what, needed);
	}
	input_error(reader->escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input for type %s: %s%s%s", SCORECARD_TYPE, where != NULL ? where : "",
						where != NULL ? ": " : "", what.data),
				 hint != NULL ? errhint("%s", hint) : 0));
}

JsonbValue *
reader_find(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);
}

bool
reader_check_keys(const ScorecardReader *reader, JsonbContainer *object, const char *const *allowed)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbValue value;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		bool known = false;
		StringInfoData keys;

		if (token != WJB_KEY)
			continue;
		for (int i = 0; allowed[i] != NULL && !known; i++)
			known = (int) strlen(allowed[i]) == value.val.string.len &&
				memcmp(allowed[i], value.val.string.val, value.val.string.len) == 0;
		if (known)
			continue;
		initStringInfo(&keys);
		for (int i = 0; allowed[i] != NULL; i++)
			appendStringInfo(&keys, "%s%s", i > 0 ? ", " : "The keys here are: ", allowed[i]);
		appendStringInfoChar(&keys, '.');
		return reader_error(reader, keys.data, "unknown key \"%.*s\"",
							pg_mbcliplen(value.val.string.val, value.val.string.len, 100),
							value.val.string.val);
	}
	return true;
}

bool
reader_is_object(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data);
}

bool
reader_is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

bool
reader_object(const ScorecardReader *reader, const JsonbValue *value, const char *key,
			  JsonbContainer **object)
{
	if (value == NULL || !reader_is_object(value))
		return reader_error(reader, NULL, "\"%s\" must be an object", key);
	*object = value->val.binary.data;
	return true;
}

bool
reader_array(const ScorecardReader *reader, const JsonbValue *value, const char *key, JsonbContainer **array,
			 int *length)
{
	if (value == NULL || !reader_is_array(value))
		return reader_error(reader, NULL, "\"%s\" must be an array", key);
	*array = value->val.binary.data;
	*length = (int) JsonContainerSize(*array);
	return true;
}

bool
reader_text(const ScorecardReader *reader, const JsonbValue *value, const char *key, char **text)
{
	if (value == NULL)
		return reader_error(reader, NULL, "key \"%s\" is missing", key);
	if (value->type != jbvString)
		return reader_error(reader, NULL, "\"%s\" must be a text", key);
	*text = pnstrdup(value->val.string.val, value->val.string.len);
	if ((*text)[strspn(*text, " \t\r\n")] == '\0')
		return reader_error(reader, NULL, "\"%s\" is blank", key);
	return true;
}

bool
reader_points(const ScorecardReader *reader, const JsonbValue *value, const char *key, Points *points)
{
	if (value == NULL)
		return reader_error(reader, NULL, "key \"%s\" is missing", key);
	if (value->type != jbvNumeric)
		return reader_error(reader, "Write a JSON number, without quotes.", "\"%s\" must be a number", key);
	if (!points_from_numeric(value->val.numeric, points))
		return reader_error(reader, NULL, "\"%s\" must lie between -1000000000 and 1000000000", key);
	return true;
}

bool
reader_optional_text(const ScorecardReader *reader, const JsonbValue *value, const char *key, char **text)
{
	return value == NULL || reader_text(reader, value, key, text);
}

bool
reader_flag(const ScorecardReader *reader, const JsonbValue *value, const char *key, bool *flag)
{
	if (value == NULL)
		return true;
	if (value->type != jbvBool)
		return reader_error(reader, NULL, "\"%s\" must be true or false", key);
	*flag = value->val.boolean;
	return true;
}

/* A whole number of 64 bits between the two. */
static bool
whole_number(Numeric number, int64 low, int64 high, int64 *result)
{
	Datum datum = NumericGetDatum(number);

	if (!DatumGetBool(DirectFunctionCall2(numeric_ge, datum, NumericGetDatum(int64_to_numeric(low)))) ||
		!DatumGetBool(DirectFunctionCall2(numeric_le, datum, NumericGetDatum(int64_to_numeric(high)))))
		return false;
	*result = DatumGetInt64(DirectFunctionCall1(numeric_int8, datum));
	return DatumGetBool(DirectFunctionCall2(numeric_eq, datum, NumericGetDatum(int64_to_numeric(*result))));
}

bool
reader_count(const ScorecardReader *reader, const JsonbValue *value, const char *key, int high, int *count)
{
	int64 number;

	if (value == NULL)
		return true;
	if (value->type != jbvNumeric || !whole_number(value->val.numeric, 1, high, &number))
		return reader_error(reader, NULL, "\"%s\" must be a whole number from 1 to %d", key, high);
	*count = (int) number;
	return true;
}

/* ---------- durations ---------- */

static const struct
{
	const char *name;
	int64 length;
} duration_units[] = {
	{"week", 7 * USECS_PER_DAY},  {"day", USECS_PER_DAY},	 {"hour", USECS_PER_HOUR},
	{"minute", USECS_PER_MINUTE}, {"second", USECS_PER_SEC}, {"microsecond", 1},
};

/* "1 day 12 hours"; false when it cannot be read or is out of range. */
static bool
duration_of_text(const char *text, int64 *duration)
{
	*duration = 0;
	for (;;)
	{
		int64 amount = 0;
		int letters = 0;
		int unit = 0;

		text += strspn(text, " ");
		if (*text == '\0')
			return true;
		if (!isdigit((unsigned char) *text))
			return false;
		for (; isdigit((unsigned char) *text); text++)
			if (pg_mul_s64_overflow(amount, 10, &amount) || pg_add_s64_overflow(amount, *text - '0', &amount))
				return false;
		text += strspn(text, " ");
		while (isalpha((unsigned char) text[letters]))
			letters++;
		for (; unit < (int) lengthof(duration_units); unit++)
		{
			int length = (int) strlen(duration_units[unit].name);
			bool is_plural = letters == length + 1 && text[length] == 's';

			if ((letters == length || is_plural) && memcmp(text, duration_units[unit].name, length) == 0)
				break;
		}
		if (unit == (int) lengthof(duration_units) ||
			pg_mul_s64_overflow(amount, duration_units[unit].length, &amount) ||
			pg_add_s64_overflow(*duration, amount, duration))
			return false;
		text += letters;
	}
}

char *
scorecard_duration_text(int64 duration)
{
	/* From days on, weeks being days to most people. */
	for (int unit = 1;; unit++)
		if (duration % duration_units[unit].length == 0)
		{
			int64 amount = duration / duration_units[unit].length;

			return psprintf(INT64_FORMAT " %s%s", amount, duration_units[unit].name, amount == 1 ? "" : "s");
		}
}

bool
reader_duration(const ScorecardReader *reader, const JsonbValue *value, const char *key, int64 *duration)
{
	bool is_read = false;

	if (value == NULL)
		return true;
	if (value->type == jbvNumeric)
	{
		Points days;

		is_read = points_from_numeric(value->val.numeric, &days);
		if (is_read)
			*duration = (int64) (days * USECS_PER_DAY / POINTS_ONE);
	}
	else if (value->type == jbvString)
		is_read = duration_of_text(pnstrdup(value->val.string.val, value->val.string.len), duration);
	if (!is_read)
		return reader_error(reader, DURATION_HINT, "\"%s\" is not a length of time", key);
	if (*duration <= 0 || *duration > MAX_DURATION)
		return reader_error(reader, DURATION_HINT,
							"\"%s\" must be longer than zero and at most 36525000 days", key);
	return true;
}

/* ---------- caps and floors ---------- */

bool
reader_bounds(const ScorecardReader *reader, JsonbContainer *object, const char *cap_key,
			  const char *floor_key, ScorecardBounds *bounds)
{
	JsonbValue *cap = cap_key != NULL ? reader_find(object, cap_key) : NULL;
	JsonbValue *floor = floor_key != NULL ? reader_find(object, floor_key) : NULL;

	bounds->has_cap = cap != NULL;
	bounds->has_floor = floor != NULL;
	if ((cap != NULL && !reader_points(reader, cap, cap_key, &bounds->cap)) ||
		(floor != NULL && !reader_points(reader, floor, floor_key, &bounds->floor)))
		return false;
	if (bounds->has_cap && bounds->cap < 0)
		return reader_error(reader, "A cap is the most points that can be reached: zero or more.",
							"\"%s\" is negative", cap_key);
	if (bounds->has_cap && bounds->has_floor && bounds->floor > bounds->cap)
		return reader_error(reader, NULL, "\"%s\" is above \"%s\"", floor_key, cap_key);
	return true;
}
