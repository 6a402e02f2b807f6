-- store_mart, refresh_mart, live_mart: a mart whose views read what was computed at the last refresh.

CREATE FUNCTION mart_is_stored(mart name)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS
(
	SELECT FROM pg_namespace n
	JOIN pg_namespace base ON base.nspname = mart AND base.nspowner = n.nspowner
	JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'state' AND c.relkind = 'r'
	WHERE n.nspname = mart_companion(mart, 'stored')
);
COMMENT ON FUNCTION mart_is_stored(name) IS 'Whether a mart is stored by store_mart; false for one that does not exist.';

CREATE FUNCTION mart_owner_only(mart name, what text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	owner name;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	SELECT pg_get_userbyid(n.nspowner) INTO owner FROM pg_namespace n WHERE n.nspname = mart;
	-- What makes objects makes them the owner's.
	IF owner <> current_user AND (what NOT IN ('refresh_mart', 'live_mart') OR NOT pg_has_role(owner, 'USAGE')) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('role %I is not the owner of mart %I', current_user, mart),
			DETAIL = 'What is stored, and what notes changes, belongs to the owner of the mart.',
			HINT = format('SET ROLE %I; SELECT lead_kpi.%I(%L);', owner, what, mart);
	END IF;
	IF pg_is_in_recovery() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'read_only_sql_transaction',
			MESSAGE = format('%I cannot run on a standby', what),
			HINT = 'Run it on the primary: what it writes comes here by replication.';
	END IF;
END;
$$;
COMMENT ON FUNCTION mart_owner_only(name, text) IS
'Internal to stored marts: an error unless the schema is a mart of the current role (for refresh_mart and live_mart: or of a role that it is a member of), '
'or on a standby.';

CREATE FUNCTION mart_fingerprint(mart name)
RETURNS TABLE (facts text, rows text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET TimeZone = 'UTC'
SET DateStyle = 'ISO'
SET IntervalStyle = 'postgres'
AS $$
BEGIN
	RETURN QUERY EXECUTE format($sql$
		WITH setting AS
		(
			SELECT 'rule' AS name, to_jsonb(r)::text AS value, (to_jsonb(r) - %2$L::text[])::text AS value_of_facts FROM %1$I.rule r
			UNION ALL SELECT 'stage', to_jsonb(r)::text, to_jsonb(r)::text FROM %1$I.stage r
			UNION ALL SELECT 'channel_family', to_jsonb(r)::text, NULL FROM %1$I.channel_family r
			UNION ALL SELECT 'channel_alias', to_jsonb(r)::text, to_jsonb(r)::text FROM %1$I.channel_alias r
			UNION ALL SELECT 'activity_meaning', to_jsonb(r)::text, to_jsonb(r)::text FROM %1$I.activity_meaning r
			UNION ALL SELECT 'learned_profile', r.as_of || r.profile::text, NULL FROM %1$I.learned_profile r
			UNION ALL SELECT 'learned_score', r.as_of || r.card::text, NULL FROM %1$I.learned_score r
		)
		SELECT coalesce(md5(string_agg(name || value_of_facts, E'\n' ORDER BY name, value_of_facts) FILTER (WHERE value_of_facts IS NOT NULL)), ''),
			coalesce(md5(string_agg(name || value, E'\n' ORDER BY name, value)), '')
		FROM setting$sql$, mart,
		-- What only views above the facts read.
		'{observed_until,transmitted_role,accepted_role,acceptance_threshold,confidence_level,gross_margin,attribution_model,'
		'attribution_lookback,attribution_half_life,scorecard,scorecard_text,icp_fit,score_horizon,score_features,score_attributes,language,fiscal_year_start,'
		'channel_spend,segments,segment_values,working_hours,holidays,account_key,free_mail_domains,stale_after,recurring_months,retention}');
END;
$$;
COMMENT ON FUNCTION mart_fingerprint(name) IS
'Internal to refresh_mart: two hashes of the settings of a mart, of those that facts rest on and of all; another one means that all is to be made again.';

CREATE FUNCTION mart_layer_table(mart name, views text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	-- While all views are still live: then they tell what they rest on.
	EXECUTE format($sql$
		CREATE TABLE %1$I.layer
		(
			relation text PRIMARY KEY,
			ordinal bigint NOT NULL,
			kind text NOT NULL,
			query text NOT NULL,
			sources text[] NOT NULL,
			inputs text[] NOT NULL,
			as_of timestamptz
		)$sql$, stored);
	EXECUTE format('COMMENT ON TABLE %I.layer IS %L', stored,
		'The views of the mart that are stored: how they are computed, and from which of its tables and mapped relations; '
		'inputs: without those that only layers of kind context read; as_of: of when the rows are that a refresh left as they were, NULL = of the last one.');
	EXECUTE format($sql$
		WITH RECURSIVE rests AS
		(
			SELECT d.oid, d.refobjid
			FROM (SELECT w.ev_class AS oid, d.refobjid FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
				AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class) d
			JOIN pg_class c ON c.oid = d.oid AND c.relkind = 'v'
		), read AS
		(
			SELECT l.relation, to_regclass(format('%%I.%%I', %2$L, l.relation))::oid AS oid FROM lead_kpi.mart_stored_layers() l
			UNION
			SELECT r.relation, t.refobjid
			FROM read r
			JOIN rests t ON t.oid = r.oid
			JOIN pg_class c ON c.oid = r.oid
			WHERE c.relnamespace <> to_regnamespace(quote_ident(%2$L))
				OR c.relname NOT IN (SELECT l.relation FROM lead_kpi.mart_stored_layers() l WHERE l.kind = 'context')
		), input AS
		(
			SELECT r.relation, array_agg(i.relname::text ORDER BY i.relname) AS inputs
			FROM read r
			JOIN pg_class i ON i.oid = r.oid
			WHERE i.relnamespace = to_regnamespace(quote_ident(%2$L)) AND i.relname = ANY (ARRAY(SELECT s.relation FROM lead_kpi.mart_shape() s))
			GROUP BY r.relation
		), asked AS
		(
			-- Down to facts and cells, which rest on no other layer.
			SELECT to_regclass(format('%%I.%%I', %2$L, v.name))::oid AS oid FROM unnest(%3$L::text[]) AS v(name)
			UNION
			SELECT t.refobjid
			FROM asked k
			JOIN rests t ON t.oid = k.oid
			JOIN pg_class c ON c.oid = k.oid
			WHERE c.relnamespace <> to_regnamespace(quote_ident(%2$L))
				OR c.relname NOT IN (SELECT l.relation FROM lead_kpi.mart_stored_layers() l WHERE l.kind <> 'rows')
		)
		INSERT INTO %1$I.layer (relation, ordinal, kind, query, sources, inputs)
		SELECT l.relation, l.ordinal, l.kind, pg_get_viewdef(c.oid), lead_kpi.mart_sources(c.oid, %2$L), coalesce(i.inputs, '{}')
		FROM lead_kpi.mart_stored_layers() l
		JOIN pg_class c ON c.oid = to_regclass(format('%%I.%%I', %2$L, l.relation))
		LEFT JOIN input i ON i.relation = l.relation
		-- Activities are many, and what there was with a lead is among its own facts.
		WHERE %3$L::text[] IS NULL OR l.kind = 'context' OR l.kind = 'counts' AND l.relation <> 'touch_count'
			OR l.kind = 'facts' AND l.relation <> 'lead_activity' OR c.oid IN (SELECT oid FROM asked)$sql$,
		stored, mart, views);
END;
$$;
COMMENT ON FUNCTION mart_layer_table(name, text[]) IS
'Internal to store_mart: writes down which views of the mart are stored, and how they are computed: facts, and of the others those that the named views read; '
'NULL = all.';

CREATE FUNCTION mart_store_rows(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	refresh CONSTANT name := lead_kpi.mart_companion(mart, 'refresh');
	columns text;
	item record;
BEGIN
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind <> ''facts'' ORDER BY ordinal', stored)
	LOOP
		EXECUTE format('CREATE TABLE %1$I.%2$I AS SELECT NULL::bigint AS row_order, v.* FROM %3$I.%2$I v WITH NO DATA', stored, item.relation, mart);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', stored, item.relation, format('The rows of %I.%I as of the last refresh.', mart, item.relation));
		EXECUTE format('CREATE VIEW %I.%I WITH (security_invoker = true) AS %s', refresh, item.relation, item.query);
		EXECUTE format('COMMENT ON VIEW %I.%I IS %L', refresh, item.relation, format('What the rows of %I.%I are to be.', stored, item.relation));
		IF item.kind = 'context' THEN
			EXECUTE format('CREATE UNLOGGED TABLE %I.%I AS SELECT v.* FROM %I.%I v WITH NO DATA', stored, 'next_' || item.relation, mart, item.relation);
			EXECUTE format('COMMENT ON TABLE %I.%I IS %L', stored, 'next_' || item.relation, 'What a refresh found, to be compared with what was there '
				'before.');
		END IF;
		SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
		FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.%I', mart, item.relation)) AND a.attnum > 0;
		EXECUTE format('CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_invoker = false, security_barrier = true) AS SELECT %3$s FROM %4$I.%2$I '
			'WHERE (SELECT lead_kpi.mart_is_readable(%1$L, %5$L))%6$s',
			mart, item.relation, columns, stored, item.sources, CASE WHEN item.query ~ '\n  ORDER BY [^\n]*$' THEN ' ORDER BY row_order' ELSE '' END);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_store_rows(name) IS
'Internal to store_mart: makes a table for each layer of which the rows are stored, keeps how they are computed, and makes the view of the mart read them.';

CREATE FUNCTION mart_noticed_leads(mart name, relation text, noticed_by text, changed_column name, seen_until timestamptz)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	key CONSTANT text := (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.lead', mart)) AND a.attname = 'lead_id');
	about CONSTANT text := (SELECT CASE WHEN bool_or(s.attribute = 'lead_id') THEN 'lead_id' WHEN bool_or(s.attribute = 'deal_id') THEN 'deal_id' END
		FROM lead_kpi.mart_shape() s WHERE s.relation = mart_noticed_leads.relation);
	mapped regclass;
BEGIN
	IF about IS NULL OR noticed_by NOT IN ('column', 'comparison') THEN
		RETURN NULL;
	ELSIF noticed_by = 'column' THEN
		SELECT c.oid INTO mapped
		FROM pg_rewrite w
		JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
		JOIN pg_class c ON c.oid = d.refobjid AND c.relnamespace <> to_regnamespace(quote_ident(mart))
		WHERE w.ev_class = to_regclass(format('%I.%I', mart, relation))
		LIMIT 1;
		-- A transaction that is open at a refresh commits times from before it.
		RETURN format('INSERT INTO %1$I.taken_change (relation, %2$I) SELECT %3$L, %2$I::%4$s FROM %5$s '
			'WHERE %6$I >= %7$L::timestamptz - interval ''1 hour'' OR %6$I IS NULL',
			stored, about, relation, CASE about WHEN 'lead_id' THEN key ELSE 'text' END, mapped, changed_column, coalesce(seen_until, '-infinity'));
	END IF;
	RETURN format($sql$
		WITH found AS MATERIALIZED
		(
			SELECT %3$I AS key, sum(hashtextextended(r::text, 0)::numeric) AS hash FROM %1$I.%2$I r WHERE %3$I IS NOT NULL GROUP BY %3$I
		), changed AS MATERIALIZED
		(
			SELECT coalesce(f.key, b.%3$I) AS key, f.hash
			FROM found f
			FULL JOIN (SELECT * FROM %4$I.compared WHERE relation = %2$L) b ON b.%3$I = f.key
			WHERE f.hash IS DISTINCT FROM b.hash
		), gone AS
		(
			DELETE FROM %4$I.compared c USING changed n WHERE c.relation = %2$L AND c.%3$I = n.key
		), kept AS
		(
			INSERT INTO %4$I.compared (relation, %3$I, hash) SELECT %2$L, key, hash FROM changed WHERE hash IS NOT NULL
		)
		INSERT INTO %4$I.taken_change (relation, %3$I) SELECT %2$L, key FROM changed$sql$, mart, relation, about, stored);
END;
$$;
COMMENT ON FUNCTION mart_noticed_leads(name, text, text, name, timestamptz) IS
'Internal to refresh_mart: the statement that finds which leads or deals changed in a relation whose changes are noticed by a column or by comparison; NULL '
'for other relations.';

CREATE FUNCTION mart_row_steps(mart name, has_all boolean)
RETURNS TABLE (label text, statement text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH place AS
	(
		SELECT mart_companion(mart, 'stored') AS stored
	)
	SELECT 'count the leads', format('ANALYZE %I.refreshed_lead', p.stored) FROM place p
	UNION ALL
	SELECT s.label, s.statement
	FROM place p
	CROSS JOIN unnest('{lead,stage_event,deal,activity}'::text[]) AS r(name)
	-- By name: the owner may have added some to his table.
	CROSS JOIN LATERAL (SELECT string_agg(s.attribute, ', ') AS columns FROM mart_shape() s WHERE s.relation = r.name) c
	CROSS JOIN LATERAL
	(
		VALUES
			('forget rows of ' || r.name, format('DELETE FROM %I.%I', p.stored, r.name || '_row')),
			('rows of ' || r.name, format('INSERT INTO %1$I.%2$I (%5$s) SELECT %5$s FROM %3$I.%4$I WHERE lead_id IN (SELECT lead_id FROM '
				'%1$I.refreshed_lead)%6$s',
				p.stored, r.name || '_row', mart, r.name, c.columns,
				CASE WHEN has_all THEN format(' UNION ALL SELECT %s FROM %I.%I WHERE lead_id IS NULL', c.columns, mart, r.name) ELSE '' END)),
			('count rows of ' || r.name, format('ANALYZE %I.%I', p.stored, r.name || '_row'))
	) s(label, statement)
	WHERE has_all OR r.name IN ('lead', 'deal');
END;
COMMENT ON FUNCTION mart_row_steps(name, boolean) IS
'Internal to refresh_mart: the statements that copy the rows of the leads in refreshed_lead; has_all: these are all of them, and rows without a lead come too.';

CREATE FUNCTION mart_must_have_views(mart name, views text[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing text;
BEGIN
	SELECT string_agg(coalesce(quote_ident(v.name), 'NULL'), ', ' ORDER BY v.number) INTO missing
	FROM unnest(views) WITH ORDINALITY AS v(name, number)
	WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', mart, coalesce(v.name, ''))) AND c.relkind = 'v');
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('mart %I has no view %s', mart, missing),
			HINT = format('Name views that people read, as in views => ''{funnel,unit_cost}''; what these rest on comes with them. SELECT view_name FROM '
				'%I.kpi_catalogue; lists them.', mart);
	END IF;
END;
$$;
COMMENT ON FUNCTION mart_must_have_views(name, text[]) IS 'Internal to stored marts: raises an error that names what is no view of the mart.';

CREATE FUNCTION mart_layers_beneath(mart name, views text[])
RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	layers text[];
BEGIN
	EXECUTE format($sql$
		WITH RECURSIVE asked AS
		(
			SELECT to_regclass(format('%%I.%%I', %1$L, v.name))::oid AS oid FROM unnest(%4$L::text[]) AS v(name)
			UNION
			SELECT b.oid
			FROM asked k
			CROSS JOIN LATERAL
			(
				SELECT d.refobjid AS oid
				FROM pg_rewrite w
				JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
				WHERE w.ev_class = k.oid
				UNION ALL
				-- What its rows are computed from.
				SELECT to_regclass(format('%%I.%%I', %3$L, l.relation))
				FROM pg_class c
				JOIN %2$I.layer l ON l.relation = c.relname AND l.kind = 'rows'
				WHERE c.oid = k.oid AND c.relnamespace = to_regnamespace(quote_ident(%1$L))
			) b
			WHERE b.oid IS NOT NULL
		)
		SELECT coalesce(array_agg(l.relation), '{}')
		FROM %2$I.layer l
		WHERE l.kind = 'rows' AND to_regclass(format('%%I.%%I', %1$L, l.relation)) IN (SELECT k.oid FROM asked k)$sql$,
		mart, lead_kpi.mart_companion(mart, 'stored'), lead_kpi.mart_companion(mart, 'refresh'), views) INTO layers;
	RETURN layers;
END;
$$;
COMMENT ON FUNCTION mart_layers_beneath(name, text[]) IS
'Internal to refresh_mart: which of the layers of rows the named views of a stored mart show or rest on.';

CREATE FUNCTION mart_refresh_steps(mart name, rebuild boolean, views text[])
RETURNS TABLE (label text, condition text, statement text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	refresh CONSTANT name := lead_kpi.mart_companion(mart, 'refresh');
	changed CONSTANT name := lead_kpi.mart_companion(mart, 'changed');
	is_total CONSTANT text := format('SELECT is_total FROM %I.state', stored);
	is_partial CONSTANT text := format('SELECT NOT is_total FROM %I.state', stored);
	is_needed CONSTANT text := format('SELECT is_total OR is_changed FROM %I.state', stored);
	-- Cells: from all leads again, or from what changed.
	is_recounted CONSTANT text := format('SELECT is_total OR is_recounted FROM %I.state', stored);
	is_adjusted CONSTANT text := format('SELECT is_changed AND NOT (is_total OR is_recounted) FROM %I.state', stored);
	chosen CONSTANT text[] := CASE WHEN views IS NOT NULL THEN lead_kpi.mart_layers_beneath(mart, views) END;
	has_cells boolean;
	is_read text;
	columns text;
	item record;
BEGIN
	-- Of what was never counted the planner knows nothing.
	RETURN QUERY
		SELECT format('statistics of %I.%I', mart, c.relname), NULL::text, format('ANALYZE %I.%I', mart, c.relname)
		FROM lead_kpi.mart_members(mart) m JOIN pg_class c ON c.oid = m.member
		WHERE m.kind = 'r' AND c.reltuples < 0
		ORDER BY c.relname;
	-- Nor of what a dump brought.
	RETURN QUERY
		SELECT format('statistics of %I.%I', stored, c.relname), NULL::text, format('ANALYZE %I.%I', stored, c.relname)
		FROM pg_class c
		WHERE c.relnamespace = to_regnamespace(quote_ident(stored)) AND c.relkind = 'r' AND c.reltuples < 0
		ORDER BY c.relname;

	-- What changed.
	RETURN QUERY VALUES
		('forget the last refresh', NULL, format('DELETE FROM %I.taken_change', stored)),
		('forget its leads', NULL, format('DELETE FROM %I.refreshed_lead', stored)),
		-- Beside which all are read where all are made again.
		('forget rows of lead', NULL, format('DELETE FROM %I.lead_row', stored)),
		('forget rows of stage_event', NULL, format('DELETE FROM %I.stage_event_row', stored)),
		('forget rows of deal', NULL, format('DELETE FROM %I.deal_row', stored)),
		('forget rows of activity', NULL, format('DELETE FROM %I.activity_row', stored)),
		-- Those that are visible, never a range of them: they commit in any order.
		('take the noted changes', NULL, format('WITH taken AS (DELETE FROM %1$I.change RETURNING *) INSERT INTO %1$I.taken_change SELECT * FROM taken',
			stored));
	FOR item IN EXECUTE format('SELECT * FROM %I.source ORDER BY relation', stored)
	LOOP
		RETURN QUERY SELECT 'changes of ' || item.relation, NULL::text,
			lead_kpi.mart_noticed_leads(mart, item.relation, item.noticed_by, item.changed_column, item.seen_until)
			WHERE lead_kpi.mart_noticed_leads(mart, item.relation, item.noticed_by, item.changed_column, item.seen_until) IS NOT NULL;
		IF item.noticed_by = 'column' THEN
			RETURN QUERY SELECT 'seen of ' || item.relation, NULL::text, format('UPDATE %I.source SET seen_until = now() WHERE relation = %L', stored,
				item.relation);
		END IF;
	END LOOP;
	RETURN QUERY SELECT c.* FROM lead_kpi.mart_count_steps(mart, coalesce(rebuild, false)) c;
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''context'' ORDER BY ordinal', stored)
	LOOP
		RETURN QUERY VALUES
			('forget ' || item.relation, NULL, format('DELETE FROM %I.%I', stored, 'next_' || item.relation)),
			(item.relation, NULL::text, format('INSERT INTO %I.%I SELECT * FROM %I.%I', stored, 'next_' || item.relation, refresh, item.relation));
	END LOOP;
	RETURN QUERY VALUES
		('compare', NULL, format($sql$
			UPDATE %1$I.state s
			SET is_total = %3$L OR s.as_of IS NULL OR s.settings_of_facts IS DISTINCT FROM f.facts
					OR EXISTS (SELECT FROM %1$I.taken_change WHERE is_everything)
					OR EXISTS (SELECT FROM %1$I.source WHERE noticed_by = 'rebuild')
					OR EXISTS (SELECT FROM %1$I.spelling o JOIN %1$I.next_spelling n USING (what, spelling) WHERE o.name <> n.name)
					OR EXISTS (SELECT currency, is_own, valid_from, valid_until, rate FROM %1$I.currency_worth EXCEPT
						SELECT currency, is_own, valid_from, valid_until, rate FROM %1$I.next_currency_worth)
					OR EXISTS ((TABLE %1$I.next_inferred_stage EXCEPT SELECT stage_position, stage FROM %1$I.inferred_stage)
						UNION ALL (SELECT stage_position, stage FROM %1$I.inferred_stage EXCEPT TABLE %1$I.next_inferred_stage))
					OR EXISTS (SELECT FROM %1$I.data_span o CROSS JOIN %1$I.next_data_span n
						WHERE o.far_before IS DISTINCT FROM n.far_before OR n.far_after < o.far_after),
				is_recounted = s.settings IS DISTINCT FROM f.rows,
				is_changed = s.settings IS DISTINCT FROM f.rows OR EXISTS (SELECT FROM %1$I.taken_change)
					OR EXISTS (SELECT FROM %1$I.source WHERE noticed_by <> 'trigger')
					-- What is still to come has come, or a day is over.
					OR EXISTS (SELECT FROM %1$I.data_span o CROSS JOIN %1$I.next_data_span n WHERE o.latest IS DISTINCT FROM n.latest
						OR n.far_after IS DISTINCT FROM o.far_after),
				-- What the layers do not say that they rest on.
				is_everywhere = s.settings IS DISTINCT FROM f.rows OR EXISTS (SELECT FROM %1$I.source WHERE noticed_by <> 'trigger')
					OR EXISTS (SELECT FROM %1$I.data_span o CROSS JOIN %1$I.next_data_span n
						WHERE (o.latest, o.far_before, o.far_after) IS DISTINCT FROM (n.latest, n.far_before, n.far_after))
					OR EXISTS ((SELECT what, spelling, name, folded FROM %1$I.spelling EXCEPT SELECT what, spelling, name, folded FROM %1$I.next_spelling)
						UNION ALL (SELECT what, spelling, name, folded FROM %1$I.next_spelling EXCEPT SELECT what, spelling, name, folded FROM %1$I.spelling))
					OR EXISTS (SELECT currency, is_own, valid_from, valid_until, rate FROM %1$I.next_currency_worth
						EXCEPT SELECT currency, is_own, valid_from, valid_until, rate FROM %1$I.currency_worth),
				settings_of_facts = f.facts, settings = f.rows
			FROM lead_kpi.mart_fingerprint(%2$L) f$sql$, stored, mart, coalesce(rebuild, false)));

	-- Which leads that is, unless all.
	RETURN QUERY VALUES
		('changed leads', is_partial, format($sql$
			INSERT INTO %1$I.refreshed_lead
			WITH observed AS
			(
				SELECT coalesce(s.observed_until, '-infinity') AS before, coalesce((SELECT observed_until FROM %2$I.rule),
					(SELECT latest FROM %1$I.next_data_span), '-infinity') AS now
				FROM %1$I.state s
			)
			SELECT lead_id FROM %1$I.taken_change WHERE lead_id IS NOT NULL AND relation IN ('lead', 'stage_event', 'deal', 'activity')
			UNION SELECT d.lead_id FROM %2$I.deal d WHERE d.lead_id IS NOT NULL AND d.deal_id IN (SELECT deal_id FROM %1$I.taken_change)
			UNION SELECT e.record_id FROM %1$I.event_fact e WHERE e.record_id IS NOT NULL AND e.deal_id IN (SELECT deal_id FROM %1$I.taken_change)
			-- Deals without a lead are all made again, beside the rows of the same deal that have one.
			UNION SELECT e.record_id FROM %1$I.event_fact e
				WHERE e.record_id IS NOT NULL AND e.deal_id IN (SELECT deal_id FROM %2$I.deal WHERE lead_id IS NULL AND deal_id IS NOT NULL
					UNION ALL SELECT o.deal_id FROM %1$I.event_fact o WHERE o.record_id IS NULL AND o.deal_id IS NOT NULL)
			-- Of a deal that was to close in the future, or has no date at all, time itself may change what counts.
			UNION SELECT d.lead_id FROM %2$I.deal d
				WHERE d.lead_id IS NOT NULL AND (d.closed_at > (SELECT as_of FROM %1$I.state) OR d.opened_at > (SELECT as_of FROM %1$I.state)
					OR btrim(d.currency) <> '' AND isfinite(d.opened_at) IS NOT TRUE)
			-- Won or lost after the data was complete.
			UNION SELECT f.lead_id FROM %1$I.lead_fact f
				WHERE f.lead_id IS NOT NULL AND greatest(f.won_at, f.lost_at) > (SELECT observed_until FROM %2$I.observation)
					AND (f.won_at IS NOT NULL OR f.lost_at IS NOT NULL)
					AND (SELECT observed_until IS NULL FROM %2$I.rule)
			-- What lay too far in the future may not do so now.
			UNION SELECT f.lead_id FROM %1$I.lead_fact f
				WHERE f.excluded_reason = 'far_date' AND f.lead_id IS NOT NULL AND (SELECT is_changed FROM %1$I.state)
			UNION SELECT e.record_id FROM %1$I.event_fact e
				WHERE (e.excluded_reason = 'far_date' OR e.flaws LIKE '%%far_date%%') AND e.record_id IS NOT NULL AND (SELECT is_changed FROM %1$I.state)
			UNION SELECT a.record_id FROM %1$I.activity_fact a
				WHERE a.excluded_reason = 'far_date' AND a.record_id IS NOT NULL AND (SELECT is_changed FROM %1$I.state)
			-- What was done counts up to when the data is complete.
			UNION SELECT a.record_id
				FROM %1$I.activity_fact a
				CROSS JOIN observed o
				WHERE a.record_id IS NOT NULL AND a.activity_at > least(o.before, o.now) AND a.activity_at <= greatest(o.before, o.now)
			-- Of activities that are no facts the former ones are not at hand.
			UNION SELECT a.lead_id
				FROM %2$I.activity a
				CROSS JOIN (SELECT clock_skew FROM %2$I.rule LIMIT 1) r
				WHERE NOT EXISTS (SELECT FROM %1$I.layer WHERE relation = 'lead_activity') AND (SELECT o.now < o.before FROM observed o)
					AND a.lead_id IS NOT NULL AND a.activity_at > (SELECT o.now FROM observed o) - r.clock_skew
					AND a.activity_at <= (SELECT o.before FROM observed o)$sql$,
			stored, mart));
	FOR item IN SELECT * FROM lead_kpi.mart_row_steps(mart, false)
	LOOP
		RETURN QUERY VALUES (item.label, is_partial, item.statement);
	END LOOP;
	-- And those that are joined with them, by what they were and by what they are.
	RETURN QUERY VALUES
		('forget how they were judged', is_partial, format('DELETE FROM %I.judged_lead_row', stored)),
		('judge them', is_partial, format('INSERT INTO %I.judged_lead_row SELECT * FROM %I.next_judged_lead', stored, refresh)),
		('count them', is_partial, format('ANALYZE %I.judged_lead_row', stored)),
		('leads joined with them', is_partial, format($sql$
			INSERT INTO %1$I.refreshed_lead
			WITH RECURSIVE present AS MATERIALIZED
			(
				SELECT lead_id, duplicate_key, second_key FROM %1$I.judged_lead_row WHERE lead_id IS NOT NULL
			), reached AS
			(
				SELECT lead_id FROM %1$I.refreshed_lead
				UNION SELECT f.lead_id FROM present p
					JOIN %1$I.lead_fact f ON f.duplicate_key = p.duplicate_key
				UNION SELECT f.lead_id FROM present p
					JOIN %1$I.lead_fact f ON f.second_key = p.second_key
				UNION SELECT merged_into FROM %1$I.lead_row
				UNION SELECT e.record_id FROM %1$I.deal_row d JOIN %1$I.event_fact e ON e.deal_id = d.deal_id
				UNION
				SELECT o.lead_id
				FROM reached r
				CROSS JOIN LATERAL
				(
					SELECT g.lead_id
					FROM %1$I.lead_fact f
					JOIN %1$I.lead_fact g ON g.duplicate_key = f.duplicate_key
					WHERE f.lead_id = r.lead_id
					UNION ALL
					SELECT g.lead_id
					FROM %1$I.lead_fact f
					JOIN %1$I.lead_fact g ON g.second_key = f.second_key
					WHERE f.lead_id = r.lead_id
					UNION ALL SELECT f.same_as FROM %1$I.lead_fact f WHERE f.lead_id = r.lead_id AND f.same_as IS NOT NULL
					UNION ALL SELECT f.lead_id FROM %1$I.lead_fact f WHERE f.same_as = r.lead_id
					UNION ALL SELECT f.merged_into FROM %1$I.lead_fact f WHERE f.lead_id = r.lead_id AND f.merged_into IS NOT NULL
					UNION ALL SELECT f.lead_id FROM %1$I.lead_fact f WHERE f.merged_into = r.lead_id
					UNION ALL SELECT o.record_id FROM %1$I.event_fact e JOIN %1$I.event_fact o ON o.deal_id = e.deal_id WHERE e.record_id = r.lead_id
				) o
			)
			SELECT lead_id FROM reached WHERE lead_id IS NOT NULL
			ON CONFLICT DO NOTHING$sql$, stored));
	FOR item IN SELECT * FROM lead_kpi.mart_row_steps(mart, true)
	LOOP
		RETURN QUERY VALUES (item.label, is_partial, item.statement);
	END LOOP;

	-- What these leads brought to the cells.
	RETURN QUERY VALUES
		('forget leads of cells', is_adjusted, format('DELETE FROM %I.cell_lead', stored)),
		('leads of cells', is_adjusted, format('INSERT INTO %1$I.cell_lead SELECT lead_id FROM %1$I.refreshed_lead', stored));
	has_cells := EXISTS (SELECT FROM lead_kpi.mart_stored_layers() l WHERE l.kind = 'cells' AND to_regclass(format('%I.%I', stored, l.relation)) IS NOT NULL);
	RETURN QUERY SELECT c.* FROM lead_kpi.mart_cell_facts(mart, is_adjusted) c WHERE has_cells;
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''cells'' ORDER BY ordinal', stored)
	LOOP
		RETURN QUERY VALUES
			('forget changes of ' || item.relation, NULL, format('DELETE FROM %I.%I', stored, item.relation || '_change')),
			('before: ' || item.relation, is_adjusted, format('INSERT INTO %1$I.%2$I SELECT -1, v.* FROM %3$I.%4$I v', stored, item.relation || '_change',
				changed, item.relation));
	END LOOP;

	-- What the judgement of leads rests on, then the facts.
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''context'' ORDER BY ordinal', stored)
	LOOP
		SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
		FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.%I', mart, item.relation)) AND a.attnum > 0;
		RETURN QUERY VALUES
			('take away ' || item.relation, is_needed, format('DELETE FROM %I.%I', stored, item.relation)),
			('keep ' || item.relation, is_needed, format('INSERT INTO %1$I.%2$I SELECT row_number() OVER (), n.* FROM %1$I.%3$I n', stored, item.relation,
				'next_' || item.relation)),
			('statistics of ' || item.relation, is_needed, format('ANALYZE %I.%I', stored, item.relation));
	END LOOP;
	-- Joins of as many rows as there are, whatever the planner takes them for.
	RETURN QUERY VALUES ('join by hash', NULL, 'SELECT set_config(''enable_nestloop'', ''off'', true)');
	FOR item IN SELECT r.name FROM unnest('{judged_lead,lead_record,lead_event,lead_activity}'::text[]) AS r(name)
	LOOP
		RETURN QUERY VALUES
			('forget ' || item.name, NULL, format('DELETE FROM %I.%I', stored, item.name || '_row')),
			(item.name, NULL, format('INSERT INTO %I.%I SELECT * FROM %I.%I', stored, item.name || '_row', refresh, 'next_' || item.name)),
			('statistics of ' || item.name, NULL, format('ANALYZE %I.%I', stored, item.name || '_row'));
	END LOOP;
	-- But these find few among many.
	RETURN QUERY VALUES ('join as planned', NULL, format('SELECT set_config(''enable_nestloop'', %L, true)', current_setting('enable_nestloop')));
	FOR item IN SELECT t.name, t.key FROM (VALUES ('lead_fact', 'lead_id'), ('event_fact', 'record_id'), ('activity_fact', 'record_id')) t(name, key)
	LOOP
		RETURN QUERY VALUES
			('take away ' || item.name, is_total, format('DELETE FROM %I.%I', stored, item.name)),
			('take away ' || item.name, is_partial, format('DELETE FROM %1$I.%2$I WHERE %3$I IN (SELECT lead_id FROM %1$I.refreshed_lead)', stored,
				item.name, item.key)),
			('take away what has no lead of ' || item.name, is_partial, format('DELETE FROM %I.%I WHERE %I IS NULL', stored, item.name, item.key));
	END LOOP;
	RETURN QUERY VALUES ('join by hash', NULL, 'SELECT set_config(''enable_nestloop'', ''off'', true)');
	FOR item IN SELECT r.name FROM unnest('{lead_fact,event_fact,activity_fact}'::text[]) AS r(name)
	LOOP
		RETURN QUERY VALUES
			(item.name, NULL, format('INSERT INTO %1$I.%2$I SELECT * FROM %3$I.%2$I', stored, item.name, refresh)),
			('statistics of ' || item.name, is_total, format('ANALYZE %I.%I', stored, item.name));
	END LOOP;

	RETURN QUERY VALUES ('who works leads', NULL, format($sql$
			UPDATE %1$I.state
			SET has_owners = EXISTS (SELECT FROM %1$I.lead_fact WHERE excluded_reason IS NULL AND lead_kpi.trim_blanks(owner) <> '')$sql$, stored));
	RETURN QUERY VALUES ('join as planned', NULL, format('SELECT set_config(''enable_nestloop'', %L, true)', current_setting('enable_nestloop')));

	RETURN QUERY SELECT c.* FROM lead_kpi.mart_cell_facts(mart, is_adjusted) c WHERE has_cells;
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''cells'' ORDER BY ordinal', stored)
	LOOP
		RETURN QUERY VALUES
			('after: ' || item.relation, is_adjusted, format('INSERT INTO %1$I.%2$I SELECT 1, v.* FROM %3$I.%4$I v', stored, item.relation || '_change',
				changed, item.relation));
	END LOOP;
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''cells'' ORDER BY ordinal', stored)
	LOOP
		RETURN QUERY VALUES
			('take away ' || item.relation, is_recounted, format('DELETE FROM %I.%I', stored, item.relation)),
			(item.relation, is_recounted, format('INSERT INTO %1$I.%2$I SELECT NULL, v.* FROM %3$I.%2$I v', stored, item.relation, refresh));
		RETURN QUERY SELECT m.label, coalesce(m.condition, is_adjusted), m.statement FROM lead_kpi.mart_cell_merge(mart, item.relation) m;
		RETURN QUERY VALUES ('statistics of ' || item.relation, is_total, format('ANALYZE %I.%I', stored, item.relation));
	END LOOP;

	-- What the views show, where they read what changed.
	FOR item IN EXECUTE format('SELECT * FROM %I.layer WHERE kind = ''rows'' ORDER BY ordinal', stored)
	LOOP
		is_read := format('SELECT is_total OR is_changed AND (is_everywhere OR EXISTS (SELECT FROM %1$I.taken_change WHERE relation = ANY (%2$L))%3$s) '
			'OR %4$L FROM %1$I.state', stored, item.inputs, CASE WHEN item.inputs && '{lead,stage_event,deal,activity}' THEN format(
			' OR EXISTS (SELECT FROM %I.refreshed_lead)', stored) END, item.as_of IS NOT NULL);
		-- Nobody asked for it: its rows stay, and are of when they were made.
		IF item.relation <> ALL (chosen) THEN
			RETURN QUERY SELECT 'leave ' || item.relation, is_read, format('UPDATE %1$I.layer SET as_of = (SELECT as_of FROM %1$I.state) WHERE relation = %2$L',
				stored, item.relation) WHERE item.as_of IS NULL;
			CONTINUE;
		END IF;
		IF item.as_of IS NOT NULL THEN
			RETURN QUERY VALUES ('no longer behind: ' || item.relation, NULL, format('UPDATE %I.layer SET as_of = NULL WHERE relation = %L', stored,
				item.relation));
		END IF;
		IF item.relation = 'kpi_day' AND item.as_of IS NULL THEN
			RETURN QUERY SELECT d.* FROM lead_kpi.mart_shown_day_steps(mart, is_read) d;
			is_read := format('SELECT (%s) AND (%s)', is_read, lead_kpi.mart_day_is_whole(mart));
		END IF;
		RETURN QUERY VALUES
			('take away ' || item.relation, is_read, format('DELETE FROM %I.%I', stored, item.relation)),
			(item.relation, is_read, format('INSERT INTO %1$I.%2$I SELECT row_number() OVER (), v.* FROM %3$I.%2$I v', stored, item.relation, refresh)),
			('statistics of ' || item.relation, is_total, format('ANALYZE %I.%I', stored, item.relation));
	END LOOP;
	RETURN QUERY VALUES
		('done', NULL, format($sql$
			UPDATE %1$I.state
			SET as_of = now(), observed_until = (SELECT observed_until FROM %2$I.observation), was_rebuilt = is_total,
				seconds = extract(epoch FROM clock_timestamp() - statement_timestamp()),
				refreshed_leads = CASE WHEN is_total THEN (SELECT count(DISTINCT lead_id) FROM %1$I.lead_fact) ELSE (SELECT count(*)
					FROM %1$I.refreshed_lead) END$sql$,
			stored, mart)),
		-- Nobody else reads these, so nobody waits.
		('forget the rows', NULL, format('TRUNCATE %1$I.lead_row, %1$I.stage_event_row, %1$I.deal_row, %1$I.activity_row, %1$I.judged_lead_row, '
			'%1$I.lead_record_row, %1$I.lead_event_row, %1$I.lead_activity_row, %1$I.refreshed_lead, %1$I.cell_lead, %1$I.taken_change, '
			'%1$I.date_count_change, %3$I.lead_fact, %3$I.event_fact%2$s', stored,
			(SELECT string_agg(format(', %I.%I', stored, l.relation || '_change'), '') FROM lead_kpi.mart_stored_layers() l
				WHERE l.kind = 'cells' AND to_regclass(format('%I.%I', stored, l.relation || '_change')) IS NOT NULL), changed));
END;
$$;
COMMENT ON FUNCTION mart_refresh_steps(name, boolean, text[]) IS
'Internal to refresh_mart: the statements of a refresh, in order, with the conditions under which they are run.';

CREATE FUNCTION mart_refresh_all(mart name, rebuild boolean, tell boolean, views text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET row_security = off
SET jit = off
-- Rows are compared as text, and summaries kept as such.
SET TimeZone = 'UTC'
SET DateStyle = 'ISO'
SET IntervalStyle = 'postgres'
SET lead_kpi.summary_output = 'compact'
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	labels text[];
	conditions text[];
	statements text[];
	present_format CONSTANT integer := 4;
	store_format integer;
BEGIN
	EXECUTE format('SELECT s.store_format FROM %I.state s', stored) INTO store_format;
	IF store_format <> present_format THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I was stored in format %s, and this version stores in format %s', mart, store_format, present_format),
			HINT = format('Store it again, as it was: SELECT lead_kpi.upgrade_mart(%L);', mart);
	END IF;
	SELECT array_agg(s.label), array_agg(s.condition), array_agg(s.statement) INTO labels, conditions, statements
	FROM lead_kpi.mart_refresh_steps(mart, rebuild, views) s;
	PERFORM lead_kpi.execute_at_one_snapshot(labels, conditions, statements, tell);
END;
$$;
COMMENT ON FUNCTION mart_refresh_all(name, boolean, boolean, text[]) IS 'Internal to refresh_mart: what it runs as the owner of the mart.';

CREATE FUNCTION refresh_mart(mart name, rebuild boolean DEFAULT false, tell boolean DEFAULT false, views text[] DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'refresh_mart');
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I is live: its views are computed when they are read', mart),
			HINT = format('To store it: SELECT lead_kpi.store_mart(%L);', mart);
	END IF;
	PERFORM lead_kpi.mart_must_have_views(mart, views);
	IF NOT pg_try_advisory_xact_lock('pg_namespace'::regclass::oid::integer, to_regnamespace(quote_ident(stored))::oid::integer) THEN
		RAISE NOTICE USING
			MESSAGE = format('mart %I is being refreshed by another session: nothing done', mart),
			HINT = 'What changed since is seen by the next refresh.';
		RETURN;
	END IF;
	-- Whoever calls: the views are the owner's, and what they call may be, too.
	PERFORM lead_kpi.execute_as_owner(mart, format('SELECT lead_kpi.mart_refresh_all(%L, %L, %L, %L)', mart, coalesce(rebuild, false), coalesce(tell, false),
		views));
END;
$$;
COMMENT ON FUNCTION refresh_mart(name, boolean, boolean, text[]) IS
'Brings a stored mart up to date: makes the facts of the leads that changed again, and what the views show. All as of one moment, in one transaction: readers '
'see the former state until it commits, writers do not wait, and what they commit meanwhile is for the next refresh. rebuild: all leads, whatever was noted. '
'tell: a notice per step. views: the views that are to be brought up to date, with what they rest on; the rows of the others stay as they are until a refresh '
'asks for them, and view_as_of says of when they are; NULL = all, ''{}'' = facts and sums alone. '
'Where another refresh of the mart is running it says so and does nothing. Runs with the rights of the owner, whose member the '
'caller has to be. Errors: not a mart; live; '
'stored by another version; not its owner; a view that it does not have; on a standby.';

CREATE FUNCTION store_mart(mart name, changed jsonb DEFAULT '{}', tell boolean DEFAULT false, views text[] DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	refresh CONSTANT name := lead_kpi.mart_companion(mart, 'refresh');
	changed_leads CONSTANT name := lead_kpi.mart_companion(mart, 'changed');
	key CONSTANT text := (SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.lead', mart)) AND a.attname = 'lead_id');
	details text;
	item record;
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'store_mart');
	IF lead_kpi.mart_is_stored(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I is stored already', mart),
			HINT = format('Refresh it with SELECT lead_kpi.refresh_mart(%L); to store it in another way, turn it back first with '
				'lead_kpi.live_mart(%1$L).', mart);
	END IF;
	PERFORM lead_kpi.mart_must_have_views(mart, views);
	SELECT string_agg(quote_ident(n.nspname), ', ') INTO details FROM pg_namespace n WHERE n.nspname IN (stored, refresh, changed_leads);
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_schema',
			MESSAGE = format('schema %s exists already', details),
			DETAIL = format('What is stored of mart %I goes to schemas %I, %I and %I.', mart, stored, refresh, changed_leads),
			HINT = 'Rename or drop it.';
	END IF;
	-- Rows that depend on who reads them cannot be stored for all.
	SELECT string_agg(DISTINCT b.relation::regclass::text, ', ') INTO details
	FROM (SELECT DISTINCT s.relation FROM lead_kpi.mart_shape() s) s
	CROSS JOIN LATERAL lead_kpi.mart_beneath(to_regclass(format('%I.%I', mart, s.relation))) b
	JOIN pg_class c ON c.oid = b.relation
	-- Both of b and c, or the planner would ask it of every view of the database.
	WHERE CASE
		WHEN c.relkind IN ('r', 'p') THEN NOT b.is_as_reader AND c.relrowsecurity
		WHEN c.relkind = 'v' THEN pg_get_viewdef(b.relation) ~* '\m(current_user|session_user|current_role|current_setting|pg_has_role|row_security_active)\M'
			-- As the server writes it: a column of that name is in small letters, or quoted.
			OR pg_get_viewdef(b.relation) ~ '(^|[^"])\mUSER\M([^"]|$)'
	END;
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = format('mart %I cannot be stored: what it reads may depend on who reads it', mart),
			DETAIL = format('%s: row security below a view that reads as its owner, or a view that asks for the current user.', details),
			HINT = 'Map relations with security_invoker views, or leave the mart live.';
	END IF;

	EXECUTE format('CREATE SCHEMA %I', stored);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', stored, format('What lead_kpi stores of mart %I: written by refresh_mart only.', mart));
	EXECUTE format('CREATE SCHEMA %I', refresh);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', refresh, format('How lead_kpi computes what is stored of mart %I.', mart));
	EXECUTE format('CREATE SCHEMA %I', changed_leads);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', changed_leads, format('How lead_kpi computes what changed leads bring to the cells of mart %I.', mart));
	-- Default privileges are for what people read: these would pass mart_is_readable by.
	FOR item IN
		SELECT DISTINCT n.nspname, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee
		FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g
		WHERE n.nspname IN (stored, refresh, changed_leads) AND g.grantee <> n.nspowner
	LOOP
		EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', item.nspname, item.grantee);
	END LOOP;
	EXECUTE format($sql$
		CREATE TABLE %I.state
		(
			id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
			store_format integer NOT NULL DEFAULT 4,
			changed jsonb NOT NULL,
			views text[],
			as_of timestamptz,
			observed_until timestamptz,
			has_owners boolean,
			settings_of_facts text,
			settings text,
			is_total boolean NOT NULL DEFAULT true,
			is_recounted boolean NOT NULL DEFAULT true,
			is_changed boolean NOT NULL DEFAULT true,
			is_everywhere boolean NOT NULL DEFAULT true,
			refreshed_leads bigint,
			seconds float8,
			was_rebuilt boolean
		)$sql$, stored);
	EXECUTE format('INSERT INTO %I.state (changed, views) VALUES (%L, %L)', stored, changed, views);
	EXECUTE format('COMMENT ON TABLE %I.state IS %L', stored, 'As of when the mart is stored, and how the last refresh went.');
	PERFORM lead_kpi.mart_reports(format('store_mart %I: tables', mart));
	PERFORM lead_kpi.mart_note_tables(mart, key);
	PERFORM lead_kpi.mart_note_sources(mart, changed);
	PERFORM lead_kpi.mart_layer_table(mart, views);
	PERFORM lead_kpi.mart_fact_tables(mart, key);
	PERFORM lead_kpi.mart_reports(format('store_mart %I: views', mart));
	PERFORM lead_kpi.mart_refreshed_views(mart);
	PERFORM lead_kpi.mart_note_triggers(mart, true);
	PERFORM lead_kpi.mart_store_rows(mart);
	PERFORM lead_kpi.mart_count_tables(mart);
	PERFORM lead_kpi.mart_serve_facts(mart);
	PERFORM lead_kpi.mart_cell_views(mart);
	PERFORM lead_kpi.mart_shown_day_views(mart);
	PERFORM lead_kpi.refresh_mart(mart, true, tell);
END;
$$;
COMMENT ON FUNCTION store_mart(name, jsonb, boolean, text[]) IS
'Makes a mart stored: its views have the same names and columns, and read what refresh_mart computes. changed: how the changes of its relations are noticed, '
'by name: "trigger" (own tables, the default there), the name of a column of the mapped relation that says when a row was changed last, "comparison" (the '
'default for mapped ones: a hash per lead) or "rebuild" (not at all: each refresh makes all leads again). tell: a notice per step. views: those that are '
'to be read from tables, with what they rest on; the others are put together when they are read, from the stored facts of leads; NULL = all, which costs most; '
'''{}'' = facts alone. Needs the owner and CREATE on the database; takes ACCESS EXCLUSIVE locks on the views, and SHARE ROW EXCLUSIVE ones on own tables, '
'until it commits. Errors: not a mart; stored already; not its owner; a view that it does not have; a schema of the names <mart>_stored, <mart>_refresh or '
'<mart>_changed exists; what is mapped depends on who reads it; a column that '
'is not there.';

CREATE FUNCTION mart_drop_companions(schemas name[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
BEGIN
	EXECUTE format('DROP SCHEMA %s CASCADE', (SELECT string_agg(quote_ident(s.name), ', ') FROM unnest(schemas) AS s(name)));
END;
$$;
COMMENT ON FUNCTION mart_drop_companions(name[]) IS 'Internal to stored marts: drops the schemas with what is in them, without a notice for each.';

CREATE FUNCTION mart_was_stored(mart name)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS
(
	SELECT FROM pg_namespace n
	JOIN pg_namespace base ON base.nspname = mart AND base.nspowner = n.nspowner
	WHERE n.nspname IN (mart_companion(mart, 'refresh'), mart_companion(mart, 'changed'))
		AND obj_description(n.oid, 'pg_namespace') LIKE 'How lead\_kpi computes what %'
);
COMMENT ON FUNCTION mart_was_stored(name) IS
'Internal to upgrade_mart: whether there is a schema of store_mart beside the mart, also when that of what it stored is gone.';

CREATE FUNCTION mart_drop_stored(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	companions CONSTANT regnamespace[] := array_remove(ARRAY[to_regnamespace(quote_ident(lead_kpi.mart_companion(mart, 'changed'))),
		to_regnamespace(quote_ident(lead_kpi.mart_companion(mart, 'refresh'))),
		to_regnamespace(quote_ident(lead_kpi.mart_companion(mart, 'stored')))], NULL);
	details text;
BEGIN
	SELECT string_agg(pg_describe_object(d.classid, d.objid, d.objsubid), ', ') INTO details
	FROM pg_depend r
	JOIN pg_class c ON c.oid = r.objid AND r.classid = 'pg_class'::regclass
	JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
	LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
	LEFT JOIN pg_class v ON v.oid = w.ev_class
	WHERE r.refclassid = 'pg_namespace'::regclass AND r.refobjid = ANY (companions)
		AND w.oid IS NOT NULL AND v.relnamespace <> ALL (companions);
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('what is stored of mart %I cannot be dropped: other objects read it', mart),
			DETAIL = details,
			HINT = format('Read the views of %I instead, and drop these.', mart);
	END IF;
	PERFORM lead_kpi.mart_drop_companions((SELECT array_agg(n.nspname) FROM pg_namespace n WHERE n.oid = ANY (companions)));
END;
$$;
COMMENT ON FUNCTION mart_drop_stored(name) IS
'Internal to live_mart and upgrade_mart: drops the schemas of store_mart that there are, once no view of the mart reads them. Error: something else does.';

CREATE FUNCTION live_mart(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'live_mart');
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RAISE NOTICE USING MESSAGE = format('mart %I is live already', mart);
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock('pg_namespace'::regclass::oid::integer,
		to_regnamespace(quote_ident(lead_kpi.mart_companion(mart, 'stored')))::oid::integer);
	PERFORM lead_kpi.mart_note_triggers(mart, false);
	PERFORM lead_kpi.mart_views(mart);
	PERFORM lead_kpi.mart_drop_stored(mart);
END;
$$;
COMMENT ON FUNCTION live_mart(name) IS
'Turns a stored mart back: its views are computed at each read again, and what was stored is dropped. Takes ACCESS EXCLUSIVE locks on its views and own tables '
'until it commits. Errors: not a mart; not its owner; something outside reads what is stored.';

CREATE FUNCTION view_as_of(mart name)
RETURNS TABLE (view_name name, as_of timestamptz)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RETURN QUERY SELECT c.relname, now() FROM lead_kpi.mart_members(mart) m JOIN pg_class c ON c.oid = m.member WHERE m.kind = 'v' ORDER BY c.relname;
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format($sql$
		SELECT c.relname, coalesce(min(coalesce(l.as_of, s.as_of)) FILTER (WHERE t.oid IS NOT NULL), now())
		FROM lead_kpi.mart_members(%2$L) m
		JOIN pg_class c ON c.oid = m.member
		CROSS JOIN LATERAL lead_kpi.mart_beneath(c.oid) b
		CROSS JOIN %1$I.state s
		LEFT JOIN pg_class t ON t.oid = b.relation AND t.relnamespace = to_regnamespace(quote_ident(%1$L))
		LEFT JOIN %1$I.layer l ON l.relation = t.relname
		WHERE m.kind = 'v'
		GROUP BY c.relname
		ORDER BY c.relname$sql$, lead_kpi.mart_companion(mart, 'stored'), mart);
END;
$$;
COMMENT ON FUNCTION view_as_of(name) IS
'Each view of a mart with the moment that its rows are of: the last refresh, the one before a refresh that left the view out (views of refresh_mart), or now '
'where they are computed when they are read, as all are in a live mart. Of what a view reads the earliest counts. Needs SELECT on what is stored: that is the '
'owner''s. Error: not a mart.';

CREATE FUNCTION mart_status(mart name)
RETURNS TABLE (is_stored boolean, as_of timestamptz, observed_until timestamptz, noted_changes bigint, is_to_be_rebuilt boolean, last_refreshed_leads bigint,
	last_seconds float8, last_was_rebuilt boolean, stored_bytes bigint, noticed_by text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RETURN QUERY EXECUTE format('SELECT false, now(), o.observed_until, NULL::bigint, NULL::boolean, NULL::bigint, NULL::float8, NULL::boolean, '
			'NULL::bigint, '
			'NULL::text FROM %I.observation o', mart);
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format($sql$
		SELECT true, s.as_of, (SELECT o.observed_until FROM %2$I.observation o), (SELECT count(*) FROM %1$I.change),
			EXISTS (SELECT FROM %1$I.change c WHERE c.is_everything) OR EXISTS (SELECT FROM %1$I.source WHERE noticed_by = 'rebuild')
				OR s.settings_of_facts IS DISTINCT FROM f.facts,
			s.refreshed_leads, s.seconds, s.was_rebuilt,
			(SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(%1$L)) AND c.relkind = 'r'),
			(SELECT string_agg(format('%%s: %%s', r.relation, coalesce('column ' || r.changed_column, r.noticed_by)), ', ' ORDER BY r.relation)
				FROM %1$I.source r)
		FROM %1$I.state s CROSS JOIN lead_kpi.mart_fingerprint(%2$L) f$sql$, stored, mart);
END;
$$;
COMMENT ON FUNCTION mart_status(name) IS
'How a mart is served, in one row: whether it is stored and as of when, what was noted since (rows, not leads) and whether the next refresh makes all leads '
'again, how long the last refresh took for how many leads, how many bytes are stored, and how changes of each relation are noticed. NULL where the mart is '
'live. Needs SELECT on what is stored: that is the owner''s.';

CREATE FUNCTION stored_views(mart name)
RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	views text[];
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF lead_kpi.mart_is_stored(mart) THEN
		-- A former version had no such column.
		EXECUTE format('SELECT ARRAY(SELECT jsonb_array_elements_text(to_jsonb(s) -> ''views'')) FROM %I.state s '
			'WHERE jsonb_typeof(to_jsonb(s) -> ''views'') = ''array''', lead_kpi.mart_companion(mart, 'stored')) INTO views;
	END IF;
	RETURN views;
END;
$$;
COMMENT ON FUNCTION stored_views(name) IS
'The views that store_mart was told to store, as it was told; NULL = all, or the mart is live. Needs SELECT on what is stored: that is the owner''s. '
'Errors: not a mart.';
