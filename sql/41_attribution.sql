-- attribution: which channels are credited with the conversions of journeys.

CREATE FUNCTION attribution(
	journeys journeys, model text, markov_order integer DEFAULT 1, half_life interval DEFAULT NULL,
	weights double precision[] DEFAULT NULL, bootstrap integer DEFAULT 0, seed bigint DEFAULT 0,
	level double precision DEFAULT 0.95, direct text[] DEFAULT '{direct}',
	OUT channel text, OUT conversions double precision, OUT value double precision, OUT share double precision,
	OUT low double precision, OUT high double precision
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'journey_attribution' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION attribution(journeys, text, integer, interval, double precision[], integer, bigint, double precision, text[]) IS
'What each channel is credited with: a row per channel, by name, and a row with channel NULL for conversions that no '
'touch explains; conversions and value sum to the totals. share: of all conversions, NULL when there are none. '
'model: one of attribution_models(); an unknown one is an error that lists them. markov_order: 1 to 5. half_life: if '
'given, checked against the one the journeys were built with. weights: of position_based (first, between, last), '
'w_shaped (first, lead, opportunity, others), full_path (first, lead, opportunity, last, others). low, high: '
'interval of conversions at level by a Poisson bootstrap of that many samples over journeys, the same for the same '
'seed; NULL without bootstrap. direct: channels that last_non_direct passes over, in any case. Optional arguments '
'that are NULL take their default; no rows for NULL journeys.';

CREATE FUNCTION attribution_models(OUT model text) RETURNS SETOF text
	AS 'MODULE_PATHNAME', 'journey_attribution_models' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 11;
COMMENT ON FUNCTION attribution_models() IS
'The models that attribution() knows, a row for each: FROM attribution_models() m, attribution(j, m).';

CREATE FUNCTION removal_effects(
	journeys journeys, markov_order integer DEFAULT 1,
	OUT channel text, OUT removal_effect double precision, OUT removal_effect_value double precision
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'journey_removal_effects' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION removal_effects(journeys, integer) IS
'The share (0 to 1) of conversions, and of their value, that would be lost without a channel, in an absorbing Markov '
'chain of order 1 to 5 (Anderl et al., 2016), solved exactly. NULL when there is nothing to lose. No rows for NULL '
'journeys.';

CREATE FUNCTION transitions(
	journeys journeys, markov_order integer DEFAULT 1,
	OUT from_state text, OUT to_state text, OUT journeys double precision, OUT probability double precision
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'journey_transitions' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION transitions(journeys, integer) IS
'The transitions of the Markov chain of order 1 to 5: how often journeys pass from a state to another, and with '
'which probability. A state is up to markov_order channels in a row, joined by '' > ''; the ends are (start), '
'(conversion) and (null). A channel that reads like an end, like several channels, or begins with a quote is in '
'double quotes. No rows for NULL journeys.';

CREATE FUNCTION suggest_order(journeys) RETURNS integer
	AS 'MODULE_PATHNAME', 'journey_suggest_order' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suggest_order(journeys) IS
'The Markov order, 1 to 5, that predicts the next touch, or the end, best by the Bayesian information criterion.';
