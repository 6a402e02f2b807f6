/*
 * profile_binning.h
 *	  The values of an attribute, put into bins: ranges of its numbers, its
 *	  frequent texts and booleans one by one, the other ones together, and
 *	  the leads without a value.
 */
#ifndef LEAD_KPI_PROFILE_BINNING_H
#define LEAD_KPI_PROFILE_BINNING_H

#include "profile_summary.h"

#define PROFILE_MAX_BINS 50
#define PROFILE_DEFAULT_BINS 10

/* So many texts and booleans at most have a bin of their own. */
#define PROFILE_MAX_KEPT 20

typedef enum ProfileBinKind
{
	PROFILE_BIN_NUMBERS,
	PROFILE_BIN_VALUE,
	PROFILE_BIN_OTHERS,
	PROFILE_BIN_UNKNOWN
} ProfileBinKind;

typedef struct ProfileBins
{
	/* Bin i of the numbers is from edge i - 1 to below edge i. */
	int edge_count;
	double edges[PROFILE_MAX_BINS - 1];

	/* Texts, or booleans where the text is NULL. */
	int kept_count;
	const char *kept_texts[PROFILE_MAX_KEPT];
	bool kept_booleans[PROFILE_MAX_KEPT];

	/* Numbers, kept values, others, unknown: all of them, also empty ones. */
	int count;
} ProfileBins;

/*
 * Numbers are cut where that tells most about conversion: the ranges of
 * greatest likelihood, less a penalty of ln(leads) per cut (Bayesian
 * information criterion; a cut has a place and a rate), each with a twentieth
 * of the leads that have a number.  monotone: the rates only rise, or only fall.
 */
extern void profile_bin_by_outcome(const ProfileAttribute *attribute, int max_bins, bool monotone,
								   ProfileBins *bins);

/* Numbers are cut into bins of equally many leads. */
extern void profile_bin_by_size(const ProfileAttribute *attribute, int max_bins, ProfileBins *bins);

extern ProfileBinKind profile_bin_kind(const ProfileBins *bins, int bin);

/* The bin of a number. */
extern int profile_bin_of_number(const ProfileBins *bins, double number);

/* How the values of a profile's attribute (NULL: it has none) fall into the bins. */
extern void profile_count_bins(const ProfileBins *bins, const ProfileSummary *summary,
							   const ProfileAttribute *attribute, ProfileCounts *counts);

/* "number", "text", "boolean", "others" or "unknown" */
extern const char *profile_bin_kind_name(const ProfileBins *bins, int bin);

/* "below 50", "50 to below 200", "200 and more", "FR", "others", "unknown" */
extern char *profile_bin_label(const ProfileBins *bins, int bin);

#endif /* LEAD_KPI_PROFILE_BINNING_H */
