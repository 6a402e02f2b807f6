/*
 * curve_summary.c
 *	  The conversion curve as a value: decode, encode, merge, print, parse.
 */
#include "curve_summary.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/duration.h"
#include "base/text_dictionary.h"

#define TYPE_NAME "conversion_curve"
#define WIRE_VERSION 1
#define TEXT_VERSION 1

#define FIRST_CAPACITY 16

/* Places stay below 2^30, so that slots can be twice as many. */
#define MAX_AGES (1 << 30)

/* An age and three counts, a byte each. */
#define MIN_AGE_BYTES (1 + CURVE_OUTCOMES)

const char *const curve_outcome_names[CURVE_OUTCOMES] = {"converted", "lost", "censored"};

const char *const curve_ignored_names[CURVE_IGNORED_REASONS] = {
	"null_time", "infinite_time", "null_outcome", "entered_after_observed",
	"converted_before_entered", "lost_before_entered"
};

static int64
add_counts(int64 a, int64 b)
{
	int64		sum;

	if (pg_add_s64_overflow(a, b, &sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s counts are out of range", TYPE_NAME),
				 errhint("Add up fewer curves, or check whether leads are counted twice.")));
	return sum;
}

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
	uint32		slot = age_slot(curve->ages[place].age);

	while (curve->slots[slot & curve->slot_mask] != 0)
		slot++;
	curve->slots[slot & curve->slot_mask] = (uint32) place + 1;
}

/* Slots for twice the capacity: a curve that was only read has none. */
static void
build_slots(ConversionCurve *curve)
{
	uint32		size = 2 * FIRST_CAPACITY;

	while (size < 2 * (uint32) curve->capacity)
		size *= 2;
	if (curve->slots != NULL)
		pfree(curve->slots);
	curve->slots = MemoryContextAllocExtended(curve->context, size * sizeof(uint32),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	curve->slot_mask = size - 1;
	for (int place = 0; place < curve->count; place++)
	{
		CHECK_FOR_INTERRUPTS();
		place_age(curve, place);
	}
}

static CurveAge *
append_age(ConversionCurve *curve, int64 age)
{
	CurveAge   *last;

	if (curve->count == curve->capacity)
	{
		if (curve->capacity > MAX_AGES / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a %s has more than %d distinct ages", TYPE_NAME, curve->capacity),
					 errhint("Choose a coarser resolution, such as '1 hour'.")));
		curve->capacity *= 2;
		curve->ages = repalloc_huge(curve->ages, curve->capacity * sizeof(CurveAge));
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

/* The counts of an age, zero when it is new. */
static inline CurveAge *
find_age(ConversionCurve *curve, int64 age)
{
	uint32		slot = age_slot(age);
	uint32		found;
	CurveAge   *result;

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
	int64		age = elapsed / curve->resolution;

	/* One lead at a time does not reach 2^63; seconds might. */
	if (age > 0)
		curve->rest[outcome] = add_counts(curve->rest[outcome],
										  elapsed % curve->resolution / USECS_PER_SEC);
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
	int64		left = ((const CurveAge *) a)->age;
	int64		right = ((const CurveAge *) b)->age;

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
	copy->ages = MemoryContextAllocHuge(CurrentMemoryContext, curve->count * sizeof(CurveAge));
	memcpy(copy->ages, curve->ages, curve->count * sizeof(CurveAge));
	qsort_interruptible(copy->ages, copy->count, sizeof(CurveAge), compare_ages, NULL);
	copy->sorted = true;
	return copy;
}

/* ---------- what must hold ---------- */

/*
 * Checks what a curve read from outside claims, and totals it.  Returns what is
 * wrong, or NULL.  Ages are in order, each above the one before.
 */
static const char *
complete_curve(ConversionCurve *curve)
{
	int64		total = 0;
	int64		past_first[CURVE_OUTCOMES] = {0};

	for (int i = 0; i < curve->count; i++)
	{
		const CurveAge *age = &curve->ages[i];
		int64		here = 0;

		CHECK_FOR_INTERRUPTS();
		if (age->age > PG_INT64_MAX / curve->resolution)
			return "age out of range";
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			if (pg_add_s64_overflow(here, age->leads[outcome], &here))
				return "count out of range";
		if (here == 0)
			return "an age without leads";
		if (pg_add_s64_overflow(total, here, &total))
			return "count out of range";
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		{
			curve->leads[outcome] += age->leads[outcome];
			if (age->age > 0)
				past_first[outcome] += age->leads[outcome];
		}
	}
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		if ((uint128) curve->rest[outcome] >
			(uint128) past_first[outcome] * (uint64) ((curve->resolution - 1) / USECS_PER_SEC))
			return "rest exceeds its ages";
	return NULL;
}

/* ---------- wire form ---------- */

static void
curve_encode(const void *value, StringInfo out)
{
	const ConversionCurve *curve = curve_in_order(value);
	int64		previous = 0;

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

static void *
curve_decode(StringInfo in)
{
	ConversionCurve *curve = curve_create(1);
	const char *wrong;
	int			count;

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
		while (curve->capacity < count)
			curve->capacity *= 2;
		pfree(curve->ages);
		curve->ages = MemoryContextAllocHuge(curve->context, curve->capacity * sizeof(CurveAge));
	}
	for (int i = 0; i < count; i++)
	{
		int64		age = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
		CurveAge   *added;

		if (i > 0)
		{
			wire_check(age > 0, TYPE_NAME, "an age is there twice");
			wire_check(!pg_add_s64_overflow(age, curve->ages[i - 1].age, &age), TYPE_NAME,
					   "age out of range");
		}
		added = append_age(curve, age);
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			added->leads[outcome] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	}
	wrong = complete_curve(curve);
	if (wrong != NULL)
		wire_corrupt(TYPE_NAME, wrong);
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

static void
curve_merge(void *into_value, const void *from_value)
{
	ConversionCurve *into = into_value;
	const ConversionCurve *from = from_value;

	curve_require_same_resolution(into, from, "added");
	(void) add_counts(curve_total(into), curve_total(from));
	for (int reason = 0; reason < CURVE_IGNORED_REASONS; reason++)
		into->ignored[reason] = add_counts(into->ignored[reason], from->ignored[reason]);
	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
	{
		into->leads[outcome] += from->leads[outcome];
		into->rest[outcome] = add_counts(into->rest[outcome], from->rest[outcome]);
	}
	for (int i = 0; i < from->count; i++)
	{
		CurveAge   *age = find_age(into, from->ages[i].age);

		CHECK_FOR_INTERRUPTS();
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			age->leads[outcome] += from->ages[i].leads[outcome];
	}
}

/* ---------- text form ---------- */

static void
print_counts(StringInfo out, const char *key, const char *const *names, const int64 *counts,
			 int count)
{
	appendStringInfo(out, ", \"%s\": {", key);
	for (int i = 0; i < count; i++)
		appendStringInfo(out, "%s\"%s\": " INT64_FORMAT, i > 0 ? ", " : "", names[i], counts[i]);
	appendStringInfoChar(out, '}');
}

static void
curve_print(const void *value, StringInfo out)
{
	const ConversionCurve *curve = curve_in_order(value);

	appendStringInfo(out, "{\"version\": %d, \"resolution\": " INT64_FORMAT, TEXT_VERSION,
					 curve->resolution);
	print_counts(out, "ignored", curve_ignored_names, curve->ignored, CURVE_IGNORED_REASONS);
	print_counts(out, "rest", curve_outcome_names, curve->rest, CURVE_OUTCOMES);
	appendStringInfoString(out, ", \"ages\": [");
	for (int i = 0; i < curve->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s[" INT64_FORMAT, i > 0 ? ", " : "", curve->ages[i].age);
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			appendStringInfo(out, ", " INT64_FORMAT, curve->ages[i].leads[outcome]);
		appendStringInfoChar(out, ']');
	}
	appendStringInfoString(out, "]}");
}

/* Reading the text form: every helper reports a soft error and returns false. */
static bool
parse_error(Node *escontext, const char *what)
{
	input_error(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input for type %s: %s", TYPE_NAME, what),
				 errhint("Build a %s with its aggregate; the text form is for transfer.", TYPE_NAME)));
}

static bool
get_integer(JsonbContainer *object, const char *key, int64 low, int64 high, int64 *result,
			Node *escontext)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);

	if (value == NULL)
		return parse_error(escontext, psprintf("key \"%s\" is missing", key));
	return summary_json_int64(&curve_room, value, key, low, high, result, escontext);
}

static bool
get_counts(JsonbContainer *root, const char *key, const char *const *names, int64 *counts,
		   int count, Node *escontext)
{
	JsonbValue *value = getKeyJsonValueFromContainer(root, key, (int) strlen(key), NULL);

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		return parse_error(escontext, psprintf("key \"%s\" must be an object", key));
	for (int i = 0; i < count; i++)
		if (!get_integer(value->val.binary.data, names[i], 0, PG_INT64_MAX, &counts[i], escontext))
			return false;
	return true;
}

static bool
is_array(const JsonbValue *value)
{
	return value != NULL && value->type == jbvBinary &&
		JsonContainerIsArray(value->val.binary.data) &&
		!JsonContainerIsScalar(value->val.binary.data);
}

static bool
parse_age(ConversionCurve *curve, const JsonbValue *item, Node *escontext)
{
	int64		numbers[1 + CURVE_OUTCOMES];
	CurveAge   *added;

	if (!is_array(item) || JsonContainerSize(item->val.binary.data) != lengthof(numbers))
		return parse_error(escontext, "\"ages\" must hold arrays of an age and three counts");
	for (int i = 0; i < (int) lengthof(numbers); i++)
		if (!summary_json_int64(&curve_room,
								getIthJsonbValueFromContainer(item->val.binary.data, i), "ages", 0,
								PG_INT64_MAX, &numbers[i], escontext))
			return false;
	if (curve->count > 0 && curve->ages[curve->count - 1].age >= numbers[0])
		return parse_error(escontext, "ages are not in order");
	added = append_age(curve, numbers[0]);
	memcpy(added->leads, numbers + 1, sizeof(added->leads));
	return true;
}

static void *
curve_parse(Jsonb *json, Node *escontext)
{
	JsonbContainer *root = &json->root;
	ConversionCurve *curve = curve_create(1);
	JsonbValue *ages;
	int			length;
	int64		version;
	const char *wrong;

	if (!get_integer(root, "version", TEXT_VERSION, TEXT_VERSION, &version, escontext) ||
		!get_integer(root, "resolution", 1, PG_INT64_MAX, &curve->resolution, escontext) ||
		!get_counts(root, "ignored", curve_ignored_names, curve->ignored, CURVE_IGNORED_REASONS,
					escontext) ||
		!get_counts(root, "rest", curve_outcome_names, curve->rest, CURVE_OUTCOMES, escontext))
		return NULL;
	ages = getKeyJsonValueFromContainer(root, "ages", 4, NULL);
	if (!is_array(ages))
	{
		parse_error(escontext, "key \"ages\" must be an array");
		return NULL;
	}
	length = (int) JsonContainerSize(ages->val.binary.data);
	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!parse_age(curve, getIthJsonbValueFromContainer(ages->val.binary.data, i), escontext))
			return NULL;
	}
	wrong = complete_curve(curve);
	if (wrong != NULL)
	{
		parse_error(escontext, wrong);
		return NULL;
	}
	return curve;
}

const SummaryRoom curve_room = {
	.type_name = TYPE_NAME,
	.decode = curve_decode,
	.encode = curve_encode,
	.merge = curve_merge,
	.print = curve_print,
	.parse = curve_parse,
};
