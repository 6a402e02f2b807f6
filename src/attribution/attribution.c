/*
 * attribution.c
 *	  The SQL functions that credit channels with conversions.
 */
#include "base/compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/duration.h"
#include "base/results.h"
#include "attribution_bootstrap.h"
#include "attribution_markov.h"

#define MAX_BOOTSTRAP 100000

static JourneyCounts
counts_of(const JourneySummary *summary)
{
	JourneyCounts counts = {
		attribution_zeros(summary->count),
		attribution_zeros(summary->count),
		attribution_zeros(summary->count),
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
	int order = PG_ARGISNULL(argument) ? 1 : PG_GETARG_INT32(argument);

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
	char *name = PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
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
	int64 half_life;

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
	int count = position_weights(options->model, &defaults);
	Datum *elements;
	bool *nulls;
	int given;
	double sum = 0;

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
		double weight = nulls[i] ? -1 : DatumGetFloat8(elements[i]);

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
	bool *is_direct = palloc0(mul_size(Max(summary->channels.count, 1), sizeof(bool)));
	Datum *names;
	bool *nulls;
	int count;

	if (PG_ARGISNULL(argument))
		return is_direct;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls,
					  &count);
	for (int i = 0; i < count; i++)
	{
		char *name = nulls[i] ? NULL : text_to_cstring(DatumGetTextPP(names[i]));

		CHECK_FOR_INTERRUPTS();
		for (int channel = 0; name != NULL && channel < summary->channels.count; channel++)
			if (pg_strcasecmp(name, summary->channels.texts[channel]) == 0)
				is_direct[channel] = true;
	}
	return is_direct;
}

/* ---------- attribution ---------- */

/*
 * attribution(journeys, model, markov_order, half_life, weights, bootstrap,
 * seed, level, direct)
 */
PG_FUNCTION_INFO_V1(journey_attribution);
Datum
journey_attribution(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	const JourneySummary *summary;
	AttributionOptions options = {0};
	int samples = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
	int64 seed = PG_ARGISNULL(6) ? 0 : PG_GETARG_INT64(6);
	double level = check_level(PG_ARGISNULL(7) ? 0.95 : PG_GETARG_FLOAT8(7));
	JourneyCounts counts;
	JourneyCredit credit;
	double *low;
	double *high;
	int rows;

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
	credit.conversions = attribution_zeros(rows);
	credit.value = attribution_zeros(rows);
	low = attribution_zeros(rows);
	high = attribution_zeros(rows);
	attribution_credit(summary, &options, &counts, &credit);
	if (samples > 0)
		attribution_bootstrap(summary, &options, &counts, samples, seed, level, low, high);
	for (int row = 0; row < rows; row++)
	{
		Datum values[6] = {0};
		bool nulls[6] = {false};

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
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_attribution_models);
Datum
journey_attribution_models(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_texts(fcinfo);

	for (int model = 0; model < ATTRIBUTION_MODELS; model++)
	{
		Datum name = CStringGetTextDatum(attribution_model_names[model]);
		bool null = false;

		put_row(result, &name, &null);
	}
	return (Datum) 0;
}

/* ---------- the Markov chain ---------- */

PG_FUNCTION_INFO_V1(journey_removal_effects);
Datum
journey_removal_effects(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int order = order_argument(fcinfo, 1);
	const JourneySummary *summary;
	JourneyCounts counts;
	JourneyCredit effects;
	double conversions = 0;
	double value = 0;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = journey_argument(fcinfo);
	counts = counts_of(summary);
	effects.conversions = attribution_zeros(summary->channels.count);
	effects.value = attribution_zeros(summary->channels.count);
	markov_removal_effects(summary, order, &counts, &effects);
	for (int i = 0; i < summary->count; i++)
		if (summary->journeys[i].length > 0)
		{
			conversions += counts.conversions[i];
			value += counts.value[i];
		}
	for (int channel = 0; channel < summary->channels.count; channel++)
	{
		Datum values[3];
		bool nulls[3] = {false, conversions == 0, value == 0};

		CHECK_FOR_INTERRUPTS();
		values[0] = CStringGetTextDatum(summary->channels.texts[channel]);
		values[1] = Float8GetDatum(effects.conversions[channel]);
		values[2] = Float8GetDatum(effects.value[channel]);
		put_row(result, values, nulls);
	}
	return (Datum) 0;
}

/* In quotes, as an SQL name would be, where it could be taken for an end, or for two channels. */
static void
append_channel(StringInfo text, const char *channel)
{
	if (strcmp(channel, "(start)") != 0 && strcmp(channel, "(conversion)") != 0 &&
		strcmp(channel, "(null)") != 0 && strstr(channel, " > ") == NULL && channel[0] != '"')
	{
		appendStringInfoString(text, channel);
		return;
	}
	appendStringInfoChar(text, '"');
	for (; *channel != '\0'; channel++)
	{
		if (*channel == '"')
			appendStringInfoChar(text, '"');
		appendStringInfoChar(text, *channel);
	}
	appendStringInfoChar(text, '"');
}

static Datum
state_text(const JourneySummary *summary, const int *states, int order, int state)
{
	StringInfoData text;
	Datum datum;

	if (state == MARKOV_START)
		return CStringGetTextDatum("(start)");
	if (state == MARKOV_CONVERSION)
		return CStringGetTextDatum("(conversion)");
	if (state == MARKOV_NULL)
		return CStringGetTextDatum("(null)");
	initStringInfo(&text);
	for (int i = 0; i < order && states[(Size) state * order + i] >= 0; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, " > ");
		append_channel(&text, summary->channels.texts[states[(Size) state * order + i]]);
	}
	datum = CStringGetTextDatum(text.data);
	pfree(text.data);
	return datum;
}

PG_FUNCTION_INFO_V1(journey_transitions);
Datum
journey_transitions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = begin_rows(fcinfo);
	int order = order_argument(fcinfo, 1);
	const JourneySummary *summary;
	JourneyCounts counts;
	MarkovTransition *transitions;
	const int *states;
	int count;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	summary = journey_argument(fcinfo);
	counts = counts_of(summary);
	transitions = markov_transitions(summary, order, &counts, &count, &states);
	for (int i = 0; i < count; i++)
	{
		Datum values[4];
		bool nulls[4] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = state_text(summary, states, order, transitions[i].from);
		values[1] = state_text(summary, states, order, transitions[i].to);
		values[2] = Float8GetDatum(transitions[i].weight);
		values[3] = Float8GetDatum(transitions[i].probability);
		put_row(result, values, nulls);
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
