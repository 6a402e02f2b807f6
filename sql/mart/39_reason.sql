-- Why leads are refused and deals are lost.

CREATE FUNCTION mart_reason_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW sent_away WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT o.observed_until, r.transmitted_role, max(l.stage_position) FILTER (WHERE l.role = r.transmitted_role) AS transmitted_position,
			coalesce(max(l.stage_position) FILTER (WHERE l.role = r.accepted_role), max(l.stage_position) FILTER (WHERE l.role = 'opportunity'),
				max(l.stage_position) FILTER (WHERE l.role = 'won')) AS accepted_position,
			coalesce(max(l.stage_position) FILTER (WHERE l.role = 'opportunity'), max(l.stage_position) FILTER (WHERE l.role = 'won')) AS opportunity_position,
			max(l.stage_position) FILTER (WHERE l.role = 'won') AS won_position
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o CROSS JOIN ladder l
		WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
		GROUP BY o.observed_until, r.transmitted_role, r.accepted_role
	), numbered AS
	(
		-- A record is at its first stage before anything else. An exit on a day ends that day; at one moment a lead moves up.
		SELECT e.record_id, e.lead_id, e.kind, e.owner, e.amount, nullif(trim_blanks(e.reason), '') AS reason, e.entered_at, p.stage_position,
			e.kind = 'deal' AND NOT e.is_won AS is_lost_deal, e.deal_id, row_number() OVER (PARTITION BY e.record_id ORDER BY
				coalesce(CASE WHEN e.kind = 'exit' THEN e.sold_by END, e.entered_at, '-infinity'), p.stage_position, e.kind, e.deal_id, e.reason) AS number
		FROM lead_event e
		CROSS JOIN setting s
		LEFT JOIN ladder l ON l.stage = e.stage
		CROSS JOIN LATERAL (SELECT CASE WHEN e.kind IN ('lead', 'folded') THEN 1 ELSE l.stage_position END AS stage_position) p
		WHERE CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END AND (e.entered_at <= s.observed_until OR e.kind = 'folded')
	), stood AS
	(
		-- The newest stage before: the number of its row says which that is.
		SELECT *, (max(number * 100 + stage_position) OVER (PARTITION BY record_id ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
			% 100)::integer AS stood_at
		FROM numbered
	), moved AS MATERIALIZED
	(
		SELECT m.*, sum(m.is_sent_away::integer) OVER (PARTITION BY m.record_id ORDER BY m.number) - m.is_sent_away::integer AS round
		FROM
		(
			SELECT t.*, t.kind = 'exit'
				OR coalesce(t.kind = 'stage' AND t.stage_position < t.stood_at AND t.stage_position < s.accepted_position, false) AS is_sent_away
			FROM stood t CROSS JOIN setting s
		) m
	), refused AS MATERIALIZED
	(
		-- Each round ends when the lead is sent away; the next begins when it is handed over anew.
		SELECT r.lead_id, r.at, r.stage_position, r.reason,
			CASE
				WHEN r.furthest >= s.won_position THEN NULL
				WHEN (r.furthest >= s.transmitted_position) IS NOT TRUE AND (r.furthest >= s.opportunity_position) IS NOT TRUE
					THEN CASE WHEN r.round = 0 AND NOT r.is_back THEN 'dropped' END
				WHEN r.is_back THEN 'recycled'
				WHEN r.furthest >= s.opportunity_position THEN 'lost'
				WHEN r.furthest >= s.accepted_position THEN 'disqualified'
				ELSE 'refused'
			END AS outcome
		FROM
		(
			SELECT lead_id, record_id, round, max(stage_position) FILTER (WHERE NOT is_sent_away) AS furthest,
				max(entered_at) FILTER (WHERE is_sent_away) AS at, max(stood_at) FILTER (WHERE is_sent_away) AS stage_position,
				max(reason) FILTER (WHERE is_sent_away) AS reason, bool_or(kind = 'stage') FILTER (WHERE is_sent_away) AS is_back
			FROM moved
			GROUP BY lead_id, record_id, round
			HAVING bool_or(is_sent_away)
		) r
		CROSS JOIN setting s
	), lost_deal AS MATERIALIZED
	(
		SELECT m.lead_id, m.entered_at AS at, CASE WHEN m.stood_at >= s.won_position THEN s.opportunity_position ELSE m.stood_at END AS stage_position,
			coalesce(m.reason, x.reason) AS reason, nullif(trim_blanks(m.owner), '') AS owner, m.amount
		FROM moved m
		CROSS JOIN setting s
		LEFT JOIN (SELECT DISTINCT ON (lead_id) lead_id, reason FROM refused WHERE outcome = 'lost' AND reason IS NOT NULL ORDER BY lead_id, at DESC, reason) x
			ON x.lead_id = m.lead_id
		WHERE m.is_lost_deal
	)
	SELECT outcome, lead_id, at AS happened_at, stage_position, reason, NULL::text AS owner, NULL::numeric AS amount, false AS is_deal
	FROM refused
	-- A deal that was lost says it already.
	WHERE outcome <> 'lost' OR lead_id NOT IN (SELECT lead_id FROM lost_deal)
	UNION ALL
	SELECT 'lost', lead_id, at, stage_position, reason, owner, amount, true
	FROM lost_deal
	UNION ALL
	SELECT 'won', lead_id, entered_at, stage_position, NULL, nullif(trim_blanks(owner), ''), amount, true
	FROM moved
	WHERE kind = 'deal' AND NOT is_lost_deal;
	COMMENT ON VIEW sent_away IS
		'Layer below the views about reasons: every time that a lead was sent away (refused, recycled, disqualified, lost, or dropped before any hand-off), '
		'and every deal that was won.';

	CREATE OR REPLACE VIEW reason_case WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT o.observed_until, r.transmitted_role, (SELECT stage_position FROM ladder WHERE role = r.transmitted_role) AS transmitted_position,
			(SELECT stage_position FROM ladder WHERE role = 'won') AS won_position
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN observation o
	), work AS MATERIALIZED
	(
		SELECT w.lead_id, w.channel, w.campaign, w.owner, w.won_at, w.deals_won, w.revenue, w.stage_position,
			CASE s.transmitted_role WHEN 'lead' THEN CASE WHEN w.stage_position IS NOT NULL THEN w.created_at END WHEN 'mql' THEN w.mql_at
				WHEN 'sal' THEN w.sal_at WHEN 'sql' THEN w.sql_at WHEN 'opportunity' THEN w.opportunity_at WHEN 'won' THEN w.won_at END AS transmitted_at
		FROM lead_work w CROSS JOIN setting s
	), sent AS MATERIALIZED
	(
		SELECT * FROM sent_away
	), told AS
	(
		SELECT outcome, lead_id, happened_at, stage_position, reason, owner, amount, is_deal,
			-- A lead that is sent away twice counts twice, and in what is told of leads once, for the first time.
			outcome IN ('refused', 'recycled', 'disqualified') AND row_number() OVER (PARTITION BY lead_id,
				outcome IN ('refused', 'recycled', 'disqualified') ORDER BY happened_at, outcome, reason) = 1 AS is_first
		FROM sent
		UNION ALL
		SELECT 'won', w.lead_id, w.won_at, s.won_position, NULL, NULL, NULL, false, false
		FROM work w CROSS JOIN setting s
		WHERE w.deals_won = 0 AND w.won_at <= s.observed_until
		UNION ALL
		SELECT 'transmitted', w.lead_id, w.transmitted_at, s.transmitted_position, NULL, NULL, NULL, false, true
		FROM work w CROSS JOIN setting s
		WHERE w.transmitted_at <= s.observed_until
	), spelled AS
	(
		-- As most have it.
		SELECT reason, first_value(reason) OVER (PARTITION BY lower(reason) ORDER BY count(*) DESC, reason COLLATE "C") AS name
		FROM sent
		WHERE reason IS NOT NULL
		GROUP BY reason
	)
	SELECT t.outcome, t.lead_id, t.happened_at, t.stage_position, l.stage, w.channel, w.campaign, coalesce(t.owner, w.owner) AS owner, p.name AS reason,
		t.is_deal, t.amount, w.transmitted_at, t.is_first AND coalesce(w.transmitted_at <= s.observed_until, false) AS is_first,
		-- Who buys after all.
		CASE WHEN t.is_first AND t.outcome <> 'transmitted' AND w.won_at > t.happened_at THEN w.won_at END AS won_later_at,
		CASE WHEN t.is_first AND t.outcome <> 'transmitted' AND w.won_at > t.happened_at AND w.deals_won > 0 THEN w.revenue END AS revenue_later
	FROM told t
	CROSS JOIN setting s
	LEFT JOIN work w ON w.lead_id = t.lead_id
	LEFT JOIN spelled p ON p.reason = t.reason
	LEFT JOIN ladder l ON l.stage_position = t.stage_position;
	COMMENT ON VIEW reason_case IS
		'Every refusal and every loss one by one, with its reason, and what they are a share of: the hand-offs (outcome = transmitted) and the wins (won).';

	CREATE OR REPLACE VIEW reason_count WITH (security_invoker = true) AS
	WITH told AS MATERIALIZED
	(
		SELECT * FROM reason_case
	), answered AS MATERIALIZED
	(
		-- As in mql_acceptance: what was transmitted within the time that nearly all refusals take may still be refused.
		SELECT (SELECT observed_until FROM observation) - greatest(percentile_cont(0.9) WITHIN GROUP (ORDER BY happened_at - transmitted_at)
			FILTER (WHERE is_first AND outcome <> 'transmitted'), '0') AS until
		FROM told
	)
	SELECT t.outcome, date_trunc('month', timezone((SELECT time_zone FROM rule), t.happened_at))::date AS month, t.stage_position, t.stage, t.channel,
		t.campaign, t.owner, t.reason, count(*) AS times,
		count(*) FILTER (WHERE t.is_first AND (t.transmitted_at > a.until) IS NOT TRUE) AS leads,
		count(*) FILTER (WHERE t.is_deal) AS deals, count(t.amount) AS priced_deals, sum(t.amount) AS amount, count(t.won_later_at) AS won_later,
		sum(t.revenue_later) AS revenue_later
	FROM told t
	CROSS JOIN answered a
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	GROUP BY t.outcome, 2, t.stage_position, t.stage, t.channel, t.campaign, t.owner, t.reason;
	COMMENT ON VIEW reason_count IS
		'Layer below refusal_reasons and loss_reasons, all of it adds up: how often leads were sent away or lost, per outcome, month in which it happened, '
		'stage, channel, campaign, owner and reason; and the hand-offs (outcome = transmitted) and wins (won).';
END;
$$;
COMMENT ON FUNCTION mart_reason_views(name) IS 'Internal to create_mart: makes the views of why leads are refused and deals are lost in the mart.';
