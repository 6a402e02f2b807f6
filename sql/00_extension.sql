-- lead_kpi: the install script is joined from sql/NN_*.sql by make; edit those, not the joined file.
\echo Use "CREATE EXTENSION lead_kpi" to load this file. \quit

-- The script runs as a superuser for whoever has CREATE on the database, so nothing in it may call what somebody else
-- can plant. Its statements are fixed, its one DO block calls by qualified names only (./run lint says so), and the
-- schema is the superuser's own: made here, so that nobody else sees it before it is complete, and a member.
-- One that is there already (a dump of before version 1.0 brings it) must be a superuser's or made in this transaction,
-- empty, and closed to others: its owner could otherwise have a transaction open that plants something in it, and
-- commit that while this script runs, or later.
DO $schema$
DECLARE
	house record;
	guest text;
	holder record;
BEGIN
	SELECT n.oid, n.nspacl, n.nspowner, o.rolname, o.rolsuper,
		-- Visible and still in progress: made by this transaction.
		pg_catalog.pg_xact_status((pg_catalog.pg_current_xact_id()::pg_catalog.text::pg_catalog.int8
			OPERATOR(pg_catalog.-) pg_catalog.age(n.xmin))::pg_catalog.text::pg_catalog.xid8)
			OPERATOR(pg_catalog.=) 'in progress' AS is_new
	INTO house
	FROM pg_catalog.pg_namespace n
	JOIN pg_catalog.pg_authid o ON o.oid OPERATOR(pg_catalog.=) n.nspowner
	WHERE n.nspname OPERATOR(pg_catalog.=) 'lead_kpi';
	IF NOT FOUND THEN
		CREATE SCHEMA lead_kpi;
		RETURN;
	END IF;

	IF NOT house.rolsuper AND house.is_new IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = pg_catalog.format('schema lead_kpi exists already and belongs to %I', house.rolname),
			DETAIL = 'The extension makes this schema itself: in one of somebody else, others could plant functions that you would run.',
			HINT = 'Drop the schema first: DROP SCHEMA lead_kpi. A dump that brings it restores in one transaction, as by psql -1.';
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

	FOR holder IN
		SELECT pg_catalog.quote_ident(r.rolname) AS name
		FROM pg_catalog.aclexplode(house.nspacl) a
		LEFT JOIN pg_catalog.pg_authid r ON r.oid OPERATOR(pg_catalog.=) a.grantee
		WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE' AND a.grantee OPERATOR(pg_catalog.<>) house.nspowner
	LOOP
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = pg_catalog.format('%s may create objects in schema lead_kpi', COALESCE(holder.name, 'everybody')),
			DETAIL = 'What is planted there could be called instead of what the extension means.',
			HINT = pg_catalog.format('REVOKE CREATE ON SCHEMA lead_kpi FROM %s, or drop the schema: the extension makes it.',
				COALESCE(holder.name, 'PUBLIC'));
	END LOOP;
END;
$schema$;

ALTER SCHEMA lead_kpi OWNER TO CURRENT_USER;
COMMENT ON SCHEMA lead_kpi IS 'Types, functions and aggregates of the extension lead_kpi.';
SET LOCAL search_path = lead_kpi, pg_temp;

-- Anybody may call what is here; the data stays with its owners' grants.
GRANT USAGE ON SCHEMA lead_kpi TO PUBLIC;
