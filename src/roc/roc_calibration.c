/*
 * roc_calibration.c
 *	  Scores as probabilities: how far they are from what happened.
 */
#include "base/compat.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"

#include "base/results.h"
#include "rate/rate.h"
#include "roc_summary.h"

#define MAX_BINS 10000

/* Scores of 0 and 1 have no log odds; they count as these. */
#define CLIPPED_SCORE 1e-6

#define MAX_NEWTON_STEPS 100
#define NEWTON_TOLERANCE 1e-12
#define LEAST_STEP 1e-12

/* A roc whose scores are probabilities, or an error. */
static const RocSummary *
probabilities_argument(FunctionCallInfo fcinfo)
{
	const RocSummary *summary = summary_from_datum(&roc_room, PG_GETARG_DATUM(0));

	if (summary->count > 0)
	{
		double lowest = score_of_key(summary->entries[0].key);
		double highest = score_of_key(summary->entries[summary->count - 1].key);

		if (lowest < 0 || highest > 1)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("score %.15g is not a probability", lowest < 0 ? lowest : highest),
					 errhint("This compares scores with how often leads convert, so they must lie between 0 and 1; auc(), ks(), lift() and gains() take any score.")));
	}
	return summary;
}

/* ---------- scores of a forecast ---------- */

PG_FUNCTION_INFO_V1(roc_brier);
Datum
roc_brier(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = probabilities_argument(fcinfo);
	double sum = 0;

	if (summary->count == 0)
		PG_RETURN_NULL();
	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		double p = score_of_key(entry->key);

		CHECK_FOR_INTERRUPTS();
		sum += (double) entry->converted * (1 - p) * (1 - p) + (double) entry->others * p * p;
	}
	PG_RETURN_FLOAT8(sum / (double) (summary->converted + summary->others));
}

/* Murphy (1973), by distinct score: brier = reliability - resolution + uncertainty. */
PG_FUNCTION_INFO_V1(roc_brier_decomposition);
Datum
roc_brier_decomposition(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = probabilities_argument(fcinfo);
	double leads = (double) (summary->converted + summary->others);
	double mean = (double) summary->converted / leads;
	double reliability = 0;
	double resolution = 0;
	Datum values[3];
	bool nulls[3] = {false, false, false};

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		double p = score_of_key(entry->key);
		double weight = (double) (entry->converted + entry->others);
		double observed = (double) entry->converted / weight;

		CHECK_FOR_INTERRUPTS();
		reliability += weight * (p - observed) * (p - observed);
		resolution += weight * (observed - mean) * (observed - mean);
	}
	if (summary->count == 0)
		memset(nulls, true, sizeof(nulls));
	values[0] = Float8GetDatum(reliability / leads);
	values[1] = Float8GetDatum(resolution / leads);
	values[2] = Float8GetDatum(mean * (1 - mean));
	return row_result(fcinfo, values, nulls);
}

/* Infinite when a lead did what its score ruled out. */
PG_FUNCTION_INFO_V1(roc_log_loss);
Datum
roc_log_loss(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = probabilities_argument(fcinfo);
	double sum = 0;

	if (summary->count == 0)
		PG_RETURN_NULL();
	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		double p = score_of_key(entry->key);

		CHECK_FOR_INTERRUPTS();
		if (entry->converted > 0)
			sum -= (double) entry->converted * log(p);
		if (entry->others > 0)
			sum -= (double) entry->others * log1p(-p);
	}
	PG_RETURN_FLOAT8(sum / (double) (summary->converted + summary->others));
}

/* ---------- calibration ---------- */

/* Scores in bins of equal width; a score on a border belongs to the bin above, 1 to the last. */
PG_FUNCTION_INFO_V1(roc_calibration);
Datum
roc_calibration(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const RocSummary *summary = probabilities_argument(fcinfo);
	int bins = PG_GETARG_INT32(1);
	Size next = 0;

	if (bins < 1 || bins > MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d bins are not between 1 and %d", bins, MAX_BINS),
				 errhint("Write 10 for steps of 0.1.")));
	for (int bin = 1; bin <= bins; bin++)
	{
		double end = (double) bin / bins;
		int64 leads = 0;
		int64 converted = 0;
		double sum = 0;
		Datum values[7];
		bool nulls[7] = {false};

		CHECK_FOR_INTERRUPTS();
		for (; next < summary->count; next++)
		{
			const RocEntry *entry = &summary->entries[next];
			double score = score_of_key(entry->key);

			CHECK_FOR_INTERRUPTS();
			if (score >= end && bin < bins)
				break;
			leads += entry->converted + entry->others;
			converted += entry->converted;
			sum += score * (double) (entry->converted + entry->others);
		}
		values[0] = Int32GetDatum(bin);
		values[1] = Float8GetDatum((double) (bin - 1) / bins);
		values[2] = Float8GetDatum(end);
		values[3] = Int64GetDatum(leads);
		values[4] = Int64GetDatum(converted);
		nulls[5] = leads == 0;
		values[5] = Float8GetDatum(sum / (double) Max(leads, 1));
		values[6] = rate_datum(converted, leads);
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* The log odds of conversion as a line: intercept + slope * (log odds of the score - centre). */
typedef struct CoxLine
{
	double intercept;
	double slope;
	double centre;
} CoxLine;

/* Sums over leads, for Newton's method on (intercept, slope). */
typedef struct CoxSums
{
	double loss; /* half the deviance */
	double gradient[2];
	double curvature[3]; /* 00, 01, 11 */
} CoxSums;

static double
log_odds_of_entry(const RocEntry *entry)
{
	double p = Min(Max(score_of_key(entry->key), CLIPPED_SCORE), 1 - CLIPPED_SCORE);

	return log(p / (1 - p));
}

static CoxSums
cox_sums(const RocSummary *summary, const CoxLine *line)
{
	CoxSums sums = {0, {0, 0}, {0, 0, 0}};

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		double x = log_odds_of_entry(entry) - line->centre;
		double weight = (double) (entry->converted + entry->others);
		double log_odds = line->intercept + line->slope * x;
		/* Nothing cancels however sure the line is. */
		double far = exp(-fabs(log_odds));
		double fitted = log_odds > 0 ? 1 / (1 + far) : far / (1 + far);
		double residual = (double) entry->converted - weight * fitted;
		double curvature = weight * far / ((1 + far) * (1 + far));

		CHECK_FOR_INTERRUPTS();
		sums.loss += weight * log1p(far) +
			fabs(log_odds) * (double) (log_odds > 0 ? entry->others : entry->converted);
		sums.gradient[0] += residual;
		sums.gradient[1] += residual * x;
		sums.curvature[0] += curvature;
		sums.curvature[1] += curvature * x;
		sums.curvature[2] += curvature * x * x;
	}
	return sums;
}

/* The step of Newton's method; false when nothing tells how long it is. */
static bool
cox_step(const CoxSums *sums, bool with_slope, double move[2])
{
	const double *curvature = sums->curvature;

	move[0] = sums->gradient[0] / curvature[0];
	move[1] = 0;
	if (with_slope)
	{
		double determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];

		if (!(determinant > 1e-12 * curvature[0] * curvature[2]))
			return false;
		move[0] = (curvature[2] * sums->gradient[0] - curvature[1] * sums->gradient[1]) / determinant;
		move[1] = (curvature[0] * sums->gradient[1] - curvature[1] * sums->gradient[0]) / determinant;
	}
	return isfinite(move[0]) && isfinite(move[1]);
}

/*
 * Newton's method from the line that knows only how many converted, with half a
 * step where a whole one makes it worse: from the scores as they are, the steps
 * of an overconfident score go from one end to the other for ever.  False when
 * there is no maximum: separated outcomes, or one score only.
 */
static bool
fit_cox(const RocSummary *summary, bool with_slope, CoxLine *line)
{
	double leads = (double) summary->converted + (double) summary->others;
	CoxSums sums;

	*line = (CoxLine){0, 1, 0};
	if (with_slope)
	{
		*line = (CoxLine){log((double) summary->converted / (double) summary->others), 0, 0};
		/* Around their mean, scores that hardly differ are told apart. */
		for (Size i = 0; i < summary->count; i++)
			line->centre += log_odds_of_entry(&summary->entries[i]) *
				((double) (summary->entries[i].converted + summary->entries[i].others) / leads);
	}
	sums = cox_sums(summary, line);
	for (int step = 0; step < MAX_NEWTON_STEPS; step++)
	{
		double move[2];
		CoxLine moved;
		CoxSums moved_sums;
		double share = 1;

		CHECK_FOR_INTERRUPTS();
		if (!cox_step(&sums, with_slope, move))
			return false;
		for (;;)
		{
			moved = *line;
			moved.intercept += share * move[0];
			moved.slope += share * move[1];
			moved_sums = cox_sums(summary, &moved);
			/* Rounding may hide the last gains. */
			if (moved_sums.loss <= sums.loss * (1 + 1e-12))
				break;
			share /= 2;
			if (share < LEAST_STEP)
				return false;
		}
		*line = moved;
		sums = moved_sums;
		if (fabs(move[0]) <= NEWTON_TOLERANCE * (1 + fabs(line->intercept)) &&
			fabs(move[1]) <= NEWTON_TOLERANCE * (1 + fabs(line->slope)))
			return true;
	}
	return false;
}

/* Cox (1958): the log odds of conversion as a straight line of those of the score. */
PG_FUNCTION_INFO_V1(roc_cox_calibration);
Datum
roc_cox_calibration(PG_FUNCTION_ARGS)
{
	const RocSummary *summary = probabilities_argument(fcinfo);
	Datum values[3];
	bool nulls[3] = {true, true, true};

	if (summary->converted > 0 && summary->others > 0)
	{
		CoxLine line;

		nulls[0] = nulls[1] = !fit_cox(summary, true, &line);
		values[0] = Float8GetDatum(line.intercept - line.slope * line.centre);
		values[1] = Float8GetDatum(line.slope);
		nulls[2] = !fit_cox(summary, false, &line);
		values[2] = Float8GetDatum(line.intercept);
	}
	return row_result(fcinfo, values, nulls);
}

/* A run of scores with one probability. */
typedef struct Pool
{
	Size first;
	int64 leads;
	int64 converted;
} Pool;

/*
 * The probabilities that fit best without ever falling as the score rises,
 * by pooling adjacent violators (Ayer and others 1955).  Takes any score.
 */
PG_FUNCTION_INFO_V1(roc_isotonic);
Datum
roc_isotonic(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const RocSummary *summary = summary_from_datum(&roc_room, PG_GETARG_DATUM(0));
	Pool *pools = MemoryContextAllocHuge(CurrentMemoryContext,
										 mul_size(Max(summary->count, 1), sizeof(Pool)));
	Size count = 0;

	for (Size i = 0; i < summary->count; i++)
	{
		const RocEntry *entry = &summary->entries[i];
		Pool pool = {i, entry->converted + entry->others, entry->converted};

		CHECK_FOR_INTERRUPTS();
		/* Equal ones are pooled, too. */
		while (count > 0 &&
			   (int128) pools[count - 1].converted * pool.leads >=
				   (int128) pool.converted * pools[count - 1].leads)
		{
			count--;
			pool.first = pools[count].first;
			pool.leads += pools[count].leads;
			pool.converted += pools[count].converted;
		}
		pools[count++] = pool;
	}
	for (Size i = 0; i < count; i++)
	{
		Size end = i + 1 < count ? pools[i + 1].first : summary->count;
		Datum values[5];
		bool nulls[5] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Float8GetDatum(score_of_key(summary->entries[pools[i].first].key));
		values[1] = Float8GetDatum(score_of_key(summary->entries[end - 1].key));
		values[2] = Int64GetDatum(pools[i].leads);
		values[3] = Int64GetDatum(pools[i].converted);
		values[4] = Float8GetDatum((double) pools[i].converted / (double) pools[i].leads);
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}
