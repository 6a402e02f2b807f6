-- Why leads are refused and deals are lost.

CREATE FUNCTION mart_reason_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_reason_views(name) IS 'Internal to create_mart: makes the views of why leads are refused and deals are lost in the mart.';
