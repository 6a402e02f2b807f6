-- drop_mart: takes away what create_mart made, and nothing else.

CREATE FUNCTION mart_members(mart name)
RETURNS TABLE (member regclass, kind "char")
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- What the builders of a mart say that they create, and the relations of mart_shape(): tables, or views over the caller's.
	WITH made AS
	(
		SELECT found.words[1] AS what, found.words[2] AS name
		FROM pg_proc p
		CROSS JOIN regexp_matches(p.prosrc, '^\s*CREATE (?:OR REPLACE )?(TABLE|VIEW) (\w+)', 'gn') AS found(words)
		WHERE p.pronamespace = to_regnamespace('lead_kpi') AND (p.proname = 'mart_settings' OR p.proname ~ '^mart_\w+_views$')
		UNION
		SELECT v.what, s.relation FROM mart_shape() s CROSS JOIN (VALUES ('TABLE'), ('VIEW')) AS v(what)
	)
	SELECT c.oid::regclass, c.relkind
	FROM pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN made m ON m.name = c.relname AND m.what = CASE WHEN c.relkind IN ('r', 'p') THEN 'TABLE' WHEN c.relkind = 'v' THEN 'VIEW' END
	WHERE n.nspname = mart;
END;
COMMENT ON FUNCTION mart_members(name) IS 'The tables and views of a mart that create_mart made.';

CREATE FUNCTION mart_must_exist(mart name)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT lead_kpi.is_mart(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = CASE WHEN to_regnamespace(quote_ident(mart)) IS NULL THEN 'invalid_schema_name' ELSE 'wrong_object_type' END,
			MESSAGE = CASE WHEN to_regnamespace(quote_ident(mart)) IS NULL
				THEN format('mart %s does not exist', coalesce(quote_ident(mart), 'NULL'))
				ELSE format('schema %I is not a mart', mart) END,
			HINT = coalesce('Marts in this database: ' || (SELECT string_agg(quote_ident(nspname), ', ' ORDER BY nspname)
				FROM pg_namespace WHERE lead_kpi.is_mart(nspname)) || '.', 'There is no mart in this database.');
	END IF;
END;
$$;
COMMENT ON FUNCTION mart_must_exist(name) IS 'Raises an error, which names the marts that there are, unless the schema is a mart.';

CREATE FUNCTION drop_mart(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	foreign_objects text;
	views text;
	tables text;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF lead_kpi.mart_is_stored(mart) THEN
		PERFORM lead_kpi.live_mart(mart);
	END IF;
	SELECT string_agg(pg_describe_object(d.classid, d.objid, 0), ', ' ORDER BY pg_describe_object(d.classid, d.objid, 0))
	INTO foreign_objects
	FROM pg_depend d
	WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace(quote_ident(mart)) AND d.deptype = 'n'
		AND NOT (d.classid = 'pg_class'::regclass AND d.objid IN (SELECT member FROM lead_kpi.mart_members(mart)));
	IF foreign_objects IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('mart %I holds objects that create_mart did not make', mart),
			DETAIL = foreign_objects,
			HINT = 'Move them to another schema or drop them first. Nothing was dropped.';
	END IF;
	SELECT string_agg(member::text, ', ') FILTER (WHERE kind = 'v'), string_agg(member::text, ', ') FILTER (WHERE kind <> 'v')
	INTO views, tables
	FROM lead_kpi.mart_members(mart);
	EXECUTE 'DROP VIEW ' || views;
	EXECUTE 'DROP TABLE ' || tables;
	EXECUTE format('DROP SCHEMA %I', mart);
END;
$$;
COMMENT ON FUNCTION drop_mart(name) IS
'Drops what create_mart and store_mart made, with the data in the mart''s own tables; mapped relations stay. Refuses, and drops nothing, when the schema '
'is not a '
'mart, when it holds objects of yours, or when something outside depends on its views.';
