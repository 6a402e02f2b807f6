SELECT owner, known_leads, reached, within_24_hours, within_24_hours_low, within_24_hours_high, within_60_minutes, median_minutes, working_median_minutes,
	never, p_value
FROM speed_to_lead_by_owner
WHERE measure = 'attempt' AND owner IS NOT NULL AND known_leads > 0
ORDER BY within_24_hours DESC NULLS LAST, owner
