/*
 * funnel_summary.c
 *	  The funnel as a value: decode, encode, merge, print, parse.
 */
#include "funnel_summary.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/numeric.h"

#define TYPE_NAME "funnel"
#define WIRE_VERSION 1
#define TEXT_VERSION 1

const char *const funnel_ignored_names[FUNNEL_IGNORED_REASONS] = {
	"null_lead", "null_stage", "null_time", "infinite_time", "unknown_stage", "no_condition"
};

static int64
add_counts(int64 a, int64 b)
{
	int64		sum;

	if (pg_add_s64_overflow(a, b, &sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("funnel counts are out of range")));
	return sum;
}

FunnelSummary *
funnel_summary_create(const FunnelDefinition *definition)
{
	FunnelSummary *summary = palloc0(sizeof(FunnelSummary));

	summary->definition = definition;
	summary->elapsed = palloc0(Max(funnel_pairs(definition->step_count), 1) *
							   sizeof(DurationHistogram *));
	return summary;
}

static DurationHistogram *
pair_histogram(FunnelSummary *summary, int pair)
{
	if (summary->elapsed[pair] == NULL)
		summary->elapsed[pair] = palloc0(sizeof(DurationHistogram));
	return summary->elapsed[pair];
}

void
funnel_summary_add_lead(FunnelSummary *summary, const FunnelChain *chain)
{
	if (chain->depth == 0)
	{
		summary->never_entered++;
		return;
	}
	for (int to = 0; to < chain->depth; to++)
	{
		summary->leads[to]++;
		for (int from = 0; from < to; from++)
		{
			/* The ends of time are further apart than 64 bits can say. */
			uint64		elapsed = (uint64) chain->time[to] - (uint64) chain->time[from];

			duration_histogram_add(pair_histogram(summary, funnel_pair(from, to)),
								   (int64) Min(elapsed, (uint64) PG_INT64_MAX));
		}
	}
}

void
funnel_rows_encode(const FunnelRows *rows, StringInfo out)
{
	wire_put_varint(out, (uint64) rows->used);
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		wire_put_varint(out, (uint64) rows->ignored[reason]);
}

void
funnel_rows_decode(FunnelRows *rows, StringInfo in)
{
	rows->used = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		rows->ignored[reason] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
}

void
funnel_rows_merge(FunnelRows *into, const FunnelRows *from)
{
	into->used = add_counts(into->used, from->used);
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		into->ignored[reason] = add_counts(into->ignored[reason], from->ignored[reason]);
}

static void
funnel_encode(const void *value, StringInfo out)
{
	const FunnelSummary *summary = value;

	wire_put_version(out, WIRE_VERSION);
	funnel_definition_encode(summary->definition, out);
	funnel_rows_encode(&summary->rows, out);
	wire_put_varint(out, (uint64) summary->never_entered);
	for (int step = 0; step < summary->definition->step_count; step++)
		wire_put_varint(out, (uint64) summary->leads[step]);
	/* A pair has a duration for each lead that reached its later step. */
	for (int to = 1; to < summary->definition->step_count && summary->leads[to] > 0; to++)
		for (int from = 0; from < to; from++)
			duration_histogram_encode(summary->elapsed[funnel_pair(from, to)], out);
}

/* NULL, or what is wrong with the counts. */
static const char *
contradiction(const FunnelSummary *summary)
{
	for (int step = 1; step < summary->definition->step_count; step++)
		if (summary->leads[step] > summary->leads[step - 1])
			return "more leads at a step than at the one before";
	if (summary->never_entered > PG_INT64_MAX - summary->leads[0] ||
		summary->never_entered + summary->leads[0] > summary->rows.used)
		return "more leads than rows";
	for (int to = 1; to < summary->definition->step_count; to++)
		for (int from = 0; from < to; from++)
		{
			const DurationHistogram *histogram = summary->elapsed[funnel_pair(from, to)];

			if ((histogram == NULL ? 0 : histogram->count) != summary->leads[to])
				return "durations do not match the leads";
		}
	return NULL;
}

static void *
funnel_decode(StringInfo in)
{
	FunnelSummary *summary;
	const char *wrong;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	summary = funnel_summary_create(funnel_definition_decode(in));
	funnel_rows_decode(&summary->rows, in);
	summary->never_entered = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int step = 0; step < summary->definition->step_count; step++)
		summary->leads[step] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int to = 1; to < summary->definition->step_count && summary->leads[to] > 0; to++)
		for (int from = 0; from < to; from++)
			duration_histogram_decode(pair_histogram(summary, funnel_pair(from, to)), in, TYPE_NAME);
	wrong = contradiction(summary);
	if (wrong != NULL)
		wire_corrupt(TYPE_NAME, wrong);
	return summary;
}

static void
funnel_merge(void *into_value, const void *from_value)
{
	FunnelSummary *into = into_value;
	const FunnelSummary *from = from_value;

	funnel_definition_require_equal(into->definition, from->definition);
	funnel_rows_merge(&into->rows, &from->rows);
	into->never_entered = add_counts(into->never_entered, from->never_entered);
	for (int step = 0; step < into->definition->step_count; step++)
		into->leads[step] = add_counts(into->leads[step], from->leads[step]);
	for (int pair = 0; pair < funnel_pairs(into->definition->step_count); pair++)
		if (from->elapsed[pair] != NULL)
			duration_histogram_merge(pair_histogram(into, pair), from->elapsed[pair]);
}

static void
print_uint128(uint128 value, StringInfo out)
{
	const uint128 base = UINT64CONST(10000000000000000000);

	if (value >= base)
	{
		print_uint128(value / base, out);
		appendStringInfo(out, "%019llu", (unsigned long long) (value % base));
	}
	else
		appendStringInfo(out, "%llu", (unsigned long long) value);
}

static void
funnel_print(const void *value, StringInfo out)
{
	const FunnelSummary *summary = value;
	const FunnelDefinition *definition = summary->definition;
	const char *comma = "";

	appendStringInfo(out, "{\"version\": %d, \"policy\": \"%s\", \"timing\": \"%s\", \"within\": ",
					 TEXT_VERSION, funnel_policy_name(definition->policy),
					 funnel_timing_name(definition->timing));
	if (definition->within == FUNNEL_UNLIMITED)
		appendStringInfoString(out, "null");
	else
		appendStringInfo(out, INT64_FORMAT, definition->within);
	appendStringInfoString(out, ", \"ladder\": [");
	for (int step = 0; step < definition->step_count; step++)
	{
		if (step > 0)
			appendStringInfoString(out, ", ");
		escape_json(out, funnel_label(definition, step));
	}
	appendStringInfo(out, "], \"rows_used\": " INT64_FORMAT ", \"ignored\": {", summary->rows.used);
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		appendStringInfo(out, "%s\"%s\": " INT64_FORMAT, reason > 0 ? ", " : "",
						 funnel_ignored_names[reason], summary->rows.ignored[reason]);
	appendStringInfo(out, "}, \"never_entered\": " INT64_FORMAT ", \"leads\": [",
					 summary->never_entered);
	for (int step = 0; step < definition->step_count; step++)
		appendStringInfo(out, "%s" INT64_FORMAT, step > 0 ? ", " : "", summary->leads[step]);
	appendStringInfoString(out, "], \"elapsed\": [");
	for (int to = 1; to < definition->step_count; to++)
		for (int from = 0; from < to; from++)
		{
			const DurationHistogram *histogram = summary->elapsed[funnel_pair(from, to)];
			int			position = 0;
			int			bucket;
			int64		count;
			const char *bucket_comma = "";

			if (histogram == NULL || histogram->count == 0)
				continue;
			appendStringInfo(out, "%s{\"from\": %d, \"to\": %d, \"sum\": ", comma, from + 1, to + 1);
			print_uint128(histogram->sum, out);
			appendStringInfo(out, ", \"min\": " INT64_FORMAT ", \"max\": " INT64_FORMAT ", \"buckets\": [",
							 histogram->minimum, histogram->maximum);
			while ((bucket = duration_histogram_next(histogram, &position, &count)) >= 0)
			{
				appendStringInfo(out, "%s[%d, " INT64_FORMAT "]", bucket_comma, bucket, count);
				bucket_comma = ", ";
			}
			appendStringInfoString(out, "]}");
			comma = ", ";
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
				 errhint("Build a funnel with its aggregate; the text form is for transfer.")));
}

static bool
get_integer(JsonbContainer *object, const char *key, int64 low, int64 high, int64 *result,
			Node *escontext)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);

	if (value == NULL)
		return parse_error(escontext, psprintf("key \"%s\" is missing", key));
	return summary_json_int64(&funnel_room, value, key, low, high, result, escontext);
}

/* The elements of an array under a key. */
static bool
get_array(JsonbContainer *object, const char *key, int max_length, JsonbContainer **array,
		  int *length, Node *escontext)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);

	if (value == NULL || value->type != jbvBinary ||
		!JsonContainerIsArray(value->val.binary.data) || JsonContainerIsScalar(value->val.binary.data))
		return parse_error(escontext, psprintf("key \"%s\" must be an array", key));
	*array = value->val.binary.data;
	*length = (int) JsonContainerSize(*array);
	if (*length > max_length)
		return parse_error(escontext, psprintf("array \"%s\" is too long", key));
	return true;
}

static bool
get_name(JsonbContainer *object, const char *key, JsonbValue **value, Node *escontext)
{
	*value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);
	if (*value == NULL || (*value)->type != jbvString)
		return parse_error(escontext, psprintf("key \"%s\" must be a string", key));
	return true;
}

static FunnelDefinition *
parse_definition(JsonbContainer *root, Node *escontext)
{
	FunnelPolicy policy;
	FunnelTiming timing;
	JsonbValue *policy_value;
	JsonbValue *timing_value;
	JsonbValue *within_value;
	int64		within = FUNNEL_UNLIMITED;
	JsonbContainer *ladder;
	int			step_count;
	char	   *labels[FUNNEL_MAX_STEPS];

	if (!get_name(root, "policy", &policy_value, escontext) ||
		!get_name(root, "timing", &timing_value, escontext))
		return NULL;
	if (!funnel_policy_by_name(policy_value->val.string.val, policy_value->val.string.len, &policy) ||
		!funnel_timing_by_name(timing_value->val.string.val, timing_value->val.string.len, &timing) ||
		(timing == FUNNEL_LATEST_START && policy != FUNNEL_ORDERED))
	{
		parse_error(escontext, "unknown policy or timing");
		return NULL;
	}
	within_value = getKeyJsonValueFromContainer(root, "within", 6, NULL);
	if (within_value == NULL)
	{
		parse_error(escontext, "key \"within\" is missing");
		return NULL;
	}
	if (within_value->type != jbvNull &&
		!summary_json_int64(&funnel_room, within_value, "within", 0, PG_INT64_MAX - 1, &within,
							escontext))
		return NULL;
	if (!get_array(root, "ladder", FUNNEL_MAX_STEPS, &ladder, &step_count, escontext))
		return NULL;
	for (int step = 0; step < step_count; step++)
	{
		JsonbValue *label = getIthJsonbValueFromContainer(ladder, step);

		if (label->type != jbvString || label->val.string.len == 0)
		{
			parse_error(escontext, "a stage of the ladder must be a name");
			return NULL;
		}
		labels[step] = pnstrdup(label->val.string.val, label->val.string.len);
		for (int earlier = 0; earlier < step; earlier++)
			if (strcmp(labels[earlier], labels[step]) == 0)
			{
				parse_error(escontext, psprintf("stage \"%s\" is on the ladder twice", labels[step]));
				return NULL;
			}
	}
	if (step_count == 0)
	{
		parse_error(escontext, "the ladder is empty");
		return NULL;
	}
	return funnel_definition_create(policy, timing, within, step_count, labels);
}

static bool
parse_uint128(JsonbContainer *object, const char *key, uint128 *result, Node *escontext)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);
	char	   *digits;

	if (value == NULL || value->type != jbvNumeric)
		return parse_error(escontext, psprintf("key \"%s\" must be an integer", key));
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	*result = 0;
	if (strlen(digits) > 38 || strspn(digits, "0123456789") != strlen(digits))
		return parse_error(escontext, psprintf("key \"%s\" is out of range", key));
	for (; *digits != '\0'; digits++)
		*result = *result * 10 + (uint128) (*digits - '0');
	return true;
}

static bool
parse_elapsed(FunnelSummary *summary, JsonbContainer *object, Node *escontext)
{
	int			steps = summary->definition->step_count;
	int64		from;
	int64		to;
	int64		minimum;
	int64		maximum;
	uint128		sum;
	JsonbContainer *array;
	int			length;
	DurationBucket *buckets;
	DurationHistogram *histogram;

	if (!get_integer(object, "from", 1, steps, &from, escontext) ||
		!get_integer(object, "to", 1, steps, &to, escontext) ||
		!parse_uint128(object, "sum", &sum, escontext) ||
		!get_integer(object, "min", 0, PG_INT64_MAX, &minimum, escontext) ||
		!get_integer(object, "max", 0, PG_INT64_MAX, &maximum, escontext) ||
		!get_array(object, "buckets", 4096, &array, &length, escontext))
		return false;
	if (from >= to || summary->elapsed[funnel_pair(from - 1, to - 1)] != NULL)
		return parse_error(escontext, "a pair of steps is out of order or twice there");
	buckets = palloc((length + 1) * sizeof(DurationBucket));
	for (int i = 0; i < length; i++)
	{
		JsonbValue *pair = getIthJsonbValueFromContainer(array, i);
		int64		bucket;

		if (pair->type != jbvBinary || !JsonContainerIsArray(pair->val.binary.data) ||
			JsonContainerSize(pair->val.binary.data) != 2)
			return parse_error(escontext, "a bucket must be a pair of integers");
		if (!summary_json_int64(&funnel_room, getIthJsonbValueFromContainer(pair->val.binary.data, 0),
								"bucket", 0, PG_INT16_MAX, &bucket, escontext) ||
			!summary_json_int64(&funnel_room, getIthJsonbValueFromContainer(pair->val.binary.data, 1),
								"bucket count", 1, PG_INT64_MAX, &buckets[i].count, escontext))
			return false;
		buckets[i].bucket = (int) bucket;
	}
	histogram = pair_histogram(summary, funnel_pair(from - 1, to - 1));
	if (!duration_histogram_build(histogram, sum, minimum, maximum, buckets, length))
		return parse_error(escontext, "durations contradict each other");
	return true;
}

static void *
funnel_parse(Jsonb *json, Node *escontext)
{
	JsonbContainer *root = &json->root;
	FunnelDefinition *definition;
	FunnelSummary *summary;
	JsonbValue *ignored;
	JsonbContainer *array;
	int			length;
	int64		version;
	const char *wrong;

	if (!get_integer(root, "version", TEXT_VERSION, TEXT_VERSION, &version, escontext) ||
		(definition = parse_definition(root, escontext)) == NULL)
		return NULL;
	summary = funnel_summary_create(definition);
	if (!get_integer(root, "rows_used", 0, PG_INT64_MAX, &summary->rows.used, escontext) ||
		!get_integer(root, "never_entered", 0, PG_INT64_MAX, &summary->never_entered, escontext))
		return NULL;

	ignored = getKeyJsonValueFromContainer(root, "ignored", 7, NULL);
	if (ignored == NULL || ignored->type != jbvBinary ||
		!JsonContainerIsObject(ignored->val.binary.data))
	{
		parse_error(escontext, "key \"ignored\" must be an object");
		return NULL;
	}
	for (int reason = 0; reason < FUNNEL_IGNORED_REASONS; reason++)
		if (!get_integer(ignored->val.binary.data, funnel_ignored_names[reason], 0, PG_INT64_MAX,
						 &summary->rows.ignored[reason], escontext))
			return NULL;

	if (!get_array(root, "leads", FUNNEL_MAX_STEPS, &array, &length, escontext))
		return NULL;
	if (length != definition->step_count)
	{
		parse_error(escontext, "\"leads\" must have a count for each stage");
		return NULL;
	}
	for (int step = 0; step < length; step++)
		if (!summary_json_int64(&funnel_room, getIthJsonbValueFromContainer(array, step), "leads",
								0, PG_INT64_MAX, &summary->leads[step], escontext))
			return NULL;

	if (!get_array(root, "elapsed", funnel_pairs(FUNNEL_MAX_STEPS), &array, &length, escontext))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		JsonbValue *pair = getIthJsonbValueFromContainer(array, i);

		if (pair->type != jbvBinary || !JsonContainerIsObject(pair->val.binary.data))
		{
			parse_error(escontext, "\"elapsed\" must hold objects");
			return NULL;
		}
		if (!parse_elapsed(summary, pair->val.binary.data, escontext))
			return NULL;
	}
	wrong = contradiction(summary);
	if (wrong != NULL)
	{
		parse_error(escontext, wrong);
		return NULL;
	}
	return summary;
}

const SummaryRoom funnel_room = {
	.type_name = TYPE_NAME,
	.decode = funnel_decode,
	.encode = funnel_encode,
	.merge = funnel_merge,
	.print = funnel_print,
	.parse = funnel_parse,
};
