SELECT segment, coalesce(value, '(none)') AS value, age_days, conversion, conversion_low, conversion_high, is_mature
FROM cohort_conversion_by_segment
WHERE segment <> 'month' AND age_days IN (30, 60, 90, 180)
ORDER BY 1, 2, 3
