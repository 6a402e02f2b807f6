-- Touches of leads with 1 to 9 of them, 5 on average, in the order of time; a
-- row carries its lead's conversion, as a join of touches and deals gives it.
-- Everything follows from hashes of the lead's number, so it is the same everywhere.
-- psql variables: leads (how many)

CREATE FUNCTION die(lead bigint, seed int, sides int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(lead, seed) & 1073741823) % sides)::int;

-- The channels are unequal.
CREATE FUNCTION channel(roll int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN roll < 30 THEN 'search' WHEN roll < 50 THEN 'direct' WHEN roll < 65 THEN 'email' WHEN roll < 77 THEN 'social'
            WHEN roll < 86 THEN 'display' WHEN roll < 93 THEN 'referral' WHEN roll < 98 THEN 'event' ELSE 'partner' END;

-- One lead in four converts: up to 10 days after its last touch, or, one in ten
-- of these, after its second, so that touches follow.  A touch comes within a week
-- after the one before it; every other touch is by the lead's own channel.
CREATE TABLE touch AS
SELECT lead AS lead_id,
       channel(die(lead, CASE WHEN die(lead, 20 + position, 2) = 0 THEN 3 ELSE 30 + position END, 100)) AS channel,
       created + interval '1 second' * (604800 * (position - 1) + die(lead, 10 + position, 604800)) AS touched_at,
       CASE WHEN converts THEN created + interval '1 second' * (604800 * owned + die(lead, 4, 864000)) END AS converted_at,
       CASE WHEN converts THEN (1000 + die(lead, 5, 9000))::float8 END AS value
FROM generate_series(1, :leads) lead,
     LATERAL (SELECT timestamptz '2024-01-01' + lead * (interval '730 days' / :leads) AS created,
                     1 + die(lead, 1, 9) AS touches, die(lead, 2, 4) = 0 AS converts) AS habit,
     LATERAL (SELECT CASE WHEN die(lead, 6, 10) = 0 THEN least(2, touches) ELSE touches END AS owned) AS deal,
     generate_series(1, touches) position
ORDER BY touched_at, lead_id;

-- 10 000 distinct paths of 1 to 10 touches by 12 channels, as path tables hold them.
CREATE TABLE path AS
SELECT path, sum(conversions)::bigint AS conversions, 100.0 * sum(conversions) AS value, sum(nulls)::bigint AS nulls
FROM generate_series(1, 20000) n,
     LATERAL (SELECT array_agg('channel ' || least(die(n, position, 12), die(n, 50 + position, 12)) ORDER BY position) AS path
              FROM generate_series(1, 1 + die(n, 100, 10)) position) AS touches,
     LATERAL (SELECT die(n, 101, 4) AS conversions, 1 + die(n, 102, 20) AS nulls) AS outcome
GROUP BY path ORDER BY min(n) LIMIT 10000;

VACUUM (FREEZE, ANALYZE) touch, path;
CHECKPOINT;
