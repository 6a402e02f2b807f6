-- The rows of salesforce_fivetran.sql as Airbyte's connector writes them into PostgreSQL: tables and columns as the API has them.
CREATE SCHEMA salesforce_sample;
SET search_path = salesforce_sample;
CREATE TABLE "User" ("Id" text, "Name" text, _airbyte_extracted_at timestamptz);
CREATE TABLE "Lead"
(
	_airbyte_raw_id text, _airbyte_extracted_at timestamptz, "Id" text, "CreatedDate" timestamptz, "LeadSource" text, "Email" text, "Company" text, "OwnerId" text, "Status" text,
	"IsConverted" boolean, "ConvertedDate" date, "ConvertedOpportunityId" text, "ConvertedAccountId" text, "MasterRecordId" text, "IsDeleted" boolean,
	"LastModifiedDate" timestamptz, "utm_campaign__c" text
);
CREATE TABLE "LeadHistory" ("Id" text, "LeadId" text, "Field" text, "NewValue" text, "CreatedDate" timestamptz);
CREATE TABLE "Opportunity"
(
	"Id" text, "CreatedDate" timestamptz, "CloseDate" date, "IsClosed" boolean, "IsWon" boolean, "Amount" numeric, "StageName" text, "OwnerId" text, "AccountId" text,
	"LeadSource" text, "CampaignId" text, "IsDeleted" boolean, "Loss_Reason__c" text
);
CREATE TABLE "OpportunityHistory" ("Id" text, "OpportunityId" text, "CreatedDate" timestamptz, "StageName" text, "Amount" numeric, "CloseDate" date);
INSERT INTO "User" VALUES ('005A', 'Ann Bee');
INSERT INTO "Lead" ("Id", "CreatedDate", "LeadSource", "Email", "Company", "OwnerId", "Status", "IsConverted", "ConvertedDate", "ConvertedOpportunityId", "ConvertedAccountId",
	"MasterRecordId", "IsDeleted", "LastModifiedDate", "utm_campaign__c") VALUES
	('L1', '2025-01-05 09:00+00', 'Web', 'a@one.example', 'One', '005A', 'Closed - Converted', true, '2025-01-09', 'O1', 'A1', NULL, false, '2025-01-09 10:00+00', 'spring'),
	('L2', '2025-01-05 10:00+00', 'Web', 'a2@one.example', 'One', '005A', 'Open - Not Contacted', false, NULL, NULL, NULL, 'L1', true, '2025-01-06 10:00+00', NULL),
	('L3', '2025-01-06 09:00+00', 'Web', 'c@three.example', 'Three', '005B', 'Unqualified', false, NULL, NULL, NULL, NULL, false, '2025-01-20 10:00+00', NULL),
	('L4', '2025-01-06 09:00+00', 'Web', 'd@four.example', NULL, NULL, 'Open - Not Contacted', false, NULL, NULL, NULL, NULL, true, '2025-01-07 10:00+00', NULL);
INSERT INTO "LeadHistory" VALUES ('H0', 'L1', 'created', NULL, '2025-01-05 09:00+00'), ('H1', 'L1', 'Status', 'Working - Contacted', '2025-01-07 09:00+00'),
	('H2', 'L1', 'Status', 'Closed - Converted', '2025-01-09 10:00+00'), ('H3', 'L3', 'Status', 'Unqualified', '2025-01-08 09:00+00'), ('H4', 'L3', 'Company', 'Three', '2025-01-08 09:00+00');
INSERT INTO "Opportunity" ("Id", "CreatedDate", "CloseDate", "IsClosed", "IsWon", "Amount", "StageName", "OwnerId", "AccountId", "LeadSource", "IsDeleted", "Loss_Reason__c") VALUES
	('O1', '2025-01-09 10:00+00', '2025-01-20', true, true, 500.5, 'Closed Won', '005A', 'A1', 'Web', false, NULL),
	('O2', '2025-01-10 10:00+00', '2025-03-31', false, false, 900, 'Proposal', '005B', 'A2', 'Referral', false, NULL),
	('O3', '2025-01-10 10:00+00', '2025-01-21', true, false, 300, 'Closed Lost', '005A', 'A3', 'Referral', false, 'Price'),
	('O4', '2025-01-10 10:00+00', '2025-01-21', true, true, 7000, 'Closed Won', '005A', 'A3', 'Referral', true, NULL);
INSERT INTO "OpportunityHistory" VALUES ('X1', 'O2', '2025-01-10 10:00+00', 'Qualification', 800, '2025-02-28'), ('X2', 'O2', '2025-01-15 10:00+00', 'Proposal', 900, '2025-03-31');
RESET search_path;
