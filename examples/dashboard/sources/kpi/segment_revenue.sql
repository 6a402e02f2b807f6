SELECT segment, coalesce(value, '(none)') AS value, leads, won, lead_to_won, lead_to_won_low, lead_to_won_high, maturity, revenue, revenue_per_lead,
	revenue_per_lead_low, revenue_per_lead_high
FROM revenue_by_segment
WHERE segment <> 'month'
ORDER BY segment, leads DESC, 2
