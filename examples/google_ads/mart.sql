-- An export of Google Ads as the mart "ads": spend, and leads and sales as counts, over the table of load.sql.
--
--   ad_date       spend.spent_on, volume.day. The separator tells who wrote it: 20-11-2024 has the day first, 11/16/2024 the month. What reads
--                 1/11/2024 is a day-first date of 1 to 12 that a spreadsheet took for month-first: those days have the rows that are missing
--                 from the dashes, and all that can be read in one way only is of November 2024. So 1/11 is the 1st of November here; without
--                 such a reason leave it NULL, and data_quality counts the rows (spend_without_date)
--   campaign_name spend.campaign, volume.campaign: four spellings of one, by the table campaign; one that is not listed there stays as it is
--   cost          spend.amount: parse_amount reads '€ 1.234,50' as well; blank is unknown, not 0
--   leads         volume at the stage lead, conversions at the stage won: counts without keys, so there are no views of single leads
--   sale_amount   not taken: the mart has revenue from deals only
\set ON_ERROR_STOP on
CREATE TABLE ads_import.campaign (spelling text PRIMARY KEY, campaign text NOT NULL);
INSERT INTO ads_import.campaign SELECT unnest('{DataAnalyticsCourse,Data Analytcis Course,Data Analytics Corse,Data Anlytics Corse}'::text[]),
	'Data Analytics Course';
CREATE VIEW ads_import.spend AS
SELECT lead_kpi.parse_day(ad_date, CASE WHEN ad_date LIKE '%-%' THEN 'DD-MM-YYYY' WHEN ad_date LIKE '%/11/%' THEN 'DD/MM/YYYY' ELSE 'MM/DD/YYYY' END)
		AS spent_on, 'google ads' AS channel, coalesce(c.campaign, campaign_name) AS campaign, lead_kpi.parse_amount(cost) AS amount, leads, conversions
FROM ads_import.ad LEFT JOIN ads_import.campaign c ON c.spelling = campaign_name;
CREATE VIEW ads_import.volume AS SELECT spent_on AS day, channel, campaign, v.stage, v.leads::bigint
FROM ads_import.spend, LATERAL (VALUES ('lead', leads), ('won', conversions)) v(stage, leads);
SELECT lead_kpi.create_mart('ads', spend => 'ads_import.spend', volume => 'ads_import.volume');
DELETE FROM ads.stage WHERE role NOT IN ('lead', 'won');
