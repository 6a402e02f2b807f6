-- An export of Meta's Ads Manager (campaigns, broken down by day), into ads_source.ad. It needs the columns Campaign name, Reporting starts or Day, and
-- Amount spent (EUR): the currency is in the name of the column.
--
--   psql -1 -v file=FILE -f examples/ads/meta.sql                -v format=1.234,56 where the account writes amounts so
--
-- A first row without a campaign is the sum of all.
\ir table.sql
CREATE TEMPORARY TABLE export (line integer, day text, last_day text, campaign text, amount text, currency text) ON COMMIT DROP;
\setenv LEAD_KPI_FILE :file
\copy export FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Day/Reporting starts" "Day/Reporting ends?" "Campaign name" "Amount spent*"' WITH (FORMAT csv, HEADER)
INSERT INTO ads_source.ad (source, file, line, format, day, last_day, campaign, amount, currency)
SELECT 'meta', :'file', line, :'format', day, last_day, coalesce(campaign, 'Total'), amount, substring(currency FROM '\(([A-Z]{3})\)') FROM export;
