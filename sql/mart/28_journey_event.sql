-- What the journeys are made of: touches and won deals of every counted lead, which the views of attribution read.

CREATE FUNCTION mart_journey_event_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW journey_event WITH (security_invoker = true) AS
	WITH event AS MATERIALIZED
	(
		SELECT kind, record_id, lead_id, created_at, entered_at, deal_id, opened_at, sold_by, is_won, amount
		FROM lead_event
		WHERE kind IN ('lead', 'folded', 'deal') AND CASE WHEN excluded_reason IS NULL THEN true ELSE false END
			AND (SELECT NOT mart_sets_aside('touch'::regclass))
	), late AS
	(
		-- The last touch of a day that a deal was won on, without an hour: it came before the sale.
		SELECT d.lead_id, d.sold_by, max(t.touched_at) AS last_at
		FROM (SELECT DISTINCT lead_id, entered_at, sold_by FROM event WHERE kind = 'deal' AND is_won AND sold_by > entered_at) d
		JOIN event e ON e.lead_id = d.lead_id AND e.kind IN ('lead', 'folded')
		JOIN touch t ON t.lead_id = e.record_id AND t.touched_at > d.entered_at AND t.touched_at <= d.sold_by
		WHERE (SELECT EXISTS (SELECT FROM event WHERE sold_by > entered_at))
		GROUP BY d.lead_id, d.sold_by
	), won AS
	(
		SELECT lead_id, opened_at, closed_at, row_number() OVER (PARTITION BY lead_id, closed_at ORDER BY deal_id) AS number,
			sum(amount) OVER (PARTITION BY lead_id, closed_at) AS revenue
		FROM
		(
			SELECT e.lead_id, e.opened_at, e.deal_id, e.amount, greatest(e.entered_at, l.last_at) AS closed_at
			FROM event e
			LEFT JOIN late l ON l.lead_id = e.lead_id AND l.sold_by = e.sold_by
			WHERE e.kind = 'deal' AND e.is_won
		) d
	), won_record AS
	(
		-- Distinct, as the others, so that the planner knows that each has one, and hashes these and not the touches.
		SELECT DISTINCT ON (e.record_id) e.record_id, e.lead_id, e.created_at, w.opened
		FROM event e
		JOIN (SELECT lead_id, array_agg(opened_at) AS opened FROM won GROUP BY lead_id) w ON w.lead_id = e.lead_id
		WHERE e.kind <> 'deal'
	), other_record AS
	(
		SELECT DISTINCT ON (record_id) record_id, lead_id, created_at
		FROM event
		WHERE kind <> 'deal' AND CASE WHEN lead_id IN (SELECT lead_id FROM won) THEN false ELSE true END
	), spelled AS MATERIALIZED
	(
		SELECT what, spelling, name FROM touch_spelling
	), named AS MATERIALIZED
	(
		-- Once for all touches of a spelling. A blank name is none, as NULL is.
		SELECT t.channel AS channel_spelling, t.campaign AS campaign_spelling, c.name AS channel, g.name AS campaign,
			json_build_array(c.name, g.name)::text AS channel_and_campaign
		FROM (SELECT DISTINCT coalesce(channel, '') AS channel, coalesce(campaign, '') AS campaign FROM touch_count) t
		LEFT JOIN spelled c ON c.what = 'channel' AND c.spelling = t.channel
		LEFT JOIN spelled g ON g.what = 'campaign' AND g.spelling = t.campaign
	), span AS MATERIALIZED
	(
		SELECT far_after FROM data_span
	), name_of AS NOT MATERIALIZED
	(
		SELECT DISTINCT ON (channel_spelling, campaign_spelling) * FROM named
	), marked AS
	(
		-- Few leads win a deal, and these apart: of the others nobody but a reader of milestone pays for the order of the touches.
		SELECT *,
			touched_at <= created_at AND (next_at > created_at OR next_at IS NULL) AS made_lead,
			EXISTS (SELECT FROM unnest(opened) opened_at WHERE touched_at <= opened_at AND (next_at > opened_at OR next_at IS NULL)) AS made_opportunity
		FROM
		(
			SELECT *, lead(touched_at) OVER (PARTITION BY lead_id ORDER BY touched_at, channel COLLATE "C" NULLS FIRST, campaign COLLATE "C") AS next_at
			FROM
			(
				SELECT r.lead_id, n.channel, n.campaign, n.channel_and_campaign, t.touched_at, r.created_at, r.opened
				FROM touch t
				JOIN won_record r ON r.record_id = t.lead_id
				LEFT JOIN name_of n ON n.channel_spelling = coalesce(t.channel, '') AND n.campaign_spelling = coalesce(t.campaign, '')
				WHERE CASE WHEN isfinite(t.touched_at) THEN t.touched_at < (SELECT far_after FROM span) ELSE false END
			) t
		) t
	), won_touch AS
	(
		SELECT *, CASE WHEN made_lead AND made_opportunity THEN 'lead and opportunity' WHEN made_lead THEN 'lead' WHEN made_opportunity
			THEN 'opportunity' END AS milestone
		FROM marked
	), other_touch AS
	(
		SELECT *, lead(touched_at) OVER (PARTITION BY lead_id ORDER BY touched_at, channel COLLATE "C" NULLS FIRST, campaign COLLATE "C") AS next_at
		FROM
		(
			-- As an outer join, which is not taken for a few touches to be looked up.
			SELECT r.lead_id, n.channel, n.campaign, n.channel_and_campaign, t.touched_at, r.created_at
			FROM touch t
			LEFT JOIN other_record r ON r.record_id = t.lead_id
			LEFT JOIN name_of n ON n.channel_spelling = coalesce(t.channel, '') AND n.campaign_spelling = coalesce(t.campaign, '')
			WHERE CASE WHEN r.record_id IS NOT NULL AND isfinite(t.touched_at) THEN t.touched_at < (SELECT far_after FROM span) ELSE false END
		) t
	)
	SELECT lead_id, channel, campaign, touched_at, milestone, converted_at, value, refund, channel_and_campaign, won_milestone
	FROM
	(
		SELECT lead_id, channel, campaign, touched_at, milestone, NULL::timestamptz AS converted_at, NULL::float8 AS value, NULL::float8 AS refund,
			channel_and_campaign, milestone AS won_milestone
		FROM won_touch
		UNION ALL
		SELECT lead_id, channel, campaign, touched_at, CASE WHEN touched_at <= created_at AND (next_at > created_at OR next_at IS NULL) THEN 'lead' END,
			NULL, NULL, NULL, channel_and_campaign, NULL
		FROM other_touch
		UNION ALL
		-- journeys() takes equal conversions of an instant for one that a join repeats: deals are told apart by a trifle. What it
		-- does not take for a value is a typing error, and counts as the most that it takes: one such deal must not take all views away.
		SELECT lead_id, NULL, NULL, NULL, NULL, closed_at,
			CASE number WHEN 1 THEN least(greatest(coalesce(revenue, 0), 0), 9.9e25) ELSE (number - 1) * 1e-12 END::float8,
			CASE number WHEN 1 THEN least(greatest(-coalesce(revenue, 0), 0), 9.9e25) ELSE (number - 1) * 1e-12 END::float8,
			NULL, NULL
		FROM won
	) e;
	COMMENT ON VIEW journey_event IS
		'What the journeys are made of: of every counted lead its touches, and its won deals as conversions.';
END;
$$;
COMMENT ON FUNCTION mart_journey_event_views(name) IS 'Internal to create_mart: makes the view of touches and won deals in the mart.';
