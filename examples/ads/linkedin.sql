-- A performance report of LinkedIn's Campaign Manager (campaigns, by day), into ads_source.ad. It needs the columns Start Date (in UTC), Campaign Name and
-- Total Spent; Currency is well to have. Days are month first.
--
--   psql -1 -v file=FILE -f examples/ads/linkedin.sql
--
-- The file is UTF-16 with tabs, and has the report's title, period and date before the columns.
\ir table.sql
CREATE TEMPORARY TABLE export (line integer, day text, campaign text, amount text, currency text) ON COMMIT DROP;
\setenv LEAD_KPI_FILE :file
\copy export FROM PROGRAM 'perl examples/unwrap "$LEAD_KPI_FILE" "Start Date (in UTC)" "Campaign Name" "Total Spent" "Currency?"' WITH (FORMAT csv, HEADER)
INSERT INTO ads_source.ad (source, file, line, format, day, campaign, amount, currency)
SELECT 'linkedin', :'file', line, :'format', nullif(day, 'Total'), CASE WHEN day = 'Total' THEN day ELSE campaign END, amount, currency FROM export;
