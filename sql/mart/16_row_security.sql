-- Row security on the relations of a mart: what a reader may compare when it hides rows from him, and the policies that hide the same everywhere.

CREATE FUNCTION mart_row_security(relation regclass)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- A refresh switches them off, and the catalogs may be large.
SET enable_nestloop = on
AS $$
DECLARE
	kind "char";
BEGIN
	SELECT c.relkind INTO kind FROM pg_class c WHERE c.oid = relation;
	IF kind <> 'v' THEN
		RETURN row_security_active(relation);
	END IF;
	RETURN EXISTS
	(
		SELECT FROM lead_kpi.mart_beneath(relation) b
		CROSS JOIN LATERAL (SELECT c.relkind, c.relrowsecurity FROM pg_class c WHERE c.oid = b.relation OFFSET 0) c
		WHERE b.is_as_reader AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND row_security_active(b.relation)
	);
END;
$$;
COMMENT ON FUNCTION mart_row_security(regclass) IS
'Whether row security may hide rows of a relation from the current role: of a table, or of a table beneath a view that reads it with the rights of its reader. '
'NULL for NULL.';

CREATE FUNCTION mart_sets_aside(relation regclass)
RETURNS boolean
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = on
AS $$
DECLARE
	name text;
	guarded text[];
	is_partial boolean;
BEGIN
	SELECT c.relname INTO name FROM pg_class c WHERE c.oid = relation;
	SELECT array_agg(c.relname::text) INTO guarded
	FROM pg_class r
	JOIN pg_class c ON c.relnamespace = r.relnamespace
	WHERE r.oid = relation AND c.relname IN ('lead', 'stage_event', 'touch', 'spend', 'deal', 'activity', 'target', 'volume')
		AND lead_kpi.mart_row_security(c.oid);
	IF guarded IS NULL THEN
		RETURN false;
	END IF;
	-- Of leads that are all there, not all that happened to them.
	is_partial := NOT 'lead' = ANY (guarded) AND guarded && '{stage_event,deal}';
	RETURN CASE name
		WHEN 'stage_event' THEN is_partial
		WHEN 'deal' THEN is_partial
		WHEN 'touch' THEN 'touch' = ANY (guarded) AND NOT 'lead' = ANY (guarded)
		WHEN 'activity' THEN 'activity' = ANY (guarded) AND NOT 'lead' = ANY (guarded)
		WHEN 'spend' THEN is_partial OR ('spend' = ANY (guarded)) <> (guarded && '{lead,volume}')
		WHEN 'volume' THEN is_partial OR 'lead' = ANY (guarded) AND NOT 'volume' = ANY (guarded)
		WHEN 'target' THEN guarded && '{lead,stage_event,deal,activity}' AND NOT 'target' = ANY (guarded)
		ELSE false
	END;
END;
$$;
COMMENT ON FUNCTION mart_sets_aside(regclass) IS
'Whether the views of a mart leave a relation of it out for the current role, because row security hides leads and not the like of it there, or the other '
'way round: what all leads cost is not what the ones cost that a reader may see. The view data_quality says so (row_security_uneven). NULL for NULL.';

CREATE FUNCTION mart_policies(mart name, reader name, attribute name, allowed text)
RETURNS TABLE (statement text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	policy CONSTANT name := 'reads_by_' || attribute;
BEGIN
	PERFORM lead_kpi.mart_must_exist(mart);
	IF NOT EXISTS (SELECT FROM lead_kpi.mart_shape() s WHERE s.relation = 'lead' AND s.attribute = mart_policies.attribute) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_column',
			MESSAGE = format('lead has no column %I', attribute),
			HINT = format('Choose by which of these rows are shown: %s.', (SELECT string_agg(s.attribute, ', ') FROM lead_kpi.mart_shape() s
				WHERE s.relation = 'lead'));
	END IF;
	RETURN QUERY
	WITH relation AS
	(
		SELECT s.relation AS name, min(s.ordinal) AS ordinal, c.relkind, bool_or(s.attribute = mart_policies.attribute) AS has_attribute,
			bool_or(s.attribute = 'lead_id') AND s.relation <> 'lead' AS has_lead
		FROM lead_kpi.mart_shape() WITH ORDINALITY AS s(relation, attribute, type, meaning, is_optional, ordinal)
		JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', mart, s.relation))
		WHERE s.relation <> 'currency_rate'
		GROUP BY s.relation, c.relkind
	), condition AS
	(
		SELECT r.*, CASE
			WHEN r.has_lead THEN format('EXISTS (SELECT FROM %1$I.lead l WHERE l.lead_id = %2$I.lead_id)', mart, r.name)
			WHEN r.name = 'deal_change' THEN format('EXISTS (SELECT FROM %I.deal d WHERE d.deal_id = deal_change.deal_id)', mart)
			WHEN r.has_attribute THEN format('%I = %s', attribute, allowed)
			-- What cannot be told apart is shown to nobody.
			ELSE 'false' END AS expression
		FROM relation r
	)
	SELECT l.line
	FROM condition c
	CROSS JOIN LATERAL
	(
		VALUES
			(1, CASE WHEN c.relkind = 'v' THEN format('-- %I.%I is mapped: on the table beneath it, a policy USING (%s).', mart, c.name, c.expression) END),
			(2, CASE WHEN c.relkind <> 'v' THEN format('CREATE POLICY %I ON %I.%I FOR SELECT TO %I USING (%s);', policy, mart, c.name, reader,
				c.expression) END),
			(3, CASE WHEN c.relkind <> 'v' THEN format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY;', mart, c.name) END)
	) l(number, line)
	WHERE l.line IS NOT NULL
	ORDER BY c.ordinal, l.number;
END;
$$;
COMMENT ON FUNCTION mart_policies(name, name, name, text) IS
'The statements, one a row and run by nobody, that show a role those leads of a mart of which a column of lead has an allowed value, and of every other '
'relation what belongs to them: what happened to a lead with the lead, spend, volume and target by the column where they have it, else nothing. allowed: '
'what follows "column =", in SQL, such as current_user or ANY (''{search,mail}''). Of a mapped relation a comment says what its table needs. Errors: not a '
'mart; lead has no such column.';
