-- What has stood still for longer than what moved on, and what is wrong in the pipeline.

-- Not inlined: in every row of the view its texts would be compiled.
CREATE FUNCTION pipeline_fault_text(fault text, days float8, expected_close date, language text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	for_days CONSTANT text := coalesce(floor(days)::bigint::text, '?');
BEGIN
	IF language = 'fr' THEN
		RETURN lead_kpi.mart_text(CASE fault
			WHEN 'no_amount' THEN 'L''affaire ouverte n''a pas de montant.'
			WHEN 'close_in_past' THEN format('La signature était attendue le %s, il y a %s jours.', expected_close, for_days)
			WHEN 'no_activity' THEN format('Rien depuis %s jours : ni activité, ni étape, ni changement de l''affaire.', for_days)
			WHEN 'lost_lead' THEN 'L''affaire est ouverte, et son lead est perdu.'
			WHEN 'excluded_lead' THEN 'L''affaire est ouverte, et son lead n''est pas compté.'
			WHEN 'no_lead' THEN 'L''affaire est ouverte et n''a pas de lead.'
			WHEN 'no_owner' THEN 'Transmis aux commerciaux, et personne n''en est chargé.'
			WHEN 'no_next_meeting' THEN 'Aucun rendez-vous n''est prévu.'
		END);
	END IF;
	RETURN CASE fault
		WHEN 'no_amount' THEN 'The open deal has no amount.'
		WHEN 'close_in_past' THEN format('Was expected to close on %s, %s days ago.', expected_close, for_days)
		WHEN 'no_activity' THEN format('Nothing for %s days: no activity, no stage, no change of the deal.', for_days)
		WHEN 'lost_lead' THEN 'The deal is open, and its lead is lost.'
		WHEN 'excluded_lead' THEN 'The deal is open, and its lead is not counted.'
		WHEN 'no_lead' THEN 'The deal is open and has no lead.'
		WHEN 'no_owner' THEN 'Handed over to sales, and nobody works it.'
		WHEN 'no_next_meeting' THEN 'No meeting is to come.'
	END;
END;
$$;
COMMENT ON FUNCTION pipeline_fault_text(text, float8, date, text) IS
'What is wrong with an open deal or lead, in language en or fr; NULL for a fault that it does not know. Internal to pipeline_hygiene.';

CREATE FUNCTION mart_stuck_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);

	CREATE OR REPLACE VIEW pipeline_stay WITH (security_invoker = true) AS
	WITH frame AS MATERIALIZED
	(
		SELECT o.observed_until, (SELECT stage_position FROM ladder WHERE role = 'won') AS won_position FROM observation o
	), event AS MATERIALIZED
	(
		-- One reading: the leads' stays and their deals are made of the same events.
		SELECT e.kind, e.lead_id, e.excluded_reason, l.stage_position, e.entered_at, e.deal_id, e.opened_at, e.sold_by, e.is_won, e.amount,
			nullif(trim_blanks(e.owner), '') AS owner, nullif(trim_blanks(e.account), '') AS account, e.expected_close, e.created_at,
			-- As the forecast has them: open is what was there at observed_until and had not ended by then.
			e.kind = 'deal' AND (e.excluded_reason <> 'repeated_deal_id') IS NOT FALSE AND (e.entered_at <= f.observed_until) IS NOT TRUE
				AND (e.created_at <= f.observed_until) IS NOT FALSE
				AND coalesce(least(e.opened_at, e.entered_at), '-infinity') <= f.observed_until AS is_open_deal
		FROM lead_event e
		CROSS JOIN frame f
		LEFT JOIN ladder l USING (stage)
		WHERE e.kind <> 'folded'
	), history AS
	(
		SELECT e.lead_id, min(e.created_at) AS created_at,
			pipeline_history(e.kind, e.stage_position, e.entered_at, e.opened_at, e.sold_by, e.is_won, NULL) AS history,
			max(e.entered_at) FILTER (WHERE e.entered_at <= (SELECT observed_until FROM frame)) AS last_event_at,
			count(*) FILTER (WHERE e.is_open_deal) AS open_deals
		FROM event e
		WHERE CASE WHEN e.excluded_reason IS NULL THEN true ELSE false END
		GROUP BY e.lead_id
	), stay AS
	(
		SELECT h.lead_id, h.last_event_at, h.open_deals, f.observed_until, f.won_position, e.stage_position,
			greatest(min(e.stage_entered_at), h.created_at) AS entered_at, max(e.open_until) AS open_until,
			bool_or(e.is_open AND e.open_from <= f.observed_until AND e.open_until > f.observed_until) AS is_open,
			lead(min(e.stage_entered_at)) OVER (PARTITION BY h.lead_id ORDER BY e.stage_position) AS moved_at
		FROM history h
		CROSS JOIN frame f
		CROSS JOIN LATERAL open_episodes(h.history, f.won_position) e
		WHERE e.stage_entered_at <= f.observed_until
		GROUP BY h.lead_id, h.created_at, h.last_event_at, h.open_deals, f.observed_until, f.won_position, e.stage_position
	)
	SELECT 'stay' AS kind, s.lead_id, s.stage_position, s.entered_at, s.moved_at,
		-- A loss that was not the end is none.
		CASE WHEN s.moved_at IS NULL AND s.open_until <= s.observed_until THEN s.open_until END AS lost_at,
		CASE WHEN s.moved_at IS NOT NULL THEN NULL WHEN s.stage_position >= s.won_position THEN 'won' WHEN s.is_open THEN 'open' ELSE 'lost' END AS state,
		s.last_event_at, s.open_deals, s.observed_until, NULL::text AS deal_id, NULL::timestamptz AS opened_at, NULL::numeric AS amount, NULL::text AS owner,
		NULL::text AS account, NULL::date AS expected_close
	FROM stay s
	UNION ALL
	SELECT 'deal', e.lead_id, NULL, NULL, NULL, NULL, e.excluded_reason, NULL, NULL, f.observed_until, e.deal_id, e.opened_at, e.amount, e.owner, e.account,
		e.expected_close
	FROM event e
	CROSS JOIN frame f
	WHERE e.is_open_deal;
	COMMENT ON VIEW pipeline_stay IS
		'Layer below pipeline_item: for each lead each stage that was the furthest it had reached, when it moved on or was lost (kind = stay); and each open '
		'deal (deal).';

	CREATE OR REPLACE VIEW pipeline_item WITH (security_invoker = true) AS
	WITH stay AS MATERIALIZED
	(
		SELECT * FROM pipeline_stay
	), usual AS MATERIALIZED
	(
		-- Few and short, or each item would carry its curve along.
		SELECT c.stage_position, converted(c.curve) AS moved_on,
			-- With fewer than ten that moved on, nine of ten mean nothing.
			CASE WHEN converted(c.curve) >= 10 THEN (extract(epoch FROM quantile(c.curve, nullif(p.conversion, 0) * 0.9)) / 86400)::float8 END AS usual_days
		FROM
		(
			-- Who is lost does not move on (Aalen-Johansen); who is still there is not left out.
			SELECT stage_position, conversion_curve(entered_at, moved_at, lost_at, observed_until, interval '0') AS curve
			FROM stay
			WHERE CASE WHEN kind = 'deal' OR state = 'won' THEN false ELSE true END
			GROUP BY stage_position
		) c
		CROSS JOIN LATERAL (SELECT converted_within(c.curve) AS conversion) p
	), present AS
	(
		-- Distinct, so that the planner knows that each lead has one; not by =, which it takes for one row in 200.
		SELECT DISTINCT ON (lead_id) lead_id, stage_position, entered_at, state, last_event_at, open_deals, observed_until
		FROM stay
		WHERE CASE WHEN kind = 'deal' OR state IS NULL THEN false ELSE true END
	), item AS
	(
		SELECT p.lead_id, NULL::text AS deal_id, 'open' AS lead_state, p.stage_position, p.entered_at, p.last_event_at, p.observed_until,
			NULL::timestamptz AS opened_at, NULL::numeric AS amount, NULL::text AS owner, NULL::text AS account, NULL::date AS expected_close
		FROM present p
		WHERE CASE WHEN p.state = 'open' AND p.open_deals = 0 THEN true ELSE false END
		UNION ALL
		-- A further deal of a lead is as old as itself; one of a lead that is no longer open has no stage but its own. Who was lost before it came never
		-- was in a stage.
		SELECT CASE WHEN d.state IS NULL THEN d.lead_id END, coalesce(d.deal_id, ''), coalesce(d.state, p.state, 'lost'),
			CASE WHEN p.state = 'open' THEN p.stage_position
				ELSE coalesce((SELECT stage_position FROM ladder WHERE role = 'opportunity'), p.stage_position) END,
			CASE WHEN p.state = 'open' THEN greatest(p.entered_at, d.opened_at) ELSE d.opened_at END, p.last_event_at, d.observed_until,
			d.opened_at, d.amount, d.owner, d.account, d.expected_close
		FROM stay d
		LEFT JOIN present p ON p.lead_id = CASE WHEN d.state IS NULL THEN d.lead_id END
		WHERE CASE WHEN d.kind = 'deal' THEN true ELSE false END
	), worked AS MATERIALIZED
	(
		SELECT lead_id, owner, account, channel, campaign, last_activity_at FROM lead_work
	), meeting AS MATERIALIZED
	(
		-- What was last said of meetings: a cancelled one is not to come.
		SELECT a.lead_id, (array_agg(CASE WHEN a.meaning <> 'cancelled' AND a.scheduled_for > o.observed_until THEN a.scheduled_for END
			ORDER BY a.activity_at DESC, a.meaning, a.scheduled_for))[1] AS next_meeting_at
		FROM lead_activity a
		CROSS JOIN (SELECT observed_until FROM stay LIMIT 1) o
		WHERE a.meaning IN ('meeting_booked', 'moved', 'cancelled') AND a.activity_at <= o.observed_until
			AND CASE WHEN a.excluded_reason IS NULL THEN true ELSE false END
			-- Without any, no activity is judged for them.
			AND (SELECT EXISTS (SELECT FROM activity WHERE scheduled_for IS NOT NULL))
		GROUP BY a.lead_id
	), changed AS
	(
		SELECT deal_id, max(changed_at) AS changed_at
		FROM deal_change
		WHERE isfinite(changed_at) AND changed_at <= (SELECT observed_until FROM stay LIMIT 1)
		GROUP BY deal_id
	)
	SELECT i.lead_id, nullif(i.deal_id, '') AS deal_id, i.deal_id IS NOT NULL AS is_deal, i.lead_state, coalesce(i.owner, w.owner) AS owner,
		coalesce(i.account, w.account) AS account, w.channel, w.campaign, i.stage_position, l.stage, i.entered_at AS stage_entered_at,
		(extract(epoch FROM i.observed_until - i.entered_at) / 86400)::float8 AS days_in_stage, u.moved_on, u.usual_days, i.amount, i.expected_close,
		i.opened_at,
		CASE WHEN (SELECT NOT mart_sets_aside('activity'::regclass))
			THEN greatest(i.last_event_at, i.opened_at, w.last_activity_at, c.changed_at) END AS last_sign_at,
		m.next_meeting_at,
		-- Where nobody writes down owners or meetings, none is missing.
		coalesce(i.stage_position >= (SELECT stage_position FROM ladder WHERE role = (SELECT transmitted_role FROM rule)), true)
			AND (EXISTS (SELECT FROM worked WHERE owner IS NOT NULL) OR EXISTS (SELECT FROM stay WHERE owner IS NOT NULL)) AS needs_owner,
		coalesce(i.stage_position >= (SELECT stage_position FROM ladder WHERE role = 'opportunity'), i.deal_id IS NOT NULL)
			AND EXISTS (SELECT FROM meeting) AS needs_meeting, i.observed_until
	FROM item i
	LEFT JOIN ladder l ON l.stage_position = i.stage_position
	LEFT JOIN usual u ON u.stage_position = i.stage_position
	LEFT JOIN (SELECT DISTINCT ON (lead_id) * FROM worked) w ON w.lead_id = i.lead_id
	LEFT JOIN meeting m ON m.lead_id = i.lead_id
	LEFT JOIN changed c ON c.deal_id = nullif(i.deal_id, '')
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW pipeline_item IS
		'Layer below stuck and pipeline_hygiene: every open deal, and every open lead without one, with how long it has been in its stage, how long nine of '
		'ten that moved on took there, and when something last happened.';

	CREATE OR REPLACE VIEW stuck_item WITH (security_invoker = true) AS
	WITH chance AS MATERIALIZED
	(
		-- Where no such lead was seen before, nobody knows.
		SELECT stage_position, days_in_stage_from, horizon_days, win_probability, win_probability_low, win_probability_high
		FROM forecast_by_age
		WHERE horizon_days = 360 AND history_leads > 0
	)
	SELECT i.lead_id, i.deal_id, i.is_deal, i.owner, i.account, i.channel, i.campaign, i.stage_position, i.stage, i.days_in_stage, i.moved_on, i.usual_days,
		i.days_in_stage > i.usual_days AS is_stuck, c.horizon_days, c.win_probability, c.win_probability_low, c.win_probability_high, i.amount,
		round(i.amount * c.win_probability::numeric, 2) AS expected_amount
	FROM pipeline_item i
	-- The forecast knows open leads only: not the further deal of a customer.
	LEFT JOIN chance c ON c.stage_position = CASE WHEN i.lead_state = 'open' THEN i.stage_position END
		AND c.days_in_stage_from = (ARRAY[0, 7, 14, 30, 90, 180])[width_bucket(i.days_in_stage, ARRAY[7, 14, 30, 90, 180]::float8[]) + 1]
	WHERE i.lead_state IN ('open', 'won', 'lost');
	COMMENT ON VIEW stuck_item IS
		'Layer below stuck: every open deal and every open lead without one, whether it is stuck, and with what chance it is still won.';

	CREATE OR REPLACE VIEW stuck WITH (security_invoker = true) AS
	SELECT lead_id, deal_id, owner, account, channel, campaign, stage_position, stage, days_in_stage, usual_days, moved_on, horizon_days, win_probability,
		win_probability_low, win_probability_high, amount, expected_amount
	FROM stuck_item
	WHERE is_stuck
	ORDER BY expected_amount DESC NULLS LAST, amount DESC NULLS LAST, win_probability DESC NULLS LAST, days_in_stage DESC, lead_id, deal_id;
	COMMENT ON VIEW stuck IS
		'Open leads and deals that have been in their stage for longer than nine of ten that moved on took there, by a curve that knows of those that are '
		'still there; with the chance that is left and the money at risk.';

	CREATE OR REPLACE VIEW stuck_by_stage WITH (security_invoker = true) AS
	SELECT s.stage_position, s.stage, s.usual_days, s.moved_on, s.open_items, s.judged_items, s.stuck, s.stuck_share::float8 AS stuck_share,
		low(s.stuck_share, r.confidence_level) AS stuck_share_low, high(s.stuck_share, r.confidence_level) AS stuck_share_high,
		s.open_deals, s.deals_without_amount, s.amount, s.stuck_amount, s.expected_stuck_amount
	FROM
	(
		SELECT stage_position, stage, max(usual_days) AS usual_days, max(moved_on) AS moved_on, count(*) AS open_items, count(is_stuck) AS judged_items,
			count(*) FILTER (WHERE is_stuck) AS stuck, rate(count(*) FILTER (WHERE is_stuck), count(is_stuck)) AS stuck_share,
			count(*) FILTER (WHERE is_deal) AS open_deals, count(*) FILTER (WHERE is_deal AND amount IS NULL) AS deals_without_amount,
			CASE WHEN count(*) FILTER (WHERE is_deal) = 0 THEN 0 ELSE sum(amount) END AS amount,
			CASE WHEN count(*) FILTER (WHERE is_deal AND is_stuck) = 0 THEN 0 ELSE sum(amount) FILTER (WHERE is_stuck) END AS stuck_amount,
			CASE WHEN count(*) FILTER (WHERE is_deal AND is_stuck) = 0 THEN 0 ELSE sum(expected_amount) FILTER (WHERE is_stuck) END AS expected_stuck_amount
		FROM stuck_item
		GROUP BY stage_position, stage
	) s
	CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	ORDER BY s.stage_position;
	COMMENT ON VIEW stuck_by_stage IS 'How many open leads and deals are stuck in each stage, after how many days, and with what money.';

	CREATE OR REPLACE VIEW stuck_by_owner WITH (security_invoker = true) AS
	WITH cell AS
	(
		SELECT owner, stage_position, count(*) AS open_items, count(is_stuck) AS judged_items, count(*) FILTER (WHERE is_stuck) AS stuck,
			count(*) FILTER (WHERE is_deal) AS open_deals, count(*) FILTER (WHERE is_deal AND amount IS NULL) AS deals_without_amount,
			count(*) FILTER (WHERE is_deal AND is_stuck) AS stuck_deals, sum(amount) AS amount, sum(amount) FILTER (WHERE is_stuck) AS stuck_amount,
			sum(expected_amount) FILTER (WHERE is_stuck) AS expected_stuck_amount
		FROM stuck_item
		GROUP BY owner, stage_position
	), compared AS
	(
		-- As numeric, which adds up to the same in any order.
		SELECT c.*, c.judged_items * (sum(c.stuck) OVER stage / nullif(sum(c.judged_items) OVER stage, 0)) AS expected_stuck
		FROM cell c
		WINDOW stage AS (PARTITION BY c.stage_position)
	), summed AS
	(
		SELECT owner, sum(open_items)::bigint AS open_items, sum(judged_items)::bigint AS judged_items, sum(stuck)::bigint AS stuck,
			sum(expected_stuck)::float8 AS expected_stuck, rate(sum(stuck)::bigint, sum(judged_items)::bigint) AS stuck_share,
			sum(sign(sum(judged_items))) OVER ()::integer AS owners, sum(open_deals)::bigint AS open_deals,
			sum(deals_without_amount)::bigint AS deals_without_amount, CASE WHEN sum(open_deals) = 0 THEN 0 ELSE sum(amount) END AS amount,
			CASE WHEN sum(stuck_deals) = 0 THEN 0 ELSE sum(stuck_amount) END AS stuck_amount,
			CASE WHEN sum(stuck_deals) = 0 THEN 0 ELSE sum(expected_stuck_amount) END AS expected_stuck_amount
		FROM compared
		GROUP BY owner
	)
	SELECT s.owner, s.open_items, s.judged_items, s.stuck, s.stuck_share::float8 AS stuck_share,
		low(s.stuck_share, r.confidence_level) AS stuck_share_low, high(s.stuck_share, r.confidence_level) AS stuck_share_high, s.expected_stuck,
		-- The worst of ten is not news: each comparison pays for all, and for both sides.
		CASE WHEN s.judged_items > 0 THEN least(2 * s.owners * least(p_value_below(s.stuck_share, e.share), p_value_above(s.stuck_share, e.share)), 1) END
			AS p_value,
		s.open_deals, s.deals_without_amount, s.amount, s.stuck_amount, s.expected_stuck_amount
	FROM summed s
	CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	CROSS JOIN LATERAL (SELECT least(s.expected_stuck / nullif(s.judged_items, 0), 1) AS share) e
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY s.owner;
	COMMENT ON VIEW stuck_by_owner IS
		'How many open leads and deals of each owner are stuck, against how many would be if in each stage the same share of everybody''s were.';

	CREATE OR REPLACE VIEW pipeline_fault WITH (security_invoker = true) AS
	WITH setting AS MATERIALIZED
	(
		SELECT language, time_zone, stale_after FROM rule LIMIT 1
	), item AS MATERIALIZED
	(
		SELECT i.*, timezone(s.time_zone, i.observed_until)::date - i.expected_close AS days_late,
			(extract(epoch FROM i.observed_until - i.opened_at) / 86400)::float8 AS days_open,
			(extract(epoch FROM i.observed_until - i.last_sign_at) / 86400)::float8 AS days_silent,
			i.observed_until - i.last_sign_at > s.stale_after AS is_silent
		FROM pipeline_item i
		CROSS JOIN setting s
	)
	SELECT f.fault, coalesce(f.is_fault, false) AS is_fault, f.days::float8 AS days, i.lead_id, i.deal_id, i.owner, i.account, i.channel, i.campaign,
		i.stage_position, i.stage, i.amount, i.expected_close
	FROM item i
	CROSS JOIN LATERAL
	(
		VALUES ('no_amount', i.is_deal, i.amount IS NULL, i.days_open),
			('close_in_past', i.is_deal, i.days_late > 0, i.days_late),
			('no_activity', true, i.is_silent, i.days_silent),
			('lost_lead', i.is_deal, i.lead_state = 'lost', i.days_open),
			('excluded_lead', i.is_deal, i.lead_state = 'excluded_lead', i.days_open),
			('no_lead', i.is_deal, i.lead_state = 'no_lead', i.days_open),
			('no_owner', i.needs_owner, i.owner IS NULL, i.days_in_stage),
			('no_next_meeting', i.needs_meeting, i.next_meeting_at IS NULL, i.days_in_stage)
	) f(fault, is_possible, is_fault, days)
	WHERE f.is_possible AND (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW pipeline_fault IS 'Layer below pipeline_hygiene: every open deal and lead with each fault that it could have, and whether it has it.';

	CREATE OR REPLACE VIEW pipeline_hygiene WITH (security_invoker = true) AS
	SELECT f.lead_id, f.deal_id, f.owner, f.account, f.channel, f.campaign, f.stage_position, f.stage, f.fault,
		pipeline_fault_text(f.fault, f.days, f.expected_close, r.language) AS message, f.days, f.amount, f.expected_close
	FROM pipeline_fault f
	CROSS JOIN (SELECT language FROM rule LIMIT 1) r
	WHERE f.is_fault AND (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY f.amount DESC NULLS LAST, f.stage_position DESC NULLS LAST, f.lead_id, f.deal_id, f.fault;
	COMMENT ON VIEW pipeline_hygiene IS
		'What is wrong with open deals and leads, a row per fault: no amount, expected to close in the past, nothing heard for longer than rule.stale_after, '
		'its lead lost or not counted, nobody to work it, no meeting to come.';

	CREATE OR REPLACE VIEW pipeline_hygiene_count WITH (security_invoker = true) AS
	SELECT c.grain, c.owner, c.fault, c.items, c.open_items, c.share::float8 AS fault_share, low(c.share, r.confidence_level) AS fault_share_low,
		high(c.share, r.confidence_level) AS fault_share_high, c.amount
	FROM
	(
		SELECT CASE WHEN GROUPING(owner) = 1 THEN 'all' ELSE 'owner' END AS grain, owner, fault, count(*) FILTER (WHERE is_fault) AS items,
			count(*) AS open_items, rate(count(*) FILTER (WHERE is_fault), count(*)) AS share, sum(amount) FILTER (WHERE is_fault) AS amount
		FROM pipeline_fault
		GROUP BY GROUPING SETS ((fault), (fault, owner))
	) c
	CROSS JOIN (SELECT confidence_level FROM rule LIMIT 1) r
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule)
	ORDER BY c.grain, c.owner, c.fault;
	COMMENT ON VIEW pipeline_hygiene_count IS
		'How many open deals and leads have each fault, of those that could have it: of all (grain = all) and per owner (grain = owner).';
END;
$$;
COMMENT ON FUNCTION mart_stuck_views(name) IS
'Internal to create_mart: makes the views of what has stood still for longer than what moved on, and what is wrong in the pipeline in the mart.';
