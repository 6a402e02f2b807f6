/*
 * count_test.h
 *	  Tests of counts that hold their level where counts are small.
 */
#ifndef LEAD_KPI_COUNT_TEST_H
#define LEAD_KPI_COUNT_TEST_H

/*
 * The p-value of the normal test, kept from falling below what the exact test
 * allows: "least" is the fewest events that a group would have were there no
 * difference.  Up to one the exact test counts in full; from there on its
 * weight falls, and beyond EXACT_UP_TO it need not be asked.
 */
#define EXACT_UP_TO 100
extern double guarded_p_value(double normal, double exact, double least);

/*
 * Fisher's (1935) exact test of two rates, two-sided by Irwin's rule (1935): the
 * probability, given all margins, of tables no likelier than this one.
 */
extern double fisher_p_value(double hits_a, double misses_a, double hits_b, double misses_b);

/*
 * Two-sided p-value of a count in excess of its expectation, a sum of
 * hypergeometric counts, from its second and third central moments.
 */
extern double excess_p_value(double excess, double variance, double third_moment);

/* The third central moment of a hypergeometric count of this variance, of which "all" are drawn from. */
extern double hypergeometric_third_moment(double variance, double group, double events, double all);

#endif /* LEAD_KPI_COUNT_TEST_H */
