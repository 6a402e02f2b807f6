-- What the triggers of a stored mart's own tables note: every lead and deal that a statement touched, as it was and as it is; of more
-- than 50 000 rows, and of a TRUNCATE, that everything changed.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET client_min_messages = warning;
SELECT lead_kpi.create_mart('noted');
SELECT lead_kpi.store_mart('noted');
\pset format unaligned
\pset footer off

SELECT tgrelid::regclass AS relation, string_agg(tgname || ': ' || tgfoid::regproc, ', ' ORDER BY tgname) AS triggers
FROM pg_trigger
WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'noted'::regnamespace) AND NOT tgisinternal AND tgname LIKE 'note\_%'
GROUP BY 1 ORDER BY tgrelid::regclass::text COLLATE "C";

-- Nobody but the owner can make a trigger of them.
SELECT count(*) AS functions, count(*) FILTER (WHERE NOT prosecdef OR proconfig <> '{"search_path=pg_catalog, pg_temp"}'
	OR has_function_privilege('pg_monitor', oid, 'EXECUTE')) AS unsafe
FROM pg_proc WHERE pronamespace = 'noted_stored'::regnamespace AND prorettype = 'trigger'::regtype AND proname LIKE 'note\_%';

-- What was noted since the last look.
CREATE FUNCTION pg_temp.noted(OUT notes bigint, OUT leads text, OUT deals text, OUT is_everything boolean) LANGUAGE sql
BEGIN ATOMIC
	WITH taken AS (DELETE FROM noted_stored.change RETURNING *)
	SELECT count(*), CASE WHEN count(DISTINCT lead_id) > 3 THEN format('%s from %s to %s', count(DISTINCT lead_id), min(lead_id), max(lead_id))
			ELSE string_agg(DISTINCT lead_id::text, ' ') END,
		string_agg(DISTINCT deal_id, ' '), bool_or(t.is_everything)
	FROM taken t;
END;

-- One statement notes up to 1 000, another the rest.
INSERT INTO noted.lead (lead_id) SELECT generate_series(1, 999);
SELECT * FROM pg_temp.noted();
INSERT INTO noted.lead (lead_id) SELECT generate_series(1, 1000);
SELECT * FROM pg_temp.noted();
INSERT INTO noted.lead (lead_id) SELECT generate_series(1, 1001);
SELECT * FROM pg_temp.noted();
INSERT INTO noted.lead (lead_id) SELECT generate_series(1001, 51000);
SELECT * FROM pg_temp.noted();
INSERT INTO noted.lead (lead_id) SELECT generate_series(1001, 51001);
SELECT is_everything FROM pg_temp.noted();
COPY noted.lead (lead_id) FROM stdin;
-1
\N
\.
SELECT * FROM pg_temp.noted();

-- As it was, and as it is.
UPDATE noted.lead SET lead_id = lead_id + 100000 WHERE lead_id <= 300;
SELECT * FROM pg_temp.noted();
UPDATE noted.lead SET lead_id = lead_id - 100000 WHERE lead_id BETWEEN 100001 AND 100200;
SELECT * FROM pg_temp.noted();
UPDATE noted.lead SET channel = 'all' WHERE lead_id <= 25000;
SELECT is_everything FROM pg_temp.noted();
DELETE FROM noted.lead WHERE lead_id > 100000;
SELECT * FROM pg_temp.noted();
DELETE FROM noted.lead;
SELECT is_everything FROM pg_temp.noted();
DELETE FROM noted.lead;
SELECT * FROM pg_temp.noted();

-- Deals, also those of no lead, and what is of neither.
INSERT INTO noted.deal (deal_id, lead_id) VALUES ('a', 1), (NULL, 2), ('c', NULL);
SELECT * FROM pg_temp.noted();
UPDATE noted.deal SET deal_id = 'b', lead_id = 3 WHERE lead_id = 2;
SELECT * FROM pg_temp.noted();
DELETE FROM noted.deal WHERE lead_id = 3;
SELECT * FROM pg_temp.noted();
INSERT INTO noted.deal_change (deal_id) SELECT 'd' || g FROM generate_series(1, 2) g;
SELECT * FROM pg_temp.noted();
INSERT INTO noted.spend (spent_on, channel, amount) VALUES ('2025-01-01', 'fair', 1), ('2025-01-02', 'fair', 1);
SELECT * FROM pg_temp.noted();
UPDATE noted.spend SET amount = 2;
SELECT * FROM pg_temp.noted();
DELETE FROM noted.spend;
SELECT * FROM pg_temp.noted();
UPDATE noted.spend SET amount = 3;
SELECT * FROM pg_temp.noted();

-- A table that was emptied, though nothing was in it.
TRUNCATE noted.lead, noted.spend;
SELECT * FROM pg_temp.noted();

SELECT lead_kpi.drop_mart('noted');
