SELECT win_rate, win_rate_low, win_rate_high, decided_deals, acceptance_rate, team_p_value, message
FROM owner_performance
WHERE grain = 'all'
