/*
 * attribution_markov.c
 *	  Absorbing Markov chains over paths, solved exactly, without simulation.
 *
 * A state is a window of the last "order" channels; a shorter path is one
 * state; equal states in a row count once.  Removing a channel sends every
 * transition into a state that contains it to the null end.
 */
#include "attribution_markov.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

/* What iteration may leave unknown of the probability of converting. */
#define MARKOV_PRECISION 1e-13

/* Transitions followed before a slowly mixing chain is eliminated instead. */
#define MARKOV_MAX_WORK 50000000.0
#define MARKOV_MAX_ELIMINATED 1000

typedef struct StateKey
{
	int channels[MARKOV_MAX_ORDER];
} StateKey;

typedef struct StateEntry
{
	StateKey key;
	int number;
} StateEntry;

typedef struct EdgeKey
{
	int from;
	int to;
} EdgeKey;

typedef struct EdgeEntry
{
	EdgeKey key;
	int number;
} EdgeEntry;

typedef struct MarkovChain
{
	int order;
	int state_count;
	int state_capacity;
	int *states;		 /* "order" channels each */
	double *outflow;	 /* journeys that leave a state */
	double *conversions; /* of these, by converting */
	double *nulls;		 /* or by ending */
	double *value;		 /* value of the conversions */
	double started;		 /* journeys */

	int edge_count;
	int edge_capacity;
	MarkovTransition *edges; /* from MARKOV_START, or from a state, to a state */

	HTAB *state_table;
	HTAB *edge_table;
} MarkovChain;

static HTAB *
create_table(const char *name, Size key_size, Size entry_size)
{
	HASHCTL control;

	memset(&control, 0, sizeof(control));
	control.keysize = key_size;
	control.entrysize = entry_size;
	control.hcxt = CurrentMemoryContext;
	return hash_create(name, 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
double_array(double **array, int capacity)
{
	*array = repalloc_huge(*array, (Size) capacity * sizeof(double));
}

static int
state_number(MarkovChain *chain, const StateKey *key)
{
	bool found;
	StateEntry *entry = hash_search(chain->state_table, key, HASH_ENTER, &found);
	int number = chain->state_count;

	if (found)
		return entry->number;
	if (number == chain->state_capacity)
	{
		chain->state_capacity *= 2;
		chain->states = repalloc_huge(chain->states,
									  (Size) chain->state_capacity * chain->order * sizeof(int));
		double_array(&chain->outflow, chain->state_capacity);
		double_array(&chain->conversions, chain->state_capacity);
		double_array(&chain->nulls, chain->state_capacity);
		double_array(&chain->value, chain->state_capacity);
	}
	memcpy(chain->states + (Size) number * chain->order, key->channels, chain->order * sizeof(int));
	chain->outflow[number] = chain->conversions[number] = 0;
	chain->nulls[number] = chain->value[number] = 0;
	entry->number = number;
	chain->state_count++;
	return number;
}

static void
add_edge(MarkovChain *chain, int from, int to, double weight)
{
	EdgeKey key = {from, to};
	bool found;
	EdgeEntry *entry = hash_search(chain->edge_table, &key, HASH_ENTER, &found);

	if (!found)
	{
		if (chain->edge_count == chain->edge_capacity)
		{
			chain->edge_capacity *= 2;
			chain->edges = repalloc_huge(chain->edges,
										 (Size) chain->edge_capacity * sizeof(MarkovTransition));
		}
		entry->number = chain->edge_count;
		chain->edges[chain->edge_count++] = (MarkovTransition){from, to, 0, 0};
	}
	chain->edges[entry->number].weight += weight;
}

/* The window of a path that starts at a touch. */
static StateKey
state_key(const Journey *journey, int at, int order)
{
	StateKey key;

	for (int i = 0; i < MARKOV_MAX_ORDER; i++)
	{
		bool is_there = i < order && at + i < journey->length;

		key.channels[i] = is_there ? journey_channel(journey->steps[at + i]) : -1;
	}
	return key;
}

static int
compare_edges(const void *a, const void *b, void *unused)
{
	const MarkovTransition *left = a;
	const MarkovTransition *right = b;

	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return (left->to > right->to) - (left->to < right->to);
}

static MarkovChain *
build_chain(const JourneySummary *summary, int order, const JourneyCounts *counts)
{
	MarkovChain *chain = palloc0(sizeof(MarkovChain));

	chain->order = order;
	chain->state_capacity = chain->edge_capacity = 256;
	chain->states = palloc(chain->state_capacity * order * sizeof(int));
	chain->outflow = palloc(chain->state_capacity * sizeof(double));
	chain->conversions = palloc(chain->state_capacity * sizeof(double));
	chain->nulls = palloc(chain->state_capacity * sizeof(double));
	chain->value = palloc(chain->state_capacity * sizeof(double));
	chain->edges = palloc(chain->edge_capacity * sizeof(MarkovTransition));
	chain->state_table = create_table("lead_kpi Markov states", sizeof(StateKey), sizeof(StateEntry));
	chain->edge_table = create_table("lead_kpi Markov transitions", sizeof(EdgeKey), sizeof(EdgeEntry));

	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];
		double weight = counts->conversions[i] + counts->nulls[i];
		int state = MARKOV_START;

		if (journey->length == 0 || weight == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		chain->started += weight;
		for (int at = 0; at == 0 || at + order <= journey->length; at++)
		{
			StateKey key = state_key(journey, at, order);
			int next = state_number(chain, &key);

			CHECK_FOR_INTERRUPTS();
			if (next == state)
				continue;
			add_edge(chain, state, next, weight);
			chain->outflow[next] += weight;
			state = next;
		}
		chain->conversions[state] += counts->conversions[i];
		chain->nulls[state] += counts->nulls[i];
		chain->value[state] += counts->value[i];
	}
	qsort_interruptible(chain->edges, chain->edge_count, sizeof(MarkovTransition), compare_edges, NULL);
	for (int i = 0; i < chain->edge_count; i++)
	{
		MarkovTransition *edge = &chain->edges[i];

		CHECK_FOR_INTERRUPTS();
		edge->probability = edge->weight /
			(edge->from == MARKOV_START ? chain->started : chain->outflow[edge->from]);
	}
	return chain;
}

/* What a journey that starts can expect. */
typedef struct Expectation
{
	double conversions;
	double value;
} Expectation;

/*
 * Iterates the two expectations of every state up from zero, and the
 * probability of still being under way down from one: the latter bounds what
 * is missing.  False when that takes too long.
 */
static bool
iterate(const MarkovChain *chain, const bool *removed, Expectation *result)
{
	int states = chain->state_count;
	double *work = palloc0(((Size) states * 3 + 1) * sizeof(double));
	double largest_mean = 0;
	int max_rounds = (int) (MARKOV_MAX_WORK / (chain->edge_count + 1)) + 10;
	bool done = false;

	for (int state = 0; state < states; state++)
	{
		if (removed[state])
			continue;
		work[3 * (Size) state] = chain->conversions[state] / chain->outflow[state];
		work[3 * (Size) state + 1] = chain->value[state] / chain->outflow[state];
		if (chain->conversions[state] > 0)
			largest_mean = Max(largest_mean, chain->value[state] / chain->conversions[state]);
	}
	/* From a state without transitions a journey ends at once. */
	for (int i = 0; i < chain->edge_count; i++)
	{
		int from = chain->edges[i].from;

		if (from != MARKOV_START && !removed[from])
			work[3 * (Size) from + 2] = 1;
	}
	for (int round = 0; round < max_rounds && !done; round++)
	{
		double left = 0;
		int end = chain->edge_count;

		CHECK_FOR_INTERRUPTS();
		result->conversions = result->value = 0;
		/* States were numbered along the paths: backwards, most are known in one round. */
		while (end > 0)
		{
			int from = chain->edges[end - 1].from;
			double conversions = 0;
			double value = 0;
			double under_way = 0;

			CHECK_FOR_INTERRUPTS();
			for (; end > 0 && chain->edges[end - 1].from == from; end--)
			{
				const MarkovTransition *edge = &chain->edges[end - 1];
				const double *to = work + 3 * (Size) edge->to;

				conversions += edge->probability * to[0];
				value += edge->probability * to[1];
				under_way += edge->probability * to[2];
			}
			if (from == MARKOV_START)
			{
				result->conversions = conversions;
				result->value = value;
				left = under_way;
			}
			else if (!removed[from])
			{
				work[3 * (Size) from] = conversions + chain->conversions[from] / chain->outflow[from];
				work[3 * (Size) from + 1] = value + chain->value[from] / chain->outflow[from];
				work[3 * (Size) from + 2] = under_way;
			}
		}
		done = left <= MARKOV_PRECISION * result->conversions &&
			left * largest_mean <= MARKOV_PRECISION * result->value;
	}
	pfree(work);
	return done;
}

/*
 * Eliminates state by state.  A diagonal is taken as the sum of what leaves
 * the state, so nothing is subtracted and no digits are lost, however rarely
 * a journey ends.
 */
static void
eliminate(const MarkovChain *chain, const bool *removed, Expectation *result)
{
	int states = chain->state_count;
	int width = states + 3; /* states, conversions, value, null */
	double *rows = MemoryContextAllocHuge(CurrentMemoryContext, (Size) (states + 1) * width * sizeof(double));
	double *start = rows + (Size) states * width;

	memset(rows, 0, (Size) (states + 1) * width * sizeof(double));
	for (int state = 0; state < states; state++)
	{
		double *row = rows + (Size) state * width;

		row[states] = chain->conversions[state] / chain->outflow[state];
		row[states + 1] = chain->value[state] / chain->outflow[state];
		row[states + 2] = chain->nulls[state] / chain->outflow[state];
	}
	for (int i = 0; i < chain->edge_count; i++)
	{
		const MarkovTransition *edge = &chain->edges[i];
		double *row = edge->from == MARKOV_START ? start : rows + (Size) edge->from * width;

		row[removed[edge->to] ? states + 2 : edge->to] += edge->probability;
	}
	for (int last = states - 1; last >= 0; last--)
	{
		const double *from = rows + (Size) last * width;
		double leaving = from[states] + from[states + 2];

		CHECK_FOR_INTERRUPTS();
		if (removed[last])
			continue;
		for (int j = 0; j < last; j++)
			leaving += from[j];
		for (int i = 0; i <= states; i++)
		{
			double *row = rows + (Size) i * width;
			double share = row[last] / leaving;

			CHECK_FOR_INTERRUPTS();
			if ((i >= last && i < states) || share == 0)
				continue;
			for (int j = 0; j < last; j++)
				row[j] += share * from[j];
			for (int j = states; j < width; j++)
				row[j] += share * from[j];
		}
	}
	result->conversions = start[states];
	result->value = start[states + 1];
	pfree(rows);
}

/* slow: has a solution of this chain taken too long to iterate? */
static Expectation
solve(const MarkovChain *chain, const bool *removed, bool *slow)
{
	Expectation result = {0, 0};

	if (!*slow && iterate(chain, removed, &result))
		return result;
	*slow = true;
	if (chain->state_count > MARKOV_MAX_ELIMINATED)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the Markov chain of order %d is nearly singular", chain->order),
				 errdetail("It has %d states, and journeys pass too many of them before they end.",
						   chain->state_count),
				 errhint("Shorten the paths with last_touches() or transform_paths(), or use a lower markov_order.")));
	eliminate(chain, removed, &result);
	return result;
}

void
markov_removal_effects(const JourneySummary *summary, int order, const JourneyCounts *counts,
					   JourneyCredit *effects)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi Markov",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	MarkovChain *chain = build_chain(summary, order, counts);
	bool *removed = palloc0(Max(chain->state_count, 1) * sizeof(bool));
	bool slow = false;
	Expectation all = solve(chain, removed, &slow);

	for (int channel = 0; channel < summary->channels.count && all.conversions > 0; channel++)
	{
		bool any = false;
		Expectation without;

		CHECK_FOR_INTERRUPTS();
		for (int state = 0; state < chain->state_count; state++)
		{
			removed[state] = false;
			for (int i = 0; i < order; i++)
				if (chain->states[(Size) state * order + i] == channel)
					removed[state] = any = true;
		}
		if (!any)
			continue;
		without = solve(chain, removed, &slow);
		effects->conversions[channel] += Max(1 - without.conversions / all.conversions, 0);
		if (all.value > 0)
			effects->value[channel] += Max(1 - without.value / all.value, 0);
	}
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(scratch);
}

MarkovTransition *
markov_transitions(const JourneySummary *summary, int order, const JourneyCounts *counts, int *count,
				   const int **states)
{
	MarkovChain *chain = build_chain(summary, order, counts);
	Size most = (Size) chain->edge_count + 2 * (Size) chain->state_count + 1;
	MarkovTransition *result = MemoryContextAllocHuge(CurrentMemoryContext, most * sizeof(MarkovTransition));

	memcpy(result, chain->edges, (Size) chain->edge_count * sizeof(MarkovTransition));
	*count = chain->edge_count;
	for (int state = 0; state < chain->state_count; state++)
	{
		CHECK_FOR_INTERRUPTS();
		if (chain->conversions[state] > 0)
			result[(*count)++] = (MarkovTransition){
				state,
				MARKOV_CONVERSION,
				chain->conversions[state],
				chain->conversions[state] / chain->outflow[state],
			};
		if (chain->nulls[state] > 0)
			result[(*count)++] = (MarkovTransition){
				state,
				MARKOV_NULL,
				chain->nulls[state],
				chain->nulls[state] / chain->outflow[state],
			};
	}
	*states = chain->states;
	return result;
}

/* A touch or an end, after up to "order" touches before it. */
typedef struct ContextKey
{
	StateKey before;
	int next; /* channel, MARKOV_CONVERSION or MARKOV_NULL; -1: any */
} ContextKey;

typedef struct ContextEntry
{
	ContextKey key;
	double weight;
} ContextEntry;

static void
count_context(HTAB *table, const StateKey *before, int next, double weight)
{
	ContextKey key;
	bool found;
	ContextEntry *entry;

	if (weight == 0)
		return;
	key.before = *before;
	for (int i = 0; i < 2; i++)
	{
		key.next = i == 0 ? next : -1;
		entry = hash_search(table, &key, HASH_ENTER, &found);
		entry->weight = (found ? entry->weight : 0) + weight;
	}
}

/*
 * The Bayesian information criterion of predicting the next touch, or the end,
 * from up to "order" touches before.  Repeated channels count here, so that
 * the orders describe the same data.
 */
static double
information_criterion(const JourneySummary *summary, int order, const JourneyCounts *counts)
{
	HTAB *table = create_table("lead_kpi contexts", sizeof(ContextKey), sizeof(ContextEntry));
	HASH_SEQ_STATUS walk;
	ContextEntry *entry;
	double log_likelihood = 0;
	double parameters = 0;
	double observations = 0;

	for (int i = 0; i < summary->count; i++)
	{
		const Journey *journey = &summary->journeys[i];

		if (journey->length == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		for (int at = 0; at <= journey->length; at++)
		{
			StateKey before = state_key(journey, Max(at - order, 0), Min(order, at));

			CHECK_FOR_INTERRUPTS();
			if (at < journey->length)
				count_context(table, &before, journey_channel(journey->steps[at]),
							  counts->conversions[i] + counts->nulls[i]);
			else
			{
				count_context(table, &before, MARKOV_CONVERSION, counts->conversions[i]);
				count_context(table, &before, MARKOV_NULL, counts->nulls[i]);
			}
		}
	}
	hash_seq_init(&walk, table);
	while ((entry = hash_seq_search(&walk)) != NULL)
	{
		double term = entry->weight * log(entry->weight);

		CHECK_FOR_INTERRUPTS();
		if (entry->key.next == -1)
		{
			log_likelihood -= term;
			observations += entry->weight;
			/* Each context chooses among the channels and the two ends. */
			parameters += summary->channels.count + 1;
		}
		else
			log_likelihood += term;
	}
	hash_destroy(table);
	return parameters * log(Max(observations, 1)) - 2 * log_likelihood;
}

int
markov_suggest_order(const JourneySummary *summary, const JourneyCounts *counts)
{
	int best = 1;
	double lowest = 0;

	for (int order = 1; order <= MARKOV_MAX_ORDER; order++)
	{
		double criterion = information_criterion(summary, order, counts);

		/* A higher order must earn its place: a tie goes to the lower one. */
		if (order == 1 || criterion < lowest - 1e-9 * fabs(lowest))
		{
			lowest = criterion;
			best = order;
		}
	}
	return best;
}
