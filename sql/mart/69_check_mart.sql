-- check_mart: whether a stored mart shows what a live one would.

CREATE FUNCTION mart_difference(stored regclass, live regclass, is_rounded boolean, OUT stored_only bigint, OUT live_only bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns text;
BEGIN
	-- Sums of float8 in another order differ in the last digits.
	SELECT string_agg(CASE WHEN is_rounded AND a.atttypid = 'float8'::regtype
		THEN format('CASE WHEN abs(v.%1$I) < ''Infinity'' THEN to_char(v.%1$I, ''9.99999999999EEEE'') ELSE v.%1$I::text END', a.attname)
		-- A sum keeps as many digits as any amount in it had.
		WHEN a.atttypid = 'numeric'::regtype THEN format('trim_scale(v.%I)', a.attname)
		ELSE format('v.%I', a.attname) END, ', ' ORDER BY a.attnum)
	INTO columns
	FROM pg_attribute a
	WHERE a.attrelid = live AND a.attnum > 0;
	EXECUTE format($sql$
		WITH side AS
		(
			SELECT r, sum(n) AS more
			FROM (SELECT ROW(%1$s)::text AS r, 1 AS n FROM %2$s v UNION ALL SELECT ROW(%1$s)::text, -1 FROM %3$s v) u
			GROUP BY r
			HAVING sum(n) <> 0
		)
		SELECT coalesce(sum(more) FILTER (WHERE more > 0), 0), coalesce(-sum(more) FILTER (WHERE more < 0), 0) FROM side$sql$, columns, stored, live)
	INTO stored_only, live_only;
END;
$$;
COMMENT ON FUNCTION mart_difference(regclass, regclass, boolean) IS
'Internal to check_mart: how many rows each of two relations with the same columns has that the other has not; is_rounded: float8 to 12 digits.';

CREATE FUNCTION check_mart(mart name)
RETURNS TABLE (relation text, stored_only bigint, live_only bigint, is_identical boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET row_security = off
SET jit = off
SET client_min_messages = warning
-- As refresh_mart writes: some columns are dates, moments and intervals as text.
SET TimeZone = 'UTC'
SET DateStyle = 'ISO'
SET IntervalStyle = 'postgres'
SET lead_kpi.summary_output = 'compact'
AS $$
DECLARE
	live CONSTANT name := lead_kpi.mart_companion(mart, 'check');
	query text;
	item record;
	difference record;
BEGIN
	PERFORM lead_kpi.mart_owner_only(mart, 'check_mart');
	IF NOT lead_kpi.mart_is_stored(mart) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I is live: there is nothing to compare', mart),
			HINT = format('To store it: SELECT lead_kpi.store_mart(%L);', mart);
	END IF;
	-- The views of a live mart once more, over the relations of this one. Each layer that others read is computed once.
	EXECUTE format('CREATE SCHEMA %I', live);
	PERFORM lead_kpi.mart_views(live);
	FOR item IN
		SELECT l.relation, to_regclass(format('%I.%I', live, l.relation)) AS view FROM lead_kpi.mart_stored_layers() l ORDER BY l.ordinal
	LOOP
		PERFORM lead_kpi.mart_reports(format('check_mart %I: live %s', mart, item.relation));
		query := pg_get_viewdef(item.view);
		EXECUTE format('CREATE TABLE %I.%I AS %s', live, item.relation || '_row', query);
		EXECUTE format('ANALYZE %I.%I', live, item.relation || '_row');
		EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT * FROM %1$I.%3$I', live, item.relation, item.relation || '_row');
	END LOOP;
	FOR item IN
		SELECT c.relname, c.oid::regclass AS live, to_regclass(format('%I.%I', mart, c.relname)) AS stored
		FROM pg_class c
		WHERE c.relnamespace = to_regnamespace(quote_ident(live)) AND c.relkind = 'v'
		ORDER BY c.relname
	LOOP
		PERFORM lead_kpi.mart_reports(format('check_mart %I: compare %s', mart, item.relname));
		SELECT d.* INTO difference FROM lead_kpi.mart_difference(item.stored, item.live, false) d;
		is_identical := difference.stored_only = 0 AND difference.live_only = 0;
		IF NOT is_identical THEN
			SELECT d.* INTO difference FROM lead_kpi.mart_difference(item.stored, item.live, true) d;
		END IF;
		relation := item.relname;
		stored_only := difference.stored_only;
		live_only := difference.live_only;
		RETURN NEXT;
	END LOOP;
	PERFORM lead_kpi.mart_drop_companions(ARRAY[live]);
	PERFORM lead_kpi.mart_reports(NULL);
END;
$$;
COMMENT ON FUNCTION check_mart(name) IS
'Compares a stored mart with a live one over the same relations, view by view: stored_only and live_only are rows that the other does not have, with float8 to '
'12 digits; is_identical: not even a last digit differs. Takes as long as storing the mart. What was written since the last refresh shows as a difference. '
'Needs the owner and CREATE on the database. Errors: not a mart; live; not its owner.';
