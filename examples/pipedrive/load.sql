-- Pipedrive's export of deals, and of persons where there is one, as CSV (a spreadsheet saved as CSV will do): into schema pipedrive_source, all text.
--
--   psql -1 -v deals=FILE -v persons=FILE -f examples/pipedrive/load.sql -f examples/pipedrive/mart.sql
--
-- Of deals it needs the columns ID, Stage, Status and Deal created; the others are well to have. The list's columns are those that are exported, so show
-- them in Pipedrive before.
\set ON_ERROR_STOP on
\if :{?deals}
\else
	\echo 'Name the export of deals: psql -v deals=FILE -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable deals is not set'; END $$;
\endif
CREATE SCHEMA pipedrive_source;
CREATE TABLE pipedrive_source.crm_deal
(
	line integer PRIMARY KEY, id text, created text, stage text, status text, title text, value text, currency text, organization text, person text, owner text,
	changed text, won text, lost text, expected text, reason text, source text, label text
);
CREATE TABLE pipedrive_source.person (line integer PRIMARY KEY, name text, organization text, email text, phone text);
\setenv LEAD_KPI_FILE :deals
\copy pipedrive_source.crm_deal FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Deal - ID/Deal - Pipedrive System ID/ID" "Deal - Deal created/Deal - Creation date/Deal created" "Deal - Stage/Deal - Stage (pipeline)/Stage" "Deal - Status/Status" "Deal - Title/Title?" "Deal - Value/Value?" "Deal - Currency/Deal - Currency of value/Currency?" "Deal - Organization/Organization?" "Deal - Contact person/Contact person?" "Deal - Owner/Owner?" "Deal - Last stage change/Last stage change?" "Deal - Won time/Won time?" "Deal - Lost time/Lost time?" "Deal - Expected close date/Expected close date?" "Deal - Lost reason/Lost reason?" "Deal - Source channel/Deal - Lead Source/Deal - Source/Source channel/Source?" "Deal - Label/Label?"' WITH (FORMAT csv, HEADER)
\if :{?persons}
	\setenv LEAD_KPI_FILE :persons
	\copy pipedrive_source.person FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Person - Name/Name" "Person - Organization/Organization?" "Person - Email - Work/Person - Email (Work)/Person - Email/Email?" "Person - Phone - Work/Person - Phone (Work)/Person - Phone/Phone?"' WITH (FORMAT csv, HEADER)
\endif
ANALYZE pipedrive_source.crm_deal, pipedrive_source.person;
