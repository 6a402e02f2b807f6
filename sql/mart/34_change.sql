-- What differs between families of channels, and what changed between periods.

CREATE FUNCTION period_pair(unit text, distance interval, until timestamptz, time_zone text, fiscal_year_start integer DEFAULT 1)
RETURNS TABLE (after_start date, after_end date, before_start date, before_end date, ended_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT (t.ended - u.step)::date, t.ended::date, (t.ended - u.step - coalesce(distance, u.step))::date, (t.ended - coalesce(distance, u.step))::date,
		timezone(time_zone, t.ended)
	FROM (SELECT CASE unit WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months' END AS step) u
	CROSS JOIN (SELECT CASE unit WHEN 'quarter' THEN fiscal_quarter(timezone(time_zone, until)::date, fiscal_year_start)::timestamp
		ELSE date_trunc(unit, timezone(time_zone, until)) END AS ended) t;
END;
COMMENT ON FUNCTION period_pair(text, interval, timestamptz, text, integer) IS
'The last month or fiscal quarter (unit) that is complete at a moment in a time zone, and the one a distance before it (NULL = the one just before): first '
'days, first days after, and when the later one ended. Internal to the views that compare periods.';

CREATE FUNCTION mart_change_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW channel_comparison WITH (security_invoker = true) AS
	WITH part AS
	(
		-- A NULL family matches a NULL family, and nothing is lost by a join.
		SELECT family, count(stage_position) AS leads, count(sql_at) AS sql, count(won_at) AS won, sum(deals_won)::bigint AS deals_won,
			sum(revenue) FILTER (WHERE deals_won > 0) AS revenue, NULL::numeric AS spend,
			-- What float8 cannot square has no interval.
			bool_and(is_plain_amount(revenue)) AS measurable, min(revenue) AS lowest,
			moments(plain_amount(revenue)) FILTER (WHERE stage_position IS NOT NULL) AS per_lead
		FROM lead_outcome
		GROUP BY family
		UNION ALL
		SELECT coalesce(f.family, s.channel), 0, 0, 0, 0, NULL, sum(s.amount), true, NULL, NULL
		FROM counted_spend s
		LEFT JOIN channel_family f USING (channel)
		GROUP BY coalesce(f.family, s.channel)
		UNION ALL
		-- What is known as counts only: what these leads brought is not.
		SELECT coalesce(f.family, v.channel), coalesce(sum(v.leads) FILTER (WHERE v.stage_position = 1), 0),
			coalesce(sum(v.leads) FILTER (WHERE v.role = 'sql'), 0), coalesce(sum(v.leads) FILTER (WHERE v.role = 'won'), 0), 0, NULL, NULL, false, NULL, NULL
		FROM counted_volume v
		LEFT JOIN channel_family f USING (channel)
		WHERE v.excluded_reason IS NULL
		GROUP BY coalesce(f.family, v.channel)
	), summed AS
	(
		SELECT p.family, sum(p.leads)::bigint AS leads,
			CASE WHEN 'sql' = ANY (l.roles) THEN sum(p.sql)::bigint END AS sql,
			CASE WHEN 'won' = ANY (l.roles) THEN sum(p.won)::bigint END AS won,
			CASE WHEN sum(p.deals_won) > 0 THEN sum(p.revenue) WHEN sum(p.won) = 0 THEN 0 END AS revenue,
			sum(p.spend) AS spend, CASE WHEN sum(p.spend) >= 0 THEN sum(p.spend) END AS cost,
			CASE WHEN bool_and(p.measurable) THEN rollup(p.per_lead) END AS per_lead, min(p.lowest) AS lowest
		FROM part p CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder) l
		GROUP BY p.family, l.roles
	), rated AS
	(
		SELECT s.*, CASE WHEN sql <= leads THEN rate(sql, leads) END AS to_sql, CASE WHEN won <= leads THEN rate(won, leads) END AS to_won,
			(SELECT confidence_level FROM rule) AS confidence_level,
			nullif(sum(leads) OVER (), 0) AS all_leads,
			-- Refunds beyond the revenue, or revenue nobody knows: then shares of it mean nothing.
			CASE WHEN bool_and(revenue IS NOT NULL AND revenue >= 0) OVER () THEN nullif(sum(revenue) OVER (), 0) END AS all_revenue
		FROM summed s
	)
	SELECT family, leads, (leads / all_leads)::float8 AS share_of_leads, sql, won,
		to_sql::float8 AS lead_to_sql,
		low(to_sql, confidence_level) AS lead_to_sql_low,
		high(to_sql, confidence_level) AS lead_to_sql_high,
		to_won::float8 AS lead_to_won,
		low(to_won, confidence_level) AS lead_to_won_low,
		high(to_won, confidence_level) AS lead_to_won_high,
		revenue, round(revenue / all_revenue, 15)::float8 AS share_of_revenue,
		revenue_per_lead(revenue, leads) AS revenue_per_lead,
		-- Where nobody is paid back, no lead brings less than nothing.
		CASE WHEN revenue IS NULL THEN NULL WHEN lowest >= 0 AND low(per_lead, confidence_level) < 0 THEN 0 ELSE low(per_lead, confidence_level) END
			AS revenue_per_lead_low,
		CASE WHEN revenue IS NOT NULL THEN high(per_lead, confidence_level) END AS revenue_per_lead_high,
		spend, cpl(cost, leads) AS cpl, cac(cost, won) AS cac,
		nullif(i.low, 'Infinity')::numeric AS cac_low,
		nullif(i.high, 'Infinity')::numeric AS cac_high
	FROM rated
	CROSS JOIN LATERAL cost_interval(cost, won, confidence_level) i
	ORDER BY family;
	COMMENT ON VIEW channel_comparison IS
		'What each family of channels (table channel_family), such as inbound and outbound, brings and costs. Leads and spend without a channel are '
		'a row of their own (NULL).';

	CREATE OR REPLACE VIEW period_change WITH (security_invoker = true) AS
	WITH outcome AS MATERIALIZED
	(
		SELECT lead_id, month, channel, created_at, won_at, stage_position FROM lead_outcome
	), seen AS MATERIALIZED
	(
		SELECT observed_until FROM observation
	), comparison AS
	(
		SELECT u.ordinal, u.period, c.compared_with, p.*, o.observed_until
		FROM seen o
		CROSS JOIN (VALUES (1, 'month'), (2, 'quarter')) u(ordinal, period)
		CROSS JOIN (VALUES ('previous', NULL), ('year before', interval '1 year')) c(compared_with, distance)
		CROSS JOIN LATERAL period_pair(u.period, c.distance, o.observed_until, (SELECT time_zone FROM rule),
			(SELECT fiscal_year_start FROM rule)) p
		WHERE o.observed_until IS NOT NULL
	), aged AS
	(
		-- The age that every lead of both periods has had: that of the youngest.
		SELECT c.*, c.observed_until - coalesce((SELECT max(created_at) FROM outcome WHERE month >= c.after_start AND month < c.after_end), c.ended_at)
			AS comparable
		FROM comparison c
	), event AS
	(
		SELECT month, channel, 1 AS lead, 0 AS won, 0 AS deal, NULL::numeric AS amount, NULL::interval AS age
		FROM outcome WHERE stage_position IS NOT NULL
		UNION ALL
		SELECT month, channel, 0, 1, 0, NULL, won_at - created_at
		FROM outcome WHERE won_at IS NOT NULL
		UNION ALL
		SELECT o.month, o.channel, 0, 0, 1, d.amount, d.closed_at - o.created_at
		FROM counted_deal d JOIN outcome o USING (lead_id)
		WHERE d.is_won AND d.excluded_reason IS NULL
	), segment AS
	(
		SELECT a.period, a.compared_with, e.channel,
			coalesce(sum(e.lead) FILTER (WHERE e.month < a.before_end), 0) AS leads0,
			coalesce(sum(e.lead) FILTER (WHERE e.month >= a.after_start), 0) AS leads1,
			coalesce(sum(e.won) FILTER (WHERE e.month < a.before_end), 0) AS won0, coalesce(sum(e.won) FILTER (WHERE e.month >= a.after_start), 0) AS won1,
			coalesce(sum(e.deal) FILTER (WHERE e.month < a.before_end), 0) AS deals0,
			coalesce(sum(e.deal) FILTER (WHERE e.month >= a.after_start), 0) AS deals1,
			sum(e.amount) FILTER (WHERE e.month < a.before_end) AS revenue0, sum(e.amount) FILTER (WHERE e.month >= a.after_start) AS revenue1
		FROM aged a
		LEFT JOIN event e ON (e.month >= a.after_start AND e.month < a.after_end OR e.month >= a.before_start AND e.month < a.before_end)
			AND (e.age IS NULL OR e.age <= a.comparable)
		GROUP BY a.period, a.compared_with, e.channel
	), summed AS
	(
		SELECT period, compared_with, sum(leads0)::bigint AS leads0, sum(leads1)::bigint AS leads1,
			CASE WHEN l.has_won THEN sum(won0)::bigint END AS won0, CASE WHEN l.has_won THEN sum(won1)::bigint END AS won1,
			CASE WHEN sum(deals0) > 0 THEN sum(revenue0) WHEN sum(won0) = 0 THEN 0 END AS revenue0,
			CASE WHEN sum(deals1) > 0 THEN sum(revenue1) WHEN sum(won1) = 0 THEN 0 END AS revenue1,
			revenue_mix_change(leads0, won0, coalesce(revenue0, 0), leads1, won1, coalesce(revenue1, 0)) AS change
		FROM segment CROSS JOIN (SELECT coalesce(bool_or(role = 'won'), false) AS has_won FROM ladder) l
		GROUP BY period, compared_with, l.has_won
	), rated AS
	(
		SELECT a.*, s.leads0, s.leads1, s.won0, s.won1, s.revenue0, s.revenue1, rate(s.won0, s.leads0) AS rate0, rate(s.won1, s.leads1) AS rate1,
			CASE WHEN s.revenue0 IS NOT NULL AND s.revenue1 IS NOT NULL THEN s.change END AS change
		FROM aged a JOIN summed s USING (period, compared_with)
	)
	SELECT r.period, r.compared_with, r.after_start, r.before_start,
		(extract(epoch FROM r.comparable) / 86400)::float8 AS comparable_days,
		r.leads0 AS leads_before, r.leads1 AS leads_after, r.won0 AS won_before, r.won1 AS won_after,
		r.revenue0 AS revenue_before, r.revenue1 AS revenue_after, (r.change).total AS revenue_difference,
		(r.change).volume AS volume_effect, (r.change).mix AS mix_effect, (r.change).conversion AS conversion_effect,
		(r.change).basket AS basket_effect, (r.change).unexplained AS unexplained_effect,
		r.rate0::float8 AS rate_before,
		low(r.rate0, (SELECT confidence_level FROM rule)) AS rate_before_low,
		high(r.rate0, (SELECT confidence_level FROM rule)) AS rate_before_high,
		r.rate1::float8 AS rate_after,
		low(r.rate1, (SELECT confidence_level FROM rule)) AS rate_after_low,
		high(r.rate1, (SELECT confidence_level FROM rule)) AS rate_after_high,
		t.p_value,
		CASE
			WHEN t.low > 0 AND t.p_value < 1 - (SELECT confidence_level FROM rule) THEN 'up'
			WHEN t.high < 0 AND t.p_value < 1 - (SELECT confidence_level FROM rule) THEN 'down'
			WHEN t.difference IS NOT NULL THEN 'not yet certain'
		END AS verdict
	FROM rated r
	CROSS JOIN LATERAL compare(r.rate1, r.rate0, (SELECT confidence_level FROM rule)) t
	ORDER BY r.ordinal, r.compared_with;
	COMMENT ON VIEW period_change IS
		'Why revenue changed: the last complete month and quarter against the one before and the same one a year before. Both are cohorts of leads, '
		'judged at the same age (comparable_days): a cohort that has had less time is not a drop.';
END;
$$;
COMMENT ON FUNCTION mart_change_views(name) IS
'Internal to create_mart: makes the views that compare families of channels and periods in the mart.';
