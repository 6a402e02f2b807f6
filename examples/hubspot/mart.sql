-- A HubSpot account as the mart "hubspot", over the tables of load.sql.
--
--   contact.id, property_createdate    lead.lead_id, lead.created_at: HubSpot's times are UTC; days and months are those of rule.time_zone
--   property_hs_analytics_source       lead.channel; property_hubspot_owner_id: lead.owner. to_jsonb reads what not every export has
--   property_hs_merged_object_ids      lead.merged_into: the survivor lists the contacts that were merged into it
--   lifecyclestage (history)           stage_event: mql, sql, won; one that you made up yourself is named by data_quality until it is in the table stage
--   hs_lead_status (history)           stage_event: sal when sales works on it; UNQUALIFIED and BAD_TIMING are exits (role lost)
--   deal, deal_contact                 deal: a row for each contact of it, of which the mart takes one that counts; is_won is NULL while the stage is open,
--                                      and false where it is closed lost: that ends a lead too, and needs no exit
--   property_closedate                 deal.closed_at; of an open deal it is what somebody expects, deal.expected_close
--   property_closed_lost_reason        deal.reason; property_deal_currency_code: deal.currency
--   deal_stage                         deal_change
\set ON_ERROR_STOP on
CREATE VIEW hs.lead AS SELECT c.id AS lead_id, property_createdate::timestamp AS created_at, NULL AS kind, NULL AS campaign, property_email AS email,
	property_company AS company, jsonb_build_object('job', property_jobtitle) AS attributes, to_jsonb(c) ->> 'property_hs_analytics_source' AS channel,
	to_jsonb(c) ->> 'property_hubspot_owner_id' AS owner, m.id AS merged_into FROM hs.contact c LEFT JOIN (SELECT min(id) AS id, merged FROM hs.contact,
	unnest(string_to_array(property_hs_merged_object_ids, ';')) merged GROUP BY 2) m ON merged = c.id WHERE NOT _fivetran_deleted::bool OR m.id IS NOT NULL;
CREATE VIEW hs.stage_event AS SELECT contact_id AS lead_id, "timestamp"::timestamp AS entered_at, CASE value WHEN 'marketingqualifiedlead' THEN 'mql' WHEN
	'IN_PROGRESS' THEN 'sal' WHEN 'salesqualifiedlead' THEN 'sql' WHEN 'customer' THEN 'won' ELSE value END AS stage FROM hs.contact_property_history WHERE
	name = 'lifecyclestage' AND value <> 'subscriber' OR name = 'hs_lead_status' AND value IN ('IN_PROGRESS', 'UNQUALIFIED', 'BAD_TIMING');
CREATE VIEW hs.deal AS SELECT d.deal_id, contact_id AS lead_id, property_createdate::timestamp AS opened_at, property_closedate::timestamp AS closed_at,
	CASE WHEN is_closed::boolean THEN closed_won::boolean END AS is_won, property_amount::numeric AS amount, owner_id AS owner, property_closedate::date AS
	expected_close, to_jsonb(d) ->> 'property_closed_lost_reason' AS reason, to_jsonb(d) ->> 'property_deal_currency_code' AS currency
FROM hs.crm_deal d LEFT JOIN hs.deal_contact USING (deal_id) LEFT JOIN hs.pipeline_stage ON stage_id = deal_pipeline_stage_id WHERE NOT is_deleted::boolean;
CREATE VIEW hs.deal_change AS SELECT deal_id, date_entered::timestamp AS changed_at, value AS stage FROM hs.deal_stage;
SELECT lead_kpi.create_mart('hubspot', lead => 'hs.lead', stage_event => 'hs.stage_event', deal => 'hs.deal', deal_change => 'hs.deal_change');
INSERT INTO hubspot.stage VALUES (7, 'UNQUALIFIED', 'lost'), (8, 'BAD_TIMING', 'lost');
