-- A refresh adjusts the counts of whole relations by the rows that changed, and reads a relation again where it has to.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/helpers.sql
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
\pset format unaligned
\pset footer off

SELECT create_mart('many') \g /dev/null
SELECT generate_example('many', 300) \g /dev/null
SELECT store_mart('many', views => '{kpi_day,attribution}') \g /dev/null

-- What is counted again, and what differs from a live mart over the same relations.
SELECT create_mart('twin', lead => 'many.lead', stage_event => 'many.stage_event', touch => 'many.touch', spend => 'many.spend', deal => 'many.deal', activity => 'many.activity') \g /dev/null
SELECT format('UPDATE twin.rule SET (%1$s) = (SELECT %1$s FROM many.rule)', string_agg(quote_ident(attname), ', ')) FROM pg_attribute
WHERE attrelid = 'many.rule'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id' \gexec
DELETE FROM twin.stage;
INSERT INTO twin.stage SELECT * FROM many.stage;
INSERT INTO twin.channel_family SELECT * FROM many.channel_family;
CREATE FUNCTION public.refreshed() RETURNS TABLE (counted_again text, differ text) LANGUAGE plpgsql SET lead_kpi.summary_output = compact AS $$
BEGIN
	PERFORM lead_kpi.refresh_mart('many');
	SELECT string_agg(relation, ' ' ORDER BY relation) INTO counted_again FROM many_stored.source WHERE is_recounted AND relation <> 'volume';
	SELECT string_agg(v.name, ' ') INTO differ
	FROM unnest('{date_count,lead_name_count,touch_count,data_span,spelling,campaign_channel,funnel_count}'::text[]) v(name)
	CROSS JOIN LATERAL lead_kpi.mart_difference(format('many.%I', v.name)::regclass, format('twin.%I', v.name)::regclass, true) d
	WHERE d.stored_only + d.live_only > 0;
	RETURN NEXT;
END;
$$;
SELECT relation, count(*) > 1 AS bins, sum(dates) AS dates, bool_and(later = 0) AS past FROM many.date_count GROUP BY relation ORDER BY relation;
SELECT * FROM public.refreshed();

-- Rows that come, go, move in time and are named otherwise; a name that nobody has any more; what has no date.
INSERT INTO many.lead (lead_id, created_at, kind, channel, campaign) SELECT 900000 + i, timestamptz '2025-03-01' + i * interval '1 hour', 'demo request', ' New One', NULL FROM generate_series(1, 9) i;
INSERT INTO many.lead (lead_id, created_at, channel) VALUES (900010, NULL, 'New one'), (900011, 'infinity', NULL);
DELETE FROM many.lead WHERE lead_id IN (SELECT lead_id FROM many.lead WHERE created_at < '2025-12-01' ORDER BY lead_id LIMIT 3);
UPDATE many.lead SET created_at = created_at - interval '40 days', channel = 'Moved' WHERE lead_id = 100;
UPDATE many.touch SET touched_at = touched_at - interval '1 day', campaign = 'Other' WHERE lead_id BETWEEN 100 AND 110;
DELETE FROM many.touch WHERE lead_id = 111;
INSERT INTO many.stage_event (lead_id, stage, entered_at) VALUES (900001, 'mql', '2025-03-02'), (900002, 'mql', NULL);
INSERT INTO many.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) VALUES ('n1', 900001, '2025-03-03', '2025-03-04', true, 10), ('n2', 900002, '2025-03-03', '2025-12-04', NULL, 10);
INSERT INTO many.activity (lead_id, activity_at, kind) VALUES (900001, '2025-03-02', 'call');
SELECT * FROM public.refreshed();
SELECT channel, leads FROM many.lead_name_count WHERE lower(channel) IN (' new one', 'new one', 'moved') ORDER BY channel COLLATE "C";
UPDATE many.lead SET channel = 'search' WHERE lead_id = 100;
-- An open deal is closed on the day that was hoped for: only then does it have a date.
UPDATE many.deal SET is_won = false WHERE deal_id = 'n2';
SELECT * FROM public.refreshed();
SELECT count(*) FROM many.lead_name_count WHERE channel = 'Moved';

-- Several statements about one row, and a statement that changes nothing.
INSERT INTO many.touch (lead_id, touched_at, channel) VALUES (900003, '2025-03-05', 'brief');
UPDATE many.touch SET channel = 'briefer', touched_at = '2025-04-05' WHERE channel = 'brief';
DELETE FROM many.touch WHERE channel = 'briefer';
UPDATE many.lead SET owner = owner;
SELECT * FROM public.refreshed();

-- The latest date of some days is gone: which is it now? Only that relation is read.
DELETE FROM many.stage_event WHERE entered_at = (SELECT max(entered_at) FROM many.stage_event);
SELECT * FROM public.refreshed();
-- That another row has the same date does not help: it would have to be looked for.
INSERT INTO many.touch (lead_id, touched_at, channel) VALUES (900003, '2025-12-31 23:00+00', 'twice'), (900004, '2025-12-31 23:00+00', 'twice');
SELECT * FROM public.refreshed();
DELETE FROM many.touch WHERE channel = 'twice' AND lead_id = 900003;
SELECT * FROM public.refreshed();
-- What is to come is looked at each time, until it is there or gone.
INSERT INTO many.activity (lead_id, activity_at, kind) VALUES (900001, now() + interval '2 days', 'call');
SELECT * FROM public.refreshed();
SELECT * FROM public.refreshed();
DELETE FROM many.activity WHERE activity_at > now();
SELECT * FROM public.refreshed();
SELECT * FROM public.refreshed();
-- More than are noted at once; then all of it.
UPDATE many.touch SET campaign = 'All';
SELECT * FROM public.refreshed();
SELECT sum(touches) = (SELECT count(*) FROM many.touch) AS all, count(*) FILTER (WHERE campaign IS DISTINCT FROM 'All') AS others FROM many.touch_count;
TRUNCATE many.touch;
SELECT * FROM public.refreshed();
-- Spend of a channel is spread by all leads, that of a campaign is not.
INSERT INTO many.spend (spent_on, channel, campaign, amount) SELECT '2025-03-01', channel, campaign, 100 FROM many.lead WHERE campaign <> '' ORDER BY lead_id DESC LIMIT 1;
INSERT INTO many.lead (lead_id, created_at, kind, channel) VALUES (900020, '2025-03-01', 'demo request', 'search');
SELECT * FROM public.refreshed();
-- A row that was put there for a cell has no number: few were.
SELECT count(*) FILTER (WHERE row_order IS NULL) > 0 AS some, count(row_order) > 0 AS not_all FROM many_stored.kpi_day;
SELECT relation FROM check_mart('many') WHERE stored_only + live_only > 0;
INSERT INTO many.spend (spent_on, channel, amount) VALUES ('2025-03-01', 'search', 100);
SELECT * FROM public.refreshed();
SELECT count(*) = count(row_order) AS all_again FROM many_stored.kpi_day;
INSERT INTO many.lead (lead_id, created_at, kind, channel) VALUES (900021, '2025-03-01', 'demo request', 'search');
SELECT * FROM public.refreshed();
SELECT relation FROM check_mart('many') WHERE stored_only + live_only > 0;
DELETE FROM many.spend WHERE campaign IS NULL;
DELETE FROM many.lead WHERE lead_id = 900020;
SELECT * FROM public.refreshed();
SELECT relation FROM check_mart('many') WHERE stored_only + live_only > 0;
SELECT refresh_mart('many', rebuild => true) \g /dev/null
SELECT count(*) FILTER (WHERE is_recounted) = count(*) AS all_again FROM many_stored.source;
-- A mapped relation has no notes.
CREATE VIEW public.many_touch AS SELECT * FROM many.touch;
SELECT create_mart('mapped_many', lead => 'many.lead', touch => 'public.many_touch') \g /dev/null
SELECT store_mart('mapped_many', views => '{attribution}') \g /dev/null
SELECT refresh_mart('mapped_many') \g /dev/null
SELECT relation, noticed_by, is_recounted FROM mapped_many_stored.source WHERE relation IN ('lead', 'touch', 'deal') ORDER BY relation;

SELECT drop_mart('mapped_many'), drop_mart('twin');
DROP VIEW public.many_touch;
SELECT drop_mart('many');
DROP FUNCTION public.refreshed;
