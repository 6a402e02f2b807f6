-- What adds up over leads, each a layer below the views that show it: what a refresh of a stored mart adjusts by the leads that changed (67_stored_cells.sql).

CREATE FUNCTION mart_sum_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW kpi_day_count WITH (security_invoker = true) AS
	SELECT j.day, j.channel, j.campaign, j.kind, j.owner, count(*) AS gross,
		count(*) FILTER (WHERE j.excluded_reason IN ('no_lead_id', 'no_created_at', 'repeated_lead_id', 'far_date')) AS excluded_invalid,
		count(*) FILTER (WHERE j.excluded_reason = 'kind') AS excluded_kind,
		count(*) FILTER (WHERE j.excluded_reason = 'test') AS excluded_test,
		count(*) FILTER (WHERE j.excluded_reason = 'bot') AS excluded_bot,
		count(*) FILTER (WHERE j.excluded_reason = 'internal') AS excluded_internal,
		count(*) FILTER (WHERE j.excluded_reason IN ('duplicate', 'merged')) AS excluded_duplicate,
		count(*) FILTER (WHERE j.excluded_reason IS NULL) AS counted,
		count(o.stage_position) AS leads, count(o.mql_at) AS mql, count(o.sal_at) AS sal, count(o.sql_at) AS sql, count(o.opportunity_at) AS opportunities,
		count(o.won_at) AS won, count(*) FILTER (WHERE o.lost_at <= o.observed_until AND o.won_at IS NULL) AS lost,
		count(*) FILTER (WHERE o.lead_id IS NOT NULL AND o.won_at IS NULL AND (o.lost_at <= o.observed_until) IS NOT TRUE) AS open_leads,
		coalesce(sum(o.deals_won), 0)::bigint AS deals_won, sum(o.revenue) FILTER (WHERE o.deals_won > 0) AS revenue,
		count(o.revenue) FILTER (WHERE o.deals_won > 0) AS revenue_known
	FROM judged_lead j
	LEFT JOIN lead_outcome o ON o.lead_id = j.lead_id AND j.excluded_reason IS NULL
	GROUP BY j.day, j.channel, j.campaign, j.kind, j.owner;
	COMMENT ON VIEW kpi_day_count IS 'Layer below kpi_day: the leads that are known one by one.';

	CREATE OR REPLACE VIEW funnel_count WITH (security_invoker = true) AS
	SELECT month, date_trunc('week', timezone((SELECT time_zone FROM rule), created_at))::date AS week, channel, campaign, count(*) AS events,
		funnel(lead_id, stage, entered_at, (SELECT array_agg(stage ORDER BY stage_position) FROM ladder
			WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)), (SELECT funnel_within FROM rule), (SELECT funnel_policy FROM rule))::text
			AS funnel
	FROM funnel_event
	GROUP BY 1, 2, 3, 4;
	COMMENT ON VIEW funnel_count IS
		'Layer below the funnels: the leads that are known one by one, per month, week, channel and campaign, as lead_kpi.funnel. Add them with rollup.';

	CREATE OR REPLACE VIEW cohort_count WITH (security_invoker = true) AS
	WITH outcome AS MATERIALIZED
	(
		SELECT month, channel, campaign, timezone((SELECT time_zone FROM rule), created_at)::date AS day, stage_position, created_at, mql_at, sal_at, sql_at,
			opportunity_at, won_at, lost_at, deals_won, revenue, observed_until, (won_at <= observed_until OR lost_at <= observed_until) IS TRUE AS is_closed,
			CASE WHEN stage_position IS NOT NULL THEN plain_amount(revenue) END AS per_lead
		FROM lead_outcome
	)
	SELECT month, channel, campaign, NULL::date AS day, count(*) AS outcomes, count(stage_position) AS leads, count(mql_at) AS mql, count(sal_at) AS sal,
		count(sql_at) AS sql, count(opportunity_at) AS opportunities, count(won_at) AS won, coalesce(sum(deals_won), 0)::bigint AS deals_won,
		sum(revenue) FILTER (WHERE deals_won > 0) AS revenue, count(revenue) FILTER (WHERE deals_won > 0) AS revenue_known,
		count(won_at) FILTER (WHERE won_at <= observed_until) AS won_in_time,
		count(lost_at) FILTER (WHERE lost_at <= observed_until AND (won_at <= observed_until) IS NOT TRUE) AS lost_in_time,
		count(*) FILTER (WHERE NOT is_closed) AS open_leads, count(*) FILTER (WHERE revenue < 0) AS paid_back,
		-- What float8 cannot square has no interval.
		count(*) FILTER (WHERE NOT is_plain_amount(revenue)) AS without_interval,
		moments(per_lead) FILTER (WHERE per_lead IS NOT NULL)::text AS moments, count(per_lead) AS moments_known,
		conversion_curve(created_at, won_at, lost_at, observed_until, interval '1 day') FILTER (WHERE is_closed)::text AS curve,
		count(*) FILTER (WHERE is_closed) AS curve_known
	FROM outcome
	GROUP BY month, channel, campaign
	UNION ALL
	SELECT month, channel, campaign, day, count(*), count(stage_position), 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, count(*) FILTER (WHERE NOT is_closed), 0, 0,
		NULL, 0, NULL, 0
	FROM outcome
	GROUP BY month, channel, campaign, day;
	COMMENT ON VIEW cohort_count IS
		'Layer below cohort_revenue: the leads of each month, channel and campaign (day is NULL) and what became of them, with their revenue as '
		'lead_kpi.moments and the time to a decision as lead_kpi.conversion_curve; and how many of them were created on which day, for their age. Never sum '
		'over both.';

	CREATE OR REPLACE VIEW lead_check_count WITH (security_invoker = true) AS
	WITH judged AS MATERIALIZED
	(
		-- No e-mail, company or attributes: what adds up must not change with a text that is read from lead.
		SELECT lead_id, kind, channel, campaign, day, excluded_reason, duplicate_key, second_key, same_as FROM judged_lead
	), counted AS
	(
		SELECT channel, campaign, duplicate_key, second_key FROM judged WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	), placeholder AS MATERIALIZED
	(
		SELECT lower(btrim(p)) AS key FROM unnest((SELECT placeholders FROM rule)) p
	)
	SELECT CASE WHEN excluded_reason IS NULL THEN 'leads_counted' ELSE 'leads_excluded_' || excluded_reason END AS check_name, value, lead_id, rows
	FROM
	(
		SELECT excluded_reason,
			CASE
				-- Most leads, asked first.
				WHEN excluded_reason IS NULL THEN NULL
				WHEN excluded_reason IN ('no_created_at', 'repeated_lead_id') THEN lead_id::text
				WHEN excluded_reason = 'far_date' THEN to_char(day, 'YYYY-MM-DD')
				WHEN excluded_reason = 'kind' THEN kind
			END AS value,
			CASE WHEN excluded_reason IS NULL THEN NULL WHEN excluded_reason IN ('test', 'internal', 'bot') THEN lead_id END AS lead_id, count(*) AS rows
		FROM judged
		GROUP BY 1, 2, 3
	) j
	UNION ALL
	SELECT 'leads_without_channel', campaign, NULL, count(*) FROM counted WHERE channel IS NULL GROUP BY campaign
	UNION ALL
	SELECT 'leads_with_placeholder', key, NULL, count(*)
	FROM
	(
		SELECT CASE
			WHEN matches_pattern(duplicate_key, (SELECT placeholder_pattern FROM rule)) OR duplicate_key IN (SELECT key FROM placeholder) THEN duplicate_key
			WHEN matches_pattern(second_key, (SELECT placeholder_pattern FROM rule)) OR second_key IN (SELECT key FROM placeholder) THEN second_key
			END AS key
		FROM counted
	) c
	WHERE key IS NOT NULL
	GROUP BY key
	UNION ALL
	-- How many each key joins to the lead that the run began with.
	SELECT 'leads_key_joins_many', key, same_as, count(*)
	FROM
	(
		SELECT d.same_as, CASE WHEN d.duplicate_key = f.duplicate_key THEN d.duplicate_key ELSE d.second_key END AS key
		FROM judged d
		JOIN
		(
			-- The few that are asked for, because the planner would sort them all.
			SELECT lead_id, duplicate_key
			FROM judged
			WHERE CASE WHEN excluded_reason = 'repeated_lead_id' THEN false ELSE true END
				AND lead_id IN (SELECT same_as FROM judged WHERE excluded_reason = 'duplicate')
		) f ON f.lead_id = d.same_as
		WHERE d.excluded_reason = 'duplicate'
	) d
	GROUP BY same_as, key;
	COMMENT ON VIEW lead_check_count IS
		'Layer below lead_check: the leads of each check, as they add up. lead_id is the lead where lead tells what the check names (test, bot and internal '
		'leads), and for leads_key_joins_many the one that the key (value) joins others to.';

	CREATE OR REPLACE VIEW event_check_count WITH (security_invoker = true) AS
	WITH event AS MATERIALIZED
	(
		-- Read once: judging the leads is what it costs.
		SELECT kind, record_id, created_at, excluded_reason, stage, entered_at, deal_id, opened_at, is_won, amount, currency, flaws, is_moved,
			CASE WHEN excluded_reason IS NULL THEN true ELSE false END AS is_used
		FROM lead_event
		WHERE kind IN ('folded', 'stage', 'exit', 'deal')
	), odd AS MATERIALIZED
	(
		SELECT * FROM event WHERE kind IN ('stage', 'exit') AND is_used AND (kind = 'exit' OR is_moved OR entered_at < created_at)
	), dealt AS
	(
		SELECT *, CASE WHEN is_won THEN amount END AS revenue FROM event WHERE kind = 'deal'
	), found(check_name, value, rows, amount) AS
	(
		SELECT CASE WHEN kind = 'folded' THEN 'leads_folded' ELSE coalesce('events_ignored_' || excluded_reason, 'events_used') END, value, rows, NULL::numeric
		FROM
		(
			SELECT CASE WHEN kind = 'exit' THEN 'stage' ELSE kind END AS kind, excluded_reason,
				CASE
					WHEN excluded_reason IS NULL THEN NULL
					WHEN excluded_reason IN ('no_lead', 'no_time') THEN record_id::text
					WHEN excluded_reason = 'unknown_stage' THEN stage
					WHEN excluded_reason = 'far_date' THEN to_char(entered_at, 'YYYY-MM-DD')
				END AS value, count(*) AS rows
			FROM event
			WHERE kind <> 'deal'
			GROUP BY 1, 2, 3
		) e
		UNION ALL SELECT 'events_exits', stage, 1, NULL FROM odd WHERE kind = 'exit'
		UNION ALL SELECT 'events_moved_to_lead', NULL, 1, NULL FROM odd WHERE is_moved
		UNION ALL SELECT 'events_before_lead', record_id::text, 1, NULL FROM odd WHERE entered_at < created_at
		UNION ALL SELECT coalesce('deals_ignored_' || excluded_reason, 'deals_used'), CASE WHEN NOT is_used THEN deal_id END, 1, revenue FROM dealt
		UNION ALL
		SELECT 'deals_' || f.flaw, CASE f.flaw WHEN 'unknown_currency' THEN currency ELSE deal_id END, 1, NULL
		FROM dealt, string_to_table(flaws, ',') f(flaw)
		WHERE is_used AND flaws <> ''
		UNION ALL
		SELECT 'deals_won_without_amount', deal_id, 1, NULL FROM dealt
		WHERE is_used AND is_won AND amount IS NULL AND (flaws LIKE '%unknown_currency') IS NOT TRUE
		UNION ALL SELECT 'deals_moved_to_lead', NULL, 1, revenue FROM dealt WHERE is_used AND is_moved
		UNION ALL
		SELECT 'deals_before_lead', deal_id, 1, revenue FROM dealt WHERE is_used AND (opened_at < created_at OR entered_at < created_at)
		UNION ALL SELECT 'deals_closed_before_opened', deal_id, 1, NULL FROM dealt WHERE is_used AND entered_at < opened_at
		UNION ALL SELECT 'deals_negative_amount', deal_id, 1, revenue FROM dealt WHERE is_used AND amount < 0
		UNION ALL SELECT 'deals_without_deal_id', NULL, 1, NULL FROM dealt WHERE is_used AND deal_id IS NULL
	)
	SELECT check_name, value, sum(rows)::bigint AS rows, count(amount) AS amounts, coalesce(sum(amount), 0) AS amount FROM found GROUP BY check_name, value;
	COMMENT ON VIEW event_check_count IS 'Layer below event_check: the stage events and deals of each check, as they add up.';
END;
$$;
COMMENT ON FUNCTION mart_sum_views(name) IS 'Internal to create_mart: makes the views of what adds up over leads in the mart.';
