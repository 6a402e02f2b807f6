-- Queries over the views of marts are not compiled, whatever jit says; others are, where the server can.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS regress_compiled, regress_compiled_stored, regress_compiled_refresh, regress_compiled_changed CASCADE;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
RESET client_min_messages;
SELECT lead_kpi.create_mart('regress_compiled') \g /dev/null
SELECT lead_kpi.generate_example('regress_compiled', 50) \g /dev/null
CREATE FUNCTION public.regress_is_compiled(query text) RETURNS boolean LANGUAGE plpgsql
SET jit = on SET jit_above_cost = 0 SET jit_optimize_above_cost = -1 SET jit_inline_above_cost = -1
AS $$
DECLARE
	line text;
	is_compiled boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
		is_compiled := is_compiled OR line ~ '^JIT:';
	END LOOP;
	RETURN is_compiled;
END
$$;
-- A server without jit compiles nothing.
CREATE FUNCTION public.regress_is_compiled_where_possible(query text) RETURNS boolean LANGUAGE sql SET jit = on
AS $$ SELECT public.regress_is_compiled(query) = pg_jit_available() $$;
-- From the first query of a session on: what sees to it is loaded in time.
\c -
SELECT view, public.regress_is_compiled('SELECT * FROM regress_compiled.' || view) FROM unnest('{funnel,cpl_to_revenue,kpi_day,lead_score,observation}'::text[]) AS view;
SELECT public.regress_is_compiled('SELECT * FROM regress_compiled.lead JOIN regress_compiled.counted_lead USING (lead_id)') AS joined,
	public.regress_is_compiled('WITH f AS MATERIALIZED (SELECT * FROM regress_compiled.funnel) SELECT 1 + count(*) FROM f') AS beneath;
SELECT public.regress_is_compiled_where_possible('SELECT count(*) FROM regress_compiled.lead') AS of_a_table,
	public.regress_is_compiled_where_possible('SELECT lead_kpi.funnel(lead_id, kind, created_at, ''{form,call}'') FROM regress_compiled.lead') AS of_an_aggregate;
-- Unless somebody asks for it, also of a plan that was kept.
SET jit = on;
SET jit_above_cost = 0;
SET plan_cache_mode = force_generic_plan;
PREPARE kept AS SELECT count(*) FROM regress_compiled.funnel;
EXECUTE kept;
SET lead_kpi.compile_marts = on;
SELECT public.regress_is_compiled_where_possible('SELECT * FROM regress_compiled.funnel') AS anew, public.regress_is_compiled_where_possible('EXECUTE kept') AS kept;
RESET lead_kpi.compile_marts;
SELECT public.regress_is_compiled('SELECT * FROM regress_compiled.funnel') AS anew, public.regress_is_compiled('EXECUTE kept') AS kept;
-- Stored views too.
SELECT lead_kpi.store_mart('regress_compiled', views => '{funnel}') \g /dev/null
\c -
SELECT view, public.regress_is_compiled('SELECT * FROM regress_compiled.' || view) FROM unnest('{funnel,cpl_to_revenue,lead_event}'::text[]) AS view;
SET client_min_messages = warning;
DROP FUNCTION public.regress_is_compiled_where_possible, public.regress_is_compiled;
SELECT lead_kpi.drop_mart('regress_compiled') \g /dev/null
