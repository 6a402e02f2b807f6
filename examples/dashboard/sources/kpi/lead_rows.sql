-- The rows behind a finding: no name and no address leaves the mart.
SELECT o.lead_id::text AS lead_id, o.created_at::date AS created_on, o.month, coalesce(o.channel, '(none)') AS channel,
	coalesce(o.campaign, '(none)') AS campaign, coalesce(c.kind, '(none)') AS kind, coalesce(c.owner, '(none)') AS owner, o.stage_position, o.stage,
	CASE WHEN o.won_at IS NOT NULL THEN 'won' WHEN o.lost_at IS NOT NULL THEN 'lost' ELSE 'open' END AS outcome, o.revenue
FROM lead_outcome o
JOIN counted_lead c USING (lead_id)
WHERE c.excluded_reason IS NULL
ORDER BY o.created_at DESC, 1
