-- The counts of a stored mart: what whole relations would be read for at each refresh. Of a relation that notes its changes a refresh adds the new rows
-- and takes away the former ones; it reads the relation again where that is not known, or where the latest date of some days is gone.

CREATE FUNCTION mart_count_tables(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
BEGIN
	EXECUTE format('CREATE UNLOGGED TABLE %1$I.date_count_change AS SELECT NULL::integer AS sign, v.* FROM %2$I.date_count v WITH NO DATA', stored, mart);
	EXECUTE format('COMMENT ON TABLE %I.date_count_change IS %L', stored, 'What a refresh changes in date_count: -1 = dates that are gone, 1 = new ones.');
END;
$$;
COMMENT ON FUNCTION mart_count_tables(name) IS 'Internal to store_mart: makes the table for what a refresh changes in the counts.';

CREATE FUNCTION mart_count_steps(mart name, rebuild boolean)
RETURNS TABLE (label text, condition text, statement text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	refresh CONSTANT name := lead_kpi.mart_companion(mart, 'refresh');
	item record;
BEGIN
	RETURN QUERY VALUES
		('forget changes of dates', NULL, format('DELETE FROM %I.date_count_change', stored)),
		('changes of dates', NULL, format($sql$
			INSERT INTO %1$I.date_count_change
			SELECT b.sign, b.relation, u.started, u.rows, u.latest, u.later
			FROM
			(
				SELECT n.relation, sign(n.rows)::integer AS sign, lead_kpi.time_bins(n.at, now()) AS bins
				FROM
				(
					SELECT c.relation, v.at, sum(CASE WHEN c.is_former THEN -1 ELSE 1 END) AS rows
					FROM %1$I.taken_change c
					CROSS JOIN LATERAL (VALUES (c.happened_at), (c.ended_at)) v(at)
					WHERE isfinite(v.at)
					GROUP BY c.relation, v.at
				) n
				CROSS JOIN LATERAL generate_series(1, abs(n.rows))
				GROUP BY 1, 2
			) b
			CROSS JOIN LATERAL unnest(b.bins) u$sql$, stored)),
		-- What was to come may have come.
		('which are counted again', NULL, format($sql$
			UPDATE %1$I.source s
			SET is_recounted = %2$L OR s.noticed_by <> 'trigger' OR s.relation = 'volume' OR (SELECT as_of IS NULL FROM %1$I.state)
				OR EXISTS (SELECT FROM %1$I.taken_change c WHERE c.relation = s.relation AND c.is_everything)
				OR EXISTS (SELECT FROM %1$I.date_count d WHERE d.relation = s.relation AND d.later > 0)
				OR EXISTS
				(
					SELECT FROM %1$I.date_count_change c
					LEFT JOIN %1$I.date_count d ON d.relation = c.relation AND d.started = c.started
					WHERE c.relation = s.relation AND (c.later > 0 OR c.sign < 0 AND (c.latest < d.latest AND c.dates <= d.dates) IS NOT TRUE)
				)$sql$, stored, rebuild));
	FOR item IN
		SELECT r.relation, format('SELECT is_recounted FROM %I.source WHERE relation = %L', stored, r.relation) AS is_recounted
		FROM unnest('{lead,stage_event,touch,deal,activity,volume}'::text[]) AS r(relation)
	LOOP
		RETURN QUERY VALUES
			('forget dates of ' || item.relation, item.is_recounted, format('DELETE FROM %I.date_count WHERE relation = %L', stored, item.relation)),
			('dates of ' || item.relation, item.is_recounted, format('INSERT INTO %1$I.date_count SELECT NULL, v.* FROM %2$I.date_count v '
				'WHERE v.relation = %3$L', stored, refresh, item.relation));
	END LOOP;
	RETURN QUERY VALUES
		('date_count', format('SELECT EXISTS (SELECT FROM %I.date_count_change)', stored), format($sql$
			WITH changed AS MATERIALIZED
			(
				SELECT u.relation, u.started, sum(u.dates)::bigint AS dates, max(u.latest) AS latest
				FROM
				(
					SELECT d.relation, d.started, d.dates, d.latest FROM %1$I.date_count d
					WHERE (d.relation, d.started) IN (SELECT c.relation, c.started FROM %1$I.date_count_change c)
					UNION ALL
					SELECT c.relation, c.started, c.sign * c.dates, CASE WHEN c.sign > 0 THEN c.latest END FROM %1$I.date_count_change c
				) u
				WHERE u.relation IN (SELECT s.relation FROM %1$I.source s WHERE NOT s.is_recounted)
				GROUP BY u.relation, u.started
			), gone AS
			(
				DELETE FROM %1$I.date_count d USING changed c WHERE d.relation = c.relation AND d.started = c.started
			)
			INSERT INTO %1$I.date_count (relation, started, dates, latest, later)
			SELECT c.relation, c.started, c.dates, c.latest, 0 FROM changed c WHERE c.dates > 0$sql$, stored));
	FOR item IN
		SELECT n.layer, n.relation, n.counter, format('SELECT is_recounted FROM %I.source WHERE relation = %L', stored, n.relation) AS is_recounted,
			format('SELECT NOT s.is_recounted AND EXISTS (SELECT FROM %1$I.taken_change c WHERE c.relation = s.relation) FROM %1$I.source s '
				'WHERE s.relation = %2$L', stored, n.relation) AS is_adjusted
		FROM (VALUES ('lead_name_count', 'lead', 'leads'), ('touch_count', 'touch', 'touches')) n(layer, relation, counter)
		-- Is it stored?
		WHERE to_regclass(format('%I.%I', stored, n.layer)) IS NOT NULL
	LOOP
		RETURN QUERY VALUES
			('forget ' || item.layer, item.is_recounted, format('DELETE FROM %I.%I', stored, item.layer)),
			('count again ' || item.layer, item.is_recounted, format('INSERT INTO %1$I.%2$I SELECT NULL, v.* FROM %3$I.%2$I v', stored, item.layer, refresh)),
			(item.layer, item.is_adjusted, format($sql$
				WITH change AS MATERIALIZED
				(
					SELECT c.channel, c.campaign, sum(CASE WHEN c.is_former THEN -1 ELSE 1 END) AS rows
					FROM %1$I.taken_change c
					WHERE c.relation = %4$L
					GROUP BY c.channel, c.campaign
					HAVING sum(CASE WHEN c.is_former THEN -1 ELSE 1 END) <> 0
				), gone AS
				(
					DELETE FROM %1$I.%2$I v WHERE ROW(v.channel, v.campaign)::text IN (SELECT ROW(c.channel, c.campaign)::text FROM change c)
				)
				INSERT INTO %1$I.%2$I (channel, campaign, %3$I)
				SELECT u.channel, u.campaign, sum(u.rows)::bigint
				FROM
				(
					SELECT v.channel, v.campaign, v.%3$I AS rows FROM %1$I.%2$I v
					WHERE ROW(v.channel, v.campaign)::text IN (SELECT ROW(c.channel, c.campaign)::text FROM change c)
					UNION ALL
					SELECT c.channel, c.campaign, c.rows FROM change c
				) u
				GROUP BY u.channel, u.campaign
				HAVING sum(u.rows) > 0$sql$, stored, item.layer, item.counter, item.relation));
	END LOOP;
	RETURN QUERY
		SELECT 'statistics of ' || l.relation, format('SELECT as_of IS NULL FROM %I.state', stored), format('ANALYZE %I.%I', stored, l.relation)
		FROM lead_kpi.mart_stored_layers() l
		WHERE l.kind = 'counts' AND to_regclass(format('%I.%I', stored, l.relation)) IS NOT NULL;
END;
$$;
COMMENT ON FUNCTION mart_count_steps(name, boolean) IS
'Internal to refresh_mart: the statements that bring the counts up to date with the changes that were taken; rebuild: all are counted again.';
