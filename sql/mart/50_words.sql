-- What every column of the mart's views means: once per name, and per view where a name means something else there.
-- Nobody lists the columns: mart_comments walks the views that were made, and one without a word is an error.

CREATE FUNCTION mart_words()
RETURNS TABLE (views text, attribute text, meaning text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 350
BEGIN ATOMIC
	VALUES
	(NULL, 'grain', 'What the row is one of: all = the whole mart, else a channel, a campaign (within its channel), a month, or a month and a '
		'channel; in the forecast a stage, or a stage and the time in it (age). Read one grain, never sum over them.'),
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
	('cpl_to_revenue|cohort_revenue', 'month', 'First day of the month in which the leads were created and the money was spent; NULL = spend without a date.'),
	('counted_lead|judged_lead|lead_record', 'excluded_reason', 'Why the lead is not counted: no_lead_id, repeated_lead_id, merged, no_created_at, far_date, '
		'kind, test, bot, internal, duplicate; NULL = it is counted.'),
	('counted_deal', 'excluded_reason', 'Why the deal is not counted: repeated_deal_id, no_lead, excluded_lead; NULL = it is counted.'),
	(NULL, 'owner', 'Who works it; NULL = unknown.'),
	(NULL, 'account', 'The key of the company; NULL = unknown.'),
	(NULL, 'expected_close', 'When the deal is expected to close; it does not close it.'),
	('clean_deal|counted_deal|lead_event', 'reason', 'Why it was won or lost, or entered the stage; NULL = not said.'),
	(NULL, 'currency', 'The currency as it came; NULL = that of the mart.'),
	(NULL, 'week', 'First day (Monday) of the week of day.'),
	(NULL, 'quarter', 'First day of the fiscal quarter, by rule.fiscal_year_start.'),
	(NULL, 'fiscal_year', 'First day of the fiscal year, by rule.fiscal_year_start.'),
	(NULL, 'period_start', 'First day of the period.'),
	('funnel_by_grain', 'period_start', 'First day of the week, quarter or year; NULL for other grains.'),
	('funnel_by_period', 'period', 'week, month, quarter or year (by rule.fiscal_year_start).'),
	(NULL, 'duplicate_of', 'The lead that it folds into, in the end: the first of the same, or the survivor of a merge; NULL = none.'),
	(NULL, 'record_id', 'lead_id as the relation has it.'),
	('lead_record|lead_event', 'lead_id', 'The counted lead that the record counts for; NULL = none.'),
	('judged_lead', 'duplicate_key', 'What the lead is compared with others by, made comparable; NULL = nothing.'),
	('judged_lead', 'second_key', 'What else it is compared by, when rule.duplicate_key is email_or_phone.'),
	('judged_lead', 'same_as', 'The lead that it was merged into, or the first of those that are the same; that one may itself be the same as another.'),
	('merged_lead', 'survivor', 'The lead that survived at the end of the chain.'),
	('lead_event', 'kind', 'lead, folded, stage, exit, opened or deal.'),
	('lead_event', 'entered_at', 'When it happened: creation, entering the stage, opening or closing of the deal.'),
	('lead_event', 'stage', 'The stage as the ladder names it; of a deal that of the role opportunity or won; NULL = none.'),
	('lead_event', 'excluded_reason', 'Why the row does not count: no_lead, excluded_lead, unknown_stage, no_time, far_date, repeated_deal_id; '
		'NULL = it counts.'),
	('lead_event', 'sold_by', 'When the deal was closed at the latest: the end of the day, where only that is known. Touches until then came before.'),
	('lead_event', 'is_moved', 'True when the time was within rule.clock_skew before the creation of the lead and was moved to it.'),
	('counted_deal', 'closed_at', 'When the deal was won or lost: on a day without an hour at the lead''s own hour, or after what else happened that day; '
		'NULL = open.'),
	('counted_spend', 'spent_on', 'The day of the spend; NULL = unknown.'),
	('counted_spend', 'is_ambiguous', 'True when no channel is named, and the campaign has leads in several.'),
	('campaign_channel', 'channels', 'How many channels the leads of the campaign have, an unknown one included.'),
	('counted_volume', 'excluded_reason', 'Why the row does not count: no_day, unknown_stage, no_leads (negative or NULL); NULL = it counts.'),
	('counted_volume', 'day', 'The day as it came; NULL = unknown.'),
	('counted_volume', 'leads', 'How many leads of that day reached the stage.'),
	('currency_worth', 'currency', 'The currency, as spend or deal spell it.'),
	('currency_worth', 'is_own', 'True for the currency of the mart.'),
	('currency_worth', 'valid_from', 'First day on which the rate holds; NULL = of the mart''s own, or without a rate.'),
	('currency_worth', 'valid_until', 'First day on which it does no longer hold.'),
	('currency_worth', 'rate', 'How many units of the currency of the mart one unit is worth; NULL = not known.'),
	('data_span', 'far_before', 'What is dated before is set aside as a typing error; NULL = nothing.'),
	('data_span', 'far_after', 'What is dated from then on is set aside as a typing error.'),
	('data_span', 'latest', 'The latest time in the data that is not in the future and not set aside; where that is a day, its end.'),
	('spelling|touch_spelling', 'what', 'channel or campaign.'),
	('spelling|touch_spelling', 'spelling', 'As the relations have it.'),
	('spelling|touch_spelling', 'name', 'As the views show it.'),
	('spelling', 'folded', 'The spelling in lower case without outer blanks.'),
	(NULL, 'deal_id', 'The deal''s key.'),
	(NULL, 'opened_at', 'When the deal was opened; NULL = unknown.'),
	(NULL, 'closed_at', 'When the deal was won or lost; NULL = open or unknown.'),
	(NULL, 'is_won', 'True when the deal is marked won and has a closing time that is not to come; else false.'),
	('clean_deal|counted_deal|lead_event', 'amount', 'Revenue of the deal in the currency of the mart; NULL = unknown, or a currency without a rate.'),
	(NULL, 'repeated', 'True for every row of a deal_id but that of its newest state.'),
	('counted_spend|allocated_spend', 'amount', 'Money spent, in the currency of the mart; NULL = unknown, or a currency without a rate.'),
	('data_quality', 'amount', 'The money concerned, where there is some: revenue of won deals, or spend.'),
	(NULL, 'entered_at', 'When the lead entered the stage.'),
	(NULL, 'observed_until', 'Up to when the data is complete: rule.observed_until, else the latest time in the data that is not in the future.'),
	(NULL, 'family', 'Family of the channel, by the table channel_family; a channel that is not listed is a family of its own.'),
	('lead_outcome', 'stage_position', 'Position on the ladder of the last stage that the funnel counts for the lead; NULL = not even the first, '
		'which ordered and any_order may say of a first stage before the lead.'),
	('lead_outcome', 'stage', 'The last stage that the funnel counts for the lead.'),
	(NULL, 'mql_at', 'When the lead reached the stage with role mql, as the funnel counts it; NULL = not reached.'),
	(NULL, 'sal_at', 'When the lead reached the stage with role sal, as the funnel counts it; NULL = not reached.'),
	(NULL, 'sql_at', 'When the lead reached the stage with role sql, as the funnel counts it; NULL = not reached.'),
	(NULL, 'opportunity_at', 'When the lead reached the stage with role opportunity, as the funnel counts it; NULL = not reached.'),
	(NULL, 'won_at', 'When the lead reached the stage with role won, as the funnel counts it; NULL = not reached.'),
	(NULL, 'lost_at', 'When the last deal of a lead that was not won was closed; NULL = won, still open, or never had a deal.'),
	('lead_outcome', 'deals_won', 'Won deals of the lead.'),
	('lead_outcome', 'revenue', 'Revenue of the lead''s won deals; 0 without one, NULL when no won deal has an amount.'),
	(NULL, 'as_of', 'The moment that the row describes: the last microsecond of a month in the mart''s time zone, or observed_until.'),
	(NULL, 'is_now', 'True for the pipeline at observed_until, false for those at the ends of months.'),
	('pipeline_snapshot', 'stage_position', 'Position on the ladder of the furthest stage that the lead had reached by as_of, whatever the funnel''s policy.'),
	('pipeline_snapshot', 'stage', 'The furthest stage that the lead had reached by as_of.'),
	(NULL, 'stage_entered_at', 'When the lead reached that stage.'),
	('pipeline_snapshot', 'won_at', 'When the lead was won later, as the funnel counts it, by observed_until; NULL = not yet. Of the future, seen from as_of.'),
	('pipeline_snapshot', 'lost_at', 'When the lead was lost later, by observed_until; NULL = not yet. Of the future, seen from as_of.'),
	(NULL, 'horizon_days', 'Within how many days from observed_until, of 24 hours.'),
	('forecast.*', 'open_leads', 'Counted leads that are neither won nor lost at observed_until.'),
	('forecast_deal', 'open_deals', 'Deals of the lead that were open at observed_until.'),
	('forecast_deal', 'open_amount', 'Sum of their amounts; NULL when no amount is known.'),
	('forecast_deal', 'closed_deals', 'Deals of the lead that were closed at observed_until.'),
	('forecast_deal', 'won_deals', 'Those of closed_deals that were won.'),
	('forecast_deal', 'revenue', 'Sum of the amounts of won_deals; NULL when no amount is known.'),
	('forecast_cell', 'amount', 'Sum of the amounts of open_deals.'),
	('forecast_cell', 'leads_without_amount', 'Those of open_leads that have no open deal with an amount: they are expected to bring basket_mean.'),
	('forecast_cell', 'squares', 'Sum of the squares of what the open deals of each lead come to; NULL with a negative amount, or beyond 1e100.'),
	('forecast_cell', 'is_known', 'True when somebody like them was observed for the whole horizon.'),
	('forecast_cell', 'basket_wins', 'Won leads of the mart with a known revenue.'),
	('forecast_cell', 'basket_mean', 'Mean revenue of these; NULL without one.'),
	('forecast_cell', 'basket_plain_mean', 'basket_mean as float8; NULL beyond 1e100.'),
	('forecast_cell', 'basket_variance', 'Variance of their revenue; NULL with fewer than two, and beyond 1e100.'),
	(NULL, 'leads_without_history', 'Those of open_leads whose like (same stage, same time in it) nobody observed for as long as horizon_days: they '
		'are expected to bring what was seen, so more may come.'),
	(NULL, 'expected_sales', 'How many of open_leads are expected to be won within horizon_days: the sum of their probabilities. Too low where '
		'leads_without_history is above 0; NULL when no lead has a history, or the ladder no stage with role won.'),
	(NULL, 'sales_low', 'Lower end of the prediction interval of the sales at rule.confidence_level: chance, and what the past does not tell of the '
		'probabilities.'),
	(NULL, 'sales_high', 'Upper end of the prediction interval of the sales at rule.confidence_level; it leaves out what leads_without_history may '
		'bring beyond the expectation.'),
	(NULL, 'expected_revenue', 'The revenue expected with these sales: probability times the amounts of the lead''s open deals, or the mean revenue '
		'of won leads where it has none with an amount. NULL when that is not known either.'),
	(NULL, 'revenue_low', 'Lower end of the prediction interval of the revenue at rule.confidence_level: that of the sales, and how much the '
		'revenue of won leads varies. NULL when fewer than two won leads tell that, with negative amounts, or beyond 1e100.'),
	(NULL, 'revenue_high', 'Upper end of the prediction interval of the revenue at rule.confidence_level; see revenue_low.'),
	(NULL, 'open_deals', 'Deals of the open leads that were open at observed_until.'),
	(NULL, 'deals_without_amount', 'Those of open_deals without an amount: they are not in the pipeline.'),
	(NULL, 'pipeline', 'Sum of the amounts of open_deals; 0 without one, NULL when no amount is known.'),
	(NULL, 'won_of_closed_deals', 'Win rate by count, of all deals of counted leads closed by observed_until: won / closed, 0 to 1; NULL when none '
		'was closed.'),
	(NULL, 'weighted_pipeline', 'pipeline x won_of_closed_deals: the usual figure, beside the forecast. It knows no horizon, no age, and no lead '
		'without a deal.'),
	(NULL, 'days_in_stage_from', 'Days since the lead reached the stage: at least so many.'),
	(NULL, 'days_in_stage_to', 'Days since the lead reached the stage: fewer than that; NULL = no limit.'),
	(NULL, 'win_probability', 'Share won within horizon_days of the leads that were open at the end of a month in this stage for as long, 0 to 1 '
		'(Aalen-Johansen: open ones count for as long as they were observed, a lost lead never wins). Of those of leads_without_history: within the '
		'time that was observed, NULL when none was.'),
	(NULL, 'win_probability_low', 'Lower end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is NULL, 0 or 1.'),
	(NULL, 'win_probability_high', 'Upper end of the interval (log-log, Greenwood) of win_probability at rule.confidence_level; NULL where it is '
		'NULL, 0 or 1.'),
	(NULL, 'history_leads', 'How many leads, observed for the whole horizon, win_probability is worth: what the intervals of the forecast rest on. '
		'The month ends of one lead overlap, and leads observed for a part count in part.'),
	('channel_comparison', 'family', 'Family of the channels of the lead or the spend, by the table channel_family; a channel that is not listed is '
		'a family of its own. NULL = unknown channel.'),
	('channel_comparison|cpl_to_revenue|cohort_revenue', 'leads', 'Counted leads.'),
	('channel_comparison', 'revenue', 'Sum of the amounts of their won deals; 0 when nothing was won, NULL when something was won and no amount is known.'),
	(NULL, 'share_of_leads', 'leads as a share of those of all families, 0 to 1.'),
	(NULL, 'lead_to_sql', 'sql / leads, 0 to 1; NULL without leads.'),
	(NULL, 'lead_to_sql_low', 'Lower end of the Wilson interval of lead_to_sql at rule.confidence_level.'),
	(NULL, 'lead_to_sql_high', 'Upper end of the Wilson interval of lead_to_sql at rule.confidence_level.'),
	(NULL, 'share_of_revenue', 'revenue as a share of that of all families, 0 to 1; NULL when nothing was won, or when the revenue of a family is '
		'unknown or negative.'),
	(NULL, 'revenue_per_lead_low', 'Lower end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 leads '
		'that brought revenue, which do not tell its spread.'),
	(NULL, 'revenue_per_lead_high', 'Upper end of the interval (Student) of revenue_per_lead at rule.confidence_level; NULL with fewer than 10 '
		'leads that brought revenue, which do not tell its spread.'),
	(NULL, 'period', 'month or quarter: the last one that is complete at observed_until, in the mart''s time zone.'),
	('period_change', 'compared_with', 'previous: the period before it; year before: the same period a year before.'),
	(NULL, 'after_start', 'First day of the period.'),
	(NULL, 'before_start', 'First day of the period it is compared with.'),
	(NULL, 'comparable_days', 'The age that the youngest lead of the period had at observed_until. Only what was won up to this age counts, in both periods.'),
	(NULL, 'leads_before', 'Counted leads created in the period compared with.'),
	(NULL, 'leads_after', 'Counted leads created in the period.'),
	(NULL, 'won_before', 'Those of leads_before won within comparable_days of their creation; NULL when the ladder has no stage with role won.'),
	(NULL, 'won_after', 'Those of leads_after won within comparable_days of their creation; NULL when the ladder has no stage with role won.'),
	(NULL, 'revenue_before', 'Amounts of the deals of leads_before won within comparable_days of the lead''s creation; NULL when something was won '
		'and no amount is known.'),
	(NULL, 'revenue_after', 'Amounts of the deals of leads_after won within comparable_days of the lead''s creation; NULL when something was won '
		'and no amount is known.'),
	(NULL, 'revenue_difference', 'revenue_after - revenue_before: the sum of the effects.'),
	(NULL, 'volume_effect', 'The part of revenue_difference that comes from the number of leads, money.'),
	(NULL, 'mix_effect', 'The part of revenue_difference that comes from the channels'' shares of the leads, money.'),
	(NULL, 'conversion_effect', 'The part of revenue_difference that comes from won / leads within the channels, money.'),
	(NULL, 'basket_effect', 'The part of revenue_difference that comes from revenue / won within the channels, money.'),
	(NULL, 'unexplained_effect', 'The part of revenue_difference in channels where leads and wins do not explain it: negative revenue, or deals '
		'that the funnel does not count as won; else 0.'),
	(NULL, 'rate_before', 'won_before / leads_before, 0 to 1; NULL without leads.'),
	(NULL, 'rate_before_low', 'Lower end of the Wilson interval of rate_before at rule.confidence_level.'),
	(NULL, 'rate_before_high', 'Upper end of the Wilson interval of rate_before at rule.confidence_level.'),
	(NULL, 'rate_after', 'won_after / leads_after, 0 to 1; NULL without leads.'),
	(NULL, 'rate_after_low', 'Lower end of the Wilson interval of rate_after at rule.confidence_level.'),
	(NULL, 'rate_after_high', 'Upper end of the Wilson interval of rate_after at rule.confidence_level.'),
	(NULL, 'p_value', 'Two-sided p-value of rate_after against rate_before (lead_kpi.compare: exact where counts are small); NULL when it is not defined.'),
	('period_change', 'verdict', 'up or down: rate_after differs from rate_before beyond chance at rule.confidence_level, by interval and p_value; '
		'else not yet certain. NULL when a period has no leads or the ladder no stage with role won.'),
	('cycle_time.*', 'leads', 'Counted leads: won + lost + open_leads + ignored_leads.'),
	('cycle_time.*', 'won', 'Leads that reached the stage with role won by observed_until; NULL when the ladder has none.'),
	('cycle_time.*', 'conversion', 'Share of leads won within observed_days, 0 to 1, open leads taken into account (Aalen-Johansen; a lost lead '
		'never wins). NULL when no lead could be observed.'),
	('cycle_time.*', 'median_days', 'First age by which half of conversion was won: the median time from creation to won of the leads that win '
		'within observed_days, the slow ones that are still open taken into account. NULL when none was won.'),
	('cycle_time.*', 'p90_days', 'First age by which 90 % of conversion was won; see median_days.'),
	(NULL, 'lost', 'Leads whose deals are all closed and none was won, by observed_until.'),
	(NULL, 'open_leads', 'Leads that were neither won nor lost at observed_until.'),
	(NULL, 'ignored_leads', 'Leads whose time cannot be told: created after observed_until, or won or lost before they were created.'),
	(NULL, 'observed_days', 'Age of the oldest lead at observed_until: slower wins cannot have been seen.'),
	(NULL, 'median_days_of_won', 'Median days from creation to won of the leads won so far: too short while leads are open. NULL when none was won.'),
	(NULL, 'p90_days_of_won', '90th percentile of the days from creation to won of the leads won so far: too short while leads are open.'),
	('cohort_conversion', 'age_days', 'Age of a lead, in days of 24 hours since its creation.'),
	(NULL, 'probability', 'Probability that the lead, open now, is won within rule.score_horizon of observed_until, by what lead_kpi.train_mart '
		'learned, 0.0001 to 0.9999. NULL for leads that are won or lost, and while nothing is learned.'),
	(NULL, 'probability_reasons', 'The three values of the lead that move the probability most, each with its effect on the log odds: above 0 for, '
		'below 0 against. lead.* is what the mart knows of it, the rest is from lead.attributes.'),
	('score_history', 'probability', 'Probability that the lead is won within rule.score_horizon of as_of, by what could have been learned by then, '
		'0.0001 to 0.9999; NULL while nothing could.'),
	('lead_features|score_history', 'fit', 'Points of the fit rules of rule.scorecard for the members of lead.attributes that rule.score_attributes '
		'names; NULL without a scorecard.'),
	('lead_features|score_history', 'engagement', 'Points of the engagement rules of rule.scorecard for the lead''s touches up to as_of, as of '
		'then; NULL = no touch, or no scorecard.'),
	('lead_features|score_history', 'won_within', 'Whether the lead was won within rule.score_horizon after as_of; NULL until is_mature, and '
		'without a stage with role won. Of the future, seen from as_of.'),
	('lead_features', 'attributes', 'What was known of the lead at as_of, as JSON text: the members of lead.attributes that rule.score_attributes '
		'names, and under lead what rule.score_features names: channel, campaign, kind, stage and for how long, recent_touches, touch_kinds.'),
	('lead_features|score_history|score_quality', 'is_mature', 'True when rule.score_horizon had passed by observed_until: the outcome is final.'),
	(NULL, 'score', 'scorecard: total of rule.scorecard as of then; probability: as learned by then.'),
	('score_quality', 'leads', 'Leads that were open at as_of.'),
	('score_lift', 'leads', 'Leads of this grade that were open at as_of.'),
	('score_calibration', 'leads', 'Leads that were open at as_of and had a probability of this step.'),
	('score_quality', 'won_within', 'Those of them that were won within rule.score_horizon; NULL until is_mature, and without a stage with role won.'),
	('score_(calibration|lift)', 'won_within', 'Those of them that were won within rule.score_horizon.'),
	('score_(lift|quality)', 'conversion', 'won_within / leads, 0 to 1. To sum up, divide sums: never average rates.'),
	('score_calibration', 'conversion', 'won_within / leads, 0 to 1: what mean_probability promised. To sum up, divide sums: never average rates.'),
	('score_(calibration|lift|quality)', 'conversion_low', 'Lower end of the Wilson interval of conversion at rule.confidence_level.'),
	('score_(calibration|lift|quality)', 'conversion_high', 'Upper end of the Wilson interval of conversion at rule.confidence_level.'),
	(NULL, 'auc', 'Area under the ROC curve: how often a lead that was won scored higher than one that was not; 0.5 is chance. NULL until '
		'is_mature, and without leads of both kinds.'),
	(NULL, 'auc_low', 'Lower end of the DeLong interval of auc at rule.confidence_level.'),
	(NULL, 'auc_high', 'Upper end of the DeLong interval of auc at rule.confidence_level.'),
	(NULL, 'gini', '2 auc - 1.'),
	(NULL, 'ks', 'Kolmogorov-Smirnov distance: the largest difference between the shares of won and of other leads up to a score, 0 to 1.'),
	(NULL, 'lift_top_10', 'How often the best-scored tenth of the leads was won, relative to all of them.'),
	(NULL, 'brier', 'Mean squared distance between probability and outcome, 0 to 1, lower is better; NULL for the scorecard, whose points are no probability.'),
	(NULL, 'calibration_intercept', 'Log odds of being won = intercept + slope x log odds of the probability; 0 is perfect. NULL for the scorecard.'),
	(NULL, 'calibration_slope', 'The slope of that line: 1 is perfect, below 1 the probabilities are too extreme. NULL for the scorecard.'),
	(NULL, 'drift', 'Population stability index of the attribute that moved most since the month end before: below 0.1 nothing, from 0.25 on much. '
		'As of the last train_mart; NULL before it.'),
	(NULL, 'drift_attribute', 'The attribute that moved most.'),
	('lead_features', 'stage_and_time', 'The stage that the lead had reached by as_of, and for how long.'),
	('score_quality', 'learned_attributes', 'What the probability of then reads: lead.stage (with the time in it), and attributes that had proved '
		'themselves by then, in that order; empty = one probability for all. NULL for the scorecard, and while nothing was learned.'),
	('score_quality', 'learned_leads', 'Leads that it learned from, each once, at however many month ends it was open.'),
	('score_quality', 'tested_month_ends', 'Earlier month ends on which the choice of attributes was tested: scored without their outcome, judged by it.'),
	('score_quality', 'tests', 'Leads of these month ends, of very many a sample; NULL = none yet.'),
	('score_quality', 'tested_log_loss', 'Mean of -ln(probability of what happened) over the tests, with the chosen attributes: lower is better.'),
	('score_quality', 'tested_log_loss_without', 'The same with none of them but the stage and the time in it.'),
	('score_quality', 'tested_auc', 'auc of the tests with the chosen attributes, a mean over month ends by leads won.'),
	('score_quality', 'tested_auc_without', 'The same with none of them but the stage and the time in it.'),
	('score_choice', 'as_of', 'The month end, or the moment of training: what was known by then decided.'),
	('score_choice', 'is_latest', 'The choice that counts now.'),
	('score_choice', 'attribute', 'Member of lead.attributes, or lead.* for what the mart knows of the lead.'),
	('score_choice', 'is_chosen', 'Whether probabilities of then read it.'),
	('score_choice', 'reason', 'chosen; named by the rule (rule.score_attributes lists it, or rule.score_features does and it could not be tested '
		'yet); too few leads of a value (20 of known outcome); one value only; not tested yet (on three month ends); no better than chance; no better '
		'later on (it raised the log loss, in all tests or in the last ones); did harm (with it past scores would have been worse); not needed.'),
	('score_choice', 'leads', 'Leads that have a value of it.'),
	('score_choice', 'levels', 'Values, or ranges of numbers, that 20 leads or more of known outcome had: others say nothing.'),
	('score_choice', 'tests', 'Leads of later month ends that it was tested on.'),
	('score_choice', 'evidence', 'Standard errors by which it predicts what the model without it does not (score test; a lead is one at all month ends).'),
	('score_choice', 'evidence_needed', 'What chance does not reach at rule.confidence_level with so many candidates.'),
	('score_choice', 'gain', 'By how much it lowered the mean log loss of the tests, beside what was chosen before it; below 0 it did harm.'),
	('score_choice', 'weight', 'How much of its effects counts, 0 to 1: what chance and the attributes chosen before do not explain.'),
	(NULL, 'lift', 'conversion / conversion of all leads open at as_of; NULL when none of them was won.'),
	(NULL, 'probability_from', 'From this probability on.'),
	(NULL, 'probability_to', 'Up to this probability, which belongs to the next step; 1 to this one.'),
	(NULL, 'mean_probability', 'Mean probability of these leads.'),
	('cohort_conversion', 'leads', 'Counted leads created in the month.'),
	(NULL, 'won_within', 'Leads seen to be won within age_days, by observed_until; NULL when the ladder has no stage with role won.'),
	(NULL, 'observed_conversion', 'won_within / leads, 0 to 1: too low until is_mature.'),
	('cohort_conversion', 'conversion', 'Share of leads won within age_days, 0 to 1, leads younger than that taken into account (Aalen-Johansen, '
		'which is Kaplan-Meier where none is lost; a lost lead never wins). NULL beyond the oldest open lead.'),
	(NULL, 'conversion_low', 'Lower end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.'),
	(NULL, 'conversion_high', 'Upper end of the interval (log-log, Greenwood) of conversion at rule.confidence_level; NULL where conversion is NULL, 0 or 1.'),
	(NULL, 'at_risk', 'Leads that were still open at age_days, and observed then: what the estimate knows this age from.'),
	(NULL, 'is_mature', 'True when every lead of the month was observed for age_days: observed_conversion is then final.'),
	(NULL, 'gross', 'Rows of lead: counted plus every excluded column.'),
	(NULL, 'excluded_invalid', 'Not counted: no lead_id, no (finite) created_at, or a row that repeats a lead_id.'),
	(NULL, 'excluded_kind', 'Not counted: a kind outside rule.counted_kinds.'),
	(NULL, 'excluded_test', 'Not counted: a test, by rule.test_pattern.'),
	(NULL, 'excluded_bot', 'Not counted: a bot, by rule.bot_pattern.'),
	(NULL, 'excluded_internal', 'Not counted: the own company, by rule.internal_domains and rule.internal_pattern.'),
	(NULL, 'excluded_duplicate', 'Not counted: came again, by rule.duplicate_key and rule.duplicate_window.'),
	(NULL, 'counted', 'Leads that every KPI counts.'),
	(NULL, 'leads', 'Counted leads that reached the stage, each once; NULL for a stage that nobody writes down.'),
	(NULL, 'previous_leads', 'Leads at the stage before: the denominator of step_rate. NULL for the first stage.'),
	(NULL, 'entered_leads', 'Leads at the first stage: the denominator of total_rate.'),
	(NULL, 'step_rate', 'leads / previous_leads, 0 to 1; NULL for the first stage and where nothing can be divided. To sum up, divide sums: never '
		'average rates.'),
	(NULL, 'step_rate_low', 'Lower end of the Wilson interval of step_rate at rule.confidence_level.'),
	(NULL, 'step_rate_high', 'Upper end of the Wilson interval of step_rate at rule.confidence_level.'),
	(NULL, 'total_rate', 'leads / entered_leads, 0 to 1; NULL where nothing can be divided.'),
	(NULL, 'total_rate_low', 'Lower end of the Wilson interval of total_rate at rule.confidence_level.'),
	(NULL, 'total_rate_high', 'Upper end of the Wilson interval of total_rate at rule.confidence_level.'),
	(NULL, 'median_days', 'Median days from the stage before to this one, of the leads that made the step; NULL when none or first stage.'),
	(NULL, 'p90_days', '90th percentile of the days from the stage before to this one; NULL when none or first stage.'),
	(NULL, 'mean_days', 'Mean days from the stage before to this one; NULL when none or first stage.'),
	(NULL, 'transmitted', 'Leads that reached the stage with role rule.transmitted_role, but for too_recent; NULL when the ladder has none, or nobody '
		'writes it down.'),
	(NULL, 'accepted', 'Those of transmitted that reached the stage with role rule.accepted_role; NULL when the ladder has none, or nobody writes it down.'),
	(NULL, 'too_recent', 'Leads transmitted so recently that the answer may still come: within the time before observed_until that 90 % of the acceptances '
		'took.'),
	(NULL, 'acceptance_rate', 'accepted / transmitted, 0 to 1; NULL when nothing was transmitted.'),
	(NULL, 'acceptance_rate_low', 'Lower end of the Wilson interval of acceptance_rate at rule.confidence_level.'),
	(NULL, 'acceptance_rate_high', 'Upper end of the Wilson interval of acceptance_rate at rule.confidence_level.'),
	(NULL, 'threshold', 'The agreed rate, 0 to 1: rule.acceptance_threshold.'),
	(NULL, 'verdict', 'met: the whole interval reaches the threshold; below: none of it does; not yet certain: too few leads to say. NULL when '
		'nothing was transmitted.'),
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
	(NULL, 'maturity', 'Share of the wins to be expected of these leads that have had the time to come by observed_until, 0 to 1, by the conversion '
		'curve of all leads (Aalen-Johansen) up to the oldest age, in whole days, that it knows as well as 10 wins would tell it. NULL without '
		'leads, and when there is no such age: with fewer than about 10 leads won.'),
	('cohort_revenue', 'won_in_time', 'Those of won that were won by observed_until.'),
	('cohort_revenue', 'lost_in_time', 'Leads that were lost, and not won, by observed_until.'),
	('cohort_revenue', 'cost', 'spend; NULL when it is negative, where nothing can be divided by it.'),
	('cohort_revenue', 'per_lead_low', 'Lower end of the interval (Student) of revenue / leads at rule.confidence_level; NULL with fewer than 10 '
		'leads that brought revenue.'),
	('cohort_revenue', 'per_lead_high', 'Upper end of the interval (Student) of revenue / leads at rule.confidence_level; see per_lead_low.'),
	('cpl_to_revenue', 'is_mature', 'maturity >= 0.9. A cohort that is not has had too little time: its low conversion is not yet a drop.'),
	(NULL, 'expected_lead_to_won', 'Those won by observed_until / (leads x maturity), at most the share that was not lost: the share won when all have had '
		'their time. NULL while maturity is below 0.1.'),
	(NULL, 'expected_lead_to_won_low', 'Lower end of its Wilson interval at rule.confidence_level, with leads x maturity as trials; the share won where that '
		'is beyond what was not lost.'),
	(NULL, 'expected_lead_to_won_high', 'Upper end of its Wilson interval at rule.confidence_level, with leads x maturity as trials, at most the share that '
		'was not lost.'),
	('cpl_to_revenue', 'revenue_per_lead_low', 'Lower end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level: Student, '
		'with at least 10 leads that brought revenue; with fewer the exact Poisson bound of won, each customer bringing what those of the cohort '
		'bring, or else of the mart.'),
	('cpl_to_revenue', 'revenue_per_lead_high', 'Upper end of the interval of revenue_per_lead, as seen so far, at rule.confidence_level; see '
		'revenue_per_lead_low.'),
	(NULL, 'break_even_cpl_low', 'revenue_per_lead_low x rule.gross_margin.'),
	(NULL, 'break_even_cpl_high', 'revenue_per_lead_high x rule.gross_margin.'),
	('cpl_to_revenue', 'verdict', 'pays: cpl is at most break_even_cpl_low; does not pay: what came in, break_even_cpl_high, is less than cpl x '
		'maturity; else not yet certain. NULL when spend is not above 0, and without leads or rule.gross_margin.'),
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
	(NULL, 'months', 'Complete months with spend, on which the estimate rests; complete: before the month of observed_until.'),
	(NULL, 'months_without_spend', 'Complete months with leads but without spend, or with credit notes beyond it: left out of the estimate.'),
	('marginal_return', 'spend', 'Money spent in these months; NULL = none.'),
	('marginal_return', 'leads', 'Counted leads of these months; those of months without spend cost nothing and are left out.'),
	('marginal_return', 'cpl', 'Average cost per lead of these months: spend / leads.'),
	(NULL, 'elasticity', 'By how many percent leads rise when spend rises by one percent, see lead_kpi.marginal_cost; NULL where reason says why.'),
	(NULL, 'elasticity_low', 'Lower end of its interval (Student) at rule.confidence_level.'),
	(NULL, 'elasticity_high', 'Upper end of its interval (Student) at rule.confidence_level.'),
	(NULL, 'marginal_cpl', 'What one more lead costs at the average spend: cpl / elasticity.'),
	(NULL, 'marginal_cpl_low', 'cpl / elasticity_high: the next lead costs at least so much, at rule.confidence_level; NULL where elasticity_high '
		'is not above 0.'),
	(NULL, 'marginal_cpl_high', 'cpl / elasticity_low, at rule.confidence_level; NULL where elasticity_low is not above 0: there is no upper limit.'),
	('marginal_return', 'revenue_per_lead', 'Revenue per lead of the cohorts that are mature (see cpl_to_revenue); NULL without one, or when '
		'something was won and no amount is known.'),
	('marginal_return', 'break_even_cpl', 'revenue_per_lead x rule.gross_margin: the cost at which one more lead just pays; NULL while the margin '
		'is not stated.'),
	('marginal_return', 'break_even_cpl_low', 'Lower end of its interval at rule.confidence_level: the exact Poisson bound of the deals won, each '
		'bringing what those of the channel bring, or else of all channels.'),
	('marginal_return', 'break_even_cpl_high', 'Upper end of its interval at rule.confidence_level; see break_even_cpl_low.'),
	(NULL, 'marginal_return', 'break_even_cpl / marginal_cpl: the gross margin that the next euro brings back; above 1 it pays.'),
	(NULL, 'marginal_return_low', 'break_even_cpl_low / marginal_cpl_high: both at their worst.'),
	(NULL, 'marginal_return_high', 'break_even_cpl_high / marginal_cpl_low: both at their best.'),
	('marginal_return', 'verdict', 'spend more: marginal_return_low is above 1; spend less: marginal_return_high is below 1; else not yet certain. '
		'NULL where nothing can be said.'),
	('marginal_return', 'reason', 'Why there is no marginal_cpl: no_complete_month, too_few_periods (under 6 months), no_leads, spend_does_not_vary (by '
		'10 %), no_convergence, '
		'not_beyond_chance (leads are not seen to follow spend), falls_with_spend; or no marginal_return: no_mature_leads, revenue_unknown, '
		'no_gross_margin. NULL when there are both.'),
	('journey_event', 'channel', 'Channel of the touch; NULL = unknown, blank counts as NULL. NULL on a conversion.'),
	('journey_event', 'campaign', 'Campaign of the touch; NULL = none or unknown. NULL on a conversion.'),
	(NULL, 'touched_at', 'When the lead was touched; NULL on a conversion.'),
	(NULL, 'milestone', 'lead: the last touch up to the creation of the lead; opportunity: the last one up to the opening of a won deal; lead and '
		'opportunity: both; else NULL.'),
	(NULL, 'converted_at', 'When the deal was won; NULL on a touch.'),
	(NULL, 'value', 'Revenue of the lead''s deals won at this instant, on the first of them; on the others 1e-12, 2e-12 and so on, by which '
		'lead_kpi.journeys tells them apart. 0 when the revenue is negative. NULL on a touch.'),
	(NULL, 'refund', 'Like value: how far the revenue is below 0, else 0. NULL on a touch.'),
	(NULL, 'model_position', 'Order of the models, from 1.'),
	(NULL, 'model', 'The attribution model: first_touch, last_touch, last_non_direct, linear, time_decay, position_based, w_shaped, full_path, '
		'markov (order 1) or shapley.'),
	(NULL, 'is_default', 'True for the model that rule.attribution_model names.'),
	('attribution(_by_campaign|_by_grain)?', 'channel', 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL), or no touch '
		'where is_unattributed.'),
	('attribution_by_(campaign|grain)', 'campaign', 'Campaign of the touch and the spend; NULL = none or unknown, or no touch where is_unattributed.'),
	('attribution_shift', 'channel', 'Channel of the touch and the spend; NULL = unknown (blank counts as NULL).'),
	(NULL, 'is_unattributed', 'True for the row of won deals that no touch within rule.attribution_lookback explains; false for every channel, known or not.'),
	(NULL, 'conversions', 'Won deals credited, in parts of deals: per model they sum to the won deals of counted leads.'),
	('journey_paths', 'conversions', 'Won deals at the end of this path.'),
	('attribution(_by_campaign|_by_grain)?', 'revenue', 'Amounts of won deals credited: per model they sum to the known amounts of the won deals of '
		'counted leads.'),
	('journey_paths', 'revenue', 'Sum of the known amounts of these deals.'),
	(NULL, 'share', 'conversions as a share of those of the model, 0 to 1; NULL when nothing was won.'),
	('attribution(_by_campaign|_by_grain)?', 'cac', 'spend / conversions: what the model says a won deal costs. NULL without spend or conversions, '
		'or when spend is negative.'),
	('attribution(_by_campaign|_by_grain)?', 'roas', 'revenue / spend. NULL without spend, or when it is not above 0.'),
	(NULL, 'lowest_share', 'The least that any model gives the channel, as a share of all won deals, 0 to 1.'),
	(NULL, 'lowest_models', 'The models that give it the least, separated by commas.'),
	(NULL, 'highest_share', 'The most that any model gives the channel, as a share of all won deals, 0 to 1.'),
	(NULL, 'highest_models', 'The models that give it the most, separated by commas.'),
	(NULL, 'difference', 'highest_share - lowest_share: how far the models disagree.'),
	(NULL, 'default_share', 'What the model of rule.attribution_model gives.'),
	(NULL, 'path', 'Channels of the touches in order, joined by '' > ''; (unknown) = a touch without a channel. NULL = no touch.'),
	(NULL, 'touches', 'Touches on the path.'),
	(NULL, 'nulls', 'Journeys of this path that won no deal, or none yet.'),
	(NULL, 'conversion_rate', 'conversions / (conversions + nulls), 0 to 1; NULL without touches, where only wins are known. To sum up, divide '
		'sums: never average rates.'),
	(NULL, 'conversion_rate_low', 'Lower end of the Wilson interval of conversion_rate at rule.confidence_level.'),
	(NULL, 'conversion_rate_high', 'Upper end of the Wilson interval of conversion_rate at rule.confidence_level.'),
	(NULL, 'attributes', 'As it came, as JSON text.'),
	(NULL, 'fit', 'Points of the fit rules of rule.scorecard for lead.attributes; attributes that are no object tell nothing.'),
	(NULL, 'engagement', 'Points of the engagement rules of rule.scorecard for the lead''s touches (the event is touch.kind) as of observed_until; '
		'NULL = no touch.'),
	(NULL, 'total', 'fit + engagement, within total_cap and total_floor of the scorecard.'),
	(NULL, 'grade', 'A1 (best) to D4; a letter or a digit alone when the scorecard has grades for one part, NULL when it has none.'),
	(NULL, 'reasons', 'The three parts of the score with the most points above 0, each with its points; NULL = none.'),
	('hand_off', 'age_days', 'Days from the lead''s creation until observed_until.'),
	('icp_fit', 'leads', 'Counted leads: in_icp + outside.'),
	(NULL, 'in_icp', 'Leads with a fit of at least rule.icp_fit; NULL while that is not stated.'),
	(NULL, 'icp_share', 'in_icp / leads, 0 to 1. To sum up, divide sums: never average rates.'),
	(NULL, 'icp_share_low', 'Lower end of the Wilson interval of icp_share at rule.confidence_level.'),
	(NULL, 'icp_share_high', 'Upper end of the Wilson interval of icp_share at rule.confidence_level.'),
	(NULL, 'won_in_icp', 'Leads of in_icp that reached the stage with role won; NULL when the ladder has none.'),
	(NULL, 'icp_to_won', 'won_in_icp / in_icp, 0 to 1; NULL where nothing can be divided.'),
	(NULL, 'icp_to_won_low', 'Lower end of the Wilson interval of icp_to_won at rule.confidence_level.'),
	(NULL, 'icp_to_won_high', 'Upper end of the Wilson interval of icp_to_won at rule.confidence_level.'),
	(NULL, 'outside', 'Leads with a fit below rule.icp_fit; NULL while that is not stated.'),
	(NULL, 'won_outside', 'Leads of outside that reached the stage with role won; NULL when the ladder has none.'),
	(NULL, 'outside_to_won', 'won_outside / outside, 0 to 1; NULL where nothing can be divided.'),
	(NULL, 'outside_to_won_low', 'Lower end of the Wilson interval of outside_to_won at rule.confidence_level.'),
	(NULL, 'outside_to_won_high', 'Upper end of the Wilson interval of outside_to_won at rule.confidence_level.'),
	('diagnosis_lead', 'lost_at', 'When the last deal of a lead that was not won was closed, as known at observed_until; NULL = won, still open, or '
		'never had a deal.'),
	(NULL, 'qualified_at', 'When the lead reached the stage with role mql, or sql where mql is not recorded; NULL = not by observed_until.'),
	(NULL, 'transmitted_at', 'When the lead reached the stage with role rule.transmitted_role; NULL = not by observed_until, or acceptances are not recorded.'),
	(NULL, 'accepted_at', 'When the lead reached the stage with role rule.accepted_role; NULL = not by observed_until.'),
	(NULL, 'number', 'The question: 1 to 3 what was won in a month, a quarter and a quarter a year later, 4 and 5 what was qualified in a month and '
		'a quarter, 6 and 7 as 1 and 2 per channel, 8 per campaign, 9 what sales accepted, 10 the newest cohort.'),
	('diagnosis_(member|side|comparison|candidate|fit)', 'compared_with', 'What it is compared with: previous month, previous quarter, year before, '
		'three months before, other campaigns, agreed threshold or other models.'),
	('diagnosis_(member|side|comparison|candidate|fit)', 'since', 'First day of the period that it is about; NULL = all data.'),
	(NULL, 'is_after', 'True for the side that the question is about, false for the one it is compared with.'),
	(NULL, 'period_days', 'Days in the period of this side; NULL where no periods are compared.'),
	('diagnosis_(member|side)', 'channel', 'Channel, where the question is about channels or campaigns; NULL = unknown, or another question.'),
	('diagnosis_(member|side)', 'campaign', 'Campaign, where the question is about campaigns; NULL = none, or another question.'),
	('diagnosis_member', 'is_won', 'True when the lead was won, up to the age at which both sides are judged; for question 9 when sales accepted it.'),
	(NULL, 'is_qualified', 'True when the lead was qualified up to the age at which both sides are judged.'),
	(NULL, 'seconds', 'How long it took until it was won; NULL = not won.'),
	('diagnosis_member', 'amount', 'Revenue of a deal, or money spent on a campaign; NULL = unknown, or a lead.'),
	(NULL, 'is_lead', 'True for a lead; false for a deal won up to the age at which both sides are judged, and for spend.'),
	('diagnosis_member', 'created_at', 'When the lead was generated, for question 10.'),
	('diagnosis_member', 'won_at', 'When the lead was won, for question 10; NULL = not yet.'),
	('diagnosis_member', 'lost_at', 'When the lead was lost, for question 10; NULL = not.'),
	('diagnosis_side', 'leads', 'Leads of this side.'),
	('diagnosis_side', 'won', 'Those of them that were won, up to the age at which both sides are judged; for question 9 those accepted.'),
	(NULL, 'qualified', 'Those of them that were qualified, up to that age.'),
	('diagnosis_side', 'median_days', 'Median days until they were won; NULL when none was.'),
	('diagnosis_side', 'amount', 'Their revenue up to that age, NULL when no amount is known; for question 8 the money spent.'),
	(NULL, 'log_age', 'lead_kpi.moments, as text, of the logarithm of the seconds until they were won; NULL when none was.'),
	(NULL, 'per_lead', 'lead_kpi.moments, as text, of the revenue per lead, for questions 1 to 3.'),
	(NULL, 'curve', 'lead_kpi.conversion_curve, as text, of these leads, for question 10.'),
	('diagnosis_(comparison|candidate)', 'asked', 'How many such questions are asked: what p_value is multiplied with.'),
	('diagnosis_(comparison|candidate)', 'subject', 'The campaign or channel that it is about; NULL = all leads.'),
	(NULL, 'leads0', 'Leads of what it is compared with.'),
	(NULL, 'leads1', 'Leads of what it is about.'),
	(NULL, 'won0', 'Those of leads0 that were won, up to the age at which both are judged.'),
	(NULL, 'won1', 'Those of leads1 that were won, up to the age at which both are judged; for question 9 those accepted.'),
	(NULL, 'qualified0', 'Those of leads0 that were qualified, up to that age.'),
	(NULL, 'qualified1', 'Those of leads1 that were qualified, up to that age.'),
	(NULL, 'median_days0', 'Median days until those of leads0 were won.'),
	(NULL, 'median_days1', 'Median days until those of leads1 were won.'),
	(NULL, 'amount0', 'Revenue of leads0; for question 8 the money spent on them.'),
	(NULL, 'amount1', 'Revenue of leads1; for question 8 the money spent on them.'),
	(NULL, 'per_lead0', 'Revenue per lead of leads0.'),
	(NULL, 'per_lead1', 'Revenue per lead of leads1.'),
	(NULL, 'growth', 'Leads per day, as a multiple of those it is compared with; NULL where no periods are compared.'),
	(NULL, 'is_growing', 'True when growth is 1.15 or more, beyond chance at rule.confidence_level.'),
	(NULL, 'cost_ratio', 'Cost per lead of the campaign, as a multiple of that of the others.'),
	(NULL, 'cost_p_value', 'Two-sided p-value of cost_ratio (exact).'),
	(NULL, 'cac_ratio', 'Cost per customer of the campaign, as a multiple of that of the others.'),
	(NULL, 'won_difference', 'won1 / leads1 - won0 / leads0.'),
	(NULL, 'won_p_value', 'Two-sided p-value of won_difference (lead_kpi.compare: exact where counts are small).'),
	(NULL, 'qualified_difference', 'qualified1 / leads1 - qualified0 / leads0.'),
	(NULL, 'qualified_p_value', 'Two-sided p-value of qualified_difference (lead_kpi.compare: exact where counts are small).'),
	(NULL, 'age_difference', 'Difference of the mean logarithms of the time until won.'),
	(NULL, 'age_p_value', 'Two-sided p-value of age_difference (Welch).'),
	('diagnosis_comparison', 'revenue_difference', 'per_lead1 - per_lead0.'),
	(NULL, 'revenue_p_value', 'Two-sided p-value of revenue_difference (Welch).'),
	(NULL, 'curve_p_value', 'p-value of the log-rank test of the newest cohort against the three before, which compares them at the same age.'),
	(NULL, 'is_ahead_at_same_age', 'True when the newest cohort won more than the ones before would have at its age.'),
	(NULL, 'mix_total', 'Difference of the share won in all, for the months and quarters of questions 1 and 2.'),
	(NULL, 'mix_odds_ratio', 'Odds ratio of being won within the channels (Mantel-Haenszel).'),
	(NULL, 'mix_p_value', 'p-value of mix_odds_ratio.'),
	(NULL, 'is_simpson', 'True when the share won moves one way in all and the other way within the channels.'),
	(NULL, 'in_icp0', 'Those of leads0 with a fit of at least rule.icp_fit.'),
	(NULL, 'in_icp1', 'Those of leads1 with a fit of at least rule.icp_fit.'),
	('diagnosis_credit', 'channel', 'Channel of the touch and the spend; NULL = unknown.'),
	(NULL, 'losing', 'Attribution models by which the channel does not earn its spend back.'),
	(NULL, 'paying', 'Attribution models by which it does.'),
	(NULL, 'lowest', 'The lowest roas that a model gives it.'),
	(NULL, 'highest', 'The highest roas that a model gives it.'),
	(NULL, 'fewest', 'The fewest won deals that a model credits it with.'),
	(NULL, 'most', 'The most won deals that a model credits it with.'),
	('diagnosis_candidate', 'leads', 'The second figure of the message, see leads of the view diagnosis.'),
	('diagnosis_candidate', 'leads_compared', 'The first figure of the message, see leads_compared of the view diagnosis.'),
	('diagnosis_candidate', 'value', 'The fourth figure of the message, see value of the view diagnosis.'),
	('diagnosis_candidate', 'value_compared', 'The third figure of the message, see value_compared of the view diagnosis.'),
	(NULL, 'further_1', 'The fifth figure of the message, where it has one.'),
	(NULL, 'further_2', 'The sixth figure of the message, where it has one.'),
	(NULL, 'further_3', 'The seventh figure of the message, where it has one.'),
	(NULL, 'further_4', 'The eighth figure of the message, where it has one.'),
	('diagnosis_candidate', 'p_value', 'The chance of what was seen, two-sided, were nothing the matter; NULL where no test applies or too little '
		'is known for one.'),
	(NULL, 'is_material', 'True when the effect is large enough, and rests on enough wins, to be worth watching.'),
	(NULL, 'code', 'What was found, as a name that does not change with the language.'),
	('diagnosis', 'severity', 'warning: something goes wrong, beyond chance; watch: to be known, or not yet certain; good: something goes well, '
		'beyond chance.'),
	(NULL, 'subject', 'The channel, or channel / campaign, that it is about; NULL = all leads.'),
	(NULL, 'since', 'First day of the period in which it shows; NULL = it is about all data.'),
	('diagnosis', 'compared_with', 'What leads_compared and value_compared are of: the period before (previous month, previous quarter), the year '
		'before, the three months before, the other campaigns, the agreed threshold, or the lowest of the other models.'),
	(NULL, 'certainty', 'beyond chance: p_value is below 1 - rule.confidence_level; else not yet certain.'),
	('diagnosis', 'p_value', 'The chance of seeing this or more were nothing the matter, times the questions that diagnosis asks (Bonferroni), at '
		'most 1; NULL where no test applies or too little is known for one.'),
	('diagnosis', 'leads', 'Leads that value is of (for acceptance_below_threshold those accepted, for attribution_dependent_verdict the most won '
		'deals credited).'),
	(NULL, 'leads_compared', 'Leads that value_compared is of (for acceptance_below_threshold those transmitted, for attribution_dependent_verdict '
		'the fewest won deals credited).'),
	(NULL, 'measure', 'What value and value_compared measure: lead_to_won, lead_to_qualified, acceptance_rate and icp_share (0 to 1, periods at the '
		'same age), revenue (money), median_days, roas.'),
	('diagnosis', 'value', 'The measure in the period or of the subject.'),
	('diagnosis', 'value_compared', 'The measure of what it is compared with.'),
	(NULL, 'message', 'What was found, with its figures, in the language of rule.language.'),
	(NULL, 'likely_causes', 'In the language of rule.language.'),
	(NULL, 'what_to_look_at', 'The views that tell more, in the language of rule.language.'),
	(NULL, 'check_name', 'Name of the check; its first word is the relation.'),
	('.*_check', 'value', 'What the check names: a stage, a key, a currency, ...; NULL = nothing.'),
	('.*_check', 'rows', 'Rows concerned that have that value.'),
	('.*_check', 'amount', 'The money concerned, where there is some: revenue of won deals, or spend.'),
	(NULL, 'examples', 'Up to five of the values concerned, the most frequent first; NULL = none to name. The layers, such as lead_check, have all.'),
	(NULL, 'flaws', 'Of a deal, what data_quality says of it: won_without_time, open_with_closing_time, closing_in_the_future, far_date, unknown_currency, '
		'with commas between them; NULL = nothing.'),
	(NULL, 'named_stage', 'The stage as it came.'),
	(NULL, 'is_unpriced', 'True when the amount is in a currency that has no rate on that day.'),
	(NULL, 'severity', 'error, warning or info; ok when an error or warning concerns no row.'),
	(NULL, 'rows', 'Rows concerned.'),
	(NULL, 'what_it_means', 'In the language of rule.language.'),
	(NULL, 'what_to_do', 'In the language of rule.language.');
END;
COMMENT ON FUNCTION mart_words() IS
'What the columns of a mart''s views mean. views: a regular expression for the whole name of the views that the word holds for; NULL = wherever they '
'have none of their own.';

CREATE FUNCTION mart_comments(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	FOR item IN
		SELECT c.relname AS view, a.attname AS attribute, coalesce(own.meaning, shared.meaning) AS meaning
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
		LEFT JOIN lead_kpi.mart_words() own ON own.attribute = a.attname AND c.relname ~ ('^(' || own.views || ')$')
		LEFT JOIN lead_kpi.mart_words() shared ON shared.attribute = a.attname AND shared.views IS NULL
		WHERE c.oid IN (SELECT m.member FROM lead_kpi.mart_members(mart) m WHERE m.kind = 'v')
			AND c.relname NOT IN (SELECT s.relation FROM lead_kpi.mart_shape() s)
		ORDER BY c.relname, a.attnum
	LOOP
		IF item.meaning IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('nothing says what column %I of view %I means', item.attribute, item.view),
				HINT = 'Write it into mart_words().';
		END IF;
		EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', mart, item.view, item.attribute, item.meaning);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_comments(name) IS
'Internal to create_mart: says of every column of every view of the mart what it means; an error where mart_words() has no word for it.';
