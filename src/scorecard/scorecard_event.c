/*
 * scorecard_event.c
 *	  Which engagement rules an event counts for.
 */
#include "scorecard_compile.h"

/* Adds the rules of one name. */
static int
match_name(const EventName *events, int event_count, const char *name, int length, int *matched, int count)
{
	int low = 0;
	int high = event_count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		const ScaleText *text = &events[middle].name;

		if (scorecard_compare_texts(text->text, text->length, name, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < event_count && events[low].name.length == length &&
		 memcmp(events[low].name.text, name, length) == 0;
		 low++)
		matched[count++] = events[low].rule;
	return count;
}

int
scorecard_match_event(const CompiledScorecard *compiled, const char *event, int length)
{
	int count = match_name(compiled->events, compiled->event_count, event, length, compiled->matched, 0);

	if (compiled->folded_event_count > 0)
	{
		int folded_length;
		char *folded = scorecard_fold_case(event, length, &folded_length);

		count = match_name(compiled->folded_events, compiled->folded_event_count, folded, folded_length,
						   compiled->matched, count);
		pfree(folded);
	}
	for (int i = 0; i < compiled->event_pattern_count; i++)
		if (scorecard_pattern_matches(compiled->event_patterns[i].pattern, event, length))
			compiled->matched[count++] = compiled->event_patterns[i].rule;
	return count;
}
