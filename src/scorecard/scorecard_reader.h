/*
 * scorecard_reader.h
 *	  Reading a scorecard's JSON with errors that say where and what.
 *
 * Every function reports a soft error and returns false when the input is
 * wrong.  "where" names the place, such as: fit rule "company size".
 */
#ifndef LEAD_KPI_SCORECARD_READER_H
#define LEAD_KPI_SCORECARD_READER_H

#include "scorecard.h"

typedef struct ScorecardReader
{
	Node *escontext;
	const char *where; /* NULL: the card itself */
} ScorecardReader;

/* Reports what is wrong and how to write it (hint may be NULL); returns false. */
extern bool reader_error(const ScorecardReader *reader, const char *hint, const char *format, ...)
	pg_attribute_printf(3, 4);

/* The value of a key, NULL when it is absent. */
extern JsonbValue *reader_find(JsonbContainer *object, const char *key);

/* Refuses keys that are not in the list, which ends with NULL. */
extern bool reader_check_keys(const ScorecardReader *reader, JsonbContainer *object,
							  const char *const *allowed);

extern bool reader_is_object(const JsonbValue *value);
extern bool reader_is_array(const JsonbValue *value);

/* These refuse an absent value (NULL), naming the key. */
extern bool reader_object(const ScorecardReader *reader, const JsonbValue *value, const char *key,
						  JsonbContainer **object);
extern bool reader_array(const ScorecardReader *reader, const JsonbValue *value, const char *key,
						 JsonbContainer **array, int *length);
extern bool reader_text(const ScorecardReader *reader, const JsonbValue *value, const char *key, char **text);
extern bool reader_points(const ScorecardReader *reader, const JsonbValue *value, const char *key,
						  Points *points);

/* These leave the result alone when the value is absent. */
extern bool reader_optional_text(const ScorecardReader *reader, const JsonbValue *value, const char *key,
								 char **text);
extern bool reader_flag(const ScorecardReader *reader, const JsonbValue *value, const char *key, bool *flag);
extern bool reader_count(const ScorecardReader *reader, const JsonbValue *value, const char *key, int high,
						 int *count);
extern bool reader_duration(const ScorecardReader *reader, const JsonbValue *value, const char *key,
							int64 *duration);

/* Keys cap_key and floor_key, each NULL when there is no such key here. */
extern bool reader_bounds(const ScorecardReader *reader, JsonbContainer *object, const char *cap_key,
						  const char *floor_key, ScorecardBounds *bounds);

/* scorecard_rule.c: one rule of a part; its group stays a name, for the caller to look up. */
extern bool reader_rule(ScorecardReader *reader, const JsonbValue *value, ScorecardPart part, int position,
						ScorecardRule *rule, char **group);

#endif /* LEAD_KPI_SCORECARD_READER_H */
