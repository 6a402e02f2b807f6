/*
 * curve_estimate.h
 *	  What a conversion curve says: the share converted by an age, how sure
 *	  that is, and whether two curves differ.
 */
#ifndef LEAD_KPI_CURVE_ESTIMATE_H
#define LEAD_KPI_CURVE_ESTIMATE_H

#include "curve_summary.h"

/* The curve at one age.  Shares count what happens at the age itself. */
typedef struct CurvePoint
{
	const CurveAge *age;
	int64 at_risk;	   /* leads this old or older, before anything happens */
	double conversion; /* share of leads converted by then */
	double std_error;  /* of conversion */
	bool has_error;	   /* false where the formulas have no error to give */

	/* Neither converted nor lost by then, and what the errors grow from. */
	double open;
	double open_variance;
	double conversion_variance;
	double covariance;
	bool any_lost;
} CurvePoint;

/* Starts before the first age of a curve that is in order. */
extern void curve_start(const ConversionCurve *curve, CurvePoint *point);

/* Goes on to the next age; false after the last. */
extern bool curve_next(const ConversionCurve *curve, CurvePoint *point);

/*
 * The point at an age, that is at the last recorded age up to it; its "age" is
 * NULL when that is before the first.  False where the curve is not known:
 * beyond the oldest lead, unless that left none open.
 */
extern bool curve_at(const ConversionCurve *curve, int64 age, CurvePoint *point);

typedef enum CurveMethod
{
	CURVE_LOG_LOG,
	CURVE_LOG,
	CURVE_PLAIN
} CurveMethod;

/* Raises on an unknown name. */
extern CurveMethod curve_method(const text *name);

/*
 * Bounds of the conversion at a point, z standard errors away; call only where
 * the point has an error.
 */
extern void curve_bounds(const ConversionCurve *curve, const CurvePoint *point, double z, CurveMethod method,
						 double *low, double *high);

/* The log-rank test of two curves in order and of one resolution. */
typedef struct CurveComparison
{
	int64 observed[2];
	double expected[2];
	double variance;	 /* of observed - expected */
	double third_moment; /* central, of a's */
} CurveComparison;

extern void curve_compare_logrank(const ConversionCurve *a, const ConversionCurve *b,
								  CurveComparison *comparison);

#endif /* LEAD_KPI_CURVE_ESTIMATE_H */
