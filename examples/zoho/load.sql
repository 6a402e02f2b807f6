-- Zoho CRM's exports of leads and of deals, as CSV: into schema zoho_source, all text.
--
--   psql -1 -v leads=FILE -v deals=FILE -f examples/zoho/load.sql -f examples/zoho/mart.sql
--
-- Leads that were converted are not in the export of all leads: export the view "Converted Leads" as well and put both into one file, or load it as
-- -v converted=FILE.
\set ON_ERROR_STOP on
\if :{?leads}
\else
	\echo 'Name the exports: psql -v leads=FILE -v deals=FILE -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable leads is not set'; END $$;
\endif
\if :{?deals}
\else
	\echo 'Name the exports: psql -v leads=FILE -v deals=FILE -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable deals is not set'; END $$;
\endif
CREATE SCHEMA zoho_source;
CREATE TABLE zoho_source.crm_lead
(
	line integer, id text, created text, modified text, status text, source text, owner text, company text, email text, phone text, industry text,
	converted_at text, converted_deal text
);
CREATE TABLE zoho_source.crm_deal
(
	line integer, id text, created text, modified text, stage text, amount text, closing text, owner text, account text, source text, campaign text, reason text,
	currency text
);
\set lead_columns '"Record Id/Lead Id" "Created Time" "Modified Time?" "Lead Status?" "Lead Source?" "Lead Owner?" "Company?" "Email?" "Phone?" "Industry?" "Converted Date Time?" "Converted Deal.id/Converted Deal?"'
\setenv LEAD_KPI_COLUMNS :lead_columns
\setenv LEAD_KPI_FILE :leads
\copy zoho_source.crm_lead FROM PROGRAM 'eval perl examples/unwrap \"\$LEAD_KPI_FILE\" "$LEAD_KPI_COLUMNS"' WITH (FORMAT csv, HEADER)
\if :{?converted}
	\setenv LEAD_KPI_FILE :converted
	\copy zoho_source.crm_lead FROM PROGRAM 'eval perl examples/unwrap \"\$LEAD_KPI_FILE\" "$LEAD_KPI_COLUMNS"' WITH (FORMAT csv, HEADER)
\endif
\setenv LEAD_KPI_FILE :deals
\copy zoho_source.crm_deal FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Record Id/Deal Id" "Created Time" "Modified Time?" "Stage" "Amount?" "Closing Date" "Deal Owner?" "Account Name?" "Lead Source?" "Campaign Source?" "Reason For Loss/Reason for Loss?" "Currency?"' WITH (FORMAT csv, HEADER)
ANALYZE zoho_source.crm_lead, zoho_source.crm_deal;
