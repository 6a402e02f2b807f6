-- Prints doc/reference.md: what the extension and a mart say of themselves (COMMENT ON). In a database with lead_kpi:
--     psql -X -q -f test/lib/reference.sql >doc/reference.md
-- test/t/064_reference.pl compares the page with it.
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_min_messages = warning;
SET search_path = pg_catalog;
SELECT lead_kpi.create_mart('reference_mart') \g /dev/null

\echo '# Reference'
\echo
\echo 'Every view of a mart with its columns, then every function, aggregate and type, in their own words: this page is made from the comments in the database'
\echo '(`\\d+` and `\\df+` in psql show them, too) by `test/lib/reference.sql`. What is internal is left out.'
\echo
\echo '## Views of a mart'
\echo
SELECT format(E'### %s\n\n%s\n\n| column | type | meaning |\n|---|---|---|\n%s\n', c.relname, obj_description(c.oid, 'pg_class'),
	(
		SELECT string_agg(format('| `%s` | %s | %s |', a.attname, replace(format_type(a.atttypid, NULL), ' with time zone', ' tz'),
			replace(col_description(c.oid, a.attnum), '|', '\|')), E'\n' ORDER BY a.attnum)
		FROM pg_attribute a
		WHERE a.attrelid = c.oid AND a.attnum > 0
	))
FROM pg_class c
WHERE c.relnamespace = 'reference_mart'::regnamespace AND c.relkind = 'v'
ORDER BY c.relname COLLATE "C";
\echo '## Settings'
\echo
SELECT format(E'### %s\n\n%s\n\n| column | type | meaning |\n|---|---|---|\n%s\n', c.relname, obj_description(c.oid, 'pg_class'),
	(
		SELECT string_agg(format('| `%s` | %s | %s |', a.attname, replace(format_type(a.atttypid, NULL), ' with time zone', ' tz'),
			replace(col_description(c.oid, a.attnum), '|', '\|')), E'\n' ORDER BY a.attnum)
		FROM pg_attribute a
		WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	))
FROM pg_class c
WHERE c.relnamespace = 'reference_mart'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname COLLATE "C";
\echo '## Types'
\echo
SELECT format(E'- **%s**: %s', t.typname, obj_description(t.oid, 'pg_type'))
FROM pg_type t
WHERE t.typnamespace = 'lead_kpi'::regnamespace AND t.typtype = 'b' AND t.typelem = 0
ORDER BY t.typname COLLATE "C";
\echo
\echo '## Functions and aggregates'
\echo
-- Overloads that say the same are told once.
SELECT format(E'**%s**%s\n\n%s\n\n%s\n', p.proname, CASE WHEN bool_or(p.prokind = 'a') THEN ' (aggregate)' ELSE '' END,
	string_agg(format('    %s(%s)%s', p.proname, pg_get_function_arguments(p.oid), coalesce(' → ' || pg_get_function_result(p.oid), '')), E'\n'
		ORDER BY pg_get_function_arguments(p.oid) COLLATE "C"), d.description)
FROM pg_proc p
JOIN pg_description d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE p.pronamespace = 'lead_kpi'::regnamespace AND d.description !~* '\minternal\M' AND p.prorettype <> 'trigger'::regtype
	AND p.proname !~ '_(in|out|recv|send)$' AND 'internal'::regtype::oid <> ALL (p.proargtypes) AND p.prorettype <> 'internal'::regtype
GROUP BY p.proname, d.description
ORDER BY p.proname COLLATE "C", min(pg_get_function_arguments(p.oid)) COLLATE "C";
SELECT lead_kpi.drop_mart('reference_mart') \g /dev/null
