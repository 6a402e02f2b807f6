-- What every column of the mart's views means: once per name, and per view where a name means something else there.

CREATE FUNCTION mart_column_comments()
RETURNS TABLE (view text, attribute text, meaning text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH view_column(view, attributes) AS
	(VALUES
		('ladder', 'stage_position stage role'),
		('counted_lead', 'lead_id created_at kind channel campaign email company day month excluded_reason'),
		('clean_deal', 'deal_id lead_id opened_at closed_at is_won amount repeated'),
		('counted_deal', 'deal_id lead_id channel campaign month opened_at closed_at is_won amount excluded_reason'),
		('counted_spend', 'month channel campaign amount'),
		('funnel_event', 'lead_id stage entered_at created_at channel campaign month'),
		('observation', 'observed_until'),
		('lead_outcome', 'lead_id created_at month channel campaign family stage_position stage mql_at sal_at sql_at opportunity_at won_at lost_at deals_won revenue observed_until'),
		('lead_generated', 'day kind channel campaign gross excluded_invalid excluded_kind excluded_test excluded_bot excluded_internal excluded_duplicate counted'),
		('funnel', 'stage_position stage leads previous_leads entered_leads step_rate step_rate_low step_rate_high total_rate total_rate_low total_rate_high median_days p90_days mean_days'),
		('funnel_by_channel', 'channel stage_position stage leads previous_leads entered_leads step_rate step_rate_low step_rate_high total_rate total_rate_low total_rate_high median_days p90_days mean_days'),
		('funnel_by_campaign', 'channel campaign stage_position stage leads previous_leads entered_leads step_rate step_rate_low step_rate_high total_rate total_rate_low total_rate_high median_days p90_days mean_days'),
		('funnel_by_month', 'month stage_position stage leads previous_leads entered_leads step_rate step_rate_low step_rate_high total_rate total_rate_low total_rate_high median_days p90_days mean_days'),
		('mql_acceptance_by_channel', 'channel transmitted accepted acceptance_rate acceptance_rate_low acceptance_rate_high threshold verdict'),
		('mql_acceptance', 'transmitted accepted acceptance_rate acceptance_rate_low acceptance_rate_high threshold verdict'),
		('unit_cost', 'channel campaign stage_position stage leads spend unit_cost unit_cost_low unit_cost_high'),
		('cpl_to_revenue', 'month channel campaign spend leads mql sal sql opportunities won lead_to_won lead_to_won_low lead_to_won_high deals_won revenue cpl cac cac_low cac_high average_deal revenue_per_lead break_even_cpl roas romi'),
		('journey_event', 'lead_id channel campaign touched_at milestone converted_at value refund'),
		('attribution', 'model_position model is_default channel is_unattributed conversions revenue share spend cac roas'),
		('attribution_by_campaign', 'model_position model is_default channel campaign is_unattributed conversions revenue share spend cac roas'),
		('attribution_shift', 'channel lowest_share lowest_models highest_share highest_models difference default_share'),
		('journey_paths', 'path touches conversions revenue nulls conversion_rate conversion_rate_low conversion_rate_high'),
		('data_quality', 'check_name severity rows amount what_it_means what_to_do')
	), word(view, attribute, meaning) AS
	(VALUES
		(NULL, 'stage_position', 'Position of the stage on the ladder, from 1.'),
		(NULL, 'stage', 'The stage, as the ladder (table stage) names it.'),
		(NULL, 'role', 'What the stage means to the KPIs; NULL = nothing beyond the funnel.'),
		(NULL, 'lead_id', 'The lead''s key, of the mart''s key type.'),
		(NULL, 'created_at', 'When the lead was generated.'),
		(NULL, 'kind', 'What generated the lead; NULL = unknown.'),
		(NULL, 'channel', 'Channel of the lead or the spend; NULL = unknown, blank counts as NULL.'),
		(NULL, 'campaign', 'Campaign of the lead or the spend; NULL = none or unknown.'),
		(NULL, 'email', 'As it came.'),
		(NULL, 'company', 'As it came.'),
		(NULL, 'day', 'Day of the lead''s creation in the mart''s time zone; NULL when unknown.'),
		(NULL, 'month', 'First day of the month in which the leads were created (the cohort), in the mart''s time zone.'),
		('counted_spend', 'month', 'First day of the month of the spend; NULL when unknown.'),
		('cpl_to_revenue', 'month', 'First day of the month in which the leads were created and the money was spent; NULL = spend without a date.'),
		('counted_lead', 'excluded_reason', 'Why the lead is not counted: no_lead_id, repeated_lead_id, no_created_at, kind, test, bot, internal, duplicate; NULL = it is counted.'),
		('counted_deal', 'excluded_reason', 'Why the deal is not counted: repeated_deal_id, no_lead, excluded_lead; NULL = it is counted.'),
		(NULL, 'deal_id', 'The deal''s key.'),
		(NULL, 'opened_at', 'When the deal was opened; NULL = unknown.'),
		(NULL, 'closed_at', 'When the deal was won or lost; NULL = open or unknown.'),
		(NULL, 'is_won', 'True when the deal is marked won and has a closing time; else false.'),
		('clean_deal', 'amount', 'Revenue of the deal; NULL = unknown.'),
		('counted_deal', 'amount', 'Revenue of the deal; NULL = unknown.'),
		(NULL, 'repeated', 'True for every row but the first of a deal_id.'),
		('counted_spend', 'amount', 'Money spent; NULL = unknown.'),
		('data_quality', 'amount', 'The money concerned, where there is some: revenue of won deals, or spend.'),
		(NULL, 'entered_at', 'When the lead entered the stage.'),
		(NULL, 'observed_until', 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.'),
		(NULL, 'family', 'Family of the channel, by the table channel_family; a channel that is not listed is a family of its own.'),
		('lead_outcome', 'stage_position', 'Position on the ladder of the last stage that the funnel counts for the lead; NULL = not even the first, which ordered and any_order may say of a first stage before the lead.'),
		('lead_outcome', 'stage', 'The last stage that the funnel counts for the lead.'),
		(NULL, 'mql_at', 'When the lead reached the stage with role mql, as the funnel counts it; NULL = not reached.'),
		(NULL, 'sal_at', 'When the lead reached the stage with role sal, as the funnel counts it; NULL = not reached.'),
		(NULL, 'sql_at', 'When the lead reached the stage with role sql, as the funnel counts it; NULL = not reached.'),
		(NULL, 'opportunity_at', 'When the lead reached the stage with role opportunity, as the funnel counts it; NULL = not reached.'),
		(NULL, 'won_at', 'When the lead reached the stage with role won, as the funnel counts it; NULL = not reached.'),
		(NULL, 'lost_at', 'When the last deal of a lead that was not won was closed; NULL = won, still open, or never had a deal.'),
		('lead_outcome', 'deals_won', 'Won deals of the lead.'),
		('lead_outcome', 'revenue', 'Revenue of the lead''s won deals; 0 without one, NULL when no won deal has an amount.'),
		(NULL, 'gross', 'Rows of lead: counted plus every excluded column.'),
		(NULL, 'excluded_invalid', 'Not counted: no lead_id, no (finite) created_at, or a row that repeats a lead_id.'),
		(NULL, 'excluded_kind', 'Not counted: a kind outside rule.counted_kinds.'),
		(NULL, 'excluded_test', 'Not counted: a test, by rule.test_pattern.'),
		(NULL, 'excluded_bot', 'Not counted: a bot, by rule.bot_pattern.'),
		(NULL, 'excluded_internal', 'Not counted: the own company, by rule.internal_domains and rule.internal_pattern.'),
		(NULL, 'excluded_duplicate', 'Not counted: came again, by rule.duplicate_key and rule.duplicate_window.'),
		(NULL, 'counted', 'Leads that every KPI counts.'),
		(NULL, 'leads', 'Counted leads that reached the stage, each once.'),
		('cpl_to_revenue', 'leads', 'Counted leads.'),
		(NULL, 'previous_leads', 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.'),
		(NULL, 'entered_leads', 'Leads at the first stage: the denominator of total_rate.'),
		(NULL, 'step_rate', 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never average rates.'),
		(NULL, 'step_rate_low', 'Lower end of the Wilson interval of step_rate at rule.confidence_level.'),
		(NULL, 'step_rate_high', 'Upper end of the Wilson interval of step_rate at rule.confidence_level.'),
		(NULL, 'total_rate', 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.'),
		(NULL, 'total_rate_low', 'Lower end of the Wilson interval of total_rate at rule.confidence_level.'),
		(NULL, 'total_rate_high', 'Upper end of the Wilson interval of total_rate at rule.confidence_level.'),
		(NULL, 'median_days', 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.'),
		(NULL, 'p90_days', '90th percentile of the days from the stage before to this one; NULL when none or first stage.'),
		(NULL, 'mean_days', 'Mean days from the stage before to this one; NULL when none or first stage.'),
		(NULL, 'transmitted', 'Leads that reached the stage with role rule.transmitted_role; NULL when the ladder has none.'),
		(NULL, 'accepted', 'Leads that reached the stage with role rule.accepted_role; NULL when the ladder has none.'),
		(NULL, 'acceptance_rate', 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.'),
		(NULL, 'acceptance_rate_low', 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.'),
		(NULL, 'acceptance_rate_high', 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.'),
		(NULL, 'threshold', 'The agreed rate, 0 to 1: rule.acceptance_threshold.'),
		(NULL, 'verdict', 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when nothing was transmitted.'),
		(NULL, 'spend', 'Money spent; NULL = unknown (no spend row), which is not 0.'),
		(NULL, 'unit_cost', 'spend / leads: CPL at the first stage, CAC at the stage with role won. NULL without spend or leads, or when spend is negative.'),
		(NULL, 'unit_cost_low', 'Lower end of the exact Poisson interval of unit_cost at rule.confidence_level.'),
		(NULL, 'unit_cost_high', 'Upper end of the exact Poisson interval of unit_cost at rule.confidence_level; NULL = no upper limit.'),
		(NULL, 'mql', 'Leads that reached the stage with role mql; NULL when the ladder has none.'),
		(NULL, 'sal', 'Leads that reached the stage with role sal; NULL when the ladder has none.'),
		(NULL, 'sql', 'Leads that reached the stage with role sql; NULL when the ladder has none.'),
		(NULL, 'opportunities', 'Leads that reached the stage with role opportunity; NULL when the ladder has none.'),
		(NULL, 'won', 'Leads that reached the stage with role won (customers, not deals); NULL when the ladder has none.'),
		(NULL, 'lead_to_won', 'won / leads, 0 to 1; NULL without leads.'),
		(NULL, 'lead_to_won_low', 'Lower end of the Wilson interval of lead_to_won at rule.confidence_level.'),
		(NULL, 'lead_to_won_high', 'Upper end of the Wilson interval of lead_to_won at rule.confidence_level.'),
		(NULL, 'deals_won', 'Won deals of these leads; a lead may have several.'),
		(NULL, 'revenue', 'Sum of the amounts of these deals; 0 when nothing was won, NULL when something was won and no amount is known.'),
		(NULL, 'cpl', 'Cost per lead: spend / leads.'),
		(NULL, 'cac', 'Customer acquisition cost: spend / won.'),
		(NULL, 'cac_low', 'Lower end of the exact Poisson interval of cac at rule.confidence_level.'),
		(NULL, 'cac_high', 'Upper end of the exact Poisson interval of cac at rule.confidence_level; NULL = no upper limit.'),
		(NULL, 'average_deal', 'revenue / deals_won; NULL when nothing was won.'),
		(NULL, 'revenue_per_lead', 'revenue / leads.'),
		(NULL, 'break_even_cpl', 'The CPL at which these leads would just pay: revenue_per_lead x rule.gross_margin; NULL while the margin is not stated.'),
		(NULL, 'roas', 'revenue / spend.'),
		(NULL, 'romi', '(revenue x rule.gross_margin - spend) / spend; NULL while the margin is not stated.'),
		('journey_event', 'channel', 'Channel of the touch; NULL = unknown, blank counts as NULL. NULL on a conversion.'),
		('journey_event', 'campaign', 'Campaign of the touch; NULL = none or unknown. NULL on a conversion.'),
		(NULL, 'touched_at', 'When the lead was touched; NULL on a conversion.'),
		(NULL, 'milestone', 'lead: the last touch up to the creation of the lead; opportunity: the last one up to the opening of a won deal; lead and opportunity: both; else NULL.'),
		(NULL, 'converted_at', 'When the deal was won; NULL on a touch.'),
		(NULL, 'value', 'Revenue of the lead''s deals won at this instant, on the first of them; on the others 1e-12, 2e-12 and so on, by which lead_kpi.journeys tells them apart. 0 when the revenue is negative. NULL on a touch.'),
		(NULL, 'refund', 'Like value: how far the revenue is below 0, else 0. NULL on a touch.'),
		(NULL, 'model_position', 'Order of the models, from 1.'),
		(NULL, 'model', 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, markov (order 1) or shapley.'),
		(NULL, 'is_default', 'True for the model that rule.attribution_model names.'),
		('attribution', 'channel', 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.'),
		('attribution_by_campaign', 'channel', 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch where is_unattributed.'),
		('attribution_by_campaign', 'campaign', 'Campaign of the touch and the spend; NULL = none or unknown, or no touch where is_unattributed.'),
		('attribution_shift', 'channel', 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL).'),
		(NULL, 'is_unattributed', 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.'),
		(NULL, 'conversions', 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.'),
		('journey_paths', 'conversions', 'Won deals at the end of this path.'),
		('attribution', 'revenue', 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.'),
		('attribution_by_campaign', 'revenue', 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of counted leads.'),
		('journey_paths', 'revenue', 'Sum of the known amounts of these deals.'),
		(NULL, 'share', 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.'),
		('attribution', 'cac', 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.'),
		('attribution_by_campaign', 'cac', 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, or when spend is negative.'),
		('attribution', 'roas', 'revenue / spend. NULL without spend, or when it is not above 0.'),
		('attribution_by_campaign', 'roas', 'revenue / spend. NULL without spend, or when it is not above 0.'),
		(NULL, 'lowest_share', 'The least that any model gives the channel, as a share of all won deals, 0 to 1.'),
		(NULL, 'lowest_models', 'The models that give it the least, separated by commas.'),
		(NULL, 'highest_share', 'The most that any model gives the channel, as a share of all won deals, 0 to 1.'),
		(NULL, 'highest_models', 'The models that give it the most, separated by commas.'),
		(NULL, 'difference', 'highest_share - lowest_share: how far the models disagree.'),
		(NULL, 'default_share', 'What the model of rule.attribution_model gives.'),
		(NULL, 'path', 'Channels of the touches in order, joined by '' > ''; (unknown) = a touch without a channel. NULL = no touch.'),
		(NULL, 'touches', 'Touches on the path.'),
		(NULL, 'nulls', 'Journeys of this path that won no deal, or none yet.'),
		(NULL, 'conversion_rate', 'conversions / (conversions + nulls), 0 to 1; NULL without touches, where only wins are known. To sum up, divide sums: never average rates.'),
		(NULL, 'conversion_rate_low', 'Lower end of the Wilson interval of conversion_rate at rule.confidence_level.'),
		(NULL, 'conversion_rate_high', 'Upper end of the Wilson interval of conversion_rate at rule.confidence_level.'),
		(NULL, 'check_name', 'Name of the check; its first word is the relation.'),
		(NULL, 'severity', 'error, warning or info; ok when an error or warning concerns no row.'),
		(NULL, 'rows', 'Rows concerned.'),
		(NULL, 'what_it_means', 'In the language of rule.language.'),
		(NULL, 'what_to_do', 'In the language of rule.language.')
	)
	SELECT v.view, a.attribute, coalesce(own.meaning, shared.meaning)
	FROM view_column v
	CROSS JOIN LATERAL string_to_table(v.attributes, ' ') a(attribute)
	LEFT JOIN word own ON own.view = v.view AND own.attribute = a.attribute
	LEFT JOIN word shared ON shared.view IS NULL AND shared.attribute = a.attribute;
END;
COMMENT ON FUNCTION mart_column_comments() IS 'The views of a mart, their columns and what these mean: where COMMENT ON COLUMN takes its texts.';

CREATE FUNCTION mart_views()
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	item record;
BEGIN
	PERFORM mart_counting_views();
	PERFORM mart_outcome_views();
	PERFORM mart_kpi_views();
	PERFORM mart_attribution_views();
	PERFORM mart_quality_view();
	FOR item IN SELECT * FROM mart_column_comments()
	LOOP
		EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', item.view, item.attribute, item.meaning);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_views() IS 'Internal to create_mart: makes all views of a mart, with their comments, in the first schema of search_path.';
