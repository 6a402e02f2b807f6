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
