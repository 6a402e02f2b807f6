-- create_mart: the schema, its relations, settings and views.

CREATE FUNCTION is_mart(mart name)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS
(
	SELECT FROM pg_namespace n
	JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'rule' AND c.relkind = 'r'
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'mart_format' AND NOT a.attisdropped
	WHERE n.nspname = mart
);
COMMENT ON FUNCTION is_mart(name) IS 'Whether the schema is a mart made by create_mart; false for one that does not exist, also for NULL.';

CREATE FUNCTION mart_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM lead_kpi.mart_span_views(mart);
	PERFORM lead_kpi.mart_name_views(mart);
	PERFORM lead_kpi.mart_lead_views(mart);
	PERFORM lead_kpi.mart_event_views(mart);
	PERFORM lead_kpi.mart_volume_views(mart);
	PERFORM lead_kpi.mart_spend_views(mart);
	PERFORM lead_kpi.mart_outcome_views(mart);
	PERFORM lead_kpi.mart_sum_views(mart);
	PERFORM lead_kpi.mart_activity_views(mart);
	PERFORM lead_kpi.mart_pipeline_views(mart);
	PERFORM lead_kpi.mart_journey_event_views(mart);
	PERFORM lead_kpi.mart_movement_views(mart);
	PERFORM lead_kpi.mart_funnel_views(mart);
	PERFORM lead_kpi.mart_cost_views(mart);
	PERFORM lead_kpi.mart_marginal_views(mart);
	PERFORM lead_kpi.mart_time_views(mart);
	PERFORM lead_kpi.mart_change_views(mart);
	PERFORM lead_kpi.mart_attribution_views(mart);
	PERFORM lead_kpi.mart_forecast_views(mart);
	PERFORM lead_kpi.mart_learning_views(mart);
	PERFORM lead_kpi.mart_score_views(mart);
	PERFORM lead_kpi.mart_owner_views(mart);
	PERFORM lead_kpi.mart_reason_views(mart);
	PERFORM lead_kpi.mart_stuck_views(mart);
	PERFORM lead_kpi.mart_path_views(mart);
	PERFORM lead_kpi.mart_speed_views(mart);
	PERFORM lead_kpi.mart_outbound_views(mart);
	PERFORM lead_kpi.mart_account_views(mart);
	PERFORM lead_kpi.mart_credit_views(mart);
	PERFORM lead_kpi.mart_target_views(mart);
	PERFORM lead_kpi.mart_quality_views(mart);
	PERFORM lead_kpi.mart_diagnosis_sales_views(mart);
	PERFORM lead_kpi.mart_diagnosis_views(mart);
	PERFORM lead_kpi.mart_day_views(mart);
	PERFORM lead_kpi.mart_segment_views(mart);
	PERFORM lead_kpi.mart_report_views(mart);
	PERFORM lead_kpi.mart_catalogue_views(mart);
END;
$$;
COMMENT ON FUNCTION mart_views(name) IS 'Internal to create_mart: makes all views of a mart. What their columns mean says mart_comments.';

CREATE FUNCTION mart_try_reading(mart name, relation name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
	state text;
	culprit text;
	rows_read bigint := 0;
	identity text;
	reader refcursor;
	row_found record;
	item record;
BEGIN
	BEGIN
		-- A function of the whole row has every column computed.
		EXECUTE format('SELECT count(r::text) FROM %I.%I r', mart, relation);
		RETURN;
	EXCEPTION WHEN data_exception OR invalid_text_representation OR raise_exception OR program_limit_exceeded OR cardinality_violation THEN
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
	END;
	FOR item IN
		SELECT s.attribute FROM lead_kpi.mart_shape() WITH ORDINALITY AS s(relation, attribute, type, meaning, is_optional, ordinal)
		WHERE s.relation = mart_try_reading.relation
		ORDER BY s.ordinal
	LOOP
		BEGIN
			EXECUTE format('SELECT count(%1$I::text) FROM %2$I.%3$I', item.attribute, mart, relation);
		EXCEPTION WHEN OTHERS THEN
			culprit := item.attribute;
			EXIT;
		END;
	END LOOP;
	BEGIN
		OPEN reader FOR EXECUTE format('SELECT r::text FROM %I.%I r', mart, relation);
		LOOP
			FETCH reader INTO row_found;
			EXIT WHEN NOT FOUND;
			rows_read := rows_read + 1;
		END LOOP;
		CLOSE reader;
	EXCEPTION WHEN OTHERS THEN
		NULL;
	END;
	BEGIN
		-- Its first column tells which row it is, where that can be read by itself.
		EXECUTE format('SELECT %1$L || '' '' || coalesce(%1$I::text, ''NULL'') FROM %2$I.%3$I OFFSET %4$s LIMIT 1',
			(SELECT s.attribute FROM lead_kpi.mart_shape() s WHERE s.relation = mart_try_reading.relation LIMIT 1), mart, relation, rows_read)
			INTO identity;
	EXCEPTION WHEN OTHERS THEN
		NULL;
	END;
	RAISE EXCEPTION USING
		ERRCODE = state,
		MESSAGE = format('the relation mapped as %I cannot be read: %s', relation, problem),
		DETAIL = format('Row %s%s%s.', rows_read + 1, ', ' || identity, ', column ' || culprit),
		HINT = 'Correct the row, or map a view that reads the column with lead_kpi.parse_amount, parse_day or parse_time and leaves out what they refuse.';
END;
$$;
COMMENT ON FUNCTION mart_try_reading(name, name) IS
'Internal to create_mart: reads a relation of the mart once, and says which row and column it is that cannot be read.';

CREATE FUNCTION create_mart
(
	mart name,
	lead regclass DEFAULT NULL,
	stage_event regclass DEFAULT NULL,
	touch regclass DEFAULT NULL,
	spend regclass DEFAULT NULL,
	deal regclass DEFAULT NULL,
	lead_key regtype DEFAULT NULL,
	activity regclass DEFAULT NULL,
	deal_change regclass DEFAULT NULL,
	target regclass DEFAULT NULL,
	currency_rate regclass DEFAULT NULL,
	volume regclass DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	mapping CONSTANT regclass[] := ARRAY[lead, stage_event, touch, spend, deal, activity, deal_change, target, currency_rate, volume];
	relation_names CONSTANT text[] := ARRAY['lead', 'stage_event', 'touch', 'spend', 'deal', 'activity', 'deal_change', 'target', 'currency_rate', 'volume'];
	key text;
	found_key regtype;
	details text;
	hints text;
	item record;
BEGIN
	IF coalesce(mart, '') = '' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the name of the mart is empty',
			HINT = 'Write a schema name, for example SELECT lead_kpi.create_mart(''kpi'').';
	END IF;
	IF mart = '$user' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'reserved_name',
			MESSAGE = format('%I cannot be the name of a mart', mart),
			DETAIL = 'In search_path it stands for the schema that has the user''s name.',
			HINT = 'Choose another name, for example SELECT lead_kpi.create_mart(''kpi'').';
	END IF;
	IF to_regnamespace(quote_ident(mart)) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_schema',
			MESSAGE = format('schema %I exists already', mart),
			HINT = CASE WHEN lead_kpi.is_mart(mart)
				THEN format('It is a mart: choose another name, or drop it first with lead_kpi.drop_mart(%L).', mart)
				ELSE 'A mart is a schema of its own: choose another name.' END;
	END IF;
	IF NOT has_database_privilege(current_database(), 'CREATE') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('role %I may not create a mart in this database', current_user),
			DETAIL = 'A mart is a schema, which needs the CREATE privilege on the database.',
			HINT = format('Have its owner run: GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user);
	END IF;

	-- The mapped relations: readable, and with the columns that the views read.
	FOR item IN
		SELECT m.oid, c.relkind, c.relpersistence
		FROM unnest(mapping) AS m(oid) LEFT JOIN pg_class c ON c.oid = m.oid
		WHERE m.oid IS NOT NULL
	LOOP
		IF item.relkind IS NULL OR item.relkind NOT IN ('r', 'v', 'm', 'f', 'p') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'wrong_object_type',
				MESSAGE = format('%s is not a table or view', item.oid),
				HINT = 'Name a table, view, materialized view or foreign table.';
		ELSIF item.relpersistence = 't' THEN
			RAISE EXCEPTION USING
				ERRCODE = 'wrong_object_type',
				MESSAGE = format('%s is temporary: the mart would lose it with the session', item.oid),
				HINT = 'Map a permanent table or view.';
		END IF;
	END LOOP;
	SELECT string_agg(m.oid::text, ', '), string_agg(format('GRANT SELECT ON %s TO %I;', m.oid, current_user), ' ')
	INTO details, hints
	FROM unnest(mapping, relation_names) AS m(oid, name)
	WHERE m.oid IS NOT NULL AND NOT has_table_privilege(m.oid, 'SELECT')
		AND EXISTS (SELECT FROM pg_attribute a JOIN lead_kpi.mart_shape() s ON s.attribute = a.attname AND s.relation = m.name
					WHERE a.attrelid = m.oid AND a.attnum > 0 AND NOT has_column_privilege(m.oid, a.attnum, 'SELECT'));
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('role %I may not read %s', current_user, details),
			HINT = format('Have the owner run: %s', hints);
	END IF;

	-- The lead key: as asked for, else as the mapped relations have it, else bigint.
	IF lead_key IS NULL THEN
		SELECT lead_kpi.mart_key((CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END)::regtype)
		INTO found_key
		FROM unnest(mapping) WITH ORDINALITY AS m(oid, ordinal)
		JOIN pg_attribute a ON a.attrelid = m.oid AND a.attname = 'lead_id' AND NOT a.attisdropped
		JOIN pg_type t ON t.oid = a.atttypid
		ORDER BY m.ordinal
		LIMIT 1;
		key := coalesce(found_key, 'int8'::regtype)::text;
	ELSIF lead_key IN ('int8'::regtype, 'uuid'::regtype, 'text'::regtype) THEN
		key := lead_key::text;
	ELSE
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('lead_key %s is not supported', lead_key),
			HINT = format('Use bigint, uuid or text: for %s that is %s.', lead_key, lead_kpi.mart_key(lead_key));
	END IF;

	SELECT string_agg(p.problem, E'\n' ORDER BY m.ordinal), string_agg(p.template, E'\n' ORDER BY m.ordinal)
	INTO details, hints
	FROM unnest(relation_names, mapping) WITH ORDINALITY AS m(name, oid, ordinal)
	CROSS JOIN LATERAL lead_kpi.mart_mapping_problem(m.name, m.oid, key) p
	WHERE m.oid IS NOT NULL AND p.problem IS NOT NULL;
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = 'a mapped relation does not have the columns that the mart needs',
			DETAIL = details,
			HINT = E'Map a view that supplies them; replace each NULL by your own column where there is one, and Europe/Paris by the time zone of the data:\n'
				|| hints
				|| CASE WHEN details LIKE '% lead_id is %' THEN E'\nEvery lead key can be read as text: lead_key => ''text''.' ELSE '' END;
	END IF;

	EXECUTE format('CREATE SCHEMA %I', mart);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', mart, 'lead_kpi mart: see its views, and the tables stage and rule for its settings.');

	-- From here on unqualified names mean this mart; what the views say is resolved once and stored by identity.
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
	-- Nothing is called that could be planted where this should not be.
	IF pg_catalog.current_schema() OPERATOR(pg_catalog.=) mart IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'reserved_name',
			MESSAGE = 'search_path takes the name of the mart for another schema',
			HINT = 'Choose another name, for example SELECT lead_kpi.create_mart(''kpi'').';
	END IF;
	PERFORM lead_kpi.mart_settings(mart);
	FOR item IN
		SELECT m.name, m.oid,
			string_agg(format('%I %s', s.attribute, CASE s.type WHEN 'key' THEN key ELSE s.type END), ', ' ORDER BY s.ordinal) AS columns,
			string_agg(format('%s AS %I', coalesce(lead_kpi.mart_expression(s.attribute, CASE s.type WHEN 'key' THEN key ELSE s.type END,
				(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END)::regtype),
				'NULL::' || CASE s.type WHEN 'key' THEN key ELSE s.type END), s.attribute), ', ' ORDER BY s.ordinal) AS expressions,
			bool_or(s.attribute = 'lead_id') AS has_key
		FROM unnest(relation_names, mapping) AS m(name, oid)
		JOIN lead_kpi.mart_shape() WITH ORDINALITY AS s(relation, attribute, type, meaning, is_optional, ordinal) ON s.relation = m.name
		LEFT JOIN pg_attribute a ON a.attrelid = m.oid AND a.attname = s.attribute AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_type t ON t.oid = a.atttypid
		GROUP BY m.name, m.oid
	LOOP
		IF item.oid IS NULL THEN
			EXECUTE format('CREATE TABLE %I (%s)', item.name, item.columns);
			-- Without a key: publications refuse UPDATE and DELETE otherwise. It costs nothing unless they are published.
			EXECUTE format('ALTER TABLE %I REPLICA IDENTITY FULL', item.name);
			EXECUTE format('COMMENT ON TABLE %I IS %L', item.name,
				'Fill this. It takes any row: what is wrong with it shows in the view data_quality.');
			IF item.has_key THEN
				EXECUTE format('CREATE INDEX ON %I (lead_id)', item.name);
			END IF;
		ELSE
			EXECUTE format('CREATE VIEW %I WITH (security_invoker = true) AS SELECT %s FROM %s',
				item.name, item.expressions, (SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
					JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = item.oid));
			EXECUTE format('COMMENT ON VIEW %I IS %L', item.name, 'The mapped relation, in the mart''s canonical shape.');
		END IF;
	END LOOP;
	FOR item IN SELECT * FROM lead_kpi.mart_shape()
	LOOP
		EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', item.relation, item.attribute, item.meaning);
	END LOOP;
	PERFORM lead_kpi.mart_views(mart);
	PERFORM lead_kpi.mart_comments(mart);
	FOR item IN SELECT m.name FROM unnest(relation_names, mapping) AS m(name, oid) WHERE m.oid IS NOT NULL
	LOOP
		PERFORM lead_kpi.mart_try_reading(mart, item.name);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION create_mart(name, regclass, regclass, regclass, regclass, regclass, regtype, regclass, regclass, regclass, regclass, regclass) IS
'Creates a mart: a schema owned by the caller with the relations lead, stage_event, touch, spend, deal, activity, deal_change, target, currency_rate '
'and volume (empty tables, or views over the relations that are named), the settings (tables stage, rule and others) and the views. lead_key (bigint, '
'uuid, text) is the type of lead_id; NULL = as in the mapped relations, else bigint. Every mapped relation is read once. Errors: the schema exists, a '
'mapped relation lacks columns (all are listed, with a view that would supply them), may not be read, or has a row that cannot be read (which is shown); '
'no CREATE on the database.';
