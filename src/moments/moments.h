/*
 * moments.h
 *	  What a moments summary is made of: known to the files of this room only.
 */
#ifndef LEAD_KPI_MOMENTS_H
#define LEAD_KPI_MOMENTS_H

#include "base/exact_sum.h"
#include "base/summary.h"

typedef struct Moments
{
	int64 count;
	int64 non_zero; /* values that are not 0 */
	ExactSum sum;
	ExactSum squares;
} Moments;

extern const SummaryRoom moments_room;

#endif /* LEAD_KPI_MOMENTS_H */
