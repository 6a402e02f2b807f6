-- What somebody plants in a mart's schema is never called by the functions that work on the mart.
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS lead_kpi;

-- The mart is somebody's; so are functions and operators that match the calls exactly, or better than what they are meant for.
SELECT lead_kpi.create_mart('regress_planted');
SHOW search_path;
CREATE FUNCTION regress_planted.sprung(name text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the planted % runs', name;
END;
$$;
CREATE FUNCTION regress_planted.spring(state lead_kpi.lead_profile, jsonb, boolean) RETURNS lead_kpi.lead_profile LANGUAGE sql
	AS $$ SELECT CASE WHEN regress_planted.sprung('lead_profile') THEN $1 END $$;
CREATE AGGREGATE regress_planted.lead_profile(jsonb, boolean) (sfunc = regress_planted.spring, stype = lead_kpi.lead_profile);
CREATE FUNCTION regress_planted.is_mart(name) RETURNS boolean LANGUAGE sql AS $$ SELECT regress_planted.sprung('is_mart') $$;
CREATE FUNCTION regress_planted.mart_must_exist(name) RETURNS void LANGUAGE sql AS $$ SELECT regress_planted.sprung('mart_must_exist') $$;
CREATE FUNCTION regress_planted.format(text, name) RETURNS text LANGUAGE sql AS $$ SELECT regress_planted.sprung('format')::text $$;
CREATE FUNCTION regress_planted.example_uniform(bigint, integer, bigint) RETURNS float8 LANGUAGE sql
	AS $$ SELECT regress_planted.sprung('example_uniform')::integer $$;
CREATE FUNCTION regress_planted.width_bucket(float8, float8[]) RETURNS integer LANGUAGE sql AS $$ SELECT regress_planted.sprung('width_bucket')::integer $$;
CREATE FUNCTION regress_planted.remainder(bigint, integer) RETURNS bigint LANGUAGE sql AS $$ SELECT regress_planted.sprung('%')::integer $$;
CREATE OPERATOR regress_planted.% (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = regress_planted.remainder);
CREATE FUNCTION regress_planted.product(integer, float8) RETURNS float8 LANGUAGE sql AS $$ SELECT regress_planted.sprung('*')::integer $$;
CREATE OPERATOR regress_planted.* (LEFTARG = integer, RIGHTARG = float8, FUNCTION = regress_planted.product);
-- They do work where names are looked up in the mart.
BEGIN;
SET LOCAL search_path = regress_planted, lead_kpi;
SELECT 7::bigint % 2;
ROLLBACK;

SELECT lead_kpi.generate_example('regress_planted', 500);
SELECT count(*) AS month_ends, sum(leads) > 0 AS learned FROM lead_kpi.train_mart('regress_planted');
SET search_path = regress_planted, lead_kpi;
SELECT count(*) AS month_ends FROM lead_kpi.train_mart('regress_planted');
DELETE FROM regress_planted.rule;
RESET search_path;
SELECT count(*) > 0 AS readable FROM regress_planted.diagnosis;
SELECT lead_kpi.drop_mart('regress_planted');
DROP SCHEMA regress_planted CASCADE;
