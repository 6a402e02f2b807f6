-- The facts of a stored mart: one row per lead with what became of it, one per stage event, deal and activity; how they are computed
-- for some leads, and how the views read them.

CREATE FUNCTION mart_fact_tables(mart name, key text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.lead_fact
		(
			lead_id %2$s, created_at timestamptz, day date, month date, kind text, channel text, campaign text,
			-- Where lead has one row of the lead, and is a table of the mart, these are read from there.
			has_texts boolean NOT NULL, email text, company text, attributes text,
			excluded_reason text, owner text, account text, duplicate_key text, second_key text, same_as %2$s, merged_into %2$s,
			is_record boolean NOT NULL, counted_id %2$s, duplicate_of %2$s,
			stage_position integer, mql_at timestamptz, sal_at timestamptz, sql_at timestamptz, opportunity_at timestamptz, won_at timestamptz,
			lost_at timestamptz, deals_won bigint, revenue numeric, sold_at text, sold_for text,
			attempts bigint, contacts bigint, attempted_at timestamptz, contacted_at timestamptz, last_activity_at timestamptz, worked_by text
		)$sql$, stored, key);
	EXECUTE format('CREATE INDEX ON %I.lead_fact (lead_id)', stored);
	-- What joins leads: a change of one may change the others. Keys may be longer than a btree takes.
	EXECUTE format('CREATE INDEX ON %I.lead_fact USING hash (duplicate_key)', stored);
	EXECUTE format('CREATE INDEX ON %I.lead_fact USING hash (second_key)', stored);
	EXECUTE format('CREATE INDEX ON %I.lead_fact (same_as) WHERE same_as IS NOT NULL', stored);
	EXECUTE format('CREATE INDEX ON %I.lead_fact (merged_into) WHERE merged_into IS NOT NULL', stored);
	-- Who counts under another one.
	EXECUTE format('CREATE INDEX ON %I.lead_fact (counted_id) WHERE counted_id <> lead_id', stored);
	-- Who is of the cells that lost an extreme.
	EXECUTE format('CREATE INDEX ON %I.lead_fact (day)', stored);
	-- What time itself may change.
	EXECUTE format('CREATE INDEX ON %I.lead_fact (lead_id) WHERE excluded_reason = ''far_date''', stored);
	EXECUTE format('CREATE INDEX ON %I.lead_fact (greatest(won_at, lost_at)) WHERE won_at IS NOT NULL OR lost_at IS NOT NULL', stored);
	EXECUTE format('COMMENT ON TABLE %I.lead_fact IS %L', stored, 'Every row of lead, judged, with what became of it.');
	EXECUTE format($sql$
		CREATE TABLE %1$I.event_fact
		(
			kind text NOT NULL, record_id %2$s, lead_id %2$s, excluded_reason text, stage text, entered_at timestamptz, deal_id text, opened_at timestamptz,
			sold_by timestamptz, is_won boolean, amount numeric, owner text, account text, expected_close date, reason text, is_moved boolean NOT NULL,
			currency text, flaws text
		)$sql$, stored, key);
	EXECUTE format('CREATE INDEX ON %I.event_fact (record_id)', stored);
	EXECUTE format('CREATE INDEX ON %I.event_fact (lead_id)', stored);
	EXECUTE format('CREATE INDEX ON %I.event_fact (deal_id) WHERE deal_id IS NOT NULL', stored);
	-- What counts for another lead.
	EXECUTE format('CREATE INDEX ON %I.event_fact (lead_id) WHERE record_id <> lead_id', stored);
	EXECUTE format('CREATE INDEX ON %I.event_fact (record_id) WHERE excluded_reason = ''far_date'' OR flaws LIKE ''%%far_date%%''', stored);
	EXECUTE format('COMMENT ON TABLE %I.event_fact IS %L', stored, 'Every row of stage_event and of deal, judged and given to its lead.');
	EXECUTE format($sql$
		CREATE TABLE %1$I.activity_fact
		(
			record_id %2$s, lead_id %2$s, created_at timestamptz, channel text, campaign text, month date, activity_at timestamptz, kind text, outcome text,
			meaning text, owner text, scheduled_for timestamptz, excluded_reason text, is_attempt boolean, is_contact boolean
		)$sql$, stored, key);
	EXECUTE format('CREATE INDEX ON %I.activity_fact (record_id)', stored);
	EXECUTE format('CREATE INDEX ON %I.activity_fact (record_id) WHERE excluded_reason = ''far_date''', stored);
	-- Asked for what is later than all that was there: that takes no more than which pages may have some.
	EXECUTE format('CREATE INDEX ON %I.activity_fact USING brin (activity_at)', stored);
	EXECUTE format('COMMENT ON TABLE %I.activity_fact IS %L', stored, 'Every row of activity, judged and given to its lead; where lead_activity is not '
		'stored, only those after observed_until.');
	EXECUTE format('CREATE UNLOGGED TABLE %I.refreshed_lead (lead_id %s PRIMARY KEY)', stored, key);
	EXECUTE format('COMMENT ON TABLE %I.refreshed_lead IS %L', stored, 'The leads whose facts a refresh makes again.');
END;
$$;
COMMENT ON FUNCTION mart_fact_tables(name, text) IS 'Internal to store_mart: makes the tables of the facts of a stored mart.';

-- The same views as in the mart, over the rows of the leads that are refreshed: what joins leads is among them.
CREATE FUNCTION mart_refreshed_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	refresh CONSTANT name := lead_kpi.mart_companion(mart, 'refresh');
	item record;
BEGIN
	FOR item IN
		SELECT s.relation AS name, string_agg(s.attribute, ', ') AS columns FROM lead_kpi.mart_shape() s WHERE s.relation IN ('lead', 'stage_event',
			'deal', 'activity') GROUP BY 1
	LOOP
		EXECUTE format('CREATE UNLOGGED TABLE %I.%I AS SELECT %s FROM %I.%I WITH NO DATA', stored, item.name || '_row', item.columns, mart, item.name);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', stored, item.name || '_row', format('The rows of %I.%I of the leads that a refresh makes again.',
			mart, item.name));
		-- Where all are made again they are not copied.
		EXECUTE format('CREATE VIEW %1$I.%2$I WITH (security_invoker = true) AS SELECT %6$s FROM %3$I.%4$I UNION ALL '
			'SELECT %6$s FROM %5$I.%2$I WHERE (SELECT is_total FROM %3$I.state)', refresh, item.name, stored, item.name || '_row', mart, item.columns);
		EXECUTE format('COMMENT ON VIEW %I.%I IS %L', refresh, item.name, format('The rows of %I.%I of the leads that a refresh makes again.', mart,
			item.name));
	END LOOP;
	PERFORM lead_kpi.mart_lead_views(refresh);
	PERFORM lead_kpi.mart_event_views(refresh);
	PERFORM lead_kpi.mart_outcome_views(refresh);
	PERFORM lead_kpi.mart_activity_views(refresh);
	-- What is known of all leads only.
	EXECUTE format('DROP VIEW %1$I.lead_generated, %1$I.counted_lead, %1$I.counted_deal, %1$I.funnel_event, %1$I.lead_work', refresh);
	EXECUTE format('CREATE OR REPLACE VIEW %1$I.inferred_stage WITH (security_invoker = true) AS SELECT * FROM %2$I.inferred_stage', refresh, mart);
	-- That name is for what is to be stored of it.
	EXECUTE format('ALTER VIEW %I.inferred_stage RENAME TO kept_inferred_stage', refresh);

	-- Each is computed once, and the ones above it read what came out.
	FOR item IN SELECT r.name FROM unnest('{judged_lead,lead_record,lead_event,lead_activity}'::text[]) AS r(name)
	LOOP
		EXECUTE format('CREATE UNLOGGED TABLE %1$I.%2$I AS SELECT * FROM %3$I.%4$I WITH NO DATA', stored, item.name || '_row', refresh, item.name);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', stored, item.name || '_row', format('%s of the leads that a refresh makes again.', item.name));
		EXECUTE format('CREATE VIEW %I.%I WITH (security_invoker = true) AS %s', refresh, 'next_' || item.name,
			pg_get_viewdef(to_regclass(format('%I.%I', refresh, item.name))));
		EXECUTE format('COMMENT ON VIEW %I.%I IS %L', refresh, 'next_' || item.name, format('What the rows of %I.%I are to be.', stored, item.name || '_row'));
		EXECUTE format('CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = true) AS SELECT * FROM %I.%I', refresh, item.name, stored, item.name || '_row');
	END LOOP;

	EXECUTE format($sql$
		CREATE VIEW %1$I.lead_fact WITH (security_invoker = true) AS
		WITH merge AS
		(
			SELECT DISTINCT ON (lead_id) lead_id, merged_into
			FROM %1$I.lead
			WHERE merged_into IS NOT NULL AND lead_id IS NOT NULL
			ORDER BY lead_id, merged_into
		)
		SELECT j.lead_id, j.created_at, j.day, j.month, j.kind, j.channel, j.campaign, t.has_texts, CASE WHEN t.has_texts THEN j.email END AS email,
			CASE WHEN t.has_texts THEN j.company END AS company, CASE WHEN t.has_texts THEN j.attributes END AS attributes,
			j.excluded_reason, j.owner, j.account, j.duplicate_key, j.second_key, j.same_as, m.merged_into,
			r.record_id IS NOT NULL AS is_record, r.lead_id AS counted_id, j.duplicate_of,
			o.stage_position, o.mql_at, o.sal_at, o.sql_at, o.opportunity_at, o.won_at, o.lost_at, o.deals_won,
			CASE WHEN o.deals_won > 0 THEN o.revenue END AS revenue, o.sold_at, o.sold_for,
			e.attempts, e.contacts, e.attempted_at, e.contacted_at, e.last_activity_at, e.worked_by
		FROM %1$I.judged_lead j
		CROSS JOIN LATERAL (SELECT %2$L OR j.lead_id IS NULL OR j.lead_id IN (SELECT lead_id
			FROM %1$I.judged_lead WHERE excluded_reason = 'repeated_lead_id') AS has_texts) t
		LEFT JOIN merge m ON m.lead_id = j.lead_id
		LEFT JOIN %1$I.lead_record r ON r.record_id = j.lead_id AND j.excluded_reason IS DISTINCT FROM 'repeated_lead_id'
		LEFT JOIN %1$I.lead_outcome o ON o.lead_id = j.lead_id AND j.excluded_reason IS NULL
		LEFT JOIN (%3$s) e ON e.lead_id = j.lead_id AND j.excluded_reason IS NULL$sql$, refresh,
		(SELECT c.relkind = 'v' FROM pg_class c WHERE c.oid = to_regclass(format('%I.lead', mart))),
		lead_kpi.mart_effort_query(format('%I.lead_activity', refresh), format('%I.observation', mart)));
	EXECUTE format('COMMENT ON VIEW %I.lead_fact IS %L', refresh, 'What the rows of lead_fact are to be for the leads that are refreshed.');
	EXECUTE format($sql$
		CREATE VIEW %1$I.event_fact WITH (security_invoker = true) AS
		SELECT kind, record_id, lead_id, excluded_reason, stage, entered_at, deal_id, opened_at, sold_by, is_won, amount, owner, account, expected_close,
			reason,
			is_moved, currency, flaws
		FROM %1$I.lead_event
		WHERE kind IN ('stage', 'exit', 'deal')$sql$, refresh);
	EXECUTE format('COMMENT ON VIEW %I.event_fact IS %L', refresh, 'What the rows of event_fact are to be for the leads that are refreshed.');
	-- Where nobody reads lead_activity, those that do not count yet: they may when the data goes further.
	EXECUTE format('CREATE VIEW %1$I.activity_fact WITH (security_invoker = true) AS SELECT * FROM %1$I.lead_activity WHERE '
		'EXISTS (SELECT FROM %2$I.layer WHERE relation = ''lead_activity'') OR excluded_reason = ''far_date'' '
		'OR activity_at > (SELECT observed_until FROM %3$I.observation)', refresh, stored, mart);
	EXECUTE format('COMMENT ON VIEW %I.activity_fact IS %L', refresh, 'What the rows of activity_fact are to be for the leads that are refreshed.');
END;
$$;
COMMENT ON FUNCTION mart_refreshed_views(name) IS
'Internal to store_mart: makes the views that compute the facts of the leads in refreshed_lead, by the same definitions as in the mart.';

CREATE FUNCTION mart_fact_queries(mart name, facts name, records name, guard text)
RETURNS TABLE (name text, query text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	SELECT q.name, format(q.query, facts, mart, guard, records, mart_companion(mart, 'stored'))
	FROM
	(VALUES
		('judged_lead', $sql$
			SELECT f.lead_id, f.created_at, f.kind, f.channel, f.campaign,
				CASE WHEN f.has_texts THEN f.email ELSE (SELECT l.email FROM %2$I.lead l WHERE l.lead_id = f.lead_id LIMIT 1) END AS email,
				CASE WHEN f.has_texts THEN f.company ELSE (SELECT l.company FROM %2$I.lead l WHERE l.lead_id = f.lead_id LIMIT 1) END AS company,
				f.day, f.month, f.excluded_reason,
				CASE WHEN f.has_texts THEN f.attributes ELSE (SELECT l.attributes::text FROM %2$I.lead l WHERE l.lead_id = f.lead_id LIMIT 1) END
					AS attributes,
				f.owner, f.account, f.duplicate_key, f.second_key, f.same_as, f.duplicate_of
			FROM %1$I.lead_fact f
			WHERE %3$s$sql$),
		('lead_record', $sql$
			SELECT f.lead_id AS record_id, f.excluded_reason, f.duplicate_of, f.counted_id AS lead_id, f.created_at, f.channel, f.campaign, f.month
			FROM %1$I.lead_fact f
			WHERE %3$s AND f.is_record AND CASE WHEN f.duplicate_of IS NULL THEN true ELSE false END
			UNION ALL
			SELECT f.lead_id, f.excluded_reason, f.duplicate_of, f.counted_id, s.created_at, s.channel, s.campaign, s.month
			FROM %1$I.lead_fact f
			JOIN %1$I.lead_fact s ON s.lead_id = f.duplicate_of AND s.is_record
			WHERE %3$s AND f.is_record AND f.duplicate_of IS NOT NULL$sql$),
		('lead_event', $sql$
			WITH dated AS NOT MATERIALIZED
			(
				SELECT e.*, f.created_at, f.channel, f.campaign, f.month
				FROM %1$I.event_fact e
				JOIN %1$I.lead_fact f ON f.lead_id = e.lead_id AND f.is_record
				WHERE CASE WHEN e.excluded_reason = 'repeated_deal_id' THEN false ELSE true END
				UNION ALL
				SELECT e.*, r.created_at, r.channel, r.campaign, r.month
				FROM %1$I.event_fact e
				LEFT JOIN %4$I.lead_record r ON r.record_id = e.record_id AND e.kind <> 'deal'
				WHERE e.excluded_reason = 'repeated_deal_id' OR e.lead_id IS NULL
			)
			SELECT 'lead' AS kind, f.lead_id AS record_id, f.lead_id, f.created_at, f.channel, f.campaign, f.month, NULL::text AS excluded_reason,
				(SELECT stage FROM %2$I.ladder WHERE stage_position = 1) AS stage, f.created_at AS entered_at, NULL::text AS deal_id,
				NULL::timestamptz AS opened_at, NULL::timestamptz AS sold_by, NULL::boolean AS is_won, NULL::numeric AS amount, NULL::text AS owner,
				NULL::text AS account, NULL::date AS expected_close, NULL::text AS reason, false AS is_moved, NULL::text AS currency, NULL::text AS flaws
			FROM %1$I.lead_fact f
			WHERE %3$s AND CASE WHEN f.counted_id = f.lead_id THEN f.is_record ELSE false END
			UNION ALL
			SELECT 'folded', f.lead_id, f.counted_id, s.created_at, s.channel, s.campaign, s.month, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
				NULL, NULL,
				NULL, NULL, false, NULL, NULL
			FROM %1$I.lead_fact f
			JOIN %1$I.lead_fact s ON s.lead_id = f.duplicate_of AND s.is_record
			WHERE %3$s AND f.is_record AND f.counted_id <> f.lead_id
			UNION ALL
			SELECT e.kind, e.record_id, e.lead_id, e.created_at, e.channel, e.campaign, e.month, e.excluded_reason, e.stage, e.entered_at, e.deal_id,
				e.opened_at, e.sold_by, e.is_won, e.amount, e.owner, e.account, e.expected_close, e.reason, e.is_moved, e.currency, e.flaws
			FROM dated e
			WHERE %3$s
			UNION ALL
			SELECT 'opened', e.record_id, e.lead_id, e.created_at, e.channel, e.campaign, e.month, e.excluded_reason,
				(SELECT stage FROM %2$I.stage WHERE role = 'opportunity'), e.opened_at, e.deal_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false,
				NULL, NULL
			FROM dated e
			WHERE %3$s AND e.kind = 'deal' AND e.opened_at IS NOT NULL$sql$),
		('lead_outcome', $sql$
			SELECT f.lead_id, f.created_at, f.month, f.channel, f.campaign, coalesce(y.family, f.channel) AS family,
				f.stage_position, l.stage, f.mql_at, f.sal_at, f.sql_at, f.opportunity_at, f.won_at, f.lost_at, f.deals_won,
				CASE WHEN f.deals_won > 0 THEN f.revenue ELSE 0 END AS revenue, (SELECT observed_until FROM %2$I.observation) AS observed_until,
				f.sold_at, f.sold_for
			FROM %1$I.lead_fact f
			LEFT JOIN %2$I.ladder l ON l.stage_position = f.stage_position
			LEFT JOIN %2$I.channel_family y ON y.channel = f.channel
			WHERE %3$s AND CASE WHEN f.counted_id = f.lead_id THEN f.is_record ELSE false END$sql$),
		('lead_activity', $sql$
			SELECT record_id, lead_id, created_at, channel, campaign, month, activity_at, kind, outcome, meaning, owner, scheduled_for, excluded_reason,
				is_attempt, is_contact
			FROM %1$I.activity_fact
			WHERE %3$s$sql$),
		('lead_work', $sql$
			SELECT f.lead_id, f.created_at, f.month, f.channel, f.campaign, f.kind,
				CASE WHEN (SELECT has_owners FROM %5$I.state) THEN nullif(lead_kpi.trim_blanks(f.owner), '') ELSE f.worked_by END AS owner,
				nullif(lead_kpi.trim_blanks(f.account), '') AS account, coalesce(f.attempts, 0) AS attempts, coalesce(f.contacts, 0) AS contacts,
				f.attempted_at, f.contacted_at, f.last_activity_at, f.stage_position, l.stage, f.mql_at, f.sal_at, f.sql_at, f.opportunity_at, f.won_at,
				f.lost_at, f.deals_won, CASE WHEN f.deals_won > 0 THEN f.revenue ELSE 0 END AS revenue,
				(SELECT observed_until FROM %2$I.observation) AS observed_until
			FROM %1$I.lead_fact f
			LEFT JOIN %2$I.ladder l ON l.stage_position = f.stage_position
			WHERE %3$s AND CASE WHEN f.counted_id = f.lead_id THEN f.is_record ELSE false END$sql$)
	) q(name, query);
END;
COMMENT ON FUNCTION mart_fact_queries(name, name, name, text) IS
'Internal to store_mart: the views judged_lead, lead_record, lead_event, lead_outcome, lead_activity and lead_work over facts in a '
'schema. records: the schema of lead_record; guard: a condition that all rows have to fulfil.';

-- Not named as the builders of a mart's views: these take their place.
CREATE FUNCTION mart_serve_facts(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	item record;
BEGIN
	-- With the rights of the owner, once mart_is_readable has said yes; a barrier, because the planner tries a reader's own operators on statistics else.
	FOR item IN EXECUTE format($sql$
		SELECT q.name, q.query
		FROM %1$I.layer l
		JOIN LATERAL lead_kpi.mart_fact_queries(%2$L, %1$L, %2$L, format('(SELECT lead_kpi.mart_is_readable(%%L, %%L))', %2$L,
			l.sources)) q ON q.name = l.relation
		WHERE l.kind = 'facts'
		ORDER BY l.ordinal$sql$, stored, mart)
	LOOP
		EXECUTE format('CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = false, security_barrier = true) AS %s', mart, item.name, item.query);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_serve_facts(name) IS
'Internal to store_mart: makes the views judged_lead, lead_record, lead_event, lead_outcome, lead_activity and lead_work of a mart read its facts.';
