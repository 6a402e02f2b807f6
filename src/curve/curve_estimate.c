/*
 * curve_estimate.c
 *	  Kaplan-Meier and Aalen-Johansen estimates, their errors, the log-rank test.
 */
#include "curve_estimate.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/count_test.h"

/* ---------- the curve ---------- */

void
curve_start(const ConversionCurve *curve, CurvePoint *point)
{
	memset(point, 0, sizeof(CurvePoint));
	point->at_risk = curve_total(curve);
	point->open = 1;
}

/*
 * One step of the product-limit estimate (Kaplan and Meier 1958; with lost
 * leads Aalen and Johansen 1978): of n leads at risk, d1 convert and d2 are
 * lost; those who are censored at the same age were at risk.
 *
 * The hazards d1/n and d2/n are multinomial shares, independent between ages,
 * so the delta method carries the covariance of (open, conversion) from age to
 * age.  Without lost leads this is Greenwood's formula.
 */
bool
curve_next(const ConversionCurve *curve, CurvePoint *point)
{
	const CurveAge *age = point->age;
	double n;
	double converted;
	double gone;
	double stay;
	double open = point->open;

	/* Every loop over a curve passes here. */
	CHECK_FOR_INTERRUPTS();
	if (age == NULL ? curve->count == 0 : age == &curve->ages[curve->count - 1])
		return false;
	if (age != NULL)
		for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
			point->at_risk -= age->leads[outcome];
	point->age = age = age == NULL ? curve->ages : age + 1;
	if (age->leads[CURVE_CONVERTED] + age->leads[CURVE_LOST] == 0)
		return true;

	n = (double) point->at_risk;
	converted = (double) age->leads[CURVE_CONVERTED] / n;
	gone = (double) (age->leads[CURVE_CONVERTED] + age->leads[CURVE_LOST]) / n;
	stay = (double) (point->at_risk - age->leads[CURVE_CONVERTED] - age->leads[CURVE_LOST]) / n;
	point->any_lost = point->any_lost || age->leads[CURVE_LOST] > 0;

	point->conversion_variance += 2 * converted * point->covariance +
		converted * converted * point->open_variance + open * open * converted * (1 - converted) / n;
	point->covariance = stay * (point->covariance + converted * point->open_variance) -
		open * open * converted * stay / n;
	point->open_variance = stay * stay * point->open_variance + open * open * gone * stay / n;
	point->open = open * stay;

	/* While none is lost, those who are not open are converted. */
	if (point->any_lost)
		point->conversion = Min(point->conversion + open * converted, 1);
	else
	{
		point->conversion = 1 - point->open;
		point->conversion_variance = point->open_variance;
	}
	/* At 0 and at 1 the formulas claim certainty, which is no estimate of an error. */
	point->has_error = point->conversion > 0 && point->conversion < 1 && point->conversion_variance > 0;
	point->std_error = point->has_error ? sqrt(point->conversion_variance) : 0;
	return true;
}

bool
curve_at(const ConversionCurve *curve, int64 age, CurvePoint *point)
{
	const CurveAge *last;

	curve_start(curve, point);
	if (curve->count == 0)
		return false;
	last = &curve->ages[curve->count - 1];
	if (age > last->age && last->leads[CURVE_CENSORED] > 0)
		return false;
	while (point->age == NULL ? curve->ages[0].age <= age : point->age < last && point->age[1].age <= age)
		(void) curve_next(curve, point);
	return true;
}

/* ---------- intervals ---------- */

CurveMethod
curve_method(const text *name)
{
	static const struct
	{
		const char *name;
		CurveMethod method;
	} methods[] = {
		{"log_log", CURVE_LOG_LOG},
		{"log-log", CURVE_LOG_LOG},
		{"log", CURVE_LOG},
		{"plain", CURVE_PLAIN},
	};
	int length = (int) VARSIZE_ANY_EXHDR(name);

	for (int i = 0; i < (int) lengthof(methods); i++)
		if (length == (int) strlen(methods[i].name) &&
			memcmp(VARDATA_ANY(name), methods[i].name, length) == 0)
			return methods[i].method;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown interval method \"%s\"", text_to_cstring(name)),
			 errhint("Methods are log_log, log and plain.")));
}

/* Bounds of a share p, 0 < p < 1, with its standard error. */
static void
share_bounds(double p, double error, double z, CurveMethod method, double *low, double *high)
{
	double spread;

	switch (method)
	{
		case CURVE_LOG_LOG:
			spread = z * error / (p * -log(p));
			*low = pow(p, exp(spread));
			*high = pow(p, exp(-spread));
			break;
		case CURVE_LOG:
			spread = z * error / p;
			*low = p * exp(-spread);
			*high = Min(p * exp(spread), 1);
			break;
		case CURVE_PLAIN:
			*low = Max(p - z * error, 0);
			*high = Min(p + z * error, 1);
			break;
	}
}

/*
 * As is the custom, the transformation goes on the share still open for
 * Kaplan-Meier, and on the share converted for Aalen-Johansen.
 */
void
curve_bounds(const ConversionCurve *curve, const CurvePoint *point, double z, CurveMethod method, double *low,
			 double *high)
{
	double open_low;
	double open_high;

	if (curve->leads[CURVE_LOST] > 0)
		share_bounds(point->conversion, point->std_error, z, method, low, high);
	else
	{
		share_bounds(point->open, point->std_error, z, method, &open_low, &open_high);
		*low = 1 - open_high;
		*high = 1 - open_low;
	}
}

/* ---------- two curves ---------- */

/*
 * Mantel (1966): given who was at risk at an age, the conversions of a are
 * hypergeometric when the curves do not differ.  Lost leads leave the risk set
 * as censored ones do: what is compared is the rate at which open leads convert.
 */
void
curve_compare_logrank(const ConversionCurve *a, const ConversionCurve *b, CurveComparison *comparison)
{
	const ConversionCurve *curves[2] = {a, b};
	int64 at_risk[2] = {curve_total(a), curve_total(b)};
	int place[2] = {0, 0};

	memset(comparison, 0, sizeof(CurveComparison));
	while (place[0] < a->count || place[1] < b->count)
	{
		int64 age = PG_INT64_MAX;
		int64 converted[2] = {0, 0};
		int64 gone[2] = {0, 0};
		double n = (double) at_risk[0] + (double) at_risk[1];
		double events;

		CHECK_FOR_INTERRUPTS();
		for (int side = 0; side < 2; side++)
			if (place[side] < curves[side]->count)
				age = Min(age, curves[side]->ages[place[side]].age);
		for (int side = 0; side < 2; side++)
		{
			const CurveAge *here = &curves[side]->ages[place[side]];

			if (place[side] == curves[side]->count || here->age != age)
				continue;
			converted[side] = here->leads[CURVE_CONVERTED];
			for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
				gone[side] += here->leads[outcome];
			place[side]++;
		}
		events = (double) converted[0] + (double) converted[1];
		if (events > 0)
		{
			double share = (double) at_risk[0] / n;

			comparison->observed[0] += converted[0];
			comparison->observed[1] += converted[1];
			comparison->expected[0] += events * share;
			comparison->expected[1] += events * ((double) at_risk[1] / n);
			if (n > 1)
			{
				double variance = events * share * ((double) at_risk[1] / n) * ((n - events) / (n - 1));

				comparison->variance += variance;
				comparison->third_moment += hypergeometric_third_moment(variance, (double) at_risk[0], events,
																		n);
			}
		}
		at_risk[0] -= gone[0];
		at_risk[1] -= gone[1];
	}
}
