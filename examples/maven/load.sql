-- Maven Analytics' CRM Sales Opportunities (made-up pipeline of a hardware maker, public domain): the files, as they are, into schema maven_import.
--
--   psql -1 -v folder=FOLDER -f examples/maven/load.sql -f examples/maven/mart.sql
--
-- FOLDER holds sales_pipeline.csv, sales_teams.csv, accounts.csv and products.csv, as published.
\set ON_ERROR_STOP on
\if :{?folder}
\else
	\echo 'Name the folder of the files: psql -v folder=FOLDER -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable folder is not set'; END $$;
\endif
\set here `pwd`
\cd :folder

CREATE SCHEMA maven_import;
CREATE TABLE maven_import.sales_pipeline
(
	opportunity_id text PRIMARY KEY,
	sales_agent text,
	product text,
	account text,
	deal_stage text,
	engage_date date,
	close_date date,
	close_value numeric
);
CREATE TABLE maven_import.sales_team (sales_agent text PRIMARY KEY, manager text, regional_office text);
CREATE TABLE maven_import.account
(
	account text PRIMARY KEY,
	sector text,
	year_established integer,
	revenue numeric,
	employees integer,
	office_location text,
	subsidiary_of text
);
CREATE TABLE maven_import.product (product text PRIMARY KEY, series text, sales_price numeric);
\copy maven_import.sales_pipeline FROM 'sales_pipeline.csv' WITH (FORMAT csv, HEADER)
\copy maven_import.sales_team FROM 'sales_teams.csv' WITH (FORMAT csv, HEADER)
\copy maven_import.account FROM 'accounts.csv' WITH (FORMAT csv, HEADER)
\copy maven_import.product FROM 'products.csv' WITH (FORMAT csv, HEADER)
ANALYZE maven_import.sales_pipeline, maven_import.sales_team, maven_import.account, maven_import.product;
\cd :here
