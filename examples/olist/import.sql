-- The Olist marketing funnel (public data of a Brazilian marketplace, 2017-2018) as a mart over mapped relations.
--
--   psql -v olist=FOLDER -f examples/olist/import.sql
--
-- FOLDER holds, as published on Kaggle, olist_marketing_qualified_leads_dataset.csv and olist_closed_deals_dataset.csv
-- (olistbr/marketing-funnel-olist), and seller_performance_delivered.csv: one row per seller with, among others, seller_id and
-- product_revenue, the revenue of its delivered orders.
-- The tables land in schema olist_import as they are; the mart "olist" reads them through views.
\set ON_ERROR_STOP on
\if :{?olist}
\else
	\echo 'Name the folder of the files: psql -v olist=FOLDER -f import.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable olist is not set'; END $$;
\endif

BEGIN;
CREATE SCHEMA olist_import;

CREATE TABLE olist_import.marketing_lead
(
	mql_id text PRIMARY KEY,
	first_contact_date date,
	landing_page_id text,
	origin text
);
CREATE TABLE olist_import.closed_deal
(
	mql_id text,
	seller_id text PRIMARY KEY,
	sdr_id text,
	sr_id text,
	won_date timestamp,
	business_segment text,
	lead_type text,
	lead_behaviour_profile text,
	has_company text,
	has_gtin text,
	average_stock text,
	business_type text,
	declared_product_catalog_size numeric,
	declared_monthly_revenue numeric
);
CREATE TABLE olist_import.seller_revenue
(
	seller_id text PRIMARY KEY,
	seller_state text,
	seller_city text,
	delivered_orders integer,
	items_sold integer,
	distinct_products integer,
	distinct_categories integer,
	product_revenue numeric,
	average_item_revenue numeric,
	average_review_score numeric,
	late_delivery_rate_pct numeric
);

\cd :olist
\copy olist_import.marketing_lead FROM 'olist_marketing_qualified_leads_dataset.csv' WITH (FORMAT csv, HEADER)
\copy olist_import.closed_deal FROM 'olist_closed_deals_dataset.csv' WITH (FORMAT csv, HEADER)
\copy olist_import.seller_revenue FROM 'seller_performance_delivered.csv' WITH (FORMAT csv, HEADER)

-- What the mart calls lead and deal. A date or a time without a zone is read in the mart's time zone, set below.
CREATE VIEW olist_import.lead AS
SELECT mql_id AS lead_id, first_contact_date AS created_at, 'landing page' AS kind, origin AS channel, NULL::text AS campaign,
	NULL::text AS email, NULL::text AS company, jsonb_build_object('landing_page', landing_page_id) AS attributes
FROM olist_import.marketing_lead;

-- The amount is what the seller then sold; a seller without delivered orders has none that is known.
CREATE VIEW olist_import.deal AS
SELECT seller_id AS deal_id, mql_id AS lead_id, NULL::timestamp AS opened_at, won_date AS closed_at, true AS is_won, product_revenue AS amount
FROM olist_import.closed_deal
LEFT JOIN olist_import.seller_revenue USING (seller_id);

SELECT lead_kpi.create_mart('olist', lead => 'olist_import.lead', deal => 'olist_import.deal');
UPDATE olist.rule SET time_zone = 'America/Sao_Paulo';
-- Olist hands over leads that are qualified already and records nothing until the deal.
DELETE FROM olist.stage WHERE role NOT IN ('mql', 'won');
COMMIT;

ANALYZE olist_import.marketing_lead, olist_import.closed_deal, olist_import.seller_revenue;

\echo 'Leads, sales and rate by origin'
SELECT s.channel AS origin, s.entered_leads AS leads, s.leads AS won, round(100 * s.total_rate::numeric, 2) AS "% won",
	round(100 * s.total_rate_low::numeric, 2) AS "at least %", round(100 * s.total_rate_high::numeric, 2) AS "at most %"
FROM olist.funnel_by_channel s
WHERE s.stage = 'won'
ORDER BY s.total_rate DESC;

\echo 'What is wrong in the data'
SELECT check_name, rows, what_it_means FROM olist.data_quality WHERE severity IN ('error', 'warning');
