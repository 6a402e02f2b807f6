/*
 * profile_summary.c
 *	  The lead profile: counts that stay bounded, whatever the order of leads.
 */
#include "profile_parts.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_CAPACITY 8

const char *const profile_ignored_names[PROFILE_IGNORED_REASONS] = {
	"null_attributes", "null_converted", "not_an_object", "number_out_of_range", "nested_in_array",
};

/* ---------- counts ---------- */

uint64
profile_hash(const char *bytes, int length)
{
	uint64 hash = UINT64CONST(0xcbf29ce484222325);

	/* FNV-1a, and a finalizer so that the high bits depend on every byte. */
	for (int i = 0; i < length; i++)
		hash = (hash ^ (uint8) bytes[i]) * UINT64CONST(0x100000001b3);
	hash = (hash ^ (hash >> 33)) * UINT64CONST(0xff51afd7ed558ccd);
	hash = (hash ^ (hash >> 33)) * UINT64CONST(0xc4ceb9fe1a85ec53);
	return hash ^ (hash >> 33);
}

/* The bucket of a text, where an attribute counts them by hash. */
static int
text_bucket(const char *text, int length)
{
	return (int) (profile_hash(text, length) % PROFILE_TEXT_BUCKETS);
}

ProfileSummary *
profile_create(void)
{
	ProfileSummary *summary = palloc0(sizeof(ProfileSummary));

	summary->context = CurrentMemoryContext;
	text_dictionary_init(&summary->names);
	summary->capacity = FIRST_CAPACITY;
	summary->attributes = palloc0(FIRST_CAPACITY * sizeof(ProfileAttribute));
	return summary;
}

void
profile_add_lead(ProfileSummary *summary, const int64 *counts)
{
	add_outcomes(summary->leads, counts);
}

ProfileAttribute *
profile_attribute(ProfileSummary *summary, const char *name, int length)
{
	int number = text_dictionary_number(&summary->names, name, length);

	if (number >= PROFILE_MAX_ATTRIBUTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("leads have more than %d attributes", PROFILE_MAX_ATTRIBUTES),
				 errhint("Build the profile from those that matter, for example jsonb_build_object('country', attributes -> 'country').")));
	if (number >= summary->capacity)
	{
		int capacity = summary->capacity * 2;

		summary->attributes = repalloc(summary->attributes, mul_size(capacity, sizeof(ProfileAttribute)));
		memset(summary->attributes + summary->capacity, 0,
			   (capacity - summary->capacity) * sizeof(ProfileAttribute));
		summary->capacity = capacity;
	}
	return &summary->attributes[number];
}

const ProfileAttribute *
profile_find_attribute(const ProfileSummary *summary, const char *name, int length)
{
	int number = text_dictionary_find(&summary->names, name, length);

	return number < 0 ? NULL : &summary->attributes[number];
}

/* ---------- texts ---------- */

static void
grow_text_counts(ProfileSummary *summary, ProfileAttribute *attribute, int capacity)
{
	Size size = mul_size(capacity, sizeof(*attribute->text_counts));
	int known = attribute->text_capacity;

	if (attribute->text_counts == NULL)
		attribute->text_counts = MemoryContextAlloc(summary->context, size);
	else
		attribute->text_counts = repalloc(attribute->text_counts, size);
	memset(attribute->text_counts + known, 0, (capacity - known) * sizeof(*attribute->text_counts));
	attribute->text_capacity = capacity;
}

void
profile_hash_texts(ProfileSummary *summary, ProfileAttribute *attribute)
{
	TextDictionary texts = attribute->texts;
	ProfileCounts *counts = attribute->text_counts;

	attribute->hashed = true;
	attribute->text_counts = NULL;
	attribute->text_capacity = 0;
	memset(&attribute->texts, 0, sizeof(TextDictionary));
	grow_text_counts(summary, attribute, PROFILE_TEXT_BUCKETS);
	if (texts.context == NULL)
		return;
	for (int i = 0; i < texts.count; i++)
	{
		add_to_cell(attribute->text_counts[text_bucket(texts.texts[i], (int) strlen(texts.texts[i]))],
					counts[i]);
		pfree(texts.texts[i]);
	}
	pfree(texts.texts);
	pfree(texts.slots);
	pfree(counts);
}

void
profile_add_text(ProfileSummary *summary, ProfileAttribute *attribute, const char *text, int length,
				 const int64 *counts)
{
	int number;

	add_outcomes(attribute->values, counts);
	if (!attribute->hashed)
	{
		if (attribute->texts.context == NULL)
		{
			MemoryContext previous = MemoryContextSwitchTo(summary->context);

			text_dictionary_init(&attribute->texts);
			MemoryContextSwitchTo(previous);
		}
		number = text_dictionary_number(&attribute->texts, text, length);
		if (number >= attribute->text_capacity)
			grow_text_counts(summary, attribute, attribute->texts.capacity);
		add_to_cell(attribute->text_counts[number], counts);
		if (attribute->texts.count > PROFILE_MAX_TEXTS)
			profile_hash_texts(summary, attribute);
	}
	else
		add_to_cell(attribute->text_counts[text_bucket(text, length)], counts);
}

int
profile_find_text(const ProfileAttribute *attribute, const char *text, int length)
{
	if (attribute->hashed)
		return text_bucket(text, length);
	if (attribute->texts.context == NULL)
		return -1;
	return text_dictionary_find(&attribute->texts, text, length);
}

void
profile_add_boolean(ProfileAttribute *attribute, bool value, const int64 *counts)
{
	add_outcomes(attribute->values, counts);
	add_to_cell(attribute->booleans[value], counts);
}

/* ---------- numbers ---------- */

static double
number_of_key(int64 key)
{
	uint64 bits = (uint64) (key < 0 ? -key : key);
	double number;

	memcpy(&number, &bits, sizeof(number));
	/* The lowest cell of a coarse grid begins before the lowest number. */
	number = Min(number, DBL_MAX);
	return key < 0 ? -number : number;
}

/* The least key of a cell; a multiplication, since negative numbers cannot be shifted up. */
static int64
first_key(int64 key, int shift)
{
	return key * (INT64CONST(1) << shift);
}

double
profile_cell_number(int64 key, int shift)
{
	return number_of_key(first_key(key, shift));
}

double
profile_number(const ProfileNumbers *numbers, int number)
{
	return profile_cell_number(numbers->keys[number], numbers->shift);
}

/* The high bits of a product depend on all bits of the key. */
static uint32
key_hash(int64 key)
{
	return (uint32) (((uint64) key * UINT64CONST(0x9e3779b97f4a7c15)) >> 32);
}

static int
find_key(const ProfileNumbers *numbers, int64 key)
{
	uint32 slot = key_hash(key);
	uint32 found;

	while ((found = numbers->slots[slot & numbers->slot_mask]) != 0)
	{
		if (numbers->keys[found - 1] == key)
			return (int) found - 1;
		slot++;
	}
	return -1;
}

static void
place_number(ProfileNumbers *numbers, int number)
{
	uint32 slot = key_hash(numbers->keys[number]);

	while (numbers->slots[slot & numbers->slot_mask] != 0)
		slot++;
	numbers->slots[slot & numbers->slot_mask] = (uint32) number + 1;
}

void
profile_create_numbers(MemoryContext context, ProfileNumbers *numbers)
{
	numbers->capacity = FIRST_CAPACITY;
	numbers->keys = MemoryContextAlloc(context, FIRST_CAPACITY * sizeof(int64));
	numbers->counts = MemoryContextAlloc(context, FIRST_CAPACITY * sizeof(*numbers->counts));
	numbers->slots = MemoryContextAllocZero(context, 2 * FIRST_CAPACITY * sizeof(uint32));
	numbers->slot_mask = 2 * FIRST_CAPACITY - 1;
}

static void
add_key(ProfileNumbers *numbers, int64 key, const int64 *counts)
{
	int number = find_key(numbers, key);

	if (number < 0)
	{
		if (numbers->count == numbers->capacity)
		{
			numbers->capacity *= 2;
			numbers->keys = repalloc(numbers->keys, mul_size(numbers->capacity, sizeof(int64)));
			numbers->counts = repalloc(numbers->counts,
									   mul_size(numbers->capacity, sizeof(*numbers->counts)));
			text_dictionary_grow_slots(&numbers->slots, &numbers->slot_mask);
			for (int i = 0; i < numbers->count; i++)
				place_number(numbers, i);
		}
		number = numbers->count++;
		numbers->keys[number] = key;
		memset(numbers->counts[number], 0, sizeof(*numbers->counts));
		place_number(numbers, number);
	}
	add_to_cell(numbers->counts[number], counts);
}

int
profile_find_key(const ProfileNumbers *numbers, int64 key)
{
	return find_key(numbers, key);
}

void
profile_add_key(ProfileNumbers *numbers, int64 key, const int64 *counts)
{
	add_key(numbers, key, counts);
}

/* Drops more bits, in place. */
static void
coarsen(ProfileNumbers *numbers, int shift)
{
	int drop = shift - numbers->shift;
	int count = numbers->count;

	memset(numbers->slots, 0, ((Size) numbers->slot_mask + 1) * sizeof(uint32));
	numbers->shift = shift;
	numbers->count = 0;
	for (int i = 0; i < count; i++)
	{
		int64 counts[PROFILE_OUTCOMES];

		memcpy(counts, numbers->counts[i], sizeof(counts));
		/* Right shifts of negative keys round down, as a grid must. */
		add_key(numbers, numbers->keys[i] >> drop, counts);
	}
}

static void
bound_numbers(ProfileNumbers *numbers)
{
	while (numbers->count > PROFILE_MAX_NUMBERS)
		coarsen(numbers, numbers->shift + 1);
	Assert(numbers->shift <= PROFILE_MAX_SHIFT);
}

void
profile_add_number(ProfileSummary *summary, ProfileAttribute *attribute, double number, const int64 *counts)
{
	ProfileNumbers *numbers = &attribute->numbers;

	Assert(isfinite(number));
	add_outcomes(attribute->values, counts);
	if (numbers->keys == NULL)
		profile_create_numbers(summary->context, numbers);
	add_key(numbers, profile_number_key(number) >> numbers->shift, counts);
	bound_numbers(numbers);
}

void
profile_coarsen_like(ProfileSummary *summary, const ProfileSummary *coarse)
{
	for (int i = 0; i < summary->names.count; i++)
	{
		ProfileAttribute *attribute = &summary->attributes[i];
		const char *name = summary->names.texts[i];
		const ProfileAttribute *like = profile_find_attribute(coarse, name, (int) strlen(name));

		CHECK_FOR_INTERRUPTS();
		if (like == NULL)
			continue;
		if (like->hashed && !attribute->hashed)
			profile_hash_texts(summary, attribute);
		if (attribute->numbers.count > 0 && attribute->numbers.shift < like->numbers.shift)
			coarsen(&attribute->numbers, like->numbers.shift);
	}
}

/* ---------- order ---------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(**(char **const *) a, **(char **const *) b);
}

/* The numbers of a dictionary's texts in order of their bytes. */
static int *
sorted_texts(const TextDictionary *dictionary)
{
	int count = dictionary->count;
	char ***texts = palloc(mul_size(Max(count, 1), sizeof(char **)));
	int *sorted = palloc(mul_size(Max(count, 1), sizeof(int)));

	for (int i = 0; i < count; i++)
		texts[i] = &dictionary->texts[i];
	qsort(texts, count, sizeof(char **), compare_names);
	for (int i = 0; i < count; i++)
		sorted[i] = (int) (texts[i] - dictionary->texts);
	pfree(texts);
	return sorted;
}

int *
profile_sorted_attributes(const ProfileSummary *summary)
{
	return sorted_texts(&summary->names);
}

int *
profile_sorted_texts(const ProfileAttribute *attribute)
{
	int count = profile_text_count(attribute);
	int *places;

	if (!attribute->hashed && count > 0)
		return sorted_texts(&attribute->texts);
	places = palloc(mul_size(Max(count, 1), sizeof(int)));
	for (int i = 0; i < count; i++)
		places[i] = i;
	return places;
}

static int
compare_keys(const void *a, const void *b)
{
	int64 left = **(int64 *const *) a;
	int64 right = **(int64 *const *) b;

	return (left > right) - (left < right);
}

int *
profile_sorted_numbers(const ProfileNumbers *numbers)
{
	int64 **keys = palloc(mul_size(Max(numbers->count, 1), sizeof(int64 *)));
	int *sorted = palloc(mul_size(Max(numbers->count, 1), sizeof(int)));

	for (int i = 0; i < numbers->count; i++)
		keys[i] = &numbers->keys[i];
	qsort(keys, numbers->count, sizeof(int64 *), compare_keys);
	for (int i = 0; i < numbers->count; i++)
		sorted[i] = (int) (keys[i] - numbers->keys);
	pfree(keys);
	return sorted;
}

/* ---------- what must hold ---------- */

/* Each lead of an attribute has a value of it. */
const char *
profile_contradiction(const void *value)
{
	const ProfileSummary *summary = value;

	for (int i = 0; i < summary->names.count; i++)
	{
		const ProfileAttribute *attribute = &summary->attributes[i];

		if (is_empty(attribute->leads))
			return "an attribute without leads";
		for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
			if (attribute->leads[outcome] > summary->leads[outcome] ||
				attribute->leads[outcome] > attribute->values[outcome] ||
				(attribute->leads[outcome] == 0 && attribute->values[outcome] > 0))
				return "counts do not add up";
	}
	return NULL;
}

/* ---------- merge ---------- */

static void
merge_texts(ProfileSummary *summary, ProfileAttribute *into, const ProfileAttribute *from)
{
	if (!from->hashed)
	{
		for (int i = 0; i < profile_text_count(from); i++)
			profile_add_text(summary, into, from->texts.texts[i], (int) strlen(from->texts.texts[i]),
							 from->text_counts[i]);
		return;
	}
	if (!into->hashed)
		profile_hash_texts(summary, into);
	for (int bucket = 0; bucket < PROFILE_TEXT_BUCKETS; bucket++)
	{
		add_outcomes(into->values, from->text_counts[bucket]);
		add_to_cell(into->text_counts[bucket], from->text_counts[bucket]);
	}
}

static void
merge_numbers(ProfileSummary *summary, ProfileAttribute *into, const ProfileNumbers *from)
{
	if (from->count == 0)
		return;
	if (into->numbers.keys == NULL)
		profile_create_numbers(summary->context, &into->numbers);
	if (into->numbers.shift < from->shift)
		coarsen(&into->numbers, from->shift);
	for (int i = 0; i < from->count; i++)
	{
		add_outcomes(into->values, from->counts[i]);
		add_key(&into->numbers, from->keys[i] >> (into->numbers.shift - from->shift), from->counts[i]);
		bound_numbers(&into->numbers);
	}
}

void
profile_merge(void *into_value, const void *from_value)
{
	ProfileSummary *into = into_value;
	const ProfileSummary *from = from_value;

	add_outcomes(into->leads, from->leads);
	add_each_count(into->ignored, from->ignored, PROFILE_IGNORED_REASONS, PROFILE_TYPE);
	for (int i = 0; i < from->names.count; i++)
	{
		const ProfileAttribute *attribute = &from->attributes[i];
		ProfileAttribute *sum = profile_attribute(into, from->names.texts[i],
												  (int) strlen(from->names.texts[i]));

		CHECK_FOR_INTERRUPTS();
		add_outcomes(sum->leads, attribute->leads);
		for (int value = 0; value < 2; value++)
			profile_add_boolean(sum, value, attribute->booleans[value]);
		merge_texts(into, sum, attribute);
		merge_numbers(into, sum, &attribute->numbers);
	}
}
