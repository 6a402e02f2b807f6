-- The rows of hubspot_fivetran.sql as Airbyte's connector writes them into PostgreSQL: names as the API has them, lists as jsonb.
CREATE SCHEMA hubspot_sample;
SET search_path = hubspot_sample;
CREATE TABLE contacts
(
	_airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, id text, "createdAt" timestamptz, "updatedAt" timestamptz, archived boolean, properties_email text,
	properties_company text, properties_jobtitle text, properties_hs_analytics_source text, properties_hs_analytics_source_data_1 text,
	properties_hs_analytics_source_data_2 text, properties_hubspot_owner_id text, properties_associatedcompanyid numeric
);
CREATE TABLE contacts_archived (id text, archived boolean, "archivedAt" timestamptz);
CREATE TABLE contacts_merged_audit ("canonical_vid" bigint, "vid_to_merge" bigint, "timestamp" bigint);
CREATE TABLE contacts_property_history (vid bigint, property text, value text, "timestamp" bigint, source_type text);
CREATE TABLE owners (id text, email text, "firstName" text, "lastName" text, archived boolean);
CREATE TABLE deals
(
	id text, "createdAt" timestamptz, archived boolean, contacts jsonb, companies jsonb, properties_amount numeric, properties_closedate timestamptz, properties_dealstage text,
	properties_hs_is_closed boolean, properties_hs_is_closed_won boolean, properties_closed_lost_reason text, properties_deal_currency_code text,
	properties_hubspot_owner_id text, properties_hs_merged_object_ids text
);
CREATE TABLE deals_archived (id text, archived boolean);
CREATE TABLE deals_property_history ("dealId" text, property text, value text, "timestamp" timestamptz);
INSERT INTO contacts (id, "createdAt", archived, properties_email, properties_company, properties_jobtitle, properties_hs_analytics_source,
	properties_hs_analytics_source_data_1, properties_hs_analytics_source_data_2, properties_hubspot_owner_id, properties_associatedcompanyid) VALUES
	('1', '2025-01-05 09:00+00', false, 'a@one.example', 'One', 'Director', 'PAID_SEARCH', 'Spring', 'crm', '11', 101),
	('2', '2025-01-04 09:00+00', false, 'old@one.example', 'One', NULL, 'ORGANIC_SEARCH', NULL, NULL, '11', NULL),
	('3', '2025-01-06 09:00+00', false, 'c@three.example', 'Three', '', 'PAID_SOCIAL', 'Facebook', 'Autumn', '12', 103),
	('4', '2025-01-07 09:00+00', false, 'd@four.example', NULL, NULL, 'PAID_SEARCH', 'Spring', NULL, '', NULL),
	('5', '2025-01-07 09:00+00', false, 'e@five.example', NULL, NULL, 'PAID_SEARCH', NULL, NULL, NULL, NULL);
INSERT INTO contacts_archived VALUES ('5', true, '2025-01-09 09:00+00');
INSERT INTO contacts_merged_audit VALUES (1, 2, 1736240400000);
INSERT INTO contacts_property_history (vid, property, value, "timestamp")
SELECT vid, property, value, extract(epoch FROM at) * 1000 FROM (VALUES (1, 'lifecyclestage', 'lead', timestamptz '2025-01-05 09:00+00'),
	(1, 'lifecyclestage', 'marketingqualifiedlead', '2025-01-07 09:00+00'), (1, 'hs_lead_status', 'IN_PROGRESS', '2025-01-08 09:00+00'),
	(1, 'lifecyclestage', 'salesqualifiedlead', '2025-01-09 09:00+00'), (1, 'email', 'a@one.example', '2025-01-09 09:00+00'),
	(3, 'hs_lead_status', 'UNQUALIFIED', '2025-01-08 10:00+00'), (4, 'lifecyclestage', 'in nurturing', '2025-01-08 10:00+00')) h(vid, property, value, at);
INSERT INTO owners VALUES ('11', 'ann@us.example', 'Ann', 'Bee', false), ('12', 'bob@us.example', '', NULL, false);
INSERT INTO deals (id, "createdAt", archived, contacts, properties_dealstage, properties_hubspot_owner_id, properties_amount, properties_closedate, properties_hs_is_closed,
	properties_hs_is_closed_won, properties_closed_lost_reason, properties_deal_currency_code, properties_hs_merged_object_ids) VALUES
	('21', '2025-01-10 09:00+00', false, '["1", "1", 4]', 'closedwon', '11', 500.5, '2025-01-20 23:30+00', true, true, NULL, 'EUR', NULL),
	('22', '2025-01-10 09:00+00', false, '["3"]', 'closedlost', '11', 300, '2025-01-21 09:00+00', true, false, 'Price', 'EUR', NULL),
	('23', '2025-01-11 09:00+00', false, '["4"]', 'contractsent', '12', 900, '2025-03-31 09:00+00', false, false, NULL, 'EUR', '25'),
	('24', '2025-01-10 09:00+00', false, '["1"]', 'closedwon', '11', 7000, '2025-01-20 09:00+00', true, true, NULL, 'EUR', NULL),
	('25', '2025-01-10 09:00+00', false, '["4"]', 'contractsent', '12', 800, '2025-03-31 09:00+00', false, false, NULL, 'EUR', NULL);
INSERT INTO deals_archived VALUES ('24', true);
INSERT INTO deals_property_history ("dealId", property, "timestamp", value) VALUES ('23', 'dealstage', '2025-01-12 09:00+00', 'contractsent'), ('23', 'amount', '2025-01-13 09:00+00', '900'),
	('23', 'closedate', '2025-01-14 09:00+00', '1743411600000'), ('23', 'closedate', '2025-01-15 09:00+00', '2025-03-31T09:00:00Z'), ('23', 'dealname', '2025-01-14 09:00+00', 'x');
RESET search_path;
