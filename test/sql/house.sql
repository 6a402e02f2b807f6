-- The rules that every object of the extension keeps, whatever its room.
-- Each query lists the offenders: none.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
RESET client_min_messages;

-- Something to judge: the extension has members.
SELECT count(*) > 0 AS has_members FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi');

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid, o.type, o.schema, o.identity
FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi')
	-- Array types come by themselves; from PostgreSQL 17 on they are members too.
	AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type e WHERE e.typarray = d.objid));

CREATE TEMP VIEW routine AS
SELECT p.*, p.oid::regprocedure AS signature, l.lanname
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
JOIN pg_language l ON l.oid = p.prolang;

-- Objects without a comment.
SELECT type, identity FROM member
WHERE coalesce(obj_description(objid, (classid::regclass)::text::name), '') = ''
ORDER BY type COLLATE "C", identity COLLATE "C";

-- Objects outside the extension's schema.
SELECT type, identity FROM member
WHERE schema IS NOT NULL AND schema <> 'lead_kpi'
ORDER BY type COLLATE "C", identity COLLATE "C";

-- Bodies that a dump, and so pg_upgrade, writes as nobody can read them: where some arguments have names and others none, PostgreSQL
-- calls the latter "".
SELECT signature FROM routine WHERE prosqlbody IS NOT NULL AND '' = ANY (proargnames) ORDER BY signature::text COLLATE "C";

-- A comment that make has written octal bytes into: only texts that mart_text() reads may go beyond ASCII.
SELECT type, identity FROM member
WHERE obj_description(objid, (classid::regclass)::text::name) ~ '\\[23][0-7][0-7]'
ORDER BY type COLLATE "C", identity COLLATE "C";

-- Volatile functions other than those that write, or guard what is written, and the steps of create_mart and train_mart.
SELECT signature FROM routine
WHERE provolatile = 'v' AND proname NOT IN ('create_mart', 'upgrade_mart', 'drop_mart', 'generate_example', 'train_mart', 'mart_is_copied_into', 'mart_try_reading',
		'forget_lead', 'forget_old_leads', 'mart_forget_leads', 'mart_forgotten_key', 'mart_reports', 'store_mart', 'refresh_mart', 'live_mart', 'check_mart', 'execute_at_one_snapshot', 'execute_as_owner', 'mart_refresh_all', 'mart_drop_companions', 'mart_drop_stored') AND prorettype <> 'trigger'::regtype
	AND proname !~ '^mart_(settings|setting_guards|comments|apply_notes|(upgrade|train|note|serve|store)_\w+|(fact|layer|count)_tables?|(\w+_)?views)$'
ORDER BY signature::text COLLATE "C";

-- Functions that only read and are not parallel safe, and functions that write and say they are. One reads what may be temporary.
SELECT signature, provolatile, proparallel FROM routine
WHERE (provolatile = 'v') = (proparallel = 's') AND proname <> 'classical_scorecard'
ORDER BY signature::text COLLATE "C";

-- Functions that look names up at run time: a standard body or a pinned search_path, pg_catalog first and pg_temp last.
SELECT signature, proconfig FROM routine
WHERE lanname NOT IN ('c', 'internal') AND prosqlbody IS NULL
	AND NOT EXISTS (SELECT FROM unnest(proconfig) setting WHERE setting ~ '^search_path=pg_catalog, (.*, )?pg_temp$')
ORDER BY signature::text COLLATE "C";

-- Functions that run with their owner's rights.
SELECT signature FROM routine WHERE prosecdef OR proleakproof
ORDER BY signature::text COLLATE "C";

-- Aggregates that cannot be computed in parallel.
SELECT r.signature FROM routine r JOIN pg_aggregate a ON a.aggfnoid = r.oid
WHERE a.aggcombinefn = 0
	OR (a.aggtranstype = 'internal'::regtype AND (a.aggserialfn = 0 OR a.aggdeserialfn = 0))
ORDER BY r.signature::text COLLATE "C";

-- Base types without a binary form.
SELECT m.identity FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
WHERE t.typtype = 'b' AND t.typelem = 0 AND (t.typsend = 0 OR t.typreceive = 0)
ORDER BY m.identity COLLATE "C";

-- A bare literal is a rate wherever an accessor's name is shared: the types that share it need one category, with rate preferred in it.
SELECT DISTINCT t.typname, t.typcategory FROM routine r JOIN pg_type t ON t.oid = r.proargtypes[0] JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
WHERE r.proname IN ('low', 'high', 'compare', 'points') AND t.typtype = 'b' AND t.typcategory <> 'K'
ORDER BY t.typname;
SELECT typname FROM pg_type WHERE typcategory = 'K' AND typispreferred;
