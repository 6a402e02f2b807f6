-- What ./run fuzz and test/t/082_fuzz_corpus.pl give bytes to: a row per target, most of them found in the catalog.
CREATE FUNCTION fuzz_input(kind text, target regprocedure, companions regprocedure[], arguments text[], input bytea)
RETURNS text LANGUAGE C AS 'lead_kpi_fuzz';

CREATE TABLE fuzz_target (
	name text PRIMARY KEY,
	kind text NOT NULL,
	target regprocedure NOT NULL,
	companions regprocedure[] NOT NULL DEFAULT '{}',
	arguments text[] NOT NULL DEFAULT '{}'
);

CREATE VIEW member AS
SELECT classid, objid FROM pg_depend JOIN pg_extension e ON refclassid = 'pg_extension'::regclass AND refobjid = e.oid
WHERE deptype = 'e' AND extname = 'lead_kpi';

-- Every base type's text and binary form.
INSERT INTO fuzz_target (name, kind, target)
SELECT typname || '_' || kind, kind, function
FROM pg_type t, LATERAL (VALUES ('in', typinput), ('recv', typreceive)) v(kind, function)
WHERE ('pg_type'::regclass, t.oid) IN (SELECT classid, objid FROM member) AND typtype = 'b' AND typcategory <> 'A';

-- The state of every aggregate that ships one. Results that are arrays of rows ask the call for their type, which there is none of.
CREATE VIEW state_functions AS
SELECT aggdeserialfn::oid AS deserialize, min(aggserialfn::oid)::oid AS serialize, min(aggcombinefn::oid)::oid AS combine,
	ARRAY(SELECT DISTINCT f.aggfinalfn::oid::regprocedure FROM pg_aggregate f JOIN pg_proc p ON p.oid = f.aggfinalfn
		LEFT JOIN pg_type result ON result.oid = p.prorettype LEFT JOIN pg_type element ON element.oid = result.typelem
		WHERE f.aggdeserialfn = a.aggdeserialfn AND p.pronargs = 1 AND element.typtype IS DISTINCT FROM 'c' ORDER BY 1) AS finals
FROM pg_aggregate a
WHERE ('pg_proc'::regclass, aggfnoid::oid) IN (SELECT classid, objid FROM member) AND aggdeserialfn <> 0
GROUP BY aggdeserialfn;

INSERT INTO fuzz_target (name, kind, target, companions)
SELECT proname, 'deserialize', p.oid, ARRAY[serialize, combine]::regprocedure[] || finals
FROM state_functions s JOIN pg_proc p ON p.oid = s.deserialize;

-- The ladder of a funnel: its policy, then a stage on each line, or numbers. What of it is accepted counts one event.
INSERT INTO fuzz_target
SELECT name, 'call', target, ARRAY[deserialize, serialize, combine]::regprocedure[] || finals, arguments
FROM state_functions, (VALUES
	('ladder_text', 'lead_kpi.funnel_accumulate_text(internal,text,text,timestamptz,text[],interval,text)'::regprocedure,
		'{NULL,lead,mql,2026-01-01 00:00+00,@rest,1 day,@first}'::text[]),
	('ladder_bigint', 'lead_kpi.funnel_accumulate_text_integer(internal,text,bigint,timestamptz,bigint[],interval,text)',
		'{NULL,lead,1,2026-01-01 00:00+00,@rest,1 day,reached}')) v(name, target, arguments)
WHERE deserialize = 'lead_kpi.funnel_deserialize'::regproc;

-- Whatever else reads text or bytes that it did not write.
INSERT INTO fuzz_target (name, kind, target, arguments) VALUES
	('parse_amount', 'call', 'lead_kpi.parse_amount(text,text)', '{@rest,@first}'),
	('parse_day', 'call', 'lead_kpi.parse_day(text,text)', '{@rest,@first}'),
	('parse_time', 'call', 'lead_kpi.parse_time(text,text,text)', '{@rest,@first,Europe/Paris}'),
	('checked_time_zone', 'call', 'lead_kpi.checked_time_zone(text)', '{@rest}'),
	('normalize_email', 'call', 'lead_kpi.normalize_email(text)', '{@rest}'),
	('normalize_phone', 'call', 'lead_kpi.normalize_phone(text,text)', '{@rest,@first}'),
	('near_names', 'call', 'lead_kpi.near_names(text[])', '{@rest}'),
	('checked_working_hours', 'call', 'lead_kpi.checked_working_hours(text)', '{@rest}'),
	('attribute_value', 'call', 'lead_kpi.attribute_value(jsonb,text)', '{@rest,@first}'),
	('open_episodes', 'call', 'lead_kpi.open_episodes(bytea,integer)', '{@rest,4}'),
	('pipeline_counts', 'call', 'lead_kpi.pipeline_counts(bytea)', '{@rest}');
