-- A HubSpot account as Fivetran or Airbyte copies it into PostgreSQL, as the mart "hubspot_mart": views over the connector's tables, nothing is exported.
--
--   psql -1 -d DATABASE -v hubspot=SCHEMA -f examples/hubspot/connector.sql
--
--   Fivetran                         Airbyte                              mart
--   contact: property_createdate     contacts: "createdAt"                lead.created_at
--   property_hs_analytics_source     properties_hs_analytics_source       lead.channel; campaign is its first detail, of PAID_SOCIAL the second
--   property_hubspot_owner_id        properties_hubspot_owner_id          lead.owner, with the name out of owner (owners)
--   property_hs_merged_object_ids    the same, contacts_merged_audit      lead.merged_into: the survivor lists the contacts that were merged into it
--   _fivetran_deleted                archived, contacts_archived          left out, but for merged contacts: those are rows that point to their survivor
--   contact_property_history         contacts_property_history            stage_event, of lifecyclestage and hs_lead_status. Without that table: the days on
--                                                                         which a contact became MQL, SQL and customer, as the contact has them
--   deal, deal_contact               deals, with their list of contacts   deal: a row for each contact of it, of which the mart takes one that counts
--   deal_pipeline_stage              deal_pipelines                       deal.is_won: NULL while the stage is open, false where it is closed lost
--   property_closedate               properties_closedate                 deal.closed_at; of an open deal it is what somebody expects, deal.expected_close
--   merged_deal                      properties_hs_merged_object_ids      left out: HubSpot makes a new deal of the two, which has the history of both
--   deal_property_history            deals_property_history               deal_change: stage, amount and expected day; without it deal_stage, where there is one
\set ON_ERROR_STOP on
\if :{?hubspot}
\else
	\echo 'Name the schema that the connector writes into: psql -v hubspot=SCHEMA -f connector.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable hubspot is not set'; END $$;
\endif
\ir ../connector.sql
SELECT pg_temp.table_of(:'hubspot', 'contacts') IS NULL AS is_fivetran \gset
\if :is_fivetran
	SELECT 'property_' AS p, 'name' AS property, 'deal_id' AS deal_key, 'contact_id' AS contact_key, 'owner_id' AS owner_key,
		pg_temp.needed_table(:'hubspot', 'contact') AS contact, pg_temp.needed_table(:'hubspot', 'deal') AS deal,
		coalesce(pg_temp.table_of(:'hubspot', 'contact_property_history'), '') AS contact_history,
		coalesce(pg_temp.table_of(:'hubspot', 'deal_property_history'), '') AS deal_history, coalesce(pg_temp.table_of(:'hubspot', 'owner'), '') AS owner,
		coalesce(pg_temp.table_of(:'hubspot', 'merged_deal'), '') AS merged_deal, coalesce(pg_temp.table_of(:'hubspot', 'deal_stage'), '') AS deal_stage,
		'' AS audit, '' AS archived, '' AS archived_deal \gset
\else
	SELECT 'properties_' AS p, 'property' AS property, 'id' AS deal_key, 'id' AS contact_key, 'id' AS owner_key,
		pg_temp.needed_table(:'hubspot', 'contacts') AS contact, pg_temp.needed_table(:'hubspot', 'deals') AS deal,
		coalesce(pg_temp.table_of(:'hubspot', 'contacts_property_history'), '') AS contact_history,
		coalesce(pg_temp.table_of(:'hubspot', 'deals_property_history'), '') AS deal_history, coalesce(pg_temp.table_of(:'hubspot', 'owners'), '') AS owner,
		'' AS merged_deal, '' AS deal_stage, coalesce(pg_temp.table_of(:'hubspot', 'contacts_merged_audit'), '') AS audit,
		coalesce(pg_temp.table_of(:'hubspot', 'contacts_archived'), '') AS archived, coalesce(pg_temp.table_of(:'hubspot', 'deals_archived'), '') AS archived_deal \gset
\endif
SELECT :'contact_history' <> '' AS has_contact_history, :'deal_history' <> '' AS has_deal_history, :'owner' <> '' AS has_owner, :'audit' <> '' AS has_audit,
	:'merged_deal' <> '' AS has_merged_deal, :'deal_stage' <> '' AS has_deal_stage, :'archived' <> '' AS has_archived, :'archived_deal' <> '' AS has_archived_deal \gset
CREATE SCHEMA hubspot_view;

-- The tables, with the same names for both.
SELECT pg_temp.column_of(:'contact', 'c', 'id', 'text') AS id, pg_temp.column_of(:'contact', 'c', CASE WHEN :'is_fivetran'::boolean THEN 'property_createdate' ELSE 'createdat' END,
		'timestamptz') AS created, pg_temp.column_of(:'contact', 'c', :'p' || 'email', 'text') AS email, pg_temp.column_of(:'contact', 'c', :'p' || 'company', 'text') AS company,
	pg_temp.column_of(:'contact', 'c', :'p' || 'jobtitle', 'text') AS job, pg_temp.column_of(:'contact', 'c', :'p' || 'phone', 'text') AS phone,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_analytics_source', 'text') AS source, pg_temp.column_of(:'contact', 'c', :'p' || 'hs_analytics_source_data_1', 'text') AS detail,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_analytics_source_data_2', 'text') AS second_detail,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hubspot_owner_id', 'text') AS owner_id, pg_temp.column_of(:'contact', 'c', :'p' || 'associatedcompanyid', 'text') AS account,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_merged_object_ids', 'text') AS merged, pg_temp.column_of(:'contact', 'c', :'p' || 'hs_calculated_merged_vids', 'text') AS merged_vids,
	pg_temp.column_of(:'contact', 'c', CASE WHEN :'is_fivetran'::boolean THEN '_fivetran_deleted' ELSE 'archived' END, 'boolean') AS deleted,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_lifecyclestage_marketingqualifiedlead_date', 'timestamptz') AS mql_at,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_lifecyclestage_salesqualifiedlead_date', 'timestamptz') AS sql_at,
	pg_temp.column_of(:'contact', 'c', :'p' || 'hs_lifecyclestage_customer_date', 'timestamptz') AS customer_at \gset
CREATE VIEW hubspot_view.contact AS SELECT :id AS id, :created AS created_at, :email AS email, :company AS company, :job AS job, :phone AS phone, :source AS source,
	:detail AS detail, :second_detail AS second_detail, :owner_id AS owner_id, :account AS account, concat_ws(';', :merged, :merged_vids) AS merged,
	coalesce(:deleted, false) AS is_deleted, :mql_at AS mql_at, :sql_at AS sql_at, :customer_at AS customer_at FROM :contact c;
\if :has_archived
	SELECT pg_temp.column_of(:'archived', 'a', 'id', 'text') AS id \gset
	CREATE VIEW hubspot_view.deleted_contact AS SELECT id FROM hubspot_view.contact WHERE is_deleted UNION SELECT :id FROM :archived a;
\else
	CREATE VIEW hubspot_view.deleted_contact AS SELECT id FROM hubspot_view.contact WHERE is_deleted;
\endif
\if :has_audit
	SELECT pg_temp.column_of(:'audit', 'a', 'vid_to_merge', 'text') AS id, pg_temp.column_of(:'audit', 'a', 'canonical_vid', 'text') AS survivor \gset
	CREATE VIEW hubspot_view.audit AS SELECT :id AS id, :survivor AS survivor FROM :audit a;
\else
	CREATE VIEW hubspot_view.audit AS SELECT NULL::text AS id, NULL::text AS survivor WHERE false;
\endif
-- 51:1617753600000 is contact 51, and when it was merged.
CREATE VIEW hubspot_view.merged AS SELECT m.id, min(m.survivor) AS survivor FROM (
	SELECT split_part(m.id, ':', 1) AS id, c.id AS survivor FROM hubspot_view.contact c CROSS JOIN unnest(string_to_array(c.merged, ';')) m(id)
	UNION SELECT id, survivor FROM hubspot_view.audit) m
WHERE m.id <> '' AND m.id <> m.survivor AND NOT EXISTS (SELECT FROM hubspot_view.deleted_contact d WHERE d.id = m.survivor) GROUP BY m.id;
\if :has_owner
	SELECT pg_temp.column_of(:'owner', 'o', :'owner_key', 'text') AS id, pg_temp.column_of(:'owner', 'o', 'first_name', 'text') AS first,
		pg_temp.column_of(:'owner', 'o', 'last_name', 'text') AS last, pg_temp.column_of(:'owner', 'o', 'email', 'text') AS email \gset
	CREATE VIEW hubspot_view.owner AS SELECT DISTINCT ON (1) :id AS id, coalesce(nullif(concat_ws(' ', :first, :last), ''), :email) AS name FROM :owner o ORDER BY 1, 2;
\else
	CREATE VIEW hubspot_view.owner AS SELECT NULL::text AS id, NULL::text AS name WHERE false;
\endif

SELECT pg_temp.column_of(:'deal', 'd', :'deal_key', 'text') AS id, pg_temp.column_of(:'deal', 'd', CASE WHEN :'is_fivetran'::boolean THEN 'property_createdate' ELSE 'createdat' END,
		'timestamptz') AS created, pg_temp.column_of(:'deal', 'd', :'p' || 'closedate', 'timestamptz') AS closed, pg_temp.column_of(:'deal', 'd', :'p' || 'closedate', 'date') AS expected,
	pg_temp.column_of(:'deal', 'd', :'p' || 'amount', 'numeric') AS amount, pg_temp.column_of(:'deal', 'd', :'p' || 'deal_currency_code', 'text') AS currency,
	pg_temp.column_of(:'deal', 'd', :'p' || 'closed_lost_reason', 'text') AS reason, pg_temp.column_of(:'deal', 'd', :'p' || 'hs_is_closed', 'boolean') AS is_closed,
	pg_temp.column_of(:'deal', 'd', :'p' || 'hs_is_closed_won', 'boolean') AS is_won, pg_temp.column_of(:'deal', 'd', :'p' || 'hs_merged_object_ids', 'text') AS merged,
	pg_temp.column_of(:'deal', 'd', CASE WHEN :'is_fivetran'::boolean THEN 'owner_id' ELSE 'properties_hubspot_owner_id' END, 'text') AS owner_id,
	pg_temp.column_of(:'deal', 'd', CASE WHEN :'is_fivetran'::boolean THEN 'deal_pipeline_stage_id' ELSE 'properties_dealstage' END, 'text') AS stage,
	pg_temp.column_of(:'deal', 'd', CASE WHEN :'is_fivetran'::boolean THEN 'is_deleted' ELSE 'archived' END, 'boolean') AS deleted,
	pg_temp.column_of(:'deal', 'd', '_fivetran_deleted', 'boolean') AS also_deleted \gset
CREATE VIEW hubspot_view.crm_deal AS SELECT :id AS id, :created AS created_at, :closed AS closed_at, :expected AS expected_close, :amount AS amount, :currency AS currency,
	:reason AS reason, :is_closed AS is_closed, :is_won AS is_won, :merged AS merged, :owner_id AS owner_id, :stage AS stage,
	coalesce(:deleted, false) OR coalesce(:also_deleted, false) AS is_deleted FROM :deal d;
\if :has_merged_deal
	SELECT pg_temp.column_of(:'merged_deal', 'm', 'merged_deal_id', 'text') AS id \gset
	CREATE VIEW hubspot_view.gone_deal AS SELECT :id AS id FROM :merged_deal m UNION SELECT unnest(string_to_array(merged, ';')) FROM hubspot_view.crm_deal;
\elif :has_archived_deal
	SELECT pg_temp.column_of(:'archived_deal', 'a', 'id', 'text') AS id \gset
	CREATE VIEW hubspot_view.gone_deal AS SELECT :id AS id FROM :archived_deal a UNION SELECT unnest(string_to_array(merged, ';')) FROM hubspot_view.crm_deal;
\else
	CREATE VIEW hubspot_view.gone_deal AS SELECT unnest(string_to_array(merged, ';')) AS id FROM hubspot_view.crm_deal;
\endif
\if :is_fivetran
	SELECT pg_temp.needed_table(:'hubspot', 'deal_pipeline_stage') AS stages, pg_temp.needed_table(:'hubspot', 'deal_contact') AS pairs \gset
	SELECT pg_temp.column_of(:'stages', 's', 'stage_id', 'text') AS id, pg_temp.column_of(:'stages', 's', 'is_closed', 'boolean') AS is_closed,
		pg_temp.column_of(:'stages', 's', 'closed_won', 'boolean') AS is_won, pg_temp.column_of(:'stages', 's', 'probability', 'numeric') AS probability,
		pg_temp.column_of(:'pairs', 'x', 'deal_id', 'text') AS deal_id, pg_temp.column_of(:'pairs', 'x', 'contact_id', 'text') AS contact_id \gset
	CREATE VIEW hubspot_view.pipeline_stage AS SELECT DISTINCT ON (1) :id AS id, coalesce(:is_closed, :probability IN (0, 1)) AS is_closed,
		coalesce(:is_won, :probability = 1) AS is_won FROM :stages s ORDER BY 1, 2 DESC NULLS LAST;
	CREATE VIEW hubspot_view.deal_contact AS SELECT DISTINCT :deal_id AS deal_id, :contact_id AS contact_id FROM :pairs x;
\else
	SELECT pg_temp.column_of(:'deal', 'd', 'contacts', 'jsonb') AS contacts, coalesce(pg_temp.table_of(:'hubspot', 'deal_pipelines'), '') AS pipelines,
		pg_temp.table_of(:'hubspot', 'deal_pipelines') IS NOT NULL AS has_pipelines \gset
	\if :has_pipelines
		SELECT pg_temp.column_of(:'pipelines', 'p', 'stages', 'jsonb') AS stages \gset
		CREATE VIEW hubspot_view.pipeline_stage AS SELECT DISTINCT ON (1) coalesce(s ->> 'stageId', s ->> 'id') AS id,
			coalesce((s #>> '{metadata,isClosed}')::boolean, (s #>> '{metadata,probability}')::numeric IN (0, 1)) AS is_closed,
			(s #>> '{metadata,probability}')::numeric = 1 AS is_won FROM :pipelines p CROSS JOIN jsonb_array_elements(:stages) s ORDER BY 1, 2 DESC NULLS LAST;
	\else
		CREATE VIEW hubspot_view.pipeline_stage AS SELECT NULL::text AS id, NULL::boolean AS is_closed, NULL::boolean AS is_won WHERE false;
	\endif
	CREATE VIEW hubspot_view.deal_contact AS SELECT DISTINCT d.id::text AS deal_id, c.id AS contact_id FROM :deal d
	CROSS JOIN jsonb_array_elements_text(CASE jsonb_typeof(:contacts) WHEN 'array' THEN :contacts END) c(id);
\endif
\if :has_contact_history
	-- Fivetran has contact_id; of Airbyte's connector some versions have vid, some contactId.
	SELECT pg_temp.column_of(:'contact_history', 'h', 'contact_id', 'text') AS id, pg_temp.column_of(:'contact_history', 'h', 'vid', 'text') AS vid,
		pg_temp.column_of(:'contact_history', 'h', :'property', 'text') AS named, pg_temp.column_of(:'contact_history', 'h', 'value', 'text') AS value,
		pg_temp.column_of(:'contact_history', 'h', 'timestamp', 'timestamptz') AS at \gset
	CREATE VIEW hubspot_view.contact_change AS SELECT coalesce(:id, :vid) AS contact_id, :named AS property, :value AS value, :at AS changed_at FROM :contact_history h
	WHERE :named IN ('lifecyclestage', 'hs_lead_status');
\else
	CREATE VIEW hubspot_view.contact_change AS SELECT c.id AS contact_id, 'lifecyclestage' AS property, e.value, e.at AS changed_at FROM hubspot_view.contact c
	CROSS JOIN LATERAL (VALUES ('marketingqualifiedlead', c.mql_at), ('salesqualifiedlead', c.sql_at), ('customer', c.customer_at)) e(value, at) WHERE e.at IS NOT NULL;
\endif
\if :has_deal_history
	SELECT pg_temp.column_of(:'deal_history', 'h', 'deal_id', 'text') AS id, pg_temp.column_of(:'deal_history', 'h', :'property', 'text') AS named,
		pg_temp.column_of(:'deal_history', 'h', 'value', 'text') AS value, pg_temp.column_of(:'deal_history', 'h', 'timestamp', 'timestamptz') AS at \gset
	-- A closing date is written in milliseconds, or as a time.
	CREATE VIEW hubspot_view.deal_change AS SELECT :id AS deal_id, :at AS changed_at, CASE WHEN :named = 'dealstage' THEN :value END AS stage,
		CASE WHEN :named = 'amount' AND :value ~ '^-?[0-9.]+$' THEN :value::numeric END AS amount, CASE WHEN :named <> 'closedate' THEN NULL
			WHEN :value ~ '^\d{12,14}$' THEN timezone('UTC', to_timestamp(:value::numeric / 1000))::date WHEN :value ~ '^\d{4}-\d\d-\d\d' THEN left(:value, 10)::date END AS expected_close
	FROM :deal_history h WHERE :named IN ('dealstage', 'amount', 'closedate');
\elif :has_deal_stage
	SELECT pg_temp.column_of(:'deal_stage', 's', 'deal_id', 'text') AS id, pg_temp.column_of(:'deal_stage', 's', 'value', 'text') AS value,
		pg_temp.column_of(:'deal_stage', 's', 'date_entered', 'timestamptz') AS at \gset
	CREATE VIEW hubspot_view.deal_change AS SELECT :id AS deal_id, :at AS changed_at, :value AS stage, NULL::numeric AS amount, NULL::date AS expected_close FROM :deal_stage s;
\else
	CREATE VIEW hubspot_view.deal_change AS SELECT NULL::text AS deal_id, NULL::timestamptz AS changed_at, NULL::text AS stage, NULL::numeric AS amount, NULL::date AS expected_close
	WHERE false;
\endif

-- What they are in a mart.
CREATE VIEW hubspot_view.lead AS SELECT c.id AS lead_id, c.created_at, NULL::text AS kind, c.source AS channel, CASE WHEN c.source IN ('PAID_SEARCH', 'OTHER_CAMPAIGNS') THEN c.detail
		WHEN c.source = 'PAID_SOCIAL' THEN c.second_detail END AS campaign, c.email, c.company, jsonb_strip_nulls(jsonb_build_object('job', c.job, 'phone', c.phone)) AS attributes,
	coalesce(o.name, c.owner_id) AS owner, c.account, m.survivor AS merged_into
FROM hubspot_view.contact c LEFT JOIN hubspot_view.merged m ON m.id = c.id LEFT JOIN hubspot_view.owner o ON o.id = c.owner_id
WHERE m.id IS NOT NULL OR NOT EXISTS (SELECT FROM hubspot_view.deleted_contact d WHERE d.id = c.id);
CREATE VIEW hubspot_view.stage_event AS SELECT contact_id AS lead_id, CASE value WHEN 'marketingqualifiedlead' THEN 'mql' WHEN 'IN_PROGRESS' THEN 'sal'
	WHEN 'salesqualifiedlead' THEN 'sql' WHEN 'customer' THEN 'won' ELSE value END AS stage, changed_at AS entered_at FROM hubspot_view.contact_change
WHERE property = 'lifecyclestage' AND value NOT IN ('subscriber', 'lead', 'evangelist', 'other') OR property = 'hs_lead_status' AND value IN ('IN_PROGRESS', 'UNQUALIFIED', 'BAD_TIMING');
CREATE VIEW hubspot_view.deal AS SELECT d.id AS deal_id, x.contact_id AS lead_id, d.created_at AS opened_at, d.closed_at,
	CASE WHEN coalesce(d.is_closed, s.is_closed) THEN coalesce(d.is_won, s.is_won) END AS is_won, d.amount, d.currency, coalesce(o.name, d.owner_id) AS owner,
	c.account, d.expected_close, d.reason
FROM hubspot_view.crm_deal d LEFT JOIN hubspot_view.deal_contact x ON x.deal_id = d.id LEFT JOIN hubspot_view.contact c ON c.id = x.contact_id
	LEFT JOIN hubspot_view.pipeline_stage s ON s.id = d.stage LEFT JOIN hubspot_view.owner o ON o.id = d.owner_id
WHERE NOT d.is_deleted AND NOT EXISTS (SELECT FROM hubspot_view.gone_deal g WHERE g.id = d.id);
SELECT lead_kpi.create_mart('hubspot_mart', lead => 'hubspot_view.lead', stage_event => 'hubspot_view.stage_event', deal => 'hubspot_view.deal',
	deal_change => 'hubspot_view.deal_change');
INSERT INTO hubspot_mart.stage VALUES (7, 'UNQUALIFIED', 'lost'), (8, 'BAD_TIMING', 'lost');
