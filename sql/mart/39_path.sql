-- Which ways leads really take through the stages, what they are worth there, and when customers have paid for themselves.

CREATE FUNCTION mart_path_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW stage_visit WITH (security_invoker = true) AS
	WITH happened AS
	(
		-- What is dated before the lead was there happened when it came. An exit on a day ends what happened on that day.
		SELECT e.lead_id, e.kind, e.channel, l.stage_position, e.opened_at, CASE WHEN e.entered_at IS NOT NULL THEN greatest(e.entered_at, e.created_at) END
				AS entered_at,
			CASE WHEN e.entered_at IS NOT NULL THEN greatest(e.entered_at, CASE e.kind WHEN 'exit' THEN e.sold_by END, e.created_at) END AS entered_by,
			CASE WHEN e.kind = 'deal' AND NOT e.is_won THEN 'lost' WHEN e.kind = 'deal' THEN coalesce(e.stage, 'won') ELSE e.stage END AS stage,
			e.kind = 'exit' OR e.kind = 'deal' AND NOT e.is_won AS is_exit,
			coalesce(e.kind = 'deal' AND e.is_won OR l.role = 'won', false) AS is_won, o.observed_until,
			coalesce(CASE e.kind WHEN 'exit' THEN e.sold_by END, e.entered_at) AS dated_at, e.created_at
		FROM lead_event e
		CROSS JOIN observation o
		LEFT JOIN ladder l USING (stage)
		-- Nearly all, here and below, which the planner would take for none.
		WHERE e.kind <> 'folded' AND CASE WHEN e.excluded_reason IS NULL AND e.created_at <= o.observed_until THEN 1 END IS NOT NULL
	), counted AS
	(
		SELECT h.*, max(h.dated_at) FILTER (WHERE h.kind IN ('stage', 'opened') AND h.dated_at <= h.observed_until) OVER (PARTITION BY h.lead_id)
				AS last_sign,
			-- How many deals are open afterwards; of those that do not say when they were opened those that never closed.
			count(*) FILTER (WHERE h.kind = 'deal' AND h.opened_at IS NULL AND h.entered_at IS NULL) OVER (PARTITION BY h.lead_id)
				+ count(*) FILTER (WHERE h.kind = 'opened') OVER path - count(*) FILTER (WHERE h.kind = 'deal' AND h.opened_at IS NOT NULL) OVER path
				AS open_deals
		FROM happened h
		WINDOW path AS (PARTITION BY h.lead_id ORDER BY h.entered_by, h.is_exit, h.stage_position, h.stage = 'lost', h.stage ROWS UNBOUNDED PRECEDING)
	), told AS
	(
		SELECT c.*, lag(c.stage) OVER path AS stage_before, max(c.entered_at) OVER path AS visited_at, coalesce(lag(c.is_exit) OVER path, false) AS was_exit,
			count(*) FILTER (WHERE c.is_won) OVER path - c.is_won::integer AS sales_before
		FROM counted c
		WHERE CASE
			WHEN c.entered_at <= c.observed_until AND c.stage IS NOT NULL AND NOT (c.kind = 'deal' AND NOT c.is_won AND c.open_deals > 0)
				-- Out before it was there, and a stage since then: it was in when it came.
				AND (c.is_exit AND c.dated_at < c.created_at AND c.dated_at < c.last_sign) IS NOT TRUE THEN 1 END IS NOT NULL
		-- Of one instant in the order of the ladder, then the exits, and of these those that say which.
		WINDOW path AS (PARTITION BY c.lead_id ORDER BY c.entered_by, c.is_exit, c.stage_position, c.stage = 'lost', c.stage ROWS UNBOUNDED PRECEDING)
	)
	SELECT lead_id, channel, row_number() OVER path AS visit, stage_position, stage, is_exit, is_won, visited_at AS entered_at,
		lead(visited_at) OVER path AS left_at
	FROM told
	-- The same again is no move, nor is an exit after an exit; and who is won has arrived.
	WHERE CASE WHEN stage IS DISTINCT FROM stage_before AND NOT (is_exit AND was_exit) AND sales_before = 0 THEN 1 END IS NOT NULL
	WINDOW path AS (PARTITION BY lead_id ORDER BY entered_by, is_exit, stage_position, stage = 'lost', stage);
	COMMENT ON VIEW stage_visit IS
		'Layer below stage_paths: every counted lead with the stages and exits that it was in, one after the other, as they are written down: not as the '
		'funnel counts them. The first one is its creation; the last one has no left_at.';

	CREATE OR REPLACE VIEW stage_move WITH (security_invoker = true) AS
	WITH visit AS MATERIALIZED
	(
		SELECT v.*, lead(v.stage) OVER path AS to_stage, lead(v.stage_position) OVER path AS to_position, lead(v.is_exit) OVER path AS to_exit
		FROM stage_visit v
		WINDOW path AS (PARTITION BY v.lead_id ORDER BY v.visit)
	), seen AS MATERIALIZED
	(
		-- Who passes a stage that nobody ever enters skips nothing.
		SELECT stage_position, row_number() OVER (ORDER BY stage_position) AS number FROM visit WHERE stage_position IS NOT NULL GROUP BY stage_position
	), accepted AS MATERIALIZED
	(
		SELECT (SELECT stage_position FROM ladder WHERE role = (SELECT accepted_role FROM rule)) AS stage_position
	)
	SELECT lead_id, channel, 0::bigint AS move_number, NULL::integer AS from_position, NULL::text AS from_stage, stage_position AS to_position,
		stage AS to_stage, 'entered' AS kind, NULL::bigint AS skipped_stages, entered_at AS moved_at, NULL::float8 AS days
	FROM visit
	WHERE visit = 1
	UNION ALL
	SELECT v.lead_id, v.channel, v.visit, v.stage_position, v.stage, v.to_position, coalesce(v.to_stage, 'open'),
		CASE
			WHEN v.left_at IS NULL THEN 'open'
			WHEN v.to_exit THEN 'exit'
			WHEN v.is_exit THEN 'reopened'
			WHEN v.to_position > v.stage_position AND t.number > f.number + 1 THEN 'skipped'
			WHEN v.to_position > v.stage_position OR v.to_position IS NULL THEN 'next'
			-- Back from sales to marketing.
			WHEN v.stage_position >= a.stage_position AND v.to_position < a.stage_position THEN 'recycled'
			ELSE 'regressed'
		END,
		CASE WHEN v.to_position > v.stage_position AND NOT v.is_exit THEN t.number - f.number - 1 END,
		v.left_at, (extract(epoch FROM coalesce(v.left_at, o.observed_until) - v.entered_at) / 86400)::float8
	FROM visit v
	CROSS JOIN observation o
	CROSS JOIN accepted a
	LEFT JOIN seen f ON f.stage_position = v.stage_position
	LEFT JOIN seen t ON t.stage_position = v.to_position
	-- Where it ends there is no move; who is still in a stage is told.
	WHERE v.left_at IS NOT NULL OR NOT (v.is_exit OR v.is_won);
	COMMENT ON VIEW stage_move IS
		'What each counted lead really did: one row per move from a stage or exit to the next one, in order; the first one is its creation (entered), the '
		'last one, of a lead that has neither left nor been won, says where it still is (open).';

	CREATE OR REPLACE VIEW stage_paths WITH (security_invoker = true) AS
	WITH counted AS
	(
		SELECT CASE WHEN GROUPING(channel) = 1 THEN 'all' ELSE 'channel' END AS grain, channel, from_position, from_stage, to_position, to_stage, kind,
			max(skipped_stages) AS skipped_stages, count(*) AS moves, count(DISTINCT lead_id) AS leads,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median_days
		FROM stage_move
		GROUP BY GROUPING SETS ((from_position, from_stage, to_position, to_stage, kind), (channel, from_position, from_stage, to_position, to_stage, kind))
	), rated AS
	(
		SELECT c.*, CASE WHEN c.kind NOT IN ('entered', 'open') THEN
			rate(c.moves::numeric, sum(c.moves) FILTER (WHERE c.kind NOT IN ('entered', 'open')) OVER (PARTITION BY c.grain, c.channel, c.from_stage)) END
				AS share
		FROM counted c
	)
	SELECT p.grain, p.channel, p.from_position, p.from_stage, p.to_position, p.to_stage, p.kind, p.skipped_stages, p.moves, p.leads,
		p.share::float8 AS move_share, low(p.share, r.confidence_level) AS move_share_low, high(p.share, r.confidence_level) AS move_share_high, p.median_days
	FROM rated p
	CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY p.grain, p.channel, p.kind <> 'entered', p.from_position, p.from_stage, p.to_position, p.to_stage;
	COMMENT ON VIEW stage_paths IS
		'Which ways leads really take: from each stage or exit to each next one, how many did, of what kind the move is, and after how many days; of all '
		'(grain = all) and per channel of the lead (channel). The moves into a stage are those out of it and those still there (open): enough for a Sankey '
		'diagram.';

	CREATE OR REPLACE VIEW funnel_value_count WITH (security_invoker = true) AS
	WITH lead AS
	(
		SELECT lead_id, channel, campaign, stage_position, won_at IS NULL AND lost_at <= observed_until AS is_lost FROM lead_outcome
	), deal AS
	(
		SELECT lead_id, count(*) AS deals, count(*) FILTER (WHERE amount IS NULL) AS deals_without_amount, sum(amount) AS amount,
			count(*) FILTER (WHERE is_won) AS deals_won, sum(amount) FILTER (WHERE is_won) AS revenue,
			count(*) FILTER (WHERE NOT is_won AND closed_at IS NOT NULL) AS deals_lost,
			sum(amount) FILTER (WHERE NOT is_won AND closed_at IS NOT NULL) AS lost_amount,
			count(*) FILTER (WHERE NOT is_won AND closed_at IS NULL) AS open_deals,
			sum(amount) FILTER (WHERE NOT is_won AND closed_at IS NULL) AS open_amount
		FROM counted_deal
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
		GROUP BY lead_id
	)
	SELECT l.channel, l.campaign, l.stage_position, count(*) AS leads, count(*) FILTER (WHERE l.is_lost) AS lost_leads,
		coalesce(sum(d.deals), 0)::bigint AS deals, coalesce(sum(d.deals_without_amount), 0)::bigint AS deals_without_amount, sum(d.amount) AS amount,
		coalesce(sum(d.deals_won), 0)::bigint AS deals_won, sum(d.revenue) AS revenue,
		coalesce(sum(d.deals_lost), 0)::bigint AS deals_lost, sum(d.lost_amount) AS lost_amount,
		coalesce(sum(d.open_deals), 0)::bigint AS open_deals, sum(d.open_amount) AS open_amount
	FROM lead l
	LEFT JOIN deal d ON d.lead_id = l.lead_id
	GROUP BY l.channel, l.campaign, l.stage_position;
	COMMENT ON VIEW funnel_value_count IS
		'Layer below funnel_value: the leads and their deals by the furthest stage, channel and campaign; a sum is NULL where no amount is known.';

	CREATE OR REPLACE VIEW funnel_value WITH (security_invoker = true) AS
	WITH reached AS
	(
		SELECT CASE WHEN GROUPING(c.channel) = 1 THEN 'all' WHEN GROUPING(c.campaign) = 1 THEN 'channel' ELSE 'campaign' END AS grain,
			c.channel, c.campaign, l.stage_position, l.stage, i.stage_position IS NULL AS is_known,
			coalesce(sum(c.leads) FILTER (WHERE is_in), 0)::bigint AS leads, coalesce(sum(c.deals) FILTER (WHERE is_in), 0)::bigint AS deals,
			coalesce(sum(c.deals_without_amount) FILTER (WHERE is_in), 0)::bigint AS deals_without_amount, sum(c.amount) FILTER (WHERE is_in) AS amount,
			coalesce(sum(c.deals_won) FILTER (WHERE is_in), 0)::bigint AS deals_won, sum(c.revenue) FILTER (WHERE is_in) AS revenue,
			coalesce(sum(c.deals_lost) FILTER (WHERE is_in), 0)::bigint AS deals_lost, sum(c.lost_amount) FILTER (WHERE is_in) AS lost_amount,
			coalesce(sum(c.open_deals) FILTER (WHERE is_in), 0)::bigint AS open_deals, sum(c.open_amount) FILTER (WHERE is_in) AS open_amount,
			coalesce(sum(c.lost_leads) FILTER (WHERE is_here), 0)::bigint AS lost_leads,
			coalesce(sum(c.deals_lost) FILTER (WHERE is_here), 0)::bigint AS deals_lost_here, sum(c.lost_amount) FILTER (WHERE is_here) AS lost_here_amount
		FROM funnel_value_count c
		CROSS JOIN ladder l
		LEFT JOIN inferred_stage i ON i.stage_position = l.stage_position
		CROSS JOIN LATERAL (SELECT c.stage_position >= l.stage_position AS is_in, c.stage_position = l.stage_position AS is_here) w
		GROUP BY GROUPING SETS ((l.stage_position, l.stage, i.stage_position), (c.channel, l.stage_position, l.stage, i.stage_position),
			(c.channel, c.campaign, l.stage_position, l.stage, i.stage_position))
	)
	SELECT grain, channel, campaign, stage_position, stage, CASE WHEN is_known THEN leads END AS leads, CASE WHEN is_known THEN deals END AS deals,
		CASE WHEN is_known THEN deals_without_amount END AS deals_without_amount,
		-- Nothing is 0; what nobody wrote down is not.
		CASE WHEN is_known THEN CASE deals WHEN 0 THEN 0 ELSE amount END END AS amount,
		CASE WHEN is_known THEN deals_won END AS deals_won, CASE WHEN is_known THEN CASE deals_won WHEN 0 THEN 0 ELSE revenue END END AS revenue,
		CASE WHEN is_known THEN deals_lost END AS deals_lost, CASE WHEN is_known THEN CASE deals_lost WHEN 0 THEN 0 ELSE lost_amount END END AS lost_amount,
		CASE WHEN is_known THEN open_deals END AS open_deals, CASE WHEN is_known THEN CASE open_deals WHEN 0 THEN 0 ELSE open_amount END END AS open_amount,
		CASE WHEN is_known THEN lost_leads END AS lost_leads,
		CASE WHEN is_known THEN CASE deals_lost_here WHEN 0 THEN 0 ELSE lost_here_amount END END AS lost_here_amount,
		CASE WHEN is_known THEN revenue_per_lead(CASE deals_won WHEN 0 THEN 0 ELSE revenue END, leads) END AS revenue_per_lead
	FROM reached
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY grain, channel, campaign, stage_position;
	COMMENT ON VIEW funnel_value IS
		'Value beside count: the leads that reached each stage, and the deals of these leads by their newest amount: won, lost and open. Of all (grain = all), '
		'per channel, and per campaign within it. On the first stage are all deals: its revenue is that of cpl_to_revenue.';

	CREATE OR REPLACE VIEW payback WITH (security_invoker = true) AS
	WITH pooled AS
	(
		SELECT CASE WHEN GROUPING(channel) = 1 THEN 'all' WHEN GROUPING(campaign) = 1 THEN 'channel' ELSE 'campaign' END AS grain, channel, campaign,
			sum(spend) AS spend, CASE WHEN sum(spend) >= 0 THEN sum(spend) END AS cost, sum(won)::bigint AS won, sum(deals_won)::bigint AS deals_won,
			CASE WHEN sum(deals_won) > 0 THEN sum(revenue) WHEN sum(won) = 0 THEN 0 END AS revenue,
			-- As numeric, which adds up to the same in any order.
			(sum(maturity::numeric * leads) / nullif(sum(leads) FILTER (WHERE maturity IS NOT NULL), 0))::float8 AS maturity
		FROM cohort_revenue
		GROUP BY GROUPING SETS ((), (channel), (channel, campaign))
		HAVING count(*) > 0
	), assumed AS
	(
		SELECT p.*, cac(p.cost, p.won) AS cac, nullif(i.low, 'Infinity')::numeric AS cac_low, nullif(i.high, 'Infinity')::numeric AS cac_high,
			average_deal(p.revenue, p.deals_won) AS average_deal, r.recurring_months, r.gross_margin,
			CASE WHEN p.revenue >= 0 THEN average_deal(p.revenue, p.deals_won) / r.recurring_months END AS monthly_revenue
		FROM pooled p
		CROSS JOIN (SELECT recurring_months, gross_margin, confidence_level FROM rule LIMIT 1) r
		CROSS JOIN LATERAL cost_interval(p.cost, p.won, r.confidence_level) i
	)
	SELECT grain, channel, campaign, spend, won, maturity, cac, cac_low, cac_high, deals_won, revenue, average_deal, recurring_months, gross_margin,
		monthly_revenue, monthly_revenue * gross_margin AS monthly_margin, payback_months(cac, monthly_revenue, gross_margin) AS payback_months,
		payback_months(cac_low, monthly_revenue, gross_margin) AS payback_months_low, payback_months(cac_high, monthly_revenue, gross_margin)
			AS payback_months_high
	FROM assumed
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY grain, channel, campaign;
	COMMENT ON VIEW payback IS
		'After how many months a customer has earned what it cost, where deals recur (rule.recurring_months): of all (grain = all), per channel, and per '
		'campaign within it. Assumes that the customer stays, pays the average deal again and again, and has one at a time.';
END;
$$;
COMMENT ON FUNCTION mart_path_views(name) IS
'Internal to create_mart: makes the views of which ways leads really take through the stages, what they are worth there, and when customers have paid for '
'themselves in the mart.';
