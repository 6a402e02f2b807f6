-- section: 3
-- view: funnel
-- draw: funnel
-- unit: leads
-- question.en: Where do leads get lost?
-- question.fr: Où perd-on des leads ?
-- name.en: Funnel
-- name.fr: Entonnoir
-- missing.en: Load leads into {mart}.lead and their stages into {mart}.stage_event.
-- missing.fr: Chargez des leads dans {mart}.lead et leurs étapes dans {mart}.stage_event.
SELECT stage_position, stage, leads, previous_leads, step_rate, step_rate_low, step_rate_high, total_rate, median_days
FROM funnel
WHERE leads IS NOT NULL
ORDER BY stage_position;
