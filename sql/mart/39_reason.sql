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
				CASE WHEN e.kind IN ('lead', 'folded') THEN '-infinity' WHEN e.kind = 'exit' THEN coalesce(e.sold_by, e.entered_at) ELSE e.entered_at END,
				p.stage_position, e.kind, e.deal_id, e.reason) AS number
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
	WHERE outcome IS NOT NULL AND (outcome <> 'lost' OR lead_id NOT IN (SELECT lead_id FROM lost_deal))
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

	CREATE OR REPLACE VIEW reason_by_grain WITH (security_invoker = true) AS
	WITH counted AS MATERIALIZED
	(
		SELECT CASE WHEN outcome IN ('lost', 'won') THEN 'loss' ELSE 'refusal' END AS about, outcome, outcome IN ('lost', 'refused', 'recycled', 'disqualified')
			AS is_case, month, stage_position, stage, channel, owner, reason, sum(times) AS times, sum(leads) AS leads, sum(deals) AS deals,
			sum(priced_deals) AS priced_deals, sum(amount) AS amount, sum(won_later) AS won_later, sum(revenue_later) AS revenue_later
		FROM reason_count
		WHERE outcome <> 'dropped'
		GROUP BY outcome, month, stage_position, stage, channel, owner, reason
	), period AS MATERIALIZED
	(
		-- The latest complete quarter and the one before, else such months.
		SELECT u.period, p.after_start, p.after_end, p.before_start, p.before_end, r.confidence_level
		FROM (SELECT * FROM rule LIMIT 1) r
		CROSS JOIN observation o
		CROSS JOIN (VALUES (1, 'quarter'), (2, 'month')) u(ordinal, period)
		CROSS JOIN LATERAL period_pair(u.period, NULL, o.observed_until + interval '1 microsecond', r.time_zone, r.fiscal_year_start) p
		WHERE u.period = 'month' OR p.before_start >= (SELECT min(month) FROM counted)
		ORDER BY u.ordinal
		LIMIT 1
	), grouped AS
	(
		SELECT c.about, g.grain, k.stage_position, k.stage, k.channel, k.owner, c.reason, c.is_case, sum(c.times) AS times,
			sum(c.times) FILTER (WHERE c.outcome = 'refused') AS refused, sum(c.times) FILTER (WHERE c.outcome = 'recycled') AS recycled,
			sum(c.times) FILTER (WHERE c.outcome = 'disqualified') AS disqualified, sum(CASE c.about WHEN 'loss' THEN c.times ELSE c.leads END) AS leads,
			sum(c.deals) AS deals, sum(c.priced_deals) AS priced_deals, sum(c.amount) AS amount, sum(c.won_later) AS won_later,
			sum(c.revenue_later) AS revenue_later,
			coalesce(sum(c.times) FILTER (WHERE c.is_case AND c.month >= p.before_start AND c.month < p.before_end), 0) AS before,
			coalesce(sum(c.times) FILTER (WHERE c.is_case AND c.month >= p.after_start AND c.month < p.after_end), 0) AS after
		FROM counted c
		LEFT JOIN period p ON true
		CROSS JOIN (VALUES ('all'), ('stage'), ('channel'), ('owner')) g(grain)
		CROSS JOIN LATERAL
		(
			SELECT CASE WHEN g.grain = 'stage' AND c.is_case THEN c.stage_position END AS stage_position,
				CASE WHEN g.grain = 'stage' AND c.is_case THEN c.stage END AS stage, CASE WHEN g.grain = 'channel' THEN c.channel END AS channel,
				CASE WHEN g.grain = 'owner' THEN c.owner END AS owner
		) k
		GROUP BY c.about, g.grain, k.stage_position, k.stage, k.channel, k.owner, c.reason, c.is_case
	), summed AS
	(
		-- Hand-offs and wins are of no stage at which something was refused: of each stage all of them are the base.
		SELECT *, sum(times) FILTER (WHERE is_case) OVER place AS all_times, sum(before) OVER place AS all_before, sum(after) OVER place AS all_after,
			CASE WHEN grain = 'stage' THEN sum(leads) FILTER (WHERE about = 'loss' OR NOT is_case) OVER (PARTITION BY about, grain)
				ELSE sum(leads) FILTER (WHERE about = 'loss' OR NOT is_case) OVER place END AS base
		FROM grouped
		WINDOW place AS (PARTITION BY about, grain, stage_position, stage, channel, owner)
	), compared AS
	(
		SELECT s.*, p.period, p.after_start, p.before_start, p.confidence_level, c.difference, c.low, c.high, c.p_value,
			c.p_value IS NOT NULL AND least(s.all_before, s.all_after) >= 10 AS is_compared
		FROM summed s
		LEFT JOIN period p ON true
		LEFT JOIN LATERAL compare(rate(s.after, s.all_after), rate(s.before, s.all_before), p.confidence_level) c ON true
		WHERE s.is_case
	), held AS
	(
		-- Holm, as in owner_performance.
		SELECT *, count(*) FILTER (WHERE is_compared) OVER (PARTITION BY about, grain) AS compared, row_number() OVER (PARTITION BY about, grain, is_compared
			ORDER BY p_value, stage_position, channel COLLATE "C", owner COLLATE "C", reason COLLATE "C") AS number
		FROM compared
	)
	SELECT about, grain, stage_position, stage, channel, owner, reason, times::bigint AS times, coalesce(refused, 0)::bigint AS refused,
		coalesce(recycled, 0)::bigint AS recycled, coalesce(disqualified, 0)::bigint AS disqualified, all_times::bigint AS all_times, leads::bigint AS leads,
		coalesce(base, 0)::bigint AS base, deals::bigint AS deals, priced_deals::bigint AS priced_deals, amount, won_later::bigint AS won_later,
		CASE WHEN won_later = 0 THEN 0 ELSE revenue_later END AS revenue_later, period, after_start, before_start, before::bigint AS before,
		all_before::bigint AS all_before, after::bigint AS after, all_after::bigint AS all_after, difference, low AS difference_low,
		high AS difference_high, p_value, CASE WHEN is_compared THEN max(least((compared - number + 1) * p_value, 1))
			OVER (PARTITION BY about, grain, is_compared ORDER BY number) END AS adjusted_p_value, confidence_level
	FROM held;
	COMMENT ON VIEW reason_by_grain IS
		'Layer below refusal_reasons and loss_reasons (about = refusal, loss): each reason at every grain, so always WHERE about = ... AND grain = all, stage, '
		'channel or owner.';

	CREATE OR REPLACE VIEW refusal_reasons WITH (security_invoker = true) AS
	SELECT r.grain, r.stage_position, r.stage, r.channel, r.owner, r.reason, r.times AS refusals, r.refused, r.recycled, r.disqualified,
		r.all_times AS all_refusals, s.share::float8 AS share, low(s.share, r.confidence_level) AS share_low, high(s.share, r.confidence_level) AS share_high,
		r.leads AS refused_leads, r.base AS transmitted, s.refusal::float8 AS refusal_rate, low(s.refusal, r.confidence_level) AS refusal_rate_low,
		high(s.refusal, r.confidence_level) AS refusal_rate_high, r.won_later, r.revenue_later, r.period, r.after_start, r.before_start,
		r.before AS refusals_before, r.after AS refusals_after, (r.before / nullif(r.all_before, 0)::float8) AS share_before,
		(r.after / nullif(r.all_after, 0)::float8) AS share_after, r.difference, r.difference_low, r.difference_high, r.p_value, r.adjusted_p_value,
		CASE WHEN r.difference IS NULL THEN NULL WHEN r.adjusted_p_value < 1 - r.confidence_level THEN CASE WHEN r.difference > 0 THEN 'up' ELSE 'down' END
			ELSE 'not yet certain' END AS verdict
	FROM reason_by_grain r
	CROSS JOIN LATERAL (SELECT rate(r.times, r.all_times) AS share, CASE WHEN r.leads <= r.base THEN rate(r.leads, r.base) END AS refusal) s
	WHERE r.about = 'refusal'
	ORDER BY array_position('{all,stage,channel,owner}', r.grain), r.stage_position, r.channel, r.owner, r.times DESC, r.reason;
	COMMENT ON VIEW refusal_reasons IS
		'Why leads that were handed to sales were sent away before an opportunity: refused, recycled or disqualified; per reason, of all (grain = all), and '
		'per stage at which that was, channel and owner. Read one grain, never sum over them. A blank reason is a reason of its own (NULL).';

	CREATE OR REPLACE VIEW loss_reasons WITH (security_invoker = true) AS
	SELECT r.grain, r.stage_position, r.stage, r.channel, r.owner, r.reason, r.times AS losses, r.deals AS lost_deals, r.all_times AS all_losses,
		s.share::float8 AS share, low(s.share, r.confidence_level) AS share_low, high(s.share, r.confidence_level) AS share_high,
		r.base AS decided, s.loss::float8 AS loss_rate, low(s.loss, r.confidence_level) AS loss_rate_low, high(s.loss, r.confidence_level) AS loss_rate_high,
		r.amount AS amount_lost, r.priced_deals AS priced_losses, r.period, r.after_start, r.before_start, r.before AS losses_before,
		r.after AS losses_after, (r.before / nullif(r.all_before, 0)::float8) AS share_before, (r.after / nullif(r.all_after, 0)::float8) AS share_after,
		r.difference, r.difference_low, r.difference_high, r.p_value, r.adjusted_p_value,
		CASE WHEN r.difference IS NULL THEN NULL WHEN r.adjusted_p_value < 1 - r.confidence_level THEN CASE WHEN r.difference > 0 THEN 'up' ELSE 'down' END
			ELSE 'not yet certain' END AS verdict
	FROM reason_by_grain r
	CROSS JOIN LATERAL (SELECT rate(r.times, r.all_times) AS share, CASE WHEN r.times <= r.base THEN rate(r.times, r.base) END AS loss) s
	WHERE r.about = 'loss'
	ORDER BY array_position('{all,stage,channel,owner}', r.grain), r.stage_position, r.channel, r.owner, r.times DESC, r.reason;
	COMMENT ON VIEW loss_reasons IS
		'Why deals were lost, and leads after their opportunity; per reason, of all (grain = all), and per stage at which that was, channel and owner, with '
		'the money. Read one grain, never sum over them. A blank reason is a reason of its own (NULL).';
END;
$$;
COMMENT ON FUNCTION mart_reason_views(name) IS 'Internal to create_mart: makes the views of why leads are refused and deals are lost in the mart.';
