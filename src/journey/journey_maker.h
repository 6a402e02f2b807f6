/*
 * journey_maker.h
 *	  Cuts the rows of a lead into journeys.
 */
#ifndef LEAD_KPI_JOURNEY_MAKER_H
#define LEAD_KPI_JOURNEY_MAKER_H

#include "journey_rows.h"

typedef struct JourneyMaker JourneyMaker;

/* Lives in CurrentMemoryContext. */
extern JourneyMaker *journey_maker_create(JourneySummary *summary);

/* A JourneyRowsVisitor whose argument is a JourneyMaker. */
extern void journey_maker_add_lead(void *argument, const JourneyRow *rows, int64 count);

#endif /* LEAD_KPI_JOURNEY_MAKER_H */
