/*
 * journey_rows.h
 *	  An unordered collection of touches and conversions of leads, read back
 *	  lead by lead.
 *
 * Most rows are a touch and nothing else: an event of a lead event log, whose
 * step is the number of the channel.  The others carry the rest as a payload,
 * in a log of their own.  Both logs share the leads' partitions, so they are
 * read together; each spills, and is handed over, by itself.
 */
#ifndef LEAD_KPI_JOURNEY_ROWS_H
#define LEAD_KPI_JOURNEY_ROWS_H

#include "journey_summary.h"

#include "events/lead_event_log.h"

/* What a row has. */
#define ROW_TOUCH 1
#define ROW_CONVERSION 2
#define ROW_VALUE 4 /* of its conversion */

/* The step and what the row has, in one word. */
#define ROW_HAS_BITS 3
#define ROW_CHANNEL_SHIFT 5
#define journey_row_word(channel, milestones, has) \
	(journey_step(channel, milestones) << ROW_HAS_BITS | (uint32) (has))
#define journey_row_step(row) ((row)->word >> ROW_HAS_BITS)

/* The payload: that word, the time of the conversion, and its value. */
#define ROW_WORD 0
#define ROW_CONVERTED_AT 1
#define ROW_VALUE_BITS 2

typedef struct JourneyPart
{
	struct JourneyPart *next;
	uint32 *channels; /* numbers of its channels; NULL: they are their numbers */
	int channel_count;
	LeadEventLog touches; /* without conversion or milestone, of the first channels */
	LeadEventLog others;
} JourneyPart;

typedef struct JourneyRows
{
	MemoryContext context; /* where they grow */
	LeadKeyKind kind;
	TextDictionary channels;
	JourneyPart own; /* its "next": what others handed over */
} JourneyRows;

/* A row as it is read. */
typedef struct JourneyRow
{
	uint64 lead;		   /* its hash */
	int64 touched_at;	   /* before all times when it has no touch */
	const uint64 *payload; /* when it has a conversion; before it, the lead's key */
	uint32 word;
} JourneyRow;

static inline int64
journey_row_converted_at(const JourneyRow *row)
{
	return (int64) row->payload[ROW_CONVERTED_AT];
}

static inline double
journey_row_value(const JourneyRow *row)
{
	double value;

	memcpy(&value, &row->payload[ROW_VALUE_BITS], sizeof(value));
	return value;
}

/* By touch time, step, what the row has, and conversion: for rows of one lead. */
extern int journey_row_compare(const JourneyRow *a, const JourneyRow *b);

/* Called once per lead, with its rows in that order. */
typedef void (*JourneyRowsVisitor)(void *argument, const JourneyRow *rows, int64 count);

/* aggregate: what the rows may spill and be handed over for. */
extern void journey_rows_init(JourneyRows *rows, LeadKeyKind kind, MemoryContext context, Node *aggregate);

/* Is a touch of this channel and milestone, without a conversion, no more than an event? */
static inline bool
journey_rows_is_plain(int channel, int milestones)
{
	return channel < LEAD_MAX_STEPS && milestones == 0;
}

static inline void
journey_rows_fill(uint64 *payload, uint32 word, int64 converted_at, double value)
{
	payload[ROW_WORD] = word;
	payload[ROW_CONVERTED_AT] = (uint64) converted_at;
	memcpy(&payload[ROW_VALUE_BITS], &value, sizeof(value));
}

extern void journey_rows_combine(JourneyRows *into, const JourneyRows *from, Node *aggregate);
extern void journey_rows_serialize(JourneyRows *rows, StringInfo out);

/* Initialises the rows, in CurrentMemoryContext; the input's bytes must outlive them. */
extern void journey_rows_deserialize(JourneyRows *rows, StringInfo in, const char *type_name);

/*
 * Visits the leads.  "numbers" says for each channel what number its steps
 * shall have, which orders touches at the same time.
 */
extern void journey_rows_visit(JourneyRows *rows, const int *numbers, JourneyRowsVisitor visitor,
							   void *argument);

#endif /* LEAD_KPI_JOURNEY_ROWS_H */
