/*
 * text_dictionary.h
 *	  Distinct texts, numbered from 0 in order of arrival.
 */
#ifndef LEAD_KPI_TEXT_DICTIONARY_H
#define LEAD_KPI_TEXT_DICTIONARY_H

#include "compat.h"

typedef struct TextDictionary
{
	MemoryContext context; /* where it grows */
	int count;
	int capacity;
	char **texts;  /* NUL-terminated */
	uint32 *slots; /* number + 1, open addressing */
	uint32 slot_mask;
} TextDictionary;

/* In CurrentMemoryContext. */
extern void text_dictionary_init(TextDictionary *dictionary);

/* The number of a text, or -1. */
extern int text_dictionary_find(const TextDictionary *dictionary, const char *text, int length);

/* The number of a text, given one when it is new. */
extern int text_dictionary_number(TextDictionary *dictionary, const char *text, int length);

/* Twice as many slots, all empty; also for other tables of this kind. */
extern void text_dictionary_grow_slots(uint32 **slots, uint32 *mask);

#endif /* LEAD_KPI_TEXT_DICTIONARY_H */
