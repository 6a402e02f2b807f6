/*
 * funnel_text.c
 *	  The text form of funnels.
 */
#include "funnel_summary.h"

#include "miscadmin.h"
#include "utils/json.h"

/* Version 1 knew durations in buckets only. */
#define OLDEST_VERSION 1
#define TEXT_VERSION 2

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

void
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
		return parse_buckets(reader, object, funnel_pair_histogram(summary, position), sum, minimum, maximum);
	return parse_durations(reader, object, funnel_pair_histogram(summary, position), sum, minimum, maximum);
}

void *
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

/* ---------- as it is printed ---------- */

static bool
scan_names(const char **text, char **names, int *count)
{
	*count = 0;
	while (!summary_scan_word(text, "]"))
	{
		if (*count == FUNNEL_MAX_STEPS || !summary_scan_word(text, *count > 0 ? ", \"" : "\"") ||
			(names[*count] = summary_scan_name(text)) == NULL || names[*count][0] == '\0')
			return false;
		for (int earlier = 0; earlier < *count; earlier++)
			if (strcmp(names[earlier], names[*count]) == 0)
				return false;
		(*count)++;
	}
	return *count > 0;
}

static FunnelDefinition *
scan_definition(const char **text)
{
	FunnelPolicy policy;
	FunnelTiming timing;
	const char *policy_name;
	const char *timing_name;
	int64 within = FUNNEL_UNLIMITED;
	int count;
	char *labels[FUNNEL_MAX_STEPS];

	if (!summary_scan_word(text, ", \"policy\": \"") || (policy_name = summary_scan_name(text)) == NULL ||
		!funnel_policy_by_name(policy_name, (int) strlen(policy_name), &policy) ||
		!summary_scan_word(text, ", \"timing\": \"") || (timing_name = summary_scan_name(text)) == NULL ||
		!funnel_timing_by_name(timing_name, (int) strlen(timing_name), &timing) ||
		(timing == FUNNEL_LATEST_START && policy != FUNNEL_ORDERED) ||
		!summary_scan_word(text, ", \"within\": ") ||
		!(summary_scan_word(text, "null") || summary_scan_count(text, &within)) ||
		!summary_scan_word(text, ", \"ladder\": [") || !scan_names(text, labels, &count))
		return NULL;
	return funnel_definition_create(policy, timing, within, count, labels);
}

/* Pairs of a duration or bucket and how often it is there. */
static bool
scan_pairs(const char **text, DurationCount *pairs, int limit, int *count)
{
	*count = 0;
	while (!summary_scan_word(text, "]"))
	{
		if (*count == limit || !summary_scan_word(text, *count > 0 ? ", [" : "[") ||
			!summary_scan_count(text, &pairs[*count].duration) || !summary_scan_word(text, ", ") ||
			!summary_scan_count(text, &pairs[*count].count) || pairs[*count].count < 1 ||
			!summary_scan_word(text, "]"))
			return false;
		(*count)++;
	}
	return true;
}

static bool
scan_elapsed(const char **text, FunnelSummary *summary, DurationCount *pairs)
{
	int64 from;
	int64 to;
	uint128 sum;
	int64 minimum;
	int64 maximum;
	int count;
	DurationHistogram *histogram;
	DurationBucket *buckets;

	if (!summary_scan_word(text, "{\"from\": ") || !summary_scan_count(text, &from) ||
		!summary_scan_word(text, ", \"to\": ") || !summary_scan_count(text, &to) || from < 1 || from >= to ||
		to > summary->definition->step_count ||
		summary->elapsed[funnel_pair((int) from - 1, (int) to - 1)] != NULL ||
		!summary_scan_word(text, ", \"sum\": ") || !summary_scan_decimal(text, 0, &sum) ||
		!summary_scan_word(text, ", \"min\": ") || !summary_scan_count(text, &minimum) ||
		!summary_scan_word(text, ", \"max\": ") || !summary_scan_count(text, &maximum))
		return false;
	histogram = funnel_pair_histogram(summary, funnel_pair((int) from - 1, (int) to - 1));
	if (summary_scan_word(text, ", \"durations\": ["))
		return scan_pairs(text, pairs, DURATION_MAX_EXACT_MINUTES, &count) &&
			duration_histogram_build_exact(histogram, pairs, count) && histogram->sum == sum &&
			histogram->minimum == minimum && histogram->maximum == maximum && summary_scan_word(text, "}");
	if (!summary_scan_word(text, ", \"buckets\": [") || !scan_pairs(text, pairs, DURATION_BUCKETS, &count))
		return false;
	buckets = palloc(mul_size(count + 1, sizeof(DurationBucket)));
	for (int i = 0; i < count; i++)
	{
		if (pairs[i].duration >= DURATION_BUCKETS)
			return false;
		buckets[i].bucket = (int) pairs[i].duration;
		buckets[i].count = pairs[i].count;
	}
	return duration_histogram_build(histogram, sum, minimum, maximum, buckets, count) &&
		summary_scan_word(text, "}");
}

void *
funnel_scan(const char *text)
{
	FunnelDefinition *definition;
	FunnelSummary *summary;
	DurationCount *pairs;
	int64 version;
	bool is_first = true;

	if (!summary_scan_word(&text, "{\"version\": ") || !summary_scan_count(&text, &version) ||
		version != TEXT_VERSION || (definition = scan_definition(&text)) == NULL)
		return NULL;
	summary = funnel_summary_create(definition);
	if (!summary_scan_word(&text, ", \"rows_used\": ") || !summary_scan_count(&text, &summary->rows.used) ||
		!summary_scan_counts(&text, "ignored", funnel_ignored_names, summary->rows.ignored,
							 FUNNEL_IGNORED_REASONS) ||
		!summary_scan_word(&text, ", \"never_entered\": ") ||
		!summary_scan_count(&text, &summary->never_entered) || !summary_scan_word(&text, ", \"leads\": ["))
		return NULL;
	for (int step = 0; step < definition->step_count; step++)
		if ((step > 0 && !summary_scan_word(&text, ", ")) ||
			!summary_scan_count(&text, &summary->leads[step]))
			return NULL;
	if (!summary_scan_word(&text, "], \"elapsed\": ["))
		return NULL;
	pairs = palloc(mul_size(DURATION_BUCKETS, sizeof(DurationCount)));
	for (; !summary_scan_word(&text, "]}"); is_first = false)
	{
		CHECK_FOR_INTERRUPTS();
		if ((!is_first && !summary_scan_word(&text, ", ")) || !scan_elapsed(&text, summary, pairs))
			return NULL;
	}
	return *text == '\0' ? summary : NULL;
}
