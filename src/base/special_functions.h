/*
 * special_functions.h
 *	  Quantiles and probabilities of the normal, beta and gamma distributions
 *	  that libm lacks.  Good to about twelve digits relative, in both tails, for
 *	  parameters from 0.5 to 2^64, in a few microseconds whatever their size.
 */
#ifndef LEAD_KPI_SPECIAL_FUNCTIONS_H
#define LEAD_KPI_SPECIAL_FUNCTIONS_H

/* z such that a standard normal variable lies within +-z with this probability. */
extern double normal_critical_value(double probability);

/*
 * x such that a Beta(a, b) variable lies below x with probability "tail";
 * *complement receives 1 - x without cancellation.  The quantile of an upper
 * tail is the complement of beta_quantile(b, a, tail).
 */
extern double beta_quantile(double a, double b, double tail, double *complement);

/* The probability that a Beta(a, b) variable lies below x; complement is 1 - x. */
extern double beta_probability(double a, double b, double x, double complement);

/*
 * Student's t: the value that stays within +-t with this probability, and the
 * probability of lying beyond +-t.  At least one degree of freedom.
 */
extern double student_critical_value(double freedom, double probability);
extern double student_beyond(double freedom, double t);

/* beta_quantile for the even mixture of Beta(a, b) and Beta(a - 1, b + 1). */
extern double mid_beta_quantile(double a, double b, double tail, double *complement);

/* x such that a Gamma(a, 1) variable lies below, or above, x with probability "tail". */
extern double gamma_lower_quantile(double a, double tail);
extern double gamma_upper_quantile(double a, double tail);

/* The probability that a Gamma(a, 1) variable lies above x. */
extern double gamma_beyond(double a, double x);

/* The probability that a Beta(a1, b1) variable exceeds a Beta(a2, b2) variable. */
extern double beta_exceeds_beta(double a1, double b1, double a2, double b2);

#endif /* LEAD_KPI_SPECIAL_FUNCTIONS_H */
