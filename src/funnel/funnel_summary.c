/*
 * funnel_summary.c
 *	  The funnel as a value: decode, encode, merge, subtract.
 */
#include "funnel_summary.h"

#include "base/counts.h"

#define TYPE_NAME "funnel"

/* Version 1 knew durations in buckets only. */
#define OLDEST_VERSION 1
#define WIRE_VERSION 2

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

DurationHistogram *
funnel_pair_histogram(FunnelSummary *summary, int pair)
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

			duration_histogram_add(funnel_pair_histogram(summary, funnel_pair(from, to)),
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

void
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

const char *
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

void *
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
			duration_histogram_decode(funnel_pair_histogram(summary, funnel_pair(from, to)), in, version,
									  TYPE_NAME);
	return summary;
}

void
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
			duration_histogram_merge(funnel_pair_histogram(into, pair), from->elapsed[pair]);
}

bool
funnel_summary_subtract(FunnelSummary *from, const FunnelSummary *part, const FunnelSummary *known)
{
	int steps = from->definition->step_count;
	bool is_known = true;

	funnel_definition_require_equal(from->definition, part->definition, "subtracted");
	if (known != NULL)
		funnel_definition_require_equal(from->definition, known->definition, "subtracted");
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
		rest = duration_histogram_subtract(from->elapsed[pair], part->elapsed[pair],
										   known == NULL ? NULL : known->elapsed[pair]);
		if (rest == DURATIONS_NO_PART)
			counts_raise_not_part(TYPE_NAME);
		/* As many leads with as much time together are all of them. */
		if (rest == DURATIONS_UNKNOWN && known != NULL && known->elapsed[pair] != NULL &&
			known->elapsed[pair]->count == from->elapsed[pair]->count &&
			known->elapsed[pair]->sum == from->elapsed[pair]->sum)
		{
			from->elapsed[pair] = known->elapsed[pair];
			rest = DURATIONS_KNOWN;
		}
		is_known = is_known && rest == DURATIONS_KNOWN;
	}
	if (is_known && funnel_contradiction(from) != NULL)
		counts_raise_not_part(TYPE_NAME);
	return is_known;
}
