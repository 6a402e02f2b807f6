-- The targets of the periods that run or are to come, of the whole company.
SELECT starts_on, ends_on, measure, target_value, phase, so_far, expected_total, expected_total_low, expected_total_high, probability_to_reach, verdict
FROM target_pacing
WHERE channel IS NULL AND owner IS NULL AND problem IS NULL AND phase <> 'over'
ORDER BY starts_on, ends_on, measure
