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
	), touched AS
	(
		SELECT lead_id, channel, campaign, touched_at, created_at,
			lead(touched_at) OVER (PARTITION BY lead_id ORDER BY touched_at, channel COLLATE "C" NULLS FIRST, campaign COLLATE "C") AS next_at
		FROM
		(
			SELECT e.lead_id, c.name AS channel, g.name AS campaign, t.touched_at, e.created_at
			FROM touch t
			JOIN event e ON e.record_id = t.lead_id AND e.kind IN ('lead', 'folded')
			LEFT JOIN touch_spelling c ON c.what = 'channel' AND c.spelling = t.channel
			LEFT JOIN touch_spelling g ON g.what = 'campaign' AND g.spelling = t.campaign
			WHERE isfinite(t.touched_at) AND t.touched_at < (SELECT far_after FROM data_span)
		) t
	), opportunity AS
	(
		SELECT lead_id, array_agg(opened_at) AS opened FROM won GROUP BY lead_id
	), marked AS
	(
		SELECT t.*,
			touched_at <= created_at AND (next_at > created_at OR next_at IS NULL) AS made_lead,
			EXISTS (SELECT FROM unnest(o.opened) opened_at WHERE touched_at <= opened_at AND (next_at > opened_at OR next_at IS NULL)) AS made_opportunity
		FROM touched t
		LEFT JOIN opportunity o USING (lead_id)
	)
	SELECT lead_id, channel, campaign, touched_at,
		CASE WHEN made_lead AND made_opportunity THEN 'lead and opportunity' WHEN made_lead THEN 'lead' WHEN made_opportunity
			THEN 'opportunity' END AS milestone,
		NULL::timestamptz AS converted_at, NULL::float8 AS value, NULL::float8 AS refund
	FROM marked
	UNION ALL
	-- journeys() takes equal conversions of an instant for one that a join repeats: deals are told apart by a trifle.
	SELECT lead_id, NULL, NULL, NULL, NULL, closed_at,
		CASE number WHEN 1 THEN greatest(coalesce(revenue, 0), 0) ELSE (number - 1) * 1e-12 END::float8,
		CASE number WHEN 1 THEN greatest(-coalesce(revenue, 0), 0) ELSE (number - 1) * 1e-12 END::float8
	FROM won;
	COMMENT ON VIEW journey_event IS
		'What the journeys are made of: of every counted lead its touches, and its won deals as conversions.';
END;
$$;
COMMENT ON FUNCTION mart_journey_event_views(name) IS 'Internal to create_mart: makes the view of touches and won deals in the mart.';
