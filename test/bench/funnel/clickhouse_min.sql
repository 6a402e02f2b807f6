-- plain_min.sql for ClickHouse, where minIf without a row is 0.
SELECT arrayStringConcat([
       toString(countIf(lead > 0)),
       toString(countIf(lead > 0 AND mql >= lead)),
       toString(countIf(lead > 0 AND mql >= lead AND sql >= mql)),
       toString(countIf(lead > 0 AND mql >= lead AND sql >= mql AND opportunity >= sql)),
       toString(countIf(lead > 0 AND mql >= lead AND sql >= mql AND opportunity >= sql AND won >= opportunity))], ' ')
FROM (SELECT toUInt32(minIf(entered_at, stage = 'lead')) AS lead,
             toUInt32(minIf(entered_at, stage = 'mql')) AS mql,
             toUInt32(minIf(entered_at, stage = 'sql')) AS sql,
             toUInt32(minIf(entered_at, stage = 'opportunity')) AS opportunity,
             toUInt32(minIf(entered_at, stage = 'won')) AS won
      FROM event_int
      GROUP BY lead_id)
