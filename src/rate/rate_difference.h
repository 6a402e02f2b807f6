/*
 * rate_difference.h
 *	  Whether two rates differ: known to the files of this room only.
 */
#ifndef LEAD_KPI_RATE_DIFFERENCE_H
#define LEAD_KPI_RATE_DIFFERENCE_H

/*
 * The two-sided p-value; -1 when all are hits or none is, which leaves nothing
 * to test by.  "least" receives the fewest hits, or misses, that a group would
 * have at the pooled rate.
 */
extern double rate_difference_p_value(double hits_a, double misses_a, double hits_b, double misses_b,
									  double *least);

#endif /* LEAD_KPI_RATE_DIFFERENCE_H */
