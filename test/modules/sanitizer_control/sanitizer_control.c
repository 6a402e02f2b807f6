/*
 * sanitizer_control.c
 *	  For ./run sanitize and valgrind only: deliberate mistakes.  A run under the sanitizers
 *	  is believed only after each of them was reported.
 *
 *	  CREATE FUNCTION sanitizer_overrun_malloc(integer) RETURNS integer LANGUAGE C AS 'sanitizer_control';
 *
 * and likewise the others; 100 is the mistake, 99 (31 for the shift) is none.
 */
#include "postgres.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

#define BLOCK_SIZE 100
#define BIG_NUMBER 1e30

/* A byte of a block of malloc's, by its index. */
PG_FUNCTION_INFO_V1(sanitizer_overrun_malloc);
Datum
sanitizer_overrun_malloc(PG_FUNCTION_ARGS)
{
	volatile char *block = malloc(BLOCK_SIZE);
	int byte;

	if (block == NULL)
		elog(ERROR, "out of memory");
	block[PG_GETARG_INT32(0)] = 1;
	byte = block[0];
	free(unvolatize(char *, block));
	PG_RETURN_INT32(byte);
}

/* A byte of a chunk in a memory context: seen thanks to test/lib/redzone.h. */
PG_FUNCTION_INFO_V1(sanitizer_overrun_palloc);
Datum
sanitizer_overrun_palloc(PG_FUNCTION_ARGS)
{
	volatile char *chunk = palloc(BLOCK_SIZE);

	chunk[PG_GETARG_INT32(0)] = 1;
	PG_RETURN_INT32(chunk[0]);
}

/* The same in a chunk that was enlarged. */
PG_FUNCTION_INFO_V1(sanitizer_overrun_repalloc);
Datum
sanitizer_overrun_repalloc(PG_FUNCTION_ARGS)
{
	volatile char *chunk = repalloc(palloc(1), BLOCK_SIZE);

	chunk[PG_GETARG_INT32(0)] = 1;
	PG_RETURN_INT32(chunk[0]);
}

PG_FUNCTION_INFO_V1(sanitizer_shift);
Datum
sanitizer_shift(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(1 << PG_GETARG_INT32(0));
}

/* A number that no integer holds. */
PG_FUNCTION_INFO_V1(sanitizer_cast);
Datum
sanitizer_cast(PG_FUNCTION_ARGS)
{
	volatile double number = PG_GETARG_INT32(0) < BLOCK_SIZE ? 0 : BIG_NUMBER;

	PG_RETURN_INT32((int) number);
}

/* A branch on a byte that nobody wrote: for valgrind. */
PG_FUNCTION_INFO_V1(sanitizer_never_written);
Datum
sanitizer_never_written(PG_FUNCTION_ARGS)
{
	char *block = malloc(2 * BLOCK_SIZE);
	int result = 0;

	if (block == NULL)
		elog(ERROR, "out of memory");
	memset(block, 1, BLOCK_SIZE);
	if (((volatile char *) block)[PG_GETARG_INT32(0)] == 1)
		result = 1;
	free(block);
	PG_RETURN_INT32(result);
}
