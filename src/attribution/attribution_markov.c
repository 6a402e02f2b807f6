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

#include "attribution_elimination.h"
#include "base/counts.h"

/* What iteration may leave unknown of the probability of converting. */
#define MARKOV_PRECISION 1e-13

/* Transitions followed before a slowly mixing chain is eliminated instead. */
#define MARKOV_MAX_WORK 50000000.0

/* The memory in which states are eliminated, and how many products take the time of one transition followed. */
#define MARKOV_ELIMINATION_BYTES ((Size) 128 * 1024 * 1024)
#define MARKOV_PRODUCTS_PER_TRANSITION 8.0

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
	*array = repalloc_huge(*array, mul_size(capacity, sizeof(double)));
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
		chain->state_capacity = doubled_capacity(chain->state_capacity, "journeys");
		chain->states = repalloc_huge(chain->states,
									  mul_size(mul_size(chain->state_capacity, chain->order), sizeof(int)));
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
			chain->edge_capacity = doubled_capacity(chain->edge_capacity, "journeys");
			chain->edges = repalloc_huge(chain->edges,
										 mul_size(chain->edge_capacity, sizeof(MarkovTransition)));
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
	chain->states = palloc(mul_size(mul_size(chain->state_capacity, order), sizeof(int)));
	chain->outflow = palloc(mul_size(chain->state_capacity, sizeof(double)));
	chain->conversions = palloc(mul_size(chain->state_capacity, sizeof(double)));
	chain->nulls = palloc(mul_size(chain->state_capacity, sizeof(double)));
	chain->value = palloc(mul_size(chain->state_capacity, sizeof(double)));
	chain->edges = palloc(mul_size(chain->edge_capacity, sizeof(MarkovTransition)));
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
 * is missing.  Returns in how many rounds, or 0 when that takes too long.
 */
static int
iterate(const MarkovChain *chain, const bool *removed, Expectation *result)
{
	int states = chain->state_count;
	double *work = palloc0(mul_size((Size) states * 3 + 1, sizeof(double)));
	double largest_mean = 0;
	int max_rounds = (int) (MARKOV_MAX_WORK / (chain->edge_count + 1)) + 10;
	int rounds = 0;
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
	for (; rounds < max_rounds && !done; rounds++)
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
	return done ? rounds : 0;
}

/*
 * The effects of all channels by elimination.  Half of the channels are dealt
 * with at a time, so the states with none of them are eliminated once for all
 * of them, down to the states of one channel.  The start then says at which of
 * them a journey meets the channel first, and what that costs.
 */
typedef struct Removal
{
	const MarkovChain *chain;
	bool *is_wanted; /* channels, while states are divided */
	JourneyCredit *effects;
	double work; /* products that it takes */
	Size cells;	 /* of all matrices that are there at once */
} Removal;

/* Lists the states with one of the channels, then the others; returns how many have one. */
static int
divide_states(Removal *removal, const int *channels, int channel_count, const int *states, int state_count,
			  int *divided)
{
	const MarkovChain *chain = removal->chain;
	int with = 0;
	int without = 0;
	int *others = palloc(mul_size(state_count, sizeof(int)));

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < channel_count; i++)
		removal->is_wanted[channels[i]] = true;
	for (int i = 0; i < state_count; i++)
	{
		const int *state = chain->states + (Size) states[i] * chain->order;
		bool found = false;

		for (int j = 0; j < chain->order && !found; j++)
			found = state[j] >= 0 && removal->is_wanted[state[j]];
		if (found)
			divided[with++] = states[i];
		else
			others[without++] = states[i];
	}
	memcpy(divided + with, others, without * sizeof(int));
	pfree(others);
	for (int i = 0; i < channel_count; i++)
		removal->is_wanted[channels[i]] = false;
	return with;
}

/* What remove_channels() will take, before memory is. */
static void
plan_removal(Removal *removal, const int *channels, int channel_count, const int *states, int state_count,
			 int stride, Size cells)
{
	int *divided = palloc(mul_size(state_count, sizeof(int)));

	cells += ((Size) state_count + 1) * stride;
	removal->work += 1000;
	removal->cells = Max(removal->cells, cells);
	if (channel_count == 1)
		removal->work += pow(state_count, 3) / 3;
	for (int half = 0; half < 2 && channel_count > 1; half++)
	{
		int from = half == 0 ? 0 : channel_count / 2;
		int count = half == 0 ? channel_count / 2 : channel_count - from;
		int keep = divide_states(removal, channels + from, count, states, state_count, divided);

		removal->work += (pow(state_count, 3) - pow(keep, 3)) / 3 + 4.0 * state_count * state_count;
		removal->cells = Max(removal->cells, cells + elimination_cells(state_count));
		plan_removal(removal, channels + from, count, divided, keep, elimination_stride(state_count), cells);
	}
	pfree(divided);
}

/* A copy behind the matrix, with its states in another order. */
static EliminationMatrix
rearranged(const EliminationMatrix *matrix, const int *places)
{
	EliminationMatrix copy = {
		elimination_row(matrix, matrix->states + 1),
		elimination_stride(matrix->states),
		matrix->states,
	};

	for (int row = 0; row <= matrix->states; row++)
	{
		const double *from = elimination_row(matrix, row == 0 ? 0 : places[row - 1] + 1);
		double *to = elimination_row(&copy, row);

		CHECK_FOR_INTERRUPTS();
		memcpy(to, from, ELIMINATION_ENDS * sizeof(double));
		for (int i = 0; i < matrix->states; i++)
			to[ELIMINATION_ENDS + i] = from[ELIMINATION_ENDS + places[i]];
		for (int i = ELIMINATION_ENDS + matrix->states; i < copy.stride; i++)
			to[i] = 0;
	}
	return copy;
}

/* The matrix has the states with one of the channels. */
static void
remove_channels(Removal *removal, const int *channels, int channel_count, const int *states,
				EliminationMatrix *matrix)
{
	int state_count = matrix->states;
	int *divided = palloc(mul_size(state_count, sizeof(int)));
	int *places = palloc(mul_size(state_count, sizeof(int)));

	if (channel_count == 1)
	{
		double *start = elimination_row(matrix, 0);
		double conversions = start[ELIMINATION_CONVERSIONS];
		double value = start[ELIMINATION_VALUE];

		/* What is left from here on is what journeys bring that meet the channel. */
		memset(start, 0, ELIMINATION_ENDS * sizeof(double));
		eliminate_states(matrix, 0);
		if (start[ELIMINATION_CONVERSIONS] > 0)
			removal->effects->conversions[channels[0]] = start[ELIMINATION_CONVERSIONS] /
				(conversions + start[ELIMINATION_CONVERSIONS]);
		if (start[ELIMINATION_VALUE] > 0)
			removal->effects->value[channels[0]] = start[ELIMINATION_VALUE] /
				(value + start[ELIMINATION_VALUE]);
	}
	for (int half = 0; half < 2 && channel_count > 1; half++)
	{
		int from = half == 0 ? 0 : channel_count / 2;
		int count = half == 0 ? channel_count / 2 : channel_count - from;
		int keep = divide_states(removal, channels + from, count, states, state_count, divided);
		int with = 0;
		EliminationMatrix copy;

		/* Both lists are in the order of "states". */
		for (int i = 0, without = keep; i < state_count; i++)
			places[with < keep && states[i] == divided[with] ? with++ : without++] = i;
		copy = rearranged(matrix, places);
		eliminate_states(&copy, keep);
		remove_channels(removal, channels + from, count, divided, &copy);
	}
	pfree(places);
	pfree(divided);
}

static void
write_out(const MarkovChain *chain, const int *states, EliminationMatrix *matrix)
{
	int *rows = palloc(mul_size(chain->state_count, sizeof(int)));

	for (int i = 0; i < chain->state_count; i++)
	{
		int state = states[i];
		double *row = elimination_row(matrix, i + 1);

		rows[state] = i + 1;

		row[ELIMINATION_VALUE] = chain->value[state] / chain->outflow[state];
		row[ELIMINATION_CONVERSIONS] = chain->conversions[state] / chain->outflow[state];
		row[ELIMINATION_NULLS] = chain->nulls[state] / chain->outflow[state];
	}
	for (int i = 0; i < chain->edge_count; i++)
	{
		const MarkovTransition *edge = &chain->edges[i];
		int row = edge->from == MARKOV_START ? 0 : rows[edge->from];

		elimination_row(matrix, row)[ELIMINATION_ENDS + rows[edge->to] - 1] = edge->probability;
	}
	pfree(rows);
}

typedef struct BusyState
{
	int state;
	int edges;
} BusyState;

static int
compare_busy(const void *a, const void *b)
{
	const BusyState *left = a;
	const BusyState *right = b;

	if (left->edges != right->edges)
		return left->edges > right->edges ? -1 : 1;
	return (left->state > right->state) - (left->state < right->state);
}

/* States with many transitions first: the last are eliminated first, while most of the matrix is zero. */
static void
busy_first(const MarkovChain *chain, int *states)
{
	BusyState *busy = palloc(mul_size(chain->state_count, sizeof(BusyState)));

	for (int state = 0; state < chain->state_count; state++)
		busy[state] = (BusyState){state, 0};
	for (int i = 0; i < chain->edge_count; i++)
	{
		busy[chain->edges[i].to].edges++;
		if (chain->edges[i].from != MARKOV_START)
			busy[chain->edges[i].from].edges++;
	}
	qsort(busy, chain->state_count, sizeof(BusyState), compare_busy);
	for (int i = 0; i < chain->state_count; i++)
		states[i] = busy[i].state;
	pfree(busy);
}

/* False when that takes more work than "most", or more memory than there is for it. */
static bool
removal_by_elimination(const MarkovChain *chain, const int *channels, int channel_count, int all_channels,
					   double most, JourneyCredit *effects)
{
	Size most_cells = MARKOV_ELIMINATION_BYTES / sizeof(double);
	Removal removal = {chain, NULL, effects, 0, 0};
	EliminationMatrix matrix = {NULL, 0, chain->state_count};
	int *states;

	if ((Size) chain->state_count * chain->state_count > most_cells)
		return false;
	removal.is_wanted = palloc0(mul_size(all_channels, sizeof(bool)));
	states = palloc(mul_size(chain->state_count, sizeof(int)));
	busy_first(chain, states);
	matrix.stride = elimination_stride(matrix.states);
	plan_removal(&removal, channels, channel_count, states, matrix.states, matrix.stride, 0);
	if (removal.work > most || removal.cells > most_cells)
		return false;
	matrix.cells = attribution_zeros(removal.cells);
	write_out(chain, states, &matrix);
	remove_channels(&removal, channels, channel_count, states, &matrix);
	return true;
}

/* False when that takes too long. */
static bool
removal_by_iteration(const MarkovChain *chain, const int *channels, int channel_count, Expectation all,
					 JourneyCredit *effects)
{
	bool *removed = palloc(mul_size(chain->state_count, sizeof(bool)));

	for (int i = 0; i < channel_count; i++)
	{
		Expectation without;

		CHECK_FOR_INTERRUPTS();
		for (int state = 0; state < chain->state_count; state++)
		{
			removed[state] = false;
			for (int j = 0; j < chain->order; j++)
				removed[state] |= chain->states[(Size) state * chain->order + j] == channels[i];
		}
		if (iterate(chain, removed, &without) == 0)
			return false;
		effects->conversions[channels[i]] = Max(1 - without.conversions / all.conversions, 0);
		if (all.value > 0)
			effects->value[channels[i]] = Max(1 - without.value / all.value, 0);
	}
	return true;
}

/* The channels that some state contains. */
static int *
channels_passed(const MarkovChain *chain, int channels, int *count)
{
	bool *is_passed = palloc0(mul_size(Max(channels, 1), sizeof(bool)));
	int *passed = palloc(mul_size(Max(channels, 1), sizeof(int)));

	*count = 0;
	for (Size i = 0; i < (Size) chain->state_count * chain->order; i++)
		if (chain->states[i] >= 0)
			is_passed[chain->states[i]] = true;
	for (int channel = 0; channel < channels; channel++)
		if (is_passed[channel])
			passed[(*count)++] = channel;
	return passed;
}

void
markov_removal_effects(const JourneySummary *summary, int order, const JourneyCounts *counts,
					   JourneyCredit *effects)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "lead_kpi Markov",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(scratch);
	MarkovChain *chain = build_chain(summary, order, counts);
	int channel_count;
	int *channels = channels_passed(chain, summary->channels.count, &channel_count);
	bool *none = palloc0(mul_size(Max(chain->state_count, 1), sizeof(bool)));
	Expectation all = {0, 0};
	int rounds = channel_count > 0 ? iterate(chain, none, &all) : 0;

	if (channel_count > 0 && (rounds == 0 || all.conversions > 0))
	{
		double followed = rounds == 0 ? INFINITY : (double) rounds * chain->edge_count * channel_count;

		if (!removal_by_elimination(chain, channels, channel_count, summary->channels.count,
									followed * MARKOV_PRODUCTS_PER_TRANSITION, effects) &&
			(rounds == 0 || !removal_by_iteration(chain, channels, channel_count, all, effects)) &&
			!removal_by_elimination(chain, channels, channel_count, summary->channels.count, INFINITY,
									effects))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the Markov chain of order %d is nearly singular", chain->order),
					 errdetail("It has %d states, and journeys pass too many of them before they end.",
							   chain->state_count),
					 errhint("Shorten the paths with last_touches() or transform_paths(), or use a lower markov_order.")));
	}
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(scratch);
}

MarkovTransition *
markov_transitions(const JourneySummary *summary, int order, const JourneyCounts *counts, int *count,
				   const int **states)
{
	MarkovChain *chain = build_chain(summary, order, counts);
	Size most = add_size(add_size(chain->edge_count, 1), mul_size(2, chain->state_count));
	MarkovTransition *result = MemoryContextAllocHuge(CurrentMemoryContext,
													  mul_size(most, sizeof(MarkovTransition)));

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
