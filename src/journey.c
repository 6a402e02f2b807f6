/*
 * journey.c
 *	  The SQL functions of journeys: type, attribution, accessors.
 */
#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "arguments.h"
#include "duration.h"
#include "journey_credit.h"

#define MAX_BOOTSTRAP 100000

DEFINE_SUMMARY_FUNCTIONS(&journey_room, journeys);

/* In canonical order, which a rollup under way does not keep. */
static const JourneySummary *
journey_argument(FunctionCallInfo fcinfo)
{
	return summary_from_datum(&journey_room,
							  PointerGetDatum(PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0))));
}

static double *
zeros(Size count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, Max(count, 1) * sizeof(double),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static JourneyCounts
counts_of(const JourneySummary *summary)
{
	JourneyCounts counts = {
		zeros(summary->count), zeros(summary->count), zeros(summary->count)
	};

	for (int i = 0; i < summary->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		counts.conversions[i] = (double) summary->journeys[i].conversions;
		counts.nulls[i] = (double) summary->journeys[i].nulls;
		counts.value[i] = journey_value_float8(summary->journeys[i].value);
	}
	return counts;
}

/* ---------- arguments ---------- */

static int
order_argument(FunctionCallInfo fcinfo, int argument)
{
	int			order = PG_ARGISNULL(argument) ? 1 : PG_GETARG_INT32(argument);

	if (order < 1 || order > MARKOV_MAX_ORDER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("markov_order %d is not between 1 and %d", order, MARKOV_MAX_ORDER),
				 errhint("Order 1 looks at one touch at a time; suggest_order() says what the paths support.")));
	return order;
}

static AttributionModel
model_argument(FunctionCallInfo fcinfo, int argument)
{
	char	   *name = PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
	StringInfoData models;

	initStringInfo(&models);
	for (int model = 0; model < ATTRIBUTION_MODELS; model++)
	{
		if (name != NULL && strcmp(name, attribution_model_names[model]) == 0)
			return (AttributionModel) model;
		appendStringInfo(&models, "%s%s", model > 0 ? ", " : "", attribution_model_names[model]);
	}
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the attribution model must not be NULL"),
				 errhint("The models are: %s.", models.data)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown attribution model \"%s\"", name),
			 errhint("The models are: %s.", models.data)));
}

static void
check_half_life(FunctionCallInfo fcinfo, int argument, const JourneySummary *summary)
{
	int64		half_life;

	if (PG_ARGISNULL(argument))
		return;
	half_life = fixed_duration(PG_GETARG_INTERVAL_P(argument), "half_life");
	if (half_life == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("half_life must be longer than zero"),
				 errhint("Write the time in which a touch loses half its weight, such as '7 days'.")));
	if (summary->half_life == JOURNEY_UNTIMED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("half_life was given, but these journeys were built from paths without times"),
				 errhint("Build them with journeys(lead, channel, touched_at, converted_at, value, lookback, half_life).")));
	if (half_life != summary->half_life)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("half_life of %g days was given, but these journeys were built with %g days",
						(double) half_life / USECS_PER_DAY,
						(double) summary->half_life / USECS_PER_DAY),
				 errhint("The half-life is part of the journeys: give it to the aggregate journeys().")));
}

/* The weights given, or the model's own. */
static void
read_weights(FunctionCallInfo fcinfo, int argument, AttributionOptions *options)
{
	const char *model = attribution_model_names[options->model];
	const double *defaults;
	int			count = position_weights(options->model, &defaults);
	Datum	   *elements;
	bool	   *nulls;
	int			given;
	double		sum = 0;

	if (PG_ARGISNULL(argument))
	{
		if (count > 0)
			memcpy(options->weights, defaults, count * sizeof(double));
		return;
	}
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model %s takes no weights", model),
				 errhint("Weights belong to the models position_based, w_shaped and full_path.")));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &elements, &nulls, &given);
	if (given != count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model %s takes %d weights, not %d", model, count, given),
				 errhint("Write the weights of: %s.",
						 options->model == POSITION_BASED ? "the first touch, those between, the last" :
						 options->model == W_SHAPED ? "the first touch, the lead, the opportunity, the others" :
						 "the first touch, the lead, the opportunity, the last touch, the others")));
	for (int i = 0; i < count; i++)
	{
		double		weight = nulls[i] ? -1 : DatumGetFloat8(elements[i]);

		/* Written so that NaN fails too. */
		if (!(weight >= 0 && weight <= 1e100))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("weight %d of model %s is not a number of at least zero", i + 1, model),
					 errhint("Weights are shares, such as 0.4; they need not sum to 1.")));
		options->weights[i] = weight;
		sum += weight;
	}
	if (sum == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the weights of model %s are all zero", model),
				 errhint("Weights are shares, such as 0.4; they need not sum to 1.")));
}

/* Which channels count as direct: names compare without regard to ASCII case. */
static bool *
read_direct(FunctionCallInfo fcinfo, int argument, const JourneySummary *summary)
{
	bool	   *is_direct = palloc0(Max(summary->channels.count, 1) * sizeof(bool));
	Datum	   *names;
	bool	   *nulls;
	int			count;

	if (PG_ARGISNULL(argument))
		return is_direct;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &names,
					  &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *name = nulls[i] ? NULL : text_to_cstring(DatumGetTextPP(names[i]));

		CHECK_FOR_INTERRUPTS();
		for (int channel = 0; name != NULL && channel < summary->channels.count; channel++)
			if (pg_strcasecmp(name, summary->channels.texts[channel]) == 0)
				is_direct[channel] = true;
	}
	return is_direct;
}

/* ---------- attribution ---------- */

/*
 * Fills in what each channel gets; the entry after the last channel is what no
 * touch explains.
 */
static void
attribute(const JourneySummary *summary, const AttributionOptions *options,
		  const JourneyCounts *counts, JourneyCredit *credit)
{
	int			channels = summary->channels.count;
	double		attributed_conversions = 0;
	double		attributed_value = 0;

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
		double		conversion_effects = 0;
		double		value_effects = 0;

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

/*
 * A Poisson variate: by multiplication of uniforms while the mean is small,
 * else by transformed rejection (W. Hoermann, 1993).
 */
static double
poisson(pg_prng_state *random, double mean)
{
	double		root = sqrt(mean);
	double		b = 0.931 + 2.53 * root;
	double		a = -0.059 + 0.02483 * b;
	double		inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
	double		squeeze = 0.9277 - 3.6224 / (b - 2);

	if (mean < 10)
	{
		double		limit = exp(-mean);
		double		product = pg_prng_double(random);
		int			count = 0;

		for (; product > limit; count++)
			product *= pg_prng_double(random);
		return count;
	}
	for (;;)
	{
		double		u = pg_prng_double(random) - 0.5;
		double		v = 1 - pg_prng_double(random);
		double		us = 0.5 - fabs(u);
		double		count;

		if (us == 0)
			continue;
		count = floor((2 * a / us + b) * u + mean + 0.43);
		if (us >= 0.07 && v <= squeeze)
			return count;
		if (count < 0 || (us < 0.013 && v > us))
			continue;
		if (log(v * inverse_alpha / (a / (us * us) + b)) <=
			count * log(mean) - mean - lgamma(count + 1))
			return count;
	}
}

static int
compare_doubles(const void *a, const void *b)
{
	double		left = *(const double *) a;
	double		right = *(const double *) b;

	return (left > right) - (left < right);
}

/* A quantile of sorted numbers, interpolated. */
static double
quantile(const double *sorted, int count, double fraction)
{
	double		place = fraction * (count - 1);
	int			below = (int) place;

	if (below >= count - 1)
		return sorted[count - 1];
	return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
}

/*
 * Intervals of the conversions per channel: every journey counts a Poisson(1)
 * number of times in each of "samples" samples.
 */
static void
bootstrap(const JourneySummary *summary, const AttributionOptions *options,
		  const JourneyCounts *counts, int samples, int64 seed, double level, double *low,
		  double *high)
{
	int			rows = summary->channels.count + 1;
	double	   *drawn = zeros((Size) samples * rows);
	JourneyCounts resampled = {
		zeros(summary->count), zeros(summary->count), zeros(summary->count)
	};
	JourneyCredit credit = {zeros(rows), zeros(rows)};
	pg_prng_state random;

	pg_prng_seed(&random, (uint64) seed);
	for (int sample = 0; sample < samples; sample++)
	{
		for (int i = 0; i < summary->count; i++)
		{
			/* A sum of Poisson(1) counts is a Poisson count. */
			double		conversions = counts->conversions[i];

			CHECK_FOR_INTERRUPTS();
			resampled.conversions[i] = conversions > 0 ? poisson(&random, conversions) : 0;
			resampled.nulls[i] = counts->nulls[i] > 0 ? poisson(&random, counts->nulls[i]) : 0;
			resampled.value[i] = conversions > 0 ?
				counts->value[i] / conversions * resampled.conversions[i] : 0;
		}
		attribute(summary, options, &resampled, &credit);
		for (int row = 0; row < rows; row++)
			drawn[(Size) row * samples + sample] = credit.conversions[row];
	}
	for (int row = 0; row < rows; row++)
	{
		double	   *sorted = drawn + (Size) row * samples;

		CHECK_FOR_INTERRUPTS();
		qsort(sorted, samples, sizeof(double), compare_doubles);
		low[row] = quantile(sorted, samples, (1 - level) / 2);
		high[row] = quantile(sorted, samples, (1 + level) / 2);
	}
}

/*
 * attribution(journeys, model, markov_order, half_life, weights, bootstrap,
 * seed, level, direct)
 */
PG_FUNCTION_INFO_V1(journey_attribution);
Datum
journey_attribution(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const JourneySummary *summary;
	AttributionOptions options = {0};
	int			samples = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
	int64		seed = PG_ARGISNULL(6) ? 0 : PG_GETARG_INT64(6);
	double		level = check_level(PG_ARGISNULL(7) ? 0.95 : PG_GETARG_FLOAT8(7));
	JourneyCounts counts;
	JourneyCredit credit;
	double	   *low;
	double	   *high;
	int			rows;

	InitMaterializedSRF(fcinfo, 0);
	options.model = model_argument(fcinfo, 1);
	options.markov_order = order_argument(fcinfo, 2);
	if (samples < 0 || samples > MAX_BOOTSTRAP)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bootstrap of %d samples is not between 0 and %d", samples, MAX_BOOTSTRAP),
				 errhint("1000 samples make a good interval; 0 makes none.")));
	read_weights(fcinfo, 4, &options);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = journey_argument(fcinfo);
	check_half_life(fcinfo, 3, summary);
	options.is_direct = read_direct(fcinfo, 8, summary);

	rows = summary->channels.count + 1;
	counts = counts_of(summary);
	credit.conversions = zeros(rows);
	credit.value = zeros(rows);
	low = zeros(rows);
	high = zeros(rows);
	attribute(summary, &options, &counts, &credit);
	if (samples > 0)
		bootstrap(summary, &options, &counts, samples, seed, level, low, high);
	for (int row = 0; row < rows; row++)
	{
		Datum		values[6] = {0};
		bool		nulls[6] = {false};

		CHECK_FOR_INTERRUPTS();
		if (row < summary->channels.count)
			values[0] = CStringGetTextDatum(summary->channels.texts[row]);
		else
			nulls[0] = true;
		values[1] = Float8GetDatum(credit.conversions[row]);
		values[2] = Float8GetDatum(credit.value[row]);
		if (summary->conversions > 0)
			values[3] = Float8GetDatum(credit.conversions[row] / (double) summary->conversions);
		else
			nulls[3] = true;
		values[4] = Float8GetDatum(low[row]);
		values[5] = Float8GetDatum(high[row]);
		nulls[4] = nulls[5] = samples == 0;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_attribution_models);
Datum
journey_attribution_models(PG_FUNCTION_ARGS)
{
	Datum		names[ATTRIBUTION_MODELS];

	for (int model = 0; model < ATTRIBUTION_MODELS; model++)
		names[model] = CStringGetTextDatum(attribution_model_names[model]);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, ATTRIBUTION_MODELS, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

/* ---------- the Markov chain ---------- */

PG_FUNCTION_INFO_V1(journey_removal_effects);
Datum
journey_removal_effects(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			order = order_argument(fcinfo, 1);
	const JourneySummary *summary;
	JourneyCounts counts;
	JourneyCredit effects;
	double		conversions = 0;
	double		value = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = journey_argument(fcinfo);
	counts = counts_of(summary);
	effects.conversions = zeros(summary->channels.count);
	effects.value = zeros(summary->channels.count);
	markov_removal_effects(summary, order, &counts, &effects);
	for (int i = 0; i < summary->count; i++)
		if (summary->journeys[i].length > 0)
		{
			conversions += counts.conversions[i];
			value += counts.value[i];
		}
	for (int channel = 0; channel < summary->channels.count; channel++)
	{
		Datum		values[3];
		bool		nulls[3] = {false, conversions == 0, value == 0};

		CHECK_FOR_INTERRUPTS();
		values[0] = CStringGetTextDatum(summary->channels.texts[channel]);
		values[1] = Float8GetDatum(effects.conversions[channel]);
		values[2] = Float8GetDatum(effects.value[channel]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
state_text(const JourneySummary *summary, const int *states, int order, int state)
{
	StringInfoData text;
	Datum		datum;

	if (state == MARKOV_START)
		return CStringGetTextDatum("(start)");
	if (state == MARKOV_CONVERSION)
		return CStringGetTextDatum("(conversion)");
	if (state == MARKOV_NULL)
		return CStringGetTextDatum("(null)");
	initStringInfo(&text);
	for (int i = 0; i < order && states[(Size) state * order + i] >= 0; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? " > " : "",
						 summary->channels.texts[states[(Size) state * order + i]]);
	datum = CStringGetTextDatum(text.data);
	pfree(text.data);
	return datum;
}

PG_FUNCTION_INFO_V1(journey_transitions);
Datum
journey_transitions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			order = order_argument(fcinfo, 1);
	const JourneySummary *summary;
	JourneyCounts counts;
	MarkovTransition *transitions;
	const int  *states;
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = journey_argument(fcinfo);
	counts = counts_of(summary);
	transitions = markov_transitions(summary, order, &counts, &count, &states);
	for (int i = 0; i < count; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = state_text(summary, states, order, transitions[i].from);
		values[1] = state_text(summary, states, order, transitions[i].to);
		values[2] = Float8GetDatum(transitions[i].weight);
		values[3] = Float8GetDatum(transitions[i].probability);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_suggest_order);
Datum
journey_suggest_order(PG_FUNCTION_ARGS)
{
	const JourneySummary *summary = journey_argument(fcinfo);
	JourneyCounts counts = counts_of(summary);

	PG_RETURN_INT32(markov_suggest_order(summary, &counts));
}

/* ---------- what is in it ---------- */

PG_FUNCTION_INFO_V1(journey_paths);
Datum
journey_paths(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const JourneySummary *summary = journey_argument(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];
		Datum	   *elements = palloc(Max(journey->length, 1) * sizeof(Datum));
		bool	   *missing = palloc(Max(journey->length, 1) * sizeof(bool));
		Datum		values[5];
		bool		nulls[5] = {false, false, false, false, true};
		int			dimension = journey->length;
		int			lower = 1;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < journey->length; j++)
		{
			CHECK_FOR_INTERRUPTS();
			elements[j] = CStringGetTextDatum(summary->channels.texts[journey_channel(journey->steps[j])]);
		}
		values[0] = PointerGetDatum(construct_array(elements, journey->length, TEXTOID, -1, false,
													TYPALIGN_INT));
		values[1] = Int64GetDatum(journey->conversions);
		values[2] = Float8GetDatum(journey_value_float8(journey->value));
		values[3] = Int64GetDatum(journey->nulls);
		for (int j = 0; j < journey->length; j++)
		{
			int			milestones = journey_milestones(journey->steps[j]);

			CHECK_FOR_INTERRUPTS();
			missing[j] = milestones == 0;
			nulls[4] = nulls[4] && missing[j];
			elements[j] = CStringGetTextDatum(milestones == JOURNEY_LEAD ? "lead" :
											  milestones == JOURNEY_OPPORTUNITY ? "opportunity" :
											  "lead and opportunity");
		}
		if (!nulls[4])
			values[4] = PointerGetDatum(construct_md_array(elements, missing, 1, &dimension, &lower,
														   TEXTOID, -1, false, TYPALIGN_INT));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(elements);
		pfree(missing);
	}
	return (Datum) 0;
}

/* One row per reason, also where nothing was left out. */
PG_FUNCTION_INFO_V1(journey_ignored);
Datum
journey_ignored(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const JourneySummary *summary = journey_argument(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
	{
		Datum		values[2];
		bool		nulls[2] = {false, false};

		values[0] = CStringGetTextDatum(journey_ignored_names[reason]);
		values[1] = Int64GetDatum(summary->ignored[reason]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
