-- Linear and time decay with window functions, and nothing else: one sort of the
-- touches that converted.  Right where a lead converts once at most, as here.
SELECT channel,
       sum(1.0::float8 / touches) AS linear, sum(value / touches) AS linear_value,
       sum(weight / weights) AS time_decay, sum(value * weight / weights) AS time_decay_value
FROM (SELECT channel, value, weight, count(*) OVER lead AS touches, sum(weight) OVER lead AS weights
      FROM (SELECT lead_id, channel, value, power(2::float8, date_part('epoch', touched_at - converted_at) / 604800) AS weight
            FROM touch
            WHERE touched_at <= converted_at AND touched_at >= converted_at - interval '30 days') AS owned
      WINDOW lead AS (PARTITION BY lead_id)) AS weighted
GROUP BY channel
