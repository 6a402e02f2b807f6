-- What the next euro buys: per channel the cost of one more lead, beside what a lead brings.

CREATE FUNCTION mart_marginal_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW marginal_return WITH (security_invoker = true) AS
	WITH complete AS
	(
		SELECT c.month, c.channel, (c.month < date_trunc('month', timezone((SELECT time_zone FROM rule), o.observed_until))) IS TRUE AS is_complete,
			sum(c.spend) AS spend, sum(c.leads) AS leads,
			sum(c.leads) FILTER (WHERE c.is_mature) AS mature_leads, sum(c.won) FILTER (WHERE c.is_mature) AS mature_won,
			sum(c.deals_won) FILTER (WHERE c.is_mature) AS mature_deals, sum(c.revenue) FILTER (WHERE c.is_mature AND c.won > 0) AS mature_revenue
		FROM cpl_to_revenue c
		CROSS JOIN observation o
		GROUP BY c.month, c.channel, is_complete
	), summed AS
	(
		-- Credit notes beyond the spend of a month leave it without spend. What cpl divides stands beside it.
		SELECT channel, marginal_cost(greatest(spend, 0), leads, (SELECT confidence_level FROM rule)) FILTER (WHERE is_complete) AS cost,
			bool_or(is_complete) AS has_complete_month, sum(spend) FILTER (WHERE spend > 0 AND is_complete) AS spend,
			coalesce(sum(leads) FILTER (WHERE spend > 0 AND is_complete), 0)::bigint AS leads,
			sum(mature_leads) FILTER (WHERE is_complete)::bigint AS mature_leads, sum(mature_deals) FILTER (WHERE is_complete)::bigint AS mature_deals,
			-- Revenue nobody knows is no revenue of 0.
			CASE WHEN sum(mature_won) FILTER (WHERE is_complete) > 0 THEN sum(mature_revenue) FILTER (WHERE is_complete)
				WHEN sum(mature_leads) FILTER (WHERE is_complete) > 0 THEN 0 END AS mature_revenue
		FROM complete
		GROUP BY channel
	), worth AS
	(
		SELECT s.*, (SELECT gross_margin FROM rule) AS gross_margin, revenue_per_lead(s.mature_revenue, s.mature_leads) AS revenue_per_lead, i.low, i.high,
			-- Gross margin per deal: of this channel, else of all.
			(SELECT gross_margin FROM rule) * coalesce(s.mature_revenue / nullif(s.mature_deals, 0),
				sum(s.mature_revenue) OVER () / nullif(sum(s.mature_deals) FILTER (WHERE s.mature_revenue IS NOT NULL) OVER (), 0)) AS margin
		FROM summed s
		-- The bounds of a Poisson count, upside down.
		CROSS JOIN LATERAL cost_interval(1, coalesce(s.mature_deals, 0), (SELECT confidence_level FROM rule)) i
	), returned AS
	(
		SELECT *, break_even_cpl(revenue_per_lead, gross_margin) AS break_even_cpl,
			CASE WHEN mature_revenue IS NOT NULL AND margin > 0 THEN (1 / high)::numeric * margin / nullif(mature_leads, 0) END AS break_even_cpl_low,
			CASE WHEN mature_revenue IS NOT NULL AND margin > 0 THEN (1 / low)::numeric * margin / nullif(mature_leads, 0) END AS break_even_cpl_high
		FROM worth
	)
	SELECT channel, coalesce((cost).periods, 0) AS months, coalesce((cost).without_spend, 0) AS months_without_spend, spend, leads, cpl(spend, leads) AS cpl,
		(cost).elasticity AS elasticity, (cost).elasticity_low AS elasticity_low, (cost).elasticity_high AS elasticity_high,
		(cost).marginal_cpl::numeric AS marginal_cpl, (cost).marginal_cpl_low::numeric AS marginal_cpl_low,
			(cost).marginal_cpl_high::numeric AS marginal_cpl_high,
		revenue_per_lead, break_even_cpl, break_even_cpl_low, break_even_cpl_high,
		break_even_cpl::float8 / (cost).marginal_cpl AS marginal_return,
		break_even_cpl_low::float8 / (cost).marginal_cpl_high AS marginal_return_low,
		break_even_cpl_high::float8 / (cost).marginal_cpl_low AS marginal_return_high,
		CASE
			WHEN break_even_cpl_low::float8 > (cost).marginal_cpl_high THEN 'spend more'
			WHEN break_even_cpl_high::float8 < (cost).marginal_cpl_low THEN 'spend less'
			WHEN break_even_cpl IS NOT NULL AND (cost).marginal_cpl IS NOT NULL THEN 'not yet certain'
		END AS verdict,
		CASE
			WHEN NOT has_complete_month THEN 'no_complete_month'
			WHEN (cost).reason IS NOT NULL THEN (cost).reason
			WHEN mature_leads IS NULL THEN 'no_mature_leads'
			WHEN mature_revenue IS NULL THEN 'revenue_unknown'
			WHEN gross_margin IS NULL THEN 'no_gross_margin'
		END AS reason
	FROM returned
	ORDER BY channel;
	COMMENT ON VIEW marginal_return IS
		'What the next euro buys, one row per channel: by how much leads rose with spend from month to month, what one more lead costs by that, and '
		'what it brings. Observed data: spend that followed demand looks as if it had made it, so change the spend a little and look again. NULL '
		'where the data cannot say; reason says why.';
END;
$$;
COMMENT ON FUNCTION mart_marginal_views(name) IS 'Internal to create_mart: makes the view of what the next euro buys in the mart.';
