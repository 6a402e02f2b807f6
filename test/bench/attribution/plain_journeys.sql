-- What journeys() gives and its models need: linear and time decay, and every
-- path with its conversions, their value, and the journeys that did not convert.
-- One sort of all touches; right where a lead converts once at most, as here.
WITH touched AS (
    SELECT lead_id, channel, touched_at, converted_at, value, touched_at <= converted_at IS TRUE AS converts,
           max(touched_at) OVER (PARTITION BY lead_id, touched_at <= converted_at IS TRUE) AS last
    FROM touch),
journey AS MATERIALIZED (
    SELECT converts, max(value) AS value, array_agg(channel ORDER BY touched_at, channel COLLATE "C") AS path,
           array_agg(power(2::float8, date_part('epoch', touched_at - converted_at) / 604800)
                     ORDER BY touched_at, channel COLLATE "C") FILTER (WHERE converts) AS weights,
           sum(power(2::float8, date_part('epoch', touched_at - converted_at) / 604800)) FILTER (WHERE converts) AS total
    FROM touched
    WHERE touched_at >= CASE WHEN converts THEN converted_at ELSE last END - interval '30 days'
    GROUP BY lead_id, converts)
SELECT ARRAY[channel] AS path, NULL::bigint AS conversions, NULL::float8 AS value, NULL::bigint AS nulls,
       sum(1.0::float8 / cardinality(path)) AS linear, sum(value / cardinality(path)) AS linear_value,
       sum(weight / total) AS time_decay, sum(value * weight / total) AS time_decay_value
FROM journey, unnest(path, weights) AS touch(channel, weight) WHERE converts GROUP BY channel
UNION ALL
SELECT path, count(*) FILTER (WHERE converts), coalesce(sum(value) FILTER (WHERE converts), 0), count(*) FILTER (WHERE NOT converts), NULL, NULL, NULL, NULL
FROM journey GROUP BY path
