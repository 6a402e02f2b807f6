\set ECHO none
-- What the tests mart_reports_* begin with, after helpers.sql: marts in which a scenario is played and taken back.
--     CALL pg_temp.scenario('what it shows', '{bigint,uuid,text}', $$INSERT INTO lead ...$$, 'SELECT ...', '(1,web)', ...);
-- plays the statements in each of the marts (of uuid and text in one), and compares each question's answer, its rows as text, with
-- the one that is right. A lead's key is written #1 or #(expression), whatever type the mart's keys have; later numbers are greater keys in each.
-- Each file ends with \i :abs_srcdir/lib/scenario_end.sql, which shows the answers that are not right.

SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
SET extra_float_digits = 0;
SET client_min_messages = warning;

CREATE TEMP TABLE verdict (number serial, what text, mart text, question text, found text, expected text);

-- Own tables, by key type.
SELECT create_mart('regress_bigint'), create_mart('regress_uuid', lead_key => 'uuid'), create_mart('regress_text', lead_key => 'text') \g /dev/null

-- Mapped relations as the first shape had them: without the optional columns.
CREATE SCHEMA regress_old_source;
CREATE TABLE regress_old_source.lead (lead_id bigint, created_at timestamptz, kind text, channel text, campaign text, email text, company text, attributes jsonb);
CREATE TABLE regress_old_source.stage_event (lead_id bigint, stage text, entered_at timestamptz);
CREATE TABLE regress_old_source.touch (lead_id bigint, touched_at timestamptz, channel text, campaign text, kind text);
CREATE TABLE regress_old_source.spend (spent_on date, channel text, campaign text, amount numeric);
CREATE TABLE regress_old_source.deal (deal_id text, lead_id bigint, opened_at timestamptz, closed_at timestamptz, is_won boolean, amount numeric);

-- Mapped relations of days: leads come at a moment without a zone, all else on a date.
CREATE SCHEMA regress_days_source;
CREATE TABLE regress_days_source.lead (lead_id integer, created_at timestamp, kind text, channel text, campaign text, email text, company text, attributes json);
CREATE TABLE regress_days_source.stage_event (lead_id integer, stage varchar, entered_at date);
CREATE TABLE regress_days_source.touch (lead_id integer, touched_at timestamp, channel text, campaign text, kind text);
CREATE TABLE regress_days_source.spend (spent_on timestamp, channel text, campaign text, amount float8);
CREATE TABLE regress_days_source.deal (deal_id integer, lead_id integer, opened_at date, closed_at date, is_won boolean, amount integer);

SELECT create_mart('regress_' || shape, lead => format('regress_%s_source.lead', shape)::regclass,
	stage_event => format('regress_%s_source.stage_event', shape)::regclass, touch => format('regress_%s_source.touch', shape)::regclass,
	spend => format('regress_%s_source.spend', shape)::regclass, deal => format('regress_%s_source.deal', shape)::regclass)
FROM unnest('{old,days}'::text[]) AS shape \g /dev/null

-- A statement with its keys in the type of the mart's.
CREATE FUNCTION pg_temp.keyed(statement text, mart text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE mart
		WHEN 'uuid' THEN regexp_replace(s, '#\(([^()]*)\)', 'lpad(to_hex((\1)::bigint), 32, ''0'')::uuid', 'g')
		WHEN 'text' THEN regexp_replace(s, '#\(([^()]*)\)', '(''L'' || lpad((\1)::text, 6, ''0''))', 'g')
		ELSE regexp_replace(s, '#\(([^()]*)\)', '(\1)', 'g')
	END
	FROM regexp_replace(statement, '#([0-9]+)', '#(\1)', 'g') AS s
$$;

CREATE PROCEDURE pg_temp.scenario(what text, marts text[], input text, VARIADIC asked text[]) LANGUAGE plpgsql AS $$
DECLARE
	mart text;
	answers text[];
	answer text;
BEGIN
	FOREACH mart IN ARRAY marts LOOP
		-- Of keys that are no numbers one is enough for a scenario.
		CONTINUE WHEN marts @> '{uuid,text}' AND mart = CASE length(what) % 2 WHEN 0 THEN 'uuid' ELSE 'text' END;
		answers := '{}';
		BEGIN
			IF mart IN ('old', 'days') THEN
				PERFORM set_config('search_path', format('regress_%1$s_source, regress_%1$s, lead_kpi', mart), true);
			ELSE
				PERFORM set_config('search_path', format('regress_%s, lead_kpi', mart), true);
			END IF;
			EXECUTE pg_temp.keyed(input, mart);
			PERFORM set_config('search_path', format('regress_%s, lead_kpi', mart), true);
			FOR i IN 1 .. cardinality(asked) BY 2 LOOP
				BEGIN
					EXECUTE format('SELECT string_agg(q::text, '' '') FROM (%s) q', pg_temp.keyed(asked[i], mart)) INTO answer;
				EXCEPTION WHEN OTHERS THEN
					answer := concat_ws(' ', 'ERROR:', SQLSTATE, SQLERRM);
				END;
				answers := answers || coalesce(answer, 'no rows');
			END LOOP;
			RAISE EXCEPTION USING ERRCODE = 'UNDO1', MESSAGE = 'undo';
		EXCEPTION
			WHEN SQLSTATE 'UNDO1' THEN NULL;
			WHEN OTHERS THEN
				answers := array_fill(concat_ws(' ', 'ERROR in the input:', SQLSTATE, SQLERRM), ARRAY[cardinality(asked) / 2]);
		END;
		FOR i IN 1 .. cardinality(asked) / 2 LOOP
			INSERT INTO pg_temp.verdict (what, mart, question, found, expected)
			VALUES (what, mart, asked[2 * i - 1], answers[i], asked[2 * i]);
		END LOOP;
	END LOOP;
END
$$;
\set ECHO all
