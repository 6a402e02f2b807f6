-- kpi_day of a stored mart: but for spend each of its rows shows one cell of kpi_day_count, so that a refresh replaces those of the cells that changed.

CREATE FUNCTION mart_shown_day_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	changed CONSTANT name := lead_kpi.mart_companion(mart, 'changed');
	columns CONSTANT text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.kpi_day_count', mart)) AND a.attnum > 0);
BEGIN
	IF to_regclass(format('%I.kpi_day', stored)) IS NULL THEN
		RETURN;
	END IF;
	-- While the view is made, that name is for the cells that it is to show.
	EXECUTE format('ALTER VIEW %I.kpi_day_count RENAME TO brought', changed);
	EXECUTE format('CREATE VIEW %1$I.kpi_day_count WITH (security_invoker = true) AS '
		'SELECT %3$s FROM %2$I.kpi_day_count_change WHERE sign = 0 AND gross > 0 AND (kind IS NOT NULL OR owner IS NOT NULL) '
		'UNION ALL SELECT %3$s FROM %2$I.kpi_day_count WHERE kind IS NULL AND owner IS NULL', changed, stored, columns);
	EXECUTE format('COMMENT ON VIEW %I.kpi_day_count IS %L', changed, 'What a refresh changed of it, and all that has neither kind nor owner.');
	PERFORM lead_kpi.mart_day_views(changed);
	EXECUTE format('COMMENT ON VIEW %I.kpi_day IS %L', changed, 'The rows of kpi_day that a refresh changed, and all that have neither kind nor owner.');
	EXECUTE format('ALTER VIEW %I.kpi_day_count RENAME TO shown_kpi_day_count', changed);
	EXECUTE format('ALTER VIEW %I.brought RENAME TO kpi_day_count', changed);
END;
$$;
COMMENT ON FUNCTION mart_shown_day_views(name) IS
'Internal to store_mart: makes the view of the rows of kpi_day that a refresh replaces: each of the others shows one cell.';

CREATE FUNCTION mart_day_is_whole(mart name)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Spend of a channel is spread over its campaigns by all cells of a month.
RETURN format('SELECT is_total OR is_recounted OR (SELECT channel_spend = ''spread'' FROM %2$I.rule) '
	'AND EXISTS (SELECT FROM %1$I.counted_spend WHERE campaign IS NULL AND channel IS NOT NULL) FROM %1$I.state', mart_companion(mart, 'stored'), mart);
COMMENT ON FUNCTION mart_day_is_whole(name) IS 'Internal to refresh_mart: the condition under which all of kpi_day is made again.';

CREATE FUNCTION mart_shown_day_steps(mart name, condition text)
RETURNS TABLE (label text, condition text, statement text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT s.label, format('SELECT (%s) AND NOT (%s)', mart_shown_day_steps.condition, mart_day_is_whole(mart)),
		format(s.statement, mart_companion(mart, 'stored'), mart_companion(mart, 'changed'))
	FROM
	(VALUES
		(1, 'take away rows of kpi_day', $sql$
			DELETE FROM %1$I.kpi_day v WHERE v.kind IS NULL AND v.owner IS NULL
				OR (v.day IS NULL OR v.day IN (SELECT c.day FROM %1$I.kpi_day_count_change c WHERE c.day IS NOT NULL))
				AND ROW(v.day, v.channel, v.campaign, v.kind, v.owner)::text IN (SELECT ROW(c.day, c.channel, c.campaign, c.kind, c.owner)::text
					FROM %1$I.kpi_day_count_change c)$sql$),
		(2, 'rows of kpi_day', 'INSERT INTO %1$I.kpi_day SELECT NULL, v.* FROM %2$I.kpi_day v')
	) s(ordinal, label, statement)
	ORDER BY s.ordinal;
END;
COMMENT ON FUNCTION mart_shown_day_steps(name, text) IS
'Internal to refresh_mart: the statements that replace the rows of kpi_day whose cells changed, and all that have neither kind nor owner, unless all of it is '
'made again.';
