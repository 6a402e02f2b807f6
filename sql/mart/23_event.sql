-- What happened to the leads: stages, exits and deals, each row judged and given to the counted lead that it belongs to.

CREATE FUNCTION mart_event_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW clean_deal WITH (security_invoker = true) AS
	WITH span AS
	(
		SELECT far_before, far_after FROM data_span
	), clean AS
	(
		SELECT d.deal_id, d.lead_id,
			CASE WHEN isfinite(d.opened_at) AND d.opened_at < s.far_after AND (d.opened_at < s.far_before) IS NOT TRUE
				THEN d.opened_at END AS opened_at,
			-- Of an open deal it is what somebody hopes for, and what is to come has not happened.
			CASE WHEN d.is_won IS NOT NULL AND isfinite(d.closed_at) AND d.closed_at <= now() AND d.closed_at < s.far_after
				AND (d.closed_at < s.far_before) IS NOT TRUE THEN d.closed_at END AS closed_at,
			d.is_won AS is_won_as_it_came,
			CASE WHEN d.amount > '-Infinity' AND d.amount < 'Infinity' THEN d.amount END AS amount,
			d.owner, d.account, CASE WHEN isfinite(d.expected_close) THEN d.expected_close END AS expected_close, d.reason, d.currency,
			timezone(r.time_zone, CASE WHEN isfinite(d.closed_at) AND d.is_won IS NOT NULL THEN d.closed_at
				WHEN isfinite(d.opened_at) THEN d.opened_at ELSE now() END)::date AS priced_on,
			-- What is lost above is told by data_quality.
			concat_ws
			(
				',',
				CASE WHEN d.is_won AND isfinite(d.closed_at) IS NOT TRUE THEN 'won_without_time' END,
				CASE WHEN d.is_won IS NULL AND isfinite(d.closed_at) THEN 'open_with_closing_time' END,
				CASE WHEN d.is_won IS NOT NULL AND isfinite(d.closed_at) AND d.closed_at > now() AND d.closed_at <= now() + interval '1096 days'
					THEN 'closing_in_the_future' END,
				CASE WHEN isfinite(d.opened_at) AND (d.opened_at >= s.far_after OR d.opened_at < s.far_before)
					OR d.is_won IS NOT NULL AND isfinite(d.closed_at) AND (d.closed_at < s.far_before OR d.closed_at > now() + interval '1096 days'
						OR d.closed_at >= s.far_after AND d.closed_at <= now())
					THEN 'far_date' END
			) AS flaws
		FROM deal d
		CROSS JOIN span s
		CROSS JOIN (SELECT time_zone FROM rule LIMIT 1) r
	), worth AS MATERIALIZED
	(
		SELECT * FROM currency_worth
	), stated AS
	(
		SELECT c.*, coalesce(c.is_won_as_it_came AND c.closed_at IS NOT NULL, false) AS is_won, h.amount AS last_amount,
			CASE WHEN coalesce(btrim(c.currency), '') = '' THEN c.amount ELSE
			(
				SELECT CASE WHEN w.is_own THEN c.amount ELSE round(c.amount * w.rate, greatest(scale(c.amount), 2)) END
				FROM worth w
				WHERE w.currency = c.currency AND (w.is_own OR c.priced_on >= w.valid_from AND c.priced_on < coalesce(w.valid_until, 'infinity'))
			) END AS worth
		FROM clean c
		LEFT JOIN
		(
			-- Told apart by it are only rows of the same deal_id.
			SELECT DISTINCT ON (deal_id) deal_id, amount
			FROM deal_change
			WHERE isfinite(changed_at) AND amount IS NOT NULL AND deal_id IN (SELECT deal_id FROM deal GROUP BY deal_id HAVING count(*) > 1)
			ORDER BY deal_id, changed_at DESC, amount DESC
		) h USING (deal_id)
	)
	SELECT s.deal_id, s.lead_id, s.opened_at, s.closed_at, s.is_won, s.worth AS amount,
		s.deal_id IS NOT NULL AND row_number() OVER (PARTITION BY s.deal_id ORDER BY s.closed_at DESC NULLS LAST, s.opened_at DESC NULLS LAST, s.is_won DESC,
			s.amount = s.last_amount IS TRUE DESC, s.amount DESC NULLS LAST, s.lead_id, s.currency, s.owner, s.account, s.expected_close, s.reason) > 1
				AS repeated,
		s.owner, s.account, s.expected_close, s.reason, s.currency,
		-- As text, which every driver reads.
		nullif(concat_ws(',', nullif(s.flaws, ''), CASE WHEN s.amount IS NOT NULL AND s.worth IS NULL THEN 'unknown_currency' END), '') AS flaws
	FROM stated s
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW clean_deal IS
		'Every row of deal: what is not finite, or far from all other dates, is NULL; a deal is closed when it says whether it was won, and won when it has a '
		'closing time; amounts are in the currency of the mart. Of the rows of a deal_id the newest state is the one that is not repeated.';

	CREATE OR REPLACE VIEW lead_event WITH (security_invoker = true) AS
	WITH record AS MATERIALIZED
	(
		SELECT record_id, lead_id, created_at, channel, campaign, month FROM lead_record
		WHERE (SELECT NOT mart_sets_aside('stage_event'::regclass))
	), shown AS MATERIALIZED
	(
		-- Where row security hides leads nobody can tell what has none. NULL where what happened to leads is not all there.
		SELECT CASE WHEN NOT mart_sets_aside('stage_event'::regclass) THEN NOT mart_row_security('lead'::regclass) END AS orphans
	), known AS NOT MATERIALIZED
	(
		-- Distinct, so that the planner knows that each record has one.
		SELECT DISTINCT ON (record_id) * FROM record
	), setting AS MATERIALIZED
	(
		SELECT r.time_zone, r.clock_skew, s.far_before, s.far_after
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN data_span s
	), deal_row AS
	(
		-- A deal of several leads is that of the counted one that came first.
		SELECT d.*, r.record_id,
			CASE WHEN d.deal_id IS NULL THEN r.lead_id ELSE first_value(r.lead_id) OVER first END AS counted_id,
			-- A record has these of the lead that it counts for.
			CASE WHEN d.deal_id IS NULL THEN r.created_at ELSE first_value(r.created_at) OVER first END AS counted_at,
			CASE WHEN d.deal_id IS NULL THEN r.channel ELSE first_value(r.channel) OVER first END AS counted_channel,
			CASE WHEN d.deal_id IS NULL THEN r.campaign ELSE first_value(r.campaign) OVER first END AS counted_campaign,
			CASE WHEN d.deal_id IS NULL THEN r.month ELSE first_value(r.month) OVER first END AS counted_month,
			bool_or(r.record_id IS NOT NULL) OVER (PARTITION BY d.deal_id, CASE WHEN d.deal_id IS NULL THEN d.lead_id END) AS has_lead
		FROM clean_deal d
		LEFT JOIN (SELECT DISTINCT ON (record_id) * FROM record WHERE record_id IN (SELECT lead_id FROM deal)) r ON r.record_id = d.lead_id
		WINDOW first AS (PARTITION BY d.deal_id ORDER BY r.lead_id IS NULL, r.created_at, r.lead_id)
	), given AS MATERIALIZED
	(
		SELECT d.*,
			CASE WHEN d.counted_id IS NOT NULL AND NOT d.repeated THEN d.counted_at END AS created_at,
			CASE WHEN d.counted_id IS NOT NULL AND NOT d.repeated THEN d.counted_channel END AS channel,
			CASE WHEN d.counted_id IS NOT NULL AND NOT d.repeated THEN d.counted_campaign END AS campaign,
			CASE WHEN d.counted_id IS NOT NULL AND NOT d.repeated THEN d.counted_month END AS month,
			CASE
				WHEN d.repeated THEN 'repeated_deal_id'
				WHEN d.counted_id IS NULL AND NOT d.has_lead THEN 'no_lead'
				WHEN d.counted_id IS NULL THEN 'excluded_lead'
			END AS excluded_reason,
			is_day(d.closed_at, g.time_zone) AS closed_on_day, g.time_zone, g.clock_skew
		FROM deal_row d
		CROSS JOIN setting g
		WHERE CASE WHEN (SELECT orphans FROM shown) THEN true ELSE d.has_lead END
	), late AS
	(
		-- What else happened to the lead on a day that a deal of it was closed on, without an hour.
		SELECT r.lead_id, g.closed_at, max(e.entered_at) AS last_at
		FROM (SELECT DISTINCT counted_id, closed_at, time_zone FROM given WHERE closed_on_day AND excluded_reason IS NULL) g
		JOIN record r ON r.lead_id = g.counted_id
		JOIN stage_event e ON e.lead_id = r.record_id AND e.entered_at > g.closed_at AND e.entered_at < next_day(g.closed_at, g.time_zone)
		WHERE (SELECT EXISTS (SELECT FROM given WHERE closed_on_day))
		GROUP BY r.lead_id, g.closed_at
	), dated AS
	(
		SELECT g.*,
			CASE
				-- A day has room for the lead's own hour, and for what happened before the end.
				WHEN g.closed_on_day THEN greatest(
					timezone(g.time_zone,
						date_trunc('day', timezone(g.time_zone, g.closed_at)) + timezone(g.time_zone, g.created_at)::time),
					CASE WHEN g.opened_at < next_day(g.closed_at, g.time_zone) THEN g.opened_at END, t.last_at)
				ELSE g.closed_at
			END AS ended_at,
			CASE WHEN g.closed_on_day THEN next_day(g.closed_at, g.time_zone) - interval '1 microsecond' END AS end_of_day
		FROM given g
		LEFT JOIN late t ON t.lead_id = g.counted_id AND t.closed_at = g.closed_at AND g.closed_on_day AND g.excluded_reason IS NULL
	), closed AS
	(
		-- Clocks differ: shortly before the lead is with the lead.
		SELECT deal_id, lead_id, counted_id, created_at, channel, campaign, month, excluded_reason, is_won, amount, owner, account, expected_close, reason,
			currency, flaws,
			CASE WHEN ended_at < created_at AND ended_at >= created_at - clock_skew THEN created_at ELSE ended_at END AS ended_at,
			CASE WHEN opened_at < created_at AND (opened_at >= created_at - clock_skew
				OR is_day(opened_at, time_zone) AND next_day(opened_at, time_zone) > created_at)
				THEN created_at ELSE opened_at END AS opened_at,
			greatest(end_of_day, CASE WHEN ended_at < created_at AND ended_at >= created_at - clock_skew THEN created_at ELSE ended_at END)
				AS sold_by,
			coalesce(ended_at < created_at AND ended_at >= created_at - clock_skew, false) AS is_moved
		FROM dated
	)
	SELECT 'lead' AS kind, record_id, lead_id, created_at, channel, campaign, month, NULL::text AS excluded_reason,
		(SELECT stage FROM ladder WHERE stage_position = 1) AS stage, created_at AS entered_at, NULL::text AS deal_id, NULL::timestamptz AS opened_at,
		NULL::timestamptz AS sold_by, NULL::boolean AS is_won, NULL::numeric AS amount, NULL::text AS owner, NULL::text AS account,
		NULL::date AS expected_close, NULL::text AS reason, false AS is_moved, NULL::text AS currency, NULL::text AS flaws
	FROM record
	-- record_id = lead_id, which the planner takes for one in 200: here it is most of them, and the other way round below.
	WHERE CASE WHEN record_id = lead_id THEN lead_id END IS NOT NULL
	UNION ALL
	SELECT 'folded', record_id, lead_id, created_at, channel, campaign, month, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false,
		NULL, NULL
	FROM record
	WHERE CASE WHEN record_id <> lead_id THEN 1 END = 1
	UNION ALL
	SELECT CASE s.role WHEN 'lost' THEN 'exit' ELSE 'stage' END, e.lead_id, r.lead_id, r.created_at, r.channel, r.campaign, r.month,
		CASE
			WHEN r.record_id IS NULL THEN 'no_lead'
			WHEN r.lead_id IS NULL THEN 'excluded_lead'
			WHEN s.stage IS NULL THEN 'unknown_stage'
			WHEN NOT coalesce(isfinite(e.entered_at), false) THEN 'no_time'
			WHEN e.entered_at >= g.far_after OR e.entered_at < g.far_before THEN 'far_date'
		END,
		e.stage,
		CASE WHEN e.entered_at < r.created_at AND (e.entered_at >= r.created_at - g.clock_skew
			OR is_day(e.entered_at, g.time_zone) AND next_day(e.entered_at, g.time_zone) > r.created_at)
			THEN r.created_at ELSE e.entered_at END,
		NULL, NULL,
		-- An exit on a day ends what happened on that day.
		CASE WHEN s.role = 'lost' AND is_day(e.entered_at, g.time_zone)
			THEN next_day(e.entered_at, g.time_zone) - interval '1 microsecond' END,
		NULL, NULL, e.owner, NULL, NULL, e.reason,
		coalesce(e.entered_at < r.created_at AND (e.entered_at >= r.created_at - g.clock_skew
			OR is_day(e.entered_at, g.time_zone) AND next_day(e.entered_at, g.time_zone) > r.created_at), false), NULL, NULL
	FROM stage_event e
	CROSS JOIN setting g
	LEFT JOIN known r ON r.record_id = e.lead_id
	LEFT JOIN stage s ON s.stage = e.stage
	WHERE CASE WHEN (SELECT orphans FROM shown) THEN true ELSE r.record_id IS NOT NULL END
	UNION ALL
	SELECT 'opened', lead_id, counted_id, created_at, channel, campaign, month, excluded_reason,
		(SELECT stage FROM stage WHERE role = 'opportunity'), opened_at, deal_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false,
		NULL, NULL
	FROM closed
	WHERE opened_at IS NOT NULL
	UNION ALL
	SELECT 'deal', lead_id, counted_id, created_at, channel, campaign, month, excluded_reason,
		CASE WHEN is_won THEN (SELECT stage FROM stage WHERE role = 'won') END, ended_at,
		deal_id, opened_at, sold_by, is_won, amount, owner, account, expected_close, reason, is_moved, currency, flaws
	FROM closed;
	COMMENT ON VIEW lead_event IS
		'Layer below funnels, outcomes and journeys: everything that happened to leads. kind: lead (the creation of a counted lead), folded (a record whose '
		'history counts for lead_id), stage and exit (every row of stage_event), opened and deal (every row of deal; entered_at of a deal is when it closed). '
		'excluded_reason is NULL where it counts.';

	CREATE OR REPLACE VIEW counted_deal WITH (security_invoker = true) AS
	SELECT deal_id, lead_id, channel, campaign, month, opened_at, entered_at AS closed_at, is_won, amount, excluded_reason,
		owner, account, expected_close, reason
	FROM lead_event
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND kind = 'deal';
	COMMENT ON VIEW counted_deal IS
		'Every row of deal with the counted lead that it belongs to and its cohort: excluded_reason is NULL where it counts.';

	CREATE OR REPLACE VIEW funnel_event WITH (security_invoker = true) AS
	SELECT lead_id, stage, entered_at, created_at, channel, campaign, month
	FROM lead_event
	WHERE kind IN ('lead', 'stage', 'opened', 'deal') AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
		AND CASE WHEN stage IS NULL OR entered_at IS NULL THEN false ELSE true END;
	COMMENT ON VIEW funnel_event IS
		'What the funnels are made of: of every counted lead its creation (the first stage), its stage events, and its deals (opened = the stage '
		'with role opportunity, won = the stage with role won).';

	CREATE OR REPLACE VIEW inferred_stage WITH (security_invoker = true) AS
	WITH recorded AS MATERIALIZED
	(
		SELECT l.stage_position, l.stage,
			l.stage_position = 1
			OR l.role = 'opportunity' AND EXISTS (SELECT FROM deal WHERE opened_at IS NOT NULL)
			OR l.role = 'won' AND EXISTS (SELECT FROM deal WHERE is_won AND closed_at IS NOT NULL)
			OR EXISTS (SELECT FROM stage_event e WHERE e.stage = l.stage)
			OR EXISTS (SELECT FROM volume v WHERE v.stage = l.stage) AS is_recorded
		FROM ladder l
	)
	SELECT stage_position, stage
	FROM recorded r
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (NOT is_recorded AND (SELECT funnel_policy FROM rule) = 'reached'
		AND EXISTS (SELECT FROM recorded later WHERE later.is_recorded AND later.stage_position > r.stage_position)
		-- Nor is known of any who reached it, where row security hides what happened to leads.
		OR (SELECT mart_sets_aside('stage_event'::regclass)));
	COMMENT ON VIEW inferred_stage IS
		'Stages that nobody writes down, and that the policy reached would infer from later ones: the views show NULL for them, where all leads of the '
		'next stage would seem to have passed. All, where row security hides from the reader what happened to leads that he sees.';
END;
$$;
COMMENT ON FUNCTION mart_event_views(name) IS 'Internal to create_mart: makes the views of what happened to leads in the mart.';
