/*
 * scorecard.h
 *	  A scorecard: the formal rules behind a score.
 *
 * Fit rules look at what is known about a lead, engagement rules at what it
 * did.  The points of a rule go to its group, or to its part (fit or
 * engagement); groups and parts have caps and floors.
 */
#ifndef LEAD_KPI_SCORECARD_H
#define LEAD_KPI_SCORECARD_H

#include "base/compat.h"

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "scorecard_points.h"

#define SCORECARD_TYPE "scorecard"
#define SCORECARD_MAX_BYTES (4 * 1024 * 1024)
#define SCORECARD_MAX_RULES 10000
#define SCORECARD_MAX_GROUPS 1000
#define SCORECARD_MAX_LIMIT 10000

typedef enum ScorecardPart
{
	SCORECARD_FIT,
	SCORECARD_ENGAGEMENT,
	SCORECARD_TOTAL
} ScorecardPart;

#define SCORECARD_PARTS (SCORECARD_TOTAL + 1)

typedef struct ScorecardBounds
{
	bool has_cap;
	bool has_floor;
	Points cap;
	Points floor;
} ScorecardBounds;

#define SCORECARD_NO_GROUP (-1)

typedef struct ScorecardGroup
{
	char *name;
	char *note; /* NULL without */
	ScorecardBounds bounds;
	int parent; /* SCORECARD_NO_GROUP: the part itself */
	bool is_used;
	ScorecardPart part; /* when it is used */
} ScorecardGroup;

/* ---------- fit rules ---------- */

typedef enum ScorecardOperator
{
	OPERATOR_EQUAL,
	OPERATOR_NOT_EQUAL,
	OPERATOR_LESS,
	OPERATOR_LESS_EQUAL,
	OPERATOR_GREATER,
	OPERATOR_GREATER_EQUAL,
	OPERATOR_BETWEEN,
	OPERATOR_IN,
	OPERATOR_NOT_IN,
	OPERATOR_MATCHES,
	OPERATOR_NOT_MATCHES,
	OPERATOR_IS_KNOWN,
	OPERATOR_IS_UNKNOWN
} ScorecardOperator;

#define SCORECARD_OPERATORS (OPERATOR_IS_UNKNOWN + 1)

/* As users write them, in the order of the enum. */
extern const char *const scorecard_operator_names[SCORECARD_OPERATORS];

typedef enum ScorecardKind
{
	KIND_NUMBER,
	KIND_TEXT,
	KIND_BOOLEAN
} ScorecardKind;

typedef struct ScorecardValue
{
	ScorecardKind kind;
	Numeric number;
	char *text;
	bool boolean;
} ScorecardValue;

typedef struct FitCondition
{
	char **path; /* keys from the outermost in */
	int path_length;
	ScorecardOperator comparison;
	bool ignore_case;
	ScorecardValue *values; /* the operand, or all of "in"; of "between" the low end, then the high */
	int value_count;
	bool has_low; /* what "between" says about its ends */
	bool has_high;
	bool low_is_exclusive;
	bool high_is_exclusive;
} FitCondition;

/* ---------- engagement rules ---------- */

typedef struct EngagementCondition
{
	char **events; /* or a pattern */
	int event_count;
	char *pattern;
	bool ignore_case;
	int64 half_life;		/* microseconds; 0: points do not fade */
	int64 window;			/* microseconds; 0: all the past counts */
	int limit;				/* occurrences; 0: all of them count */
	ScorecardBounds bounds; /* the cap only, for either sign */
} EngagementCondition;

typedef struct ScorecardRule
{
	char *name;
	bool is_named; /* else the name is the condition */
	char *note;	   /* NULL without */
	Points points;
	int group;		   /* SCORECARD_NO_GROUP: the part itself */
	FitCondition *fit; /* one of the two */
	EngagementCondition *engagement;
} ScorecardRule;

/* ---------- grades and hand-off ---------- */

#define SCORECARD_GRADES 4

/* The least points of the first "count" grades; the next one takes the rest. */
typedef struct ScorecardBands
{
	int count; /* 0: no grades */
	Points least[SCORECARD_GRADES];
} ScorecardBands;

/* All that is given must hold. */
typedef struct HandOffCondition
{
	bool has_least[SCORECARD_PARTS];
	Points least[SCORECARD_PARTS];
	char **grades;
	int grade_count;
} HandOffCondition;

/* ---------- the card ---------- */

typedef struct Scorecard
{
	char *note;			  /* NULL without */
	ScorecardRule *rules; /* fit rules first */
	int fit_count;
	int rule_count;
	ScorecardGroup *groups;
	int group_count;
	int *group_order; /* inner groups before the groups they are in */
	bool has_base;
	Points base;
	ScorecardBounds bounds[SCORECARD_PARTS];
	ScorecardBands bands[SCORECARD_TOTAL]; /* of fit and engagement */
	HandOffCondition *hand_off;			   /* any of them */
	int hand_off_count;
} Scorecard;

/* scorecard_parse.c: reads and checks the JSON text; NULL after a soft error. */
extern Scorecard *scorecard_parse(const char *text, int length, Node *escontext);

/* scorecard_print.c: the canonical text; equal cards, equal bytes. */
extern void scorecard_print(const Scorecard *card, StringInfo out);

/* What an unnamed rule is called, and how explain() words a condition: country in ("FR", "DE"). */
extern void scorecard_print_attribute(const FitCondition *condition, StringInfo out);
extern void scorecard_print_operand(const FitCondition *condition, StringInfo out);
extern char *scorecard_condition_text(const ScorecardRule *rule);
extern char *scorecard_duration_text(int64 duration);

/* scorecard_total.c: groups, caps, floors. */

/* A cap or floor that took effect. */
typedef struct ScorecardAdjustment
{
	char *name; /* such as: cap of group web */
	char *reason;
	Points points;
} ScorecardAdjustment;

/* The points that go to the part itself, and after them to each group. */
extern Points *scorecard_subtotals(const Scorecard *card);
extern void scorecard_add_points(Points *subtotals, const ScorecardRule *rule, Points points);

/* Folds groups into their part; adjustments (a List of ScorecardAdjustment) may be NULL. */
extern Points scorecard_total(const Scorecard *card, ScorecardPart part, Points *subtotals,
							  List **adjustments);

extern Points scorecard_bound(const ScorecardBounds *bounds, Points points);

/* scorecard_check.c */
extern bool scorecard_grade_exists(const Scorecard *card, const char *grade);

/* Can any lead fulfil the condition, or do caps and grades end below its least points? */
extern bool scorecard_can_hand_off(const Scorecard *card, const HandOffCondition *condition);

#endif /* LEAD_KPI_SCORECARD_H */
