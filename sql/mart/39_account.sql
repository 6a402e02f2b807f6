-- What happens per account: the company that the leads belong to.

CREATE FUNCTION mart_account_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_account_views(name) IS 'Internal to create_mart: makes the views of what happens per account: the company that the leads belong to in the mart.';
