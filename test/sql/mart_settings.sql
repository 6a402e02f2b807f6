-- The settings of a mart: what the tables stage and rule refuse, what they warn of, and that views say when they are missing.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS lead_kpi;
SET search_path = lead_kpi, public;
SELECT create_mart('regress_settings');
CREATE FUNCTION pg_temp.told(statement text, OUT code text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	code := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;

-- What is refused says what to write. Positions, names and roles; by INSERT and by UPDATE.
SELECT t.* FROM unnest(ARRAY[
	$$INSERT INTO regress_settings.stage VALUES (0, 'visit')$$,
	$$INSERT INTO regress_settings.stage VALUES (-1, 'visit')$$,
	$$UPDATE regress_settings.stage SET position = position - 1$$,
	$$INSERT INTO regress_settings.stage VALUES (7, '')$$,
	$$INSERT INTO regress_settings.stage VALUES (NULL, E' \t\r\n')$$,
	$$UPDATE regress_settings.stage SET stage = ' ' WHERE role = 'won'$$,
	$$INSERT INTO regress_settings.stage VALUES (7, 'demo', 'demo')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, 'gone', ' Lost ')$$,
	$$UPDATE regress_settings.stage SET role = '' WHERE role = 'won'$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;
-- A key that is there already, a role that another stage has.
SELECT t.* FROM unnest(ARRAY[
	$$INSERT INTO regress_settings.stage VALUES (3, 'demo')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, 'won')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, 'customer', 'won')$$,
	$$INSERT INTO regress_settings.stage VALUES (NULL, 'demo')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, NULL)$$,
	$$INSERT INTO regress_settings.stage VALUES (3, 'demo') ON CONFLICT (position) DO NOTHING$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;
-- The same under constraints alone, as where triggers do not fire.
BEGIN;
ALTER TABLE regress_settings.stage DISABLE TRIGGER USER;
SELECT t.code, t.message FROM unnest(ARRAY[
	$$INSERT INTO regress_settings.stage VALUES (0, 'visit')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, E'\t')$$,
	$$INSERT INTO regress_settings.stage VALUES (7, 'demo', 'demo')$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;
ROLLBACK;

-- One UPDATE shifts positions, and swaps roles; the stage is the key.
BEGIN;
UPDATE regress_settings.stage SET position = position + 1;
UPDATE regress_settings.stage SET position = position - 1;
UPDATE regress_settings.stage SET role = CASE role WHEN 'sal' THEN 'sql' ELSE 'sal' END WHERE role IN ('sal', 'sql');
INSERT INTO regress_settings.stage VALUES (9, 'demo', NULL), (3, 'sal', 'sal')
	ON CONFLICT (stage) DO UPDATE SET position = excluded.position + 100, role = NULL;
SELECT * FROM regress_settings.stage ORDER BY position;
ROLLBACK;

-- Any number of stages are exits; all other roles have one stage.
BEGIN;
INSERT INTO regress_settings.stage VALUES (7, 'disqualified', 'lost'), (8, 'gone', 'lost'), (9, 'Closed Lost', 'lost');
SELECT count(*) FROM regress_settings.stage WHERE role = 'lost';
ROLLBACK;

-- A stage that reads like an exit and is a step of the ladder: a warning, once, with the remedy.
BEGIN;
INSERT INTO regress_settings.stage VALUES (7, 'Closed Lost');
UPDATE regress_settings.stage SET position = position * 10;
UPDATE regress_settings.stage SET stage = 'Perdu - trop cher, l''an prochain', role = NULL WHERE stage = 'won';
UPDATE regress_settings.stage SET stage = 'Disqualified' WHERE stage = 'Closed Lost';
UPDATE regress_settings.stage SET role = 'lost' WHERE stage = 'Disqualified';
UPDATE regress_settings.stage SET role = NULL WHERE stage = 'Disqualified';
INSERT INTO regress_settings.stage VALUES (71, 'recycled', 'lost'), (72, 'lost property office', NULL);
ROLLBACK;

-- Which names read so: none is listed.
SELECT 'not recognised' AS fault, s AS stage FROM unnest('{lost,Closed Lost,closed-lost,CLOSED_LOST,"6. Lost","Closed - Lost","Lost - price","6 - Lost (no budget)",Disqualified,
	Disqualified Lead,UNQUALIFIED,not qualified,rejected,Rejected by sales,recycled,"Junk Lead",dead,"Closed - Not Converted",cancelled,"Closed Lost to Competition",
	perdu,"Affaire perdue","Opportunité perdue","Clôturé - perdu",disqualifié,DISQUALIFIÉ,Disqualifiées,"non qualifié",Rejeté,refusé,Abandonné,"Sans suite",
	perdido,"Cerrado perdido",descartado,"não qualificado",perso,verloren,abgelehnt,afgewezen}'::text[]) s WHERE reads_like_an_exit(s) IS NOT TRUE
UNION ALL
SELECT 'no exit', s FROM unnest('{lead,mql,sal,sql,opportunity,won,"Closed Won",customer,"",NULL," ",qualified,Qualifié,closed,contacted,cart,person,deadline,dealer,
	"lost and found","Qualified (was lost)",interested,nurture,"Rejection review",客户}'::text[]) s WHERE reads_like_an_exit(s) IS NOT FALSE;

-- The row of rule stays; an INSERT collides as ever, and an upsert is one.
SELECT t.* FROM unnest(ARRAY[
	$$DELETE FROM regress_settings.rule$$,
	$$INSERT INTO regress_settings.rule (time_zone) VALUES ('Europe/Paris')$$,
	$$INSERT INTO regress_settings.rule (id) VALUES (2)$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;
BEGIN;
INSERT INTO regress_settings.rule (language) VALUES ('fr') ON CONFLICT (id) DO UPDATE SET time_zone = 'Europe/Paris';
SELECT language, time_zone FROM regress_settings.rule;
ROLLBACK;

-- Rows that are copied take the place of the row of rule, less its mart_format, and of the default ladder; a ladder that somebody changed is added to.
SET client_min_messages = notice;
BEGIN;
SELECT mart_format AS own_format FROM regress_settings.rule \gset
COPY regress_settings.rule (id, mart_format, time_zone, language) FROM stdin;
1	77	Asia/Tokyo	fr
\.
SELECT mart_format = :own_format AS own_format, time_zone, language FROM regress_settings.rule;
COPY regress_settings.rule (id, mart_format, time_zone, language) FROM stdin;
1	77	Asia/Tokyo	fr
\.
COPY regress_settings.stage FROM stdin;
1	Anfrage	lead
2	Kunde	won
\.
COPY regress_settings.stage FROM stdin;
3	Absage	lost
\.
SELECT * FROM regress_settings.stage ORDER BY position;
COPY regress_settings.stage FROM stdin;
2	Angebot	\N
\.
ROLLBACK;
-- Also where the session's user may not be seen, where nothing is tracked, and among other statements; not while another table is copied into.
BEGIN;
CREATE ROLE regress_settings_owner;
GRANT USAGE ON SCHEMA regress_settings TO regress_settings_owner;
GRANT ALL ON regress_settings.stage TO regress_settings_owner;
SET LOCAL ROLE regress_settings_owner;
COPY regress_settings.stage FROM stdin;
1	Anfrage	lead
\.
ROLLBACK;
BEGIN;
SET LOCAL track_activities = off;
COPY regress_settings.stage FROM stdin;
1	Anfrage	lead
\.
ROLLBACK;
BEGIN;
CREATE TABLE regress_settings.import (stage text);
CREATE FUNCTION regress_settings.import() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO regress_settings.stage VALUES (7, NEW.stage);
	RETURN NULL;
END $$;
CREATE TRIGGER import AFTER INSERT ON regress_settings.import FOR EACH ROW EXECUTE FUNCTION regress_settings.import();
COPY regress_settings.import FROM stdin;
renewed
\.
SELECT count(*) FROM regress_settings.stage;
ROLLBACK;
SET client_min_messages = warning;

-- Time zones have names: an offset would mean its opposite, and an abbreviation one of several. By UPDATE, upsert and COPY.
SELECT z AS time_zone, t.code, t.message, left(t.hint, 77) AS hint FROM unnest('{+05:30,-5,UTC+5,UTC-05:30,IST,EST5EDT4,CET-1CEST,<x>-3,Mars/Olympus,"",Asia/Kolkata,UTC,Europe/Paris,Etc/GMT-5}'::text[])
	WITH ORDINALITY u(z, n), pg_temp.told(format('UPDATE regress_settings.rule SET time_zone = %L', z)) t ORDER BY n;
SELECT t.code, t.message FROM unnest(ARRAY[
	$$INSERT INTO regress_settings.rule (time_zone) VALUES ('UTC') ON CONFLICT (id) DO UPDATE SET time_zone = '+01'$$,
	$$UPDATE regress_settings.rule SET time_zone = NULL$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;
\set VERBOSITY terse
COPY regress_settings.rule (id, time_zone) FROM stdin;
1	UTC+5
\.
\set VERBOSITY default
BEGIN;
UPDATE regress_settings.rule SET time_zone = 'Asia/Kolkata';
INSERT INTO regress_settings.lead (lead_id, created_at) VALUES (1, '2026-03-31 20:00+00');
SELECT day, counted FROM regress_settings.lead_generated;
ROLLBACK;

-- The message of an empty rule names the mart.
SELECT mart_rule_is_there(1), mart_rule_is_there(1, 'regress_settings.rule');
SELECT t.* FROM unnest(ARRAY[
	$$SELECT mart_rule_is_there(0)$$,
	$$SELECT mart_rule_is_there(count(*)) FROM regress_settings.rule WHERE false$$,
	$$SELECT mart_rule_is_there(0, 'regress_settings.rule')$$]) WITH ORDINALITY s(statement, n), pg_temp.told(s.statement) t ORDER BY n;

DROP SCHEMA regress_settings CASCADE;
