-- What the next euro buys: per channel the cost of one more lead, beside what a lead brings.

CREATE FUNCTION mart_marginal_views()
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
	CREATE VIEW marginal_return WITH (security_invoker = true) AS
	WITH complete AS
	(
		SELECT c.month, c.channel, sum(c.spend) AS spend, sum(c.leads) AS leads,
			sum(c.leads) FILTER (WHERE c.is_mature) AS mature_leads, sum(c.won) FILTER (WHERE c.is_mature) AS mature_won,
			sum(c.revenue) FILTER (WHERE c.is_mature AND c.won > 0) AS mature_revenue
		FROM cpl_to_revenue c
		CROSS JOIN rule r
		CROSS JOIN observation o
		WHERE r.id = 1 AND c.month < date_trunc('month', timezone(r.time_zone, o.observed_until))
		GROUP BY c.month, c.channel
	), summed AS
	(
		-- Credit notes beyond the spend of a month leave it without spend.
		SELECT channel, marginal_cost(greatest(spend, 0), leads) AS cost, sum(spend) AS spend, sum(leads)::bigint AS leads,
			-- Revenue nobody knows is no revenue of 0.
			revenue_per_lead(CASE WHEN sum(mature_won) > 0 THEN sum(mature_revenue) ELSE 0 END, sum(mature_leads)::bigint) AS revenue_per_lead
		FROM complete
		GROUP BY channel
	), returned AS
	(
		SELECT s.channel, s.cost, s.spend, s.leads, s.revenue_per_lead, break_even_cpl(s.revenue_per_lead, r.gross_margin) AS break_even_cpl
		FROM summed s JOIN rule r ON r.id = 1
	)
	SELECT channel, (cost).periods AS months, (cost).without_spend AS months_without_spend, spend, leads, (cost).cpl AS cpl,
		(cost).elasticity AS elasticity, (cost).elasticity_low AS elasticity_low, (cost).elasticity_high AS elasticity_high,
		(cost).marginal_cpl AS marginal_cpl, (cost).marginal_cpl_low AS marginal_cpl_low, (cost).marginal_cpl_high AS marginal_cpl_high,
		revenue_per_lead, break_even_cpl,
		break_even_cpl::float8 / (cost).marginal_cpl AS marginal_return,
		break_even_cpl::float8 / (cost).marginal_cpl_high AS marginal_return_low,
		break_even_cpl::float8 / (cost).marginal_cpl_low AS marginal_return_high,
		CASE
			WHEN break_even_cpl::float8 > (cost).marginal_cpl_high THEN 'spend more'
			WHEN break_even_cpl::float8 < (cost).marginal_cpl_low THEN 'spend less'
			WHEN break_even_cpl::float8 / (cost).marginal_cpl IS NOT NULL THEN 'not yet certain'
		END AS verdict,
		(cost).reason AS reason
	FROM returned
	ORDER BY channel;
	COMMENT ON VIEW marginal_return IS
		'What the next euro buys, one row per channel: by how much leads rose with spend from month to month, what one more lead costs by that, and what it brings. Observed data: spend that followed demand looks as if it had made it, so change the spend a little and look again. NULL where the data cannot say; reason says why.';
END;
$$;
COMMENT ON FUNCTION mart_marginal_views() IS 'Internal to create_mart: makes the view of what the next euro buys in the first schema of search_path.';
