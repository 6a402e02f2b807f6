/*
 * profile_binning.c
 *	  The values of an attribute, put into bins.
 */
#include "profile_binning.h"

#include <math.h>

/* Numbers are first put into this many classes of equally many leads. */
#define FINE_CLASSES 100

/* The least share of the leads with a number that a bin has. */
#define LEAST_SHARE 0.05

/*
 * Where an attribute has more than PROFILE_MAX_KEPT texts, only those with so
 * many leads, and this share of them, have a bin of their own.
 */
#define KEPT_LEADS 10
#define KEPT_SHARE 0.01

/* Neighbouring cells of the numbers' grid. */
typedef struct Class
{
	int first; /* place of its first cell among the sorted ones */
	double counts[PROFILE_OUTCOMES];
} Class;

static double
class_leads(const Class *class)
{
	return class->counts[PROFILE_LOST] + class->counts[PROFILE_WON];
}

static void
add_class(Class *into, const Class *from)
{
	into->counts[PROFILE_LOST] += from->counts[PROFILE_LOST];
	into->counts[PROFILE_WON] += from->counts[PROFILE_WON];
}

/* The numbers in at most that many classes of equally many leads, as near as cells allow. */
static int
equal_classes(const ProfileNumbers *numbers, const int *sorted, int max_classes, Class *classes)
{
	double total = 0;
	double before = 0;
	int count = 0;

	for (int i = 0; i < numbers->count; i++)
		total += (double) numbers->counts[i][PROFILE_LOST] + (double) numbers->counts[i][PROFILE_WON];
	for (int i = 0; i < numbers->count; i++)
	{
		const int64 *counts = numbers->counts[sorted[i]];
		Class cell = {i, {(double) counts[PROFILE_LOST], (double) counts[PROFILE_WON]}};

		/* A new class where the next share begins, or for each cell when they are few. */
		if (count == 0 ||
			(count < max_classes && (numbers->count <= max_classes || before * max_classes >= total * count)))
			classes[count++] = cell;
		else
			add_class(&classes[count - 1], &cell);
		before += class_leads(&cell);
	}
	return count;
}

/* Pools neighbours until the rates only rise (or only fall). */
static int
pool_adjacent_violators(const Class *classes, int count, bool rising, Class *pooled)
{
	int blocks = 0;

	for (int i = 0; i < count; i++)
	{
		pooled[blocks++] = classes[i];
		while (blocks > 1)
		{
			Class *left = &pooled[blocks - 2];
			const Class *right = &pooled[blocks - 1];
			double step = right->counts[PROFILE_WON] * class_leads(left) -
				left->counts[PROFILE_WON] * class_leads(right);

			if (rising ? step >= 0 : step <= 0)
				break;
			add_class(left, right);
			blocks--;
		}
	}
	return blocks;
}

static double
x_log_x(double x)
{
	return x > 0 ? x * log(x) : 0;
}

/* The log-likelihood of the outcomes of a range with a rate of its own. */
static double
log_likelihood(const double *lower, const double *upper)
{
	double lost = upper[PROFILE_LOST] - lower[PROFILE_LOST];
	double won = upper[PROFILE_WON] - lower[PROFILE_WON];

	return x_log_x(lost) + x_log_x(won) - x_log_x(lost + won);
}

/*
 * The best way to join classes into at most max_bins ranges, by dynamic
 * programming: ranges[i] is the first class of range i.  Returns its value.
 */
static double
best_ranges(const Class *classes, int count, int max_bins, int *ranges, int *range_count)
{
	double sums[FINE_CLASSES + 1][PROFILE_OUTCOMES] = {{0}};
	double best[PROFILE_MAX_BINS + 1][FINE_CLASSES + 1];
	int from[PROFILE_MAX_BINS + 1][FINE_CLASSES + 1];
	double leads;
	double best_value = -INFINITY;

	for (int i = 0; i < count; i++)
		for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
			sums[i + 1][outcome] = sums[i][outcome] + classes[i].counts[outcome];
	leads = sums[count][PROFILE_LOST] + sums[count][PROFILE_WON];
	*range_count = 0;
	for (int bins = 1; bins <= Min(max_bins, count); bins++)
	{
		double value;

		/* best[bins][end]: of the classes before "end" in that many ranges. */
		for (int end = 0; end <= count; end++)
		{
			best[bins][end] = -INFINITY;
			for (int start = bins - 1; start < end; start++)
			{
				double size = sums[end][PROFILE_LOST] + sums[end][PROFILE_WON] - sums[start][PROFILE_LOST] -
					sums[start][PROFILE_WON];
				double before = bins > 1 ? best[bins - 1][start] : start == 0 ? 0 : -INFINITY;

				if (before == -INFINITY || size < LEAST_SHARE * leads)
					continue;
				value = before + log_likelihood(sums[start], sums[end]);
				if (value > best[bins][end])
				{
					best[bins][end] = value;
					from[bins][end] = start;
				}
			}
		}
		value = best[bins][count] - (bins - 1) * log(leads);
		if (value > best_value)
		{
			best_value = value;
			*range_count = bins;
		}
	}
	for (int bins = *range_count, end = count; bins > 0; bins--)
	{
		end = from[bins][end];
		ranges[bins - 1] = end;
	}
	return best_value;
}

static void
set_edges(const ProfileNumbers *numbers, const int *sorted, const Class *classes, const int *ranges,
		  int range_count, ProfileBins *bins)
{
	bins->edge_count = range_count - 1;
	for (int i = 1; i < range_count; i++)
		bins->edges[i - 1] = profile_number(numbers, sorted[classes[ranges[i]].first]);
}

/* ---------- texts and booleans ---------- */

typedef struct Candidate
{
	const char *text; /* NULL: a boolean */
	bool boolean;
	int64 leads;
} Candidate;

/* Most leads first, then false, true and texts by their bytes. */
static int
compare_candidates(const void *a, const void *b)
{
	const Candidate *left = a;
	const Candidate *right = b;

	if (left->leads != right->leads)
		return left->leads > right->leads ? -1 : 1;
	if (left->text != NULL && right->text != NULL)
		return strcmp(left->text, right->text);
	if (left->text == NULL && right->text == NULL)
		return (int) left->boolean - (int) right->boolean;
	return left->text == NULL ? -1 : 1;
}

/* Few enough to be counted without overflow: the sum of both is that of a total. */
static int64
both(const int64 *counts)
{
	uint64 sum = (uint64) counts[PROFILE_LOST] + (uint64) counts[PROFILE_WON];

	return sum > PG_INT64_MAX ? PG_INT64_MAX : (int64) sum;
}

static void
keep_values(const ProfileAttribute *attribute, ProfileBins *bins)
{
	/* What lies behind a bucket has no name. */
	int texts = attribute->hashed ? 0 : profile_text_count(attribute);
	Candidate *candidates = palloc(mul_size(texts + 2, sizeof(Candidate)));
	int count = 0;

	for (int value = 0; value < 2; value++)
		if (both(attribute->booleans[value]) > 0)
			candidates[count++] = (Candidate){NULL, value, both(attribute->booleans[value])};
	for (int i = 0; i < texts; i++)
		candidates[count++] = (Candidate){attribute->texts.texts[i], false, both(attribute->text_counts[i])};
	if (count > 1)
		qsort(candidates, count, sizeof(Candidate), compare_candidates);
	bins->kept_count = 0;
	for (int i = 0; i < Min(count, PROFILE_MAX_KEPT); i++)
	{
		if (count > PROFILE_MAX_KEPT &&
			(candidates[i].leads < KEPT_LEADS ||
			 (double) candidates[i].leads < KEPT_SHARE * (double) both(attribute->values)))
			break;
		bins->kept_texts[i] = candidates[i].text;
		bins->kept_booleans[i] = candidates[i].boolean;
		bins->kept_count++;
	}
	pfree(candidates);
}

/* ---------- bins ---------- */

static void
finish_bins(const ProfileAttribute *attribute, ProfileBins *bins)
{
	keep_values(attribute, bins);
	bins->count = bins->edge_count + 1 + bins->kept_count + 2;
}

void
profile_bin_by_outcome(const ProfileAttribute *attribute, int max_bins, bool monotone, ProfileBins *bins)
{
	const ProfileNumbers *numbers = &attribute->numbers;
	int *sorted = profile_sorted_numbers(numbers);
	Class classes[FINE_CLASSES];
	int count = equal_classes(numbers, sorted, FINE_CLASSES, classes);
	int ranges[PROFILE_MAX_BINS];
	int range_count;

	bins->edge_count = 0;
	if (count > 0 && !monotone)
	{
		(void) best_ranges(classes, count, max_bins, ranges, &range_count);
		set_edges(numbers, sorted, classes, ranges, range_count, bins);
	}
	else if (count > 0)
	{
		double best_value = -INFINITY;

		/* The best monotone ranges are unions of pooled blocks. */
		for (int rising = 0; rising < 2; rising++)
		{
			Class pooled[FINE_CLASSES];
			int blocks = pool_adjacent_violators(classes, count, rising != 0, pooled);
			double value = best_ranges(pooled, blocks, max_bins, ranges, &range_count);

			if (value > best_value)
			{
				best_value = value;
				set_edges(numbers, sorted, pooled, ranges, range_count, bins);
			}
		}
	}
	pfree(sorted);
	finish_bins(attribute, bins);
}

void
profile_bin_by_size(const ProfileAttribute *attribute, int max_bins, ProfileBins *bins)
{
	const ProfileNumbers *numbers = &attribute->numbers;
	int *sorted = profile_sorted_numbers(numbers);
	Class classes[PROFILE_MAX_BINS];
	int count = equal_classes(numbers, sorted, max_bins, classes);

	bins->edge_count = Max(count - 1, 0);
	for (int i = 1; i < count; i++)
		bins->edges[i - 1] = profile_number(numbers, sorted[classes[i].first]);
	pfree(sorted);
	finish_bins(attribute, bins);
}

ProfileBinKind
profile_bin_kind(const ProfileBins *bins, int bin)
{
	int after_numbers = bin - (bins->edge_count + 1);

	if (after_numbers < 0)
		return PROFILE_BIN_NUMBERS;
	if (after_numbers < bins->kept_count)
		return PROFILE_BIN_VALUE;
	return after_numbers == bins->kept_count ? PROFILE_BIN_OTHERS : PROFILE_BIN_UNKNOWN;
}

const char *
profile_bin_kind_name(const ProfileBins *bins, int bin)
{
	switch (profile_bin_kind(bins, bin))
	{
		case PROFILE_BIN_NUMBERS:
			return "number";
		case PROFILE_BIN_VALUE:
			return bins->kept_texts[bin - (bins->edge_count + 1)] != NULL ? "text" : "boolean";
		case PROFILE_BIN_OTHERS:
			return "others";
		case PROFILE_BIN_UNKNOWN:
			break;
	}
	return "unknown";
}

int
profile_bin_of_number(const ProfileBins *bins, double number)
{
	int low = 0;
	int high = bins->edge_count;

	/* The number of edges at or below it. */
	while (low < high)
	{
		int middle = (low + high) / 2;

		if (bins->edges[middle] <= number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
add_to_bin(int64 *bin, const int64 *counts)
{
	bin[PROFILE_LOST] += counts[PROFILE_LOST];
	bin[PROFILE_WON] += counts[PROFILE_WON];
}

void
profile_count_bins(const ProfileBins *bins, const ProfileSummary *summary, const ProfileAttribute *attribute,
				   ProfileCounts *counts)
{
	int first_kept = bins->edge_count + 1;
	int64 *others = counts[first_kept + bins->kept_count];
	int64 *unknown = counts[first_kept + bins->kept_count + 1];

	memset(counts, 0, bins->count * sizeof(*counts));
	add_to_bin(unknown, summary->leads);
	if (attribute == NULL)
		return;
	for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
	{
		unknown[outcome] -= attribute->leads[outcome];
		/* What the bins of their own do not take. */
		others[outcome] = attribute->values[outcome];
	}
	for (int i = 0; i < attribute->numbers.count; i++)
		add_to_bin(counts[profile_bin_of_number(bins, profile_number(&attribute->numbers, i))],
				   attribute->numbers.counts[i]);
	for (int i = 0; i < bins->kept_count; i++)
	{
		const char *text = bins->kept_texts[i];
		int number;

		if (text == NULL)
			add_to_bin(counts[first_kept + i], attribute->booleans[bins->kept_booleans[i]]);
		else if (!attribute->hashed && (number = profile_find_text(attribute, text, (int) strlen(text))) >= 0)
			add_to_bin(counts[first_kept + i], attribute->text_counts[number]);
	}
	for (int bin = 0; bin < first_kept + bins->kept_count; bin++)
		for (int outcome = 0; outcome < PROFILE_OUTCOMES; outcome++)
			others[outcome] -= counts[bin][outcome];
}

char *
profile_bin_label(const ProfileBins *bins, int bin)
{
	StringInfoData label;
	int kept = bin - (bins->edge_count + 1);

	initStringInfo(&label);
	switch (profile_bin_kind(bins, bin))
	{
		case PROFILE_BIN_NUMBERS:
			if (bins->edge_count == 0)
				appendStringInfoString(&label, "any number");
			else if (bin == 0)
			{
				appendStringInfoString(&label, "below ");
				summary_print_float8(&label, bins->edges[0]);
			}
			else
			{
				summary_print_float8(&label, bins->edges[bin - 1]);
				if (bin == bins->edge_count)
					appendStringInfoString(&label, " and more");
				else
				{
					appendStringInfoString(&label, " to below ");
					summary_print_float8(&label, bins->edges[bin]);
				}
			}
			break;
		case PROFILE_BIN_VALUE:
			if (bins->kept_texts[kept] != NULL)
				appendStringInfoString(&label, bins->kept_texts[kept]);
			else
				appendStringInfoString(&label, bins->kept_booleans[kept] ? "true" : "false");
			break;
		case PROFILE_BIN_OTHERS:
			appendStringInfoString(&label, "others");
			break;
		case PROFILE_BIN_UNKNOWN:
			appendStringInfoString(&label, "unknown");
			break;
	}
	return label.data;
}
