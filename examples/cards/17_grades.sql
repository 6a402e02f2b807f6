-- section: 7
-- view: score_lift
-- draw: grades
-- unit: share
-- question.en: Who should be called?
-- question.fr: Qui faut-il appeler ?
-- name.en: Share won by grade
-- name.fr: Part gagnée par note
-- missing.en: It takes a scorecard with grades ({mart}.rule.scorecard) and leads that had the time to be won.
-- missing.fr: Il faut une scorecard avec des notes ({mart}.rule.scorecard) et des leads qui ont eu le temps d'être gagnés.
-- Of one month end: a lead that is open at several would count at each.
SELECT grade, leads, won_within, conversion, conversion_low, conversion_high, lift, as_of, sum(won_within) OVER ()::float8 / sum(leads) OVER ()::float8 AS conversion_of_all
FROM score_lift
WHERE as_of = (SELECT max(as_of) FROM score_lift) AND leads > 0
ORDER BY grade
LIMIT 20;
