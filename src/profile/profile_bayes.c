/*
 * profile_bayes.c
 *	  The probability that a lead converts, by naive Bayes, and what it is
 *	  made of.
 *
 * As in Odoo's predictive lead scoring, 0.1 is added to every count, a value's
 * share is of the counts of its attribute's values, and values never seen are
 * passed over.  Several profiles together are smoothed each by itself.
 */
#include "base/compat.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/argument_cache.h"
#include "base/results.h"
#include "rate/rate.h"
#include "profile_attributes.h"
#include "profile_binning.h"
#include "profile_summary.h"

#define SMOOTHING 0.1
#define LEAST_PROBABILITY 0.0001

/* Up to so many distinct numbers are values of their own, not ranges. */
#define MAX_SINGLE_NUMBERS 12

typedef struct Cell
{
	double log_odds; /* NaN: never seen */
	int64 counts[PROFILE_OUTCOMES];
} Cell;

typedef struct BayesAttribute
{
	Cell booleans[2];
	Cell *texts;		 /* by number or bucket, as in the profile */
	ProfileBins *ranges; /* of the numbers; NULL: single numbers */
	double *singles;	 /* ascending */
	int number_count;	 /* ranges or single numbers */
	Cell *numbers;
} BayesAttribute;

/* A profile prepared for scoring. */
typedef struct Bayes
{
	const ProfileSummary *total;
	int profile_count;
	BayesAttribute *attributes;
} Bayes;

/* ---------- preparing ---------- */

static double
smoothed(int64 count, double cells)
{
	return (double) count + SMOOTHING * cells;
}

static double
log_ratio(const int64 *counts, double cells)
{
	return log(smoothed(counts[PROFILE_WON], cells)) - log(smoothed(counts[PROFILE_LOST], cells));
}

/* The profiles, equally coarse: each smooths once the cells of which it has leads. */
typedef struct Seen
{
	const ProfileSummary *total;
	const ProfileAttribute **attributes; /* per profile; NULL: it has none */
	int count;
} Seen;

static bool
has_leads(const int64 *counts)
{
	return counts[PROFILE_LOST] > 0 || counts[PROFILE_WON] > 0;
}

static int
seen_boolean(const Seen *seen, bool value)
{
	int profiles = 0;

	for (int i = 0; i < seen->count; i++)
		profiles += seen->attributes[i] != NULL && has_leads(seen->attributes[i]->booleans[value]);
	return profiles;
}

static int
seen_bucket(const Seen *seen, int bucket)
{
	int profiles = 0;

	for (int i = 0; i < seen->count; i++)
		profiles += seen->attributes[i] != NULL && seen->attributes[i]->hashed &&
			has_leads(seen->attributes[i]->text_counts[bucket]);
	return profiles;
}

static int
seen_text(const Seen *seen, const char *text)
{
	int profiles = 0;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < seen->count; i++)
		profiles += seen->attributes[i] != NULL &&
			profile_find_text(seen->attributes[i], text, (int) strlen(text)) >= 0;
	return profiles;
}

static int
seen_range(const Seen *seen, double from, bool has_below, double below)
{
	int profiles = 0;

	for (int i = 0; i < seen->count; i++)
	{
		const ProfileNumbers *numbers = seen->attributes[i] != NULL ? &seen->attributes[i]->numbers : NULL;
		bool found = false;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; numbers != NULL && j < numbers->count && !found; j++)
		{
			double number = profile_number(numbers, j);

			found = number >= from && (!has_below || number < below);
		}
		profiles += found;
	}
	return profiles;
}

/* A cell with its counts; its log odds are made when the attribute's total is known. */
static void
set_cell(Cell *cell, const int64 *counts, int seen, double *cells)
{
	cell->counts[PROFILE_LOST] = counts[PROFILE_LOST];
	cell->counts[PROFILE_WON] = counts[PROFILE_WON];
	cell->log_odds = seen > 0 ? log_ratio(counts, seen) : NAN;
	*cells += seen;
}

static void
prepare_numbers(const ProfileAttribute *attribute, const Seen *seen, BayesAttribute *bayes, double *cells)
{
	const ProfileNumbers *numbers = &attribute->numbers;
	ProfileCounts *counts;

	if (numbers->count == 0)
		return;
	if (numbers->count <= MAX_SINGLE_NUMBERS && numbers->shift == 0)
	{
		int *sorted = profile_sorted_numbers(numbers);

		bayes->number_count = numbers->count;
		bayes->singles = palloc(mul_size(numbers->count, sizeof(double)));
		bayes->numbers = palloc(mul_size(numbers->count, sizeof(Cell)));
		for (int i = 0; i < numbers->count; i++)
		{
			double number = profile_number(numbers, sorted[i]);

			bayes->singles[i] = number;
			set_cell(&bayes->numbers[i], numbers->counts[sorted[i]],
					 seen->count == 1 ? 1 : seen_range(seen, number, true, nextafter(number, INFINITY)),
					 cells);
		}
		return;
	}
	bayes->ranges = palloc(sizeof(ProfileBins));
	profile_bin_by_outcome(attribute, PROFILE_DEFAULT_BINS, false, bayes->ranges);
	counts = palloc(mul_size(bayes->ranges->count, sizeof(*counts)));
	profile_count_bins(bayes->ranges, seen->total, attribute, counts);
	bayes->number_count = bayes->ranges->edge_count + 1;
	bayes->numbers = palloc(mul_size(bayes->number_count, sizeof(Cell)));
	for (int i = 0; i < bayes->number_count; i++)
	{
		bool last = i == bayes->ranges->edge_count;
		double from = i == 0 ? -INFINITY : bayes->ranges->edges[i - 1];
		double below = last ? 0 : bayes->ranges->edges[i];

		set_cell(&bayes->numbers[i], counts[i], seen->count == 1 ? 1 : seen_range(seen, from, !last, below),
				 cells);
	}
}

static void
subtract(Cell *cell, double log_odds)
{
	cell->log_odds -= log_odds;
}

static void
prepare_attribute(const ProfileAttribute *attribute, const Seen *seen, BayesAttribute *bayes)
{
	int texts = profile_text_count(attribute);
	double cells = 0;
	double total;

	for (int value = 0; value < 2; value++)
		set_cell(&bayes->booleans[value], attribute->booleans[value], seen_boolean(seen, value), &cells);
	bayes->texts = palloc(mul_size(Max(texts, 1), sizeof(Cell)));
	for (int i = 0; i < texts; i++)
	{
		int profiles;

		if (seen->count == 1)
			profiles = has_leads(attribute->text_counts[i]);
		else if (attribute->hashed)
			profiles = seen_bucket(seen, i);
		else
			profiles = seen_text(seen, attribute->texts.texts[i]);
		set_cell(&bayes->texts[i], attribute->text_counts[i], profiles, &cells);
	}
	prepare_numbers(attribute, seen, bayes, &cells);

	/* The share of each: of the counts of all values, smoothed like these. */
	total = log_ratio(attribute->values, cells);
	for (int value = 0; value < 2; value++)
		subtract(&bayes->booleans[value], total);
	for (int i = 0; i < texts; i++)
		subtract(&bayes->texts[i], total);
	for (int i = 0; i < bayes->number_count; i++)
		subtract(&bayes->numbers[i], total);
}

static Bayes *
prepare(const ProfileSummary *total, const ProfileSummary *const *profiles, int profile_count)
{
	Bayes *bayes = palloc0(sizeof(Bayes));
	Seen seen = {total, palloc(mul_size(Max(profile_count, 1), sizeof(ProfileAttribute *))), profile_count};

	bayes->total = total;
	bayes->profile_count = profile_count;
	bayes->attributes = palloc0(mul_size(Max(total->names.count, 1), sizeof(BayesAttribute)));
	for (int i = 0; i < total->names.count; i++)
	{
		const char *name = total->names.texts[i];

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < profile_count; j++)
			seen.attributes[j] = profile_find_attribute(profiles[j], name, (int) strlen(name));
		prepare_attribute(&total->attributes[i], &seen, &bayes->attributes[i]);
	}
	return bayes;
}

static void *
prepare_one(Datum value)
{
	const ProfileSummary *profile = summary_from_datum(&profile_room, value);

	return prepare(profile, &profile, 1);
}

static void *
prepare_array(Datum value)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	ProfileSummary *total = profile_create();
	ProfileSummary **profiles;
	Datum *elements;
	bool *nulls;
	int count;
	int used = 0;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	profiles = palloc(mul_size(Max(count, 1), sizeof(ProfileSummary *)));
	for (int i = 0; i < count; i++)
		if (!nulls[i])
		{
			profiles[used] = profile_create();
			summary_merge(&profile_room, profiles[used], summary_from_datum(&profile_room, elements[i]));
			summary_merge(&profile_room, total, profiles[used++]);
		}
	for (int i = 0; i < used; i++)
		profile_coarsen_like(profiles[i], total);
	return prepare(total, (const ProfileSummary *const *) profiles, used);
}

/* ---------- scoring ---------- */

/* The log odds to begin with, and their counts; false when there are none. */
static bool
prior_log_odds(FunctionCallInfo fcinfo, const Bayes *bayes, int64 *counts, double *log_odds)
{
	/* Of leads that all did the same nothing can be learned. */
	if (bayes->total->leads[PROFILE_LOST] == 0 || bayes->total->leads[PROFILE_WON] == 0)
		return false;
	if (PG_ARGISNULL(2))
		memcpy(counts, bayes->total->leads, sizeof(bayes->total->leads));
	else
	{
		int64 trials;

		rate_counts(PG_GETARG_DATUM(2), &counts[PROFILE_WON], &trials);
		if (trials == 0)
			return false;
		counts[PROFILE_LOST] = trials - counts[PROFILE_WON];
	}
	*log_odds = log_ratio(counts, bayes->profile_count);
	return true;
}

/* Numbers are those of the profile: on its grid, where it has one. */
static const Cell *
number_cell(const BayesAttribute *attribute, double number)
{
	if (attribute->ranges != NULL)
		return &attribute->numbers[profile_bin_of_number(attribute->ranges, number)];
	for (int i = 0; i < attribute->number_count; i++)
		if (attribute->singles[i] == number)
			return &attribute->numbers[i];
	return NULL;
}

/* The cell of a value that counts; NULL when it was never seen. */
static const Cell *
find_cell(const Bayes *bayes, int attribute_number, const ProfileValue *value)
{
	const BayesAttribute *attribute = &bayes->attributes[attribute_number];
	const Cell *cell = NULL;
	int text;

	switch (value->kind)
	{
		case PROFILE_BOOLEAN:
			cell = &attribute->booleans[value->boolean];
			break;
		case PROFILE_TEXT:
			text = profile_find_text(&bayes->total->attributes[attribute_number], value->text, value->length);
			if (text >= 0)
				cell = &attribute->texts[text];
			break;
		case PROFILE_NUMBER:
			cell = number_cell(attribute, value->number);
			break;
		default:
			break;
	}
	return cell == NULL || isnan(cell->log_odds) ? NULL : cell;
}

typedef struct Score
{
	const Bayes *bayes;
	double log_odds;
} Score;

static void
add_to_score(void *context, const char *name, int length, const ProfileValue *value)
{
	Score *score = context;
	int attribute = text_dictionary_find(&score->bayes->total->names, name, length);
	const Cell *cell;

	if (attribute >= 0 && (cell = find_cell(score->bayes, attribute, value)) != NULL)
		score->log_odds += cell->log_odds;
}

/* (profile, attributes, prior) */
static Datum
probability(FunctionCallInfo fcinfo, void *(*prepare_profile)(Datum))
{
	Score score;
	int64 counts[PROFILE_OUTCOMES];
	double result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	score.bayes = cached_argument(fcinfo, 0, prepare_profile);
	if (!prior_log_odds(fcinfo, score.bayes, counts, &score.log_odds))
		PG_RETURN_NULL();
	/* Of a lead without attributes, or with something else in their place, nothing is known. */
	if (!PG_ARGISNULL(1))
		(void) profile_visit(PG_GETARG_JSONB_P(1), add_to_score, &score);
	result = 1 / (1 + exp(-score.log_odds));
	PG_RETURN_FLOAT8(Max(LEAST_PROBABILITY, Min(1 - LEAST_PROBABILITY, result)));
}

PG_FUNCTION_INFO_V1(profile_probability);
Datum
profile_probability(PG_FUNCTION_ARGS)
{
	return probability(fcinfo, prepare_one);
}

PG_FUNCTION_INFO_V1(profile_probability_together);
Datum
profile_probability_together(PG_FUNCTION_ARGS)
{
	return probability(fcinfo, prepare_array);
}

/* ---------- explaining ---------- */

typedef struct Explanation
{
	ReturnSetInfo *result;
	const Bayes *bayes;
	double log_odds;
} Explanation;

/* A row; attribute, value and counts may be NULL. */
static void
put_reason(Explanation *explanation, const char *attribute, const char *value, double log_odds,
		   const int64 *counts, const char *reason)
{
	Datum values[6] = {0};
	bool nulls[6] = {false};

	nulls[0] = attribute == NULL;
	if (attribute != NULL)
		values[0] = CStringGetTextDatum(attribute);
	nulls[1] = value == NULL;
	if (value != NULL)
		values[1] = CStringGetTextDatum(value);
	values[2] = Float8GetDatum(log_odds);
	nulls[3] = nulls[4] = counts == NULL;
	if (counts != NULL)
	{
		values[3] = Int64GetDatum(counts[PROFILE_WON]);
		values[4] = Int64GetDatum(counts[PROFILE_LOST]);
	}
	values[5] = CStringGetTextDatum(reason);
	explanation->log_odds += log_odds;
	tuplestore_putvalues(explanation->result->setResult, explanation->result->setDesc, values, nulls);
}

static char *
converted_of(const int64 *counts)
{
	return psprintf(INT64_FORMAT " of " UINT64_FORMAT " converted", counts[PROFILE_WON],
					(uint64) counts[PROFILE_WON] + (uint64) counts[PROFILE_LOST]);
}

static char *
value_text(const ProfileValue *value)
{
	StringInfoData text;

	switch (value->kind)
	{
		case PROFILE_BOOLEAN:
			return pstrdup(value->boolean ? "true" : "false");
		case PROFILE_TEXT:
			return pnstrdup(value->text, value->length);
		case PROFILE_NUMBER:
			initStringInfo(&text);
			summary_print_float8(&text, value->number);
			return text.data;
		default:
			return NULL;
	}
}

static void
explain_value(void *context, const char *name, int length, const ProfileValue *value)
{
	Explanation *explanation = context;
	const Bayes *bayes = explanation->bayes;
	int attribute = text_dictionary_find(&bayes->total->names, name, length);
	const Cell *cell = NULL;
	const char *reason;

	if (attribute >= 0)
		cell = find_cell(bayes, attribute, value);
	if (cell != NULL)
	{
		const ProfileBins *ranges = bayes->attributes[attribute].ranges;

		reason = converted_of(cell->counts);
		if (value->kind == PROFILE_NUMBER && ranges != NULL)
			reason = psprintf("%s: %s",
							  profile_bin_label(ranges, profile_bin_of_number(ranges, value->number)),
							  reason);
	}
	else if (value->kind == PROFILE_NULL)
		reason = "null: no effect";
	else if (value->kind == PROFILE_TOO_LARGE)
		reason = "number out of range: no effect";
	else if (value->kind == PROFILE_NESTED)
		reason = "nested in an array: no effect";
	else if (attribute < 0)
		reason = "attribute never seen: no effect";
	else
		reason = "value never seen: no effect";
	put_reason(explanation, pnstrdup(name, length), value_text(value), cell != NULL ? cell->log_odds : 0,
			   cell != NULL ? cell->counts : NULL, reason);
}

/* (profile, attributes, prior) */
static Datum
explain(FunctionCallInfo fcinfo, void *(*prepare_profile)(Datum))
{
	Explanation explanation = {.result = begin_rows(fcinfo)};
	int64 counts[PROFILE_OUTCOMES];
	double prior;
	double limit = log((1 - LEAST_PROBABILITY) / LEAST_PROBABILITY);

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	explanation.bayes = cached_argument(fcinfo, 0, prepare_profile);
	if (!prior_log_odds(fcinfo, explanation.bayes, counts, &prior))
		return (Datum) 0;
	put_reason(&explanation, NULL, NULL, prior, counts, psprintf("prior: %s", converted_of(counts)));
	if (!PG_ARGISNULL(1) && !profile_visit(PG_GETARG_JSONB_P(1), explain_value, &explanation))
		put_reason(&explanation, NULL, NULL, 0, NULL, "attributes are no JSON object: no effect");
	if (explanation.log_odds < -limit)
		put_reason(&explanation, NULL, NULL, -limit - explanation.log_odds, NULL,
				   "no probability is below 0.0001");
	else if (explanation.log_odds > limit)
		put_reason(&explanation, NULL, NULL, limit - explanation.log_odds, NULL,
				   "no probability is above 0.9999");
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(profile_explain);
Datum
profile_explain(PG_FUNCTION_ARGS)
{
	return explain(fcinfo, prepare_one);
}

PG_FUNCTION_INFO_V1(profile_explain_together);
Datum
profile_explain_together(PG_FUNCTION_ARGS)
{
	return explain(fcinfo, prepare_array);
}
