-- A line per view: its name, and the statement that reads its columns, then each of them again as the server writes it.
SELECT c.relname, format('SELECT %s FROM %I.%I v',
	string_agg(format('v.%I', a.attname), ', ' ORDER BY a.attnum) || ', '
	|| string_agg(CASE format_type(a.atttypid, -1) WHEN 'timestamp with time zone' THEN format('extract(epoch FROM v.%I)::text', a.attname)
		ELSE format('v.%I::text', a.attname) END || format(' AS check_%s', a.attnum), ', ' ORDER BY a.attnum), n.nspname, c.relname)
FROM pg_namespace n
JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'v'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = :'mart'
GROUP BY n.nspname, c.relname
ORDER BY c.relname;
