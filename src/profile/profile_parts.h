/*
 * profile_parts.h
 *	  What the files of the lead profile's value share; not for others.
 *
 * profile_summary.c counts and merges, profile_wire.c has the stored form,
 * profile_text.c the text form.
 */
#ifndef LEAD_KPI_PROFILE_PARTS_H
#define LEAD_KPI_PROFILE_PARTS_H

#include "base/counts.h"
#include "profile_summary.h"

#define PROFILE_TYPE "lead_profile"

static inline void
add_outcomes(int64 *counts, const int64 *more)
{
	add_each_count(counts, more, PROFILE_OUTCOMES, PROFILE_TYPE);
}

/* Cells need no check of their own: they never exceed the total of their attribute. */
static inline void
add_to_cell(int64 *cell, const int64 *more)
{
	cell[PROFILE_LOST] += more[PROFILE_LOST];
	cell[PROFILE_WON] += more[PROFILE_WON];
}

static inline bool
is_empty(const int64 *counts)
{
	return counts[PROFILE_LOST] == 0 && counts[PROFILE_WON] == 0;
}

/* Do the counts of a value fit into those of its attribute? */
static inline bool
counts_fit(const ProfileAttribute *attribute, const int64 *counts)
{
	return attribute->values[PROFILE_LOST] <= PG_INT64_MAX - counts[PROFILE_LOST] &&
		attribute->values[PROFILE_WON] <= PG_INT64_MAX - counts[PROFILE_WON];
}

/* Numbers in their order as integers, where both zeros are 0. */
static inline int64
profile_number_key(double number)
{
	int64 bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits < 0 ? -(bits & PG_INT64_MAX) : bits;
}

/* ---------- profile_summary.c ---------- */

/* From counts per text to counts per bucket. */
extern void profile_hash_texts(ProfileSummary *summary, ProfileAttribute *attribute);

/* The number that a cell begins with. */
extern double profile_cell_number(int64 key, int shift);

extern void profile_create_numbers(MemoryContext context, ProfileNumbers *numbers);

/* The place of a key among the cells, or -1. */
extern int profile_find_key(const ProfileNumbers *numbers, int64 key);

/* Adds to a cell, whose key is of the grid. */
extern void profile_add_key(ProfileNumbers *numbers, int64 key, const int64 *counts);

extern void profile_merge(void *into_value, const void *from_value);
extern const char *profile_contradiction(const void *value);

/* ---------- profile_wire.c ---------- */

extern void profile_encode(const void *value, StringInfo out);
extern void *profile_decode(StringInfo in);

/* ---------- profile_text.c ---------- */

extern void profile_print(const void *value, StringInfo out);
extern void *profile_parse(const SummaryReader *reader, JsonbContainer *root);

#endif /* LEAD_KPI_PROFILE_PARTS_H */
