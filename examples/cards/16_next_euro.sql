-- section: 4
-- view: marginal_return
-- draw: next_euro
-- unit: ratio
-- question.en: Which money works?
-- question.fr: Quel argent rapporte ?
-- name.en: What the next euro brings back, by channel
-- name.fr: Ce que l'euro suivant rapporte, par canal
-- missing.en: It takes six complete months of spend that varies, won deals with an amount, and the margin: UPDATE {mart}.rule SET gross_margin = 0.7;
-- missing.fr: Il faut six mois complets de dépenses qui varient, des affaires gagnées avec leur montant, et la marge : UPDATE {mart}.rule SET gross_margin = 0.7;
SELECT channel, months, spend, cpl, marginal_cpl, break_even_cpl, marginal_return, marginal_return_low, marginal_return_high, verdict
FROM marginal_return
WHERE marginal_return IS NOT NULL
ORDER BY marginal_return_low DESC NULLS LAST, channel
LIMIT 15;
