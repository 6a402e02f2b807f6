-- The public surface, one line an object: a change of it shows here, in review.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
RESET client_min_messages;
SET search_path = lead_kpi, pg_catalog;

CREATE TEMP TABLE member AS
SELECT d.classid, d.objid FROM pg_depend d
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'lead_kpi');

\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '

\echo types
SELECT format_type(t.oid, NULL) COLLATE "C",
	CASE t.typtype WHEN 'b' THEN format('base, length %s, alignment %s, storage %s, category %s%s', t.typlen, t.typalign, t.typstorage, t.typcategory,
			CASE WHEN t.typispreferred THEN ' preferred' END)
		WHEN 'c' THEN (SELECT format('(%s)', string_agg(format('%s %s', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum))
			FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0)
		ELSE t.typtype::text END
FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
WHERE t.typcategory <> 'A' ORDER BY 1;

\echo functions: signature, result, language, volatility, strictness, parallel safety, settings
SELECT format('%s(%s) -> %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)) COLLATE "C", l.lanname,
	CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
	CASE WHEN p.proisstrict THEN 'strict' ELSE 'called on null' END,
	'parallel ' || CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
	array_to_string(p.proconfig, '; ')
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'w', 'p') ORDER BY 1;

\echo aggregates: signature, result, state type, how it ends, parallel safety
SELECT format('%s(%s) -> %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)) COLLATE "C",
	format_type(a.aggtranstype, NULL), a.aggtransfn::regproc,
	nullif(a.aggfinalfn, 0)::regproc, nullif(a.aggcombinefn, 0)::regproc, nullif(a.aggserialfn, 0)::regproc, nullif(a.aggdeserialfn, 0)::regproc,
	'parallel ' || CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid JOIN pg_aggregate a ON a.aggfnoid = p.oid
ORDER BY 1;

\echo operators
SELECT format('%s %s %s -> %s', format_type(o.oprleft, NULL), o.oprname, format_type(o.oprright, NULL), format_type(o.oprresult, NULL)) COLLATE "C",
	o.oprcode, CASE WHEN o.oprcanhash THEN 'hashes' END, CASE WHEN o.oprcanmerge THEN 'merges' END
FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
ORDER BY 1;

\echo casts
SELECT format('%s -> %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) COLLATE "C", nullif(c.castfunc, 0)::regprocedure,
	CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END
FROM member m JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
ORDER BY 1;

\echo others
SELECT o.type, o.identity COLLATE "C" FROM member m, pg_identify_object(m.classid, m.objid, 0) o
WHERE m.classid NOT IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass)
ORDER BY 1, 2;
