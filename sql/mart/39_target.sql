-- Whether targets will be reached, and whether the pipeline covers them.

CREATE FUNCTION mart_target_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_target_views(name) IS 'Internal to create_mart: makes the views of whether targets will be reached, and whether the pipeline covers them in the mart.';
