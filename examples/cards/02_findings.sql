-- section: 2
-- view: diagnosis
-- draw: findings
-- unit: finding
-- question.en: What should I do on Monday?
-- question.fr: Que faire lundi ?
-- name.en: What goes wrong, and what goes well
-- name.fr: Ce qui va mal, et ce qui va bien
SELECT code, severity, subject, since, certainty, p_value, leads, message, likely_causes, what_to_look_at
FROM diagnosis
WHERE severity <> 'ok'
ORDER BY CASE severity WHEN 'warning' THEN 1 WHEN 'watch' THEN 3 ELSE 2 END, p_value NULLS LAST, code
LIMIT 12;
