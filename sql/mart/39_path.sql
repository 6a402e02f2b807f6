-- Which ways leads really take through the stages, what they are worth there, and when customers have paid for themselves.

CREATE FUNCTION mart_path_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_path_views(name) IS 'Internal to create_mart: makes the views of which ways leads really take through the stages, what they are worth there, and when customers have paid for themselves in the mart.';
