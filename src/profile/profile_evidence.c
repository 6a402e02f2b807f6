/*
 * profile_evidence.c
 *	  What an attribute says about conversion, and whether leads still look
 *	  alike: weight of evidence, information value, population stability index.
 */
#include "base/compat.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/counts.h"
#include "base/results.h"
#include "profile_binning.h"
#include "profile_evidence.h"

/* What a count of zero is taken for. */
#define ZERO_CELL 0.9

static double
cell(int64 count)
{
	return count == 0 ? ZERO_CELL : (double) count;
}

int
profile_bins_argument(FunctionCallInfo fcinfo, int argument)
{
	int bins = PG_ARGISNULL(argument) ? PROFILE_DEFAULT_BINS : PG_GETARG_INT32(argument);

	if (bins < 1 || bins > PROFILE_MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be between 1 and %d, not %d", PROFILE_MAX_BINS, bins),
				 errhint("It is how many ranges the numbers of an attribute are cut into at most; 10 is usual.")));
	return bins;
}

ProfileEvidence *
profile_evidence(const ProfileSummary *profile, const ProfileAttribute *attribute, int max_bins,
				 bool monotone)
{
	ProfileEvidence *evidence = palloc0(sizeof(ProfileEvidence));
	double totals[PROFILE_OUTCOMES] = {0};
	ProfileBins *bins = &evidence->bins;

	profile_bin_by_outcome(attribute, max_bins, monotone, bins);
	evidence->counts = palloc(mul_size(bins->count, sizeof(*evidence->counts)));
	evidence->shares = palloc0(mul_size(bins->count, sizeof(*evidence->shares)));
	evidence->weights = palloc0(mul_size(bins->count, sizeof(double)));
	profile_count_bins(bins, profile, attribute, evidence->counts);
	evidence->is_defined = profile->leads[PROFILE_LOST] > 0 && profile->leads[PROFILE_WON] > 0;
	for (int bin = 0; bin < bins->count; bin++)
		if (profile_bin_has_leads(evidence->counts[bin]))
			for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
				totals[outcome] += cell(evidence->counts[bin][outcome]);
	for (int bin = 0; bin < bins->count; bin++)
	{
		double *shares = evidence->shares[bin];

		if (!profile_bin_has_leads(evidence->counts[bin]))
			continue;
		for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
			shares[outcome] = cell(evidence->counts[bin][outcome]) / totals[outcome];
		evidence->weights[bin] = log(shares[PROFILE_WON] / shares[PROFILE_LOST]);
		evidence->information_value += (shares[PROFILE_WON] - shares[PROFILE_LOST]) * evidence->weights[bin];
	}
	return evidence;
}

void
profile_bin_columns(const ProfileBins *bins, int bin, int number, Datum *values, bool *nulls)
{
	ProfileBinKind kind = profile_bin_kind(bins, bin);

	values[0] = Int32GetDatum(number);
	values[1] = CStringGetTextDatum(profile_bin_label(bins, bin));
	values[2] = CStringGetTextDatum(profile_bin_kind_name(bins, bin));
	nulls[3] = kind != PROFILE_BIN_NUMBERS || bin == 0;
	if (!nulls[3])
		values[3] = Float8GetDatum(bins->edges[bin - 1]);
	nulls[4] = kind != PROFILE_BIN_NUMBERS || bin == bins->edge_count;
	if (!nulls[4])
		values[4] = Float8GetDatum(bins->edges[bin]);
	nulls[5] = kind != PROFILE_BIN_VALUE;
	if (!nulls[5])
		values[5] = values[1];
}

static const ProfileSummary *
profile_argument(FunctionCallInfo fcinfo, int argument)
{
	return summary_from_datum(&profile_room, PG_GETARG_DATUM(argument));
}

/* (profile, attribute, bins, monotone) */
PG_FUNCTION_INFO_V1(profile_weight_of_evidence);
Datum
profile_weight_of_evidence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int max_bins = profile_bins_argument(fcinfo, 2);
	bool monotone = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	char *only = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	const ProfileSummary *profile;
	int *sorted;
	bool found = false;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	profile = profile_argument(fcinfo, 0);
	sorted = profile_sorted_attributes(profile);
	for (int i = 0; i < profile->names.count; i++)
	{
		const char *name = profile->names.texts[sorted[i]];
		ProfileEvidence *evidence;
		int number = 0;

		CHECK_FOR_INTERRUPTS();
		if (only != NULL && strcmp(only, name) != 0)
			continue;
		found = true;
		evidence = profile_evidence(profile, &profile->attributes[sorted[i]], max_bins, monotone);
		for (int bin = 0; bin < evidence->bins.count; bin++)
		{
			const int64 *counts = evidence->counts[bin];
			const double *shares = evidence->shares[bin];
			Datum values[13] = {0};
			bool nulls[13] = {false};

			if (!profile_bin_has_leads(counts))
				continue;
			values[0] = CStringGetTextDatum(name);
			profile_bin_columns(&evidence->bins, bin, ++number, values + 1, nulls + 1);
			values[7] = Int64GetDatum(counts[PROFILE_WON]);
			values[8] = Int64GetDatum(counts[PROFILE_LOST]);
			values[9] = Float8GetDatum(shares[PROFILE_WON]);
			values[10] = Float8GetDatum(shares[PROFILE_LOST]);
			values[11] = Float8GetDatum(evidence->weights[bin]);
			values[12] = Float8GetDatum((shares[PROFILE_WON] - shares[PROFILE_LOST]) *
										evidence->weights[bin]);
			for (int column = 9; column < 13; column++)
				nulls[column] = !evidence->is_defined;
			put_row(result, values, nulls);
		}
	}
	if (only != NULL && !found)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the profile has no attribute \"%s\"", only),
				 errhint("counts(lead_profile) lists the attributes; those of nested objects have dotted names, such as company.size.")));
	return (Datum) 0;
}

typedef struct AttributeValue
{
	const char *name;
	double value;
	int bins;
	bool is_defined;
} AttributeValue;

/* Highest first, then by name. */
static int
compare_attribute_values(const void *a, const void *b)
{
	const AttributeValue *left = a;
	const AttributeValue *right = b;

	if (left->value != right->value)
		return left->value > right->value ? -1 : 1;
	return strcmp(left->name, right->name);
}

/* Rows (attribute, value, bins), highest first. */
static void
put_attribute_values(ReturnSetInfo *result, AttributeValue *attributes, int count)
{
	if (count > 1)
		qsort(attributes, count, sizeof(AttributeValue), compare_attribute_values);
	for (int i = 0; i < count; i++)
	{
		Datum values[3];
		bool nulls[3] = {false, !attributes[i].is_defined, false};

		CHECK_FOR_INTERRUPTS();
		values[0] = CStringGetTextDatum(attributes[i].name);
		values[1] = Float8GetDatum(attributes[i].value);
		values[2] = Int32GetDatum(attributes[i].bins);
		put_row(result, values, nulls);
	}
}

/* (profile, bins, monotone) */
PG_FUNCTION_INFO_V1(profile_information_value);
Datum
profile_information_value(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int max_bins = profile_bins_argument(fcinfo, 1);
	bool monotone = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	const ProfileSummary *profile;
	AttributeValue *attributes;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	profile = profile_argument(fcinfo, 0);
	attributes = palloc0(mul_size(Max(profile->names.count, 1), sizeof(AttributeValue)));
	for (int i = 0; i < profile->names.count; i++)
	{
		ProfileEvidence *evidence;

		CHECK_FOR_INTERRUPTS();
		evidence = profile_evidence(profile, &profile->attributes[i], max_bins, monotone);
		attributes[i].name = profile->names.texts[i];
		attributes[i].value = evidence->is_defined ? evidence->information_value : 0;
		attributes[i].is_defined = evidence->is_defined;
		for (int bin = 0; bin < evidence->bins.count; bin++)
			attributes[i].bins += profile_bin_has_leads(evidence->counts[bin]);
	}
	put_attribute_values(result, attributes, profile->names.count);
	return (Datum) 0;
}

/* ---------- drift ---------- */

/* Two profiles, equally coarse. */
typedef struct Comparison
{
	ProfileSummary *total;
	ProfileSummary *before;
	ProfileSummary *now;
} Comparison;

static Comparison
comparison_of(const ProfileSummary *before, const ProfileSummary *now)
{
	Comparison comparison = {profile_create(), profile_create(), profile_create()};

	summary_merge(&profile_room, comparison.before, before);
	summary_merge(&profile_room, comparison.now, now);
	summary_merge(&profile_room, comparison.total, before);
	summary_merge(&profile_room, comparison.total, now);
	profile_coarsen_like(comparison.before, comparison.total);
	profile_coarsen_like(comparison.now, comparison.total);
	return comparison;
}

/* How one attribute moved from bin to bin. */
typedef struct Drift
{
	ProfileBins bins;
	int64 *before; /* leads per bin */
	int64 *now;
	double *share_before;
	double *share_now;
	double *stability; /* per bin */
	double index;
} Drift;

static int64 *
leads_per_bin(const ProfileBins *bins, const ProfileSummary *profile, const ProfileAttribute *attribute)
{
	ProfileCounts *counts = palloc(mul_size(bins->count, sizeof(*counts)));
	int64 *leads = palloc(mul_size(bins->count, sizeof(int64)));

	profile_count_bins(bins, profile, attribute, counts);
	for (int bin = 0; bin < bins->count; bin++)
		leads[bin] = add_counts(counts[bin][PROFILE_LOST], counts[bin][PROFILE_WON], "lead_profile");
	pfree(counts);
	return leads;
}

static Drift *
drift_of(const Comparison *comparison, const char *name, int max_bins)
{
	Drift *drift = palloc0(sizeof(Drift));
	const ProfileAttribute *before = profile_find_attribute(comparison->before, name, (int) strlen(name));
	const ProfileAttribute *now = profile_find_attribute(comparison->now, name, (int) strlen(name));
	ProfileBins *bins = &drift->bins;
	double total_before = 0;
	double total_now = 0;

	/* The bins are those of before, if there were any. */
	profile_bin_by_size(before != NULL ? before : now, max_bins, bins);
	drift->before = leads_per_bin(bins, comparison->before, before);
	drift->now = leads_per_bin(bins, comparison->now, now);
	drift->share_before = palloc0(mul_size(bins->count, sizeof(double)));
	drift->share_now = palloc0(mul_size(bins->count, sizeof(double)));
	drift->stability = palloc0(mul_size(bins->count, sizeof(double)));
	for (int bin = 0; bin < bins->count; bin++)
		if (drift->before[bin] > 0 || drift->now[bin] > 0)
		{
			total_before += cell(drift->before[bin]);
			total_now += cell(drift->now[bin]);
		}
	for (int bin = 0; bin < bins->count; bin++)
		if (drift->before[bin] > 0 || drift->now[bin] > 0)
		{
			drift->share_before[bin] = cell(drift->before[bin]) / total_before;
			drift->share_now[bin] = cell(drift->now[bin]) / total_now;
			drift->stability[bin] = (drift->share_now[bin] - drift->share_before[bin]) *
				log(drift->share_now[bin] / drift->share_before[bin]);
			drift->index += drift->stability[bin];
		}
	return drift;
}

static bool
is_comparable(const ProfileSummary *before, const ProfileSummary *now)
{
	return (before->leads[PROFILE_LOST] > 0 || before->leads[PROFILE_WON] > 0) &&
		(now->leads[PROFILE_LOST] > 0 || now->leads[PROFILE_WON] > 0);
}

/* (before, now, bins) */
PG_FUNCTION_INFO_V1(profile_drift);
Datum
profile_drift(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int max_bins = profile_bins_argument(fcinfo, 2);
	Comparison comparison;
	AttributeValue *attributes;
	bool is_defined;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	comparison = comparison_of(profile_argument(fcinfo, 0), profile_argument(fcinfo, 1));
	is_defined = is_comparable(comparison.before, comparison.now);
	attributes = palloc0(mul_size(Max(comparison.total->names.count, 1), sizeof(AttributeValue)));
	for (int i = 0; i < comparison.total->names.count; i++)
	{
		Drift *drift;

		CHECK_FOR_INTERRUPTS();
		drift = drift_of(&comparison, comparison.total->names.texts[i], max_bins);
		attributes[i].name = comparison.total->names.texts[i];
		attributes[i].value = is_defined ? drift->index : 0;
		attributes[i].is_defined = is_defined;
		for (int bin = 0; bin < drift->bins.count; bin++)
			attributes[i].bins += drift->before[bin] > 0 || drift->now[bin] > 0;
	}
	put_attribute_values(result, attributes, comparison.total->names.count);
	return (Datum) 0;
}

/* (before, now, bins) */
PG_FUNCTION_INFO_V1(profile_drift_bins);
Datum
profile_drift_bins(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int max_bins = profile_bins_argument(fcinfo, 2);
	Comparison comparison;
	int *sorted;
	bool is_defined;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	comparison = comparison_of(profile_argument(fcinfo, 0), profile_argument(fcinfo, 1));
	is_defined = is_comparable(comparison.before, comparison.now);
	sorted = profile_sorted_attributes(comparison.total);
	for (int i = 0; i < comparison.total->names.count; i++)
	{
		const char *name = comparison.total->names.texts[sorted[i]];
		Drift *drift;
		int number = 0;

		CHECK_FOR_INTERRUPTS();
		drift = drift_of(&comparison, name, max_bins);
		for (int bin = 0; bin < drift->bins.count; bin++)
		{
			Datum values[12] = {0};
			bool nulls[12] = {false};

			if (drift->before[bin] == 0 && drift->now[bin] == 0)
				continue;
			values[0] = CStringGetTextDatum(name);
			profile_bin_columns(&drift->bins, bin, ++number, values + 1, nulls + 1);
			values[7] = Int64GetDatum(drift->before[bin]);
			values[8] = Int64GetDatum(drift->now[bin]);
			values[9] = Float8GetDatum(drift->share_before[bin]);
			values[10] = Float8GetDatum(drift->share_now[bin]);
			values[11] = Float8GetDatum(drift->stability[bin]);
			for (int column = 9; column < 12; column++)
				nulls[column] = !is_defined;
			put_row(result, values, nulls);
		}
	}
	return (Datum) 0;
}
