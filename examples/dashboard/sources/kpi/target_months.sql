SELECT starts_on AS month, target_value
FROM target_pacing
WHERE measure = 'won' AND channel IS NULL AND owner IS NULL AND problem IS NULL AND date_trunc('month', ends_on) = starts_on
ORDER BY starts_on
