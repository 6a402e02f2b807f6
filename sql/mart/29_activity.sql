-- What people did with the leads: calls, mails, meetings, each row judged and given to the counted lead that it belongs to; and, per lead, when it was
-- first tried and reached.

-- A text, because the facts of a stored mart are made by it, too.
CREATE FUNCTION mart_effort_query(activities text, observations text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format($sql$
		-- What was done before there was a lead is no answer to it.
		SELECT lead_id, count(*) FILTER (WHERE is_attempt) AS attempts, count(*) FILTER (WHERE is_contact) AS contacts,
			min(activity_at) FILTER (WHERE is_attempt) AS attempted_at, min(activity_at) FILTER (WHERE is_contact) AS contacted_at,
			max(activity_at) FILTER (WHERE meaning <> 'none') AS last_activity_at,
			(array_agg(owner ORDER BY activity_at, owner) FILTER (WHERE owner IS NOT NULL AND meaning <> 'none'))[1] AS worked_by
		FROM %s
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END AND activity_at >= created_at
			AND activity_at <= (SELECT observed_until FROM %s)
		GROUP BY lead_id$sql$, activities, observations);
COMMENT ON FUNCTION mart_effort_query(text, text) IS
'Internal to lead_work and stored marts: the query of what was done with each lead, over relations like lead_activity and observation.';

CREATE FUNCTION mart_activity_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW lead_activity WITH (security_invoker = true) AS
	WITH record AS NOT MATERIALIZED
	(
		-- Distinct, so that the planner knows that each record has one.
		SELECT DISTINCT ON (record_id) record_id, lead_id, created_at, channel, campaign, month
		FROM lead_record
		WHERE record_id IN (SELECT lead_id FROM activity)
	), setting AS MATERIALIZED
	(
		SELECT r.clock_skew, s.far_before, s.far_after
		FROM (SELECT * FROM rule LIMIT 1) r CROSS JOIN data_span s
	), meaning AS MATERIALIZED
	(
		-- Case and outer blanks do not matter. Of two that would be one the first by name holds.
		SELECT DISTINCT ON (lower(trim_blanks(kind)), lower(trim_blanks(outcome))) lower(trim_blanks(kind)) AS kind,
			lower(trim_blanks(outcome)) AS outcome, meaning
		FROM activity_meaning
		ORDER BY lower(trim_blanks(kind)), lower(trim_blanks(outcome)), kind, outcome
	), judged AS
	(
		SELECT a.lead_id AS record_id, r.lead_id, r.created_at, r.channel, r.campaign, r.month, a.kind, a.outcome, coalesce(o.meaning, k.meaning) AS meaning,
			nullif(trim_blanks(a.owner), '') AS owner,
			CASE WHEN isfinite(a.scheduled_for) THEN a.scheduled_for END AS scheduled_for,
			-- Clocks differ: shortly before the lead is with the lead.
			CASE WHEN a.activity_at < r.created_at AND a.activity_at >= r.created_at - g.clock_skew THEN r.created_at
				WHEN isfinite(a.activity_at) THEN a.activity_at END AS activity_at,
			CASE
				WHEN r.record_id IS NULL THEN 'no_lead'
				WHEN r.lead_id IS NULL THEN 'excluded_lead'
				WHEN NOT coalesce(isfinite(a.activity_at), false) THEN 'no_time'
				WHEN a.activity_at >= g.far_after OR a.activity_at < g.far_before THEN 'far_date'
				WHEN coalesce(o.meaning, k.meaning) IS NULL THEN 'no_meaning'
			END AS excluded_reason
		FROM activity a
		CROSS JOIN setting g
		LEFT JOIN record r ON r.record_id = a.lead_id
		LEFT JOIN meaning o ON o.kind = lower(trim_blanks(a.kind)) AND o.outcome = lower(trim_blanks(a.outcome)) AND o.outcome <> ''
		LEFT JOIN meaning k ON k.kind = lower(trim_blanks(a.kind)) AND k.outcome = ''
		-- Where row security hides leads nobody can tell what has none.
		WHERE CASE WHEN (SELECT mart_row_security('lead'::regclass)) THEN r.record_id IS NOT NULL ELSE true END
			AND (SELECT NOT mart_sets_aside('activity'::regclass))
	), compared AS
	(
		-- Whoever books a meeting was reached. Where the call is written down beside it, that is the attempt and the contact.
		SELECT *, CASE WHEN excluded_reason IS NULL AND meaning = 'meeting_booked'
			THEN coalesce(activity_at - max(activity_at) FILTER (WHERE meaning IN ('attempt', 'contact')) OVER earlier > interval '1 hour', true)
			ELSE false END AS is_reached_by_booking
		FROM judged
		WINDOW earlier AS (PARTITION BY lead_id, excluded_reason IS NULL ORDER BY activity_at)
	)
	SELECT record_id, lead_id, created_at, channel, campaign, month, activity_at, kind, outcome, meaning, owner, scheduled_for, excluded_reason,
		excluded_reason IS NULL AND (meaning IN ('attempt', 'contact') OR is_reached_by_booking) AS is_attempt,
		excluded_reason IS NULL AND (meaning = 'contact' OR is_reached_by_booking) AS is_contact
	FROM compared
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW lead_activity IS
		'Layer below speed, meetings and the outbound chain: every row of activity with what it means (table activity_meaning; case and outer blanks are '
		'ignored) and the counted lead that it belongs to: excluded_reason is NULL where it counts.';

	EXECUTE format($sql$
	CREATE OR REPLACE VIEW lead_work WITH (security_invoker = true) AS
	WITH tried AS
	(%s
	), owned AS MATERIALIZED
	(
		-- Not from stages or deals: whoever has one would seem to lose none on the way there.
		SELECT lead_id, kind, nullif(trim_blanks(owner), '') AS owner, nullif(trim_blanks(account), '') AS account
		FROM judged_lead
		WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	)
	SELECT o.lead_id, o.created_at, o.month, o.channel, o.campaign, w.kind,
		CASE WHEN (SELECT EXISTS (SELECT FROM owned WHERE owner IS NOT NULL)) THEN w.owner ELSE t.worked_by END AS owner, w.account,
		CASE WHEN (SELECT NOT mart_sets_aside('activity'::regclass)) THEN coalesce(t.attempts, 0) END AS attempts,
		CASE WHEN (SELECT NOT mart_sets_aside('activity'::regclass)) THEN coalesce(t.contacts, 0) END AS contacts,
		t.attempted_at, t.contacted_at, t.last_activity_at,
		o.stage_position, o.stage, o.mql_at, o.sal_at, o.sql_at, o.opportunity_at, o.won_at, o.lost_at, o.deals_won, o.revenue, o.observed_until
	FROM lead_outcome o
	LEFT JOIN (SELECT DISTINCT ON (lead_id) * FROM owned) w ON w.lead_id = o.lead_id
	LEFT JOIN tried t ON t.lead_id = o.lead_id$sql$, lead_kpi.mart_effort_query('lead_activity', 'observation'));
	COMMENT ON VIEW lead_work IS
		'Layer below the views about owners and speed: every counted lead with who works it, when it was first tried and reached, and what became of it.';
END;
$$;
COMMENT ON FUNCTION mart_activity_views(name) IS 'Internal to create_mart: makes the views of what people did with the leads in the mart.';
