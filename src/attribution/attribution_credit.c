/*
 * attribution_credit.c
 *	  Models that look at a touch's position or age, Shapley values, and the
 *	  choice of the model.
 */
#include "attribution_credit.h"

#include "miscadmin.h"

#include "attribution_markov.h"

/* v(S) is tabulated for every set of channels: 2^20 sets are 16 MB. */
#define SHAPLEY_RATE_MAX_CHANNELS 20

const char *const attribution_model_names[ATTRIBUTION_MODELS] = {
	"first_touch", "last_touch", "last_non_direct", "linear",  "time_decay",   "position_based",
	"w_shaped",	   "full_path",	 "markov",			"shapley", "shapley_rate",
};

int
position_weights(AttributionModel model, const double **defaults)
{
	/* first, rest, last; first, lead, opportunity, rest; and with last. */
	static const double position_based[] = {0.4, 0.2, 0.4};
	static const double w_shaped[] = {0.3, 0.3, 0.3, 0.1};
	static const double full_path[] = {0.225, 0.225, 0.225, 0.225, 0.1};

	switch (model)
	{
		case POSITION_BASED:
			*defaults = position_based;
			return lengthof(position_based);
		case W_SHAPED:
			*defaults = w_shaped;
			return lengthof(w_shaped);
		case FULL_PATH:
			*defaults = full_path;
			return lengthof(full_path);
		default:
			*defaults = NULL;
			return 0;
	}
}

/* Adds "weight" to the touches that mark a milestone, in equal parts. */
static void
weigh_milestone(const Journey *journey, int milestone, double weight, double *weights, bool *marked)
{
	int touches = 0;

	for (int i = 0; i < journey->length; i++)
		if (journey_milestones(journey->steps[i]) & milestone)
			touches++;
	for (int i = 0; i < journey->length && touches > 0; i++)
		if (journey_milestones(journey->steps[i]) & milestone)
		{
			weights[i] += weight / touches;
			marked[i] = true;
		}
}

/*
 * Weights of the touches by position; they need not sum to 1.  Milestones that
 * coincide add up, and missing ones leave their weight to the others.
 */
static void
weigh_positions(const Journey *journey, const AttributionOptions *options, double *weights, bool *marked)
{
	const double *given = options->weights;
	int last = journey->length - 1;
	double rest;
	int unmarked = 0;

	memset(marked, 0, journey->length * sizeof(bool));
	weights[0] += given[0];
	marked[0] = true;
	if (options->model == POSITION_BASED)
	{
		rest = given[1];
		weights[last] += given[2];
		marked[last] = true;
	}
	else
	{
		weigh_milestone(journey, JOURNEY_LEAD, given[1], weights, marked);
		weigh_milestone(journey, JOURNEY_OPPORTUNITY, given[2], weights, marked);
		rest = given[3];
		if (options->model == FULL_PATH)
		{
			weights[last] += given[3];
			marked[last] = true;
			rest = given[4];
		}
	}
	for (int i = 0; i <= last; i++)
		unmarked += !marked[i];
	for (int i = 0; i <= last; i++)
		if (!marked[i])
			weights[i] += rest / unmarked;
}

static int
last_non_direct(const Journey *journey, const bool *is_direct)
{
	for (int i = journey->length - 1; i >= 0; i--)
		if (!is_direct[journey_channel(journey->steps[i])])
			return i;
	return journey->length - 1;
}

/* Like those below: adds to credit, which starts at zero, and leaves journeys without touches alone. */
static void
credit_by_position(const JourneySummary *summary, const AttributionOptions *options,
				   const JourneyCounts *counts, JourneyCredit *credit)
{
	int longest = 1;
	double *weights;
	bool *marked;

	for (int i = 0; i < summary->count; i++)
		longest = Max(longest, summary->journeys[i].length);
	weights = palloc(mul_size(longest, sizeof(double)));
	marked = palloc(mul_size(longest, sizeof(bool)));
	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];
		double sum = 0;

		CHECK_FOR_INTERRUPTS();
		if (journey->length == 0 || counts->conversions[i] == 0)
			continue;
		if (options->model == TIME_DECAY && journey->decayed_conversions != NULL)
		{
			double conversions = counts->conversions[i] /
				((double) journey->conversions * JOURNEY_WEIGHT_ONE);
			double value = journey->value == 0 ? 0 : counts->value[i] / (double) journey->value;

			for (int j = 0; j < journey->length; j++)
			{
				int channel = journey_channel(journey->steps[j]);

				credit->conversions[channel] += (double) journey->decayed_conversions[j] * conversions;
				credit->value[channel] += (double) journey->decayed_value[j] * value;
			}
			continue;
		}
		memset(weights, 0, journey->length * sizeof(double));
		switch (options->model)
		{
			case FIRST_TOUCH:
				weights[0] = 1;
				break;
			case LAST_TOUCH:
				weights[journey->length - 1] = 1;
				break;
			case LAST_NON_DIRECT:
				weights[last_non_direct(journey, options->is_direct)] = 1;
				break;
			case POSITION_BASED:
			case W_SHAPED:
			case FULL_PATH:
				weigh_positions(journey, options, weights, marked);
				break;
			default:
				break; /* shared alike, below */
		}
		for (int j = 0; j < journey->length; j++)
			sum += weights[j];
		for (int j = 0; j < journey->length; j++)
		{
			int channel = journey_channel(journey->steps[j]);

			/* Without any weight, as in linear, all touches share alike. */
			double weight = sum > 0 ? weights[j] / sum : 1.0 / journey->length;

			credit->conversions[channel] += counts->conversions[i] * weight;
			credit->value[channel] += counts->value[i] * weight;
		}
	}
	pfree(weights);
	pfree(marked);
}

/* The distinct channels of a journey, in "channels"; seen holds the last journey of each. */
static int
distinct_channels(const Journey *journey, int mark, int *seen, int *channels)
{
	int count = 0;

	for (int j = 0; j < journey->length; j++)
	{
		int channel = journey_channel(journey->steps[j]);

		if (seen[channel] != mark)
		{
			seen[channel] = mark;
			channels[count++] = channel;
		}
	}
	return count;
}

/*
 * With v(S) = conversions whose channels all lie in S, the Shapley value
 * shares each journey alike among its distinct channels.
 */
static void
credit_by_shapley(const JourneySummary *summary, const JourneyCounts *counts, JourneyCredit *credit)
{
	int *seen = palloc0(mul_size(Max(summary->channels.count, 1), sizeof(int)));
	int *channels = palloc(mul_size(Max(summary->channels.count, 1), sizeof(int)));

	for (int i = 0; i < summary->count; i++)
	{
		int count = distinct_channels(&summary->journeys[i], i + 1, seen, channels);

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < count; j++)
		{
			credit->conversions[channels[j]] += counts->conversions[i] / count;
			credit->value[channels[j]] += counts->value[i] / count;
		}
	}
	pfree(seen);
	pfree(channels);
}

/* Sums a table over all subsets of each set. */
static void
sum_over_subsets(double *table, int channels)
{
	for (int channel = 0; channel < channels; channel++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 set = 0; set < (uint32) 1 << channels; set++)
			if (set & (uint32) 1 << channel)
				table[set] += table[set ^ (uint32) 1 << channel];
	}
}

/*
 * The Shapley value of v(S) = rewards per journey within S, times all
 * journeys, so that the channels' sum is the total reward.
 */
static void
shapley_of_rates(const double *rewards, const double *journeys, int channels, double *result)
{
	uint32 all = ((uint32) 1 << channels) - 1;
	double weight[SHAPLEY_RATE_MAX_CHANNELS];

	/* |S|! (n - |S| - 1)! / n! */
	for (int size = 0; size < channels; size++)
	{
		weight[size] = 1.0 / channels;
		for (int i = 1; i <= size; i++)
			weight[size] *= (double) i / (channels - i);
	}
	for (uint32 set = 0; set <= all; set++)
	{
		double rate = journeys[set] > 0 ? rewards[set] / journeys[set] * journeys[all] : 0;
		int size = 0;

		CHECK_FOR_INTERRUPTS();
		if (rate == 0)
			continue;
		for (int channel = 0; channel < channels; channel++)
			size += (int) ((set >> channel) & 1);
		for (int channel = 0; channel < channels; channel++)
			if (set & (uint32) 1 << channel)
				result[channel] += rate * weight[size - 1];
			else
				result[channel] -= rate * weight[size];
	}
}

static void
credit_by_shapley_rate(const JourneySummary *summary, const JourneyCounts *counts, JourneyCredit *credit)
{
	int channels = summary->channels.count;
	Size sets = (Size) 1 << Min(channels, SHAPLEY_RATE_MAX_CHANNELS);
	double *conversions;
	double *value;
	double *journeys;

	if (channels > SHAPLEY_RATE_MAX_CHANNELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model shapley_rate takes up to %d channels, not %d",
						SHAPLEY_RATE_MAX_CHANNELS, channels),
				 errhint("It looks at every set of channels. Group the channels, or use model shapley.")));
	if (channels == 0)
		return;
	conversions = palloc0(mul_size(sets, sizeof(double)));
	value = palloc0(mul_size(sets, sizeof(double)));
	journeys = palloc0(mul_size(sets, sizeof(double)));
	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];
		uint32 set = 0;

		CHECK_FOR_INTERRUPTS();
		if (journey->length == 0)
			continue;
		for (int j = 0; j < journey->length; j++)
			set |= (uint32) 1 << journey_channel(journey->steps[j]);
		conversions[set] += counts->conversions[i];
		value[set] += counts->value[i];
		journeys[set] += counts->conversions[i] + counts->nulls[i];
	}
	sum_over_subsets(conversions, channels);
	sum_over_subsets(value, channels);
	sum_over_subsets(journeys, channels);
	shapley_of_rates(conversions, journeys, channels, credit->conversions);
	shapley_of_rates(value, journeys, channels, credit->value);
	pfree(conversions);
	pfree(value);
	pfree(journeys);
}

void
attribution_credit(const JourneySummary *summary, const AttributionOptions *options,
				   const JourneyCounts *counts, JourneyCredit *credit)
{
	int channels = summary->channels.count;
	double attributed_conversions = 0;
	double attributed_value = 0;

	memset(credit->conversions, 0, (channels + 1) * sizeof(double));
	memset(credit->value, 0, (channels + 1) * sizeof(double));
	for (int i = 0; i < summary->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (summary->journeys[i].length == 0)
		{
			credit->conversions[channels] += counts->conversions[i];
			credit->value[channels] += counts->value[i];
		}
		else
		{
			attributed_conversions += counts->conversions[i];
			attributed_value += counts->value[i];
		}
	}
	if (options->model == SHAPLEY)
		credit_by_shapley(summary, counts, credit);
	else if (options->model == SHAPLEY_RATE)
		credit_by_shapley_rate(summary, counts, credit);
	else if (options->model == MARKOV)
	{
		double conversion_effects = 0;
		double value_effects = 0;

		markov_removal_effects(summary, options->markov_order, counts, credit);
		for (int channel = 0; channel < channels; channel++)
		{
			conversion_effects += credit->conversions[channel];
			value_effects += credit->value[channel];
		}
		for (int channel = 0; channel < channels; channel++)
		{
			if (conversion_effects > 0)
				credit->conversions[channel] *= attributed_conversions / conversion_effects;
			if (value_effects > 0)
				credit->value[channel] *= attributed_value / value_effects;
		}
	}
	else
		credit_by_position(summary, options, counts, credit);
}
