-- The cells of a stored mart: sums over leads, from which a refresh takes what the changed leads brought before, and to which it adds what they bring now.

CREATE FUNCTION mart_cell_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	changed CONSTANT name := lead_kpi.mart_companion(mart, 'changed');
	columns text;
	item record;
BEGIN
	EXECUTE format('CREATE UNLOGGED TABLE %1$I.cell_lead AS SELECT lead_id FROM %1$I.refreshed_lead WITH NO DATA', stored);
	EXECUTE format('COMMENT ON TABLE %I.cell_lead IS %L', stored, 'The leads whose part of the cells is asked for: those that a refresh makes again, or all of '
		'some cells.');
	-- The views of the mart once more, up to the cells, over the facts of these leads.
	PERFORM lead_kpi.mart_lead_views(changed);
	PERFORM lead_kpi.mart_event_views(changed);
	PERFORM lead_kpi.mart_outcome_views(changed);
	PERFORM lead_kpi.mart_sum_views(changed);
	-- Copied once: the views read them again and again.
	FOR item IN SELECT t.name FROM unnest('{lead_fact,event_fact,activity_fact}'::text[]) AS t(name)
	LOOP
		EXECUTE format('CREATE UNLOGGED TABLE %1$I.%2$I AS SELECT * FROM %3$I.%2$I WITH NO DATA', changed, item.name, stored);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', changed, item.name, format('%s of the leads in cell_lead.', item.name));
	END LOOP;
	FOR item IN SELECT q.name, q.query FROM lead_kpi.mart_fact_queries(mart, changed, changed, 'true') q
	LOOP
		EXECUTE format('CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = true) AS %s', changed, item.name, item.query);
	END LOOP;
	-- What is not of these leads alone is the mart's.
	FOR item IN
		SELECT l.relation FROM lead_kpi.mart_stored_layers() l
		WHERE l.kind IN ('context', 'rows') AND to_regclass(format('%I.%I', changed, l.relation)) IS NOT NULL
	LOOP
		SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
		FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.%I', mart, item.relation)) AND a.attnum > 0;
		EXECUTE format('CREATE OR REPLACE VIEW %1$I.%2$I WITH (security_invoker = true) AS SELECT %3$s FROM %4$I.%2$I', changed, item.relation, columns, mart);
	END LOOP;
	SELECT string_agg(format('%I.%I', changed, c.relname), ', ') INTO columns
	FROM pg_class c
	WHERE c.relnamespace = to_regnamespace(quote_ident(changed)) AND c.relkind = 'v'
		AND c.oid NOT IN (SELECT b.relation FROM lead_kpi.mart_stored_layers() l
			CROSS JOIN LATERAL lead_kpi.mart_beneath(to_regclass(format('%I.%I', changed, l.relation))) b
			WHERE l.kind = 'cells' AND to_regclass(format('%I.%I', stored, l.relation)) IS NOT NULL);
	EXECUTE format('DROP VIEW %s', columns);
	-- Cells of activities there are none.
	EXECUTE format('DROP TABLE %I.activity_fact', changed);
	FOR item IN SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(changed)) AND c.relkind = 'v'
	LOOP
		EXECUTE format('COMMENT ON VIEW %I.%I IS %L', changed, item.name, format('%s of the leads in cell_lead.', item.name));
	END LOOP;
	FOR item IN EXECUTE format('SELECT l.relation FROM %I.layer l WHERE l.kind = ''cells''', stored)
	LOOP
		EXECUTE format('CREATE UNLOGGED TABLE %I.%I AS SELECT NULL::integer AS sign, v.* FROM %I.%I v WITH NO DATA', stored, item.relation || '_change',
			changed,
			item.relation);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', stored, item.relation || '_change', format('What a refresh changes in %I: -1 = what its leads '
			'brought before, '
			'1 = what they bring now, 0 = what the rows are to be.', item.relation));
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_cell_views(name) IS
'Internal to store_mart: makes the views that compute what some leads bring to the cells, by the same definitions as in the mart, and the tables for it.';

CREATE FUNCTION mart_cell_facts(mart name, condition text)
RETURNS TABLE (label text, condition text, statement text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
	SELECT s.label, mart_cell_facts.condition, format(s.statement, mart_companion(mart, 'changed'), mart_companion(mart, 'stored'), t.name, t.key, t.columns)
	FROM (VALUES (1, 'cell_lead', NULL, NULL),
		-- What is joined and filtered by: texts take long.
		(2, 'lead_fact', 'lead_id', 'lead_id, counted_id, duplicate_of, is_record, excluded_reason'),
		(3, 'event_fact', 'record_id', 'record_id, lead_id, kind, excluded_reason')) t(ordinal, name, key, columns)
	CROSS JOIN LATERAL
	(
		VALUES
			(1, 'count leads of cells', 'ANALYZE %2$I.%3$I', t.key IS NULL),
			(2, 'forget ' || t.name || ' of cells', 'DELETE FROM %1$I.%3$I', t.key IS NOT NULL),
			(3, t.name || ' of cells', 'INSERT INTO %1$I.%3$I SELECT * FROM %2$I.%3$I WHERE %4$I IN (SELECT lead_id FROM %2$I.cell_lead) '
				'UNION ALL SELECT * FROM %2$I.%3$I WHERE %4$I IS NULL', t.key IS NOT NULL),
			(4, 'count ' || t.name || ' of cells', 'ANALYZE %1$I.%3$I (%5$s)', t.key IS NOT NULL)
	) s(ordinal, label, statement, is_asked)
	WHERE s.is_asked
	ORDER BY t.ordinal, s.ordinal;
END;
COMMENT ON FUNCTION mart_cell_facts(name, text) IS
'Internal to refresh_mart: the statements that copy the facts of the leads in cell_lead, from which what they bring to the cells is computed.';

CREATE FUNCTION mart_cell_merge(mart name, layer text)
RETURNS TABLE (label text, condition text, statement text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored CONSTANT name := lead_kpi.mart_companion(mart, 'stored');
	changed CONSTANT name := lead_kpi.mart_companion(mart, 'changed');
	grain CONSTANT text[] := lead_kpi.mart_cell_grain(layer);
	names text;
	keys text;
	sums text;
	fact_keys text;
	lost_keys text;
	counter name;
	is_touched text;
	is_lost text;
	is_needed text;
	only_moved boolean;
BEGIN
	SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum),
		string_agg(format('v.%I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attname = ANY (grain)),
		-- As a lead has it itself, and comparable: which leads there are more does not matter.
		string_agg(format('coalesce(v.%I, %L)', CASE a.attname WHEN 'week' THEN 'day' ELSE a.attname END,
			CASE WHEN a.atttypid = 'date'::regtype THEN 'infinity' ELSE '' END), ', ' ORDER BY a.attnum) FILTER (WHERE a.attname = ANY (grain)),
		string_agg(format('coalesce(%s, %L)', CASE a.attname WHEN 'week' THEN 'v.week + d.number' ELSE format('v.%I', a.attname) END,
			CASE WHEN a.atttypid = 'date'::regtype THEN 'infinity' ELSE '' END), ', ' ORDER BY a.attnum) FILTER (WHERE a.attname = ANY (grain)),
		string_agg(CASE
			WHEN a.attname = ANY (grain) THEN format('v.%I', a.attname)
			WHEN a.atttypid = 'text'::regtype THEN format(
				CASE WHEN k.attname IS NOT NULL THEN 'CASE WHEN sum(v.sign * v.%3$I) > 0 THEN ' ELSE '' END
				-- What comes tells which extremes of a funnel are not gone, mostly: of a lead that goes on all durations but one stay.
				|| CASE WHEN a.attname = 'funnel' THEN 'CASE WHEN bool_or(v.sign < 0 AND v.%1$I IS NOT NULL) AND bool_or(v.comes AND v.%1$I IS NOT NULL) '
					'THEN lead_kpi.subtract('
					'lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) FILTER (WHERE v.sign > 0), lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) FILTER (WHERE v.sign < 0), '
					'lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) FILTER (WHERE v.comes)) ELSE ' ELSE '' END
				|| 'CASE WHEN bool_or(v.sign < 0 AND v.%1$I IS NOT NULL) THEN lead_kpi.subtract(lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) '
				'FILTER (WHERE v.sign > 0), lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) FILTER (WHERE v.sign < 0)) '
				'ELSE lead_kpi.rollup(v.%1$I::lead_kpi.%2$I) END'
				|| CASE WHEN a.attname = 'funnel' THEN ' END' ELSE '' END || '::text'
				|| CASE WHEN k.attname IS NOT NULL THEN ' END' ELSE '' END,
				a.attname, CASE a.attname WHEN 'curve' THEN 'conversion_curve' ELSE a.attname END, k.attname)
			WHEN k.attname IS NOT NULL THEN format('CASE WHEN sum(v.sign * v.%I) > 0 THEN sum(v.sign * v.%I) END', k.attname, a.attname)
			ELSE format('sum(v.sign * v.%I)::%s', a.attname, format_type(a.atttypid, NULL))
		END, ', ' ORDER BY a.attnum),
		(array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attname <> ALL (grain)))[1],
		-- Of a funnel an extreme of durations may be gone; all others are known to the bit.
		coalesce(string_agg(format('v.%I IS NULL', a.attname), ' OR ') FILTER (WHERE a.attname = 'funnel'), 'false')
	INTO names, keys, fact_keys, lost_keys, sums, counter, is_lost
	FROM pg_attribute a
	LEFT JOIN pg_attribute k ON k.attrelid = a.attrelid AND k.attname = a.attname || '_known'
	WHERE a.attrelid = to_regclass(format('%I.%I', mart, layer)) AND a.attnum > 0 AND NOT a.attisdropped;
	-- Most are of another day, or month: seen sooner than that all differs.
	is_touched := format('(v.%2$I IS NULL OR v.%2$I IN (SELECT v.%2$I FROM %1$I.%3$I v WHERE v.%2$I IS NOT NULL)) '
		'AND ROW(%4$s)::text IN (SELECT ROW(%4$s)::text FROM %1$I.%3$I v)', stored, grain[1], layer || '_change', keys);
	RETURN QUERY VALUES
		('merge ' || layer, NULL::text, format($sql$
			INSERT INTO %1$I.%2$I
			SELECT 0, %3$s
			FROM
			(
				SELECT *, sign > 0 AS comes FROM %1$I.%2$I
				UNION ALL
				SELECT 1, %4$s, false FROM %1$I.%5$I v WHERE %7$s
			) v
			GROUP BY %6$s$sql$, stored, layer || '_change', sums, names, layer, keys, is_touched));
	-- Then its durations are those of its leads that moved, and those that count under them; should that not tell, it is made again from all.
	FOREACH only_moved IN ARRAY CASE WHEN is_lost = 'false' THEN '{}' ELSE '{true,false}' END::boolean[]
	LOOP
		IF NOT only_moved THEN
			RETURN QUERY VALUES ('take away ' || layer, NULL, format('DELETE FROM %I.%I v WHERE %s', stored, layer, is_touched));
		END IF;
		is_needed := format('SELECT EXISTS (SELECT FROM %I.%I v WHERE v.sign = 0 AND v.%I > 0 AND (%s))', stored, layer || '_change', counter, is_lost);
		RETURN QUERY VALUES
			('forget leads of ' || layer, is_needed, format('DELETE FROM %I.cell_lead', stored)),
			('leads of ' || layer, is_needed, format($sql$
				INSERT INTO %1$I.cell_lead
				SELECT v.lead_id
				FROM %1$I.lead_fact v
				WHERE v.lead_id IS NOT NULL AND (%2$s) IN (SELECT %6$s FROM %1$I.%3$I v CROSS JOIN generate_series(0, 6) d(number)
						WHERE v.sign = 0 AND v.%4$I > 0 AND (%5$s))
					-- Few weeks of many: by index.
					AND v.day = ANY (ARRAY(SELECT DISTINCT v.week + d.number FROM %1$I.%3$I v CROSS JOIN generate_series(0, 6) d(number)
						WHERE v.sign = 0 AND v.%4$I > 0 AND (%5$s)))%7$s$sql$,
				stored, fact_keys, layer || '_change', counter, is_lost, lost_keys, CASE WHEN only_moved THEN ' AND v.stage_position > 1' ELSE '' END)),
			('count leads of ' || layer, is_needed, format('ANALYZE %I.cell_lead', stored)),
			-- Of few leads: where all is in memory an index costs less than the planner thinks. Never without sequential scans: it may have no other way.
			('by index', format('SELECT (%2$s) AND 50 * (SELECT count(*) FROM %1$I.cell_lead) < c.reltuples FROM pg_class c WHERE c.oid = '
				'to_regclass(%3$L)', stored, is_needed, format('%I.lead_fact', stored)),
				'SELECT set_config(''random_page_cost'', current_setting(''seq_page_cost''), true)'),
			('leads that count under those of ' || layer, is_needed, format($sql$
				INSERT INTO %1$I.cell_lead
				-- Each by the index of those that there are: few, which the planner does not know.
				SELECT o.lead_id
				FROM %1$I.cell_lead l
				CROSS JOIN LATERAL (SELECT f.lead_id FROM %1$I.lead_fact f WHERE f.counted_id = l.lead_id AND f.counted_id <> f.lead_id OFFSET 0) o
				UNION
				SELECT o.record_id
				FROM %1$I.cell_lead l
				CROSS JOIN LATERAL (SELECT e.record_id FROM %1$I.event_fact e WHERE e.lead_id = l.lead_id AND e.record_id <> e.lead_id OFFSET 0) o$sql$,
				stored));
		RETURN QUERY SELECT c.* FROM lead_kpi.mart_cell_facts(mart, is_needed) c;
		IF only_moved THEN
			RETURN QUERY VALUES
				('durations of ' || layer, is_needed, format($sql$
					WITH known AS MATERIALIZED
					(
						SELECT ROW(%3$s)::text AS cell, v.funnel::lead_kpi.funnel AS funnel FROM %6$I.%5$I v
					), part AS
					(
						SELECT ROW(%3$s)::text AS cell, v.sign, v.funnel::lead_kpi.funnel AS funnel FROM %1$I.%2$I v WHERE v.sign <> 0
						UNION ALL
						SELECT ROW(%3$s)::text, 1, v.funnel::lead_kpi.funnel FROM %1$I.%5$I v WHERE %4$s
					), rest AS MATERIALIZED
					(
						SELECT p.cell, lead_kpi.rollup(p.funnel) FILTER (WHERE p.sign > 0) AS whole, lead_kpi.rollup(p.funnel) FILTER (WHERE p.sign < 0) AS gone
						FROM part p
						WHERE p.cell IN (SELECT ROW(%3$s)::text FROM %1$I.%2$I v WHERE v.sign = 0 AND v.%7$I > 0 AND (%8$s))
						GROUP BY p.cell
					)
					UPDATE %1$I.%2$I v
					SET funnel = lead_kpi.subtract(r.whole, r.gone, k.funnel)::text
					FROM rest r
					JOIN known k ON k.cell = r.cell
					WHERE v.sign = 0 AND v.funnel IS NULL AND ROW(%3$s)::text = r.cell$sql$,
					stored, layer || '_change', keys, is_touched, layer, changed, counter, is_lost));
		ELSE
			RETURN QUERY VALUES
				('count again ' || layer, is_needed, format($sql$
					INSERT INTO %1$I.%2$I (%3$s)
					SELECT %3$s
					FROM %4$I.%2$I v
					WHERE ROW(%5$s)::text IN (SELECT ROW(%5$s)::text FROM %1$I.%6$I v WHERE v.sign = 0 AND v.%7$I > 0 AND (%8$s))$sql$,
					stored, layer, names, changed, keys, layer || '_change', counter, is_lost));
		END IF;
		RETURN QUERY VALUES
			('as planned', 'SELECT true', format('SELECT set_config(''random_page_cost'', %L, true)', current_setting('random_page_cost')));
	END LOOP;
	IF is_lost = 'false' THEN
		RETURN QUERY VALUES ('take away ' || layer, NULL, format('DELETE FROM %I.%I v WHERE %s', stored, layer, is_touched));
	END IF;
	RETURN QUERY VALUES
		(layer, NULL, format('INSERT INTO %1$I.%2$I (%3$s) SELECT %3$s FROM %1$I.%4$I v WHERE v.sign = 0 AND v.%5$I > 0 AND NOT (%6$s)', stored, layer, names,
			layer || '_change', counter, is_lost));
END;
$$;
COMMENT ON FUNCTION mart_cell_merge(name, text) IS
'Internal to refresh_mart: the statements that bring a layer of cells up to date from its table of changes.';
