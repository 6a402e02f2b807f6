/*
 * profile_evidence.h
 *	  Weight of evidence of the bins of an attribute.
 *
 * The weight of a bin is ln(share of the converted / share of the others); a
 * count of zero is taken for 0.9.  The information value is the sum of the
 * differences of these shares times the weights.
 */
#ifndef LEAD_KPI_PROFILE_EVIDENCE_H
#define LEAD_KPI_PROFILE_EVIDENCE_H

#include "profile_binning.h"

typedef struct ProfileEvidence
{
	ProfileBins bins;
	ProfileCounts *counts;
	bool is_defined; /* some leads converted and some did not */
	double (*shares)[PROFILE_OUTCOMES];
	double *weights; /* 0 for bins without leads */
	double information_value;
} ProfileEvidence;

extern ProfileEvidence *profile_evidence(const ProfileSummary *profile, const ProfileAttribute *attribute,
										 int max_bins, bool monotone);

static inline bool
profile_bin_has_leads(const int64 *counts)
{
	return counts[PROFILE_LOST] > 0 || counts[PROFILE_WON] > 0;
}

/* The columns of a row that say which bin it is: number, label, kind, at_least, below, value. */
extern void profile_bin_columns(const ProfileBins *bins, int bin, int number, Datum *values, bool *nulls);

/* The greatest number of bins: an integer argument, or the default for NULL. */
extern int profile_bins_argument(FunctionCallInfo fcinfo, int argument);

#endif /* LEAD_KPI_PROFILE_EVIDENCE_H */
