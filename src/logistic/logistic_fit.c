/*
 * logistic_fit.c
 *	  Maximum likelihood of a logistic regression by iteratively reweighted
 *	  least squares, which here is Newton's method.
 *
 * Terms are centred and scaled to unit variance first, so that their units do
 * not matter for the numbers; the results are transformed back.  A ridge is a
 * penalty of ridge / 2 times the squared coefficients of these scaled terms.
 */
#include "logistic_fit.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "base/linear_algebra.h"

#define MAX_ITERATIONS 60
#define MAX_HALVINGS 40

/*
 * The last step, in standard deviations of the terms, relative to the
 * coefficients.  Newton's error after it is about its square; the relative
 * change of the deviance is then below 1e-10.
 */
#define STEP_TOLERANCE 1e-5

/* The share of a term's variance that others must leave, else it is collinear. */
#define COLLINEAR_TOLERANCE 1e-11

/*
 * Coefficients that still move after so many steps may be on their way to
 * infinity: along a direction in which no lead is on the wrong side by more
 * than this share of the largest distance.
 */
#define FIRST_SEPARATION_CHECK 8
#define SEPARATION_TOLERANCE 1e-7

/* Terms that a message lists, and the least share of the largest that earns a mention. */
#define MAX_LISTED 5
#define LISTED_SHARE 0.05

void
logistic_design_init(LogisticDesign *design, int terms, const char **names, Size rows)
{
	Size padded = (rows + LOGISTIC_BLOCK - 1) / LOGISTIC_BLOCK * LOGISTIC_BLOCK;
	Size cells = mul_size(padded, terms);
	double *last;

	design->terms = terms;
	design->names = names;
	design->rows = rows;
	design->blocks = padded / LOGISTIC_BLOCK;
	design->values = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(Max(cells, 1), sizeof(double)));
	design->leads = MemoryContextAllocExtended(CurrentMemoryContext, mul_size(padded, sizeof(double)),
											   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	design->converted = MemoryContextAllocExtended(CurrentMemoryContext, mul_size(padded, sizeof(double)),
												   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	last = design->values + (design->blocks - 1) * terms * LOGISTIC_BLOCK;
	memset(last, 0, (Size) terms * LOGISTIC_BLOCK * sizeof(double));
}

static double *
zeros(Size count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, mul_size(count, sizeof(double)),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* ---------- sums over the rows ---------- */

/*
 * Four numbers, handled at once where the processor can, else two by two: the
 * sums are the same bits either way.  They may lie anywhere.
 */
typedef double Four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));

#define four_at(numbers, place) (*(const Four *) ((numbers) + (place)))
#define sum_of_four(four) (((four)[0] + (four)[2]) + ((four)[1] + (four)[3]))

/* Adds a run of numbers to a sum. */
static pg_attribute_always_inline void
add_run(const double *a, double *sum)
{
	Four total = {0};

	for (int r = 0; r < LOGISTIC_BLOCK; r += 4)
		total += four_at(a, r);
	*sum += sum_of_four(total);
}

/* Adds the products of one run of numbers with another to a sum. */
static pg_attribute_always_inline void
add_dot(const double *a, const double *b, double *sum)
{
	Four total = {0};

	for (int r = 0; r < LOGISTIC_BLOCK; r += 4)
		total += four_at(a, r) * four_at(b, r);
	*sum += sum_of_four(total);
}

/* The same with four others, which follow each other: reads the first run once. */
static pg_attribute_always_inline void
add_four_dots(const double *a, const double *b, double *sums)
{
	Four dots[4] = {{0}};

	for (int r = 0; r < LOGISTIC_BLOCK; r += 4)
	{
		Four run = four_at(a, r);

		dots[0] += run * four_at(b, r);
		dots[1] += run * four_at(b, LOGISTIC_BLOCK + r);
		dots[2] += run * four_at(b, 2 * LOGISTIC_BLOCK + r);
		dots[3] += run * four_at(b, 3 * LOGISTIC_BLOCK + r);
	}
	for (int j = 0; j < 4; j++)
		sums[j] += sum_of_four(dots[j]);
}

static pg_attribute_always_inline void
add_dots(const double *a, const double *b, int count, double *sums)
{
	int j = 0;

	for (; j + 4 <= count; j += 4)
		add_four_dots(a, b + (Size) j * LOGISTIC_BLOCK, sums + j);
	for (; j < count; j++)
		add_dot(a, b + (Size) j * LOGISTIC_BLOCK, sums + j);
}

/*
 * Adds, for one block, the residuals' products with the terms to the gradient,
 * and the weighted products of the terms to the matrix; the intercept comes
 * first in both.
 */
static pg_attribute_always_inline void
add_products_of(int terms, const double *pg_restrict x, const double *pg_restrict residuals,
				const double *pg_restrict weights, double *pg_restrict gradient, double *pg_restrict matrix)
{
	int size = terms + 1;
	double weighted[LOGISTIC_BLOCK];

	add_run(residuals, &gradient[0]);
	add_dots(residuals, x, terms, gradient + 1);
	add_run(weights, &matrix[0]);
	for (int i = 0; i < terms; i++)
	{
		const double *xi = x + (Size) i * LOGISTIC_BLOCK;
		double *row = matrix + (Size) (i + 1) * size;

		for (int r = 0; r < LOGISTIC_BLOCK; r++)
			weighted[r] = weights[r] * xi[r];
		add_run(weighted, &row[0]);
		add_dots(weighted, x, i + 1, row + 1);
	}
}

/* The log odds of the rows of a block; reads it in the order of memory, which is what it waits for. */
static pg_attribute_always_inline void
log_odds_of(int terms, const double *x, const double *coefficients, double *log_odds)
{
	Four fours[LOGISTIC_BLOCK / 4];

	for (int k = 0; k < LOGISTIC_BLOCK / 4; k++)
		fours[k] = (Four){coefficients[0], coefficients[0], coefficients[0], coefficients[0]};
	for (int i = 0; i < terms; i++)
		for (int k = 0; k < LOGISTIC_BLOCK / 4; k++)
			fours[k] += coefficients[i + 1] * four_at(x, (Size) i * LOGISTIC_BLOCK + 4 * k);
	memcpy(log_odds, fours, sizeof(fours));
}

/* Both for processors with vectors of four, and for all others. */
#define DEFINE_BLOCK_FUNCTIONS(suffix, target) \
	target static void add_products##suffix(int terms, const double *x, const double *residuals, \
											const double *weights, double *gradient, double *matrix) \
	{ \
		add_products_of(terms, x, residuals, weights, gradient, matrix); \
	} \
	target static void log_odds##suffix(int terms, const double *x, const double *coefficients, \
										double *log_odds) \
	{ \
		log_odds_of(terms, x, coefficients, log_odds); \
	}

DEFINE_BLOCK_FUNCTIONS(_any, )
#ifdef __x86_64__
DEFINE_BLOCK_FUNCTIONS(_avx2, __attribute__((target("avx2"))))
#endif

static inline bool
has_vectors_of_four(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

static void
add_products(const LogisticDesign *design, const double *x, const double *residuals, const double *weights,
			 double *gradient, double *matrix)
{
#ifdef __x86_64__
	if (has_vectors_of_four())
	{
		add_products_avx2(design->terms, x, residuals, weights, gradient, matrix);
		return;
	}
#endif
	add_products_any(design->terms, x, residuals, weights, gradient, matrix);
}

static void
block_log_odds(const LogisticDesign *design, const double *x, const double *coefficients, double *log_odds)
{
#ifdef __x86_64__
	if (has_vectors_of_four())
	{
		log_odds_avx2(design->terms, x, coefficients, log_odds);
		return;
	}
#endif
	log_odds_any(design->terms, x, coefficients, log_odds);
}

/* What Newton's method needs at some coefficients. */
typedef struct Sums
{
	double loss; /* half the deviance */
	double *gradient;
	double *information; /* lower half */
} Sums;

static void
evaluate(const LogisticDesign *design, const double *coefficients, Sums *sums)
{
	int size = design->terms + 1;
	double log_odds[LOGISTIC_BLOCK];
	double weights[LOGISTIC_BLOCK];
	double residuals[LOGISTIC_BLOCK];

	sums->loss = 0;
	memset(sums->gradient, 0, size * sizeof(double));
	memset(sums->information, 0, (Size) size * size * sizeof(double));
	for (Size b = 0; b < design->blocks; b++)
	{
		const double *x = design->values + b * design->terms * LOGISTIC_BLOCK;
		const double *leads = design->leads + b * LOGISTIC_BLOCK;
		const double *converted = design->converted + b * LOGISTIC_BLOCK;
		double product = 1;

		CHECK_FOR_INTERRUPTS();
		block_log_odds(design, x, coefficients, log_odds);
		for (int r = 0; r < LOGISTIC_BLOCK; r++)
		{
			double far = exp(-fabs(log_odds[r]));
			double near_share = 1 / (1 + far);
			double side = copysign(1, log_odds[r]);
			/* Those on the wrong side: leads - converted, or converted. */
			double missed = leads[r] / 2 + side * (leads[r] / 2 - converted[r]);
			double probability = 0.5 + side * (near_share - 0.5);

			/* Nothing cancels however far a row is out; one logarithm for all single leads. */
			sums->loss += missed * fabs(log_odds[r]);
			if (leads[r] == 1)
				product *= 1 + far;
			else
				sums->loss += leads[r] * log1p(far);
			residuals[r] = converted[r] - leads[r] * probability;
			weights[r] = leads[r] * far * near_share * near_share;
		}
		sums->loss += log(product);
		add_products(design, x, residuals, weights, sums->gradient, sums->information);
	}
}

/* ---------- messages ---------- */

/* The terms with the largest weights, the largest first. */
static char *
list_terms(const LogisticDesign *design, const double *weights, int count)
{
	StringInfoData list;
	bool *is_listed = palloc0(mul_size(Max(count, 1), sizeof(bool)));
	double largest = 0;

	initStringInfo(&list);
	for (int i = 0; i < count; i++)
		largest = Max(largest, fabs(weights[i]));
	for (int listed = 0; listed < MAX_LISTED; listed++)
	{
		int next = -1;

		for (int i = 0; i < count; i++)
			if (!is_listed[i] && (next < 0 || fabs(weights[i]) > fabs(weights[next])))
				next = i;
		if (next < 0 || !(fabs(weights[next]) >= LISTED_SHARE * largest))
			break;
		is_listed[next] = true;
		appendStringInfo(&list, "%s\"%s\"", listed > 0 ? ", " : "", design->names[next]);
	}
	pfree(is_listed);
	return list.data;
}

/*
 * A level without a single conversion, or with nothing else, is at fault whatever
 * the direction says: when it is the reference, that moves all the others.
 */
static void
raise_separation(const LogisticDesign *design, const double *direction)
{
	if (design->gives_up)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("logistic_model has no finite coefficients: leads that converted and leads that did not are separated by %s",
					design->pure_levels != NULL ? design->pure_levels :
					list_terms(design, direction + 1, design->terms)),
			 design->pure_levels == NULL ? 0 :
			 errdetail("All of the leads of such a level converted, or none did."),
			 errhint("Leave out the term, merge its rare levels, or give a ridge, such as 1.")));
}

/* ---------- the fit ---------- */

/* Whether a term has one value; squares of small differences may be too small to tell. */
static bool
is_constant(const LogisticDesign *design, int term)
{
	const double *x = design->values + (Size) term * LOGISTIC_BLOCK;
	Size place = 0;

	for (Size row = 0; row < design->rows; row++)
	{
		if (x[place] != x[0])
			return false;
		place += (row + 1) % LOGISTIC_BLOCK != 0 ? 1 : (Size) (design->terms - 1) * LOGISTIC_BLOCK + 1;
	}
	return true;
}

/* Means and standard deviations of the terms; these are 1 for one that is constant. */
static bool
measure_terms(const LogisticDesign *design, double leads, double ridge, double *means, double *scales)
{
	Four *sums = (Four *) zeros((Size) design->terms * 4 + 1);
	Four *square_sums = (Four *) zeros((Size) design->terms * 4 + 1);

	/* Distances from a value that occurs: they do not cancel where all values are large. */
	for (Size b = 0; b < design->blocks; b++)
	{
		const double *weights = design->leads + b * LOGISTIC_BLOCK;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < design->terms; i++)
		{
			const double *x = design->values + (b * design->terms + i) * LOGISTIC_BLOCK;
			double first = design->values[(Size) i * LOGISTIC_BLOCK];
			Four sum = sums[i];
			Four square_sum = square_sums[i];

			for (int r = 0; r < LOGISTIC_BLOCK; r += 4)
			{
				Four distance = four_at(x, r) - first;
				Four weighted = four_at(weights, r) * distance;

				sum += weighted;
				square_sum += weighted * distance;
			}
			sums[i] = sum;
			square_sums[i] = square_sum;
		}
	}
	for (int i = 0; i < design->terms; i++)
	{
		double first = design->values[(Size) i * LOGISTIC_BLOCK];
		double sum = sum_of_four(sums[i]);
		double squares = sum_of_four(square_sums[i]);
		bool constant;

		constant = squares == 0 && is_constant(design, i);
		means[i] = first + sum / leads;
		scales[i] = sqrt(Max(squares - sum * (sum / leads), 0) / leads);
		if (constant && ridge == 0 && design->gives_up)
			return false;
		if (constant && ridge == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("term \"%s\" of a logistic_model is %g for every lead", design->names[i], first),
					 errdetail("It cannot be told apart from the intercept."),
					 errhint("Leave out the term, or give a ridge, such as 1.")));
		if (constant)
			scales[i] = 1;
		if (!isfinite(means[i]) || !isfinite(squares) || scales[i] == 0 || !isfinite(1 / scales[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("term \"%s\" of a logistic_model is too large or too small to compute with",
							design->names[i]),
					 errhint("Write it in another unit, for example in thousands.")));
	}
	return true;
}

/*
 * Centres and scales the terms, and in the same pass evaluates the model of the
 * intercept alone, which gives all leads the same probability.  The information
 * still lacks the factor rate (1 - rate): it is the products of the terms.
 */
static void
standardize(LogisticDesign *design, double rate, const double *means, const double *scales, Sums *sums)
{
	double residuals[LOGISTIC_BLOCK];

	for (Size b = 0; b < design->blocks; b++)
	{
		double *x = design->values + b * design->terms * LOGISTIC_BLOCK;
		const double *leads = design->leads + b * LOGISTIC_BLOCK;
		const double *converted = design->converted + b * LOGISTIC_BLOCK;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < design->terms; i++)
		{
			double *xi = x + (Size) i * LOGISTIC_BLOCK;
			double factor = 1 / scales[i];

			for (int r = 0; r < LOGISTIC_BLOCK; r++)
				xi[r] = (xi[r] - means[i]) * factor;
		}
		for (int r = 0; r < LOGISTIC_BLOCK; r++)
			residuals[r] = converted[r] - leads[r] * rate;
		add_products(design, x, residuals, leads, sums->gradient, sums->information);
	}
}

/*
 * The correlations of the terms, which are their products over leads: raises
 * for a term that the ones before it determine, or returns 0, else returns the
 * condition number of the standardized terms.
 */
static double
check_collinearity(const LogisticDesign *design, const double *products, double leads, double ridge)
{
	int terms = design->terms;
	int size = terms + 1;
	double *correlations = zeros((Size) terms * terms);
	double *factor = zeros((Size) terms * terms);
	double smallest;
	double largest;
	int rank;

	if (terms == 0)
		return 1;
	for (int i = 0; i < terms; i++)
		for (int j = 0; j <= i; j++)
			correlations[(Size) i * terms + j] = correlations[(Size) j * terms + i] =
				products[(Size) (i + 1) * size + j + 1] / leads;
	rank = cholesky_factor(correlations, terms, COLLINEAR_TOLERANCE, factor);
	if (rank < terms && ridge == 0 && design->gives_up)
		return 0;
	if (rank < terms && ridge == 0)
	{
		double *weights = correlations + (Size) rank * terms;

		cholesky_solve(factor, terms, rank, weights);
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("term \"%s\" of a logistic_model is determined by %s", design->names[rank],
						list_terms(design, weights, rank)),
				 errdetail("Collinear terms share their effect in any proportion."),
				 errhint("Leave out the term, or give a ridge, such as 1.")));
	}
	/* The trace bounds them all. */
	symmetric_extremes(correlations, terms, terms + 1, &smallest, &largest);
	pfree(correlations);
	pfree(factor);
	return rank < terms ? get_float8_infinity() : sqrt(largest / smallest);
}

/* Whether no lead objects to going on in this direction forever. */
static bool
is_separated(const LogisticDesign *design, const double *direction)
{
	double log_odds[LOGISTIC_BLOCK];
	double wrong = 0;
	double right = 0;

	for (Size b = 0; b < design->blocks; b++)
	{
		const double *leads = design->leads + b * LOGISTIC_BLOCK;
		const double *converted = design->converted + b * LOGISTIC_BLOCK;

		CHECK_FOR_INTERRUPTS();
		block_log_odds(design, design->values + b * design->terms * LOGISTIC_BLOCK, direction, log_odds);
		for (int r = 0; r < LOGISTIC_BLOCK; r++)
		{
			if (leads[r] == 0)
				continue;
			right = Max(right, fabs(log_odds[r]));
			if (converted[r] > 0)
				wrong = Max(wrong, -log_odds[r]);
			if (converted[r] < leads[r])
				wrong = Max(wrong, log_odds[r]);
		}
	}
	return wrong < SEPARATION_TOLERANCE * right;
}

/*
 * Newton's method in standardized terms, given the sums at the coefficients to
 * start from; returns the number of steps, or 0 when it gives up.
 */
static int
maximize(const LogisticDesign *design, double ridge, double *coefficients, Sums *sums, double *factor)
{
	int size = design->terms + 1;
	double *step = zeros(size);
	double *moved = zeros(size); /* the step before */
	double *before = zeros(size);
	double last_objective = get_float8_infinity();
	int halvings = 0;

	for (int iteration = 1; iteration <= MAX_ITERATIONS;)
	{
		double objective;
		double longest = 0;
		double largest = 0;

		if (!isinf(last_objective))
			evaluate(design, coefficients, sums);
		objective = sums->loss;
		for (int i = 1; i < size; i++)
			objective += ridge / 2 * coefficients[i] * coefficients[i];
		/* A step too far: half of it is tried next.  Equality up to rounding is no step too far. */
		if (!(objective <= last_objective + 1e-10 * (last_objective + 0.1)) && halvings++ < MAX_HALVINGS)
		{
			for (int i = 0; i < size; i++)
				coefficients[i] = (coefficients[i] + before[i]) / 2;
			continue;
		}
		halvings = 0;
		for (int i = 0; i < size; i++)
		{
			step[i] = sums->gradient[i] - (i > 0 ? ridge * coefficients[i] : 0);
			if (i > 0)
				sums->information[(Size) i * size + i] += ridge;
		}
		if (cholesky_factor(sums->information, size, 0, factor) < size)
		{
			/* Rows so far out have no weight left; the last step says where they went. */
			if (ridge == 0 && iteration > 1 && is_separated(design, moved))
			{
				raise_separation(design, moved);
				return 0;
			}
			break;
		}
		cholesky_solve(factor, size, size, step);
		for (int i = 0; i < size; i++)
		{
			before[i] = coefficients[i];
			coefficients[i] += step[i];
			longest = Max(longest, fabs(step[i]));
			largest = Max(largest, fabs(before[i]));
		}
		last_objective = objective;
		if (longest <= STEP_TOLERANCE * (1 + largest))
		{
			pfree(step);
			pfree(moved);
			pfree(before);
			return iteration;
		}
		if (ridge == 0 && iteration >= FIRST_SEPARATION_CHECK && is_separated(design, step))
		{
			raise_separation(design, step);
			return 0;
		}
		memcpy(moved, step, size * sizeof(double));
		iteration++;
	}
	if (design->gives_up)
		return 0;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("logistic_model did not converge"),
			 errdetail("The terms that still moved most were %s.", list_terms(design, moved + 1, design->terms)),
			 errhint("Leave out these terms, write them in another form, or give a ridge, such as 1.")));
}

/*
 * Back to the terms as they were, with standard errors from the inverse R of
 * the information plus ridge: the variance of a combination c is
 * c'Rc - ridge |Rc without intercept|^2 (le Cessie and van Houwelingen 1992),
 * without a ridge the usual one.
 */
static void
transform_back(const LogisticDesign *design, double ridge, const double *scales, const double *scaled,
			   const double *factor, LogisticFit *fit)
{
	int size = design->terms + 1;
	double *combination = zeros(size);
	double *product = zeros(size);

	for (int term = 0; term < size; term++)
	{
		double variance = 0;
		double shrunk = 0;

		CHECK_FOR_INTERRUPTS();
		memset(combination, 0, size * sizeof(double));
		combination[term] = term == 0 ? 1 : 1 / scales[term - 1];
		for (int i = 1; term == 0 && i < size; i++)
			combination[i] = -fit->means[i - 1] / scales[i - 1];
		memcpy(product, combination, size * sizeof(double));
		cholesky_solve(factor, size, size, product);
		for (int i = 0; i < size; i++)
		{
			fit->coefficients[term] += combination[i] * scaled[i];
			variance += combination[i] * product[i];
			shrunk += i > 0 ? product[i] * product[i] : 0;
		}
		fit->std_errors[term] = sqrt(Max(variance - ridge * shrunk, 0));
	}
	pfree(combination);
	pfree(product);
}

bool
logistic_fit(LogisticDesign *design, double ridge, LogisticFit *fit)
{
	int size = design->terms + 1;
	double leads = 0;
	double converted = 0;
	double *scales = zeros(size);
	double *scaled = zeros(size);
	double *factor = zeros((Size) size * size);
	Sums sums = {0, zeros(size), zeros((Size) size * size)};

	for (Size row = 0; row < design->rows; row++)
	{
		leads += design->leads[row];
		converted += design->converted[row];
	}
	if (design->gives_up && (converted == 0 || converted == leads || (leads < size && ridge == 0)))
		return false;
	if (converted == 0 || converted == leads)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s of the leads of a logistic_model converted", converted == 0 ? "none" : "all"),
				 errdetail("Leads: %.0f.", leads),
				 errhint("It learns from leads that converted and leads that did not; both are needed.")));
	if (leads < size && ridge == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("logistic_model has fewer leads (%.0f) than coefficients (%d)", leads, size),
				 errhint("Take more leads or fewer terms, or give a ridge, such as 1.")));

	fit->coefficients = zeros(size);
	fit->std_errors = zeros(size);
	fit->means = zeros(size);
	if (!measure_terms(design, leads, ridge, fit->means, scales))
		return false;
	standardize(design, converted / leads, fit->means, scales, &sums);
	fit->condition_number = check_collinearity(design, sums.information, leads, ridge);
	if (fit->condition_number == 0)
		return false;

	fit->null_deviance = -2 *
		(converted * log(converted / leads) + (leads - converted) * log1p(-converted / leads));
	sums.loss = fit->null_deviance / 2;
	for (Size i = 0; i < (Size) size * size; i++)
		sums.information[i] *= converted / leads * ((leads - converted) / leads);
	scaled[0] = log(converted / (leads - converted));
	fit->iterations = maximize(design, ridge, scaled, &sums, factor);
	if (fit->iterations == 0)
		return false;
	evaluate(design, scaled, &sums);
	for (int i = 1; i < size; i++)
		sums.information[(Size) i * size + i] += ridge;
	(void) cholesky_factor(sums.information, size, 0, factor);
	transform_back(design, ridge, scales, scaled, factor, fit);
	fit->deviance = 2 * sums.loss;
	return true;
}
