-- section: 6
-- view: mql_acceptance_by_channel
-- draw: acceptance
-- unit: share
-- question.en: Does sales take what marketing hands over?
-- question.fr: Les commerciaux prennent-ils ce que le marketing transmet ?
-- name.en: Acceptance by channel
-- name.fr: Acceptation par canal
-- missing.en: It takes stage events of the hand-off: see rule.transmitted_role and rule.accepted_role.
-- missing.fr: Il faut les événements de transmission : voir rule.transmitted_role et rule.accepted_role.
SELECT channel, transmitted, accepted, acceptance_rate, acceptance_rate_low, acceptance_rate_high, threshold, verdict
FROM mql_acceptance_by_channel
WHERE acceptance_rate IS NOT NULL
ORDER BY acceptance_rate DESC, channel;
