-- Made-up rows in tables shaped as those of a workspace of Twenty: the columns that the mapping reads, in schema workspace_sample.
CREATE SCHEMA workspace_sample;
SET search_path = workspace_sample;
CREATE TYPE opportunity_stage_enum AS ENUM ('NEW', 'SCREENING', 'MEETING', 'PROPOSAL', 'CUSTOMER', 'LOST');
CREATE TYPE created_by_source_enum AS ENUM ('EMAIL', 'CALENDAR', 'WORKFLOW', 'API', 'IMPORT', 'MANUAL');
CREATE TABLE company (id uuid PRIMARY KEY, name text, "deletedAt" timestamptz);
CREATE TABLE person
(
	id uuid PRIMARY KEY, "nameFirstName" text, "nameLastName" text, "emailsPrimaryEmail" text, "phonesPrimaryPhoneNumber" text, "phonesPrimaryPhoneCallingCode" text,
	"jobTitle" text, "companyId" uuid, "createdAt" timestamptz, "deletedAt" timestamptz
);
CREATE TABLE "workspaceMember" (id uuid PRIMARY KEY, "nameFirstName" text, "nameLastName" text);
CREATE TABLE opportunity
(
	id uuid PRIMARY KEY, name text, "amountAmountMicros" numeric, "amountCurrencyCode" text, "closeDate" timestamptz, stage opportunity_stage_enum,
	"pointOfContactId" uuid, "companyId" uuid, "ownerId" uuid, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz,
	"createdBySource" created_by_source_enum
);
CREATE TABLE "timelineActivity"
(
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, properties jsonb, "happensAt" timestamptz, "workspaceMemberId" uuid, "targetOpportunityId" uuid
);
INSERT INTO company VALUES ('c0000000-0000-0000-0000-000000000001', 'Firm One');
INSERT INTO person VALUES ('b0000000-0000-0000-0000-000000000001', 'Pat', 'Lee', 'pat@one.example', '301234567', '+49', 'Director', 'c0000000-0000-0000-0000-000000000001',
	'2025-01-05 09:00+00', NULL);
INSERT INTO "workspaceMember" VALUES ('a0000000-0000-0000-0000-000000000001', 'Ann', 'Bee');
INSERT INTO opportunity (id, "amountAmountMicros", "amountCurrencyCode", "closeDate", stage, "pointOfContactId", "companyId", "ownerId", "createdAt", "deletedAt", "createdBySource") VALUES
	('d0000000-0000-0000-0000-000000000001', 1500500000, 'EUR', '2025-01-31 00:00+00', 'CUSTOMER', 'b0000000-0000-0000-0000-000000000001',
		'c0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', '2025-01-06 09:00+00', NULL, 'EMAIL'),
	('d0000000-0000-0000-0000-000000000002', 700000000, 'EUR', '2025-03-31 00:00+00', 'MEETING', NULL, NULL, NULL, '2025-01-07 09:00+00', NULL, 'MANUAL'),
	('d0000000-0000-0000-0000-000000000003', 900000000, 'EUR', '2025-02-28 00:00+00', 'LOST', NULL, NULL, NULL, '2025-01-08 09:00+00', NULL, 'MANUAL'),
	('d0000000-0000-0000-0000-000000000004', NULL, '', '2025-01-18 00:00+00', 'CUSTOMER', NULL, NULL, NULL, '2025-01-08 09:00+00', NULL, 'IMPORT'),
	('d0000000-0000-0000-0000-000000000005', 100000000, 'EUR', NULL, 'NEW', NULL, NULL, NULL, '2025-01-08 09:00+00', '2025-01-09 09:00+00', 'MANUAL');
INSERT INTO "timelineActivity" (name, properties, "happensAt", "workspaceMemberId", "targetOpportunityId") VALUES
	('opportunity.created', '{}', '2025-01-06 09:00+00', 'a0000000-0000-0000-0000-000000000001', 'd0000000-0000-0000-0000-000000000001'),
	('opportunity.updated', '{"diff": {"stage": {"before": "NEW", "after": "SCREENING"}}}', '2025-01-08 09:00+00', 'a0000000-0000-0000-0000-000000000001',
		'd0000000-0000-0000-0000-000000000001'),
	('opportunity.updated', '{"diff": {"stage": {"before": "SCREENING", "after": "CUSTOMER"}}}', '2025-01-16 09:00+00', NULL, 'd0000000-0000-0000-0000-000000000001'),
	('opportunity.updated', '{"diff": {"stage": {"before": "CUSTOMER", "after": "CUSTOMER"}, "name": {"before": "a", "after": "b"}}}', '2025-01-20 09:00+00', NULL,
		'd0000000-0000-0000-0000-000000000001'),
	('opportunity.updated', '{"diff": {"name": {"before": "a", "after": "b"}}}', '2025-01-09 09:00+00', NULL, 'd0000000-0000-0000-0000-000000000002'),
	('opportunity.updated', '{"diff": {"stage": {"before": "SCREENING", "after": "LOST"}}}', '2025-01-18 09:00+00', NULL, 'd0000000-0000-0000-0000-000000000003');
ANALYZE opportunity, person, company, "workspaceMember", "timelineActivity";
RESET search_path;
