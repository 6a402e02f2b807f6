-- A stored funnel that loses its longest or shortest duration cannot be subtracted from: a refresh counts it again, from its own leads and
-- those that count under them.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
\pset format unaligned
\pset footer off

-- What a refresh tells the planner for a step of it ends with the step: here spend asks, which is read after the funnels are counted.
CREATE TABLE public.extreme_paid (spent_on date, channel text, campaign text, amount numeric);
INSERT INTO public.extreme_paid VALUES ('2026-01-05', 'search', NULL, 10);
CREATE FUNCTION public.extreme_told() RETURNS text LANGUAGE sql AS $$ SELECT coalesce(string_agg(name || ' ' || setting, ', '), 'nothing') FROM pg_settings WHERE name ~ '^enable_' AND setting <> reset_val $$;
CREATE FUNCTION public.extreme_may_be_read() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF public.extreme_told() <> 'nothing' THEN
		RAISE 'the planner was told: %', public.extreme_told();
	END IF;
	RETURN true;
END
$$;
CREATE VIEW public.extreme_spend AS SELECT * FROM public.extreme_paid WHERE public.extreme_may_be_read();
SELECT create_mart('extreme', spend => 'public.extreme_spend');
-- One week and channel with more durations than are kept one by one; a second one that stays as it is, and leads without a channel.
INSERT INTO extreme.lead (lead_id, created_at, kind, channel, email)
	SELECT n, timestamptz '2026-01-05 09:00+00' + n * interval '1 minute', 'form', CASE WHEN n <= 150 THEN 'search' WHEN n <= 300 THEN 'fair' END, format('someone%s@firm%s.example', n, n)
	FROM generate_series(1, 450) n;
INSERT INTO extreme.stage_event (lead_id, stage, entered_at)
	SELECT lead_id, 'mql', created_at + (lead_id % 150 + 1) ^ 2 * interval '17 seconds' FROM extreme.lead WHERE lead_id NOT IN (149, 299);
-- The longest of two channels is known from a duplicate that came through another one.
INSERT INTO extreme.lead (lead_id, created_at, kind, channel, email)
	SELECT 1000 + n, timestamptz '2026-01-06 09:00+00', 'form', 'partner', format('someone%s@firm%s.example', n, n) FROM unnest('{149,299}'::int[]) n;
INSERT INTO extreme.stage_event (lead_id, stage, entered_at) SELECT 1000 + n, 'mql', '2026-02-06 09:00+00' FROM unnest('{149,299}'::int[]) n;
SELECT store_mart('extreme', views => '{funnel_by_channel,unit_cost}');
CREATE FUNCTION pg_temp.funnels(OUT channel text, OUT leads bigint, OUT shortest numeric, OUT longest numeric, OUT in_buckets boolean) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT c.channel, (c.funnel::lead_kpi.funnel::jsonb #>> '{leads,1}')::bigint, (e ->> 'min')::numeric / 1000000, (e ->> 'max')::numeric / 1000000, e ? 'buckets'
	FROM extreme_stored.funnel_count c CROSS JOIN LATERAL (SELECT c.funnel::lead_kpi.funnel::jsonb #> '{elapsed,0}' AS e) e ORDER BY c.channel, c.week
$$;
CREATE FUNCTION pg_temp.differences() RETURNS SETOF text LANGUAGE sql AS $$ SELECT relation FROM lead_kpi.check_mart('extreme') WHERE stored_only + live_only > 0 OR relation ~ '^funnel' AND NOT is_identical $$;
SELECT * FROM pg_temp.funnels();
SELECT * FROM pg_temp.differences();

-- The longest one, by the event of the duplicate; the shortest one of those without a channel; and both of another channel.
UPDATE extreme.stage_event SET entered_at = entered_at - interval '30 days' WHERE lead_id = 1149;
DELETE FROM extreme.stage_event WHERE lead_id = 450;
DELETE FROM extreme.lead WHERE lead_id IN (300, 1299);
INSERT INTO public.extreme_paid VALUES ('2026-01-06', 'search', NULL, 20);
SELECT refresh_mart('extreme');
SELECT last_refreshed_leads, last_was_rebuilt FROM mart_status('extreme');
SELECT * FROM pg_temp.funnels();
SELECT * FROM pg_temp.differences();

-- What is no extreme is subtracted, and what is added may become one.
UPDATE extreme.stage_event SET entered_at = entered_at + interval '1 second' WHERE lead_id IN (70, 200);
INSERT INTO extreme.stage_event (lead_id, stage, entered_at) VALUES (299, 'mql', '2026-03-01');
INSERT INTO public.extreme_paid VALUES ('2026-01-07', 'search', NULL, 30);
SELECT refresh_mart('extreme');
SELECT * FROM pg_temp.funnels();
SELECT * FROM pg_temp.differences();
-- Who has an extreme and keeps it loses nothing: no other lead of the cell is looked at.
CREATE TABLE public.extreme_looked (leads bigint);
CREATE FUNCTION public.extreme_looks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.extreme_looked SELECT count(*) FROM extreme_stored.cell_lead; RETURN NULL; END $$;
CREATE TRIGGER looks AFTER INSERT ON extreme_stored.cell_lead FOR EACH STATEMENT EXECUTE FUNCTION public.extreme_looks();
UPDATE extreme.lead SET owner = 'Ann' WHERE lead_id % 150 IN (0, 1, 2, 148, 149);
SELECT refresh_mart('extreme');
SELECT max(leads) BETWEEN 1 AND 40 AS few FROM public.extreme_looked;
SELECT * FROM pg_temp.funnels();
SELECT * FROM pg_temp.differences();
-- The leads that moved do not tell, as if none had: the cell is counted again from all.
UPDATE extreme_stored.lead_fact SET stage_position = 1;
DELETE FROM extreme.lead WHERE lead_id IN (SELECT lead_id FROM extreme.stage_event WHERE stage = 'mql' ORDER BY entered_at DESC LIMIT 3);
SELECT refresh_mart('extreme');
SELECT * FROM pg_temp.funnels();
SELECT refresh_mart('extreme', rebuild => true);
SELECT * FROM pg_temp.funnels();
SELECT drop_mart('extreme');
DROP VIEW public.extreme_spend;
DROP FUNCTION public.extreme_may_be_read, public.extreme_told, public.extreme_looks;
DROP TABLE public.extreme_paid, public.extreme_looked;
