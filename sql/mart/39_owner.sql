-- Who works the leads, how much, and with what success.

CREATE FUNCTION mart_owner_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW owner_count WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.transmitted_role, r.accepted_role, o.observed_until
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	), deal AS MATERIALIZED
	(
		-- As they stood at observed_until: one opened later is not there yet, one closed later is still open.
		SELECT d.lead_id, d.month, d.channel, d.campaign, nullif(trim_blanks(d.owner), '') AS owner, d.is_won, d.amount,
			CASE WHEN d.closed_at <= s.observed_until THEN date_trunc('month', timezone(s.time_zone, d.closed_at))::date END AS ended,
			d.closed_at <= s.observed_until IS TRUE AS is_decided,
			coalesce(least(d.opened_at, d.closed_at), '-infinity') <= s.observed_until AND (d.closed_at <= s.observed_until) IS NOT TRUE AS is_open
		FROM counted_deal d CROSS JOIN setting s
		WHERE d.excluded_reason IS NULL
	), work AS MATERIALIZED
	(
		SELECT w.lead_id, w.month, w.channel, w.campaign, w.owner, w.stage_position, w.attempted_at, w.contacted_at, w.opportunity_at, w.won_at,
			w.won_at IS NULL AND (w.lost_at <= w.observed_until) IS NOT TRUE AS is_open,
			date_trunc('month', timezone(s.time_zone, coalesce(w.won_at, CASE WHEN w.lost_at <= w.observed_until THEN w.lost_at END)))::date AS ended,
			CASE s.transmitted_role WHEN 'lead' THEN CASE WHEN w.stage_position IS NOT NULL THEN w.created_at END WHEN 'mql' THEN w.mql_at
				WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END AS transmitted_at,
			CASE s.accepted_role WHEN 'lead' THEN CASE WHEN w.stage_position IS NOT NULL THEN w.created_at END WHEN 'mql' THEN w.mql_at
				WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END AS accepted_at
		FROM lead_work w CROSS JOIN setting s
	), answered AS MATERIALIZED
	(
		-- As in mql_acceptance: what was transmitted within the time that nearly all answers take may still be answered.
		SELECT (SELECT observed_until FROM setting) - greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted_at - transmitted_at)
			FILTER (WHERE transmitted_at IS NOT NULL AND accepted_at IS NOT NULL), '0') AS until
		FROM work
	), dealt AS
	(
		SELECT lead_id, count(*) FILTER (WHERE is_open) AS open_deals, count(*) FILTER (WHERE is_decided) AS decided_deals FROM deal GROUP BY lead_id
	), part AS
	(
		-- A lead that has a deal is worked as that deal, by whoever has that.
		SELECT w.month, w.owner, w.channel, w.campaign, count(w.stage_position) AS leads, count(w.attempted_at) AS answered,
			count(w.contacted_at) AS contacted,
			count(*) FILTER (WHERE w.transmitted_at IS NOT NULL AND (w.transmitted_at > a.until) IS NOT TRUE) AS transmitted,
			count(*) FILTER (WHERE w.accepted_at IS NOT NULL AND w.transmitted_at IS NOT NULL AND (w.transmitted_at > a.until) IS NOT TRUE) AS accepted,
			count(*) FILTER (WHERE w.transmitted_at > a.until) AS too_recent, count(w.opportunity_at) AS opportunities, count(w.won_at) AS won,
			count(*) FILTER (WHERE w.won_at IS NULL AND NOT w.is_open) AS lost, count(*) FILTER (WHERE w.is_open) AS open_leads,
			0::bigint AS deals_won, NULL::numeric AS revenue, 0::bigint AS decided_deals, 0::bigint AS decided_deals_won, 0::bigint AS open_deals,
			count(*) FILTER (WHERE w.is_open AND coalesce(d.open_deals, 0) = 0) AS open_load, 0::bigint AS ended_leads, 0::bigint AS ended_load
		FROM work w
		CROSS JOIN answered a
		LEFT JOIN dealt d ON d.lead_id = w.lead_id
		GROUP BY w.month, w.owner, w.channel, w.campaign
		UNION ALL
		SELECT w.ended, w.owner, w.channel, w.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, count(*),
			count(*) FILTER (WHERE coalesce(d.decided_deals, 0) = 0)
		FROM work w
		LEFT JOIN dealt d ON d.lead_id = w.lead_id
		WHERE w.ended IS NOT NULL
		GROUP BY w.ended, w.owner, w.channel, w.campaign
		UNION ALL
		SELECT d.month, coalesce(d.owner, w.owner), d.channel, d.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*) FILTER (WHERE d.is_won),
			sum(d.amount) FILTER (WHERE d.is_won), count(*) FILTER (WHERE d.is_decided), count(*) FILTER (WHERE d.is_decided AND d.is_won),
			count(*) FILTER (WHERE d.is_open), count(*) FILTER (WHERE d.is_open), 0, 0
		FROM deal d
		LEFT JOIN work w ON w.lead_id = d.lead_id
		GROUP BY d.month, coalesce(d.owner, w.owner), d.channel, d.campaign
		UNION ALL
		SELECT d.ended, coalesce(d.owner, w.owner), d.channel, d.campaign, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, count(*)
		FROM deal d
		LEFT JOIN work w ON w.lead_id = d.lead_id
		WHERE d.ended IS NOT NULL
		GROUP BY d.ended, coalesce(d.owner, w.owner), d.channel, d.campaign
	)
	SELECT month, owner, channel, campaign, sum(leads)::bigint AS leads, sum(answered)::bigint AS answered, sum(contacted)::bigint AS contacted,
		sum(transmitted)::bigint AS transmitted, sum(accepted)::bigint AS accepted, sum(too_recent)::bigint AS too_recent,
		sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won, sum(lost)::bigint AS lost, sum(open_leads)::bigint AS open_leads,
		sum(deals_won)::bigint AS deals_won, sum(revenue) AS revenue, sum(decided_deals)::bigint AS decided_deals,
		sum(decided_deals_won)::bigint AS decided_deals_won, sum(open_deals)::bigint AS open_deals, sum(open_load)::bigint AS open_load,
		sum(ended_leads)::bigint AS ended_leads, sum(ended_load)::bigint AS ended_load
	FROM part
	GROUP BY month, owner, channel, campaign;
	COMMENT ON VIEW owner_count IS
		'Layer below the views about owners, all of it adds up: per month of the lead, owner, channel and campaign what became of the leads and of their '
		'deals. Leads count for who works them (lead_work), deals for who has them (deal.owner, else who works the lead). ended_leads and ended_load count in '
		'the month of the end.';
END;
$$;
COMMENT ON FUNCTION mart_owner_views(name) IS 'Internal to create_mart: makes the views of who works the leads, how much, and with what success in the mart.';
