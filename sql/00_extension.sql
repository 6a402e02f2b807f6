-- lead_kpi: the install script is joined from sql/NN_*.sql by make; edit those, not the joined file.
\echo Use "CREATE EXTENSION lead_kpi" to load this file. \quit

-- The script runs as a superuser for whoever has CREATE on the database, so nothing in it may call what somebody else
-- can plant. Its statements are fixed, its one DO block calls by qualified names only (./run lint says so), and the
-- schema is the superuser's own, a member, and always made here: nobody else sees it before it is complete.
-- One that is there already (a dump of before version 1.0 brings it) is never used, also when it is empty and a
-- superuser's: who could create in it once may have a transaction open that plants something while the script runs or
-- later, and nothing in the catalog tells a schema made in this transaction from one that was altered in it. So it
-- makes way. It is renamed: the extension may be filed under it, and what is planted late must have a schema for pg_dump.
DO $schema$
DECLARE
	house record;
	guest pg_catalog.text;
BEGIN
	-- The whole script has been read under the installer's setting: its strings would be stored with another meaning.
	IF pg_catalog.current_setting('standard_conforming_strings', true) OPERATOR(pg_catalog.<>) 'on' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'the extension cannot be installed while standard_conforming_strings is off',
			DETAIL = 'Its functions would keep another meaning of backslashes, for everybody who calls them.',
			HINT = 'SET standard_conforming_strings = on.';
	END IF;

	SELECT n.oid, o.rolname, e.extnamespace OPERATOR(pg_catalog.=) n.oid AS is_filing,
		pg_catalog.pg_has_role(e.extowner, n.nspowner, 'USAGE') AS is_installers
	INTO house
	FROM pg_catalog.pg_namespace n
	JOIN pg_catalog.pg_authid o ON o.oid OPERATOR(pg_catalog.=) n.nspowner
	JOIN pg_catalog.pg_extension e ON e.extname OPERATOR(pg_catalog.=) 'lead_kpi'
	WHERE n.nspname OPERATOR(pg_catalog.=) 'lead_kpi';
	IF NOT FOUND THEN
		CREATE SCHEMA lead_kpi;
		RETURN;
	END IF;

	IF NOT house.is_installers THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = pg_catalog.format('schema lead_kpi exists already and belongs to %I', house.rolname),
			DETAIL = 'The extension makes this schema itself: in one of somebody else, others could plant functions that you would run.',
			HINT = 'Have its owner or a superuser drop it: DROP SCHEMA lead_kpi.';
	END IF;

	SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
	INTO guest
	FROM pg_catalog.pg_depend d
	WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
		AND d.refobjid OPERATOR(pg_catalog.=) house.oid
		AND NOT (d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
				AND d.objid OPERATOR(pg_catalog.=) (SELECT e.oid FROM pg_catalog.pg_extension e
					WHERE e.extname OPERATOR(pg_catalog.=) 'lead_kpi'))
	LIMIT 1;
	IF guest IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = pg_catalog.format('schema lead_kpi is not empty: it holds %s', guest),
			DETAIL = 'What somebody put there could be called instead of what the extension means.',
			HINT = 'Move or drop what it holds, or drop the schema: the extension makes it.';
	END IF;

	ALTER SCHEMA lead_kpi RENAME TO lead_kpi_before;
	RAISE WARNING USING
		MESSAGE = 'schema lead_kpi, which was there already, is now lead_kpi_before',
		DETAIL = 'The extension makes a schema of its own, in which nobody can have planted anything.',
		HINT = CASE WHEN house.is_filing
			THEN 'Leave it: the extension is filed under it, and goes when it is dropped with CASCADE.'
			ELSE 'Drop it when nothing needs it: DROP SCHEMA lead_kpi_before.' END;
	CREATE SCHEMA lead_kpi;
END;
$schema$;

COMMENT ON SCHEMA lead_kpi IS 'Types, functions and aggregates of the extension lead_kpi.';
SET LOCAL search_path = lead_kpi, pg_temp;

-- Anybody may call what is here; the data stays with its owners' grants.
GRANT USAGE ON SCHEMA lead_kpi TO PUBLIC;
