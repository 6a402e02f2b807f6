-- check_mart: whether a stored mart shows what a live one would.

CREATE FUNCTION check_mart(mart name)
RETURNS TABLE (relation text, stored_rows bigint, live_rows bigint, stored_only bigint, live_only bigint, is_equal boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET row_security = off
SET jit = off
AS $$
DECLARE
	live CONSTANT name := lead_kpi.mart_companion(mart, 'check');
	plain text;
	rounded text;
	item record;
	row_count record;
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'check_mart');
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I is live: there is nothing to compare', mart),
			HINT = format('To store it: SELECT lead_kpi.store_mart(%L);', mart);
	END IF;
	-- The same views once more, over the relations of the mart.
	EXECUTE format('CREATE SCHEMA %I', live);
	PERFORM lead_kpi.mart_views(live);
	FOR item IN
		SELECT c.relname, c.oid, to_regclass(format('%I.%I', mart, c.relname)) AS stored
		FROM pg_class c
		WHERE c.relnamespace = to_regnamespace(quote_ident(live)) AND c.relkind = 'v'
		ORDER BY c.relname
	LOOP
		SELECT string_agg(format('v.%I::text', a.attname), ', ' ORDER BY a.attnum),
			-- Sums of float8 in another order differ in the last digits.
			string_agg(CASE WHEN a.atttypid = 'float8'::regtype THEN format('CASE WHEN abs(v.%1$I) < ''Infinity'' THEN to_char(v.%1$I, ''9.99999999999EEEE'') '
				'ELSE v.%1$I::text END', a.attname) ELSE format('v.%I::text', a.attname) END, ', ' ORDER BY a.attnum)
		INTO plain, rounded
		FROM pg_attribute a
		WHERE a.attrelid = item.oid AND a.attnum > 0;
		EXECUTE format($sql$
			WITH stored AS MATERIALIZED (SELECT ROW(%1$s)::text AS plain, ROW(%2$s)::text AS rounded FROM %3$s v),
				live AS MATERIALIZED (SELECT ROW(%1$s)::text AS plain, ROW(%2$s)::text AS rounded FROM %4$s v)
			SELECT (SELECT count(*) FROM stored) AS stored_rows, (SELECT count(*) FROM live) AS live_rows,
				(SELECT count(*) FROM (SELECT rounded FROM stored EXCEPT ALL SELECT rounded FROM live) d) AS stored_only,
				(SELECT count(*) FROM (SELECT rounded FROM live EXCEPT ALL SELECT rounded FROM stored) d) AS live_only,
				NOT EXISTS (SELECT plain FROM stored EXCEPT ALL SELECT plain FROM live)
					AND NOT EXISTS (SELECT plain FROM live EXCEPT ALL SELECT plain FROM stored) AS is_equal$sql$,
			plain, rounded, item.stored, item.oid::regclass)
		INTO row_count;
		relation := item.relname;
		stored_rows := row_count.stored_rows;
		live_rows := row_count.live_rows;
		stored_only := row_count.stored_only;
		live_only := row_count.live_only;
		is_equal := row_count.is_equal;
		RETURN NEXT;
	END LOOP;
	PERFORM lead_kpi.mart_drop_companions(ARRAY[live]);
END;
$$;
COMMENT ON FUNCTION check_mart(name) IS
'Compares a stored mart with a live one over the same relations, view by view: stored_only and live_only are rows that the other does not have, with float8 to '
'12 digits; is_equal: not even a last digit differs. Takes as long as reading every view of a live mart. What was written since the last refresh shows as a '
'difference. Needs the owner and CREATE on the database. Errors: not a mart; live; not its owner.';
