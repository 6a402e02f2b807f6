-- A segment by month is what the other pages show.
SELECT segment, coalesce(value, '(none)') AS value, stage_position, stage, leads, step_rate, step_rate_low, step_rate_high
FROM funnel_by_segment
WHERE segment <> 'month'
ORDER BY 1, 2, 3
