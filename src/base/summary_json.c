/*
 * summary_json.c
 *	  Reading and writing the text form of summaries.
 */
#include "summary_json.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/numeric.h"

/* ---------- reading text ---------- */

bool
summary_json_error(const SummaryReader *reader, const char *what)
{
	input_error(reader->escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input for type %s: %s", reader->type_name, what),
				 errhint("Build it with the aggregate %s; the text form is for transfer.",
						 reader->type_name)));
}

void *
summary_json_refuse(const SummaryReader *reader, const char *what)
{
	(void) summary_json_error(reader, what);
	return NULL;
}

bool
summary_json_int64(const SummaryReader *reader, const JsonbValue *value, const char *key, int64 low,
				   int64 high, int64 *result)
{
	bool fits = false;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvNumeric)
	{
		/* Compare as numeric first, so that the conversion cannot raise. */
		Datum number = NumericGetDatum(value->val.numeric);

		fits = DatumGetBool(
				   DirectFunctionCall2(numeric_ge, number, NumericGetDatum(int64_to_numeric(low)))) &&
			DatumGetBool(DirectFunctionCall2(numeric_le, number, NumericGetDatum(int64_to_numeric(high)))) &&
			DatumGetBool(DirectFunctionCall2(numeric_eq, number, DirectFunctionCall1(numeric_floor, number)));
		if (fits)
			*result = DatumGetInt64(DirectFunctionCall1(numeric_int8, number));
	}
	return fits ||
		summary_json_error(reader,
						   psprintf("\"%s\" must be an integer from " INT64_FORMAT " to " INT64_FORMAT, key,
									low, high));
}

bool
summary_json_float8(const SummaryReader *reader, const JsonbValue *value, const char *key, double *result)
{
	char *text;

	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
	{
		bool negative = value->val.string.len > 0 && value->val.string.val[0] == '-';

		*result = negative ? -get_float8_infinity() : get_float8_infinity();
		if (value->val.string.len == 8 + negative &&
			memcmp(value->val.string.val + negative, "Infinity", 8) == 0)
			return true;
	}
	else if (value->type == jbvNumeric)
	{
		/* Not the cast, which would raise for a number that is too large. */
		text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		*result = strtod(text, NULL);
		pfree(text);
		if (isfinite(*result))
			return true;
	}
	return summary_json_error(reader, psprintf("\"%s\" must be a number in the range of float8", key));
}

bool
summary_json_decimal(const SummaryReader *reader, const JsonbValue *value, const char *key, int digits,
					 uint128 *result)
{
	char *text;
	int before = 0;
	int after = -1;

	CHECK_FOR_INTERRUPTS();
	if (value == NULL || value->type != jbvNumeric)
		return summary_json_error(reader, psprintf("key \"%s\" must be a number", key));
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	*result = 0;
	for (; *text != '\0'; text++)
	{
		if (*text == '.' && after < 0)
		{
			after = 0;
			continue;
		}
		if (after >= digits && *text == '0')
			continue;
		/* 38 digits fit into 128 bits. */
		if (*text < '0' || *text > '9' || after >= digits || (after < 0 && before > 37 - digits))
			return summary_json_error(reader, psprintf("key \"%s\" is out of range", key));
		*result = *result * 10 + (uint128) (*text - '0');
		if (after >= 0)
			after++;
		else
			before++;
	}
	for (after = Max(after, 0); after < digits; after++)
		*result *= 10;
	return true;
}

static JsonbContainer *
array_of(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data) &&
			!JsonContainerIsScalar(value->val.binary.data)
		? value->val.binary.data
		: NULL;
}

JsonbContainer *
summary_json_tuple(const JsonbValue *value, int length)
{
	JsonbContainer *array = array_of(value);

	return array != NULL && (int) JsonContainerSize(array) == length ? array : NULL;
}

JsonbContainer *
summary_json_object(const JsonbValue *value)
{
	if (value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data))
		return value->val.binary.data;
	return NULL;
}

bool
summary_json_member(const SummaryReader *reader, JsonbContainer *object, const char *key, JsonbValue *value)
{
	return getKeyJsonValueFromContainer(object, key, (int) strlen(key), value) != NULL ||
		summary_json_error(reader, psprintf("key \"%s\" is missing", key));
}

bool
summary_json_integer(const SummaryReader *reader, JsonbContainer *object, const char *key, int64 low,
					 int64 high, int64 *result)
{
	JsonbValue value;

	return summary_json_member(reader, object, key, &value) &&
		summary_json_int64(reader, &value, key, low, high, result);
}

bool
summary_json_integer_or_null(const SummaryReader *reader, JsonbContainer *object, const char *key, int64 low,
							 int64 high, int64 *result)
{
	JsonbValue value;

	return summary_json_member(reader, object, key, &value) &&
		(value.type == jbvNull || summary_json_int64(reader, &value, key, low, high, result));
}

bool
summary_json_text(const SummaryReader *reader, JsonbContainer *object, const char *key, JsonbValue *value)
{
	return summary_json_member(reader, object, key, value) &&
		(value->type == jbvString ||
		 summary_json_error(reader, psprintf("key \"%s\" must be a string", key)));
}

bool
summary_json_array(const SummaryReader *reader, JsonbContainer *object, const char *key, int max_length,
				   JsonbContainer **array, int *length)
{
	JsonbValue value;

	if (!summary_json_member(reader, object, key, &value))
		return false;
	*array = array_of(&value);
	if (*array == NULL)
		return summary_json_error(reader, psprintf("key \"%s\" must be an array", key));
	*length = (int) JsonContainerSize(*array);
	return *length <= max_length || summary_json_error(reader, psprintf("array \"%s\" is too long", key));
}

bool
summary_json_counts(const SummaryReader *reader, JsonbContainer *object, const char *key,
					const char *const *names, int64 *counts, int count)
{
	JsonbValue value;
	JsonbContainer *members;

	if (!summary_json_member(reader, object, key, &value))
		return false;
	members = summary_json_object(&value);
	if (members == NULL)
		return summary_json_error(reader, psprintf("key \"%s\" must be an object", key));
	for (int i = 0; i < count; i++)
		if (!summary_json_integer(reader, members, names[i], 0, PG_INT64_MAX, &counts[i]))
			return false;
	return true;
}

bool
summary_json_version_since(const SummaryReader *reader, JsonbContainer *root, int oldest, int newest,
						   int64 *version)
{
	return summary_json_integer(reader, root, "version", oldest, newest, version);
}

bool
summary_json_version(const SummaryReader *reader, JsonbContainer *root)
{
	int64 version;

	return summary_json_version_since(reader, root, SUMMARY_TEXT_VERSION, SUMMARY_TEXT_VERSION, &version);
}

/* ---------- reading text as it is written ---------- */

bool
summary_scan_word(const char **text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

bool
summary_scan_count(const char **text, int64 *result)
{
	const char *digit = *text;

	*result = 0;
	while (*digit >= '0' && *digit <= '9' && digit - *text < 18)
		*result = *result * 10 + (*digit++ - '0');
	if (digit == *text || (**text == '0' && digit - *text > 1))
		return false;
	*text = digit;
	return true;
}

bool
summary_scan_decimal(const char **text, int digits, uint128 *result)
{
	const char *digit = *text;
	int before = 0;
	int after = 0;

	*result = 0;
	/* 38 digits fit into 128 bits. */
	for (; *digit >= '0' && *digit <= '9' && before < 38 - digits; before++)
		*result = *result * 10 + (uint128) (*digit++ - '0');
	if (before == 0 || (**text == '0' && before > 1))
		return false;
	if (*digit == '.')
	{
		digit++;
		for (; *digit >= '0' && *digit <= '9' && after < digits; after++)
			*result = *result * 10 + (uint128) (*digit++ - '0');
		if (after == 0)
			return false;
	}
	for (; after < digits; after++)
		*result *= 10;
	*text = digit;
	return true;
}

char *
summary_scan_name(const char **text)
{
	StringInfoData name;

	initStringInfo(&name);
	for (; **text != '"'; (*text)++)
	{
		if (**text == '\\')
		{
			(*text)++;
			if (**text != '"' && **text != '\\')
				return NULL;
		}
		else if ((unsigned char) **text < ' ')
			return NULL;
		appendStringInfoChar(&name, **text);
	}
	(*text)++;
	return name.data;
}

bool
summary_scan_counts(const char **text, const char *key, const char *const *names, int64 *counts, int count)
{
	if (!summary_scan_word(text, ", \"") || !summary_scan_word(text, key) ||
		!summary_scan_word(text, "\": {"))
		return false;
	for (int i = 0; i < count; i++)
		if (!summary_scan_word(text, i > 0 ? ", \"" : "\"") || !summary_scan_word(text, names[i]) ||
			!summary_scan_word(text, "\": ") || !summary_scan_count(text, &counts[i]))
			return false;
	return summary_scan_word(text, "}");
}

/* ---------- writing text ---------- */

void
summary_print_float8(StringInfo out, double value)
{
	char text[DOUBLE_SHORTEST_DECIMAL_LEN];

	CHECK_FOR_INTERRUPTS();
	if (isinf(value))
		appendStringInfoString(out, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
	else
	{
		double_to_shortest_decimal_buf(value, text);
		appendStringInfoString(out, text);
	}
}

void
summary_print_decimal(StringInfo out, uint128 value, int digits)
{
	char text[64];
	char *next = text + sizeof(text);
	bool printed = false;

	CHECK_FOR_INTERRUPTS();
	*--next = '\0';
	for (int position = 0; position <= digits || value > 0; position++)
	{
		int digit = (int) (value % 10);

		if (position == digits && printed)
			*--next = '.';
		/* Without trailing zeros. */
		if (position >= digits || printed || digit != 0)
		{
			*--next = (char) ('0' + digit);
			printed = true;
		}
		value /= 10;
	}
	appendStringInfoString(out, next);
}

void
summary_print_counts(StringInfo out, const char *key, const char *const *names, const int64 *counts,
					 int count)
{
	appendStringInfo(out, ", \"%s\": {", key);
	for (int i = 0; i < count; i++)
		appendStringInfo(out, "%s\"%s\": " INT64_FORMAT, i > 0 ? ", " : "", names[i], counts[i]);
	appendStringInfoChar(out, '}');
}
