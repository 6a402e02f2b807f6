/*
 * text_dictionary.c
 *	  Distinct texts, numbered from 0 in order of arrival.
 */
#include "text_dictionary.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_CAPACITY 8

/* Numbers stay below 2^30, so that slots can be twice as many. */
#define MAX_CAPACITY (1 << 30)

void
text_dictionary_init(TextDictionary *dictionary)
{
	memset(dictionary, 0, sizeof(*dictionary));
	dictionary->context = CurrentMemoryContext;
	dictionary->capacity = FIRST_CAPACITY;
	dictionary->texts = palloc(FIRST_CAPACITY * sizeof(char *));
	dictionary->slots = palloc0(2 * FIRST_CAPACITY * sizeof(uint32));
	dictionary->slot_mask = 2 * FIRST_CAPACITY - 1;
}

void
text_dictionary_grow_slots(uint32 **slots, uint32 *mask)
{
	Size size = ((Size) *mask + 1) * 2;

	*slots = repalloc_huge(*slots, mul_size(size, sizeof(uint32)));
	memset(*slots, 0, size * sizeof(uint32));
	*mask = (uint32) (size - 1);
}

static uint32
text_hash(const char *text, int length)
{
	return DatumGetUInt32(hash_any((const unsigned char *) text, length));
}

static void
place(TextDictionary *dictionary, int number)
{
	uint32 slot = text_hash(dictionary->texts[number], (int) strlen(dictionary->texts[number]));

	while (dictionary->slots[slot & dictionary->slot_mask] != 0)
		slot++;
	dictionary->slots[slot & dictionary->slot_mask] = (uint32) number + 1;
}

int
text_dictionary_find(const TextDictionary *dictionary, const char *text, int length)
{
	uint32 slot = text_hash(text, length);
	uint32 found;

	while ((found = dictionary->slots[slot & dictionary->slot_mask]) != 0)
	{
		const char *known = dictionary->texts[found - 1];

		if (strncmp(known, text, length) == 0 && known[length] == '\0')
			return (int) found - 1;
		slot++;
	}
	return -1;
}

int
text_dictionary_number(TextDictionary *dictionary, const char *text, int length)
{
	int found = text_dictionary_find(dictionary, text, length);
	char *copy;

	if (found >= 0)
		return found;
	if (dictionary->count == dictionary->capacity)
	{
		if (dictionary->capacity == MAX_CAPACITY)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("more than %d distinct texts", MAX_CAPACITY)));
		dictionary->capacity *= 2;
		dictionary->texts = repalloc_huge(dictionary->texts, mul_size(dictionary->capacity, sizeof(char *)));
		text_dictionary_grow_slots(&dictionary->slots, &dictionary->slot_mask);
		for (int number = 0; number < dictionary->count; number++)
		{
			CHECK_FOR_INTERRUPTS();
			place(dictionary, number);
		}
	}
	copy = MemoryContextAlloc(dictionary->context, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	dictionary->texts[dictionary->count] = copy;
	place(dictionary, dictionary->count);
	return dictionary->count++;
}
