/*
 * linear_algebra.c
 *	  Small symmetric matrices: solving, and their least and largest eigenvalue.
 */
#include "linear_algebra.h"

#include <math.h>

#include "miscadmin.h"

int
cholesky_factor(const double *matrix, int size, double tolerance, double *factor)
{
	for (int i = 0; i < size; i++)
	{
		const double *row = matrix + (Size) i * size;
		double *f = factor + (Size) i * size;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j <= i; j++)
		{
			const double *g = factor + (Size) j * size;
			double sum = row[j];

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

void
cholesky_solve(const double *factor, int stride, int size, double *x)
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
	double *v = palloc0(mul_size(size, sizeof(double)));
	double *w = palloc0(mul_size(size, sizeof(double)));

	for (int k = 0; k + 2 < size; k++)
	{
		double norm = 0;
		double alpha;
		double length = 0;
		double product = 0;

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
	int count = 0;
	double pivot = 1;

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
	double low = 0;

	for (int step = 0; step < 200 && high - low > 1e-15 * high; step++)
	{
		double middle = low + (high - low) / 2;

		if (eigenvalues_below(diagonal, beside, size, middle) > below)
			high = middle;
		else
			low = middle;
	}
	return low + (high - low) / 2;
}

void
symmetric_extremes(double *matrix, int size, double bound, double *least, double *largest)
{
	double *diagonal = palloc(mul_size(size, sizeof(double)));
	double *beside = palloc(mul_size(size, sizeof(double)));

	tridiagonalize(matrix, size, diagonal, beside);
	*least = eigenvalue(diagonal, beside, size, 0, bound);
	*largest = eigenvalue(diagonal, beside, size, size - 1, bound);
	pfree(diagonal);
	pfree(beside);
}
