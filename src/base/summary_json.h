/*
 * summary_json.h
 *	  The words in which summaries read and write their text form, which is
 *	  JSON.
 */
#ifndef LEAD_KPI_SUMMARY_JSON_H
#define LEAD_KPI_SUMMARY_JSON_H

#include "compat.h"

#include "utils/jsonb.h"

/* Whose text is read, and where soft errors go. */
typedef struct SummaryReader
{
	const char *type_name;
	Node *escontext;
} SummaryReader;

/*
 * For parse().  Each reports a soft error that names the type and the key, and
 * returns false after one.
 */
extern bool summary_json_error(const SummaryReader *reader, const char *what);

/* The same for parse() itself: returns NULL. */
extern void *summary_json_refuse(const SummaryReader *reader, const char *what);

/* What a value must be; the key is for the message. */
extern bool summary_json_int64(const SummaryReader *reader, const JsonbValue *value, const char *key,
							   int64 low, int64 high, int64 *result);

/* A number, or one of "Infinity" and "-Infinity". */
extern bool summary_json_float8(const SummaryReader *reader, const JsonbValue *value, const char *key,
								double *result);

/* A decimal of zero or more, as a whole number of 10^-digits; the value may be NULL. */
extern bool summary_json_decimal(const SummaryReader *reader, const JsonbValue *value, const char *key,
								 int digits, uint128 *result);

/* The container of an array of that many elements, or of an object; else NULL, without error. */
extern JsonbContainer *summary_json_tuple(const JsonbValue *value, int length);
extern JsonbContainer *summary_json_object(const JsonbValue *value);

/* What there must be under a key of an object. */
extern bool summary_json_member(const SummaryReader *reader, JsonbContainer *object, const char *key,
								JsonbValue *value);
extern bool summary_json_integer(const SummaryReader *reader, JsonbContainer *object, const char *key,
								 int64 low, int64 high, int64 *result);

/* An integer, or null, which leaves the result as it is. */
extern bool summary_json_integer_or_null(const SummaryReader *reader, JsonbContainer *object, const char *key,
										 int64 low, int64 high, int64 *result);
extern bool summary_json_text(const SummaryReader *reader, JsonbContainer *object, const char *key,
							  JsonbValue *value);
extern bool summary_json_array(const SummaryReader *reader, JsonbContainer *object, const char *key,
							   int max_length, JsonbContainer **array, int *length);

/* An object of counts by name, such as the rows ignored by reason. */
extern bool summary_json_counts(const SummaryReader *reader, JsonbContainer *object, const char *key,
								const char *const *names, int64 *counts, int count);

/* Every text form begins with its version; a room whose form changed reads its older ones too. */
#define SUMMARY_TEXT_VERSION 1

extern bool summary_json_version(const SummaryReader *reader, JsonbContainer *root);
extern bool summary_json_version_since(const SummaryReader *reader, JsonbContainer *root, int oldest,
									   int newest, int64 *version);

/*
 * For scan(): each moves on past what it found, and returns false where the text
 * does not go on so.  Numbers of more than 18 digits are left to parse().
 */
extern bool summary_scan_word(const char **text, const char *word);
extern bool summary_scan_count(const char **text, int64 *result);
extern bool summary_scan_decimal(const char **text, int digits, uint128 *result);

/* Up to the quote that ends it, where JSON escapes no more than quotes and backslashes; NULL where it does. */
extern char *summary_scan_name(const char **text);
extern bool summary_scan_counts(const char **text, const char *key, const char *const *names, int64 *counts,
								int count);

/* For print(), each a value ... */
extern void summary_print_float8(StringInfo out, double value);				  /* reads back as the same */
extern void summary_print_decimal(StringInfo out, uint128 value, int digits); /* value / 10^digits */

/* ... or a member, after those before it. */
extern void summary_print_counts(StringInfo out, const char *key, const char *const *names,
								 const int64 *counts, int count);

#endif /* LEAD_KPI_SUMMARY_JSON_H */
