-- Paths that journeys() and plain_journeys.sql (a table "plain_journeys") do not agree on.
SELECT count(*) FILTER (WHERE (j.conversions, j.value, j.nulls) IS DISTINCT FROM (plain.conversions, plain.value, plain.nulls))
FROM (SELECT p.* FROM built, paths(j) AS p) AS j
     FULL JOIN (SELECT * FROM plain_journeys WHERE conversions IS NOT NULL) AS plain USING (path)
