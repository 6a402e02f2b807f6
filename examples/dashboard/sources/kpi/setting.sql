-- z is the normal quantile of the level, out of Wilson's interval of one in two, so that the filters draw the intervals that the views have.
SELECT observed_until, confidence_level, coalesce(currency, 'EUR') AS currency, acceptance_threshold, sqrt(8 * half * half / (1 - 4 * half * half)) AS z
FROM
(
	SELECT o.observed_until, r.confidence_level, r.currency, r.acceptance_threshold,
		(high(rate(1, 2), r.confidence_level) - low(rate(1, 2), r.confidence_level)) / 2 AS half
	FROM rule r
	CROSS JOIN observation o
) s
