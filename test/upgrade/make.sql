-- What the dumps beside this file were made of: marts of an older lead_kpi, and what their users built on them. README says how.
-- It is for psql on the older version, as a superuser, in an empty database.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
CREATE EXTENSION lead_kpi;
CREATE ROLE kpi_owner;
CREATE ROLE kpi_bi;
CREATE ROLE kpi_editor;
CREATE ROLE kpi_guest;
SELECT format('GRANT CREATE ON DATABASE %I TO kpi_owner', current_database()) \gexec
SET ROLE kpi_owner;

-- A mart with tables of its own and data, in another ladder, under other rules, with a score and what it learned.
SELECT lead_kpi.create_mart('kpi');
SELECT lead_kpi.generate_example('kpi', 160, 7);
DELETE FROM kpi.spend WHERE extract(day FROM spent_on) NOT IN (3, 17);
UPDATE kpi.stage SET stage = 'client' WHERE role = 'won';
UPDATE kpi.stage SET position = position + 1 WHERE position > 2;
INSERT INTO kpi.stage VALUES (3, 'demo', NULL);
UPDATE kpi.rule SET time_zone = 'Europe/Paris', language = 'fr', duplicate_window = '60 days', counted_kinds = NULL, score_horizon = '30 days',
	acceptance_threshold = 0.5, test_pattern = '@test\.',
	scorecard = '{"fit": [{"name": "director", "attribute": "job", "op": "=", "value": "director", "points": 30}]}';
UPDATE kpi.channel_family SET family = 'events' WHERE channel IN ('event', 'webinar');
ALTER TABLE kpi.lead ADD COLUMN region text;
UPDATE kpi.lead SET region = attributes ->> 'country';
SELECT count(*) FROM lead_kpi.train_mart('kpi');

-- A mart over relations of the user's, with keys that are uuid, and one of its views made otherwise by the user.
CREATE SCHEMA crm_data;
CREATE TABLE crm_data.contact (lead_id uuid PRIMARY KEY, created_at timestamp, kind text, channel varchar(40), campaign text, email text, company text,
	attributes json, owner integer, account text);
CREATE TABLE crm_data.history (lead_id uuid, stage text, entered_at date);
CREATE TABLE crm_data.opportunity (deal_id integer, lead_id uuid, opened_at timestamptz, closed_at timestamptz, is_won boolean, amount float8, currency text,
	expected_close text);
CREATE TABLE crm_data.visit (who uuid, touched_at timestamptz, channel text, campaign text, kind text);
INSERT INTO crm_data.contact
SELECT md5('lead ' || n)::uuid, timestamp '2025-03-01 09:00' + n * interval '31 hours', 'form', (ARRAY['ads', 'fair', 'search'])[1 + n % 3], NULL,
	format('contact.%s@company%s.example', n, n % 13), 'Company ' || n % 13, '{"country": "FR"}', n % 4, 'C' || n % 13
FROM generate_series(1, 60) n;
INSERT INTO crm_data.history
SELECT lead_id, stage, created_at::date + (3 * position)::integer
FROM crm_data.contact, unnest('{mql,sal,sql}'::text[]) WITH ORDINALITY AS s(stage, position)
WHERE extract(day FROM created_at)::integer % 4 >= position;
INSERT INTO crm_data.opportunity
SELECT row_number() OVER (ORDER BY created_at), lead_id, created_at + interval '10 days', created_at + interval '40 days',
	extract(hour FROM created_at)::integer % 2 = 0, 1000 + 10 * extract(day FROM created_at), 'EUR', '2025-12-31'
FROM crm_data.contact WHERE extract(day FROM created_at)::integer % 4 = 3;
INSERT INTO crm_data.visit SELECT lead_id, created_at - interval '1 day', channel, campaign, 'visit' FROM crm_data.contact;
CREATE VIEW crm_data.visit_of_lead AS SELECT who AS lead_id, touched_at, channel, campaign, kind FROM crm_data.visit;
SELECT lead_kpi.create_mart('crm', lead => 'crm_data.contact', stage_event => 'crm_data.history', touch => 'crm_data.visit_of_lead',
	deal => 'crm_data.opportunity');
CREATE OR REPLACE VIEW crm.touch WITH (security_invoker = true) AS
SELECT v.lead_id, v.touched_at, v.channel, v.campaign, v.kind FROM crm_data.visit_of_lead v JOIN crm_data.contact c USING (lead_id) WHERE v.kind <> 'test';
INSERT INTO crm.spend (spent_on, channel, amount) VALUES ('2025-03-15', 'ads', 400), ('2025-04-15', 'fair', 1500);

-- What users built on it.
CREATE SCHEMA report;
CREATE VIEW report.by_channel AS
SELECT f.channel, f.stage, f.leads, round(f.total_rate::numeric, 3) AS total_rate FROM kpi.funnel_by_channel f WHERE f.leads > 0;
COMMENT ON VIEW report.by_channel IS 'For the Monday meeting.';
CREATE VIEW report.best_channel AS SELECT channel, total_rate FROM report.by_channel WHERE stage = 'client' ORDER BY total_rate DESC LIMIT 3;
CREATE VIEW report.settings AS
SELECT r.time_zone, r.language, r.duplicate_window, r.scorecard, s.position, s.stage, s.role FROM kpi.rule r CROSS JOIN kpi.stage s;
CREATE MATERIALIZED VIEW report.monthly AS SELECT month, stage, leads, total_rate FROM kpi.funnel_by_month;
CREATE INDEX monthly_month ON report.monthly (month);
CREATE FUNCTION report.accepted() RETURNS float8 LANGUAGE sql STABLE BEGIN ATOMIC SELECT acceptance_rate FROM kpi.mql_acceptance; END;
CREATE TABLE report.note (lead_id bigint, noted_at timestamptz DEFAULT now());
CREATE FUNCTION report.note_lead() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$$ BEGIN INSERT INTO report.note (lead_id) VALUES (NEW.lead_id); RETURN NEW; END $$;
CREATE TRIGGER note_lead AFTER INSERT ON kpi.lead FOR EACH ROW EXECUTE FUNCTION report.note_lead();
CREATE VIEW kpi.my_wins AS SELECT o.lead_id, o.won_at, l.region FROM kpi.lead_outcome o JOIN kpi.lead l USING (lead_id) WHERE o.won_at IS NOT NULL;
CREATE INDEX deal_closed_at ON kpi.deal (closed_at);
CREATE VIEW report.uuid_wins AS SELECT lead_id, won_at, revenue FROM crm.lead_outcome WHERE won_at IS NOT NULL;
ALTER TABLE kpi.lead ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_and_bi ON kpi.lead FOR SELECT TO kpi_bi USING (channel IS DISTINCT FROM 'outbound' OR EXISTS (SELECT FROM kpi.stage WHERE role = 'lost'));

-- Comments, grants and options of the user's.
COMMENT ON VIEW kpi.funnel IS 'The funnel that the board sees.';
COMMENT ON COLUMN kpi.funnel.leads IS 'Leads, as agreed in 2025.';
COMMENT ON TABLE kpi.lead IS 'Filled from the CRM every night.';
COMMENT ON COLUMN kpi.rule.time_zone IS 'That of the head office.';
COMMENT ON SCHEMA kpi IS 'Marketing and sales.';
ALTER VIEW kpi.icp_fit SET (security_barrier = true);
ALTER VIEW kpi.lead_generated SET (security_invoker = false);
GRANT USAGE ON SCHEMA kpi, crm, crm_data, report TO kpi_bi, kpi_editor;
GRANT SELECT ON ALL TABLES IN SCHEMA kpi TO kpi_bi;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO kpi_bi;
GRANT SELECT ON ALL TABLES IN SCHEMA report TO kpi_bi;
GRANT SELECT ON crm_data.contact, crm_data.history, crm_data.opportunity, crm_data.visit, crm_data.visit_of_lead TO kpi_bi;
GRANT INSERT, UPDATE (channel, campaign) ON kpi.lead TO kpi_editor;
GRANT SELECT ON kpi.funnel TO kpi_editor WITH GRANT OPTION;
GRANT USAGE ON SCHEMA kpi TO kpi_guest;
GRANT SELECT ON kpi.lead_generated TO kpi_guest;
