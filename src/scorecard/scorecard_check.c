/*
 * scorecard_check.c
 *	  What the rules for grades and hand-off can never be: checks on a card
 *	  that was read.
 */
#include "scorecard.h"

/* What the first grade of each part is called. */
static const char first_label[SCORECARD_TOTAL] = {'A', '1'};

bool
scorecard_grade_exists(const Scorecard *card, const char *grade)
{
	for (int part = 0; part < SCORECARD_TOTAL; part++)
	{
		int count = card->bands[part].count;

		if (count == 0)
			continue;
		if (*grade < first_label[part] || *grade > first_label[part] + count)
			return false;
		grade++;
	}
	return *grade == '\0';
}

/* Can a lead of this grade, or without grades any lead, have the least points that the condition asks for? */
static bool
has_enough(const Scorecard *card, const HandOffCondition *condition, const char *grade)
{
	bool has_most = true;
	Points all = 0;

	for (int part = 0; part < SCORECARD_TOTAL; part++)
	{
		const ScorecardBands *bands = &card->bands[part];
		bool is_capped = card->bounds[part].has_cap;
		Points most = card->bounds[part].cap;

		if (grade != NULL && bands->count > 0)
		{
			int band = *grade++ - first_label[part];

			/* A grade ends one unit below the one before it. */
			if (band > 0 && (!is_capped || most >= bands->least[band - 1]))
				most = bands->least[band - 1] - 1;
			is_capped |= band > 0;
		}
		if (is_capped && condition->has_least[part] && condition->least[part] > most)
			return false;
		has_most &= is_capped;
		all += most;
	}
	return !has_most || !condition->has_least[SCORECARD_TOTAL] ||
		condition->least[SCORECARD_TOTAL] <= scorecard_bound(&card->bounds[SCORECARD_TOTAL], all);
}

bool
scorecard_can_hand_off(const Scorecard *card, const HandOffCondition *condition)
{
	for (int i = 0; i < condition->grade_count; i++)
		if (has_enough(card, condition, condition->grades[i]))
			return true;
	return condition->grade_count == 0 && has_enough(card, condition, NULL);
}
