-- Who gets credit for stages, what merely took part, and what the last touch overrates.

CREATE FUNCTION mart_credit_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_credit_views(name) IS 'Internal to create_mart: makes the views of who gets credit for stages, what merely took part, and what the last touch overrates in the mart.';
