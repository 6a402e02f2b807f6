-- How the functions of the mart find names. Each has a pinned search_path with pg_catalog first, so that nothing planted in another
-- schema is called in place of what was meant, and calls what the extension itself defines as lead_kpi.x.

CREATE FUNCTION mart_search_path(mart name)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('%I, lead_kpi, pg_temp', mart);
COMMENT ON FUNCTION mart_search_path(name) IS
'The search_path under which the steps of create_mart make a mart: new objects go to the mart, and names are looked up in pg_catalog, the mart, '
'which then holds what create_mart made and nothing else, and lead_kpi.';
