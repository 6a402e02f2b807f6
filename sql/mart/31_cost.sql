-- What a lead costs at each stage; and from cost to revenue: what a cohort cost, what it has brought, whether it had the time to, and whether it pays.

CREATE FUNCTION open_curve(days integer[], leads bigint[])
RETURNS conversion_curve
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT format('{"version": 1, "resolution": 86400000000, "ignored": {"null_time": 0, "infinite_time": 0, "null_outcome": 0, '
		'"entered_after_observed": 0, "converted_before_entered": 0, "lost_before_entered": 0}, "rest": {"converted": 0, "lost": 0, '
		'"censored": 0}, "ages": [%s]}',
		string_agg(format('[%s, 0, 0, %s]', o.day, o.leads), ', ' ORDER BY o.day))::conversion_curve
	FROM (SELECT u.day, sum(u.leads) AS leads FROM unnest(days, leads) AS u(day, leads) WHERE u.day IS NOT NULL AND u.leads > 0 GROUP BY u.day) o
	HAVING count(*) > 0;
END;
COMMENT ON FUNCTION open_curve(integer[], bigint[]) IS
'Internal to the views cohort_revenue and segment_outcome: the conversion curve, by days, of leads that are all open still: so many of each age in days. NULL '
'without any. Error: an age below 0.';

CREATE FUNCTION mart_cost_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW unit_cost WITH (security_invoker = true) AS
	WITH reached AS
	(
		SELECT channel, campaign, stage_position, leads, NULL::numeric AS spend
		FROM funnel_by_campaign
		UNION ALL
		SELECT s.channel, s.campaign, l.stage_position, CASE WHEN i.stage_position IS NULL THEN 0 END, s.spend
		FROM (SELECT channel, campaign, sum(amount) AS spend FROM allocated_spend GROUP BY channel, campaign) s
		CROSS JOIN ladder l
		LEFT JOIN inferred_stage i ON i.stage_position = l.stage_position
	), cell AS
	(
		SELECT channel, campaign, stage_position, sum(leads)::bigint AS leads, sum(spend) AS spend,
			CASE WHEN sum(spend) >= 0 THEN sum(spend) END AS cost
		FROM reached
		GROUP BY channel, campaign, stage_position
	)
	SELECT c.channel, c.campaign, l.stage_position, l.stage, c.leads, c.spend,
		cost_per(c.cost, c.leads) AS unit_cost,
		nullif(i.low, 'Infinity')::numeric AS unit_cost_low,
		nullif(i.high, 'Infinity')::numeric AS unit_cost_high
	FROM cell c
	JOIN ladder l USING (stage_position)
	CROSS JOIN LATERAL cost_interval(c.cost, c.leads, (SELECT confidence_level FROM rule)) i
	ORDER BY c.channel, c.campaign, l.stage_position;
	COMMENT ON VIEW unit_cost IS
		'Spend per lead at each stage: the first stage is the CPL, the stage with role won the CAC. All spend of the campaign against all its counted leads.';

	CREATE OR REPLACE VIEW cohort_revenue WITH (security_invoker = true) AS
	WITH cohort AS MATERIALIZED
	(
		SELECT * FROM cohort_count
	), aged AS MATERIALIZED
	(
		-- In days of the calendar; at the end of one a lead is as old as its hours say.
		SELECT c.month, c.channel, c.campaign, greatest(o.day - c.day, -1) AS age, sum(c.leads) AS leads, sum(c.open_leads) AS open_leads
		FROM cohort c
		CROSS JOIN (SELECT timezone((SELECT time_zone FROM rule), observed_until - interval '1 microsecond')::date AS day FROM observation) o
		WHERE c.day IS NOT NULL
		GROUP BY 1, 2, 3, 4
	), lag AS
	(
		-- Up to the oldest age that is known as well as ten wins would tell it: beyond, one late win among few old leads would outweigh all others.
		SELECT extract(day FROM p.age)::integer AS age, p.conversion,
			max(p.conversion) FILTER (WHERE 10 * p.std_error ^ 2 <= p.conversion ^ 2) OVER () AS final
		FROM
		(
			SELECT rollup(f.curve) AS curve
			FROM
			(
				SELECT curve::conversion_curve FROM cohort WHERE curve_known > 0
				UNION ALL
				SELECT open_curve(array_agg(age ORDER BY age), array_agg(open_leads ORDER BY age))
				FROM (SELECT age, sum(open_leads)::bigint AS open_leads FROM aged WHERE age >= 0 GROUP BY age) a
			) f
		) c
		CROSS JOIN LATERAL points(c.curve) p
	), day AS
	(
		-- Which share of the wins is in by an age, in days; as numeric, which adds up to the same in any order.
		SELECT age, coalesce(max(max(share)) OVER (ORDER BY age), 0) AS share
		FROM
		(
			SELECT age, (least(conversion, final) / final)::numeric AS share FROM lag
			UNION ALL
			SELECT age, NULL FROM aged
		) a
		WHERE EXISTS (SELECT FROM lag WHERE final IS NOT NULL)
		GROUP BY age
	), part AS
	(
		-- Three sources, one row per cohort: nothing is lost by a join, and a NULL channel matches a NULL channel.
		SELECT month, channel, campaign, NULL::numeric AS spend, leads, mql, sal, sql, opportunities, won, deals_won, revenue, won_in_time, lost_in_time,
			paid_back, NULL::numeric AS mature_leads, CASE WHEN without_interval = 0 THEN moments::moments END AS per_lead
		FROM cohort
		WHERE day IS NULL
		UNION ALL
		SELECT month, channel, campaign, amount, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, NULL, NULL, NULL
		FROM allocated_spend
		UNION ALL
		-- What is known as counts only: how old these leads are, and what they brought, is not.
		SELECT month, channel, campaign, NULL, coalesce(sum(leads) FILTER (WHERE stage_position = 1), 0), coalesce(sum(leads) FILTER (WHERE role = 'mql'), 0),
			coalesce(sum(leads) FILTER (WHERE role = 'sal'), 0), coalesce(sum(leads) FILTER (WHERE role = 'sql'), 0),
			coalesce(sum(leads) FILTER (WHERE role = 'opportunity'), 0), coalesce(sum(leads) FILTER (WHERE role = 'won'), 0), 0, NULL, 0, 0, NULL,
			NULL, NULL
		FROM counted_volume
		WHERE excluded_reason IS NULL
		GROUP BY month, channel, campaign
		UNION ALL
		SELECT a.month, a.channel, a.campaign, NULL, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, NULL, sum(a.leads * d.share), NULL
		FROM aged a
		LEFT JOIN day d USING (age)
		GROUP BY a.month, a.channel, a.campaign
	)
	SELECT p.month, p.channel, p.campaign, sum(p.spend) AS spend, sum(p.leads)::bigint AS leads,
		CASE WHEN 'mql' = ANY (l.roles) THEN sum(p.mql)::bigint END AS mql,
		CASE WHEN 'sal' = ANY (l.roles) THEN sum(p.sal)::bigint END AS sal,
		CASE WHEN 'sql' = ANY (l.roles) THEN sum(p.sql)::bigint END AS sql,
		CASE WHEN 'opportunity' = ANY (l.roles) THEN sum(p.opportunities)::bigint END AS opportunities,
		CASE WHEN 'won' = ANY (l.roles) THEN sum(p.won)::bigint END AS won,
		CASE WHEN 'won' = ANY (l.roles) THEN sum(p.won_in_time)::bigint END AS won_in_time,
		sum(p.deals_won)::bigint AS deals_won,
		CASE WHEN sum(p.deals_won) > 0 THEN sum(p.revenue) WHEN sum(p.won) = 0 THEN 0 END AS revenue,
		CASE WHEN sum(p.spend) >= 0 THEN sum(p.spend) END AS cost,
		(sum(p.mature_leads) / nullif(sum(p.leads), 0))::float8 AS maturity,
		-- Where nobody is paid back, no lead brings less than nothing.
		CASE WHEN sum(p.paid_back) = 0 AND low(rollup(p.per_lead), (SELECT confidence_level FROM rule)) < 0 THEN 0
			ELSE low(rollup(p.per_lead), (SELECT confidence_level FROM rule)) END AS per_lead_low,
		high(rollup(p.per_lead), (SELECT confidence_level FROM rule)) AS per_lead_high,
		CASE WHEN 'won' = ANY (l.roles) THEN sum(p.lost_in_time)::bigint END AS lost_in_time
	FROM part p
	CROSS JOIN (SELECT array_agg(role) AS roles FROM ladder WHERE stage_position NOT IN (SELECT stage_position FROM inferred_stage)) l
	GROUP BY p.month, p.channel, p.campaign, l.roles;
	COMMENT ON VIEW cohort_revenue IS
		'Layer below cpl_to_revenue: what each month, channel and campaign cost, what became of its leads, what they brought, and how much of it had '
		'the time to come.';

	CREATE OR REPLACE VIEW cpl_to_revenue WITH (security_invoker = true) AS
	WITH rated AS
	(
		SELECT s.*, CASE WHEN s.won <= s.leads THEN rate(s.won, s.leads) END AS lead_to_won, (SELECT confidence_level FROM rule) AS confidence_level,
			(SELECT gross_margin FROM rule) AS gross_margin,
			-- Leads that have had their time, as trials.
			CASE WHEN s.maturity >= 0.1 THEN rate(s.won_in_time, greatest(round(s.leads * s.maturity)::bigint, s.won_in_time)) END AS expected,
			CASE WHEN s.leads > 0 THEN (s.leads - s.lost_in_time)::float8 / s.leads END AS most_won,
			-- What a customer brings: of this cohort, else of all.
			coalesce(CASE WHEN s.won > 0 AND s.deals_won > 0 THEN s.revenue / s.won END,
				sum(s.revenue) FILTER (WHERE s.deals_won > 0) OVER ()
				/ nullif(sum(s.won) FILTER (WHERE s.deals_won > 0 AND s.revenue IS NOT NULL) OVER (), 0)) AS basket
		FROM cohort_revenue s
	), bounded AS
	(
		SELECT r.*, i.low AS cac_low, i.high AS cac_high,
			-- With fewer than ten buyers the spread of revenue is not known: the count is then uncertain, at a basket taken as given.
			CASE WHEN r.revenue IS NOT NULL THEN coalesce(r.per_lead_low::numeric,
				CASE WHEN r.basket > 0 THEN (1 / won.high)::numeric * r.basket / nullif(r.leads, 0) END) END AS revenue_per_lead_low,
			CASE WHEN r.revenue IS NOT NULL THEN coalesce(r.per_lead_high::numeric,
				CASE WHEN r.basket > 0 THEN (1 / won.low)::numeric * r.basket / nullif(r.leads, 0) END) END AS revenue_per_lead_high
		FROM rated r
		CROSS JOIN LATERAL cost_interval(r.cost, r.won, r.confidence_level) i
		-- The bounds of a Poisson count, upside down.
		CROSS JOIN LATERAL cost_interval(1, r.won, r.confidence_level) won
	)
	SELECT b.month, b.channel, b.campaign, b.spend, b.leads, b.mql, b.sal, b.sql, b.opportunities, b.won,
		b.lead_to_won::float8 AS lead_to_won,
		low(b.lead_to_won, b.confidence_level) AS lead_to_won_low,
		high(b.lead_to_won, b.confidence_level) AS lead_to_won_high,
		b.maturity, b.maturity >= 0.9 AS is_mature,
		-- Who is lost will not be won.
		CASE WHEN b.maturity >= 0.1 THEN least(b.won_in_time / (b.leads * b.maturity), b.most_won) END AS expected_lead_to_won,
		CASE WHEN low(b.expected, b.confidence_level) <= b.most_won THEN low(b.expected, b.confidence_level)
			WHEN b.expected IS NOT NULL THEN b.won_in_time::float8 / b.leads END AS expected_lead_to_won_low,
		CASE WHEN b.expected IS NOT NULL THEN least(high(b.expected, b.confidence_level), b.most_won) END AS expected_lead_to_won_high,
		b.deals_won, b.revenue,
		cpl(b.cost, b.leads) AS cpl,
		cac(b.cost, b.won) AS cac,
		nullif(b.cac_low, 'Infinity')::numeric AS cac_low,
		nullif(b.cac_high, 'Infinity')::numeric AS cac_high,
		average_deal(b.revenue, b.deals_won) AS average_deal,
		revenue_per_lead(b.revenue, b.leads) AS revenue_per_lead,
		b.revenue_per_lead_low, b.revenue_per_lead_high,
		break_even_cpl(revenue_per_lead(b.revenue, b.leads), b.gross_margin) AS break_even_cpl,
		break_even_cpl(b.revenue_per_lead_low, b.gross_margin) AS break_even_cpl_low,
		break_even_cpl(b.revenue_per_lead_high, b.gross_margin) AS break_even_cpl_high,
		roas(b.revenue, b.cost)::float8 AS roas,
		romi(b.revenue, b.cost, b.gross_margin)::float8 AS romi,
		CASE
			-- What costs nothing is not judged by its price.
			WHEN (b.cost > 0 AND b.leads > 0 AND b.gross_margin IS NOT NULL) IS NOT TRUE THEN NULL
			WHEN cpl(b.cost, b.leads) <= b.revenue_per_lead_low * b.gross_margin THEN 'pays'
			-- Of what is to come, only the part that had the time is in.
			WHEN cpl(b.cost, b.leads) * b.maturity::numeric > b.revenue_per_lead_high * b.gross_margin THEN 'does not pay'
			ELSE 'not yet certain'
		END AS verdict,
		fiscal_quarter(b.month, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(b.month, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM bounded b
	ORDER BY b.month, b.channel, b.campaign;
	COMMENT ON VIEW cpl_to_revenue IS
		'From cost to revenue, one row per month, channel and campaign. Leads, wins and revenue belong to the month in which the lead was created, '
		'so spend meets the cohort it bought; maturity says how much of that had the time to come. Spend without leads and leads without spend keep '
		'their rows.';
END;
$$;
COMMENT ON FUNCTION mart_cost_views(name) IS 'Internal to create_mart: makes the views of unit costs and from cost to revenue in the mart.';
