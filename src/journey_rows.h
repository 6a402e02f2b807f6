/*
 * journey_rows.h
 *	  An unordered collection of touches and conversions of leads, read back
 *	  lead by lead as journeys.
 */
#ifndef LEAD_KPI_JOURNEY_ROWS_H
#define LEAD_KPI_JOURNEY_ROWS_H

#include "journey_summary.h"

typedef enum JourneyKey
{
	JOURNEY_KEY_BIGINT,
	JOURNEY_KEY_UUID,
	JOURNEY_KEY_TEXT
} JourneyKey;

/* What a row has. */
#define ROW_TOUCH 1
#define ROW_CONVERSION 2
#define ROW_VALUE 4				/* of its conversion */

typedef struct JourneyRow
{
	uint64		lead;			/* bigint, upper half of uuid, number of text */
	uint64		lead_rest;		/* lower half of uuid */
	int64		touched_at;
	int64		converted_at;
	double		value;
	uint32		step;
	uint32		has;
} JourneyRow;

typedef struct JourneyRows
{
	JourneyKey	key;
	TextDictionary leads;		/* when the key is text */
	int64		count;
	int64		capacity;
	JourneyRow *rows;
} JourneyRows;

/* In CurrentMemoryContext. */
extern void journey_rows_init(JourneyRows *rows, JourneyKey key);

/* A row to fill in. */
extern JourneyRow *journey_rows_add(JourneyRows *rows);

/*
 * Adds the journeys of all leads to a summary.  Steps are numbered by
 * "channels"; the rows stay as they are.
 */
extern void journey_rows_summarize(const JourneyRows *rows, const TextDictionary *channels,
								   JourneySummary *summary);

#endif							/* LEAD_KPI_JOURNEY_ROWS_H */
