/*
 * journey_summary.h
 *	  The journeys: distinct paths of touches, with what came of them.
 *
 * A path is a sequence of steps; a step is a channel and the milestones that
 * this touch marks.  Value and time-decay weights are whole numbers of small
 * units, so that sums do not depend on their order and no cent is lost.
 */
#ifndef LEAD_KPI_JOURNEY_SUMMARY_H
#define LEAD_KPI_JOURNEY_SUMMARY_H

#include "base/compat.h"

#include "utils/timestamp.h"

#include "base/summary.h"
#include "base/text_dictionary.h"

/* Value is counted in 1e-12, weights in 1e-15 of a conversion. */
#define JOURNEY_VALUE_DIGITS 12
#define JOURNEY_WEIGHT_DIGITS 15
#define JOURNEY_WEIGHT_ONE INT64CONST(1000000000000000)

#define JOURNEY_UNLIMITED PG_INT64_MAX
#define JOURNEY_UNTIMED INT64CONST(-1)

/* A step: channel number << 2 | milestones. */
#define JOURNEY_LEAD 1
#define JOURNEY_OPPORTUNITY 2
#define journey_step(channel, milestones) ((uint32) (channel) << 2 | (uint32) (milestones))
#define journey_channel(step) ((int) ((step) >> 2))
#define journey_milestones(step) ((int) (3 & (step)))
#define JOURNEY_MAX_CHANNELS (1 << 24)

/* Why a row, or a touch, was left out. */
typedef enum JourneyIgnored
{
	JOURNEY_NULL_LEAD,
	JOURNEY_NULL_CHANNEL,
	JOURNEY_NULL_TIME,
	JOURNEY_INFINITE_TIME,
	JOURNEY_NO_CONVERSION, /* a value without a conversion */
	JOURNEY_EMPTY_ROW,
	JOURNEY_NULL_PATH,
	JOURNEY_BEFORE_LOOKBACK
} JourneyIgnored;

#define JOURNEY_IGNORED_REASONS (JOURNEY_BEFORE_LOOKBACK + 1)

extern const char *const journey_ignored_names[JOURNEY_IGNORED_REASONS];

typedef struct Journey
{
	uint32 hash; /* of its steps, once there are slots */
	int length;
	uint32 *steps;
	int64 conversions;
	int64 nulls; /* journeys that did not convert */
	uint128 value;

	/*
	 * Per touch, the sum of the time-decay weights of the conversions, and of
	 * value times weight.  NULL without times, without conversions, and where
	 * one touch takes all.
	 */
	uint128 *decayed_conversions;
	uint128 *decayed_value;
} Journey;

typedef struct JourneySummary
{
	MemoryContext context; /* where it grows */
	int64 half_life;	   /* microseconds, or JOURNEY_UNTIMED */
	int64 lookback;		   /* microseconds, or JOURNEY_UNLIMITED */
	int64 ignored[JOURNEY_IGNORED_REASONS];
	int64 conversions; /* totals, kept so that they cannot overflow */
	int64 nulls;
	uint128 value;

	TextDictionary channels;

	int count;
	int capacity;
	Journey *journeys;
	uint32 *slots; /* journey + 1, open addressing; NULL until needed */
	uint32 slot_mask;
} JourneySummary;

extern const SummaryRoom journey_room;

/* The first argument, in canonical order, which a rollup under way does not keep. */
extern const JourneySummary *journey_argument(FunctionCallInfo fcinfo);

/* In CurrentMemoryContext, where it will grow. */
extern JourneySummary *journey_summary_create(int64 half_life, int64 lookback);

/* The number of a channel, given one when it is new. */
extern int journey_channel_number(JourneySummary *summary, const char *name, int length);

/* The journey of a path, with no conversions and no nulls when it is new. */
extern Journey *journey_of_path(JourneySummary *summary, const uint32 *steps, int length);

/*
 * Adds to a journey and to the totals.  The decayed sums, when the journey
 * keeps them, are arrays of its length.
 */
extern void journey_add(JourneySummary *summary, Journey *journey, int64 conversions, int64 nulls,
						uint128 value, const uint128 *decayed_conversions, const uint128 *decayed_value);

static inline bool
journey_is_decayed(const JourneySummary *summary, int length)
{
	return summary->half_life != JOURNEY_UNTIMED && length > 1;
}

/* Written so that NaN fails too. */
#define journey_value_is_valid(value) ((value) >= 0 && (value) < 1e26)

/* A value in units: raises when it is negative, not finite or too large. */
extern uint128 journey_value_units(double value);
extern double journey_value_float8(uint128 units);

/*
 * Shares a total among parts in proportion to their weights, exactly: what
 * rounding leaves goes to the heaviest part.
 */
extern void journey_share(uint128 total, const double *weights, int count, uint128 *parts);

#endif /* LEAD_KPI_JOURNEY_SUMMARY_H */
