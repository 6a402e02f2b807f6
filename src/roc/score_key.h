/*
 * score_key.h
 *	  Scores as integers in the order of the scores, so that they can be sorted
 *	  by their digits and stored as differences.
 */
#ifndef LEAD_KPI_SCORE_KEY_H
#define LEAD_KPI_SCORE_KEY_H

#include "base/compat.h"

#define SCORE_KEY_SIGN (UINT64CONST(1) << 63)

/* A score that is not NaN.  The two zeros are one score. */
static inline uint64
score_key(double score)
{
	uint64 bits;

	score += 0.0; /* turns -0 into 0 */
	memcpy(&bits, &score, sizeof(bits));
	return (bits & SCORE_KEY_SIGN) ? ~bits : bits | SCORE_KEY_SIGN;
}

static inline double
score_of_key(uint64 key)
{
	uint64 bits = (key & SCORE_KEY_SIGN) ? key ^ SCORE_KEY_SIGN : ~key;
	double score;

	memcpy(&score, &bits, sizeof(score));
	return score;
}

/* Whether score_key() can have made it. */
extern bool score_key_is_valid(uint64 key);

/* The keys of a growing array, and a sorted copy of it in CurrentMemoryContext. */
typedef struct ScoreKeys
{
	uint64 *keys;
	Size count;
	Size capacity;
} ScoreKeys;

extern void score_keys_grow(ScoreKeys *array, Size more, MemoryContext context);
extern void score_keys_append(ScoreKeys *array, const ScoreKeys *more, MemoryContext context);
extern uint64 *score_keys_sorted(const ScoreKeys *array);

static inline void
score_keys_add(ScoreKeys *array, uint64 key, MemoryContext context)
{
	if (unlikely(array->count == array->capacity))
		score_keys_grow(array, 1, context);
	array->keys[array->count++] = key;
}

#endif /* LEAD_KPI_SCORE_KEY_H */
