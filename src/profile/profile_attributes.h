/*
 * profile_attributes.h
 *	  The attributes of a lead, read from its JSON object one value at a time.
 *
 * Members of nested objects have dotted names, such as company.size.  An array
 * holds several values of its attribute, each counted once.  null is no value.
 */
#ifndef LEAD_KPI_PROFILE_ATTRIBUTES_H
#define LEAD_KPI_PROFILE_ATTRIBUTES_H

#include "base/compat.h"

#include "utils/jsonb.h"

typedef enum ProfileValueKind
{
	PROFILE_BOOLEAN,
	PROFILE_TEXT,
	PROFILE_NUMBER,
	/* Those that do not count. */
	PROFILE_NULL,
	PROFILE_TOO_LARGE, /* a number beyond float8 */
	PROFILE_NESTED	   /* an object or array in an array */
} ProfileValueKind;

typedef struct ProfileValue
{
	ProfileValueKind kind;
	bool boolean;
	double number;
	const char *text; /* not NUL-terminated, at most PROFILE_MAX_BYTES */
	int length;
	bool is_shortened; /* the text was longer, and ends in a hash */
} ProfileValue;

typedef void (*ProfileVisitor)(void *context, const char *name, int length, const ProfileValue *value);

/* Calls the visitor for each value; false, and no call, unless it is an object. */
extern bool profile_visit(Jsonb *attributes, ProfileVisitor visitor, void *context);

#endif /* LEAD_KPI_PROFILE_ATTRIBUTES_H */
