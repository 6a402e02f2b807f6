-- Who works the leads, how much, and with what success.

CREATE FUNCTION mart_owner_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_owner_views(name) IS 'Internal to create_mart: makes the views of who works the leads, how much, and with what success in the mart.';
