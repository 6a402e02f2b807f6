-- From the prospect over attempts, contacts and meetings to the sale.

CREATE FUNCTION mart_outbound_views(mart name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM set_config('search_path', lead_kpi.mart_search_path(mart), true);
END;
$$;
COMMENT ON FUNCTION mart_outbound_views(name) IS 'Internal to create_mart: makes the views of from the prospect over attempts, contacts and meetings to the sale in the mart.';
