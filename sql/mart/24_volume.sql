-- Leads that are known as counts only: no keys, no times, but they are on the ladder and cost money.

CREATE FUNCTION mart_volume_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW counted_volume WITH (security_invoker = true) AS
	SELECT CASE WHEN isfinite(v.day) THEN v.day END AS day, CASE WHEN isfinite(v.day) THEN date_trunc('month', v.day::timestamp)::date END AS month,
		c.name AS channel, g.name AS campaign, l.stage_position, l.stage, l.role, v.leads,
		CASE
			WHEN NOT coalesce(isfinite(v.day), false) THEN 'no_day'
			WHEN l.stage IS NULL THEN 'unknown_stage'
			WHEN coalesce(v.leads, -1) < 0 THEN 'no_leads'
		END AS excluded_reason,
		v.stage AS named_stage
	FROM volume v
	LEFT JOIN ladder l ON l.stage = v.stage
	LEFT JOIN spelling c ON c.what = 'channel' AND c.spelling = v.channel
	LEFT JOIN spelling g ON g.what = 'campaign' AND g.spelling = v.campaign
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule) AND (SELECT NOT mart_sets_aside('volume'::regclass));
	COMMENT ON VIEW counted_volume IS
		'Every row of volume with its month and the position of its stage: excluded_reason is NULL where it counts.';
END;
$$;
COMMENT ON FUNCTION mart_volume_views(name) IS 'Internal to create_mart: makes the view of leads known as counts only in the mart.';
