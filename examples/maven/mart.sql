-- Maven's sales pipeline as the mart "maven", over the tables of load.sql.
--
--   opportunity_id               lead.lead_id, deal.deal_id: the file has no leads, so an opportunity is its own lead
--   engage_date                  lead.created_at, deal.opened_at: days. The 500 of stage Prospecting have none yet: data_quality counts them
--   sales_agent, account         owner, account
--   regional_office              lead.channel: the file says nothing of sources, so the views by channel compare the offices
--   product                      lead.campaign: and those by campaign the products. 'GTXPro' in the pipeline is 'GTX Pro' in the list
--   deal_stage                   deal.is_won: true for Won, false for Lost, NULL (open) for Engaging and Prospecting
--   close_value, sales_price     deal.amount: what was paid; of an open deal the list price, which is all that is known
-- Between engagement and close nothing is written down, so the ladder has two stages.
\set ON_ERROR_STOP on
CREATE VIEW maven_import.lead AS
SELECT opportunity_id AS lead_id, engage_date AS created_at, 'opportunity' AS kind, regional_office AS channel, NULL::text AS email,
	replace(product, 'GTXPro', 'GTX Pro') AS campaign, account AS company, sales_agent AS owner, account,
	jsonb_build_object('sector', replace(sector, 'technolgy', 'technology'), 'employees', employees) AS attributes
FROM maven_import.sales_pipeline LEFT JOIN maven_import.sales_team USING (sales_agent) LEFT JOIN maven_import.account USING (account);
CREATE VIEW maven_import.deal AS
SELECT opportunity_id AS deal_id, opportunity_id AS lead_id, engage_date AS opened_at, close_date AS closed_at, sales_agent AS owner, s.account,
	CASE deal_stage WHEN 'Won' THEN true WHEN 'Lost' THEN false END AS is_won, coalesce(close_value, sales_price) AS amount
FROM maven_import.sales_pipeline s LEFT JOIN maven_import.product p ON p.product = replace(s.product, 'GTXPro', 'GTX Pro');
SELECT lead_kpi.create_mart('maven', lead => 'maven_import.lead', deal => 'maven_import.deal');
DELETE FROM maven.stage WHERE role NOT IN ('lead', 'won');
