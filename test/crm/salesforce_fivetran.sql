-- Made-up rows in tables shaped as those that Fivetran writes for Salesforce, one of them in history mode: the columns that the mapping reads, in schema salesforce_sample.
CREATE SCHEMA salesforce_sample;
SET search_path = salesforce_sample;
CREATE TABLE "user" (id text, name text, _fivetran_synced timestamptz);
CREATE TABLE lead
(
	id text, created_date timestamptz, lead_source text, email text, company text, title text, industry text, owner_id text, status text, is_converted boolean,
	converted_date date, converted_opportunity_id text, converted_account_id text, master_record_id text, is_deleted boolean, last_modified_date timestamptz, utm_campaign_c text
);
CREATE TABLE lead_history (id text, lead_id text, field text, old_value text, new_value text, created_date timestamptz, is_deleted boolean);
CREATE TABLE opportunity
(
	id text, created_date timestamptz, close_date timestamptz, is_closed boolean, is_won boolean, amount double precision, stage_name text, owner_id text, account_id text,
	lead_source text, campaign_id text, is_deleted boolean, loss_reason_c text
);
CREATE TABLE opportunity_history (id text, _fivetran_start timestamptz, _fivetran_end timestamptz, _fivetran_active boolean, stage_name text, amount double precision, close_date date);
INSERT INTO "user" VALUES ('005A', 'Ann Bee');
INSERT INTO lead (id, created_date, lead_source, email, company, owner_id, status, is_converted, converted_date, converted_opportunity_id, converted_account_id, master_record_id,
	is_deleted, last_modified_date, utm_campaign_c) VALUES
	('L1', '2025-01-05 09:00+00', 'Web', 'a@one.example', 'One', '005A', 'Closed - Converted', true, '2025-01-09', 'O1', 'A1', NULL, false, '2025-01-09 10:00+00', 'spring'),
	('L2', '2025-01-05 10:00+00', 'Web', 'a2@one.example', 'One', '005A', 'Open - Not Contacted', false, NULL, NULL, NULL, 'L1', true, '2025-01-06 10:00+00', NULL),
	('L3', '2025-01-06 09:00+00', 'Web', 'c@three.example', 'Three', '005B', 'Unqualified', false, NULL, NULL, NULL, NULL, false, '2025-01-20 10:00+00', NULL),
	('L4', '2025-01-06 09:00+00', 'Web', 'd@four.example', NULL, NULL, 'Open - Not Contacted', false, NULL, NULL, NULL, NULL, true, '2025-01-07 10:00+00', NULL);
INSERT INTO lead_history (id, lead_id, field, new_value, created_date) VALUES ('H0', 'L1', 'created', NULL, '2025-01-05 09:00+00'), ('H1', 'L1', 'Status', 'Working - Contacted', '2025-01-07 09:00+00'),
	('H2', 'L1', 'Status', 'Closed - Converted', '2025-01-09 10:00+00'), ('H3', 'L3', 'Status', 'Unqualified', '2025-01-08 09:00+00'), ('H4', 'L3', 'Company', 'Three', '2025-01-08 09:00+00');
INSERT INTO opportunity (id, created_date, close_date, is_closed, is_won, amount, stage_name, owner_id, account_id, lead_source, is_deleted, loss_reason_c) VALUES
	('O1', '2025-01-09 10:00+00', '2025-01-20 00:00+00', true, true, 500.5, 'Closed Won', '005A', 'A1', 'Web', false, NULL),
	('O2', '2025-01-10 10:00+00', '2025-03-31 00:00+00', false, false, 900, 'Proposal', '005B', 'A2', 'Referral', false, NULL),
	('O3', '2025-01-10 10:00+00', '2025-01-21 00:00+00', true, false, 300, 'Closed Lost', '005A', 'A3', 'Referral', false, 'Price'),
	('O4', '2025-01-10 10:00+00', '2025-01-21 00:00+00', true, true, 7000, 'Closed Won', '005A', 'A3', 'Referral', true, NULL);
INSERT INTO opportunity_history (id, _fivetran_start, _fivetran_active, stage_name, amount, close_date) VALUES ('O2', '2025-01-10 10:00+00', false, 'Qualification', 800, '2025-02-28'),
	('O2', '2025-01-15 10:00+00', true, 'Proposal', 900, '2025-03-31');
RESET search_path;
