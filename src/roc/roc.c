/*
 * roc.c
 *	  The SQL functions of a roc: type, totals, and how well the scores rank.
 */
#include "base/compat.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"

#include "base/arguments.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "rate/rate.h"
#include "rank_deviations.h"
#include "roc_summary.h"

#define MAX_BINS 10000

DEFINE_SUMMARY_FUNCTIONS(&roc_room, roc);
DEFINE_SUMMARY_FUNCTION(&roc_room, roc_to_jsonb, summary_to_jsonb);

static const RocSummary *
roc_argument(FunctionCallInfo fcinfo)
{
	return summary_from_datum(&roc_room, PG_GETARG_DATUM(0));
}

/* ---------- totals ---------- */

PG_FUNCTION_INFO_V1(roc_converted);
Datum
roc_converted(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(roc_argument(fcinfo)->converted);
}

PG_FUNCTION_INFO_V1(roc_not_converted);
Datum
roc_not_converted(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(roc_argument(fcinfo)->others);
}

PG_FUNCTION_INFO_V1(roc_ignored);
Datum
roc_ignored(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);

	return ignored_rows(fcinfo, roc_ignored_names, summary->ignored, ROC_IGNORED_REASONS);
}

/* ---------- ranking ---------- */

/*
 * Twice the number of pairs of a converted and another lead that the scores
 * put in order, a tie being half a pair: exact, so that the area is, too.
 */
static uint128
ordered_pairs(const RocSummary *summary)
{
	uint128 pairs = 0;
	int64 others_below = 0;

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];

		CHECK_FOR_INTERRUPTS();
		pairs += (uint128) entry->converted * (uint64) (2 * others_below + entry->others);
		others_below += entry->others;
	}
	return pairs;
}

static bool
has_both_kinds(const RocSummary *summary)
{
	return summary->converted > 0 && summary->others > 0;
}

/* The area, given both kinds. */
static double
area_of(const RocSummary *summary)
{
	return (double) ordered_pairs(summary) / (2.0 * (double) summary->converted * (double) summary->others);
}

/*
 * DeLong, DeLong and Clarke-Pearson (1988), by ranks as Sun and Xu (2014).
 * Needs two leads of each kind.
 */
static double
area_std_error(const RocSummary *summary)
{
	uint128 pairs = ordered_pairs(summary);
	RankDeviations converted = rank_deviations((int128) pairs, summary->converted);
	RankDeviations others = rank_deviations((int128) pairs, summary->others);
	int64 converted_below = 0;
	int64 others_below = 0;

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		int64 converted_above = summary->converted - converted_below - entry->converted;

		CHECK_FOR_INTERRUPTS();
		rank_deviations_add(&converted, 2 * others_below + entry->others, entry->converted);
		rank_deviations_add(&others, 2 * converted_above + entry->converted, entry->others);
		converted_below += entry->converted;
		others_below += entry->others;
	}
	return sqrt(
		rank_deviations_variance(&converted) / (4 * (double) summary->others * (double) summary->others) +
		rank_deviations_variance(&others) / (4 * (double) summary->converted * (double) summary->converted));
}

PG_FUNCTION_INFO_V1(roc_auc);
Datum
roc_auc(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);

	if (!has_both_kinds(summary))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(area_of(summary));
}

PG_FUNCTION_INFO_V1(roc_auc_std_error);
Datum
roc_auc_std_error(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);

	if (summary->converted < 2 || summary->others < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(area_std_error(summary));
}

/*
 * A bound on the scale of the log odds, which keeps it inside 0..1.  Leads
 * that are perfectly in order, or in reverse, show no variance to go by.
 */
static Datum
auc_bound(FunctionCallInfo fcinfo, double direction)
{
	const RocSummary *summary = roc_argument(fcinfo);
	double level = check_level(PG_GETARG_FLOAT8(1));
	double area;
	double std_error;
	double log_odds;
	double bound;

	if (summary->converted < 2 || summary->others < 2)
		PG_RETURN_NULL();
	area = area_of(summary);
	std_error = area_std_error(summary);
	if (!(area > 0 && area < 1 && std_error > 0))
		PG_RETURN_NULL();
	log_odds = log(area / (1 - area)) +
		direction * normal_critical_value(level) * std_error / (area * (1 - area));
	bound = 1 / (1 + exp(-log_odds));
	/* Next to level zero the way through the log odds may round to the other side. */
	PG_RETURN_FLOAT8(direction < 0 ? Min(bound, area) : Max(bound, area));
}

PG_FUNCTION_INFO_V1(roc_low);
Datum
roc_low(PG_FUNCTION_ARGS)
{
	return auc_bound(fcinfo, -1);
}

PG_FUNCTION_INFO_V1(roc_high);
Datum
roc_high(PG_FUNCTION_ARGS)
{
	return auc_bound(fcinfo, 1);
}

PG_FUNCTION_INFO_V1(roc_gini);
Datum
roc_gini(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);
	uint128 all;

	if (!has_both_kinds(summary))
		PG_RETURN_NULL();
	/* 2 auc - 1, without cancellation. */
	all = (uint128) summary->converted * (uint64) summary->others;
	PG_RETURN_FLOAT8((double) ((int128) ordered_pairs(summary) - (int128) all) / (double) all);
}

/* The largest distance between the two distributions, at distinct scores only. */
PG_FUNCTION_INFO_V1(roc_ks);
Datum
roc_ks(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);
	int64 converted = 0;
	int64 others = 0;
	int128 largest = 0;

	if (!has_both_kinds(summary))
		PG_RETURN_NULL();
	for (Size i = 0; i < summary->count; i++)
	{
		int128 distance;

		CHECK_FOR_INTERRUPTS();
		converted += summary->entries[i].converted;
		others += summary->entries[i].others;
		distance = (int128) converted * summary->others - (int128) others * summary->converted;
		largest = Max(largest, distance < 0 ? -distance : distance);
	}
	PG_RETURN_FLOAT8((double) largest / ((double) summary->converted * (double) summary->others));
}

/* Precision at each threshold, weighted by the recall that it adds. */
PG_FUNCTION_INFO_V1(roc_average_precision);
Datum
roc_average_precision(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);
	int64 leads = 0;
	int64 converted = 0;
	double sum = 0;

	if (summary->converted == 0)
		PG_RETURN_NULL();
	for (Size i = summary->count; i-- > 0;)
	{
		const RocEntry *entry = &summary->entries[i];

		CHECK_FOR_INTERRUPTS();
		converted += entry->converted;
		leads += entry->converted + entry->others;
		sum += (double) entry->converted * ((double) converted / (double) leads);
	}
	PG_RETURN_FLOAT8(sum / (double) summary->converted);
}

/*
 * How often leads convert in the best-scored fraction, relative to all.  Leads
 * of one score that the fraction cuts through count in proportion.
 */
PG_FUNCTION_INFO_V1(roc_lift);
Datum
roc_lift(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = roc_argument(fcinfo);
	double fraction = PG_GETARG_FLOAT8(1);
	double wanted;
	double captured = 0;

	/* Written so that NaN fails too. */
	if (!(fraction > 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fraction %g of the leads is not above 0 and at most 1", fraction),
				 errhint("Write 0.1 for the best-scored tenth.")));
	if (summary->converted == 0)
		PG_RETURN_NULL();
	wanted = fraction * (double) (summary->converted + summary->others);
	for (Size i = summary->count; i-- > 0;)
	{
		const RocEntry *entry = &summary->entries[i];
		double leads = (double) (entry->converted + entry->others);

		CHECK_FOR_INTERRUPTS();
		if (leads >= wanted)
		{
			captured += (double) entry->converted * (wanted / leads);
			break;
		}
		captured += (double) entry->converted;
		wanted -= leads;
	}
	PG_RETURN_FLOAT8(captured / (double) summary->converted / fraction);
}

/* ---------- tables, the best score first ---------- */

/* The curve: one row per threshold, the first of which nobody reaches. */
PG_FUNCTION_INFO_V1(roc_points);
Datum
roc_points(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const RocSummary *summary = roc_argument(fcinfo);
	int64 converted = 0;
	int64 others = 0;

	for (Size i = summary->count;; i--)
	{
		Datum values[6];
		bool nulls[6] = {false, false, false, false, false, false};

		CHECK_FOR_INTERRUPTS();
		nulls[0] = nulls[5] = i == summary->count;
		if (i < summary->count)
		{
			converted += summary->entries[i].converted;
			others += summary->entries[i].others;
			values[0] = Float8GetDatum(score_of_key(summary->entries[i].key));
			values[5] = Float8GetDatum((double) converted / (double) (converted + others));
		}
		values[1] = Int64GetDatum(converted);
		values[2] = Int64GetDatum(others);
		nulls[3] = summary->converted == 0;
		values[3] = Float8GetDatum((double) converted / (double) Max(summary->converted, 1));
		nulls[4] = summary->others == 0;
		values[4] = Float8GetDatum((double) others / (double) Max(summary->others, 1));
		put_row(result, values, nulls);
		if (i == 0)
			break;
	}
	return (Datum) 0;
}

/*
 * Groups of about as many leads each, or one group per score.  A group ends
 * where a score does: leads of one score are never told apart.
 */
PG_FUNCTION_INFO_V1(roc_gains);
Datum
roc_gains(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int bins = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1);
	const RocSummary *summary;
	int64 all;
	int64 cumulative = 0;
	int64 cumulative_converted = 0;
	int64 leads = 0;
	int64 converted = 0;
	int64 filled = 0; /* bins that are full */
	int bin = 0;
	double highest = 0;

	if (!PG_ARGISNULL(1) && (bins < 1 || bins > MAX_BINS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d bins are not between 1 and %d", bins, MAX_BINS),
				 errhint("Write 10 for deciles, NULL for one row per score.")));
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = roc_argument(fcinfo);
	all = summary->converted + summary->others;
	for (Size i = summary->count; i-- > 0;)
	{
		const RocEntry *entry = &summary->entries[i];
		Datum values[10];
		bool nulls[10] = {false};

		CHECK_FOR_INTERRUPTS();
		if (leads == 0)
			highest = score_of_key(entry->key);
		leads += entry->converted + entry->others;
		converted += entry->converted;
		cumulative += entry->converted + entry->others;
		cumulative_converted += entry->converted;
		if (bins > 0)
		{
			/* cumulative / all of the bins, rounded down: below 2^54 */
			int64 now_filled = cumulative * bins / all;

			if (now_filled == filled)
				continue;
			filled = now_filled;
		}
		values[0] = Int32GetDatum(++bin);
		values[1] = Float8GetDatum(score_of_key(entry->key));
		values[2] = Float8GetDatum(highest);
		values[3] = Int64GetDatum(leads);
		values[4] = Int64GetDatum(converted);
		values[5] = rate_datum(converted, leads);
		values[6] = Int64GetDatum(cumulative);
		values[7] = Int64GetDatum(cumulative_converted);
		nulls[8] = nulls[9] = summary->converted == 0;
		if (summary->converted > 0)
		{
			double capture = (double) cumulative_converted / (double) summary->converted;

			values[8] = Float8GetDatum(capture);
			values[9] = Float8GetDatum(((double) cumulative_converted * (double) all) /
									   ((double) cumulative * (double) summary->converted));
		}
		put_row(result, values, nulls);
		leads = converted = 0;
	}
	return (Datum) 0;
}
