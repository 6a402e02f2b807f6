-- How fast leads are answered, and what speed goes with.

CREATE FUNCTION mart_speed_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_speed_views(name) IS 'Internal to create_mart: makes the views of how fast leads are answered, and what speed goes with in the mart.';
