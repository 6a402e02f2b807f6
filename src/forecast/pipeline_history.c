/*
 * pipeline_history.c
 *	  The aggregate pipeline_history: the events of one lead in one value, the
 *	  same bytes whatever their order.
 *
 * Grouping the events by lead is all that the executor does for a forecast;
 * what they mean is found out lead by lead, from these few bytes.
 */
#include "pipeline_history.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/aggregate.h"
#include "base/counts.h"

#define TYPE_NAME "pipeline_history"
#define WIRE_VERSION 1

#define FIRST_EVENTS 4

PG_FUNCTION_INFO_V1(pipeline_history_accumulate);

/* In the first byte of an event, beside its kind. */
#define KIND_MASK 0x07
#define HAS_AT 0x08
#define HAS_OTHER 0x10
#define IS_WON 0x20
#define HAS_AMOUNT 0x40

static const char *const kind_names[] = {"lead", "stage", "exit", "opened", "deal", "won"};

/* ---------- events ---------- */

static bool
has_position(PipelineEventKind kind)
{
	return kind != EVENT_EXIT && kind != EVENT_WON;
}

static PipelineEvent *
add_event(PipelineHistory *history)
{
	if (history->count == history->capacity)
	{
		history->capacity = doubled_capacity(history->capacity, TYPE_NAME);
		history->events = repalloc_huge(history->events, mul_size(history->capacity, sizeof(PipelineEvent)));
	}
	return &history->events[history->count++];
}

static PipelineHistory *
create_history(int capacity)
{
	PipelineHistory *history = palloc(sizeof(PipelineHistory));

	history->count = 0;
	history->capacity = Max(capacity, FIRST_EVENTS);
	history->events = palloc_extended(mul_size(history->capacity, sizeof(PipelineEvent)), MCXT_ALLOC_HUGE);
	return history;
}

static int
compare_numbers(int64 left, int64 right)
{
	return (left > right) - (left < right);
}

static int
compare_amounts(Numeric left, Numeric right)
{
	int difference;

	if (left == NULL || right == NULL)
		return (left == NULL) - (right == NULL);
	difference = DatumGetInt32(
		DirectFunctionCall2(numeric_cmp, NumericGetDatum(left), NumericGetDatum(right)));
	if (difference != 0)
		return difference;
	/* 1.0 and 1.00: one order, so that equal histories are equal bytes. */
	difference = compare_numbers(VARSIZE(left), VARSIZE(right));
	return difference != 0 ? difference : memcmp(left, right, VARSIZE(left));
}

/* In order of time; then in any order, but always the same. */
static int
compare_events(const void *a, const void *b)
{
	const PipelineEvent *left = a;
	const PipelineEvent *right = b;
	int difference = right->has_at - left->has_at;

	if (difference == 0 && left->has_at)
		difference = compare_numbers(left->at, right->at);
	if (difference == 0)
		difference = left->kind - right->kind;
	if (difference == 0)
		difference = left->position - right->position;
	if (difference == 0)
		difference = right->has_other - left->has_other;
	if (difference == 0 && left->has_other)
		difference = compare_numbers(left->other, right->other);
	if (difference == 0)
		difference = left->is_won - right->is_won;
	if (difference == 0)
		difference = compare_amounts(left->amount, right->amount);
	return difference;
}

/* ---------- wire form and merge ---------- */

static void
put_event(StringInfo out, const PipelineEvent *event)
{
	pq_sendbyte(out,
				event->kind | (event->has_at ? HAS_AT : 0) | (event->has_other ? HAS_OTHER : 0) |
					(event->is_won ? IS_WON : 0) | (event->amount != NULL ? HAS_AMOUNT : 0));
	if (has_position(event->kind))
		pq_sendbyte(out, event->position);
	if (event->has_at)
		pq_sendint64(out, event->at);
	if (event->has_other)
		pq_sendint64(out, event->other);
	if (event->amount != NULL)
		wire_put_numeric(out, event->amount);
}

static TimestampTz
get_time(StringInfo in)
{
	TimestampTz time = pq_getmsgint64(in);

	wire_check(TIMESTAMP_NOT_FINITE(time) || IS_VALID_TIMESTAMP(time), TYPE_NAME, "time out of range");
	return time;
}

static void
get_event(StringInfo in, PipelineEvent *event)
{
	int first = pq_getmsgbyte(in);
	int kind = first & KIND_MASK;

	wire_check(kind < (int) lengthof(kind_names) && first < 0x80, TYPE_NAME, "unknown kind of event");
	memset(event, 0, sizeof(*event));
	event->kind = (uint8) kind;
	event->has_at = (first & HAS_AT) != 0;
	event->has_other = (first & HAS_OTHER) != 0;
	event->is_won = (first & IS_WON) != 0;
	if (kind != EVENT_DEAL)
		wire_check(event->has_at && event->has_other == (kind == EVENT_EXIT) &&
					   (first & (IS_WON | HAS_AMOUNT)) == 0,
				   TYPE_NAME, "event that does not fit its kind");
	if (has_position(kind))
		event->position = (uint8) pq_getmsgbyte(in);
	wire_check(event->position <= MAX_STAGES, TYPE_NAME, "stage out of range");
	if (event->has_at)
		event->at = get_time(in);
	if (event->has_other)
		event->other = get_time(in);
	if (first & HAS_AMOUNT)
		event->amount = wire_get_numeric(in);
}

static void
history_encode(const void *value, StringInfo out)
{
	const PipelineHistory *history = value;
	PipelineEvent *events = history->events;

	for (int i = 1; i < history->count; i++)
	{
		if (compare_events(&events[i - 1], &events[i]) <= 0)
			continue;
		/* The state itself stays as it is. */
		events = palloc_extended(mul_size(history->count, sizeof(PipelineEvent)), MCXT_ALLOC_HUGE);
		memcpy(events, history->events, (Size) history->count * sizeof(PipelineEvent));
		qsort(events, history->count, sizeof(PipelineEvent), compare_events);
		break;
	}
	wire_put_version(out, WIRE_VERSION);
	wire_put_varint(out, (uint64) history->count);
	for (int i = 0; i < history->count; i++)
		put_event(out, &events[i]);
	if (events != history->events)
		pfree(events);
}

static void *
history_decode(StringInfo in)
{
	PipelineHistory *history;
	int count;

	wire_get_version(in, TYPE_NAME, WIRE_VERSION);
	count = wire_get_count(in, TYPE_NAME, 2, PG_INT32_MAX);
	history = create_history(count);
	for (int i = 0; i < count; i++)
	{
		PipelineEvent *event = add_event(history);

		get_event(in, event);
		wire_check(i == 0 || compare_events(event - 1, event) <= 0, TYPE_NAME, "events are not in order");
	}
	return history;
}

static Numeric
copy_amount(Numeric amount)
{
	return amount == NULL ? NULL : memcpy(palloc(VARSIZE(amount)), amount, VARSIZE(amount));
}

static void
history_merge(void *into, const void *from_value)
{
	const PipelineHistory *from = from_value;

	for (int i = 0; i < from->count; i++)
	{
		PipelineEvent *event = add_event(into);

		*event = from->events[i];
		event->amount = copy_amount(event->amount);
	}
}

static void *
history_empty(const void *like)
{
	return create_history(FIRST_EVENTS);
}

const SummaryRoom pipeline_history_room = {
	.type_name = TYPE_NAME,
	.decode = history_decode,
	.encode = history_encode,
	.merge = history_merge,
	.empty = history_empty,
};

DEFINE_SUMMARY_AGGREGATE_FUNCTIONS(&pipeline_history_room, pipeline_history);

/* ---------- accumulate ---------- */

static PipelineEventKind
get_kind(FunctionCallInfo fcinfo, int argument)
{
	const text *name = PG_ARGISNULL(argument) ? NULL : PG_GETARG_TEXT_PP(argument);

	for (int kind = 0; name != NULL && kind < (int) lengthof(kind_names); kind++)
		if (VARSIZE_ANY_EXHDR(name) == strlen(kind_names[kind]) &&
			memcmp(VARDATA_ANY(name), kind_names[kind], strlen(kind_names[kind])) == 0)
			return kind;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("no kind of event: %s", name == NULL ? "NULL" : quote_literal_cstr(text_to_cstring(name))),
			 errhint("The kinds are lead, stage, exit, opened, deal and won.")));
}

static uint8
get_position(FunctionCallInfo fcinfo, int argument)
{
	int position = PG_ARGISNULL(argument) ? 0 : PG_GETARG_INT32(argument);

	if (position < 0 || position > MAX_STAGES || (position == 0 && !PG_ARGISNULL(argument)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("stage_position %d is not between 1 and %d", position, MAX_STAGES),
				 errhint("Number the stages of the ladder from 1; write NULL for what is not on it.")));
	return (uint8) position;
}

/* (state, kind, stage_position, entered_at, opened_at, ended_by, is_won, amount) */
Datum
pipeline_history_accumulate(PG_FUNCTION_ARGS)
{
	PipelineHistory *history = summary_state(&pipeline_history_room, fcinfo);
	PipelineEventKind kind = get_kind(fcinfo, 1);
	PipelineEvent event = {.kind = (uint8) kind};

	if (has_position(kind))
		event.position = get_position(fcinfo, 2);
	event.has_at = !PG_ARGISNULL(3);
	if (event.has_at)
		event.at = PG_GETARG_TIMESTAMPTZ(3);
	if (kind == EVENT_DEAL)
	{
		event.has_other = !PG_ARGISNULL(4);
		if (event.has_other)
			event.other = PG_GETARG_TIMESTAMPTZ(4);
		event.is_won = !PG_ARGISNULL(6) && PG_GETARG_BOOL(6);
		if (!PG_ARGISNULL(7))
		{
			MemoryContext previous = MemoryContextSwitchTo(aggregate_context(fcinfo, TYPE_NAME));

			event.amount = copy_amount(PG_GETARG_NUMERIC(7));
			MemoryContextSwitchTo(previous);
		}
	}
	else if (!event.has_at)
		PG_RETURN_POINTER(history); /* Nobody knows when: it changes nothing. */
	if (kind == EVENT_EXIT)
	{
		event.has_other = true;
		event.other = PG_ARGISNULL(5) ? event.at : PG_GETARG_TIMESTAMPTZ(5);
	}
	*add_event(history) = event;
	PG_RETURN_POINTER(history);
}
