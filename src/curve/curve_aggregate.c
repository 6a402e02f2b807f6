/*
 * curve_aggregate.c
 *	  The aggregate that builds a conversion curve: accumulate, combine,
 *	  serialize, deserialize, final.
 */
#include "base/compat.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/duration.h"
#include "curve_summary.h"

#define DEFAULT_RESOLUTION USECS_PER_DAY

/* ---------- accumulate ---------- */

static int64
read_resolution(const Interval *interval)
{
	int64 resolution = fixed_duration(interval, "resolution");

	if (resolution == PG_INT64_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("resolution \"%s\" is too long",
						DatumGetCString(DirectFunctionCall1(interval_out,
															IntervalPGetDatum(interval)))),
				 errhint("Write the unit in which ages are counted, such as '1 day'.")));
	/* Timestamps have microseconds: that is exact. */
	return Max(resolution, 1);
}

/* The state for a row, after a look at the resolution, which is the same for all. */
static inline ConversionCurve *
state_for_row(FunctionCallInfo fcinfo, int argument)
{
	ConversionCurve *curve = PG_ARGISNULL(0) ? NULL : (ConversionCurve *) PG_GETARG_POINTER(0);
	const Interval *given = NULL;
	int64 resolution = DEFAULT_RESOLUTION;

	if (PG_NARGS() > argument && !PG_ARGISNULL(argument))
	{
		given = PG_GETARG_INTERVAL_P(argument);
		if (likely(curve != NULL && curve->has_given && memcmp(given, &curve->given, sizeof(Interval)) == 0))
			return curve;
		resolution = read_resolution(given);
	}
	if (curve == NULL)
	{
		MemoryContext previous = MemoryContextSwitchTo(aggregate_context(fcinfo, "conversion_curve"));

		curve = curve_create(resolution);
		MemoryContextSwitchTo(previous);
	}
	if (curve->resolution != resolution)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the resolution of a conversion_curve must be the same for all rows of a group"),
				 errhint("Write it as a constant, or GROUP BY what it depends on.")));
	if (given != NULL)
	{
		curve->given = *given;
		curve->has_given = true;
	}
	return curve;
}

/* Infinite when there is none; "never" may be written infinity, too. */
static inline TimestampTz
event_time(FunctionCallInfo fcinfo, int argument, bool is_date)
{
	return PG_ARGISNULL(argument) ? DT_NOEND : time_argument(fcinfo, argument, is_date);
}

static inline void
add_row(ConversionCurve *curve, FunctionCallInfo fcinfo, TimestampTz converted, TimestampTz lost,
		int observed_argument, bool is_date)
{
	TimestampTz entered;
	TimestampTz observed;
	TimestampTz left;
	CurveOutcome outcome;
	int64 elapsed;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(observed_argument))
	{
		curve_ignore(curve, CURVE_NULL_TIME);
		return;
	}
	entered = time_argument(fcinfo, 1, is_date);
	observed = time_argument(fcinfo, observed_argument, is_date);
	if (TIMESTAMP_NOT_FINITE(entered) || TIMESTAMP_NOT_FINITE(observed))
		curve_ignore(curve, CURVE_INFINITE_TIME);
	else if (observed < entered)
		curve_ignore(curve, CURVE_ENTERED_AFTER_OBSERVED);
	else if (converted < entered)
		curve_ignore(curve, CURVE_CONVERTED_BEFORE_ENTERED);
	else if (lost < entered)
		curve_ignore(curve, CURVE_LOST_BEFORE_ENTERED);
	else
	{
		/* What comes first counts; at one time, the conversion. */
		left = Min(converted, lost);
		outcome = converted <= lost ? CURVE_CONVERTED : CURVE_LOST;
		if (left > observed)
		{
			left = observed;
			outcome = CURVE_CENSORED;
		}
		/* The calendar is a little longer than 64 bits of microseconds. */
		if (pg_sub_s64_overflow(left, entered, &elapsed))
			elapsed = PG_INT64_MAX;
		curve_add_lead(curve, outcome, elapsed);
	}
}

/* (state, entered_at, converted_at, observed_until [, resolution]) */
static inline Datum
accumulate(FunctionCallInfo fcinfo, bool is_date)
{
	ConversionCurve *curve = state_for_row(fcinfo, 4);

	add_row(curve, fcinfo, event_time(fcinfo, 2, is_date), DT_NOEND, 3, is_date);
	PG_RETURN_POINTER(curve);
}

/* (state, entered_at, converted_at, lost_at, observed_until, resolution) */
static inline Datum
accumulate_lost(FunctionCallInfo fcinfo, bool is_date)
{
	ConversionCurve *curve = state_for_row(fcinfo, 5);

	add_row(curve, fcinfo, event_time(fcinfo, 2, is_date), event_time(fcinfo, 3, is_date), 4, is_date);
	PG_RETURN_POINTER(curve);
}

DEFINE_ACCUMULATE(curve_accumulate, accumulate(fcinfo, false));
DEFINE_ACCUMULATE(curve_accumulate_date, accumulate(fcinfo, true));
DEFINE_ACCUMULATE(curve_accumulate_lost, accumulate_lost(fcinfo, false));
DEFINE_ACCUMULATE(curve_accumulate_lost_date, accumulate_lost(fcinfo, true));

static CurveOutcome
outcome_argument(FunctionCallInfo fcinfo, int argument)
{
	const text *name = PG_GETARG_TEXT_PP(argument);
	int length = (int) VARSIZE_ANY_EXHDR(name);

	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
		if (length == (int) strlen(curve_outcome_names[outcome]) &&
			memcmp(VARDATA_ANY(name), curve_outcome_names[outcome], length) == 0)
			return (CurveOutcome) outcome;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown outcome \"%s\" of a lead", text_to_cstring(name)),
			 errhint("Write 'converted', 'lost', or 'censored' for a lead that was still open when last observed.")));
}

/* (state, elapsed, outcome [, resolution]) */
PG_FUNCTION_INFO_V1(curve_accumulate_elapsed);
Datum
curve_accumulate_elapsed(PG_FUNCTION_ARGS)
{
	ConversionCurve *curve = state_for_row(fcinfo, 3);

	if (PG_ARGISNULL(1))
		curve_ignore(curve, CURVE_NULL_TIME);
	else if (PG_ARGISNULL(2))
		curve_ignore(curve, CURVE_NULL_OUTCOME);
	else
	{
		CurveOutcome outcome = outcome_argument(fcinfo, 2);
		int64 elapsed = fixed_duration(PG_GETARG_INTERVAL_P(1), "elapsed time");

		if (elapsed == PG_INT64_MAX)
			curve_ignore(curve, CURVE_INFINITE_TIME);
		else
			curve_add_lead(curve, outcome, elapsed);
	}
	PG_RETURN_POINTER(curve);
}

/* ---------- combine, serialize, deserialize, final ---------- */

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&curve_room, curve);
