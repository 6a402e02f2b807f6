-- Made-up rows in tables shaped as those that Fivetran writes for HubSpot: the columns that the mapping reads, in schema hubspot_sample.
CREATE SCHEMA hubspot_sample;
SET search_path = hubspot_sample;
CREATE TABLE contact
(
	id bigint PRIMARY KEY, _fivetran_deleted boolean, _fivetran_synced timestamptz, property_createdate timestamptz, property_email text, property_company text,
	property_jobtitle text, property_hs_analytics_source text, property_hs_analytics_source_data_1 text, property_hs_analytics_source_data_2 text,
	property_hubspot_owner_id bigint, property_associatedcompanyid bigint, property_hs_calculated_merged_vids text
);
CREATE TABLE contact_property_history (contact_id bigint, name text, "timestamp" timestamptz, value text, source text, source_id text, _fivetran_synced timestamptz);
CREATE TABLE owner (owner_id bigint PRIMARY KEY, first_name text, last_name text, email text);
CREATE TABLE deal
(
	deal_id bigint PRIMARY KEY, is_deleted boolean, deal_pipeline_id text, deal_pipeline_stage_id text, owner_id bigint, property_dealname text,
	property_amount double precision, property_createdate timestamptz, property_closedate timestamptz, property_closed_lost_reason text, property_deal_currency_code text
);
CREATE TABLE merged_deal (deal_id bigint, merged_deal_id bigint, category text);
CREATE TABLE deal_contact (deal_id bigint, contact_id bigint, type_id bigint, category text);
CREATE TABLE deal_pipeline_stage (stage_id text, pipeline_id text, label text, display_order integer, probability double precision, closed_won boolean, active boolean);
CREATE TABLE deal_property_history (deal_id bigint, name text, "timestamp" timestamptz, value text, source text, source_id text);
INSERT INTO contact (id, _fivetran_deleted, property_createdate, property_email, property_company, property_jobtitle, property_hs_analytics_source,
	property_hs_analytics_source_data_1, property_hs_analytics_source_data_2, property_hubspot_owner_id, property_associatedcompanyid, property_hs_calculated_merged_vids) VALUES
	(1, false, '2025-01-05 09:00+00', 'a@one.example', 'One', 'Director', 'PAID_SEARCH', 'Spring', 'crm', 11, 101, '2:1736240400000'),
	(2, true, '2025-01-04 09:00+00', 'old@one.example', 'One', NULL, 'ORGANIC_SEARCH', NULL, NULL, 11, NULL, NULL),
	(3, false, '2025-01-06 09:00+00', 'c@three.example', 'Three', NULL, 'PAID_SOCIAL', 'Facebook', 'Autumn', 12, 103, NULL),
	(4, false, '2025-01-07 09:00+00', 'd@four.example', NULL, NULL, 'PAID_SEARCH', 'Spring', NULL, NULL, NULL, NULL),
	(5, true, '2025-01-07 09:00+00', 'e@five.example', NULL, NULL, 'PAID_SEARCH', NULL, NULL, NULL, NULL, NULL);
INSERT INTO contact_property_history (contact_id, name, "timestamp", value) VALUES
	(1, 'lifecyclestage', '2025-01-05 09:00+00', 'lead'), (1, 'lifecyclestage', '2025-01-07 09:00+00', 'marketingqualifiedlead'),
	(1, 'hs_lead_status', '2025-01-08 09:00+00', 'IN_PROGRESS'), (1, 'lifecyclestage', '2025-01-09 09:00+00', 'salesqualifiedlead'),
	(1, 'email', '2025-01-09 09:00+00', 'a@one.example'), (3, 'hs_lead_status', '2025-01-08 10:00+00', 'UNQUALIFIED'),
	(4, 'lifecyclestage', '2025-01-08 10:00+00', 'in nurturing');
INSERT INTO owner VALUES (11, 'Ann', 'Bee', 'ann@us.example'), (12, NULL, NULL, 'bob@us.example');
INSERT INTO deal_pipeline_stage VALUES ('closedwon', 'default', 'Closed won', 5, 1, true, true), ('closedlost', 'default', 'Closed lost', 6, 0, false, true),
	('contractsent', 'default', 'Contract sent', 4, 0.9, false, true);
INSERT INTO deal (deal_id, is_deleted, deal_pipeline_stage_id, owner_id, property_amount, property_createdate, property_closedate, property_closed_lost_reason, property_deal_currency_code) VALUES
	(21, false, 'closedwon', 11, 500.5, '2025-01-10 09:00+00', '2025-01-20 23:30+00', NULL, 'EUR'),
	(22, false, 'closedlost', 11, 300, '2025-01-10 09:00+00', '2025-01-21 09:00+00', 'Price', 'EUR'),
	(23, false, 'contractsent', 12, 900, '2025-01-11 09:00+00', '2025-03-31 09:00+00', NULL, 'EUR'),
	(24, true, 'closedwon', 11, 7000, '2025-01-10 09:00+00', '2025-01-20 09:00+00', NULL, 'EUR'),
	(25, false, 'contractsent', 12, 800, '2025-01-10 09:00+00', '2025-03-31 09:00+00', NULL, 'EUR');
INSERT INTO merged_deal VALUES (23, 25, 'merge');
INSERT INTO deal_contact (deal_id, contact_id, category) VALUES (21, 1, 'HUBSPOT_DEFINED'), (21, 1, 'USER_DEFINED'), (21, 4, 'HUBSPOT_DEFINED'), (22, 3, 'HUBSPOT_DEFINED'), (23, 4, 'HUBSPOT_DEFINED'), (25, 4, 'HUBSPOT_DEFINED');
INSERT INTO deal_property_history (deal_id, name, "timestamp", value) VALUES (23, 'dealstage', '2025-01-12 09:00+00', 'contractsent'), (23, 'amount', '2025-01-13 09:00+00', '900'),
	(23, 'closedate', '2025-01-14 09:00+00', '1743411600000'), (23, 'closedate', '2025-01-15 09:00+00', '2025-03-31T09:00:00Z'), (23, 'dealname', '2025-01-14 09:00+00', 'x');
RESET search_path;
