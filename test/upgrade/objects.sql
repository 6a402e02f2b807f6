-- Everything that makes the extension what it is, a line a fact: an updated database and one with a fresh install print the same.
-- Catalogs are printed whole, so that a property that nobody thought of shows too; OIDs as what they stand for.
WITH extension AS
(
	SELECT * FROM pg_extension WHERE extname = 'lead_kpi'
), member AS
(
	SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS name
	FROM pg_depend d
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM extension)
), grants AS
(
	-- Owners are the same where the same role makes both.
	SELECT p.oid, 'pg_proc'::regclass AS classid, p.proacl AS acl FROM pg_proc p
	UNION ALL SELECT t.oid, 'pg_type'::regclass, t.typacl FROM pg_type t
	UNION ALL SELECT n.oid, 'pg_namespace'::regclass, n.nspacl FROM pg_namespace n
), fact(name, value) AS
(
	SELECT format('extension %s', e.extname), (to_jsonb(e) - '{oid,extnamespace,extowner,extconfig}'::text[]) || jsonb_build_object(
		'filed under', e.extnamespace::regnamespace, 'owner', e.extowner::regrole,
		'configuration tables', (SELECT jsonb_agg(c::regclass) FROM unnest(e.extconfig) c))
	FROM extension e
	UNION ALL
	SELECT m.name, jsonb_build_object('member', i.type || ' ' || i.identity) FROM member m, pg_identify_object(m.classid, m.objid, 0) i
	UNION ALL
	-- Of an aggregate the definition is in pg_aggregate. As it is asked for, so that the body's names show what they mean.
	SELECT m.name, (to_jsonb(p) - '{oid,proowner,pronamespace,prolang,prosupport,provariadic,prorettype,proargtypes,proallargtypes,prosqlbody,proacl,proargdefaults}'::text[])
		|| jsonb_build_object('owner', p.proowner::regrole, 'schema', p.pronamespace::regnamespace, 'language', (SELECT lanname FROM pg_language l WHERE l.oid = p.prolang),
			'support', CASE WHEN p.prosupport <> 0 THEN p.prosupport::oid::regprocedure END, 'result', pg_get_function_result(p.oid), 'arguments', pg_get_function_arguments(p.oid),
			'body', pg_get_function_sqlbody(p.oid))
	FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	UNION ALL
	SELECT m.name, (to_jsonb(a) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[])
		|| (SELECT jsonb_object_agg('signature of ' || f.name, nullif(f.oid, 0)::regprocedure)
			FROM (VALUES ('aggtransfn', a.aggtransfn::oid), ('aggfinalfn', a.aggfinalfn), ('aggcombinefn', a.aggcombinefn), ('aggserialfn', a.aggserialfn),
				('aggdeserialfn', a.aggdeserialfn), ('aggmtransfn', a.aggmtransfn), ('aggminvtransfn', a.aggminvtransfn), ('aggmfinalfn', a.aggmfinalfn)) f(name, oid))
		|| jsonb_build_object('state', a.aggtranstype::regtype, 'moving state', nullif(a.aggmtranstype, 0)::regtype, 'sort operator', nullif(a.aggsortop, 0)::regoperator)
	FROM member m JOIN pg_aggregate a ON m.classid = 'pg_proc'::regclass AND a.aggfnoid = m.objid
	UNION ALL
	SELECT m.name, (to_jsonb(t) - '{oid,typowner,typnamespace,typrelid,typelem,typarray,typbasetype,typcollation,typacl}'::text[])
		|| jsonb_build_object('owner', t.typowner::regrole, 'schema', t.typnamespace::regnamespace, 'element', nullif(t.typelem, 0)::regtype, 'array', nullif(t.typarray, 0)::regtype,
			'columns', (SELECT jsonb_agg(jsonb_build_array(a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), col_description(t.typrelid, a.attnum)) ORDER BY a.attnum)
				FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0))
	FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	UNION ALL
	SELECT m.name, (to_jsonb(o) - '{oid,oprowner,oprnamespace,oprleft,oprright,oprresult,oprcom,oprnegate,oprcode,oprrest,oprjoin}'::text[])
		|| jsonb_build_object('owner', o.oprowner::regrole, 'result', o.oprresult::regtype, 'commutator', nullif(o.oprcom, 0)::regoperator, 'negator', nullif(o.oprnegate, 0)::regoperator,
			'function', o.oprcode::oid::regprocedure, 'restriction', nullif(o.oprrest::oid, 0)::regprocedure, 'join', nullif(o.oprjoin::oid, 0)::regprocedure)
	FROM member m JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
	UNION ALL
	SELECT m.name, jsonb_build_object('default', c.opcdefault, 'input', c.opcintype::regtype, 'key', nullif(c.opckeytype, 0)::regtype, 'family', pg_describe_object('pg_opfamily'::regclass, c.opcfamily, 0))
	FROM member m JOIN pg_opclass c ON m.classid = 'pg_opclass'::regclass AND c.oid = m.objid
	UNION ALL
	SELECT m.name, jsonb_build_object('parts', (SELECT jsonb_agg(part ORDER BY part) FROM
		(
			SELECT format('operator %s %s %s', a.amopstrategy, a.amoppurpose, a.amopopr::regoperator) FROM pg_amop a WHERE a.amopfamily = f.oid
			UNION ALL
			SELECT format('function %s (%s, %s) %s', a.amprocnum, a.amproclefttype::regtype, a.amprocrighttype::regtype, a.amproc::oid::regprocedure) FROM pg_amproc a WHERE a.amprocfamily = f.oid
		) p(part)))
	FROM member m JOIN pg_opfamily f ON m.classid = 'pg_opfamily'::regclass AND f.oid = m.objid
	UNION ALL
	SELECT m.name, jsonb_build_object('function', nullif(c.castfunc, 0)::regprocedure, 'context', c.castcontext, 'method', c.castmethod)
	FROM member m JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
	UNION ALL
	SELECT m.name, jsonb_build_object('comment', d.description)
	FROM member m LEFT JOIN pg_description d ON d.classoid = m.classid AND d.objoid = m.objid AND d.objsubid = 0
	UNION ALL
	SELECT m.name, jsonb_build_object('grants', g.acl::text, 'grants of the extension', i.initprivs::text)
	FROM member m
	LEFT JOIN grants g ON g.classid = m.classid AND g.oid = m.objid
	LEFT JOIN pg_init_privs i ON i.classoid = m.classid AND i.objoid = m.objid AND i.objsubid = 0
	WHERE g.acl IS NOT NULL OR i.initprivs IS NOT NULL
	UNION ALL
	-- Which of several overloads a body calls shows nowhere else.
	SELECT m.name, jsonb_build_object('needs', pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), 'how', d.deptype)
	FROM member m JOIN pg_depend d ON d.classid = m.classid AND d.objid = m.objid
	WHERE d.refclassid <> 'pg_extension'::regclass
	UNION ALL
	SELECT pg_describe_object(d.classid, d.objid, 0), '"in the schema, and no member"'
	FROM pg_depend d
	WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'lead_kpi'::regnamespace
		AND (d.classid, d.objid) NOT IN (SELECT m.classid, m.objid FROM member m)
)
SELECT DISTINCT (name || ': ' || value::text) COLLATE "C" FROM fact ORDER BY 1;
