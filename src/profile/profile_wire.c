/*
 * profile_wire.c
 *	  The stored form of a lead profile.
 */
#include "profile_parts.h"

#include <float.h>

#include "miscadmin.h"

#define WIRE_VERSION 1

static void
put_counts(StringInfo out, const int64 *counts)
{
	wire_put_varint(out, (uint64) counts[PROFILE_WON]);
	wire_put_varint(out, (uint64) counts[PROFILE_LOST]);
}

static void
get_counts(StringInfo in, int64 *counts)
{
	counts[PROFILE_WON] = wire_get_int64(in, PROFILE_TYPE, PG_INT64_MAX);
	counts[PROFILE_LOST] = wire_get_int64(in, PROFILE_TYPE, PG_INT64_MAX);
}

/* The counts of a value, which are added to those of its attribute. */
static void
get_value_counts(StringInfo in, const ProfileAttribute *attribute, int64 *counts)
{
	get_counts(in, counts);
	wire_check(!is_empty(counts), PROFILE_TYPE, "a value without leads");
	wire_check(counts_fit(attribute, counts), PROFILE_TYPE, "count out of range");
}

static void
encode_texts(const ProfileAttribute *attribute, StringInfo out)
{
	int used = 0;

	if (attribute->hashed)
	{
		int last = -1;

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
		int *sorted = profile_sorted_texts(attribute);

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
	int64 counts[PROFILE_OUTCOMES];

	if (hashed)
	{
		int used = wire_get_count(in, PROFILE_TYPE, 3, PROFILE_TEXT_BUCKETS);
		uint64 bucket = 0;

		wire_check(used > 0, PROFILE_TYPE, "no text in any bucket");
		profile_hash_texts(summary, attribute);
		for (int i = 0; i < used; i++)
		{
			uint64 step = wire_get_varint(in, PROFILE_TYPE);

			wire_check(step < PROFILE_TEXT_BUCKETS, PROFILE_TYPE, "unknown bucket");
			bucket += step + (i > 0);
			wire_check(bucket < PROFILE_TEXT_BUCKETS, PROFILE_TYPE, "unknown bucket");
			get_value_counts(in, attribute, counts);
			add_outcomes(attribute->values, counts);
			add_to_cell(attribute->text_counts[bucket], counts);
		}
	}
	else
	{
		int used = wire_get_count(in, PROFILE_TYPE, 3, PROFILE_MAX_TEXTS);

		for (int i = 0; i < used; i++)
		{
			char *text = wire_get_text(in, PROFILE_TYPE);

			wire_check(strlen(text) <= PROFILE_MAX_BYTES, PROFILE_TYPE, "text too long");
			wire_check(i == 0 || strcmp(attribute->texts.texts[i - 1], text) < 0, PROFILE_TYPE,
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
	int *sorted = profile_sorted_numbers(numbers);

	wire_put_varint(out, (uint64) numbers->count);
	if (numbers->count > 0)
		wire_put_varint(out, (uint64) numbers->shift);
	for (int i = 0; i < numbers->count; i++)
	{
		int64 key = numbers->keys[sorted[i]];

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
	int64 lowest = profile_number_key(-DBL_MAX) >> shift;
	int64 highest = profile_number_key(DBL_MAX) >> shift;

	return key >= lowest && key <= highest;
}

static void
decode_numbers(ProfileSummary *summary, ProfileAttribute *attribute, StringInfo in)
{
	ProfileNumbers *numbers = &attribute->numbers;
	int count = wire_get_count(in, PROFILE_TYPE, 3, PROFILE_MAX_NUMBERS);
	uint64 shift;
	int64 key = 0;

	if (count == 0)
		return;
	profile_create_numbers(summary->context, numbers);
	shift = wire_get_varint(in, PROFILE_TYPE);
	wire_check(shift <= PROFILE_MAX_SHIFT, PROFILE_TYPE, "number of bits out of range");
	numbers->shift = (int) shift;
	for (int i = 0; i < count; i++)
	{
		int64 counts[PROFILE_OUTCOMES];

		if (i == 0)
			key = pq_getmsgint64(in);
		else
		{
			uint64 step = wire_get_varint(in, PROFILE_TYPE);

			wire_check(step > 0 && step <= (uint64) PG_INT64_MAX - (uint64) key, PROFILE_TYPE,
					   "number out of range");
			key = (int64) ((uint64) key + step);
		}
		wire_check(is_grid_key(key, numbers->shift), PROFILE_TYPE, "number out of range");
		get_value_counts(in, attribute, counts);
		add_outcomes(attribute->values, counts);
		profile_add_key(numbers, key, counts);
	}
}

#define HAS_FALSE 1
#define HAS_TRUE 2
#define HAS_BUCKETS 4

static void
encode_attribute(const ProfileAttribute *attribute, StringInfo out)
{
	put_counts(out, attribute->leads);
	pq_sendbyte(out,
				(is_empty(attribute->booleans[false]) ? 0 : HAS_FALSE) |
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
	int flags;

	get_counts(in, attribute->leads);
	flags = pq_getmsgbyte(in);
	wire_check((flags & ~(HAS_FALSE | HAS_TRUE | HAS_BUCKETS)) == 0, PROFILE_TYPE, "unknown flags");
	for (int value = 0; value < 2; value++)
		if ((flags & (value ? HAS_TRUE : HAS_FALSE)) != 0)
		{
			int64 counts[PROFILE_OUTCOMES];

			get_value_counts(in, attribute, counts);
			profile_add_boolean(attribute, value, counts);
		}
	decode_texts(summary, attribute, in, (flags & HAS_BUCKETS) != 0);
	decode_numbers(summary, attribute, in);
}

void
profile_encode(const void *value, StringInfo out)
{
	const ProfileSummary *summary = value;
	int *sorted = profile_sorted_attributes(summary);

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

void *
profile_decode(StringInfo in)
{
	ProfileSummary *summary = profile_create();
	int attributes;

	wire_get_version(in, PROFILE_TYPE, WIRE_VERSION);
	for (int reason = 0; reason < PROFILE_IGNORED_REASONS; reason++)
		summary->ignored[reason] = wire_get_int64(in, PROFILE_TYPE, PG_INT64_MAX);
	get_counts(in, summary->leads);
	/* Name, leads, flags, no texts, no numbers. */
	attributes = wire_get_count(in, PROFILE_TYPE, 6, PROFILE_MAX_ATTRIBUTES);
	for (int i = 0; i < attributes; i++)
	{
		char *name = wire_get_text(in, PROFILE_TYPE);

		CHECK_FOR_INTERRUPTS();
		wire_check(strlen(name) <= PROFILE_MAX_BYTES, PROFILE_TYPE, "name too long");
		wire_check(i == 0 || strcmp(summary->names.texts[i - 1], name) < 0, PROFILE_TYPE,
				   "attributes are not in order");
		decode_attribute(summary, profile_attribute(summary, name, (int) strlen(name)), in);
		pfree(name);
	}
	return summary;
}
