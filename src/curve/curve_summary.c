/*
 * curve_summary.c
 *	  The conversion curve as a value: decode, encode, merge, print, parse.
 */
#include "curve_summary.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/counts.h"
#include "base/duration.h"
#include "base/text_dictionary.h"

#define TYPE_NAME "conversion_curve"
#define WIRE_VERSION 1

#define FIRST_CAPACITY 16

/* Every age has its place while at least one in so many is there and none is above ... */
#define MAX_COMPLETE_SHARE 8
#define MAX_COMPLETE_AGE 1000000

/* ... and a list is merged into one that is at most so many times longer. */
#define MAX_MERGED_SHARE 8

/* Places stay below 2^30, so that slots can be twice as many. */
#define MAX_AGES (1 << 30)

/* An age and three counts, a byte each. */
#define MIN_AGE_BYTES (1 + CURVE_OUTCOMES)

const char *const curve_outcome_names[CURVE_OUTCOMES] = {"converted", "lost", "censored"};

const char *const curve_ignored_names[CURVE_IGNORED_REASONS] = {
	"null_time",
	"infinite_time",
	"null_outcome",
	"entered_after_observed",
	"converted_before_entered",
	"lost_before_entered",
};

/* ---------- ages ---------- */

ConversionCurve *
curve_create(int64 resolution)
{
	ConversionCurve *curve = palloc0(sizeof(ConversionCurve));

	curve->context = CurrentMemoryContext;
	curve->resolution = resolution;
	curve->capacity = FIRST_CAPACITY;
	curve->ages = palloc(FIRST_CAPACITY * sizeof(CurveAge));
	curve->sorted = true;
	return curve;
}

/* Ages are dense where leads are many: spread them over the slots. */
static inline uint32
age_slot(int64 age)
{
	return (uint32) (((uint64) age * UINT64CONST(0x9E3779B97F4A7C15)) >> 32);
}

static void
place_age(ConversionCurve *curve, int place)
{
	uint32 slot = age_slot(curve->ages[place].age);

	while (curve->slots[slot & curve->slot_mask] != 0)
		slot++;
	curve->slots[slot & curve->slot_mask] = (uint32) place + 1;
}

/* Slots for twice the capacity: a curve that was only read has none. */
static void
build_slots(ConversionCurve *curve)
{
	uint32 size = 2 * FIRST_CAPACITY;

	while (size < 2 * (uint32) curve->capacity)
		size *= 2;
	if (curve->slots != NULL)
		pfree(curve->slots);
	curve->slots = MemoryContextAllocExtended(curve->context, mul_size(size, sizeof(uint32)),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	curve->slot_mask = size - 1;
	for (int place = 0; place < curve->count; place++)
	{
		CHECK_FOR_INTERRUPTS();
		place_age(curve, place);
	}
}

/* Makes room for that many ages. */
static void
reserve_ages(ConversionCurve *curve, int64 count)
{
	int capacity = curve->capacity;

	if (count <= capacity)
		return;
	while (capacity < count)
	{
		if (capacity > MAX_AGES / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a %s has more than %d distinct ages", TYPE_NAME, capacity),
					 errhint("Choose a coarser resolution, such as '1 hour'.")));
		capacity *= 2;
	}
	curve->ages = repalloc_huge(curve->ages, mul_size(capacity, sizeof(CurveAge)));
	curve->capacity = capacity;
}

static inline bool
has_leads(const CurveAge *age)
{
	return (age->leads[CURVE_CONVERTED] | age->leads[CURVE_LOST] | age->leads[CURVE_CENSORED]) != 0;
}

static CurveAge *
append_age(ConversionCurve *curve, int64 age)
{
	CurveAge *last;

	if (curve->count == curve->capacity)
	{
		reserve_ages(curve, (int64) curve->count + 1);
		if (curve->slots != NULL)
			build_slots(curve);
	}
	last = &curve->ages[curve->count];
	curve->sorted = curve->sorted && (curve->count == 0 || last[-1].age < age);
	curve->count++;
	memset(last, 0, sizeof(CurveAge));
	last->age = age;
	return last;
}

/* An age that was read, above those before it; its sums are checked when all are there. */
static void
add_age(ConversionCurve *curve, int64 age, const int64 *leads)
{
	CurveAge *added = append_age(curve, age);

	memcpy(added->leads, leads, sizeof(added->leads));
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		curve->leads[outcome] = (int64) ((uint64) curve->leads[outcome] + (uint64) leads[outcome]);
}

/* Takes the ages without leads out; the others are in order. */
static void
leave_out_empty(ConversionCurve *curve)
{
	int count = 0;

	for (int i = 0; i < curve->count; i++)
		if (has_leads(&curve->ages[i]))
			curve->ages[count++] = curve->ages[i];
	curve->count = count;
	curve->sorted = true;
	curve->complete = false;
}

/* The counts of an age, zero when it is new. */
static inline CurveAge *
find_age(ConversionCurve *curve, int64 age)
{
	uint32 slot = age_slot(age);
	uint32 found;
	CurveAge *result;

	if (unlikely(curve->complete))
	{
		if (age < curve->count)
			return &curve->ages[age];
		leave_out_empty(curve);
	}
	if (unlikely(curve->slots == NULL))
		build_slots(curve);
	while ((found = curve->slots[slot & curve->slot_mask]) != 0)
	{
		result = &curve->ages[found - 1];
		if (likely(result->age == age))
			return result;
		slot++;
	}
	result = append_age(curve, age);
	place_age(curve, curve->count - 1);
	return result;
}

void
curve_add_lead(ConversionCurve *curve, CurveOutcome outcome, int64 elapsed)
{
	int64 age = elapsed / curve->resolution;

	/* One lead at a time does not reach 2^63; seconds might. */
	if (age > 0)
		curve->rest[outcome] = add_counts(curve->rest[outcome], elapsed % curve->resolution / USECS_PER_SEC,
										  TYPE_NAME);
	curve->leads[outcome]++;
	find_age(curve, age)->leads[outcome]++;
}

void
curve_ignore(ConversionCurve *curve, CurveIgnored reason)
{
	curve->ignored[reason]++;
}

static int
compare_ages(const void *a, const void *b, void *unused)
{
	int64 left = ((const CurveAge *) a)->age;
	int64 right = ((const CurveAge *) b)->age;

	return (left > right) - (left < right);
}

const ConversionCurve *
curve_in_order(const ConversionCurve *curve)
{
	ConversionCurve *copy;

	if (curve->sorted)
		return curve;
	copy = palloc(sizeof(ConversionCurve));
	*copy = *curve;
	copy->context = CurrentMemoryContext;
	copy->slots = NULL;
	copy->capacity = curve->count;
	copy->ages = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(curve->count, sizeof(CurveAge)));
	memcpy(copy->ages, curve->ages, curve->count * sizeof(CurveAge));
	if (copy->complete)
		leave_out_empty(copy);
	else
		qsort_interruptible(copy->ages, copy->count, sizeof(CurveAge), compare_ages, NULL);
	copy->sorted = true;
	return copy;
}

/* ---------- what must hold ---------- */

static const char *
curve_contradiction(const void *value)
{
	const ConversionCurve *curve = value;
	int64 total = 0;
	int64 leads[CURVE_OUTCOMES] = {0};
	int64 past_first[CURVE_OUTCOMES] = {0};
	int64 highest = PG_INT64_MAX / curve->resolution;

	for (int i = 0; i < curve->count; i++)
	{
		const CurveAge *age = &curve->ages[i];
		int64 here = 0;

		CHECK_FOR_INTERRUPTS();
		if (age->age > highest)
			return "age out of range";
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			if (pg_add_s64_overflow(here, age->leads[outcome], &here))
				return "count out of range";
		if (here == 0 && !curve->complete)
			return "an age without leads";
		if (pg_add_s64_overflow(total, here, &total))
			return "count out of range";
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		{
			leads[outcome] += age->leads[outcome];
			if (age->age > 0)
				past_first[outcome] += age->leads[outcome];
		}
	}
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
	{
		if (leads[outcome] != curve->leads[outcome])
			return "leads do not add up";
		if ((uint128) curve->rest[outcome] >
			(uint128) past_first[outcome] * (uint64) ((curve->resolution - 1) / USECS_PER_SEC))
			return "rest exceeds its ages";
	}
	return NULL;
}

/* ---------- wire form ---------- */

static void
curve_encode(const void *value, StringInfo out)
{
	const ConversionCurve *curve = curve_in_order(value);
	int64 previous = 0;

	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) curve->resolution);
	for (int reason = 0; reason < CURVE_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) curve->ignored[reason]);
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		wire_put_varint(out, (uint64) curve->rest[outcome]);
	wire_put_varint(out, (uint64) curve->count);
	for (int i = 0; i < curve->count; i++)
	{
		const CurveAge *age = &curve->ages[i];

		wire_put_varint(out, (uint64) (age->age - previous));
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			wire_put_varint(out, (uint64) age->leads[outcome]);
		previous = age->age;
	}
	if (curve != value)
		pfree(curve->ages);
}

/* Four numbers, most of the time a byte each. */
static inline void
get_age(StringInfo in, CurveAge *age)
{
	uint32 word = 0x80;

	CHECK_FOR_INTERRUPTS();
	if (in->len - in->cursor >= MIN_AGE_BYTES)
		memcpy(&word, in->data + in->cursor, sizeof(word));
	if ((word & 0x80808080) == 0)
	{
		const uint8 *bytes = (const uint8 *) in->data + in->cursor;

		age->age = bytes[0];
		age->leads[CURVE_CONVERTED] = bytes[1];
		age->leads[CURVE_LOST] = bytes[2];
		age->leads[CURVE_CENSORED] = bytes[3];
		in->cursor += MIN_AGE_BYTES;
		return;
	}
	age->age = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		age->leads[outcome] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
}

static void *
curve_decode(StringInfo in)
{
	ConversionCurve *curve = curve_create(1);
	int count;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	curve->resolution = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	wire_check(curve->resolution > 0, TYPE_NAME, "resolution is zero");
	for (int reason = 0; reason < CURVE_IGNORED_REASONS; reason++)
		curve->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		curve->rest[outcome] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	count = wire_get_count(in, TYPE_NAME, MIN_AGE_BYTES, MAX_AGES);
	if (count > curve->capacity)
	{
		pfree(curve->ages);
		curve->ages = MemoryContextAllocHuge(curve->context, mul_size(count, sizeof(CurveAge)));
		curve->capacity = count;
	}
	for (int i = 0; i < count; i++)
	{
		CurveAge *age = &curve->ages[i];

		get_age(in, age);
		if (i > 0)
		{
			wire_check(age->age > 0, TYPE_NAME, "an age is there twice");
			wire_check(!pg_add_s64_overflow(age->age, age[-1].age, &age->age), TYPE_NAME, "age out of range");
		}
		/* Whether they overflow is asked when all are there. */
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			curve->leads[outcome] = (int64) ((uint64) curve->leads[outcome] + (uint64) age->leads[outcome]);
	}
	curve->count = count;
	return curve;
}

/* ---------- merge ---------- */

static char *
resolution_text(int64 resolution)
{
	return DatumGetCString(DirectFunctionCall1(interval_out, duration_interval(resolution)));
}

void
curve_require_same_resolution(const ConversionCurve *a, const ConversionCurve *b, const char *what)
{
	if (a->resolution != b->resolution)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("curves of different resolution cannot be %s: %s and %s", what,
						resolution_text(a->resolution), resolution_text(b->resolution)),
				 errhint("Build both with the same resolution.")));
}

static inline void
add_leads(CurveAge *into, const CurveAge *from)
{
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		into->leads[outcome] += from->leads[outcome];
}

static inline int64
last_age(const ConversionCurve *curve)
{
	return curve->count == 0 ? -1 : curve->ages[curve->count - 1].age;
}

/* Gives every age up to the last of both a place, if enough of them are there. */
static bool
make_complete(ConversionCurve *curve, const ConversionCurve *with)
{
	int64 last = Max(last_age(curve), last_age(with));
	int count = curve->count;

	if (!curve->sorted && !curve->complete)
		return false;
	if (curve->complete && last < count)
		return true;
	if (last / MAX_COMPLETE_SHARE >= count || last > MAX_COMPLETE_AGE)
	{
		if (curve->complete)
			leave_out_empty(curve);
		return false;
	}
	reserve_ages(curve, last + 1);
	memset(&curve->ages[count], 0, (last + 1 - count) * sizeof(CurveAge));
	/* From the last one on: none is overwritten before it was moved. */
	for (int i = count - 1; !curve->complete && i >= 0 && curve->ages[i].age > i; i--)
	{
		CurveAge moved = curve->ages[i];

		memset(&curve->ages[i], 0, sizeof(CurveAge));
		curve->ages[moved.age] = moved;
	}
	for (int64 age = 0; age <= last; age++)
		curve->ages[age].age = age;
	curve->count = (int) (last + 1);
	curve->complete = true;
	curve->sorted = false;
	if (curve->slots != NULL)
		pfree(curve->slots);
	curve->slots = NULL;
	return true;
}

/* Adds ages in order to ages in order. */
static void
merge_ages(ConversionCurve *into, const CurveAge *more, int count)
{
	CurveAge *merged = MemoryContextAllocHuge(into->context,
											  mul_size((Size) into->count + count, sizeof(CurveAge)));
	const CurveAge *mine = into->ages;
	int i = 0;
	int j = 0;
	int used = 0;

	while (i < into->count && j < count)
	{
		bool is_mine = mine[i].age <= more[j].age;
		bool is_both = mine[i].age == more[j].age;

		CHECK_FOR_INTERRUPTS();
		merged[used] = is_mine ? mine[i++] : more[j];
		if (is_both)
			add_leads(&merged[used], &more[j]);
		j += !is_mine || is_both;
		used++;
	}
	memcpy(&merged[used], &mine[i], (into->count - i) * sizeof(CurveAge));
	used += into->count - i;
	memcpy(&merged[used], &more[j], (count - j) * sizeof(CurveAge));
	used += count - j;
	pfree(into->ages);
	into->ages = merged;
	into->capacity = into->count + count;
	into->count = used;
}

static void
curve_merge(void *into_value, const void *from_value)
{
	ConversionCurve *into = into_value;
	const ConversionCurve *from = from_value;

	curve_require_same_resolution(into, from, "added");
	/* All outcomes together must fit. */
	(void) add_counts(curve_total(into), curve_total(from), TYPE_NAME);
	add_each_count(into->leads, from->leads, CURVE_OUTCOMES, TYPE_NAME);
	add_each_count(into->ignored, from->ignored, CURVE_IGNORED_REASONS, TYPE_NAME);
	add_each_count(into->rest, from->rest, CURVE_OUTCOMES, TYPE_NAME);
	if (from->count == 0)
		return;
	if (from->sorted && make_complete(into, from))
	{
		for (int i = 0; i < from->count; i++)
			add_leads(&into->ages[from->ages[i].age], &from->ages[i]);
		return;
	}
	if (from->sorted && into->sorted && into->slots == NULL &&
		into->count / MAX_MERGED_SHARE <= from->count && into->count <= MAX_AGES - from->count)
	{
		merge_ages(into, from->ages, from->count);
		return;
	}
	for (int i = 0; i < from->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (has_leads(&from->ages[i]))
			add_leads(find_age(into, from->ages[i].age), &from->ages[i]);
	}
}

/* ---------- subtract ---------- */

/* Takes the leads of each age of "part" out; both have their ages in order. */
static void
subtract_ages(ConversionCurve *from, const ConversionCurve *part)
{
	int place = 0;

	for (int i = 0; i < part->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (place < from->count && from->ages[place].age < part->ages[i].age)
			place++;
		if (place == from->count || from->ages[place].age > part->ages[i].age)
			counts_raise_not_part(TYPE_NAME);
		subtract_each_count(from->ages[place].leads, part->ages[i].leads, CURVE_OUTCOMES, TYPE_NAME);
	}
	leave_out_empty(from);
}

/* The curve of the leads that are in the first and not in the second, which must be part of it. */
PG_FUNCTION_INFO_V1(curve_subtract);
Datum
curve_subtract(PG_FUNCTION_ARGS)
{
	ConversionCurve *from = summary_copy_from_datum(&curve_room, PG_GETARG_DATUM(0));
	const ConversionCurve *part = curve_in_order(summary_from_datum(&curve_room, PG_GETARG_DATUM(1)));

	curve_require_same_resolution(from, part, "subtracted");
	subtract_each_count(from->leads, part->leads, CURVE_OUTCOMES, TYPE_NAME);
	subtract_each_count(from->ignored, part->ignored, CURVE_IGNORED_REASONS, TYPE_NAME);
	subtract_each_count(from->rest, part->rest, CURVE_OUTCOMES, TYPE_NAME);
	subtract_ages(from, part);
	if (curve_contradiction(from) != NULL)
		counts_raise_not_part(TYPE_NAME);
	return summary_to_datum(&curve_room, from);
}

/* ---------- text form ---------- */

/* There are many: without a format to read for each. */
static void
print_number(StringInfo out, int64 value)
{
	char digits[MAXINT8LEN + 1];

	appendBinaryStringInfo(out, digits, pg_lltoa(value, digits));
}

static void
curve_print(const void *value, StringInfo out)
{
	const ConversionCurve *curve = curve_in_order(value);

	appendStringInfo(out, "{\"version\": %d, \"resolution\": " INT64_FORMAT, SUMMARY_TEXT_VERSION,
					 curve->resolution);
	summary_print_counts(out, "ignored", curve_ignored_names, curve->ignored, CURVE_IGNORED_REASONS);
	summary_print_counts(out, "rest", curve_outcome_names, curve->rest, CURVE_OUTCOMES);
	appendStringInfoString(out, ", \"ages\": [");
	for (int i = 0; i < curve->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(out, i > 0 ? ", [" : "[");
		print_number(out, curve->ages[i].age);
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		{
			appendStringInfoString(out, ", ");
			print_number(out, curve->ages[i].leads[outcome]);
		}
		appendStringInfoChar(out, ']');
	}
	appendStringInfoString(out, "]}");
}

static bool
parse_age(const SummaryReader *reader, ConversionCurve *curve, const JsonbValue *item)
{
	int64 numbers[1 + CURVE_OUTCOMES];
	JsonbContainer *array = summary_json_tuple(item, lengthof(numbers));

	if (array == NULL)
		return summary_json_error(reader, "\"ages\" must hold arrays of an age and three counts");
	for (int i = 0; i < (int) lengthof(numbers); i++)
		if (!summary_json_int64(reader, getIthJsonbValueFromContainer(array, i), "ages", 0, PG_INT64_MAX,
								&numbers[i]))
			return false;
	if (curve->count > 0 && curve->ages[curve->count - 1].age >= numbers[0])
		return summary_json_error(reader, "ages are not in order");
	add_age(curve, numbers[0], numbers + 1);
	return true;
}

static void *
curve_parse(const SummaryReader *reader, JsonbContainer *root)
{
	ConversionCurve *curve = curve_create(1);
	JsonbContainer *ages;
	int length;

	if (!summary_json_version(reader, root) ||
		!summary_json_integer(reader, root, "resolution", 1, PG_INT64_MAX, &curve->resolution) ||
		!summary_json_counts(reader, root, "ignored", curve_ignored_names, curve->ignored,
							 CURVE_IGNORED_REASONS) ||
		!summary_json_counts(reader, root, "rest", curve_outcome_names, curve->rest, CURVE_OUTCOMES) ||
		!summary_json_array(reader, root, "ages", PG_INT32_MAX, &ages, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!parse_age(reader, curve, getIthJsonbValueFromContainer(ages, i)))
			return NULL;
	}
	return curve;
}

static bool
scan_age(const char **text, ConversionCurve *curve)
{
	int64 numbers[1 + CURVE_OUTCOMES];

	for (int i = 0; i < (int) lengthof(numbers); i++)
		if (!summary_scan_word(text, i > 0 ? ", " : "[") || !summary_scan_count(text, &numbers[i]))
			return false;
	if (curve->count > 0 && curve->ages[curve->count - 1].age >= numbers[0])
		return false;
	add_age(curve, numbers[0], numbers + 1);
	return summary_scan_word(text, "]");
}

static void *
curve_scan(const char *text)
{
	ConversionCurve *curve = curve_create(1);
	int64 version;

	if (!summary_scan_word(&text, "{\"version\": ") || !summary_scan_count(&text, &version) ||
		version != SUMMARY_TEXT_VERSION || !summary_scan_word(&text, ", \"resolution\": ") ||
		!summary_scan_count(&text, &curve->resolution) || curve->resolution < 1 ||
		!summary_scan_counts(&text, "ignored", curve_ignored_names, curve->ignored, CURVE_IGNORED_REASONS) ||
		!summary_scan_counts(&text, "rest", curve_outcome_names, curve->rest, CURVE_OUTCOMES) ||
		!summary_scan_word(&text, ", \"ages\": ["))
		return NULL;
	while (!summary_scan_word(&text, "]}"))
	{
		CHECK_FOR_INTERRUPTS();
		if ((curve->count > 0 && !summary_scan_word(&text, ", ")) || !scan_age(&text, curve))
			return NULL;
	}
	return *text == '\0' ? curve : NULL;
}

static void *
curve_empty(const void *like)
{
	return curve_create(((const ConversionCurve *) like)->resolution);
}

const SummaryRoom curve_room = {
	.type_name = TYPE_NAME,
	.decode = curve_decode,
	.encode = curve_encode,
	.merge = curve_merge,
	.print = curve_print,
	.parse = curve_parse,
	.scan = curve_scan,
	.contradiction = curve_contradiction,
	.empty = curve_empty,
};
