-- A view of a mart that a query reads more than once is planned and computed once: the same rows, rights, errors.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET client_min_messages = warning;
LOAD 'lead_kpi';
SHOW lead_kpi.share_views;
SELECT lead_kpi.create_mart('shared');
SELECT lead_kpi.generate_example('shared', 400);
ANALYZE;
\pset format unaligned
\pset footer off
\set VERBOSITY terse

-- How often a plan computes the judgement of leads, and reads what it made of them.
CREATE FUNCTION pg_temp.judged(query text, OUT computed bigint, OUT read bigint) LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	computed := 0;
	read := 0;
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		computed := computed + (line ~ 'CTE "?shared\.judged_lead_*"?$')::int;
		read := read + (line ~ 'CTE Scan on "?shared\.judged_lead_*"?')::int;
	END LOOP;
END
$$;
SELECT computed, read > 2 AS reads_it FROM pg_temp.judged('SELECT * FROM shared.account_engagement');
-- Also where views above it ask for other columns of what is beneath it.
SELECT pg_temp.plan_has('SELECT * FROM shared.diagnosis_sales_count', 'CTE "?shared\.lead_activity') AS activities_are_judged_once;
-- What is read once stays where it is, and nothing is shared that the planner makes part of the query.
SELECT * FROM pg_temp.judged('SELECT * FROM shared.counted_lead');
SELECT * FROM pg_temp.judged('SELECT * FROM shared.counted_lead UNION ALL SELECT * FROM shared.counted_lead');
SELECT pg_temp.plan_has('SELECT * FROM shared.ladder CROSS JOIN shared.ladder b', 'CTE');
-- In a subquery, beside the query's own expressions, in one that is recursive, in what writes.
SELECT * FROM pg_temp.judged('WITH own AS MATERIALIZED (SELECT * FROM shared.counted_lead) SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM shared.counted_lead)');
SELECT * FROM pg_temp.judged('WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT count(*) FROM shared.counted_lead)) SELECT * FROM n, shared.counted_lead');
CREATE TEMP TABLE written (leads bigint);
SELECT * FROM pg_temp.judged('INSERT INTO written SELECT count(*) FROM shared.counted_lead a JOIN shared.counted_lead b USING (lead_id)');
SET lead_kpi.share_views = off;
SELECT * FROM pg_temp.judged('SELECT * FROM shared.account_engagement');
SET lead_kpi.share_views = on;

-- Of a union whose parts have a kind each, the planner knows how many kinds there are: not one row in 200 of a kind, and no nested loops for it.
CREATE FUNCTION pg_temp.expected(query text, view text DEFAULT 'lead_event') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	line text;
	result bigint;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
		IF line ~ format('CTE Scan on "?shared\.%s', view) THEN
			result := greatest(result, substring(line FROM 'rows=(\d+)')::bigint);
		END IF;
	END LOOP;
	RETURN result;
END
$$;
SELECT 20 * pg_temp.expected($$SELECT a.deal_id FROM shared.lead_event a WHERE a.kind = 'deal' UNION ALL SELECT b.deal_id FROM shared.lead_event b WHERE b.kind = 'deal'$$)
	> pg_temp.expected('SELECT a.deal_id FROM shared.lead_event a UNION ALL SELECT b.deal_id FROM shared.lead_event b') AS kinds_are_few;

-- And of a column that is a table's what that has.
SELECT 10 * pg_temp.expected($$SELECT a.lead_id FROM shared.lead_activity a WHERE a.kind = 'call' UNION ALL SELECT b.lead_id FROM shared.lead_activity b WHERE b.kind = 'call'$$,
	'lead_activity') > pg_temp.expected('SELECT a.lead_id FROM shared.lead_activity a UNION ALL SELECT b.lead_id FROM shared.lead_activity b', 'lead_activity')
	AS kinds_are_known;

-- The same rows, whatever the view, and whether the library came with the query or before.
CREATE FUNCTION pg_temp.rows_of(query text, shared boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	PERFORM set_config('lead_kpi.share_views', shared::text, true);
	EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(v::text, '','' ORDER BY v::text COLLATE "C")), '''') FROM (%s) v', query) INTO result;
	RETURN result;
END
$$;
BEGIN;
SELECT count(*) AS queries, string_agg(query, '; ') FILTER (WHERE pg_temp.rows_of(query, true) IS DISTINCT FROM pg_temp.rows_of(query, false)) AS differ,
	bool_and(pg_temp.rows_of(query, true) !~ '^0 ') AS not_empty
FROM
(
	SELECT 'SELECT * FROM shared.' || view AS query
	FROM unnest('{account_engagement,account_attribution,attribution_of_stage,cpl_to_revenue,data_quality,forecast,funnel,stuck,conversion_by_speed}'::text[]) view
	UNION ALL
	SELECT unnest(ARRAY[
		'SELECT l.lead_id, o.won_at, l.month FROM shared.counted_lead l LEFT JOIN shared.lead_outcome o ON o.lead_id = l.lead_id',
		'SELECT n, (SELECT count(*) FROM shared.counted_lead l WHERE l.lead_id <= n) FROM generate_series(1, 50, 7) n',
		'SELECT n, a.leads FROM generate_series(1, 50, 7) n CROSS JOIN LATERAL (SELECT count(*) AS leads FROM shared.counted_lead l, shared.counted_lead m WHERE l.lead_id = m.lead_id AND l.lead_id <= n) a',
		'WITH "shared.judged_lead" AS (SELECT 7 AS x) SELECT a.lead_id, x FROM shared.counted_lead a JOIN shared.counted_lead b USING (lead_id), "shared.judged_lead"',
		'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT count(*) FROM shared.counted_lead)) SELECT * FROM n, shared.counted_lead l WHERE l.lead_id = i',
		'SELECT stage, leads FROM shared.funnel UNION ALL SELECT stage, leads FROM shared.funnel',
		'SELECT * FROM (SELECT * FROM shared.funnel LIMIT 2) a NATURAL FULL JOIN (SELECT * FROM shared.funnel OFFSET 1) b',
		'SELECT f FROM shared.funnel f WHERE EXISTS (SELECT FROM shared.funnel g WHERE g.leads < f.leads) GROUP BY GROUPING SETS ((f), ())'])
) q;
COMMIT;

-- Row security is the reader's, also beneath the view of another one.
CREATE ROLE shared_reader;
CREATE ROLE shared_owner;
GRANT USAGE ON SCHEMA shared, lead_kpi TO shared_reader, shared_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA shared TO shared_reader, shared_owner;
CREATE SCHEMA shared_house AUTHORIZATION shared_owner;
GRANT USAGE ON SCHEMA shared_house TO shared_reader;
SET ROLE shared_owner;
CREATE VIEW shared_house.all_leads AS SELECT count(*) AS leads FROM shared.counted_lead;
GRANT SELECT ON shared_house.all_leads TO shared_reader;
RESET ROLE;
ALTER TABLE shared.lead ENABLE ROW LEVEL SECURITY;
CREATE POLICY hundred ON shared.lead FOR SELECT TO shared_reader USING (lead_id <= 100);
CREATE POLICY every ON shared.lead FOR SELECT TO shared_owner USING (true);
SET ROLE shared_reader;
SELECT b.leads BETWEEN 50 AND 100 AS sees_some, b.leads = c.leads AND a.leads = b.leads AS everywhere
FROM shared_house.all_leads a, (SELECT count(*) AS leads FROM shared.counted_lead) b, (SELECT count(*) AS leads FROM shared.counted_lead) c;
RESET ROLE;
ALTER TABLE shared.lead DISABLE ROW LEVEL SECURITY;
-- A column that is not granted is not read with the right on another one, nor with another one's right, who may read it.
REVOKE SELECT ON shared.funnel FROM shared_reader;
GRANT SELECT (stage, leads) ON shared.funnel TO shared_reader;
SET ROLE shared_owner;
CREATE VIEW shared_house.all_of_it AS SELECT * FROM shared.funnel;
GRANT SELECT ON shared_house.all_of_it TO shared_reader;
SET ROLE shared_reader;
SELECT count(*) > 0 AS may, count(step_rate) > 0 AS through_another FROM (SELECT a.stage, b.leads, c.step_rate FROM shared.funnel a JOIN shared.funnel b USING (stage) JOIN shared_house.all_of_it c USING (stage)) v;
SELECT a.stage, b.step_rate FROM shared_house.all_of_it a JOIN shared.funnel b USING (stage);
SELECT a.leads, b.previous_leads FROM shared.funnel a JOIN shared.funnel b USING (stage);
SELECT a.previous_leads, b.leads FROM shared.funnel a JOIN shared.funnel b USING (stage);
RESET ROLE;
-- A function that a view's reader put there cannot look into what it hides.
CREATE VIEW shared_house.barrier WITH (security_barrier) AS SELECT lead_id, month FROM shared.counted_lead WHERE lead_id > 200;
CREATE FUNCTION pg_temp.tells(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN IF $1 <= 200 THEN RAISE 'leaked %', $1; END IF; RETURN true; END $$;
SELECT count(*) > 0 AS is_tight FROM shared_house.barrier a JOIN shared_house.barrier b USING (lead_id) WHERE pg_temp.tells(a.lead_id) AND pg_temp.tells(b.lead_id);

-- What is drawn by lot is drawn each time, and what is beneath it is shared.
CREATE VIEW shared_house.drawn AS SELECT lead_id FROM shared.counted_lead ORDER BY random() LIMIT 20;
SELECT count(*) > 20 AS is_drawn_twice FROM (SELECT lead_id FROM shared_house.drawn UNION SELECT lead_id FROM shared_house.drawn) v;
SELECT * FROM pg_temp.judged('SELECT lead_id FROM shared_house.drawn UNION SELECT lead_id FROM shared_house.drawn');

-- A plan that is kept follows the view, and the data.
CREATE VIEW shared_house.some AS SELECT DISTINCT lead_id FROM shared.counted_lead WHERE lead_id <= 10;
PREPARE kept AS SELECT count(*) FROM shared_house.some a JOIN shared_house.some b USING (lead_id) JOIN shared.counted_lead c USING (lead_id);
EXECUTE kept \gset before_
CREATE OR REPLACE VIEW shared_house.some AS SELECT DISTINCT lead_id FROM shared.counted_lead WHERE lead_id <= 20;
EXECUTE kept \gset after_
SELECT :after_count > :before_count AS follows;
DELETE FROM shared.lead WHERE lead_id <= 20;
EXECUTE kept;
DECLARE reader CURSOR WITH HOLD FOR SELECT count(*) FROM shared_house.some a JOIN shared.counted_lead c USING (lead_id);
FETCH reader;
CLOSE reader;

-- Who locks rows locks them where they are.
SELECT count(*) > 0 AS locked FROM (SELECT a.lead_id FROM shared.lead a JOIN shared.counted_lead b USING (lead_id) JOIN shared.counted_lead c USING (lead_id) FOR UPDATE OF a) v;
-- What is stored is found where it is: a condition takes few rows of it by an index.
SELECT lead_kpi.store_mart('shared', views => '{funnel}') IS NOT NULL AS is_stored;
SELECT pg_temp.plan_has('SELECT * FROM shared.lead_event a JOIN shared.lead_event b USING (lead_id) WHERE lead_id = 42', 'CTE "?shared') AS is_copied,
	pg_temp.plan_has('SELECT * FROM shared.account_engagement', 'CTE "?shared\.lead_account') AS live_ones_are_shared;
DROP SCHEMA shared_house CASCADE;
SELECT lead_kpi.drop_mart('shared');
DROP OWNED BY shared_reader, shared_owner;
DROP ROLE shared_reader, shared_owner;
