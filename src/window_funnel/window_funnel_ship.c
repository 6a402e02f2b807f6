/*
 * window_funnel_ship.c
 *	  The state of window_funnel, handed to another process: as a value, or as
 *	  a file where there are many events.
 */
#include "base/compat.h"

#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "base/wire.h"
#include "events/lead_event_file.h"
#include "window_funnel_state.h"

#define STATE_NAME "window_funnel state"
#define STATE_VERSION 1

/*
 * States of more events are handed over in a file where that is possible: a
 * value between processes cannot be larger than 1 GB.
 */
#define MAX_SHIPPED_EVENTS (256 * 1024)

/* In the byte of the modes: the events are in a file, in blocks of about this size. */
#define IN_FILE 0x80
#define FILE_BLOCK_BYTES (256 * 1024)

/*
 * Per event the distance in time from the event before (zigzag, so that small
 * steps back are short too) and its steps.
 */
static inline void
put_event(StringInfo out, WindowFunnelEvent event, uint64 *previous)
{
	uint64 time = (uint64) event_time(&event);
	uint64 distance = time - *previous;

	wire_put_varint(out, (distance << 1) ^ (0 - (distance >> 63)));
	wire_put_varint(out, event.steps);
	*previous = time;
}

static void
get_events(StringInfo in, WindowFunnelState *state, uint32 count, uint64 *previous)
{
	const WindowFunnelRules *rules = state->rules;

	for (uint32 i = 0; i < count; i++)
	{
		uint64 zigzag = wire_get_varint(in, STATE_NAME);
		uint64 steps = wire_get_varint(in, STATE_NAME);

		wire_check(steps >> rules->steps == 0, STATE_NAME, "step out of range");
		wire_check(steps != 0 || (rules->modes & MODE_STRICT_ORDER), STATE_NAME, "event without a step");
		*previous += (zigzag >> 1) ^ (0 - (zigzag & 1));
		append_event(state, (int64) *previous, (uint32) steps);
	}
}

/* Blocks of: number of events and bytes (4 each), the events. */
static void
put_events_in_file(StringInfo out, const WindowFunnelState *state, ExprContext *lifetime)
{
	LeadEventFile *file = lead_event_file_create(GetMemoryChunkContext((void *) state), lifetime, true);
	uint32 count = event_count(state);
	uint64 previous = 0;
	uint32 put = 0;
	StringInfoData block;

	initStringInfo(&block);
	while (put < count)
	{
		uint32 first = put;
		uint32 header[2];

		CHECK_FOR_INTERRUPTS();
		resetStringInfo(&block);
		while (put < count && block.len < FILE_BLOCK_BYTES)
			put_event(&block, get_event(state, put++), &previous);
		header[0] = pg_hton32(put - first);
		header[1] = pg_hton32((uint32) block.len);
		lead_event_file_append(file, (const char *) header, sizeof(header));
		lead_event_file_append(file, block.data, block.len);
	}
	lead_event_file_serialize(file, out);
	pfree(block.data);
}

static void
get_events_from_file(StringInfo in, WindowFunnelState *state, uint32 count, MemoryContext context,
					 ExprContext *lifetime)
{
	LeadEventFile *file = lead_event_file_deserialize(CurrentMemoryContext, in);
	int64 size = lead_event_file_size(file);
	int64 position = 0;
	uint64 previous = 0;
	char *bytes = palloc(FILE_BLOCK_BYTES + 64);

	file = lead_event_file_open(file, context, lifetime);
	while (event_count(state) < count)
	{
		StringInfoData block;
		uint32 header[2];

		CHECK_FOR_INTERRUPTS();
		wire_check(size - position >= (int64) sizeof(header), STATE_NAME, "file is cut off");
		lead_event_file_read(file, position, (char *) header, sizeof(header));
		position += sizeof(header);
		header[0] = pg_ntoh32(header[0]);
		header[1] = pg_ntoh32(header[1]);
		wire_check(header[1] <= FILE_BLOCK_BYTES + 64 && size - position >= (int64) header[1] &&
					   header[0] > 0 && header[0] <= count - event_count(state),
				   STATE_NAME, "file is damaged");
		lead_event_file_read(file, position, bytes, header[1]);
		position += header[1];
		read_only_string_info(&block, bytes, (int) header[1]);
		get_events(&block, state, header[0], &previous);
		pq_getmsgend(&block);
	}
	pfree(bytes);
}

/* Version, window, steps, modes, count, then the events, or the file that has them. */
PG_FUNCTION_INFO_V1(window_funnel_serialize);
Datum
window_funnel_serialize(PG_FUNCTION_ARGS)
{
	const WindowFunnelState *state = (WindowFunnelState *) PG_GETARG_POINTER(0);
	const int longest_event = 15;
	StringInfoData out;
	uint32 count = event_count(state);
	bool in_file = count > MAX_SHIPPED_EVENTS && lead_event_file_can_ship(fcinfo->context);
	uint64 previous = 0;

	(void) aggregate_context(fcinfo, "window_funnel");
	pq_begintypsend(&out);
	wire_put_version(&out, STATE_VERSION);
	pq_sendint64(&out, state->rules->window);
	pq_sendbyte(&out, state->rules->steps);
	pq_sendbyte(&out, state->rules->modes | (in_file ? IN_FILE : 0));
	wire_put_varint(&out, count);
	if (in_file)
		put_events_in_file(&out, state, ((AggState *) fcinfo->context)->curaggcontext);
	for (uint32 i = 0; !in_file && i < count; i++)
	{
		/* Only engines that ship states by themselves come here. */
		if (unlikely((Size) out.len + longest_event >= MaxAllocSize))
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a window_funnel group of %u events is too large to be sent between servers",
							count),
					 errhint("Group by lead, and filter rows that are no step.")));
		put_event(&out, get_event(state, i), &previous);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(window_funnel_deserialize);
Datum
window_funnel_deserialize(PG_FUNCTION_ARGS)
{
	StringInfoData in;
	WindowFunnelRules rules;
	WindowFunnelState *state;
	bool in_file;
	uint64 previous = 0;

	(void) aggregate_context(fcinfo, "window_funnel");
	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, STATE_NAME, STATE_VERSION);
	rules.window = (uint64) pq_getmsgint64(&in);
	rules.steps = pq_getmsgbyte(&in);
	rules.modes = pq_getmsgbyte(&in);
	in_file = (rules.modes & IN_FILE) != 0;
	rules.modes &= ~IN_FILE;
	wire_check(rules.window <= PG_INT64_MAX || rules.window == PG_UINT64_MAX, STATE_NAME,
			   "window out of range");
	wire_check(rules.steps >= 1 && rules.steps <= MAX_CONDITIONS, STATE_NAME,
			   "number of conditions out of range");
	wire_check(window_funnel_modes_combine(rules.modes), STATE_NAME, "impossible modes");
	wire_check(!in_file || (fcinfo->context != NULL && IsA(fcinfo->context, AggState)), STATE_NAME,
			   "file of another process");

	state = window_funnel_create(CurrentMemoryContext, &rules);
	if (in_file)
	{
		uint64 count = wire_get_varint(&in, STATE_NAME);

		wire_check(count <= PG_UINT32_MAX, STATE_NAME, "count out of range");
		get_events_from_file(&in, state, (uint32) count, aggregate_context(fcinfo, "window_funnel"),
							 ((AggState *) fcinfo->context)->curaggcontext);
	}
	else
	{
		uint32 count = wire_get_count(&in, STATE_NAME, 2, PG_INT32_MAX);

		if (count > INLINE_EVENTS)
			window_funnel_reserve(state, count);
		get_events(&in, state, count, &previous);
	}
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}
