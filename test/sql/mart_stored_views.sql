-- Which views of a stored mart are stored is for its owner to say: those and what they rest on, and the others show the same.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
\pset format unaligned
\pset footer off

SELECT create_mart('chosen');
SELECT generate_example('chosen', 600);
-- Neither a view of another schema nor a table.
SELECT store_mart('chosen', views => '{funnel,pg_class,lead,no such view,NULL}');
SELECT mart_is_stored('chosen') AS is_stored;

SELECT store_mart('chosen', views => '{funnel_by_month,unit_cost,lead_event}');
SELECT relation, kind FROM chosen_stored.layer ORDER BY ordinal;
-- One that is stored has its rows in a table; the others read facts.
SELECT relation, EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
	WHERE w.ev_class = format('chosen.%s', relation)::regclass AND d.refobjid = to_regclass(format('chosen_stored.%s', relation))) AS is_stored
FROM unnest('{funnel_by_grain,unit_cost,cohort_conversion,stuck,forecast_by_grain}'::text[]) AS relation;
SELECT stored_views('chosen');
SELECT relation, stored_only, live_only FROM check_mart('chosen') WHERE stored_only > 0 OR live_only > 0;

-- All that changes changes in both.
UPDATE chosen.lead SET owner = 'Cleo', channel = 'search' WHERE lead_id % 5 = 0;
DELETE FROM chosen.deal WHERE lead_id % 4 = 0;
UPDATE chosen.stage_event SET entered_at = entered_at + interval '3 days' WHERE lead_id % 7 = 0;
UPDATE chosen.spend SET amount = amount * 2 WHERE spent_on < '2025-03-01';
UPDATE chosen.touch SET channel = 'events' WHERE lead_id % 11 = 0;
UPDATE chosen.rule SET confidence_level = 0.9;
SELECT refresh_mart('chosen');
SELECT relation, stored_only, live_only FROM check_mart('chosen') WHERE stored_only > 0 OR live_only > 0;

-- An upgrade keeps what was chosen.
SELECT upgrade_mart('chosen');
SELECT stored_views('chosen'), (SELECT count(*) FROM chosen_stored.layer WHERE kind = 'rows') AS layers;
SELECT live_mart('chosen');
SELECT stored_views('chosen');

-- None: facts alone.
SELECT store_mart('chosen', views => '{}');
SELECT stored_views('chosen'), (SELECT count(*) FROM chosen_stored.layer WHERE kind = 'rows') AS layers;
SELECT upgrade_mart('chosen');
SELECT stored_views('chosen');
SELECT leads FROM chosen.funnel ORDER BY stage_position;
SELECT live_mart('chosen');
SELECT leads FROM chosen.funnel ORDER BY stage_position;

-- Of activities only those to come are kept: what was done counts up to when the data is complete, further on and back again.
SELECT store_mart('chosen', views => '{funnel}');
SELECT count(*) FROM chosen_stored.activity_fact WHERE activity_at <= (SELECT observed_until FROM chosen.observation);
CREATE PROCEDURE pg_temp.observe(until timestamptz) LANGUAGE plpgsql AS $$
DECLARE
	found record;
BEGIN
	UPDATE chosen.rule SET observed_until = until;
	PERFORM refresh_mart('chosen');
	SELECT sum(w.attempts) > 0 AS tried, (SELECT last_was_rebuilt FROM mart_status('chosen')) AS rebuilt, (SELECT string_agg(c.relation, ' ') FROM check_mart('chosen') c
		WHERE c.stored_only + c.live_only > 0) AS different INTO found FROM chosen.lead_work w;
	RAISE WARNING 'until %: %', until, found;
END
$$;
CALL pg_temp.observe('2025-06-01');
CALL pg_temp.observe('2025-09-15 12:00');
CALL pg_temp.observe('2025-04-01');
CALL pg_temp.observe(NULL);
SELECT live_mart('chosen');

-- All.
SELECT store_mart('chosen');
SELECT stored_views('chosen'), (SELECT count(*) FROM chosen_stored.layer) = (SELECT count(*) FROM mart_stored_layers()) AS has_all;
SELECT drop_mart('chosen');
