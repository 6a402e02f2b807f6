-- A Salesforce org as Fivetran copies it: the files, as they are, into schema sf. All columns are text, and named as the files' first lines name them.
--
--   psql -1 -v folder=FOLDER -f examples/salesforce/load.sql -f examples/salesforce/mart.sql
--
-- FOLDER holds sf_lead_data.csv, sf_opportunity_data.csv and sf_opportunity_history_data.csv.
\set ON_ERROR_STOP on
\if :{?folder}
\else
	\echo 'Name the folder of the files: psql -v folder=FOLDER -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable folder is not set'; END $$;
\endif
\set here `pwd`
\cd :folder

CREATE SCHEMA sf;
\set columns `head -n 1 sf_lead_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE sf.crm_lead (:columns);
\copy sf.crm_lead FROM 'sf_lead_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 sf_opportunity_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE sf.opportunity (:columns);
\copy sf.opportunity FROM 'sf_opportunity_data.csv' WITH (FORMAT csv, HEADER)
\set columns `head -n 1 sf_opportunity_history_data.csv | tr -d '\r' | sed 's/[^,][^,]*/"&" text/g'`
CREATE TABLE sf.opportunity_history (:columns);
\copy sf.opportunity_history FROM 'sf_opportunity_history_data.csv' WITH (FORMAT csv, HEADER)
ANALYZE sf.crm_lead, sf.opportunity, sf.opportunity_history;
\cd :here
