/*
 * journey_lead_aggregate.c
 *	  The aggregate that builds journeys from touches and conversions of
 *	  leads: accumulate, combine, serialize, deserialize, final.
 */
#include "compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "duration.h"
#include "journey_milestone.h"
#include "journey_rows.h"

#define TYPE_NAME "journeys state"
#define WIRE_VERSION 1

#define DEFAULT_HALF_LIFE (7 * USECS_PER_DAY)

/* Channels seen lately, found without hashing the whole name. */
#define RECENT_CHANNELS 64

typedef struct RecentChannel
{
	const char *name;
	int			length;
	int			number;
} RecentChannel;

/* Bytes of a row that has least. */
#define MIN_ROW_BYTES 10

typedef struct JourneyState
{
	int64		half_life;
	int64		lookback;
	int64		ignored[JOURNEY_IGNORED_REASONS];
	TextDictionary channels;
	RecentChannel recent[RECENT_CHANNELS];
	JourneyRows rows;
} JourneyState;

static MemoryContext
require_aggregate(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function of the journeys aggregate called outside of an aggregate")));
	return context;
}

static JourneyState *
create_state(MemoryContext context, JourneyKey key, int64 half_life, int64 lookback)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	JourneyState *state = palloc0(sizeof(JourneyState));

	state->half_life = half_life;
	state->lookback = lookback;
	text_dictionary_init(&state->channels);
	journey_rows_init(&state->rows, key);
	MemoryContextSwitchTo(previous);
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
	int64		half_life;

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

static JourneyState *
state_for_row(FunctionCallInfo fcinfo, JourneyKey key)
{
	int64		lookback = lookback_argument(fcinfo);
	int64		half_life = half_life_argument(fcinfo);
	JourneyState *state;

	if (PG_ARGISNULL(0))
		return create_state(require_aggregate(fcinfo), key, half_life, lookback);
	state = (JourneyState *) PG_GETARG_POINTER(0);
	if (state->lookback != lookback || state->half_life != half_life)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the lookback and half-life of journeys must be the same for all rows of a group"),
				 errhint("Write them as constants, or GROUP BY what they depend on.")));
	return state;
}

static void
set_lead(JourneyState *state, JourneyRow *row, FunctionCallInfo fcinfo, JourneyKey key)
{
	row->lead_rest = 0;
	if (key == JOURNEY_KEY_BIGINT)
		row->lead = (uint64) PG_GETARG_INT64(1);
	else if (key == JOURNEY_KEY_UUID)
	{
		memcpy(&row->lead, PG_GETARG_UUID_P(1)->data, 8);
		memcpy(&row->lead_rest, PG_GETARG_UUID_P(1)->data + 8, 8);
	}
	else
	{
		text	   *lead = PG_GETARG_TEXT_PP(1);

		row->lead = (uint64) text_dictionary_number(&state->rows.leads, VARDATA_ANY(lead),
													(int) VARSIZE_ANY_EXHDR(lead));
	}
}

static int
channel_number(JourneyState *state, const char *name, int length)
{
	uint32		place = (uint32) length;
	RecentChannel *recent;

	if (length > 0)
		place += (unsigned char) name[0] * 7 + (unsigned char) name[length - 1] * 31;
	recent = &state->recent[place % RECENT_CHANNELS];
	if (recent->name == NULL || recent->length != length ||
		memcmp(recent->name, name, length) != 0)
	{
		recent->number = text_dictionary_number(&state->channels, name, length);
		recent->name = state->channels.texts[recent->number];
		recent->length = length;
	}
	return recent->number;
}

/* Fills in the touch of a row; false when it has none. */
static bool
set_touch(JourneyState *state, JourneyRow *row, FunctionCallInfo fcinfo, bool *left_out)
{
	text	   *channel;
	int			milestone = 0;
	int			number;

	if (PG_ARGISNULL(2) && PG_ARGISNULL(3))
		return false;
	*left_out = true;
	if (PG_ARGISNULL(2))
		state->ignored[JOURNEY_NULL_CHANNEL]++;
	else if (PG_ARGISNULL(3))
		state->ignored[JOURNEY_NULL_TIME]++;
	else if (TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(3)))
		state->ignored[JOURNEY_INFINITE_TIME]++;
	else
		*left_out = false;
	if (*left_out)
		return false;
	if (PG_NARGS() > 8 && !PG_ARGISNULL(8))
		milestone = journey_milestone(PG_GETARG_TEXT_PP(8));
	channel = PG_GETARG_TEXT_PP(2);
	number = channel_number(state, VARDATA_ANY(channel), (int) VARSIZE_ANY_EXHDR(channel));
	if (number >= JOURNEY_MAX_CHANNELS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("journeys have more than %d channels", JOURNEY_MAX_CHANNELS),
				 errhint("Group the channels before building the journeys.")));
	row->touched_at = PG_GETARG_TIMESTAMPTZ(3);
	row->step = journey_step(number, milestone);
	return true;
}

/* Fills in the conversion of a row; false when it has none. */
static bool
set_conversion(JourneyState *state, JourneyRow *row, FunctionCallInfo fcinfo, bool *left_out)
{
	double		value = PG_ARGISNULL(5) ? 0 : PG_GETARG_FLOAT8(5);

	if (value != 0)
		(void) journey_value_units(value);	/* raises when it is no value */
	if (PG_ARGISNULL(4))
	{
		if (value > 0)
		{
			state->ignored[JOURNEY_NO_CONVERSION]++;
			*left_out = true;
		}
		return false;
	}
	if (TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(4)))
	{
		state->ignored[JOURNEY_INFINITE_TIME]++;
		*left_out = true;
		return false;
	}
	row->converted_at = PG_GETARG_TIMESTAMPTZ(4);
	if (!PG_ARGISNULL(5))
	{
		row->has |= ROW_VALUE;
		row->value = value + 0;	/* no negative zero */
	}
	return true;
}

/*
 * (state, lead, channel, touched_at, converted_at, value [, lookback
 * [, half_life [, milestone]]])
 */
static Datum
accumulate(FunctionCallInfo fcinfo, JourneyKey key)
{
	JourneyState *state = state_for_row(fcinfo, key);
	JourneyRow	row = {0};
	bool		touch_left_out = false;
	bool		conversion_left_out = false;

	if (PG_ARGISNULL(1))
	{
		state->ignored[JOURNEY_NULL_LEAD]++;
		PG_RETURN_POINTER(state);
	}
	if (set_touch(state, &row, fcinfo, &touch_left_out))
		row.has |= ROW_TOUCH;
	if (set_conversion(state, &row, fcinfo, &conversion_left_out))
		row.has |= ROW_CONVERSION;
	if (row.has != 0)
	{
		set_lead(state, &row, fcinfo, key);
		*journey_rows_add(&state->rows) = row;
	}
	else if (!touch_left_out && !conversion_left_out)
		state->ignored[JOURNEY_EMPTY_ROW]++;
	PG_RETURN_POINTER(state);
}

#define DEFINE_ACCUMULATE(name, key) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return accumulate(fcinfo, key); \
	} \
	extern Datum name(PG_FUNCTION_ARGS)

DEFINE_ACCUMULATE(journey_accumulate_bigint, JOURNEY_KEY_BIGINT);
DEFINE_ACCUMULATE(journey_accumulate_uuid, JOURNEY_KEY_UUID);
DEFINE_ACCUMULATE(journey_accumulate_text, JOURNEY_KEY_TEXT);

/* Numbers of the texts of one dictionary in another. */
static uint32 *
renumber(const TextDictionary *from, TextDictionary *into)
{
	uint32	   *number = MemoryContextAllocHuge(CurrentMemoryContext,
												Max(from->count, 1) * sizeof(uint32));

	for (int i = 0; i < from->count; i++)
		number[i] = (uint32) text_dictionary_number(into, from->texts[i],
													(int) strlen(from->texts[i]));
	return number;
}

PG_FUNCTION_INFO_V1(journey_combine);
Datum
journey_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = require_aggregate(fcinfo);
	JourneyState *into = PG_ARGISNULL(0) ? NULL : (JourneyState *) PG_GETARG_POINTER(0);
	const JourneyState *from = PG_ARGISNULL(1) ? NULL : (JourneyState *) PG_GETARG_POINTER(1);
	uint32	   *channels;
	uint32	   *leads = NULL;

	if (from == NULL)
	{
		if (into == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(into);
	}
	if (into == NULL)
		into = create_state(context, from->rows.key, from->half_life, from->lookback);
	else if (into->rows.key != from->rows.key || into->half_life != from->half_life ||
			 into->lookback != from->lookback)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the lookback and half-life of journeys must be the same for all rows of a group"),
				 errhint("Write them as constants, or GROUP BY what they depend on.")));
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		into->ignored[reason] += from->ignored[reason];
	channels = renumber(&from->channels, &into->channels);
	if (from->rows.key == JOURNEY_KEY_TEXT)
		leads = renumber(&from->rows.leads, &into->rows.leads);
	for (int64 i = 0; i < from->rows.count; i++)
	{
		JourneyRow *row = journey_rows_add(&into->rows);

		*row = from->rows.rows[i];
		if (row->has & ROW_TOUCH)
			row->step = journey_step(channels[journey_channel(row->step)],
									 journey_milestones(row->step));
		if (leads != NULL)
			row->lead = leads[row->lead];
	}
	pfree(channels);
	if (leads != NULL)
		pfree(leads);
	PG_RETURN_POINTER(into);
}

static void
put_texts(const TextDictionary *dictionary, StringInfo out)
{
	wire_put_varint(out, (uint64) dictionary->count);
	for (int i = 0; i < dictionary->count; i++)
		wire_put_text(out, dictionary->texts[i]);
}

static void
get_texts(TextDictionary *dictionary, StringInfo in, int max_count)
{
	int			count = wire_get_count(in, TYPE_NAME, 1, max_count);

	for (int i = 0; i < count; i++)
	{
		char	   *name = wire_get_text(in, TYPE_NAME);

		wire_check(text_dictionary_number(dictionary, name, (int) strlen(name)) == i, TYPE_NAME,
				   "a text is there twice");
		pfree(name);
	}
}

PG_FUNCTION_INFO_V1(journey_serialize);
Datum
journey_serialize(PG_FUNCTION_ARGS)
{
	const JourneyState *state = (JourneyState *) PG_GETARG_POINTER(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_put_version(&out, WIRE_VERSION);
	pq_sendbyte(&out, state->rows.key);
	wire_put_varint(&out, (uint64) state->half_life);
	wire_put_varint(&out, (uint64) state->lookback);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
		wire_put_varint(&out, (uint64) state->ignored[reason]);
	put_texts(&state->channels, &out);
	if (state->rows.key == JOURNEY_KEY_TEXT)
		put_texts(&state->rows.leads, &out);
	wire_put_varint(&out, (uint64) state->rows.count);
	for (int64 i = 0; i < state->rows.count; i++)
	{
		const JourneyRow *row = &state->rows.rows[i];

		wire_put_varint(&out, (uint64) row->step << 3 | row->has);
		if (state->rows.key == JOURNEY_KEY_TEXT)
			wire_put_varint(&out, row->lead);
		else
			pq_sendint64(&out, row->lead);
		if (state->rows.key == JOURNEY_KEY_UUID)
			pq_sendint64(&out, row->lead_rest);
		if (row->has & ROW_TOUCH)
			pq_sendint64(&out, (uint64) row->touched_at);
		if (row->has & ROW_CONVERSION)
			pq_sendint64(&out, (uint64) row->converted_at);
		if (row->has & ROW_VALUE)
			pq_sendfloat8(&out, row->value);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static int64
get_time(StringInfo in)
{
	int64		at = pq_getmsgint64(in);

	wire_check(!TIMESTAMP_NOT_FINITE(at), TYPE_NAME, "time out of range");
	return at;
}

static void
get_row(JourneyState *state, StringInfo in)
{
	JourneyRow	row = {0};
	uint64		word = wire_get_varint(in, TYPE_NAME);

	row.has = (uint32) (word & 7);
	word >>= 3;
	wire_check((row.has & (ROW_TOUCH | ROW_CONVERSION)) != 0 &&
			   (row.has & (ROW_CONVERSION | ROW_VALUE)) != ROW_VALUE, TYPE_NAME, "a row without content");
	wire_check(row.has & ROW_TOUCH ? word >> 2 < (uint64) state->channels.count : word == 0,
			   TYPE_NAME, "unknown channel");
	row.step = (uint32) word;
	if (state->rows.key == JOURNEY_KEY_TEXT)
	{
		row.lead = wire_get_varint(in, TYPE_NAME);
		wire_check(row.lead < (uint64) state->rows.leads.count, TYPE_NAME, "unknown lead");
	}
	else
		row.lead = (uint64) pq_getmsgint64(in);
	if (state->rows.key == JOURNEY_KEY_UUID)
		row.lead_rest = (uint64) pq_getmsgint64(in);
	if (row.has & ROW_TOUCH)
		row.touched_at = get_time(in);
	if (row.has & ROW_CONVERSION)
		row.converted_at = get_time(in);
	if (row.has & ROW_VALUE)
	{
		row.value = pq_getmsgfloat8(in);
		wire_check(row.value >= 0 && row.value < 1e26 && !signbit(row.value), TYPE_NAME,
				   "value out of range");
	}
	*journey_rows_add(&state->rows) = row;
}

PG_FUNCTION_INFO_V1(journey_deserialize);
Datum
journey_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData in;
	int			key;
	uint64		half_life;
	uint64		lookback;
	JourneyState *state;
	int			count;

	read_only_string_info(&in, VARDATA_ANY(bytes), (int) VARSIZE_ANY_EXHDR(bytes));
	wire_get_version(&in, TYPE_NAME, WIRE_VERSION);
	key = pq_getmsgbyte(&in);
	wire_check(key <= JOURNEY_KEY_TEXT, TYPE_NAME, "unknown kind of lead key");
	half_life = wire_get_varint(&in, TYPE_NAME);
	lookback = wire_get_varint(&in, TYPE_NAME);
	wire_check(half_life > 0 && half_life < PG_INT64_MAX && lookback <= PG_INT64_MAX, TYPE_NAME,
			   "length of time out of range");
	state = create_state(CurrentMemoryContext, (JourneyKey) key, (int64) half_life, (int64) lookback);
	for (int reason = 0; reason < JOURNEY_IGNORED_REASONS; reason++)
	{
		uint64		ignored = wire_get_varint(&in, TYPE_NAME);

		wire_check(ignored <= PG_INT64_MAX / 2, TYPE_NAME, "count out of range");
		state->ignored[reason] = (int64) ignored;
	}
	get_texts(&state->channels, &in, JOURNEY_MAX_CHANNELS);
	if (key == JOURNEY_KEY_TEXT)
		get_texts(&state->rows.leads, &in, PG_INT32_MAX);
	count = wire_get_count(&in, TYPE_NAME, MIN_ROW_BYTES, PG_INT32_MAX);
	for (int i = 0; i < count; i++)
		get_row(state, &in);
	pq_getmsgend(&in);
	PG_RETURN_POINTER(state);
}

/* No rows: NULL, since nothing says what the half-life is. */
PG_FUNCTION_INFO_V1(journey_final);
Datum
journey_final(PG_FUNCTION_ARGS)
{
	const JourneyState *state;
	JourneySummary *summary;

	(void) require_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (JourneyState *) PG_GETARG_POINTER(0);
	summary = journey_summary_create(state->half_life, state->lookback);
	memcpy(summary->ignored, state->ignored, sizeof(summary->ignored));
	journey_rows_summarize(&state->rows, &state->channels, summary);
	return summary_to_datum(&journey_room, summary);
}
