/*
 * journey_rows.c
 *	  Touches and conversions of leads: combined and handed over.
 */
#include "journey_rows.h"

#include <math.h>

#include "utils/timestamp.h"

#include "base/wire.h"

static void
init_part(JourneyPart *part, LeadKeyKind kind, MemoryContext context, Node *aggregate)
{
	memset(part, 0, sizeof(*part));
	lead_event_log_init(&part->touches, kind, 0, context, aggregate);
	lead_event_log_init(&part->others, kind, LEAD_PAYLOAD_WORDS, context, aggregate);
}

void
journey_rows_init(JourneyRows *rows, LeadKeyKind kind, MemoryContext context, Node *aggregate)
{
	MemoryContext previous = MemoryContextSwitchTo(context);

	rows->context = context;
	rows->kind = kind;
	text_dictionary_init(&rows->channels);
	init_part(&rows->own, kind, context, aggregate);
	MemoryContextSwitchTo(previous);
}

/* Rows on their way from one collection to another. */
typedef struct RowCopy
{
	JourneyRows *into;
	const uint32 *channels; /* their numbers there */
} RowCopy;

static void
copy_touch(void *argument, int partition, const uint64 *words)
{
	const RowCopy *copy = argument;
	JourneyPart *own = &copy->into->own;
	uint32 channel = copy->channels[words[0] & 0xff];

	if (journey_rows_is_plain((int) channel, 0))
		(void) lead_event_log_add_copy(&own->touches, partition, words, (int) channel);
	else
		journey_rows_fill(lead_event_log_add_copy(&own->others, partition, words, 0),
						  journey_row_word(channel, 0, ROW_TOUCH), 0, 0);
}

static void
copy_other(void *argument, int partition, const uint64 *words)
{
	const RowCopy *copy = argument;
	const uint64 *from = words + LEAD_EVENT_WORDS(copy->into->kind);
	uint64 *to = lead_event_log_add_copy(&copy->into->own.others, partition, words, 0);

	to[ROW_WORD] = from[ROW_WORD];
	if (to[ROW_WORD] & ROW_TOUCH)
		to[ROW_WORD] = (uint64) copy->channels[from[ROW_WORD] >> ROW_CHANNEL_SHIFT] << ROW_CHANNEL_SHIFT |
			(from[ROW_WORD] & ((1 << ROW_CHANNEL_SHIFT) - 1));
	to[ROW_CONVERTED_AT] = from[ROW_CONVERTED_AT];
	to[ROW_VALUE_BITS] = from[ROW_VALUE_BITS];
}

/* Copies what is little; the rest stays as it is, beside our own. */
static void
combine_part(JourneyRows *into, const JourneyPart *from, const uint32 *channels, int channel_count,
			 Node *aggregate)
{
	JourneyPart *part;

	if (lead_event_log_has_few(&from->touches) && lead_event_log_has_few(&from->others))
	{
		RowCopy copy = {.into = into, .channels = channels};

		lead_event_log_each(&from->touches, copy_touch, &copy);
		lead_event_log_each(&from->others, copy_other, &copy);
		return;
	}
	part = MemoryContextAlloc(into->context, sizeof(JourneyPart));
	init_part(part, into->kind, into->context, aggregate);
	part->channel_count = channel_count;
	part->channels = MemoryContextAlloc(into->context, mul_size(Max(channel_count, 1), sizeof(uint32)));
	if (channel_count > 0)
		memcpy(part->channels, channels, channel_count * sizeof(uint32));
	part->next = into->own.next;
	into->own.next = part;
	lead_event_log_combine(&part->touches, &from->touches);
	lead_event_log_combine(&part->others, &from->others);
}

void
journey_rows_combine(JourneyRows *into, const JourneyRows *from, Node *aggregate)
{
	uint32 *numbers = palloc(mul_size(Max(from->channels.count, 1), sizeof(uint32)));

	for (int i = 0; i < from->channels.count; i++)
		numbers[i] = (uint32) text_dictionary_number(&into->channels, from->channels.texts[i],
													 (int) strlen(from->channels.texts[i]));
	for (const JourneyPart *part = &from->own; part != NULL; part = part->next)
	{
		uint32 *channels;

		if (part->channels == NULL)
		{
			combine_part(into, part, numbers, from->channels.count, aggregate);
			continue;
		}
		channels = palloc(mul_size(Max(part->channel_count, 1), sizeof(uint32)));
		for (int i = 0; i < part->channel_count; i++)
			channels[i] = numbers[part->channels[i]];
		combine_part(into, part, channels, part->channel_count, aggregate);
		pfree(channels);
	}
	pfree(numbers);
}

void
journey_rows_serialize(JourneyRows *rows, StringInfo out)
{
	int parts = 0;

	wire_put_varint(out, (uint64) rows->channels.count);
	for (int i = 0; i < rows->channels.count; i++)
		wire_put_text(out, rows->channels.texts[i]);
	lead_event_log_serialize(&rows->own.touches, out);
	lead_event_log_serialize(&rows->own.others, out);
	for (const JourneyPart *part = rows->own.next; part != NULL; part = part->next)
		parts++;
	wire_put_varint(out, (uint64) parts);
	for (JourneyPart *part = rows->own.next; part != NULL; part = part->next)
	{
		wire_put_varint(out, (uint64) part->channel_count);
		for (int i = 0; i < part->channel_count; i++)
			wire_put_varint(out, part->channels[i]);
		lead_event_log_serialize(&part->touches, out);
		lead_event_log_serialize(&part->others, out);
	}
}

/* What a payload is checked against. */
typedef struct PayloadCheck
{
	const char *type_name;
	int channel_count;
} PayloadCheck;

static void
check_payload(void *argument, const uint64 *payload)
{
	const PayloadCheck *check = argument;
	uint64 word = payload[ROW_WORD];
	int has = (int) (word & ((1 << ROW_HAS_BITS) - 1));
	double value;

	memcpy(&value, &payload[ROW_VALUE_BITS], sizeof(value));
	wire_check((has & (ROW_TOUCH | ROW_CONVERSION)) != 0 && (has & (ROW_CONVERSION | ROW_VALUE)) != ROW_VALUE,
			   check->type_name, "a row without content");
	wire_check(has & ROW_TOUCH ? word >> ROW_CHANNEL_SHIFT < (uint64) check->channel_count
							   : word >> ROW_HAS_BITS == 0,
			   check->type_name, "unknown channel");
	wire_check(has & ROW_CONVERSION ? !TIMESTAMP_NOT_FINITE((int64) payload[ROW_CONVERTED_AT])
									: payload[ROW_CONVERTED_AT] == 0,
			   check->type_name, "time out of range");
	wire_check(has & ROW_VALUE ? journey_value_is_valid(value) && !signbit(value)
							   : payload[ROW_VALUE_BITS] == 0,
			   check->type_name, "value out of range");
}

static void
deserialize_logs(JourneyPart *part, StringInfo in, PayloadCheck *check)
{
	lead_event_log_deserialize(&part->touches, 0, in, check->type_name,
							   Min(check->channel_count, LEAD_MAX_STEPS), NULL, NULL);
	lead_event_log_deserialize(&part->others, LEAD_PAYLOAD_WORDS, in, check->type_name, 1, check_payload,
							   check);
	wire_check(part->touches.kind == part->others.kind, check->type_name, "different types of lead key");
}

void
journey_rows_deserialize(JourneyRows *rows, StringInfo in, const char *type_name)
{
	PayloadCheck check = {.type_name = type_name};
	int parts;

	memset(rows, 0, sizeof(*rows));
	rows->context = CurrentMemoryContext;
	text_dictionary_init(&rows->channels);
	check.channel_count = wire_get_count(in, type_name, 1, JOURNEY_MAX_CHANNELS);
	for (int i = 0; i < check.channel_count; i++)
	{
		char *name = wire_get_text(in, type_name);

		wire_check(text_dictionary_number(&rows->channels, name, (int) strlen(name)) == i, type_name,
				   "a channel is there twice");
		pfree(name);
	}
	deserialize_logs(&rows->own, in, &check);
	rows->kind = rows->own.touches.kind;
	parts = wire_get_count(in, type_name, 1, PG_INT32_MAX);
	while (parts-- > 0)
	{
		JourneyPart *part = palloc0(sizeof(JourneyPart));

		part->channel_count = wire_get_count(in, type_name, 1, JOURNEY_MAX_CHANNELS);
		part->channels = palloc(mul_size(Max(part->channel_count, 1), sizeof(uint32)));
		for (int i = 0; i < part->channel_count; i++)
		{
			uint64 channel = wire_get_varint(in, type_name);

			wire_check(channel < (uint64) rows->channels.count, type_name, "unknown channel");
			part->channels[i] = (uint32) channel;
		}
		part->next = rows->own.next;
		rows->own.next = part;
		check.channel_count = part->channel_count;
		deserialize_logs(part, in, &check);
		wire_check(part->touches.kind == rows->kind, type_name, "different types of lead key");
	}
}
