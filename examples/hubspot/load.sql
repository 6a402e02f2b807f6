-- A HubSpot account as Fivetran copies it: the files, as they are, into schema hs. All columns are text, and named as the files' first lines name them.
--
--   psql -1 -v folder=FOLDER -f examples/hubspot/load.sql -f examples/hubspot/mart.sql
--
-- FOLDER holds contact_data.csv, contact_property_history_data.csv, deal_data.csv, deal_contact_data.csv, deal_pipeline_stage_data.csv,
-- deal_stage_data.csv and deal_property_history_data.csv.
\set ON_ERROR_STOP on
\if :{?folder}
\else
	\echo 'Name the folder of the files: psql -v folder=FOLDER -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable folder is not set'; END $$;
\endif
\set here `pwd`
\cd :folder

CREATE SCHEMA hs;
\set columns `head -n 1 contact_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.contact (:columns);
\copy hs.contact FROM 'contact_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 contact_property_history_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.contact_property_history (:columns);
\copy hs.contact_property_history FROM 'contact_property_history_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 deal_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.crm_deal (:columns);
\copy hs.crm_deal FROM 'deal_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 deal_contact_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.deal_contact (:columns);
\copy hs.deal_contact FROM 'deal_contact_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 deal_pipeline_stage_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.pipeline_stage (:columns);
\copy hs.pipeline_stage FROM 'deal_pipeline_stage_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 deal_stage_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.deal_stage (:columns);
\copy hs.deal_stage FROM 'deal_stage_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 deal_property_history_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE hs.deal_property_history (:columns);
\copy hs.deal_property_history FROM 'deal_property_history_data.csv' WITH (FORMAT csv, HEADER)
ANALYZE hs.contact, hs.contact_property_history, hs.crm_deal, hs.deal_contact, hs.pipeline_stage, hs.deal_stage, hs.deal_property_history;
\cd :here
