-- Zoho CRM as the mart "zoho", over the tables of load.sql.
--
--   Record Id, Created Time     lead.lead_id, lead.created_at: times without a zone are those of rule.time_zone
--   Lead Source, Lead Owner     lead.channel, lead.owner
--   Converted Deal              joins a deal to its lead; a deal that no lead names is a lead of its own, of kind deal
--   Lead Status                 Lost Lead, Junk Lead and Not Qualified are exits at the last edit, for want of a history
--   Stage                       stage_event at the last edit. Closed Won and Closed Lost: deal.is_won
--   Closing Date                deal.closed_at: a day; of an open deal it is what somebody expects, deal.expected_close
\set ON_ERROR_STOP on
\if :{?format}
\else
	\set format '1,234.56'
\endif
CREATE VIEW zoho_source.deal AS SELECT replace(d.id, 'zcrm_', '') AS deal_id, coalesce(l.id, d.id) AS lead_id, d.created::timestamp AS opened_at, closing::date AS
	closed_at, CASE WHEN stage ~* '^closed.won' THEN true WHEN stage ~* '^closed.lost' THEN false END AS is_won, lead_kpi.parse_amount(amount, :'format') AS amount,
	d.owner, account, closing::date AS expected_close, reason, currency, d.source, campaign, stage, coalesce(d.modified, d.created)::timestamp AS entered_at
FROM zoho_source.crm_deal d LEFT JOIN zoho_source.crm_lead l ON replace(l.converted_deal, 'zcrm_', '') = replace(d.id, 'zcrm_', '');
CREATE VIEW zoho_source.lead AS SELECT id AS lead_id, created::timestamp AS created_at, 'lead' AS kind, source AS channel, NULL AS campaign, email, company, owner,
	jsonb_strip_nulls(jsonb_build_object('phone', phone, 'industry', industry)) AS attributes FROM zoho_source.crm_lead
UNION ALL SELECT lead_id, opened_at, 'deal', source, campaign, NULL, account, owner, '{}' FROM zoho_source.deal WHERE replace(lead_id, 'zcrm_', '') = deal_id;
CREATE VIEW zoho_source.stage_event AS SELECT lead_id, stage, entered_at FROM zoho_source.deal WHERE is_won IS NULL
UNION ALL SELECT id, status, coalesce(modified, created)::timestamp FROM zoho_source.crm_lead WHERE status IN ('Lost Lead', 'Junk Lead', 'Not Qualified');
SELECT lead_kpi.create_mart('zoho', lead => 'zoho_source.lead', stage_event => 'zoho_source.stage_event', deal => 'zoho_source.deal');
DELETE FROM zoho.stage WHERE role <> 'lead';
INSERT INTO zoho.stage VALUES (2, 'Qualification', 'opportunity'), (3, 'Needs Analysis', NULL), (4, 'Value Proposition', NULL), (5, 'Identify Decision Makers', NULL),
	(6, 'Proposal/Price Quote', NULL), (7, 'Negotiation/Review', NULL), (8, 'Closed Won', 'won'), (9, 'Lost Lead', 'lost'), (10, 'Junk Lead', 'lost'), (11, 'Not Qualified', 'lost');
UPDATE zoho.rule SET transmitted_role = 'lead', accepted_role = 'opportunity';
