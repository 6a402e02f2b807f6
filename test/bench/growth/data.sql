-- About :events events of a ladder of :steps stages.  A lead takes 1 to :steps
-- of them, so it has (steps + 1) / 2 events on average; one lead in ten takes
-- them backwards.  All leads take step 1, then step 2, and so on, each time in
-- an order that has nothing to do with the lead's number: the rows of a lead are
-- as far apart as they can be, and the table needs no sort.
CREATE TABLE event AS
SELECT lead_id,
       timestamptz '2024-01-01' + (CASE WHEN backwards THEN :steps - position ELSE position END) * interval '7 days'
           + place % 604800 * interval '1 second' AS entered_at,
       'stage_' || position AS stage
FROM generate_series(1, :steps) AS position,
     -- + 0 * position: the planner must keep the steps outside
     generate_series(0::bigint, :events * 2 / (:steps + 1) + 0 * position) AS place,
     LATERAL (SELECT place * 2654435761 % (:events * 2 / (:steps + 1) + 1) AS lead_id) AS shuffled,
     LATERAL (SELECT hashint8extended(lead_id, 1) & 1073741823 AS depth, lead_id % 10 = 0 AS backwards) AS habit
WHERE position <= 1 + depth % :steps;
VACUUM (FREEZE, ANALYZE) event;
CHECKPOINT;
