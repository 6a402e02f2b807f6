-- forecast: how many leads will be sold, by how leads moved through the pipeline lately, with an interval from what earlier forecasts missed by.
--
-- Time is cut into windows of one length, counted back from now and numbered from the oldest, 1. A cell is a stage and how long a lead has been in it:
-- 6 * (stage - 1) + band, stages from 1, bands 1 to 6 for up to 7, 14, 30, 90, 180 days and more.

CREATE FUNCTION roll_rates(flows float8[], windows integer, OUT from_cell integer, OUT to_cell integer, OUT leads float8, OUT rate float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION roll_rates(float8[], integer) IS
'Which share of the leads of a cell goes where within a window (Cyert, Davidson, Thompson 1962), a row for each rate that is not 0. flows: rows of '
'window, from_cell (0 = new: not open when the window began, but created, reopened or sold in it), to_cell (-1 = won, -2 = lost) and how many leads, as '
'array_agg(ARRAY[...]). A window counts 0.8 of the one after it; each band is shrunk towards the next younger one of its stage by two leads, the first '
'towards its whole stage. leads: what the rates of from_cell rest on, so weighted. NULL arguments: no rows. Errors: windows or cells that there are not, '
'more than 120 windows.';

CREATE FUNCTION pipeline_chances(flows float8[], windows integer, horizons integer[],
		OUT horizon integer, OUT cell integer, OUT leads float8, OUT history float8, OUT chance float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION pipeline_chances(float8[], integer, integer[]) IS
'The chance (0 to 1) that a lead which is in a cell when the last window ends is won within so many windows (horizons), by roll_rates() applied that many '
'times. leads: in the cell then; history: what its rates rest on. Cell 0 is a new lead from the beginning of its window on, and leads how many come in '
'a window, the last ones counting most. Arguments and errors as for roll_rates().';

CREATE FUNCTION mixed_forecast(actual float8[], curve float8[], count float8[], horizon integer, level float8 DEFAULT 0.95,
		OUT origin integer, OUT expected float8, OUT share_of_count float8, OUT tests integer, OUT error_variance float8, OUT freedom float8,
		OUT variance float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION mixed_forecast(float8[], float8[], float8[], integer, float8) IS
'Two forecasts of a number of sales mixed by how well each did so far (Bates, Granger 1969): an element per origin in each array, the last one being now. '
'curve: one forecast; count: the other, NULL where there is none; actual: what came, NULL where nobody knows; horizon: how many origins later it was known. '
'A row per origin, by what was known then: expected, a geometric mean; share_of_count, the weight of count; tests, the outcomes known; error_variance of the '
'logarithm of the mixture, beyond chance and with a prior of four tests that missed by 25 %; freedom, its degrees; variance for predict_amount() at the level. '
'Errors count 0.9 of those a window later. NULL arguments: no rows. Errors: arrays that differ in length, negative numbers, NULL in curve.';

CREATE FUNCTION sales_forecast(flows float8[], revenues float8[], outcomes float8[], windows integer, horizons integer[], level float8 DEFAULT 0.95,
		OUT origin integer, OUT horizon integer, OUT target text, OUT open_leads float8, OUT curve float8, OUT count float8, OUT share_of_count float8,
		OUT expected float8, OUT tests integer, OUT error_variance float8, OUT freedom float8, OUT widening float8, OUT variance float8, OUT actual float8,
		OUT basket_mean float8, OUT basket_variance float8, OUT basket_wins float8,
		OUT expected_revenue float8, OUT revenue_error_variance float8, OUT revenue_variance float8, OUT actual_revenue float8)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 200;
COMMENT ON FUNCTION sales_forecast(float8[], float8[], float8[], integer, integer[], float8) IS
'Sales from open leads (target = open leads) and with those to come (all sales) within so many windows (horizons), forecast at the end of each window '
'(origin) with what was known then, the last origin being now; the first one is the end of the window after that of the first sale. flows: see roll_rates(). '
'revenues: rows of window, won leads with a known amount, its sum, and the sum of its squares. outcomes: rows of origin, a later window, how many of the '
'leads that were open at the end of origin were won in it, how many of these with a known amount, and its sum. open_leads: at the origin; curve: by roll '
'rates; count: as many as the '
'last three windows sold, or, of open leads, the last three outcomes, none before the first sale; expected: both, mixed as in mixed_forecast(). variance, '
'revenue_variance: for '
'predict_amount() at the level, by what earlier forecasts missed by, widened by (t / z) squared (widening). basket_*: revenue of a won lead, of '
'basket_wins leads. actual: what came, NULL while the horizon is not over; won leads without an amount count as a basket in actual_revenue. NULL arguments: '
'no rows. Errors as for roll_rates().';

-- What happened to a lead, and where it was when windows ended: the two aggregates that the views of the mart count moves with. One groups the events of
-- each lead into a value, the other counts the leads; what the events mean is found out in between, in C (src/forecast/pipeline_episode.c).

CREATE FUNCTION pipeline_history_accumulate(internal, text, integer, timestamptz, timestamptz, timestamptz, boolean, numeric) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_history_accumulate(internal, text, integer, timestamptz, timestamptz, timestamptz, boolean, numeric) IS
'transition function of aggregate pipeline_history';

CREATE FUNCTION pipeline_history_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_history_combine(internal, internal) IS 'combine function of aggregate pipeline_history';

CREATE FUNCTION pipeline_history_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_history_serialize(internal) IS 'serialization of the state of aggregate pipeline_history';

CREATE FUNCTION pipeline_history_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_history_deserialize(bytea, internal) IS 'deserialization of the state of aggregate pipeline_history';

CREATE FUNCTION pipeline_history_final(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_history_final(internal) IS 'final function of aggregate pipeline_history';

CREATE AGGREGATE pipeline_history(kind text, stage_position integer, entered_at timestamptz, opened_at timestamptz, ended_by timestamptz, is_won boolean,
		amount numeric) (
	SFUNC = pipeline_history_accumulate, STYPE = internal, SSPACE = 256,
	FINALFUNC = pipeline_history_final,
	COMBINEFUNC = pipeline_history_combine,
	SERIALFUNC = pipeline_history_serialize, DESERIALFUNC = pipeline_history_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pipeline_history(text, integer, timestamptz, timestamptz, timestamptz, boolean, numeric) IS
'The events of one lead, in any order, as open_episodes() and pipeline_moves() read them. kind and the rest as in lead_event: lead (when it came), stage, '
'exit (counts from entered_at; what happens until ended_by is before it), opened, deal (entered_at is when it closed, NULL while it is open; is_won and '
'amount), and won (when the funnel counts it). stage_position is that on the ladder, 1 to 32; NULL: not on it. What has no time counts for nothing, but an '
'open deal. NULL without rows. Errors: other kinds, other positions. Internal to the forecast.';

CREATE FUNCTION open_episodes(history bytea, won_position integer, OUT stage_position integer, OUT stage_entered_at timestamptz, OUT is_open boolean,
		OUT open_from timestamptz, OUT open_until timestamptz)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 2;
COMMENT ON FUNCTION open_episodes(bytea, integer) IS
'From when to when a lead was open with each stage as the furthest that it had reached: neither won nor lost by what was known then. An exit loses a lead, '
'and so does the end of its last open deal, until a stage or a deal opens it again. Stages from won_position on (NULL: there is none) are not open (is_open) '
'and have a row per time that the lead was opened. NULL history: no rows. Errors: bytes that pipeline_history() does not make. Internal to the forecast.';

CREATE FUNCTION pipeline_moves_accumulate(internal, bytea, integer, timestamptz, timestamptz[], timestamptz[]) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_moves_accumulate(internal, bytea, integer, timestamptz, timestamptz[], timestamptz[]) IS
'transition function of aggregate pipeline_moves';

CREATE FUNCTION pipeline_moves_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_moves_combine(internal, internal) IS 'combine function of aggregate pipeline_moves';

CREATE FUNCTION pipeline_moves_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_moves_serialize(internal) IS 'serialization of the state of aggregate pipeline_moves';

CREATE FUNCTION pipeline_moves_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_moves_deserialize(bytea, internal) IS 'deserialization of the state of aggregate pipeline_moves';

CREATE FUNCTION pipeline_moves_final(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pipeline_moves_final(internal) IS 'final function of aggregate pipeline_moves';

CREATE AGGREGATE pipeline_moves(history bytea, won_position integer, observed_until timestamptz, day_ends timestamptz[], month_ends timestamptz[]) (
	SFUNC = pipeline_moves_accumulate, STYPE = internal, SSPACE = 65536,
	FINALFUNC = pipeline_moves_final,
	COMBINEFUNC = pipeline_moves_combine,
	SERIALFUNC = pipeline_moves_serialize, DESERIALFUNC = pipeline_moves_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pipeline_moves(bytea, integer, timestamptz, timestamptz[], timestamptz[]) IS
'How many leads, a row of pipeline_history() each, went from where to where in each of 24 windows, in windows of days and of months: pipeline_counts() '
'shows it. day_ends, month_ends: 25 times in order, see forecast_ends(); the last of the days is observed_until. Deals count as they stood then. All sums '
'are exact. NULL history: no lead; NULL without rows. Errors: other arguments that differ from row to row or are NULL, but won_position. Internal to the '
'forecast.';

CREATE FUNCTION pipeline_counts(moves bytea, OUT kind text, OUT unit text, OUT window_number integer, OUT from_cell integer, OUT to_cell integer,
		OUT leads bigint, OUT priced_leads bigint, OUT amount numeric, OUT squares float8, OUT deals bigint, OUT deals_without_amount bigint,
		OUT at timestamptz)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 4000;
COMMENT ON FUNCTION pipeline_counts(bytea) IS
'What pipeline_moves() counted, as the rows of forecast_count. NULL: no leads. Errors: bytes that pipeline_moves() does not make. Internal to the forecast.';
