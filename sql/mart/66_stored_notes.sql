-- Which leads changed since the last refresh of a stored mart: own tables note it themselves, mapped relations are asked.

CREATE FUNCTION mart_counted_columns(relation text, of_row boolean)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN of_row
	THEN CASE relation
		WHEN 'lead' THEN 'created_at, channel, campaign'
		WHEN 'stage_event' THEN 'entered_at'
		WHEN 'touch' THEN 'touched_at, channel, campaign'
		WHEN 'deal' THEN 'opened_at, CASE WHEN is_won IS NOT NULL THEN closed_at END'
		WHEN 'activity' THEN 'activity_at'
	END
	ELSE CASE
		WHEN relation IN ('lead', 'touch') THEN 'happened_at, channel, campaign'
		WHEN relation IN ('stage_event', 'activity') THEN 'happened_at'
		WHEN relation = 'deal' THEN 'happened_at, ended_at'
	END
END;
COMMENT ON FUNCTION mart_counted_columns(text, boolean) IS
'Internal to stored marts: what date_count, lead_name_count and touch_count count of a row of a relation (of_row), and which columns of the noted changes have '
'it; NULL = nothing.';

CREATE FUNCTION mart_note_tables(mart name, key text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	item record;
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$I.change
		(
			relation text NOT NULL, lead_id %2$s, deal_id text, is_everything boolean NOT NULL DEFAULT false,
			-- What is counted of the row (mart_counted_columns), and whether it is gone.
			is_former boolean NOT NULL DEFAULT false, happened_at timestamptz, ended_at timestamptz, channel text, campaign text
		)$sql$, stored, key);
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
			seen_until timestamptz,
			is_recounted boolean
		)$sql$, stored);
	EXECUTE format('COMMENT ON TABLE %I.source IS %L', stored, 'How changes of each relation of the mart are noticed.');
	EXECUTE format('CREATE TABLE %I.compared (relation text NOT NULL, lead_id %s, deal_id text, hash numeric NOT NULL)', stored, key);
	EXECUTE format('CREATE INDEX ON %I.compared (relation, lead_id)', stored);
	EXECUTE format('CREATE INDEX ON %I.compared (relation, deal_id) WHERE deal_id IS NOT NULL', stored);
	EXECUTE format('COMMENT ON TABLE %I.compared IS %L', stored, 'Of relations whose changes are noticed by comparison: a hash of the rows of each lead, '
		'or deal.');

	-- With the rights of the owner: who writes into a relation need not be allowed to write notes. Nobody else may make a trigger of it.
	-- One statement notes few rows. Of more than most it is not worth it to note each: making all again costs less. How many there are is
	-- looked at in between, and never counted: a load of millions would read them all again.
	FOR item IN
		SELECT a.about, a.columns, string_agg(format($sql$
				%1$sIF TG_OP = %2$L THEN
					INSERT INTO %3$I.change (relation, %4$s) SELECT TG_TABLE_NAME, r.* FROM (%5$s) r LIMIT few;
					GET DIAGNOSTICS noted = ROW_COUNT;
					IF noted = few THEN
						IF EXISTS (SELECT FROM (%5$s) r OFFSET most) THEN
							INSERT INTO %3$I.change (relation, is_everything) VALUES (TG_TABLE_NAME, true);
						ELSE
							INSERT INTO %3$I.change (relation, %4$s) SELECT TG_TABLE_NAME, r.* FROM (%5$s) r OFFSET few;
						END IF;
					END IF;$sql$,
				CASE WHEN o.number > 1 THEN 'ELS' END, o.operation, stored, a.columns || ', is_former', format(o.rows, a.expressions)), ''
				ORDER BY o.number) AS branches
		FROM
		(
			SELECT s.relation AS about, concat_ws(', ', k.keys, lead_kpi.mart_counted_columns(s.relation, false)) AS columns,
				concat_ws(', ', k.keys, lead_kpi.mart_counted_columns(s.relation, true)) AS expressions
			FROM (SELECT DISTINCT relation FROM lead_kpi.mart_shape()) s
			CROSS JOIN LATERAL (SELECT string_agg(m.attribute, ', ') AS keys FROM lead_kpi.mart_shape() m
				WHERE m.relation = s.relation AND m.attribute IN ('lead_id', 'deal_id')) k
			WHERE k.keys IS NOT NULL
		) a
		CROSS JOIN (VALUES (1, 'INSERT', 'SELECT %1$s, false FROM new_rows'),
			(2, 'UPDATE', 'SELECT %1$s, false FROM new_rows UNION ALL SELECT %1$s, true FROM old_rows'),
			(3, 'DELETE', 'SELECT %1$s, true FROM old_rows')) o(number, operation, rows)
		GROUP BY a.about, a.columns
		UNION ALL
		SELECT 'relation', NULL, format($sql$
				IF TG_OP = 'INSERT' THEN
					INSERT INTO %1$I.change (relation) SELECT TG_TABLE_NAME FROM new_rows LIMIT 1;
				ELSIF TG_OP <> 'TRUNCATE' THEN
					INSERT INTO %1$I.change (relation) SELECT TG_TABLE_NAME FROM old_rows LIMIT 1;$sql$, stored)
	LOOP
		EXECUTE format($sql$
			CREATE FUNCTION %1$I.%2$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
			DECLARE
				few CONSTANT bigint := 1000;
				most CONSTANT bigint := 50000;
				noted bigint;
			BEGIN%3$s
				ELSE
					INSERT INTO %1$I.change (relation, is_everything) VALUES (TG_TABLE_NAME, true);
				END IF;
				RETURN NULL;
			END;
			$body$
			$sql$, stored, 'note_' || item.about, item.branches);
		EXECUTE format('REVOKE ALL ON FUNCTION %I.%I() FROM PUBLIC', stored, 'note_' || item.about);
		EXECUTE format('COMMENT ON FUNCTION %I.%I() IS %L', stored, 'note_' || item.about,
			format('Trigger on the mart''s own %s: notes what changes%s.', CASE WHEN item.columns IS NULL THEN 'tables' ELSE item.about END,
				', with ' || item.columns));
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_note_tables(name, text) IS
'Internal to store_mart: makes the tables in which the changes of a mart''s relations are noted, and the functions of the triggers that do so.';

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
			CASE WHEN bool_or(s.attribute IN ('lead_id', 'deal_id')) THEN s.relation ELSE 'relation' END AS about
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
			EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.%I()', 'note_' || item.operation,
				item.operation, item.oid::regclass, item.tables, stored, 'note_' || item.about);
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
