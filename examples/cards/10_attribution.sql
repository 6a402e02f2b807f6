-- section: 9
-- view: attribution_shift
-- draw: range
-- unit: share
-- question.en: How much depends on the attribution model?
-- question.fr: Qu'est-ce qui dépend du modèle d'attribution ?
-- name.en: Share of the sales by channel, over all models
-- name.fr: Part des ventes par canal, selon tous les modèles
-- missing.en: Load the touches of the leads into {mart}.touch.
-- missing.fr: Chargez les contacts des leads dans {mart}.touch.
SELECT channel, lowest_share, lowest_models, default_share, highest_share, highest_models,
	(SELECT sum(a.conversions) FROM attribution a WHERE a.model = (SELECT attribution_model FROM rule))::float8 AS conversions_of_all
FROM attribution_shift
WHERE highest_share >= 0.01
ORDER BY default_share DESC, channel
LIMIT 12;
