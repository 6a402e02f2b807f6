-- Which leads count: the counting rule applied lead by lead, and the events and deals that belong to counted leads.
-- Every KPI view reads these; what they leave out is reported, by reason, in lead_generated and data_quality.

CREATE FUNCTION known_attributes(attributes text)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(attributes::jsonb) = 'object' THEN attributes::jsonb END;
COMMENT ON FUNCTION known_attributes(text) IS
'The attributes of a lead from JSON text, as in counted_lead.attributes; NULL for what is no object and so tells nothing: one such row must not fail '
'a view for all leads.';

CREATE FUNCTION mart_ladder(stages text[])
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(cardinality(stages), 0) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the ladder is empty',
			HINT = 'Insert the stages into the mart''s table stage, for example (1, ''lead'', ''lead''), (2, ''won'', ''won'').';
	ELSIF cardinality(stages) > 32 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('the ladder has %s stages, at most 32 are allowed', cardinality(stages)),
			HINT = 'Remove stages from the mart''s table stage, or merge neighbouring ones.';
	END IF;
	RETURN stages;
END;
$$;
COMMENT ON FUNCTION mart_ladder(text[]) IS
'Returns the stages as they are, after checking that there are 1 to 32; that they are distinct is a constraint of the mart''s table stage.';

CREATE FUNCTION mart_counting_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW ladder WITH (security_invoker = true) AS
	SELECT o.ordinal::integer AS stage_position, o.stage, o.role
	FROM (SELECT mart_ladder(array_agg(stage ORDER BY position)) AS stages, array_agg(role ORDER BY position) AS roles FROM stage) a,
		unnest(a.stages, a.roles) WITH ORDINALITY AS o(stage, role, ordinal);
	COMMENT ON VIEW ladder IS 'The ladder as the views number it: stage_position counts from 1 without gaps.';

	CREATE OR REPLACE VIEW counted_lead WITH (security_invoker = true) AS
	WITH internal AS
	(
		-- An address at one of the domains, or below it, as one regular expression.
		SELECT '@([^@]*\.)?(' || string_agg(regexp_replace(btrim(d), '([^[:alnum:]])', '\\\1', 'g'), '|') || ')\s*$' AS internal_address
		FROM unnest((SELECT internal_domains FROM rule)) d
		WHERE btrim(d) <> ''
	), judged AS
	(
		SELECT l.lead_id, l.created_at, l.kind, l.email, l.company, l.attributes, (SELECT duplicate_window FROM rule) AS duplicate_window,
			nullif(btrim(l.channel), '') AS channel,
			nullif(btrim(l.campaign), '') AS campaign,
			timezone((SELECT time_zone FROM rule), l.created_at) AS local_time,
			CASE (SELECT duplicate_key FROM rule)
				WHEN 'email' THEN normalize_email(l.email)
				WHEN 'company' THEN nullif(lower(btrim(l.company)), '')
			END AS duplicate_key,
			CASE
				WHEN l.lead_id IS NULL THEN 'no_lead_id'
				WHEN row_number() OVER (PARTITION BY l.lead_id ORDER BY isfinite(l.created_at) DESC NULLS LAST, l.created_at,
					l.kind, l.channel, l.campaign, l.email, l.company, l.attributes) > 1 THEN 'repeated_lead_id'
				WHEN NOT coalesce(isfinite(l.created_at), false) THEN 'no_created_at'
				WHEN (SELECT counted_kinds FROM rule) IS NOT NULL AND (l.kind = ANY ((SELECT counted_kinds FROM rule)::text[])) IS NOT TRUE THEN 'kind'
				WHEN l.email ~* (SELECT test_pattern FROM rule) OR l.company ~* (SELECT test_pattern FROM rule) THEN 'test'
				WHEN l.attributes ->> 'user_agent' ~* (SELECT bot_pattern FROM rule) THEN 'bot'
				WHEN l.email ~* (SELECT internal_pattern FROM rule) OR l.company ~* (SELECT internal_pattern FROM rule)
					OR l.email ~* (SELECT internal_address FROM internal) THEN 'internal'
			END AS excluded_reason
		FROM lead l
	), dated AS
	(
		SELECT *, CASE WHEN excluded_reason IS NULL THEN
			created_at - lag(created_at) OVER (PARTITION BY duplicate_key, excluded_reason IS NULL ORDER BY created_at, lead_id)
			END AS since_same
		FROM judged
	)
	SELECT lead_id, created_at, kind, channel, campaign, email, company,
		CASE WHEN isfinite(created_at) THEN local_time::date END AS day,
		CASE WHEN isfinite(created_at) THEN date_trunc('month', local_time)::date END AS month,
		CASE
			WHEN excluded_reason IS NOT NULL THEN excluded_reason
			WHEN duplicate_key IS NOT NULL AND since_same <= coalesce(duplicate_window, since_same) THEN 'duplicate'
		END AS excluded_reason,
		-- As text, which every driver reads.
		attributes::text AS attributes
	FROM dated;
	COMMENT ON VIEW counted_lead IS 'Every row of lead, judged by the counting rule: excluded_reason is NULL where it counts.';

	CREATE OR REPLACE VIEW clean_deal WITH (security_invoker = true) AS
	SELECT deal_id, lead_id,
		CASE WHEN isfinite(opened_at) THEN opened_at END AS opened_at,
		CASE WHEN isfinite(closed_at) THEN closed_at END AS closed_at,
		coalesce(is_won AND isfinite(closed_at), false) AS is_won,
		CASE WHEN amount > '-Infinity' AND amount < 'Infinity' THEN amount END AS amount,
		deal_id IS NOT NULL AND row_number() OVER (PARTITION BY deal_id ORDER BY opened_at, closed_at, is_won, amount, lead_id) > 1 AS repeated
	FROM deal;
	COMMENT ON VIEW clean_deal IS 'Every row of deal: times and amounts that are not finite are NULL. A deal is won when it says so and has a closing time.';

	CREATE OR REPLACE VIEW counted_deal WITH (security_invoker = true) AS
	SELECT d.deal_id, d.lead_id, l.channel, l.campaign, l.month, d.opened_at, d.closed_at, d.is_won, d.amount,
		CASE
			WHEN d.repeated THEN 'repeated_deal_id'
			WHEN l.lead_id IS NULL THEN 'no_lead'
			WHEN l.excluded_reason IS NOT NULL THEN 'excluded_lead'
		END AS excluded_reason
	FROM clean_deal d
	LEFT JOIN
	(
		-- One row per lead_id: rows that repeat an id are set aside as such.
		SELECT lead_id, channel, campaign, month, excluded_reason
		FROM counted_lead
		WHERE excluded_reason IS NULL OR excluded_reason NOT IN ('no_lead_id', 'repeated_lead_id')
	) l USING (lead_id);
	COMMENT ON VIEW counted_deal IS
		'Every row of clean_deal with the cohort of its lead: excluded_reason is NULL where it counts.';

	CREATE OR REPLACE VIEW counted_spend WITH (security_invoker = true) AS
	SELECT CASE WHEN isfinite(spent_on) THEN date_trunc('month', spent_on::timestamp)::date END AS month,
		nullif(btrim(channel), '') AS channel,
		nullif(btrim(campaign), '') AS campaign,
		CASE WHEN amount > '-Infinity' AND amount < 'Infinity' THEN amount END AS amount
	FROM spend;
	COMMENT ON VIEW counted_spend IS 'Every row of spend with its month; an amount or a date that is not finite is NULL.';

	CREATE OR REPLACE VIEW funnel_event WITH (security_invoker = true) AS
	WITH counted AS
	(
		-- Not IS NULL alone, which the planner takes for one row in 200: most leads count.
		SELECT lead_id, created_at, channel, campaign, month FROM counted_lead WHERE CASE WHEN excluded_reason IS NULL THEN true ELSE false END
	)
	SELECT lead_id, (SELECT stage FROM ladder WHERE stage_position = 1) AS stage, created_at AS entered_at, created_at, channel, campaign, month
	FROM counted
	UNION ALL
	SELECT e.lead_id, e.stage, e.entered_at, c.created_at, c.channel, c.campaign, c.month
	FROM stage_event e
	JOIN counted c USING (lead_id)
	WHERE isfinite(e.entered_at) AND e.stage IN (SELECT stage FROM stage)
	UNION ALL
	SELECT d.lead_id, s.stage, CASE s.role WHEN 'won' THEN d.closed_at ELSE d.opened_at END, c.created_at, c.channel, c.campaign, c.month
	FROM clean_deal d
	JOIN stage s ON s.role = 'opportunity' AND d.opened_at IS NOT NULL OR s.role = 'won' AND d.is_won
	JOIN counted c USING (lead_id)
	WHERE NOT d.repeated;
	COMMENT ON VIEW funnel_event IS
		'What the funnels are made of: of every counted lead its creation (the first stage), its stage events, and its deals (opened = the stage '
		'with role opportunity, won = the stage with role won).';

	CREATE OR REPLACE VIEW lead_generated WITH (security_invoker = true) AS
	SELECT day, kind, channel, campaign,
		count(*) AS gross,
		count(*) FILTER (WHERE excluded_reason IN ('no_lead_id', 'no_created_at', 'repeated_lead_id')) AS excluded_invalid,
		count(*) FILTER (WHERE excluded_reason = 'kind') AS excluded_kind,
		count(*) FILTER (WHERE excluded_reason = 'test') AS excluded_test,
		count(*) FILTER (WHERE excluded_reason = 'bot') AS excluded_bot,
		count(*) FILTER (WHERE excluded_reason = 'internal') AS excluded_internal,
		count(*) FILTER (WHERE excluded_reason = 'duplicate') AS excluded_duplicate,
		count(*) FILTER (WHERE excluded_reason IS NULL) AS counted
	FROM counted_lead
	GROUP BY day, kind, channel, campaign
	ORDER BY day, kind, channel, campaign;
	COMMENT ON VIEW lead_generated IS
		'Leads generated per day, kind, channel and campaign: gross = counted + the excluded columns. A NULL channel, campaign, kind or day is '
		'unknown and has its own row.';
END;
$$;
COMMENT ON FUNCTION mart_counting_views(name) IS
'Internal to create_mart: makes the views that apply the counting rule in the mart.';
