-- A Salesforce org as Fivetran or Airbyte copies it into PostgreSQL, as the mart "salesforce_mart": views over the connector's tables, nothing is exported.
--
--   psql -1 -d DATABASE -v salesforce=SCHEMA -f examples/salesforce/connector.sql
--
--   Fivetran                      Airbyte               mart
--   lead.created_date             Lead."CreatedDate"    lead.created_at; the connectors write both in UTC
--   lead_source, owner_id         "LeadSource", ...     lead.channel; owner: the name out of user ("User"), where that table is there
--   converted_account_id          ...                   lead.account, deal.account: the key of the account
--   is_deleted, master_record_id  ...                   left out, but for merged leads: those stay in the bin and name their survivor (lead.merged_into)
--   lead_history                  LeadHistory           stage_event: sal when the status says that sales works on it, exits by Unqualified and by Closed - Not
--                                                       Converted. Without that table: the exit only, at the last edit. It may be the object, with a field and a
--                                                       new value, or what Fivetran's history mode keeps of each version of a lead
--   is_converted, converted_date  ...                   stage_event sql
--   opportunity                   Opportunity           deal: is_won is NULL while it is open. One that no lead was converted into is a lead of its own, of kind
--                                                       opportunity: else its sale would belong to nobody
--   close_date                    "CloseDate"           deal.closed_at: a day; of an open deal it is what somebody expects, deal.expected_close
--   opportunity_history           OpportunityHistory    deal_change: stage, amount and expected day; the object, or the versions of history mode
--   loss_reason_c                 "Loss_Reason__c"      deal.reason, where the org has such a field
\set ON_ERROR_STOP on
\if :{?salesforce}
\else
	\echo 'Name the schema that the connector writes into: psql -v salesforce=SCHEMA -f connector.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable salesforce is not set'; END $$;
\endif
\ir ../connector.sql
SELECT pg_temp.needed_table(:'salesforce', 'lead') AS lead, pg_temp.needed_table(:'salesforce', 'opportunity') AS opportunity,
	coalesce(pg_temp.table_of(:'salesforce', 'lead_history'), '') AS lead_history, coalesce(pg_temp.table_of(:'salesforce', 'opportunity_history'), '') AS opportunity_history,
	coalesce(pg_temp.table_of(:'salesforce', 'user'), '') AS users, pg_temp.table_of(:'salesforce', 'lead_history') IS NOT NULL AS has_lead_history,
	pg_temp.table_of(:'salesforce', 'opportunity_history') IS NOT NULL AS has_opportunity_history, pg_temp.table_of(:'salesforce', 'user') IS NOT NULL AS has_users \gset
CREATE SCHEMA salesforce_view;

-- The tables, with the same names for both. In history mode a row is a version, and the one that holds now is active.
\if :has_users
	SELECT pg_temp.column_of(:'users', 'u', 'id', 'text') AS id, pg_temp.column_of(:'users', 'u', 'name', 'text') AS name,
		pg_temp.column_of(:'users', 'u', '_fivetran_active', 'boolean') AS active \gset
	CREATE VIEW salesforce_view.owner AS SELECT DISTINCT ON (1) :id AS id, :name AS name FROM :users u WHERE coalesce(:active, true) ORDER BY 1, 2;
\else
	CREATE VIEW salesforce_view.owner AS SELECT NULL::text AS id, NULL::text AS name WHERE false;
\endif
SELECT pg_temp.column_of(:'lead', 'l', 'id', 'text') AS id, pg_temp.column_of(:'lead', 'l', 'created_date', 'timestamptz') AS created,
	pg_temp.column_of(:'lead', 'l', 'lead_source', 'text') AS source, pg_temp.column_of(:'lead', 'l', 'utm_campaign_c', 'text') AS campaign,
	pg_temp.column_of(:'lead', 'l', 'email', 'text') AS email, pg_temp.column_of(:'lead', 'l', 'company', 'text') AS company, pg_temp.column_of(:'lead', 'l', 'title', 'text') AS job,
	pg_temp.column_of(:'lead', 'l', 'phone', 'text') AS phone, pg_temp.column_of(:'lead', 'l', 'industry', 'text') AS industry,
	pg_temp.column_of(:'lead', 'l', 'owner_id', 'text') AS owner_id, pg_temp.column_of(:'lead', 'l', 'status', 'text') AS status,
	pg_temp.column_of(:'lead', 'l', 'is_converted', 'boolean') AS converted, pg_temp.column_of(:'lead', 'l', 'converted_date', 'timestamptz') AS converted_at,
	pg_temp.column_of(:'lead', 'l', 'converted_opportunity_id', 'text') AS opportunity_id, pg_temp.column_of(:'lead', 'l', 'converted_account_id', 'text') AS account,
	pg_temp.column_of(:'lead', 'l', 'master_record_id', 'text') AS survivor, pg_temp.column_of(:'lead', 'l', 'is_deleted', 'boolean') AS deleted,
	pg_temp.column_of(:'lead', 'l', 'last_modified_date', 'timestamptz') AS modified, pg_temp.column_of(:'lead', 'l', '_fivetran_active', 'boolean') AS active \gset
CREATE VIEW salesforce_view.crm_lead AS SELECT :id AS id, :created AS created_at, :source AS source, :campaign AS campaign, :email AS email, :company AS company,
	jsonb_strip_nulls(jsonb_build_object('job', :job, 'phone', :phone, 'industry', :industry)) AS attributes, :owner_id AS owner_id, :status AS status,
	coalesce(:converted, false) AS is_converted, :converted_at AS converted_at, :opportunity_id AS opportunity_id, :account AS account, :survivor AS survivor,
	coalesce(:deleted, false) AS is_deleted, :modified AS modified_at FROM :lead l WHERE coalesce(:active, true);
SELECT pg_temp.column_of(:'opportunity', 'o', 'id', 'text') AS id, pg_temp.column_of(:'opportunity', 'o', 'created_date', 'timestamptz') AS created,
	pg_temp.column_of(:'opportunity', 'o', 'close_date', 'date') AS close_date, pg_temp.column_of(:'opportunity', 'o', 'is_closed', 'boolean') AS is_closed,
	pg_temp.column_of(:'opportunity', 'o', 'is_won', 'boolean') AS is_won, pg_temp.column_of(:'opportunity', 'o', 'amount', 'numeric') AS amount,
	pg_temp.column_of(:'opportunity', 'o', 'currency_iso_code', 'text') AS currency, pg_temp.column_of(:'opportunity', 'o', 'owner_id', 'text') AS owner_id,
	pg_temp.column_of(:'opportunity', 'o', 'account_id', 'text') AS account, pg_temp.column_of(:'opportunity', 'o', 'lead_source', 'text') AS source,
	pg_temp.column_of(:'opportunity', 'o', 'campaign_id', 'text') AS campaign, pg_temp.column_of(:'opportunity', 'o', 'loss_reason_c', 'text') AS reason,
	pg_temp.column_of(:'opportunity', 'o', 'is_deleted', 'boolean') AS deleted, pg_temp.column_of(:'opportunity', 'o', '_fivetran_active', 'boolean') AS active \gset
CREATE VIEW salesforce_view.crm_opportunity AS SELECT :id AS id, :created AS created_at, :close_date AS close_date, :is_closed AS is_closed, :is_won AS is_won, :amount AS amount,
	:currency AS currency, :owner_id AS owner_id, :account AS account, :source AS source, :campaign AS campaign, :reason AS reason
FROM :opportunity o WHERE coalesce(:active, true) AND NOT coalesce(:deleted, false);
\if :has_lead_history
	SELECT pg_temp.column_of(:'lead_history', 'h', 'lead_id', 'text') AS lead_id, pg_temp.column_of(:'lead_history', 'h', 'field', 'text') AS field,
		pg_temp.column_of(:'lead_history', 'h', 'new_value', 'text') AS value, pg_temp.column_of(:'lead_history', 'h', 'created_date', 'timestamptz') AS at,
		pg_temp.column_of(:'lead_history', 'h', 'id', 'text') AS id, pg_temp.column_of(:'lead_history', 'h', 'status', 'text') AS status,
		pg_temp.column_of(:'lead_history', 'h', '_fivetran_start', 'timestamptz') AS begun,
		pg_temp.column_of(:'lead_history', 'h', 'field', 'text') <> 'NULL::text' AS is_object \gset
	\if :is_object
		CREATE VIEW salesforce_view.lead_status AS SELECT :lead_id AS lead_id, :value AS status, :at AS at FROM :lead_history h WHERE :field = 'Status';
	\else
		CREATE VIEW salesforce_view.lead_status AS SELECT :id AS lead_id, :status AS status, min(:begun) AS at FROM :lead_history h GROUP BY 1, 2;
	\endif
\else
	CREATE VIEW salesforce_view.lead_status AS SELECT id AS lead_id, status, modified_at AS at FROM salesforce_view.crm_lead
	WHERE NOT is_converted AND status IN ('Unqualified', 'Closed - Not Converted');
\endif
\if :has_opportunity_history
	SELECT pg_temp.column_of(:'opportunity_history', 'h', 'opportunity_id', 'text') AS opportunity_id, pg_temp.column_of(:'opportunity_history', 'h', 'id', 'text') AS id,
		pg_temp.column_of(:'opportunity_history', 'h', 'created_date', 'timestamptz') AS at, pg_temp.column_of(:'opportunity_history', 'h', '_fivetran_start', 'timestamptz') AS begun,
		pg_temp.column_of(:'opportunity_history', 'h', 'stage_name', 'text') AS stage, pg_temp.column_of(:'opportunity_history', 'h', 'amount', 'numeric') AS amount,
		pg_temp.column_of(:'opportunity_history', 'h', 'close_date', 'date') AS close_date,
		pg_temp.column_of(:'opportunity_history', 'h', 'opportunity_id', 'text') <> 'NULL::text' AS is_object \gset
	\if :is_object
		CREATE VIEW salesforce_view.deal_change AS SELECT :opportunity_id AS deal_id, :at AS changed_at, :stage AS stage, :amount AS amount, :close_date AS expected_close
		FROM :opportunity_history h;
	\else
		CREATE VIEW salesforce_view.deal_change AS SELECT :id AS deal_id, :begun AS changed_at, :stage AS stage, :amount AS amount, :close_date AS expected_close
		FROM :opportunity_history h;
	\endif
\else
	CREATE VIEW salesforce_view.deal_change AS SELECT NULL::text AS deal_id, NULL::timestamptz AS changed_at, NULL::text AS stage, NULL::numeric AS amount, NULL::date AS expected_close
	WHERE false;
\endif

-- What they are in a mart.
CREATE VIEW salesforce_view.deal AS SELECT o.id AS deal_id, coalesce(l.id, o.id) AS lead_id, o.created_at AS opened_at, o.close_date AS closed_at,
	CASE WHEN o.is_closed THEN o.is_won END AS is_won, o.amount, o.currency, coalesce(w.name, o.owner_id) AS owner, o.account, o.source, o.campaign, o.close_date AS expected_close, o.reason
FROM salesforce_view.crm_opportunity o LEFT JOIN salesforce_view.crm_lead l ON l.opportunity_id = o.id LEFT JOIN salesforce_view.owner w ON w.id = o.owner_id;
CREATE VIEW salesforce_view.lead AS SELECT l.id AS lead_id, l.created_at, 'lead' AS kind, l.source AS channel, l.campaign, l.email, l.company, l.attributes,
	coalesce(w.name, l.owner_id) AS owner, l.account, l.survivor AS merged_into
FROM salesforce_view.crm_lead l LEFT JOIN salesforce_view.owner w ON w.id = l.owner_id WHERE NOT l.is_deleted OR l.survivor IS NOT NULL
UNION ALL SELECT deal_id, opened_at, 'opportunity', source, campaign, NULL, NULL, NULL, owner, account, NULL FROM salesforce_view.deal WHERE lead_id = deal_id;
CREATE VIEW salesforce_view.stage_event AS SELECT lead_id, CASE WHEN status IN ('Working', 'Working - Contacted', 'Contacted') THEN 'sal' ELSE status END AS stage, at AS entered_at
FROM salesforce_view.lead_status WHERE status IN ('Working', 'Working - Contacted', 'Contacted', 'Unqualified', 'Closed - Not Converted')
UNION ALL SELECT id, 'sql', coalesce(converted_at, modified_at) FROM salesforce_view.crm_lead WHERE is_converted;
SELECT lead_kpi.create_mart('salesforce_mart', lead => 'salesforce_view.lead', stage_event => 'salesforce_view.stage_event', deal => 'salesforce_view.deal',
	deal_change => 'salesforce_view.deal_change');
INSERT INTO salesforce_mart.stage VALUES (7, 'Unqualified', 'lost'), (8, 'Closed - Not Converted', 'lost');
-- Leads are handed to sales when they are made, and accepted by converting them.
UPDATE salesforce_mart.rule SET transmitted_role = 'lead', accepted_role = 'sql';
