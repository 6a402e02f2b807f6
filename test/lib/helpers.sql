\set ECHO none
-- What the tests of the rooms begin with:
--     \getenv abs_srcdir PG_ABS_SRCDIR
--     \i :abs_srcdir/lib/helpers.sql
-- Not \ir: pg_regress gives a test to psql as standard input, and then \ir has no file to be relative to.
-- Nothing here is echoed, so that no expected file repeats it.

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
RESET client_min_messages;
SET search_path = public, lead_kpi;

-- Runs a statement that must fail; tells SQLSTATE, message, detail and hint.
CREATE FUNCTION pg_temp.failure(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END
$$;

-- The fields of a CSV file's lines but the first; what R has none of (NA, NaN) is empty.
CREATE FUNCTION pg_temp.csv(content text) RETURNS SETOF text[] LANGUAGE sql AS $$
	SELECT string_to_array(regexp_replace(line, '\mNan?\M', '', 'gi'), ',')
	FROM string_to_table(content, E'\n') WITH ORDINALITY AS t(line, n)
	WHERE n > 1 AND line <> ''
$$;

-- Whether a query's plan has a line that matches.
CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ node THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END
$$;

-- The mix of 64 bits that src/events uses, in numbers that cannot overflow: it makes keys that collide.
CREATE FUNCTION pg_temp.xor64(a numeric, b numeric) RETURNS numeric LANGUAGE sql AS $$
	SELECT mod(x::numeric + CASE WHEN x < 0 THEN 18446744073709551616 ELSE 0 END, 18446744073709551616)
	FROM (SELECT (CASE WHEN a >= 9223372036854775808 THEN a - 18446744073709551616 ELSE a END)::bigint
		# (CASE WHEN b >= 9223372036854775808 THEN b - 18446744073709551616 ELSE b END)::bigint AS x) v
$$;
CREATE FUNCTION pg_temp.mix(x numeric) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	two64 CONSTANT numeric := 18446744073709551616;
	r numeric := x;
BEGIN
	r := pg_temp.xor64(r, div(r, 2 ^ 30::numeric));
	r := mod(r * 13787848793156543929, two64);
	r := pg_temp.xor64(r, div(r, 2 ^ 27::numeric));
	r := mod(r * 10723151780598845931, two64);
	RETURN pg_temp.xor64(r, div(r, 2 ^ 31::numeric));
END
$$;
CREATE FUNCTION pg_temp.hex64(x numeric) RETURNS text LANGUAGE sql AS $$
	SELECT lpad(to_hex((CASE WHEN x >= 9223372036854775808 THEN x - 18446744073709551616 ELSE x END)::bigint), 16, '0')
$$;
\set ECHO all
