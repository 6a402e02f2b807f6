-- How a column of any type becomes what a mart wants: the casts of the view that create_mart's hint shows.

CREATE FUNCTION mart_conversion(attribute text, wanted text, actual regtype)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH source AS
	(
		-- A domain is what it is made of.
		SELECT format('%I', attribute) AS x, coalesce(nullif(t.typbasetype, 0), t.oid)::regtype AS base
		FROM pg_type t
		WHERE t.oid = actual
	), kind AS
	(
		SELECT s.x, s.base,
			CASE
				WHEN s.base IN ('int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float4'::regtype, 'float8'::regtype) THEN 'number'
				WHEN s.base = 'int2'::regtype THEN 'small number'
				WHEN s.base IN ('bit'::regtype, 'varbit'::regtype) THEN 'bits'
				WHEN s.base IN ('json'::regtype, 'jsonb'::regtype) THEN 'json'
				WHEN s.base IN ('timestamp'::regtype, 'date'::regtype) THEN 'local time'
				WHEN t.typcategory IN ('S', 'E') OR s.base IN ('"char"'::regtype, 'unknown'::regtype) THEN 'text'
				ELSE 'other'
			END AS kind,
			CASE
				WHEN s.base IN ('json'::regtype, 'jsonb'::regtype) THEN format('(%s #>> ''{}'')', s.x)
				WHEN s.base IN ('text'::regtype, 'varchar'::regtype) THEN s.x
				ELSE s.x || '::text'
			END AS spelled
		FROM source s JOIN pg_type t ON t.oid = s.base
	)
	SELECT coalesce((
		SELECT CASE
			WHEN base = to_regtype(wanted) THEN x
			WHEN wanted = 'text' THEN x || '::text'
			WHEN wanted = 'boolean' THEN CASE
				WHEN kind IN ('number', 'small number') THEN format('(%s <> 0)', x)
				WHEN kind = 'bits' THEN format('(position(B''1'' IN %s) > 0)', x)
				WHEN kind IN ('text', 'json') THEN format('nullif(btrim(%s), '''')::boolean', spelled)
			END
			WHEN wanted = 'timestamptz' THEN CASE
				WHEN kind IN ('text', 'json') THEN format('lead_kpi.parse_time(%s, ''Europe/Paris'')', spelled)
				WHEN kind = 'number' THEN format('to_timestamp(%s /* milliseconds: / 1000.0 */)', x)
				WHEN kind = 'local time' THEN format('timezone(''Europe/Paris'', %s::timestamp)', x)
			END
			WHEN wanted = 'date' THEN CASE
				WHEN kind IN ('text', 'json') THEN format('lead_kpi.parse_day(%s)', spelled)
				WHEN kind = 'number' THEN format('timezone(''Europe/Paris'', to_timestamp(%s /* milliseconds: / 1000.0 */))::date', x)
				WHEN kind = 'local time' THEN x || '::date'
				WHEN base = 'timestamptz'::regtype THEN format('timezone(''Europe/Paris'', %s)::date', x)
			END
			WHEN wanted = 'numeric' THEN CASE
				WHEN kind = 'text' THEN format('lead_kpi.parse_amount(%s)', spelled)
				WHEN kind = 'json' THEN format('lead_kpi.parse_amount(%s, ''1234.56'')', spelled)
				WHEN kind IN ('number', 'small number') OR base = 'money'::regtype THEN x || '::numeric'
			END
			WHEN wanted IN ('bigint', 'integer', 'smallint') THEN CASE
				WHEN kind IN ('text', 'json') THEN format('nullif(btrim(%s), '''')::%s', spelled, wanted)
				WHEN kind IN ('number', 'small number') THEN format('%s::%s', x, wanted)
			END
			WHEN wanted = 'uuid' THEN CASE
				WHEN kind IN ('text', 'json') THEN format('nullif(btrim(%s), '''')::uuid', spelled)
			END
			WHEN wanted = 'jsonb' THEN CASE
				WHEN base = 'json'::regtype THEN x || '::jsonb'
				WHEN kind = 'text' THEN format('nullif(btrim(%s), '''')::jsonb', spelled)
				ELSE format('to_jsonb(%s)', x)
			END
		END
		FROM kind), format('NULL::%s', wanted));
END;
COMMENT ON FUNCTION mart_conversion(text, text, regtype) IS
'An expression that makes the wanted type of a column of type actual, to be shown to users: it does not depend on the session''s settings, and '
'its time zone is an example. NULL of the wanted type where nothing can be made.';
