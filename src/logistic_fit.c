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

/* Numbers of a block that fit into the first level cache, and the least rows. */
#define BLOCK_NUMBERS 4096
#define MIN_BLOCK 64
#define MAX_BLOCK 256

#define MAX_ITERATIONS 60
#define MAX_HALVINGS 40

/*
 * The last step, in standard deviations of the terms, relative to the
 * coefficients.  Newton's error after it is about its square; the relative
 * change of the deviance is then far below 1e-10.
 */
#define STEP_TOLERANCE 1e-6

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
	int			block = BLOCK_NUMBERS / Max(terms, 1) / 4 * 4;
	Size		padded;

	design->terms = terms;
	design->names = names;
	design->rows = rows;
	design->block = Min(Max(block, MIN_BLOCK), MAX_BLOCK);
	design->blocks = (rows + design->block - 1) / design->block;
	padded = design->blocks * design->block;
	design->values = MemoryContextAllocExtended(CurrentMemoryContext, padded * terms * sizeof(double),
												MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	design->leads = MemoryContextAllocExtended(CurrentMemoryContext, padded * sizeof(double),
											   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	design->converted = MemoryContextAllocExtended(CurrentMemoryContext, padded * sizeof(double),
												   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* ---------- small linear algebra: square matrices by row, lower halves ---------- */

static double *
zeros(Size count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, count * sizeof(double),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/*
 * Cholesky's factor of a matrix, in order of its rows.  Stops before the first
 * row of whose diagonal less than "tolerance" is left and returns it; else the
 * size.
 */
static int
factorize(const double *matrix, int size, double tolerance, double *factor)
{
	for (int i = 0; i < size; i++)
	{
		const double *row = matrix + (Size) i * size;
		double	   *f = factor + (Size) i * size;

		for (int j = 0; j <= i; j++)
		{
			const double *g = factor + (Size) j * size;
			double		sum = row[j];

			for (int k = 0; k < j; k++)
				sum -= f[k] * g[k];
			if (j < i)
				f[j] = sum / g[j];
			else if (sum > tolerance * row[i])
				f[i] = sqrt(sum);
			else
				return i;
		}
	}
	return size;
}

/* Solves for the first "size" rows of a factor of "stride" columns, in place. */
static void
solve(const double *factor, int stride, int size, double *x)
{
	for (int i = 0; i < size; i++)
	{
		for (int k = 0; k < i; k++)
			x[i] -= factor[(Size) i * stride + k] * x[k];
		x[i] /= factor[(Size) i * stride + i];
	}
	for (int i = size; i-- > 0;)
	{
		for (int k = i + 1; k < size; k++)
			x[i] -= factor[(Size) k * stride + i] * x[k];
		x[i] /= factor[(Size) i * stride + i];
	}
}

/* Householder's reduction of a full symmetric matrix, which it destroys, to three diagonals. */
static void
tridiagonalize(double *a, int size, double *diagonal, double *beside)
{
	double	   *v = zeros(size);
	double	   *w = zeros(size);

	for (int k = 0; k + 2 < size; k++)
	{
		double		norm = 0;
		double		alpha;
		double		length = 0;
		double		product = 0;

		CHECK_FOR_INTERRUPTS();
		for (int i = k + 1; i < size; i++)
			norm += a[(Size) i * size + k] * a[(Size) i * size + k];
		norm = sqrt(norm);
		if (norm == 0)
			continue;
		alpha = a[(Size) (k + 1) * size + k] > 0 ? -norm : norm;
		for (int i = k + 1; i < size; i++)
			v[i] = a[(Size) i * size + k];
		v[k + 1] -= alpha;
		for (int i = k + 1; i < size; i++)
			length += v[i] * v[i];
		for (int i = k + 1; i < size; i++)
		{
			w[i] = 0;
			for (int j = k + 1; j < size; j++)
				w[i] += a[(Size) i * size + j] * v[j];
			w[i] *= 2 / length;
			product += w[i] * v[i];
		}
		for (int i = k + 1; i < size; i++)
			w[i] -= product / length * v[i];
		for (int i = k + 1; i < size; i++)
			for (int j = k + 1; j < size; j++)
				a[(Size) i * size + j] -= v[i] * w[j] + w[i] * v[j];
		a[(Size) (k + 1) * size + k] = a[(Size) k * size + k + 1] = alpha;
	}
	for (int i = 0; i < size; i++)
	{
		diagonal[i] = a[(Size) i * size + i];
		beside[i] = i > 0 ? a[(Size) i * size + i - 1] : 0;
	}
	pfree(v);
	pfree(w);
}

/* How many eigenvalues lie below x (Sturm). */
static int
eigenvalues_below(const double *diagonal, const double *beside, int size, double x)
{
	int			count = 0;
	double		pivot = 1;

	for (int i = 0; i < size; i++)
	{
		pivot = diagonal[i] - x - (i > 0 ? beside[i] * beside[i] / pivot : 0);
		if (pivot == 0)
			pivot = 1e-300;
		count += pivot < 0;
	}
	return count;
}

/* The eigenvalue with that many below it, by bisection; none is negative or above "high". */
static double
eigenvalue(const double *diagonal, const double *beside, int size, int below, double high)
{
	double		low = 0;

	for (int step = 0; step < 200 && high - low > 1e-15 * high; step++)
	{
		double		middle = low + (high - low) / 2;

		if (eigenvalues_below(diagonal, beside, size, middle) > below)
			high = middle;
		else
			low = middle;
	}
	return low + (high - low) / 2;
}

/* ---------- sums over the rows ---------- */

/* The products of one run of numbers with two others. */
static inline void
dot_two(const double *a, const double *b, const double *c, int count, double *ab, double *ac)
{
	double		b0 = 0, b1 = 0, b2 = 0, b3 = 0;
	double		c0 = 0, c1 = 0, c2 = 0, c3 = 0;

	for (int i = 0; i < count; i += 4)
	{
		b0 += a[i] * b[i];
		c0 += a[i] * c[i];
		b1 += a[i + 1] * b[i + 1];
		c1 += a[i + 1] * c[i + 1];
		b2 += a[i + 2] * b[i + 2];
		c2 += a[i + 2] * c[i + 2];
		b3 += a[i + 3] * b[i + 3];
		c3 += a[i + 3] * c[i + 3];
	}
	*ab += (b0 + b1) + (b2 + b3);
	*ac += (c0 + c1) + (c2 + c3);
}

/*
 * Adds the weighted products of the terms, the intercept being the first row
 * and column, for one block.
 */
static void
add_products(const LogisticDesign *design, const double *x, const double *weights, double *matrix)
{
	int			block = design->block;
	int			size = design->terms + 1;
	double		weighted[MAX_BLOCK];

	for (int r = 0; r < block; r++)
		matrix[0] += weights[r];
	for (int i = 0; i < design->terms; i++)
	{
		const double *xi = x + (Size) i * block;
		double	   *row = matrix + (Size) (i + 1) * size;
		int			j;

		for (int r = 0; r < block; r++)
			weighted[r] = weights[r] * xi[r];
		for (int r = 0; r < block; r++)
			row[0] += weighted[r];
		for (j = 0; j < i; j += 2)
			dot_two(weighted, x + (Size) j * block, x + (Size) (j + 1) * block, block,
					&row[j + 1], &row[j + 2]);
		if (j == i)
		{
			double		unused = 0;

			dot_two(weighted, xi, xi, block, &row[i + 1], &unused);
		}
	}
}

/* The log odds of the rows of a block. */
static void
block_log_odds(const LogisticDesign *design, const double *x, const double *coefficients, double *log_odds)
{
	int			block = design->block;

	for (int r = 0; r < block; r++)
		log_odds[r] = coefficients[0];
	for (int i = 0; i < design->terms; i++)
	{
		double		coefficient = coefficients[i + 1];
		const double *xi = x + (Size) i * block;

		for (int r = 0; r < block; r++)
			log_odds[r] += coefficient * xi[r];
	}
}

/* What Newton's method needs at some coefficients. */
typedef struct Sums
{
	double		loss;			/* half the deviance */
	double	   *gradient;
	double	   *information;	/* lower half */
} Sums;

static void
evaluate(const LogisticDesign *design, const double *coefficients, Sums *sums)
{
	int			block = design->block;
	int			size = design->terms + 1;
	double		log_odds[MAX_BLOCK];
	double		weights[MAX_BLOCK];
	double		residuals[MAX_BLOCK];

	sums->loss = 0;
	memset(sums->gradient, 0, size * sizeof(double));
	memset(sums->information, 0, (Size) size * size * sizeof(double));
	for (Size b = 0; b < design->blocks; b++)
	{
		const double *x = design->values + b * design->terms * block;
		const double *leads = design->leads + b * block;
		const double *converted = design->converted + b * block;

		CHECK_FOR_INTERRUPTS();
		block_log_odds(design, x, coefficients, log_odds);
		for (int r = 0; r < block; r++)
		{
			double		far = exp(-fabs(log_odds[r]));
			double		near_share = 1 / (1 + far);
			double		probability = log_odds[r] >= 0 ? near_share : far * near_share;

			/* Written so that nothing cancels however far a row is out. */
			sums->loss += leads[r] * log1p(far) +
				(log_odds[r] >= 0 ? (leads[r] - converted[r]) * log_odds[r] : -converted[r] * log_odds[r]);
			residuals[r] = converted[r] - leads[r] * probability;
			weights[r] = leads[r] * far * near_share * near_share;
			sums->gradient[0] += residuals[r];
		}
		for (int i = 0; i < design->terms; i++)
		{
			double		unused = 0;
			const double *xi = x + (Size) i * block;

			dot_two(residuals, xi, xi, block, &sums->gradient[i + 1], &unused);
		}
		add_products(design, x, weights, sums->information);
	}
}

/* ---------- messages ---------- */

/* The terms with the largest weights, the largest first. */
static char *
list_terms(const LogisticDesign *design, const double *weights, int count)
{
	StringInfoData list;
	bool	   *is_listed = palloc0(Max(count, 1) * sizeof(bool));
	double		largest = 0;

	initStringInfo(&list);
	for (int i = 0; i < count; i++)
		largest = Max(largest, fabs(weights[i]));
	for (int listed = 0; listed < MAX_LISTED; listed++)
	{
		int			next = -1;

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

pg_noreturn static void
raise_separation(const LogisticDesign *design, const double *direction)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("logistic_model has no finite coefficients: leads that converted and leads that did not are separated by %s",
					list_terms(design, direction + 1, design->terms)),
			 errhint("Leave out the term, merge its rare levels, or give a ridge, such as 1.")));
}

/* ---------- the fit ---------- */

/* Centres and scales the terms. */
static void
standardize(LogisticDesign *design, double leads, double ridge, double *means, double *scales)
{
	int			block = design->block;
	Size		last_block = design->blocks - 1;
	int			last_rows = (int) (design->rows - last_block * block);

	for (int i = 0; i < design->terms; i++)
	{
		double		sum = 0;
		double		squares = 0;
		double		first = design->values[(Size) i * block];
		bool		constant = true;

		CHECK_FOR_INTERRUPTS();
		for (Size b = 0; b < design->blocks; b++)
		{
			const double *x = design->values + (b * design->terms + i) * block;
			const double *weights = design->leads + b * block;
			int			rows = b < last_block ? block : last_rows;

			for (int r = 0; r < rows; r++)
			{
				sum += weights[r] * x[r];
				constant = constant && x[r] == first;
			}
		}
		means[i] = constant ? first : sum / leads;
		for (Size b = 0; b < design->blocks; b++)
		{
			double	   *x = design->values + (b * design->terms + i) * block;
			const double *weights = design->leads + b * block;
			int			rows = b < last_block ? block : last_rows;

			for (int r = 0; r < rows; r++)
			{
				x[r] -= means[i];
				squares += weights[r] * x[r] * x[r];
			}
		}
		scales[i] = sqrt(squares / leads);
		if (!isfinite(means[i]) || !isfinite(scales[i]) || (!constant && scales[i] == 0))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("term \"%s\" of a logistic_model is too large or too small to compute with",
							design->names[i]),
					 errhint("Write it in another unit, for example in thousands.")));
		if (constant)
		{
			if (ridge == 0)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_EXCEPTION),
						 errmsg("term \"%s\" of a logistic_model is %g for every lead", design->names[i], first),
						 errdetail("It cannot be told apart from the intercept."),
						 errhint("Leave out the term, or give a ridge, such as 1.")));
			scales[i] = 1;
			continue;
		}
		for (Size b = 0; b < design->blocks; b++)
		{
			double	   *x = design->values + (b * design->terms + i) * block;

			for (int r = 0; r < block; r++)
				x[r] /= scales[i];
		}
	}
}

/*
 * The correlations of the terms: raises for a term that the ones before it
 * determine, else returns the condition number of the standardized terms.
 */
static double
check_collinearity(const LogisticDesign *design, double leads, double ridge)
{
	int			terms = design->terms;
	int			size = terms + 1;
	double	   *sums = zeros((Size) size * size);
	double	   *correlations = zeros((Size) terms * terms);
	double	   *factor = zeros((Size) terms * terms);
	double	   *diagonal = zeros(terms);
	double	   *beside = zeros(terms);
	double		smallest;
	double		largest;
	int			rank;

	if (terms == 0)
		return 1;
	for (Size b = 0; b < design->blocks; b++)
	{
		CHECK_FOR_INTERRUPTS();
		add_products(design, design->values + b * terms * design->block,
					 design->leads + b * design->block, sums);
	}
	for (int i = 0; i < terms; i++)
		for (int j = 0; j <= i; j++)
			correlations[(Size) i * terms + j] = correlations[(Size) j * terms + i] =
				sums[(Size) (i + 1) * size + j + 1] / leads;
	rank = factorize(correlations, terms, COLLINEAR_TOLERANCE, factor);
	if (rank < terms && ridge == 0)
	{
		double	   *weights = correlations + (Size) rank * terms;

		solve(factor, terms, rank, weights);
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("term \"%s\" of a logistic_model is determined by %s", design->names[rank],
						list_terms(design, weights, rank)),
				 errdetail("Collinear terms share their effect in any proportion."),
				 errhint("Leave out the term, or give a ridge, such as 1.")));
	}
	tridiagonalize(correlations, terms, diagonal, beside);
	/* The trace bounds them all. */
	smallest = eigenvalue(diagonal, beside, terms, 0, terms + 1);
	largest = eigenvalue(diagonal, beside, terms, terms - 1, terms + 1);
	pfree(sums);
	pfree(correlations);
	pfree(factor);
	pfree(diagonal);
	pfree(beside);
	return rank < terms ? get_float8_infinity() : sqrt(largest / smallest);
}

/* Whether no lead objects to going on in this direction forever. */
static bool
is_separated(const LogisticDesign *design, const double *direction)
{
	int			block = design->block;
	double		log_odds[MAX_BLOCK];
	double		wrong = 0;
	double		right = 0;

	for (Size b = 0; b < design->blocks; b++)
	{
		const double *leads = design->leads + b * block;
		const double *converted = design->converted + b * block;

		CHECK_FOR_INTERRUPTS();
		block_log_odds(design, design->values + b * design->terms * block, direction, log_odds);
		for (int r = 0; r < block; r++)
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

/* Newton's method in standardized terms; returns the number of steps. */
static int
maximize(const LogisticDesign *design, double ridge, double *coefficients, Sums *sums, double *factor)
{
	int			size = design->terms + 1;
	double	   *step = zeros(size);
	double	   *moved = zeros(size);	/* the step before */
	double	   *before = zeros(size);
	double		last_objective = get_float8_infinity();
	int			halvings = 0;

	for (int iteration = 1; iteration <= MAX_ITERATIONS;)
	{
		double		objective;
		double		longest = 0;
		double		largest = 0;

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
		if (factorize(sums->information, size, 0, factor) < size)
		{
			/* Rows so far out have no weight left; the last step says where they went. */
			if (ridge == 0 && iteration > 1 && is_separated(design, moved))
				raise_separation(design, moved);
			break;
		}
		solve(factor, size, size, step);
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
			raise_separation(design, step);
		memcpy(moved, step, size * sizeof(double));
		iteration++;
	}
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
	int			size = design->terms + 1;
	double	   *combination = zeros(size);
	double	   *product = zeros(size);

	for (int term = 0; term < size; term++)
	{
		double		variance = 0;
		double		shrunk = 0;

		CHECK_FOR_INTERRUPTS();
		memset(combination, 0, size * sizeof(double));
		combination[term] = term == 0 ? 1 : 1 / scales[term - 1];
		for (int i = 1; term == 0 && i < size; i++)
			combination[i] = -fit->means[i - 1] / scales[i - 1];
		memcpy(product, combination, size * sizeof(double));
		solve(factor, size, size, product);
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

void
logistic_fit(LogisticDesign *design, double ridge, LogisticFit *fit)
{
	int			size = design->terms + 1;
	double		leads = 0;
	double		converted = 0;
	double	   *scales = zeros(size);
	double	   *scaled = zeros(size);
	double	   *factor = zeros((Size) size * size);
	Sums		sums = {0, zeros(size), zeros((Size) size * size)};

	for (Size row = 0; row < design->rows; row++)
	{
		leads += design->leads[row];
		converted += design->converted[row];
	}
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
	standardize(design, leads, ridge, fit->means, scales);
	fit->condition_number = check_collinearity(design, leads, ridge);

	scaled[0] = log(converted / (leads - converted));
	fit->iterations = maximize(design, ridge, scaled, &sums, factor);
	evaluate(design, scaled, &sums);
	for (int i = 1; i < size; i++)
		sums.information[(Size) i * size + i] += ridge;
	(void) factorize(sums.information, size, 0, factor);
	transform_back(design, ridge, scales, scaled, factor, fit);
	fit->deviance = 2 * sums.loss;
	fit->null_deviance = -2 * (converted * log(converted / leads) +
							   (leads - converted) * log1p(-converted / leads));
}
