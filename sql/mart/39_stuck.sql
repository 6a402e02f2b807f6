-- What has stood still for longer than what moved on, and what is wrong in the pipeline.

CREATE FUNCTION mart_stuck_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_stuck_views(name) IS 'Internal to create_mart: makes the views of what has stood still for longer than what moved on, and what is wrong in the pipeline in the mart.';
