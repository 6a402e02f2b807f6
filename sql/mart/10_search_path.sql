-- How the functions of the mart find names. Each has a pinned search_path with pg_catalog first, so that nothing planted in another
-- schema is called in place of what was meant, and calls what the extension itself defines as lead_kpi.x.

CREATE FUNCTION mart_companion(mart name, purpose text)
RETURNS name
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE WHEN octet_length(mart::text) <= 54 THEN mart::text ELSE left(mart::text, 11) || '_' || left(md5(mart::text), 8) END
	|| '_' || purpose)::name;
COMMENT ON FUNCTION mart_companion(name, text) IS
'The schema beside a mart that serves a purpose of a stored mart: stored (what is stored), refresh (how it is computed), changed (the same of changed leads '
'only), check (for a check). A long name is cut, and told apart by a hash.';

CREATE FUNCTION mart_search_path(mart name)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- A companion is no mart, and has the owner of its mart: nobody can put a schema of his beneath another's.
	SELECT format('%I, ', mart) || coalesce(
		(
			SELECT format('%I, ', base.nspname)
			FROM pg_namespace own
			JOIN pg_namespace base ON base.nspowner = own.nspowner AND own.nspname IN (mart_companion(base.nspname, 'refresh'),
				mart_companion(base.nspname, 'changed'), mart_companion(base.nspname, 'check'))
			WHERE own.nspname = mart
				AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = base.oid AND c.relname = 'rule' AND c.relkind = 'r')
				AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = own.oid AND c.relname = 'rule')
			LIMIT 1
		), '') || 'lead_kpi, pg_temp';
END;
COMMENT ON FUNCTION mart_search_path(name) IS
'The search_path under which the steps of create_mart make a mart: new objects go to the mart, and names are looked up in pg_catalog, the mart, '
'which then holds what create_mart made and nothing else, and lead_kpi. For a companion schema of a stored mart, in that and then in the mart.';
