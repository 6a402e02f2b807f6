/*
 * profile_summary.c
 *	  The lead profile as a value: counts that stay bounded, decode, encode,
 *	  merge, print, parse.
 */
#include "profile_summary.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "base/counts.h"

#define TYPE_NAME "lead_profile"
#define WIRE_VERSION 1

#define FIRST_CAPACITY 8

const char *const profile_ignored_names[PROFILE_IGNORED_REASONS] = {
	"null_attributes", "null_converted", "not_an_object", "number_out_of_range", "nested_in_array"
};

/* ---------- counts ---------- */

static void
add_outcomes(int64 *counts, const int64 *more)
{
	add_each_count(counts, more, PROFILE_OUTCOMES, TYPE_NAME);
}

/* Cells need no check of their own: they never exceed the total of their attribute. */
static void
add_to_cell(int64 *cell, const int64 *more)
{
	cell[PROFILE_LOST] += more[PROFILE_LOST];
	cell[PROFILE_WON] += more[PROFILE_WON];
}

static bool
is_empty(const int64 *counts)
{
	return counts[PROFILE_LOST] == 0 && counts[PROFILE_WON] == 0;
}

uint64
profile_hash(const char *bytes, int length)
{
	uint64		hash = UINT64CONST(0xcbf29ce484222325);

	/* FNV-1a, and a finalizer so that the high bits depend on every byte. */
	for (int i = 0; i < length; i++)
		hash = (hash ^ (uint8) bytes[i]) * UINT64CONST(0x100000001b3);
	hash = (hash ^ (hash >> 33)) * UINT64CONST(0xff51afd7ed558ccd);
	hash = (hash ^ (hash >> 33)) * UINT64CONST(0xc4ceb9fe1a85ec53);
	return hash ^ (hash >> 33);
}

int
profile_text_bucket(const char *text, int length)
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
	int			number = text_dictionary_number(&summary->names, name, length);

	if (number >= PROFILE_MAX_ATTRIBUTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("leads have more than %d attributes", PROFILE_MAX_ATTRIBUTES),
				 errhint("Build the profile from those that matter, for example jsonb_build_object('country', attributes -> 'country').")));
	if (number >= summary->capacity)
	{
		int			capacity = summary->capacity * 2;

		summary->attributes = repalloc(summary->attributes, capacity * sizeof(ProfileAttribute));
		memset(summary->attributes + summary->capacity, 0,
			   (capacity - summary->capacity) * sizeof(ProfileAttribute));
		summary->capacity = capacity;
	}
	return &summary->attributes[number];
}

const ProfileAttribute *
profile_find_attribute(const ProfileSummary *summary, const char *name, int length)
{
	int			number = text_dictionary_find(&summary->names, name, length);

	return number < 0 ? NULL : &summary->attributes[number];
}

/* ---------- texts ---------- */

static void
grow_text_counts(ProfileSummary *summary, ProfileAttribute *attribute, int capacity)
{
	Size		size = capacity * sizeof(*attribute->text_counts);
	int			known = attribute->text_capacity;

	if (attribute->text_counts == NULL)
		attribute->text_counts = MemoryContextAlloc(summary->context, size);
	else
		attribute->text_counts = repalloc(attribute->text_counts, size);
	memset(attribute->text_counts + known, 0, (capacity - known) * sizeof(*attribute->text_counts));
	attribute->text_capacity = capacity;
}

/* From counts per text to counts per bucket. */
static void
hash_texts(ProfileSummary *summary, ProfileAttribute *attribute)
{
	TextDictionary texts = attribute->texts;
	int64		(*counts)[PROFILE_OUTCOMES] = attribute->text_counts;

	attribute->hashed = true;
	attribute->text_counts = NULL;
	attribute->text_capacity = 0;
	memset(&attribute->texts, 0, sizeof(TextDictionary));
	grow_text_counts(summary, attribute, PROFILE_TEXT_BUCKETS);
	if (texts.context == NULL)
		return;
	for (int i = 0; i < texts.count; i++)
	{
		add_to_cell(attribute->text_counts[profile_text_bucket(texts.texts[i], (int) strlen(texts.texts[i]))],
					counts[i]);
		pfree(texts.texts[i]);
	}
	pfree(texts.texts);
	pfree(texts.slots);
	pfree(counts);
}

void
profile_add_text(ProfileSummary *summary, ProfileAttribute *attribute, const char *text,
				 int length, const int64 *counts)
{
	int			number;

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
			hash_texts(summary, attribute);
	}
	else
		add_to_cell(attribute->text_counts[profile_text_bucket(text, length)], counts);
}

int
profile_find_text(const ProfileAttribute *attribute, const char *text, int length)
{
	if (attribute->hashed)
		return profile_text_bucket(text, length);
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

/* The numbers in their order as integers, where both zeros are 0. */
static int64
number_key(double number)
{
	int64		bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits < 0 ? -(bits & PG_INT64_MAX) : bits;
}

static double
number_of_key(int64 key)
{
	uint64		bits = (uint64) (key < 0 ? -key : key);
	double		number;

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
profile_number(const ProfileNumbers *numbers, int number)
{
	return number_of_key(first_key(numbers->keys[number], numbers->shift));
}

/* The high bits of a product depend on all bits of the key. */
static uint32
key_hash(int64 key)
{
	return (uint32) (((uint64) key * UINT64CONST(0x9e3779b97f4a7c15)) >> 32);
}

/* The place of a key, or -1. */
static int
find_number(const ProfileNumbers *numbers, int64 key)
{
	uint32		slot = key_hash(key);
	uint32		found;

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
	uint32		slot = key_hash(numbers->keys[number]);

	while (numbers->slots[slot & numbers->slot_mask] != 0)
		slot++;
	numbers->slots[slot & numbers->slot_mask] = (uint32) number + 1;
}

static void
create_numbers(MemoryContext context, ProfileNumbers *numbers)
{
	numbers->capacity = FIRST_CAPACITY;
	numbers->keys = MemoryContextAlloc(context, FIRST_CAPACITY * sizeof(int64));
	numbers->counts = MemoryContextAlloc(context, FIRST_CAPACITY * sizeof(*numbers->counts));
	numbers->slots = MemoryContextAllocZero(context, 2 * FIRST_CAPACITY * sizeof(uint32));
	numbers->slot_mask = 2 * FIRST_CAPACITY - 1;
}

/* Adds to a cell, whose key is of the grid. */
static void
add_key(ProfileNumbers *numbers, int64 key, const int64 *counts)
{
	int			number = find_number(numbers, key);

	if (number < 0)
	{
		if (numbers->count == numbers->capacity)
		{
			numbers->capacity *= 2;
			numbers->keys = repalloc(numbers->keys, numbers->capacity * sizeof(int64));
			numbers->counts = repalloc(numbers->counts,
									   numbers->capacity * sizeof(*numbers->counts));
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

/* Drops more bits, in place. */
static void
coarsen(ProfileNumbers *numbers, int shift)
{
	int			drop = shift - numbers->shift;
	int			count = numbers->count;

	memset(numbers->slots, 0, ((Size) numbers->slot_mask + 1) * sizeof(uint32));
	numbers->shift = shift;
	numbers->count = 0;
	for (int i = 0; i < count; i++)
	{
		int64		counts[PROFILE_OUTCOMES];

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
profile_add_number(ProfileSummary *summary, ProfileAttribute *attribute, double number,
				   const int64 *counts)
{
	ProfileNumbers *numbers = &attribute->numbers;

	Assert(isfinite(number));
	add_outcomes(attribute->values, counts);
	if (numbers->keys == NULL)
		create_numbers(summary->context, numbers);
	add_key(numbers, number_key(number) >> numbers->shift, counts);
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
			hash_texts(summary, attribute);
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
	int			count = dictionary->count;
	char	 ***texts = palloc(Max(count, 1) * sizeof(char **));
	int		   *sorted = palloc(Max(count, 1) * sizeof(int));

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
	int			count = profile_text_count(attribute);
	int		   *places;

	if (!attribute->hashed && count > 0)
		return sorted_texts(&attribute->texts);
	places = palloc(Max(count, 1) * sizeof(int));
	for (int i = 0; i < count; i++)
		places[i] = i;
	return places;
}

static int
compare_keys(const void *a, const void *b)
{
	int64		left = **(int64 *const *) a;
	int64		right = **(int64 *const *) b;

	return (left > right) - (left < right);
}

int *
profile_sorted_numbers(const ProfileNumbers *numbers)
{
	int64	  **keys = palloc(Max(numbers->count, 1) * sizeof(int64 *));
	int		   *sorted = palloc(Max(numbers->count, 1) * sizeof(int));

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
static const char *
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

/* ---------- wire form ---------- */

static void
put_counts(StringInfo out, const int64 *counts)
{
	wire_put_varint(out, (uint64) counts[PROFILE_WON]);
	wire_put_varint(out, (uint64) counts[PROFILE_LOST]);
}

static void
get_counts(StringInfo in, int64 *counts)
{
	counts[PROFILE_WON] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	counts[PROFILE_LOST] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
}

/* Do the counts of a value fit into those of its attribute? */
static bool
fits(const ProfileAttribute *attribute, const int64 *counts)
{
	return attribute->values[PROFILE_LOST] <= PG_INT64_MAX - counts[PROFILE_LOST] &&
		attribute->values[PROFILE_WON] <= PG_INT64_MAX - counts[PROFILE_WON];
}

/* The counts of a value, which are added to those of its attribute. */
static void
get_value_counts(StringInfo in, const ProfileAttribute *attribute, int64 *counts)
{
	get_counts(in, counts);
	wire_check(!is_empty(counts), TYPE_NAME, "a value without leads");
	wire_check(fits(attribute, counts), TYPE_NAME, "count out of range");
}

static void
encode_texts(const ProfileAttribute *attribute, StringInfo out)
{
	int			used = 0;

	if (attribute->hashed)
	{
		int			last = -1;

		for (int bucket = 0; bucket < PROFILE_TEXT_BUCKETS; bucket++)
			used += !is_empty(attribute->text_counts[bucket]);
		wire_put_varint(out, (uint64) used);
		for (int bucket = 0; bucket < PROFILE_TEXT_BUCKETS; bucket++)
			if (!is_empty(attribute->text_counts[bucket]))
			{
				wire_put_varint(out, (uint64) (bucket - last - 1));
				put_counts(out, attribute->text_counts[bucket]);
				last = bucket;
			}
	}
	else if (attribute->texts.context == NULL)
		wire_put_varint(out, 0);
	else
	{
		int		   *sorted = sorted_texts(&attribute->texts);

		wire_put_varint(out, (uint64) attribute->texts.count);
		for (int i = 0; i < attribute->texts.count; i++)
		{
			wire_put_text(out, attribute->texts.texts[sorted[i]]);
			put_counts(out, attribute->text_counts[sorted[i]]);
		}
		pfree(sorted);
	}
}

static void
decode_texts(ProfileSummary *summary, ProfileAttribute *attribute, StringInfo in, bool hashed)
{
	int64		counts[PROFILE_OUTCOMES];

	if (hashed)
	{
		int			used = wire_get_count(in, TYPE_NAME, 3, PROFILE_TEXT_BUCKETS);
		uint64		bucket = 0;

		wire_check(used > 0, TYPE_NAME, "no text in any bucket");
		hash_texts(summary, attribute);
		for (int i = 0; i < used; i++)
		{
			uint64		step = wire_get_varint(in, TYPE_NAME);

			wire_check(step < PROFILE_TEXT_BUCKETS, TYPE_NAME, "unknown bucket");
			bucket += step + (i > 0);
			wire_check(bucket < PROFILE_TEXT_BUCKETS, TYPE_NAME, "unknown bucket");
			get_value_counts(in, attribute, counts);
			add_outcomes(attribute->values, counts);
			add_to_cell(attribute->text_counts[bucket], counts);
		}
	}
	else
	{
		int			used = wire_get_count(in, TYPE_NAME, 3, PROFILE_MAX_TEXTS);

		for (int i = 0; i < used; i++)
		{
			char	   *text = wire_get_text(in, TYPE_NAME);

			wire_check(strlen(text) <= PROFILE_MAX_BYTES, TYPE_NAME, "text too long");
			wire_check(i == 0 || strcmp(attribute->texts.texts[i - 1], text) < 0, TYPE_NAME,
					   "texts are not in order");
			get_value_counts(in, attribute, counts);
			profile_add_text(summary, attribute, text, (int) strlen(text), counts);
			pfree(text);
		}
	}
}

/* Keys after the first as differences, which are small on a coarse grid. */
static void
encode_numbers(const ProfileNumbers *numbers, StringInfo out)
{
	int		   *sorted = profile_sorted_numbers(numbers);

	wire_put_varint(out, (uint64) numbers->count);
	if (numbers->count > 0)
		wire_put_varint(out, (uint64) numbers->shift);
	for (int i = 0; i < numbers->count; i++)
	{
		int64		key = numbers->keys[sorted[i]];

		if (i == 0)
			pq_sendint64(out, key);
		else
			wire_put_varint(out, (uint64) key - (uint64) numbers->keys[sorted[i - 1]]);
		put_counts(out, numbers->counts[sorted[i]]);
	}
	pfree(sorted);
}

/* Whether the number of a key is one that a grid of this shift can hold. */
static bool
is_grid_key(int64 key, int shift)
{
	int64		lowest = number_key(-DBL_MAX) >> shift;
	int64		highest = number_key(DBL_MAX) >> shift;

	return key >= lowest && key <= highest;
}

static void
decode_numbers(ProfileSummary *summary, ProfileAttribute *attribute, StringInfo in)
{
	ProfileNumbers *numbers = &attribute->numbers;
	int			count = wire_get_count(in, TYPE_NAME, 3, PROFILE_MAX_NUMBERS);
	uint64		shift;
	int64		key = 0;

	if (count == 0)
		return;
	create_numbers(summary->context, numbers);
	shift = wire_get_varint(in, TYPE_NAME);
	wire_check(shift <= PROFILE_MAX_SHIFT, TYPE_NAME, "number of bits out of range");
	numbers->shift = (int) shift;
	for (int i = 0; i < count; i++)
	{
		int64		counts[PROFILE_OUTCOMES];

		if (i == 0)
			key = pq_getmsgint64(in);
		else
		{
			uint64		step = wire_get_varint(in, TYPE_NAME);

			wire_check(step > 0 && step <= (uint64) PG_INT64_MAX - (uint64) key, TYPE_NAME,
					   "number out of range");
			key = (int64) ((uint64) key + step);
		}
		wire_check(is_grid_key(key, numbers->shift), TYPE_NAME, "number out of range");
		get_value_counts(in, attribute, counts);
		add_outcomes(attribute->values, counts);
		add_key(numbers, key, counts);
	}
}

#define HAS_FALSE 1
#define HAS_TRUE 2
#define HAS_BUCKETS 4

static void
encode_attribute(const ProfileAttribute *attribute, StringInfo out)
{
	put_counts(out, attribute->leads);
	pq_sendbyte(out, (is_empty(attribute->booleans[false]) ? 0 : HAS_FALSE) |
				(is_empty(attribute->booleans[true]) ? 0 : HAS_TRUE) |
				(attribute->hashed ? HAS_BUCKETS : 0));
	for (int value = 0; value < 2; value++)
		if (!is_empty(attribute->booleans[value]))
			put_counts(out, attribute->booleans[value]);
	encode_texts(attribute, out);
	encode_numbers(&attribute->numbers, out);
}

static void
decode_attribute(ProfileSummary *summary, ProfileAttribute *attribute, StringInfo in)
{
	int			flags;

	get_counts(in, attribute->leads);
	flags = pq_getmsgbyte(in);
	wire_check((flags & ~(HAS_FALSE | HAS_TRUE | HAS_BUCKETS)) == 0, TYPE_NAME, "unknown flags");
	for (int value = 0; value < 2; value++)
		if ((flags & (value ? HAS_TRUE : HAS_FALSE)) != 0)
		{
			int64		counts[PROFILE_OUTCOMES];

			get_value_counts(in, attribute, counts);
			profile_add_boolean(attribute, value, counts);
		}
	decode_texts(summary, attribute, in, (flags & HAS_BUCKETS) != 0);
	decode_numbers(summary, attribute, in);
}

static void
profile_encode(const void *value, StringInfo out)
{
	const ProfileSummary *summary = value;
	int		   *sorted = profile_sorted_attributes(summary);

	wire_put_version(out, WIRE_VERSION);
	for (int reason = 0; reason < PROFILE_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) summary->ignored[reason]);
	put_counts(out, summary->leads);
	wire_put_varint(out, (uint64) summary->names.count);
	for (int i = 0; i < summary->names.count; i++)
	{
		wire_put_text(out, summary->names.texts[sorted[i]]);
		encode_attribute(&summary->attributes[sorted[i]], out);
	}
	pfree(sorted);
}

static void *
profile_decode(StringInfo in)
{
	ProfileSummary *summary = profile_create();
	int			attributes;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	for (int reason = 0; reason < PROFILE_IGNORED_REASONS; reason++)
		summary->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	get_counts(in, summary->leads);
	/* Name, leads, flags, no texts, no numbers. */
	attributes = wire_get_count(in, TYPE_NAME, 6, PROFILE_MAX_ATTRIBUTES);
	for (int i = 0; i < attributes; i++)
	{
		char	   *name = wire_get_text(in, TYPE_NAME);

		CHECK_FOR_INTERRUPTS();
		wire_check(strlen(name) <= PROFILE_MAX_BYTES, TYPE_NAME, "name too long");
		wire_check(i == 0 || strcmp(summary->names.texts[i - 1], name) < 0, TYPE_NAME,
				   "attributes are not in order");
		decode_attribute(summary, profile_attribute(summary, name, (int) strlen(name)), in);
		pfree(name);
	}
	return summary;
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
		hash_texts(summary, into);
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
		create_numbers(summary->context, &into->numbers);
	if (into->numbers.shift < from->shift)
		coarsen(&into->numbers, from->shift);
	for (int i = 0; i < from->count; i++)
	{
		add_outcomes(into->values, from->counts[i]);
		add_key(&into->numbers, from->keys[i] >> (into->numbers.shift - from->shift),
				from->counts[i]);
		bound_numbers(&into->numbers);
	}
}

static void
profile_merge(void *into_value, const void *from_value)
{
	ProfileSummary *into = into_value;
	const ProfileSummary *from = from_value;

	add_outcomes(into->leads, from->leads);
	add_each_count(into->ignored, from->ignored, PROFILE_IGNORED_REASONS, TYPE_NAME);
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

/* ---------- text form ---------- */

static void
print_counts(StringInfo out, const int64 *counts)
{
	appendStringInfo(out, INT64_FORMAT ", " INT64_FORMAT, counts[PROFILE_WON],
					 counts[PROFILE_LOST]);
}

/* A value with its counts, after those before it. */
static void
print_item(StringInfo out, bool *first, const char *literal, const int64 *counts)
{
	appendStringInfo(out, "%s[%s, ", *first ? "" : ", ", literal);
	print_counts(out, counts);
	appendStringInfoChar(out, ']');
	*first = false;
}

static void
print_texts(const ProfileAttribute *attribute, StringInfo out, bool *first)
{
	int		   *sorted;
	StringInfoData literal;

	if (attribute->hashed || attribute->texts.context == NULL)
		return;
	sorted = sorted_texts(&attribute->texts);
	initStringInfo(&literal);
	for (int i = 0; i < attribute->texts.count; i++)
	{
		resetStringInfo(&literal);
		escape_json(&literal, attribute->texts.texts[sorted[i]]);
		print_item(out, first, literal.data, attribute->text_counts[sorted[i]]);
	}
	pfree(literal.data);
	pfree(sorted);
}

static void
print_numbers(const ProfileNumbers *numbers, StringInfo out)
{
	int		   *sorted = profile_sorted_numbers(numbers);

	for (int i = 0; i < numbers->count; i++)
	{
		appendStringInfoString(out, i > 0 ? ", [" : "[");
		summary_print_float8(out, profile_number(numbers, sorted[i]));
		appendStringInfoString(out, ", ");
		print_counts(out, numbers->counts[sorted[i]]);
		appendStringInfoChar(out, ']');
	}
	pfree(sorted);
}

/* Only the keys that say something. */
static void
print_attribute(const ProfileAttribute *attribute, StringInfo out)
{
	bool		first = true;

	appendStringInfo(out, ", \"converted\": " INT64_FORMAT ", \"not_converted\": " INT64_FORMAT
					 ", \"values\": [", attribute->leads[PROFILE_WON], attribute->leads[PROFILE_LOST]);
	for (int value = 0; value < 2; value++)
		if (!is_empty(attribute->booleans[value]))
			print_item(out, &first, value ? "true" : "false", attribute->booleans[value]);
	print_texts(attribute, out, &first);
	if (attribute->hashed)
	{
		first = true;
		appendStringInfoString(out, "], \"buckets\": [");
		for (int bucket = 0; bucket < PROFILE_TEXT_BUCKETS; bucket++)
			if (!is_empty(attribute->text_counts[bucket]))
			{
				char	   *literal = psprintf("%d", bucket);

				print_item(out, &first, literal, attribute->text_counts[bucket]);
				pfree(literal);
			}
	}
	if (attribute->numbers.count > 0)
	{
		if (attribute->numbers.shift > 0)
			appendStringInfo(out, "], \"dropped_bits\": %d, \"numbers\": [", attribute->numbers.shift);
		else
			appendStringInfoString(out, "], \"numbers\": [");
		print_numbers(&attribute->numbers, out);
	}
	appendStringInfoString(out, "]}");
}

static void
profile_print(const void *value, StringInfo out)
{
	const ProfileSummary *summary = value;
	int		   *sorted = profile_sorted_attributes(summary);

	appendStringInfo(out, "{\"version\": %d, \"converted\": " INT64_FORMAT ", \"not_converted\": "
					 INT64_FORMAT, SUMMARY_TEXT_VERSION, summary->leads[PROFILE_WON], summary->leads[PROFILE_LOST]);
	summary_print_counts(out, "ignored", profile_ignored_names, summary->ignored, PROFILE_IGNORED_REASONS);
	appendStringInfoString(out, ", \"attributes\": [");
	for (int i = 0; i < summary->names.count; i++)
	{
		/* The values of one attribute are bounded. */
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
		escape_json(out, summary->names.texts[sorted[i]]);
		print_attribute(&summary->attributes[sorted[i]], out);
	}
	appendStringInfoString(out, "]}");
	pfree(sorted);
}

static bool
parse_counts(const SummaryReader *reader, JsonbContainer *object, int64 *counts)
{
	return summary_json_integer(reader, object, "converted", 0, PG_INT64_MAX, &counts[PROFILE_WON]) &&
		summary_json_integer(reader, object, "not_converted", 0, PG_INT64_MAX, &counts[PROFILE_LOST]);
}

/* An array that may be absent, which is an empty one. */
static bool
parse_array(const SummaryReader *reader, JsonbContainer *object, const char *key, int max_length,
			JsonbContainer **array, int *length)
{
	*length = 0;
	if (getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL) == NULL)
		return true;
	return summary_json_array(reader, object, key, max_length, array, length);
}

/* [value, converted, not converted]; the counts still fit into the attribute. */
static bool
parse_item(const SummaryReader *reader, const ProfileAttribute *attribute, JsonbContainer *array, int place,
		   JsonbValue **value, int64 *counts)
{
	JsonbContainer *item = summary_json_tuple(getIthJsonbValueFromContainer(array, place), 3);

	if (item == NULL)
		return summary_json_error(reader, "a value must be an array of the value and two counts");
	*value = getIthJsonbValueFromContainer(item, 0);
	if (!summary_json_int64(reader, getIthJsonbValueFromContainer(item, 1), "converted", 0, PG_INT64_MAX,
							&counts[PROFILE_WON]) ||
		!summary_json_int64(reader, getIthJsonbValueFromContainer(item, 2), "not_converted", 0, PG_INT64_MAX,
							&counts[PROFILE_LOST]))
		return false;
	if (is_empty(counts))
		return summary_json_error(reader, "a value without leads");
	return fits(attribute, counts) || summary_json_error(reader, "count out of range");
}

static bool
parse_values(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			 JsonbContainer *object)
{
	JsonbContainer *array;
	int			length;

	if (!summary_json_array(reader, object, "values", PROFILE_MAX_TEXTS + 2, &array, &length))
		return false;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		int64		counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts))
			return false;
		if (value->type == jbvBool)
		{
			if (!is_empty(attribute->booleans[value->val.boolean]))
				return summary_json_error(reader, "a value is there twice");
			profile_add_boolean(attribute, value->val.boolean, counts);
		}
		else if (value->type == jbvString && value->val.string.len <= PROFILE_MAX_BYTES)
		{
			int			known = profile_text_count(attribute);

			if (known == PROFILE_MAX_TEXTS)
				return summary_json_error(reader, "array \"values\" is too long");
			profile_add_text(summary, attribute, value->val.string.val, value->val.string.len, counts);
			if (profile_text_count(attribute) == known)
				return summary_json_error(reader, "a value is there twice");
		}
		else
			return summary_json_error(reader, psprintf("a value must be true, false or a text of at most %d bytes",
													   PROFILE_MAX_BYTES));
	}
	return true;
}

static bool
parse_buckets(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			  JsonbContainer *object)
{
	JsonbContainer *array;
	int			length;

	if (!parse_array(reader, object, "buckets", PROFILE_TEXT_BUCKETS, &array, &length))
		return false;
	if (length == 0)
		return true;
	if (profile_text_count(attribute) > 0)
		return summary_json_error(reader, "an attribute has both texts and buckets");
	hash_texts(summary, attribute);
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		int64		bucket;
		int64		counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts) ||
			!summary_json_int64(reader, value, "buckets", 0, PROFILE_TEXT_BUCKETS - 1, &bucket))
			return false;
		if (!is_empty(attribute->text_counts[bucket]))
			return summary_json_error(reader, "a bucket is there twice");
		add_outcomes(attribute->values, counts);
		add_to_cell(attribute->text_counts[bucket], counts);
	}
	return true;
}

static bool
parse_numbers(const SummaryReader *reader, ProfileSummary *summary, ProfileAttribute *attribute,
			  JsonbContainer *object)
{
	ProfileNumbers *numbers = &attribute->numbers;
	JsonbContainer *array;
	int			length;
	int64		shift = 0;

	if (!parse_array(reader, object, "numbers", PROFILE_MAX_NUMBERS, &array, &length))
		return false;
	if (length == 0)
		return true;
	if (getKeyJsonValueFromContainer(object, "dropped_bits", 12, NULL) != NULL &&
		!summary_json_integer(reader, object, "dropped_bits", 0, PROFILE_MAX_SHIFT, &shift))
		return false;
	create_numbers(summary->context, numbers);
	numbers->shift = (int) shift;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *value;
		double		number;
		int64		key;
		int64		counts[PROFILE_OUTCOMES];

		if (!parse_item(reader, attribute, array, i, &value, counts) ||
			!summary_json_float8(reader, value, "numbers", &number))
			return false;
		key = number_key(number) >> shift;
		if (!isfinite(number) || number_of_key(first_key(key, (int) shift)) != number)
			return summary_json_error(reader, "a number is not of the grid");
		if (find_number(numbers, key) >= 0)
			return summary_json_error(reader, "a number is there twice");
		add_outcomes(attribute->values, counts);
		add_key(numbers, key, counts);
	}
	return true;
}

static bool
parse_attribute(const SummaryReader *reader, ProfileSummary *summary, const JsonbValue *value)
{
	JsonbContainer *object = summary_json_object(value);
	JsonbValue	name;
	int			known = summary->names.count;
	ProfileAttribute *attribute;

	if (object == NULL)
		return summary_json_error(reader, "\"attributes\" must hold objects");
	if (!summary_json_member(reader, object, "name", &name))
		return false;
	if (name.type != jbvString || name.val.string.len > PROFILE_MAX_BYTES)
		return summary_json_error(reader, psprintf("\"name\" must be a text of at most %d bytes", PROFILE_MAX_BYTES));
	attribute = profile_attribute(summary, name.val.string.val, name.val.string.len);
	if (summary->names.count == known)
		return summary_json_error(reader, "an attribute is there twice");
	return parse_counts(reader, object, attribute->leads) &&
		parse_values(reader, summary, attribute, object) &&
		parse_buckets(reader, summary, attribute, object) &&
		parse_numbers(reader, summary, attribute, object);
}

static void *
profile_parse(const SummaryReader *reader, JsonbContainer *root)
{
	ProfileSummary *summary = profile_create();
	JsonbContainer *array;
	int			length;

	if (!summary_json_version(reader, root) ||
		!parse_counts(reader, root, summary->leads) ||
		!summary_json_counts(reader, root, "ignored", profile_ignored_names, summary->ignored,
							 PROFILE_IGNORED_REASONS) ||
		!summary_json_array(reader, root, "attributes", PROFILE_MAX_ATTRIBUTES, &array, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!parse_attribute(reader, summary, getIthJsonbValueFromContainer(array, i)))
			return NULL;
	}
	return summary;
}

static void *
profile_empty(const void *like)
{
	return profile_create();
}

const SummaryRoom profile_room = {
	.type_name = TYPE_NAME,
	.decode = profile_decode,
	.encode = profile_encode,
	.merge = profile_merge,
	.print = profile_print,
	.parse = profile_parse,
	.contradiction = profile_contradiction,
	.empty = profile_empty,
};
