-- section: 10
-- view: data_quality
-- draw: table
-- unit: rows
-- question.en: Can I trust this?
-- question.fr: Puis-je m'y fier ?
-- name.en: What was set aside, and what is wrong in the data
-- name.fr: Ce qui a été écarté, et ce qui ne va pas dans les données
SELECT severity, what_it_means, rows, amount, what_to_do, check_name
FROM data_quality
WHERE rows > 0 AND severity <> 'ok'
ORDER BY CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, rows DESC, check_name
LIMIT 25;
