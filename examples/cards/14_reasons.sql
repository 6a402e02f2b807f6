-- section: 3
-- view: refusal_reasons
-- draw: reasons
-- unit: share
-- question.en: Where do leads get lost?
-- question.fr: Où perd-on des leads ?
-- name.en: Why leads are refused
-- name.fr: Pourquoi des leads sont refusés
-- missing.en: Say why in {mart}.stage_event.reason, and give exits the role lost in {mart}.stage.
-- missing.fr: Dites pourquoi dans {mart}.stage_event.reason, et donnez aux sorties le rôle lost dans {mart}.stage.
SELECT reason, refusals, all_refusals, share, share_low, share_high, verdict
FROM refusal_reasons
WHERE grain = 'all'
ORDER BY refusals DESC, reason
LIMIT 10;
