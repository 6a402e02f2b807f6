-- The views that are read as they are, in psql or a spreadsheet: figures of other views, written as a person would.

CREATE FUNCTION mart_percent(share float8)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(100 * share::numeric, 1);
COMMENT ON FUNCTION mart_percent(float8) IS 'A share, 0 to 1, as percent with one digit; NULL for NULL.';

CREATE FUNCTION mart_report_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW funnel_report WITH (security_invoker = true) AS
	SELECT stage_position, stage, leads, mart_percent(step_rate) AS step_rate_percent, mart_percent(step_rate_low) AS step_rate_percent_low,
		mart_percent(step_rate_high) AS step_rate_percent_high, mart_percent(total_rate) AS total_rate_percent,
		mart_percent(total_rate_low) AS total_rate_percent_low, mart_percent(total_rate_high) AS total_rate_percent_high,
		round(median_days::numeric, 1) AS median_days
	FROM funnel
	ORDER BY stage_position;
	COMMENT ON VIEW funnel_report IS 'funnel in round numbers, to be read as it is: rates in percent. Compute with funnel, not with these.';

	CREATE OR REPLACE VIEW acceptance_report WITH (security_invoker = true) AS
	SELECT channel, transmitted, accepted, mart_percent(acceptance_rate) AS acceptance_rate_percent,
		mart_percent(acceptance_rate_low) AS acceptance_rate_percent_low, mart_percent(acceptance_rate_high) AS acceptance_rate_percent_high,
		mart_percent(threshold) AS threshold_percent, verdict, too_recent
	FROM mql_acceptance_by_channel
	ORDER BY acceptance_rate DESC NULLS LAST, channel;
	COMMENT ON VIEW acceptance_report IS
		'mql_acceptance_by_channel in round numbers, to be read as it is, the best channel first: rates in percent. Compute with mql_acceptance_by_channel, '
		'not with these.';

	CREATE OR REPLACE VIEW cpl_to_revenue_report WITH (security_invoker = true) AS
	SELECT month, channel, campaign, round(spend, 2) AS spend, leads, won, mart_percent(lead_to_won) AS lead_to_won_percent,
		mart_percent(lead_to_won_low) AS lead_to_won_percent_low, mart_percent(lead_to_won_high) AS lead_to_won_percent_high,
		mart_percent(maturity) AS maturity_percent, is_mature, round(revenue, 2) AS revenue, round(cpl, 2) AS cpl, round(break_even_cpl, 2) AS break_even_cpl,
		round(break_even_cpl_low, 2) AS break_even_cpl_low, round(break_even_cpl_high, 2) AS break_even_cpl_high, round(cac, 2) AS cac,
		round(cac_low, 2) AS cac_low, round(cac_high, 2) AS cac_high, round(roas::numeric, 2) AS roas, mart_percent(romi) AS romi_percent, verdict
	FROM cpl_to_revenue
	ORDER BY month, channel, campaign;
	COMMENT ON VIEW cpl_to_revenue_report IS
		'cpl_to_revenue in round numbers, to be read as it is: money with two digits, rates in percent. Compute with cpl_to_revenue, not with these.';

	CREATE OR REPLACE VIEW cohort_report WITH (security_invoker = true) AS
	SELECT month, leads, max(age_days) FILTER (WHERE is_mature) AS observed_days,
		mart_percent(max(conversion) FILTER (WHERE age_days = 30)) AS won_30_days_percent,
		mart_percent(max(conversion_low) FILTER (WHERE age_days = 30)) AS won_30_days_percent_low,
		mart_percent(max(conversion_high) FILTER (WHERE age_days = 30)) AS won_30_days_percent_high,
		mart_percent(max(conversion) FILTER (WHERE age_days = 90)) AS won_90_days_percent,
		mart_percent(max(conversion_low) FILTER (WHERE age_days = 90)) AS won_90_days_percent_low,
		mart_percent(max(conversion_high) FILTER (WHERE age_days = 90)) AS won_90_days_percent_high,
		mart_percent(max(conversion) FILTER (WHERE age_days = 180)) AS won_180_days_percent,
		mart_percent(max(conversion_low) FILTER (WHERE age_days = 180)) AS won_180_days_percent_low,
		mart_percent(max(conversion_high) FILTER (WHERE age_days = 180)) AS won_180_days_percent_high,
		mart_percent(max(conversion) FILTER (WHERE age_days = 365)) AS won_365_days_percent,
		mart_percent(max(conversion_low) FILTER (WHERE age_days = 365)) AS won_365_days_percent_low,
		mart_percent(max(conversion_high) FILTER (WHERE age_days = 365)) AS won_365_days_percent_high
	FROM cohort_conversion
	GROUP BY month, leads
	ORDER BY month;
	COMMENT ON VIEW cohort_report IS
		'cohort_conversion in round numbers, a row per month and a column per age, to be read as it is. Compute with cohort_conversion, not with these.';

	CREATE OR REPLACE VIEW change_report WITH (security_invoker = true) AS
	SELECT period, compared_with, after_start, before_start, round(comparable_days::numeric, 1) AS comparable_days, leads_before, leads_after, won_before,
		won_after, mart_percent(rate_before) AS rate_before_percent, mart_percent(rate_before_low) AS rate_before_percent_low,
		mart_percent(rate_before_high) AS rate_before_percent_high, mart_percent(rate_after) AS rate_after_percent,
		mart_percent(rate_after_low) AS rate_after_percent_low, mart_percent(rate_after_high) AS rate_after_percent_high,
		round(p_value::numeric, 3) AS p_value, verdict, round(revenue_before, 2) AS revenue_before, round(revenue_after, 2) AS revenue_after,
		round(revenue_difference, 2) AS revenue_difference, round(volume_effect, 2) AS volume_effect, round(mix_effect, 2) AS mix_effect,
		round(conversion_effect, 2) AS conversion_effect, round(basket_effect, 2) AS basket_effect, round(unexplained_effect, 2) AS unexplained_effect,
		largest_effect, reason
	FROM period_change
	ORDER BY period, compared_with;
	COMMENT ON VIEW change_report IS
		'period_change in round numbers, to be read as it is: rates in percent, money with two digits, so that the effects may miss their sum by a cent. '
		'Compute with period_change, not with these.';

	CREATE OR REPLACE VIEW forecast_report WITH (security_invoker = true) AS
	SELECT period, period_start, period_end, sold_so_far, round(expected_sales::numeric, 1) AS expected_sales, sales_low, sales_high,
		round(revenue_so_far, 2) AS revenue_so_far, round(expected_revenue, 2) AS expected_revenue, round(revenue_low, 2) AS revenue_low,
		round(revenue_high, 2) AS revenue_high, intervals_checked, intervals_held, reason
	FROM forecast_by_period
	ORDER BY period, period_start;
	COMMENT ON VIEW forecast_report IS
		'forecast_by_period in round numbers, to be read as it is: sales with one digit, money with two. Compute with forecast_by_period, not with these.';

	CREATE OR REPLACE VIEW owner_report WITH (security_invoker = true) AS
	SELECT owner, leads, answered, contacted, transmitted, accepted, mart_percent(acceptance_rate) AS acceptance_rate_percent,
		mart_percent(acceptance_rate_low) AS acceptance_rate_percent_low, mart_percent(acceptance_rate_high) AS acceptance_rate_percent_high, won,
		round(revenue, 2) AS revenue, decided_deals, decided_deals_won, mart_percent(win_rate) AS win_rate_percent,
		mart_percent(win_rate_low) AS win_rate_percent_low, mart_percent(win_rate_high) AS win_rate_percent_high,
		mart_percent(win_rate_of_others) AS win_rate_of_others_percent, round(team_p_value::numeric, 3) AS team_p_value, verdict, open_load
	FROM owner_performance
	WHERE grain = 'owner'
	ORDER BY win_rate DESC NULLS LAST, owner;
	COMMENT ON VIEW owner_report IS
		'owner_performance of all months, a row per owner, in round numbers, to be read as it is: rates in percent. Compute with owner_performance, not with '
		'these.';

	CREATE OR REPLACE VIEW target_report WITH (security_invoker = true) AS
	SELECT target_number, measure, channel, owner, starts_on, ends_on, phase, round(target_value, 2) AS target_value, round(so_far, 2) AS so_far,
		round(expected_total, 1) AS expected_total, round(expected_total_low, 1) AS expected_total_low, round(expected_total_high, 1) AS expected_total_high,
		mart_percent(probability_to_reach) AS probability_to_reach_percent, verdict, coalesce(problem, reason) AS reason
	FROM target_pacing
	ORDER BY starts_on, measure, channel, owner, target_number;
	COMMENT ON VIEW target_report IS 'target_pacing in round numbers, to be read as it is: chances in percent. Compute with target_pacing, not with these.';
END;
$$;
COMMENT ON FUNCTION mart_report_views(name) IS 'Internal to create_mart: makes the views in round numbers in the mart.';
