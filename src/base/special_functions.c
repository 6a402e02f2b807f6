/*
 * special_functions.c
 *	  Quantiles and probabilities of the normal, beta and gamma distributions.
 *
 * One idea serves all of them.  On the scale of the log odds (for gamma: of the
 * logarithm), measured from its own mode, the log density of a Beta(a, b)
 * variable is -drop, with
 *
 *		drop = a g(u) + b g(v),		g(y) = y - log(1 + y) >= 0,
 *
 * where u and v are the relative changes of x and of 1 - x.  Both terms are
 * positive, so nothing cancels, however large a and b are; the density is log
 * concave and smooth, so a tail is integrated to full precision by a double
 * exponential rule (Takahasi and Mori 1974) whose length is scaled to the
 * tail's decay.  There are no special cases for small, large or skewed
 * parameters; the whole area follows from Stirling's formula.
 * A gamma variable is the limit where one of the two parameters is infinite.
 */
#include "compat.h"

#include <math.h>

#include "special_functions.h"

/*
 * One side of a density: from its mode (s = 0) towards x = 0 (s = infinity).
 * The other side is the same with a, b and p, q exchanged.
 */
typedef struct Side
{
	double a;
	double b;
	double p; /* x at the mode: a / (a + b) */
	double q; /* 1 - p */
} Side;

static Side
beta_side(double a, double b)
{
	Side side = {a, b, a / (a + b), b / (a + b)};

	return side;
}

static Side
mirrored(Side side)
{
	Side mirror = {side.b, side.a, side.q, side.p};

	return mirror;
}

/* What a side looks like at distance s from the mode. */
typedef struct Place
{
	double shrink; /* exp(-s) */
	double lost;   /* 1 - exp(-s) */
	double scale;  /* x = p shrink / scale, 1 - x = q / scale */
} Place;

static Place
place_at(const Side *side, double s)
{
	Place place;

	if (s < M_LN2)
	{
		place.lost = -expm1(-s);
		place.shrink = 1 - place.lost;
	}
	else
	{
		place.shrink = exp(-s);
		place.lost = 1 - place.shrink;
	}
	place.scale = side->q + side->p * place.shrink;
	return place;
}

/* y - log(1 + y) for |y| < 1/2, by the series of 2 artanh(y / (2 + y)). */
static double
excess_over_logarithm(double y)
{
	static const double coefficients[] = {
		2.0 / 33, 2.0 / 31, 2.0 / 29, 2.0 / 27, 2.0 / 25, 2.0 / 23, 2.0 / 21, 2.0 / 19,
		2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9,  2.0 / 7,	2.0 / 5,  2.0 / 3,
	};
	double r = y / (2 + y);
	double square = r * r;
	double fourth = square * square;
	double odd = 0;
	double even = 0;

	/* Two chains, which run side by side; no more terms than a double can tell. */
	for (int i = square < 0.01 ? 8 : 0; i < (int) lengthof(coefficients); i += 2)
	{
		odd = odd * fourth + coefficients[i];
		even = even * fourth + coefficients[i + 1];
	}
	return r * (y - square * (odd * square + even));
}

/* By how much the log density lies below its maximum. */
static double
drop_at(const Side *side, double s)
{
	Place place = place_at(side, s);
	double u = side->q * place.lost / place.scale;
	double v = side->p * place.lost / place.scale;
	double drop = 0;

	if (!isinf(side->a))
		drop += side->a * (u < 0.5 ? excess_over_logarithm(-u) : s + log(place.scale) - u);
	if (!isinf(side->b))
		drop += side->b * (v < 0.5 ? excess_over_logarithm(v) : v - log1p(v));
	return drop;
}

/* a b / (a + b): the curvature of the drop at the mode. */
static double
stiffness(const Side *side)
{
	return isinf(side->a) ? side->b : side->a * side->q;
}

/* The first two derivatives of the drop. */
static void
drop_derivatives(const Side *side, double s, double *slope, double *curvature)
{
	Place place = place_at(side, s);

	*slope = stiffness(side) * place.lost / place.scale;
	*curvature = stiffness(side) * place.shrink / (place.scale * place.scale);
}

/* The double exponential rule for a decaying function on (0, infinity). */
#define RULE_STEP 0.0625
#define RULE_START (-3.5)
#define RULE_POINTS 136

static double rule_node[RULE_POINTS];
static double rule_weight[RULE_POINTS];

static void
prepare_rule(void)
{
	if (rule_weight[0] > 0)
		return;
	for (int i = RULE_POINTS - 1; i >= 0; i--)
	{
		double y = RULE_START + i * RULE_STEP;

		rule_node[i] = exp(y - exp(-y));
		rule_weight[i] = RULE_STEP * rule_node[i] * (1 + exp(-y));
	}
}

/* The step of the trapezoidal rule that compares two densities. */
#define OVERLAP_STEP 0.1

/* Terms below exp(-NEGLIGIBLE) of the largest do not change a double. */
#define NEGLIGIBLE 42.0

/* The density's integral from s to infinity, divided by the density at s. */
static double
tail_at(const Side *side, double s)
{
	double drop = drop_at(side, s);
	double slope;
	double curvature;
	double length;
	double sum = 0;

	prepare_rule();
	drop_derivatives(side, s, &slope, &curvature);
	/* Where the density has fallen by about a factor e. */
	length = 2 / (slope + sqrt(slope * slope + 2 * curvature));
	for (int i = 0; i < RULE_POINTS; i++)
	{
		double further = drop_at(side, s + length * rule_node[i]) - drop;

		/* Not ">", for it may have overflowed to NaN. */
		if (!(further < NEGLIGIBLE))
			break;
		sum += rule_weight[i] * exp(-further);
	}
	return length * sum;
}

/* What Stirling's formula for ln(gamma(x)) leaves out: x > 0, also infinite. */
static double
stirling_remainder(double x)
{
	double inverse;
	double square;
	double shifted = 0;

	while (x < 10)
	{
		shifted += (x + 0.5) * log1p(1 / x) - 1;
		x += 1;
	}
	inverse = 1 / x;
	square = inverse * inverse;
	/* clang-format off */
	return shifted + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 -
		square * (1.0 / 1680 - square * (1.0 / 1188 - square * (691.0 / 360360))))));
	/* clang-format on */
}

/* A whole density: its two sides and their sum. */
typedef struct Density
{
	Side below;
	Side above;
	double total;
} Density;

static Density
density_of(Side below)
{
	Density density = {below, mirrored(below), 0};

	/* The beta function over its own approximation at the mode. */
	density.total = sqrt(2 * M_PI / stiffness(&below)) *
		exp(stirling_remainder(below.a) + stirling_remainder(below.b) -
			stirling_remainder(below.a + below.b));
	return density;
}

/* The variable at position t from the mode, and its complement. */
static double
variable_at(const Density *density, double t, double *complement)
{
	const Side *side = t <= 0 ? &density->below : &density->above;
	Place place = place_at(side, fabs(t));
	double near_zero = side->p * place.shrink / place.scale;
	double near_one = side->q / place.scale;

	*complement = t <= 0 ? near_one : near_zero;
	return t <= 0 ? near_zero : near_one;
}

/*
 * The distribution function at position t from the mode: its logarithm, and
 * the derivative of that.
 *
 * "mixed" asks for the even mixture of Beta(a, b) and Beta(a - 1, b + 1).  The
 * two distribution functions differ by a term of the binomial distribution,
 * which is the density at x divided by b x.
 */
static double
log_probability_below(const Density *density, bool mixed, double t, double *hazard)
{
	double between = 0; /* what the mixture adds, over the density */
	double between_slope = 0;

	if (mixed)
	{
		double a = density->below.a;
		double b = density->below.b;
		double complement;
		double x = variable_at(density, t, &complement);

		between = 0.5 / (b * x);
		between_slope = between * ((a - 1) * complement - b * x);
	}
	if (t <= 0)
	{
		double area = tail_at(&density->below, -t) + between;

		*hazard = (1 + between_slope) / area;
		return log(area / density->total) - drop_at(&density->below, -t);
	}
	else
	{
		double height = exp(-drop_at(&density->above, t));
		double above = height > 0 ? height * (tail_at(&density->above, t) - between) : 0;

		*hazard = height * (1 + between_slope) / (density->total - above);
		return log1p(-above / density->total);
	}
}

/*
 * The position below which the probability is "tail".  The logarithm of the
 * distribution function is concave, so Newton's method converges from
 * anywhere: from above the solution a step never falls short of it, and from
 * below it never goes beyond.  A step down may go far too deep, where the way
 * back is slow, so it follows the parabola that takes the curvature along.
 */
static double
quantile_position(const Density *density, bool mixed, double tail)
{
	double wanted = log(tail);
	double t = 0;

	for (int i = 0; i < 200; i++)
	{
		double hazard;
		double surplus = log_probability_below(density, mixed, t, &hazard) - wanted;
		double slope;
		double curvature;

		drop_derivatives(t <= 0 ? &density->below : &density->above, fabs(t), &slope, &curvature);
		if (t > 0)
			slope = -slope;
		/* Of the logarithm of the distribution function, turned positive. */
		curvature = Max(hazard * (hazard - slope), 0);
		if (surplus > 0)
			t -= 2 * surplus / (hazard + sqrt(hazard * hazard + 2 * curvature * surplus));
		else
			t -= surplus / hazard;
		/* The error after a step is of the order of its square. */
		if (fabs(surplus) < 1e-8)
			break;
	}
	return t;
}

double
beta_quantile(double a, double b, double tail, double *complement)
{
	Density density = density_of(beta_side(a, b));

	return variable_at(&density, quantile_position(&density, false, tail), complement);
}

/* a d - b c with an error of the last digits only (Kahan). */
static double
determinant(double a, double b, double c, double d)
{
	double product = b * c;
	double error = fma(-b, c, product);

	return fma(a, d, -product) + error;
}

double
beta_probability(double a, double b, double x, double complement)
{
	Density density;
	double difference;
	double ignored;

	if (x <= 0)
		return 0;
	if (complement <= 0)
		return 1;
	density = density_of(beta_side(a, b));
	/* Of the log odds of x and of the mode; precise also where they nearly agree. */
	difference = determinant(x, complement, a, b) / (complement * a);
	difference = fabs(difference) < 0.5 ? log1p(difference) : log(x / complement) + log(b / a);
	return exp(log_probability_below(&density, false, difference, &ignored));
}

/* Below it a distribution around zero is a straight line to the last digit. */
#define STRAIGHT 1e-10

/*
 * t^2 / (t^2 + freedom) is a Beta(1/2, freedom/2) variable.  The smaller of its
 * two tails is the precise one.
 */
double
student_critical_value(double freedom, double probability)
{
	double beyond;
	double within;

	if (probability < STRAIGHT)
		return student_critical_value(freedom, STRAIGHT) * (probability / STRAIGHT);
	if (probability < 0.5)
		within = beta_quantile(0.5, freedom / 2, probability, &beyond);
	else
		beyond = beta_quantile(freedom / 2, 0.5, 1 - probability, &within);
	return sqrt(freedom * (within / beyond));
}

double
student_beyond(double freedom, double t)
{
	double square = t * t;

	return beta_probability(freedom / 2, 0.5, freedom / (freedom + square), square / (freedom + square));
}

double
mid_beta_quantile(double a, double b, double tail, double *complement)
{
	Density density;

	if (b == 0)
	{
		/* Beta(a, 0) is the constant one: half of x^(a-1) is left. */
		*complement = -expm1(log(2 * tail) / (a - 1));
		return exp(log(2 * tail) / (a - 1));
	}
	density = density_of(beta_side(a, b));
	return variable_at(&density, quantile_position(&density, true, tail), complement);
}

/* The logarithm of x has its mode where x = a. */
double
gamma_lower_quantile(double a, double tail)
{
	Side below = {a, INFINITY, 0, 1};
	Density density = density_of(below);

	return a * exp(quantile_position(&density, false, tail));
}

double
gamma_upper_quantile(double a, double tail)
{
	Side above = {INFINITY, a, 1, 0};
	Density density = density_of(above);

	return a * exp(-quantile_position(&density, false, tail));
}

double
gamma_beyond(double a, double x)
{
	Side above = {INFINITY, a, 1, 0};
	Density density = density_of(above);
	double ignored;

	return x <= 0 ? 1 : exp(log_probability_below(&density, false, log(a / x), &ignored));
}

/* The product of a density and another one's distribution function. */
typedef struct Overlap
{
	Density narrow;
	Density wide;
	double offset; /* from the wide one's mode to the narrow one's */
} Overlap;

/* How far the density at s reaches: about its integral from there on, over its height. */
static double
reach_at(const Side *side, double s)
{
	double slope;
	double curvature;

	drop_derivatives(side, s, &slope, &curvature);
	return 2 / (slope + sqrt(slope * slope + 2 * curvature));
}

/*
 * The product's logarithm at position t from the narrow one's mode, and the
 * derivative: roughly, to find where it peaks and where it ends.
 */
static double
rough_log_overlap(const Overlap *overlap, double t, double *slope)
{
	const Side *side = t <= 0 ? &overlap->narrow.below : &overlap->narrow.above;
	double u = t + overlap->offset;
	const Side *other = u <= 0 ? &overlap->wide.below : &overlap->wide.above;
	double drop = drop_at(other, fabs(u));
	double reach = reach_at(other, fabs(u));
	double drop_slope;
	double curvature;
	double logarithm;

	drop_derivatives(side, fabs(t), &drop_slope, &curvature);
	*slope = t <= 0 ? drop_slope : -drop_slope;
	if (u <= 0)
	{
		logarithm = log(reach / overlap->wide.total) - drop;
		*slope += 1 / reach;
	}
	else
	{
		double height = exp(-drop) / overlap->wide.total;
		double below = Max(1 - height * reach, 0.25);

		logarithm = log(below);
		*slope += height / below;
	}
	return logarithm - drop_at(side, fabs(t));
}

/* By how much the wide density at position t lies below its maximum. */
static double
wide_drop(const Overlap *overlap, double t)
{
	double u = t + overlap->offset;

	return drop_at(u <= 0 ? &overlap->wide.below : &overlap->wide.above, fabs(u));
}

/*
 * The wide density's integral between two positions, in units of exp(scale):
 * Gauss and Legendre's rule, on pieces along which the density's logarithm does
 * not change by much; "change" is by how much it does along the whole.
 */
static double
wide_mass_between(const Overlap *overlap, double from, double to, double change, double scale)
{
	static const double nodes[] = {
		-0.90617984593866399, -0.53846931010568309, 0.0, 0.53846931010568309, 0.90617984593866399,
	};
	static const double weights[] = {
		0.23692688505618909, 0.47862867049936647, 0.56888888888888889,
		0.47862867049936647, 0.23692688505618909,
	};
	int pieces = 1 + (int) Min(change, 100);
	double half = (to - from) / (2 * pieces);
	double sum = 0;

	for (int piece = 0; piece < pieces; piece++)
		for (int i = 0; i < (int) lengthof(nodes); i++)
			sum += weights[i] * exp(-wide_drop(overlap, from + half * (2 * piece + 1 + nodes[i])) - scale);
	return half * sum / overlap->wide.total;
}

/* Where a rule that is even in y = asinh((t - peak) / unit) puts its points. */
static double
overlap_position(double peak, double unit, int i)
{
	return peak + unit * sinh(i * OVERLAP_STEP);
}

/* The probability that the narrow variable exceeds the wide one. */
static double
integrate_overlap(const Overlap *overlap)
{
	double unit = 1 / sqrt(stiffness(&overlap->narrow.below));
	double low = 0;
	double high = unit;
	double slope;
	double slope_below;
	double slope_above;
	double peak;
	double ignored;
	double scale;
	double below;
	double position;
	double drop;
	double sum = 0;
	int i;

	/* The product is log concave; its peak lies above the narrow mode. */
	while (rough_log_overlap(overlap, high, &slope), slope > 0 && high < 1000)
	{
		low = high;
		high *= 2;
	}
	while (high - low > 0.25 * unit)
	{
		double middle = (low + high) / 2;

		if (middle <= low || middle >= high)
			break;
		(void) rough_log_overlap(overlap, middle, &slope);
		if (slope > 0)
			low = middle;
		else
			high = middle;
	}
	peak = rough_log_overlap(overlap, low, &slope);
	if (exp(peak) == 0)
		return 0;
	/* Far out in a tail the product is much narrower than the narrow one. */
	(void) rough_log_overlap(overlap, low - unit / 8, &slope_below);
	(void) rough_log_overlap(overlap, low + unit / 8, &slope_above);
	unit = Min(unit, 1 / sqrt((slope_below - slope_above) / (unit / 4)));

	/*
	 * The trapezoidal rule on a sinh grid: spectral accuracy, any tail.  The
	 * wide one's distribution function is integrated once, at the lowest
	 * point; from there on it only grows, by what lies between two points.
	 */
	for (i = -1; i > -1000; i--)
		if (!(rough_log_overlap(overlap, overlap_position(low, unit, i), &slope) - peak > -NEGLIGIBLE))
			break;
	position = overlap_position(low, unit, i);
	drop = wide_drop(overlap, position);
	scale = log_probability_below(&overlap->wide, false, position + overlap->offset, &ignored);
	below = 1;
	for (; i < 1000; i++)
	{
		double next = overlap_position(low, unit, i + 1);
		double next_drop;
		const Side *side = position <= 0 ? &overlap->narrow.below : &overlap->narrow.above;
		double term = log(below) + scale - drop_at(side, fabs(position)) - peak;

		if (i > 0 && !(term > -NEGLIGIBLE))
			break;
		sum += exp(term) * cosh(i * OVERLAP_STEP);
		next_drop = wide_drop(overlap, next);
		below += wide_mass_between(overlap, position, next, fabs(next_drop - drop), scale);
		if (below > 1e100)
		{
			scale += log(below);
			below = 1;
		}
		position = next;
		drop = next_drop;
	}
	return exp(peak) * sum * OVERLAP_STEP * unit / overlap->narrow.total;
}

/* The probability that the first variable, of the lower mode, exceeds the second. */
static double
lower_exceeds_higher(Side lower, Side higher, double log_odds_difference)
{
	Overlap overlap;

	/*
	 * Integrate over the narrower density, along which the other's distribution
	 * function is smooth.  X > Y is 1 - Y > 1 - X, so either can come first.
	 */
	if (stiffness(&lower) >= stiffness(&higher))
	{
		overlap.narrow = density_of(lower);
		overlap.wide = density_of(higher);
	}
	else
	{
		overlap.narrow = density_of(mirrored(higher));
		overlap.wide = density_of(mirrored(lower));
	}
	overlap.offset = log_odds_difference;
	return Min(integrate_overlap(&overlap), 1);
}

double
beta_exceeds_beta(double a1, double b1, double a2, double b2)
{
	Side first = beta_side(a1, b1);
	Side second = beta_side(a2, b2);
	double products = determinant(a1, b1, a2, b2);
	double difference;

	if (a1 == a2 && b1 == b2)
		return 0.5;

	/* Of the modes' log odds; precise also where they nearly agree. */
	difference = fabs(products) < 0.5 * a2 * b1 ? log1p(products / (a2 * b1)) : log(a1 / a2) + log(b2 / b1);

	/* The smaller of the two probabilities is the precise one. */
	if (difference <= 0)
		return lower_exceeds_higher(first, second, difference);
	return 1 - lower_exceeds_higher(second, first, -difference);
}

/*
 * Newton's method: on erf, which is nearly a straight line below 1/2, or on the
 * logarithm of erfc, from the tail formula 26.2.23 of Abramowitz and Stegun.
 */
double
normal_critical_value(double probability)
{
	double t = sqrt(-2 * log((1 - probability) / 2));
	/* clang-format off */
	double z = probability < 0.5
		? probability * sqrt(M_PI / 2)
		: t - (2.515517 + t * (0.802853 + t * 0.010328)) /
			(1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
	/* clang-format on */

	for (int i = 0; i < 4; i++)
	{
		double density = sqrt(2 / M_PI) * exp(-z * z / 2);

		if (probability < 0.5)
			z -= (erf(z / M_SQRT2) - probability) / density;
		else
		{
			double beyond = erfc(z / M_SQRT2);

			z += log(beyond / (1 - probability)) * beyond / density;
		}
	}
	return z;
}
