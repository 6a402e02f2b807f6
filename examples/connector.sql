-- What a mapping over the tables of Fivetran or Airbyte asks first: how are the table and the column called here, and of which type are they?
-- The two write names differently (created_date, CreatedDate, "createdAt"), leave out what nobody filled, and have changed types over the years.
CREATE FUNCTION pg_temp.plain(name text)
RETURNS text
LANGUAGE sql IMMUTABLE
RETURN lower(regexp_replace(name, '[^a-zA-Z0-9]', '', 'g'));

-- The table of that name, quoted; NULL where there is none.
CREATE FUNCTION pg_temp.table_of(source text, wanted text)
RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname = source AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_temp.plain(c.relname) = pg_temp.plain(wanted) ORDER BY c.relname LIMIT 1);

CREATE FUNCTION pg_temp.needed_table(source text, wanted text)
RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = source) THEN
		RAISE undefined_object USING MESSAGE = format('there is no schema "%s"', source),
			HINT = 'Name the schema that the connector writes into, as in psql -v hubspot=SCHEMA. \dn lists all.';
	ELSIF pg_temp.table_of(source, wanted) IS NULL THEN
		RAISE undefined_table USING MESSAGE = format('schema "%s" has no table "%s"', source, wanted),
			HINT = 'Choose that table in the settings of the connector, and let it run once. Is this the schema that it writes into?';
	END IF;
	RETURN pg_temp.table_of(source, wanted);
END;
$$;

-- The column as an expression of the type that the mapping needs; NULL of that type where there is no such column. Times without a zone are UTC in both.
CREATE FUNCTION pg_temp.column_of(relation text, alias text, wanted text, needed text)
RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
	this record;
	value text;
BEGIN
	SELECT attname, atttypid::regtype::text AS type INTO this FROM pg_attribute
	WHERE attrelid = to_regclass(relation) AND attnum > 0 AND NOT attisdropped AND pg_temp.plain(attname) = pg_temp.plain(wanted) ORDER BY attname LIMIT 1;
	IF this.attname IS NULL THEN
		-- Where the connector was told not to flatten, all properties are in one column.
		SELECT attname, 'text' AS type INTO this FROM pg_attribute
		WHERE attrelid = to_regclass(relation) AND attname = 'properties' AND NOT attisdropped AND wanted LIKE 'properties\_%';
		value := format('(%s.properties::jsonb ->> %L)', alias, substr(wanted, 12));
	ELSE
		value := format('%s.%I', alias, this.attname);
	END IF;
	RETURN CASE
		WHEN this.attname IS NULL THEN 'NULL::' || needed
		WHEN this.type IN ('text', 'character varying') THEN CASE needed
			WHEN 'text' THEN format('nullif(btrim(%s), '''')', value)
			WHEN 'timestamptz' THEN format('CASE WHEN %1$s ~ ''^\d+$'' THEN to_timestamp(%1$s::numeric / 1000) ELSE nullif(%1$s, '''')::timestamptz END', value)
			WHEN 'date' THEN format('CASE WHEN %1$s ~ ''^\d+$'' THEN timezone(''UTC'', to_timestamp(%1$s::numeric / 1000)) ELSE nullif(%1$s, '''')::timestamp END::date', value)
			ELSE format('nullif(btrim(%s), '''')::%s', value, needed) END
		WHEN needed = 'timestamptz' AND this.type IN ('bigint', 'integer', 'numeric', 'double precision') THEN format('to_timestamp(%s / 1000.0)', value)
		WHEN needed = 'timestamptz' AND this.type <> 'timestamp with time zone' THEN format('timezone(''UTC'', %s::timestamp)', value)
		WHEN needed = 'date' AND this.type = 'timestamp with time zone' THEN format('timezone(''UTC'', %s)::date', value)
		WHEN needed = 'jsonb' THEN format('%s::jsonb', value)
		ELSE format('%s::%s', value, needed)
	END;
END;
$$;
