/*
 * journey_lead_aggregate.c
 *	  The aggregate that builds journeys from touches and conversions of
 *	  leads: accumulate, combine, serialize, deserialize, final.
 */
#include "base/compat.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "base/aggregate.h"
#include "base/arguments.h"
#include "base/counts.h"
#include "base/duration.h"
#include "journey_maker.h"
#include "journey_milestone.h"

#define TYPE_NAME "journeys state"
#define WIRE_VERSION 1

#define DEFAULT_HALF_LIFE (7 * USECS_PER_DAY)

#define LOOKBACK_ARGUMENT 6
#define HALF_LIFE_ARGUMENT 7

/* Channels seen lately, found without hashing the whole name. */
#define RECENT_CHANNELS 64

typedef struct RecentChannel
{
	const char *name;
	int length;
	int number;
} RecentChannel;

typedef struct JourneyState
{
	int64 half_life;
	int64 lookback;
	bool fixed; /* these are constants in the query */
	int64 ignored[JOURNEY_IGNORED_REASONS];
	RecentChannel recent[RECENT_CHANNELS];
	JourneyRows rows;
} JourneyState;

static JourneyState *
create_state(FunctionCallInfo fcinfo, LeadKeyKind kind, int64 half_life, int64 lookback)
{
	MemoryContext context = aggregate_context(fcinfo, "journeys");
	JourneyState *state = MemoryContextAllocZero(context, sizeof(JourneyState));

	state->half_life = half_life;
	state->lookback = lookback;
	journey_rows_init(&state->rows, kind, context, fcinfo->context);
	return state;
}

static int64
lookback_argument(FunctionCallInfo fcinfo)
{
	if (PG_NARGS() <= 6 || PG_ARGISNULL(6))
		return JOURNEY_UNLIMITED;
	return fixed_duration(PG_GETARG_INTERVAL_P(6), "lookback");
}

static int64
half_life_argument(FunctionCallInfo fcinfo)
{
	int64 half_life;

	if (PG_NARGS() <= 7 || PG_ARGISNULL(7))
		return DEFAULT_HALF_LIFE;
	half_life = fixed_duration(PG_GETARG_INTERVAL_P(7), "half_life");
	if (half_life == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("half_life must be longer than zero"),
				 errhint("Write the time in which a touch loses half its weight, such as '7 days'.")));
	/* Without end is as long as can be written. */
	return Min(half_life, PG_INT64_MAX - 1);
}

static bool
argument_is_fixed(FunctionCallInfo fcinfo, int position)
{
	return PG_NARGS() <= position || aggregate_argument_is_fixed(fcinfo, position);
}

static JourneyState *
create_state_for_row(FunctionCallInfo fcinfo, LeadKeyKind kind)
{
	JourneyState *state = create_state(fcinfo, kind, half_life_argument(fcinfo), lookback_argument(fcinfo));

	state->fixed = argument_is_fixed(fcinfo, LOOKBACK_ARGUMENT) &&
		argument_is_fixed(fcinfo, HALF_LIFE_ARGUMENT);
	return state;
}

pg_noreturn static void
raise_different(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the lookback and half-life of journeys must be the same for all rows of a group"),
			 errhint("Write them as constants, or GROUP BY what they depend on.")));
}

static inline JourneyState *
state_for_row(FunctionCallInfo fcinfo, LeadKeyKind kind)
{
	JourneyState *state;

	if (unlikely(PG_ARGISNULL(0)))
		return create_state_for_row(fcinfo, kind);
	state = (JourneyState *) PG_GETARG_POINTER(0);
	if (unlikely(!state->fixed) &&
		(state->lookback != lookback_argument(fcinfo) || state->half_life != half_life_argument(fcinfo)))
		raise_different();
	return state;
}

/* Makes an event of the row's lead; returns where its payload goes. */
static inline uint64 *
add_event(LeadEventLog *log, int payload, FunctionCallInfo fcinfo, LeadKeyKind kind, int64 at, int step)
{
	text *lead;

	if (kind == LEAD_KEY_BIGINT)
		return lead_event_log_add_bigint(log, payload, PG_GETARG_INT64(1), at, step);
	if (kind == LEAD_KEY_UUID)
		return lead_event_log_add_uuid(log, payload, PG_GETARG_UUID_P(1)->data, at, step);
	lead = PG_GETARG_TEXT_PP(1);
	return lead_event_log_add_text(log, VARDATA_ANY(lead), (int) VARSIZE_ANY_EXHDR(lead), at, step);
}

/* Names of channels are short: calling memcmp would take longer. */
static inline bool
same_bytes(const char *a, const char *b, int length)
{
	uint64 a_word;
	uint64 b_word;

	if (length < 8)
	{
		for (int i = 0; i < length; i++)
			if (a[i] != b[i])
				return false;
		return true;
	}
	for (int i = 0; i < length - 8; i += 8)
	{
		memcpy(&a_word, a + i, 8);
		memcpy(&b_word, b + i, 8);
		if (a_word != b_word)
			return false;
	}
	memcpy(&a_word, a + length - 8, 8);
	memcpy(&b_word, b + length - 8, 8);
	return a_word == b_word;
}

static int
new_channel_number(JourneyState *state, RecentChannel *recent, const char *name, int length)
{
	recent->number = text_dictionary_number(&state->rows.channels, name, length);
	recent->name = state->rows.channels.texts[recent->number];
	recent->length = length;
	if (recent->number >= JOURNEY_MAX_CHANNELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("journeys have more than %d channels", JOURNEY_MAX_CHANNELS),
				 errhint("Group the channels before building the journeys.")));
	return recent->number;
}

static inline int
channel_number(JourneyState *state, const char *name, int length)
{
	uint32 place = (uint32) length;
	RecentChannel *recent;

	if (length > 0)
		place += (unsigned char) name[0] * 7 + (unsigned char) name[length - 1] * 31;
	recent = &state->recent[place % RECENT_CHANNELS];
	if (likely(recent->length == length && recent->name != NULL && same_bytes(recent->name, name, length)))
		return recent->number;
	return new_channel_number(state, recent, name, length);
}

/* A row's touch and conversion, as far as it has them. */
typedef struct RowContent
{
	int has;
	int channel;
	int milestones;
	int64 touched_at;
	int64 converted_at;
	double value;
	bool left_out; /* something that it seemed to have */
} RowContent;

static inline void
read_touch(JourneyState *state, RowContent *content, FunctionCallInfo fcinfo, bool is_date)
{
	JourneyIgnored reason;
	TimestampTz at;
	text *channel;

	if (unlikely(PG_ARGISNULL(2) || PG_ARGISNULL(3) ||
				 TIMESTAMP_NOT_FINITE(at = time_argument(fcinfo, 3, is_date))))
	{
		if (PG_ARGISNULL(2) && PG_ARGISNULL(3))
			return;
		if (PG_ARGISNULL(2))
			reason = JOURNEY_NULL_CHANNEL;
		else if (PG_ARGISNULL(3))
			reason = JOURNEY_NULL_TIME;
		else
			reason = JOURNEY_INFINITE_TIME;
		state->ignored[reason]++;
		content->left_out = true;
		return;
	}
	content->has = ROW_TOUCH;
	if (PG_NARGS() > 8 && !PG_ARGISNULL(8))
		content->milestones = journey_milestone(PG_GETARG_TEXT_PP(8));
	channel = PG_GETARG_TEXT_PP(2);
	content->channel = channel_number(state, VARDATA_ANY(channel), (int) VARSIZE_ANY_EXHDR(channel));
	content->touched_at = at;
}

static inline void
read_conversion(JourneyState *state, RowContent *content, FunctionCallInfo fcinfo, bool is_date)
{
	double value = PG_ARGISNULL(5) ? 0 : PG_GETARG_FLOAT8(5);
	TimestampTz at;

	if (unlikely(!journey_value_is_valid(value)))
		(void) journey_value_units(value); /* raises */
	if (PG_ARGISNULL(4))
	{
		if (value > 0)
		{
			state->ignored[JOURNEY_NO_CONVERSION]++;
			content->left_out = true;
		}
		return;
	}
	at = time_argument(fcinfo, 4, is_date);
	if (TIMESTAMP_NOT_FINITE(at))
	{
		state->ignored[JOURNEY_INFINITE_TIME]++;
		content->left_out = true;
		return;
	}
	content->has |= ROW_CONVERSION;
	content->converted_at = at;
	if (!PG_ARGISNULL(5))
	{
		content->has |= ROW_VALUE;
		content->value = value + 0; /* no negative zero */
	}
}

/*
 * (state, lead, channel, touched_at, converted_at, value [, lookback
 * [, half_life [, milestone]]])
 */
static inline Datum
accumulate(FunctionCallInfo fcinfo, LeadKeyKind kind, bool is_date)
{
	JourneyState *state = state_for_row(fcinfo, kind);
	RowContent content = {0};

	if (unlikely(PG_ARGISNULL(1)))
	{
		state->ignored[JOURNEY_NULL_LEAD]++;
		PG_RETURN_POINTER(state);
	}
	read_touch(state, &content, fcinfo, is_date);
	read_conversion(state, &content, fcinfo, is_date);
	if (content.has == ROW_TOUCH && journey_rows_is_plain(content.channel, content.milestones))
		(void) add_event(&state->rows.own.touches, 0, fcinfo, kind, content.touched_at, content.channel);
	else if (content.has != 0)
		/* Without a touch any time serves: one near the others packs best. */
		journey_rows_fill(add_event(&state->rows.own.others, LEAD_PAYLOAD_WORDS, fcinfo, kind,
									content.has & ROW_TOUCH ? content.touched_at : content.converted_at, 0),
						  journey_row_word(content.channel, content.milestones, content.has),
						  content.converted_at, content.value);
	else if (!content.left_out)
		state->ignored[JOURNEY_EMPTY_ROW]++;
	PG_RETURN_POINTER(state);
}

DEFINE_ACCUMULATE(journey_accumulate_bigint, accumulate(fcinfo, LEAD_KEY_BIGINT, false));
DEFINE_ACCUMULATE(journey_accumulate_uuid, accumulate(fcinfo, LEAD_KEY_UUID, false));
DEFINE_ACCUMULATE(journey_accumulate_text, accumulate(fcinfo, LEAD_KEY_TEXT, false));
DEFINE_ACCUMULATE(journey_accumulate_bigint_date, accumulate(fcinfo, LEAD_KEY_BIGINT, true));
DEFINE_ACCUMULATE(journey_accumulate_uuid_date, accumulate(fcinfo, LEAD_KEY_UUID, true));
DEFINE_ACCUMULATE(journey_accumulate_text_date, accumulate(fcinfo, LEAD_KEY_TEXT, true));

PG_FUNCTION_INFO_V1(journey_combine);
Datum
journey_combine(PG_FUNCTION_ARGS)
{
	JourneyState *into = PG_ARGISNULL(0) ? NULL : (JourneyState *) PG_GETARG_POINTER(0);
	const JourneyState *from = PG_ARGISNULL(1) ? NULL : (JourneyState *) PG_GETARG_POINTER(1);

	(void) aggregate_context(fcinfo, "journeys");
	if (from == NULL)
	{
		if (into == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(into);
	}
	if (into == NULL)
		into = create_state(fcinfo, from->rows.kind, from->half_life, from->lookback);
	else if (into->rows.kind != from->rows.kind || into->half_life != from->half_life ||
			 into->lookback != from->lookback)
		raise_different();
	add_each_count(into->ignored, from->ignored, JOURNEY_IGNORED_REASONS, "journeys");
	journey_rows_combine(&into->rows, &from->rows, fcinfo->context);
	PG_RETURN_POINTER(into);
}

PG_FUNCTION_INFO_V1(journey_serialize);
Datum
journey_serialize(PG_FUNCTION_ARGS)
{
	JourneyState *state = (JourneyState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	wire_put_varint(&out, (uint64) state->half_life);
	wire_put_varint(&out, (uint64) state->lookback);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		wire_put_varint(&out, (uint64) state->ignored[reason]);
	journey_rows_serialize(&state->rows, &out);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(journey_deserialize);
Datum
journey_deserialize(PG_FUNCTION_ARGS)
{
	JourneyState *state = palloc0(sizeof(JourneyState));
	StringInfoData in;
	uint64 half_life;
	uint64 lookback;

	aggregate_state_bytes(fcinfo, &in);
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	half_life = wire_get_varint(&in, TYPE_NAME);
	lookback = wire_get_varint(&in, TYPE_NAME);
	wire_check(half_life > 0 && half_life < PG_INT64_MAX && lookback <= PG_INT64_MAX, TYPE_NAME,
			   "length of time out of range");
	state->half_life = (int64) half_life;
	state->lookback = (int64) lookback;
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		state->ignored[reason] = wire_get_int64(&in, TYPE_NAME, PG_INT64_MAX);
	journey_rows_deserialize(&state->rows, &in, TYPE_NAME);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

/* Numbers the channels by rank of their names, which breaks ties in time. */
static int *
rank_channels(const TextDictionary *channels, JourneySummary *summary)
{
	const char **names = palloc(mul_size(Max(channels->count, 1), sizeof(char *)));
	int *numbers = palloc(mul_size(Max(channels->count, 1), sizeof(int)));

	for (int i = 0; i < channels->count; i++)
		names[i] = channels->texts[i];
	if (channels->count > 1)
		qsort(names, channels->count, sizeof(char *), pg_qsort_strcmp);
	for (int i = 0; i < channels->count; i++)
		(void) journey_channel_number(summary, names[i], (int) strlen(names[i]));
	for (int i = 0; i < channels->count; i++)
		numbers[i] = journey_channel_number(summary, channels->texts[i], (int) strlen(channels->texts[i]));
	pfree(names);
	return numbers;
}

/* No rows: NULL, since nothing says what the half-life is. */
PG_FUNCTION_INFO_V1(journey_final);
Datum
journey_final(PG_FUNCTION_ARGS)
{
	JourneyState *state;
	JourneySummary *summary;

	state = aggregate_state(fcinfo, 0, "journeys");
	if (state == NULL)
		PG_RETURN_NULL();
	summary = journey_summary_create(state->half_life, state->lookback);
	memcpy(summary->ignored, state->ignored, sizeof(summary->ignored));
	journey_rows_visit(&state->rows, rank_channels(&state->rows.channels, summary), journey_maker_add_lead,
					   journey_maker_create(summary));
	return summary_to_datum(&journey_room, summary);
}
