-- The facts of every day, that add up: what a BI tool slices and divides by itself.

CREATE FUNCTION mart_day_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
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
		-- What may share its day, channel and campaign with leads that have neither kind nor owner.
		SELECT day, channel, campaign, gross, excluded_invalid, excluded_kind, excluded_test, excluded_bot, excluded_internal, excluded_duplicate,
			counted, leads, mql, sal, sql, opportunities, won, lost, open_leads, deals_won, revenue, NULL::numeric AS spend
		FROM lead_part
		WHERE kind IS NULL AND owner IS NULL
		UNION ALL
		SELECT day, channel, campaign, 0, 0, 0, 0, 0, 0, 0, 0, sum(leads) FILTER (WHERE stage_position = 1),
			sum(leads) FILTER (WHERE role = 'mql'), sum(leads) FILTER (WHERE role = 'sal'), sum(leads) FILTER (WHERE role = 'sql'),
			sum(leads) FILTER (WHERE role = 'opportunity'), sum(leads) FILTER (WHERE role = 'won'), 0, 0, 0, NULL, NULL
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY day, channel, campaign
		UNION ALL
		SELECT s.day, s.channel, CASE WHEN p.month IS NULL THEN s.campaign ELSE p.campaign END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL,
			-- To the last digit, over the days as over the campaigns: what the first ones of both get together, less what is theirs without this one.
			CASE WHEN p.month IS NULL OR p.leads = p.all_leads OR s.amount IS NULL THEN s.amount ELSE
				round(s.amount_until * p.leads_until / p.all_leads, s.digits)
				- round((s.amount_until - s.amount) * p.leads_until / p.all_leads, s.digits)
				- round(s.amount_until * (p.leads_until - p.leads) / p.all_leads, s.digits)
				+ round((s.amount_until - s.amount) * (p.leads_until - p.leads) / p.all_leads, s.digits) END
		FROM spent s
		LEFT JOIN share p ON s.campaign IS NULL AND p.month = s.month AND p.channel = s.channel
	), added AS
	(
		SELECT day, channel, campaign, NULL::text AS kind, NULL::text AS owner, sum(gross)::bigint AS gross, sum(excluded_invalid)::bigint AS excluded_invalid,
			sum(excluded_kind)::bigint AS excluded_kind, sum(excluded_test)::bigint AS excluded_test, sum(excluded_bot)::bigint AS excluded_bot,
			sum(excluded_internal)::bigint AS excluded_internal, sum(excluded_duplicate)::bigint AS excluded_duplicate, sum(counted)::bigint AS counted,
			sum(leads)::bigint AS leads, sum(mql)::bigint AS mql, sum(sal)::bigint AS sal, sum(sql)::bigint AS sql,
			sum(opportunities)::bigint AS opportunities, sum(won)::bigint AS won, sum(lost)::bigint AS lost, sum(open_leads)::bigint AS open_leads,
			sum(deals_won)::bigint AS deals_won, sum(revenue) AS revenue, sum(spend) AS spend
		FROM part
		GROUP BY day, channel, campaign
		UNION ALL
		-- All others are one row each already.
		SELECT day, channel, campaign, kind, owner, gross, excluded_invalid, excluded_kind, excluded_test, excluded_bot, excluded_internal,
			excluded_duplicate, counted, leads, mql, sal, sql, opportunities, won, lost, open_leads, deals_won, revenue, NULL
		FROM lead_part
		WHERE kind IS NOT NULL OR owner IS NOT NULL
	)
	SELECT a.day, a.channel, a.campaign, a.kind, a.owner, a.gross, a.excluded_invalid, a.excluded_kind, a.excluded_test, a.excluded_bot, a.excluded_internal,
		a.excluded_duplicate, a.counted, coalesce(a.leads, 0) AS leads,
		CASE WHEN 'mql' = ANY (l.roles) THEN coalesce(a.mql, 0) END AS mql,
		CASE WHEN 'sal' = ANY (l.roles) THEN coalesce(a.sal, 0) END AS sal,
		CASE WHEN 'sql' = ANY (l.roles) THEN coalesce(a.sql, 0) END AS sql,
		CASE WHEN 'opportunity' = ANY (l.roles) THEN coalesce(a.opportunities, 0) END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN coalesce(a.won, 0) END AS won,
		a.lost, a.open_leads, a.deals_won,
		CASE WHEN a.deals_won > 0 THEN a.revenue WHEN coalesce(a.won, 0) = 0 THEN 0 END AS revenue, a.spend,
		date_trunc('week', a.day::timestamp)::date AS week, date_trunc('month', a.day::timestamp)::date AS month,
		fiscal_quarter(a.day, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(a.day, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM added a
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l;
	COMMENT ON VIEW kpi_day IS
		'The facts of every day that add up, one row per day of creation, channel, campaign, kind and owner: sum them over any cut, then divide. Spend and '
		'leads known as counts only have no kind and owner: they are in the rows where both are NULL, so divide by spend over days, channels and campaigns '
		'only. Spend of a channel is spread as in allocated_spend. Sums are those of lead_generated, funnel, cpl_to_revenue and spend.';
END;
$$;
COMMENT ON FUNCTION mart_day_views(name) IS 'Internal to create_mart: makes the view of the facts of every day in the mart.';
