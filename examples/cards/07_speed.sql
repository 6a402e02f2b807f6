-- section: 6
-- view: speed_to_lead_by_owner
-- draw: speed
-- unit: share
-- question.en: Does sales take what marketing hands over?
-- question.fr: Les commerciaux prennent-ils ce que le marketing transmet ?
-- name.en: First attempt within an hour of working time, by owner
-- name.fr: Premier essai dans l'heure ouvrée, par responsable
-- missing.en: Load calls and mails into {mart}.activity, and say what they mean in {mart}.activity_meaning.
-- missing.fr: Chargez appels et mails dans {mart}.activity, et dites ce qu'ils veulent dire dans {mart}.activity_meaning.
SELECT owner, known_leads AS leads, working_within_60_minutes, working_within_60_minutes_low, working_within_60_minutes_high, working_median_minutes, never,
	(SELECT working_within_60_minutes FROM speed_to_lead WHERE grain = 'all' AND measure = 'attempt') AS within_60_minutes_of_all, p_value
FROM speed_to_lead_by_owner
WHERE measure = 'attempt' AND reached > 0 AND working_within_60_minutes IS NOT NULL
ORDER BY working_within_60_minutes DESC, owner
LIMIT 20;
