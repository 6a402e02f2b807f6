/*
 * curve_cure.c
 *	  The mixture cure model: of all leads a share converts in the end, after a
 *	  lag of Weibull or exponential distribution; the others never do
 *	  (Boag 1949, Berkson and Gage 1952).
 *
 * Where leads can be lost, another share is lost in the end, after a lag of
 * its own (Larson and Dinse 1985).  Maximum likelihood by Newton's method.
 */
#include "curve_cure.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "base/linear_algebra.h"
#include "curve_estimate.h"

#define MIN_CONVERSIONS 10

/* Seen less than this of the conversions expected, it is a guess. */
#define MIN_SEEN 0.5

/* As much must be gone of leads of whom none stays for ever. */
#define MIN_GONE 0.9

/* Twice the log-likelihood ratio at which a plateau shows: chi-square, one degree of freedom, 1 %. */
#define PLATEAU_RATIO 6.634896601021213

#define MAX_CAUSES 2
#define MAX_PARAMETERS (3 * MAX_CAUSES)
#define MAX_ITERATIONS 200
#define DIFFERENCE 1e-5

/* Less of a share than any number of leads can show. */
#define NO_SHARE 1e-7

/* The parameters of a cause, conversion or loss, by place; -1: not free. */
typedef struct CureCause
{
	CurveOutcome outcome;
	int share; /* logarithm of the share, against the reference */
	int rate;  /* logarithms */
	int shape;
} CureCause;

typedef struct CureProblem
{
	const ConversionCurve *curve;
	double offset[CURVE_OUTCOMES]; /* where within a unit times lie, on average */
	int causes;
	CureCause cause[MAX_CAUSES];
	bool has_never;	 /* some are neither converted nor lost in the end */
	bool is_grouped; /* events happened at some time within their unit */
	int parameters;
} CureProblem;

/* Causes at given parameters. */
typedef struct CureShares
{
	double share[MAX_CAUSES];
	double never;
	double rate[MAX_CAUSES]; /* logarithms */
	double shape[MAX_CAUSES];
} CureShares;

/* ---------- the likelihood ---------- */

static CureShares
shares_at(const CureProblem *problem, const double *parameters)
{
	CureShares at;
	double weight[MAX_CAUSES];
	double total = problem->has_never ? 1 : 0;

	for (int i = 0; i < problem->causes; i++)
	{
		const CureCause *cause = &problem->cause[i];

		weight[i] = cause->share < 0 ? 1 : exp(parameters[cause->share]);
		total += weight[i];
		at.rate[i] = parameters[cause->rate];
		at.shape[i] = cause->shape < 0 ? 1 : exp(parameters[cause->shape]);
	}
	for (int i = 0; i < problem->causes; i++)
		at.share[i] = weight[i] / total;
	at.never = problem->has_never ? 1 / total : 0;
	return at;
}

static inline void
add_slope(double *gradient, int parameter, double slope)
{
	if (parameter >= 0)
		gradient[parameter] += slope;
}

/*
 * Leads that left at an age by cause i.  Within the first unit, where a density
 * may have no bound, what counts is to have left within it; after it, the
 * density at the age.
 */
static double
add_events(const CureProblem *problem, const CureShares *at, int i, const CurveAge *age, double *gradient)
{
	const CureCause *cause = &problem->cause[i];
	double leads = (double) age->leads[cause->outcome];
	double time = age->age == 0 ? 1 : (double) age->age + problem->offset[cause->outcome];
	double shape = at->shape[i];
	double log_scaled = at->rate[i] + log(time);
	double hazard = exp(shape * log_scaled);
	double slope;
	double value;

	if (problem->is_grouped && age->age > 0)
	{
		double log_end = at->rate[i] + log((double) age->age + 1);
		double log_begin = at->rate[i] + log((double) age->age);
		double end = exp(shape * log_end);
		double begin = exp(shape * log_begin);
		/* Of the share still there at the beginning, and at the end. */
		double leaving = Max(-expm1(begin - end), DBL_MIN);

		value = log(leaving) - begin;
		slope = (end * exp(begin - end) - begin) / leaving;
		add_slope(gradient, cause->shape,
				  leads * shape * (end * log_end * exp(begin - end) - begin * log_begin) / leaving);
	}
	else if (age->age == 0)
	{
		value = log(-expm1(-hazard));
		slope = hazard / expm1(hazard);
		add_slope(gradient, cause->shape, leads * slope * shape * log_scaled);
	}
	else
	{
		value = log(shape) + shape * log_scaled - log(time) - hazard;
		slope = 1 - hazard;
		add_slope(gradient, cause->shape, leads * (1 + slope * shape * log_scaled));
	}
	add_slope(gradient, cause->rate, leads * slope * shape);
	for (int j = 0; j < problem->causes; j++)
		add_slope(gradient, problem->cause[j].share, leads * ((i == j) - at->share[j]));
	return leads * (log(at->share[i]) + value);
}

/* Leads still open at an age: they leave later, or never. */
static double
add_censored(const CureProblem *problem, const CureShares *at, const CurveAge *age, double *gradient)
{
	double leads = (double) age->leads[CURVE_CENSORED];
	double log_time = log((double) age->age + problem->offset[CURVE_CENSORED]);
	double hazard[MAX_CAUSES];
	double later[MAX_CAUSES];
	double open = at->never;

	for (int i = 0; i < problem->causes; i++)
	{
		hazard[i] = exp(at->shape[i] * (at->rate[i] + log_time));
		later[i] = exp(-hazard[i]);
		open += at->share[i] * later[i];
	}
	open = Max(open, DBL_MIN);
	for (int i = 0; i < problem->causes; i++)
	{
		const CureCause *cause = &problem->cause[i];
		double slope = -leads * at->share[i] * later[i] * hazard[i] * at->shape[i] / open;

		add_slope(gradient, cause->rate, slope);
		add_slope(gradient, cause->shape, slope * (at->rate[i] + log_time));
		add_slope(gradient, cause->share, leads * at->share[i] * (later[i] - open) / open);
	}
	return leads * log(open);
}

/* The log-likelihood and its gradient. */
static double
likelihood(const CureProblem *problem, const double *parameters, double *gradient)
{
	CureShares at = shares_at(problem, parameters);
	double sum = 0;

	memset(gradient, 0, problem->parameters * sizeof(double));
	for (int n = 0; n < problem->curve->count; n++)
	{
		const CurveAge *age = &problem->curve->ages[n];

		if (n % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < problem->causes; i++)
			if (age->leads[problem->cause[i].outcome] > 0)
				sum += add_events(problem, &at, i, age, gradient);
		/* To be open at age 0 says nothing. */
		if (age->age > 0 && age->leads[CURVE_CENSORED] > 0)
			sum += add_censored(problem, &at, age, gradient);
	}
	return sum;
}

/* ---------- Newton's method ---------- */

typedef double CureMatrix[MAX_PARAMETERS][MAX_PARAMETERS];

/* Minus the second derivatives, from differences of the gradient. */
static void
information(const CureProblem *problem, const double *parameters, CureMatrix matrix)
{
	int count = problem->parameters;
	double moved[MAX_PARAMETERS];
	double above[MAX_PARAMETERS];
	double below[MAX_PARAMETERS];

	memcpy(moved, parameters, count * sizeof(double));
	for (int i = 0; i < count; i++)
	{
		moved[i] = parameters[i] + DIFFERENCE;
		(void) likelihood(problem, moved, above);
		moved[i] = parameters[i] - DIFFERENCE;
		(void) likelihood(problem, moved, below);
		moved[i] = parameters[i];
		for (int j = 0; j < count; j++)
			matrix[i][j] = (below[j] - above[j]) / (2 * DIFFERENCE);
	}
	for (int i = 0; i < count; i++)
		for (int j = 0; j < i; j++)
			matrix[i][j] = matrix[j][i] = (matrix[i][j] + matrix[j][i]) / 2;
}

/* Solves (matrix + damping on its diagonal) x = right; false unless positive definite. */
static bool
solve_damped(int count, CureMatrix matrix, double damping, const double *right, double *x)
{
	double damped[MAX_PARAMETERS * MAX_PARAMETERS];
	double factor[MAX_PARAMETERS * MAX_PARAMETERS];

	for (int i = 0; i < count; i++)
		for (int j = 0; j <= i; j++)
			damped[i * count + j] = matrix[i][j] + (i == j ? damping : 0);
	if (cholesky_factor(damped, count, 1e-12, factor) < count)
		return false;
	memcpy(x, right, count * sizeof(double));
	cholesky_solve(factor, count, count, x);
	return true;
}

/*
 * Climbs to the maximum from the parameters given; damping shortens the steps
 * while the likelihood is not yet shaped like a hill.  Returns whether it
 * arrived, with the information matrix there.
 */
static bool
maximize(const CureProblem *problem, double *parameters, double *best, CureMatrix matrix)
{
	int count = problem->parameters;
	double gradient[MAX_PARAMETERS];
	double damping = 0;

	*best = likelihood(problem, parameters, gradient);
	for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++)
	{
		double step[MAX_PARAMETERS];
		double moved[MAX_PARAMETERS];
		double moved_gradient[MAX_PARAMETERS];
		double gain = 0;
		bool accepted = false;

		information(problem, parameters, matrix);
		for (int attempt = 0; attempt < 60 && !accepted; attempt++)
		{
			double value;
			double longest = 0;

			if (solve_damped(count, matrix, damping, gradient, step))
			{
				gain = 0;
				for (int i = 0; i < count; i++)
				{
					gain += step[i] * gradient[i];
					longest = Max(longest, fabs(step[i]));
					moved[i] = parameters[i] + step[i];
				}
				if (longest <= 3)
				{
					value = likelihood(problem, moved, moved_gradient);
					/* Rounding may hide the last gains. */
					accepted = value >= *best - 1e-13 * fabs(*best);
					if (accepted)
					{
						memcpy(parameters, moved, count * sizeof(double));
						memcpy(gradient, moved_gradient, count * sizeof(double));
						*best = value;
					}
				}
			}
			damping = accepted ? (damping < 1e-6 ? 0 : damping / 10) : Max(damping * 10, 1e-3);
		}
		if (!accepted)
			return false;
		if (gain < 1e-9 && damping == 0)
		{
			information(problem, parameters, matrix);
			return true;
		}
	}
	return false;
}

/* ---------- the model ---------- */

static void
set_offsets(CureProblem *problem)
{
	const ConversionCurve *curve = problem->curve;
	double unit = (double) curve->resolution / USECS_PER_SEC;

	for (int outcome = 0; outcome < CURVE_OUTCOMES; outcome++)
	{
		double leads = (double) curve->leads[outcome];

		if (curve->count > 0 && curve->ages[0].age == 0)
			leads -= (double) curve->ages[0].leads[outcome];
		problem->offset[outcome] = leads > 0 ? (double) curve->rest[outcome] / leads / unit : 0;
	}
}

static CureProblem
describe(const ConversionCurve *curve, bool is_exponential, bool has_never)
{
	CureProblem problem = {.curve = curve, .has_never = has_never};

	set_offsets(&problem);
	problem.causes = curve->leads[CURVE_LOST] > 0 ? 2 : 1;
	for (int i = 0; i < problem.causes; i++)
	{
		CureCause *cause = &problem.cause[i];

		cause->outcome = i == 0 ? CURVE_CONVERTED : CURVE_LOST;
		/* Without "never", the last cause is the reference. */
		cause->share = has_never || i + 1 < problem.causes ? problem.parameters++ : -1;
		cause->rate = problem.parameters++;
		cause->shape = is_exponential ? -1 : problem.parameters++;
	}
	return problem;
}

/* Shares as they were counted, and the mean time to each. */
static void
guess(const CureProblem *problem, double *parameters)
{
	const ConversionCurve *curve = problem->curve;
	double reference = problem->has_never
		? (double) curve->leads[CURVE_CENSORED]
		: (double) curve->leads[problem->cause[problem->causes - 1].outcome];

	for (int i = 0; i < problem->causes; i++)
	{
		const CureCause *cause = &problem->cause[i];
		double leads = (double) curve->leads[cause->outcome];
		double time = 0;

		for (int n = 0; n < curve->count; n++)
		{
			CHECK_FOR_INTERRUPTS();
			time += (double) curve->ages[n].leads[cause->outcome] *
				((double) curve->ages[n].age + (curve->ages[n].age == 0 ? 0.5 : 0));
		}
		if (cause->share >= 0)
			parameters[cause->share] = log(leads / Max(reference, leads / 20));
		parameters[cause->rate] = -log(time / leads);
		if (cause->shape >= 0)
			parameters[cause->shape] = 0;
	}
}

/* A problem, and the parameters of its greatest likelihood. */
typedef struct CureFit
{
	CureProblem problem;
	double parameters[MAX_PARAMETERS];
	double log_likelihood;
	CureMatrix information;
	CureShares at;
	bool found;
} CureFit;

static void
fit(CureFit *fit, const ConversionCurve *curve, bool is_exponential, bool has_never)
{
	fit->problem = describe(curve, is_exponential, has_never);
	guess(&fit->problem, fit->parameters);
	fit->found = maximize(&fit->problem, fit->parameters, &fit->log_likelihood, fit->information);
	fit->at = shares_at(&fit->problem, fit->parameters);
}

/* The share of those who leave by cause i in the end that is gone at this age. */
static double
gone_by(const CureShares *at, int i, double age)
{
	return -expm1(-exp(at->shape[i] * (at->rate[i] + log(age))));
}

/* The error of the logit of the first share, by the delta method. */
static bool
logit_error(CureFit *fit, double *error)
{
	const CureProblem *problem = &fit->problem;
	double slope[MAX_PARAMETERS] = {0};
	double weighed[MAX_PARAMETERS];
	double variance = 0;

	slope[problem->cause[0].share] = 1;
	if (problem->causes > 1 && problem->cause[1].share >= 0)
		slope[problem->cause[1].share] = -fit->at.share[1] / (1 - fit->at.share[0]);
	if (!solve_damped(problem->parameters, fit->information, 0, slope, weighed))
		return false;
	for (int i = 0; i < problem->parameters; i++)
		variance += slope[i] * weighed[i];
	*error = sqrt(variance);
	return true;
}

/* ---------- a plateau after one lag or two ---------- */

/* A lag distribution of two parameters fits two ages whatever they are, without an end to its likelihood. */
#define MOST_PLATEAU_AGES 2

/* So much more than by the oldest lead is nothing more to come. */
#define NOTHING_MORE 0.01
#define FAR_BEYOND 10

/*
 * Whether the curve, of which lost leads are taken as censored, is told from the
 * one that all leads share and that goes on rising.
 */
static bool
levels_off(const ConversionCurve *curve, bool is_exponential)
{
	ConversionCurve alone = *curve;
	CureFit rising;
	int64 at_risk = 0;
	double flat = 0;
	double oldest = (double) curve->ages[curve->count - 1].age + 1;
	double seen;

	alone.ages = palloc(mul_size(curve->count, sizeof(CurveAge)));
	memset(alone.rest, 0, sizeof(alone.rest));
	alone.leads[CURVE_CENSORED] += alone.leads[CURVE_LOST];
	alone.leads[CURVE_LOST] = 0;
	for (int n = curve->count - 1; n >= 0; n--)
	{
		CurveAge *age = &alone.ages[n];
		double converted;

		*age = curve->ages[n];
		age->leads[CURVE_CENSORED] += age->leads[CURVE_LOST];
		age->leads[CURVE_LOST] = 0;
		converted = (double) age->leads[CURVE_CONVERTED];
		at_risk += age->leads[CURVE_CONVERTED] + age->leads[CURVE_CENSORED];
		if (converted > 0)
			flat += converted * log(converted / (double) at_risk);
		if (converted > 0 && converted < (double) at_risk)
			flat += ((double) at_risk - converted) * log1p(-converted / (double) at_risk);
	}
	rising.problem = describe(&alone, is_exponential, false);
	rising.problem.is_grouped = true;
	guess(&rising.problem, rising.parameters);
	(void) maximize(&rising.problem, rising.parameters, &rising.log_likelihood, rising.information);
	rising.at = shares_at(&rising.problem, rising.parameters);
	pfree(alone.ages);
	seen = gone_by(&rising.at, 0, oldest);
	return 2 * (flat - rising.log_likelihood) > PLATEAU_RATIO ||
		gone_by(&rising.at, 0, FAR_BEYOND * oldest) < (1 + NOTHING_MORE) * seen;
}

/*
 * Where leads convert at one age, or at two, as they do when systems know days
 * only, the model has no greatest likelihood; but the curve shows its end.
 */
static void
read_plateau(const ConversionCurve *curve, bool is_exponential, CureModel *model)
{
	CurvePoint point;
	int64 last = -1;
	int64 later = 0;
	int ages = 0;
	double std_error = 0;

	for (int n = 0; n < curve->count; n++)
		if (curve->ages[n].leads[CURVE_CONVERTED] > 0)
		{
			ages++;
			last = curve->ages[n].age;
		}
	/* Open after the last conversion; who left at the same age was last seen before it. */
	for (int n = 0; n < curve->count; n++)
		if (curve->ages[n].age > last)
			later += curve->ages[n].leads[CURVE_LOST] + curve->ages[n].leads[CURVE_CENSORED];
	/* A week after conversions of one day, the next week's may be to come. */
	if (ages > MOST_PLATEAU_AGES || (later > 0 && curve->ages[curve->count - 1].age < 2 * (last + 1)))
		return;
	if (later == 0 ? curve->leads[CURVE_CENSORED] > 0 : !levels_off(curve, is_exponential))
		return;

	curve_start(curve, &point);
	while (curve_next(curve, &point))
	{
		model->ultimate = point.conversion;
		std_error = point.std_error;
	}
	curve_start(curve, &point);
	while (curve_next(curve, &point) && point.conversion < model->ultimate / 2)
		;
	model->median_age = point.age->age;
	model->is_plateau = true;
	model->seen = 1;
	if (model->ultimate >= 1)
		model->verdict = CURE_ALL_CONVERT;
	else
	{
		model->logit = log(model->ultimate / (1 - model->ultimate));
		model->logit_error = std_error / (model->ultimate * (1 - model->ultimate));
		model->verdict = CURE_ESTIMATED;
	}
}

/*
 * A slow rise that all leads share, and a quick one of a few, look alike until
 * the curve levels off.  So the model in which every lead leaves in the end is
 * fitted too: unless the likelihood ratio rejects it, the plateau is not known,
 * except where there is next to nothing left to come.
 */
CureModel
curve_cure(const ConversionCurve *curve, bool is_exponential)
{
	CureModel model = {.verdict = CURE_TOO_FEW};
	CureFit with_never;
	CureFit without;
	CureFit *best;
	double oldest;
	double gone = 0;

	if (curve->leads[CURVE_CONVERTED] < MIN_CONVERSIONS)
		return model;
	model.verdict = CURE_NOT_YET_CERTAIN;
	if (curve->ages[curve->count - 1].age == 0)
	{
		read_plateau(curve, is_exponential, &model);
		return model;
	}
	oldest = (double) curve->ages[curve->count - 1].age + 1;
	fit(&with_never, curve, is_exponential, true);
	fit(&without, curve, is_exponential, false);
	if (with_never.found && with_never.at.never > NO_SHARE &&
		2 * (with_never.log_likelihood - without.log_likelihood) > PLATEAU_RATIO)
		best = &with_never;
	else
		best = &without;

	model.ultimate = best->at.share[0];
	model.rate = exp(best->at.rate[0]);
	model.shape = best->at.shape[0];
	model.seen = gone_by(&best->at, 0, oldest);
	model.log_likelihood = best->log_likelihood;
	for (int i = 0; i < best->problem.causes; i++)
		gone += best->at.share[i] * gone_by(&best->at, i, oldest);
	if (!best->found || (best == &without ? gone < MIN_GONE : model.seen < MIN_SEEN))
	{
		if (!with_never.found)
			read_plateau(curve, is_exponential, &model);
		return model;
	}

	if (best->problem.cause[0].share < 0)
		model.verdict = CURE_ALL_CONVERT;
	else if (logit_error(best, &model.logit_error))
	{
		model.logit = log(model.ultimate / (1 - model.ultimate));
		model.verdict = CURE_ESTIMATED;
	}
	return model;
}
