-- What mart.sql repaired in the export of Google Ads, and what it could not read: a row of the file for each, with its reasons.
--
--   psql -f examples/google_ads/report.sql
--
-- Nothing is refused here: a row without a cost still has its leads. "taken as" is a day that can be read in two ways; mart.sql says why in this one.
\set ON_ERROR_STOP on
CREATE VIEW ads_import.report AS
SELECT * FROM (
	SELECT ad_id, concat_ws('; ', CASE WHEN spent_on IS NULL THEN 'no day' END, CASE WHEN amount IS NULL THEN 'no cost: unknown, not 0' END) AS unread,
		concat_ws('; ', 'day ' || ad_date || CASE WHEN ad_date LIKE '%/11/%' AND ad_date NOT LIKE '11/11/%' THEN ' taken as ' ELSE ' read as ' END || spent_on,
			CASE WHEN campaign <> campaign_name THEN format('campaign %s is %s', campaign_name, campaign) END,
			CASE WHEN cost !~ '^-?\d+(\.\d+)?$' THEN format('cost %s read as %s', cost, amount) END) AS repaired
	FROM ads_import.ad a, LATERAL (SELECT lead_kpi.try_parse_day(ad_date, CASE WHEN ad_date LIKE '%-%' THEN 'DD-MM-YYYY' WHEN ad_date LIKE '%/11/%' THEN 'DD/MM/YYYY'
			ELSE 'MM/DD/YYYY' END) AS spent_on, lead_kpi.try_parse_amount(cost) AS amount,
			coalesce((SELECT c.campaign FROM ads_import.campaign c WHERE c.spelling = campaign_name), campaign_name) AS campaign) s) r
WHERE unread <> '' OR repaired <> '';
