-- The facts of every day, that add up: what a BI tool slices and divides by itself.

CREATE FUNCTION mart_day_views(mart name)
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

	CREATE OR REPLACE VIEW kpi_day WITH (security_invoker = true) AS
	WITH lead_part AS MATERIALIZED
	(
		SELECT * FROM kpi_day_count
	), share AS
	(
		-- As in allocated_spend: which part of a month's leads each campaign of a channel has.
		SELECT *, sum(leads) OVER (PARTITION BY month, channel) AS all_leads,
			sum(leads) OVER (PARTITION BY month, channel ORDER BY campaign COLLATE "C" NULLS FIRST) AS leads_until
		FROM
		(
			SELECT month, channel, campaign, sum(leads) AS leads
			FROM
			(
				SELECT date_trunc('month', day::timestamp)::date AS month, channel, campaign, counted AS leads FROM lead_part WHERE counted > 0
				UNION ALL
				SELECT month, channel, campaign, leads FROM counted_volume WHERE stage_position = 1 AND excluded_reason IS NULL
			) l
			WHERE channel IS NOT NULL AND (SELECT channel_spend FROM rule) = 'spread'
			GROUP BY month, channel, campaign
			HAVING sum(leads) > 0
		) c
	), spent AS
	(
		SELECT *, sum(amount) OVER (PARTITION BY month, channel, campaign ORDER BY day) AS amount_until,
			greatest(scale(sum(amount) OVER (PARTITION BY month, channel, campaign)), 2) AS digits
		FROM (SELECT month, spent_on AS day, channel, campaign, sum(amount) AS amount FROM counted_spend GROUP BY month, spent_on, channel, campaign) s
	), part AS
	(
		SELECT day, channel, campaign, kind, owner, gross, excluded_invalid, excluded_kind, excluded_test, excluded_bot, excluded_internal,
			excluded_duplicate, counted, leads, mql, sal, sql, opportunities, won, lost, open_leads, deals_won, revenue, NULL::numeric AS spend
		FROM lead_part
		UNION ALL
		SELECT day, channel, campaign, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, sum(leads) FILTER (WHERE stage_position = 1),
			sum(leads) FILTER (WHERE role = 'mql'), sum(leads) FILTER (WHERE role = 'sal'), sum(leads) FILTER (WHERE role = 'sql'),
			sum(leads) FILTER (WHERE role = 'opportunity'), sum(leads) FILTER (WHERE role = 'won'), 0, 0, 0, NULL, NULL
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY day, channel, campaign
		UNION ALL
		SELECT s.day, s.channel, CASE WHEN p.month IS NULL THEN s.campaign ELSE p.campaign END, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			0, NULL,
			-- To the last digit, over the days as over the campaigns: what the first ones of both get together, less what is theirs without this one.
			CASE WHEN p.month IS NULL OR p.leads = p.all_leads OR s.amount IS NULL THEN s.amount ELSE
				round(s.amount_until * p.leads_until / p.all_leads, s.digits)
				- round((s.amount_until - s.amount) * p.leads_until / p.all_leads, s.digits)
				- round(s.amount_until * (p.leads_until - p.leads) / p.all_leads, s.digits)
				+ round((s.amount_until - s.amount) * (p.leads_until - p.leads) / p.all_leads, s.digits) END
		FROM spent s
		LEFT JOIN share p ON s.campaign IS NULL AND p.month = s.month AND p.channel = s.channel
	)
	SELECT p.day, p.channel, p.campaign, p.kind, p.owner, sum(p.gross)::bigint AS gross, sum(p.excluded_invalid)::bigint AS excluded_invalid,
		sum(p.excluded_kind)::bigint AS excluded_kind, sum(p.excluded_test)::bigint AS excluded_test, sum(p.excluded_bot)::bigint AS excluded_bot,
		sum(p.excluded_internal)::bigint AS excluded_internal, sum(p.excluded_duplicate)::bigint AS excluded_duplicate, sum(p.counted)::bigint AS counted,
		coalesce(sum(p.leads), 0)::bigint AS leads,
		CASE WHEN 'mql' = ANY (l.roles) THEN coalesce(sum(p.mql), 0)::bigint END AS mql,
		CASE WHEN 'sal' = ANY (l.roles) THEN coalesce(sum(p.sal), 0)::bigint END AS sal,
		CASE WHEN 'sql' = ANY (l.roles) THEN coalesce(sum(p.sql), 0)::bigint END AS sql,
		CASE WHEN 'opportunity' = ANY (l.roles) THEN coalesce(sum(p.opportunities), 0)::bigint END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN coalesce(sum(p.won), 0)::bigint END AS won,
		sum(p.lost)::bigint AS lost, sum(p.open_leads)::bigint AS open_leads, sum(p.deals_won)::bigint AS deals_won,
		CASE WHEN sum(p.deals_won) > 0 THEN sum(p.revenue) WHEN coalesce(sum(p.won), 0) = 0 THEN 0 END AS revenue, sum(p.spend) AS spend,
		date_trunc('week', p.day::timestamp)::date AS week, date_trunc('month', p.day::timestamp)::date AS month,
		fiscal_quarter(p.day, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(p.day, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM part p
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l
	GROUP BY p.day, p.channel, p.campaign, p.kind, p.owner, l.roles;
	COMMENT ON VIEW kpi_day IS
		'The facts of every day that add up, one row per day of creation, channel, campaign, kind and owner: sum them over any cut, then divide. Spend and '
		'leads known as counts only have no kind and owner: they are in the rows where both are NULL, so divide by spend over days, channels and campaigns '
		'only. Spend of a channel is spread as in allocated_spend. Sums are those of lead_generated, funnel, cpl_to_revenue and spend.';
END;
$$;
COMMENT ON FUNCTION mart_day_views(name) IS 'Internal to create_mart: makes the view of the facts of every day in the mart.';
