-- A Salesforce org as the mart "salesforce", over the tables of load.sql.
--
--   Lead.Id, CreatedDate             lead.lead_id, lead.created_at: Salesforce's times are UTC; days and months are those of rule.time_zone
--   LeadSource, utm_campaign__c      lead.channel, lead.campaign; OwnerId: lead.owner; ConvertedAccountId: lead.account
--   MasterRecordId                   lead.merged_into: a merged lead stays in the bin (IsDeleted) and names its survivor
--   Opportunity without a lead       is a lead of its own, of kind opportunity: else its sale would belong to nobody
--   ConvertedDate                    stage_event sql; Status Unqualified: an exit (role lost), at the last edit, for want of a history
--   Opportunity                      deal; IsClosed, IsWon: is_won, NULL while open, false when Closed Lost: that ends a lead too, and needs no exit
--   CloseDate                        deal.closed_at: a day; of an open deal it is what somebody expects, deal.expected_close
--   Loss_Reason__c, CurrencyIsoCode  deal.reason, deal.currency: to_jsonb reads what not every org has
--   OpportunityHistory               deal_change
-- Between creation and conversion nothing is written down: leads are handed to sales when they are made, and accepted by converting them.
\set ON_ERROR_STOP on
CREATE VIEW sf.deal AS SELECT o.id AS deal_id, coalesce(l.id, o.id) AS lead_id, o.created_date::timestamp AS opened_at, close_date::date AS closed_at,
	CASE WHEN is_closed::boolean THEN is_won::boolean END AS is_won, amount::numeric, o.owner_id AS owner, account_id AS account, o.lead_source, campaign_id,
	close_date::date AS expected_close, to_jsonb(o) ->> 'loss_reason_c' AS reason, to_jsonb(o) ->> 'currency_iso_code' AS currency
FROM sf.opportunity o LEFT JOIN sf.crm_lead l ON l.converted_opportunity_id = o.id WHERE NOT o.is_deleted::boolean;
CREATE VIEW sf.lead AS SELECT id AS lead_id, created_date::timestamp AS created_at, 'lead' AS kind, lead_source AS channel, utm_campaign_c AS campaign, email,
	company, jsonb_build_object('industry', industry) AS attributes, owner_id AS owner, converted_account_id AS account, master_record_id AS merged_into
FROM sf.crm_lead WHERE NOT is_deleted::boolean OR master_record_id IS NOT NULL
UNION ALL SELECT deal_id, opened_at, 'opportunity', lead_source, campaign_id, NULL, NULL, NULL, owner, account, NULL FROM sf.deal WHERE lead_id = deal_id;
CREATE VIEW sf.stage_event AS SELECT id AS lead_id, CASE WHEN is_converted::boolean THEN 'sql' ELSE status END AS stage,
	coalesce(converted_date, last_modified_date)::timestamp AS entered_at FROM sf.crm_lead WHERE is_converted::boolean OR status = 'Unqualified';
CREATE VIEW sf.deal_change AS SELECT id AS deal_id, _fivetran_start::timestamp AS changed_at, stage_name AS stage, amount::numeric,
	close_date::date AS expected_close FROM sf.opportunity_history;
SELECT lead_kpi.create_mart('salesforce', lead => 'sf.lead', stage_event => 'sf.stage_event', deal => 'sf.deal', deal_change => 'sf.deal_change');
INSERT INTO salesforce.stage VALUES (7, 'Unqualified', 'lost'); UPDATE salesforce.rule SET transmitted_role = 'lead', accepted_role = 'sql';
