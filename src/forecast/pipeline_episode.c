/*
 * pipeline_episode.c
 *	  From when to when a lead was open, and with which stage.
 *
 * Two questions, each answered by one walk over its events: which stage was the
 * furthest so far, and was the lead lost.  An exit loses it, and so does the end
 * of its last open deal; a stage or a deal that comes later opens it again.  The
 * episodes are where the answers meet.
 */
#include "pipeline_episode.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/results.h"

PG_FUNCTION_INFO_V1(open_episodes);

/* A stage that was the furthest so far. */
typedef struct ReachedStage
{
	int position;
	TimestampTz entered_at;
	TimestampTz left_at; /* when the next one was reached */
} ReachedStage;

/* A time in which the lead was not lost. */
typedef struct Opening
{
	TimestampTz from;
	TimestampTz until;
} Opening;

/* What opens a lead comes before what closes it, of one instant. */
typedef enum TurnKind
{
	TURN_DEAL_OPENED,
	TURN_STAGE,
	TURN_EXIT,
	TURN_DEAL_CLOSED
} TurnKind;

typedef struct Turn
{
	TimestampTz by; /* in this order; an exit on a day is at its end, and counts from its beginning */
	TimestampTz at;
	TurnKind kind;
} Turn;

bool
pipeline_first(const PipelineHistory *history, PipelineEventKind kind, TimestampTz *at)
{
	for (int i = 0; i < history->count; i++)
	{
		if (history->events[i].kind == kind)
		{
			*at = history->events[i].at;
			return true;
		}
	}
	return false;
}

int
won_position_argument(FunctionCallInfo fcinfo, int argument)
{
	int position = PG_ARGISNULL(argument) ? MAX_STAGES + 1 : PG_GETARG_INT32(argument);

	if (position < 1 || position > MAX_STAGES + 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("won_position %d is not between 1 and %d", position, MAX_STAGES),
				 errhint("It is the number of the stage with role won on the ladder; NULL where none has it.")));
	return position;
}

/* From when to when each stage was the furthest, whatever the funnel's policy; at most one per stage. */
static int
reached_stages(const PipelineHistory *history, ReachedStage *reached)
{
	int count = 0;

	/* The events come in order of time. */
	for (int i = 0; i < history->count && history->events[i].has_at; i++)
	{
		const PipelineEvent *event = &history->events[i];

		if (event->position == 0 || (count > 0 && event->position <= reached[count - 1].position))
			continue;
		/* Of one instant the furthest. */
		if (count > 0 && reached[count - 1].entered_at == event->at)
			count--;
		if (count > 0)
			reached[count - 1].left_at = event->at;
		reached[count].position = event->position;
		reached[count].entered_at = event->at;
		reached[count++].left_at = DT_NOEND;
	}
	return count;
}

static int
compare_turns(const void *a, const void *b)
{
	const Turn *left = a;
	const Turn *right = b;

	if (left->by != right->by)
		return left->by < right->by ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

static void
add_turn(Turn *turns, int *count, TurnKind kind, TimestampTz at, TimestampTz by)
{
	turns[*count].kind = kind;
	turns[*count].at = at;
	turns[(*count)++].by = by;
}

/* Everything that opens or closes the lead, in order; deals: how many are open in the end. */
static Turn *
turns_of(const PipelineHistory *history, int *count, int64 *deals)
{
	Turn *turns = palloc_extended(mul_size(history->count, 2 * sizeof(Turn)), MCXT_ALLOC_HUGE);

	*count = 0;
	*deals = 0;
	for (int i = 0; i < history->count; i++)
	{
		const PipelineEvent *event = &history->events[i];

		if (event->kind == EVENT_STAGE)
			add_turn(turns, count, TURN_STAGE, event->at, event->at);
		else if (event->kind == EVENT_EXIT)
			add_turn(turns, count, TURN_EXIT, event->at, event->other);
		else if (event->kind == EVENT_DEAL)
		{
			TimestampTz opened = event->has_other ? event->other : event->has_at ? event->at : DT_NOBEGIN;

			if (event->has_at && event->at < opened)
				opened = event->at;
			add_turn(turns, count, TURN_DEAL_OPENED, opened, opened);
			if (event->has_at)
				add_turn(turns, count, TURN_DEAL_CLOSED, event->at, event->at);
			else
				(*deals)++;
		}
	}
	qsort(turns, *count, sizeof(Turn), compare_turns);
	return turns;
}

static bool
can_be_lost(const PipelineHistory *history)
{
	for (int i = 0; i < history->count; i++)
		if (history->events[i].kind == EVENT_EXIT ||
			(history->events[i].kind == EVENT_DEAL && history->events[i].has_at))
			return true;
	return false;
}

/* When the lead was not lost, the latest time first; "always" has room for the usual one. */
static Opening *
openings_of(const PipelineHistory *history, Opening *always, int *openings)
{
	Opening *found;
	Turn *turns;
	int count;
	int64 deals;
	TimestampTz reopened_at = DT_NOEND;
	TimestampTz lost_at = DT_NOEND;	  /* the first loss that lasts until "closed_until" */
	TimestampTz next_loss = DT_NOEND; /* the first one after that */
	TimestampTz closed_until = DT_NOEND;
	bool is_lost = false;

	always->from = DT_NOBEGIN;
	always->until = DT_NOEND;
	*openings = 1;
	if (!can_be_lost(history))
		return always;
	turns = turns_of(history, &count, &deals);
	found = palloc_extended(mul_size((Size) count + 1, sizeof(Opening)), MCXT_ALLOC_HUGE);
	*openings = 0;
	/* Backwards: how long a loss lasts is known when one comes to it. */
	for (int i = count - 1; i >= 0; i--)
	{
		const Turn *turn = &turns[i];

		switch (turn->kind)
		{
			case TURN_DEAL_OPENED:
				deals--;
				reopened_at = turn->at;
				break;
			case TURN_STAGE:
				reopened_at = turn->at;
				break;
			case TURN_EXIT:
			case TURN_DEAL_CLOSED:
				if ((turn->kind == TURN_EXIT || deals == 0) && turn->at < reopened_at)
				{
					if (is_lost && closed_until == reopened_at)
						lost_at = Min(lost_at, turn->at);
					else
					{
						if (is_lost)
						{
							found[*openings].from = closed_until;
							found[(*openings)++].until = next_loss;
							next_loss = Min(next_loss, lost_at);
						}
						is_lost = true;
						closed_until = reopened_at;
						lost_at = turn->at;
					}
				}
				if (turn->kind == TURN_DEAL_CLOSED)
					deals++;
				break;
		}
	}
	pfree(turns);
	if (!is_lost)
	{
		*openings = 1;
		return always;
	}
	found[*openings].from = closed_until;
	found[(*openings)++].until = next_loss;
	found[*openings].from = DT_NOBEGIN;
	found[(*openings)++].until = Min(next_loss, lost_at);
	return found;
}

static int
compare_episodes(const void *a, const void *b)
{
	const PipelineEpisode *left = a;
	const PipelineEpisode *right = b;

	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return left->position - right->position;
}

PipelineEpisode *
pipeline_episodes(const PipelineHistory *history, int won_position, int *count)
{
	ReachedStage reached[MAX_STAGES];
	int stages = reached_stages(history, reached);
	Opening always;
	int opening_count;
	Opening *openings = openings_of(history, &always, &opening_count);
	PipelineEpisode *episodes;
	TimestampTz created_at = DT_NOBEGIN;
	Size most;

	(void) pipeline_first(history, EVENT_LEAD, &created_at);
	/* The open ones do not overlap: each begins with a stage or with an opening. */
	most = (Size) stages + opening_count;
	for (int s = 0; s < stages; s++)
		if (reached[s].position >= won_position)
			most += opening_count;
	episodes = palloc_extended(mul_size(most, sizeof(PipelineEpisode)), MCXT_ALLOC_HUGE);
	*count = 0;
	for (int o = 0; o < opening_count; o++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int s = 0; s < stages; s++)
		{
			PipelineEpisode episode = {
				.position = reached[s].position,
				.entered_at = reached[s].entered_at,
				.from = Max(Max(reached[s].entered_at, created_at), openings[o].from),
				.until = Min(reached[s].left_at, openings[o].until),
				.is_open = reached[s].position < won_position,
			};

			if (episode.is_open && episode.from >= episode.until)
				continue;
			episodes[(*count)++] = episode;
		}
	}
	if (openings != &always)
		pfree(openings);
	qsort(episodes, *count, sizeof(PipelineEpisode), compare_episodes);
	return episodes;
}

/* (history, won_position): stage_position, stage_entered_at, is_open, open_from, open_until */
Datum
open_episodes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = begin_rows(fcinfo);
	const PipelineHistory *history;
	PipelineEpisode *episodes;
	int count;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	history = summary_from_datum(&pipeline_history_room, PG_GETARG_DATUM(0));
	episodes = pipeline_episodes(history, won_position_argument(fcinfo, 1), &count);
	for (int i = 0; i < count; i++)
	{
		Datum values[5];
		bool nulls[5] = {false};

		values[0] = Int32GetDatum(episodes[i].position);
		values[1] = TimestampTzGetDatum(episodes[i].entered_at);
		values[2] = BoolGetDatum(episodes[i].is_open);
		values[3] = TimestampTzGetDatum(episodes[i].from);
		values[4] = TimestampTzGetDatum(episodes[i].until);
		put_row(rows, values, nulls);
	}
	return (Datum) 0;
}
