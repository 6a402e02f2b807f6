-- The Olist marketing funnel (public data of a Brazilian marketplace, 2017-2018): the files, as they are, into schema olist_import.
--
--   psql -1 -v folder=FOLDER -f examples/olist/load.sql -f examples/olist/mart.sql
--
-- FOLDER holds, as published on Kaggle, olist_marketing_qualified_leads_dataset.csv and olist_closed_deals_dataset.csv
-- (olistbr/marketing-funnel-olist), and seller_performance_delivered.csv: one row per seller with, among others, seller_id and
-- product_revenue, the revenue of its delivered orders.
\set ON_ERROR_STOP on
\if :{?folder}
\else
	\echo 'Name the folder of the files: psql -v folder=FOLDER -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable folder is not set'; END $$;
\endif
\set here `pwd`
\cd :folder

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

\copy olist_import.marketing_lead FROM 'olist_marketing_qualified_leads_dataset.csv' WITH (FORMAT csv, HEADER)
\copy olist_import.closed_deal FROM 'olist_closed_deals_dataset.csv' WITH (FORMAT csv, HEADER)
\copy olist_import.seller_revenue FROM 'seller_performance_delivered.csv' WITH (FORMAT csv, HEADER)
ANALYZE olist_import.marketing_lead, olist_import.closed_deal, olist_import.seller_revenue;
\cd :here
