/*
 * curve.c
 *	  The SQL functions of conversion_curve: type and accessors.
 */
#include "base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/count_test.h"
#include "base/duration.h"
#include "base/results.h"
#include "base/special_functions.h"
#include "curve_cure.h"
#include "curve_estimate.h"

/* What rounding may take from a share that reaches a quantile exactly. */
#define QUANTILE_ROUNDING 1e-12

DEFINE_SUMMARY_FUNCTIONS(&curve_room, conversion_curve);
DEFINE_SUMMARY_FUNCTION(&curve_room, conversion_curve_to_jsonb, summary_to_jsonb);

/* ---------- arguments ---------- */

/* In order, which a rollup under way does not keep. */
static const ConversionCurve *
curve_argument(FunctionCallInfo fcinfo, int argument)
{
	return curve_in_order(summary_from_datum(&curve_room, PG_GETARG_DATUM(argument)));
}

/* Whole units of the resolution. */
static int64
curve_age(const ConversionCurve *curve, const Interval *age)
{
	return fixed_duration(age, "age") / curve->resolution;
}

static int64
age_argument(FunctionCallInfo fcinfo, int argument, const ConversionCurve *curve)
{
	return curve_age(curve, PG_GETARG_INTERVAL_P(argument));
}

static double
quantile_argument(FunctionCallInfo fcinfo, int argument)
{
	double fraction = PG_GETARG_FLOAT8(argument);

	/* Written so that NaN fails too. */
	if (!(fraction > 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("quantile %g is not above 0 and at most 1", fraction),
				 errhint("Write 0.5 for the age by which half of all leads have converted.")));
	return fraction;
}

static Datum
age_interval(const ConversionCurve *curve, int64 age)
{
	return duration_interval(age * curve->resolution);
}

/* ---------- the curve at an age ---------- */

PG_FUNCTION_INFO_V1(curve_converted_within);
Datum
curve_converted_within(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	CurvePoint point;

	if (!curve_at(curve, age_argument(fcinfo, 1, curve), &point))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(point.conversion);
}

PG_FUNCTION_INFO_V1(curve_std_error);
Datum
curve_std_error(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	CurvePoint point;

	if (!curve_at(curve, age_argument(fcinfo, 1, curve), &point) || !point.has_error)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(point.std_error);
}

/* Both bounds of (curve, within, level, method); false where there are none. */
static bool
bounds_at(FunctionCallInfo fcinfo, double *low, double *high)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	int64 age = age_argument(fcinfo, 1, curve);
	double z = normal_critical_value(check_level(PG_GETARG_FLOAT8(2)));
	CurveMethod method = curve_method(PG_GETARG_TEXT_PP(3));
	CurvePoint point;

	if (!curve_at(curve, age, &point) || !point.has_error)
		return false;
	curve_bounds(curve, &point, z, method, low, high);
	return true;
}

PG_FUNCTION_INFO_V1(curve_low);
Datum
curve_low(PG_FUNCTION_ARGS)
{
	double low;
	double high;

	if (!bounds_at(fcinfo, &low, &high))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(low);
}

PG_FUNCTION_INFO_V1(curve_high);
Datum
curve_high(PG_FUNCTION_ARGS)
{
	double low;
	double high;

	if (!bounds_at(fcinfo, &low, &high))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(high);
}

PG_FUNCTION_INFO_V1(curve_at_risk);
Datum
curve_at_risk(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	int64 age = age_argument(fcinfo, 1, curve);
	int64 at_risk = curve_total(curve);

	for (int i = 0; i < curve->count && curve->ages[i].age < age; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			at_risk -= curve->ages[i].leads[outcome];
	}
	PG_RETURN_INT64(at_risk);
}

/* (curve, level, method) */
PG_FUNCTION_INFO_V1(curve_points);
Datum
curve_points(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	double z = normal_critical_value(check_level(PG_GETARG_FLOAT8(1)));
	CurveMethod method = curve_method(PG_GETARG_TEXT_PP(2));
	CurvePoint point;

	curve_start(curve, &point);
	while (curve_next(curve, &point))
	{
		Datum values[9];
		bool nulls[9] = {false};
		double low = 0;
		double high = 0;

		if (point.has_error)
			curve_bounds(curve, &point, z, method, &low, &high);
		nulls[6] = nulls[7] = nulls[8] = !point.has_error;
		values[0] = age_interval(curve, point.age->age);
		values[1] = Int64GetDatum(point.at_risk);
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			values[2 + outcome] = Int64GetDatum(point.age->leads[outcome]);
		values[5] = Float8GetDatum(point.conversion);
		values[6] = Float8GetDatum(low);
		values[7] = Float8GetDatum(high);
		values[8] = Float8GetDatum(point.std_error);
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* ---------- the curve at several ages ---------- */

/* (curve, ages, level, method): a row per age, in one walk where they ascend */
PG_FUNCTION_INFO_V1(curve_points_at);
Datum
curve_points_at(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	double z = normal_critical_value(check_level(PG_GETARG_FLOAT8(2)));
	CurveMethod method = curve_method(PG_GETARG_TEXT_PP(3));
	const CurveAge *end = curve->ages + curve->count;
	const CurveAge *next = curve->ages;
	int64 former = 0;
	int64 converted = 0;
	CurvePoint point;
	Datum *ages;
	bool *is_null;
	int count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), INTERVALOID, sizeof(Interval), false, TYPALIGN_DOUBLE, &ages,
					  &is_null, &count);
	curve_start(curve, &point);
	for (int i = 0; i < count; i++)
	{
		int64 age;
		Datum values[6];
		bool nulls[6] = {false};
		double low = 0;
		double high = 0;
		int64 at_risk;

		CHECK_FOR_INTERRUPTS();
		if (is_null[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("age %d is NULL", i + 1),
					 errhint("Write ages such as '{7 days,30 days}'.")));
		age = curve_age(curve, DatumGetIntervalP(ages[i]));
		if (age < former)
		{
			curve_start(curve, &point);
			next = curve->ages;
			converted = 0;
		}
		former = age;
		while (next < end && next->age <= age)
		{
			(void) curve_next(curve, &point);
			converted += next->leads[CURVE_CONVERTED];
			next++;
		}
		at_risk = point.at_risk;
		/* Those of the last age passed are at risk at that age only. */
		if (point.age != NULL && point.age->age < age)
			for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
				at_risk -= point.age->leads[outcome];
		if (point.has_error)
			curve_bounds(curve, &point, z, method, &low, &high);
		values[0] = ages[i];
		values[1] = Int64GetDatum(at_risk);
		values[2] = Int64GetDatum(converted);
		values[3] = Float8GetDatum(point.conversion);
		values[4] = Float8GetDatum(low);
		values[5] = Float8GetDatum(high);
		/* Beyond the oldest lead nothing is known, unless that left none open. */
		nulls[3] = curve->count == 0 || (age > end[-1].age && end[-1].leads[CURVE_CENSORED] > 0);
		nulls[4] = nulls[5] = nulls[3] || !point.has_error;
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* (curve): where it ends */
PG_FUNCTION_INFO_V1(curve_converted_at_end);
Datum
curve_converted_at_end(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	CurvePoint point;
	bool has_points = false;

	curve_start(curve, &point);
	while (curve_next(curve, &point))
		has_points = true;
	if (!has_points)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(point.conversion);
}

/* ---------- the age of a share ---------- */

PG_FUNCTION_INFO_V1(curve_quantile);
Datum
curve_quantile(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	double fraction = quantile_argument(fcinfo, 1);
	CurvePoint point;

	curve_start(curve, &point);
	while (curve_next(curve, &point))
		if (point.conversion >= fraction - QUANTILE_ROUNDING)
			return age_interval(curve, point.age->age);
	PG_RETURN_NULL();
}

/*
 * (curve, fraction, level, method): the ages that the fraction's test does not
 * reject, where the bounds of the curve cross it (Brookmeyer and Crowley 1982).
 */
PG_FUNCTION_INFO_V1(curve_quantile_interval);
Datum
curve_quantile_interval(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	double fraction = quantile_argument(fcinfo, 1);
	double z = normal_critical_value(check_level(PG_GETARG_FLOAT8(2)));
	CurveMethod method = curve_method(PG_GETARG_TEXT_PP(3));
	Datum values[3] = {0};
	bool nulls[3] = {true, true, true};
	CurvePoint point;

	curve_start(curve, &point);
	while (nulls[2] && curve_next(curve, &point))
	{
		/* The upper bound, which is not below the estimate, crosses first. */
		double crossing[3] = {point.conversion, point.conversion, 0};

		if (point.has_error)
			curve_bounds(curve, &point, z, method, &crossing[2], &crossing[1]);
		for (int i = 0; i < 3; i++)
			if (nulls[i] && crossing[i] >= fraction - QUANTILE_ROUNDING)
			{
				values[i] = age_interval(curve, point.age->age);
				nulls[i] = false;
			}
	}
	return row_result(fcinfo, values, nulls);
}

/* ---------- eventual conversion ---------- */

static bool
is_exponential_argument(FunctionCallInfo fcinfo, int argument)
{
	const text *name = PG_GETARG_TEXT_PP(argument);
	int length = (int) VARSIZE_ANY_EXHDR(name);

	if (length == 11 && memcmp(VARDATA_ANY(name), "exponential", 11) == 0)
		return true;
	if (length == 7 && memcmp(VARDATA_ANY(name), "weibull", 7) == 0)
		return false;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown cure model \"%s\"", text_to_cstring(name)),
			 errhint("Models are weibull and exponential.")));
}

/* (curve, model) */
PG_FUNCTION_INFO_V1(curve_ultimate);
Datum
curve_ultimate(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	CureModel cure = curve_cure(curve, is_exponential_argument(fcinfo, 1));

	if (cure.verdict != CURE_ESTIMATED && cure.verdict != CURE_ALL_CONVERT)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(cure.ultimate);
}

/* (curve, model, level) */
PG_FUNCTION_INFO_V1(curve_cure_model);
Datum
curve_cure_model(PG_FUNCTION_ARGS)
{
	static const char *const verdicts[] = {
		[CURE_ESTIMATED] = "estimated",
		[CURE_ALL_CONVERT] = "all convert",
		[CURE_TOO_FEW] = "too few conversions",
		[CURE_NOT_YET_CERTAIN] = "not yet certain",
	};
	const ConversionCurve *curve = curve_argument(fcinfo, 0);
	bool is_exponential = is_exponential_argument(fcinfo, 1);
	double z = normal_critical_value(check_level(PG_GETARG_FLOAT8(2)));
	CureModel cure = curve_cure(curve, is_exponential);
	double units_per_day = (double) USECS_PER_DAY / (double) curve->resolution;
	Datum values[9] = {0};
	bool nulls[9];

	memset(nulls, true, sizeof(nulls));
	values[0] = CStringGetTextDatum(verdicts[cure.verdict]);
	nulls[0] = false;
	if (cure.verdict == CURE_ESTIMATED || cure.verdict == CURE_ALL_CONVERT)
	{
		double median = cure.is_plateau ? (double) cure.median_age : pow(M_LN2, 1 / cure.shape) / cure.rate;

		median *= (double) curve->resolution;
		memset(nulls, false, sizeof(nulls));
		values[1] = Float8GetDatum(cure.ultimate);
		values[2] = Float8GetDatum(1 / (1 + exp(z * cure.logit_error - cure.logit)));
		values[3] = Float8GetDatum(1 / (1 + exp(-z * cure.logit_error - cure.logit)));
		nulls[2] = nulls[3] = cure.verdict != CURE_ESTIMATED;
		nulls[4] = !(median < (double) PG_INT64_MAX);
		if (!nulls[4])
			values[4] = duration_interval((int64) rint(median));
		values[5] = Float8GetDatum(cure.seen);
		values[6] = Float8GetDatum(cure.rate * units_per_day);
		values[7] = Float8GetDatum(cure.shape);
		values[8] = Float8GetDatum(cure.log_likelihood);
		nulls[6] = nulls[7] = nulls[8] = cure.is_plateau;
	}
	return row_result(fcinfo, values, nulls);
}

/* ---------- two curves ---------- */

PG_FUNCTION_INFO_V1(curve_compare);
Datum
curve_compare(PG_FUNCTION_ARGS)
{
	const ConversionCurve *a = curve_argument(fcinfo, 0);
	const ConversionCurve *b = curve_argument(fcinfo, 1);
	CurveComparison comparison;
	Datum values[7];
	bool nulls[7] = {false};

	curve_require_same_resolution(a, b, "compared");
	curve_compare_logrank(a, b, &comparison);
	values[0] = Int64GetDatum(comparison.observed[0]);
	values[1] = Float8GetDatum(comparison.expected[0]);
	values[2] = Int64GetDatum(comparison.observed[1]);
	values[3] = Float8GetDatum(comparison.expected[1]);
	values[4] = values[6] = (Datum) 0;
	values[5] = Int32GetDatum(1);
	nulls[4] = nulls[6] = !(comparison.variance > 0);
	if (comparison.variance > 0)
	{
		double difference = (double) comparison.observed[0] - comparison.expected[0];

		values[4] = Float8GetDatum(difference * difference / comparison.variance);
		/* With many conversions the upper tail of chi-square with one degree of freedom. */
		values[6] = Float8GetDatum(excess_p_value(difference, comparison.variance, comparison.third_moment));
	}
	return row_result(fcinfo, values, nulls);
}

/* ---------- what is in it ---------- */

PG_FUNCTION_INFO_V1(curve_leads);
Datum
curve_leads(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(curve_total(curve_argument(fcinfo, 0)));
}

#define DEFINE_TOTAL(name, outcome) \
	PG_FUNCTION_INFO_V1(name); \
	Datum name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_INT64(curve_argument(fcinfo, 0)->leads[outcome]); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_TOTAL(curve_converted, CURVE_CONVERTED);
DEFINE_TOTAL(curve_lost, CURVE_LOST);
DEFINE_TOTAL(curve_censored, CURVE_CENSORED);

PG_FUNCTION_INFO_V1(curve_resolution);
Datum
curve_resolution(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(duration_interval(curve_argument(fcinfo, 0)->resolution));
}

PG_FUNCTION_INFO_V1(curve_ignored);
Datum
curve_ignored(PG_FUNCTION_ARGS)
{
	const ConversionCurve *curve = curve_argument(fcinfo, 0);

	return ignored_rows(fcinfo, curve_ignored_names, curve->ignored, CURVE_IGNORED_REASONS);
}
