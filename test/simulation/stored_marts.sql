-- An own and a mapped mart, both stored, with changes that are noted and not refreshed: what 078_stored_dump.pl dumps and 079_pg_upgrade.pl upgrades.
CREATE EXTENSION lead_kpi;
CREATE SCHEMA crm;
CREATE TABLE crm.lead (lead_id bigint, created_at timestamptz, kind text, channel text, campaign text, email text, company text, attributes jsonb, updated_at timestamptz DEFAULT now());
CREATE TABLE crm.touch (lead_id bigint, touched_at timestamptz, channel text, campaign text, kind text);
INSERT INTO crm.lead (lead_id, created_at, kind, channel, email)
SELECT g, timestamptz '2025-01-01' + g * interval '9 hours', 'form', (ARRAY['google', 'mail'])[1 + g % 2], 'p' || g % 70 || '@firm.example' FROM generate_series(1, 100) g;
INSERT INTO crm.touch SELECT g, timestamptz '2025-01-01' + g * interval '8 hours', 'mail' FROM generate_series(1, 100) g;
SELECT lead_kpi.create_mart('own');
INSERT INTO own.lead (lead_id, created_at, kind, channel, email) SELECT lead_id, created_at, kind, channel, email FROM crm.lead;
INSERT INTO own.stage_event (lead_id, stage, entered_at) SELECT g, 'mql', timestamptz '2025-01-05' + g * interval '9 hours' FROM generate_series(1, 100, 2) g;
INSERT INTO own.deal (deal_id, lead_id, opened_at, closed_at, is_won, amount) SELECT g, g, '2025-02-20', '2025-03-01', true, g * 10 FROM generate_series(1, 100, 5) g;
SELECT lead_kpi.create_mart('mapped', lead => 'crm.lead', touch => 'crm.touch');
SELECT lead_kpi.store_mart('own');
SELECT lead_kpi.store_mart('mapped', '{"lead": "updated_at"}');
GRANT USAGE ON SCHEMA own TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA own TO reader;
-- Noted, and not refreshed.
UPDATE own.lead SET channel = 'noted' WHERE lead_id < 5;
