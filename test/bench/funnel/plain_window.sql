-- The ordered funnel with window functions, equal to funnel() on any data
-- without ties: one sort by lead and time, in which each step waits for the one
-- before.
SELECT concat_ws(' ',
       count(*) FILTER (WHERE level >= 1), count(*) FILTER (WHERE level >= 2),
       count(*) FILTER (WHERE level >= 3), count(*) FILTER (WHERE level >= 4),
       count(*) FILTER (WHERE level >= 5))
FROM (SELECT max(CASE WHEN stage = 'won' AND opportunity THEN 5 WHEN opportunity THEN 4 WHEN sql THEN 3
                      WHEN mql THEN 2 WHEN lead THEN 1 ELSE 0 END) AS level
      FROM (SELECT *, bool_or(stage = 'opportunity' AND sql) OVER history AS opportunity
            FROM (SELECT *, bool_or(stage = 'sql' AND mql) OVER history AS sql
                  FROM (SELECT *, bool_or(stage = 'mql' AND lead) OVER history AS mql
                        FROM (SELECT lead_id, entered_at, stage, bool_or(stage = 'lead') OVER history AS lead
                              FROM event_int
                              WINDOW history AS (PARTITION BY lead_id ORDER BY entered_at ROWS UNBOUNDED PRECEDING)) s1
                        WINDOW history AS (PARTITION BY lead_id ORDER BY entered_at ROWS UNBOUNDED PRECEDING)) s2
                  WINDOW history AS (PARTITION BY lead_id ORDER BY entered_at ROWS UNBOUNDED PRECEDING)) s3
            WINDOW history AS (PARTITION BY lead_id ORDER BY entered_at ROWS UNBOUNDED PRECEDING)) s4
      GROUP BY lead_id) AS per_lead
