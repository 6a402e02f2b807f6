-- The largest difference between attribution() and plain SQL (a view "plain"),
-- relative to the credit; infinite when only one of them has a channel.
SELECT max(coalesce(greatest(abs(credit.conversions / CASE model WHEN 'linear' THEN plain.linear ELSE plain.time_decay END - 1),
                             abs(credit.value / CASE model WHEN 'linear' THEN plain.linear_value ELSE plain.time_decay_value END - 1)),
                    'Infinity'))
FROM built, unnest('{linear,time_decay}'::text[]) AS model, attribution(j, model) AS credit
     FULL JOIN plain USING (channel)
WHERE channel IS NOT NULL
