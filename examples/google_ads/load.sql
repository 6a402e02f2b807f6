-- An export of Google Ads, dirty as such are (made-up, from Kaggle): the file, as it is, all text, into schema ads_import.
--
--   psql -1 -v folder=FOLDER -f examples/google_ads/load.sql -f examples/google_ads/mart.sql
--
-- FOLDER holds GoogleAds_DataAnalytics_Sales_Uncleaned.csv.
\set ON_ERROR_STOP on
\if :{?folder}
\else
	\echo 'Name the folder of the files: psql -v folder=FOLDER -f load.sql'
	DO $$ BEGIN RAISE EXCEPTION 'variable folder is not set'; END $$;
\endif
\set here `pwd`
\cd :folder

CREATE SCHEMA ads_import;
CREATE TABLE ads_import.ad
(
	ad_id text,
	campaign_name text,
	clicks text,
	impressions text,
	cost text,
	leads text,
	conversions text,
	conversion_rate text,
	sale_amount text,
	ad_date text,
	location text,
	device text,
	keyword text
);
\copy ads_import.ad FROM 'GoogleAds_DataAnalytics_Sales_Uncleaned.csv' WITH (FORMAT csv, HEADER)
ANALYZE ads_import.ad;
\cd :here
