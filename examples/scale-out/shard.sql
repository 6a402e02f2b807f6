-- One shard of several: a server with a mart of its own (own tables) that holds the leads of some buckets, each lead whole. Run it on every shard, as the
-- owner of the mart, with the buckets of that shard; there are 1024, from 0 on:
--     psql -v mart=kpi -v from=0 -v below=342 -d kpi -f examples/scale-out/shard.sql
-- The constraints refuse a row of another shard's lead, so that no lead is counted on two. doc/scale-out.md
\set ON_ERROR_STOP on
SELECT format('(%s(lead_id, 0) & 1023)', CASE a.atttypid WHEN 'bigint'::regtype THEN 'hashint8extended' WHEN 'uuid'::regtype THEN 'uuid_hash_extended'
	ELSE 'hashtextextended' END) AS bucket, quote_literal(quote_ident(:'mart')) AS mart_literal
FROM pg_attribute a WHERE a.attrelid = to_regclass(quote_ident(:'mart') || '.lead') AND a.attname = 'lead_id' \gset

BEGIN;
ALTER TABLE :"mart".lead ADD CONSTRAINT whole_leads CHECK (:bucket >= :from AND :bucket < :below);
ALTER TABLE :"mart".stage_event ADD CONSTRAINT whole_leads CHECK (:bucket >= :from AND :bucket < :below);
ALTER TABLE :"mart".touch ADD CONSTRAINT whole_leads CHECK (:bucket >= :from AND :bucket < :below);
ALTER TABLE :"mart".deal ADD CONSTRAINT whole_leads CHECK (:bucket >= :from AND :bucket < :below);

CREATE SCHEMA scale_out;
CREATE VIEW scale_out.shard AS
SELECT :from AS from_bucket, :below AS below_bucket, count(*) = 4 AS is_checked,
	md5(concat((SELECT to_jsonb(r)::text FROM :"mart".rule r), (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.stage)::text FROM :"mart".stage s),
		(SELECT jsonb_agg(to_jsonb(c) ORDER BY c.currency, c.valid_from)::text FROM :"mart".currency_rate c))) AS settings
FROM pg_catalog.pg_constraint c
WHERE c.conname = 'whole_leads' AND c.contype = 'c' AND c.convalidated AND c.connamespace = (:mart_literal)::regnamespace;
COMMENT ON VIEW scale_out.shard IS 'Which buckets of leads are here (from <= bucket < below), whether the constraints that refuse others are, and a hash of the mart''s settings, ladder and exchange rates.';

-- What cannot be sent to a shard is computed on it: postgres_fdw sends no AT TIME ZONE, and estimates joins badly.
SELECT format('(l.created_at AT TIME ZONE %L)', r.time_zone) AS local_time FROM :"mart".rule r \gset
CREATE VIEW scale_out.event WITH (security_invoker = true) AS
SELECT e.lead_id, e.stage, e.entered_at, l.channel, l.campaign, l.kind, :local_time::date AS created_on, date_trunc('month', :local_time)::date AS month
FROM :"mart".stage_event e JOIN :"mart".lead l USING (lead_id);
COMMENT ON VIEW scale_out.event IS 'Stage events with what is known of their lead; days and months in the time zone that the mart had.';
-- Else every day is taken for as many groups as there are leads, and fetching the rows for as cheap as the summaries.
SELECT replace(:'local_time', 'l.', '') AS local_time \gset
CREATE STATISTICS scale_out.lead_day ON (:local_time::date) FROM :"mart".lead;
CREATE STATISTICS scale_out.lead_month ON (date_trunc('month', :local_time)::date) FROM :"mart".lead;

-- What the mart sums, as values that add up: read from tables where the mart is stored. A mart shows text, as BI tools read no other types.
CREATE VIEW scale_out.funnel_cell WITH (security_invoker = true) AS
SELECT month, channel, campaign, funnel::lead_kpi.funnel AS funnel FROM :"mart".funnel_count;
CREATE VIEW scale_out.journey_cell WITH (security_invoker = true) AS
SELECT channel_won::lead_kpi.journeys AS won, channel_refunded::lead_kpi.journeys AS refunded FROM :"mart".journey_count;
CREATE VIEW scale_out.day_cell WITH (security_invoker = true) AS
SELECT day, channel, campaign, gross, counted, leads, mql, sal, sql, opportunities, won, lost, deals_won, revenue FROM :"mart".kpi_day;
COMMIT;
ANALYZE :"mart".lead;
