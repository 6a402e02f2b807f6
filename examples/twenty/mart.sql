-- Twenty's own database as the mart "twenty": views over the tables of a workspace, nothing is exported.
--
--   psql -1 -d DATABASE -v twenty=workspace_... -f examples/twenty/mart.sql
--
--   opportunity                 lead and deal: Twenty has no leads, so an opportunity is its own lead. deletedAt is a bin, and left out
--   pointOfContactId, companyId e-mail and telephone of the person, name and key of the company
--   createdBySource             lead.channel: how the record came in (MANUAL, IMPORT, EMAIL, API, ...), for want of a field for the source. Put your own there
--   timelineActivity            stage_event: the changes of stage; the first stage is what the first change left, or the present one
--   stage CUSTOMER              deal.is_won; one that reads like an exit, as LOST, which you add yourself, is a lost deal
--   closeDate                   deal.expected_close; a deal closes when its last stage was entered, or on that day where no change is written down
--   amountAmountMicros          deal.amount, in millionths; amountCurrencyCode: deal.currency
-- No stage has the role opportunity: that one is entered when a deal is opened, and here every lead is a deal from its first second.
\set ON_ERROR_STOP on
\if :{?twenty}
\else
	\echo 'Name the schema of the workspace: psql -v twenty=workspace_... -f mart.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable twenty is not set'; END $$;
\endif
SET search_path = :"twenty";
-- What the versions call differently.
SELECT CASE WHEN bool_or(attname = 'targetOpportunityId') THEN 'targetOpportunityId' ELSE 'opportunityId' END AS target
FROM pg_attribute WHERE attrelid = '"timelineActivity"'::regclass AND NOT attisdropped \gset
CREATE SCHEMA twenty_view;
CREATE VIEW twenty_view.change AS SELECT t.:"target" AS id, "happensAt" AS changed_at, properties::jsonb #>> '{diff,stage,before}' AS old_stage,
	properties::jsonb #>> '{diff,stage,after}' AS new_stage, concat_ws(' ', m."nameFirstName", m."nameLastName") AS owner
FROM "timelineActivity" t LEFT JOIN "workspaceMember" m ON m.id = t."workspaceMemberId"
WHERE t.name = 'opportunity.updated' AND properties::jsonb #>> '{diff,stage,before}' IS DISTINCT FROM properties::jsonb #>> '{diff,stage,after}';
CREATE VIEW twenty_view.lead AS SELECT o.id AS lead_id, o."createdAt" AS created_at, 'opportunity' AS kind, o."createdBySource"::text AS channel, NULL AS campaign,
	p."emailsPrimaryEmail" AS email, c.name AS company, o."companyId"::text AS account, nullif(concat_ws(' ', m."nameFirstName", m."nameLastName"), '') AS owner,
	jsonb_strip_nulls(jsonb_build_object('phone', nullif(p."phonesPrimaryPhoneCallingCode" || p."phonesPrimaryPhoneNumber", ''), 'job', nullif(p."jobTitle", ''))) AS attributes
FROM opportunity o LEFT JOIN person p ON p.id = o."pointOfContactId" LEFT JOIN company c ON c.id = o."companyId"
	LEFT JOIN "workspaceMember" m ON m.id::text = to_jsonb(o) ->> 'ownerId' WHERE o."deletedAt" IS NULL;
CREATE VIEW twenty_view.stage_event AS SELECT * FROM (
	SELECT o.id AS lead_id, coalesce(f.old_stage, o.stage::text) AS stage, o."createdAt" AS entered_at, NULL AS owner FROM opportunity o LEFT JOIN LATERAL (
		SELECT old_stage FROM twenty_view.change c WHERE c.id = o.id ORDER BY changed_at LIMIT 1) f ON true WHERE o."deletedAt" IS NULL
	UNION ALL SELECT id, new_stage, changed_at, owner FROM twenty_view.change WHERE id IN (SELECT id FROM opportunity WHERE "deletedAt" IS NULL)) s
WHERE stage <> 'CUSTOMER' AND NOT lead_kpi.reads_like_an_exit(stage);
CREATE VIEW twenty_view.deal AS SELECT o.id::text AS deal_id, o.id AS lead_id, o."createdAt" AS opened_at, coalesce((SELECT max(changed_at) FROM twenty_view.change c
	WHERE c.id = o.id AND c.new_stage = o.stage::text), "closeDate") AS closed_at, CASE WHEN o.stage::text = 'CUSTOMER' THEN true WHEN
	lead_kpi.reads_like_an_exit(o.stage::text) THEN false END AS is_won, trim_scale("amountAmountMicros" / 1000000) AS amount, nullif("amountCurrencyCode", '') AS currency,
	l.owner, l.account, "closeDate"::date AS expected_close, NULL AS reason FROM opportunity o JOIN twenty_view.lead l ON l.lead_id = o.id;
CREATE VIEW twenty_view.deal_change AS SELECT lead_id::text AS deal_id, entered_at AS changed_at, stage FROM twenty_view.stage_event;
SELECT lead_kpi.create_mart('twenty', lead => 'twenty_view.lead', stage_event => 'twenty_view.stage_event', deal => 'twenty_view.deal',
	deal_change => 'twenty_view.deal_change');
DELETE FROM twenty.stage;
INSERT INTO twenty.stage VALUES (1, 'NEW', 'lead'), (2, 'SCREENING', 'sal'), (3, 'MEETING', 'sql'), (4, 'PROPOSAL', NULL), (5, 'CUSTOMER', 'won');
UPDATE twenty.rule SET transmitted_role = 'lead', accepted_role = 'sal';
RESET search_path;
