-- Which leads count: the counting rule applied lead by lead, and for which lead the history of a duplicate or merged one counts.
-- Every KPI view reads this; what is left out is reported, by reason, in lead_generated and data_quality.

CREATE FUNCTION known_attributes(attributes text)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(attributes::jsonb) = 'object' THEN attributes::jsonb END;
COMMENT ON FUNCTION known_attributes(text) IS
'The attributes of a lead from JSON text, as in counted_lead.attributes; NULL for what is no object and so tells nothing: one such row must not fail '
'a view for all leads.';

CREATE FUNCTION matches_pattern(value text, pattern text)
RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION matches_pattern(text, text) IS
'Internal to the views: value ~* pattern, the same for every value, but quicker for many values and one pattern.';

CREATE FUNCTION mart_ladder(stages text[], positions integer[], roles text[])
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	twice text;
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
	-- Deferrable constraints do not see what a subscription, or a restore with --disable-triggers, brings.
	SELECT d.what INTO twice
	FROM
	(
		SELECT format('position %s', p), min(n) FROM unnest(positions) WITH ORDINALITY u(p, n) GROUP BY p HAVING count(*) > 1
		UNION ALL
		SELECT format('role %s', r), min(n) FROM unnest(roles) WITH ORDINALITY u(r, n) WHERE r IS NOT NULL GROUP BY r HAVING count(*) > 1
	) d(what, first)
	ORDER BY d.first
	LIMIT 1;
	IF twice IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('several stages have %s', twice),
			DETAIL = 'That is so when a ladder was restored or replicated into another one.',
			HINT = 'Look at the mart''s table stage, and delete the stages that are not yours.';
	END IF;
	RETURN stages;
END;
$$;
COMMENT ON FUNCTION mart_ladder(text[], integer[], text[]) IS
'Returns the stages as they are, after checking that there are 1 to 32 and that no two have the same position or role.';

CREATE FUNCTION followed(records anyarray, parents anyarray)
RETURNS TABLE (record_id anyelement, survivor anyelement)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1000
-- The planner takes an array for ten rows: joins must be by hash all the same.
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	WITH RECURSIVE step AS MATERIALIZED
	(
		SELECT u.record, u.parent FROM unnest(records, parents) AS u(record, parent)
	), found(record, last) AS
	(
		-- From the last ones down, so that a circle is never entered.
		SELECT s.record, s.parent FROM step s LEFT JOIN step p ON p.record = s.parent WHERE p.record IS NULL
		UNION ALL
		SELECT s.record, f.last FROM found f JOIN step s ON s.parent = f.record
	)
	SELECT f.record, f.last FROM found f;
END;
$$;
COMMENT ON FUNCTION followed(anyarray, anyarray) IS
'Follows parents to the last one: records[i] has the parent parents[i], each record once. A record whose chain ends in a circle has no row.';

CREATE FUNCTION mart_lead_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	CREATE OR REPLACE VIEW ladder WITH (security_invoker = true) AS
	SELECT o.ordinal::integer AS stage_position, o.stage, o.role
	FROM
	(
		SELECT mart_ladder(array_agg(stage ORDER BY position), array_agg(position ORDER BY position), array_agg(role ORDER BY position)) AS stages,
			array_agg(role ORDER BY position) AS roles
		FROM stage
		WHERE role IS DISTINCT FROM 'lost'
	) a, unnest(a.stages, a.roles) WITH ORDINALITY AS o(stage, role, ordinal);
	COMMENT ON VIEW ladder IS
		'The ladder as the views number it: stage_position counts from 1 without gaps. Exits (role lost) are not on it.';

	CREATE OR REPLACE VIEW merged_lead WITH (security_invoker = true) AS
	WITH merge AS MATERIALIZED
	(
		SELECT array_agg(lead_id) AS records, array_agg(merged_into) AS parents
		FROM
		(
			SELECT DISTINCT ON (lead_id) lead_id, merged_into
			FROM lead
			WHERE merged_into IS NOT NULL AND lead_id IS NOT NULL
			ORDER BY lead_id, merged_into
		) m
	)
	SELECT f.record_id AS lead_id, f.survivor
	FROM merge m
	CROSS JOIN LATERAL followed(m.records, m.parents) f
	WHERE f.survivor IN (SELECT lead_id FROM lead) AND (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW merged_lead IS
		'Leads that the CRM merged into another, with the one that survived in the end. A lead merged into itself, in a circle, or into one that is '
		'not there, is not merged.';

	CREATE OR REPLACE VIEW judged_lead WITH (security_invoker = true) AS
	WITH internal AS
	(
		-- An address at one of the domains, or below it, as one regular expression.
		SELECT '@([^@]*\.)?(' || string_agg(regexp_replace(btrim(d), '([^[:alnum:]])', '\\\1', 'g'), '|') || ')\s*$' AS internal_address
		FROM unnest((SELECT internal_domains FROM rule)) d
		WHERE btrim(d) <> ''
	), setting AS MATERIALIZED
	(
		-- One row; every sub-select would be a plan of its own.
		SELECT r.*, i.internal_address, s.far_before, s.far_after
		FROM (SELECT * FROM rule LIMIT 1) r
		CROSS JOIN internal i
		CROSS JOIN data_span s
	), placeholder AS MATERIALIZED
	(
		SELECT array_agg(lower(btrim(p))) AS list FROM unnest((SELECT placeholders FROM rule)) p
	), spelled AS MATERIALIZED
	(
		SELECT what, spelling, name FROM spelling
	), merged AS MATERIALIZED
	(
		SELECT lead_id, survivor FROM merged_lead
	), keyed AS NOT MATERIALIZED
	(
		SELECT l.lead_id, l.created_at, l.kind, l.channel, l.campaign, l.email, l.company, l.attributes, l.owner, l.account,
			CASE r.duplicate_key
				WHEN 'email' THEN normalize_email(l.email)
				WHEN 'email_or_phone' THEN normalize_email(l.email)
				WHEN 'company' THEN nullif(lower(trim_blanks(l.company)), '')
				WHEN 'phone' THEN coalesce(normalize_phone(k.phone, r.phone_country), normalize_phone(k.phone))
			END AS duplicate_key,
			CASE r.duplicate_key WHEN 'email_or_phone'
				THEN coalesce(normalize_phone(k.phone, r.phone_country), normalize_phone(k.phone)) END AS second_key
		FROM lead l
		CROSS JOIN setting r
		CROSS JOIN LATERAL
		(
			SELECT coalesce(l.attributes ->> 'phone', l.attributes ->> 'telephone', l.attributes ->> 'mobile', l.attributes ->> 'mobilephone',
				l.attributes ->> 'phone_number') AS phone
		) k
		-- Else the planner would compute the keys wherever they are named.
		OFFSET 0
	), repeated_id AS MATERIALIZED
	(
		-- What occurs twice is little, and nothing else has to be sorted. A range, because the planner takes it for one group in 200.
		SELECT lead_id FROM lead WHERE lead_id IS NOT NULL GROUP BY lead_id HAVING count(lead_id) BETWEEN 2 AND 9223372036854775807
	), repeated_key AS MATERIALIZED
	(
		-- Hashes are quicker, and two keys with one hash are told apart later.
		SELECT hash
		FROM (SELECT hashtextextended(duplicate_key, 0) AS hash FROM keyed WHERE (SELECT duplicate_key FROM rule LIMIT 1) <> 'none') k
		WHERE hash IS NOT NULL GROUP BY hash HAVING count(hash) BETWEEN 2 AND 9223372036854775807
	), repeated_second_key AS MATERIALIZED
	(
		SELECT hash
		FROM (SELECT hashtextextended(second_key, 0) AS hash FROM keyed WHERE (SELECT duplicate_key FROM rule LIMIT 1) = 'email_or_phone') k
		WHERE hash IS NOT NULL GROUP BY hash HAVING count(hash) BETWEEN 2 AND 9223372036854775807
	), weighed AS NOT MATERIALIZED
	(
		SELECT l.lead_id, l.created_at, l.kind, l.email, l.company, l.attributes, l.owner, l.account, l.duplicate_key, l.second_key,
			l.channel AS channel_as_it_came, l.campaign AS campaign_as_it_came, m.survivor,
			c.name AS channel, g.name AS campaign,
			timezone(r.time_zone, l.created_at) AS local_time,
			-- Not IS NULL alone, which the planner takes for one row in 200.
			CASE WHEN i.lead_id IS NULL AND a.hash IS NULL AND b.hash IS NULL AND m.survivor IS NULL THEN true ELSE false END AS is_alone,
			CASE
				WHEN l.lead_id IS NULL THEN 'no_lead_id'
				WHEN m.survivor IS NOT NULL THEN 'merged'
				WHEN NOT coalesce(isfinite(l.created_at), false) THEN 'no_created_at'
				WHEN l.created_at >= r.far_after OR l.created_at < r.far_before THEN 'far_date'
				WHEN r.counted_kinds IS NOT NULL AND (l.kind = ANY (r.counted_kinds)) IS NOT TRUE THEN 'kind'
				WHEN matches_pattern(l.email, r.test_pattern) OR matches_pattern(l.company, r.test_pattern) THEN 'test'
				WHEN matches_pattern(l.attributes ->> 'user_agent', r.bot_pattern) THEN 'bot'
				WHEN matches_pattern(l.email, r.internal_pattern) OR matches_pattern(l.company, r.internal_pattern)
					OR matches_pattern(l.email, r.internal_address) THEN 'internal'
			END AS unfit
		FROM keyed l
		CROSS JOIN setting r
		-- Distinct, so that the planner knows that each has one.
		LEFT JOIN (SELECT DISTINCT lead_id FROM repeated_id) i ON i.lead_id = l.lead_id
		LEFT JOIN (SELECT DISTINCT hash FROM repeated_key) a ON a.hash = hashtextextended(l.duplicate_key, 0)
		LEFT JOIN (SELECT DISTINCT hash FROM repeated_second_key) b ON b.hash = hashtextextended(l.second_key, 0)
		LEFT JOIN (SELECT DISTINCT ON (lead_id) lead_id, survivor FROM merged) m ON m.lead_id = l.lead_id
		LEFT JOIN (SELECT DISTINCT ON (spelling) spelling, name FROM spelled WHERE what = 'channel') c ON c.spelling = l.channel
		LEFT JOIN (SELECT DISTINCT ON (spelling) spelling, name FROM spelled WHERE what = 'campaign') g ON g.spelling = l.campaign
	), judged AS
	(
		SELECT lead_id, created_at, kind, email, company, attributes, owner, account, duplicate_key, second_key, survivor, channel, campaign, local_time,
			CASE
				WHEN lead_id IS NOT NULL AND row_number() OVER (PARTITION BY lead_id ORDER BY isfinite(created_at) DESC NULLS LAST, created_at,
					kind, channel_as_it_came, campaign_as_it_came, email, company, attributes, owner, account) > 1 THEN 'repeated_lead_id'
				ELSE unfit
			END AS unfit
		FROM weighed
		WHERE NOT is_alone
	), first_dated AS
	(
		SELECT *, row_number() OVER first AS first_number,
			-- What stands for nothing is looked for last, among the few that would be duplicates.
			coalesce(duplicate_key IS NOT NULL AND unfit IS NULL AND created_at - lag(created_at) OVER first
				<= coalesce((SELECT duplicate_window FROM rule), created_at - lag(created_at) OVER first)
				AND (matches_pattern(duplicate_key, (SELECT placeholder_pattern FROM rule))) IS NOT TRUE
				AND (duplicate_key = ANY ((SELECT list FROM placeholder)::text[])) IS NOT TRUE, false) AS first_again
		FROM judged
		WINDOW first AS (PARTITION BY duplicate_key, unfit IS NULL ORDER BY created_at, lead_id)
	), first_run AS
	(
		-- How far back the lead is that the run of the same began with.
		SELECT *, CASE WHEN first_again THEN first_number - max(first_number) FILTER (WHERE NOT first_again) OVER first ELSE 0 END AS first_distance
		FROM first_dated
		WINDOW first AS (PARTITION BY duplicate_key, unfit IS NULL ORDER BY created_at, lead_id)
	), first_found AS
	(
		SELECT *, CASE WHEN first_again THEN lag(lead_id, first_distance::integer) OVER first END AS first_same
		FROM first_run
		WINDOW first AS (PARTITION BY duplicate_key, unfit IS NULL ORDER BY created_at, lead_id)
	), second_dated AS
	(
		SELECT *, row_number() OVER second AS second_number,
			coalesce(second_key IS NOT NULL AND unfit IS NULL AND created_at - lag(created_at) OVER second
				<= coalesce((SELECT duplicate_window FROM rule), created_at - lag(created_at) OVER second)
				AND (matches_pattern(second_key, (SELECT placeholder_pattern FROM rule))) IS NOT TRUE
				AND (second_key = ANY ((SELECT list FROM placeholder)::text[])) IS NOT TRUE, false) AS second_again
		FROM first_found
		WINDOW second AS (PARTITION BY second_key, unfit IS NULL ORDER BY created_at, lead_id)
	), second_run AS
	(
		SELECT *, CASE WHEN second_again THEN second_number - max(second_number) FILTER (WHERE NOT second_again) OVER second ELSE 0 END AS second_distance
		FROM second_dated
		WINDOW second AS (PARTITION BY second_key, unfit IS NULL ORDER BY created_at, lead_id)
	), found AS MATERIALIZED
	(
		SELECT lead_id, created_at, kind, channel, campaign, email, company, local_time,
			CASE WHEN unfit IS NOT NULL THEN unfit WHEN first_again OR second_again THEN 'duplicate' END AS excluded_reason,
			attributes, owner, account, duplicate_key, second_key,
			CASE
				WHEN unfit = 'merged' THEN survivor
				WHEN first_again THEN first_same
				WHEN second_again THEN lag(lead_id, second_distance::integer) OVER second
			END AS same_as
		FROM second_run
		WINDOW second AS (PARTITION BY second_key, unfit IS NULL ORDER BY created_at, lead_id)
	)
	SELECT lead_id, created_at, kind, channel, campaign, email, company,
		CASE WHEN isfinite(created_at) THEN local_time::date END AS day,
		CASE WHEN isfinite(created_at) THEN date_trunc('month', local_time)::date END AS month,
		excluded_reason,
		-- As text, which every driver reads.
		attributes::text AS attributes, owner, account, duplicate_key, second_key, same_as, duplicate_of
	FROM
	(
		SELECT lead_id, created_at, kind, channel, campaign, email, company, local_time, unfit AS excluded_reason, attributes, owner, account,
			duplicate_key, second_key, CASE WHEN false THEN lead_id END AS same_as, CASE WHEN false THEN lead_id END AS duplicate_of
		FROM weighed
		WHERE is_alone
		UNION ALL
		SELECT f.lead_id, f.created_at, f.kind, f.channel, f.campaign, f.email, f.company, f.local_time, f.excluded_reason, f.attributes, f.owner, f.account,
			f.duplicate_key, f.second_key, f.same_as, s.survivor
		FROM found f
		LEFT JOIN
		(
			SELECT DISTINCT ON (c.record_id) c.record_id, c.survivor
			FROM (SELECT array_agg(lead_id) AS records, array_agg(same_as) AS parents FROM found WHERE same_as IS NOT NULL) p
			CROSS JOIN LATERAL followed(p.records, p.parents) c
		) s ON s.record_id = CASE WHEN f.same_as IS NOT NULL THEN f.lead_id END
	) l
	WHERE (SELECT mart_rule_is_there(count(*), 'rule') FROM rule);
	COMMENT ON VIEW judged_lead IS
		'Layer below counted_lead: every row of lead, judged by the counting rule, with the lead that it was merged into, or that the same person was before.';

	CREATE OR REPLACE VIEW lead_record WITH (security_invoker = true) AS
	WITH judged AS MATERIALIZED
	(
		SELECT lead_id, created_at, channel, campaign, month, excluded_reason, same_as, duplicate_of
		FROM judged_lead
		-- Asked for a number, because the planner takes a truth for every second row.
		WHERE CASE WHEN lead_id IS NULL OR excluded_reason = 'repeated_lead_id' THEN NULL ELSE 1 END IS NOT NULL
	)
	-- Not IS NULL alone, which the planner takes for one row in 200: most leads count.
	SELECT lead_id AS record_id, excluded_reason, same_as AS duplicate_of,
		CASE WHEN excluded_reason IS NULL THEN lead_id END AS lead_id, created_at, channel, campaign, month
	FROM judged
	WHERE CASE WHEN same_as IS NULL THEN 1 END IS NOT NULL
	UNION ALL
	SELECT j.lead_id, j.excluded_reason, j.duplicate_of,
		CASE WHEN s.excluded_reason IS NULL AND (SELECT duplicates FROM rule) = 'fold' THEN s.lead_id END, s.created_at, s.channel, s.campaign, s.month
	FROM judged j
	-- Distinct, so that the planner knows that each has one: it would take a join for many rows, and compile for seconds.
	JOIN
	(
		SELECT DISTINCT ON (lead_id) lead_id, excluded_reason, created_at, channel, campaign, month
		FROM judged
		WHERE lead_id IN (SELECT duplicate_of FROM judged WHERE CASE WHEN duplicate_of IS NOT NULL THEN true ELSE false END)
	) s ON s.lead_id = j.duplicate_of
	WHERE CASE WHEN j.duplicate_of IS NOT NULL THEN true ELSE false END;
	COMMENT ON VIEW lead_record IS
		'Layer below events and deals: for which counted lead each record counts, if for one: a lead for itself, a duplicate or merged one for that '
		'which it folds into (rule.duplicates).';

	CREATE OR REPLACE VIEW counted_lead WITH (security_invoker = true) AS
	SELECT j.lead_id, j.created_at, j.kind, j.channel, j.campaign, j.email, j.company, j.day, j.month, j.excluded_reason,
		j.attributes,
		j.owner, j.account, j.duplicate_of, date_trunc('week', j.day)::date AS week,
		fiscal_quarter(j.day, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(j.day, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM judged_lead j;
	COMMENT ON VIEW counted_lead IS 'Every row of lead, judged by the counting rule: excluded_reason is NULL where it counts.';

	CREATE OR REPLACE VIEW lead_generated WITH (security_invoker = true) AS
	SELECT day, kind, channel, campaign,
		count(*) AS gross,
		count(*) FILTER (WHERE excluded_reason IN ('no_lead_id', 'no_created_at', 'repeated_lead_id', 'far_date')) AS excluded_invalid,
		count(*) FILTER (WHERE excluded_reason = 'kind') AS excluded_kind,
		count(*) FILTER (WHERE excluded_reason = 'test') AS excluded_test,
		count(*) FILTER (WHERE excluded_reason = 'bot') AS excluded_bot,
		count(*) FILTER (WHERE excluded_reason = 'internal') AS excluded_internal,
		count(*) FILTER (WHERE excluded_reason IN ('duplicate', 'merged')) AS excluded_duplicate,
		count(*) FILTER (WHERE excluded_reason IS NULL) AS counted,
		date_trunc('week', day)::date AS week, date_trunc('month', day)::date AS month,
		fiscal_quarter(day, (SELECT fiscal_year_start FROM rule)) AS quarter, fiscal_year(day, (SELECT fiscal_year_start FROM rule)) AS fiscal_year
	FROM judged_lead
	GROUP BY day, kind, channel, campaign
	ORDER BY day, kind, channel, campaign;
	COMMENT ON VIEW lead_generated IS
		'Leads generated per day, kind, channel and campaign: gross = counted + the excluded columns. A NULL channel, campaign, kind or day is '
		'unknown and has its own row.';
END;
$$;
COMMENT ON FUNCTION mart_lead_views(name) IS
'Internal to create_mart: makes the views that apply the counting rule to leads in the mart.';
