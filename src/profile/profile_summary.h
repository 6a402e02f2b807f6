/*
 * profile_summary.h
 *	  The lead profile: per attribute and value, how many leads converted and
 *	  how many did not.
 *
 * Its size is bounded, and what it keeps depends on the set of leads only, not
 * on their order: an attribute with too many distinct texts counts them by
 * hash, one with too many distinct numbers by a grid that drops as few bits as
 * it takes.  Both only get coarser as leads are added, so parts that were
 * coarsened early add up to the same as the whole.
 */
#ifndef LEAD_KPI_PROFILE_SUMMARY_H
#define LEAD_KPI_PROFILE_SUMMARY_H

#include "base/summary.h"
#include "base/text_dictionary.h"

#define PROFILE_MAX_ATTRIBUTES 1000
#define PROFILE_MAX_TEXTS 10000
#define PROFILE_TEXT_BUCKETS 8192
#define PROFILE_MAX_NUMBERS 4096

/* Without the 52 bits of the fraction at most 4094 numbers are left. */
#define PROFILE_MAX_SHIFT 52

/* Longer names and texts are known by their beginning and a hash. */
#define PROFILE_MAX_BYTES 200

/* Counts are of leads that did not convert, and of those that did. */
#define PROFILE_OUTCOMES 2
#define PROFILE_LOST 0
#define PROFILE_WON 1
typedef int64 ProfileCounts[PROFILE_OUTCOMES];

/* What was left out: rows, then values. */
typedef enum ProfileIgnored
{
	PROFILE_NULL_ATTRIBUTES,
	PROFILE_NULL_CONVERTED,
	PROFILE_NOT_AN_OBJECT,
	PROFILE_NUMBER_OUT_OF_RANGE,
	PROFILE_NESTED_IN_ARRAY
} ProfileIgnored;

#define PROFILE_IGNORED_REASONS (PROFILE_NESTED_IN_ARRAY + 1)

extern const char *const profile_ignored_names[PROFILE_IGNORED_REASONS];

typedef struct ProfileNumbers
{
	int shift; /* low bits that the grid drops */
	int count;
	int capacity;
	int64 *keys; /* see profile_number_key() */
	ProfileCounts *counts;
	uint32 *slots; /* number + 1, open addressing */
	uint32 slot_mask;
} ProfileNumbers;

typedef struct ProfileAttribute
{
	int64 leads[PROFILE_OUTCOMES];	/* that have a value */
	int64 values[PROFILE_OUTCOMES]; /* more than leads where some have several */
	uint64 last_lead;				/* for the aggregate: the last lead that has a value */

	int64 booleans[2][PROFILE_OUTCOMES];

	/* By number in the dictionary, or by bucket; texts.context is NULL while there are none. */
	bool hashed;
	TextDictionary texts;
	int text_capacity;
	ProfileCounts *text_counts;

	ProfileNumbers numbers;
} ProfileAttribute;

typedef struct ProfileSummary
{
	MemoryContext context; /* where it grows */
	int64 ignored[PROFILE_IGNORED_REASONS];
	int64 leads[PROFILE_OUTCOMES];
	TextDictionary names;
	int capacity;
	ProfileAttribute *attributes; /* by number of the name */
} ProfileSummary;

extern const SummaryRoom profile_room;

/* In CurrentMemoryContext, where it will grow. */
extern ProfileSummary *profile_create(void);

/* Counts a lead, whose values follow one by one. */
extern void profile_add_lead(ProfileSummary *summary, const int64 *counts);

/* The attribute of that name, made when it is new.  Valid until the next is made. */
extern ProfileAttribute *profile_attribute(ProfileSummary *summary, const char *name, int length);

/* The attribute of that name, or NULL. */
extern const ProfileAttribute *profile_find_attribute(const ProfileSummary *summary, const char *name,
													  int length);

/* Counts of a value of an attribute.  The number is finite. */
extern void profile_add_boolean(ProfileAttribute *attribute, bool value, const int64 *counts);
extern void profile_add_text(ProfileSummary *summary, ProfileAttribute *attribute, const char *text,
							 int length, const int64 *counts);
extern void profile_add_number(ProfileSummary *summary, ProfileAttribute *attribute, double number,
							   const int64 *counts);

/* Makes a summary as coarse as another one, attribute by attribute. */
extern void profile_coarsen_like(ProfileSummary *summary, const ProfileSummary *coarse);

/* How many texts, or buckets, there are counts of. */
static inline int
profile_text_count(const ProfileAttribute *attribute)
{
	return attribute->hashed			   ? PROFILE_TEXT_BUCKETS
		: attribute->texts.context == NULL ? 0
										   : attribute->texts.count;
}

/* The place of a text among them, or -1. */
extern int profile_find_text(const ProfileAttribute *attribute, const char *text, int length);

/* The numbers of the attributes in order of their names, in CurrentMemoryContext. */
extern int *profile_sorted_attributes(const ProfileSummary *summary);

/* The places of the texts in order of their bytes, or of the buckets, in CurrentMemoryContext. */
extern int *profile_sorted_texts(const ProfileAttribute *attribute);

/* The places of the numbers in ascending order, in CurrentMemoryContext. */
extern int *profile_sorted_numbers(const ProfileNumbers *numbers);

/* The least number of a cell of the grid. */
extern double profile_number(const ProfileNumbers *numbers, int number);

/* A hash that is the same on every machine and in every version. */
extern uint64 profile_hash(const char *bytes, int length);

#endif /* LEAD_KPI_PROFILE_SUMMARY_H */
