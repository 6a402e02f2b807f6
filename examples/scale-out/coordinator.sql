-- The server that answers over all shards: it holds no leads, and needs the library as they do. Run it once, before add_shard.sql for each of them:
--     psql -d kpi -f examples/scale-out/coordinator.sql
-- doc/scale-out.md
\set ON_ERROR_STOP on
BEGIN;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
CREATE SCHEMA scale_out;

CREATE TABLE scale_out.shard (name name PRIMARY KEY, from_bucket integer NOT NULL, below_bucket integer NOT NULL);
COMMENT ON TABLE scale_out.shard IS 'The shards that add_shard.sql made known: a server and a schema of this name.';

CREATE TABLE scale_out.over_shards (view name PRIMARY KEY, query text NOT NULL, by text[] NOT NULL, summed text[] NOT NULL);
COMMENT ON TABLE scale_out.over_shards IS 'What create_view was called with, so that a new shard can be added to the views.';

-- A shard that is forgotten, or on two servers, would give a number that looks right.
CREATE FUNCTION scale_out.check_shards()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	shard record;
	present record;
	settings text;
	next integer := 0;
BEGIN
	FOR shard IN SELECT s.name, s.from_bucket, s.below_bucket FROM scale_out.shard s ORDER BY s.from_bucket
	LOOP
		EXECUTE format('SELECT from_bucket, below_bucket, is_checked, settings FROM %I.shard', shard.name) INTO STRICT present;
		settings := coalesce(settings, present.settings);
		IF (present.from_bucket, present.below_bucket) <> (shard.from_bucket, shard.below_bucket) THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('shard %I holds the buckets %s to %s, but is known here for %s to %s', shard.name, present.from_bucket, present.below_bucket - 1,
					shard.from_bucket, shard.below_bucket - 1),
				HINT = 'Run add_shard.sql for it again.';
		ELSIF NOT present.is_checked THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('shard %I may hold leads that are on another one too', shard.name),
				DETAIL = 'A constraint whole_leads of its mart is missing or not validated. A lead in parts is counted once by each shard.',
				HINT = 'Run shard.sql there; scale_out.split_leads() lists the leads that are on several shards.';
		ELSIF present.settings <> settings THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('the mart of shard %I has other settings than those before it', shard.name),
				DETAIL = 'A lead that one shard counts, another one would not.', HINT = 'Give the tables rule, stage and currency_rate of its mart the same rows.';
		ELSIF shard.from_bucket > next THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('the leads of the buckets %s to %s are on no shard', next, shard.from_bucket - 1), HINT = 'Run add_shard.sql for the shard that holds them.';
		END IF;
		next := shard.below_bucket;
	END LOOP;
	IF next < 1024 THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('the leads of the buckets %s to 1023 are on no shard', next), HINT = 'Run add_shard.sql for the shard that holds them.';
	END IF;
END;
$$;
COMMENT ON FUNCTION scale_out.check_shards() IS 'Asks every shard; an error if one is down, buckets are on no shard, leads may be on two, or their marts have different settings.';

-- The tables of all shards under one name, to load through: each row goes to the shard of its lead. Two shards for one bucket are refused here.
CREATE FUNCTION scale_out.attach_shard(shard name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	present record;
	item text;
	hash text;
BEGIN
	EXECUTE format('SELECT from_bucket, below_bucket FROM %I.shard', shard) INTO STRICT present;
	SELECT CASE a.atttypid WHEN 'bigint'::regtype THEN 'hashint8extended' WHEN 'uuid'::regtype THEN 'uuid_hash_extended' ELSE 'hashtextextended' END INTO hash
	FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.lead', shard)) AND a.attname = 'lead_id';
	FOREACH item IN ARRAY '{lead,stage_event,touch,deal}'::text[]
	LOOP
		IF to_regclass('scale_out.' || item) IS NULL THEN
			EXECUTE format('CREATE TABLE scale_out.%1$I (LIKE %2$I.%1$I) PARTITION BY RANGE ((%3$s(lead_id, 0) & 1023))', item, shard, hash);
		END IF;
		EXECUTE format('ALTER TABLE scale_out.%1$I ATTACH PARTITION %2$I.%1$I FOR VALUES FROM (%3$s) TO (%4$s)', item, shard, present.from_bucket,
			present.below_bucket);
	END LOOP;
	INSERT INTO scale_out.shard VALUES (shard, present.from_bucket, present.below_bucket);
END;
$$;
COMMENT ON FUNCTION scale_out.attach_shard(name) IS 'What add_shard.sql ends with: makes a shard whose tables were imported one of all.';

CREATE FUNCTION scale_out.create_view(view name, query text, by text[], summed text[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	shard name;
	definition text;
	bare text;
	arms text;
	wrong record;
	columns text;
	keys text;
	plan json;
BEGIN
	PERFORM scale_out.check_shards();
	FOR shard IN SELECT s.name FROM scale_out.shard s ORDER BY s.name
	LOOP
		-- Names without a schema are those of the shard, then of lead_kpi; the definition that comes back has them all spelt out.
		PERFORM set_config('search_path', format('%I, lead_kpi, pg_temp', shard), true);
		EXECUTE format('CREATE TEMPORARY VIEW over_one_shard AS %s', query);
		PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
		definition := rtrim(pg_get_viewdef('pg_temp.over_one_shard'::regclass), ';');
		IF columns IS NULL THEN
			-- Without strings and quoted names, what is in capitals is a keyword.
			bare := regexp_replace(definition, '''([^'']|'''')*''|"([^"]|"")*"', '', 'g');
			IF bare ~ '\m(HAVING|LIMIT|OFFSET|DISTINCT|OVER|UNION|INTERSECT|EXCEPT)\M' THEN
				RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
					MESSAGE = format('%s within a shard means another thing than over all of them', substring(bare FROM '\m(HAVING|LIMIT|OFFSET|DISTINCT|OVER|UNION|INTERSECT|EXCEPT)\M')),
					HINT = 'Leave it out here, and write it in what reads the view.';
			END IF;
			SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type INTO wrong
			FROM pg_attribute a
			WHERE a.attrelid = 'pg_temp.over_one_shard'::regclass AND a.attnum > 0 AND a.attname <> ALL (by) AND a.attname <> ALL (summed)
				AND to_regprocedure(format('lead_kpi.rollup(%s)', format_type(a.atttypid, NULL))) IS NULL
			ORDER BY a.attnum LIMIT 1;
			IF FOUND THEN
				RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
					MESSAGE = format('column %I is of type %s, and nothing says how it adds up over the shards', wrong.attname, wrong.type),
					HINT = 'Name it in by if the query groups by it, in summed if it is a count or an amount; of anything else make a summary: rate(), moments(), funnel() ...';
			END IF;
			SELECT string_agg(CASE
					WHEN a.attname = ANY (by) THEN format('s.%I', a.attname)
					WHEN a.attname = ANY (summed) THEN format('sum(s.%1$I)%2$s AS %1$I', a.attname, CASE WHEN a.atttypid IN ('bigint'::regtype, 'integer'::regtype) THEN '::bigint' ELSE '' END)
					ELSE format('lead_kpi.rollup(s.%1$I) AS %1$I', a.attname)
				END, ', ' ORDER BY a.attnum),
				string_agg(format('s.%I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attname = ANY (by))
			INTO columns, keys
			FROM pg_attribute a
			WHERE a.attrelid = 'pg_temp.over_one_shard'::regclass AND a.attnum > 0;
		END IF;
		-- What is not computed by the shard itself would travel as rows. The numbers would be right, and slow.
		EXECUTE format('EXPLAIN (FORMAT JSON) %s', definition) INTO plan;
		IF plan #>> '{0,Plan,Node Type}' <> 'Foreign Scan' THEN
			RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
				MESSAGE = format('shard %I would send its rows instead of summaries', shard), DETAIL = jsonb_pretty(plan::jsonb),
				HINT = 'Some expression cannot be sent: now(), AT TIME ZONE, date_trunc(), coalesce() or IS TRUE (CASE can), a function or type that is neither '
					'built in nor of lead_kpi, a table of this server. Compute it in a view on the shards, as scale_out.event does, and import that. Small or never analyzed tables: '
					'run ANALYZE on the shards.';
		END IF;
		arms := concat_ws(E'\nUNION ALL\n', arms, definition);
		DROP VIEW pg_temp.over_one_shard;
	END LOOP;
	EXECUTE format(E'CREATE OR REPLACE VIEW scale_out.%I WITH (security_invoker = true) AS\nSELECT %s\nFROM\n(\n%s\n) s%s', view, columns, arms,
		E'\nGROUP BY ' || keys);
	INSERT INTO scale_out.over_shards AS o VALUES (view, query, by, summed)
	ON CONFLICT ON CONSTRAINT over_shards_pkey DO UPDATE SET query = excluded.query, by = excluded.by, summed = excluded.summed;
END;
$$;
COMMENT ON FUNCTION scale_out.create_view(name, text, text[], text[]) IS
'Makes the view scale_out.VIEW of a query that is written as for one server (SELECT ... GROUP BY): every shard answers it over its own leads, and the summaries are rolled up. by: the columns that it groups by. summed: counts and amounts, which are added. All others are summaries. Errors: a shard that is down, forgotten or without constraints; a column of which nothing says how it adds up; HAVING, LIMIT, DISTINCT or a window; a query whose rows would travel.';

CREATE FUNCTION scale_out.remake_views()
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT scale_out.create_view(o.view, o.query, o.by, o.summed) FROM scale_out.over_shards o
$$;
COMMENT ON FUNCTION scale_out.remake_views() IS 'Makes the views of create_view again, over the shards of now. Call it when a shard has come.';

CREATE FUNCTION scale_out.split_leads(relation name, lead_column name DEFAULT 'lead_id')
RETURNS TABLE (lead text, shards name[])
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE (
		SELECT format('SELECT s.lead::text, array_agg(s.shard ORDER BY s.shard) FROM (%s) s GROUP BY s.lead HAVING count(*) > 1 ORDER BY s.lead',
			string_agg(format('SELECT %1$L::name AS shard, %2$I AS lead FROM %1$I.%3$I WHERE %2$I IS NOT NULL GROUP BY %2$I', s.name, lead_column, relation), ' UNION ALL '))
		FROM scale_out.shard s);
END;
$$;
COMMENT ON FUNCTION scale_out.split_leads(name, name) IS
'Leads with rows of a relation on more than one shard, which every figure counts more than once. Every shard sends the keys of its leads, each once: for the day when data were loaded by other means.';
COMMIT;
