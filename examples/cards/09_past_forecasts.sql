-- section: 8
-- view: forecast_accuracy
-- draw: held
-- unit: sales
-- question.en: Did past forecasts hold?
-- question.fr: Les prévisions passées ont-elles tenu ?
-- name.en: Past forecasts
-- name.fr: Prévisions passées
-- missing.en: It takes half a year of history.
-- missing.fr: Il faut six mois d'historique.
SELECT as_of::date AS as_of, horizon_days, expected_sales, sales_low, sales_high, actual_sales, held
FROM forecast_accuracy
WHERE horizon_days = 90 AND target = 'open leads' AND held IS NOT NULL
ORDER BY as_of;
