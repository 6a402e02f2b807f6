-- What the journeys are made of: touches and won deals of every counted lead, which the views of attribution read.

CREATE FUNCTION mart_journey_event_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW journey_event WITH (security_invoker = true) AS
	WITH counted AS
	(
		SELECT lead_id, created_at FROM counted_lead WHERE excluded_reason IS NULL
	), won AS
	(
		SELECT d.lead_id, d.opened_at, d.closed_at,
			row_number() OVER (PARTITION BY d.lead_id, d.closed_at ORDER BY d.deal_id) AS number,
			sum(d.amount) OVER (PARTITION BY d.lead_id, d.closed_at) AS revenue
		FROM clean_deal d
		JOIN counted USING (lead_id)
		WHERE d.is_won AND NOT d.repeated
	), touched AS
	(
		SELECT lead_id, channel, campaign, touched_at, created_at,
			lead(touched_at) OVER (PARTITION BY lead_id ORDER BY touched_at, channel COLLATE "C" NULLS FIRST, campaign COLLATE "C") AS next_at
		FROM
		(
			SELECT t.lead_id, nullif(btrim(t.channel), '') AS channel, nullif(btrim(t.campaign), '') AS campaign, t.touched_at, c.created_at
			FROM touch t
			JOIN counted c USING (lead_id)
			WHERE isfinite(t.touched_at)
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
