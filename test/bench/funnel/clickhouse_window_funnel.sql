-- windowFunnel with a window longer than the data: exact.
SELECT arrayStringConcat([
       toString(countIf(level >= 1)), toString(countIf(level >= 2)), toString(countIf(level >= 3)),
       toString(countIf(level >= 4)), toString(countIf(level >= 5))], ' ')
FROM (SELECT windowFunnel(2000000000)(entered_at, stage = 'lead', stage = 'mql', stage = 'sql',
                                      stage = 'opportunity', stage = 'won') AS level
      FROM event_int
      GROUP BY lead_id)
