/*
 * attribution_elimination.c
 *	  Elimination of states from a Markov chain (Grassmann, Taksar and Heyman,
 *	  1985), in blocks that stay in the processor's cache.
 *
 * A diagonal is taken as the sum of what leaves the state, so nothing is
 * subtracted and no digits are lost, however rarely a journey ends.
 */
#include "attribution_elimination.h"

#include "miscadmin.h"

#define BLOCK_STATES 64
#define TILE_ROWS 4
#define MOST_COLUMNS 8

/* By which a block's rows are to be added to four rows before it: only those that are not all zero. */
typedef struct Tile
{
	int count;
	uint8 which[BLOCK_STATES];
	double shares[BLOCK_STATES][TILE_ROWS];
} Tile;

/* Adds shares times a strip of packed rows to a strip of the matrix. */
typedef void (*AddProducts)(double *to, int stride, const Tile *tile, const double *packed, int rows);

/*
 * One function per width of the processor's registers, two of which make a
 * strip.  A cell's products are added in the same order by all, without
 * fusing, so the results are the same bits.
 */
#define DEFINE_ADD_PRODUCTS(name, Vector, attributes) \
	attributes static void name(double *to, int stride, const Tile *tile, const double *packed, int rows) \
	{ \
		enum \
		{ \
			columns = 2 * sizeof(Vector) / sizeof(double) \
		}; \
		for (; rows >= TILE_ROWS; rows -= TILE_ROWS, to += (Size) TILE_ROWS * stride, tile++) \
		{ \
			Vector *t0 = (Vector *) to; \
			Vector *t1 = (Vector *) (to + stride); \
			Vector *t2 = (Vector *) (to + 2 * (Size) stride); \
			Vector *t3 = (Vector *) (to + 3 * (Size) stride); \
			Vector a0 = t0[0], b0 = t0[1], a1 = t1[0], b1 = t1[1]; \
			Vector a2 = t2[0], b2 = t2[1], a3 = t3[0], b3 = t3[1]; \
\
			if (tile->count == 0) \
				continue; \
			for (int i = 0; i < tile->count; i++) \
			{ \
				const Vector *from = (const Vector *) (packed + tile->which[i] * columns); \
				const double *share = tile->shares[i]; \
				Vector a = from[0], b = from[1]; \
\
				a0 += share[0] * a, b0 += share[0] * b; \
				a1 += share[1] * a, b1 += share[1] * b; \
				a2 += share[2] * a, b2 += share[2] * b; \
				a3 += share[3] * a, b3 += share[3] * b; \
			} \
			t0[0] = a0, t0[1] = b0, t1[0] = a1, t1[1] = b1; \
			t2[0] = a2, t2[1] = b2, t3[0] = a3, t3[1] = b3; \
		} \
		for (int row = 0; row < rows; row++, to += stride) \
			for (int i = 0; i < tile->count; i++) \
				for (int column = 0; column < columns; column++) \
					to[column] += tile->shares[i][row] * packed[tile->which[i] * columns + column]; \
	}

typedef double Pair __attribute__((vector_size(2 * sizeof(double)), aligned(sizeof(double)), may_alias));
DEFINE_ADD_PRODUCTS(add_products, Pair, )

#ifdef __x86_64__
typedef double Four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));
DEFINE_ADD_PRODUCTS(add_products_avx2, Four, __attribute__((target("avx2"))))
#endif

static AddProducts
choose_add_products(int *columns)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
	{
		*columns = 8;
		return add_products_avx2;
	}
#endif
	*columns = 4;
	return add_products;
}

/* Adds a multiple of one run of numbers to another. */
static void
add_multiple(double *to, const double *from, double share, int count)
{
	int i = 0;

	for (; i + 4 <= count; i += 4)
	{
		*(Pair *) (to + i) += share * *(const Pair *) (from + i);
		*(Pair *) (to + i + 2) += share * *(const Pair *) (from + i + 2);
	}
	for (; i < count; i++)
		to[i] += share * from[i];
}

/*
 * Eliminates the states of a block among themselves.  In the rows before the
 * block only its own columns follow: they become the shares by which the
 * block's rows are still to be added.
 */
static void
eliminate_block(EliminationMatrix *matrix, int begin)
{
	for (int state = matrix->states - 1; state >= begin; state--)
	{
		const double *from = elimination_row(matrix, state + 1);
		int end = ELIMINATION_ENDS + state;
		double leaving = 0;

		CHECK_FOR_INTERRUPTS();
		for (int column = ELIMINATION_CONVERSIONS; column < end; column++)
			leaving += from[column];
		for (int row = 0; row <= state; row++)
		{
			double *to = elimination_row(matrix, row);
			double share = to[end];
			int first;

			if (share == 0)
				continue;
			share = to[end] = share / leaving;
			first = row > begin ? 0 : ELIMINATION_ENDS + begin;
			add_multiple(to + first, from + first, share, end - first);
		}
	}
}

/* The shares in the columns from "begin" on, of up to four rows. */
static void
fill_tile(Tile *tile, const EliminationMatrix *matrix, int begin, int first_row)
{
	int rows = Min(TILE_ROWS, begin + 1 - first_row);

	tile->count = 0;
	for (int k = 0; k < matrix->states - begin; k++)
	{
		double *shares = tile->shares[tile->count];
		bool any = false;

		for (int row = 0; row < TILE_ROWS; row++)
		{
			shares[row] = row < rows ? elimination_row(matrix, first_row + row)[ELIMINATION_ENDS + begin + k]
									 : 0;
			any |= shares[row] != 0;
		}
		tile->which[tile->count] = k;
		tile->count += any;
	}
}

void
eliminate_states(EliminationMatrix *matrix, int keep)
{
	int columns;
	AddProducts add = choose_add_products(&columns);
	double packed[BLOCK_STATES * MOST_COLUMNS];
	Tile *tiles;

	if (matrix->states <= keep)
		return;
	tiles = palloc_extended(mul_size((Size) matrix->states / TILE_ROWS + 1, sizeof(Tile)), MCXT_ALLOC_HUGE);
	while (matrix->states > keep)
	{
		int begin = Max(matrix->states - BLOCK_STATES, keep);
		int width = ELIMINATION_ENDS + begin;

		eliminate_block(matrix, begin);
		for (int row = 0; row <= begin; row += TILE_ROWS)
			fill_tile(&tiles[row / TILE_ROWS], matrix, begin, row);
		for (int column = 0; column < width; column += columns)
		{
			int there = Min(columns, width - column);

			CHECK_FOR_INTERRUPTS();
			/* Beyond the width are the shares, to which zeros are added. */
			memset(packed, 0, sizeof(packed));
			for (int k = 0; k < matrix->states - begin; k++)
				memcpy(packed + k * columns, elimination_row(matrix, begin + k + 1) + column,
					   there * sizeof(double));
			add(matrix->cells + column, matrix->stride, tiles, packed, begin + 1);
		}
		matrix->states = begin;
	}
	pfree(tiles);
}
