/*
 * rate_type.h
 *	  What a rate is made of: known to the files of this room only.
 */
#ifndef LEAD_KPI_RATE_TYPE_H
#define LEAD_KPI_RATE_TYPE_H

#include "base/compat.h"

/* Fixed length, passed by reference. */
typedef struct Rate
{
	int64 hits;
	int64 trials; /* 0 <= hits <= trials, always */
} Rate;

StaticAssertDecl(sizeof(Rate) == 16, "CREATE TYPE rate says INTERNALLENGTH = 16");

#define DatumGetRateP(datum) ((Rate *) DatumGetPointer(datum))
#define PG_GETARG_RATE_P(n) DatumGetRateP(PG_GETARG_DATUM(n))
#define PG_RETURN_RATE_P(rate) return PointerGetDatum(rate)

#endif /* LEAD_KPI_RATE_TYPE_H */
