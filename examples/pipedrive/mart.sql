-- Pipedrive as the mart "pipedrive", over the tables of load.sql.
--
--   Deal               lead and deal: Pipedrive begins with deals, so a deal is its own lead. Deleted ones are left out
--   Deal created       lead.created_at, deal.opened_at: times without a zone are those of rule.time_zone
--   Source channel     lead.channel; Owner: lead.owner; Organization: lead.company and lead.account
--   Contact person     the export names persons and has no key: e-mail and telephone are taken where one person of that name and organization is there
--   Stage              stage_event at Last stage change: the only one that is known. A deal is taken to have passed the stages before it
--   Status, Won time   deal.is_won, deal.closed_at; Lost time, Lost reason likewise. Expected close date closes nothing
-- No stage has the role opportunity: that one is entered when a deal is opened, and here every lead is a deal from its first second.
-- The export does not say in which order the stages are: the ladder below is that of a new account. Stages that are not on it are named by data_quality.
\set ON_ERROR_STOP on
\if :{?format}
\else
	\set format '1,234.56'
\endif
CREATE VIEW pipedrive_source.contact AS SELECT lower(name) AS name, lower(organization) AS organization, min(email) AS email, min(phone) AS phone
FROM pipedrive_source.person GROUP BY 1, 2 HAVING count(*) = 1;
CREATE VIEW pipedrive_source.deal AS SELECT id AS deal_id, id AS lead_id, created::timestamp AS opened_at, CASE lower(status) WHEN 'won' THEN won WHEN 'lost'
	THEN lost END::timestamp AS closed_at, CASE lower(status) WHEN 'won' THEN true WHEN 'lost' THEN false END AS is_won, lead_kpi.parse_amount(value, :'format') AS
	amount, owner, organization AS account, expected::date AS expected_close, reason, currency FROM pipedrive_source.crm_deal WHERE lower(status) <> 'deleted';
CREATE VIEW pipedrive_source.lead AS SELECT id AS lead_id, created::timestamp AS created_at, 'deal' AS kind, source AS channel, NULL AS campaign, email,
	d.organization AS company, owner, d.organization AS account, jsonb_strip_nulls(jsonb_build_object('phone', phone, 'label', label)) AS attributes
FROM pipedrive_source.crm_deal d LEFT JOIN pipedrive_source.contact c ON c.name = lower(person) AND c.organization IS NOT DISTINCT FROM lower(d.organization)
WHERE lower(status) <> 'deleted';
CREATE VIEW pipedrive_source.stage_event AS SELECT id AS lead_id, stage, changed::timestamp AS entered_at FROM pipedrive_source.crm_deal
WHERE changed IS NOT NULL AND lower(status) <> 'deleted';
SELECT lead_kpi.create_mart('pipedrive', lead => 'pipedrive_source.lead', stage_event => 'pipedrive_source.stage_event', deal => 'pipedrive_source.deal');
DELETE FROM pipedrive.stage;
INSERT INTO pipedrive.stage VALUES (1, 'Qualified', 'lead'), (2, 'Contact Made', 'sal'), (3, 'Demo Scheduled', 'sql'), (4, 'Proposal Made', NULL),
	(5, 'Negotiations Started', NULL), (6, 'Won', 'won');
UPDATE pipedrive.rule SET transmitted_role = 'lead', accepted_role = 'sal';
