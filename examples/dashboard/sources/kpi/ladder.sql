-- The columns of kpi_day are named by role; the mart names its stages as it likes.
SELECT position AS stage_position, stage, role
FROM stage
WHERE role IN ('lead', 'mql', 'sal', 'sql', 'opportunity', 'won')
ORDER BY position
