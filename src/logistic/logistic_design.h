/*
 * logistic_design.h
 *	  From the rows of an aggregate to the numbers that a fit looks at.
 */
#ifndef LEAD_KPI_LOGISTIC_DESIGN_H
#define LEAD_KPI_LOGISTIC_DESIGN_H

#include "logistic_fit.h"
#include "logistic_model.h"
#include "logistic_rows.h"

/*
 * The rows with levels by rank, so that nothing depends on the order in which
 * they came; sets which attributes some leads lack.
 */
extern LogisticRows logistic_rank_levels(const LogisticRows *from, LogisticAttribute *attributes,
										 double **ranks);

/*
 * Quoted names of the levels, the reference and (missing) included, whose leads
 * all converted, or none did; NULL when there are none, or nothing else.
 */
extern const char *logistic_pure_levels(const LogisticRows *rows, const LogisticModel *model);

/* The design, equal rows being one; counts the leads of the model. */
extern LogisticDesign logistic_design_build(const LogisticRows *rows, LogisticModel *model);

#endif /* LEAD_KPI_LOGISTIC_DESIGN_H */
