/*
 * scorecard_grade.c
 *	  What follows from the points: total, grade, hand-off.
 */
#include "scorecard.h"

#include "utils/builtins.h"

#include "scorecard_cache.h"

#define MAX_GRADE_LENGTH 3

/* The letter of fit, then the digit of engagement; a part without grades has none. */
static void
write_grade(const Scorecard *card, const Points points[SCORECARD_TOTAL], char grade[MAX_GRADE_LENGTH])
{
	static const char first_label[SCORECARD_TOTAL] = {'A', '1'};
	int length = 0;

	for (int part = 0; part < SCORECARD_TOTAL; part++)
	{
		const ScorecardBands *bands = &card->bands[part];
		int band = 0;

		if (bands->count == 0)
			continue;
		while (band < bands->count && points[part] < bands->least[band])
			band++;
		grade[length++] = (char) (first_label[part] + band);
	}
	grade[length] = '\0';
}

/*
 * The points of both parts: arguments 1 and 2.  A part without a value has no
 * points, as a lead without events has no engagement; false without either.
 */
static bool
part_arguments(FunctionCallInfo fcinfo, Points points[SCORECARD_TOTAL])
{
	points[SCORECARD_FIT] = PG_ARGISNULL(1) ? 0 : points_from_float8(PG_GETARG_FLOAT8(1), "fit");
	points[SCORECARD_ENGAGEMENT] = PG_ARGISNULL(2) ? 0
												   : points_from_float8(PG_GETARG_FLOAT8(2), "engagement");
	return !PG_ARGISNULL(0) && !(PG_ARGISNULL(1) && PG_ARGISNULL(2));
}

static Points
total_of(const Scorecard *card, const Points points[SCORECARD_TOTAL])
{
	return scorecard_bound(&card->bounds[SCORECARD_TOTAL],
						   points[SCORECARD_FIT] + points[SCORECARD_ENGAGEMENT]);
}

PG_FUNCTION_INFO_V1(scorecard_score);
Datum
scorecard_score(PG_FUNCTION_ARGS)
{
	Points points[SCORECARD_TOTAL];

	if (!part_arguments(fcinfo, points))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(points_to_float8(total_of(&scorecard_from_datum(PG_GETARG_DATUM(0))->card, points)));
}

PG_FUNCTION_INFO_V1(scorecard_grade);
Datum
scorecard_grade(PG_FUNCTION_ARGS)
{
	Points points[SCORECARD_TOTAL];
	char grade[MAX_GRADE_LENGTH];

	if (!part_arguments(fcinfo, points))
		PG_RETURN_NULL();
	write_grade(&scorecard_from_datum(PG_GETARG_DATUM(0))->card, points, grade);
	if (grade[0] == '\0')
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(grade));
}

static bool
holds(const Scorecard *card, const HandOffCondition *condition, const Points points[SCORECARD_TOTAL])
{
	char grade[MAX_GRADE_LENGTH];

	for (int part = 0; part < SCORECARD_PARTS; part++)
		if (condition->has_least[part] &&
			(part == SCORECARD_TOTAL ? total_of(card, points) : points[part]) < condition->least[part])
			return false;
	if (condition->grade_count == 0)
		return true;
	write_grade(card, points, grade);
	for (int i = 0; i < condition->grade_count; i++)
		if (strcmp(condition->grades[i], grade) == 0)
			return true;
	return false;
}

PG_FUNCTION_INFO_V1(scorecard_hand_off);
Datum
scorecard_hand_off(PG_FUNCTION_ARGS)
{
	Points points[SCORECARD_TOTAL];
	const Scorecard *card;

	if (!part_arguments(fcinfo, points))
		PG_RETURN_NULL();
	card = &scorecard_from_datum(PG_GETARG_DATUM(0))->card;
	if (card->hand_off_count == 0)
		PG_RETURN_NULL();
	for (int i = 0; i < card->hand_off_count; i++)
		if (holds(card, &card->hand_off[i], points))
			PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(false);
}
