-- What a wrong update script would leave, and the line by which it is found (- is what a fresh install has): sign name: part of the property.
-- + function lead_kpi.hits(lead_kpi.rate): "provolatile": "s"
ALTER FUNCTION lead_kpi.hits(lead_kpi.rate) STABLE;
-- - function lead_kpi.trials(lead_kpi.rate): "proparallel": "s"
ALTER FUNCTION lead_kpi.trials(lead_kpi.rate) PARALLEL RESTRICTED;
-- + function lead_kpi.low(lead_kpi.rate,double precision,text): "procost": 7
ALTER FUNCTION lead_kpi.low(lead_kpi.rate, float8, text) COST 7;
-- + function lead_kpi.high(lead_kpi.rate,double precision,text): "proisstrict": false
ALTER FUNCTION lead_kpi.high(lead_kpi.rate, float8, text) CALLED ON NULL INPUT;
-- + function lead_kpi.mart_former(): "prorows": 7
ALTER FUNCTION lead_kpi.mart_former() ROWS 7;
-- + function lead_kpi.rate_cmp(lead_kpi.rate,lead_kpi.rate): "support": "textlike_support(internal)"
ALTER FUNCTION lead_kpi.rate_cmp(lead_kpi.rate, lead_kpi.rate) SUPPORT pg_catalog.textlike_support;
-- - function lead_kpi.drop_mart(name): "proconfig": ["search_path=pg_catalog, pg_temp"]
ALTER FUNCTION lead_kpi.drop_mart(name) RESET search_path;
-- - function lead_kpi.upgrade_mart(name): "comment": "Takes a mart
COMMENT ON FUNCTION lead_kpi.upgrade_mart(name) IS NULL;
-- + type lead_kpi.rate: "comment": "another"
COMMENT ON TYPE lead_kpi.rate IS 'another';
-- + function lead_kpi.store_mart(name,jsonb,boolean,text[]): "grants"
REVOKE EXECUTE ON FUNCTION lead_kpi.store_mart(name, jsonb, boolean, text[]) FROM PUBLIC;
-- - function lead_kpi.rollup(lead_kpi.rate): "aggcombinefn": "lead_kpi.rate_add"
-- + function lead_kpi.rollup(lead_kpi.rate): "aggtransspace": 99
CREATE OR REPLACE AGGREGATE lead_kpi.rollup(lead_kpi.rate) (SFUNC = lead_kpi.rate_add, STYPE = lead_kpi.rate, SSPACE = 99, PARALLEL = SAFE);
-- + function lead_kpi.moments(double precision): "aggfinalfn": "lead_kpi.roc_final"
UPDATE pg_aggregate SET aggfinalfn = 'lead_kpi.roc_final(internal)'::regprocedure WHERE aggfnoid = 'lead_kpi.moments(float8)'::regprocedure;
-- + cast from lead_kpi.rate to numeric: "context": "i"
UPDATE pg_cast SET castcontext = 'i' WHERE castsource = 'lead_kpi.rate'::regtype AND casttarget = 'numeric'::regtype;
-- + operator lead_kpi.<(lead_kpi.rate,lead_kpi.rate): "restriction": null
ALTER OPERATOR lead_kpi.< (lead_kpi.rate, lead_kpi.rate) SET (RESTRICT = NONE);
-- + operator family lead_kpi.scorecard_ops for access method hash: "parts": ["function 1
ALTER OPERATOR FAMILY lead_kpi.scorecard_ops USING hash DROP FUNCTION 2 (lead_kpi.scorecard);
-- + type lead_kpi.funnel: "typstorage": "m"
ALTER TYPE lead_kpi.funnel SET (STORAGE = main);
-- + type lead_kpi.scenario: "more"
ALTER TYPE lead_kpi.scenario ADD ATTRIBUTE more text;
-- - function lead_kpi.is_mart(name): "member"
ALTER EXTENSION lead_kpi DROP FUNCTION lead_kpi.is_mart(name);
-- + function lead_kpi.left_over(): "in the schema, and no member"
CREATE FUNCTION lead_kpi.left_over() RETURNS integer LANGUAGE sql RETURN 1;
-- + function lead_kpi.mart_former_words(): "needs": "function lead_kpi.left_over()"
CREATE OR REPLACE FUNCTION lead_kpi.mart_former_words() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ARRAY[lead_kpi.left_over()::text];
