-- Which leads changed since the last refresh of a stored mart: own tables note it themselves, mapped relations are asked.

CREATE FUNCTION mart_note_tables(mart name, key text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.change (relation text NOT NULL, lead_id %2$s, deal_id text, is_everything boolean NOT NULL DEFAULT false)$sql$, stored, key);
	EXECUTE format('COMMENT ON TABLE %I.change IS %L', stored,
		'Leads, and deals, whose rows changed since the last refresh, as the triggers note them; is_everything = so many that all are made again.');
	EXECUTE format('CREATE TABLE %I.taken_change (LIKE %1$I.change INCLUDING ALL)', stored);
	EXECUTE format('COMMENT ON TABLE %I.taken_change IS %L', stored, 'The changes that a refresh works on.');
	EXECUTE format($sql$
		CREATE TABLE %1$I.source
		(
			relation text PRIMARY KEY,
			noticed_by text NOT NULL CHECK (noticed_by IN ('trigger', 'column', 'comparison', 'rebuild')),
			changed_column name CHECK ((changed_column IS NOT NULL) = (noticed_by = 'column')),
			seen_until timestamptz
		)$sql$, stored);
	EXECUTE format('COMMENT ON TABLE %I.source IS %L', stored, 'How changes of each relation of the mart are noticed.');
	EXECUTE format('CREATE TABLE %I.compared (relation text NOT NULL, lead_id %s, deal_id text, hash numeric NOT NULL)', stored, key);
	EXECUTE format('CREATE INDEX ON %I.compared (relation, lead_id)', stored);
	EXECUTE format('CREATE INDEX ON %I.compared (relation, deal_id) WHERE deal_id IS NOT NULL', stored);
	EXECUTE format('COMMENT ON TABLE %I.compared IS %L', stored,
		'Of relations whose changes are noticed by comparison: a hash of the rows of each lead, or deal.');

	-- With the rights of the owner: who writes into a relation need not be allowed to write notes. Nobody else may make a trigger of it.
	EXECUTE format($sql$
		CREATE FUNCTION %1$I.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
		DECLARE
			-- Beyond as many rows it costs less to make all again than to note each.
			most CONSTANT bigint := 50000;
			rows bigint := 0;
		BEGIN
			IF TG_OP = 'TRUNCATE' THEN
				INSERT INTO %1$I.change (relation, is_everything) VALUES (TG_TABLE_NAME, true);
				RETURN NULL;
			END IF;
			IF TG_OP <> 'DELETE' THEN
				rows := (SELECT count(*) FROM new_rows);
			END IF;
			IF TG_OP <> 'INSERT' THEN
				rows := rows + (SELECT count(*) FROM old_rows);
			END IF;
			IF rows = 0 THEN
				RETURN NULL;
			ELSIF TG_ARGV[0] = 'none' THEN
				INSERT INTO %1$I.change (relation) VALUES (TG_TABLE_NAME);
			ELSIF rows > most THEN
				INSERT INTO %1$I.change (relation, is_everything) VALUES (TG_TABLE_NAME, true);
			ELSIF TG_ARGV[0] = 'lead' THEN
				IF TG_OP <> 'DELETE' THEN
					INSERT INTO %1$I.change (relation, lead_id) SELECT TG_TABLE_NAME, n.lead_id FROM new_rows n;
				END IF;
				IF TG_OP <> 'INSERT' THEN
					INSERT INTO %1$I.change (relation, lead_id) SELECT TG_TABLE_NAME, o.lead_id FROM old_rows o;
				END IF;
			ELSIF TG_ARGV[0] = 'lead and deal' THEN
				IF TG_OP <> 'DELETE' THEN
					INSERT INTO %1$I.change (relation, lead_id, deal_id) SELECT TG_TABLE_NAME, n.lead_id, n.deal_id FROM new_rows n;
				END IF;
				IF TG_OP <> 'INSERT' THEN
					INSERT INTO %1$I.change (relation, lead_id, deal_id) SELECT TG_TABLE_NAME, o.lead_id, o.deal_id FROM old_rows o;
				END IF;
			ELSE
				IF TG_OP <> 'DELETE' THEN
					INSERT INTO %1$I.change (relation, deal_id) SELECT TG_TABLE_NAME, n.deal_id FROM new_rows n;
				END IF;
				IF TG_OP <> 'INSERT' THEN
					INSERT INTO %1$I.change (relation, deal_id) SELECT TG_TABLE_NAME, o.deal_id FROM old_rows o;
				END IF;
			END IF;
			RETURN NULL;
		END;
		$body$
		$sql$, stored);
	EXECUTE format('REVOKE ALL ON FUNCTION %I.note_change() FROM PUBLIC', stored);
	EXECUTE format('COMMENT ON FUNCTION %I.note_change() IS %L', stored, 'Trigger on the own tables of the mart: notes which leads and deals change.');
END;
$$;
COMMENT ON FUNCTION mart_note_tables(name, text) IS
'Internal to store_mart: makes the tables in which the changes of a mart''s relations are noted, and the function of the triggers that do so.';

CREATE FUNCTION mart_note_triggers(mart name, wanted boolean)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	item record;
BEGIN
	FOR item IN
		SELECT s.relation, c.oid, o.operation, o.tables,
			CASE WHEN bool_or(s.attribute = 'lead_id') AND bool_or(s.attribute = 'deal_id') THEN 'lead and deal' WHEN bool_or(s.attribute = 'lead_id')
				THEN 'lead'
				WHEN bool_or(s.attribute = 'deal_id') THEN 'deal' ELSE 'none' END AS about
		FROM lead_kpi.mart_shape() s
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, s.relation)) AND c.relkind IN ('r', 'p')
		CROSS JOIN (VALUES ('insert', 'REFERENCING NEW TABLE AS new_rows'), ('update', 'REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows'),
			('delete', 'REFERENCING OLD TABLE AS old_rows'), ('truncate', '')) o(operation, tables)
		GROUP BY s.relation, c.oid, o.operation, o.tables
	LOOP
		IF EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = item.oid AND t.tgname = 'note_' || item.operation) THEN
			EXECUTE format('DROP TRIGGER %I ON %s', 'note_' || item.operation, item.oid::regclass);
		END IF;
		IF wanted THEN
			EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.note_change(%L)', 'note_' || item.operation,
				item.operation, item.oid::regclass, item.tables, stored, item.about);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_note_triggers(name, boolean) IS
'Internal to store_mart and live_mart: puts the triggers that note changes on the own tables of a mart, or takes them away (wanted = false).';

CREATE FUNCTION mart_note_sources(mart name, changed jsonb)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	relations CONSTANT text[] := (SELECT array_agg(DISTINCT s.relation) FROM lead_kpi.mart_shape() s);
	mentioned text;
	item record;
BEGIN
	IF jsonb_typeof(changed) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('changed is no object: %s', changed),
			HINT = 'Write for example changed => ''{"lead": "updated_at", "touch": "comparison", "deal": "rebuild"}''.';
	END IF;
	SELECT string_agg(k.name, ', ') INTO mentioned FROM jsonb_object_keys(changed) AS k(name) WHERE k.name <> ALL (relations);
	IF mentioned IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('changed names what is no relation of a mart: %s', mentioned),
			HINT = format('Relations of a mart are %s.', array_to_string(relations, ', '));
	END IF;
	FOR item IN
		SELECT r.name AS relation, c.relkind IN ('r', 'p') AS is_own, changed ->> r.name AS way, c.oid,
			(SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = m.mapped AND a.attname = changed ->> r.name AND a.attnum > 0 AND NOT a.attisdropped)
				AS type,
			m.mapped
		FROM unnest(relations) AS r(name)
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, r.name))
		LEFT JOIN LATERAL
		(
			SELECT min(d.refobjid) AS mapped
			FROM pg_rewrite w
			JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
			JOIN pg_class k ON k.oid = d.refobjid AND k.relnamespace <> c.relnamespace
			WHERE w.ev_class = c.oid
		) m ON c.relkind = 'v'
	LOOP
		IF item.way IS NULL OR item.way IN ('trigger', 'comparison', 'rebuild') THEN
			IF item.way = 'trigger' AND NOT item.is_own THEN
				RAISE EXCEPTION USING
					ERRCODE = 'wrong_object_type',
					MESSAGE = format('%s is mapped: it has no triggers of the mart', item.relation),
					HINT = 'Name a column that says when a row was changed last, or write "comparison" or "rebuild".';
			END IF;
			EXECUTE format('INSERT INTO %I.source (relation, noticed_by) VALUES (%L, %L)', stored, item.relation,
				coalesce(item.way, CASE WHEN item.is_own THEN 'trigger' ELSE 'comparison' END));
		ELSIF item.type IS NULL OR item.type <> ALL (ARRAY['timestamptz', 'timestamp', 'date']::regtype[]::oid[]) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_column',
				MESSAGE = format('%s has no column %I that says when a row was changed', coalesce(item.mapped, item.oid)::regclass, item.way),
				HINT = 'Name a column of type timestamptz, timestamp or date of the mapped relation, or write "comparison" or "rebuild".';
		ELSE
			EXECUTE format('INSERT INTO %I.source (relation, noticed_by, changed_column) VALUES (%L, %L, %L)', stored, item.relation, 'column', item.way);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_note_sources(name, jsonb) IS
'Internal to store_mart: writes down how the changes of each relation are noticed: by triggers on own tables, by a column of mapped ones, by comparison, or '
'not at all (rebuild).';
