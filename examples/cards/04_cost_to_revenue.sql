-- section: 4
-- view: cpl_to_revenue
-- draw: cost
-- unit: money
-- question.en: Which money works?
-- question.fr: Quel argent rapporte ?
-- name.en: From cost to revenue, by campaign
-- name.fr: Du coût au chiffre d'affaires, par campagne
-- missing.en: It takes campaigns that cost something in months whose leads had their time: load the cost into {mart}.spend.
-- missing.fr: Il faut des campagnes qui ont coûté quelque chose, dans des mois dont les leads ont eu leur temps : chargez le coût dans {mart}.spend.
-- Months that had their time only, so that a young campaign is not a bad one.
WITH total AS
(
	SELECT channel, campaign, sum(spend) AS spend, sum(leads)::bigint AS leads, sum(won)::bigint AS won, sum(revenue) AS revenue
	FROM cpl_to_revenue
	WHERE is_mature
	GROUP BY channel, campaign
	HAVING sum(spend) > 0 AND sum(leads) > 0
), rated AS
(
	SELECT t.*, cpl(t.spend, t.leads) AS cpl, cac(t.spend, t.won) AS cac, i.low AS cac_low, nullif(i.high, 'Infinity') AS cac_high,
		r.gross_margin, sum(t.revenue) OVER () / nullif(sum(t.won) OVER (), 0) AS basket_of_all
	FROM total t
	CROSS JOIN (SELECT gross_margin, confidence_level FROM rule) r
	CROSS JOIN LATERAL cost_interval(t.spend, t.won, r.confidence_level) i
)
SELECT channel, campaign, spend, leads, won, revenue, cpl, break_even_cpl(revenue_per_lead(revenue, leads), gross_margin) AS break_even_cpl, cac, cac_low, cac_high,
	coalesce(revenue / nullif(won, 0), basket_of_all) * gross_margin AS margin_of_a_customer,
	CASE
		WHEN gross_margin IS NULL THEN NULL
		WHEN cac_high <= coalesce(revenue / nullif(won, 0), basket_of_all) * gross_margin THEN 'pays'
		WHEN cac_low > coalesce(revenue / nullif(won, 0), basket_of_all) * gross_margin THEN 'does not pay'
		ELSE 'not yet certain'
	END AS verdict
FROM rated
ORDER BY cac NULLS LAST, channel, campaign
LIMIT 15;
