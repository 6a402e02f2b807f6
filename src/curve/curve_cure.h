/*
 * curve_cure.h
 *	  How many leads convert in the end, judged by those who have so far.
 */
#ifndef LEAD_KPI_CURVE_CURE_H
#define LEAD_KPI_CURVE_CURE_H

#include "curve_summary.h"

typedef enum CureVerdict
{
	CURE_ESTIMATED,
	CURE_ALL_CONVERT,	 /* no lead is left that never converts: no interval */
	CURE_TOO_FEW,		 /* conversions to estimate from */
	CURE_NOT_YET_CERTAIN /* the curve does not tell yet where it ends */
} CureVerdict;

typedef struct CureModel
{
	CureVerdict verdict;
	double ultimate; /* the share that converts in the end; these need a verdict above */
	double logit;	 /* log(ultimate / (1 - ultimate)), and its error */
	double logit_error;
	double rate; /* lag T of the converting: P(T > t) = exp(-(rate t)^shape) */
	double shape;
	double seen; /* P(T <= the oldest age) */
	double log_likelihood;
	bool is_plateau;  /* read off the curve: no rate, shape and likelihood */
	int64 median_age; /* then, by which half of those who convert have */
} CureModel;

/* Time in units of the resolution; the curve is in order.  shape 1: exponential. */
extern CureModel curve_cure(const ConversionCurve *curve, bool is_exponential);

#endif /* LEAD_KPI_CURVE_CURE_H */
