SELECT owner, leads, transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, decided_deals, decided_deals_won, win_rate,
	win_rate_low, win_rate_high, verdict, team_p_value, open_leads, revenue
FROM owner_performance
WHERE grain = 'owner' AND owner IS NOT NULL
ORDER BY win_rate DESC NULLS LAST, owner
