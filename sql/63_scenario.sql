-- scenario: what would come of so many leads, and what the next euro buys.
--
-- Money is numeric, in whatever currency goes in; rates and the margin are fractions.

CREATE TYPE scenario AS (
	leads numeric,
	sales numeric,
	sales_low numeric,
	sales_high numeric,
	revenue numeric,
	revenue_low numeric,
	revenue_high numeric,
	spend numeric,
	cac numeric,
	revenue_per_lead numeric,
	roas numeric,
	romi numeric,
	profit numeric,
	break_even_cpl numeric
);
COMMENT ON TYPE scenario IS 'What would come of so many leads: the result of scenario().';
COMMENT ON COLUMN scenario.leads IS 'leads';
COMMENT ON COLUMN scenario.sales IS 'leads * rate; an expectation, so it may have a fraction';
COMMENT ON COLUMN scenario.sales_low IS 'lower end of the prediction interval of sales; NULL when the rate was a plain number';
COMMENT ON COLUMN scenario.sales_high IS 'upper end of the prediction interval of sales; NULL when the rate was a plain number';
COMMENT ON COLUMN scenario.revenue IS 'sales * basket, money';
COMMENT ON COLUMN scenario.revenue_low IS 'sales_low * basket, money';
COMMENT ON COLUMN scenario.revenue_high IS 'sales_high * basket, money';
COMMENT ON COLUMN scenario.spend IS 'leads * cpl, money';
COMMENT ON COLUMN scenario.cac IS 'spend / sales, money; NULL without sales';
COMMENT ON COLUMN scenario.revenue_per_lead IS 'revenue / leads, money; NULL without leads';
COMMENT ON COLUMN scenario.roas IS 'revenue / spend, a ratio; NULL without spend';
COMMENT ON COLUMN scenario.romi IS 'profit / spend, a ratio; NULL without spend';
COMMENT ON COLUMN scenario.profit IS 'revenue * margin - spend, money';
COMMENT ON COLUMN scenario.break_even_cpl IS 'revenue_per_lead * margin: the cost per lead at which profit is 0, money; NULL without leads';

CREATE FUNCTION scenario_measures(leads numeric, sales numeric, sales_low numeric, sales_high numeric,
		basket numeric, cpl numeric, margin numeric) RETURNS scenario
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT leads, sales, sales_low, sales_high, revenue, sales_low * basket, sales_high * basket,
			spend, spend / nullif(sales, 0), revenue / nullif(leads, 0), revenue / nullif(spend, 0),
			(revenue * margin - spend) / nullif(spend, 0), revenue * margin - spend, revenue * margin / nullif(leads, 0)
		FROM (SELECT sales * economics_amount(basket, 'basket') AS revenue, leads * economics_amount(cpl, 'cpl') AS spend,
				economics_fraction(margin, 'margin') AS margin OFFSET 0) AS m;
	END;
COMMENT ON FUNCTION scenario_measures(numeric, numeric, numeric, numeric, numeric, numeric, numeric) IS
'The measures of a scenario from its leads and sales. Used by scenario().';

-- As with economics, float8 is there beside numeric.
-- FOR EACH number, as: numeric ; (none) | bigint ; (none) | float8 ; economics_decimal
CREATE FUNCTION scenario(leads {number}, rate float8, basket {number}, cpl {number} DEFAULT NULL, margin {number} DEFAULT NULL)
	RETURNS scenario
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN scenario_measures({as}(leads),
		economics_quantity({as}(leads), 'leads') * economics_fraction(economics_decimal(rate), 'rate'), NULL, NULL,
		{as}(basket), {as}(cpl), {as}(margin));
COMMENT ON FUNCTION scenario({number}, float8, {number}, {number}, {number}) IS
'What would come of so many leads at a closing rate (a fraction), an average deal (basket) and a cost per lead, both '
'money, and a gross margin (a fraction). A measure is NULL when it depends on an argument that is NULL. Error on '
'negative leads, basket or cpl, on NaN or an infinity, or a rate or margin outside 0..1.';

CREATE FUNCTION scenario(leads {number}, rate rate, basket {number}, cpl {number} DEFAULT NULL, margin {number} DEFAULT NULL,
		level float8 DEFAULT 0.95) RETURNS scenario
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN scenario_measures({as}(leads),
		trim_scale(economics_quantity({as}(leads), 'leads') * hits(rate) / nullif(trials(rate), 0)),
		(predict(rate, leads, level)).low, (predict(rate, leads, level)).high, {as}(basket), {as}(cpl), {as}(margin));
COMMENT ON FUNCTION scenario({number}, rate, {number}, {number}, {number}, float8) IS
'The same from a rate whose trials are known, with the prediction interval of sales and revenue by predict(): chance '
'and what is not known about the rate, at a basket taken as given. NULL sales when the rate has no trials. Error on '
'leads that are negative or not whole, on negative basket or cpl, on NaN or an infinity, a margin outside 0..1, or a '
'level outside 0..1.';

-- END EACH
CREATE FUNCTION compare_scenarios(a scenario, b scenario)
	RETURNS TABLE ("position" integer, measure text, a numeric, b numeric, difference numeric)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT m."position", m.measure, m.a, m.b, coalesce(m.effect, m.b - m.a)
		FROM revenue_change(($1).leads, ($1).sales, ($1).revenue, ($2).leads, ($2).sales, ($2).revenue) AS c,
			LATERAL (VALUES
				(1, 'leads', ($1).leads, ($2).leads, NULL::numeric),
				(2, 'sales', ($1).sales, ($2).sales, NULL),
				(3, 'revenue', ($1).revenue, ($2).revenue, NULL),
				(4, 'revenue: volume effect', NULL, NULL, c.volume),
				(5, 'revenue: conversion effect', NULL, NULL, c.conversion),
				(6, 'revenue: basket effect', NULL, NULL, c.basket),
				(7, 'spend', ($1).spend, ($2).spend, NULL),
				(8, 'cac', ($1).cac, ($2).cac, NULL),
				(9, 'revenue_per_lead', ($1).revenue_per_lead, ($2).revenue_per_lead, NULL),
				(10, 'roas', ($1).roas, ($2).roas, NULL),
				(11, 'romi', ($1).romi, ($2).romi, NULL),
				(12, 'profit', ($1).profit, ($2).profit, NULL),
				(13, 'break_even_cpl', ($1).break_even_cpl, ($2).break_even_cpl, NULL))
				AS m("position", measure, a, b, effect)
		ORDER BY m."position";
	END;
COMMENT ON FUNCTION compare_scenarios(scenario, scenario) IS
'Two scenarios side by side, one row per measure: a, b and difference = b - a. Three rows split the difference of '
'revenue into its volume, conversion and basket effect (revenue_change), which add up to it exactly. A difference is '
'NULL when a measure is.';

-- What will come, when its expectation and variance are known

CREATE FUNCTION predict_amount(expected float8, variance float8, level float8 DEFAULT 0.95, OUT low float8, OUT high float8)
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION predict_amount(float8, float8, float8) IS
'Prediction interval of an amount that cannot be negative, such as the revenue or the sales of an open pipeline, '
'from its expectation and its variance (the square of its unit): the quantiles of the gamma distribution that has '
'both. Exactly the expectation when the variance is 0; a standard deviation of more than ten times the expectation '
'counts as ten times. Error on a negative, NaN or infinite argument, on a variance above 0 where 0 is expected, or a '
'level outside 0..1.';

-- What the next euro buys

CREATE TYPE marginal_cost AS (
	periods bigint,
	without_spend bigint,
	cpl float8,
	elasticity float8,
	elasticity_low float8,
	elasticity_high float8,
	marginal_cpl float8,
	marginal_cpl_low float8,
	marginal_cpl_high float8,
	reason text
);
COMMENT ON TYPE marginal_cost IS
'What the next euro buys: the result of aggregate marginal_cost. An association in observed data, not a promise of '
'cause and effect.';
COMMENT ON COLUMN marginal_cost.periods IS 'periods with spend, on which the estimate rests';
COMMENT ON COLUMN marginal_cost.without_spend IS 'periods without spend, left out: their leads cost nothing';
COMMENT ON COLUMN marginal_cost.cpl IS 'average cost per lead: spend / leads over these periods, money; NULL without leads';
COMMENT ON COLUMN marginal_cost.elasticity IS 'by how many percent leads rise when spend rises by one percent; NULL where reason says why';
COMMENT ON COLUMN marginal_cost.elasticity_low IS 'lower bound of its interval, at the level given to the aggregate, by default 95 %';
COMMENT ON COLUMN marginal_cost.elasticity_high IS 'upper bound of its interval';
COMMENT ON COLUMN marginal_cost.marginal_cpl IS 'cost of one more lead at the average spend: cpl / elasticity, money; NULL where reason says why';
COMMENT ON COLUMN marginal_cost.marginal_cpl_low IS
'cpl / elasticity_high: the next lead costs at least so much, money; '
'NULL where elasticity_high is not positive';
COMMENT ON COLUMN marginal_cost.marginal_cpl_high IS 'cpl / elasticity_low, money; NULL where elasticity_low is not positive, for then there is no upper bound';
COMMENT ON COLUMN marginal_cost.reason IS
'why there is no estimate: too_few_periods (under 6), no_leads, spend_does_not_vary (by 10 %), '
'no_convergence, not_beyond_chance (the interval of the elasticity contains 0), falls_with_spend (it lies below 0); NULL when there is one';

-- FOR EACH number, symbol: numeric ; (none) | float8 ; _float8
CREATE FUNCTION marginal_cost_accumulate(internal, {number}, {number}) RETURNS internal
	AS 'MODULE_PATHNAME', 'marginal_cost_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_accumulate(internal, {number}, {number}) IS
'transition function of aggregate marginal_cost';

CREATE FUNCTION marginal_cost_accumulate(internal, {number}, {number}, float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'marginal_cost_accumulate{symbol}' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_accumulate(internal, {number}, {number}, float8) IS
'transition function of aggregate marginal_cost with a level';

-- END EACH
CREATE FUNCTION marginal_cost_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_combine(internal, internal) IS 'combine function of aggregate marginal_cost';

CREATE FUNCTION marginal_cost_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_serialize(internal) IS 'serialization of the state of aggregate marginal_cost';

CREATE FUNCTION marginal_cost_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_deserialize(bytea, internal) IS
'deserialization of the state of aggregate marginal_cost';

CREATE FUNCTION marginal_cost_final(internal) RETURNS marginal_cost
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION marginal_cost_final(internal) IS 'final function of aggregate marginal_cost';

-- FOR EACH number: numeric | float8
CREATE AGGREGATE marginal_cost(spend {number}, leads {number}) (
	SFUNC = marginal_cost_accumulate, STYPE = internal, SSPACE = 1024,
	FINALFUNC = marginal_cost_final,
	COMBINEFUNC = marginal_cost_combine,
	SERIALFUNC = marginal_cost_serialize, DESERIALFUNC = marginal_cost_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE marginal_cost({number}, {number}) IS
'What the next euro buys, from one row per period with its spend (money) and leads: the elasticity of leads to spend '
'by a quasi-Poisson regression of leads on the logarithm of spend (McCullagh and Nelder 1989), and from it the cost '
'of one more lead, with 95 % intervals (Student). The data are observed: spend that followed demand looks as if it '
'had made it. NULL is 0, as FULL JOIN leaves it. NULL without rows; error on a negative amount, NaN or an infinity, '
'or more than 100000 periods.';

CREATE AGGREGATE marginal_cost(spend {number}, leads {number}, level float8) (
	SFUNC = marginal_cost_accumulate, STYPE = internal, SSPACE = 1024,
	FINALFUNC = marginal_cost_final,
	COMBINEFUNC = marginal_cost_combine,
	SERIALFUNC = marginal_cost_serialize, DESERIALFUNC = marginal_cost_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE marginal_cost({number}, {number}, float8) IS
'The same with intervals at a level between 0 and 1, the same in all rows (NULL = 0.95); not_beyond_chance is told '
'at this level too. Error on a level outside 0..1, or another one in another row.';

-- END EACH
