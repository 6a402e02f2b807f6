-- section: 8
-- view: target_pacing
-- draw: targets
-- unit: target
-- question.en: What will come?
-- question.fr: Que va-t-il arriver ?
-- name.en: Targets
-- name.fr: Objectifs
-- missing.en: Write what is to be reached into {mart}.target.
-- missing.fr: Écrivez ce qui est à atteindre dans {mart}.target.
SELECT measure, channel, starts_on, ends_on, target_value, so_far, expected_total, expected_total_low, expected_total_high, probability_to_reach, verdict_code
FROM target_pacing
WHERE phase IN ('running', 'to come') AND problem IS NULL AND owner IS NULL AND target_value > 0
ORDER BY channel IS NOT NULL, starts_on, measure, channel
LIMIT 12;
