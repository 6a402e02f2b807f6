-- section: 5
-- view: cohort_conversion
-- draw: cohorts
-- unit: share
-- question.en: Is the newest cohort worse, or only younger?
-- question.fr: La dernière cohorte est-elle moins bonne, ou seulement plus jeune ?
-- name.en: Share won by age, per month
-- name.fr: Part gagnée selon l'âge, par mois
-- missing.en: Load leads into {mart}.lead.
-- missing.fr: Chargez des leads dans {mart}.lead.
SELECT month, age_days, leads, conversion, conversion_low, conversion_high, at_risk, is_mature
FROM cohort_conversion
WHERE month >= (SELECT max(month) FROM cohort_conversion) - interval '6 months' AND conversion IS NOT NULL
ORDER BY month, age_days;
