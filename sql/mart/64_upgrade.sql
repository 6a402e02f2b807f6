-- upgrade_mart: takes a mart that an older version made to the present format, and mends one that lost something.
-- It knows no formats. A mart made beside it, empty, is the template; what the mart lacks is what the catalog says is different.

CREATE FUNCTION mart_texts(template name)
RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(left(md5(d.description), 8))
		|| mart_former_words()
	FROM pg_namespace n
	LEFT JOIN pg_class c ON c.relnamespace = n.oid
	JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid OR d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
	WHERE n.nspname = template;
END;
COMMENT ON FUNCTION mart_texts(name) IS
'Internal to upgrade_mart: the comments that create_mart writes, or wrote, as in mart_former_words(). Others are the user''s.';

CREATE FUNCTION mart_relations(mart name, template name)
RETURNS TABLE (name name, model oid, model_kind "char", found oid, found_kind "char", is_data boolean, fits boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT t.relname, t.oid, t.relkind, m.oid, m.relkind, t.relname IN (SELECT s.relation FROM mart_shape() s),
		-- To be replaced, a view must keep its columns; more may follow.
		NOT EXISTS
		(
			SELECT FROM pg_attribute a
			WHERE a.attrelid = m.oid AND a.attnum > 0
				AND NOT EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = t.oid AND b.attnum = a.attnum AND b.attname = a.attname
					AND b.atttypid = a.atttypid AND b.atttypmod = a.atttypmod AND b.attcollation = a.attcollation)
		)
	FROM pg_class t
	LEFT JOIN pg_class m ON m.relname = t.relname AND m.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = mart)
	WHERE t.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = template) AND t.relkind IN ('r', 'v');
END;
COMMENT ON FUNCTION mart_relations(name, name) IS
'Internal to upgrade_mart: the tables and views of a mart as the template has them (model), and what the mart has under that name (found; NULL = nothing). '
'fits: the found columns are the first ones of the model.';

-- What would be called, read or written in place of what is meant is refused. Who makes the views looks names up in the mart, and the mart may be
-- somebody else's who wants just that.
CREATE FUNCTION mart_obstacles(mart name, template name, texts text[])
RETURNS TABLE (problem text, remedy text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH schema AS MATERIALIZED
	(
		SELECT n.oid, n.nspowner, pg_get_userbyid(n.nspowner) = CURRENT_USER AS is_callers
		FROM pg_namespace n
		WHERE n.nspname = mart
	), relation AS MATERIALIZED
	(
		SELECT r.*, r.found::regclass AS shown,
			EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objoid = r.found
				AND left(md5(d.description), 8) = ANY (texts)) AS is_told,
			(SELECT count(*) FROM pg_attribute a JOIN pg_attribute b ON b.attname = a.attname AND b.atttypid = a.atttypid AND b.attnum > 0
				WHERE a.attrelid = r.model AND a.attnum > 0 AND NOT a.attisdropped AND b.attrelid = r.found)
			>= (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = r.model AND a.attnum > 0) / 2.0 AS is_alike
		FROM mart_relations(mart, template) r
		WHERE r.found IS NOT NULL
	), visible AS
	(
		SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('pg_catalog', 'lead_kpi')
	)
	-- Names that something else has.
	SELECT format('%s is not what create_mart makes under that name', pg_describe_object('pg_class'::regclass, r.found, 0)),
		format('Rename it, or move it to another schema: ALTER %s %s RENAME TO ...;',
			CASE r.found_kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE'
				WHEN 'i' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, r.shown)
	FROM relation r
	WHERE CASE
			WHEN r.model_kind = 'v' THEN r.found_kind <> 'v' OR NOT (r.fits OR r.is_told)
			WHEN r.is_data THEN r.found_kind NOT IN ('r', 'p', 'v') OR NOT (r.is_told OR r.is_alike)
			ELSE r.found_kind <> 'r' OR NOT (r.is_told OR r.is_alike)
		END
	UNION ALL
	SELECT format('column %s.%I is %s, not %s', r.shown, a.attname, format_type(b.atttypid, b.atttypmod), format_type(a.atttypid, a.atttypmod)),
		format('Give it another name: ALTER %s %s RENAME COLUMN %I TO ...;', CASE r.found_kind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, r.shown, a.attname)
	FROM relation r
	JOIN pg_attribute a ON a.attrelid = r.model AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_attribute b ON b.attrelid = r.found AND b.attname = a.attname AND b.atttypid <> a.atttypid
	WHERE r.model_kind = 'r' AND (r.is_told OR r.is_alike)
	UNION ALL
	-- What names in the views could be taken for.
	SELECT pg_describe_object('pg_proc'::regclass, p.oid, 0) || ' has the name of a function that the views call',
		format('Move it to another schema: ALTER ROUTINE %s SET SCHEMA ...;', p.oid::regprocedure)
	FROM pg_proc p
	WHERE p.pronamespace = (SELECT s.oid FROM schema s)
		AND EXISTS (SELECT FROM pg_proc o WHERE o.proname = p.proname AND o.pronamespace IN (SELECT v.oid FROM visible v))
	UNION ALL
	SELECT pg_describe_object('pg_operator'::regclass, p.oid, 0) || ' has the name of an operator that the views use',
		format('Move it to another schema: ALTER OPERATOR %s SET SCHEMA ...;', p.oid::regoperator)
	FROM pg_operator p
	WHERE p.oprnamespace = (SELECT s.oid FROM schema s)
		AND EXISTS (SELECT FROM pg_operator o WHERE o.oprname = p.oprname AND o.oprnamespace IN (SELECT v.oid FROM visible v))
	UNION ALL
	SELECT pg_describe_object('pg_type'::regclass, t.oid, 0) || ' has the name of a type that the views use', 'Rename it, or move it to another schema.'
	FROM pg_type t
	WHERE t.typnamespace = (SELECT s.oid FROM schema s)
		-- Those of pg_catalog are found before it, and no name finds an array.
		AND EXISTS (SELECT FROM pg_type o WHERE o.typname = t.typname AND o.typnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'lead_kpi'))
		AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
		AND NOT EXISTS (SELECT FROM relation r WHERE r.found = t.typrelid)
	UNION ALL
	-- What runs when the settings are written, as whoever upgrades: their owner may do as he likes, to himself.
	SELECT format('%s would run as you', pg_describe_object(o.classid, o.objid, o.objsubid)),
		format('Upgrade as the owner of the mart: SET ROLE %I; SELECT lead_kpi.upgrade_mart(%L);', pg_get_userbyid(s.nspowner), mart)
	FROM schema s
	JOIN relation r ON r.model_kind = 'r' AND NOT r.is_data
	CROSS JOIN LATERAL
	(
		SELECT 'pg_trigger'::regclass AS classid, t.oid AS objid, 0 AS objsubid
		FROM pg_trigger t
		WHERE t.tgrelid = r.found AND NOT t.tgisinternal
			AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = t.tgfoid AND d.deptype = 'e'
				AND d.refobjid = (SELECT e.oid FROM pg_extension e WHERE e.extname = 'lead_kpi'))
		UNION ALL
		SELECT 'pg_rewrite'::regclass, w.oid, 0 FROM pg_rewrite w WHERE w.ev_class = r.found
		UNION ALL
		SELECT 'pg_policy'::regclass, p.oid, 0 FROM pg_policy p WHERE p.polrelid = r.found
		UNION ALL
		-- Those that the template has are made again before anything is written.
		SELECT 'pg_constraint'::regclass, c.oid, 0
		FROM pg_constraint c
		WHERE c.conrelid = r.found AND c.contype NOT IN ('n', 'p', 'u')
			AND NOT EXISTS (SELECT FROM pg_constraint b WHERE b.conrelid = r.model AND b.conname = c.conname)
			AND (r.name, pg_get_constraintdef(c.oid)) NOT IN (SELECT f.relation, f.definition FROM mart_former() f)
		UNION ALL
		SELECT 'pg_class'::regclass, i.indexrelid, 0
		FROM pg_index i
		CROSS JOIN LATERAL (SELECT substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' USING ')) AS tail) d
		WHERE i.indrelid = r.found AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
			AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
			AND NOT EXISTS (SELECT FROM pg_index j WHERE j.indrelid = r.model AND right(pg_get_indexdef(j.indexrelid), length(d.tail)) = d.tail)
		UNION ALL
		SELECT 'pg_class'::regclass, r.found, a.attnum
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid = r.found AND a.attnum > 0 AND NOT a.attisdropped AND (a.atthasdef OR t.typtype = 'd')
			AND NOT EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = r.model AND b.attname = a.attname AND b.atthasdef >= a.atthasdef)
	) o
	WHERE NOT s.is_callers;
END;
COMMENT ON FUNCTION mart_obstacles(name, name, text[]) IS
'Internal to upgrade_mart: what stands in the way of an upgrade, and what to do about it: names that are taken, objects in the mart''s schema that would '
'be called or used in place of what the views mean, and, when the caller is not the owner, what would run when the settings are written.';

CREATE FUNCTION mart_relation_notes(relation oid)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_build_object(
		'owner', pg_get_userbyid(c.relowner),
		'options', coalesce(to_jsonb(c.reloptions), '[]'),
		'comments', coalesce((SELECT jsonb_agg(jsonb_build_object('attribute', a.attname, 'words', d.description))
			FROM pg_description d LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
			WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid), '[]'),
		'grants', coalesce((SELECT jsonb_agg(jsonb_build_object('attribute', g.attribute, 'grantee', g.grantee, 'privilege', g.privilege_type,
				'grantable', g.is_grantable))
			FROM
			(
				SELECT NULL::name AS attribute, e.grantee, e.privilege_type, e.is_grantable FROM aclexplode(c.relacl) e
				UNION ALL
				SELECT a.attname, e.grantee, e.privilege_type, e.is_grantable
				FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) e
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			) g), '[]'))
	FROM pg_class c
	WHERE c.oid = relation;
END;
COMMENT ON FUNCTION mart_relation_notes(oid) IS
'Internal to upgrade_mart: owner, options, comments and grants of a view, as mart_apply_notes writes them back.';

CREATE FUNCTION mart_apply_notes(relation regclass, notes jsonb, texts text[], is_new boolean)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	FOR item IN
		SELECT format('COMMENT ON %s IS %L', CASE WHEN n.attribute IS NULL THEN format('VIEW %s', relation)
			ELSE format('COLUMN %s.%I', relation, n.attribute) END, n.words) AS statement
		FROM jsonb_to_recordset(notes -> 'comments') AS n(attribute name, words text)
		LEFT JOIN pg_attribute a ON a.attrelid = relation AND a.attname = n.attribute
		WHERE (n.attribute IS NULL OR a.attname IS NOT NULL) AND left(md5(n.words), 8) <> ALL (texts)
		UNION ALL
		SELECT format('ALTER VIEW %s RESET (%I)', relation, split_part(o.option, '=', 1))
		FROM pg_class c CROSS JOIN LATERAL unnest(c.reloptions) AS o(option)
		WHERE c.oid = relation AND NOT notes -> 'options' @> to_jsonb(o.option)
		UNION ALL
		SELECT format('ALTER VIEW %s SET (%I = %L)', relation, split_part(o.option, '=', 1), substr(o.option, strpos(o.option, '=') + 1))
		FROM jsonb_array_elements_text(notes -> 'options') AS o(option)
	LOOP
		EXECUTE item.statement;
	END LOOP;
	IF NOT is_new THEN
		RETURN;
	END IF;
	-- What defaults granted goes, what was granted comes back.
	FOR item IN
		SELECT format('REVOKE ALL ON %s FROM %s', relation, CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END) AS statement
		FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, CASE WHEN notes -> 'grants' <> '[]' THEN acldefault('r', c.relowner) END)) e
		WHERE c.oid = relation
		GROUP BY e.grantee
	LOOP
		EXECUTE item.statement;
	END LOOP;
	FOR item IN
		SELECT format('GRANT %s%s ON %s TO %s%s', g.privilege, '(' || quote_ident(g.attribute) || ')', relation,
			CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
			CASE WHEN g.grantable THEN ' WITH GRANT OPTION' END) AS statement
		FROM jsonb_to_recordset(notes -> 'grants') AS g(attribute name, grantee oid, privilege text, grantable boolean)
		LEFT JOIN pg_attribute a ON a.attrelid = relation AND a.attname = g.attribute
		WHERE g.attribute IS NULL OR a.attname IS NOT NULL
		ORDER BY g.attribute IS NOT NULL
	LOOP
		EXECUTE item.statement;
	END LOOP;
	IF notes ->> 'owner' <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = relation) THEN
		EXECUTE format('ALTER VIEW %s OWNER TO %I', relation, notes ->> 'owner');
	END IF;
END;
$$;
COMMENT ON FUNCTION mart_apply_notes(regclass, jsonb, text[], boolean) IS
'Internal to upgrade_mart: gives a view that was replaced its options and the user''s comments (those not in texts) back, and one that was dropped and made '
'again its grants and owner too.';

CREATE FUNCTION mart_upgrade_table(mart name, template name, name name, relation regclass, texts text[])
RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	model CONSTANT regclass := to_regclass(format('%I.%I', template, name));
	is_data CONSTANT boolean := EXISTS (SELECT FROM lead_kpi.mart_shape() s WHERE s.relation = name);
	done text[] := '{}';
	filled boolean;
	item record;
BEGIN
	IF relation IS NULL THEN
		EXECUTE format('ALTER TABLE %s SET SCHEMA %I', model, mart);
		RETURN ARRAY[format('table %I', name)];
	END IF;

	-- Constraints go before columns change, and come after. What the user added stays.
	FOR item IN
		SELECT c.conname, c.contype, pg_get_constraintdef(c.oid) AS definition
		FROM pg_constraint c
		LEFT JOIN pg_constraint b ON b.conrelid = model AND b.conname = c.conname
		WHERE c.conrelid = relation AND c.contype IN ('c', 'p', 'u', 'x')
			AND (pg_get_constraintdef(b.oid) <> pg_get_constraintdef(c.oid)
				OR b.oid IS NULL AND (name, pg_get_constraintdef(c.oid)) IN
					(SELECT f.relation, f.definition FROM lead_kpi.mart_former() f))
	LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', relation, item.conname);
		done := done || format('constraint %I of %I', item.conname, name);
	END LOOP;

	FOR item IN
		SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attnotnull AS is_required,
			b.attnum IS NULL AS is_missing, b.attnotnull AS was_required, pg_get_expr(e.adbin, e.adrelid) AS former_default
		FROM pg_attribute a
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		LEFT JOIN pg_attribute b ON b.attrelid = relation AND b.attname = a.attname AND NOT b.attisdropped
		LEFT JOIN pg_attrdef e ON e.adrelid = b.attrelid AND e.adnum = b.attnum
		WHERE a.attrelid = model AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum
	LOOP
		IF item.is_missing THEN
			-- DROP EXTENSION CASCADE took a column of its types: what was learned is nothing without it.
			IF item.is_required AND item.default_value IS NULL AND NOT is_data THEN
				EXECUTE format('DELETE FROM ONLY %s', relation);
			END IF;
			EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s%s%s', relation, item.attname, item.type, ' DEFAULT ' || item.default_value,
				CASE WHEN item.is_required THEN ' NOT NULL' END);
			done := done || format('column %I.%I', name, item.attname);
			CONTINUE;
		END IF;
		-- A default or a NOT NULL that the template does not have is the user's, on his data.
		IF item.default_value IS DISTINCT FROM item.former_default AND NOT (is_data AND item.default_value IS NULL) THEN
			EXECUTE format('ALTER TABLE %s ALTER COLUMN %I %s', relation, item.attname, coalesce('SET DEFAULT ' || item.default_value, 'DROP DEFAULT'));
			done := done || format('default of %I.%I', name, item.attname);
		END IF;
		IF item.is_required <> item.was_required AND NOT (is_data AND item.was_required) THEN
			EXECUTE format('ALTER TABLE %s ALTER COLUMN %I %s NOT NULL', relation, item.attname, CASE WHEN item.is_required THEN 'SET' ELSE 'DROP' END);
			done := done || format('NOT NULL of %I.%I', name, item.attname);
		END IF;
	END LOOP;

	FOR item IN
		SELECT b.conname, pg_get_constraintdef(b.oid) AS definition
		FROM pg_constraint b
		WHERE b.conrelid = model AND b.contype IN ('c', 'p', 'u', 'x')
			AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = relation AND c.conname = b.conname)
		ORDER BY b.contype = 'c', b.conname
	LOOP
		BEGIN
			EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', relation, item.conname, item.definition);
		EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
			RAISE EXCEPTION USING
				ERRCODE = 'check_violation',
				MESSAGE = format('%s has a value that the present format does not allow', relation),
				DETAIL = format('%s: %s', item.conname, item.definition),
				HINT = format('Change it and upgrade again: UPDATE %s SET ... Nothing was changed.', relation);
		END;
		done := done || format('constraint %I of %I', item.conname, name);
	END LOOP;

	-- Indexes and triggers by what they say: their names may be others.
	FOR item IN
		SELECT format('CREATE %sINDEX ON %s%s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, relation, d.tail) AS statement, d.tail
		FROM pg_index i
		CROSS JOIN LATERAL (SELECT substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' USING ')) AS tail) d
		WHERE i.indrelid = model AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
			AND NOT EXISTS (SELECT FROM pg_index j WHERE j.indrelid = relation AND j.indisunique >= i.indisunique
				AND right(pg_get_indexdef(j.indexrelid), length(d.tail)) = d.tail)
	LOOP
		EXECUTE item.statement;
		done := done || format('index%s of %I', item.tail, name);
	END LOOP;
	FOR item IN
		WITH wanted AS
		(
			SELECT t.tgname, t.tgenabled, replace(pg_get_triggerdef(t.oid), format(' ON %s ', model), format(' ON %s ', relation)) AS definition
			FROM pg_trigger t
			WHERE t.tgrelid = model AND NOT t.tgisinternal
		), present AS
		(
			SELECT t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) AS definition,
				EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = t.tgfoid AND d.deptype = 'e'
					AND d.refobjid = (SELECT e.oid FROM pg_extension e WHERE e.extname = 'lead_kpi')) AS is_ours
			FROM pg_trigger t
			WHERE t.tgrelid = relation AND NOT t.tgisinternal
		)
		SELECT coalesce(w.tgname, p.tgname) AS tgname, w.definition, w.definition IS DISTINCT FROM p.definition AS is_other, p.tgname IS NOT NULL AS is_there,
			CASE w.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' END AS firing, w.tgenabled IS DISTINCT FROM p.tgenabled AS fires_otherwise
		FROM wanted w FULL JOIN present p ON p.tgname = w.tgname
		WHERE w.tgname IS NOT NULL OR p.is_ours
	LOOP
		IF item.is_other AND item.is_there THEN
			EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, relation);
		END IF;
		IF item.is_other AND item.definition IS NOT NULL THEN
			EXECUTE item.definition;
		END IF;
		IF item.firing IS NOT NULL AND (item.is_other OR item.fires_otherwise) THEN
			EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', relation, item.firing, item.tgname);
		END IF;
		IF item.is_other THEN
			done := done || format('trigger %I of %I', item.tgname, name);
		END IF;
	END LOOP;
	FOR item IN
		SELECT CASE m.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
				ELSE 'USING INDEX ' || (SELECT quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
					WHERE i.indrelid = model AND i.indisreplident) END AS identity
		FROM pg_class m JOIN pg_class r ON r.oid = relation
		-- A primary key of the user's is an identity.
		WHERE m.oid = model AND m.relreplident <> 'd' AND r.relreplident = 'd'
			AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisprimary)
			-- Who gave it a key may have gone back to it.
			AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisprimary)
	LOOP
		EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', relation, item.identity);
		done := done || format('replica identity of %I', name);
	END LOOP;

	-- A dump of the schema only has neither the rule nor the ladder.
	IF NOT is_data THEN
		EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s) AND EXISTS (SELECT FROM %s)', relation, model) INTO filled;
		IF filled THEN
			EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s', relation,
				(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
				WHERE a.attrelid = model AND a.attnum > 0 AND NOT a.attisdropped), model);
			done := done || format('rows of %I', name);
		END IF;
	END IF;
	PERFORM lead_kpi.mart_upgrade_comments('TABLE', relation, model, texts);
	RETURN done;
END;
$$;
COMMENT ON FUNCTION mart_upgrade_table(name, name, name, regclass, text[]) IS
'Internal to upgrade_mart: gives a table of the mart what the template''s has: columns, defaults, constraints, indexes, triggers, comments; a table of '
'settings that is empty also rows. What the user added stays. Returns what it changed.';

CREATE FUNCTION mart_upgrade_comments(kind text, relation regclass, model regclass, texts text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	FOR item IN
		SELECT CASE WHEN a.attname IS NULL THEN format('%s %s', kind, relation) ELSE format('COLUMN %s.%I', relation, a.attname) END AS target, w.description
		FROM pg_description w
		LEFT JOIN pg_attribute a ON a.attrelid = w.objoid AND a.attnum = w.objsubid AND w.objsubid > 0
		LEFT JOIN pg_attribute b ON b.attrelid = relation AND b.attname = a.attname
		LEFT JOIN pg_description p ON p.classoid = 'pg_class'::regclass AND p.objoid = relation AND p.objsubid = coalesce(b.attnum, 0)
		WHERE w.classoid = 'pg_class'::regclass AND w.objoid = model AND p.description IS DISTINCT FROM w.description
			AND (p.description IS NULL OR left(md5(p.description), 8) = ANY (texts))
			-- The template has a table where this mart reads a relation of the user's.
			AND (kind = 'TABLE' OR a.attname IS NOT NULL)
	LOOP
		EXECUTE format('COMMENT ON %s IS %L', item.target, item.description);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION mart_upgrade_comments(text, regclass, regclass, text[]) IS
'Internal to upgrade_mart: the comments of the template, where there is none or one of create_mart''s.';

-- The relations of the user's that the mart reads: what create_mart would say, if that is what stands there; else what stands there and more columns.
CREATE FUNCTION mart_mapped_columns(mart name, key text)
RETURNS TABLE (relation name, mapped oid, attribute name, actual regtype, wanted text, is_readable boolean, is_read boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH source AS
	(
		SELECT v.oid, v.relname, min(d.refobjid) AS mapped
		FROM pg_class v
		JOIN pg_namespace n ON n.oid = v.relnamespace AND n.nspname = mart
		JOIN pg_rewrite w ON w.ev_class = v.oid
		JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
		WHERE v.relkind = 'v' AND v.relname IN (SELECT s.relation FROM mart_shape() s)
			AND NOT EXISTS (SELECT FROM pg_class r WHERE r.oid = d.refobjid AND r.relnamespace = n.oid AND r.relname = 'rule')
		GROUP BY v.oid, v.relname
		HAVING count(DISTINCT d.refobjid) = 1
	)
	SELECT m.relname, m.mapped, a.attname, t.base, w.type,
		mart_expression(s.attribute, w.type, t.base) IS NOT NULL AND has_column_privilege(m.mapped, a.attnum, 'SELECT'),
		EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
			WHERE w.ev_class = m.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = m.mapped AND d.refobjsubid = a.attnum)
	FROM source m
	JOIN mart_shape() s ON s.relation = m.relname
	JOIN pg_attribute a ON a.attrelid = m.mapped AND a.attname = s.attribute AND a.attnum > 0 AND NOT a.attisdropped
	CROSS JOIN LATERAL (SELECT (CASE p.typtype WHEN 'd' THEN p.typbasetype ELSE p.oid END)::regtype AS base FROM pg_type p WHERE p.oid = a.atttypid) t
	CROSS JOIN LATERAL (SELECT CASE s.type WHEN 'key' THEN key ELSE s.type END AS type) w;
END;
COMMENT ON FUNCTION mart_mapped_columns(name, text) IS
'Internal to upgrade_mart: the columns of mapped relations that the mart could read, by their names: whether they can be read as the type that the mart '
'wants, and whether the mart''s view does read them. Views that read several relations are left out.';

CREATE FUNCTION mart_mapped_select(relation text, mapped regclass, key text, readable name[], width bigint)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT 'SELECT ' || string_agg(format('%s AS %I', coalesce(
			CASE WHEN s.attribute = ANY (readable)
				THEN mart_expression(s.attribute, w.type, (CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END)::regtype) END,
			'NULL::' || w.type), s.attribute), ', ' ORDER BY s.ordinal)
		|| ' FROM ' || (SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = mapped)
	FROM
	(
		SELECT h.*, row_number() OVER (ORDER BY h.ordinal) AS place
		FROM mart_shape() WITH ORDINALITY AS h(relation, attribute, type, meaning, is_optional, ordinal)
		WHERE h.relation = mart_mapped_select.relation
	) s
	CROSS JOIN LATERAL (SELECT CASE s.type WHEN 'key' THEN key ELSE s.type END AS type) w
	LEFT JOIN pg_attribute a ON a.attrelid = mapped AND a.attname = s.attribute AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_type t ON t.oid = a.atttypid
	WHERE s.place <= width;
END;
COMMENT ON FUNCTION mart_mapped_select(text, regclass, text, name[], bigint) IS
'Internal to upgrade_mart: the first columns (width) of a relation of the mart as create_mart reads them from a mapped one; those that are not readable '
'are NULL.';

CREATE FUNCTION mart_upgrade_mapping(mart name, template name, name name, key text, texts text[])
RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	target CONSTANT regclass := to_regclass(format('%I.%I', mart, name));
	model CONSTANT regclass := to_regclass(format('%I.%I', template, name));
	mapped oid;
	readable name[];
	read_before name[];
	missing text;
	width bigint;
	seen text;
	plain text;
	wanted text;
	round integer;
	notes jsonb := lead_kpi.mart_relation_notes(target);
BEGIN
	SELECT string_agg(format('NULL::%s AS %I', format_type(a.atttypid, a.atttypmod), a.attname), ', ' ORDER BY a.attnum) INTO missing
	FROM pg_attribute a
	WHERE a.attrelid = model AND a.attnum > 0
		AND NOT EXISTS (SELECT FROM pg_attribute b WHERE b.attrelid = target AND b.attname = a.attname);
	SELECT count(*) INTO width FROM pg_attribute a WHERE a.attrelid = target AND a.attnum > 0;
	SELECT min(c.mapped), coalesce(array_agg(c.attribute) FILTER (WHERE c.is_readable), '{}'), coalesce(array_agg(c.attribute) FILTER (WHERE c.is_read), '{}')
	INTO mapped, readable, read_before
	FROM lead_kpi.mart_mapped_columns(mart, key) c
	WHERE c.relation = name;

	-- As the server tells both, after the same number of turns: it names things more fully the second time. Names are the mart's.
	seen := pg_get_viewdef(target);
	plain := lead_kpi.mart_mapped_select(name, mapped, key, read_before, width);
	wanted := lead_kpi.mart_mapped_select(name, mapped, key, readable, 1000);
	IF plain IS NOT NULL THEN
		PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
		FOR round IN 1 .. 3
		LOOP
			EXECUTE format('CREATE VIEW %I.lead_kpi_seen AS %s', template, CASE WHEN round = 1 THEN rtrim(seen, ';') ELSE rtrim(plain, ';') END);
			SELECT CASE WHEN round = 1 THEN pg_get_viewdef(c.oid) ELSE seen END, CASE WHEN round > 1 THEN pg_get_viewdef(c.oid) ELSE plain END
			INTO seen, plain
			FROM pg_class c WHERE c.oid = to_regclass(format('%I.lead_kpi_seen', template));
			EXECUTE format('DROP VIEW %I.lead_kpi_seen', template);
		END LOOP;
		PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
	END IF;
	IF seen IS DISTINCT FROM plain AND missing IS NULL OR seen = plain AND missing IS NULL AND readable <@ read_before THEN
		wanted := NULL;
	ELSIF seen IS DISTINCT FROM plain THEN
		wanted := format('SELECT seen.*, %s FROM (%s) seen', missing, rtrim(pg_get_viewdef(target), ';'));
	END IF;
	IF wanted IS NOT NULL THEN
		PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
		EXECUTE format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS %s', target, wanted);
		PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
		PERFORM lead_kpi.mart_apply_notes(target, notes, texts, false);
	END IF;
	PERFORM lead_kpi.mart_upgrade_comments('VIEW', target, model, texts);
	RETURN CASE WHEN wanted IS NOT NULL THEN ARRAY[format('view %I', name)] ELSE '{}' END;
END;
$$;
COMMENT ON FUNCTION mart_upgrade_mapping(name, name, name, text, text[]) IS
'Internal to upgrade_mart: appends the columns that a view over a mapped relation does not have yet, read from that relation where it has them, else NULL.';

CREATE FUNCTION mart_dependents(doomed oid[])
RETURNS TABLE (relation oid, depth integer, in_the_way text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- The views that read the doomed ones, and those that read them; and whatever else depends on any of these.
	WITH RECURSIVE reader AS
	(
		SELECT d.oid, 0 AS depth FROM unnest(doomed) AS d(oid)
		UNION
		SELECT w.ev_class, r.depth + 1
		FROM reader r
		JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_rewrite'::regclass
		JOIN pg_rewrite w ON w.oid = d.objid AND w.ev_class <> r.oid
		JOIN pg_class c ON c.oid = w.ev_class AND c.relkind = 'v'
	), known AS
	(
		SELECT oid, max(depth) AS depth FROM reader GROUP BY oid
	)
	SELECT k.oid, k.depth, NULL::text FROM known k
	UNION ALL
	SELECT k.oid, k.depth, format('%s depends on %s', pg_describe_object(d.classid, d.objid, d.objsubid), k.oid::regclass)
	FROM known k
	JOIN pg_class c ON c.oid = k.oid
	JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid OR d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype
	WHERE d.deptype <> 'i'
		AND NOT EXISTS (SELECT FROM pg_rewrite w WHERE d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid AND w.rulename = '_RETURN'
			AND w.ev_class IN (SELECT o.oid FROM known o))
	UNION ALL
	SELECT k.oid, k.depth, pg_describe_object('pg_class'::regclass, k.oid, a.attnum) || ' has a default'
	FROM known k JOIN pg_attribute a ON a.attrelid = k.oid AND a.atthasdef
	UNION ALL
	SELECT k.oid, k.depth, format('%s belongs to %I, whose role you do not have', pg_describe_object('pg_class'::regclass, k.oid, 0),
		pg_get_userbyid(c.relowner))
	FROM known k JOIN pg_class c ON c.oid = k.oid AND NOT pg_has_role(c.relowner, 'USAGE');
END;
COMMENT ON FUNCTION mart_dependents(oid[]) IS
'Internal to upgrade_mart: views (the given ones have depth 0) with those that read them, to be dropped and made again, and what cannot be made again '
'(in_the_way).';

CREATE FUNCTION mart_upgrade_views(mart name, template name, texts text[])
RETURNS text[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	notes jsonb;
	doomed oid[];
	outside jsonb;
	details text;
	done text[];
	item record;
BEGIN
	SELECT coalesce(jsonb_object_agg(r.name, lead_kpi.mart_relation_notes(r.found)) FILTER (WHERE r.found IS NOT NULL), '{}'),
		array_agg(r.found) FILTER (WHERE NOT r.fits),
		coalesce(array_agg(format('view %I', r.name) ORDER BY r.name) FILTER (WHERE r.found IS NULL OR NOT r.fits), '{}')
	INTO notes, doomed, done
	FROM lead_kpi.mart_relations(mart, template) r
	WHERE r.model_kind = 'v';

	-- Emptied first, the views depend on nothing, so that they can be made in any order, and dropped where their columns do not fit. Whoever
	-- reads them keeps them.
	FOR item IN
		SELECT format('CREATE OR REPLACE VIEW %s WITH (security_invoker = true) AS SELECT %s', r.found::regclass,
			string_agg(format('NULL::%s%s AS %I', format_type(a.atttypid, a.atttypmod),
				(SELECT format(' COLLATE %I.%I', n.nspname, c.collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
					WHERE c.oid = a.attcollation AND c.collname <> 'default'), a.attname), ', ' ORDER BY a.attnum)) AS statement
		FROM lead_kpi.mart_relations(mart, template) r
		JOIN pg_attribute a ON a.attrelid = r.found AND a.attnum > 0
		WHERE r.model_kind = 'v'
		GROUP BY r.found
	LOOP
		EXECUTE item.statement;
	END LOOP;
	IF doomed IS NOT NULL THEN
		SELECT string_agg(DISTINCT d.in_the_way, E'\n') INTO details
		FROM lead_kpi.mart_dependents(doomed) d
		WHERE d.in_the_way IS NOT NULL;
		IF details IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'dependent_objects_still_exist',
				MESSAGE = format('views of mart %I have to be dropped and made again, and what depends on them cannot be', mart),
				DETAIL = details,
				HINT = 'Drop it, upgrade, and make it again; plain views are made again by the upgrade. Nothing was changed.';
		END IF;
		SELECT jsonb_agg(jsonb_build_object('name', format('%I.%I', n.nspname, c.relname), 'query', pg_get_viewdef(c.oid),
			'notes', lead_kpi.mart_relation_notes(c.oid)) ORDER BY d.depth)
		INTO outside
		FROM lead_kpi.mart_dependents(doomed) d
		JOIN pg_class c ON c.oid = d.relation
		JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE d.depth > 0;
		EXECUTE 'DROP VIEW ' || (SELECT string_agg(d.relation::regclass::text, ', ') FROM lead_kpi.mart_dependents(doomed) d);
	END IF;

	PERFORM lead_kpi.mart_views(mart);
	PERFORM lead_kpi.mart_comments(mart);
	FOR item IN SELECT r.* FROM lead_kpi.mart_relations(mart, template) r WHERE r.model_kind = 'v' AND notes ? r.name
	LOOP
		PERFORM lead_kpi.mart_apply_notes(item.found, notes -> item.name, texts, format('view %I', item.name) = ANY (done));
	END LOOP;
	FOR item IN SELECT o.* FROM jsonb_to_recordset(outside) AS o(name text, query text, notes jsonb)
	LOOP
		BEGIN
			EXECUTE format('CREATE VIEW %s AS %s', item.name, item.query);
		EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
			RAISE EXCEPTION USING
				ERRCODE = 'dependent_objects_still_exist',
				MESSAGE = format('view %s cannot be made again over the new views of mart %I', item.name, mart),
				DETAIL = SQLERRM,
				HINT = 'Drop it, upgrade, and make it again. Nothing was changed.';
		END;
		PERFORM lead_kpi.mart_apply_notes(to_regclass(item.name), item.notes, '{}', true);
		done := done || format('view %s', item.name);
	END LOOP;
	RETURN done;
END;
$$;
COMMENT ON FUNCTION mart_upgrade_views(name, name, text[]) IS
'Internal to upgrade_mart: replaces the views of the mart, which keeps their grants and what depends on them. Those whose columns do not fit are dropped '
'and made again, with the views outside that read them.';

CREATE FUNCTION mart_readers(mart name)
RETURNS TABLE (relation oid, reader oid, reads oid)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- Every relation of the mart that somebody was granted to read, with all those of the mart that it reads.
	WITH RECURSIVE member AS
	(
		SELECT m.member::oid AS oid FROM mart_members(mart) m
	), step AS
	(
		SELECT DISTINCT w.ev_class AS relation, d.refobjid AS reads
		FROM pg_rewrite w
		JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
		WHERE w.ev_class IN (SELECT m.oid FROM member m) AND d.refobjid IN (SELECT m.oid FROM member m)
	), path AS
	(
		SELECT m.oid AS relation, m.oid AS reads FROM member m
		UNION
		SELECT p.relation, s.reads FROM path p JOIN step s ON s.relation = p.reads
	)
	SELECT c.oid, g.grantee, p.reads
	FROM path p
	JOIN pg_class c ON c.oid = p.relation
	CROSS JOIN LATERAL (SELECT e.grantee FROM aclexplode(c.relacl) e WHERE e.privilege_type = 'SELECT' AND e.grantee <> c.relowner) g;
END;
COMMENT ON FUNCTION mart_readers(name) IS
'Internal to upgrade_mart: who was granted SELECT on which relation of the mart (reader 0 = PUBLIC), and which relations of the mart reading it reads.';

CREATE FUNCTION upgrade_mart(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	template CONSTANT name := 'lead_kpi_template_' || replace(gen_random_uuid()::text, '-', '');
	owner name;
	key text;
	former_format integer;
	present_format integer;
	texts text[];
	readers jsonb;
	locked oid[] := '{}';
	before oid[];
	names_before name[];
	made oid[];
	done text[] := '{}';
	details text;
	hints text;
	was_stored boolean;
	was_dropped boolean;
	lost text;
	card text;
	stored_by jsonb;
	chosen text[];
	item record;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'active_sql_transaction',
			MESSAGE = format('upgrade_mart does not run in a transaction that is %s', current_setting('transaction_isolation')),
			DETAIL = 'It has to see what others commit before it holds its locks.',
			HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED.';
	END IF;
	SELECT pg_get_userbyid(n.nspowner) INTO owner FROM pg_namespace n WHERE n.nspname = mart;
	SELECT string_agg(o.what, ', ' ORDER BY o.what), min(o.owner) INTO details, hints
	FROM
	(
		SELECT format('schema %I belongs to %I', mart, owner) AS what, owner WHERE NOT pg_has_role(owner, 'USAGE')
		UNION ALL
		SELECT format('%s to %I', m.member, pg_get_userbyid(c.relowner)), pg_get_userbyid(c.relowner)
		FROM lead_kpi.mart_members(mart) m JOIN pg_class c ON c.oid = m.member
		WHERE NOT pg_has_role(c.relowner, 'USAGE')
	) o;
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('role %I may not upgrade mart %I', current_user, mart),
			DETAIL = details || '.',
			HINT = format('Have its owner run it: SET ROLE %I; SELECT lead_kpi.upgrade_mart(%L);', hints, mart);
	END IF;
	-- What is stored is made again by the views of this version. What another role has there is not read with the caller's rights.
	was_stored := lead_kpi.mart_is_stored(mart);
	IF was_stored AND owner = current_user THEN
		EXECUTE format('SELECT changed FROM %I.state', lead_kpi.mart_companion(mart, 'stored')) INTO stored_by;
		chosen := lead_kpi.stored_views(mart);
	END IF;
	-- Without its views, which DROP EXTENSION CASCADE takes along, there is nothing to turn back: they come below.
	IF was_stored AND EXISTS (SELECT FROM lead_kpi.mart_stored_layers() l WHERE to_regclass(format('%I.%I', mart, l.relation)) IS NOT NULL) THEN
		PERFORM lead_kpi.live_mart(mart);
	ELSIF was_stored OR lead_kpi.mart_was_stored(mart) THEN
		was_stored := true;
		PERFORM lead_kpi.mart_note_triggers(mart, false);
		PERFORM lead_kpi.mart_drop_stored(mart);
	END IF;
	-- Nobody changes it meanwhile. That the owner keeps a right of his writes the row of the schema, so that he cannot give its name to another.
	IF owner <> current_user THEN
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', mart, owner);
		SELECT pg_get_userbyid(n.nspowner) INTO owner FROM pg_namespace n WHERE n.nspname = mart;
	END IF;
	FOR item IN SELECT m.member FROM lead_kpi.mart_members(mart) m WHERE m.kind IN ('r', 'p') ORDER BY m.member::oid
	LOOP
		EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', item.member);
		locked := locked || item.member::oid;
	END LOOP;

	-- The template: what create_mart makes now, with this lead key.
	SELECT format_type(a.atttypid, NULL) INTO key
	FROM pg_attribute a
	JOIN unnest('{lead,stage_event,touch,deal}'::text[]) WITH ORDINALITY AS r(name, ordinal) ON a.attrelid = to_regclass(format('%I.%I', mart, r.name))
	WHERE a.attname = 'lead_id' AND NOT a.attisdropped
	ORDER BY r.ordinal
	LIMIT 1;
	key := coalesce(lead_kpi.mart_key(key::regtype)::text, 'bigint');
	PERFORM lead_kpi.mart_reports(format('upgrade_mart %I: what create_mart makes now', mart));
	PERFORM lead_kpi.create_mart(template, lead_key => key::regtype);
	texts := lead_kpi.mart_texts(template);
	EXECUTE format('SELECT mart_format FROM %I.rule', template) INTO present_format;
	EXECUTE format('SELECT mart_format FROM ONLY %I.rule', mart) INTO former_format;
	IF former_format IS NULL THEN
		SELECT pg_get_expr(d.adbin, d.adrelid)::integer INTO former_format
		FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = to_regclass(format('%I.rule', mart)) AND a.attname = 'mart_format';
	END IF;
	IF former_format > present_format THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I has format %s, and this version of lead_kpi knows no format after %s', mart, former_format, present_format),
			HINT = 'Install the version that made it, or a newer one, on this server: make install, then ALTER EXTENSION lead_kpi UPDATE.';
	END IF;

	-- Every format has this column, whose type is the extension's.
	was_dropped := NOT EXISTS (SELECT FROM pg_attribute a
		WHERE a.attrelid = to_regclass(format('%I.rule', mart)) AND a.attname = 'scorecard' AND NOT a.attisdropped);
	IF was_dropped THEN
		EXECUTE format('SELECT to_jsonb(r) ->> ''scorecard_text'' FROM ONLY %I.rule r', mart) INTO card;
		-- A table of the mart would be there still: it was a view over something that went.
		SELECT string_agg(r.name, ', ' ORDER BY r.name),
			string_agg(format('CREATE VIEW %I.%I WITH (security_invoker = true) AS SELECT %s FROM ...;', mart, r.name, r.columns), E'\n' ORDER BY r.name)
		INTO details, hints
		FROM
		(
			SELECT m.name, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
				WHERE a.attrelid = m.model AND a.attnum > 0) AS columns
			FROM lead_kpi.mart_relations(mart, template) m
			WHERE m.is_data AND m.found IS NULL
				-- Of the first format there are only these.
				AND (former_format = present_format OR m.name IN ('lead', 'stage_event', 'touch', 'spend', 'deal'))
		) r;
		IF details IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_table',
				MESSAGE = format('mart %I has lost relations of yours that it read: %s', mart, details),
				DETAIL = 'DROP EXTENSION lead_kpi CASCADE drops every view that calls its functions, and the mart''s view over it. '
					'Nobody but you knows what it said.',
				HINT = hints || E'\nThen upgrade again: the columns may be fewer. Nothing was changed.';
		END IF;
		SELECT string_agg(format('%I.%I', r.name, a.attname), ', ' ORDER BY r.name, a.attname) INTO lost
		FROM lead_kpi.mart_relations(mart, template) r
		JOIN pg_attribute a ON a.attrelid = r.model AND a.attnum > 0
		JOIN pg_type t ON t.oid = a.atttypid AND t.typnamespace = 'lead_kpi'::regnamespace
		WHERE r.model_kind = 'r' AND r.found IS NOT NULL
			-- Formats without its text lost it.
			AND (a.attname <> 'scorecard' OR NOT EXISTS (SELECT FROM pg_attribute k
				WHERE k.attrelid = r.found AND k.attname = 'scorecard_text' AND NOT k.attisdropped));
		-- It tells of what was learned, which is gone.
		IF to_regclass(format('%I.learned_choice', mart)) IS NOT NULL THEN
			EXECUTE format('DELETE FROM ONLY %I.learned_choice', mart);
		END IF;
	END IF;
	SELECT string_agg(DISTINCT o.problem, E'\n'), string_agg(DISTINCT o.remedy, E'\n') INTO details, hints
	FROM lead_kpi.mart_obstacles(mart, template, texts) o;
	IF details IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('mart %I cannot be upgraded with what is in its schema', mart),
			DETAIL = details,
			HINT = hints || E'\nNothing was changed.';
	END IF;

	SELECT coalesce(jsonb_agg(r), '[]'), (SELECT array_agg(m.member::oid) FROM lead_kpi.mart_members(mart) m),
		(SELECT array_agg(c.relname) FROM lead_kpi.mart_members(mart) m JOIN pg_class c ON c.oid = m.member)
	INTO readers, before, names_before
	FROM lead_kpi.mart_readers(mart) r;
	PERFORM lead_kpi.mart_reports(format('upgrade_mart %I: tables', mart));
	FOR item IN SELECT r.* FROM lead_kpi.mart_relations(mart, template) r WHERE r.model_kind = 'r' ORDER BY r.is_data, r.name
	LOOP
		IF item.found_kind = 'v' THEN
			done := done || lead_kpi.mart_upgrade_mapping(mart, template, item.name, key, texts);
		ELSIF item.found <> ALL (locked) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'object_in_use',
				MESSAGE = format('somebody has just made table %s', item.found::regclass),
				HINT = 'Upgrade again. Nothing was changed.';
		ELSE
			done := done || lead_kpi.mart_upgrade_table(mart, template, item.name, item.found, texts);
		END IF;
	END LOOP;
	PERFORM lead_kpi.mart_reports(format('upgrade_mart %I: views', mart));
	done := done || lead_kpi.mart_upgrade_views(mart, template, texts);
	IF card IS NOT NULL THEN
		EXECUTE format('UPDATE ONLY %I.rule SET scorecard = $1::lead_kpi.scorecard', mart) USING card;
	END IF;
	EXECUTE format('UPDATE ONLY %I.rule SET scorecard_text = scorecard::text WHERE scorecard_text IS DISTINCT FROM scorecard::text', mart);
	EXECUTE format('UPDATE ONLY %I.rule SET mart_format = %s WHERE mart_format <> %2$s', mart, present_format);
	PERFORM lead_kpi.drop_mart(template);

	-- What is new belongs to the mart's owner, and to those who may read it: by default privileges; because they could read all that there was; or because
	-- what they could read reads it now.
	SELECT array_agg(m.member::oid) INTO made FROM lead_kpi.mart_members(mart) m WHERE m.member::oid <> ALL (before);
	FOR item IN
		SELECT format('ALTER TABLE %s OWNER TO %I', m.member, owner) AS statement
		FROM lead_kpi.mart_members(mart) m JOIN pg_class c ON c.oid = m.member
		WHERE m.member::oid = ANY (made) AND c.relowner <> (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = mart)
	LOOP
		EXECUTE item.statement;
	END LOOP;
	FOR item IN
		WITH formerly AS
		(
			SELECT r.relation, r.reader, r.reads,
				bool_and(CASE r.reader WHEN 0 THEN has_table_privilege('public', r.reads, 'SELECT')
					ELSE has_table_privilege(r.reader, r.reads, 'SELECT') OR has_any_column_privilege(r.reader, r.reads, 'SELECT') END)
					OVER (PARTITION BY r.relation, r.reader) AS could_read
			FROM jsonb_to_recordset(readers) AS r(relation oid, reader oid, reads oid)
		)
		SELECT DISTINCT n.relation::regclass AS relation, n.privilege,
			CASE n.reader WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(n.reader)) END AS reader
		FROM
		(
			SELECT m.oid AS relation, f.reader, 'SELECT' AS privilege
			FROM unnest(made) AS m(oid)
			CROSS JOIN (SELECT f.reader FROM formerly f GROUP BY f.reader HAVING count(DISTINCT f.relation) = cardinality(before)) f
			UNION ALL
			SELECT r.reads, f.reader, 'SELECT'
			FROM formerly f
			JOIN lead_kpi.mart_readers(mart) r ON r.relation = f.relation AND r.reader = f.reader
			WHERE f.could_read AND r.reads = ANY (made)
			UNION ALL
			-- A view that was dropped and made again has the grants that it had.
			SELECT m.oid, e.grantee, e.privilege_type
			FROM unnest(made) AS m(oid)
			JOIN pg_class c ON c.oid = m.oid AND c.relname <> ALL (names_before)
			CROSS JOIN pg_default_acl d
			CROSS JOIN LATERAL aclexplode(d.defaclacl) e
			WHERE d.defaclnamespace = to_regnamespace(quote_ident(mart)) AND d.defaclrole = (SELECT nspowner FROM pg_namespace WHERE nspname = mart)
				AND d.defaclobjtype = 'r'
		) n
	LOOP
		EXECUTE format('GRANT %s ON %s TO %s', item.privilege, item.relation, item.reader);
	END LOOP;

	IF former_format = present_format THEN
		details := 'Nothing was missing.';
		IF done <> '{}' THEN
			details := format('What was missing was made: %s.', array_to_string(done, ', '));
		END IF;
	ELSE
		SELECT concat_ws(' ',
			'Settings keep their values. Of these the default is another now: ' || string_agg(s.setting, ', ' ORDER BY s.setting)
				FILTER (WHERE s.setting <> 'rule.mart_format') || '.',
			'Those of create_mart were taken for want of any: ' || string_agg(d.what, ', ') FILTER (WHERE d.what LIKE 'rows of %') || '.',
			(SELECT format('Row security is on for %s: think of it for %s.', string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname),
					(SELECT string_agg(t.oid::regclass::text, ', ' ORDER BY t.relname) FROM pg_class t WHERE t.oid = ANY (made) AND t.relkind = 'r'))
				FROM pg_class c WHERE c.oid = ANY (before) AND c.relrowsecurity
				HAVING count(*) > 0))
		INTO details
		FROM unnest(done) AS d(what)
		CROSS JOIN LATERAL substring(d.what FROM '^default of (rule\..*)$') AS s(setting);
	END IF;
	details := concat_ws(' ', nullif(details, ''),
		'Gone with the extension are the values of ' || lost || ': ' || CASE WHEN lost LIKE '%rule.scorecard%' THEN 'set the scorecard again, and ' ELSE '' END
			|| 'run train_mart.');
	SELECT concat_ws(' ', nullif(details, ''), 'Not read, because of their type or for want of SELECT: '
			|| string_agg(format('%s.%I (%s, not %s)', r.mapped::regclass, r.attribute, r.actual, r.wanted), ', ') || '.')
	INTO details
	FROM lead_kpi.mart_mapped_columns(mart, key) r
	WHERE NOT r.is_read AND NOT r.is_readable;
	IF stored_by IS NOT NULL THEN
		PERFORM lead_kpi.store_mart(mart, stored_by, false, CASE WHEN chosen IS NOT NULL
			THEN ARRAY(SELECT v.name FROM unnest(chosen) AS v(name) WHERE to_regclass(format('%I.%I', mart, v.name)) IS NOT NULL) END);
	ELSIF was_stored THEN
		RAISE NOTICE USING
			MESSAGE = format('mart %I was stored and is live now', mart),
			HINT = format('Its owner stores it again: SET ROLE %I; SELECT lead_kpi.store_mart(%L);', owner, mart);
	END IF;
	PERFORM lead_kpi.mart_reports(NULL);
	IF former_format = present_format THEN
		RAISE NOTICE USING MESSAGE = format('mart %I has the present format %s', mart, present_format), DETAIL = details;
	ELSIF details = '' THEN
		RAISE NOTICE USING MESSAGE = format('mart %I has format %s now', mart, present_format);
	ELSE
		RAISE NOTICE USING MESSAGE = format('mart %I has format %s now', mart, present_format), DETAIL = details;
	END IF;
END;
$$;
COMMENT ON FUNCTION upgrade_mart(name) IS
'Takes a mart that an older version made to the present format, in one transaction: data, settings, grants, comments and what depends on its views stay. '
'New settings have their defaults, new columns and tables are empty. A mart of the present format gets what it lost, also to DROP EXTENSION CASCADE: views, '
'tables, columns, the row of rule, with a notice. Runs with the caller''s rights. Errors: not a mart; the caller does not own it or may not create schemas; '
'its format is newer; its schema holds functions, operators, types or relations that could be taken for the mart''s; a setting that the new format does not '
'allow; what depends on a view that must be made again and cannot; a mapped relation that went with the extension. Nothing is changed then.';
