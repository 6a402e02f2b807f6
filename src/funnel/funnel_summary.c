/*
 * funnel_summary.c
 *	  The funnel as a value: decode, encode, merge, print, parse.
 */
#include "funnel_summary.h"

#include "utils/json.h"

#include "base/counts.h"

#define TYPE_NAME "funnel"

/* Version 1, of both forms, knew durations in buckets only. */
#define OLDEST_VERSION 1
#define WIRE_VERSION 2
#define TEXT_VERSION 2

const char *const funnel_ignored_names[FUNNEL_IGNORED_REASONS] = {
	"null_lead", "null_stage", "null_time", "infinite_time", "unknown_stage", "no_condition",
};

FunnelSummary *
funnel_summary_create(const FunnelDefinition *definition)
{
	FunnelSummary *summary = palloc0(sizeof(FunnelSummary));

	summary->definition = definition;
	summary->elapsed = palloc0(
		mul_size(Max(funnel_pairs(definition->step_count), 1), sizeof(DurationHistogram *)));
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
			uint64 elapsed = (uint64) chain->time[to] - (uint64) chain->time[from];

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
	into->used = add_counts(into->used, from->used, TYPE_NAME);
	add_each_count(into->ignored, from->ignored, FUNNEL_IGNORED_REASONS, TYPE_NAME);
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

static const char *
funnel_contradiction(const void *value)
{
	const FunnelSummary *summary = value;

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
	int version = wire_get_version_since(in, TYPE_NAME, OLDEST_VERSION, WIRE_VERSION);

	summary = funnel_summary_create(funnel_definition_decode(in));
	funnel_rows_decode(&summary->rows, in);
	summary->never_entered = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int step = 0; step < summary->definition->step_count; step++)
		summary->leads[step] = wire_get_int64(in, TYPE_NAME, PG_INT64_MAX);
	for (int to = 1; to < summary->definition->step_count && summary->leads[to] > 0; to++)
		for (int from = 0; from < to; from++)
			duration_histogram_decode(pair_histogram(summary, funnel_pair(from, to)), in, version, TYPE_NAME);
	return summary;
}

static void
funnel_merge(void *into_value, const void *from_value)
{
	FunnelSummary *into = into_value;
	const FunnelSummary *from = from_value;

	funnel_definition_require_equal(into->definition, from->definition, "added");
	funnel_rows_merge(&into->rows, &from->rows);
	into->never_entered = add_counts(into->never_entered, from->never_entered, TYPE_NAME);
	add_each_count(into->leads, from->leads, into->definition->step_count, TYPE_NAME);
	for (int pair = 0; pair < funnel_pairs(into->definition->step_count); pair++)
		if (from->elapsed[pair] != NULL)
			duration_histogram_merge(pair_histogram(into, pair), from->elapsed[pair]);
}

bool
funnel_summary_subtract(FunnelSummary *from, const FunnelSummary *part)
{
	int steps = from->definition->step_count;
	bool is_known = true;

	funnel_definition_require_equal(from->definition, part->definition, "subtracted");
	from->rows.used = subtract_counts(from->rows.used, part->rows.used, TYPE_NAME);
	subtract_each_count(from->rows.ignored, part->rows.ignored, FUNNEL_IGNORED_REASONS, TYPE_NAME);
	from->never_entered = subtract_counts(from->never_entered, part->never_entered, TYPE_NAME);
	subtract_each_count(from->leads, part->leads, steps, TYPE_NAME);
	for (int pair = 0; pair < funnel_pairs(steps); pair++)
	{
		DurationRest rest;

		if (part->elapsed[pair] == NULL)
			continue;
		/* Both have a duration for each lead at the later step, of which the first has no fewer. */
		rest = duration_histogram_subtract(from->elapsed[pair], part->elapsed[pair]);
		if (rest == DURATIONS_NO_PART)
			counts_raise_not_part(TYPE_NAME);
		is_known = is_known && rest == DURATIONS_KNOWN;
	}
	if (is_known && funnel_contradiction(from) != NULL)
		counts_raise_not_part(TYPE_NAME);
	return is_known;
}

static void
print_pairs(StringInfo out, const DurationHistogram *histogram)
{
	const DurationCount *exact = duration_histogram_exact(histogram);
	const char *comma = "";
	int position = 0;
	int bucket;
	int64 count;

	appendStringInfo(out, "\"%s\": [", exact != NULL ? "durations" : "buckets");
	for (int i = 0; exact != NULL && i < histogram->used; i++)
		appendStringInfo(out, "%s[" INT64_FORMAT ", " INT64_FORMAT "]", i > 0 ? ", " : "", exact[i].duration,
						 exact[i].count);
	while (exact == NULL && (bucket = duration_histogram_next(histogram, &position, &count)) >= 0)
	{
		appendStringInfo(out, "%s[%d, " INT64_FORMAT "]", comma, bucket, count);
		comma = ", ";
	}
	appendStringInfoChar(out, ']');
}

static void
funnel_print(const void *value, StringInfo out)
{
	const FunnelSummary *summary = value;
	const FunnelDefinition *definition = summary->definition;
	const char *comma = "";

	appendStringInfo(out,
					 "{\"version\": %d, \"policy\": \"%s\", \"timing\": \"%s\", \"within\": ", TEXT_VERSION,
					 funnel_policy_name(definition->policy), funnel_timing_name(definition->timing));
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
	appendStringInfo(out, "], \"rows_used\": " INT64_FORMAT, summary->rows.used);
	summary_print_counts(out, "ignored", funnel_ignored_names, summary->rows.ignored, FUNNEL_IGNORED_REASONS);
	appendStringInfo(out, ", \"never_entered\": " INT64_FORMAT ", \"leads\": [", summary->never_entered);
	for (int step = 0; step < definition->step_count; step++)
		appendStringInfo(out, "%s" INT64_FORMAT, step > 0 ? ", " : "", summary->leads[step]);
	appendStringInfoString(out, "], \"elapsed\": [");
	for (int to = 1; to < definition->step_count; to++)
		for (int from = 0; from < to; from++)
		{
			const DurationHistogram *histogram = summary->elapsed[funnel_pair(from, to)];

			if (histogram == NULL || histogram->count == 0)
				continue;
			appendStringInfo(out, "%s{\"from\": %d, \"to\": %d, \"sum\": ", comma, from + 1, to + 1);
			summary_print_decimal(out, histogram->sum, 0);
			appendStringInfo(out, ", \"min\": " INT64_FORMAT ", \"max\": " INT64_FORMAT ", ",
							 histogram->minimum, histogram->maximum);
			print_pairs(out, histogram);
			appendStringInfoChar(out, '}');
			comma = ", ";
		}
	appendStringInfoString(out, "]}");
}

static FunnelDefinition *
parse_definition(const SummaryReader *reader, JsonbContainer *root)
{
	FunnelPolicy policy;
	FunnelTiming timing;
	JsonbValue policy_value;
	JsonbValue timing_value;
	int64 within = FUNNEL_UNLIMITED;
	JsonbContainer *ladder;
	int step_count;
	char *labels[FUNNEL_MAX_STEPS];

	if (!summary_json_text(reader, root, "policy", &policy_value) ||
		!summary_json_text(reader, root, "timing", &timing_value))
		return NULL;
	if (!funnel_policy_by_name(policy_value.val.string.val, policy_value.val.string.len, &policy) ||
		!funnel_timing_by_name(timing_value.val.string.val, timing_value.val.string.len, &timing) ||
		(timing == FUNNEL_LATEST_START && policy != FUNNEL_ORDERED))
		return summary_json_refuse(reader, "unknown policy or timing");
	if (!summary_json_integer_or_null(reader, root, "within", 0, PG_INT64_MAX - 1, &within) ||
		!summary_json_array(reader, root, "ladder", FUNNEL_MAX_STEPS, &ladder, &step_count))
		return NULL;
	for (int step = 0; step < step_count; step++)
	{
		JsonbValue *label = getIthJsonbValueFromContainer(ladder, step);

		if (label->type != jbvString || label->val.string.len == 0)
			return summary_json_refuse(reader, "a stage of the ladder must be a name");
		labels[step] = pnstrdup(label->val.string.val, label->val.string.len);
		for (int earlier = 0; earlier < step; earlier++)
			if (strcmp(labels[earlier], labels[step]) == 0)
				return summary_json_refuse(reader,
										   psprintf("stage \"%s\" is on the ladder twice", labels[step]));
	}
	if (step_count == 0)
		return summary_json_refuse(reader, "the ladder is empty");
	return funnel_definition_create(policy, timing, within, step_count, labels);
}

/* The next pair of integers of an array, the second of them a count. */
static bool
parse_pair(const SummaryReader *reader, JsonbContainer *array, int position, const char *what, int64 high,
		   int64 *value, int64 *count)
{
	JsonbContainer *pair = summary_json_tuple(getIthJsonbValueFromContainer(array, position), 2);

	if (pair == NULL)
		return summary_json_error(reader, psprintf("a %s must be a pair of integers", what));
	return summary_json_int64(reader, getIthJsonbValueFromContainer(pair, 0), what, 0, high, value) &&
		summary_json_int64(reader, getIthJsonbValueFromContainer(pair, 1), psprintf("%s count", what), 1,
						   PG_INT64_MAX, count);
}

static bool
parse_durations(const SummaryReader *reader, JsonbContainer *object, DurationHistogram *histogram,
				uint128 sum, int64 minimum, int64 maximum)
{
	DurationCount durations[DURATION_MAX_EXACT_MINUTES];
	JsonbContainer *array;
	int length;

	if (!summary_json_array(reader, object, "durations", DURATION_MAX_EXACT_MINUTES, &array, &length))
		return false;
	for (int i = 0; i < length; i++)
		if (!parse_pair(reader, array, i, "duration", PG_INT64_MAX, &durations[i].duration,
						&durations[i].count))
			return false;
	return (duration_histogram_build_exact(histogram, durations, length) && histogram->sum == sum &&
			histogram->minimum == minimum && histogram->maximum == maximum) ||
		summary_json_error(reader, "durations contradict each other");
}

static bool
parse_buckets(const SummaryReader *reader, JsonbContainer *object, DurationHistogram *histogram, uint128 sum,
			  int64 minimum, int64 maximum)
{
	JsonbContainer *array;
	int length;
	DurationBucket *buckets;

	if (!summary_json_array(reader, object, "buckets", 4096, &array, &length))
		return false;
	buckets = palloc(mul_size(length + 1, sizeof(DurationBucket)));
	for (int i = 0; i < length; i++)
	{
		int64 bucket;

		if (!parse_pair(reader, array, i, "bucket", PG_INT16_MAX, &bucket, &buckets[i].count))
			return false;
		buckets[i].bucket = (int) bucket;
	}
	return duration_histogram_build(histogram, sum, minimum, maximum, buckets, length) ||
		summary_json_error(reader, "durations contradict each other");
}

static bool
parse_elapsed(const SummaryReader *reader, int64 version, FunnelSummary *summary, JsonbContainer *object)
{
	int steps = summary->definition->step_count;
	int64 from;
	int64 to;
	int64 minimum;
	int64 maximum;
	JsonbValue value;
	uint128 sum;
	int position;

	if (!summary_json_integer(reader, object, "from", 1, steps, &from) ||
		!summary_json_integer(reader, object, "to", 1, steps, &to) ||
		!summary_json_member(reader, object, "sum", &value) ||
		!summary_json_decimal(reader, &value, "sum", 0, &sum) ||
		!summary_json_integer(reader, object, "min", 0, PG_INT64_MAX, &minimum) ||
		!summary_json_integer(reader, object, "max", 0, PG_INT64_MAX, &maximum))
		return false;
	position = funnel_pair((int) from - 1, (int) to - 1);
	if (from >= to || summary->elapsed[position] != NULL)
		return summary_json_error(reader, "a pair of steps is out of order or twice there");
	if (version == 1 || getKeyJsonValueFromContainer(object, "buckets", strlen("buckets"), &value) != NULL)
		return parse_buckets(reader, object, pair_histogram(summary, position), sum, minimum, maximum);
	return parse_durations(reader, object, pair_histogram(summary, position), sum, minimum, maximum);
}

static void *
funnel_parse(const SummaryReader *reader, JsonbContainer *root)
{
	FunnelDefinition *definition;
	FunnelSummary *summary;
	JsonbContainer *array;
	int length;
	int64 version;

	if (!summary_json_version_since(reader, root, OLDEST_VERSION, TEXT_VERSION, &version) ||
		(definition = parse_definition(reader, root)) == NULL)
		return NULL;
	summary = funnel_summary_create(definition);
	if (!summary_json_integer(reader, root, "rows_used", 0, PG_INT64_MAX, &summary->rows.used) ||
		!summary_json_integer(reader, root, "never_entered", 0, PG_INT64_MAX, &summary->never_entered) ||
		!summary_json_counts(reader, root, "ignored", funnel_ignored_names, summary->rows.ignored,
							 FUNNEL_IGNORED_REASONS) ||
		!summary_json_array(reader, root, "leads", FUNNEL_MAX_STEPS, &array, &length))
		return NULL;
	if (length != definition->step_count)
		return summary_json_refuse(reader, "\"leads\" must have a count for each stage");
	for (int step = 0; step < length; step++)
		if (!summary_json_int64(reader, getIthJsonbValueFromContainer(array, step), "leads", 0, PG_INT64_MAX,
								&summary->leads[step]))
			return NULL;
	if (!summary_json_array(reader, root, "elapsed", funnel_pairs(FUNNEL_MAX_STEPS), &array, &length))
		return NULL;
	for (int i = 0; i < length; i++)
	{
		JsonbContainer *pair = summary_json_object(getIthJsonbValueFromContainer(array, i));

		if (pair == NULL)
			return summary_json_refuse(reader, "\"elapsed\" must hold objects");
		if (!parse_elapsed(reader, version, summary, pair))
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
	.contradiction = funnel_contradiction,
};
