-- The stage history of a CRM, in the order in which it was written:
-- about 10 events for 3 leads, the same data with three kinds of lead keys.
-- Everything follows from hashes of the lead's number, so it is the same everywhere.
-- psql variables: leads (how many), order (entered_at, or a hash to shuffle the rows)

CREATE FUNCTION die(lead bigint, seed int, sides int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(lead, seed) & 1073741823) % sides)::int;

-- Created over two years; how deep the lead gets; one channel; one of 100 habits.
CREATE TEMP TABLE lead AS
SELECT lead,
       date_trunc('second', timestamptz '2024-01-01' + lead * (interval '730 days' / :leads)) AS created,
       CASE WHEN d < 25 THEN 1 WHEN d < 42 THEN 2 WHEN d < 58 THEN 3 WHEN d < 72 THEN 4 ELSE 5 END AS depth,
       ('{search,social,referral,event,email,partner}'::text[])[1 + die(lead, 2, 6)] AS channel,
       die(lead, 3, 100) AS habit
FROM generate_series(1, :leads) lead, die(lead, 1, 100) d;

-- Its steps, an hour to a month apart.
CREATE TEMP TABLE step AS
SELECT lead, channel, habit, depth, position,
       created + interval '1 second' * sum(CASE WHEN position > 1 THEN 3600 + die(lead, 10 + position, 2592000) ELSE 0 END)
                                       OVER (PARTITION BY lead ORDER BY position) AS entered_at
FROM lead, generate_series(1, depth) position;

CREATE TEMP TABLE history AS
-- habits 0 to 4 skip the second stage, 5 to 9 have the first two in the wrong order
SELECT lead, channel, CASE WHEN habit BETWEEN 5 AND 9 AND position < 3 AND depth > 1 THEN 3 - position ELSE position END AS position, entered_at
FROM step WHERE NOT (habit < 5 AND position = 2)
UNION ALL
-- habits 10 to 39 fall back to a stage they had, later
SELECT lead, channel, 1 + die(lead, 20, depth), entered_at + interval '1 second' * (3600 + die(lead, 21, 2592000))
FROM step WHERE habit BETWEEN 10 AND 39 AND position = depth
UNION ALL
-- habits 40 to 44 end in a status that is on no ladder
SELECT lead, channel, 6, entered_at + interval '1 second' * (3600 + die(lead, 22, 2592000))
FROM step WHERE habit BETWEEN 40 AND 44 AND position = depth;

CREATE TABLE event_int AS
SELECT lead AS lead_id, entered_at, ('{lead,mql,sql,opportunity,won,recycled}'::text[])[position] AS stage, channel
FROM history ORDER BY :order, lead;

CREATE TABLE event_uuid AS
SELECT md5(lead_id::text)::uuid AS lead_id, entered_at, stage, channel FROM event_int;

-- As CRMs write them: 18 characters.
CREATE TABLE event_text AS
SELECT '00Q' || substr(md5(lead_id::text), 1, 15) AS lead_id, entered_at, stage, channel FROM event_int;

DROP TABLE lead, step, history;
VACUUM (FREEZE, ANALYZE) event_int, event_uuid, event_text;
CHECKPOINT;
