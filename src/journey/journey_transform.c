/*
 * journey_transform.c
 *	  Simpler paths: functions that make journeys of journeys.
 *
 * Conversions, value and journeys that did not convert stay; touches are
 * merged or left out.  A merged touch has the time-decay weights and the
 * milestones of all that went into it.
 */
#include "base/compat.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "journey_summary.h"

typedef enum PathTransform
{
	TRANSFORM_UNIQUE,	/* every touch stays */
	TRANSFORM_EXPOSURE, /* repeats in a row are one touch */
	TRANSFORM_FIRST,	/* a channel's first touch stands for all */
	TRANSFORM_FREQUENCY /* the same, named with their number */
} PathTransform;

static const char *const transform_names[] = {"unique", "exposure", "first", "frequency"};

/* A path in the making. */
typedef struct NewPath
{
	int length;
	uint32 *steps;
	int *place; /* per old touch, its new touch; -1: left out */
} NewPath;

static void
collapse(const Journey *journey, NewPath *path)
{
	for (int i = 0; i < journey->length; i++)
	{
		uint32 step = journey->steps[i];
		int last = path->length - 1;

		if (last >= 0 && journey_channel(path->steps[last]) == journey_channel(step))
			path->steps[last] |= (uint32) journey_milestones(step);
		else
			path->steps[path->length++] = step;
		path->place[i] = path->length - 1;
	}
}

/* seen: per channel its place in this path + 1; all zero before and after. */
static void
keep_first(const Journey *journey, NewPath *path, int *seen)
{
	for (int i = 0; i < journey->length; i++)
	{
		uint32 step = journey->steps[i];
		int *place = &seen[journey_channel(step)];

		if (*place == 0)
		{
			path->steps[path->length++] = step;
			*place = path->length;
		}
		else
			path->steps[*place - 1] |= (uint32) journey_milestones(step);
		path->place[i] = *place - 1;
	}
	for (int i = 0; i < journey->length; i++)
		seen[journey_channel(journey->steps[i])] = 0;
}

static void
keep_last(const Journey *journey, NewPath *path, int touches)
{
	int dropped = Max(journey->length - touches, 0);

	for (int i = 0; i < journey->length; i++)
	{
		path->place[i] = i - dropped;
		if (i < dropped)
			path->place[i] = -1;
		else
			path->steps[path->length++] = journey->steps[i];
	}
}

/* Numbers the steps in another summary; with counts, "email" becomes "email(2)". */
static void
number_steps(const JourneySummary *from, JourneySummary *into, const Journey *journey, NewPath *path,
			 bool with_counts)
{
	int *count = palloc0(mul_size(Max(path->length, 1), sizeof(int)));

	for (int i = 0; i < journey->length; i++)
		if (path->place[i] >= 0)
			count[path->place[i]]++;
	for (int i = 0; i < path->length; i++)
	{
		const char *name = from->channels.texts[journey_channel(path->steps[i])];

		CHECK_FOR_INTERRUPTS();
		if (with_counts)
			name = psprintf("%s(%d)", name, count[i]);
		path->steps[i] = journey_step(journey_channel_number(into, name, (int) strlen(name)),
									  journey_milestones(path->steps[i]));
	}
	pfree(count);
}

/* Sums per new touch; what left-out touches had is shared in proportion. */
static uint128 *
sum_weights(const Journey *journey, const NewPath *path, const uint128 *weights, uint128 total)
{
	uint128 *sums = palloc0(mul_size(path->length, sizeof(uint128)));
	uint128 kept = 0;

	for (int i = 0; i < journey->length; i++)
		if (path->place[i] >= 0)
		{
			sums[path->place[i]] += weights[i];
			kept += weights[i];
		}
	if (kept != total)
	{
		double *shares = palloc(mul_size(path->length, sizeof(double)));

		for (int i = 0; i < path->length; i++)
			shares[i] = kept == 0 ? 1 : (double) sums[i];
		journey_share(total, shares, path->length, sums);
		pfree(shares);
	}
	return sums;
}

/* last: how many touches to keep, or 0 to transform. */
static Datum
transform(const JourneySummary *from, PathTransform kind, int last)
{
	JourneySummary *into = journey_summary_create(from->half_life, from->lookback);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi path",
												  ALLOCSET_DEFAULT_SIZES);
	int *seen = palloc0(mul_size(Max(from->channels.count, 1), sizeof(int)));

	memcpy(into->ignored, from->ignored, sizeof(into->ignored));
	for (int i = 0; i < from->count; i++)
	{
		const Journey *journey = &from->journeys[i];
		MemoryContext previous = MemoryContextSwitchTo(scratch);
		NewPath path;
		uint128 *decayed_conversions = NULL;
		uint128 *decayed_value = NULL;

		CHECK_FOR_INTERRUPTS();
		path.length = 0;
		path.steps = palloc(mul_size(Max(journey->length, 1), sizeof(uint32)));
		path.place = palloc(mul_size(Max(journey->length, 1), sizeof(int)));
		if (last > 0 || kind == TRANSFORM_UNIQUE)
			keep_last(journey, &path, last > 0 ? last : journey->length);
		else if (kind == TRANSFORM_EXPOSURE)
			collapse(journey, &path);
		else
			keep_first(journey, &path, seen);
		number_steps(from, into, journey, &path, last == 0 && kind == TRANSFORM_FREQUENCY);
		if (journey->decayed_conversions != NULL && path.length > 1)
		{
			decayed_conversions = sum_weights(journey, &path, journey->decayed_conversions,
											  (uint128) journey->conversions * JOURNEY_WEIGHT_ONE);
			decayed_value = sum_weights(journey, &path, journey->decayed_value, journey->value);
		}
		journey_add(into, journey_of_path(into, path.steps, path.length), journey->conversions,
					journey->nulls, journey->value, decayed_conversions, decayed_value);
		MemoryContextSwitchTo(previous);
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);
	return summary_to_datum(&journey_room, into);
}

PG_FUNCTION_INFO_V1(journey_transform_paths);
Datum
journey_transform_paths(PG_FUNCTION_ARGS)
{
	const JourneySummary *summary = summary_from_datum(&journey_room, PG_GETARG_DATUM(0));
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));

	for (int kind = 0; kind < (int) lengthof(transform_names); kind++)
		if (strcmp(name, transform_names[kind]) == 0)
			return transform(summary, (PathTransform) kind, 0);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown path transform \"%s\"", name),
			 errhint("The transforms are: unique, exposure, first, frequency.")));
}

PG_FUNCTION_INFO_V1(journey_last_touches);
Datum
journey_last_touches(PG_FUNCTION_ARGS)
{
	const JourneySummary *summary = summary_from_datum(&journey_room, PG_GETARG_DATUM(0));
	int touches = PG_GETARG_INT32(1);

	if (touches < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("last_touches cannot keep %d touches", touches),
				 errhint("Write how many touches of each path to keep: 1 or more.")));
	return transform(summary, TRANSFORM_UNIQUE, touches);
}
