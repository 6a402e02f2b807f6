-- The Olist marketing funnel as the mart "olist", over the tables of load.sql.
--
--   mql_id, first_contact_date   lead.lead_id, lead.created_at: days
--   origin                       lead.channel
--   landing_page_id              an attribute of the lead
--   won_date                     deal.closed_at: the file has won deals only. As a day, like the lead's, so that ages are whole days; days need no time zone
--   product_revenue              deal.amount: what the seller then sold; a seller without delivered orders has none that is known
--   sr_id                        deal.owner: the sales representative. sdr_id, who qualified the lead, is known of won deals only: no lead.owner
-- Olist hands over leads that are qualified already and records nothing until the deal, so the ladder has two stages.
\set ON_ERROR_STOP on
CREATE VIEW olist_import.lead AS
SELECT mql_id AS lead_id, first_contact_date AS created_at, 'landing page' AS kind, origin AS channel, NULL::text AS campaign,
	NULL::text AS email, NULL::text AS company, jsonb_build_object('landing_page', landing_page_id) AS attributes
FROM olist_import.marketing_lead;
CREATE VIEW olist_import.deal AS
SELECT seller_id AS deal_id, mql_id AS lead_id, NULL::timestamp AS opened_at, won_date::date AS closed_at, true AS is_won, product_revenue AS amount,
	sr_id AS owner
FROM olist_import.closed_deal LEFT JOIN olist_import.seller_revenue USING (seller_id);
SELECT lead_kpi.create_mart('olist', lead => 'olist_import.lead', deal => 'olist_import.deal');
DELETE FROM olist.stage WHERE role NOT IN ('mql', 'won');
